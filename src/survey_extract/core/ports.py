"""The seams: what each step needs from outside, as small Protocols.

One concrete class implements each (``wiring.py`` says which). Evidence,
review and rendering are plain functions: one implementation, no seam.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, Protocol, TypeVar

from survey_extract.core.books import Batch, Reply
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.fingerprint import Json
from survey_extract.core.paper_text import PaperText
from survey_extract.core.readme.table import PublishedRow, ShownCell
from survey_extract.core.records import (
    Answer,
    Audit,
    Decision,
    Document,
    Fetched,
    Finding,
    Location,
    Opinion,
    Source,
    Value,
)
from survey_extract.core.runs import Run
from survey_extract.core.sight import Sight, Sights
from survey_extract.core.tables.table import Row
from survey_extract.errors import SourceError

P = ParamSpec("P")
T = TypeVar("T")


class Clock(Protocol):
    """Time, so that tests need not wait. ``monotonic`` and ``sleep`` are in seconds."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class Locator(Protocol):
    """Where the bytes are, for all sources at once: a location or the error of each key."""

    def locate(self, sources: Sequence[Source]) -> dict[str, Location | SourceError]: ...


class Fetcher(Protocol):
    """Bytes of a located source. ``previous`` makes the request conditional. Raises SourceError."""

    def fetch(self, source: Source, location: Location, previous: Document | None) -> Fetched: ...


class Reader(Protocol):
    """Text of a document's bytes. Runs in another process. Raises ReadError."""

    def read(self, data: bytes, media_type: str) -> PaperText: ...

    def printed(self, data: bytes, media_type: str) -> tuple[str, ...]:
        """The characters of each page as the document draws them; none of one that has no pages."""
        ...


