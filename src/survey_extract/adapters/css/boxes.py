"""A style goes in; where its box is, what it cuts off and whether anything is left of it come out."""

from __future__ import annotations

import math
from dataclasses import replace

from survey_extract.adapters.css import transforms
from survey_extract.adapters.css.known import (
    FAR,
    POSITIONED,
    THINNEST,
    Corner,
    ElementState,
    Window,
    is_turned,
    length_of,
)
from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.paint import stops
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.transforms import Turn
from survey_extract.adapters.css.values import VIEW_HEIGHT, Scale, Tokens, length, number, significant, words


def _height(style: Computed, name: str, here: ElementState, above: ElementState) -> float | None:
    """A height; a share of a parent's is none when the parent has none."""
    value = style[name]
    if not value:
        return None
    if above.height is None and "%" in _spelt(value):
        return None
    return length(value[0], Scale(here.em, here.rem, above.height or 0.0))


def _spelt(value: Tokens) -> str:
    return (
        "%"
        if any(t.type == "percentage" or (t.type == "function" and _spelt(significant(t.arguments))) for t in value)
        else ""
    )


def _box(style: Computed, here: ElementState, above: ElementState) -> tuple[float | None, float | None]:
    """Width and height where the styles name them."""
    wide = _within(*(length_of(style, name, here, above.width) for name in ("width", "max-width", "min-width")))
    high = _within(*(_height(style, name, here, above) for name in ("height", "max-height", "min-height")))
    return wide, high


def _within(size: float | None, most: float | None, least: float | None) -> float | None:
    if size is None and most is None:
        return None
    return max(min(s for s in (size, most) if s is not None), least or 0.0)


def by_ratio(style: Computed, wide: float) -> float | None:
    """The height that ``aspect-ratio`` gives a box."""
    numbers = [float(t.value) for t in style["aspect-ratio"] if t.type == "number"]
    if not numbers or not numbers[0]:
        return None
    return wide * (numbers[1] if len(numbers) > 1 else 1.0) / numbers[0]


def placed(node: Node, style: Computed, here: ElementState, above: ElementState, *, is_box: bool) -> ElementState:
    """Moved by its position, margins and transforms; with the box that it is, if it is one."""
    position = style.word("position") or "static"
    wide, high = _box(style, here, above) if is_box else (None, None)
    if position in POSITIONED:
        here = _lifted(style, here, above, position, wide)
    elif position == "relative":
        here = replace(
            here,
            x=here.x + _moved(style, here, "left", "right", above.width),
            y=here.y + _moved(style, here, "top", "bottom", 0.0),
        )
    indent = length_of(style, "padding-left", here, above.width) or 0.0
    shift = length_of(style, "margin-left", here, above.width) or 0.0
    if style.word("float") == "right":
        shift -= length_of(style, "margin-right", here, above.width) or 0.0
    here = replace(here, x=here.x + shift + (indent if indent > FAR else 0.0))
    if is_box:
        here = replace(here, y=here.y + (length_of(style, "margin-top", here, above.width) or 0.0))
        here = _turned(style, here, wide, high)
    if here.window is not None and is_box:
        _fill(here.window, style, here, above)
        here = replace(here, start=here.window.filled)
    opened = replace(here, width=above.width if wide is None else wide, height=high, size=high)
    if is_box:
        opened = _windowed(style, replace(opened, indent=_indent(style, opened)), wide, high)
    return _as_corner(node, style, opened, position)


def _indent(style: Computed, here: ElementState) -> float:
    if not style["text-indent"]:
        return here.indent
    return next(
        (n for t in style["text-indent"] if (n := length(t, Scale(here.em, here.rem, here.width))) is not None), 0.0
    )


def _fill(window: Window, style: Computed, here: ElementState, above: ElementState) -> None:
    window.end_line(here.em * 1.2)
    for name in ("margin-top", "padding-top"):
        window.filled += max(0.0, length_of(style, name, here, above.width) or 0.0)


def _moved(style: Computed, here: ElementState, start: str, end: str, percent: float) -> float:
    given = length_of(style, start, here, percent)
    if given is not None:
        return given
    return -(length_of(style, end, here, percent) or 0.0)


def _lifted(
    style: Computed, here: ElementState, above: ElementState, position: str, wide: float | None
) -> ElementState:
    """Taken out of the flow, and put where its offsets say."""
    fixed = position == "fixed"
    by = above.fixed_by if fixed else above.by
    left, right = (length_of(style, name, here, by.width) for name in ("left", "right"))
    top, bottom = (length_of(style, name, here, by.height) for name in ("top", "bottom"))
    here = replace(here, window=by.window, placed_by=by.owner, is_fixed=fixed or above.is_fixed)
    if left is not None or right is not None:
        x = by.x + (left if left is not None else by.width - (right or 0.0) - (FAR if wide is None else wide))
        here = replace(here, x=x, sure_x=by.sure_x)
    if top is not None or bottom is not None:
        y = by.y + (top if top is not None else by.height - (bottom or 0.0) - here.em * 1.2)
        here = replace(here, y=y, sure_y=by.sure_y)
    return here


