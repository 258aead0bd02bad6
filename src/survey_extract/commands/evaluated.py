"""What ``evaluate`` found goes in; on stdout come the figures of every field, with n and interval, and what went wrong by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from survey_extract.commands.evaluate import Found
from survey_extract.commands.survey import give, show
from survey_extract.commands.tables import print_table
from survey_extract.core.evaluation.baseline import Comparison, Flip
from survey_extract.core.evaluation.evaluate import Figures
from survey_extract.core.evaluation.judging import MEASURES
from survey_extract.core.evaluation.wilson import FEW, Share
from survey_extract.core.plural import count_of

COLUMNS = ("field (against)", "measure", "share", "n", "95 % interval")
CONFUSIONS = ("field", "against", "right is", "answered was", "cells")
NAMED = 12
"""Names, cells and confusions that a line shows; --json has all."""


def print_found(found: Found, *, as_json: bool) -> None:
    """All of it: the table, then what went wrong by name, then what flipped."""
    if as_json:
        give(json.dumps(_as_data(found), indent=1, ensure_ascii=False))
        return
    if not found.figures:
        show("nothing to compare: no cell is decided yet (survey-extract review), or none that was chosen")
    else:
        print_table(COLUMNS, list(rows(found.figures)), "table")
    if confused := list(confusions(found.figures)):
        print_table(CONFUSIONS, confused, "table")
    for line in (*_wrong(found.figures), *_remarks(found), *_compared(found.comparison)):
        show(line)


def rows(found: Sequence[Figures]) -> Iterator[tuple[str, ...]]:
    """A line for each measure of each field."""
    for item in found:
        name = f"{item.field} ({item.against})"
        for measure, share in item.shares.items():
            yield name, measure, *_shown(share)
            if measure == "recall" and item.f1:
                yield name, "F1", *_shown(item.f1)


def confusions(found: Sequence[Figures]) -> Iterator[tuple[str, str, str, str, int]]:
    """What was answered for what, of the fields in which anything was confused; the commonest first."""
    for item in found:
        if any(right != said for right, said, _ in item.confusions):
            yield from ((item.field, item.against, *confused) for confused in item.confusions[:NAMED])


def _shown(share: Share) -> tuple[str, str, str]:
    low, high = share.interval
    percent = "too few" if share.is_few or share.value is None else f"{share.value:.0%}"
    return percent, f"{share.hits:g} of {share.of:g}", f"{low:.0%} to {high:.0%}"


def _wrong(found: Sequence[Figures]) -> Iterator[str]:
    for item in found:
        for lost in item.lost:
            what = "; ".join(lost.what[:NAMED]) + (f"; and {len(lost.what) - NAMED} more" if lost.what[NAMED:] else "")
            yield f"{item.field} of {lost.key}, {_LOST[lost.measure]}: {what}"


_LOST = {
    "right": "wrong",
    "precision": "invented",
    "recall": "missed",
    "terms found": "figures and names missed",
    "terms carried": "figures and names beyond what is right",
    "clauses found": "does not speak of",
    "clauses carried": "speaks of what is not in what is right",
    "evidence holds terms": "not in the evidence",
}


def _remarks(found: Found) -> Iterator[str]:
    done = found.evaluation
    if any(share.is_few for item in found.figures for share in item.shares.values()):
        yield f"of fewer than {FEW} no percentage is given: the interval says how little they tell"
    if done.unread:
        yield f"{count_of(done.unread, 'answer')} whose document's text is not in the cache: no statements compared (survey-extract verify brings it)"
    if done.unfit:
        yield f"{count_of(done.unfit, 'decided value')} that {'its field' if done.unfit == 1 else 'their fields'} may no longer have: not compared"
    if done.versions:
        yield f"other versions than the gold file's: {'; '.join(done.versions)}"
    if done.absent:
        yield f"no source of this survey, and left out: {', '.join(done.absent)}"
    if done.unfound:
        yield f"{done.unfound} of {done.sought} sentences of the gold file do not stand in the text as it was read"


def _compared(found: Comparison | None) -> Iterator[str]:
    if found is None:
        return
    yield from found.remarks
    for worse in found.worse:
        before, now = " of ".join(_halves(worse.before)), " of ".join(_halves(worse.now))
        low, _ = worse.before.interval
        yield f"worse: {worse.field} ({worse.against}), {worse.measure}: {now}, before {before}; it was at least {low:.1%}"
    yield from map(_flip, found.flips)
    gone = f"; {count_of(found.gone, 'cell')} of the baseline cannot be compared any more" if found.gone else ""
    changed = len({(flip.key, flip.field) for flip in found.flips})
    yield f"{count_of(found.cells, 'cell')} compared with the baseline, {changed} of them flipped{gone}"


def _halves(share: Share) -> tuple[str, str]:
    return f"{share.hits:g}", f"{share.of:g}"


def _flip(flip: Flip) -> str:
    which = "worse" if flip.is_worse else "better"
    (one, of_one), (other, of_other) = flip.before, flip.now
    return (
        f"flipped, {which}: {flip.field} of {flip.key}, {flip.measure}: {other} of {of_other}, before {one} of {of_one}"
    )


# --- for programs ---------------------------------------------------------------------------------


def _as_data(found: Found) -> dict[str, Any]:
    done = found.evaluation
    return {
        "figures": [_figures(item) for item in found.figures],
        "asked": [item.model_dump() for item in done.asked],
        "unread": done.unread,
        "unfit": done.unfit,
        "versions": done.versions,
        "absent": done.absent,
        "gold_sentences": {"sought": done.sought, "unfound": done.unfound},
        "comparison": asdict(found.comparison) if found.comparison else None,
    }


def _figures(item: Figures) -> dict[str, Any]:
    shares = {measure: _share(share) | {"counts": MEASURES[measure]} for measure, share in item.shares.items()}
    return {
        "field": item.field,
        "against": item.against,
        "cells": item.cells,
        "measures": shares,
        "f1": _share(item.f1) if item.f1 else None,
        "lost": [asdict(lost) for lost in item.lost],
        "confusions": [{"right": right, "said": said, "count": count} for right, said, count in item.confusions],
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"hits": share.hits, "n": share.of, "share": share.value, "low": low, "high": high}
