"""What to compare goes in; the figures of every field come out, beside a baseline where there is one, and are kept on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract.commands.survey import fail
from survey_extract.core.cells import Entry
from survey_extract.core.evaluation.aliases import FILE as ALIASES
from survey_extract.core.evaluation.aliases import Aliases, parse_aliases
from survey_extract.core.evaluation.baseline import Basis, Comparison, Saved, compared, parse_saved, saved_text
from survey_extract.core.evaluation.evaluate import Figures, figures
from survey_extract.core.evaluation.gold import parse_gold
from survey_extract.core.fields import named_fields
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.sources import chosen, parse_sources
from survey_extract.pipeline.evaluate import Chosen, Evaluation, engines_of, evaluate

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey


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
    gold_text, aliases_text = _read(wish.gold), _read(survey.project / ALIASES)
    gold = None if gold_text is None else parse_gold(gold_text, str(wish.gold), archive.fields)
    aliases = Aliases() if aliases_text is None else parse_aliases(aliases_text)
    saved = _saved(wish.against)
    entries = list(survey.warehouse().entries())
    done = evaluate(entries, archive, chosen_of(survey, wish, entries), gold, aliases)
    basis = Basis(sha256_text(archive.fields.fingerprint), _sha256(gold_text), _sha256(aliases_text), done.asked)
    comparison = compared(saved, done.cells, basis, done.looked_at) if saved else None
    return Found(done, figures(done.cells, [spec.name for spec in archive.fields]), basis, comparison)


def chosen_of(survey: Survey, wish: Wish, entries: Sequence[Entry]) -> Chosen:
    """Which cells and whose answers were asked for.

    Raises:
        InputError: a name is unknown, or there is no answer of that engine or model.
    """
    archive = survey.archive()
    wanted = named_fields(archive.fields, wish.fields)
    keys = frozenset(s.key for s in chosen(parse_sources(survey.sources_bytes(), archive.held()), wish.keys))
    if wish.engine or wish.model:
        _want_answers(wish, list(engines_of(entries)))
    return Chosen(keys, wanted, wish.engine, wish.model)


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
    from survey_extract.files import write_whole

    write_whole(place, saved_text(found.evaluation.cells, found.basis).encode())


def gate(found: Found) -> str | None:
    """Why the gate is shut; None when it is open."""
    held = found.comparison
    if held is None or not held.cells:
        return "the gate is shut: no cell of the baseline can be compared"
    if not held.worse:
        return None
    fields = ", ".join(dict.fromkeys(worse.field for worse in held.worse))
    return f"the gate is shut: {fields} got worse than the baseline, beyond its interval"
