"""A function and its arguments go in, a future comes out, run in a process that may die.

A PDF can be a bomb, and pdfium is not thread-safe: each document is read in a
process of its own, forked off a clean one that has loaded the readers, with a
memory and a time limit. pebble ends the one process that overstays and starts
another, so that a document which kills its worker costs itself alone.
"""

from __future__ import annotations

import resource
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

from survey_extract.core.records import PaperText
from survey_extract.core.sight import Sight
from survey_extract.core.tables.table import Row
from survey_extract.errors import ReadError

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from pebble import ProcessPool

    from survey_extract.core.ports import Archive, Box, Executor, Quoted, WebPicture

P = ParamSpec("P")
T = TypeVar("T")


TEXT_LIMIT = 6_000_000
"""Characters of a text; the 1,500 pages of the longest PDF that is read have some 5 million."""
PICTURES_HELD = 64
"""Pictures of pages kept in memory, some 200 kB each."""
POOLS = 3
"""Times in a row that all workers may die before no more are started."""
WATCH_SECONDS = 0.2
"""Between two looks at whether the workers live."""
START_SECONDS = 30
"""Patience with the start of workers, on a busy machine."""
END_SECONDS = 10
"""Patience with the end of workers."""
PRELOADED = ("pdf.reader", "pdf.seen", "pdf.seen_rows", "html.reader", "text_tasks")
"""Modules that every worker needs and none imports for itself."""
WRITTEN_BYTES = 1_000_000
"""Bytes that workers may write beside their results, all together: libraries warn of what a document makes them warn of."""
DIED = "they die at their start"
CLOSED = "they are being ended"


