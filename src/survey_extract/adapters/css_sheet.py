"""A page's own style sheets go in; the rules in them that bear on a screen come out, with their rank.

Parsed by tinycss2 (CSS Syntax 3). Conditions are judged for a light screen of
1280 by 800 pixels; a condition that is not known here is taken as
true in one reading of the page and as false in the other. Sheets that are
linked are not fetched, but for those that stand in the link itself (``data:``).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import tinycss2
from lxml.html import HtmlElement

from survey_extract.adapters.css_select import Selector, selectors
from survey_extract.adapters.css_values import VIEW_HEIGHT, VIEW_WIDTH, Scale, Tokens, length, significant, split
from survey_extract.errors import ReadError

MOST_CHARACTERS = 5_000_000
"""Of all style sheets of a page together."""
DEEPEST = 24
"""Rules within rules."""
UNLAYERED = (1 << 30,)
"""The rank of rules outside of all layers: above them."""

_MEDIA_FEATURES: Mapping[str, str] = {
    "orientation": "landscape", "prefers-color-scheme": "light", "prefers-reduced-motion": "no-preference", "prefers-contrast": "no-preference",
    "prefers-reduced-transparency": "no-preference", "prefers-reduced-data": "no-preference", "forced-colors": "none",
    "inverted-colors": "none", "update": "fast", "scripting": "enabled", "display-mode": "browser", "overflow-block": "scroll",
    "overflow-inline": "scroll", "color-gamut": "srgb", "dynamic-range": "standard", "scan": "progressive",
}  # fmt: skip
_FEATURE_OFF = frozenset(["none", "no-preference"])
_NUMBERS = {"width": VIEW_WIDTH, "height": VIEW_HEIGHT, "device-width": VIEW_WIDTH, "device-height": VIEW_HEIGHT, "color": 8.0,
            "monochrome": 0.0, "grid": 0.0, "color-index": 0.0, "aspect-ratio": 1.6, "device-aspect-ratio": 1.6, "resolution": 1.0, "-webkit-device-pixel-ratio": 1.0}  # fmt: skip
_DATA = re.compile(r"data:(?P<kind>[^,]*),(?P<data>.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Declared:
    """A value that a rule gives to a property."""

    name: str
    value: Tokens
    important: bool


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """Selectors and what they declare. ``layer`` ranks it, ``unsure`` says that its condition is not known."""

    selectors: tuple[Selector, ...]
    declared: tuple[Declared, ...]
    layer: tuple[int, ...]
    unsure: bool


@dataclass(slots=True, eq=False)
class Sheets:
    """All that a page's style sheets say."""

    rules: list[Rule] = field(default_factory=list)
    frames: dict[str, list[tuple[float, tuple[Declared, ...]]]] = field(default_factory=dict)
    """Of an animation by name: how far it has come (0 to 1), and what is declared there."""
    registered: dict[str, tuple[Tokens, bool]] = field(default_factory=dict)
    """Custom properties by name: their first value, and whether they are handed down."""
    linked: bool = False
    """Whether there are sheets that were not looked at."""


