"""The published table, from a run to the README: its links lead to what was read, and nothing of it depends on the cache."""

from __future__ import annotations

import csv
import io
import re
import shutil
from urllib.parse import quote

import pytest

from survey_extract.commands.tables import as_csv, as_markdown
from survey_extract.core.lists.read import parse_list
from survey_extract.core.reading.markup import Leaf
from survey_extract.core.readme.links import FRAGMENT, SHOWN_LINKS, evidence_link
from survey_extract.core.readme.table import block_of, shown_link, shown_text
from survey_extract.core.records import Document
from tests.conftest import Folder, Once, in_world
from tests.fields import FIELDS
from tests.papers.make import HARBOR, ORCHARD, pdf
from tests.servers.loopback import Response
from tests.servers.world import World

PAGE = """<!doctype html><html><head><title>Lighthouse</title></head><body><main><h1>Lighthouse</h1>
<p>Lighthouse is a vision-language model whose architecture consists of an image encoder, a connector &amp; a language model.</p>
<p>The <b>image encoder</b> is a ViT-L/14 backbone, which is <i>frozen</i> in both stages - as in earlier work, more or less.</p>
<p>We train the connector, a two-layer MLP that projects visual features into the embedding space, on 600K image-text pairs.</p>
<p>We align image and text features with a contrastive loss during pre-training, then with instruction tuning.</p>
<p>The HarborCaps dataset is used for pre-training, and the PierQA benchmark for evaluation of the model.</p>
</main></body></html>"""


def hold_pages(world: World) -> None:
    """What the sources of the survey below are on the web."""
    world.pages["/example.org/lighthouse"] = lambda _: Response(200, PAGE.encode(), {"Content-Type": "text/html"})
    told = "\n\n".join(text for _, paragraphs in HARBOR.sections for text in paragraphs)
    card = f"# Card\n\n{HARBOR.abstract} **Card** is trained on 2M *pairs*.\n\n{told}"
    for path in ("/raw.githubusercontent.com/harbour/card/HEAD/README.md", "/example.org/card.md"):
        world.page(path, card)


def read(survey: Folder) -> None:
    with in_world(survey) as world:
        hold_pages(world)
        survey.write("papers/our orchard.pdf", pdf(ORCHARD))
        survey.sources(
            "2401.00001,Harbor",
            "./papers/our orchard.pdf,Orchard",
            "https://example.org/lighthouse,Lighthouse",
            "https://github.com/harbour/card,Card",
            "https://example.org/card.md,Bare card",
        )
        survey.ok("refresh")


@pytest.fixture
def published(survey: Folder, world: World, once: Once) -> Folder:
    """A paper on arXiv, a local one, a web page and a repository's README, all read, with rows shown before anyone decided."""
    once.survey("five sources", read, survey.path, SURVEY_PUBLISH="any")
    hold_pages(world)
    survey.env["SURVEY_PUBLISH"] = "any"
    return survey


def cells_of(readme: str) -> dict[str, dict[str, Leaf]]:
    rows, bad = parse_list(block_of(readme), FIELDS)
    assert not bad
    return {row.name: dict(row.leaves[1:]) for row in rows}


def links_of(readme: str) -> dict[str, list[str]]:
    return {
        name: [link.address for leaf in leaves.values() for link in leaf.evidence]
        for name, leaves in cells_of(readme).items()
    }


def test_each_cell_leads_to_its_evidence(published: Folder) -> None:
    """The version that was read at its page, the local file at its page, words of a page where a browser shows them; three at most."""
    links = links_of(published.read("README.md"))
    assert all(links.values())
    assert all(re.fullmatch(r"https://arxiv\.org/pdf/2401\.00001v1#page=\d+", link) for link in links["Harbor"])
    assert all(re.fullmatch(r"papers/our%20orchard\.pdf#page=\d+", link) for link in links["Orchard"])
    assert all(link.startswith(f"https://example.org/lighthouse#{FRAGMENT}") for link in links["Lighthouse"])
    assert all(link.startswith(f"https://github.com/harbour/card#{FRAGMENT}") for link in links["Card"])
    assert set(links["Bare card"]) == {"https://example.org/card.md"}, "the file is shown as it is, marks and all"
    quotes = {
        (row["name"], row["field"], row["page"])
        for row in published.rows("SELECT name, field, page FROM quotes WHERE page IS NOT NULL")
    }
    for name, leaves in cells_of(published.read("README.md")).items():
        for field, leaf in leaves.items():
            assert len(leaf.evidence) == len(set(leaf.evidence)) <= SHOWN_LINKS
            for link in leaf.evidence:
                paged = re.search(r"#page=(\d+)$", link.address)
                assert link.label == paged[1] if paged else link.label.startswith("source")
                assert not paged or (name, field, int(paged[1])) in quotes
    assert "/abs/" not in "".join(map("".join, links.values()))


