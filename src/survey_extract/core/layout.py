"""Lines of a page with their boxes go in, blocks in reading order come out: what a PDF does not say.

A PDF has no paragraphs, columns or headings, only runs of glyphs at places.
Lines are gathered into blocks where they touch, blocks are ordered column by
column, and each is named by what it looks like: running text, heading,
caption, footnote, or the debris of tables, formulas and figures. Coordinates
are PDF points with the origin at the lower left; sizes are font sizes in
points.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from survey_extract.core.areas import SLACK, Key, Shape, Spot, areas, dress
from survey_extract.core.characters import HYPHEN_MARK, clean, mend_hyphens
from survey_extract.core.records import SentenceKind
from survey_extract.core.sentences import Block

Column = Literal["full", "left", "right"]
Face = Literal["", "mono", "sans"]


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


def arrange(pages: Sequence[PageLines], outline: Sequence[OutlineEntry] = ()) -> list[Block]:
    """Order and name the text of a document."""
    measure = _Measure.of(pages)
    furniture = _running_lines(pages)
    headings = _HeadingRule(measure, outline)
    known = dress([page.shapes for page in pages])
    groups: list[_Group] = []
    labels = _labels(pages)
    for number, page in enumerate(pages, start=1):
        lines = [_unlabelled(line, labels) for line in page.lines if not _is_furniture(line, page, furniture)]
        apart = _apart(lines, page, measure, headings, known, number)
        groups += _page_groups(lines, apart, page, number, headings, measure)
    _claim(groups, measure)
    return _named(groups, measure)


class _Measure(NamedTuple):
    """How the running text of a document is set: size, face, and (left, right) of its columns in points.

    ``inner`` is set where all of it stands in drawings, as some publishers wrap their pages.
    """

    size: float
    face: Face
    columns: tuple[tuple[float, float], ...]
    inner: bool
    ragged: float
    """Share of a column that a line of a paragraph may leave free at its right edge."""

    @property
    def has_columns(self) -> bool:
        """Whether the text is set in two columns or more."""
        return any(one[1] < other[0] for one in self.columns for other in self.columns)

    @classmethod
    def of(cls, pages: Sequence[PageLines]) -> _Measure:
        """Measured on the lines of the commonest size."""
        size = _body_size(pages)
        lines = [line for page in pages for line in page.lines if len(line.text) > 30 and abs(line.size - size) < 0.6]
        faces = Counter(line.face for line in lines)
        inner = sum(line.inner for line in lines) > 0.5 * len(lines)
        edges = tuple(_edges(lines))
        flush = sum(any(abs(line.right - right) < FLUSH for _, right in edges) for line in lines)
        ragged = JUSTIFIED if flush > 0.5 * len(lines) else RAGGED
        return cls(size, faces.most_common(1)[0][0] if faces else "", edges, inner, ragged)

    def is_drawn(self, line: Line) -> bool:
        """Whether a line is part of a drawing."""
        return line.inner and not self.inner

    def is_foreign(self, line: Line) -> bool:
        """Whether a line is set in a face that running text is not set in."""
        return line.face not in ("", self.face)

    def column(self, line: Line) -> tuple[float, float] | None:
        """The column that a line begins in, its indentation aside."""
        near = [edges for edges in self.columns if -INDENT / 4 <= line.left - edges[0] <= INDENT]
        return min(near, key=lambda edges: abs(edges[0] - line.left), default=None)

    def fills(self, line: Line) -> bool:
        """Whether a line runs to the right edge of its column, so that its paragraph may go on."""
        column = self.column(line)
        return column is not None and -self.ragged * (column[1] - column[0]) <= line.right - column[1] <= INDENT / 4

    def is_prose(self, line: Line) -> bool:
        """Whether a line looks like one of the running text: its size, its face, from edge to edge."""
        alike = abs(line.size - self.size) < 0.6 and not self.is_foreign(line) and not self.is_drawn(line)
        column = self.column(line)
        return alike and column is not None and abs(line.left - column[0]) < 2 and self.fills(line)


INDENT = 30.0
"""Points by which a line of a paragraph or list may be indented."""
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


def _apart(
    lines: Sequence[Line],
    page: PageLines,
    measure: _Measure,
    headings: _HeadingRule,
    known: frozenset[Key],
    number: int,
) -> list[int]:
    """For each line the area of the page that it stands in, 0 for the running text; drawings are one area."""
    contents = _in_contents(lines)
    if any(contents):
        return [int(is_entry) for is_entry in contents]
    if not page.shapes and not any(line.inner for line in lines):
        return [0] * len(lines)
    spots = [
        Spot(
            (line.left + line.right) / 2,
            line.top + line.size / 3,
            measure.is_prose(line),
            _heads_float(line, measure),
            bool(_ABSTRACT.match(line.text.strip())) or (measure.fills(line) and headings.level(line, number) > 0),
            line.left,
            line.right,
        )
        for line in lines
    ]
    found = areas(page.shapes, spots, page.width * page.height, known, is_first=number == 1)
    drawing = max(found, default=0) + 1
    found = [drawing if measure.is_drawn(line) else area for line, area in zip(lines, found, strict=True)]
    return _with_edges(lines, found, measure)


def _with_edges(lines: Sequence[Line], found: list[int], measure: _Measure) -> list[int]:
    """The areas, with the rows of smaller type that stand right above or below their rules."""
    for order in (range(1, len(lines)), range(len(lines) - 2, -1, -1)):
        for at in order:
            near = at - 1 if order.step > 0 else at + 1
            line, other = lines[at], lines[near]
            touches = abs(other.top - line.top) <= 1.9 * line.size and abs(other.size - line.size) < 0.6
            if not found[at] and found[near] and touches and line.size < measure.size - 0.4 and _is_row(line):
                found[at] = found[near]
    return found


def _is_row(line: Line) -> bool:
    """Whether a line could be the head of a table: no caption, and no end of a sentence."""
    text = line.text.strip()
    return not (_CAPTION.match(text) or _PART_CAPTION.match(text) or text.endswith((".", "-", HYPHEN_MARK, ",")))


_OF_CONTENTS = re.compile(r"^(?:\S.{2,150}?)(?:[. ]{4,}|\s)\d{1,4}$")
CONTENTS = 6
"""Lines of a page that end in a page number when it is a table of contents, and at least half of its lines."""


def _in_contents(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it is an entry of a table of contents."""
    found = [bool(_OF_CONTENTS.match(line.text.strip())) and _is_wordy_entry(line.text) for line in lines]
    is_contents = sum(found) >= max(CONTENTS, 0.5 * len(lines)) or any(
        _CONTENTS.match(line.text.strip()) for line in lines
    )
    return found if is_contents and sum(found) >= CONTENTS else [False] * len(lines)


