"""The boxes and words of a page go in, in document order; the words that something painted later may overlap come out.

Words can be covered by the background, border, shadow or outline of a box that was moved, is taken out of the flow or
paints beyond its edges; by a picture; by letters that are blocks; by letters in the colour of their background. Which of
two is painted later is known (CSS 2.2, appendix E). Where they lie is estimated (``flow.py``); where the estimate cannot
tell them apart, they are taken to overlap.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator
from dataclasses import dataclass

from survey_extract.adapters.css.drawings import BEYOND
from survey_extract.adapters.css.flow import Flow, Span, kind_of
from survey_extract.adapters.css.ink import PICTURES, Ink, inks_of
from survey_extract.adapters.css.known import ElementState, is_turned, length_of
from survey_extract.adapters.css.letters import letters_reach, line_height
from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.painted_box import (
    Box,
    is_displaced,
    layer_of,
    offset_of,
    shift_of,
    sides_of,
    tall_of,
    upwards,
    wide_of,
)
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import VIEW_HEIGHT, VIEW_WIDTH, words
from survey_extract.errors import ReadError

LEFT = 0.4
"""The least share of the light that words must keep."""
TOUCH = 4.0
"""Pixels that two places may have in common by estimate before they are taken to meet."""
ASIDE = 16.0
"""Pixels by which paint may go to the side: less hides no word."""
MOST_STEPS = 400_000
"""Boxes compared with pieces of text in a page, at most, or a hundred for each box."""
_CANVAS = frozenset(["html", "body"])
_LAID = ("grid-area", "grid-row", "grid-column")


@dataclass(slots=True, eq=False)
class _Words:
    slot: object
    box: Box
    order: float
    span: Span
    letters: int
    wide: float
    """Pixels beyond its box, where it does not wrap."""
    veil: float = 1.0


Rank = tuple[float, float, float]


class Overlaps:
    """Collects the boxes and words of a page, then says which words something may overlap."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._boxes: list[Box] = []
        self._known: dict[int, Box] = {}
        self._open: list[Box] = []
        self._words: list[_Words] = []
        self._letters = 0
        self._steps = 0
        self._sunk = False
        """Whether anything is painted below blocks."""

    # --- collecting -------------------------------------------------------------------------------

    def enter(
        self, node: Node, style: Computed, here: ElementState, above: ElementState, order: float, *, scripts: bool
    ) -> None:
        """A box begins."""
        tag = node.tag
        parent = self._open[-1] if self._open else None
        kind = "out" if here.gone else kind_of(style, here, above)
        layer = layer_of(tag, style, kind, above)
        tall = tall_of(tag, style, here, kind)
        shift = shift_of(style, here, above, tall, tag)
        if parent is not None and kind != "out":
            shift = parent.shift.and_then(shift)
        self._flow.opens(kind, style, here, above, picture=tag in PICTURES and not here.gone)
        reach = sides_of(style, here, above, kind, parent)
        lifted = layer is not None or kind == "inline" or bool(parent and parent.lifted)
        ways = {style.word("overflow-x") or "visible", style.word("overflow-y") or "visible"}
        clips = "visible" not in ways or bool({"paint", "strict", "content"} & set(words(style["contain"])))
        box = Box(
            node,
            parent,
            tag,
            kind,
            style,
            here,
            order,
            layer,
            shift,
            lifted,
            clips,
            reach,
            self._letters,
            tall,
            len(self._words),
        )
        self._sunk = self._sunk or bool(layer and layer.z < 0)
        self._open.append(box)
        self._known[id(node)] = box
        if not here.gone and tag not in _CANVAS and not (scripts and here.is_fixed):
            self._boxes.append(box)

    def leave(self, above: ElementState) -> None:
        """A box ends."""
        box = self._open.pop()
        box.span = self._flow.closes(box.kind, box.style, box.here, above, box.tall)
        box.letters = self._letters - box.letters
        box.last = len(self._words)
        if box.blocks is not None:
            box.inks.append(Ink(box.span.top - box.blocks.top, box.blocks.end - box.span.end, 0.0, 1.0, front=True))
        holds = bool(box.letters or box.tall or box.node.children)
        beyond = float(box.node.element.get(BEYOND) or 0)
        if beyond and box.tag == "svg":
            box.inks.append(Ink(beyond, beyond, beyond, 1.0))
        box.inks += inks_of(
            box.tag,
            box.style,
            box.here,
            inline=box.kind == "inline",
            holds=holds,
            drawn=bool(box.node.element.get(BEYOND)),
        )

    def words(self, slot: object, text: str, order: float, *, covers: bool) -> None:
        """A piece of text. ``covers``: its letters hide what is below them, and are not seen themselves."""
        box = self._open[-1]
        letters = len(" ".join(text.split()))
        line = max(line_height(box.here), 0.0)
        span = self._flow.words(letters, box.here, line)
        run = letters * box.here.em * 0.5
        wraps = box.style.word("white-space") not in ("nowrap", "pre")
        self._letters += letters
        self._words.append(_Words(slot, box, order, span, letters, 0.0 if wraps else max(0.0, run - box.here.width)))
        reach = letters_reach(box.style, box.here) if covers else 0.0
        if covers and (reach > box.here.em / 2 or is_displaced(box)):
            spare = max(0.0, box.here.em - line) / 2 + reach
            own = span.grown(spare, spare)
            old = box.blocks
            box.blocks = own if old is None else Span(min(old.top, own.top), max(old.end, own.end))
            box.lifted = True

    def breaks(self, here: ElementState) -> None:
        """A line ends by order."""
        self._flow.breaks(line_height(here))

    # --- overlaps ---------------------------------------------------------------------------------

    def covered(self) -> set[object]:
        """The pieces of text that something may lie on."""
        rows = self._rows()
        for box in self._boxes:
            if not box.inks or not (box.lifted or self._sunk or any(ink.front for ink in box.inks)):
                continue
            chain = {id(one) for one in upwards(box)}
            bare = self._place(box)
            gaps = -sum(
                _least(one, "margin-top") for one in upwards(box)
            )  # how far it is pulled up depends on gaps above it
            for ink in box.inks:
                place = bare.grown(max(0.0, ink.up) + box.shift.up, max(0.0, ink.down) + box.shift.down + gaps)
                for at in self._near(box, place, rows, own=ink.own):
                    piece = self._words[at]
                    self._steps += 1
                    if self._steps > max(MOST_STEPS, 100 * len(self._boxes)):
                        raise ReadError("its style sheets are too large to tell what they hide")
                    if piece.veil >= LEFT and self._lies_on(box, ink, place, bare, piece, chain):
                        piece.veil *= 1 - min(1.0, ink.alpha)
        return {piece.slot for piece in self._words if piece.veil < LEFT}

    def _rows(self) -> dict[int, list[int]]:
        """The numbers of the pieces of text in each strip of the page."""
        rows: dict[int, list[int]] = {}
        for at, piece in enumerate(self._words):
            for row in _strips(self._text_place(piece)) or (_ALL,):
                rows.setdefault(row, []).append(at)
        return rows

    def _near(self, box: Box, place: Span, rows: dict[int, list[int]], *, own: bool) -> Iterator[int]:
        """The pieces of text that are about as far down the page as a box."""
        strips = _strips(place)
        found = (
            range(len(self._words)) if strips is None else {at for row in (*strips, _ALL) for at in rows.get(row, ())}
        )
        return (at for at in found if own or not box.first <= at < box.last)

    def _text_place(self, words: _Words) -> Span:
        shift, moved = words.box.shift, self._moved(words.box)
        return Span(words.span.top + moved, words.span.end + moved).grown(shift.up, shift.down)

    def _moved(self, box: Box | None) -> float:
        """How far down an offset has put what is in a box."""
        moved = 0.0
        while box is not None:
            if box.kind == "out":
                return moved + self._place(box).top - box.span.top
            box = box.parent
        return moved

    def _place(self, box: Box) -> Span:
        """Where a box stands, but for what moves it at last."""
        if box.kind != "out":
            moved = self._moved(box.parent) if box.parent else 0.0
            end = box.span.end
            if box.parent and box.parent.here.display.endswith(("flex", "grid")):
                end = max(end, box.parent.span.end)  # as high as its row, which may be all there is
            share = box.style["height"]
            if box.parent and share and share[0].type == "percentage":
                outer = self._place(box.parent)
                end = max(end, box.span.top + (outer.end - outer.top) * float(share[0].value) / 100)
            return Span(box.span.top + moved, end + moved)
        owner = self._known.get(id(box.here.placed_by)) if box.here.placed_by else None
        around = owner.span if owner else Span(0.0, VIEW_HEIGHT)
        if owner is not None and (moved := self._moved(owner)):
            around = Span(around.top + moved, around.end + moved)
        return offset_of(box, around)

    def _lies_on(self, box: Box, ink: Ink, place: Span, bare: Span, words: _Words, chain: set[int]) -> bool:
        below = self._text_place(words)
        if place.meets(below) <= 0:
            return False
        path = list(_until(words.box, chain))
        common = path[-1].parent if path else words.box
        if common is box:
            return ink.own and not any(one.layer for one in path) and box.kind != "inline"
        way = list(_until(box, {id(common)}))
        later = _rank(way, box.order, ink) > _rank(path, words.order, None)
        if not later or _is_cut_off(way, below) or self._apart(way, words, ink):
            return False
        out = next((one for one in reversed(way) if one.kind == "out"), None)
        if out is not None and (out.order < words.order or any(out.style[name] for name in _OFFSETS)):
            return place.meets(below) > TOUCH
        return _meet(common, way, path, ink, place, bare, below, words)

    def _apart(self, way: list[Box], words: _Words, ink: Ink) -> bool:
        """Whether a box stands beside some words for sure."""
        across, other = self._across(way[0]), self._across(words.box)
        if across is None or other is None:
            return False
        block = next((one for one in upwards(words.box) if one.kind != "inline"), None)
        if block is not None and block.wide is not None and words.box.kind in ("inline", "block", "atom"):
            run = block.letters * max(block.here.em, words.box.here.em) * 0.7 + 2 * words.box.here.em
            other = other if run >= other.end - other.top else _aligned(words.box, other, run)
        aside = max(0.0, ink.aside) + way[0].shift.aside + words.box.shift.aside + words.wide
        return across.grown(aside, aside).meets(other) <= 2

    def _across(self, box: Box) -> Span | None:
        """From where to where a box goes across the page."""
        if box.kind != "out":
            if box.wide is None or not any(one.kind == "out" for one in upwards(box)):
                return box.wide
            return self._across(next(one for one in upwards(box) if one.kind == "out"))
        style, here = box.style, box.here
        owner = self._known.get(id(here.placed_by)) if here.placed_by else None
        around = self._across(owner) if owner else Span(0.0, VIEW_WIDTH)
        if around is None:
            return None
        width = around.end - around.top
        wide = wide_of(box)
        left, right = (length_of(style, name, here, width) for name in ("left", "right"))
        if left is not None:
            start = around.top + left + (length_of(style, "margin-left", here, width) or 0.0)
            return Span(start, start + wide if right is None else around.end - right)
        if right is not None:
            return Span(around.end - right - wide, around.end - right)
        outer = self._across(box.parent) if box.parent else None
        return None if outer is None else Span(outer.top, outer.end + wide)


