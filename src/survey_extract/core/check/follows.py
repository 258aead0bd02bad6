"""A figure of a value and the sentences cited for it go in; what it follows from there comes out: "four months" from "March to June".

Only what a reader works out without a pencil, and in one way alone: how often in
which time, how long between two dates, a part of a whole that is named beside it,
a change between two figures. Any other sum would make a number of almost anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from typing import NamedTuple

from survey_extract.core.check.clauses import Parsed
from survey_extract.core.check.measures import FigureMeasure, measure_of
from survey_extract.core.words.numerals import Figure, Number
from survey_extract.core.words.tokens import Token, fold
from survey_extract.core.words.unit_table import units

MOST = 40
"""Figures of a sentence that are looked at, and dates."""

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}
_NAMES = {
    "s": "second", "sec": "second", "secs": "second", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour", "hrs": "hour",
    "night": "day", "fortnight": "week", "yr": "year", "yrs": "year",
}  # fmt: skip
_ADVERBS = {"hourly": "hour", "daily": "day", "nightly": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}  # fmt: skip
_ONCE = {"once": 1, "twice": 2, "thrice": 3}
_PER = frozenset(["per", "a", "an", "each", "every", "/"])
_EVERY = frozenset(["every", "each"])
_HERTZ = {"hz": 1, "khz": 1000, "mhz": 1_000_000, "ghz": 1_000_000_000}
NEAR = 2
"""Figures between which "from ... to ..." may stand, a year with the first."""
BETWEEN = 3
"""Words between a number and its "per": "ten trams an hour"."""


class Rate(NamedTuple):
    """How often something is: times in a second, or in a month, which has no number of seconds; the figure at ``first`` says it."""

    times: Fraction
    is_of_months: bool
    first: int


def follows(figure: Figure, value: Parsed, cited: Sequence[Parsed], *, is_there: bool) -> bool:
    """Whether a figure of a value follows from what the sentences say. ``is_there``: its number is printed in them, too.

    Then only a time that follows tells more than the number that is there, which may be of something else.
    """
    if len(figure.sides) > 1:
        return False
    if any(_is_span(figure, value, said) for said in cited):
        return True
    return not is_there and (
        _is_same_rate(figure, value, cited)
        or any(
            _is_factor(figure, value, said)
            or _is_part(figure, value, said)
            or _is_change(figure, value, said)
            or _is_age(figure, value, said)
            for said in cited
        )
    )


# --- rates ----------------------------------------------------------------------------------------


def _is_same_rate(figure: Figure, value: Parsed, cited: Sequence[Parsed]) -> bool:
    mine = [rate for rate in _rates(value) if rate.first == figure.first]
    theirs = {rate[:2] for said in cited for rate in _rates(said)} if mine else set[object]()
    return any(rate[:2] in theirs for rate in mine)


def _rates(said: Parsed) -> Iterator[Rate]:
    words = tuple(fold(token.text) for token in said.found)
    for figure, measure in islice(zip(said.figures, said.measures, strict=True), MOST):
        if len(figure.sides) == 1 and not figure.others:
            yield from _rate_at(words, figure, is_of_unit=bool(measure.units) and not _is_time(measure))
    for at, word in enumerate(words):
        if word in _ONCE:
            yield from _rate(Fraction(_ONCE[word]), _unit_behind(words, at + 1), at)
        elif word in _EVERY and (name := _time(words, at + 1)):
            yield from _rate(Fraction(1), name, at)
        elif word in _ADVERBS and words[at - 1 : at] not in (("times",), ("-",)):
            yield from _rate(Fraction(1), _ADVERBS[word], at)


def _rate_at(words: Sequence[str], figure: Figure, *, is_of_unit: bool) -> Iterator[Rate]:
    number, behind = amount(figure.number), figure.number_behind or figure.first + 1
    if not number or is_of_unit:
        return
    unit = words[behind] if behind < len(words) else ""
    if unit in _HERTZ:
        yield Rate(number * _HERTZ[unit], False, figure.first)
    elif figure.first and words[figure.first - 1] in _EVERY and (name := _time(words, behind)):
        yield from _rate(1 / number, name, figure.first)
    else:
        yield from _rate(number, _unit_behind(words, behind), figure.first)


def _is_time(measure: FigureMeasure) -> bool:
    names = (*_SECONDS, *_MONTHS_OF, "hertz")
    return measure.common is not None and measure.common in {units().get(name) for name in names}


def _unit_behind(words: Sequence[str], at: int) -> str | None:
    """The time of a "per hour" a few words on, or of "daily"."""
    for place in range(at, min(len(words), at + BETWEEN)):
        if words[place] in _PER:
            return _time(words, place + 1)
        if words[place] in _ADVERBS:
            return _ADVERBS[words[place]]
        if not words[place].isalpha() and words[place] != "-":
            return None
    return None


def _time(words: Sequence[str], at: int) -> str | None:
    word = words[at] if at < len(words) else ""
    name = _NAMES.get(word, word[:-1] if word.endswith("s") and len(word) > 1 else word)
    return name if name in _SECONDS or name in _MONTHS_OF else None


def _rate(times: Fraction, unit: str | None, first: int) -> Iterator[Rate]:
    if unit in _SECONDS:
        yield Rate(times / _SECONDS[unit], False, first)
    elif unit in _MONTHS_OF:
        yield Rate(times / _MONTHS_OF[unit], True, first)


def amount(number: Number) -> Fraction:
    """A number as one that can be worked with; nought where it has too many digits to be anybody's."""
    digits, power = number
    return (
        Fraction(int(digits or "0")) * Fraction(10) ** power
        if len(digits) < _LONGEST and abs(power) < _LONGEST
        else Fraction()
    )


