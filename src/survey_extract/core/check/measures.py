"""A figure among its tokens goes in; its measure, its rate and its bound come out: "at most 2.2 ms", "11 a day".

Wider than the units that any figure has (``core.words.lexicon``): two measures
are compared only where both sides print one, so that no figure needs one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from survey_extract.core.check.contraries import BOUNDS, BOUNDS_BEHIND, TIMES
from survey_extract.core.words.lexicon import STOPS, UNITS
from survey_extract.core.words.numerals import Figure
from survey_extract.core.words.tokens import Token, fold, tokens
from survey_extract.core.words.unit_table import Unit, common, units
from survey_extract.core.words.units import common_at, unit_at, unit_named

_CURRENCIES = frozenset(units()[sign] for sign in ("$", "EUR", "GBP", "CHF", "JPY"))
_RATES = frozenset(units()[word] for word in "second minute hour day week month year".split())
WEEK = units()["week"]
_PERCENT = units()["percent"]
SERIES = frozenset(
    ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "/", ",", "to", "and", "or", "\u00b1", "\u2192"]
)
NAMES_OF_UNITS = frozenset(fold(word) for word in common() if len(word) > 1) | {"swiss"}
"""Words, small, that are the measure of a number and the name of nothing."""


class FigureMeasure(NamedTuple):
    """What a figure counts in: the common unit at it, the time it is counted in, and where the words end."""

    common: Unit | None
    rate: Unit | None
    behind: int
    units: frozenset[Unit] = frozenset()
    """The readings of the whole unit that is printed at it."""
    symbol: str | None = None
    """What is printed at it in place of a unit, and is none that is known: "EBC"."""

    def differs(self, other: FigureMeasure) -> bool:
        """Whether another unit is printed at another figure than at this one: of one that is not known, other letters."""
        if self.units and other.units:
            return not _agree(self.units, other.units)
        if self.symbol and other.symbol:
            one, two = self.symbol.casefold(), other.symbol.casefold()
            return not (one.startswith(two) or two.startswith(one))
        return bool((self.symbol and other.units) or (self.units and other.symbol))


def _agree(one: frozenset[Unit], two: frozenset[Unit]) -> bool:
    """Whether two units say the same, or one of them says less: "%" of "mol%", "degrees" of "\u00b0C"."""
    if one & two:
        return True
    names = [{name for unit in units for name, _ in unit.dimensions} for units in (one, two)]
    is_any_share = any(name == {"share"} for name in names) and all(
        _scales(units) == {_PERCENT.scale} for units in (one, two)
    )
    is_share = is_any_share and any(name.startswith("share of") for names_of in names for name in names_of)
    return is_share or (any(name == {"arc"} for name in names) and any(name & _TEMPERATURES for name in names))


def _scales(units: frozenset[Unit]) -> set[Fraction]:
    return {unit.scale for unit in units}


_TEMPERATURES = {"celsius", "fahrenheit"}
_SYMBOL = re.compile(r"[A-Z]{2,5}|[A-Z][A-Za-z]?[A-Z][A-Za-z]{0,2}")
"""A word that may be a symbol: "EBC", "IBU"."""


def _text(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def measure_of(found: Sequence[Token], figure: Figure) -> FigureMeasure:
    """The measure that is printed right behind a figure, or before it where it is a currency."""
    at = _end_of_number(found, figure)
    hyphen = 1 if _text(found, at) == "-" and _is_glued(found, at) else 0
    unit, behind = common_at(found, at + hyphen)
    printed = unit_at(found, at + hyphen)
    if printed is None and unit is None and (sign := common().get(_text(found, figure.first - 1))) in _CURRENCIES:
        unit, printed = sign, unit_at(found, figure.first - 1, goes_on_at=at)
    behind = behind if unit else figure.behind
    symbol = None if printed or hyphen else symbol_at(found, at)
    end = max(behind, printed.behind if printed else behind)
    rate = _rate_behind(found, at if fold(_text(found, at)) == "per" else behind)
    return FigureMeasure(unit, rate, end, printed.units if printed else frozenset(), symbol)


def measure_named(unit: str) -> FigureMeasure:
    """What a bare number of a field counts in: its unit, where that is a known one or a symbol."""
    found = tokens(unit)
    printed = unit_at(found, 0) if found else None
    if printed and printed.behind == len(found):
        points = unit_named("points") if printed.units == unit_named("%") else frozenset[Unit]()  # "84.3 points" of 100
        return FigureMeasure(None, None, 0, printed.units | points)
    return FigureMeasure(None, None, 0, symbol=symbol_at(found, 0) if len(found) == 1 else None)


def cell_with_unit(words: str) -> str:
    """What a table's cell says, its unit behind its number where the header ends in it: "Area (cm\u00b2): 1.02"."""
    header, _, value = words.rpartition(": ")
    if not value[-1:].isdigit() and value[-1:] != ")":
        return value
    ends = (header.rstrip(" )]").rpartition(mark)[2].strip() for mark in ("(", "[", " / ", ", "))
    unit = next((end for end in ends if len(end) < len(header) and end and unit_named(end)), "")
    return f"{value} {unit}".rstrip()


