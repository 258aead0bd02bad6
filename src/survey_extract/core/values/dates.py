"""A text goes in, the dates in it come out as ISO 8601, as far as each is given: "17 April 2023", "2023-04".

Months are read in English. What can be read in two ways ("03/04/2023") is not a
date here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

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


_NUMBERS = re.compile(
    r"(?<![\w./-])(?:"
    r"(?P<one>\d{1,2})(?P<mark>[./-])(?P<two>\d{1,2})(?P=mark)(?P<year1>[12]\d{3})"
    r"|(?P<year2>[12]\d{3})(?P<other>[./])(?P<month>\d{1,2})(?P=other)(?P<day>\d{1,2})"
    r")(?![\w/-]|\.\d)"
)
"""Dates in numbers alone, the year last or first."""


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
    """Whether a text gives this date, or one within it: "17 April 2023" gives 2023-04, "03/05/2011" no more than 2011."""
    given = chain(dates(text), _in_numbers(text))
    return any(found == wanted or found.startswith(f"{wanted}-") for found in given)


def _in_numbers(text: str) -> Iterator[str]:
    """Dates in numbers alone, each as far as it can be read in one way."""
    for match in _NUMBERS.finditer(text):
        year = match["year1"] or match["year2"]
        month, day = _month_and_day(match)
        found = f"{year}-{month:02}-{day:02}"
        yield found if month and is_iso(found) else year


def _month_and_day(match: re.Match[str]) -> tuple[int, int]:
    """0 and 0 where they cannot be told apart: with points between them the day comes first, with other marks it depends on the country."""
    if match["year2"]:
        return int(match["month"]), int(match["day"])
    one, two = int(match["one"]), int(match["two"])
    if match["mark"] == "." or one == two or one > 12 >= two:
        return two, one
    return (one, two) if two > 12 >= one else (0, 0)
