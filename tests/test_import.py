"""Lists come in and go out again unchanged; edits by hand are never lost, and neither are decisions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from survey_extract.core.listing import parse_list, value_of
from survey_extract.core.schema import asked_fields, field, fields
from tests.conftest import Folder
from tests.papers.make import HARBOR, pdf

HEADS = "".join(f"<th>{spec.heading}</th>" for spec in fields())


def listed(*rows: tuple[str, str], cells: int = 7, text: str = "Some text.") -> str:
    """A list as ours, with the same text in every cell."""
    blocks = []
    for name, link in rows:
        body = "".join(f"<td>{text} {name} {n}</td>" for n in range(cells))
        blocks.append(
            f"<details>\n<summary>{name}</summary>\n<table><thead><tr>{HEADS}</tr></thead>\n<tbody><tr>\n"
            f'<td><a href="{link}">Title of {name}</a></td>{body}</tr></tbody></table></details>'
        )
    return "# A list\n" + "\n".join(blocks)


def cells_of(readme: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    rows, bad = parse_list(readme)
    assert not bad
    return [(row.name, row.title, row.link, tuple(text for _, text in row.cells)) for row in rows]


@pytest.fixture
def reviewer(survey: Folder) -> Folder:
    survey.env["SURVEY_REVIEWER"] = "Ada"
    return survey


def test_the_first_list_comes_out_as_it_went_in(reviewer: Folder, shared: Path) -> None:
    """24 x 8 cells and links, imported and rendered, are equal cell by cell; rendering again changes no byte."""
    seed = shared / "seed" / "README.md"
    assert "24 sources added, 192 cells recorded" in reviewer.ok("import", str(seed)).err
    reviewer.ok("render")
    before, after = cells_of(seed.read_text()), cells_of(reviewer.read("README.md"))
    assert len(after) == 24
    assert all(len(row[3]) == 7 for row in after)
    assert after == before
    rendered = reviewer.read("README.md")
    reviewer.ok("render")
    assert reviewer.read("README.md") == rendered
    assert reviewer.rows("SELECT DISTINCT verdict, decided_by FROM decisions") == [
        {"verdict": "imported", "decided_by": "Ada"}
    ]
    assert "7 imported and not checked" in rendered


def test_importing_twice_records_nothing_twice(reviewer: Folder, shared: Path) -> None:
    """The second import adds no source and no decision."""
    seed = str(shared / "seed" / "README.md")
    reviewer.ok("import", seed)
    assert "0 sources added, 0 cells recorded, 0 kept" in reviewer.ok("import", seed).err


MESSY = """
<DETAILS><Summary>
  Boat &amp; Map </summary>
<table>
 <tr><TH> TITLE <th>architecture overview</th><th>Architecture.  Components<th>training methods<th>Datasets used<th>datasets.purpose
 <tr> <td>  <a class=x href=" https://arxiv.org/abs/2401.00001v2 ">The
   title</a> <td>One &lt;b&gt; two&nbsp;three<br>four <td> <td>Trained &quot;well&quot;<td>COCO, Flickr30K (a, b)</td><td>Both
</table>
"""


def test_peoples_html_is_read_as_a_browser_reads_it() -> None:
    """Stray spaces, other capitals, six columns, entities and missing end tags change nothing of what is said."""
    rows, bad = parse_list(MESSY)
    assert not bad
    assert [(row.name, row.title, row.link, row.line) for row in rows] == [
        ("Boat & Map", "The title", "https://arxiv.org/abs/2401.00001v2", 6)
    ]
    assert dict(rows[0].cells) == {
        "architecture_overview": "One <b> two three four",
        "architecture_components": "",
        "training_methods": 'Trained "well"',
        "datasets_used": "COCO, Flickr30K (a, b)",
        "datasets_purpose": "Both",
    }


def test_names_of_a_list_are_split_where_they_join_again() -> None:
    """A comma inside brackets parts no names; a text that would not join again is one name."""
    spec = field("datasets_used")
    assert value_of(spec, "COCO, Flickr30K (a, b), SBU") == ("COCO", "Flickr30K (a, b)", "SBU")
    assert value_of(spec, "COCO,  SBU") == ("COCO,  SBU",)
    assert value_of(spec, "") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            listed(("A", "https://arxiv.org/abs/2401.00001")).replace("Training.Methods", "Colour"),
            ":4: the heading 'Colour' is none",
        ),
        (listed(("A", "https://arxiv.org/abs/2401.00001"), cells=6), ":6: 7 cells under 8 headings"),
        (listed(("A", "ftp://nowhere")), ":6: 'ftp://nowhere': only http"),
        (
            listed(("A", "https://arxiv.org/abs/2401.00001"), ("B", "https://arxiv.org/pdf/2401.00001v2")),
            "the same source as line",
        ),
        ("# no table here", ":1: there is no table"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_imported(reviewer: Folder, text: str, says: str) -> None:
    """One bad table stops the import with its line; ``--partial`` imports the others and says what it passed over."""
    good = listed(("Good", "https://arxiv.org/abs/2401.00009")).replace("# A list\n", "")
    path = reviewer.write("list.md", text + ("\n" + good if "<table" in text else ""))
    before = reviewer.read("sources.csv")
    ran = reviewer.run("import", str(path))
    assert (ran.code, reviewer.read("sources.csv")) == (2, before)
    assert says in ran.err
    assert not (reviewer.path / "warehouse" / "decisions").exists()
    if "<table" in text:
        assert "passed over" in reviewer.ok("import", str(path), "--partial").err
        assert "2401.00009" in reviewer.read("sources.csv")


def test_a_decision_is_never_overwritten_by_a_list(reviewer: Folder) -> None:
    """A cell that is decided keeps its value; the list's other text is named."""
    link = "https://arxiv.org/abs/2401.00001"
    reviewer.ok("import", str(reviewer.write("one.md", listed(("A", link)))))
    ran = reviewer.ok("import", str(reviewer.write("two.md", listed(("A", link), text="Other text."))))
    assert ran.err.count("kept: ") == 7
    assert {row["value"][:10] for row in reviewer.rows("SELECT value FROM cells")} == {"Some text."}


