"""The archive goes in, what a reviewer sees comes out; verdicts go in, decisions on disk come out.

The queue is read from the DuckDB file, which a run may swap at any time; a
cell is read from the archive, which is the truth. A decision is on disk
before ``decide`` returns, and is then laid over the queue in memory, so that
nothing is rebuilt between two cells.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import median

from survey_extract.core.audit import auditable, audits_due, own_names
from survey_extract.core.cells import Entry, entry, quotes_of
from survey_extract.core.check import RULES
from survey_extract.core.check.tabled import Tabled
from survey_extract.core.decisions import (
    after,
    cell_state,
    decide,
    in_force,
    latest_answer,
    proposal,
    remove,
    standing_decision,
    stands,
    stands_sha256,
    undo,
)
from survey_extract.core.due.carry_over import Passage
from survey_extract.core.evidence import point
from survey_extract.core.fields import Fields
from survey_extract.core.paper_text import PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.ports import Archive, Clock, TextWork, Warehouse
from survey_extract.core.publishing import Publish, unpublished_because
from survey_extract.core.ranking.offered import offered
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import Answer, Audit, Cell, Check, Decision, Document, Evidence, Source
from survey_extract.errors import BadFields, InputError, ReadError
from survey_extract.review.blind import Masked
from survey_extract.review.checks import Checks
from survey_extract.review.marks import Look, Marker, Marks, nobody_looks
from survey_extract.review.queue import EVERYTHING, Filters, Item, Queue, beside
from survey_extract.review.ruling import Bench, Judgement, Ruling
from survey_extract.review.snapshot import Snapshot
from survey_extract.review.texts import Texts
from survey_extract.review.view import CellView, Kept, document_of, view_of


class Stale(InputError):
    """The cell has changed since the reviewer saw it: look again before deciding."""


class FieldsChanged(InputError):
    """fields.toml was changed while the review was open: the review has to start again."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a verdict did, and to which cell, in one sentence."""

    key: str
    field: str
    said: str
    compare: bool = False
    """Whether the cell is to be looked at now: it was decided blind."""


