"""What came from an endpoint in place of a reply goes in; the error that says what to do next comes out.

Most errors concern one question. Some concern every one: the key is refused,
the money is gone, the address is another one's, "too many" was said ten times
in a row, or one question after the other got the same no. After those no
question is sent any more in the run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.adapters.http.retry import Refusals, retry_after
from survey_extract.adapters.openai.reply import NoReply, first_words
from survey_extract.core.ports import Clock
from survey_extract.core.redaction import Redaction
from survey_extract.errors import AskError, EngineClosed, Refused, SourceError, TooLong, Unanswered

if TYPE_CHECKING:
    import openai

    from survey_extract.adapters.openai import sdk
else:
    from survey_extract.adapters.openai import later as sdk

ALIKE, ALIKE_BESIDE_ANSWERS = 3, 10
"""Questions in a row that get the same no, after which it counts for all: of an endpoint that never answered in this run, and of one that did."""

_OVERFLOW = (
    "context_length",
    "context length",
    "context size",
    "maximum context",
    "too many tokens",
    "exceeds the available",
)
_QUOTA = ("insufficient_quota", "billing_hard_limit", "billing_not_active")
_FILTERED = ("content_filter", "content_policy", "moderation", "flagged")
_NOT_HERE = frozenset({404, 405, 410, 421, 426, 501, 505})
_BUSY = frozenset({408, 409, 425, 429})
_ADDRESS = "check OPENAI_BASE_URL, which goes up to and with /v1"


@dataclass(frozen=True, slots=True)
class _No:
    """An HTTP error, or one that was sent as a success: ``said`` and ``code`` are the endpoint's words."""

    status: int
    said: str
    code: str = ""
    wait: float | None = None
    is_page: bool = False


