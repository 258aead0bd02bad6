"""The lines of a document with their boxes go in, how its running text is set comes out.

Coordinates are PDF points with the origin at the lower left; sizes are font
sizes in points. What differs from the measure of the running text, in size,
face or place, is not running text, or is set apart from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from survey_extract.core.reading.areas import Shape
from survey_extract.core.reading.splitting import ending_in

Face = Literal["", "mono", "sans"]

Column = Literal["full", "left", "right", "margin"]


class Line(NamedTuple):
    """One line of text: ``top`` and ``bottom`` are the baselines of its first and last character.

    They differ for turned text, and a little where a line ends in a raised mark.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    run_in: bool = False
    """Whether it is a heading that stands at the beginning of its paragraph's first line."""
    face: Face = ""
    """What its letters look like, where that is told by their font: typewriter, or without serifs."""
    inner: bool = False
    """Whether it belongs to a drawing that was put into the page, as most figures are."""


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page in the order in which the file draws them."""

    width: float
    height: float
    lines: tuple[Line, ...]
    shapes: tuple[Shape, ...] = ()
    printed: str = ""
    """All characters of the page as the file draws them."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the file's own outline; ``page`` counts from 1."""

    title: str
    level: int
    page: int | None


def is_turned(line: Line) -> bool:
    """Whether a line runs up or down the page."""
    return abs(line.bottom - line.top) > 2.5 * max(line.size, 4)


def in_one_row(last: Line, line: Line) -> bool:
    """Whether a line stands behind another on the same height."""
    return abs(last.bottom - line.top) < 0.75 * max(last.size, line.size) and line.left >= last.right - 2


STOPPED = ending_in(":", r"\s*")

WORD_START = re.compile(r"(?<!\S)(?:[^\s\w]*[^\W\d_]{2,}|[aAI](?!\S))|[一-鿿]{2,}")
"""Tokens that begin like a word; formulas, numbers and cells of tables do not."""

LONG_WORD = re.compile(r"[^\W\d_α-ωϕϑϵϱϖΓ-Ω]{4}|[一-鿿]{2}")
"""What every paragraph of more than one word contains, and no rest of a formula: its names are short, or Greek letters behind one another."""

RELATION = re.compile(r"[=≤≥≈≡∼∝∈⊂⊆→←⇒⇔↦≪≫∑∏∫∂∇√∀∃‖⟨⟩±⊙⊗⊕−α-ωΑ-Ω]|^\s*\(\d{1,3}(?:\.\d{1,3})?[a-z]?\)\s*$")
"""What a formula that stands by itself holds and a label does not, and the number at its side."""

WORDS_IN_A_ROW = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,30}[,;]?\s[^\W\d_]{2,30}[,;]?\s[^\W\d_]{2}")
"""What a sentence has, and a row of formulas not."""

STARTS = re.compile(r"[^\W\d_]{2,30}[,;]?\s[^\W\d_]{2,30}[,;]?\s[^\W\d_]{2}")
"""Three words, with which a line of a sentence begins, and a row of a formula not."""

WORDS = 20
"""Characters; what is shorter may be a label or a formula, whatever its letters."""


def is_wordy(text: str) -> bool:
    return len(WORD_START.findall(text)) >= 0.7 * len(text.split())


