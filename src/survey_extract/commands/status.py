"""The DuckDB file goes in; what is decided, what waits, what failed and when the last run was comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from survey_extract.commands.sources_table import older_texts, told_of_older
from survey_extract.commands.survey import give
from survey_extract.commands.templates import written
from survey_extract.core.books import Batch
from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.people import PeopleAgreement
from survey_extract.core.lists.rendered import Rendering, left, record_of
from survey_extract.core.records import is_same_term
from survey_extract.core.runs import KEPT
from survey_extract.errors import InputError
from survey_extract.pipeline.people import people_agree
from survey_extract.pipeline.render import why_left

if TYPE_CHECKING:
    from survey_extract.core.ports import TextWork
    from survey_extract.wiring import DuckWarehouse, FileArchive

_NAMED = 5
"""Cells that are named on the terminal; ``--json`` names all."""


# --- what is asked of the file: a record, and the query whose columns it names --------------------


class Totals(NamedTuple):
    """How many sources there are, how many of them are published and were read, and how many cells need a decision."""

    sources: int
    published: int
    read: int
    queue: int


TOTALS = """
SELECT count(*), count(*) FILTER (published), (SELECT count(*) FROM internal.were_read), (SELECT count(*) FROM queue) FROM sources"""
_CELLS = "SELECT coalesce(state, 'unanswered'), count(*) FROM cells GROUP BY state ORDER BY state"
_CHECKS = "SELECT check_state, count(*) FROM cells WHERE check_state IS NOT NULL GROUP BY ALL ORDER BY 1"


class Unfound(NamedTuple):
    """A standing value with a figure or name that its source does not hold, and who stands knowingly for which of them."""

    key: str
    name: str
    field: str
    state: str
    terms: Sequence[str]
    stood_for_by: str | None
    stood_for: Sequence[str]

    @property
    def is_stood_for(self) -> bool:
        """Whether that person stands for all of them."""
        return all(any(is_same_term(term, one) for one in self.stood_for) for term in self.terms)


_UNFOUND = """
SELECT c.key, s.name, c.field, c.state, c.unfound, CASE WHEN len(c.confirmed) > 0 THEN c.decided_by END, c.confirmed
FROM internal.cells c JOIN sources s USING (key)
WHERE len(c.unfound) > 0 AND c.decided_by IS NOT NULL ORDER BY s.position, c.field"""


class Lapsed(NamedTuple):
    """A value that was decided in an older version of its source: the newest has its sentences reworded, or not at all.

    Or in the newest, on sentences that are read otherwise today.
    """

    key: str
    name: str
    field: str
    in_newest: str
    version: str | None
    since: str | None


LAPSED = """
SELECT c.key, s.name, c.field, c.in_newest, d.version, strftime(d.fetched_at, '%Y-%m-%d')
FROM internal.cells c JOIN sources s USING (key)
LEFT JOIN (SELECT key, sha256, any_value(version) AS version, min(fetched_at) AS fetched_at FROM documents GROUP BY ALL) d
  ON d.key = c.key AND d.sha256 = c.document
WHERE c.in_newest IN ('gone', 'reworded', 'unplaced') ORDER BY c.in_newest, c.position, c.field_position"""


class Unread(NamedTuple):
    """A value of a number field of which SQL has the printed form alone: no single number, or another unit than the field knows."""

    key: str
    name: str
    field: str
    value: str


_UNREAD = """
SELECT c.key, s.name, c.field, c.value FROM internal.cells c JOIN sources s USING (key)
WHERE list_contains(?, c.field) AND c.value IS NOT NULL AND c.number IS NULL ORDER BY c.position, c.field_position"""


class Omitted(NamedTuple):
    """A source of which sentences did not fit into the question."""

    key: str
    sentences: int


_OMITTED = "SELECT key, max(omitted) FROM cells WHERE omitted > 0 GROUP BY key ORDER BY key"


class Undrawn(NamedTuple):
    """A source with evidence that nobody could look at, since its pages could not be drawn."""

    key: str
    name: str
    sentences: int


_UNDRAWN = """
SELECT e.key, s.name, count(DISTINCT (e.page, e.sha256)) FROM evidence e JOIN answers a ON a.id = e.answer JOIN sources s ON s.key = e.key
WHERE e.sight = 'undrawn' AND a.latest GROUP BY e.key, s.name, s.position ORDER BY s.position"""


class Outdated(NamedTuple):
    """A source that has changed since some of its cells were answered: they are to be asked again."""

    key: str
    name: str
    fields: Sequence[str]


_OUTDATED = """
SELECT c.key, s.name, list(c.field ORDER BY c.field_position) FROM internal.cells c JOIN sources s USING (key)
JOIN answers a ON a.key = c.key AND a.field = c.field AND a.latest
WHERE a.document <> s.document GROUP BY c.key, s.name, s.position ORDER BY s.position"""


class LastRun(NamedTuple):
    """A run, as ``runs`` has it."""

    id: str
    started_at: datetime
    seconds: float
    engine: str
    model: str | None
    due: int
    complete: bool
    outage: bool
    model_requests: int
    cost: float | None
    notes: Sequence[str] | None


_RUN = f"SELECT {', '.join(LastRun._fields)} FROM runs ORDER BY id DESC LIMIT 1"
_COMPLETE_RUN = f"""
SELECT {", ".join(LastRun._fields)} FROM runs r WHERE complete AND whole AND NOT outage AND NOT EXISTS (
  SELECT 1 FROM internal.outcomes o WHERE o.run = r.id AND o.outcome = 'failed'
  HAVING coalesce(bool_or(list_contains({sorted(KEPT)}, o.error)), false) OR (count(*) = r.due AND r.due > 1))
