"""Words and ruling lines of a page go in, out comes where its tables are: each caption with the block that is its own.

A table is found by what its authors gave it: a caption "Table 4", and lines
from edge to edge above and below it. Lines of the same width, with no caption
and no running text between them, frame one table. A frame belongs to the
nearest caption above or below it. A caption without a frame has the lines
next to it, up to a paragraph, a gap or another caption.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from survey_extract.core.tables.captions import Caption, captions_of, overlap
from survey_extract.core.tables.words import Piece, Rule, lines_of, phrases

COLUMN_GAP = 0.9
"""Ems between words from which on they are not running text; the gutter of a page and of a table are wider."""
NARROWEST = 30.0
"""Points: the narrowest frame."""
ALIKE = 3.0
"""Points by which the ends of the lines of one frame may differ."""
FAR = 48.0
"""Points between a caption and its frame, at most."""
CELL_GAP = 0.5
"""Ems between words from which on they may be two cells."""
BEYOND = 6.0
"""Points by which a line between columns goes up beyond a frame, at least, that leaves out headers."""
OPEN_STEP = 1.9
"""Ems from the last line of an open frame to the next row, at most."""
TIGHT = 1.4
"""Ems from a row to the rest of one of its cells, at most."""
PITCH = 1.5
"""Ems from the first line of a header above a frame to the next, at most."""
LONG_CELL = 45
"""Characters of a cell in a row beyond a frame, at most: running text has more."""
FULL = 0.8
"""Share of its column that a line of running text fills."""
RISE = 0.2
"""Ems from a baseline to where a word is taken to be."""
EDGE = 1.0
"""Points by which what is in a box may stand over its edge."""


@dataclass(frozen=True, slots=True)
class Place:
    """A block that may be a table, with its caption."""

    caption: Caption
    words: tuple[Piece, ...]
    rules: tuple[Rule, ...]
    """Level lines within the block, from the top."""
    uprights: tuple[Rule, ...]
    framed: bool
    left: float
    right: float
    margin: float
    """Points between the block and what stands beside its lines."""
    beyond: frozenset[float] = frozenset()
    """The baselines of lines that go on beyond the block."""
    is_open: bool = False
    """Whether lines between its columns go up beyond its frame: there are headers that the frame leaves out."""


def places_of(words: Sequence[Piece], rules: Iterable[Rule]) -> list[Place]:
    """The places of a page's tables, from the top."""
    lines = [phrases(line, COLUMN_GAP) for line in lines_of(words)]
    level, upright = _merged(rules)
    captions = captions_of(lines, level)
    if not captions:
        return []
    page = _Page(words, lines, [-line[0].base for line in lines], captions, level, upright)
    frames = [_grown(page, frame) for frame in _frames(page)]
    owned = _owned(page, frames)
    found = [page.place(caption, frame, framed=True) for frame, caption in owned]
    named = {id(caption) for _, caption in owned}
    for caption in captions:
        if id(caption) not in named:
            found += [place for place in (_unframed(page, caption, frames),) if place]
    return sorted(found, key=lambda place: -place.caption.top)


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class _Page:
    words: Sequence[Piece]
    lines: Sequence[list[Piece]]
    """From the top; how far each is below the origin is in ``depths``."""
    depths: Sequence[float]
    captions: Sequence[Caption]
    level: Sequence[Rule]
    upright: Sequence[Rule]

    def place(self, caption: Caption, box: _Box, *, framed: bool) -> Place:
        left, bottom, right, top = box.left - EDGE, box.bottom - EDGE, box.right + EDGE, box.top + EDGE
        level_with = [word for word in self.words if bottom <= word.base + RISE * word.size <= top]
        words = tuple(word for word in level_with if left <= word.middle <= right)
        level = tuple(rule for rule in self.level if _holds(box, (rule.left + rule.right) / 2, rule.height, ALIKE))
        upright = tuple(
            rule
            for rule in self.upright
            if box.left - ALIKE <= rule.left <= box.right + ALIKE and rule.bottom < box.top and rule.top > box.bottom
        )
        return Place(
            caption,
            words,
            level,
            upright,
            framed,
            box.left,
            box.right,
            self.margin(box),
            _beyond(level_with, left, right),
            framed and any(_goes_up_beyond(rule, box) for rule in self.upright),
        )

    def between(self, upper: float, lower: float) -> Sequence[list[Piece]]:
        """The lines between two heights."""
        below_upper = bisect_right(self.depths, -upper)
        return self.lines[below_upper : bisect_left(self.depths, -lower, below_upper)]

    def margin(self, box: _Box) -> float:
        """How far the nearest ink is on either side of a box."""
        beside = [word for word in self.words if box.bottom <= word.base + RISE * word.size <= box.top]
        gaps = [max(word.left - box.right, box.left - word.right) for word in beside]
        return min((gap for gap in gaps if gap > -1), default=math.inf)