class _Reading:
    """Goes through sheets, one after the other."""

    def __init__(self) -> None:
        self.sheets = Sheets()
        self._layers: dict[tuple[str, ...], tuple[int, ...]] = {}
        self._children: dict[tuple[str, ...], int] = {}
        self._characters = 0
        self._nameless = 0

    def read(self, css: str, layer: tuple[str, ...] = (), depth: int = 0) -> None:
        self._characters += len(css)
        if self._characters > MOST_CHARACTERS:
            raise ReadError("its style sheets are too large to tell what they hide")
        self._blocks(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), layer, depth, unsure=False)

    def _blocks(
        self, blocks: Sequence[Any], layer: tuple[str, ...], depth: int, *, unsure: bool, around: Sequence[Selector] | None = None
    ) -> None:
        if depth > DEEPEST:
            raise ReadError("its style sheets are nested too deep to tell what they hide")
        own: list[Declared] = []
        for block in blocks:
            if block.type == "declaration":
                own.append(Declared(_name(block.name), significant(block.value), block.important))
                continue
            self._rule(own, layer, around, unsure=unsure)
            own = []
            if block.type == "qualified-rule":
                self._qualified(block, layer, depth, around, unsure=unsure)
            elif block.type == "at-rule":
                self._at_rule(block, layer, depth, around, unsure=unsure)
        self._rule(own, layer, around, unsure=unsure)

    def _rule(self, own: list[Declared], layer: tuple[str, ...], around: Sequence[Selector] | None, *, unsure: bool) -> None:
        if own and around:
            self.sheets.rules.append(Rule(tuple(around), tuple(own), self._rank(layer), unsure))

    def _qualified(
        self, block: Any, layer: tuple[str, ...], depth: int, around: Sequence[Selector] | None, *, unsure: bool
    ) -> None:
        chosen = selectors(block.prelude, around)
        if chosen:
            inner = tinycss2.parse_blocks_contents(block.content, skip_comments=True, skip_whitespace=True)
            self._blocks(inner, layer, depth + 1, unsure=unsure, around=chosen)

    def _at_rule(
        self, block: Any, layer: tuple[str, ...], depth: int, around: Sequence[Selector] | None, *, unsure: bool
    ) -> None:
        name, prelude = block.lower_at_keyword, significant(block.prelude)
        if name == "import":
            self._import(prelude, layer, depth)
        elif name.endswith("keyframes") and block.content is not None and prelude:
            self.sheets.frames[str(prelude[0].value)] = list(_frames(block.content))
        elif name == "property" and block.content is not None and prelude:
            self.sheets.registered[str(prelude[0].value)] = _registered(block.content)
        elif name == "layer":
            self._layer(block, layer, depth, around, unsure=unsure)
        elif name in _CONDITIONS and block.content is not None:
            holds = _CONDITIONS[name](prelude)
            if holds is not False:
                self._inner(block, layer, depth, around, unsure=unsure or holds is None)

    def _inner(self, block: Any, layer: tuple[str, ...], depth: int, around: Sequence[Selector] | None, *, unsure: bool) -> None:
        parse = tinycss2.parse_blocks_contents if around else tinycss2.parse_rule_list
        inner = parse(block.content, skip_comments=True, skip_whitespace=True)
        self._blocks(inner, layer, depth + 1, unsure=unsure, around=around)

    def _layer(
        self, block: Any, layer: tuple[str, ...], depth: int, around: Sequence[Selector] | None, *, unsure: bool
    ) -> None:
        names = [tuple(str(t.value) for t in part if t.type == "ident") for part in split(block.prelude)]
        for name in names:
            self._rank(layer + name)
        if block.content is not None:
            self._nameless += 1
            self._inner(block, layer + (names[0] or (f"\n{self._nameless}",)), depth, around, unsure=unsure)

    def _rank(self, layer: tuple[str, ...]) -> tuple[int, ...]:
        """By the order in which layers are first named; what stands in a layer itself comes behind those within it."""
        rank: tuple[int, ...] = ()
        for end in range(1, len(layer) + 1):
            path = layer[:end]
            if path not in self._layers:
                count = self._children.get(path[:-1], 0)
                self._children[path[:-1]] = count + 1
                self._layers[path] = (*rank, count)
            rank = self._layers[path]
        return rank + UNLAYERED

    def _import(self, prelude: Tokens, layer: tuple[str, ...], depth: int) -> None:
        css = _data(_address(prelude))
        if css is None:
            self.sheets.linked = True
        elif depth < DEEPEST:
            self.read(css, layer, depth + 1)


def sheets_of(tree: HtmlElement) -> Sheets:
    """Read every sheet that a browser would apply, in the order of the page.

    Raises:
        ReadError: they are too large, too long or too deep to be judged.
    """
    reading, preferred = _Reading(), ""
    for element in tree.iter("style", "link"):
        if not _is_for_screens(element):
            continue
        title = (element.get("title") or "").strip()
        preferred = preferred or title
        css = _data(element.get("href") or "") if element.tag == "link" else element.text or ""
        if title and title != preferred:
            continue
        if css is None:
            reading.sheets.linked = True
        else:
            reading.read(css)
    return reading.sheets


