"""The clock and the times of the records that somebody has seen go in; the time of the next record comes out, as records have it.

Records are ordered by what their writer had seen, since clocks differ: a record is later than all records that it was made
with knowledge of. Behind a clock that is ahead of ours, the fraction of a second that ours shows is added: two machines that
have both seen the same record would otherwise give their next ones the same time, and a decision is named by its time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from survey_extract.errors import InputError

LAST_YEAR = 2998
"""The last year that a time may lie in, so that a later time can always be written."""


def stamp(moment: datetime) -> str:
    """A moment in UTC as records have it, to the second: "2026-01-31T12:00:00Z"."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def later_than(times: Iterable[str], now: datetime) -> str:
    """Now, or a time later than each of these, even when a clock went backwards.

    Raises:
        InputError: the records, or the clock, leave no time that could be read back.
    """
    latest = max(map(datetime.fromisoformat, times), default=None)
    if latest is not None and now <= latest:
        now = latest + timedelta(microseconds=1 + now.microsecond)
    if now.year > LAST_YEAR:
        raise InputError(
            f"a record would be dated {now:%Y-%m-%d}, which nobody could read back: put right the clock, or the records in warehouse/ that are dated so late"
        )
    return f"{now:%Y-%m-%dT%H:%M:%S.%fZ}"
