"""The words of a page as they stand on it go in, its lines come out, raised and lowered marks in their words.

Coordinates are PDF points with the origin at the lower left; an em is the size
of the font.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

SCRIPT = 0.88
"""Size of a raised or lowered mark beside its word, at most."""
SCRIPT_SHIFT = 0.65
"""Ems by which a mark is raised or lowered, at most."""
SCRIPT_GAP = 0.14
"""Ems between a word and its mark, at most."""

LETTERS = 3
"""Letters and commas of the mark of a note, at most."""

_LEFT, _BASE = attrgetter("left"), attrgetter("base")
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_NOTES = str.maketrans("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_POWERS = _NOTES | _RAISED
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


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


def lines_of(pieces: Iterable[Piece], slack: float = 0.3) -> list[list[Piece]]:
    """Pieces by line from the top, each line from the left; ``slack`` in ems is how far a baseline may be off."""
    lines: list[list[Piece]] = []
    line, base, size = list[Piece](), 0.0, 0.0
    for piece in sorted(pieces, key=_BASE, reverse=True):
        lower = base - piece.base
        if not line or (lower and lower > slack * size and lower > slack * piece.size):
            line, base, size = [], piece.base, piece.size
            lines.append(line)
        line.append(piece)
    for line in lines:
        line.sort(key=_LEFT)
    return lines


def phrases(line: Sequence[Piece], gap: float) -> list[Piece]:
    """The pieces of a line, joined where less than ``gap`` ems lie between them."""
    found: list[Piece] = []
    start, right, size = 0, -math.inf, 0.0
    for number, piece in enumerate(line):
        apart = piece.left - right
        if apart >= gap * piece.size or apart >= gap * size:
            if number:
                found.append(line[start] if start + 1 == number else joined(line[start:number]))
            start, right = number, piece.right
        elif piece.right > right:
            right = piece.right
        size = piece.size
    return [*found, joined(line[start:])] if line else []


def joined(pieces: Sequence[Piece]) -> Piece:
    """Several pieces as one, in the order given."""
    if len(pieces) == 1:
        return pieces[0]
    texts, lefts, bottoms, rights, tops, bases, sizes = zip(*pieces)  # noqa: B905  # all are of one length
    return Piece(" ".join(texts), min(lefts), min(bottoms), max(rights), max(tops), bases[0], max(sizes))


# --- raised and lowered marks ---------------------------------------------------------------------


def with_scripts(words: Sequence[Piece]) -> list[Piece]:
    """The words, each with the marks that touch it, by baseline from the top and then from the left.

    Before, they come by row from the top, and all marks stand by themselves.
    """
    hosts = _hosts(words)
    parts: dict[int, list[int]] = {}
    for number in hosts:
        parts.setdefault(_root(hosts, number), []).append(number)
    found = [word for number, word in enumerate(words) if number not in hosts and number not in parts]
    found += [_dressed(words[root], [words[n] for n in sorted((root, *marks))]) for root, marks in parts.items()]
    return sorted(sorted(found, key=_LEFT), key=_BASE, reverse=True)


def _hosts(words: Sequence[Piece]) -> dict[int, int]:
    """The numbers of the words that are marks of others, each with that of its word."""
    sizes, heights = [word.size for word in words], [-word.base for word in words]
    largest = max(sizes, default=0.0)
    reach = SCRIPT_SHIFT * largest
    near: dict[float, tuple[int, int, float]] = {}
    for height in dict.fromkeys(heights):
        start, end = bisect_left(heights, height - reach), bisect_left(heights, height + reach)
        near[height] = start, end, SCRIPT * max(sizes[start:end], default=0.0)
    found: dict[int, int] = {}
    for number, (word, height) in enumerate(zip(words, heights, strict=True)):
        start, end, most = near[height]
        if word.size > most:
            continue
        larger = (at for at in range(start, end) if word.size <= SCRIPT * sizes[at])
        beside = [(_between(words[at], word), at) for at in larger if _is_beside(words[at], word)]
        if beside:
            found[number] = min(beside)[1]
    return found


def _root(host: dict[int, int], number: int) -> int:
    """The word that carries a mark, over marks of marks; sizes fall from host to mark, so this ends."""
    while number in host:
        number = host[number]
    return number


def _between(word: Piece, mark: Piece) -> float:
    return max(mark.left - word.right, word.left - mark.right)


def _is_beside(word: Piece, mark: Piece) -> bool:
    """Whether a mark is right before or behind a word, and a little higher or lower."""
    close = -0.5 * word.size < _between(word, mark) < SCRIPT_GAP * word.size
    return close and 0 < abs(word.base - mark.base) < SCRIPT_SHIFT * word.size


def _dressed(word: Piece, parts: Sequence[Piece]) -> Piece:
    ordered = sorted(parts, key=lambda part: part.left)
    text = "".join(_shifted(word, part) for part in ordered)
    return joined(ordered)._replace(text=text, base=word.base, size=word.size)


def _shifted(word: Piece, part: Piece) -> str:
    """A mark's text in raised or lowered digits where there are such: 10¹⁹ is not 1019, and the note b at 12.3 is not of it."""
    if part.base > word.base and part.text.replace(",", "").isalpha() and len(part.text) <= LETTERS:
        return part.text.translate(_NOTES)
    if part.base == word.base or not any(char.isdigit() for char in part.text) or word.text.endswith("√"):
        return part.text
    shifted = part.text.translate(_POWERS if part.base > word.base else _LOWERED)
    if part.base > word.base and any(char.isalnum() and char in part.text for char in shifted):
        shifted = part.text.translate(_RAISED)  # all of its letters are raised, or none
    return shifted if not any(char.isdecimal() for char in shifted) else part.text
