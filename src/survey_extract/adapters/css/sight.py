"""An element's style, and what is known of its parents, go in; whether its words are seen comes out.

There is no layout here. Sizes and places are known where the styles name them;
elsewhere a text is taken to be as wide as half its letter size for each letter,
and to stand where its parent stands. Where that cannot tell, a text that may be
cut off or moved out of the page counts as not seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from survey_extract.adapters.css import place as css_place
from survey_extract.adapters.css.paint import Paint, filters_of, grounds_of, resolved, stands_out, stops
from survey_extract.adapters.css.place import Turn
from survey_extract.adapters.css.properties import CARRIED
from survey_extract.adapters.css.select import Node
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import (
    BLACK,
    VIEW_HEIGHT,
    VIEW_WIDTH,
    WHITE,
    Rgba,
    Scale,
    Tokens,
    colour,
    is_system,
    length,
    number,
    over,
    significant,
    split,
    word,
    words,
)

SMALLEST = 4.0
"""Pixels of a letter's size; smaller ones cannot be read."""
LARGEST = 600.0
"""Pixels of a letter's size; of larger ones, a window shows one at a time."""
THINNEST = 8.0
"""Pixels of a box that cuts off what is outside of it; in a smaller one no line of text is seen."""
FAR = 200.0
"""Pixels by which a text of unknown place must not be moved to the left or upwards."""
LEAST_LINE = 0.35
"""Of the letter size; in closer lines, letters stand upon letters."""
CLOSEST = -0.35
"""Of the letter size, between letters."""
MOST_GAP = 100.0
"""Pixels between letters or words, beyond which nobody reads on."""
SLACK = 1.25
"""How much longer than its box a text may seem before it is taken to be cut off."""

_FALLBACK = frozenset(
    "audio video canvas object iframe embed noscript progress meter svg annotation annotation-xml".split()
)
"""Elements whose own words stand there for browsers of old."""
_NO_BOX = frozenset(["none", "table-column", "table-column-group"])
_POSITIONED = frozenset(["absolute", "fixed"])


@dataclass(slots=True, eq=False)
class Window:
    """A box that cuts off what is outside of it, and how far it is filled."""

    above: Window | None
    width: float
    height: float | None
    x: float
    y: float
    line: bool
    """Whether its words stand in a single line."""
    positioned: bool
    run: float = 0.0
    """Pixels of the line under way."""
    filled: float = 0.0

    def end_line(self, line: float) -> None:
        """A block ends, or begins."""
        if self.run:
            self.filled += line * (1 if self.line else math.ceil(self.run / max(1.0, self.width)))
            self.run = 0.0


@dataclass(frozen=True, slots=True)
class Corner:
    """Where an element that others are placed by begins, in pixels of the page. ``sure`` when that is known."""

    x: float = 0.0
    y: float = 0.0
    width: float = VIEW_WIDTH
    height: float = VIEW_HEIGHT
    sure_x: bool = True
    sure_y: bool = True
    window: Window | None = None
    owner: Node | None = None
    """The element itself; none for the page."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of an element's words, for its own judgement and its children's."""

    gone: bool = False
    """Nothing below it is shown, whatever is said there."""
    em: float = 16.0
    rem: float = 16.0
    colour: Rgba = BLACK
    width: float = VIEW_WIDTH
    height: float | None = VIEW_HEIGHT
    x: float = 0.0
    y: float = 0.0
    sure_x: bool = False
    sure_y: bool = False
    turn: Turn = field(default_factory=Turn)
    paint: Paint | None = None
    stack: Paint | None = None
    """What is painted up to the nearest element that keeps its children's heights to itself."""
    window: Window | None = None
    by: Corner = field(default_factory=Corner)
    fixed_by: Corner = field(default_factory=Corner)
    display: str = "block"
    is_fixed: bool = False
    indent: float = 0.0
    """Pixels by which the first line of its block is moved."""
    gap: float = 0.0
    """Pixels between letters, beside those of the font."""
    between: float = 0.0
    """Pixels between words."""
    line: float = 1.2
    """The height of a line, in letter sizes when ``line_is_share``, else in pixels."""
    line_is_share: bool = True
    struck: float = 0.0
    """Pixels of a line through the words."""
    start: float = 0.0
    """How far the window around it is filled where it begins."""
    size: float | None = None
    """Its own height, if a style names it."""
    dark: bool = False
    """Browsers give it a dark ground and light letters of their own."""
    rows_shut: bool = False
    """Its rows or columns are of no size."""
    placed_by: Node | None = None
    """The element that it is placed by, when it is taken out of the flow; none for the page."""
    level: float | None = None
    """Its height above its neighbours, if it has one of its own."""


