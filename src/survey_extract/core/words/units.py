"""The tokens behind a number go in; the unit that they are comes out, by what it measures and how much of it: "mA/cm\u00b2", "W m-2".

A unit is a product of powers of symbols, and a symbol a base with a prefix of
the SI. So "mJ" follows from "J" and "m", "N/m\u00b2" is "Pa", and what is not in the
tables below is no unit at all, rather than one that is guessed. Symbols that are
more often a word or a letter ("in", "at", "C", "pm") are left out for that reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from survey_extract.core.words.tokens import Token, fold, tokens

Dimensions = tuple[tuple[str, int], ...]
"""What is measured, each with its power, in order: an acceleration is (("m", 1), ("s", -2))."""


class Unit(NamedTuple):
    """``scale`` is how many of the bases a unit is; two units that say the same are equal."""

    dimensions: Dimensions
    scale: Fraction

    def times(self, other: Unit, power: int = 1) -> Unit:
        """This unit multiplied by a power of another."""
        summed = dict(self.dimensions)
        for name, own in other.dimensions:
            summed[name] = summed.get(name, 0) + own * power
        kept = tuple(sorted((name, own) for name, own in summed.items() if own))
        return Unit(kept, self.scale * other.scale**power)


class Printed(NamedTuple):
    """A unit as it is printed. ``units`` are the readings of it: with "a year" at its end, and without; ``behind`` ends its tokens."""

    units: frozenset[Unit]
    behind: int


ONE = Unit((), Fraction(1))
_SI = "YZEPTGMkhdcm\u03bcnpfa"
_POWERS = dict(zip(_SI, (24, 21, 18, 15, 12, 9, 6, 3, 2, -1, -2, -3, -6, -9, -12, -15, -18), strict=True))
_PREFIX_WORDS = {
    "tera": 12, "giga": 9, "mega": 6, "kilo": 3, "hecto": 2, "deci": -1, "centi": -2, "milli": -3, "micro": -6, "nano": -9, "pico": -12,
}  # fmt: skip
_FROM_PASCAL, _SMALL, _LARGE = "TGMkm\u03bcnpf", "m\u03bcnpf", "PTGMk"
_BASES: dict[str, tuple[str, str, str, str]] = {
    # name: (what it is, in units that stand before it; its symbols; the prefixes these have; its words, which have all prefixes)
    "m": ("", "m", "kcdm\u03bcnf", "metre metres meter meters"),
    "g": ("", "g", "Mkm\u03bcnp", "gram grams gramme grammes"),
    "s": ("", "s sec secs", "m\u03bcnpf", "second seconds"),
    "month": ("", "", "", "month months"),
    "A": ("", "A", "k" + _SMALL, "ampere amperes amp amps"),
    "K": ("", "K", "m\u03bcn", "kelvin kelvins"),
    "mol": ("", "mol", "km\u03bcnpf", "mole moles"),
    "cd": ("", "cd", "m", "candela"),
    "byte": ("", "B", "PTGMk", "byte bytes"),
    "share": ("", "", "", ""),
    "celsius": ("", "\u2103 degC", "", "celsius"),
    "fahrenheit": ("", "\u2109 degF", "", "fahrenheit"),
    "arc": ("", "deg", "", "degree degrees"),
    "radian": ("", "rad", "m\u03bc", "radian radians"),
    "turn": ("", "", "", "revolution revolutions"),
    "beat": ("", "", "", "beat beats"),
    "dB": ("", "dB dBA", "", "decibel decibels"),
    "dBm": ("", "dBm", "", ""),
    "dBi": ("", "dBi", "", ""),
    "mag": ("", "mag", "m", ""),
    "point": ("", "pp", "", "point points"),
    "pixel": ("", "px", "", "pixel pixels"),
    "Bq": ("", "Bq", "TGMkm\u03bc", "becquerel becquerels"),
    "Sv": ("", "Sv", "m\u03bcn", "sievert sieverts"),
    "Gy": ("", "Gy", "km\u03bc", "gray grays"),
    "IU": ("", "IU", "km\u03bc", ""),
    "CFU": ("", "CFU cfu", "", ""),
    "IBU": ("", "IBU", "", ""),
    "EBC": ("", "EBC", "", ""),
    "plato": ("", "", "", "plato"),
    "lm": ("", "lm", "km", "lumen lumens"),
    "dollar": ("", "$ USD US$", "kM", "dollar dollars"),
    "euro": ("", "\u20ac EUR", "kM", "euro euros"),
    "pound": ("", "\u00a3 GBP", "kM", ""),
    "franc": ("", "CHF", "kM", "franc francs"),
    "yen": ("", "\u00a5 JPY", "kM", "yen"),
    "krona": ("", "SEK", "kM", ""),
    "krone": ("", "DKK", "kM", ""),
    "NOK": ("", "NOK", "kM", ""),
    "INR": ("", "INR \u20b9", "kM", "rupee rupees"),
    "CNY": ("", "CNY RMB", "kM", "yuan"),
    "bit": ("1/8 byte", "bit bits", "PTGMk", ""),
    "bps": ("bit s-1", "bps", "TGMk", ""),
    "kibibyte": ("1024 byte", "KiB", "", "kibibyte kibibytes"),
    "mebibyte": ("1048576 byte", "MiB", "", "mebibyte mebibytes"),
    "gibibyte": ("1073741824 byte", "GiB", "", "gibibyte gibibytes"),
    "tebibyte": ("1099511627776 byte", "TiB", "", "tebibyte tebibytes"),
    "percent": ("1/100 share", "% pct", "", "percent"),
    "permille": ("1/1000 share", "\u2030", "", ""),
    "ppm": ("1/1000000 share", "ppm", "", ""),
    "ppb": ("1/1000000000 share", "ppb", "", ""),
    "minute": ("60 s", "min mins", "", "minute minutes"),
    "hour": ("3600 s", "h hr hrs", "", "hour hours"),
    "day": ("86400 s", "d", "", "day days"),
    "week": ("604800 s", "wk", "", "week weeks"),
    "year": ("12 month", "yr yrs", "kMG", "year years"),
    "decade": ("120 month", "", "", "decade decades"),
    "century": ("1200 month", "", "", "century centuries"),
    "Hz": ("s-1", "Hz", "THGMkm".replace("H", ""), "hertz"),
    "rpm": ("1/60 turn s-1", "rpm", "k", ""),
    "bpm": ("1/60 beat s-1", "bpm", "", ""),
    "N": ("1000 g m s-2", "N", "GMkm\u03bcnp", "newton newtons"),
    "J": ("1000 g m2 s-2", "J", _LARGE + _SMALL, "joule joules"),
    "W": ("1000 g m2 s-3", "W Wp", "PTGMk" + _SMALL, "watt watts"),
    "Pa": ("1000 g m-1 s-2", "Pa", "h" + _FROM_PASCAL, "pascal pascals"),
    "C": ("A s", "", "", "coulomb coulombs"),
    "mC": ("1/1000 A s", "mC", "", ""),
    "uC": ("1/1000000 A s", "\u03bcC", "", ""),
    "Ah": ("3600 A s", "Ah", "km\u03bc", ""),
    "V": ("1000 g m2 s-3 A-1", "V", "GMk" + _SMALL, "volt volts"),
    "VA": ("1000 g m2 s-3", "VA", "Mk", ""),
    "ohm": ("1000 g m2 s-3 A-2", "\u03a9 Ohm", "TGMkm\u03bc", "ohm ohms"),
    "S": ("1/1000 g-1 m-2 s3 A2", "S", "m\u03bcnp", ""),
    "F": ("1/1000 g-1 m-2 s4 A2", "", "", "farad farads"),
    "mF": ("1/1000000 g-1 m-2 s4 A2", "mF", "", ""),
    "uF": ("1/1000000000 g-1 m-2 s4 A2", "\u03bcF", "", ""),
    "nF": ("1/1000000000000 g-1 m-2 s4 A2", "nF", "", ""),
    "pF": ("1/1000000000000000 g-1 m-2 s4 A2", "pF", "", ""),
    "T": ("1000 g s-2 A-1", "T", "m\u03bcnp", "tesla"),
    "gauss": ("1/10 g s-2 A-1", "", "", "gauss"),
    "Wb": ("1000 g m2 s-2 A-1", "Wb", "m", "weber"),
    "H": ("1000 g m2 s-2 A-2", "H", "m\u03bcn", ""),
    "lx": ("lm m-2", "lx lux", "k", "lux"),
    "Wh": ("3600000 g m2 s-2", "Wh", _LARGE + "m\u03bc", ""),
    "eV": ("1602176634/10000000000000000000000000 g m2 s-2", "eV", "PTGMkm\u03bcn", "electronvolt electronvolts"),
    "cal": ("4184 g m2 s-2", "cal", "k", "calorie calories"),
    "BTU": ("1055056 g m2 s-2", "BTU Btu", "M", ""),
    "bar": ("100000000 g m-1 s-2", "bar", "km\u03bc", "bars"),
    "atm": ("101325000 g m-1 s-2", "atm", "", ""),
    "mmHg": ("133322 g m-1 s-2", "mmHg", "", ""),
    "torr": ("133322 g m-1 s-2", "Torr torr", "m", ""),
    "psi": ("6894757 g m-1 s-2", "psi", "", ""),
    "l": ("1/1000 m3", "L l", "hdcm\u03bcnp", "litre litres liter liters"),
    "gallon": ("3785411784/1000000000000 m3", "gal", "", "gallon gallons"),
    "pint": ("473176473/1000000000000 m3", "", "", "pint pints"),
    "M": ("1000 mol m-3", "", "", "molar"),
    "mM": ("mol m-3", "mM", "", ""),
    "uM": ("1/1000 mol m-3", "\u03bcM", "", ""),
    "nM": ("1/1000000 mol m-3", "nM", "", ""),
    "pM": ("1/1000000000 mol m-3", "pM", "", ""),
    "ha": ("10000 m2", "ha", "kM", "hectare hectares"),
    "acre": ("40468564224/10000000 m2", "", "", "acre acres"),
    "angstrom": ("1/10000000000 m", "\u00c5", "", "\u00e5ngstr\u00f6m angstrom angstroms"),
    "micron": ("1/1000000 m", "", "", "micron microns"),
    "inch": ("254/10000 m", "", "", "inch inches"),
    "foot": ("3048/10000 m", "ft", "", "foot feet"),
    "yard": ("9144/10000 m", "yd", "", "yard yards"),
    "mile": ("1609344/1000 m", "mi", "", "mile miles"),
    "nmi": ("1852 m", "nmi", "", ""),
    "knot": ("1852/3600 m s-1", "kn", "", "knot knots"),
    "mph": ("1609344/3600000 m s-1", "mph", "", ""),
    "kph": ("1000/3600 m s-1", "kph kmh", "", ""),
    "AU": ("149597870700 m", "AU au", "", ""),
    "pc": ("30856775814913673 m", "pc", "GMkm", "parsec parsecs"),
    "t": ("1000000 g", "t", "GMk", "tonne tonnes"),
    "lb": ("45359237/100000 g", "lb lbs", "", ""),
    "oz": ("28349523125/1000000000 g", "oz", "", "ounce ounces"),
    "Da": ("166053906660/100000000000000000000000000000000000 g", "Da", "kM", "dalton daltons"),
    "arcmin": ("1/60 arc", "arcmin", "", "arcminute arcminutes"),
    "arcsec": ("1/3600 arc", "arcsec", "", "arcsecond arcseconds"),
    "mas": ("1/3600000 arc", "mas", "", ""),
    "Jy": ("1/100000000000000000000000 g s-2", "Jy", "km\u03bcn", "jansky"),
    "mcg": ("1/1000000 g", "mcg", "", ""),
    "cc": ("1/1000000 m3", "ccm", "", ""),
}  # fmt: skip
"""The units of the SI and those beside it (BIPM, 9th edition, 2019), money, and what is counted in symbols."""
_OF_SHARES = {"mol": "mol", "wt": "wt", "w": "wt", "vol": "vol", "at": "at", "v": "vol", "m": "wt"}
"""What stands before a "%" and says of what it is a share."""
_LONGEST_SYMBOL = 3
_POWER_WORDS = {"square": 2, "sq": 2, "cubic": 3, "cu": 3, "squared": 2, "cubed": 3}
_WORDED = frozenset(["a", "an", "each", "every"])
"""Words before a time in which something is counted: "11 kWh a day"."""
_OVER = frozenset(["per", "/"])
_MINUS = frozenset("-\u2010\u2011\u2212\u2013\u207b")
_DEGREES = frozenset("\u00b0\u02da\u25e6\u00ba")
_OF_DEGREES = {"C": "celsius", "F": "fahrenheit", "K": "K", "P": "plato", "Plato": "plato"}
_RAISED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207a\u207b", "0123456789+-")
_ONE_LETTER = str.maketrans({"\u00b5": "\u03bc", "\u2126": "\u03a9", "\u212b": "\u00c5"})
_TIME = frozenset(["s", "minute", "hour", "day", "week", "month", "year"])
_LARGEST_POWER = 4


def unit_named(written: str) -> frozenset[Unit]:
    """The readings of a unit that stands alone, as a field names it; none where it is no unit."""
    found = tokens(written)
    printed = unit_at(found, 0) if found else None
    return printed.units if printed and printed.behind == len(found) else frozenset()


def unit_at(found: Sequence[Token], at: int, goes_on_at: int | None = None) -> Printed | None:
    """The unit that begins at a token; of a currency before its number, the rest goes on behind that: "\u20ac0.35/m\u00b2"."""
    first = _factor(found, at)
    if first is None:
        return None
    unit, at = ONE.times(first[0], first[1]), first[2] if goes_on_at is None else goes_on_at
    units = {unit}
    while (joined := _joined(found, at)) is not None:
        more, at, is_worded = joined
        unit = unit.times(more)
        units = {unit, *units} if is_worded else {unit}
    return Printed(frozenset(units), at)


def _joined(found: Sequence[Token], at: int) -> tuple[Unit, int, bool] | None:
    """What a unit is multiplied by behind a token, where that ends, and whether a value may leave it out: "a year"."""
    text, behind = fold(_text(found, at)), at
    if text == "of" and at > 0 and _kind(found, at + 1) == "word":
        text, at, behind = fold(_text(found, at + 2)), at + 2, at  # "1.9 t of soil per hectare"
    if text == "and" and _kind(found, at - 1) == "word" and _name(_text(found, at + 1)) in _TIME and _OVER & _near(found, at):
        text = "per"
    if at > behind and text not in ("per", *_WORDED):
        return None
    if text == "/" and _text(found, at + 1) == "(":
        return _bracket(found, at + 2)
    if text in ("/", "per", *_WORDED):
        factor = _factor(found, at + 1)
        is_time = factor is not None and _name(_text(found, at + 1)) in _TIME
        if factor is None or (text in _WORDED and not (is_time and len(_text(found, at + 1)) > len("hr"))):
            return None
        return ONE.times(factor[0], -factor[1]), factor[2], at > behind or (text != "/" and is_time)
    if text in ("\u00b7", "\u22c5", "*", "-") and (factor := _factor(found, at + 1)):
        is_word = len(_text(found, at + 1)) > _LONGEST_SYMBOL and len(_text(found, at - 1)) > _LONGEST_SYMBOL
        return None if text == "-" and not is_word else (ONE.times(factor[0], factor[1]), factor[2], False)
    is_near = at < len(found) and at > 0 and found[at].start == found[at - 1].end + 1
    factor = _factor(found, at) if is_near and found[at].kind == "word" else None
    if factor and (factor[1] < 0 or (text == "h" and fold(_text(found, at - 1)).endswith(("w", "a")))):
        return ONE.times(factor[0], factor[1]), factor[2], False
    return None


def _bracket(found: Sequence[Token], at: int) -> tuple[Unit, int, bool] | None:
    """ "/(m² h)"."""
    unit, place = ONE, at
    while place < len(found) and _text(found, place) != ")":
        place += _text(found, place) in ("\u00b7", "\u22c5", "*")
        factor = _factor(found, place)
        if factor is None:
            return None
        unit, place = unit.times(factor[0], -factor[1]), factor[2]
    return (unit, place + 1, False) if place < len(found) else None


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
    token = found[at] if at < len(found) else None
    if token is None or at == 0:
        return 1, at
    is_glued = token.start == found[at - 1].end
    if is_glued and token.kind == "raised":
        digits = token.text.translate(_RAISED)
        if digits.lstrip("+-").isdecimal() and len(digits) <= 2:
            return int(digits), at + 1
        return (-int(_text(found, at + 1)), at + 2) if digits == "-" and _is_power(found, at + 1) else (1, at)
    if is_glued and token.text == "^":
        at += 1 + (_text(found, at + 1) == "{")
        sign = -1 if _text(found, at) in _MINUS else 1
        place = at + (sign < 0)
        return (sign * int(_text(found, place)), place + 1 + (_text(found, place + 1) == "}")) if _is_power(found, place) else (1, at)
    is_minus = token.text in _MINUS and _is_power(found, at + 1) and found[at + 1].start == token.end
    if is_minus and (is_glued or token.text == "\u2212"):
        return -int(found[at + 1].text), at + 2
    if is_glued and _is_power(found, at) and found[at].text in "23" and len(found[at - 1].text) <= _LONGEST_SYMBOL:
        return int(found[at].text), at + 1
    return (_POWER_WORDS[fold(token.text)], at + 1) if fold(token.text) in ("squared", "cubed") else (1, at)


def _is_power(found: Sequence[Token], at: int) -> bool:
    text = _text(found, at)
    return text.isascii() and text.isdecimal() and len(text) == 1 and 0 < int(text) <= _LARGEST_POWER


def _symbol(found: Sequence[Token], at: int) -> tuple[Unit, int] | None:
    """One symbol or word without its power, and where it ends."""
    if at >= len(found):
        return None
    one, two = found[at].text.translate(_ONE_LETTER), found[at + 1] if at + 1 < len(found) else None
    is_glued = two is not None and two.start == found[at].end
    if one in _DEGREES or one in ("degree", "degrees"):
        name = _OF_DEGREES.get(two.text if two else "", fold(two.text if two else "")) if two else ""
        if name in ("celsius", "fahrenheit", "K", "plato", "kelvin"):
            return (_units()[name], at + 2)
        return (_units()["degree"], at + 1)
    if one[:1] in _DEGREES and one[1:] in _OF_DEGREES:
        return _units()[_OF_DEGREES[one[1:]]], at + 1
    if is_glued and two is not None and two.text == "%" and one in _OF_SHARES:
        return _share(one), at + 2
    if one in ("%", "percent") and two is not None and fold(two.text) == "point"[: len(two.text)]:
        return _units()["point"], at + 2
    if fold(one) == "percentage" and two is not None and fold(two.text) in ("point", "points"):
        return _units()["point"], at + 2
    if fold(one) == "per" and two is not None and fold(two.text) == "cent":
        return _units()["percent"], at + 2
    if one == "dB" and is_glued and _text(found, at + 1) == "(" and _text(found, at + 3) == ")":
        return _units()["dB"], at + 4
    unit = _units().get(one) or (_units().get(fold(one)) if len(one) > _LONGEST_SYMBOL else None)
    return (unit, at + 1) if unit else None


def _share(kind: str) -> Unit:
    return Unit(((f"share of {_OF_SHARES[kind]}", 1),), Fraction(1, 100))


def _name(text: str) -> str:
    return _names().get(text) or _names().get(fold(text), "")


def _near(found: Sequence[Token], at: int) -> frozenset[str]:
    return frozenset(fold(token.text) for token in found[max(0, at - 3) : at])


def _text(found: Sequence[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _kind(found: Sequence[Token], at: int) -> str:
    return found[at].kind if 0 <= at < len(found) else ""


@lru_cache(1)
def _units() -> dict[str, Unit]:
    """Every symbol and word with its unit."""
    known: dict[str, Unit] = {}
    made: dict[str, Unit] = {}
    for name, (meaning, symbols, prefixes, words) in _BASES.items():
        unit = _meant(meaning, made) if meaning else Unit(((name, 1),), Fraction(1))
        made[name] = unit
        for symbol in symbols.split():
            known.update({prefix + symbol: _scaled(unit, _POWERS[prefix]) for prefix in prefixes})
            known[symbol] = unit
        for word in words.split():
            known.update({prefix + word: _scaled(unit, power) for prefix, power in _PREFIX_WORDS.items()})
            known[word] = unit
        known.setdefault(name, unit) if not symbols and words else None
    micro = {symbol.replace("\u03bc", "u"): unit for symbol, unit in known.items() if symbol.startswith("\u03bc")}
    return {**{symbol: unit for symbol, unit in micro.items() if len(symbol) > 1}, **known, "KB": known["kB"]}


@lru_cache(1)
def _names() -> dict[str, str]:
    return {form: name for name, (_, symbols, _, words) in _BASES.items() for form in (*symbols.split(), *words.split())}


def _scaled(unit: Unit, power: int) -> Unit:
    return Unit(unit.dimensions, unit.scale * Fraction(10) ** power)


def _meant(meaning: str, made: dict[str, Unit]) -> Unit:
    """A unit by others: "1/1000 g-1 m-2 s4 A2"."""
    unit = ONE
    for name, power in _parts(meaning):
        unit = unit._replace(scale=unit.scale * Fraction(name)) if power == 0 else unit.times(made[name], power)
    return unit


def _parts(meaning: str) -> Iterator[tuple[str, int]]:
    """Each name with its power; a number has none."""
    for part in meaning.split():
        if part[0].isdigit():
            yield part, 0
        else:
            name = part.rstrip("-0123456789")
            yield name, int(part[len(name) :] or 1)


def in_base(number: tuple[str, int], unit: Unit) -> tuple[Dimensions, Fraction] | None:
    """A quantity in the bases of its unit, so that 2.2 mL/s is 132 mL/min; None beyond reason, for no stranger's number is computed with."""
    digits, power = number
    if len(digits) > _DIGITS or abs(power) > _DIGITS:
        return None
    return unit.dimensions, int(digits or 0) * Fraction(10) ** power * unit.scale


_DIGITS = 30