def test_a_cell_that_stands_on_an_older_version_leads_there(published: Folder, world: World) -> None:
    """What was accepted in v1 and stands in v2 leads to v2; what v2 does not hold leads to v1, where it was read."""
    published.env["SURVEY_REVIEWER"] = "Ada"
    for _ in FIELDS.asked:
        published.run("review", "--terminal", typed="aq")
    world.paper("2401.00001", 2, data=pdf(ORCHARD))
    published.ok("refresh")
    held = published.rows(
        """SELECT field, version FROM cells c JOIN documents d ON d.key = c.key AND d.sha256 = c.document
           WHERE c.key = 'arxiv-2401.00001' AND evidence_count > 0"""
    )
    shown = cells_of(published.read("README.md"))["Harbor"]
    assert held
    for row in held:
        found = {link.place for link in shown[row["field"]].evidence}
        assert found == {f"https://arxiv.org/pdf/2401.00001{row['version']}"}, row


def test_a_fresh_clone_shows_the_same(published: Folder) -> None:
    """Without cache and DuckDB file no byte of the README changes, though no words of a page are known; a changed word is not believed."""
    before = published.read("README.md")
    shutil.rmtree(published.path / "warehouse" / "cache")
    (published.path / "warehouse" / "survey.duckdb").unlink()
    published.ok("render")
    assert published.read("README.md") == before
    other = before.replace("https://example.org/lighthouse#", "https://evil.example/#")
    published.write("README.md", other)
    published.ok("render", "--force")
    assert "evil.example" not in published.read("README.md")


def test_the_form_with_a_line_a_field_says_the_same(published: Folder) -> None:
    """``table = "fields"``: the same cells, links and notes; changing the form and back is no edit by hand."""
    listed = published.read("README.md")
    published.env["SURVEY_TABLE"] = "fields"
    published.ok("render")
    fields = published.read("README.md")
    assert "<th>Pages</th>" in fields
    rows, others = parse_list(block_of(listed), FIELDS)[0], parse_list(block_of(fields), FIELDS)[0]
    assert [(row.name, row.title, row.link, row.cells) for row in rows] == [
        (row.name, row.title, row.link, row.cells) for row in others
    ]
    assert links_of(listed) == links_of(fields)
    assert [row.note.text for row in rows if row.note] == [row.note.text for row in others if row.note]
    published.ok("render", "--check")
    published.env["SURVEY_TABLE"] = "list"
    published.ok("render")
    assert published.read("README.md") == listed


