"""Cells go in, what became of each of their sentences comes out: looked up in the bytes, without a model.

Every cell that shows something is checked: what a person decided, whether its
row is published or not, and what is published undecided. What was decided in
an older version is looked up in the newest that is known. So are the records
that it rests on: a hash that is not that of its value, a page that does not
exist, a line that is not as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.audit import auditable, audits_of, own_names
from survey_extract.core.cells import Entry, origin
from survey_extract.core.decisions import in_force, record_of, stands
from survey_extract.core.evidence import Quoter
from survey_extract.core.newest import in_newest, is_known
from survey_extract.core.proof import answer_faults, decision_faults, place_faults, pointer_faults
from survey_extract.core.records import Answer, Cell, Decision, Document, Evidence, InNewest
from survey_extract.errors import SourceError
from survey_extract.pipeline.ports import Ports
from survey_extract.pipeline.shelf import Shelf, Shelved

Lookup = Literal["found", "moved", "otherwise", "reworded", "missing", "unreadable", "unreachable"]
"""``otherwise``: only in the text that an older reader made of the same bytes. ``reworded``: of what was decided in an older
version, in the newest with other words, among them all figures and names of the value."""
THREADS = 8
"""Sources looked at together; the readers' own processes are as many as the setting ``readers`` says."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a cell: where it should stand, and what was found."""

    key: str
    field: str
    page: int
    finding: Lookup
    remark: str | None = None
    next: str | None = None
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A record, or a file of the cache, that is not as it was written: where, and what is wrong."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class StoodFor:
    """A decided value with figures or names that its source does not contain. ``asked``: the person was told so, and vouches for them."""

    key: str
    field: str
    by: str
    terms: tuple[str, ...]
    reason: str | None
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A value that was decided in an older version, ``then``, and is not in the newest as it was; ``terms`` are nowhere in that."""

    key: str
    field: str
    in_newest: InNewest
    then: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was looked up. ``unsupported`` are cells that point at no sentence, as (key, field, state)."""

    cells: int
    checked: tuple[Checked, ...]
    unsupported: tuple[tuple[str, str, str], ...]
    damages: tuple[Damage, ...]
    stood_for: tuple[StoodFor, ...]
    in_bytes: bool
    changed: tuple[tuple[str, str], ...] = ()
    """Files that are no longer those that were read last, as (key, name)."""
    lapsed: tuple[Lapsed, ...] = ()

    @property
    def gone(self) -> int:
        """How many decided values are no longer in their source."""
        return sum(item.in_newest == "gone" for item in self.lapsed)

    def count(self, finding: Lookup) -> int:
        """How many sentences were found in that way."""
        return sum(item.finding == finding for item in self.checked)


@dataclass(frozen=True, slots=True)
class _Looked:
    """One source, looked at."""

    checked: tuple[Checked, ...]
    damages: tuple[Damage, ...]
    changed: bool
    lapsed: tuple[Lapsed, ...]


def verify(entries: Sequence[Entry], ports: Ports, *, cached: bool = False) -> Verification:
    """Look every sentence that a shown cell points at up in its document; what is not in the cache is fetched.

    ``cached`` believes the texts in the cache instead of reading the bytes again.
    """
    shown = {item.source.key: [cell for cell in item.cells if _is_shown(cell, item)] for item in entries}
    cells = [cell for group in shown.values() for cell in group]
    with ThreadPoolExecutor(THREADS) as pool:
        looked = list(pool.map(lambda item: _looked(item, shown[item.source.key], ports, cached=cached), entries))
    seals = (Damage(place, "the line is not as it was written") for place in ports.archive.broken_seals())
    return Verification(
        cells=len(cells),
        checked=tuple(checked for item in looked for checked in item.checked),
        unsupported=tuple((c.key, c.field, c.state or "unanswered") for c in cells if not c.evidence),
        damages=tuple(dict.fromkeys((*seals, *(damage for item in looked for damage in item.damages)))),
        stood_for=tuple(
            StoodFor(c.key, c.field, c.decision.by, c.stood_for or c.unasked, c.decision.reason, bool(c.stood_for))
            for c in cells
            if c.decision is not None and (c.stood_for or c.unasked)
        ),
        in_bytes=not cached,
        changed=tuple(
            (item.source.key, item.source.label) for item, found in zip(entries, looked, strict=True) if found.changed
        ),
        lapsed=tuple(lapsed for item in looked for lapsed in item.lapsed),
    )


