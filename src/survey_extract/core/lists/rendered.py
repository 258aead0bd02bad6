"""What ``render`` wrote, time after time, goes in; what it may write over, and which rows left or joined the table, come out.

A record is a line of ``warehouse/rendered.jsonl``, written when the table
changes: hashes of the files, and the forms of the rows that are new. Lines are
only ever added, as in the rest of the archive, so two branches' records merge
with their READMEs. Each line names those that it followed (``after``): what
was written last is known on every branch, however their clocks differ, and a
cell that says something else, even what it said long ago, is a person's.
Where there is no record yet, nothing is demanded of a file that it would have
to prove.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from survey_extract.core.moments import later_than
from survey_extract.core.readme.table import UP

if TYPE_CHECKING:
    from survey_extract.core.fields import Fields
    from survey_extract.core.lists.read import ListedRow


def short_sha256(text: str) -> str:
    """The first 16 digits of the SHA-256 of a text: enough to know it again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class RenderedRow:
    """A row as it was written: hashes of its title, its cells by field and the note under it.

    A part that is None is not vouched for: of an edit that was imported, only the cell may be written over.
    """

    key: str
    name: str | None = None
    link: str | None = None
    title: str | None = None
    cells: tuple[tuple[str, str], ...] = ()
    note: str | None = None
    headings: str | None = None
    decided: bool = field(default=True, compare=False)
    """Whether something stood in each of its cells by a person's decision or a list's; true of records of before it was kept."""


@dataclass(frozen=True, slots=True)
class GoneRow:
    """A row that is no longer in the table, and why."""

    key: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Rendering:
    """One time that the table was written, or edits in it were imported: a line of rendered.jsonl.

    ``files`` are names with the hash of what stands between their markers,
    ``order`` is the hash of all keys in their order, ``rows`` are those that
    are new or other than before, ``gone`` those that left. ``after`` are the
    lines that were the last ones when this was written, two where branches
    were merged; None in older records, which followed all earlier lines.
    """

    at: str
    files: tuple[tuple[str, str], ...] = ()
    order: str | None = None
    rows: tuple[RenderedRow, ...] = ()
    gone: tuple[GoneRow, ...] = ()
    after: tuple[str, ...] | None = None


@dataclass(slots=True)
class Record:
    """All renderings together. ``rows`` are every form of a row, ``table`` the rows that stood in the table last, by name.

    ``heads`` are the lines that none followed: one, or one of each branch that was merged. ``written`` and ``blocks``
    are the rows and files as they were written last, on each branch; ``imported`` are rows of which an edit was imported since.
    """

    files: dict[str, set[str]] = field(default_factory=dict)
    orders: set[str] = field(default_factory=set)
    rows: dict[str, list[RenderedRow]] = field(default_factory=dict)
    table: dict[str, str] = field(default_factory=dict)
    last: Rendering | None = None
    latest: str = ""
    heads: tuple[str, ...] = ()
    written: dict[str, list[RenderedRow]] = field(default_factory=dict)
    blocks: dict[str, set[str]] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)

    def knows(self, file: str, block: str) -> bool:
        """Whether ``render`` once wrote this very block."""
        return short_sha256(block) in self.files.get(file, ())

    def is_last(self, file: str, block: str) -> bool:
        """Whether this block is what ``render`` wrote last, on every branch."""
        return self.blocks.get(file) == {short_sha256(block)}

    def at(self, now: datetime) -> str:
        """The time of a new line: now, and later than all others, even when a clock went backwards."""
        return later_than([self.latest] if self.latest else [], now)


def record_of(renderings: Iterable[Rendering]) -> Record:
    """The record as it stands, from its lines in any order that a merge left them in."""
    record = Record()
    rows: dict[str, dict[RenderedRow, None]] = {}
    by_time = sorted(renderings, key=lambda rendering: rendering.at.removesuffix("Z"))
    for rendering in by_time:
        for name, sha256 in rendering.files:
            record.files.setdefault(name, set()).add(sha256)
        if rendering.order is not None:
            record.orders.add(rendering.order)
            record.last = rendering
        for row in rendering.rows:
            forms = rows.setdefault(row.key, {})
            forms.pop(row, None)  # what is written again is the last of its forms
            forms[row] = None
            (record.imported.discard if row.name is not None else record.imported.add)(row.key)
            if row.name is not None:
                record.table[row.key] = row.name
        for gone in rendering.gone:
            record.table.pop(gone.key, None)
        record.latest = rendering.at
    record.rows = {key: list(forms) for key, forms in rows.items()}
    _last_of_branches(record, by_time)
    return record


