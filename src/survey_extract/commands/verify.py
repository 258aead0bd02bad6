"""A verification goes in; on stdout come its counts, above them every sentence that is not where it should be."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from survey_extract.errors import Outage
from survey_extract.pipeline.verify import Finding, Verification

FINDINGS: tuple[Finding, ...] = ("found", "moved", "missing", "unreachable")


def print_verification(done: Verification, *, as_json: bool) -> int:
    """Print it; the exit code: 1 when a sentence is missing, 3 when none is but a document could not be had."""
    counts = {"cells": done.cells, "checked": len(done.checked)} | {name: done.count(name) for name in FINDINGS}
    if as_json:
        whole = counts | {
            "sentences": [asdict(item) for item in done.checked if item.finding != "found"],
            "unsupported": [{"key": key, "field": field, "state": state} for key, field, state in done.unsupported],
        }
        click.echo(json.dumps(whole, indent=1, ensure_ascii=False))
    else:
        _print_lines(done)
        click.echo(", ".join(f"{count} {name}" for name, count in list(counts.items())[1:]))
    if done.count("missing"):
        return 1
    return Outage.exit_code if done.count("unreachable") else 0


def _print_lines(done: Verification) -> None:
    for item in done.checked:
        if item.finding != "found":
            remark = f" ({item.remark})" if item.remark else ""
            click.echo(f"{item.finding:<11} {item.field} of {item.key}, page {item.page}{remark}")
    if done.unsupported:
        states: dict[str, int] = {}
        for _, _, state in done.unsupported:
            states[state] = states.get(state, 0) + 1
        said = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in states.items())
        click.echo(f"{len(done.unsupported)} published cells point at no sentence: {said}")
