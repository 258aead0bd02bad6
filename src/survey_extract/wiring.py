"""Settings go in, the concrete adapters behind every port come out: the only file that names them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from survey_extract.adapters.archive.folder import FileArchive as FileArchive
from survey_extract.adapters.clock import SystemClock
from survey_extract.adapters.fields_toml import TEMPLATES as TEMPLATES
from survey_extract.adapters.fields_toml import load_fields
from survey_extract.adapters.fields_toml import template_text as template_text
from survey_extract.core.fields import DEFAULT_SUBJECT
from survey_extract.errors import BadSettings
from survey_extract.files import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from survey_extract.adapters.arxiv.api import ArxivLocator
    from survey_extract.adapters.http.client import Http
    from survey_extract.adapters.openai.chat import Chat, Endpoint
    from survey_extract.adapters.openai.engine import OpenAIEngine
    from survey_extract.adapters.openai.proposals import Proposer
    from survey_extract.adapters.warehouse.build import DuckWarehouse as DuckWarehouse
    from survey_extract.core.evaluation.aliases import Aliases
    from survey_extract.core.lists.entries import BibEntry
    from survey_extract.core.money import Price
    from survey_extract.core.ports import Batches, Clock, Engine, Pictures, SecondReader, TextWork
    from survey_extract.core.question.prompt import Prompt
    from survey_extract.core.records import Location, Source
    from survey_extract.pipeline import Ports
    from survey_extract.pipeline.second import Second
    from survey_extract.pipeline.trial import Trial
    from survey_extract.review import Desk
    from survey_extract.settings import Settings


def open_archive(project: Path, warn: Callable[[str], None]) -> FileArchive:
    return FileArchive(project, warn=warn, fields=load_fields(project))


def open_warehouse(project: Path, archive: FileArchive, settings: Settings, path: Path | None = None) -> DuckWarehouse:
    """The DuckDB file, at its place or at ``path``."""
    from survey_extract.adapters.warehouse.build import DuckWarehouse

    return DuckWarehouse(project, archive, settings.publish, notices=settings.notices, warn=archive.warn, path=path)


def read_markdown_tables(text: str) -> str:
    """The tables of a Markdown text as HTML, each row on its own line."""
    from survey_extract.adapters.markdown_tables import tables_as_html

    return tables_as_html(text)


def read_bibliography(text: str) -> tuple[BibEntry, ...]:
    """The entries of a BibTeX file."""
    from survey_extract.adapters.bibliography import bib_entries

    return bib_entries(text)


def default_prompt(name: str) -> str:
    """The wording that comes with the tool: in the installed package, or in the checkout beside it."""
    packaged = PACKAGE / "prompts" / name
    beside = PACKAGE.parents[1] / "prompts" / name
    return (packaged if packaged.is_file() else beside).read_text(encoding="utf-8")


FORMER = ("former/extract-3.md", "former/extract-2.md")
"""Our earlier wordings, the latest first."""


def load_prompt(project: Path, subject: str = DEFAULT_SUBJECT, extract: Path | None = None) -> Prompt:
    """The survey's own wording, or the tool's where the survey has none, about the survey's subject; or that of a file.

    A copy of an older wording of ours that nobody changed is none of the survey's own: today's counts.
    """
    from survey_extract.core.former import is_ours
    from survey_extract.core.question.prompt import checked_prompt

    if extract is None:
        own = _wording(project, "extract.md")
        if is_ours(own):
            former = tuple(map(default_prompt, FORMER))
            return checked_prompt(default_prompt("extract.md"), _wording(project, "repair.md"), subject, former)
        return checked_prompt(own, _wording(project, "repair.md"), subject, (own,))
    try:
        own = extract.read_text(encoding="utf-8-sig")
        return checked_prompt(own, _wording(project, "repair.md"), subject, (own,))
    except UnicodeDecodeError as error:
        raise BadSettings(f"{extract}: not UTF-8 ({error.reason} at byte {error.start})") from None
    except BadSettings as error:
        raise BadSettings(str(error).replace("prompts/extract.md", str(extract))) from None


def _wording(project: Path, name: str) -> str:
    own = project / "prompts" / name
    try:
        return own.read_text(encoding="utf-8") if own.is_file() else default_prompt(name)
    except UnicodeDecodeError as error:
        raise BadSettings(f"prompts/{name}: not UTF-8 ({error.reason} at byte {error.start})") from None


@dataclass(frozen=True, slots=True)
class Post:
    """How questions leave that are not sent one by one: in the provider's batch, or to and from files."""

    batch: bool = False
    questions: Path | None = None
    results: Path | None = None
    anew: bool = False
    """Whether a reply that is here and cannot be used is asked for once more: a person named the sources."""

    @property
    def by_file(self) -> bool:
        return self.questions is not None or self.results is not None