def declarations(css: str) -> tuple[Declared, ...]:
    """What a ``style`` attribute declares."""
    blocks = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    return _declared(blocks)


def _declared(blocks: Sequence[Any]) -> tuple[Declared, ...]:
    found = (block for block in blocks if block.type == "declaration")
    return tuple(Declared(_name(block.name), significant(block.value), block.important) for block in found)


def _name(name: str) -> str:
    """The name of a property; capitals count in custom ones alone."""
    return name if name.startswith("--") else name.lower()


def _is_for_screens(element: HtmlElement) -> bool:
    kind = (element.get("type") or "text/css").strip().lower()
    if kind != "text/css" or element.get("disabled") is not None:
        return False
    if element.tag == "link":
        relations = (element.get("rel") or "").lower().split()
        if "stylesheet" not in relations or "alternate" in relations:
            return False
    return media(significant(tinycss2.parse_component_value_list(element.get("media") or ""))) is not False


def _address(prelude: Tokens) -> str:
    for token in prelude[:1]:
        if token.type in ("url", "string"):
            return str(token.value)
        if token.type == "function" and token.arguments:
            return str(getattr(token.arguments[0], "value", ""))
    return ""


def _data(address: str) -> str | None:
    """The style sheet that an address holds itself, None for one that would have to be fetched."""
    match = _DATA.fullmatch(address.partition("#")[0].strip())
    if match is None:
        return None
    data = unquote_to_bytes(match["data"])
    try:
        return (b64decode(data) if match["kind"].lower().endswith(";base64") else data).decode("utf-8", "replace")
    except NoBase64:
        return ""


def _frames(content: Sequence[Any]) -> Iterator[tuple[float, tuple[Declared, ...]]]:
    for rule in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        declared = _declared(tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True))
        for part in split(rule.prelude):
            for token in part:
                if token.type == "percentage":
                    yield token.value / 100, declared
                elif token.type == "ident" and token.lower_value in ("from", "to"):
                    yield float(token.lower_value == "to"), declared


def _registered(content: Sequence[Any]) -> tuple[Tokens, bool]:
    given = {one.name: one.value for one in _declared(tinycss2.parse_blocks_contents(content))}
    handed_down = given.get("inherits", ())
    return given.get("initial-value", ()), not (handed_down and getattr(handed_down[0], "value", "") == "false")


# --- conditions: True, False, or None for what is not known ----------------------------------------

Truth = bool | None


def media(query: Tokens) -> Truth:
    """Whether a list of media queries holds."""
    parts = split(query)
    if not query:
        return True
    return _or([_one_media(part) for part in parts])


def _one_media(part: Tokens) -> Truth:
    negated = bool(part) and part[0].type == "ident" and part[0].lower_value == "not"
    rest = part[1:] if negated or (part and part[0] == "only") else part
    if rest and rest[0].type == "ident" and rest[0].lower_value == "only":
        rest = rest[1:]
    holds: Truth = True
    if rest and rest[0].type == "ident":
        holds = rest[0].lower_value in ("screen", "all")
        rest = rest[1:]
        if rest and rest[0].type == "ident" and rest[0].lower_value == "and":
            rest = rest[1:]
    if rest:
        holds = _and([holds, _condition(rest, _feature)])
    return _not(holds) if negated else holds


def _condition(tokens: Tokens, leaf: Callable[[Any], Truth]) -> Truth:
    """``not``, ``and`` and ``or`` over parts in brackets."""
    truths: list[Truth] = []
    negate, joined = False, "and"
    for token in tokens:
        if token.type == "ident":
            if token.lower_value == "not":
                negate = True
            else:
                joined = token.lower_value
            continue
        truth = leaf(token)
        truths.append(_not(truth) if negate else truth)
        negate = False
    return _or(truths) if joined == "or" else _and(truths)


