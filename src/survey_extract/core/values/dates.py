"""A text goes in, the dates in it come out as ISO 8601, as far as each is given: "17 April 2023", "2023-04".

Months are read in English. What can be read in two ways ("03/04/2023") is not a
date here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

ISO = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>0[1-9]|[12]\d|3[01]))?)?")

_MONTHS = {
    month[:3]: number
    for number, month in enumerate(
        ["january", "february", "march", "april", "may", "june",
         "july", "august", "september", "october", "november", "december"], start=1,
    )
}  # fmt: skip
_NAME = r"(?P<name{}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
_DATE = re.compile(
    r"(?<![\w./-])(?:"
    r"(?P<iso>[12]\d{3}-\d{2}(?:-\d{2})?)"
    r"|(?P<day1>\d{1,2})(?:st|nd|rd|th)? (?:of )?" + _NAME.format(1) + r",? (?P<year1>[12]\d{3})"
    r"|" + _NAME.format(2) + r" (?P<day2>\d{1,2})(?:st|nd|rd|th)?,? (?P<year2>[12]\d{3})"
    r"|" + _NAME.format(3) + r",? (?:of )?(?P<year3>[12]\d{3})"
    r"|(?P<year4>[12]\d{3})"
    r")(?![\w/-]|\.\d)",
    re.IGNORECASE,
)


def is_iso(text: str) -> bool:
    """Whether a text is a date as cells hold it: YYYY, YYYY-MM or YYYY-MM-DD."""
    found = ISO.fullmatch(text)
    if found is None or found["day"] is None:
        return found is not None
    try:
        date.fromisoformat(text)
    except ValueError:  # the 31st of February
        return False
    return True


def dates(text: str) -> Iterator[str]:
    """Every date of a text, in order, each as far as it is given."""
    for match in _DATE.finditer(" ".join(text.split())):
        found = _iso(match)
        if is_iso(found):
            yield found


def dated(text: str) -> Iterator[tuple[str, int, int]]:
    """Every date of at least a month, and the character offsets of its words."""
    for match in _DATE.finditer(text):
        found = _iso(match)
        if is_iso(found) and len(found) > len("2023"):
            yield found, match.start(), match.end()


def _iso(match: re.Match[str]) -> str:
    found = match.groupdict()
    if found["iso"]:
        return str(found["iso"])
    if found["year4"]:
        return str(found["year4"])
    place = next(n for n in "123" if found[f"year{n}"])
    month = _MONTHS[found[f"name{place}"][:3].casefold()]
    day = found.get(f"day{place}")
    return f"{found[f'year{place}']}-{month:02}" + (f"-{int(day):02}" if day else "")


def date_in(text: str) -> str | None:
    """The one date that a text is about; None when it has none, or several."""
    found = set(dates(text))
    return found.pop() if len(found) == 1 else None


def says(text: str, wanted: str) -> bool:
    """Whether a text gives this date, or one within it: "17 April 2023" gives 2023-04."""
    return any(found == wanted or found.startswith(f"{wanted}-") for found in dates(text))
