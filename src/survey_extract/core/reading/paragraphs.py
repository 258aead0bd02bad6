"""The lines of a block of running text go in, its paragraphs come out, each as the lines that it is set in.

A paragraph ends where its last line leaves room for the word that comes next: whoever sets text would have put it
there. So the end is told by places and not by words, and holds where no full stop stands: behind an item of a list, a
label, an address, or a sentence that the next line does not begin in a capital. A formula on a line of its own leaves
room on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from survey_extract.core.reading.lines import (
    FLUSH,
    INDENT,
    JUSTIFIED,
    LONG_WORD,
    RELATION,
    WORDS_IN_A_ROW,
    Line,
    Measure,
    in_one_row,
    is_wordy,
)
from survey_extract.core.reading.plain_text import HYPHEN_MARK
from survey_extract.core.reading.splitting import ending_in, is_open

Row = list[Line]
"""The pieces of a printed line."""

APART = 8.0
"""Points on either side by which a formula stands in from the edges of its text, at least."""
FREE = 0.3
"""Share of its width that the last line of a paragraph leaves free where text is set ragged: others leave some, too."""
NUMBER = re.compile(r"\([A-Z]?\d{1,3}(?:\.\d{1,3})?[a-z]?\)\s*$")
"""That of a formula, at the edge of its text."""
ITEM = re.compile(r"^(?:[•‣▪●■]|◦(?! ?[CF]\b)|[—–-]\s|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s)")
"""How an item of a list begins."""
_SENTENCE = re.compile(r"[^\W\d_]{2}[.!?]\s|\S\s\S+\s(?:https?://|www\.)\S+$")
"""What holds the end of a sentence, or ends with an address that a sentence names."""
_LOWER = re.compile(r"(?<!\S)[a-zß-ÿ]+(?!\S)")
LEAST_WORDS, LOWER = 8, 0.6
"""Words, and the share of them in lower case, from which on a line is taken for a sentence that leads to something."""


ENDED = ending_in(behind=r"(?:\d{1,2}|\[\d{1,3}\])?\s*")
"""The end of a sentence, with the number of its note."""
EVEN = 2.0
"""Points by which the beginnings of entries differ, at most."""
BEGINNING = 12
"""Characters; a formula that begins within them is not broken where its first sign ends."""
WORD = re.compile(r"[^\W\d_]{3}|[一-鿿]")
SHORTEST_LEAD = 3
"""Words before a colon that are no more than a label: "Note:", "Key words:"."""


_OPENS_CODE = re.compile(
    r"^\s*(?:/\*|\*\s|\*/|//|#\s?(?:include|define|if|endif)|[>+$%]\s\w\S*\s?(?:[(=]|<-)|R?>\s|</?\w[\w:-]*[\s>]|<!\[|\]\]>)"
)
_CLOSES_CODE = ("*/", "{", "}")
_IN_CODE = frozenset("(=*[>_")
"""What stands somewhere in a statement that ends with a semicolon."""
_PROSE = 4
"""Words one after the other, of letters alone, that no statement has."""
CODED = 0.5
"""Share of the lines of a block that look like code where it is code."""


class Part(NamedTuple):
    """A paragraph, and what its shape says of it."""

    lines: Sequence[Line]
    is_formula: bool = False
    is_code: bool = False
    is_label: bool = False
    """Whether none of its lines runs to the edge and no sentence ends: a label, a name, an address."""


def paragraphs(lines: Sequence[Line], size: float, measure: Measure) -> list[Part]:
    """The paragraphs of a block whose letters are mostly of a size."""
    rows = list(_rows(lines, size))
    right = _right(rows, measure)
    left = min(row[0].left for row in rows)
    are_formulas = _with_parts(rows, [_is_formula(row, left, right) for row in rows], left)
    are_single = _set_singly(rows, are_formulas, left, right, measure)
    are_formulas = [is_one and not is_single for is_one, is_single in zip(are_formulas, are_single, strict=True)]
    kinds = list(zip(are_formulas, are_single, strict=True))
    starts = [0]
    for at, (before, row) in enumerate(pairwise(rows), start=1):
        if kinds[at - 1] != kinds[at] or (
            not any(kinds[at])
            and (
                _is_over(before, row, right - left, _full(rows, at, right), measure)
                or _is_next_entry(rows[starts[-1]], before, row)
            )
        ):
            starts.append(at)
    return [
        Part(
            [line for row in rows[start:end] for line in row],
            is_formula=are_formulas[start],
            is_code=are_single[start] or _is_code(rows[start:end]),
            is_label=not are_formulas[start] and _is_label(rows[start:end], right, measure),
        )
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)
    ]


def _rows(lines: Sequence[Line], size: float) -> Iterator[Row]:
    """The printed lines; raised, lowered and small signs belong to the one that they follow."""
    row: Row = []
    base = 0.0
    for line in lines:
        is_next = base - line.top > 0.6 * size and line.size > 0.85 * size
        if row and is_next and not in_one_row(row[-1], line):
            yield row
            row = []
        if not row or line.size > 0.85 * size:
            base = line.top
        row.append(line)
    yield row


def _right(rows: Sequence[Row], measure: Measure) -> float:
    """Where the lines of a block end that are full: where two of them end, or its column."""
    ends = sorted((_end(row) for row in rows), reverse=True)
    if len(ends) > 1 and ends[0] - ends[1] < FLUSH:
        return ends[0]
    begin = rows[0][0].left
    return max([ends[0], *(right for left, right in measure.columns if left - INDENT < begin < right)][:2])


def _full(rows: Sequence[Row], at: int, right: float, evenly: float = 0) -> float:
    """Where full lines end around a printed line: a quotation may be narrower than the text that it stands in.

    ``evenly`` is the share of lines that must end there.
    """
    left = rows[at][0].left
    ends = [_end(rows[at])]
    for row in rows[at + 1 :]:
        if abs(row[0].left - left) > FLUSH:
            break
        ends.append(_end(row))
    even = sum(max(ends) - end < FLUSH for end in ends)
    is_even = len(ends) > 2 and even > 1 and even >= evenly * len(ends)
    return max(*ends, _end(rows[at - 1])) if is_even else right


def _end(row: Row) -> float:
    return max(line.right for line in row)


def _is_formula(row: Row, left: float, right: float) -> bool:
    """Whether a printed line is a formula on a line of its own."""
    text = " ".join(line.text for line in row)
    if row[0].left < left + APART or (_end(row) > right - APART and not NUMBER.search(text)):
        return False
    if RELATION.search(text) is None or is_wordy(text) or WORDS_IN_A_ROW.search(text):
        return False
    return LONG_WORD.search(text) is None or "=" in text or NUMBER.search(text) is not None


def _with_parts(rows: Sequence[Row], are_formulas: list[bool], left: float) -> list[bool]:
    """The same, with the lines right above and below them that hold a part of the formula, as a fraction's halves."""
    for order in (range(1, len(rows)), range(len(rows) - 2, -1, -1)):
        for at in order:
            is_beside = are_formulas[at - order.step]
            if is_beside and rows[at][0].left > left + APART and not _has_words(rows[at]):
                are_formulas[at] = True
    return are_formulas


