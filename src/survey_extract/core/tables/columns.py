"""Lines of a table's body go in, its columns come out, and each line cut into cells by them.

A column ends where no line of the body has ink, in a gap too wide for a space
between words, or at an upright line. A line or two may run across such a gap,
as a long label or a note does; they are left out when the gaps are looked for,
and cut afterwards, if they can be. Columns set so close that no gap goes down
through all lines are told by their numbers, as many in every line, each under
a word of the headers; and so is a size beside a name.
"""

from __future__ import annotations

import itertools
import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple
from unicodedata import normalize

from survey_extract.core.tables.words import Piece, joined, phrases

NARROW = 0.45
"""Ems of the narrowest gap between columns in any line; a space between words has 0.25 to 0.4."""
THIN = 0.15
"""Ems of the narrowest gap between two columns of numbers."""
USUAL = 0.7
"""Ems of the gap between columns in the middle one of the lines."""
MANY = 4
"""Cells of most lines from which on a line of a label and one value says nothing of the columns."""
ASIDE = 3.0
"""Ems from a number to the brackets after it, at most."""
FEW = 3
"""Rows, at least, in which numbers under each other are a column without a gap beside it."""
LEAST, UNLIKE = 0.35, 0.3
"""Ems of the narrowest of the gaps that may part two columns, and by which they differ, at least."""
WIDER = 1.15
"""How many times wider they are than all spaces between words, at least."""
EVEN = 1.0
"""Points by which what is aligned may be off."""
UNDER = 0.5
"""Ems by which numbers under each other may be off the edge or the middle that they share."""
ODD = 4
"""One of so many lines may run across the gaps."""

_AMOUNT = r"[~≈<>≤≥∼±+\-−–$€£≃]?\s?[$€£]?(?:\d+(?:[,.]\d+)*|\.\d+)(?:[eE][+\-−–]?\d{1,3})?\s?(?:[%‰°]|[KMBTGkmbtgx×sh]{1,2}|ms|GB|MB)?"
_NUMERIC = re.compile(
    rf"^[(\[]?\s?{_AMOUNT}[^\w.,]{{0,4}}(?:[\s(\[/±×x·–\-−:]{{1,4}}{_AMOUNT}[^\w.,]{{0,4}}){{0,4}}[a-h]?$"
)
_NOTHING = frozenset(["-", "–", "—", "−", "--", "---", "N/A", "n/a", "NA", "N.A.", "✓", "√", "✗", "✔", "✘", "×", "/"])
_JOINS = "±+−–-/×·(=~<>≤≥:"
"""Signs after which a number continues."""
_MARKS = "*\u2217\u2020\u2021\u00a7\u00b6"
"""What follows a number that has a note."""
_GROUPED = re.compile(r"^\d{1,3}(?: \d{3}){1,4}$")
_REST = re.compile(r"^(?:[(\[][^()\[\]]{1,12}[)\]]\W{0,2}|[×±·] ?\d.{0,8})$")
"""What goes with the number before it."""
_SIGNED = re.compile(r"^[+\-−–]\d")
_PLAIN = re.compile(r"^[+\-−–]?\d+(?:[,.]\d+)*%?$")


class Cut(NamedTuple):
    """The gap between two columns."""

    left: float
    right: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def is_amount(text: str) -> bool:
    """Whether a cell's text is a number, or several that belong together."""
    return len(text) <= 40 and bool(_NUMERIC.match(normalize("NFKC", text)))


def is_value(text: str) -> bool:
    """Whether a cell's text is a number or says that there is none."""
    return text in _NOTHING or is_amount(text)


def is_glued(text: str) -> bool:
    """Whether a cell holds two numbers with nothing but space between them: a gap between columns was missed."""
    if text.isascii() and " " not in text:
        return False  # as most cells are: one number or word
    plain = normalize("NFKC", text)
    parts = [part.rstrip(_MARKS) or part for part in plain.split(" ")]
    if len(parts) > 1 and ((parts[0] in _NOTHING and _SIGNED.match(parts[1])) or _ends_with_nothing(parts)):
        return True
    return not _GROUPED.match(plain) and any(
        _PLAIN.match(one) and _PLAIN.match(other) for one, other in itertools.pairwise(parts)
    )


