"""A page of a PDF goes in, pictures of it come out, and where on them a place of the page is."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.objects import Box

PIXELS = 16_000_000
"""Pixels of the largest picture; larger ones are drawn smaller."""

BESIDE = 2.0
"""Points around a letter that are drawn with it: twice those that it is compared with."""
PART = 20_000
"""Pixels that are drawn in the time that it takes to begin another part."""
WHITE = 255

Array = np.ndarray[Any, np.dtype[Any]]
Picture = np.ndarray[Any, np.dtype[np.uint8]]
"""Rows, columns, and red, green, blue and a byte without meaning."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes pictures of one part of a page, ``size`` pixels wide and high from ``corner`` (left, top) on."""

    scale: float
    corner: tuple[int, int]
    size: tuple[int, int]
    page_size: tuple[int, int]
    matrix: tuple[float, ...]

    @classmethod
    def on(cls, page: pdfium.PdfPage, box: Box, scale: float) -> Camera:
        """For the part of the page in which a box is, at so many pixels per point at most."""
        width, height = page.get_size()
        left, bottom, right, top = box
        shown = max(min(right - left, width) * min(top - bottom, height), 1.0)
        scale = min(scale, math.sqrt(PIXELS / shown))
        whole = math.ceil(width * scale), math.ceil(height * scale)
        camera = cls(scale, (0, 0), whole, whole, _to_pixels(page, *whole))
        x, y, end_x, end_y = (int(part) for part in camera.pixels(np.array([box]))[0])
        x, y = max(x - 2, 0), max(y - 2, 0)
        return replace(
            camera, corner=(x, y), size=(max(min(end_x + 2, whole[0]) - x, 1), max(min(end_y + 2, whole[1]) - y, 1))
        )

    def closer(self, page: pdfium.PdfPage, box: Box, picture: Picture) -> tuple[Camera, Picture]:
        """A camera for a part of what this one sees, and that part of a picture that it took."""
        part = Camera.on(page, box, self.scale)
        if part.page_size != self.page_size:
            return self, picture
        left, top = part.corner[0] - self.corner[0], part.corner[1] - self.corner[1]
        width, height = part.size
        cut = picture[max(top, 0) : top + height, max(left, 0) : left + width]
        return (part, cut) if cut.shape[:2] == (height, width) else (self, picture)

    def pixels(self, boxes: Array) -> Array:
        """Boxes of the page as left, top, right and bottom in the picture, also beyond its edges."""
        a, b, c, d, e, f = self.matrix
        xs = [a * boxes[:, 0] + c * boxes[:, 1] + e, a * boxes[:, 2] + c * boxes[:, 3] + e]
        ys = [b * boxes[:, 0] + d * boxes[:, 1] + f, b * boxes[:, 2] + d * boxes[:, 3] + f]
        edges = np.stack([np.minimum(*xs), np.minimum(*ys), np.maximum(*xs), np.maximum(*ys)], axis=1)
        found: Array = edges - np.array([*self.corner, *self.corner])
        return found

    def sees(self, boxes: Array) -> Array:
        """By box of the page, whether any of it is in the picture."""
        left, top, right, bottom = self.pixels(boxes).T
        there: Array = (left < self.size[0]) & (top < self.size[1]) & (right > 0) & (bottom > 0)
        return there

    def picture(self, page: pdfium.PdfPage, *, notes: bool, around: Array | None = None) -> Picture:
        """What people see now, with what is pinned to the page or without; all else is white where only boxes are asked for.

        A part of a page is drawn in a fraction of the time of the whole.
        """
        picture: Picture = np.full((self.size[1], self.size[0], 4), WHITE, dtype=np.uint8)
        for left, top, right, bottom in [(0, 0, *self.size)] if around is None else self._parts(around):
            self._draw(page, picture[top:bottom, left:right], (left, top), notes=notes)
        return picture

    def _draw(self, page: pdfium.PdfPage, part: Picture, at: tuple[int, int], *, notes: bool) -> None:
        """Draws what is in a part of a picture, which begins so many pixels from the left and the top, into it."""
        height, width, _ = part.shape
        (x, y), (whole_x, whole_y) = self.corner, self.page_size
        bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, part.ctypes.data, part.strides[0])
        place = (bitmap, page.raw, -x - at[0], -y - at[1], whole_x, whole_y, 0)
        flags = raw.FPDF_REVERSE_BYTE_ORDER
        raw.FPDF_RenderPageBitmap(*place, flags | (raw.FPDF_ANNOT if notes else 0))
        if notes and page.formenv:
            raw.FPDF_FFLDraw(page.formenv.raw, *place, flags)
        raw.FPDFBitmap_Destroy(bitmap)

    def _parts(self, boxes: Array) -> list[tuple[int, int, int, int]]:
        """Bands of the picture with all boxes of the page, and the pixels around them, or all of it where that is quicker."""
        edges = self.pixels(boxes[self.sees(boxes)])
        reach = max(2, round(BESIDE * self.scale))
        low, high = np.floor(edges[:, :2]) - reach, np.ceil(edges[:, 2:]) + reach
        whole = (0, 0, *self.size)
        parts = _bands(np.concatenate([low, high], axis=1).clip(0, [*self.size, *self.size]).astype(int))
        pixels = sum((right - left) * (bottom - top) for left, top, right, bottom in parts)
        return parts if len(parts) * PART + pixels < self.size[0] * self.size[1] else [whole]

    def covered(self, page: pdfium.PdfPage) -> Picture:
        """By pixel, how much of it anything covers, of 255, whatever its colour; without what is pinned to the page."""
        (x, y), (width, height), (whole_x, whole_y) = self.corner, self.size, self.page_size
        bitmap = pdfium.PdfBitmap.new_native(width, height, raw.FPDFBitmap_BGRA)
        bitmap.fill_rect((0, 0, 0, 0), 0, 0, width, height)
        raw.FPDF_RenderPageBitmap(bitmap.raw, page.raw, -x, -y, whole_x, whole_y, 0, 0)
        cover: Picture = bitmap.to_numpy()[..., 3]
        return cover


def _bands(boxes: Array) -> list[tuple[int, int, int, int]]:
    """Parts of a picture in which all boxes are, from its left edge on.

    pdfium moves letters by a pixel where the line that they are in begins
    left of the picture; here none does that does not in the whole picture.
    """
    ordered = boxes[np.argsort(boxes[:, 1], kind="stable")]
    gaps = ordered[1:, 1] >= np.maximum.accumulate(ordered[:, 3])[:-1]
    bands = np.split(ordered, np.flatnonzero(gaps) + 1)
    return [(0, int(band[:, 1].min()), int(band[:, 2].max()), int(band[:, 3].max())) for band in bands if len(band)]


def _to_pixels(page: pdfium.PdfPage, width: int, height: int) -> tuple[float, ...]:
    """The matrix from points to the pixels of the whole page, as pdfium itself turns and cuts it."""
    fine = max(1, min(1_000, 1_000_000_000 // max(width, height)))
    x, y = ctypes.c_int(), ctypes.c_int()

    def at(left: float, bottom: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page.raw, 0, 0, width * fine, height * fine, 0, left, bottom, x, y)
        return x.value / fine, y.value / fine

    (e, f), (ax, ay), (cx, cy) = at(0, 0), at(100, 0), at(0, 100)
    return (ax - e) / 100, (ay - f) / 100, (cx - e) / 100, (cy - f) / 100, e, f
