"""What a merge or a lost folder leaves of a survey is recognised: the table is made again, or nothing is paid and written."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Folder
from tests.test_verdicts import KEY, desk_of

ANY = {"SURVEY_PUBLISH": "any"}


def git(folder: Path, *args: str, ok: bool = True) -> str:
    name = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *name, *args], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not ok, done.stdout + done.stderr
    return done.stdout


def committed(survey: Folder, what: str) -> None:
    git(survey.path, "add", "--all")
    git(survey.path, "commit", "--quiet", "-m", what)


def decided(survey: Folder, by: str, field: str, value: str) -> None:
    with desk_of(survey, by) as desk:
        view = desk.cell(KEY, field)
        desk.decide(KEY, field, "edited", view.judged, value=value, stood_for=("no sentence",))
    survey.ok("render", **ANY)


@pytest.fixture
def torn(one_read: Folder) -> Folder:
    """Ann and Bob decided on one source in clones of their own, and Git left conflicts in the table of their merge."""
    survey = one_read
    survey.ok("render", **ANY)
    git(survey.path, "init", "--quiet")
    committed(survey, "answers")
    git(survey.path, "switch", "--quiet", "-c", "bob")
    decided(survey, "Bob", "training_methods", "It is trained in two stages.")
    committed(survey, "bob decides")
    git(survey.path, "switch", "--quiet", "main")
    decided(survey, "Ann", "datasets_purpose", "LogPairs is for pre-training.")
    committed(survey, "ann decides")
    git(survey.path, "merge", "--quiet", "--no-edit", "bob", ok=False)
    assert "<<<<<<< " in survey.read("README.md")
    return survey


def test_a_merge_of_two_peoples_decisions_is_made_again(torn: Folder) -> None:
    """Neither side was edited by hand: the table has what both decided, and no decision turns into an edit of another."""
    assert "the conflicts that a merge left in the table are gone" in torn.ok("render", **ANY).err
    readme = torn.read("README.md")
    assert "<<<<<<<" not in readme
    assert "It is trained in two stages." in readme
    assert "LogPairs is for pre-training." in readme
    states = torn.rows("SELECT field, decided_by FROM cells WHERE decided_by IS NOT NULL ORDER BY field")
    assert [row["decided_by"] for row in states] == ["Ann", "Bob"]
    assert "up to date" in torn.ok("render", "--check", **ANY).err


@pytest.mark.parametrize("side", ["=======", ">>>>>>> bob"])
def test_a_side_that_somebody_edited_is_never_dropped(torn: Folder, side: str) -> None:
    """On either side of the conflict; what is said first is not to mend it by hand."""
    text = torn.read("README.md")
    line = re.search(rf"(?m)^.*</td>\n(?=(?:(?!=======|>>>>>>>|<<<<<<<).*\n)*?{side})", text)
    assert line
    edited = text.replace(line[0], line[0].replace("<td>", "<td>Words of a person. ", 1), 1)
    torn.write("README.md", edited)
    ran = torn.run("render", **ANY)
    assert (ran.code, torn.read("README.md")) == (2, edited)
    assert ran.err.index("render --force") < ran.err.index("delete the lines that begin with")


COMMANDS = [
    ("status",), ("refresh",), ("refresh", "--dry-run"), ("render",), ("import", "README.md"), ("review", "--no-open")
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_table_without_its_records_is_no_new_survey(one_read: Folder, command: tuple[str, ...]) -> None:
    """warehouse/ was deleted: nothing is asked, written or called an edit, and it is said how it comes back."""
    one_read.ok("render", **ANY)
    before = one_read.read("README.md")
    git(one_read.path, "init", "--quiet")
    committed(one_read, "answers")
    shutil.rmtree(one_read.path / "warehouse")
    given = [str(one_read.path / word) if word == "README.md" else word for word in command]
    ran = one_read.run(*given, **ANY)
    assert ran.code == 2
    assert "git checkout -- warehouse" in ran.err
    assert "start anew" in ran.err
    assert one_read.read("README.md") == before
    shutil.rmtree(one_read.path / ".git")
    ran = one_read.run(*given, **ANY)
    assert ran.code == 2
    assert "the table in README.md was made from some: 1 row. They are lost here" in ran.err
    assert one_read.read("README.md") == before
    assert not list((one_read.path / "warehouse").rglob("*.jsonl"))


def test_decisions_alone_may_be_lost(one_read: Folder) -> None:
    """What people decided is the one thing that nobody can make again: Git tells of it, and the table does."""
    with desk_of(one_read) as desk:
        desk.decide(KEY, "datasets_used", "not_reported", desk.cell(KEY, "datasets_used").judged)
    one_read.ok("render", **ANY)
    git(one_read.path, "init", "--quiet")
    committed(one_read, "a decision")
    shutil.rmtree(one_read.path / "warehouse" / "decisions")
    assert "git checkout -- warehouse/decisions" in one_read.run("refresh", **ANY).err
    shutil.rmtree(one_read.path / ".git")
    ran = one_read.run("refresh", **ANY)
    assert (ran.code, "1 row (1 with cells decided by a person)" in ran.err) == (2, True)
    before = one_read.read("README.md")
    emptied = before.split("<!-- survey:begin -->")[0] + "<!-- survey:begin -->\n<!-- survey:end -->\n"
    one_read.write("README.md", emptied)
    assert one_read.run("refresh", **ANY).code == 0
    one_read.write("README.md", emptied)
    for kind in ("answers", "documents.jsonl", "rendered.jsonl"):
        path = one_read.path / "warehouse" / kind
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    ran = one_read.run("refresh", **ANY)
    assert (ran.code, "survey.duckdb was made from some: 1 document and 0 decisions" in ran.err) == (2, True), ran.err
    (one_read.path / "warehouse" / "survey.duckdb").unlink()
    assert one_read.run("refresh", **ANY).code == 0


def test_a_fresh_clone_has_the_titles_of_files(one_read: Folder) -> None:
    """Only the document says them, and it is not in the cache: the README shows them still, and so does what is exported."""
    one_read.ok("render", **ANY)
    title = "Harbor: A Small Vision-Language Model for Ship Logs"
    shutil.rmtree(one_read.path / "warehouse" / "cache")
    (one_read.path / "warehouse" / "survey.duckdb").unlink()
    for style in ("csv", "jsonl", "html", "bibtex"):
        assert title in one_read.ok("export", "--format", style, **ANY).out, style


def test_status_where_nothing_can_be_written(one_read: Folder) -> None:
    """The DuckDB file is older than the records, and another cannot take its place: it is made elsewhere."""
    place = one_read.path / "warehouse" / "survey.duckdb"
    place.unlink()
    (place / "in the way").mkdir(parents=True)
    assert "7 to decide" in one_read.ok("status").out


def test_a_lists_not_reported_is_shown_and_counted(one_read: Folder) -> None:
    """Also once the model's value was rejected: in the table and on the page for readers."""
    table = "| Name | Source | Training Methods | Datasets Used |\n|---|---|---|---|\n| Harbor | papers/harbor.pdf | Two stages. | Not reported |\n"
    one_read.ok("import", str(one_read.write("list.md", table)))
    for rejects in (False, True):
        if rejects:
            with desk_of(one_read) as desk:
                said = desk.decide(KEY, "datasets_used", "rejected", desk.cell(KEY, "datasets_used").judged).said
            assert said.endswith("rejected; the list's text stays, not checked")
        one_read.ok("render", "--force")
        readme = one_read.read("README.md")
        assert "<td><em>Not reported</em><br><sub>imported, not checked</sub></td>" in readme
        assert "2 cells imported" in readme
        one_read.ok("site")
        assert "<em>Not reported</em>" in one_read.read("site/index.html")


def test_an_edit_of_an_answer_that_cites_sentences_is_named_with_its_line(one_read: Folder) -> None:
    """As one of a list's text is: what the source does not contain."""
    one_read.ok("render", **ANY)
    text = one_read.read("README.md").replace(
        "<td>A linear projection maps each of the 196", "<td>A linear projection maps each of the 777", 1
    )
    one_read.write("README.md", text)
    line = text[: text.index("777")].count("\n") + 1
    told = one_read.ok("import", str(one_read.path / "README.md"), **ANY).err
    assert f"README.md:{line}: alignment_fusion_methods of {KEY}: the source does not contain “777" in told