def _feature(token: Any) -> Truth:
    """One feature of the screen, in brackets."""
    if token.type != "() block":
        return None
    inner = significant(token.content)
    if not inner:
        return None
    if inner[0].type == "() block" or (inner[0].type == "ident" and inner[0].lower_value == "not"):
        return _condition(inner, _feature)
    if any(t.type == "literal" and t.value in ("<", ">", "=") for t in inner):
        return _range(inner)
    name = inner[0].lower_value if inner[0].type == "ident" else ""
    if len(inner) == 1:
        given = _MEDIA_FEATURES.get(name)
        return bool(_NUMBERS[name]) if name in _NUMBERS else None if given is None else given not in _FEATURE_OFF
    if len(inner) < 3 or inner[1] != ":":
        return None
    return _plain(name, inner[2:])


def _plain(name: str, value: Tokens) -> Truth:
    if name in _MEDIA_FEATURES:
        return value[0].type == "ident" and value[0].lower_value == _MEDIA_FEATURES[name]
    for before, sign in (("min-", 1), ("max-", -1), ("", 0)):
        plain = name.removeprefix(before)
        if name.startswith(before) and plain in _NUMBERS:
            given = _amount(value)
            if given is None:
                return None
            return _NUMBERS[plain] == given if not sign else (_NUMBERS[plain] - given) * sign >= 0
    return None


def _amount(value: Tokens) -> float | None:
    if len(value) == 3 and value[1] == "/":
        return float(value[0].value / value[2].value) if value[2].value else None
    if value[0].type == "number":
        return float(value[0].value)
    if value[0].type == "dimension" and value[0].lower_unit in ("dppx", "x", "dpi"):
        return float(value[0].value) / (96 if value[0].lower_unit == "dpi" else 1)
    return length(value[0], Scale())


def _range(inner: Tokens) -> Truth:
    """``(400px <= width < 700px)``."""
    parts: list[Any] = []
    for token in inner:
        if token.type == "literal" and token.value in ("<", ">", "=", "<=", ">="):
            if parts and isinstance(parts[-1], str) and token.value == "=":
                parts[-1] += "="
            else:
                parts.append(str(token.value))
        elif token.type == "ident" and token.lower_value in _NUMBERS:
            parts.append(_NUMBERS[token.lower_value])
        else:
            parts.append(_amount((token,)))
    if len(parts) % 2 == 0 or any(part is None for part in parts):
        return None
    return all(_compared(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts) - 2, 2))


def _compared(one: Any, sign: str, other: Any) -> bool:
    tests = {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other, "=": one == other}
    return tests.get(sign, False)


def _supports(prelude: Tokens) -> Truth:
    """``@supports``: whether a browser knows a property is not known here, but for the plainest."""
    return _condition(prelude, _supported)


def _supported(token: Any) -> Truth:
    if token.type != "() block":
        return None
    inner = significant(token.content)
    if inner and (inner[0].type == "() block" or (inner[0].type == "ident" and inner[0].lower_value == "not")):
        return _condition(inner, _supported)
    name = inner[0].lower_value if inner and inner[0].type == "ident" else ""
    keyword = inner[2].lower_value if len(inner) == 3 and inner[2].type == "ident" else ""
    return True if name.startswith("--") or (name, keyword) in _SUPPORTED else None


_SUPPORTED = frozenset(
    {("display", kind) for kind in ("none", "block", "inline", "flex", "grid", "flow-root", "contents", "inline-block")}
    | {("position", "sticky"), ("color", "red"), ("visibility", "hidden")}
)


def _unknown(prelude: Tokens) -> Truth:
    return None


def _never(prelude: Tokens) -> Truth:
    return False


_CONDITIONS: Mapping[str, Callable[[Tokens], Truth]] = {
    "media": media,
    "supports": _supports,
    "container": _unknown,
    "scope": _unknown,
    "document": _never,
    "-moz-document": _never,
    "starting-style": _unknown,
}


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _and(truths: Sequence[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _or(truths: Sequence[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False
