"""The lines of one panel of a table go in, its rows come out: label, group and cells, or the mark that a row is not certain.

A row is the line that has its values. Around it may be the rest of its
label, which was too long for one line, and above it a heading for several
rows. Which of the two a line is shows in its place: what continues is under
a line that had no room for its first word. Where both are possible the row is
counted and left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from survey_extract.core.tables.columns import Cut, cells_of, is_glued, is_value, reach
from survey_extract.core.tables.doubts import Draft, doubt, has_no_room, is_bracketed
from survey_extract.core.tables.words import Piece, phrases

TIGHT = 0.8
"""Ems below which two lines cannot be two rows: their letters would touch."""
SMALL = 0.85
"""Size of the parts of a fraction beside the size of its line, at most."""
HEADING_STEP = 1.12
"""How many times farther a heading is from the row above it than from the one below, at least."""
INDENT = 0.5
"""Ems by which labels are indented under their heading, at least."""
EVEN = 0.5
"""Points by which what begins together may be off."""
IN_COLUMN = 0.3
"""Ems by which the rest of a cell may be off the edge or the middle of its column."""
AMID = 0.15
"""Share of a table's width by which a heading may be off its middle."""
EXACT = 0.5
"""Ems by which one may be that stands where a cell could."""
NUMERIC = 0.6
"""Share of a column's cells that are values in a column of numbers."""


class BodyLine(NamedTuple):
    """A line of a table's body, with the number of the band between full lines in which it stands."""

    words: Sequence[Piece]
    band: int
    cells: Sequence[Piece | None] | None = None
    """Its cell in each column, once the columns are known; None if one of its words or phrases runs across a gap."""

    def cut(self, cuts: Sequence[Cut]) -> BodyLine:
        """The same, parted into cells."""
        return self._replace(cells=cells_of(self.words, cuts))

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def size(self) -> float:
        return max(word.size for word in self.words)


_UNFINISHED = re.compile(r"\w ?[,\-/&+]$")
"""How a label ends that goes on in the next line."""
_NO_PIECE = Piece("", 0, 0, 0, 0, 0, 1)


