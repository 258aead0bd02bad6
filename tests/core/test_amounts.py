"""A printed number is read by rule, and what can be read in two ways is not read at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.values.amounts import Amount, amount, printed_amounts
from survey_extract.core.values.dates import date_in, dates, is_iso, says

UNITS = (("A100-hours", 1.0), ("GPU-days", 24.0))


@pytest.mark.parametrize(
    ("printed", "value", "unit", "qualifier"),
    [
        ("5,000 GPU-hours", 5000, "GPU-hours", "="),
        ("about 5,000 A100 hours", 5000, "GPU-hours", "about"),
        ("~1.2M gpu-hours", 1_200_000, "GPU-hours", "about"),
        ("two GPU-days", 48, "GPU-hours", "="),
        ("less than 10 GPU days", 240, "GPU-hours", "at most"),
        ("up to 3.5e3 GPU-hours", 3500, "GPU-hours", "at most"),
        ("more than 7 GPU-hours", 7, "GPU-hours", "at least"),
        ("100+ GPU-hours", 100, "GPU-hours", "at least"),
        ("100 GPU-hours or more", 100, "GPU-hours", "at least"),
        ("10–20 GPU-days", 240, "GPU-hours", "range"),
        ("between 10 and 20 GPU-days", 240, "GPU-hours", "range"),
        ("GPU-hours: 500", 500, "GPU-hours", "="),
        ("5,000", 5000, None, "="),
    ],
)
def test_what_is_printed_is_read(printed: str, value: float, unit: str | None, qualifier: str) -> None:
    """Value in the field's own unit, whatever the notation; no unit is made up where none is printed."""
    assert amount(printed, "GPU-hours", UNITS) == Amount(printed, value, unit, qualifier)  # type: ignore[arg-type]


@given(
    st.integers(1, 10**6),
    st.sampled_from(["-", "\u2212", "\u2013", "\u2010", "\u2212 ", "minus "]),
    st.sampled_from(
        [("", "="), ("about ", "about"), ("~", "about"), ("at most ", "at most"), ("\u2265", "at least"), ("(", "=")]
    ),
)
def test_what_is_below_zero_is_read_so(digits: int, sign: str, qualified: tuple[str, str]) -> None:
    """Whatever the minus is, and whatever stands before it; so it is in a sentence, and at both ends of a range."""
    before, qualifier = qualified
    value = -digits / 100
    printed = f"{sign}{digits / 100} °C"
    assert amount(f"{before}{printed}", "°C") == Amount(f"{before}{printed}", value, "°C", qualifier)  # type: ignore[arg-type]
    assert printed_amounts(f"It was frozen at {printed} for a day.", "°C", ()) == (printed,)
    for other in (f"{sign}{digits + 1} to {printed}", f"{printed} to {sign}{digits + 1} °C"):
        assert amount(other, "°C") == Amount(other, -digits - 1, "°C", "range")


@pytest.mark.parametrize(
    "printed",
    ["C35/45", "EN 206", "X70", "Table 3", "no. 7", "probe-16", "CEM I 42.5", "DN50", "Windows 10", "phase 2"],
)
def test_the_number_of_a_name_is_no_amount(printed: str) -> None:
    """Nor is it where the field counts in no unit."""
    assert (amount(printed, "MPa").value, amount(printed).value) == (None, None)


@given(st.integers(1, 10**5), st.sampled_from(["MPa", "kN", "kPa", "GW", "mm", "kg", "MΩ", "dB", "kHz"]))
def test_a_unit_may_be_glued_to_its_number(number: int, unit: str) -> None:
    """ "35MPa" is "35 MPa", in a field and in a sentence."""
    assert amount(f"{number}{unit}", unit) == Amount(f"{number}{unit}", number, unit, "=")
    assert printed_amounts(f"It bore {number}{unit} in all.", unit, ()) == (f"{number}{unit}",)


@pytest.mark.parametrize("printed", ["16-18 °C", "16 - 18 °C", "16\u201318 °C", "16 to 18 °C", "probe-16: 18 °C"])
def test_a_dash_of_a_range_or_of_a_name_is_no_minus(printed: str) -> None:
    """Nothing comes out below zero where no minus is printed."""
    assert (amount(printed, "°C").value or 0) >= 0


