"""The sentence numbers that an engine named go in, pointers into the text come out; a pointer goes in, its quote comes out.

An engine names sentences by number and code cuts the words, so no quote can be
invented. Whether the quotes support a value: ``core.check``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.former_spellings import former_spellings
from survey_extract.core.paper_text import CITABLE, PaperText, Sentence
from survey_extract.core.records import Evidence, Value
from survey_extract.core.tables.table import Box, Row

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
    cited, and (if ``offered`` is given) was shown to the engine. Repeated numbers count once.
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
    """Where a sentence stands, and the hash of its words; of a row, the boxes of its cells as well."""
    found = text.row(sentence)
    boxes = tuple(_rounded(box) for box in found[1].boxes()) if found else ()
    return Evidence(sentence.page, sentence.start, sentence.end, sha256_text(text.quote(sentence)), boxes)


def _rounded(box: Box) -> Box:
    """A box in tenths of a point, which is finer than anyone can see."""
    left, bottom, right, top = box
    return round(left, 1), round(bottom, 1), round(right, 1), round(top, 1)


@dataclass(frozen=True, slots=True)
class Quote:
    """A pointer resolved against a text: its words and sentence, or None where they are not found; ``row`` is that of a table."""

    evidence: Evidence
    whereabouts: Whereabouts
    sentence: Sentence | None
    words: str | None
    row: Row | None = None


def quote_of(text: PaperText, sentence: Sentence, evidence: Evidence, whereabouts: Whereabouts) -> Quote:
    """A sentence of a text as what a pointer points at."""
    found = text.row(sentence)
    return Quote(evidence, whereabouts, sentence, text.quote(sentence), found[1] if found else None)


class Quoter:
    """Cuts quotes out of one text; the hash decides, so a pointer can never show other words.

    Where a newer reader or another version moved a sentence, its hash finds it again; also where sentences end
    elsewhere now, so that its words are several in a row, or begin or end a longer one.
    """

    def __init__(self, text: PaperText, remembered: Callable[[str], str | None] | None = None) -> None:
        """``remembered`` gives the words of a decided sentence that the text has no longer, by their hash."""
        self._text, self._remembered = text, remembered

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
        """The words a pointer points at: at its place, else anywhere, else missing: then with no sentence, at most with its words."""
        return self.exact(evidence) or self._respelt(evidence) or self._regrouped(evidence) or self._missing(evidence)

    def exact(self, evidence: Evidence) -> Quote | None:
        """The very sentence, at its place or anywhere."""
        there = self._by_place.get((evidence.page, evidence.start, evidence.end))
        if there is not None and sha256_text(self._text.quote(there)) == evidence.sha256:
            return quote_of(self._text, there, evidence, "found")
        if candidates := self._by_hash.get(evidence.sha256):
            nearest = min(candidates, key=lambda s: abs(s.page - evidence.page))
            return quote_of(self._text, nearest, evidence, "moved")
        return None

    def _missing(self, evidence: Evidence) -> Quote:
        return Quote(evidence, "missing", None, self._remembered(evidence.sha256) if self._remembered else None)

    def _respelt(self, evidence: Evidence) -> Quote | None:
        """The sentence that an older reader spelt in another way."""
        for sentence in self._text.sentences:
            words = self._text.quote(sentence)
            former = former_spellings(words, is_note=sentence.kind == "note")
            if sentence.kind in CITABLE and evidence.sha256 in map(sha256_text, former):
                return quote_of(self._text, sentence, evidence, "moved")
        return None

    def _regrouped(self, evidence: Evidence) -> Quote | None:
        """The same words where they are no sentence of their own; the quote's sentence is the stretch that they fill."""
        for stretch in _stretches(self._text, evidence.end - evidence.start):
            cut = self._text.quote(stretch)
            folded = " ".join(cut.split())  # a reader that parts them may set a line's end between them
            words = next((words for words in (cut, folded) if sha256_text(words) == evidence.sha256), None)
            if words is not None:
                is_there = (stretch.page, stretch.start, stretch.end) == (evidence.page, evidence.start, evidence.end)
                return Quote(evidence, "found" if is_there else "moved", stretch, words)
        return None

    def fragment(self, sentence: Sentence | None) -> str | None:
        """The text fragment that leads a browser to a sentence on its web page; None if none is certain to."""
        return self._fragments.get(sentence.number) if sentence else None

    @cached_property
    def _fragments(self) -> Mapping[int, str]:
        return dict(self._text.fragments)


def _stretches(text: PaperText, length: int) -> Iterator[Sentence]:
    """Stretches of so many characters that a reader may take for one sentence: several in a row, or the beginning or end of one."""
    prose = text.prose()
    for number, first in enumerate(prose):
        page = text.pages[first.page - 1]
        if first.end - first.start > length:
            if page[first.start + length].isspace():
                yield replace(first, end=first.start + length)
            if page[first.end - length - 1].isspace():
                yield replace(first, start=first.end - length)
            continue
        last = first
        for following in prose[number + 1 :]:
            if (
                last.end - first.start >= length
                or following.page != first.page
                or page[last.end : following.start].strip()
            ):
                break
            last = following
        if last.end - first.start == length and last is not first:
            yield replace(first, end=last.end)


def quoted_value(quotes: Iterable[Quote]) -> str | None:
    """The value of an answer that is its evidence; None while any of its words are missing."""
    words = [quote.words for quote in quotes]
    if not words or any(part is None for part in words):
        return None
    return " ".join(part for part in words if part)
