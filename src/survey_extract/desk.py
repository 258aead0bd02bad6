"""The archive goes in, what a reviewer sees comes out; verdicts go in, decisions on disk come out.

The queue is read from the DuckDB file, which a run may swap at any time; a
cell is read from the archive, which is the truth. A decision is on disk
before ``decide`` returns, and is then laid over the queue in memory, so that
nothing is built anew between two cells.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median

from survey_extract.core.cells import answer_value, decided_value, quotes_of, shown
from survey_extract.core.characters import clean
from survey_extract.core.evidence import Quote, Quoter, check, point
from survey_extract.core.listing import value_of
from survey_extract.core.ports import Archive, Clock, Warehouse
from survey_extract.core.records import Answer, Check, Decision, Document, Evidence, PaperText, State, Value, Verdict
from survey_extract.core.review import cell_state, decide, latest_answer, standing_decision, stands
from survey_extract.core.schema import FieldSpec
from survey_extract.core.schema import field as field_of
from survey_extract.core.survival import Passage, Survivors
from survey_extract.errors import InputError

WAITING: frozenset[State | None] = frozenset({"proposed", "changed"})
"""States that want a decision."""
TEXTS_HELD = 16

_INDEX = """
SELECT c.key, s.name, c.field, c.state, c.engine, coalesce(q.rank, 9), coalesce(q.risk, ''), i.position, i.field_position,
       c.evidence_count, c.check_state, s.notice
FROM cells c JOIN sources s USING (key) JOIN internal.cells i ON i.key = c.key AND i.field = c.field
LEFT JOIN queue q ON q.key = c.key AND q.field = c.field
WHERE c.state IS NOT NULL ORDER BY coalesce(q.rank, 9), i.position, i.field_position"""


class Stale(InputError):
    """The cell changed while it was looked at: look again before deciding."""


@dataclass(frozen=True, slots=True)
class Item:
    """A cell in the queue, riskiest first."""

    key: str
    name: str
    field: str
    state: State | None
    engine: str | None
    rank: int
    risk: str
    evidence_count: int
    check_state: str | None
    notice: str | None = None
    """arXiv's word that the paper is withdrawn or replaced."""

    @property
    def is_clean(self) -> bool:
        """Whether it has evidence that carries all its figures and names."""
        return self.evidence_count > 0 and self.check_state in (None, "in evidence")


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the queue is shown; None is everything. ``state`` "all" shows decided cells, too."""

    field: str | None = None
    key: str | None = None
    state: str | None = None
    engine: str | None = None

    def fits(self, item: Item) -> bool:
        wanted = item.state in WAITING if self.state is None else self.state in ("all", item.state)
        return wanted and all(
            mine is None or mine == its
            for mine, its in ((self.field, item.field), (self.key, item.key), (self.engine, item.engine))
        )


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a cell's history: who or what gave which value, when."""

    at: str
    by: str
    what: str
    value: str | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CellView:
    """All that a reviewer sees of a cell."""

    item: Item
    spec: FieldSpec
    document: Document | None
    text: PaperText | None
    answer: Answer | None
    decision: Decision | None
    proposed: Value
    standing: Value
    check: Check
    quotes: tuple[Quote, ...]
    passages: tuple[Passage, ...]
    """The sentences of the version before, and where they stand in this one; empty while there is but one version."""
    history: tuple[Event, ...]
    judged: str | None
    trouble: str | None = None


