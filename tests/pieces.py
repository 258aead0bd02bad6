"""A pattern goes in, texts that it almost matches come out, made from its own parse tree.

A list of hostile pieces that somebody thought of knows nothing of a pattern that
is written tomorrow; its own letters, repeated, are what it stumbles over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from re import _constants as op  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
OF_CATEGORY = {op.CATEGORY_DIGIT: "7", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a", op.CATEGORY_NOT_WORD: "-"}
OTHERS = "aZ7 -.<>&\n\"'é("
ENDS = ("", "\x00", "!", "\n", "é", " ")
LONGEST = 40
"""Letters of a piece."""


class Attack(NamedTuple):
    """A text that repeats a piece between a beginning and an end."""

    begins: str
    piece: str
    ends: str

    def of_length(self, length: int) -> str:
        return self.begins + (self.piece * length)[:length] + self.ends


def attacks(pattern: re.Pattern[Any], number: int, seed: int) -> Iterator[Attack]:
    """So many texts for a pattern: beginnings of what it matches, and parts of it."""
    random = Random(seed)
    written = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = _parser.parse(written, pattern.flags if isinstance(pattern.pattern, str) else pattern.flags & ~re.UNICODE)
    parts = list(_parts(tree))
    for _ in range(number):
        whole = _sample(tree, random)
        piece = _sample(random.choice(parts), random)
        piece = random.choice(
            [whole[: random.randint(1, LONGEST)], piece, piece + _sample(random.choice(parts), random)]
        )
        begins = random.choice(["", whole[: random.randint(0, LONGEST)], _sample(random.choice(parts), random)])
        yield Attack(begins, piece[:LONGEST] or " ", random.choice(ENDS))


def _parts(tree: Any) -> Iterator[Any]:
    """A parsed pattern and all patterns within it."""
    yield tree
    for inner in (inner for kind, value in tree for inner in _within(kind, value)):
        yield from _parts(inner)


def _within(kind: Any, value: Any) -> list[Any]:
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind in REPEATS:
        return [value[2]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is op.ATOMIC_GROUP else []


def _sample(tree: Any, random: Random) -> str:
    """Something that a parsed pattern matches, as far as its assertions allow."""
    return "".join(_letters(kind, value, random) for kind, value in tree)


def _letters(kind: Any, value: Any, random: Random) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.IN:
        return _one_of(value, random)
    if kind in (op.ANY, op.NOT_LITERAL):
        return random.choice(OTHERS)
    if kind in REPEATS:
        low, high, inner = value
        return "".join(_sample(inner, random) for _ in range(min(high, low + random.randint(0, 2), LONGEST)))
    inner = _within(kind, value)
    return _sample(random.choice(inner), random) if inner and kind is not op.ASSERT_NOT else ""


def _one_of(items: Any, random: Random) -> str:
    """A character of a class; of one that names what it is not, any that is not named by itself."""
    if items[0][0] is op.NEGATE:
        named = {chr(value) for kind, value in items[1:] if kind is op.LITERAL}
        return random.choice([letter for letter in OTHERS if letter not in named])
    kind, value = random.choice(items)
    if kind is op.RANGE:
        return chr(random.randint(*value))
    return chr(value) if kind is op.LITERAL else OF_CATEGORY.get(value, "x")