def enter(node: Node, style: Computed, above: Sight) -> Sight:
    """What an element's style makes of what is known of its parent."""
    if above.gone:
        return above
    display = style.word("display") or "inline"
    if display in _NO_BOX or node.tag in _FALLBACK or _is_simply_gone(style):
        return replace(above, gone=True)
    em = _letter_size(style["font-size"], above)
    rem = em if node.parent is None else above.rem
    dark = "dark" in words(style["color-scheme"]) and "light" not in words(style["color-scheme"])
    here = replace(above, em=em, rem=rem, display=display, rows_shut=False, level=None, dark=dark, size=None)
    if node.parent is None and dark:
        above = replace(above, colour=WHITE, paint=Paint(None, (_DARK,), is_canvas=True))
    here = _carried(style, replace(here, paint=above.paint, colour=_own_colour(style, here, above)))
    is_box = display not in ("inline", "contents") or _is_blockified(style, above) or node.tag == "img"
    if _cuts_itself(style, here, is_box):
        return replace(above, gone=True)
    here = _painted(
        node, style, _placed(node, style, here, above, is_box=is_box) if display != "contents" else here, above
    )
    if is_box and _is_shut(style, here, above):
        return replace(here, gone=True)
    return here


def _is_blockified(style: Computed, above: Sight) -> bool:
    outside = style.word("float") not in ("", "none") or style.word("position") in _POSITIONED
    return outside or above.display.endswith(("flex", "grid")) or above.display.startswith("-webkit-")


def _is_simply_gone(style: Computed) -> bool:
    return bool(
        style.word("content-visibility") == "hidden"
        or style.puzzles
        or any(
            t.type in ("url", "function") and "counter" not in getattr(t, "lower_name", "") for t in style["content"]
        )
        or (style["offset-path"] and style.word("offset-path") != "none")
    )


# --- size and colour of letters -------------------------------------------------------------------

_SIZES = {
    "xx-small": 9,
    "x-small": 10,
    "small": 13,
    "medium": 16,
    "large": 18,
    "x-large": 24,
    "xx-large": 32,
    "xxx-large": 48,
}


def _letter_size(value: Tokens, above: Sight) -> float:
    if not value:
        return above.em
    name = "medium" if word(value) == "initial" else word(value)
    if name in _SIZES:
        return float(_SIZES[name])
    if name in ("smaller", "larger"):
        return above.em / 1.2 if name == "smaller" else above.em * 1.2
    given = length(value[0], Scale(above.em, above.rem, above.em))
    return above.em if given is None else max(0.0, given)


def _carried(style: Computed, here: Sight) -> Sight:
    """What is handed down in pixels: gaps, lines, the line through words."""
    if not any(style[name] for name in CARRIED - {"font-size", "text-indent"}):
        return here
    scale = Scale(here.em, here.rem, here.em)
    gap, between, struck = (
        old if not style[name] else length(style[name][0], scale) or 0.0
        for name, old in (
            ("letter-spacing", here.gap),
            ("word-spacing", here.between),
            ("text-decoration-thickness", here.struck),
        )
    )
    here = replace(here, gap=gap, between=between, struck=struck)
    value = style["line-height"]
    if not value:
        return here
    if word(value):
        return replace(here, line=1.2, line_is_share=True)
    if value[0].type == "number":
        return replace(here, line=float(value[0].value), line_is_share=True)
    given = length(value[0], scale)
    return here if given is None else replace(here, line=given, line_is_share=False)


_DARK = Rgba(0.07, 0.07, 0.07, 1)
"""The ground of a page that wants to be dark, in Chromium."""
_NOT_KNOWN = Rgba(1, 1, 1, 0)
"""For a colour that is not known here: nothing stands out in it."""


