"""An entry that does not fit goes in, the words for it come out: the name that was probably meant, the place, and what should stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from msgspec import ValidationError
    from pydantic import ValidationError as ParseError

_PLACE = re.compile(r" - at (?:`key` in )?`\$(?P<place>[^`]*)`$")
_STEP = re.compile(r"[^.\[\]]+")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<name>.*)`", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>.*)`", re.DOTALL)
_OPTION = re.compile(r"Invalid enum value '(?P<value>.*)'", re.DOTALL)
_MANY = re.compile(r"Expected `(?:array|object)` of length <= (?P<most>\d+)")
_EMPTY = "Expected `str` of length >= 1"
_EXPECTED = re.compile(r"Expected (?P<what>.*?)(?:, got .*)?", re.DOTALL)
_KINDS = {
    "str": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
    "object": "a table", "null": "nothing", "date": "a day like 2026-01-31",
}  # fmt: skip
_SIGNS = {
    ".0": "", "of length <= ": "of length at most ", "<=": "at most", ">=": "at least", "a number > ": "a number greater than ",
}  # fmt: skip
"""msgspec's signs, in words."""


class Mismatch(NamedTuple):
    """What does not fit. ``where`` are the names and places that lead to it; ``unknown`` is a name there that nobody knows, ``option`` a value that is none of the options."""

    where: tuple[str, ...]
    why: str
    unknown: str | None = None
    option: str | None = None

    def __str__(self) -> str:
        return ": ".join(filter(None, (".".join(self.where), self.why)))


def misfit(error: ValidationError) -> Mismatch:
    """What msgspec says of a value, in the words of those who wrote it."""
    said = f"{error}"
    found = _PLACE.search(said)
    where = tuple(_STEP.findall(found["place"])) if found else ()
    said = said[: found.start()] if found else said
    if unknown := _UNKNOWN.fullmatch(said):
        return Mismatch(where, f"{unknown['name']} is unknown", unknown=unknown["name"])
    if missing := _MISSING.fullmatch(said):
        return Mismatch((*where, missing["name"]), "is missing")
    if option := _OPTION.fullmatch(said):
        return Mismatch(where, f"{option['value']!r} is unknown", option=option["value"])
    return Mismatch(where, _wanted(said))


def _wanted(said: str) -> str:
    """What should stand there instead."""
    if many := _MANY.fullmatch(said):
        return f"it has more than {many['most']} entries; keep those that matter"
    if said == _EMPTY:
        return "must not be empty"
    expected = _EXPECTED.fullmatch(said)
    return f"must be {_plain(expected['what'])}" if expected else said[:1].lower() + said[1:]


def _plain(what: str) -> str:
    """What is wanted, without the names that only programs use."""
    what = what.removesuffix(" | null`") + "`" if what.endswith(" | null`") else what  # no file says "nothing"
    words = re.sub(r"`([^`]*)`", lambda kind: " or ".join(_KINDS.get(one, one) for one in kind[1].split(" | ")), what)
    for mark, word in _SIGNS.items():
        words = words.replace(mark, word)
    return words


def refused(error: ParseError) -> str:
    """The first thing that pydantic finds wrong with a reply or a file, in plain words: which part, and what it must be."""
    first = error.errors(include_url=False, include_input=False)[0]
    *outer, last = first["loc"] or ("the whole",)
    names = [
        f"entry {name + 1}" if isinstance(name, int) else str(name)[:PLACE_LIMIT] for name in (last, *reversed(outer))
    ]
    return f"{' of '.join(names)} {_refusal(first['type'], first.get('ctx', {}))}"


def _refusal(kind: str, told: Mapping[str, Any]) -> str:
    """What one of pydantic's kinds of error says of the part that has it."""
    if kind in _REFUSALS:
        return _REFUSALS[kind].format_map(told)
    wanted = next((words for name, words in _WANTED.items() if kind.startswith(name)), None)
    return f"must be {wanted}" if wanted else "has another form than was asked for"


PLACE_LIMIT = 200
"""Characters of a name that a reply itself may have made up."""
_REFUSALS = {
    "missing": "is missing",
    "extra_forbidden": "was not asked for",
    "literal_error": "must be {expected}",
    "string_too_long": "has more than {max_length} characters",
    "too_long": "has more than {max_length} entries",
    "too_short": "has fewer than {min_length} entries",
    "value_error": "cannot be taken: {error}",
    "json_invalid": "is no JSON",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}  # fmt: skip
_WANTED = {
    "string": "a text", "int": "a whole number", "float": "a number", "bool": "true or false", "list": "a list",
    "tuple": "a list", "dict": "an object", "model": "an object", "none": "null",
}  # fmt: skip
"""By how pydantic's names of errors begin, what should stand there."""


def not_json(error: ValueError) -> str:
    """Where a text stops being JSON, without the parser's words for what it hoped for there."""
    return f"not JSON from character {error.colno} on" if isinstance(error, JSONDecodeError) else f"not JSON: {error}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'subject'?``, or nothing where no known name is close."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""
