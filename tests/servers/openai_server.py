"""A script of replies goes in, an OpenAI-compatible server on loopback comes out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import takewhile
from typing import Any

from tests.servers.loopback import Request, Response, Server, serving

JSON = {"Content-Type": "application/json"}


def completion(
    content: str | None, *, finish: str = "stop", refusal: str | None = None, usage: bool = True, **extra: Any
) -> Response:
    """A chat completion as the API gives it."""
    body: dict[str, Any] = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test-model",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, "refusal": refusal}}],
    }  # fmt: skip
    if usage:
        body["usage"] = {
            "prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050,
            "prompt_tokens_details": {"cached_tokens": 600}, "completion_tokens_details": {"reasoning_tokens": 7},
        }  # fmt: skip
    return Response(200, json.dumps(body | extra).encode(), JSON)


def failure(
    status: int, message: str, *, code: str | None = None, param: str | None = None, **headers: str
) -> Response:
    """An error as the API gives it."""
    body = {"error": {"message": message, "type": "error", "code": code, "param": param}}
    return Response(
        status, json.dumps(body).encode(), JSON | {name.replace("_", "-"): value for name, value in headers.items()}
    )


def wanted_keys(request: Request) -> list[str]:
    """The fields that a request asks for, by its schema."""
    schema = json.loads(request.body)["response_format"]["json_schema"]["schema"]
    return list(schema["properties"])


def beginning(texts: Sequence[str]) -> str:
    """What all the texts begin with."""
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in same)


def says(field: str) -> dict[str, object]:
    """An answer of the right form for any field, with a sentence that every document of the tests has."""
    return {"value": ["COCO"] if field == "datasets_used" else f"what it says of {field}", "evidence": [5]}


def answering(answer: Callable[[str], Any]) -> Callable[[Request], Response]:
    """A model that says ``answer(field)`` of every field it is asked."""
    return lambda request: completion(json.dumps({key: answer(key) for key in wanted_keys(request)}))


@contextmanager
def scripted(replies: Sequence[Response | Callable[[Request], Response]]) -> Iterator[Server]:
    """Gives the replies in turn, then 500 for every request too many; ``server.requests`` counts."""
    rest = list(replies)

    def answer(request: Request) -> Response:
        if not rest:
            return failure(500, "a call too many")
        reply = rest.pop(0)
        return reply(request) if callable(reply) else reply

    with serving(answer) as server:
        yield server
