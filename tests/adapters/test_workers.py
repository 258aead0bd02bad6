"""Workers that die at any moment: what waits is done by others, and what ends its worker is alone in that."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from survey_extract.adapters import worker
from survey_extract.adapters.worker import WorkerDied
from survey_extract.adapters.workers import STARTS, TRIES, ProcessExecutor
from survey_extract.core.fields import FieldSpec
from tests.conftest import Folder
from tests.servers.world import World

PATIENCE = 120
"""Seconds until a wait counts as endless, on a busy machine."""


@dataclass(frozen=True, slots=True)
class Starts:
    """A memory limit that counts the workers which set it, and ends those that are to be stillborn."""

    folder: Path
    survive: str
    """Of each start: y, it lives; n, it is killed; ~, every second one is; the last letter stands for all that follow."""

    def __mul__(self, factor: int) -> int:
        number = marked(self.folder)
        lives = self.survive[number] if number < len(self.survive) - 1 else self.survive[-1]
        if lives == "n" or (lives == "~" and number % 2):
            os.kill(os.getpid(), signal.SIGKILL)
        return 1_500 * factor


@dataclass(frozen=True, slots=True)
class Tight:
    """A memory limit a little above what a worker has at its start."""

    spare: int

    def __mul__(self, factor: int) -> int:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * os.sysconf("SC_PAGESIZE") + self.spare


def marked(folder: Path) -> int:
    """Leave one more mark in a folder; how many were there."""
    folder.mkdir(exist_ok=True)
    for number in count():
        with suppress(FileExistsError):
            os.close(os.open(folder / str(number), os.O_CREAT | os.O_EXCL))
            return number
    raise AssertionError


def work(folder: Path, number: int) -> int:
    marked(folder / f"task{number}")
    return number * number


def kill(folder: Path, number: int) -> int:
    marked(folder / f"task{number}")
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def length(data: bytes) -> int:
    return len(data)


def family() -> tuple[int, int]:
    return os.getpid(), os.getppid()


def sleep() -> None:
    time.sleep(PATIENCE)


def unreadable() -> None:
    raise Unreadable(1, 2)


class Unreadable(Exception):
    """An error that can be written for another process, and not read there."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__("both")


@contextmanager
def workers(megabytes: object = 1_500, *, seconds: float = PATIENCE, number: int = 2) -> Iterator[ProcessExecutor]:
    executor = ProcessExecutor(workers=number, seconds=seconds, megabytes=megabytes)  # type: ignore[arg-type]
    try:
        yield executor
    finally:
        executor.close()


def ended(futures: list[Future[Any]]) -> list[object]:
    """The result of each, or its error."""
    return [future.exception(PATIENCE) or future.result() for future in futures]


def burn() -> None:
    while True:
        pass


@pytest.fixture(params=["calm", "loaded"])
def load(request: pytest.FixtureRequest) -> Iterator[None]:
    """With and without twice as many busy processes as there are processors."""
    with ExitStack() as stack:
        if request.param == "loaded":
            for _ in range(2 * (os.cpu_count() or 1)):
                burner = multiprocessing.get_context("fork").Process(target=burn, daemon=True)
                burner.start()
                stack.callback(burner.kill)
        yield


@pytest.mark.usefixtures("load")
@pytest.mark.parametrize("survive", ["ny", "nny", "n" * (STARTS - 1) + "y", "yny", "~", "y"])
def test_a_worker_that_dies_at_its_start_costs_no_task(tmp_path: Path, survive: str) -> None:
    """Whichever of them die, while eight tasks wait: each is done, once."""
    with workers(Starts(tmp_path / "starts", survive)) as executor:
        done = ended([executor.submit(work, tmp_path, number) for number in range(8)])
    assert done == [number * number for number in range(8)]
    assert [len(list((tmp_path / f"task{number}").iterdir())) for number in range(8)] == [1] * 8


@pytest.mark.usefixtures("load")
def test_what_ends_its_worker_is_told_of_that_alone(tmp_path: Path) -> None:
    """Tasks that end their workers at once, while every second worker dies at its start: each of them is tried once, all others are done."""
    killers = {0, 3, 4, 9, 15}
    with workers(Starts(tmp_path / "starts", "~")) as executor:
        tasks = [executor.submit(kill if number in killers else work, tmp_path, number) for number in range(16)]
        done = ended(tasks)
    assert {number for number, what in enumerate(done) if isinstance(what, WorkerDied)} == killers
    assert {str(what) for what in done if isinstance(what, WorkerDied)} == {"ended by SIGKILL"}
    assert all(done[number] == number * number for number in range(16) if number not in killers)
    assert [len(list((tmp_path / f"task{number}").iterdir())) for number in range(16)] == [1] * 16


