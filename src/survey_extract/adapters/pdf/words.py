"""The letters of a page that nobody sees go in; which characters are kept out, and where a word is marked as unseen.

A word is seen only when all its letters are: "98.7" of which the 9 is covered
must not be read, and neither must a word from which a doubtful look took a
letter. Where a hidden piece of a word was painted by itself, the rest of the
word is what the page shows, and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeVar

from survey_extract.adapters.pdf.calls import call
from survey_extract.adapters.pdf.characters import Characters

MARK = "[unseen]"
"""Stands in a line in the place of a word of which only a part is seen."""
_EDGES = frozenset(".,;:!?'\"()[]{}\u2018\u2019\u201c\u201d\u2022\u2217*\u2020\u2021\u00b4`^~\u02c6\u02dc\u02c7\u00a8")
"""What may be at a word's edge without being a part of it."""
_LONGEST = 200
"""Characters of a word; what is longer is none."""

Why = TypeVar("Why")


def kept_out(characters: Characters, hidden: Mapping[int, Why]) -> tuple[dict[int, Why], frozenset[int]]:
    """The hidden characters with the rest of their words, and the places at which a mark stands for a word."""
    found, marks = dict(hidden), set[int]()
    for word in _words(characters, hidden):
        if _is_broken(characters, word, hidden):
            why = next(hidden[place] for place, _ in word if place in hidden)
            found |= {place: found.get(place, why) for place, _ in word}
            marks.add(word[0][0])
    return found, frozenset(marks)


_Word = list[tuple[int, str]]


def _words(characters: Characters, hidden: Iterable[int]) -> Iterator[_Word]:
    """The words in which there are hidden characters, each as places and characters."""
    behind = -1
    for place in sorted(hidden):
        if place >= behind:
            first, end = place, place + 1
            while place - first < _LONGEST and _is_of_word(characters, first - 1):
                first -= 1
            while end - place < _LONGEST and _is_of_word(characters, end):
                end += 1
            behind = end
            yield [(each, chr(characters.codes[each])) for each in range(first, end)]


def _is_of_word(characters: Characters, place: int) -> bool:
    code = characters.codes[place] if 0 <= place < len(characters.codes) else 0
    is_printed = code > ord(" ") and not chr(code).isspace()
    return is_printed and not call.FPDFText_IsGenerated(characters.handle, place)


def _is_broken(characters: Characters, word: _Word, hidden: Mapping[int, object]) -> bool:
    """Whether a piece of the word that was painted at once is seen in part."""
    core = [at for at, (_, letter) in enumerate(word) if letter not in _EDGES]
    inner = word[core[0] : core[-1] + 1] if core else []
    for _, piece in groupby(inner, lambda each: characters.texts[each[0]]):
        lost = [place in hidden for place, _ in piece]
        if any(lost) and not all(lost):
            return True
    return False
