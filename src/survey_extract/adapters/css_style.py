"""A page's elements and style sheets go in; what they say of each element's sight comes out, as a browser computes it.

The cascade of CSS Cascading 5 (importance, style attributes, layers, specificity,
order), inheritance, custom properties and shorthands, for the properties that
can take words out of sight and for no others. What browsers themselves say of
HTML's elements and attributes (HTML Standard, 15 "Rendering") is the lowest layer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import tinycss2
from tinycss2.ast import FunctionBlock, ParenthesesBlock

from survey_extract.adapters.css_select import Matcher, Node, Selector, key_of
from survey_extract.adapters.css_sheet import UNLAYERED, Declared, Rule, Sheets, declarations
from survey_extract.adapters.css_values import Tokens, colour, length, number, significant, split, word, words
from survey_extract.errors import ReadError

LONGEST_VALUE = 2_000
"""Tokens of a value when its variables are put in; a few lines of variables within variables make millions."""

INHERITED = frozenset(
    "color visibility -webkit-text-fill-color "
    "-webkit-text-security text-shadow -webkit-text-stroke-width -webkit-text-stroke-color direction font-size-adjust "
    "white-space color-scheme".split()
)
CARRIED = frozenset("font-size letter-spacing word-spacing line-height text-indent text-decoration-thickness".split())
"""Handed down as the pixels that they come to, which only who knows the size of letters can say: see css_sight."""
OWN = frozenset(
    "display opacity position left top right bottom margin-left margin-top margin-right margin-bottom width height "
    "max-width max-height min-width min-height overflow-x overflow-y clip clip-path transform translate scale rotate "
    "filter mask-image background-color background-image background-clip background-size mix-blend-mode "
    "content-visibility z-index float backface-visibility animation-name animation-duration animation-delay "
    "animation-iteration-count animation-direction animation-fill-mode animation-play-state animation-timeline contain "
    "unicode-bidi zoom content backdrop-filter grid-template-rows grid-template-columns offset-path padding-top "
    "padding-left flex-basis flex-grow isolation box-sizing -webkit-line-clamp aspect-ratio box-shadow".split()
)
JUDGED = INHERITED | CARRIED | OWN
_PUZZLING = frozenset(
    "if random sibling-index sibling-count progress calc-size anchor anchor-size first-valid inherit toggle round mod "
    "rem sin cos tan asin acos atan atan2 pow sqrt hypot log exp sign interpolate calc-mix cross-fade".split()
)
"""Functions that a browser computes and this module does not: what they stand for is taken for the worst."""
PUZZLE = "puzzle"

Style = Mapping[str, Tokens]


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """An element's style. ``custom`` are its variables, ``puzzles`` the properties whose values are not known here."""

    own: Style
    handed: Style
    custom: Mapping[str, Tokens]
    puzzles: frozenset[str]

    def __getitem__(self, name: str) -> Tokens:
        return self.own.get(name) or self.handed.get(name) or ()

    def word(self, name: str) -> str:
        return word(self[name])


FIRST = Computed({}, {}, {}, frozenset())

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
    found: Longhands = {name: () for name in ("background-color", "background-image", "background-clip", "background-size")}
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
    return {"mask-image": tuple(t for t in value if t.type in ("function", "url")) or tokens_of("none")}


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


_SHORTHANDS: Mapping[str, Callable[[Tokens], Longhands | None]] = {
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
    "padding": _sides("padding-top", "", "", "padding-left"),
    "overflow": _sides("overflow-x", "overflow-y"),
    "inset-inline": _sides("left", "right"),
    "inset-block": _sides("top", "bottom"),
    "margin-inline": _sides("margin-left", "margin-right"),
    "margin-block": _sides("margin-top", "margin-bottom"),
    "grid-template": _tracks,
    "grid": _tracks,
}
_ALIASES = {
    "inset-inline-start": "left", "inset-inline-end": "right", "inset-block-start": "top", "inset-block-end": "bottom",
    "margin-inline-start": "margin-left", "margin-inline-end": "margin-right", "margin-block-start": "margin-top", "margin-block-end": "margin-bottom",
    "padding-block-start": "padding-top", "padding-inline-start": "padding-left", "inline-size": "width", "block-size": "height",
    "max-inline-size": "max-width", "max-block-size": "max-height", "min-inline-size": "min-width", "min-block-size": "min-height",
    "overflow-inline": "overflow-x", "overflow-block": "overflow-y", "-webkit-mask-image": "mask-image", "-webkit-clip-path": "clip-path",
    "-webkit-filter": "filter", "-webkit-transform": "transform", "-webkit-opacity": "opacity", "-webkit-background-clip": "background-clip",
    "-webkit-backface-visibility": "backface-visibility", "-webkit-backdrop-filter": "backdrop-filter", "-webkit-mask-box-image": "mask-image",
    "mask-border": "mask-image", "mask-border-source": "mask-image", "line-clamp": "-webkit-line-clamp", "-webkit-background-size": "background-size",
    "background-repeat": "background-size", "background-position": "background-size", "-webkit-animation-name": "animation-name",
    "-webkit-animation-fill-mode": "animation-fill-mode", "-webkit-animation-duration": "animation-duration", "-webkit-animation-delay": "animation-delay",
    "-webkit-animation-iteration-count": "animation-iteration-count", "-webkit-animation-direction": "animation-direction", "motion-path": "offset-path",
    "-webkit-animation-play-state": "animation-play-state", "-webkit-mask-box-image-source": "mask-image", "text-wrap-mode": "white-space",
}  # fmt: skip

