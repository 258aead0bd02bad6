"""Words and lines of a page go in, out come the words with the underscores that are drawn, and where other signs are drawn.

TeX draws some signs as lines: underscores and visible spaces, bars over letters, the
bars of fractions. Those that stand on the baseline beside a letter are read.
Any other line that is as long as the letters under it makes
other signs of them, and nobody can say which: its row is left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from survey_extract.core.tables.words import Piece, Rule

SHORTEST = 6.0
"""Points: a line that is shorter rules no table."""
TINIEST = 1.5
"""Points: what is shorter is a dot."""
THICKEST = 1.0
"""Points: what is thicker is no stroke of a sign."""
MANY = 3000
"""Short lines, from which on they are a drawing's."""
ON_BASE = 0.1
"""Ems by which an underscore may be off the baseline."""
BESIDE = 0.16
"""Ems between an underscore and the letters beside it, at most."""
WIDEST = 0.75
"""Ems of an underscore, at most."""
AT_END = 1.0
"""Points from the ends of a visible space to its uprights, at most."""
LOWEST, HIGHEST = 0.12, 0.97
"""Ems above the baseline between which a line strikes or bars letters; underlines are below."""
FLUSH = 1.2
"""Points by which a bar may go beyond its letters; lines between rows go farther."""
BETWEEN = 0.2
"""Ems from the baseline beside a fraction to those of its parts, at least."""
OVER, UNDER = 0.6, 1.1
"""Ems from the bar of a fraction to the baselines of its parts, at most."""

Place = tuple[float, float]
_BASE, _HEIGHT, _LEFT = attrgetter("base"), attrgetter("height"), attrgetter("left")


def with_drawn(words: Sequence[Piece], rules: Sequence[Rule]) -> Sequence[Piece]:
    """The words, by row from the top and each row from the left, with the underscores and spaces that are drawn."""
    marks = sorted(filter(_is_mark, rules), key=_HEIGHT)
    if not 0 < len(marks) < MANY:
        return words
    uprights = [rule for rule in rules if rule.right - rule.left < rule.top - rule.bottom < SHORTEST]
    heights = [mark.height for mark in marks]
    found: list[Piece] = []
    for row in _rows(words):
        base, off = row[0].base, ON_BASE * row[0].size
        near = marks[bisect_left(heights, base - off) : bisect_right(heights, base + off)]
        found += _joined(row, [_as_word(mark, row[0], uprights) for mark in near]) if near else row
    return found


def _rows(words: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The words of each row."""
    row: list[Piece] = []
    for word in words:
        if row and abs(word.base - row[0].base) > ON_BASE * row[0].size:
            yield row
            row = []
        row.append(word)
    yield row


def _is_mark(rule: Rule) -> bool:
    return rule.top - rule.bottom < min(THICKEST, rule.right - rule.left) and rule.right - rule.left < SHORTEST


def _as_word(mark: Rule, beside: Piece, uprights: Sequence[Rule]) -> Piece:
    is_cornered = any(
        abs(x - mark.left) < AT_END and low < mark.top and top > mark.bottom for x, low, _, top in uprights
    )
    return beside._replace(text="␣" if is_cornered else "_", left=mark.left, right=mark.right)


def _joined(row: Sequence[Piece], marks: Sequence[Piece]) -> list[Piece]:
    """A row of words with marks between their letters."""
    found: list[Piece] = []
    last = False
    for one in sorted([*row, *marks], key=_LEFT):
        is_mark = one in marks
        above = found[-1] if found else one
        if found and (is_mark or last) and abs(one.left - above.right) < BESIDE * one.size:
            text = above.text + one.text
            found[-1] = Piece(text, above.left, one.bottom, one.right, one.top, one.base, max(above.size, one.size))
        else:
            found.append(one)
        last = is_mark
    return [piece for piece in found if piece.text.strip("_␣")]


def drawn_over(words: Sequence[Piece], rules: Sequence[Rule]) -> Iterator[Place]:
    """Where a line bars, strikes or parts letters."""
    level = sorted((rule for rule in rules if _is_bar(rule)), key=_HEIGHT)
    heights = [rule.height for rule in level]
    if not 0 < len(level) < MANY:
        return
    beneath: dict[Rule, list[Piece]] = {}
    roots = [word for word in words if "√" in word.text]
    for word in words:
        first = bisect_left(heights, word.base - OVER * word.size)
        for rule in level[first : bisect_right(heights, word.base + UNDER * word.size)]:
            if not (rule.left - FLUSH < word.left and word.right < rule.right + FLUSH):
                continue
            is_flush = word.left - FLUSH < rule.left and rule.right < word.right + FLUSH
            if is_flush and LOWEST < (rule.height - word.base) / word.size < HIGHEST and not _is_of_root(rule, roots):
                yield word.middle, word.base
            beneath.setdefault(rule, []).append(word)
    bases = sorted({word.base for word in words}) if beneath else []
    for rule, parts in beneath.items():
        over = min((word for word in parts if word.base > rule.height), key=_BASE, default=None)
        under = max((word for word in parts if word.base < rule.height), key=_BASE, default=None)
        if over and under and _are_as_long(rule, [over, under]) and _have_line_between(under, over, bases):
            yield under.middle, under.base
            yield over.middle, over.base


def _is_of_root(rule: Rule, roots: Sequence[Piece]) -> bool:
    """Whether a bar begins at a root, of which it is a part."""
    return any(abs(root.right - rule.left) < FLUSH and 0 < rule.height - root.base < root.size for root in roots)


def _is_bar(rule: Rule) -> bool:
    return rule.top - rule.bottom < THICKEST and rule.right - rule.left > TINIEST


def _are_as_long(rule: Rule, parts: Sequence[Piece]) -> bool:
    """Whether the longer of a line's words is as long as it is."""
    left, right = min(word.left for word in parts), max(word.right for word in parts)
    return abs(left - rule.left) < FLUSH and abs(right - rule.right) < FLUSH


def _have_line_between(under: Piece, over: Piece, bases: Sequence[float]) -> bool:
    """Whether a line of text stands at the height of a bar, as beside a fraction, and not as between two rows."""
    first = bisect_right(bases, under.base + BETWEEN * under.size)
    return first < bisect_left(bases, over.base - BETWEEN * over.size)
