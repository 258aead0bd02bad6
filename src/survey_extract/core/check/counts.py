"""A value goes in, what it counts wrongly comes out: a list longer than its count, a rank that its evidence gives to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey_extract.core.check.clauses import Parsed, roots_of
from survey_extract.core.words.lexicon import NUMBER_WORDS, RANKS
from survey_extract.core.words.tokens import fold

_COUNTED = re.compile(
    r"(?<![\w.-])(?P<count>[2-9]|two|three|four|five|six|seven|eight|nine) (?P<what>(?:[^\W\d_]{3,30} )?[^\W\d_]{2,30}s): (?P<list>[^.:;()]{3,300})(?:[.;]|$)",
    re.IGNORECASE,
)
_ITEM = re.compile(r", and |, or |, | and | or ")
LIKE = 1
"""Words by which the items of a list may differ in length before they are no plain list."""


def overlong(value: str, quoted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Character offsets of a count that a plain list behind it exceeds, where no sentence has both: "two stages: a, b and c"."""
    for match in _COUNTED.finditer(value):
        items = [item.split() for item in _ITEM.split(match["list"])]
        lengths = sorted(map(len, items))
        word = match["count"].lower()
        count = NUMBER_WORDS.get(word) or int(word)
        if any(match[0].rstrip(".;") in sentence for sentence in quoted):
            continue
        if len(items) > count and lengths[0] and lengths[-1] - lengths[0] <= LIKE:
            yield match.start("count"), match.end("what")


def ranked_otherwise(stated: Parsed, cited: Sequence[Parsed]) -> Iterator[tuple[int, int]]:
    """Tokens of ranks with the word behind them, where the evidence has that word with another rank alone, and this rank nowhere."""
    known = [rank for said in cited for rank in _ranks(said)]
    for number, root, first, behind in _ranks(stated):
        same = {other for other, what, _, _ in known if what == root}
        if same and not any(other == number for other, _, _, _ in known):
            yield first, behind


def _ranks(said: Parsed) -> Iterator[tuple[object, str, int, int]]:
    """Each "third burst" or "3rd burst": its number, the stem of what it ranks, and its tokens."""
    for figure in said.figures:
        last = fold(said.found[figure.behind - 1].text)
        is_ordinal = last in ("st", "nd", "rd", "th") or (last in RANKS and figure.number != ("1", 0))
        if (
            figure.is_rank
            and is_ordinal
            and figure.behind < len(said.found)
            and said.found[figure.behind].kind == "word"
        ):
            for root, _ in roots_of([said.found[figure.behind]]):
                yield figure.number, root, figure.first, figure.behind + 1
