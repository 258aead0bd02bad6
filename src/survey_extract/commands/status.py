"""The DuckDB file goes in; what stands, what waits, what failed and when the last run was comes out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from survey_extract.adapters.warehouse import DuckWarehouse

_LAST = "SELECT max(id) FROM runs"


def survey_status(warehouse: DuckWarehouse) -> dict[str, Any]:
    """Everything ``status`` says, as plain data."""
    rows = warehouse.rows
    (total, published), *_ = rows("SELECT count(*), count(*) FILTER (published) FROM sources")
    run = rows(
        "SELECT id, started_at, seconds, engine, model, due, complete, model_requests FROM runs ORDER BY id DESC LIMIT 1"
    )
    names = ("id", "started_at", "seconds", "engine", "model", "due", "complete", "model_requests")
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
        "omitted": [
            {"key": key, "sentences": count}
            for key, count in rows("SELECT key, max(omitted) FROM cells WHERE omitted > 0 GROUP BY key ORDER BY key")
        ],
        "last_run": dict(zip(names, run[0], strict=True)) if run else None,
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


def print_status(status: dict[str, Any], *, as_json: bool) -> None:
    """On stdout: JSON for machines, a few lines for people."""
    if as_json:
        click.echo(json.dumps(status, indent=1, ensure_ascii=False, default=str))
        return
    for item in status["conflicts"]:
        click.echo(
            f"CONFLICT   {item['field']} of {item['key']}: decided differently in the same second by {' and '.join(item['people'])}"
        )
    run = status["last_run"]
    click.echo(f"sources    {status['sources']}, {status['read']} read, {status['published']} published")
    click.echo(f"cells      {_counts(status['cells'])}; {status['queue']} want a decision")
    click.echo(f"checks     figures and names {_counts(status['checks']) or 'not checked yet'}")
    if run is None:
        click.echo("last run   none yet: survey-extract refresh")
        return
    ending = "" if run["complete"] else ", NOT COMPLETE"
    engine = run["engine"] + (f" ({run['model']})" if run["model"] else "")
    click.echo(f"last run   {run['started_at']} UTC by {engine}: {_counts(status['outcomes'])}{ending}")
    for item in status["omitted"]:
        click.echo(
            f"  {item['key']}: {item['sentences']} sentences did not fit into the question (setting context_tokens)"
        )
    for item in status["problems"]:
        click.echo(f"  {item['outcome']:<9} {item['name']} ({item['key']}): {item['message']}")
    for item in status["warnings"]:
        click.echo(f"  warning   {item['key']}: {item['message']}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
