"""A date, what its field asks and the sentences cited for it go in; of what else they give it comes out: "filed in May, granted in June"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from survey_extract.core.check.polarity import is_like
from survey_extract.core.ranking.stemming import GRAMMAR
from survey_extract.core.values.dates import dated
from survey_extract.core.words.languages import Readings
from survey_extract.core.words.tokens import fold, tokens

MOST = 12
"""Dates of a sentence that are told apart, at most."""
_CUT = re.compile(
    r"[,;:(]|\b(?:and|but|while|whereas|then|und|et|y|e|en|puis|ma|mas|pero|aber|mais|sowie)\b", re.IGNORECASE
)
_SAYING = frozenset("date dates day year month when time datum date fecha data first last".split())
"""Words of a heading that tell no event."""


class _Event(NamedTuple):
    """A date, and the words that stand before it, or right behind it, as its own."""

    date: str
    words: frozenset[str]


def another(stated: str, heading: str, quoted: Sequence[str], readings: Readings) -> str | None:
    """What the sentences say instead: the one date that stands with the words of the heading, where this one stands without."""
    wanted = frozenset(word for word in _words(heading) if word not in _SAYING)
    events = [
        event for sentence in quoted for event in _events(readings.of(sentence).dates(" ".join(sentence.split())))
    ]
    mine = [event for event in events if event.date == stated or event.date.startswith(f"{stated}-")]
    if len(mine) != 1 or not wanted or not mine[0].words or _speaks_of(mine[0], wanted):
        return None
    others = {event.date for event in events if event not in mine and _speaks_of(event, wanted)}
    return (
        f"the sentence gives this date of something else, and {min(others)} of what the cell is about"
        if len(others) == 1
        else None
    )


def _speaks_of(event: _Event, wanted: frozenset[str]) -> bool:
    return any(is_like(one, two) for one in wanted for two in event.words)


def _events(sentence: str) -> Iterator[_Event]:
    last = 0
    for date, start, end in islice(dated(sentence), MOST):
        between = sentence[last:start]
        cuts = list(_CUT.finditer(between)) if last else []
        yield _Event(date, frozenset(_words(between[cuts[-1].end() if cuts else 0 :])))
        last = end


def _words(text: str) -> Iterator[str]:
    for token in tokens(text):
        word = fold(token.text)
        if token.kind == "word" and len(word) > 2 and word not in GRAMMAR:
            yield word
