"""A table as its markup gives it goes in; its rows, each value under every header that a browser shows above it, come out.

Here nothing is found by places: the markup says which cells are headers and
what they span. What it leaves open is counted and left out, as in a PDF: a
value without a header, a row whose cells lie on each other, words that cannot
be told. A table without headers, or with others in its cells, sets a page out
and says nothing of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from survey_extract.core.tables.figures import number_of
from survey_extract.core.tables.grid import Given, GridLine, RowGroup, lines_of
from survey_extract.core.tables.table import NO_BOX, Row, Table, TableCell, row_sentence

HEADING = 12
"""Words of a heading of several rows; a longer line across a table is a note."""
MOST_HEADS = 8
"""Rows of headers above a value."""
SAMPLE = 50
"""Names of a column by which it is judged whether they are numbers."""
HEADER_CHARACTERS, LABEL_CHARACTERS = 200, 300
ROW_CHARACTERS = 6_000
"""Of a row as a sentence, with its headers."""
TABLE_CHARACTERS = 1_000_000
"""Of all rows of a table, with their headers."""


@dataclass(frozen=True, slots=True)
class Prose:
    """How many words make a cell prose, and whether its reader gives prose in tables as sentences, so that none is lost."""

    words: int
    is_read: bool = False


@dataclass(slots=True)
class _Found:
    rows: list[Row] = field(default_factory=list)
    abstained: int = 0


def table_of(groups: Sequence[RowGroup], *, label: str, caption: str, prose: Prose) -> Table:
    """The rows that are certain; the others that hold values are counted."""
    lines = lines_of(groups)
    if lines is None:
        return Table(label, caption, 1, (), sum(len(group.rows) for group in groups))
    found = _Found()
    blank = Table(label, caption, 1, (), 0)
    size = 0
    for row in _rows(lines, prose):
        words = len(row_sentence(blank, row)) if row else 0
        if row is None or words > ROW_CHARACTERS or size + words > TABLE_CHARACTERS:
            found.abstained += 1
        else:
            found.rows.append(row)
            size += words
    return Table(label, caption, 1, tuple(found.rows), found.abstained)


def _rows(lines: Sequence[GridLine], prose: Prose) -> Iterator[Row | None]:
    """Each row with values; None for one that is not certain."""
    if not lines or len(lines[0].slots) < 2:
        return
    heads, body = _parted(lines)
    if not body:
        return
    if _is_paired(heads, body):
        yield from _pairs(body, prose)
        return
    labels = _label_column(body)
    group: str | None = None
    begun = True
    for line in body:
        if _has_heads_alone(line) and len(line.filled) > 1:
            is_sure = (_is_next_of(heads, line) if begun else not _has_numbers(line)) and len(heads) < MOST_HEADS
            heads = ([*heads, line] if begun else [line]) if is_sure else []
            begun, group = is_sure, None
            yield from () if is_sure else (None,)
            continue
        begun = False
        if (across := _across(line)) is not None:
            group = across.words if len(across.words.split()) <= HEADING and not across.unsure else None
        elif values := _values_of(line):
            yield from _row(line, values, heads, labels, group, prose)


def _parted(lines: Sequence[GridLine]) -> tuple[list[GridLine], list[GridLine]]:
    """The rows of headers at the top, and all others."""
    if any(line.is_head for line in lines):
        return [line for line in lines if line.is_head], [line for line in lines if not line.is_head]
    end = 0
    while end < min(len(lines), MOST_HEADS) and (
        not lines[end].filled or (_has_heads_alone(lines[end]) and _is_next_of(lines[:end], lines[end]))
    ):
        end += 1
    return list(lines[:end]), list(lines[end:])


def _has_heads_alone(line: GridLine) -> bool:
    return bool(line.filled) and all(cell.is_head for cell in line.filled)


def _is_next_of(above: Sequence[GridLine], line: GridLine) -> bool:
    """Whether a row of headers belongs to those above: they span it, or it holds no numbers, as a row of values would."""
    spans = any(cell.across > 1 or cell.down != 1 for head in above for cell in head.cells)
    return spans or not above or not _has_numbers(line)


def _has_numbers(line: GridLine) -> bool:
    return any(number_of(cell.words) is not None for cell in line.filled[1:])


def _across(line: GridLine) -> Given | None:
    """The only cell of a row, where it spans the whole table, or is a header or bold before blank ones."""
    filled = line.filled
    if len(filled) != 1:
        return None
    whole = all(cell is filled[0] for cell in line.slots)
    first = line.slots[0] is filled[0] and (filled[0].is_head or filled[0].is_bold)
    return filled[0] if whole or first else None


def _values_of(line: GridLine) -> tuple[Given, ...]:
    """The cells of a row that are to be read; none of a row with a single one."""
    return line.filled if len(line.filled) > 1 else ()


# --- a row ----------------------------------------------------------------------------------------


def _row(
    line: GridLine,
    values: Sequence[Given],
    heads: Sequence[GridLine],
    column: int | None,
    group: str | None,
    prose: Prose,
) -> Iterator[Row | None]:
    """The row, None where it is not certain; nothing of prose that is read as such."""
    if _is_prose(values, prose):
        if not prose.is_read:
            yield None
        return
    if line.collides or any(cell.unsure for cell in values) or not _is_named(line, column):
        yield None
        return
    parts = _label_cells(line, column)
    cells = _cells(line, heads, parts)
    if cells is None or not cells:
        yield None
        return
    *wider, label = [cell.words for cell in parts] or [""]
    if group is None and wider:
        group = wider.pop(0)
    yield Row(label, group, (*(TableCell((), name, NO_BOX) for name in wider), *cells), NO_BOX)


def _is_prose(values: Sequence[Given], prose: Prose) -> bool:
    return any(len(cell.words.split()) >= prose.words for cell in values)


def _is_named(line: GridLine, column: int | None) -> bool:
    """Whether a row says what it is about; a first column that is blank leaves it to the row above, or to nobody."""
    first, own = line.slots[0], line.slots[column] if column is not None else line.slots[0]
    return bool(first and first.words and own and own.words and len(own.words) <= LABEL_CHARACTERS)


def _label_cells(line: GridLine, column: int | None) -> list[Given]:
    """What the row is called: its own headers from the left, else the first one, else the cell of the column of labels."""
    leading: list[Given] = []
    for cell in line.slots:
        if cell is None or not cell.is_head:
            break
        if cell not in leading:
            leading.append(cell)
    heads = leading or [cell for cell in line.filled if cell.is_head][:1]
    if heads:
        return [cell for cell in heads if cell.words]
    own = line.slots[column] if column is not None else None
    return [own] if own and any(map(str.isalnum, own.words)) else []


def _cells(line: GridLine, heads: Sequence[GridLine], labels: Sequence[Given]) -> tuple[TableCell, ...] | None:
    """The values under their headers, one that spans several columns under those of each; None where a header is missing."""
    found: list[TableCell] = []
    before: tuple[Given, tuple[str, ...]] | None = None
    for at, cell in enumerate(line.slots):
        if cell is None or not cell.words or cell in labels:
            continue
        path = _path(heads, at)
        if path is None:
            return None
        if before != (cell, path):
            found.append(TableCell(path, cell.words, NO_BOX))
        before = cell, path
    return tuple(found)


def _path(heads: Sequence[GridLine], column: int) -> tuple[str, ...] | None:
    """The headers above a column from the top down, each once; None where there is none, or none that can be told."""
    above = tuple(dict.fromkeys(cell for line in heads if (cell := line.slots[column]) is not None))
    words = tuple(cell.words for cell in above if cell.words)
    unsure = any(line.collides for line in heads) or any(cell.unsure for cell in above)
    return None if unsure or not words or any(len(word) > HEADER_CHARACTERS for word in words) else words


def _label_column(body: Sequence[GridLine]) -> int | None:
    """The first column whose words tell the rows apart and are not numbers; none where there is no such column."""
    rows = [line for line in body if _values_of(line) and not _has_heads_alone(line)]
    if any(cell.is_head for line in rows for cell in line.filled):
        return None
    return next((column for column in range(len(body[0].slots)) if _tells_apart(rows, column)), None)


def _tells_apart(rows: Sequence[GridLine], column: int) -> bool:
    words = [cell.words for line in rows if (cell := line.slots[column]) is not None and cell.words]
    if not words or len(set(words)) < len(words):
        return False
    some = words[:SAMPLE]
    return 2 * sum(number_of(word) is not None for word in some) <= len(some)


# --- names and values -----------------------------------------------------------------------------


def _is_paired(heads: Sequence[GridLine], body: Sequence[GridLine]) -> bool:
    """Whether the table has two columns without headers, of which the left names what the right one says."""
    if len(body[0].slots) != 2 or any(cell.words or cell.unsure for line in heads for cell in line.cells):
        return False
    rows = [line.slots for line in body if len(line.filled) > 1]
    if heads:  # a head that is blank was left blank on purpose
        names = [left.words for left, _ in rows if left]
        return all(names) and len(set(names)) == len(names) and not any(number_of(name) is not None for name in names)
    return bool(rows) and all(left and right and left.is_head and not right.is_head for left, right in rows)


def _pairs(body: Sequence[GridLine], prose: Prose) -> Iterator[Row | None]:
    group: str | None = None
    for line in body:
        if (across := _across(line)) is not None:
            group = across.words if across.is_head or across.is_bold else group
        elif values := _values_of(line):
            yield from _pair(line, values, group, prose)


def _pair(line: GridLine, values: Sequence[Given], group: str | None, prose: Prose) -> Iterator[Row | None]:
    if _is_prose(values, prose) and prose.is_read:
        return
    left, right = values[0], values[-1]
    unsure = line.collides or left.unsure or right.unsure or len(left.words) > HEADER_CHARACTERS
    is_sure = not unsure and bool(left.words and right.words) and not _is_prose(values, prose)
    yield Row(left.words, group, (TableCell((), right.words, NO_BOX),), NO_BOX) if is_sure else None


def is_layout(groups: Sequence[RowGroup], *, longest: int) -> bool:
    """Whether a table without headers sets a page out: one row, one column, or prose in its cells."""
    cells = [[cell for cell in row if cell.words] for group in groups for row in group.rows]
    rows = [row for row in cells if len(row) > 1]
    counts = Counter(len(cell.words.split()) >= longest for row in rows for cell in row)
    return len(rows) < 2 or counts[True] > 0
