"""The raw body of a reply goes in; its words, how it ended, its tokens and its model come out, whatever else it contains.

Endpoints that call themselves compatible differ in everything that is not
needed here. A reply that arrived was paid for, so whatever can be used of it is
used, and what cannot is a reply all the same: it is booked, and refused by
name. Only what never was a reply (an error, a proxy's page) is None, and may
be asked for again; ``read_error`` tells what it is. Nothing in here raises,
whatever the body contains.

The forms are those that people reported of vLLM, SGLang, Ollama, llama.cpp,
LiteLLM, OpenRouter, Azure and their gateways: a stream though none was asked
for, the answer as arguments of a call or as what was thought, a reply within
another object, an error under HTTP 200.
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from survey_extract.core.books import TokenUsage
from survey_extract.core.reading.plain_text import clean

REPLY_BYTES = 4_000_000
"""Bytes of a reply that are read; a thousand tokens have some 5,000."""
MODEL_LIMIT = 200
"""Characters of a model's name that are kept."""
DIGITS = 18
"""Digits of a whole number that is taken as one."""
_CUT_OFF = frozenset({"length", "max_tokens", "model_length", "max_output_tokens"})
_THOUGHTS = ("reasoning_content", "reasoning")
_FILTERED = frozenset({"content_filter", "safety", "prohibited_content", "recitation"})


@dataclass(frozen=True, slots=True)
class Completion:
    """What is needed of a reply. ``usage`` is the endpoint's count as it stands; ``problem`` says why there are no words.

    ``cut_off`` is set for a reply that ran into its limit, ``filtered`` for one
    that a filter stopped, ``refusal`` for the model's own no.
    """

    content: str = ""
    cut_off: bool = False
    filtered: bool = False
    refusal: str | None = None
    usage: TokenUsage | None = None
    model: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class NoReply:
    """What came in place of a reply: its kind and first words; ``status`` and ``code`` of an error that was sent as a success."""

    kind: str
    said: str
    status: int | None = None
    code: str = ""


def read_reply(raw: str) -> Completion | None:
    """The completion in a raw body; None for what is not a reply of a model."""
    text = _begun(raw)
    try:
        if text.startswith(("data:", "event:", "id:", "retry:")):
            return _streamed(text)
        body = _unwrapped(loads(text))
        return None if body is None else _completion(body)
    except (ValueError, RecursionError):
        return Completion(problem="the reply's body cannot be read as JSON") if text.startswith("{") else None


def read_error(raw: str, media_type: str = "") -> NoReply:
    """What a body is that is not a reply."""
    text = _begun(raw)
    try:
        return _error_in(loads(text) if not text.startswith(("data:", "event:")) else _events(text))
    except (ValueError, RecursionError):
        pass
    if not text:
        return NoReply("an empty body", "")
    is_page = text.startswith("<") or "html" in media_type
    return NoReply("an HTML page" if is_page else f"a text ({media_type or 'of no type'})", first_words(text))


def first_words(text: str) -> str:
    """How a body begins, without marks of HTML."""
    return clean(whole_characters(_TAGS.sub(" ", text[:_HEAD])))[:SHOWN]


def _begun(raw: str) -> str:
    """The body without the comments by which a connection is kept alive."""
    text = raw.lstrip("\ufeff \t\r\n")
    while text.startswith(":"):
        text = text.partition("\n")[2].lstrip()
    return text


def _unwrapped(body: Any) -> dict[str, Any] | None:
    """The object that is a completion; None where there is none, or it is an error."""
    around = body.values() if isinstance(body, dict) else body if isinstance(body, list) and len(body) == 1 else []
    near = [body, *(loads(part) if isinstance(part, str) and part.startswith("{") else part for part in around)]
    return next((part for part in near if isinstance(part, dict) and _is_reply(part)), None)


def _is_reply(body: dict[str, Any]) -> bool:
    choices, kind = body.get("choices"), body.get("object")
    if (body.get("error") and not choices) or _failed(body) is not None:
        return False
    is_named = isinstance(kind, str) and kind.startswith(("chat.completion", "text_completion"))
    return isinstance(choices, list) or isinstance(body.get("usage"), dict) or is_named


def loads(text: str | bytes) -> Any:
    """JSON whose numbers cost nothing to read, however long they are.

    Raises:
        ValueError, RecursionError: it is none, or nested too deeply.
    """
    return json.loads(text, parse_int=_whole)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= DIGITS else float(digits)


def _choice(body: dict[str, Any]) -> dict[str, Any] | None:
    """The first choice that says something, else the first."""
    choices = body.get("choices")
    found = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    return next((choice for choice in found if _said(choice)), found[0] if found else None)


def _failed(body: dict[str, Any]) -> Any:
    """The error in a reply's only choice that says nothing; None where there is none."""
    choice = _choice(body)
    return None if choice is None or _said(choice) else choice.get("error") or None


