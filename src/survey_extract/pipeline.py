"""Sources go in, outcomes come out: the path of one source, then of all of them.

    locate -> fetch -> read -> ask -> ground        one source: ``Path``
    all sources at once, then the run's record      ``refresh``

Each source walks its path in a thread of its own, so that network, reading
and model overlap; one that fails is a row among the outcomes and harms no
other. What is known is not asked again: a document whose version, hash or
ETag is unchanged, and whose answers carry the fingerprints of today's
question, costs nothing, cache or not.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from typing import Protocol

from survey_extract import __version__
from survey_extract.core.evidence import Quoter, check, point, quoted_value
from survey_extract.core.fingerprint import answer_fingerprint, value_sha256
from survey_extract.core.handedits import hand_edits
from survey_extract.core.ports import (
    Archive,
    Asked,
    Clock,
    Engine,
    Fetched,
    Fetcher,
    Locator,
    Pictures,
    Reader,
    Said,
    Warehouse,
)
from survey_extract.core.readme import render
from survey_extract.core.records import Answer, Document, Location, Outcome, OutcomeKind, PaperText, Reply, Run, Source
from survey_extract.core.review import latest_answer
from survey_extract.core.schema import FieldSpec, asked_fields
from survey_extract.errors import AskError, FetchError, HandEdits, NeedsOcr, Outage, ReadError, SourceError

THREADS = 32
"""Sources under way at once; most of them wait for the network or a model."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What stands behind each step; ``wiring.py`` fills it."""

    locator: Locator
    fetcher: Fetcher
    reader: Reader
    engine: Engine
    archive: Archive
    clock: Clock
    pictures: Pictures
    traffic: Callable[[], tuple[int, int]]
    """Requests so far to the web, and to a model."""
    keeps_models_answers: bool = False
    """Whether what a model answered stays: a night without its key must not step down to the other engine."""
    refill: bool = False
    """Whether documents are fetched that are only wanted for their quotes."""


class Progress(Protocol):
    """Is told what happens, from any thread."""

    def step(self, source: Source, step: str) -> None: ...
    def done(self, source: Source, outcome: Outcome) -> None: ...


def refresh(sources: Sequence[Source], ports: Ports, progress: Progress) -> Run:
    """Walk every source along its path and record the run.

    Raises:
        Outage: nothing could be reached; no run is recorded and nothing was changed.
    """
    began, started = ports.clock.now(), ports.clock.monotonic()
    run_id = f"{began:%Y-%m-%dT%H%M%S}-{began.microsecond // 1000:03d}Z"
    located = ports.locator.locate(sources) if sources else {}
    documents = ports.archive.documents()
    paths = [Path(source, ports, progress, documents.get(source.key, ()), run_id) for source in sources]
    outcomes = _walk_all(paths, located, progress)
    _raise_when_nothing_was_reached(outcomes, paths)
    requests, model_requests = ports.traffic()
    run = Run(
        id=run_id,
        started_at=f"{began:%Y-%m-%dT%H:%M:%SZ}",
        seconds=round(ports.clock.monotonic() - started, 3),
        tool_version=__version__,
        engine=ports.engine.name,
        model=ports.engine.model,
        keys=tuple(source.key for source in sources),
        outcomes=tuple(outcomes[source.key] for source in sources),
        replies=tuple(reply for path in paths for reply in path.replies),
        requests=requests,
        documents_fetched=sum(outcome.fetched_bytes > 0 for outcome in outcomes.values()),
        bytes_fetched=sum(outcome.fetched_bytes for outcome in outcomes.values()),
        model_requests=model_requests,
    )
    ports.archive.add_run(run)
    return run


