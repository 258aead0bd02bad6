"""A request goes in, a completion comes out: sent once, stored and booked when it arrives, never paid for again.

Every reply is stored under the hash of the whole request, and entered into
the books, whatever it says and before anybody looks at what it says. The
SDK's own parsing and retries are not used: they refuse replies over what is
not needed, and retry what cannot succeed. Here a failure of any kind becomes
one named error (``faults``). No request is sent that could exceed the budget,
none while the same question is in a batch, and none once it is clear that no
question will be answered.
"""

from __future__ import annotations

import json
import threading
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from survey_extract.adapters.http.retry import retrying
from survey_extract.adapters.openai.budget import Budget
from survey_extract.adapters.openai.faults import Faults, message_of
from survey_extract.adapters.openai.reply import REPLY_BYTES, Completion, first_words, read_error, read_reply
from survey_extract.core.books import BatchQuestion, Reply, TokenUsage
from survey_extract.core.fingerprint import sha256_json
from survey_extract.core.moments import stamp
from survey_extract.core.money import A_FIELD, Price, believed
from survey_extract.core.ports import Clock, ReplyStore
from survey_extract.core.question.prompt import estimated_tokens
from survey_extract.core.redaction import Redaction
from survey_extract.errors import Waiting

if TYPE_CHECKING:
    import openai

    from survey_extract.adapters.http.bounded import Allowance
    from survey_extract.adapters.openai import sdk
else:
    from survey_extract.adapters.openai import later as sdk

ATTEMPTS = 4
PATIENCE_SECONDS = 600.0
"""No wait for another attempt begins that would end later than this."""
AGAIN = "again"
"""Key of a request that is made once more on purpose: part of what its reply is stored under, and never sent."""


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


