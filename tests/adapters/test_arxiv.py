"""arXiv's API in all its moods: every id gets its answer or its own error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from urllib.parse import parse_qs, urlsplit

import pytest

from survey_extract.adapters.arxiv.api import FEED_BYTES, ArxivLocator
from survey_extract.adapters.http.client import Counter, Http, Pace
from survey_extract.core.inputs.identifiers import parse_identity
from survey_extract.core.records import Location, Source
from survey_extract.errors import FetchError, NotFound, SourceError
from tests.conftest import FakeClock
from tests.servers.loopback import Request, Response, serving
from tests.servers.replica import atom


def source(text: str) -> Source:
    identity = parse_identity(text)
    return Source(identity.key, identity.kind, identity.location, identity.version, None, 1)


def entry(id_: str, version: int = 1, /, **more: str) -> dict[str, object]:
    return {
        "arxiv_id": id_,
        "version": version,
        "title": f" A  paper\n {id_} ",
        "published": "2024-01-01",
        "updated": "2024-02-01",
        "authors": ["A. B"],
        **more,
    }


def asked(request: Request) -> list[str]:
    return parse_qs(urlsplit(request.path).query)["id_list"][0].split(",")


def feed(*entries: dict[str, object]) -> Response:
    return Response(200, atom(list(entries)).encode(), {"Content-Type": "application/atom+xml"})


Locate = tuple[dict[str, Location | SourceError], list[Request], FakeClock]


def locate(answer: Callable[[Request], Response], ids: Sequence[str], pace: float = 0.0) -> Locate:
    clock = FakeClock()
    with serving(answer) as server:
        http = Http(
            clock=clock, pace=Pace(clock, pace), counter=Counter(), mirror=server.url, contact="c", limit=FEED_BYTES
        )
        with closing(http):
            found = ArxivLocator(http, clock).locate([source(id_) for id_ in ids])
        return found, server.requests, clock


def known(*ids: str, version: int = 2) -> Callable[[Request], Response]:
    """A service that knows these ids, each in one latest version."""
    return lambda r: feed(
        *[
            entry(a.split("v")[0], version if "v" not in a else int(a.split("v")[1]))
            for a in asked(r)
            if a.split("v")[0] in ids
        ]
    )


def test_a_batch_is_one_question_and_versions_are_kept() -> None:
    """Latest and pinned versions come with link, URL and metadata, old identifiers too."""
    found, requests, _ = locate(known("2401.00001", "hep-th/9901001"), ["2401.00001", "hep-th/9901001v1"])
    assert len(requests) == 1
    first, second = found["arxiv-2401.00001"], found["arxiv-hep-th-9901001"]
    assert isinstance(first, Location)
    assert isinstance(second, Location)
    assert (first.url, first.link, first.version) == (
        "https://arxiv.org/pdf/2401.00001v2",
        "https://arxiv.org/abs/2401.00001",
        "v2",
    )
    assert (second.url, second.link) == (
        "https://arxiv.org/pdf/hep-th/9901001v1",
        "https://arxiv.org/abs/hep-th/9901001v1",
    )
    assert first.metadata.title == "A paper 2401.00001"
    assert (first.metadata.authors, first.metadata.updated) == (("A. B",), "2024-02-01")


def test_a_hundred_and_twenty_papers_are_three_questions() -> None:
    """Batches of 50, none of them cut to a page."""
    ids = [f"2401.{n:05}" for n in range(120)]
    found, requests, clock = locate(known(*ids), ids, pace=3.0)
    assert all(isinstance(location, Location) for location in found.values())
    assert len(found) == 120
    assert len(requests) == 3
    assert clock.slept == [3.0, 3.0]


def test_an_unknown_id_is_named_and_harms_no_other() -> None:
    """An id that the feed leaves out is asked for alone, then not found."""
    found, requests, _ = locate(known("2401.00001", "2401.00003"), ["2401.00001", "2401.00002", "2401.00003"])
    assert isinstance(found["arxiv-2401.00002"], NotFound)
    assert "2401.00002" in str(found["arxiv-2401.00002"])
    assert isinstance(found["arxiv-2401.00003"], Location)
    assert [asked(r) for r in requests][1:] == [["2401.00002"]]


def test_a_bad_id_that_spoils_its_batch_is_isolated() -> None:
    """HTTP 400 for the whole batch: each id is asked for alone."""
    service = known("2401.00001")
    found, _, _ = locate(
        lambda r: Response(400) if "2401.00002" in asked(r) else service(r), ["2401.00001", "2401.00002"]
    )
    assert isinstance(found["arxiv-2401.00001"], Location)
    assert isinstance(found["arxiv-2401.00002"], FetchError)


@pytest.mark.parametrize(
    "bad",
    [
        Response(503, b"", {"Retry-After": "5"}),
        Response(429, b""),
        Response(200, b"Rate exceeded.", {"Content-Type": "text/plain"}),
        Response(200, b"<html>maintenance</html>", {"Content-Type": "text/html"}),
        feed(),
        Response(200, atom([entry("2401.00001")]).encode()[:300]),
        Response(200, atom([entry("2401.00001")]).encode(), cut=200),
    ],
    ids=["503", "429", "rate exceeded", "maintenance", "empty feed", "cut XML", "cut body"],
)
def test_a_passing_fault_is_waited_out(bad: Response) -> None:
    """Whatever the service says once, the second answer counts."""
    first = [bad]
    service = known("2401.00001", "2401.00002")
    found, _, clock = locate(lambda r: first.pop() if first else service(r), ["2401.00001", "2401.00002"])
    assert all(isinstance(location, Location) for location in found.values()), found
    if "Retry-After" in bad.headers:
        assert 5 <= clock.slept[0] <= 5.3


@pytest.mark.parametrize(
    "bad", [Response(503), Response(200, b"Rate exceeded."), feed()], ids=["503", "rate exceeded", "empty feed"]
)
def test_a_lasting_fault_is_an_error_of_each_and_not_an_empty_result(bad: Response) -> None:
    """An outage never looks like "no such paper"."""
    found, requests, _ = locate(lambda _: bad, ["2401.00001", "2401.00002"])
    assert all(isinstance(error, FetchError) and error.transient for error in found.values())
    assert len(requests) == 4


@pytest.mark.parametrize(
    ("more", "notice"),
    [
        ({"comment": "This paper has been withdrawn by the author due to an error"}, True),
        ({"summary": "This paper has been withdrawn."}, True),
        ({"comment": "12 pages, 3 figures"}, False),
        ({"summary": "We study why papers get withdrawn from conferences."}, False),
    ],
)
def test_a_withdrawn_paper_is_seen(more: dict[str, str], notice: bool) -> None:
    """arXiv's own word counts; a paper about withdrawals is not withdrawn."""
    found, _, _ = locate(lambda _: feed(entry("2401.00001", **more)), ["2401.00001"])
    location = found["arxiv-2401.00001"]
    assert isinstance(location, Location)
    assert (location.notice is not None) is notice
