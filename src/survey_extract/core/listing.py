"""The HTML of a survey list goes in, its rows with their cells and lines come out: what people's lists are like.

The form is that of ``readme.py``; people's HTML is not so neat. Stray spaces,
other indentation, entities, missing closing tags, fewer columns and other
capitals are read as a browser would read them. What cannot be read is named
with its line, so that no row is lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

from survey_extract.core.records import Value
from survey_extract.core.schema import NAME_LIMIT, FieldSpec, fields

_LETTERS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A row as it stands in a list; ``cells`` are (field, text) without the title, "" for an empty cell."""

    name: str
    title: str
    link: str
    cells: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A table that is no row of a survey, and why."""

    line: int
    why: str


def parse_list(text: str) -> tuple[tuple[ListedRow, ...], tuple[Unreadable, ...]]:
    """All rows of a list, and what could not be read."""
    parser = _ListParser()
    parser.feed(text)
    parser.close()
    parser.end_table()
    rows: list[ListedRow] = []
    bad: list[Unreadable] = []
    for table in parser.tables:
        read = _rows(table)
        if isinstance(read, Unreadable):
            bad.append(read)
        else:
            rows += read
    return tuple(rows), tuple(bad)


@dataclass(slots=True)
class _Cell:
    heading: bool
    line: int
    parts: list[str] = field(default_factory=list)
    link: str | None = None

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


@dataclass(slots=True)
class _Table:
    summary: str
    line: int
    rows: list[list[_Cell]] = field(default_factory=list)


class _ListParser(HTMLParser):
    """Gathers tables with the summary before them; a new cell, row or table ends what was left open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._summary: list[str] | None = None
        self._name = ""
        self._table: _Table | None = None
        self._cell: _Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            self.end_table()
            self._name = ""
        elif tag == "summary":
            self.end_table()
            self._summary = []
        elif tag == "table":
            self.end_table()
            self._end_summary()
            self._table = _Table(self._name, self.getpos()[0])
        elif tag == "tr" and self._table:
            self._cell = None
            self._table.rows.append([])
        elif tag in ("td", "th") and self._table:
            if not self._table.rows:
                self._table.rows.append([])
            self._cell = _Cell(tag == "th", self.getpos()[0])
            self._table.rows[-1].append(self._cell)
        elif tag == "a" and self._cell and self._cell.link is None:
            self._cell.link = dict(attrs).get("href")
        elif tag in ("br", "p", "li") and self._cell:
            self._cell.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary":
            self._end_summary()
        elif tag in ("td", "th", "tr"):
            self._cell = None
        elif tag in ("table", "details"):
            self.end_table()

    def handle_data(self, data: str) -> None:
        if self._summary is not None:
            self._summary.append(data)
        elif self._cell is not None:
            self._cell.parts.append(data)

    def _end_summary(self) -> None:
        if self._summary is not None:
            self._name = " ".join("".join(self._summary).split())
            self._summary = None

    def end_table(self) -> None:
        if self._table is not None:
            self.tables.append(self._table)
        self._table, self._cell = None, None


def _rows(table: _Table) -> list[ListedRow] | Unreadable:
    filled = [row for row in table.rows if row]
    heads = [row for row in filled if all(cell.heading for cell in row)]
    if not heads:
        return Unreadable(table.line, "the table has no row of headings (<th>)")
    columns = [_field_of(cell.text) for cell in heads[0]]
    if unknown := [cell for cell, spec in zip(heads[0], columns, strict=True) if spec is None]:
        return Unreadable(unknown[0].line, f"the heading {unknown[0].text!r} is none of this survey's fields")
    if columns[0] is None or columns[0].name != "title":
        return Unreadable(heads[0][0].line, "the first column must be Title")
    if len({spec.name for spec in columns if spec}) < len(columns):
        return Unreadable(heads[0][0].line, "a heading stands twice")
    body = [row for row in filled if row not in heads]
    if not body:
        return Unreadable(table.line, "the table has no row under its headings")
    return _read_rows(table, [spec for spec in columns if spec], body)


def _read_rows(
    table: _Table, columns: Sequence[FieldSpec], body: Sequence[Sequence[_Cell]]
) -> list[ListedRow] | Unreadable:
    rows: list[ListedRow] = []
    for row in body:
        if len(row) != len(columns):
            return Unreadable(row[0].line, f"{len(row)} cells under {len(columns)} headings")
        if not row[0].link:
            return Unreadable(row[0].line, f"the title {row[0].text!r} has no link, so its source is unknown")
        cells = tuple((spec.name, cell.text) for spec, cell in zip(columns[1:], row[1:], strict=True))
        name = table.summary if table.summary and len(body) == 1 else row[0].text
        rows.append(ListedRow(name, row[0].text, row[0].link.strip(), cells, row[0].line))
    return rows


def _field_of(heading: str) -> FieldSpec | None:
    """The field with that heading, whatever its capitals, spaces and punctuation."""
    wanted = _LETTERS.sub("", heading.lower())
    return next((spec for spec in fields() if _LETTERS.sub("", spec.heading.lower()) == wanted), None)


_COMMA = re.compile(r",\s+(?![^()\[\]]*[)\]])")


def value_of(spec: FieldSpec, text: str) -> Value:
    """A cell's text as a value: the names of a list are split where joining them gives the same text again."""
    if not text:
        return None
    if not spec.is_list:
        return text
    names = tuple(_COMMA.split(text))
    return names if ", ".join(names) == text and all(0 < len(name) <= NAME_LIMIT for name in names) else (text,)
