"""The state of an element as the cascade comes down to it: its letters, its place, the boxes that clip it and what is painted around it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.paint import Paint
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.transforms import Turn
from survey_extract.adapters.css.values import BLACK, VIEW_HEIGHT, VIEW_WIDTH, Rgba, Scale, Tokens, length, significant

FAR = 200.0
"""Pixels by which a text of unknown place must not be moved to the left or upwards."""
THINNEST = 8.0
"""Pixels of a box that cuts off what is outside of it; in a smaller one no line of text is seen."""
POSITIONED = frozenset(["absolute", "fixed"])


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
class ElementState:
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


def length_of(style: Computed, name: str, here: ElementState, percent: float) -> float | None:
    """Pixels of a property, None where it is not set or cannot be known; ``percent`` is what a share is taken of."""
    value = style[name]
    return length(value[0], Scale(here.em, here.rem, percent)) if value else None


def is_turned(style: Computed) -> bool:
    """Whether a style turns, moves or filters an element: then others are placed by it."""
    return any(
        style[name] and style.word(name) != "none" for name in ("transform", "filter", "translate", "rotate", "scale")
    )


def blur_of(value: Tokens, here: ElementState) -> float:
    """Pixels of the widest blur among filters."""
    radii = [significant(t.arguments) for t in value if t.type == "function" and t.lower_name == "blur"]
    return max((length(inner[0], Scale(here.em, here.rem)) or 0.0 for inner in radii if inner), default=0.0)