def _shade(value: Tokens, here: Sight, current: Rgba) -> Rgba:
    """A colour of letters; those that hang on a page's darkness are not known in a dark one."""
    token = value[0]
    ours = token.type == "function" and token.lower_name == "light-dark"
    if here.dark and (ours or (token.type == "ident" and is_system(token))):
        return _NOT_KNOWN
    return resolved(token, current) or _NOT_KNOWN


def _own_colour(style: Computed, here: Sight, above: Sight) -> Rgba:
    value = style["color"]
    if not value:
        return above.colour
    return _shade(value, here, above.colour)


def _letters(style: Computed, here: Sight) -> list[Rgba]:
    """The colours that letters are drawn in: their fill, their outline, their shadows. A wide outline leaves no fill."""
    fill = style["-webkit-text-fill-color"]
    found = [here.colour if not fill else _shade(fill, here, here.colour)]
    scale = Scale(here.em, here.rem)
    width = style["-webkit-text-stroke-width"]
    wide = (length(width[0], scale) or 0.0) if width else 0.0
    if wide > here.em * 0.3:
        return [_NOT_KNOWN]
    if wide >= 0.5:
        stroke = style["-webkit-text-stroke-color"]
        outline = _shade(stroke, here, here.colour) if stroke else here.colour
        found = [outline] if wide >= max(1.5, here.em / 12) else [*found, outline]
    for part in split(style["text-shadow"]):
        lengths = [n for t in part if (n := length(t, scale)) is not None]
        shades = [resolved(t, here.colour) for t in part if colour(t) is not None] or [here.colour]
        near = len(lengths) >= 2 and max(map(abs, lengths[:2])) <= 3 * here.em and (*lengths, 0.0)[2] <= here.em / 5
        found += [shade for shade in shades if shade and near]
    return found


# --- places and boxes -----------------------------------------------------------------------------


def _length(style: Computed, name: str, here: Sight, percent: float) -> float | None:
    value = style[name]
    return length(value[0], Scale(here.em, here.rem, percent)) if value else None


def _height(style: Computed, name: str, here: Sight, above: Sight) -> float | None:
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


def _box(style: Computed, here: Sight, above: Sight) -> tuple[float | None, float | None]:
    """Width and height where the styles name them."""
    wide = _within(*(_length(style, name, here, above.width) for name in ("width", "max-width", "min-width")))
    high = _within(*(_height(style, name, here, above) for name in ("height", "max-height", "min-height")))
    return wide, high


def _within(size: float | None, most: float | None, least: float | None) -> float | None:
    if size is None and most is None:
        return None
    return max(min(s for s in (size, most) if s is not None), least or 0.0)


def _by_ratio(style: Computed, wide: float) -> float | None:
    """The height that ``aspect-ratio`` gives a box."""
    numbers = [float(t.value) for t in style["aspect-ratio"] if t.type == "number"]
    if not numbers or not numbers[0]:
        return None
    return wide * (numbers[1] if len(numbers) > 1 else 1.0) / numbers[0]


def _placed(node: Node, style: Computed, here: Sight, above: Sight, *, is_box: bool) -> Sight:
    """Moved by its position, margins and transforms; with the box that it is, if it is one."""
    position = style.word("position") or "static"
    wide, high = _box(style, here, above) if is_box else (None, None)
    if position in _POSITIONED:
        here = _lifted(style, here, above, position, wide)
    elif position == "relative":
        here = replace(
            here,
            x=here.x + _moved(style, here, "left", "right", above.width),
            y=here.y + _moved(style, here, "top", "bottom", 0.0),
        )
    indent = _length(style, "padding-left", here, above.width) or 0.0
    shift = _length(style, "margin-left", here, above.width) or 0.0
    if style.word("float") == "right":
        shift -= _length(style, "margin-right", here, above.width) or 0.0
    here = replace(here, x=here.x + shift + (indent if indent > FAR else 0.0))
    if is_box:
        here = replace(here, y=here.y + (_length(style, "margin-top", here, above.width) or 0.0))
        here = _turned(style, here, wide, high)
    if here.window is not None and is_box:
        _fill(here.window, style, here, above)
        here = replace(here, start=here.window.filled)
    opened = replace(here, width=above.width if wide is None else wide, height=high, size=high)
    if is_box:
        opened = _windowed(style, replace(opened, indent=_indent(style, opened)), wide, high)
    return _as_corner(node, style, opened, position)


