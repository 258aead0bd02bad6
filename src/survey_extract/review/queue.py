"""The DuckDB file goes in, the cells that need a decision come out source by source, with later decisions laid over.

A reviewer reads one paper at a time: the source with the riskiest cell comes
first, and within a source the riskiest cell. The view ``queue`` says what
is risky: what was found wrong with the cell itself, then how often its field was right.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from survey_extract.core.decisions import WAITING
from survey_extract.core.evaluation.track_record import TrackRecord
from survey_extract.core.evidence import as_text
from survey_extract.core.ports import Warehouse
from survey_extract.core.records import Cell, Check, State, empty_words

_INDEX = """
SELECT c.key, s.name, c.field, c.state, c.proposed_engine, coalesce(q.rank, 99), coalesce(q.risk, ''), q.rank IS NOT NULL,
       coalesce(q.evidence_count, c.evidence_count), coalesce(q.check_state, c.check_state), coalesce(q.unfound, c.unfound),
       coalesce(CASE WHEN c.state IN ('proposed', 'changed') THEN c.proposed ELSE c.value END, ''), s.notice,
       q.second, q.second_by, coalesce(q.second_value, ''), q.entailed, coalesce(q.unseen_count, c.unseen_count), coalesce(a.quoted, false)
FROM cells c JOIN sources s USING (key) JOIN internal.cells i ON i.key = c.key AND i.field = c.field
LEFT JOIN queue q ON q.key = c.key AND q.field = c.field LEFT JOIN answers a ON a.id = i.proposal
WHERE c.state IS NOT NULL ORDER BY q.place NULLS LAST, i.position, i.field_position"""
_RECORDS = 'SELECT field, "right", decided, low, high FROM track_records'


@dataclass(frozen=True, slots=True)
class Item:
    """A cell in the queue. What is said about it is said about what is to be decided: the proposal, or an imported text."""

    key: str
    name: str
    field: str
    state: State | None
    engine: str | None
    rank: int
    risk: str
    waits: bool
    evidence_count: int
    check_state: str | None
    unfound: tuple[str, ...] = ()
    """Figures and names that the source does not hold."""
    words: str = ""
    """What is to be decided, as text; empty for "not reported", and without an answer."""
    notice: str | None = None
    """arXiv's word that the paper is withdrawn or replaced."""
    second: str | None = None
    """Whether another engine agrees or differs; None when it was not asked."""
    second_by: str | None = None
    second_words: str = ""
    """What that one says, as text; empty for "not reported"."""
    entailed: str | None = None
    """What a second reader says of its evidence: yes, partly, no, unparsable; None when none was asked."""
    unseen: int = 0
    """Sentences behind it that a person does not see on the page as drawn, as far as somebody looked."""

    quoted: bool = False
    """Whether what is proposed is sentences of the source, word for word."""

    @property
    def without_words(self) -> str:
        """What is shown in place of words where there are none."""
        if self.state == "removed":
            return "nothing"
        return empty_words(self.engine if self.state in WAITING and self.evidence_count == 0 else None)

    @property
    def state_told(self) -> str:
        """The state as a row of the queue says it: nothing is proposed where there is no answer."""
        told = self.without_words if self.state == "proposed" and not self.words else ""
        return told if told == "no answer" else self.state or "unanswered"

    @property
    def nothing_checked(self) -> str | None:
        """Why its check found nothing to look for, in words; None if it did, or if the value is the source's own words."""
        return None if self.check_state or self.quoted else "no figure or name in it that could be looked for"

    @property
    def is_undoubted(self) -> bool:
        """Whether it is new, its evidence is not known to be unseen, and neither the check nor a second opinion doubts it."""
        supported = self.evidence_count > 0 and self.unseen == 0 and self.check_state in (None, "in evidence")
        return self.state == "proposed" and supported and self.second != "differs" and self.entailed in (None, "yes")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is shown; None is everything. ``state`` "all" shows decided cells, too."""

    field: str | None = None
    key: str | None = None
    state: str | None = None
    engine: str | None = None

    @property
    def any(self) -> bool:
        """Whether any cell is filtered out."""
        return self != EVERYTHING

    def fits(self, item: Item) -> bool:
        """Whether a cell passes. This is asked of every cell after each verdict, so the filter that most cells fail comes first."""
        return (
            (self.key is None or self.key == item.key)
            and (item.waits if self.state is None else self.state in ("all", item.state))
            and (self.field is None or self.field == item.field)
            and (self.engine is None or self.engine == item.engine)
        )


EVERYTHING = Filters()
"""All that waits."""


@dataclass(slots=True)
class Queue:
    """All cells that were ever answered or decided. ``cell_of`` reads one from the archive, which is the truth.

    Cells of other fields than ``fields`` are left out: a DuckDB file may have been built by another fields.toml.
    """

    warehouse: Warehouse
    cell_of: Callable[[str, str], Cell]
    fields: frozenset[str]
    _items: dict[tuple[str, str], Item] = field(default_factory=dict)
    _records: dict[str, TrackRecord] = field(default_factory=dict)
    _stamp: object = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def load(self, decided: Iterable[tuple[str, str]] = ()) -> None:
        """Read the queue from the DuckDB file, and lay over it what was ``decided`` since that was built."""
        with self._lock:
            self._stamp = self.warehouse.stamp()
            items: dict[str, list[Item]] = {}
            for (
                key,
                name,
                spec,
                state,
                engine,
                rank,
                risk,
                waits,
                count,
                checked,
                unfound,
                *rest,
            ) in self.warehouse.rows(_INDEX):
                if spec not in self.fields:
                    continue
                item = Item(key, name, spec, state, engine, rank, risk, waits, count, checked, tuple(unfound), *rest)
                items.setdefault(key, []).append(item)
            self._records = {name: TrackRecord(*figures) for name, *figures in self.warehouse.rows(_RECORDS)}
            self._items = {(item.key, item.field): item for source in items.values() for item in source}
            for key, spec in dict.fromkeys(decided):
                self.overlay(key, spec)

    def overlay(self, key: str, name: str) -> None:
        """Read a cell from the archive anew: a decided one no longer waits, unless it is a list's text in doubt."""
        with self._lock:
            item = self._items.get((key, name))
            if item is not None:
                self._items[key, name] = _laid_over(item, self.cell_of(key, name))

    @property
    def is_current(self) -> bool:
        """Whether the DuckDB file is the one that was read; a run may swap it at any time."""
        return self.warehouse.stamp() == self._stamp

    def fitting(self, filters: Filters) -> list[Item]:
        with self._lock:
            return [item for item in self._items.values() if filters.fits(item)]

    def items(self) -> list[Item]:
        with self._lock:
            return list(self._items.values())

    def item(self, key: str, name: str) -> Item:
        """One cell. Raises KeyError."""
        with self._lock:
            return self._items[key, name]

    def record(self, name: str) -> TrackRecord | None:
        """How often a field was right; None while nobody has judged an answer of it."""
        with self._lock:
            return self._records.get(name)


