"""Tables come out of real PDFs as they do of characters: rulings of every kind, moved pages, forms, side by side."""

from __future__ import annotations

import io
from typing import Any, cast

import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject, NumberObject

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.objects import painted
from survey_extract.adapters.pdf.tables import INNER, page_tables, rules_of
from survey_extract.core.tables.page import tables_of
from survey_extract.core.tables.table import Table, row_sentence
from tests.core.test_tables import wrong
from tests.papers import table_kinds
from tests.papers.hostile import CATALOG, PAGES, file_of, stream
from tests.papers.tables import Made, random_page

ROWS = (("Harbor", "12.5", "80.1"), ("Orchard", "9.0", "77.25"), ("Lantern", "-", "64.9"))


def read(data: bytes) -> list[Table]:
    document = pdfium.PdfDocument(data)
    return [
        table
        for number, page in enumerate(document, start=1)
        for table in page_tables(page, Characters(page.get_textpage()), number)
    ]


def sentences(tables: list[Table]) -> list[str]:
    return [row_sentence(table, row) for table in tables for row in table.rows]


@pytest.mark.parametrize("seed", range(0, 200, 8))
def test_a_pdf_says_what_the_table_says(seed: int) -> None:
    """What pdfium's characters and lines make is what was set, or less."""
    made: Made = random_page(seed)
    assert wrong(made, read(made.pdf())) == []


def test_a_pdf_says_about_as_much_as_its_characters() -> None:
    """Little is lost between the characters as they were set and as pdfium gives them."""
    pages = [random_page(seed) for seed in range(0, 200, 8)]
    set_rows = sum(len(sentences(tables_of(page.words(), page.rules, 1))) for page in pages)
    assert sum(len(sentences(read(page.pdf()))) for page in pages) > 0.8 * set_rows


@pytest.mark.parametrize("kind", table_kinds.KINDS)
def test_tables_of_hard_kinds_are_read(kind: str) -> None:
    """Close columns, names over several rows, brackets, powers, folded tables, titles, figures as headers: each row, as it is."""
    sheet = table_kinds.KINDS[kind]()
    assert sorted(sentences(read(sheet.bytes()))) == sorted(sheet.said)


@pytest.mark.parametrize("kind", table_kinds.UNSURE)
def test_what_has_no_certain_headers_is_left_out(kind: str) -> None:
    """Turned headers, and words over several columns that are no column's own: nothing is said but what is so."""
    sheet = table_kinds.UNSURE[kind]()
    assert set(sentences(read(sheet.bytes()))) <= set(sheet.said)