# --- which values are values -----------------------------------------------------------------------

_DISPLAYS = frozenset(
    "none contents block inline inline-block flow flow-root flex inline-flex grid inline-grid table inline-table table-row "
    "table-cell table-caption table-row-group table-header-group table-footer-group table-column table-column-group "
    "list-item ruby ruby-text math -webkit-box -webkit-inline-box -webkit-flex -webkit-inline-flex run-in grid-lanes "
    "inline-grid-lanes ruby-base".split()
)
_SIZES = frozenset("auto none normal min-content max-content fit-content stretch -webkit-fill-available content intrinsic min-intrinsic".split())
_FONT_WORDS = frozenset("xx-small x-small small medium large x-large xx-large xxx-large smaller larger math".split())
_BLENDS = frozenset(
    "normal multiply screen overlay darken lighten color-dodge color-burn hard-light soft-light difference exclusion hue "
    "saturation color luminosity plus-lighter".split()
)


def _is_font_size(value: Tokens) -> bool:
    return len(value) == 1 and (word(value) in _FONT_WORDS or ((given := length(value[0])) is not None and (given >= 0 or value[0].type == "function")))


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
_CLIP_WORDS = frozenset("none border-box padding-box content-box margin-box fill-box stroke-box view-box".split())
_VALID |= dict.fromkeys(
    ("width", "height", "max-width", "max-height", "min-width", "min-height", "left", "top", "right", "bottom", "margin-left",
     "margin-top", "margin-right", "margin-bottom", "padding-left", "padding-top", "flex-basis"),
    _size,
)  # fmt: skip
_WIDE = frozenset(["initial", "inherit", "unset", "revert", "revert-layer"])
_RELEVANT = JUDGED | _SHORTHANDS.keys() | _ALIASES.keys() | {"all", "content"}


def is_relevant(name: str) -> bool:
    """Whether a property bears on sight."""
    return name in _RELEVANT or name.startswith("--")


def _expanded(name: str, value: Tokens) -> Longhands:
    """The properties that are meant, each with a value that is one; nothing where a browser would pass over it."""
    name = _ALIASES.get(name, name)
    if name == "all":
        return {one: value for one in JUDGED if one not in ("direction", "unicode-bidi")} if word(value) in _WIDE else {}
    if name in _SHORTHANDS:
        if word(value) in _WIDE:
            return {one: value for one in _longhands(name)}
        found = _SHORTHANDS[name](value)
        if found is None or not all(_holds(one, given) for one, given in found.items() if given):
            return {}
        return found
    return {name: value} if _holds(name, value) else {}


def _holds(name: str, value: Tokens) -> bool:
    valid = _VALID.get(name)
    return word(value) in _WIDE or valid is None or valid(value) or _is_puzzle(value)


@cache
def _longhands(name: str) -> frozenset[str]:
    """The properties of a shorthand."""
    found = _SHORTHANDS[name](tokens_of("0px"))
    return frozenset(found or ()) | ({"font-size", "line-height"} if name == "font" else frozenset())


def _is_puzzle(value: Tokens) -> bool:
    """Whether a value holds a function that is not computed here."""
    return any(
        token.type == "function"
        and (token.lower_name in _PUZZLING or token.lower_name.startswith("--") or _is_puzzle(significant(token.arguments)))
        for token in value
    )


# --- variables ------------------------------------------------------------------------------------

