"""The lines above a table's first row of values go in, the path of headers of each column comes out.

From the bottom up: the lowest words over a column are its own header. What
is above several columns is theirs by the line drawn beneath it, by the ink
it covers, or by being centred over them, if there is only one way to be. What
could belong here or there belongs nowhere; and two columns that would then
have the same headers have none.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import NamedTuple

from survey_extract.core.tables.table import Box
from survey_extract.core.tables.words import Piece, Rule, phrases

HEADER_GAP = 0.55
"""Ems between two headers in one line, at least; closer words are one header, or are parted by the columns."""
CENTRED = 0.35
"""Ems by which a centred header may be off."""
LOOSE = 0.65
"""The same where the headers of a line share all columns among them, with none left over."""
SPACE = 0.4
"""Ems up to which a gap is a space between words."""
ALIGNED = 0.5
"""Ems by which the header of a column may be off its ink."""
EXACT = 0.2
"""The same for words with no more than a space between them."""
TIGHT = 0.8
"""Ems below which a line cannot stand above another."""
WAYS = 200
"""Ways to share columns among headers that are tried, and headers in a line; a line of more is not certain."""
LETTER = 3
"""Characters, from which on what is read is more than a letter with its accent."""
UNDERLINE = 1.7
"""Ems from a header's baseline down to the line beneath it, at most."""


_FRACTION = re.compile(r"^\d+(?:\.\d+%?|%)$")


class Extent(NamedTuple):
    """From where to where a column has ink."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class _Part(NamedTuple):
    piece: Piece
    first: int
    last: int


@dataclass(slots=True)
class _Headers:
    columns: Sequence[Extent]
    rules: Sequence[Rule]
    uprights: Sequence[Rule]
    paths: list[list[_Part]] = field(default_factory=list)
    unsure: set[int] = field(default_factory=set)
    hole: bool = False
    """Whether a column without a value has a header: what stands above it and others is not known."""

    wide: list[Extent] = field(default_factory=list)
    """Each column's ink with the headers that are its own."""

    def __post_init__(self) -> None:
        self.paths, self.wide = [[] for _ in self.columns], list(self.columns)

    def give(self, piece: Piece, first: int, last: int) -> None:
        for number in range(first, last + 1):
            self.paths[number].append(_Part(piece, first, last))
        if first == last:
            left, right = self.wide[first]
            self.wide[first] = Extent(min(left, piece.left), max(right, piece.right))

    def covered(self, piece: Piece) -> list[int]:
        return [n for n, c in enumerate(self.columns) if piece.left < c.right and piece.right > c.left]


def paths_of(
    lines: Sequence[Sequence[Piece]], columns: Sequence[Extent], rules: Sequence[Rule], uprights: Sequence[Rule]
) -> tuple[list[tuple[str, ...] | None], list[tuple[Box, ...]]]:
    """The headers of each column from the top, and their boxes; empty where there are none, None where they are not certain."""
    found = _Headers(columns, rules, uprights)
    for line in reversed(lines):
        _read_line(found, line)
    for upper, lower in pairwise(lines):
        found.unsure.update(n for part in _touching(upper, lower) for n in found.covered(part))
    if found.hole:
        found.unsure.update(n for n, parts in enumerate(found.paths) if len(parts) > 1)
    paths = [_named(parts) for parts in found.paths]
    boxes = [tuple(part.piece.box for part in reversed(parts)) for parts in found.paths]
    counts = Counter(path for path in paths[1:] if path)
    if _has_two_labels(found) or any(_FRACTION.match(part.piece.text) for parts in found.paths for part in parts):
        return [None for _ in paths], boxes  # two tables beside each other, or a row among the headers
    if any(map(_is_turned, found.paths)):
        return [None for _ in paths], boxes
    return [None if n in found.unsure or counts[path] > 1 else path for n, path in enumerate(paths)], boxes


def _touching(upper: Sequence[Piece], lower: Sequence[Piece]) -> Iterator[Piece]:
    """The words of two lines that are so near that they are no lines: a letter of theirs is lowered."""
    for one in upper:
        for other in lower:
            is_near = one.base - other.base < TIGHT * min(one.size, other.size)
            if is_near and one.left < other.right and other.left < one.right:
                yield from (one, other)


def _is_turned(parts: Sequence[_Part]) -> bool:
    """Whether a column's header stands upright: each of its letters is read as a line."""
    texts = [part.piece.text for part in parts[:3]]
    return len(texts) > 1 and all(len(text) < (LETTER if len(texts) > 2 else 2) for text in texts)


