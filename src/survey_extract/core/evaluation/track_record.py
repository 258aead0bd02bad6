"""The answers and decisions of all cells go in; how often each field was right, as people judged, comes out.

An answer was right when the person left it as it was, or changed nothing of
what it means. A cell counts once, by the last verdict on it: the answer looked
at is the one that was judged, else the latest before the verdict. What a list
brought in was judged by nobody, and does not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.cells import Entry
from survey_extract.core.decisions import in_force, stands_sha256
from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.sameness import is_same_value
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.records import Answer, Decision, Verdict

_JUDGING: frozenset[Verdict] = frozenset({"accepted", "edited", "rejected", "not_reported"})


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell with everything that was answered and decided in it, oldest first."""

    spec: FieldSpec
    answers: Sequence[Answer]
    decisions: Sequence[Decision]


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """``right`` of ``of`` decided cells, with the ends of the 95 % interval (Wilson), between 0 and 1."""

    right: int
    of: int
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.right} of {self.of}"


def track_records(cells: Iterable[RuledCell], aliases: Aliases = NO_ALIASES) -> dict[str, TrackRecord]:
    """The record of each field that a person has judged an answer of; of no other field."""
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for cell in cells:
        was_right = was_answer_right(cell, aliases)
        if was_right is not None:
            of[cell.spec.name] += 1
            right[cell.spec.name] += was_right
    return {name: _record(right[name], of[name]) for name in of}


def _record(right: int, of: int) -> TrackRecord:
    return TrackRecord(right, of, *Share(right, of).interval)


def ruled(entries: Iterable[Entry], fields: Fields) -> Iterator[RuledCell]:
    """All cells of some sources."""
    for item in entries:
        for spec in fields:
            answers = [answer for answer in item.answers if answer.field == spec.name]
            yield RuledCell(spec, answers, [d for d in item.decisions if d.field == spec.name])


def was_answer_right(cell: RuledCell, aliases: Aliases = NO_ALIASES) -> bool | None:
    """Whether the last verdict on a cell left its answer as it was; None when no answer was judged, or there was none to judge."""
    for decision in reversed(in_force(cell.decisions)):
        if decision.verdict in _JUDGING and (answer := judged_answer(cell.answers, decision)):
            return None if answer.abstains else left_as_it_was(cell.spec, answer, decision, aliases)
    return None


def judged_answer(answers: Sequence[Answer], decision: Decision) -> Answer | None:
    """The answer that a verdict is on: the one with the hash that was judged, else the latest before it.

    Who rejects something that is no answer (what a newer list says) says nothing about the answer.
    """
    judged = next((a for a in reversed(answers) if a.value_sha256 == decision.judged_sha256), None)
    if judged is not None or decision.verdict == "rejected":
        return judged
    return next((answer for answer in reversed(answers) if answer.at <= decision.at), None)


def left_as_it_was(spec: FieldSpec, answer: Answer, decision: Decision, aliases: Aliases) -> bool:
    """Whether an answer means what stands by a verdict on it."""
    if decision.verdict == "rejected":
        return False
    if answer.value_sha256 == stands_sha256(decision):
        return True
    if answer.quoted or decision.quoted:
        return False  # other sentences of the source than were answered
    return is_same_value(spec, answer.value, decision.value, aliases)