ORDER BY id DESC LIMIT 1"""


class _Money(NamedTuple):
    """USD for all replies, and how many had no price."""

    spent: float | None
    unpriced: int


_MONEY = "SELECT sum(cost), count(*) FILTER (cost IS NULL) FROM replies WHERE NOT reused"


class OpenBatch(NamedTuple):
    """A batch that was sent and not fetched yet."""

    id: str
    state: str
    questions: int
    submitted_at: str | None


class Notice(NamedTuple):
    """What arXiv says of a source."""

    key: str
    name: str
    notice: str


_NOTICES = "SELECT key, name, notice FROM sources WHERE notice IS NOT NULL ORDER BY position"


class Stale(NamedTuple):
    """A source that fails, how old its data are and since when it fails."""

    key: str
    name: str
    looked_at: datetime | None
    failing_since: datetime


_STALE = "SELECT key, name, looked_at, failing_since FROM sources WHERE failing_since IS NOT NULL ORDER BY position"
_OUTCOMES = "SELECT outcome, count(*) FROM outcomes WHERE run = (SELECT max(id) FROM runs) GROUP BY ALL ORDER BY 1"


class Trouble(NamedTuple):
    """A source that did not go well in the last run."""

    key: str
    name: str
    outcome: str
    step: str | None
    error: str | None
    message: str | None


_PROBLEMS = """
SELECT o.key, s.name, o.outcome, o.step, o.error, o.message FROM outcomes o JOIN sources s USING (key)
WHERE o.run = (SELECT max(id) FROM runs) AND o.outcome IN ('failed', 'needs_ocr', 'withdrawn') ORDER BY s.position"""


class Conflict(NamedTuple):
    """A cell on which a person overrules another who has not decided since; ``by`` is the last who did."""

    key: str
    field: str
    people: Sequence[str]
    by: str

    @property
    def overruled(self) -> list[str]:
        return [person for person in self.people if person != self.by]


_CONFLICTS = """
SELECT key, field, list_sort(list(DISTINCT decided_by)), list(decided_by ORDER BY decided_at, rowid)[-1]
FROM decisions WHERE conflict GROUP BY ALL ORDER BY key, field"""


_TWICE = """
SELECT key, field FROM decisions WHERE NOT undone AND verdict IN ('accepted', 'edited', 'not_reported')
GROUP BY ALL HAVING count(DISTINCT decided_by) > 1 ORDER BY key, field"""


class Warned(NamedTuple):
    """A warning of the last run."""

    key: str
    message: str


_WARNINGS = """
SELECT key, unnest(warnings) FROM outcomes WHERE run = (SELECT max(id) FROM runs) AND len(warnings) > 0 ORDER BY key"""


class Leaving(NamedTuple):
    """A row that stood in the table when it was last rendered and would not now."""

    key: str
    name: str
    why: str


# --- all of it ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Status:
    """Everything ``status`` says; its fields are the keys of ``--json``."""

    sources: int
    published: int
    read: int
    cells: dict[str, int]
    queue: int
    checks: dict[str, int]
    unfound: list[Unfound]
    omitted: list[Omitted]
    under_way: str | None
    last_run: LastRun | None
    last_complete_run: LastRun | None
    money: float | None
    unpriced: int
    batches: list[OpenBatch]
    notices: list[Notice]
    stale: list[Stale]
    outcomes: dict[str, int]
    problems: list[Trouble]
    conflicts: list[Conflict]
    warnings: list[Warned]
    older_texts: list[str]
    left: list[Leaving]
    agreement: list[PeopleAgreement] = field(default_factory=list)
    """How often two people agree, of each field that two have decided on."""
    undrawn: list[Undrawn] = field(default_factory=list)
    outdated: list[Outdated] = field(default_factory=list)
    lapsed: list[Lapsed] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def survey_status(
    warehouse: DuckWarehouse, archive: FileArchive, texts: TextWork, aliases: Aliases = NO_ALIASES
) -> Status:
    """What the file and the archive say; hold the file open, so that it is one moment's."""
    rows, named = warehouse.rows, warehouse.named
    agreement, untold = people_agree(rows(_TWICE), archive, texts, aliases)
    (totals,), (money,) = named(Totals, TOTALS), named(_Money, _MONEY)
    return Status(
        *totals[:3],
        cells=dict(rows(_CELLS)),
        queue=totals.queue,
        checks=dict(rows(_CHECKS)),
        unfound=named(Unfound, _UNFOUND),
        omitted=named(Omitted, _OMITTED),
        under_way=archive.owner(),
        last_run=next(iter(named(LastRun, _RUN)), None),
        last_complete_run=next(iter(named(LastRun, _COMPLETE_RUN)), None),
        money=money.spent,
        unpriced=money.unpriced,
        batches=_open(archive.batches()),
        notices=named(Notice, _NOTICES),
        stale=named(Stale, _STALE),
        outcomes=dict(rows(_OUTCOMES)),
        problems=named(Trouble, _PROBLEMS),
        conflicts=named(Conflict, _CONFLICTS),
        warnings=[*named(Warned, _WARNINGS), *(Warned(*trouble) for trouble in untold)],
        older_texts=older_texts(warehouse, archive),
        left=_leaving(warehouse, archive.renderings()),
        agreement=list(agreement),
        undrawn=named(Undrawn, _UNDRAWN),
        outdated=named(Outdated, _OUTDATED),
        lapsed=named(Lapsed, LAPSED),
        unread=named(Unread, _UNREAD, [[spec.name for spec in archive.fields if spec.type == "number"]]),
    )


