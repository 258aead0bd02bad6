"""What ``render`` wrote, time after time, goes in; what it may write over, and which rows left or joined the table, come out.

A record is a line of ``warehouse/rendered.jsonl``, written when the table
changes: hashes of the files, and the forms of the rows that are new. Lines are
only ever added, as in the rest of the archive, so two branches' records merge
with their READMEs, and any README that ``render`` ever wrote is recognised.
Where there is no record yet, nothing is demanded of a file that it would have
to prove.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

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
    are new or other than before, ``gone`` those that left.
    """

    at: str
    files: tuple[tuple[str, str], ...] = ()
    order: str | None = None
    rows: tuple[RenderedRow, ...] = ()
    gone: tuple[GoneRow, ...] = ()


@dataclass(slots=True)
class Record:
    """All renderings together. ``rows`` are every form of a row, ``table`` the rows that stood in the table last, by name."""

    files: dict[str, set[str]] = field(default_factory=dict)
    orders: set[str] = field(default_factory=set)
    rows: dict[str, list[RenderedRow]] = field(default_factory=dict)
    table: dict[str, str] = field(default_factory=dict)
    last: Rendering | None = None

    def knows(self, file: str, block: str) -> bool:
        """Whether ``render`` once wrote this very block."""
        return short_sha256(block) in self.files.get(file, ())


def record_of(renderings: Iterable[Rendering]) -> Record:
    """The record as it stands, from its lines in any order that a merge left them in."""
    record = Record()
    rows: dict[str, dict[RenderedRow, None]] = {}
    for rendering in sorted(renderings, key=lambda rendering: rendering.at):
        for name, sha256 in rendering.files:
            record.files.setdefault(name, set()).add(sha256)
        if rendering.order is not None:
            record.orders.add(rendering.order)
            record.last = rendering
        for row in rendering.rows:
            forms = rows.setdefault(row.key, {})
            forms.pop(row, None)  # what is written again is the last of its forms
            forms[row] = None
            if row.name is not None:
                record.table[row.key] = row.name
        for gone in rendering.gone:
            record.table.pop(gone.key, None)
    record.rows = {key: list(forms) for key, forms in rows.items()}
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
            (name, short_sha256(block)) for name, block in sorted(files.items()) if not record.knows(name, block)
        ),
        order=order_of(keys),
        rows=tuple(row for row in rows if row.key not in record.table or record.rows[row.key][-1] != row),
        gone=tuple(GoneRow(key, name, why.get(key, "it is not published")) for key, name in names.items()),
    )
    is_new = new.files or new.rows or new.gone or new.order not in record.orders or record.last is None
    return new if is_new else None
