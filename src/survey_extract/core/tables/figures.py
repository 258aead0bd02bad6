"""A value of a table as it is printed goes in, its number comes out, or none where it is not one number.

What is printed around a number ("*", arrows, "%") is not part of it; a scale is
("4M"), and of a mean with its spread ("82.1 ± 0.3") the mean counts.
"""

from __future__ import annotations

import re

from survey_extract.core.values.amounts import amount

_NUMBER = re.compile(
    r"[~≈*†‡↑↓∗]*\s?(?P<sign>[-\u2212\u2013+]?)"
    r"(?P<number>(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,20})?(?:\.\d{1,20})?(?:[eE][-\u2212+]?\d{1,3}|\s?[×x·]\s?10[-\u2212^⁻⁰¹²³⁴⁵⁶⁷⁸⁹\d]{1,5})?)"
    r"(?P<scale>\s?[kKMBT](?![^\W\d_]))?\s?%?(?:\s?±\s?\d{1,20}(?:\.\d{1,20})?%?)?[*†‡↑↓∗]*"
)


def number_of(value: str) -> float | None:
    """The number that a value is; "-" and words are none, nor are two numbers."""
    found = _NUMBER.fullmatch(value.strip())
    if found is None or not any(char.isdecimal() for char in found["number"]):
        return None
    read = amount(found["number"] + (found["scale"] or "").strip()).value
    return -read if read is not None and found["sign"] not in ("", "+") else read
