"""A text and fields go in, a model's answers come out: chat completions of any OpenAI-compatible endpoint.

Every reply is stored raw before it is looked at, under the hash of the whole
request, and a stored reply is never paid for again, whatever it says. The
SDK's own parsing and retries are not used: they lose usage and raw text when
a reply does not fit, and retry what cannot succeed. Here a failure of any
kind becomes one named error that carries what was spent.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion

from survey_extract.adapters.retry import retry_after, retrying
from survey_extract.core.fingerprint import Json, sha256_json
from survey_extract.core.ports import Asked, Clock, ReplyStore
from survey_extract.core.prompt import CHARACTERS_A_TOKEN, Misfit, Prompt, estimated_tokens, parse_reply, wire_schema
from survey_extract.core.records import PaperText, Reply, Usage
from survey_extract.core.relevance import select
from survey_extract.core.schema import FieldSpec
from survey_extract.errors import AskError, BadReply, EngineClosed, Refused, SourceError, TooLong, Unanswered

ATTEMPTS = 4
PATIENCE_SECONDS = 600.0
"""No wait for another attempt begins that would end later than this."""
OVERHEAD = 0.95
"""Share of the context that is used; the estimate of tokens is no count."""
TRUNCATED_BELOW = 0.5
"""Counted tokens below this share of the estimate mean that the endpoint dropped a part of the question."""

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
    """What is asked, and how."""

    model: str
    api_key: str
    base_url: str | None
    temperature: float
    reply_tokens: int
    context_tokens: int
    response_format: str
    concurrency: int
    request_seconds: float


class OpenAIEngine:
    """One question a document, one repair if need be; see ``core.ports.Engine``. Safe to share between threads."""

    name = "openai"

    def __init__(self, endpoint: Endpoint, prompt: Prompt, replies: ReplyStore, clock: Clock) -> None:
        self._endpoint, self._prompt, self._replies, self._clock = endpoint, prompt, replies, clock
        self._slots = threading.BoundedSemaphore(endpoint.concurrency)
        self._closed: EngineClosed | None = None
        self._refused: frozenset[str] = frozenset()  # what this endpoint has refused, learnt once a run
        timeout = httpx2.Timeout(endpoint.request_seconds, connect=10)
        self._client = openai.OpenAI(
            api_key=endpoint.api_key,
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=httpx2.Client(
                transport=_Deadline(clock, endpoint.request_seconds), timeout=timeout, follow_redirects=True
            ),
        )
        self.requests = 0

    @property
    def model(self) -> str:
        return self._endpoint.model

    @property
    def prompt(self) -> str:
        return self._prompt.sha256

    @property
    def parameters(self) -> Json:
        """What else an answer depends on. The reply's limit and the context do not change what is said, only whether."""
        return {"temperature": self._endpoint.temperature, "response_format": self._endpoint.response_format}

    def close(self) -> None:
        self._client.close()

    def ask(self, key: str, text: PaperText, wanted: Sequence[FieldSpec]) -> Asked:
        """Ask one question about all wanted fields.

        Raises:
            AskError: one of its kinds; ``replies`` book every reply that came.
        """
        shown, omitted = select(text, wanted, self._budget(wanted))
        talk = _Talk(self, key, wanted, self._prompt.question(text, shown, wanted))
        try:
            said = talk.answers(self._prompt)
        except AskError as error:
            error.replies = tuple(talk.booked)
            raise
        return Asked(
            said, tuple(talk.booked), talk.last_sha256, omitted, frozenset(s.number for s in shown), talk.warnings()
        )

    def _budget(self, wanted: Sequence[FieldSpec]) -> int:
        """Characters of the document that fit beside the wording and the reply."""
        endpoint = self._endpoint
        wording = len(self._prompt.extract) + sum(len(spec.instruction) + len(spec.name) * 2 for spec in wanted)
        tokens = endpoint.context_tokens * OVERHEAD - endpoint.reply_tokens - estimated_tokens(wording)
        return max(0, int(tokens * CHARACTERS_A_TOKEN))

    def body(self, messages: list[dict[str, str]], wanted: Sequence[FieldSpec], reply_tokens: int) -> dict[str, Any]:
        """A request: all that its reply depends on."""
        formats: dict[str, dict[str, Any]] = {
            "json_schema": {
                "type": "json_schema",
                "json_schema": {"name": "survey_answers", "strict": True, "schema": wire_schema(wanted)},
            },
            "json_object": {"type": "json_object"},
            "text": {},
        }
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": messages,
            "max_completion_tokens": reply_tokens,
            "temperature": self._endpoint.temperature,
        }
        if chosen := formats[self._endpoint.response_format]:
            body["response_format"] = chosen
        return body

    @property
    def reply_tokens(self) -> int:
        return self._endpoint.reply_tokens

    # --- one request ------------------------------------------------------------------------------

    def completion(self, body: dict[str, Any]) -> tuple[ChatCompletion, bool, str]:
        """The reply to a request, whether it came from the store, and its hash.

        A stored reply that is no completion (a proxy's error page) was never
        an answer and is asked for again; any other is used as it is.
        """
        sha256 = sha256_json(body)
        raw = self._replies.get_reply(sha256)
        if raw is not None and (held := _parsed(raw)) is not None:
            return held, True, sha256
        if self._closed:
            raise EngineClosed(str(self._closed))
        attempts = retrying(self._clock, attempts=ATTEMPTS, seconds=PATIENCE_SECONDS)
        with self._slots:
            return attempts(self._send, body, sha256), False, sha256

    def _send(self, body: dict[str, Any], sha256: str) -> ChatCompletion:
        if self._closed:
            raise EngineClosed(str(self._closed))
        sent = _without(body, self._refused)
        self.requests += 1
        try:
            raw = self._client.chat.completions.with_raw_response.create(**sent).text
        except openai.APIStatusError as error:
            if refused := _refused_part(error) - self._refused:
                self._refused |= refused
                return self._send(body, sha256)
            raise self._translated(error) from error
        except openai.APIConnectionError as error:
            cause = error.__cause__ or error
            raise Unanswered(f"the endpoint did not answer: {type(cause).__name__}: {cause}") from error
        except (openai.OpenAIError, httpx2.HTTPError) as error:
            raise Unanswered(f"the endpoint's answer broke off: {type(error).__name__}: {error}") from error
        self._replies.put_reply(sha256, raw)
        completion = _parsed(raw)
        if completion is None:
            raise Unanswered(f"the endpoint answered with something that is no completion: {raw[:80]!r}")
        return completion

    def _translated(self, error: openai.APIStatusError) -> SourceError:
        """An HTTP error as what the operator does next."""
        status, said = error.status_code, _message(error)
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
        if status in (408, 409, 425, 429) or status >= 500:
            late = Unanswered(f"the endpoint is busy or failing (HTTP {status}): {said}")
            late.retry_after = retry_after(error.response.headers, self._clock.now())
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
        return f"{self._clock.now():%Y-%m-%dT%H:%M:%SZ}"


