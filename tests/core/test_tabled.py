"""A value that stands in one cell of the source's tables is found there by the tool; where two cells fit, or none, it says so."""

from __future__ import annotations

import pytest

from survey_extract.adapters.html.reader import read_markdown
from survey_extract.core.audit import Auditable, audits_of
from survey_extract.core.check.tabled import tabled
from survey_extract.core.fields import FieldSpec
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.paper_text import PaperText

FIELDS = parse_fields(
    """
[area]
type = "number"
unit = "ha"
ask = "The area of the heath."
[depth]
type = "number"
unit = "m"
ask = "How deep the pond is."
[keeper]
ask = "The keeper of the pond."
"""
)
AREA, DEPTH, KEEPER = FIELDS
HEAD = (
    "# Ponds\n\nThe heath was walked over by two people in one week of June, and all that they saw is listed below.\n\n"
)
SITES = "| Site | Area (ha) | Depth (m) | Birds |\n|---|---|---|---|\n| Alder | 12.5 | 3.1 | 14 |\n| Birch | 9.75 | 2.2 | 31 |\n"
TURNED = "| Property | Value |\n|---|---|\n| Area (ha) | 12.5 |\n| Keeper | Hollis |\n"
NO_UNIT = "| Site | Area | Birds |\n|---|---|---|\n| Alder | 12.5 | 14 |\n"
OTHER_UNIT = "| Site | Area (km²) | Birds |\n|---|---|---|\n| Alder | 12.5 | 14 |\n"
METRES = "| Site | Depth (cm) |\n|---|---|\n| Alder | 310 |\n"
TWICE = SITES + "\nBefore the rain they were counted once more.\n\n" + SITES.replace("| 14 |", "| 15 |")


def text_of(table: str) -> PaperText:
    text = read_markdown(
        (HEAD + table + "\nIt ends with the rain of the autumn, as it did in the year before.\n").encode()
    )
    assert text.tables
    return text


@pytest.mark.parametrize(
    ("table", "spec", "value", "rows"),
    [
        (SITES, AREA, "12.5 ha", ["Alder"]),
        (SITES, DEPTH, "2.2 m", ["Birch"]),
        (TURNED, AREA, "12.5 ha", ["Area"]),
        (TURNED, KEEPER, "Hollis", ["Keeper"]),
        (SITES, AREA, "3.1 ha", []),  # under another header
        (SITES, AREA, "14 ha", []),
        (SITES, AREA, "12.5 m", []),
        (OTHER_UNIT, AREA, "12.5 ha", []),
        (NO_UNIT, AREA, "12.5 ha", []),
        (SITES, AREA, "2.5 ha", []),  # a part of a figure
        (TWICE, AREA, "12.5 ha", ["Alder", "Alder"]),
    ],
)
def test_the_row_of_a_value(table: str, spec: FieldSpec, value: str, rows: list[str]) -> None:
    """By its figure, its unit and the header over it, or the label beside it; certain where there is one such cell."""
    text = text_of(table)
    found = tabled(spec, value, text, ())
    said = [text.quote(text.sentences[number - 1]) for number in found.numbers]
    assert len(said) == len(rows), said
    assert all(name in words for name, words in zip(rows, said, strict=True))
    assert (found.certain is not None) == (len(rows) == 1)


@pytest.mark.parametrize(("table", "is_found"), [(SITES, True), (TWICE, False), (OTHER_UNIT, False)])
def test_what_a_person_wrote_is_supported_by_its_row(table: str, is_found: bool) -> None:
    """The audit of a value without a sentence names the row, as found by code; never where two cells fit."""
    text = text_of(table)
    item = Auditable("area", "standing", "12.5 ha", value_sha256("12.5 ha"), (), "d", ())
    (audit,) = audits_of(text, "d", (), FIELDS, [item], "2026-01-01T00:00:00Z")
    certain = tabled(AREA, "12.5 ha", text, ()).certain
    assert (certain is not None) == is_found
    assert not audit.evidence
    if certain is not None:
        assert audit.support == (certain,)
        assert audit.check.state == "in evidence"
