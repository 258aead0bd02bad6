"""What comes in place of a reply: named, asked for again only where that may help, and for no source of the run once it is clear.

The numbers are those of docs/reliability.md: requests of a night over twelve
sources, when each of them is answered so.
"""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import pytest

from survey_extract.errors import AskError, EngineClosed, Refused, TooLong, Unanswered
from tests.adapters.test_openai_engine import FIELDS, OK, Asker, asker, paper
from tests.servers.drip import dripping
from tests.servers.loopback import Request, Response
from tests.servers.openai_server import JSON, failure

SOURCES = 12
HTML = {"Content-Type": "text/html; charset=utf-8"}
PAGE = b"<!DOCTYPE html><html><head><title>Sign in to Caf\xc3\xa9-WiFi</title><style>a{}</style></head><body>\x1b[2J::error::</body></html>"


def said(body: Any, status: int = 200) -> Response:
    """JSON under a status."""
    return Response(status, json.dumps(body).encode(), JSON)


ALIKE: dict[str, tuple[Response, int, str]] = {
    "an HTML page": (Response(200, PAGE, HTML), 5, "an HTML page instead of a completion: 'Sign in to Café-WiFi"),
    "a page of no type": (Response(200, PAGE), 5, "OPENAI_BASE_URL"),
    "a page whose type lies": (Response(200, PAGE, JSON), 5, "an HTML page"),
    "plain text": (Response(200, b"It works!", {"Content-Type": "text/plain"}), 5, "a text (text/plain) instead of a completion: 'It works!'"),
    "nothing": (Response(200, b"", JSON), 5, "an empty body"),
    "no content": (Response(204, b"", {}), 5, "an empty body"),
    "other JSON": (said({"status": "ok", "version": "1.2"}), 5, "JSON that is no completion"),
    "a list": (said([]), 5, "JSON that is no completion"),
    "not found, as a success": (said({"detail": "Not Found"}), 5, "Not Found"),
    "an error without a number": (said({"error": "something"}), 5, "something"),
    "a refused key, as a success": (said({"error": {"message": "No auth credentials found", "code": 401}}), 1, "OPENAI_API_KEY"),
    "no credit, as a success": (said({"error": {"message": "Insufficient credits", "code": 402}}), 1, "wants to be paid first"),
    "no credit, in words": (said({"error": {"message": "no", "code": "insufficient_balance"}}), 1, "wants to be paid first"),
    "no such model, as a success": (said({"object": "error", "message": "The model does not exist", "type": "NotFoundError", "code": 404}), 1, "setting model"),
    "another address, as a success": (said({"code": 404, "msg": "no route"}), 1, "no route"),
    "401": (failure(401, "bad key"), 1, "refused the key"),
    "402": (failure(402, "Payment Required"), 1, "wants to be paid first"),
    "403": (failure(403, "not allowed"), 1, "refused the key"),
    "403 by a wall": (Response(403, PAGE, HTML), 3, "Sign in to"),
    "404": (failure(404, "no such model"), 1, "setting model"),
    "404, a page": (Response(404, PAGE, HTML), 1, "Sign in to"),
    "405": (failure(405, "Method Not Allowed"), 1, "OPENAI_BASE_URL"),
    "407": (failure(407, "sign in"), 1, "sign-in"),
    "410": (failure(410, "this model was retired"), 1, "setting model"),
    "501": (failure(501, "not implemented"), 1, "OPENAI_BASE_URL"),
    "511": (failure(511, "sign in"), 1, "sign-in"),
    "301": (Response(301, b"", {"Location": "https://other.example/v1"}), 1, "OPENAI_BASE_URL"),
    "302 to nowhere": (Response(302, b"", {}), 1, "OPENAI_BASE_URL"),
    "304": (Response(304, b"", {}), 1, "OPENAI_BASE_URL"),
    "400, the same each time": (failure(400, "Model Not Exist (request 12ab)"), 3, "one question after the other"),
    "422, the same each time": (failure(422, "response_format is not known"), 3, "response_format"),
    "quota": (failure(429, "You exceeded your quota", code="insufficient_quota"), 1, "quota"),
}  # fmt: skip
"""What every question gets, how many requests twelve sources make of it, and what is said."""

WORTH: dict[str, tuple[Response, int]] = {
    "429": (failure(429, "slow down", Retry_After="0"), 10),
    "429, as a success": (said({"error": {"message": "rate-limited upstream", "code": 429}}), 10),
    "500": (failure(500, "oops"), 48),
    "502, a page": (Response(502, PAGE, HTML), 48),
    "503": (failure(503, "loading the model"), 48),
    "502, as a success": (said({"error": {"message": "Provider returned error", "code": 502}}), 48),
    "502, in a choice": (said({"choices": [{"error": {"message": "x", "code": 502}, "finish_reason": "error", "message": {"content": ""}}], "usage": {}}), 48),
    "overloaded, in words": (said({"error": {"message": "x", "type": "overloaded_error"}}), 48),
    "408": (failure(408, "late"), 48),
    "a cut connection": (Response(200, OK.body, JSON, cut=60), 48),
    "a stream that an error ends": (Response(200, b'data: {"choices": [{"delta": {"content": "{"}}]}\n\ndata: {"error": {"code": 502, "message": "x"}}\n\n', JSON), 48),
    "a cut stream": (Response(200, b'data: {"choices": [{"delta": {"content": "{"}}]}\n\n', JSON | {"Content-Length": "9999"}, cut=60), 48),
}  # fmt: skip
"""What may be over in a moment: four attempts for each source, as before; ten for all where it says "too many"."""


