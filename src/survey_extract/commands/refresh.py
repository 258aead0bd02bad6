"""The chosen sources go in; a run and its README, or with ``--dry-run`` a plan of it, come out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract.commands.narration import narrated, summary
from survey_extract.commands.next_step import next_steps
from survey_extract.commands.output import checked_output
from survey_extract.commands.render import checked_files, refuse_led_out, try_files
from survey_extract.commands.survey import fail, give, say, show
from survey_extract.core.fields import named_fields
from survey_extract.core.inputs.sources import chosen, parse_sources
from survey_extract.core.inputs.sources import sample as sample_of
from survey_extract.core.money import A_FIELD, Price, about, at_most
from survey_extract.core.plural import count_of
from survey_extract.core.readme.table import PAGES
from survey_extract.core.records import Opinion, Source
from survey_extract.core.runs import Run
from survey_extract.errors import BadSettings, Locked, Outage
from survey_extract.pipeline import FAILURES
from survey_extract.pipeline import refresh as run_refresh
from survey_extract.wiring import Post, open_ports, price_of

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey
    from survey_extract.pipeline.plan import Plan
    from survey_extract.settings import Settings
    from survey_extract.wiring import FileArchive


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    key: tuple[str, ...] = ()
    as_json: bool = False
    engine: str | None = None
    model: str | None = None
    refill: bool = False
    reread: bool = False
    dry_run: bool = False
    field: tuple[str, ...] = ()
    sample: int | None = None
    budget: float | None = None
    second: str | None = None
    batch: bool = False
    batch_file: Path | None = None
    collect: Path | None = None

    @property
    def post(self) -> Post:
        return Post(self.batch, self.batch_file, self.collect, anew=bool(self.key))

    @property
    def is_whole(self) -> bool:
        """Whether it is about every source and field."""
        return not (self.key or self.field or self.sample)

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            InputError: it says which option to leave out.
        """
        by_file = self.post.by_file
        if self.batch and by_file:
            fail("--batch sends the questions to the provider, --batch-file and --collect work with files: choose one")
        if self.second is not None and (self.batch or by_file):
            fail("--second asks at once: use it without --batch, --batch-file and --collect")
        if self.second is not None and not self.second.strip():
            fail("--second needs the name of an engine or a model")


def refresh_survey(survey: Survey, wish: Wish) -> int:
    """Do what was asked for; the exit code.

    Raises:
        InputError: options do not go together, or a source, field or file cannot be used.
    """
    wish.check()
    if wish.batch_file is not None:
        checked_output(survey, wish.batch_file)
    by_model = "openai" if wish.batch or wish.post.by_file else None
    survey.options = {"engine": wish.engine or by_model, "model": wish.model, "budget": wish.budget}
    archive = survey.archive()
    picked = chosen(parse_sources(survey.sources_bytes(), archive.held()), wish.key)
    survey.refuse_lost_records()
    only = named_fields(archive.fields, wish.field)
    picked = picked if wish.sample is None else sample_of(picked, wish.sample, archive.documents())
    if archive.fields.renamed:
        from survey_extract.commands.fields import misnamed

        for line in misnamed(archive):
            say(f"note: {line}")
    if wish.dry_run:
        print_plan(survey, picked, wish.post, reread=wish.reread, only=only, second=wish.second, as_json=wish.as_json)
        return 0
    refuse_led_out(survey, {*checked_files(survey), PAGES})
    done = run_and_publish(
        survey, picked, wish.post, refill=wish.refill, reread=wish.reread, only=only, second=wish.second, whole=wish.is_whole,
    )  # fmt: skip
    if wish.as_json:
        give(json.dumps(asdict(done.run), indent=1, ensure_ascii=False))
    return exit_code(done)


def _listed(survey: Survey) -> frozenset[str]:
    """The keys of all sources in sources.csv, whichever are picked."""
    return frozenset(source.key for source in parse_sources(survey.sources_bytes(), survey.archive().held()))


@dataclass(frozen=True, slots=True)
class Done:
    """A run that is over, and why its README was not written, when it was not."""

    run: Run
    refusal: str | None


