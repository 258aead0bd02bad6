"""The command line: fast to start, clear in its refusals, and every command does what the README says."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import click
import duckdb
import pytest
from click.testing import CliRunner

from survey_extract.cli import app
from survey_extract.commands.bibliography import Cited, csl, ris
from survey_extract.commands.spreadsheet import as_xlsx
from tests.commands import PAGE as COMMANDS_PAGE
from tests.commands import page as commands_page
from tests.conftest import ROOT, Folder, Once
from tests.papers.make import HARBOR, ORCHARD, Paper, pdf, prose
from tests.servers.loopback import Server

HEAVY = {
    "openai",
    "duckdb",
    "_duckdb",
    "pypdf",
    "pypdfium2",
    "trafilatura",
    "arxiv",
    "pydantic",
    "rich",
    "requests",
    "httpx2",
}
COMMANDS = sorted(app.commands)
FORMATS: Sequence[str] = next(
    option.type.choices
    for option in app.commands["export"].params
    if option.name == "style" and isinstance(option.type, click.Choice)
)


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


@pytest.mark.parametrize("thread", [False, True])
def test_a_command_that_ends_at_once_has_said_all(*, thread: bool) -> None:
    """Its last words arrive, its exit code counts, and a thread that may still bring something is waited for."""
    code = (
        "import sys, threading, time; from survey_extract.__main__ import _end\n"
        f"if {thread}: threading.Thread(target=lambda: (time.sleep(0.2), print('brought'))).start()\n"
        "print('said'); print('told', file=sys.stderr); _end(SystemExit(3))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    expected = ["said", "brought"] if thread else ["said"]
    assert (done.returncode, done.stdout.split(), done.stderr.split()) == (3, expected, ["told"])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str) -> None:
    """Each has a help text, the README names each command, and docs/commands.md says of each what its help says."""
    found = app.commands[command]
    assert found.help
    assert all(option.help for option in found.params if isinstance(option, click.Option))
    assert f"survey-extract {command}" in (ROOT / "README.md").read_text()


def test_the_docs_say_of_the_commands_what_their_help_says() -> None:
    """`python -m tests.commands` writes the page."""
    assert COMMANDS_PAGE.read_text(encoding="utf-8") == commands_page()


# --- init and add ---------------------------------------------------------------------------------


def test_init_leaves_what_is_there_alone(tmp_path: Path) -> None:
    """A README and sources of one's own survive, twice over."""
    folder = Folder(tmp_path, {})
    folder.write("README.md", "# Mine\n")
    assert "made" in folder.ok("init").err
    assert "wesome" not in folder.read("README.md")
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
        (["2304.08485"], 2, "sources.csv:2: '2304.08485' is already there (LLaVA)"),
        (["2304.08485v1"], 2, "sources.csv:2: '2304.08485v1' is already there (LLaVA)"),
        (["2101.99999"], 2, "arXiv has no 2101.99999"),
        (["https://nowhere.example/page"], 2, "not found"),
        (["LLaVA"], 2, "is not a source"),
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


def test_add_keeps_what_is_good_and_names_the_rest(survey: Folder, mirror: Server) -> None:
    """Good ones are added though others are not; each of those is named, and the exit code is 1."""
    survey.env["SURVEY_MIRROR"] = mirror.url
    survey.sources("2304.08485,LLaVA")
    words = [
        "2301.12597",
        "nonsense",
        "2101.99999",
        "https://nowhere.example/x",
        "2304.08485",
        "2301.12597v2",
        "2302.14045",
    ]
    ran = survey.run("add", *words)
    assert ran.code == 1
    assert [line.split(",")[0] for line in survey.read("sources.csv").splitlines()[2:]] == ["2301.12597", "2302.14045"]
    refused = re.findall(r"^not added: (.*)$", ran.err, re.MULTILINE)
    assert len(refused) == 5
    assert all(any(word in line for line in refused) for word in words[1:6])