def _completion(body: dict[str, Any]) -> Completion:
    found = _choice(body)
    choice = found or {}
    message = choice.get("message")
    refusal = message.get("refusal") if isinstance(message, dict) else None
    finish = choice.get("finish_reason")
    ended = finish.casefold() if isinstance(finish, str) else ""
    return Completion(
        content=_said(choice),
        cut_off=ended in _CUT_OFF,
        filtered=ended in _FILTERED,
        refusal=whole_characters(refusal) if isinstance(refusal, str) and refusal.strip() else None,
        usage=_usage(body.get("usage")),
        model=_model(body.get("model")),
        problem=None if found else "the reply has no choices",
    )


def _said(choice: dict[str, Any]) -> str:
    """What a choice says: its content, else the arguments of a call, else a thought that is the very object that was asked for."""
    message = choice.get("message", choice.get("text"))
    if not isinstance(message, dict):
        return _words(message)
    content = _words(message.get("content"))
    if content.strip():
        return content
    thought = next((text for key in _THOUGHTS if (text := _words(message.get(key))).strip()), "")
    return _arguments(message) or _words(message.get("parsed")) or (thought if _is_object(thought) else content)


def _arguments(message: dict[str, Any]) -> str:
    """The arguments of the one call in a message, into which some gateways turn a schema."""
    calls = message.get("tool_calls")
    call = calls[0] if isinstance(calls, list) and len(calls) == 1 else {"function": message.get("function_call")}
    function = call.get("function") if isinstance(call, dict) else None
    return _words(function.get("arguments")) if isinstance(function, dict) else ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(loads(text), dict)
    except (ValueError, RecursionError):
        return False


# --- a stream of events ---------------------------------------------------------------------------


_LINE_END = re.compile(r"\r?\n|\r")
"""Of a stream: no other, since texts of JSON may hold those."""


def _events(text: str) -> list[dict[str, Any]]:
    """The objects of a stream of events; one that was torn is left out."""
    found: list[dict[str, Any]] = []
    for line in _LINE_END.split(text):
        if line.startswith("data:"):
            with suppress(ValueError, RecursionError):
                event = loads(line.removeprefix("data:"))
                found += [event] if isinstance(event, dict) else []
    return found


def _streamed(text: str) -> Completion | None:
    """The completion that a stream of events gives piece by piece; None for one that an error ended before its answer was whole."""
    events = _events(text)
    body, has_ended = _put_together(events)
    found = _completion(body)
    if _is_object(found.content):
        return found
    if any(event.get("error") for event in events):
        return None
    if not body["choices"]:
        return Completion(problem="a stream of events without any answer")
    return found if has_ended or "[DONE]" in text[-200:] else replace(found, problem="a stream of events broke off")