def run_and_publish(
    survey: Survey,
    picked: Sequence[Source],
    post: Post,
    *,
    refill: bool,
    reread: bool,
    only: frozenset[str] | None,
    second: str | None,
    whole: bool,
) -> Done:
    """Do the run, build the DuckDB file, write the README, and tell about it on stderr."""
    settings, archive = survey.settings(), survey.archive()
    refuse_missing_key(settings, archive, picked, post, named="model" in survey.given())
    with archive.lock("refresh"):
        with (
            open_ports(
                survey.project,
                archive,
                settings,
                refill=refill,
                reread=reread,
                listed=_listed(survey),
                only=only,
                post=post,
                second=second,
                tell=say,
            ) as ports,
            narrated(picked) as progress,
        ):
            run = run_refresh(picked, ports, progress, whole=whole)
        changed, refusal, waiting = _published(survey, run, settings)
    readme = "NOT WRITTEN" if refusal else "written" if changed else "unchanged"
    summary(run, settings, readme=readme, waited=survey.seconds())
    if second is not None:
        say(second_opinions(second, [o for source in picked for o in archive.opinions(source.key) if o.run == run.id]))
    if refusal:
        say(f"README.md was not written: {refusal}")
    for line in waiting:
        say(line)
    return Done(run, refusal)


def second_opinions(name: str, made: Sequence[Opinion]) -> str:
    """What came of the second opinions of this run."""
    if not made:
        return f"second opinions of {name}: none new; each answer that waits for a decision has one, or could not get one (see the warnings)"
    counts = Counter("says nothing" if opinion.abstains else opinion.finding for opinion in made)
    found = ", ".join(f"{counts[word]} {said}" for word, said in _FINDINGS.items() if counts[word])
    return f"second opinions of {name}: {count_of(len(made), 'answer')} compared: {found}; survey-extract review shows both"


_FINDINGS = {"differs": "said otherwise", "agrees": "said the same", "says nothing": "found no answer"}


def _published(survey: Survey, run: Run, settings: Settings) -> tuple[bool, str | None, list[str]]:
    """Build the DuckDB file and write the README: whether that changed it, why it was not written, and what waits."""
    with ExitStack() as stack:
        try:
            warehouse = stack.enter_context(survey.warehouse_open())
        except Locked as held:
            return False, f"{held}; then run `survey-extract render`", []
        changed, refusal = (False, None) if run.outage else try_files(survey, warehouse, settings)
        return changed, refusal, next_steps(warehouse)


def refuse_missing_key(
    settings: Settings, archive: FileArchive, picked: Sequence[Source], post: Post, *, named: bool
) -> None:
    """A model that is named is not replaced by the other engine.

    Where every cell has an answer already, a night without the key goes on: it looks at the sources and leaves
    what the model is to be asked (``Ports.keeps_models_answers``), unless it was named for this run (``named``).

    Raises:
        BadSettings: a model is named, no key or base URL is set, and a cell that has no answer yet would get one without it.
    """
    if settings.engine_name != "extractive" or settings.engine == "extractive" or not settings.model or post.by_file:
        return
    wanted = {spec.name for spec in archive.fields}
    if named or any(wanted - {answer.field for answer in archive.answers(source.key)} for source in picked):
        raise BadSettings(
            f"the model {settings.model!r} is set, but there is no key: set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint "
            "without a key; --engine extractive answers without a model"
        )


def exit_code(done: Done) -> int:
    """3 for an outage, 1 when a source failed or the README could not be written, else 0."""
    if done.run.outage:
        return Outage.exit_code
    failed = any(outcome.kind in FAILURES for outcome in done.run.outcomes)
    return 1 if failed or done.refusal else 0


def print_plan(
    survey: Survey,
    picked: Sequence[Source],
    post: Post,
    *,
    reread: bool,
    only: frozenset[str] | None,
    second: str | None,
    as_json: bool,
) -> None:
    """Say on stdout what a run would do now; nothing is sent to a model, and nothing is written."""
    from survey_extract.pipeline.plan import plan

    settings, archive = survey.settings(), survey.archive()
    refuse_missing_key(settings, archive, picked, post, named="model" in survey.given())
    listed = _listed(survey)
    with open_ports(
        survey.project, archive, settings, reread=reread, listed=listed, only=only, post=post, second=second, tell=say
    ) as ports:
        made = plan(picked, ports)
    if as_json:
        give(json.dumps(asdict(made), indent=1, ensure_ascii=False))
        return
    for item in made.items:
        for line in (item.problem, item.fetch, item.asks, item.second):
            if line:
                show(f"{item.name} [{item.key}]: {line}")
    if any(item.adds for item in made.items):
        from survey_extract.commands.fields import rows_stay

        show(rows_stay(settings.publish))
    for line in _totals(made, settings, second, typed=survey.given()):
        show(line)


