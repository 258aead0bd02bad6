"""What to compare goes in; the figures of every field come out, beside a baseline where there is one, and are kept on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract import __version__
from survey_extract.commands.survey import fail, say
from survey_extract.commands.trial import TrialWish, ask_beside
from survey_extract.core.cells import Entry
from survey_extract.core.evaluation.agreement import Agreement, agreements
from survey_extract.core.evaluation.aliases import FILE as ALIASES
from survey_extract.core.evaluation.aliases import Aliases, parse_aliases
from survey_extract.core.evaluation.baseline import (
    Basis,
    Comparison,
    Saved,
    Stamp,
    beside,
    compared,
    parse_saved,
    saved_text,
)
from survey_extract.core.evaluation.evaluate import Figures, figures
from survey_extract.core.evaluation.gold import GoldCell, parse_gold
from survey_extract.core.evaluation.spending import Spent, spending
from survey_extract.core.fields import named_fields
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.inputs.sources import chosen, parse_sources
from survey_extract.errors import Unwritable
from survey_extract.pipeline.agree import agree
from survey_extract.pipeline.evaluate import Chosen, Evaluation, engines_of, evaluate
from survey_extract.wiring import open_texts

if TYPE_CHECKING:
    from datetime import datetime

    from survey_extract.commands.survey import Survey
    from survey_extract.core.ports import TextWork
    from survey_extract.wiring import FileArchive


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line.

    ``against`` is a file, or the name of results that were stored; ``trial`` is set where something is to be asked.
    """

    keys: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    engine: str | None = None
    model: str | None = None
    gold: Path | None = None
    against: str | None = None
    trial: TrialWish | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What came out; ``comparison`` where there was something to hold it against.

    ``failed`` questions have no answer; ``troubles`` are sources that could not be compared, and why.
    """

    evaluation: Evaluation
    figures: tuple[Figures, ...]
    basis: Basis
    comparison: Comparison | None
    agreements: tuple[Agreement, ...] = ()
    spent: tuple[Spent, ...] = ()
    baseline: tuple[Figures, ...] = ()
    failed: int = 0
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Measure:
    """What right is, and by what names are one: what all comparisons of one command share."""

    entries: Sequence[Entry]
    gold: tuple[GoldCell, ...] | None
    aliases: Aliases
    basis: Basis


def evaluate_survey(survey: Survey, wish: Wish) -> Found | None:
    """Compare the survey's answers, or those that are asked for now, with what is right. None where nothing was to be done but say so.

    Raises:
        InputError: a file cannot be used, a name is unknown, or there is no answer of that engine or model.
    """
    archive = survey.archive()
    picked, failed = _picked(survey, wish), 0
    saved = _saved(survey, wish.against)
    measure = _measure(survey, wish)
    with open_texts(survey.settings()) as texts:
        if wish.trial:
            plain = replace(picked, engine=None, model=None)
            asked = ask_beside(survey, texts, wish.trial, measure.entries, measure.gold, plain)
            if asked is None:
                return None
            picked, failed = asked
        elif wish.engine or wish.model:
            _want_answers(wish, list(engines_of(measure.entries)))
        return _found(archive, texts, measure, picked, saved, failed)


def _picked(survey: Survey, wish: Wish) -> Chosen:
    archive = survey.archive()
    wanted = named_fields(archive.fields, wish.fields)
    keys = frozenset(s.key for s in chosen(parse_sources(survey.sources_bytes(), archive.held()), wish.keys))
    return Chosen(keys, wanted, wish.engine, wish.model)


def chosen_of(survey: Survey, wish: Wish, entries: Sequence[Entry]) -> Chosen:
    """Which cells and whose answers were asked for.

    Raises:
        InputError: a name is unknown, or there is no answer of that engine or model.
    """
    if wish.engine or wish.model:
        _want_answers(wish, list(engines_of(entries)))
    return _picked(survey, wish)


def _measure(survey: Survey, wish: Wish) -> _Measure:
    archive = survey.archive()
    gold_text, aliases_text = _read(wish.gold), _read(survey.project / ALIASES)
    gold = None if gold_text is None else parse_gold(gold_text, str(wish.gold), archive.fields)
    aliases = Aliases() if aliases_text is None else parse_aliases(aliases_text)
    basis = Basis(
        fields=sha256_text(archive.fields.fingerprint),
        gold=_sha256(gold_text),
        aliases=_sha256(aliases_text),
        asked=(),
        trial=wish.trial is not None,
        limited=bool(wish.keys or wish.fields or wish.engine or wish.model),
    )
    return _Measure(list(survey.warehouse().entries()), gold, aliases, basis)


def _found(
    archive: FileArchive, texts: TextWork, measure: _Measure, picked: Chosen, saved: Saved | None, failed: int
) -> Found:
    done = evaluate(measure.entries, archive, texts, picked, measure.gold, measure.aliases)
    basis, names = replace(measure.basis, asked=done.asked), [spec.name for spec in archive.fields]
    renamed = archive.fields.renamed
    comparison = compared(saved, done.cells, basis, done.looked_at, renamed) if saved else None
    both, troubles = agree(measure.entries, archive, texts, picked, measure.gold, measure.aliases)
    second = (picked.second or {}).values()
    return Found(
        done,
        figures(done.cells, names),
        basis,
        comparison,
        agreements(both, names),
        spending((*done.answers, *second), archive.booked(), names),
        figures(beside(saved.marked(renamed), done.cells), names) if saved else (),
        failed,
        tuple(dict.fromkeys((*done.troubles, *troubles))),
    )


# --- files ------------------------------------------------------------------------------------------


def _read(path: Path | None) -> str | None:
    if path is None or not path.is_file():
        return None
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        fail(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8")


def _sha256(text: str | None) -> str | None:
    return None if text is None else sha256_text(text)


def _saved(survey: Survey, name: str | None) -> Saved | None:
    """Results to compare with: those that the survey stored under that name, else a file."""
    if name is None:
        return None
    stored = survey.archive().evaluations()
    if name in stored:
        return parse_saved(stored[name], name)
    path = Path(name)
    if not _is_file(path):
        known = f"the latest are {', '.join(list(stored)[-3:])}" if stored else "none are stored yet"
        fail(f"{name} is neither a file nor the name of stored results (warehouse/evaluations); {known}")
    return parse_saved(_read(path) or "", name)


def _is_file(path: Path) -> bool:
    """Whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _want_answers(wish: Wish, known: Sequence[tuple[str, str | None]]) -> None:
    fits = [(e, m) for e, m in known if wish.engine in (None, e) and wish.model in (None, m)]
    if not fits:
        named = ", ".join(f"{engine} ({model})" if model else engine for engine, model in known) or "nobody"
        asked = " ".join(word for word in (wish.engine, wish.model) if word)
        fail(f"no answers from {asked} on record, only from {named}; --ask asks for some")


