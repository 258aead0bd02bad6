"""What an engine said goes in; pointers into the text, and a check that needs no model, come out.

Two of the three promises live here. An engine names sentences by number and
code cuts the words, so no quote can be invented; and every figure and proper
name of a value is looked for in its evidence, so that what the sentences do
not carry is seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from survey_extract.core import names
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.records import CITABLE, Check, Evidence, PaperText, Place, Sentence, Term, Value

Whereabouts = Literal["found", "moved", "missing"]


def as_text(value: Value) -> str:
    """A value as people read it: names of a list are joined by commas."""
    if value is None:
        return ""
    return value if isinstance(value, str) else ", ".join(value)


def point(
    text: PaperText, numbers: Iterable[int], offered: frozenset[int] | None = None
) -> tuple[tuple[Evidence, ...], tuple[int, ...]]:
    """Resolve sentence numbers: (evidence in the order named, numbers that resolve to nothing).

    A number resolves when it is a sentence of the text, of a kind that may be
    cited, and (if ``offered`` is given) was shown to the engine. Doubles count once.
    """
    resolved: list[Evidence] = []
    unresolved: list[int] = []
    for number in dict.fromkeys(numbers):
        known = 1 <= number <= len(text.sentences) and (offered is None or number in offered)
        if known and text.sentences[number - 1].kind in CITABLE:
            resolved.append(pointer(text, text.sentences[number - 1]))
        else:
            unresolved.append(number)
    return tuple(resolved), tuple(unresolved)


def pointer(text: PaperText, sentence: Sentence) -> Evidence:
    """Where a sentence stands, and the hash of its words."""
    return Evidence(sentence.page, sentence.start, sentence.end, sha256_text(text.quote(sentence)))


@dataclass(frozen=True, slots=True)
class Quote:
    """A pointer resolved against a text: its words and sentence, or None where they are not found."""

    evidence: Evidence
    whereabouts: Whereabouts
    sentence: Sentence | None
    words: str | None


class Quoter:
    """Cuts quotes out of one text; the hash decides, so a pointer can never show other words.

    Where a newer reader or another version moved a sentence, its hash finds it again.
    """

    def __init__(self, text: PaperText) -> None:
        self._text = text

    @cached_property
    def _by_place(self) -> Mapping[tuple[int, int, int], Sentence]:
        return {(s.page, s.start, s.end): s for s in self._text.sentences}

    @cached_property
    def _by_hash(self) -> Mapping[str, list[Sentence]]:
        index: dict[str, list[Sentence]] = defaultdict(list)
        for sentence in self._text.sentences:
            if sentence.kind in CITABLE:
                index[sha256_text(self._text.quote(sentence))].append(sentence)
        return index

    def quote(self, evidence: Evidence) -> Quote:
        """The words a pointer points at: at its place, else anywhere, else missing."""
        there = self._by_place.get((evidence.page, evidence.start, evidence.end))
        if there is not None and sha256_text(self._text.quote(there)) == evidence.sha256:
            return Quote(evidence, "found", there, self._text.quote(there))
        if candidates := self._by_hash.get(evidence.sha256):
            nearest = min(candidates, key=lambda s: abs(s.page - evidence.page))
            return Quote(evidence, "moved", nearest, self._text.quote(nearest))
        return Quote(evidence, "missing", None, None)


def quoted_value(quotes: Iterable[Quote]) -> str | None:
    """The value of an answer that is its evidence; None while any of its words are missing."""
    words = [quote.words for quote in quotes]
    if not words or any(part is None for part in words):
        return None
    return " ".join(part for part in words if part)


RULES = 1
"""The version of the rules below."""


def check(value: Value, evidence: Iterable[Evidence], text: PaperText, own: Iterable[str] = ()) -> Check:
    """Look for every figure and proper name of a value in its evidence, then in the whole text."""
    stated = as_text(value)
    if not stated:
        return Check()
    quoter = Quoter(text)
    quoted = " ".join(quoter.quote(item).words or "" for item in evidence).casefold()
    whole = " ".join(text.pages).casefold()
    return Check(tuple(Term(term, _place(term, quoted, whole)) for term in _terms(value, stated)))


def _terms(value: Value, stated: str) -> tuple[str, ...]:
    """What is looked for: the names of a list; the names of a text, and the figures that are no part of them."""
    if isinstance(value, tuple):
        return value
    found = names.proper_names(stated)
    free = (figure for figure in names.figures(stated) if not any(figure in name for name in found))
    return (*found, *free)


def _place(term: str, quoted: str, whole: str) -> Place:
    wanted = names.pattern(term)
    if wanted.search(quoted):
        return "in evidence"
    return "elsewhere" if wanted.search(whole) else "nowhere"
