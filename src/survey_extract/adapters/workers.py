"""A function and its arguments go in, a future comes out, run in a process that may die.

A PDF can be a bomb, and pdfium is not thread-safe: each document is read in a
process of its own, forked off a clean one that has loaded the readers, with a
memory and a time limit. Each worker has a thread here and a line to it that no
other process holds. A task is given to a worker that said that it is ready,
and the worker says that it has begun: so it is always known what a process
died of. Of its start, and the task was never touched; of its task, and no
other was.

A pool from a library would be less to keep, but those we tried (pebble, that
of the standard library) share one line and one lock among all workers: one
that dies with them in hand breaks the pool or stalls it, and takes with it
what others were doing, or what none had begun.

What starts processes (``worker``) is loaded with the first of them.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

if TYPE_CHECKING:
    from survey_extract.adapters.worker import Call, Worker

P = ParamSpec("P")
T = TypeVar("T")


STARTS = 6
"""Workers in a row that may die at their start before no more are started."""
PAUSE_SECONDS = 0.1
"""Before a worker is started again; with each that died in a row that much longer: a want of memory may pass."""
REST_SECONDS = 60
"""After ``STARTS`` of them, until one is tried again."""
TRIES = 3
"""Workers that may die while a task is on its way to them, before it is taken for what ends them."""
TASKS = 100
"""Tasks of a worker: what libraries leak goes with it."""
END_SECONDS = 10
"""Patience with the end of workers."""
DIED = f"{STARTS} in a row died at their start"
CLOSED = "they are being ended"


class Task(NamedTuple):
    """What is to be done, and who waits for it."""

    call: Call
    future: Future[Any]


class ProcessExecutor:
    """Workers with limits; starts none before the first task. See ``core.ports.Executor``.

    Every future ends: a task that a worker has begun ends with it at the
    latest, and one that none has begun goes to the next worker, until several
    in a row came to nothing.
    """

    def __init__(self, *, workers: int, seconds: float, megabytes: int) -> None:
        self._limit, self._seconds, self._megabytes = workers, seconds, megabytes
        self._changed = threading.Condition()
        self._tasks: deque[Task] = deque()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._workers: set[Worker] = set()
        self._stillborn, self._last_stillborn = 0, 0.0
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` in a worker; its future raises TimeoutError or WorkerDied when a limit is passed, BrokenExecutor without workers."""
        future: Future[T] = Future()
        with self._changed:
            if self._closed:
                future.set_exception(BrokenExecutor(CLOSED))
                return future
            self._tasks.append(Task((fn, args, kwargs), future))
            if self._idle < len(self._tasks) and len(self._threads) < self._limit:
                self._threads.append(threading.Thread(target=self._serve, name="readers", daemon=True))
                self._threads[-1].start()
            self._changed.notify()
        return future

    def close(self) -> None:
        """End the workers; what they were doing is lost."""
        with self._changed:
            self._closed = True
            for worker in self._workers:
                worker.cut_off()
            self._changed.notify_all()
        end = time.monotonic() + END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _serve(self) -> None:
        """A worker's thread here: one task after another, with another worker when one is gone."""
        worker: Worker | None = None
        while (task := self._next()) is not None:
            if task.future.set_running_or_notify_cancel():
                worker = self._done(task, worker)
        self._gone(worker)

    def _next(self) -> Task | None:
        """The task that waits longest; None when there will be no more."""
        with self._changed:
            self._idle += 1
            self._changed.wait_for(lambda: self._tasks or self._closed)
            self._idle -= 1
            return self._tasks.popleft() if self._tasks else None

    def _done(self, task: Task, worker: Worker | None) -> Worker | None:
        """Have a task done, or its error told; the worker for the next one, if it is still there."""
        try:
            worker, (ended_well, value) = self._result(task.call, worker)
        except Exception as error:  # noqa: BLE001  # whatever it is, somebody waits to be told
            self._gone(worker)
            task.future.set_exception(BrokenExecutor(CLOSED) if self._closed else error)
            return None
        (task.future.set_result if ended_well else task.future.set_exception)(value)
        if worker.tasks < TASKS:
            return worker
        self._gone(worker)
        return None

    def _result(self, call: Call, worker: Worker | None) -> tuple[Worker, tuple[bool, Any]]:
        """What comes of a task, by the first worker that begins it."""
        from survey_extract.adapters.worker import NotBegun, WorkerDied

        for _ in range(TRIES):
            worker = worker or self._started()
            try:
                return worker, worker.do(call)
            except NotBegun:
                self._gone(worker)
                worker = None
            except Exception:
                self._gone(worker)
                raise
        raise WorkerDied(f"{TRIES} in a row ended while it was handed to them")

    def _started(self) -> Worker:
        """A worker that is ready.

        Raises:
            BrokenExecutor: as many as may died at their start, or the end has come.
        """
        from survey_extract.adapters.worker import Worker

        while True:
            with self._changed:
                if self._closed:
                    raise BrokenExecutor(CLOSED)
                if self._stillborn >= STARTS and time.monotonic() - self._last_stillborn < REST_SECONDS:
                    raise BrokenExecutor(DIED)
            try:
                return self._known(Worker(self._megabytes, self._seconds))
            except (OSError, EOFError):
                self._pause()

    def _known(self, worker: Worker) -> Worker:
        """Enter a worker among those that ``close`` ends."""
        with self._changed:
            self._stillborn = 0
            self._workers.add(worker)
            if self._closed:
                worker.cut_off()
        return worker

    def _pause(self) -> None:
        """One more died at its start: wait, unless there will be no more."""
        with self._changed:
            self._stillborn, self._last_stillborn = self._stillborn + 1, time.monotonic()
            if self._stillborn < STARTS:
                self._changed.wait_for(lambda: self._closed, PAUSE_SECONDS * self._stillborn)

    def _gone(self, worker: Worker | None) -> None:
        if worker is not None:
            worker.end()
            with self._changed:
                self._workers.discard(worker)