_LONGEST = 16

# --- spans ----------------------------------------------------------------------------------------

_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_DATE = re.compile(
    rf"\b(?:(?P<month>{_MONTH})(?:,? (?P<year>(?:19|20)\d\d))?|(?P<alone>(?:19|20)\d\d))\b", re.IGNORECASE
)
_ORDER = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
_YEAR = 12


def _is_span(figure: Figure, value: Parsed, said: Parsed) -> bool:
    """Whether it is the months or years from one date of a sentence to the next, with the last one or without."""
    words = [fold(token.text) for token in value.found]
    name = _time(words, max(figure.behind - 1, figure.first + 1)) or _time(words, figure.behind)
    size = _MONTHS_OF.get(name or "")
    if size is None:
        return False
    return any(amount(figure.number) * size in (end - start, end - start + unit) for start, end, unit in _spans(said))


def _spans(said: Parsed) -> Iterator[tuple[int, int, int]]:
    """Two dates one behind the other, counted in months, and what the last one lasts itself: a month or a year."""
    text = " ".join(token.text for token in said.found)
    found = [(match["month"], match["year"] or match["alone"]) for match in _DATE.finditer(text)][:MOST]
    for (month, year), (last_month, last_year) in pairwise(found):
        if last_year is None or (month is None) != (last_month is None) or (month is None and year is None):
            continue
        start = int(year or last_year) * _YEAR + _place(month)
        end = int(last_year) * _YEAR + _place(last_month)
        start -= _YEAR if year is None and start > end else 0
        if end >= start:
            yield start, end, 1 if last_month else _YEAR


def _place(month: str | None) -> int:
    return _ORDER[month[:3].casefold()] if month else 0


# --- factors, parts and changes ----------------------------------------------------------------------------

_FACTORS = frozenset(["times", "fold", "x", "\u00d7"])


def _is_factor(figure: Figure, value: Parsed, said: Parsed) -> bool:
    """Whether it is "1.9 times" of what is told as "a factor of 1.9", "1.9-fold" or "1.9 to one"."""
    if _FACTORS.isdisjoint(_around(value.found, figure)[1]):
        return False
    for one in (one for one in said.figures[:MOST] if one.number == figure.number):
        before, behind = _around(said.found, one)
        if "factor" in before or not _FACTORS.isdisjoint(behind) or behind[:2] == ("to", "one"):
            return True
    return False