def _goes_up_beyond(upright: Rule, box: _Box) -> bool:
    """Whether an upright line between the sides of a box begins in it, or where it ends, and goes on above."""
    is_between = box.left + ALIKE < upright.left < box.right - ALIKE
    return is_between and box.bottom < upright.bottom < box.top + ALIKE and upright.top > box.top + BEYOND


def _beyond(words: Sequence[Piece], left: float, right: float) -> frozenset[float]:
    """The baselines on which words outside of a block are no farther from those inside than a space."""
    found: set[float] = set()
    for line in lines_of(words) if any(not left <= word.middle <= right for word in words) else ():
        for one, other in pairwise(line):
            is_inside = [left <= word.middle <= right for word in (one, other)]
            if any(is_inside) and not all(is_inside) and other.left - one.right < CELL_GAP * one.size:
                found.update((one.base, other.base))
    return frozenset(found)


def _holds(box: _Box, x: float, y: float, slack: float) -> bool:
    return box.left - slack <= x <= box.right + slack and box.bottom - slack <= y <= box.top + slack


# --- ruling lines ---------------------------------------------------------------------------------


def _merged(rules: Iterable[Rule]) -> tuple[list[Rule], list[Rule]]:
    """Level lines from the top, pieces of one line joined, and upright lines."""
    level: list[Rule] = []
    upright: list[Rule] = []
    for rule in rules:
        (level if rule.right - rule.left >= rule.top - rule.bottom else upright).append(rule)
    found: list[Rule] = []
    level.sort(key=lambda rule: (-round((rule.bottom + rule.top) / 2, 1), rule.left))
    left, height, right = 0.0, math.inf, 0.0
    for rule in level:
        middle = (rule.bottom + rule.top) / 2
        if abs(height - middle) < 0.8 and max(left, rule.left) - min(right, rule.right) < 1.0:
            last = found[-1]
            found[-1] = Rule(min(left, rule.left), min(last.bottom, rule.bottom), max(right, rule.right), last.top)
        else:
            found.append(rule)
        left, bottom, right, top = found[-1]
        height = (bottom + top) / 2
    return found, upright


def _frames(page: _Page) -> list[_Box]:
    """Groups of lines of one width, each the box of a table."""
    groups: list[list[Rule]] = []
    for rule in page.level:
        if rule.right - rule.left < NARROWEST:
            continue
        mine = [
            group
            for group in groups
            if abs(group[-1].left - rule.left) < ALIKE and abs(group[-1].right - rule.right) < ALIKE
        ]
        if mine and not _is_parted(page, mine[-1][-1], rule):
            mine[-1].append(rule)
        else:
            groups.append([rule])
    boxes = [
        _Box(group[0].left, group[-1].bottom, group[0].right, group[0].top)
        for group in groups
        if group[0].top - group[-1].bottom > 8
    ]
    return [box for box in boxes if not any(_within(box, other) for other in boxes if other is not box)]


def _grown(page: _Page, frame: _Box) -> _Box:
    """A frame with the rows above its first line and below its last: some tables are open at either end."""
    top, bottom, last, size = frame.top, frame.bottom, frame.top, 1.0
    inside = [word for word in page.words if word.left < frame.right and word.right > frame.left]
    lines = lines_of(inside)
    for line in (phrases(line, CELL_GAP) for line in reversed(lines) if line[0].base > top):
        if not _is_row(page, line, frame, line[0].base - top):
            if top > frame.top and _is_beginning(page, line, frame, (line[0].base - last) / size):
                top = line[0].top
            break
        top, last, size = max(part.top for part in line), line[0].base, line[0].size
    rows: list[list[Piece]] = []
    for line in (phrases(line, CELL_GAP) for line in lines if line[0].base < bottom):
        if not _is_row(page, line, frame, bottom - line[0].base):
            rows = _whole(rows, line)
            break
        rows.append(line)
        bottom = line[0].base - 1
    return _Box(frame.left, rows[-1][0].base - 1 if rows else frame.bottom, frame.right, top)


def _is_beginning(page: _Page, line: Sequence[Piece], frame: _Box, step: float) -> bool:
    """Whether a line is the first word or two of a header in the line below it, which is a row above a frame."""
    is_near = step < PITCH and not _is_caption(page, line) and not _goes_on_beyond(page, line)
    return is_near and line[0].left > frame.left + line[0].size and line[-1].right <= frame.right + ALIKE


