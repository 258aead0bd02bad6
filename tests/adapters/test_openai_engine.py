"""The engine against a real server on loopback: every situation ends in its own outcome, with what it cost booked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from survey_extract.adapters.openai.chat import Chat, Endpoint
from survey_extract.adapters.openai.engine import OpenAIEngine
from survey_extract.core.books import Reply, TokenUsage
from survey_extract.core.fields import Fields, FieldSpec, together
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Asked
from survey_extract.core.question import Show
from survey_extract.core.question.prompt import Prompt
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.errors import AskError, BadReply, EngineClosed, Refused, TooLong, Unanswered
from survey_extract.wiring import default_prompt
from tests.conftest import FakeClock
from tests.fields import FIELDS as ALL
from tests.papers.make import prose
from tests.servers.loopback import Request, Response, Server
from tests.servers.openai_server import answering, beginning, completion, failure, scripted, wanted_keys

PROMPT = Prompt(default_prompt("extract.md"), default_prompt("repair.md"))
FIELDS = tuple(spec for spec in ALL if spec.name in ("training_methods", "datasets_used"))
GOOD = {
    "training_methods": {"value": "In two stages.", "evidence": [2]},
    "datasets_used": {"value": ["LogPairs"], "evidence": [1, 3]},
}
OK = completion(json.dumps(GOOD))
USAGE = TokenUsage(prompt=1000, cached=600, completion=50, reasoning=7)


class Store:
    """Replies in memory."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.notes: dict[str, Mapping[str, Any] | None] = {}
        self.books: list[Reply] = []

    def get_reply(self, sha256: str) -> str | None:
        return self.held.get(sha256)

    def put_reply(self, sha256: str, raw: str, booking: Reply | None = None) -> None:
        self.held[sha256] = raw
        self.notes[sha256] = asdict(booking) if booking else None

    def want_room(self) -> None:
        pass

    def booking_of(self, sha256: str) -> Mapping[str, Any] | None:
        return self.notes[sha256]

    def book(self, reply: Reply) -> None:
        self.books.append(reply)

    def booked(self) -> tuple[Reply, ...]:
        return tuple(self.books)


def paper(sentences: int = 30, start: int = 0) -> PaperText:
    blocks = [Block("heading", "1 Training"), Block("body", prose(sentences, start))]
    return assemble(blocks, reader="t", title=None, page_count=1)


@dataclass
class Asker:
    """An engine on a server, with its clock and its store."""

    server: Server
    clock: FakeClock
    store: Store
    endpoint: Endpoint

    def engine(self) -> OpenAIEngine:
        return OpenAIEngine(Chat(self.endpoint, self.store, self.clock, self.store.booked()), PROMPT, ALL)

    def ask(self, text: PaperText | None = None, fields: Sequence[FieldSpec] = FIELDS) -> Asked:
        with closing(self.engine()) as engine:
            return engine.ask("key", text or paper(), fields)


@contextmanager
def asker(*replies: Response | Callable[[Request], Response], **changes: object) -> Iterator[Asker]:
    with scripted(replies) as server:
        endpoint = Endpoint("test-model", "sk-canary", f"{server.url}/v1", 0.0, 1000, 100_000, "json_schema", 2, 5.0)
        yield Asker(server, FakeClock(), Store(), replace(endpoint, **changes))  # type: ignore[arg-type]


def test_a_good_reply_becomes_answers_and_is_booked() -> None:
    """Values, sentence numbers and usage arrive as they were sent."""
    with asker(OK) as asks:
        asked = asks.ask()
    assert [(said.field, said.value, said.numbers) for said in asked.said] == [
        ("training_methods", "In two stages.", (2,)),
        ("datasets_used", ("LogPairs",), (1, 3)),
    ]
    assert [(r.outcome, r.usage, r.reused, r.fields) for r in asked.replies] == [
        ("ok", USAGE, False, ("training_methods", "datasets_used"))
    ]


