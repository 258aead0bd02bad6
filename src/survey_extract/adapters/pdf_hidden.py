"""A page of a PDF goes in, the characters that no reader can see come out, with why.

Papers carry instructions to models in white on white, in one point, outside
the page, or drawn invisibly. pdfium gives such text like any other, but also
its colour, size, place and render mode. Only text objects that look suspicious
are examined character by character, so that an honest page costs next to
nothing. Text under a later picture, or in the colour of a dark background, is
not found.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import pypdfium2 as pdfium
from pypdfium2 import raw

Why = Literal["invisible", "too small to read", "in the colour of its background", "outside the page"]

SMALLEST = 2.0
"""Points; smaller letters cannot be read by people."""
PALE = 200
"""Of 255: a colour whose three parts all reach this may vanish on paper."""
FAINT = 26
"""Of 255: below this opacity text is not seen."""
ALIKE = 40
"""Of 255: colours nearer than this in every part are one to the eye."""
SLACK = 1.0
"""Points by which a letter may stand over the edge."""
OCR_SHARE = 0.9
"""Share of a page's characters that are invisible in the text layer of a scan."""
OCR_COVER = 0.5
"""Share of a page that its picture covers in a scan."""
NESTING = 8
"""Forms within forms that are looked into."""

_INVISIBLE = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})
_STROKED = frozenset({raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP})