def _has_words(row: Row) -> bool:
    return any(LONG_WORD.search(line.text) for line in row)


EVENLY = 0.4
"""Share of the lines of a quotation that end at its edge, at least: two of many may do so by chance."""
MUCH = 0.2
"""Share of a block's width that a line of words leaves free, at least, where it is set by itself: names in typewriter are wide."""
SINGLE = 2
"""Lines behind one another, at least, each of which leaves room for what the next one begins with."""


def _set_singly(
    rows: Sequence[Row], are_formulas: Sequence[bool], left: float, right: float, measure: Measure
) -> list[bool]:
    """Which printed lines are set one by one, as code, verses and addresses are, and no paragraph.

    A line of a paragraph ends where the next word finds no room. Where several in a row end before that, and no
    sentence, whoever set them wanted them so. One that begins in lower case, or with no letter, is enough.
    """
    found = [False] * len(rows)
    broken = [False] * len(rows)
    for at in range(1, len(rows)):
        is_amid = not (are_formulas[at - 1] or are_formulas[at])
        broken[at] = is_amid and _breaks_early(rows, at, left, right, measure)
    at = 1
    while at < len(rows):
        end = at
        while end < len(rows) and broken[end]:
            end += 1
        if end > at:
            is_full = right - _end(rows[end - 1]) <= rows[end - 1][0].size
            own = range(at - 1, end - is_full)  # a line that runs to the edge begins a paragraph behind them
            begun = [rows[one][0].text.lstrip()[:1] for one in own]
            is_odd = any(not sign.isupper() for sign in begun[1:])
            is_sentence = begun[:1] != [] and begun[0].isupper() and ENDED.search(rows[own[-1]][-1].text.rstrip())
            if (len(own) > SINGLE or is_odd) and not is_sentence:
                found[own.start : own.stop] = [True] * len(own)
        at = end + 1
    return [
        is_one or (all(found[at - 1 : at] + found[at + 1 : at + 2]) and 0 < at < len(rows) - 1)
        for at, is_one in enumerate(found)
    ]


