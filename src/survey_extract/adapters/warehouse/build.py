"""The archive goes in, survey.duckdb comes out: built beside, swapped in by rename, and read only ever after.

Nothing in the file is its own: it can be deleted at any time. It is rebuilt
when a hash over all its inputs differs from the one in it, so what it shows
is never stale, and the same inputs give the same content. A night on which
nothing changed leaves a run and nothing else: then the previous file is
copied, and of what follows from the runs only that is filled in which is not
there yet.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from survey_extract import __version__
from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.warehouse.duck import duckdb
from survey_extract.adapters.warehouse.field_sql import with_fields
from survey_extract.adapters.warehouse.published import published_rows
from survey_extract.adapters.warehouse.query import CONFIG, IN_UTC, DuckFile
from survey_extract.adapters.warehouse.rows import Rows
from survey_extract.adapters.warehouse.run_rows import rows_of_runs
from survey_extract.adapters.warehouse.stamp import is_as_left, leave
from survey_extract.core.books import by_run, with_booked
from survey_extract.core.cells import Entry, entry
from survey_extract.core.evidence import Quoter
from survey_extract.core.fields import Fields
from survey_extract.core.inputs.sources import FILE, parse_sources
from survey_extract.core.publishing import Publish
from survey_extract.core.readme.table import PublishedRow, ShownCell, shown_text
from survey_extract.errors import Locked, Unwritable
from survey_extract.files import PACKAGE, unwritable, writing

STORAGE = "v1.0.0"
"""Format of the file: any DuckDB from 1.0 on opens it, so that people's other tools do."""
TEXTS_HELD = 64
"""Texts kept in memory while building."""
_OF_RUNS = ("warehouse/runs/", "warehouse/replies.jsonl", "warehouse/evaluations/", "warehouse/trials/")
"""How the names of those files of the archive begin that tell of runs, and of evaluations, and nothing else."""
_RUN_TABLES = (
    "runs",
    "replies",
    "internal.outcomes",
    "internal.unnamed",
    "internal.listed",
    "internal.looks",
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


_Filled = Mapping[str, tuple[int, str]]
"""By table, the number of its rows and what they are known by."""


class _Built(NamedTuple):
    """What a file was built from, and what stands in its tables of runs."""

    inputs: _Inputs
    filled: _Filled


class DuckWarehouse(DuckFile):
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
        super().__init__(path or project / "warehouse" / "survey.duckdb")
        self.fields = archive.fields
        self._sources = project / FILE
        self._note = self.path.parent / "cache" / f"{self.path.stem}.json"
        self._archive, self._publish, self._notices, self._warn = archive, publish, notices, warn
        self._text = lru_cache(TEXTS_HELD)(archive.text_of)
        self._quoter = lru_cache(TEXTS_HELD)(self._load_quoter)

    def made_from(self) -> tuple[int, int]:
        """From how many documents and decisions the file was made, as it stands; none where there is no file that can be read."""
        if not self.path.is_file():
            return 0, 0
        try:
            ((documents, decisions),) = self.rows(
                "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM decisions)"
            )
        except (duckdb.Error, Locked):
            return 0, 0
        return documents, decisions

    def build(self, *, force: bool = False) -> bool:
        """Build the file when its inputs changed; True when it was built."""
        with duckdb.connect(config=CONFIG) as connection:
            return self._build_if_changed(connection, force=force)

    @contextmanager
    def built(self) -> Iterator[None]:
        """Build the file when its inputs changed, then hold it open until the block ends.

        One DuckDB does both: to start another takes longer than all that a run asks of it.

        Raises:
            Locked: another program has it open for writing.
        """
        with duckdb.connect(config=CONFIG) as connection, ExitStack() as stack:
            self._build_if_changed(connection, force=False)
            with self._holder_named():
                stack.enter_context(_attached(connection, self.path, "READ_ONLY"))
            connection.execute(IN_UTC).fetchall()
            with self._holding(connection):
                yield

    def _build_if_changed(self, connection: duckdb.DuckDBPyConnection, *, force: bool) -> bool:
        inputs = self._inputs()
        built = None if force else self._built_from(connection)
        if built and inputs == built.inputs:
            return False
        is_same = built is not None and built.inputs.records == inputs.records
        self._build(connection, inputs, built.filled if built and is_same else None)
        return True

    def _build(self, connection: duckdb.DuckDBPyConnection, inputs: _Inputs, filled: _Filled | None) -> None:
        """Build the file beside, and swap it in. Where its records are those of the file of before, ``filled`` is what else is in that."""
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        with writing(part):
            part.unlink(missing_ok=True)
        try:
            if filled is not None:
                with writing(part):
                    shutil.copyfile(self.path, part)
            # in the format that older releases read, too; ``connect`` alone would write the newest
            with _attached(connection, part, f"STORAGE_VERSION '{STORAGE}'"):
                self._fill(connection, inputs, filled)
                connection.execute("CHECKPOINT").fetchall()
            with writing(self.path):
                _log_of(self.path).unlink(missing_ok=True)  # of a writer that died: it belongs to the file of before
                leave(part, lambda: part.replace(self.path), self._note)
        except (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.FatalException) as error:
            why = str(error).splitlines()[0]
            raise Unwritable(unwritable(self.path, why)) from error
        finally:
            with suppress(OSError):  # a file system that was made read-only refuses even that
                for left in (part, _log_of(part)):
                    left.unlink(missing_ok=True)
            self._quoter.cache_clear()
            self._text.cache_clear()

    def published(self, shown: Mapping[tuple[str, str], ShownCell] = MappingProxyType({})) -> list[PublishedRow]:
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

    # --- is it fresh? -----------------------------------------------------------------------------

    def _inputs(self) -> _Inputs:
        records, runs = hashlib.sha256(), hashlib.sha256()
        records.update(f"{__version__} {self._publish}\n{self.fields.fingerprint}\n{_schema_sql(self.fields)}".encode())
        for name, data in (("sources", self._sources.read_bytes()), *self._archive.inputs()):
            part = runs if name.startswith(_OF_RUNS) else records
            part.update(f"{name} {len(data)}\n".encode() + data)
        stood = sorted((key, sorted(map(sorted, sets))) for key, sets in self._archive.stood().items())
        records.update(json.dumps(stood).encode())
        for document in sorted({d.sha256 for documents in self._archive.documents().values() for d in documents}):
            records.update(f"{document} {self._archive.has_text(document)}\n".encode())
        return _Inputs(records.hexdigest(), runs.hexdigest())

    def _built_from(self, connection: duckdb.DuckDBPyConnection) -> _Built | None:
        """What the file was built from; None when there is none that can be used."""
        if not self.path.is_file():
            return None
        built = "SELECT records_sha256, runs_sha256, filled FROM internal.built"
        try:
            with self._holder_named(), _attached(connection, self.path, "READ_ONLY"):
                records, runs, filled = connection.execute(built).fetchall()[0]
                found = _Built(_Inputs(records, runs), json.loads(filled))
        except duckdb.BinderException:
            return None  # of another version of the tool
        except (duckdb.Error, IndexError, ValueError) as error:
            why = str(error).splitlines()[0][:200]
            self._warn(f"warehouse/survey.duckdb is damaged and is built again ({why})")
            return None
        if is_as_left(self.path, self._note) and not _log_of(self.path).exists():
            return found
        if self._note.exists():
            self._warn("warehouse/survey.duckdb is not as it was left and is built again")
        return None

    # --- building ---------------------------------------------------------------------------------

    def _load_quoter(self, document: str) -> Quoter | None:
        text = self._text(document)
        return Quoter(text, self._archive.words_of) if text else None

    def entries(self) -> Iterator[Entry]:
        """Every source with all that the archive holds of it, in the order of sources.csv."""
        documents, stood = self._archive.documents(), self._archive.stood()
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
                stood.get(source.key, ()),
            )

    def _fill(self, connection: duckdb.DuckDBPyConnection, inputs: _Inputs, filled: _Filled | None) -> None:
        connection.execute("BEGIN").fetchall()  # one for all: each takes its time to reach the disk
        if filled is None:
            for statement in duckdb.extract_statements(_schema_sql(self.fields)):
                connection.execute(statement).fetchall()
            _append(connection, self._rows_of_records())
        rows = self._rows_of_runs()
        tables = {table: rows.get(table, []) for table in _RUN_TABLES}
        _append(connection, {table: _missing(connection, table, rows, filled or {}) for table, rows in tables.items()})
        connection.execute("DELETE FROM internal.built").fetchall()
        now = json.dumps({table: (len(rows), _known_by(rows)) for table, rows in tables.items()})
        _append(connection, {"internal.built": [(*inputs, now, __version__)]})
        connection.execute(_LOOK_AT_SOURCES).fetchall()
        connection.execute("COMMIT").fetchall()

    def _rows_of_records(self) -> Rows:
        from survey_extract.adapters.warehouse.source_rows import SourceRows
        from survey_extract.core.evaluation.queue_order import judged_cells
        from survey_extract.core.evaluation.track_record import RuledCell, track_records

        tables = SourceRows(self._archive, self._text, self._quoter)
        judged: list[RuledCell] = []
        for position, item in enumerate(self.entries(), start=1):
            tables.add_entry(position, item)
            judged += judged_cells([item], self.fields)
        tables.add_records(track_records(judged))
        return tables.rows

    def _rows_of_runs(self) -> Rows:
        booked = by_run(self._archive.booked())
        runs = [replace(run, replies=with_booked(run.replies, booked.get(run.id, []))) for run in self._archive.runs()]
        return rows_of_runs(runs, booked.get(None, ())) | {"evaluations": self._evaluations()}

    def _evaluations(self) -> list[tuple[Any, ...]]:
        stored = self._archive.evaluations()
        if not stored:
            return []
        from survey_extract.core.evaluation.rows import evaluation_rows

        return list(evaluation_rows(stored, self.fields))


