"""Marks go in, a text to keep comes out, and the other way round; two of them give what got worse, and which cells flipped.

Compared are the cells that both have, so that new decisions, on cells that
may be harder, are not taken for a field that got worse. What is kept are
counts and fingerprints: no word of a document, which may not enter git.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from survey_extract.core.evaluation.evaluate import DecidedPart, Marked
from survey_extract.core.evaluation.judging import MEASURES, OF_PEOPLE, QUOTED, TWICE, Against, Mark, Measure
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.meant import refused
from survey_extract.errors import BadGold

FORMAT = 1
MOST = 1_000_000
"""Trials of one cell; far more than there are."""
COMPARED: tuple[Measure, ...] = tuple(measure for measure in MEASURES if measure not in (*OF_PEOPLE, *TWICE))
"""All but what people said about single answers, of which a new one has none yet, and what takes a second question."""


class Answerer(BaseModel):
    """Who answered, and by which wording: short hashes of prompt, instruction and parameters; None where not on record."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    field: str
    engine: str
    model: str | None = None
    prompt: str | None = None
    instruction: str | None = None
    parameters: str | None = None


def _counted(mark: tuple[int, int]) -> tuple[int, int]:
    """Hits of what was tried, of which a share can be told."""
    if not 0 <= mark[0] <= mark[1] < MOST:
        raise ValueError(f"{mark[0]} of {mark[1]} is no share")
    return mark


def _timed(at: str) -> str:
    datetime.fromisoformat(at)
    return at


