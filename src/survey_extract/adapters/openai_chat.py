"""A request goes in, a completion comes out: sent once, stored raw before it is looked at, never paid for again.

Every reply is stored under the hash of the whole request, whatever it says.
The SDK's own parsing and retries are not used: they lose usage and raw text
when a reply does not fit, and retry what cannot succeed. Here a failure of
any kind becomes one named error. No request is sent that could pass the
budget, none while the same question lies in a batch, and none once the
endpoint has refused the key or said "too many" ten times in a row.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai
from openai.types.chat import ChatCompletion

from survey_extract.adapters.purse import Purse
from survey_extract.adapters.retry import Refusals, retry_after, retrying
from survey_extract.core.fingerprint import sha256_json
from survey_extract.core.money import Price
from survey_extract.core.ports import About, Clock, ReplyStore
from survey_extract.core.records import Usage
from survey_extract.errors import AskError, EngineClosed, SourceError, TooLong, Unanswered, Waiting

ATTEMPTS = 4
PATIENCE_SECONDS = 600.0
"""No wait for another attempt begins that would end later than this."""

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
    price: Price | None = None
    budget: float | None = None
    defers: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A completion in hand. ``reused`` says that it cost nothing now: it was paid for, and booked, before."""

    completion: ChatCompletion
    reused: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """A question that waits: its name, whose it is, and the request itself."""

    sha256: str
    key: str
    fields: tuple[str, ...]
    body: dict[str, Any]


class Chat:
    """Chat completions of one endpoint. Safe to share between threads. ``booked`` are the replies that stand in some run's books."""

    def __init__(self, endpoint: Endpoint, replies: ReplyStore, clock: Clock, booked: Collection[str] = ()) -> None:
        self.endpoint, self.replies, self.clock = endpoint, replies, clock
        self.purse = Purse(endpoint.budget)
        self.booked = set(booked)
        self.pending: frozenset[str] = frozenset()
        """Questions that lie in a batch already."""
        self.foreign: set[str] = set()
        """Replies that came by file from someone else, whose price is not ours."""
        self.deferred: dict[str, Deferred] = {}
        self.used: set[str] = set()
        self.refusals = Refusals(clock, "the endpoint")
        self.requests = 0
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Lock] = {}
        self._slots = threading.BoundedSemaphore(endpoint.concurrency)
        self._closed: EngineClosed | None = None
        self._refused: frozenset[str] = frozenset()  # what this endpoint has refused, learnt once a run
        timeout = httpx2.Timeout(endpoint.request_seconds, connect=10)
        self.client = openai.OpenAI(
            api_key=endpoint.api_key,
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=httpx2.Client(
                transport=_Deadline(clock, endpoint.request_seconds), timeout=timeout, follow_redirects=True
            ),
        )

    def close(self) -> None:
        self.client.close()

    def completion(self, body: dict[str, Any], key: str, fields: Sequence[str]) -> Held:
        """The reply to a request.

        A stored reply that is no completion (a proxy's error page) was never
        an answer and is asked for again; any other is used as it is. One that
        no run has booked was paid for by a run that was broken off, and is
        booked now.

        Raises:
            AskError: one of its kinds.
        """
        sha256 = sha256_json(body)
        with self._one_at_a_time(sha256):
            return self._held_or_sent(sha256, body, key, fields)

    def _one_at_a_time(self, sha256: str) -> threading.Lock:
        """Two sources with the same text ask the same: the second waits for the first one's reply."""
        with self._lock:
            return self._asking.setdefault(sha256, threading.Lock())

    def _held_or_sent(self, sha256: str, body: dict[str, Any], key: str, fields: Sequence[str]) -> Held:
        self.used.add(sha256)
        if (held := self.stored(sha256)) is not None:
            return Held(held, self._was_booked(sha256), sha256)
        if sha256 in self.pending:
            raise Waiting("its questions lie in a batch; the next run looks for the replies")
        if self.endpoint.defers:
            self._defer(Deferred(sha256, key, tuple(fields), body))
        self._refuse_when_closed()
        attempts = retrying(self.clock, attempts=ATTEMPTS, seconds=PATIENCE_SECONDS)
        with self._slots:
            completion = attempts(self._send, body, sha256, About(key, tuple(fields)))
        self.booked.add(sha256)
        return Held(completion, False, sha256)

    def holds(self, body: dict[str, Any]) -> bool:
        """Whether the reply to a request is here already."""
        return self.stored(sha256_json(body)) is not None

    def stored(self, sha256: str) -> ChatCompletion | None:
        """A reply from the store, None when it never arrived or is none."""
        raw = self.replies.get_reply(sha256)
        return None if raw is None else parsed(raw)

    def _was_booked(self, sha256: str) -> bool:
        if sha256 in self.booked:
            return True
        self.booked.add(sha256)
        return False

    def _defer(self, question: Deferred) -> None:
        amount = self.upper(question.body, batched=True)
        self.purse.reserve(amount)
        self.purse.settle(amount, amount)
        self.deferred[question.sha256] = question
        raise Waiting("its questions are left to a batch or a file")

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
        price = self.endpoint.price
        size = len(json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        return price.upper(size, int(body["max_completion_tokens"]), batched=batched) if price else 0.0

    def cost(self, usage: Usage | None, *, batched: bool = False) -> float | None:
        """USD of a reply, None where tokens or price are unknown."""
        price = self.endpoint.price
        return price.cost(usage, batched=batched) if price and usage else None

    # --- sending ----------------------------------------------------------------------------------

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise EngineClosed(str(self._closed))
        if told := self.refusals.closed():
            raise EngineClosed(told)

    def _send(self, body: dict[str, Any], sha256: str, about: About) -> ChatCompletion:
        """One attempt; a part of the question that the endpoint does not take is left out, and it is sent again."""
        while True:
            self._refuse_when_closed()
            try:
                raw = self._paid(body)
                break
            except openai.APIStatusError as error:
                if not self.learn(error.status_code, _message(error), error.param):
                    raise self._translated(error) from error
            except openai.APIConnectionError as error:
                cause = error.__cause__ or error
                said = f"the endpoint did not answer: {type(cause).__name__}: {cause}"
                raise Unanswered(self.redacted(said)) from error
            except (openai.OpenAIError, httpx2.HTTPError) as error:
                said = f"the endpoint's answer broke off: {type(error).__name__}: {error}"
                raise Unanswered(self.redacted(said)) from error
        self.replies.put_reply(sha256, raw, about)
        completion = parsed(raw)
        if completion is None:
            raise Unanswered(f"the endpoint answered with something that is no completion: {raw[:80]!r}")
        return completion

    def _paid(self, body: dict[str, Any]) -> str:
        """The raw reply. What a broken connection cost is unknown, so it counts in full against the budget."""
        amount = self.upper(body)
        self.purse.reserve(amount)
        spent = amount
        try:
            raw = self._raw(body)
            completion = parsed(raw)
            known = self.cost(usage_of(completion)) if completion else None
            spent = amount if known is None else known
            return raw
        except openai.APIStatusError:
            spent = 0.0
            raise
        finally:
            self.purse.settle(amount, spent)

    def _raw(self, body: dict[str, Any]) -> str:
        self.requests += 1
        raw = self.client.chat.completions.with_raw_response.create(**self.without_refused(body)).text
        self.refusals.answered()
        return self.redacted(raw)

    def redacted(self, text: str) -> str:
        """A text without the key, whoever put it there."""
        secrets = [self.endpoint.api_key, urlsplit(self.endpoint.base_url or "").password or ""]
        for secret in secrets:
            if len(secret) >= 8:
                text = text.replace(secret, "[key]")
        return text

    def _translated(self, error: openai.APIStatusError) -> SourceError:
        """An HTTP error as what the operator does next."""
        status, said = error.status_code, self.redacted(_message(error))
        wait = retry_after(error.response.headers, self.clock.now())
        if status in (401, 403):
            return self._close(
                f"the endpoint refuses the key (HTTP {status}): {said}; check OPENAI_API_KEY and OPENAI_BASE_URL"
            )
        if status == 404:
            return self._close(
                f"the endpoint knows no such model or address (HTTP 404): {said}; check the settings model and base_url"
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
                f"the question does not fit into the model's context: {said}; lower the setting context_tokens"
            )
        return AskError(f"the endpoint refuses the question (HTTP {status}): {said}")

    def _close(self, message: str) -> EngineClosed:
        self._closed = EngineClosed(message)
        return EngineClosed(message)

    def now(self) -> str:
        return f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}"


