"""A value and a text go in, what code finds out about them comes out, in a worker with limits.

A text is a stranger's, so going through it may take too long, or end the process that does it. Each function here says
what becomes of the cell then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_extract.core.audit import Auditable, audits_of
from survey_extract.core.check.carrying import carrying
from survey_extract.core.check.check import check
from survey_extract.core.check.tabled import Tabled, tabled
from survey_extract.core.due.carry_over import Passage, passages_in
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import TextWork
from survey_extract.core.records import Audit, Check, Evidence, Value
from survey_extract.errors import InputError, ReadError


@dataclass(frozen=True, slots=True)
class Checks:
    """The work of the core that goes through texts while a cell is shown or decided."""

    work: TextWork

    def check(
        self, spec: FieldSpec, value: Value, evidence: tuple[Evidence, ...], text: PaperText, own: tuple[str, ...]
    ) -> Check:
        """The check of a value against a text.

        Raises:
            InputError: it took too long, or ended its worker.
        """
        try:
            return self.work.do(check, spec, value, evidence, text, own)
        except ReadError as error:
            raise InputError(f"{spec.heading} was not checked, and nothing was decided: {error}") from error

    def carrying(
        self, spec: FieldSpec, value: Value, marked: tuple[Evidence, ...], text: PaperText, own: tuple[str, ...]
    ) -> tuple[Evidence, ...]:
        """Sentences that say what of a value the marked ones do not; none when the search takes too long."""
        try:
            return self.work.do(carrying, spec, value, marked, text, own)
        except ReadError:
            return ()

    def tabled(self, spec: FieldSpec, value: Value, text: PaperText, own: tuple[str, ...]) -> Tabled:
        """The rows of tables that have a value; none when the search takes too long."""
        try:
            return self.work.do(tabled, spec, value, text, own)
        except ReadError:
            return Tabled()

    def passages(
        self, text: PaperText, evidence: Sequence[Evidence], old: PaperText | None, words: Mapping[str, str]
    ) -> tuple[Passage, ...]:
        """What became of the sentences of an older document or text; none when the search takes too long."""
        try:
            return self.work.do(passages_in, text, evidence, old, words)
        except ReadError:
            return ()

    def audits(
        self, text: PaperText, own: tuple[str, ...], fields: Fields, item: Auditable, at: str
    ) -> tuple[Audit, ...]:
        """The audit of a value that will stand; none when it takes too long: then the next run makes it."""
        try:
            return tuple(self.work.do(audits_of, text, item.document, own, fields, [item], at))
        except ReadError:
            return ()
