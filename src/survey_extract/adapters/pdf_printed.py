"""A page of a PDF and some of its texts go in, the characters that leave no trace when it is printed come out.

There are more ways to hide words than can be listed: under a box, under a
picture, dark on dark, cut off by a frame, on a layer that is off. They have
one thing in common: the page looks the same without them. So it is drawn with
a text and without it, and where no pixel tells the two apart, nobody sees the
text. Texts that lie on one another are looked at apart, the lower first.
"""

from __future__ import annotations

import ctypes
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from PIL import Image, ImageChops
from pypdfium2 import raw

SCALE = 2.0
"""Pixels per point: at one, a minus sign is too thin to tell."""
PIXELS = 16_000_000
"""Pixels of the largest picture; larger pages are drawn smaller."""
SEEN = 40
"""Of 255, in red, green or blue: colours that differ by less in each are one to the eye."""
RUN = 4
"""Letters in a row that must be unseen where others of their text are seen; fewer are thin marks."""
DEEPEST = 50
"""Texts on one place that are looked at apart, each at the cost of a picture; those above share the last look."""
THIN_MARK = 3.0
"""Pixels; marks that are thinner may be drawn beside their own box."""
LATIN = 0x24F
"""Last code point that pdfium can draw without the document's or the machine's fonts."""
_CELL = 8.0
"""Points a side of the cells in which letters are looked for that lie on one another."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""
Colour = tuple[int, int, int]


class Unseen(NamedTuple):
    """A character that leaves no trace; ``ground`` is the colour of the place where it would be, None outside the page."""

    place: int
    text: int
    ground: Colour | None


class _Letter(NamedTuple):
    """A printable character: its place in pdfium's count, and its box."""

    place: int
    box: Box

    @property
    def centre(self) -> tuple[float, float]:
        left, bottom, right, top = self.box
        return (left + right) / 2, (bottom + top) / 2


def unseen(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, texts: Mapping[int, Any]) -> list[Unseen]:
    """The unseen characters of ``texts``, pdfium's text objects by address in the order in which they are drawn."""
    letters = _letters(text_page, texts)
    if not letters:
        return []
    camera = _Camera.on(page, around([letter.box for own in letters.values() for letter in own]))
    whole = camera.picture()
    found: list[Unseen] = []
    gone: list[Any] = []
    for group in _apart(letters):
        items = [texts[address] for address in group]
        _switch(items, on=False)
        compared = _Compared.of(whole, camera.picture())
        _switch(items, on=True)
        for address in group:
            lost = compared.lost([(letter.place, camera.pixels(letter.box)) for letter in letters[address]])
            found += (Unseen(place, address, ground) for place, ground in lost)
            if len(lost) == len(letters[address]):
                gone.append(texts[address])
        _switch(gone, on=False)  # else a text that is printed twice would be missed neither here nor there
    _switch(gone, on=True)
    return found


def _switch(items: Iterable[Any], *, on: bool) -> None:
    for item in items:
        raw.FPDFPageObj_SetIsActive(item, on)


def address_of(item: Any) -> int:
    """What tells one of pdfium's objects from another; -1 of none."""
    return ctypes.addressof(item.contents) if item else -1


def _letters(text_page: pdfium.PdfTextPage, texts: Mapping[int, Any]) -> dict[int, list[_Letter]]:
    """The printable characters of each text, in order, without those for which this machine may have no shapes."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    found: dict[int, list[_Letter]] = {address: [] for address in texts}
    lent = {address for address, text in texts.items() if not _has_own_font(text)}
    letters = text_page.raw
    for place in range(raw.FPDFText_CountChars(letters)):
        address = address_of(raw.FPDFText_GetTextObject(letters, place))
        if address not in found:
            continue
        code = raw.FPDFText_GetUnicode(letters, place)
        if chr(code).isspace() or (address in lent and code > LATIN):
            continue
        if raw.FPDFText_GetCharBox(letters, place, left, right, bottom, top):
            found[address].append(_Letter(place, (left.value, bottom.value, right.value, top.value)))
    return {address: own for address, own in found.items() if own}


def around(boxes: Sequence[Box]) -> Box:
    """One box around them all."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _has_own_font(text: Any) -> bool:
    return bool(raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(text)) == 1)


# --- texts that lie on one another ----------------------------------------------------------------


def _apart(letters: Mapping[int, Sequence[_Letter]]) -> Iterator[list[int]]:
    """The texts in groups, the lower first, none of which holds two that lie on one another."""
    beneath = _beneath(letters)
    levels: dict[int, int] = {}
    for address in letters:
        taken = {levels[other] for other in beneath[address] if other in levels}
        levels[address] = min(next(level for level in range(len(taken) + 1) if level not in taken), DEEPEST)
    for level in range(max(levels.values(), default=-1) + 1):
        yield [address for address in letters if levels[address] == level]


