"""What a run did with each source, and what the next run must say of the runs on record: interrupted, the clock gone back, an outage.

The table never shrinks by accident. A source that fails keeps its last good
data; when many fail at once that were read well before, the world is in
trouble, not the list, and nothing new is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from survey_extract.core.books import Reply
from survey_extract.core.plural import count_of
from survey_extract.core.records import Fate

OutcomeKind = Literal["new", "changed", "unchanged", "failed", "withdrawn", "needs_ocr", "waiting"]
"""What became of a source in a run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did with a source. ``step`` and ``error`` are set for failures alone.

    ``reasons`` says of each field in ``asked`` why it was asked. ``carried``
    are the fields whose evidence stands in the new version as it stood in the
    old, ``fates`` counts what became of all standing evidence. ``notice`` is
    arXiv's word that the paper is withdrawn or replaced.
    """

    key: str
    kind: OutcomeKind
    step: str | None = None
    error: str | None = None
    message: str | None = None
    document: str | None = None
    version: str | None = None
    fetched_bytes: int = 0
    asked: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    title: str | None = None
    seconds: float = 0.0
    reasons: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()
    fates: tuple[tuple[Fate, int], ...] = ()
    notice: str | None = None
    previous: str | None = None
    """The document that the cells stood on before, when it was another."""
    notes: tuple[str, ...] = ()
    """What the reader recorded of the document and is no reason to warn."""
    second: tuple[str, ...] = ()
    """The fields on which a second opinion was given."""


@dataclass(frozen=True, slots=True)
class Run:
    """One ``refresh``: runs/RUN.json. ``keys`` are the sources that were due.

    Written when the run begins, without outcomes, and whole when it ends: a
    run whose ``ended`` is False was interrupted. ``whole`` says that all sources
    were due, ``outage`` that so many failed that nothing was published.

    On record a run does not grow with the list: ``outcomes`` names the sources
    of which there is something to say, ``unnamed`` counts the others, which
    were as they had been. ``keys_of`` is the run whose record lists the same
    sources; ``keys`` is empty in the file then, and where that record is lost.
    """

    id: str
    started_at: str
    seconds: float
    tool_version: str
    engine: str
    model: str | None
    keys: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    replies: tuple[Reply, ...] = ()
    requests: int = 0
    documents_fetched: int = 0
    bytes_fetched: int = 0
    model_requests: int = 0
    whole: bool = True
    ended: bool = True
    outage: bool = False
    notes: tuple[str, ...] = ()
    """What the operator should know of the run itself."""
    unnamed: int = 0
    keys_of: str | None = None

    @property
    def due(self) -> int:
        """How many sources were due."""
        return len(self.keys) or len(self.outcomes) + self.unnamed

    @property
    def complete(self) -> bool:
        """Whether each source that was due has its one outcome."""
        named = {outcome.key for outcome in self.outcomes}
        is_due = not self.keys or named <= set(self.keys)
        return self.ended and is_due and len(named) == len(self.outcomes) == self.due - self.unnamed

    @property
    def as_before(self) -> tuple[str, ...]:
        """The sources that were looked at and are not named: unchanged, with nothing to say of them."""
        if not self.unnamed:
            return ()
        named = {outcome.key for outcome in self.outcomes}
        return tuple(key for key in self.keys if key not in named)


READ_WELL: frozenset[OutcomeKind] = frozenset({"new", "changed", "unchanged"})
"""Outcomes of a source that could be read."""
OURS = frozenset({"over_budget", "defect"})
"""Errors that say nothing about the world."""
UNFIT = "unfit_answer"
"""The error of a source that was read, and answered but for some fields."""
MODELS = frozenset({"engine_closed", "refused", "too_long", "bad_reply", UNFIT, "waiting"})
"""Errors of the model: its key, its quota, or what it replied. The sources were read, so the world is not in trouble."""
KEPT = frozenset({"over_budget", "engine_closed"})
"""Errors of the account, its money or its key: where a source has one, the run has not done its work."""
FEWEST = 2
"""Sources that must fail before it is called an outage: one alone is a dead link."""
_ID = "%Y-%m-%dT%H%M%S"


def run_id(moment: datetime) -> str:
    """A run is named by the millisecond in which it began, in UTC; names sort as runs do."""
    return f"{moment:{_ID}}-{moment.microsecond // 1000:03d}Z"


def next_run_id(began: datetime, past: Sequence[Run]) -> str:
    """The name of a run that begins now, behind all others even when the clock went back."""
    name = run_id(began)
    if not past or name > past[-1].id:
        return name
    stem, _, milliseconds = past[-1].id.removesuffix("Z").rpartition("-")
    last = datetime.strptime(stem, _ID).replace(tzinfo=UTC) + timedelta(milliseconds=int(milliseconds))
    return run_id(last + timedelta(milliseconds=1))


def says_nothing(outcome: Outcome) -> bool:
    """Whether a source is unchanged and there is nothing to say of it: then the record of the run before still holds."""
    said = replace(outcome, document=None, version=None, title=None, fetched_bytes=0, seconds=0.0)
    return said == Outcome(outcome.key, "unchanged")


def recorded(run: Run, past: Sequence[Run]) -> Run:
    """A run that ended as its record has it: a night without news is as short for 1,000 sources as for ten.

    Sources of which there is nothing to say are counted, and a list of sources
    that is the same as that of the last run of all sources is not written again.
    """
    named = tuple(outcome for outcome in run.outcomes if not says_nothing(outcome))
    run = replace(run, outcomes=named, unnamed=len(run.outcomes) - len(named))
    last = next((other for other in reversed(past) if other.whole and other.keys), None)
    if last is None or not run.whole or run.keys != last.keys:
        return run
    return replace(run, keys=(), keys_of=last.keys_of or last.id)


def with_keys(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Runs on record, each with the sources that were due; with none where the record that lists them is lost."""
    lists = {run.id: run.keys for run in runs if run.keys_of is None}
    return tuple(replace(run, keys=lists.get(run.keys_of, ())) if run.keys_of else run for run in runs)