def test_where_every_worker_dies_at_its_start_everything_ends_soon(tmp_path: Path) -> None:
    """Some are started, not one for each task, and none for what comes later."""
    with workers(Starts(tmp_path / "starts", "n")) as executor:
        first = ended([executor.submit(work, tmp_path, number) for number in range(40)])
        later = ended([executor.submit(work, tmp_path, number) for number in range(40)])
    assert {type(what) for what in first + later} == {BrokenExecutor}
    assert STARTS <= len(list((tmp_path / "starts").iterdir())) <= STARTS + 2


def test_workers_that_die_while_they_wait_are_replaced() -> None:
    """Idle ones killed, and the process that they are forked off: the next task is done."""
    with workers() as executor:
        for number in range(6):
            worker, parent = executor.submit(family).result(PATIENCE)
            os.kill(worker, signal.SIGKILL)
            if number == 3:
                os.kill(parent, signal.SIGKILL)
            assert executor.submit(length, b"x" * number).result(PATIENCE) == number


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux how large a process is")
def test_a_task_too_large_to_be_taken_is_tried_a_few_times(tmp_path: Path) -> None:
    """Workers that die of what is on its way to them, as if they had been killed meanwhile, are not started without end; others' tasks are done."""
    with workers(Tight(30_000_000), number=1) as executor:
        done = ended([executor.submit(length, b"x" * size) for size in (1, 60_000_000, 2)])
    assert [done[0], done[2]] == [1, 2]
    assert isinstance(done[1], WorkerDied)
    assert f"{TRIES} in a row" in str(done[1])


def test_close_ends_every_wait(tmp_path: Path) -> None:
    """At the very end: what runs, what waits, what comes later; and no process stays."""
    with workers() as executor:
        alive = {executor.submit(family).result(PATIENCE)[0] for _ in range(4)}
        tasks = [executor.submit(sleep) for _ in range(6)]
        threading.Timer(0.2, executor.close).start()
        assert {type(what) for what in ended(tasks)} == {BrokenExecutor}
    assert type(executor.submit(length, b"").exception(PATIENCE)) is BrokenExecutor
    for process in alive:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_stopped_worker_is_ended_after_its_time(tmp_path: Path) -> None:
    """One that no longer takes what is sent: neither its task nor the next waits for ever."""
    with workers(seconds=5, number=1) as executor:
        os.kill(executor.submit(family).result(PATIENCE)[0], signal.SIGSTOP)
        done = ended([executor.submit(length, b"x" * size) for size in (5_000_000, 7)])
    assert [type(done[0]), done[1]] == [TimeoutError, 7]


@pytest.mark.parametrize(
    ("does", "error"), [(unreadable, "Unreadable: both"), (lambda: 1, "pickle"), (threading.Lock, "pickle")]
)
def test_what_cannot_travel_is_an_error_of_its_task(does: Callable[[], object], error: str) -> None:
    """An error, a function or a result that the other side cannot read harms no other task."""
    with workers() as executor:
        assert error in str(executor.submit(does).exception(PATIENCE))
        assert executor.submit(length, b"xx").result(PATIENCE) == 2


def test_nothing_is_sent_that_another_thread_may_change(
    survey: Folder, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a record derives when it is asked is kept in it: it stays behind, or a run would fail now and then while it is written."""
    seen: set[type] = set()

    class Watching(pickle.Pickler):
        def reducer_override(self, sent: object) -> Any:  # as pickle has it
            seen.add(type(sent))
            return NotImplemented

    def dumps(sent: object) -> bytes:
        written = io.BytesIO()
        Watching(written).dump(sent)
        return written.getvalue()

    monkeypatch.setattr(worker, "pickle", SimpleNamespace(dumps=dumps, loads=pickle.loads))
    survey.ok("refresh")
    deriving = [kind for kind in seen if any(isinstance(part, cached_property) for part in vars(kind).values())]
    assert FieldSpec in deriving
    own = [{name for base in kind.__mro__[:-1] for name in vars(base)} for kind in deriving]
    assert [kind.__name__ for kind, names in zip(deriving, own, strict=True) if "__getstate__" not in names] == []
