"""The shapes and lines of a page go in, which lines are set apart from the running text comes out.

Figures, dialogues, prompts, sample outputs, code, algorithms and tables are
set off by something that is drawn: a frame, a fill, a picture, a pair of
rules. That is what is looked at here, and not the words, which may be whole
sentences. Between two rules there may be a table or half a page of prose; prose
is recognised by its lines, which fill the column.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

ShapeKind = Literal["rule", "box", "picture"]


class Shape(NamedTuple):
    """Something drawn, in points: a horizontal rule, a filled or framed box, or a picture."""

    kind: ShapeKind
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies within."""
        return self.left - SLACK <= x <= self.right + SLACK and self.bottom - SLACK <= y <= self.top + SLACK


class Spot(NamedTuple):
    """A line as it is looked at here: the middle of its letters, and what it is by itself."""

    x: float
    y: float
    is_prose: bool
    is_caption: bool
    is_opening: bool
    """Whether it is a heading, or opens the abstract: no float goes on over it."""
    left: float = 0.0
    right: float = 0.0


SLACK = 3.0
"""Points by which a line may stand over the edge of what holds it."""
LEAST_WIDTH = 60.0
LEAST_HEIGHT = 18.0
"""Points; lower boxes mark a word or a row, and hold no text of their own."""
LARGEST_BOX, LARGEST_PICTURE = 0.8, 0.5
"""Shares of the page; what covers more is its ground, or the picture of a scan."""
NEAR = 26.0
"""Points between a caption and the rule of its table."""
MIXED, LONELY = 0.5, 0.1
"""Shares of lines that fill their column below which what stands between two rules is a float: with a caption, without."""
BACKGROUND = 3
"""Pages on which a shape stands at the same place when it belongs to the paper's dress."""

Key = tuple[str, int, int, int, int]


def dress(pages: Sequence[Sequence[Shape]]) -> frozenset[Key]:
    """The shapes that come back at the same place of several pages: rules under running heads, grounds."""
    seen: Counter[Key] = Counter()
    for shapes in pages:
        seen.update({_key(shape) for shape in shapes})
    return frozenset(key for key, count in seen.items() if count >= BACKGROUND)


def _key(shape: Shape) -> Key:
    return shape.kind, round(shape.left), round(shape.bottom), round(shape.right), round(shape.top)


def may_hold(shapes: Sequence[Shape]) -> bool:
    """Whether any area can be among these: one rule alone, as above footnotes, makes none."""
    return len(shapes) > 1 or any(shape.kind != "rule" for shape in shapes)


def areas(
    shapes: Sequence[Shape], spots: Sequence[Spot], page: float, known: frozenset[Key], *, is_first: bool = False
) -> list[int]:
    """For each line the number of the area that it stands in, 0 for the running text.

    ``page`` is its area in square points. Of a first page that names no
    abstract (``is_first``) it may stand in a frame or between rules: there a
    caption has to speak for them.
    """
    boxes = [*_boxes(shapes, spots, page, known), *_ruled(shapes, spots, known)]
    if is_first:
        boxes = [box for box in boxes if box.kind == "picture" or _has_caption(box, spots)]
    boxes.sort(key=lambda box: -(box.width * box.height))
    return [next((number for number, box in enumerate(boxes, 1) if box.holds(spot.x, spot.y)), 0) for spot in spots]


def _boxes(shapes: Sequence[Shape], spots: Sequence[Spot], page: float, known: frozenset[Key]) -> Iterator[Shape]:
    """Frames, fills and pictures that are large enough to hold lines, and do not hold the abstract."""
    for shape in shapes:
        if shape.kind == "rule" or min(shape.width / LEAST_WIDTH, shape.height / LEAST_HEIGHT) < 1:
            continue
        largest = LARGEST_PICTURE if shape.kind == "picture" else LARGEST_BOX
        if shape.width * shape.height > largest * page or (shape.kind == "box" and _key(shape) in known):
            continue
        if not any(spot.is_opening and shape.holds(spot.x, spot.y) for spot in spots):
            yield shape


