"""A date field and a sentence go in; the parts of the sentence that speak of what is to be dated come out.

"It was opened on 2 July 1958 and closed for repairs in April 2009" has two
dates, and one of them is of the opening.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import sought_stems
from survey_extract.core.values.dates import dated

_SENTENCE = re.compile(r"[^?.!]*")
_AND = re.compile(r",? (?:and|but|while|whereas) |; |, ")
_RANGE = re.compile(r"\b(?:between|from)\b", re.IGNORECASE)
"""What makes two dates the ends of a time: no word says which of them is sought."""
_IN_YEAR = re.compile(r"\b(?P<verb>[^\W\d_]+)(?: to the public)? (?:in|since) (?P<year>(?:19|20)\d\d)\b(?![-/\u2013])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OF_TIME = sought_stems("date day month year when time it was is first on")


@dataclass(frozen=True, slots=True)
class Bearing:
    """What is to be dated, as stems: all words of heading and instruction, but those of time itself."""

    words: frozenset[str]

    @classmethod
    def of(cls, spec: FieldSpec) -> Bearing:
        asked = (_SENTENCE.match(spec.ask.strip()) or [""])[0]
        return cls((sought_stems(spec.heading) | sought_stems(asked)) - _OF_TIME)


def year_said(bearing: Bearing, part: str, names: frozenset[str]) -> str | None:
    """The year alone that is said with the question's own verb, of the source's subject and nothing else: "it was first released in 2016"."""
    match = _IN_YEAR.search(part)
    if match is None or len(_YEAR.findall(part)) > 1 or not bearing.words & sought_stems(match["verb"]):
        return None
    subject = sought_stems(part[: match.start()]) - bearing.words - sought_stems(" ".join(names))
    return None if subject else match["year"]


def dated_parts(bearing: Bearing, sentence: str) -> Sequence[str]:
    """The whole sentence where it has one date; of several dates, the part that has most of the words, alone."""
    if bearing.words and not bearing.words & sought_stems(sentence):
        return ()
    if _RANGE.search(sentence) and len(list(dated(sentence))) > 1:
        return ()
    if len({date for date, _, _ in dated(sentence)}) < 2 or not bearing.words:
        return (sentence,)
    parts = [part for part in _AND.split(sentence) if any(dated(part))]
    counts = [len(bearing.words & sought_stems(part)) for part in parts]
    best = max(counts, default=0)
    return () if best == 0 or counts.count(best) > 1 else (parts[counts.index(best)],)
