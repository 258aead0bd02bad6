"""A printed text and a quote go in, the spans of the text that carry the quote come out.

What was read is not letter for letter what is printed: hyphens are mended,
spaces folded, ligatures drawn apart, and a sentence may go on behind a float
or in the next column. Both sides are therefore compared by their letters and
digits alone, and a quote that is not found whole is found part by part.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from survey_extract.core.reading.sentences import FORMULA

LEAST = 6
"""Letters a part must have; shorter ones are found anywhere."""


class Letters:
    """The letters and digits of a text, each with its place in the text."""

    def __init__(self, text: str) -> None:
        self.places: list[int] = []
        letters: list[str] = []
        for place, char in enumerate(text):
            for letter in unicodedata.normalize("NFKC", char).casefold():
                if letter.isalnum():
                    letters.append(letter)
                    self.places.append(place)
        self.text = "".join(letters)

    def spans(self, quote: str) -> Iterator[tuple[int, int]]:
        """Spans (start, end) of the text that hold the quote, in order; none where it is not there."""
        wanted = Letters(quote.replace(FORMULA, " ")).text
        at = 0
        while len(wanted) >= (LEAST if at else 1):
            found, length = self._longest(wanted, at)
            if found < 0:
                return
            yield self.places[found], self.places[found + length - 1] + 1
            wanted, at = wanted[length:], found + length

    def _longest(self, wanted: str, at: int) -> tuple[int, int]:
        """Where the longest beginning of ``wanted`` stands, behind ``at`` if it can be, and its length."""
        whole = self.text.find(wanted, at)
        if whole >= 0:
            return whole, len(wanted)
        low, high = min(LEAST, len(wanted)), len(wanted)
        if self._find(wanted[:low], at) < 0:
            return -1, 0
        while low + 1 < high:  # the longest beginning that is there, by halving
            middle = (low + high) // 2
            low, high = (middle, high) if self._find(wanted[:middle], at) >= 0 else (low, middle)
        return self._find(wanted[:low], at), low

    def _find(self, part: str, at: int) -> int:
        behind = self.text.find(part, at)
        return behind if behind >= 0 else self.text.find(part)
