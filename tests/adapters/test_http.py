"""Downloads over real loopback HTTP: paced, retried, capped, conditional, and every failure named."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from survey_extract.adapters.fetch import HEAD_BYTES, DocumentFetcher, Ends, sniff
from survey_extract.adapters.http.client import Counter, Http, Pace
from survey_extract.adapters.locate import page_location, raw_url
from survey_extract.core.inputs.identifiers import parse_identity
from survey_extract.core.records import Source
from survey_extract.errors import FetchError, NotFound, SourceError
from tests.conftest import FakeClock
from tests.papers.make import HARBOR, pdf
from tests.servers.drip import dripping
from tests.servers.loopback import Answer, Request, Response, Server, serving


@contextmanager
def http(
    answer: Answer, clock: FakeClock, *, pace: float = 0.0, limit: int = 10_000_000
) -> Iterator[tuple[Http, Server, Counter]]:
    with serving(answer) as server:
        counter = Counter()
        client = Http(
            clock=clock,
            pace=Pace(clock, pace),
            counter=counter,
            mirror=server.url,
            contact="ada@example.org",
            limit=limit,
        )
        try:
            yield client, server, counter
        finally:
            client.close()


def test_a_page_comes_with_its_validators(clock: FakeClock) -> None:
    """Bytes, type and validators arrive; the request says who asks."""
    reply = Response(
        200,
        b"hello",
        {"ETag": '"1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT", "Content-Type": "Text/HTML; charset=utf-8"},
    )
    with http(lambda _: reply, clock) as (client, server, counter):
        page = client.get("https://example.org/a?b=1")
    assert (page.data, page.media_type, page.etag, page.last_modified) == (
        b"hello",
        "text/html",
        '"1"',
        "Mon, 01 Jan 2024 00:00:00 GMT",
    )
    assert server.requests[0].path == "/example.org/a?b=1"
    assert "ada@example.org" in server.requests[0].headers["user-agent"]
    assert (counter.requests, counter.bytes) == (1, 5)


def test_unchanged_pages_cost_no_download(clock: FakeClock) -> None:
    """Validators are sent, and 304 is "not modified"."""
    with http(lambda r: Response(304 if r.headers.get("if-none-match") == '"1"' else 200, b"x"), clock) as (
        client,
        server,
        _,
    ):
        assert client.get("https://example.org/", etag='"1"', last_modified="then").data is None
    assert server.requests[0].headers["if-modified-since"] == "then"


@pytest.mark.parametrize(
    ("replies", "error", "calls"),
    [
        ([Response(404)], NotFound, 1),
        ([Response(410)], NotFound, 1),
        ([Response(403)], FetchError, 1),
        ([Response(500), Response(200, b"x")], None, 2),
        ([Response(503, b"", {"Retry-After": "4"}), Response(200, b"x")], None, 2),
        ([Response(429, b"", {"Retry-After": "500"})], FetchError, 1),
        ([Response(502)] * 9, FetchError, 4),
        ([Response(200, b"x" * 100, cut=10), Response(200, b"x")], None, 2),
        ([Response(200, b"not gzip", {"Content-Encoding": "gzip"})] * 9, FetchError, 4),
        ([Response(200, b"x" * 2_000)], FetchError, 1),
        ([Response(200, gzip.compress(b"x" * 1_000_000), {"Content-Encoding": "gzip"})], FetchError, 1),
        ([Response(302, b"", {"Location": "/loop"})] * 99, FetchError, 1),
    ],
    ids=[
        "404",
        "410",
        "403",
        "500",
        "503 with Retry-After",
        "429 for long",
        "502 for ever",
        "cut",
        "bad gzip",
        "too large",
        "bomb",
        "redirects",
    ],
)
def test_failures_are_named_and_retried_only_where_it_may_help(
    clock: FakeClock, replies: list[Response], error: type[Exception] | None, calls: int
) -> None:
    """Each failure ends as itself after the allowed number of calls."""
    rest = list(replies)
    with http(lambda _: rest.pop(0), clock, limit=1_000) as (client, _server, counter):
        if error is None:
            assert client.get("https://example.org/x").data == b"x"
        else:
            with pytest.raises(error, match=r"https://example\.org/x"):
                client.get("https://example.org/x")
    assert counter.requests == calls
    if "Retry-After" in replies[0].headers and error is None:
        assert 4 <= clock.slept[0] <= 4.3


def test_a_page_that_moved_is_followed(clock: FakeClock) -> None:
    """A redirect leads to the bytes, relative or absolute."""

    def answer(request: Request) -> Response:
        if request.path == "/example.org/old":
            return Response(301, b"", {"Location": "/example.org/new"})
        return Response(200, request.path.encode())

    with http(answer, clock) as (client, _, _):
        assert client.get("https://example.org/old").data == b"/example.org/new"


def test_nobody_there_is_an_error_that_may_pass(clock: FakeClock) -> None:
    """A refused connection is retried and then named as transient."""
    with serving(lambda _: Response()) as server:
        gone = server.url
    client = Http(clock=clock, pace=Pace(clock, 0), counter=Counter(), mirror=gone, contact=None, limit=10)
    with pytest.raises(FetchError) as error:
        client.get("https://example.org/")
    client.close()
    assert error.value.transient
    assert len(clock.slept) == 3


def test_arxiv_is_asked_once_in_three_seconds_and_others_at_once(clock: FakeClock) -> None:
    """The pace holds for all of arXiv's hosts together, mirrored or not, and for nobody else."""
    with http(lambda _: Response(200, b"x"), clock, pace=3.0) as (client, _, _):
        for url in ("https://arxiv.org/pdf/1", "https://export.arxiv.org/api", "https://www.arxiv.org/abs/1"):
            client.get(url)
        assert clock.slept == [3.0, 3.0]
        client.get("https://example.org/a")
        client.get("https://example.org/b")
    assert clock.slept == [3.0, 3.0]