# --- edits by hand --------------------------------------------------------------------------------


@pytest.fixture
def published(reviewer: Folder) -> Folder:
    reviewer.ok(
        "import",
        str(
            reviewer.write("list.md", listed(("A", "https://arxiv.org/abs/2401.00001"), ("B", "https://example.org/b")))
        ),
    )
    reviewer.ok("render")
    return reviewer


def test_an_edit_by_hand_becomes_a_decision(published: Folder) -> None:
    """``render`` refuses and names the cell; ``import README.md`` keeps the edit; then it stands and nothing else changed."""
    before = published.read("README.md")
    edited = before.replace("Some text. A 2", "A better &amp; <i>truer</i> text")
    published.write("README.md", edited)
    ran = published.run("render")
    line = edited[: edited.index("A better")].count("\n")
    assert (ran.code, published.read("README.md")) == (2, edited)
    assert re.search(r"README\.md:\d+: training_methods of arxiv-2401\.00001", ran.err), (ran.err, line)
    assert "1 cells recorded" in published.ok("import", str(published.path / "README.md")).err
    published.ok("render")
    decision = published.rows("SELECT key, field, verdict, value, reason FROM decisions WHERE verdict = 'edited'")
    assert decision == [
        {
            "key": "arxiv-2401.00001",
            "field": "training_methods",
            "verdict": "edited",
            "value": "A better & truer text",
            "reason": "edited in README.md",
        }
    ]
    changed = set(published.read("README.md").splitlines()) ^ set(before.splitlines())
    assert {text.strip() for text in changed if "<td>" in text} == {
        "<td>Some text. A 2</td>",
        "<td>A better &amp; truer text</td>",
    }


def test_an_emptied_cell_and_a_new_title_are_edits_too(published: Folder) -> None:
    """Taking a text out is "not reported"; a title by hand stands before that of the metadata."""
    text = (
        published.read("README.md")
        .replace("<td>Some text. B 0</td>", "<td></td>")
        .replace("Title of B", "A truer title")
    )
    published.write("README.md", text)
    assert "2 cells recorded" in published.ok("import", str(published.path / "README.md")).err
    published.ok("render")
    assert published.rows("SELECT title, architecture_overview FROM survey WHERE name = 'B'") == [
        {"title": "A truer title", "architecture_overview": None}
    ]
    published.ok("render", "--check")


def test_a_stale_cell_is_no_edit(published: Folder) -> None:
    """What the cell said before may be overwritten: it is in the history."""
    stale = published.read("README.md")
    published.write("README.md", stale.replace("Some text. A 0", "New words"))
    published.ok("import", str(published.path / "README.md"))
    published.write("README.md", stale)
    published.ok("render")
    assert "New words" in published.read("README.md")


def test_force_and_check_say_what_would_be_lost(published: Folder) -> None:
    """``--check`` shows the edit as a difference, ``--force`` loses it, and only that."""
    before = published.read("README.md")
    published.write("README.md", before.replace("Some text. A 0", "By hand"))
    ran = published.run("render", "--check")
    assert (ran.code, "By hand" in ran.out) == (1, True)
    published.ok("render", "--force")
    assert published.read("README.md") == before


def test_a_row_of_an_unknown_source_is_not_swallowed(published: Folder) -> None:
    """A row that someone added to the README is named with its line, not overwritten."""
    row = listed(("New", "https://arxiv.org/abs/2401.00005")).replace("# A list\n", "")
    text = published.read("README.md").replace("<!-- survey:end -->", f"{row}\n<!-- survey:end -->")
    published.write("README.md", text)
    ran = published.run("render")
    assert (ran.code, published.read("README.md")) == (2, text)
    assert "the row 'New' (https://arxiv.org/abs/2401.00005) is no source of this survey" in ran.err


def test_a_night_does_not_overwrite_an_edit(reviewer: Folder) -> None:
    """``refresh`` finishes its work, leaves the README alone, says so, and exits 1."""
    reviewer.write("papers/harbor.pdf", pdf(HARBOR))
    reviewer.sources("./papers/harbor.pdf,Harbor")
    reviewer.env["SURVEY_PUBLISH"] = "any"
    reviewer.ok("refresh")
    edited = reviewer.read("README.md").replace("<td>A linear projection maps", "<td>By hand: a linear projection maps")
    assert edited != reviewer.read("README.md")
    reviewer.write("README.md", edited)
    ran = reviewer.run("refresh")
    assert (ran.code, reviewer.read("README.md")) == (1, edited)
    assert "README.md was not written: edited by hand" in ran.err
    reviewer.ok("import", str(reviewer.path / "README.md"))
    reviewer.ok("refresh")
    assert reviewer.rows("SELECT count(*) AS n FROM cells WHERE state = 'edited'") == [{"n": 1}]
    assert len(asked_fields()) == 7


def test_nobody_decides_without_a_name(survey: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the settings nor git says who, nothing is decided."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    ran = survey.run("import", str(survey.write("list.md", listed(("A", "https://example.org/a")))))
    assert (ran.code, "who decides?" in ran.err) == (2, True)
