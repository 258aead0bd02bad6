"""A style goes in; the size, the colours and the gaps of its letters come out, and whether they can be read."""

from __future__ import annotations

import re
from dataclasses import replace

from survey_extract.adapters.css.known import ElementState
from survey_extract.adapters.css.paint import resolved, stands_out
from survey_extract.adapters.css.properties import CARRIED
from survey_extract.adapters.css.style import Computed
from survey_extract.adapters.css.values import Rgba, Scale, Tokens, colour, is_system, length, number, split, word

SMALLEST = 4.0
"""Pixels of a letter's size; smaller ones cannot be read."""
LARGEST = 600.0
"""Pixels of a letter's size; of larger ones, a window shows one at a time."""
LEAST_LINE = 0.35
"""Of the letter size; in closer lines, letters stand upon letters."""
CLOSEST = -0.35
"""Of the letter size, between letters."""
MOST_GAP = 100.0
"""Pixels between letters or words, beyond which nobody reads on."""
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


def letter_size(value: Tokens, above: ElementState) -> float:
    """Pixels of the letters."""
    if not value:
        return above.em
    name = "medium" if word(value) == "initial" else word(value)
    if name in _SIZES:
        return float(_SIZES[name])
    if name in ("smaller", "larger"):
        return above.em / 1.2 if name == "smaller" else above.em * 1.2
    given = length(value[0], Scale(above.em, above.rem, above.em))
    return above.em if given is None else max(0.0, given)


def carried(style: Computed, here: ElementState) -> ElementState:
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


DARK = Rgba(0.07, 0.07, 0.07, 1)
"""The ground of a page that wants to be dark, in Chromium."""
_NOT_KNOWN = Rgba(1, 1, 1, 0)
"""For a colour that is not known here: nothing stands out in it."""


def _shade(value: Tokens, here: ElementState, current: Rgba) -> Rgba:
    """A colour of letters; those that hang on a page's darkness are not known in a dark one."""
    token = value[0]
    ours = token.type == "function" and token.lower_name == "light-dark"
    if here.dark and (ours or (token.type == "ident" and is_system(token))):
        return _NOT_KNOWN
    return resolved(token, current) or _NOT_KNOWN


def own_colour(style: Computed, here: ElementState, above: ElementState) -> Rgba:
    """The colour of the letters: its own, or that of its parent."""
    value = style["color"]
    if not value:
        return above.colour
    return _shade(value, here, above.colour)


def letter_colours(style: Computed, here: ElementState) -> list[Rgba]:
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


def is_readable(style: Computed, here: ElementState) -> bool:
    """Whether the size, the gaps and the lines of the letters let anybody read them."""
    if not SMALLEST <= here.em * here.turn.least < LARGEST or here.turn.is_mirrored:
        return False
    adjust = style["font-size-adjust"]
    if adjust and (shrunk := number(adjust[-1])) is not None and shrunk * 2 * here.em < SMALLEST:
        return False
    if not CLOSEST * here.em < here.gap < MOST_GAP or not -here.em < here.between < 2 * MOST_GAP:
        return False
    if here.struck > here.em * 0.3:
        return False
    return line_height(here) >= LEAST_LINE * here.em and not _is_reversed(style)


def line_height(here: ElementState) -> float:
    """Pixels from a line to the next."""
    return here.line * here.em if here.line_is_share else here.line


def _is_reversed(style: Computed) -> bool:
    return style.word("direction") == "rtl" and "override" in style.word("unicode-bidi")


_BLOCKS = re.compile("[\u2580-\u259f\u25a0-\u25ff\u2b1b-\u2b1e\U0001f532-\U0001f535\U0001f7e0-\U0001f7eb]")
"""Characters that are areas more than letters."""
_MANY = 3


def letters_cover(text: str, style: Computed, here: ElementState, *, shown: bool) -> bool:
    """Whether letters, or the shadows and outlines of them, take away the sight of what they are laid on."""
    if style.word("visibility") not in ("", "visible") or here.em * here.turn.least < SMALLEST:
        return False
    if len(_BLOCKS.findall(text)) >= _MANY or letters_reach(style, here) > here.em / 2:
        return True
    if (
        shown
        or here.gone
        or sum(map(str.isalnum, text)) < _MANY
        or not any(shade.alpha > 0.5 for shade in letter_colours(style, here))
    ):
        return False
    at = here.paint
    while at is not None and at.sure:
        at = at.above
    return at is None and not stands_out(letter_colours(style, here), here.paint)


def letters_reach(style: Computed, here: ElementState) -> float:
    """How far the outlines and shadows of letters go beyond them."""
    scale = Scale(here.em, here.rem)
    width = style["-webkit-text-stroke-width"]
    reach = max((length(width[0], scale) or 0.0) / 2 if width else 0.0, here.struck)
    for part in split(style["text-shadow"]):
        lengths = [n for t in part if (n := length(t, scale)) is not None]
        shades = [shade for t in part if (shade := resolved(t, here.colour))]
        if len(lengths) >= 2 and (not shades or shades[0].alpha > 0.5):
            reach = max(reach, *map(abs, lengths[:2]))
    return reach
