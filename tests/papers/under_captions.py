"""A page of our own with a table under its caption, between two paragraphs; and with something in it that nobody sees."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF

from tests.papers.make import prose

HEADERS = ("Ships", "Logs")
ROWS = (("Harbor", "12.5", "80.1"), ("Orchard", "9.0", "77.25"), ("Lantern", "3.5", "64.9"), ("Quarry", "7.1", "61.8"))
LEFT, TOP, PITCH, STEP = 64, 232, 14, 90


def table_page(
    rows: Sequence[Sequence[str]] = ROWS,
    *,
    headers: Sequence[str] = HEADERS,
    caption: str = "Table 4: Ships and logs of all that was seen.",
    hidden: tuple[str, str] | None = None,
    pages_before: int = 0,
) -> bytes:
    """The page; ``hidden`` is where something is hidden in the first row or over it, and how."""
    pdf = FPDF(unit="pt", format=(500, 640))
    for number in range(pages_before):
        pdf.add_page()
        _paragraph(pdf, 60, 20, 500 + 40 * number)
    pdf.add_page()
    _paragraph(pdf, 60, 5, 100)
    pdf.set_font("Times", size=10)
    pdf.text(60, 200, caption)
    for place, texts in enumerate((("Model", *headers), *rows)):
        for column, text in enumerate(texts):
            pdf.text(LEFT + STEP * column, TOP + PITCH * place, text)
    end = TOP + PITCH * len(rows) + 5
    for y in (TOP - 12, TOP + 4, end):
        pdf.rect(60, y, STEP * (len(headers) + 1), 0.5, style="F")
    if hidden:
        _hide(pdf, *hidden)
    _paragraph(pdf, end + 40, 8, 300)
    return bytes(pdf.output())


def _paragraph(pdf: FPDF, top: float, sentences: int, start: int) -> None:
    pdf.set_xy(60, top)
    pdf.set_font("Times", size=11)
    pdf.multi_cell(380, 13, prose(sentences, start), align="L")


def _hide(pdf: FPDF, place: str, trick: str) -> None:
    """Words that nobody sees: behind a value of the first row, behind a header, in the label, or where no cell is."""
    x, y = {
        "a value": (LEFT + STEP + 3, TOP + PITCH),
        "a header": (LEFT + STEP + 3, TOP),
        "the label": (LEFT + 3, TOP + PITCH),
        "between two cells": (LEFT + STEP + 40, TOP + PITCH),
        "a blank cell": (LEFT + 2 * STEP + 3, TOP + PITCH),
    }[place]
    pdf.set_font("Times", size=0.8 if trick == "too small" else 10)
    if trick == "in white":
        pdf.set_text_color(255, 255, 255)
    pdf.text(x, y - (4 if trick == "under a box" else 0), "secret 99")
    if trick == "under a box":
        pdf.set_fill_color(255, 255, 255)
        pdf.rect(x - 1, y - 14, 45, 11, style="F")
        pdf.set_fill_color(0, 0, 0)
    pdf.set_text_color(0, 0, 0)