def _walk_all(
    paths: Sequence[Path], located: Mapping[str, Location | SourceError], progress: Progress
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    pool = ThreadPoolExecutor(max_workers=max(1, min(THREADS, len(paths))), thread_name_prefix="source")
    try:
        futures: dict[Future[Outcome], Path] = {
            pool.submit(path.walk, located[path.source.key]): path for path in paths
        }
        for future in as_completed(futures):
            path = futures[future]
            outcomes[path.source.key] = future.result()
            progress.done(path.source, outcomes[path.source.key])
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts does not want to wait for a model
        raise
    pool.shutdown()
    return outcomes


def _raise_when_nothing_was_reached(outcomes: Mapping[str, Outcome], paths: Sequence[Path]) -> None:
    """An outage is when every source that needs the network failed for want of it."""
    remote = [path for path in paths if path.source.kind != "file"]
    if remote and all(path.unreachable for path in remote) and len(remote) == len(paths):
        message = outcomes[remote[0].source.key].message
        raise Outage(f"none of the {len(remote)} sources could be reached, nothing was changed; the first: {message}")


@dataclass
class Path:
    """The path of one source, from its location to its grounded answers."""

    source: Source
    ports: Ports
    progress: Progress
    documents: tuple[Document, ...]
    run: str
    replies: list[Reply] = field(default_factory=list)
    unreachable: bool = False
    _step: str = "locate"
    _warnings: list[str] = field(default_factory=list)
    _fetched_bytes: int = 0
    _asked: tuple[str, ...] = ()

    def walk(self, located: Location | SourceError) -> Outcome:
        """Walk to the end; whatever happens on the way is an outcome."""
        started = self.ports.clock.monotonic()
        outcome = self._outcome(located)
        return _timed(outcome, self.ports.clock.monotonic() - started)

    def _outcome(self, located: Location | SourceError) -> Outcome:
        title = located.metadata.title if isinstance(located, Location) else None
        try:
            if isinstance(located, SourceError):
                raise located
            if located.notice:
                return self._ended("withdrawn", located.version, None, title, message=located.notice)
            return self._follow(located)
        except NeedsOcr as error:
            return self._failed("needs_ocr", error, located, title)
        except SourceError as error:
            self.unreachable = isinstance(error, FetchError) and error.transient
            return self._failed("failed", error, located, title)
        except Exception as error:  # noqa: BLE001  # a defect of ours in one source must not end the night of the others
            return self._defect(error, title)

    def _follow(self, location: Location) -> Outcome:
        known = self.ports.archive.answers(self.source.key)
        document, data = self._fetch(location)
        text = self._text_if_needed(document, data, location, known)
        due = self._due(document, text, known)
        answers: tuple[Answer, ...] = ()
        if due:
            text = text or self._read(document, data, location)
            answers = self._answer(document, text, due, known)
            self.ports.archive.add_answers(self.source.key, answers)
        kind: OutcomeKind = "new" if not known else "changed" if answers or self._is_other(document) else "unchanged"
        return Outcome(
            key=self.source.key,
            kind=kind,
            document=document.sha256,
            version=document.version,
            fetched_bytes=self._fetched_bytes,
            asked=self._asked,
            warnings=tuple(self._warnings),
            title=document.metadata.title,
        )

    # --- fetch ------------------------------------------------------------------------------------

    def _fetch(self, location: Location) -> tuple[Document, bytes | None]:
        """The document, and its bytes when they came just now."""
        latest = self.documents[-1] if self.documents else None
        if latest and location.version and latest.version == location.version and latest.url == location.url:
            return latest, None
        self._at("fetch")
        fetched = self.ports.fetcher.fetch(self.source, location, latest)
        return self._kept(fetched, latest)

    def _kept(self, fetched: Fetched, latest: Document | None) -> tuple[Document, bytes | None]:
        if fetched.data is None:
            return fetched.document, None
        self._fetched_bytes = len(fetched.data)
        self.ports.archive.keep_bytes(fetched.data)
        if latest is None or _identity(latest) != _identity(fetched.document):
            self.ports.archive.add_document(fetched.document)
        return fetched.document, fetched.data

    def _is_other(self, document: Document) -> bool:
        return not self.documents or self.documents[-1].sha256 != document.sha256

    # --- read -------------------------------------------------------------------------------------

    def _text_if_needed(
        self, document: Document, data: bytes | None, location: Location, known: Sequence[Answer]
    ) -> PaperText | None:
        """The text, unless the answers already tell its hash: then nothing need be read to know what is due."""
        is_known = any(answer.document == document.sha256 for answer in known)
        if data is None and is_known and not self.ports.refill:
            return None
        return self._read(document, data, location)

    def _read(self, document: Document, data: bytes | None, location: Location) -> PaperText:
        """The text: from the cache, else read from the bytes at hand, else from bytes fetched again."""
        if text := self.ports.archive.text_of(document.sha256):
            return text
        data = data or self.ports.archive.bytes_of(document.sha256) or self._fetch_again(document, location)
        self._at("read")
        text = self.ports.reader.read(data, document.media_type)
        if not text.citable():
            raise ReadError("the document holds no sentence that could be evidence")
        self.ports.archive.keep_text(document.sha256, text)
        self._warnings += text.warnings
        return text

    def _fetch_again(self, document: Document, location: Location) -> bytes:
        self._at("fetch")
        data = fetch_again(self.source, document, location, self.ports)
        self._fetched_bytes = len(data)
        return data

    # --- ask --------------------------------------------------------------------------------------

    def _due(self, document: Document, text: PaperText | None, known: Sequence[Answer]) -> tuple[FieldSpec, ...]:
        """The fields whose answer is missing or was given to another question."""
        about = [answer for answer in known if answer.document == document.sha256]
        text_sha256 = text.sha256 if text else about[-1].text
        due: list[FieldSpec] = []
        for spec in asked_fields():
            latest = latest_answer(answer for answer in about if answer.field == spec.name)
            is_kept = latest is not None and latest.model is not None and self.ports.keeps_models_answers
            if not is_kept and (latest is None or latest.fingerprint != self._fingerprint(spec, text_sha256)):
                due.append(spec)
        return tuple(due)

    def _fingerprint(self, spec: FieldSpec, text_sha256: str) -> str:
        engine = self.ports.engine
        return answer_fingerprint(
            text=text_sha256,
            field=spec.name,
            instruction=spec.instruction,
            prompt=engine.prompt,
            engine=engine.name,
            model=engine.model,
            parameters=engine.parameters,
        )

    def _answer(
        self, document: Document, text: PaperText, due: Sequence[FieldSpec], known: Sequence[Answer]
    ) -> tuple[Answer, ...]:
        """Answers to the due fields: those given to the same question before are taken up again, the others asked."""
        by_fingerprint = {answer.fingerprint: answer for answer in known if answer.document == document.sha256}
        again = [by_fingerprint[f] for spec in due if (f := self._fingerprint(spec, text.sha256)) in by_fingerprint]
        wanted = [spec for spec in due if self._fingerprint(spec, text.sha256) not in by_fingerprint]
        if not wanted:
            return tuple(self._stamped(answer) for answer in again)
        self._at("ask")
        self._asked = tuple(spec.name for spec in wanted)
        try:
            asked = self.ports.engine.ask(self.source.key, text, wanted)
        except AskError as error:
            self.replies += error.replies
            raise
        self.replies += asked.replies
        self._warnings += asked.warnings
        if asked.omitted:
            self._warnings.append(
                f"{asked.omitted} of {len(text.citable())} sentences did not fit into the question (setting context_tokens)"
            )
        self._at("ground")
        by_name = {spec.name: spec for spec in wanted}
        grounded = [self._grounded(document, text, said, asked, by_name[said.field]) for said in asked.said]
        return (*(self._stamped(answer) for answer in again), *grounded)

    def _stamped(self, answer: Answer) -> Answer:
        """The same answer as the latest once more: the last line of a cell is the one that counts."""
        return replace(answer, run=self.run, at=f"{self.ports.clock.now():%Y-%m-%dT%H:%M:%SZ}")

    # --- ground -----------------------------------------------------------------------------------

    def _grounded(self, document: Document, text: PaperText, said: Said, asked: Asked, spec: FieldSpec) -> Answer:
        evidence, unresolved = point(text, said.numbers, asked.offered)
        quoter = Quoter(text)
        value = quoted_value(quoter.quote(item) for item in evidence) if said.quoted else said.value
        return Answer(
            fingerprint=self._fingerprint(spec, text.sha256),
            field=said.field,
            engine=self.ports.engine.name,
            model=self.ports.engine.model,
            document=document.sha256,
            version=document.version,
            text=text.sha256,
            reader=text.reader,
            value=None if said.quoted else said.value,
            quoted=said.quoted,
            value_sha256=value_sha256(value),
            evidence=evidence,
            unresolved=unresolved,
            check=check(value, evidence, text),
            omitted=asked.omitted,
            reply=asked.reply,
            run=self.run,
            at=f"{self.ports.clock.now():%Y-%m-%dT%H:%M:%SZ}",
        )

    # --- outcomes ---------------------------------------------------------------------------------

    def _at(self, step: str) -> None:
        self._step = step
        self.progress.step(self.source, step)

    def _ended(
        self, kind: OutcomeKind, version: str | None, document: str | None, title: str | None, *, message: str
    ) -> Outcome:
        return Outcome(self.source.key, kind, message=message, document=document, version=version, title=title)

    def _failed(
        self, kind: OutcomeKind, error: SourceError, located: Location | SourceError, title: str | None
    ) -> Outcome:
        return Outcome(
            key=self.source.key,
            kind=kind,
            step=error.step,
            error=error.kind,
            message=str(error),
            version=located.version if isinstance(located, Location) else None,
            fetched_bytes=self._fetched_bytes,
            asked=self._asked,
            warnings=tuple(self._warnings),
            title=title,
        )

    def _defect(self, error: Exception, title: str | None) -> Outcome:
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
        message = f"a defect of survey-extract, please report it: {type(error).__name__}: {' '.join(str(error).split())} ({where})"
        return Outcome(
            self.source.key,
            "failed",
            step=self._step,
            error="defect",
            message=message,
            fetched_bytes=self._fetched_bytes,
            asked=self._asked,
            title=title,
        )


def _identity(document: Document) -> tuple[object, ...]:
    """What makes a fetch worth a new line: other bytes, another version, other validators."""
    return document.sha256, document.version, document.url, document.etag, document.last_modified, document.metadata


def _timed(outcome: Outcome, seconds: float) -> Outcome:
    return replace(outcome, seconds=round(seconds, 3))


def fetch_again(source: Source, document: Document, location: Location, ports: Ports) -> bytes:
    """Bytes whose record is here and whose cache is gone. They must be the same.

    Raises:
        SourceError: they cannot be had, or other bytes came.
    """
    fetched = ports.fetcher.fetch(source, location, None)
    if fetched.data is None or fetched.document.sha256 != document.sha256:
        raise FetchError(f"{document.url}: other bytes came than those on record")
    ports.archive.keep_bytes(fetched.data)
    return fetched.data


def text_again(source: Source, document: Document, ports: Ports) -> PaperText:
    """The text of a document on record whose cache is gone, or the SourceError why it cannot be had."""
    location = Location(document.url, document.link, document.version, document.metadata)
    data = ports.archive.bytes_of(document.sha256) or fetch_again(source, document, location, ports)
    text = ports.reader.read(data, document.media_type)
    ports.archive.keep_text(document.sha256, text)
    return text


def rendered(readme: str, warehouse: Warehouse, publish: str, *, force: bool = False) -> str:
    """The README with its table made from the DuckDB file.

    Raises:
        HandEdits: the table holds edits that would be lost; ``force`` loses them.
    """
    if not force:
        _refuse_hand_edits(readme, warehouse)
    rule = "every cell of a source is decided" if publish == "reviewed" else "a source is read"
    return render(readme, warehouse.published(), f"No row is published yet: a row appears when {rule}.")


def _refuse_hand_edits(readme: str, warehouse: Warehouse) -> None:
    edits, unreadable = hand_edits(readme, warehouse.published(), warehouse.known_texts())
    if unreadable:
        raise HandEdits(
            f"README.md:{unreadable[0].line}: {unreadable[0].why}; mend it, or `survey-extract render --force` makes the table anew"
        )
    if edits:
        cells = "; ".join(f"README.md:{edit.line}: {edit.field} of {edit.key}" for edit in edits[:8])
        more = f" and {len(edits) - 8} more" if len(edits) > 8 else ""
        raise HandEdits(
            f"edited by hand and not imported: {cells}{more}. `survey-extract import README.md` keeps the edits as decisions, "
            "`survey-extract render --force` loses them"
        )


FAILURES = frozenset({"failed", "needs_ocr"})
"""Outcomes after which a person has to do something: exit code 1."""
