"""A page of a PDF goes in, what is drawn on it comes out: rules, boxes and pictures, and which texts are its own.

Only what is on the page itself is looked at, which takes a quarter of a
millisecond. A figure is mostly a form with texts of its own; those are recognised by
not being among the page's.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, handle
from survey_extract.core.reading.areas import Shape

THIN = 3.0
"""Points: what is lower is a rule."""
WHITE = 250
"""Of 255: a fill whose three parts all reach this is not seen on paper."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page; ``texts`` are the addresses of its own texts, None where no other can be."""

    shapes: tuple[Shape, ...]
    texts: frozenset[int] | None


def drawn(page: pdfium.PdfPage) -> Drawn:
    """The shapes of a page, and its own texts."""
    ask, shapes = _Ask(), []
    texts: list[int] = []
    has_forms, holder = False, handle(page.raw)
    for index in range(call.FPDFPage_CountObjects(holder)):
        item = call.FPDFPage_GetObject(holder, index)
        kind = call.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            texts.append(item)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            has_forms = True
        elif (shape := ask.shape(item, kind)) is not None:
            shapes.append(shape)
    return Drawn(tuple(shapes), frozenset(texts) if has_forms else None)


class _Ask:
    """Asks pdfium about single objects; the places for its answers are made once."""

    def __init__(self) -> None:
        self._box = [ctypes.c_float() for _ in range(4)]
        self._rgba = [ctypes.c_uint() for _ in range(4)]
        self._fill, self._stroke = ctypes.c_int(), ctypes.c_int()

    def shape(self, item: int, kind: int) -> Shape | None:
        """A shape that people see, or None."""
        if not call.FPDFPageObj_GetBounds(item, *self._box):
            return None
        left, bottom, right, top = (part.value for part in self._box)
        is_path = kind == raw.FPDF_PAGEOBJ_PATH
        if right - left < THIN or (is_path and not self._is_seen(item)):
            return None
        is_rule = top - bottom < THIN  # some programs draw them as pictures of one dot
        return Shape("rule" if is_rule else "box" if is_path else "picture", left, bottom, right, top)

    def _is_seen(self, path: int) -> bool:
        call.FPDFPath_GetDrawMode(path, self._fill, self._stroke)
        if self._stroke.value:
            return True
        if not self._fill.value or not call.FPDFPageObj_GetFillColor(path, *self._rgba):
            return False
        red, green, blue, opacity = (part.value for part in self._rgba)
        return opacity > 0 and min(red, green, blue) < WHITE