def test_what_is_given_twice_is_added_once(survey: Folder, mirror: Server) -> None:
    """The same source in two spellings is named and is no failure."""
    survey.env["SURVEY_MIRROR"] = mirror.url
    ran = survey.ok("add", "2301.12597", "https://arxiv.org/abs/2301.12597")
    assert "given twice" in ran.err
    assert survey.read("sources.csv").count("2301.12597") == 1


def test_add_opens_folders_and_patterns(survey: Folder) -> None:
    """All documents below a folder are added with their titles; what is hidden, no document or the survey's own is named and passed over."""
    survey.write("papers/a.pdf", pdf(HARBOR))
    survey.write("papers/deep/b.PDF", pdf(ORCHARD))
    survey.write("papers/.c.pdf", pdf(ORCHARD))
    survey.write("papers/d.docx", "no document of ours")
    ran = survey.ok("add", "papers")
    added = survey.read("sources.csv").splitlines()[1:]
    assert [line.split(",")[0] for line in added] == ["./papers/a.pdf", "./papers/deep/b.PDF"]
    assert all(line.split(",")[1] for line in added)
    assert "skipped ./papers/.c.pdf: hidden" in ran.err
    assert "skipped ./papers/d.docx: not a document" in ran.err
    again = survey.ok("add", str(survey.path / "papers" / "*.pdf"), ".")
    assert survey.read("sources.csv").splitlines()[1:] == added
    assert "skipped ./README.md: the survey's own" in again.err
    assert "skipped ./prompts: the survey's own" in again.err
    ran = survey.run("add", "papers/*.txt")
    assert (ran.code, "no documents in it" in ran.err) == (2, True)


def test_two_files_whose_keys_would_be_alike(survey: Folder) -> None:
    """Each has records of its own, and keeps them when the other one's line goes and comes back; the README follows."""
    survey.env["SURVEY_PUBLISH"] = "any"
    for name, paper in (("a-b/c.pdf", HARBOR), ("a/b-c.pdf", ORCHARD)):
        survey.write(name, pdf(paper))
    survey.ok("add", "./a-b/c.pdf", "./a/b-c.pdf")
    survey.ok("refresh")
    before = {row["url"]: row for row in survey.rows("SELECT * FROM survey")}
    assert len({row["key"] for row in before.values()}) == 2
    whole = survey.read("sources.csv")
    for line in ("./a-b/c.pdf", "./a/b-c.pdf"):
        survey.sources(*(other for other in whole.splitlines()[1:] if not other.startswith(line)))
        survey.ok("render")
        (row,) = survey.rows("SELECT key, url FROM survey")
        assert row["key"] == before[row["url"]]["key"]
        assert survey.ok("refresh", "--json").json()["outcomes"][0]["kind"] == "unchanged"
    survey.write("sources.csv", whole)
    assert {row["url"]: row for row in survey.rows("SELECT * FROM survey")} == before