@dataclass(slots=True)
class _Reader:
    """Reads the lines of a body from the top."""

    cuts: Sequence[Cut]
    numeric: frozenset[int]
    worded: frozenset[int]
    """The columns that have several words in some line; no other has lines that go on."""
    columns: Sequence[tuple[float, float]]
    """From where to where each column has ink."""
    rows: list[Draft] = field(default_factory=list)
    blocks: int = 1
    """The bands that lines part."""
    one_row_bands: bool = False
    """Whether lines go from edge to edge between any two rows."""
    ruled_rows: bool = False
    """The same, where rows have several lines: such lines end no heading."""
    group: str | None = None
    lost: int = 0
    """Lines that no row can be made of."""
    spoiled: bool = False
    """Whether a second header was met: what is below is not under the first."""
    last: BodyLine | None = None
    marks: list[Piece] = field(default_factory=list)
    """The labels that head rows beyond doubt: no row is above them."""
    headed: bool = False
    """Whether the line before was a heading of rows."""
    vague: bool = False
    """Whether the last heading may be a row that has no more than its label."""
    spoiled_bands: set[int] = field(default_factory=set)
    """Bands with a label in the middle of several rows that have labels, too: nobody knows how far it reaches."""

    def read(self, lines: Sequence[BodyLine]) -> None:
        for number, line in enumerate(lines):
            is_parted = self.last is not None and line.band != self.last.band and not self.ruled_rows
            if is_parted and not self.headed:
                self.group, self.vague = None, False
            self.headed = False
            following = lines[number + 1] if number + 1 < len(lines) else None
            self._read_line(line, following)
            self.last = line

    def _read_line(self, line: BodyLine, following: BodyLine | None) -> None:
        if line.cells is None or self._is_one_phrase(line, line.cells):
            self._crossing(line, following)
        elif line.cells[0] is not None and not any(line.cells[1:]):
            self._label(line, line.cells[0], following)
        else:
            self._values(line, line.cells)

    def _is_one_phrase(self, line: BodyLine, cells: Sequence[Piece | None]) -> bool:
        """Whether words that begin as a label run on through columns of numbers, with a space between them where a gap is."""
        own = [cell for n, cell in enumerate(cells) if cell and n]
        numeric = all(n in self.numeric for n, cell in enumerate(cells) if cell and n)
        words = bool(own) and numeric and not any(is_value(cell.text) for cell in own)
        return cells[0] is not None and words and len(phrases(line.words, 0.5)) == 1

    def _crossing(self, line: BodyLine, following: BodyLine | None) -> None:
        """A line that runs across the gaps: a long label, a heading of rows, or a row whose cells are not certain."""
        parts = phrases(line.words, 0.5)
        if len(parts) == 1 and not is_value(parts[0].text) and not is_glued(parts[0].text):
            if parts[0].right < self.columns[1][0] and reach(parts, self.cuts)[0] == 0:
                self._label(line, parts[0], following)
            elif self._is_first_amid(line, parts[0]) or self._may_head(parts[0]):
                self._heading(parts[0].text)
            else:
                self._spoil_above(line, parts[0])
            return
        self.rows.append(self._spanning(line, parts))

    def _may_head(self, part: Piece) -> bool:
        """Whether words across columns head rows: they begin where labels do, or stand in the middle, and not where cells do."""
        worded = [self.columns[number][0] for number in self.worded - self.numeric - {0}]
        may_go_on = any(abs(part.left - begin) < IN_COLUMN * part.size for begin in worded)
        is_amid = self._is_amid(part) and not may_go_on
        return reach([part], self.cuts)[0] == 0 or is_amid

    def _spoil_above(self, line: BodyLine, part: Piece) -> None:
        """What else runs across columns belongs to the row above, and nothing tells to which cell, or heads the rows below."""
        if (above := self._above(line)) is not None:
            above.certain = False
        self._heading(part.text, vague=True)
        self.lost += 1

    def _heading(self, text: str, *, vague: bool = False) -> None:
        self.group, self.vague = text, vague or text.endswith(".")
        self.headed = True

    def _label_as_heading(self, line: BodyLine, label: Piece, below: BodyLine | None) -> None:
        """Take a label without values for a heading; in a table of words it may be a row, if it stands as the next label does."""
        first = below.cells[0] if below is not None and below.cells else None
        is_apart = first is None or first.left > label.left + INDENT * label.size
        heads_block = self.blocks > 1 and (self.last is None or self.last.band != line.band)
        self._heading(label.text, vague=not (self.numeric or is_apart or heads_block or label.text.endswith(":")))

    def _spanning(self, line: BodyLine, parts: Sequence[Piece]) -> Draft:
        """A row with a cell over several columns, which is certain when it is centred over them."""
        draft = self._draft(line, [None] * (len(self.cuts) + 1))
        taken: set[int] = set()
        for part in parts:
            first, last = reach([part], self.cuts)
            draft.certain = draft.certain and taken.isdisjoint(range(first, last + 1))
            taken.update(range(first, last + 1))
            if first == last:
                draft.cells[first].append(part)
            else:
                draft.spans.append((first, last, part))
                draft.certain = draft.certain and first > 0 and self._is_centred(part, first, last)
        return draft

    def _is_centred(self, part: Piece, first: int, last: int) -> bool:
        middle = (self.columns[first][0] + self.columns[last][1]) / 2
        return abs(middle - part.middle) < part.size and not is_glued(part.text)

    def _label(self, line: BodyLine, label: Piece, following: BodyLine | None) -> None:
        """A line that has ink in the first column alone: the rest of a label, its beginning, or a heading of rows."""
        above = self._above(line)
        below = following if following is not None and following.band == line.band else None
        if below is not None and self._is_over_a_label(line, below):
            self.spoiled_bands.add(line.band)
            self.lost += 1
        elif below is not None and self._begins(line, above, below):
            self.rows.append(self._draft(line, [label, *[None] * len(self.cuts)]))
        elif above is None:
            self.marks.append(label)
            self._label_as_heading(line, label, below)
        elif below is not None and self._is_between(line, above, below):
            self.spoiled_bands.add(line.band)
            self.lost += 1
        elif self._goes_on(line, label, above, below):
            above.label.append(label)
        elif not above.label or self._has_no_room(above.label, label, 0):
            self._leave_open(above, label)
        elif self._stands_off(line, following) or self._is_like_a_heading(label):
            self._label_as_heading(line, label, below)
        else:
            self._leave_open(above, label)

    def _leave_open(self, above: Draft, label: Piece) -> None:
        """Nothing tells whether a label is the rest of the one above it or the heading of the rows below: none is certain."""
        above.certain = False
        self._heading(label.text, vague=True)

    def _is_like_a_heading(self, label: Piece) -> bool:
        """Whether a label begins where one does that heads the rows of this table beyond doubt."""
        return any(abs(mark.left - label.left) < EVEN for mark in self.marks)

    def _is_over_a_label(self, line: BodyLine, below: BodyLine) -> bool:
        """Whether a small label stands so near above another that both are one: a fraction, or a limit over its sign."""
        near = line.base - below.base < TIGHT * max(line.size, below.size)
        cells = cells_of(below.words, self.cuts)
        return near and line.size < SMALL * below.size and cells is not None and cells[0] is not None

    def _begins(self, line: BodyLine, above: Draft | None, below: BodyLine) -> bool:
        """Whether a label is the first line of one whose row has its values half a line below."""
        cells = below.cells
        free = above is None or not above.label or not self._touches_above(line)
        return free and self._is_tight(line, below) and cells is not None and cells[0] is None

    def _goes_on(self, line: BodyLine, label: Piece, above: Draft, below: BodyLine | None) -> bool:
        """Whether a label goes on in a line of its own."""
        alone = self.one_row_bands and below is None
        return (
            self._touches_above(line)
            or alone
            or (self._has_no_room(above.label, label, 0) and (self._is_low_rest(above, label) or self.one_row_bands))
        )

    def _is_low_rest(self, above: Draft, label: Piece) -> bool:
        """Whether a label begins as the rest of one does, and not as all of them do."""
        return self._begins_low(label) and bool(above.label) and not self._begins_low(above.label[0])

    def _stands_off(self, line: BodyLine, below: BodyLine | None) -> bool:
        """Whether a line is nearer to the row below than to the one above."""
        if below is None or self.last is None:
            return False
        return self.last.base - line.base > HEADING_STEP * (line.base - below.base)

    def _is_between(self, line: BodyLine, above: Draft, following: BodyLine) -> bool:
        """Whether a label stands half a line from a row above and from one below, both with labels."""
        tight = self._touches_above(line) and following.band == line.band and self._is_tight(line, following)
        cells = following.cells
        return tight and bool(above.label and above.columns()) and bool(cells and cells[0] and any(cells[1:]))

    def _values(self, line: BodyLine, cells: Sequence[Piece | None]) -> None:
        filled = [number for number, cell in enumerate(cells) if cell is not None and number]
        if self._is_heading(line, cells, filled):
            part = cells[filled[0]] or _NO_PIECE
            if self._above(line) is None or self._may_head(part) or not self._stands_in_column(part, filled[0]):
                self._heading(part.text)
            else:
                self._spoil_above(line, part)
            return
        if self.last is not None and self.last.band == line.band and self._is_tight(self.last, line):
            self._join(line, cells)
            return
        figures = [n for n in filled if n in self.numeric]
        words = [n for n in figures if not is_value((cells[n] or line.words[0]).text)]
        if len(words) > 1 and 2 * len(words) > len(figures):
            self.spoiled = True
        if not figures and self._continues(line, cells, filled):
            return
        blank = self.numeric and not self.numeric.intersection(filled)
        above = self._above(line)
        if blank and filled and above and above.columns():
            above.certain = False  # words where figures are looked for: a row of its own, or the rest of the one above
        self.rows.append(self._draft(line, cells))
        if blank and filled and above and above.columns():
            self.rows[-1].certain = False
        if not figures and above and above.spans and not above.certain:
            self.rows[-1].certain = False  # it may go on with cells that nobody could part

    def _is_heading(self, line: BodyLine, cells: Sequence[Piece | None], filled: Sequence[int]) -> bool:
        """Whether words stand alone in the middle of a line, where figures are looked for."""
        if cells[0] is not None or len(filled) != 1 or len(self.columns) < 3:
            return False
        part, number = cells[filled[0]] or _NO_PIECE, filled[0]
        is_apart = self._is_first_amid(line, part) or (self._is_amid(part) and not self._stands_in_column(part, number))
        return not is_value(part.text) and (number in self.numeric or is_apart)

    def _is_first_amid(self, line: BodyLine, part: Piece) -> bool:
        """Whether words are exactly in the middle and below no row with which they could go on."""
        return self._above(line) is None and self._is_amid(part, EXACT * part.size)

    def _is_amid(self, part: Piece, off: float | None = None) -> bool:
        """Whether words are in the middle of the table, no more than some points off it."""
        left, right = self.columns[0][0], self.columns[-1][1]
        return abs(part.middle - (left + right) / 2) < (AMID * (right - left) if off is None else off)

    def _stands_in_column(self, part: Piece, number: int) -> bool:
        """Whether words begin, end or have their middle where a column's ink has: they may be the rest of a cell above."""
        left, right = self.columns[number]
        offs = (abs(part.left - left), abs(part.right - right), abs(part.middle - (left + right) / 2))
        return min(offs) < IN_COLUMN * part.size

    def _draft(self, line: BodyLine, cells: Sequence[Piece | None]) -> Draft:
        return Draft(
            line.band, [[cell] if cell else [] for cell in cells], self.group, certain=not (self.spoiled or self.vague)
        )

    def _join(self, line: BodyLine, cells: Sequence[Piece | None]) -> None:
        """Add a line that stands half a line below the one before: a cell set in the middle of its row's lines."""
        above = self._above(line)
        if above is None:
            self.rows.append(replaced := self._draft(line, cells))
            replaced.certain = False
            return
        both = [n for n, cell in enumerate(cells) if cell and above.cells[n]]
        if any(n in self.numeric for n in both):
            heir = not above.columns()
            self.rows.append(self._draft(line, cells))
            if not heir:
                self.spoiled_bands.add(line.band)
            return
        above.certain = above.certain and not (0 in both and len(both) > 1)  # two rows, with a small sign between them
        for number, cell in enumerate(cells):
            if cell:
                stacked = above.cells[number] and above.cells[number][-1].base - cell.base < TIGHT * cell.size
                above.certain = above.certain and not stacked  # a fraction: its parts are no words behind each other
                above.cells[number].append(cell)

    def _continues(self, line: BodyLine, cells: Sequence[Piece | None], filled: Sequence[int]) -> bool:
        """Whether a line without figures goes on with the cells above it, or may: then neither is certain."""
        above = self._above(line)
        if above is None:
            return False
        inked = [0, *filled] if cells[0] else filled
        could = all(
            above.cells[n] and self._has_no_room(above.cells[n], cell, n)
            for n in inked
            if (cell := cells[n]) is not None
        )
        is_like_above = len(filled) > 1 and filled == above.columns() and cells[0] is None
        if not could or is_like_above or self.worded.isdisjoint(inked):
            return not cells[0] and self._spoil(above, [cells[n] or _NO_PIECE for n in filled])
        is_full = len(above.columns()) + 1 == len(inked)
        if cells[0] and not (self.one_row_bands or self._is_rest(above.label, cells[0], is_full=is_full)):
            above.certain = False
            self.rows.append(self._draft(line, cells))
            self.rows[-1].certain = False
            return True
        for number in inked:
            if (cell := cells[number]) is not None:
                above.cells[number].append(cell)
        return True

    def _is_rest(self, above: Sequence[Piece], piece: Piece, *, is_full: bool) -> bool:
        """Whether a label itself shows that it continues, by how the line above it ends or how its own begins.

        Where labels begin in lower case, as those of lists of words do, that says nothing, and
        neither does it in a line that is as full as a row.
        """
        begins_so = self._begins_low(piece) and not self._begins_low(above[0]) and not is_full
        return begins_so or bool(_UNFINISHED.search(above[-1].text))

    def _spoil(self, above: Draft, parts: Sequence[Piece]) -> bool:
        """Take words for what may go on with the row above; one alone in the middle may head the rows below."""
        above.certain = False
        if len(parts) == 1 and self._is_amid(parts[0]):
            self._heading(parts[0].text, vague=True)
        self.lost += 1
        return True

    def _above(self, line: BodyLine) -> Draft | None:
        """The row above a line in its band."""
        return self.rows[-1] if self.rows and self.rows[-1].band == line.band else None

    def _has_no_room(self, above: Sequence[Piece], piece: Piece, column: int) -> bool:
        """Whether the first word of a piece would not have fitted behind the one above it."""
        return has_no_room(above, piece, self.columns[column])

    def _begins_low(self, piece: Piece) -> bool:
        return piece.text[0].islower() or piece.text[0] in "([&+,;/"

    def _touches_above(self, line: BodyLine) -> bool:
        return self.last is not None and self.last.band == line.band and self._is_tight(self.last, line)

    def _is_tight(self, upper: BodyLine, lower: BodyLine) -> bool:
        return upper.base - lower.base < TIGHT * min(upper.size, lower.size)


