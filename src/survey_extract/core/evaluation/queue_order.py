"""The track records of the fields go in; whether the queue's order goes by them comes out."""

from __future__ import annotations

from collections.abc import Iterable

from survey_extract.core.cells import Entry
from survey_extract.core.evaluation.track_record import RuledCell, TrackRecord, ruled
from survey_extract.core.fields import Fields

ENOUGH = 12
"""Decided cells of a field from which its figures count.

The least at which the 95 % intervals (Wilson) of a field that was always right (76 to 100 %) and of one that was right in
half of its cells (25 to 75 %) lie apart. With eleven they overlap, and an order by them would be an order by chance.
"""
FIELDS_ENOUGH = 2
"""Fields with so many cells that must be there: one alone is compared with nothing."""


def goes_by(records: Iterable[TrackRecord]) -> bool:
    """Whether there are enough decided cells for an order.

    Then the field comes first whose lower end is the lowest: of two with one
    share, that with fewer cells, since less is known of it.
    """
    return sum(record.of >= ENOUGH for record in records) >= FIELDS_ENOUGH


def judged_cells(entries: Iterable[Entry], fields: Fields) -> Iterable[RuledCell]:
    """The cells whose verdicts say something about the answer.

    Two people never write the same prose, so what was written blind is no
    measure of an answer; where a field has one right value, it is the best.
    """
    for cell in ruled(entries, fields):
        prose = cell.spec.judge.by == "claims"
        yield RuledCell(cell.spec, cell.answers, [d for d in cell.decisions if not (prose and d.blind)])
