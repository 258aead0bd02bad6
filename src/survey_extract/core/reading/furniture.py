"""The lines of pages go in, those come out that belong to the dress of the paper and not to its text.

Running heads, page numbers, the stamp in the margin, the table of contents,
and bold labels that come back and are no headings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from survey_extract.core.reading.lines import WORD_START, Line, PageLines

STAMP = re.compile(r"^arXiv:(?P<id>\S+v\d+)\s*\[")

_PAGE_NUMBER = re.compile(r"^(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)

_DIGITS = re.compile(r"\d+")

MARGIN = 0.09
"""Share of the page's height at its top and bottom in which running heads and page numbers stand."""


def _in_margin(line: Line, page: PageLines) -> bool:
    return line.top > page.height * (1 - MARGIN) or line.top < page.height * MARGIN


def running_lines(pages: Sequence[PageLines]) -> frozenset[tuple[str, int]]:
    """Lines that come back at the same height of several pages, their digits aside."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_running_key(line) for line in page.lines if _in_margin(line, page)})
    wanted = 2 if len(pages) <= 4 else 3
    return frozenset(key for key, count in seen.items() if count >= wanted)


def _running_key(line: Line) -> tuple[str, int]:
    return _DIGITS.sub("#", line.text.strip().lower()), round(line.top / 4)


def is_furniture(line: Line, page: PageLines, running: frozenset[tuple[str, int]]) -> bool:
    text = line.text.strip()
    if not text or STAMP.match(text):
        return True
    if not _in_margin(line, page):
        return False
    return bool(_PAGE_NUMBER.match(text)) or _running_key(line) in running


LABEL = 3
"""Times that the same bold words begin a paragraph when they are a label, as who speaks, and no heading."""


def labels(pages: Sequence[PageLines]) -> frozenset[str]:
    """Bold beginnings of paragraphs that come back."""
    seen = Counter(line.text.strip() for page in pages for line in page.lines if line.run_in)
    return frozenset(text for text, count in seen.items() if count >= LABEL)


def unlabelled(line: Line, labels: frozenset[str]) -> Line:
    return line._replace(run_in=False) if line.run_in and line.text.strip() in labels else line


_OF_CONTENTS = re.compile(r"^(?:\S.{2,150}?)(?:[. ]{4,}|\s)\d{1,4}$")

CONTENTS = 6
"""Lines of a page that end in a page number when it is a table of contents, and at least half of its lines."""

_CONTENTS = re.compile(r"^(?:table of )?contents$|^inhalt(?:sverzeichnis)?$", re.IGNORECASE)


def in_contents(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it is an entry of a table of contents."""
    found = [
        line.text.rstrip()[-1:].isdigit() and bool(_OF_CONTENTS.match(line.text.strip())) and _is_wordy_entry(line.text)
        for line in lines
    ]
    is_contents = sum(found) >= max(CONTENTS, 0.5 * len(lines)) or any(
        _CONTENTS.match(line.text.strip()) for line in lines
    )
    return found if is_contents and sum(found) >= CONTENTS else [False] * len(lines)


def _is_wordy_entry(text: str) -> bool:
    """Whether an entry is a heading and its page: one or two figures and some words."""
    return len(_DIGITS.findall(text)) <= 5 and WORD_START.search(text) is not None


def printed_arxiv_id(pages: Sequence[PageLines]) -> str | None:
    """The id with its version that arXiv prints in the margin of the first page: 2304.08485v2."""
    found = (STAMP.match(line.text.strip()) for line in (pages[0].lines if pages else ()))
    return next((match["id"] for match in found if match), None)
