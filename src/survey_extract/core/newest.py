"""What was decided in an older version, and the audit of it in the newest, go in; whether it still stands there comes out.

A decision is made in sight of one version and goes on standing when another
comes. So it is checked against that one once (``core/due/holding.py``), and this
says what follows. Where its sentences are there word for word, its pointers lead
there. Where they are reworded so that it cannot matter (``core/due/rewording.py``),
a person should look. Where one is gone or may say something else, or a figure is
gone, readers are told as well: whatever an engine answers now, it does so on
other words than the person did. Whoever looks and keeps the value has decided
for that version, and it rests.

The same is done where the version is the same and its text is not: a newer
reader reads some sentences otherwise. Where one that was decided on is not
found, the value stands as it did, and a person is asked which sentence it is now.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey_extract.core.decisions import in_force, stands, stands_sha256
from survey_extract.core.records import Answer, Audit, Decision, Evidence, InNewest


def rests_on_older(standing: Decision, decisions: Sequence[Decision], newest: str | None) -> bool:
    """Whether what stands in a cell was decided in sight of other documents alone than the ``newest`` of its source.

    A list has seen none, and "not reported" has nothing that could be looked for.
    """
    says_something = stands(standing) and (standing.quoted or standing.value is not None)
    if newest is None or standing.document is None or not says_something:
        return False
    return newest != standing.document and all(decision.upheld != newest for decision in in_force(decisions))


def is_of(standing: Decision, newest: str | None) -> bool:
    """Whether what stands was decided on sentences of the ``newest`` document itself, which a newer reader may read otherwise."""
    return newest is not None and newest == standing.document and bool(standing.evidence) and stands(standing)


def audit_against(newest: str, sha256: str, evidence: Sequence[Evidence], audits: Sequence[Audit]) -> Audit | None:
    """The audit that checked a value against that document; None while there is none, as where its text is not in the cache."""
    pointed = [item.sha256 for item in evidence]
    made = [
        audit
        for audit in audits
        if (audit.of, audit.document, audit.value_sha256) == ("newest", newest, sha256)
        and [item.sha256 for item in audit.evidence] == pointed
    ]
    return made[-1] if made else None


def in_newest(audit: Audit, standing: Decision) -> InNewest:
    """Whether the document of an audit says what stands; what a person vouched for was not in the older one either."""
    if audit.document == standing.document:
        return "same" if {fate for fate, _ in audit.fates} <= {"same", "moved"} else "unplaced"
    if not all(standing.vouches_for(term) for term in audit.lost):
        return "gone"
    if audit.sentences_gone:
        return "gone"
    if {fate for fate, _ in audit.fates} <= {"same", "moved"}:
        return "same"
    return "reworded" if audit.check.state in (None, "in evidence") or not audit.worse else "gone"


def is_known(audit: Audit, standing: Decision, decisions: Sequence[Decision], audits: Sequence[Audit]) -> bool:
    """Whether a person kept the value in sight of another document that bears it in the same way: a page may change every night."""
    seen = {decision.upheld for decision in in_force(decisions)} - {None}
    before = (audit_against(sha256, audit.value_sha256, standing.evidence, audits) for sha256 in seen if sha256)
    return any(_finding(one) == _finding(audit) for one in before if one is not None)


def _finding(audit: Audit) -> tuple[object, ...]:
    """What an audit found, apart from where it stands on the pages."""
    return sorted(audit.fates), audit.lost, [item.sha256 for item in (*audit.support, *audit.instead)]


def is_repeated(standing: Decision, answer: Answer | None, audit: Audit, *, is_doubted: bool) -> bool:
    """Whether an engine that read the document of an audit gave the standing value again, with evidence, and no check doubts it.

    Its word counts only where the sentences that were decided on are there, in words that can mean nothing else.
    Of the document that the value was decided in, it must have read the same text: its sentences may be the ones that are lost.
    """
    if answer is None or answer.document != audit.document or not answer.evidence or is_doubted or audit.sentences_gone:
        return False
    if audit.document == standing.document and answer.text != audit.text:
        return False
    return answer.value_sha256 == stands_sha256(standing)