def _known_by(rows: Sequence[tuple[Any, ...]]) -> str:
    """The SHA-256 of rows as they are handed to DuckDB."""
    return hashlib.sha256(repr(rows).encode("utf-8", "surrogatepass")).hexdigest()


def _missing(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]], filled: _Filled
) -> list[tuple[Any, ...]]:
    """The rows that a table lacks: those behind the ones that it has, or, where it has others, all, and it is emptied."""
    count, sha256 = filled.get(table, (0, _known_by([])))
    if _known_by(rows[:count]) == sha256:
        return rows[count:]
    connection.execute(f"DELETE FROM {table}").fetchall()
    return rows


def _append(connection: duckdb.DuckDBPyConnection, tables: Rows) -> None:
    for table, rows in tables.items():
        if not rows:
            continue
        with connection.appender(table) as appender:
            appender.append_rows(rows)


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path, options: str) -> Iterator[None]:
    """Have a connection speak of a file: quicker than a DuckDB of its own for each."""
    target = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{target}' AS file ({options})").fetchall()
    connection.execute("USE file").fetchall()
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # of what failed in here, that is what is to be told
            connection.execute("USE memory").fetchall()
            connection.execute("DETACH file").fetchall()


def _log_of(path: Path) -> Path:
    """Where DuckDB writes ahead what is not yet in the file."""
    return path.with_name(path.name + ".wal")


def _schema_sql(fields: Fields) -> str:
    """schema.sql with what the fields add to it."""
    sql = (PACKAGE / "adapters" / "warehouse" / "schema.sql").read_text(encoding="utf-8")
    return with_fields(sql, fields)
