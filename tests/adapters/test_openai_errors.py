"""Every error class that the openai SDK shows has a place here: what a run makes of it, or why none can meet it."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import openai
import pytest

from survey_extract.adapters.openai.chat import Chat
from survey_extract.errors import AskError, EngineClosed, Unanswered
from tests.adapters.test_openai_engine import asker
from tests.servers.loopback import Request, Response
from tests.servers.openai_server import completion, failure

BODY: dict[str, Any] = {
    "model": "test-model",
    "messages": [{"role": "user", "content": "Is it so?"}],
    "max_completion_tokens": 10,
}
STATUSES: dict[str, tuple[int, type[AskError]]] = {
    "BadRequestError": (400, AskError),
    "AuthenticationError": (401, EngineClosed),
    "PermissionDeniedError": (403, EngineClosed),
    "NotFoundError": (404, EngineClosed),
    "ConflictError": (409, Unanswered),
    "APIStatusError": (418, AskError),
    "UnprocessableEntityError": (422, AskError),
    "RateLimitError": (429, Unanswered),
    "InternalServerError": (500, Unanswered),
}
"""A class of the SDK, the status that it stands for, and what the run makes of it."""
NO_ANSWER = {"APIConnectionError", "APITimeoutError"}
"""No status at all: ``Unanswered``, the next run asks again."""
GENERIC = {
    "OpenAIError": "the root, which is caught as such",
    "APIError": "the root of what an endpoint says",
    "APIResponseValidationError": "raised by the SDK's own parsing, which is not used; caught by its root",
    "ContentFilterFinishReasonError": "raised by .parse(), which is not used: openai_reply reads finish_reason",
    "LengthFinishReasonError": "raised by .parse(), as above",
    "OAuthError": "a sign-in without a key, which no setting leads to; a kind of AuthenticationError",
    "WebSocketConnectionClosedError": "no socket is opened",
    "WebSocketQueueFullError": "no socket is opened",
    "InvalidWebhookSignatureError": "no webhook is received",
}
"""Deliberately without a place of their own in ``adapters/openai/chat.py``, and why."""


def shown_by_the_sdk() -> set[str]:
    """The error classes that ``import openai`` shows."""
    return {
        name
        for name, thing in inspect.getmembers(openai, inspect.isclass)
        if issubclass(thing, Exception) and not name.startswith("_")
    }


def test_every_error_of_the_sdk_has_a_place() -> None:
    """A class that a new release adds fails here, until someone says what a run makes of it; one that went fails, too."""
    placed = STATUSES.keys() | NO_ANSWER | GENERIC.keys()
    assert shown_by_the_sdk() - placed == set(), "say in adapters/openai/chat.py what these mean, and place them here"
    assert placed - shown_by_the_sdk() == set(), "the SDK no longer has these"


def raised(*replies: Response | Callable[[Request], Response], **changes: object) -> AskError:
    """What asking an endpoint that answers so raises."""
    with asker(*replies, **changes) as asks, closing(Chat(asks.endpoint, asks.store, asks.clock)) as chat:
        with pytest.raises(AskError) as caught:
            chat.completion(BODY, "key", ["field"])
        return caught.value


@pytest.mark.parametrize("name", STATUSES)
def test_a_status_ends_as_its_outcome(name: str) -> None:
    """The endpoint's status becomes the SDK's class, and that what the table says."""
    status, outcome = STATUSES[name]
    error = raised(*[failure(status, "It is not so.")] * 4)
    assert (type(error.__cause__).__name__, type(error)) == (name, outcome)


@pytest.mark.parametrize(
    ("said", "cured"),
    [
        ("response_format json_schema is not supported", True),
        ("Unknown parameter: 'response_format'", True),
        ("No such tool.", False),
    ],
)
def test_an_endpoint_without_our_form_names_the_setting(said: str, *, cured: bool) -> None:
    """Where it says that it cannot reply in the form that was asked for, the setting that asks for less is named."""
    assert ("set response_format" in str(raised(*[failure(400, said)] * 4))) == cured


def test_no_answer_in_time_is_unanswered() -> None:
    """An endpoint that says nothing within request_seconds."""

    def late(_: Request) -> Response:
        time.sleep(0.4)
        return completion("{}")

    error = raised(*[late] * 4, request_seconds=0.1)
    assert (type(error.__cause__), type(error)) == (openai.APITimeoutError, Unanswered)


def test_nobody_there_is_unanswered() -> None:
    """An address where nothing listens."""
    with asker() as gone:
        pass
    error = raised(base_url=gone.endpoint.base_url)
    assert (type(error.__cause__), type(error)) == (openai.APIConnectionError, Unanswered)


@pytest.mark.parametrize("name", sorted(GENERIC.keys() - {"InvalidWebhookSignatureError"}))
def test_what_has_no_place_of_its_own_is_caught_by_the_root(name: str) -> None:
    """Whatever else the SDK raises while it asks is an ``OpenAIError``, which ends one question and not the run."""
    assert issubclass(getattr(openai, name), openai.OpenAIError)
