"""A value with variables in it goes in, with what they stand for; the value comes out with them put in.

CSS Custom Properties 1: variables in variables, in a circle (those have no
value), with something to fall back on. What grows beyond bounds is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import tinycss2
from tinycss2.ast import FunctionBlock, ParenthesesBlock

from survey_extract.adapters.css.nodes import Node
from survey_extract.adapters.css.properties import tokens_of
from survey_extract.adapters.css.values import Tokens
from survey_extract.errors import ReadError

LONGEST_VALUE = 2_000
"""Tokens of a value when its variables are put in; a few lines of variables within variables make millions."""

_STANDS_FOR = frozenset(["var", "env", "attr", "constant"])


def has_variables(tokens: Sequence[Any]) -> bool:
    return any(
        (token.type == "function" and (token.lower_name in _STANDS_FOR or has_variables(token.arguments)))
        or (token.type.endswith("block") and token.type != "function" and has_variables(token.content))
        for token in tokens
    )


class Puts:
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
        if token.type == "function" and has_variables(token.arguments):
            inner = self.all(token.arguments)
            return None if inner is None else [FunctionBlock(0, 0, token.name, inner)]
        if token.type == "() block" and has_variables(token.content):
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


def names_in(tokens: Sequence[Any]) -> Iterator[str]:
    for token in tokens:
        if token.type == "ident" and token.value.startswith("--"):
            yield token.value
        elif token.type == "function":
            yield from names_in(token.arguments)
        elif token.type.endswith("block"):
            yield from names_in(token.content)
