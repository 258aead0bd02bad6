"""Where the signs of a printed line stand goes in, the line with its exponents raised comes out: 10¹⁸ is not 1018.

A PDF gives raised figures as plain ones. Only exponents of ten, of units and of
single letters are looked for: a raised figure behind a word is mostly the number
of a note. Whether one is raised is told by its place and size alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_UNIT = "[kcdmµμn]m|[mµμn]s|[kmµμ]g|[mµμ][lL]|[mµμn]?mol|[kMmµμ][VAWJ]|[kMG]?Pa|[kMG]?Hz|[mkMG]?eV|mAh|ha|min|yr|sr"
_EXPONENT = re.compile(
    rf"(?<![^\W_])(?:(?<![.,])10|{_UNIT}|[^\W\d_]|[∑∏∐⋃⋂])(?P<exponent>[-\u2212\u2013+]?(?!0(?!\d))\d{{1,2}})(?![^\W_])"
)
"""A nought alone is no exponent: fonts of mathematics have the prime in its place."""
_UP = str.maketrans("0123456789+-\u2212\u2013", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
DOWN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
"""Raised signs as plain ones."""
_ANY_UP = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]")
_DIGIT = re.compile(r"\d")
SMALLER = 0.88
"""Size of an exponent, in sizes of what it belongs to, at most."""
HIGHER = 0.15
"""By how much it is raised, in sizes of what it belongs to, at least."""


class Sign(NamedTuple):
    """Where a sign stands: the height of its baseline, and its size."""

    base: float
    size: float


def may_be_raised(text: str) -> bool:
    """Whether a line has what could be an exponent: most lines have no figure at all."""
    return _DIGIT.search(text) is not None and _EXPONENT.search(text) is not None


def raised(text: str, signs_at: Callable[[Sequence[int]], Sequence[Sign]]) -> str:
    """The line with its exponents raised; ``signs_at`` tells where the signs at some places of the line stand."""
    parts, copied = list[str](), 0
    for start, end in _exponents(text):
        before, *signs = signs_at(range(start - 1, end))
        if all(_is_raised(before, sign) for sign in signs):
            parts += [text[copied:start], text[start:end].translate(_UP)]
            copied = end
    return "".join([*parts, text[copied:]])


def with_plain_figures(text: str) -> str:
    """A text with its raised figures in the line; few have any, so they are looked for, and not each sign looked up."""
    return _ANY_UP.sub(lambda match: match[0].translate(DOWN), text)


def lowered(text: str) -> Iterator[str]:
    """A text as older readers gave it, with its raised figures in the line; nothing where it has none."""
    if _ANY_UP.search(text):
        yield from (text.replace("⁻", minus).translate(DOWN) for minus in "\u2212-\u2013")


_LOOSE = re.compile(r"(?:(?<=[⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<=\w/\w)) {1,3}(?=[,.](?!\d))")
"""The space that a raised figure or a fraction leaves before a mark: none is printed there."""
_TIGHT = re.compile(r"(?:(?<=[⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<=\w/\w))(?=[,.](?!\d))")


def tight(text: str) -> str:
    """A text without spaces between a raised figure or a fraction and the mark behind it."""
    return _LOOSE.sub("", text) if " ," in text or " ." in text else text


def loosened(text: str) -> Iterator[str]:
    """A text with such spaces as older readers left, all of them or a single one; nothing where there can be none."""
    places = [match.start() for match in _TIGHT.finditer(text)]
    if len(places) > 1:
        yield _TIGHT.sub(" ", text)
    yield from (f"{text[:at]} {text[at:]}" for at in places)


def _exponents(text: str) -> Iterator[tuple[int, int]]:
    return (match.span("exponent") for match in _EXPONENT.finditer(text))


def _is_raised(before: Sign, sign: Sign) -> bool:
    return sign.size <= SMALLER * before.size and sign.base - before.base >= HIGHER * before.size
