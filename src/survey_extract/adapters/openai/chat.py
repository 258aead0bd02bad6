"""A request goes in, a completion comes out: sent once, stored and booked when it arrives, never paid for again.

Every reply is stored under the hash of the whole request, and entered into
the books, whatever it says and before anybody looks at what it says. The
SDK's own parsing and retries are not used: they refuse replies over what is
not needed, and retry what cannot succeed. Here a failure of any kind becomes
one named error. No request is sent that could exceed the budget, none while the
same question is in a batch, and none once the endpoint has refused the key
or said "too many" ten times in a row.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx2
import openai

from survey_extract.adapters.http.bounded import Allowance, TooLarge
from survey_extract.adapters.http.retry import Refusals, retry_after, retrying
from survey_extract.adapters.openai.budget import Budget
from survey_extract.adapters.openai.reply import Completion, loads, read_reply
from survey_extract.core.fingerprint import sha256_json
from survey_extract.core.money import Price, believed
from survey_extract.core.ports import Clock, ReplyStore
from survey_extract.core.question.prompt import mapped
from survey_extract.core.records import BatchQuestion, Reply, Usage
from survey_extract.errors import AskError, EngineClosed, SourceError, TooLong, Unanswered, Waiting

ATTEMPTS = 4
PATIENCE_SECONDS = 600.0
"""No wait for another attempt begins that would end later than this."""
AGAIN = "again"
"""Key of a request that is made once more on purpose: part of what its reply is stored under, and never sent."""
REPLY_BYTES = 4_000_000
"""Bytes of a reply that are read; a thousand tokens have some 5,000."""

_OVERFLOW = (
    "context_length",
    "context length",
    "context size",
    "maximum context",
    "too many tokens",
    "exceeds the available",
)
_QUOTA = ("insufficient_quota", "billing_hard_limit", "billing_not_active")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked, how, and at what price. ``budget`` is in USD a run; ``defers`` leaves questions to a batch or a file."""

    model: str
    api_key: str
    base_url: str | None
    temperature: float
    reply_tokens: int
    context_tokens: int
    response_format: str
    concurrency: int
    request_seconds: float
    price: Callable[[], Price | None] = lambda: None
    budget: float | None = None
    defers: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A completion in hand, and its line in the books; a ``reused`` one cost nothing now. Not ``ours``: a file brought it."""

    completion: Completion
    booking: Reply
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """A question as it is sent: what it is about, and the body."""

    about: BatchQuestion
    body: dict[str, Any]

    @property
    def sha256(self) -> str:
        return self.about.sha256


class _Moved(httpx2.HTTPError):
    """A question was to be sent elsewhere."""


def _stay(response: httpx2.Response) -> None:
    """Questions go, and answers come, where the environment says: a redirect of one is not followed, that of a file is."""
    if response.has_redirect_location and response.request.method == "POST":
        raise _Moved(
            f"the endpoint sends questions elsewhere (HTTP {response.status_code}, "
            f"{response.headers['location'][:200]!r}); set OPENAI_BASE_URL to where they are to go"
        )


class Chat:
    """Chat completions of one model of an endpoint. Safe to share between threads.

    ``booked`` are the replies in the books. ``beside`` is the chat of another
    model in the same run: both have one budget, and one limit of requests under way.
    """

    engine = "openai"
    """The name under which replies are booked."""

    def __init__(
        self,
        endpoint: Endpoint,
        replies: ReplyStore,
        clock: Clock,
        booked: Iterable[Reply] = (),
        beside: Chat | None = None,
    ) -> None:
        self.endpoint, self.replies, self.clock = endpoint, replies, clock
        self.budget: Budget = beside.budget if beside else Budget(endpoint.budget)
        self._known: set[str] = set()
        self._brought: set[tuple[str, str | None]] = set()
        self.asked_together: set[tuple[str, ...]] = set()
        """Which fields were asked in one question."""
        self._note(booked)
        self.run: str | None = None
        self.pending: frozenset[str] = frozenset()
        """Questions that lie in a batch already."""
        self.deferred: dict[str, Request] = {}
        self.used: set[str] = set()
        self.refusals = Refusals(clock, "the endpoint")
        self.requests = 0
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._slots: threading.BoundedSemaphore = (
            beside._slots if beside else threading.BoundedSemaphore(endpoint.concurrency)
        )
        self._closed: EngineClosed | None = None
        self._refused: frozenset[str] = frozenset()  # what this endpoint has refused, learnt once a run
        self._secrets = _secrets(endpoint)
        self.allowance = Allowance(clock, endpoint.request_seconds, REPLY_BYTES, "request_seconds", keeps=True)
        self.client = self._client()

    def _client(self) -> openai.OpenAI:
        timeout = httpx2.Timeout(self.endpoint.request_seconds, connect=10)
        http = httpx2.Client(transport=httpx2.HTTPTransport(), timeout=timeout, follow_redirects=True)
        self.allowance.bind(http)
        http.event_hooks["response"].append(_stay)
        return openai.OpenAI(
            api_key=self.endpoint.api_key,
            base_url=self.endpoint.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=http,
        )

    def close(self) -> None:
        self.client.close()

    def begin(self, run: str) -> None:
        """Book in this run from now on; what stands in the books by now is booked."""
        self.run = run
        self._note(self.replies.booked())

    def _note(self, booked: Iterable[Reply]) -> None:
        for reply in booked:
            self._known.add(reply.sha256)
            self._brought.add((reply.sha256, reply.batch))
            self.asked_together.add(reply.fields)

    # --- what is held -----------------------------------------------------------------------------

    def completion(self, body: dict[str, Any], key: str, fields: Collection[str]) -> Held:
        """The reply to a request.

        What was stored and is not a reply (an older release kept a proxy's error
        page) is asked for again; any reply is used as it is, and booked if
        nobody has: a file brought it, or an older release died before it did.

        Raises:
            AskError: one of its kinds.
        """
        about = BatchQuestion(sha256_json(body), key, tuple(fields), size_of(body), body["max_completion_tokens"])
        with self._one_at_a_time(about.sha256):
            return self._held_or_sent(Request(about, body))

    def _one_at_a_time(self, sha256: str) -> threading.Lock:
        """Two sources with the same text ask the same: the second waits for the first one's reply."""
        with self._lock:
            return self._asking.setdefault(sha256, threading.Lock())

    def _held_or_sent(self, request: Request) -> Held:
        self.used.add(request.sha256)
        if (completion := self.stored(request.sha256)) is not None:
            return self._taken_up(request.about, completion)
        if request.sha256 in self.pending:
            raise Waiting("its questions are in a batch; the next run looks for the replies")
        if self.endpoint.defers:
            self._defer(request)
        self._refuse_when_closed()
        attempts = retrying(self.clock, attempts=ATTEMPTS, seconds=PATIENCE_SECONDS)
        with self._slots:
            held: Held = attempts(self._send, request)
            return held

    def _taken_up(self, about: BatchQuestion, completion: Completion) -> Held:
        """A stored reply; booked now when it stands in no books."""
        booking, kept = self._booking(about, completion, None), self.replies.booking_of(about.sha256)
        if about.sha256 in self._known:
            return Held(completion, replace(booking, reused=True, cost=0.0), kept is not None)
        cost = self.cost(booking.usage, batched=bool(kept.get("batched"))) if kept is not None else None
        booking = replace(booking, cost=cost)
        self._book(booking)
        return Held(completion, booking, kept is not None)

    def holds(self, body: dict[str, Any]) -> bool:
        """Whether the reply to a request is here already."""
        return self.stored(sha256_json(body)) is not None

    def expects(self, body: dict[str, Any]) -> bool:
        """Whether the reply to a request is here, or its question lies in a batch."""
        return sha256_json(body) in self.pending or self.holds(body)

    def is_ours(self, sha256: str) -> bool:
        """Whether a reply is here that was paid for at our price."""
        return self.stored(sha256) is not None and self.replies.booking_of(sha256) is not None

    def stored(self, sha256: str) -> Completion | None:
        """A reply from the store, None when it never arrived or is none."""
        raw = self.replies.get_reply(sha256)
        return None if raw is None else self.read(raw)

    def read(self, raw: str) -> Completion | None:
        """The completion in a raw reply, without the key in any spelling; None for what is not a reply."""
        found = read_reply(raw)
        if found is None:
            return None
        refusal, model = (self.redacted(text) if text else None for text in (found.refusal, found.model))
        return replace(found, content=self.redacted(found.content), refusal=refusal, model=model)

    def _defer(self, request: Request) -> None:
        amount = self.upper(request.body, batched=True)
        self.budget.reserve(amount)
        self.budget.settle(amount, amount)
        self.deferred[request.sha256] = request
        raise Waiting("its questions are left to a batch or a file")

    # --- the books --------------------------------------------------------------------------------

    def keep(
        self, raw: str, about: BatchQuestion, batch: str | None = None, seconds: float | None = None
    ) -> Held | None:
        """Store a reply that arrived, and book it once; None for what is not a reply, which is not kept.

        Storing comes first: what a crash leaves stored and not booked is
        booked by the next run from the line that is stored with it.
        """
        raw = self._redacted_raw(raw)
        completion = self.read(raw)
        if completion is None:
            return None
        booking = replace(self._booking(about, completion, batch), seconds=seconds)
        if batch is not None and (about.sha256, batch) in self._brought:
            return Held(completion, replace(booking, reused=True, cost=0.0))
        self.replies.put_reply(about.sha256, raw, booking)
        self._book(booking)
        return Held(completion, booking)

    def keep_foreign(self, sha256: str, raw: str) -> None:
        """Store a reply that someone else brought; it is booked, without a price, when a question is found that it answers."""
        self.replies.put_reply(sha256, self._redacted_raw(raw))

    def _booking(self, about: BatchQuestion, completion: Completion, batch: str | None) -> Reply:
        received = None if about.reply_tokens is None else max(about.reply_tokens, size_of(completion.content))
        usage = believed(completion.usage, sent=about.sent, received=received)
        return Reply(
            sha256=about.sha256,
            key=about.key,
            engine=self.engine,
            model=self.endpoint.model,
            fields=about.fields,
            outcome="arrived",
            usage=usage,
            reused=False,
            at=self.now(),
            cost=self.cost(usage, batched=batch is not None),
            answered_by=completion.model,
            run=self.run,
            batch=batch,
        )

    def _book(self, booking: Reply) -> None:
        self.replies.book(booking)
        with self._lock:
            self._note([booking])

    def body(
        self, messages: list[dict[str, str]], name: str, schema: dict[str, Any], reply_tokens: int | None = None
    ) -> dict[str, Any]:
        """A request: all that its reply depends on. ``name`` is the schema's."""
        endpoint = self.endpoint
        body: dict[str, Any] = {
            "model": endpoint.model,
            "messages": messages,
            "max_completion_tokens": endpoint.reply_tokens if reply_tokens is None else reply_tokens,
            "temperature": endpoint.temperature,
        }
        formats: dict[str, dict[str, Any]] = {
            "json_schema": {
                "type": "json_schema",
                "json_schema": {"name": name, "strict": True, "schema": schema},
            },
            "json_object": {"type": "json_object"},
        }
        if chosen := formats.get(endpoint.response_format):
            body["response_format"] = chosen
        return body

    def without_refused(self, body: dict[str, Any]) -> dict[str, Any]:
        """The request as this endpoint takes it."""
        return _without(body, self._refused)

    def learn(self, status: int, message: str, param: str | None) -> bool:
        """Note which part of a request an endpoint refused; True when that is news."""
        refused = _refused_part(status, message, param) - self._refused
        self._refused |= refused
        return bool(refused)

    def upper(self, body: dict[str, Any], *, batched: bool = False) -> float:
        """USD that the request cannot pass; 0 where the price is unknown, which a budget does not allow."""
        price = self.endpoint.price()
        return price.upper(size_of(body), int(body["max_completion_tokens"]), batched=batched) if price else 0.0

    def cost(self, usage: Usage | None, *, batched: bool = False) -> float | None:
        """USD of a reply, None where tokens or price are unknown."""
        price = self.endpoint.price()
        return price.cost(usage, batched=batched) if price and usage else None

    # --- sending ----------------------------------------------------------------------------------

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise EngineClosed(str(self._closed))
        if told := self.refusals.closed():
            raise EngineClosed(told)

    def _send(self, request: Request) -> Held:
        """One attempt; a part of the question that the endpoint does not take is left out, and it is sent again."""
        while True:
            self._refuse_when_closed()
            self.replies.want_room()
            try:
                return self._paid(request)
            except openai.APIStatusError as error:
                if not self.learn(error.status_code, _message(error), error.param):
                    raise self._translated(error) from error
            except _Moved as error:
                raise self._close(self.redacted(str(error))) from error
            except openai.APIConnectionError as error:
                cause = error.__cause__ or error
                said = f"the endpoint did not answer: {type(cause).__name__}: {cause}"
                raise Unanswered(self.redacted(said)) from error
            except (openai.OpenAIError, httpx2.HTTPError) as error:
                said = f"the endpoint's answer broke off: {type(error).__name__}: {error}"
                raise Unanswered(self.redacted(said)) from error

    def _paid(self, request: Request) -> Held:
        """The reply, kept. What cannot be known of its cost counts in full against the budget."""
        amount = self.upper(request.body)
        self.budget.reserve(amount)
        spent = amount
        try:
            began = self.clock.monotonic()
            raw = self._raw(request.body)
            held = self.keep(raw, request.about, seconds=round(self.clock.monotonic() - began, 3))
            if held is None:
                shown = self.redacted(raw)[:80]
                raise Unanswered(f"the endpoint answered with something that is not a completion: {shown!r}")
            spent = amount if held.booking.cost is None else held.booking.cost
            return held
        except openai.APIStatusError:
            spent = 0.0
            raise
        finally:
            self.budget.settle(amount, spent)

    def _raw(self, body: dict[str, Any]) -> str:
        """The reply's body, as far as it may be read: one that is larger, or broken, was paid for all the same."""
        self.requests += 1
        received = bytearray()
        sent = {key: part for key, part in body.items() if key != AGAIN}
        with (
            self.allowance.within(self.endpoint.request_seconds),
            self.client.chat.completions.with_streaming_response.create(**self.without_refused(sent)) as response,
        ):
            try:
                for piece in response.iter_bytes():
                    received += piece
            except (TooLarge, httpx2.DecodingError):
                pass
            except httpx2.TransportError:
                if not _is_whole(received):
                    raise
        self.refusals.answered()
        return _decoded(received)

    def redacted(self, text: str) -> str:
        """A text without the key, whoever put it there."""
        for secret in self._secrets:
            text = text.replace(secret, "[key]")
        return text

    def _redacted_raw(self, raw: str) -> str:
        """A raw reply without the key, also where JSON's escapes spell it; else as it came."""
        plain = self.redacted(raw)
        if "\\" not in plain:
            return plain
        try:
            tree = loads(plain)
            hidden = mapped(tree, self.redacted)
        except (ValueError, RecursionError):
            return plain
        return plain if hidden == tree else json.dumps(hidden)

    def _translated(self, error: openai.APIStatusError) -> SourceError:
        """An HTTP error as what the operator does next."""
        status, said = error.status_code, self.redacted(_message(error))[:300]
        wait = retry_after(error.response.headers, self.clock.now())
        if status in (401, 403):
            return self._close(
                f"the endpoint refused the key (HTTP {status}): {said}; check OPENAI_API_KEY and OPENAI_BASE_URL"
            )
        if status == 404:
            return self._close(
                f"the endpoint does not know this model or address (HTTP 404): {said}; check the settings model and base_url"
            )
        if status == 429 and any(word in f"{error.code} {error.type} {said}" for word in _QUOTA):
            return self._close(f"the quota of this key is used up: {said}")
        if status == 429:
            self.refusals.refused(wait)
        if status in (408, 409, 425, 429) or status >= 500:
            late = Unanswered(f"the endpoint is busy or failing (HTTP {status}): {said}")
            late.retry_after = wait
            return late
        if any(word in f"{error.code} {said}".lower() for word in _OVERFLOW):
            return TooLong(
                f"the question does not fit in the model's context: {said}; lower the setting context_tokens"
            )
        return AskError(f"the endpoint refused the question (HTTP {status}): {said}{_cure(said)}")

    def _close(self, message: str) -> EngineClosed:
        self._closed = EngineClosed(message)
        return EngineClosed(message)

    def now(self) -> str:
        return f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}"


