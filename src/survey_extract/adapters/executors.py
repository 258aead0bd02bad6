"""A function and its arguments go in, a future comes out, run in a process that may die.

A PDF can be a bomb, and pdfium is not thread-safe: each document is read in a
process of its own, forked off a clean one that has loaded the readers, with a
memory and a time limit. pebble ends the one process that overstays and starts
another, so that a document which kills its worker costs itself alone.
"""

from __future__ import annotations

import multiprocessing
import resource
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future
from functools import cache, lru_cache
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessPool

from survey_extract.core.ports import Archive, Box, Executor
from survey_extract.core.records import PaperText
from survey_extract.errors import ReadError

P = ParamSpec("P")
T = TypeVar("T")


PICTURES_HELD = 64
"""Pictures of pages kept in memory, some 200 kB each."""


class ProcessExecutor:
    """Workers with limits; starts none before the first task. See ``core.ports.Executor``."""

    def __init__(self, *, workers: int, seconds: float, megabytes: int) -> None:
        self._workers, self._seconds, self._megabytes = workers, seconds, megabytes
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` in a worker; its future raises TimeoutError or ProcessExpired when a limit is passed."""
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=100,
                    initializer=_limit_memory,
                    initargs=(self._megabytes,),
                    context=_context(),
                )
            future: Future[T] = self._pool.schedule(fn, args=args, kwargs=kwargs, timeout=self._seconds)
            return future

    def close(self) -> None:
        """End the workers; what they were doing is lost."""
        with self._lock:
            if self._pool is not None:
                self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves this one untyped
                self._pool.join()
                self._pool = None


@cache
def _context() -> BaseContext:
    """Workers are forked off a clean process that has loaded the readers once: no thread of ours is copied, and no variable."""
    context = multiprocessing.get_context("forkserver")
    adapters = "survey_extract.adapters"
    context.set_forkserver_preload([f"{adapters}.clean_process", f"{adapters}.pdf", f"{adapters}.html"])
    return context


def _limit_memory(megabytes: int) -> None:
    limit = megabytes * 1_000_000
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        pass  # macOS refuses RLIMIT_AS; the time limit still holds


class WorkerReader:
    """Reads documents in workers of an executor; see ``core.ports.Reader``."""

    def __init__(self, executor: Executor, *, seconds: float, megabytes: int) -> None:
        self._executor, self._seconds, self._megabytes = executor, seconds, megabytes

    def read(self, data: bytes, media_type: str) -> PaperText:
        """The text of a document.

        Raises:
            ReadError: it cannot be read, took too long, or ended its worker.
        """
        try:
            return self._executor.submit(read_document, data, media_type).result()
        except TimeoutError:
            raise ReadError(f"reading took longer than {self._seconds:g} s (setting read_seconds)") from None
        except BrokenExecutor as error:
            raise ReadError(f"the processes that read documents cannot be started: {error}") from None
        except (ProcessExpired, MemoryError) as error:
            what = str(error) or type(error).__name__
            raise ReadError(
                f"the document ended its reader, whose limit is {self._megabytes} MB (setting read_megabytes): {what}"
            ) from None


class WorkerPictures:
    """Pictures of pages, made in workers; see ``core.ports.Pictures``."""

    def __init__(self, executor: Executor, archive: Archive) -> None:
        self._executor, self._archive = executor, archive
        self.png = lru_cache(PICTURES_HELD)(self._png)
        self._path = lru_cache(PICTURES_HELD)(archive.path_of)

    def _png(self, document: str, page: int, scale: float) -> bytes:
        return self._in_worker(_page_png, self._held(document), page, scale)

    def boxes(self, document: str, page: int, quotes: Sequence[tuple[int, str]]) -> list[tuple[int, Box]]:
        """The boxes of quotes on a page."""
        return self._in_worker(_sentence_boxes, self._held(document), page, quotes)

    def _held(self, document: str) -> Path:
        path = self._path(document)
        if path is None:
            self._path.cache_clear()
            raise ReadError("the document is not in the cache")
        return path

    def _in_worker(self, fn: Callable[..., T], *args: object) -> T:
        try:
            return self._executor.submit(fn, *args).result()
        except Exception as error:  # the worker may die of anything; the review page must not
            raise ReadError(f"the page cannot be shown: {type(error).__name__}: {error}") from error


def _page_png(path: Path, page: int, scale: float) -> bytes:
    from survey_extract.adapters.pictures import page_png

    return page_png(path, page, scale)


def _sentence_boxes(path: Path, page: int, quotes: Sequence[tuple[int, str]]) -> list[tuple[int, Box]]:
    from survey_extract.adapters.pictures import sentence_boxes

    return sentence_boxes(path, page, quotes)


def read_document(data: bytes, media_type: str) -> PaperText:
    """Choose the reader by media type. The heavy readers are imported here, in the worker alone."""
    if media_type == "application/pdf":
        from survey_extract.adapters.pdf import read_pdf

        return read_pdf(data)
    from survey_extract.adapters.html import read_html, read_markdown

    return read_html(data) if media_type == "text/html" else read_markdown(data)