def _open(batches: Iterable[Batch]) -> list[OpenBatch]:
    return [
        OpenBatch(batch.id, batch.state, len(batch.questions), batch.submitted_at)
        for batch in batches
        if batch.state in ("submitting", "pending")
    ]


def _leaving(warehouse: DuckWarehouse, renderings: Iterable[Rendering]) -> list[Leaving]:
    keys = [key for (key,) in warehouse.rows("SELECT key FROM sources WHERE published")]
    names = left(record_of(renderings), keys)
    why = why_left(warehouse, names)
    return [Leaving(key, name, why[key]) for key, name in names.items()]


# --- as it is said --------------------------------------------------------------------------------


def print_status(status: Status, *, as_json: bool) -> None:
    """On stdout: JSON for machines, a few lines for people."""
    give(_as_json(status) if as_json else _as_text(status))


def _as_json(status: Status) -> str:
    data = {part.name: _plain(getattr(status, part.name)) for part in fields(status)}
    return json.dumps(data, indent=1, ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    """A record as JSON has it: its fields by name."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value._asdict() if hasattr(value, "_asdict") else value


def _as_text(status: Status) -> str:
    return written(
        "status.txt.j2",
        status=status,
        named=_NAMED,
        reading=told_of_older(status.older_texts),
        age=age_of(status.last_complete_run.started_at) if status.last_complete_run else None,
        known=sum(item.is_stood_for for item in status.unfound),
        ages={item.key: f"{item.looked_at:%Y-%m-%d}" for item in status.stale if item.looked_at},
    )


def age_of(began: datetime, now: datetime | None = None) -> str:
    """How long ago, in the largest unit that says something."""
    seconds = ((now or datetime.now(UTC)) - began).total_seconds()
    if seconds < 0:
        return "less than nothing (check the clock)"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


_UNITS = {"m": 60, "h": 3_600, "d": 86_400}


def too_old(status: Status, limit: str) -> str | None:
    """Why the last complete run is too old for a monitor, None when it is not.

    Raises:
        InputError: ``limit`` is not a number with m, h or d behind it.
    """
    number, unit = limit[:-1], limit[-1:]
    if not number.isdecimal() or unit not in _UNITS:
        raise InputError(f"--max-age {limit!r}: use 90m, 36h or 7d")
    run = status.last_complete_run
    if run is None:
        return (
            "no complete run yet: in one, no source fails for want of a key or of the budget, and not all of them fail"
        )
    seconds = (datetime.now(UTC) - run.started_at).total_seconds()
    if seconds <= int(number) * _UNITS[unit]:
        return None
    return f"the last complete run is {age_of(run.started_at)} old, older than {limit}"
