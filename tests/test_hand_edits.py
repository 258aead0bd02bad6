"""No edit inside the markers is lost without a word, and nothing that render wrote is called one."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.lists.read import parse_list
from survey_extract.core.lists.rendered import Record, form_of, record_of, rendering
from survey_extract.core.ports import Warehouse
from survey_extract.core.readme.table import (
    BEGIN,
    END,
    PAGES,
    PublishedRow,
    ShownCell,
    block_of,
    page_name,
    render,
    render_index,
    render_page,
)
from survey_extract.pipeline.edits import edits_in, table_of
from tests.conftest import Folder
from tests.fields import FIELDS
from tests.test_import import listed

ROWS = (
    ("A", "https://arxiv.org/abs/2401.00001"),
    ("B", "https://example.org/b"),
    ("C & D", "https://arxiv.org/abs/2401.00003"),
)
NEW = "https://arxiv.org/abs/2401.00099"
Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A survey of three rows, imported and rendered into its README; made once."""
    env = {"SURVEY_REVIEWER": "Ada", "SURVEY_READERS": "1", "SURVEY_ARXIV_PACE": "0"}
    folder = Folder(tmp_path_factory.mktemp("made") / "survey", env)
    folder.path.mkdir()
    folder.ok("init")
    folder.ok("import", str(folder.write("list.md", listed(*ROWS).replace("C & D", "C &amp; D"))))
    folder.ok("render")
    return folder


@pytest.fixture
def whole(made: Folder, tmp_path: Path) -> Folder:
    """A copy of it."""
    shutil.copytree(made.path, tmp_path / "survey")
    return Folder(tmp_path / "survey", dict(made.env))


@pytest.fixture(scope="module")
def made_in_pages(made: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("pages") / "survey", made.env | {"SURVEY_README_BYTES": "1500"})
    shutil.copytree(made.path, folder.path)
    folder.ok("render")
    assert (folder.path / "docs" / "survey" / "arxiv-2401.00001.md").is_file()
    return folder


@pytest.fixture
def divided(made_in_pages: Folder, tmp_path: Path) -> Folder:
    """The same, split into pages."""
    shutil.copytree(made_in_pages.path, tmp_path / "survey")
    return Folder(tmp_path / "survey", dict(made_in_pages.env))


def swap(old: str, new: str, count: int = 1) -> Edit:
    def edit(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, count)

    return edit


def blocks(text: str) -> list[str]:
    """The head, each row, and the tail of a README."""
    return re.split(r"(?=<details>)|(?<=</details>)\n(?=<!--)", text)


def without_row(text: str) -> str:
    head, a, _, c, tail = blocks(text)
    return f"{head}{a}{c}\n{tail}"


def reordered(text: str) -> str:
    head, a, b, c, tail = blocks(text)
    return f"{head}{b}{a}{c}\n{tail}"


def doubled(text: str) -> str:
    head, a, b, c, tail = blocks(text)
    return f"{head}{a}{a}{b}{c}\n{tail}"


def without_column(heading: str, number: int, rows: int) -> Edit:
    def edit(text: str) -> str:
        text = text.replace(f"    <th>{heading}</th>\n", "", rows)
        return re.sub(rf"    <td>Some text\. [^<]* {number}</td>\n", "", text, count=rows)

    return edit


def emptied(text: str) -> str:
    return text[: text.index(BEGIN) + len(BEGIN)] + "\n" + text[text.index(END) :]


def in_second(old: str, new: str) -> Edit:
    """The same edit in the second place where ``old`` stands."""

    def edit(text: str) -> str:
        at = text.index(old, text.index(old) + 1)
        return text[:at] + new + text[at + len(old) :]

    return edit


BETWEEN = "</details>\n<details>"
CELL = "<td>Some text. A 2</td>"
ROW = listed(("New", NEW)).removeprefix("# A list\n")

