"""A text and a field go in; the sentences come out that a person is best shown where nothing is proposed, the best first.

They are no answer: whoever reads them decides. So a sentence need not settle
anything, but it should hold what the field can take: of a number one with its
unit, of a date a date, of an address one. Those come first, then what ranks
highest by its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ranking.phrases import is_others
from survey_extract.core.ranking.relevance import Relevance
from survey_extract.core.ranking.traits import is_of_others
from survey_extract.core.values.amounts import holds_number, printed_amounts
from survey_extract.core.values.dates import dates
from survey_extract.core.values.recognition import items_of

OFFERED = 5
"""Sentences that are offered: a person looks at so many in a glance."""
WORTH = 6.0
"""Log odds that a sentence gains where it holds what the field can take, and loses where it tells of others' work."""

_FIGURES = re.compile(r"\b(?:figures?|numbers?|how (?:many|much|far|long|large|often))\b", re.IGNORECASE)
"""What a text field asks for in so many words."""


def offered(text: PaperText, spec: FieldSpec, relevance: Relevance | None = None) -> tuple[int, ...]:
    """The numbers of at most ``OFFERED`` citable sentences; of a text without any, none."""
    relevance = relevance or Relevance(text)
    holds, paths = _holds(spec), text.section_paths()
    scored: list[tuple[float, int]] = []
    for sentence, odds in zip(relevance.sentences, relevance.answer_odds_of(spec), strict=True):
        quote = text.quote(sentence)
        theirs = is_of_others(paths[sentence.section]) or is_others(quote)
        gained = WORTH * (bool(holds and holds(quote)) - theirs)
        scored.append((-odds - gained, sentence.number))
    return tuple(number for _, number in sorted(scored)[:OFFERED])


def _holds(spec: FieldSpec) -> Callable[[str], bool] | None:
    """What tells whether a sentence holds a value that the field can take; None where any may."""
    if spec.type == "number":
        unit = spec.unit
        return (lambda quote: bool(printed_amounts(quote, unit, spec.units))) if unit else holds_number
    if spec.type == "date":
        return lambda quote: any(True for _ in dates(quote))
    if spec.type == "text":
        return holds_number if _FIGURES.search(spec.ask) else None
    recognise = items_of(spec) if spec.type in ("choice", "choices", "url", "names") else None
    return (lambda quote: bool(recognise(quote))) if recognise else None
