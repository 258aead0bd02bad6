"""The DuckDB file goes in; what stands, what waits, what failed and when the last run was comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from survey_extract.commands.sources_table import told_of_older
from survey_extract.commands.survey import give, show
from survey_extract.core.money import dollars
from survey_extract.core.records import Batch
from survey_extract.core.rendered import Rendering, left, record_of
from survey_extract.errors import InputError
from survey_extract.pipeline.publish import why_left

if TYPE_CHECKING:
    from survey_extract.adapters.warehouse import DuckWarehouse

_LAST = "SELECT max(id) FROM runs"
_UNFOUND = """
SELECT c.key, s.name, c.field, c.state, c.unfound, d.decided_by
FROM cells c JOIN sources s USING (key)
LEFT JOIN decisions d ON d.key = c.key AND d.field = c.field AND d.standing AND len(d.unfound) > 0
WHERE len(c.unfound) > 0 AND c.decided_by IS NOT NULL ORDER BY s.position, c.field"""
"""Standing values with a figure or name that their source does not hold, and who stands for it knowingly."""
_NAMED = 5
"""Cells that are named on the terminal; ``--json`` names all."""
_MOMENT = "%Y-%m-%d %H:%M:%S"


def survey_status(warehouse: DuckWarehouse, batches: Sequence[Batch] = (), owner: str | None = None) -> dict[str, Any]:
    """Everything ``status`` says, as plain data.

    ``batches`` are those on record, of which the open ones are told; ``owner`` is who holds the survey's lock.
    """
    rows = warehouse.rows
    (total, published), *_ = rows("SELECT count(*), count(*) FILTER (published) FROM sources")
    names = (
        "id",
        "started_at",
        "seconds",
        "engine",
        "model",
        "due",
        "complete",
        "outage",
        "model_requests",
        "cost",
        "notes",
    )
    columns = ", ".join(names)
    run = rows(f"SELECT {columns} FROM runs ORDER BY id DESC LIMIT 1")
    complete = rows(f"SELECT {columns} FROM runs WHERE complete AND whole AND NOT outage ORDER BY id DESC LIMIT 1")
    return {
        "sources": total,
        "published": published,
        "read": rows("SELECT count(*) FROM sources WHERE document IS NOT NULL")[0][0],
        "cells": {
            state or "unanswered": count
            for state, count in rows("SELECT state, count(*) FROM cells GROUP BY state ORDER BY state")
        },
        "queue": rows("SELECT count(*) FROM queue")[0][0],
        "checks": dict(
            rows("SELECT check_state, count(*) FROM cells WHERE check_state IS NOT NULL GROUP BY ALL ORDER BY 1")
        ),
        "unfound": [
            {"key": key, "name": name, "field": field, "state": state, "terms": terms, "stood_for_by": by}
            for key, name, field, state, terms, by in rows(_UNFOUND)
        ],
        "omitted": [
            {"key": key, "sentences": count}
            for key, count in rows("SELECT key, max(omitted) FROM cells WHERE omitted > 0 GROUP BY key ORDER BY key")
        ],
        "under_way": owner,
        "last_run": dict(zip(names, run[0], strict=True)) if run else None,
        "last_complete_run": dict(zip(names, complete[0], strict=True)) if complete else None,
        "money": rows("SELECT sum(cost) FROM replies WHERE NOT reused")[0][0],
        "unpriced": rows("SELECT count(*) FROM replies WHERE NOT reused AND cost IS NULL")[0][0],
        "batches": [
            {
                "id": batch.id,
                "state": batch.state,
                "questions": len(batch.questions),
                "submitted_at": batch.submitted_at,
            }
            for batch in batches
            if batch.state in ("submitting", "pending")
        ],
        "notices": [
            {"key": key, "name": name, "notice": notice}
            for key, name, notice in rows(
                "SELECT key, name, notice FROM sources WHERE notice IS NOT NULL ORDER BY position"
            )
        ],
        "stale": [
            {"key": key, "name": name, "looked_at": looked_at, "failing_since": since}
            for key, name, looked_at, since in rows(
                "SELECT key, name, looked_at, failing_since FROM sources WHERE failing_since IS NOT NULL ORDER BY position"
            )
        ],
        "outcomes": dict(rows(f"SELECT outcome, count(*) FROM outcomes WHERE run = ({_LAST}) GROUP BY ALL ORDER BY 1")),
        "problems": [
            {"key": key, "name": name, "outcome": outcome, "step": step, "error": error, "message": message}
            for key, name, outcome, step, error, message in rows(
                f"""SELECT o.key, s.name, o.outcome, o.step, o.error, o.message FROM outcomes o JOIN sources s USING (key)
                    WHERE o.run = ({_LAST}) AND o.outcome IN ('failed', 'needs_ocr', 'withdrawn') ORDER BY s.position"""
            )
        ],
        "conflicts": [
            {"key": key, "field": field, "people": people}
            for key, field, people in rows(
                "SELECT key, field, list_sort(list(DISTINCT decided_by)) FROM decisions WHERE conflict GROUP BY ALL ORDER BY ALL"
            )
        ],
        "warnings": [
            {"key": key, "message": message}
            for key, message in rows(
                f"SELECT key, unnest(warnings) FROM outcomes WHERE run = ({_LAST}) AND len(warnings) > 0 ORDER BY key"
            )
        ],
    }


def rows_left(warehouse: DuckWarehouse, renderings: Iterable[Rendering]) -> list[dict[str, str]]:
    """The rows that stood in the table when it was last rendered and would not now, and why."""
    keys = [key for (key,) in warehouse.rows("SELECT key FROM sources WHERE published")]
    names = left(record_of(renderings), keys)
    why = why_left(warehouse, names)
    return [{"key": key, "name": name, "why": why[key]} for key, name in names.items()]


def print_status(status: dict[str, Any], *, as_json: bool) -> None:
    """On stdout: JSON for machines, a few lines for people."""
    if as_json:
        give(json.dumps(status, indent=1, ensure_ascii=False, default=str))
        return
    for item in status["conflicts"]:
        show(
            f"CONFLICT   {item['field']} of {item['key']}: decided differently in the same second by {' and '.join(item['people'])}"
        )
    run = status["last_run"]
    show(f"sources    {status['sources']}, {status['read']} read, {status['published']} published")
    show(f"cells      {_counts(status['cells'])}; {status['queue']} want a decision")
    show(f"checks     figures and names {_counts(status['checks']) or 'not checked yet'}")
    if status.get("older_texts"):
        show(f"reading    {told_of_older(status['older_texts'])}")
    for line in _unfound(status["unfound"]):
        show(line)
    for item in status["left"]:
        show(f"leaves     {item['name']} ({item['key']}) with the next render: {item['why']}")
    if status["under_way"]:
        show(f"under way  {status['under_way']}")
    if run is None:
        show("last run   none yet: survey-extract refresh")
        return
    engine = run["engine"] + (f" ({run['model']})" if run["model"] else "")
    show(f"last run   {run['started_at']:{_MOMENT}} UTC by {engine}: {_counts(status['outcomes'])}{_ending(status)}")
    show(f"complete   last complete run {_age(status)}")
    show(f"money      {_money(status)}")
    for line in _details(status):
        show(line)


def _unfound(cells: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What stands though its source does not hold it, the first few by name."""
    if not cells:
        return
    known = sum(item["stood_for_by"] is not None for item in cells)
    apart = f" ({known} of them a person stands for)" if known else ""
    yield f"not found  {len(cells)} standing cells have a figure or name that their source does not hold{apart}"
    for item in cells[:_NAMED]:
        by = f", {item['stood_for_by']} stands for it" if item["stood_for_by"] else ""
        yield f"  {item['field']} of {item['name']} ({item['key']}): {', '.join(item['terms'])}{by}"
    if len(cells) > _NAMED:
        yield f"  and {len(cells) - _NAMED} more: survey-extract status --json, survey-extract verify --imported"


