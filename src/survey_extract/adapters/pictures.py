"""A PDF and a page number go in, the page as a PNG and the boxes of its sentences come out.

Both run in a worker process, as reading does: the file is the same bomb here.
Boxes are fractions of the page's width and height, from the upper left.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.units import Units
from survey_extract.adapters.pdf.upright import Turn, upright
from survey_extract.core.ports import PictureBox, Quoted
from survey_extract.core.quote_spans import Letters, letters_of
from survey_extract.core.tables.table import Row

LARGEST = 4_000
"""Pixels a side of a picture may have, whatever size a page claims."""


def page_png(path: Path, page: int, scale: float) -> bytes:
    """A page as PNG; ``scale`` 1 is 72 dots an inch."""
    with closing(pdfium.PdfDocument(path)) as document, closing(document[page - 1]) as sheet:
        scale = min(scale, LARGEST / max(1.0, *sheet.get_size()))
        picture = sheet.render(scale=scale, rev_byteorder=True).to_pil()
    png = io.BytesIO()
    picture.save(png, "PNG", compress_level=1)
    return png.getvalue()


def sentence_boxes(path: Path, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, PictureBox]]:
    """The boxes of quotes on a page, as (number of the sentence, box); several a sentence, one a line, or a cell of a row.

    A quote that begins on a page before is looked for there first, and what is
    left of it here: a quote that ends there has no box.
    """
    with closing(pdfium.PdfDocument(path)) as document:
        rests = _rests(document, page, quotes)
        with closing(document[page - 1]) as sheet, closing(sheet.get_textpage()) as text_page:
            seen = _Seen(upright(sheet), *sheet.get_size())
            text = Characters(text_page).printed
            letters, units = Letters(text), Units(text)
            found = [
                (number, box)
                for number, rest in rests
                for start, end, _ in letters.pieces(rest, gaps=True)
                for box in seen.lines(_rects(text_page, units.at(start), units.at(end - 1)))
            ]
    rows = [(quote.number, quote.words) for quote in quotes if isinstance(quote.words, Row) and quote.page == page]
    return found + [(number, box) for number, row in rows for box in seen.cells(row)]


def _rests(document: pdfium.PdfDocument, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, str]]:
    """By number, the letters of quotes that are not on the pages before this one."""
    rests = [(quote, letters_of(quote.words)) for quote in quotes if isinstance(quote.words, str)]
    for before in range(min((quote.page for quote, _ in rests), default=page), page):
        with closing(document[before - 1]) as sheet, closing(sheet.get_textpage()) as text_page:
            letters = Letters(Characters(text_page).printed)
        rests = [(quote, letters.rest(words) if quote.page <= before else words) for quote, words in rests]
    return [(quote.number, words) for quote, words in rests if words]


Rect = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the lower left."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a page is shown: its turn, its width and its height in points."""

    turn: Turn
    width: float
    height: float

    def cells(self, row: Row) -> list[PictureBox]:
        """The boxes of a row: its label, its values, and the headers over them."""
        heads = {box for cell in row.cells for box in cell.heads}
        return [self._box(self.turn.box(box), shared=box in heads) for box in row.boxes()]

    def lines(self, rects: Iterable[Rect]) -> list[PictureBox]:
        """A box for each line, of the boxes of its letters or words as the file paints them."""
        lines = list[Rect]()
        for rect in map(self.turn.box, rects):
            if lines and _is_next(lines[-1], rect):
                left, bottom, right, top = lines[-1]
                lines[-1] = left, min(bottom, rect[1]), max(right, rect[2]), max(top, rect[3])
            else:
                lines.append(rect)
        return list(map(self._box, lines))

    def _box(self, rect: Rect, *, shared: bool = False) -> PictureBox:
        """A box in points as fractions of the page."""
        left, bottom, right, top = rect
        return PictureBox(
            left / self.width, 1 - top / self.height, (right - left) / self.width, (top - bottom) / self.height, shared
        )


def _is_next(one: Rect, other: Rect) -> bool:
    """Whether a box goes on where another ends, in the same line."""
    low, high = max(one[1], other[1]), min(one[3], other[3])
    height = max(one[3] - one[1], other[3] - other[1])
    return high - low > 0.5 * min(one[3] - one[1], other[3] - other[1]) and -height < other[0] - one[2] < height


def _rects(text_page: pdfium.PdfTextPage, first: int, last: int) -> Iterator[Rect]:
    """The boxes of some characters in the file's points, one for each text that it paints in a line."""
    start = raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, first)
    end = max(start, raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, last))
    count = text_page.count_rects(start, end - start + 1)
    return map(text_page.get_rect, range(count))
