"""A list goes in, in the form of our README or of its own; new sources, and its cells as decisions, come out.

From the survey's own README only the cells that a person edited are taken, as
``edited``. From any other list each cell is taken, as ``imported``: it is kept
until someone looks, and does not yet count as checked against its source.
What a person decided before is never overwritten by a list; where only an
earlier import is there, a newer list's text waits in the queue as ``suggested``.
An empty cell says nothing: one that a person emptied in the README is refused
with its line, since neither "not reported" nor that the value is taken back was said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract.commands.list_file import list_text, read_list_file
from survey_extract.core.cells import audit_of
from survey_extract.core.decisions import after, decide, latest_answer, standing_decision, stands_sha256
from survey_extract.core.inputs.conflicts import conflict
from survey_extract.core.inputs.identifiers import Keys, parse_identity
from survey_extract.core.inputs.sources import FILE, append_source, parse_sources
from survey_extract.core.lists.bullets import unquoted
from survey_extract.core.lists.foreign import ForeignRow
from survey_extract.core.lists.handedits import HandEdit, Remedy, misfit_of, tags_of
from survey_extract.core.lists.newer import compared, suggest, wants_saying
from survey_extract.core.lists.read import Unreadable, read_list
from survey_extract.core.lists.rendered import Rendering, record_of
from survey_extract.core.named import named
from survey_extract.core.plural import count_of
from survey_extract.core.readme.table import PAGES, README, block_of, shown_text
from survey_extract.core.records import Decision, Value, Verdict
from survey_extract.errors import BadList, BadSources
from survey_extract.files import own_place, write_whole
from survey_extract.pipeline.audit import audit_sources
from survey_extract.pipeline.edits import edits_in, table_of, told
from survey_extract.pipeline.render import shown_in
from survey_extract.settings import Settings
from survey_extract.wiring import open_texts

if TYPE_CHECKING:
    from survey_extract.core.fields import FieldSpec
    from survey_extract.wiring import DuckWarehouse, FileArchive

Refused = Callable[[str], str | None]
REASON = "edited in README.md"
HINDERING: frozenset[Remedy] = frozenset({"mend", "add", "empty"})
"""Edits that a person has to put right before anything is taken in; an emptied cell is no claim that nothing is reported."""
RECORDED, AS_IT_STANDS, WAITS = "recorded", "as they stand already", "in the queue for a decision"
WAITED, KEPT, SILENT = (
    "judged or waiting since an earlier import",
    "kept as decided otherwise",
    "empty, which says nothing",
)
MARKUP, NOT_IMPORTED = "with the same words in another form", "not imported"
_BECAME = (RECORDED, WAITS, AS_IT_STANDS, MARKUP, WAITED, KEPT, SILENT, NOT_IMPORTED)
"""What may become of a cell of a list, in the order in which it is told."""
NAMED = 25
"""Faults of a list that one error names; with ``--partial`` all are."""


@dataclass(slots=True)
class Imported:
    """What an import did; ``kept`` are cells that a person had decided otherwise."""

    file: str
    sources: list[str] = field(default_factory=list)
    decisions: dict[str, list[Decision]] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    taken: Rendering | None = None
    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """By source and field, the line on which a cell was edited by hand."""
    cells: Counter[str] = field(default_factory=Counter)
    """What became of the cells that were read, each counted once."""

    def became(self, kind: str, count: int = 1) -> None:
        """Count cells by what became of them, which is one of ``_BECAME``."""
        self.cells[kind] += count

    def narration(self) -> Iterator[str]:
        for name in self.sources:
            yield f"added {name}"
        yield from self.passed_over
        yield from self.markup
        yield from self.rows
        for line in self.left:
            yield f"not imported: {line}"
        for cell in self.kept:
            yield f"kept: {cell} is decided differently; the list's text is still in {self.file}"
        if total := self.cells.total():
            became = ", ".join(f"{self.cells[kind]} {kind}" for kind in _BECAME if self.cells[kind])
            yield f"of {count_of(total, 'cell')} in {self.file}: {became}"
        given = [decision for decisions in self.decisions.values() for decision in decisions]
        suggested = sum(decision.verdict == "suggested" for decision in given)
        recorded = [decision for decision in given if decision.verdict != "suggested"]
        titles = sum(decision.field == "title" for decision in recorded)
        among = f" ({count_of(titles, 'title')} among them)" if titles else ""
        yield (
            f"{count_of(len(self.sources), 'source')} added, {count_of(len(recorded), 'cell')} recorded{among}, "
            f"{len(self.kept)} kept as decided"
        )
        if suggested:
            cells = count_of(suggested, "cell differs", "cells differ")
            waits = "waits" if suggested == 1 else "wait"
            yield f"{cells} from the earlier import and {waits} in the queue: survey-extract review"


def import_list(
    project: Path,
    file: Path,
    by: str,
    archive: FileArchive,
    warehouse: DuckWarehouse,
    refused: Refused,
    *,
    partial: bool,
    columns: Sequence[str] = (),
) -> Imported:
    """Import a list, whole or (``partial``) as far as it can be read. ``columns`` are "Heading=field" for its headings.

    ``refused`` says why a page's address is never fetched, if it is not.

    Raises:
        BadList: something cannot be read; each is named with its line, and nothing is imported. Nor is it where nothing can.
    """
    own = _own_name(project, file)
    done = Imported(own or file.name)
    now = datetime.now(UTC)
    at = after((), now)
    text, remark = list_text(file, done.file)
    done.passed_over += [remark] if remark else []
    if said := conflict(file.name, text):
        first = (
            "where nobody edited the table by hand, `survey-extract render` makes it again. Otherwise: " if own else ""
        )
        raise BadList(f"{first}{said}. Nothing was imported")
    if own is not None:
        _own(own, text, by, at, archive, warehouse, done, partial=partial)
    else:
        _foreign(project, text, columns, refused, by, at, archive, done, partial=partial)
    for key, decisions in done.decisions.items():
        archive.add_decisions(key, _behind(archive.decisions(key), decisions, now))
    if done.taken and done.taken.rows:
        archive.add_rendering(done.taken)
    return done


def _behind(seen: Sequence[Decision], made: Sequence[Decision], now: datetime) -> Iterator[Decision]:
    """The new decisions, each later than all that stood in its cell: another machine's clock may have been ahead."""
    for decision in made:
        yield replace(decision, at=after([other for other in seen if other.field == decision.field], now))


