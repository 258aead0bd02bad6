"""Transforms, clips and masks go in; how they turn, shrink, move and cut what they apply to comes out.

There is no layout: a length relative to a size that only a layout knows is taken relative to the width of the parent, or
to one line of text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from survey_extract.adapters.css.values import Rgba, Scale, Tokens, angle, length, number, significant, split, word

LEAST_SHARE = 0.75
"""Of a box that a clip must leave."""


class Turn(NamedTuple):
    """A transform in the plane: CSS's ``matrix(a, b, c, d, x, y)``; ``facing`` is negative when its back is shown."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    x: float = 0.0
    y: float = 0.0
    facing: float = 1.0

    def then(self, inner: Turn) -> Turn:
        """This transform around another."""
        return Turn(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.x + self.c * inner.y + self.x,
            self.b * inner.x + self.d * inner.y + self.y,
            self.facing * inner.facing,
        )

    @property
    def least(self) -> float:
        """How much smaller a letter becomes in the direction in which it shrinks most."""
        area = abs(self.a * self.d - self.b * self.c)
        # The smaller singular value of the matrix, from its product with the larger and the sum of both squares.
        squares = self.a**2 + self.b**2 + self.c**2 + self.d**2
        if not math.isfinite(squares):
            return 0.0
        larger = math.sqrt(max(0.0, (squares + math.sqrt(max(0.0, squares**2 - 4 * area**2))) / 2))
        return area / larger if larger else 0.0

    @property
    def is_mirrored(self) -> bool:
        return self.a * self.d - self.b * self.c < 0


_OUT_OF_THE_PLANE = Turn(a=0.0, d=0.0)
"""Nearer or farther, or turned about several axes: not computed here, and taken for the worst."""


def turn_of(value: Tokens, across: Scale, down: Scale) -> Turn:
    """A list of transforms; percentages are of ``across`` and ``down``."""
    made = Turn()
    for token in value:
        if token.type == "function":
            inner = [part[0] for part in split(token.arguments) if part]
            made = made.then(_one(token.lower_name, inner, across, down))
    return made


def _one(name: str, parts: Sequence[Any], across: Scale, down: Scale) -> Turn:
    if name.startswith("translate"):
        return _translate(name, [length(p, down if at else across) or 0.0 for at, p in enumerate(parts)], parts, down)
    if name.startswith(("rotate", "skew")):
        angles = [a for p in (parts[-1:] if name == "rotate3d" else parts) if (a := angle(p)) is not None]
        return _rotated(name, angles, parts)
    numbers = [number(p) for p in parts]
    if None in numbers or not numbers:
        return Turn()
    given = [float(n) for n in numbers if n is not None]
    return _numbered(name, given)


def _translate(name: str, given: list[float], parts: Sequence[Any], down: Scale) -> Turn:
    if name in ("translatez", "translate3d") and (length(parts[-1], down) or 0.0):
        return _OUT_OF_THE_PLANE
    if not given or name == "translatez":
        return Turn()
    if name == "translatey":
        return Turn(y=length(parts[0], down) or 0.0)
    return Turn(x=given[0], y=given[1] if len(given) > 1 and name != "translatex" else 0.0)


def _rotated(name: str, angles: list[float], parts: Sequence[Any]) -> Turn:
    turn = angles[0] if angles else 0.0
    if name == "rotate3d" and len(parts) == 4:
        axis = [abs(number(p) or 0.0) for p in parts[:3]]
        if sum(map(bool, axis)) > 1 and math.cos(turn) < 0.99:
            return _OUT_OF_THE_PLANE
        name = ("rotatex", "rotatey", "rotatez")[axis.index(max(axis))]
    if name.startswith("skew"):
        second = angles[1] if name == "skew" and len(angles) > 1 else 0.0
        return Turn(b=math.tan(turn)) if name == "skewy" else Turn(c=math.tan(turn), b=math.tan(second))
    cos, sin = math.cos(turn), math.sin(turn)
    turns = {"rotatex": Turn(d=cos, facing=cos), "rotatey": Turn(a=cos, facing=cos)}
    return turns.get(name, Turn(cos, sin, -sin, cos))


def _numbered(name: str, given: list[float]) -> Turn:
    if name == "matrix3d" and len(given) == 16:
        if given[3] or given[7] or given[14] or not given[15]:
            return _OUT_OF_THE_PLANE
        return Turn(*(given[at] / given[15] for at in (0, 1, 4, 5, 12, 13)))
    if name == "matrix" and len(given) == 6:
        return Turn(*given)
    across, down = given[0], given[1] if len(given) > 1 else given[0]
    scales = {"scalex": Turn(a=across), "scaley": Turn(d=across), "scale": Turn(a=across, d=down)}
    return scales.get("scale" if name == "scale3d" else name, Turn())


