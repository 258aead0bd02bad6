"""A survey's folder goes in; its fields, and what a change of them means before it costs, come out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from survey_extract.commands.survey import say
from survey_extract.core.inputs.fields_file import FILE
from survey_extract.core.inputs.sources import chosen, parse_sources
from survey_extract.core.meant import did_you_mean
from survey_extract.core.money import about
from survey_extract.core.paper_text import PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.question.proposal import SOURCES, Proposal, draft
from survey_extract.core.readme.note import UNDECIDED
from survey_extract.core.records import Source
from survey_extract.errors import InputError
from survey_extract.pipeline.again import first_document, text_again
from survey_extract.pipeline.changes import Changes, FieldState, changes, unheard_of
from survey_extract.wiring import Post, open_ports, open_proposer

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey
    from survey_extract.core.publishing import Publish
    from survey_extract.settings import Settings
    from survey_extract.wiring import FileArchive

COLUMNS = ("name", "type", "heading", "asked", "decided")
NAMED = 5
"""Cells that a line names; more are counted."""


def field_changes(survey: Survey) -> Changes:
    """The fields as they are, and what the next run would ask."""
    settings, archive = survey.settings(), survey.archive()
    sources = parse_sources(survey.sources_bytes(), archive.held())
    with open_ports(survey.project, archive, settings, post=Post()) as ports:
        return changes(sources, ports)


def propose(survey: Survey, words: Sequence[str]) -> str:
    """The draft of a fields.toml, from up to three sources: those that are named, else the first ones.

    Raises:
        InputError: too many are named, or there is none.
        SourceError: one cannot be had, or the model's reply cannot be used.
    """
    settings, archive = survey.settings(), survey.archive()
    picked = chosen(parse_sources(survey.sources_bytes(), archive.held()), words)
    if len(words) > SOURCES or not picked:
        raise InputError(
            f"name up to {SOURCES} sources to read for a draft" if picked else "sources.csv names no source"
        )
    proposals: list[Proposal] = []
    with (
        archive.lock("fields"),
        open_proposer(archive, settings) as proposer,
        _texts(survey, picked[:SOURCES]) as texts,
    ):
        for source, text in texts:
            say(f"reading {source.label} [{source.key}]")
            proposals += proposer.propose(source.key, source.label, text)
    return draft(proposals, archive.fields.subject)


@contextmanager
def _texts(survey: Survey, sources: Sequence[Source]) -> Iterator[Iterator[tuple[Source, PaperText]]]:
    """The texts of sources, fetched and read where they are not here."""
    archive = survey.archive()
    documents = archive.documents()
    with open_ports(survey.project, archive, survey.settings(), tell=say) as ports:
        located = ports.locator.locate([source for source in sources if source.key not in documents])

        def text(source: Source) -> PaperText:
            known = documents.get(source.key)
            document = known[-1] if known else first_document(source, located.get(source.key), ports)
            return text_again(source, document, ports)

        yield ((source, text(source)) for source in sources)


def as_text(found: Changes) -> str:
    """For programs: each field with all that it says of itself."""
    return json.dumps(asdict(found), indent=1, ensure_ascii=False)


def rows(found: Changes) -> list[tuple[Any, ...]]:
    """A line for each field: name, type, heading, sources answered, cells decided."""
    return [(f.spec.name, f.spec.type, f.spec.heading, f.answered, f.decided) for f in found.fields]


def told(survey: Survey, found: Changes) -> Iterator[str]:
    """What changed, field by field, and what the next run asks and costs."""
    if not (survey.project / FILE).is_file():
        yield f"there is no {FILE}: these are the fields of the template architectures; `survey-extract init` writes the file"
    for state in found.fields:
        yield from _of_field(state)
        yield from (unheard(state.spec.name, former, found.removed) for former in state.unheard_of)
    if any(state.is_new for state in found.fields):
        yield rows_stay(survey.settings().publish)
    for name, (answers, decisions) in found.removed.items():
        yield f"{name}: no longer a field; {_records(answers, decisions)} stay on record but are not shown"
    yield from _next_run(found, survey.settings())


def rows_stay(publish: Publish) -> str:
    """What an added field means for the rows of the table."""
    until = (
        "shown undecided, marked as such" if publish == "any" else f"empty, marked “{UNDECIDED}”, until it is decided"
    )
    return f"rows that are in the table stay there; their cell of an added field is {until}"


def unheard(name: str, former: str, removed: Iterable[str]) -> str:
    """What is said of a former name that no record knows; ``removed`` are names that are no field's any more."""
    return (
        f"{name}: nothing is on record under {former!r}, its former name in {FILE}{did_you_mean(former, removed)}; "
        "where the name is wrong, answers and decisions stay behind and all is asked again"
    )