@dataclass(slots=True)
class Desk:
    """One reviewer at work; safe to share between threads."""

    archive: Archive
    warehouse: Warehouse
    clock: Clock
    by: str
    obtain: Callable[[Document], PaperText]
    """Fetches and reads a document whose text is not in the cache."""
    _items: dict[tuple[str, str], Item] = field(default_factory=dict)
    _stamp: object = None
    _undoable: list[tuple[str, str]] = field(default_factory=list)
    _paces: list[float] = field(default_factory=list)
    _last: float | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _texts: OrderedDict[str, PaperText] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.warehouse.build()
        self._load()

    # --- the queue --------------------------------------------------------------------------------

    def queue(self, filters: Filters = Filters()) -> list[Item]:
        """The cells that fit, riskiest first."""
        with self._lock:
            if self.warehouse.stamp() != self._stamp:
                self._load()
            return [item for item in self._items.values() if filters.fits(item)]

    def all_items(self) -> list[Item]:
        """Every cell that was ever answered or decided."""
        with self._lock:
            return list(self._items.values())

    def _load(self) -> None:
        """Read the queue from the DuckDB file, and lay over it what was decided since that was built."""
        self._stamp = self.warehouse.stamp()
        self._items = {
            (key, name): Item(key, label, name, state, engine, rank, risk, count, checked, notice)
            for key, label, name, state, engine, rank, risk, _, _, count, checked, notice in self.warehouse.rows(_INDEX)
        }
        for cell in dict.fromkeys(self._undoable):
            self._overlay(*cell)

    def _overlay(self, key: str, name: str) -> None:
        item = self._items.get((key, name))
        if item is not None:
            answer, decision = self._latest(key, name)
            self._items[key, name] = replace(item, state=cell_state(answer, decision))

    def progress(self) -> tuple[int, int, float | None]:
        """Cells decided, cells in all, and seconds left at this reviewer's pace (None before there is one)."""
        items = self.all_items()
        waiting = sum(item.state in WAITING for item in items)
        return len(items) - waiting, len(items), median(self._paces[-20:]) * waiting if len(self._paces) >= 3 else None

    def neighbours(self, item: Item, filters: Filters) -> tuple[Item | None, Item | None]:
        """The cells before and behind in the queue; a decided cell stands where its rank puts it."""
        queue = self.queue(filters)
        at = next(
            (index for index, other in enumerate(queue) if (other.key, other.field) == (item.key, item.field)), None
        )
        if at is not None:
            return (queue[at - 1] if at else None), (queue[at + 1] if at + 1 < len(queue) else None)
        order = {cell: index for index, cell in enumerate(self._items)}
        here = order.get((item.key, item.field), -1)
        before = [other for other in queue if order[other.key, other.field] < here]
        behind = [other for other in queue if order[other.key, other.field] > here]
        return (before[-1] if before else None), (behind[0] if behind else queue[0] if queue else None)

    # --- one cell ---------------------------------------------------------------------------------

    def cell(self, key: str, name: str) -> CellView:
        """All about a cell.

        Raises:
            KeyError: there is no such cell.
        """
        with self._lock:
            item = self._items[key, name]
        spec = field_of(name)
        answers = [a for a in self.archive.answers(key) if a.field == name]
        decisions = [d for d in self.archive.decisions(key) if d.field == name]
        answer, decision = latest_answer(answers), standing_decision(decisions)
        document = self._document(key, answer, decision)
        text, trouble = self._text_or_trouble(document)
        proposed = answer_value(answer, self._quoter) if answer else None
        return CellView(
            item=item,
            spec=spec,
            document=document,
            text=text,
            answer=answer,
            decision=decision,
            proposed=proposed,
            standing=self._standing(decision, answer),
            check=answer.check if answer else Check(),
            quotes=quotes_of(answer.document, answer.evidence, self._quoter) if answer else (),
            passages=self._passages(answers, decision, text),
            history=tuple(self._history(answers, decisions)),
            judged=answer.value_sha256 if answer else None,
            trouble=trouble,
        )

    def _latest(self, key: str, name: str) -> tuple[Answer | None, Decision | None]:
        answers = [a for a in self.archive.answers(key) if a.field == name]
        return latest_answer(answers), standing_decision([d for d in self.archive.decisions(key) if d.field == name])

    def _document(self, key: str, answer: Answer | None, decision: Decision | None) -> Document | None:
        wanted = answer.document if answer else decision.document if decision else None
        documents = self.archive.documents().get(key, ())
        return next((d for d in reversed(documents) if d.sha256 == wanted), documents[-1] if documents else None)

    def _text_or_trouble(self, document: Document | None) -> tuple[PaperText | None, str | None]:
        if document is None:
            return None, None
        try:
            return self.text(document), None
        except Exception as error:  # noqa: BLE001  # a document that cannot be had must not hide its answers
            return None, f"the document cannot be shown: {error}"

    def text(self, document: Document) -> PaperText:
        """The text of a document, fetched when it is not in the cache. Raises SourceError when it cannot be had."""
        return self._held_text(document.sha256) or self._hold(document.sha256, self.obtain(document))

    def _held_text(self, sha256: str) -> PaperText | None:
        with self._lock:
            if sha256 in self._texts:
                self._texts.move_to_end(sha256)
                return self._texts[sha256]
        text = self.archive.text_of(sha256)
        return self._hold(sha256, text) if text else None

    def _hold(self, sha256: str, text: PaperText) -> PaperText:
        with self._lock:
            self._texts[sha256] = text
            while len(self._texts) > TEXTS_HELD:
                self._texts.popitem(last=False)
        return text

    def _quoter(self, sha256: str) -> Quoter | None:
        text = self._held_text(sha256)
        return Quoter(text) if text else None

    def _standing(self, decision: Decision | None, answer: Answer | None) -> Value:
        if decision is None or not stands(decision):
            return None
        value = decided_value(decision, answer, self._quoter)
        return "[not in the cache]" if value is None and decision.quoted else value

    def _passages(
        self, answers: Sequence[Answer], decision: Decision | None, text: PaperText | None
    ) -> tuple[Passage, ...]:
        """What the cell stood on before its latest answer, looked up in the text of today: both versions side by side."""
        latest = latest_answer(answers)
        if latest is None or text is None:
            return ()
        earlier = [a for a in answers if a.document != latest.document]
        if decision is not None and decision.document not in (None, latest.document) and decision.evidence:
            document, evidence = decision.document or "", decision.evidence
        elif earlier:
            document, evidence = earlier[-1].document, earlier[-1].evidence
        else:
            return ()
        return Survivors(text).passages(evidence, self._quoter(document))

    def _history(self, answers: Sequence[Answer], decisions: Sequence[Decision]) -> Iterator[Event]:
        events = [
            Event(a.at, a.engine + (f" {a.model}" if a.model else ""), "answered", shown(answer_value(a, self._quoter)))
            for a in answers
        ]
        events += [
            Event(d.at, d.by, d.verdict, shown(self._standing(d, latest_answer(answers))), d.reason) for d in decisions
        ]
        yield from sorted(events, key=lambda event: event.at)

    # --- verdicts ---------------------------------------------------------------------------------

    def decide(
        self,
        key: str,
        name: str,
        verdict: Verdict,
        judged: str | None,
        *,
        value: str | None = None,
        numbers: Sequence[int] | None = None,
        reason: str | None = None,
    ) -> Decision:
        """Record a verdict on the value whose hash is ``judged``; it is on disk when this returns.

        Raises:
            Stale: the latest answer is another one by now.
            InputError: an edit without a text.
        """
        with self._lock:
            answer, _ = self._latest(key, name)
            if (answer.value_sha256 if answer else None) != judged:
                raise Stale("the answer changed while you looked at it: look again")
            edited = value_of(field_of(name), clean(value or ""))
            if verdict == "edited" and edited is None:
                raise InputError("an edit needs a text; for an empty cell say “not reported”")
            decision = decide(
                verdict, name, answer, by=self.by, at=self._after(key, name), value=edited if verdict == "edited" else None,
                evidence=self._pointers(answer, numbers), reason=clean(reason or "") or None,
            )  # fmt: skip
            self._record(key, name, decision)
            return decision

    def undo(self) -> tuple[str, str] | None:
        """Take back the last decision of this sitting by appending; gives its cell, None when there is none."""
        with self._lock:
            if not self._undoable:
                return None
            key, name = self._undoable.pop()
            answer, _ = self._latest(key, name)
            self.archive.add_decisions(key, [decide("undone", name, answer, by=self.by, at=self._after(key, name))])
            self._overlay(key, name)
            return key, name

    def clean_cells(self, key: str) -> list[Item]:
        """The undecided cells of a source that have evidence for all their figures and names."""
        return [item for item in self.queue(Filters(key=key)) if item.is_clean]

    def accept_clean(self, key: str, judged: dict[str, str]) -> int:
        """Accept the cells of a source that were shown, each bound to the hash that was shown."""
        for name, sha256 in judged.items():
            self.decide(
                key, name, "accepted", sha256, reason="accepted with all cells of this source whose checks are clean"
            )
        return len(judged)

    def checked(self, key: str, name: str, value: str, numbers: Sequence[int]) -> Check:
        """The check of an edited text against the chosen sentences."""
        answer, decision = self._latest(key, name)
        document = self._document(key, answer, decision)
        text, _ = self._text_or_trouble(document)
        if text is None:
            return Check()
        evidence, _ = point(text, numbers)
        return check(value_of(field_of(name), clean(value)), evidence, text)

    def _pointers(self, answer: Answer | None, numbers: Sequence[int] | None) -> tuple[Evidence, ...] | None:
        text = self._held_text(answer.document) if answer and numbers is not None else None
        return point(text, numbers)[0] if text is not None and numbers is not None else None

    def _record(self, key: str, name: str, decision: Decision) -> None:
        self.archive.add_decisions(key, [decision])
        self._undoable.append((key, name))
        self._overlay(key, name)
        now = self.clock.monotonic()
        if self._last is not None and now - self._last < 600:
            self._paces.append(now - self._last)
        self._last = now

    def _after(self, key: str, name: str) -> str:
        """Now, to the microsecond, and later than every decision on the cell, even when a clock went backwards."""
        now = self.clock.now()
        for decision in self.archive.decisions(key):
            if decision.field == name:
                now = max(now, datetime.fromisoformat(decision.at) + timedelta(microseconds=1))
        return f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"