def _is_shown(cell: Cell, item: Entry) -> bool:
    """Whether a cell has a decided value, or is published without a decision."""
    undecided = item.published and item.shows(cell) and (cell.value is not None or bool(cell.evidence))
    return undecided or stands(cell.decision)


def _looked(item: Entry, cells: Sequence[Cell], ports: Ports, *, cached: bool) -> _Looked:
    shelf = Shelf(item.source, item.documents, ports, cached)
    lapsed = {one.field: one for one in _lapsed(item, cells, shelf, ports)}
    checked = [
        found for cell in cells if cell.evidence for found in _check(cell, shelf, lapsed.get(cell.field), item.document)
    ]
    damages = list(_record_damages(item, cells, shelf, ports))
    for shelved in shelf.taken():
        damages += (Damage(*what.split(": ", 1)) for what in shelved.damage)
    return _Looked(tuple(checked), tuple(damages), _is_other_file(item, cells, ports), tuple(lapsed.values()))


def _lapsed(item: Entry, cells: Sequence[Cell], shelf: Shelf, ports: Ports) -> Iterator[Lapsed]:
    """The values that were decided in older documents, compared with the newest one as its bytes are read now."""
    newest = item.document.sha256 if item.document else None
    values = [
        value
        for value in auditable(newest, item.answers, item.decisions, ports.archive.fields)
        if value.of == "newest" and any(cell.field == value.field and not _points_into(cell, newest) for cell in cells)
    ]
    text = shelf.take(newest).text if values and newest else None
    if text is None or newest is None:
        return
    olds = {value.before: shelf.take(value.before) for value in values if value.before}
    texts = {before: held.text for before, held in olds.items() if held.text and held.is_record}
    own, fields = own_names(item.source, item.document), ports.archive.fields
    for audit in ports.texts.do(audits_of, text, newest, own, fields, values, "", texts):
        decision = item.cell(audit.field).decision
        if decision is None or (found := in_newest(audit, decision)) == "same":
            continue
        on_it = [one for one in item.decisions if one.field == audit.field]
        if is_known(audit, decision, on_it, [one for one in item.audits if one.field == audit.field]):
            continue
        terms = tuple(term for term in audit.check.unfound if not decision.vouches_for(term))
        yield Lapsed(item.source.key, audit.field, found, _told(item, decision.document), terms)


def _points_into(cell: Cell, newest: str | None) -> bool:
    """Whether the sentences of a cell are looked up in the newest document anyway."""
    return bool(cell.evidence) and cell.document == newest


def _told(item: Entry, sha256: str | None) -> str:
    """A document in words: its version, and the day on which it was fetched."""
    document = next((d for d in item.documents if d.sha256 == sha256), None)
    return ", ".join(filter(None, (document.version, document.fetched_at[:10]))) if document else ""


def _is_other_file(item: Entry, cells: Sequence[Cell], ports: Ports) -> bool:
    """Whether a file of the survey was changed since it was last read."""
    if item.source.kind != "file" or item.document is None or not any(cell.evidence for cell in cells):
        return False
    try:
        located = ports.locator.locate([item.source])[item.source.key]
        if isinstance(located, SourceError):
            return False
        return item.document.sha256 != ports.fetcher.fetch(item.source, located, item.document).document.sha256
    except SourceError:
        return False  # it is gone, or cannot be read: `refresh` says so


