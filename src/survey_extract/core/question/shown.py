"""A text and the wanted fields go in; the sentences that a question shows come out, in reading order.

A short document is shown whole, with its tables if they are small. Of a longer
one, what ranks for none of the fields is left out, and a question about few
fields shows less: about one, a quarter. Sentences are cut by rank, never by
section: each has the best score that ``Relevance`` gives it for a wanted
field, by the odds that it answers, whether or not it could alone; figures,
names and good neighbours raise it, since settings and data sets are in
sentences that have none of a field's words; headings over related work,
thanks, samples and results lower it. Otherwise the rows of a table are one
thing: all are shown, or none, and only where one of them or the caption beside
them ranks. They have room of their own, so that no table drives sentences out.

The amounts are ours. They were chosen on six papers of the gold standard,
each ranked by what the other five taught, and tried on two others
(``make bench-prompts``). ``FORMER`` are those of the release before: a
question that was put by them is found by its request.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Literal, NamedTuple

from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, Sentence

if TYPE_CHECKING:
    from survey_extract.core.ranking.relevance import Relevance

Shown = Literal["relevant", "everything", "formerly relevant"]
"""What may be shown of a document: as it is set, or as the release before chose it."""

WHOLE = 24_000
"""Characters of sentences up to which a document is shown whole, some 6,000 tokens."""
RATE = 0.6
"""Share of what is longer that is shown."""
MOST = 44_000
"""Characters that are shown of the longest."""
LEAST = 6_000
"""Characters that a question about one field may always show."""
TABLES, LEAST_TABLES = 0.08, 2_000
"""Room for the rows of tables on top of that: its share, and the characters that it always has."""
NUMBERING = 8
"""Characters that a sentence's number, brackets and line end take."""

TELLING_MARKS = 3
"""Figures and names that make a sentence fully telling."""
QUESTION = 0.3
"""What is left of the score of a sentence that asks."""
BEST, FIRST = 5, 10.0
"""A field's best sentences go first, wherever they stand: this much above all others."""


class ShownAmounts(NamedTuple):
    """How much is shown, and what each reason to show a sentence counts for."""

    few: float
    """Share of all that may be shown that any question shows, and again for each field in it."""
    lists: int
    """For how many fields a list counts."""
    by_odds: bool
    """Whether a sentence ranks by its odds, from the median's (0) to the best (1), else by its score as a share of the best one's."""
    ranks: float
    """From which rank for a field the rows of a table are shown."""
    telling: float
    """What figures and names add to a rank of 0 to 1."""
    neighbour: float
    """Share of a neighbour's score that a sentence gets: it may lean on it, or go on with it."""
    headings: float
    """The power of what a heading makes of a score."""


NOW = ShownAmounts(few=0.14, lists=1, by_odds=True, ranks=0.8, telling=0.1, neighbour=0.2, headings=0.5)
FORMER = ShownAmounts(few=0.15, lists=2, by_odds=False, ranks=0.2, telling=0.4, neighbour=0.4, headings=1.0)

_TELLING = re.compile(r"\d|[A-Z]{2}|[a-z][A-Z]|(?<=[a-z,;:] )[A-Z]")
_HEADINGS = (
    (re.compile(r"related|prior work|previous work|acknowledg|ethic|societ|broader|funding|contribut|referenc|bibliogr", re.IGNORECASE), 0.15),
    (re.compile(r"example|case stud|qualitative|sample|showcase|demonstration", re.IGNORECASE), 0.3),
    (re.compile(r"result|discussion|conclusion|future|limitation", re.IGNORECASE), 0.5),
)  # fmt: skip
"""What a heading, or one above it, makes of the score of its sentences: the first that fits counts."""


def shown_sentences(
    text: PaperText, wanted: Sequence[FieldSpec], room: int, show: Shown = "relevant"
) -> tuple[tuple[Sentence, ...], int]:
    """The sentences to show in at most ``room`` characters, and how many more would have been, had there been room."""
    citable, is_all, amounts = text.citable(), show == "everything", FORMER if show == "formerly relevant" else NOW
    rows = sum(_size(sentence) for sentence in citable if sentence.kind == "row")
    size = sum(map(_size, citable)) - rows
    allowed = size if is_all else allowance(size, wanted, amounts)
    allowed_rows = rows if is_all else min(rows, max(LEAST_TABLES, round(allowed * TABLES)))
    if allowed >= size and size + rows <= room and rows <= allowed_rows:
        return citable, 0
    units = [
        unit
        for unit in _Scores(text, wanted, amounts).units()
        if is_all or not unit.is_table or unit.score >= amounts.ranks
    ]
    meant = shown = _chosen(units, allowed, allowed_rows)
    if allowed + allowed_rows > room:
        share = room / (allowed + allowed_rows)
        shown = _chosen(units, int(allowed * share), int(allowed_rows * share))
    return tuple(sentence for sentence in citable if sentence.number in shown), len(meant - shown)


def allowance(size: int, wanted: Sequence[FieldSpec], amounts: ShownAmounts = NOW) -> int:
    """Characters that are shown of a document of ``size`` in a question about these fields."""
    most = min(MOST, WHOLE + RATE * (size - WHOLE)) if size > WHOLE else size
    share = min(1.0, amounts.few + amounts.few * sum(amounts.lists if spec.is_list else 1 for spec in wanted))
    return round(max(most * share, min(size, LEAST)))


