"""A text goes in; its own best sentences come out as answers: the engine without a model, key or cost.

The answer of a text field IS its evidence, so it can be beside the point but
never untrue; a list field holds the recognised names. It is deterministic and
says "not reported" below a threshold. Everything it answers is labelled
``extractive``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from survey_extract.core.data_sets import data_sets
from survey_extract.core.fingerprint import Json
from survey_extract.core.ports import Asked, Estimate, Said
from survey_extract.core.records import PaperText
from survey_extract.core.relevance import Ranked, Relevance
from survey_extract.core.schema import FieldSpec

THRESHOLD = 6.0
"""Score below which a sentence answers nothing; set by eye on the papers of the first survey."""
SENTENCES = 2
"""Sentences an answer has at most; the second must come near the first."""
NEAR = 0.75
NAMES = 12
"""Names a list has at most."""


class ExtractiveEngine:
    """BM25 with field words and cues (``core/relevance.py``)."""

    name = "extractive"
    model: str | None = None
    prompt = ""
    requests = 0

    @property
    def parameters(self) -> Json:
        """The number is raised whenever the same text would be answered otherwise."""
        return {"version": 1}

    def ask(self, key: str, text: PaperText, wanted: Sequence[FieldSpec]) -> Asked:
        """Answer every wanted field from the text alone."""
        relevance = Relevance(text)
        said = [self._names(spec, text, relevance) if spec.is_list else self._quote(spec, relevance) for spec in wanted]
        return Asked(tuple(said))

    def estimate(self, text: PaperText, wanted: Sequence[FieldSpec]) -> Estimate:
        """Nothing."""
        return Estimate(0, 0, 0.0)

    def begin(self, run: str) -> None:
        """Nothing is paid, so nothing is booked."""

    def _quote(self, spec: FieldSpec, relevance: Relevance) -> Said:
        ranked = _above_threshold(spec, relevance)
        best = [item for item in ranked[:SENTENCES] if item.score >= NEAR * ranked[0].score]
        numbers = tuple(sorted(item.sentence.number for item in best))
        return Said(spec.name, None, numbers, quoted=bool(numbers))

    def _names(self, spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
        """The names that are mentioned most, each with the best sentence that mentions it."""
        mentions: Counter[str] = Counter()
        for sentence in relevance.sentences:
            mentions.update(data_sets(text.quote(sentence)))
        best_sentence: dict[str, int] = {}
        for item in _above_threshold(spec, relevance, threshold=0.5):
            for name in data_sets(text.quote(item.sentence)):
                best_sentence.setdefault(name, item.sentence.number)
        chosen = [name for name, _ in sorted(mentions.items(), key=lambda pair: -pair[1]) if name in best_sentence][
            :NAMES
        ]
        numbers = tuple(sorted({best_sentence[name] for name in chosen}))
        return Said(spec.name, tuple(chosen) or None, numbers if chosen else ())


def _above_threshold(spec: FieldSpec, relevance: Relevance, threshold: float = THRESHOLD) -> list[Ranked]:
    return [item for item in relevance.rank(spec.cues) if item.score >= threshold] if spec.cues else []
