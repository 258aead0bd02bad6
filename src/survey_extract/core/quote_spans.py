"""The text of a page and a quote go in; the spans of the page that make up the quote come out.

What was read is not letter for letter what is printed: hyphenated words are joined,
spaces folded, ligatures taken apart, accents put on their letters, and a sentence
may continue after a float or in the next column. Both sides are therefore compared by their letters and
digits alone, and a quote that is not found whole is found part by part.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from survey_extract.core.reading.sentences import LEFT_OUT

LEAST = 6
"""Letters a part must have; shorter ones are found anywhere."""

SURE = 3 * LEAST
"""Letters of a part that is hardly anywhere by chance."""

NEAR = 30
"""Letters that may lie between two parts of which the second is too short to be looked for elsewhere: a mark, a short formula."""


def letters_of(quote: str) -> str:
    """The letters and digits by which a quote is looked for."""
    return Letters(LEFT_OUT.sub(" ", quote)).text


class Letters:
    """The letters and digits of a text, each with its place in the text."""

    def __init__(self, text: str) -> None:
        self.places: list[int] = []
        letters: list[str] = []
        for place, char in enumerate(text):
            for letter in unicodedata.normalize("NFKD", char).casefold():
                if letter.isalnum():
                    letters.append(letter)
                    self.places.append(place)
        self.text = "".join(letters)

    def copies(self, wanted: str) -> Iterator[tuple[int, int]]:
        """Each span (start, end) of the text that holds these very letters, in order."""
        found = self.text.find(wanted) if wanted else -1
        while found >= 0:
            yield self.places[found], self.places[found + len(wanted) - 1] + 1
            found = self.text.find(wanted, found + 1)

    def spans(self, quote: str) -> Iterator[tuple[int, int]]:
        """Spans (start, end) of the text that hold the quote, in order; none where it is not there."""
        return ((start, end) for start, end, _ in self.pieces(letters_of(quote)))

    def pieces(self, wanted: str, *, gaps: bool = False) -> Iterator[tuple[int, int, int]]:
        """The same for letters, each span with how many of them it brings one to.

        With ``gaps``, letters that are not there are passed over where a long part that is there follows them.
        """
        begin = 0
        while begin < len(wanted):
            end = begin
            for found, length, end in self._parts(wanted, begin):
                yield self.places[found], self.places[found + length - 1] + 1, end
            later = range(end, len(wanted) - SURE, LEAST) if gaps else ()
            begin = next((gap for gap in later if wanted[gap : gap + SURE] in self.text), len(wanted))

    def rest(self, wanted: str) -> str:
        """Those of the letters that come after all that stand here."""
        return wanted[max((end for _, _, end in self.pieces(wanted)), default=0) :]

    def _parts(self, wanted: str, begin: int) -> Iterator[tuple[int, int, int]]:
        """From one of the letters on: where a part stands, its length, and up to which letter it goes."""
        at, end = 0, begin
        while len(wanted) - end >= (LEAST if end else 1):
            found, length = self._longest(wanted[end:], at)
            if found < 0 or (end > begin and length < min(SURE, len(wanted) - end) and not 0 <= found - at <= NEAR):
                return
            at, end = found + length, end + length
            yield found, length, end

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