def _put_together(events: list[dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """The reply that the pieces of a stream make, and whether its end was among them."""
    choices = [choice for event in events if (choice := _choice_streamed(event)) is not None]
    deltas = [piece for choice in choices if isinstance(piece := choice.get("delta", choice.get("message")), dict)]
    message: dict[str, Any] = {
        key: "".join(_words(piece.get(key)) for piece in deltas) for key in ("content", "refusal", *_THOUGHTS)
    }
    message["function_call"] = {"arguments": "".join(map(_arguments, deltas))}
    finish = next((end for choice in reversed(choices) if (end := choice.get("finish_reason"))), None)
    ends = {key: event[key] for event in events for key in ("usage", "model") if event.get(key)}
    return {"choices": [{"message": message, "finish_reason": finish}] if choices else [], **ends}, finish is not None


def _choice_streamed(event: dict[str, Any]) -> dict[str, Any] | None:
    """The first choice of an event, or what it adds to it."""
    choices = event.get("choices")
    found = [item for item in choices if isinstance(item, dict)] if isinstance(choices, list) else []
    return next((choice for choice in found if choice.get("index", 0) in (0, None)), None)


# --- what is no reply -----------------------------------------------------------------------------

SHOWN = 120
"""Characters that are shown of what is no reply."""
_HEAD = 4_000
"""Characters of its beginning that are looked at."""
_TAGS = re.compile(r"<[^<>]{0,300}>|</?(?:script|style)")
_MESSAGES = ("message", "msg", "detail", "error", "error_description", "title", "status_msg", "errors", "base_resp")
_CODES = ("code", "status", "status_code", "http_code", "type")
_STATUS_OF: tuple[tuple[int, tuple[str, ...]], ...] = (
    (402, ("insufficient", "billing", "payment", "credit", "balance")),
    (401, ("api_key", "apikey", "authent", "unauthor", "permission")),
    (404, ("not_found", "notfound", "not_exist")),
    (429, ("rate_limit", "too_many", "throttl", "resource_exhausted", "resourceexhausted")),
    (503, ("overload", "unavailable", "server_error", "internal", "timeout", "bad_gateway")),
    (400, ("invalid_request", "bad_request", "context_length", "content_filter")),
)
"""By an error's code or type in words, the HTTP status that it should have had."""


def _error_in(body: Any) -> NoReply:
    """The error that an object is, as various services write them."""
    if isinstance(body, list):
        body = next((event for event in body if isinstance(event, dict) and "error" in event), body[0] if body else {})
    if not isinstance(body, dict):
        return NoReply("JSON that is no completion", first_words(json.dumps(body, ensure_ascii=False)))
    inner = _failed(body) or body.get("error") or body.get("base_resp") or body
    parts = inner if isinstance(inner, dict) else body
    codes = [parts.get(key) for key in _CODES] + [body.get(key) for key in _CODES]
    code = next((word for word in codes if isinstance(word, str) and not word.isdigit() and word != "error"), "")
    said = inner if isinstance(inner, str) else _message_in(parts) or first_words(json.dumps(body, ensure_ascii=False))
    status = next((number for word in codes if (number := _status(word))), None) or _status_of(code)
    return NoReply(
        "an error under HTTP 200" if parts is not body or status else "JSON that is no completion",
        first_words(said),
        status,
        code,
    )


def _message_in(parts: Any, depth: int = 3) -> str:
    """The first of an error's words."""
    if isinstance(parts, str):
        return parts
    if isinstance(parts, list):
        return _message_in(parts[0], depth - 1) if parts and depth else ""
    if not isinstance(parts, dict) or not depth:
        return ""
    return next((text for key in _MESSAGES if (text := _message_in(parts.get(key), depth - 1))), "")


def _status(word: Any) -> int | None:
    number = (
        int(word)
        if isinstance(word, (int, str)) and str(word).isascii() and str(word).isdigit() and len(str(word)) == 3
        else 0
    )
    return number if 400 <= number <= 599 else None


def _status_of(code: str) -> int | None:
    return next((status for status, words in _STATUS_OF if any(word in code.lower() for word in words)), None)


# --- words and counts -----------------------------------------------------------------------------


def whole_characters(text: str) -> str:
    """A text without halves of surrogate pairs, which JSON allows and which are not characters."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _words(content: Any) -> str:
    """What a message says: a text, parts of one, or the very object that was asked for."""
    if isinstance(content, str):
        return whole_characters(content)
    if isinstance(content, list):
        return "".join(_words(part) for part in content if _is_text(part))
    if isinstance(content, dict):
        text = content.get("text", content.get("content"))
        if isinstance(text, str):
            return whole_characters(text)
        if isinstance(text, dict) and isinstance(text.get("value"), str):
            return whole_characters(text["value"])
        return whole_characters(json.dumps(content, ensure_ascii=False))
    return ""


def _is_text(part: Any) -> bool:
    """Whether a part of a message is what it says, and not what it thought."""
    return isinstance(part, str) or (
        isinstance(part, dict) and part.get("type", "text") in ("text", "output_text") and "text" in part
    )


def _model(name: Any) -> str | None:
    return clean(whole_characters(name))[:MODEL_LIMIT] or None if isinstance(name, str) else None


def _usage(counts: Any) -> TokenUsage | None:
    """The endpoint's count; None where one of its two sums is not a number.

    Both are made whole: Anthropic counts what it read from its cache and wrote
    to it beside the rest of what was sent, Google and xAI what a model thought
    beside what it said, which only their total gives away.
    """
    if not isinstance(counts, dict):
        return None
    prompt, completion = (
        _tokens(counts.get(f"{name}_tokens", counts.get(f"{other}_tokens")))
        for name, other in (("prompt", "input"), ("completion", "output"))
    )
    if prompt is None or completion is None:
        return None
    cached, reasoning = (
        _details(counts, "prompt", "input", "cached"),
        _details(counts, "completion", "output", "reasoning"),
    )
    if "prompt_tokens" not in counts:
        read = _part(counts, "cache_read_input_tokens")
        prompt, cached = prompt + max(0, read) + max(0, _part(counts, "cache_creation_input_tokens")), cached or read
    if completion >= 0:
        completion = max(completion, _part(counts, "total_tokens") - prompt)
    return TokenUsage(prompt, cached, completion, reasoning)


def _details(counts: dict[str, Any], name: str, other: str, part: str) -> int:
    """Tokens of a part of one of the sums, by either of its names."""
    return _part(counts.get(f"{name}_tokens_details", counts.get(f"{other}_tokens_details")), f"{part}_tokens")


def _part(details: Any, name: str) -> int:
    """Tokens of a part; one that is not said is none, at the full price."""
    return _tokens(details.get(name)) or 0 if isinstance(details, dict) else 0


def _tokens(count: Any) -> int | None:
    """A count, also as a fraction or in quotes; None for what is not a number, or larger than any count."""
    if isinstance(count, bool) or not isinstance(count, (int, float, str)):
        return None
    try:
        number = float(count)
    except ValueError:
        return None
    return math.ceil(number) if math.isfinite(number) and abs(number) < 1e15 else None