def drafts_of(lines: Sequence[BodyLine], cuts: Sequence[Cut]) -> tuple[list[Draft], int]:
    """The rows of a body whose lines are parted into cells, and how many lines no row could be made of."""
    cut = [line.cells for line in lines if line.cells is not None]
    numeric = frozenset(numeric_columns(cut, len(cuts) + 1))
    columns = [_ink(cut, number) for number in range(len(cuts) + 1)]
    worded = frozenset(n for cells in cut for n, cell in enumerate(cells) if cell and " " in cell.text)
    blocks = len({line.band for line in lines})
    reader = _Reader(
        cuts,
        numeric,
        worded,
        columns,
        blocks=blocks,
        one_row_bands=_are_ruled(lines, numeric) or _has_one_row_bands(lines, numeric),
        ruled_rows=_are_ruled(lines, numeric),
    )
    reader.read(lines)
    doubt(reader.rows, columns, reader.spoiled_bands)
    return reader.rows, reader.lost


def _are_ruled(lines: Sequence[BodyLine], numeric: frozenset[int]) -> bool:
    """Whether there are three bands or more with figures, and each has one line of them."""
    counts = _figured(lines, numeric).values()
    return len(counts) > 2 and max(counts) == 1


def _figured(lines: Sequence[BodyLine], numeric: frozenset[int]) -> Counter[int]:
    """By band, how many lines with figures it has, but for those of errors in brackets."""
    return Counter(line.band for line in lines if _has_figures(line.cells or (), numeric))


