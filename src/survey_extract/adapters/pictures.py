"""A PDF and a page number go in, the page as a PNG and the boxes of its sentences come out.

Both run in a worker process, as reading does: the file is the same bomb here.
Boxes are fractions of the page's width and height, from the upper left.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.core.ports import Box
from survey_extract.core.quote_spans import Letters
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


def sentence_boxes(path: Path, page: int, quotes: Sequence[tuple[int, str | Row]]) -> list[tuple[int, Box]]:
    """The boxes of quotes on a page, as (number of the sentence, box); several a sentence, one a line, or a cell of a row."""
    with closing(pdfium.PdfDocument(path)) as document, closing(document[page - 1]) as sheet:
        width, height = sheet.get_size()
        with closing(sheet.get_textpage()) as text_page:
            text = text_page.get_text_range()
            letters = Letters(text)
            units = _Units(text)
            found = [
                (number, box)
                for number, quote in quotes
                if isinstance(quote, str)
                for start, end in letters.spans(quote)
                for box in _boxes(text_page, units.at(start), units.at(end - 1), width, height)
            ]
    rows = [(number, row) for number, row in quotes if not isinstance(row, str)]
    return found + [(number, box) for number, row in rows for box in _cells(row, width, height)]


def _cells(row: Row, width: float, height: float) -> list[Box]:
    """The boxes of a row: its label, its values, and the headers over them."""
    heads = {box for cell in row.cells for box in cell.heads}
    return [_box(box, width, height, shared=box in heads) for box in row.boxes()]


def _box(box: tuple[float, float, float, float], width: float, height: float, *, shared: bool = False) -> Box:
    """A box in points as fractions of the page."""
    left, bottom, right, top = box
    return Box(left / width, 1 - top / height, (right - left) / width, (top - bottom) / height, shared)


class _Units:
    """pdfium counts UTF-16 units; they differ from characters beyond the basic plane."""

    def __init__(self, text: str) -> None:
        self._offsets: list[int] | None = None
        if any(ord(char) > 0xFFFF for char in text):
            self._offsets, at = [], 0
            for char in text:
                self._offsets.append(at)
                at += 2 if ord(char) > 0xFFFF else 1

    def at(self, place: int) -> int:
        return place if self._offsets is None else self._offsets[place]


def _boxes(text_page: pdfium.PdfTextPage, first: int, last: int, width: float, height: float) -> list[Box]:
    start = raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, first)
    end = max(start, raw.FPDFText_GetCharIndexFromTextIndex(text_page.raw, last))
    count = text_page.count_rects(start, end - start + 1)
    return [_box(text_page.get_rect(index), width, height) for index in range(count)]
