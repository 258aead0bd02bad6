"""A text and a field go in; its sentences, ranked by how well they answer the field, come out.

Okapi BM25 (Robertson and Zaragoza, 2009, "The Probabilistic Relevance
Framework: BM25 and Beyond") over the sentences of the one document, with the
field's words as the query; then cues that BM25 does not see: who speaks,
under which heading, and whether the sentence reports other people's work. The
weights are ours, set by eye on papers of the first survey; ``evaluate`` will
say how good they are.

The same ranking chooses what a model is shown of a paper that does not fit.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from survey_extract.core.fields import Cues, FieldSpec
from survey_extract.core.records import PaperText, Section, Sentence

K1, B = 1.2, 0.75
"""BM25's usual saturation and length parameters."""

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_OWN_VOICE = re.compile(r"\b(?:we|our|ours|this (?:paper|work|model|report))\b", re.IGNORECASE)
_CITATION = re.compile(r"\[\d+(?:\s*[,–-]\s*\d+)*\]|\((?:[^()]*?\b(?:19|20)\d\d[a-z]?\b[^()]*?)\)|\bet al\b")
_OTHERS = re.compile(
    r"related|background|prior|previous|preliminar|limitation|broader|acknowledg|ethic|societal|appendix", re.IGNORECASE
)
_FIRST = re.compile(
    r"abstract|introduc|architect|model|method|approach|train|tuning|data|overview|implement|detail", re.IGNORECASE
)
_HYPE = re.compile(
    r"outperform|state-of-the-art|superior|impressive|future work|surpass|we hope|compared (?:to|with)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A sentence and its score; higher is better, below zero never answers."""

    sentence: Sentence
    score: float


class Relevance:
    """Ranks the citable sentences of one text; the statistics are counted once for all fields."""

    def __init__(self, text: PaperText) -> None:
        self._text = text
        self.sentences = text.citable()
        self._quotes = [text.quote(sentence) for sentence in self.sentences]
        self._counts = [Counter(stems(quote)) for quote in self._quotes]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._mean = max(1.0, sum(self._lengths) / max(1, len(self._lengths)))
        self._documents = Counter(stem for counts in self._counts for stem in counts)
        self._titles = section_paths(text)

    def rank(self, cues: Cues) -> list[Ranked]:
        """Best first; ties in reading order, so that the same text gives the same ranking."""
        must, sections = _compiled(cues.must), _compiled(cues.sections)
        favoured = frozenset(
            index for index, title in enumerate(self._titles) if cues.sections and sections.search(title)
        )
        weights = self._idf(cues.words)
        ranked = [
            Ranked(sentence, self._score(index, weights, must, favoured))
            for index, sentence in enumerate(self.sentences)
        ]
        return sorted(ranked, key=lambda item: (-item.score, item.sentence.number))

    def _idf(self, words: str) -> dict[str, float]:
        total = len(self.sentences)
        wanted = dict.fromkeys(stems(words))
        return {
            stem: math.log(1 + (total - self._documents[stem] + 0.5) / (self._documents[stem] + 0.5))
            for stem in wanted
            if self._documents[stem]
        }

    def _score(self, index: int, weights: dict[str, float], must: re.Pattern[str], favoured: frozenset[int]) -> float:
        length = self._lengths[index]
        if not 6 <= length <= 90 or not must.search(self._quotes[index]):
            return -1.0
        counts = self._counts[index]
        norm = K1 * (1 - B + B * length / self._mean)
        bm25 = sum(
            idf * counts[stem] * (K1 + 1) / (counts[stem] + norm) for stem, idf in weights.items() if stem in counts
        )
        return bm25 * self._cues[index] * (1.35 if self.sentences[index].section in favoured else 1.0)

    @cached_property
    def _cues(self) -> list[float]:
        """What speaks for or against each sentence, whatever the field."""
        others = {index for index, title in enumerate(self._titles) if _OTHERS.search(title)}
        return [
            _cue_factor(s, quote) * (0.45 if s.section in others else 1.0)
            for s, quote in zip(self.sentences, self._quotes, strict=True)
        ]


def _cue_factor(sentence: Sentence, quote: str) -> float:
    factor = 1.25 if _OWN_VOICE.search(quote) else 1.0
    factor *= 0.85 ** min(3, len(_CITATION.findall(quote)))
    factor *= 0.7 if _HYPE.search(quote) else 1.0
    factor *= 0.6 if sentence.kind != "body" else 1.0
    factor *= 0.3 if quote.endswith("?") or not quote[:1].isupper() else 1.0
    factor *= 1.0 if quote.endswith((".", ":", "!", ")")) else 0.7
    return factor


def section_paths(text: PaperText) -> list[str]:
    """The title of each section behind those of the sections it stands in: what "Related work" says of its parts."""
    paths: list[str] = []
    above: list[Section] = []
    for section in text.sections:
        while above and above[-1].level >= section.level:
            above.pop()
        above.append(section)
        paths.append(" > ".join(part.title for part in above))
    return paths


def _cost(sentence: Sentence) -> int:
    """Characters of a sentence in a question, with its number, brackets and line end."""
    return sentence.end - sentence.start + 8


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
    paths = section_paths(text)
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


def stems(text: str) -> list[str]:
    """Lower-case words, compounds also by their parts, cut at their commonest endings."""
    words: list[str] = []
    for word in _WORD.findall(text.lower()):
        words += [_stem(part) for part in ((word, *word.split("-")) if "-" in word else (word,))]
    return words


@cache
def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ers", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
