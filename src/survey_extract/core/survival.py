"""Standing evidence and the text of a new version go in, what became of each sentence comes out, without a model.

A paper gets new versions, a page is edited. A sentence that still stands
there word for word still carries its cell, wherever it moved; one that does
not, whether reworded or gone, carries nothing, and its cell is asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from survey_extract.core.evidence import Quoter, pointer
from survey_extract.core.records import Evidence, Fate, PaperText, Sentence

REWORDED = 70.0
"""Similarity (rapidfuzz ratio, 0 to 100) from which a sentence is shown as the old one reworded; it decides nothing."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the old version: ``now`` is where its words, or the words nearest to them, stand in the new one."""

    evidence: Evidence
    fate: Fate
    words: str | None
    now: Evidence | None
    now_words: str | None


class Survivors:
    """Looks sentences of older versions up in one new text."""

    def __init__(self, text: PaperText) -> None:
        self._text, self._quoter = text, Quoter(text)
        self._citable: list[tuple[Sentence, str]] | None = None

    def passages(self, evidence: Sequence[Evidence], old: Quoter | None) -> tuple[Passage, ...]:
        """What became of each; ``old`` cuts the words that are no longer there, None when its text is not in the cache."""
        return tuple(self._passage(item, old) for item in evidence)

    def _passage(self, item: Evidence, old: Quoter | None) -> Passage:
        found = self._quoter.quote(item)
        if found.sentence is not None:
            now = pointer(self._text, found.sentence)
            fate: Fate = "same" if found.sentence.page == item.page else "moved"
            return Passage(item, fate, found.words, now, found.words)
        words = old.quote(item).words if old else None
        near = self._nearest(words) if words else None
        if near is None:
            return Passage(item, "gone", words, None, None)
        return Passage(item, "changed", words, pointer(self._text, near), self._text.quote(near))

    def _nearest(self, words: str) -> Sentence | None:
        if self._citable is None:
            self._citable = [(s, self._text.quote(s)) for s in self._text.citable()]
        quotes = [quote for _, quote in self._citable]
        best = process.extractOne(words, quotes, scorer=fuzz.ratio, score_cutoff=REWORDED)
        return self._citable[best[2]][0] if best else None


def survives(passages: Sequence[Passage]) -> bool:
    """Whether a cell stands by these: each of its sentences, and there is at least one."""
    return bool(passages) and all(passage.fate in ("same", "moved") for passage in passages)


def counted(passages: Iterable[Passage]) -> tuple[tuple[Fate, int], ...]:
    """How many sentences met which fate."""
    counts = Counter(passage.fate for passage in passages)
    order: tuple[Fate, ...] = ("same", "moved", "changed", "gone")
    return tuple((fate, counts[fate]) for fate in order if counts[fate])


def told(fates: Iterable[tuple[Fate, int]]) -> str:
    """The same for people: "3 same, 1 gone"."""
    return ", ".join(f"{count} {fate}" for fate, count in fates)