_STANDS_FOR = frozenset(["var", "env", "attr", "constant"])


def _has_variables(tokens: Sequence[Any]) -> bool:
    return any(
        (token.type == "function" and (token.lower_name in _STANDS_FOR or _has_variables(token.arguments)))
        or (token.type.endswith("block") and token.type != "function" and _has_variables(token.content))
        for token in tokens
    )


class _Puts:
    """Puts the values of variables in their places."""

    def __init__(self, custom: Mapping[str, Tokens], node: Node) -> None:
        self._custom = custom
        self._node = node
        self._room = LONGEST_VALUE

    def all(self, tokens: Sequence[Any]) -> list[Any] | None:
        """The tokens without variables; None when one has no value."""
        out: list[Any] = []
        for token in tokens:
            got = self._one(token)
            if got is None:
                return None
            out += got
            self._room -= 1 + len(got)
            if self._room < 0:
                raise ReadError("the variables of its style sheets are too long to tell what they hide")
        return out

    def _one(self, token: Any) -> Sequence[Any] | None:
        if token.type == "function" and token.lower_name in _STANDS_FOR:
            return self._meaning(token)
        if token.type == "function" and _has_variables(token.arguments):
            inner = self.all(token.arguments)
            return None if inner is None else [FunctionBlock(0, 0, token.name, inner)]
        if token.type == "() block" and _has_variables(token.content):
            inner = self.all(token.content)
            return None if inner is None else [ParenthesesBlock(0, 0, inner)]
        return [token]

    def _meaning(self, token: Any) -> Sequence[Any] | None:
        parts = token.arguments
        comma = next((at for at, part in enumerate(parts) if part == ","), None)
        name = next((str(p.value) for p in parts[:comma] if p.type == "ident"), "")
        known = self._known(token.lower_name, name)
        if known is not None:
            return known
        return None if comma is None else self.all(parts[comma + 1 :])

    def _known(self, function: str, name: str) -> Sequence[Any] | None:
        if function == "var":
            return self._custom.get(name)
        if function == "attr":
            given = self._node.element.get(name.lower())
            return None if given is None else tinycss2.parse_component_value_list(given)[:LONGEST_VALUE]
        return tokens_of("0px") if name.startswith("safe-area-inset") else None


# --- the cascade ----------------------------------------------------------------------------------

Rank = tuple[Any, ...]
"""Importance, style attribute, layer, specificity, order."""


@dataclass(slots=True, eq=False)
class _Found:
    """All that is declared of an element, by property."""

    given: dict[str, list[tuple[Rank, Tokens]]] = field(default_factory=dict)
    custom: dict[str, list[tuple[Rank, Tokens]]] = field(default_factory=dict)

    def add(self, rank: Rank, one: Declared) -> None:
        if one.name.startswith("--"):
            self.custom.setdefault(one.name, []).append((rank, one.value))
        elif _has_variables(one.value):
            name = _ALIASES.get(one.name, one.name)
            pending = (_Pending(name, one.value),)
            for longhand in _longhands(name) if name in _SHORTHANDS else (name,):
                self.given.setdefault(longhand, []).append((rank, pending))
        else:
            for name, value in _expanded(one.name, one.value).items():
                self.given.setdefault(name, []).append((rank, value))


@dataclass(frozen=True, slots=True, eq=False)
class _Pending:
    """A value with variables in it, to be read when they are known."""

    name: str
    value: Tokens
    type: str = "pending"


