"""What is known of the sources goes in, rows of documents, sentences, answers, decisions and cells come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.warehouse.rows import Rows, utc
from survey_extract.core.cells import Entry, answer_value, opinion_value, origin, quotes_of, shown
from survey_extract.core.check.hints import is_open
from survey_extract.core.decisions import LIST, conflicts, in_force, record_of, standing_decision, stands
from survey_extract.core.evaluation.queue_order import goes_by
from survey_extract.core.evaluation.track_record import TrackRecord
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, StatedFacts
from survey_extract.core.readers import CURRENT
from survey_extract.core.readme.links import evidence_link
from survey_extract.core.records import Answer, Cell, Check, Decision, Document, Evidence, Value
from survey_extract.core.sight import Sights, place_of, unseen
from survey_extract.core.tables.figures import number_of

BRIEF = 15
"""Characters below which a text or a list of names is very short."""


class SourceRows:
    """Rows of what is known of sources, on their way into the file, by table."""

    def __init__(self, archive: FileArchive, text: Any, quoter: Any) -> None:
        self._archive, self._text, self._quoter = archive, text, quoter
        self._fields = archive.fields
        self.rows: Rows = {}
        self._answers = 0
        self._texts: set[str] = set()

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        self.rows.setdefault(table, []).append(row)

    def add_entry(self, position: int, item: Entry) -> None:
        self._add_source(position, item)
        for document in item.documents:
            meta, latest = document.metadata, document is item.documents[-1]
            self.add(
                "documents",
                (document.key, document.sha256, document.size, document.media_type, document.url, document.link, document.version,
                 meta.title, document.etag, document.last_modified, utc(document.fetched_at), latest, self._archive.has_text(document.sha256),
                 *self._row_counts(document.sha256 if latest else None)),
            )  # fmt: skip
        if item.document:
            self._add_sentences(item.document)
        last = {answer.field: answer for answer in item.answers}
        ids = {
            id(answer): self._add_answer(answer, item, is_latest=last[answer.field] is answer)
            for answer in item.answers
        }
        self._add_decisions(item)
        self._add_opinions(item)
        for field_position, cell in enumerate(item.cells, start=1):
            self._add_cell(position, field_position, cell, item, ids)

    def _add_decisions(self, item: Entry) -> None:
        disputed = {id(decision) for pair in conflicts(item.decisions) for decision in pair}
        by_field: dict[str, list[Decision]] = {}
        for given in item.decisions:
            by_field.setdefault(given.field, []).append(given)
        kept = {given for of_field in by_field.values() for given in in_force(of_field)}
        standing = {
            id(record_of(found, of_field)) for of_field in by_field.values() if (found := standing_decision(of_field))
        }
        for given in item.decisions:
            is_undone = given.verdict != "undone" and given not in kept
            self.add(
                "decisions",
                (item.source.key, given.field, given.verdict, shown(given.value), given.judged_sha256, given.by,
                 utc(given.at), given.reason, id(given) in standing, id(given) in disputed, is_undone, list(given.unfound), given.blind),
            )  # fmt: skip

    def _add_cell(self, position: int, field_position: int, cell: Cell, item: Entry, ids: Mapping[int, int]) -> None:
        decision, proposed = cell.decision, cell.proposal
        of_field = [answer for answer in item.answers if answer.field == cell.field]
        came_from = origin(cell, of_field)
        self.add(
            "internal.cells",
            (position, field_position, cell.key, cell.field, cell.state,
             shown(cell.value), _names(cell.value), decision.by if decision else None, utc(decision.at) if decision else None,
             decision.verdict if decision else None, decision.reason if decision else None, list(cell.stood_for), list(cell.unasked), list(cell.apart),
             list(cell.otherwise), cell.otherwise_stood_for,
             ids.get(id(came_from)), cell.document, len(cell.evidence), len(cell.support), sorted({item.page for item in cell.evidence}),
             cell.check.state if cell.check else None, _unfound(cell.check), _lost(cell), *_amount(self._fields.named(cell.field), cell), cell.unfit, cell.in_newest, cell.sentences_gone,
             ids.get(id(proposed)), _proposer(proposed), shown(cell.proposed), len(proposed.evidence) if proposed else 0, cell.missing_quotes,
             cell.proposed_check.state if cell.proposed_check else None, _unfound(cell.proposed_check), utc(proposed.at) if proposed else None,
             _terms(cell.proposed_check), self._unseen(cell.document, cell.evidence), self._unseen(proposed.document, proposed.evidence) if proposed else 0,
             *_second(cell), *_entailed(cell), item.shows(cell), is_brief(self._fields.named(cell.field), cell.proposed, cell.proposed_check),
             list(cell.owed_again)),
        )  # fmt: skip
        document = next((d for d in reversed(item.documents) if d.sha256 == cell.document), None)
        quotes = quotes_of(cell.document, cell.evidence, self._quoter) if cell.document else ()
        sights = self._sights(cell.document)
        quoter = self._quoter(cell.document) if cell.document else None
        for place, quote in enumerate(quotes, start=1):
            number = quote.sentence.number if quote.sentence else None
            fragment = quoter.fragment(quote.sentence) if quoter else None
            self.add(
                "internal.quotes",
                (cell.key, cell.field, place, quote.evidence.page, number, quote.words, quote.evidence.sha256,
                 None if cell.is_unplaced else _link(item, document, quote.evidence.page, fragment), cell.document, sights.get(place_of(quote))),
            )  # fmt: skip

    def _sights(self, document: str | None) -> Sights:
        return self._archive.sights(document) if document else {}

    def _unseen(self, document: str | None, evidence: Sequence[Evidence]) -> int:
        """How many of the sentences nobody sees, as far as somebody looked."""
        return len(unseen(quotes_of(document, evidence, self._quoter), self._sights(document))) if document else 0

    def add_records(self, records: Mapping[str, TrackRecord]) -> None:
        """How often each field was right, and whether the queue goes by that."""
        orders = goes_by(records.values())
        for field, record in records.items():
            self.add("track_records", (field, record.right, record.of, record.low, record.high, orders))

    def _add_opinions(self, item: Entry) -> None:
        current = {id(opinion) for cell in item.cells for opinion in (cell.second, cell.entailed)}
        for o in item.opinions:
            self.add(
                "opinions",
                (item.source.key, o.field, o.kind, o.finding, o.engine, o.model, o.answered_by, shown(opinion_value(o, self._quoter)), o.not_carried,
                 o.note, o.about, o.document, len(o.evidence), o.reply, o.run, utc(o.at), o.fingerprint, id(o) in current),
            )  # fmt: skip

    def _add_source(self, position: int, item: Entry) -> None:
        source, document = item.source, item.document
        meta = document.metadata if document else None
        title = (
            _decided_title(item.decisions)
            or (meta.title if meta else None)
            or self._own_title(document.sha256 if document else None)
        )
        link = document.link if document else source.link
        stated = self._stated(document)
        self.add(
            "sources",
            (position, source.key, source.kind, source.location, source.version, source.name or title or source.location, link, title,
             list(meta.authors) if meta else None, meta.published if meta else None, meta.updated if meta else None,
             document.version if document else None, document.sha256 if document else None, source.line, dict(source.extra), item.published, item.unpublished,
             None, None, None, list(stated.authors) or None, stated.date, stated.doi),
        )  # fmt: skip
        self.add("internal.named", (source.key, source.name or None, title or None))

    def _own_title(self, document: str | None) -> str | None:
        text = self._text(document) if document else None
        return text.title if text else None

    def _stated(self, document: Document | None) -> StatedFacts:
        """What a document says of itself, while its text is here; no day after the one on which it was fetched."""
        text = self._text(document.sha256) if document else None
        if document is None or text is None:
            return StatedFacts()
        stated: StatedFacts = text.stated
        is_later = stated.date is not None and stated.date > document.fetched_at[:10]
        return replace(stated, date=None) if is_later else stated

    def _row_counts(self, document: str | None) -> tuple[int | None, int | None]:
        """How many rows of tables may be evidence, and how many were not read."""
        text = self._text(document) if document else None
        if text is None or (not text.tables and text.reader not in CURRENT):
            return None, None
        return sum(len(table.rows) for table in text.tables), sum(table.abstained for table in text.tables)

    def _add_sentences(self, document: Document) -> None:
        """The sentences of a text, once, and the cells of its tables, under each source that has it."""
        text = self._text(document.sha256)
        if text is None:
            return
        self.rows.setdefault("table_cells", []).extend(_cell_rows(document, text))
        if document.sha256 not in self._texts:
            self._texts.add(document.sha256)
            self.rows.setdefault("sentences", []).extend(_sentence_rows(document.sha256, text))

    def _add_answer(self, answer: Answer, item: Entry, *, is_latest: bool) -> int:
        self._answers += 1
        value = answer_value(answer, self._quoter)
        self.add(
            "answers",
            (self._answers, item.source.key, answer.field, answer.engine, answer.model, answer.document, answer.version, shown(value), _names(value),
             answer.quoted, answer.value_sha256, answer.check.state, _terms(answer.check),
             [str(number) for number in answer.unresolved], answer.omitted, answer.fingerprint, answer.text, answer.reader, answer.reply, answer.run,
             utc(answer.at), is_latest, answer.asked_of is not None, answer.answered_by),
        )  # fmt: skip
        uncached, sights = self._quoter(answer.document) is None, self._sights(answer.document)
        for position, quote in enumerate(quotes_of(answer.document, answer.evidence, self._quoter), start=1):
            at = quote.evidence
            self.add(
                "evidence",
                (self._answers, item.source.key, answer.field, position, at.page, at.start, at.end, at.sha256,
                 quote.sentence.number if quote.sentence else None, quote.words, "uncached" if uncached else quote.whereabouts,
                 sights.get(place_of(quote))),
            )  # fmt: skip
        return self._answers


def _link(item: Entry, document: Document | None, page: int, fragment: str | None) -> str | None:
    """Where a sentence is seen; None where its document is not on record."""
    if document is None or item.document is None:
        return None
    return evidence_link(document, page, fragment, is_newest=document.sha256 == item.document.sha256)


def _terms(check: Check | None) -> list[dict[str, str]]:
    return [{"text": term.text, "place": term.place} for term in check.terms] if check else []


def _unfound(check: Check | None) -> list[str]:
    return list(check.unfound) if check else []


def _proposer(proposed: Answer | None) -> str | None:
    """A model, the engine without one, or the person who imported a newer list."""
    if proposed is None:
        return None
    return proposed.answered_by if proposed.engine == LIST else proposed.model or proposed.engine


def _second(cell: Cell) -> tuple[str | None, str | None, str | None]:
    """Whether another engine agrees with what is proposed, what it answered, and who it is."""
    second = cell.second
    return (second.finding, shown(cell.second_value), second.by) if second else (None, None, None)


def _entailed(cell: Cell) -> tuple[str | None, str | None, str | None]:
    """What a second reader says of the proposal's evidence, which words it does not carry, and who says so."""
    judged = cell.entailed
    return (judged.finding, judged.not_carried, judged.by) if judged else (None, None, None)


