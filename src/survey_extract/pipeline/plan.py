"""Sources go in, what a run would do with each comes out: nothing is sent to a model, nothing is written.

Where bytes are is asked, since that costs nothing; bytes themselves are not
fetched (but for the survey's own files), so what would be asked of a document
that has to come first is said as a condition and not counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.carry import Carrier
from survey_extract.core.due import Asking, Due, due_fields, latest_of, other_document
from survey_extract.core.ports import Estimate
from survey_extract.core.records import Answer, Document, Location, PaperText, Source
from survey_extract.core.schema import asked_fields
from survey_extract.errors import SourceError
from survey_extract.pipeline.path import Ports


@dataclass(frozen=True, slots=True)
class Planned:
    """What would become of a source; None is "nothing". ``fields`` are those that would certainly be asked."""

    key: str
    name: str
    fetch: str | None = None
    asks: str | None = None
    fields: tuple[str, ...] = ()
    problem: str | None = None
    prompt_tokens: int = 0
    reply_tokens: int = 0
    cost: float | None = 0.0
    held: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All of them, with sums. ``cost`` is USD, None where a price is unknown; ``unread`` counts what is in no sum."""

    items: tuple[Planned, ...]
    prompt_tokens: int
    reply_tokens: int
    cost: float | None
    held: int
    unread: int


def plan(sources: Sequence[Source], ports: Ports) -> Plan:
    """What ``refresh`` would do now."""
    located = ports.locator.locate(sources) if sources else {}
    documents = ports.archive.documents()
    items = tuple(_planned(source, located[source.key], documents.get(source.key, ()), ports) for source in sources)
    costs = [item.cost for item in items]
    return Plan(
        items=items,
        prompt_tokens=sum(item.prompt_tokens for item in items),
        reply_tokens=sum(item.reply_tokens for item in items),
        cost=None if None in costs else sum(cost for cost in costs if cost is not None),
        held=sum(item.held for item in items),
        unread=sum(item.unread for item in items),
    )


def _planned(source: Source, located: Location | SourceError, documents: Sequence[Document], ports: Ports) -> Planned:
    key, name = source.key, source.label
    if isinstance(located, SourceError):
        return Planned(key, name, problem=str(located))
    if located.withdrawn:
        return Planned(key, name, problem=f"withdrawn: {located.notice}")
    latest, known = documents[-1] if documents else None, ports.archive.answers(key)
    asking = Asking.of(ports.engine, keeps_models=ports.keeps_models_answers)
    if latest is None:
        fields = tuple(spec.name for spec in asked_fields())
        return Planned(key, name, "would be fetched: new source", _asks_all(), fields, unread=True)
    fetch = _fetch(source, latest, located, ports)
    if fetch is not None and source.kind != "web":
        return Planned(key, name, fetch, _asks_what_changed(latest, located), unread=True)
    due = due_fields(asked_fields(), known, latest, asking, ports.archive.text_sha256(latest.sha256))
    text = ports.archive.text_of(latest.sha256) if due else None
    if text is not None:
        carrier = Carrier(latest, text, asking, known, ports.archive.decisions(key), ports.archive.text_of, "", "")
        due = carrier.carry(due).wanted
    due = tuple(item for item in due if not _is_left(item, known, ports))
    if not due:
        return Planned(key, name, fetch)
    return _estimated(Planned(key, name, fetch, _asks(due), tuple(d.spec.name for d in due)), text, due, ports)


def _estimated(item: Planned, text: PaperText | None, due: Sequence[Due], ports: Ports) -> Planned:
    if text is None:
        return Planned(
            item.key,
            item.name,
            item.fetch or "would be fetched: its text is not in the cache",
            item.asks,
            item.fields,
            unread=True,
        )
    cost: Estimate = ports.engine.estimate(text, [d.spec for d in due])
    return Planned(
        item.key,
        item.name,
        item.fetch,
        item.asks,
        item.fields,
        None,
        cost.prompt_tokens,
        cost.reply_tokens,
        cost.cost,
        cost.held,
    )


def _fetch(source: Source, latest: Document, located: Location, ports: Ports) -> str | None:
    if source.kind == "file":
        try:
            changed = ports.fetcher.fetch(source, located, latest).data is not None
        except SourceError as error:
            return f"could not be read: {error}"
        return "would be read: the file changed" if changed else None
    if source.kind == "web":
        return "would be looked at: only what changed is sent"
    if (latest.version, latest.url) == (located.version, located.url):
        return None
    return f"would be fetched: {other_document(latest.version, located.version)}"


def _asks_all() -> str:
    return f"would be asked: all {len(asked_fields())} fields (new source)"


def _asks_what_changed(latest: Document, located: Location) -> str:
    change = other_document(latest.version, located.version)
    return f"would be asked: the fields whose sentences no longer stand there ({change})"


def _asks(due: Sequence[Due]) -> str:
    reasons: dict[str, list[str]] = {}
    for item in due:
        reasons.setdefault(item.reason, []).append(item.spec.name)
    return "would be asked: " + "; ".join(f"{', '.join(names)} ({reason})" for reason, names in reasons.items())


def _is_left(due: Due, known: Sequence[Answer], ports: Ports) -> bool:
    """Whether a field would be left for a night on which its model is there."""
    latest = latest_of(known, due.spec.name)
    return ports.keeps_models_answers and latest is not None and latest.model is not None