def audit_list(project: Path, done: Imported, archive: FileArchive, settings: Settings) -> Iterator[str]:
    """Hold what was imported against the texts that are in the cache, name the edits by hand that they do not carry, and say
    what comes next for the rest."""
    sources = parse_sources((project / FILE).read_bytes(), archive.held())
    with open_texts(settings) as texts:
        audited, failed = audit_sources(sources, archive, texts, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}")
    yield from failed
    yield from _not_contained(done, archive)
    if audited:
        yield f"{count_of(audited, 'cell')} checked against the texts in the cache: survey-extract status"
    yield "next: survey-extract verify --imported, which fetches the sources and checks the list against them"


def _not_contained(done: Imported, archive: FileArchive) -> Iterator[str]:
    """The cells edited by hand with figures or names that their source lacks, each with its line and what is said of it."""
    for (key, name), line in done.lines.items():
        decision = standing_decision([given for given in archive.decisions(key) if given.field == name])
        audits = [audit for audit in archive.audits(key) if audit.field == name]
        found = audit_of("standing", stands_sha256(decision), decision.evidence, audits) if decision else None
        if found is not None and found.check.unfound:
            yield (
                f"{done.file}:{line}: {name} of {key}: the source does not contain {named(found.check.unfound)}. It is recorded, "
                "and the table will say so: mend it and import again, or decide on it in review"
            )


def _own_name(project: Path, file: Path) -> str | None:
    """The name of the survey's own README or of a page of it, None for any other list."""
    place, root = file.resolve(), project.resolve()
    own = place == root / README or place.parent == root / PAGES
    return place.relative_to(root).as_posix() if own else None