@dataclass(frozen=True, slots=True)
class _Undoable:
    """What one undo takes back: a decision, or all that were made at once, as (key, field, id)."""

    decisions: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Desk:
    """One reviewer at work; safe to share between threads."""

    archive: Archive
    warehouse: Warehouse
    clock: Clock
    by: str
    fetch: Callable[[Document], PaperText]
    """Fetches and reads a document whose text is not in the cache."""
    sources: Mapping[str, Source]
    texts: TextWork
    """Goes through texts: what takes for ever there costs the one cell that it was wanted for."""
    fields_now: Callable[[], Fields]
    """The fields as fields.toml has them at this moment. Raises BadFields."""
    publish: Publish = "reviewed"
    look: Look = nobody_looks
    """Looks whether quotes are seen where they stand."""
    blind: bool = False
    """Whether this session shows nothing of what was answered or decided in a cell before its reviewer has decided on it."""
    _steps: list[_Undoable] = field(default_factory=list)
    _decided: list[tuple[str, str]] = field(default_factory=list)
    _paces: list[float] = field(default_factory=list)
    _last: float | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _texts: Texts = field(init=False)
    _snapshot: Snapshot = field(init=False)
    _queue: Queue = field(init=False)
    _marker: Marker = field(init=False)
    _masked: Masked = field(init=False)

    def __post_init__(self) -> None:
        self._snapshot, self._texts, self._marker = (
            Snapshot(self.archive),
            Texts(self.archive, self.fetch),
            Marker(self.look),
        )
        self._queue = Queue(self.warehouse, self._cell, frozenset(spec.name for spec in self.fields))
        self._masked = Masked(self._snapshot, tuple(self.sources), self.fields, self.by)
        self.warehouse.build()
        self._queue.load()
        if self.blind:
            self._masked.load()

    @property
    def _checks(self) -> Checks:
        return Checks(self.texts)

    @property
    def fields(self) -> Fields:
        """The survey's fields."""
        return self.archive.fields

    def refuse_other_fields(self) -> None:
        """Refuse to show or decide anything once fields.toml differs from the fields that the review began with.

        Raises:
            FieldsChanged: fields.toml says something else than when the review began, or cannot be read.
        """
        try:
            if self.fields.says_the_same(self.fields_now()):
                return
            said = "the fields of this survey were changed (fields.toml) while the review was open"
        except BadFields as error:
            said = f"fields.toml was changed while the review was open, and cannot be used: {error}"
        raise FieldsChanged(f"{said}: end the review (Ctrl-C) and start it again; every decision is already on disk")

    # --- the queue --------------------------------------------------------------------------------

    def queue(self, filters: Filters = EVERYTHING) -> list[Item]:
        """The cells that fit the filters, source by source, the riskiest first; in a blind session, in the order of the table."""
        self._take_in()
        return [item for item in self.all_items() if filters.fits(item)] if self.blind else self._queue.fitting(filters)

    def _take_in(self) -> None:
        """Read the queue again when a run has swapped the DuckDB file."""
        with self._lock:
            if not self._queue.is_current:
                self._queue.load(self._decided)

    def all_items(self) -> list[Item]:
        """Every cell that was ever answered or decided."""
        return self._masked.items(self._queue.items()) if self.blind else self._queue.items()

    def item(self, key: str, name: str) -> Item:
        """One cell of the queue, or one that is filtered out of it. Raises KeyError when there is none."""
        item = self._queue.item(key, name)
        return self._masked.item(item) if self.blind else item

    def neighbours(self, item: Item, filters: Filters) -> tuple[Item | None, Item | None]:
        """The cells before and after this one in the queue."""
        self._take_in()
        return beside(item, self.queue(filters), self.all_items())

    def progress(self) -> tuple[int, int, float | None]:
        """Cells decided, cells in all, and seconds left at this reviewer's pace (None before there is one)."""
        items = self.all_items()
        waiting = sum(item.waits for item in items)
        return len(items) - waiting, len(items), median(self._paces[-20:]) * waiting if len(self._paces) >= 3 else None

    def _cell(self, key: str, name: str) -> Cell:
        """A cell as the archive has it, without the words of its quotes."""
        return self._entry(key).cell(name)

    def progress_by_source(self) -> dict[str, tuple[int, int]]:
        """Cells decided and cells in all, by the key of their source."""
        progress: dict[str, tuple[int, int]] = {}
        for item in self.all_items():
            decided, everything = progress.get(item.key, (0, 0))
            progress[item.key] = (decided + (not item.waits), everything + 1)
        return progress

    def _judged(self, key: str, name: str) -> tuple[Answer | None, list[Decision]]:
        """What is proposed for a cell, and the decisions on it."""
        decisions = [d for d in self._snapshot.decisions(key) if d.field == name]
        answer = latest_answer(a for a in self._snapshot.answers(key) if a.field == name)
        return proposal(answer, decisions), decisions

    # --- one cell ---------------------------------------------------------------------------------

    def cell(self, key: str, name: str) -> CellView:
        """All about a cell; of one that is to be decided blind, the source and the field.

        Raises:
            KeyError: there is no such cell.
        """
        with self._snapshot.hold():
            kept = self._kept(self._queue.item(key, name))
            bare = self._entry(key)
            document = document_of(bare.cell(name), kept.documents)
            text, trouble = self._texts.or_trouble(document)
            blind = self._masked.decision(key, name) if self.blind else None
            if self.blind and blind is None:
                shown = replace(kept.masked, documents=[d for d in kept.documents if d is document])
                return replace(view_of(shown, self._texts.quoter, self._passages, text, None, trouble), blind=True)
            view = view_of(kept, self._texts.quoter, self._passages, text, self._leaves(bare, name), trouble)
            return replace(view, decided_blind=blind)

    def _kept(self, item: Item) -> Kept:
        key, name = item.key, item.field
        return Kept(
            item,
            self.fields.named(name),
            [a for a in self._snapshot.answers(key) if a.field == name],
            [d for d in self._snapshot.decisions(key) if d.field == name],
            [a for a in self._snapshot.audits(key) if a.field == name],
            self._snapshot.documents(key),
            [o for o in self._snapshot.opinions(key) if o.field == name],
            self._queue.record(name),
        )

    def _entry(self, key: str) -> Entry:
        """The source with its cells; their states, not their words."""
        snapshot = self._snapshot
        return entry(
            self.sources[key], tuple(snapshot.documents(key)), tuple(snapshot.answers(key)), tuple(snapshot.decisions(key)),
            tuple(snapshot.audits(key)), lambda _: None, self.publish, self.fields, stood=snapshot.stood(key),
        )  # fmt: skip

    def _leaves(self, bare: Entry, name: str) -> str | None:
        """What taking a standing value back would do to the row, in words; None if nothing."""
        if not bare.published:
            return None
        without = [
            replace(cell, state="removed", decision=remove(cell.decision, by=self.by, at="9"))
            if cell.field == name and cell.decision and stands(cell.decision)
            else cell
            for cell in bare.cells
        ]
        leaves = unpublished_because(without, self.publish, self._snapshot.stood(bare.source.key))
        return f"the row of {bare.source.label} leaves the table" if leaves else None

    def text(self, document: Document) -> PaperText:
        """The text of a document, fetched when it is not in the cache. Raises SourceError when it cannot be had."""
        return self._texts.text(document)

    def _passages(self, text: PaperText, evidence: Sequence[Evidence], old: str) -> tuple[Passage, ...]:
        words = {item.sha256: said for item in evidence if (said := self.archive.words_of(item.sha256))}
        return self._checks.passages(text, evidence, self._texts.held(old), words)

    def _audits(self, key: str, made: Decision) -> list[Audit]:
        """The audit of the value that will stand by a decision, recorded with it, so that no cell waits for the next run to be checked.

        None where its text is not in the cache, or where the check takes too long: then the next run audits it.
        """
        documents = self._snapshot.documents(key)
        answers = [answer for answer in self._snapshot.answers(key) if answer.field == made.field]
        given = [decision for decision in self._snapshot.decisions(key) if decision.field == made.field]
        values = auditable(documents[-1].sha256 if documents else None, answers, [*given, made], self.fields)
        due = audits_due(
            [item for item in values if item.of == "standing"], self._snapshot.audits(key), self._texts.sha256_of
        )
        texts = ((item, self._texts.held(item.document)) for item in due)
        return [
            audit
            for item, text in texts
            if text is not None
            for audit in self._checks.audits(text, self._own(key), self.fields, item, made.at)
        ]

    # --- verdicts ---------------------------------------------------------------------------------

    def decide(
        self,
        key: str,
        name: str,
        verdict: Judgement,
        judged: str | None,
        *,
        value: str | None = None,
        numbers: Sequence[int] | None = None,
        reason: str | None = None,
        stood_for: Sequence[str] = (),
        standing: str | None = None,
    ) -> Done:
        """Record a verdict on the proposal whose hash is ``judged``; it is on disk when this returns.

        ``numbers`` are the sentences that the person left as evidence, None
        for all that were named. ``stood_for`` are the figures and names of
        which the person was told that the source does not hold them.
        ``standing`` is the hash of what stood in the cell when it was looked
        at, for a verdict on that; None when it does not matter.

        Raises:
            Stale: another value is proposed by now, or another one stands.
            NeedsReason: the check finds nowhere what would be published.
            NotInEvidence: the sentences marked for a person's own text do not say all of it.
            InputError: an edit without a text, or nothing there to decide on.
        """
        if self.blind and self._masked.decision(key, name) is None:
            return self.decide_blind(key, name, Ruling(verdict, value, numbers, reason, tuple(stood_for)))
        ruling = Ruling(verdict, value, numbers, reason, tuple(stood_for))
        with self._snapshot.hold():  # without the lock: a check may take long, and other cells do not wait for it
            proposed, decisions = self._judged(key, name)
            if (proposed.value_sha256 if proposed else None) != judged:
                raise Stale("the proposal changed while you were looking at it: look again")
            stood = standing_decision(decisions)
            if standing is not None and (stands_sha256(stood) if stood else None) != standing:
                raise Stale("the current value changed while you were looking at it: look again")
            made = self._bench(key, name, proposed, decisions).decision(ruling)
            audits = self._audits(key, made)
        with self._lock, self._snapshot.hold():
            if self._judged(key, name) != (proposed, decisions):
                raise Stale("the cell changed while your verdict was checked: look again")
            before = self._entry(key)
            self._snapshot.add_audits(key, audits)
            self._record(_Undoable(((key, name, made.id),)), {key: [made]})
            return Done(key, name, self._said(before, name, "removed" if made.verdict == "removed" else verdict, made))

    def _bench(self, key: str, name: str, proposed: Answer | None, decisions: Sequence[Decision]) -> Bench:
        return Bench(
            self.fields.named(name), proposed, decisions, self._own(key), partial(self.cell, key, name), self._checks, self.by, after(decisions, self.clock.now()),
        )  # fmt: skip

    def decide_blind(self, key: str, name: str, ruling: Ruling) -> Done:
        """Record what a person found who has seen the source alone; it is on disk when this returns.

        Raises:
            NeedsReason: the check finds nowhere what the person wrote.
            InputError: the verdict needs a proposal, or an edit has no text.
        """
        if ruling.verdict not in ("edited", "not_reported"):
            raise InputError("this cell is not shown yet: write what the source says, or that it does not report it")
        with self._snapshot.hold():
            _, decisions = self._judged(key, name)
            made = self._bench(key, name, None, ()).decision(ruling)
            document = self.cell(key, name).document
        with self._lock, self._snapshot.hold():
            if self._judged(key, name)[1] != decisions:
                raise Stale("the cell changed while your verdict was checked: look again")
            pointed = document.sha256 if document and made.evidence else None
            made = replace(made, blind=True, document=pointed, at=after(decisions, self.clock.now()))
            self._snapshot.add_audits(key, self._audits(key, made))
            self._record(_Undoable(((key, name, made.id),)), {key: [made]})
            self._masked.note(key, name)
            return Done(
                key, name, f"{self.sources[key].label}, {self.fields.named(name).heading}: decided blind", compare=True
            )

    def _own(self, key: str) -> tuple[str, ...]:
        """The source's own names, which any value may use."""
        documents = self._snapshot.documents(key)
        return own_names(self.sources[key], documents[-1] if documents else None)

    def _said(self, before: Entry, name: str, verdict: Judgement, made: Decision) -> str:
        """What was done to which cell, and what became of the row."""
        standing = before.cell(name).decision
        is_list = standing is not None and standing.verdict == "imported"
        where = f"{before.source.label}, {self.fields.named(name).heading}"
        stays = "the list's text stays, not checked" if is_list else "the current value stays"
        rejected = f"rejected; {stays}" if _stood(before, name) else "rejected"
        words = {
            "accepted": "not reported, as proposed" if made.value is None and not made.quoted else "accepted",
            "edited": "your text saved",
            "rejected": rejected,
            "not_reported": "not reported",
            "removed": "the value was taken back",
            "confirmed": "the value stays as it was decided, at this place"
            if made.verdict == "pointed"
            else "the current value stays, on these sentences",
        }
        return f"{where}: {words[verdict]}{self._row_told(before)}"

    def _row_told(self, before: Entry) -> str:
        """Whether the row entered or left the table, in words; nothing in a blind session, since it tells of the other cells."""
        if self.blind:
            return ""
        now = self._entry(before.source.key)
        if before.published == now.published:
            return ""
        return "; its row enters the table" if now.published else "; its row leaves the table"

    @property
    def can_undo(self) -> bool:
        """Whether a step of this session is left to take back."""
        return bool(self._steps)

    def undo(self) -> Done | None:
        """Take back the last step of this session by appending to the archive; None if there is none. What others decided stays."""
        with self._lock, self._snapshot.hold():
            if not self._steps:
                return None
            step = self._steps.pop()
            key, name, _ = step.decisions[0]
            before, count = self._entry(key), 0
            for its_key, its_name, name_of in step.decisions:
                decisions = [d for d in self._snapshot.decisions(its_key) if d.field == its_name]
                mine = next((d for d in in_force(decisions) if d.id == name_of), None)
                if mine is not None:
                    at = after(decisions, self.clock.now())
                    self._snapshot.add_decisions(its_key, [undo(mine, by=self.by, at=at)])
                    self._queue.overlay(its_key, its_name)
                    count += 1
            return Done(key, name, self._undone_said(before, name, count))

    def _undone_said(self, before: Entry, name: str, count: int) -> str:
        label = before.source.label
        if count == 0:
            return f"{label}, {self.fields.named(name).heading}: it was already undone"
        what = f"{label}, {self.fields.named(name).heading}" if count == 1 else f"{label}: {count_of(count, 'cell')}"
        state = (self._cell(before.source.key, name).state or "unanswered").replace("_", " ")
        return f"{what}: undone, {state} again{self._row_told(before)}"

    def tabled(self, view: CellView) -> Tabled:
        """The rows of tables with what is proposed, where the sentences named for it do not say all of that: found by the tool.

        Of what a person or a list gave without a sentence, they are among those that support it.
        """
        proposal, document = view.cell.proposal, view.document.sha256 if view.document else ""
        if view.blind or view.text is None or proposal is None or view.proposed is None:
            return Tabled()
        is_said = bool(view.quotes) and not view.check.apart
        if is_said or proposal.quoted or proposal.document not in (document, ""):
            return Tabled()
        return self._checks.tabled(view.spec, view.proposed, view.text, self._own(view.item.key))

    def on_offer(self, view: CellView) -> tuple[int, ...]:
        """The sentences that are nearest to the field's question, where none is named for anything: no evidence of anything until they are marked.

        Nothing in a blind session, or where looking for them does not end.
        """
        if view.blind or view.text is None or view.quotes or view.carrying:
            return ()
        try:
            return self.texts.do(offered, view.text, view.spec)
        except ReadError:
            return ()

    def marks(self, view: CellView, numbers: Iterable[int] = (), *, browser: bool = False) -> Marks:
        """What is said beside the sentences of a cell, and beside those of these numbers, that cannot be seen on the page.

        For a web page only what is known already; with ``browser``, the rest is looked at, which takes some seconds.
        """
        behind = (quote.sentence.number for quote in (*view.quotes, *view.carrying) if quote.sentence)
        return self._marker.marks(view.document, view.text, (*behind, *numbers), browser=browser)

    def promising_cells(self, key: str) -> list[Item]:
        """The new cells of a source whose figures and names are all in their evidence, none of which is known to be unseen."""
        return [item for item in self._undoubted(key) if self.unchecked(item) is None]

    def cells_to_read(self, key: str) -> list[tuple[Item, str]]:
        """The new cells that nothing speaks against only because nothing in them was checked, each with the reason."""
        return [(item, why) for item in self._undoubted(key) if (why := self.unchecked(item)) is not None]

    def _undoubted(self, key: str) -> list[Item]:
        return [item for item in self.queue(Filters(key=key)) if item.is_undoubted]

    def unchecked(self, item: Item) -> str | None:
        """Why no check supports what is proposed in a cell; None if one does."""
        spec = self.fields.named(item.field)
        if spec.type == "number" and item.words and spec.amount(item.words).value is None:
            return "no single number can be read from it"
        return item.nothing_checked

    def clean_cells(self, key: str) -> list[Item]:
        """The promising cells whose sentences are all seen on the page as drawn.

        Sentences that nobody has looked at yet are looked at now, and what older rules found clean is checked again.
        """
        with self._snapshot.hold():
            promising = self.promising_cells(key)
            return [i for i in promising if self._is_clean_today(key, i.field) and self._is_seen(key, i.field)]

    def _is_clean_today(self, key: str, name: str) -> bool:
        """Whether today's rules find all of a proposal in its evidence; no when its text is not here."""
        view = self.cell(key, name)
        proposed, _ = self._judged(key, name)
        if proposed is None or proposed.quoted or view.check.rules >= RULES:
            return proposed is not None
        if view.text is None:
            return False
        try:
            found = self._checks.check(
                self.fields.named(name), proposed.value, proposed.evidence, view.text, self._own(key)
            )
        except InputError:  # a check that does not end
            return False
        return found.state in (None, "in evidence")

    def _is_seen(self, key: str, name: str) -> bool:
        proposed, _ = self._judged(key, name)
        document = next((d for d in self._snapshot.documents(key) if proposed and d.sha256 == proposed.document), None)
        if proposed is None or document is None:
            return False
        return self._marker.are_seen(document, quotes_of(document.sha256, proposed.evidence, self._texts.quoter))

    def accept_clean(self, key: str, judged: Mapping[str, str]) -> Done:
        """Accept new cells of a source, each bound to the hash that was shown; undone as one step.

        Raises:
            Stale: one of them has changed, was decided, or is not clean; none is accepted.
        """
        if self.blind:
            raise InputError("a blind session decides cell by cell")
        if not judged:
            raise InputError("no cell was chosen: nothing was accepted")
        if unclean := judged.keys() - {item.field for item in self.clean_cells(key)}:
            headings = {spec.name: spec.heading for spec in self.fields}
            raise Stale(f"{headings.get(min(unclean), min(unclean))} is not clean, or no longer waits: look again")
        with self._lock, self._snapshot.hold():
            before = self._entry(key)
            made: list[Decision] = []
            for name, sha256 in judged.items():
                proposed, decisions = self._judged(key, name)
                if proposed is None or proposed.value_sha256 != sha256 or cell_state(proposed, decisions) != "proposed":
                    raise Stale(f"{self.fields.named(name).heading} changed while you were looking at it: look again")
                at = after(decisions, self.clock.now())
                made.append(decide("accepted", name, proposed, by=self.by, at=at, reason=ALL_CLEAN))
            self._record(_Undoable(tuple((key, d.field, d.id) for d in made)), {key: made})
            cells = count_of(len(made), "cell")
            return Done(key, made[0].field, f"{before.source.label}: {cells} accepted{self._row_told(before)}")

    def checked(self, key: str, name: str, value: str, numbers: Sequence[int]) -> Check:
        """The check of an edited text against the chosen sentences. Raises KeyError when there is no such cell."""
        view = self.cell(key, name)
        if view.text is None:
            return Check()
        evidence, _ = point(view.text, numbers)
        spec = self.fields.named(name)
        return self._checks.check(spec, spec.value_of(clean(value)), evidence, view.text, self._own(key))

    def _record(self, step: _Undoable, made: Mapping[str, Sequence[Decision]]) -> None:
        for key, decisions in made.items():
            self._snapshot.add_decisions(key, decisions)
        self._steps.append(step)
        for key, name, _ in step.decisions:
            self._decided.append((key, name))
            self._queue.overlay(key, name)
        now = self.clock.monotonic()
        if self._last is not None and now - self._last < 600:
            self._paces.append(now - self._last)
        self._last = now


ALL_CLEAN = "accepted with all cells of this source that were checked and are clean"


def _stood(before: Entry, name: str) -> bool:
    return stands(before.cell(name).decision)