# --- rules ----------------------------------------------------------------------------------------


def _ruled(shapes: Sequence[Shape], spots: Sequence[Spot], known: frozenset[Key]) -> Iterator[Shape]:
    """What stands between rules of the same length: tables, algorithms, samples.

    The caption beside one part of a table speaks for its next parts, too.
    """
    for stack in _stacks(_joined([shape for shape in shapes if shape.kind == "rule"])):
        parts = [
            part
            for upper, lower in itertools.pairwise(stack)
            if not (_key(upper) in known and _key(lower) in known)
            for part in _parts(Shape("box", upper.left, lower.bottom, upper.right, upper.top), spots)
        ]
        beside = [_has_caption(part, spots) for part in parts]
        shares = [_prose(part, spots) for part in parts]
        for order in (range(len(parts)), range(len(parts) - 1, -1, -1)):
            spoken_for = False
            for at in order:
                spoken_for = shares[at] < MIXED and (spoken_for or beside[at])
                beside[at] = beside[at] or spoken_for
        yield from (
            part
            for part, share, is_beside in zip(parts, shares, beside, strict=True)
            if share < (MIXED if is_beside else LONELY)
        )


def _joined(rules: Sequence[Shape]) -> list[Shape]:
    """Rules that were drawn cell by cell, as one."""
    rows: dict[int, list[Shape]] = defaultdict(list)
    for rule in rules:
        rows[round(rule.bottom)].append(rule)
    joined: list[Shape] = []
    for row in rows.values():
        row.sort(key=lambda rule: rule.left)
        now = row[0]
        for rule in row[1:]:
            if rule.left <= now.right + SLACK:
                now = now._replace(right=max(now.right, rule.right))
            else:
                joined.append(now)
                now = rule
        joined.append(now)
    return sorted((rule for rule in joined if rule.width >= LEAST_WIDTH), key=lambda rule: -rule.top)


def _stacks(rules: Sequence[Shape]) -> list[list[Shape]]:
    """Rules with the same ends, each stack from above to below."""
    stacks: list[list[Shape]] = []
    for rule in rules:
        for stack in stacks:
            if abs(stack[-1].left - rule.left) <= SLACK and abs(stack[-1].right - rule.right) <= SLACK:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return stacks


def _parts(between: Shape, spots: Sequence[Spot]) -> Iterator[Shape]:
    """The parts of the space between two rules that captions leave."""
    captions = [spot.y for spot in spots if spot.is_caption and between.holds(spot.x, spot.y)]
    cuts = sorted((y for y in captions if y < between.top - NEAR), reverse=True)
    edges = [between.top, *cuts, between.bottom]
    for top, bottom in itertools.pairwise(edges):
        yield between._replace(top=top - 2 * SLACK * (top in cuts), bottom=bottom + 2 * SLACK * (bottom in cuts))


def _prose(part: Shape, spots: Sequence[Spot]) -> float:
    """Share of the lines between two rules that are of the running text, 1 where the rules cannot belong to them."""
    held = [spot for spot in spots if part.holds(spot.x, spot.y) and not spot.is_caption]
    if not held or any(spot.is_opening for spot in held):
        return 1.0 if held else 0.0
    if any(spot.left < part.left - 2 * SLACK or spot.right > part.right + 2 * SLACK for spot in held):
        return 1.0
    return sum(spot.is_prose for spot in held) / len(held)


def _has_caption(part: Shape, spots: Sequence[Spot]) -> bool:
    """Whether a caption stands right above or below."""
    return any(
        spot.is_caption
        and part.left - SLACK <= spot.x <= part.right + SLACK
        and (0 <= spot.y - part.top + SLACK <= NEAR or 0 <= part.bottom + SLACK - spot.y <= NEAR)
        for spot in spots
    )
