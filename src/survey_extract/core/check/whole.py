"""A field and a value go in; what tells whether a passage says the value as a whole comes out, however it is written there.

"3 May 2011" and "3. Mai 2011" say 2011-05-03, and "890 m" says 0.89 km where the field knows
both units. Of an address, an option or a name this module knows nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial

from survey_extract.core.fields import FieldSpec
from survey_extract.core.values.amounts import Amount, printed_amounts
from survey_extract.core.values.dates import says
from survey_extract.core.words.languages import ENGLISH, Readings

Says = Callable[[str], bool]

ROUNDING = 1e-9
"""Relative difference of two equal quantities: that of the arithmetic, and not of anybody's rounding."""


def in_any_form(spec: FieldSpec, stated: str, readings: Readings = ENGLISH) -> Says | None:
    """What tells whether a passage gives this date, or this quantity in any unit of the field; None for all other values.

    ``readings`` are those of the text that the passages are of.
    """
    if spec.type == "date":
        return partial(_dates, wanted=stated, readings=readings)
    if spec.type != "number" or not spec.unit:
        return None
    wanted = spec.amount(stated)
    if wanted.value is None or wanted.unit is None or wanted.qualifier == "range":
        return None
    return partial(_gives, spec=spec, wanted=wanted, readings=readings)


def _dates(passage: str, wanted: str, readings: Readings) -> bool:
    """Whether a passage gives a date, in English or in its own language."""
    passage = _SIGNS.sub(_in_iso, passage)
    given = readings.of(passage).dates(passage)
    return says(passage, wanted) or (given is not passage and says(given, wanted))


_SIGNS = re.compile(r"(?<!\d)([12]\d{3}) ?[年년](?: ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日일号號])?)?")


def _in_iso(match: re.Match[str]) -> str:
    """ "2019年3月" as 2019-03, with a space on either side."""
    return f" {'-'.join(part.zfill(2) for part in match.groups() if part)} "


def _gives(passage: str, spec: FieldSpec, wanted: Amount, readings: Readings) -> bool:
    """A number that can be read in two ways gives neither."""
    reading = readings.of(passage)
    printed = printed_amounts(passage, spec.unit or "", spec.units, reading)
    found = (spec.amount(one, reading) for one in printed)
    return any(
        one.value is not None and math.isclose(one.value, wanted.value or 0.0, rel_tol=ROUNDING) for one in found
    )
