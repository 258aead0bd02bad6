"""The DuckDB file goes in, what the last runs changed comes out, for the body of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from survey_extract.core.due.carry_over import told
from survey_extract.core.records import NOT_REPORTED, Fate, Term, empty_words
from survey_extract.core.report import CellChange, Gone, Problem, Report, SourceChange
from survey_extract.errors import InputError

if TYPE_CHECKING:
    from survey_extract.wiring import DuckWarehouse


_WORDS_GONE = "its words are not in the cache"


class _Answer(NamedTuple):
    """A cell that was answered behind the run, with what was there before: value, hash and version of the document."""

    key: str
    field: str
    proposed: str | None
    stands: str | None
    terms: Sequence[dict[str, Any]]
    state: str
    by: str | None
    engine: str
    quoted: bool
    pages: Sequence[int]
    before: str | None
    engine_before: str | None
    quoted_before: bool | None
    sha256_before: str | None
    sha256: str
    version_before: str | None

    @property
    def has(self) -> str:
        """What is said of the proposal where it has no words."""
        return _WORDS_GONE if self.quoted else empty_words(self.engine)

    @property
    def had(self) -> str:
        """What is said of what was there before, where that has no words."""
        if self.state == "changed":
            return NOT_REPORTED  # what a person decided; words that are gone are in the cache no more
        if self.engine_before is None:
            return "nothing"
        return _WORDS_GONE if self.quoted_before else empty_words(self.engine_before)

    @property
    def is_other(self) -> bool:
        """Whether it says something else: "not reported" where there was no answer is news, too."""
        silence = (empty_words(engine) for engine in (self.engine_before, self.engine))
        return self.sha256_before != self.sha256 or (self.proposed is None and not self.quoted and len({*silence}) > 1)


_ANSWERS = """
WITH earlier AS (
  SELECT key, field, arg_max_null(value, id) AS value, arg_max(value_sha256, id) AS value_sha256, arg_max_null(version, id) AS version,
         arg_max(engine, id) AS engine, arg_max(quoted, id) AS quoted
  FROM answers WHERE run <= $since GROUP BY key, field)
SELECT a.key, a.field, i.proposed, i.value, i.proposed_terms, coalesce(i.state, ''), i.proposed_by, a.engine, a.quoted,
       list_sort(coalesce((SELECT list(DISTINCT e.page) FROM evidence e WHERE e.answer = i.proposal), [])),
       p.value, p.engine, p.quoted, p.value_sha256, a.value_sha256, p.version
FROM answers a JOIN internal.cells i ON i.key = a.key AND i.field = a.field AND i.proposal = a.id
LEFT JOIN earlier p ON p.key = a.key AND p.field = a.field
WHERE a.run > $since
ORDER BY a.id"""


class _Asked(NamedTuple):
    """A field that was asked, and why."""

    key: str
    field: str
    reason: str


_ASKED = "SELECT key, unnest(asked), unnest(reasons) FROM outcomes WHERE run > $since ORDER BY run"


class _Spent(NamedTuple):
    """USD for the replies of a source or of all, and how many had no price."""

    cost: float | None
    unpriced: int


_SPENT = "SELECT sum(cost), count(*) FILTER (cost IS NULL) FROM replies WHERE run > $since AND NOT reused"
_SPENT_ON = (
    "SELECT key, sum(cost), count(*) FILTER (cost IS NULL) FROM replies WHERE run > $since AND NOT reused GROUP BY key"
)


class _Fates(NamedTuple):
    """What became of the sentences of a source's earlier version: how many of each fate."""

    key: str
    counts: dict[Fate, int]


_FATES = "SELECT key, fates FROM outcomes WHERE run > $since AND cardinality(fates) > 0 ORDER BY run"


class _Place(NamedTuple):
    """A source as it is now."""

    key: str
    name: str
    link: str
    version: str | None
    notice: str | None


_PLACES = "SELECT key, name, coalesce(url, ''), version, notice FROM sources ORDER BY position"

