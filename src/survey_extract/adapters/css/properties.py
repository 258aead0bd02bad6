"""A declaration of a style sheet goes in; the properties that it means come out, each with a value that is one.

Shorthands, other names, and what browsers take for a value at all (they pass
over what is none), for the properties that can take words out of sight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import tinycss2

from survey_extract.adapters.css.values import Tokens, colour, length, number, significant, split, word, words

INHERITED = frozenset(
    "color visibility -webkit-text-fill-color "
    "-webkit-text-security text-shadow -webkit-text-stroke-width -webkit-text-stroke-color direction font-size-adjust "
    "white-space color-scheme text-align".split()
)
CARRIED = frozenset("font-size letter-spacing word-spacing line-height text-indent text-decoration-thickness".split())
"""Handed down as the pixels that they come to, which only who knows the size of letters can say: see sight.py."""
OWN = frozenset(
    "display opacity position left top right bottom margin-left margin-top margin-right margin-bottom width height "
    "max-width max-height min-width min-height overflow-x overflow-y clip clip-path transform translate scale rotate "
    "filter mask-image background-color background-image background-clip background-size mix-blend-mode "
    "content-visibility z-index float backface-visibility animation-name animation-duration animation-delay "
    "animation-iteration-count animation-direction animation-fill-mode animation-play-state animation-timeline contain "
    "unicode-bidi zoom content backdrop-filter grid-template-rows grid-template-columns offset-path padding-top "
    "mask-size mask-position mask-repeat mask-clip mask-composite mask-mode padding-left flex-basis flex-grow isolation grid-area grid-row grid-column box-sizing -webkit-line-clamp aspect-ratio box-shadow "
    "padding-right padding-bottom outline-width outline-style outline-color outline-offset border-image-source border-image-outset "
    "clear perspective will-change container-type view-transition-name -webkit-box-reflect".split()
) | frozenset(
    f"border-{side}-{part}" for side in ("top", "right", "bottom", "left") for part in ("width", "style", "color")
)
JUDGED = INHERITED | CARRIED | OWN
_PUZZLING = frozenset(
    "if random sibling-index sibling-count progress calc-size anchor anchor-size first-valid inherit toggle round mod "
    "rem sin cos tan asin acos atan atan2 pow sqrt hypot log exp sign interpolate calc-mix cross-fade".split()
)
"""Functions that a browser computes and this module does not: what they stand for is taken for the worst."""

# --- shorthands -----------------------------------------------------------------------------------

Longhands = dict[str, Tokens]


@cache
def tokens_of(css: str) -> Tokens:
    """A value of our own writing."""
    return significant(tinycss2.parse_component_value_list(css))


def _sides(*names: str) -> Callable[[Tokens], Longhands | None]:
    """One to four values for top, right, bottom and left, or one to two for a pair."""

    def expand(value: Tokens) -> Longhands | None:
        if not 1 <= len(value) <= len(names):
            return None
        picks = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}[len(value)]
        return {name: (value[pick],) for name, pick in zip(names, picks, strict=False) if name}

    return expand


def _background(value: Tokens) -> Longhands | None:
    found: Longhands = dict.fromkeys(("background-color", "background-image", "background-clip", "background-size"), ())
    found["background-color"] = tokens_of("transparent")
    for token in value:
        if token.type == "literal":
            continue
        if colour(token) is not None:
            found["background-color"] = (token,)
        elif token.type in ("function", "url") and not _is_length(token):
            found["background-image"] += (token,)
        elif token.type == "ident" and token.lower_value in ("text", "border-box", "padding-box", "content-box"):
            found["background-clip"] += (token,)
        elif token.type != "ident" or token.lower_value in _BACKGROUND_WORDS:
            found["background-size"] += (token,)
        elif token.lower_value != "none":
            return None
    return found


_BACKGROUND_WORDS = frozenset(
    "repeat repeat-x repeat-y no-repeat space round scroll fixed local left right top bottom center cover contain auto".split()
)


def _is_length(token: Any) -> bool:
    return length(token) is not None


def _font(value: Tokens) -> Longhands | None:
    if word(value) in ("caption", "icon", "menu", "message-box", "small-caption", "status-bar"):
        return {"font-size": tokens_of("13px"), "line-height": tokens_of("normal")}
    for at, token in enumerate(value):
        if _is_font_size((token,)) and at + 1 < len(value):
            slash = value[at + 1] == "/"
            line = (value[at + 2],) if slash and at + 2 < len(value) else tokens_of("normal")
            return {"font-size": (token,), "line-height": line}
    return None


def _animation(value: Tokens) -> Longhands | None:
    """The last of several animations wins over those before it; they are taken together."""
    found: Longhands = {}
    for part in split(value):
        for name, tokens in _one_animation(part).items():
            found[name] = (*found.get(name, ()), *tokens)
    return found


_ANIMATION_WORDS = {
    "infinite": "animation-iteration-count", "normal": "animation-direction", "reverse": "animation-direction", "alternate": "animation-direction",
    "alternate-reverse": "animation-direction", "forwards": "animation-fill-mode", "backwards": "animation-fill-mode", "both": "animation-fill-mode",
    "running": "animation-play-state", "paused": "animation-play-state", "linear": "", "ease": "", "ease-in": "", "ease-out": "", "ease-in-out": "",
    "step-start": "", "step-end": "", "none": "", "auto": "",
}  # fmt: skip


def _one_animation(part: Tokens) -> Longhands:
    found = {name: tokens_of(first) for name, first in _ANIMATION_FIRST.items()}
    times = 0
    for token in part:
        if token.type == "dimension" and token.lower_unit in ("s", "ms"):
            found["animation-delay" if times else "animation-duration"] = (token,)
            times += 1
        elif token.type == "number":
            found["animation-iteration-count"] = (token,)
        elif token.type == "ident" and (name := _ANIMATION_WORDS.get(token.lower_value)):
            found[name] = (token,)
        elif token.type == "string" or (token.type == "ident" and token.lower_value not in _ANIMATION_WORDS):
            found["animation-name"] = (token,)
    return found


_ANIMATION_FIRST = {
    "animation-name": "none", "animation-duration": "0s", "animation-delay": "0s", "animation-iteration-count": "1",
    "animation-direction": "normal", "animation-fill-mode": "none", "animation-play-state": "running",
}  # fmt: skip


def _mask(value: Tokens) -> Longhands:
    images = tuple(t for t in value if t.type == "url" or (t.type == "function" and not _is_length(t)))
    rest = tuple(t for t in value if t not in images and t != ",")
    others = dict.fromkeys(("mask-position", "mask-repeat", "mask-clip", "mask-composite", "mask-mode"), ())
    return {"mask-image": images or tokens_of("none"), "mask-size": rest if images else (), **others}


def _stroke(value: Tokens) -> Longhands:
    widths = tuple(t for t in value if _is_length(t))
    colours = tuple(t for t in value if colour(t) is not None)
    return {"-webkit-text-stroke-width": widths, "-webkit-text-stroke-color": colours}


def _flex(value: Tokens) -> Longhands:
    """``flex: grow shrink basis``; one or two numbers alone leave the basis at nought."""
    numbers = [t for t in value if t.type == "number"]
    others = tuple(t for t in value if t.type != "number")
    if word(value) in ("none", "auto"):
        return {"flex-grow": tokens_of("0" if word(value) == "none" else "1"), "flex-basis": tokens_of("auto")}
    return {"flex-grow": tuple(numbers[:1]) or tokens_of("1"), "flex-basis": others[:1] or tokens_of("0px")}


def _tracks(value: Tokens) -> Longhands:
    """Rows, and behind a slash columns."""
    return dict(zip(("grid-template-rows", "grid-template-columns"), [*split(value, "/"), ()], strict=False))


def _decoration(value: Tokens) -> Longhands:
    return {"text-decoration-thickness": tuple(t for t in value if _is_length(t))[:1] or tokens_of("auto")}


_LINES = frozenset("none hidden dotted dashed solid double groove ridge inset outset auto".split())
_WIDTHS = frozenset(["thin", "medium", "thick"])


def _line(*names: str) -> Callable[[Tokens], Longhands | None]:
    """``border`` and ``outline``: a width, a style and a colour in any order."""

    def expand(value: Tokens) -> Longhands | None:
        found: Longhands = {
            "style": tokens_of("none"),
            "width": tokens_of("medium"),
            "color": tokens_of("currentcolor"),
        }
        for token in value:
            if token.type == "ident" and token.lower_value in _LINES:
                found["style"] = (token,)
            elif _is_length(token) or (token.type == "ident" and token.lower_value in _WIDTHS):
                found["width"] = (token,)
            elif colour(token) is not None or token.type == "ident":
                found["color"] = (token,)
        return {f"{name}-{part}": tokens for name in names for part, tokens in found.items()}

    return expand


def _border_image(value: Tokens) -> Longhands:
    """The picture, and behind the second slash how far it goes beyond the border."""
    images = tuple(t for t in value if t.type == "url" or (t.type == "function" and not _is_length(t)))
    parts = split(value, "/")
    return {
        "border-image-source": images or tokens_of("none"),
        "border-image-outset": parts[2] if len(parts) > 2 else (),
    }


_BORDERS = ("border-top", "border-right", "border-bottom", "border-left")

SHORTHANDS: Mapping[str, Callable[[Tokens], Longhands | None]] = {
    "background": _background,
    "font": _font,
    "animation": _animation,
    "-webkit-animation": _animation,
    "mask": _mask,
    "-webkit-mask": _mask,
    "-webkit-text-stroke": _stroke,
    "flex": _flex,
    "text-decoration": _decoration,
    "inset": _sides("top", "right", "bottom", "left"),
    "margin": _sides("margin-top", "margin-right", "margin-bottom", "margin-left"),
    "padding": _sides("padding-top", "padding-right", "padding-bottom", "padding-left"),
    "border": _line(*_BORDERS),
    **{name: _line(name) for name in (*_BORDERS, "outline")},
    **{f"border-{part}": _sides(*(f"{name}-{part}" for name in _BORDERS)) for part in ("width", "style", "color")},
    "border-block": _line("border-top", "border-bottom"),
    "border-inline": _line("border-left", "border-right"),
    "border-image": _border_image,
    "-webkit-border-image": _border_image,
    "padding-block": _sides("padding-top", "padding-bottom"),
    "padding-inline": _sides("padding-left", "padding-right"),
    "overflow": _sides("overflow-x", "overflow-y"),
    "inset-inline": _sides("left", "right"),
    "inset-block": _sides("top", "bottom"),
    "margin-inline": _sides("margin-left", "margin-right"),
    "margin-block": _sides("margin-top", "margin-bottom"),
    "grid-template": _tracks,
    "grid": _tracks,
}
ALIASES = {
    "-webkit-margin-before": "margin-top", "-webkit-margin-after": "margin-bottom", "-webkit-margin-start": "margin-left", "-webkit-margin-end": "margin-right",
    "-webkit-padding-before": "padding-top", "-webkit-padding-start": "padding-left", "grid-row-start": "grid-row", "grid-column-start": "grid-column",
    "inset-inline-start": "left", "inset-inline-end": "right", "inset-block-start": "top", "inset-block-end": "bottom",
    "margin-inline-start": "margin-left", "margin-inline-end": "margin-right", "margin-block-start": "margin-top", "margin-block-end": "margin-bottom",
    "padding-block-start": "padding-top", "padding-inline-start": "padding-left", "padding-block-end": "padding-bottom", "padding-inline-end": "padding-right",
    **{f"border-{flow}-{part}": f"border-{side}-{part}" for flow, side in (("block-start", "top"), ("block-end", "bottom"), ("inline-start", "left"), ("inline-end", "right"))
       for part in ("width", "style", "color")},
    **{f"border-{flow}": f"border-{side}" for flow, side in (("block-start", "top"), ("block-end", "bottom"), ("inline-start", "left"), ("inline-end", "right"))},
    "-webkit-box-shadow": "box-shadow", "inline-size": "width", "block-size": "height",
    "max-inline-size": "max-width", "max-block-size": "max-height", "min-inline-size": "min-width", "min-block-size": "min-height",
    "overflow-inline": "overflow-x", "overflow-block": "overflow-y", "-webkit-mask-image": "mask-image", "-webkit-clip-path": "clip-path",
    "-webkit-filter": "filter", "-webkit-transform": "transform", "-webkit-opacity": "opacity", "-webkit-background-clip": "background-clip",
    "-webkit-backface-visibility": "backface-visibility", "-webkit-backdrop-filter": "backdrop-filter", "-webkit-mask-box-image": "mask-image",
    "mask-border": "mask-image", "mask-border-source": "mask-image", "line-clamp": "-webkit-line-clamp", "-webkit-background-size": "background-size",
    "background-repeat": "background-size", "background-position": "background-size", "-webkit-animation-name": "animation-name",
    "-webkit-animation-fill-mode": "animation-fill-mode", "-webkit-animation-duration": "animation-duration", "-webkit-animation-delay": "animation-delay",
    "-webkit-animation-iteration-count": "animation-iteration-count", "-webkit-animation-direction": "animation-direction", "motion-path": "offset-path",
    **{f"-webkit-mask-{name}": f"mask-{name}" for name in ("size", "position", "repeat", "clip", "composite")},
    "mask-position-x": "mask-position", "mask-position-y": "mask-position", "mask-type": "mask-mode",
    "-webkit-animation-play-state": "animation-play-state", "-webkit-mask-box-image-source": "mask-image", "text-wrap-mode": "white-space",
}  # fmt: skip

# --- which values are values -----------------------------------------------------------------------

_DISPLAYS = frozenset(
    "none contents block inline inline-block flow flow-root flex inline-flex grid inline-grid table inline-table table-row "
    "table-cell table-caption table-row-group table-header-group table-footer-group table-column table-column-group "
    "list-item ruby ruby-text math -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex run-in grid-lanes "
    "inline-grid-lanes ruby-base".split()
)
_SIZES = frozenset(
    "auto none normal min-content max-content fit-content stretch -webkit-fill-available content intrinsic min-intrinsic".split()
)
_FONT_WORDS = frozenset("xx-small x-small small medium large x-large xx-large xxx-large smaller larger math".split())
_BLENDS = frozenset(
    "normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion hue "
    "saturation color luminosity plus-lighter".split()
)


def _is_font_size(value: Tokens) -> bool:
    return len(value) == 1 and (
        word(value) in _FONT_WORDS
        or ((given := length(value[0])) is not None and (given >= 0 or value[0].type == "function"))
    )


def _one_of(*choices: str) -> Callable[[Tokens], bool]:
    allowed = frozenset(choices)
    return lambda value: bool(value) and len(words(value)) == len(value) and set(words(value)) <= allowed


def _size(value: Tokens) -> bool:
    return len(value) == 1 and (word(value) in _SIZES or length(value[0]) is not None or value[0].type == "function")


def _is_colour(value: Tokens) -> bool:
    return len(value) == 1 and colour(value[0]) is not None


def _functions(*names: str) -> Callable[[Tokens], bool]:
    allowed = frozenset(names)

    def valid(value: Tokens) -> bool:
        return word(value) == "none" or (
            bool(value) and all(t.type == "url" or (t.type == "function" and t.lower_name in allowed) for t in value)
        )

    return valid


def _is_number(value: Tokens) -> bool:
    return len(value) == 1 and number(value[0]) is not None


_CLIP_WORDS = frozenset("none border-box padding-box content-box margin-box fill-box stroke-box view-box".split())
_VALID: dict[str, Callable[[Tokens], bool]] = {
    "display": _one_of(*_DISPLAYS),
    "visibility": _one_of("visible", "hidden", "collapse"),
    "opacity": _is_number,
    "color": _is_colour,
    "background-color": _is_colour,
    "-webkit-text-fill-color": _is_colour,
    "-webkit-text-stroke-color": _is_colour,
    "font-size": _is_font_size,
    "position": _one_of("static", "relative", "absolute", "fixed", "sticky", "-webkit-sticky"),
    "overflow-x": _one_of("visible", "hidden", "clip", "scroll", "auto", "overlay"),
    "overflow-y": _one_of("visible", "hidden", "clip", "scroll", "auto", "overlay"),
    "content-visibility": _one_of("visible", "auto", "hidden"),
    "mix-blend-mode": _one_of(*_BLENDS),
    "backface-visibility": _one_of("visible", "hidden"),
    "float": _one_of("left", "right", "none", "inline-start", "inline-end"),
    "-webkit-text-security": _one_of("none", "disc", "circle", "square"),
    "direction": _one_of("ltr", "rtl"),
    "z-index": lambda value: word(value) == "auto" or _is_number(value),
    "zoom": lambda value: word(value) in ("normal", "reset") or _is_number(value),
    "text-indent": lambda value: any(_is_length(t) for t in value),
    "letter-spacing": lambda value: len(value) == 1 and (word(value) == "normal" or _is_length(value[0])),
    "word-spacing": lambda value: len(value) == 1 and (word(value) == "normal" or _is_length(value[0])),
    "line-height": lambda value: len(value) == 1 and (word(value) == "normal" or number(value[0]) is not None or _is_length(value[0])),
    "filter": _functions("blur", "brightness", "contrast", "drop-shadow", "grayscale", "hue-rotate", "invert", "opacity", "saturate", "sepia", "url"),
    "transform": _functions(
        "matrix", "matrix3d", "translate", "translatex", "translatey", "translatez", "translate3d", "scale", "scalex", "scaley", "scalez",
        "scale3d", "rotate", "rotatex", "rotatey", "rotatez", "rotate3d", "skew", "skewx", "skewy", "perspective",
    ),
    "clip-path": lambda value: all(t.type in ("url", "function") or (t.type == "ident" and t.lower_value in _CLIP_WORDS) for t in value),
}  # fmt: skip
_VALID |= dict.fromkeys(
    ("width", "height", "max-width", "max-height", "min-width", "min-height", "left", "top", "right", "bottom", "margin-left",
     "margin-top", "margin-right", "margin-bottom", "padding-left", "padding-top", "flex-basis"),
    _size,
)  # fmt: skip
WIDE = frozenset(["initial", "inherit", "unset", "revert", "revert-layer"])
_RELEVANT = JUDGED | SHORTHANDS.keys() | ALIASES.keys() | {"all", "content"}


def is_relevant(name: str) -> bool:
    """Whether a property bears on sight."""
    return name in _RELEVANT or name.startswith("--")


def expanded(name: str, value: Tokens) -> Longhands:
    """The properties that are meant, each with a value that is one; nothing where a browser would pass over it."""
    name = ALIASES.get(name, name)
    if name == "all":
        return dict.fromkeys(JUDGED - {"direction", "unicode-bidi"}, value) if word(value) in WIDE else {}
    if name in SHORTHANDS:
        if word(value) in WIDE:
            return dict.fromkeys(longhands(name), value)
        found = SHORTHANDS[name](value)
        if found is None or not all(_holds(one, given) for one, given in found.items() if given):
            return {}
        return found
    return {name: value} if _holds(name, value) else {}


def _holds(name: str, value: Tokens) -> bool:
    valid = _VALID.get(name)
    return word(value) in WIDE or valid is None or valid(value) or is_puzzle(value)


@cache
def longhands(name: str) -> frozenset[str]:
    """The properties of a shorthand."""
    found = SHORTHANDS[name](tokens_of("0px"))
    return frozenset(found or ()) | ({"font-size", "line-height"} if name == "font" else frozenset())


def is_puzzle(value: Tokens) -> bool:
    """Whether a value holds a function that is not computed here."""
    return any(
        token.type == "function"
        and (
            token.lower_name in _PUZZLING
            or token.lower_name.startswith("--")
            or is_puzzle(significant(token.arguments))
        )
        for token in value
    )