def test_the_request_is_strict_and_the_document_stands_between_fields_and_keys() -> None:
    """One user message: fields, document, keys; a schema with all keys required, nothing open, no defaults."""
    with asker(OK) as asks:
        asks.ask()
    body = json.loads(asks.server.requests[0].body)
    assert asks.server.requests[0].path == "/v1/chat/completions"
    content = body["messages"][0]["content"]
    marks = ("- training_methods:", "\nBEGIN DOCUMENT ", "\nEND DOCUMENT ", "keys: training_methods, datasets_used")
    assert sorted(marks, key=content.index) == list(marks)
    assert content.count(marks[0]) == content.count("- datasets_used (a list):") == 1
    schema = body["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert wanted_keys(asks.server.requests[0]) == ["training_methods", "datasets_used"]
    flat = json.dumps(schema)
    assert '"default"' not in flat
    assert flat.count('"additionalProperties": false') == 3
    assert schema["schema"]["required"] == ["training_methods", "datasets_used"]


NOTHING = answering(lambda _: {"value": None, "evidence": []})


def contents(asks: Asker) -> list[str]:
    return [json.loads(request.body)["messages"][0]["content"] for request in asks.server.requests]


def test_two_papers_share_the_whole_fixed_part() -> None:
    """The provider's prompt cache applies: schema, rules and fields are the same, byte for byte, up to the code of the document."""
    with asker(NOTHING, NOTHING) as asks:
        asks.ask(paper(30), ALL.asked)
        asks.ask(paper(31), ALL.asked)
    bodies = [json.loads(request.body) for request in asks.server.requests]
    assert bodies[0]["response_format"] == bodies[1]["response_format"]
    assert beginning(contents(asks)).endswith("BEGIN DOCUMENT ")


def test_the_questions_about_a_paper_share_the_document() -> None:
    """Thirty fields take three questions, which are the same up to the end of the document."""
    many = Fields(tuple(FieldSpec(f"field_{n}", f"Field {n}", f"What it says of place {n}.") for n in range(30)))
    with asker(NOTHING, NOTHING, NOTHING) as asks:
        for part in together(many.asked):
            chat = Chat(asks.endpoint, asks.store, asks.clock)
            with closing(OpenAIEngine(chat, PROMPT, many)) as engine:
                engine.ask("key", paper(400), part)
    shared = beginning(contents(asks))
    assert "\nEND DOCUMENT " in shared
    asked = [content.partition("\nEND DOCUMENT ")[2].count("field_") for content in contents(asks)]
    assert asked == [12, 12, 6]


def test_a_question_about_one_field_shows_a_part() -> None:
    """It costs a part of the question about all, lists its field alone, and no sentence counts as one that did not fit."""
    with asker(NOTHING, NOTHING) as asks:
        part = asks.ask(paper(400), [ALL.named("training_methods")])
        whole = asks.ask(paper(400), ALL.asked)
    short, long = contents(asks)
    assert len(short) < 0.5 * len(long)
    assert "datasets_used" not in short
    assert part.omitted == whole.omitted == 0
    assert part.offered is not None
    assert f"[{max(part.offered)}]" in short


def test_everything_is_shown_on_demand() -> None:
    """The setting shows the whole of a long document, in any question; what the other setting was answered is not paid again."""
    text = paper(400)
    show: Show = "everything"
    with asker(NOTHING, NOTHING) as asks:
        asks.ask(text, FIELDS[:1])
        for fields, reused in ((FIELDS[:1], True), (FIELDS, False)):
            chat = Chat(asks.endpoint, asks.store, asks.clock, asks.store.booked())
            with closing(OpenAIEngine(chat, PROMPT, ALL, show)) as engine:
                asked = engine.ask("key", text, fields)
            assert [reply.reused for reply in asked.replies] == [reused]
    assert asked.offered == frozenset(sentence.number for sentence in text.citable())


def test_a_stored_reply_is_never_paid_for_again() -> None:
    """The same question to a new engine over the same store sends nothing, and says so."""
    with asker(OK) as asks:
        first = asks.ask()
        again = asks.ask()
    assert len(asks.server.requests) == 1
    assert again.said == first.said
    assert [reply.reused for reply in again.replies] == [True]


DATE = FakeClock().now() + timedelta(seconds=9)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"retry_after_ms": "2500"}, 2.5),
        ({"Retry_After": format_datetime(DATE, usegmt=True)}, 9.0),
    ],
)
def test_retry_after_is_obeyed_in_all_three_forms(headers: dict[str, str], waits: float) -> None:
    """A busy server is asked again when it said, not earlier."""
    with asker(failure(429, "slow down", **headers), OK) as asks:
        asks.ask()
    assert len(asks.server.requests) == 2
    assert waits <= asks.clock.slept[0] <= waits + 0.3


