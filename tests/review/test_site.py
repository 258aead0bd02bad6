"""One page for readers: everything is in it, it asks nobody for anything, and nothing that a source says acts in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from survey_extract.commands.site import Place, SiteCell, SiteRow, _cell, _leads
from survey_extract.core.fields import FieldSpec
from survey_extract.core.readme.table import ShownCell
from tests.conftest import Folder
from tests.papers.make import prose
from tests.review.conftest import found_by_axe
from tests.servers.loopback import Response, Server, serving

ADDRESSES = ("https://weirlane.example/", "javascript:alert(1)", None)
HOSTILE = "</article><script>alert(1)</script><img src=x onerror=alert(2)> \"' & {{ 7 * 7 }}"


def page_of(folder: Folder, *options: str) -> str:
    folder.ok("site", *options)
    return folder.read("site/index.html")


@pytest.fixture
def served(demo: Folder) -> Iterator[Server]:
    made = page_of(demo, "--publish", "any").encode()
    with serving(lambda _: Response(200, made, {"Content-Type": "text/html; charset=utf-8"})) as server:
        yield server


def shown(page: Page) -> list[str]:
    return [str(key) for key in page.eval_on_selector_all("article:not([hidden])", "all => all.map(one => one.id)")]


def test_a_reader_searches_and_chooses(served: Server, page: Page) -> None:
    """Words of any cell, a value of a list; the address keeps both, and Clear shows all again."""
    page.goto(f"{served.url}/")
    every = shown(page)
    assert len(every) == 4
    page.get_by_label("Search").fill("linear FROZEN")
    assert shown(page) == ["file-papers-harbor.pdf"]
    assert page.locator("output").inner_text() == "1 of 4"
    page.get_by_label("Search").fill("")
    page.get_by_label("Datasets: Used").select_option("LogPairs")
    assert shown(page) == ["file-papers-harbor.pdf"]
    page.reload()
    assert shown(page) == ["file-papers-harbor.pdf"], "the address keeps what was chosen"
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == every


def test_without_scripts_everything_is_there(served: Server, browser: Browser) -> None:
    """Every row and place; the form that would do nothing is not."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}/")
    assert page.locator("article").count() == 4
    assert not page.locator("form").is_visible()
    assert page.locator("details.places a").count() > 20
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1360])
def test_it_is_for_every_screen_and_reader(served: Server, browser: Browser, scheme: str, width: int) -> None:
    """axe finds nothing, and a phone need not scroll sideways."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{served.url}/")
    assert found_by_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_words_of_sources_stay_words(demo: Folder, page: Page) -> None:
    """A name, a cell and a sentence that would run do not; with --quotes neither. The page's policy allows our script alone."""
    demo.write("sources.csv", f'source,name\n./papers/evil.md,"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n')
    demo.write(
        "papers/evil.md", f"# {HOSTILE}\n\nThe architecture has an encoder and {HOSTILE} a decoder. {prose(8)}\n"
    )
    demo.ok("refresh")
    made = page_of(demo, "--publish", "any", "--quotes")
    assert len(re.findall(r"<script", made)) == 1
    with serving(lambda _: Response(200, made.encode(), {"Content-Type": "text/html; charset=utf-8"})) as server:
        page.goto(f"{server.url}/")
        assert shown(page) == ["file-papers-evil.md"]
        assert "onerror" in page.locator("h2").first.inner_text()


def test_places_lead_there_and_quotes_are_asked_for(demo: Folder) -> None:
    """A page of a file is reached from the page's own folder; the words of sentences stand there with --quotes alone."""
    plain, quoted = page_of(demo, "--publish", "any"), page_of(demo, "--publish", "any", "--quotes")
    assert "<q>" not in plain
    assert "<q>" in quoted
    for link in re.findall(r'href="([^"#]+)#page=\d+"', plain):
        assert (demo.path / "site" / link).resolve().is_file()


def test_links_are_spoken_of_where_there_are_some(demo: Folder) -> None:
    """The page says that each cell links to its place only where that is so; an address in a cell is a link itself."""
    place = Place("page 1", "x.pdf#page=1", None)
    linked, plain = SiteCell("A", "a", None, (place,)), SiteCell("B", "b", None, ())
    rows = [[linked], [linked, plain], [plain], [linked, SiteCell("C", None, None, ())]]
    told = [_leads([SiteRow("k", "n", "t", "l", "decided", tuple(cells), "", "{}")]) for cells in rows]
    assert [line.strip().partition(" links")[0] for line in told] == [
        "Each cell",
        "A cell with evidence",
        "",
        "Each cell",
    ]
    made = [_cell(FieldSpec("site", "Site", "?", type="url"), ShownCell(text), ()).address for text in ADDRESSES]
    assert made == ["https://weirlane.example/", None, None]


def test_what_is_not_published_is_named_with_the_reason(demo: Folder) -> None:
    """By the rule `reviewed` no row is shown before it is decided, and each source says what it waits for."""
    made = page_of(demo, "--publish", "reviewed")
    assert "<article" not in made
    assert "No row is published yet" in made
    assert made.count("<li>") == 4
    assert "Not in the table yet" in made


def test_it_is_written_nowhere_else(demo: Folder) -> None:
    """A file of the survey is not overwritten."""
    before = demo.read("README.md")
    ran = demo.run("site", "--output", "README.md")
    assert ran.code == 2
    assert demo.read("README.md") == before
