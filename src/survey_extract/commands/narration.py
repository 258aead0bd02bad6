"""What a run does goes in; bars on a terminal, or a line per source elsewhere, come out on stderr."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from survey_extract.commands.survey import say
from survey_extract.core.money import dollars
from survey_extract.core.plural import count_of
from survey_extract.core.printable import printable_line
from survey_extract.core.records import Source
from survey_extract.core.runs import Outcome, Run
from survey_extract.wiring import price_of

if TYPE_CHECKING:
    from rich.progress import Progress

    from survey_extract.settings import Settings

_STYLES = {
    "new": "green",
    "changed": "cyan",
    "unchanged": "dim",
    "failed": "red",
    "withdrawn": "yellow",
    "needs_ocr": "red",
    "waiting": "yellow",
}


class Lines:
    """A line per source, for logs."""

    def step(self, source: Source, step: str) -> None:
        """Steps are too many for a log."""

    def done(self, source: Source, outcome: Outcome) -> None:
        counts = ((outcome.asked, "field asked", "fields asked"), (outcome.second, "second opinion", None))
        counted = ", ".join(count_of(len(fields), one, many) for fields, one, many in counts if fields)
        about = f": {outcome.message}" if outcome.message else f" ({counted})" if counted else ""
        self.line(_STYLES[outcome.kind], outcome.kind, f"{source.label} [{source.key}]{about}")
        for warning in outcome.warnings:
            self.line("yellow", "warning", f"{source.label}: {warning}")

    def line(self, style: str, kind: str, words: str) -> None:
        """What became of a source; a log has no colours."""
        say(f"{kind:<9} {words}")


class Bars(Lines):
    """One bar for all sources, followed by the steps under way."""

    def __init__(self, bar: Progress, total: int) -> None:
        self._bar = bar
        self._task = bar.add_task("refresh", total=total, steps="locating")
        self._under_way: dict[str, str] = {}

    def line(self, style: str, kind: str, words: str) -> None:
        self._bar.console.print(f"[{style}]{kind:<9}[/] {_unmarked(words)}", soft_wrap=True, highlight=False)

    def step(self, source: Source, step: str) -> None:
        self._under_way[source.key] = step
        self._show()

    def done(self, source: Source, outcome: Outcome) -> None:
        self._under_way.pop(source.key, None)
        if outcome.kind != "unchanged" or outcome.warnings:
            super().done(source, outcome)
        self._bar.advance(self._task)
        self._show()

    def _show(self) -> None:
        steps = Counter(list(self._under_way.values()))
        self._bar.update(self._task, steps=", ".join(f"{count} {step}" for step, count in sorted(steps.items())))


def _unmarked(text: str) -> str:
    """Anybody's words on a line of rich's: no markup, and nothing that acts."""
    from rich.markup import escape

    return escape(printable_line(text))


@contextmanager
def narrated(sources: Sequence[Source]) -> Iterator[Lines]:
    """Progress for this run, by what stderr is."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from survey_extract.commands.console import console

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[steps]}", style="dim"),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        yield Bars(bar, len(sources))


def summary(run: Run, settings: Settings, *, readme: str, waited: float) -> None:
    """The run in one table, or as lines of a log; what became of each source was said as it happened.

    ``waited``: seconds, of the whole command.
    """
    counts = Counter(outcome.kind for outcome in run.outcomes)
    rows = [
        ("sources", ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "none"),
        (
            "engine",
            run.engine
            + (f", model {run.model}" if run.model else ": taken from sentences of the source, without a model"),
        ),
        (
            "requests",
            f"{run.requests} ({count_of(run.documents_fetched, 'document')}, {_size(run.bytes_fetched)}), {run.model_requests} to a model",
        ),
        ("tokens", _tokens(run) if run.replies else "none"),
        ("money", _money(run, settings)),
        ("seconds", f"{waited:.1f}"),
        ("README.md", readme),
    ]
    (_table if sys.stderr.isatty() else _lines)(f"run {run.id}", rows)
    if undone := [outcome.key for outcome in run.outcomes if outcome.error == "over_budget"]:
        say(f"not asked, for lack of budget: {', '.join(undone)}")
    for note in run.notes:
        say(f"note: {note}")


def _lines(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """For a log: a line for each, which nothing wraps, and no package that draws."""
    say(title)
    for name, value in rows:
        say(f"{name:<9} {value}")


def _table(title: str, rows: Iterable[tuple[str, str]]) -> None:
    """For a terminal."""
    from rich.table import Table

    from survey_extract.commands.console import console

    table = Table(title=title, title_justify="left", show_header=False)
    for name, value in rows:
        table.add_row(name, _unmarked(value))
    console(stderr=True).print(table)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _money(run: Run, settings: Settings) -> str:
    """What the run cost; what is not known is said, not guessed."""
    paid = [reply for reply in run.replies if not reply.reused]
    known = [reply.cost for reply in paid if reply.cost is not None]
    unknown = len(paid) - len(known)
    if not paid:
        return "nothing spent"
    if not known:
        models = ", ".join(dict.fromkeys(reply.model for reply in paid))
        return f"unknown: no price for {models} (setting prices), or no count of tokens"
    said = dollars(sum(known)) + _sources_of_prices({reply.model for reply in paid if reply.cost is not None}, settings)
    return said + (f", and {count_of(unknown, 'reply', 'replies')} whose cost is unknown" if unknown else "")


def _sources_of_prices(models: set[str], settings: Settings) -> str:
    """Where the prices of these models are from; a second opinion is of another model, with a price of its own."""
    prices = (price_of(replace(settings, model=model)) for model in sorted(models))
    sources = ", ".join(dict.fromkeys(price.on for price in prices if price))
    return f" (prices of {sources})" if sources else ""


def _tokens(run: Run) -> str:
    counted = [reply.usage for reply in run.replies if reply.usage and not reply.reused]
    sent, received = sum(u.prompt for u in counted), sum(u.completion for u in counted)
    cached = sum(u.cached for u in counted)
    uncounted = sum(reply.usage is None and not reply.reused for reply in run.replies)
    reused = sum(reply.reused for reply in run.replies)
    said = f"{sent:,} sent ({cached:,} of them cached by the provider), {received:,} received"
    if reused:
        said += f"; {count_of(reused, 'reply', 'replies')} reused from the cache, free"
    return said + (f"; {count_of(uncounted, 'reply', 'replies')} without a count" if uncounted else "")