class Measure(NamedTuple):
    """How the running text of a document is set: size, face, and (left, right) of its columns in points.

    ``inner`` is set where all of it stands in drawings, as some publishers wrap their pages.
    """

    size: float
    face: Face
    columns: tuple[tuple[float, float], ...]
    inner: bool
    other: tuple[Face, ...]
    """A second face of text: some papers set their abstract or their appendix in it."""
    ragged: float
    """Share of a column that a line of a paragraph may leave free at its right edge."""
    pitch: float = 0.0
    """From line to line of the running text, in sizes of it; 0 where nothing tells."""

    def reach(self, usual: float) -> float:
        """How far the next line of a paragraph stands, at most, in sizes: manuscripts are set wider than print."""
        return max(usual, WIDER * self.pitch) if self.pitch < WIDEST else usual

    @property
    def has_columns(self) -> bool:
        """Whether the text is set in two columns or more."""
        return any(one[1] < other[0] for one in self.columns for other in self.columns)

    @classmethod
    def of(cls, pages: Sequence[PageLines]) -> Measure:
        """Measured on the lines of the commonest size."""
        size = _body_size(pages)
        lines = [line for page in pages for line in page.lines if len(line.text) > 30 and abs(line.size - size) < 0.6]
        faces = Counter(line.face for line in lines)
        inner = sum(line.inner for line in lines) > 0.5 * len(lines)
        edges = tuple(_edges(lines))
        flush = sum(any(abs(line.right - right) < FLUSH for _, right in edges) for line in lines)
        ragged = JUSTIFIED if flush > 0.5 * len(lines) else RAGGED
        every = [line for page in pages for line in page.lines if len(line.text) > 30 and (inner or not line.inner)]
        has_sans = sum(line.face == "sans" for line in every) > SECOND_FACE * len(every)
        other: tuple[Face, ...] = ("sans",) if has_sans else ()
        return cls(size, faces.most_common(1)[0][0] if faces else "", edges, inner, other, ragged, _pitch(pages, size))

    def is_drawn(self, line: Line) -> bool:
        """Whether a line is part of a drawing."""
        return line.inner and not self.inner

    def is_foreign(self, line: Line) -> bool:
        """Whether a line is set in a face that running text is not set in."""
        return line.face not in ("", self.face, *self.other)

    def is_code(self, line: Line) -> bool:
        """Whether a line is set in typewriter, and the running text is not."""
        return line.face == "mono" and self.is_foreign(line)

    def column(self, line: Line) -> tuple[float, float] | None:
        """The column that a line begins in, its indentation aside."""
        best, nearest = None, INDENT
        for edges in self.columns:
            indent = line.left - edges[0]
            if -INDENT / 4 <= indent <= INDENT and abs(indent) <= nearest:
                best, nearest = edges, abs(indent)
        return best

    def fills(self, line: Line) -> bool:
        """Whether a line runs to the right edge of its column, so that its paragraph may go on."""
        column = self.column(line)
        return column is not None and -self.ragged * (column[1] - column[0]) <= line.right - column[1] <= INDENT / 4

    def is_prose(self, line: Line) -> bool:
        """Whether a line looks like one of the running text: its size, its face, from edge to edge."""
        alike = abs(line.size - self.size) < 0.6 and not self.is_foreign(line) and not self.is_drawn(line)
        column = self.column(line)
        return alike and column is not None and abs(line.left - column[0]) < 2 and self.fills(line)


WIDER, WIDEST = 1.08, 3.0
"""Of the usual pitch, what a line may be farther below; in sizes, a pitch that no running text has."""
INDENT = 30.0
"""Points by which a line of a paragraph or list may be indented."""

SECOND_FACE = 0.15
"""Share of a document's long lines in a face without serifs from which on it is one of the text's."""
RAGGED, JUSTIFIED = 0.12, 0.04
"""Shares of a column that a line may leave free at its right edge where text is set ragged, and where it is not."""

FLUSH = 3.0
"""Points from the right edge within which lines end where text is justified: marks stand over it a little."""


def _edges(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """The left and right edges of the columns that these lines are set in, the commonest first."""
    found: list[float] = []
    for left, count in Counter(round(line.left) for line in lines).most_common():
        if count < 0.08 * len(lines):
            return
        if all(abs(left - other) > INDENT for other in found):
            found.append(left)
            rights = sorted(line.right for line in lines if abs(line.left - left) < 2)
            yield float(left), rights[int(0.9 * (len(rights) - 1))]


def _pitch(pages: Sequence[PageLines], size: float) -> float:
    """The commonest distance between two lines of the running text that follow one another, in sizes."""
    steps: Counter[float] = Counter()
    for page in pages:
        long = [line for line in page.lines if len(line.text) > 30 and abs(line.size - size) < 0.6]
        for above, below in pairwise(long):
            if abs(above.left - below.left) < 2 and 0 < above.bottom - below.top < 2 * WIDEST * size:
                steps[round((above.bottom - below.top) / size, 1)] += 1
    return steps.most_common(1)[0][0] if steps else 0.0


def _body_size(pages: Sequence[PageLines]) -> float:
    """The font size in which most characters of running text are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            if len(line.text) > 30:
                sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0
