"""Questions and results go in, the lines of a batch's files come out, and the reverse: one format, whoever wrote the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any, Final

from survey_extract.adapters.openai.reply import REPLY_BYTES, loads
from survey_extract.core.meant import not_json
from survey_extract.errors import BadList

PATH: Final = "/v1/chat/completions"
LINE_BYTES = 2 * REPLY_BYTES
"""Bytes of a result's line; what is longer is not a reply."""


def request_line(sha256: str, body: dict[str, Any]) -> bytes:
    """A line of a batch's file."""
    request = {"custom_id": sha256, "method": "POST", "url": PATH, "body": body}
    return (json.dumps(request, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def table(value: Any) -> dict[str, Any]:
    """A value that should be an object, empty when it is none."""
    return value if isinstance(value, dict) else {}


def is_unanswered(line: dict[str, Any]) -> bool:
    """Whether a result says of itself that there is no reply: in its own place, by its status, or where the reply would be."""
    response = table(line.get("response"))
    status = str(response.get("status_code", 200))
    failed = status.isdecimal() and status != "200"
    return bool(line.get("error")) or failed or bool(body_error(response))


def body_error(response: dict[str, Any]) -> Any:
    """The error that stands in place of a completion, None when there is none."""
    body = table(response.get("body"))
    return body.get("error") if not body.get("choices") else None


def body_of(line: dict[str, Any]) -> dict[str, Any] | None:
    """The completion in a result's line, None when the question was not answered."""
    body = table(line.get("response")).get("body")
    return None if is_unanswered(line) or not isinstance(body, dict) else body


def dumped(body: dict[str, Any] | None) -> str | None:
    """A completion as its raw reply."""
    try:
        return None if body is None else json.dumps(body, ensure_ascii=False)
    except RecursionError:
        return "{"  # as good as a reply that cannot be read


def loaded(line: bytes, where: str | None = None) -> Any:
    """A line's JSON; what is none is None, or BadList where a person should know of it."""
    try:
        if len(line) >= LINE_BYTES:
            raise ValueError(f"the line is longer than {LINE_BYTES / 1e6:g} MB")
        return loads(line.decode("utf-8-sig"))
    except RecursionError:
        said = "not JSON: nested too deeply"
    except UnicodeDecodeError as error:
        said = f"not UTF-8 ({error.reason} at byte {error.start} of the line)"
    except ValueError as error:
        said = not_json(error)
    if where:
        raise BadList(f"{where}: {said}")
    return None


def numbered(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that hold something, with their numbers; of one that does not end, the beginning."""
    number = 0
    while line := file.readline(LINE_BYTES):
        number += 1
        if line.strip():
            yield number, line
        while not line.endswith(b"\n") and (line := file.readline(LINE_BYTES)):
            pass
