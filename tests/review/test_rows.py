"""A row of a table on the review page: its cells are drawn as boxes, and clicking one of them chooses the row."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from survey_extract.core.tables.printed import words
from tests.conftest import Folder, use_model
from tests.papers.under_captions import HEADERS, ROWS, table_page
from tests.review.conftest import reviewing
from tests.review.test_review import crop_of_evidence, words_under
from tests.servers.loopback import serving
from tests.test_rows import citing

CELL = "/cell/file-papers-ours.pdf/training_methods"


@pytest.fixture
def cited(survey: Folder) -> Folder:
    """A paper with a table, of which a model cited the first row."""
    survey.write("papers/ours.pdf", table_page())
    survey.sources("./papers/ours.pdf,Ours")
    with serving(citing("Harbor", "Harbor has 12.5 ships.")) as server:
        use_model(survey, server)
        survey.ok("refresh")
    return survey


def test_the_cells_of_a_cited_row_are_drawn(cited: Folder, page: Page) -> None:
    """Its label, each of its values and each of their headers has a box, and the box lies on its words."""
    with reviewing(cited, page) as review:
        page.goto(review.url + CELL)
        page.wait_for_selector("#sheet[data-ready]")
        expect(page.locator(".quote").first).to_contain_text("Table 4 | Harbor | Ships: 12.5 | Logs: 80.1")
        boxes = crop_of_evidence(page)
    under = sorted(word for box in boxes for word in words(words_under(table_page(), 1, [box])))
    assert under == sorted(words(f"Harbor {HEADERS[0]} 12.5 {HEADERS[1]} 80.1"))


def test_a_click_on_a_cell_chooses_its_row(cited: Folder, page: Page) -> None:
    """A value belongs to one row; a header to all of them, so it takes no click."""
    with reviewing(cited, page) as review:
        page.goto(review.url + CELL)
        page.wait_for_selector("#sheet[data-ready]")
        value = page.locator("#sheet rect:not(.evidence):not(.shared)").last
        number = value.get_attribute("data-number")
        expect(page.locator("#sheet rect.shared")).to_have_count(len(ROWS) * len(HEADERS))
        value.click()
        expect(page.locator(f'.quote[data-number="{number}"]')).to_be_visible()
