"""A text and a field go in; its sentences, ranked by how well they answer the field, come out.

BM25 (``bm25``) over the sentences of the one document, with the field's words
as the query; beside it, what BM25 does not see: the words of the heading and of
the instruction, the headings that a sentence is under, its neighbours, and
what it is like (``traits``). A linear model adds these up. Its weights were
learned from sentences that people chose (``benchmarks/ranker.py``,
docs/engine-without-a-model.md), as the words were that speak for an answer to
the fields that we know.

There are two rankings. One chooses what a model is shown of a paper that does
not fit: ``features`` and ``WEIGHTS``. It stays to the last digit as it is,
since an answer is found by the question that it was given to, and other
sentences make another question, which is paid for again. The other finds the
answers of the engine without a model, and may learn: ``answer_features`` and
``ANSWER_WEIGHTS``. To it an abbreviation is what it is short for
(``short_forms``), neighbours are neighbours in the prose, and a question that
compares is about its ``outcome``, with traits of ``findings``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Literal

from survey_extract.core.fields import Cues, FieldSpec
from survey_extract.core.fingerprint import sha256_json
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.ranking.bm25 import Index, by_best, by_possible
from survey_extract.core.ranking.findings import FINDINGS, WORDING, findings, wording
from survey_extract.core.ranking.neighbours import beside, beside_in_prose
from survey_extract.core.ranking.outcome import outcome
from survey_extract.core.ranking.short_forms import both_forms
from survey_extract.core.ranking.stemming import stems
from survey_extract.core.ranking.traits import TRAITS, Traits
from survey_extract.core.ranking.weights import ANSWER_WEIGHTS, LEARNED_FOR, LEARNED_WORDS, WEIGHTS

LEAST, MOST = 4, 120
"""Words that a sentence which answers has at least, and at most: of fewer nothing can be told, more are a list gone wrong."""

FEATURES = (
    "match", "best match", "cover", "heading match", "heading cover", "asked match", "asked cover", "beside a match",
    "under its words", "under its sections", "learned words", "data sets wanted", *TRAITS,
)  # fmt: skip
"""What the linear model adds up, by name, in the order of a row."""
FINDING_FEATURES = (*FEATURES, *FINDINGS, *WORDING)
"""The same where a question that compares is answered."""

_FIRST = re.compile(
    r"abstract|introduc|architect|model|method|approach|train|tuning|data|overview|implement|detail", re.IGNORECASE
)
_COMPARES = re.compile(
    r"\b(?:effects?|affects?|compared|comparison|versus|vs|against|efficacy|effectiveness|significant|significance)\b",
    re.IGNORECASE,
)
"""A question that asks what came of something: its answer is a finding, with its figures."""
_RESULTS = re.compile(r"\b(?:results?|findings?|outcomes?)\b|\bwhat [^?.!]{1,60} found\b", re.IGNORECASE)
"""A question that asks for what was found: its answer is a finding, too, whether or not it says what was compared."""
_ASKING = (
    "sentence sentences word words name named names main give gives given system source sources paper document documents"
    " field list such what which where how including include for example stand appear written answer say says"
    " variants"
)
"""Words of an instruction that say how to answer, not what is sought."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence and its score; higher is better, below zero never answers.

    From 0 to 1: about the share of sentences of that score that were right where the weights were learned.
    """

    sentence: Sentence
    score: float


Kind = Literal["known", "described", "compared"]
"""By which of the learned weights to rank: of a field whose words were learned, of any other, of one that compares."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is sought: the cues' words, and those of heading and instruction where a field is asked.

    ``learned`` is what single words speak for, where that was learned for these cues; ``has_cues`` says that the field
    declares them, so that they are no mere repetition of its heading and instruction.
    """

    cues: Cues
    heading: str = ""
    asked: str = ""
    learned: Mapping[str, float] = field(default_factory=dict)
    has_cues: bool = False

    @classmethod
    def of(cls, spec: FieldSpec) -> Query:
        """All that a field says of itself; without cues of its own, that is what it is sought by."""
        examples = (example.text for example in spec.good)
        asked = " ".join((spec.ask, *examples))
        return cls(spec.query, spec.heading, asked, learned_words(spec.query), has_cues=spec.cues is not None)

    @property
    def main(self) -> list[str]:
        """The stems that a sentence is sought by, each once."""
        return _sought(f"{self.heading} {self.cues.words}")

    @property
    def kind(self) -> Kind:
        if self.learned:
            return "known"
        return "compared" if _COMPARES.search(f"{self.cues.words} {self.asked}") else "described"

    def aimed(self) -> Query:
        """A question that compares, sought by its outcome and its own cues; where nothing says what that is, by all its words, without a heading."""
        instruction = self.asked or self.cues.words
        aim = outcome(self.heading, instruction)
        if not aim:
            return Query(self.cues, "", self.asked)
        return Query(self.cues if self.has_cues and self.asked else replace(self.cues, words=""), aim, instruction)


def _sought(text: str) -> list[str]:
    asking = _stems_of_asking()
    return [stem for stem in dict.fromkeys(stems(text)) if stem not in asking]


@cache
def _stems_of_asking() -> frozenset[str]:
    return frozenset(stems(_ASKING))


class Relevance:
    """Ranks the citable sentences of one text; what they hold and are like is counted once for all fields."""

    def __init__(self, text: PaperText) -> None:
        self._text = text
        self.sentences = text.citable()
        self._quotes = [text.quote(sentence) for sentence in self.sentences]
        self._stems = [stems(quote) for quote in self._quotes]
        self._traits = Traits(text)

    @cached_property
    def _printed(self) -> Index:
        """The words as they are printed."""
        return Index(self._stems)

    @cached_property
    def _understood(self) -> Index:
        """The words with those that an abbreviation is short for, and with the abbreviation of what is spelt out."""
        return Index(both_forms(self._quotes, self._stems))

    def rank(self, cues: Cues) -> list[Ranked]:
        """Best first; ties in reading order, so that the same text gives the same ranking."""
        query = Query(cues, learned=learned_words(cues))
        return self._ranked(query, self._odds(query))

    def rank_field(self, spec: FieldSpec) -> list[Ranked]:
        """The same, by all that a field says of itself: its heading, its instruction and its examples, too."""
        query = Query.of(spec)
        return self._ranked(query, self._answer_odds(query))

    def answer_odds_of(self, spec: FieldSpec) -> list[float]:
        """Of each citable sentence, in reading order, by how much it is nearer to a field's question than others.

        Log odds, but where a result is sought: that is ranked as a finding is, and odds that were learned on trials are too low
        elsewhere to answer anything by.
        """
        query = Query.of(spec)
        if query.kind == "described" and _RESULTS.search(f"{query.heading} {query.asked}"):
            return self._finding_odds(query)
        return self._answer_odds(query)

    def odds_of_field(self, spec: FieldSpec) -> list[float]:
        """Of each citable sentence, in reading order, the log odds that it answers a field, even where it may not by itself."""
        return self._odds(Query.of(spec))

    def _ranked(self, query: Query, odds: Sequence[float]) -> list[Ranked]:
        scored = [
            Ranked(sentence, _chance(found) if may else -1.0)
            for sentence, found, may in zip(self.sentences, odds, self.may_answer(query), strict=True)
        ]
        return sorted(scored, key=lambda item: (-item.score, item.sentence.number))

    def _odds(self, query: Query) -> list[float]:
        return _sums(WEIGHTS[query.kind], self.features(query))

    def _answer_odds(self, query: Query) -> list[float]:
        if query.kind == "known":
            return _sums(WEIGHTS["known"], self.answer_features(query))
        if query.kind == "described":
            return _sums(ANSWER_WEIGHTS["described"], self.answer_features(query))
        return self._finding_odds(query)

    def _finding_odds(self, query: Query) -> list[float]:
        aimed = query.aimed()
        return _sums(ANSWER_WEIGHTS["aimed" if aimed.heading else "worded"], self.finding_features(aimed))

    def may_answer(self, query: Query) -> Iterator[bool]:
        """Of each citable sentence, whether it may answer at all: by its length, and by what the cues say it must hold."""
        must = _compiled(query.cues.must)
        for quote in self._quotes:
            yield LEAST <= quote.count(" ") + 1 <= MOST and bool(must.search(quote))

    def sentences_with(self, words: str) -> int:
        """In how many citable sentences these words stand, as they are written."""
        return sum(words in quote for quote in self._quotes)

    # --- features -------------------------------------------------------------------------------------

    def features(self, query: Query) -> list[tuple[float, ...]]:
        """A row of ``FEATURES`` for each citable sentence, in reading order, as questions to a model are made by: change nothing here."""
        return self._rows(query, self._printed, beside)

    def answer_features(self, query: Query) -> list[tuple[float, ...]]:
        """The same as answers are found by."""
        kinds = [sentence.kind for sentence in self.sentences]
        return self._rows(query, self._understood, lambda scores: beside_in_prose(scores, kinds))

    def finding_features(self, query: Query) -> list[tuple[float, ...]]:
        """A row of ``FINDING_FEATURES`` for each citable sentence, in reading order."""
        rows, at = self.answer_features(query), FEATURES.index("best match")
        paths = [self._traits.paths[sentence.section] for sentence in self.sentences]
        further = findings(self._quotes, paths, [row[at] for row in rows])
        worded = wording(query.heading or query.cues.words, self._quotes, self._understood.stems)
        return [(*row, *more, *parts) for row, more, parts in zip(rows, further, worded, strict=True)]

    def _rows(
        self, query: Query, index: Index, near: Callable[[Sequence[float]], list[float]]
    ) -> list[tuple[float, ...]]:
        main, heading, asked = query.main, _sought(query.heading), _sought(query.asked)
        match = index.match(main)
        best = by_best(match)
        columns = (
            by_possible(match, index.possible(main)),
            best,
            index.cover(main),
            by_best(index.match(heading)),
            index.cover(heading),
            by_best(index.match(asked)),
            index.cover(asked),
            near(best),
            self._under(frozenset(main)),
            self._in_sections(query.cues.sections),
            self._learned(query.learned),
            self._data_sets if query.learned and "dataset" in main else [0.0] * len(self.sentences),
        )
        return [(*row, *traits) for row, traits in zip(zip(*columns, strict=True), self._traits.of_each, strict=True)]

    def _under(self, wanted: frozenset[str]) -> list[float]:
        """The share of the headings' words that are wanted."""
        headings = [frozenset(stems(path)) for path in self._traits.paths]
        shares = [len(words & wanted) / (1 + len(words)) for words in headings]
        return [shares[sentence.section] for sentence in self.sentences]

    def _in_sections(self, sections: str) -> list[float]:
        pattern = _compiled(sections)
        found = [float(bool(sections and pattern.search(path))) for path in self._traits.paths]
        return [found[sentence.section] for sentence in self.sentences]

    def _learned(self, words: Mapping[str, float]) -> list[float]:
        return [
            sum(words.get(stem, 0.0) for stem in dict.fromkeys(found)) / math.sqrt(3 + len(set(found)))
            if words
            else 0.0
            for found in self._stems
        ]

    @cached_property
    def _data_sets(self) -> list[float]:
        at = list(TRAITS).index("data sets")
        return [traits[at] for traits in self._traits.of_each]


