"""The page of ``evaluate --html`` in a real browser: nothing is asked of the outside, all of it can be read, wide and narrow."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from survey_extract.core.decisions import decide
from tests.conftest import Once, new_survey
from tests.fields import FIELDS
from tests.review.conftest import COLOURS, found_by_axe
from tests.test_evaluate import archive_of
from tests.test_trials import KEYS, WORSE, Model, answered, baseline, wording

EVIL = "<script>fetch('https://example.org')</script><img src=https://example.org/x.png>"


@pytest.fixture(scope="module")
def page_file(once: Once) -> Path:
    """A page with all that it can hold: a baseline, flips, confusions of nobody, names missed, two answerers, and what it took."""

    def make(place: Path) -> None:
        with answered(new_survey(place / "survey"), Model()) as asked:
            asked.ok("refresh", "--engine", "extractive")
            run = baseline(asked)
            archive = archive_of(asked)
            one = next(a for a in archive.answers(KEYS[0]) if a.field == "datasets_used")
            archive.add_decisions(KEYS[0], [decide("edited", one.field, one, by="Ada", at="2026-01-02T00:00:00.000000Z", value=("TideBank", EVIL))])  # fmt: skip
            page = str(place / "page.html")
            asked.ok("evaluate", "--prompt", wording(asked, "worse", WORSE), "--against", run, "--html", page)

    return once("the page of evaluate", make) / "page.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_the_page_in_a_browser(page_file: Path, browser: Browser, scheme: str, width: int) -> None:
    """No request but its own, no error, nothing that axe finds (dark, by its colours), no line that runs out of a narrow screen; all details open."""
    context = browser.new_context(viewport={"width": width, "height": 860}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    troubles: list[str] = []
    page.on("request", lambda request: troubles.append(request.url))
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(page_file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert troubles == [page_file.as_uri()]
    assert found_by_axe(page, COLOURS if scheme == "dark" else {}) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("[...document.querySelectorAll('svg text')].every(t => t.getBoundingClientRect().right <= innerWidth)")  # fmt: skip
    context.close()


def test_what_the_page_says(page_file: Path, browser: Browser) -> None:
    """Every field has a plot with its n; what got worse stands first, then the cells that flipped; strangers' words are words."""
    page = browser.new_page()
    page.goto(page_file.as_uri())
    text = page.inner_text("body")
    worse = page.get_by_role("region", name="Worse, beyond the baseline's interval").inner_text()
    assert "training_methods" in worse
    assert "at least" in worse
    names = page.locator("section.plot", has_text="Datasets.Used")
    assert "2 of 4" in (names.locator("svg").text_content() or "")
    assert page.locator("section.plot h3").all_inner_texts() == ["All fields"] * 3 + [spec.heading for spec in FIELDS]
    assert page.locator("section.plot svg .was").count() > 8
    assert "Cells that flipped" in text
    assert "What the answers took" in text
    assert "Two answerers in one cell" in text
    assert EVIL in (names.locator("details").last.text_content() or "")
    assert page.locator("main script, main img").count() == 0
    page.close()