def _is_wordy_entry(text: str) -> bool:
    """Whether an entry is a heading and its page: one or two figures and some words."""
    return len(_DIGITS.findall(text)) <= 5 and _WORD_START.search(text) is not None


def is_run_in(bold: str, rest: str) -> bool:
    """Whether the bold beginning of a line is a heading: it stands for itself, and a sentence begins behind it.

    A bold word inside a sentence goes on in lower case, or with a bracket.
    """
    bold, rest = bold.strip(), rest.lstrip()
    if not (bold[:1].isupper() or bold[:1].isdigit()) or len(bold) > 70 or not rest[:1].isupper():
        return False
    if _CAPTION.match(bold) or _PLAIN_CAPTION.match(bold):
        return False
    letters = sum(char.isalpha() for char in bold)
    return letters >= 4 and (bold.endswith((".", ":", "?")) or " " in bold or letters >= 6)


def printed_title(pages: Sequence[PageLines], words: frozenset[str] = frozenset()) -> str | None:
    """The title as it is printed: the first lines of the largest type in the upper part of the first page.

    ``words`` are the document's own, to mend a hyphen at the end of a line.
    """
    upper = [line for line in pages[0].lines if line.top > 0.6 * pages[0].height] if pages else []
    level = [line for line in upper if not _is_turned(line) and not _STAMP.match(line.text.strip())]
    shown = [line for line in level if len(line.text.strip()) > 7]
    if not shown:
        return None
    largest = max(line.size for line in shown)
    lines: list[Line] = []
    for line in level[level.index(next(line for line in shown if abs(line.size - largest) < 0.5)) :]:
        if not lines or _goes_on_as_title(lines[-1], line, largest):
            lines.append(line)
        elif line.size > 0.6 * largest:  # smaller ones are marks of notes beside it
            break
    text = " ".join(line.text for line in lines)
    title = clean(mend_hyphens(text.lower(), words).upper() if text.isupper() else mend_hyphens(text, words))
    return title if 4 < len(title) <= 250 else None