SITUATIONS: list[tuple[str, list[Response | Callable[[Request], Response]], type[AskError] | None, int, list[str]]] = [
    ("retry-after longer than our patience", [failure(429, "later", Retry_After="900")], Unanswered, 1, []),
    ("429 for ever", [failure(429, "busy")] * 9, Unanswered, 4, []),
    ("quota used up", [failure(429, "You exceeded your quota", code="insufficient_quota")], EngineClosed, 1, []),
    ("500 for ever", [failure(500, "oops")] * 9, Unanswered, 4, []),
    ("500, then well", [failure(500, "oops"), failure(503, "oops"), OK], None, 3, ["ok"]),
    (
        "a web page with status 200",
        [Response(200, b"<html>proxy</html>", {"Content-Type": "text/html"}), OK],
        None,
        2,
        ["ok"],
    ),
    (
        "web pages for ever",
        [Response(200, b"<html>proxy</html>", {"Content-Type": "text/html"})] * 9,
        Unanswered,
        2,
        [],
    ),
    (
        "an empty list with status 200",
        [Response(200, b"[]", {"Content-Type": "application/json"}), OK],
        None,
        2,
        ["ok"],
    ),
    (
        "an error with status 200",
        [Response(200, b'{"error": "x"}', {"Content-Type": "application/json"}), OK],
        None,
        2,
        ["ok"],
    ),
    ("a cut body", [replace(OK, cut=40), OK], None, 2, ["ok"]),
    ("cut off by length, then well", [completion('{"training', finish="length"), OK], None, 2, ["too_long", "ok"]),
    (
        "cut off by length twice",
        [completion("{", finish="length"), completion("{", finish="length")],
        TooLong,
        2,
        ["too_long"] * 2,
    ),
    ("a refusal", [completion(None, refusal="I cannot")], Refused, 1, ["refused"]),
    ("a content filter", [completion("", finish="content_filter")], Refused, 1, ["refused"]),
    ("a fence around the JSON", [completion(f"```json\n{json.dumps(GOOD)}\n```")], None, 1, ["ok"]),
    ("half a surrogate pair", [completion(json.dumps(GOOD).replace("stages", "sta\\ud83dges"))], None, 1, ["ok"]),
    (
        "JSON nested beyond reason",
        [completion("[" * 100_000), completion("[" * 100_000)],
        BadReply,
        2,
        ["bad_reply"] * 2,
    ),
    (
        "a wrong type, repaired",
        [completion(json.dumps(GOOD | {"datasets_used": {"value": "LogPairs", "evidence": []}})), OK],
        None,
        2,
        ["unfit_answer", "ok"],
    ),
    ("a missing key, twice", [completion("{}"), completion("{}")], BadReply, 2, ["bad_reply"] * 2),
    (
        "a key too many",
        [completion(json.dumps(GOOD | {"title": {"value": "x", "evidence": []}}))],
        None,
        1,
        ["ok"],
    ),
    ("prose instead of JSON", [completion("Sure! The paper"), completion("Sure!")], BadReply, 2, ["bad_reply"] * 2),
    ("an empty content", [completion(""), OK], None, 2, ["bad_reply", "ok"]),
    ("no choices", [completion(None, choices=[]), OK], None, 2, ["bad_reply", "ok"]),
    (
        "context overflow",
        [failure(400, "This model's maximum context length is 8192 tokens", code="context_length_exceeded")],
        TooLong,
        1,
        [],
    ),
    ("a bad key", [failure(401, "Incorrect API key provided")], EngineClosed, 1, []),
    (
        "does not know this model",
        [failure(404, "The model does not exist", code="model_not_found")],
        EngineClosed,
        1,
        [],
    ),
    ("another 400", [failure(400, "Invalid schema")], AskError, 1, []),
]


@pytest.mark.parametrize(
    ("replies", "error", "calls", "booked"), [s[1:] for s in SITUATIONS], ids=[s[0] for s in SITUATIONS]
)
def test_situation(
    replies: list[Response | Callable[[Request], Response]], error: type[AskError] | None, calls: int, booked: list[str]
) -> None:
    """The right outcome, every reply that came booked with its usage, and no call beyond the allowed ones."""
    with asker(*replies) as asks:
        if error is None:
            replies_booked = asks.ask().replies
        else:
            with pytest.raises(error) as raised:
                asks.ask()
            assert type(raised.value) is error
            assert "sk-canary" not in str(raised.value)
            replies_booked = raised.value.replies
    assert len(asks.server.requests) == calls
    assert [reply.outcome for reply in replies_booked] == booked
    assert all(reply.usage == USAGE for reply in replies_booked)


