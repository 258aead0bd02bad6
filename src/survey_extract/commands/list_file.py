"""The file of a list goes in, its rows come out, in whatever form people keep it: HTML, Markdown, CSV, BibTeX, links."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Literal

from survey_extract.core.fields import Fields
from survey_extract.core.lists.bullets import read_bullets
from survey_extract.core.lists.delimited import read_delimited
from survey_extract.core.lists.entries import rows_of_entries
from survey_extract.core.lists.foreign import ForeignRow, ForeignRows, foreign_rows
from survey_extract.core.lists.headings import meant_by
from survey_extract.core.lists.read import Unreadable
from survey_extract.core.reading.markup import MarkupTable, read_markup
from survey_extract.errors import BadList
from survey_extract.wiring import read_bibliography, read_markdown_tables

Form = Literal["marked", "delimited", "bibliography"]
FORMS: dict[str, Form] = {
    ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".bib": "bibliography", ".bibtex": "bibliography",
}  # fmt: skip
"""By a file's suffix; every other file is read as Markdown with HTML in it."""
BYTES = 10_000_000
"""Of a list; one of ten thousand rows has half of them."""
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WANTED = "a table (HTML, or Markdown with bars), a CSV or TSV file, a BibTeX file, or bullets with links"


def list_text(file: Path, name: str) -> tuple[str, str | None]:
    """The text of a list, and what is to be said of its encoding; errors call it by ``name``.

    Raises:
        BadList: it is too large, or no text.
    """
    if (size := file.stat().st_size) > BYTES:
        raise BadList(f"{name}: {size:,} bytes; a list has at most {BYTES:,}. Nothing was imported")
    data = file.read_bytes()
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        return _in_western(name, data, error)


def _in_western(name: str, data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """The text of a table that a spreadsheet wrote in the encoding of its system; all else is wanted in UTF-8."""
    line = data[: error.start].count(b"\n") + 1
    why = f"{name}:{line}: byte {error.start} (0x{data[error.start]:02X}) is not UTF-8"
    try:
        if FORMS.get(Path(name).suffix.lower()) is None or error.encoding != "utf-8" or b"\0" in data:
            raise BadList(f"{why}; save the file as UTF-8. Nothing was imported")
        return data.decode("cp1252"), f"{why}: the file is read as Latin-1 (Windows-1252); if letters are wrong, save it as UTF-8"  # fmt: skip
    except UnicodeDecodeError:
        raise BadList(f"{why}; save the file as UTF-8. Nothing was imported") from None


def read_list_file(name: str, text: str, fields: Fields, columns: Sequence[str]) -> ForeignRows:
    """The rows of a list of that file name. ``columns`` say what headings mean, as ``--column`` has them.

    Raises:
        BadList: ``columns`` name a field or a heading that is not there.
    """
    form = FORMS.get(PurePath(name).suffix.lower(), "marked")
    if form == "bibliography":
        rows, bad = rows_of_entries(read_bibliography(text))
        found = ForeignRows([ForeignRow(row) for row in rows], bad)
    else:
        found = _tables(form, text, fields, columns)
    if not found.rows and not found.unreadable:
        found.unreadable.append(_nothing(form, text))
    return found


def _tables(form: Form, text: str, fields: Fields, columns: Sequence[str]) -> ForeignRows:
    meant = meant_by(columns, fields)
    table = read_delimited(text) if form == "delimited" else None
    if isinstance(table, Unreadable):
        return ForeignRows(unreadable=[table])
    tables = [table] if table else _marked(text)
    if not tables:
        bullets = read_bullets(text)
        passed_over = list(bullets.remarks) if bullets.rows or bullets.unreadable else []
        return ForeignRows([ForeignRow(row) for row in bullets.rows], bullets.unreadable, passed_over=passed_over)
    found = foreign_rows(tables, fields, meant)
    if form == "marked" and (beside := read_bullets(text).rows):
        lines = ", ".join(str(row.line) for row in beside)
        found.passed_over.append(
            (
                beside[0].line,
                f"not imported: links beside the tables (lines {lines}); put them into a file of their own",
            )
        )
    if wrong := list(meant.unused(found.tables)):
        raise BadList("; ".join(wrong) + ". Nothing was imported")
    return found


def _marked(text: str) -> list[MarkupTable]:
    """The tables of HTML and of Markdown, by their lines."""
    tables = [*read_markup(text).tables, *read_markup(read_markdown_tables(text)).tables]
    return sorted(tables, key=lambda table: table.line)


def _nothing(form: Form, text: str) -> Unreadable:
    """Why nothing was found: a table in Markdown is none where its headings and dashes do not match."""
    if form == "bibliography":
        return Unreadable(1, "there is no entry in it (@article{...})")
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if "|" in line and "--" in line and set(line) <= set("|:- \t"):
            return Unreadable(number, "no table in Markdown: it needs a line of headings above these dashes, with as many columns")  # fmt: skip
    return Unreadable(1, f"there is no table (<table>) in it, and no list of links; {WANTED} can be read")
