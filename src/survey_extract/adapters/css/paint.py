"""A text's colours and all that is painted around it go in; whether the text stands out from its background comes out.

What is painted is composed twice, with the text and without it, from the text
outwards: backgrounds, filters, opacity, blending (Compositing 1, Filter Effects 1).
The text is seen when the two differ. Where a background may or may not lie under
the text, or has several colours, it must be seen in every case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_extract.adapters.css.values import (
    CLEAR,
    CURRENT,
    WHITE,
    Rgba,
    Tokens,
    colour,
    contrast,
    distance,
    number,
    over,
    significant,
    split,
)

LEAST_DISTANCE = 0.15
"""Of a letter's colour from its ground in one channel, from 0 to 1: below it, people pass over what is there."""
LEAST_CONTRAST = 1.15
"""WCAG's ratio; it is 1.16 for #eee on white."""
PLAIN_DISTANCE = 0.5
"""Colours that far apart are seen even when they are equally light."""
MOST_CASES = 12

Filter = tuple[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Paint:
    """What an element paints under its words, and does to them. ``above`` is what its parents do."""

    above: Paint | None
    grounds: tuple[Rgba, ...]
    """Its background, in each of its colours."""
    sure: bool = True
    """Whether the background surely lies under the words."""
    opacity: float = 1.0
    filters: tuple[Filter, ...] = ()
    blend: str = "normal"
    is_lettered: bool = False
    """The background shows in the shape of the letters alone."""
    is_canvas: bool = False
    holds_floats: bool = False
    """It is as high as what floats in it."""

    @property
    def is_opaque(self) -> bool:
        return all(ground.alpha > 0.9 for ground in self.grounds)


def resolved(token: Any, current: Rgba) -> Rgba | None:
    """The colour of a token, None where it is not known."""
    found = colour(token)
    if found == CURRENT:
        return current
    return found if isinstance(found, Rgba) else None


def grounds_of(ground: Tokens, images: Tokens, sized: Tokens, current: Rgba) -> tuple[Rgba, ...]:
    """The colours that a background has; a picture that is not known here is taken for clear."""
    base = CLEAR if not ground else resolved(ground[0], current) or CLEAR
    found: list[Rgba] = []
    for image in images:
        if image.type == "function" and "gradient" in image.lower_name:
            found += [over(stop, base) for stop in stops(image, current)]
    if not found or sized:
        found.append(base)
    return tuple(dict.fromkeys(found))


def stops(gradient: Any, current: Rgba) -> list[Rgba]:
    """The colours of a gradient."""
    parts = split(gradient.arguments)
    return [made for part in parts for token in part if (made := resolved(token, current)) is not None]


def stands_out(letters: Sequence[Rgba], paint: Paint | None) -> bool:
    """Whether text in any of the colours given (its fill, its shadow, its outline) can be told from its ground."""
    cases = _cases(paint)
    return any(all(_is_seen(letter, paint, case) for case in cases) for letter in letters)


def _cases(paint: Paint | None) -> list[tuple[int, bool]]:
    """Which colour of each background, and whether those that are not sure are there."""
    most, unsure, at = 1, False, paint
    while at is not None:
        most, unsure = max(most, len(at.grounds)), unsure or not at.sure
        at = at.above
    counts = range(min(most, MOST_CASES))
    return [(pick, there) for pick in counts for there in ((True, False) if unsure else (True,))]


def _is_seen(letter: Rgba, paint: Paint | None, case: tuple[int, bool]) -> bool:
    with_text, without = _composed(letter, paint, case)
    apart = distance(with_text, without)
    return apart >= PLAIN_DISTANCE or (apart >= LEAST_DISTANCE and contrast(with_text, without) >= LEAST_CONTRAST)


def _composed(letter: Rgba, paint: Paint | None, case: tuple[int, bool]) -> tuple[Rgba, Rgba]:
    """The page's colour where the letter is, and where it is not."""
    pick, there = case
    top, below, at = letter, CLEAR, paint
    while at is not None:
        ground = at.grounds[pick % len(at.grounds)] if at.grounds and (at.sure or there) else CLEAR
        if at.is_lettered:
            top, ground = over(top, ground), CLEAR
        top, below = (_changed(over(shade, ground), at.filters, at.opacity) for shade in (top, below))
        if at.blend != "normal":
            beneath = _ground(at.above, case)
            top, below = _blended(top, beneath, at.blend), _blended(below, beneath, at.blend)
        at = at.above
    return over(top, WHITE), over(below, WHITE)


def _ground(paint: Paint | None, case: tuple[int, bool]) -> Rgba:
    """What the page has painted below an element; nothing where it has painted nothing, whatever the window's colour."""
    pick, there = case
    shade = CLEAR
    while paint is not None:
        if paint.grounds and (paint.sure or there) and not paint.is_lettered:
            shade = over(shade, paint.grounds[pick % len(paint.grounds)])
        paint = paint.above
    return shade


# --- filters --------------------------------------------------------------------------------------


def filters_of(value: Tokens) -> tuple[Filter, ...] | None:
    """The filters that change colours; None for one that is not known."""
    found: list[Filter] = []
    for token in value:
        if token.type == "ident":
            continue
        if token.type != "function":
            return None
        name, inner = token.lower_name, significant(token.arguments)
        if name in ("blur", "drop-shadow", "hue-rotate"):
            continue
        amount = number(inner[0]) if inner else 1.0
        if amount is None:
            return None
        found.append((name, amount))
    return tuple(found)


def _changed(shade: Rgba, filters: Iterable[Filter], opacity: float) -> Rgba:
    for name, amount in filters:
        if name == "opacity":
            opacity *= min(1.0, max(0.0, amount))
        elif name in _FILTERS:
            red, green, blue = (min(1.0, max(0.0, _FILTERS[name](c, amount))) for c in shade[:3])
            shade = Rgba(red, green, blue, shade.alpha)
    return Rgba(shade.red, shade.green, shade.blue, shade.alpha * opacity)


_FILTERS: Mapping[str, Callable[[float, float], float]] = {
    "brightness": lambda c, amount: c * amount,
    "contrast": lambda c, amount: (c - 0.5) * amount + 0.5,
    "invert": lambda c, amount: c * (1 - min(1, amount)) + (1 - c) * min(1, amount),
}

# --- blending -------------------------------------------------------------------------------------


def _blended(top: Rgba, below: Rgba, mode: str) -> Rgba:
    mix = _BLENDS.get(mode)
    if mix is None:  # by hue, saturation or colour: the ground's lightness stays, and no letter shows
        return below if mode in ("hue", "saturation", "color") and below.alpha else top
    pairs = zip(top[:3], below[:3], strict=True)
    red, green, blue = ((1 - below.alpha) * t + below.alpha * mix(t, b) for t, b in pairs)
    return over(Rgba(red, green, blue, top.alpha), below)


def _hard(top: float, below: float) -> float:
    return 2 * top * below if top <= 0.5 else 1 - 2 * (1 - top) * (1 - below)


_BLENDS: Mapping[str, Callable[[float, float], float]] = {
    "multiply": lambda t, b: t * b,
    "screen": lambda t, b: t + b - t * b,
    "overlay": lambda t, b: _hard(b, t),
    "hard-light": _hard,
    "soft-light": lambda t, b: b - (1 - 2 * t) * b * (1 - b) if t <= 0.5 else b + (2 * t - 1) * (b**0.5 - b),
    "darken": min,
    "lighten": max,
    "color-dodge": lambda t, b: 0.0 if b == 0 else 1.0 if t == 1 else min(1.0, b / (1 - t)),
    "color-burn": lambda t, b: 1.0 if b == 1 else 0.0 if t == 0 else 1 - min(1.0, (1 - b) / t),
    "difference": lambda t, b: abs(t - b),
    "exclusion": lambda t, b: t + b - 2 * t * b,
    "plus-lighter": lambda t, b: min(1.0, t + b),
}
