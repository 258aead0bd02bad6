"""The tree of a page, without what is hidden, goes in; its tables, with what finds their places in the text, come out.

Which cell is under which header is the markup's word (``core/tables/marked.py``);
here is decided what a cell says. Its words are those that a browser shows in
it: a line break is a space, a picture says nothing, raised and lowered figures
keep their shape where they would run into others, and the mark of a note that
leads to it is no part of a value. What a form or a formula shows cannot be told.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from survey_extract.adapters.css.user_agent import display_of
from survey_extract.adapters.html.fragments import UNSEEN
from survey_extract.adapters.html.hidden import Place
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.reading.sentences import Block
from survey_extract.core.tables.grid import Given, RowGroup
from survey_extract.core.tables.marked import Prose, is_layout, table_of
from survey_extract.core.tables.table import Table, row_sentence

CAPTION_CHARACTERS = 120
"""Of a caption or heading that a table is called by."""
CELL_CHARACTERS = 1_500
KEPT = 0.5
"""Share of a table's rows that its reader must have kept as part of the text."""
MOST_CELLS = 200_000
"""Cells on a page that are looked at; what follows has no rows."""
MOST_CHARACTERS = 3_000_000
"""Of all rows of a page with their headers; half of the longest text that is read."""
IN_MARKDOWN = Prose(words=20, is_read=True)
"""As in ``reader._PROSE``."""
ON_PAGES = Prose(words=80)