def test_what_lies_outside_is_not_added(survey: Folder, tmp_path: Path) -> None:
    """A file, folder or pattern elsewhere is refused, with what to do."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x.pdf").write_bytes(pdf(HARBOR))
    for word in ("elsewhere", "elsewhere/x.pdf", "elsewhere/*.pdf"):
        ran = survey.run("add", str(tmp_path / word))
        assert (ran.code, "copy" in ran.err or "leaves" in ran.err) == (2, True), ran.err
    assert survey.read("sources.csv") == "source,name\n"


def test_a_pdf_with_arxivs_stamp_is_offered_as_what_it_is(survey: Folder) -> None:
    """The number in the margin is said, with the command that follows new versions; a file without one is offered nothing."""
    stamped = Paper(
        "A Stamped Paper", prose(20), [("1 Words", [prose(30, 50)])], stamp="arXiv:2401.00001v2  [cs.CV]  1 Jan 2024"
    )
    survey.write("a.pdf", pdf(stamped))
    survey.write("b.pdf", pdf(HARBOR))
    ran = survey.ok("add", "a.pdf", "b.pdf")
    assert re.findall(r"this is arXiv (\S+): `survey-extract add (\S+)`", ran.err) == [("2401.00001", "2401.00001")]


def test_a_defect_in_one_source_keeps_out_no_other(survey: Folder) -> None:
    """What the reader cannot be blamed for is told in a sentence, and the others are added."""
    survey.write("a.pdf", pdf(HARBOR))
    survey.write("b.pdf", b"%PDF-1.7 nothing of use %%EOF")
    ran = survey.run("add", "b.pdf", "a.pdf")
    assert (ran.code, "Traceback" in ran.err) == (1, False)
    assert "not added: b.pdf could not be read" in ran.err
    assert "./a.pdf" in survey.read("sources.csv")


# --- refresh, render, status, query, export, on local papers ---------------------------------------


@pytest.fixture
def local(once: Once, tmp_path: Path) -> Folder:
    """A survey of two local papers, read by the engine without a model."""

    def make(survey: Folder) -> None:
        survey.write("papers/harbor.pdf", pdf(HARBOR))
        survey.write("papers/orchard.pdf", pdf(ORCHARD))
        survey.sources("./papers/harbor.pdf,Harbor", "./papers/orchard.pdf,=Orchard")
        survey.ok("refresh")

    return once.survey("two papers", make, tmp_path / "survey", SURVEY_PUBLISH="any")


def test_the_readme_shows_the_rows_with_their_places(local: Folder) -> None:
    """Published rows stand between the markers with eight headings, their evidence pages, and who proposed them."""
    readme = local.read("README.md")
    assert readme.count("<details>") == 2
    assert readme.count("<th>") == 16
    assert readme.count('<sup><a href="papers/harbor.pdf#page=1">1</a></sup>') >= 5
    assert (
        readme.count(
            "Nobody has decided on these 7 cells: they were taken from sentences of the source, without a model."
        )
        == 2
    )


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


@pytest.mark.parametrize("style", FORMATS)
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
    elif style == "ris":
        assert re.findall(r"^ID  - (.*)$", data.decode(), re.MULTILINE) == [
            "file-papers-harbor.pdf",
            "file-papers-orchard.pdf",
        ]
        assert data.decode().count("ER  - ") == data.decode().count("TY  - ") == 2
    elif style == "csl":
        assert [item["id"] for item in json.loads(data)] == ["file-papers-harbor.pdf", "file-papers-orchard.pdf"]
    elif style == "xlsx":
        book = zipfile.ZipFile(io.BytesIO(data))
        assert "=Orchard" in book.read("xl/sharedStrings.xml").decode()
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml"), "a cell never runs as a formula"
        local.ok("export", "--format", style, "--output", str(local.path / "again"))
        assert (local.path / "again").read_bytes() == data
    else:
        assert data.decode().count("<tr>") == 3


def test_a_bibliography_names_preprints_as_arxiv_does() -> None:
    """Authors, year, version and address of each kind of source; a file of one's own has no address."""
    paper = Cited(
        "arxiv-2401.00001",
        "arxiv",
        "2401.00001",
        "Boats\nand {Oars}",
        ["Ada Love Lace", "Plato"],
        "2024",
        "v2",
        "https://arxiv.org/abs/2401.00001v2",
    )
    file = Cited("file-a.pdf", "file", "a.pdf", None, None, None, None, "a.pdf")
    assert ris([paper]).splitlines() == [
        "TY  - UNPB", "ID  - arxiv-2401.00001", "TI  - Boats and {Oars}", "AU  - Lace, Ada Love", "AU  - Plato", "PY  - 2024",
        "AN  - arXiv:2401.00001v2", "UR  - https://arxiv.org/abs/2401.00001v2", "ER  - ",
    ]  # fmt: skip
    item, other = json.loads(csl([paper, file]))
    assert (item["type"], item["issued"], item["author"][0]) == (
        "article",
        {"date-parts": [[2024]]},
        {"literal": "Ada Love Lace"},
    )
    assert other == {"id": "file-a.pdf", "type": "document", "title": "a.pdf"}