class _Cell(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: str
    field: str
    against: Against
    marks: dict[Measure, Annotated[tuple[int, int], AfterValidator(_counted)]]
    part: DecidedPart | None = None


class Saved(BaseModel):
    """Kept results. ``fields``, ``gold`` and ``aliases`` are hashes of what was compared by; ``asked`` says of what.

    ``trial`` says that the answers were asked for by ``evaluate`` alone,
    ``limited`` that some sources, fields or answerers were chosen. Results that the survey stored say ``at`` what time, and by which version of the ``tool``.
    """

    model_config = ConfigDict(extra="forbid")

    format: int
    fields: str
    gold: str | None
    aliases: str | None
    asked: list[Answerer]
    cells: list[_Cell]
    trial: bool = False
    limited: bool = False
    at: Annotated[str, AfterValidator(_timed)] | None = None
    tool: str | None = None

    def marked(self, renamed: Mapping[str, str]) -> tuple[Marked, ...]:
        """The cells, under today's names of their fields."""
        return tuple(
            Marked(
                cell.key, renamed.get(cell.field, cell.field), cell.against,
                {measure: Mark(hits, of) for measure, (hits, of) in cell.marks.items()}, (), cell.part,
            )
            for cell in self.cells
        )  # fmt: skip

    def repeats(self, other: Saved) -> bool:
        """Whether these are the results of another evaluation once more, whenever it was."""
        unstamped = {"at": None, "tool": None}
        return self.model_copy(update=unstamped) == other.model_copy(update=unstamped)

    def is_of_same(self, other: Saved) -> bool:
        """Whether the same cells were compared with the same sort of what is right."""
        return self._scope() == other._scope()

    def _scope(self) -> tuple[object, ...]:
        return (
            self.trial,
            self.limited,
            self.gold is None,
            {(cell.key, cell.field, cell.against) for cell in self.cells},
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """What results depend on besides the cells themselves."""

    fields: str
    gold: str | None
    aliases: str | None
    asked: tuple[Answerer, ...]
    trial: bool = False
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """When results were measured, in UTC, and by which version."""

    at: str
    tool: str


def saved_text(cells: Sequence[Marked], basis: Basis, stamp: Stamp | None = None) -> str:
    """The results as JSON, a line for each cell, so that git shows which changed."""
    head = json.dumps(
        {"format": FORMAT, "fields": basis.fields, "gold": basis.gold, "aliases": basis.aliases}
        | ({"trial": True} if basis.trial else {})
        | ({"limited": True} if basis.limited else {})
        | ({"at": stamp.at, "tool": stamp.tool} if stamp else {})
        | {"asked": [item.model_dump() for item in basis.asked]}, indent=1,
    )  # fmt: skip
    lines = (
        json.dumps(
            {"key": cell.key, "field": cell.field, "against": cell.against}
            | ({"part": cell.part} if cell.part else {})
            | {"marks": {measure: [mark.hits, mark.of] for measure, mark in cell.marks.items()}}, ensure_ascii=False,
        )
        for cell in cells
    )  # fmt: skip
    return head.removesuffix("\n}") + ',\n "cells": [\n  ' + ",\n  ".join(lines) + "\n ]\n}\n"


def parse_saved(text: str, file: str) -> Saved:
    """Read kept results.

    Raises:
        BadGold: they are none.
    """
    try:
        saved = Saved.model_validate_json(text)
    except ValidationError as error:
        raise BadGold(
            f"{file}: {refused(error)}, so these are not results written by --save; write them again with `survey-extract evaluate --save`"
        ) from None
    if saved.format != FORMAT:
        raise BadGold(f"{file}: its format is {saved.format}, this version reads {FORMAT}: save the baseline again")
    return saved


@dataclass(frozen=True, slots=True)
class Flip:
    """A cell whose mark is another one than it was."""

    key: str
    field: str
    against: Against
    measure: Measure
    before: tuple[int, int]
    now: tuple[int, int]

    @property
    def is_worse(self) -> bool:
        """A smaller share; what is not measured any more counts as none."""
        return _share(self.now) < _share(self.before)


def _share(mark: tuple[int, int]) -> float:
    return mark[0] / mark[1] if mark[1] else 0.0


@dataclass(frozen=True, slots=True)
class Worse:
    """A measure of a field that fell below the lower end of its baseline's interval."""

    field: str
    against: Against
    measure: Measure
    before: Share
    now: Share


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results over the cells of both. ``gone`` cells of the baseline cannot be compared now."""

    cells: int
    gone: int
    flips: tuple[Flip, ...]
    worse: tuple[Worse, ...]
    remarks: tuple[str, ...]


_Place = tuple[str, str, Against]


def compared(
    saved: Saved,
    cells: Sequence[Marked],
    basis: Basis,
    chosen: frozenset[tuple[str, str]],
    renamed: Mapping[str, str] | None = None,
) -> Comparison:
    """Compare results with a baseline. ``chosen`` are the (key, field) that were looked at now, by today's names of the fields."""
    was = {_place(c): _counts(c.marks) for c in saved.marked(renamed or {}) if (c.key, c.field) in chosen}
    now = {_place(c): _counts(c.marks) for c in cells}
    both = [place for place in was if place in now]
    flips = tuple(_flips(both, was, now))
    return Comparison(
        len(both), len(was) - len(both), flips, tuple(_worse(both, was, now)), tuple(_remarks(saved, basis))
    )


def beside(before: Sequence[Marked], cells: Sequence[Marked]) -> tuple[Marked, ...]:
    """Of the cells of a baseline, those that are compared now: the figures of both are of the same cells."""
    now = set(map(_place, cells))
    return tuple(cell for cell in before if _place(cell) in now)


def _place(cell: Marked) -> _Place:
    return cell.key, cell.field, cell.against


def _counts(marks: Mapping[Measure, Mark]) -> dict[Measure, tuple[int, int]]:
    return {measure: (mark.hits, mark.of) for measure, mark in marks.items()}


_Marks = Mapping[_Place, Mapping[Measure, tuple[int, int]]]


def _flips(both: Sequence[_Place], was: _Marks, now: _Marks) -> Iterator[Flip]:
    for place in both:
        for measure in COMPARED:
            one, other = was[place].get(measure, (0, 0)), now[place].get(measure, (0, 0))
            if measure in QUOTED and not (one[1] and other[1]):
                continue
            if _share(one) != _share(other) or bool(one[1]) != bool(other[1]):
                yield Flip(*place, measure, one, other)


def _worse(both: Sequence[_Place], was: _Marks, now: _Marks) -> Iterator[Worse]:
    """A measure that has nothing to count any more is one that fell: what is not looked at is not as good as before.

    Those of quoted sentences alone are let go: another engine may answer in its own words.
    """
    before, after = _sums(both, was), _sums(both, now)
    for (field, against, measure), (hits, of) in before.items():
        one, other = Share(hits, of), Share(*after.get((field, against, measure), (0, 0)))
        if measure in QUOTED and not other.of:
            continue
        if measure in COMPARED and (other.value or 0.0) < one.interval[0]:
            yield Worse(field, against, measure, one, other)


def _sums(both: Sequence[_Place], marks: _Marks) -> dict[tuple[str, Against, Measure], tuple[int, int]]:
    hits: Counter[tuple[str, Against, Measure]] = Counter()
    of: Counter[tuple[str, Against, Measure]] = Counter()
    for place in both:
        for measure, (one, all_) in marks[place].items():
            hits[place[1], place[2], measure] += one
            of[place[1], place[2], measure] += all_
    return {at: (hits[at], of[at]) for at in of}


def _remarks(saved: Saved, basis: Basis) -> Iterator[str]:
    """What else is not as it was: then it is not the answers alone that are compared."""
    changed: dict[str, tuple[object, object]] = {
        "fields.toml": (saved.fields, basis.fields),
        "the gold file": (saved.gold, basis.gold),
        "aliases.toml": (saved.aliases, basis.aliases),
    }
    for name, (one, other) in changed.items():
        if one != other:
            yield f"{name} is not what the baseline was measured with"
