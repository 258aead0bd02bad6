"""A field goes in; what recognises its values in a sentence comes out, or None where nothing is known of what they look like.

The engine without a model answers with nothing else: a list of metrics is
never filled with names of data sets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial

from survey_extract.core.fields import FieldSpec, without_stop
from survey_extract.core.values.data_sets import data_sets
from survey_extract.core.values.dates import dates

Recognise = Callable[[str], Sequence[str]]
"""From a sentence to the values in it, each once, in order."""

_ADDRESS = re.compile(r"https?://[^\s<>\"()\[\]{}]+")


def items_of(spec: FieldSpec) -> Recognise | None:
    """What recognises a field's values."""
    if spec.cues and spec.cues.finds == "data sets":
        return data_sets
    if spec.type == "names" and spec.names:
        return partial(_words, _pattern(spec.names, exact=True))
    if spec.type in ("choice", "choices"):
        return partial(_options, spec)
    return {"date": _dates, "url": _addresses}.get(spec.type)


def _words(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return _once(match[0] for match in pattern.finditer(text))


def _options(spec: FieldSpec, text: str) -> tuple[str, ...]:
    """The options whose own words stand in a sentence."""
    found = {word.casefold() for word in _words(_pattern(spec.options, exact=False), text)}
    return tuple(option for option in spec.options if option.casefold() in found)


def _dates(text: str) -> tuple[str, ...]:
    return _once(date for date in dates(text) if len(date) > len("2023"))  # a year alone is most often a citation's


def _addresses(text: str) -> tuple[str, ...]:
    return _once(without_stop(match[0]) for match in _ADDRESS.finditer(text))


@lru_cache(64)
def _pattern(words: tuple[str, ...], *, exact: bool) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{longest_first})(?![\w+]|-\w)", 0 if exact else re.IGNORECASE)


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
