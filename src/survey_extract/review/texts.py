"""Documents go in, their texts and quotes come out: those of the last few are kept, what the cache lacks is fetched."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from survey_extract.core.evidence import Quoter
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive
from survey_extract.core.records import Document

MOST_HELD = 16
"""Texts that are kept in memory."""


@dataclass(slots=True)
class Texts:
    """The texts that one review session has open; safe to share between threads."""

    archive: Archive
    fetch: Callable[[Document], PaperText]
    """Fetches and reads a document whose text is not in the cache. Raises SourceError."""
    _held: OrderedDict[str, PaperText] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def text(self, document: Document) -> PaperText:
        """The text of a document, fetched when it is not in the cache. Raises SourceError when it cannot be had."""
        return self.held(document.sha256) or self._hold(document.sha256, self.fetch(document))

    def or_trouble(self, document: Document | None) -> tuple[PaperText | None, str | None]:
        """The text of a document, or why it cannot be shown."""
        if document is None:
            return None, None
        try:
            return self.text(document), None
        except Exception as error:  # noqa: BLE001  # a document that cannot be had must not hide its answers
            return None, f"the document cannot be shown: {error}"

    def held(self, sha256: str) -> PaperText | None:
        """The text of a document, by its hash; None while it is not in the cache."""
        with self._lock:
            if sha256 in self._held:
                self._held.move_to_end(sha256)
                return self._held[sha256]
        text = self.archive.text_of(sha256)
        return self._hold(sha256, text) if text else None

    def quoter(self, sha256: str) -> Quoter | None:
        """What cuts quotes out of a document; None while its text is not in the cache."""
        text = self.held(sha256)
        return Quoter(text, self.archive.words_of) if text else None

    def sha256_of(self, document: str) -> str | None:
        """The hash of a document's text; None while that is not in the cache."""
        text = self.held(document)
        return text.sha256 if text else None

    def _hold(self, sha256: str, text: PaperText) -> PaperText:
        with self._lock:
            self._held[sha256] = text
            while len(self._held) > MOST_HELD:
                self._held.popitem(last=False)
        return text