_PROBLEMS = """
SELECT o.key, s.name, o.outcome, coalesce(o.message, ''),
       CASE WHEN s.failing_since IS NOT NULL THEN strftime(s.looked_at, '%Y-%m-%d') END
FROM outcomes o JOIN sources s USING (key)
WHERE o.run = $last AND o.outcome IN ('failed', 'needs_ocr', 'withdrawn', 'waiting') ORDER BY s.position"""
_RUNS = "SELECT id FROM runs ORDER BY id"
_NOTES = "SELECT DISTINCT unnest(notes) FROM runs WHERE id = $last ORDER BY 1"
_WAITING = "SELECT count(*) FROM queue"
_GONE = """
SELECT s.name, c.field, c.value,
       (SELECT concat_ws(', ', any_value(d.version), strftime(min(d.fetched_at), '%Y-%m-%d')) FROM documents d WHERE d.key = c.key AND d.sha256 = c.document)
FROM internal.cells c JOIN sources s USING (key) WHERE c.in_newest = 'gone' ORDER BY c.position, c.field_position"""
_REWORDED = "SELECT count(*) FROM cells WHERE in_newest = 'reworded'"


def make_report(warehouse: DuckWarehouse, since: str | None) -> Report:
    """What came of the runs behind ``since`` (the name of a run), or of the last one.

    Raises:
        InputError: there is no run yet, or none behind it.
    """
    before, chosen = _runs(warehouse, since)
    ((waiting,),), ((reworded,),) = warehouse.rows(_WAITING), warehouse.rows(_REWORDED)
    (spent,) = warehouse.named(_Spent, _SPENT, {"since": before})
    return Report(
        runs=len(chosen),
        first=chosen[0][:10],
        last=chosen[-1][:10],
        sources=tuple(_Changes(warehouse, before).all()),
        problems=tuple(warehouse.named(Problem, _PROBLEMS, {"last": chosen[-1]})),
        waiting=waiting,
        cost=spent.cost,
        unpriced=spent.unpriced,
        notes=tuple(note for (note,) in warehouse.rows(_NOTES, {"last": chosen[-1]})),
        gone=tuple(
            Gone(name, warehouse.fields.named(field).heading, value, then)
            for name, field, value, then in warehouse.rows(_GONE)
        ),
        reworded=reworded,
    )


def _runs(warehouse: DuckWarehouse, since: str | None) -> tuple[str, list[str]]:
    """The run before those that are reported on, empty when there is none, and these."""
    names = [name for (name,) in warehouse.rows(_RUNS)]
    if not names:
        raise InputError("there is no run to report on: survey-extract refresh")
    before = since if since is not None else names[-2] if len(names) > 1 else ""
    chosen = [name for name in names if name > before]
    if not chosen:
        raise InputError(f"there is no run after {since}; the last one is {names[-1]}")
    return before, chosen


class _Changes:
    """What became of the sources behind a run."""

    def __init__(self, warehouse: DuckWarehouse, before: str) -> None:
        since = {"since": before}
        self._answers: dict[str, list[_Answer]] = {}
        for answer in warehouse.named(_Answer, _ANSWERS, since):
            self._answers.setdefault(answer.key, []).append(answer)
        self._reasons = {(key, field): reason for key, field, reason in warehouse.named(_Asked, _ASKED, since)}
        self._spent = {key: _Spent(*spent) for key, *spent in warehouse.rows(_SPENT_ON, since)}
        self._fates = {key: told(counts.items()) for key, counts in warehouse.named(_Fates, _FATES, since)}
        self._places = warehouse.named(_Place, _PLACES)
        self._fields = warehouse.fields

    def all(self) -> Iterator[SourceChange]:
        """The sources that were answered, in the order of sources.csv."""
        for place in self._places:
            if answers := self._answers.get(place.key):
                yield self._of(place, answers)

    def _of(self, place: _Place, answers: Sequence[_Answer]) -> SourceChange:
        cells = tuple(self._cell(answer) for answer in answers if answer.is_other)
        spent = self._spent.get(place.key, _Spent(None, 0))
        return SourceChange(
            place.key, place.name, place.link, _change(answers, place.version), len(answers) - len(cells),
            self._fates.get(place.key, ""), spent.cost, spent.unpriced, cells, place.notice,
        )  # fmt: skip

    def _cell(self, answer: _Answer) -> CellChange:
        """A cell; what a person decided is what is published until they say otherwise."""
        was = answer.stands if answer.state == "changed" else answer.before
        found = tuple(Term(term["text"], term["place"]) for term in answer.terms)
        reason = self._reasons.get((answer.key, answer.field))
        heading = self._fields.named(answer.field).heading
        return CellChange(
            heading, was, answer.proposed, tuple(answer.pages), found, answer.state, reason, answer.by, answer.had, answer.has
        )  # fmt: skip


def _change(answers: Sequence[_Answer], version: str | None) -> str:
    if all(answer.sha256_before is None for answer in answers):
        return "new"
    then = next((answer.version_before for answer in answers if answer.version_before), None)
    return f"{then} -> {version}" if then and version and then != version else "changed"
