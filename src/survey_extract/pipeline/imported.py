"""Sources with cells that a list or a person wrote go in; each of those cells comes out, checked against its source.

For this the documents are fetched where they are not here, also of sources
that were never read; what comes is kept, and a later run need not fetch it.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.audit import auditable, has_current_audit, is_handwritten
from survey_extract.core.cells import Entry, audit_of
from survey_extract.core.decisions import stands_sha256
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Audit, Cell, Evidence, Location
from survey_extract.errors import ReadError, SourceError
from survey_extract.pipeline.again import first_document, text_again
from survey_extract.pipeline.audit import audit_source
from survey_extract.pipeline.ports import Ports

Found = Literal["supported", "term not found", "no sentence near", "not compared"]
THREADS = 8
"""Sources looked at together."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A cell of the list, audited. ``support`` are the sentences that come nearest to it."""

    key: str
    name: str
    field: str
    unfound: tuple[str, ...]
    far: tuple[str, ...]
    support: tuple[Evidence, ...]
    compared: bool = True
    """Not so of a yes or a no, which no words of a source come near."""

    @property
    def found(self) -> Found:
        """What counts of it; supported is what holds neither an unknown term nor a statement without a sentence near it."""
        if not self.compared:
            return "not compared"
        return "term not found" if self.unfound else "no sentence near" if self.far else "supported"


@dataclass(frozen=True, slots=True)
class Unread:
    """A source of the list that could not be read; ``own`` says that the fault is the survey's own file's."""

    key: str
    name: str
    cells: int
    why: str
    own: bool


@dataclass(frozen=True, slots=True)
class Audited:
    """The audit of all cells that people wrote."""

    cells: tuple[Imported, ...]
    unread: tuple[Unread, ...]


def audit_imported(entries: Sequence[Entry], ports: Ports, at: str) -> Audited:
    """Hold every cell that a list or a person wrote, and that points at no sentence, against its source."""
    listed = [(item, cells) for item in entries if (cells := _handwritten(item))]
    located = ports.locator.locate([item.source for item, _ in listed if not item.documents])
    with ThreadPoolExecutor(THREADS) as pool:
        done = list(
            pool.map(lambda pair: _audited(pair[0], pair[1], located.get(pair[0].source.key), ports, at), listed)
        )
    return Audited(
        tuple(cell for item in done if isinstance(item, tuple) for cell in item),
        tuple(item for item in done if isinstance(item, Unread)),
    )


def _handwritten(item: Entry) -> tuple[Cell, ...]:
    return tuple(cell for cell in item.cells if cell.decision is not None and is_handwritten(cell.decision))


def _audited(
    item: Entry, cells: Sequence[Cell], located: Location | SourceError | None, ports: Ports, at: str
) -> tuple[Imported, ...] | Unread:
    source = item.source
    try:
        audits = _audits(item, located, ports, at)
    except SourceError as error:
        own = source.kind == "file" or isinstance(error, ReadError)
        return Unread(source.key, source.label, len(cells), str(error), own)
    made: list[Imported] = []
    for cell in cells:
        audit = audit_of("standing", _sha256(cell), (), [a for a in audits if a.field == cell.field])
        if audit is not None:
            made.append(_imported(source.key, source.label, cell.field, audit, ports.archive.fields.named(cell.field)))
    return tuple(made)


def _imported(key: str, name: str, field: str, audit: Audit, spec: FieldSpec) -> Imported:
    """A cell as it was audited; what the source does not contain is said once, and not as a statement again."""
    if spec.type == "yes_no":
        return Imported(key, name, field, (), (), (), compared=False)
    unfound = audit.check.unfound
    far = tuple(statement for statement in audit.far if statement not in unfound)
    return Imported(key, name, field, unfound, far, audit.support)


def _sha256(cell: Cell) -> str | None:
    return stands_sha256(cell.decision) if cell.decision else None


def _audits(item: Entry, located: Location | SourceError | None, ports: Ports, at: str) -> tuple[Audit, ...]:
    """The source's audits, made now where they are not there for its latest document."""
    documents = item.documents or (first_document(item.source, located, ports),)
    values = auditable(documents[-1].sha256, item.answers, item.decisions, ports.archive.fields)
    if not has_current_audit(values, item.audits):
        text_again(item.source, documents[-1], ports)
    return (*item.audits, *audit_source(item.source, ports.archive, ports.texts, documents, at))