def symbol_at(found: Sequence[Token], at: int) -> str | None:
    """A word that stands behind a number like a unit and is none that is known; no noun with words behind it."""
    token = found[at] if at < len(found) else None
    if token is None or not _SYMBOL.fullmatch(token.text) or fold(token.text) in UNITS:
        return None
    behind = found[at + 1] if at + 1 < len(found) else None
    is_noun = behind is not None and (
        (behind.kind == "word" and fold(behind.text) not in STOPS)
        or (behind.start == token.end and behind.text not in ".,;:)")
    )
    return None if is_noun else token.text


def _end_of_number(found: Sequence[Token], figure: Figure) -> int:
    """Behind the number and its scale, where its unit begins: the "m" of "12m" is a unit."""
    at = figure.number_behind or figure.first + 1
    return at - 1 if at > figure.first + 1 and _text(found, at - 1) == "m" else at


def _is_glued(found: Sequence[Token], at: int) -> bool:
    return 0 < at < len(found) and found[at].start == found[at - 1].end


def _rate_behind(found: Sequence[Token], at: int) -> Unit | None:
    """The time that a number is counted in: "11 per day", "212 pounds a year", "reads/s"."""
    for place in range(at, min(len(found), at + 4)):
        text = fold(found[place].text)
        if text in ("per", "a", "an", "each", "every", "/"):
            unit = common().get(_text(found, place + 1))
            return unit if unit in _RATES else None
        if found[place].kind != "word":
            return None
    return None


def measures(found: Sequence[Token], figures: Sequence[Figure]) -> list[FigureMeasure]:
    """The measures of all figures of a text; those of a series share theirs: "18 to 96 \u00b5g/L"."""
    made = [measure_of(found, figure) for figure in figures]
    for place in range(len(made) - 2, -1, -1):
        one, two = figures[place], figures[place + 1]
        between = found[one.behind : two.first]
        if between and all(fold(token.text) in SERIES for token in between):
            mine, next_one = made[place], made[place + 1]
            if mine.common is None:
                mine = mine._replace(common=next_one.common, rate=mine.rate or next_one.rate)
            made[place] = (
                mine if mine.units or mine.symbol else mine._replace(units=next_one.units, symbol=next_one.symbol)
            )
    return made


def is_measure(unit: str) -> bool:
    """Whether the unit of a figure measures, and does not count things."""
    return unit in common() or unit in ("pixel", "times", "degree", "permille")


# --- bounds ---------------------------------------------------------------------------------------


class FigureBound(NamedTuple):
    """Signs of a figure, 0 where there is none: of its bound ("at least" 1), of a difference ("more" 1), in time ("after" 1)."""

    limit: int = 0
    difference: int = 0
    time: int = 0
    first: int = 0


def bound_of(found: Sequence[Token], figure: Figure, measure: FigureMeasure) -> FigureBound:
    """The words right before and right behind a figure that make it a bound or a difference."""
    limit, first = _before(found, figure.first)
    behind = max(measure.behind, figure.behind)
    difference = time = 0
    one, two = fold(_text(found, behind)), fold(_text(found, behind + 1))
    if one in ("or", "and"):
        limit = limit or BOUNDS_BEHIND.get(two, 0)
    else:
        difference = BOUNDS_BEHIND.get(one, 0)
    time = TIMES.get(fold(_text(found, first - 1)), 0) or TIMES.get(one, 0)
    return FigureBound(limit, difference, time, first)


def _before(found: Sequence[Token], first: int) -> tuple[int, int]:
    """The sign of the longest bound that ends before a figure, and where it begins."""
    at = first - 1
    while at >= 0 and (
        fold(found[at].text) in ("of", "to", "than", "~", "a", "an", "eur", "usd", "chf", "gbp")
        or found[at].text in "$\u20ac\u00a3"
    ):
        if " ".join(fold(token.text) for token in found[max(0, at - 1) : at + 1]) in BOUNDS:
            break
        if fold(found[at].text) == "than":
            break
        at -= 1
    for length in (3, 2, 1):
        words = " ".join(fold(token.text) for token in found[max(0, at + 1 - length) : at + 1])
        if words in BOUNDS:
            return BOUNDS[words], max(0, at + 1 - length)
    if at >= 0 and fold(_text(found, at + 1)) == "of" and " ".join((fold(found[at].text), "of")) in BOUNDS:
        return BOUNDS[f"{fold(found[at].text)} of"], at
    return 0, first
