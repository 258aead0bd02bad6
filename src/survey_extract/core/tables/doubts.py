"""Rows as they were read go in; those that could be read otherwise are marked as not certain.

A label may be that of several rows, a cell may be that of several columns, and
a gap between columns may have been missed. Print does not say so; only the
places of blank cells, of labels and of numbers give it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from survey_extract.core.reading.plain_text import UNKNOWN
from survey_extract.core.tables.columns import is_amount, is_glued, is_value
from survey_extract.core.tables.words import Piece

CENTRED = 0.6
"""Ems by which a cell over several columns may be off their middle."""
LONELY = 1.5
"""The same for a cell that is alone in its row."""
ALIGNED = 0.2
"""Ems by which the cells of a column may be off the edge or the middle that they share."""
USUAL_BLANKS = 3
"""Rows with some of several cells blank, from which on blank cells are usual in them."""
SMALL = 0.85
"""Size of the parts of a fraction beside the size of its row, at most."""
INDENT = 2.5
"""Ems by which a label may be indented."""
SPACE = 0.3
"""Ems of a space between words."""
WORDED = 3
"""Words from which on a cell may go on in a next line, where the next row may be that line."""
BLOCKS = 2
"""Bands whose first rows are too few to tell how cells begin."""
WORD = 3
"""Signs up to which what labels rows is no word."""

_TORN = re.compile(r"^[±·]|^× ?10[⁺⁻⁰¹²³⁴-⁹]|[±·(]$")
_ACCENT = re.compile(r"[\u00a8\u00af\u00b4\u00b8\u02c6-\u02dd]|^[^`]*[^\W\d_]`(?!\w)")
"""An accent as a sign of its own: nobody knows the letter that it stands on."""
_BARE_MARK = re.compile("^[\u1d43-\u1dbb\u02b0-\u02b8\u02e3]")
"""A raised letter that nothing stands before: it is no mark."""
_IN_BRACKETS = re.compile(r"^[(\[][^()\[\]]*\d[^()\[\]]*[)\]]\W*$")
_END_MARKS = frozenset(".!?:;")
_OTHER_SIGN = re.compile("^[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f,;]$")
"""What alone is no cell: a letter with an accent is the number of a sign in a font, and a comma is what is left beside a drawing."""


@dataclass(slots=True)
class Draft:
    """A row in the making. ``cells`` holds the pieces of each column from the top."""

    band: int
    cells: list[list[Piece]]
    group: str | None = None
    spans: list[tuple[int, int, Piece]] = field(default_factory=list)
    """Cells over several columns, with the first and the last of them."""
    certain: bool = True
    heir: bool = False
    """Whether its label is that of its whole band."""

    @property
    def label(self) -> list[Piece]:
        return self.cells[0]

    def columns(self) -> list[int]:
        return [number for number, pieces in enumerate(self.cells) if pieces and number]


def text_of(pieces: Sequence[Piece]) -> str:
    return pieces[0].text if len(pieces) == 1 else " ".join([piece.text for piece in pieces])


def doubt(rows: list[Draft], columns: Sequence[tuple[float, float]], spoiled: set[int]) -> None:
    """Mark what is not certain, and give labels of whole bands to their rows. ``columns`` are the places of ink."""
    spoiled = spoiled | _torn(rows)
    _inherit(rows)
    _lend(rows)
    _repeat(rows)
    _doubt_labels(rows, columns[0])
    _doubt_rests(rows)
    _doubt_ends(rows, columns)
    _doubt_headings(rows)
    _doubt_spans(rows, columns)
    for row in rows:
        texts = [text_of(row.cells[n]) for n in row.columns()]
        broken = any(is_glued(text) or _TORN.search(text) or _OTHER_SIGN.match(text) for text in texts)
        legible = all(map(is_legible, (*texts, text_of(row.label)))) and not is_glued(text_of(row.label))
        row.certain = row.certain and not broken and legible and not _is_fraction(row) and row.band not in spoiled


def _is_fraction(row: Draft) -> bool:
    """Whether a label has several lines in smaller letters than its row: one number over another."""
    size = max((piece.size for pieces in row.cells[1:] for piece in pieces), default=0.0)
    return len(row.label) > 1 and all(piece.size < SMALL * size for piece in row.label)


def is_legible(text: str) -> bool:
    """Whether all signs of a cell or header are known."""
    return UNKNOWN not in text and not _ACCENT.search(text) and not _BARE_MARK.match(text)


def _doubt_labels(rows: Sequence[Draft], ink: tuple[float, float]) -> None:
    """Labels that begin far from where labels begin are the rest of labels, unless all are centred, or words that end together."""
    labels = [row.label[0] for row in rows if row.label]
    middle = sum(ink) / 2
    if all(abs(label.middle - middle) < 0.5 * label.size for label in labels):
        return
    flush = all(abs(label.right - ink[1]) < ALIGNED * label.size for label in labels)
    for row in rows:
        indented = bool(row.label) and row.label[0].left > ink[0] + INDENT * row.label[0].size
        if indented and not (flush and not is_amount(text_of(row.label))):
            row.certain = False


def _doubt_rests(rows: Sequence[Draft]) -> None:
    """Where cells have lines, a label that begins low beside words, among labels that do not, may be the rest of the one above.

    The lines of its cell are then those of the cell above it, after a sentence that ended.
    """
    if not any(len(pieces) > 1 for row in rows for pieces in row.cells):
        return
    named = [row for row in rows if row.label]
    for above, row in pairwise(named):
        others = sum(other.label[0].text[0].islower() for other in named if other is not row)
        worded = not any(is_value(text_of(row.cells[n])) for n in row.columns())
        is_low = row.label[0].text[0].islower() and 4 * others < len(named)
        if is_low and worded and row.band == above.band:
            row.certain = above.certain = False


def _doubt_ends(rows: Sequence[Draft], columns: Sequence[tuple[float, float]]) -> None:
    """A cell that begins low, among cells that do not, below one that had no room for its first word, may be the rest of that."""
    first = [row for above, row in pairwise([None, *rows]) if row and (above is None or above.band != row.band)]
    usual = rows if len(first) <= BLOCKS else first
    for above, row in pairwise(rows):
        if row.band == above.band and any(_may_go_on(usual, above, row, n, columns[n]) for n in row.columns()):
            row.certain = above.certain = False


def _is_ended(text: str) -> bool:
    """Whether a mark of its end stands behind the last word of a text."""
    last = next((at for at in reversed(range(len(text))) if text[at].isalnum() or text[at] == "_"), -1)
    return not _END_MARKS.isdisjoint(text[last + 1 :])


def _may_go_on(usual: Sequence[Draft], above: Draft, row: Draft, column: int, ink: tuple[float, float]) -> bool:
    """Whether a cell may be the rest of the one above it; ``usual`` are rows that begin as rows do."""
    piece = row.cells[column][0]
    before = text_of(above.cells[column])
    if not piece.text[0].islower() or _is_ended(before) or len(before.split()) < WORDED:
        return False
    others = _others(usual, row, column)
    low = sum(other.text[0].islower() for other in others)
    return 4 * low < len(others) and has_no_room(above.cells[column], piece, ink)


def has_no_room(above: Sequence[Piece], piece: Piece, ink: tuple[float, float]) -> bool:
    """Whether the first word of a piece would not have fitted behind the one above it, in the place of a column's ink."""
    if not above or above[-1].base - piece.base > 1.6 * piece.size:
        return False
    if above[-1].text.endswith("-"):
        return True
    word = (piece.right - piece.left) * len(piece.text.split(" ")[0]) / len(piece.text)
    wanted = above[-1].right - above[-1].left + SPACE * piece.size + word
    return wanted > ink[1] - ink[0] + 0.5 and not is_amount(above[-1].text)