def test_a_request_that_reached_nobody_takes_no_turn(clock: FakeClock) -> None:
    """The pace spares arXiv; without a network, a person waits for the pauses between the attempts alone."""
    with serving(lambda _: Response()) as server:
        gone = server.url
    client = Http(clock=clock, pace=Pace(clock, 60.0), counter=Counter(), mirror=gone, contact=None, limit=10)
    with closing(client), pytest.raises(FetchError):
        client.get("https://arxiv.org/pdf/1")
    assert len(clock.slept) == 3
    assert max(clock.slept) <= 2.0


@pytest.mark.parametrize(
    ("page", "raw"),
    [
        ("https://huggingface.co/org/model", "https://huggingface.co/org/model/raw/main/README.md"),
        ("https://huggingface.co/datasets/org/data/", "https://huggingface.co/datasets/org/data/raw/main/README.md"),
        ("https://huggingface.co/papers/2304.08485", "https://huggingface.co/papers/2304.08485"),
        (
            "https://huggingface.co/org/model/blob/main/config.json",
            "https://huggingface.co/org/model/blob/main/config.json",
        ),
        ("https://github.com/org/repo", "https://raw.githubusercontent.com/org/repo/HEAD/README.md"),
        ("https://github.com/org/repo.git/", "https://raw.githubusercontent.com/org/repo/HEAD/README.md"),
        (
            "https://github.com/org/repo/tree/main/SUB/dir",
            "https://raw.githubusercontent.com/org/repo/main/SUB/dir/README.md",
        ),
        ("https://github.com/org/repo/issues/1", "https://github.com/org/repo/issues/1"),
        ("https://example.org/org/repo", "https://example.org/org/repo"),
    ],
)
def test_repository_pages_are_fetched_as_their_raw_readme(page: str, raw: str) -> None:
    """The Markdown that the page shows, not the page around it."""
    assert raw_url(page) == raw


PDF = pdf(HARBOR)


@pytest.mark.parametrize(
    ("data", "url", "declared", "media_type"),
    [
        (PDF, "https://x.org/a", "text/html", "application/pdf"),
        (b"<!DOCTYPE html><html></html>", "https://x.org/a.md", "", "text/html"),
        (b"\xef\xbb\xbf <!-- c --> <HTML>", "x", "", "text/html"),
        (b"plain words", "https://x.org/a", "text/html", "text/html"),
        (b"# Markdown", "https://x.org/README.md", "text/plain", "text/markdown"),
        (b"words", "ours.txt", "", "text/markdown"),
    ],
)
def test_the_bytes_tell_the_type(data: bytes, url: str, declared: str, media_type: str) -> None:
    """A server's word counts only where the bytes say nothing."""
    assert sniff(Ends.of(data), url, declared) == media_type


