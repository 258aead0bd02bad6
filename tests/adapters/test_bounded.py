"""Every answer ends, in time and in size, whichever way it is drawn out: real sockets, real gzip, a real clock."""

from __future__ import annotations

import gzip
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import httpx2
import pytest

from survey_extract.adapters.arxiv.api import FEED_BYTES, ArxivLocator
from survey_extract.adapters.clock import SystemClock
from survey_extract.adapters.http.bounded import Allowance, TooLarge
from survey_extract.adapters.http.client import Counter, Http, Pace
from survey_extract.errors import FetchError
from tests.adapters.test_arxiv import source
from tests.servers.drip import dripping
from tests.servers.loopback import Request, Response, endless_gzip, serving

DRIPS = {
    "status line": (b"", b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"a" * 500),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"a" * 500),
    "body": (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"<" * 500),
    "body in chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100),
    "chunk's size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0" * 500),
    "an error's body": (b"HTTP/1.1 500 No\r\nContent-Length: 60000\r\n\r\n", b"<" * 500),
    "nothing": (b"", b""),
}


@pytest.mark.parametrize(("at_once", "then"), DRIPS.values(), ids=DRIPS)
def test_a_page_that_drips_ends_in_time(at_once: bytes, then: bytes) -> None:
    """A byte ten times a second, anywhere in an answer: over after the page's time, all attempts together, and named."""
    with dripping(at_once, then, 0.1) as (url, asked):
        client = Http(
            clock=SystemClock(), pace=Pace(SystemClock(), 0), counter=Counter(), mirror=url, contact=None, limit=100_000, patience=1.0
        )  # fmt: skip
        began = time.monotonic()
        with closing(client), pytest.raises(FetchError, match=r"example\.org/x"):
            client.get("https://example.org/x")
    assert time.monotonic() - began < 3
    assert asked


def test_a_redirect_does_not_start_the_time_anew() -> None:
    """Eight hops that each take most of the time are not eight times as long."""

    def slow(_: Request) -> Response:
        time.sleep(0.4)
        return Response(302, b"", {"Location": "/on"})

    with serving(slow) as server:
        client = Http(
            clock=SystemClock(), pace=Pace(SystemClock(), 0), counter=Counter(), mirror=server.url, contact=None, limit=1000, patience=1.0
        )  # fmt: skip
        began = time.monotonic()
        with closing(client), pytest.raises(FetchError):
            client.get("https://example.org/x")
    assert time.monotonic() - began < 2


@contextmanager
def bound(size: int) -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=10) as client:
        Allowance(SystemClock(), 20.0, size).bind(client)
        yield client


BOMBS = {
    "plain": (b"x" * 8_000_000, {}),
    "gzip": (endless_gzip(300), {"Content-Encoding": "gzip"}),
    "gzip in gzip": (gzip.compress(endless_gzip(900), 9), {"Content-Encoding": "gzip, gzip"}),
    "blocks of nothing": (b"\x00\x00\x00\xff\xff" * 1_600_000, {"Content-Encoding": "deflate"}),
}


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(("body", "headers"), BOMBS.values(), ids=BOMBS)
def test_what_unpacks_beyond_the_limit_is_left(body: bytes, headers: dict[str, str], status: int) -> None:
    """Packed or not, a success or an error: ended at the limit, within a few megabytes of memory."""
    with serving(lambda _: Response(status, body, headers)) as server, bound(1_000_000) as client:
        tracemalloc.start()
        try:
            if status == 200:
                with pytest.raises(TooLarge, match="larger than 1 MB"):
                    client.get(server.url)
            else:
                with suppress(TooLarge):
                    assert len(client.get(server.url).content) <= 1_000_000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 10_000_000


def test_an_allowance_changes_nothing_within_it() -> None:
    """Status, headers and bytes arrive as they were sent, packed or not, once the client is bound."""
    packed = gzip.compress(b"hello" * 1000)
    with (
        serving(lambda _: Response(200, packed, {"Content-Encoding": "gzip", "ETag": '"1"'})) as server,
        bound(10_000) as client,
    ):
        for _ in range(2):
            response = client.get(server.url)
            assert (response.status_code, response.content, response.headers["etag"]) == (200, b"hello" * 1000, '"1"')


def test_arxivs_api_leads_nowhere_else() -> None:
    """A redirect of the API into our own network is refused, and nothing is asked there."""
    with serving(lambda _: Response(200, b"<feed/>")) as inside:
        place = inside.url.replace("127.0.0.1", "localhost") + "/x"
        with serving(lambda _: Response(302, b"", {"Location": place})) as api:
            clock = SystemClock()
            http = Http(
                clock=clock, pace=Pace(clock, 0), counter=Counter(), mirror=api.url, contact=None, limit=FEED_BYTES
            )
            with closing(http):
                found = ArxivLocator(http, clock).locate([source("2401.00001")])
    error = found["arxiv-2401.00001"]
    assert isinstance(error, FetchError)
    assert "resolves to a private address" in str(error)
    assert inside.requests == []
