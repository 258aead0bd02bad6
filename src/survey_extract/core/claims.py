"""Two texts about one document go in; which figures, names and clauses of the one the other holds comes out.

A figure or name is found as the check finds it in evidence: strict in value
and unit, generous in form. A clause is found when the other text holds most
of what its words weigh in the document, its figures and names left out, which
count on their own. That tells whether a matter is spoken of, not whether the
same is said of it: "is trained" and "is not trained" speak of one matter. So
the share of clauses found is no measure of truth, and is not called one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey_extract.core.ground import Ground
from survey_extract.core.passage import Passage
from survey_extract.core.records import PaperText
from survey_extract.core.support import NEAR, Nearest, statements
from survey_extract.core.terms import Sought, places, terms_of_text
from survey_extract.core.tokens import tokens
from survey_extract.core.usage import Usage


@dataclass(frozen=True, slots=True)
class Held:
    """Figures and names of some statements, and their clauses: all, and those that the other side lacks."""

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
        for sentence in self._text.citable():
            usage.learn(tokens(self._text.quote(sentence)))
        return usage

    def held(self, stated: Sequence[str], others: Iterable[str]) -> Held:
        """What the others hold of these statements; each term counts once, however often it is stated."""
        other = tuple(others)
        ground = Ground(Passage(map(tokens, other)), self._usage)
        words = self._nearest.weights("\n".join(other)).keys()
        terms = [(statement, terms_of_text(statement, self._usage)) for statement in stated]
        sought = {term.text: term for _, found in terms for term in found}
        clauses = [(statement, self._nearest.weights(_bare(statement, found))) for statement, found in terms]
        weighty = [(statement, weights) for statement, weights in clauses if weights]
        return Held(
            len(sought),
            tuple(text for text, term in sought.items() if not ground.holds(term)),
            len(weighty),
            tuple(
                statement
                for statement, weights in weighty
                if sum(weights[word] for word in weights.keys() & words) < NEAR * sum(weights.values())
            ),
        )


def clauses_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts, each by its sentences and clauses."""
    return tuple(statement for text in texts for statement in statements(text))


def _bare(statement: str, terms: Sequence[Sought]) -> str:
    """A statement without its figures and names."""
    spans = sorted({span for term in terms for span in places(term.text, statement)})
    kept: list[str] = []
    at = 0
    for start, end in spans:
        kept.append(statement[at:start])
        at = max(at, end)
    return " ".join((*kept, statement[at:]))
