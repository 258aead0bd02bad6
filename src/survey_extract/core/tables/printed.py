"""The characters of a page and a row of its table go in, what of the row is not on the page comes out.

A row is put together of cells that a reader found by their places, so it is
checked cell by cell against the page as pdfium reads it: each value is one run
of the page's words and figures, and those of its headers and of the row's
label are on the page. Marks and hyphens do not count, and raised figures are
figures.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from survey_extract.core.reading.plain_text import HYPHEN_MARK
from survey_extract.core.tables.table import Row

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


class Printed:
    """A page's words and figures, made ready when first asked for."""

    def __init__(self, page: str) -> None:
        self._page = page
        self._known: dict[str, list[str]] = {}

    def lacks(self, row: Row) -> str:
        """What of a row is not on the page; nothing of one that is."""
        return " ".join(dict.fromkeys(self._lacking(row)))

    def _lacking(self, row: Row) -> Iterator[str]:
        headers = (header for cell in row.cells for header in cell.header)
        for text in (row.group or "", row.label, *headers):
            yield from self._missing(text)
        for cell in row.cells:
            value = " ".join(words(cell.value))
            if value and f" {value} " not in self._run:
                yield cell.value

    def _missing(self, text: str) -> list[str]:
        """The words of a label or header that are not on the page; many rows have the same."""
        if text not in self._known:
            self._known[text] = [word for word in words(text) if f" {word} " not in self._run]
        return self._known[text]

    @cached_property
    def _run(self) -> str:
        return f" {' '.join(words(self._page))} "


def words(text: str) -> list[str]:
    """The words and figures of a text, folded."""
    return _WORD.findall(unicodedata.normalize("NFKC", text.replace(HYPHEN_MARK, " ")).casefold())