class Styler:
    """Computes the styles of a page's elements. ``moment`` picks a frame of animations that do not come to rest."""

    def __init__(self, sheets: Sheets, matcher: Matcher, *, guess: bool, moment: int | None = None) -> None:
        self._sheets = sheets
        self._matcher = matcher
        self._guess = guess
        self._moment = moment
        self.moments = 0
        """How many frames the animation that does not come to rest has, at most."""
        self.guessed = False
        self.boxes = any(one.pseudo in BOXES for rule in sheets.rules for one in rule.selectors)
        """Whether there are rules for boxes before or behind the words of an element."""
        self._index: dict[tuple[str, str], list[tuple[int, Rule, Selector]]] = {}
        for order, rule in enumerate(sheets.rules):
            kept = tuple(one for one in rule.declared if is_relevant(one.name))
            if kept:
                slim = Rule(rule.selectors, kept, rule.layer, rule.unsure)
                for selector in rule.selectors:
                    self._index.setdefault(key_of(selector.tree), []).append((order, slim, selector))

    def computed(self, node: Node, parent: Computed, pseudo: str = "") -> Computed:
        """The style of an element, or of the box before or behind its words, whose parent's is known."""
        found = _Found()
        if not pseudo:
            for one in browser_style(node):
                found.add((0, -2, (), (0, 0, 0), 0), one)
            for one in hints(node):
                found.add((0, -1, (), (0, 0, 0), 0), one)
        self._from_sheets(node, found, pseudo)
        if not pseudo and (style := node.element.get("style")):
            for order, one in enumerate(declarations(style)):
                if is_relevant(one.name):
                    found.add((int(one.important) * 2, 1, (), (0, 0, 0), order), one)
        style_now = self._resolved(found, node, parent)
        frames = self._frame(style_now)
        if frames:
            for one in frames:
                found.add((1, 0, (), (0, 0, 0), 0), one)
            style_now = self._resolved(found, node, parent)
        return style_now

    def _from_sheets(self, node: Node, found: _Found, pseudo: str) -> None:
        keys = [("#", node.element.get("id") or ""), ("<", node.tag.lower()), ("", ""), *((".", name) for name in node.classes)]
        for key in keys:
            for order, rule, selector in self._index.get(key, ()):
                if not self._applies(rule, selector, pseudo) or not self._matcher.fits(selector.tree, node):
                    continue
                for at, one in enumerate(rule.declared):
                    layer = tuple(-n for n in rule.layer) if one.important else rule.layer
                    found.add((int(one.important) * 2, 0, layer, selector.specificity, (order, at)), one)

    def _applies(self, rule: Rule, selector: Selector, pseudo: str) -> bool:
        self._matcher.step()
        if selector.pseudo != pseudo and not (not pseudo and selector.pseudo in _PARTS):
            return False
        if rule.unsure or selector.pseudo in _PARTS:
            self.guessed = True
            return self._guess
        return True

    def _resolved(self, found: _Found, node: Node, parent: Computed) -> Computed:
        custom = self._custom(found, node, parent.custom)
        own: dict[str, Tokens] = {}
        handed: dict[str, Tokens] = {}
        puzzles: set[str] = set()
        for name, given in found.given.items():
            value = _winner(name, given, parent, custom, node)
            if value and _is_puzzle(value):
                puzzles.add(name)
            (handed if name in INHERITED else own)[name] = value
        kept = parent.handed if not handed else {**parent.handed, **handed}
        still = parent.puzzles & INHERITED - handed.keys()
        return Computed(own, kept, custom, frozenset(puzzles | still))

    def _custom(self, found: _Found, node: Node, above: Mapping[str, Tokens]) -> Mapping[str, Tokens]:
        registered = self._sheets.registered
        own = {name: given for name, (given, handed) in registered.items() if given and not handed}
        if not found.custom and not own and (above or not registered):
            return above
        first = {name: given for name, (given, _) in registered.items() if given}
        values = {**first, **above, **own}
        raw = {name: max(given, key=lambda pair: pair[0])[1] for name, given in found.custom.items()}
        for name, value in raw.items():
            plain = word(value)
            if plain in ("initial",) or (plain in ("unset", "inherit", "revert", "revert-layer")):
                values = _without(values, name) if plain == "initial" else values
        return _Custom({n: v for n, v in raw.items() if word(v) not in _WIDE}, values, node).values

    def _frame(self, style: Computed) -> Sequence[Declared]:
        """What an animation leaves an element in, or has it in at a moment."""
        names = [str(t.value) for t in style["animation-name"] if t.type in ("ident", "string")]
        frames = [sorted(self._sheets.frames[n], key=lambda f: f[0]) for n in names if n in self._sheets.frames]
        if not frames:
            return ()
        end = _end(style)
        if end is None:
            self.moments = max(self.moments, *(len(one) for one in frames))
            if self._moment is None:
                return ()
            return [d for one in frames for d in one[self._moment % len(one)][1]]
        if end < 0:
            return ()
        return [d for one in frames for at, declared in one if at == end for d in declared]


BOXES = ("before", "after")
_PARTS = frozenset(["first-line", "first-letter", "details-content"])
"""Parts of an element's own words: what hides a part is taken to hide the whole."""


