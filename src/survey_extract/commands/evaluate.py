"""What to compare goes in; on stdout come the figures of every field, with n and interval, and what went wrong by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey_extract.commands.survey import fail, give, show
from survey_extract.commands.tables import print_table
from survey_extract.core.aliases import FILE as ALIASES
from survey_extract.core.aliases import Aliases, parse_aliases
from survey_extract.core.baseline import Basis, Comparison, Flip, Saved, compared, parse_saved, saved_text
from survey_extract.core.evaluate import Figures, figures
from survey_extract.core.fields import named_fields
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.gold import parse_gold
from survey_extract.core.judging import MEASURES
from survey_extract.core.plural import count_of
from survey_extract.core.sources import chosen, parse_sources
from survey_extract.core.wilson import FEW, Share
from survey_extract.pipeline.evaluate import Chosen, Evaluation, engines_of, evaluate

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey

COLUMNS = ("field", "against", "measure", "share", "n", "95 % interval")
CONFUSIONS = ("field", "against", "right is", "answered was", "cells")
NAMED = 12
"""Names, cells and confusions that a line shows; --json has all."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    engine: str | None = None
    model: str | None = None
    gold: Path | None = None
    against: Path | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What came out; ``comparison`` where there was something to hold it against."""

    evaluation: Evaluation
    figures: tuple[Figures, ...]
    basis: Basis
    comparison: Comparison | None


def evaluate_survey(survey: Survey, wish: Wish) -> Found:
    """Compare the survey's answers with what is right.

    Raises:
        InputError: a file cannot be used, a name is unknown, or there is no answer of that engine or model.
    """
    archive = survey.archive()
    wanted = named_fields(archive.fields, wish.fields)
    keys = frozenset(s.key for s in chosen(parse_sources(survey.sources_bytes(), archive.held()), wish.keys))
    gold_text, aliases_text = _read(wish.gold), _read(survey.project / ALIASES)
    gold = None if gold_text is None else parse_gold(gold_text, str(wish.gold), archive.fields)
    aliases = Aliases() if aliases_text is None else parse_aliases(aliases_text)
    saved = _saved(wish.against)
    entries = list(survey.warehouse().entries())
    if wish.engine or wish.model:
        _want_answers(wish, list(engines_of(entries)))
    done = evaluate(entries, archive, Chosen(keys, wanted, wish.engine, wish.model), gold, aliases)
    basis = Basis(sha256_text(archive.fields.fingerprint), _sha256(gold_text), _sha256(aliases_text), done.asked)
    comparison = compared(saved, done.cells, basis, done.looked_at) if saved else None
    return Found(done, figures(done.cells, [spec.name for spec in archive.fields]), basis, comparison)


def _read(path: Path | None) -> str | None:
    if path is None or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8")


def _sha256(text: str | None) -> str | None:
    return None if text is None else sha256_text(text)


def _saved(path: Path | None) -> Saved | None:
    text = _read(path)
    return None if text is None else parse_saved(text, str(path))


def _want_answers(wish: Wish, known: Sequence[tuple[str, str | None]]) -> None:
    fits = [(e, m) for e, m in known if wish.engine in (None, e) and wish.model in (None, m)]
    if not fits:
        named = ", ".join(f"{engine} ({model})" if model else engine for engine, model in known) or "nobody"
        asked = " ".join(word for word in (wish.engine, wish.model) if word)
        fail(f"there is no answer of {asked}; on record are answers of {named}")


def save(found: Found, place: Path) -> None:
    """Keep the results for a later --gate or --against."""
    from survey_extract.adapters.archive import write_whole

    write_whole(place, saved_text(found.evaluation.cells, found.basis).encode())


# --- printing -------------------------------------------------------------------------------------


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
        for measure, share in item.shares.items():
            yield item.field, item.against, measure, *_shown(share)
            if measure == "recall" and item.f1:
                yield item.field, item.against, "F1", *_shown(item.f1)


def confusions(found: Sequence[Figures]) -> Iterator[tuple[str, str, str, str, int]]:
    """What was answered for what, of the fields in which anything was confused; the commonest first."""
    for item in found:
        if any(right != said for right, said, _ in item.confusions):
            yield from ((item.field, item.against, *confused) for confused in item.confusions[:NAMED])


def _shown(share: Share) -> tuple[str, str, str]:
    low, high = share.interval
    percent = "too few to say" if share.is_few or share.value is None else f"{share.value:.0%}"
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


def gate(found: Found) -> str | None:
    """Why the gate is shut; None when it is open."""
    held = found.comparison
    if held is None or not held.cells:
        return "the gate is shut: no cell of the baseline can be compared"
    if not held.worse:
        return None
    fields = ", ".join(dict.fromkeys(worse.field for worse in held.worse))
    return f"the gate is shut: {fields} got worse than the baseline, beyond its interval"


# --- for programs ---------------------------------------------------------------------------------


def _as_data(found: Found) -> dict[str, Any]:
    done = found.evaluation
    return {
        "figures": [_figures(item) for item in found.figures],
        "asked": [item.model_dump() for item in done.asked],
        "unread": done.unread,
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