def _ends_with_nothing(parts: Sequence[str]) -> bool:
    return parts[-1] in _NOTHING and bool(_PLAIN.match(parts[-2]))


def cuts_of(
    lines: Sequence[Sequence[Piece]], uprights: Sequence[float], heads: Sequence[Sequence[Piece]] = ()
) -> list[Cut]:
    """The gaps between the columns, from the left; none when the lines agree on none. ``heads`` are the lines of the headers."""
    whole = _of_many(lines)
    em = _size(whole)
    rough = [cut for cut in _white(whole, len(whole) // ODD) if _is_wide(cut, em) and _is_usual(cut, whole)]
    clean = [line for line in whole if all(_gap_within(line, cut) for cut in rough)]
    if not clean:
        return []
    em = _size(clean)
    straight = [cut for cut in _white(clean, 0) if _parts_columns(cut, clean, em, uprights)]
    straight = straight[:1] + [cut for cut in straight[1:] if not _is_within_numbers(cut, straight, clean, heads)]
    edges = [-math.inf, *(cut.middle for cut in straight), math.inf]
    close = [cut for left, right in itertools.pairwise(edges) for cut in _close(clean, heads, left, right)]
    return sorted([*straight, *close]) if straight else []


def _is_usual(cut: Cut, lines: Sequence[Sequence[Piece]]) -> bool:
    """Whether of the lines with ink on both sides of a gap few run across it."""
    beside = [line for line in lines if line[0].left < cut.middle < line[-1].right]
    return len(beside) >= ODD * sum(_gap_within(line, cut) is None for line in beside)


def _of_many(lines: Sequence[Sequence[Piece]]) -> Sequence[Sequence[Piece]]:
    """The lines of about as many cells as most have: one value in the middle of all columns hides the gaps between them."""
    counts = [len(phrases(line, USUAL)) for line in lines]
    if not counts or median(counts) < MANY:
        return lines
    return [line for line, count in zip(lines, counts, strict=True) if count > 2]


def _is_within_numbers(
    cut: Cut, cuts: Sequence[Cut], lines: Sequence[Sequence[Piece]], heads: Sequence[Sequence[Piece]]
) -> bool:
    """Whether what follows a gap belongs to the numbers before it: in brackets or after a sign, with no header of its own."""
    end = min((other.middle for other in cuts if other.middle > cut.middle), default=math.inf)
    left, middle, right = math.inf, -math.inf, cut.right
    for line in lines:
        behind = [word for word in line if cut.middle < word.middle < end]
        before = [word for word in line if word.middle < cut.middle][-1:]
        if behind and not (before and _goes_on(before[0], joined(behind))):
            return False
        middle = max([middle, *(word.middle for word in before if behind)])
        right = max([right, *(word.right for word in behind)])
        left = min([left, *(word.left for word in before if behind)])
    above = [phrases(head, USUAL) for head in heads]
    return not any(_heads_both(parts, left, middle, cut, right) for parts in above)


def _heads_both(parts: Sequence[Piece], left: float, middle: float, cut: Cut, right: float) -> bool:
    """Whether a line of headers has one over numbers, whose ink begins ``left``, and one over what follows them."""
    over_rest = [part for part in parts if middle < part.left and cut.middle < part.middle < right]
    return bool(over_rest) and any(
        part.right > left and part.left < cut.left for part in parts if part not in over_rest
    )


def _goes_on(number: Piece, rest: Piece) -> bool:
    """Whether what follows a number is its spread, its power, or a remark in brackets."""
    return is_amount(number.text) and rest.left - number.right < ASIDE * rest.size and bool(_REST.match(rest.text))


def gaps_of(lines: Sequence[Sequence[Piece]]) -> list[Cut]:
    """Where no line has ink, between the outermost ink, from the left."""
    return list(_white(lines, 0))


def may_be_two(lines: Sequence[Sequence[Piece]]) -> bool:
    """Whether a column's lines leave a gap between the same words that is no space: wider in some than in others, or than their spaces."""
    lines = [line for line in lines if not is_value(joined(line).text)]
    for cut in gaps_of(lines):
        own = [width / line[0].size for line in lines if (width := _around(line, cut)) is not None]
        if len(own) < FEW or min(own) < LEAST:
            continue
        spaces = [
            (other.left - one.right) / one.size
            for line in lines
            for one, other in itertools.pairwise(line)
            if not one.right <= cut.middle <= other.left
        ]
        is_wider = len(spaces) >= FEW and min(own) > WIDER * max(spaces)
        if is_wider or max(own) - min(own) > UNLIKE:
            return True
    return False


def cells_of(line: Sequence[Piece], cuts: Sequence[Cut]) -> list[Piece | None] | None:
    """A line's cell in each column; None when one of its words or phrases runs across a gap."""
    edges: list[float] = []
    for cut in cuts:
        gap = _gap_within(line, cut) or _thin_gap(line, cut) or _gap_before(line, cut)
        if gap is None:
            return None
        edges.append(gap.middle)
    edges.sort()
    found: list[list[Piece]] = [[] for _ in range(len(cuts) + 1)]
    for word in line:
        found[bisect_left(edges, word.middle)].append(word)
    return [joined(words) if words else None for words in found]


def reach(line: Sequence[Piece], cuts: Sequence[Cut]) -> tuple[int, int]:
    """The first and the last column that a line's ink touches."""
    left, right = line[0].left, max(word.right for word in line)
    return sum(cut.middle < left for cut in cuts), sum(cut.middle < right for cut in cuts)


def _white(lines: Sequence[Sequence[Piece]], tolerance: int) -> Iterator[Cut]:
    """Where no more than so many lines have ink, between the outermost ink."""
    edges = sorted((x, step) for line in lines for word in line for x, step in ((word.left, 1), (word.right, -1)))
    inked, begin = 0, None
    for x, step in edges:
        before, inked = inked, inked + step
        if before > tolerance >= inked:
            begin = x
        elif before <= tolerance < inked and begin is not None and x > begin:
            yield Cut(begin, x)


def _size(lines: Sequence[Sequence[Piece]]) -> float:
    """The size of most words; 0 where there are none."""
    return median([word.size for line in lines for word in line] or [0.0])


def _is_wide(cut: Cut, em: float) -> bool:
    return cut.right - cut.left >= NARROW * em


def _parts_columns(cut: Cut, lines: Sequence[Sequence[Piece]], em: float, uprights: Sequence[float]) -> bool:
    if any(cut.left - 0.5 <= x <= cut.right + 0.5 for x in uprights):
        return True
    if not _is_wide(cut, em):
        return _parts_numbers(cut, lines, em)
    gaps = [gap for line in lines if (gap := _around(line, cut)) is not None]
    return bool(gaps) and median(gaps) >= USUAL * em


def _parts_numbers(cut: Cut, lines: Sequence[Sequence[Piece]], em: float) -> bool:
    """Whether a narrow gap has a number on either side in every line, other than the groups of one long number."""
    if cut.right - cut.left < THIN * em:
        return False
    pairs = [
        (one, other)
        for line in lines
        for one, other in itertools.pairwise(line)
        if one.right <= cut.middle <= other.left
    ]
    whole = all(is_amount(one.text) and is_value(other.text) for one, other in pairs)
    return len(pairs) > 1 and whole and not any(_is_one_number(one, other) for one, other in pairs)


def _is_one_number(one: Piece, other: Piece) -> bool:
    """Whether two pieces are groups of one long number, as in 19 396."""
    near = other.left - one.right < NARROW * one.size
    return near and len(other.text) == 3 and other.text.isdecimal() and one.text.isdecimal()


# --- columns without a gap between them -----------------------------------------------------------


def _close(
    lines: Sequence[Sequence[Piece]], heads: Sequence[Sequence[Piece]], left: float, right: float
) -> Iterator[Cut]:
    """The gaps between columns that stand so close between two edges that no line goes down between them."""
    rows = [own for line in lines if (own := [word for word in line if left < word.middle < right])]
    if left == -math.inf:
        yield from _beside_names(rows)
        return
    counts = {len(row) for row in rows}
    if len(rows) < FEW or len(counts) > 1 or counts == {1}:
        return
    columns = list(zip(*rows, strict=True))
    over = [[word for word in head if left < word.middle < right] for head in heads]
    if all(map(_is_column, columns)) and any(_stand_over(head, columns) for head in over):
        yield from (_between(one, other) for one, other in itertools.pairwise(columns))


def _beside_names(rows: Sequence[Sequence[Piece]]) -> Iterator[Cut]:
    """The gap before sizes that end together, where names begin together and some rows have a size alone."""
    sizes = [row[-1] for row in rows]
    named = [row for row in rows if len(row) > 1]
    if len(rows) - len(named) < 2 or len(named) < 1 or not all(is_amount(size.text) for size in sizes):
        return
    ends = {round(size.right - sizes[0].right, 1) for size in sizes}
    begins = {round(row[0].left - named[0][0].left, 1) for row in named}
    is_even = max(ends) - min(ends) < EVEN and max(begins) - min(begins) < EVEN
    if is_even and all(size.left > named[0][0].left + size.size for size in sizes):
        yield _between([row[-2] for row in named], sizes)


def _is_column(cells: Sequence[Piece]) -> bool:
    """Whether numbers are aligned: they share an edge or their middle, and none is in brackets after another."""
    texts = [cell.text for cell in cells]
    if not all(map(is_value, texts)) or not any(map(is_amount, texts)) or any(text[0] in "([" for text in texts):
        return False
    sides = ([c.left for c in cells], [c.right for c in cells], [c.middle for c in cells])
    return min(max(places) - min(places) for places in sides) < UNDER * cells[0].size


def _stand_over(head: Sequence[Piece], columns: Sequence[Sequence[Piece]]) -> bool:
    """Whether each column has a header of its own in a line, nearer to the middle of its numbers than to another's."""
    middles = [sum(cell.middle for cell in cells) / len(cells) for cells in columns]
    parts = phrases(head, NARROW)
    owners = {min(range(len(middles)), key=lambda n: abs(middles[n] - part.middle)) for part in parts}
    clear = all(sum(part.left < middle < part.right for middle in middles) < 2 for part in parts)
    return clear and len(parts) == len(owners) == len(columns)


def _between(one: Sequence[Piece], other: Sequence[Piece]) -> Cut:
    """Where the gaps of all lines between two columns lie, which lie beside each other, and not under each other."""
    return Cut(min(cell.right for cell in one), max(cell.left for cell in other))


def _around(line: Sequence[Piece], cut: Cut) -> float | None:
    """How wide a line's gap is at a cut; None when it has ink on one side only."""
    middle, left, right = cut.middle, -math.inf, math.inf
    for word in line:
        if word.right <= middle:
            left = max(left, word.right)
        elif word.left >= middle:
            right = word.left
            break
    return right - left if left > -math.inf and right < math.inf else None


def _gap_within(line: Sequence[Piece], cut: Cut) -> Cut | None:
    """The widest gap that a line leaves within a cut, when that is no space between words."""
    widest = max(_gaps(line, cut), key=_width, default=None)
    if widest is None or _width(widest) >= _width(cut) - 0.01:
        return widest
    return widest if _width(widest) >= NARROW * max(word.size for word in line) - 0.01 else None


def _width(cut: Cut) -> float:
    return cut.right - cut.left


def _gaps(line: Sequence[Piece], cut: Cut) -> Iterator[Cut]:
    at, end = cut
    for word in line:
        if word.left >= end:
            break
        if word.right > at:
            if word.left > at:
                yield Cut(at, word.left)
            at = word.right
    if at < end:
        yield Cut(at, end)


def _gap_before(line: Sequence[Piece], cut: Cut) -> Cut | None:
    """The gap before a line that begins with a number, in a cut through which its first digits reach."""
    return Cut(cut.left, line[0].left) if line[0].left > cut.left and is_value(line[0].text) else None


def _thin_gap(line: Sequence[Piece], cut: Cut) -> Cut | None:
    """The space before a number that comes close to the cell on its left; none where it may be one of two."""
    found: list[Cut] = []
    for one, other in itertools.pairwise(line):
        gap = Cut(one.right, other.left)
        within = gap.left < cut.right and gap.right > cut.left and gap.right > gap.left
        if within and is_value(other.text) and one.text[-1] not in _JOINS:
            found.append(gap)
    return found[0] if len(found) == 1 else None
