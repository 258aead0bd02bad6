"""Reading in processes that may die: limits hold, and one document's death is its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from fpdf import FPDF

from survey_extract.adapters import clean_process
from survey_extract.adapters.read import WorkerReader, WorkerTexts, read_document
from survey_extract.adapters.worker import WRITTEN_BYTES
from survey_extract.adapters.workers import ProcessExecutor
from survey_extract.core.paper_text import PaperText
from survey_extract.errors import NeedsOcr, ReadError
from tests.conftest import ROOT
from tests.papers.make import HARBOR, ORCHARD, pdf, prose


@pytest.fixture
def executor() -> Iterator[ProcessExecutor]:
    executor = ProcessExecutor(workers=2, seconds=3, megabytes=1_500)
    yield executor
    executor.close()


def die(data: bytes, media_type: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dawdle(data: bytes, media_type: str) -> None:
    time.sleep(60)


def swell(data: bytes, media_type: str) -> int:
    return len(bytearray(4_000_000_000))


def sink(data: bytes, media_type: str) -> int:
    return sink(data, media_type) + 1


def length(data: bytes, media_type: str) -> int:
    return len(data)


class Swapped:
    """An executor whose workers do something else than read."""

    def __init__(self, executor: ProcessExecutor, does: object) -> None:
        self._executor, self._does = executor, does

    def submit(self, fn: object, /, *args: object, **kwargs: object) -> object:
        return self._executor.submit(self._does, *args, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (die, "crashed its reader"),
        (dawdle, "longer than 3 s"),
        (swell, "crashed its reader"),
        (sink, "nested beyond reason"),
    ],
)
def test_a_document_that_ends_its_worker_is_a_read_error(executor: ProcessExecutor, does: object, says: str) -> None:
    """Death, time-out, memory and depth each become a ReadError, while the neighbours are read."""
    before = [executor.submit(length, b"x" * n, "") for n in range(5)]
    with pytest.raises(ReadError, match=says):
        WorkerReader(Swapped(executor, does), seconds=3, megabytes=1_500).read(b"", "")  # type: ignore[arg-type]
    after = [executor.submit(length, b"x" * n, "") for n in range(5)]
    assert [future.result() for future in before + after] == [*range(5), *range(5)]


def test_documents_are_read_in_workers(executor: ProcessExecutor) -> None:
    """PDF, HTML and Markdown come back whole; a refusal comes back as itself, over the process border."""
    reader = WorkerReader(executor, seconds=3, megabytes=1_500)
    assert len(reader.read(pdf(HARBOR), "application/pdf").citable()) > 15
    assert len(reader.read(pdf(ORCHARD), "application/pdf").citable()) > 10
    page = (
        "<html><head><title>A page</title></head><body><article><h1>Head</h1>"
        + "<p>We say a long sentence about it here.</p>" * 12
    )
    assert reader.read(page.encode(), "text/html").title == "A page"
    markdown = reader.read(b"---\nmodel_name: Boat\n---\n# Boat\n\n" + b"It floats on water. " * 20, "text/markdown")
    assert markdown.title == "Boat"
    blank = FPDF()
    blank.add_page()
    with pytest.raises(NeedsOcr):
        reader.read(bytes(blank.output()), "application/pdf")


def environment() -> tuple[dict[str, str], bytes, bytes]:
    """What a reader can see of the environment: its own, and what the operating system shows of it and its parent."""
    shown = [Path(f"/proc/{process}/environ") for process in (os.getpid(), os.getppid())]
    own, parents = (path.read_bytes() if path.exists() else b"" for path in shown)
    return dict(os.environ), own, parents


def test_readers_do_not_have_the_key() -> None:
    """In a real run's process: no key, no token, nothing that a reader does not need, in any place that a worker can look at."""
    code = (
        "from survey_extract.adapters.workers import ProcessExecutor\n"
        "from tests.adapters.test_read import environment\n"
        "from survey_extract.adapters.read import WorkerReader\n"
        "executor = ProcessExecutor(workers=1, seconds=60, megabytes=1500)\n"
        "print(executor.submit(environment).result(), WorkerReader(executor, seconds=60, megabytes=1500).read(b'# Boat\\n\\n' + b'It floats on water. ' * 20, 'text/markdown').title)\n"
        "executor.close()\n"
    )
    secrets = {
        "OPENAI_API_KEY": "sk-canary-0123456789",
        "GITHUB_TOKEN": "canary",
        "SURVEY_API_KEY": "canary",
        "HOME": "/canary",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | secrets, capture_output=True, text=True, check=True
    )
    assert "canary" not in done.stdout
    assert "PATH" in done.stdout
    assert "Boat" in done.stdout


