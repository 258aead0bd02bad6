"""An element goes in; whether it is opaque and lies over others, so that nothing of them shows, comes out."""

from __future__ import annotations

from survey_extract.adapters.css.known import POSITIONED, ElementState, blur_of, length_of
from survey_extract.adapters.css.paint import grounds_of
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import VIEW_HEIGHT, VIEW_WIDTH, number

EDGE = 4.0
"""Pixels that a cover may leave at a side."""
_PICTURES = frozenset(["img", "picture", "input"])


def is_cover(tag: str, style: Computed, here: ElementState) -> bool:
    """Whether an element lies on all of what it is placed by, and nothing shows through it."""
    if style.word("position") not in POSITIONED or not _is_solid(tag, style, here):
        return False
    return _spans(style, here, ("left", "right", "width"), VIEW_WIDTH) and _spans(
        style, here, ("top", "bottom", "height"), VIEW_HEIGHT
    )


def _is_solid(tag: str, style: Computed, here: ElementState) -> bool:
    """Whether nothing shows through an element."""
    if here.gone or style.word("visibility") not in ("", "visible"):
        return False
    grounds = grounds_of(style["background-color"], style["background-image"], (), here.colour)
    opacity = number(style["opacity"][0]) if style["opacity"] else 1.0
    blurs = blur_of(style["backdrop-filter"], here) > here.em * 0.2
    solid = all(ground.alpha > 0.5 for ground in grounds) or any(t.type == "url" for t in style["background-image"])
    return blurs or ((opacity or 0.0) >= 0.5 and (solid or tag in _PICTURES))


def _spans(style: Computed, here: ElementState, names: tuple[str, str, str], view: float) -> bool:
    """Whether it goes from one side to the other."""
    start, end, size = (length_of(style, name, here, 100 * view) for name in names)
    if size is not None and size >= 0.9 * view:
        return True
    return start is not None and end is not None and max(start, end) <= EDGE
