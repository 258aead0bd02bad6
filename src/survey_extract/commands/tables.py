"""Columns and rows go in, a table, CSV, JSON or Markdown comes out on stdout."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from survey_extract.commands.survey import give
from survey_extract.core.plural import count_of
from survey_extract.core.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

Rows = Sequence[Sequence[Any]]

_RUNS_IN_A_SPREADSHEET = re.compile(
    r"^(?=[\t\r\n=+\-@\uff1d\uff0b\uff0d\uff20])|[;\t\r\n](?=[=+\-@\uff1d\uff0b\uff0d\uff20])"
)
"""Where a formula begins, full width or not: at the start of a cell, or behind what parts cells where commas do not."""


def print_table(columns: Sequence[str], rows: Rows, style: str, *, counted: bool = False) -> None:
    """Print rows. A table is cut to the width of the terminal, all other styles are whole; ``counted`` says on stderr how many."""
    if style == "table":
        _print_rich(columns, rows, counted=counted)
    else:
        give({"csv": as_csv, "json": as_json, "markdown": as_markdown}[style](columns, rows))


def as_csv(columns: Sequence[str], rows: Rows) -> str:
    """CSV in which no cell runs as a formula, whatever parts the cells there: such a text gets an apostrophe before it.

    What acts on a terminal or in a log is escaped, since people look at CSV there; JSON and Parquet keep it as it is.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(map(_inert, columns))
    writer.writerows([[_inert(value) for value in row] for row in rows])
    return text.getvalue()


def _inert(value: Any) -> Any:
    if value == "=":  # a qualifier, and no formula: nothing follows it
        return value
    if isinstance(value, str):
        return printable(_RUNS_IN_A_SPREADSHEET.sub(r"\g<0>'", value))
    if isinstance(value, (list, dict)):
        return _inert(json.dumps(value, ensure_ascii=False, default=str))
    return plain(value)


def as_json(columns: Sequence[str], rows: Rows) -> str:
    objects = [dict(zip(columns, row, strict=True)) for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=1, default=_json) + "\n"


def as_jsonl(columns: Sequence[str], rows: Rows) -> str:
    lines = (json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=_json) for row in rows)
    return "".join(f"{line}\n" for line in lines)


def as_markdown(columns: Sequence[str], rows: Rows) -> str:
    def line(cells: Sequence[Any]) -> str:
        return "| " + " | ".join(_markdown_cell(cell) for cell in cells) + " |\n"

    return line(columns) + "|" + " --- |" * len(columns) + "\n" + "".join(map(line, rows))


def _markdown_cell(value: Any) -> str:
    text = " ".join(str(plain(value)).split()) if value is not None else ""
    return _MARKUP.sub(r"\\\g<0>", text).replace("&", "&amp;").replace("<", "&lt;")


_MARKUP = re.compile(r"[\\|`\[*]|(?<!\w)_|_(?!\w)")
"""What begins code, a link, a picture, a footnote or emphasis, or ends a cell."""


def plain(value: Any) -> Any:
    """A value as people read it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, list):
        return ", ".join(str(plain(part)) for part in value)
    return value


def _json(value: Any) -> str:
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


NARROW = 14
"""Characters a column; with less for each, a row is shown as a record of lines instead."""


def _print_rich(columns: Sequence[str], rows: Rows, *, counted: bool) -> None:
    from survey_extract.commands.console import console

    on = console()
    if rows and on.width < _least(columns, rows):
        _print_records(on, columns, rows)
    else:
        _print_grid(on, columns, rows)
    if counted:
        console(stderr=True).print(count_of(len(rows), "row"), style="dim")


def _least(columns: Sequence[str], rows: Rows) -> int:
    """Characters that a table needs: of each column its longest cell, NARROW at most, and the longest word of its heading."""
    widths = [
        max((len(str(plain(row[at]))) for row in rows if row[at] is not None), default=0) for at in range(len(columns))
    ]
    words = [max(map(len, column.split()), default=0) for column in columns]
    return sum(max(min(width, NARROW), word) + 3 for width, word in zip(widths, words, strict=True)) + 1


def _print_grid(console: Console, columns: Sequence[str], rows: Rows) -> None:
    from rich.table import Table

    from survey_extract.commands.console import words

    table = Table(header_style="bold")
    for column in columns:
        table.add_column(words(column), overflow="fold")
    for row in rows:
        table.add_row(*(words("" if value is None else str(plain(value))) for value in row))
    console.print(table)


def _print_records(console: Console, columns: Sequence[str], rows: Rows) -> None:
    """A row as lines of name and value, where its columns would be too narrow to read."""
    from rich.table import Table

    from survey_extract.commands.console import words

    for number, row in enumerate(rows, start=1):
        console.rule(f"row {number}", align="left")
        lines = Table.grid(padding=(0, 2))
        for column, value in zip(columns, row, strict=True):
            lines.add_row(words(column, "bold"), words("" if value is None else str(plain(value))))
        console.print(lines)
