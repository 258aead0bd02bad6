"""The answers, decisions and audits of a source go in, its cells with their values and quotes come out.

Everything said about a value is about the value that is shown: its evidence, its
check and its engine are kept apart from those of what is proposed beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from survey_extract.core.decisions import (
    cell_state,
    is_imported,
    latest_answer,
    proposal,
    standing_decision,
    stands,
    stands_sha256,
)
from survey_extract.core.evidence import Quote, Quoter, as_text, quoted_value
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.newest import audit_against, in_newest, is_known, is_of, is_repeated, rests_on_older
from survey_extract.core.opinions import opinion_on
from survey_extract.core.publishing import Publish, is_shown, unpublished_because
from survey_extract.core.records import (
    Answer,
    Audit,
    AuditOf,
    Cell,
    Check,
    Decision,
    Document,
    Evidence,
    Opinion,
    Source,
    Value,
)

NOT_READ = "not read yet"
"""Why a source has no row of which no document was ever fetched."""

QuoterOf = Callable[[str], Quoter | None]
"""The quoter of a document by its hash; None while its text is not in the cache."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A source with all that is known of it: one row of the survey, published or not."""

    source: Source
    documents: tuple[Document, ...]
    answers: tuple[Answer, ...]
    decisions: tuple[Decision, ...]
    audits: tuple[Audit, ...]
    cells: tuple[Cell, ...]
    unpublished: str | None
    """Why its row is not shown, in words; None when it is."""
    opinions: tuple[Opinion, ...] = ()
    publish: Publish = "reviewed"
    """By which rule."""

    @property
    def published(self) -> bool:
        return self.unpublished is None

    @property
    def document(self) -> Document | None:
        """The latest document."""
        return self.documents[-1] if self.documents else None

    def shows(self, cell: Cell) -> bool:
        """Whether the row, where it is published, shows the value of one of its cells."""
        return is_shown(cell, self.publish)

    def cell(self, field: str) -> Cell:
        """The cell of a field."""
        return next(cell for cell in self.cells if cell.field == field)


def entry(
    source: Source,
    documents: tuple[Document, ...],
    answers: tuple[Answer, ...],
    decisions: tuple[Decision, ...],
    audits: tuple[Audit, ...],
    quoter_of: QuoterOf,
    publish: Publish,
    fields: Fields,
    opinions: tuple[Opinion, ...] = (),
    stood: Collection[frozenset[str]] = (),
) -> Entry:
    """Bring together what the archive holds of a source. ``stood``: with which fields it was in the table, all of them decided."""
    cells = tuple(
        cell(
            source.key,
            spec,
            [a for a in answers if a.field == spec.name],
            [d for d in decisions if d.field == spec.name],
            [a for a in audits if a.field == spec.name],
            quoter_of,
            [o for o in opinions if o.field == spec.name],
            documents[-1].sha256 if documents else None,
        )
        for spec in fields
    )
    why = unpublished_because(cells, publish, stood)
    if why and not documents and not decisions:
        why = NOT_READ
    return Entry(source, documents, answers, decisions, audits, cells, why, opinions, publish)


def cell(
    key: str,
    spec: FieldSpec,
    answers: Sequence[Answer],
    decisions: Sequence[Decision],
    audits: Sequence[Audit],
    quoter_of: QuoterOf,
    opinions: Sequence[Opinion] = (),
    newest: str | None = None,
) -> Cell:
    """One cell, from what the archive holds of that field; ``newest`` is the latest document of its source."""
    answer, decision = latest_answer(answers), standing_decision(decisions)
    proposed = proposal(answer, decisions)
    state = cell_state(proposed, decisions, is_same=spec.is_same_quantity)
    quotes = quotes_of(proposed.document, proposed.evidence, quoter_of) if proposed else ()
    checked = _proposed_check(proposed, audits)
    said = answer_value(proposed, quoter_of) if proposed else None
    second = opinion_on(opinions, "second", proposed)
    shown = Cell(
        key, spec.name, state, answer, decision, proposed,
        proposed=said, proposed_check=checked, missing_quotes=sum(quote.words is None for quote in quotes),
        imported=is_imported(decisions), second=second, second_value=opinion_value(second, quoter_of),
        entailed=opinion_on(opinions, "judge", proposed),
    )  # fmt: skip
    if decision is not None and stands(decision):
        standing = _with_standing(shown, spec, decision, answers, audits, quoter_of)
        is_older = is_of(decision, newest) or rests_on_older(decision, decisions, newest)
        return _held(standing, decision, decisions, newest, audits, quoter_of) if newest and is_older else standing
    if state != "proposed" or proposed is None:
        return shown
    return replace(shown, value=said, document=proposed.document or None, evidence=proposed.evidence, check=checked)