_UNSURE = frozenset(["input", "math", "meter", "object", "iframe", "progress", "select", "table", "textarea"])
_SMALL = frozenset(["sup", "sub"])
_LABEL = re.compile(
    r"(?:table|tabelle|tableau|tabla|tab\.)\s?(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){0,2}(?!\w)", re.IGNORECASE
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_NOTE_MARK = re.compile(r"\[\^[^\]\s]{1,100}\]")
_RAISED = str.maketrans("0123456789+-\u2212()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-\u2212()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_SHAPED = re.compile(r"[\d+\-\u2212()n]{1,8}")
_ORDINAL = re.compile(r"st|nd|rd|th|er|e|o|a|tm", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marked:
    """A table, and the letters of each of its rows, by which it is found in a text."""

    table: Table
    rows: tuple[str, ...]


def marked_tables(tree: HtmlElement, moved: Mapping[HtmlElement, Place], prose: Prose) -> list[Marked]:
    """The tables that hold data, in the order of the page."""
    found: list[Marked] = []
    heading = ""
    cells = size = 0
    for element in tree.iter("table", *_HEADINGS):
        if element.tag != "table":
            heading = clean(element.text_content()) or heading
            continue
        groups = _groups(element, moved, is_markdown=prose.is_read)
        cells += sum(len(row) for group in groups for row in group.rows)
        if cells > MOST_CELLS or size > MOST_CHARACTERS:
            continue
        if _says_rows(element, groups, prose):
            label, caption = _names(element, heading)
            table = table_of(groups, label=label, caption=caption, prose=prose)
            if _is_moved(element, moved):
                table = replace(table, rows=(), abstained=table.abstained + len(table.rows))
            size += sum(len(row_sentence(table, row)) for row in table.rows)
            if table.rows or table.abstained:
                found.append(Marked(table, tuple(_kept_rows(element))))
    return found


def placed(
    text: PaperText, orders: Sequence[int], blocks: Sequence[Block], tables: Sequence[Marked]
) -> Iterator[tuple[int, Table]]:
    """Each table with the number of the sentence that its rows follow; those that the text has nothing of are left out.

    ``orders`` names for each sentence the block in which it begins.
    """
    last_of = {order: number for number, order in enumerate(orders, start=1)}
    where: defaultdict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(blocks):
        if block.kind != "heading" and (words := _folded(block.text)):
            where[words].append(index)
    at = 0
    for marked in tables:
        seen = [_next(where[row], at) for row in marked.rows if row in where]
        if len(seen) < KEPT * len(marked.rows) or not seen:
            continue
        at = max(at, *seen) if len(seen) > 1 else max(at, seen[0])
        yield last_of.get(at, len(text.sentences)), marked.table


def _next(places: Sequence[int], at: int) -> int:
    """The first place at or after another one, else the last."""
    return places[min(bisect_left(places, at), len(places) - 1)]


# --- what a table is ------------------------------------------------------------------------------


def _groups(table: HtmlElement, moved: Mapping[HtmlElement, Place], *, is_markdown: bool) -> list[RowGroup]:
    """Its rows as a browser stacks them: the first head at the top, the first foot at the bottom."""
    parts = [part for part in table if part.tag in ("thead", "tbody", "tfoot") and moved.get(part) != "gone"]
    head = next((part for part in parts if part.tag == "thead"), None)
    foot = next((part for part in parts if part.tag == "tfoot"), None)
    order = [part for part in (head, *(p for p in parts if p is not head and p is not foot), foot) if part is not None]
    return [RowGroup(_rows(part, moved, part is head, is_markdown=is_markdown), part is head) for part in order]


def _rows(
    part: HtmlElement, moved: Mapping[HtmlElement, Place], is_head: bool, *, is_markdown: bool
) -> list[list[Given]]:
    rows = (row for row in part if row.tag == "tr" and moved.get(row) != "gone")
    cells = ([cell for cell in row if cell.tag in ("td", "th") and moved.get(cell) != "gone"] for row in rows)
    is_head = is_head or part.tag == "thead"
    return [[_given(cell, is_head, is_markdown=is_markdown) for cell in row] for row in cells]


def _given(cell: HtmlElement, is_head: bool, *, is_markdown: bool) -> Given:
    words, unsure = _words(cell)
    if is_markdown:
        words = clean(_NOTE_MARK.sub("", words))
    bold = " ".join(part.text_content() for part in cell.iter("b", "strong"))
    return Given(
        words[:CELL_CHARACTERS],
        is_head or cell.tag == "th",
        _span(cell.get("colspan"), 1),
        _span(cell.get("rowspan"), 0),
        is_bold=bool(words) and _folded(bold) == _folded(words),
        unsure=unsure or len(words) > CELL_CHARACTERS,
    )


def _span(value: str | None, least: int) -> int:
    """An attribute of a number as browsers read it: what comes after its digits is left out, what is none is 1."""
    found = re.match(r"\s{0,99}\+?(\d{1,9})", value or "")
    number = int(found[1]) if found else 1
    return number if number >= least else 1


def _is_moved(table: HtmlElement, moved: Mapping[HtmlElement, Place]) -> bool:
    """Whether any part of a table stands elsewhere than its markup says."""
    return any(moved.get(part) == "moved" for part in table.iter("thead", "tbody", "tfoot", "tr", "td", "th"))


def _says_rows(table: HtmlElement, groups: Sequence[RowGroup], prose: Prose) -> bool:
    """Whether a table is one of data: it has headers, or at least does not set out a page."""
    if (table.get("role") or "").strip().lower() in ("presentation", "none"):
        return False
    if any(cell.is_head and cell.words for group in groups for row in group.rows for cell in row):
        return True
    is_nested = next(table.iterdescendants("table"), None) is not None
    return not is_nested and not is_layout(groups, longest=min(prose.words, 20))


def _names(table: HtmlElement, heading: str) -> tuple[str, str]:
    """What a table is called, and its caption: by its number, its caption, the heading above it, or none of these."""
    caption = next((words for words in _captions(table) if words), "")
    numbered = _LABEL.match(caption)
    near = caption or heading
    whole = near if len(near) <= CAPTION_CHARACTERS else ""
    return (numbered[0] if numbered else whole or "Table"), caption


def _captions(table: HtmlElement) -> Iterator[str]:
    """Its own caption, that of the figure which it is, a paragraph right before it that begins with its number."""
    own = next((child for child in table if child.tag == "caption"), None)
    yield _words(own)[0] if own is not None else ""
    figure = next((one for one in table.iterancestors("figure")), None)
    named = next(figure.iter("figcaption"), None) if figure is not None else None
    yield _words(named)[0] if named is not None else ""
    before = table.getprevious()
    is_alone = before is not None and before.tag in ("p", "div", "center") and not (before.tail or "").strip()
    words = clean(before.text_content()) if is_alone and before is not None else ""
    yield words if _LABEL.match(words) and len(words) <= 10 * CAPTION_CHARACTERS else ""


def _kept_rows(table: HtmlElement) -> Iterator[str]:
    """The letters and digits of each row, by which it is found among the blocks of a text."""
    for row in table.iter("tr"):
        if words := _folded("".join(str(cell.text_content()) for cell in row)):
            yield words


def _folded(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


# --- what a cell says -----------------------------------------------------------------------------


def _words(cell: HtmlElement) -> tuple[str, bool]:
    """The words of a cell on one line, and whether it holds something whose words cannot be told."""
    parts: list[str] = []
    unsure = False
    stack: list[tuple[HtmlElement, bool]] = [(cell, True)]
    while stack:
        element, opens = stack.pop()
        breaks = element is not cell and (
            element.tag == "br" or display_of(element.tag) not in ("inline", "none", "inline-block")
        )
        if breaks:
            parts.append(" ")
        if not opens:
            parts.append(element.tail or "" if element is not cell else "")
            continue
        stack.append((element, False))
        if element.tag in _UNSURE:
            unsure = True
        elif element.tag in _SMALL:
            parts.append(_small(element, "".join(parts[-3:])))
        elif element.tag not in UNSEEN or element.tag == "button":
            parts.append(element.text or "")
            stack.extend((child, True) for child in reversed(element))
    return clean("".join(parts)), unsure


def _small(element: HtmlElement, before: str) -> str:
    """Raised or lowered words behind others; nothing of a mark that leads to its note."""
    words = clean(element.text_content())
    if element.tag == "sup" and _leads_to_note(element, words):
        return ""
    last = before[-1:]
    if _SHAPED.fullmatch(words) and any(char.isdigit() for char in words):
        if element.tag == "sup":
            return words.translate(_RAISED)
        return words.translate(_LOWERED) if last.isdigit() else words
    apart = last.isalnum() and words[:1].isalnum() and not _ORDINAL.fullmatch(words)
    return f" {words}" if apart else words


def _leads_to_note(element: HtmlElement, words: str) -> bool:
    """Whether it is the mark of a note on this page: it is a link within it, or stands in one."""
    links = (*element.iter("a"), *element.iterancestors("a"))
    return len(words) <= 6 and any((link.get("href") or "").startswith("#") for link in links)