@contextmanager
def open_ports(
    project: Path,
    archive: FileArchive,
    settings: Settings,
    *,
    refill: bool = False,
    reread: bool = False,
    listed: frozenset[str] | None = None,
    only: frozenset[str] | None = None,
    post: Post = Post(),
    second: str | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[Ports]:
    """Everything a refresh stands on, closed again afterwards.

    ``second`` is the engine or model that is asked for second opinions.
    ``tell`` is told who on the network keeps us waiting.
    """
    from survey_extract.adapters.read import WorkerPictures, WorkerReader, WorkerTexts
    from survey_extract.adapters.workers import ProcessExecutor
    from survey_extract.pipeline import Ports

    clock = SystemClock()
    limits: dict[str, Any] = {"seconds": settings.read_seconds, "megabytes": settings.read_megabytes}
    with ExitStack() as stack:
        executor = ProcessExecutor(workers=settings.readers, **limits)
        stack.callback(executor.close)
        texts = WorkerTexts(executor, **limits)
        engines = _Engines(project, archive, settings, clock, stack, texts)
        engine, batches, chat = engines.first(post)
        other = engines.second(second, engine, chat) if second is not None else None
        web = _Web(project, settings, clock, tell)
        stack.callback(web.close)
        yield Ports(
            locator=web.locator,
            fetcher=web.fetcher,
            reader=WorkerReader(executor, **limits),
            texts=texts,
            engine=engine,
            archive=archive,
            clock=clock,
            pictures=WorkerPictures(executor, archive),
            traffic=lambda: (web.requests(), engine.requests + (other.engine.requests if other else 0)),
            keeps_models_answers=settings.engine == "auto" and settings.engine_name == "extractive",
            refill=refill,
            reread=reread,
            listed=listed,
            only=only,
            outage_share=settings.outage_share,
            batches=batches,
            second=other,
            remarks=web.remarks,
        )


T = TypeVar("T")


class _Later(Generic[T]):
    """Something that is made when it is first called for, once for all threads; ``made`` is None until then."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make, self._lock = make, threading.Lock()
        self.made: T | None = None

    def __call__(self) -> T:
        with self._lock:
            if self.made is None:
                self.made = self._make()
            return self.made


class _Web:
    """Who finds and fetches sources, how many requests that took, and what is to be said about them.

    The clients are made for the first source that needs them: to load them takes as long as an unchanged night over files.
    """

    def __init__(self, project: Path, settings: Settings, clock: SystemClock, tell: Callable[[str], None]) -> None:
        from survey_extract.adapters.fetch import DocumentFetcher
        from survey_extract.adapters.locate import SourceLocator

        self._settings, self._clock, self._tell = settings, clock, tell
        self._limit = int(settings.document_megabytes * 1e6)
        self._shared, self._http, self._feeds = _Later(self._manners), _Later(self._client), _Later(self._feed_client)
        self.locator = SourceLocator(_Later(self._api), mirrored=settings.mirror is not None)
        self.fetcher = DocumentFetcher(http=self._http, clock=clock, project=project, limit=self._limit)

    def requests(self) -> int:
        return self._shared.made["counter"].requests if self._shared.made else 0

    def remarks(self) -> tuple[str, ...]:
        of_arxiv = self._shared.made["pace"].remarks() if self._shared.made else ()
        return (*of_arxiv, *(self._http.made.remarks() if self._http.made else ()))

    def close(self) -> None:
        for client in (self._http.made, self._feeds.made):
            if client is not None:
                client.close()

    def _manners(self) -> dict[str, Any]:
        """What both clients share."""
        from survey_extract.adapters.http.client import Counter, Pace
        from survey_extract.adapters.http.waits import Waits

        settings, clock = self._settings, self._clock
        return {
            "clock": clock, "pace": Pace(clock, settings.arxiv_pace), "counter": Counter(),
            "mirror": settings.mirror, "contact": settings.contact, "waits": Waits(self._tell),
        }  # fmt: skip

    def _client(self) -> Http:
        from survey_extract.adapters.http.client import Http

        return Http(limit=self._limit, **self._shared())

    def _feed_client(self) -> Http:
        from survey_extract.adapters.arxiv.api import FEED_BYTES, PATIENCE_SECONDS
        from survey_extract.adapters.http.client import Http

        return Http(limit=FEED_BYTES, patience=PATIENCE_SECONDS, **self._shared())

    def _api(self) -> ArxivLocator:
        from survey_extract.adapters.arxiv.api import ArxivLocator

        return ArxivLocator(self._feeds(), self._clock, self._by_page, self._shared()["waits"])

    def _by_page(self, source: Source) -> Location:
        from survey_extract.adapters.arxiv.page import read_abstract_page

        return read_abstract_page(source, self._http().get(source.link).data or b"")


@contextmanager
def open_texts(settings: Settings) -> Iterator[TextWork]:
    """Workers that go through texts, for commands that need nothing else; none is started before the first text."""
    from survey_extract.adapters.read import WorkerTexts
    from survey_extract.adapters.workers import ProcessExecutor

    seconds, megabytes = settings.read_seconds, settings.read_megabytes
    executor = ProcessExecutor(workers=settings.readers, seconds=seconds, megabytes=megabytes)
    try:
        yield WorkerTexts(executor, seconds=seconds, megabytes=megabytes)
    finally:
        executor.close()


@contextmanager
def open_desk(
    project: Path, archive: FileArchive, settings: Settings, sources: bytes, by: str, *, blind: bool = False
) -> Iterator[tuple[Desk, Pictures]]:
    """A reviewer's desk and the pictures of pages; ``blind`` shows nothing of a cell before it is decided on."""
    from survey_extract.core.inputs.sources import parse_sources
    from survey_extract.pipeline import Eyes, text_again
    from survey_extract.review import Desk

    known = {source.key: source for source in parse_sources(sources, archive.held())}
    with open_ports(project, archive, settings) as ports:
        warehouse = open_warehouse(project, archive, settings)
        desk = Desk(
            archive, warehouse, ports.clock, by, lambda document: text_again(known[document.key], document, ports),
            known, ports.texts, lambda: load_fields(project), settings.publish, Eyes(archive, ports.pictures).sights, blind,
        )  # fmt: skip
        yield desk, ports.pictures


@dataclass(frozen=True, slots=True)
class _Engines:
    """Who answers, by the same settings; closed with the ``stack``."""

    project: Path
    archive: FileArchive
    settings: Settings
    clock: SystemClock
    stack: ExitStack
    texts: TextWork

    def first(self, post: Post) -> tuple[Engine, Batches | None, Chat | None]:
        """The engine of the settings, and what carries its questions when they are not sent one by one."""
        if self.settings.engine_name == "extractive":
            from survey_extract.adapters.extractive_engine import ExtractiveEngine

            return ExtractiveEngine(self.texts), None, None
        from survey_extract.adapters.openai.batches import OpenAIBatches
        from survey_extract.adapters.openai.file_batches import FileBatches

        chat = _chat(self.archive, self.settings, self.clock, post)
        engine = self._model(chat, anew=post.anew)
        if post.by_file:
            return engine, FileBatches(chat, questions=post.questions, results=post.results), chat
        return engine, OpenAIBatches(chat, self.archive), chat

    def second(self, named: str, first: Engine, beside: Chat | None) -> Second:
        """Who is asked for second opinions: an engine by its name, else a model.

        Raises:
            BadSettings: it is the one that answers, or cannot be asked.
        """
        from survey_extract.adapters.extractive_engine import ExtractiveEngine
        from survey_extract.pipeline.second import Second

        aliases = load_aliases(self.project)
        model = (self.settings.model or "") if named == "openai" else named.strip()
        if (named, first.name) == ("extractive", "extractive") or _is_named(first, model, named):
            raise BadSettings(
                f"--second {named} is the engine or model that answers; a second opinion comes from another: name one, or extractive"
            )
        if named == "extractive":
            return Second(ExtractiveEngine(self.texts), aliases)
        chat = _chat(self.archive, _asking(self.settings, model), self.clock, Post(), beside)
        return Second(self._model(chat), aliases)

    def _model(self, chat: Chat, *, anew: bool = False) -> OpenAIEngine:
        from survey_extract.adapters.openai.engine import OpenAIEngine

        self.stack.callback(chat.close)
        prompt = load_prompt(self.project, self.archive.fields.subject)
        return OpenAIEngine(chat, prompt, self.archive.fields, self.settings.show, self.texts, anew=anew)


def _is_named(first: Engine, model: str, named: str) -> bool:
    """Whether a name is that of the engine that answers, or of its model."""
    return first.model is not None and (named == first.name or model.casefold() == first.model.casefold())


def _asking(settings: Settings, model: str) -> Settings:
    """The same settings, with another model asked."""
    return replace(settings, engine="openai", model=model or None)


def refused_host(settings: Settings) -> Callable[[str], str | None]:
    """Why a page's address can never be fetched by these settings, as far as the address alone tells: its host is inside a network.

    A mirror may have what is fetched from nowhere else.
    """
    from urllib.parse import urlsplit

    from survey_extract.adapters.http.addresses import own_refusal

    return lambda address: None if settings.mirror else own_refusal(urlsplit(address).hostname or "")


def load_aliases(project: Path) -> Aliases:
    """The survey's list of what else a name is called, empty where it has none.

    Raises:
        InputError: aliases.toml cannot be read.
    """
    from survey_extract.core.evaluation.aliases import FILE, Aliases, parse_aliases

    path = project / FILE
    if not path.is_file():
        return Aliases()
    try:
        return parse_aliases(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadSettings(f"{FILE}: not UTF-8 ({error.reason} at byte {error.start})") from None


def _chat(archive: FileArchive, settings: Settings, clock: SystemClock, post: Post, beside: Chat | None = None) -> Chat:
    from survey_extract.adapters.openai.chat import Chat

    of_old_runs = (reply for run in archive.runs() for reply in run.replies if not reply.reused)
    return Chat(_endpoint(settings, post), archive, clock, (*of_old_runs, *archive.booked()), beside)


@contextmanager
def open_trials(
    project: Path, archive: FileArchive, settings: Settings, texts: TextWork, wording: Path | None
) -> Iterator[Callable[[bool], Trial]]:
    """What asks beside the survey, by the wording of a file if one is given; called with True, what asks the same once more.

    Both share one budget and one set of books.
    """
    from survey_extract.adapters.extractive_engine import ExtractiveEngine
    from survey_extract.pipeline.trial import Trial

    clock = SystemClock()
    if settings.engine_name == "extractive":
        if wording is not None:
            raise BadSettings("asking with a wording needs a model: set `model`, and OPENAI_API_KEY or OPENAI_BASE_URL")
        yield lambda again: Trial(archive, ExtractiveEngine(texts), texts, clock, 1)
        return
    from survey_extract.adapters.openai.engine import OpenAIEngine

    prompt = load_prompt(project, archive.fields.subject, wording)
    chat = _chat(archive, settings, clock, Post())

    def trial(again: bool) -> Trial:
        engine = OpenAIEngine(chat, prompt, archive.fields, settings.show, texts, again=again)
        return Trial(archive, engine, texts, clock, settings.concurrency)

    try:
        yield trial
    finally:
        chat.close()


@contextmanager
def open_proposer(archive: FileArchive, settings: Settings) -> Iterator[Proposer]:
    """What asks a model for fields."""
    from survey_extract.adapters.openai.proposals import Proposer

    if settings.engine_name == "extractive":
        raise BadSettings("proposing fields needs a model: set `model`, and OPENAI_API_KEY or OPENAI_BASE_URL")
    chat = _chat(archive, settings, SystemClock(), Post())
    try:
        with open_texts(settings) as texts:
            yield Proposer(chat, default_prompt("propose.md"), archive.fields.subject, texts)
    finally:
        chat.close()


def price_of(settings: Settings) -> Price | None:
    """What the survey's model costs: as its settings say, else as the list of genai-prices does, else unknown."""
    from survey_extract.adapters.prices import listed_price

    return settings.price or (listed_price(settings.model, settings.base_url) if settings.model else None)


@contextmanager
def open_second_reader(
    project: Path, archive: FileArchive, settings: Settings, model: str
) -> Iterator[tuple[SecondReader, Clock]]:
    """The model that judges whether evidence carries a value, and the time."""
    from survey_extract.adapters.openai.second_reader import OpenAISecondReader
    from survey_extract.core.question.entailment import WORDING, checked_wording

    wording = checked_wording(_wording(project, WORDING))
    clock = SystemClock()
    chat = _chat(archive, _asking(settings, model), clock, Post())
    try:
        yield OpenAISecondReader(chat, wording), clock
    finally:
        chat.close()


def _endpoint(settings: Settings, post: Post) -> Endpoint:
    from survey_extract.adapters.openai.chat import Endpoint

    if not settings.model:
        raise BadSettings(
            "the engine `openai` needs a model: set `model` in [tool.survey-extract], or SURVEY_MODEL, or give --model to the command"
        )
    if not (settings.api_key or settings.base_url or post.by_file):
        raise BadSettings("the engine `openai` needs OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint without a key")
    if settings.budget is not None and price_of(settings) is None and not post.by_file:
        raise BadSettings(
            f"a budget needs a price: say what {settings.model!r} costs in [tool.survey-extract.prices] (input, output, date)"
        )
    return Endpoint(
        model=settings.model,
        api_key=settings.api_key or "none",
        base_url=settings.base_url,
        temperature=settings.temperature,
        reply_tokens=settings.reply_tokens,
        context_tokens=settings.context_tokens,
        response_format=settings.response_format,
        concurrency=settings.concurrency,
        request_seconds=settings.request_seconds,
        price=lambda: price_of(settings),
        budget=None if post.by_file else settings.budget,
        defers=post.batch or post.by_file,
    )
