"""The options of ``evaluate`` go in; what it finds, or what a second reader says, is printed, and the exit code comes out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract.commands.evaluate_figures import Found, Wish, evaluate_survey, gate, save, store
from survey_extract.commands.evaluate_text import print_found
from survey_extract.commands.judge import hear, print_heard
from survey_extract.commands.output import checked_output
from survey_extract.commands.survey import fail, say
from survey_extract.commands.trial import TrialWish

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey


@dataclass(frozen=True, slots=True)
class Options:
    """What stands on the command line, by the names that ``cli.py`` gives it."""

    key: tuple[str, ...]
    engine: str | None
    model: str | None
    field: tuple[str, ...]
    gold: Path | None
    ask: bool
    prompt: Path | None
    again: bool
    dry_run: bool
    budget: float | None
    as_json: bool
    page: Path | None
    saving: Path | None
    against: str | None
    baseline: str | None
    judge: str | None

    @property
    def asks(self) -> bool:
        return self.ask or self.again or self.prompt is not None

    @property
    def compares(self) -> bool:
        return bool(self.gold or self.saving or self.against or self.baseline or self.page or self.asks)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results go besides the terminal; None is nowhere."""

    as_json: bool
    page: Path | None
    saving: Path | None

    @classmethod
    def checked(
        cls, survey: Survey, *, as_json: bool, page: Path | None, saving: Path | None, held: str | None
    ) -> Outputs:
        """The same, with links followed.

        Raises:
            InputError: a file is one of the survey's own, or what the results are checked against.
        """
        pages, place = (checked_output(survey, path) if path else None for path in (page, saving))
        if place and held and place.is_file() and str(place) == os.path.realpath(held):
            fail("a baseline is not overwritten by what is compared with it: --save to another file")
        return cls(as_json, pages, place)


def run(survey: Survey, options: Options) -> int:
    """Do what was asked for.

    Raises:
        InputError: options do not go together, or a file or name cannot be used.
    """
    return _judge(survey, options, options.judge) if options.judge is not None else _evaluate(survey, options)


def _judge(survey: Survey, options: Options, judge: str) -> int:
    if options.compares:
        fail(
            "--judge compares nothing with what is right: it goes only with KEY, --field, --engine, --model, --dry-run, --budget and --json"
        )
    survey.options = {"budget": options.budget}
    wish = Wish(options.key, options.field, options.engine, options.model)
    heard = hear(survey, wish, judge, dry_run=options.dry_run)
    print_heard(heard, as_json=options.as_json, dry_run=options.dry_run)
    return 1 if heard.failed else 0


def _evaluate(survey: Survey, options: Options) -> int:
    if options.against and options.baseline:
        fail("--gate also names the cells that flipped: choose one")
    held = options.against or options.baseline
    outputs = Outputs.checked(survey, as_json=options.as_json, page=options.page, saving=options.saving, held=held)
    if not options.asks and (options.dry_run or options.budget is not None):
        fail("without --ask, --prompt or --again (or --judge) nothing is asked, and nothing costs money")
    by_model = "openai" if options.model or options.prompt or options.again else None
    asking = {"engine": options.engine or by_model, "model": options.model, "budget": options.budget}
    survey.options = asking if options.asks else {"engine": "extractive"}  # where nothing is asked, no key is wanted
    trial = TrialWish(options.prompt, options.again, options.dry_run) if options.asks else None
    wish = Wish(options.key, options.field, options.engine, options.model, options.gold, held, trial)
    found = evaluate_survey(survey, wish)
    return 0 if found is None else _give(survey, found, outputs, is_gate=options.baseline is not None)


def _give(survey: Survey, found: Found, outputs: Outputs, *, is_gate: bool) -> int:
    """Print, store and write what was found; the exit code."""
    now = datetime.now(UTC)
    stored = store(survey, found, now)
    print_found(found, as_json=outputs.as_json)
    if stored:
        say(f"stored as {stored}, for --against and --gate")
    if outputs.saving:
        save(found, outputs.saving)
    if outputs.page:
        from survey_extract.commands.evaluate_page import write_page

        write_page(survey, found, now, outputs.page)
    shut = gate(found) if is_gate else None
    if shut:
        say(shut)
    return 1 if shut or found.failed or found.troubles else 0