def single_turns(translate: Tokens, rotate: Tokens, scale: Tokens, across: Scale, down: Scale) -> Turn:
    """The properties ``translate``, ``rotate`` and ``scale``."""
    made = Turn()
    if translate and word(translate) != "none":
        given = [length(t, down if at else across) or 0.0 for at, t in enumerate(translate[:2])]
        made = made.then(Turn(x=given[0], y=given[1] if len(given) > 1 else 0.0))
    if rotate and word(rotate) != "none":
        angles = [a for t in rotate if t.type == "dimension" and (a := angle(t)) is not None]
        axis = next((t.lower_value for t in rotate if t.type == "ident"), "z")
        axes = tuple(t for t in rotate if t.type == "number")
        name = "rotate3d" if len(axes) == 3 else f"rotate{axis}"
        made = made.then(_rotated(name, angles, (*axes, None)))
    if scale and word(scale) != "none":
        numbers = [n for t in scale if (n := number(t)) is not None]
        made = made.then(_numbered("scale", numbers)) if numbers else made
    return made


# --- clips and masks ------------------------------------------------------------------------------


def clips_away(value: Tokens, across: Scale, down: Scale) -> bool:
    """Whether a ``clip-path`` leaves too little of a box for its words; one that is not known does."""
    for token in value:
        if token.type == "ident":
            continue
        share = _SHAPES.get(token.lower_name) if token.type == "function" else None
        if share is None or share(significant(token.arguments), across, down) < LEAST_SHARE:
            return True
    return False


def _inset(value: Tokens, across: Scale, down: Scale) -> float:
    sides = []
    for token in value:
        if token.type == "ident":  # "round", and how
            break
        sides.append(token)
    if not 1 <= len(sides) <= 4:
        return 0.0
    picks = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}[len(sides)]
    cuts = [length(sides[pick], down if at % 2 == 0 else across) for at, pick in enumerate(picks)]
    top, right, bottom, left = (cut if cut is not None else math.inf for cut in cuts)
    return min(1 - (max(0, top) + max(0, bottom)) / down.percent, 1 - (max(0, left) + max(0, right)) / across.percent)


def _circle(value: Tokens, across: Scale, down: Scale) -> float:
    """Of a circle, whether it is as wide as the box; its middle must be the box's."""
    radius = length(value[0], across) if value and value[0].type != "ident" else across.percent / 2
    if any(t.type == "ident" and t.lower_value == "at" for t in value) and not _is_middle(value):
        return 0.0
    return 0.0 if radius is None else min(1.0, radius / (across.percent / 2))


def _is_middle(value: Tokens) -> bool:
    at = next(at for at, t in enumerate(value) if t.type == "ident" and t.lower_value == "at")
    return all(
        (t.type == "ident" and t.lower_value == "center") or (t.type == "percentage" and t.value == 50)
        for t in value[at + 1 :]
    )


def _polygon(value: Tokens, across: Scale, down: Scale) -> float:
    points: list[tuple[float, float]] = []
    for part in split(value):
        pair = part[1:] if part and part[0].type == "ident" else part
        if len(pair) == 2:
            x, y = length(pair[0], across), length(pair[1], down)
            if x is None or y is None:
                return 0.0
            points.append((min(1.0, max(0.0, x / across.percent)), min(1.0, max(0.0, y / down.percent))))
    around = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in around)) / 2


def _nothing(value: Tokens, across: Scale, down: Scale) -> float:
    return 0.0


_SHAPES: Mapping[str, Callable[[Tokens, Scale, Scale], float]] = {
    "inset": _inset,
    "circle": _circle,
    "ellipse": _circle,
    "polygon": _polygon,
    "rect": _nothing,
    "xywh": _nothing,
}


def rect_cuts(value: Tokens, scale: Scale) -> bool:
    """Whether the old ``clip: rect()`` leaves less than a letter."""
    for token in value:
        if token.type != "function" or token.lower_name != "rect":
            continue
        edges = [t for t in significant(token.arguments) if t != ","]
        top, right, bottom, left = [
            *(length(e, scale) if e.type != "ident" else None for e in edges),
            None,
            None,
            None,
            None,
        ][:4]
        return _thin(left, right) or _thin(top, bottom)
    return False


def _thin(start: float | None, end: float | None) -> bool:
    if end is None:
        return (start or 0) > 100
    return end - max(0.0, start or 0.0) < 8


def masks_away(value: Tokens, stops: Callable[[Any], list[Rgba]]) -> bool:
    """Whether a mask lets too little through; a picture is not known here, and does."""
    for token in value:
        if token.type == "ident":
            continue
        if token.type != "function" or "gradient" not in token.lower_name:
            return True
        if any(stop.alpha < 0.5 for stop in stops(token)):
            return True
    return False