def _with_standing(
    shown: Cell,
    spec: FieldSpec,
    decision: Decision,
    answers: Sequence[Answer],
    audits: Sequence[Audit],
    quoter_of: QuoterOf,
) -> Cell:
    """The cell with all that is said about the value that stands."""
    answer = shown.answer
    document, evidence = standing_evidence(answer, decision)
    audit = audit_of("standing", stands_sha256(decision), decision.evidence, audits)
    return replace(
        shown,
        value=decided_value(decision, answer, quoter_of),
        document=document,
        evidence=evidence,
        check=audit.check if audit else _check_when_judged(decision, answers),
        support=audit.support if audit and not evidence else (),
        unfit=spec.unfit(decision),
    )


def _held(
    cell: Cell,
    decision: Decision,
    decisions: Sequence[Decision],
    newest: str,
    audits: Sequence[Audit],
    quoter_of: QuoterOf,
) -> Cell:
    """The cell with what the newest document says of a value decided in an older one, or on another text of it; unchanged while that was not audited."""
    audit = audit_against(newest, stands_sha256(decision) or "", decision.evidence, audits)
    if audit is None or is_known(audit, decision, decisions, audits):
        return cell
    found = in_newest(audit, decision)
    if found == "same" and newest == decision.document:
        return cell  # it points there itself
    cell = replace(cell, sentences_gone=audit.sentences_gone)
    answer, doubt = cell.answer, cell.proposed_check.state if cell.proposed_check else None
    if found in ("reworded", "unplaced") and is_repeated(
        decision, answer, audit, is_doubted=doubt not in (None, "in evidence")
    ):
        found, cell = "same", replace(cell, check=audit.check)
    if found != "same":
        return replace(
            cell, document=decision.document, evidence=decision.evidence, check=audit.check, support=audit.support,
            newest=newest, in_newest=found,
        )  # fmt: skip
    value = cell.value
    if value is None and decision.quoted:
        value = quoted_value(quotes_of(newest, audit.support, quoter_of))
    places = audit.support if decision.evidence else ()
    document = newest if places else cell.document
    return replace(cell, value=value, document=document, evidence=places, newest=newest, in_newest=found)


def audit_of(of: AuditOf, sha256: str | None, evidence: Sequence[Evidence], audits: Sequence[Audit]) -> Audit | None:
    """The last audit of this very value on this very evidence; None when there was none."""
    pointed = [item.sha256 for item in evidence]
    made = [
        audit
        for audit in audits
        if (audit.of, audit.value_sha256) == (of, sha256) and [item.sha256 for item in audit.evidence] == pointed
    ]
    return made[-1] if made else None


def _proposed_check(proposed: Answer | None, audits: Sequence[Audit]) -> Check | None:
    if proposed is None:
        return None
    audit = audit_of("proposed", proposed.value_sha256, proposed.evidence, audits)
    return audit.check if audit and audit.check.rules >= proposed.check.rules else proposed.check


def _check_when_judged(decision: Decision, answers: Sequence[Answer]) -> Check | None:
    """The check of the answer that was accepted as it was, None for a person's own words."""
    pointed = [item.sha256 for item in decision.evidence]
    for answer in reversed(answers):
        same = answer.value_sha256 == stands_sha256(decision) and [item.sha256 for item in answer.evidence] == pointed
        if decision.verdict == "accepted" and same:
            return answer.check
    return None


def origin(cell: Cell, answers: Sequence[Answer]) -> Answer | None:
    """The answer that the value which is shown came from; None when a person or a list wrote it, or nothing is shown."""
    decision = cell.decision
    if decision is None or not stands(decision):
        return cell.proposal if cell.state == "proposed" else None
    if decision.verdict not in ("accepted", "not_reported"):
        return None
    return next((a for a in reversed(answers) if a.value_sha256 == stands_sha256(decision)), None)


def standing_evidence(answer: Answer | None, decision: Decision) -> tuple[str | None, tuple[Evidence, ...]]:
    """The document and the sentences that a standing value points at.

    A decision points into the version it was judged in; where the latest
    answer holds all of its sentences, by their hashes, into that newer one.
    """
    if not decision.evidence:
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


def opinion_value(opinion: Opinion | None, quoter_of: QuoterOf) -> Value:
    """What a second engine answered; a quote is cut from the text, as for an answer."""
    if opinion is None or not opinion.quoted:
        return opinion.value if opinion else None
    return quoted_value(quotes_of(opinion.document, opinion.evidence, quoter_of))


def decided_value(decision: Decision, answer: Answer | None, quoter_of: QuoterOf) -> Value:
    """The value that stands by a decision; a quote is cut from the document it was judged in, else, by its hash, from the newer one."""
    if not decision.quoted:
        return decision.value
    for document in dict.fromkeys((decision.document, answer.document if answer else None)):
        value = quoted_value(quotes_of(document, decision.evidence, quoter_of)) if document else None
        if value is not None:
            return value
    return None


def quotes_of(document: str, evidence: Sequence[Evidence], quoter_of: QuoterOf) -> tuple[Quote, ...]:
    """Each pointer with its words, or as missing."""
    quoter = quoter_of(document) if evidence else None
    return tuple(quoter.quote(item) if quoter else Quote(item, "missing", None, None) for item in evidence)


def shown(value: Value) -> str | None:
    """A value as it stands in a table; None stays None."""
    return None if value is None else as_text(value)