EDITS: dict[str, tuple[Edit, str]] = {
    # cells
    "a cell's words": (swap("Some text. A 2", "Other words"), "training_methods of arxiv-2401.00001"),
    "one letter of a cell": (swap("Some text. A 2", "Some text, A 2"), "training_methods of arxiv-2401.00001"),
    "a word behind a cell's text": (swap("A 2</td>", "A 2 and more</td>"), "training_methods of arxiv-2401.00001"),
    "an emptied cell": (swap("Some text. A 2", ""), "training_methods of arxiv-2401.00001"),
    "a title": (swap("Title of A", "Another title"), "title of arxiv-2401.00001"),
    "a word behind a title": (swap("Title of A</a>", "Title of A</a> (new!)"), "title of arxiv-2401.00001"),
    "bold in a cell": (swap(CELL, "<td>Some <b>text</b>. A 2</td>"), "<b> in training_methods of arxiv-2401.00001"),
    "italics in a cell": (swap(CELL, "<td>Some <i>text</i>. A 2</td>"), "<i> in training_methods"),
    "code in a cell": (swap(CELL, "<td>Some <code>text</code>. A 2</td>"), "<code> in training_methods"),
    "a link in a cell": (swap(CELL, '<td>Some <a href="https://x.org">text</a>. A 2</td>'), "<a href="),
    "a break in a cell": (swap(CELL, "<td>Some text.<br>A 2</td>"), "<br> in training_methods"),
    "a list in a cell": (swap(CELL, "<td><ul><li>Some text.</li><li>A 2</li></ul></td>"), "<li> in training_methods"),
    "a picture in a cell": (swap(CELL, '<td>Some text. A 2<img src="a.png"></td>'), "<img"),
    "a comment in a cell": (swap(CELL, "<td>Some text. A 2<!-- check --></td>"), "<!--"),
    "a small text in a cell": (swap(CELL, "<td>Some text. A <sub>2</sub></td>"), "<sub> in training_methods"),
    "a power in a cell": (swap(CELL, "<td>Some text. A <sup>2</sup></td>"), "<sup> in training_methods"),
    "a mark of evidence": (swap(CELL, '<td>Some text. A 2<sup><a href="x">3</a></sup></td>'), "training_methods"),
    "a state in a cell": (swap(CELL, "<td>Some text. A 2<br><sub>checked!</sub></td>"), "training_methods"),
    "bold in a title": (swap("Title of A", "<b>Title</b> of A"), "<b> in title of arxiv-2401.00001"),
    "an attribute of a cell": (swap(CELL, CELL.replace("<td>", '<td align="right">')), '<td align="right">'),
    # rows
    "a row as HTML": (swap(BETWEEN, f"</details>\n{ROW}\n<details>"), f"survey-extract add {NEW}"),
    "a row as a bullet": (swap(BETWEEN, f"</details>\n\n- [New]({NEW}), 2026\n\n<details>"), f"survey-extract add {NEW}"),
    "a row as a starred bullet": (swap(BETWEEN, f"</details>\n* New: {NEW}.\n<details>"), f"survey-extract add {NEW}`"),
    "a row as a Markdown row": (swap(BETWEEN, f"</details>\n| [New]({NEW}) | text |\n<details>"), f"survey-extract add {NEW}"),
    "a bullet by its arXiv id": (swap(END, f"- New, arXiv 2401.00099\n{END}"), "survey-extract add 2401.00099"),
    "a bullet before the rows": (swap("<details>", "- to do\n<details>"), "a bullet (- to do)"),
    "a bullet in HTML": (swap(END, f'<ul><li><a href="{NEW}">New</a></li></ul>\n{END}'), f"survey-extract add {NEW}"),
    "a row taken out": (without_row, "the row 'B' (web-example.org-b) is gone"),
    "all rows taken out": (emptied, "the row 'A' (arxiv-2401.00001) is gone"),
    "rows in another order": (reordered, "delete|the order is that of the lines in sources.csv"),
    "a row twice": (doubled, "the row 'A' (arxiv-2401.00001) is there twice"),
    "a name": (swap("<summary>A</summary>", "<summary>Anna</summary>"), "column name"),
    "a name with an entity": (swap("C &amp; D</summary>", "C &amp; E</summary>"), "column name"),
    "text in a summary": (swap("<summary>A</summary>", "<summary>A (best)</summary>"), "column name"),
    "bold in a summary": (swap("<summary>A</summary>", "<summary><b>A</b></summary>"), "<b> in the name"),
    "a summary taken out": (swap("  <summary>A</summary>\n", ""), "column name"),
    "a second summary": (swap("</summary>", "</summary><summary>Mine</summary>"), "Mine"),
    "a title's link": (swap(f'href="{ROWS[0][1]}"', 'href="https://openreview.net/x"'), "change the source in sources.csv"),
    "a version in a title's link": (swap("abs/2401.00001", "abs/2401.00001v3"), "change the source in sources.csv"),
    "a row without a table": (swap(BETWEEN, "</details>\n<details><summary>Soon</summary></details>\n<details>"), "Soon"),
    # columns
    "a column of one row": (without_column("Training.Methods", 2, 1), "lacks the columns Training.Methods"),
    "a column of all rows": (without_column("Training.Methods", 2, 3), "lacks the columns Training.Methods"),
    "a cell without its heading": (swap(f"    {CELL}\n", ""), "7 cells under 8 headings"),
    "another heading": (swap("<th>Training.Methods", "<th>Colour"), "the heading 'Colour' is none"),
    "a heading's spelling": (swap("<th>Training.Methods", "<th>Training methods"), "the headings over 'A'"),
    "bold in a heading": (swap("<th>Training.Methods", "<th><b>Training.Methods</b>"), "the headings over 'A'"),
    "a ninth column": (swap("    </tr>", "    <th>Year</th>\n    </tr>"), "the heading 'Year' is none"),
    "a second row of headings": (swap("    </thead>", "    <tr><th>Mine</th></tr>\n    </thead>"), "Mine"),
    # around the rows
    "a heading in Markdown": (swap(BETWEEN, "</details>\n\n## Newer ones\n\n<details>"), "a heading (## Newer ones)"),
    "a heading in HTML": (swap(BETWEEN, "</details>\n<h2>Newer ones</h2>\n<details>"), "a heading (<h2> Newer ones)"),
    "a remark": (swap(BETWEEN, "</details>\n\nThese are old.\n\n<details>"), "a remark (These are old.)"),
    "a remark in a paragraph": (swap(BETWEEN, "</details>\n<p>These are old.</p>\n<details>"), "a remark (These are old.)"),
    "a remark in italics": (swap(BETWEEN, "</details>\n<em>These are old.</em>\n<details>"), "These are old."),
    "a picture in Markdown": (swap(BETWEEN, "</details>\n![plot](plot.png)\n<details>"), "a picture (![plot](plot.png))"),
    "a picture in HTML": (swap(BETWEEN, '</details>\n<img src="plot.png">\n<details>'), 'a picture (<img src="plot.png">)'),
    "a comment": (swap(BETWEEN, "</details>\n<!-- ask Bob -->\n<details>"), "a comment (<!-- ask Bob -->)"),
    "a rule": (swap(BETWEEN, "</details>\n<hr>\n<details>"), "<hr>"),
    "code": (swap(BETWEEN, "</details>\n```\nx = 1\n```\n<details>"), "x = 1"),
    "another table": (swap(BETWEEN, "</details>\n<table><tr><th>Year</th></tr><tr><td>1</td></tr></table>\n<details>"), "Year"),
    "text before the rows": (swap(f"{BEGIN}\n", f"{BEGIN}\nRead this first.\n"), "Read this first."),
    "text on the line of the marker": (swap(BEGIN, f"{BEGIN} Read this first."), "Read this first."),
    "text behind the rows": (swap(END, f"That is all.\n{END}"), "That is all."),
    "text between a name and its table": (swap("</summary>\n", "</summary>\nIn short: good.\n"), "In short: good."),
    "text between cells": (swap(CELL, f"{CELL} aside"), "aside"),
    "an open row": (swap("<details>", "<details open>"), "<details open>"),
    "a row wrapped": (swap("<details>", "<div align=center><details>"), "<div"),
    "the line under a row": (swap("<sub>Read: nothing yet.", "<sub>Read: the whole paper, twice."), "the line under A"),
    "a word behind the line under a row": (swap("</sub></p>", " Trust me.</sub></p>"), "the line under A"),
    "text behind the line under a row": (swap("</sub></p>", "</sub> Trust me.</p>"), "the line under A"),
    "the line under a row taken out": (lambda text: re.sub(r"    <p><sub>.*</sub></p>\n", "", text, count=1), "under A"),
    "a second line under a row": (swap("</sub></p>", "</sub></p>\n    <p>Trust me.</p>"), "Trust me."),
}  # fmt: skip