def _whole(rows: list[list[Piece]], beneath: Sequence[Piece]) -> list[list[Piece]]:
    """The lines below a frame without the last row of them, if the line beneath goes on with one of its cells."""
    if not rows:
        return rows
    left = min(line[0].left for line in rows) + beneath[0].size
    if rows[-1][0].base - beneath[0].base > TIGHT * beneath[0].size:
        return rows
    if beneath[0].left < left:
        is_of_label = len(beneath) == 1 < len(rows[-1]) and beneath[0].right < rows[-1][1].left
        return rows[:-1] if is_of_label else rows
    last = max((number for number, line in enumerate(rows) if line[0].left < left), default=0)
    return rows[:last]


def _is_row(page: _Page, inside: Sequence[Piece], frame: _Box, step: float) -> bool:
    """Whether a line next to a frame is one of its rows: close to it, of several cells, and no running text."""
    apart = any(other.left - one.right > COLUMN_GAP * one.size for one, other in pairwise(inside))
    if not (apart or len(inside) > 2) or step > OPEN_STEP * inside[0].size or _is_caption(page, inside):
        return False
    if _goes_on_beyond(page, inside):
        return False
    fits = inside[0].left >= frame.left - ALIKE and inside[-1].right <= frame.right + ALIKE
    return fits and all(len(part.text) <= LONG_CELL for part in inside)


def _goes_on_beyond(page: _Page, inside: Sequence[Piece]) -> bool:
    """Whether a line has words beside some of its own that are no farther than in running text."""
    base, left, right = inside[0].base, inside[0].left, inside[-1].right
    return any(
        (part.left < left - EDGE and part.right > left) or (part.right > right + EDGE and part.left < right)
        for line in page.between(base + EDGE, base - EDGE)
        for part in line
    )


def _is_caption(page: _Page, parts: Sequence[Piece]) -> bool:
    base = parts[0].base
    return any(
        caption.bottom <= base <= caption.top and overlap(caption.left, caption.right, parts[0].left, parts[-1].right)
        for caption in page.captions
    )


def _within(box: _Box, other: _Box) -> bool:
    inside = _holds(other, box.left, box.bottom, EDGE) and _holds(other, box.right, box.top, EDGE)
    return inside and (other.right - other.left, other.top - other.bottom) != (
        box.right - box.left,
        box.top - box.bottom,
    )


def _is_parted(page: _Page, upper: Rule, lower: Rule) -> bool:
    """Whether a caption or running text stands between two lines."""
    left, right = upper.left, upper.right
    for caption in page.captions:
        if lower.height < (caption.bottom + caption.top) / 2 < upper.height and overlap(
            caption.left, caption.right, left, right
        ):
            return True
    prose = 0
    for line in page.between(upper.height, lower.height):
        inside = [part for part in line if part.left < right and part.right > left]
        wide = len(inside) == 1 and inside[0].right - inside[0].left > FULL * (right - left)
        prose = prose + 1 if wide else 0 if inside else prose
        if prose >= 3:
            return True
    return False


# --- which block is whose -------------------------------------------------------------------------


def _owned(page: _Page, frames: Sequence[_Box]) -> list[tuple[_Box, Caption]]:
    """Frames with their captions; of several frames beside each other all, of several below each other the nearest, if one is."""
    near = [(frame, _near(frame, page.captions)) for frame in frames]
    above = sum(found[0][1] for _, found in near if len(found) == 1)
    below = sum(not found[0][1] for _, found in near if len(found) == 1)
    side = 0 if above and below else above - below
    chosen = [(frame, *_choice(found, side or _side(page, found))) for frame, found in near if found]
    kept: list[tuple[_Box, Caption]] = []
    for frame, caption, distance in chosen:
        rivals = [(other, far) for other, owner, far in chosen if owner is caption and other is not frame]
        if all(_beside(frame, other) or distance + ALIKE < far for other, far in rivals):
            kept.append((frame, caption))
    return kept


def _beside(frame: _Box, other: _Box) -> bool:
    shared = min(frame.top, other.top) - max(frame.bottom, other.bottom)
    return shared > 0.5 * min(frame.top - frame.bottom, other.top - other.bottom)


def _near(frame: _Box, captions: Sequence[Caption]) -> list[tuple[float, bool, Caption]]:
    """The captions in reach, the nearest first: distance in points, and whether it is above."""
    found: list[tuple[float, bool, Caption]] = []
    for caption in captions:
        width = min(frame.right - frame.left, caption.right - caption.left)
        if min(frame.right, caption.right) - max(frame.left, caption.left) < 0.5 * width:
            continue
        middle = (caption.bottom + caption.top) / 2
        over = middle > (frame.bottom + frame.top) / 2
        distance = caption.bottom - frame.top if over else frame.bottom - caption.top
        if -6 <= distance <= FAR:
            found.append((distance, over, caption))
    return sorted(found, key=lambda item: item[0])