def _doubt_headings(rows: Sequence[Draft]) -> None:
    """A heading of the same build as the labels, as "4x" above "5x", may be a row whose cells are blank."""
    builds = {_build(text_of(row.label)) for row in rows if row.label}
    for row in rows:
        if row.group and _is_of_signs(row.group) and _build(row.group) in builds:
            row.certain = False


def _build(text: str) -> str:
    """A text with one sign for all its figures and capital letters."""
    return "".join("0" if char.isdigit() or char.isupper() else char for char in text)


def _is_of_signs(text: str) -> bool:
    """Whether a text is no word."""
    return len(text) <= WORD or any(char.isdigit() for char in text)


def _doubt_spans(rows: Sequence[Draft], columns: Sequence[tuple[float, float]]) -> None:
    """A cell beside blank ones may be the cell of all their columns.

    It is one of its own column if it stands there as the other cells of the
    column do, and not in the middle of them all; or if so many rows have some
    of these cells and not the others that blank cells are usual there.
    """
    patterns = [frozenset(row.columns()) for row in rows]
    for row in rows:
        for number, run in _lonely(row, len(columns)):
            piece = row.cells[number][0]
            middle = (columns[min(run)][0] + columns[max(run)][1]) / 2
            centred = abs(middle - piece.middle) < (LONELY if len(row.columns()) == 1 else CENTRED) * piece.size
            partial = sum(own & run not in (set(), run, {number}) for own in patterns)
            alone = len(row.columns()) == 1
            usual = not centred or (partial >= USUAL_BLANKS and not alone)
            row.certain = row.certain and usual and _is_aligned(piece, _others(rows, row, number), alone)