def changed_lines(before: str, after: str) -> set[int]:
    """Lines of ``after`` that are new, and those around what is gone."""
    found: set[int] = set()
    for kind, _, _, first, last in SequenceMatcher(None, before.splitlines(), after.splitlines()).get_opcodes():
        if kind != "equal":
            found |= set(range(first, last + 2))
    return found


OF_THE_ROW = {
    "a row twice", "a row taken out", "a summary taken out", "a cell without its heading", "a column of one row",
    "a column of all rows", "rows in another order", "the line under a row taken out",
}  # fmt: skip
"""Of these the line is one of the row, since what was changed has no line of its own."""


def state(folder: Folder) -> dict[str, bytes]:
    """Every file of the survey that is in git, by name."""
    return {
        str(path.relative_to(folder.path)): path.read_bytes()
        for path in folder.path.rglob("*")
        if path.is_file() and path.suffix not in (".duckdb", ".lock")
    }


def must_be_named(folder: Folder, file: str, form: str) -> None:
    edit, says = EDITS[form]
    before = folder.read(file)
    after = edit(before)
    assert after != before
    folder.write(file, after)
    stood = state(folder)
    ran = folder.run("render")
    assert (ran.code, state(folder)) == (2, stood), ran.err
    assert re.search("|".join(map(re.escape, says.split("|"))), ran.err), ran.err
    named = {int(line) for line in re.findall(rf"{re.escape(file)}:(\d+): ", ran.err)}
    lines = changed_lines(before, after)
    within = range(min(lines) - 28, max(lines) + 28) if form in OF_THE_ROW else lines
    assert named & set(within), (ran.err, sorted(lines))
    folder.ok("render", "--force")
    assert folder.read(file) == before


