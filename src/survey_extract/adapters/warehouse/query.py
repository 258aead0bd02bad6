"""A query goes in, its rows come out: the DuckDB file, opened to be read and nothing else."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from survey_extract.adapters.warehouse.duck import duckdb
from survey_extract.errors import BadQuery, Locked

R = TypeVar("R")
Config = dict[str, str | bool | int | float | list[str]]
CONFIG: Config = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
IN_UTC = "SET TimeZone = 'UTC'"
"""Times are shown in UTC, wherever this runs."""
_HELD = re.compile(r"lock is held in (?P<program>\S.{0,300}?) \(PID (?P<pid>\d+)\)")


class DuckFile:
    """A DuckDB file that is read only. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._thread = threading.local()

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
        with self._held() as connection, self._holding(connection):
            yield

    @contextmanager
    def _holding(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Ask this connection all ``rows`` of this thread until the block ends."""
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
        with self._holder_named():
            connection = duckdb.connect(self.path, read_only=True, config=CONFIG)
        with connection:
            connection.execute(IN_UTC).fetchall()
            yield connection

    @contextmanager
    def _holder_named(self) -> Iterator[None]:
        """Raises Locked when another program has the file open for writing; the message names that program."""
        try:
            yield
        except duckdb.IOException as error:
            if "could not set lock" not in str(error).lower():
                raise
            holder = _HELD.search(str(error))
            who = f" ({holder['program']}, PID {holder['pid']})" if holder else ""
            raise Locked(
                f"{self.path} is open in another program{who}, which keeps everyone else from reading it: "
                "close it there, or open it there read-only (duckdb -readonly)"
            ) from None

    def stamp(self) -> object:
        """Changes whenever the file is swapped for a new one."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns

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
