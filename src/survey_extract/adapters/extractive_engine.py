"""A text goes in; its own best sentences come out as answers: the engine without a model, key or cost.

The answer of a text field IS its evidence, so it can be beside the point but
never untrue; every other type is answered with what was recognised in a
sentence, as that prints it. It is deterministic, says "not reported" below a
threshold, and abstains where nothing tells it what to recognise. Everything it
answers is labelled ``extractive``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from survey_extract.core.fields import FieldSpec
from survey_extract.core.fingerprint import Json
from survey_extract.core.ports import Asked, Estimate, Said
from survey_extract.core.recognition import items_of
from survey_extract.core.records import PaperText
from survey_extract.core.relevance import Ranked, Relevance

THRESHOLD = 6.0
"""Score below which a sentence answers nothing; set by eye on the papers of the first survey."""
WITHOUT_CUES = 1.5
"""How many times that a sentence must reach where only heading and instruction say what is sought."""
MENTION = 0.5
"""Score below which a sentence is no evidence of what it mentions."""
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
        return Asked(tuple(_answer(spec, text, relevance) for spec in wanted))

    def estimate(self, text: PaperText, wanted: Sequence[FieldSpec]) -> Estimate:
        """Nothing."""
        return Estimate(0, 0, 0.0)

    def begin(self, run: str) -> None:
        """Nothing is paid, so nothing is booked."""


def _answer(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
    if spec.type == "text":
        return _quote(spec, relevance)
    recognise = items_of(spec)
    if recognise is None:
        return Said(spec.name, None, ())
    return (_list if spec.is_list else _one)(spec, text, relevance, recognise)


def _quote(spec: FieldSpec, relevance: Relevance) -> Said:
    ranked = [item for item in _above_threshold(spec, relevance) if item.sentence.kind != "row"]
    best = [item for item in ranked[:SENTENCES] if item.score >= NEAR * ranked[0].score]
    numbers = tuple(sorted(item.sentence.number for item in best))
    return Said(spec.name, None, numbers, quoted=bool(numbers))


def _list(spec: FieldSpec, text: PaperText, relevance: Relevance, recognise: Callable[[str], Sequence[str]]) -> Said:
    """What is mentioned most, each with the best sentence that mentions it."""
    mentions: Counter[str] = Counter()
    for sentence in relevance.sentences:
        mentions.update(recognise(text.quote(sentence)))
    best_sentence: dict[str, int] = {}
    for item in _above_threshold(spec, relevance, MENTION):
        for name in recognise(text.quote(item.sentence)):
            best_sentence.setdefault(name, item.sentence.number)
    ranked = sorted(mentions.items(), key=lambda pair: -pair[1])
    chosen = [name for name, _ in ranked if name in best_sentence][:NAMES]
    numbers = tuple(sorted({best_sentence[name] for name in chosen}))
    return Said(spec.name, tuple(chosen) or None, numbers if chosen else ())


def _one(spec: FieldSpec, text: PaperText, relevance: Relevance, recognise: Callable[[str], Sequence[str]]) -> Said:
    """What the best sentence that mentions exactly one says."""
    for item in _above_threshold(spec, relevance, MENTION):
        found = recognise(text.quote(item.sentence))
        if len(found) == 1:
            return Said(spec.name, found[0], (item.sentence.number,))
    return Said(spec.name, None, ())


def _above_threshold(spec: FieldSpec, relevance: Relevance, threshold: float = THRESHOLD) -> list[Ranked]:
    least = threshold if spec.cues else threshold * WITHOUT_CUES
    return [item for item in relevance.rank(spec.query) if item.score >= least]