def save(found: Found, place: Path) -> None:
    """Keep the results for a later --gate or --against."""
    from survey_extract.files import write_whole

    write_whole(place, saved_text(found.evaluation.cells, found.basis).encode())


def store(survey: Survey, found: Found, now: datetime) -> str | None:
    """Store the results in the survey, under the time as their name; None when they are those of the last time, or none.

    A folder that cannot be written is told, and is no reason to show nothing.
    """
    if not found.evaluation.cells:
        return None
    archive = survey.archive()
    stamp = Stamp(f"{now:%Y-%m-%dT%H:%M:%SZ}", __version__)
    text = saved_text(found.evaluation.cells, found.basis, stamp)
    made, stored = parse_saved(text, "these results"), archive.evaluations()
    before = (parse_saved(stored[name], name) for name in reversed(tuple(stored)))
    last = next((results for results in before if made.is_of_same(results)), None)
    if last is not None and made.repeats(last):
        return None
    named = f"{now:%Y%m%dT%H%M%SZ}"
    name = next(n for n in chain((named,), (f"{named}-{more}" for more in count(2))) if n not in stored)
    try:
        archive.add_evaluation(name, text)
    except Unwritable as error:
        say(f"the results are not stored: {error}")
        return None
    return name


def gate(found: Found) -> str | None:
    """Why the gate is shut; None when it is open."""
    held = found.comparison
    if held is None or not held.cells:
        return "the gate failed: no cell of the baseline can be compared"
    if not held.worse:
        return None
    fields = ", ".join(dict.fromkeys(worse.field for worse in held.worse))
    return f"the gate failed: {fields} got worse than the baseline, beyond its interval"
