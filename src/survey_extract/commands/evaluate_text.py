"""What ``evaluate`` found goes in; on stdout come the figures of every field, with n and interval, and what went wrong by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from survey_extract.commands.evaluate_figures import Found
from survey_extract.commands.survey import give, show
from survey_extract.commands.tables import print_table
from survey_extract.core.evaluation.agreement import Agreement
from survey_extract.core.evaluation.baseline import Comparison, Flip
from survey_extract.core.evaluation.evaluate import ALL, PARTS, Figures
from survey_extract.core.evaluation.judging import MEASURES
from survey_extract.core.evaluation.spending import Spent
from survey_extract.core.evaluation.wilson import FEW, Share
from survey_extract.core.plural import count_of

COLUMNS = ("field (against)", "measure", "share", "n", "95 % interval")
CONFUSIONS = ("field", "against", "right is", "answered was", "cells")
AGREED = (
    "field",
    "one",
    "other",
    "agree",
    "both right where they agree",
    "one right where not",
    "other right where not",
)
SPENT = ("field", "who", "answers", "tokens sent", "received", "USD", "seconds")
NOT_MEASURED = "not measured"
NAMED = 12
"""Names, cells and confusions that a line shows; --json has all."""


def print_found(found: Found, *, as_json: bool) -> None:
    """All of it: the tables, then what went wrong by name, then what flipped."""
    if as_json:
        give(json.dumps(_as_data(found), indent=1, ensure_ascii=False))
        return
    if not found.figures:
        show("nothing to compare: no cell is decided yet (survey-extract review), or none of those chosen")
    tables = (
        (COLUMNS, list(rows(found.figures))),
        (CONFUSIONS, list(confusions(found.figures))),
        (AGREED, list(agreed(found.agreements))),
        (SPENT, list(spent(found.spent))),
    )
    for columns, made in tables:
        if made:
            print_table(columns, made, "table")
    for line in (*legend(found.figures), *_wrong(found.figures), *remarks(found), *_compared(found.comparison)):
        show(line)


def legend(found: Sequence[Figures]) -> Iterator[str]:
    """What each measure that the table shows counts."""
    shown = {measure for item in found for measure, share in item.shares.items() if not share.is_few}
    yield from (f"{measure}: {said}" for measure, said in MEASURES.items() if measure in shown)


def rows(found: Sequence[Figures]) -> Iterator[tuple[str, ...]]:
    """A line for each measure of each field, and one for all of which there are too few; accepted and edited apart for all
    fields together alone: --json has each."""
    for item in found:
        if item.against in PARTS and item.field != ALL:
            continue
        name = f"{item.field} ({item.against})"
        few = [share for _, share in item.measured() if share.is_few]
        for measure, share in item.measured():
            if not share.is_few:
                yield name, measure, *_shown(share)
        if few:
            yield name, count_of(len(few), "measure"), "too few", f"at most {max(share.of for share in few):g}", ""
        elif item.jaccard is not None:
            yield name, "mean Jaccard of sentences", f"{item.jaccard:.2f}", "", ""


def agreed(found: Sequence[Agreement]) -> Iterator[tuple[str, ...]]:
    """A line for each field of each pair."""
    for item in found:
        shares = (item.same, item.agreeing, item.one_apart, item.other_apart)
        yield item.field, item.one, item.other, *(counted(share.hits, share.of) or "none" for share in shares)


def spent(found: Sequence[Spent]) -> Iterator[tuple[str, ...]]:
    """A line for each field of each answerer; of how many answers it is known, where not of all."""
    for item in found:
        who = f"{item.engine} {item.model}" if item.model else item.engine
        counts = (
            _known(f"{item.prompt_tokens:,.0f}", item.counted, item.answers),
            _known(f"{item.completion_tokens:,.0f}", item.counted, item.answers),
            _known(f"{item.cost:.4f}", item.priced, item.answers),
            _known(f"{item.seconds:.1f}", item.timed, item.answers),
        )
        yield item.field, who, str(item.answers), *counts


def _known(amount: str, known: int, of: int) -> str:
    if not known:
        return "unknown"
    return amount if known == of else f"{amount} ({known} of {of})"


def confusions(found: Sequence[Figures]) -> Iterator[tuple[str, str, str, str, int]]:
    """What was answered for what, of the fields in which anything was confused; the commonest first."""
    for item in found:
        if item.against not in PARTS and any(right != said for right, said, _ in item.confusions):
            yield from ((item.field, item.against, *confused) for confused in item.confusions[:NAMED])


def _shown(share: Share) -> tuple[str, str, str]:
    low, high = share.interval
    return f"{share.value:.0%}", f"{share.hits:g} of {share.of:g}", f"{low:.0%} to {high:.0%}"


def _wrong(found: Sequence[Figures]) -> Iterator[str]:
    for item in found:
        for lost in item.lost if item.against not in PARTS else ():
            what = "; ".join(lost.what[:NAMED]) + (f"; and {len(lost.what) - NAMED} more" if lost.what[NAMED:] else "")
            yield f"{item.field} of {lost.key}, {LOST[lost.measure]}: {what}"


LOST = {
    "right": "wrong",
    "precision": "invented",
    "recall": "missed",
    "terms found": "figures and names missed",
    "terms carried": "figures and names beyond what is right",
    "clauses found": "does not mention",
    "clauses carried": "says what the right value does not",
    "evidence holds terms": "not in the evidence",
}
"""What went wrong, by the measure that it lowers."""


def remarks(found: Found) -> Iterator[str]:
    """What to know of the figures: what was not compared, and why."""
    done = found.evaluation
    if found.failed:
        yield f"{count_of(found.failed, 'question')} failed: their cells have no answer here"
    yield from (f"not compared: {trouble}" for trouble in found.troubles)
    if any(share.is_few for item in found.figures for share in item.shares.values()):
        yield f"too few: no percentage is given of fewer than {FEW}; --json and --html have their counts"
    if done.unread:
        yield f"{count_of(done.unread, 'answer')} whose document's text is not in the cache: no statements compared (survey-extract verify fetches it)"
    if done.unfit:
        yield f"{count_of(done.unfit, 'decided value')} that {'its field' if done.unfit == 1 else 'their fields'} may no longer have: not compared"
    if done.versions:
        yield f"other versions than the gold file's: {'; '.join(done.versions)}"
    if done.absent:
        yield f"not in this survey, and left out: {', '.join(done.absent)}"
    if done.unfound:
        yield f"not in the text as it was read: {done.unfound} of {count_of(done.sought, 'sentence')} of the gold file"


def _compared(found: Comparison | None) -> Iterator[str]:
    if found is None:
        return
    yield from found.remarks
    for worse in found.worse:
        before, now = (counted(share.hits, share.of) or NOT_MEASURED for share in (worse.before, worse.now))
        low, _ = worse.before.interval
        yield f"worse: {worse.field} ({worse.against}), {worse.measure}: {now}, before {before}; it was at least {low:.1%}"
    yield from map(_flip, found.flips)
    gone = f"; {count_of(found.gone, 'cell')} of the baseline cannot be compared any more" if found.gone else ""
    changed = len({(flip.key, flip.field) for flip in found.flips})
    yield f"{count_of(found.cells, 'cell')} compared with the baseline, {changed} of them flipped{gone}"


def counted(hits: float, of: float) -> str:
    """So many of so many; nothing of none."""
    return f"{hits:g} of {of:g}" if of else ""


def _flip(flip: Flip) -> str:
    which = "worse" if flip.is_worse else "better"
    before, now = (counted(*mark) or NOT_MEASURED for mark in (flip.before, flip.now))
    return f"flipped, {which}: {flip.field} of {flip.key}, {flip.measure}: {now}, before {before}"


# --- for programs ---------------------------------------------------------------------------------


def _as_data(found: Found) -> dict[str, Any]:
    done = found.evaluation
    return {
        "figures": [_figures(item) for item in found.figures],
        "asked": [item.model_dump() for item in done.asked],
        "unread": done.unread,
        "troubles": found.troubles,
        "unfit": done.unfit,
        "versions": done.versions,
        "absent": done.absent,
        "gold_sentences": {"sought": done.sought, "unfound": done.unfound},
        "comparison": asdict(found.comparison) if found.comparison else None,
        "agreements": [_agreement(item) for item in found.agreements],
        "spent": [asdict(item) for item in found.spent],
        "failed": found.failed,
    }


def _agreement(item: Agreement) -> dict[str, Any]:
    shares = {
        "same": item.same,
        "agreeing": item.agreeing,
        "one_apart": item.one_apart,
        "other_apart": item.other_apart,
    }
    names = {"field": item.field, "one": item.one, "other": item.other}
    return names | {name: _share(share) for name, share in shares.items()}


def _figures(item: Figures) -> dict[str, Any]:
    shares = {measure: _share(share) | {"counts": MEASURES[measure]} for measure, share in item.shares.items()}
    return {
        "field": item.field,
        "against": item.against,
        "cells": item.cells,
        "measures": shares,
        "f1": _share(item.f1) if item.f1 else None,
        "jaccard": item.jaccard,
        "lost": [asdict(lost) for lost in item.lost],
        "confusions": [{"right": right, "said": said, "count": count} for right, said, count in item.confusions],
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"hits": share.hits, "n": share.of, "share": share.value, "low": low, "high": high}