def _turned(style: Computed, here: ElementState, wide: float | None, high: float | None) -> ElementState:
    across = Scale(here.em, here.rem, here.width if wide is None else wide)
    down = Scale(here.em, here.rem, here.em * 1.2 if high is None else high)
    made = transforms.single_turns(style["translate"], style["rotate"], style["scale"], across, down)
    made = made.then(transforms.turn_of(style["transform"], across, down))
    zoom = number(style["zoom"][0]) if style["zoom"] else None
    if zoom:
        made = made.then(Turn(a=zoom, d=zoom))
    whole = here.turn.then(replace_place(made))
    return replace(here, turn=whole, x=here.x + made.x, y=here.y + made.y)


def replace_place(turn: Turn) -> Turn:
    """The same turn on the spot: places are kept apart from it."""
    return turn._replace(x=0.0, y=0.0)


def _windowed(style: Computed, here: ElementState, wide: float | None, high: float | None) -> ElementState:
    """With the window that it is, if it cuts off what is outside of it."""
    ways = {style.word("overflow-x") or "visible", style.word("overflow-y") or "visible"}
    contained = set(words(style["contain"])) & {"paint", "strict", "content"}
    if (ways == {"visible"} and not contained) or here.display.startswith("table-"):
        return here
    if {"strict", "size"} & set(words(style["contain"])):
        high = high or 0.0
    high = by_ratio(style, here.width if wide is None else wide) if high is None else high
    small = (wide is not None and wide < 2 * THINNEST) or (high is not None and high < THINNEST)
    if ways & {"auto", "scroll", "overlay"} and not small:
        return replace(here, window=None, gone=here.gone or _is_too_small(here.window))
    clamp = style["-webkit-line-clamp"]
    if clamp and clamp[0].type == "number" and "hidden" in ways:
        high = min(high or math.inf, clamp[0].value * here.em * 1.2)
    in_line = style.word("white-space") in ("nowrap", "pre")
    positioned = (style.word("position") or "static") != "static" or is_turned(style)
    width = here.width if wide is None else wide
    padding = length_of(style, "padding-top", here, here.width) or 0.0
    if high is not None:
        high = max(high, padding) if style.word("box-sizing") == "border-box" else high + padding
    return replace(here, window=Window(here.window, width, high, here.x, here.y, in_line, positioned, filled=padding))


def _is_too_small(window: Window | None) -> bool:
    """Whether nothing can be seen in a window, however far it is scrolled."""
    while window is not None:
        if window.width < THINNEST or (window.height is not None and window.height < THINNEST):
            return True
        window = window.above
    return False


def _as_corner(node: Node, style: Computed, here: ElementState, position: str) -> ElementState:
    if position == "static" and not is_turned(style):
        return here
    window = here.window
    corner = Corner(
        here.x,
        here.y,
        here.width,
        VIEW_HEIGHT if here.height is None else here.height,
        here.sure_x,
        here.sure_y,
        window,
        node,
    )
    return replace(here, by=corner, fixed_by=corner if is_turned(style) else here.fixed_by)


_MASKED = ("mask-size", "mask-position", "mask-repeat", "mask-clip", "mask-composite", "mask-mode")


def cuts_itself(style: Computed, here: ElementState) -> bool:
    """Whether a clip or a mask leaves nothing of it to be seen."""
    across = Scale(here.em, here.rem, length_of(style, "width", here, here.width) or here.width)
    down = Scale(here.em, here.rem, length_of(style, "height", here, 0.0) or here.em * 1.2)
    if style["clip-path"] and transforms.clips_away(style["clip-path"], across, down):
        return True
    if style.word("position") in POSITIONED and transforms.rect_cuts(style["clip"], across):
        return True
    if any(t.type != "ident" for t in style["mask-image"]) and any(style[name] for name in _MASKED):
        return True  # where the mask lies, and how several work together, is not computed
    return transforms.masks_away(style["mask-image"], lambda gradient: stops(gradient, here.colour))


def is_shut(style: Computed, here: ElementState, above: ElementState) -> bool:
    """Whether it cuts off what is outside of it, and is given no room by its parent."""
    ways = {style.word("overflow-x"), style.word("overflow-y")}
    if not ways & {"hidden", "clip", "auto", "scroll"}:
        return False
    if above.rows_shut or here.rows_shut:
        return True
    if not above.display.endswith(("flex", "grid")):
        return False
    basis, grows = style["flex-basis"], number(style["flex-grow"][0]) if style["flex-grow"] else 0.0
    small = basis and (room := length(basis[0], Scale(here.em, here.rem))) is not None and room < THINNEST
    return bool(small and not grows) or (above.size is not None and above.size < THINNEST)