def beside(item: Item, queue: Sequence[Item], everything: Iterable[Item]) -> tuple[Item | None, Item | None]:
    """The cells before and after one in a queue; a decided cell stands where it stood while it waited."""
    here = next((at for at, other in enumerate(queue) if (other.key, other.field) == (item.key, item.field)), None)
    if here is not None:
        return (queue[here - 1] if here else None), (queue[here + 1] if here + 1 < len(queue) else None)
    order = {(other.key, other.field): index for index, other in enumerate(everything)}
    place = order.get((item.key, item.field), -1)
    before = [other for other in queue if order.get((other.key, other.field), place) < place]
    behind = [other for other in queue if order.get((other.key, other.field), place) > place]
    return (before[-1] if before else None), (behind[0] if behind else queue[0] if queue else None)


def _laid_over(item: Item, cell: Cell) -> Item:
    """The item as the archive has it now; an imported text with figures or names that the source lacks goes on waiting."""
    checked = (cell.check if cell.state == "imported" else cell.proposed_check) or Check()
    evidence = cell.evidence if cell.state == "imported" else cell.proposal.evidence if cell.proposal else ()
    return replace(
        item,
        state=cell.state,
        waits=cell.state in WAITING
        or cell.unfit is not None
        or cell.has_lapsed
        or bool(cell.owed_again)
        or (cell.state == "imported" and checked.state == "nowhere"),
        evidence_count=len(evidence),
        check_state=checked.state,
        unfound=checked.unfound,
        words=item.words if cell.state in WAITING else as_text(cell.value),
    )
