"""The rows of a table as its markup gives them go in; each cell at the columns that it covers comes out.

By the HTML Standard, 4.9.12 "Processing model": a cell takes the first free
column of its row; ``rowspan`` ends with its group of rows, 0 reaches to its
end. Where two cells lie on each other, nobody can say which one a browser
shows, so their rows are marked. Columns are those at which a cell begins:
what spans a thousand columns of which five are used spans five.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

MOST_ACROSS, MOST_DOWN = 1000, 65_534
"""What browsers make of a larger ``colspan`` or ``rowspan``; HTML Standard, 4.9.11."""
MOST_COLUMNS = 2_000
MOST_SLOTS = 300_000
"""Cells of a table, each counted in every row and column that it covers."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A cell as its markup gives it: ``across`` columns and ``down`` rows, 0 for all that are left of its group.

    ``unsure`` says that it holds something whose words cannot be told.
    """

    words: str
    is_head: bool = False
    across: int = 1
    down: int = 1
    is_bold: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows that belong together (``thead``, ``tbody``, ``tfoot``): no cell reaches out of them."""

    rows: Sequence[Sequence[Given]]
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class GridLine:
    """A row with a cell at each column, the same one at all that it covers; None where there is none."""

    slots: tuple[Given | None, ...]
    is_head: bool
    """Whether it belongs to the head of the table."""
    collides: bool

    @property
    def cells(self) -> tuple[Given, ...]:
        """Its cells from left to right, each once."""
        return tuple(dict.fromkeys(cell for cell in self.slots if cell is not None))

    @property
    def filled(self) -> tuple[Given, ...]:
        """Those that are not blank."""
        return tuple(cell for cell in self.cells if cell.words or cell.unsure)


class _Span(NamedTuple):
    start: int
    end: int
    cell: Given


@dataclass(slots=True)
class _Down:
    """A cell that reaches into the rows below; ``left`` counts them, None for all of its group."""

    span: _Span
    left: int | None


def lines_of(groups: Iterable[RowGroup]) -> tuple[GridLine, ...] | None:
    """All rows from the top down; None for a table that is larger than anybody reads."""
    rows: list[tuple[list[_Span], bool, bool]] = []
    slots = 0
    for group in groups:
        for spans, collides in _laid(group):
            slots += len(spans) + 1
            if slots > MOST_SLOTS or (spans and max(span.end for span in spans) > MOST_COLUMNS):
                return None
            rows.append((spans, group.is_head, collides))
    columns = sorted({span.start for spans, _, _ in rows for span in spans})
    if len(columns) * len(rows) > MOST_SLOTS:
        return None
    return tuple(GridLine(_slots(spans, columns), is_head, collides) for spans, is_head, collides in rows)


def _slots(spans: Sequence[_Span], columns: Sequence[int]) -> tuple[Given | None, ...]:
    found: list[Given | None] = [None] * len(columns)
    for span in spans:
        for at in range(bisect_left(columns, span.start), bisect_left(columns, span.end)):
            found[at] = span.cell
    return tuple(found)


def _laid(group: RowGroup) -> Iterator[tuple[list[_Span], bool]]:
    """The cells of each row with their columns, those from above among them, and whether two lie on each other."""
    state = _State()
    for row in group.rows:
        yield state.row(row)


@dataclass(slots=True)
class _State:
    """The cells that reach down from the rows so far, from left to right."""

    above: list[_Down] = field(default_factory=list)

    def row(self, given: Sequence[Given]) -> tuple[list[_Span], bool]:
        """Lay the cells of the next row between those from above."""
        own: list[_Span] = []
        taken = [down.span for down in self.above]
        column = at = 0
        collides = any(left.end > right.start for left, right in pairwise(taken))
        for cell in given[: MOST_COLUMNS + 1]:
            while at < len(taken) and taken[at].start <= column:
                column, at = max(column, taken[at].end), at + 1
            own.append(_Span(column, column + min(max(cell.across, 1), MOST_ACROSS), cell))
            column = own[-1].end
            collides |= at < len(taken) and taken[at].start < column
        self._go_on(own)
        return sorted((*taken, *own), key=lambda span: span.start), collides

    def _go_on(self, own: Sequence[_Span]) -> None:
        still = [_Down(d.span, d.left and d.left - 1) for d in self.above if d.left is None or d.left > 1]
        begun = [_Down(s, min(s.cell.down, MOST_DOWN) - 1 if s.cell.down else None) for s in own if s.cell.down != 1]
        self.above = sorted((*still, *begun), key=lambda down: down.span.start)
