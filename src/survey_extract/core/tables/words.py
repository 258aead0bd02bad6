"""Characters of a page with their boxes go in, its words and lines come out, raised and lowered marks in their places.

pdfium's own words follow the order in which a file draws its text; a table is
drawn in any order. So words are rebuilt from places alone: characters of one
baseline, with no more than a thin space between them. Coordinates are PDF
points with the origin at the lower left; an em is the size of the font.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from survey_extract.core.reading.plain_text import clean

WORD_GAP = 0.15
"""Ems between two characters from which on they are two words; TeX's narrowest space between words is 0.2."""
SPACED_GAP = 0.04
"""The same where the file has a space there."""
SAME_BASE = 0.12
"""Ems by which baselines of one line of text may differ."""
SCRIPT = 0.88
"""Size of a raised or lowered mark beside its word, at most."""
SCRIPT_SHIFT = 0.65
"""Ems by which a mark is raised or lowered, at most."""
SCRIPT_GAP = 0.14
"""Ems between a word and its mark, at most."""
BELOW, ABOVE = 0.25, 0.85
"""Ems that letters reach below and above their baseline; what fonts say of themselves is often wrong."""

_LEFT, _BASE = attrgetter("left"), attrgetter("base")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


class Glyph(NamedTuple):
    """A character, or the letters of a ligature: from its origin to its advance, on its baseline, with the height of its font's letters."""

    text: str
    left: float
    right: float
    base: float
    size: float
    spaced: bool = False
    """Whether the file's own order has a space before it."""


class Rule(NamedTuple):
    """A ruling line as the box it paints."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return (self.bottom + self.top) / 2


class Piece(NamedTuple):
    """A word, or several that stand beside each other, on one baseline."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    base: float
    size: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def box(self) -> tuple[float, float, float, float]:
        return self.left, self.bottom, self.right, self.top


def words_of(glyphs: Iterable[Glyph]) -> list[Piece]:
    """The words of a page, by baseline from the top and then from the left."""
    rows = [_words(row) for row in _by_base(glyphs)]
    words = [word for row in rows for word in row]
    return sorted(_with_scripts(words), key=lambda word: (-word.base, word.left))


def lines_of(pieces: Iterable[Piece], slack: float = 0.3) -> list[list[Piece]]:
    """Pieces by line from the top, each line from the left; ``slack`` in ems is how far a baseline may be off."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=_BASE, reverse=True):
        if lines and lines[-1][0].base - piece.base <= slack * max(lines[-1][0].size, piece.size):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=_LEFT) for line in lines]


def phrases(line: Sequence[Piece], gap: float) -> list[Piece]:
    """The pieces of a line, joined where less than ``gap`` ems lie between them."""
    found: list[list[Piece]] = []
    right = 0.0
    for piece in line:
        if found and piece.left - right < gap * min(piece.size, found[-1][-1].size):
            found[-1].append(piece)
            right = max(right, piece.right)
        else:
            found.append([piece])
            right = piece.right
    return [joined(pieces) for pieces in found]


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one, in the order given."""
    if len(pieces) == 1:
        return pieces[0]
    texts, lefts, bottoms, rights, tops, bases, sizes = zip(*pieces, strict=True)
    return Piece(" ".join(texts), min(lefts), min(bottoms), max(rights), max(tops), bases[0], max(sizes))


def _by_base(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    base = size = 0.0
    for glyph in sorted(glyphs, key=_BASE, reverse=True):
        if row and base != glyph.base and base - glyph.base > SAME_BASE * min(size, glyph.size):
            yield row
            row = []
        if not row:
            base, size = glyph.base, glyph.size
        row.append(glyph)
    if row:
        yield row


def _words(row: list[Glyph]) -> Iterator[Piece]:
    row.sort(key=_LEFT)
    word = [row[0]]
    for glyph in row[1:]:
        last = word[-1]
        gap = glyph.left - last.right
        if gap < 0 and _is_twice(last, glyph):
            continue
        if gap > 0 and gap > (SPACED_GAP if glyph.spaced else WORD_GAP) * min(last.size, glyph.size):
            yield _word(word)
            word = []
        word.append(glyph)
    yield _word(word)


def _is_twice(first: Glyph, second: Glyph) -> bool:
    """Whether a letter is drawn over itself, as poor man's bold is."""
    return first.text == second.text and second.left - first.left < 0.1 * (first.right - first.left)


def _word(glyphs: Sequence[Glyph]) -> Piece:
    """A word, its characters as in every other text: ligatures and mathematical letters as plain ones."""
    texts, lefts, rights, bases, sizes, _ = zip(*glyphs, strict=True)
    base, size, text = bases[0], max(sizes), "".join(texts)
    text = text if text.isascii() else clean(text) or text
    return Piece(text, lefts[0], base - BELOW * size, max(rights), base + ABOVE * size, base, size)


# --- raised and lowered marks ---------------------------------------------------------------------


def _with_scripts(words: list[Piece]) -> list[Piece]:
    """The words, each with the marks that touch it."""
    sizes, heights = [word.size for word in words], [-word.base for word in words]
    largest = max(sizes, default=0.0)
    reach = SCRIPT_SHIFT * largest
    host: dict[int, int] = {}
    for number, word in enumerate(words):
        if word.size > SCRIPT * largest:
            continue
        near = slice(bisect_left(heights, heights[number] - reach), bisect_left(heights, heights[number] + reach))
        if near.start == near.stop or word.size > SCRIPT * max(sizes[near]):
            continue
        beside = enumerate(words[near], start=near.start)
        found = [(_between(other, word), at) for at, other in beside if _is_script(other, word)]
        if found:
            host[number] = min(found)[1]
    parts: dict[int, list[int]] = {}
    for number in range(len(words)):
        parts.setdefault(_root(host, number), []).append(number)
    return [_dressed(words[root], [words[n] for n in numbers]) for root, numbers in parts.items()]


def _root(host: dict[int, int], number: int) -> int:
    """The word that carries a mark, over marks of marks; sizes fall from host to mark, so this ends."""
    while number in host:
        number = host[number]
    return number


def _between(word: Piece, mark: Piece) -> float:
    return max(mark.left - word.right, word.left - mark.right)


def _is_script(word: Piece, mark: Piece) -> bool:
    if mark.size > SCRIPT * word.size or word.base == mark.base:
        return False
    close = -0.5 * word.size < _between(word, mark) < SCRIPT_GAP * word.size
    return close and abs(word.base - mark.base) < SCRIPT_SHIFT * word.size


def _dressed(word: Piece, parts: Sequence[Piece]) -> Piece:
    if len(parts) == 1:
        return word
    ordered = sorted(parts, key=lambda part: part.left)
    text = "".join(_shifted(word, part) for part in ordered)
    return joined(ordered)._replace(text=text, base=word.base, size=word.size)


def _shifted(word: Piece, part: Piece) -> str:
    """A mark's text in raised or lowered digits where there are such: 10¹⁹ is not 1019."""
    if part.base == word.base or not any(char.isdigit() for char in part.text):
        return part.text
    shifted = part.text.translate(_RAISED if part.base > word.base else _LOWERED)
    return shifted if not any(char.isdecimal() for char in shifted) else part.text
