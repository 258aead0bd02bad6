"""A style goes in; the backgrounds that are painted beneath its words come out."""

from __future__ import annotations

from dataclasses import replace

from survey_extract.adapters.css.known import POSITIONED, ElementState, blur_of, is_turned
from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.paint import Paint, filters_of, grounds_of, resolved
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import Rgba, Scale, length, number, over, split, words


def painted(node: Node, style: Computed, here: ElementState, above: ElementState) -> ElementState:
    """With what is painted under its words: its grounds, its filters, its height above its neighbours."""
    opacity = style["opacity"]
    share = number(opacity[0]) if opacity else None
    filters = filters_of(style["filter"])
    if filters is None or blur_of(style["filter"], here) > here.em * 0.2:
        return replace(here, gone=True)
    grounds = grounds_of(style["background-color"], style["background-image"], style["background-size"], here.colour)
    grounds += _within_shadow(style, here, grounds)
    if here.display == "contents":
        grounds = grounds_of((), (), (), here.colour)
    lettered = "text" in words(style["background-clip"])
    blend = style.word("mix-blend-mode") or "normal"
    paint = above.paint
    if any(g.alpha for g in grounds) or share is not None or filters or blend != "normal":
        canvas = node.tag in ("html", "body")
        made = Paint(
            _unsure(above.paint, style, above),
            grounds,
            True,
            min(1.0, max(0.0, 1.0 if share is None else share)),
            filters,
            blend,
            lettered,
            canvas,
            _holds_floats(style, here),
        )
        paint = made if canvas or _covers_its_words(here) else replace(made, sure=False)
    else:
        paint = _unsure(above.paint, style, above)
    return _stacked(style, replace(here, paint=paint, rows_shut=_has_no_rows(style)), above)


def _within_shadow(style: Computed, here: ElementState, grounds: tuple[Rgba, ...]) -> tuple[Rgba, ...]:
    """The colours of a shadow that falls into a box, which may fill it."""
    found: list[Rgba] = []
    for part in split(style["box-shadow"]):
        wide = any((length(t, Scale(here.em, here.rem)) or 0.0) > here.em / 2 for t in part)
        if wide and "inset" in words(part):
            shades = [shade for t in part if (shade := resolved(t, here.colour))] or [here.colour]
            found += [over(shade, ground) for shade in shades for ground in grounds[:1]]
    return tuple(found)


def _covers_its_words(here: ElementState) -> bool:
    """Whether its background lies under all its words: not when it is of a size that they may flow out of."""
    return (
        here.height is None
        or here.height >= 2 * here.em
        or (here.window is not None and here.window.height == here.height)
    )


def _holds_floats(style: Computed, here: ElementState) -> bool:
    cuts = style.word("overflow-x") not in ("", "visible")
    return cuts or here.display not in ("block", "inline", "list-item", "contents")


def _unsure(paint: Paint | None, style: Computed, above: ElementState) -> Paint | None:
    """The paint of the parents; not sure to lie under an element that is moved away from them."""
    leaves = style.word("position") in POSITIONED or style.word("float") not in ("", "none")
    moved = style.word("position") == "relative" and any(style[n] for n in ("left", "right", "top", "bottom"))
    if paint is None or not (leaves or moved or is_turned(style)) or paint.is_canvas:
        return paint
    if paint.holds_floats and not moved and style.word("position") not in POSITIONED and not is_turned(style):
        return paint
    if not any(g.alpha for g in paint.grounds) or not paint.sure:
        return replace(paint, above=_unsure(paint.above, style, above))
    return replace(paint, sure=False, above=_unsure(paint.above, style, above))


def _stacked(style: Computed, here: ElementState, above: ElementState) -> ElementState:
    """With its height above or below its neighbours: behind an opaque parent, nothing is seen."""
    level = style["z-index"]
    position = style.word("position") or "static"
    if (
        level
        and level[0].type == "number"
        and level[0].value < 0
        and (position != "static" or above.display.endswith(("flex", "grid")))
    ):
        at = above.paint
        while at is not None and at is not above.stack and not at.is_canvas:
            if at.is_opaque:
                return replace(here, gone=True)
            at = at.above
    own = (
        (level and level[0].type == "number" and position != "static")
        or is_turned(style)
        or style["opacity"]
        or style["isolation"]
    )
    lifted = level[0].value if level and level[0].type == "number" else 0.0
    here = replace(here, level=lifted if own or position != "static" else None)
    return replace(here, stack=here.paint) if own else here


def _has_no_rows(style: Computed) -> bool:
    if not (style.word("display") or "").endswith("grid"):
        return False
    for name in ("grid-template-rows", "grid-template-columns"):
        value = style[name]
        if value and any(t.type in ("number", "dimension", "percentage") and t.value == 0 for t in value):
            return True
    return False