def _check(cell: Cell, shelf: Shelf, lapsed: Lapsed | None, newest: Document | None) -> Iterator[Checked]:
    if lapsed is not None and newest is not None:
        yield from _in_newest(cell, shelf.take(newest.sha256), lapsed)
        return
    shelved = shelf.take(cell.document or "")
    now, then = (Quoter(text) if text else None for text in (shelved.text, shelved.older))
    for item in cell.evidence:
        finding, remark = _finding(item, shelved, now, then)
        yield Checked(cell.key, cell.field, item.page, finding, remark, _next(cell, finding))


def _in_newest(cell: Cell, shelved: Shelved, lapsed: Lapsed) -> Iterator[Checked]:
    """What became of the sentences of an older document in the newest."""
    quoter = Quoter(shelved.text) if shelved.text else None
    for evidence in cell.evidence:
        quote = quoter.quote(evidence) if quoter else None
        if quote is not None and quote.sentence is not None:
            yield Checked(cell.key, cell.field, quote.sentence.page, quote.whereabouts)
        else:
            lost: Lookup = "missing" if lapsed.in_newest == "gone" else "reworded"
            yield Checked(cell.key, cell.field, evidence.page, lost, f"of the version before ({lapsed.then})")


def _finding(item: Evidence, shelved: Shelved, now: Quoter | None, then: Quoter | None) -> tuple[Lookup, str | None]:
    if now is None:
        return ("unreachable" if shelved.trouble == "unreachable" else "unreadable"), shelved.remark
    quote = now.quote(item)
    where = quote.whereabouts
    if quote.sentence is not None and quote.sentence.number in shelved.false:
        return "missing", "the reader made it from pieces that are not together on the page"
    if where == "missing" and then and then.quote(item).words is not None:
        return (
            "otherwise",
            "an older reader read it like this, today's reads it differently: survey-extract refresh --reread",
        )
    return where, shelved.remark


def _next(cell: Cell, finding: Lookup) -> str | None:
    """What a person can do about a sentence that is not found: `refresh` notices it, and `review` shows where it may be."""
    if finding != "missing" or not stands(cell.decision):
        return None
    return REVIEW if cell.is_unplaced else f"survey-extract refresh, then {REVIEW}"


REVIEW = "survey-extract review, which asks for the sentence that it is now"


def _record_damages(item: Entry, cells: Sequence[Cell], shelf: Shelf, ports: Ports) -> Iterator[Damage]:
    """What is wrong with the records of a source: hashes of all of them, pointers of those that are shown."""
    places = ports.archive.places(item.source.key)
    for answer in item.answers:
        yield from (Damage(places[answer], fault) for fault in answer_faults(answer))
    for decision in item.decisions:
        yield from (
            Damage(places[decision], fault) for fault in decision_faults(decision, item.answers, item.decisions)
        )
    for record in dict.fromkeys(record for cell in cells for record in _records(cell, item)):
        shelved = shelf.take(record.document) if record.document and record.evidence else Shelved()
        if shelved.trouble == "unknown":
            yield Damage(places[record], shelved.remark or "")
        texts = [text for text in (shelved.text, shelved.older) if text and shelved.is_record]
        yield from (Damage(places[record], fault) for fault in pointer_faults(record.evidence, texts))
        if isinstance(record, Answer):
            yield from (Damage(places[record], fault) for fault in place_faults(record, texts))


def _records(cell: Cell, item: Entry) -> Iterator[Answer | Decision]:
    """The records that a shown value stands on."""
    if cell.decision is not None:
        on_it = [one for one in item.decisions if one.field == cell.field]
        yield record_of(cell.decision, on_it)
        yield from (one for one in in_force(on_it) if one.points == cell.decision.id)
    if (answer := origin(cell, [a for a in item.answers if a.field == cell.field])) is not None and answer.run:
        yield answer
    if cell.answer is not None and cell.document == cell.answer.document:
        yield cell.answer