def _breaks_early(rows: Sequence[Row], at: int, left: float, right: float, measure: Measure) -> bool:
    """Whether the line before one ends amid what it says, though the first word of that line would have found room.

    What stands in as far on both sides is full: a quotation.
    """
    before, row = rows[at - 1], rows[at]
    is_lower_half = (
        row[0].left > before[0].left + INDENT or before[0].top - row[0].top < 0.9 * row[0].size
    )  # of a fraction
    if right - _end(before) <= row[0].size or is_lower_half:
        return False
    text, following = before[-1].text.rstrip(), row[0].text.lstrip()
    if not following or text.endswith((HYPHEN_MARK, "-", "\u2010")) or ENDED.search(text) or ITEM.match(following):
        return False
    if text.endswith(":") and (
        before[0].text.lstrip()[:1].isupper() or (at > 1 and _end(rows[at - 2]) > right - FLUSH)
    ):
        return False  # it leads to what is below
    indent = before[0].left - left
    if indent > APART and abs(indent - (right - _end(before))) < FLUSH:
        return False
    edge = _full(rows, at, right, EVENLY)
    if edge - _end(before) < MUCH * (right - left) and is_wordy(text):
        return False
    return _has_room(before, row, following, right - left, edge, measure)


def _is_next_entry(first: Row, before: Row, row: Row) -> bool:
    """Whether a line begins the next entry of a list, or what stands under it.

    It is as far to the left as the entry before it, and has a mark as that has, or that entry's lines are indented.
    """
    indent, step = before[0].left - first[0].left, row[0].left - first[0].left
    if abs(step) > EVEN and indent <= EVEN:
        return False
    marks = [ITEM.match(one[0].text.lstrip()) for one in (first, row)]
    if marks[0] and not marks[1] and indent > EVEN and row[0].left < before[0].left - max(EVEN, indent / 2):
        return True  # what stands under a list
    if abs(step) > EVEN:
        return False
    if all(marks):
        return True
    hangs = before[0].left > first[0].left + APART and not any(marks)
    return hangs and ENDED.search(before[-1].text.rstrip()) is not None


def _is_over(before: Row, row: Row, width: float, right: float, measure: Measure) -> bool:
    """Whether a paragraph ends with a line, so that the next one begins another."""
    text, following = before[-1].text.rstrip(), row[0].text.lstrip()
    if not following or text.endswith((HYPHEN_MARK, "-", "\u2010")):
        return False
    is_item = ITEM.match(following)
    if is_open(text) and not is_item:
        return False
    if is_item and text.endswith(":") and row[0].left > before[0].left + EVEN:
        return True  # however far the line that leads to a list runs
    if not ENDED.search(text):
        may_begin = following[0].isupper() or is_item
        if not may_begin or RELATION.search(following, 0, BEGINNING):
            return False
    return _has_room(before, row, following, width, right, measure)


def _has_room(before: Row, row: Row, following: str, width: float, right: float, measure: Measure) -> bool:
    """Whether the first word of a line would have gone into the line above it."""
    first = row[0]
    word = (first.right - first.left) * len(following.split(None, 1)[0]) / len(first.text)
    free = right - _end(before)
    return free > word + first.size and (measure.ragged == JUSTIFIED or free > FREE * width)


def _is_code(rows: Sequence[Row]) -> bool:
    """Whether lines are code by their signs, where its typeface is that of the text, or the file does not name it."""
    texts = [" ".join(line.text for line in row) for row in rows]
    return sum(map(is_of_code, texts)) >= (CODED * len(rows) if len(rows) > 1 else 1)


def is_of_code(line: str) -> bool:
    """Whether a line begins or ends as lines of code do, and sentences do not."""
    words = line.split()
    text = "".join(words)
    if _OPENS_CODE.search(line) or text.endswith(_CLOSES_CODE):
        return True
    before = text[-2:-1]
    if not text.endswith(";") or not (before.isalnum() or before in ("_", ")", "]", "*")) or _IN_CODE.isdisjoint(text):
        return False
    runs = (
        sum(1 for _ in run) for is_word, run in groupby(words, lambda word: len(word) > 1 and word.isalpha()) if is_word
    )
    return max(runs, default=0) < _PROSE


def _is_label(rows: Sequence[Row], right: float, measure: Measure) -> bool:
    """Whether lines hold no sentence, by their shape: none is full, and none ends one."""
    text = " ".join(line.text.strip() for row in rows for line in row)
    if not WORD.search(text):
        return True
    if ENDED.search(text) or text.endswith((HYPHEN_MARK, "-", ",", ";")) or ITEM.match(text):
        return False
    words = len(text.split())
    if _SENTENCE.search(text) or (text.endswith(":") and words > SHORTEST_LEAD):
        return False
    if words >= LEAST_WORDS and len(_LOWER.findall(text)) >= LOWER * words:
        return False
    return all(right - _end(row) > max(FLUSH, row[0].size) and not measure.fills(row[-1]) for row in rows)
