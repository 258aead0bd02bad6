"""The chosen sources go in; a run and its README, or with ``--dry-run`` a plan of it, come out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from survey_extract.commands.narration import narrated, summary
from survey_extract.commands.readme import try_files
from survey_extract.core.money import dollars
from survey_extract.core.records import Run, Source
from survey_extract.errors import Outage
from survey_extract.pipeline import FAILURES
from survey_extract.pipeline import refresh as run_refresh
from survey_extract.pipeline.plan import Plan, plan
from survey_extract.wiring import open_ports

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey
    from survey_extract.settings import Settings
    from survey_extract.wiring import Post


@dataclass(frozen=True, slots=True)
class Done:
    """A run that is over, and why its README was not written, when it was not."""

    run: Run
    refusal: str | None


def run_and_publish(
    survey: Survey, picked: Sequence[Source], post: Post, *, refill: bool, reread: bool, whole: bool
) -> Done:
    """Do the run, build the DuckDB file, write the README, and tell about it on stderr."""
    settings, archive = survey.settings(), survey.archive()
    with archive.lock("refresh"):
        with (
            open_ports(survey.project, archive, settings, refill=refill, reread=reread, post=post) as ports,
            narrated(picked) as progress,
        ):
            run = run_refresh(picked, ports, progress, whole=whole)
        warehouse = survey.warehouse()
        changed, refusal = (False, None) if run.outage else try_files(survey, warehouse, settings)
    summary(run, settings, readme_changed=changed)
    if refusal:
        click.echo(f"README.md was not written: {refusal}", err=True)
    return Done(run, refusal)


def exit_code(done: Done) -> int:
    """3 for an outage, 1 when a source failed or the README could not be written, else 0."""
    if done.run.outage:
        return Outage.exit_code
    failed = any(outcome.kind in FAILURES for outcome in done.run.outcomes)
    return 1 if failed or done.refusal else 0


def print_plan(survey: Survey, picked: Sequence[Source], post: Post, *, as_json: bool) -> None:
    """Say on stdout what a run would do now; nothing is sent to a model, and nothing is written."""
    settings, archive = survey.settings(), survey.archive()
    with open_ports(survey.project, archive, settings, post=post) as ports:
        made = plan(picked, ports)
    if as_json:
        click.echo(json.dumps(asdict(made), indent=1, ensure_ascii=False))
        return
    for item in made.items:
        for line in (item.problem, item.fetch, item.asks):
            if line:
                click.echo(f"{item.name} [{item.key}]: {line}")
    for line in _totals(made, settings):
        click.echo(line)


def _totals(made: Plan, settings: Settings) -> list[str]:
    asked = sum(len(item.fields) for item in made.items)
    fetched = sum(item.fetch is not None for item in made.items)
    lines = [
        f"{len(made.items)} sources: {fetched} to fetch or look at, {asked} fields to ask, {made.held} questions answered by replies in the cache"
    ]
    if settings.engine_name == "extractive":
        return [*lines, "nothing of it costs money: the engine extractive asks no model"]
    tokens = f"about {made.prompt_tokens:,} tokens to send, at most {made.reply_tokens:,} to receive"
    if made.cost is None:
        tokens += f"; what they cost is unknown: no price for {settings.model} (setting prices)"
    else:
        tokens += f": about {dollars(made.cost)} at most (prices of {settings.price.on if settings.price else '?'})"
    lines.append(tokens)
    if made.unread:
        lines.append(
            f"not counted: {made.unread} sources whose text is not here yet, and new versions, of which only what changed is asked"
        )
    return lines
