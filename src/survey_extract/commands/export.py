"""The name of a table or view goes in, its bytes in another format come out."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from survey_extract.commands.bibliography import CITED, STYLES, Cited
from survey_extract.commands.output import checked_output
from survey_extract.commands.spreadsheet import as_xlsx
from survey_extract.commands.status import TOTALS, Totals
from survey_extract.commands.survey import Survey, fail, say
from survey_extract.commands.tables import as_csv, as_jsonl, plain
from survey_extract.commands.templates import written
from survey_extract.core.fields import Fields
from survey_extract.core.plural import count_of
from survey_extract.core.printable import printable
from survey_extract.core.readme.table import ShownCell, shown_link
from survey_extract.errors import InputError, SurveyError
from survey_extract.files import write_whole

if TYPE_CHECKING:
    from survey_extract.core.publishing import Publish
    from survey_extract.wiring import DuckWarehouse

Shown = Mapping[tuple[str, str], ShownCell]
"""By link and field, what the README shows."""
_VIEWS = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY 1"


class Nothing(SurveyError):
    """There is nothing to export, and an empty file would look like a survey."""

    exit_code = 1


def export_survey(survey: Survey, style: str, view: str, output: Path | None, publish: Publish | None) -> None:
    """Write a table or view to a file, or to stdout; ``publish`` says which rows, other than the survey does."""
    if style in ("parquet", "xlsx") and output is None and sys.stdout.isatty():
        fail(f"{style} is not for a terminal: give --output FILE")
    place = checked_output(survey, output) if output else None
    with survey.warehouse_by(publish) as warehouse:
        data = export_bytes(warehouse, style, view, survey.shown(warehouse.fields))
    if place is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    write_whole(place, data)
    say(f"{output}: {len(data):,} bytes")


def export_bytes(warehouse: DuckWarehouse, style: str, view: str, shown: Shown = MappingProxyType({})) -> bytes:
    """A table or view, whole. ``shown`` is what the README shows: titles that only a document says, which is not in the cache.

    Raises:
        InputError: there is no such table or view.
        Nothing: it has no row; the message says why.
    """
    views = [name for (name,) in warehouse.rows(_VIEWS)]
    if view not in views:
        raise InputError(f"{view!r} is not a table or view; there are {', '.join(views)}")
    cites = style in STYLES
    counted = "SELECT count(*) FROM sources WHERE published" if cites else f'SELECT count(*) FROM "{view}"'
    if not warehouse.rows(counted)[0][0]:
        raise Nothing(_why_nothing(warehouse, "survey" if cites else view))
    if cites:
        titles = _lost_titles(warehouse, shown)
        cited = [item._replace(title=item.title or titles.get(item.key)).own for item in warehouse.named(Cited, CITED)]
        return printable(STYLES[style](cited)).encode()
    columns_of = _selected(view, _lost_titles(warehouse, shown) if view in _TITLED else {})
    if style == "parquet":
        return _parquet(warehouse, columns_of)
    columns, rows = warehouse.query(columns_of)
    if style == "xlsx":
        return as_xlsx(columns, rows, view)
    if style == "html":
        return printable(_html(columns, rows, view, warehouse.fields)).encode()
    return printable({"csv": as_csv, "jsonl": as_jsonl}[style](columns, rows)).encode()


def _why_nothing(warehouse: DuckWarehouse, view: str) -> str:
    """Why a view has no row, and what to do about it."""
    if view != "survey":
        return f"nothing is exported: {view} has no rows"
    (totals,) = warehouse.named(Totals, TOTALS)
    if not totals.sources:
        return "nothing is exported: sources.csv names no source: survey-extract add"
    said = f"nothing is exported: {totals.published} of {count_of(totals.sources, 'row is', 'rows are')} published"
    if not totals.read:
        return f"{said}: no source has been read yet; survey-extract refresh"
    return (
        f"{said}: a row is published once each of its cells is decided, and {count_of(totals.queue, 'cell waits', 'cells wait')}; survey-extract review; "
        "--publish any exports undecided rows as well, marked as such"
    )


_TITLED = frozenset({"survey", "sources"})
"""Views with the title of a source."""
_UNTITLED = "SELECT key, url FROM sources WHERE title IS NULL AND url IS NOT NULL"


def _lost_titles(warehouse: DuckWarehouse, shown: Shown) -> dict[str, str]:
    """By key, the titles that are known from the README alone."""
    found = {key: shown.get((shown_link(url).removeprefix("./"), "title")) for key, url in warehouse.rows(_UNTITLED)}
    return {key: cell.text for key, cell in found.items() if cell and cell.text}


def _selected(view: str, titles: Mapping[str, str]) -> str:
    """What is asked of a view, with these titles in place of none."""
    if not titles:
        return f'SELECT * FROM "{view}"'
    cases = " ".join(f"WHEN {_literal(key)} THEN {_literal(title)}" for key, title in titles.items())
    return f'SELECT * REPLACE (coalesce(title, CASE key {cases} END) AS title) FROM "{view}"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parquet(warehouse: DuckWarehouse, query: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.parquet"
        warehouse.copy(query, path, "FORMAT parquet, COMPRESSION zstd")
        return path.read_bytes()


# --- HTML -----------------------------------------------------------------------------------------

_LEADS = re.compile(r"https?://")


class _Shown(NamedTuple):
    """A cell as people read it, and where it leads."""

    text: Any
    link: str


def _html(columns: list[str], rows: list[tuple[Any, ...]], view: str, fields: Fields) -> str:
    """The table as a page; a title leads to its source, whose address then needs no column."""
    headings = {spec.name: spec.heading for spec in fields.all}
    columns_shown = [column for column in columns if not (column == "url" and "title" in columns)]
    named = (dict(zip(columns, row, strict=True)) for row in rows)
    return written(
        "table.html.j2",
        view=view,
        headings=[headings.get(column, column) for column in columns_shown],
        rows=([_cell(column, row) for column in columns_shown] for row in named),
    )


def _cell(column: str, row: dict[str, Any]) -> _Shown:
    url = str(row.get("url") or "")
    link = url if column == "title" and _LEADS.match(url) else ""
    return _Shown("" if row[column] is None else plain(row[column]), link)