def stood(renderings: Iterable[Rendering], fields: Fields) -> dict[str, frozenset[frozenset[str]]]:
    """By key, the sets of today's fields with which its row stood in the table, all of them decided.

    Only those that lack a field of today: where none was added, there is nothing to remember.
    """
    today = frozenset(spec.name for spec in fields)
    found: dict[str, set[frozenset[str]]] = {}
    for row in (row for rendering in renderings for row in rendering.rows):
        had = today.intersection(fields.renamed.get(name, name) for name, _ in row.cells)
        if row.name is not None and row.decided and had != today:
            found.setdefault(row.key, set()).add(had)
    return {key: frozenset(sets) for key, sets in found.items()}


def _last_of_branches(record: Record, by_time: Sequence[Rendering]) -> None:
    """Note what was written last on each branch: in the lines that its last line followed, however indirectly."""
    after: dict[str, tuple[str, ...]] = {}
    heads: dict[str, None] = {}
    for rendering in by_time:
        followed = tuple(heads) if rendering.after is None else rendering.after
        after[rendering.at] = (*after.get(rendering.at, ()), *followed)
        for one in followed:
            heads.pop(one, None)
        heads[rendering.at] = None
    record.heads = tuple(heads)
    for head in heads:
        seen, waiting = {head}, [head]
        while waiting:
            new = [one for one in after.get(waiting.pop(), ()) if one not in seen]
            seen.update(new)
            waiting += new
        _note_branch(record, [rendering for rendering in by_time if rendering.at in seen])


def _note_branch(record: Record, renderings: Sequence[Rendering]) -> None:
    rows: dict[str, RenderedRow] = {}
    blocks: dict[str, str] = {}
    for rendering in renderings:
        blocks |= dict(rendering.files)
        for row in rendering.rows:
            rows[row.key] = _written_over(rows.get(row.key), row)
    for key, form in rows.items():
        record.written.setdefault(key, []).append(form)
    for name, sha256 in blocks.items():
        record.blocks.setdefault(name, set()).add(sha256)


def _written_over(before: RenderedRow | None, row: RenderedRow) -> RenderedRow:
    """A row after what is new of it: all of it when it was rendered, one cell when an edit was imported."""
    if before is None or row.name is not None:
        return row
    title = before.title if row.title is None else row.title
    return replace(before, title=title, cells=tuple((dict(before.cells) | dict(row.cells)).items()))


def form_of(key: str, row: ListedRow, *, decided: bool = True) -> RenderedRow:
    """A row as it is remembered. Links of a page are those of the README."""
    from survey_extract.core.reading.markup import canonical

    return RenderedRow(
        key=key,
        name=row.name,
        link=row.link.removeprefix(UP),
        title=short_sha256(row.title),
        cells=tuple((name, short_sha256(canonical(leaf.tokens))) for name, leaf in row.leaves[1:]),
        note=short_sha256(canonical(row.note.tokens)) if row.note else "",
        headings=short_sha256("\n".join(canonical(heading.tokens) for heading in row.headings)),
        decided=decided,
    )


def order_of(keys: Sequence[str]) -> str:
    """The hash of the rows' order."""
    return short_sha256("\n".join(keys))


def left(record: Record, keys: Iterable[str]) -> dict[str, str]:
    """Rows that stood in the table when it was last rendered and are not among ``keys``: names by key."""
    now = set(keys)
    return {key: name for key, name in record.table.items() if key not in now}


def joined(record: Record, keys: Iterable[str]) -> tuple[str, ...]:
    """Those of ``keys`` that did not stand in the table when it was last rendered; none where nothing is on record."""
    return tuple(key for key in keys if record.last is not None and key not in record.table)


def rendering(
    record: Record,
    files: Mapping[str, str],
    rows: Sequence[RenderedRow],
    keys: Sequence[str],
    why: Mapping[str, str],
    at: str,
) -> Rendering | None:
    """What is new on record when ``files`` (blocks by name) are written with the rows ``keys``; None when nothing is.

    ``rows`` are the forms of the rows in those files, ``why`` says of each row that left what took it out.
    """
    names = left(record, keys)
    new = Rendering(
        at=at,
        files=tuple(
            (name, short_sha256(block)) for name, block in sorted(files.items()) if not record.is_last(name, block)
        ),
        order=order_of(keys),
        rows=tuple(
            row for row in rows if row.key not in record.table or any(form != row for form in record.written[row.key])
        ),
        gone=tuple(GoneRow(key, name, why.get(key, "it is not published")) for key, name in names.items()),
        after=record.heads,
    )
    is_new = new.files or new.rows or new.gone or len(record.heads) > 1
    is_new = is_new or record.last is None or new.order != record.last.order
    return new if is_new else None
