"""A page of a PDF goes in, how its points lie for those who look at it comes out.

pdfium gives places as the file has them. Viewers show a part of the page (its
CropBox), turned by quarters where the file says so (its /Rotate): what lies at
the upper left for readers may be anywhere in the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.objects import Box, Boxes


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn by quarters and a shift: where the page's x and y are afterwards, in points from the lower left."""

    x: tuple[int, int, float]
    """How much of the old x, of the old y, and what is added."""
    y: tuple[int, int, float]

    def points(self, points: Boxes) -> Boxes:
        """Rows of x and y, as they lie afterwards."""
        old_x, old_y = points.T
        columns = [of_x * old_x + of_y * old_y + shift for of_x, of_y, shift in (self.x, self.y)]
        return np.column_stack(columns)

    def boxes(self, boxes: Boxes) -> Boxes:
        """Rows of left, bottom, right and top, as they lie afterwards."""
        one, other = self.points(boxes[:, :2]), self.points(boxes[:, 2:])
        return np.hstack([np.minimum(one, other), np.maximum(one, other)])

    def box(self, box: Box) -> Box:
        """The same of one box."""
        left, bottom, right, top = self.boxes(np.array([box], dtype=float))[0].tolist()
        return left, bottom, right, top


LEVEL = 0.9
"""Cosine of the angle of level letters, at least."""
PLAIN = Turn((1, 0, 0.0), (0, 1, 0.0))
"""Of a page that is shown as the file has it, and whole."""


def upright(page: pdfium.PdfPage) -> Turn:
    """The turn by which a page is shown."""
    left, bottom, right, top = page.get_bbox()
    match page.get_rotation():
        case 90:
            return Turn((0, 1, -bottom), (-1, 0, right))
        case 180:
            return Turn((-1, 0, right), (0, -1, top))
        case 270:
            return Turn((0, -1, top), (1, 0, -left))
        case _:
            return unturned(page)


def unturned(page: pdfium.PdfPage) -> Turn:
    """The shift that brings the lower left corner of what is shown of a page to the origin."""
    left, bottom, _, _ = page.get_bbox()
    return Turn((1, 0, -left), (0, 1, -bottom)) if left or bottom else PLAIN


def readable(page: pdfium.PdfPage, angles: Callable[[], Sequence[float]]) -> Turn:
    """The turn by which a page is shown, unless its words would lie on their side then; ``angles`` are those of letters as the file has them."""
    if not page.get_rotation():
        return unturned(page)
    are_level = [math.cos(angle) > LEVEL for angle in angles()]
    return unturned(page) if 2 * sum(are_level) > len(are_level) else upright(page)
