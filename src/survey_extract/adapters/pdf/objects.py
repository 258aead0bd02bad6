"""A page of a PDF goes in, what is painted on it comes out in painting order, with pdfium's answers about each object."""

from __future__ import annotations

import ctypes
import itertools
import math
from collections.abc import Callable, Collection, Container, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each, each_of, each_written, handle

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""
Colour = tuple[int, int, int]
Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Boxes = np.ndarray[Any, np.dtype[Any]]
"""A row of four numbers for each."""

OPAQUE = 255
INNER = 2_000
"""Objects of a form that are looked at one by one; a form of more is taken for its box."""
FRAMES = raw.FPDF_TEXTRENDERMODE_FILL_CLIP
"""The first of the modes in which letters are a frame for what follows."""
NESTING = 8
"""Forms (pages within the page) within forms that are looked into; what is deeper is not text for pdfium, either."""
EVERYWHERE: Box = (-1e6, -1e6, 1e6, 1e6)
"""The box of what pdfium knows no bounds of."""
NOWHERE: Box = (1e6, 1e6, -1e6, -1e6)
"""The box of nothing."""

CORNERS = 5
"""Points of a rectangle, its first one twice."""


class Place(NamedTuple):
    """Where the form lies in which something is painted: by how much it is stretched and moved, and what its frames let through."""

    across: tuple[float, float] = (1.0, 0.0)
    up: tuple[float, float] = (1.0, 0.0)
    frame: Box = EVERYWHERE

    def box(self, box: Box) -> Box:
        """A box in the form's measure as one of the page."""
        if self is PAGE or is_everywhere(box):
            return box
        (a, e), (d, f) = self.across, self.up
        left, right, bottom, top = a * box[0] + e, a * box[2] + e, d * box[1] + f, d * box[3] + f
        return min(left, right), min(bottom, top), max(left, right), max(bottom, top)

    def boxes(self, boxes: Boxes) -> Boxes:
        """The same of many."""
        if self is PAGE or not len(boxes):
            return boxes
        (a, e), (d, f) = self.across, self.up
        (left, right), (bottom, top) = a * boxes[:, [0, 2]].T + e, d * boxes[:, [1, 3]].T + f
        moved = [np.minimum(left, right), np.minimum(bottom, top), np.maximum(left, right), np.maximum(bottom, top)]
        is_known = np.abs(boxes).max(axis=1) < EVERYWHERE[2]
        return np.where(is_known[:, None], np.stack(moved, axis=1), boxes)

    def matrix(self, inner: Matrix) -> Matrix:
        """A matrix of something in the form as one of the page."""
        (x, e), (y, f) = self.across, self.up
        a, b, c, d, *moved = inner
        return a * x, b * y, c * x, d * y, moved[0] * x + e, moved[1] * y + f

    def scales(self) -> tuple[float, float]:
        """The least and the largest stretch."""
        first, second = sorted((abs(self.across[0]), abs(self.up[0])))
        return first, second


PAGE = Place()
"""The page itself."""


class Painted(NamedTuple):
    """One object, its kind as pdfium has it, its box on the page, and where the form lies in which it is; a form is one object."""

    item: int
    kind: int
    box: Box
    place: Place = PAGE


_AS_PAINTED = partial(tuple.__new__, Painted)
"""Of all four parts; by name it takes four times as long."""


def painted(page: pdfium.PdfPage) -> list[Painted]:
    """Everything on the page, the lower first."""
    items = items_on(page)
    return _painted(items, each_of("FPDFPageObj_GetType", items))


def items_on(page: pdfium.PdfPage) -> list[int]:
    """The addresses of what is on a page, the lower first."""
    holder = handle(page.raw)
    return each("FPDFPage_GetObject", holder, range(call.FPDFPage_CountObjects(holder)))


def items_of(form: int) -> list[int]:
    """The addresses of what is in a form, the lower first."""
    return each("FPDFFormObj_GetObject", form, range(call.FPDFFormObj_CountObjects(form)))


class Inside(NamedTuple):
    """What is in a form, by the addresses, the lower first, and the kind of each."""

    items: list[int]
    kinds: list[int]

    @classmethod
    def of(cls, form: int) -> Inside:
        items = items_of(form)
        return cls(items, each_of("FPDFPageObj_GetType", items))


