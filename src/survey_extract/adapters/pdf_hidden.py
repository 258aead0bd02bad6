"""A page of a PDF goes in, the characters that no reader can see come out, with why.

Papers carry instructions to models in white on white, in one point, outside
the page, drawn invisibly, under a box. pdfium gives such text like any other,
but also its colour, size, place and render mode, which tell some of it at
once. The rest is told by drawing the page (``pdf_printed``), where anything on
it could conceal a text; a page of nothing but dark words needs no picture.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf_printed import SEEN, Box, Colour, Unseen, address_of, around, unseen

Why = Literal[
    "invisible", "too small to read", "in the colour of its background", "covered or cut off", "outside the page"
]

SMALLEST = 2.0
"""Points; letters that are lower or narrower cannot be read by people."""
PALE = 200
"""Of 255: a colour whose three parts all reach this may vanish on paper."""
FAINT = 26
"""Of 255: below this opacity text is not seen."""
SLACK = 1.0
"""Points by which a letter may stand over the edge."""
THIN = 2.0
"""Points: what is thinner, as the rules of a table are, conceals no letter."""
RULES = 60
"""Thin lines on a page; more of them may conceal together."""
CONCEALERS = 200
"""Places that are looked at one by one; more of them are taken for one."""
OCR_SHARE = 0.9
"""Share of a page's characters that are not seen in the text layer of a scan."""
OCR_COVER = 0.5
"""Share of a page that its picture covers in a scan."""
NESTING = 8
"""Forms within forms that are looked into."""
DRAWN_LIMIT = 300
"""Pages of a document that are drawn, each in some 50 ms; so is a book of pictures read before its time is over."""

EVERYWHERE: Box = (-1e6, -1e6, 1e6, 1e6)
"""The box of what pdfium knows no bounds of."""

_OPTIONAL = "OC\0".encode("utf-16-le")
_INVISIBLE = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})
_STROKED = frozenset({raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP})


