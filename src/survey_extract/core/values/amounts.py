"""A number as it is printed goes in; its value, unit and qualifier come out: "about 5,000 A100-hours".

The printed form is what a source says and what is kept; the rest follows from
it by rule, and whoever disagrees edits the printed form. Where a text can be
read in two ways it has no value: "36 hours on 16 GPUs" is two numbers, and
nobody multiplies them here.

A number is read by the language that it is in. That of a text is known
(``reading``); of a value alone it is told by its own form: "2,4 Punkte" is 2.4
in any, "1.204 Punkte" may be either, and is no number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from survey_extract.core.words.languages import PLAIN, Reading, own_reading
from survey_extract.core.words.lexicon import NUMBERED, REFERENCES, STOPS, UNITS
from survey_extract.core.words.numerals import TIMES, Figure, Number, numerals
from survey_extract.core.words.tokens import Token, fold, tokens
from survey_extract.core.words.unit_spellings import letters, spellings, unit_spelt
from survey_extract.core.words.units import unit_at, unit_named

Qualifier = Literal["=", "about", "at most", "at least", "range"]
Units = tuple[tuple[str, float], ...]
"""Names of units, each with how many of the field's own unit it is."""

WORDS_BETWEEN = 2
"""Words that may stand between a number and its unit."""
LARGEST_POWER = 300
"""Powers of ten beyond which a number is nonsense, and larger than a DOUBLE."""

