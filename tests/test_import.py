"""Lists come in and go out again unchanged; edits by hand are never lost, and neither are decisions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from survey_extract.core.decisions import decide
from survey_extract.core.lists.newer import suggest, wants_saying
from survey_extract.core.lists.read import parse_list
from tests.conftest import Folder, Once
from tests.fields import FIELDS
from tests.papers.make import HARBOR, pdf

HEADS = "".join(f"<th>{spec.heading}</th>" for spec in FIELDS.all)


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
    rows, bad = parse_list(readme, FIELDS)
    assert not bad
    return [(row.name, row.title, row.link, tuple(text for _, text in row.cells)) for row in rows]


@pytest.fixture
def reviewer(survey: Folder) -> Folder:
    survey.env["SURVEY_REVIEWER"] = "Ada"
    return survey


def test_the_first_list_comes_out_as_it_went_in(reviewer: Folder, shared: Path) -> None:
    """24 x 8 cells and links, imported and rendered, are equal cell by cell; rendering again changes no byte."""
    seed = shared / "seed" / "README.md"
    assert "24 sources added, 192 cells recorded (24 titles among them)" in reviewer.ok("import", str(seed)).err
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
    assert "7 cells imported, not checked against the source." in rendered


def test_importing_twice_records_nothing_twice(reviewer: Folder, shared: Path) -> None:
    """The second import adds no source and no decision."""
    seed = str(shared / "seed" / "README.md")
    reviewer.ok("import", seed)
    told = reviewer.ok("import", seed).err
    assert "0 sources added, 0 cells recorded, 0 kept" in told
    assert "of 192 cells in README.md: 192 as they stand already" in told


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
    rows, bad = parse_list(MESSY, FIELDS)
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
    spec = FIELDS.named("datasets_used")
    assert spec.value_of("COCO, Flickr30K (a, b), SBU") == ("COCO", "Flickr30K (a, b)", "SBU")
    assert spec.value_of("COCO,  SBU") == ("COCO,  SBU",)
    assert spec.value_of("") is None


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
        (
            "# A list\n\n| Title | Year |\n| :-- | --: |\n| [A](https://a.example) | 1999 |\n",
            ":3: the heading 'Year' is none",
        ),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_imported(reviewer: Folder, text: str, says: str) -> None:
    """One bad table stops the import with its line; ``--partial`` imports the others and says what it skipped."""
    good = listed(("Good", "https://arxiv.org/abs/2401.00009")).replace("# A list\n", "")
    path = reviewer.write("list.md", text + ("\n" + good if "<table" in text else ""))
    before = reviewer.read("sources.csv")
    ran = reviewer.run("import", str(path))
    assert (ran.code, reviewer.read("sources.csv")) == (2, before)
    assert says in ran.err
    assert not (reviewer.path / "warehouse" / "decisions").exists()
    if "<table" in text:
        assert "skipped" in reviewer.ok("import", str(path), "--partial").err
        assert "2401.00009" in reviewer.read("sources.csv")


def suggestions(folder: Folder) -> list[dict[str, object]]:
    return folder.rows("SELECT field, value FROM decisions WHERE verdict = 'suggested' ORDER BY decided_at, field")


def test_a_decision_is_never_overwritten_by_a_list(published: Folder) -> None:
    """A cell that a person decided keeps its value; the list's other text is named with its line."""
    link = "https://arxiv.org/abs/2401.00001"
    text = published.read("README.md").replace("Some text. A 2", "By hand")
    published.ok("import", str(published.write("README.md", text)))
    ran = published.ok("import", str(published.write("two.md", listed(("A", link), text="Other text."))))
    assert re.search(r"kept: training_methods of arxiv-2401\.00001 \(two\.md:6\)", ran.err)
    assert "6 cells differ from the earlier import and wait in the queue: survey-extract review" in ran.err
    assert len(suggestions(published)) == 6
    standing = published.rows("SELECT value FROM cells WHERE key = 'arxiv-2401.00001'")
    assert {row["value"][:10] for row in standing} == {"Some text.", "By hand"}


