"""Sources go in, what a run would do with each comes out: nothing is sent to a model, nothing is written.

The agenda (``core/due/due.py``) is the run's own, so that what is said to be
asked is what the run asks. Where bytes are is looked up, since that costs nothing;
bytes themselves are not fetched (but for the survey's own files), so what
would be asked of a document that has to come first is said as a condition and
not counted. With ``reread``, texts are read once more from the cached bytes, as
the run does, so that what would be asked is counted before it is paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_extract.core.audit import own_names
from survey_extract.core.due.due import Agenda, Case, agenda_of
from survey_extract.core.due.questions import NEW_FIELD, Asking, Due, other_document
from survey_extract.core.fields import FieldSpec, together
from survey_extract.core.money import added
from survey_extract.core.paper_text import PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.ports import Engine
from survey_extract.core.records import Document, Location, Source
from survey_extract.errors import SourceError
from survey_extract.pipeline.again import read
from survey_extract.pipeline.moved import Moved
from survey_extract.pipeline.ports import Ports
from survey_extract.pipeline.second import Second


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of a source; None is "nothing".

    ``fields`` are those that would certainly be asked, ``seconds`` those on
    which a second opinion would be; tokens, costs and questions are of both.
    """

    key: str
    name: str
    fetch: str | None = None
    asks: str | None = None
    fields: tuple[str, ...] = ()
    second: str | None = None
    seconds: tuple[str, ...] = ()
    problem: str | None = None
    prompt_tokens: int = 0
    reply_tokens: int = 0
    cost: float | None = 0.0
    held: int = 0
    questions: int = 0
    unread: bool = False
    second_cost: float | None = 0.0
    adds: bool = False
    """Whether a field that is asked was added since the source was answered."""
    reread: bool = False
    """Whether its text is read again; of its cells ``kept`` then stand as they are."""
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All of them, with sums. ``cost`` is USD, None where a price is unknown; ``unread`` counts what is in no sum.

    ``second_cost`` is the part of the cost that second opinions would have.
    ``reread`` counts texts that are read again, and ``kept`` their cells that need no question.
    """

    items: tuple[Planned, ...]
    prompt_tokens: int
    reply_tokens: int
    cost: float | None
    held: int
    unread: int
    second_cost: float | None = 0.0
    reread: int = 0
    kept: int = 0


def plan(sources: Sequence[Source], ports: Ports) -> Plan:
    """What ``refresh`` would do now."""
    located = ports.locator.locate(sources) if sources else {}
    documents = ports.archive.documents()
    moved = Moved.of(ports.archive, documents, ports.listed)
    items = tuple(
        _planned(source, located[source.key], documents.get(source.key, ()), ports, moved) for source in sources
    )
    return Plan(
        items=items,
        prompt_tokens=sum(item.prompt_tokens for item in items),
        reply_tokens=sum(item.reply_tokens for item in items),
        cost=added(item.cost for item in items),
        held=sum(item.held for item in items),
        unread=sum(item.unread for item in items),
        second_cost=added(item.second_cost for item in items),
        reread=sum(item.reread for item in items),
        kept=sum(item.kept for item in items),
    )


def _planned(
    source: Source, located: Location | SourceError, documents: Sequence[Document], ports: Ports, moved: Moved
) -> Planned:
    key, name = source.key, source.label
    try:
        if isinstance(located, SourceError):
            raise located
        if located.withdrawn:
            return Planned(key, name, problem=f"withdrawn: {located.notice}")
        there = _at_hand(source, documents[-1] if documents else None, located, ports)
        if there.document is None:
            second = f"{ports.second.name} would be asked the same for a second opinion" if ports.second else None
            return Planned(key, name, there.fetch, there.asks, there.fields, second, unread=True)
        known = moved.follows(key, documents) if documents else moved.told(key, there.document)
        return _asked(Planned(key, name, known or there.fetch), source, there.document, there.data, ports, moved)
    except SourceError as error:
        return Planned(key, name, problem=str(error))


@dataclass(frozen=True, slots=True)
class _There:
    """The document that would be asked about, if it is at hand; else what is said of one that must be fetched first."""

    fetch: str | None
    document: Document | None = None
    data: bytes | None = None
    asks: str | None = None
    fields: tuple[str, ...] = ()


def _at_hand(source: Source, latest: Document | None, located: Location, ports: Ports) -> _There:
    if source.kind == "file":
        fetched = ports.fetcher.fetch(source, located, latest)
        changed = "the file changed" if latest else "new source"
        return _There(f"would be read: {changed}" if fetched.data else None, fetched.document, fetched.data)
    fields = ports.specs
    if latest is None:
        return _There(
            "would be fetched: new source", asks=_asks_all(fields), fields=tuple(spec.name for spec in fields)
        )
    if source.kind == "web":
        return _There("would be checked: only what changed is sent", latest)
    if (latest.version, latest.url) == (located.version, located.url):
        return _There(None, latest)
    fetch = f"would be fetched: {other_document(latest.version, located.version)}"
    return _There(fetch, asks=_asks_what_changed(latest, located))


def _asked(
    item: Planned, source: Source, document: Document, data: bytes | None, ports: Ports, moved: Moved
) -> Planned:
    """What would be asked of a document that is at hand, by the run's own agenda."""
    asking = Asking.of(ports.engine, keeps_models=ports.keeps_models_answers)
    case = Case(
        document, asking, ports.specs, *moved.known(source.key, document),
        ports.archive.text_of, own_names(source, document),
    )  # fmt: skip
    again = _read_again(document, ports) if ports.reread and data is None else None
    held = again.sha256 if again else ports.archive.text_sha256(document.sha256)
    is_due = bool(case.due(held)) or data is not None
    text = (again or text_here(document, data, ports)) if is_due else None
    due = _agenda(case, text, held, ports).asked if is_due else ()
    if again:
        item = replace(item, reread=True, kept=len(ports.specs) - len(due))
    if due:
        item = replace(item, asks=_asks(due), fields=tuple(d.spec.name for d in due))
        item = replace(item, adds=any(d.reason == NEW_FIELD for d in due))
        item = _estimated(item, text, [d.spec for d in due], ports.engine)
    return item if ports.second is None else _with_second(item, ports.second, source, document, text, ports)