def _painted(items: Sequence[int], kinds: Sequence[int], place: Place = PAGE) -> list[Painted]:
    """Some objects of these kinds, which are on the page or in a form that lies at a place."""
    bounds = np.zeros((len(items), 4), dtype=np.float32)
    known = each_written("FPDFPageObj_GetBounds", items, bounds, 4)
    boxes = bounds.astype(float)
    if not all(known):
        boxes[~np.array(known, dtype=bool)] = EVERYWHERE
    placed = map(tuple, place.boxes(boxes).tolist())
    columns = zip(items, kinds, placed, itertools.repeat(place), strict=False)
    return list(map(_AS_PAINTED, columns))


def boxes_of(objects: Collection[Painted]) -> Boxes:
    """The boxes of some objects."""
    sides = itertools.chain.from_iterable([one.box for one in objects])
    return np.fromiter(sides, float, 4 * len(objects)).reshape(-1, 4)


def content_of(form: int) -> list[Painted]:
    """What is in a form, the lower first, in the form's measure."""
    return _painted(*Inside.of(form))


def opened(sheet: Sheet, may_be_veiled: Callable[[], bool]) -> list[Painted]:
    """The objects, and in the place of each form that only stretches and moves what is in it, just that.

    ``may_be_veiled`` tells whether a form that is transparent may be so by a mask or by blending.
    """
    return _opened(Ask(), sheet, sheet.objects, may_be_veiled, 0)


def _opened(
    ask: Ask, sheet: Sheet, objects: list[Painted], may_be_veiled: Callable[[], bool], depth: int
) -> list[Painted]:
    if depth == NESTING or not any(one.kind == raw.FPDF_PAGEOBJ_FORM for one in objects):
        return objects
    found: list[Painted] = []
    for one in objects:
        inner = _content(ask, sheet, one, may_be_veiled) if one.kind == raw.FPDF_PAGEOBJ_FORM else None
        found += [one] if inner is None else _opened(ask, sheet, inner, may_be_veiled, depth + 1)
    return found


def _content(ask: Ask, sheet: Sheet, form: Painted, may_be_veiled: Callable[[], bool]) -> list[Painted] | None:
    """What is in a form; None where it does anything else with it, holds no text, or one that may paint beyond its place."""
    items, kinds = sheet.forms[form.item]
    if len(items) > INNER or not sheet.free.isdisjoint(items):
        return None
    if sheet.texts.keys().isdisjoint(items) and raw.FPDF_PAGEOBJ_FORM not in kinds:
        return None
    place = _place(ask, form, may_be_veiled)
    return None if place is None else _painted(items, kinds, place)


def _place(ask: Ask, form: Painted, may_be_veiled: Callable[[], bool]) -> Place | None:
    """Where a form lies; None of one that is turned, has no rectangle for a frame, or is not all there."""
    a, b, c, d, e, f = ask.matrix(form.item)
    window = ask.window(form.item)
    if b or c or not (a and d) or window is None:
        return None
    is_faint = call.FPDFPageObj_HasTransparency(form.item) and (ask.opacity(form.item) < OPAQUE or may_be_veiled())
    if is_faint or ask.is_on_a_layer(form.item):
        return None
    outer = form.place
    (x, moved_x), (y, moved_y) = outer.across, outer.up
    return Place((a * x, e * x + moved_x), (d * y, f * y + moved_y), shared(outer.frame, outer.box(window)))


def texts_of(objects: Sequence[Painted]) -> dict[int, float]:
    """The texts among the objects and in their forms, in the order in which they are painted, and the scale of the forms around each."""
    return _looked_through(objects)[0]


def _looked_through(objects: Sequence[Painted]) -> tuple[dict[int, float], dict[int, Inside], bool]:
    """The same, what is in the forms that are looked into, and whether there are others."""
    ask, found, forms, is_deep = Ask(), dict[int, float](), dict[int, Inside](), False
    for item, kind, *_ in objects:
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            found[item] = 1.0
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            is_deep |= _look_into(ask, item, found, forms, 1.0, 1)
    return found, forms, is_deep


def _look_into(
    ask: Ask, form: int, found: dict[int, float], forms: dict[int, Inside], scale: float, depth: int
) -> bool:
    """Adds what is in a form to the forms, and its texts to those found; whether it holds forms that are not looked into."""
    items, kinds = forms[form] = Inside.of(form)
    if raw.FPDF_PAGEOBJ_TEXT not in kinds and raw.FPDF_PAGEOBJ_FORM not in kinds:
        return False
    scale, is_deep = scale * min(scales(ask.matrix(form))), False
    for item, kind in zip(items, kinds, strict=True):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            found[item] = scale
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            is_deep |= depth == NESTING or _look_into(ask, item, found, forms, scale, depth + 1)
    return is_deep


