"""Rows of tables as sentences: from real PDFs, cell by cell on the page, and nothing of what nobody sees."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from survey_extract.adapters.pdf.reader import printed_pages, read_pdf
from survey_extract.core.fingerprint import sha256_of
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.joins import false_runs
from survey_extract.core.tables.printed import words
from survey_extract.core.tables.table import Box
from tests.papers.tables import random_page
from tests.papers.under_captions import HEADERS, ROWS, table_page

PAGES = 3
"""Pages of tables that are looked at of each real paper."""


def rows(text: PaperText) -> list[str]:
    return [text.quote(sentence) for sentence in text.sentences if sentence.kind == "row"]


def test_the_rows_of_a_table_stand_under_its_caption() -> None:
    """Numbered with all others, citable, each with its caption's number, its label and each value under its header."""
    text = read_pdf(table_page())
    found = [text.quote(sentence) for sentence in text.citable()]
    at = next(n for n, quote in enumerate(found) if quote.startswith("Table 4"))
    told = [f"Table 4 | {label} | {HEADERS[0]}: {one} | {HEADERS[1]}: {two}" for label, one, two in ROWS]
    assert found[at + 1 : at + 1 + len(ROWS)] == told == rows(text)
    assert [s.number for s in text.sentences] == [*range(1, len(text.sentences) + 1)]
    assert {s.page for s in text.sentences if s.kind == "row"} == {1}


@pytest.mark.parametrize("seed", range(0, 60, 5))
def test_rows_leave_pages_and_sentences_as_they_were(seed: int) -> None:
    """The page's text is pdfium's, and every other sentence has the place and words that it has without tables."""
    text = read_pdf(random_page(seed).pdf())
    assert all(text.quote(s) == text.pages[s.page - 1][s.start : s.end] for s in text.sentences if s.kind != "row")
    for sentence in (s for s in text.sentences if s.kind == "row"):
        assert sentence.start > len(text.pages[sentence.page - 1])
        assert sentence.end - sentence.start == len(text.quote(sentence))
    assert len({(s.page, s.start) for s in text.sentences}) == len(text.sentences)
    assert text.sha256 == sha256_of(text)


def test_a_garbled_text_has_no_words_for_its_rows() -> None:
    """A text in the cache whose tables somebody took out, or parted otherwise, gives no row and no error."""
    text = read_pdf(table_page())
    for tables in ((), (replace(text.tables[0], first=99),), (replace(text.tables[0], rows=()),)):
        garbled = replace(text, tables=tables)
        assert {garbled.quote(sentence) for sentence in garbled.sentences if sentence.kind == "row"} == {""}
        assert sha256_of(garbled) != text.sha256


@pytest.mark.parametrize("seed", range(0, 60, 5))
def test_the_cells_of_every_row_are_on_the_page(seed: int) -> None:
    """In the box of each value, and of each header and label, the page has those words."""
    data = random_page(seed).pdf()
    assert list(apart(data, read_pdf(data))) == []


def apart(data: bytes, text: PaperText, pages: int | None = None) -> Iterator[str]:
    """The rows of which a cell's box does not hold the cell's words, on the first pages with tables."""
    looked = sorted({table.page for table in text.tables if table.rows})[:pages]
    with closing(pdfium.PdfDocument(data)) as document:
        for number in looked:
            with closing(document[number - 1]) as page, closing(page.get_textpage()) as text_page:
                inside = within(text_page)
                for table in (table for table in text.tables if table.page == number):
                    for row in table.rows:
                        held = [(cell.value, inside(cell.box)) for cell in row.cells]
                        held += [(" ".join(c.header), " ".join(map(inside, c.heads))) for c in row.cells if c.heads]
                        held += [(row.label, inside(row.label_box))] if row.label_box else []
                        yield from (
                            f"{said!r} {there!r}" for said, there in held if set(words(said)) - set(words(there))
                        )


def within(text_page: pdfium.PdfTextPage) -> Callable[[Box], str]:
    """What pdfium itself finds in a box, a little wider than that."""

    def inside(box: Box) -> str:
        left, bottom, right, top = box
        return str(text_page.get_text_bounded(left - 2, bottom - 2, right + 2, top + 2))

    return inside


def test_no_row_of_a_real_paper_has_a_cell_that_is_not_there(shared: Path) -> None:
    """Over all papers: what is citable as a row is on its page, cell by cell, by pdfium's text and by its boxes."""
    count = 0
    for path in sorted((shared / "papers").glob("*.pdf")):
        data = first_tables(path)
        if data is None:
            continue
        text = read_pdf(data)
        count += len(rows(text))
        assert [run for run in false_runs(printed_pages(data), text) if run.sentence.kind == "row"] == []
        assert list(apart(data, text)) == []
    assert count > 200


def first_tables(path: Path) -> bytes | None:
    """A paper's first pages that name a table, as a document of their own."""
    with closing(pdfium.PdfDocument(path)) as document, closing(pdfium.PdfDocument.new()) as part:
        named = [n for n in range(len(document)) if "\nTable " in document[n].get_textpage().get_text_range()]
        if not named:
            return None
        part.import_pages(document, named[:PAGES])
        out = io.BytesIO()
        part.save(out)
        return out.getvalue()


@pytest.mark.parametrize("place", ["a value", "a header", "the label", "between two cells", "a blank cell"])
@pytest.mark.parametrize("trick", ["in white", "too small", "under a box"])
def test_a_row_with_a_hidden_character_is_never_citable(place: str, trick: str) -> None:
    """Whatever hides it, and wherever in the row: no word of it is quoted, and the rows that it touches abstain."""
    first = ("Harbor", "12.5", "") if place == "a blank cell" else ROWS[0]
    text = read_pdf(table_page((first, *ROWS[1:]), hidden=(place, trick)))
    assert not any("secret" in quote or "99" in quote for quote in rows(text))
    (table,) = text.tables
    assert table.abstained >= 1
    assert len(rows(text)) == (0 if place == "a header" else len(ROWS) - 1)
