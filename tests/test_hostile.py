"""Documents that were written to fool a model, and sources that were written to reach what they should not."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import Folder, Once, kinds, outcomes, use_model
from tests.papers.hostile import ALL, ORDER, Hostile
from tests.servers.loopback import Request, Response, Server, serving
from tests.servers.openai_server import answering, failure
from tests.servers.world import World

CANARY = "sk-canary-0123456789"


def slug(item: Hostile) -> str:
    return re.sub(r"\W+", "-", item.name)


# --- what is read ---------------------------------------------------------------------------------


class Read(NamedTuple):
    """All hostile documents in one survey, which nobody writes to; what became of each, and what the model was asked."""

    folder: Folder
    outcomes: dict[str, dict[str, Any]]
    asked: list[str]


@pytest.fixture(scope="module")
def read(once: Once) -> Read:
    env = {"SURVEY_ARXIV_PACE": "0", "SURVEY_READ_SECONDS": "20"}

    def make(place: Path) -> None:
        folder = Folder(place / "survey", dict(env))
        folder.path.mkdir()
        folder.ok("init")
        for item, ending in ALL:
            folder.write(f"papers/{slug(item)}.{ending}", item.data())
        folder.sources(*(f"./papers/{slug(item)}.{ending}" for item, ending in ALL))
        with serving(answering(lambda _: {"value": None, "evidence": [1]})) as server:
            use_model(folder, server)
            found = outcomes(folder.run("refresh", "--json"))
            asked = [json.loads(request.body)["messages"][0]["content"] for request in server.requests]
        (place / "read.json").write_text(json.dumps([found, asked]))

    place = once("hostile documents", make)
    return Read(Folder(place / "survey", env), *json.loads((place / "read.json").read_text()))


def test_there_are_enough() -> None:
    """The made documents are not lost on the way to the tests: there are as many as the promise speaks of."""
    assert len(ALL) >= 30


@pytest.mark.parametrize(("item", "ending"), ALL, ids=[item.name for item, _ in ALL])
def test_what_must_and_must_not_come_out(read: Read, item: Hostile, ending: str) -> None:
    """Visible words are sentences; hidden ones are no sentence and no evidence, reach no model, and are reported."""
    key = f"file-papers-{slug(item)}.{ending}"
    outcome = read.outcomes[key]
    if item.fails:
        assert outcome["kind"] in ("failed", "needs_ocr")
        assert outcome["error"] in item.fails, outcome["message"]
        return
    assert outcome["kind"] == "new", outcome["message"]
    rows = read.folder.rows(f"SELECT text FROM sentences JOIN sources USING (document) WHERE sources.key = '{key}'")
    text = " ".join(row["text"] for row in rows)
    assert not [words for words in item.reads if words not in text], text
    assert not [words for words in item.never if words in text], text
    warnings = " ".join(outcome["warnings"])
    assert (item.warns or "") in warnings
    assert item.warns or "hidden" not in warnings


def test_no_hidden_word_reaches_a_model(read: Read) -> None:
    """The order is in the one request about the paper that says it aloud, inside the fence, and in no other."""
    assert len(read.asked) > 8  # those that read the same share their question
    with_order = [text for text in read.asked if "Ignore all previous" in text]
    assert len(with_order) == 1
    before, behind = with_order[0].split(ORDER)
    assert ("\nBEGIN DOCUMENT " in before, "\nEND DOCUMENT " in behind) == (True, True), with_order[0]


# --- what may be fetched --------------------------------------------------------------------------


@pytest.fixture
def secret() -> Iterator[Server]:
    """A server resolves to a private address, which nobody may be led to."""
    with serving(lambda _: Response(200, b"# Secret\n\n" + b"The key to everything is written here. " * 20)) as server:
        yield server


INSIDE = [
    "http://127.0.0.1:{port}/x.md",
    "http://localhost:{port}/x.md",
    "http://[::1]:{port}/x.md",
    "http://2130706433:{port}/x.md",
    "http://0x7f.1:{port}/x.md",
    "http://[::ffff:127.0.0.1]:{port}/x.md",
    "http://0.0.0.0:{port}/x.md",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.7/x.md",
    "http://192.168.1.1/x.md",
    "http://[fe80::1]/x.md",
    "http://[fd00:ec2::254]/x.md",
    "http://100.100.100.200/x.md",
    "http://[64:ff9b::7f00:1]/x.md",
    "http://[2002:7f00:1::]/x.md",
]


def test_addresses_inside_are_refused(survey: Folder, secret: Server) -> None:
    """Loopback, private, link-local, metadata, in every spelling: named as such, and nothing is asked of them."""
    port = secret.server_address[1]
    survey.sources(*(f"{url.format(port=port)},{number}" for number, url in enumerate(INSIDE)))
    ran = survey.run("refresh", "--json")
    assert ran.code == 1
    for outcome in outcomes(ran).values():
        assert outcome["kind"] == "failed"
        assert "resolves to a private address" in str(outcome["message"]), outcome["message"]
    assert secret.requests == []


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/x.md", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://example.org/x"],
)
def test_a_redirect_leads_nowhere_else(survey: Folder, secret: Server, target: str) -> None:
    """The mirror may be asked, but not who it points to."""
    place = target.format(port=secret.server_address[1])
    with serving(lambda _: Response(302, b"", {"Location": place})) as mirror:
        survey.sources("https://example.org/x.md,X")
        ran = survey.run("refresh", "--json", SURVEY_MIRROR=mirror.url)
    message = str(outcomes(ran)["web-example.org-x.md"]["message"])
    assert (
        "resolves to a private address" in message or "only http(s)" in message or "UnsupportedProtocol" in message
    ), message
    assert secret.requests == []


def test_every_address_of_a_name_must_be_public(
    survey: Folder, secret: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One private address among public ones, and the name is refused."""
    port = secret.server_address[1]

    def resolve(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in ("93.184.215.14", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    survey.sources(f"http://two-faced.example:{port}/x.md,X")
    ran = survey.run("refresh", "--json")
    (outcome,) = outcomes(ran).values()
    assert "two-faced.example resolves to a private address (127.0.0.1)" in str(outcome["message"])
    assert secret.requests == []


@pytest.mark.parametrize(
    "path", ["./.git/notes.md", "./papers/.secrets.txt", "./warehouse/notes.md", "./papers/link.md"]
)
def test_files_stay_inside_and_in_the_open(survey: Folder, tmp_path: Path, path: str) -> None:
    """Hidden files, the warehouse and links that lead out are no sources."""
    outside = tmp_path / "outside.md"
    outside.write_text(f"# Secret\n\n{'The key is written here for nobody to see. ' * 20}")
    place = survey.path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.endswith("link.md"):
        place.symlink_to(outside)
    else:
        place.write_text(outside.read_text())
    survey.sources(f"{path},X")
    ran = survey.run("refresh", "--json")
    assert ran.code == 1
    assert "The key is written here" not in json.dumps(survey.rows("SELECT text FROM sentences"))


def test_a_page_that_unpacks_to_200_mb_is_cut(survey: Folder, world: World) -> None:
    """A small gzip body that grows beyond the limit is refused as too large."""
    import gzip

    packed = gzip.compress(b"<p>" + b"words " * 35_000_000, 9)
    world.pages["/example.org/big.html"] = lambda _: Response(
        200, packed, {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    )
    survey.sources("https://example.org/big.html,Big", "2401.00001,Harbor")
    ran = survey.run("refresh", "--json")
    assert kinds(ran) == {"web-example.org-big.html": "failed", "arxiv-2401.00001": "new"}
    assert "larger than 100 MB" in ran.err


# --- the key --------------------------------------------------------------------------------------


def test_the_key_is_nowhere(survey: Folder, world: World) -> None:
    """A whole failing run against an endpoint that repeats the key in every reply and error: no byte on disk or screen has it."""
    said: list[Response] = []

    def tells(request: Request) -> Response:
        key = request.headers["authorization"].removeprefix("Bearer ")
        assert key == CANARY
        answers = [
            failure(500, f"no luck with {key}"),
            failure(400, f"bad {key}"),
            Response(200, b'{"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "your key is ' + key.encode() + b'"}}], "id": "", "model": "", "created": 1, "object": "chat.completion"}', {"Content-Type": "application/json"}),
            Response(200, f"<html>{key}</html>".encode()),
            failure(401, f"Incorrect API key provided: {key}"),
        ]  # fmt: skip
        said.append(answers[min(len(said), len(answers) - 1)])
        return said[-1]

    with serving(tells) as server:
        use_model(survey, server)
        survey.env["SURVEY_CONCURRENCY"] = "1"
        runs = [
            survey.run("refresh", "--json"),
            survey.run("refresh"),
            survey.run("status"),
            survey.run("refresh", "--dry-run"),
        ]
    assert len(said) >= 5
    shown = "".join(run.out + run.err for run in runs)
    assert CANARY not in shown
    survey.ok("render", "--force")
    for path in survey.path.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
    assert CANARY not in json.dumps(
        [survey.rows(f"SELECT * FROM {table}") for table in ("runs", "outcomes", "replies")]
    )
    assert os.environ.get("OPENAI_API_KEY") is None