def _details(status: dict[str, Any]) -> Iterator[str]:
    """A line for each thing that the last run has to say of a batch, a source or itself."""
    for item in status["batches"]:
        yield (
            f"batch      {item['questions']} questions wait in {item['id']}, sent {item['submitted_at']}: the next refresh looks"
        )
    for note in status["last_run"]["notes"] or ():
        yield f"  note      {note}"
    for item in status["notices"]:
        yield f"  notice    {item['name']} ({item['key']}): {item['notice']}"
    for item in status["omitted"]:
        yield f"  {item['key']}: {item['sentences']} sentences did not fit into the question (setting context_tokens)"
    ages = {item["key"]: item["looked_at"] for item in status["stale"]}
    for item in status["problems"]:
        age = f" (as it stood on {ages[item['key']]:%Y-%m-%d})" if ages.get(item["key"]) else ""
        yield f"  {item['outcome']:<9} {item['name']} ({item['key']}): {item['message']}{age}"
    for item in status["warnings"]:
        yield f"  warning   {item['key']}: {item['message']}"


def _ending(status: dict[str, Any]) -> str:
    """What is to be said of the last run when it did not end as runs should."""
    run = status["last_run"]
    broken = "" if status["under_way"] else " (broken off)"
    incomplete = "" if run["complete"] else f", NOT COMPLETE{broken}"
    return incomplete + (", AN OUTAGE: nothing new was published" if run["outage"] else "")


def _age(status: dict[str, Any]) -> str:
    run = status["last_complete_run"]
    if run is None:
        return "none yet"
    return f"{run['started_at']:{_MOMENT}} UTC, {age_of(run['started_at'])} ago"


def age_of(began: datetime, now: datetime | None = None) -> str:
    """How long ago, in the largest unit that says something."""
    seconds = ((now or datetime.now(UTC)) - began).total_seconds()
    if seconds < 0:
        return "less than nothing (check the clock)"
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _money(status: dict[str, Any]) -> str:
    if status["money"] is None and not status["unpriced"]:
        return "nothing spent so far"
    known = f"{dollars(status['money'])} in all runs" if status["money"] is not None else "unknown"
    return known + (f"; {status['unpriced']} replies without a price (setting prices)" if status["unpriced"] else "")


_UNITS = {"m": 60, "h": 3_600, "d": 86_400}


def too_old(status: dict[str, Any], limit: str) -> str | None:
    """Why the last complete run is too old for a monitor, None when it is not.

    Raises:
        InputError: ``limit`` is no number with m, h or d behind it.
    """
    number, unit = limit[:-1], limit[-1:]
    if not number.isdecimal() or unit not in _UNITS:
        raise InputError(f"--max-age {limit!r}: say 90m, 36h or 7d")
    run = status["last_complete_run"]
    if run is None:
        return "there is no complete run yet"
    seconds = (datetime.now(UTC) - run["started_at"]).total_seconds()
    if seconds <= int(number) * _UNITS[unit]:
        return None
    return f"the last complete run is {age_of(run['started_at'])} old, older than {limit}"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
