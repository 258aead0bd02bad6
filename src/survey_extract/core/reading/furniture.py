"""The lines of pages go in, those come out that belong to the dress of the paper and not to its text.

Running heads, page numbers, the stamp in the margin, the table of contents,
and bold labels that come back and are no headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from survey_extract.core.reading.lines import WORD_START, Line, PageLines, is_turned

STAMP = re.compile(r"^arXiv:(?P<id>\S+v\d+)\s*\[")

_PAGE_NUMBER = re.compile(r"^(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)

_DIGITS = re.compile(r"\d+")

MARGIN = 0.09
"""Share of the page's height at its top and bottom in which running heads and page numbers stand."""


def _in_margin(line: Line, page: PageLines) -> bool:
    return line.top > page.height * (1 - MARGIN) or line.top < page.height * MARGIN


OUTER = 0.18
"""The same for the outermost line of a page: papers with wide margins have their running heads there."""
HEADED = 3
"""Pages on which a line far from the edge comes back when it is a running head."""

STEADY = 0.25
"""Share of the pages whose outermost lines count them, at least: figures at their ends may do so by chance."""

_FOLIO = re.compile(r"^(\d{1,4})(?=\s|$)|(?<!\S)(\d{1,4})$")
"""The number of the page at the beginning or the end of its head."""
_NUMBERED_WORD = re.compile(r"^[^\W\d_]+\.?\s\d{1,4}$")
"""What counts something else than pages: "Table 4" alone on its line."""

Key = tuple[str, int]
"""A line, its digits aside, and its height in steps of 4 points."""


class Running(NamedTuple):
    """The lines that come back: at the edge of the page, and farther from it, where only the outermost line may be one."""

    near: frozenset[Key]
    outer: frozenset[Key]
    slots: frozenset[int] = frozenset()
    """Heights in steps of 2 points at which the first line of many pages stands apart, whatever it says: their heads."""


def running_lines(pages: Sequence[PageLines], size: float) -> Running:
    """Lines that come back at the same height of several pages, their digits aside, or that count the pages.

    ``size`` is that of the running text in points.
    """
    seen: Counter[Key] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in page.lines if _in_margin(line, page)})
    wanted = 2 if len(pages) <= 4 else 3
    level = [(page, [line for line in page.lines if line.text.strip() and not is_turned(line)]) for page in pages]
    return Running(
        frozenset(key for key, count in seen.items() if count >= wanted), frozenset(_heads(level)), _slots(level, size)
    )


Level = tuple[PageLines, Sequence[Line]]
"""A page, and its lines that run level."""


def _heads(pages: Sequence[Level]) -> Iterator[Key]:
    """The outermost lines that say the same on several pages, or have the number of each of them."""
    rows = [(number, row) for number, page in enumerate(pages) for row in _outermost(*page)]
    same = Counter(key for _, row in rows for key in {_running_key(line) for line in row})
    counts = [(row, _counted(number, row)) for number, row in rows]
    steady = Counter(count for _, own in counts for count in own)
    wanted = max(HEADED, STEADY * len(pages))
    for row, own in counts:
        is_folio = any(steady[count] >= wanted for count in own)
        yield from (key for key in map(_running_key, row) if is_folio or same[key] >= HEADED)


HEAD_ROOM = 1.7
"""Between the first line of a page and the second, in sizes of the running text, where the first is its head."""
HEADS = 0.3
"""Share of the pages that have one at the same height, at least."""


def _slots(pages: Sequence[Level], size: float) -> frozenset[int]:
    """The heights of heads that change from section to section, and so come back on too few pages to be known by their words."""
    heights = Counter(round(head.top / 2) for page in pages if (head := _head(*page, size)) is not None)
    return frozenset(height for height, count in heights.items() if count >= max(HEADED, HEADS * len(pages)))


def _head(page: PageLines, level: Sequence[Line], size: float) -> Line | None:
    """The first line of a page where it stands apart in the margin, in no larger type than the text."""
    first = max(level, key=_height, default=None)
    if first is None or first.top < page.height * (1 - MARGIN) or first.size > size + 0.4 or first.bold:
        return None
    below = max((line.top for line in level if line.top < first.top - 2), default=None)
    return first if below is not None and first.top - below >= HEAD_ROOM * size else None