_BEFORE: tuple[tuple[Qualifier, str], ...] = (
    ("at most", "at most|up to|no more than|not more than|less than|fewer than|under|below|within|maximum of|<|≤|<="),
    ("at least", "at least|no less than|not less than|more than|over|above|exceeding|minimum of|>|≥|>="),
    ("about", "about|approximately|approx.|around|roughly|circa|ca.|some|nearly|almost|~|≈|∼"),
)
_BEHIND: tuple[tuple[Qualifier, str], ...] = (("at least", "or more|and more"), ("at most", "or less|or fewer"))
_LETTERS = re.compile(r"[^\W\d_]+")
_DASHES = frozenset(["-", "\u2010", "\u2011", "\u2013", "\ufe63", "\uff0d"])
"""What stands for a minus where it touches its number."""
_CLOSING = ")]%°"
_JOINING = ("/", "\u2044", "\u00b7")
"""What joins a unit to a further one."""
_IN_CODES = frozenset(["-", "\u2010", "\u2011", "/", ".", "_"])
_LEADING = frozenset(
    "mean median average total sum overall exactly only just plus minus value score count number range all".split()
)
"""Words that lead to a number and are no name with it."""
_RANGE = frozenset(["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "to"])


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of a cell. ``value`` is in ``unit``, None where it cannot be told; of a range it is the lower end.

    ``unit`` is None where the text names none, or one that the field does not know; then a value that
    follows words of its own is not told either.
    """

    printed: str
    value: float | None = None
    unit: str | None = None
    qualifier: Qualifier | None = None

    @property
    def told(self) -> str:
        """For people: what the printed form is read as."""
        if self.value is None and self.qualifier is not None:
            return (
                "no unit of the field is read in it: SQL will have only the printed form, unless the field's `units` "
                "in fields.toml name its unit"
            )
        if self.value is None:
            return "no single number can be read from it: SQL will have only the printed form"
        qualified = (
            "" if self.qualifier in (None, "=") else "from " if self.qualifier == "range" else f"{self.qualifier} "
        )
        return f"read as {qualified}{self.value:,.10g} {self.unit or '(no unit)'}"


def holds_number(text: str) -> bool:
    """Whether a text has a number in it at all."""
    return any(not figure.is_rank for figure in numerals(tokens(text)))


def amount(printed: str, unit: str | None = None, units: Units = (), reading: Reading | None = None) -> Amount:
    """Read a printed number by the units of its field, and in the language that it is in, by itself where that is not known."""
    return replace(_amount(_apart(printed, unit, units), unit, units, reading or own_reading(printed)), printed=printed)


def is_same_amount(one: str, other: str, unit: str | None, units: Units) -> bool:
    """Whether two printed numbers are one quantity; a number alone is in the field's unit, and ranges are not compared."""
    read = [amount(printed, unit, units) for printed in (one, other)]
    values = [found.value for found in read if found.value is not None and _is_in_unit(found, unit)]
    if len(values) < len(read) or read[0].qualifier != read[1].qualifier or read[0].qualifier == "range":
        return False
    return math.isclose(*values, rel_tol=1e-9)


def _is_in_unit(found: Amount, unit: str | None) -> bool:
    """Whether the value is in the field's unit: it was said, or nothing but a number was."""
    return found.unit == unit or all(token.kind in ("number", "mark") for token in tokens(found.printed))


def _apart(printed: str, unit: str | None, units: Units) -> str:
    """The text with a unit of one letter set off from its number: where metres are counted, "890m" is no 890 million."""
    own = "".join(sorted(letters(_named(unit, units))))
    return re.sub(rf"(?<=\d)([{own}])(?!\w)", r" \1", printed) if own else printed


def _named(unit: str | None, units: Units) -> tuple[str, ...]:
    """The units of a field by name, its own first."""
    return (*([unit] if unit else []), *(name for name, _ in units))


def _amount(printed: str, unit: str | None, units: Units, reading: Reading) -> Amount:
    found = reading.tokens(printed)
    named = _unit_spans(printed, unit, units, found)
    figures = [figure for figure in numerals(found) if not figure.is_rank and not _is_in(figure, found, named)]
    value = _value(figures, found)
    if value is None or any(len(figure.sides) > 1 for figure in figures):
        return Amount(printed)
    if any(reading.is_open(found[figure.first].text) for figure in figures):
        return Amount(printed)
    own = _own_unit(printed, found, figures, named) or (None if named else _same_unit(found, figures[-1], unit))
    if own and _goes_on(printed, found, figures[-1], own):
        return Amount(printed, qualifier=_qualifier(printed, found, figures[0]))  # "12 N/mm²" is no 12 N
    if _is_of_code(found, figures[0]) or (own is None and _is_of_name(printed, found, figures[0])):
        return Amount(printed)
    qualifier: Qualifier = "range" if len(figures) == 2 else _qualifier(printed, found, figures[0])
    if own is None and (named or (unit and _counts_else(printed, found, figures[-1]))):
        return Amount(printed, qualifier=qualifier)  # of something else
    factor = own.factor if own else 1.0
    return Amount(printed, _times(value, factor), unit if own else None, qualifier)


def _is_of_code(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a number is the part of a code that letters begin: "C35/45", "probe-16"; not "n=35", "US$5"."""
    at = figure.first
    while at > 0 and found[at - 1].end == found[at].start and (found[at].kind != "mark" or found[at].text in _IN_CODES):
        at -= 1
        if found[at].kind == "word":
            return at + 1 < figure.first or fold(found[at].text) not in TIMES
    return False


def _is_of_name(printed: str, found: Sequence[Token], figure: Figure) -> bool:
    """Whether a number without a unit ends a name: "EN 206", "Table 3", "no. 7"; not "about 35", "Mean 35"."""
    at = _start(found, figure) - 1
    if at > 0 and found[at].text == "." and found[at - 1].end == found[at].start:
        at -= 1
    if at < 0 or found[at].kind != "word" or _qualifier(printed, found, figure) != "=":
        return False
    word = found[at].text
    is_name = word[0].isupper() or word in NUMBERED or word in REFERENCES or word in ("no", "nr")
    return is_name and word.casefold() not in _LEADING and word.casefold() not in STOPS


def _times(value: float, factor: float) -> float:
    """By the digits that both are written with: 940 times 0.001 is 0.94."""
    return float(Decimal(repr(value)) * Decimal(repr(factor)))


def _value(figures: Sequence[Figure], found: Sequence[Token]) -> float | None:
    """The one number, or the lower end of the one range."""
    if len(figures) == 2:
        one, other = figures
        between = found[_start(found, other) - 1].text.casefold()
        begins = _start(found, one) > 0 and found[_start(found, one) - 1].text.casefold() == "between"
        if between not in _RANGE and not (begins and between == "and"):
            return None
    elif len(figures) != 1:
        return None
    values = [_signed(found, figure) for figure in figures]
    is_below = any(_start(found, figure) < figure.first for figure in figures)
    known = [value for value in values if value is not None]
    return None if len(known) < len(values) else min(known) if is_below else known[0]


def _signed(found: Sequence[Token], figure: Figure) -> float | None:
    value = as_float(figure.number)
    return -value if value and _start(found, figure) < figure.first else value


def _start(found: Sequence[Token], figure: Figure) -> int:
    """The token that a number begins with: its minus, or the word for it, if it has one.

    A hyphen or dash is a minus where it touches the number and nothing but a
    sign touches it; behind a number it parts the two ends of a range. The sign
    that is nothing but a minus may stand apart.
    """
    at = figure.first - 1
    if at < 0 or not _is_minus(found[at], found[figure.first]):
        return figure.first
    before = found[at - 1] if at else None
    is_touched = before is not None and before.end == found[at].start
    if before is None or (is_touched and before.text in _RANGE and at > 1 and found[at - 2].kind == "number"):
        return at
    is_word = found[at].kind == "word"
    is_of_two = before.kind in ("number", "raised") or (before.kind == "mark" and before.text in _CLOSING)
    return figure.first if (is_of_two and not is_word) or (is_touched and before.kind != "mark") else at


def _is_minus(sign: Token, number: Token) -> bool:
    if sign.kind == "word" or sign.text == "\u2212":
        return sign.text == "\u2212" or sign.text.casefold() == "minus"
    return sign.text in _DASHES and sign.end == number.start


def as_float(number: Number) -> float | None:
    """A number as SQL holds it; None beyond reason."""
    digits, power = number
    return float(f"{digits or 0}e{power}") if abs(power) + len(digits) <= LARGEST_POWER else None


# --- units ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    factor: float


def _unit_spans(text: str, unit: str | None, units: Units, found: Sequence[Token]) -> list[_Span]:
    """Where units of the field are named: hyphens, spaces, capitals and a plural do not matter, nor does the language."""
    factors = _factors(unit, units)
    if not factors:
        return []
    spans = [
        _Span(match.start(), match.end(), factors[_folded(match[0])])
        for match in _pattern(tuple(sorted(factors, key=len, reverse=True))).finditer(text)
        if _folded(match[0]) in factors and not _is_another(match[0], unit, units)
    ]
    translated = (
        _Span(token.start, token.end, factors[_folded(token.text)])
        for token in found
        if token.kind == "word"
        and _folded(token.text) in factors
        and fold(text[token.start : token.end]) != fold(token.text)
    )
    return sorted((*spans, *translated), key=lambda span: span.start)


@lru_cache(64)
def _factors(unit: str | None, units: Units) -> dict[str, float]:
    """By each way to write a unit of the field, how many of its own unit that is: as the field writes them, then as others do."""
    declared = {_folded(name): factor for name, factor in units}
    if unit:
        declared.setdefault(_folded(unit), 1.0)
    others: dict[str, set[float]] = {}
    for name in _named(unit, units):
        for form in spellings(name):
            others.setdefault(_folded(form), set()).add(declared[_folded(name)])
    return {form: found for form, (found, *more) in others.items() if not more} | declared


def _folded(name: str) -> str:
    words = re.sub(r"[\s\u2010-\u2015\u2212-]", " ", name).replace("\u00b5", "\u03bc").casefold().split()
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words)


@lru_cache(64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    forms = (r"[\s\u2010-\u2015\u2212-]".join(_either(word) + "s?" for word in name.split()) for name in names)
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def _is_another(written: str, unit: str | None, units: Units) -> bool:
    """Whether a sign is a unit's that the field does not know, but for its capitals: "MW" where "mW" is counted in."""
    found = unit_spelt(written)
    known = {unit_spelt(form) for name in _named(unit, units) for form in spellings(name)} - {None}
    return found is not None and bool(known) and found not in known


def _either(word: str) -> str:
    """A pattern of a word, with either sign for micro."""
    return re.escape(word).replace("\u03bc", "[\u00b5\u03bc]")


def _own_unit(printed: str, found: Sequence[Token], figures: Sequence[Figure], named: Sequence[_Span]) -> _Span | None:
    """The unit that is said about the number: right behind it, else right before; none that is said about something else."""
    start, end = found[figures[0].first].start, _end(found, figures[-1])
    behind = next((span for span in named if span.start >= end), None)
    if behind is not None and _is_close(printed[end : behind.start]):
        return behind
    before = next((span for span in reversed(named) if span.end <= start), None)
    if before is None or _LETTERS.search(printed, end):  # with words behind it, the number is of these
        return None
    return before if _is_close(printed[before.end : start]) else None


def _goes_on(printed: str, found: Sequence[Token], figure: Figure, own: _Span) -> bool:
    """Whether a unit behind a number is only the first part of the one that is printed: a force over an area is none."""
    if not printed[own.end :].lstrip().startswith(_JOINING) or figure.behind >= len(found):
        return False
    read = unit_at(found, figure.behind)
    return read is not None and found[read.behind - 1].end > own.end


def _same_unit(found: Sequence[Token], figure: Figure, unit: str | None) -> _Span | None:
    """The unit right behind a number, where it is the field's by what it measures and how much of it: N/mm² is MPa."""
    read = unit_at(found, figure.behind) if unit and figure.behind < len(found) else None
    if read is None or unit is None or any(token.kind != "mark" for token in found[read.behind :]):
        return None
    is_same = len(read.units) == 1 and read.units == unit_named(unit)
    return _Span(found[figure.behind].start, found[read.behind - 1].end, 1.0) if is_same else None


def _is_close(between: str) -> bool:
    """Whether a number and a unit belong together: "412 randomized adult patients", not "12 weeks for all patients"."""
    words = [word.casefold() for word in _LETTERS.findall(between)]
    return len(words) <= WORDS_BETWEEN and not any(word in UNITS or word in STOPS for word in words)


def _is_in(figure: Figure, found: Sequence[Token], spans: Sequence[_Span]) -> bool:
    start = found[figure.first].start
    return any(span.start <= start < span.end for span in spans)


def _counts_else(printed: str, found: Sequence[Token], figure: Figure) -> bool:
    """Whether a number without a unit of the field's is said about something else: "5,000 steps", "$100"."""
    return any(char.isalpha() for char in printed[_end(found, figure) :]) or any(char in "%$€£" for char in printed)


def _end(found: Sequence[Token], figure: Figure) -> int:
    return found[min(figure.behind, len(found)) - 1].end


# --- qualifiers -----------------------------------------------------------------------------------


def _qualifier(printed: str, found: Sequence[Token], figure: Figure) -> Qualifier:
    start, end = found[_start(found, figure)].start, _end(found, figure)
    if printed[end : end + 1] == "+":
        return "at least"
    before = printed[:start].rstrip(" $€£(").casefold()
    for qualifier, words in _BEFORE:
        if any(_ends_with(before, word) for word in words.split("|")):
            return qualifier
    behind = printed[start:].casefold()
    return next((q for q, words in _BEHIND for word in words.split("|") if behind.rstrip(" .)").endswith(word)), "=")


def _ends_with(before: str, word: str) -> bool:
    """Whether a text ends in a word, and not in another one's end."""
    stem = before[: -len(word)] if before.endswith(word) else None
    return stem is not None and not (word[0].isalpha() and stem[-1:].isalpha())


# --- in a sentence --------------------------------------------------------------------------------


def printed_amounts(text: str, unit: str, units: Units, reading: Reading = PLAIN) -> tuple[str, ...]:
    """The numbers of a sentence that stand right before one of a field's units, each with its unit, as printed."""
    found = reading.tokens(text)
    starts = [found[_start(found, figure)].start for figure in numerals(found) if not figure.is_rank]
    printed = []
    for span in _unit_spans(text, unit, units, found):
        before = [start for start in starts if start < span.start]
        if before and amount(text[before[-1] : span.end], unit, units, reading).value is not None:
            printed.append(" ".join(text[before[-1] : span.end].split()))
    return tuple(dict.fromkeys(printed))