class Faults:
    """The errors of one endpoint in one run. Safe to share between threads; questions are named by their hashes."""

    def __init__(self, clock: Clock, redacted: Redaction) -> None:
        self._clock, self._redacted = clock, redacted
        self._refusals = Refusals(clock, "the endpoint")
        self._lock = threading.Lock()
        self._closed: EngineClosed | None = None
        self._noes: dict[str, set[str]] = {}
        """The questions in a row that got the same no, by its words."""
        self._has_answered = False

    def refuse_when_closed(self) -> None:
        """Raise where no question is sent any more."""
        if self._closed:
            raise EngineClosed(str(self._closed))
        if told := self._refusals.closed():
            raise EngineClosed(told)

    def answered(self) -> None:
        """An endpoint has answered, so it is one, and takes questions."""
        self._refusals.answered()
        with self._lock:
            self._has_answered = True
            self._noes.clear()

    def _is_alike(self, words: str, question: str) -> bool:
        """Whether so many questions in a row got the same no that it counts for all; ids and counts in it do not tell."""
        with self._lock:
            same = self._noes.setdefault(_alike(words), set())
            same.add(question)
            return len(same) >= (ALIKE_BESIDE_ANSWERS if self._has_answered else ALIKE)

    def strange(self, came: NoReply, question: str) -> SourceError:
        """What came as a success and is no reply: an error that names its status, else worth one more try."""
        if came.status is not None:
            return self._translated(_No(came.status, came.said, came.code), question)
        said = f"the endpoint answered with {came.kind} instead of a completion"
        said = self._redacted(f"{said}: {came.said!r}; {_ADDRESS}" if came.said else f"{said}; {_ADDRESS}")
        with self._lock:
            is_known = question in self._noes.get(_alike(came.kind), ())
        if self._is_alike(came.kind, question):
            return self._close(f"{said}; it was the same for several questions, so none is sent any more in this run")
        error = Unanswered(said)
        error.transient = not is_known
        return error

    def not_reached(self, error: openai.APIConnectionError) -> SourceError:
        """No answer came. What another attempt cannot change closes the engine: an address or key that cannot be sent, a bad certificate."""
        causes = list(_causes(error))
        cause = causes[1] if len(causes) > 1 else error
        said = self._redacted(f"the endpoint did not answer: {type(cause).__name__}: {cause}")
        if any(isinstance(one, sdk.NEVER) for one in causes):
            return self._close(f"{said}; check OPENAI_BASE_URL and OPENAI_API_KEY")
        return Unanswered(said)

    def refused(self, error: openai.APIStatusError, question: str) -> SourceError:
        """An HTTP error."""
        return self._translated(self._no_of(error), question)

    def moved(self, error: sdk.Moved) -> EngineClosed:
        """A redirect: a question is never sent on to another address."""
        return self._close(self._redacted(str(error)))

    def unsendable_key(self) -> EngineClosed:
        """The key holds what no header can."""
        return self._close("the key holds a letter that no request can carry; check OPENAI_API_KEY")

    def broken_off(self, error: Exception) -> Unanswered:
        """An answer that ended before it was whole."""
        return Unanswered(self._redacted(f"the endpoint's answer broke off: {type(error).__name__}: {error}"))

    def _no_of(self, error: openai.APIStatusError) -> _No:
        """An HTTP error in the words of its body."""
        media_type, text = error.response.headers.get("content-type", ""), error.response.text.lstrip()
        is_page = not isinstance(error.body, dict) and ("html" in media_type or text.startswith("<"))
        said = (
            first_words(self._redacted(text)) if is_page else self._redacted(message_of(error))
        )  # cut when the key is gone
        wait = retry_after(error.response.headers, self._clock.now())
        return _No(error.status_code, said[:300], f"{error.code} {error.type}", wait, is_page)

    def _translated(self, no: _No, question: str) -> SourceError:
        """An HTTP error as what the operator does next."""
        status, said = no.status, f"(HTTP {no.status}): {no.said}"
        if status == 429 and any(word in f"{no.code} {no.said}" for word in _QUOTA):
            return self._close(f"the quota of this key is used up: {no.said}")
        if status == 429:
            self._refusals.refused(no.wait)
        if status in _BUSY or (status >= 500 and status not in _NOT_HERE and status != 511):
            late = Unanswered(f"the endpoint is busy or failing {said}")
            late.retry_after = no.wait
            return late
        return self._closing(no, said) or self._refused_question(no, said, question)

    def _closing(self, no: _No, said: str) -> EngineClosed | None:
        """The errors that every further question would get as well; None for others."""
        if no.status in (401, 403) and not no.is_page and not _is_filtered(no):
            return self._close(f"the endpoint refused the key {said}; check OPENAI_API_KEY and OPENAI_BASE_URL")
        if no.status == 402:
            return self._close(f"the endpoint wants to be paid first {said}; the credit of this key is used up")
        if no.status in _NOT_HERE:
            return self._close(
                f"the endpoint does not know this model or address {said}; check the setting model, and OPENAI_BASE_URL"
            )
        if no.status < 400:
            return self._close(f"the endpoint sends questions elsewhere {said}; {_ADDRESS}")
        if no.status in (407, 511):
            return self._close(f"a proxy or a network wants a sign-in before it lets questions through {said}")
        return None

    def _refused_question(self, no: _No, said: str, question: str) -> AskError:
        """What is wrong with this one question, unless the next ones get the very same."""
        if no.status == 413 or any(word in f"{no.code} {no.said}".lower() for word in _OVERFLOW):
            return TooLong(
                f"the question does not fit in the model's context: {no.said}; lower the setting context_tokens"
            )
        if _is_filtered(no):
            return Refused(
                f"the endpoint's content filter stopped the question {said}; decide this source by hand, or ask another model"
            )
        if self._is_alike(f"{no.status} {no.said}", question):
            return self._close(
                f"the endpoint refused one question after the other {said}; none is sent any more in this run; "
                "check the settings model and response_format, and OPENAI_BASE_URL"
            )
        return AskError(f"the endpoint refused the question {said}{_cure(no.said)}")

    def _close(self, message: str) -> EngineClosed:
        self._closed = EngineClosed(message)
        return EngineClosed(message)


def _cure(said: str) -> str:
    """Which setting helps an endpoint that cannot be made to reply in our form; nothing where it says something else."""
    if not any(word in said for word in ("response_format", "json_schema", "json_object")):
        return ""
    return "; set response_format in [tool.survey-extract] to a lower form: json_object, or text"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it came of."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def _alike(words: str) -> str:
    return "".join(char for char in words if char.isalpha())[:200]


def _is_filtered(no: _No) -> bool:
    return any(word in f"{no.code} {no.said}".lower() for word in _FILTERED)


def message_of(error: openai.APIStatusError) -> str:
    """What an error says, whole: it is cut after the key is taken out, so that no part of it is left."""
    body = error.body
    said = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(said or error.response.text or error.response.reason_phrase).split())
