"""Made pages go in, pictures of them come out with the box of every sentence, and of every cell of a row, in the colour of its kind.

    python -m tests.papers.kinds docs

writes docs/reading.svg, and docs/tables.svg with a table of spanning headers.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import pypdfium2 as pdfium

from survey_extract.adapters.pdf.objects import painted
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.adapters.pdf.shapes import drawn
from survey_extract.adapters.pictures import sentence_boxes
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Quoted
from survey_extract.review.shown import quoted
from tests.papers import apart
from tests.papers.tables import random_page

COLOURS = {
    "front": "#8d6e63", "heading": "#d81b60", "body": "#2e7d32", "caption": "#1565c0", "note": "#00838f", "formula": "#f9a825",
    "row": "#6a1b9a", "inset": "#c62828", "debris": "#ef6c00",
}  # fmt: skip
WIDTH, HEIGHT, KEY = 612, 620, 120
SPANNING = 3
"""The random page whose table has headers over several columns."""


def page() -> bytes:
    """A page of our own that holds a bit of everything."""
    made = apart.opened()
    made.wrapped(f"{apart.sentence(2)} The loss of the boat is")
    apart.formula(made)
    made.wrapped(f"where x and y are its two halves. {apart.sentence(3)}")
    made.y += 8
    apart.framed(made)
    apart.table(made)
    made.heading("2 Method")
    made.wrapped(" ".join(apart.sentence(4).split()[:18]))
    made.y += 6
    apart.figure(made)
    made.wrapped(" ".join(apart.sentence(4).split()[18:]))
    return made.bytes()


def svg(data: bytes, text: PaperText) -> str:
    """The first page, its shapes in grey, its lines as text, its sentences as boxes."""
    document = pdfium.PdfDocument(data)
    sheet = document[0]
    width, height = sheet.get_size()
    parts = [
        f'<rect x="{shape.left:.0f}" y="{height - shape.top:.0f}" width="{shape.width:.0f}" height="{max(0.7, shape.height):.1f}"'
        ' fill="#eceff1" stroke="#90a4ae" stroke-width=".6"/>'
        for shape in drawn(painted(sheet)).shapes
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(data)
        quotes = [Quoted(s.number, s.page, quoted(text, s)) for s in text.sentences if s.page == 1]
        found = sentence_boxes(path, 1, quotes)
        for kind, box in dict.fromkeys((text.sentences[number - 1].kind, box) for number, box in found):
            colour = COLOURS[kind]
            parts.append(
                f'<rect x="{box.left * width:.1f}" y="{box.top * height - 1:.1f}" width="{box.width * width:.1f}" '
                f'height="{box.height * height + 2:.1f}" fill="{colour}" fill-opacity=".22" stroke="{colour}" stroke-width=".5"/>'
            )
    parts += _words(sheet, height)
    parts += [
        f'<rect x="{WIDTH + 8}" y="{60 + 22 * at}" width="14" height="12" fill="{colour}" fill-opacity=".4" stroke="{colour}"/>'
        f'<text x="{WIDTH + 28}" y="{70 + 22 * at}" font-size="12">{kind}</text>'
        for at, (kind, colour) in enumerate(COLOURS.items())
    ]
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + KEY} {HEIGHT}" font-family="serif">\n'
        f'<rect width="{WIDTH + KEY}" height="{HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
    )


def _words(sheet: pdfium.PdfPage, height: float) -> list[str]:
    """Each run of text at its place."""
    text_page = sheet.get_textpage()
    found: list[str] = []
    for index in range(text_page.count_rects()):
        left, bottom, right, top = text_page.get_rect(index)
        words = escape(text_page.get_text_bounded(left, bottom, right, top).strip())
        size = min(17.0, (top - bottom) * 1.25)
        found.append(
            f'<text x="{left:.1f}" y="{height - bottom - 2:.1f}" font-size="{size:.1f}" textLength="{right - left:.1f}" '
            f'lengthAdjust="spacingAndGlyphs">{words}</text>'
        )
    return found


def main() -> None:
    data = page()
    docs = Path(sys.argv[1])
    (docs / "reading.svg").write_text(svg(data, read_pdf(data)), encoding="utf-8")
    data = random_page(SPANNING).pdf()
    (docs / "tables.svg").write_text(svg(data, read_pdf(data)), encoding="utf-8")


if __name__ == "__main__":
    main()
