"""The one retry rule: which failures are worth another try, and how long to wait.

The libraries' own retries are off everywhere, so that attempts do not
multiply and none is hidden. A server's Retry-After is obeyed to the second;
one that is longer than ``PATIENCE`` ends the attempts instead, since asking
earlier than requested is worse than failing.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_any, stop_before_delay
from tenacity.wait import wait_base, wait_random_exponential

from survey_extract.core.ports import Clock
from survey_extract.errors import SourceError

PATIENCE = 120.0
"""Seconds; a longer Retry-After is not waited for."""


def worth_retrying(error: BaseException) -> bool:
    """Whether the same request may succeed in a moment."""
    after = getattr(error, "retry_after", None)
    return isinstance(error, SourceError) and error.transient and (after is None or after <= PATIENCE)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a server asks to wait, from ``retry-after-ms``, or ``Retry-After`` as seconds or as a date (RFC 9110, 10.2.3)."""
    if (milliseconds := _number(headers.get("retry-after-ms"))) is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    if (seconds := _number(value)) is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), LONGEST)


def asked_to_wait(seconds: float | None) -> str:
    """What to add to an error when the server said how long to leave it alone."""
    return f", and asks to wait {seconds:.0f} s" if seconds else ""


LONGEST = 366 * 86_400.0
"""Seconds; no server is left alone for longer, whatever number it sends."""


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text else math.nan
    except ValueError:
        return None
    return None if math.isnan(number) else min(max(0.0, number), LONGEST)


class _WaitForServer(wait_base):
    """As long as the server asks, else exponential with jitter."""

    def __init__(self, fallback: wait_base) -> None:
        self._fallback = fallback

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        after = getattr(error, "retry_after", None)
        return self._fallback(retry_state) if after is None else after + random.uniform(0, 0.25)


REFUSALS = 10
"""Refusals (HTTP 429) in a row after which nothing more is asked in this run."""
UNTOLD_WAIT = 3600.0
"""Seconds to leave a server alone that refused so often and did not say for how long."""


class Refusals:
    """Counts a server's refusals in a row; ``REFUSALS`` of them close it for the run. Safe to share between threads."""

    def __init__(self, clock: Clock, who: str) -> None:
        self._clock, self._who = clock, who
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._until: datetime | None = None

    def answered(self) -> None:
        with self._lock:
            self._in_a_row = 0

    def refused(self, wait: float | None) -> None:
        """Note a refusal, with the seconds the server asked to wait."""
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= REFUSALS and self._until is None:
                self._until = self._clock.now() + timedelta(seconds=UNTOLD_WAIT if wait is None else wait)

    def told(self, status: int, wait: float | None) -> None:
        """Note how a request was received; a failing server neither refuses nor answers."""
        if status == 429:
            self.refused(wait)
        elif status < 500:
            self.answered()

    def closed(self) -> str | None:
        """Why nothing more is asked, and when to try again; None while all is well."""
        with self._lock:
            if self._until is None:
                return None
            return (
                f"{self._who} refused {REFUSALS} requests in a row (HTTP 429): nothing more is asked of it in this run; "
                f"try again after {self._until:%Y-%m-%d %H:%M} UTC"
            )


def retrying(
    clock: Clock, *, attempts: int, seconds: float, tell: Callable[[RetryCallState], None] | None = None
) -> Retrying:
    """Try up to ``attempts`` times, and never begin a wait that would end ``seconds`` after the start; ``tell`` hears of each wait."""
    return Retrying(
        retry=retry_if_exception(worth_retrying),
        wait=_WaitForServer(wait_random_exponential(multiplier=0.5, max=30)),
        stop=stop_any(stop_after_attempt(attempts), stop_before_delay(seconds)),
        sleep=clock.sleep,
        before_sleep=tell,
        reraise=True,
    )
