"""A score for each sentence goes in; the better one of its neighbours' comes out.

What stands beside a sentence tells what it is about. In the prose that is the
sentence before and the one after, whatever table or figure lies between; a row
of a table is about what its caption says, and no sentence of the prose is its
neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from survey_extract.core.paper_text import SentenceKind

_OF_TABLES: frozenset[SentenceKind] = frozenset(["row", "caption"])


def beside(scores: Sequence[float]) -> list[float]:
    """The better one of the scores before and after each, whatever they are of."""
    padded = (0.0, *scores, 0.0)
    return [max(padded[index], padded[index + 2]) for index in range(len(scores))]


def beside_in_prose(scores: Sequence[float], kinds: Sequence[SentenceKind]) -> list[float]:
    """The same among the sentences of the prose; of a row the best of the captions beside its table, of these their own."""
    prose = [index for index, kind in enumerate(kinds) if kind not in _OF_TABLES]
    found = _among(prose, scores)
    for is_table, run in groupby(range(len(kinds)), key=lambda index: kinds[index] in _OF_TABLES):
        if is_table:
            indexes = tuple(run)
            captions = [index for index in indexes if kinds[index] == "caption"]
            found |= dict.fromkeys(indexes, max((scores[index] for index in captions), default=0.0))
            found |= _among(captions, scores)
    return [found[index] for index in range(len(scores))]


def _among(indexes: Sequence[int], scores: Sequence[float]) -> dict[int, float]:
    return dict(zip(indexes, beside([scores[index] for index in indexes]), strict=True))
