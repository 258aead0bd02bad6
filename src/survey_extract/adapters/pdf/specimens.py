"""A font and some letters go in, pictures of these letters come out, each drawn by itself, large and black.

They are of the letters that pdfium finds in a font by their codes: where a
font has several signs for one code, only of the first. So they raise doubts,
and a page as it is drawn settles them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, handle

EM = 16
"""Pixels."""
STEP = 26
"""Pixels from one letter to the next, so that none reaches into another's cell."""
BEFORE = 5
"""Pixels of a cell before its letter begins."""

Inks = np.ndarray[Any, np.dtype[np.float32]]
"""By letter, rows and columns: how much of each pixel is covered, of one."""


class Font:
    """A font of a document, which pdfium does not forget until this is closed: another may be at its address later."""

    def __init__(self, document: pdfium.PdfDocument, font: int) -> None:
        self._document, self._font = document, font
        self._held = self._text()

    def close(self) -> None:
        """Lets go of the font; to be done before its document is closed."""
        call.FPDFPageObj_Destroy(self._held)

    def drawn(self, codes: Sequence[int]) -> Inks | None:
        """Some of its letters; None where pdfium draws nothing for them."""
        text = self._text()
        try:
            return self._picture(text, codes)
        finally:
            call.FPDFPageObj_Destroy(text)

    def _text(self) -> int:
        return int(call.FPDFPageObj_CreateTextObj(handle(self._document.raw), self._font, EM) or 0)

    def _picture(self, text: int, codes: Sequence[int]) -> Inks | None:
        words = np.array([*codes, 0], dtype="<u2")
        places = np.arange(STEP, STEP * len(codes), STEP, dtype=np.float32)
        if not raw.FPDFText_SetText(_as(raw.FPDF_PAGEOBJECT, text), words.ctypes.data_as(raw.FPDF_WIDESTRING)):
            return None
        if len(places):
            first = places.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            raw.FPDFText_SetPositions(_as(raw.FPDF_PAGEOBJECT, text), first, len(places))
        bounds = [ctypes.c_float() for _ in range(4)]
        call.FPDFPageObj_GetBounds(text, *bounds)
        bitmap = raw.FPDFTextObj_GetRenderedBitmap(self._document.raw, None, _as(raw.FPDF_PAGEOBJECT, text), 1.0)
        if not bitmap:
            return None
        try:
            return _cells(bitmap, int(np.floor(bounds[0].value)), len(codes))
        finally:
            raw.FPDFBitmap_Destroy(bitmap)


def _as(kind: Any, address: int) -> Any:
    return ctypes.cast(address, kind)


def _cells(bitmap: Any, left: int, count: int) -> Inks:
    """A picture of a line of letters, cut into cells; it begins so many pixels from where the line does."""
    width, height = raw.FPDFBitmap_GetWidth(bitmap), raw.FPDFBitmap_GetHeight(bitmap)
    size = raw.FPDFBitmap_GetStride(bitmap) * height
    data = ctypes.cast(raw.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte * size)).contents
    cover = np.frombuffer(data, dtype=np.uint8).reshape(height, -1, 4)[:, :width, 3]
    line = np.zeros((height, STEP * count), dtype=np.float32)
    start = left + BEFORE
    first, end = max(start, 0), min(start + width, line.shape[1])
    if first < end:
        line[:, first:end] = cover[:, first - start : end - start] / np.float32(255)
    return line.reshape(height, count, STEP).swapaxes(0, 1)
