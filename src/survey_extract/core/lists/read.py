"""The HTML of a survey list goes in, its rows with their cells and lines come out: what people's lists are like.

The form is that of ``readme/table.py``; people's HTML is not so neat (``markup.py``
reads it). Fewer columns and other capitals in headings do not matter. What
cannot be read is named with its line, so that no row is lost silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.plural import count_of
from survey_extract.core.reading.markup import Leaf, Markup, MarkupTable, MarkupToken, canonical, folded, read_markup
from survey_extract.core.readme.table import FIELD_HEADINGS


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row as it stands in a list; ``cells`` are (field, text) without the title, "" for an empty cell.

    ``leaves`` are the cells as they were written, the title's first;
    ``headings`` those over them. ``summary`` and ``note`` stand around the table.
    """

    name: str
    title: str
    link: str
    cells: tuple[tuple[str, str], ...]
    line: int
    headings: tuple[Leaf, ...] = field(default=(), compare=False, repr=False)
    leaves: tuple[tuple[str, Leaf], ...] = field(default=(), compare=False, repr=False)
    summary: Leaf | None = field(default=None, compare=False, repr=False)
    note: Leaf | None = field(default=None, compare=False, repr=False)

    @property
    def end(self) -> int:
        """The line on which its last part begins."""
        return self.note.line if self.note else self.leaves[-1][1].line


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A table that is not a row of a survey, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All that stands in a list: rows, tables that are none, and all else."""

    rows: tuple[ListedRow, ...]
    unreadable: tuple[Unreadable, ...]
    rest: Markup


def parse_list(text: str, fields: Fields) -> tuple[tuple[ListedRow, ...], tuple[Unreadable, ...]]:
    """All rows of a list, and what could not be read."""
    read = read_list(text, fields)
    return read.rows, read.unreadable


def read_list(text: str, fields: Fields) -> Listing:
    """A list with all that is in it; lines count from 1."""
    found = read_markup(text)
    rows: list[ListedRow] = []
    bad: list[Unreadable] = []
    for table in found.tables:
        found.notes += [row[0] for row in [row for row in table.rows if is_heading(row)][1:]]
        read = _rows(table, fields)
        if isinstance(read, Unreadable):
            bad.append(read)
        else:
            rows += read
    return Listing(tuple(rows), tuple(bad), found)


def _rows(table: MarkupTable, fields: Fields) -> list[ListedRow] | Unreadable:
    """The rows of a table in either form."""
    turned = upright(table)
    return turned if isinstance(turned, Unreadable) else _rows_by_column(turned, fields)


def upright(table: MarkupTable) -> MarkupTable | Unreadable:
    """The table with a column for each field, whichever way it was written."""
    return _turned(table) if _is_by_field(table) else table


def _rows_by_column(table: MarkupTable, fields: Fields) -> list[ListedRow] | Unreadable:
    filled = [row for row in table.rows if row]
    heads = [row for row in filled if is_heading(row)]
    if not heads:
        return Unreadable(table.line, "the table has no row of headings (<th>)")
    columns = [fields.headed(cell.text) for cell in heads[0]]
    if unknown := [cell for cell, spec in zip(heads[0], columns, strict=True) if spec is None]:
        return Unreadable(unknown[0].line, f"the heading {unknown[0].text!r} is none of this survey's fields")
    if columns[0] is None or columns[0].name != "title":
        return Unreadable(heads[0][0].line, "the first column must be Title")
    if len({spec.name for spec in columns if spec}) < len(columns):
        return Unreadable(heads[0][0].line, "a heading stands twice")
    body = [row for row in filled if not is_heading(row)]
    if not body:
        return Unreadable(table.line, "the table has no row under its headings")
    return _read_rows(table, heads[0], [spec for spec in columns if spec], body)


def _is_by_field(table: MarkupTable) -> bool:
    first = next((row for row in table.rows if row), [])
    return [cell.text.casefold() for cell in first] == [heading.casefold() for heading in FIELD_HEADINGS]


def _turned(table: MarkupTable) -> MarkupTable | Unreadable:
    """A table with a line for each field as one with a column for each: what stands under "Pages" marks evidence."""
    heads: list[Leaf] = []
    cells: list[Leaf] = []
    for row in table.rows:
        if not row or is_heading(row):
            continue
        if len(row) != len(FIELD_HEADINGS):
            return Unreadable(row[0].line, f"{count_of(len(row), 'cell')} under {', '.join(FIELD_HEADINGS)}")
        name, value, pages = row
        marks = [
            MarkupToken("", " ", pages.line),
            MarkupToken("sup", "sup", pages.line),
            *pages.tokens,
            MarkupToken("/sup", "", pages.line),
        ]
        heads.append(Leaf("th", name.line, name.tokens))
        cells.append(Leaf("td", value.line, [*value.tokens, *(marks if canonical(pages.tokens) else ())]))
    if not heads:
        return Unreadable(table.line, "the table has no row under its headings")
    return MarkupTable(table.line, table.summary, [heads, cells], table.note)


def is_heading(row: Sequence[Leaf]) -> bool:
    """Whether all cells of a row are headings."""
    return bool(row) and all(cell.tag == "th" for cell in row)


def _read_rows(
    table: MarkupTable, head: Sequence[Leaf], columns: Sequence[FieldSpec], body: Sequence[Sequence[Leaf]]
) -> list[ListedRow] | Unreadable:
    rows: list[ListedRow] = []
    for row in body:
        if len(row) != len(columns):
            return Unreadable(row[0].line, f"{count_of(len(row), 'cell')} under {count_of(len(columns), 'heading')}")
        title = folded(row[0].own)
        if not row[0].link:
            return Unreadable(row[0].line, f"the title {title!r} has no link, so its source is unknown")
        cells = tuple((spec.name, folded(cell.own)) for spec, cell in zip(columns[1:], row[1:], strict=True))
        alone = len(body) == 1
        rows.append(
            ListedRow(
                name=table.name if table.name and alone else title,
                title=title,
                link=row[0].link.strip(),
                cells=cells,
                line=row[0].line,
                headings=tuple(head),
                leaves=tuple((spec.name, cell) for spec, cell in zip(columns, row, strict=True)),
                summary=table.summary if alone else None,
                note=table.note,
            )
        )
    return rows
