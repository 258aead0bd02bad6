"""A row of a table on the review page: its cells are drawn as boxes, and clicking one of them chooses the row."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from survey_extract.core.tables.printed import words
from tests.conftest import Folder, use_model
from tests.papers.under_captions import HEADERS, ROWS, table_page
from tests.review.conftest import press, reviewing
from tests.review.test_review import crop_of_evidence, words_under
from tests.servers.loopback import serving
from tests.servers.openai_server import answering
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


POND = "# Ponds\n\nThe heath was walked over by two people in one week of June, from its north to its south, at dawn and once more at dusk, and all that was seen of birds and sites is listed here.\n\n| Site | Area (ha) | Birds |\n|---|---|---|\n| Alder | 12.5 | 14 |\n"


@pytest.mark.parametrize("twice", [False, True])
def test_the_row_that_a_model_did_not_cite_is_on_offer(survey: Folder, page: Page, twice: bool) -> None:
    """Said to be the tool's own find; marked with one key, it carries the value with its unit. Of two, none is called the one."""
    again = POND.rsplit("\n\n", maxsplit=1)[-1].replace("14", "15") if twice else ""
    survey.write("papers/ponds.md", f"{POND}\nThe rain ended it in the autumn.\n\n{again}\nIt was a good year.\n")
    survey.write("fields.toml", '[area]\ntype = "number"\nunit = "ha"\nask = "The area of the heath."\n')
    survey.sources("./papers/ponds.md,Ponds")
    with serving(answering(lambda _: {"value": "12.5 ha", "evidence": [2]})) as server:
        use_model(survey, server)
        survey.ok("refresh")
    assert survey.rows("SELECT check_state FROM queue") == [{"check_state": "elsewhere"}]
    with reviewing(survey, page) as review:
        page.goto(f"{review.url}/cell/file-papers-ponds.md/area")
        offer = page.locator("[data-near]")
        expect(offer).to_contain_text("Found by the tool, and not cited")
        expect(offer).to_contain_text("2 cells" if twice else "this one cell")
        expect(page.locator("#near li")).to_have_count(2 if twice else 1)
        expect(page.locator("#quotes")).not_to_contain_text("12.5")
        press(page, "1")
        expect(page.locator("#quotes")).to_contain_text("Alder | Area (ha): 12.5")
        press(page, "a")
        expect(page.locator("body")).to_contain_text("Area: accepted")
    assert survey.rows("SELECT evidence_count, check_state FROM cells") == [
        {"evidence_count": 2, "check_state": "in evidence"}
    ]