def _has_figures(cells: Sequence[Piece | None], numeric: frozenset[int]) -> bool:
    figures = [cell.text for n, cell in enumerate(cells) if n in numeric and cell]
    return bool(figures) and not (cells[0] is None and all(map(is_bracketed, figures)))


def _has_one_row_bands(lines: Sequence[BodyLine], numeric: frozenset[int]) -> bool:
    """Whether no band has two lines of figures, and the bands are three or more and half of them one line.

    Where there are no figures, headings of rows between lines say nothing.
    """
    filled = {line.band for line in lines if numeric or (line.cells is not None and any(line.cells[1:]))}
    counts: Counter[int] = Counter(line.band for line in lines if line.band in filled)
    figured = _figured(lines, numeric)
    single = sum(count == 1 for count in counts.values())
    return len(counts) > 2 and 2 * single >= len(counts) and all(count == 1 for count in figured.values())


def _ink(cut: Sequence[Sequence[Piece | None]], number: int) -> tuple[float, float]:
    own = [cell for cells in cut if any(cells[1:]) and (cell := cells[number]) is not None]
    return min((cell.left for cell in own), default=0.0), max((cell.right for cell in own), default=0.0)


def numeric_columns(cut: Sequence[Sequence[Piece | None]], count: int) -> Iterator[int]:
    """The columns, but for the first, whose cells are mostly values."""
    for number in range(1, count):
        texts = [cell.text for cells in cut if (cell := cells[number]) is not None]
        if texts and sum(map(is_value, texts)) >= NUMERIC * len(texts):
            yield number
