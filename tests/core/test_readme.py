"""The table: hostile text stays text, and what is not the table's is left alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.readme import BEGIN, END, Origin, Row, provenance, render, split
from survey_extract.core.schema import fields
from survey_extract.errors import BadReadme

README = f"# Mine\n\ntext \\alpha \\1\n{BEGIN}\nold\n{END}\nafter\n"


class Cells(HTMLParser):
    """The texts of all cells, as a browser would read them."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str | None] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "td":
            self.cells.append("")
            self._open = True
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._open:
            self.cells[-1] += data


def row(title: str, value: str, link: str = "https://arxiv.org/abs/2304.08485", name: str = "N") -> Row:
    return Row("k", name, title, link, tuple([value] * (len(fields()) - 1)), "Read: v1.")


PIECES = st.sampled_from(["<", "&", '"', "'", "</td>", "<script>", "\n\n", "-->", "\\1", "\u202e", END])
HOSTILE = st.lists(PIECES | st.characters(codec=None), max_size=60).map("".join)


@given(HOSTILE, HOSTILE)
def test_any_text_stays_in_its_cell(title: str, value: str) -> None:
    """Whatever a title or value holds, the table has its cells, its tags and one line a cell, and rendering again changes nothing."""
    rendered = render(README, [row(title, value, name=value)], "")
    table = rendered.split(BEGIN)[1].split(END)[0]
    parser = Cells()
    parser.feed(table)
    assert parser.tags == {"details", "summary", "table", "thead", "tr", "th", "tbody", "td", "a", "p", "sub"}
    expected = " ".join(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "", value).split())
    assert parser.cells[1:] == [expected] * 7
    assert "\n\n" not in table
    assert render(rendered, [row(title, value, name=value)], "") == rendered


def test_what_stands_outside_the_markers_is_kept() -> None:
    """Only the block between the markers is made; backslashes are no patterns."""
    rendered = render(README, [row("T", r"\alpha \g<0>")], "")
    assert rendered.startswith("# Mine\n\ntext \\alpha \\1\n")
    assert rendered.endswith(f"{END}\nafter\n")
    assert r"\alpha \g&lt;0&gt;" in rendered


@pytest.mark.parametrize("readme", ["none", BEGIN, f"{END}\n{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"])
def test_markers_that_are_not_in_order_are_refused(readme: str) -> None:
    """A missing, doubled or turned marker is an error, not a lost README."""
    with pytest.raises(BadReadme):
        split(readme)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", 'https://x.org/"><img>', "papers/ours.pdf"]
)
def test_links_lead_somewhere_and_run_nothing(link: str) -> None:
    """A link is http(s) or a path of the survey, escaped."""
    parser = Cells()
    parser.feed(render(README, [row("T", "v", link)], ""))
    assert parser.links == [link if link.startswith(("https:", "papers")) else "#"]


def test_an_empty_table_says_why() -> None:
    """No rows is a sentence, not a gap."""
    assert "No row is published yet" in render(README, [], "No row is published yet")


def test_provenance_names_what_was_read_and_who_stands_for_it() -> None:
    """Version, pages, imported cells and undecided ones are said in one line."""
    origins = [
        Origin("architecture_overview", "accepted", "openai", "m", (1, 4), "2026-01-02"),
        Origin("training_methods", "imported", None, None, (), "2026-01-01"),
        Origin("datasets_used", "proposed", "extractive", None, (3,), None),
    ]
    said = provenance("arXiv 2304.08485v2", True, origins)
    assert said.startswith(
        "Read: arXiv 2304.08485v2. 2 of 3 cells quoted: architecture overview p. 1, 4; datasets used p. 3."
    )
    assert "1 imported and not checked." in said
    assert "Last decided 2026-01-02." in said
    assert "Unreviewed: 1 cell" in said
    assert "extractive engine" in said
