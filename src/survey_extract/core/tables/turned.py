"""A page's boxes go in, out they come as on the page turned by a quarter, and tables found there come back.

A table that is wider than its page is set on its side. Turned upright, it is a
table like any other; its boxes are turned back, since review draws them on the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from survey_extract.core.tables.table import Box, Row, Table


@dataclass(frozen=True, slots=True)
class Quarter:
    """A turn by which text that runs up the page, or down, is level."""

    runs_up: bool

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page is after the turn."""
        return (y, -x) if self.runs_up else (-y, x)

    def box(self, box: Box) -> Box:
        """Where a box of the page is after the turn."""
        left, bottom, right, top = box
        return _around(self.point(left, bottom), self.point(right, top))

    def back(self, table: Table) -> Table:
        """A table that was found after the turn, at its place on the page."""
        return replace(table, rows=tuple(self._row_back(row) for row in table.rows))

    def _row_back(self, row: Row) -> Row:
        cells = tuple(
            replace(cell, box=self._box_back(cell.box), heads=tuple(map(self._box_back, cell.heads)))
            for cell in row.cells
        )
        label = None if row.label_box is None else self._box_back(row.label_box)
        return replace(row, cells=cells, box=self._box_back(row.box), label_box=label)

    def _box_back(self, box: Box) -> Box:
        return Quarter(not self.runs_up).box(box)


def _around(one: tuple[float, float], other: tuple[float, float]) -> Box:
    """The box with these opposite corners."""
    (x, y), (right, top) = one, other
    return min(x, right), min(y, top), max(x, right), max(y, top)
