"""The sentences of a text and their stems go in; the same stems come out, with those of each abbreviation's other form.

"The mean LVEF was 44 %" answers a question on the "left ventricular ejection
fraction" as well as a sentence that spells it out, where the text somewhere
says "left ventricular ejection fraction (LVEF)". The letters of an
abbreviation must stand, in order, in the words before its bracket, the first
of them at the beginning of a word (after Schwartz and Hearst, 2003, "A simple
algorithm for identifying abbreviation definitions"). A wrong pair costs a rank
at worst; the check of answers has stricter ones (``core/words/usage.py``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from survey_extract.core.ranking.stemming import stems

_IN_BRACKETS = re.compile(r"\((?P<short>[A-Za-z][\w-]{1,9})[);,]")
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[\w-]+")
REACH = 150
"""Characters before the bracket in which the long form stands."""
FURTHER = 4
"""Words that a long form may have beyond the letters of its abbreviation."""
MOST = 200
"""Abbreviations of a text that count: each costs time for each sentence."""

Long = tuple[str, ...]
"""The stems of a long form, in order."""


def short_forms(quotes: Sequence[str]) -> dict[str, Long]:
    """What each abbreviation that a text spells out is short for; the first meaning counts."""
    found: dict[str, Long] = {}
    for short, words in islice(_spelt_out(quotes), MOST):
        if long := tuple(stems(" ".join(words))):
            found.setdefault(short, long)
    return found


def _spelt_out(quotes: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    for quote in quotes:
        for match in _IN_BRACKETS.finditer(quote):
            short = _singular(match["short"])
            before = _WORD.findall(quote[max(0, match.start() - REACH) : match.start()])
            if sum(char.isupper() for char in short) > 1 and (words := _long_form(short, before)):
                yield short, words


def _singular(short: str) -> str:
    return short[:-1] if short.endswith("s") and short[:-1].isupper() else short


def _long_form(short: str, before: Sequence[str]) -> Sequence[str]:
    """The fewest of the last words that hold an abbreviation's letters; none where none do."""
    letters = [char.lower() for char in short if char.isalpha()]
    for count in range(max(1, len(letters) // 2), min(len(before), len(letters) + FURTHER) + 1):
        words = before[-count:]
        rest = iter("".join(words).lower())
        if words[0][0].lower() == letters[0] and stems(words[0]) and all(letter in rest for letter in letters):
            return words
    return ()


def both_forms(quotes: Sequence[str], stems_of_each: Sequence[list[str]]) -> list[list[str]]:
    """Of each sentence its stems, and behind them those of the other form of what it abbreviates or spells out."""
    found = short_forms(quotes)
    by_first: defaultdict[str, list[str]] = defaultdict(list)
    for short, long in found.items():
        by_first[long[0]].append(short)
    return [
        [*said, *_other_forms(quote, said, found, by_first)] for quote, said in zip(quotes, stems_of_each, strict=True)
    ]


def _other_forms(
    quote: str, said: Sequence[str], found: Mapping[str, Long], by_first: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    words, have = {*_WORD.findall(quote), *_TOKEN.findall(quote)}, set(said)
    shorts = {short for word in words for short in (word, word.removesuffix("s")) if short in found}
    longs = {
        short
        for at, stem in enumerate(said)
        for short in by_first.get(stem, ())
        if tuple(said[at : at + len(found[short])]) == found[short]
    }
    for short in sorted(shorts - longs):
        yield from (stem for stem in found[short] if stem not in have)
    for short in sorted(longs - shorts):
        yield from (stem for stem in stems(short) if stem not in have)