def _outermost(page: PageLines, level: Sequence[Line]) -> Iterator[list[Line]]:
    """The highest and the lowest line of a page, each in the pieces that it is drawn in, where they are near the edge."""
    for line in (max(level, key=_height, default=None), min(level, key=_height, default=None)):
        if line is not None and not OUTER * page.height < line.top < (1 - OUTER) * page.height:
            yield sorted((other for other in level if abs(other.top - line.top) < 2), key=lambda other: other.left)


def _height(line: Line) -> float:
    return line.top


def _counted(number: int, row: Sequence[Line]) -> set[tuple[int, int]]:
    """How far the numbers at the ends of a line are from the number of its page, each with the height of the line."""
    text = " ".join(line.text.strip() for line in row)
    if _NUMBERED_WORD.match(text):
        return set()
    return {(int(match[1] or match[2]) - number, round(row[0].top / 4)) for match in _FOLIO.finditer(text)}


def _running_key(line: Line) -> Key:
    return _DIGITS.sub("#", line.text.strip().lower()), round(line.top / 4)


def is_furniture(line: Line, page: PageLines, running: Running) -> bool:
    text = line.text.strip()
    if not text or STAMP.match(text):
        return True
    if not OUTER * page.height < line.top < (1 - OUTER) * page.height and _running_key(line) in running.outer:
        return True
    if not _in_margin(line, page):
        return False
    if _PAGE_NUMBER.match(text) or _running_key(line) in running.near:
        return True
    return round(line.top / 2) in running.slots and line.top >= max(map(_height, page.lines)) - 2


LABEL = 3
"""Times that the same bold words begin a paragraph when they are a label, as who speaks, and no heading."""


def labels(pages: Sequence[PageLines]) -> frozenset[str]:
    """Bold beginnings of paragraphs that come back."""
    seen = Counter(line.text.strip() for page in pages for line in page.lines if line.run_in)
    return frozenset(text for text, count in seen.items() if count >= LABEL)


def unlabelled(line: Line, labels: frozenset[str]) -> Line:
    return line._replace(run_in=False) if line.run_in and line.text.strip() in labels else line


_OF_CONTENTS = re.compile(r"^(?:\S.{2,150}?)(?:[. ]{4,}|\s)(?:\d{1,4}|[ivxl]{1,7})$")

_ENDS_ENTRY = frozenset("0123456789ivxl")
CONTENTS = 6
"""Lines of a page that end in a page number when it is a table of contents, and at least half of its lines."""

NAMED = 2
"""The same where the page says that it is one."""

_CONTENTS = re.compile(
    r"^(?:table of )?contents$|^inhalt(?:sverzeichnis)?$|^table des matières$|^sommaire$|^índice(?: general)?$|^indice$",
    re.IGNORECASE,
)


def in_contents(lines: Sequence[Line], *, continued: bool = False) -> list[bool]:
    """For each line whether it is an entry of a table of contents; ``continued`` says that the page before ends with one."""
    found = [
        line.text.rstrip()[-1:] in _ENDS_ENTRY
        and bool(_OF_CONTENTS.match(line.text.strip()))
        and _is_wordy_entry(line.text)
        for line in lines
    ]
    if sum(found) >= max(CONTENTS, 0.5 * len(lines)):
        return found
    name = next((at for at, line in enumerate(lines) if _CONTENTS.match(line.text.strip())), len(lines))
    if sum(found[name:]) >= NAMED:
        return [is_entry and at > name for at, is_entry in enumerate(found)]
    first = next((at for at, is_entry in enumerate(found) if not is_entry), len(found)) if continued else 0
    return [at < first for at in range(len(found))]


def _is_wordy_entry(text: str) -> bool:
    """Whether an entry is a heading and its page: one or two figures and some words."""
    return len(_DIGITS.findall(text)) <= 5 and WORD_START.search(text) is not None


def printed_arxiv_id(pages: Sequence[PageLines]) -> str | None:
    """The id with its version that arXiv prints in the margin of the first page: 2304.08485v2."""
    found = (STAMP.match(line.text.strip()) for line in (pages[0].lines if pages else ()))
    return next((match["id"] for match in found if match), None)
