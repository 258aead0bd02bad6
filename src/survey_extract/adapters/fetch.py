"""A located source goes in, its whole document comes out: the right kind by its bytes, complete, and named by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from survey_extract.core.moments import stamp
from survey_extract.core.records import Document, Fetched, Location, Source
from survey_extract.errors import FetchError, NotFound

if TYPE_CHECKING:
    from survey_extract.adapters.http.client import Http
    from survey_extract.core.ports import Clock

PDF, HTML, MARKDOWN = "application/pdf", "text/html", "text/markdown"

HTML_BEGINS = (b"<!doctype html", b"<html", b"<head", b"<body")
LONGEST_BEGIN = max(map(len, HTML_BEGINS))
HEAD_BYTES = 4096
"""Bytes at the beginning of a document that tell what it is."""
TAIL_BYTES = 2048
"""Bytes at the end of a PDF among which its last line is."""
LONGEST_NAME = 200
"""Characters of a file's name that an error shows."""


class DocumentFetcher:
    """From the web through ``Http``, from the survey's folder by reading; see ``core.ports.Fetcher``."""

    def __init__(self, *, http: Callable[[], Http], clock: Clock, project: Path, limit: int) -> None:
        """``http`` gives the client of the web; it is called when there is a page. ``limit`` is in bytes."""
        self._http, self._clock, self._limit = http, clock, limit
        self._project = project.resolve()

    def fetch(self, source: Source, location: Location, previous: Document | None) -> Fetched:
        """The document, or "not modified" when ``previous`` has the same bytes.

        Raises:
            NotFound: there is no such page or file.
            FetchError: no answer, or bytes that are no document or only a part of one.
        """
        if source.kind == "file":
            return self._file(source, location, previous)
        known = previous if previous and previous.url == location.url else None
        page = self._http().get(
            location.url, etag=known.etag if known else None, last_modified=known.last_modified if known else None
        )
        if page.data is None:
            if known is None:
                raise FetchError(f"{location.url}: HTTP 304 to a request without a condition")
            return Fetched(known, None)
        media_type = sniff(Ends.of(page.data), location.url, page.media_type)
        if source.kind == "arxiv" and media_type != PDF:
            raise FetchError(
                f"{location.url}: {_seen(page.data[:HEAD_BYTES])} arrived instead of a PDF", transient=True
            )
        return self._fetched(source, location, page.data, media_type, page.etag, page.last_modified)

    def _file(self, source: Source, location: Location, previous: Document | None) -> Fetched:
        try:
            return self._readable(source, location, previous)
        except (OSError, RuntimeError, ValueError) as error:  # no name of a file, a circle of links, not ours to read
            why = error.strerror if isinstance(error, OSError) else error
            raise FetchError(f"./{source.location[:LONGEST_NAME]}: the file cannot be read: {why}") from error

    def _readable(self, source: Source, location: Location, previous: Document | None) -> Fetched:
        path = (self._project / source.location).resolve()
        if not path.is_relative_to(self._project):
            raise FetchError(f"./{source.location} leads out of the survey's folder through a link")
        parts = path.relative_to(self._project).parts
        if any(part.startswith(".") for part in parts) or parts[0].casefold() == "warehouse":
            raise FetchError(
                f"./{source.location}: hidden files and the warehouse hold secrets and records, not sources"
            )
        if not path.is_file():
            raise NotFound(f"not found: ./{source.location} is not a file of this survey", step="fetch")
        if path.stat().st_size > self._limit:
            raise FetchError(f"./{source.location}: larger than {self._limit / 1e6:g} MB (setting document_megabytes)")
        data = path.read_bytes()
        if previous and hashlib.sha256(data).hexdigest() == previous.sha256:
            return Fetched(previous, None)
        return self._fetched(source, location, data, sniff(Ends.of(data), source.location, ""), None, None)

    def _fetched(
        self,
        source: Source,
        location: Location,
        data: bytes,
        media_type: str,
        etag: str | None,
        last_modified: str | None,
    ) -> Fetched:
        document = Document(
            key=source.key,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            media_type=media_type,
            url=location.url,
            link=location.link,
            version=location.version,
            etag=etag,
            last_modified=last_modified,
            fetched_at=stamp(self._clock.now()),
            metadata=location.metadata,
        )
        return Fetched(document, data)


class Ends(NamedTuple):
    """All of a document that this process looks at: its first and last bytes. The rest is read in a worker, which has limits."""

    head: bytes
    tail: bytes
    size: int

    @classmethod
    def of(cls, data: bytes) -> Ends:
        """The ends of a document's bytes."""
        return cls(data[:HEAD_BYTES], data[-TAIL_BYTES:], len(data))


def sniff(ends: Ends, url: str, declared: str) -> str:
    """The media type, from the bytes first; a server's word counts only where bytes say nothing.

    Raises:
        FetchError: empty, cut off, or of a kind that is not read.
    """
    head, tail, size = ends
    if not head.strip() and size == len(head):
        raise FetchError(f"{url}: the document is empty")
    if head[:1024].lstrip()[:5] == b"%PDF-":
        if b"%%EOF" not in tail:
            raise FetchError(
                f"{url}: the PDF is cut off: {size:,} bytes arrived, and its end is missing", transient=True
            )
        return PDF
    name = url.split("?", maxsplit=1)[0].lower()
    if name.endswith(".pdf") or declared == PDF:
        raise FetchError(f"{url}: {_seen(head)} arrived instead of a PDF")
    if _begins_as_html(head) or declared in (HTML, "application/xhtml+xml"):
        return HTML
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FetchError(f"{url}: neither PDF nor text ({declared or 'no media type given'}, begins {head[:8]!r})")
    return HTML if name.endswith((".html", ".htm")) else MARKDOWN


def _begins_as_html(head: bytes) -> bool:
    """Whether a page begins here, after comments. One pass, by plain scanning."""
    at = len(head) - len(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    while head.startswith(b"<!--", at):
        closed = head.find(b"-->", at + len(b"<!"))  # a browser takes <!--> for a whole comment
        if closed < 0:
            return False
        at = closed + len(b"-->")
        while head[at : at + 1].isspace():
            at += 1
    begin = head[at : at + LONGEST_BEGIN + 1].lower()
    return any(begin.startswith(tag) and not _is_word(begin[len(tag) : len(tag) + 1]) for tag in HTML_BEGINS)


def _is_word(byte: bytes) -> bool:
    return byte.isalnum() or byte == b"_"


def _seen(head: bytes) -> str:
    return "a web page" if _begins_as_html(head) else f"something that begins {head[:12]!r}"
