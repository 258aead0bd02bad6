"""The survey's fields and the archive go in; what became of each field since it was last asked comes out, and what the next run asks.

Nothing is located, fetched or sent: this is what a change of fields.toml means
before it costs. Sources that were never read are asked everything anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from survey_extract.core.audit import own_names
from survey_extract.core.decisions import standing_decision, stands
from survey_extract.core.due.due import Case
from survey_extract.core.due.questions import NEW_FIELD, NEW_SOURCE, Asking, Due
from survey_extract.core.fields import FieldSpec, together
from survey_extract.core.money import added
from survey_extract.core.ports import Archive, Estimate
from survey_extract.core.records import Decision, Document, Source
from survey_extract.core.runs import UNFIT, last_said
from survey_extract.errors import ReadError
from survey_extract.pipeline.plan import text_here
from survey_extract.pipeline.ports import Ports


@dataclass(frozen=True, slots=True)
class FieldState:
    """A field: in how many sources it is answered and decided, and what a change of it means.

    ``asked`` counts by its reason the sources of which the next run asks it;
    ``unfit`` are decided values that it may no longer have, as (source, value);
    ``formerly`` are answers and decisions on record under a former name, until
    there is something under today's; ``unheard_of`` are former names that no
    record knows.
    """

    spec: FieldSpec
    answered: int
    decided: int
    asked: Mapping[str, int]
    unfit: tuple[tuple[str, str], ...]
    formerly: Mapping[str, tuple[int, int]]
    unheard_of: tuple[str, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    """Texts of a list that are no values of the field, as ``unfit``."""

    @property
    def is_new(self) -> bool:
        return NEW_FIELD in self.asked and self.asked.keys() <= _FIRST

    @property
    def first(self) -> int:
        """Sources that are asked it for the first time."""
        return sum(number for why, number in self.asked.items() if why in _FIRST)

    @property
    def again(self) -> Mapping[str, int]:
        """By its reason, the sources that are asked it once more."""
        return {why: number for why, number in self.asked.items() if why not in _FIRST}


_FIRST = frozenset((NEW_FIELD, NEW_SOURCE))


@dataclass(frozen=True, slots=True)
class Changes:
    """All fields, those that are no longer any with their answers and decisions, and what the next run asks.

    ``cost`` is USD at most, None where the price is unknown; ``uncounted`` are
    sources to be asked whose text is not here, ``unread`` those never read,
    ``unreadable`` those whose bytes are here and cannot be read: nothing is asked of them.
    """

    fields: tuple[FieldState, ...]
    removed: Mapping[str, tuple[int, int]]
    read: int
    unread: int
    cells: int
    questions: int
    prompt_tokens: int
    cost: float | None
    likely: float | None
    uncounted: int
    unreadable: int = 0
    withdrawn: int = 0
    """Sources of which nothing is asked though ``withdrawn_cells`` of them have no answer: their papers are withdrawn."""
    withdrawn_cells: int = 0


def changes(sources: Sequence[Source], ports: Ports) -> Changes:
    """What a change of the fields since the last answers means."""
    archive, documents = ports.archive, ports.archive.documents()
    read = [(source, documents[source.key]) for source in sources if source.key in documents]
    looked_at = {source.key: _due(source, known[-1], ports) for source, known in read}
    said = last_said(archive.runs())
    gone = {key for key, why in said.items() if why == "withdrawn"}
    waiting = [empty for key in gone if (empty := _unanswered(looked_at.get(key) or ()))]
    due = {key: () if key in gone else items for key, items in looked_at.items() if items is not None}
    names = archive.field_names()
    costs: list[Estimate] = []
    for source, documents_of in read:
        if items := due.get(source.key):
            asks, priced = _priced(source, documents_of[-1], items, ports, unheld=said.get(source.key) == UNFIT)
            due[source.key] = asks
            costs += priced
    asked = [(source, held[-1], items) for source, held in read if (items := due.get(source.key))]
    uncounted = sum(text_here(source, document, None, ports) is None for source, document, _ in asked)
    unreadable = len(looked_at) - len(due)
    known = {spec.name for spec in archive.fields}
    return Changes(
        fields=tuple(_state(spec, sources, due, names, archive) for spec in archive.fields),
        removed={
            n: counts
            for n, counts in names.items()
            if n not in known and n not in archive.fields.renamed and n != "title" and any(counts)
        },
        read=len(due),
        unread=len(sources) - len(read),
        cells=sum(len(items) for items in due.values()),
        questions=sum(len(list(together([item.spec for item in items]))) for _, _, items in asked),
        prompt_tokens=sum(one.prompt_tokens for one in costs),
        cost=added(one.cost for one in costs),
        likely=added(one.likely for one in costs),
        uncounted=uncounted,
        unreadable=unreadable,
        withdrawn=len(waiting),
        withdrawn_cells=sum(waiting),
    )


def _unanswered(due: Sequence[Due]) -> int:
    """How many of these fields have no answer at all."""
    return sum(item.reason in _FIRST for item in due)


def _due(source: Source, document: Document, ports: Ports) -> tuple[Due, ...] | None:
    """The fields that the next run asks of a source, by the run's own agenda, if its document stays as it is.

    None where its bytes are here and cannot be read, so that nothing is asked of it.
    """
    archive = ports.archive
    case = Case(
        document, Asking.of(ports.engine, keeps_models=ports.keeps_models_answers), ports.specs, archive.answers(source.key),
        archive.decisions(source.key), archive.text_of, own_names(source, document),
    )  # fmt: skip
    held = archive.text_sha256(document.sha256)
    if not case.due(held):
        return ()
    try:
        text = text_here(source, document, None, ports)
    except ReadError:
        return None
    return case.agenda(text, held).asked


def _priced(
    source: Source, document: Document, due: Sequence[Due], ports: Ports, *, unheld: bool
) -> tuple[tuple[Due, ...], list[Estimate]]:
    """What is asked, and what each question would cost, as far as the text is here.

    ``unheld``: without what a reply that is here was asked about, since it has no answer to that which could be used.
    """
    text = text_here(source, document, None, ports)
    if text is None:
        return tuple(due), []
    by_name = {item.spec.name: item for item in due}
    parts = [(specs, ports.engine.estimate(text, specs)) for specs in together([item.spec for item in due])]
    asked = [(specs, cost) for specs, cost in parts if not (unheld and cost.held)]
    return tuple(by_name[spec.name] for specs, _ in asked for spec in specs), [cost for _, cost in asked]


def _state(
    spec: FieldSpec,
    sources: Sequence[Source],
    due: Mapping[str, Sequence[Due]],
    names: Mapping[str, tuple[int, int]],
    archive: Archive,
) -> FieldState:
    standing = {}
    for source in sources:
        decision = standing_decision([d for d in archive.decisions(source.key) if d.field == spec.name])
        if decision is not None and stands(decision):
            standing[source.label] = decision
    return FieldState(
        spec=spec,
        answered=sum(any(a.field == spec.name for a in archive.answers(source.key)) for source in sources),
        decided=len(standing),
        asked=dict(Counter(item.reason for items in due.values() for item in items if item.spec.name == spec.name)),
        unfit=_unfit(spec, standing, listed=False),
        listed=_unfit(spec, standing, listed=True),
        formerly={} if spec.name in names else {former: names[former] for former in spec.was if former in names},
        unheard_of=tuple(unheard_of(spec, names)) if names else (),
    )


def _unfit(spec: FieldSpec, standing: Mapping[str, Decision], *, listed: bool) -> tuple[tuple[str, str], ...]:
    """The values that the field may not have, those of a list or those that people decided on."""
    found = ((label, spec.unfit(one)) for label, one in standing.items() if (one.verdict == "imported") is listed)
    return tuple((label, why) for label, why in found if why)


def unheard_of(spec: FieldSpec, names: Container[str]) -> Iterator[str]:
    """Former names that are not among those on record: typing slips, by which nothing moves and all is asked again."""
    yield from (former for former in spec.was if former not in names)
