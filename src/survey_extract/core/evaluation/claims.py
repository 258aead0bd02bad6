"""Two texts about one document go in; which figures, names and clauses of the one the other has comes out.

A figure or name is found as the check finds it in evidence: strict in value
and unit, generous in form. A clause is mentioned when two statements of the
other text have enough of what its words weigh in the document; its figures
are left out, they count on their own. That tells whether a matter is mentioned,
not whether the same is said about it: "is trained" and "is not trained"
mention one matter. So clauses are not a measure of truth, and are not called one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey_extract.core.check.clauses import Parsed
from survey_extract.core.check.ground import Ground
from survey_extract.core.check.passage import Searchable
from survey_extract.core.check.support import Nearest, statements
from survey_extract.core.check.terms import Sought, places, terms_of_text
from survey_extract.core.paper_text import PaperText
from survey_extract.core.words.tokens import tokens
from survey_extract.core.words.usage import Usage

SPOKEN_OF = 0.55
"""Share of a clause's weight that two statements must hold together.

Chosen on the facts that a reader had noted of six papers, each beside the sentences noted for the same field: where the
share of those of its own paper that speak of it (158 of 173) is farthest above that of another paper's (22 %). On two papers
kept apart: 55 of 64, and 25 %. ``benchmarks/speaks_of.py`` shows it beside other shares.
"""
COMMON = 100
"""Statements that share a word beyond which each is taken to have it, so that a long text takes no more than its length."""


@dataclass(frozen=True, slots=True)
class HeldClaims:
    """Figures and names of some statements, and their clauses: how many, and those that the other side lacks."""

    terms: int
    lacks_terms: tuple[str, ...]
    clauses: int
    lacks_clauses: tuple[str, ...]


class Claims:
    """Compares texts about one document, whose words it counts and whose spelling it learns once."""

    def __init__(self, text: PaperText) -> None:
        self._text, self._nearest = text, Nearest(text)

    @cached_property
    def _usage(self) -> Usage:
        usage = Usage()
        for sentence in self._text.prose():
            usage.learn(tokens(self._text.quote(sentence)))
        return usage

    def held(self, stated: Sequence[str], others: Sequence[str]) -> HeldClaims:
        """What the others hold of these statements; each term counts once, however often it is stated."""
        ground = Ground(Searchable(map(Parsed.of, others)), self._usage)
        spoken = _Spoken([frozenset(self._nearest.weights(other)) for other in others])
        found = [(statement, terms_of_text(statement, self._usage)) for statement in stated]
        sought = {term.text: term for _, terms in found for term in terms}
        weighed = [(statement, self._nearest.weights(_without_figures(statement, terms))) for statement, terms in found]
        clauses = [(statement, weights) for statement, weights in weighed if weights]
        return HeldClaims(
            len(sought),
            tuple(text for text, term in sought.items() if not ground.holds(term)),
            len(clauses),
            tuple(statement for statement, weights in clauses if spoken.share(weights) < SPOKEN_OF),
        )


class _Spoken:
    """The words of some statements, to see how much of another one two of them hold together."""

    def __init__(self, words: Sequence[frozenset[str]]) -> None:
        self._words = words
        self._where: defaultdict[str, list[int]] = defaultdict(list)
        for index, held in enumerate(words):
            for word in held:
                self._where[word].append(index)

    def share(self, weights: Mapping[str, float]) -> float:
        left = {word: weight for word, weight in weights.items() if len(self._where.get(word, ())) <= COMMON}
        for _ in range(2):
            gains: defaultdict[int, float] = defaultdict(float)
            for word, weight in left.items():
                for index in self._where.get(word, ()):
                    gains[index] += weight
            if not gains:
                break
            best = min(gains, key=lambda index: (-gains[index], index))
            left = {word: weight for word, weight in left.items() if word not in self._words[best]}
        return 1 - sum(left.values()) / sum(weights.values())


def clauses_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts, each by its sentences and clauses."""
    return tuple(statement for text in texts for statement in statements(text))


def _without_figures(statement: str, terms: Sequence[Sought]) -> str:
    spans = sorted({span for term in terms if term.figure for span in places(term.text, statement)})
    kept: list[str] = []
    at = 0
    for start, end in spans:
        kept.append(statement[at:start])
        at = max(at, end)
    return " ".join((*kept, statement[at:]))
