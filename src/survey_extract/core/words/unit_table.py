"""Nothing goes in; the units that are known come out, by each symbol and word, with what they measure and how much of it.

The one table of units: ``units`` reads what is printed by it, ``unit_spellings`` writes a field's unit in its other forms.

A symbol is a base with a prefix of the SI, so that "mJ" follows from "J" and "m". Symbols that are more often a word or a
letter ("in", "at", "C", "pm") are left out: what is not here is no unit at all, rather than one that is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

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


ONE = Unit((), Fraction(1))
_SI = "YZEPTGMkhdcm\u03bcnpfa"
_POWERS = (24, 21, 18, 15, 12, 9, 6, 3, 2, -1, -2, -3, -6, -9, -12, -15, -18)
_SCALES = {"": Fraction(1)} | {prefix: Fraction(10) ** power for prefix, power in zip(_SI, _POWERS, strict=True)}
_PREFIX_WORDS = {
    "T": "tera", "G": "giga", "M": "mega", "k": "kilo", "h": "hecto", "d": "deci", "c": "centi", "m": "milli", "\u03bc": "micro", "n": "nano", "p": "pico",
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
    "celsius": ("", "\u00b0C \u2103 degC", "", "celsius"),
    "fahrenheit": ("", "\u00b0F \u2109 degF", "", "fahrenheit"),
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

_COMMON = {
    "m": " kcm\u03bcn", "g": " km\u03bc", "s": " m\u03bcn", "l": " m", "byte": " kMGT", "Hz": " kMG", "W": " mkMG", "Wh": "kM", "V": " mk", "Jy": " m\u03bc",
    **dict.fromkeys("mcg t micron inch foot mile ha minute hour day week month year kibibyte mebibyte gibibyte tebibyte".split(), " "),
    **dict.fromkeys("celsius fahrenheit K percent permille point dollar euro pound franc yen".split(), " "),
}  # fmt: skip
"""Units that a field may be written in by any of their forms, each with its prefixes, a space for none.

What the engine without a model has answered rests on these: with one more, it is a new version of it.
"""
_ONE_FORM = frozenset(
    "B Wp mWp kWp MWp GWp mi wk msec msecs \u03bcsec \u03bcsecs nsec nsecs gramme grammes kilogramme kilogrammes milligramme"
    " milligrammes microgramme microgrammes milliwatt milliwatts gigawatt gigawatts millivolt millivolts kilovolt kilovolts"
    " kibibyte kibibytes mebibyte mebibytes gibibyte gibibytes tebibyte tebibytes \u2103 degC \u2109 degF kelvins jansky millijansky microjansky US$".split()
)
"""Forms of these that are left out, with the same consequence: "B" is more often a billion."""
_FURTHER = {
    "kilo": "kg", "kilos": "kg", "pound": "GBP", "pounds": "GBP", "m2": "m2", "cm2": "cm2", "mm2": "mm2", "km2": "km2", "m3": "m3",
}  # fmt: skip
"""Forms of common units that stand for them beside a number, and are no symbols that others are made of."""


@lru_cache(1)
def units() -> dict[str, Unit]:
    """Every symbol and word with its unit."""
    known: dict[str, Unit] = {}
    made: dict[str, Unit] = {}
    for name, (meaning, *_) in _BASES.items():
        unit = made[name] = _meant(meaning, made) if meaning else Unit(((name, 1),), Fraction(1))
        for prefix, scale in _SCALES.items():
            if forms := list(_forms(name, prefix)):
                known.update(dict.fromkeys(forms, Unit(unit.dimensions, unit.scale * scale)))
    micro = {symbol.replace("\u03bc", "u"): unit for symbol, unit in known.items() if symbol.startswith("\u03bc")}
    return {**{symbol: unit for symbol, unit in micro.items() if len(symbol) > 1}, **known, "KB": known["kB"]}


@lru_cache(1)
def common() -> dict[str, Unit]:
    """The forms of common units, the Greek letter for a millionth, each with its unit."""
    known = units()
    forms = (form for name, ofs in _COMMON.items() for of in ofs for form in _forms(name, of.strip()))
    found = {form: known[form] for form in (*forms, "KB") if form not in _ONE_FORM}
    return found | {form: _meant(meaning, known) for form, meaning in _FURTHER.items()}


def _forms(name: str, prefix: str) -> Iterator[str]:
    """The symbols and words of a base with a prefix, or with none."""
    _, symbols, prefixes, words = _BASES[name]
    if prefix in prefixes:
        yield from (prefix + symbol for symbol in symbols.split())
    if not prefix or prefix in _PREFIX_WORDS:
        yield from (_PREFIX_WORDS.get(prefix, "") + word for word in words.split())


@lru_cache(1)
def names() -> dict[str, str]:
    return {
        form: name for name, (_, symbols, _, words) in _BASES.items() for form in (*symbols.split(), *words.split())
    }


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