class _Talk:
    """One question with its repair: what was said so far, and what it cost."""

    def __init__(self, engine: OpenAIEngine, key: str, wanted: Sequence[FieldSpec], question: str) -> None:
        self._engine, self._key, self._wanted = engine, key, wanted
        self._messages = [{"role": "user", "content": question}]
        self._reply_tokens = engine.reply_tokens
        self.booked: list[Reply] = []
        self.last_sha256: str | None = None
        self._estimate = estimated_tokens(len(question))

    def answers(self, prompt: Prompt) -> Any:
        """Ask; when the reply does not fit, say why and ask once more."""
        try:
            return self._turn()
        except TooLong:
            if not self.booked:
                raise
            self._reply_tokens *= 2
        except BadReply as error:
            self._messages += [
                {"role": "assistant", "content": error.content},
                {"role": "user", "content": prompt.correction(str(error), self._wanted)},
            ]
        return self._turn()

    def _turn(self) -> Any:
        completion, reused, sha256 = self._engine.completion(
            self._engine.body(self._messages, self._wanted, self._reply_tokens)
        )
        self.last_sha256 = sha256
        try:
            said = self._said(completion)
        except AskError as error:
            self._book(completion, reused, error.kind)
            raise
        self._book(completion, reused, "ok")
        return said

    def _said(self, completion: ChatCompletion) -> Any:
        if not completion.choices:
            raise _bad("the reply holds no choices", "")
        choice = completion.choices[0]
        content = choice.message.content or ""
        if choice.finish_reason == "length":
            raise TooLong(f"the reply was cut off after {self._reply_tokens} tokens; raise the setting reply_tokens")
        if choice.finish_reason == "content_filter":
            raise Refused(
                "the endpoint's content filter stopped the reply; decide this source by hand, or ask another model"
            )
        if choice.message.refusal:
            raise Refused(
                f"the model declined: {choice.message.refusal[:300]}; decide this source by hand, or ask another model"
            )
        try:
            return parse_reply(content, self._wanted)
        except Misfit as error:
            raise _bad(str(error), content) from error

    def _book(self, completion: ChatCompletion, reused: bool, outcome: str) -> None:
        self.booked.append(
            Reply(
                sha256=self.last_sha256 or "",
                key=self._key,
                engine=self._engine.name,
                model=self._engine.model,
                fields=tuple(spec.name for spec in self._wanted),
                outcome=outcome,
                usage=_usage(completion),
                reused=reused,
                at=self._engine.now(),
            )
        )

    def warnings(self) -> tuple[str, ...]:
        """What a person should know though the question was answered."""
        said: list[str] = []
        usage = self.booked[0].usage if self.booked else None
        if usage is None:
            said.append("the endpoint counted no tokens, so what this cost is unknown")
        elif usage.prompt < TRUNCATED_BELOW * self._estimate:
            said.append(
                f"the endpoint counted {usage.prompt:,} tokens where about {self._estimate:,} were sent: "
                "it may have cut the document silently (Ollama: raise num_ctx)"
            )
        return tuple(said)


def _bad(message: str, content: str) -> BadReply:
    error = BadReply(message)
    error.content = content
    return error


def _parsed(raw: str) -> ChatCompletion | None:
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


def _usage(completion: ChatCompletion) -> Usage | None:
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


def _refused_part(error: openai.APIStatusError) -> frozenset[str]:
    """Parts of the question that some endpoints refuse, and that an answer can do without.

    Models that reason take no temperature; some servers' schemas know no
    limits. Both are checked here again, so the answer is the same.
    """
    if error.status_code != 400:
        return frozenset()
    said = _message(error)
    parts = {"temperature"} if error.param == "temperature" or "'temperature'" in said else set()
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
