"""The raw body of a reply goes in; its words, how it ended, its tokens and its model come out, however else it is made.

Endpoints that call themselves compatible differ in everything that is not
needed here. A reply that arrived was paid for, so whatever can be used of it is
used, and what cannot is a reply all the same: it is booked, and refused by
name. Only what never was a reply (an error, a proxy's page) is None, and may
be asked for again. Nothing in here raises, whatever the body contains.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import Usage

REPLY_BYTES = 4_000_000
"""Bytes of a reply that are read; a thousand tokens have some 5,000."""
MODEL_LIMIT = 200
"""Characters of a model's name that are kept."""
DIGITS = 18
"""Digits of a whole number that is taken as one."""
_CUT_OFF = frozenset({"length", "max_tokens", "model_length", "max_output_tokens"})
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
    usage: Usage | None = None
    model: str | None = None
    problem: str | None = None


def read_reply(raw: str) -> Completion | None:
    """The completion in a raw body; None for what is not a reply of a model."""
    text = raw.lstrip("\ufeff \t\r\n")
    if text.startswith(("data:", "event:")):
        return Completion(problem="a stream of events arrived instead of one reply")
    try:
        body = loads(text)
        if isinstance(body, list) and len(body) == 1:
            body = body[0]
        if not isinstance(body, dict) or not body or (body.get("error") and not body.get("choices")):
            return None
        return _completion(body)
    except (ValueError, RecursionError):
        return Completion(problem="the reply's body cannot be read as JSON") if text.startswith("{") else None


def loads(text: str | bytes) -> Any:
    """JSON whose numbers cost nothing to read, however long they are.

    Raises:
        ValueError, RecursionError: it is none, or nested too deeply.
    """
    return json.loads(text, parse_int=_whole)


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= DIGITS else float(digits)


def _completion(body: dict[str, Any]) -> Completion:
    choices = body.get("choices")
    found = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    choice = found[0] if found else {}
    message = choice.get("message")
    said = _words(message.get("content") if isinstance(message, dict) else message)
    refusal = message.get("refusal") if isinstance(message, dict) else None
    finish = choice.get("finish_reason")
    ended = finish.casefold() if isinstance(finish, str) else ""
    return Completion(
        content=said,
        cut_off=ended in _CUT_OFF,
        filtered=ended in _FILTERED,
        refusal=whole_characters(refusal) if isinstance(refusal, str) and refusal.strip() else None,
        usage=_usage(body.get("usage")),
        model=_model(body.get("model")),
        problem=None if found else "the reply has no choices",
    )


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


def _usage(counts: Any) -> Usage | None:
    """The endpoint's count; None where one of its two sums is not a number."""
    if not isinstance(counts, dict):
        return None
    prompt, completion = _tokens(counts.get("prompt_tokens")), _tokens(counts.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    cached = _part(counts.get("prompt_tokens_details"), "cached_tokens")
    return Usage(prompt, cached, completion, _part(counts.get("completion_tokens_details"), "reasoning_tokens"))


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