def _size(sentence: Sentence) -> int:
    return sentence.size + NUMBERING


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is shown together or not at all: a sentence, or the rows of a table."""

    sentences: tuple[Sentence, ...]
    score: float

    @property
    def is_table(self) -> bool:
        return self.sentences[0].kind == "row"

    @property
    def size(self) -> int:
        return sum(map(_size, self.sentences))


def _chosen(units: Sequence[_Unit], room: int, room_of_rows: int) -> frozenset[int]:
    """The numbers of the sentences, and of the rows, that go into the room that each have."""
    sentences = [unit for unit in units if not unit.is_table]
    return _fitting(sentences, room) | _fitting([unit for unit in units if unit.is_table], room_of_rows)


def _fitting(units: Sequence[_Unit], room: int) -> frozenset[int]:
    """The numbers of the best that fit, ties in reading order; what is too long is passed over."""
    kept: set[int] = set()
    for unit in sorted(units, key=lambda unit: (-unit.score, unit.sentences[0].number)):
        if unit.size <= room:
            kept.update(sentence.number for sentence in unit.sentences)
            room -= unit.size
    return frozenset(kept)


class _Scores:
    """How much each sentence of one text matters to the wanted fields."""

    def __init__(self, text: PaperText, wanted: Sequence[FieldSpec], amounts: ShownAmounts) -> None:
        from survey_extract.core.ranking.relevance import Relevance

        self._text, self._amounts = text, amounts
        self._sentences = text.citable()
        self._weights = [math.pow(_weight(path), amounts.headings) for path in text.section_paths()]
        self._ranks = dict.fromkeys((s.number for s in self._sentences), 0.0)
        self._best: set[int] = set()
        relevance = Relevance(text)
        ranks = _by_odds if amounts.by_odds else _by_score
        for spec in wanted:
            self._rank(ranks(relevance, spec))

    def _rank(self, ranks: Mapping[int, float]) -> None:
        """Take in what ranks for a field."""
        found = {number: rank for number, rank in ranks.items() if rank > 0}
        self._best.update(sorted(found, key=lambda number: (-found[number], number))[:BEST])
        for number, rank in found.items():
            self._ranks[number] = max(self._ranks[number], rank)

    def units(self) -> list[_Unit]:
        """Every sentence once, alone or with the other rows of its table."""
        runs = list(_runs(self._sentences))
        tables = [self._table(first, end) for first, end in runs if self._sentences[first].kind == "row"]
        own = [self._own(sentence) for sentence in self._sentences]
        alone = [first for first, _ in runs if self._sentences[first].kind != "row"]
        return tables + [_Unit((self._sentences[index],), self._near(index, own)) for index in alone]

    def _own(self, sentence: Sentence) -> float:
        """The score of a sentence by itself."""
        words = self._text.quote(sentence)
        told = min(TELLING_MARKS, len(_TELLING.findall(words))) / TELLING_MARKS
        score = self._ranks[sentence.number] + self._amounts.telling * told
        return score * (QUESTION if words.endswith("?") else 1.0)

    def _near(self, index: int, own: Sequence[float]) -> float:
        """The same, with a share of its neighbours' scores and the effect of its headings."""
        sentence = self._sentences[index]
        beside = [
            own[other]
            for other in (index - 1, index + 1)
            if 0 <= other < len(own)
            and self._sentences[other].section == sentence.section
            and self._sentences[other].kind != "row"
        ]
        score = (own[index] + self._amounts.neighbour * max(beside, default=0.0)) * self._weights[sentence.section]
        return score + (FIRST if sentence.number in self._best else 0.0)

    def _table(self, first: int, end: int) -> _Unit:
        """The rows of a table, ranked by words and cues alone: full of figures and names they are all. Its caption rises with them."""
        rows, captions = self._sentences[first:end], self._captions(first, end)
        best = max(self._ranks[sentence.number] for sentence in (*captions, *rows))
        for caption in captions:
            self._ranks[caption.number] = best
        return _Unit(rows, best * self._weights[rows[0].section])

    def _captions(self, first: int, end: int) -> Sequence[Sentence]:
        """The sentences of the caption that stands before the rows, else of the one that follows them."""
        before = first
        while before > 0 and self._sentences[before - 1].kind == "caption":
            before -= 1
        behind = end
        while behind < len(self._sentences) and self._sentences[behind].kind == "caption":
            behind += 1
        return self._sentences[before:first] or self._sentences[end:behind]


def _by_score(relevance: Relevance, spec: FieldSpec) -> dict[int, float]:
    """Of the sentences that may answer, their scores by the field's cues as shares of the best one's."""
    ranked = relevance.rank(spec.query)
    return {item.sentence.number: item.score / ranked[0].score for item in ranked if item.score > 0}


def _by_odds(relevance: Relevance, spec: FieldSpec) -> dict[int, float]:
    """Of every sentence, where its odds stand between the median (0; below it is less) and the best (1)."""
    odds = relevance.odds_of_field(spec)
    middle = median(odds)
    reach = max(odds) - middle or 1.0
    return {s.number: (found - middle) / reach for s, found in zip(relevance.sentences, odds, strict=True)}


def _runs(sentences: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends in the list; rows that follow each other are one."""
    first = 0
    while first < len(sentences):
        end = first + 1
        while end < len(sentences) and sentences[first].kind == "row" and sentences[end].kind == "row":
            end += 1
        yield first, end
        first = end


def _weight(path: str) -> float:
    return next((weight for pattern, weight in _HEADINGS if pattern.search(path)), 1.0)
