"""The tokens behind a number go in; the unit that they are comes out, by what it measures and how much of it: "mA/cm\u00b2", "W m-2".

A unit is a product of powers of symbols, however it is written: "N/m\u00b2", "N m-2" and "Pa" are one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from survey_extract.core.words.tokens import Token, fold, tokens
from survey_extract.core.words.unit_table import ONE, Dimensions, Unit, common, names, units


class PrintedUnit(NamedTuple):
    """A unit as it is printed. ``units`` are the readings of it: with "a year" at its end, and without; ``behind`` ends its tokens."""

    units: frozenset[Unit]
    behind: int


_OF_SHARES = {"mol": "mol", "wt": "wt", "w": "wt", "vol": "vol", "at": "at", "v": "vol", "m": "wt"}
"""What stands before a "%" and says of what it is a share."""
MOST = 8
"""Symbols of one unit."""
_LONGEST_SYMBOL = 3
_POWER_WORDS = {"square": 2, "sq": 2, "cubic": 3, "cu": 3, "squared": 2, "cubed": 3}
_WORDED = frozenset(["a", "an", "each", "every"])
"""Words before a time in which something is counted: "11 kWh a day"."""
_OVER = frozenset(["per", "/"])
_MINUS = frozenset("-\u2010\u2011\u2212\u2013\u207b")
_DEGREES = frozenset("\u00b0\u02da\u25e6\u00ba")
_TEMPERED = frozenset(["celsius", "fahrenheit", "K", "kelvin", "plato"])
_OF_DEGREES = {"C": "celsius", "F": "fahrenheit", "K": "K", "P": "plato", "Plato": "plato"}
_RAISED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b", "0123456789+-")
_ONE_LETTER = str.maketrans({"\u00b5": "\u03bc", "\u2126": "\u03a9", "\u212b": "\u00c5"})
_BEFORE_COMMON = frozenset(["percentage", "degrees", "degree", "square", "cubic", "swiss", "u.s", "us", "per"])
_TIME = frozenset(["s", "minute", "hour", "day", "week", "month", "year"])
_LARGEST_POWER = 4


def unit_named(written: str) -> frozenset[Unit]:
    """The readings of a unit that stands alone, as a field names it; none where it is no unit."""
    found = tokens(written)
    printed = unit_at(found, 0) if found else None
    return printed.units if printed and printed.behind == len(found) else frozenset()


def unit_at(found: Sequence[Token], at: int, goes_on_at: int | None = None) -> PrintedUnit | None:
    """The unit that begins at a token; of a currency before its number, the rest goes on behind that: "\u20ac0.35/m\u00b2"."""
    first = _factor(found, at)
    if first is None:
        return None
    unit, at = ONE.times(first[0], first[1]), first[2] if goes_on_at is None else goes_on_at
    read = {unit}
    for _ in range(MOST):
        joined = _joined(found, at)
        if joined is None:
            break
        more, at, is_worded = joined
        unit = unit.times(more)
        read = {unit, *read} if is_worded else {unit}
    return PrintedUnit(frozenset(read), at)


def common_at(found: Sequence[Token], at: int) -> tuple[Unit | None, int]:
    """The common unit that a token is, whatever it is multiplied by or divided by, and where it ends."""
    before = fold(_text(found, at))
    if before in _BEFORE_COMMON:
        unit, behind = common_at(found, at + 1)
        if before in ("square", "cubic"):
            squared = ONE.times(unit, 2) if unit and before == "square" else None
            return squared if squared in common().values() else None, behind
        return (units()["percent"] if unit is None and before == "percentage" else unit), behind if unit else at + 1
    one, two = _text(found, at), _text(found, at + 1) if _is_glued(found, at + 1) else ""
    for text, behind in ((one + two, at + (2 if two else 1)), (one, at + 1)):
        plain = "".join(map(fold, text)) if not text.isascii() and text[:1] not in "\u00b0$" else text
        if unit := common().get(text) or common().get(_plain(text)) or common().get(plain):
            return unit, behind
        if text.isalpha() and len(text) > 3 and (unit := common().get(text.lower())):
            return unit, behind
    return None, at


def _plain(text: str) -> str:
    """A symbol with its raised digits on the line, and the Greek letter for the sign of a millionth."""
    return text.replace("\u00b2", "2").replace("\u00b3", "3").replace("\u00b5", "\u03bc")


def _joined(found: Sequence[Token], at: int) -> tuple[Unit, int, bool] | None:
    """What a unit is multiplied by behind a token, where that ends, and whether a value may leave it out: "a year"."""
    text = fold(_text(found, at))
    if text == "/" and _text(found, at + 1) == "(":
        return _bracket(found, at + 2)
    if text == "of" and at > 0 and _kind(found, at + 1) == "word":
        worded = _divided(found, at + 2) if fold(_text(found, at + 2)) in ("per", *_WORDED) else None
        return (worded[0], worded[1], True) if worded else None  # "1.9 t of soil per hectare"
    if text == "and" and _OVER & _near(found, at) and _name(_text(found, at + 1)) in _TIME:
        return _divided(found, at)
    if text in ("/", "per", *_WORDED):
        return _divided(found, at)
    return _multiplied(found, at)


def _divided(found: Sequence[Token], at: int) -> tuple[Unit, int, bool] | None:
    """ "/m\u00b2", "per hectare", "a year"."""
    text, factor = fold(_text(found, at)), _factor(found, at + 1)
    is_time = factor is not None and _name(_text(found, at + 1)) in _TIME
    if factor is None or (text in _WORDED and not (is_time and len(_text(found, at + 1)) > len("hr"))):
        return None
    return ONE.times(factor[0], -factor[1]), factor[2], text != "/" and is_time


def _multiplied(found: Sequence[Token], at: int) -> tuple[Unit, int, bool] | None:
    """ "\u00b7m", "-hours" behind a word, " m\u207b\u00b2", " h" behind watts."""
    text = fold(_text(found, at))
    factor = _factor(found, at + 1) if text in ("\u00b7", "\u22c5", "*", "-") else None
    if factor is not None:
        is_word = min(len(_text(found, at + 1)), len(_text(found, at - 1))) > _LONGEST_SYMBOL
        return None if text == "-" and not is_word else (ONE.times(factor[0], factor[1]), factor[2], False)
    is_near = 0 < at < len(found) and found[at].start == found[at - 1].end + 1
    factor = _factor(found, at) if is_near and found[at].kind == "word" else None
    if factor and (factor[1] < 0 or (text == "h" and fold(_text(found, at - 1)).endswith(("w", "a")))):
        return ONE.times(factor[0], factor[1]), factor[2], False
    return None


def _bracket(found: Sequence[Token], at: int) -> tuple[Unit, int, bool] | None:
    """ "/(m\u00b2 h)"."""
    unit, place = ONE, at
    for _ in range(MOST):
        if _text(found, place) in ("", ")"):
            break
        place += _text(found, place) in ("\u00b7", "\u22c5", "*")
        factor = _factor(found, place)
        if factor is None:
            return None
        unit, place = unit.times(factor[0], -factor[1]), factor[2]
    return (unit, place + 1, False) if _text(found, place) == ")" else None


def _factor(found: Sequence[Token], at: int) -> tuple[Unit, int, int] | None:
    """A symbol or a word with its power, and where they end."""
    raised = _POWER_WORDS.get(fold(_text(found, at)), 0)
    if raised and not fold(_text(found, at)).endswith("ed"):
        first = at + 1 + (_text(found, at + 1) == ".")
        plain = _symbol(found, first)
        return (plain[0], raised, plain[1]) if plain else None
    plain = _symbol(found, at)
    if plain is None:
        return None
    unit, behind = plain
    power, behind = _power(found, behind)
    following = found[behind] if behind < len(found) else None
    is_cut = following is not None and following.start == found[behind - 1].end and following.kind in ("word", "number")
    is_cut = is_cut and found[behind - 1].kind != "mark"
    is_letter = behind == at + 1 and found[at].text.isupper() and len(found[at].text) == 1
    is_compound = is_letter and _text(found, behind) in _MINUS and _kind(found, behind + 1) == "word"
    is_compound = is_compound and found[behind].start == found[at].end and found[behind].end == found[behind + 1].start
    return None if is_cut or is_compound else (unit, power, behind)


def _power(found: Sequence[Token], at: int) -> tuple[int, int]:
    """The power behind a symbol, 1 where there is none, and where it ends."""
    if not 0 < at < len(found):
        return 1, at
    if fold(found[at].text) in ("squared", "cubed"):
        return _POWER_WORDS[fold(found[at].text)], at + 1
    is_glued = found[at].start == found[at - 1].end
    if is_glued and found[at].kind == "raised":
        return _raised(found, at)
    if is_glued and found[at].text == "^":
        return _behind_caret(found, at)
    is_minus = found[at].text in _MINUS and _is_power(found, at + 1) and found[at + 1].start == found[at].end
    if is_minus and (is_glued or found[at].text == "\u2212"):
        return -int(found[at + 1].text), at + 2
    is_lowered = is_glued and found[at].text in ("2", "3") and len(found[at - 1].text) <= _LONGEST_SYMBOL
    return (int(found[at].text), at + 1) if is_lowered else (1, at)


def _raised(found: Sequence[Token], at: int) -> tuple[int, int]:
    digits = found[at].text.translate(_RAISED)
    if digits == "-" and _is_power(found, at + 1):
        return -int(found[at + 1].text), at + 2
    return (int(digits), at + 1) if len(digits) <= 2 and digits.lstrip("+-").isdecimal() else (1, at)


def _behind_caret(found: Sequence[Token], at: int) -> tuple[int, int]:
    """ "^2", "^{-1}"."""
    place = at + 1 + (_text(found, at + 1) == "{")
    sign = -1 if _text(found, place) in _MINUS else 1
    place += sign < 0
    if not _is_power(found, place):
        return 1, at
    return sign * int(found[place].text), place + 1 + (_text(found, place + 1) == "}")


def _is_power(found: Sequence[Token], at: int) -> bool:
    text = _text(found, at)
    return text.isascii() and text.isdecimal() and len(text) == 1 and 0 < int(text) <= _LARGEST_POWER


def _symbol(found: Sequence[Token], at: int) -> tuple[Unit, int] | None:
    """One symbol or word without its power, and where it ends."""
    if at >= len(found):
        return None
    one = found[at].text.translate(_ONE_LETTER)
    if one in _DEGREES or one in ("degree", "degrees"):
        return _degrees(found, at)
    if one[:1] in _DEGREES and one[1:] in _OF_DEGREES:
        return units()[_OF_DEGREES[one[1:]]], at + 1
    if (joined := _of_two(found, at, one)) is not None:
        return joined
    unit = units().get(one) or (units().get(fold(one)) if len(one) > _LONGEST_SYMBOL else None)
    return (unit, at + 1) if unit else None


def _degrees(found: Sequence[Token], at: int) -> tuple[Unit, int]:
    """ "\u00b0C", "degrees Celsius", and degrees of what is not said."""
    behind = _text(found, at + 1)
    name = _OF_DEGREES.get(behind, fold(behind))
    return (units()[name], at + 2) if name in _TEMPERED else (units()["degree"], at + 1)


def _of_two(found: Sequence[Token], at: int, one: str) -> tuple[Unit, int] | None:
    """ "mol%", "% points", "per cent", "dB(A)"."""
    two = _text(found, at + 1)
    is_glued = bool(two) and found[at + 1].start == found[at].end
    if is_glued and two == "%" and one in _OF_SHARES:
        return _share(one), at + 2
    if fold(one) in ("%", "percent", "percentage") and fold(two) in ("point", "points"):
        return units()["point"], at + 2
    if fold(one) == "per" and fold(two) == "cent":
        return units()["percent"], at + 2
    is_weighted = one == "dB" and is_glued and two == "(" and _text(found, at + 3) == ")"
    return (units()["dB"], at + 4) if is_weighted else None


def _share(kind: str) -> Unit:
    return Unit(((f"share of {_OF_SHARES[kind]}", 1),), Fraction(1, 100))


def _name(text: str) -> str:
    return names().get(text) or names().get(fold(text), "")


def _near(found: Sequence[Token], at: int) -> frozenset[str]:
    return frozenset(fold(token.text) for token in found[max(0, at - 3) : at])


def _text(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _is_glued(found: Sequence[Token], at: int) -> bool:
    return 0 < at < len(found) and found[at].start == found[at - 1].end


def _kind(found: Sequence[Token], at: int) -> str:
    return found[at].kind if 0 <= at < len(found) else ""


def in_base(number: tuple[str, int], unit: Unit) -> tuple[Dimensions, Fraction] | None:
    """A quantity in the bases of its unit, so that 2.2 mL/s is 132 mL/min; None beyond reason, for no stranger's number is computed with."""
    digits, power = number
    if len(digits) > _DIGITS or abs(power) > _DIGITS:
        return None
    return unit.dimensions, int(digits or 0) * Fraction(10) ** power * unit.scale


_DIGITS = 30
