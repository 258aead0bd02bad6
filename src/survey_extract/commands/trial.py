"""Cells to be asked about apart from the survey go in, their answers come out; the cost is announced before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract.commands.survey import fail, say, show
from survey_extract.core.cells import Entry
from survey_extract.core.evaluation.gold import GoldCell, placed
from survey_extract.core.money import about, added
from survey_extract.core.plural import count_of
from survey_extract.errors import SourceError
from survey_extract.pipeline.evaluate import Chosen, places
from survey_extract.pipeline.trial import TrialPlan, TrialQuestion
from survey_extract.wiring import open_trials

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey
    from survey_extract.core.ports import TextWork
    from survey_extract.settings import Settings
    from survey_extract.wiring import FileArchive


@dataclass(frozen=True, slots=True)
class TrialWish:
    """How to ask: by the wording of which file, once or twice; or only to say what would be asked."""

    prompt: Path | None = None
    again: bool = False
    dry_run: bool = False


def ask_beside(
    survey: Survey,
    texts: TextWork,
    wish: TrialWish,
    entries: Sequence[Entry],
    gold: Sequence[GoldCell] | None,
    picked: Chosen,
) -> tuple[Chosen, int] | None:
    """The choice with the answers of the trial, and how many questions failed; None where only the cost was to be said."""
    archive, settings = survey.archive(), survey.settings()
    if wish.again and settings.engine_name == "extractive":
        fail("the engine without a model always gives the same answer: --again is for a model")
    by_place = None if gold is None else placed(gold, [item.source for item in entries])
    cells = places(entries, picked, archive.fields, by_place)
    with _alone(archive, wish), open_trials(survey.project, archive, settings, texts, wish.prompt) as trials:
        rounds = [trials(False), trials(True)] if wish.again else [trials(False)]
        plans = [trial.plan(entries, cells) for trial in rounds]
        for line in told(plans, settings):
            (show if wish.dry_run else say)(line)
        if wish.dry_run:
            return None
        failures: list[TrialQuestion] = []

        def failed(question: TrialQuestion, error: SourceError) -> None:
            failures.append(question)
            say(f"{question.source.label}: {error}")

        answers = [trial.ask(plan, failed) for trial, plan in zip(rounds, plans, strict=True)]
    return replace(picked, trial=answers[0], second=answers[1] if wish.again else None), len(failures)


@contextmanager
def _alone(archive: FileArchive, wish: TrialWish) -> Iterator[None]:
    """No run meanwhile, where something is sent; and what a crash left unbooked is booked before anything else is."""
    if wish.dry_run:
        yield
        return
    with archive.lock("evaluate"):
        for reply in tuple(archive.unbooked()):
            archive.book(reply)
        yield


def told(plans: Sequence[TrialPlan], settings: Settings) -> Iterator[str]:
    """What is asked, and what it costs at most: said before it is sent."""
    questions, cells = sum(len(plan.questions) for plan in plans), sum(plan.cells for plan in plans)
    held, known = sum(plan.held for plan in plans), sum(len(plan.known) for plan in plans)
    yield (
        f"to ask: {count_of(questions, 'question')} about {count_of(cells, 'cell')}, {held} of them answered by cached replies; "
        f"{count_of(known, 'cell')} answered before"
    )
    if unread := dict.fromkeys(name for plan in plans for name in plan.unread):
        yield f"not asked, since the text is not in the cache (survey-extract verify fetches it): {', '.join(unread)}"
    if settings.engine_name == "extractive":
        yield "none of it costs money: the engine extractive asks no model"
    elif questions > held:
        yield _price(plans, settings)


def _price(plans: Sequence[TrialPlan], settings: Settings) -> str:
    sent, received = (sum(counts) for counts in zip(*(plan.tokens for plan in plans), strict=True))
    said = f"{settings.model}: about {sent:,} tokens to send, at most {received:,} to receive"
    cost = added(plan.cost for plan in plans)
    if cost is None:
        return f"{said}; what they cost is unknown: no price for {settings.model} (setting prices)"
    return f"{said}: {about(added(plan.likely for plan in plans), cost)}"
