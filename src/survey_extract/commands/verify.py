"""A verification or an audit goes in; on stdout come its counts, above them everything that is not as it should be."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict

from survey_extract.commands.survey import give, show
from survey_extract.core.named import named
from survey_extract.core.plural import count_of
from survey_extract.errors import InputError, Outage
from survey_extract.pipeline.imported import Audited, Imported
from survey_extract.pipeline.verify import Lookup, Verification

FINDINGS: tuple[Lookup, ...] = ("found", "moved", "otherwise", "reworded", "missing", "unreadable", "unreachable")
_ALWAYS: tuple[Lookup, ...] = ("found", "moved", "missing", "unreachable")
"""Counts that are printed even when they are 0."""


def print_verification(done: Verification, *, as_json: bool) -> int:
    """Print it; the exit code: 2 when a record or file is damaged or unreadable, 1 when a sentence or a decided value is missing, 3 when a document could not be had."""
    counts = {name: done.count(name) for name in FINDINGS}
    if as_json:
        whole = {"cells": done.cells, "checked": len(done.checked), "in_bytes": done.in_bytes} | counts | {
            "sentences": [asdict(item) for item in done.checked if item.finding != "found"],
            "unsupported": [{"key": key, "field": field, "state": state} for key, field, state in done.unsupported],
            "damages": [asdict(item) for item in done.damages],
            "stood_for": [asdict(item) for item in done.stood_for],
            "changed": [{"key": key, "name": name} for key, name in done.changed],
            "lapsed": [asdict(item) for item in done.lapsed],
        }  # fmt: skip
        give(json.dumps(whole, indent=1, ensure_ascii=False))
    else:
        _print_findings(done)
        _print_counts(done, counts)
    if done.damages or done.count("unreadable"):
        return InputError.exit_code
    if done.count("missing") or done.gone:
        return 1
    return Outage.exit_code if done.count("unreachable") else 0


def _print_findings(done: Verification) -> None:
    for damage in done.damages:
        show(f"damaged     {damage.place}: {damage.what}{_mended(damage.place)}")
    for item in done.checked:
        if item.finding != "found" or item.remark:
            remark = f" ({item.remark})" if item.remark else ""
            then = f"; {item.next}" if item.next else ""
            show(f"{item.finding:<11} {item.field} of {item.key}, page {item.page}{remark}{then}")
    for lapsed in done.lapsed:
        lacks = f"; the newest does not contain {named(lapsed.terms)}" if lapsed.terms else ""
        show(f"{lapsed.in_newest:<11} {lapsed.field} of {lapsed.key}: decided in the version of {lapsed.then}{lacks}")
    for key, name in done.changed:
        show(
            f"changed     {name} [{key}]: the file is no longer the one that was read; its sentences were looked up in that one"
        )
    for mark in done.stood_for:
        reason = f": {mark.reason}" if mark.reason else ""
        how, then = ("vouched for", "vouches for") if mark.asked else ("by hand    ", "wrote")
        show(
            f"{how} {mark.field} of {mark.key}: the source does not contain {named(mark.terms)}; {mark.by} {then} it{reason}"
        )


def _mended(place: str) -> str:
    """What becomes of damage: the cache is put right from the bytes, an archive only from git."""
    if "warehouse/cache/" in place:
        return "; repaired from the document"
    return "; restore the line from git"


def _print_counts(done: Verification, counts: dict[Lookup, int]) -> None:
    if done.unsupported:
        states = Counter(state.replace("_", " ") for _, _, state in done.unsupported)
        said = ", ".join(f"{count} {state}" for state, count in states.items())
        hint = "; survey-extract verify --imported checks those" if "imported" in states else ""
        show(f"{len(done.unsupported)} of {count_of(done.cells, 'cell')} point to no sentence: {said}{hint}")
    if not done.cells:
        show("nothing to check: no cell is decided or published yet (survey-extract review)")
        return
    if done.lapsed:
        told = ", ".join(
            f"{count} {'no longer found' if kind == 'gone' else kind}"
            for kind, count in Counter(item.in_newest for item in done.lapsed).items()
        )
        values = count_of(len(done.lapsed), "decided value rests", "decided values rest")
        show(f"{values} on an older version than the newest: {told}; survey-extract review")
    where = "in the bytes" if done.in_bytes else "in the text in the cache, not in the bytes (--cached)"
    told = ", ".join(f"{counts[name]} {name}" for name in FINDINGS if counts[name] or name in _ALWAYS)
    cells, sentences = count_of(done.cells, "cell"), count_of(len(done.checked), "sentence")
    show(f"{cells}, {sentences} looked up {where}: {told}")


# --- a hand-written list --------------------------------------------------------------------------


def print_audit(done: Audited, *, as_json: bool) -> int:
    """Print the audit of a list; the exit code: 1 when something is not found, 2 when an own file cannot be read, 3 when a source could not be had."""
    if as_json:
        give(json.dumps(_as_data(done), indent=1, ensure_ascii=False))
    else:
        for item in done.cells:
            for line in _lines(item):
                show(f"{item.name} [{item.key}], {item.field}: {line}")
        for source in done.unread:
            show(f"{source.name} [{source.key}], {count_of(source.cells, 'cell')} not read: {source.why}")
        show(_totals(done))
    if any(item.found not in ("supported", "not compared") for item in done.cells):
        return 1
    if any(source.own for source in done.unread):
        return InputError.exit_code
    return Outage.exit_code if done.unread else 0


def _lines(item: Imported) -> list[str]:
    found = [f"the source does not contain {', '.join(item.unfound)}"] if item.unfound else []
    return found + [f"no sentence of the source comes near “{statement}”" for statement in item.far]


def _totals(done: Audited) -> str:
    counts = Counter(item.found for item in done.cells)
    told = [f"{counts['supported']} of {count_of(len(done.cells) - counts['not compared'], 'cell')} supported"]
    if counts["term not found"]:
        told.append(f"{counts['term not found']} with a figure or name that the source does not contain")
    if counts["no sentence near"]:
        told.append(f"{counts['no sentence near']} with a statement that no sentence of the source comes near")
    if counts["not compared"]:
        told.append(f"{counts['not compared']} with yes or no, which a person has to compare")
    unread = sum(source.cells for source in done.unread)
    if not done.cells and not unread:
        return "no cell of an imported list, or edited by hand, points to no sentence: nothing to check"
    apart = f"; {count_of(unread, 'cell')} of {count_of(len(done.unread), 'source')} not read" if unread else ""
    return ", ".join(told) + apart


def _as_data(done: Audited) -> dict[str, object]:
    counts = Counter(item.found for item in done.cells)
    return {
        "cells": len(done.cells),
        "supported": counts["supported"],
        "term_not_found": counts["term not found"],
        "no_sentence_near": counts["no sentence near"],
        "not_read": sum(source.cells for source in done.unread),
        "findings": [asdict(item) for item in done.cells],
        "unread": [asdict(source) for source in done.unread],
    }