EDITS = {
    "a value": (r"<td>([^<]{30,})", r"<td>By hand. \1", "architecture_overview of arxiv-2401.00001"),
    "text among the pages": (r"(<td><a href=[^>]*#page=1\">1</a>)", r"\1 and 7", "of arxiv-2401.00001"),
    "the name of a field": ("<td>Training: Methods</td>", "<td>Training</td>", "'Training' is none of this survey's fields"),
    "a heading": ("<th>Pages</th>", "<th>Seiten</th>", "'Field' is none of this survey's fields"),
    "a line of two cells": (r"<tr>\n    <td>Training: Methods</td>\n    <td>.*</td>", "<tr>\n<td>x</td>", "2 cells under Field, Value, Pages"),
    "a line taken out": (r"    <tr>\n    <td>Training: Methods</td>(?:.|\n)*?</tr>\n", "", "lacks the columns Training.Methods"),
    "another page": (r"#page=1\">1</a>", '#page=99">99</a>', "of arxiv-2401.00001"),
    "another state": ("<p><sub>Read: ", "<p><sub>Read by me: ", "the line under Harbor"),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_no_edit_in_that_form_is_lost(published: Folder, edit: str) -> None:
    """Whatever is changed in the form with a line a field is named with its line, and nothing is written."""
    published.env["SURVEY_TABLE"] = "fields"
    published.ok("render")
    pattern, by, said = EDITS[edit]
    edited, count = re.subn(pattern, by, published.read("README.md"), count=1)
    assert count
    published.write("README.md", edited)
    ran = published.run("render")
    assert (ran.code, published.read("README.md")) == (2, edited)
    assert re.search(r"README\.md:\d+: ", ran.err)
    assert said in ran.err


def test_an_edit_in_that_form_becomes_a_decision(published: Folder) -> None:
    """``import README.md`` takes the value alone, without pages and states, and the table stands in its form again."""
    published.env |= {"SURVEY_TABLE": "fields", "SURVEY_REVIEWER": "Ada"}
    published.ok("render")
    edited = re.sub(r"<td>([^<]{30,})", r"<td>By hand.", published.read("README.md"), count=1)
    published.write("README.md", edited)
    published.ok("import", str(published.path / "README.md"))
    published.ok("render")
    assert published.rows("SELECT field, value, verdict FROM decisions") == [
        {"field": "architecture_overview", "value": "By hand.", "verdict": "edited"}
    ]
    assert "Ada decided 1 of 7 cells" in published.read("README.md")
    assert published.read("README.md").count("not yet decided") == 6


def test_our_own_readme_is_imported_without_what_we_added(published: Folder) -> None:
    """Another survey that imports the README has the same texts; numbers, states and "Not reported" are none of them."""
    other = Folder(published.path.parent / "other", {"SURVEY_REVIEWER": "Bo"})
    other.path.mkdir()
    other.ok("init")
    shutil.copytree(published.path / "papers", other.path / "papers")
    published.env["SURVEY_TABLE"] = "fields"
    published.ok("render")
    other.ok("import", str(shutil.copy(published.path / "README.md", other.path / "theirs.md")))
    other.ok("render")
    rows = [(row.name, row.cells) for row in parse_list(block_of(other.read("README.md")), FIELDS)[0]]
    assert rows == [(row.name, row.cells) for row in parse_list(block_of(published.read("README.md")), FIELDS)[0]]
    values = {row["value"] for row in other.rows("SELECT value FROM cells")}
    assert not any(value and ("Not reported" in value or "sub>" in value) for value in values)


def test_what_is_not_decided_does_not_show_where_rows_are_reviewed(survey: Folder, world: World) -> None:
    """A list of two columns, published as reviewed: the other cells stay empty though they have proposals, and the note says that these wait."""
    heads = "<th>Title</th><th>Training.Methods</th><th>Datasets.Used</th>"
    cells = '<td><a href="https://arxiv.org/abs/2401.00001">Harbor</a></td><td>In two stages.</td><td></td>'
    text = f"<details><summary>Harbor</summary><table><tr>{heads}</tr><tr>{cells}</tr></table></details>"
    survey.ok("import", str(survey.write("list.md", text)), SURVEY_REVIEWER="Ada")
    survey.ok("refresh")
    shown = {name: text for name, text in parse_list(block_of(survey.read("README.md")), FIELDS)[0][0].cells if text}
    assert shown == {"training_methods": "In two stages."}
    waiting = survey.rows("SELECT count(*) AS n FROM queue WHERE key = 'arxiv-2401.00001'")[0]["n"]
    assert re.search(rf"1 cell imported.*; {waiting} new proposals wait\.", survey.read("README.md"))
    assert "Not reported" not in survey.read("README.md")


def document(**more: str) -> Document:
    base = {"media_type": "text/html", "url": "https://x.org/p", "link": "https://x.org/p", "version": None}
    return Document(key="k", sha256="0", size=1, etag=None, last_modified=None, fetched_at="", **(base | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("made", "address"),
    [
        (document(media_type="application/pdf", url="https://arxiv.org/pdf/2401.00001v3"), "https://arxiv.org/pdf/2401.00001v3#page=4"),
        (document(media_type="application/pdf", url="https://arxiv.org/pdf/2401.00001", version="v3"), "https://arxiv.org/pdf/2401.00001v3#page=4"),
        (document(media_type="application/pdf", url="https://export.arxiv.org/pdf/hep-th/9901001v1.pdf"), "https://arxiv.org/pdf/hep-th/9901001v1#page=4"),
        (document(media_type="application/pdf"), "https://x.org/p#page=4"),
        (document(), "https://x.org/p#:~:text=a%20b"),
        (document(link="https://x.org/p#part"), "https://x.org/p#part:~:text=a%20b"),
        (document(media_type="text/markdown"), "https://x.org/p"),
        (document(media_type="text/markdown", link="https://github.com/x/y"), "https://github.com/x/y#:~:text=a%20b"),
        (document(url="papers/a.html", link="papers/a.html"), "papers/a.html"),
    ],
)  # fmt: skip
def test_a_link_leads_where_a_reader_sees_it(made: Document, address: str) -> None:
    """PDFs by page and version, pages by their words, raw files and local pages by their address alone."""
    assert evidence_link(made, 4, quote("a b")) == address


def test_a_cell_that_says_nothing_is_not_called_a_sentence(survey: Folder) -> None:
    """Of a source in which nothing was found the note says so; it calls nothing a sentence of the source."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.write(
        "papers/wetter.md",
        "# Wetter\n\n" + "Wolken ziehen vorbei. Der Regen bleibt aus, und die Sonne scheint am Abend. " * 6,
    )
    survey.sources("./papers/wetter.md,Wetter")
    survey.ok("refresh")
    assert {row["proposed"] for row in survey.rows("SELECT proposed FROM cells")} == {None}
    note = survey.read("README.md").split("<p><sub>")[1].split("</sub></p>")[0]
    assert "Nobody has decided on these 7 cells: they have no answer" in note
    assert "sentences of the source" not in note
    assert (
        survey.read("README.md").count("<td><br><sub>no answer: no sentence was found without a model</sub></td>") == 7
    )
    assert "eported" not in survey.read("README.md")
    assert {row["risk"] for row in survey.rows("SELECT risk FROM queue")} == {"no answer"}


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t=", "\n=", "\r="])
@pytest.mark.parametrize("before", ["", "words;", "words\t", "words\n", ";", "a;b;"])
def test_no_cell_of_a_csv_file_is_a_formula(begins: str, before: str) -> None:
    """Not even in a spreadsheet that takes semicolons, tabs or line ends for the end of a cell, nor in full width; nor a heading."""
    text = f"{before}{begins}cmd()"
    for value in (text, [text], {"a": text}):
        for row in csv.reader(io.StringIO(as_csv([text], [[value]]))):
            for cell in re.split(r"[;\t\r\n]", row[0]):
                assert not cell.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")), row


def test_a_qualifier_stays_what_it_is_in_csv() -> None:
    """A sign of equality with nothing behind it runs nowhere, so ``compute_qualifier`` is the same in every format."""
    assert as_csv(["q"], [["="], ["=1"]]).splitlines() == ["q", "=", "'=1"]


def test_a_cell_of_a_markdown_table_is_text() -> None:
    """No link, picture, footnote, code or entity comes of what a stranger wrote, and no cell ends early."""
    (_, _, line) = as_markdown(["x"], [["a | b ![i](u) [t](javascript:x) [^1] `c` &lt;b> <i> \\| \\["]]).splitlines()
    assert line == "| a \\| b !\\[i](u) \\[t](javascript:x) \\[^1] \\`c\\` &amp;lt;b> &lt;i> \\\\\\| \\\\\\[ |"


def test_no_name_turns_the_direction_of_a_row() -> None:
    """Overrides of direction are taken out of whatever is shown, and out of links."""
    assert shown_text("a\u202eb\u2066c\u2069") == "abc"
    assert shown_link("https://x.org/\u202egpj.exe") == "https://x.org/gpj.exe"