def _refuse(file: str, unreadable: Sequence[Unreadable], done: Imported, *, partial: bool, rest: bool = True) -> None:
    """Name what hinders, a line each; ``rest`` says whether anything could be imported without it."""
    lines = [f"{file}:{item.line}: {item.why}" for item in unreadable]
    if lines and not (partial and rest):
        more = [f"and {len(lines) - NAMED} more"] if len(lines) > NAMED else []
        end = "Nothing was imported; --partial imports the rest" if rest else "Nothing was imported"
        raise BadList("\n".join([*lines[:NAMED], *more, end]))
    done.passed_over += [f"skipped: {line}" for line in lines]


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
    """The edits by hand in the survey's own README, or in a page of it.

    What was taken in goes on record, so that ``render`` may write over it.
    """
    rows = warehouse.published(shown_in({name: text}, archive.fields))
    record = record_of(archive.renderings())
    edits = edits_in(name, text, table_of(rows, warehouse, record))
    hindering = [Unreadable(edit.line, told(name, edit, archive.fields)) for edit in edits if edit.remedy in HINDERING]
    misfits = {edit: why for edit in edits if (why := misfit_of(edit, archive.fields))}
    hindering += [Unreadable(edit.line, f"{edit.field} of {edit.key}: {why}") for edit, why in misfits.items()]
    _refuse(done.file, sorted(hindering, key=lambda item: item.line), done, partial=partial)
    done.left += [
        f"{name}:{edit.line}: {told(name, edit, archive.fields)}"
        for edit in edits
        if edit.remedy not in ("import", *HINDERING)
    ]
    taken = [edit for edit in edits if edit.remedy == "import" and edit.key and edit.field and edit not in misfits]
    for edit in taken:
        done.markup += [_markup(name, edit.line, tag, edit.field or "", edit.key or "") for tag in edit.markup]
        if edit.words_changed and edit.key and edit.field:
            answer = latest_answer(a for a in archive.answers(edit.key) if a.field == edit.field)
            verdict: Verdict = "edited" if edit.text else "not_reported"
            value = archive.fields.named(edit.field).value_of(edit.text)
            decision = decide(verdict, edit.field, answer, by=by, at=at, value=value, reason=REASON)
            done.decisions.setdefault(edit.key, []).append(decision)
            done.lines[edit.key, edit.field] = edit.line
    here = len(read_list(block_of(text), archive.fields).rows)
    _count_own(here * (len(archive.fields) + 1), edits, taken, done)
    forms = tuple(edit.form for edit in taken if edit.form)
    done.taken = Rendering(record.at(datetime.now(UTC)), rows=forms, after=record.heads)


def _count_own(total: int, edits: Sequence[HandEdit], taken: Sequence[HandEdit], done: Imported) -> None:
    """What became of the cells of the survey's own table: of most, nothing, since nobody edited them."""
    recorded = {(edit.key, edit.field) for edit in taken if edit.words_changed}
    formed = {(edit.key, edit.field) for edit in taken} - recorded
    left = {(edit.key, edit.field) for edit in edits if edit.key and edit.field} - recorded - formed
    for kind, cells in ((RECORDED, recorded), (MARKUP, formed), (NOT_IMPORTED, left)):
        done.became(kind, len(cells))
    done.became(AS_IT_STANDS, max(total - len(recorded | formed | left), 0))


def _markup(file: str, line: int, tag: str, field: str, key: str) -> str:
    return f"{file}:{line}: {tag} in {field} of {key}: cells are plain text; the words are kept, the markup is not"


