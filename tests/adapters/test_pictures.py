"""Boxes of sentences: each lies on its own words, on every page that the sentence goes over, and nowhere else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.adapters.pictures import sentence_boxes
from survey_extract.core.paper_text import CITABLE, PaperText
from survey_extract.core.ports import FLOATS, PictureBox, Quoted
from survey_extract.core.quote_spans import Letters, letters_of
from tests.conftest import Papers
from tests.papers.make import Paper, pdf

HEADING = "Reasoning over tides"


def paper() -> bytes:
    """Pages full of sentences; a word that is broken at the end of many lines goes on as the heading does."""
    body = " ".join(
        f"In order to enable rea\u00adsoning over {count} tides at once, the master of harbour {count} keeps a table of his own."
        for count in range(160)
    )
    return pdf(Paper("Tides", "We look at tides.", [(HEADING, [body])], columns=2))


def boxes_by_page(path: Path, text: PaperText) -> dict[tuple[int, int], list[PictureBox]]:
    """By sentence and page, the boxes of what is citable, asked for as the review page does."""
    found: dict[tuple[int, int], list[PictureBox]] = {}
    quotes = [Quoted(s.number, s.page, text.quote(s)) for s in text.sentences if s.kind in CITABLE and s.kind != "row"]
    for page in range(1, len(text.pages) + 1):
        for number, box in sentence_boxes(path, page, [q for q in quotes if page - FLOATS <= q.page <= page]):
            found.setdefault((number, page), []).append(box)
    return found


def words_under(document: pdfium.PdfDocument, page: int, boxes: list[PictureBox]) -> str:
    """The letters that stand under boxes, in their order."""
    sheet = document[page - 1]
    width, height = sheet.get_size()
    text_page = sheet.get_textpage()
    return letters_of(
        " ".join(
            text_page.get_text_bounded(
                box.left * width,
                (1 - box.top - box.height) * height,
                (box.left + box.width) * width,
                (1 - box.top) * height,
            )
            for box in boxes
        )
    )


def test_a_sentence_over_pages_has_boxes_on_each_of_them(tmp_path: Path) -> None:
    """The words under all boxes of a sentence, page after page, are the sentence: none is missing, none is another's."""
    path = tmp_path / "tides.pdf"
    path.write_bytes(paper())
    text = read_pdf(path.read_bytes())
    document = pdfium.PdfDocument(path)
    found = boxes_by_page(path, text)
    over = {number for number, page in found if (number, page + 1) in found}
    assert over, "no sentence goes over a page: make the paper longer"
    for sentence in (s for s in text.sentences if s.kind == "body"):
        pages = sorted(page for number, page in found if number == sentence.number)
        under = "".join(words_under(document, page, found[sentence.number, page]) for page in pages)
        assert under == letters_of(text.quote(sentence)), (sentence, under)


@pytest.mark.parametrize("name", ["2201.12086v2", "2304.10592v2"])
def test_sentences_of_real_papers_have_boxes_where_they_stand(shared: Path, papers: Papers, name: str) -> None:
    """Hardly a sentence has no box where it begins; of the running text, one at most goes on over each break of a page."""
    path = shared / "papers" / f"{name}.pdf"
    text = papers.texts[name]
    found = boxes_by_page(path, text)
    sentences = [s for s in text.sentences if s.kind in CITABLE and s.kind != "row"]
    assert sum((s.number, s.page) in found for s in sentences) >= 0.99 * len(sentences)
    running = {s.number: s.page for s in sentences if s.kind == "body"}
    over = Counter(page for number, page in found if page > running.get(number, page))
    assert over, "no sentence goes over a page in this paper"
    assert max(over.values()) == 1


def test_a_part_that_stands_elsewhere_by_chance_is_not_taken() -> None:
    """The rest of a sentence is on the next page; six letters of it in a heading of this one are not its place."""
    page = Letters("Reasoning over tides. Much is said of harbours here. In order to enable rea-")
    quote = "In order to enable reasoning with two tides, he keeps a table."
    assert list(page.spans(quote)) == [(53, 75)]
    assert page.rest(letters_of(quote)) == letters_of("soning with two tides, he keeps a table.")
