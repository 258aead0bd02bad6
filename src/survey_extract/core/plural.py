"""A number and a noun go in, both in words come out: "1 cell", "2 cells"; and of a plural its singular, where that is certain."""

from __future__ import annotations

_UNCERTAIN = (
    "ss",
    "us",
    "is",
    "as",
    "os",
    "ies",
    "ics",
    "ses",
    "xes",
    "zzes",
    "tzes",
    "ches",
    "shes",
    "oes",
    "ves",
    "ices",
)
"""Endings of words that are singular as often (species, physics, bias), or whose singular is more than an s shorter (analyses)."""
_CERTAIN = frozenset(
    {"metrics", "topics", "clinics", "devices", "services", "databases", "uses", "caches", "curves", "reserves"}
)
"""Plurals with such an ending that lose no more than their s."""
_NO_PLURAL = frozenset(
    {"news", "means", "lens", "corps", "biceps", "triceps", "forceps", "diabetes", "herpes", "measles", "molasses", "clothes",
     "goods", "scissors", "trousers", "pants", "mars", "rhinoceros", "sheep", "faeces", "feces", "headquarters", "crossroads"}
)  # fmt: skip
"""Words that end in s and have no singular without it."""


def count_of(number: int, one: str, many: str | None = None) -> str:
    """The number with its noun; ``many`` where the plural is no mere s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def one_of(word: str) -> str:
    """The singular of a plural that has it for certain; any other word as it is. Of several, joined by _, the last tells."""
    last = word.lower().rpartition("_")[2]
    if last in _CERTAIN:
        return word[:-1]
    is_certain = last.endswith("s") and len(last) > 3 and last not in _NO_PLURAL and not last.endswith(_UNCERTAIN)
    return word[:-1] if is_certain else word
