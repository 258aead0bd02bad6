"""A list in the form of our README goes in; sources that are new, and its cells as decisions, come out.

Of the survey's own README only the cells that a person edited are taken, as
``edited``. Of any other list each cell is taken, as ``imported``: it stands
until someone looks, and is not yet held to be checked against its source.
What a person decided before is never overwritten by a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from survey_extract.adapters.archive import FileArchive, write_whole
from survey_extract.adapters.warehouse import DuckWarehouse
from survey_extract.core.identifiers import parse_identity
from survey_extract.core.listing import ListedRow, Unreadable, parse_list, value_of
from survey_extract.core.readme import PAGES, README, shown_text
from survey_extract.core.records import Decision, Verdict
from survey_extract.core.review import decide, latest_answer, standing_decision
from survey_extract.core.schema import field as field_of
from survey_extract.core.sources import FILE, append_source, parse_sources
from survey_extract.errors import BadList, BadSources
from survey_extract.pipeline.audit import audit_sources
from survey_extract.pipeline.publish import edits_in, shown_in

REASON = "edited in README.md"


@dataclass(slots=True)
class Imported:
    """What an import did; ``kept`` are cells that a person had decided otherwise."""

    file: str
    sources: list[str] = field(default_factory=list)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)

    def narration(self) -> Iterator[str]:
        for name in self.sources:
            yield f"added {name}"
        yield from self.passed_over
        for cell in self.kept:
            yield f"kept: {cell} is decided otherwise; the list's text is in {self.file} still"
        count = sum(len(decisions) for decisions in self.decisions.values())
        yield f"{len(self.sources)} sources added, {count} cells recorded, {len(self.kept)} kept as decided"


def import_list(
    project: Path, file: Path, by: str, archive: FileArchive, warehouse: DuckWarehouse, *, partial: bool
) -> Imported:
    """Import a list, whole or (``partial``) as far as it can be read.

    Raises:
        BadList: a table cannot be read; each is named with its line, and nothing is imported.
    """
    done = Imported(file.name)
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    text = _text(file)
    if (name := _own_name(project, file)) is not None:
        done.file = name
        _own(name, text, by, at, archive, warehouse, done, partial=partial)
    else:
        _foreign(project, text, by, at, archive, done, partial=partial)
    for key, decisions in done.decisions.items():
        archive.add_decisions(key, decisions)
    return done


def audit_list(project: Path, archive: FileArchive) -> Iterator[str]:
    """Hold what was imported against the texts that are in the cache, and say what comes next for the rest."""
    sources = parse_sources((project / FILE).read_bytes())
    audited = audit_sources(sources, archive, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    if audited:
        yield f"{audited} cells held against the texts in the cache: survey-extract status"
    yield "next: survey-extract verify --imported, which fetches the sources and holds the list against them"


def _own_name(project: Path, file: Path) -> str | None:
    """The name of the survey's own README or of a page of it, None for any other list."""
    place, root = file.resolve(), project.resolve()
    own = place == root / README or place.parent == root / PAGES
    return place.relative_to(root).as_posix() if own else None


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadList(f"{file}: byte {error.start} is not UTF-8") from None


def _refuse(file: str, unreadable: Sequence[Unreadable], done: Imported, *, partial: bool) -> None:
    lines = [f"{file}:{item.line}: {item.why}" for item in unreadable]
    if lines and not partial:
        raise BadList("; ".join(lines) + ". Nothing was imported; --partial imports the rest")
    done.passed_over += [f"passed over: {line}" for line in lines]


def _own(
    name: str,
    text: str,
    by: str,
    at: str,
    archive: FileArchive,
    warehouse: DuckWarehouse,
    done: Imported,
    *,
    partial: bool,
) -> None:
    """The edits by hand in the survey's own README, or in a page of it."""
    edits, unreadable = edits_in(name, text, warehouse.published(shown_in({name: text})), warehouse)
    _refuse(done.file, unreadable, done, partial=partial)
    for edit in edits:
        answer = latest_answer(a for a in archive.answers(edit.key) if a.field == edit.field)
        verdict: Verdict = "edited" if edit.text else "not_reported"
        value = value_of(field_of(edit.field), edit.text)
        decision = decide(verdict, edit.field, answer, by=by, at=at, value=value, reason=REASON)
        done.decisions.setdefault(edit.key, []).append(decision)


def _foreign(
    project: Path, text: str, by: str, at: str, archive: FileArchive, done: Imported, *, partial: bool
) -> None:
    """Every cell of another list; its sources are added where they are new."""
    rows, unreadable = parse_list(text)
    if not rows and not unreadable:
        unreadable = (Unreadable(1, "there is no table in it"),)
    keyed, bad = _keyed(rows)
    _refuse(done.file, sorted((*unreadable, *bad), key=lambda item: item.line), done, partial=partial)
    path = project / FILE
    data = path.read_bytes() if path.is_file() else b""
    known = {source.key for source in parse_sources(data)} if data else set()
    for key, row in keyed:
        if key not in known:
            data = append_source(data, _as_written(row.link), row.name or None)
            known.add(key)
            done.sources.append(f"{key}: {row.name}")
        _cells(key, row, by, at, archive, done)
    parse_sources(data)
    write_whole(path, data)


def _keyed(rows: Sequence[ListedRow]) -> tuple[list[tuple[str, ListedRow]], list[Unreadable]]:
    found: dict[str, ListedRow] = {}
    bad: list[Unreadable] = []
    for row in rows:
        try:
            key = parse_identity(row.link).key
        except BadSources as error:
            bad.append(Unreadable(row.line, str(error)))
            continue
        if key in found:
            bad.append(Unreadable(row.line, f"the same source as line {found[key].line} ({key})"))
        found.setdefault(key, row)
    return list(found.items()), bad


def _as_written(link: str) -> str:
    """The source as it goes into sources.csv: an arXiv id for arXiv's addresses, any other link as it is."""
    identity = parse_identity(link)
    return identity.text if identity.kind == "arxiv" else link


def _cells(key: str, row: ListedRow, by: str, at: str, archive: FileArchive, done: Imported) -> None:
    decided = archive.decisions(key)
    for name, text in (("title", row.title), *row.cells):
        standing = standing_decision([decision for decision in decided if decision.field == name])
        value = value_of(field_of(name), text)
        if standing is not None:
            if standing.value != value and not _same(standing, text):
                done.kept.append(f"{name} of {key}")
            continue
        decision = decide("imported", name, None, by=by, at=at, value=value, reason=f"imported from {done.file}")
        done.decisions.setdefault(key, []).append(decision)


def _same(standing: Decision, text: str) -> bool:
    value = standing.value
    shown = value if isinstance(value, str) else ", ".join(value or ())
    return shown_text(shown) == text
