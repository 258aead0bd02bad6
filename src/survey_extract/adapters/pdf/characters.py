"""The text of a page goes in, what pdfium says about its characters comes out, each question asked for all at once.

Characters go by their place in pdfium's count, from 0 on. Lines, tables and the
search for hidden text ask for the same things, so each answer is kept.
Coordinates are PDF points with the origin at the lower left.
"""

from __future__ import annotations

import ctypes
from collections.abc import Container, Sequence
from functools import cached_property
from itertools import compress
from typing import Any

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.calls import call, each, each_of, handle, numbers_written
from survey_extract.adapters.pdf.upright import PLAIN, Turn
from survey_extract.core.reading.extension_font import is_extension_font, sign_of
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
NAMED = 2.0
"""Points; a smaller size is none that a letter is drawn in: fonts of pictures may name any, and enlarge what they draw."""
_RISES = (0.69, 0.65, 0.69, 0.44)
"""How far capitals, digits, tall letters and the others rise over their line, in sizes of their font, as in most fonts."""
_RISEN = {
    sign: kind
    for kind, signs in enumerate(("ABCDEFGHIJKLMNOPRSTUVWXYZ", "0123456789", "bdfhkl", "acemnorsuvwxz"))
    for sign in signs
}
_BASIC = 0xFFFF
"""The last code that is one UTF-16 unit."""
_NAME_ROOM = 128
"""Bytes of a font's name."""
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
        """All of them as pdfium reads them, in the order in which the file draws them; signs of TeX's extension font as printed."""
        return legible(self._with_signs(self._said))

    @cached_property
    def _said(self) -> str:
        """The same in pdfium's own words."""
        return str(self._page.get_text_range())

    def _with_signs(self, said: str) -> str:
        """With the signs that are printed where pdfium takes their numbers for those of letters."""
        if not self._signs:
            return said
        of_units = self.at(range(len(said.encode("utf-16-le", "surrogatepass")) // 2))
        found, unit = list[str](), 0
        for char in said:
            found.append(self._signs.get(of_units[unit], char))
            unit += 1 + (ord(char) > _BASIC)
        return "".join(found)

    @cached_property
    def _signs(self) -> dict[int, str]:
        """By place, the signs of TeX's extension font for which it has no name that pdfium knows."""
        texts, counts = self.runs
        fonts = each_of("FPDFTextObj_GetFont", texts)
        special = {font for font in set(fonts) if font and is_extension_font(_name_of(font))}
        if not special:
            return {}
        at = np.flatnonzero(np.repeat([font in special for font in fonts], counts)).tolist()
        places = self.guessed(at)
        numbers = each("FPDFText_GetUnicode", self.handle, places)
        return {place: sign for place, number in zip(places, numbers, strict=True) if (sign := sign_of(number))}

    @cached_property
    def _are_in_place(self) -> bool:
        """Whether each character has its place in ``printed``, and so all have the same place in both."""
        count = len(self._said)
        return count == len(self._all) and 2 * count == len(self._said.encode("utf-16-le", "surrogatepass"))

    @cached_property
    def codes(self) -> list[int]:
        """By character, its UTF-16 unit."""
        found: list[int] = self.units.tolist()
        return found

    @cached_property
    def units(self) -> np.ndarray[Any, np.dtype[np.uint32]]:
        """The same as an array; if they are in place, only marks of hyphens need a question to pdfium."""
        if not self._are_in_place:
            found = self._own_units.copy()
            found[list(self._signs)] = list(map(ord, self._signs.values()))
            return _marked(found)
        found = np.frombuffer(self.printed.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
        marks = np.flatnonzero(found == _MARK)
        found[marks] = each("FPDFText_GetUnicode", self.handle, marks.tolist())
        return found

    @cached_property
    def _own_units(self) -> np.ndarray[Any, np.dtype[np.uint32]]:
        """The same in pdfium's own words."""
        if self._are_in_place:
            return np.frombuffer(self._said.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
        return np.array(each("FPDFText_GetUnicode", self.handle, self._all), dtype=np.uint32)

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
        step = 1 if _runs_from_the_right(self._own_units) else STRIDE
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
        """The sizes in which some characters are printed, in points.

        pdfium gives that of the font alone. What Distiller, Quartz and cairo write has size 1 for every font, and a
        matrix that enlarges it; where a font of pictures names a size that nobody could read, what is drawn tells.
        """
        matrices = np.zeros((len(places), 6), dtype=np.float32)
        numbers_written("FPDFText_GetMatrix", self.handle, places, matrices, [0])
        fonts = np.abs(each("FPDFText_GetFontSize", self.handle, places))
        found: list[float] = (fonts * np.hypot(matrices[:, 2], matrices[:, 3])).tolist()
        # Spaces that pdfium puts in have no size of their own.
        small = [at for at, size in enumerate(found) if size < NAMED and not self.are_white[places[at]]]
        if not small:
            return found
        drawn = self._drawn_sizes
        pictures = each_of("FPDFTextObj_GetFont", self.texts_at([places[at] for at in small]))
        for at, font in zip(small, pictures, strict=True):
            found[at] = max(found[at], drawn.get(font, 0.0))
        return found

    @cached_property
    def _drawn_sizes(self) -> dict[int, float]:
        """By font, the size that its letters are drawn in: told by how far they rise over their line."""
        texts, counts = self.runs
        fonts = np.repeat(np.array(each_of("FPDFTextObj_GetFont", texts), dtype=np.uint64), counts)
        kinds = np.array([_RISEN.get(chr(code), -1) for code in self.codes])
        known = np.flatnonzero((kinds >= 0) & (fonts > 0))
        tops = self.boxes(known.tolist())[:, 3] - self.origins(known.tolist())[:, 1]
        sizes, of, kinds = tops / np.array(_RISES)[kinds[known]], fonts[known], kinds[known]
        return {int(font): _size_of(sizes[of == font], kinds[of == font]) for font in np.unique(of)}

    def angles(self, places: Sequence[int]) -> list[float]:
        """How far some characters are turned, in radians: 0 where they are level."""
        return each("FPDFText_GetCharAngle", self.handle, places)

    def turned(self, quarter: Quarter) -> Characters:
        """The same characters, in the places that they have after a turn."""
        sign = 1 if quarter.runs_up else -1
        return self.placed(Turn((0, sign, 0), (-sign, 0, 0)))

    def placed(self, turn: Turn) -> Characters:
        """The same characters, where they lie after a turn and a shift."""
        return self if turn is PLAIN else _Placed(self._page, turn)


class _Placed(Characters):
    """The characters of a page, in other places."""

    def __init__(self, text_page: pdfium.PdfTextPage, turn: Turn) -> None:
        super().__init__(text_page)
        self._turn = turn

    def loose(self, places: Sequence[int]) -> Boxes:
        left, bottom, right, top = self._turn.boxes(super().loose(places)).T
        return np.ascontiguousarray(np.column_stack((left, top, right, bottom)))

    def boxes(self, places: Sequence[int]) -> Boxes:
        return self._turn.boxes(super().boxes(places))

    def origins(self, places: Sequence[int]) -> Boxes:
        return self._turn.points(super().origins(places))


def _runs_from_the_right(units: np.ndarray[Any, np.dtype[np.uint32]]) -> bool:
    """Whether some letters of a text may run from the right to the left."""
    odd = units[units >= _FROM_THE_RIGHT[0][0]]
    return any(((odd >= first) & (odd < end)).any() for first, end in _FROM_THE_RIGHT)


def _size_of(sizes: np.ndarray[Any, Any], kinds: np.ndarray[Any, Any]) -> float:
    """The size of a font by those that its letters tell: by its capitals, if any; small capitals rise like neither other kind."""
    by_kind = [float(np.median(sizes[kinds == kind])) for kind in range(len(_RISES)) if (kinds == kind).any()]
    of_case = by_kind[:1] if kinds.min() < len(_RISES) // 2 else by_kind
    return round(2 * sum(of_case) / len(of_case)) / 2


def _marked(units: np.ndarray[Any, np.dtype[np.uint32]]) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """The same, with a mark for each sign that has no name."""
    return np.where((units < ord(" ")) & ~np.isin(units, _PLAIN), ord(UNKNOWN), units).astype(np.uint32)


def _name_of(font: int) -> str:
    """The name of a font, by its address; none where it is longer than any that is looked for."""
    room = ctypes.create_string_buffer(_NAME_ROOM)
    length = call.FPDFFont_GetBaseFontName(font, room, _NAME_ROOM)
    return room.value.decode("latin-1") if 0 < length <= _NAME_ROOM else ""
