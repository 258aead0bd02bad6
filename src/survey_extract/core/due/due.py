"""A document, today's question and all that is known of a source go in; what is resumed, carried over, asked and left comes out.

The one place where this is decided: a run does what it says, and ``--dry-run``
prints it. In this order, for each field that is due: an answer that this very
question got before is used again; one whose sentences are all in
the new text is carried over; a model's is left alone on a night without its
key; the rest is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from survey_extract.core.due.questions import Asking, Due, due_fields, latest_of
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Answer, Decision, Document, Fate

if TYPE_CHECKING:
    from survey_extract.core.due.carry_over import CarriedOver


@dataclass(frozen=True, slots=True)
class Agenda:
    """What becomes of each field that is due; ``fates`` counts what became of the sentences of those looked at."""

    again: tuple[Answer, ...] = ()
    carried: tuple[Answer, ...] = ()
    asked: tuple[Due, ...] = ()
    left: tuple[Due, ...] = ()
    fates: tuple[tuple[Fate, int], ...] = ()


def agenda_of(text: PaperText, case: Case) -> Agenda:
    """What becomes of the fields that are due, worked out in the worker that has the text."""
    return case.agenda(text)


@dataclass(frozen=True, slots=True)
class Case:
    """A source as it is known: its latest document, today's question, and what was answered and decided before.

    ``old_text`` gives the text of an older document, if it is here; ``own``
    are the source's names. ``run`` and ``at`` are stamped on what needs no question.
    """

    document: Document
    asking: Asking
    specs: Sequence[FieldSpec]
    known: Sequence[Answer]
    decisions: Sequence[Decision]
    old_text: Callable[[str], PaperText | None]
    own: tuple[str, ...] = ()
    run: str = ""
    at: str = ""

    def with_texts(self) -> Case:
        """The case as it is sent to a worker: the older texts that it may need are inside, in place of the function that loads them."""
        documents = {answer.document for answer in self.known} | {decision.document for decision in self.decisions}
        olds = {sha256: text for sha256 in documents if sha256 and (text := self.old_text(sha256))}
        return replace(self, old_text=olds.get)

    def due(self, text_sha256: str | None) -> tuple[Due, ...]:
        """The fields that are due if the document's text has this hash; None stands for the text as it was read before."""
        return due_fields(self.specs, self.known, self.document, self.asking, text_sha256)

    def agenda(self, text: PaperText | None, text_sha256: str | None = None) -> Agenda:
        """What becomes of them.

        Without the ``text``, nothing can be carried over, and what is asked is
        what would be, if none of its sentences stood there any more.
        """
        sha256 = text.sha256 if text else text_sha256
        due = self.due(sha256)
        again = {item.spec.name: self._given_before(item, sha256) for item in due}
        others = tuple(item for item in due if again[item.spec.name] is None)
        over = self._carried_over(text, others)
        left = tuple(item for item in over.wanted if self._is_left(item))
        return Agenda(
            again=tuple(answer for answer in again.values() if answer is not None),
            carried=over.answers,
            asked=tuple(item for item in over.wanted if item not in left),
            left=left,
            fates=over.fates,
        )

    def _carried_over(self, text: PaperText | None, due: Sequence[Due]) -> CarriedOver:
        from survey_extract.core.due.carry_over import CarriedOver, Carrier

        if text is None:
            return CarriedOver(wanted=tuple(due))
        return Carrier(
            self.document, text, self.asking, self.known, self.decisions, self.old_text, self.run, self.at, self.own
        ).carry(due)

    def _given_before(self, due: Due, text_sha256: str | None) -> Answer | None:
        """An earlier answer to this very question, given again: the last line of a cell is the one that counts."""
        about = [a for a in self.known if a.field == due.spec.name and a.document == self.document.sha256]
        wanted = text_sha256 or (about[-1].text if about else None)
        given = [
            a
            for a in about
            if a.text == wanted
            and self.asking.is_answered(due.spec, a)
            and (a.model is not None or not self._is_left(due))
        ]
        return replace(given[-1], run=self.run, at=self.at) if given else None

    def _is_left(self, due: Due) -> bool:
        """Whether a model answered whose key is missing tonight: an engine without a model must not replace its answer."""
        latest = latest_of(self.known, due.spec.name)
        return self.asking.keeps_models and latest is not None and latest.model is not None
