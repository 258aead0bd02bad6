"""The lines of a page go in, what its margin holds beside them comes out.

Manuals name in the margin what a paragraph is about, manuscripts number their
lines there. A reader that goes by baselines takes such a label for the first
word of the line beside it; it is no word of the paper's sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from survey_extract.core.reading.lines import Line, Measure

EVEN = 2.0
"""Points by which the beginnings of lines of the same column differ."""
OUT = 8.0
"""Points by which a line begins before its column, at least, where it begins with a label."""
ROOM = 0.75
"""Between a label and its line, in sizes of the line; words are closer."""
SHARE = 0.25
"""Share of a page's long lines that begin at the edge of a column, at least."""
LONGEST_LABEL = 40
"""Characters of a label."""

_NUMBERING = re.compile(r"^[\[(]|^(?:\d{1,2}|[A-Z]|[IVX]{1,5})(?:\.\d{1,2}){0,4}[.:)]?$|^\W+$|[.:]$")
"""Numbers of headings, marks of list items and keys of references may stand in the margin, too: they belong to their line."""


def left_edge(lines: Sequence[Line]) -> float | None:
    """Where the leftmost column of a page begins; None where it has none."""
    long = [round(line.left) for line in lines if len(line.text) > LONGEST_LABEL]
    edges = [left for left, count in Counter(long).items() if count >= max(3, SHARE * len(long))]
    return float(min(edges)) if edges else None


def sticks_out(line: Line, edge: float) -> bool:
    """Whether a line begins before the column that it ends in."""
    return line.left < edge - OUT and line.right > edge + 3 * OUT and abs(line.bottom - line.top) < line.size


def is_margin_label(text: str) -> bool:
    """Whether words before a line may be a label in its margin."""
    return 0 < len(text) <= LONGEST_LABEL and not _NUMBERING.search(text)


def is_beside(line: Line, measure: Measure) -> bool:
    """Whether a line stands in the margin, as a label does."""
    if not measure.columns or line.bold or line.size > measure.size + 0.4 or not is_margin_label(line.text.strip()):
        return False
    left, right = min(edges[0] for edges in measure.columns), max(edges[1] for edges in measure.columns)
    return line.right < left - EVEN or line.left > right + 2 * EVEN
