"""A unit as somebody writes it goes in; the other ways to write the same unit come out.

"km\u00b2", "km2", "km^2", "sq km" and "square kilometres" are one unit, and so are "\u00b5g"
and "mcg", "%" and "percent", "m s-1" and "metres per second". A currency's sign
may be several countries', so money is written as the field writes it. What
is no common unit ("plots") has no other spelling; of "plots/ha", the hectare has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from survey_extract.core.words.unit_table import Unit, common, units

_MICRO = str.maketrans({"\u00b5": "\u03bc"})
_RAISED = re.compile(r"(?<![^\W\d_])(?P<base>[^\W\d_]+)\.?(?:\^|\*\*)?(?P<power>[23\u00b2\u00b3])")
_SPELT_OUT = re.compile(r"(?P<power>sq|square|cu|cubic)\.? (?P<base>[^\W\d_]+)", re.IGNORECASE)
_BEHIND = re.compile(r"(?<![^\W\d_])(?P<base>[^\W\d_]+) (?P<power>squared|cubed)", re.IGNORECASE)
_POWERS = {
    "2": 2, "\u00b2": 2, "sq": 2, "square": 2, "squared": 2, "3": 3, "\u00b3": 3, "cu": 3, "cubic": 3, "cubed": 3,
}  # fmt: skip
_PER = re.compile(r" ?/ ?| per ")
_INVERSE = re.compile(r"[ \u00b7](?P<each>[^\W\d_]+)(?:\^?[-\u2212]1|\u207b\u00b9)$")
_ONLY_AS_WRITTEN = frozenset("dollar euro pound franc yen point".split())
"""What is measured by units of which nothing follows: of money a sign may be several countries', and points are whatever somebody counts."""
_OF_MORE_WORDS = {
    "\u00b0C": ("\u00b0C", "\u2103", "degC", "deg C", "degree C", "degrees C", "degree Celsius", "degrees Celsius", "Celsius"),
    "%": ("%", "percent", "pct", "per cent"),
}  # fmt: skip


@lru_cache(256)
def spellings(unit: str) -> tuple[str, ...]:
    """Every way to write a unit, its own first."""
    written = " ".join(unit.split())
    return tuple(dict.fromkeys((unit, *_all_of(written))))


def unit_spelt(written: str) -> Unit | None:
    """The common unit that a word or a sign stands for as it is spelt: "MW" is no milliwatt; None for what is none."""
    return _spelt().get(written.translate(_MICRO))


def letters(units: Iterable[str]) -> frozenset[str]:
    """The single letters that units may be written as."""
    return frozenset(form for unit in units for form in spellings(unit) if len(form) == 1 and form.isalpha())


def _all_of(unit: str) -> Iterator[str]:
    if rate := _rate(unit):
        for of in _plain(rate[0]):
            for per in _plain(rate[1]):
                yield from (f"{of}/{per}", f"{of} / {per}", f"{of} per {per}")
                if per.isalpha():
                    behind = (f"{per}-1", f"{per}^-1", f"{per}\u22121", f"{per}\u207b\u00b9")
                    yield from (f"{of}{mark}{one}" for one in behind for mark in (" ", "\u00b7"))
        return
    yield from _plain(unit)


def _rate(unit: str) -> tuple[str, str] | None:
    """What is counted, and per what: "kg/ha", "kg per ha", "kg ha-1"."""
    parts = _PER.split(unit, maxsplit=1)
    if len(parts) == 2:
        return (parts[0], parts[1]) if all(parts) and "/" not in parts[1] else None
    behind = _INVERSE.search(unit)
    return (unit[: behind.start()], behind["each"]) if behind and behind.start() else None


def _plain(unit: str) -> tuple[str, ...]:
    """The spellings of a unit that is no rate."""
    raised = _RAISED.fullmatch(unit) or _SPELT_OUT.fullmatch(unit) or _BEHIND.fullmatch(unit)
    if raised is None:
        return (unit, *_simple(unit))
    power = _POWERS[raised["power"].casefold()]
    return (unit, *(form for base in (raised["base"], *_simple(raised["base"])) for form in _raised(base, power)))


def _raised(base: str, power: int) -> Iterator[str]:
    yield from (f"{base}{sign}" for sign in (str(power), "\u00b2\u00b3"[power - 2], f"^{power}", f"**{power}"))
    before, behind = (("sq", "sq.", "square"), "squared") if power == 2 else (("cu", "cu.", "cubic"), "cubed")
    yield from (f"{word} {base}" for word in before)
    yield f"{base} {behind}"


def _simple(unit: str) -> tuple[str, ...]:
    """The forms of the common unit that a word or a sign stands for."""
    found = unit_spelt(unit) or _spelt().get(unit.casefold() if len(unit) > 3 else "")
    return _forms()[found] if found else ()


@lru_cache(1)
def _spelt() -> dict[str, Unit]:
    return {form: unit for unit, forms in _forms().items() for form in forms}


@lru_cache(1)
def _forms() -> dict[Unit, tuple[str, ...]]:
    """By unit, how it is written."""
    found: dict[Unit, tuple[str, ...]] = {}
    for form, unit in common().items():
        if not _ONLY_AS_WRITTEN & {name for name, _ in unit.dimensions}:
            found[unit] = (*found.get(unit, ()), form)
    found |= {units()[sign]: forms for sign, forms in _OF_MORE_WORDS.items()}
    return {unit: (*forms, *_with_other_micro(forms)) for unit, forms in found.items()}


def _with_other_micro(forms: Iterable[str]) -> Iterator[str]:
    """With the sign of its own for a millionth, and with the letter that is like it, in place of the Greek one."""
    return (form.replace("\u03bc", other) for form in forms if "\u03bc" in form for other in "\u00b5u")
