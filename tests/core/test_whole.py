"""A date or a quantity is said, however its sentence writes it; an address ends before the sentence does."""

from __future__ import annotations

import pytest

from survey_extract.core.audit import Auditable, Auditor
from survey_extract.core.check.check import check
from survey_extract.core.check.hints import is_open
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.values.amounts import amount
from survey_extract.core.values.dates import says

SPAN = FieldSpec(
    "span", "Span", "How long is the main span?", type="number", unit="m", units=(("km", 1000.0), ("ft", 0.3048))
)
OPENED = FieldSpec("opened", "Opened", "When was it opened?", type="date")
SITE = FieldSpec("site", "Site", "Where is its page?", type="url")
SENTENCES = (
    "The main span of the bridge is 890 m and its deck hangs from cables.",
    "It was opened to walkers on 3 May 2011 after a long dispute about its height.",
    "The side spans are 1,000 ft each, and between the towers lie 400 to 700 m.",
    "All drawings are kept at https://weirlane.example/plans.",
)


def text() -> PaperText:
    return assemble([Block("body", " ".join(SENTENCES))], reader="test", title=None, page_count=1)


def placed(spec: FieldSpec, value: str, number: int) -> str | None:
    """Where the value stands, by the evidence of one sentence."""
    read = text()
    return check(spec, value, [pointer(read, read.sentences[number])], read).state


@pytest.mark.parametrize(
    ("value", "number", "state"),
    [
        ("0.89 km", 0, "in evidence"),
        ("about 0.89 km", 0, "in evidence"),
        ("0.89 km", 1, "elsewhere"),
        ("304.8 m", 2, "in evidence"),
        ("0.3048 km", 2, "in evidence"),
        ("0.88 km", 0, "nowhere"),
        ("890 km", 0, "nowhere"),
        ("0.89 m", 0, "nowhere"),
        ("0.89", 0, "nowhere"),
        ("0.89 kg", 0, "nowhere"),
        ("0.4-0.8 km", 2, "nowhere"),
    ],
)
def test_equal_quantities_are_found_in_any_unit_of_the_field(value: str, number: int, state: str) -> None:
    """What is equal by the units that the field declares is contained; near, other units and ranges are not."""
    assert placed(SPAN, value, number) == state


def test_without_declared_units_nothing_is_converted() -> None:
    """The units are the survey's own word: without them, "890 m" says nothing about a measure that not everybody knows."""
    bare = FieldSpec("span", "Span", "How long is the main span?", type="number", unit="m")
    assert placed(bare, "0.89 spans", 0) == "nowhere"


@pytest.mark.parametrize(
    ("spec", "value", "number"),
    [(OPENED, "2011-05-03", 1), (OPENED, "2011-05", 1), (SPAN, "0.89 km", 0), (SPAN, "304.8 m", 2)],
)
def test_an_audit_points_to_the_sentence_that_says_it(spec: FieldSpec, value: str, number: int) -> None:
    """A date in words and a quantity in another unit are near what a list wrote, and its figures are contained."""
    read = text()
    item = Auditable(spec.name, "standing", value, value_sha256(value), (), "d", ())
    audit = Auditor("d", read, (), Fields((spec,))).audit(item, "2026-01-01T00:00:00Z")
    assert (audit.far, audit.check.state) == ((), "in evidence")
    assert [item.sha256 for item in audit.support] == [pointer(read, read.sentences[number]).sha256]


@pytest.mark.parametrize("value", ["2011-05-04", "1999"])
def test_an_audit_of_another_date_finds_nothing(value: str) -> None:
    """A date that no sentence gives is said to be far."""
    item = Auditable("opened", "standing", value, value_sha256(value), (), "d", ())
    audit = Auditor("d", text(), (), Fields((OPENED,))).audit(item, "2026-01-01T00:00:00Z")
    assert (audit.far, audit.check.state) == ((value,), "nowhere")


@pytest.mark.parametrize("end", ["", ".", ",", ";", ":", ".,"])
def test_an_address_ends_before_its_sentence(end: str) -> None:
    """The stop of the sentence is no part of an address, whoever gives it."""
    assert SITE.value_of(f"https://weirlane.example/plans{end}") == "https://weirlane.example/plans"


@pytest.mark.parametrize(
    ("said", "values", "others"),
    [
        ("03.05.2011", ["2011-05-03", "2011-05", "2011"], ["2011-03-05", "2011-04"]),
        ("17/05/2011", ["2011-05-17", "2011-05", "2011"], ["2011-05-16"]),
        ("05/17/2011", ["2011-05-17", "2011"], ["2011-06-17"]),
        ("2011/05/03", ["2011-05-03", "2011"], ["2011-03-05"]),
        ("03/05/2011", ["2011"], ["2011-05-03", "2011-03-05", "2011-05"]),
        ("31.02.2011", ["2011"], ["2011-02"]),
        ("3.05.2011.7", [], ["2011-05-03", "2011"]),
    ],
)
def test_dates_in_numbers_say_what_can_be_read_in_one_way(said: str, values: list[str], others: list[str]) -> None:
    """Points put the day first; with strokes the order depends on the country, and such a date says no more than its year."""
    assert all(says(f"It was opened on {said} to walkers.", value) for value in values)
    assert not any(says(f"It was opened on {said} to walkers.", value) for value in others)


@pytest.mark.parametrize(
    ("value", "sentence"), [("0.89km", "890m"), ("890m", "890 m"), ("890 m", "0.89km"), ("890m", "890m")]
)
def test_a_unit_may_stand_at_its_number(value: str, sentence: str) -> None:
    """Where metres are counted, "890m" is no 890 million; where they are not, it is."""
    read = assemble([Block("body", f"The main span is {sentence} long.")], reader="test", title=None, page_count=1)
    assert check(SPAN, value, [pointer(read, read.sentences[0])], read).state == "in evidence"
    assert amount("890m", "weights").value == 890e6
    assert amount("890M", "m").value != 890


GERMAN = (
    "Die Anlage wurde im Winter vermessen, und die Temperatur der Schmelze betrug dabei höchstens 280,5 °C.",
    "Im Mittel wurden 1.204 Stunden gezählt, und das ist für eine Anlage mit nur 2,4 kW nicht wenig.",
)


@pytest.mark.parametrize("value", ["280.5 °C", "280,5 °C"])
def test_an_audit_reads_numbers_as_the_source_prints_them(value: str) -> None:
    """A list in English is near the sentence in German that says it."""
    read = assemble([Block("body", words) for words in GERMAN], reader="test", title=None, page_count=1)
    spec = FieldSpec("melt", "Melt", "How hot is the melt?", type="number", unit="°C")
    item = Auditable(spec.name, "standing", value, value_sha256(value), (), "d", ())
    audit = Auditor("d", read, (), Fields((spec,))).audit(item, "2026-01-01T00:00:00Z")
    assert (audit.far, audit.check.state) == ((), "in evidence")
    assert [found.sha256 for found in audit.support] == [pointer(read, read.sentences[0]).sha256]


@pytest.mark.parametrize(("value", "open_there"), [("1.204", True), ("1,204", False), ("1204 hours", False)])
def test_a_number_that_is_another_in_its_source_is_told(value: str, open_there: bool) -> None:
    """SQL asks the check, which is in the archive, and has no number then."""
    read = assemble([Block("body", words) for words in GERMAN], reader="test", title=None, page_count=1)
    spec = FieldSpec("hours", "Hours", "How many hours?", type="number")
    found = check(spec, value, [pointer(read, read.sentences[1])], read)
    assert is_open(found) is open_there
    assert (found.state == "in evidence") is not open_there
