"""The command line: fast to start, clear in its refusals, and every command does what the README says."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import duckdb
import pytest

from survey_extract.cli import app
from tests.conftest import ROOT, Folder
from tests.papers.make import HARBOR, ORCHARD, pdf
from tests.servers.loopback import Server

HEAVY = {"openai", "duckdb", "pypdf", "pypdfium2", "trafilatura", "arxiv", "pydantic", "rich", "requests", "httpx2"}
COMMANDS = sorted(app.commands)


def test_help_imports_nothing_heavy() -> None:
    """``--help`` of the program and of every command is answered before any heavy package is imported."""
    code = (
        "import sys; from click.testing import CliRunner; from survey_extract.cli import app\n"
        "for words in [[], *([c] for c in app.commands)]:\n"
        "    assert CliRunner().invoke(app, [*words, '--help']).exit_code == 0, words\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_opens_nothing() -> None:
    """``import survey_extract`` imports none of its own modules."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, survey_extract; print([m for m in sys.modules if m.startswith('survey_extract.')])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    """Each has a help text, and the README names each command."""
    found = app.commands[command]
    assert found.help
    assert all(parameter.help for parameter in found.params if isinstance(parameter, click.Option))
    assert f"survey-extract {command}" in (ROOT / "README.md").read_text()


# --- init and add ---------------------------------------------------------------------------------


def test_init_leaves_what_is_there_alone(tmp_path: Path) -> None:
    """A README and sources of one's own survive, twice over."""
    folder = Folder(tmp_path, {})
    folder.write("README.md", "# Mine\n")
    assert "made" in folder.ok("init").err
    folder.write("sources.csv", "source\n2304.08485\n")
    assert "made" not in folder.ok("init").err
    assert (folder.read("README.md"), folder.read("sources.csv")) == ("# Mine\n", "source\n2304.08485\n")


def test_init_makes_a_named_folder(tmp_path: Path) -> None:
    """``init DIR`` makes it where it is missing, ready for the next command."""
    folder = Folder(tmp_path, {})
    folder.ok("init", str(tmp_path / "new" / "survey"))
    made = Folder(tmp_path / "new" / "survey", {})
    assert made.ok("refresh", "--json").json()["outcomes"] == []


