"""The archive goes in, survey.duckdb comes out: built beside, swapped in by rename, and read only ever after.

Nothing in the file is its own: it can be deleted at any time. It is built anew
when a hash over all its inputs differs from the one it holds, so what it shows
is never stale, and the same inputs give the same content. A night on which
nothing changed leaves a run and nothing else: then the file of before is
copied, and only what follows from the runs is filled in again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

import duckdb

from survey_extract import __version__
from survey_extract.adapters.archive.archive import FileArchive
from survey_extract.adapters.warehouse.field_sql import with_fields
from survey_extract.adapters.warehouse.published import published_rows
from survey_extract.core.cells import Entry, answer_value, entry, opinion_value, origin, quotes_of, shown
from survey_extract.core.decisions import LIST, Publish, conflicts, in_force, latest_answer, standing_decision, stands
from survey_extract.core.evaluation.queue_order import goes_by, judged_cells
from survey_extract.core.evaluation.rows import evaluation_rows
from survey_extract.core.evaluation.track_record import Ruled, TrackRecord, track_records
from survey_extract.core.evidence import Quoter
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.readers import CURRENT
from survey_extract.core.readme.links import evidence_link
from survey_extract.core.readme.table import Row, ShownCell, shown_text
from survey_extract.core.records import Answer, Cell, Check, Decision, Document, Evidence, PaperText, Reply, Run, Value
from survey_extract.core.runs import by_run, with_booked
from survey_extract.core.sight import Sights, place_of, unseen
from survey_extract.core.sources import FILE, parse_sources
from survey_extract.core.tables.figures import number_of
from survey_extract.errors import BadQuery, Locked, Unwritable
from survey_extract.files import unwritable, writing

R = TypeVar("R")

Config = dict[str, str | bool | int | float | list[str]]
CONFIG: Config = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
STORAGE = "v1.0.0"
"""Format of the file: any DuckDB from 1.0 on opens it, so that people's other tools do."""
_HELD = re.compile(r"lock is held in (?P<program>\S.*?) \(PID (?P<pid>\d+)\)")
TEXTS_HELD = 64
"""Texts kept in memory while building."""
Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by table."""
_OF_RUNS = ("warehouse/runs/", "warehouse/replies.jsonl", "warehouse/evaluations/", "warehouse/trials/")
"""How the names of those files of the archive begin that tell of runs, and of evaluations, and nothing else."""
_RUN_TABLES = (
    "runs",
    "replies",
    "internal.outcomes",
    "internal.unnamed",
    "internal.listed",
    "internal.looks",
    "internal.built",
    "evaluations",
)
"""What is filled from them alone."""
_LOOK_AT_SOURCES = """
UPDATE sources s SET
  title = coalesce(n.title, nullif(l.title, '')), name = coalesce(n.name, n.title, nullif(l.title, ''), s.source),
  notice = l.notice, looked_at = l.looked_at, failing_since = l.failing_since
