"""The first and last words of a sentence and a text go in, the text's own sentences that contain them come out.

People note a sentence by its ends, readers of PDFs differ in spaces, hyphens
and line ends: both sides are folded, and the shortest stretch from the first
words to the next last ones counts. What it runs over is found by places, so
that it does not matter how a reader cuts sentences.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from survey_extract.core.evaluation.gold import Stretch
from survey_extract.core.evidence import pointer
from survey_extract.core.paper_text import CITABLE, PaperText, Sentence
from survey_extract.core.records import Evidence

_DROPPED = re.compile(r"[\s\u00ad\u2010-\u2015\u2212\ufffe\u2713\u2714\u2717\u2718-]+")
_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")


def squeezed(text: str) -> str:
    """A text as it is sought: without case, blanks, hyphens and check marks, quotation marks straight."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_STRAIGHT).casefold())


class Stretches:
    """Finds stretches in one text; each page is folded once."""

    def __init__(self, text: PaperText) -> None:
        self._text = text

    @cached_property
    def _pages(self) -> dict[int, tuple[str, list[int], list[Sentence]]]:
        """By page: its letters, where each sentence begins among them, and the sentences."""
        by_page: dict[int, list[Sentence]] = {}
        for sentence in (s for s in self._text.sentences if s.kind != "row"):  # whose words are part of no page
            by_page.setdefault(sentence.page, []).append(sentence)
        return {page: (*self._folded(sentences), sentences) for page, sentences in by_page.items()}

    def _folded(self, sentences: Iterable[Sentence]) -> tuple[str, list[int]]:
        pieces: list[str] = []
        starts: list[int] = []
        length = 0
        for sentence in sentences:
            pieces.append(squeezed(self._text.quote(sentence)))
            starts.append(length)
            length += len(pieces[-1])
        return "".join(pieces), starts

    def found(self, stretch: Stretch) -> tuple[Evidence, ...] | None:
        """Pointers to the sentences that a stretch runs over and that may be evidence; None where its words are not on the page."""
        letters, starts, sentences = self._pages.get(stretch.page, ("", [], []))
        begins = squeezed(stretch.begins)
        over = stretch.ends_page is not None and stretch.ends_page != stretch.page
        place = _shortest(letters, begins, squeezed(stretch.ends))
        if place is None and over and begins and (at := letters.find(begins)) >= 0:
            place = at, at + len(begins)  # its end stands on another page, its sentence on this one
        if place is None:
            return None
        first, last = bisect_right(starts, place[0]) - 1, bisect_right(starts, place[1] - 1) - 1
        return tuple(pointer(self._text, s) for s in sentences[first : last + 1] if s.kind in CITABLE)


def _shortest(letters: str, begins: str, ends: str) -> tuple[int, int] | None:
    """The shortest stretch from a place of ``begins`` to the next one of ``ends``; the two may share words."""
    best: tuple[int, int] | None = None
    at, end = letters.find(begins) if begins and ends else -1, -1
    while at >= 0:
        least = max(at, at + len(begins) - len(ends))
        if end < least and (end := letters.find(ends, least)) < 0:
            break
        if best is None or end + len(ends) - at < best[1] - best[0]:
            best = at, end + len(ends)
        at = letters.find(begins, at + 1)
    return best
