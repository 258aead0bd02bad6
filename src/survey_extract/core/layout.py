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
from dataclasses import dataclass
from typing import Literal, NamedTuple

from survey_extract.core.characters import HYPHEN_MARK, clean, mend_hyphens
from survey_extract.core.records import SentenceKind
from survey_extract.core.sentences import Block

Column = Literal["full", "left", "right"]


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


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of one page in the order in which the file draws them."""

    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """An entry of the file's own outline; ``page`` counts from 1."""

    title: str
    level: int
    page: int | None


def arrange(pages: Sequence[PageLines], outline: Sequence[OutlineEntry] = ()) -> list[Block]:
    """Order and name the text of a document."""
    body = _body_size(pages)
    furniture = _running_lines(pages)
    headings = _HeadingRule(body, outline)
    blocks: list[_Group] = []
    for number, page in enumerate(pages, start=1):
        lines = [line for line in page.lines if not _is_furniture(line, page, furniture)]
        blocks += _page_groups(lines, page, number, body, headings)
    return _named(blocks, body)


def is_run_in(bold: str, rest: str) -> bool:
    """Whether the bold beginning of a line is a heading: it stands for itself, and a sentence begins behind it.

    A bold word inside a sentence goes on in lower case, or with a bracket.
    """
    bold, rest = bold.strip(), rest.lstrip()
    if not (bold[:1].isupper() or bold[:1].isdigit()) or len(bold) > 70 or not rest[:1].isupper():
        return False
    letters = sum(char.isalpha() for char in bold)
    return letters >= 4 and (bold.endswith((".", ":", "?")) or " " in bold or letters >= 6)


def printed_title(pages: Sequence[PageLines], words: frozenset[str] = frozenset()) -> str | None:
    """The title as it is printed: the first lines of the largest type in the upper part of the first page.

    ``words`` are the document's own, to mend a hyphen at the end of a line.
    """
    upper = [line for line in pages[0].lines if line.top > 0.6 * pages[0].height] if pages else []
    level = [line for line in upper if abs(line.top - line.bottom) < line.size]
    shown = [line for line in level if len(line.text.strip()) > 7 and not _STAMP.match(line.text.strip())]
    if not shown:
        return None
    largest = max(line.size for line in shown)
    lines: list[Line] = []
    for line in shown:
        if abs(line.size - largest) < 0.5 or (lines and _goes_on_in_small_capitals(lines[-1], line, largest)):
            lines.append(line)
        elif lines:
            break
    text = " ".join(line.text for line in lines)
    title = clean(mend_hyphens(text.lower(), words).upper() if text.isupper() else mend_hyphens(text, words))
    return title if 4 < len(title) <= 250 else None


_SMALL_CAPITALS = 0.7
"""Size of small capitals beside the capitals that they stand with; a line that begins with one has their size."""


def _goes_on_in_small_capitals(last: Line, line: Line, largest: float) -> bool:
    """Whether a title in small capitals goes on in a line that happens to begin with a small one."""
    close = 0 < last.bottom - line.top < 1.6 * largest
    return close and last.text.isupper() and line.text.isupper() and line.size >= _SMALL_CAPITALS * largest


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


# --- columns and groups ---------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """Lines that touch, of one column and one size."""

    page: int
    column: Column
    lines: list[Line]
    heading: int = 0
    column_width: float = 0.0
    low: bool = False

    @property
    def size(self) -> float:
        return self.lines[0].size

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


def _page_groups(
    lines: Sequence[Line], page: PageLines, number: int, body: float, headings: _HeadingRule
) -> list[_Group]:
    gutter = _gutter(lines, page)
    groups: list[_Group] = []
    for line in lines:
        column = _column(line, gutter)
        level = headings.level(line, number)
        last = groups[-1] if groups else None
        if last is not None and last.column == column and _touches(last, line, level):
            last.lines.append(line)
        else:
            groups.append(_Group(number, column, [line], level))
    width = page.width if gutter is None else page.width / 2
    for group in groups:
        group.column_width = width * 0.8
        group.low = group.lines[0].top < page.height * 0.35
    return groups if gutter is None else _by_column(groups)


