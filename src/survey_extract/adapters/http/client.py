"""A URL goes in, its bytes come out: streamed, capped, paced, retried, with every failure named.

arXiv asks for one request at a time and one in three seconds
(https://info.arxiv.org/help/api/tou.html); the pace is kept for all its hosts
together, also under a mirror, by whoever asks them.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import httpx2

from survey_extract import __version__
from survey_extract.adapters.http.bounded import Allowance, TooLarge
from survey_extract.adapters.http.guard import guard
from survey_extract.adapters.http.retry import Refusals, asked_to_wait, retry_after, retrying
from survey_extract.adapters.http.waits import SILENT, Waits
from survey_extract.core.ports import Clock
from survey_extract.errors import FetchError, NotFound, SourceError

ARXIV_HOSTS = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org"})
ATTEMPTS = 4
PATIENCE_SECONDS = 300.0
"""Seconds that a page may take, headers and body, over all attempts."""
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


def user_agent(contact: str | None) -> str:
    """Names the tool and who runs it, as arXiv and web masters ask."""
    return f"survey-extract/{__version__}" + (f" ({contact})" if contact else "")


class Pace:
    """One request at a time, and ``seconds`` from the end of one to the start of the next."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._turn = threading.Lock()
        self._not_before: float | None = None
        self._refusals = Refusals(clock, "arXiv")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn, and keep it. A request that reached nobody bothers nobody: the next one need not wait for it."""
        with self._turn:
            if self._not_before is not None and (wait := self._not_before - self._clock.monotonic()) > 0:
                self._clock.sleep(wait)
            reached = True
            try:
                yield
            except FetchError as error:
                reached = not error.unreached
                raise
            finally:
                if reached:
                    self._not_before = self._clock.monotonic() + self._seconds

    def told(self, status: int, wait: float | None) -> None:
        """Note how a request was received; ten times "too many" in a row, and the turn is not given again."""
        self._refusals.told(status, wait)

    def refuse_when_closed(self, step: str) -> None:
        """Raises FetchError once arXiv has refused too often in a row."""
        if told := self._refusals.closed():
            raise FetchError(told, step=step)

    def remarks(self) -> tuple[str, ...]:
        """What the run should say of it."""
        told = self._refusals.closed()
        return (told,) if told else ()


class Counter:
    """Requests sent and bytes received, over all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests = 0
        self.bytes = 0

    def add(self, *, requests: int = 0, size: int = 0) -> None:
        with self._lock:
            self.requests += requests
            self.bytes += size


@dataclass(frozen=True, slots=True)
class Page:
    """A response: ``data`` is None for "not modified"."""

    url: str
    data: bytes | None
    media_type: str
    etag: str | None
    last_modified: str | None


class _Patience:
    """The seconds that are left for a page; waiting for one's turn takes none of them."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self.left = clock, seconds

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take what passes in here."""
        began = self._clock.monotonic()
        try:
            yield
        finally:
            self.left -= self._clock.monotonic() - began