class Sheet(NamedTuple):
    """What is painted on a page, and its texts with the scales of the forms around them; all by their addresses."""

    objects: list[Painted]
    texts: dict[int, float]
    free: frozenset[int]
    """The texts that may paint beyond their place: outlines, frames for others, and letters that draw as they like."""
    marked: frozenset[int]
    """The texts of which the file says anything, as that they are on a layer."""
    modes: dict[int, int]
    """How the letters of those texts are painted that are not simply filled."""
    is_deep: bool
    """Whether there are forms within forms that are not looked into, in which there may be texts of the free kind."""
    fonts: dict[int, int]
    """By text, the address of its font."""
    forms: dict[int, Inside]
    """What is in each form that is looked into."""

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Sheet:
        return cls.among(painted(page))

    @classmethod
    def among(cls, objects: list[Painted]) -> Sheet:
        """The same of some objects."""
        ask = Ask()
        texts, forms, is_deep = _looked_through(objects)
        marks, modes = each_of("FPDFPageObj_CountMarks", texts), each_of("FPDFTextObj_GetTextRenderMode", texts)
        fonts = each_of("FPDFTextObj_GetFont", texts)
        little = {font for font in set(fonts) if ask.is_of_little_pages(font)}
        told, font_of = zip(texts, modes, fonts, strict=True), dict(zip(texts, fonts, strict=True))
        free = [text for text, mode, font in told if mode not in _WITHIN_ITS_BOX or font in little]
        unfilled = {text: mode for text, mode in zip(texts, modes, strict=True) if mode != raw.FPDF_TEXTRENDERMODE_FILL}
        marked = frozenset(itertools.compress(texts, marks))
        return cls(objects, texts, frozenset(free), marked, unfilled, is_deep, font_of, forms)

    def is_tame(self) -> bool:
        """Whether nothing paints beyond its place, as far as is known."""
        return not (self.free or self.is_deep)

    def without(self, texts: Container[int]) -> Sheet:
        """The same for someone who does not ask for some texts; what may paint beyond its place still may."""
        fonts = {text: font for text, font in self.fonts.items() if text not in texts}
        return self._replace(
            texts={text: scale for text, scale in self.texts.items() if text not in texts}, fonts=fonts
        )


def around(boxes: Sequence[Box]) -> Box:
    """One box around them all."""
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def is_everywhere(box: Box) -> bool:
    """Whether a box stands for no bounds, so that it must not be stretched with a form."""
    return max(map(abs, box)) >= EVERYWHERE[2]


