"""The documents of a source go in, the text of each comes out, read from its bytes again, with what is wrong with it.

The text in the cache is what the tool itself once wrote down, so comparing a
quote with it proves nothing about the document: the bytes are hashed, read
again, and the cache is checked against that. What the cache has lost or garbled
is put right on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.joins import false_numbers
from survey_extract.core.records import Document, Location, Source
from survey_extract.errors import OtherBytes, ReadError, SourceError
from survey_extract.pipeline.again import fetch_again, text_again
from survey_extract.pipeline.ports import Ports

Trouble = Literal["unreachable", "unreadable", "unknown"]
"""Why there is no text: the world is down, the input is at fault, or the archive names a document that it has no record of."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document's text, or why there is none.

    ``false`` are the numbers of its sentences that are no run of a page.
    ``older`` is the text in the cache where an older reader read otherwise;
    ``is_record`` says that the text is that of the bytes on record, and not of
    a page as it is now; ``damage`` is what was found broken in the cache.
    """

    text: PaperText | None = None
    older: PaperText | None = None
    is_record: bool = True
    remark: str | None = None
    trouble: Trouble | None = None
    damage: tuple[str, ...] = ()
    false: frozenset[int] = frozenset()


@dataclass(slots=True)
class Shelf:
    """The texts of a source's documents, each read once. ``cached`` believes the texts in the cache instead of reading the bytes again."""

    source: Source
    documents: Sequence[Document]
    ports: Ports
    cached: bool
    _held: dict[str, Shelved] = field(default_factory=dict)

    def take(self, sha256: str) -> Shelved:
        """The text of a document on record."""
        if sha256 not in self._held:
            self._held[sha256] = self._taken(sha256)
        return self._held[sha256]

    def taken(self) -> tuple[Shelved, ...]:
        """All texts that were asked for so far."""
        return tuple(self._held.values())

    def _taken(self, sha256: str) -> Shelved:
        document = next((d for d in reversed(self.documents) if d.sha256 == sha256), None)
        if document is None:
            return Shelved(trouble="unknown", remark=f"there is no record of its document {sha256[:12]}…")
        damage = self.ports.archive.damage(sha256)
        try:
            if self.cached:
                return Shelved(text_again(self.source, document, self.ports), damage=damage)
            return self._read_again(document, damage)
        except OtherBytes as error:
            return replace(self._as_it_is_now(error), damage=damage)
        except SourceError as error:
            own = self.source.kind == "file" or isinstance(error, ReadError)
            trouble: Trouble = "unreadable" if own else "unreachable"
            return Shelved(trouble=trouble, remark=str(error), damage=damage)

    def _read_again(self, document: Document, damage: tuple[str, ...]) -> Shelved:
        archive, sha256 = self.ports.archive, document.sha256
        location = Location(document.url, document.link, document.version, document.metadata)
        data = archive.bytes_of(sha256) or fetch_again(self.source, document, location, self.ports)
        text, held = self.ports.reader.read(data, document.media_type), archive.text_of(sha256)
        printed = self.ports.reader.printed(data, document.media_type)
        false = self.ports.texts.do(false_numbers, text, printed)
        if held is not None and held.reader != text.reader and held.sha256 != text.sha256:
            return Shelved(text, held, damage=damage, false=false)
        if held is None or damage or _words(held) != _words(text):
            archive.keep_text(sha256, text)
        if held is not None and not damage and _words(held) != _words(text):
            damage = (f"the text of {sha256[:12]}… in warehouse/cache/texts: not the text that its bytes are read as",)
        return Shelved(text, damage=damage, false=false)

    def _as_it_is_now(self, error: OtherBytes) -> Shelved:
        try:
            text = self.ports.reader.read(error.data, error.media_type)
        except SourceError as unreadable:
            return Shelved(
                trouble="unreachable", remark=f"the page has changed and cannot be read: {unreadable}", is_record=False
            )
        return Shelved(text, is_record=False, remark="the page has changed; looked up in it as it is now")


def _words(text: PaperText) -> tuple[object, ...]:
    """What a text says and how it is divided; not which reader read it, nor the reader's remarks."""
    return text.pages, text.sentences, text.sections, text.title, text.tables
