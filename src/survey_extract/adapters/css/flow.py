"""The boxes of a page go in, in document order; how far down the page each begins and ends comes out: an estimate of CSS's normal flow.

It is no layout engine: lines are estimated from the number of letters, and gaps, floats and pictures of unknown size
count as nothing. The distance between two places is therefore never larger than in a browser, so that nothing that may
reach from one to the other is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from survey_extract.adapters.css.known import POSITIONED, ElementState, length_of
from survey_extract.adapters.css.style import Computed

LETTER = 0.4
"""Of the letter size: how wide a letter is, at least."""
_ATOMS = frozenset(["inline-block", "inline-flex", "inline-grid", "inline-table", "table-cell"])


class Span(NamedTuple):
    """From where to where something stands, in pixels down the page."""

    top: float
    end: float

    def grown(self, up: float, down: float) -> Span:
        return Span(self.top - up, self.end + down)

    def meets(self, other: Span) -> float:
        """How many pixels two have in common."""
        return min(self.end, other.end) - max(self.top, other.top)


@dataclass(slots=True)
class _Frame:
    """A box under way."""

    start: float
    y: float
    width: float
    beside: bool
    """Its children stand side by side, or may."""
    kind: str
    run: float = 0.0
    """Pixels of the line under way."""
    line: float = 0.0
    lowest: float = 0.0
    floats: float = -1e9
    """Where the lowest float in it ends."""

    @property
    def lines(self) -> int:
        """How many lines are under way."""
        return int(self.run / max(1.0, self.width)) + 1

    def end_line(self) -> None:
        if self.run or self.line:
            self.y += self.line * self.lines
            self.run = self.line = 0.0


def kind_of(style: Computed, here: ElementState, above: ElementState) -> str:
    """How a box takes part in the flow: ``out`` of it, as a ``float``, an ``atom`` of a line, ``inline``, or a ``block``."""
    if style.word("position") in POSITIONED:
        return "out"
    if style.word("float") not in ("", "none"):
        return "float"
    if here.display in _ATOMS or above.display.endswith(("flex", "grid")):
        return "atom"
    return "inline" if here.display in ("inline", "contents", "ruby", "math") else "block"


class Flow:
    """Where a page has come to."""

    def __init__(self) -> None:
        self._frames = [_Frame(0.0, 0.0, 1280.0, beside=False, kind="block")]

    @property
    def y(self) -> float:
        return self._frames[-1].y

    def opens(self, kind: str, style: Computed, here: ElementState, above: ElementState, *, picture: bool) -> float:
        """A box begins; where."""
        frame = self._frames[-1]
        if kind == "inline":
            if picture:
                frame.line = max(frame.line, here.em * 1.2)
            return frame.y
        top = _pixels(style, "margin-top", here, above)
        if kind == "block" and not frame.beside:
            frame.end_line()
            frame.y += top
            if style.word("clear") not in ("", "none"):
                frame.y = max(frame.y, *(one.floats for one in self._frames))
            start = frame.y
        else:
            start = (frame.start if frame.beside and kind != "out" else frame.y) + top
        inner = start + max(0.0, _pixels(style, "padding-top", here, above)) + border(style, "top", here)
        beside = here.display.endswith(("flex", "grid")) or here.display == "table-row"
        width = here.width if here.width > 0 else 1.0
        self._frames.append(_Frame(start if not beside else inner, inner, width, beside, kind, lowest=inner))
        return start

    def closes(self, kind: str, style: Computed, here: ElementState, above: ElementState, tall: float | None) -> Span:
        """A box ends; from where to where it stands. ``tall`` is its height where that is known."""
        if kind == "inline":
            frame = self._frames[-1]
            return Span(frame.y, frame.y + max(frame.line, here.em))
        frame = self._frames.pop()
        frame.end_line()
        top = frame.start - (
            0.0 if not frame.beside else _pixels(style, "padding-top", here, above) + border(style, "top", here)
        )
        end = max(frame.y, frame.lowest if frame.beside else frame.y)
        end += max(0.0, _pixels(style, "padding-bottom", here, above)) + border(style, "bottom", here)
        ways = {style.word("overflow-x") or "visible", style.word("overflow-y") or "visible"}
        if kind != "block" or here.display == "flow-root" or "visible" not in ways:
            end = max(end, frame.floats)
            frame.floats = -1e9
        end = max(end, top + max(0.0, length_of(style, "min-height", here, 0.0) or 0.0))
        if tall is not None:
            end = top + tall
        outer = self._frames[-1]
        outer.floats = max(outer.floats, end if kind == "float" else frame.floats)
        below = _pixels(style, "margin-bottom", here, above)
        if kind in ("block", "atom", "float") and outer.beside:
            outer.lowest = max(outer.lowest, end + below)
            outer.y = outer.start
        elif kind == "block":
            outer.y = end + below
        elif kind == "atom":
            outer.line = max(
                outer.line, end - top + min(0.0, _pixels(style, "margin-top", here, above)) + min(0.0, below)
            )
        return Span(top, end)

    def words(self, letters: int, here: ElementState, line: float) -> Span:
        """A piece of text; where it stands."""
        frame = self._frames[-1]
        top = frame.y
        start = frame.lines - 1
        frame.run += letters * here.em * LETTER
        frame.line = max(frame.line, line)
        return Span(top + start * line, top + max(frame.lines * line, start * line + here.em))

    def breaks(self, line: float) -> None:
        """A line ends by order."""
        frame = self._frames[-1]
        frame.y += frame.line * frame.lines or line
        frame.run = frame.line = 0.0


def _pixels(style: Computed, name: str, here: ElementState, above: ElementState) -> float:
    return length_of(style, name, here, above.width) or 0.0


def border(style: Computed, side: str, here: ElementState) -> float:
    """Pixels of a border."""
    if style.word(f"border-{side}-style") in ("", "none", "hidden"):
        return 0.0
    value = style[f"border-{side}-width"]
    if not value:
        return 3.0
    names = {"thin": 1.0, "medium": 3.0, "thick": 5.0}
    word = style.word(f"border-{side}-width")
    return names[word] if word in names else max(0.0, length_of(style, f"border-{side}-width", here, 0.0) or 0.0)
