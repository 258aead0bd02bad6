"""A value that its evidence does not say and a text go in; the rows of tables come out in which a cell of the field has it.

Authors print many figures in a table and nowhere else, and a model that cites
prose leaves them without evidence. So the tool looks through the tables itself.
A row is found where one cell has the value, by the same check as if it had been
cited, and where the headers over that cell, or the label of its row, name the
field. It was cited by nobody: it is on offer, and where two cells fit, nobody
but a reader can say which one is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from survey_extract.core.check.check import check
from survey_extract.core.check.row_search import LOOKED_AT, rows_with
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.records import Evidence, Value


@dataclass(frozen=True, slots=True)
class FittingRow:
    """A row in which ``cells`` cells have the value: the number of its sentence, and where it stands."""

    number: int
    evidence: Evidence
    cells: int


@dataclass(frozen=True, slots=True)
class Tabled:
    """The rows that have a value, in reading order."""

    rows: tuple[FittingRow, ...] = ()

    @property
    def certain(self) -> Evidence | None:
        """The row of the one cell that has it; None where there is none, or more than one."""
        return self.rows[0].evidence if len(self.rows) == 1 and self.rows[0].cells == 1 else None

    @property
    def told(self) -> str | None:
        """What a reader is told of them; None where there is none."""
        if not self.rows:
            return None
        if self.certain is not None:
            return "Found by the tool, and not cited: the value stands in this one cell of the source's tables. It is evidence once you mark it."
        cells = sum(row.cells for row in self.rows)
        return f"Found by the tool, and not cited: {count_of(cells, 'cell')} of the source's tables have the value. Which one is meant, only a reader can say."

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of their sentences."""
        return tuple(row.number for row in self.rows)


def tabled(spec: FieldSpec, value: Value, text: PaperText, own: Sequence[str]) -> Tabled:
    """The rows of a text in which a cell that is about the field has the value; none for a value of several parts."""
    if not isinstance(value, str) or not value.strip() or spec.type in ("names", "choices", "yes_no", "url"):
        return Tabled()
    found: list[FittingRow] = []
    for sentence, cells in islice(rows_with(spec, value, text), LOOKED_AT):
        evidence = pointer(text, sentence)
        terms = check(spec, value, (evidence,), text, tuple(own)).terms
        if terms and all(term.place == "in evidence" for term in terms):
            found.append(FittingRow(sentence.number, evidence, cells))
    return Tabled(tuple(found))
