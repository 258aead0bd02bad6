"""A value and the words of its evidence go in; its dates come out: those that the evidence has, and those for which it has another."""

from __future__ import annotations

from typing import NamedTuple

from survey_extract.core.values.dates import dated, dates, says

_DAY = len("2023-09-01")


class Days(NamedTuple):
    """``rest`` is the value with spaces in place of the dates that were looked for whole; ``otherwise`` are those not found."""

    rest: str
    otherwise: tuple[str, ...]


def without_days(value: str, evidence: str) -> Days:
    """Dates in whatever form are one; a day counts as said otherwise only where the evidence has other days."""
    known = [found for found in dates(evidence) if len(found) == _DAY]
    rest, otherwise = value, list[str]()
    for found, start, end in dated(value):
        if says(evidence, found):
            rest = f"{rest[:start]}{' ' * (end - start)}{rest[end:]}"
        elif len(found) == _DAY and known:
            otherwise.append(value[start:end])
            rest = f"{rest[:start]}{' ' * (end - start)}{rest[end:]}"
    return Days(rest, tuple(otherwise))