def _agenda(case: Case, text: PaperText | None, held: str | None, ports: Ports) -> Agenda:
    """What becomes of the fields that are due; texts are gone through in a worker."""
    if text is None:
        return case.agenda(None, held)
    return ports.texts.do(agenda_of, text, case.with_texts())


def _with_second(
    item: Planned, second: Second, source: Source, document: Document, text: PaperText | None, ports: Ports
) -> Planned:
    """The same with the second opinions that would be asked: on what waits, and on what is asked before."""
    known = second.known(source.key, ports.archive)
    waiting = {spec.name for spec, _ in known.wanted(ports.specs, document).asked}
    held = text.sha256 if text else ports.archive.text_sha256(document.sha256)
    specs = [
        spec
        for spec in ports.specs
        if (spec.name in item.fields and known.given(spec, held) is None)
        or (spec.name in waiting and spec.name not in item.fields)
    ]
    if not specs:
        return item
    names = tuple(spec.name for spec in specs)
    item = replace(item, second=f"{second.name} would be asked for a second opinion: {', '.join(names)}", seconds=names)
    done = _estimated(replace(item, cost=0.0), text or text_here(document, None, ports), specs, second.engine)
    return replace(done, cost=added((item.cost, done.cost)), second_cost=done.cost)


def _read_again(document: Document, ports: Ports) -> PaperText | None:
    """Its text as today's reader has it; None where its bytes are not here."""
    data = ports.archive.bytes_of(document.sha256)
    return read(data, document.media_type, ports) if data else None


def text_here(document: Document, data: bytes | None, ports: Ports) -> PaperText | None:
    """The text as the run would have it: from the cache, or read from bytes that are here; None when they are not.

    Raises:
        ReadError: the bytes cannot be read.
    """
    if text := ports.archive.text_of(document.sha256):
        return text
    data = data or ports.archive.bytes_of(document.sha256)
    return read(data, document.media_type, ports) if data else None


def _estimated(item: Planned, text: PaperText | None, specs: Sequence[FieldSpec], engine: Engine) -> Planned:
    """The same item, with the cost of asking these fields added."""
    if text is None:
        return replace(item, fetch=item.fetch or "would be fetched: its text is not in the cache", unread=True)
    costs = [engine.estimate(text, asked) for asked in together(specs)]
    return replace(
        item,
        prompt_tokens=item.prompt_tokens + sum(cost.prompt_tokens for cost in costs),
        reply_tokens=item.reply_tokens + sum(cost.reply_tokens for cost in costs),
        cost=added((item.cost, *(cost.cost for cost in costs))),
        held=item.held + sum(cost.held for cost in costs),
        questions=item.questions + len(costs),
    )


def _asks_all(specs: Sequence[FieldSpec]) -> str:
    return f"would be asked: {count_of(len(specs), 'field')} (new source)"


def _asks_what_changed(latest: Document, located: Location) -> str:
    change = other_document(latest.version, located.version)
    return f"would be asked: the fields whose sentences are no longer there ({change})"


def _asks(due: Sequence[Due]) -> str:
    reasons: dict[str, list[str]] = {}
    for item in due:
        reasons.setdefault(item.reason, []).append(item.spec.name)
    return "would be asked: " + "; ".join(f"{', '.join(names)} ({reason})" for reason, names in reasons.items())
