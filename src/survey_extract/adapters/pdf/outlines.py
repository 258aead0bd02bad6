"""A path of a page goes in, what it surely paints comes out: boxes around its lines, and the convex shape that it fills."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each, each_of, each_written
from survey_extract.adapters.pdf.objects import CORNERS, Ask, Box, Boxes, Matrix, Painted, Point, box_of

_HANDLES = 3
"""Points by which a curve goes on: two handles and its end."""
_TRIANGLE = 3
_SHARP = 0.5
"""Cosine of the angle of a corner whose tip lies at twice half the width of the line."""
_ROUND = 1e-3
"""What is lost by rounding, in points and square points, and of a full turn."""


def lines_of(ask: Ask, path: int, most: int) -> Boxes | None:
    """Boxes around a path's lines, a curve's with its handles; None when there are more points than ``most``.

    None as well where corners may be drawn as spikes, which go far beyond the lines.
    """
    count = call.FPDFPath_CountSegments(path)
    if not 0 <= count <= most:
        return None
    points, kinds, ends = _segments(path, count)
    turned = _turned(points, ask.matrix(path))
    may_have_spikes = count >= _TRIANGLE and call.FPDFPageObj_GetLineJoin(path) == raw.FPDF_LINEJOIN_MITER
    if may_have_spikes and _has_sharp_corners(turned, kinds, ends):
        return None
    pieces = _pieces(turned, kinds, ends)
    return np.concatenate([pieces.min(axis=1), pieces.max(axis=1)], axis=1)


def outline_of(ask: Ask, path: Painted, most: int) -> Convex | None:
    """What a path surely fills: the shape between its corners where it is convex and its curves bend outward; else None."""
    count = call.FPDFPath_CountSegments(path.item)
    if not _TRIANGLE <= count <= most:
        return None
    corners, handles = list[Point](), list[tuple[int, Point]]()
    curve = 0
    points, kinds, _ = _segments(path.item, count)
    if raw.FPDF_SEGMENT_MOVETO in kinds[1:]:
        return None
    matrix = path.place.matrix(ask.matrix(path.item))
    is_short = count <= CORNERS and raw.FPDF_SEGMENT_BEZIERTO not in kinds
    if is_short and (box := box_of([(x, y) for x, y in points.tolist()])) is not None:
        return Convex.rectangle(box, matrix)
    for kind, (x, y) in zip(kinds, points.tolist(), strict=True):
        curve = curve % _HANDLES + 1 if kind == raw.FPDF_SEGMENT_BEZIERTO else 0
        if curve in (0, _HANDLES):
            corners.append((x, y))
        else:
            handles.append((len(corners) - 1, (x, y)))
    return Convex.of(corners, handles, matrix)


def _segments(path: int, count: int) -> tuple[Boxes, list[int], list[bool]]:
    """The points of a path, what kind of a step leads to each, and whether the way back to the first follows it."""
    steps = each("FPDFPath_GetPathSegment", path, range(count))
    points = np.zeros((count, 2), dtype=np.float32)
    each_written("FPDFPathSegment_GetPoint", steps, points, 2)
    return points.astype(float), each_of("FPDFPathSegment_GetType", steps), each_of("FPDFPathSegment_GetClose", steps)


def _has_sharp_corners(points: Boxes, kinds: Sequence[int], ends: Sequence[bool]) -> bool:
    """Whether a path, or the handles of its curves, turn so far anywhere that less than 60 degrees are left."""
    ways, way = list[list[Point]](), list[Point]()
    for (x, y), kind, end in zip(points.tolist(), kinds, ends, strict=True):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            way = []
            ways.append(way)
        if way[-1:] != [(x, y)]:
            way.append((x, y))
        if end:
            way += [point for point in way[:2] if point != way[-1]]
    return any(_turns_back(np.array(way)) for way in ways if len(way) > _TRIANGLE - 1)


def _turns_back(way: Boxes) -> bool:
    steps = np.diff(way, axis=0)
    lengths = np.hypot(*steps.T)
    along = (steps[1:] * steps[:-1]).sum(axis=1)
    return bool((along < -_SHARP * lengths[1:] * lengths[:-1]).any())


def _pieces(points: Boxes, kinds: Sequence[int], ends: Sequence[bool]) -> Boxes:
    """By line of a path, the points that it goes from and to; a curve has its handles, too, a line the same points twice."""
    found: list[tuple[int, int, int, int]] = []
    last = first = curve = 0
    for at, (kind, end) in enumerate(zip(kinds, ends, strict=True)):
        curve = curve + 1 if kind == raw.FPDF_SEGMENT_BEZIERTO else 0
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = last = at
        elif curve in (0, _HANDLES):
            found.append((last, at - 2, at - 1, at) if curve else (last, at, last, at))
            curve, last = 0, at
        if end:
            found.append((last, first, last, first))
    pieces: Boxes = points[np.array(found, dtype=int).reshape(-1, 4)]
    return pieces


class Convex(NamedTuple):
    """A convex shape by its corners, against the clock."""

    corners: Boxes

    @classmethod
    def rectangle(cls, box: Box, matrix: Matrix) -> Convex | None:
        """A rectangle that a matrix turns; None where nothing is left of it."""
        left, bottom, right, top = box
        turned = _turned(np.array([(left, bottom), (right, bottom), (right, top), (left, top)]), matrix)
        a, b, c, d, *_ = matrix
        area = a * d - b * c
        return cls(turned if area > 0 else turned[::-1]) if area else None

    @classmethod
    def of(cls, corners: Sequence[Point], handles: Sequence[tuple[int, Point]], matrix: Matrix) -> Convex | None:
        """Through the corners, which a matrix turns; None where it is not convex, goes round twice, or a curve bends inward.

        The handles of curves come with the number of the corner that they follow.
        """
        whole = cls(_turned(np.array([*corners, *(point for _, point in handles)]), matrix))
        turned, bent = whole.corners[: len(corners)], whole.corners[len(corners) :]
        if np.array_equal(turned[0], turned[-1]):
            turned = turned[:-1]
        edges = _following(turned) - turned
        after = _following(edges)
        around = np.arctan2(_cross(edges, after), (edges * after).sum(axis=1)).sum()
        if len(turned) < _TRIANGLE or abs(abs(around) - 2 * math.pi) > _ROUND:
            return None
        shape, outward = cls(turned if around > 0 else turned[::-1]), 1 if around > 0 else -1
        is_bent_outward = all(
            outward * _cross(edges[at % len(edges)], point - turned[at % len(edges)]) <= _ROUND
            for (at, _), point in zip(handles, bent, strict=True)
        )
        return shape if is_bent_outward and shape._sides(shape.corners).min() >= -_ROUND else None

    def hold(self, boxes: Boxes) -> Boxes:
        """By box, whether it lies within."""
        corners = boxes[:, [[0, 1], [2, 1], [2, 3], [0, 3]]].reshape(-1, 2)
        held: Boxes = self._sides(corners).min(axis=1).reshape(-1, 4).min(axis=1) >= 0
        return held

    def _sides(self, points: Boxes) -> Boxes:
        """By point and edge, on which side of the edge the point is; within, it is not below 0 on any."""
        edges = _following(self.corners) - self.corners
        return _cross(edges[None], points[:, None] - self.corners[None])


def _following(points: Boxes) -> Boxes:
    """By point, the one behind it, the first behind the last."""
    return np.concatenate([points[1:], points[:1]])


def _cross(one: Boxes, other: Boxes) -> Boxes:
    found: Boxes = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return found


def _turned(points: Boxes, matrix: Matrix) -> Boxes:
    a, b, c, d, e, f = matrix
    x, y = points.T
    return np.stack([a * x + c * y + e, b * x + d * y + f], axis=1)
