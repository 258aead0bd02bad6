"""Replies of every form: whatever comes is used or refused by name, booked once, never paid again, and can be read back."""

from __future__ import annotations

import copy
import enum
import gzip
import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.clock import SystemClock
from survey_extract.adapters.openai.chat import Chat, Endpoint
from survey_extract.adapters.openai.engine import OpenAIEngine
from survey_extract.adapters.openai.reply import REPLY_BYTES, read_reply
from survey_extract.core.books import BatchQuestion, TokenUsage
from survey_extract.core.fingerprint import sha256_text, value_sha256
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import parse_reply
from survey_extract.core.records import Answer, Check
from survey_extract.core.runs import Outcome, Run
from survey_extract.errors import AskError, BadReply, EngineClosed, Refused, TooLong, Unanswered
from tests.adapters.test_openai_engine import FIELDS, GOOD, PROMPT, USAGE, Store, asker, paper
from tests.conftest import FakeClock
from tests.fields import FIELDS as ALL
from tests.servers.drip import dripping
from tests.servers.loopback import Response, endless_gzip, serving
from tests.servers.openai_server import JSON, completion

WHOLE: dict[str, Any] = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test-model", "service_tier": "default", "system_fingerprint": "fp",
    "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": {"role": "assistant", "content": json.dumps(GOOD), "refusal": None, "annotations": []}}],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050, "prompt_tokens_details": {"cached_tokens": 600, "audio_tokens": 0}, "completion_tokens_details": {"reasoning_tokens": 7}},
}  # fmt: skip


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in the reply."""
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in parts:
        yield (*at, name)
        yield from paths(part, (*at, name))


class _Drop(enum.Enum):
    """Takes a field out; its name is the same in every process, as names of tests must be."""

    DROP = "drop"


DROP = _Drop.DROP
NESTED: Any = "deep"
for _ in range(60):
    NESTED = [NESTED]
OTHERS = [DROP, None, True, "other", "\ud800", -3, 1.5, 10**25, [], {}, {"x": [1]}, NESTED]


def mutated(at: tuple[Any, ...], value: Any) -> bytes:
    """The reply with one place in it changed."""
    body = copy.deepcopy(WHOLE)
    node: Any = body
    for name in at[:-1]:
        node = node[name]
    if value is DROP:
        del node[at[-1]]
    else:
        node[at[-1]] = value
    return json.dumps(body).encode()


HARMLESS: list[tuple[tuple[Any, ...], Any]] = [
    (("service_tier",), "turbo"), (("choices", 0, "finish_reason"), "eos_token"), (("choices", 0, "finish_reason"), None), (("id",), DROP),
    (("created",), DROP), (("created",), 1.75), (("usage", "prompt_tokens"), 999.5), (("choices", 0, "message", "role"), "model"),
    (("object",), "text"), (("choices", 0, "message", "content"), [{"type": "text", "text": json.dumps(GOOD)}]),
    (("choices", 0, "message", "content"), GOOD), (("choices", 0, "message", "annotations"), [{"type": "x"}]), (("choices", 0, "index"), DROP),
    (("usage", "prompt_tokens"), "1000"), (("usage",), None), (("model",), "m\ud800x"), (("usage", "prompt_tokens"), 10**25), (("choices", 0, "message", "role"), DROP),
    (("choices", 0, "message", "refusal"), ""), (("choices", 0, "logprobs"), {"content": 3}),
]  # fmt: skip


@pytest.mark.parametrize(("at", "value"), HARMLESS, ids=[f"{'.'.join(map(str, a))}={v!r:.30}" for a, v in HARMLESS])
def test_what_is_not_needed_may_be_anything(at: tuple[Any, ...], value: Any) -> None:
    """A good answer is used at its first arrival, however the reply around it is made."""
    with asker(Response(200, mutated(at, value), JSON)) as asks:
        asked = asks.ask()
    assert [said.value for said in asked.said] == ["In two stages.", ("LogPairs",)]
    assert len(asks.server.requests) == len(asks.store.books) == 1


def test_a_reply_in_any_form_is_paid_once() -> None:
    """A good reply changed in each of its places in a dozen ways: used or refused by name, booked once, never asked again."""
    bodies = [mutated(at, value) for at in paths(WHOLE) for value in OTHERS]
    now: list[bytes] = []
    with serving(lambda _: Response(200, now[0], JSON)) as server:
        endpoint = Endpoint(
            "test-model", "sk-canary-0123", f"{server.url}/v1", 0.0, 1000, 100_000, "json_schema", 2, 5.0
        )
        store = Store()
        for night in range(2):
            with closing(OpenAIEngine(Chat(endpoint, store, FakeClock(), store.booked()), PROMPT, ALL)) as engine:
                for number, body in enumerate(bodies):
                    now[:] = [body]
                    before = len(server.requests)
                    _ask(engine, number)
                    sent = len(server.requests) - before
                    assert sent <= (0 if night else 2), body
    assert len(store.books) == len(server.requests) == len({line.sha256 for line in store.books})
    for line in store.books:
        assert line.usage is None or line.usage.prompt <= 1000


def _ask(engine: OpenAIEngine, number: int) -> None:
    """Used, or refused by name: anything else fails the test."""
    with suppress(BadReply, Refused, TooLong):
        engine.ask("key", paper(5, start=number), FIELDS)


OK_BODY = completion(json.dumps(GOOD)).body
RAW = {
    "nested": b'{"choices": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "nested objects": b'{"a": ' * 50_000 + b"1" + b"}" * 50_000,
    "a number of 5,000 digits": b'{"choices": [], "usage": {"prompt_tokens": ' + b"9" * 5_000 + b', "completion_tokens": 1}}',
    "NaN": b'{"choices": [], "usage": {"prompt_tokens": NaN, "completion_tokens": 1}}',
    "torn": b'{"choices": [{"message": {"content": "In two',
    "a stream": b'data: {"choices": [{"delta": {"content": "In"}}]}\n\ndata: [DONE]\n\n',
    "a mark of byte order": b"\xef\xbb\xbf" + OK_BODY,
    "UTF-16": OK_BODY.decode().encode("utf-16"),
    "a list of one": b"[" + OK_BODY + b"]",
    "no UTF-8": OK_BODY.replace(b"stages", b"st\xff\xfeages"),
}  # fmt: skip


@pytest.mark.parametrize("body", RAW.values(), ids=RAW)
def test_a_body_that_cannot_be_read_is_paid_once(body: bytes) -> None:
    """Stored and booked before anything is made of it; the next night asks nothing."""
    with asker(*[Response(200, body, JSON)] * 2) as asks:
        for _ in range(2):
            with suppress(BadReply):
                asks.ask()
    assert len(asks.server.requests) == len(asks.store.books) <= 2


PACKED = gzip.compress(OK_BODY)
BROKEN: dict[str, tuple[bytes, dict[str, str], int | None]] = {
    "not packed as it says": (OK_BODY, {"Content-Encoding": "gzip"}, None),
    "packed fifty times, as it says": (OK_BODY, {"Content-Encoding": ", ".join(["gzip"] * 50)}, None),
    "shorter than it says": (OK_BODY, {"Content-Length": "999999"}, len(OK_BODY)),
    "packed, and cut": (PACKED[:-6], {"Content-Encoding": "gzip"}, None),
    "a header that is no text": (OK_BODY, {"Content-Type": "application/json; charset=\xff", "X-A": "caf\xe9"}, None),
}


@pytest.mark.parametrize(("body", "headers", "cut"), BROKEN.values(), ids=BROKEN)
def test_a_reply_whose_wrapping_is_wrong_is_used(body: bytes, headers: dict[str, str], cut: int | None) -> None:
    """A whole answer arrived, in whatever packing, length or header: used at its first arrival and booked."""
    with asker(Response(200, body, JSON | headers, cut=cut)) as asks:
        assert [said.value for said in asks.ask().said] == ["In two stages.", ("LogPairs",)]
    assert len(asks.server.requests) == len(asks.store.books) == 1


def test_a_reply_that_unpacks_in_part_is_paid_once() -> None:
    """What broke while it unpacked was paid for: kept, refused by name, and not asked for every night."""
    begun = gzip.compress(b'{"choices": [{"message": {"content": "' + random.Random(1).randbytes(4_000).hex().encode())
    noise = begun[:3_000] + b"\xff" * 600
    with asker(*[Response(200, noise, JSON | {"Content-Encoding": "gzip"})] * 2) as asks:
        for _ in range(2):
            with pytest.raises(BadReply):
                asks.ask()
    assert len(asks.server.requests) == len(asks.store.books) == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["{}/v1/chat/completions", "//{}/x", "file:///etc/hostname"])
def test_a_question_goes_nowhere_else(status: int, to: str) -> None:
    """An endpoint that moved is named, with what to change; nothing is sent there, and no further question is asked."""
    with serving(lambda _: Response(200, OK_BODY, JSON)) as other:
        place = to.format(other.url if to.startswith("{") else other.url.partition("//")[2])
        with (
            asker(Response(status, b"", {"Location": place})) as asks,
            pytest.raises(EngineClosed, match="OPENAI_BASE_URL"),
        ):
            asks.ask()
    assert other.requests == []
    assert len(asks.server.requests) == 1


HEAD = b'{"usage": {"prompt_tokens": 1000, "completion_tokens": 50}, "choices": [{"message": {"content": "'


@pytest.mark.parametrize(
    ("body", "headers"),
    [(endless_gzip(800, HEAD), {"Content-Encoding": "gzip"}), (gzip.compress(endless_gzip(800, HEAD)), {"Content-Encoding": "gzip, gzip"}), (HEAD + b"x" * 20_000_000, {})],
    ids=["gzip", "gzip in gzip", "plain"],
)  # fmt: skip
def test_a_reply_without_end_is_left_paid_once_and_not_sent_back(body: bytes, headers: dict[str, str]) -> None:
    """Some megabytes are read, whatever it unpacks to; it is refused by name, and its repair is short."""
    with asker(*[Response(200, body, JSON | headers)] * 2, request_seconds=60.0) as asks:
        tracemalloc.start()
        try:
            for _ in range(2):
                with pytest.raises(BadReply):
                    asks.ask()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 12 * REPLY_BYTES
    assert len(asks.server.requests) == len(asks.store.books) == 2
    assert len(asks.server.requests[1].body) < 200_000


def test_a_long_bad_reply_is_shortened_in_its_repair() -> None:
    """One that is a whole reply of three megabytes costs no three megabytes a second time."""
    with asker(*[completion("no " * 1_000_000)] * 2) as asks, pytest.raises(BadReply):
        asks.ask()
    assert len(asks.server.requests[1].body) < 100_000


@pytest.mark.parametrize("at_once", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"], ids=["headers", "body"])
def test_a_reply_that_drips_ends_at_request_seconds(at_once: bytes) -> None:
    """A byte ten times a second, on a real clock: over in the time that the setting gives, and named with it."""
    with dripping(at_once, b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 500, 0.1) as (url, asked):
        endpoint = Endpoint("m", "sk-canary-0123", f"{url}/v1", 0.0, 1000, 100_000, "json_schema", 2, 0.5)
        began = time.monotonic()
        with (
            closing(OpenAIEngine(Chat(endpoint, Store(), Once()), PROMPT, ALL)) as engine,
            pytest.raises(Unanswered, match=r"0\.5 s \(setting request_seconds\)"),
        ):
            engine.ask("key", paper(), FIELDS)
    assert time.monotonic() - began < 4 * 0.5 + 3
    assert asked


class Once(SystemClock):
    """A real clock on which waiting for another attempt takes no time."""

    def sleep(self, seconds: float) -> None:
        pass


# --- what is written can be read ------------------------------------------------------------------

TEXTS = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(["\ud800", "m\udfffx", "\x00", "\x1b[31m", "::error::"])  # fmt: skip
NUMBERS = st.integers(-(10**30), 10**30) | st.floats() | st.just(10**400)
ANY = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
CONTENT = st.fixed_dictionaries({
    "training_methods": st.fixed_dictionaries({"value": TEXTS | st.none() | ANY, "evidence": st.lists(NUMBERS, max_size=4)}),
    "datasets_used": st.fixed_dictionaries({"value": st.lists(TEXTS, max_size=3) | ANY, "evidence": st.lists(st.integers(), max_size=4)}),
})  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("archive")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(change=ANY, at=st.sampled_from(list(paths(WHOLE))), content=CONTENT, whole=ANY)
@example(change="m\ud800x", at=("model",), content={}, whole=None)
@example(change=10**25, at=("usage", "prompt_tokens"), content={}, whole=None)
def test_nothing_taken_in_makes_a_file_that_is_refused(
    folder: Path, change: Any, at: tuple[Any, ...], content: Any, whole: Any
) -> None:
    """Any JSON as a reply, or within one: everything that is archived of it can be read back, record for record."""
    archive = FileArchive(folder, warn=_never)
    changed = json.loads(mutated(at, change))
    with_content = copy.deepcopy(WHOLE)
    with_content["choices"][0]["message"]["content"] = json.dumps(content)
    for number, body in enumerate((changed, with_content, whole)):
        _take_in(archive, json.dumps(body), str(number))
    assert FileArchive(folder, warn=_never).booked() is not None


def _never(told: str) -> None:
    raise AssertionError(told)


_CHATS: list[Chat] = []


def _take_in(archive: FileArchive, raw: str, name: str) -> None:
    if not _CHATS:
        _CHATS.append(
            Chat(
                Endpoint("m", "sk-canary-0123", "http://127.0.0.1:9/v1", 0, 1000, 9000, "text", 1, 1),
                archive,
                FakeClock(),
            )
        )
    chat = _CHATS[0]
    chat.replies, chat.run = archive, "2026-01-01T000000-000Z"
    held = chat.keep(raw, BatchQuestion(sha256_text(name), "key", ("training_methods",), 50_000, 1000))
    if held is None:
        assert read_reply(raw) is None
        return
    assert archive.booked()[-1] == held.booking
    assert chat.stored(held.booking.sha256) == held.completion
    message = held.completion.refusal or ""
    try:
        for said in parse_reply(held.completion.content, FIELDS, chat.redacted).whole():
            answer = Answer(
                "f", said.field, "openai", "m", "d", None, "t", "r", said.value, False, value_sha256(said.value), (), said.numbers,
                Check(), 0, held.booking.sha256, "run", "2026-01-01T00:00:00Z", answered_by=held.completion.model,
            )  # fmt: skip
            archive.add_answers("key", [answer])
            assert archive.answers("key")[-1] == answer
    except Misfit as error:
        message = str(error)
    outcome = Outcome("key", "failed", message=message)
    run = Run(
        "2026-01-01T000000-000Z", "2026-01-01T00:00:00Z", 1.0, "0", "openai", "m", ("key",), (outcome,), (held.booking,)
    )
    archive.add_run(run)
    assert archive.runs()[0] == run
    for path in (archive.root / "answers").glob("*"):
        path.unlink()
    (archive.root / "replies.jsonl").unlink()


# --- the key --------------------------------------------------------------------------------------

KEY = "sk-canary-0123456789"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "escapes": lambda key: "".join(f"\\u{ord(char):04x}" for char in key),
    "an invisible character": lambda key: key[:4] + "\\u200b" + key[4:],
    "half a pair": lambda key: key[:4] + "\\ud800" + key[4:],
    "a soft hyphen": lambda key: key[:4] + "\u00ad" + key[4:],
    "mathematical letters": lambda key: "\U0001d42c\U0001d424" + key[2:],
}
PLACES = ["value", "name", "unknown key", "model", "refusal", "bad content"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("twice", [False, True], ids=["in the reply", "in its content"])
def test_no_spelling_of_the_key_comes_through(place: str, spelling: str, twice: bool) -> None:
    """However a reply writes it, and wherever: it is in no value, error, booking or stored reply."""
    spelt = SPELLINGS[spelling](KEY)
    inner = spelt.replace("\\", "\\\\") if twice else spelt
    good = json.dumps(GOOD)
    contents = {
        "value": good.replace("In two stages.", "It is @@."),
        "name": good.replace("LogPairs", "@@"),
        "unknown key": good.replace("training_methods", "@@"),
        "bad content": "@@",
    }
    body = copy.deepcopy(WHOLE)
    message = body["choices"][0]["message"]
    message["content"] = contents.get(place, good)
    if place == "model":
        body["model"] = "@@"
    if place == "refusal":
        message["refusal"] = "I know @@"
    raw = json.dumps(body).replace("@@", inner).encode()
    with asker(*[Response(200, raw, JSON)] * 2, api_key=KEY) as asks:
        try:
            shown = repr(asks.ask())
        except AskError as error:
            shown = str(error) + repr(error.replies)
    assert KEY not in shown
    assert KEY not in repr(asks.store.books)
    assert all(KEY not in reply for reply in asks.store.held.values())
    assert all(KEY.encode() not in request.body for request in asks.server.requests)


def test_no_part_of_the_key_is_left_at_a_cut() -> None:
    """A message is cut after the key is taken out of it, so that a cut through it leaves nothing."""
    from tests.servers.openai_server import failure

    for length in range(279, 302, 4):
        with asker(failure(400, "x" * length + KEY), api_key=KEY) as asks, pytest.raises(AskError) as raised:
            asks.ask()
        assert KEY[:6] not in str(raised.value)


def test_a_count_that_cannot_be_is_no_count() -> None:
    """More cached than sent, less than nothing, more than a request has: unknown, and the others stand."""
    for change in (
        {"prompt_tokens": 10**9}, {"prompt_tokens": -1}, {"completion_tokens": -5}, {"completion_tokens": 10**7},
        {"prompt_tokens_details": {"cached_tokens": 8 * 10**12}}, {"prompt_tokens_details": {"cached_tokens": -1}},
        {"completion_tokens_details": {"reasoning_tokens": 51}}, {"prompt_tokens": "NaN"}, {"completion_tokens": float("inf")},
    ):  # fmt: skip
        body = WHOLE | {"usage": WHOLE["usage"] | change}
        with asker(Response(200, json.dumps(body).encode(), JSON)) as asks:
            asked = asks.ask()
        assert asked.replies[0].usage is None, change
        assert "no plausible token count" in asked.warnings[0]
    with asker(Response(200, json.dumps(WHOLE).encode(), JSON)) as asks:
        assert asks.ask().replies[0].usage == USAGE


def test_lost_answers_are_taken_from_the_stored_reply() -> None:
    """Some fields of an answered question are wanted again: its reply has them; another text is another question."""
    with asker(
        completion(json.dumps(GOOD)), *[completion(json.dumps({"datasets_used": GOOD["datasets_used"]}))] * 2
    ) as asks:
        asks.ask()
        again = asks.ask(fields=FIELDS[1:])
        assert [(said.field, said.value) for said in again.said] == [("datasets_used", ("LogPairs",))]
        assert [reply.reused for reply in again.replies] == [True]
        assert len(asks.server.requests) == 1
        asks.ask(paper(31), fields=FIELDS[1:])
    assert len(asks.server.requests) == 2


@pytest.mark.parametrize(
    ("counts", "usage"),
    [
        ({"input_tokens": 100, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 500, "output_tokens": 5}, TokenUsage(900, 500, 5, 0)),
        ({"input_tokens": 900, "input_tokens_details": {"cached_tokens": 500}, "output_tokens": 50, "output_tokens_details": {"reasoning_tokens": 40}}, TokenUsage(900, 500, 50, 40)),
        ({"prompt_tokens": 900, "completion_tokens": 5, "total_tokens": 955}, TokenUsage(900, 0, 55, 0)),
        ({"prompt_tokens": 900, "completion_tokens": 5, "total_tokens": 955, "completion_tokens_details": {"reasoning_tokens": 50}}, TokenUsage(900, 0, 55, 50)),
        ({"prompt_tokens": 900, "completion_tokens": 5, "total_tokens": 10}, TokenUsage(900, 0, 5, 0)),
        ({"prompt_tokens": 900, "completion_tokens": 5, "total_tokens": True}, TokenUsage(900, 0, 5, 0)),
    ],
    ids=["Anthropic", "Responses", "Google", "xAI", "a total too small", "no total"],
)  # fmt: skip
def test_what_is_paid_for_is_counted_whole(counts: dict[str, object], usage: TokenUsage) -> None:
    """What a provider counts beside its sums (its cache, thoughts) is booked as well; no total makes it less."""
    with asker(Response(200, json.dumps(WHOLE | {"usage": counts}).encode(), JSON)) as asks:
        assert asks.ask().replies[0].usage == usage