def _lonely(row: Draft, count: int) -> Iterator[tuple[int, frozenset[int]]]:
    """The cells of a row that have blank ones beside them, with the columns of these."""
    filled = sorted({*row.columns(), *(n for first, last, _ in row.spans for n in range(first, last + 1))})
    for number in row.columns():
        first = max((n for n in filled if n < number), default=0) + 1
        last = min((n for n in filled if n > number), default=count) - 1
        if first < last:
            yield number, frozenset(range(first, last + 1))


def _others(rows: Sequence[Draft], row: Draft, number: int) -> list[Piece]:
    return [other.cells[number][0] for other in rows if other is not row and other.cells[number]]


def _is_aligned(piece: Piece, others: Sequence[Piece], alone: bool) -> bool:
    """Whether a cell begins, ends or has its middle where the others do.

    Where these share no edge and no middle, it is taken to be one of them, unless it is alone in its row.
    """
    off = ALIGNED * piece.size
    known = False
    for edge in ("left", "right", "middle"):
        places = [float(getattr(other, edge)) for other in others]
        if len(places) > 1 and max(places) - min(places) < off:
            known = True
            if abs(float(getattr(piece, edge)) - places[0]) < off:
                return True
    return not known and not alone


def _torn(rows: Sequence[Draft]) -> set[int]:
    """Bands whose labels may be the lines of one: they begin with a row without a label, or one of them begins with a bracket."""
    bands: dict[int, list[Draft]] = {row.band: [] for row in rows}
    for row in rows:
        bands[row.band].append(row)
    return {
        band
        for band, mine in bands.items()
        if (not mine[0].label and sum(bool(row.label) for row in mine) > 1) or _has_label_of_lines(mine)
    }


def _has_label_of_lines(rows: Sequence[Draft]) -> bool:
    """Whether in a band with blank labels one shows by its sign that it is the second line of the one above it."""
    labels = [text_of(row.label) for row in rows]
    return "" in labels and any(one and other[:1] in "([&+" for one, other in pairwise(labels) if other)


def _lend(rows: Sequence[Draft]) -> None:
    """Figures in brackets below figures without are of the same row: their errors, or intervals; they have its label.

    Where they have words of their own beside them, these may be the rest of the label.
    """
    below = [(above, row) for above, row in pairwise(rows) if row.band == above.band and _is_error_of(above, row)]
    if not any(not row.label for _, row in below):
        return
    for above, row in below:
        if row.label:
            above.certain = row.certain = False
        elif above.label and not above.heir:
            row.cells[0], row.heir = above.label, True


def _repeat(rows: Sequence[Draft]) -> None:
    """A label goes on over the rows below it that have none, where the same names stand beside each label in the same order."""
    blocks: list[list[Draft]] = []
    for row in rows:
        if row.label or not blocks or row.band != blocks[-1][0].band:
            blocks.append([])
        blocks[-1].append(row)
    names = [tuple(text_of(row.cells[1]) for row in block) for block in blocks]
    if len(blocks) < BLOCKS or len(set(names)) > 1 or not all(block[0].label for block in blocks):
        return
    if len(set(names[0])) < len(names[0]) or len(names[0]) < BLOCKS or any(not n or is_value(n) for n in names[0]):
        return
    for block in blocks:
        for row in block[1:]:
            row.cells[0], row.heir = block[0].label, True


def _is_error_of(above: Draft, row: Draft) -> bool:
    """Whether all that stands in a row are figures in brackets, each below one without."""
    own = [(text_of(above.cells[n]), text_of(row.cells[n])) for n in row.columns()]
    return bool(own) and all(one and is_bracketed(other) and not is_bracketed(one) for one, other in own)


def is_bracketed(text: str) -> bool:
    """Whether a cell is a figure in brackets."""
    return bool(_IN_BRACKETS.match(text))


def _doubt_folds(rows: Sequence[Draft]) -> None:
    """Rows under one label, one of which has no figure at all, may be the lines of one row's cells."""
    if any(not any(is_value(text_of(row.cells[n])) for n in row.columns()) for row in rows):
        for row in rows:
            row.certain = False


def _inherit(rows: list[Draft]) -> None:
    """A label that is alone in its band, which lines delimit, is that of all its rows; others have none."""
    for band in {row.band for row in rows}:
        mine = [row for row in rows if row.band == band]
        labels = [row for row in mine if row.label]
        if len(mine) > 1 and len(labels) == 1:
            for row in mine:
                row.heir = row is not labels[0]
                row.cells[0] = labels[0].cells[0]
            _doubt_folds(mine)
    rows[:] = [row for row in rows if row.columns() or not row.certain]
