"""A page's own style sheets go in; the rules in them that bear on a screen come out, with their rank.

Parsed by tinycss2 (CSS Syntax 3). Conditions are judged for a light screen of
1280 by 800 pixels; a condition that is not known here is taken as
true in one reading of the page and as false in the other. Sheets that are
linked are not fetched, except those contained in the link itself (``data:``).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import tinycss2
from lxml.html import HtmlElement

from survey_extract.adapters.css.media import CONDITIONS, media
from survey_extract.adapters.css.selectors import Selector, selectors
from survey_extract.adapters.css.values import Tokens, significant, split
from survey_extract.errors import ReadError

MOST_CHARACTERS = 5_000_000
"""Of all style sheets of a page together."""
DEEPEST = 24
"""Rules within rules."""
UNLAYERED = (1 << 30,)
"""The rank of rules outside of all layers: above them."""

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
        self._blocks(
            tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), layer, depth, unsure=False
        )

    def _blocks(
        self,
        blocks: Sequence[Any],
        layer: tuple[str, ...],
        depth: int,
        *,
        unsure: bool,
        around: Sequence[Selector] | None = None,
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

    def _rule(
        self, own: list[Declared], layer: tuple[str, ...], around: Sequence[Selector] | None, *, unsure: bool
    ) -> None:
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
        elif name in CONDITIONS and block.content is not None:
            holds = CONDITIONS[name](prelude)
            if holds is not False:
                self._inner(block, layer, depth, around, unsure=unsure or holds is None)

    def _inner(
        self, block: Any, layer: tuple[str, ...], depth: int, around: Sequence[Selector] | None, *, unsure: bool
    ) -> None:
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
