"""What is proposed for a cell and the decisions on it go in; its state, and its current value, come out.

The rules, and nothing else decides what stands in a cell:

    no decision, nothing proposed       state None
    no decision, a proposal             proposed
    a decision, nothing proposed        the verdict
    a decision, the proposal says       the verdict
    what was judged, or what stands
    a decision, any other proposal      changed, or proposed where nothing stands

An engine without a model that found no sentence proposes nothing against what stands, in whatever version that was judged:
what became of its sentences is told by the audits (``core/newest.py``).

A verdict is bound to the hash of the value that was judged. Rejecting a
proposal says nothing about the current value: that stays, and the same
proposal never queues again. The current value is taken back by a verdict of its
own, ``removed``. The same value coming back stays decided; a different one
queues beside it, and the old one stays until a person says otherwise.

A blind decision is made on the source alone, by a person who saw neither a
proposal nor what others decided. It counts where there is no value, and is kept
beside the value where there is one: whoever has not seen a value does not overrule it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import count
from operator import eq

from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.moments import later_than
from survey_extract.core.records import Answer, Check, Decision, Evidence, State, Value, Verdict

STANDING: frozenset[Verdict] = frozenset({"accepted", "edited", "imported", "not_reported"})
"""Verdicts that leave a cell with a value that may be published; "not reported" is one."""
ASIDE: frozenset[Verdict] = frozenset({"suggested", "pointed"})
"""Verdicts that judge no value."""
ON_WHAT_STANDS: frozenset[Verdict] = STANDING | {"removed"}
"""Verdicts that say what stands from then on; ``rejected`` and ``suggested`` do not."""
WAITING: frozenset[State | None] = frozenset({"proposed", "changed"})
"""States that need a decision."""
LIST = "list"
"""The engine that a newer list counts as, when its text is proposed."""


# --- what counts ----------------------------------------------------------------------------------


def latest_answer(answers: Iterable[Answer]) -> Answer | None:
    """The answer that counts: the last one given. The archive appends, so the last line is the latest."""
    last = None
    for answer in answers:
        last = answer
    return last


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions on a cell that nobody took back, by time, of the same moment by who gave them and then by their lines.

    A line that a merge has doubled is one decision, so that taking it back leaves no copy.
    """
    by_time = list(dict.fromkeys(sorted(decisions, key=_order)))
    if not any(decision.verdict == "undone" for decision in by_time):
        return by_time
    kept = _Kept()
    for decision in by_time:
        if decision.verdict == "undone":
            kept.take_back(decision)
        else:
            kept.add(decision)
    return kept.decisions


class _Kept:
    """Decisions of which some are taken back, each looked at once however many there are."""

    def __init__(self) -> None:
        self._kept: dict[int, Decision] = {}
        self._named: dict[str, deque[int]] = {}
        self._verdicts: list[int] = []
        self._places = count()

    @property
    def decisions(self) -> list[Decision]:
        return list(self._kept.values())

    def add(self, decision: Decision) -> None:
        place = next(self._places)
        self._kept[place] = decision
        self._named.setdefault(decision.id, deque()).append(place)
        if decision.verdict not in ASIDE:
            self._verdicts.append(place)

    def take_back(self, undone: Decision) -> None:
        """Drop the decision that ``undone`` names. Old records name none: they mean the verdict before them."""
        if undone.undoes is None:
            self._drop(self._verdicts.pop)
        elif undone.undoes in self._named:
            self._drop(self._named[undone.undoes].popleft)

    def _drop(self, next_place: Callable[[], int]) -> None:
        """Drop the first of some places that is still kept; nothing when there is none."""
        with suppress(IndexError):
            while self._kept.pop(next_place(), None) is None:
                pass


def _order(decision: Decision) -> tuple[str, str]:
    """Time and, of the same microsecond, the person: a merge may leave the lines of two people in any order."""
    return _when(decision), decision.by if "." in decision.at else ""


def _when(decision: Decision) -> str:
    """What sorts by time, with fractions of a second or without: a ``Z`` would sort after a point."""
    return decision.at.removesuffix("Z")