def parsed(raw: str) -> ChatCompletion | None:
    """The completion in a raw body, None when it is none."""
    try:
        body = json.loads(raw)
        return (
            ChatCompletion.model_validate(body)
            if isinstance(body, dict) and isinstance(body.get("choices"), list)
            else None
        )
    except ValueError:
        return None


def usage_of(completion: ChatCompletion) -> Usage | None:
    usage = completion.usage
    if usage is None:
        return None
    prompt, reply = usage.prompt_tokens_details, usage.completion_tokens_details
    return Usage(
        prompt=usage.prompt_tokens,
        cached=(prompt.cached_tokens if prompt else None) or 0,
        completion=usage.completion_tokens,
        reasoning=(reply.reasoning_tokens if reply else None) or 0,
    )


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
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(said or error.response.text[:200] or error.response.reason_phrase).split())[:300]


class _Deadline(httpx2.HTTPTransport):
    """Ends a response that drips: the client's time-out is between two bytes, not for the whole."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        super().__init__()
        self._clock, self._seconds = clock, seconds

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        deadline = self._clock.monotonic() + self._seconds
        response = super().handle_request(request)
        response.stream = _Timed(response.stream, self._clock, deadline, self._seconds)
        return response


class _Timed(httpx2.SyncByteStream):
    def __init__(self, stream: Any, clock: Clock, deadline: float, seconds: float) -> None:
        self._stream, self._clock, self._deadline, self._seconds = stream, clock, deadline, seconds

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            if self._clock.monotonic() > self._deadline:
                raise httpx2.ReadTimeout(f"not complete after {self._seconds:g} s (setting request_seconds)")
            yield chunk

    def close(self) -> None:
        self._stream.close()
