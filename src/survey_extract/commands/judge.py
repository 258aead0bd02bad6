"""What was chosen goes in; a second reader's verdicts come out, by field, with what the evidence does not support.

It is an option of ``evaluate``, since it measures the same answers by the same
choice of sources, fields and engines; and the one part of it that asks a model.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from survey_extract.commands.evaluate_figures import chosen_of
from survey_extract.commands.survey import fail, give, say, show
from survey_extract.commands.tables import print_table
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.money import about, added, dollars
from survey_extract.core.plural import count_of
from survey_extract.core.ports import Archive, Clock, SecondReader
from survey_extract.core.records import Finding, Opinion
from survey_extract.pipeline.judge import Docket, JudgeOutcome, docket, judge
from survey_extract.wiring import open_second_reader

if TYPE_CHECKING:
    from survey_extract.commands.evaluate_figures import Wish
    from survey_extract.commands.survey import Survey

COLUMNS = ("field", "carried", "partly", "no", "unparsable", "n", "95 % interval")
FINDINGS: tuple[Finding, ...] = ("yes", "partly", "no", "unparsable")
NAMED = 20
"""Cells that are named on the terminal; ``--json`` names all."""


@dataclass(frozen=True, slots=True)
class Heard:
    """All verdicts on what was chosen, with their sources, and the cells that have none."""

    model: str
    docket: Docket
    opinions: tuple[tuple[str, Opinion], ...]
    failed: tuple[JudgeOutcome, ...]
    cost: float | None
    likely: float | None = None


def hear(survey: Survey, wish: Wish, model: str, *, dry_run: bool) -> Heard:
    """Have a second reader judge the answers that were chosen; with ``dry_run``, only say what that would cost.

    Raises:
        InputError: the model cannot be asked, or all that was chosen is its own.
    """
    if model.strip().casefold() in ("", "extractive", "openai", "auto"):
        fail(f"--judge {model}: name a model; it takes a reader to tell what a sentence says")
    archive, entries = survey.archive(), list(survey.warehouse().entries())
    chosen = chosen_of(survey, wish, entries)
    with (
        archive.lock("evaluate"),
        open_second_reader(survey.project, archive, survey.settings(), model.strip()) as (reader, clock),
    ):
        found = docket(entries, archive, reader, chosen)
        if found.own and not (found.tasks or found.held):
            fail(f"--judge {model} gave all the chosen answers itself; a second opinion comes from another model")
        if dry_run:
            return Heard(model, found, tuple(found.held), (), found.cost(reader), found.likely(reader))
        made = tuple(_narrated(found, reader, archive, clock))
    given = tuple((verdict.task.key, verdict.opinion) for verdict in made if verdict.opinion)
    failed = tuple(verdict for verdict in made if verdict.error)
    return Heard(model, found, (*found.held, *given), failed, added(verdict.cost for verdict in made))


def _narrated(found: Docket, reader: SecondReader, archive: Archive, clock: Clock) -> Iterator[JudgeOutcome]:
    for verdict in judge(found.tasks, reader, archive, clock):
        if verdict.error:
            say(f"failed: {verdict.task.answer.field} of {verdict.task.key}: {verdict.error}")
        yield verdict


def print_heard(heard: Heard, *, as_json: bool, dry_run: bool) -> None:
    """On stdout: a line for each field, then what is not carried, cell by cell."""
    if as_json:
        give(json.dumps(_as_data(heard), indent=1, ensure_ascii=False))
        return
    if heard.opinions:
        print_table(COLUMNS, list(rows([opinion for _, opinion in heard.opinions])), "table")
    doubted = [(key, opinion) for key, opinion in heard.opinions if opinion.finding != "yes"]
    for key, opinion in doubted[:NAMED]:
        show(f"{opinion.field} of {key}: {told(opinion)}")
    if len(doubted) > NAMED:
        show(f"and {len(doubted) - NAMED} more: --json")
    for line in _remarks(heard, dry_run=dry_run):
        show(line)


def told(opinion: Opinion) -> str:
    """A verdict in words."""
    if opinion.finding == "unparsable":
        return f"unparsable: {opinion.note}"
    return opinion.finding + (f"; not supported: {opinion.not_carried}" if opinion.not_carried else "")


def rows(opinions: Sequence[Opinion]) -> Iterator[tuple[object, ...]]:
    """A line for each field; a reply that is not a verdict is shown, and is in no share."""
    for name in dict.fromkeys(opinion.field for opinion in opinions):
        counts = Counter(opinion.finding for opinion in opinions if opinion.field == name)
        share = Share(counts["yes"], counts["yes"] + counts["partly"] + counts["no"])
        low, high = share.interval
        yield name, *(counts[finding] for finding in FINDINGS), int(share.of), f"{low:.0%} to {high:.0%}"


def _remarks(heard: Heard, *, dry_run: bool) -> Iterator[str]:
    found, price = heard.docket, "what it costs is unknown (setting prices)"
    if heard.cost is not None:
        price = about(heard.likely, heard.cost) if dry_run else dollars(heard.cost)
    if dry_run:
        yield f"{heard.model} would be asked {count_of(len(found.tasks), 'question')}: {price}"
    elif found.tasks:
        yield f"{heard.model} was asked {count_of(len(found.tasks), 'question')}: {price}"
    elif not found.held:
        yield "nothing to judge: none of the chosen answers has a value with evidence"
    counted = (
        (found.own, "answer is its own, and left out", "answers are its own, and left out"),
        (found.bare, "answer points to no sentence", "answers point to no sentence"),
        (found.unread, "answer's text is not in the cache", "answers' texts are not in the cache"),
        (len(heard.failed), "question failed; ask again", "questions failed; ask again"),
    )
    yield from (count_of(number, one, many) for number, one, many in counted if number)


def _as_data(heard: Heard) -> dict[str, Any]:
    found = heard.docket
    return {
        "model": heard.model,
        "questions": len(found.tasks),
        "cost": heard.cost,
        "own": found.own,
        "without_evidence": found.bare,
        "unread": found.unread,
        "opinions": [{"key": key, **asdict(opinion)} for key, opinion in heard.opinions],
        "failed": [{"key": v.task.key, "field": v.task.answer.field, "error": v.error} for v in heard.failed],
    }
