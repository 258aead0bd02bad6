"""arXiv ids go in, their locations and metadata come out; every id gets an answer or a named error.

The ``arxiv`` package asks the API, over our own client, which keeps the pace,
the time and the size, and follows no redirect into our own network. What else the
package lacks is added here: Retry-After, one bad id that does not
spoil its batch, ids that the answer silently leaves out, and pages of text
with status 200 that are not a feed.
"""

from __future__ import annotations

import io
import logging
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import arxiv
import requests
import requests.adapters

from survey_extract.adapters.http.client import ATTEMPTS, Http
from survey_extract.adapters.http.retry import retrying
from survey_extract.adapters.http.waits import SILENT, Waits
from survey_extract.core.ports import Clock
from survey_extract.core.records import Location, Metadata, Source
from survey_extract.errors import FetchError, NotFound, SourceError

HOST = "export.arxiv.org"
API = f"https://{HOST}/api/query"
BATCH = 50
FEED_BYTES = 20_000_000
"""Bytes of an answer; fifty entries take some 200 kB."""
PATIENCE_SECONDS = 240.0
_WITHDRAWN = re.compile(r"\bwithdrawn\b", re.IGNORECASE)
_IS_WITHDRAWN = re.compile(
    r"(?:this|the) (?:paper|article|submission|manuscript|work) (?:has been|is|was) withdrawn", re.IGNORECASE
)
_REPLACED = re.compile(
    r"\b(?:superseded|replaced|subsumed|obsoleted)\b(?=.{0,40}\b(?:by|with)\b)|\bsee (?:the )?(?:newer|updated|extended) version (?:at|in)\b",
    re.IGNORECASE,
)
_SHORT_ID = re.compile(r"(?P<id>.+?)(?:v(?P<version>\d+))?")

logging.getLogger("arxiv").setLevel(logging.ERROR)


class ArxivLocator:
    """Looks ids up in batches of 50, politely."""

    def __init__(
        self, http: Http, clock: Clock, by_page: Callable[[Source], Location] | None = None, waits: Waits = SILENT
    ) -> None:
        """``http`` takes answers of ``FEED_BYTES``; ``by_page`` looks a paper up on its abstract page, for when the API gives no answer."""
        self._clock, self._by_page, self._waits = clock, by_page, waits
        self._client = arxiv.Client(page_size=BATCH, delay_seconds=0.0, num_retries=0)
        self._client.query_url_format = API + "?{}"
        session: requests.Session = self._client._session  # the package offers no other way to choose a client
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Transport(http))

    def locate(self, sources: Sequence[Source]) -> dict[str, Location | SourceError]:
        """The location or the error of each source, by key."""
        found: dict[str, Location | SourceError] = {}
        for start in range(0, len(sources), BATCH):
            found |= self._batch(sources[start : start + BATCH])
        return found

    def _batch(self, sources: Sequence[Source]) -> dict[str, Location | SourceError]:
        try:
            entries = self._look_up(sources)
        except SourceError as error:
            if error.transient or len(sources) == 1:
                return self._without_api(sources, error)
            entries = {}  # one bad id spoils its batch: look them up one by one
        located: dict[str, Location | SourceError] = {}
        for source in sources:
            entry = entries.get(source.named)
            located[source.key] = _location(source, entry) if entry else self._single(source, len(sources))
        return located

    def _without_api(self, sources: Sequence[Source], error: SourceError) -> dict[str, Location | SourceError]:
        """Ask page by page; once a page gives no answer either, arXiv is down for the rest, and is left alone."""
        located: dict[str, Location | SourceError] = dict.fromkeys((source.key for source in sources), error)
        for source in sources if self._by_page else ():
            try:
                located[source.key] = self._by_page(source) if self._by_page else error
            except NotFound as missing:
                located[source.key] = missing
            except SourceError:
                break
        return located

    def _single(self, source: Source, batch: int) -> Location | SourceError:
        """Look up an id that its batch left out; of a batch of one, the answer is final."""
        if batch > 1:
            return self._batch([source])[source.key]
        return NotFound(f"not found: arXiv has no {source.named}; check the id at {source.link}")

    def _look_up(self, sources: Sequence[Source]) -> dict[str, arxiv.Result]:
        ids = [source.named for source in sources]
        told = self._waits.again(HOST, ATTEMPTS)
        return retrying(self._clock, attempts=ATTEMPTS, seconds=PATIENCE_SECONDS, tell=told)(self._ask, ids)

    def _ask(self, ids: list[str]) -> dict[str, arxiv.Result]:
        """One request. What came before a feed broke off is kept; the rest is asked for singly."""
        entries: dict[str, arxiv.Result] = {}
        search = arxiv.Search(id_list=ids, max_results=len(ids))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                for result in self._client.results(search):
                    short = _SHORT_ID.fullmatch(result.get_short_id())
                    if short:
                        entries[short["id"]] = entries[result.get_short_id()] = result
        except arxiv.UnexpectedEmptyPageError:
            pass
        except (arxiv.ArxivError, requests.RequestException, ValueError) as error:
            said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
            raise FetchError(f"arXiv's API: {said}", transient=True, step="locate") from error
        if not entries and len(ids) > 1:
            raise FetchError(f"arXiv's API returned an empty feed for {len(ids)} ids", transient=True, step="locate")
        return entries


class _Transport(requests.adapters.BaseAdapter):
    """Has the package's requests sent by our own client; errors say whether waiting helps."""

    def __init__(self, http: Http) -> None:
        super().__init__()
        self._http = http

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        try:
            data = self._http.once(str(request.url), {}).data or b""
        except SourceError as error:
            said = str(error).removeprefix(f"{request.url}: ").removeprefix("not found: ")
            raised = FetchError(f"arXiv's API: {said}", transient=error.transient, step="locate")
            raised.retry_after = error.retry_after
            raise raised from error
        if b"<feed" not in data[:2000]:
            shown = data[:60].decode("utf-8", "replace")
            raise FetchError(
                f"arXiv's API answered with something that is not a feed: {shown!r}", transient=True, step="locate"
            )
        response = requests.Response()
        response.status_code, response.url, response.request = 200, str(request.url), request
        response.raw = io.BytesIO(data)
        return response

    def close(self) -> None:
        """The client is closed by whoever made it."""


def _location(source: Source, entry: arxiv.Result) -> Location:
    short = _SHORT_ID.fullmatch(entry.get_short_id())
    version = f"v{short['version']}" if short and short["version"] else None
    notice, withdrawn = notice_in(entry.comment, entry.summary)
    return Location(
        url=f"https://arxiv.org/pdf/{source.location}{version or ''}",
        link=source.link,
        version=version,
        metadata=Metadata(
            title=" ".join(entry.title.split()) or None,
            authors=tuple(" ".join(author.name.split()) for author in entry.authors),
            published=entry.published.date().isoformat(),
            updated=entry.updated.date().isoformat(),
            category=entry.primary_category or None,
            doi=entry.doi or None,
        ),
        notice=notice,
        withdrawn=withdrawn,
    )


def notice_in(comment: str | None, summary: str | None) -> tuple[str | None, bool]:
    """arXiv's word that a paper is withdrawn or replaced by another, and whether it is withdrawn.

    It stands in the comment, or in a summary that says nothing else.
    """
    said, about = (" ".join((text or "").split()) for text in (comment, summary))
    if _WITHDRAWN.search(said):
        return said[:300], True
    if _IS_WITHDRAWN.match(about):
        return about[:300], True
    return (said[:300], False) if _REPLACED.search(said) else (None, False)
