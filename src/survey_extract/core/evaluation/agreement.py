"""Cells that two engines or models answered go in; how often they agree, and who was right when, comes out.

Where two readers who know nothing of each other say the same, that is often
right; how often is counted here, on cells where what is right is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey_extract.core.evaluation.evaluate import ALL
from survey_extract.core.evaluation.wilson import Share


@dataclass(frozen=True, slots=True)
class Both:
    """A cell of one document that two answerers have answered. ``right`` says of each whether it was; None where that is not known."""

    key: str
    field: str
    one: str
    other: str
    is_same: bool
    right: tuple[bool | None, bool | None]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two answerers in one field.

    ``same`` are the cells in which they agree. ``agreeing`` are those of them
    in which they were right; ``one_apart`` and ``other_apart`` say how often
    each was right where they differ.
    """

    field: str
    one: str
    other: str
    same: Share
    agreeing: Share
    one_apart: Share
    other_apart: Share


def agreements(cells: Iterable[Both], fields: Sequence[str]) -> tuple[Agreement, ...]:
    """By pair and field, in the order of the fields; after them all fields together, where there are several."""
    grouped: defaultdict[tuple[str, str, str], list[Both]] = defaultdict(list)
    for cell in cells:
        grouped[cell.one, cell.other, cell.field].append(cell)
        grouped[cell.one, cell.other, ALL].append(cell)
    pairs = dict.fromkeys((one, other) for one, other, _ in grouped)
    made: list[Agreement] = []
    for one, other in pairs:
        own = [field for field in fields if (one, other, field) in grouped]
        named = [*own, ALL] if len(own) > 1 else own
        made += (_agreement(field, one, other, grouped[one, other, field]) for field in named)
    return tuple(made)


def _agreement(field: str, one: str, other: str, cells: Sequence[Both]) -> Agreement:
    same, apart = [c for c in cells if c.is_same], [c for c in cells if not c.is_same]
    return Agreement(
        field,
        one,
        other,
        Share(len(same), len(cells)),
        _share(c.right[0] and c.right[1] for c in same),
        _share(c.right[0] for c in apart),
        _share(c.right[1] for c in apart),
    )


def _share(known: Iterable[bool | None]) -> Share:
    """The share of the cells with a known answer in which it is so."""
    told = [item for item in known if item is not None]
    return Share(sum(told), len(told))