class ProcessExecutor:
    """Workers with limits; starts none before the first task. See ``core.ports.Executor``.

    Every future ends. Workers that die at their start, or of which none gets
    done what its time limit would have ended, break their pool: what waits for
    it fails, and the next task gets a new one, until several in a row came to
    nothing.
    """

    def __init__(self, *, workers: int, seconds: float, megabytes: int) -> None:
        self._workers, self._seconds, self._megabytes = workers, seconds, megabytes
        self._lock = threading.RLock()
        self._pool: ProcessPool | None = None
        self._waiting: set[Future[Any]] = set()
        self._moved = 0.0
        self._broken = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` in a worker; its future raises TimeoutError or ProcessExpired when a limit is passed, BrokenExecutor without workers."""
        future: Future[T] = Future()
        with self._lock:
            if self._broken >= POOLS:
                future.set_exception(BrokenExecutor(f"{self._broken} times in a row none of them survived"))
                return future
            pool = self._started()
            if not self._waiting:
                self._moved = time.monotonic()
            self._waiting.add(future)
            try:
                done: Future[T] = pool.schedule(fn, args=args, kwargs=kwargs, timeout=self._seconds)
            except RuntimeError:
                self._give_up(pool, DIED)  # it broke a moment ago
                return future
        done.add_done_callback(partial(self._pass_on, future))
        return future

    def close(self) -> None:
        """End the workers; what they were doing is lost."""
        with self._lock:
            pool, self._pool = self._pool, None
            self._fail_all(CLOSED)
        if pool is not None:
            _end(pool).join(END_SECONDS)

    def _started(self) -> ProcessPool:
        from pebble import ProcessPool

        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=100,
                initializer=_limit,
                initargs=(self._megabytes,),
                context=_context(),
            )
            threading.Thread(target=self._watch, args=(self._pool,), name="readers", daemon=True).start()
        return self._pool

    def _pass_on(self, future: Future[T], done: Future[T]) -> None:
        """Hand on what a worker returned or raised, unless the future was given up."""
        with self._lock:
            error = done.exception()
            if future not in self._waiting:
                return
            self._waiting.remove(future)
            self._moved = time.monotonic()
            if not isinstance(error, BrokenExecutor):
                self._broken = 0
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(done.result())

    def _watch(self, pool: ProcessPool) -> None:
        """Give a pool up that is broken, or in which nothing moves any more though its time limit is long over."""
        patience = 2 * self._seconds + START_SECONDS
        while True:
            time.sleep(WATCH_SECONDS)
            with self._lock:
                if self._pool is not pool:
                    return
                if not pool.active:
                    self._give_up(pool, DIED)
                elif self._waiting and time.monotonic() - self._moved > patience:
                    self._give_up(pool, f"no result from them within {patience:g} s")

    def _give_up(self, pool: ProcessPool, why: str) -> None:
        self._pool = None
        self._broken += 1
        self._fail_all(why)
        _end(pool)

    def _fail_all(self, why: str) -> None:
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            future.set_exception(BrokenExecutor(why))


def _end(pool: ProcessPool) -> threading.Thread:
    """End a pool from a thread of its own: one whose pipe is full and has no reader can block for ever."""

    def end() -> None:
        pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves this one untyped
        pool.join()

    thread = threading.Thread(target=end, name="readers-end", daemon=True)
    thread.start()
    return thread


@cache
def _context() -> BaseContext:
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


class WorkerReader:
    """Reads documents in workers of an executor; see ``core.ports.Reader``."""

    def __init__(self, executor: Executor, *, seconds: float, megabytes: int) -> None:
        self._executor, self._seconds, self._megabytes = executor, seconds, megabytes

    def read(self, data: bytes, media_type: str) -> PaperText:
        """The text of a document.

        Raises:
            ReadError: it cannot be read, took too long, or ended its worker.
        """
        return self._in_worker(read_document, data, media_type)

    def printed(self, data: bytes, media_type: str) -> tuple[str, ...]:
        """The characters of each page as the document draws them; none of one that has no pages.

        Raises:
            ReadError: as for ``read``.
        """
        return self._in_worker(printed_pages_of, data, media_type)

    def _in_worker(self, work: Callable[[bytes, str], T], data: bytes, media_type: str) -> T:
        words = Words("reading", "the document crashed its reader")
        with _limits_told(words, self._seconds, self._megabytes):
            return self._executor.submit(work, data, media_type).result()


class WorkerTexts:
    """Goes through texts in workers of an executor; see ``core.ports.TextWork``.

    A text travels to its worker: that takes a few thousandths of a second,
    less than 1 % of what it took to read it.
    """

    def __init__(self, executor: Executor, *, seconds: float, megabytes: int) -> None:
        self._executor, self._seconds, self._megabytes = executor, seconds, megabytes

    def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` makes of the texts it is given.

        Raises:
            ReadError: it took too long, or ended its worker.
        """
        words = Words("going through its text", "its text crashed the process that went through it")
        with _limits_told(words, self._seconds, self._megabytes):
            return self._executor.submit(work, *args, **kwargs).result()


class Words(NamedTuple):
    """How it is said that a worker took too long, and that it died."""

    doing: str
    died: str


@contextmanager
def _limits_told(words: Words, seconds: float, megabytes: int) -> Iterator[None]:
    """Whatever became of a worker is an error of its source, in words.

    Raises:
        ReadError: a limit was passed, or there are no workers.
    """
    from pebble import ProcessExpired

    try:
        yield
    except TimeoutError:
        raise ReadError(f"{words.doing} took longer than {seconds:g} s (setting read_seconds)") from None
    except RecursionError:
        raise ReadError(f"{words.doing} went too deep: it is nested beyond reason") from None
    except BrokenExecutor as error:
        raise ReadError(f"the processes that read documents cannot be started: {error}{_words_of_one()}") from None
    except (ProcessExpired, MemoryError) as error:
        what = str(error) or type(error).__name__
        raise ReadError(f"{words.died}, whose limit is {megabytes} MB (setting read_megabytes): {what}") from None


def _words_of_one() -> str:
    """What a worker wrote beside its results: a broken installation says what it lacks."""
    from survey_extract.adapters.clean_process import last_words

    words = last_words()
    return f"; one of them wrote: {words!r}" if words else ""


class WorkerPictures:
    """Pictures of pages, made in workers; see ``core.ports.Pictures``."""

    def __init__(self, executor: Executor, archive: Archive) -> None:
        self._executor, self._archive = executor, archive
        self.png = lru_cache(PICTURES_HELD)(self._png)
        self._path = lru_cache(PICTURES_HELD)(archive.path_of)
        self._web: OrderedDict[tuple[str, str | Row], WebPicture] = OrderedDict()
        self._drawing = threading.Lock()

    def _png(self, document: str, page: int, scale: float) -> bytes:
        return self._in_worker(_page_png, self._held(document), page, scale)

    def boxes(self, document: str, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, Box]]:
        """The boxes of quotes on a page; of a row of a table, those of its cells."""
        return self._in_worker(_sentence_boxes, self._held(document), page, quotes)

    def looked(self, document: str, page: int, quotes: Sequence[str | Row]) -> list[Sight]:
        """What a person finds of quotes that begin on a page of a PDF, and of rows of its tables."""
        return self._in_worker(_quotes_seen, self._held(document), page, quotes)

    @property
    def why_no_browser(self) -> str | None:
        """Why no pictures of web pages are taken; None where they are."""
        from survey_extract.adapters.chromium.process import executable

        return None if executable() else "neither Chromium nor Chrome is installed"

    def web(self, document: str, media_type: str, quotes: Sequence[str | Row]) -> list[WebPicture]:
        """Of each quote of a web page what a person finds, and a picture of its place; one page is drawn at a time."""
        with self._drawing:
            missing = [quote for quote in dict.fromkeys(quotes) if (document, quote) not in self._web]
            if missing:
                from survey_extract.adapters.chromium.shown import shown
                from survey_extract.core.ports import WebPicture

                page = self._in_worker(_page_markup, self._held(document), media_type)
                for quote, found in zip(missing, shown(page, missing), strict=True):
                    self._web[document, quote] = WebPicture(found.seen.sight, found.png)
            drawn = [self._web[document, quote] for quote in quotes]
            while len(self._web) > PICTURES_HELD:
                self._web.popitem(last=False)
            return drawn

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


def _sentence_boxes(path: Path, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, Box]]:
    from survey_extract.adapters.pictures import sentence_boxes

    return sentence_boxes(path, page, quotes)


def _page_markup(path: Path, media_type: str) -> str:
    from survey_extract.adapters.html.reader import page_markup

    return page_markup(path.read_bytes(), media_type)


def _quotes_seen(path: Path, page: int, quotes: Sequence[str | Row]) -> list[Sight]:
    from survey_extract.adapters.pdf.seen import quotes_seen
    from survey_extract.adapters.pdf.seen_rows import rows_seen

    words = [quote for quote in quotes if isinstance(quote, str)]
    seen = iter([one.sight for one in quotes_seen(path, page, words)] if words else [])
    rows = iter(rows_seen(path, page, [quote for quote in quotes if not isinstance(quote, str)]))
    return [next(seen) if isinstance(quote, str) else next(rows) for quote in quotes]


def read_document(data: bytes, media_type: str, limit: int = TEXT_LIMIT) -> PaperText:
    """Read by the media type, within the limit of what later steps can go through: all of them take linear time.

    Raises:
        ReadError: it cannot be read, or its text is longer than any book.
    """
    text = _read(data, media_type)
    length = sum(map(len, text.pages))
    if length > limit:
        raise ReadError(f"its text has {length:,} characters, more than the limit of {limit:,}")
    return text


def _read(data: bytes, media_type: str) -> PaperText:
    """The heavy readers are imported here, in the worker alone."""
    if media_type == "application/pdf":
        from survey_extract.adapters.pdf.reader import read_pdf

        return read_pdf(data)
    from survey_extract.adapters.html.reader import read_html, read_markdown

    return read_html(data) if media_type == "text/html" else read_markdown(data)


def printed_pages_of(data: bytes, media_type: str) -> tuple[str, ...]:
    """The characters of the pages of a PDF, and nothing of another document."""
    if media_type != "application/pdf":
        return ()
    from survey_extract.adapters.pdf.reader import printed_pages

    return printed_pages(data)
