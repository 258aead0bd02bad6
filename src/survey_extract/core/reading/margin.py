"""The lines of a page go in, what its margin holds beside them comes out.

Manuals name in the margin what a paragraph is about, manuscripts number their
lines there. A reader that goes by baselines takes such a label for the first
word of the line beside it; it is no word of the paper's sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from survey_extract.core.reading.captions import CAPTION
from survey_extract.core.reading.lines import RELATION, Line, Measure, is_wordy

EVEN = 2.0
"""Points by which the beginnings of lines of the same column differ."""
OUT = 8.0
"""Points by which a line begins before its column, at least, where it begins with a label."""
ROOM = 0.75
"""Between a label and its line, in sizes of the line; words are closer."""
SHARE = 0.25
"""Share of a page's long lines that begin at the edge of a column, at least."""
ROOM_OF_LABEL = 0.42
"""Between a label in the font of the text and what is said of it, in sizes of the line: LaTeX leaves half of one."""
LABEL_ROOM = 0.3
"""Between the label of an entry and what is said of it, in sizes of the line: a space at least."""
FAR = 90.0
"""Points by which the lines of an entry are indented, at most."""
_WORDED = re.compile(r"[\\\\-]{0,2}(?:[^\W\d_]{2}|[A-Za-z][\d_.])")
"""How labels begin: with a word, as of a command, and no sign of an item."""
_LOWER = re.compile(r"(?<!\S)[a-zß-ÿ]{2,}")
SAID = 2
"""Words in lower case behind a label, at least: rows of tables begin with a name as well."""
LONGEST_LABEL = 40
"""Characters of a label."""
WIDER = 1.12
"""How much wider than the spaces behind it the room behind a label is, at least, where its font is that of the text."""
ALIKE = 0.06
"""In sizes, by which that room differs from entry to entry of a list, at most: spaces are stretched with their lines."""
LED = re.compile(
    r"(?P<mark>(?:[•‣▪◦●■∗*·–—-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s+)?(?P<label>[^\W\d_][^.:?!]{2,60}[.?])\s+(?=[“„‘\"(]?[^\W_a-zß-öø-ÿ])"
)
"""How a line begins that a label leads, with a stop of its own: in another font than what is said behind it."""

COUNTED, EVENLY = 4, 0.7
"""Numbers in the margin of a page that may count its lines, at least, and the share of the steps between them that fit."""
CLOSEST, FARTHEST = 0.8, 2.8
"""From line to line, in sizes of the text: manuscripts are set wide."""
_COUNT = re.compile(r"^\s{0,3}(\d{1,4})(?:\s|$)")
_NUMBERING = re.compile(r"^[\[(]|^(?:\d{1,2}|[A-Z]|[IVX]{1,5})(?:\.\d{1,2}){0,4}[.:)]?$|^\W+$|[.:]$")
"""Numbers of headings, marks of list items and keys of references may stand in the margin, too: they belong to their line."""


def _is_entry(line: str) -> bool:
    """Whether a line is one of a table of contents: words, and a page at its end."""
    *words, last = line.split() or [""]
    return last.isdecimal() and len(last) < 5 and any(len(word) > 2 and word.strip(".:,").isalpha() for word in words)


def left_edge(lines: Sequence[Line]) -> float | None:
    """Where the leftmost column of a page begins; None where it has none."""
    long = [round(line.left) for line in lines if len(line.text) > LONGEST_LABEL]
    edges = [left for left, count in Counter(long).items() if count >= max(3, SHARE * len(long))]
    return float(min(edges)) if edges else None


def sticks_out(line: Line, edge: float) -> bool:
    """Whether a line begins before the column that it ends in."""
    return line.left < edge - OUT and line.right > edge + 3 * OUT and abs(line.bottom - line.top) < line.size


def line_numbers(lines: Sequence[Line], edge: float) -> frozenset[int]:
    """Which lines begin with the number that a manuscript gives them in its margin, or are one.

    Numbers of lines grow down the page as the lines do: from one to the next it is about as far as there are lines
    between them. Those of headings are farther apart, those of lists have a mark behind them.
    """
    begun = [(at, line, _COUNT.match(line.text)) for at, line in enumerate(lines)]
    every = sorted(((line.top, int(match[1]), at) for at, line, match in begun if match), reverse=True)
    is_every_line = len(every) >= max(2 * COUNTED, 0.5 * len(lines))  # the numbers are then what the text's edge is
    found = [count for count in every if is_every_line or lines[count[2]].left < edge - OUT]
    if len(found) < COUNTED:
        return frozenset()
    if 2 * sum(_is_entry(lines[at].text) for _, _, at in found) > len(found):
        return frozenset()  # a table of contents
    size = max(lines[at].size for _, _, at in found)
    steps = [(above[0] - below[0], below[1] - above[1]) for above, below in pairwise(found)]
    even = sum(count > 0 and CLOSEST < height / count / size < FARTHEST for height, count in steps)
    return frozenset(at for _, _, at in found) if even >= EVENLY * len(steps) else frozenset()