def is_brief(spec: FieldSpec, proposed: Value, check: Check | None) -> bool:
    """Whether a proposal is so short that it may be a part of what was meant: a date, an option, a number or a name that was found is whole."""
    said = shown(proposed)
    return spec.type in ("text", "names") and said is not None and len(said) < BRIEF and not _is_found(said, check)


def _is_found(said: str, check: Check | None) -> bool:
    """Whether a value is nothing but a name or figure that its evidence has."""
    return check is not None and any((term.text, term.place) == (said, "in evidence") for term in check.terms)


def _lost(cell: Cell) -> str | None:
    """Hash of the words that should stand in a cell and are not in the cache; None when all is there."""
    if cell.value is not None:
        return None
    if cell.decision is not None and stands(cell.decision):
        return cell.decision.judged_sha256 if cell.decision.quoted else None
    return cell.proposal.value_sha256 if cell.state == "proposed" and cell.proposal and cell.proposal.quoted else None


def _sentence_rows(document: str, text: PaperText) -> Iterator[tuple[Any, ...]]:
    for s in text.sentences:
        yield document, s.number, s.page, s.start, s.end, s.kind, text.sections[s.section].title, text.quote(s)


def _cell_rows(document: Document, text: PaperText) -> Iterator[tuple[Any, ...]]:
    for table in text.tables:
        for number, row in table.numbered():
            for position, cell in enumerate(row.cells, start=1):
                yield (
                    document.key, document.sha256, table.page, table.label, table.caption, number, row.group, row.label, position,
                    " > ".join(cell.header), cell.value, number_of(cell.value),
                )  # fmt: skip


def _decided_title(decisions: Sequence[Decision]) -> str | None:
    """The title that a person gave, by import or by hand; it goes before that of the metadata."""
    decision = standing_decision([d for d in decisions if d.field == "title"])
    return shown(decision.value) if decision and stands(decision) else None


def _names(value: Value) -> list[str] | None:
    return list(value) if isinstance(value, tuple) else None


def _amount(spec: FieldSpec, cell: Cell) -> tuple[float | None, str | None, str | None]:
    """Number, unit and qualifier of what a cell shows; nothing for other types, nor of a number that may be another in its source."""
    if spec.type != "number" or not isinstance(cell.value, str) or is_open(cell.check):
        return None, None, None
    read = spec.amount(cell.value)
    return read.value, read.unit, read.qualifier
