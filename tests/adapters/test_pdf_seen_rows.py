"""A row of a table counts as seen when each of its cells is: whatever hides one, on whatever table, the row is marked."""

from __future__ import annotations

import random
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from fpdf.enums import TextMode

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.seen_rows import rows_seen
from survey_extract.adapters.pdf.tables import page_tables
from survey_extract.core.tables.table import Box, Row
from tests.papers.tables import HEIGHT, WIDTH, Ink, Made, random_page

TRICKS = ("covered", "half covered", "white", "pale", "invisible", "left out", "other words", "a letter more")
SEEDS = (1, 2, 3)


def rows_of(data: bytes) -> list[Row]:
    document = pdfium.PdfDocument(data)
    page = document[0]
    return [row for table in page_tables(page, Characters(page.get_textpage()), 1) for row in table.rows]


def holds(box: Box, ink: Ink) -> bool:
    return box[0] - 2 <= ink.x <= box[2] + 2 and box[1] - 2 <= ink.y <= box[3] + 2


def drawn(made: Made, box: Box, trick: str) -> bytes:
    """The page, with what stands in a box hidden."""
    pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
    pdf.add_page()
    for rule in made.rules:
        pdf.rect(rule.left, HEIGHT - rule.top, rule.right - rule.left, rule.top - rule.bottom, style="F")
    for ink in made.inks:
        inked(pdf, ink, trick if holds(box, ink) else "")
    if "covered" in trick:
        right = (box[0] + box[2]) / 2 if trick == "half covered" else box[2] + 1
        pdf.set_fill_color(255, 255, 255)
        pdf.rect(box[0] - 1, HEIGHT - box[3] - 1, right - box[0] + 1, box[3] - box[1] + 2, style="F")
    return bytes(pdf.output())


def inked(pdf: FPDF, ink: Ink, trick: str) -> None:
    pdf.set_font("Times", size=ink.size)
    shade = {"white": 255, "pale": 248}.get(trick, 0)
    pdf.set_text_color(shade, shade, shade)
    text = {"left out": "", "other words": "zq" * (len(ink.text) // 2 + 1)}.get(trick, ink.text)
    if trick == "a letter more":
        text = f"{text[:1]}{text}"
    with pdf.local_context(text_mode=TextMode.INVISIBLE if trick == "invisible" else TextMode.FILL):
        pdf.text(ink.x, HEIGHT - ink.y, text)


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_with_a_cell_that_nobody_sees_is_marked(seed: int, trick: str, tmp_path: Path) -> None:
    """A value, a header or the label that is hidden, cut or another than was read; rows that have no part in it are seen."""
    made, dice = random_page(seed), random.Random(f"{seed} {trick}")
    open_page = tmp_path / "open.pdf"
    open_page.write_bytes(made.pdf())
    rows = rows_of(made.pdf())
    assert rows_seen(open_page, 1, rows) == ["seen"] * len(rows)
    boxes = [box for row in rows for box in row.boxes() if sum(holds(box, ink) for ink in made.inks) == 1]
    box = dice.choice(boxes)
    hidden = tmp_path / "hidden.pdf"
    hidden.write_bytes(drawn(made, box, trick))
    for row, sight in zip(rows, rows_seen(hidden, 1, rows), strict=True):
        assert (sight == "seen") is (box not in row.boxes()), (trick, box, row)