@pytest.mark.parametrize(
    ("style", "said"),
    [
        (
            "bibtex",
            ("author = {Osei, Ada and Jin Kim}", "year = {1998}", "howpublished = {J. Ports}", "doi = {10.1000/a_b}"),
        ),
        (
            "ris",
            (
                "AU  - Osei, Ada",
                "AU  - Kim, Jin",
                "PY  - 1998",
                "T2  - J. Ports",
                "DO  - 10.1000/a_b",
                "TI  - Tides & Ports",
            ),
        ),
        (
            "csl",
            (
                '"literal": "Osei, Ada"',
                '"literal": "Jin Kim"',
                "1998",
                '"container-title": "J. Ports"',
                '"DOI": "10.1000/a_b"',
            ),
        ),
    ],
)
def test_a_bibliography_takes_up_what_sources_csv_says(local: Folder, style: str, said: tuple[str, ...]) -> None:
    """Authors, year, venue, DOI and title of a file stand in further columns; where a cell is empty, nothing is made up."""
    rows = local.read("sources.csv").splitlines()[1:]
    more = ',"Osei, Ada; Jin Kim",1998,J. Ports,https://doi.org/10.1000/a_b,Tides & Ports'
    head = "source,name,authors,year,venue,doi,title\n"
    local.write("sources.csv", head + "".join(f"{row}{more if not at else ''}\n" for at, row in enumerate(rows)))
    told = local.ok("export", "--format", style).out
    for words in said:
        assert told.count(words) == 1, words


def test_a_cell_that_excel_cannot_hold_is_cut_aloud() -> None:
    """32,767 characters are the most; the rest is named as cut, in the cell itself."""
    strings = (
        zipfile.ZipFile(io.BytesIO(as_xlsx(["a"], [["x" * 40_000], [True], [1.5], [None]], "s")))
        .read("xl/sharedStrings.xml")
        .decode()
    )
    assert "(cut: a cell holds 32,767 characters)" in strings


def test_export_knows_its_views(local: Folder) -> None:
    """Any table or view can be exported; another name lists them."""
    assert local.ok("export", "--format", "csv", "--view", "datasets").out.startswith("key,name,state,dataset\n")
    ran = local.run("export", "--format", "csv", "--view", "papers")
    assert (ran.code, "there are answers, cells," in ran.err) == (2, True)


def test_an_empty_export_says_why_and_writes_nothing(local: Folder) -> None:
    """Exit 1, how many rows are published, and the way out; --publish any is that way, for this call alone."""
    local.env["SURVEY_PUBLISH"] = "reviewed"
    for style in FORMATS:
        out = local.path / f"out.{style}"
        ran = local.run("export", "--format", style, "--output", str(out))
        assert (style, ran.code, out.exists(), ran.out) == (style, 1, False, "")
        assert ("0 of 2 rows are published" in ran.err, "--publish any" in ran.err) == (True, True), style
        local.ok("export", "--format", style, "--output", str(out), "--publish", "any")
        assert out.stat().st_size > 100, style
    assert local.rows("SELECT count(*) AS n FROM survey") == [{"n": 0}]
    assert local.run("export", "--format", "csv").code == 1
    assert "decisions has no row" in local.run("export", "--format", "csv", "--view", "decisions").err


def own_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith((".wal", ".lock")))


def test_no_export_overwrites_a_file_of_the_survey(local: Folder, tmp_path: Path) -> None:
    """None of the files that are there, by its name, another spelling, a link or a hard link; what lies beside may be written."""
    before = {path: path.read_bytes() for path in own_files(local.path)}
    for number, path in enumerate(before):
        inside = path.relative_to(local.path)
        link, hard = tmp_path / f"link-{number}", tmp_path / f"hard-{number}"
        link.symlink_to(path)
        hard.hardlink_to(path)
        spelt = local.path / "papers" / ".." / inside
        for name in (path, spelt, link, hard):
            ran = local.run("export", "--format", "csv", "--output", str(name))
            assert (ran.code, "is a file of the survey" in ran.err) == (2, True), name
    for new in ("warehouse/runs/new.json", "prompts/new.md", "docs/survey/new.csv", ".git/config"):
        assert local.run("export", "--format", "csv", "--output", str(local.path / new)).code == 2, new
        assert not (local.path / new).exists()
    assert {path: path.read_bytes() for path in own_files(local.path)} == before
    local.ok("export", "--format", "csv", "--output", str(local.path / "docs" / "table.csv"))
    assert local.run("refresh", "--batch-file", str(local.path / "sources.csv")).code == 2


