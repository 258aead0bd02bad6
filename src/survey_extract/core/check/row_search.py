"""A value, its field and a text go in; the rows of tables come out that have cells of the field with the value's figures.

By the headers over a cell or the label beside it, which name the field, and by its unit: a number alone may be in any.
Whether a row says all of the value is for the check to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from survey_extract.core.check.cited_cells import is_about
from survey_extract.core.check.whole import in_any_form
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.tables.table import Cell, Row, Table, cell_words
from survey_extract.core.words.unit_spellings import spellings

LOOKED_AT = 50
"""Rows with the figures of a value that are checked one by one."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def rows_with(spec: FieldSpec, value: str, text: PaperText) -> Iterator[tuple[Sentence, int]]:
    """The rows with cells that are about the field and may have the value, and how many."""
    figures, says = set(_FIGURE.findall(value)), in_any_form(spec, value)

    def may_have(cell: Cell) -> bool:
        here = set(_FIGURE.findall(cell.value))
        is_it = figures <= here if figures else cell.value.casefold().strip() == value.casefold().strip()
        return is_it or (says is not None and says(cell_words(cell)))

    for sentence in text.citable():
        if (held := text.row(sentence)) is not None:
            table, row = held
            about = [cell for cell in row.cells if is_about(cell, row, spec) and _has_unit(spec, cell, row, table)]
            if cells := sum(map(may_have, about)):
                yield sentence, cells


def _has_unit(spec: FieldSpec, cell: Cell, row: Row, table: Table) -> bool:
    """Whether a unit of the field stands at a cell, over it, beside it or in the caption; a number alone may be in any."""
    if not spec.unit:
        return True
    words = " ".join((*cell.header, cell.value, row.group or "", row.label, table.caption))
    return any(_stands_in(name, words) for name in (*spellings(spec.unit), *(name for name, _ in spec.units)))


def _stands_in(unit: str, words: str) -> bool:
    return re.search(rf"(?<![^\W\d_]){re.escape(unit)}(?![\w²³])", words) is not None