def _indent(style: Computed, here: Sight) -> float:
    if not style["text-indent"]:
        return here.indent
    return next(
        (n for t in style["text-indent"] if (n := length(t, Scale(here.em, here.rem, here.width))) is not None), 0.0
    )


def _fill(window: Window, style: Computed, here: Sight, above: Sight) -> None:
    window.end_line(here.em * 1.2)
    for name in ("margin-top", "padding-top"):
        window.filled += max(0.0, _length(style, name, here, above.width) or 0.0)


def _moved(style: Computed, here: Sight, start: str, end: str, percent: float) -> float:
    given = _length(style, start, here, percent)
    if given is not None:
        return given
    return -(_length(style, end, here, percent) or 0.0)


def _lifted(style: Computed, here: Sight, above: Sight, position: str, wide: float | None) -> Sight:
    """Taken out of the flow, and put where its offsets say."""
    fixed = position == "fixed"
    by = above.fixed_by if fixed else above.by
    left, right = (_length(style, name, here, by.width) for name in ("left", "right"))
    top, bottom = (_length(style, name, here, by.height) for name in ("top", "bottom"))
    here = replace(here, window=by.window, placed_by=by.owner, is_fixed=fixed or above.is_fixed)
    if left is not None or right is not None:
        x = by.x + (left if left is not None else by.width - (right or 0.0) - (FAR if wide is None else wide))
        here = replace(here, x=x, sure_x=by.sure_x)
    if top is not None or bottom is not None:
        y = by.y + (top if top is not None else by.height - (bottom or 0.0) - here.em * 1.2)
        here = replace(here, y=y, sure_y=by.sure_y)
    return here


def _turned(style: Computed, here: Sight, wide: float | None, high: float | None) -> Sight:
    across = Scale(here.em, here.rem, here.width if wide is None else wide)
    down = Scale(here.em, here.rem, here.em * 1.2 if high is None else high)
    made = css_place.single_turns(style["translate"], style["rotate"], style["scale"], across, down)
    made = made.then(css_place.turn_of(style["transform"], across, down))
    zoom = number(style["zoom"][0]) if style["zoom"] else None
    if zoom:
        made = made.then(Turn(a=zoom, d=zoom))
    whole = here.turn.then(replace_place(made))
    return replace(here, turn=whole, x=here.x + made.x, y=here.y + made.y)


def replace_place(turn: Turn) -> Turn:
    """The same turn on the spot: places are kept apart from it."""
    return turn._replace(x=0.0, y=0.0)


def _windowed(style: Computed, here: Sight, wide: float | None, high: float | None) -> Sight:
    """With the window that it is, if it cuts off what is outside of it."""
    ways = {style.word("overflow-x") or "visible", style.word("overflow-y") or "visible"}
    contained = set(words(style["contain"])) & {"paint", "strict", "content"}
    if (ways == {"visible"} and not contained) or here.display.startswith("table-"):
        return here
    if {"strict", "size"} & set(words(style["contain"])):
        high = high or 0.0
    high = _by_ratio(style, here.width if wide is None else wide) if high is None else high
    small = (wide is not None and wide < 2 * THINNEST) or (high is not None and high < THINNEST)
    if ways & {"auto", "scroll", "overlay"} and not small:
        return replace(here, window=None, gone=here.gone or _is_too_small(here.window))
    clamp = style["-webkit-line-clamp"]
    if clamp and clamp[0].type == "number" and "hidden" in ways:
        high = min(high or math.inf, clamp[0].value * here.em * 1.2)
    in_line = style.word("white-space") in ("nowrap", "pre")
    positioned = (style.word("position") or "static") != "static" or _is_turned(style)
    width = here.width if wide is None else wide
    padding = _length(style, "padding-top", here, here.width) or 0.0
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


def _is_turned(style: Computed) -> bool:
    return any(
        style[name] and style.word(name) != "none" for name in ("transform", "filter", "translate", "rotate", "scale")
    )


def _as_corner(node: Node, style: Computed, here: Sight, position: str) -> Sight:
    if position == "static" and not _is_turned(style):
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
    return replace(here, by=corner, fixed_by=corner if _is_turned(style) else here.fixed_by)