def standing_decision(decisions: Sequence[Decision]) -> Decision | None:
    """The decision by which something stands in the cell, or was taken back (``removed``); None while there is none.

    Who rejects the very value that stands takes it back, too. Who decided blind replaces nothing.
    """
    standing: Decision | None = None
    for decision in in_force(decisions):
        standing = _standing_after(standing, decision)
    return standing


def _standing_after(standing: Decision | None, decision: Decision) -> Decision | None:
    """By which decision something stands once this one is made, too."""
    if decision.verdict == "pointed":
        return _pointed(standing, decision) if standing and standing.id == decision.points else standing
    if decision.blind and stands(standing):
        return standing
    if decision.verdict in ON_WHAT_STANDS:
        return decision
    if decision.verdict == "rejected" and standing and decision.judged_sha256 == stands_sha256(standing):
        return None
    return standing


def _pointed(standing: Decision, decision: Decision) -> Decision:
    """What stands, by whom and since when it did, on the sentences that a person pointed at since."""
    return replace(
        standing,
        evidence=decision.evidence,
        document=decision.document,
        judged_sha256=decision.judged_sha256 if standing.quoted else standing.judged_sha256,
        unfound=tuple(dict.fromkeys((*standing.unfound, *decision.unfound))),
        otherwise=tuple(dict.fromkeys((*standing.otherwise, *decision.otherwise))),
        reason=standing.reason or decision.reason,
    )


def record_of(standing: Decision, decisions: Sequence[Decision]) -> Decision:
    """The record of a decision that stands, as it was given: its evidence may have been pointed anew since."""
    same = (one for one in reversed(in_force(decisions)) if (one.id, one.verdict) == (standing.id, standing.verdict))
    return standing if any(one is standing for one in decisions) else next(same, standing)


def stands(decision: Decision | None) -> bool:
    """Whether a decision leaves the cell with a value (or "not reported") that may be published."""
    return decision is not None and decision.verdict in STANDING


def stands_sha256(decision: Decision) -> str | None:
    """Hash of what stands by a decision, a quote's being that of the value judged; None when nothing does."""
    if not stands(decision):
        return None
    return decision.judged_sha256 if decision.quoted else value_sha256(decision.value)


def is_imported(decisions: Sequence[Decision]) -> bool:
    """Whether a list brought the cell in, whatever was decided since."""
    return any(decision.verdict == "imported" for decision in in_force(decisions))


# --- what is proposed -----------------------------------------------------------------------------


def proposal(answer: Answer | None, decisions: Sequence[Decision]) -> Answer | None:
    """What is proposed for the cell: the text of a newer list while that waits, else the latest answer."""
    listed = next((d for d in reversed(in_force(decisions)) if d.verdict == "suggested"), None)
    if listed is not None and waits(value_sha256(listed.value), decisions):
        return _as_answer(listed)
    return answer


def waits(sha256: str, decisions: Sequence[Decision]) -> bool:
    """Whether a proposal of that hash needs a decision: nobody judged it, and it is not what stands."""
    verdicts = {d.judged_sha256: d.verdict for d in in_force(decisions) if d.verdict not in ASIDE}
    if verdicts.get(sha256) == "rejected":
        return False
    standing = standing_decision(decisions)
    return standing is None or sha256 not in (standing.judged_sha256, stands_sha256(standing))


def _as_answer(listed: Decision) -> Answer:
    return Answer(
        fingerprint="", field=listed.field, engine=LIST, model=None, document="", version=None, text="", reader="",
        value=listed.value, quoted=False, value_sha256=value_sha256(listed.value), evidence=(), unresolved=(),
        check=Check(), omitted=0, reply=None, run="", at=listed.at, answered_by=listed.by,
    )  # fmt: skip


def cell_state(
    proposed: Answer | None, decisions: Sequence[Decision], *, is_same: Callable[[Value, Value], bool] = eq
) -> State | None:
    """The state of a cell: the table at the top of this module. ``is_same``: whether two values say one quantity."""
    standing = standing_decision(decisions)
    is_standing = proposed is not None and stands(standing) and _is_standing(proposed, standing, is_same)
    if proposed is not None and not is_standing and waits(proposed.value_sha256, decisions):
        if standing is None or not stands(standing):
            return "proposed"
        if not proposed.abstains:  # no answer is no news: what became of the sentences behind what stands is audited
            return "changed"
    if standing is not None:
        return _STATES[standing.verdict]
    return None if proposed is None else "rejected"


