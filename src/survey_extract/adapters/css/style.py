"""A page's elements and style sheets go in; what they say of each element's sight comes out, as a browser computes it.

The cascade of CSS Cascading 5 (importance, style attributes, layers, specificity,
order), inheritance, custom properties and shorthands, for the properties that
can take words out of sight and for no others. What browsers themselves say of
HTML's elements and attributes (HTML Standard, 15 "Rendering") is the lowest layer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.properties import (
    ALIASES,
    CARRIED,
    INHERITED,
    SHORTHANDS,
    WIDE,
    expanded,
    is_puzzle,
    is_relevant,
    longhands,
    tokens_of,
)
from survey_extract.adapters.css.select import Matcher
from survey_extract.adapters.css.selectors import Selector, key_of
from survey_extract.adapters.css.sheet import Declared, Rule, Sheets, declarations
from survey_extract.adapters.css.user_agent import browser_style, hints
from survey_extract.adapters.css.values import Tokens, significant, word, words
from survey_extract.adapters.css.variables import Puts, has_variables, names_in

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
        elif has_variables(one.value):
            name = ALIASES.get(one.name, one.name)
            pending = (_Pending(name, one.value),)
            for longhand in longhands(name) if name in SHORTHANDS else (name,):
                self.given.setdefault(longhand, []).append((rank, pending))
        else:
            for name, value in expanded(one.name, one.value).items():
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
        keys = [
            ("#", node.element.get("id") or ""),
            ("<", node.tag.lower()),
            ("", ""),
            *((".", name) for name in node.classes),
        ]
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
            if value and is_puzzle(value):
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
        return _Custom({n: v for n, v in raw.items() if word(v) not in WIDE}, values, node).values

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
        for other in names_in(self._raw[name]):
            self._put(other)
        if name not in self._done:
            self._done.add(name)
            value = Puts(self.values, self._node).all(self._raw[name])
            self.values = _without(self.values, name) if value is None else {**self.values, name: significant(value)}


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
        elif name in CARRIED and plain in WIDE:
            return tokens_of("initial") if plain == "initial" else ()
        elif plain in ("inherit", "unset"):
            return parent[name] if plain == "inherit" or name in INHERITED else ()
        elif plain == "initial":
            return tokens_of("canvastext") if name == "color" else ()
        else:
            return value
    return parent[name] if name in INHERITED else ()


def _put_in(name: str, pending: _Pending, custom: Mapping[str, Tokens], node: Node) -> Tokens:
    """A value whose variables are known; one that turns out to be none counts as not set."""
    value = Puts(custom, node).all(pending.value)
    found = {} if value is None else expanded(pending.name, significant(value))
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