def _cuts_itself(style: Computed, here: Sight, is_box: bool) -> bool:
    """Whether a clip or a mask leaves nothing of it to be seen."""
    across = Scale(here.em, here.rem, _length(style, "width", here, here.width) or here.width)
    down = Scale(here.em, here.rem, _length(style, "height", here, 0.0) or here.em * 1.2)
    if style["clip-path"] and css_place.clips_away(style["clip-path"], across, down):
        return True
    if style.word("position") in _POSITIONED and css_place.rect_cuts(style["clip"], across):
        return True
    return css_place.masks_away(style["mask-image"], lambda gradient: stops(gradient, here.colour))


def _is_shut(style: Computed, here: Sight, above: Sight) -> bool:
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


# --- paint ----------------------------------------------------------------------------------------


def _painted(node: Node, style: Computed, here: Sight, above: Sight) -> Sight:
    opacity = style["opacity"]
    share = number(opacity[0]) if opacity else None
    filters = filters_of(style["filter"])
    if filters is None or _blur(style["filter"], here) > here.em * 0.2:
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
        paint = made if canvas or _covers_its_words(style, here) else replace(made, sure=False)
    else:
        paint = _unsure(above.paint, style, above)
    return _stacked(style, replace(here, paint=paint, rows_shut=_has_no_rows(style)), above)


def _within_shadow(style: Computed, here: Sight, grounds: tuple[Rgba, ...]) -> tuple[Rgba, ...]:
    """The colours of a shadow that falls into a box, which may fill it."""
    found: list[Rgba] = []
    for part in split(style["box-shadow"]):
        wide = any((length(t, Scale(here.em, here.rem)) or 0.0) > here.em / 2 for t in part)
        if wide and "inset" in words(part):
            shades = [shade for t in part if (shade := resolved(t, here.colour))] or [here.colour]
            found += [over(shade, ground) for shade in shades for ground in grounds[:1]]
    return tuple(found)


def _blur(value: Tokens, here: Sight) -> float:
    radii = [significant(t.arguments) for t in value if t.type == "function" and t.lower_name == "blur"]
    return max((length(inner[0], Scale(here.em, here.rem)) or 0.0 for inner in radii if inner), default=0.0)


def _covers_its_words(style: Computed, here: Sight) -> bool:
    """Whether its background lies under all its words: not when it is of a size that they may flow out of."""
    return (
        here.height is None
        or here.height >= 2 * here.em
        or (here.window is not None and here.window.height == here.height)
    )


def _holds_floats(style: Computed, here: Sight) -> bool:
    cuts = style.word("overflow-x") not in ("", "visible")
    return cuts or here.display not in ("block", "inline", "list-item", "contents")


def _unsure(paint: Paint | None, style: Computed, above: Sight) -> Paint | None:
    """The paint of the parents; not sure to lie under an element that is moved away from them."""
    leaves = style.word("position") in _POSITIONED or style.word("float") not in ("", "none")
    moved = style.word("position") == "relative" and any(style[n] for n in ("left", "right", "top", "bottom"))
    if paint is None or not (leaves or moved or _is_turned(style)) or paint.is_canvas:
        return paint
    if paint.holds_floats and not moved and style.word("position") not in _POSITIONED and not _is_turned(style):
        return paint
    if not any(g.alpha for g in paint.grounds) or not paint.sure:
        return replace(paint, above=_unsure(paint.above, style, above))
    return replace(paint, sure=False, above=_unsure(paint.above, style, above))


def _stacked(style: Computed, here: Sight, above: Sight) -> Sight:
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
        or _is_turned(style)
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


# --- covers ---------------------------------------------------------------------------------------

EDGE = 4.0
"""Pixels that a cover may leave at a side."""
_PICTURES = frozenset(["img", "picture", "input"])


def is_cover(tag: str, style: Computed, here: Sight) -> bool:
    """Whether an element lies on all of what it is placed by, and nothing shows through it."""
    if style.word("position") not in _POSITIONED or not _is_solid(tag, style, here):
        return False
    return _spans(style, here, ("left", "right", "width"), VIEW_WIDTH) and _spans(
        style, here, ("top", "bottom", "height"), VIEW_HEIGHT
    )