def test_git_sees_only_what_belongs_in_it(survey: Folder) -> None:
    """After a run and a decision, git offers the archive and nothing that can be rebuilt."""
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./papers/harbor.pdf,Harbor")
    survey.ok("refresh")
    survey.ok("review", "--terminal", typed="aq", SURVEY_REVIEWER="Ada")
    subprocess.run(["git", "init", "-q", str(survey.path)], check=True)
    listed = subprocess.run(
        ["git", "-C", str(survey.path), "ls-files", "--others", "--exclude-standard", "warehouse"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {name.split("/")[1] for name in listed} == {
        "documents.jsonl",
        "answers",
        "decisions",
        "runs",
        "rendered.jsonl",
    }


def test_add_looks_up_the_title_and_appends_one_line(survey: Folder, mirror: Server) -> None:
    """The title from arXiv becomes the name, the page's own title that of a page; the rest of the file stands."""
    survey.env["SURVEY_MIRROR"] = mirror.url
    survey.write("sources.csv", "# ours\nsource,name\n")
    survey.ok("add", "arXiv:2304.08485", "https://llava-vl.github.io/blog/2024-01-30-llava-next/")
    survey.ok("add", "2302.14045v2", "--name", "KOSMOS-1")
    assert survey.read("sources.csv") == (
        "# ours\nsource,name\n2304.08485,Visual Instruction Tuning\n"
        'https://llava-vl.github.io/blog/2024-01-30-llava-next/,"LLaVA-NeXT: Improved reasoning, OCR, and world knowledge | LLaVA"\n'
        "2302.14045v2,KOSMOS-1\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["2304.08485"], 2, "sources.csv:2: '2304.08485' is there already (LLaVA)"),
        (["2301.12597", "2301.12597v3"], 2, "is there already"),
        (["2101.99999"], 2, "arXiv knows no 2101.99999"),
        (["https://nowhere.example/page"], 2, "not found"),
        (["LLaVA"], 2, "is no source"),
        (["2301.12597", "2302.14045", "--name", "x"], 2, "--name is for one"),
    ],
)
def test_add_refuses_and_changes_nothing(
    survey: Folder, mirror: Server, words: list[str], code: int, says: str
) -> None:
    """There already, unknown to arXiv, not found, no source: said with its line, and no line is added."""
    survey.env["SURVEY_MIRROR"] = mirror.url
    survey.sources("2304.08485,LLaVA")
    before = survey.read("sources.csv")
    ran = survey.run("add", *words)
    assert (ran.code, survey.read("sources.csv")) == (code, before)
    assert says in ran.err


def test_add_without_the_world_wants_a_name(survey: Folder) -> None:
    """Offline, a name lets a source be added unseen; without one nothing is guessed."""
    survey.env["SURVEY_MIRROR"] = "http://127.0.0.1:9"
    survey.env["SURVEY_ARXIV_PACE"] = "0"
    survey.write("papers/ours.pdf", pdf(HARBOR))
    ran = survey.run("add", "https://example.org/x.md")
    assert (ran.code, "--name" in ran.err) == (3, True)
    survey.ok("add", "https://example.org/x.md", "--name", "X")
    survey.ok("add", "papers/ours.pdf", "--name", "Ours")
    assert survey.read("sources.csv").endswith("https://example.org/x.md,X\n./papers/ours.pdf,Ours\n")


# --- refresh, render, status, query, export, on local papers ---------------------------------------


@pytest.fixture
def local(survey: Folder) -> Folder:
    """A survey of two local papers, read by the engine without a model."""
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.write("papers/orchard.pdf", pdf(ORCHARD))
    survey.sources("./papers/harbor.pdf,Harbor", "./papers/orchard.pdf,=Orchard")
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.ok("refresh")
    return survey


def test_the_readme_shows_the_rows_with_their_places(local: Folder) -> None:
    """Published rows stand between the markers with eight headings, their evidence pages, and who proposed them."""
    readme = local.read("README.md")
    assert readme.count("<details>") == 2
    assert readme.count("<th>") == 16
    assert "architecture overview p. 1" in readme
    assert "Unreviewed: 7 cells proposed by the extractive engine" in readme


def test_undecided_rows_are_labelled_in_every_output(local: Folder) -> None:
    """SQL and every export say how many cells no person decided on, and who proposed them."""
    assert local.rows("SELECT DISTINCT undecided_cells, proposed_by FROM survey") == [
        {"undecided_cells": 7, "proposed_by": "extractive"}
    ]
    for style in ("csv", "jsonl", "html"):
        assert local.ok("export", "--format", style).out.count("extractive") >= 2


def test_reviewed_publishes_nothing_undecided(local: Folder) -> None:
    """The default shows no row that no person decided on."""
    del local.env["SURVEY_PUBLISH"]
    local.ok("render")
    assert "<details>" not in local.read("README.md")
    assert "No row is published yet" in local.read("README.md")
    assert local.rows("SELECT count(*) AS n FROM survey") == [{"n": 0}]


def test_render_check_tells_a_stale_readme(local: Folder) -> None:
    """Exit 1 with a diff and an untouched file when it is stale, exit 0 when it is not."""
    assert local.ok("render", "--check").out == ""
    local.write("sources.csv", local.read("sources.csv").replace(",Harbor", ",Changed"))
    stale = local.read("README.md")
    ran = local.run("render", "--check")
    assert (ran.code, local.read("README.md")) == (1, stale)
    assert "-  <summary>Harbor</summary>" in ran.out
    local.ok("render")
    local.ok("render", "--check")


def test_a_readme_without_markers_is_refused_before_anything_is_done(local: Folder) -> None:
    """Nothing is fetched or asked for a README that cannot be written."""
    local.write("README.md", "# no markers\n")
    runs = len(list((local.path / "warehouse" / "runs").iterdir()))
    ran = local.run("refresh")
    assert (ran.code, "survey:begin" in ran.err) == (2, True)
    assert len(list((local.path / "warehouse" / "runs").iterdir())) == runs


def test_query_answers_in_four_formats(local: Folder) -> None:
    """The same rows as table, CSV, JSON and Markdown."""
    sql = "SELECT key, count(*) AS cells FROM cells GROUP BY key ORDER BY key"
    assert (
        local.ok("query", sql, "--format", "csv").out
        == "key,cells\nfile-papers-harbor.pdf,7\nfile-papers-orchard.pdf,7\n"
    )
    assert local.ok("query", sql, "--format", "json").json()[0] == {"key": "file-papers-harbor.pdf", "cells": 7}
    assert "| file-papers-harbor.pdf | 7 |" in local.ok("query", sql, "--format", "markdown").out
    assert "file-papers-harbor.pdf" in local.ok("query", sql, "--format", "table").out


@pytest.mark.parametrize(
    "sql",
    [
        "SELEC 1",
        "DELETE FROM sources",
        "CREATE TABLE x (a INT)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY sources TO '/tmp/out.csv'",
        "ATTACH '/tmp/x.duckdb'",
        "SELECT 1 FROM nowhere",
    ],
)
def test_query_only_reads_and_only_this_file(local: Folder, sql: str) -> None:
    """What is wrong, writes, or leaves the file is refused with DuckDB's words and exit code 2."""
    ran = local.run("query", sql)
    assert ran.code == 2
    assert ran.err.startswith("error: ")


@pytest.mark.parametrize("style", ["csv", "jsonl", "parquet", "bibtex", "html"])
def test_export_writes_every_format(local: Folder, style: str) -> None:
    """Each format holds the published rows and can be read by what reads it."""
    local.ok("export", "--format", style, "--output", str(local.path / "out"))
    data = (local.path / "out").read_bytes()
    if style == "csv":
        rows = list(csv.DictReader(io.StringIO(data.decode())))
        assert [row["name"] for row in rows] == ["Harbor", "'=Orchard"]  # a cell never runs as a formula
    elif style == "jsonl":
        assert [json.loads(line)["name"] for line in data.splitlines()] == ["Harbor", "=Orchard"]
    elif style == "parquet":
        with duckdb.connect() as connection:
            assert connection.execute("SELECT count(*) FROM read_parquet(?)", [str(local.path / "out")]).fetchall() == [
                (2,)
            ]
    elif style == "bibtex":
        assert re.findall(r"^@misc\{(.*),$", data.decode(), re.MULTILINE) == [
            "file-papers-harbor.pdf",
            "file-papers-orchard.pdf",
        ]
    else:
        assert data.decode().count("<tr>") == 3


def test_export_knows_its_views(local: Folder) -> None:
    """Any table or view can be exported; another name lists them."""
    assert local.ok("export", "--format", "csv", "--view", "datasets").out.startswith("key,name,state,dataset\n")
    ran = local.run("export", "--format", "csv", "--view", "papers")
    assert (ran.code, "there are answers, cells," in ran.err) == (2, True)


def test_status_says_what_stands_and_what_waits(local: Folder) -> None:
    """Counts of sources, cells and the queue, and the last run, as text and as JSON."""
    status = local.ok("status", "--json").json()
    assert (status["sources"], status["published"], status["queue"], status["outcomes"]) == (2, 2, 14, {"new": 2})
    assert status["last_run"]["complete"] is True
    assert "14 want a decision" in local.ok("status").out


def test_a_second_run_at_once_is_refused(local: Folder) -> None:
    """Exit code 2, and who holds the warehouse."""
    from survey_extract.wiring import open_archive

    with open_archive(local.path, print).lock("refresh"):
        ran = local.run("refresh")
    assert (ran.code, "another run is under way: `survey-extract refresh`, process" in ran.err) == (2, True)


@pytest.mark.parametrize(("folder", "says"), [("empty", "there is no survey here"), ("missing", "no such folder")])
def test_no_survey_is_said(tmp_path: Path, folder: str, says: str) -> None:
    """A folder without a survey says how to make one."""
    (tmp_path / "empty").mkdir()
    ran = Folder(tmp_path / folder, {}).run("status")
    assert (ran.code, says in ran.err) == (2, True)


def test_a_model_without_a_name_is_refused(survey: Folder) -> None:
    """A key without a model spends nothing: exit code 2."""
    ran = survey.run("refresh", OPENAI_API_KEY="sk-canary")
    assert (ran.code, "needs a model" in ran.err, "sk-canary" in ran.err) == (2, True, False)