FROM internal.named n LEFT JOIN internal.looks l ON l.key = n.key WHERE s.key = n.key"""
"""What the runs saw of the sources: the one thing that they add to another table."""


class _Inputs(NamedTuple):
    """SHA-256 of all that the file is built from: what is known of sources, and what follows from the runs."""

    records: str
    runs: str


class DuckWarehouse:
    """The DuckDB file of a survey; see ``core.ports.Warehouse``."""

    def __init__(
        self,
        project: Path,
        archive: FileArchive,
        publish: Publish,
        *,
        notices: bool,
        warn: Callable[[str], None],
        path: Path | None = None,
    ) -> None:
        self.path = path or project / "warehouse" / "survey.duckdb"
        self.fields = archive.fields
        self._sources = project / FILE
        self._archive, self._publish, self._notices, self._warn = archive, publish, notices, warn
        self._text = lru_cache(TEXTS_HELD)(archive.text_of)
        self._quoter = lru_cache(TEXTS_HELD)(self._load_quoter)
        self._thread = threading.local()

    def build(self, *, force: bool = False) -> bool:
        """Build the file when its inputs changed; True when it was built."""
        inputs, built = self._inputs(), None if force else self._built_from()
        if inputs == built:
            return False
        has_records = built is not None and built.records == inputs.records
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        part.unlink(missing_ok=True)
        try:
            if has_records:
                with writing(part):
                    shutil.copyfile(self.path, part)
            with _created(part) as connection:
                self._fill(connection, inputs, with_records=not has_records)
                connection.execute("CHECKPOINT").fetchall()
            with writing(self.path):
                _log_of(self.path).unlink(missing_ok=True)  # of a writer that died: it belongs to the file of before
                part.replace(self.path)
        except (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException) as error:
            why = str(error).splitlines()[0]
            raise Unwritable(unwritable(self.path, why)) from error
        finally:
            for left in (part, _log_of(part)):
                left.unlink(missing_ok=True)
            self._quoter.cache_clear()
            self._text.cache_clear()
        return True

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query of our own."""
        with self._held() as connection:
            return connection.execute(sql, parameters).fetchall()

    def named(self, kind: Callable[..., R], sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[R]:
        """The same, each row as a record whose fields are the query's columns, in their order."""
        return [kind(*row) for row in self.rows(sql, parameters)]

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """Open the file once for all ``rows`` of this thread until the block ends: they show one state of it.

        Raises:
            Locked: as ``rows``.
        """
        with self._held() as connection:
            before, self._thread.connection = getattr(self._thread, "connection", None), connection
            try:
                yield
            finally:
                self._thread.connection = before

    @contextmanager
    def _held(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection that this thread holds open, else one of its own."""
        if connection := getattr(self._thread, "connection", None):
            yield connection
            return
        with self._opened() as connection:
            yield connection

    @contextmanager
    def _opened(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The file, opened for reading alone; times are shown in UTC wherever this runs.

        Raises:
            Locked: another program has it open for writing; the message names that program.
        """
        try:
            connection = duckdb.connect(self.path, read_only=True, config=CONFIG)
        except duckdb.IOException as error:
            if "could not set lock" not in str(error).lower():
                raise
            holder = _HELD.search(str(error))
            who = f" ({holder['program']}, PID {holder['pid']})" if holder else ""
            raise Locked(
                f"{self.path} is open in another program{who}, which lets nobody else read it meanwhile: "
                "close it there, or open it there read-only (duckdb -readonly)"
            ) from None
        with connection:
            connection.execute("SET TimeZone = 'UTC'").fetchall()
            yield connection

    def stamp(self) -> object:
        """Changes whenever the file is swapped for a new one."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

    def published(self, shown: Mapping[tuple[str, str], ShownCell] = MappingProxyType({})) -> list[Row]:
        """The rows of the README; see ``published_rows``."""
        return published_rows(self.rows, shown, self._publish, self.fields, notices=self._notices)

    def known_texts(self) -> dict[tuple[str, str], frozenset[str]]:
        """By (key, field), every text a cell ever had, as the README shows it; the titles too."""
        known: dict[tuple[str, str], set[str]] = {}
        for key, field, value in self.rows(
            """SELECT key, field, value FROM history WHERE origin <> 'suggested'
               UNION ALL SELECT key, 'title', title FROM documents UNION ALL SELECT key, 'title', coalesce(title, name) FROM sources"""
        ):
            known.setdefault((key, field), set()).add(shown_text(value or ""))
        return {cell: frozenset(texts) for cell, texts in known.items()}

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Column names and rows of a user's query, with no way out of the file.

        Raises:
            BadQuery: DuckDB refuses it; its own words say where.
        """
        with self._opened() as connection:
            for closed in ("enable_external_access = false", "lock_configuration = true"):
                connection.execute(f"SET {closed}").fetchall()
            try:
                cursor = connection.execute(sql)
                return [column[0] for column in cursor.description or ()], cursor.fetchall()
            except duckdb.Error as error:
                raise BadQuery(str(error)) from None

    def copy(self, select: str, path: Path, options: str) -> None:
        """Write a query's rows to a file by DuckDB's COPY."""
        target = str(path).replace("'", "''")
        with self._opened() as connection:
            connection.execute(f"COPY ({select}) TO '{target}' ({options})").fetchall()

    # --- is it fresh? -----------------------------------------------------------------------------

    def _inputs(self) -> _Inputs:
        records, runs = hashlib.sha256(), hashlib.sha256()
        records.update(f"{__version__} {self._publish}\n{self.fields.fingerprint}\n{_schema_sql(self.fields)}".encode())
        for name, data in (("sources", self._sources.read_bytes()), *self._archive.inputs()):
            part = runs if name.startswith(_OF_RUNS) else records
            part.update(f"{name} {len(data)}\n".encode() + data)
        for document in sorted({d.sha256 for documents in self._archive.documents().values() for d in documents}):
            records.update(f"{document} {self._archive.has_text(document)}\n".encode())
        return _Inputs(records.hexdigest(), runs.hexdigest())

    def _built_from(self) -> _Inputs | None:
        if not self.path.is_file():
            return None
        try:
            return _Inputs(*self.rows("SELECT records_sha256, runs_sha256 FROM internal.built")[0])
        except duckdb.BinderException:
            return None  # of another version of the tool
        except (duckdb.Error, IndexError) as error:
            why = str(error).splitlines()[0][:200]
            self._warn(f"warehouse/survey.duckdb cannot be used (damaged): it is built again ({why})")
            return None

    # --- building ---------------------------------------------------------------------------------

    def _load_quoter(self, document: str) -> Quoter | None:
        text = self._text(document)
        return Quoter(text) if text else None

    def entries(self) -> Iterator[Entry]:
        """Every source with all that the archive holds of it, in the order of sources.csv."""
        documents = self._archive.documents()
        for source in parse_sources(self._sources.read_bytes(), self._archive.held()):
            yield entry(
                source,
                documents.get(source.key, ()),
                self._archive.answers(source.key),
                self._archive.decisions(source.key),
                self._archive.audits(source.key),
                self._quoter,
                self._publish,
                self.fields,
                self._archive.opinions(source.key),
            )

    def _fill(self, connection: duckdb.DuckDBPyConnection, inputs: _Inputs, *, with_records: bool) -> None:
        connection.execute("BEGIN").fetchall()  # one for all: each takes its time to reach the disk
        if with_records:
            for statement in duckdb.extract_statements(_schema_sql(self.fields)):
                connection.execute(statement).fetchall()
            tables = _Tables(self._archive, self._text, self._quoter)
            judged: list[Ruled] = []
            for position, item in enumerate(self.entries(), start=1):
                tables.add_entry(position, item)
                judged += judged_cells([item], self.fields)
            tables.add_records(track_records(judged))
            _append(connection, tables.rows)
        for table in _RUN_TABLES:
            connection.execute(f"DELETE FROM {table}").fetchall()
        _append(connection, self._rows_of_runs() | {"internal.built": [(*inputs, __version__)]})
        connection.execute(_LOOK_AT_SOURCES).fetchall()
        connection.execute("COMMIT").fetchall()

    def _rows_of_runs(self) -> Rows:
        booked = by_run(self._archive.booked())
        runs = [replace(run, replies=with_booked(run.replies, booked.get(run.id, []))) for run in self._archive.runs()]
        tables = _RunTables(_looks(runs))
        for run in runs:
            tables.add_run(run)
        for reply in booked.get(None, ()):
            tables.add_reply(reply.at.replace(":", ""), reply)
        return tables.rows | {"evaluations": list(evaluation_rows(self._archive.evaluations(), self.fields))}


def _append(connection: duckdb.DuckDBPyConnection, tables: Rows) -> None:
    for table, rows in tables.items():
        with connection.appender(table) as appender:
            appender.append_rows(rows)


@contextmanager
def _created(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new file in the format that older releases read, too; ``connect`` alone would write the newest."""
    with duckdb.connect(config=CONFIG) as connection:
        target = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{target}' AS built (STORAGE_VERSION '{STORAGE}')").fetchall()
        connection.execute("USE built").fetchall()
        yield connection


def _log_of(path: Path) -> Path:
    """Where DuckDB writes ahead what is not yet in the file."""
    return path.with_name(path.name + ".wal")


class _Tables:
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
                 meta.title, document.etag, document.last_modified, _utc(document.fetched_at), latest, self._archive.has_text(document.sha256),
                 *self._row_counts(document.sha256 if latest else None)),
            )  # fmt: skip
        if item.document:
            self._add_sentences(item.document)
        ids = {id(answer): self._add_answer(answer, item) for answer in item.answers}
        disputed = {id(decision) for pair in conflicts(item.decisions) for decision in pair}
        for given in item.decisions:
            of_field = [d for d in item.decisions if d.field == given.field]
            is_undone = given.verdict != "undone" and id(given) not in [id(d) for d in in_force(of_field)]
            self.add(
                "decisions",
                (item.source.key, given.field, given.verdict, shown(given.value), given.judged_sha256, given.by,
                 _utc(given.at), given.reason, standing_decision(of_field) is given, id(given) in disputed, is_undone, list(given.unfound), given.blind),
            )  # fmt: skip
        self._add_opinions(item)
        for field_position, cell in enumerate(item.cells, start=1):
            self._add_cell(position, field_position, cell, item, ids)

    def _add_cell(self, position: int, field_position: int, cell: Cell, item: Entry, ids: Mapping[int, int]) -> None:
        decision, proposed = cell.decision, cell.proposal
        of_field = [answer for answer in item.answers if answer.field == cell.field]
        came_from = origin(cell, of_field)
        self.add(
            "internal.cells",
            (position, field_position, cell.key, cell.field, cell.state,
             shown(cell.value), _names(cell.value), decision.by if decision else None, _utc(decision.at) if decision else None,
             decision.verdict if decision else None, decision.reason if decision else None, list(decision.unfound) if decision else [],
             ids.get(id(came_from)), cell.document, len(cell.evidence), len(cell.support), sorted({item.page for item in cell.evidence}),
             cell.check.state if cell.check else None, _unfound(cell.check), _lost(cell), *_amount(self._fields.named(cell.field), cell.value), cell.unfit,
             ids.get(id(proposed)), _proposer(proposed), shown(cell.proposed), len(proposed.evidence) if proposed else 0, cell.missing_quotes,
             cell.proposed_check.state if cell.proposed_check else None, _unfound(cell.proposed_check), _utc(proposed.at) if proposed else None,
             _terms(cell.proposed_check), self._unseen(cell.document, cell.evidence), self._unseen(proposed.document, proposed.evidence) if proposed else 0,
             *_second(cell), *_entailed(cell)),
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
                 evidence_link(document, quote.evidence.page, fragment) if document else None, cell.document, sights.get(place_of(quote))),
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
                 o.note, o.about, o.document, len(o.evidence), o.reply, o.run, _utc(o.at), o.fingerprint, id(o) in current),
            )  # fmt: skip

    def _add_source(self, position: int, item: Entry) -> None:
        source, document = item.source, item.document
        meta = document.metadata if document else None
        title = (
            _decided_title(item.decisions)
            or (meta.title if meta else None)
            or self._own_title(document.sha256 if document else None)
        )
        link = document.link if document else _link(source.kind, source.location, source.version)
        self.add(
            "sources",
            (position, source.key, source.kind, source.location, source.version, source.name or title or source.location, link, title,
             list(meta.authors) if meta else None, meta.published if meta else None, meta.updated if meta else None,
             document.version if document else None, document.sha256 if document else None, source.line, dict(source.extra), item.published, item.unpublished,
             None, None, None),
        )  # fmt: skip
        self.add("internal.named", (source.key, source.name or None, title or None))

    def _own_title(self, document: str | None) -> str | None:
        text = self._text(document) if document else None
        return text.title if text else None

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

    def _add_answer(self, answer: Answer, item: Entry) -> int:
        self._answers += 1
        value = answer_value(answer, self._quoter)
        latest = latest_answer(a for a in item.answers if a.field == answer.field) is answer
        self.add(
            "answers",
            (self._answers, item.source.key, answer.field, answer.engine, answer.model, answer.document, answer.version, shown(value), _names(value),
             answer.quoted, answer.value_sha256, answer.check.state, _terms(answer.check),
             [str(number) for number in answer.unresolved], answer.omitted, answer.fingerprint, answer.text, answer.reader, answer.reply, answer.run,
             _utc(answer.at), latest, answer.asked_of is not None, answer.answered_by),
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


class _RunTables:
    """Rows of what follows from the runs, on their way into the file, by table."""

    def __init__(self, looks: Mapping[str, _Look]) -> None:
        self.rows: Rows = {"internal.looks": [(key, *astuple(look)) for key, look in looks.items()]}
        self._lists: set[str] = set()

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        self.rows.setdefault(table, []).append(row)

    def add_run(self, run: Run) -> None:
        paid = [reply for reply in run.replies if not reply.reused]
        costs = [reply.cost for reply in paid if reply.cost is not None]
        self._add(
            "runs",
            (run.id, _utc(run.started_at), run.seconds, run.tool_version, run.engine, run.model, run.due, run.complete, run.requests,
             run.documents_fetched, run.bytes_fetched, run.model_requests, run.whole, run.outage, sum(costs) if costs else None, list(run.notes)),
        )  # fmt: skip
        for o in run.outcomes:
            self._add(
                "internal.outcomes",
                (run.id, o.key, o.kind, o.step, o.error, o.message, o.document, o.version, o.fetched_bytes, list(o.asked), list(o.reasons),
                 list(o.carried), dict(o.fates), list(o.warnings), o.notice, o.previous, o.title, o.seconds),
            )  # fmt: skip
        if run.unnamed and run.keys:
            self._add_list(run)
        for reply in run.replies:
            self.add_reply(run.id, reply)

    def add_reply(self, run: str, reply: Reply) -> None:
        """A reply, under the run that asked for it, or under its own time where none did."""
        u = reply.usage
        counts = (u.prompt, u.cached, u.completion, u.reasoning) if u else (None,) * 4
        self._add(
            "replies",
            (run, reply.sha256, reply.key, reply.engine, reply.model, list(reply.fields), reply.outcome, *counts, reply.reused,
             _utc(reply.at), reply.cost, reply.answered_by, reply.seconds),
        )  # fmt: skip

    def _add_list(self, run: Run) -> None:
        """The list of sources of a run that does not name all of them, once for all runs that have the same."""
        name = run.keys_of or run.id
        self._add("internal.unnamed", (run.id, name))
        if name not in self._lists:
            self._lists.add(name)
            self.rows.setdefault("internal.listed", []).extend((name, key) for key in run.keys)


@dataclass
class _Look:
    """What the runs know of a source: newest first, so that what is set stays."""

    title: str | None = None
    notice: str | None = None
    looked_at: str | None = None
    failing_since: str | None = None


def _looks(runs: Sequence[Run]) -> dict[str, _Look]:
    """By key: the title as last located, arXiv's notice, when it was last looked at, and since when it fails."""
    looks: dict[str, _Look] = {}
    seen: set[str] = set()
    for run in reversed(runs):
        for outcome in run.outcomes:
            look = looks.setdefault(outcome.key, _Look())
            look.title = look.title or outcome.title
            if look.looked_at is not None:
                continue
            if outcome.kind in ("failed", "needs_ocr"):
                look.failing_since = _utc(run.started_at)
            else:
                look.looked_at, look.notice = _utc(run.started_at), outcome.notice
                seen.add(outcome.key)
        for key in set(run.as_before) - seen:
            looks.setdefault(key, _Look()).looked_at = _utc(run.started_at)
            seen.add(key)
    return looks


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


def _link(kind: str, location: str, version: int | None) -> str:
    return f"https://arxiv.org/abs/{location}{f'v{version}' if version else ''}" if kind == "arxiv" else location


def _names(value: Value) -> list[str] | None:
    return list(value) if isinstance(value, tuple) else None


def _utc(moment: str) -> str:
    return moment.removesuffix("Z").replace("T", " ") + "+00"


def _amount(spec: FieldSpec, value: Value) -> tuple[float | None, str | None, str | None]:
    """Number, unit and qualifier of what a cell shows; nothing for other types."""
    if spec.type != "number" or not isinstance(value, str):
        return None, None, None
    read = spec.amount(value)
    return read.value, read.unit, read.qualifier


def _schema_sql(fields: Fields) -> str:
    """schema.sql with what the fields add to it."""
    sql = resources.files("survey_extract.adapters.warehouse").joinpath("schema.sql").read_text(encoding="utf-8")
    return with_fields(sql, fields)
