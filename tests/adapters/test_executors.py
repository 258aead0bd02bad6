"""Reading in processes that may die: limits hold, and one document's death is its own."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest
from fpdf import FPDF

from survey_extract.adapters.executors import ProcessExecutor, WorkerReader
from survey_extract.errors import NeedsOcr, ReadError
from tests.papers.make import HARBOR, ORCHARD, pdf


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


def length(data: bytes, media_type: str) -> int:
    return len(data)


class Swapped:
    """An executor whose workers do something else than read."""

    def __init__(self, executor: ProcessExecutor, does: object) -> None:
        self._executor, self._does = executor, does

    def submit(self, fn: object, /, *args: object, **kwargs: object) -> object:
        return self._executor.submit(self._does, *args, **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("does", "says"), [(die, "ended its reader"), (dawdle, "longer than 3 s"), (swell, "ended its reader")]
)
def test_a_document_that_ends_its_worker_is_a_read_error(executor: ProcessExecutor, does: object, says: str) -> None:
    """Death, time-out and memory each become a ReadError, while the neighbours are read."""
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
