"""The latest answer and the decisions of a cell go in; its state and its standing value come out.

The rules, and nothing else decides what is published:

    no decision, no answer        state None
    no decision, an answer        proposed
    a decision, and the latest    the verdict, when the answer is the value that
    answer                        was judged (or there is none); else changed

A decision is bound to the hash of the value judged. The same value coming
back stays decided; a different one queues beside it, and the old one stands
until a person says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from survey_extract.core.records import Answer, Cell, Decision, State, Verdict

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
    """The decision that counts: the latest by time; of the same second, the last line."""
    return max(enumerate(decisions), key=lambda pair: (pair[1].at, pair[0]))[1] if decisions else None


def cell_state(answer: Answer | None, decision: Decision | None) -> State | None:
    """The state of a cell: the truth table at the top of this module."""
    if decision is None:
        return None if answer is None else "proposed"
    if answer is None or decision.judged_sha256 is None or decision.judged_sha256 == answer.value_sha256:
        return decision.verdict
    return "changed"


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
