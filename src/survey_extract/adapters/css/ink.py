"""A style goes in; how far, and how opaquely, an element paints on its own box and beyond it comes out."""

from __future__ import annotations

from typing import NamedTuple

from survey_extract.adapters.css.flow import border
from survey_extract.adapters.css.known import FAR, ElementState, blur_of, length_of
from survey_extract.adapters.css.letters import line_height
from survey_extract.adapters.css.paint import Paint, grounds_of, resolved
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import Scale, Tokens, length, number, significant, split, word, words

SOLID = 0.5
"""The least share of light that a cover keeps back."""
PICTURES = frozenset("img picture svg video iframe object embed input textarea select button progress meter".split())
_SIDES = ("top", "right", "bottom", "left")


class Ink(NamedTuple):
    """How far paint goes beyond a box, in pixels, and which share of the light it keeps back. ``front``: it lies on all words around it."""

    up: float
    down: float
    aside: float
    alpha: float
    front: bool = False
    """Painted when all words of the neighbourhood have been."""
    own: bool = False
    """Painted on the words within the box, too."""


def opacity_of(paint: Paint | None) -> float:
    """What is left of an element's own light through all that it stands in."""
    share = 1.0
    while paint is not None:
        share *= paint.opacity
        for name, amount in paint.filters:
            share *= min(1.0, max(0.0, amount)) if name == "opacity" else 1.0
        paint = paint.above
    return share


def inks_of(tag: str, style: Computed, here: ElementState, *, inline: bool, holds: bool, drawn: bool) -> list[Ink]:
    """All that an element paints. ``holds``: there is something in it, which a filter may throw a shadow of."""
    if style.word("visibility") not in ("", "visible"):
        return []
    share = opacity_of(here.paint)
    if share < 0.05:
        return []
    found = [*_body(tag, style, here, inline=inline, drawn=drawn), *_shadows(style, here), *_outline(style, here)]
    if holds:
        found += _thrown(style, here)
    return [one._replace(alpha=one.alpha * share) for one in found if one.alpha * share >= 0.1]


def _body(tag: str, style: Computed, here: ElementState, *, inline: bool, drawn: bool) -> list[Ink]:
    """Its ground, its border, what stands in for it. An inline box goes beyond its line by padding, border and large letters."""
    alpha = _ground_alpha(style, here)
    up = down = 0.0
    if inline:
        spare = max(0.0, here.em * 1.2 - line_height(here)) / 2
        up, down = (
            spare + (length_of(style, f"padding-{side}", here, here.width) or 0.0) + border(style, side, here)
            for side in ("top", "bottom")
        )
    if tag in PICTURES and (tag != "svg" or drawn):
        alpha = 1.0
    if blur_of(style["backdrop-filter"], here) > here.em * 0.2 or _dims(style["backdrop-filter"]):
        alpha = 1.0
    if any(_is_wide(part, here) for part in split(style["box-shadow"]) if "inset" in words(part)):
        alpha = max(alpha, *(_alpha(part, here) for part in split(style["box-shadow"]) if "inset" in words(part)))
    thick = max(border(style, side, here) for side in _SIDES)
    if thick > here.em / 2:
        alpha = max(alpha, *(_edge_alpha(style, side, here) for side in _SIDES))
    image = any(t.type in ("url", "function") for t in style["border-image-source"])
    if image:
        alpha = 1.0
        beyond = max(
            ((length(t, Scale(here.em, here.rem)) if t.type != "number" else float(t.value) * max(1.0, thick)) or 0.0)
            for t in (*style["border-image-outset"], *_ZERO)
        )
        up, down = up + beyond, down + beyond
        return [Ink(up, down, beyond, alpha)]
    return [Ink(up, down, 0.0, alpha)] if alpha else []


def _dims(value: Tokens) -> bool:
    """Whether a filter on what lies below takes its colours together."""
    for token in value:
        if token.type == "function" and token.lower_name in ("brightness", "contrast", "opacity", "url", "invert"):
            inner = significant(token.arguments)
            amount = number(inner[0]) if inner else 1.0
            if token.lower_name == "url" or amount is None or amount > 3 or amount < 0.4:
                return True
    return False


class _Nought(NamedTuple):
    type: str = "number"
    value: float = 0.0


_ZERO = (_Nought(),)


def _ground_alpha(style: Computed, here: ElementState) -> float:
    if any(t.type == "url" for t in style["background-image"]):
        return 1.0
    if "text" in words(style["background-clip"]):
        return 0.0
    grounds = grounds_of(style["background-color"], style["background-image"], (), here.colour)
    return min(ground.alpha for ground in grounds)


def _edge_alpha(style: Computed, side: str, here: ElementState) -> float:
    if border(style, side, here) <= here.em / 2:
        return 0.0
    value = style[f"border-{side}-color"]
    shade = resolved(value[0], here.colour) if value else here.colour
    return shade.alpha if shade else 1.0


def _lengths(part: Tokens, here: ElementState) -> list[float]:
    return [n for t in part if (n := length(t, Scale(here.em, here.rem))) is not None]


def _is_wide(part: Tokens, here: ElementState) -> bool:
    return any(abs(n) > here.em / 2 for n in _lengths(part, here))


def _alpha(part: Tokens, here: ElementState) -> float:
    shades = [shade for t in part if (shade := resolved(t, here.colour))]
    return shades[0].alpha if shades else here.colour.alpha


def _shadows(style: Computed, here: ElementState) -> list[Ink]:
    """Outer shadows: of several, the blurred ones add up."""
    parts = [part for part in split(style["box-shadow"]) if part and "inset" not in words(part)]
    found = []
    for part in parts:
        x, y, blur, spread = (*_lengths(part, here), 0.0, 0.0, 0.0, 0.0)[:4]
        reach = spread + (blur if len(parts) > 2 else -blur / 2)
        found.append(Ink(reach - y, reach + y, reach + abs(x), _alpha(part, here)))
    return [ink for ink in found if max(ink[:3]) > 0]


def _outline(style: Computed, here: ElementState) -> list[Ink]:
    if style.word("outline-style") in ("", "none", "hidden", "auto"):
        return []
    wide = length_of(style, "outline-width", here, 0.0)
    wide = {"thin": 1.0, "thick": 5.0}.get(style.word("outline-width"), 3.0) if wide is None else wide
    shade = resolved(style["outline-color"][0], here.colour) if style["outline-color"] else here.colour
    alpha = 1.0 if shade is None else shade.alpha
    reach = wide + (length_of(style, "outline-offset", here, 0.0) or 0.0)
    thick = wide > here.em / 2
    return (
        [Ink(reach, reach, reach, alpha, front=True, own=thick and reach < wide / 2)]
        if thick or reach > here.em / 2
        else []
    )


def _thrown(style: Computed, here: ElementState) -> list[Ink]:
    """A filter's shadow of all that is in an element, and its reflection."""
    up = down = aside = 0.0
    for token in style["filter"]:
        if token.type == "function" and token.lower_name == "drop-shadow":
            x, y = (*_lengths(significant(token.arguments), here), 0.0, 0.0)[:2]
            up, down, aside = up + max(0.0, -y), down + max(0.0, y), aside + abs(x)
    reflected = style["-webkit-box-reflect"]
    if reflected and word(reflected) != "none":
        up = down = aside = FAR
    return [Ink(up, down, aside, 1.0)] if max(up, down, aside) > here.em / 2 else []