def test_a_file_that_another_program_holds_is_said(local: Folder, tmp_path: Path) -> None:
    """A second process writes in it: every command that wants it names that process, and goes on once it is closed."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    file = str(local.path / "warehouse" / "survey.duckdb")
    holder = subprocess.Popen(
        [sys.executable, "-c", code, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        for words in (["query", "SELECT 1"], ["status"], ["render"], ["export", "--format", "csv"]):
            ran = local.run(*words)
            assert (ran.code, f"PID {holder.pid}" in ran.err, "open in another program" in ran.err) == (2, True, True)
        local.write("sources.csv", local.read("sources.csv") + "https://example.org/x,X\n")
        ran = local.run("refresh", "file-papers-harbor.pdf")
        assert (ran.code, "README.md was not written" in ran.err, f"PID {holder.pid}" in ran.err) == (1, True, True)
    finally:
        holder.communicate()
    assert local.rows("SELECT count(*) AS n FROM sources") == [{"n": 3}]


def test_a_writers_log_is_not_taken_for_ours(local: Folder) -> None:
    """What a killed writer left beside the file is not played into the next one."""
    code = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('CREATE TABLE theirs (a INT)'); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", code, str(local.path / "warehouse" / "survey.duckdb")], check=False)
    assert (local.path / "warehouse" / "survey.duckdb.wal").exists()
    local.write("sources.csv", local.read("sources.csv") + "https://example.org/x,X\n")
    assert local.rows("SELECT count(*) AS n FROM sources") == [{"n": 3}]
    assert local.run("query", "SELECT * FROM theirs").code == 2
    assert not (local.path / "warehouse" / "survey.duckdb.wal").exists()


def test_query_reads_stdin_and_wants_a_question(local: Folder) -> None:
    """Without SQL it is read from a pipe; an empty one is refused."""
    assert local.run("query", typed="SELECT count(*) AS n FROM sources").out == "n\n2\n"
    ran = local.run("query", typed=" \n")
    assert (ran.code, "no SQL given" in ran.err) == (2, True)


def test_status_lists_the_sources(local: Folder) -> None:
    """Each with its name, what was read and when, how the last look ended, and its cells; as JSON as well."""
    local.sources("./papers/harbor.pdf,Harbor", "./papers/orchard.pdf,=Orchard", "./gone.pdf,Gone", "2401.00001")
    local.run("refresh", "./gone.pdf", "./papers/harbor.pdf")
    harbor, orchard, gone, unread = local.ok("status", "--sources", "--json").json()
    assert (harbor["key"], harbor["outcome"], harbor["decided"], harbor["waiting"]) == (
        "file-papers-harbor.pdf", "unchanged", 0, 7
    )  # fmt: skip
    assert (orchard["outcome"], gone["outcome"], unread["outcome"]) == ("new", "failed", None)
    lines = local.ok("status", "--sources").out.splitlines()
    assert len(lines) == 6  # a head, a line each, and one more for the failure
    assert "0 decided, 7 wait" in lines[1]
    assert "./gone.pdf is not a file" in lines[4]


def test_status_tells_of_texts_by_an_older_reader(local: Folder) -> None:
    """They are counted, named in JSON, and read anew by --reread; then nothing is said any more."""
    texts = sorted((local.path / "warehouse" / "cache" / "texts").rglob("*.json"))
    assert "reading" not in local.ok("status").out
    head, payload = texts[0].read_bytes().split(b"\n", 1)
    older = re.sub(rb'"reader":"[^"]*"', b'"reader":"pdf-0"', payload)
    texts[0].write_bytes(hashlib.sha256(older).hexdigest().encode() + b" " + head.split(b" ")[1] + b"\n" + older)
    assert "1 text in the cache by an older reader: survey-extract refresh --reread" in local.ok("status").out
    assert len(local.ok("status", "--json").json()["older_texts"]) == 1
    run = local.ok("refresh", "--reread", "--json").json()
    assert [outcome["asked"] for outcome in run["outcomes"]] == [[], []]
    assert "older reader" not in local.ok("status").out


def test_every_command_says_what_waits(local: Folder) -> None:
    """After add, refresh, render, review and status: cells to decide, sources that failed, sources to read, each with its command."""
    waits = "14 cells to decide: survey-extract review"
    for words in (["refresh"], ["render"], ["status"]):
        assert waits in local.ok(*words).err, words
    local.write("sources.csv", local.read("sources.csv") + "./gone.pdf,Gone\n")
    assert "1 source to read: survey-extract refresh" in local.ok("render").err
    assert "1 source failed: survey-extract status" in local.run("refresh").err
    assert (
        "next: survey-extract refresh"
        in local.ok("add", "https://example.org/x", "--name", "X", SURVEY_MIRROR="http://127.0.0.1:9").err
    )
    local.write("a.md", "# Words\n\n" + prose(30))
    assert waits in local.run("review", "--terminal", typed="q", SURVEY_REVIEWER="Ada").err


def test_the_seconds_are_those_that_were_waited(local: Folder) -> None:
    """The summary counts the whole command, the record the run alone."""
    began = time.monotonic()
    ran = local.ok("refresh", "--json")
    whole = time.monotonic() - began
    shown = re.search(r"seconds\W+([\d.]+)", ran.err)
    assert shown
    assert ran.json()["seconds"] <= float(shown[1]) + 0.06
    assert float(shown[1]) <= whole + 0.06


def test_status_says_what_stands_and_what_waits(local: Folder) -> None:
    """Counts of sources, cells and the queue, and the last run, as text and as JSON."""
    status = local.ok("status", "--json").json()
    assert (status["sources"], status["published"], status["queue"], status["outcomes"]) == (2, 2, 14, {"new": 2})
    assert status["last_run"]["complete"] is True
    assert "14 to decide" in local.ok("status").out


def test_what_could_not_be_read_is_not_counted_as_read(survey: Folder) -> None:
    """A file that came and gave no text is no source that was read: not in ``status``, not in the note of a row from a list."""
    survey.write("short.md", "A bridge of 32 m.")
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./short.md,Short", "./papers/harbor.pdf,Harbor")
    assert survey.run("refresh").code == 1
    assert survey.ok("status", "--json").json()["read"] == 1
    assert [row["key"] for row in survey.rows("FROM internal.were_read")] == ["file-papers-harbor.pdf"]


INSIDE = (
    "http://127.0.0.1:9/x", "http://localhost/x", "http://docs.localhost/x", "http://10.0.0.1/x", "http://[::1]/x",
    "http://169.254.169.254/latest", "http://2130706433/x", "http://0x7f.1/x", "http://[::ffff:127.0.0.1]/x",
)  # fmt: skip


def test_an_unseen_source_is_only_offered_where_it_may_come(survey: Folder) -> None:
    """What a refresh could never read or fetch is refused without the advice to add it unseen, and under a name, too."""
    survey.write("short.md", "A bridge of 32 m.")
    before = survey.read("sources.csv")
    for word in ("./short.md", *INSIDE):
        for named in ((), ("--name", "N")):
            ran = survey.run("add", word, *named)
            assert (ran.code, "adds it unseen" in ran.err) == (2, False), word
            assert "not added: " in ran.err
    assert survey.read("sources.csv") == before


def test_a_dry_run_says_of_addresses_inside_that_they_are_not_fetched(survey: Folder) -> None:
    """By their names alone; nothing is said of what would be asked of them. A mirror may have them."""
    survey.sources(*(f"{address},{number}" for number, address in enumerate(INSIDE)))
    lines = survey.ok("refresh", "--dry-run").out.splitlines()
    assert sum("resolves to a private address" in line for line in lines) == len(INSIDE)
    assert not any("would be fetched" in line or "would be asked" in line for line in lines)
    assert "would be fetched" in survey.ok("refresh", "--dry-run", SURVEY_MIRROR="http://127.0.0.1:9").out


def test_a_second_run_at_once_is_refused(local: Folder) -> None:
    """Exit code 2, and who holds the warehouse."""
    from survey_extract.wiring import open_archive

    with open_archive(local.path, print).lock("refresh"):
        ran = local.run("refresh")
    assert (ran.code, "another run is under way: `survey-extract refresh`, process" in ran.err) == (2, True)


@pytest.mark.parametrize(("folder", "says"), [("empty", "no survey here"), ("missing", "no such folder")])
def test_no_survey_is_said(tmp_path: Path, folder: str, says: str) -> None:
    """A folder without a survey says how to make one."""
    (tmp_path / "empty").mkdir()
    ran = Folder(tmp_path / folder, {}).run("status")
    assert (ran.code, says in ran.err) == (2, True)


@pytest.mark.parametrize(
    "words", [["status"], ["render"], ["refresh"], ["query", "FROM survey"], ["add", "2304.08485"], ["verify"]]
)
def test_a_survey_nearby_is_named(survey: Folder, words: list[str]) -> None:
    """From a folder inside a survey, or above some, every command says where they are, and ``init`` that it makes another."""
    inside, above = Folder(survey.path / "papers", {}), Folder(survey.path.parent, {})
    inside.path.mkdir()
    ran = inside.run(*words)
    assert (ran.code, "no survey here" in ran.err) == (2, True)
    assert f"there is one above: survey-extract --project {survey.path.resolve()} " in ran.err
    ran = above.run(*words)
    assert (ran.code, f"there are surveys in {survey.path.name}" in ran.err) == (2, True)
    assert f"note: {survey.path.resolve()} is a survey too" in inside.ok("init").err
    assert "note:" not in survey.ok("init").err


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_that_goes_before_the_command_says_so(survey: Folder, command: str) -> None:
    """``--project`` behind a command is refused with the place where it belongs."""
    ran = survey.run(command, "--project", "a")
    assert (ran.code, f"goes before the command: survey-extract --project ... {command}" in ran.err) == (2, True)


def test_the_next_step_of_init_can_be_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names no paper of one subject, sends nobody where they are, and tells of the fields where there are none yet."""
    monkeypatch.chdir(tmp_path)
    for words in (["init"], ["init", "."], ["init", str(tmp_path)]):
        said = CliRunner().invoke(app, words).stderr
        assert "next: survey-extract add SOURCE" in said
    blank = CliRunner().invoke(app, ["init", "new", "--template", "blank"]).stderr
    assert "next: cd new, then describe the fields in fields.toml, then survey-extract add" in blank


