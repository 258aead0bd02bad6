"""The marks of all cells go in; how often each field was right comes out: shares with their intervals, and what went wrong.

Cells that a list brought in are counted apart from those that a person
decided, and of these, answers that were accepted apart from a person's own
words. Marks of one field are added up, so a document with many names weighs
more than one with few. Names, terms and clauses of one cell depend on each other: the
intervals treat them as independent, and are narrower than they should be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from statistics import mean
from typing import Literal

from survey_extract.core.evaluation.judging import MEASURES, Against, Marks, Measure
from survey_extract.core.evaluation.wilson import Share

ALL = "all fields"
"""What the sums over all fields are called; no field has such a name."""
RightKind = Literal["decided", "accepted", "edited", "imported", "gold"]
"""What figures are against. Of what was decided, the parts are counted once more: answers that were accepted, and own words."""
KINDS: tuple[RightKind, ...] = ("decided", "accepted", "edited", "imported", "gold")
DecidedPart = Literal["accepted", "edited"]
PARTS: tuple[DecidedPart, ...] = ("accepted", "edited")


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell with its marks; ``pairs`` are (right, answered) for a table of confusions.

    ``part`` says of what was decided whether an answer was accepted as it was, or a person's own words stand.
    """

    key: str
    field: str
    against: Against
    marks: Marks
    pairs: tuple[tuple[str, str], ...] = ()
    part: DecidedPart | None = None

    @property
    def kinds(self) -> tuple[RightKind, ...]:
        """The kinds of right value that it is counted under."""
        return (self.against, self.part) if self.part else (self.against,)


@dataclass(frozen=True, slots=True)
class Lost:
    """What went wrong in a cell, by name."""

    key: str
    measure: Measure
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """One field against one kind of what is right. ``f1`` is there where precision and recall are.

    ``jaccard`` is the mean over cells of "sentences again": of a question that was asked twice.
    """

    field: str
    against: RightKind
    cells: int
    shares: dict[Measure, Share]
    f1: Share | None
    lost: tuple[Lost, ...]
    confusions: tuple[tuple[str, str, int], ...]
    """(right, answered, how often), the commonest first; where both are one, it was right."""
    jaccard: float | None = None

    def measured(self) -> Iterator[tuple[str, Share]]:
        """Every share by its name, F1 after precision and recall."""
        for measure, share in self.shares.items():
            yield measure, share
            if measure == "recall" and self.f1:
                yield "F1", self.f1


@dataclass
class _Sums:
    cells: int = 0
    hits: Counter[Measure] = field(default_factory=Counter)
    of: Counter[Measure] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    jaccards: list[float] = field(default_factory=list)

    def count(self, cell: Marked) -> None:
        self.cells += "coverage" in cell.marks
        for measure, mark in cell.marks.items():
            self.hits[measure] += mark.hits
            self.of[measure] += mark.of
        if (sentences := cell.marks.get("sentences again")) and sentences.of:
            self.jaccards.append(sentences.hits / sentences.of)

    def name(self, cell: Marked) -> None:
        self.pairs.update(cell.pairs)
        self.lost += (Lost(cell.key, measure, mark.lost) for measure, mark in cell.marks.items() if mark.lost)


def figures(cells: Iterable[Marked], fields: Sequence[str]) -> tuple[Figures, ...]:
    """All figures, in the order of the fields; behind them those of all fields together, where there are several."""
    sums: defaultdict[tuple[str, RightKind], _Sums] = defaultdict(_Sums)
    for cell in cells:
        for kind in cell.kinds:
            sums[cell.field, kind].count(cell)
            sums[cell.field, kind].name(cell)
            sums[ALL, kind].count(cell)
    several = len({name for name, _ in sums}) > 2
    named = (*fields, ALL) if several else fields
    return tuple(_figures(name, kind, sums[name, kind]) for name in named for kind in _kinds(name, set(sums)))


def _kinds(name: str, known: Set[tuple[str, RightKind]]) -> Iterator[RightKind]:
    """The kinds of a field; of what was decided the parts only where there are two, since one part is the whole."""
    has_parts = all((name, part) in known for part in PARTS)
    yield from (kind for kind in KINDS if (name, kind) in known and (has_parts or kind not in PARTS))


def _figures(name: str, against: RightKind, sums: _Sums) -> Figures:
    shares = {measure: Share(sums.hits[measure], sums.of[measure]) for measure in MEASURES if sums.of[measure]}
    confusions = tuple((right, said, count) for (right, said), count in sums.pairs.most_common())
    jaccard = mean(sums.jaccards) if sums.jaccards else None
    return Figures(name, against, sums.cells, shares, f1(sums.hits, sums.of), tuple(sums.lost), confusions, jaccard)


def f1(hits: Counter[Measure], of: Counter[Measure]) -> Share | None:
    """The F1 of names, as a share: hits of the mean of names answered and names wanted.

    Its interval is Wilson's with that mean as n, which is an approximation: it is not a share of independent trials.
    """
    both = (of["precision"] + of["recall"]) / 2
    return Share(hits["recall"], both) if both else None