class Stillborn(ProcessExecutor):
    """An executor whose workers die of their own limit, before they can take a document."""

    def __init__(self) -> None:
        super().__init__(workers=2, seconds=3, megabytes=Impossible())  # type: ignore[arg-type]


class Impossible:
    """A limit that ends the process which sets it."""

    def __mul__(self, factor: int) -> int:
        os._exit(9)


@pytest.mark.parametrize("size", [10, 2_000_000])
def test_every_wait_for_a_reader_ends(size: int) -> None:
    """When each worker dies at its start, every document fails by name, those that wait in the queue and those that come later too.

    The large documents fill the pipe to the workers, behind which the pool itself would wait for ever.
    """
    executor = Stillborn()
    reader = WorkerReader(executor, seconds=3, megabytes=1)
    said: list[str] = []

    def read(_: int) -> None:
        with pytest.raises(ReadError, match="cannot be started") as caught:
            reader.read(b"x" * size, "text/markdown")
        said.append(str(caught.value))

    threads = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(12)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    assert len(said) == 12, f"{12 - len(said)} documents wait for ever"
    read(13)
    executor.close()


class Speaking:
    """A limit that says why it ends the process which sets it."""

    def __mul__(self, factor: int) -> int:
        os.write(2, b"no module of that name\n")
        os._exit(9)


def test_a_worker_that_dies_at_its_start_says_why(capfd: pytest.CaptureFixture[str]) -> None:
    """What it wrote last is in the error of its document, and on no terminal."""
    executor = ProcessExecutor(workers=1, seconds=3, megabytes=Speaking())  # type: ignore[arg-type]
    with pytest.raises(ReadError, match="one of them wrote: 'no module of that name'"):
        WorkerReader(executor, seconds=3, megabytes=1).read(b"x", "text/markdown")
    executor.close()
    assert capfd.readouterr().err == ""


def chatter() -> str:
    """Writes far more than is kept."""
    for number in range(40):
        with suppress(OSError):
            os.write(1 + number % 2, b"x" * 99_999 + b"\n")
    return "done"


def test_what_workers_write_beside_their_results_is_bounded(capfd: pytest.CaptureFixture[str]) -> None:
    """A document that makes libraries warn without end fills no disk and no terminal, and is read all the same."""
    executor = ProcessExecutor(workers=1, seconds=30, megabytes=2_000)
    assert executor.submit(chatter).result(60) == "done"
    executor.close()
    assert os.fstat(clean_process._written()).st_size <= WRITTEN_BYTES
    assert capfd.readouterr() == ("", "")


def test_a_text_longer_than_any_book_is_refused() -> None:
    """What later steps go through has a bound."""
    page = f"# A page\n\n{prose(60)}".encode()
    length = sum(map(len, read_document(page, "text/markdown").pages))
    assert read_document(page, "text/markdown", length).pages
    with pytest.raises(ReadError, match=f"has {length:,} characters, more than the limit of {length - 1:,}"):
        read_document(page, "text/markdown", length - 1)


def die_on(text: PaperText) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dawdle_on(text: PaperText) -> None:
    time.sleep(60)


def swell_on(text: PaperText) -> int:
    return len(bytearray(4_000_000_000))


def title_of(text: PaperText, before: str) -> str:
    return before + (text.title or "")


@pytest.mark.parametrize(
    ("does", "says"),
    [
        (die_on, "its text crashed the process that went through it"),
        (dawdle_on, "going through its text took longer than 3 s"),
        (swell_on, "its text crashed the process that went through it"),
    ],
)
def test_work_on_a_text_that_ends_its_worker_is_an_error_of_that_source(
    executor: ProcessExecutor, does: Callable[[PaperText], object], says: str
) -> None:
    """What is done with a stranger's words has the limits that reading has; work before and after it is done."""
    texts = WorkerTexts(executor, seconds=3, megabytes=1_500)
    text = read_document(f"---\nmodel_name: Boat\n---\n{prose(40)}".encode(), "text/markdown")
    assert texts.do(title_of, text, "The ") == "The Boat"
    with pytest.raises(ReadError, match=says):
        texts.do(does, text)
    assert texts.do(title_of, text, "Our ") == "Our Boat"