class TextWork(Protocol):
    """What is done with texts, strangers' words: in another process, within the limits that reading has."""

    def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``work`` makes of the texts it is given. Raises ReadError when it took too long, or ended its process."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What an engine said about one field, before it is grounded: sentence numbers, not quotes."""

    field: str
    value: Value
    numbers: tuple[int, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """All an engine said to one question, and what it cost. ``reply`` is the hash of the last reply."""

    said: tuple[Said, ...]
    replies: tuple[Reply, ...] = ()
    reply: str | None = None
    omitted: int = 0
    offered: frozenset[int] | None = None
    warnings: tuple[str, ...] = ()
    answered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a question would cost: tokens, and USD where the price is known. ``held``: its reply is here already.

    ``cost`` is what it cannot pass, and what a budget holds back for it;
    ``likely`` what it will be about, if texts and replies are as they mostly are.
    """

    prompt_tokens: int
    reply_tokens: int
    cost: float | None
    held: bool = False
    likely: float | None = 0.0


class Engine(Protocol):
    """Answers fields from a text. Raises AskError, whose ``replies`` book what was spent."""

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str | None: ...
    @property
    def prompt(self) -> str:
        """Hash of the question's wording."""
        ...

    @property
    def parameters(self) -> Json: ...
    @property
    def requests(self) -> int:
        """Requests sent to a model so far."""
        ...

    def ask(self, key: str, text: PaperText, wanted: Sequence[FieldSpec]) -> Asked: ...
    def estimate(self, text: PaperText, wanted: Sequence[FieldSpec]) -> Estimate: ...
    def begin(self, run: str) -> None:
        """What is asked from now on is booked in this run."""
        ...


@dataclass(frozen=True, slots=True)
class Cited:
    """A value under its heading, and the sentences cited for it: all that a second reader is shown."""

    heading: str
    value: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a second reader's reply comes to. ``not_carried`` is a stretch of the value, ``note`` why a reply cannot be used."""

    finding: Finding
    not_carried: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a second reader said, its line in the books, and the model that the reply itself names."""

    judged: Judged
    booking: Reply
    answered_by: str | None


class SecondReader(Protocol):
    """Judges whether sentences carry a value."""

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def wording(self) -> str: ...
    @property
    def parameters(self) -> Json: ...
    def judge(self, key: str, field: str, cited: Cited) -> Ruled:
        """Raises AskError where no reply came; one that is not a verdict is unparsable."""
        ...

    def estimate(self, cited: Cited) -> Estimate: ...


class Batches(Protocol):
    """Questions that are sent together and answered later. Both say what the operator should know."""

    def collect(self) -> tuple[tuple[Reply, ...], tuple[str, ...]]:
        """Bring the replies that are there; they are booked as they come."""
        ...

    def submit(self) -> tuple[str, ...]:
        """Send the questions that were left waiting in this run."""
        ...


class ReplyStore(Protocol):
    """Raw replies by the hash of everything they depend on, and the books of what they cost."""

    def get_reply(self, sha256: str) -> str | None:
        """None for "never arrived"."""
        ...

    def put_reply(self, sha256: str, raw: str, booking: Reply | None = None) -> None:
        """Keep a reply, with the line that books it; without one it is someone else's, whose price is not ours."""
        ...

    def want_room(self) -> None:
        """Raises Unwritable where a reply might find no room."""
        ...

    def booking_of(self, sha256: str) -> Mapping[str, Any] | None:
        """What was kept with a reply to book it by."""
        ...

    def book(self, reply: Reply) -> None:
        """Enter a reply into the books: once, when it arrives."""
        ...

    def booked(self) -> tuple[Reply, ...]:
        """The books, oldest line first."""
        ...


class Archive(ReplyStore, Protocol):
    """What is in git, and the cache beside it; records are read under today's names of the ``fields``."""

    @property
    def fields(self) -> Fields: ...

    def documents(self) -> Mapping[str, tuple[Document, ...]]: ...
    def held(self) -> Sequence[tuple[str, str]]:
        """Key and location of each source on record; see ``core.inputs.identifiers.Keys``."""
        ...

    def field_names(self) -> Mapping[str, tuple[int, int]]:
        """The fields that records name, as they were called then, each with its answers and decisions; the table's, too."""
        ...

    def answers(self, key: str) -> tuple[Answer, ...]: ...
    def decisions(self, key: str) -> tuple[Decision, ...]: ...
    def runs(self) -> tuple[Run, ...]: ...
    def read_all(self) -> None:
        """Read every record, for what is damaged. Raises BadArchive."""
        ...

    def add_document(self, document: Document) -> None: ...
    def add_answers(self, key: str, answers: Iterable[Answer]) -> None: ...
    def add_decisions(self, key: str, decisions: Iterable[Decision]) -> None: ...
    def audits(self, key: str) -> tuple[Audit, ...]: ...
    def add_audits(self, key: str, audits: Iterable[Audit]) -> None: ...
    def opinions(self, key: str) -> tuple[Opinion, ...]: ...
    def stood(self) -> Mapping[str, frozenset[frozenset[str]]]:
        """By key, the fields with which its row was in the table, all decided, as far as fields were added since."""
        ...

    def add_opinions(self, key: str, opinions: Iterable[Opinion]) -> None: ...
    def trials(self, key: str) -> tuple[Answer, ...]:
        """Answers that ``evaluate`` asked for: none of the survey's."""
        ...

    def add_trials(self, key: str, answers: Iterable[Answer]) -> None: ...
    def places(self, key: str) -> Mapping[Answer | Decision, str]:
        """File and line of each answer and decision about a source."""
        ...

    def broken_seals(self) -> tuple[str, ...]:
        """File and line of what is no longer as it was written."""
        ...

    def add_run(self, run: Run) -> None: ...
    def remove_run(self, name: str) -> None: ...
    def unbooked(self) -> Iterable[Reply]:
        """The lines of stored replies that are not in the books: a crash came between."""
        ...

    def batches(self) -> tuple[Batch, ...]: ...
    def put_batch(self, batch: Batch) -> None: ...
    def path_of(self, sha256: str) -> Path | None: ...
    def bytes_of(self, sha256: str) -> bytes | None: ...
    def keep_bytes(self, data: bytes) -> str: ...
    def text_of(self, document: str) -> PaperText | None: ...
    def text_sha256(self, document: str) -> str | None: ...
    def reader_of(self, document: str) -> str | None:
        """What read the text of a document; None where it is not here."""
        ...

    def keep_text(self, document: str, text: PaperText) -> None: ...
    def words_of(self, sha256: str) -> str | None:
        """A sentence that a decision rests on and that a text had which was read anew since; None where it is not in the cache."""
        ...

    def keep_words(self, words: str) -> None: ...
    def sights(self, document: str) -> Sights:
        """What was seen of the quotes of a document, as far as somebody looked."""
        ...

    def keep_sights(self, document: str, sights: Sights) -> None: ...
    def damage(self, document: str) -> tuple[str, ...]:
        """What of a document's bytes and text in the cache is not as it was kept."""
        ...


class Warehouse(Protocol):
    """The DuckDB file: built from the archive and swapped in; True when it had to be built."""

    @property
    def fields(self) -> Fields: ...

    def build(self, *, force: bool = False) -> bool: ...
    def published(self, shown: Mapping[tuple[str, str], ShownCell] = ...) -> list[PublishedRow]: ...
    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]: ...
    def stamp(self) -> object:
        """Changes whenever the file is swapped."""
        ...

    def known_texts(self) -> Mapping[tuple[str, str], frozenset[str]]: ...


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A rectangle on a page, in fractions of its width and height, from the upper left.

    ``shared`` says that it is a header of a table's row, and of other rows as well.
    """

    left: float
    top: float
    width: float
    height: float
    shared: bool = False


@dataclass(frozen=True, slots=True)
class WebPicture:
    """A quote on a web page as a browser draws it; ``png`` is the part of the page around it."""

    sight: Sight
    png: bytes


class Quoted(NamedTuple):
    """A sentence by what it is looked for on its pages: its words, or the cells of a row; ``page`` is where it begins."""

    number: int
    page: int
    words: str | Row


FLOATS = 2
"""Pages after the first on which a sentence may go on: beyond a page of figures, too."""


class Pictures(Protocol):
    """Pages as people see them. Raises ReadError when the document is not in the cache or no PDF."""

    def png(self, document: str, page: int, scale: float) -> bytes: ...
    def boxes(self, document: str, page: int, quotes: Sequence[Quoted]) -> list[tuple[int, PictureBox]]:
        """Of quotes that begin on a page or before it the boxes on that page, each with its sentence's number."""
        ...

    def looked(self, document: str, page: int, quotes: Sequence[str | Row]) -> list[Sight]:
        """What a person finds of quotes that begin on a page of a PDF, and of rows of its tables."""
        ...

    @property
    def why_no_browser(self) -> str | None:
        """Why no pictures of web pages are taken; None where they are."""
        ...

    def web(self, document: str, media_type: str, quotes: Sequence[str | Row]) -> list[WebPicture]:
        """Of each quote of a web page what a person finds, and a picture of its place."""
        ...


class Executor(Protocol):
    """``concurrent.futures.Executor`` as far as we use it, so that Dask's drops in."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]: ...