_SMALL_CAPITALS = 0.7
"""Size of small capitals beside the capitals that they stand with; a line that begins with one has their size."""


def _goes_on_as_title(last: Line, line: Line, largest: float) -> bool:
    """Whether a title goes on: in its size and close by, or in small capitals where a line begins with a small one."""
    close = -0.75 * largest < last.bottom - line.top < 2.2 * largest
    small = last.text.isupper() and line.text.isupper() and line.size >= _SMALL_CAPITALS * largest
    return close and (abs(line.size - largest) < 0.5 or small)


def printed_arxiv_id(pages: Sequence[PageLines]) -> str | None:
    """The id with its version that arXiv prints in the margin of the first page: 2304.08485v2."""
    found = (_STAMP.match(line.text.strip()) for line in (pages[0].lines if pages else ()))
    return next((match["id"] for match in found if match), None)


# --- furniture ------------------------------------------------------------------------------------

_STAMP = re.compile(r"^arXiv:(?P<id>\S+v\d+)\s*\[")
_PAGE_NUMBER = re.compile(r"^(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_DIGIT = re.compile(r"\d")
_MARGIN = 0.09
"""Share of the page's height at its top and bottom in which running heads and page numbers stand."""


def _in_margin(line: Line, page: PageLines) -> bool:
    return line.top > page.height * (1 - _MARGIN) or line.top < page.height * _MARGIN


def _running_lines(pages: Sequence[PageLines]) -> frozenset[tuple[str, int]]:
    """Lines that come back at the same height of several pages, their digits aside."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in page.lines if _in_margin(line, page)})
    wanted = 2 if len(pages) <= 4 else 3
    return frozenset(key for key, count in seen.items() if count >= wanted)


def _running_key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.strip().lower()), round(line.top / 4)


def _is_furniture(line: Line, page: PageLines, running: frozenset[tuple[str, int]]) -> bool:
    text = line.text.strip()
    if not text or _STAMP.match(text):
        return True
    if not _in_margin(line, page):
        return False
    return bool(_PAGE_NUMBER.match(text)) or _running_key(line) in running


LABEL = 3
"""Times that the same bold words begin a paragraph when they are a label, as who speaks, and no heading."""


def _labels(pages: Sequence[PageLines]) -> frozenset[str]:
    """Bold beginnings of paragraphs that come back."""
    seen = Counter(line.text.strip() for page in pages for line in page.lines if line.run_in)
    return frozenset(text for text, count in seen.items() if count >= LABEL)


def _unlabelled(line: Line, labels: frozenset[str]) -> Line:
    return line._replace(run_in=False) if line.run_in and line.text.strip() in labels else line


# --- columns and groups ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """Lines that touch, of one column, one size and one area."""

    page: int
    column: Column
    lines: list[Line] = field(default_factory=list)
    heading: int = 0
    area: int = 0
    column_width: float = 0.0
    low: bool = False
    lowest: bool = False
    is_caption: bool = False
    size: float = 0.0
    """That of its longest line; its first may be no more than a raised mark."""
    has_words: bool = False
    """Whether one of its lines is part of a sentence."""
    _longest: int = 0

    def add(self, *lines: Line) -> None:
        """Take lines that go on with it."""
        for line in lines:
            self.lines.append(line)
            length = len(line.text)
            if length > self._longest:
                self._longest, self.size = length, line.size
            self.has_words = self.has_words or (length > WORDS and _is_wordy(line.text))

    def text(self) -> str:
        joined = self.lines[0].text
        for line in self.lines[1:]:
            if joined.endswith(("-", "\u2010")) and line.text[:1].islower() and joined[-2:-1].isalpha():
                joined = joined[:-1] + HYPHEN_MARK + line.text
            elif joined.endswith(HYPHEN_MARK):
                joined += line.text
            else:
                joined += " " + line.text
        return joined

    def row(self) -> tuple[float, float, float]:
        """Left, right and baseline of its last printed line, raised and lowered marks aside."""
        lines = self.lines[-ROW_PARTS:]
        main = [line for line in lines if line.size > 0.85 * self.size] or lines
        base = min(line.bottom if line.bottom < line.top - 0.6 * line.size else line.top for line in main)
        row = [line for line in lines if abs(line.top - base) < 0.9 * self.size] or lines
        return min(line.left for line in row), max(line.right for line in row), base


ROW_PARTS = 16
"""Pieces of text that one printed line may be drawn in."""


def _heads_float(line: Line, measure: _Measure) -> bool:
    """Whether a line looks like the begin of a caption, or of that of a part."""
    text = line.text.strip()
    return bool(_CAPTION.match(text) or (line.size < measure.size - 0.4 and _PART_CAPTION.match(text)))


def _page_groups(
    lines: Sequence[Line],
    apart: Sequence[int],
    page: PageLines,
    number: int,
    headings: _HeadingRule,
    measure: _Measure,
) -> list[_Group]:
    gutter = _gutter(lines, page, measure)
    groups: list[_Group] = []
    for line, area in zip(lines, apart, strict=True):
        last = groups[-1] if groups and groups[-1].area == area else None
        may_go_on = last is not None and (line.run_in or last.is_caption)
        is_amid = last is not None and may_go_on and _goes_on(last, line)
        if line.run_in and is_amid:
            line = line._replace(run_in=False)  # noqa: PLW2901  # bold words within a paragraph
        column = last.column if last is not None and _is_last_line(last, line) else _column(line, gutter)
        level = 0 if area or (last is not None and last.is_caption and is_amid) else headings.level(line, number)
        is_caption = _begins_caption(line, last, measure)
        if last is not None and last.column == column and not is_caption and _touches(last, line, level):
            last.add(line)
        else:
            groups.append(_Group(number, column, [], level, area, is_caption=is_caption))
            groups[-1].add(line)
    groups = _mended_rows(groups)
    width = page.width if gutter is None else page.width / 2
    for group in groups:
        group.column_width = width * 0.8
        group.low = group.lines[0].top < page.height * 0.35
        group.lowest = group.lines[0].top < page.height * _MARGIN
    return groups if gutter is None else _by_column(groups)


def _follows(last: _Group, line: Line) -> bool:
    """Whether a line of the same size stands in the next row."""
    before = last.lines[-1]
    return 0 < before.bottom - line.top <= 1.4 * line.size and abs(before.size - line.size) < 0.6


def _is_amid(last: _Group, line: Line) -> bool:
    """Whether a line goes on with the paragraph above it."""
    return _follows(last, line) and not _STOPPED.search(last.lines[-1].text) and _is_wordy(last.lines[-1].text)


def _goes_on(last: _Group, line: Line) -> bool:
    """Whether bold words belong to the paragraph or caption before them."""
    return _is_amid(last, line) or (last.is_caption and _in_one_row(last.lines[-1], line))


def _is_last_line(last: _Group, line: Line) -> bool:
    """Whether a line is part of a row, or ends a paragraph that runs over both columns."""
    before = last.lines[-1]
    if _in_one_row(before, line) and line.left - before.right < 3 * line.size:
        return not before.run_in
    return last.column == "full" and _follows(last, line) and abs(last.lines[-1].left - line.left) < SLACK


def _begins_caption(line: Line, last: _Group | None, measure: _Measure) -> bool:
    """Whether a caption begins here, and not a line of a paragraph that happens to begin with "Figure 2."."""
    text = line.text.strip()
    own_type = line.bold or line.size < measure.size - 0.4 or measure.is_foreign(line)
    if not _CAPTION.match(text) and not (own_type and _PLAIN_CAPTION.match(text)):
        return False
    return last is None or last.is_caption or not _is_amid(last, line)


WORDS = 20
"""Characters; what is shorter may be a label or a formula, whatever its letters."""


def _is_wordy(text: str) -> bool:
    return len(_WORD_START.findall(text)) >= 0.7 * len(text.split())


def _mended_rows(groups: list[_Group]) -> list[_Group]:
    """Paragraphs that a stack of small signs within a line had parted, as one.

    A formula that stands on a line of its own leaves room above and below;
    what stands in the same line, or in a line that follows at once, does not.
    """
    mended: list[_Group] = []
    torn = False
    for group in groups:
        last = mended[-1] if mended else None
        if last is not None and _in_its_row(last, group):
            last.add(*group.lines)
            torn = True
        elif last is not None and torn and _in_next_row(last, group):
            last.add(*group.lines)
            torn = False
        else:
            mended.append(group)
            torn = False
    return mended


def _may_be_one(last: _Group, group: _Group) -> bool:
    alike = (last.column, last.area) == (group.column, group.area)
    return alike and not (last.heading or group.heading or last.is_caption or group.is_caption)


def _in_its_row(last: _Group, group: _Group) -> bool:
    """Whether a group stands in the last printed line of the one before it."""
    if not _may_be_one(last, group) or not (last.has_words or group.has_words):
        return False
    left, right, base = last.row()
    size = last.size
    first = group.lines[0]
    near = left < first.left <= right + 2 * size and -0.7 * size <= first.top - base <= 2 * size
    return near and all(line.top - base <= 2 * size for line in group.lines)


def _in_next_row(last: _Group, group: _Group) -> bool:
    """Whether a group begins in the printed line below the last one of the group before it."""
    _, _, base = last.row()
    alike = _may_be_one(last, group) and abs(last.size - group.size) < 0.6
    return alike and 0 < base - group.lines[0].top <= 1.6 * last.size


def _touches(group: _Group, line: Line, level: int) -> bool:
    last = group.lines[-1]
    step = last.bottom - line.top
    if _is_turned(last) or _is_turned(line):
        return _is_turned(last) and _is_turned(line) and abs(last.left - line.left) <= 1.9 * max(line.size, 4)
    if _in_one_row(last, line) and not last.run_in:
        return True  # goes on in the same line, behind a formula or a raised mark
    if group.heading != level or (level and abs(last.size - line.size) > 0.6):
        return False
    if not level and _stands_in_row(group, line):
        return True
    if abs(last.size - line.size) > 0.6 and abs(group.size - line.size) > 0.6:
        return False
    if last.size < 0.85 * group.size:
        step = group.row()[2] - line.top
    return 0 < step <= 1.9 * max(line.size, 4)


def _is_turned(line: Line) -> bool:
    """Whether a line runs up or down the page."""
    return abs(line.bottom - line.top) > 2.5 * max(line.size, 4)


def _in_one_row(last: Line, line: Line) -> bool:
    """Whether a line stands behind another on the same height."""
    return abs(last.bottom - line.top) < 0.75 * max(last.size, line.size) and line.left >= last.right - 2


def _stands_in_row(group: _Group, line: Line) -> bool:
    """Whether a small sign stands above, below or behind the end of a line of words: a fraction, a limit, a mark."""
    if line.size > 0.85 * group.size or not group.has_words:
        return False
    left, right, base = group.row()
    return left < line.left <= right + 2 * group.size and -0.7 * group.size <= line.top - base <= group.size


def _gutter(lines: Sequence[Line], page: PageLines, measure: _Measure) -> float | None:
    """The x between two columns, or None for a page of one column.

    In a document of one column, what stands on the right may be prose behind a
    matrix; there the page's own order is kept but for a page of columns alone.
    """
    long = [line for line in lines if len(line.text) >= 18 and abs(line.bottom - line.top) < 400]
    if not long:
        return None
    middle = page.width / 2
    left = [line for line in long if line.right <= middle + 6 and line.left < middle - 40]
    right = [line for line in long if line.left >= middle - 6]
    least = 0.45 if measure.has_columns else 0.8
    if len(left) < 4 or len(right) < 4 or len(left) + len(right) < least * len(long):
        return None
    return middle if _aligned(left) and _aligned(right) else None


def _aligned(lines: Sequence[Line]) -> bool:
    """Whether lines start at a common left edge, as a column of text does and labels do not."""
    edges = Counter(round(line.left / 4) for line in lines)
    return edges.most_common(1)[0][1] >= 0.4 * len(lines)


def _column(line: Line, gutter: float | None) -> Column:
    if gutter is None:
        return "full"
    if line.left < gutter - 6 and line.right > gutter + 12:
        return "full"
    return "left" if (line.left + min(line.right, 2 * gutter)) / 2 < gutter else "right"


def _by_column(groups: list[_Group]) -> list[_Group]:
    """Reading order: bands between full-width groups, in each the left column, then the right."""
    bands = sorted((group.lines[0].top for group in groups if group.column == "full"), reverse=True)

    def key(group: _Group) -> tuple[int, int, float]:
        top = group.lines[0].top
        band = sum(edge >= top for edge in bands) if group.column == "full" else sum(edge > top for edge in bands)
        return band, ("full", "left", "right").index(group.column), -top

    return sorted(groups, key=key)


# --- headings -------------------------------------------------------------------------------------

_KNOWN = re.compile(
    r"^(?:abstract|zusammenfassung|introduction|einleitung|related works?|background|preliminar(?:y|ies)|methods?|"
    r"methodology|approach|experiments?|results?|evaluation|discussions?|limitations?|conclusions?(?: and .*)?|"
    r"acknowledge?ments?|references|bibliography|literatur(?:verzeichnis)?|appendi(?:x|ces)|broader impacts?|"
    r"supplementary materials?|contents)\s*[.:]?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?P<number>(?:\d{1,2}|[A-Z]|[IVX]{1,5})(?:\.\d{1,2})*)[.:)]?\s+(?P<title>[^\W\d_].*)$")
_CITATIONS = re.compile(r"\[[\d,\s–-]{1,40}\]")
_NO_LETTER = re.compile(r"[\W_]+")
_HEADING_LIMIT = 110
RUN_IN_LEVEL = 9
"""Below every heading that has a line of its own."""


class _HeadingRule:
    """Tells headings from other lines, by the outline first, then by size, weight and numbering."""

    def __init__(self, measure: _Measure, outline: Sequence[OutlineEntry]) -> None:
        self._body, self._columns = measure.size, measure.columns
        self._outline: dict[str, list[OutlineEntry]] = defaultdict(list)
        for entry in outline:
            if key := _heading_key(entry.title):
                self._outline[key].append(entry)

    def level(self, line: Line, page: int) -> int:
        """The depth of the heading that this line is, 0 when it is none."""
        if line.run_in:
            return RUN_IN_LEVEL
        text = line.text.strip()
        if len(text) > _HEADING_LIMIT or not text or text[0].islower():
            return 0
        match = _NUMBERED.match(text)
        if entries := self._entries(_heading_key(match["title"] if match else text), is_bold=line.bold):
            near = [entry for entry in entries if entry.page is None or abs(entry.page - page) <= 1]
            if near and (line.bold or match or line.size > self._body + 0.4 or _KNOWN.match(text)):
                return near[0].level
        title = match["title"] if match else text
        if _KNOWN.match(title) and (match or line.bold or line.size > self._body + 0.4 or text[0].isupper()):
            return match["number"].count(".") + 1 if match else 1
        stands_out = line.size > self._body + 0.8 or (line.bold and line.size > self._body - 0.3)
        if match and stands_out and not text.endswith((".", ",", ";")) and title[0].isupper() and len(title) > 2:
            return match["number"].count(".") + 1
        is_large = line.bold and line.size > self._body + 0.8 and not text.endswith((".", ",", ";", ":"))
        if is_large and len(_WORD_START.findall(text)) >= max(1, 0.6 * len(text.split())) and self._is_flush(line):
            return 2 if text[0].isupper() else 0
        return 0

    def _is_flush(self, line: Line) -> bool:
        """Whether a line begins at the left edge of a column, as labels of figures do not."""
        return any(abs(line.left - left) < 2 for left, _ in self._columns)

    def _entries(self, key: str, *, is_bold: bool) -> Sequence[OutlineEntry]:
        """The entries of the outline with this key; some outlines hold the names of cited works behind it."""
        if found := self._outline.get(key):
            return found
        if not is_bold or len(key) < LONG_KEY:
            return ()
        return [entry for other, entries in self._outline.items() if other.startswith(key) for entry in entries]


LONG_KEY = 12
"""Letters of a heading that tell it from others by their beginning."""


def _heading_key(title: str) -> str:
    match = _NUMBERED.match(title.strip())
    return _NO_LETTER.sub("", _CITATIONS.sub("", match["title"] if match else title)).lower()


# --- naming ---------------------------------------------------------------------------------------

_LABEL = r"^(?:figure|fig\.?|table|tab\.?|algorithm|listing|abbildung|abb\.?|tabelle)\s*(?:\d{1,3}(?:\.\d{1,2})?|[A-Z]\.?\d{0,3}|[IVX]{1,6})"
_CAPTION = re.compile(_LABEL + r"\s*(?:\([a-z]\)\s*)?(?:[.:|]|[-–—]\s)", re.IGNORECASE)
_PLAIN_CAPTION = re.compile(_LABEL + r"\s*(?:\([a-z]\)\s*)?(?:$|\s{1,4}(?=(?-i:[^\W\d_a-z])))", re.IGNORECASE)
"""Without a mark behind its label: a caption where its type is not that of the running text."""
_PART_CAPTION = re.compile(r"^\([a-h]\)\s+\S")
_ITEM = re.compile(r"^(?:[•‣▪●◦■–-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")
_CONTENTS = re.compile(r"^(?:table of )?contents$|^inhalt(?:sverzeichnis)?$", re.IGNORECASE)
_REFERENCES = re.compile(
    r"^(?:references|bibliography|literatur(?:verzeichnis)?|references cited)\s*[.:]?$", re.IGNORECASE
)
_FOOTNOTE = re.compile(r"\s*(?:\d{1,2}|[*∗†‡§¶])\s*(?:https?:|www\.|[^\W\d_]{2})")
_STOPPED = re.compile(r"""[.!?。！？:]["'”’»)\]]*\s*$""")
_ABSTRACT = re.compile(r"^(?:abstract|zusammenfassung)\b", re.IGNORECASE)
_WORD_START = re.compile(r"(?<!\S)(?:[^\s\w]*[^\W\d_]{2,}|[aAI](?!\S))|[一-鿿]{2,}")
"""Tokens that begin like a word; formulas, numbers and cells of tables do not."""


def _body_size(pages: Sequence[PageLines]) -> float:
    """The font size in which most characters of running text are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            if len(line.text) > 30:
                sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _named(groups: Sequence[_Group], measure: _Measure) -> list[Block]:
    blocks: list[Block] = []
    in_references = in_abstract = False
    in_front = _has_abstract(groups)
    _mark_parts(groups)
    for group in groups:
        text = group.text()
        kind = _kind(group, text, measure)
        if kind == "inset" and in_abstract and not group.area:
            kind = "body"  # many papers set it smaller
        if kind == "heading":
            title = _bare_title(text)
            in_references = bool(_REFERENCES.match(title)) or (
                in_references and not _leaves_references(group, text, measure.size)
            )
            in_abstract = bool(_ABSTRACT.match(title))
            in_front = in_front and not in_abstract
            if in_references and not _REFERENCES.match(title):
                kind = "reference"
        elif in_front and _ABSTRACT.match(text) and kind in ("body", "inset"):
            in_front, in_abstract, kind = False, True, "body"
        elif in_references and not group.area and kind != "caption":
            kind = "reference"
        if in_front and kind != "caption":
            kind = "front"
        blocks.append(_block(group, kind, text, measure))
    return blocks


ROW = 22.0
"""Points from the caption of a table or figure to its nearest row, and from row to row."""


def _claim(groups: Sequence[_Group], measure: _Measure) -> None:
    """Give a caption the rows beside it that no rule or frame holds: what stands close and is no running text."""
    for order in (groups, list(reversed(groups))):
        claiming: _Group | None = None
        for group in order:
            if group.is_caption and not group.area:
                claiming = group
            elif claiming is not None and _is_claimed(claiming, group, measure):
                group.area, claiming = CLAIMED, group
            else:
                claiming = None


CLAIMED = -1
"""The area of rows that their caption alone tells."""


def _is_claimed(near: _Group, group: _Group, measure: _Measure) -> bool:
    """Whether a group is the next row of what a caption belongs to."""
    if group.page != near.page or group.area or group.heading or group.is_caption:
        return False
    gap = min(abs(near.lines[-1].bottom - group.lines[0].top), abs(near.lines[0].top - group.lines[-1].bottom))
    text = group.lines[-1].text.strip()
    is_text = any(measure.is_prose(line) for line in group.lines) or _STOPPED.search(text) or _ITEM.match(text)
    other_type = abs(group.size - measure.size) > 0.4 or max(line.right - line.left for line in group.lines) < 150
    return gap <= ROW and other_type and not is_text


def _mark_parts(groups: Sequence[_Group]) -> None:
    """Name captions of parts, which stand beside a figure or its caption, and forget those that a sample quotes."""
    for before, group, after in zip([None, *groups], groups, [*groups[1:], None], strict=False):
        beside = any(
            near is not None and near.page == group.page and (near.area or near.is_caption) for near in (before, after)
        )
        if not group.area and beside and not group.heading and _PART_CAPTION.match(group.lines[0].text):
            group.is_caption = True
        inside = (before is not None and (before.page, before.area) == (group.page, group.area)) and (
            after is not None and (after.page, after.area) == (group.page, group.area)
        )
        if group.area and inside:
            group.is_caption = False


def _block(group: _Group, kind: SentenceKind, text: str, measure: _Measure) -> Block:
    first, last = group.lines[0], group.lines[-1]
    begins, ends = measure.column(first), measure.column(last)
    return Block(
        kind,
        text,
        group.page,
        group.heading or 1,
        group.size,
        column=f"{group.page} {group.column}",
        is_full=measure.fills(last),
        indent=first.left - begins[0] if begins else None,
        hang=last.left - ends[0] if ends else None,
    )


def _has_abstract(groups: Sequence[_Group]) -> bool:
    """Whether the first two pages hold an abstract, so that what stands before it is the title and authors."""
    first = [group for group in groups if group.page <= 2]
    return any(_ABSTRACT.match(_bare_title(clean(group.lines[0].text))) for group in first)


def _bare_title(text: str) -> str:
    match = _NUMBERED.match(clean(text))
    return match["title"] if match else clean(text)


def _leaves_references(group: _Group, text: str, body: float) -> bool:
    """Whether a heading behind the references opens an appendix rather than being part of an entry."""
    match = _NUMBERED.match(clean(text))
    return bool(_KNOWN.match(_bare_title(text))) or group.size > body + 0.4 or bool(match and group.lines[0].bold)


def _kind(group: _Group, text: str, measure: _Measure) -> SentenceKind:
    body = measure.size
    if group.heading:
        return "heading"
    if group.is_caption:
        return "caption"
    if _is_turned(group.lines[0]):
        return "debris"  # an axis label, or a table that was turned with its page
    if group.size < body - 0.8 and not group.area and (group.lowest or (group.low and _FOOTNOTE.match(text))):
        return "note"
    if _is_debris(group, text, body):
        return "formula" if not group.area and _is_formula(text) else "debris"
    if group.area:
        return "inset"
    if group.size < body - 0.8 and group.low:
        return "note"
    return "inset" if _is_set_apart(group, len(text), measure) else "body"


def _is_set_apart(group: _Group, length: int, measure: _Measure) -> bool:
    """Whether a block is set as samples and code are: in another face, or smaller and indented as a whole."""
    foreign = sum(len(line.text) for line in group.lines if measure.is_foreign(line))
    columns = [(line.left, measure.column(line)) for line in group.lines]
    indented = all(column is not None and left - column[0] > APART for left, column in columns)
    return foreign > 0.6 * length or (indented and group.size < measure.size - 0.5)


APART = 8.0
"""Points by which all lines of a smaller type are indented that are set apart."""


_RELATION = re.compile(r"[=≤≥≈≡∼∝∈⊂⊆→←⇒⇔↦≪≫∑∏∫∂∇√∀∃‖⟨⟩±⊙⊗⊕−α-ωΑ-Ω]|^\s*\(\d{1,3}(?:\.\d{1,3})?[a-z]?\)\s*$")
"""What a formula that stands by itself holds and a label does not, and the number at its side."""


def _is_formula(text: str) -> bool:
    """Whether what is no text is a formula, and not a row or a label."""
    return _RELATION.search(text) is not None


def _is_debris(group: _Group, text: str, body: float) -> bool:
    """Whether the block is what is left of a table, a formula or a figure: no sentence stands in it."""
    tokens = len(text.split())
    if len(_WORD_START.findall(text)) < 0.55 * tokens:
        return True
    ends = text.rstrip().endswith((".", "!", "?", ":", "。", "！", "？", ".”", ".)"))
    widest = max(line.right - line.left for line in group.lines)
    narrow = widest < 0.6 * group.column_width
    if narrow and not ends and (len(group.lines) == 1 or tokens < 3 * len(group.lines)):
        return tokens < 8 or abs(group.size - body) > 0.8
    return not ends and len(_DIGIT.findall(text)) > 0.2 * len(text)


def blocks_without_layout(pages: Iterable[str]) -> Iterator[Block]:
    """Blocks of plain page texts, for a reader that knows no boxes: paragraphs at blank lines."""
    for number, page in enumerate(pages, start=1):
        in_references = False
        for paragraph in re.split(r"\n\s*\n", page):
            text = re.sub(r"(?<=[^\W\d_])-\n(?=[a-z])", HYPHEN_MARK, paragraph)
            if _REFERENCES.match(clean(text)):
                in_references = True
            yield Block("reference" if in_references else "body", text, number)
