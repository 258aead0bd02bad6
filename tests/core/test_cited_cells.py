"""A figure that an answer cites from a row is in the cell that the answer is about, or it is flagged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_extract.core.check.check import check
from survey_extract.core.evidence import pointer
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.rows import with_rows
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.tables.table import Box, Row, Table, TableCell
from tests.fields import NAMES as NAMES_FIELD
from tests.fields import TEXT as TEXT_FIELD

BOX: Box = (0.0, 0.0, 10.0, 10.0)
HEADERS = ("Ships", "Logs", "Ropes")
FIGURES = {"Harbor": ("12.5", "80.1", "33"), "Orchard": ("9.0", "77.25", "41")}


def cells(headers: tuple[tuple[str, ...], ...], values: tuple[str, ...]) -> tuple[TableCell, ...]:
    return tuple(TableCell(header, value, BOX) for header, value in zip(headers, values, strict=True))


def text_with(*rows: Row, body: str = "We count what was seen.") -> PaperText:
    blocks = [Block("body", body), Block("caption", "Table 4: What was seen."), Block("body", "It ends.")]
    text = assemble(blocks, reader="t", title=None, page_count=1)
    return with_rows(text, [Table("Table 4", "Table 4: What was seen.", 1, rows, 0)])


TEXT = text_with(
    *(Row(label, None, cells(tuple((h,) for h in HEADERS), values), BOX) for label, values in FIGURES.items())
)
HARBOR, ORCHARD = (pointer(TEXT, sentence) for sentence in TEXT.sentences if sentence.kind == "row")


def states(value: str, *evidence: object) -> dict[str, str]:
    return {term.text: term.place for term in check(TEXT_FIELD, value, evidence, TEXT).terms}  # type: ignore[arg-type]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("column", range(3))
def test_a_figure_from_under_another_header_is_flagged(header: str, column: int) -> None:
    """Every figure of a row under every header of it: only its own carries it, whether the label is named or not."""
    figure = FIGURES["Harbor"][column]
    wanted = "in evidence" if HEADERS[column] == header else "under another header"
    for value in (f"Harbor has {figure} in {header.lower()}.", f"{header}: {figure}."):
        assert states(value, HARBOR)[figure] == wanted


@pytest.mark.parametrize("label", FIGURES)
def test_a_label_or_a_header_is_enough(label: str) -> None:
    """A value that names no header is about the row that it names; one that names neither is about no cell."""
    figure = FIGURES[label][0]
    evidence = HARBOR if label == "Harbor" else ORCHARD
    assert states(f"{label} reaches {figure}.", evidence)[figure] == "in evidence"
    assert states(f"It reaches {figure}.", evidence)[figure] == "under another header"


def test_a_figure_of_another_row_is_elsewhere() -> None:
    """What the cited row does not hold is not in the evidence, whoever is named."""
    assert states("Orchard has 12.5 ships.", ORCHARD)["12.5"] == "elsewhere"


def test_several_headers_may_be_named() -> None:
    """Each figure has its own; names are looked for in the whole row and over it."""
    assert set(states("Harbor has 12.5 ships and 80.1 logs.", HARBOR).values()) == {"in evidence"}
    assert check(NAMES_FIELD, ("Harbor", "Orchard"), (HARBOR,), TEXT).terms[0].place == "in evidence"


def test_the_field_may_name_the_header() -> None:
    """Heading, unit and instruction say what is asked for; the value alone, when it names another one."""
    ships = replace(TEXT_FIELD, heading="Ships")
    assert check(ships, "It has 12.5.", (HARBOR,), TEXT).state == "in evidence"
    assert check(ships, "It has 80.1.", (HARBOR,), TEXT).state == "under another header"


def test_more_of_a_path_goes_before_less() -> None:
    """Of two cells under one header, the one whose own header is named as well is meant."""
    headers = (("VQA", "test-dev"), ("VQA", "test-std"))
    text = text_with(Row("Harbor", None, cells(headers, ("76.6", "76.9")), BOX))
    row = next(pointer(text, sentence) for sentence in text.sentences if sentence.kind == "row")
    found = {
        name: check(TEXT_FIELD, f"{figure} on VQA {name}.", (row,), text).state
        for name, figure in (("test-dev", "76.6"), ("test-std", "76.6"))
    }
    assert found == {"test-dev": "in evidence", "test-std": "under another header"}
    assert check(TEXT_FIELD, "76.6 on VQA.", (row,), text).state == "in evidence"


def test_a_sentence_that_says_it_is_enough() -> None:
    """A figure that a sentence of the evidence holds needs no cell."""
    text = text_with(*(row for table in TEXT.tables for row in table.rows), body="We saw 80.1 of them.")
    evidence = [
        pointer(text, sentence) for sentence in text.sentences if sentence.number == 1 or sentence.kind == "row"
    ]
    assert check(TEXT_FIELD, "80.1 ships were seen.", evidence, text).state == "in evidence"
