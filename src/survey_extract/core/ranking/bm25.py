"""The stems of a text's sentences go in; how well each sentence holds a question's stems comes out.

Okapi BM25 (Robertson and Zaragoza, 2009, "The Probabilistic Relevance
Framework: BM25 and Beyond") over the sentences of the one text, and the share
of a question's weight that a sentence covers.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

K1, B = 1.2, 0.75
"""BM25's usual saturation and length parameters."""
SHORTEST = 5
"""Words that the shortest sentence counts as having: that it is short makes no word in it weigh more."""


class Index:
    """Where each stem of a text stands, and how often."""

    def __init__(self, stems_of_each: Sequence[Sequence[str]]) -> None:
        self.stems = stems_of_each
        self._where: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, found in enumerate(stems_of_each):
            for stem, count in Counter(found).items():
                self._where[stem].append((index, count))
        lengths = [max(SHORTEST, len(found)) for found in stems_of_each]
        mean = sum(lengths) / max(1, len(lengths))
        self._norms = [K1 * (1 - B + B * length / mean) for length in lengths]

    def match(self, wanted: Iterable[str]) -> list[float]:
        """BM25 of each sentence."""
        scores = [0.0] * len(self.stems)
        for stem in dict.fromkeys(wanted):
            idf = self._idf(stem)
            for index, count in self._where.get(stem, ()):
                scores[index] += idf * count * (K1 + 1) / (count + self._norms[index])
        return scores

    def possible(self, wanted: Iterable[str]) -> float:
        """What a sentence that holds all stems would cover."""
        return sum(self._idf(stem) for stem in dict.fromkeys(wanted))

    def cover(self, wanted: Iterable[str]) -> list[float]:
        """The share of the stems' weight that each sentence holds; stems that the text never says count, too."""
        scores = [0.0] * len(self.stems)
        for stem in dict.fromkeys(wanted):
            for index, _ in self._where.get(stem, ()):
                scores[index] += self._idf(stem)
        return by_possible(scores, self.possible(wanted))

    def _idf(self, stem: str) -> float:
        total, holding = len(self.stems), len(self._where.get(stem, ()))
        return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def by_best(scores: Sequence[float]) -> list[float]:
    """Each score as a share of the best."""
    best = max(scores, default=0.0) or 1.0
    return [score / best for score in scores]


def by_possible(scores: Sequence[float], possible: float) -> list[float]:
    """Each score as a share of what is possible."""
    return [score / (possible or 1.0) for score in scores]