class Http:
    """GET, and nothing else. ``url`` is always the real one; a mirror is known in here alone."""

    def __init__(
        self,
        *,
        clock: Clock,
        pace: Pace,
        counter: Counter,
        mirror: str | None,
        contact: str | None,
        limit: int,
        waits: Waits = SILENT,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """``limit`` is in bytes, ``patience`` in seconds a page."""
        self._clock, self._pace, self._counter = clock, pace, counter
        self._mirror, self._limit, self._patience, self._waits = mirror, limit, patience, waits
        self._refusals: dict[str, Refusals] = {}
        self._client = httpx2.Client(
            follow_redirects=True,
            max_redirects=8,
            timeout=httpx2.Timeout(60, connect=10),
            headers={"User-Agent": user_agent(contact), "Accept": "*/*"},
            verify=_authorities(),
        )
        guard(self._client, mirror)
        self._allowance = Allowance(clock, patience, limit)
        self._allowance.bind(self._client)

    def close(self) -> None:
        self._client.close()

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Page:
        """Fetch a URL; the validators make the request conditional.

        Raises:
            NotFound: 404 or 410.
            FetchError: refused, interrupted, too large, or no answer after all attempts.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        wanted = {name: value for name, value in headers.items() if value}
        told = self._waits.again(urlsplit(url).hostname or url, ATTEMPTS)
        attempts = retrying(self._clock, attempts=ATTEMPTS, seconds=self._patience, tell=told)
        return attempts(self.once, url, wanted, _Patience(self._clock, self._patience))

    def once(self, url: str, headers: Mapping[str, str], patience: _Patience | None = None) -> Page:
        """One attempt, with what is left of the patience. Raises as ``get`` does."""
        patience = patience or _Patience(self._clock, self._patience)
        host = urlsplit(url).hostname or ""
        if host in ARXIV_HOSTS:
            with self._pace.turn(), patience.taken():
                self._pace.refuse_when_closed("fetch")
                return self._send(url, headers, self._pace.told, patience.left)
        refusals = self._refusals.setdefault(host, Refusals(self._clock, host))
        if told := refusals.closed():
            raise FetchError(told)
        with patience.taken():
            return self._send(url, headers, refusals.told, patience.left)

    def remarks(self) -> tuple[str, ...]:
        """Which hosts refused so often that nothing more was asked of them."""
        return tuple(told for refusals in self._refusals.values() if (told := refusals.closed()))

    def _send(
        self, url: str, headers: Mapping[str, str], told: Callable[[int, float | None], None], seconds: float
    ) -> Page:
        self._counter.add(requests=1)
        try:
            with (
                self._allowance.within(seconds),
                self._waits.during(urlsplit(url).hostname or url) as answered,
                self._client.stream("GET", mirrored(url, self._mirror), headers=dict(headers)) as response,
            ):
                answered()
                told(response.status_code, retry_after(response.headers, self._clock.now()))
                if error := self._error(url, response):
                    raise error
                data = None if response.status_code == 304 else b"".join(response.iter_bytes())
        except TooLarge:
            raise FetchError(f"{url}: larger than {self._limit / 1e6:g} MB (setting document_megabytes)") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            failed = FetchError(f"{url}: {_reason(error)}", transient=True)
            failed.unreached = isinstance(error, httpx2.ConnectError)
            raise failed from error
        except (httpx2.InvalidURL, httpx2.TooManyRedirects, ValueError) as error:  # a host or port that is none
            raise FetchError(f"{url}: {_reason(error)}") from error
        self._counter.add(size=len(data or b""))
        media_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
        return Page(url, data, media_type, _validator(response, "etag"), _validator(response, "last-modified"))

    def _error(self, url: str, response: httpx2.Response) -> SourceError | None:
        status = response.status_code
        if status in (200, 304):
            return None
        wait = retry_after(response.headers, self._clock.now())
        said = f"{url}: HTTP {status} {response.reason_phrase}".rstrip() + asked_to_wait(wait)
        if status in (404, 410):
            return NotFound(f"not found: {said}", step="fetch")
        error = FetchError(said, transient=status in _TRANSIENT)
        error.retry_after = wait
        return error


@cache
def _authorities() -> ssl.SSLContext:
    """Whose certificates are believed, as httpx2 knows them: read once for all clients, since that takes a while."""
    return httpx2.create_ssl_context()


def _validator(response: httpx2.Response, name: str) -> str | None:
    """A header that is sent back with the next request; None where it holds what a request may not."""
    value = response.headers.get(name)
    return value if value is not None and value.isascii() and value.isprintable() else None


def mirrored(url: str, mirror: str | None) -> str:
    """``scheme://host/path?query`` as ``MIRROR/host/path?query``, or as it is without a mirror."""
    return url if mirror is None else f"{mirror}/{url.split('://', 1)[1]}"


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
