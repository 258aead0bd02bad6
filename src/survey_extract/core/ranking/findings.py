"""Sentences, the headings above them and how well they match go in; what tells a finding from its preparation comes out.

A question that compares ("the effect of A, compared with B, on C") is answered
by what came of it. The sentences that match its words best are often others:
how C was measured, what A is. These traits part them, and count for such
questions alone. The patterns are ours; what each is worth was learned
(``benchmarks/ranker.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from survey_extract.core.ranking.traits import COMPARES

_GROUPS = re.compile(r"\b(?:groups?|arms?|subjects|patients|participants)\b", re.IGNORECASE)
_NO_DIFFERENCE = re.compile(
    r"\b(?:no|not|nor|neither|similar)\b.{0,60}?\b(?:differ|significan|groups?|effect)", re.IGNORECASE
)
_PREPARATION = re.compile(
    r"method|statistic|sample size|procedure|measure|design|participant|randomi|setting|intervention|assessment|eligib"
    r"|criteria|background|introduct|objective",
    re.IGNORECASE,
)

FINDINGS = ("a match that compares", "groups", "no difference", "under preparation")
"""The names of a row, in its order."""


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