def last_complete(past: Sequence[Run]) -> Run | None:
    """The last run of all sources that gave each its outcome, was no outage, and that nothing of our own kept from its work."""
    return next(
        (run for run in reversed(past) if run.whole and run.complete and not (run.outage or _was_kept(run))), None
    )


def _was_kept(run: Run) -> bool:
    """Whether sources failed for want of a key or of money, or all of them, as without a network or a disk that takes anything."""
    failed = [outcome for outcome in run.outcomes if outcome.kind == "failed"]
    return any(outcome.error in KEPT for outcome in failed) or (len(failed) == run.due > 1)


def notes_on(past: Sequence[Run], began: datetime) -> tuple[str, ...]:
    """What a run that begins now says of the runs before it."""
    notes: list[str] = []
    for run in reversed(past):
        if run.ended:
            break
        notes.append(
            f"the run {run.id} was interrupted: what became of its {count_of(run.due, 'source')} was not recorded; "
            "the answers it had are kept, and what it paid is in the books"
        )
    if past and run_id(began) <= past[-1].id:
        notes.append(
            f"the clock shows {began:%Y-%m-%d %H:%M} UTC, but the last run began at {past[-1].started_at}: check the clock"
        )
    return tuple(notes)


def outage(run: Run, past: Sequence[Run], share: float) -> str | None:
    """What is said of an outage: more than ``share`` of the sources that the last complete run read well fail. None if there is none."""
    before = last_complete(past)
    if before is None:
        return None
    well = {outcome.key for outcome in before.outcomes if outcome.kind in READ_WELL} | set(before.as_before)
    well &= set(run.keys)
    failed = [
        o.key
        for o in run.outcomes
        if o.key in well and o.kind in ("failed", "needs_ocr") and o.error not in OURS | MODELS
    ]
    if len(failed) < FEWEST or len(failed) <= share * len(well) + 1e-9:
        return None
    return (
        f"{len(failed)} of the {count_of(len(well), 'source')} that the run of {before.started_at[:10]} read well fail now: an outage, not a list "
        "with dead links; nothing new is published (setting outage_share)"
    )


def unasked_because(outcome: Outcome) -> str | None:
    """Why nothing more is asked of a source that was read, so that its empty cells wait for a person; None where something may be."""
    if outcome.kind == "withdrawn":
        return "withdrawn"
    return outcome.error if outcome.error in (UNFIT, "refused") else None


def last_said(runs: Sequence[Run]) -> dict[str, str | None]:
    """By source, ``unasked_because`` of the last outcome that a run names of it."""
    last = {outcome.key: outcome for run in runs for outcome in run.outcomes}
    return {key: unasked_because(outcome) for key, outcome in last.items()}


def models_fault(run: Run) -> str | None:
    """What is said where the model is the reason that sources failed, with the settings to look at; None where it is not."""
    kinds = [o.error for o in run.outcomes if o.kind == "failed" and o.error in MODELS - {UNFIT}]
    if len(kinds) < FEWEST:
        return None
    look = (
        "the endpoint refuses the key or the quota: look at OPENAI_API_KEY and OPENAI_BASE_URL"
        if "engine_closed" in kinds
        else "its replies cannot be used: look at the setting model, and at OPENAI_BASE_URL"
    )
    return f"{count_of(len(kinds), 'source')} failed because of the model, not because of the sources: {look}"