def test_a_newer_list_proposes_and_says_nothing_twice(published: Folder) -> None:
    """A changed cell waits as ``suggested`` and stands for nothing; the same list again, or an empty cell, adds nothing."""
    published.ok("render")
    before = published.read("README.md")
    newer = published.read("list.md").replace("Some text. A 2", "Newer text").replace("Some text. A 3", "")
    path = str(published.write("list.md", newer))
    assert "1 cell differs from the earlier import" in published.ok("import", path).err
    assert "differ" not in published.ok("import", path).err
    assert suggestions(published) == [{"field": "training_methods", "value": "Newer text"}]
    published.ok("render")
    assert published.read("README.md") == before.replace("the source.", "the source; 1 new proposal waits.", 1)
    older = published.write("list.md", newer.replace("Newer text", "Some text. A 2"))
    published.ok("import", str(older))
    assert [row["value"] for row in suggestions(published)] == ["Newer text", "Some text. A 2"]
    published.ok("import", str(older))
    assert len(suggestions(published)) == 2


def test_what_a_person_rejected_is_not_suggested_again() -> None:
    """A rejection is bound to the hash of what was suggested, whatever was suggested since; another text is news."""
    said = [
        suggest("title", text, by="Ada", at=f"2026-01-0{day}", reason="r") for day, text in enumerate("xy", start=1)
    ]
    rejected = decide("rejected", "title", None, by="Ada", at="2026-01-03")
    given = [said[0], replace(rejected, judged_sha256=said[0].judged_sha256), said[1]]
    assert [wants_saying(given, text, stands=False) for text in ("x", "y", "z")] == [False, False, True]
    assert wants_saying(given, "x", stands=True)
    assert not wants_saying([], "x", stands=True)


def test_rows_that_are_gone_or_renamed_are_told_by_line(published: Folder) -> None:
    """Another name, another link and a row that is missing are told; nothing is deleted or renamed."""
    newer = listed(("A2", "https://arxiv.org/abs/2401.00001"), ("B", "https://example.org/other"))
    ran = published.ok("import", str(published.write("list.md", newer)))
    assert "list.md:6: 'A2' (arxiv-2401.00001) is 'A' in sources.csv:2" in ran.err
    assert "list.md:11: 'B' leads to https://example.org/other and not, as in sources.csv:3" in ran.err
    assert "sources.csv:3: 'B' (web-example.org-b) is no longer in list.md" in ran.err
    assert "list.md:6: the title of arxiv-2401.00001 is 'Title of A2', but 'Title of A' is kept" in ran.err
    assert published.read("sources.csv").count("\n") == 4


def test_an_empty_cell_of_a_list_says_nothing(reviewer: Folder) -> None:
    """Six of eight columns, or a cell left empty, leave no decision behind."""
    text = listed(("A", "https://arxiv.org/abs/2401.00001")).replace("<td>Some text. A 2</td>", "<td> </td>")
    reviewer.ok("import", str(reviewer.write("list.md", text)))
    assert reviewer.rows("SELECT count(*) AS n FROM decisions WHERE field = 'training_methods'") == [{"n": 0}]
    assert reviewer.rows("SELECT count(*) AS n FROM decisions") == [{"n": 7}]


def test_markup_in_a_list_is_told(reviewer: Folder) -> None:
    """Cells are plain text: tags in a cell are named with their line, the words are kept."""
    text = listed(("A", "https://arxiv.org/abs/2401.00001")).replace(
        "Some text. A 2", 'A <b>bold</b> <a href="x">word</a>'
    )
    ran = reviewer.ok("import", str(reviewer.write("list.md", text)))
    assert "list.md:6: <b> in training_methods of arxiv-2401.00001: cells are plain text" in ran.err
    assert 'list.md:6: <a href="x"> in training_methods' in ran.err
    assert reviewer.rows("SELECT value FROM cells WHERE field = 'training_methods'") == [{"value": "A bold word"}]


# --- edits by hand --------------------------------------------------------------------------------


@pytest.fixture
def published(once: Once, tmp_path: Path) -> Folder:
    def make(survey: Folder) -> None:
        rows = listed(("A", "https://arxiv.org/abs/2401.00001"), ("B", "https://example.org/b"))
        survey.ok("import", str(survey.write("list.md", rows)))
        survey.ok("render")

    return once.survey("an imported list", make, tmp_path / "survey", SURVEY_REVIEWER="Ada")