def shared(one: Box, other: Box) -> Box:
    """What lies in both; its left is beyond its right, or its bottom above its top, when nothing does."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def scales(matrix: Sequence[float]) -> tuple[float, float]:
    """By how much a matrix stretches what it turns: along the line, and upright to the line."""
    a, b, c, d, *_ = matrix
    along = math.hypot(a, b)
    return along, abs(a * d - b * c) / along if along else 0.0


class Ask:
    """Asks pdfium about single objects; the places for its answers are made once for all who ask."""

    _rgba = tuple(ctypes.c_uint() for _ in range(4))
    _box = tuple(ctypes.c_float() for _ in range(4))
    _number = ctypes.c_float()
    _fill, _stroke = ctypes.c_int(), ctypes.c_int()
    _matrix = raw.FS_MATRIX()
    _name, _length = (ctypes.c_ushort * 64)(), ctypes.c_ulong()

    def __init__(self) -> None:
        self._size = ctypes.c_size_t()
        self._free: dict[int | None, bool] = {}

    def bounds(self, item: int) -> Box:
        """Its box; of an object in a form, in the form's measure."""
        left, bottom, right, top = self._box
        if not call.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            return EVERYWHERE
        return left.value, bottom.value, right.value, top.value

    def matrix(self, item: int) -> Matrix:
        """Its matrix; the text matrix of a text."""
        matrix = self._matrix
        call.FPDFPageObj_GetMatrix(item, matrix)
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def fill(self, item: int) -> tuple[int, int, int, int]:
        """Red, green, blue and opacity of its inside, each to 255; a pattern is white, or grey."""
        return self._paint(call.FPDFPageObj_GetFillColor, item)

    def opacity(self, form: int) -> int:
        """Of a form, to 255; 0 when pdfium does not know it."""
        red, green, blue, opacity = self._rgba
        return opacity.value if call.FPDFPageObj_GetFillColor(form, red, green, blue, opacity) else 0

    def stroke(self, item: int) -> tuple[int, int, int, int]:
        """The same of its outline."""
        return self._paint(call.FPDFPageObj_GetStrokeColor, item)

    def colour(self, text: int) -> Colour:
        """Red, green and blue, each to 255, of a text as it is painted."""
        mode = call.FPDFTextObj_GetTextRenderMode(text)
        return (self.stroke(text) if mode in _STROKED else self.fill(text))[:3]

    def _paint(self, paint: Callable[..., int], item: int) -> tuple[int, int, int, int]:
        red, green, blue, opacity = self._rgba
        if not paint(item, red, green, blue, opacity):
            return 0, 0, 0, 255
        return red.value, green.value, blue.value, opacity.value

    def font_size(self, text: int) -> float:
        """In the text's own measure."""
        call.FPDFTextObj_GetFontSize(text, self._number)
        return abs(self._number.value)

    def draws_as_it_likes(self, text: int) -> bool:
        """Whether a text's letters are little pages, which paint anything of any size and colour (Type 3)."""
        return self.is_of_little_pages(call.FPDFTextObj_GetFont(text))

    def is_of_little_pages(self, font: int | None) -> bool:
        """The same of all texts in a font."""
        if font not in self._free:
            call.FPDFFont_GetFontData(font, None, 0, self._size)
            self._free[font] = self._size.value == 0
        return self._free[font]

    def window(self, item: int) -> Box | None:
        """What its frames let through; None when that is not a rectangle."""
        frames, found = call.FPDFPageObj_GetClipPath(item), EVERYWHERE
        for number in range(call.FPDFClipPath_CountPaths(frames)):
            frame = self._rectangle(frames, number)
            if frame is None:
                return None
            found = shared(found, frame)
        return found

    def _rectangle(self, frames: int, number: int) -> Box | None:
        count, x, y = call.FPDFClipPath_CountPathSegments(frames, number), self._box[0], self._box[1]
        corners: list[Point] = []
        for index in range(count if count <= CORNERS else 0):
            segment = call.FPDFClipPath_GetPathSegment(frames, number, index)
            if call.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_BEZIERTO:
                return None
            call.FPDFPathSegment_GetPoint(segment, x, y)
            corners.append((x.value, y.value))
        return box_of(corners)

    def placed(self, form: int, box: Box) -> Box:
        """A box in a form's measure as the box around it on what the form stands on."""
        if is_everywhere(box):
            return EVERYWHERE
        left, bottom, right, top = box
        return _hull([(left, bottom), (right, bottom), (right, top), (left, top)], self.matrix(form))

    def width(self, path: int) -> float:
        """Of its outline, in points."""
        call.FPDFPageObj_GetStrokeWidth(path, self._number)
        return self._number.value * max(scales(self.matrix(path)))

    def draws(self, path: int) -> tuple[bool, bool]:
        """Whether a path paints its inside, and its outline."""
        call.FPDFPath_GetDrawMode(path, self._fill, self._stroke)
        return bool(self._fill.value), bool(self._stroke.value)

    def unspeak(self, text: int) -> bool:
        """Takes from a text what its file says that should be read instead of it; whether there was any."""
        found = False
        for number in range(call.FPDFPageObj_CountMarks(text)):
            mark = call.FPDFPageObj_GetMark(text, number)
            found |= bool(call.FPDFPageObjMark_RemoveParam(text, mark, b"ActualText"))
        return found

    def is_on_a_layer(self, item: int) -> bool:
        """Whether it is marked as optional content."""
        for number in range(call.FPDFPageObj_CountMarks(item)):
            mark = call.FPDFPageObj_GetMark(item, number)
            known = call.FPDFPageObjMark_GetName(mark, self._name, ctypes.sizeof(self._name), self._length)
            if known and bytes(self._name)[: self._length.value] == _LAYER:
                return True
        return False


_LAYER = "OC\0".encode("utf-16-le")
_WITHIN_ITS_BOX = frozenset({raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_INVISIBLE})
"""An outline goes beyond the box, as far as it likes."""
_STROKED = frozenset({raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP})


def _hull(points: Sequence[Point], matrix: Matrix) -> Box:
    """The box around some points that a matrix turns."""
    a, b, c, d, e, f = matrix
    turned = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
    return around([(x, y, x, y) for x, y in turned])


def box_of(corners: Sequence[Point]) -> Box | None:
    """The box of a closed path of level and upright lines; None of any other."""
    if len(corners) < CORNERS - 1 or (len(corners) == CORNERS and corners[0] != corners[-1]):
        return None
    xs, ys = {x for x, _ in corners}, {y for _, y in corners}
    turns = zip(corners, [*corners[1:], corners[0]], strict=True)
    level = all(x == u or y == v for (x, y), (u, v) in turns)
    return (min(xs), min(ys), max(xs), max(ys)) if level and (len(xs), len(ys)) == (2, 2) else None