def misnamed(archive: FileArchive) -> Iterator[str]:
    """The same of all fields; records are read only where a field has a former name."""
    if not archive.fields.renamed:
        return
    names = archive.field_names()
    known = {former for spec in archive.fields for former in (spec.name, *spec.was)}
    removed = [name for name, counts in names.items() if any(counts) and name not in known]
    if removed:
        yield from (unheard(spec.name, old, removed) for spec in archive.fields for old in unheard_of(spec, names))


def _of_field(state: FieldState) -> Iterator[str]:
    name = state.spec.name
    for former, (answers, decisions) in state.formerly.items():
        yield f"{name}: renamed from {former}; {_records(answers, decisions)} move with it, 0 questions"
    if state.is_new:
        yield f"{name}: added; asked of {count_of(state.first, 'source')}"
    elif state.first:
        yield f"{name}: asked for the first time of {count_of(state.first, 'source')}"
    yield from (f"{name}: asked again of {count_of(n, 'source')} ({why})" for why, n in state.again.items())
    if state.unfit:
        yield f"{name}: {count_of(len(state.unfit), 'decided value')} no longer allowed, which {_waiting(state.unfit)}"
    if state.listed:
        texts = count_of(len(state.listed), "text of a list is no value", "texts of a list are no values")
        yield f"{name}: {texts} of the field, which {_waiting(state.listed)}"


def _waiting(unfit: Sequence[tuple[str, str]]) -> str:
    cells = "; ".join(f"{label}: {why}" for label, why in unfit[:NAMED])
    more = f"; and {len(unfit) - NAMED} more" if len(unfit) > NAMED else ""
    stay = "stays published and waits" if len(unfit) == 1 else "stay published and wait"
    return f"{stay} in the queue ({cells}{more})"


def _records(answers: int, decisions: int) -> str:
    return f"{count_of(answers, 'answer')} and {count_of(decisions, 'decision')}"


def _next_run(found: Changes, settings: Settings) -> Iterator[str]:
    if not found.cells:
        yield (
            "the next run asks nothing about the sources that were read"
            if found.read
            else "no source has been read yet"
        )
    elif settings.engine_name == "extractive":
        yield f"the next run answers {count_of(found.cells, 'cell')} without a model, at no cost"
    else:
        cost = about(found.likely, found.cost) if found.cost is not None else f"no price is set for {settings.model}"
        yield (
            f"the next run asks {count_of(found.questions, 'question')} about {count_of(found.cells, 'cell')}: "
            f"about {found.prompt_tokens:,} tokens to send, {cost}"
        )
    if found.unreadable:
        cannot = count_of(found.unreadable, "source")
        yield f"nothing is asked of {cannot} that cannot be read: survey-extract status says why"
    if found.withdrawn:
        cells = count_of(found.withdrawn_cells, "cell waits", "cells wait")
        yield f"nothing is asked of {count_of(found.withdrawn, 'withdrawn source')}: {cells} for a person, in the queue"
    if found.uncounted:
        yield f"not counted: {count_of(found.uncounted, 'source')} whose text is not in the cache"
    if found.unread:
        yield f"{count_of(found.unread, 'source')} not read yet: all {count_of(len(found.fields), 'field')} are asked of {'it' if found.unread == 1 else 'each'}"
