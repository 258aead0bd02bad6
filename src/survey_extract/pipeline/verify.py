"""Published cells go in, what became of each of their sentences comes out: looked up in the bytes, without a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from survey_extract.core.cells import Entry
from survey_extract.core.evidence import Quoter
from survey_extract.core.records import Cell, Document, Evidence, PaperText, Source
from survey_extract.errors import OtherBytes, SourceError
from survey_extract.pipeline.obtain import text_again
from survey_extract.pipeline.path import Ports

Finding = Literal["found", "moved", "missing", "unreachable"]


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of a published cell: where it should stand, and what was found."""

    key: str
    field: str
    page: int
    finding: Finding
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """All that was looked up. ``unsupported`` are published cells that point at no sentence, as (key, field, state)."""

    cells: int
    checked: tuple[Checked, ...]
    unsupported: tuple[tuple[str, str, str], ...]

    def count(self, finding: Finding) -> int:
        """How many sentences were found so."""
        return sum(item.finding == finding for item in self.checked)


def verify(entries: Sequence[Entry], ports: Ports) -> Verification:
    """Look every sentence that a published cell points at up in its document; what is not in the cache is fetched."""
    published = [
        (item, cell)
        for item in entries
        if item.published
        for cell in item.cells
        if cell.value is not None or cell.evidence
    ]
    checked: list[Checked] = []
    for item in entries:
        shelf = _Shelf(item.source, item.documents, ports)
        for cell in (cell for owner, cell in published if owner is item and cell.evidence):
            checked += _check(cell, shelf)
    unsupported = tuple((c.key, c.field, c.state or "unanswered") for _, c in published if not c.evidence)
    return Verification(len(published), tuple(checked), unsupported)


@dataclass(slots=True)
class _Shelf:
    """The texts of a source's documents, each had once: the text, or why not, and a remark on it."""

    source: Source
    documents: tuple[Document, ...]
    ports: Ports
    _held: dict[str, tuple[Quoter | None, str | None]] = field(default_factory=dict)

    def quoter(self, sha256: str) -> tuple[Quoter | None, str | None]:
        if sha256 not in self._held:
            text, remark = self._text(sha256)
            self._held[sha256] = (Quoter(text) if text else None, remark)
        return self._held[sha256]

    def _text(self, sha256: str) -> tuple[PaperText | None, str | None]:
        document = next((d for d in reversed(self.documents) if d.sha256 == sha256), None)
        if document is None:
            return None, "its document is not on record"
        try:
            return text_again(self.source, document, self.ports), None
        except OtherBytes as error:
            return self._as_it_is_now(error)
        except SourceError as error:
            return None, str(error)

    def _as_it_is_now(self, error: OtherBytes) -> tuple[PaperText | None, str | None]:
        try:
            return self.ports.reader.read(
                error.data, error.media_type
            ), "the page has changed; looked up in it as it is now"
        except SourceError as unreadable:
            return None, f"the page has changed and cannot be read: {unreadable}"


def _check(cell: Cell, shelf: _Shelf) -> Iterator[Checked]:
    quoter, remark = shelf.quoter(cell.document or "")
    for item in cell.evidence:
        yield Checked(cell.key, cell.field, item.page, _finding(item, quoter), remark)


def _finding(item: Evidence, quoter: Quoter | None) -> Finding:
    return quoter.quote(item).whereabouts if quoter else "unreachable"