def is_margin_label(text: str) -> bool:
    """Whether words before a line may be a label in its margin."""
    return 0 < len(text) <= LONGEST_LABEL and not _NUMBERING.search(text)


def hangs(line: Line, below: Line) -> bool:
    """Whether a line begins to the left of the one under it, as an entry of a list does that begins with its label."""
    is_next = 0 < line.bottom - below.top < 2 * line.size and below.size > 0.8 * line.size
    return is_next and OUT < below.left - line.left < FAR


CODED = re.compile(r"(?P<label>\S{2,30}(?:\s\S{1,20})?)\s+(?=[A-ZÀ-Þ][a-zß-ÿ]{1,20}\s[a-zß-ÿ])")
"""How a line begins that a name leads, with no mark before what is said of it."""


def may_open(before: Line | None, line: Line) -> bool:
    """Whether a line may begin a paragraph: the one above it is no full line of the same column, right above."""
    if before is None or abs(before.left - line.left) > EVEN:
        return True
    return not 0 < before.bottom - line.top < 1.35 * line.size or before.right < line.right - line.size


_NAMING = re.compile(r"[^\W\d_]{3}")
DROPPED = 1.6
"""Sizes of the line beside it, at least, in which a capital is set that is dropped."""


def label_before(line: str) -> re.Match[str] | None:
    """The label that may lead a line: words, no formula, and no caption's, which is part of what it says."""
    match = LED.match(line)
    if match is None or CAPTION.match(match["label"]) or RELATION.search(match["label"]):
        return None
    return match if _NAMING.search(match["label"]) else None


def with_dropped(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines of a page; a capital that is dropped before several of them is the first letter of the first."""
    held: Line | None = None
    for line in lines:
        if held is not None and _drops(held, line):
            yield line._replace(text=held.text.strip() + line.text.lstrip(), left=held.left)
            held = None
            continue
        if held is not None:
            yield held
        held = line if len(line.text.strip()) == 1 and line.text.strip().isupper() else None
        if held is None:
            yield line
    if held is not None:
        yield held


def _drops(capital: Line, line: Line) -> bool:
    """Whether a single capital is that of the line beside its head, and no word by itself."""
    is_beside = -EVEN < line.left - capital.right < DROPPED_ROOM * line.size
    return (
        capital.size > DROPPED * line.size
        and is_beside
        and 0 < line.top - capital.top < capital.size
        and line.text.lstrip()[:1].isalpha()
    )


DROPPED_ROOM = 0.4
"""Between a dropped capital and the rest of its word, in sizes of the line, at most."""


def label_room(gaps: Sequence[float], size: float) -> int | None:
    """Which gap between the first words of a line is that behind a label, if any: wider than a space, and than all behind it."""
    at = max(range(len(gaps)), key=lambda index: gaps[index], default=None)
    if at is None or gaps[at] < ROOM_OF_LABEL * size:
        return None
    others = [gap for index, gap in enumerate(gaps) if index != at]
    return at if all(gap * WIDER < gaps[at] for gap in others) else None


def is_definition(label: str, rest: str, *, is_marked: bool = False) -> bool:
    """Whether a text may be a label of what is said behind it, which begins as a sentence does, with no mark between them.

    With a mark ("Dropout: we use none"), it is part of the sentence; a stop (``is_marked``) makes it one by itself.
    """
    label = label.strip()
    if is_marked:
        label = label.rstrip(".")
    if not is_margin_label(label) or _WORDED.match(label) is None or CAPTION.match(label):
        return False
    is_said = rest[:1].isupper() and is_wordy(rest) and len(_LOWER.findall(rest)) >= SAID
    return is_said and label[-1:] not in "–—-,;"


def is_beside(line: Line, measure: Measure) -> bool:
    """Whether a line stands in the margin, as a label does."""
    if not measure.columns or line.bold or line.size > measure.size + 0.4 or not is_margin_label(line.text.strip()):
        return False
    left, right = min(edges[0] for edges in measure.columns), max(edges[1] for edges in measure.columns)
    return line.right < left - EVEN or line.left > right + 2 * EVEN