def _around(found: Sequence[Token], figure: Figure) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The two words before a number, and the two behind it."""
    at = figure.number_behind or figure.first + 1
    before, behind = found[max(0, figure.first - 2) : figure.first], found[at : at + 2]
    return tuple(fold(token.text) for token in before), tuple(fold(token.text) for token in behind)


_REST = frozenset("rest remaining remainder other others".split())
_FRACTIONS = {"half": Fraction(1, 2), "third": Fraction(1, 3), "quarter": Fraction(1, 4), "fifth": Fraction(1, 5), "tenth": Fraction(1, 10)}  # fmt: skip
_THE = frozenset(["the", "all", "these", "those", "its", "our", "a", "total", "of"])


def _is_part(figure: Figure, value: Parsed, said: Parsed) -> bool:
    """Whether it is the named part of a whole ("a third of the 90"), or the rest of it ("40 of the 72, and the rest")."""
    words = [fold(token.text) for token in said.found]
    wanted, is_share = amount(figure.number), measure_of(value.found, figure).common == units()["percent"]
    if wanted and wanted == _rest_of(said, words):
        return True
    for of, whole in ((at, one) for at, word in enumerate(words) if word == "of" for one in said.figures[:MOST]):
        if not of < whole.first <= of + len(_THE) or not set(words[of + 1 : whole.first]) <= _THE or whole.is_rank:
            continue
        total, part = amount(whole.number), _part_before(said, words, of)
        if part is None or not total:
            continue
        share, count = part
        if wanted == (round(100 * share) if is_share else round(share * total)) and (is_share or not count):
            return True
        if count and not is_share and wanted == total - count and not _REST.isdisjoint(words):
            return True
    return False


def _rest_of(said: Parsed, words: Sequence[str]) -> Fraction | None:
    """What is left of "the 72, 40 of them in 2019 and the rest in 2021"."""
    for at, part in enumerate(said.figures[:MOST]):
        behind = tuple(words[part.behind : part.behind + 2])
        if behind not in _OF_THEM or _REST.isdisjoint(words[part.behind :]):
            continue
        counts = (one for one, measure in zip(said.figures[:at], said.measures, strict=False) if not measure.units)
        total = next((amount(one.number) for one in counts if amount(one.number) > amount(part.number)), None)
        if total is not None:
            return total - amount(part.number)
    return None


_OF_THEM = frozenset(("of", word) for word in ("them", "these", "which", "whom", "those"))


def _part_before(said: Parsed, words: Sequence[str], of: int) -> tuple[Fraction, Fraction] | None:
    """The share that stands before an "of", as a share alone or as a count with nought for none."""
    if of and words[of - 1] in _FRACTIONS:
        return _FRACTIONS[words[of - 1]], Fraction()
    figure = next((one for one in said.figures[:MOST] if of in (one.behind, one.number_behind)), None)
    whole = next((one for one in said.figures[:MOST] if one.first > of), None)
    if figure is None or whole is None or not amount(whole.number):
        return None
    if measure_of(said.found, figure).common == units()["percent"]:
        return amount(figure.number) / 100, Fraction()
    return amount(figure.number) / amount(whole.number), amount(figure.number)


def _is_change(figure: Figure, value: Parsed, said: Parsed) -> bool:
    """Whether it is what lies between "from 41 to 58", or between two of a kind, in a value that says by how much."""
    words = [fold(token.text) for token in value.found]
    is_change = words[figure.first - 1 : figure.first] == ["by"]
    is_gap = not _APART.isdisjoint(words[figure.behind : figure.behind + BEHIND])
    measure = measure_of(value.found, figure)
    if not (is_change or is_gap) or measure.common == units()["percent"]:
        return False
    figures = said.figures[:MOST]
    return any(
        abs(amount(two.number) - amount(one.number)) == amount(figure.number)
        and (is_gap or _is_from_to(said.found, one, two))
        and said.measures[at].common in (said.measures[at + 1 + place].common, None)
        for at, one in enumerate(figures)
        for place, two in enumerate(figures[at + 1 : at + 1 + NEAR])
    )


_APART = frozenset(
    "behind ahead more less fewer higher lower better worse longer shorter apart difference gap lead".split()
)
BEHIND = 3
"""Words behind a number among which one says that it is a difference."""


def _is_from_to(found: Sequence[Token], one: Figure, two: Figure) -> bool:
    before = {fold(token.text) for token in found[max(0, one.first - 2) : one.first]}
    return "from" in before and any(fold(token.text) == "to" for token in found[one.behind : two.first])


_OF_AGE = frozenset("age aged ages old older younger adults children".split())


def _is_age(figure: Figure, value: Parsed, said: Parsed) -> bool:
    """Whether it is "58 years" of a number that is said to be an age, without its unit."""
    if measure_of(value.found, figure).common != units()["year"]:
        return False
    words = [fold(token.text) for token in said.found]
    return any(
        one.number == figure.number
        and not said.measures[at].units
        and not _OF_AGE.isdisjoint(words[max(0, one.first - BEFORE_AGE) : one.behind + 2])
        for at, one in enumerate(said.figures[:MOST])
    )


BEFORE_AGE = 5
"""Words between an age and its number: "the mean age of the speakers was 58"."""