_OFFSETS = ("top", "bottom", "left", "right")


def _until(box: Box, chain: Container[int]) -> Iterator[Box]:
    """A box and what it is in, below the first that is one of a chain."""
    at: Box | None = box
    while at is not None and id(at) not in chain:
        yield at
        at = at.parent


def _is_cut_off(way: list[Box], below: Span) -> bool:
    """Whether a box is within one that cuts off what is outside of it, and does not lie there itself."""
    clip = next((one for one in way[1:] if one.clips and not _escapes(way, one)), None)
    if clip is None:
        return False
    outer = Span(*clip.span).grown(clip.shift.up, clip.shift.down)
    return outer.meets(below) <= TOUCH or not any(clip.shift)


_STRIP = 64.0
_ALL = -(1 << 60)
"""The strip of what is too tall to be in each of its own."""
_MOST_STRIPS = 64


def _strips(place: Span) -> range | None:
    """The strips of the page that something stands in; None for too many."""
    if not (math.isfinite(place.top) and math.isfinite(place.end)) or place.end - place.top > _STRIP * _MOST_STRIPS:
        return None
    return range(int(place.top // _STRIP), int(place.end // _STRIP) + 1)


def _aligned(box: Box, within: Span, run: float) -> Span:
    """Where a line stands in what it is given."""
    align = box.style.word("text-align")
    if align in ("", "left", "start", "justify"):
        return Span(within.top, within.top + run)
    if align in ("right", "end"):
        return Span(within.end - run, within.end)
    spare = (within.end - within.top - run) / 2
    return within.grown(-spare, -spare) if align == "center" else within


def _escapes(way: list[Box], clip: Box) -> bool:
    """Whether a box is placed by something outside of one that cuts off what is outside of it."""
    inner = way[: way.index(clip)]
    outs = [one for one in inner if one.kind == "out"]
    if not outs:
        return False
    return (clip.style.word("position") or "static") == "static" and not is_turned(clip.style)


def _meet(
    common: Box | None,
    way: list[Box],
    path: list[Box],
    ink: Ink,
    place: Span,
    bare: Span,
    below: Span,
    words: _Words,
) -> bool:
    """Whether a box meets words that it shares a parent with, at some distance."""
    beside = common is not None and common.here.display.endswith(("flex", "grid", "table-row"))
    branch, other = way[-1], path[-1] if path else None
    if beside and other is not None:
        same = [branch.style[name] and _spelt(branch, name) == _spelt(other, name) for name in _LAID]
        if same[0] or (same[1] and same[2]):
            return True
    in_line = branch.kind in ("inline", "atom") and (other is None or other.kind in ("inline", "atom"))
    floats = branch.kind == "float" or (other is not None and other.kind == "float")
    box = way[0]
    aside = max(ink.aside + box.shift.aside + _pulled(way), words.wide, words.box.shift.aside + _pulled(path))
    if not (beside or in_line or floats):
        return place.meets(below) > TOUCH
    apart = bare.meets(below) <= TOUCH
    if apart:
        return place.meets(below) > TOUCH
    down = max(ink.up, ink.down) + box.shift.up + box.shift.down + _raised(way)
    return aside > ASIDE or (not in_line and down > ASIDE)


def _spelt(box: Box, name: str) -> tuple[str, ...]:
    return tuple(str(getattr(t, "value", t)) for t in box.style[name])


def _pulled(way: list[Box]) -> float:
    """How far margins pull something to a side."""
    if way and (inner := way[0].wide) is not None and (outer := way[-1].wide) is not None and way[-1].kind != "inline":
        return max(
            0.0,
            outer.top - inner.top,
            inner.end - outer.end,
            -_least(way[-1], "margin-left"),
            -_least(way[-1], "margin-right"),
        )
    names = ("margin-left", "margin-right")
    return sum(
        max(0.0, -(length_of(one.style, name, one.here, one.here.width) or 0.0)) for one in way for name in names
    )


def _least(box: Box, name: str) -> float:
    return min(0.0, length_of(box.style, name, box.here, box.here.width) or 0.0)


def _raised(way: list[Box]) -> float:
    return sum(
        max(0.0, -(length_of(one.style, name, one.here, one.here.width) or 0.0))
        for one in way
        for name in ("margin-top", "margin-bottom")
    )


def _rank(way: list[Box], order: float, ink: Ink | None) -> Rank:
    """When something is painted among the children of an element: by its height, its phase, its place in the page."""
    if ink is None or way == []:
        rank: Rank = (0.0, 2.0, order)
    elif ink.front:
        rank = (0.0, 2.5, order)
    else:
        rank = (0.0, 2.0 if way[0].kind == "inline" else 0.0, order)
    for one in way:
        layer = one.layer
        if layer is None:
            continue
        if layer.closed or (rank[0] == 0.0 and rank[1] < 3):
            rank = (layer.z, float(layer.phase), one.order)
    return rank
