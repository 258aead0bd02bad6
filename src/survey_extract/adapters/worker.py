"""A task goes in, its result or its error comes out, or word of what the process ended with.

One process, with limits on its memory and its time, and a line to it that no
other process holds. It says when it is ready and when it has a task in its
hands, so that it is always known what it died of.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext


START_SECONDS = 30
"""Patience with the start of a worker, on a busy machine."""
END_SECONDS = 10
"""Patience with its end."""
PRELOADED = ("pdf.reader", "pdf.seen", "pdf.seen_rows", "html.reader", "text_tasks")
"""Modules that every worker needs and none imports for itself."""
WRITTEN_BYTES = 1_000_000
"""Bytes that workers may write beside their results, all together: libraries warn of what a document makes them warn of."""
BEGUN = b"begun"
"""What a worker says once it is there, and when it has a task in its hands."""


Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""A function and its arguments."""


class WorkerDied(Exception):
    """The process that had begun a task ended before it was done, and of what."""


class NotBegun(Exception):
    """The process ended before it had the task."""


class Worker:
    """A process with limits, and the line to it.

    Raises:
        OSError, EOFError: it died at its start.
    """

    _starting = threading.Lock()
    """multiprocessing looks after all its children at once, and not for several threads."""

    def __init__(self, megabytes: int, seconds: float) -> None:
        self.tasks = 0
        self._seconds = seconds
        self._ending = threading.Lock()
        self._line, far = _context().Pipe()
        self._process = _context().Process(target=_work, args=(far, megabytes, seconds), daemon=True)
        with self._starting, far:
            self._process.start()
        try:
            if not self._line.poll(START_SECONDS):
                raise EOFError
            self._line.recv_bytes()
        except (OSError, EOFError):
            self.end()
            raise

    def do(self, task: Call) -> tuple[bool, Any]:
        """Whether a task came to its end, and its result or its error.

        Raises:
            TimeoutError: it took too long.
            WorkerDied: it ended the process.
            NotBegun: the process died before.
        """
        self.tasks += 1
        written = pickle.dumps(task)
        begun, end = False, time.monotonic() + self._seconds
        timer = threading.Timer(self._seconds, self.cut_off)
        timer.daemon = True
        timer.start()
        try:
            self._line.send_bytes(written)
            begun = self._line.recv_bytes() == BEGUN
            outcome = self._line.recv_bytes()
        except (OSError, EOFError):
            died = self.end()
            if time.monotonic() >= end:
                raise TimeoutError from None
            raise WorkerDied(died) if begun else NotBegun from None
        finally:
            timer.cancel()
        result: tuple[bool, Any] = pickle.loads(outcome)  # noqa: S301  # what our own process wrote
        return result

    def cut_off(self) -> None:
        """Kill the process and end every wait for it, also where the system lets it linger."""
        with self._ending, suppress(OSError):
            if not self._line.closed:
                with socket.socket(fileno=os.dup(self._line.fileno())) as line:
                    line.shutdown(socket.SHUT_RDWR)
            self._process.kill()

    def end(self) -> str:
        """Kill the process, if it lives; what it ended with."""
        self.cut_off()
        with self._starting:
            self._process.join(END_SECONDS)
            code = self._process.exitcode
        with self._ending:
            self._line.close()
        return f"ended by {signal.Signals(-code).name}" if code is not None and code < 0 else f"ended with code {code}"


def _work(line: Connection, megabytes: int, seconds: float) -> None:
    """The life of a worker: one task after another, until the line is cut."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which ends us
    _limit(megabytes)
    with suppress(OSError, EOFError):
        line.send_bytes(BEGUN)
        while True:
            task = line.recv_bytes()
            line.send_bytes(BEGUN)
            # Nobody else ends what never ends once the command was killed.
            signal.setitimer(signal.ITIMER_REAL, seconds + END_SECONDS)
            line.send_bytes(_outcome(task))
            signal.setitimer(signal.ITIMER_REAL, 0)


def _outcome(task: bytes) -> bytes:
    """A task's result or its error, as the other side can read it."""
    try:
        fn, args, kwargs = pickle.loads(task)  # noqa: S301  # what our own process wrote
        return pickle.dumps((True, fn(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001  # it is the task's, and travels
        try:
            told = pickle.dumps((False, error))
            pickle.loads(told)  # noqa: S301  # some can be written and not read
        except Exception:  # noqa: BLE001  # whatever its own code does then
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return told


@cache
def _context() -> ForkServerContext:
    """Workers are forked off a clean process that has loaded the readers once: no thread of ours is copied, and no variable."""
    import multiprocessing

    from survey_extract.adapters.clean_process import start_clean

    start_clean()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([f"survey_extract.adapters.{name}" for name in PRELOADED])
    return context


def _limit(megabytes: int) -> None:
    """Bounds on what a document can make a worker take: memory, and bytes of whatever it writes into a file."""
    limit = megabytes * 1_000_000
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        pass  # macOS refuses RLIMIT_AS; the time limit still holds