@pytest.mark.parametrize("form", EDITS)
def test_an_edit_in_the_readme_is_named(whole: Folder, form: str) -> None:
    """Exit 2, the edit named with its line and what brings it in, nothing written; ``--force`` loses it."""
    must_be_named(whole, "README.md", form)


INDEXED = {
    "a bullet": (swap("</ul>", f"</ul>\n- [New]({NEW})"), f"survey-extract add {NEW}"),
    "a bullet in the index": (swap("</ul>", f'<li><a href="{NEW}">New</a></li>\n</ul>'), f"survey-extract add {NEW}"),
    "a remark": (swap("</ul>", "</ul>\nThat is all."), "a remark (That is all.)"),
    "a remark in the index": (swap("</ul>", "That is all.\n</ul>"), "That is all."),
    "a name": (swap(">A</a>", ">Anna</a>"), "column name"),
    "a title": (swap(": Title of A", ": Another title"), "change it in docs/survey/arxiv-2401.00001.md"),
    "a link": (swap("#arxiv-2401.00001", "#top"), "render makes it"),
    "a word behind a title": (swap("Title of A</li>", "Title of A, new</li>"), "the title of arxiv-2401.00001"),
    "bold": (swap(">A</a>", "><b>A</b></a>"), "render makes it"),
    "a row taken out": (lambda text: re.sub(r"<li>.*>B</a>.*</li>\n", "", text), "the row 'B' (web-example.org-b) is gone"),
    "all rows taken out": (emptied, "the row 'A' (arxiv-2401.00001) is gone"),
    "a row twice": (lambda text: re.sub(r"(<li>.*>B</a>.*</li>\n)", r"\1\1", text), "is there twice"),
    "another order": (lambda text: re.sub(r"(<li>.*>A<.*\n)(<li>.*\n)", r"\2\1", text), "order is that of the lines"),
    "an attribute": (swap("<ul>", "<ul compact>"), "<ul compact>"),
}  # fmt: skip


