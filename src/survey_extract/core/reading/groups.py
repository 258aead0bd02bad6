"""The lines of a page go in, groups of lines that belong together come out, column by column.

Lines touch where they follow in a row, or row by row at the pitch of a
paragraph. A heading, a caption and an area that stands apart each begin a
group of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from survey_extract.core.raised import tight
from survey_extract.core.reading.areas import SLACK
from survey_extract.core.reading.captions import CAPTION, PLAIN_CAPTION, is_of_part
from survey_extract.core.reading.furniture import MARGIN
from survey_extract.core.reading.headings import NUMBERED, HeadingRule, is_next_number
from survey_extract.core.reading.lines import (
    STOPPED,
    WORDS,
    Column,
    Line,
    Measure,
    PageLines,
    in_one_row,
    is_turned,
    is_wordy,
)
from survey_extract.core.reading.plain_text import HYPHEN_MARK


@dataclass(slots=True)
class Group:
    """Lines that touch, of one column, one size and one area."""

    page: int
    column: Column
    lines: list[Line] = field(default_factory=list)
    heading: int = 0
    area: int = 0
    column_width: float = 0.0
    low: bool = False
    lowest: bool = False
    is_last: bool = False
    """Whether it is the last of its column."""
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
            self.has_words = self.has_words or (length > WORDS and is_wordy(line.text))

    def parted(self) -> list[Group]:
        """Its first line and the rest, if there is any, as two groups."""
        return [self.of(lines) for lines in (self.lines[:1], self.lines[1:]) if lines]

    def of(self, lines: Sequence[Line]) -> Group:
        """A group of some of its lines, which stands where it does."""
        places = (self.low, self.lowest, self.is_last)
        part = Group(self.page, self.column, [], self.heading, self.area, self.column_width, *places)
        part.add(*lines)
        return part

    def pitch(self) -> float | None:
        """Points from its last but one printed line to its last one, where both are of the size of its text."""
        rows = [line for line in self.lines[-ROW_PARTS:] if line.size > 0.85 * self.size]
        tops = [above.top - below.top for above, below in pairwise(rows) if above.top - below.top > 0.5 * self.size]
        return tops[-1] if tops else None

    def text(self) -> str:
        joined = self.lines[0].text
        for line in self.lines[1:]:
            if joined.endswith(("-", "\u2010")) and line.text[:1].islower() and joined[-2:-1].isalpha():
                joined = joined[:-1] + HYPHEN_MARK + line.text
            elif joined.endswith(HYPHEN_MARK):
                joined += line.text
            else:
                joined += " " + line.text
        return tight(joined)

    def row(self) -> tuple[float, float, float]:
        """Left, right and baseline of its last printed line, raised and lowered marks aside."""
        lines = self.lines[-ROW_PARTS:]
        main = [line for line in lines if line.size > 0.85 * self.size] or lines
        base = min(line.bottom if line.bottom < line.top - 0.6 * line.size else line.top for line in main)
        row = [line for line in lines if abs(line.top - base) < 0.9 * self.size] or lines
        return min(line.left for line in row), max(line.right for line in row), base


ROW_PARTS = 16
"""Pieces of text that one printed line may be drawn in."""


def page_groups(
    lines: Sequence[Line],
    apart: Sequence[int],
    page: PageLines,
    number: int,
    headings: HeadingRule,
    measure: Measure,
) -> list[Group]:
    gutter = _gutter(lines, page, measure)
    groups: list[Group] = []
    for line, area in zip(lines, apart, strict=True):
        last = groups[-1] if groups and groups[-1].area == area else None
        may_go_on = last is not None and (line.run_in or last.is_caption)
        is_amid = last is not None and may_go_on and _goes_on(last, line, measure)
        if line.run_in and is_amid:
            line = line._replace(run_in=False)  # noqa: PLW2901  # bold words within a paragraph
        is_last = gutter is not None and last is not None and _is_last_line(last, line, measure)
        column = last.column if last is not None and is_last else _column(line, gutter)
        level = 0 if area or (last is not None and last.is_caption and is_amid) else headings.level(line, number)
        if (
            last is not None
            and last.heading
            and not level
            and _goes_on_as_heading(last, line, number, headings, measure)
        ):
            level = last.heading
        is_caption = _begins_caption(line, last, measure)
        is_other = last is not None and (_changes_face(groups, line, measure) or _is_behind_formula(last, line))
        if (
            last is not None
            and last.column == column
            and not (is_caption or is_other)
            and _touches(last, line, level, measure)
        ):
            last.add(line)
        else:
            groups.append(Group(number, column, [], level, area, is_caption=is_caption))
            groups[-1].add(line)
    groups = _mended_rows(groups, measure)
    width = page.width if gutter is None else page.width / 2
    for group in groups:
        group.column_width = width * 0.8
        group.low = group.lines[0].top < page.height * 0.35
        group.lowest = group.lines[0].top < page.height * MARGIN
    for group in {group.column: group for group in groups}.values():
        group.is_last = True
    return groups if gutter is None else _by_column(groups)


def _follows(last: Group, line: Line, measure: Measure) -> bool:
    """Whether a line of the same size stands in the next row."""
    before = last.lines[-1]
    return 0 < before.bottom - line.top <= measure.reach(1.4) * line.size and abs(before.size - line.size) < 0.6


def _is_amid(last: Group, line: Line, measure: Measure) -> bool:
    """Whether a line goes on with the paragraph above it."""
    return _follows(last, line, measure) and not STOPPED.search(last.lines[-1].text) and is_wordy(last.lines[-1].text)


def _goes_on(last: Group, line: Line, measure: Measure) -> bool:
    """Whether bold words belong to the paragraph or caption before them."""
    return _is_amid(last, line, measure) or (last.is_caption and in_one_row(last.lines[-1], line))


def _is_last_line(last: Group, line: Line, measure: Measure) -> bool:
    """Whether a line is part of a row, or ends a paragraph that runs over both columns."""
    before = last.lines[-1]
    if in_one_row(before, line) and line.left - before.right < 3 * line.size:
        return not before.run_in
    return last.column == "full" and _follows(last, line, measure) and abs(last.row()[0] - line.left) < SLACK


def _goes_on_as_heading(last: Group, line: Line, number: int, headings: HeadingRule, measure: Measure) -> bool:
    """Whether a heading goes on in a line: the outline says so, or it is in the same type and begins in lower case or under a full line."""
    if headings.goes_on(last.text(), line, number):
        return True
    before = last.lines[-1]
    alike = (before.bold, before.face) == (line.bold, line.face) and abs(before.size - line.size) < 0.3
    stands_out = line.bold or line.size > measure.size + 0.4
    is_full = measure.column(before) is not None and not _had_room(before, line, measure)
    goes_on = line.text[:1].islower() or (is_full and NUMBERED.match(line.text.strip()) is None)
    return alike and stands_out and not before.run_in and goes_on and _follows(last, line, measure)


def _changes_face(groups: Sequence[Group], line: Line, measure: Measure) -> bool:
    """Whether code begins or ends here: lines in typewriter that are no part of a sentence.

    A word in typewriter may fill a line of a paragraph. Code stands behind the end of a sentence, behind a line that
    had room for more, or with more space above it than there is between the lines before it, or those of the group before.
    """
    last, before = groups[-1], groups[-1].lines[-1]
    is_code, was_code = (measure.is_code(one) for one in (line, before))
    if is_code == was_code or in_one_row(before, line) or line.size < 0.85 * last.size:
        return False
    step, pitch = before.bottom - line.top, last.pitch() or (groups[-2].pitch() if len(groups) > 1 else None)
    is_apart = pitch is not None and step > pitch + 0.1 * line.size
    if was_code:
        return is_apart or (
            STOPPED.search(before.text) is None and not measure.fills(before) and line.text[:1].isupper()
        )
    return is_apart or STOPPED.search(before.text) is not None or _had_room(before, line, measure)


def _is_behind_formula(last: Group, line: Line) -> bool:
    """Whether a line of words begins behind the number of a formula, which ends its rows."""
    before = last.lines[-1]
    is_end = EQUATION.search(before.text) is not None and not in_one_row(before, line)
    return is_end and len(line.text) > WORDS and is_wordy(line.text)


def _had_room(before: Line, line: Line, measure: Measure) -> bool:
    """Whether the first word of a line would have gone into the line above it."""
    column = measure.column(before)
    if column is None:
        return False
    width = (line.right - line.left) * len(line.text.split(None, 1)[0]) / max(1, len(line.text))
    return before.right + width + line.size < column[1]


def _begins_caption(line: Line, last: Group | None, measure: Measure) -> bool:
    """Whether a caption begins here, and not a line of a paragraph that happens to begin with "Figure 2."."""
    text = line.text.strip()
    own_type = line.bold or line.size < measure.size - 0.4 or measure.is_foreign(line)
    if not CAPTION.match(text) and not (own_type and PLAIN_CAPTION.match(text)):
        return False
    return last is None or last.is_caption or not _is_amid(last, line, measure)


def _mended_rows(groups: list[Group], measure: Measure) -> list[Group]:
    """Paragraphs that a stack of small signs within a line had parted, as one.

    A formula that stands on a line of its own leaves room above and below;
    what stands in the same line, or in a line that follows at once, does not.
    """
    mended: list[Group] = []
    torn = False
    for group in groups:
        last = mended[-1] if mended else None
        if last is not None and _in_its_row(last, group):
            last.add(*group.lines)
            torn = True
        elif last is not None and torn and _in_next_row(last, group, measure):
            last.add(*group.lines)
            torn = False
        else:
            mended.append(group)
            torn = False
    return mended


def _may_be_one(last: Group, group: Group) -> bool:
    alike = (last.column, last.area) == (group.column, group.area)
    return alike and not (last.heading or group.heading or last.is_caption or group.is_caption)


def _in_its_row(last: Group, group: Group) -> bool:
    """Whether a group stands in the last printed line of the one before it."""
    if not _may_be_one(last, group) or not (last.has_words or group.has_words):
        return False
    size, first = last.size, group.lines[0]
    if abs(first.top - last.lines[-1].top) > 3 * size:
        return False
    left, right, base = last.row()
    near = left < first.left <= right + 2 * size and -0.7 * size <= first.top - base <= 2 * size
    return near and all(line.top - base <= 2 * size for line in group.lines)


def _in_next_row(last: Group, group: Group, measure: Measure) -> bool:
    """Whether a group begins in the printed line below the last one of the group before it."""
    _, _, base = last.row()
    alike = _may_be_one(last, group) and abs(last.size - group.size) < 0.6
    return alike and 0 < base - group.lines[0].top <= measure.reach(1.6) * last.size


EQUATION = re.compile(r"^\s{0,3}\(\d{1,3}(?:\.\d{1,3})?[a-z]?\)\s*$")
"""The number of a formula, which ends its rows."""


def _touches(group: Group, line: Line, level: int, measure: Measure) -> bool:
    last = group.lines[-1]
    step = last.bottom - line.top
    if is_turned(last) or is_turned(line):
        return is_turned(last) and is_turned(line) and abs(last.left - line.left) <= 1.9 * max(line.size, 4)
    if in_one_row(last, line) and not last.run_in:
        # It goes on in the same line, behind a formula or a raised mark; a heading does not go on in the next column.
        return not group.heading or line.left - last.right < 3 * line.size
    if group.heading != level or (
        level and (abs(last.size - line.size) > 0.6 or is_next_number(group.text(), line.text))
    ):
        return False
    if not level and _stands_in_row(group, line):
        return True
    if abs(last.size - line.size) > 0.6 and abs(group.size - line.size) > 0.6:
        return False
    if last.size < 0.85 * group.size:
        step = group.row()[2] - line.top
    reach = 1.9 if level or group.is_caption else measure.reach(1.9)
    return 0 < step <= reach * max(line.size, 4)


def _stands_in_row(group: Group, line: Line) -> bool:
    """Whether a small sign stands above, below or behind the end of a line of words: a fraction, a limit, a mark."""
    if line.size > 0.85 * group.size or not group.has_words:
        return False
    left, right, base = group.row()
    return left < line.left <= right + 2 * group.size and -0.7 * group.size <= line.top - base <= group.size


def _gutter(lines: Sequence[Line], page: PageLines, measure: Measure) -> float | None:
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


STICKS_OUT = 60.0
"""Points by which a formula may stand over into the next column: it is no line across the page."""


def _column(line: Line, gutter: float | None) -> Column:
    if gutter is None:
        return "full"
    if line.left < gutter - 6 and line.right > gutter + (12 if is_wordy(line.text) else STICKS_OUT):
        return "full"
    if line.left < gutter - 6 and line.right > gutter + 12:
        return "left"
    return "left" if (line.left + min(line.right, 2 * gutter)) / 2 < gutter else "right"


def _by_column(groups: list[Group]) -> list[Group]:
    """Reading order: bands between full-width groups, in each the left column, then the right."""
    bands = sorted((group.lines[0].top for group in groups if group.column == "full"), reverse=True)

    def key(group: Group) -> tuple[int, int, float]:
        top = group.lines[0].top
        band = sum(edge >= top for edge in bands) if group.column == "full" else sum(edge > top for edge in bands)
        return band, ("full", "left", "right").index(group.column), -top

    return sorted(groups, key=key)


ROW = 22.0
"""Points from the caption of a table or figure to its nearest row, and from row to row."""


def claim(groups: Sequence[Group], measure: Measure) -> None:
    """Give a caption the rows beside it that no rule or frame holds: what stands close and is not running text."""
    for order in (groups, list(reversed(groups))):
        claiming: Group | None = None
        for group in order:
            if group.is_caption and not group.area:
                claiming = group
            elif claiming is not None and _is_claimed(claiming, group, measure):
                group.area, claiming = CLAIMED, group
            else:
                claiming = None


CLAIMED = -1
"""The area of rows that their caption alone tells."""

_ITEM = re.compile(r"^(?:[•‣▪●■—–-]|◦(?! ?[CF]\b)|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s")


def _is_claimed(near: Group, group: Group, measure: Measure) -> bool:
    """Whether a group is the next row of what a caption belongs to."""
    if group.page != near.page or group.area or group.heading or group.is_caption:
        return False
    gap = min(abs(near.lines[-1].bottom - group.lines[0].top), abs(near.lines[0].top - group.lines[-1].bottom))
    text = group.lines[-1].text.strip()
    is_text = any(measure.is_prose(line) for line in group.lines) or STOPPED.search(text) or _ITEM.match(text)
    other_type = abs(group.size - measure.size) > 0.4 or max(line.right - line.left for line in group.lines) < 150
    return gap <= ROW and other_type and not is_text


def mark_parts(groups: Sequence[Group]) -> None:
    """Name captions of parts, which stand beside a figure or its caption, and forget those that a sample quotes."""
    for before, group, after in zip([None, *groups], groups, [*groups[1:], None], strict=False):
        beside = any(
            near is not None and near.page == group.page and (near.area or near.is_caption) for near in (before, after)
        )
        if not group.area and beside and not group.heading and is_of_part(group.lines[0].text):
            group.is_caption = True
        inside = (before is not None and (before.page, before.area) == (group.page, group.area)) and (
            after is not None and (after.page, after.area) == (group.page, group.area)
        )
        if group.area and inside:
            group.is_caption = False