def _has_two_labels(found: _Headers) -> bool:
    """Whether the header of the labels stands over another column, too."""
    labels = {part.piece.text for part in found.paths[0]}
    return any(part.first > 0 and part.piece.text in labels for parts in found.paths[1:] for part in parts)


def _read_line(found: _Headers, line: Sequence[Piece]) -> None:
    floating: list[Piece] = []
    before = [len(parts) for parts in found.paths]
    parts = [part for own in _between_uprights(found, line) for part in phrases(own, HEADER_GAP)]
    covered = [found.covered(part) for part in parts]
    for number in range(len(found.columns)):
        if sum(number in own for own in covered) > 1:
            found.unsure.add(number)  # one column has two headers beside each other: it is two columns
    for part in parts:
        words = [word for word in line if part.left <= word.middle <= part.right]
        is_of_labels = found.covered(part)[:1] == [0]
        if span := _underlined(found, part, parts) or (_boxed(found, part, parts) if is_of_labels else None):
            found.give(part, *span)
        else:
            floating += _leaves(found, part, words)
    taken = {n for n, parts in enumerate(found.paths) if len(parts) > before[n]}
    _centre(found, floating, taken)


def _between_uprights(found: _Headers, line: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The words of a line, parted where a line is drawn upright between two of them, and not by chance in a space."""
    edges = [(rule.left + rule.right) / 2 for rule in found.uprights if rule.bottom < line[0].base < rule.top]
    own: list[Piece] = []
    for word in line:
        is_apart = own and word.left - own[-1].right > SPACE * word.size
        if is_apart and any(own[-1].right <= x <= word.left for x in edges):
            yield own
            own = []
        own.append(word)
    yield own


def _underlined(found: _Headers, part: Piece, parts: Sequence[Piece]) -> tuple[int, int] | None:
    """The columns over which the line beneath a header is drawn; a line beneath several headers is none of theirs."""
    for rule in found.rules:
        if not _is_beneath(rule, part) or sum(_is_beneath(rule, other) for other in parts) > 1:
            continue
        inside = [n for n, column in enumerate(found.columns) if rule.left - 2 <= column.middle <= rule.right + 2]
        if inside and set(found.covered(part)) <= set(inside):
            return inside[0], inside[-1]
    return None


def _boxed(found: _Headers, part: Piece, parts: Sequence[Piece]) -> tuple[int, int] | None:
    """The columns between two upright lines over which a header stands alone, in the middle, each with its own beneath."""
    beside = [(line.left + line.right) / 2 for line in found.uprights if line.bottom < part.base < line.top]
    left = max((x for x in beside if x < part.middle), default=-math.inf)
    right = min((x for x in beside if x > part.middle), default=math.inf)
    inside = [n for n, column in enumerate(found.columns) if left < column.middle < right]
    if not beside or len(inside) < 2 or sum(left < other.middle < right for other in parts) > 1:
        return None
    is_over_one = len(found.covered(part)) == 1 and len(inside) % 2 == 1
    within = left <= part.left and part.right <= right
    span = inside[0], inside[-1]
    return span if within and not is_over_one and _is_centred(found, part, *span, LOOSE) else None


def _is_beneath(rule: Rule, part: Piece) -> bool:
    below = 0 < part.base - rule.height < UNDERLINE * part.size
    within = rule.left - 2 <= part.middle <= rule.right + 2
    return below and within and part.right - part.left <= rule.right - rule.left + 6


def _leaves(found: _Headers, part: Piece, words: Sequence[Piece]) -> Iterator[Piece]:
    """Give a header that is a column's lowest to it; what is above others comes back."""
    covered = found.covered(part)
    bare = [n for n in covered if not found.paths[n]]
    if len(covered) == 1 and bare:
        found.give(part, covered[0], covered[0])
    elif covered == bare == [0, 1] and len(words) == 1:
        found.give(part, 0, 1)  # one header over the number and the name of each row
    elif len(covered) > 1 and bare == covered:
        _split(found, words, covered)
    elif covered and (bare or (covered[0] == 0 and len(covered) > 1)):
        found.unsure.update(covered)  # over some columns that have headers and some that have none, or over the labels
    else:
        yield part


def _split(found: _Headers, words: Sequence[Piece], covered: Sequence[int]) -> None:
    """Part words that stand close over several columns which have no header yet."""
    owned: dict[int, list[Piece]] = {}
    for word in words:
        over = found.covered(word)
        near = over or [min(covered, key=lambda n: abs(found.columns[n].middle - word.middle))]
        if len(near) != 1:
            found.unsure.update(covered)
            return
        owned.setdefault(near[0], []).append(word)
    if set(owned) != set(covered):
        found.unsure.update(covered)
        return
    pieces = {number: phrases(own, 99)[0] for number, own in owned.items()}
    ordered = sorted(pieces.values(), key=lambda piece: piece.left)
    close = any(other.left - one.right < SPACE * one.size for one, other in pairwise(ordered))
    off = EXACT if close else ALIGNED
    if not all(_is_aligned(found.columns[number], piece, off) for number, piece in pieces.items()):
        found.unsure.update(covered)
        return
    for number, piece in pieces.items():
        found.give(piece, number, number)


def _is_aligned(column: Extent, piece: Piece, ems: float) -> bool:
    """Whether words begin, end or have their middle where a column's ink has."""
    off = ems * piece.size
    ends = abs(column.left - piece.left) < off or abs(column.right - piece.right) < off
    return ends or abs(column.middle - piece.middle) < off


def _centre(found: _Headers, parts: Sequence[Piece], taken: set[int]) -> None:
    """Give headers above others to the columns over which they are centred, when there is one way, or upright lines tell."""
    ordered = sorted(_without_shared(found, parts, taken), key=lambda part: part.left)
    if not ordered:
        return
    whole = [way for way in islice(_ways(found, ordered, taken, LOOSE), WAYS) if _is_whole(found, way)]
    ways = list(islice(_ways(found, ordered, taken, CENTRED), WAYS))
    boxed = [span for part in ordered if (span := _boxed(found, part, ordered))]
    exact = list(islice(_ways(found, ordered, taken, EXACT), WAYS))
    if len(boxed) == 1 == len(ordered) and exact and boxed not in exact:
        boxed = []
    if exact and (exact != whole if len(ordered) == 1 else not any(way in exact for way in whole)):
        whole = []  # headers over all columns are exactly in their middle, and one alone in no other's
    for chosen in (whole, ways, [boxed] if len(boxed) == len(ordered) else []):
        if len(chosen) == 1:
            used = taken.union(*(range(first, last + 1) for first, last in chosen[0]))
            for part, (first, last) in zip(ordered, chosen[0], strict=True):
                if first == last and _may_be_over_the_next(found, part, first, used):
                    found.unsure.update((first, first + 1))
                else:
                    found.give(part, first, last)
            return
    if any(not found.covered(part) and not [*_spans(found, part, taken, LOOSE)] for part in ordered):
        found.hole = True
    for part in ordered:  # it is somebody's, and nobody knows whose
        found.unsure.update(found.covered(part))
        found.unsure.update(n for span in _spans(found, part, taken, LOOSE) for n in range(span[0], span[1] + 1))


def _without_shared(found: _Headers, parts: Sequence[Piece], taken: set[int]) -> list[Piece]:
    """The headers but for those above one line that they share, as two lines that meet are one: its columns are theirs, all of them."""
    left = list(parts)
    for rule in found.rules:
        own = sorted((part for part in left if _is_beneath(rule, part)), key=lambda part: part.left)
        inside = [n for n, column in enumerate(found.columns) if rule.left - 2 <= column.middle <= rule.right + 2]
        if len(own) < 2 or not taken.isdisjoint(inside):
            continue
        ways = [way for way in islice(_ways(found, own, taken, LOOSE), WAYS) if _columns_in(way) == inside]
        if len(ways) == 1:
            for part, (first, last) in zip(own, ways[0], strict=True):
                found.give(part, first, last)
        elif ways:
            found.unsure.update(inside)
        if ways:
            taken.update(inside)
            left = [part for part in left if part not in own]
    return left


def _columns_in(way: Sequence[tuple[int, int]]) -> list[int]:
    return [n for first, last in way for n in range(first, last + 1)]


def _may_be_over_the_next(found: _Headers, part: Piece, column: int, used: Collection[int]) -> bool:
    """Whether a header that begins with its column, and not in its middle, may be that of the next column, too.

    The rest of a header begins low, or is its unit in brackets.
    """
    beneath = found.paths[column][-1:]
    after = found.paths[column + 1] if column + 1 < len(found.columns) else []
    if not beneath or not after or column + 1 in used or beneath[0].piece.text[:1] in "([":
        return False
    if beneath[0].first < beneath[0].last or beneath[0].piece.text[:1].islower():
        return False
    middles = (found.wide[column].middle, found.columns[column].middle, beneath[0].piece.middle)
    return all(abs(part.middle - middle) > EXACT * part.size for middle in middles) and (
        part.left < found.wide[column].left + CENTRED * part.size
    )


def _is_whole(found: _Headers, way: Sequence[tuple[int, int]]) -> bool:
    """Whether spans follow each other without a hole up to the last column, and one is of several."""
    meets = all(one[1] + 1 == other[0] for one, other in pairwise(way))
    return meets and way[-1][1] == len(found.columns) - 1 and any(first < last for first, last in way)


def _ways(found: _Headers, parts: Sequence[Piece], taken: set[int], slack: float) -> Iterator[list[tuple[int, int]]]:
    """All the ways to give each header a span of columns of its own, from the left."""
    spans = [[*_spans(found, part, taken, slack)] for part in parts]
    nearest = [min((last for _, last in own), default=len(found.columns)) for own in spans]
    if len(parts) > WAYS or any(not own for own in spans):
        return
    way: list[tuple[int, int]] = []

    def further(number: int, start: int) -> Iterator[list[tuple[int, int]]]:
        if number == len(parts):
            yield list(way)
            return
        for first, last in spans[number]:
            if first >= start and all(last < end for end in nearest[number + 1 : number + 2]):
                way.append((first, last))
                yield from further(number + 1, last + 1)
                way.pop()

    yield from further(0, 0)


def _spans(found: _Headers, part: Piece, taken: set[int], slack: float) -> Iterator[tuple[int, int]]:
    """The spans of columns over which a header is centred; each holds the columns that it covers."""
    covered = found.covered(part)
    count = len(found.columns)
    is_free = len(covered) > 1 and taken.isdisjoint(covered) and not _cuts(found, covered[0], covered[-1])
    if is_free and not _is_centred(found, part, covered[0], covered[-1], slack):
        yield covered[0], covered[-1]
    for first in range(covered[0] + 1 if covered else count):
        for last in range(covered[-1] if covered else first, count):
            may_be = last >= first and (first or not last or covered[:1] == [0])
            if may_be and _is_centred(found, part, first, last, slack) and taken.isdisjoint(range(first, last + 1)):
                yield first, last


def _is_centred(found: _Headers, part: Piece, first: int, last: int, slack: float) -> bool:
    left, right = found.wide[first], found.wide[last]
    off = slack * part.size
    is_even = abs((part.left + part.right) / 2 - (left.left + right.right) / 2) < off
    if not is_even and first == last:
        is_even = _continues(found, part, first, off)
    if not is_even:
        return False
    beneath = [found.paths[n][-1:] for n in range(first, last + 1)]
    if any(not own or part.base - own[0].piece.base < TIGHT * part.size for own in beneath):
        return False  # nothing beneath it, or so near that their letters would touch
    if _cuts(found, first, last):
        return False
    return not any(
        left.middle < rule.left < right.middle and rule.bottom < part.base < rule.top for rule in found.uprights
    )


def _continues(found: _Headers, part: Piece, column: int, off: float) -> bool:
    """Whether words are set as the column and its header beneath are, or exactly in the middle above that header."""
    beneath = [own.piece for own in found.paths[column][-1:] if own.first == own.last]
    is_above = any(abs(part.middle - own.middle) < EXACT * part.size for own in beneath)
    return is_above or (_is_flush(part, found.wide[column], off) and all(_is_flush(part, own, off) for own in beneath))


def _is_flush(part: Piece, other: Piece | Extent, off: float) -> bool:
    """Whether words begin, end or have their middle where others do."""
    return min(abs(part.left - other.left), abs(part.right - other.right), abs(part.middle - other.middle)) < off


def _cuts(found: _Headers, first: int, last: int) -> bool:
    """Whether a span of columns would cut a header beneath it that is over several."""
    lowest = [part for n in range(first, last + 1) for part in found.paths[n][-1:]]
    return any(part.first < first or part.last > last for part in lowest)


def _named(parts: Sequence[_Part]) -> tuple[str, ...]:
    """Headers from the top; lines of one header, that stand over the same columns, are one."""
    path: list[str] = []
    last: _Part | None = None
    for part in reversed(parts):
        if last is not None and (last.first, last.last) == (part.first, part.last):
            path[-1] += f" {part.piece.text}"
        else:
            path.append(part.piece.text)
        last = part
    return tuple(path)
