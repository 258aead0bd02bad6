"""A host that keeps us waiting goes in; a line for the person who waits comes out, before anybody thinks we hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tenacity import RetryCallState

PATIENCE = 2.0
"""Seconds of silence after which a person is told who is waited for."""
PAUSE = 10.0
"""Seconds in which a host's silence is told of once: many requests may wait for it together."""


class Waits:
    """Tells who is waited for, from any thread; ``tell`` takes a line."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._told: dict[str, float] = {}

    @contextmanager
    def during(self, host: str) -> Iterator[Callable[[], None]]:
        """Tell when this lasts; call what is given once the host has answered."""
        timer = threading.Timer(PATIENCE, self._silent, (host,))
        timer.daemon = True
        timer.start()
        try:
            yield timer.cancel
        finally:
            timer.cancel()

    def _silent(self, host: str) -> None:
        if self._is_news(host):
            self._tell(f"{host} has not answered yet; waiting for it")

    def again(self, host: str, attempts: int) -> Callable[[RetryCallState], None]:
        """What to call before each wait for another attempt."""

        def tell(state: RetryCallState) -> None:
            wait = state.next_action.sleep if state.next_action else 0.0
            error = state.outcome.exception() if state.outcome else None
            what = "refuses" if getattr(error, "retry_after", None) else "does not answer"
            self._tell(
                f"{host} {what}; trying again {f'in {wait:.0f} s' if wait >= 0.5 else 'now'} ({state.attempt_number + 1} of {attempts})"
            )

        return tell

    def _is_news(self, host: str) -> bool:
        now = time.monotonic()
        with self._lock:
            news = now - self._told.get(host, -PAUSE) >= PAUSE
            if news:
                self._told[host] = now
        return news


SILENT = Waits(lambda line: None)
"""For whoever has nobody to tell."""
