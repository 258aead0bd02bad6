"""A sentence as it is read today goes in, the ways in which older readers spelt it come out.

A pointer holds the hash of the words that were cited, and not the words. What a
reader learns to spell better must therefore be spelt as before as well, or
what was decided on it would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey_extract.core.accents import taken_apart
from survey_extract.core.raised import loosened, lowered


def former_spellings(words: str, *, is_note: bool) -> Iterator[str]:
    """With letters for sums and the like, and each of the ways in which the rest was spelt."""
    from survey_extract.core.reading import extension_font  # a night without news looks for none, and loads no reader

    yield from _otherwise(words, is_note=is_note)
    for former in extension_font.formerly(words):
        yield former
        yield from _otherwise(former, is_note=is_note)


def _otherwise(words: str, *, is_note: bool) -> Iterator[str]:
    """With accents as signs of their own, exponents in the line, other hyphens, fractions without a bar, a dropped capital, or a note's mark before it."""
    from survey_extract.core.reading.fractions import formerly

    yield from taken_apart(words)
    yield from lowered(words)
    yield from _parted(words)
    loose = tuple(loosened(words))
    for former in (*loose, *(former for one in (words, *loose) for former in formerly(one))):
        yield former
        yield from lowered(former)
    if words[:1].isupper() and words[1:2].isalpha():
        yield f"{words[0]} {words[1:]}"
    if is_note:
        yield from _marked(words)


_CAPITALS = re.compile(r"[A-Z]{4,}")
_OF_LETTER = re.compile(r"(?<![^\W_])[^\W\d_]-(?=[^\W_])")


def _parted(words: str) -> Iterator[str]:
    """A sentence with the hyphens that older readers had at the ends of lines: in names in capitals, and none behind a single letter."""
    for name in _CAPITALS.finditer(words):
        yield from (f"{words[:at]}-{words[at:]}" for at in range(name.start() + 2, name.end() - 1))
    for letter in _OF_LETTER.finditer(words):
        yield words[: letter.end() - 1] + words[letter.end() :]


_MARKS = (*map(str, range(200)), *"*∗†‡§¶⁰¹²³⁴⁵⁶⁷⁸⁹")


def _marked(note: str) -> Iterator[str]:
    """A note with each mark that it may have had before it."""
    yield from (f"{mark}{between}{note}" for mark in _MARKS for between in ("", " ", ". "))
