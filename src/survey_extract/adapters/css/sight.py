"""An element's style, and what is known of its parents, go in; whether its words are seen comes out.

There is no layout here. Sizes and places are known where the styles name them;
elsewhere a text is taken to be as wide as half its letter size for each letter,
and to be where its parent is. Where that cannot tell, a text that may be
cut off or moved out of the page counts as not seen.
"""

from __future__ import annotations

import math
from dataclasses import replace

from survey_extract.adapters.css.boxes import cuts_itself, is_shut, placed
from survey_extract.adapters.css.known import FAR, POSITIONED, THINNEST, ElementState, Window
from survey_extract.adapters.css.layers import painted
from survey_extract.adapters.css.letters import (
    DARK,
    carried,
    is_readable,
    letter_colours,
    letter_size,
    line_height,
    own_colour,
)
from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.paint import Paint, stands_out
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import VIEW_HEIGHT, VIEW_WIDTH, WHITE, words

SLACK = 1.25
"""How much longer than its box a text may seem before it is taken to be cut off."""

_FALLBACK = frozenset("audio noscript annotation annotation-xml".split())
"""Elements that are not shown here, or whose own words are not."""
_NO_BOX = frozenset(["none", "table-column", "table-column-group"])


def enter(node: Node, style: Computed, above: ElementState) -> ElementState:
    """What an element's style makes of what is known of its parent."""
    if above.gone:
        return above
    display = style.word("display") or "inline"
    if display in _NO_BOX or node.tag in _FALLBACK or _is_simply_gone(style):
        return replace(above, gone=True)
    em = letter_size(style["font-size"], above)
    rem = em if node.parent is None else above.rem
    dark = "dark" in words(style["color-scheme"]) and "light" not in words(style["color-scheme"])
    here = replace(above, em=em, rem=rem, display=display, rows_shut=False, level=None, dark=dark, size=None)
    if node.parent is None and dark:
        above = replace(above, colour=WHITE, paint=Paint(None, (DARK,), is_canvas=True))
    here = carried(style, replace(here, paint=above.paint, colour=own_colour(style, here, above)))
    is_box = display not in ("inline", "contents") or _is_blockified(style, above) or node.tag == "img"
    if cuts_itself(style, here):
        return replace(above, gone=True)
    here = painted(
        node, style, placed(node, style, here, above, is_box=is_box) if display != "contents" else here, above
    )
    if is_box and is_shut(style, here, above):
        return replace(here, gone=True)
    return here


def _is_blockified(style: Computed, above: ElementState) -> bool:
    outside = style.word("float") not in ("", "none") or style.word("position") in POSITIONED
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


def is_seen(text: str, style: Computed, here: ElementState) -> bool:
    """Whether a text of an element is seen; the windows that it stands in are filled by it."""
    letters = " ".join(text.split())
    inside = _is_inside(letters, here)
    return (
        inside
        and not here.gone
        and style.word("visibility") in ("", "visible")
        and style.word("-webkit-text-security") in ("", "none")
        and is_readable(style, here)
        and _is_on_page(style, here)
        and stands_out(letter_colours(style, here), here.paint)
    )


def _is_on_page(style: Computed, here: ElementState) -> bool:
    x = here.x + here.indent
    if here.turn.facing < 0 and style.word("backface-visibility") == "hidden":
        return False
    left = -here.em if here.sure_x else -FAR
    up = -here.em / 2 if here.sure_y else -FAR
    if not left < x < VIEW_WIDTH or not up < here.y:
        return False
    return not (here.is_fixed and here.sure_y and here.y >= VIEW_HEIGHT)


def _is_inside(letters: str, here: ElementState) -> bool:
    """Whether the windows around a text show all of it."""
    run, line = len(letters) * here.em / 2, max(line_height(here), 1.0)
    window, inside = here.window, True
    while window is not None:
        inside = _is_in(window, run, line, here) and inside
        window.run += run
        window = window.above
    return inside


def _is_in(window: Window, run: float, line: float, here: ElementState) -> bool:
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