def is_moved_cover(tag: str, style: Computed, here: Sight) -> bool:
    """Whether an element of some height is moved out of its place, and nothing shows through it."""
    laid = any(style[name] for name in ("grid-area", "grid-row", "grid-column"))
    if not (laid or (here.size or 0.0) >= THINNEST) or not _is_solid(tag, style, here):
        return False
    offsets = any(style[name] for name in ("left", "top", "right", "bottom"))
    pulled = any((_length(style, name, here, here.width) or 0.0) < 0 for name in ("margin-top", "margin-bottom"))
    position = style.word("position") or "static"
    return bool(
        position in _POSITIONED or (position == "relative" and (offsets or pulled)) or _is_turned(style) or laid
    )


def _is_solid(tag: str, style: Computed, here: Sight) -> bool:
    """Whether nothing shows through an element."""
    if here.gone or style.word("visibility") not in ("", "visible"):
        return False
    grounds = grounds_of(style["background-color"], style["background-image"], (), here.colour)
    opacity = number(style["opacity"][0]) if style["opacity"] else 1.0
    blurs = _blur(style["backdrop-filter"], here) > here.em * 0.2
    solid = all(ground.alpha > 0.5 for ground in grounds) or any(t.type == "url" for t in style["background-image"])
    return blurs or ((opacity or 0.0) >= 0.5 and (solid or tag in _PICTURES))


def _spans(style: Computed, here: Sight, names: tuple[str, str, str], view: float) -> bool:
    """Whether it goes from one side to the other."""
    start, end, size = (_length(style, name, here, 100 * view) for name in names)
    if size is not None and size >= 0.9 * view:
        return True
    return start is not None and end is not None and max(start, end) <= EDGE


# --- the words themselves -------------------------------------------------------------------------


def is_seen(text: str, style: Computed, here: Sight) -> bool:
    """Whether a text of an element is seen; the windows that it stands in are filled by it."""
    letters = " ".join(text.split())
    inside = _is_inside(letters, style, here)
    return (
        inside
        and not here.gone
        and style.word("visibility") in ("", "visible")
        and style.word("-webkit-text-security") in ("", "none")
        and _is_readable(style, here)
        and _is_on_page(letters, style, here)
        and stands_out(_letters(style, here), here.paint)
    )


def _is_readable(style: Computed, here: Sight) -> bool:
    if not SMALLEST <= here.em * here.turn.least < LARGEST or here.turn.is_mirrored:
        return False
    adjust = style["font-size-adjust"]
    if adjust and (shrunk := number(adjust[-1])) is not None and shrunk * 2 * here.em < SMALLEST:
        return False
    if not CLOSEST * here.em < here.gap < MOST_GAP or not -here.em < here.between < 2 * MOST_GAP:
        return False
    if here.struck > here.em * 0.3:
        return False
    return _line(here) >= LEAST_LINE * here.em and not _is_reversed(style)


def _line(here: Sight) -> float:
    return here.line * here.em if here.line_is_share else here.line


def _is_reversed(style: Computed) -> bool:
    return style.word("direction") == "rtl" and "override" in style.word("unicode-bidi")


def _is_on_page(letters: str, style: Computed, here: Sight) -> bool:
    x = here.x + here.indent
    if here.turn.facing < 0 and style.word("backface-visibility") == "hidden":
        return False
    left = -here.em if here.sure_x else -FAR
    up = -here.em / 2 if here.sure_y else -FAR
    if not left < x < VIEW_WIDTH or not up < here.y:
        return False
    return not (here.is_fixed and here.sure_y and here.y >= VIEW_HEIGHT)


def _is_inside(letters: str, style: Computed, here: Sight) -> bool:
    """Whether the windows around a text show all of it."""
    run, line = len(letters) * here.em / 2, max(_line(here), 1.0)
    window, inside = here.window, True
    while window is not None:
        inside = _is_in(window, run, line, here) and inside
        window.run += run
        window = window.above
    return inside


def _is_in(window: Window, run: float, line: float, here: Sight) -> bool:
    x, y = here.x - window.x + here.indent, here.y - window.y
    if window.width < THINNEST or (window.height is not None and window.height < THINNEST):
        return False
    if x >= window.width or x < -here.em:
        return False
    if window.line and x + window.run + run > window.width * SLACK:
        return False
    if window.height is None:
        return True
    lines = 1 if window.line else math.ceil((window.run + run) / window.width)
    return (
        -here.em < y
        and max(y, window.filled) + lines * line <= max(window.height * SLACK, line + 1)
        and not y > window.height - line / 2
    )