def _side(page: _Page, found: Sequence[tuple[float, bool, Caption]]) -> int:
    """On which side captions stand by a frame between two of them: the other one has its own table beyond it."""
    if len({over for _, over, _ in found}) < 2:
        return 0
    side = 0
    for over in (True, False):
        caption = next(item[2] for item in found if item[1] == over)
        side += (-1 if over else 1) * _has_cells_next_to(page, caption, down=not over)
    return side


def _has_cells_next_to(page: _Page, caption: Caption, *, down: bool) -> bool:
    """Whether the lines on one side of a caption look like a table's, and are not the text of two columns."""
    box = _block(page, caption, *_column(page, caption), down)
    lines = page.between(box.top, box.bottom) if box else ()
    short = sum(all(len(part.text) <= LONG_CELL for part in line) for line in lines)
    return 2 * short > len(lines)


def _choice(found: Sequence[tuple[float, bool, Caption]], above: int) -> tuple[Caption, float]:
    """The nearest caption on the side where the page's captions stand, if they agree; else the nearest."""
    first = found[0]
    if above:
        first = next((item for item in found if item[1] == (above > 0)), first)
    return first[2], first[0]


# --- tables without a frame -----------------------------------------------------------------------


def _unframed(page: _Page, caption: Caption, frames: Sequence[_Box]) -> Place | None:
    """The lines next to a caption that look like a table's; None when none or both sides do."""
    left, right = _column(page, caption)
    sides = [box for box in (_block(page, caption, left, right, down) for down in (True, False)) if box]
    sides = [box for box in sides if not any(_overlap_boxes(box, frame) for frame in frames)]
    if len(sides) != 1 or any(_is_beside_another(sides[0], caption, other) for other in page.captions):
        return None
    return page.place(caption, sides[0], framed=False)


def _is_beside_another(box: _Box, caption: Caption, other: Caption) -> bool:
    """Whether a block reaches under or over the caption of a table beside its own."""
    if other is caption or overlap(other.left, other.right, caption.left, caption.right):
        return False
    near = overlap(other.bottom - FAR, other.top + FAR, box.bottom, box.top)
    return near and overlap(box.left, box.right, other.left, other.right)


def _overlap_boxes(box: _Box, other: _Box) -> bool:
    return overlap(box.left, box.right, other.left, other.right) and overlap(
        box.bottom, box.top, other.bottom, other.top
    )


def _column(page: _Page, caption: Caption) -> tuple[float, float]:
    """From where to where a caption's column goes: to the middle between it and a caption beside it, else its text's."""
    left = min(word.left for word in page.words)
    right = max(word.right for word in page.words)
    middle = (left + right) / 2
    prose = [part for line in page.lines for part in line if len(part.text) > 25]
    crossing = sum(part.left < middle - 6 and part.right > middle + 6 for part in prose)
    if 3 * crossing < len(prose) and not caption.left < middle - 6 < middle + 6 < caption.right:
        left, right = (left, middle) if caption.right <= middle + 6 else (middle, right)
    for other in page.captions:
        level = overlap(other.bottom, other.top, caption.bottom, caption.top)
        if other is not caption and level and overlap(other.left, other.right, left, right):
            if other.left >= caption.right:
                right = min(right, (caption.right + other.left) / 2)
            elif other.right <= caption.left:
                left = max(left, (caption.left + other.right) / 2)
    return left, right


def _block(page: _Page, caption: Caption, left: float, right: float, down: bool) -> _Box | None:
    """The lines from a caption downwards or upwards to where a table must end."""
    begin = caption.bottom if down else caption.top
    taken: list[list[Piece]] = []
    steps: list[float] = []
    for line in page.lines if down else reversed(page.lines):
        inside = [part for part in line if left - 1 <= part.middle <= right + 1]
        if not inside or (inside[0].base >= begin if down else inside[0].base <= begin):
            continue
        size = inside[0].size
        step = abs((taken[-1][0].base if taken else begin) - inside[0].base)
        wide = 3 * size if len(steps) < 3 else max(1.7 * median(steps), 1.5 * size)
        if step > wide or _ends(page, inside, left, right):
            break
        steps += [step] if taken else []
        if any(part.left < edge - 2 and part.right > edge + 2 for part in line for edge in (left, right)):
            return None  # what is beside another table, or in another column, is not known
        taken.append(inside)
    if sum(len(line) > 1 for line in taken) < 3:
        return None
    parts = [part for line in taken for part in line]
    return _Box(
        min(part.left for part in parts),
        min(part.base for part in parts) - 1,
        max(part.right for part in parts),
        max(part.top for part in parts),
    )


def _ends(page: _Page, inside: Sequence[Piece], left: float, right: float) -> bool:
    if any(
        caption.bottom - 1 <= inside[0].base <= caption.top and overlap(caption.left, caption.right, left, right)
        for caption in page.captions
    ):
        return True
    return len(inside) == 1 and inside[0].right - inside[0].left > FULL * (right - left)
