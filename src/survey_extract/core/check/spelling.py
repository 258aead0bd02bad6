"""Words of a value and of its evidence go in; those that the value has misspelt come out: "vulgaria", "helveticus".

Only a word that the whole document never has is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from survey_extract.core.ranking.stemming import stem
from survey_extract.core.words.english import is_english_word
from survey_extract.core.words.tokens import Token, fold

SHORTEST = 8
"""Letters of a word of which one may be wrong: shorter words have neighbours that are words, too."""
SHORT = 5
"""The same for names in small letters."""
_ALIKE = frozenset(map(frozenset, ("sz", "cs", "ei", "oe", "ae", "yi")))
"""Letters that spellings differ in: "randomised", "licence", "adviser"."""


def misspelt(
    found: Sequence[Token], cited: Sequence[Sequence[Token]], is_known: Callable[[str], bool]
) -> Iterator[int]:
    """Places of words of the value that the document never has, and that its evidence has but for one letter, or behind the same word."""
    unknown = [
        at
        for at, token in enumerate(found)
        if token.kind == "word" and len(token.text) > 4 and token.text.islower() and not is_known(fold(token.text))
    ]
    if not unknown:
        return
    words = {
        fold(token.text) for tokens in cited for token in tokens if token.kind == "word" and len(token.text) >= SHORT
    }
    behind = _followers(cited)
    for at in unknown:
        word = fold(found[at].text)
        before = fold(found[at - 1].text) if at and found[at - 1].end + 1 == found[at].start else ""
        if _differs_by_one(word, words) or _replaces(word, behind.get(before, set())):
            yield at


def _differs_by_one(word: str, words: set[str]) -> bool:
    """Or, of short words, that are no words of English: names in small letters, as "libev" and "libuv"."""
    is_long = len(word) >= SHORTEST
    if len(word) < SHORT or (not is_long and is_english_word(word)):
        return False
    return any(
        len(word) == len(other)
        and _is_slip(word, other)
        and stem(word) != stem(other)
        and (is_long or (word[0] == other[0] and not is_english_word(other)))
        for other in words
    )


def _is_slip(word: str, other: str) -> bool:
    differing = [frozenset(pair) for pair in zip(word, other, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and differing[0] not in _ALIKE


def _followers(cited: Sequence[Sequence[Token]]) -> dict[str, set[str]]:
    """Each word that looks like Latin, and the words that directly follow it."""
    found: dict[str, set[str]] = {}
    for tokens in cited:
        for one, two in pairwise(tokens):
            if one.kind == "word" and two.kind == "word" and one.end + 1 == two.start:
                found.setdefault(fold(one.text), set()).add(fold(two.text))
    return found


def _replaces(word: str, others: set[str]) -> bool:
    """Whether a word stands where the evidence always has one other, and both are Latin: the second part of a species' name."""
    return len(others) == 1 and all(_is_latin(one) for one in (word, *others))


def _is_latin(word: str) -> bool:
    return len(word) > 4 and word.endswith(_LATIN)


_LATIN = (
    "us",
    "is",
    "um",
    "ica",
    "ina",
    "ata",
    "osa",
    "ana",
    "alba",
    "ensis",
    "oides",
    "ii",
    "ae",
    "lla",
    "ris",
    "ens",
    "ida",
    "era",
    "sta",
    "ola",
    "ra",
    "na",
    "ca",
)
"""Ends of the second words of species' names."""