def test_a_column_that_loses_the_names_is_told_once(survey: Folder) -> None:
    """A header with a title and no name is said by each command, once."""
    survey.write("sources.csv", "source,title\n")
    assert survey.ok("status").err.count("did you mean 'name'") == 1


def test_a_model_without_a_name_is_refused(survey: Folder) -> None:
    """A key without a model spends nothing: exit code 2."""
    ran = survey.run("refresh", OPENAI_API_KEY="sk-canary")
    assert (ran.code, "or give --model" in ran.err, "sk-canary" in ran.err) == (2, True, False)


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["refresh", "--model", "m1"], {}),
        (["refresh", "--dry-run", "--model", "m1"], {}),
        (["refresh"], {"SURVEY_MODEL": "m1"}),
        (["refresh", "--dry-run"], {"SURVEY_MODEL": "m1"}),
    ],
)
def test_a_named_model_without_a_key_is_refused(survey: Folder, words: list[str], env: dict[str, str]) -> None:
    """The other engine does not answer in its stead: exit code 2 before anything is fetched, unless that one is named."""
    survey.write("a.pdf", pdf(HARBOR))
    survey.sources("./a.pdf,A")
    ran = survey.run(*words, **env)
    assert (ran.code, "'m1' is set, but there is no key" in ran.err) == (2, True)
    assert not (survey.path / "warehouse" / "runs").exists()
    survey.ok(*words, "--engine", "extractive", **env)
