"""One source goes in, its outcome comes out: the path, step by step.

    locate -> fetch -> read -> ask -> ground

Whatever happens on the way is an outcome, a row among the others. What is
known is not asked again: a document whose version, hash or ETag is unchanged,
and whose answers carry the fingerprints of today's question, costs nothing,
cache or not. In a new version, a cell whose sentences are all still there
is carried over; the others are asked again.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from survey_extract.core.audit import own_names
from survey_extract.core.books import Reply
from survey_extract.core.due.due import Case, agenda_of
from survey_extract.core.due.questions import Asking, Due, latest_of
from survey_extract.core.evidence import Quoter
from survey_extract.core.fields import FieldSpec, together
from survey_extract.core.moments import stamp
from survey_extract.core.paper_text import PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.records import Answer, Document, Evidence, Fate, Location, Source
from survey_extract.core.runs import Outcome, OutcomeKind
from survey_extract.core.sight import PDF, place_of, unseen
from survey_extract.errors import AskError, FetchError, InputError, NeedsOcr, ReadError, SourceError, Waiting
from survey_extract.pipeline.again import fetch_again, keep_fetched, read
from survey_extract.pipeline.audit import audit_source, remember_decided
from survey_extract.pipeline.moved import Moved
from survey_extract.pipeline.ports import Ports
from survey_extract.pipeline.sight import Eyes


class Progress(Protocol):
    """Is told what happens, from any thread."""

    def step(self, source: Source, step: str) -> None: ...
    def done(self, source: Source, outcome: Outcome) -> None: ...


@dataclass
class Walk:
    """The path of one source, from its location to its grounded answers."""

    source: Source
    ports: Ports
    progress: Progress
    documents: tuple[Document, ...]
    run: str
    moved: Moved | None = None
    """Whose records a source may take over that has none."""
    replies: list[Reply] = field(default_factory=list)
    unreachable: bool = False
    _step: str = "locate"
    _held: PaperText | None = None
    """The document's text as it was in the cache, when it is read once more."""
    _warnings: list[str] = field(default_factory=list)
    _notes: tuple[str, ...] = ()
    _fetched_bytes: int = 0
    _asked: tuple[str, ...] = ()
    _reasons: tuple[str, ...] = ()
    _carried_fields: tuple[str, ...] = ()
    _fates: tuple[tuple[Fate, int], ...] = ()
    _seconds: tuple[str, ...] = ()

    @property
    def asking(self) -> Asking:
        """Today's question."""
        return Asking.of(self.ports.engine, keeps_models=self.ports.keeps_models_answers)

    def walk(self, located: Location | SourceError) -> Outcome:
        """Walk to the end; whatever happens on the way is an outcome."""
        started = self.ports.clock.monotonic()
        outcome = self._outcome(located)
        return _timed(outcome, self.ports.clock.monotonic() - started)

    def _outcome(self, located: Location | SourceError) -> Outcome:
        try:
            if isinstance(located, SourceError):
                raise located
            if located.by_page:
                self._warnings.append("arXiv's API did not answer: version and title are from its abstract page")
            if located.withdrawn:
                return self._ended(located, "withdrawn", message=located.notice)
            return self._follow(located)
        except NeedsOcr as error:
            return self._failed("needs_ocr", error, located)
        except Waiting as error:
            return self._ended(located, "waiting", message=str(error))
        except SourceError as error:
            self.unreachable = isinstance(error, FetchError) and error.transient
            return self._failed("failed", error, located)
        except InputError:
            raise  # the survey's own folder is in trouble, not this source
        except Exception as error:  # noqa: BLE001  # a defect of ours in one source must not end the night of the others
            return self._defect(error, located)

    def _follow(self, location: Location) -> Outcome:
        before = self.ports.archive.answers(self.source.key)
        document, data = self._fetch(location)
        self._take_over(document, is_new=not before)
        known = before or self.ports.archive.answers(self.source.key)
        case = self._case(document, known)
        settled, text = 0, None
        try:
            if case.due(self.ports.archive.text_sha256(document.sha256)) or data is not None or self._wants_text:
                text = self._read(document, data, location)
                settled = self._answer(case, text)
                self._look(document, text)
            elif self._is_unlooked(document) and (held := self.ports.archive.text_of(document.sha256)):
                self._look(document, held)
            self._take_second(document, text, location)
        finally:
            self._audit(document)
        kind: OutcomeKind = "new" if not before else "changed" if settled or self._is_other(document) else "unchanged"
        return self._ended(location, kind, document=document)

    def _take_over(self, document: Document, *, is_new: bool) -> None:
        """Take over the records under the key that this source had before, or follow what was decided under it since."""
        if self.moved is None:
            return
        key = self.source.key
        told = self.moved.take_over(key, document) if is_new else self.moved.follow(key, self.documents)
        self._warnings.extend([told] if told else [])

    @property
    def _wants_text(self) -> bool:
        return self.ports.refill or self.ports.reread

    def _case(self, document: Document, known: Sequence[Answer]) -> Case:
        """All that decides which fields of this document are asked."""
        return Case(
            document, self.asking, self.ports.specs, known, self.ports.archive.decisions(self.source.key),
            partial(self._old_text, document), own_names(self.source, document), self.run, self._now(),
        )  # fmt: skip

    def _evidence(self, document: Document) -> set[Evidence]:
        """The sentences of a document that today's answers rest on."""
        answers = self.ports.archive.answers(self.source.key)
        latest = [latest_of(answers, spec.name) for spec in self.ports.specs]
        return {item for answer in latest if answer and answer.document == document.sha256 for item in answer.evidence}

    def _is_unlooked(self, document: Document) -> bool:
        """Whether some evidence was never looked at, because a run was killed after its answers, and the document is here."""
        archive = self.ports.archive
        if document.media_type != PDF or archive.text_sha256(document.sha256) is None:
            return False
        known = archive.sights(document.sha256)
        missing = any((item.page, item.sha256) not in known for item in self._evidence(document))
        return missing and archive.path_of(document.sha256) is not None

    def _look(self, document: Document, text: PaperText) -> None:
        """Look at the evidence of today's answers on the pages as drawn; what was looked at before is not drawn again."""
        evidence = self._evidence(document)
        if document.media_type != PDF or not evidence:
            return
        quotes = list(map(Quoter(text).quote, evidence))
        eyes = Eyes(self.ports.archive, self.ports.pictures)
        try:
            sights = eyes.sights(document, quotes)
        except ReadError as error:
            if eyes.give_up(document, quotes):  # said once; from then on `status` says it
                self._warnings.append(f"could not check whether its evidence is visible: {error}")
            return
        if missed := unseen(quotes, sights):
            pages = ", ".join(map(str, sorted({place_of(quote)[0] for quote in missed})))
            self._warnings.append(
                f"{count_of(len(missed), 'sentence')} of its evidence not visible on the page as drawn (page {pages})"
            )

    def _audit(self, document: Document) -> None:
        """Check the values in this source's cells against the text in the cache; nothing is fetched for it."""
        try:
            audit_source(self.source, self.ports.archive, self.ports.texts, (*self.documents, document), self._now())
        except ReadError as error:  # what it was answered is kept; the audit is due again on the next night
            self._warnings.append(f"its cells could not be checked against its text: {error}")

    # --- fetch ------------------------------------------------------------------------------------

    def _fetch(self, location: Location) -> tuple[Document, bytes | None]:
        """The document; and its bytes, if they were fetched just now."""
        latest = self.documents[-1] if self.documents else None
        if latest and location.version and latest.version == location.version and latest.url == location.url:
            return latest, None
        self._at("fetch")
        fetched = self.ports.fetcher.fetch(self.source, location, latest)
        self._fetched_bytes = len(fetched.data or b"")
        return keep_fetched(fetched, latest, self.ports), fetched.data

    def _is_other(self, document: Document) -> bool:
        return not self.documents or self.documents[-1].sha256 != document.sha256

    # --- read -------------------------------------------------------------------------------------

    def _read(self, document: Document, data: bytes | None, location: Location) -> PaperText:
        """The text: from the cache, else read from the bytes at hand, else from bytes fetched again."""
        held = self.ports.archive.text_of(document.sha256)
        if held and not self.ports.reread:
            return held
        self._held = held
        data = data or self.ports.archive.bytes_of(document.sha256) or self._fetch_again(document, location)
        self._at("read")
        text = read(data, document.media_type, self.ports)
        if held and held.sha256 != text.sha256:
            remember_decided(self.source.key, document.sha256, held, self.ports.archive)
        self.ports.archive.keep_text(document.sha256, text)
        self._warnings += text.warnings
        self._notes = text.notes
        return text

    def _fetch_again(self, document: Document, location: Location) -> bytes:
        self._at("fetch")
        data = fetch_again(self.source, document, location, self.ports)
        self._fetched_bytes = len(data)
        return data

    # --- ask --------------------------------------------------------------------------------------

    def _answer(self, case: Case, text: PaperText) -> int:
        """Answer the due fields as the agenda says; return how many.

        What needs no question is on disk before the first question is sent.
        """
        agenda = case.agenda(text) if not case.known else self.ports.texts.do(agenda_of, text, case.with_texts())
        self._fates, self._carried_fields = agenda.fates, tuple(answer.field for answer in agenda.carried)
        settled = (*agenda.again, *agenda.carried)
        self.ports.archive.add_answers(self.source.key, settled)
        if agenda.left:
            self._warnings.append(
                f"{', '.join(item.spec.name for item in agenda.left)}: to be asked again ({agenda.left[0].reason}) when the model is available"
            )
        return len(settled) + self._ask(case.document, text, agenda.asked)

    def _old_text(self, document: Document, sha256: str) -> PaperText | None:
        """The text that older evidence was cut from; None if it is not in the cache."""
        return self._held if self._held and sha256 == document.sha256 else self.ports.archive.text_of(sha256)

    def _ask(self, document: Document, text: PaperText, wanted: Sequence[Due]) -> int:
        """Ask about the wanted fields in as few questions as possible; return how many answers came.

        Each question's answers are on disk before the next question is sent.
        """
        self._asked, self._reasons = tuple(item.spec.name for item in wanted), tuple(item.reason for item in wanted)
        answered, waiting = 0, None
        for specs in together([item.spec for item in wanted]):
            try:
                answers = self._ask_together(document, text, specs)
            except Waiting as error:  # the other questions may leave as well
                waiting = error
                continue
            self.ports.archive.add_answers(self.source.key, answers)
            answered += len(answers)
        if waiting is not None:
            raise waiting
        return answered

    def _ask_together(self, document: Document, text: PaperText, specs: Sequence[FieldSpec]) -> tuple[Answer, ...]:
        self._at("ask")
        try:
            asked = self.ports.engine.ask(self.source.key, text, specs)
        except AskError as error:
            self.replies += error.replies
            raise
        self.replies += asked.replies
        self._warnings += asked.warnings
        if asked.omitted:
            omitted = f"{asked.omitted} of {count_of(len(text.citable()), 'sentence')} did not fit in the question (setting context_tokens)"
            self._warnings += [] if omitted in self._warnings else [omitted]
        from survey_extract.pipeline.ground import Grounds

        self._at("ground")
        own = own_names(self.source, document)
        return Grounds(
            document, text, self.ports.engine, self.asking, own, self.run, self._now(), self.ports.texts
        ).answers(asked, specs)

    def _take_second(self, document: Document, text: PaperText | None, location: Location) -> None:
        """Second opinions on the answers that wait, if this run asks for any; the text is loaded only when one is wanted."""
        if self.ports.second is None:
            return
        from survey_extract.pipeline.second import SecondLook

        look = SecondLook(
            self.ports.second, self.ports.archive, self.ports.texts, self.source.key, self.run, self._now()
        )
        wanted = look.wanted(self.ports.specs, document)
        if not (wanted.asked or wanted.again):
            return
        held = text or self.ports.archive.text_of(document.sha256) or self._read(document, None, location)
        self._at("ask")
        try:
            self._seconds = look.take(wanted, document, held)
        finally:
            self.replies += look.replies
            self._warnings += look.warnings

    def _now(self) -> str:
        return stamp(self.ports.clock.now())

    # --- outcomes ---------------------------------------------------------------------------------

    def _at(self, step: str) -> None:
        self._step = step
        self.progress.step(self.source, step)

    def _ended(
        self,
        located: Location | SourceError,
        kind: OutcomeKind,
        *,
        document: Document | None = None,
        message: str | None = None,
        step: str | None = None,
        error: str | None = None,
    ) -> Outcome:
        """The outcome, with everything noted on the way."""
        place = located if isinstance(located, Location) else None
        title = place.metadata.title if place else None
        return Outcome(
            key=self.source.key,
            kind=kind,
            step=step,
            error=error,
            message=message,
            document=document.sha256 if document else None,
            version=document.version if document else place.version if place else None,
            fetched_bytes=self._fetched_bytes,
            asked=self._asked,
            warnings=tuple(self._warnings),
            title=document.metadata.title if document else title,
            reasons=self._reasons,
            carried=self._carried_fields,
            fates=self._fates,
            notice=place.notice if place else None,
            previous=self._previous(document),
            notes=self._notes,
            second=self._seconds,
        )

    def _previous(self, document: Document | None) -> str | None:
        latest = self.documents[-1].sha256 if self.documents else None
        return latest if document and latest != document.sha256 else None

    def _failed(self, kind: OutcomeKind, error: SourceError, located: Location | SourceError) -> Outcome:
        return self._ended(located, kind, message=str(error), step=error.step, error=error.kind)

    def _defect(self, error: Exception, located: Location | SourceError) -> Outcome:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
        message = f"a defect in survey-extract, please report it: {type(error).__name__}: {' '.join(str(error).split())} ({where})"
        return self._ended(located, "failed", message=message, step=self._step, error="defect")


def _timed(outcome: Outcome, seconds: float) -> Outcome:
    return replace(outcome, seconds=round(seconds, 3))
