"""A table as it was read goes in, and what of it cannot be right comes out: properties of every right table that it lacks.

The reader goes by places, and places mislead: a space within a cell looks
like a gap between columns, a first row like headers, the lines of one cell
like rows. What is right has properties that can be checked whatever was read: no
column without a header among those that have one, no line drawn through
a cell, no cell that goes on beyond the frame, labels that differ, and headers
that something tells from a row.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from statistics import median

from survey_extract.core.tables.columns import is_amount, is_value
from survey_extract.core.tables.doubts import Draft, text_of
from survey_extract.core.tables.words import Piece, Rule, phrases

Paths = Sequence[tuple[str, ...] | None]

OTHER = 1.25
"""How many times as thick as another a line is, at least, that is of another kind."""
BLOCKS = 2
"""How many times as many rows are in blocks as by themselves, at least, where lines part blocks."""
LINES = 3
"""Lines of headers that begin over the labels, from which on they are rows."""
FEWEST = 1
"""Steps from row to row, at least, by which the first is judged."""
APART = 1.15
"""How many times farther than usual from the next row the first is, at least, where it is the headers."""
SAME_LABEL = 3
"""Rows that have one label from which on it is none."""
SPACE = 0.4
"""Ems up to which a gap is a space between words."""
MANY = 5
"""Words of a cell from which on it is no name."""
LONGER = 2
"""How many times as many words as its header has a sentence has, at least."""
INSIDE = 0.5
"""Points by which a line is within a cell, at least."""
COLUMN = 3
"""Labels, at least, whose figures may be a column of their own."""
UNEVEN = 0.5
"""Ems by which the words before them end apart, at least."""
ALIGNED = 0.2
"""Ems by which these may be off the edge or the middle that they share."""
MIDDLE = 1.0
"""Ems by which a title may be off the middle of its table."""


_ENTRY = re.compile("^[\u2022\u2023\u25aa\u25cf\u25e6] ?[^\\W\\d_]")


def torn_columns(paths: Paths) -> set[int]:
    """Columns of a stretch in which one behind the first header has none of its own: a space within cells was taken for a gap."""
    headed = [number for number, path in enumerate(paths) if path != () and number]
    found: set[int] = set()
    for one, other in pairwise([*headed, len(paths)]):
        if other - one > 1:
            found.update(range(one, other))
    for number, (path, further) in enumerate(pairwise(paths)):
        if path and further and len(path) < len(further) and further[: len(path)] == path:
            found.update((number, number + 1))
    return found


def split_headers(header: Sequence[Sequence[Piece]], edges: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Neighbouring columns between which words of the headers stand no farther apart than words do."""
    for line in header:
        for one, other in pairwise(line):
            if other.left - one.right < SPACE * one.size:
                first, last = (sum(edge < word.middle for edge in edges) for word in (one, other))
                if first != last:
                    yield first, last


def is_title(header: Sequence[Sequence[Piece]], left: float, right: float) -> bool:
    """Whether all that stands above the rows is in the middle of the table, as the heading of rows is."""
    parts = [part for line in header for part in phrases(line, 0.5)]
    return len(parts) == 1 and abs(parts[0].middle - (left + right) / 2) < MIDDLE * parts[0].size


def is_prose(header: Sequence[Sequence[Piece]], edge: float) -> bool:
    """Whether a line above the rows is running text: so many words, no two more than a space apart, beyond the edge of the labels."""
    return any(
        len(line) >= MANY and len(phrases(line, SPACE)) == 1 and line[0].middle < edge < line[-1].middle
        for line in header
    )


def has_column_within(lines: Sequence[Sequence[Piece]], edge: float) -> bool:
    """Whether labels of unequal words all end with a figure, and these stand under each other: they are a column of their own."""
    own = [[word for word in line if word.middle < edge] for line in lines]
    ends = [words[-2:] for words in own if words]
    if len(ends) < COLUMN or not all(len(words) == 2 and is_amount(words[1].text) for words in ends):
        return False
    before, figures = zip(*ends, strict=True)
    size = figures[0].size
    return _spread(word.right for word in before) > UNEVEN * size and any(
        _spread(places) < ALIGNED * size
        for places in ([f.left for f in figures], [f.right for f in figures], [f.middle for f in figures])
    )


def _spread(places: Iterable[float]) -> float:
    known = list(places)
    return max(known) - min(known)


def is_figure_over_figures(drafts: Sequence[Draft], paths: Paths) -> bool:
    """Whether one row alone stands under headers that are all figures, as it does where a table goes on from the page before."""
    return len(drafts) == 1 and all(path and is_value(path[-1]) for path in paths[1:]) and bool(paths[0])


def is_crossed(draft: Draft, rules: Sequence[Rule], uprights: Sequence[Rule]) -> bool:
    """Whether a line is drawn through one of a row's cells, between its lines or its words: they are cells of their own."""
    spans = (piece for _, _, piece in draft.spans)
    return any(
        lower.base < rule.height < upper.base and rule.left < upper.middle < rule.right
        for pieces in draft.cells
        for upper, lower in pairwise(pieces)
        for rule in rules
    ) or any(
        piece.left + INSIDE < rule.left and rule.right < piece.right - INSIDE and rule.bottom < piece.base < rule.top
        for piece in chain(spans, *draft.cells)
        for rule in uprights
    )


