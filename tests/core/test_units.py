"""A unit is read by what it measures and how much of it, however it is written; what is none is no unit."""

from __future__ import annotations

from fractions import Fraction

import pytest

from survey_extract.core.words.tokens import tokens
from survey_extract.core.words.unit_spellings import spellings, unit_spelt
from survey_extract.core.words.unit_table import common, units
from survey_extract.core.words.units import in_base, unit_at, unit_named

SAME = [
    ("mA/cm²", "mA cm-2", "mA cm⁻²", "mA cm −2", "mA·cm^-2", "milliamperes per square centimetre"),
    ("µmol m⁻² s⁻¹", "μmol/m²/s", "umol/(m² s)", "µmol per square metre per second"),
    ("Pa", "N/m²", "N m-2", "J/m³", "kg m-1 s-2"),
    ("kWh", "kW h", "kilowatt-hours", "kW·h"),
    ("mM", "mmol/L", "mol/m³"),
    ("bpm", "beats per minute", "beats/min"),
    ("°C", "degrees Celsius", "◦C", "ºC"),
    ("%", "percent", "per cent"),
    ("m/min", "m min-1", "metres per minute"),
    ("GWh a year", "GWh/year", "GWh per year", "GWh yr-1"),
]


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: forms[0])
def test_one_unit_in_all_its_forms(forms: tuple[str, ...]) -> None:
    """The ways to write a unit have a reading in common."""
    first, *others = map(unit_named, forms)
    assert all(first & other for other in others)


def test_units_that_differ_in_one_thing() -> None:
    """A prefix, a power, a quotient, or what is counted makes another unit."""
    names = "V mV eV meV cm cm² mm² A/cm² mA/cm² nm Å MPa GPa bar mbar T mT Ω kΩ Ah mAh mol% wt% % W W/m² W/g W/kg Wh bpm mmHg mg/mL mol/L rpm Hz °C °F dB IBU kbit/s kB/s year month"
    read = [unit_named(name) for name in names.split()]
    assert all(read)
    assert not any(one & two for at, one in enumerate(read) for two in read[:at])


@pytest.mark.parametrize(
    "text", ["GPUs", "V100", "A-level", "in", "at", "participants", "C", "x", "m-wide²x", "", "per"]
)
def test_what_is_no_unit(text: str) -> None:
    """Nouns, names and letters are none."""
    assert not unit_named(text)


def test_prefixes_follow_the_bases() -> None:
    """Each symbol with a prefix measures what it does without: so nothing was listed wrongly twice."""
    known = units()
    assert known["mJ"].dimensions == known["J"].dimensions
    assert known["kJ"].scale == 1000 * known["J"].scale == known["J"].scale * Fraction(10**9) / 10**6
    assert {"kilovolt", "microgram", "millilitres", "nanometres"} <= known.keys()


def test_quantities_are_equal_in_their_bases() -> None:
    """Conversion is exact, and what no number of a paper is comes to nothing."""
    (minute,), (hour,) = unit_named("m/min"), unit_named("m/h")
    assert in_base(("5", -1), minute) == in_base(("3", 1), hour)
    assert in_base(("1" * 40, 0), hour) is None


def test_a_unit_ends_where_its_words_end() -> None:
    """What follows is not part of it."""
    found = tokens("kg of flour a day in May")
    printed = unit_at(found, 0)
    assert printed is not None
    assert (found[printed.behind - 1].text, len(printed.units)) == ("day", 2)


def test_what_a_field_is_written_in_is_what_is_printed() -> None:
    """Each spelling of a common unit, as a rate and raised too, is read as that unit, or as none."""
    written = [*common(), "kg/ha", "\u03bcg per mL", "km\u00b2"]
    known = {form: read for form in written if (read := unit_named(form))}
    assert len(known) > 0.9 * len(written)
    spelt = [(read, unit_named(other)) for form, read in known.items() for other in spellings(form)]
    assert all(not other or read & other for read, other in spelt)


def test_a_common_unit_is_one_by_its_form_and_by_its_parts() -> None:
    """Forms stand for what they are made of: "kg" and "kilos", "m2" and "square metres"."""
    one = [("kilos", "kg"), ("m2", "m^2"), ("pounds", "\u00a3"), ("\u00b5g", "mcg"), ("Megabytes", "MB")]
    assert all((unit_spelt(a) or common()[a.casefold()]) in unit_named(b) for a, b in one)
