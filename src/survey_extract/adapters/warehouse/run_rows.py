"""Runs go in, rows of runs, outcomes, replies and of what the runs saw of the sources come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from survey_extract.adapters.warehouse.rows import Rows, utc
from survey_extract.core.books import Reply
from survey_extract.core.runs import UNFIT, Run, unasked_because


def rows_of_runs(runs: Sequence[Run], loose: Iterable[Reply]) -> Rows:
    """Rows by table of all runs, oldest first, and of the replies that no run asked for."""
    tables = _RunRows(_looks(runs))
    for run in runs:
        tables.add_run(run)
    for reply in loose:
        tables.add_reply(reply.at.replace(":", ""), reply)
    return tables.rows


class _RunRows:
    """Rows of what follows from the runs, on their way into the file, by table."""

    def __init__(self, looks: Mapping[str, _Look]) -> None:
        self.rows: Rows = {"internal.looks": [(key, *astuple(look)) for key, look in looks.items()]}
        self._lists: set[str] = set()

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        self.rows.setdefault(table, []).append(row)

    def add_run(self, run: Run) -> None:
        paid = [reply for reply in run.replies if not reply.reused]
        costs = [reply.cost for reply in paid if reply.cost is not None]
        self._add(
            "runs",
            (run.id, utc(run.started_at), run.seconds, run.tool_version, run.engine, run.model, run.due, run.complete, run.requests,
             run.documents_fetched, run.bytes_fetched, run.model_requests, run.whole, run.outage, sum(costs) if costs else None, list(run.notes)),
        )  # fmt: skip
        for o in run.outcomes:
            self._add(
                "internal.outcomes",
                (run.id, o.key, o.kind, o.step, o.error, o.message, o.document, o.version, o.fetched_bytes, list(o.asked), list(o.reasons),
                 list(o.carried), dict(o.fates), list(o.warnings), o.notice, o.previous, o.title, o.seconds),
            )  # fmt: skip
        if run.unnamed and run.keys:
            self._add_list(run)
        for reply in run.replies:
            self.add_reply(run.id, reply)

    def add_reply(self, run: str, reply: Reply) -> None:
        """A reply, under the run that asked for it, or under its own time where none did."""
        u = reply.usage
        counts = (u.prompt, u.cached, u.completion, u.reasoning) if u else (None,) * 4
        self._add(
            "replies",
            (run, reply.sha256, reply.key, reply.engine, reply.model, list(reply.fields), reply.outcome, *counts, reply.reused,
             utc(reply.at), reply.cost, reply.answered_by, reply.seconds),
        )  # fmt: skip

    def _add_list(self, run: Run) -> None:
        """The list of sources of a run that does not name all of them, once for all runs that have the same."""
        name = run.keys_of or run.id
        self._add("internal.unnamed", (run.id, name))
        if name not in self._lists:
            self._lists.add(name)
            self.rows.setdefault("internal.listed", []).extend((name, key) for key in run.keys)


@dataclass
class _Look:
    """What the runs know of a source: newest first, so that what is set stays."""

    title: str | None = None
    notice: str | None = None
    looked_at: str | None = None
    failing_since: str | None = None
    unasked: str | None = None


def _looks(runs: Sequence[Run]) -> dict[str, _Look]:
    """By key: the title as last located, arXiv's notice, when it was last looked at, since when it fails, and why nothing more is asked."""
    looks: dict[str, _Look] = {}
    seen: set[str] = set()
    for run in reversed(runs):
        for outcome in run.outcomes:
            if outcome.key not in looks:
                looks[outcome.key] = _Look(unasked=unasked_because(outcome))
            look = looks[outcome.key]
            look.title = look.title or outcome.title
            if look.looked_at is not None:
                continue
            if outcome.kind in ("failed", "needs_ocr") and outcome.error != UNFIT:
                look.failing_since = utc(run.started_at)
            else:
                look.looked_at, look.notice = utc(run.started_at), outcome.notice
                seen.add(outcome.key)
        for key in set(run.as_before) - seen:
            looks.setdefault(key, _Look()).looked_at = utc(run.started_at)
            seen.add(key)
    return looks