class _Body(NamedTuple):
    """A reply's body as far as it was read, and its media type."""

    text: str
    media_type: str


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
        self._received: defaultdict[int, list[int]] = defaultdict(list)
        """Tokens of the replies of this model, by the number of fields that were asked about."""
        self._note(booked)
        self.run: str | None = None
        self.pending: frozenset[str] = frozenset()
        """Questions that lie in a batch already."""
        self.deferred: dict[str, Request] = {}
        self.used: set[str] = set()
        self.requests = 0
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._slots: threading.BoundedSemaphore = (
            beside._slots if beside else threading.BoundedSemaphore(endpoint.concurrency)
        )
        self._refused: frozenset[str] = frozenset()  # what this endpoint has refused, learnt once a run
        self.redacted = Redaction(_secrets(endpoint))
        """A text without the key, whoever put it there, and however it is spelt."""
        self.faults = Faults(clock, self.redacted)
        self._made: sdk.Line | None = None

    @property
    def client(self) -> openai.OpenAI:
        """The client that sends; made for the first request."""
        return self._line().client

    @property
    def allowance(self) -> Allowance:
        """The time and size that answers are limited to."""
        return self._line().allowance

    def _line(self) -> sdk.Line:
        with self._lock:
            if self._made is None:
                asked = self.endpoint
                self._made = sdk.line_to(asked.base_url, asked.api_key, asked.request_seconds, self.clock)
            return self._made

    def close(self) -> None:
        if self._made is not None:
            self._made.client.close()

    def begin(self, run: str) -> None:
        """Book what arrives from now on under this run; what is in the books already stays there."""
        self.run = run
        self._note(self.replies.booked())

    def _note(self, booked: Iterable[Reply]) -> None:
        for reply in booked:
            is_new = reply.sha256 not in self._known
            self._known.add(reply.sha256)
            self._brought.add((reply.sha256, reply.batch))
            self.asked_together.add(reply.fields)
            if is_new and reply.usage and reply.model == self.endpoint.model and reply.fields:
                self._received[len(reply.fields)].append(reply.usage.completion)

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
        """Two sources with the same text ask the same question: the second waits for the reply to the first."""
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
        self.faults.refuse_when_closed()
        attempts = retrying(self.clock, attempts=ATTEMPTS, seconds=PATIENCE_SECONDS)
        with self._slots:
            held: Held = attempts(self._send, request)
            return held

    def _taken_up(self, about: BatchQuestion, completion: Completion) -> Held:
        """A stored reply; booked now if it is in no books."""
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

    def has(self, sha256: str, raw: str) -> bool:
        """Whether this very reply is here, as it is kept: what is here at our price is not meant."""
        return not self.is_ours(sha256) and self.replies.get_reply(sha256) == self.redacted(raw)

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
        raw = self.redacted(raw)
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
        self.replies.put_reply(sha256, self.redacted(raw))

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
        """What the budget holds back for a request, in USD: 0 if the price is unknown, which a budget does not allow."""
        return self.bound(body, batched=batched) or 0.0

    def bound(self, body: dict[str, Any], *, batched: bool = False) -> float | None:
        """USD that the request cannot pass, as it is said before and held back; None where the price is unknown."""
        price = self.endpoint.price()
        return price.upper(size_of(body), int(body["max_completion_tokens"]), batched=batched) if price else None

    def likely(self, body: dict[str, Any], fields: int, *, batched: bool = False) -> float | None:
        """USD of a question about so many fields, if it has the usual tokens and its reply is as long as this model's were so far."""
        usage = TokenUsage(prompt=estimated_tokens(size_of(body)), completion=self._usual_reply(fields))
        return self.cost(usage, batched=batched)

    def _usual_reply(self, fields: int) -> int:
        """Tokens of a reply about so many fields: the mean of those about as many, else of all by their fields, else a guess."""
        alike = self._received.get(fields)
        if alike:
            return round(sum(alike) / len(alike))
        asked = sum(number * len(counts) for number, counts in self._received.items())
        received = sum(map(sum, self._received.values()))
        return min(round(fields * received / asked) if asked else fields * A_FIELD, self.endpoint.reply_tokens)

    def cost(self, usage: TokenUsage | None, *, batched: bool = False) -> float | None:
        """USD of a reply, None where tokens or price are unknown."""
        price = self.endpoint.price()
        return price.cost(usage, batched=batched) if price and usage else None

    # --- sending ----------------------------------------------------------------------------------

    def _send(self, request: Request) -> Held:
        """One attempt; a part of the question that the endpoint does not take is left out, and it is sent again."""
        while True:
            self.faults.refuse_when_closed()
            self.replies.want_room()
            try:
                return self._paid(request)
            except sdk.openai.APIStatusError as error:
                if not self.learn(error.status_code, message_of(error), error.param):
                    raise self.faults.refused(error, request.sha256) from error
            except sdk.Moved as error:
                raise self.faults.moved(error) from error
            except sdk.openai.APIConnectionError as error:
                raise self.faults.not_reached(error) from error
            except UnicodeError as error:
                if self.endpoint.api_key.isascii():
                    raise
                raise self.faults.unsendable_key() from error
            except (sdk.openai.OpenAIError, sdk.httpx2.HTTPError) as error:
                raise self.faults.broken_off(error) from error

    def _paid(self, request: Request) -> Held:
        """The reply, kept. What cannot be known of its cost counts in full against the budget."""
        amount = self.upper(request.body)
        self.budget.reserve(amount)
        spent = amount
        try:
            began = self.clock.monotonic()
            body = self._raw(request.body)
            held = self.keep(body.text, request.about, seconds=round(self.clock.monotonic() - began, 3))
            if held is None:
                raise self.faults.strange(read_error(self.redacted(body.text), body.media_type), request.sha256)
            self.faults.answered()
            spent = amount if held.booking.cost is None else held.booking.cost
            return held
        except sdk.openai.APIStatusError:
            spent = 0.0
            raise
        finally:
            self.budget.settle(amount, spent)

    def _raw(self, body: dict[str, Any]) -> _Body:
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
            except (sdk.TooLarge, sdk.httpx2.DecodingError):
                pass
            except sdk.httpx2.TransportError:
                if not _is_whole(received):
                    raise
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return _Body(
            _decoded(received, response.http_response.charset_encoding), first_words(self.redacted(media_type))
        )

    def now(self) -> str:
        return stamp(self.clock.now())


_GZIP = b"\x1f\x8b"


def _decoded(received: bytearray, charset: str | None = None) -> str:
    """A body's text: as JSON says, else as its headers say; and unpacked, where it is packed and nobody said so."""
    data = bytes(received)
    if data.startswith(_GZIP):
        with suppress(zlib.error):
            data = zlib.decompressobj(wbits=31).decompress(data, REPLY_BYTES)
    for encoding in (json.detect_encoding(data), charset):
        with suppress(LookupError, UnicodeError, TypeError):
            return data.decode(encoding or "utf-8")
    return data.decode("utf-8", "replace")


def _is_whole(received: bytearray) -> bool:
    """Whether the connection broke only after the whole reply had arrived."""
    found = read_reply(_decoded(received))
    return found is not None and found.problem is None


def size_of(sent: Any) -> int:
    """The size in bytes of something as JSON: no tokenizer makes more tokens than that."""
    return len(json.dumps(sent, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _secrets(endpoint: Endpoint) -> tuple[str, ...]:
    """What nobody may see: the key, and any password in the address."""
    password = urlsplit(endpoint.base_url or "").password or ""
    return endpoint.api_key, password, unquote(password)


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
