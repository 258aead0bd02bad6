"""Sources with their answers go in; the cells that two engines or models answered come out, with who was right. Nothing is asked.

Two answers are compared where they are on the same document. Each answerer is
measured by itself first, so that "right" means the same as in all other figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from survey_extract.core.cells import Entry, answer_value
from survey_extract.core.evaluation.agreement import Both
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.gold import GoldCell
from survey_extract.core.evaluation.judging import is_whole
from survey_extract.core.evaluation.sameness import is_same_value
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive, TextWork
from survey_extract.core.records import Answer
from survey_extract.errors import ReadError
from survey_extract.pipeline.evaluate import Chosen, engines_of, evaluate
from survey_extract.pipeline.held_texts import HeldTexts, cached_texts


@dataclass(frozen=True, slots=True)
class _Voice:
    """An answerer: its name for people, its answers, and in which cells it was right."""

    name: str
    chosen: Chosen
    right: Mapping[tuple[str, str], bool | None]


def agree(
    entries: Sequence[Entry],
    archive: Archive,
    texts: TextWork,
    chosen: Chosen,
    gold: Sequence[GoldCell] | None,
    aliases: Aliases,
) -> tuple[tuple[Both, ...], tuple[str, ...]]:
    """Every chosen cell with two answerers, for each pair of them; of a trial or a chosen engine, the pairs with that one.

    And the sources that could not be compared, with why.
    """
    picked = chosen.entries(entries)
    known = list(_known(picked, chosen))
    if len(known) < 2:
        return (), ()
    voices = [_Voice(name, one, _right(entries, archive, texts, one, gold, aliases)) for name, one in known]
    pairs = [pair for pair in combinations(voices, 2) if _is_wanted(pair, chosen)]
    specs, found, troubles = chosen.specs(archive.fields), list[Both](), list[str]()
    for item in picked:
        held = cached_texts(archive, (d for voice in voices for d in voice.chosen.documents(item, specs)))
        try:
            found += texts.do(
                _of_source, held, item, [_within(pair, item.source.key) for pair in pairs], specs, aliases
            )
        except ReadError as error:
            troubles.append(f"{item.source.label}: {error}")
    return tuple(found), tuple(troubles)


def _within(pair: tuple[_Voice, _Voice], key: str) -> tuple[_Voice, _Voice]:
    """Two answerers within one source: what its worker is sent."""
    one, other = (
        replace(voice, chosen=voice.chosen.of(key), right={p: so for p, so in voice.right.items() if p[0] == key})
        for voice in pair
    )
    return one, other


def _known(entries: Sequence[Entry], chosen: Chosen) -> Iterator[tuple[str, Chosen]]:
    plain = replace(chosen, trial=None, second=None)
    for engine, model in engines_of(entries):
        yield named(engine, model), replace(plain, engine=engine, model=model)
    if chosen.trial:
        first = next(iter(chosen.trial.values()))
        yield f"{named(first.engine, first.model)}, asked now", replace(chosen, second=None)


def named(engine: str, model: str | None) -> str:
    """An answerer as people call it."""
    return f"{engine} {model}" if model else engine


def _is_wanted(pair: tuple[_Voice, _Voice], chosen: Chosen) -> bool:
    if chosen.trial:
        return any(voice.chosen.trial for voice in pair)
    return any(chosen.engine in (None, v.chosen.engine) and chosen.model in (None, v.chosen.model) for v in pair)


def _right(
    entries: Sequence[Entry],
    archive: Archive,
    texts: TextWork,
    chosen: Chosen,
    gold: Sequence[GoldCell] | None,
    aliases: Aliases,
) -> dict[tuple[str, str], bool | None]:
    done = evaluate(entries, archive, texts, chosen, gold, aliases)
    return {(cell.key, cell.field): is_whole(cell.marks) for cell in done.cells}


def _of_source(
    held: Mapping[str, PaperText],
    item: Entry,
    pairs: Sequence[tuple[_Voice, _Voice]],
    specs: Sequence[FieldSpec],
    aliases: Aliases,
) -> list[Both]:
    """One source's cells, compared where its texts are."""
    texts, found = HeldTexts(held), list[Both]()
    for spec in specs:
        for one, other in pairs:
            first, second = one.chosen.answer(item, spec.name), other.chosen.answer(item, spec.name)
            if first is None or second is None or first.document != second.document:
                continue
            if first.abstains or second.abstains:  # who answers nothing agrees with nobody
                continue
            place = item.source.key, spec.name
            is_same = _is_same(spec, first, second, texts, aliases)
            found.append(Both(*place, one.name, other.name, is_same, (one.right.get(place), other.right.get(place))))
    return found


def _is_same(spec: FieldSpec, first: Answer, second: Answer, texts: HeldTexts, aliases: Aliases) -> bool:
    one, other = (answer_value(answer, texts.quoter) for answer in (first, second))
    return is_same_value(spec, one, other, aliases, texts.claims(first.document))
