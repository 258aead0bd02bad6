"""A located source goes in, its whole document comes out: the right kind by its bytes, complete, and named by its hash."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from survey_extract.adapters.http.client import Http
from survey_extract.core.ports import Clock, Fetched
from survey_extract.core.records import Document, Location, Source
from survey_extract.errors import FetchError, NotFound

PDF, HTML, MARKDOWN = "application/pdf", "text/html", "text/markdown"

_HTML_HEAD = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)
HEAD_BYTES = 4096
"""Bytes at the beginning of a document that tell what it is."""


class DocumentFetcher:
    """From the web through ``Http``, from the survey's folder by reading; see ``core.ports.Fetcher``."""

    def __init__(self, *, http: Http, clock: Clock, project: Path, limit: int) -> None:
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
        page = self._http.get(
            location.url, etag=known.etag if known else None, last_modified=known.last_modified if known else None
        )
        if page.data is None:
            if known is None:
                raise FetchError(f"{location.url}: HTTP 304 to a request without a condition")
            return Fetched(known, None)
        media_type = sniff(page.data, location.url, page.media_type)
        if source.kind == "arxiv" and media_type != PDF:
            raise FetchError(f"{location.url}: {_seen(page.data)} arrived instead of a PDF", transient=True)
        return self._fetched(source, location, page.data, media_type, page.etag, page.last_modified)

    def _file(self, source: Source, location: Location, previous: Document | None) -> Fetched:
        path = (self._project / source.location).resolve()
        if not path.is_relative_to(self._project):
            raise FetchError(f"./{source.location} leads out of the survey's folder through a link")
        parts = path.relative_to(self._project).parts
        if any(part.startswith(".") for part in parts) or parts[0] == "warehouse":
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
        return self._fetched(source, location, data, sniff(data, source.location, ""), None, None)

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
            fetched_at=f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}",
            metadata=location.metadata,
        )
        return Fetched(document, data)


def sniff(data: bytes, url: str, declared: str) -> str:
    """The media type, from the bytes first; a server's word counts only where bytes say nothing.

    Raises:
        FetchError: empty, cut off, or of a kind that is not read.
    """
    if not data.strip():
        raise FetchError(f"{url}: the document is empty")
    if data[:1024].lstrip()[:5] == b"%PDF-":
        if b"%%EOF" not in data[-2048:]:
            raise FetchError(
                f"{url}: the PDF is cut off: {len(data):,} bytes arrived, and its end is missing", transient=True
            )
        return PDF
    name = url.split("?", maxsplit=1)[0].lower()
    if name.endswith(".pdf") or declared == PDF:
        raise FetchError(f"{url}: {_seen(data)} arrived instead of a PDF")
    if _begins_as_html(data) or declared in (HTML, "application/xhtml+xml"):
        return HTML
    if b"\x00" in data[:HEAD_BYTES] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FetchError(f"{url}: neither PDF nor text ({declared or 'no media type given'}, begins {data[:8]!r})")
    return HTML if name.endswith((".html", ".htm")) else MARKDOWN


def _begins_as_html(data: bytes) -> bool:
    """Whether a page begins here, behind comments. By plain scanning: these are a stranger's bytes, in the main process."""
    head = data[:HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    while head.startswith(b"<!--"):
        _, closed, head = head.partition(b"-->")
        if not closed:
            return False
        head = head.lstrip()
    return _HTML_HEAD.match(head) is not None


def _seen(data: bytes) -> str:
    return "a web page" if _begins_as_html(data) else f"something that begins {data[:12]!r}"