def without_a_name(data: bytes, letter: str) -> bytes:
    """A PDF whose font has a sign in a letter's place, under a name that nobody knows."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    names = ArrayObject([NumberObject(ord(letter)), NameObject("/a999")])
    for font in cast("dict[str, Any]", writer.pages[0]["/Resources"])["/Font"].values():
        font.get_object()[NameObject("/Encoding")] = DictionaryObject({NameObject("/Differences"): names})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_sign_without_a_name_is_no_letter() -> None:
    """A font that does not say what a sign is has none of its letters: rows with it are left out, all others are given."""
    sheet = table_kinds.Sheet()
    sheet.level(0)
    sheet.row(0, (150.0, 250.0), ("Form", "Weight", "Size"))
    sheet.level(1)
    for number, row in enumerate((("Circle", "kWk > 1", "2.5"), ("Line", "W > 1", "3.5"), ("Square", "W < 1", "4.5"))):
        sheet.row(number + 1, (150.0, 250.0), row)
    sheet.level(4)
    assert sentences(read(without_a_name(sheet.bytes(), "k"))) == [
        "Table 1 | Line | Weight: W \\> 1 | Size: 3.5",
        "Table 1 | Square | Weight: W < 1 | Size: 4.5",
    ]


def with_a_sign_of_code_nothing(data: bytes, x: float, y: float) -> bytes:
    """A PDF with one more sign, whose code is 0, from a font of its own, as TeX's tall brackets are."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    drawn, shown = DecodedStreamObject(), DecodedStreamObject()
    drawn.set_data(b"400 0 0 0 400 700 d1 0 0 400 700 re f")
    shown.set_data(f"BT /Tall 10 Tf {x} {y} Td <00> Tj ET".encode())
    numbers = {"/FontBBox": (0, 0, 400, 700), "/FontMatrix": (0.001, 0, 0, 0.001, 0, 0), "/Widths": (400,)}
    font = DictionaryObject({NameObject(key): ArrayObject(map(FloatObject, own)) for key, own in numbers.items()})
    font.update({NameObject("/FirstChar"): NumberObject(0), NameObject("/LastChar"): NumberObject(0)})
    font.update({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type3")})
    signs = DictionaryObject({NameObject("/tall"): writer._add_object(drawn)})
    names = DictionaryObject({NameObject("/Differences"): ArrayObject([NumberObject(0), NameObject("/tall")])})
    font.update({NameObject("/CharProcs"): signs, NameObject("/Encoding"): names})
    page = cast("dict[str, Any]", writer.pages[0])
    page["/Resources"]["/Font"][NameObject("/Tall")] = writer._add_object(font)
    writer.pages[0][NameObject("/Contents")] = ArrayObject(
        [page["/Contents"].indirect_reference, writer._add_object(shown)]
    )
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_sign_of_code_nothing_is_not_passed_over() -> None:
    """A row of whose signs one is drawn and called nothing says something else than its letters: it is left out."""
    sheet = table_kinds.Sheet()
    sheet.level(0)
    sheet.row(0, table_kinds.PLACES, table_kinds.HEADS)
    sheet.level(1)
    table_kinds._body(sheet, 1)
    y = 400 - table_kinds.TOP - 2 * table_kinds.PITCH
    found = sentences(read(with_a_sign_of_code_nothing(sheet.bytes(), table_kinds.PLACES[1] + 14, y)))
    assert found == [row for row in sheet.said if "Orchard" not in row]


def test_signs_over_each_other_are_no_letters() -> None:
    """An accent or a cedilla that is set under or over a letter makes another one: such a row is left out."""
    sheet = table_kinds.Sheet()
    sheet.level(0)
    sheet.row(0, (150.0, 250.0), ("Form", "Weight", "Size"), "left")
    sheet.level(1)
    for number, row in enumerate((("Circle", "1.5", "2.5"), ("Square", "2.5", "3.5"), ("", "3.5", "4.5"))):
        sheet.row(number + 1, (150.0, 250.0), row, "left")
    sheet.put("K", table_kinds.LEFT, 3)
    sheet.put(",", table_kinds.LEFT + 2, 3.1, size=8)
    sheet.level(4)
    assert [row.split(" | ")[1] for row in sentences(read(sheet.bytes()))] == ["Circle", "Square"]


LIGATURES = {"@": "ff", "#": "ffi", "~": "fi", "&": "fl", "|": "ffl", "_": "\ufb00"}
"""Signs of a font, and the letters that it says they are; the last is one letter of Unicode by itself."""


def with_ligatures(data: bytes) -> bytes:
    """A PDF whose font says that some of its signs are several letters, as fonts with ligatures do."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    lines = [f"<{ord(sign):02x}> <{letters.encode('utf-16-be').hex()}>" for sign, letters in LIGATURES.items()]
    stream = DecodedStreamObject()
    stream.set_data(
        "begincmap 1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(lines)} beginbfchar\n{chr(10).join(lines)}\nendbfchar endcmap".encode()
    )
    place = writer._add_object(stream)
    for font in cast("dict[str, Any]", writer.pages[0]["/Resources"])["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = place
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_no_letter_of_a_ligature_is_lost() -> None:
    """Each letter reaches labels, headers and values, as it reaches the text of the page."""
    sheet = table_kinds.Sheet()
    sheet.level(0)
    sheet.row(0, (150.0, 250.0), ("O@er", "E#cient", "Ba|e"))
    sheet.level(1)
    for number, row in enumerate(
        (("Sta@", "di@erent", "12.5"), ("Ra_", "o#cial &ag", "9.0"), ("~ne &oat", "-", "7.5"))
    ):
        sheet.row(number + 1, (150.0, 250.0), row)
    sheet.level(4)
    assert sentences(read(with_ligatures(sheet.bytes()))) == [
        "Table 1 | Staff | Efficient: different | Baffle: 12.5",
        "Table 1 | Raff | Efficient: official flag | Baffle: 9.0",
        "Table 1 | fine float | Efficient: - | Baffle: 7.5",
    ]


def drawn(rulings: str) -> bytes:
    """A page with one small table, its lines drawn in one of the ways that writers draw them."""
    pdf = FPDF(unit="pt", format=(400, 300))
    pdf.add_page()
    pdf.set_font("Times", size=10)
    pdf.text(60, 60, "Table 3: Ships and logs.")
    for row, texts in enumerate((("Model", "Ships", "Logs"), *ROWS)):
        for column, text in enumerate(texts):
            pdf.text(64 + 80 * column, 92 + 14 * row, text)
    pdf.set_line_width(0.5)
    for y in (80, 96, 140):
        if rulings == "strokes":
            pdf.line(60, y, 280, y)
        elif rulings == "boxes":
            pdf.rect(60, y, 220, 0.5, style="F")
        elif rulings == "dashes":
            for x in range(60, 280, 20):
                pdf.line(x, y, x + 20, y)
    if rulings == "frame":
        pdf.rect(60, 80, 220, 60)
        pdf.line(60, 96, 280, 96)
    return bytes(pdf.output())


@pytest.mark.parametrize("rulings", ["strokes", "boxes", "dashes", "frame", "none"])
def test_lines_may_be_drawn_in_any_way(rulings: str) -> None:
    """Strokes, thin boxes, lines in pieces, a box around all, or none: the rows are the same."""
    assert sentences(read(drawn(rulings))) == [
        "Table 3 | Harbor | Ships: 12.5 | Logs: 80.1",
        "Table 3 | Orchard | Ships: 9.0 | Logs: 77.25",
        "Table 3 | Lantern | Ships: - | Logs: 64.9",
    ]


@pytest.mark.parametrize(("dots", "count"), [(INNER - 1, 1), (INNER, 0)])
def test_a_form_of_more_than_ten_thousand_objects_is_a_drawing(dots: int, count: int) -> None:
    """A line in a form rules a table, unless the form has more objects than a page that is set letter by letter."""
    header = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] "
    form = stream(b"0 0 1 1 re f " * dots + b"60 400 m 500 400 l S", header)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>"
    document = pdfium.PdfDocument(file_of(CATALOG, PAGES, page, stream(b"/X Do"), form))
    assert len(rules_of(painted(document[0]))) == count


def test_a_page_that_names_no_table_is_not_looked_at() -> None:
    """Without the word there is no table, and none of its characters is asked for."""
    pdf = FPDF(unit="pt", format=(400, 300))
    pdf.add_page()
    pdf.set_font("Times", size=10)
    pdf.text(60, 60, "Ships and logs.")
    assert read(bytes(pdf.output())) == []


def test_a_tables_page_and_caption_are_told() -> None:
    """A table knows its page, its number and its caption."""
    (table,) = read(drawn("boxes"))
    assert (table.page, table.label, table.caption) == (1, "Table 3", "Table 3: Ships and logs.")