def _is_standing(proposed: Answer, standing: Decision | None, is_same: Callable[[Value, Value], bool]) -> bool:
    """Whether a proposal is what stands in other figures or another unit; a quote, and "not reported", are known by their hash."""
    if standing is None or standing.quoted or proposed.quoted or standing.value is None or proposed.value is None:
        return False
    return is_same(standing.value, proposed.value)


_STATES: dict[Verdict, State] = {
    "accepted": "accepted",
    "edited": "edited",
    "imported": "imported",
    "not_reported": "not_reported",
    "removed": "removed",
}


# --- deciding -------------------------------------------------------------------------------------


def decide(
    verdict: Verdict,
    field: str,
    proposed: Answer | None,
    *,
    by: str,
    at: str,
    value: Value = None,
    evidence: tuple[Evidence, ...] | None = None,
    reason: str | None = None,
    unfound: tuple[str, ...] = (),
    otherwise: tuple[str, ...] = (),
) -> Decision:
    """A person's decision on what is proposed for a cell.

    ``value`` is what an edit or a list says; an accepted proposal keeps its
    own. ``evidence`` is what the person left of it, None for all of it.
    """
    quoted = verdict == "accepted" and proposed is not None and proposed.quoted
    kept = evidence if evidence is not None else proposed.evidence if proposed else ()
    accepted = proposed.value if proposed and verdict == "accepted" else None
    listed = verdict in ("imported", "suggested")
    return Decision(
        field=field,
        verdict=verdict,
        judged_sha256=value_sha256(value) if listed else proposed.value_sha256 if proposed else None,
        value=value if listed or verdict == "edited" else accepted,
        quoted=quoted,
        evidence=kept if verdict in ("accepted", "edited") else (),
        document=(proposed.document or None) if proposed and not listed else None,
        by=by,
        at=at,
        reason=reason,
        unfound=unfound,
        otherwise=otherwise,
    )


def confirm(
    standing: Decision,
    proposed: Answer | None,
    *,
    by: str,
    at: str,
    evidence: tuple[Evidence, ...],
    document: str,
    reason: str | None = None,
    unfound: tuple[str, ...] = (),
    otherwise: tuple[str, ...] = (),
) -> Decision:
    """A person's word that what stands is carried by these sentences; what is proposed beside it is judged by that, too."""
    judged = proposed.value_sha256 if proposed else stands_sha256(standing)
    return Decision(
        standing.field, "accepted", judged, standing.value, quoted=False, evidence=evidence, document=document,
        by=by, at=at, reason=reason, unfound=unfound, otherwise=otherwise,
    )  # fmt: skip


def uphold(
    standing: Decision,
    proposed: Answer | None,
    *,
    by: str,
    at: str,
    newest: str,
    reason: str,
    unfound: tuple[str, ...] = (),
) -> Decision:
    """A person's word, for a reason, that what stands stays although the ``newest`` version has its sentences no longer.

    Its evidence stays that of the version which has it. What is ``proposed`` and waits beside it is judged by that, too: of a
    quote, which is known by the hash that was judged, the proposal is rejected, and what stands is left as it is.
    """
    if standing.quoted and proposed is not None:
        return Decision(
            standing.field, "rejected", proposed.value_sha256, None, quoted=False, evidence=(), document=None,
            by=by, at=at, reason=reason, unfound=unfound, upheld=newest,
        )  # fmt: skip
    judged = proposed.value_sha256 if proposed else stands_sha256(standing)
    return replace(
        standing, verdict="accepted", judged_sha256=judged, by=by, at=at, reason=reason, unfound=unfound,
        undoes=None, blind=False, upheld=newest,
    )  # fmt: skip


