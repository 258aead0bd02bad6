"""Columns and rows go in, a workbook of Excel's comes out: texts stay texts, nothing in it runs."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from survey_extract.commands.tables import plain
from survey_extract.core.printable import printable

MOST = 32_767
"""Characters that a cell of Excel holds."""
CUT = " … (cut: a cell holds 32,767 characters)"
WIDTHS = (8, 60)
"""The narrowest and the widest column, in characters."""
_MADE = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""What a workbook gives for its own time: the same rows give the same bytes."""


def as_xlsx(columns: Sequence[str], rows: Sequence[Sequence[Any]], name: str) -> bytes:
    """One sheet with a frozen line of headings and a filter over it. ``name`` is the sheet's."""
    import xlsxwriter  # type: ignore[import-untyped]

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE})
        sheet, wrapped = book.add_worksheet(name[:31]), book.add_format({"text_wrap": True, "valign": "top"})
        for column, heading in enumerate(columns):
            sheet.write_string(0, column, heading, book.add_format({"bold": True}))
            sheet.set_column(column, column, _width(heading, [row[column] for row in rows]), wrapped)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                _write(sheet, line, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    return held.getvalue()


def _write(sheet: Any, line: int, column: int, value: Any) -> None:
    """A value as what it is: a formula or an address is text like any other."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, (int, float)):
        sheet.write_number(line, column, value)
    else:
        sheet.write_string(line, column, _text(value))


def _text(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else str(plain(value))
    text = printable(text)
    return text if len(text) <= MOST else text[: MOST - len(CUT)] + CUT


def _width(heading: str, values: Sequence[Any]) -> int:
    longest = max((len(_text(value)) for value in values if value is not None), default=0)
    return min(max(len(heading) + 3, longest, WIDTHS[0]), WIDTHS[1])