def test_an_edit_by_hand_becomes_a_decision(published: Folder) -> None:
    """``render`` refuses and names the cell; ``import README.md`` keeps the edit; then it stands and nothing else changed."""
    before = published.read("README.md")
    edited = before.replace("Some text. A 2", "A better &amp; <i>truer</i> text")
    published.write("README.md", edited)
    ran = published.run("render")
    line = edited[: edited.index("A better")].count("\n")
    assert (ran.code, published.read("README.md")) == (2, edited)
    assert re.search(r"README\.md:\d+: training_methods of arxiv-2401\.00001", ran.err), (ran.err, line)
    told = published.ok("import", str(published.path / "README.md")).err
    assert "1 cell recorded" in told
    assert "of 16 cells in README.md: 1 recorded, 15 as they stand already" in told
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
    stands = [cells for _, _, _, cells in cells_of(before)]
    expected = tuple("A better & truer text" if text == "Some text. A 2" else text for text in stands[0])
    assert [cells for _, _, _, cells in cells_of(published.read("README.md"))] == [expected, stands[1]]


def test_a_new_title_is_an_edit_too(published: Folder) -> None:
    """A title by hand stands before that of the metadata."""
    published.write("README.md", published.read("README.md").replace("Title of B", "A truer title"))
    assert "1 cell recorded" in published.ok("import", str(published.path / "README.md")).err
    published.ok("render")
    assert published.rows("SELECT title FROM survey WHERE name = 'B'") == [{"title": "A truer title"}]
    published.ok("render", "--check")


@pytest.mark.parametrize("left", ["", " ", "&nbsp;", "\u200b", "–", "-", "?", "…", "<br>"])
def test_an_emptied_cell_is_no_claim(published: Folder, left: str) -> None:
    """Whatever is left of it: render and import name it with its line and the ways to say something, and no value changes.

    It was once taken for "not reported", a claim about the source that nobody had made.
    """
    before = published.rows("SELECT key, field, state, value FROM cells")
    text = published.read("README.md").replace("<td>Some text. B 0</td>", f"<td>{left}</td>")
    text = text.replace("Some text. A 2", "Other words")
    published.write("README.md", text)
    line = text[: text.index(f"<td>{left}</td>")].count("\n") + 1
    for command in (["render"], ["import", str(published.path / "README.md")]):
        ran = published.run(*command)
        assert (ran.code, f"README.md:{line}: architecture_overview of web-example.org-b was emptied" in ran.err) == (
            2,
            True,
        ), ran.err
        assert "write “Not reported”" in ran.err
        assert "with `x`" in ran.err
    assert published.rows("SELECT key, field, state, value FROM cells") == before
    assert "1 cell recorded" in published.ok("import", str(published.path / "README.md"), "--partial").err
    kept = published.rows(
        "SELECT state, value FROM cells WHERE field = 'architecture_overview' AND key = 'web-example.org-b'"
    )
    assert kept == [{"state": "imported", "value": "Some text. B 0"}]
    published.write("README.md", text.replace(f"<td>{left}</td>", "<td>Not reported</td>"))
    published.ok("import", str(published.path / "README.md"))
    said = published.rows("SELECT state FROM cells WHERE field = 'architecture_overview' AND key = 'web-example.org-b'")
    assert said == [{"state": "not_reported"}]


def test_what_a_cell_said_before_is_an_edit_too(published: Folder) -> None:
    """Whoever puts it back after other words were taken in is asked, and heard."""
    stale = published.read("README.md")
    published.write("README.md", stale.replace("Some text. A 0", "New words"))
    published.ok("import", str(published.path / "README.md"))
    published.write("README.md", stale)
    assert published.run("render").code == 2
    assert published.read("README.md") == stale
    published.ok("import", str(published.path / "README.md"))
    published.ok("render")
    assert "New words" not in published.read("README.md")


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
    assert "the row 'New' (https://arxiv.org/abs/2401.00005) is not a source of this survey" in ran.err


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
    assert len(FIELDS.asked) == 7


def test_nobody_decides_without_a_name(survey: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither the settings nor git says who, nothing is decided."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    ran = survey.run("import", str(survey.write("list.md", listed(("A", "https://example.org/a")))))
    assert (ran.code, "who decides?" in ran.err) == (2, True)
