"""The latest answer and the decisions of a cell go in; its state and its standing value come out.

The rules, and nothing else decides what is published:

    no decision, no answer           state None
    no decision, an answer           proposed
    a decision, no answer            the verdict
    a decision, the answer says      the verdict
    what was judged, or what stands
    a decision, any other answer     changed

A decision is bound to the hash of the value judged. The same value coming
back stays decided; a different one queues beside it, and the old one stands
until a person says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Answer, Cell, Decision, Evidence, State, Value, Verdict

Publish = Literal["reviewed", "any"]

STANDING: frozenset[Verdict] = frozenset({"accepted", "edited", "imported", "not_reported"})
"""Verdicts that leave a cell with a value that may be published; "not reported" is one."""


def latest_answer(answers: Iterable[Answer]) -> Answer | None:
    """The answer that counts: the last one given. The archive appends, so the last line is the latest."""
    last = None
    for answer in answers:
        last = answer
    return last


def standing_decision(decisions: Sequence[Decision]) -> Decision | None:
    """The decision that counts: the latest by time, of the same moment the last line.

    ``undone`` takes one back; what a newer list ``suggested`` stands for nothing.
    """
    standing: list[Decision] = []
    for decision in sorted(decisions, key=lambda decision: decision.at):
        if decision.verdict == "suggested":
            continue
        if decision.verdict != "undone":
            standing.append(decision)
        elif standing:
            standing.pop()
    return standing[-1] if standing else None


def conflicts(decisions: Sequence[Decision]) -> tuple[tuple[Decision, Decision], ...]:
    """Pairs in which two people decided differently on one cell in the same second: clocks do not tell who was later."""
    found: list[tuple[Decision, Decision]] = []
    for index, one in enumerate(decisions):
        for other in decisions[index + 1 :]:
            same_cell = (one.field, one.at[:19]) == (other.field, other.at[:19])  # to the second
            if same_cell and one.by != other.by and (one.verdict, one.value) != (other.verdict, other.value):
                found.append((one, other))
    return tuple(found)


def cell_state(answer: Answer | None, decision: Decision | None) -> State | None:
    """The state of a cell: the table at the top of this module."""
    if decision is None or decision.verdict == "undone":
        return None if answer is None else "proposed"
    if decision.verdict == "suggested":  # never the standing one
        return cell_state(answer, None)
    if answer is None or answer.value_sha256 in (decision.judged_sha256, _stands_sha256(decision)):
        return decision.verdict
    return "changed"


def _stands_sha256(decision: Decision) -> str | None:
    """Hash of what stands by a decision; a quote's is that of the value judged, and by a rejection nothing stands."""
    if decision.verdict == "rejected":
        return None
    return decision.judged_sha256 if decision.quoted else value_sha256(decision.value)


def decide(
    verdict: Verdict,
    field: str,
    answer: Answer | None,
    *,
    by: str,
    at: str,
    value: Value = None,
    evidence: tuple[Evidence, ...] | None = None,
    reason: str | None = None,
) -> Decision:
    """A person's decision on the latest answer of a cell.

    ``value`` is what an edit says; an accepted answer keeps its own.
    ``evidence`` is what the person left of it, None for all of it.
    """
    quoted = verdict == "accepted" and answer is not None and answer.quoted
    kept = evidence if evidence is not None else answer.evidence if answer else ()
    accepted = answer.value if answer and verdict == "accepted" else None
    return Decision(
        field=field,
        verdict=verdict,
        judged_sha256=answer.value_sha256 if answer else value_sha256(value) if verdict == "imported" else None,
        value=value if verdict in ("edited", "imported") else accepted,
        quoted=quoted,
        evidence=kept if verdict in ("accepted", "edited") else (),
        document=answer.document if answer else None,
        by=by,
        at=at,
        reason=reason,
    )


def stands(decision: Decision | None) -> bool:
    """Whether a decision leaves the cell with a value (or "not reported") that may be published."""
    return decision is not None and decision.verdict in STANDING


def is_published(cells: Sequence[Cell], publish: Publish) -> bool:
    """Whether a source's row is shown.

    ``reviewed`` wants a standing decision in every cell; ``any`` wants one
    cell with something in it, decided or not.
    """
    if publish == "reviewed":
        return bool(cells) and all(stands(cell.decision) for cell in cells)
    return any(cell.answer is not None or stands(cell.decision) for cell in cells)
