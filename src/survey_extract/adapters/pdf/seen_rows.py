"""A PDF and table rows of one of its pages go in; whether a person sees each, cell by cell, comes out.

A row is put together from cells, each with its place. The letters in a cell's
place must be those of its words, and each of them must show, by the rule of
``look.py``: a row with one cell that does not show is not seen.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.hidden import Hidden, covers_page
from survey_extract.adapters.pdf.letters import Letter
from survey_extract.adapters.pdf.printed import printable
from survey_extract.adapters.pdf.seen import lost_letters
from survey_extract.core.quote_spans import letters_of
from survey_extract.core.sight import Seen, Sight, together
from survey_extract.core.tables.table import Box, Row

EDGE = 0.5
"""Points by which the middle of a letter may lie outside its cell's box: boxes are rounded."""


class _Part(NamedTuple):
    """A cell's words, or its headers', or the row's label, and where they are."""

    words: str
    boxes: tuple[Box, ...]


class _Found(NamedTuple):
    """Whether all of a part's letters are in its place, in any order if in several lines; these, and the others there."""

    is_there: bool
    letters: Sequence[Letter]
    others: Sequence[Letter] = ()


def rows_seen(path: Path, page: int, rows: Sequence[Row]) -> list[Sight]:
    """What a person finds of each row on that page, counted from 1.

    Raises:
        pypdfium2.PdfiumError: the page cannot be opened or drawn.
    """
    if not rows:
        return []
    with closing(pdfium.PdfDocument(path)) as document, closing(document[page - 1]) as sheet_page:
        text_page, sheet = Hidden(document, b"").letters(sheet_page, page - 1)
        with closing(text_page):
            characters = Characters(text_page)
            letters = printable(characters, sheet.texts)
            found = [[_found(part, letters) for part in _parts(row)] for row in rows]
            is_scan = covers_page(sheet_page, sheet.objects)
            near = _near(letters, [box for row in rows for part in _parts(row) for box in part.boxes])
            hidden = lost_letters(document, page - 1, sheet_page, characters, sheet, near).all
    return [together([_seen(part, hidden, on_scan=is_scan) for part in parts]) for parts in found]


def _parts(row: Row) -> Iterator[_Part]:
    if row.label_box is not None:
        yield _Part(row.label, (row.label_box,))
    for cell in row.cells:
        yield _Part(cell.value, (cell.box,))
        if cell.heads:
            yield _Part(" ".join(cell.header), cell.heads)


def _found(part: _Part, letters: Sequence[Letter]) -> _Found:
    """The letters of a part, if they are in its place in sequence, else all letters there; marks, if the part is only marks."""
    folded = letters_of if letters_of(part.words) else _marks_of
    inside = [letter for letter in letters if any(_holds(box, letter.box) for box in part.boxes)]
    wanted, own = folded(part.words), [letter for letter in inside if folded(chr(letter.code))]
    each = [letter for letter in own for _ in folded(chr(letter.code))]  # a ligature is several letters
    there = "".join(folded(chr(letter.code)) for letter in own)
    at = there.find(wanted)
    if at < 0:
        return _Found((Counter(wanted) & Counter(there)).total() == len(wanted), own)
    mine = list(dict.fromkeys(each[at : at + len(wanted)]))
    return _Found(True, mine, [letter for letter in own if letter not in mine])


def _marks_of(text: str) -> str:
    """All that is printed of a text."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _holds(box: Box, letter: Box) -> bool:
    """Whether the middle of a letter lies in a box."""
    x, y = (letter[0] + letter[2]) / 2, (letter[1] + letter[3]) / 2
    return box[0] - EDGE <= x <= box[2] + EDGE and box[1] - EDGE <= y <= box[3] + EDGE


def _seen(part: _Found, hidden: frozenset[int], *, on_scan: bool) -> Seen:
    """How much of a part shows. One letter too few or too many makes another figure: "8.7" in place of "98.7"."""
    looked, shown = len(part.letters), sum(letter.place not in hidden for letter in part.letters)
    is_whole = part.is_there and all(letter.place in hidden for letter in part.others)
    return Seen(1, int(is_whole), looked, shown, on_scan)


def _near(letters: Sequence[Letter], boxes: Iterable[Box]) -> list[Letter]:
    """The letters that reach into one of the boxes: those of the rows, and what lies on them."""
    if not letters:
        return []
    left, bottom, right, top = np.array([letter.box for letter in letters]).T
    near = np.zeros(len(letters), dtype=bool)
    for low_x, low_y, high_x, high_y in dict.fromkeys(boxes):
        near |= (left <= high_x) & (right >= low_x) & (bottom <= high_y) & (top >= low_y)
    return [letters[number] for number in np.flatnonzero(near).tolist()]
