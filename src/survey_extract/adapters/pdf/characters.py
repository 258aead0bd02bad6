"""The text of a page goes in, what pdfium says about its characters comes out, each question asked for all at once.

Characters go by their place in pdfium's count, from 0 on. Lines, tables and the
search for hidden text ask for the same things, so each answer is kept.
Coordinates are PDF points with the origin at the lower left.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.calls import call, each, handle, numbers_written
from survey_extract.core.reading.plain_text import HYPHEN_MARK, UNKNOWN, legible
from survey_extract.core.tables.turned import Quarter

_MARK = ord(HYPHEN_MARK)
_IS_WHITE = np.array([chr(code).isspace() for code in range(0x3002)])
"""By code; there is no white space beyond the last of these."""
_PLAIN = (0, 2, 9, 10, 13)
"""Codes below the first printable one that are no signs without a name: nothing, pdfium's hyphen, white space."""
_FROM_THE_RIGHT = (
    (0x590, 0x900), (0x200E, 0x2010), (0x202A, 0x202F), (0x2066, 0x206A), (0xD800, 0xE000), (0xFB1D, 0xFE00),
    (0xFE70, 0xFF00),
)  # fmt: skip
"""From which code on, and up to which, letters may run from the right to the left, or are marks that make others do so."""
STRIDE = 8
"""Characters from one to the next that are asked for their texts at first."""
Boxes = np.ndarray[Any, np.dtype[Any]]
"""A row of four numbers for each character."""


