"""The table: hostile text stays text, and what is not the table's is left alone."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.core.lists.read import parse_list
from survey_extract.core.readme.links import EvidenceLink
from survey_extract.core.readme.table import (
    BEGIN,
    END,
    PublishedRow,
    ShownCell,
    TableForm,
    from_page,
    index_number,
    render,
    render_index_of_pages,
    render_page,
    split,
)
from survey_extract.errors import BadReadme
from tests.fields import FIELDS

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


def row(
    title: str, value: str | None, link: str = "https://arxiv.org/abs/2304.08485", name: str = "N", *, more: str = "m"
) -> PublishedRow:
    """A row with the same text in every cell, a link whose label and address hold ``more``, and a mark of it."""
    to = EvidenceLink(more, f"https://example.org/{more}#page=3")
    return PublishedRow(
        "k", name, title, link, (ShownCell(value, (to,), more),) * (len(FIELDS.all) - 1), f"Read: v1. {more}"
    )


PIECES = st.sampled_from(["<", "&", '"', "'", "</td>", "</sup>", "<script>", "\n\n", "-->", "\\1", "\u202e", END])
HOSTILE = st.lists(PIECES | st.characters(codec=None), max_size=60).map("".join)
FORMS = pytest.mark.parametrize("form", ["list", "fields"])
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def folded(text: str) -> str:
    return " ".join(CONTROL.sub("", text).split())


@FORMS
@settings(deadline=None)  # the machine may be busy
@given(title=HOSTILE, value=HOSTILE, more=HOSTILE)
def test_any_text_stays_in_its_cell(form: TableForm, title: str, value: str, more: str) -> None:
    """Whatever a title, a value, a link or a mark holds, the table has its cells and tags; rendering again changes nothing."""
    rendered = render(README, [row(title, value, name=value, more=more)], "", FIELDS, form)
    table = rendered.split(BEGIN)[1].split(END)[0]
    parser = Cells()
    parser.feed(table)
    structure = {"details", "summary", "table", "thead", "tr", "th", "tbody", "td", "a", "p", "sub"}
    assert parser.tags - {"sup", "br"} == structure
    assert len(parser.cells) == (8 if form == "list" else 24)
    assert table.count("<td>") == len(parser.cells)
    assert "\n\n" not in table
    assert render(rendered, [row(title, value, name=value, more=more)], "", FIELDS, form) == rendered


@FORMS
@settings(deadline=None)  # the machine may be busy
@given(HOSTILE.filter(lambda text: folded(text).casefold() != "not reported"))
def test_what_render_adds_is_no_text_of_the_cell(form: TableForm, value: str) -> None:
    """Links, states and notes are not read as a cell's own text, nor "Not reported"; all else is, in either form."""
    hostile, silent, plain = row("T", value), row("T", None), row("T", "")
    rendered = render(README, [hostile, silent, plain], "", FIELDS, form)
    rows, bad = parse_list(rendered, FIELDS)
    assert not bad
    assert [[text for _, text in item.cells] for item in rows] == [[folded(value)] * 7, [""] * 7, [""] * 7]
    assert [[name for name, _ in item.cells] for item in rows] == [[spec.name for spec in FIELDS]] * 3
    assert all(leaf.evidence == hostile.cells[0].links for item in rows for _, leaf in item.leaves[1:])


@FORMS
def test_a_cell_says_what_it_is(form: TableForm) -> None:
    """Page numbers lead to pages, "not reported" is said in words, what is not decided says so, an empty cell says nothing."""
    pdf = "https://arxiv.org/pdf/2304.08485v2#page="
    links = (EvidenceLink("3", f"{pdf}3"), EvidenceLink("9", f"{pdf}9"))
    cells = (ShownCell("A & B", links, "not yet decided"), ShownCell(None), ShownCell(""))
    rendered = render(
        README, [PublishedRow("k", "N", "T", "https://x.org", cells + cells[2:] * 4, "Read: v1.")], "", FIELDS, form
    )
    evidence = f'<a href="{pdf}3">3</a>, <a href="{pdf}9">9</a>'
    if form == "list":
        assert f"<td>A &amp; B <sup>{evidence}</sup><br><sub>not yet decided</sub></td>" in rendered
    else:
        assert f"<td>A &amp; B<br><sub>not yet decided</sub></td>\n    <td>{evidence}</td>" in rendered
    assert "<td><em>Not reported</em></td>" in rendered
    assert rendered.count("<td></td>") == (5 if form == "list" else 5 + 7)
    assert "Read: v1." in rendered


def test_a_page_of_the_table_leads_up_to_the_surveys_own_files() -> None:
    """On a page under docs/survey, links to local papers lead up, those to the web stay."""
    to = EvidenceLink("2", "papers/our%20paper.pdf#page=2")
    made = PublishedRow("k", "N", "T", "./papers/our paper.pdf", (ShownCell("v", (to,)),) * 7, "Read: v1.")
    assert from_page(made).cells[0].links[0].address == "../../papers/our%20paper.pdf#page=2"
    assert 'href="../../papers/our%20paper.pdf"' in render_page(made, FIELDS)
    rows, _ = parse_list(render_page(made, FIELDS), FIELDS)
    assert rows[0].leaves[1][1].evidence == (to,)


def test_what_stands_outside_the_markers_is_kept() -> None:
    """Only the block between the markers is made; backslashes are no patterns."""
    rendered = render(README, [row("T", r"\alpha \g<0>")], "", FIELDS)
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
    parser.feed(
        render(
            README, [replace(row("T", "v", link), cells=(ShownCell("v", (EvidenceLink("1", link),)),) * 7)], "", FIELDS
        )
    )
    assert parser.links == [link if link.startswith(("https:", "papers")) else "#"] * 8


def test_an_empty_table_says_why() -> None:
    """No rows is a sentence, not a gap."""
    assert "No row is published yet" in render(README, [], "No row is published yet", FIELDS)


def test_a_readme_grows_by_a_line_for_hundreds_of_rows() -> None:
    """Four times the rows make its index four times as long, no page longer, and 100,000 rows fit well; each row is on one page."""

    def made(size: int) -> dict[str, str]:
        rows = [PublishedRow(f"web-{n:06}", f"N{n:06}", f"T{n:06}", f"https://x.org/{n}", (), "") for n in range(size)]
        return render_index_of_pages(f"{BEGIN}{END}", rows)

    small, large = made(25_000), made(100_000)
    assert len(large["README.md"]) < 4.2 * len(small["README.md"]) < 100_000
    assert max(map(len, large.values())) == max(map(len, small.values())) < 100_000
    pages = [text for name, text in large.items() if index_number(name)]
    assert re.findall(r">(N\d+)<", "".join(pages)) == [f"N{n:06}" for n in range(100_000)]