class _Custom:
    """The variables of an element, each put into the others."""

    def __init__(self, raw: dict[str, Tokens], above: Mapping[str, Tokens], node: Node) -> None:
        self._raw, self._node = raw, node
        self.values = dict(above)
        self._under_way: set[str] = set()
        self._done: set[str] = set()
        for name in raw:
            self._put(name)

    def _put(self, name: str) -> None:
        if name in self._done or name not in self._raw:
            return
        if name in self._under_way:  # variables in a circle have no value
            self.values.pop(name, None)
            self._done.add(name)
            return
        self._under_way.add(name)
        for other in _names_in(self._raw[name]):
            self._put(other)
        if name not in self._done:
            self._done.add(name)
            value = _Puts(self.values, self._node).all(self._raw[name])
            self.values = _without(self.values, name) if value is None else {**self.values, name: significant(value)}


def _names_in(tokens: Sequence[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type == "ident" and token.value.startswith("--"):
            yield token.value
        elif token.type == "function":
            yield from _names_in(token.arguments)
        elif token.type.endswith("block"):
            yield from _names_in(token.content)


def _without(values: Mapping[str, Tokens], name: str) -> dict[str, Tokens]:
    return {key: value for key, value in values.items() if key != name}


def _winner(
    name: str, given: list[tuple[Rank, Tokens]], parent: Computed, custom: Mapping[str, Tokens], node: Node
) -> Tokens:
    """The value that wins, with its variables put in; nothing for a property's first value."""
    ranked = sorted(given, key=lambda pair: pair[0], reverse=True)
    while ranked:
        rank, value = ranked.pop(0)
        if value and value[0].type == "pending":
            value = _put_in(name, value[0], custom, node)
        plain = word(value)
        if plain == "revert":
            ranked = [pair for pair in ranked if pair[0][1] == -2]
        elif plain == "revert-layer":
            ranked = [pair for pair in ranked if pair[0][1:3] != rank[1:3]]
        elif name in CARRIED and plain in _WIDE:
            return tokens_of("initial") if plain == "initial" else ()
        elif plain in ("inherit", "unset"):
            return parent[name] if plain == "inherit" or name in INHERITED else ()
        elif plain == "initial":
            return ()
        else:
            return value
    return parent[name] if name in INHERITED else ()


def _put_in(name: str, pending: _Pending, custom: Mapping[str, Tokens], node: Node) -> Tokens:
    """A value whose variables are known; one that turns out to be none counts as not set."""
    value = _Puts(custom, node).all(pending.value)
    found = {} if value is None else _expanded(pending.name, significant(value))
    return found.get(name, tokens_of("unset"))


def _end(style: Computed) -> float | None:
    """Where an animation comes to rest: 0 or 1 for its frames, -1 for none of them; None when it never does."""
    count = style["animation-iteration-count"]
    times = style["animation-duration"] + style["animation-delay"]
    if "infinite" in words(count) or "paused" in words(style["animation-play-state"]):
        return None
    if style["animation-timeline"] or any(_seconds(t) > _LONG for t in times) or len(style["animation-name"]) > 1:
        return None
    if not {"forwards", "both"} & set(words(style["animation-fill-mode"])):
        return -1
    rounds = next((t.value for t in count if t.type == "number"), 1)
    turned = style.word("animation-direction")
    if rounds != int(rounds) or rounds == 0:
        return None
    odd = (int(rounds) % 2 == 1) if turned.startswith("alternate") else True
    return float(odd != turned.endswith("reverse"))


_LONG = 30
"""Seconds that nobody waits for an animation."""


def _seconds(token: Any) -> float:
    if token.type != "dimension":
        return 0.0
    return abs(float(token.value)) / (1000 if token.lower_unit == "ms" else 1)


# --- what browsers say of HTML --------------------------------------------------------------------

_NOT_SHOWN = frozenset(
    "area base basefont datalist head link meta noembed noframes param rp script style template title noscript".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd label map mark math nobr output q ruby s samp slot "
    "small span strike strong sub sup svg time tt u var wbr rt rb".split()
)
_BLOCK = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre search "
    "section summary ul xmp frameset frame".split()
)
_TABLES = {
    "table": "table", "tr": "table-row", "td": "table-cell", "th": "table-cell", "tbody": "table-row-group", "thead": "table-header-group",
    "tfoot": "table-footer-group", "caption": "table-caption", "col": "table-column", "colgroup": "table-column-group",
    "button": "inline-block", "input": "inline-block", "select": "inline-block", "textarea": "inline-block", "img": "inline",
    "marquee": "inline-block", "meter": "inline-block", "progress": "inline-block",
}  # fmt: skip
_LETTERS = {"h1": "2em", "h2": "1.5em", "h3": "1.17em", "h5": ".83em", "h6": ".67em", "small": "smaller", "sub": "smaller", "sup": "smaller",
            "big": "larger", "code": ".8125em", "kbd": ".8125em", "pre": ".8125em", "samp": ".8125em", "tt": ".8125em", "rt": ".5em"}  # fmt: skip


def display_of(tag: str) -> str:
    """How a browser shows an element by its name alone."""
    if tag in _NOT_SHOWN:
        return "none"
    return _TABLES.get(tag) or ("block" if tag in _BLOCK else "inline")


def browser_style(node: Node) -> Iterator[Declared]:
    """What a browser's own sheet says of an element."""
    tag, get = node.tag, node.element.get
    shut = (tag == "dialog" and get("open") is None) or get("popover") is not None or get("hidden") is not None
    if get("hidden") == "until-found":
        yield _declare("content-visibility", "hidden")
    elif shut or (tag == "input" and (get("type") or "").lower() == "hidden"):
        yield _declare("display", "none")
    else:
        yield _declare("display", display_of(tag))
    if tag in _LETTERS:
        yield _declare("font-size", _LETTERS[tag])
    if tag in ("a", "area") and get("href") is not None:
        yield _declare("color", "linktext")
    if tag == "mark":
        yield _declare("color", "black")
        yield _declare("background-color", "yellow")
    if tag == "bdo" or get("dir"):
        yield from _direction(tag, (get("dir") or "").lower())


def _direction(tag: str, given: str) -> Iterator[Declared]:
    if given in ("ltr", "rtl"):
        yield _declare("direction", given)
    if tag == "bdo":
        yield _declare("unicode-bidi", "bidi-override")


@cache
def _declare(name: str, value: str) -> Declared:
    return Declared(name, tokens_of(value), important=False)


_FONT_SIZES = {1: "x-small", 2: "small", 3: "medium", 4: "large", 5: "x-large", 6: "xx-large", 7: "xxx-large"}
_CELLS = frozenset(["body", "table", "tr", "td", "th", "tbody", "thead", "tfoot", "marquee"])


def hints(node: Node) -> Iterator[Declared]:
    """What an element's attributes of old say of its looks."""
    tag, get = node.tag, node.element.get
    if tag == "font":
        if given := get("color"):
            yield from _coloured("color", given)
        if (size := get("size")) and (steps := re.match(r"\s*([+-]?)(\d+)", size)):
            at = int(steps[1] + steps[2][:3]) + (3 if steps[1] else 0)
            yield _declare("font-size", _FONT_SIZES[min(7, max(1, at))])
    if tag in _CELLS and (given := get("bgcolor")):
        yield from _coloured("background-color", given)
    if tag == "body" and (given := get("text")):
        yield from _coloured("color", given)
    if tag in _CELLS and get("background"):
        yield _declare("background-image", "url(x)")
    if tag == "a" and get("href") is not None and (given := _body(node).get("link")):
        yield from _coloured("color", given)
    if tag in ("td", "th", "table", "tr", "img", "marquee"):
        for name in ("width", "height"):
            if pixels := re.match(r"\s*(\d{1,6})(%?)", get(name) or ""):
                yield _declare(name, pixels[1] + (pixels[2] or "px"))


def _body(node: Node) -> Mapping[str, str]:
    while node.parent is not None and node.tag != "body":
        node = node.parent
    return node.element.attrib if node.tag == "body" else {}


def _coloured(name: str, given: str) -> Iterator[Declared]:
    """A colour in an attribute of old (HTML Standard, "rules for parsing a legacy colour value")."""
    given = given.strip()[:128]
    value = tokens_of_stranger(given)
    if len(value) == 1 and value[0].type in ("ident", "hash") and colour(value[0]) is not None:
        yield Declared(name, value, important=False)
        return
    spelt = re.sub(r"[^0-9a-fA-F]", "0", given.removeprefix("#"))
    spelt += "0" * (-len(spelt) % 3 or (3 if not spelt else 0))
    third = len(spelt) // 3
    parts = [spelt[at * third : (at + 1) * third][-8:] for at in range(3)]
    while len(parts[0]) > 2 and all(part[0] == "0" for part in parts):
        parts = [part[1:] for part in parts]
    yield _declare(name, "#" + "".join(part[:2].rjust(2, "0") for part in parts))


def tokens_of_stranger(css: str) -> Tokens:
    """A value that stands in the page."""
    return significant(tinycss2.parse_component_value_list(css))


NO_LAYER = UNLAYERED
