"""The text of a CSV file goes in, its table with the line of each row comes out, whatever parts its cells.

What parts them is what stands most often in the line of headings, outside quotes:
a guess from the texts below it (``csv.Sniffer``) takes the commas of prose for it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from survey_extract.core.lists.read import Unreadable
from survey_extract.core.reading.markup import Leaf, MarkupTable, MarkupToken

SEPARATORS = ",;\t|"
_SAID = re.compile(r"sep=(?P<separator>[,;\t|])\r?\n", re.IGNORECASE)
"""A first line of Excel's, which says what parts the cells."""
_INERT = re.compile(r"(?P<before>^|[;\t\r\n])'(?=[\t\r\n=+\-@＝＋－＠])")
"""The apostrophe that keeps a text from running as a formula: it is no part of the text."""


def read_delimited(text: str) -> MarkupTable | Unreadable:
    """The table of a file; blank lines are passed over."""
    said = _SAID.match(text)
    skipped = 1 if said else 0
    text = text[said.end() :] if said else text
    separator = said["separator"] if said else separator_of(text)
    table = MarkupTable(1 + skipped)
    try:
        for line, row in _rows(text, separator):
            table.rows.append([_leaf(cell, line + skipped, heading=not table.rows) for cell in row])
    except csv.Error as error:
        at = table.rows[-1][0].line if table.rows else 1
        return Unreadable(at, f"not readable as CSV, in the row behind this one: {error}")
    if not table.rows:
        return Unreadable(1, "the file is empty")
    width = len(table.rows[0])
    table.rows = [row[:width] if not any(cell.text for cell in row[width:]) else row for row in table.rows]
    return table


def separator_of(text: str) -> str:
    """What parts the cells: counted outside quotes in the first line that is not blank."""
    counts = dict.fromkeys(SEPARATORS, 0)
    is_quoted = False
    for char in text.lstrip("\r\n"):
        if char == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif char in "\r\n":
            break
        elif char in counts:
            counts[char] += 1
    return max(counts, key=lambda separator: counts[separator])


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield line, row
        line = reader.line_num + 1


def _leaf(text: str, line: int, *, heading: bool) -> Leaf:
    words = _INERT.sub(r"\g<before>", text)
    return Leaf("th" if heading else "td", line, [MarkupToken("", words, line)])
