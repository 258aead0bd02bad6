"""A value that points to no sentence and a text go in; the sentences that come nearest to it, and what none comes near, come out.

Found by code and claimed by nobody: a sentence that shares the rare words,
names and figures of a statement is where a reader should look, not proof that
the statement is true. Words weigh by how few sentences of the document contain
them (inverse document frequency); what the document never says weighs, too,
so that a statement about something else has no sentence near it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from survey_extract.core.evidence import pointer
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ranking.stemming import stems
from survey_extract.core.reading.splitting import split_sentences
from survey_extract.core.records import Evidence, Value

MOST = 4
"""Sentences proposed for one value."""
NEAR = 0.4
"""Share of a statement's weight that its two best sentences must hold together, below which nothing comes near it."""
UNSAID = 0.8
"""Weight of a word that the document never says, as a share of the rarest one that it does say.

This and the two sentences were chosen on facts that a reader had noted of eight papers, each beside its own paper and beside others.
"""
GAIN = 0.12
"""Share of a statement's weight that a further sentence must add to be proposed."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_CLAUSE = re.compile(r";\s+")


@dataclass(frozen=True, slots=True)
class Support:
    """The sentences nearest to a value, in reading order, and the statements of it that none comes near.

    The names of a list are looked for one by one by the check, so none of them is said to be far.
    """

    sentences: tuple[Evidence, ...] = ()
    far: tuple[str, ...] = ()


def statements(value: Value) -> tuple[str, ...]:
    """What a value states, one by one: its sentences and clauses, or the names of a list."""
    if not isinstance(value, str):
        return value or ()
    whole = (value[start:end] for start, end in split_sentences(value))
    return tuple(part.strip() for sentence in whole for part in _CLAUSE.split(sentence) if any(map(str.isalnum, part)))


class Nearest:
    """Finds what comes nearest in one text; its words are counted once."""

    def __init__(self, text: PaperText) -> None:
        self._text, self._sentences = text, text.citable()
        self._words = [frozenset(_words(text.quote(sentence))) for sentence in self._sentences]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(word for words in self._words for word in words)

    def support(self, value: Value) -> Support:
        """The nearest sentences of each statement; where they are too many, those that hold most."""
        gained: dict[int, float] = {}
        far: list[str] = []
        for statement in statements(value):
            weights = self.weights(statement)
            chosen = self.nearest(weights)
            if sum(gain for _, gain in chosen) < NEAR * sum(weights.values()):
                far.append(statement)
                continue
            for index, gain in chosen:
                gained[index] = gained.get(index, 0.0) + gain
        best = sorted(sorted(gained, key=lambda index: (-gained[index], index))[:MOST])
        found = tuple(pointer(self._text, self._sentences[index]) for index in best)
        return Support(found, tuple(far) if isinstance(value, str) else ())

    def like(self, words: str) -> tuple[Evidence, str] | None:
        """The one sentence that holds most of what those of another text say, and its words; None where none comes near it."""
        weights = self.weights(words)
        chosen = self.nearest(weights)[:1]
        if not chosen or chosen[0][1] < NEAR * sum(weights.values()):
            return None
        sentence = self._sentences[chosen[0][0]]
        return pointer(self._text, sentence), self._text.quote(sentence)

    def saying(self, says: Callable[[str], bool]) -> Support | None:
        """The first sentences that give a value whose words differ from theirs, a date or a quantity; None where none does."""
        found = [sentence for sentence in self._sentences if says(self._text.quote(sentence))]
        return Support(tuple(pointer(self._text, sentence) for sentence in found[:MOST])) if found else None

    def weights(self, statement: str) -> dict[str, float]:
        """The words of a statement, each with what it weighs in this document."""
        total = len(self._sentences)
        rarest = math.log(1 + total)
        return {
            word: math.log(1 + total / self._counts[word]) if self._counts[word] else UNSAID * rarest
            for word in dict.fromkeys(_words(statement))
        }

    def shared(self, statement: str) -> list[float]:
        """What each sentence holds of the weight of a statement."""
        weights = self.weights(statement)
        return [sum(weights.get(word, 0.0) for word in words) for words in self._words]

    def nearest(self, weights: Mapping[str, float]) -> list[tuple[int, float]]:
        """The best sentence of a statement, and the one that best adds to it: each with the weight that it adds."""
        left, chosen, total = dict(weights), list[tuple[int, float]](), sum(weights.values())
        for _ in range(2):
            gains = {index: sum(left[word] for word in words & left.keys()) for index, words in enumerate(self._words)}
            index = max(gains, key=lambda index: (gains[index], -index), default=None)
            if index is None or gains[index] <= GAIN * total:
                break
            chosen.append((index, gains[index]))
            left = {word: weight for word, weight in left.items() if word not in self._words[index]}
        return chosen


def _words(text: str) -> Iterator[str]:
    yield from stems(text)
    yield from (figure.replace(",", "") for figure in _FIGURE.findall(text))
