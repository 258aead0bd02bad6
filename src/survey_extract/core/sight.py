"""What shows of a quote at its supposed place goes in, what a person is told about it comes out.

What a model says counts only with sentences that a person sees. The reader
vouches for each; this is a second look, at the few that a value rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from survey_extract.core.evidence import Quote

Sight = Literal["seen", "empty", "differs", "scan", "undrawn"]
"""What a person finds there: the words, nothing of them, other words or a part of them, or a picture of words that nobody compared.

``undrawn``: nobody could look, since the page could not be drawn; a night does not try it again, a reviewer does.
"""

PDF = "application/pdf"

RULES = 2
"""The version of the look. What was seen by another one is looked at again."""
FOUND = 0.8
"""The least share of a quote's letters that must be found on its page and the next; formulas and mended words are not."""

TOLD: dict[Sight, str] = {
    "empty": "not visible at this place on the page as drawn",
    "differs": "not visible in full at this place on the page as drawn",
    "undrawn": "nobody could look whether it is visible: the page could not be drawn",
    "scan": "this page is a picture: its words were not compared with it",
}
"""What stands beside a quote that a person does not see as it reads."""


class Seen(NamedTuple):
    """Of a quote, by its letters and digits: how many it has, were found on the page, were looked at, and show."""

    letters: int
    found: int
    looked: int
    shown: int
    on_scan: bool = False
    other: int = 0
    """Of those that do not show, how many stand there as other letters."""

    def with_rest(self, rest: Seen) -> Seen:
        """Together with what shows of the rest, on the next page."""
        return Seen(
            self.letters, self.found + rest.found, self.looked + rest.looked, self.shown + rest.shown,
            self.on_scan or rest.on_scan, self.other + rest.other,
        )  # fmt: skip

    @property
    def sight(self) -> Sight:
        """What a person finds. A single letter that does not show counts: it turns "98.7" into "8.7"."""
        if self.shown == self.looked and self.found >= FOUND * self.letters:
            return "seen"
        if self.on_scan and self.found >= FOUND * self.letters:
            return "scan"
        return "empty" if self.shown + self.other == 0 else "differs"


def together(parts: Sequence[Seen]) -> Sight:
    """What a person finds of what is put together of parts, as a row is of cells: each must be seen."""
    sights = {part.sight for part in parts}
    if sights <= {"seen"}:
        return "seen"
    if sights <= {"seen", "scan"}:
        return "scan"
    return "empty" if sights == {"empty"} else "differs"


@dataclass(frozen=True, slots=True)
class Sighted:
    """That somebody looked: a line of ``cache/sights.jsonl``. ``sha256`` is that of the quote's words; ``page`` is where it begins."""

    document: str
    page: int
    sha256: str
    sight: Sight
    rules: int = RULES


QuotePlace = tuple[int, str]
"""The page on which a quote begins, and the hash of its words."""
Sights = Mapping[QuotePlace, Sight]
"""What was found of the quotes of one document, as far as somebody looked."""


def place_of(quote: Quote) -> QuotePlace:
    """Where a quote is looked for: on the page where its words stand now."""
    page = quote.sentence.page if quote.sentence else quote.evidence.page
    return page, quote.evidence.sha256


def unseen(quotes: Iterable[Quote], sights: Sights) -> tuple[Quote, ...]:
    """Those of which somebody looked for all words in vain."""
    return tuple(quote for quote in quotes if sights.get(place_of(quote), "seen") not in ("seen", "undrawn"))