def may_head(drafts: Sequence[Draft]) -> bool:
    """Whether the first row of a table without headers may be the headers.

    It is none if no label begins with a letter, as commands, signs and numbers
    do, and if it is no farther from the second row than rows are from each other.
    """
    if any(draft.label[0].text[0].isalpha() for draft in drafts if draft.label):
        return True
    named = [draft for draft in drafts if draft.label]
    steps = [_lowest(upper) - lower.label[0].base for upper, lower in pairwise(named)]
    return len(steps) <= FEWEST or steps[0] > APART * median(steps[1:])


def _lowest(draft: Draft) -> float:
    """The baseline of a row's last line."""
    return min(_bases(draft))


def _bases(draft: Draft) -> Iterator[float]:
    yield from (piece.base for pieces in draft.cells for piece in pieces)
    yield from (piece.base for _, _, piece in draft.spans)


def labels_tell_nothing(drafts: Sequence[Draft]) -> bool:
    """Whether all rows are called the same, so that the label is elsewhere, or is cut; or a label is an entry of a list."""
    labels = {text_of(draft.label) for draft in drafts if draft.label}
    return any(map(_ENTRY.match, labels)) or (
        len(labels) == 1 and sum(bool(draft.label) and not draft.heir for draft in drafts) >= SAME_LABEL
    )


def may_be_a_row(
    header: Sequence[Sequence[Piece]], drafts: Sequence[Draft], paths: Paths, rules: Sequence[Rule]
) -> bool:
    """Whether the headers may be a row like those below, which lines part from each other, too.

    Headers are told by a line of their own kind beneath them, by blocks of rows
    below, by blanks over the labels, by their levels, or by being words over numbers.
    """
    if not header or not drafts or not any(paths):
        return False
    if _are_rows(header, drafts):
        return True
    if not paths[0] or any(path and len(path) > 1 for path in paths):
        return False
    if _is_ruled_off(header, drafts, rules) and _is_line_over_blocks(header, drafts):
        return False
    told = _has_line_of_its_own(header, drafts, rules) or _are_words_over_numbers(drafts, paths)
    return not (told or _is_name_over_sentences(drafts, paths))


def _are_rows(header: Sequence[Sequence[Piece]], drafts: Sequence[Draft]) -> bool:
    """Whether so many lines of headers each have a label of their own that they are rows."""
    edge = min((draft.label[0].right for draft in drafts if draft.label), default=-math.inf)
    return sum(line[0].left < edge and len(phrases(line, 0.5)) > 1 for line in header) >= LINES


def _is_ruled_off(header: Sequence[Sequence[Piece]], drafts: Sequence[Draft], rules: Sequence[Rule]) -> bool:
    """Whether a line is between the headers and the first row."""
    upper = min(word.base for line in header for word in line)
    lower = max(_bases(drafts[0]))
    return any(lower < rule.height < upper for rule in rules)


def _is_line_over_blocks(header: Sequence[Sequence[Piece]], drafts: Sequence[Draft]) -> bool:
    """Whether words are above one block of rows, or one line above several: lines part most rows by the block, and it by itself."""
    counts = Counter(draft.band for draft in drafts)
    alone = sum(count == 1 for count in counts.values())
    return (len(header) == 1 or len(counts) == 1) and len(drafts) - alone > BLOCKS * alone


def _has_line_of_its_own(header: Sequence[Sequence[Piece]], drafts: Sequence[Draft], rules: Sequence[Rule]) -> bool:
    """Whether more lines, or one of another thickness, are beneath the headers than beneath the rows, or a thick one above them."""
    bands: dict[int, float] = {}
    for draft in drafts:
        bands[draft.band] = min(_lowest(draft), bands.get(draft.band, math.inf))
    bases = [min(word.base for line in header for word in line), *bands.values()]
    ends = bases[1:] if len(bands) > 1 else [*bases[1:], -math.inf]
    first, *others = (
        [rule.top - rule.bottom for rule in rules if lower < rule.height < upper]
        for upper, lower in zip(bases, ends, strict=False)
    )
    if not first:
        return False
    usual = max(max(own, default=0.0) for own in others)
    thickness = max(first, default=0.0)
    is_other = max(thickness, usual) > OTHER * min(thickness, usual)
    above, below = (
        max((rule.top - rule.bottom for rule in rules if side * (rule.height - base) > 0), default=0.0)
        for side, base in ((1, bases[0]), (-1, bases[-1]))
    )
    return is_other or above > OTHER * max(thickness, below) or len(first) > max(map(len, others))


def _is_name_over_sentences(drafts: Sequence[Draft], paths: Paths) -> bool:
    """Whether a column has a few words over cells that all have many, or words over cells that all end as sentences do."""
    for number, path in enumerate(paths):
        texts = [text_of(draft.cells[number]) for draft in drafts if number and draft.cells[number]]
        worded = [text for text in texts if not is_value(text)]
        if not path or len(worded) < BLOCKS:
            continue
        are_long = min(len(text.split()) for text in worded) >= max(MANY, LONGER * len(path[-1].split()))
        if are_long or (all(text.endswith(".") for text in worded) and not path[-1].endswith(".")):
            return True
    return False


def _are_words_over_numbers(drafts: Sequence[Draft], paths: Paths) -> bool:
    """Whether of the columns of numbers more have a header that is none than one that is, and more than one has."""
    words = numbers = 0
    for number, path in enumerate(paths):
        texts = [text_of(draft.cells[number]) for draft in drafts if number and draft.cells[number]]
        if path and any(map(is_amount, texts)) and all(map(is_value, texts)):
            words, numbers = words + (not is_value(path[-1])), numbers + is_value(path[-1])
    return words > max(1, numbers)
