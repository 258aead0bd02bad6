"""What was seen of quotes goes in and comes out again, from a file of the cache: if it is lost, the quotes are looked at again."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from survey_extract.adapters.archive.lines import record_in
from survey_extract.core.sight import RULES, QuotePlace, Sight, Sighted, Sights


class SightFile:
    """``cache/sights.jsonl``, read once; ``append`` writes lines to it. Safe to share between threads."""

    def __init__(self, path: Path, append: Callable[[Path, Iterable[Sighted]], None]) -> None:
        self.path, self._append, self._lock = path, append, threading.Lock()
        self._held: dict[str, dict[QuotePlace, Sight]] | None = None

    def of(self, document: str) -> Sights:
        """What was found in a document by today's rules; the last look counts."""
        with self._lock:
            if self._held is None:
                self._held = self._read()
            return dict(self._held.get(document, {}))

    def keep(self, document: str, sights: Sights) -> None:
        """Remember what was found."""
        self._append(self.path, [Sighted(document, page, sha256, sight) for (page, sha256), sight in sights.items()])
        with self._lock:
            if self._held is not None:
                self._held.setdefault(document, {}).update(sights)

    def data(self) -> bytes:
        """The file as it is; empty when nobody looked yet."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    def _read(self) -> dict[str, dict[QuotePlace, Sight]]:
        held: dict[str, dict[QuotePlace, Sight]] = defaultdict(dict)
        for line in filter(None, self.data().split(b"\n")):
            try:
                found = record_in(line, Sighted)
            except ValueError:
                continue  # torn, or of a later release: it is looked at again
            if found.rules == RULES:
                held[found.document][found.page, found.sha256] = found.sight
        return held