def _cure(said: str) -> str:
    """Which setting helps an endpoint that cannot be made to reply in our form; nothing where it says something else."""
    if not any(word in said for word in ("response_format", "json_schema", "json_object")):
        return ""
    return "; set response_format in [tool.survey-extract] to a lower form: json_object, or text"


def _decoded(received: bytearray) -> str:
    return bytes(received).decode(json.detect_encoding(received), "replace")


def _is_whole(received: bytearray) -> bool:
    """Whether a connection broke only after the reply was there."""
    found = read_reply(_decoded(received))
    return found is not None and found.problem is None


def size_of(sent: Any) -> int:
    """Bytes of something as JSON: no tokenizer makes more tokens of it."""
    return len(json.dumps(sent, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _secrets(endpoint: Endpoint) -> tuple[str, ...]:
    """What must not be seen: the key, and a password within the address; short ones are words."""
    password = urlsplit(endpoint.base_url or "").password or ""
    return tuple(secret for secret in (endpoint.api_key, password, unquote(password)) if len(secret) >= 8)


_LIMITS = ("maxLength", "maxItems")


def _refused_part(status: int, said: str, param: str | None) -> frozenset[str]:
    """Parts of the question that some endpoints refuse, and that an answer can do without.

    Models that reason take no temperature; some servers' schemas know no
    limits. Both are checked here again, so the answer is the same.
    """
    if status != 400:
        return frozenset()
    parts = {"temperature"} if param == "temperature" or "'temperature'" in said else set()
    return frozenset(parts | ({"limits"} if any(limit in said for limit in _LIMITS) else set()))


def _without(body: dict[str, Any], refused: frozenset[str]) -> dict[str, Any]:
    if "temperature" in refused:
        body = {key: part for key, part in body.items() if key != "temperature"}
    return _unlimited(body) if "limits" in refused else body


def _unlimited(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _unlimited(part) for key, part in node.items() if key not in _LIMITS}
    return [_unlimited(part) for part in node] if isinstance(node, list) else node


def _message(error: openai.APIStatusError) -> str:
    """What an error says, whole: it is cut after the key is taken out, so that no part of it is left."""
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(said or error.response.text or error.response.reason_phrase).split())
