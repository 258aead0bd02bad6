"""The answers and decisions of a source go in, its cells with their values and quotes come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from survey_extract.core.evidence import Quote, Quoter, as_text, quoted_value
from survey_extract.core.records import Answer, Cell, Decision, Document, Evidence, Source, Value
from survey_extract.core.review import Publish, cell_state, is_published, latest_answer, standing_decision, stands
from survey_extract.core.schema import asked_fields

QuoterOf = Callable[[str], Quoter | None]
"""The quoter of a document by its hash; None while its text is not in the cache."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source with all that is known of it: one row of the survey, published or not."""

    source: Source
    documents: tuple[Document, ...]
    answers: tuple[Answer, ...]
    decisions: tuple[Decision, ...]
    cells: tuple[Cell, ...]
    published: bool

    @property
    def document(self) -> Document | None:
        """The latest document."""
        return self.documents[-1] if self.documents else None


def entry(
    source: Source,
    documents: tuple[Document, ...],
    answers: tuple[Answer, ...],
    decisions: tuple[Decision, ...],
    quoter_of: QuoterOf,
    publish: Publish,
) -> Entry:
    """Bring together what the archive holds of a source."""
    cells = tuple(
        _cell(
            source.key,
            spec.name,
            [a for a in answers if a.field == spec.name],
            [d for d in decisions if d.field == spec.name],
            quoter_of,
        )
        for spec in asked_fields()
    )
    return Entry(source, documents, answers, decisions, cells, is_published(cells, publish))


def _cell(key: str, field: str, answers: Sequence[Answer], decisions: Sequence[Decision], quoter_of: QuoterOf) -> Cell:
    answer, decision = latest_answer(answers), standing_decision(decisions)
    proposed = answer_value(answer, quoter_of) if answer else None
    standing = decided_value(decision, answer, quoter_of) if decision and stands(decision) else None
    quotes = quotes_of(answer.document, answer.evidence, quoter_of) if answer else ()
    document, evidence = standing_evidence(answer, decision)
    return Cell(
        key=key,
        field=field,
        state=cell_state(answer, decision),
        answer=answer,
        decision=decision,
        value=standing if stands(decision) else proposed if decision is None else None,
        proposed=proposed,
        missing_quotes=sum(quote.words is None for quote in quotes),
        document=document,
        evidence=evidence,
    )


def standing_evidence(answer: Answer | None, decision: Decision | None) -> tuple[str | None, tuple[Evidence, ...]]:
    """The document and the sentences that the standing value points at.

    A decision points into the version it was judged in; where the latest
    answer holds all of its sentences, by their hashes, into that newer one.
    """
    if not stands(decision):
        return (answer.document, answer.evidence) if answer and decision is None else (None, ())
    if decision is None or not decision.evidence:
        return None, ()
    newer = {item.sha256: item for item in answer.evidence} if answer else {}
    if answer and all(item.sha256 in newer for item in decision.evidence):
        return answer.document, tuple(newer[item.sha256] for item in decision.evidence)
    return decision.document, decision.evidence


def answer_value(answer: Answer, quoter_of: QuoterOf) -> Value:
    """What an answer says; a quoted one is cut from the text, None while that is not in the cache."""
    if not answer.quoted:
        return answer.value
    return quoted_value(quotes_of(answer.document, answer.evidence, quoter_of))


def decided_value(decision: Decision, answer: Answer | None, quoter_of: QuoterOf) -> Value:
    """What stands by a decision; a quote is cut from the document it was judged in, else from the newer one, by its hash."""
    if not decision.quoted:
        return decision.value
    for document in dict.fromkeys((decision.document, answer.document if answer else None)):
        value = quoted_value(quotes_of(document, decision.evidence, quoter_of)) if document else None
        if value is not None:
            return value
    return None


def quotes_of(document: str, evidence: Sequence[Evidence], quoter_of: QuoterOf) -> tuple[Quote, ...]:
    """Each pointer with its words, or as missing."""
    quoter = quoter_of(document)
    return tuple(quoter.quote(item) if quoter else Quote(item, "missing", None, None) for item in evidence)


def shown(value: Value) -> str | None:
    """A value as it stands in a table; None stays None."""
    return None if value is None else as_text(value)