def night(asks: Asker, sources: int = SOURCES) -> list[AskError]:
    """Every source asked once, one after another, by one engine; what became of them."""
    errors: list[AskError] = []
    with closing(asks.engine()) as engine:
        for number in range(sources):
            try:
                engine.ask("key", paper(5, start=number), FIELDS)
            except AskError as error:
                errors.append(error)
    return errors


@pytest.mark.parametrize(("reply", "requests", "words"), ALIKE.values(), ids=ALIKE)
def test_what_every_source_gets_is_asked_for_a_few_times(reply: Response, requests: int, words: str) -> None:
    """It is named with what came and what to look at; no source after the first ones is sent; nothing is kept as an answer."""
    with asker(*[reply] * 99) as asks:
        errors = night(asks)
    assert len(asks.server.requests) == requests
    assert len(errors) == SOURCES
    assert isinstance(errors[-1], EngineClosed)
    assert words in str(errors[-1])
    assert "\x1b" not in str(errors[0])
    assert asks.store.held == {}
    assert asks.store.books == []


@pytest.mark.parametrize(("reply", "requests"), WORTH.values(), ids=WORTH)
def test_what_may_be_over_in_a_moment_is_tried_as_often_as_before(reply: Response, requests: int) -> None:
    """Each source has its four attempts, and the one after it is sent all the same."""
    with asker(*[reply] * 99) as asks:
        errors = night(asks)
    assert len(asks.server.requests) == requests
    assert all(type(error) in (Unanswered, EngineClosed) for error in errors)
    assert asks.store.held == {}
    with asker(reply, OK) as asks:
        assert night(asks, 1) == []


@pytest.mark.parametrize(
    "reply", [ALIKE["an HTML page"][0], ALIKE["nothing"][0], failure(400, "no"), ALIKE["403 by a wall"][0]]
)
def test_one_source_that_is_stopped_on_the_way_stops_no_other(reply: Response) -> None:
    """A wall that takes one paper for an attack: the others are answered, whichever comes first."""
    for place in (0, 5, 11):
        stopped: list[bytes] = []

        def one(request: Request, place: int = place, stopped: list[bytes] = stopped) -> Response:
            if len(asks.server.requests) == place + 1 or request.body in stopped:
                stopped.append(request.body)
                return reply
            return OK

        with asker(*[one] * 99) as asks:
            errors = night(asks)
        assert len(errors) == 1
        assert not isinstance(errors[0], EngineClosed)
        assert len(asks.store.books) == SOURCES - 1


QUESTIONS: dict[str, tuple[Response, type[AskError]]] = {
    "a filter of Azure": (failure(400, "The response was filtered due to the prompt", code="content_filter"), Refused),
    "a moderation of OpenRouter": (failure(403, "Your input was flagged"), Refused),
    "too large for a proxy": (Response(413, b"<html><h1>413 Request Entity Too Large</h1></html>", HTML), TooLong),
    "too long, as a success": (said({"error": {"message": "x", "code": "context_length_exceeded"}}), TooLong),
}  # fmt: skip


@pytest.mark.parametrize(("reply", "kind"), QUESTIONS.values(), ids=QUESTIONS)
def test_what_is_wrong_with_one_question_says_nothing_of_others(reply: Response, kind: type[AskError]) -> None:
    """Each is asked once, and named."""
    with asker(*[reply] * 99) as asks:
        errors = night(asks)
    assert {type(error) for error in errors} == {kind}
    assert len(asks.server.requests) == SOURCES


def test_a_page_between_answers_is_asked_for_once_more() -> None:
    """A proxy that fails for a moment under HTTP 200: the second attempt is answered."""
    with asker(OK, Response(200, PAGE, HTML), OK, OK) as asks:
        assert night(asks, 3) == []
    assert len(asks.server.requests) == 4


@pytest.mark.parametrize("key", ["sk-canary-0123456789\n", "sk-canary-01234\u00e956789", "sk-canary-0123\x0056789"])
def test_a_key_that_cannot_be_sent_is_named_once(key: str) -> None:
    """A line end or a letter that no header takes: nothing is sent, nothing is tried again, and no part of the key is shown."""
    with asker(OK, api_key=key) as asks:
        errors = night(asks)
    assert asks.server.requests == []
    assert {type(error) for error in errors} == {EngineClosed}
    assert "OPENAI_API_KEY" in str(errors[0])
    assert asks.clock.slept == []
    assert "canary" not in "".join(map(str, errors))


@pytest.mark.parametrize("wait", ["inf", "1e300", "99999999999999", "nan", "-5", "Fri, 31 Dec 9999 23:59:59 GMT", "x"])
def test_no_wait_that_a_server_asks_for_breaks_the_night(wait: str) -> None:
    """Beyond all bounds, or no number: ten refusals, and the endpoint is left alone, as for any other."""
    with asker(*[failure(429, "slow down", Retry_After=wait)] * 99) as asks:
        errors = night(asks)
    assert len(asks.server.requests) == 10
    assert isinstance(errors[-1], EngineClosed)


def test_an_answer_that_is_no_http_is_tried_again() -> None:
    """Another service on the port: the four attempts that any broken connection has."""
    with dripping(b"SSH-2.0-OpenSSH\r\n", b"", 0.01) as (url, _), asker(base_url=f"{url}/v1") as asks:
        errors = night(asks, 1)
    assert [type(error) for error in errors] == [Unanswered]
