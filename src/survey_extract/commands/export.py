"""The name of a table or view goes in, its bytes in another format come out."""

from __future__ import annotations

import html
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey_extract.commands.tables import as_csv, as_jsonl, plain
from survey_extract.core.fields import Fields
from survey_extract.core.printable import printable
from survey_extract.errors import InputError, SurveyError

if TYPE_CHECKING:
    from survey_extract.adapters.warehouse import DuckWarehouse


class Nothing(SurveyError):
    """There is nothing to export, and an empty file would look like a survey."""

    exit_code = 1


def export_bytes(warehouse: DuckWarehouse, style: str, view: str) -> bytes:
    """A table or view, whole.

    Raises:
        InputError: there is no such table or view.
        Nothing: it has no row; the message says why.
    """
    views = [
        name
        for (name,) in warehouse.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"
        )
    ]
    if view not in views:
        raise InputError(f"{view!r} is no table or view; there are {', '.join(views)}")
    counted = "SELECT count(*) FROM sources WHERE published" if style == "bibtex" else f'SELECT count(*) FROM "{view}"'
    if not warehouse.rows(counted)[0][0]:
        raise Nothing(_why_nothing(warehouse, "survey" if style == "bibtex" else view))
    if style == "bibtex":
        return printable(_bibtex(warehouse)).encode()
    if style == "parquet":
        return _parquet(warehouse, view)
    columns, rows = warehouse.query(f'SELECT * FROM "{view}"')
    if style == "html":
        return printable(_html(columns, rows, view, warehouse.fields)).encode()
    return printable((as_csv if style == "csv" else as_jsonl)(columns, rows)).encode()


def _why_nothing(warehouse: DuckWarehouse, view: str) -> str:
    """Why a view has no row, and what to do about it."""
    ((total, published),) = warehouse.rows("SELECT count(*), count(*) FILTER (published) FROM sources")
    if view != "survey":
        return f"nothing is exported: {view} has no row"
    if not total:
        return "nothing is exported: sources.csv names no source; survey-extract add"
    ((read,),), ((waiting,),) = (
        warehouse.rows(sql)
        for sql in ("SELECT count(*) FROM sources WHERE document IS NOT NULL", "SELECT count(*) FROM queue")
    )
    said = f"nothing is exported: {published} of {total} rows are published"
    if not read:
        return f"{said}, since no source was read yet: survey-extract refresh"
    return (
        f"{said}, since a row is when each of its cells is decided, and {waiting} cells wait: survey-extract review; "
        "--publish any exports undecided rows as well, marked as such"
    )


def _parquet(warehouse: DuckWarehouse, view: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.parquet"
        warehouse.copy(f'SELECT * FROM "{view}"', path, "FORMAT parquet, COMPRESSION zstd")
        return path.read_bytes()


# --- BibTeX ---------------------------------------------------------------------------------------

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: "\\" + c for c in "{}&%$#_"
}


def _bibtex(warehouse: DuckWarehouse) -> str:
    rows = warehouse.rows(
        """SELECT key, kind, source, title, authors, strftime(published_on, '%Y'), version, url FROM sources
           WHERE published ORDER BY position"""
    )
    return "\n".join(_entry(*row) for row in rows)


def _entry(
    key: str,
    kind: str,
    source: str,
    title: str | None,
    authors: list[str] | None,
    year: str | None,
    version: str | None,
    url: str,
) -> str:
    entry: dict[str, Any] = {
        "title": f"{{{_tex(title or source)}}}",
        "author": " and ".join(map(_tex, authors or ())),
        "year": year,
    }
    if kind == "arxiv":
        entry |= {"eprint": source + (version or ""), "archiveprefix": "arXiv"}
    entry["url"] = None if kind == "file" else url
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in entry.items() if value)
    return f"@misc{{{key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(char, char) for char in text)


# --- HTML -----------------------------------------------------------------------------------------

_STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem}"
    "table{border-collapse:collapse}th,td{border:1px solid #8888;padding:.4rem .6rem;text-align:left;vertical-align:top}"
    "th{position:sticky;top:0;background:Canvas}"
)


def _html(columns: list[str], rows: list[tuple[Any, ...]], view: str, fields: Fields) -> str:
    headings = {spec.name: spec.heading for spec in fields.all}
    shown = [column for column in columns if not (column == "url" and "title" in columns)]
    head = "".join(f"<th>{html.escape(headings.get(column, column))}</th>" for column in shown)
    body = "\n".join(
        f"<tr>{''.join(_cell(column, dict(zip(columns, row, strict=True))) for column in shown)}</tr>" for row in rows
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(view)}</title><style>{_STYLE}</style></head>\n'
        f"<body><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table></body></html>\n"
    )


def _cell(column: str, row: dict[str, Any]) -> str:
    text = html.escape("" if row[column] is None else str(plain(row[column])))
    url = str(row.get("url") or "")
    if column == "title" and re.match(r"https?://", url):
        text = f'<a href="{html.escape(url)}">{text}</a>'
    return f"<td>{text}</td>"
