"""An archive goes in; its records come out, each file read once while they are held, however often it is asked for.

A cell is shown, and a decision made, from one state of the archive. Another process may add to it at any time, so
nothing is held longer than that.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from survey_extract.core.ports import Archive
from survey_extract.core.records import Answer, Audit, Decision, Document, Opinion

R = TypeVar("R")


@dataclass(slots=True)
class Snapshot:
    """The records of the archive as they are while they are held."""

    archive: Archive
    _held: threading.local = field(default_factory=threading.local)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """What is read within is read once, by this thread; to hold it again within changes nothing."""
        if getattr(self._held, "records", None) is not None:
            yield
            return
        self._held.records = {}
        try:
            yield
        finally:
            self._held.records = None

    def documents(self, key: str) -> Sequence[Document]:
        """The documents of a source, oldest first."""
        return self._once("documents", self.archive.documents).get(key, ())

    def answers(self, key: str) -> Sequence[Answer]:
        return self._once(f"answers {key}", lambda: self.archive.answers(key))

    def decisions(self, key: str) -> Sequence[Decision]:
        return self._once(f"decisions {key}", lambda: self.archive.decisions(key))

    def audits(self, key: str) -> Sequence[Audit]:
        return self._once(f"audits {key}", lambda: self.archive.audits(key))

    def opinions(self, key: str) -> Sequence[Opinion]:
        return self._once(f"opinions {key}", lambda: self.archive.opinions(key))

    def stood(self, key: str) -> Collection[frozenset[str]]:
        """The sets of fields with which its row was in the table, all decided, before today's further fields were added."""
        return self._once("stood", self.archive.stood).get(key, frozenset())

    def add_decisions(self, key: str, decisions: Sequence[Decision]) -> None:
        """Write decisions; they are read again when next asked for."""
        self.archive.add_decisions(key, decisions)
        records = getattr(self._held, "records", None)
        if records is not None:
            records.pop(f"decisions {key}", None)

    def add_audits(self, key: str, audits: Sequence[Audit]) -> None:
        """Write audits; they are read again when next asked for."""
        self.archive.add_audits(key, audits)
        records = getattr(self._held, "records", None)
        if records is not None:
            records.pop(f"audits {key}", None)

    def _once(self, name: str, read: Callable[[], R]) -> R:
        records: dict[str, Any] | None = getattr(self._held, "records", None)
        if records is None:
            return read()
        if name not in records:
            records[name] = read()
        value: R = records[name]
        return value
