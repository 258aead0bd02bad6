"""The pages of a document go in; those of a two-sided one come out as if all of them were right-hand pages.

Books have another inner margin than outer one, so that the text of every other
page stands further to the left. All that is told by a column's edges, an
indentation, a full line, a note in the margin, would be wrong on half of the pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from survey_extract.core.reading.lines import Line, PageLines

LONG = 40
"""Characters from which on a line tells where its column begins and ends."""
LEAST, MOST = 4.0, 72.0
"""Points by which the text of the two sides stands apart; fewer are no margin, more are no book's."""
SHARE = 0.25
"""Of the long lines of a side, those that begin where its column does, at least."""
EVEN = 3.0
"""Points by which both edges of the text may have moved differently."""


def one_sided(pages: Sequence[PageLines]) -> Sequence[PageLines]:
    """The pages, with those of even numbers moved to where the others have their text, if the document has two sides."""
    right, left = (_edges(pages[side::2]) for side in (0, 1))
    if right is None or left is None:
        return pages
    step = right[0] - left[0]
    if not LEAST <= abs(step) <= MOST or abs(right[1] - left[1] - step) > EVEN:
        return pages
    return [_moved(page, step) if number % 2 else page for number, page in enumerate(pages)]


def _edges(pages: Sequence[PageLines]) -> tuple[float, float] | None:
    """Where the text of these pages begins and ends, if most of its lines agree."""
    long = [line for page in pages for line in page.lines if len(line.text) > LONG]
    edges = [_commonest([round(side(line)) for line in long]) for side in (_left, _right)] if long else []
    least = max(3, SHARE * len(long))
    return (edges[0][0], edges[1][0]) if edges and all(count >= least for _, count in edges) else None


def _left(line: Line) -> float:
    return line.left


def _right(line: Line) -> float:
    return line.right


def _commonest(places: Sequence[int]) -> tuple[float, int]:
    place, count = Counter(places).most_common(1)[0]
    return float(place), count


def _moved(page: PageLines, step: float) -> PageLines:
    """A page with all that stands on it further to the right by some points."""
    lines = tuple(line._replace(left=line.left + step, right=line.right + step) for line in page.lines)
    shapes = tuple(shape._replace(left=shape.left + step, right=shape.right + step) for shape in page.shapes)
    return replace(page, lines=lines, shapes=shapes)