@pytest.mark.parametrize(
    ("data", "url", "says"),
    [
        (b"  ", "x", "empty"),
        (PDF[:-3000], "x", "cut off"),
        (b"<html>please log in</html>", "https://x.org/a.pdf", "a web page arrived instead of a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "https://x.org/a", "neither PDF nor text"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, url: str, says: str) -> None:
    """Empty, cut, or of a kind that is not read."""
    with pytest.raises(FetchError, match=says):
        sniff(Ends.of(data), url, "")


@pytest.mark.parametrize(
    "begin", [b"<!---->", b"<!--", b"<!-- ", b"<", b" ", b"\n<!-->", b"<html", b"<!doctype ", b"<body<"]
)
def test_a_few_bytes_tell_the_type(begin: bytes) -> None:
    """No more than the ends of a document are looked at, however long it is: what lies between them changes nothing."""
    hostile = begin * HEAD_BYTES
    told = {sniff(Ends.of(hostile + b"<html>" * more + b"."), "https://x.org/a", "") for more in range(0, 4000, 400)}
    assert len(told) == 1
    assert len(Ends.of(hostile).head) == HEAD_BYTES


def source(text: str) -> Source:
    identity = parse_identity(text)
    return Source(identity.key, identity.kind, identity.location, identity.version, None, 1)


def test_local_files_stay_inside_the_survey(tmp_path: Path, clock: FakeClock) -> None:
    """A file is read in place; one that is missing, or leads outside by a link, is refused."""
    (tmp_path / "secret.md").write_text("secret")
    project = tmp_path / "survey"
    project.mkdir()
    (project / "ours.pdf").write_bytes(PDF)
    (project / "leads-out.md").symlink_to(tmp_path / "secret.md")
    with http(lambda _: Response(500), clock) as (client, server, _):
        fetcher = DocumentFetcher(http=lambda: client, clock=clock, project=project, limit=1_000_000)

        def fetch(text: str, previous: object = None) -> object:
            return fetcher.fetch(source(text), page_location(source(text)), previous)  # type: ignore[arg-type]

        fetched = fetcher.fetch(source("./ours.pdf"), page_location(source("./ours.pdf")), None)
        assert (fetched.data, fetched.document.media_type) == (PDF, "application/pdf")
        assert fetcher.fetch(source("./ours.pdf"), page_location(source("./ours.pdf")), fetched.document).data is None
        with pytest.raises(NotFound):
            fetch("./other.pdf")
        with pytest.raises(FetchError, match="leads out"):
            fetch("./leads-out.md")
    assert not server.requests


def test_a_web_page_for_a_paper_is_no_paper(clock: FakeClock, tmp_path: Path) -> None:
    """arXiv sometimes answers a PDF's address with a page: that is a failure, not a document."""
    from survey_extract.core.records import Location

    def answer(_: Request) -> Response:
        return Response(200, b"<html>come back later</html>", {"Content-Type": "text/html"})

    with http(answer, clock) as (client, _, _):
        fetcher = DocumentFetcher(http=lambda: client, clock=clock, project=tmp_path, limit=1_000_000)
        with pytest.raises(FetchError, match="instead of a PDF"):
            fetcher.fetch(
                source("2304.08485"),
                Location("https://arxiv.org/pdf/2304.08485v2", "https://arxiv.org/abs/2304.08485"),
                None,
            )


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
STRANGE_HEADS = {
    "a name in Latin-1": HEAD + b"Server: caf\xe9\r\n\r\nhello",
    "a validator in Latin-1": HEAD + b'ETag: "caf\xe9"\r\nLast-Modified: \xff\xfe\r\n\r\nhello',
    "a validator in UTF-8": HEAD + b'ETag: "caf\xc3\xa9"\r\n\r\nhello',
    "a validator with a control": HEAD + b'ETag: "a\x01b"\r\n\r\nhello',
    "a type that is none": HEAD + b"Content-Type: text/\xff; charset=\xff\r\n\r\nhello",
    "a wait that is none": HEAD + b"Retry-After: \xff\r\n\r\nhello",
    "a cookie": HEAD + b"Set-Cookie: \xff=\xff; domain=\xff; max-age=1e400\r\n\r\nhello",
    "a packing that is none": HEAD + b"Content-Encoding: \xff\r\n\r\nhello",
    "a reason": b"HTTP/1.1 404 caf\xe9\x1b[31m\r\nContent-Length: 0\r\n\r\n",
    "a status": b"HTTP/1.1 999 \xff\r\nContent-Length: 0\r\n\r\n",
    "no HTTP": bytes(range(256)),
} | {
    f"to {place!r}": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n"
    for place in (
        b"caf\xe9", b"\xff\xfe", b"http://\xe2\x84\x80.com/", b"http://xn--" + b"a" * 300 + b".com/", b"http://a:99999999/", b"http://a:-1/",
        b"http://a:x/", b"http://[::1", b"http://", b"//", b"http://..../", b"http://\xe3\x80\x82/", b"http://[fe80::1%25lo]/", b"data:text/plain,x",
        b"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1/", b"http:127.0.0.1", b"\\\\127.0.0.1\\",
    )
}  # fmt: skip


@pytest.mark.parametrize("head", STRANGE_HEADS.values(), ids=STRANGE_HEADS)
def test_whatever_a_server_writes_into_its_head_is_a_page_or_a_named_error(clock: FakeClock, head: bytes) -> None:
    """No byte in a header or in the target of a redirect raises anything else, and validators can be sent back."""
    with dripping(head, b"", 0) as (url, _):
        client = Http(clock=clock, pace=Pace(clock, 0), counter=Counter(), mirror=url, contact=None, limit=1_000)
        with closing(client), suppress(SourceError):
            page = client.get("https://example.org/x")
            assert page.data == b"hello"
            again = client.get("https://example.org/x", etag=page.etag, last_modified=page.last_modified)
            assert again.data == page.data


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, clock: FakeClock) -> None:
    """A name that no file can have, a circle of links, a pipe, a folder: the source's own error, no defect of ours."""
    (tmp_path / "circle.md").symlink_to("circle.md")
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    fetcher = DocumentFetcher(http=_never, clock=clock, project=tmp_path, limit=1_000)
    for place in ("./" + "a" * 5_000 + ".md", "./circle.md", "./pipe.md", "./folder.md", "./circle.md/x.md"):
        with pytest.raises(SourceError, match="file"):
            fetcher.fetch(source(place), page_location(source(place)), None)


def _never() -> Http:
    raise AssertionError("a file was looked for on the web")
