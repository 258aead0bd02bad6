"""Texts of a page and what else is painted on it go in; which of them share so much of their place that a letter may be concealed comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from survey_extract.adapters.pdf.objects import Box

CONTRAST = 60
"""Of 255: by how much lighter than a text that needs no look the paper must be, and all else under it."""
BESIDE = 0.3
"""Of the square of a text's height: area that other sound texts may share with it; accents, indices and italics do."""
TOUCH = 0.01
"""The same for all else: a full stop. The line of a root, of a fraction or under a gap may touch the letter beside it."""
FLAT, NARROW = 0.35, 0.55
"""Of a font's size: what is lower and not wider than that is a mark beside letters."""
TALL = 2.0
"""Of the height that most things have: what is taller is compared with all texts, and all else with those on its height."""
COMPARED = 1_000_000
"""Pairs of a text and something else that are compared at a time."""
FEW = 100_000
"""Pairs that are all compared sooner than those of one height are found among them."""
LAST = 1 << 30
"""The time of what is painted behind all else."""

_Array = np.ndarray[Any, np.dtype[Any]]


class Own(NamedTuple):
    """Sound texts: their numbers, which are the times at which they are painted, their boxes, their sizes and how light they are.

    Sizes are in points, lightness is of 255.
    """

    when: _Array
    boxes: _Array
    size: _Array
    light: _Array

    @classmethod
    def none(cls) -> Own:
        return cls(np.zeros(0, dtype=int), np.zeros((0, 4)), np.zeros(0), np.zeros(0))

    def low(self) -> _Array:
        """By text, the shorter side of its box."""
        lower: _Array = np.minimum(self.boxes[:, 2] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 1])
        return lower

    def high(self) -> _Array:
        """By text, the longer side of its box."""
        higher: _Array = np.maximum(self.boxes[:, 2] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 1])
        return higher

    def some(self, which: _Array) -> Own:
        return Own(*(part[which] for part in self))


class Others(NamedTuple):
    """What is painted beside texts: where, when, whether it is a sound text, and how light the ground is that it makes."""

    boxes: _Array
    when: _Array
    text: _Array
    light: _Array

    @classmethod
    def of(cls, boxes: _Array, when: int, light: float = 0.0) -> Others:
        """What is no text, painted at one time."""
        count = len(boxes)
        return cls(boxes, np.full(count, when), np.zeros(count, dtype=bool), np.full(count, light))

    @classmethod
    def texts(cls, own: Own) -> Others:
        """Sound texts themselves."""
        return cls(own.boxes, own.when, np.ones(len(own.when), dtype=bool), np.zeros(len(own.when)))

    def no_texts(self) -> Others:
        return Others(*(part[~self.text] for part in self))

    @classmethod
    def all(cls, others: Iterable[Others]) -> Others:
        return cls(*(np.concatenate(parts) for parts in zip(*others, strict=True)))


class Meetings(NamedTuple):
    """By text, whether it shares too much of its place with sound texts, with anything else, and whether any place with that."""

    among: _Array
    besides: _Array
    touched: _Array
    touching: _Array
    """The objects of the page that touch a text which shares too much."""

    @property
    def met(self) -> _Array:
        met: _Array = self.among | self.besides
        return met


def meetings(own: Own, others: Others, since: _Array | None = None) -> Meetings:
    """What of the others that is painted after ``since``, and would conceal a text, lies where the texts do."""
    low = own.low()
    is_mark = (low < FLAT * own.size) & (own.high() < NARROW * own.size)
    among, besides = np.zeros(len(low)), np.zeros(len(low))
    pairs: list[tuple[_Array, _Array]] = []
    for one, other in _overlapping(own.boxes, others.boxes):
        when, behind = others.when[other], own.when[one]
        counts = (when > behind) | ((when < behind) & (others.light[other] < own.light[one] + CONTRAST))
        if since is not None:
            counts &= when > since[one]
        one, other = one[counts], other[counts]  # noqa: PLW2901
        area, is_text = _shared_areas(own.boxes[one], others.boxes[other]), others.text[other]
        among += np.bincount(one, area * is_text, len(low))
        besides += np.bincount(one, area * ~is_text, len(low))
        pairs.append((one, other))
    is_among, is_beside = (among > BESIDE * low**2) & ~is_mark, besides > TOUCH * low**2
    met = is_among | is_beside
    touching = np.concatenate([others.when[:0], *(others.when[other[met[one]]] for one, other in pairs)])
    return Meetings(is_among, is_beside, besides > 0, np.unique(touching[touching != LAST]))


def _overlapping(own: _Array, others: _Array) -> Iterator[tuple[_Array, _Array]]:
    """The pairs of a text and another that share some place, by number, from so many at a time."""
    (left, bottom, right, top), (o_left, o_bottom, o_right, o_top) = own.T, np.ascontiguousarray(others.T)
    if len(own) * len(others) <= FEW:
        left, bottom, right, top = own.T[..., None]
        beside, level = (o_left < right) & (o_right > left), (o_bottom < top) & (o_top > bottom)
        one, other = np.nonzero(beside & level)
        yield one, other
        return
    for one, other in _neighbours(own, others):
        near = (o_left[other] < right[one]) & (o_right[other] > left[one])
        one, other = one[near], other[near]  # noqa: PLW2901
        near = (o_bottom[other] < top[one]) & (o_top[other] > bottom[one])
        yield one[near], other[near]


def _neighbours(own: _Array, others: _Array) -> Iterator[tuple[_Array, _Array]]:
    """The pairs of a text and another that may share some of their height, by number, so many at a time.

    What is much taller than most is compared with all texts.
    """
    heights = others[:, 3] - others[:, 1]
    tallest = TALL * float(np.median(heights)) if len(heights) else 0.0
    order = np.argsort(others[:, 1], kind="stable")
    is_tall = (heights > tallest)[order]
    tall, flat = order[is_tall], order[~is_tall]
    bottoms, either = others[flat, 1], np.concatenate([tall, flat])
    starts, ends = np.searchsorted(bottoms, own[:, 1] - tallest), np.searchsorted(bottoms, own[:, 3])
    counts = np.maximum(ends - starts, 0) + len(tall)
    parts = np.cumsum(counts) // COMPARED if len(counts) else np.array([-1])
    for part in range(int(parts[-1]) + 1):
        rows = np.flatnonzero(parts == part)
        of_rows = counts[rows]
        one = np.repeat(rows, of_rows)
        nth = np.arange(len(one)) - np.repeat(np.cumsum(of_rows) - of_rows, of_rows)
        yield one, either[np.where(nth < len(tall), nth, nth + starts[one])]


def _shared_areas(one: _Array, other: _Array) -> _Array:
    """By pair of boxes, the area in square points that lies in both."""
    shared = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    areas: _Array = np.maximum(shared[:, 0], 0.0) * np.maximum(shared[:, 1], 0.0)
    return areas


def are_within(outer: Box | _Array, boxes: _Array) -> _Array:
    """By box, whether one holds it, or its own one."""
    left, bottom, right, top = boxes.T
    low_x, low_y, high_x, high_y = np.asarray(outer).T
    found: _Array = (left >= low_x) & (bottom >= low_y) & (right <= high_x) & (top <= high_y)
    return found
