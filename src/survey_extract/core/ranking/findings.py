"""Sentences, the headings above them and how well they match go in; what tells a finding from its preparation comes out.

A question that compares ("the effect of A, compared with B, on C") is answered
by what came of it. The sentences that match its words best are often others:
how C was measured, what A is. These traits part them, and count for such
questions alone; so do the figures of the question ("after six months") and the
order of its words. The patterns are ours; what each is worth was learned
(``benchmarks/ranker.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import pairwise

from survey_extract.core.ranking.stemming import stems
from survey_extract.core.ranking.traits import COMPARES
from survey_extract.core.words.lexicon import NUMBER_WORDS

_GROUPS = re.compile(r"\b(?:groups?|arms?|subjects|patients|participants)\b", re.IGNORECASE)
_NO_DIFFERENCE = re.compile(
    r"\b(?:no|not|nor|neither|similar)\b.{0,60}?\b(?:differ|significan|groups?|effect)", re.IGNORECASE
)
_PREPARATION = re.compile(
    r"method|statistic|sample size|procedure|measure|design|participant|randomi|setting|intervention|assessment|eligib"
    r"|criteria|background|introduct|objective",
    re.IGNORECASE,
)

_TOKEN = re.compile(r"[^\W_]+")

FINDINGS = ("a match that compares", "groups", "no difference", "under preparation")
"""The names of a row, in its order."""
WORDING = ("its figures", "pairs of its words")
"""The names of a row of ``wording``, in its order."""


def findings(quotes: Sequence[str], paths: Sequence[str], matches: Sequence[float]) -> list[tuple[float, ...]]:
    """A row of ``FINDINGS`` for each sentence, from its words, its path of headings and its match of 0 to 1."""
    prepares = {path: float(bool(_PREPARATION.search(path))) for path in set(paths)}
    return [
        (
            match if COMPARES.search(quote) else 0.0,
            float(bool(_GROUPS.search(quote))),
            float(bool(_NO_DIFFERENCE.search(quote))),
            prepares[path],
        )
        for quote, path, match in zip(quotes, paths, matches, strict=True)
    ]


def wording(question: str, quotes: Sequence[str], stems_of_each: Sequence[Sequence[str]]) -> list[tuple[float, ...]]:
    """A row of ``WORDING`` for each sentence: the shares that it holds of a question's figures and of its pairs of words."""
    figures, pairs = _figures(question), set(pairwise(stems(question)))
    return [
        (_share(figures, _figures(quote)), _share(pairs, set(pairwise(found))))
        for quote, found in zip(quotes, stems_of_each, strict=True)
    ]


def _figures(text: str) -> set[str]:
    """The tokens of a text with a digit in them; numbers in words are such."""
    found = (str(NUMBER_WORDS.get(token, token)) for token in _TOKEN.findall(text.lower()))
    return {token for token in found if any(char.isdigit() for char in token)}


def _share(wanted: Set[object], found: Set[object]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 0.0