def _sums(weights: tuple[Sequence[float], float], rows: Iterable[Sequence[float]]) -> list[float]:
    """The weighted features of each row, and the rest that is added."""
    of_each, rest = weights
    return [sum(map(float.__mul__, of_each, row)) + rest for row in rows]


def _chance(sum_: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_))))


def cues_key(cues: Cues) -> str:
    """What learned words are kept under: words that were learned for other cues speak for nothing."""
    return sha256_json([cues.words, cues.must, cues.sections])[:12]


def learned_words(cues: Cues) -> Mapping[str, float]:
    """What single words speak for in a field with these cues; nothing where that was not learned."""
    return _words_of(LEARNED_FOR.get(cues_key(cues), ""))


@cache
def _words_of(field_name: str) -> Mapping[str, float]:
    pairs = iter(LEARNED_WORDS.get(field_name, "").split())
    return {stem: float(weight) for stem, weight in zip(pairs, pairs, strict=True)}


def _cost(sentence: Sentence) -> int:
    """Characters of a sentence in a question, with its number, brackets and line end."""
    return sentence.size + 8


def fits(text: PaperText, budget: int) -> bool:
    """Whether all citable sentences fit into ``budget`` characters, so that none need be chosen."""
    return sum(map(_cost, text.citable())) <= budget


def select(text: PaperText, wanted: Sequence[FieldSpec], budget: int) -> tuple[tuple[Sentence, ...], int]:
    """The citable sentences that fit into ``budget`` characters, in reading order, and how many were left out.

    Abstract, method, training and data sections go first, then what ranks
    best for any wanted field.
    """
    citable = text.citable()
    if fits(text, budget):
        return citable, 0
    cost = {s.number: _cost(s) for s in citable}
    relevance = Relevance(text)
    best: dict[int, float] = dict.fromkeys(cost, 0.0)
    for spec in wanted:
        ranked = relevance.rank(spec.query)
        top = max((item.score for item in ranked), default=0.0) or 1.0
        for item in ranked:
            best[item.sentence.number] = max(best[item.sentence.number], item.score / top)
    paths = text.section_paths()
    first = {s.number: bool(_FIRST.search(paths[s.section])) for s in citable}
    order = sorted(citable, key=lambda s: (not first[s.number], -best[s.number], s.number))
    kept: set[int] = set()
    left = budget
    for sentence in order:
        if cost[sentence.number] <= left:
            kept.add(sentence.number)
            left -= cost[sentence.number]
    return tuple(s for s in citable if s.number in kept), len(citable) - len(kept)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