def _foreign(
    project: Path,
    text: str,
    columns: Sequence[str],
    refused: Refused,
    by: str,
    at: str,
    archive: FileArchive,
    done: Imported,
    *,
    partial: bool,
) -> None:
    """Every cell of another list; its sources are added where they are new."""
    found = read_list_file(done.file, text, archive.fields, columns)
    path = project / FILE
    place = own_place(project, path)
    data = path.read_bytes() if path.is_file() else b""
    sources = {source.key: source for source in parse_sources(data, archive.held())} if data else {}
    held = Keys([*archive.held(), *((key, source.location) for key, source in sources.items())])
    keyed, bad = _keyed(found.rows, held, project, refused)
    hindering = sorted((*found.unreadable, *bad), key=lambda item: item.line)
    done.passed_over += [f"{done.file}:{line}: {why}" for line, why in found.passed_over]
    _refuse(done.file, hindering, done, partial=partial, rest=bool(keyed))
    for key, listed in keyed:
        if key not in sources:
            data = append_source(data, _as_written(listed.row.link), listed.row.name or None)
            done.sources.append(f"{key}: {listed.row.name or listed.row.link}")
        _cells(key, listed, by, at, archive, done)
    earlier = {key: archive.decisions(key) for key in sources}
    done.rows += compared({key: listed.row for key, listed in keyed}, sources, earlier, done.file)
    parse_sources(data)
    write_whole(place, data)


def _keyed(
    rows: Sequence[ForeignRow], keys: Keys, project: Path, refused: Refused
) -> tuple[list[tuple[str, ForeignRow]], list[Unreadable]]:
    found: dict[str, ForeignRow] = {}
    bad: list[Unreadable] = []
    for written in rows:
        listed = written._replace(row=replace(written.row, link=_as_a_path(written.row.link, project)))
        row = listed.row
        try:
            identity = parse_identity(row.link)
            if identity.kind == "file" and not (project / identity.location).is_file():
                raise BadSources(f"there is no file {identity.location!r} in the survey's folder")
            if identity.kind == "web" and (why := refused(identity.location)):
                raise BadSources(why)
            key = keys.key_of(identity)
        except BadSources as error:
            bad.append(Unreadable(row.line, str(error)))
            continue
        if key in found:
            bad.append(Unreadable(row.line, f"the same source as line {found[key].row.line} ({key})"))
        found.setdefault(key, listed)
    return list(found.items()), bad


def _as_a_path(link: str, project: Path) -> str:
    """The link of a row; to a file of the survey by its own name, which a link writes "our%20paper.pdf"."""
    is_link = "://" not in link and "%" in link and not (project / link).is_file()
    return unquoted(link) if is_link and (project / unquoted(link)).is_file() else link


def _as_written(link: str) -> str:
    """The source as it goes into sources.csv: an arXiv id for arXiv's addresses, any other link as it is."""
    identity = parse_identity(link)
    return identity.text if identity.kind == "arxiv" else link


def _cells(key: str, listed: ForeignRow, by: str, at: str, archive: FileArchive, done: Imported) -> None:
    """Record the cells that say something. What a person decided is kept, what was only imported is proposed again."""
    decided = archive.decisions(key)
    done.became(SILENT, listed.silent)
    done.became(NOT_IMPORTED, listed.misfits)
    reason = f"imported from {done.file}"
    for name, value, leaf in listed.said:
        done.markup += [
            _markup(done.file, leaf.line, tag, name, key) for tag in tags_of(leaf.own, title=name == "title")
        ]
        given = [decision for decision in decided if decision.field == name]
        standing, spec = standing_decision(given), archive.fields.named(name)
        if standing is None:
            decision = decide("imported", name, None, by=by, at=at, value=value, reason=reason)
            done.decisions.setdefault(key, []).append(decision)
            done.became(RECORDED)
            continue
        same = _same(spec, standing.value, value)
        if standing.verdict == "imported" and name != "title":
            wanted = wants_saying(given, standing.value if same else value, stands=same)
            if wanted:
                done.decisions.setdefault(key, []).append(suggest(name, value, by=by, at=at, reason=reason))
            done.became(AS_IT_STANDS if same else WAITS if wanted else WAITED)
            continue
        if standing.verdict != "imported" and not same:
            done.kept.append(f"{name} of {key} ({done.file}:{leaf.line})")
        done.became(AS_IT_STANDS if same else KEPT)


def _same(spec: FieldSpec, standing: Value, value: Value) -> bool:
    return spec.is_same_quantity(standing, value) or _shown(standing) == _shown(value)


def _shown(value: Value) -> str:
    return shown_text(value if isinstance(value, str) else ", ".join(value or ()))