class Characters:
    """The characters of a page, including those that nobody sees."""

    def __init__(self, text_page: pdfium.PdfTextPage) -> None:
        self._page = text_page
        self.handle = handle(text_page.raw)
        self._all = range(max(0, call.FPDFText_CountChars(self.handle)))

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def printed(self) -> str:
        """All of them as pdfium reads them, in the order in which the file draws them."""
        return legible(str(self._page.get_text_range()))

    @cached_property
    def _are_in_place(self) -> bool:
        """Whether each character has its place in ``printed``, and so all have the same place in both."""
        count = len(self.printed)
        return count == len(self._all) and 2 * count == len(self.printed.encode("utf-16-le", "surrogatepass"))

    @cached_property
    def codes(self) -> list[int]:
        """By character, its UTF-16 unit."""
        found: list[int] = self.units.tolist()
        return found

    @cached_property
    def units(self) -> np.ndarray[Any, np.dtype[np.uint32]]:
        """The same as an array; if they are in place, only marks of hyphens need a question to pdfium."""
        if not self._are_in_place:
            return _signs(np.array(each("FPDFText_GetUnicode", self.handle, self._all), dtype=np.uint32))
        found = np.frombuffer(self.printed.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
        marks = np.flatnonzero(found == _MARK)
        found[marks] = each("FPDFText_GetUnicode", self.handle, marks.tolist())
        return found

    @cached_property
    def are_white(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """By character, whether it is white space."""
        found: np.ndarray[Any, np.dtype[np.bool_]] = _IS_WHITE.take(self.units, mode="clip")
        return found

    @cached_property
    def texts(self) -> list[int]:
        """By character, the address of the text that it was painted with; 0 if pdfium put it in."""
        found: list[int] = self._texts.tolist()
        return found

    @cached_property
    def _texts(self) -> np.ndarray[Any, np.dtype[np.uint64]]:
        """The same. The characters of a text follow one another, so what stands between two of the same text is of it.

        Only where some run from the right to the left, pdfium may take a text apart.
        """
        step = 1 if _runs_from_the_right(self.units) else STRIDE
        found = np.zeros(-(-len(self) // step) * step + 1, dtype=np.uint64)
        asked = np.arange(0, len(self), step)
        while True:
            found[asked] = self.texts_at(asked.tolist())
            if step == 1:
                return found[: len(self)]
            before, behind, step = found[:-1:step], found[step::step], step // 2
            found[step :: 2 * step] = before
            found[len(self) :] = 0
            asked = step + 2 * step * np.flatnonzero((before != behind) | (before == 0))
            asked = asked[asked < len(self)]

    @cached_property
    def runs(self) -> tuple[list[int], np.ndarray[Any, np.dtype[np.intp]]]:
        """The texts of characters that follow one another, and how many do."""
        texts = self._texts
        starts = np.flatnonzero(np.concatenate([[True], texts[1:] != texts[:-1]])[: len(texts)])
        return texts[starts].tolist(), np.diff(starts, append=len(texts))

    def are_of(self, texts: Container[int]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """By character, whether it was painted with one of some texts."""
        of_runs, counts = self.runs
        return np.repeat(np.array([text in texts for text in of_runs], dtype=bool), counts)

    def guessed(self, places: Sequence[int] | None = None) -> list[int]:
        """Those of some, or of all, for which the font has no name: pdfium takes the number of the sign for that of a letter."""
        asked = self._all if places is None else places
        return list(compress(asked, each("FPDFText_HasUnicodeMapError", self.handle, asked)))

    def texts_at(self, places: Sequence[int]) -> list[int]:
        """The same of some characters alone."""
        return each("FPDFText_GetTextObject", self.handle, places)

    @cached_property
    def in_text(self) -> Sequence[int]:
        """By UTF-16 unit of ``printed``, the place of its character."""
        return self.at(range(len(self.printed.encode("utf-16-le", "surrogatepass")) // 2))

    def at(self, units: Sequence[int]) -> Sequence[int]:
        """The same of some of these units."""
        return units if self._are_in_place else each("FPDFText_GetCharIndexFromTextIndex", self.handle, units)

    def loose(self, places: Sequence[int]) -> Boxes:
        """Left, top, right and bottom of the space that the font gives to each of some characters."""
        found = np.zeros((len(places), 4), dtype=np.float32)
        numbers_written("FPDFText_GetLooseCharBox", self.handle, places, found, [0])
        return found

    @cached_property
    def ink(self) -> Boxes:
        """Left, bottom, right and top of the ink of each character; nothing of white space."""
        found, places = np.zeros((len(self), 4)), np.flatnonzero(~self.are_white)
        found[places] = self.boxes(places.tolist())
        return found

    def boxes(self, places: Sequence[int]) -> Boxes:
        """The same of some characters, white space as well."""
        found = np.zeros((len(places), 4))
        numbers_written("FPDFText_GetCharBox", self.handle, places, found, (0, 2, 1, 3))
        return found

    def origins(self, places: Sequence[int]) -> Boxes:
        """Where each of some characters begins, and the height of the baseline under it."""
        found = np.zeros((len(places), 2))
        numbers_written("FPDFText_GetCharOrigin", self.handle, places, found, (0, 1))
        return found

    def sizes(self, places: Sequence[int]) -> list[float]:
        """The sizes of the fonts of some characters."""
        return each("FPDFText_GetFontSize", self.handle, places)

    def angles(self, places: Sequence[int]) -> list[float]:
        """How far some characters are turned, in radians: 0 where they are level."""
        return each("FPDFText_GetCharAngle", self.handle, places)

    def turned(self, quarter: Quarter) -> Characters:
        """The same characters, in the places that they have after a turn."""
        return _Turned(self._page, quarter)


class _Turned(Characters):
    """The characters of a page that is turned."""

    def __init__(self, text_page: pdfium.PdfTextPage, quarter: Quarter) -> None:
        super().__init__(text_page)
        self._sign = 1 if quarter.runs_up else -1

    def loose(self, places: Sequence[int]) -> Boxes:
        left, top, right, bottom = (self._sign * super().loose(places)).T
        level = (bottom, -left, top, -right) if self._sign > 0 else (top, -right, bottom, -left)
        return np.ascontiguousarray(np.column_stack(level))

    def boxes(self, places: Sequence[int]) -> Boxes:
        left, bottom, right, top = (self._sign * super().boxes(places)).T
        level = (bottom, -right, top, -left) if self._sign > 0 else (top, -left, bottom, -right)
        return np.column_stack(level)

    def origins(self, places: Sequence[int]) -> Boxes:
        x, y = (self._sign * super().origins(places)).T
        return np.column_stack((y, -x))


def _runs_from_the_right(units: np.ndarray[Any, np.dtype[np.uint32]]) -> bool:
    """Whether some letters of a text may run from the right to the left."""
    odd = units[units >= _FROM_THE_RIGHT[0][0]]
    return any(((odd >= first) & (odd < end)).any() for first, end in _FROM_THE_RIGHT)


def _signs(units: np.ndarray[Any, np.dtype[np.uint32]]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """The same, with a mark for each sign that has no name."""
    return np.where((units < ord(" ")) & ~np.isin(units, _PLAIN), ord(UNKNOWN), units).astype(np.uint32)