def _beneath(letters: Mapping[int, Sequence[_Letter]]) -> dict[int, set[int]]:
    """By text, the others one of whose letters has its centre within one of its own, or the other way round."""
    cells: dict[tuple[int, int], list[tuple[float, float, int]]] = defaultdict(list)
    for address, own in letters.items():
        for letter in own:
            x, y = letter.centre
            cells[int(x // _CELL), int(y // _CELL)].append((x, y, address))
    found: dict[int, set[int]] = defaultdict(set)
    for address, own in letters.items():
        for letter in own:
            for other in _within(letter.box, cells):
                if other != address:
                    found[address].add(other)
                    found[other].add(address)
    return found


def _within(box: Box, cells: Mapping[tuple[int, int], Sequence[tuple[float, float, int]]]) -> Iterator[int]:
    """The texts that have a letter's centre within this box."""
    left, bottom, right, top = box
    for column in range(int(left // _CELL), int(right // _CELL) + 1):
        for row in range(int(bottom // _CELL), int(top // _CELL) + 1):
            for x, y, address in cells.get((column, row), ()):
                if left <= x <= right and bottom <= y <= top:
                    yield address


# --- pictures -------------------------------------------------------------------------------------


Pixels = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """What people see now; ``bitmap`` is kept since the image's pixels are its own."""

    image: Image.Image
    bitmap: pdfium.PdfBitmap


@dataclass(frozen=True, slots=True)
class _Camera:
    """Takes pictures of that part of a page in which some letters are."""

    page: pdfium.PdfPage
    scale: float
    frame: Pixels
    size: tuple[int, int]
    matrix: tuple[float, ...]

    @classmethod
    def on(cls, page: pdfium.PdfPage, box: Box) -> _Camera:
        width, height = page.get_size()
        scale = min(SCALE, math.sqrt(PIXELS / max(width * height, 1.0)))
        size = math.ceil(width * scale), math.ceil(height * scale)
        whole = cls(page, scale, (0, 0, *size), size, _to_pixels(page, *size))
        frame = whole.pixels(box)
        return replace(whole, frame=frame) if frame else whole

    def picture(self) -> _Picture:
        left, top, right, bottom = self.frame
        cut = left, self.size[1] - bottom, self.size[0] - right, top
        # Half a pixel less: pypdfium2 counts in points, and rounds up.
        crop = tuple((pixels - 0.5) / self.scale for pixels in cut)
        bitmap = self.page.render(scale=self.scale, crop=crop, rev_byteorder=True, prefer_bgrx=True)
        return _Picture(bitmap.to_pil(), bitmap)

    def pixels(self, box: Box) -> Pixels | None:
        """Where a box of the page is in the picture; None when it is not on the page.

        A thin mark gets a pixel more on each side; for others that would be a part of their neighbours.
        """
        a, b, c, d, e, f = self.matrix
        low_x, low_y, high_x, high_y = box
        x, other_x = a * low_x + c * low_y + e, a * high_x + c * high_y + e
        y, other_y = b * low_x + d * low_y + f, b * high_x + d * high_y + f
        left, right = (x, other_x) if x < other_x else (other_x, x)
        top, bottom = (y, other_y) if y < other_y else (other_y, y)
        first_x, first_y, end_x, end_y = self.frame
        aside, above = int(right - left < THIN_MARK), int(bottom - top < THIN_MARK)
        left, top = max(first_x, int(left) - aside) - first_x, max(first_y, int(top) - above) - first_y
        right, bottom = min(end_x, int(right) + 1 + aside) - first_x, min(end_y, int(bottom) + 1 + above) - first_y
        return (left, top, right, bottom) if left < right and top < bottom else None


def _to_pixels(page: pdfium.PdfPage, width: int, height: int) -> tuple[float, ...]:
    """The matrix from points to the pixels of the whole page, as pdfium itself turns and cuts it."""
    fine = 1_000
    x, y = ctypes.c_int(), ctypes.c_int()

    def at(left: float, bottom: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page.raw, 0, 0, width * fine, height * fine, 0, left, bottom, x, y)
        return x.value / fine, y.value / fine

    (e, f), (ax, ay), (cx, cy) = at(0, 0), at(100, 0), at(0, 100)
    return (ax - e) / 100, (ay - f) / 100, (cx - e) / 100, (cy - f) / 100, e, f


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two pictures, with and without some texts; ``mask`` has a byte per pixel, 255 where people see a difference."""

    without: _Picture
    mask: bytes

    @classmethod
    def of(cls, whole: _Picture, without: _Picture) -> _Compared:
        red, green, blue, *_ = ImageChops.difference(whole.image, without.image).split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        return cls(without, most.point([255 if value >= SEEN else 0 for value in range(256)]).tobytes())

    def lost(self, letters: Sequence[tuple[int, Pixels | None]]) -> list[tuple[int, Colour | None]]:
        """The letters without a trace, each with the colour of its place: all of them, or runs of at least ``RUN``."""
        traced = [box is not None and self._differs(*box) for _, box in letters]
        least = RUN if any(traced) else 1
        lost: list[tuple[int, Colour | None]] = []
        for trace, run in groupby(zip(traced, letters, strict=True), key=itemgetter(0)):
            places = [letter for _, letter in run]
            if not trace and len(places) >= least:
                lost += ((place, self._ground(box)) for place, box in places)
        return lost

    def _differs(self, left: int, top: int, right: int, bottom: int) -> bool:
        mask, width = self.mask, self.without.image.width
        return any(mask.find(b"\xff", row * width + left, row * width + right) >= 0 for row in range(top, bottom))

    def _ground(self, box: Pixels | None) -> Colour | None:
        if box is None:
            return None
        left, top, right, bottom = box
        pixel: Any = self.without.image.getpixel(((left + right - 1) // 2, (top + bottom - 1) // 2))
        return (pixel[0], pixel[1], pixel[2])