@pytest.mark.parametrize(
    "printed",
    ["36 hours on 16 GPUs", "5,000 steps", "$100", "5 %", "five hundred and two GPU-days", "16 x 24 GPU-hours", "many", "", "1e999 GPU-hours"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_has_no_value(printed: str) -> None:
    """Nobody multiplies, adds or guesses."""
    assert amount(printed, "GPU-hours", UNITS).value is None


@pytest.mark.parametrize(
    ("printed", "unit", "value"),
    [
        ("2,4 Punkte", "points", 2.4), ("2,4 Punkte", "Punkte", 2.4), ("280,5 °C", "°C", 280.5), ("1.234,5 kg", "kg", 1234.5),
        ("zwölf Wochen", "weeks", 12), ("2,4 Mio. Euro", "euros", 2_400_000), ("1.204 Punkte", "points", None),
        ("1,204 points", "points", 1204), ("1.204 points", "points", 1.204), ("5,000 t of ore", "t", 5000), ("2,4", "points", 2.4), ("1,204", "points", 1204), ("31,3", "%", 31.3),
    ],
)  # fmt: skip
def test_a_number_is_read_in_its_language(printed: str, unit: str, value: float | None) -> None:
    """As its own form and unit tell; what may be a thousand or a fraction there is neither."""
    assert amount(printed, unit).value == value


@pytest.mark.parametrize(
    ("unit", "printed"),
    [
        ("km²", "12 km2|12 km^2|12 km**2|12km2|12 sq km|12 sq. km|12 square kilometres|12 kilometers squared"), ("m3", "12 m³|12 cubic metres"),
        ("µg", "12 μg|12 ug|12 mcg|12 micrograms"), ("°C", "12 degC|12 ℃|12 degrees Celsius"), ("percent", "12 %|12%|12 per cent|12 pct"),
        ("m/s", "12 m s-1|12 m s⁻¹|12 metres per second|12 meters/second"), ("kg/ha", "12 kg per hectare|12 kg ha−1"), ("metres", "12 m|12m"),
        ("MPa", "12 N/mm²|12 N/mm2|12 N·mm⁻²"), ("kPa", "12 kN/m2"), ("N/mm²", "12 MPa"), ("kg/m³", "12 g/l"), ("W", "12 J/s"),
    ],
)  # fmt: skip
def test_a_unit_is_the_same_however_it_is_written(unit: str, printed: str) -> None:
    """It is compared by what it means, and the field's own spelling comes out."""
    for one in printed.split("|"):
        assert (amount(one, unit).value, amount(one, unit).unit) == (12, unit), one


@pytest.mark.parametrize(
    ("unit", "printed"),
    [
        ("km²", "12 km"),
        ("m", "12 m2"),
        ("mW", "12 MW"),
        ("%", "12 percentage points"),
        ("USD", "12 C$"),
        ("m/s", "12 m"),
        ("MPa", "12 kN/mm²"),
        ("N", "12 N/mm²"),
    ],
)
def test_what_looks_like_a_unit_is_another(unit: str, printed: str) -> None:
    """A power, a capital or a rate makes another one, and nothing is converted that the field does not know."""
    assert amount(printed, unit).value is None


@given(st.integers(1, 10**9), st.sampled_from(["GPU-hours", "A100-hours", "GPU-days"]))
def test_every_integer_is_read_back(number: int, unit: str) -> None:
    """With and without commas, and within a sentence."""
    factor = dict(UNITS).get(unit, 1.0)
    for written in (str(number), f"{number:,}"):
        read = amount(f"{written} {unit}", "GPU-hours", UNITS)
        assert (read.value, read.unit) == (number * factor, "GPU-hours")
        assert printed_amounts(f"Training took {written} {unit} on our machines.", "GPU-hours", UNITS) == (
            f"{written} {unit}",
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Released on 17 April 2023.", ["2023-04-17"]),
        ("Released April 3rd, 2024, and in May of 2022.", ["2024-04-03", "2022-05"]),
        ("On 2021-03-05 and in 2021-04", ["2021-03-05", "2021-04"]),
        ("31 February 2023 is no day; 2304.08485 and 03/04/2023 are no dates; 12023 neither.", []),
        ("Since 2020.", ["2020"]),
    ],
)
def test_dates_are_found_as_far_as_they_are_given(text: str, found: list[str]) -> None:
    """Whatever their form; what is ambiguous is none."""
    assert list(dates(text)) == found
    assert all(map(is_iso, found))
    assert date_in(text) == (found[0] if len(found) == 1 else None)


def test_a_date_says_the_month_and_the_year_that_it_lies_in() -> None:
    """And not the other way round."""
    assert says("on 17 April 2023", "2023-04")
    assert says("on 17 April 2023", "2023")
    assert not says("in April 2023", "2023-04-17")


def test_a_unit_is_that_of_its_number_alone() -> None:
    """What is said of another thing in the same words gives no value, in a cell as in a sentence."""
    people = (("patients", 1.0), ("adults", 1.0))
    for printed in ("12 weeks for all participants", "3 doses in patients", "participants had 12 weeks"):
        assert amount(printed, "participants", people).value is None
        assert printed_amounts(f"Follow-up: {printed}.", "participants", people) == ()
    assert amount("412 randomized adult patients", "participants", people).value == 412
    assert printed_amounts("We had 208 healthy adults.", "participants", people) == ("208 healthy adults",)