def _touches(group: _Group, line: Line, level: int) -> bool:
    last = group.lines[-1]
    step = last.bottom - line.top
    if abs(step) < 0.75 * max(last.size, line.size) and line.left >= last.right - 2 and not last.run_in:
        return True  # goes on in the same line, behind a formula or a raised mark
    if group.heading != level or (level and abs(last.size - line.size) > 0.6):
        return False
    if abs(last.size - line.size) > 0.6 and abs(group.size - line.size) > 0.6:
        return False
    return 0 < step <= 1.9 * max(line.size, 4)


def _gutter(lines: Sequence[Line], page: PageLines) -> float | None:
    """The x between two columns, or None for a page of one column."""
    long = [line for line in lines if len(line.text) >= 18 and abs(line.bottom - line.top) < 400]
    if not long:
        return None
    middle = page.width / 2
    left = [line for line in long if line.right <= middle + 6 and line.left < middle - 40]
    right = [line for line in long if line.left >= middle - 6]
    if len(left) < 4 or len(right) < 4 or len(left) + len(right) < 0.45 * len(long):
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
_HEADING_LIMIT = 110
RUN_IN_LEVEL = 9
"""Below every heading that has a line of its own."""


class _HeadingRule:
    """Tells headings from other lines, by the outline first, then by size, weight and numbering."""

    def __init__(self, body: float, outline: Sequence[OutlineEntry]) -> None:
        self._body = body
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
        if entries := self._outline.get(_heading_key(match["title"] if match else text)):
            near = [entry for entry in entries if entry.page is None or abs(entry.page - page) <= 1]
            if near and (line.bold or match or line.size > self._body + 0.4 or _KNOWN.match(text)):
                return near[0].level
        title = match["title"] if match else text
        if _KNOWN.match(title) and (match or line.bold or line.size > self._body + 0.4 or text[0].isupper()):
            return match["number"].count(".") + 1 if match else 1
        stands_out = line.size > self._body + 0.8 or (line.bold and line.size > self._body - 0.3)
        if match and stands_out and not text.endswith((".", ",", ";")) and title[0].isupper() and len(title) > 2:
            return match["number"].count(".") + 1
        return 0


def _heading_key(title: str) -> str:
    match = _NUMBERED.match(title.strip())
    return re.sub(r"[\W_]+", "", match["title"] if match else title).lower()


# --- naming ---------------------------------------------------------------------------------------

_CAPTION = re.compile(
    r"^(?:figure|fig\.?|table|tab\.?|algorithm|listing|abbildung|tabelle)\s*(?:\d+|[A-Z]\.?\d*|[IVX]+)\s*(?:[.:|]|\([a-z]\)|[-–—])",
    re.IGNORECASE,
)
_REFERENCES = re.compile(
    r"^(?:references|bibliography|literatur(?:verzeichnis)?|references cited)\s*[.:]?$", re.IGNORECASE
)
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


def _named(groups: Sequence[_Group], body: float) -> list[Block]:
    blocks: list[Block] = []
    in_references = False
    in_front = _has_abstract(groups)
    for group in groups:
        text = group.text()
        kind = _kind(group, text, body)
        if kind == "heading":
            title = _bare_title(text)
            in_references = bool(_REFERENCES.match(title)) or (
                in_references and not _leaves_references(group, text, body)
            )
            in_front = in_front and not _ABSTRACT.match(title)
            if in_references and not _REFERENCES.match(title):
                kind = "reference"
        elif in_front and _ABSTRACT.match(text) and kind == "body":
            in_front = False
        elif in_references:
            kind = "reference"
        if in_front:
            kind = "front"
        blocks.append(Block(kind, text, group.page, group.heading or 1, group.size))
    return blocks


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


def _kind(group: _Group, text: str, body: float) -> SentenceKind:
    first = group.lines[0]
    if group.heading:
        return "heading"
    if first.bottom > first.top + 2.5 * max(first.size, 4):
        return "debris"  # turned text: an axis label
    if _CAPTION.match(text):
        return "caption"
    if _is_debris(group, text, body):
        return "debris"
    if group.size < body - 0.8 and group.low:
        return "note"
    return "body"


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
