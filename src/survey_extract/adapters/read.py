"""A document or a text goes in, what is read or found comes out, or an error in words; the work is done in workers.

Whatever a stranger's document does to the process that holds it (``workers``)
becomes an error of its source.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, ParamSpec, TypeVar

from survey_extract.core.paper_text import PaperText
from survey_extract.core.sight import Sight
from survey_extract.core.tables.table import Row
from survey_extract.errors import ReadError

if TYPE_CHECKING:
    from survey_extract.core.ports import Archive, Executor, PictureBox, Quoted, WebPicture

P = ParamSpec("P")
T = TypeVar("T")


TEXT_LIMIT = 6_000_000
"""Characters of a text; the 1,500 pages of the longest PDF that is read have some 5 million."""
PICTURES_HELD = 64
"""Pictures of pages kept in memory, some 200 kB each."""


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
    from survey_extract.adapters.worker import WorkerDied

    try:
        yield
    except TimeoutError:
        raise ReadError(f"{words.doing} took longer than {seconds:g} s (setting read_seconds)") from None
    except RecursionError:
        raise ReadError(f"{words.doing} went too deep: it is nested beyond reason") from None
    except BrokenExecutor as error:
        raise ReadError(f"the processes that read documents cannot be started: {error}{_words_of_one()}") from None
    except (WorkerDied, MemoryError) as error:
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

    def boxes(self, document: str, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, PictureBox]]:
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


def _sentence_boxes(path: Path, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, PictureBox]]:
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
