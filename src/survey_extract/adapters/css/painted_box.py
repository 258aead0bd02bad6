"""A style goes in; where its box lies, what moves it and when it is painted among its neighbours come out.

These are estimates. Where the style does not say how high a picture is, or how wide a box that shrinks to fit its words,
the worst case is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from survey_extract.adapters.css import transforms
from survey_extract.adapters.css.boxes import by_ratio
from survey_extract.adapters.css.flow import Span, border
from survey_extract.adapters.css.ink import PICTURES, Ink
from survey_extract.adapters.css.known import FAR, ElementState, is_turned, length_of
from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import VIEW_HEIGHT, VIEW_WIDTH, Scale, number, words

_UNKNOWN = 150.0
"""The height in pixels that a picture is taken to have where its style names none."""
_NOWHERE = Span(0.0, 0.0)


class Layer(NamedTuple):
    """Where an element is painted among its neighbours. ``closed``: together with all that is in it."""

    z: float
    phase: int
    closed: bool


class Shift(NamedTuple):
    """How far an element may have been moved from its place in the flow."""

    up: float = 0.0
    down: float = 0.0
    aside: float = 0.0

    def and_then(self, other: Shift) -> Shift:
        return Shift(self.up + other.up, self.down + other.down, self.aside + other.aside)


@dataclass(slots=True, eq=False)
class Box:
    node: Node
    parent: Box | None
    tag: str
    kind: str
    style: Computed
    here: ElementState
    order: float
    layer: Layer | None
    shift: Shift
    lifted: bool
    """It, or what it is in, is painted later than blocks are."""
    clips: bool
    wide: Span | None
    """From where to where it goes across the page, at most; None where that is not known."""
    letters: int
    """How many the page has before it; when it has ended, how many are in it."""
    tall: float | None
    first: int
    last: int = 0
    """The number of the first piece of text in it, and of that behind it."""
    span: Span = _NOWHERE
    blocks: Span | None = None
    """Where letters in it are that hide what is below them."""
    inks: list[Ink] = field(default_factory=list)


def sides_of(style: Computed, here: ElementState, above: ElementState, kind: str, parent: Box | None) -> Span | None:
    """From where to where a box goes across the page, at most; its words stand within that."""
    if parent is None or kind == "out":
        return Span(0.0, VIEW_WIDTH)
    if parent.wide is None:
        return None
    pads = [
        max(0.0, length_of(parent.style, name, parent.here, above.width) or 0.0)
        for name in ("padding-left", "padding-right")
    ]
    start, end = parent.wide.top + pads[0], parent.wide.end - pads[1]
    first, last = (length_of(style, name, here, above.width) or 0.0 for name in ("margin-left", "margin-right"))
    wide = length_of(style, "width", here, above.width)
    most = length_of(style, "max-width", here, above.width)
    if most is not None and most < (end - start if wide is None else wide) and (kind == "block" or wide is not None):
        wide = most
    if kind == "inline" or end <= start:
        return Span(start + min(0.0, first), max(end, start))
    if kind == "block":
        return _block_sides(style, Span(start + first, end - last), wide)
    if kind == "float" and wide is not None:
        wide += _padding(style, here, above)
        if first <= -0.95 * (end - start):  # pulled over all that is before it
            start, end, first = parent.wide.top, parent.wide.top + wide, 0.0
        elif style.word("float") == "right" and first >= 0 and last >= 0:
            start = end - last - wide
    return None if first < 0 or last < 0 else Span(start, end)


def _block_sides(style: Computed, within: Span, wide: float | None) -> Span:
    start, end = within
    spare = 0.0 if wide is None else max(0.0, end - start - wide)
    if style.word("margin-left") == "auto":
        start += spare / (2 if style.word("margin-right") == "auto" else 1)
    return Span(start, end if wide is None else start + wide)


def _padding(style: Computed, here: ElementState, above: ElementState) -> float:
    sides = sum(length_of(style, f"padding-{side}", here, above.width) or 0.0 for side in ("left", "right"))
    return sides + border(style, "left", here) + border(style, "right", here)


def wide_of(box: Box) -> float:
    """How wide a box is, at most."""
    given = length_of(box.style, "width", box.here, box.here.width)
    if given is None:
        given = VIEW_WIDTH if box.tag in PICTURES else box.letters * box.here.em * 0.7
    sides = ("padding-left", "padding-right")
    return given + sum(length_of(box.style, side, box.here, box.here.width) or 0.0 for side in sides) + 8


def is_displaced(box: Box) -> bool:
    """Whether a box may stand where others do: it, or what it is in, is moved, pulled up or out of the flow."""
    return any(one.kind == "out" or any(one.shift) or _pulls(one) for one in upwards(box))


def _pulls(box: Box) -> bool:
    return any(
        (length_of(box.style, f"margin-{side}", box.here, box.here.width) or 0.0) < 0 for side in ("top", "bottom")
    )


def upwards(box: Box | None) -> Iterator[Box]:
    while box is not None:
        yield box
        box = box.parent


def layer_of(tag: str, style: Computed, kind: str, above: ElementState) -> Layer | None:
    """The layer of an element that is not painted with the blocks around it."""
    level = style["z-index"]
    z = float(level[0].value) if level and level[0].type == "number" else None
    position = style.word("position") or "static"
    in_row = above.display.endswith(("flex", "grid"))
    if position != "static" or (z is not None and in_row):
        closed = z is not None or position in ("fixed", "sticky") or _is_group(style)
        return Layer(z or 0.0, 3, closed)
    if _is_group(style):
        return Layer(0.0, 3, closed=True)
    if kind == "float":
        return Layer(0.0, 1, closed=False)
    return Layer(0.0, 2, closed=False) if kind == "atom" or tag in PICTURES else None


_GROUPING = ("opacity", "isolation", "clip-path", "mask-image", "backdrop-filter", "perspective", "will-change", "mix-blend-mode", "offset-path", "contain", "view-transition-name", "container-type", "-webkit-box-reflect")  # fmt: skip
_PLAIN = frozenset(["none", "auto", "normal", "1", "visible"])


def _is_group(style: Computed) -> bool:
    if is_turned(style):
        return True
    return any(style[name] and style.word(name) not in _PLAIN and number(style[name][0]) != 1 for name in _GROUPING)


def shift_of(style: Computed, here: ElementState, above: ElementState, tall: float | None, tag: str) -> Shift:
    """What offsets and transforms do to an element."""
    moved = Shift()
    if style.word("position") in ("relative", "sticky"):
        x = max((abs(length_of(style, name, here, above.width) or 0.0) for name in ("left", "right")), default=0.0)
        top, bottom = (_share(style, name, here, above.height or 100.0) for name in ("top", "bottom"))
        down = top if top is not None else -(bottom or 0.0)
        if style.word("position") == "relative":
            moved = Shift(max(0.0, -down), max(0.0, down), x)
    if not is_turned(style):
        return moved
    known = tall if tall is not None else _UNKNOWN
    wide = length_of(style, "width", here, above.width)
    across, down_scale = (
        Scale(here.em, here.rem, above.width if wide is None else wide),
        Scale(here.em, here.rem, known),
    )
    turn = transforms.single_turns(style["translate"], style["rotate"], style["scale"], across, down_scale)
    turn = turn.then(transforms.turn_of(style["transform"], across, down_scale))
    if turn.a == 0 == turn.d and not turn.b:
        return moved.and_then(Shift(FAR, FAR, FAR))
    broad = above.width if wide is None else wide
    more = max(0.0, abs(turn.d) - 1) * known + min(abs(turn.b), 1.0) * broad
    more_aside = max(0.0, abs(turn.a) - 1) * broad + min(abs(turn.c), 1.0) * known
    more = 0.0 if tag in PICTURES and wide is not None and wide <= 2 * here.em else more
    return moved.and_then(Shift(max(0.0, -turn.y) + more, max(0.0, turn.y) + more, abs(turn.x) + more_aside))


def _share(style: Computed, name: str, here: ElementState, percent: float) -> float | None:
    return length_of(style, name, here, percent)


def tall_of(tag: str, style: Computed, here: ElementState, kind: str) -> float | None:
    """The height of a box: what its style names, or for a picture what is likely."""
    if kind == "inline" and tag not in PICTURES:
        return None
    named = style["height"] or style["max-height"]
    known = here.size if named else None
    if {"size", "strict"} & set(words(style["contain"])):
        known = known or 0.0
    if known is None and (given := length_of(style, "height", here, 0.0)):
        known = given
    if known is None:
        known = by_ratio(style, here.width)
    if known is None and tag in ("svg", "img", "picture", "video", "iframe", "object", "embed"):
        known = _UNKNOWN if kind == "out" else 0.0
    return known


def offset_of(box: Box, around: Span) -> Span:
    """Where the offsets of a box put it within what it is placed by."""
    style, here = box.style, box.here
    high = box.tall if box.tall is not None else 1.5 * (box.span.end - box.span.top) + 8
    margin = length_of(style, "margin-top", here, here.width) or 0.0
    top, bottom = style["top"], style["bottom"]
    of = max(0.0, around.end - around.top)
    down, up = length_of(style, "top", here, of), length_of(style, "bottom", here, of)
    if down is None and up is None:
        return Span(box.span.top, box.span.top + high)
    if down is not None and up is not None and box.tall is None:
        return Span(around.top + down, max(around.top + down + high, around.end - up))
    value, given = (top, down) if down is not None else (bottom, up)
    share = float(value[0].value) if value[0].type == "percentage" else None
    given = given or 0.0
    if share is not None and share not in (0.0, 100.0):
        return Span(around.top, around.end + high)
    if down is not None:
        return Span(around.top + given + margin, around.top + given + margin + high)
    if here.placed_by is None:
        return Span(0.0, VIEW_HEIGHT - given)
    return Span(around.end - given - high, around.end - given)