def hidden_characters(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> dict[int, Why]:
    """By pdfium's character index, why a character cannot be seen; empty for an honest page."""
    hidden: dict[int, Why] = {}
    suspects, covered = _suspects(page)
    if not suspects:
        return hidden
    by_object: dict[int, list[int]] = {}
    count = raw.FPDFText_CountChars(text_page.raw)
    for index in range(count):
        address = _address(raw.FPDFText_GetTextObject(text_page.raw, index))
        if address in suspects:
            by_object.setdefault(address, []).append(index)
    background = _Background(page, text_page)
    for address, characters in by_object.items():
        why, colour = suspects[address]
        if why != "in the colour of its background" or background.is_like(characters, colour):
            hidden |= dict.fromkeys(characters, why)
    invisible = sum(why == "invisible" for why in hidden.values())
    if covered and invisible >= OCR_SHARE * count:  # the text layer of a scan: the picture shows its words
        return {index: why for index, why in hidden.items() if why != "invisible"}
    return hidden


_LOOKED_AT = frozenset({raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_IMAGE})
Suspect = tuple[Why, tuple[int, int, int]]


def _suspects(page: pdfium.PdfPage) -> tuple[dict[int, Suspect], bool]:
    """Text objects that may be hidden, by address, and whether a picture covers the page."""
    found: dict[int, Suspect] = {}
    ask = _Ask()
    width, height = page.get_size()
    covered = False
    for item, kind, scale, depth in _objects(page):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            if suspect := ask.suspect(item, scale):
                found[_address(item)] = suspect
        elif kind == raw.FPDF_PAGEOBJ_IMAGE and depth == 0:
            covered = covered or ask.area(item) >= OCR_COVER * width * height
    return found, covered


def _objects(page: pdfium.PdfPage) -> list[tuple[Any, int, float, int]]:
    """Every object with its kind, the scale of the forms around it, and their number. A list: there are thousands."""
    found: list[tuple[Any, int, float, int]] = []
    kind_of, matrix = raw.FPDFPageObj_GetType, raw.FS_MATRIX()
    forms: list[tuple[int, Callable[[int], Any], float, int]] = [
        (raw.FPDFPage_CountObjects(page.raw), partial(raw.FPDFPage_GetObject, page.raw), 1.0, 0)
    ]
    while forms:
        count, get, scale, depth = forms.pop()
        for index in range(count):
            item = get(index)
            kind = kind_of(item)
            if kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING:
                raw.FPDFPageObj_GetMatrix(item, matrix)
                get_inner = partial(raw.FPDFFormObj_GetObject, item)
                forms.append((raw.FPDFFormObj_CountObjects(item), get_inner, scale * _scale(matrix), depth + 1))
            elif kind in _LOOKED_AT:
                found.append((item, kind, scale, depth))
    return found


def _scale(matrix: Any) -> float:
    return float(max(abs(matrix.d), abs(matrix.b)))


def _address(item: Any) -> int:
    return ctypes.addressof(item.contents) if item else -1


class _Ask:
    """Asks pdfium about single objects; the places for its answers are made once."""

    def __init__(self) -> None:
        self._rgba = [ctypes.c_uint() for _ in range(4)]
        self._box = [ctypes.c_float() for _ in range(4)]
        self._size = ctypes.c_float()
        self._matrix = raw.FS_MATRIX()

    def suspect(self, item: Any, scale: float) -> Suspect | None:
        """Why a text may not be seen, and its colour."""
        mode = raw.FPDFTextObj_GetTextRenderMode(item)
        paint = raw.FPDFPageObj_GetStrokeColor if mode in _STROKED else raw.FPDFPageObj_GetFillColor
        red, green, blue, opacity = (part.value for part in self._rgba) if paint(item, *self._rgba) else (0, 0, 0, 255)
        if mode in _INVISIBLE or opacity < FAINT:
            return "invisible", (red, green, blue)
        raw.FPDFTextObj_GetFontSize(item, self._size)
        raw.FPDFPageObj_GetMatrix(item, self._matrix)
        if abs(self._size.value) * _scale(self._matrix) * scale < SMALLEST:
            return "too small to read", (red, green, blue)
        if min(red, green, blue) >= PALE:
            return "in the colour of its background", (red, green, blue)
        return None

    def area(self, item: Any) -> float:
        left, bottom, right, top = self._bounds(item)
        return (right - left) * (top - bottom)

    def _bounds(self, item: Any) -> tuple[float, float, float, float]:
        if not raw.FPDFPageObj_GetBounds(item, *self._box):
            return 0.0, 0.0, 0.0, 0.0
        left, bottom, right, top = (part.value for part in self._box)
        return left, bottom, right, top


Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""


def is_outside(box: Box, left: float, bottom: float, right: float, top: float) -> bool:
    """Whether a line leaves the page's box."""
    low_x, low_y, high_x, high_y = box
    return left < low_x - SLACK or right > high_x + SLACK or bottom < low_y - SLACK or top > high_y + SLACK


def outside_characters(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> dict[int, Why]:
    """Characters that begin outside the page."""
    box, x, y = page.get_cropbox(), ctypes.c_double(), ctypes.c_double()
    hidden: dict[int, Why] = {}
    for index in range(raw.FPDFText_CountChars(text_page.raw)):
        raw.FPDFText_GetCharOrigin(text_page.raw, index, x, y)
        if is_outside(box, x.value, y.value, x.value, y.value) and not raw.FPDFText_IsGenerated(text_page.raw, index):
            hidden[index] = "outside the page"
    return hidden


class _Background:
    """The page as it is printed, drawn when first wanted."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self._page, self._text_page = page, text_page
        self._drawn: Any = None

    def is_like(self, characters: list[int], colour: tuple[int, int, int]) -> bool:
        """Whether most of what is printed around these characters has their own colour."""
        box = self._around(characters)
        if box is None:
            return True
        if self._drawn is None:
            self._drawn = self._page.render(scale=1).to_pil().convert("RGB")
        part = self._drawn.crop(box)
        counts = Counter({pixel: count for count, pixel in part.getcolors(maxcolors=part.width * part.height) or ()})
        near = sum(
            n for pixel, n in counts.items() if all(abs(a - b) < ALIKE for a, b in zip(pixel, colour, strict=True))
        )
        return bool(near * 2 > part.width * part.height)

    def _around(self, characters: list[int]) -> tuple[int, int, int, int] | None:
        """The pixels of these characters and a margin of half their height; None when none lies on the page."""
        edges = [self._edges(index) for index in characters]
        boxes = [box for box in edges if box is not None]
        if not boxes:
            return None
        width, height = self._page.get_size()
        margin = 0.5 * max(top - bottom for _, bottom, _, top in boxes) + 1
        left, right = min(b[0] for b in boxes) - margin, max(b[2] for b in boxes) + margin
        low, high = min(b[1] for b in boxes) - margin, max(b[3] for b in boxes) + margin
        crop = (
            max(0, int(left)),
            max(0, int(height - high)),
            min(int(width), int(right) + 1),
            min(int(height), int(height - low) + 1),
        )
        return crop if crop[0] < crop[2] and crop[1] < crop[3] else None

    def _edges(self, index: int) -> tuple[float, float, float, float] | None:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not raw.FPDFText_GetCharBox(self._text_page.raw, index, left, right, bottom, top):
            return None
        return (left.value, bottom.value, right.value, top.value) if right.value > left.value else None
