"""A document on record goes in, its bytes and text come out again: what the cache lost can be had once more."""

from __future__ import annotations

from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Document, Fetched, Location, Source
from survey_extract.errors import OtherBytes, ReadError, SourceError
from survey_extract.pipeline.ports import Ports


def read(data: bytes, media_type: str, ports: Ports) -> PaperText:
    """The text of bytes.

    Raises:
        ReadError: they cannot be read, or hold nothing that could be evidence.
    """
    text = ports.reader.read(data, media_type)
    if not text.citable():
        raise ReadError("the document has no sentence that could be evidence")
    return text


def keep_fetched(fetched: Fetched, latest: Document | None, ports: Ports) -> Document:
    """Keep what a fetch brought: the bytes, and a record of the document where it differs from the ``latest``."""
    if fetched.data is None:
        return fetched.document
    ports.archive.keep_bytes(fetched.data)
    if latest is None or _identity(latest) != _identity(fetched.document):
        ports.archive.add_document(fetched.document)
    return fetched.document


def _identity(document: Document) -> tuple[object, ...]:
    """What a document is recognised by: a fetch that differs in any of it is recorded anew."""
    return document.sha256, document.version, document.url, document.etag, document.last_modified, document.metadata


def first_document(source: Source, located: Location | SourceError | None, ports: Ports) -> Document:
    """Fetch the document of a source that was never read.

    Raises:
        SourceError: it cannot be had.
    """
    if isinstance(located, SourceError):
        raise located
    if located is None:
        raise SourceError("it was not located")
    return keep_fetched(ports.fetcher.fetch(source, located, None), None, ports)


def fetch_again(source: Source, document: Document, location: Location, ports: Ports) -> bytes:
    """Bytes whose record is here and whose cache is gone. They must be the same.

    Raises:
        OtherBytes: others came.
        SourceError: they cannot be had.
    """
    fetched = ports.fetcher.fetch(source, location, None)
    data = fetched.data or b""
    if fetched.document.sha256 != document.sha256:
        raise OtherBytes(
            f"{document.url}: the bytes fetched are not those on record", data, fetched.document.media_type
        )
    ports.archive.keep_bytes(data)
    return data


def text_again(source: Source, document: Document, ports: Ports) -> PaperText:
    """The text of a document on record: from the cache, else read from its bytes, else from bytes fetched again.

    Raises:
        OtherBytes: the bytes fetched are not those on record.
        SourceError: it cannot be had.
    """
    if text := ports.archive.text_of(document.sha256):
        return text
    location = Location(document.url, document.link, document.version, document.metadata)
    data = ports.archive.bytes_of(document.sha256) or fetch_again(source, document, location, ports)
    text = read(data, document.media_type, ports)
    ports.archive.keep_text(document.sha256, text)
    return text