def point_anew(
    standing: Decision,
    *,
    by: str,
    at: str,
    evidence: tuple[Evidence, ...],
    document: str,
    said_sha256: str | None,
    reason: str | None = None,
    unfound: tuple[str, ...] = (),
    otherwise: tuple[str, ...] = (),
) -> Decision:
    """A person's word that these are the sentences which a decision rests on; it stays as it was, and whose it was.

    ``said_sha256`` is the hash of their words, which are the value where that is its own evidence.
    """
    judged = said_sha256 if standing.quoted else stands_sha256(standing)
    return Decision(
        standing.field, "pointed", judged, None, quoted=False, evidence=evidence, document=document, by=by, at=at,
        reason=reason, unfound=unfound, otherwise=otherwise, points=standing.id,
    )  # fmt: skip


def remove(standing: Decision, *, by: str, at: str, reason: str | None = None) -> Decision:
    """Take back what stands; a proposal that waits beside it goes on waiting."""
    judged = stands_sha256(standing)
    return Decision(standing.field, "removed", judged, None, quoted=False, evidence=(), document=None, by=by, at=at, reason=reason)  # fmt: skip


def undo(taken_back: Decision, *, by: str, at: str) -> Decision:
    """Take back one decision, named; what others decided before or since is left alone."""
    return Decision(taken_back.field, "undone", None, None, quoted=False, evidence=(), document=None, by=by, at=at, undoes=taken_back.id)  # fmt: skip


def after(decisions: Iterable[Decision], now: datetime) -> str:
    """The time of a decision by someone who has seen these: now, and later than each of them, even when a clock went backwards."""
    return later_than((decision.at for decision in decisions), now)


def overrulings(decisions: Sequence[Decision]) -> tuple[tuple[Decision, Decision], ...]:
    """Each decision that overrules another person's, with the one that it overrules, whatever time lies between them.

    A decision overrules another when the value that stood by it no longer stands, or when it
    accepts what the other rejected. Imported values were judged by nobody.
    """
    by_field: dict[str, list[Decision]] = {}
    for decision in decisions:
        by_field.setdefault(decision.field, []).append(decision)
    found: list[tuple[Decision, Decision]] = []
    for kept in map(in_force, by_field.values()):
        before: Decision | None = None
        judged: dict[str | None, Decision] = {}
        for decision in kept:
            after = _standing_after(before, decision)
            if decision.verdict == "pointed":
                before = after
                continue
            other = _goes_against(decision, before, after, judged.get(decision.judged_sha256))
            if other is not None and other.by != decision.by:
                found.append((decision, other))
            before, judged[decision.judged_sha256] = after, decision
    return tuple(found)


def _goes_against(
    decision: Decision, before: Decision | None, after: Decision | None, judged: Decision | None
) -> Decision | None:
    """The earlier decision that this one goes against, by whomever: the one whose value stood ``before``, or which ``judged`` the same value."""
    if before and before.verdict != "imported" and not _agree(before, after):
        return before
    return judged if decision.verdict == "accepted" and judged and judged.verdict == "rejected" else None


def _agree(before: Decision, after: Decision | None) -> bool:
    """Whether the same value stands as before, or none both times."""
    if after is None or not (stands(before) and stands(after)):
        return not stands(before) and not stands(after)
    confirmed = after.judged_sha256 if after.verdict == "accepted" else None
    return stands_sha256(before) in (stands_sha256(after), confirmed)


def conflicts(decisions: Sequence[Decision]) -> tuple[tuple[Decision, Decision], ...]:
    """Overrulings that the person who was overruled has not answered by a later decision, while another value stands than theirs."""
    last: dict[tuple[str, str], str] = {}
    """By field and person, when that person last decided, having seen what others did."""
    for one in decisions:
        if not one.blind and one.verdict != "pointed":
            last[one.field, one.by] = max(_when(one), last.get((one.field, one.by), ""))
    found = overrulings(decisions)
    fields = {overruled.field for _, overruled in found}
    standing = {field: standing_decision([one for one in decisions if one.field == field]) for field in fields}
    return tuple(
        (decision, overruled)
        for decision, overruled in found
        if last.get((overruled.field, overruled.by), "") <= _when(decision)
        and not _stands_again(overruled, standing[overruled.field])
    )


def _stands_again(overruled: Decision, standing: Decision | None) -> bool:
    """Whether what stands in the end is what the person who was overruled had decided."""
    return (
        stands(overruled) and standing is not None and stands(standing)
        and stands_sha256(overruled) == stands_sha256(standing)
    )  # fmt: skip
