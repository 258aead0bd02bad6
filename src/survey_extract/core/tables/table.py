"""A table as it was read: its rows, each with its label, and each value under its header; and a row's words as one sentence.

A row is quoted as ``Table 4 | VLMo-Base | NLVR2 > dev: 82.77``. It has all that
is needed to understand its values, so that it can be evidence by itself. The words are made of the cells and nothing else, and cells that
differ never give the same words: their hash is the hash of the cells.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

_SEPARATOR = re.compile(r"[\\|>]|:(?= |$)")

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points, with the origin at the lower left of the page."""
NO_BOX: Box = (0.0, 0.0, 0.0, 0.0)
"""Stands for the place of what is on a web page: browsers give it one of their own."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A value as it is printed; ``header`` is the path to it, the widest first, and empty for a part of the label.

    ``heads`` are the boxes of its headers.
    """

    header: tuple[str, ...]
    value: str
    box: Box
    heads: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its cells from left to right, blank ones left out. ``group`` is the heading of several rows above it.

    ``box`` holds the whole row, ``label_box`` its label; a label that several rows share is outside of ``box``.
    """

    label: str
    group: str | None
    cells: tuple[TableCell, ...]
    box: Box
    label_box: Box | None = None

    def boxes(self) -> tuple[Box, ...]:
        """Its label, then each value with its headers, each box once; none on a web page."""
        own = (self.label_box,) if self.label_box else ()
        found = dict.fromkeys((*own, *(box for cell in self.cells for box in (cell.box, *cell.heads))))
        return tuple(box for box in found if box != NO_BOX)

    def holds(self, x: float, y: float) -> bool:
        """Whether a point of the table lies in the row's height, or on one of its headers."""
        in_height = self.box[1] <= y <= self.box[3]
        return in_height or any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in self.boxes())


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``label`` is "Table 4", on a web page also a caption or heading, ``abstained`` counts the rows that are in print and not certain enough to be given.

    ``first`` is the number of the sentence that its first row is, 0 where its rows are not numbered.
    """

    label: str
    caption: str
    page: int
    rows: tuple[Row, ...]
    abstained: int
    first: int = 0

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Its rows, each with the number of its sentence."""
        return enumerate(self.rows, start=self.first)

    def without(self, places: Collection[tuple[float, float]]) -> Table:
        """The table without the rows on which one of these points lies, in whatever column; they count as abstained."""
        boxes = [box for row in self.rows for box in (row.box, *row.boxes())]
        if not boxes or not places:
            return self
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        left, bottom, right, top = min(lefts), min(bottoms), max(rights), max(tops)
        near = [(x, y) for x, y in places if left <= x <= right and bottom <= y <= top]
        if not near:
            return self
        kept = tuple(row for row in self.rows if not any(row.holds(x, y) for x, y in near))
        return replace(self, rows=kept, abstained=self.abstained + len(self.rows) - len(kept))


def row_sentence(table: Table, row: Row) -> str:
    """A row as a line of its own; a group comes before its label.

    A backslash stands before each separator that is a cell's own, so that no
    cell can pass for two.
    """
    parts = (_escaped(table.label), label_words(row), *map(cell_words, row.cells))
    return " | ".join(part for part in parts if part)


def header_sentence(table: Table, row: Row) -> str:
    """The headers of a row in their order, as a line above it and those with the same: ``Table 4 | row | NLVR2 > dev``."""
    headers = (" > ".join(map(_escaped, cell.header)) or "no header" for cell in row.cells)
    return " | ".join((_escaped(table.label), "row", *headers))


def value_sentence(row: Row) -> str:
    """A row under such a line: ``VLMo-Base | 82.77``."""
    return " | ".join((label_words(row), *(_escaped(cell.value) for cell in row.cells)))


def label_words(row: Row) -> str:
    """What a row is called."""
    return " > ".join(_escaped(part) for part in (row.group, row.label) if part)


def cell_words(cell: TableCell) -> str:
    """A value after its headers."""
    header = " > ".join(map(_escaped, cell.header))
    return f"{header}: {_escaped(cell.value)}" if header else _escaped(cell.value)


def _escaped(text: str) -> str:
    return _SEPARATOR.sub(r"\\\g<0>", text)