def test_a_repair_says_what_was_wrong() -> None:
    """The second question holds the first, the bad reply, and the reason."""
    with asker(completion("{}"), OK) as asks:
        asks.ask()
    messages = json.loads(asks.server.requests[1].body)["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert messages[1]["content"] == "{}"
    assert "training_methods: Field required" in messages[2]["content"]


def test_a_refusal_is_not_asked_for_again_the_next_night() -> None:
    """What was paid for is kept, whatever it says: a paper that is refused does not cost money every night."""
    with asker(completion(None, refusal="no")) as asks:
        for _ in range(2):
            with pytest.raises(Refused):
                asks.ask()
    assert len(asks.server.requests) == 1


def test_a_refused_key_closes_the_engine_for_the_run() -> None:
    """After a 401 no other paper is sent."""
    with asker(failure(401, "bad key"), OK) as asks, closing(asks.engine()) as engine:
        for text in (paper(20), paper(25)):
            with pytest.raises(EngineClosed):
                engine.ask("key", text, FIELDS)
    assert len(asks.server.requests) == 1


def test_numbers_out_of_range_arrive_for_the_grounding_to_reject() -> None:
    """The engine passes numbers on; what exists is decided where the text is."""
    odd = {
        "training_methods": {"value": "x", "evidence": [0, -1, 9999, 2, 2]},
        "datasets_used": {"value": None, "evidence": []},
    }
    with asker(completion(json.dumps(odd))) as asks:
        asked = asks.ask()
    assert asked.said[0].numbers == (0, -1, 9999, 2)
    assert asked.offered is not None
    assert 9999 not in asked.offered


def test_no_usage_is_unknown_not_nothing() -> None:
    """An endpoint that counts no tokens is booked as uncounted, aloud."""
    with asker(completion(json.dumps(GOOD), usage=False)) as asks:
        asked = asks.ask()
    assert asked.replies[0].usage is None
    assert "unknown" in asked.warnings[0]


def test_a_prompt_that_was_cut_silently_is_noticed() -> None:
    """Far fewer tokens counted than sent means that a part of the paper was dropped."""
    with asker(OK) as asks:
        asked = asks.ask(paper(400))
    assert "cut the document silently" in asked.warnings[0]


def test_a_dripping_answer_ends_at_the_deadline() -> None:
    """A byte now and then keeps a socket alive, not an answer."""
    clock = FakeClock()

    def drip() -> bool:
        clock.advance(1.0)
        time.sleep(0.01)  # so that the reader sees one byte after the other, not all at once
        return True

    with asker(*[replace(OK, drip=drip) for _ in range(9)], request_seconds=3.0) as asks:
        asks.clock = clock
        with pytest.raises(Unanswered, match="request_seconds"):
            asks.ask()
    assert len(asks.server.requests) <= 4


def test_a_long_paper_is_cut_aloud() -> None:
    """What does not fit is chosen by relevance and counted, and the request fits."""
    with asker(answering(lambda _: {"value": None, "evidence": []}), context_tokens=4_000) as asks:
        text = paper(300)
        asked = asks.ask(text, ALL.asked)
    assert asked.omitted > 0
    assert asked.offered is not None
    assert len(asked.offered) + asked.omitted == len(text.citable())
    assert len(json.loads(asks.server.requests[0].body)["messages"][0]["content"]) < 4 * 4_000


def test_a_model_that_takes_no_temperature_is_asked_without() -> None:
    """One refusal teaches it for the run; the question stays the same question."""
    with (
        asker(failure(400, "Unsupported value: 'temperature'", param="temperature"), OK, OK) as asks,
        closing(asks.engine()) as engine,
    ):
        engine.ask("key", paper(), FIELDS)
        engine.ask("key", paper(31), FIELDS)
    bodies = [json.loads(request.body) for request in asks.server.requests]
    assert ["temperature" in body for body in bodies] == [True, False, False]


def test_a_server_whose_schemas_know_no_limits_is_asked_without_them() -> None:
    """Limits help weak models and are refused by some servers; they are checked here in any case."""
    long = {"training_methods": {"value": "x" * 3000, "evidence": []}, "datasets_used": {"value": None, "evidence": []}}
    with asker(failure(400, "Invalid schema: 'maxLength' is not permitted"), completion(json.dumps(long)), OK) as asks:
        asks.ask()
    assert ["maxLength" in request.body.decode() for request in asks.server.requests] == [True, False, False]
    assert "at most 2000 characters" in json.loads(asks.server.requests[2].body)["messages"][2]["content"]


@pytest.mark.parametrize(("style", "kind"), [("json_object", "json_object"), ("text", None)])
def test_servers_without_schemas_are_asked_in_their_own_way(style: str, kind: str | None) -> None:
    """The setting lowers what is asked of the server; the validation stays."""
    with asker(OK, response_format=style) as asks:
        assert asks.ask().said[0].value == "In two stages."
    sent = json.loads(asks.server.requests[0].body).get("response_format")
    assert (sent or {}).get("type") == kind