def _totals(made: Plan, settings: Settings, second: str | None, *, typed: Collection[str]) -> list[str]:
    asked, seconds = sum(len(item.fields) for item in made.items), sum(len(item.seconds) for item in made.items)
    fetched = sum(item.fetch is not None for item in made.items)
    to_ask, held = count_of(asked, "field"), count_of(made.held, "question")
    lines = [
        f"{count_of(len(made.items), 'source')}: {fetched} to fetch, read or check, {to_ask} to ask, {held} answered by cached replies"
    ]
    if made.reread:
        lines.append(f"{count_of(made.reread, 'text')} read again: {count_of(made.kept, 'cell')} stand as they are")
    lines += [f"second opinions of {second} on {count_of(seconds, 'field')}"] if second else []
    if settings.engine_name == "extractive" and second in (None, "extractive"):
        return [*lines, "none of it costs money: the engine extractive asks no model"]
    tokens = f"about {made.prompt_tokens:,} tokens to send, at most {made.reply_tokens:,} to receive"
    counted = "" if not made.unread else "of what can be counted now: "
    unpriced = not all(_asked_models(settings, second).values())
    if made.unread and not made.prompt_tokens:
        tokens = "how many tokens that takes is not known before the texts are here"
        tokens += (
            f", nor what they cost: no price for {_unpriced(settings, second)} (setting prices)" if unpriced else ""
        )
    elif made.prompt_tokens and (made.cost is None or unpriced):
        tokens += f"; what they cost is unknown: no price for {_unpriced(settings, second)} (setting prices)"
    else:
        tokens = f"{counted}{tokens}: {about(made.likely, made.cost or 0.0)}{_prices_of(settings, second)}"
    lines.append(tokens)
    lines += [_reckoned(made)] if made.cost and made.likely else []
    if second and made.second_cost:
        lines.append(f"of that, second opinions: {at_most(made.second_cost)} at most")
    lines += _beyond_budget(made, settings, "option --budget" if "budget" in typed else "setting budget")
    if made.unread:
        lines.append(
            f"not counted: {count_of(made.unread, 'source')} whose text is not here yet, and new versions, where only what changed is asked"
        )
    return lines


def _reckoned(made: Plan) -> str:
    """What the two amounts assume, and what a budget needs: a question is only sent when it cannot pass what is left of it."""
    enough = at_most((made.likely or 0.0) + made.dearest)
    return (
        f"the first amount takes four letters for a token and replies as this model's were so far ({A_FIELD} tokens a field where "
        "none was counted); the second, which --budget keeps to, takes each byte for a token and replies as long as they may be. "
        f"With a --budget below {at_most(made.dearest)} it may be that nothing is asked; {enough} should do for all"
    )


def _beyond_budget(made: Plan, settings: Settings, where: str) -> list[str]:
    """What is said where the budget, which stands ``where``, may not cover what would be asked."""
    if settings.budget is None or not made.cost or made.cost <= settings.budget:
        return []
    budget = f"the budget is {at_most(settings.budget)} ({where})"
    return [f"{budget}: it may not cover all of this, and the run then asks a part and leaves the rest for the next"]


def _asked_models(settings: Settings, second: str | None) -> dict[str, Price | None]:
    """The models that cost something, each with its price as far as that is known."""
    first = settings.engine_name != "extractive" or second == "openai"
    named = (settings.model if first else None, None if second in ("extractive", "openai") else second)
    return {model: price_of(replace(settings, model=model)) for model in named if model}


def _unpriced(settings: Settings, second: str | None) -> str:
    asked = _asked_models(settings, second)
    return ", ".join(model for model, price in asked.items() if price is None) or str(settings.model)


def _prices_of(settings: Settings, second: str | None) -> str:
    prices = dict.fromkeys(price.on for price in _asked_models(settings, second).values() if price)
    return f" (prices of {', '.join(prices)})" if prices else ""