@dataclass(slots=True)
class Hidden:
    """Looks at the pages of one document, and remembers which it could not vouch for."""

    drawn: int = 0
    layers: int = 0
    """Pages that are a picture with a text layer, which need not say the same."""
    undrawn: int = 0
    """Pages that should have been drawn, and were not: beyond the limit, or pdfium cannot draw them."""

    def characters(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> dict[int, Why]:
        """By place in pdfium's count, why a character cannot be seen; empty for an honest page."""
        texts = _Texts.of(page)
        by_object = _by_object(text_page) if texts.told else {}
        hidden = {place: why for address, why in texts.told.items() for place in by_object.get(address, ())}
        if texts.concealable:
            found = self._unseen(page, text_page, texts)
            hidden |= {lost.place: _why(lost, texts.colour(lost.text)) for lost in found}
        if texts.pictured and _is_layer(hidden, text_page):
            self.layers += 1
            return {place: why for place, why in hidden.items() if why not in _OF_LAYERS}
        return hidden

    def _unseen(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, texts: _Texts) -> list[Unseen]:
        if self.drawn < DRAWN_LIMIT:
            self.drawn += 1
            with suppress(pdfium.PdfiumError):
                return unseen(page, text_page, texts.concealable)
        self.undrawn += 1
        return []


_OF_LAYERS = frozenset[Why]({"invisible", "covered or cut off", "in the colour of its background"})


def _is_layer(hidden: dict[int, Why], text_page: pdfium.PdfTextPage) -> bool:
    """Whether a page's text is the layer of a scan: the picture shows its words."""
    places = range(raw.FPDFText_CountChars(text_page.raw))
    letters = [place for place in places if not chr(raw.FPDFText_GetUnicode(text_page.raw, place)).isspace()]
    of_layer = sum(hidden.get(place) in _OF_LAYERS for place in letters)
    return of_layer > 0 and of_layer >= OCR_SHARE * len(letters)


def _why(lost: Unseen, colour: Colour) -> Why:
    if lost.ground is None:
        return "outside the page"
    alike = all(abs(one - other) < SEEN for one, other in zip(lost.ground, colour, strict=True))
    return "in the colour of its background" if alike else "covered or cut off"


def _by_object(text_page: pdfium.PdfTextPage) -> dict[int, list[int]]:
    """The characters of each text object."""
    found: dict[int, list[int]] = {}
    for place in range(raw.FPDFText_CountChars(text_page.raw)):
        found.setdefault(address_of(raw.FPDFText_GetTextObject(text_page.raw, place)), []).append(place)
    return found


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of a page by address: those that their own marks give away, and those that something could conceal."""

    told: dict[int, Why]
    concealable: dict[int, Any]
    pictured: bool
    """Whether a picture covers the page."""

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> _Texts:
        ask = _Ask()
        told: dict[int, Why] = {}
        shown: list[tuple[Any, int]] = []
        concealers = [*_notes(page)]
        rules: list[Box] = []
        width, height = page.get_size()
        pictured = False
        for item, kind, scale, depth in _objects(page):
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                if why := ask.why(item, scale):
                    told[address_of(item)] = why
                else:
                    shown.append((item, depth))
            elif depth == 0:
                box = ask.bounds(item)
                (concealers if ask.conceals(item, kind, box) else rules).append(box)
                pictured = pictured or (kind == raw.FPDF_PAGEOBJ_IMAGE and _area(box) >= OCR_COVER * width * height)
        concealers = _few([*concealers, *_few(rules, RULES)] if len(rules) > RULES else concealers, CONCEALERS)
        suspects = {
            address_of(text): text
            for text, depth in shown
            if depth > 0 or ask.may_vanish(text) or (concealers and _meets(ask.bounds(text), concealers))
        }
        return cls(told, suspects, pictured)

    def colour(self, address: int) -> Colour:
        return _Ask().colour(self.concealable[address])[:3]


def _notes(page: pdfium.PdfPage) -> Iterator[Box]:
    """The places of what is pinned to the page and is not a link."""
    place = raw.FS_RECTF()
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        note = raw.FPDFPage_GetAnnot(page.raw, index)
        if raw.FPDFAnnot_GetSubtype(note) != raw.FPDF_ANNOT_LINK and raw.FPDFAnnot_GetRect(note, place):
            yield place.left, place.bottom, place.right, place.top
        raw.FPDFPage_CloseAnnot(note)


def _area(box: Box) -> float:
    left, bottom, right, top = box
    return (right - left) * (top - bottom)


def _few(boxes: list[Box], limit: int) -> list[Box]:
    """The boxes, or one around them all when they are many."""
    return boxes if len(boxes) <= limit else [around(boxes)]


def _meets(box: Box, others: list[Box]) -> bool:
    left, bottom, right, top = box
    return any(left < r and x < right and bottom < t and y < top for x, y, r, t in others)


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
            found.append((item, kind, scale, depth))
            if kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING:
                raw.FPDFPageObj_GetMatrix(item, matrix)
                get_inner = partial(raw.FPDFFormObj_GetObject, item)
                forms.append((raw.FPDFFormObj_CountObjects(item), get_inner, scale * min(_scales(matrix)), depth + 1))
    return found


def _scales(matrix: Any) -> tuple[float, float]:
    """By how much a matrix stretches what it turns: in the direction of the line, and upright to it."""
    return math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)


class _Ask:
    """Asks pdfium about single objects; the places for its answers are made once."""

    def __init__(self) -> None:
        self._rgba = [ctypes.c_uint() for _ in range(4)]
        self._box = [ctypes.c_float() for _ in range(4)]
        self._number = ctypes.c_float()
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()
        self._matrix = raw.FS_MATRIX()
        self._name, self._length = (ctypes.c_ushort * 64)(), ctypes.c_ulong()

    def why(self, text: Any, scale: float) -> Why | None:
        """What gives a text away."""
        if raw.FPDFTextObj_GetTextRenderMode(text) in _INVISIBLE or self.colour(text)[3] < FAINT:
            return "invisible"
        raw.FPDFTextObj_GetFontSize(text, self._number)
        raw.FPDFPageObj_GetMatrix(text, self._matrix)
        if abs(self._number.value) * min(_scales(self._matrix)) * scale < SMALLEST:
            return "too small to read"
        return None

    def colour(self, text: Any) -> tuple[int, int, int, int]:
        """Red, green, blue and opacity, each to 255, of a text as it is painted."""
        mode = raw.FPDFTextObj_GetTextRenderMode(text)
        paint = raw.FPDFPageObj_GetStrokeColor if mode in _STROKED else raw.FPDFPageObj_GetFillColor
        if not paint(text, *self._rgba):
            return 0, 0, 0, 255
        red, green, blue, opacity = (part.value for part in self._rgba)
        return red, green, blue, opacity

    def may_vanish(self, text: Any) -> bool:
        """Whether a text is pale, transparent in any way, within a frame, or on a layer."""
        return (
            min(self.colour(text)[:3]) >= PALE
            or raw.FPDFPageObj_HasTransparency(text)
            or raw.FPDFClipPath_CountPaths(raw.FPDFPageObj_GetClipPath(text)) > 0
            or self._is_on_a_layer(text)
        )

    def _is_on_a_layer(self, text: Any) -> bool:
        """Whether a text is marked as optional content."""
        for number in range(raw.FPDFPageObj_CountMarks(text)):
            mark = raw.FPDFPageObj_GetMark(text, number)
            known = raw.FPDFPageObjMark_GetName(mark, self._name, ctypes.sizeof(self._name), self._length)
            if known and bytes(self._name)[: self._length.value] == _OPTIONAL:
                return True
        return False

    def conceals(self, item: Any, kind: int, box: Box) -> bool:
        """Whether a text could vanish under this or on it: anything but thin lines and the outlines of shapes."""
        if kind != raw.FPDF_PAGEOBJ_PATH:
            return True
        raw.FPDFPath_GetDrawMode(item, self._fill, self._stroke)
        left, bottom, right, top = box
        if self._fill.value and min(right - left, top - bottom) >= THIN:
            return True
        raw.FPDFPageObj_GetStrokeWidth(item, self._number)
        raw.FPDFPageObj_GetMatrix(item, self._matrix)
        return bool(self._stroke.value) and self._number.value * max(_scales(self._matrix)) >= THIN

    def bounds(self, item: Any) -> Box:
        if not raw.FPDFPageObj_GetBounds(item, *self._box):
            return EVERYWHERE
        left, bottom, right, top = (part.value for part in self._box)
        return left, bottom, right, top


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