@pytest.mark.parametrize("form", INDEXED)
def test_an_edit_in_the_index_is_named(divided: Folder, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index of a README whose table is split is held like the table."""
    monkeypatch.setitem(EDITS, form, INDEXED[form])
    must_be_named(divided, "README.md", form)


OF_MANY_ROWS = {"a row taken out", "all rows taken out", "rows in another order", "a row twice", "a column of all rows"}
NOT_ON_A_PAGE = OF_MANY_ROWS | {form for form in EDITS if "C &amp; D" in form or form == "a name with an entity"}


@pytest.mark.parametrize("form", [form for form in EDITS if form not in NOT_ON_A_PAGE])
def test_an_edit_on_a_page_is_named(divided: Folder, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of a split table is held like the README."""
    edit, says = EDITS[form]

    def before_the_end(text: str) -> str:
        """Where the README has a row behind this one, the page has its end."""
        mark = "<!-- here -->"
        if BETWEEN in text or form not in BEHIND:
            return edit(text)
        return edit(text.replace(f"</details>\n{END}", f"</details>\n<details>{mark}{END}")).replace(
            f"<details>{mark}", ""
        )

    monkeypatch.setitem(EDITS, form, (before_the_end, says))
    must_be_named(divided, "docs/survey/arxiv-2401.00001.md", form)


BEHIND = {
    form for form, (edit, _) in EDITS.items() if any(cell.cell_contents == BETWEEN for cell in edit.__closure__ or ())
}
"""Edits between two rows."""


# --- what is no edit ------------------------------------------------------------------------------


def decided(folder: Folder, text: str) -> None:
    """A decision on a cell of A, so that the table is another."""
    stands = folder.rows("SELECT value FROM cells WHERE key = 'arxiv-2401.00001' AND field = 'training_methods'")
    readme = folder.read("README.md")
    folder.write("README.md", readme.replace(str(stands[0]["value"]), text))
    folder.ok("import", str(folder.path / "README.md"))
    folder.ok("render")


def renamed(folder: Folder) -> None:
    folder.write("sources.csv", folder.read("sources.csv").replace(",A\n", ",Anna\n"))


def turned(folder: Folder) -> None:
    head, *lines = folder.read("sources.csv").splitlines()
    folder.write("sources.csv", "\n".join([head, *reversed(lines)]) + "\n")


def removed(folder: Folder) -> None:
    lines = folder.read("sources.csv").splitlines()
    folder.write("sources.csv", "\n".join(line for line in lines if "example.org" not in line) + "\n")


def added(folder: Folder) -> None:
    folder.write("more.md", listed(("E", "https://example.org/e"), ("F", "https://example.org/f")))
    folder.ok("import", str(folder.path / "more.md"))


def unpublished(folder: Folder) -> None:
    folder.write("sources.csv", folder.read("sources.csv") + "2401.00077,Undecided\n")
    folder.env["SURVEY_PUBLISH"] = "any" if folder.env.get("SURVEY_PUBLISH") == "reviewed" else "reviewed"


def each(folder: Folder, *changes: Callable[[Folder], None]) -> None:
    for change in changes:
        change(folder)


CHANGES: dict[str, Callable[[Folder], None]] = {
    "a name in sources.csv": renamed,
    "the order of sources.csv": turned,
    "a line taken out of sources.csv": removed,
    "rows that are new": added,
    "another rule of publishing": unpublished,
    "a decision": lambda folder: decided(folder, "Another word"),
    "two decisions": lambda folder: each(folder, partial(decided, text="One word"), partial(decided, text="Two words")),
    "split into pages": lambda folder: folder.env.update(SURVEY_README_BYTES="1500"),
    "all of it": lambda folder: each(folder, renamed, turned, added, removed),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_table_that_is_stale_is_no_edit(whole: Folder, change: str) -> None:
    """Whatever changed in the survey, what render wrote before may be written over; so may any README that it ever wrote."""
    first = whole.read("README.md")
    CHANGES[change](whole)
    whole.ok("render")
    second = whole.read("README.md")
    whole.write("README.md", first)
    whole.ok("render")
    assert whole.read("README.md") == second
    whole.ok("render", "--check")


@pytest.mark.parametrize("change", [name for name in CHANGES if name not in ("a decision", "two decisions")])
def test_in_a_stale_table_only_the_edit_is_named(whole: Folder, change: str) -> None:
    """An edit in a table that is stale besides is named alone, and once imported it stands."""
    CHANGES[change](whole)
    whole.write("README.md", whole.read("README.md").replace("Some text. A 2", "By hand"))
    ran = whole.run("render")
    assert (ran.code, len(re.findall(r"\.md:\d+: ", ran.err))) == (2, 1), ran.err
    assert "training_methods of arxiv-2401.00001" in ran.err
    whole.ok("import", str(whole.path / "README.md"))
    whole.ok("render")
    pages = [path.read_text() for path in (whole.path / "docs" / "survey").glob("*.md")]
    assert any("By hand" in text for text in (whole.read("README.md"), *pages))


@pytest.mark.parametrize("change", ["a name in sources.csv", "a decision", "rows that are new"])
def test_without_a_record_texts_and_form_are_held_alone(whole: Folder, change: str) -> None:
    """A survey from before there was a record, or one that lost it, is rendered; cells and strays are still named."""
    first = whole.read("README.md")
    CHANGES[change](whole)
    record = whole.path / "warehouse" / "rendered.jsonl"
    record.unlink()
    whole.write("README.md", first.replace("</details>\n<!--", "</details>\n- to do\n<!--").replace("A 3<", "By hand<"))
    ran = whole.run("render")
    assert (ran.code, record.exists(), len(re.findall(r"\.md:\d+: ", ran.err))) == (2, False, 2), ran.err
    whole.write("README.md", first)
    whole.ok("render")
    assert record.exists()


def git(folder: Folder, *args: str) -> str:
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    return subprocess.run(
        ["git", "-C", str(folder.path), *who, *args], check=True, capture_output=True, text=True
    ).stdout


def test_branches_that_merge_are_no_edits(whole: Folder) -> None:
    """Two branches decide on different rows and both render: the merged README is rendered without a word."""
    git(whole, "init", "-q", "-b", "main")
    git(whole, "add", "-A")
    git(whole, "commit", "-qm", "one")
    git(whole, "checkout", "-qb", "side")
    decided(whole, "On the side")
    git(whole, "commit", "-qam", "two")
    git(whole, "checkout", "-q", "main")
    whole.write("sources.csv", whole.read("sources.csv").replace(",C & D", ",C and D"))
    whole.ok("render")
    git(whole, "commit", "-qam", "three")
    git(whole, "merge", "-q", "side", "-m", "four")
    whole.ok("render")
    assert "On the side" in whole.read("README.md")
    assert "C and D" in whole.read("README.md")
    whole.ok("render", "--check")


def test_a_clone_renders(whole: Folder, tmp_path: Path) -> None:
    """What is in git is enough: in a clone a stale table is no edit, and an edit is one."""
    git(whole, "init", "-q")
    git(whole, "add", "-A")
    git(whole, "commit", "-qm", "one")
    renamed(whole)
    git(whole, "commit", "-qam", "two")
    subprocess.run(["git", "clone", "-q", str(whole.path), str(tmp_path / "clone")], check=True)
    clone = Folder(tmp_path / "clone", whole.env)
    clone.write("README.md", clone.read("README.md").replace("<summary>A<", "<summary>Anton<"))
    assert clone.run("render").code == 2
    git(clone, "checkout", "README.md")
    clone.ok("render")
    assert "Anna" in clone.read("README.md")


def test_a_row_that_left_is_told_with_the_reason(whole: Folder) -> None:
    """Render names rows that left the table since the last time; a second time there is nothing to tell."""
    removed(whole)
    assert "left the table: B (web-example.org-b): it is no longer in sources.csv" in whole.ok("render").err
    assert "left the table" not in whole.ok("render").err


def test_nothing_is_put_on_record_twice(whole: Folder) -> None:
    """A table that is as it was adds no line to the record."""
    record = whole.path / "warehouse" / "rendered.jsonl"
    before = record.read_bytes()
    whole.ok("render")
    whole.ok("render", "--force")
    assert record.read_bytes() == before


# --- import ---------------------------------------------------------------------------------------


def test_an_import_takes_cells_and_tells_the_rest(whole: Folder) -> None:
    """Of markup the words are kept and it is said; what is no cell is named with its remedy, and render still keeps it."""
    text = (
        whole.read("README.md")
        .replace("Some text. A 2", "Some <b>text</b>. A 2")
        .replace("<summary>A<", "<summary>Anna<")
    )
    whole.write("README.md", text.replace("Some text. A 3", "By hand"))
    ran = whole.ok("import", str(whole.path / "README.md"))
    assert re.search(
        r"README\.md:\d+: <b> in training_methods of arxiv-2401\.00001: cells are plain text; the words", ran.err
    )
    assert re.search(r"not imported: README\.md:\d+: the name 'Anna' of .*sources\.csv", ran.err)
    assert "1 cell recorded" in ran.err
    refused = whole.run("render")
    assert (refused.code, len(re.findall(r"\.md:\d+: ", refused.err))) == (2, 1), refused.err
    whole.write("sources.csv", whole.read("sources.csv").replace(",A\n", ",Anna\n"))
    whole.ok("render")
    assert "<b>" not in whole.read("README.md")


def test_pages_keep_what_stands_around_their_tables(divided: Folder) -> None:
    """What a person writes outside the markers of a page stays; a page that is to go is kept while it has such words."""
    page = "docs/survey/arxiv-2401.00001.md"
    divided.write(page, divided.read(page) + "\nMy own words.\n")
    renamed(divided)
    divided.ok("render")
    assert divided.read(page).endswith("My own words.\n")
    assert "Anna" in divided.read(page)
    divided.env.pop("SURVEY_README_BYTES")
    ran = divided.run("render")
    assert (ran.code, f"{page}:{divided.read(page).count(chr(10))}: text outside the table" in ran.err) == (2, True), (
        ran.err
    )
    divided.write(page, "no markers\n")
    divided.env["SURVEY_README_BYTES"] = "1500"
    assert "has lost its markers" in divided.run("render").err
    divided.ok("render", "--force")


# --- files as people have them --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "docs/survey/arxiv-2401.00001.md"])
def test_a_file_that_is_no_utf8_is_named(divided: Folder, name: str) -> None:
    """Latin-1 is refused with file, line, byte and what to do, by every command that reads it."""
    data = divided.read(name).replace("<details>", "caf\u00e9 <details>").encode("latin-1")
    divided.write(name, data if b"\xe9" in data else data + "caf\u00e9".encode("latin-1"))
    line = (divided.path / name).read_bytes().split(b"\xe9")[0].count(b"\n") + 1
    for command in (["render"], ["render", "--check"], ["refresh"], ["import", str(divided.path / name)]):
        ran = divided.run(*command)
        assert (ran.code, "Traceback" in ran.err) == (2, False)
        assert f"{name}:{line}: byte" in ran.err, ran.err
        assert "save the file as UTF-8" in ran.err


def test_line_ends_and_byte_order_mark_are_kept(whole: Folder) -> None:
    """A README with CRLF and a byte order mark keeps both, and is no edit for having them."""
    data = b"\xef\xbb\xbf" + whole.read("README.md").replace("\n", "\r\n").encode()
    whole.write("README.md", data)
    whole.ok("render")
    assert (whole.path / "README.md").read_bytes() == data
    renamed(whole)
    whole.ok("render")
    after = (whole.path / "README.md").read_bytes()
    assert after == data.replace(b"<summary>A<", b"<summary>Anna<")


def test_mode_and_link_are_kept(whole: Folder) -> None:
    """A README that is a symbolic link stays one, and its target keeps its mode."""
    target = whole.path / "LIST.md"
    (whole.path / "README.md").rename(target)
    target.chmod(0o640)
    (whole.path / "README.md").symlink_to("LIST.md")
    renamed(whole)
    whole.ok("render")
    assert (whole.path / "README.md").is_symlink()
    assert (target.stat().st_mode & 0o777, "Anna" in target.read_text()) == (0o640, True)


@pytest.mark.parametrize("linked", [PAGES, PAGES.partition("/")[0], f"{PAGES}/page"])
def test_no_page_is_written_out_of_the_survey(divided: Folder, tmp_path: Path, linked: str) -> None:
    """A folder or page that is a link leading out of the survey is named, and what it leads to is left alone; one inside is followed."""
    page = next(path for path in sorted((divided.path / PAGES).glob("*.md")))
    place, elsewhere = divided.path / linked.replace(f"{PAGES}/page", f"{PAGES}/{page.name}"), tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in (elsewhere, *elsewhere.rglob("*")) if path.is_file()}
    renamed(divided)
    ran = divided.run("render")
    assert (ran.code, "leads out of the survey" in ran.err) == (2, True), ran.err
    assert before == {path: path.read_bytes() for path in (elsewhere, *elsewhere.rglob("*")) if path.is_file()}
    place.unlink()
    elsewhere.rename(divided.path / "inside")
    place.symlink_to(divided.path / "inside")
    divided.ok("render")


# --- growth ---------------------------------------------------------------------------------------


class Counting:
    """A warehouse of ``size`` rows; ``asked`` counts how often every text that any cell ever had was read."""

    fields = FIELDS

    def __init__(self, size: int) -> None:
        cells = (ShownCell("Some text."),) * len(FIELDS.asked)
        self.made = [
            PublishedRow(f"web-{n}", f"N{n}", f"T{n}", f"https://x.org/{n}", cells, "Read: it.") for n in range(size)
        ]
        self.asked = 0

    def known_texts(self) -> dict[tuple[str, str], frozenset[str]]:
        self.asked += 1
        return {(row.key, "title"): frozenset({row.title}) for row in self.made}


@pytest.mark.parametrize("size", [5, 50])
def test_known_texts_are_read_once_however_many_pages_there_are(size: int) -> None:
    """Every page of a split table is edited, and what cells once said is read a single time; unedited, it is not read at all."""
    warehouse = Counting(size)
    table = table_of(warehouse.made, cast("Warehouse", warehouse), Record())
    pages = {page_name(row.key): render_page(row, FIELDS) for row in warehouse.made}
    found = [edits_in(name, text.replace("Some text.", "By hand", 1), table) for name, text in pages.items()]
    assert {len(edits) for edits in found} == {1}
    assert warehouse.asked == 1


def test_the_check_grows_with_the_table_and_no_faster() -> None:
    """Four times the rows, each of them edited, take no more than eight times as long, in one README or in pages."""

    def seconds(size: int, *, split: bool) -> float:
        warehouse = Counting(size)
        rows = warehouse.made
        table = table_of(rows, cast("Warehouse", warehouse), Record())
        files = {page_name(row.key): render_page(row, FIELDS) for row in rows}
        files = files if split else {"README.md": render(f"{BEGIN}{END}", rows, "", FIELDS)}
        edited = {name: text.replace("Some text.", "By hand") for name, text in files.items()}
        began = time.process_time()
        assert sum(len(edits_in(name, text, table)) for name, text in edited.items()) == 7 * size
        return time.process_time() - began

    for split in (False, True):
        small, large = (min(seconds(size, split=split) for _ in range(3)) for size in (50, 200))
        assert large < 8 * small


SNIPPETS = [
    "word",
    "<b>x</b>",
    "- a\n",
    "<!-- c -->",
    "<img src=x>",
    "</td>x",
    "&amp;",
    "<p>x</p>",
    "<li>x</li>",
    "</table>more",
]


def recorded(text: str, rows: list[PublishedRow]) -> Record:
    """The record after this README was rendered."""
    listed_rows = [parse_list(block_of(render_page(row, FIELDS)), FIELDS)[0][0] for row in rows]
    keys = [row.key for row in rows]
    forms = [form_of(key, row) for key, row in zip(keys, listed_rows, strict=True)]
    first = rendering(Record(), {"README.md": block_of(text)}, forms, keys, {}, "2026-01-01")
    return record_of([first] if first else [])


@given(st.data())
def test_whatever_is_put_anywhere_is_named(data: st.DataObject) -> None:
    """A word, a tag or a comment at any place of a block, even within a tag, is an edit; the block as it was is none."""
    warehouse = Counting(2)
    index = data.draw(st.booleans())
    empty = f"{BEGIN}{END}"
    text = render_index(empty, warehouse.made) if index else render(empty, warehouse.made, "", FIELDS)
    table = table_of(warehouse.made, cast("Warehouse", warehouse), recorded(text, warehouse.made))
    at = data.draw(st.integers(text.index(BEGIN) + len(BEGIN), text.index(END)))
    edited = text[:at] + data.draw(st.sampled_from(SNIPPETS)) + text[at:]
    assert edits_in("README.md", edited, table)
    assert not edits_in("README.md", text, table)


def test_an_index_that_grows_too_long_is_split(divided: Folder) -> None:
    """The README then has a line for each page of the index, and each row one on such a page; it is held like the table."""
    small, page = {"SURVEY_README_BYTES": "1000"}, "docs/survey/index-1.md"
    before = divided.read("README.md") + "Words of our own. " * 70
    divided.write("README.md", before)
    roomy = {"SURVEY_README_BYTES": str(round(len(before) / 0.9))}
    divided.ok("render", **small)
    assert page in divided.read("README.md")
    listed = divided.read(page)
    links = re.findall(r'href="([^"#]*\.md)#', listed)
    assert links == re.findall(r'href="docs/survey/([^"#]*\.md)#', before)
    assert all((divided.path / "docs/survey" / link).is_file() for link in links)
    divided.ok("render", "--check", **small)
    for edit, says in (
        (lambda text: re.sub(r"<li>.*</li>\n", "", text, count=1), "is gone after this line"),
        (lambda text: text.replace("</ul>", "One remark.\n</ul>"), "One remark."),
        (lambda text: text.replace("</a>: ", "</a>: Another title, ", 1), "the title of"),
    ):
        divided.write(page, edit(listed))
        assert says in divided.run("render", **small).err
    divided.write(page, listed)
    top = divided.read("README.md")
    divided.write("README.md", re.sub(r"from .* on</li>", "from nowhere on</li>", top))
    assert "a bullet" in divided.run("render", **small).err
    divided.write("README.md", top)
    divided.ok("render", **roomy)
    assert divided.read("README.md") == before
    assert not (divided.path / page).exists()
