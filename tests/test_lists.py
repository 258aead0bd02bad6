"""A maintainer's own list comes in, whatever its form; what cannot be read is named, and nothing is guessed."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path

import pytest

from survey_extract.adapters.markdown_tables import tables_as_html
from survey_extract.commands import list_file
from survey_extract.core.lists.delimited import read_delimited, separator_of
from survey_extract.core.lists.foreign import as_source
from survey_extract.core.reading.markup import MarkupTable, read_markup
from tests.conftest import Folder, Once, new_survey

FIELDS_TOML = """
[model]
heading = "Kind of model"
was = ["architecture"]
ask = "The kind."
[parameters]
heading = "Parameters"
type = "number"
unit = "billion"
ask = "How many."
[licence]
heading = "Licence"
type = "choice"
options = ["MIT", "Apache-2.0"]
ask = "Which."
[streaming]
heading = "Streaming"
type = "yes_no"
ask = "Whether."
[data]
heading = "Data sets"
type = "names"
ask = "Which."
"""

MARKDOWN = r"""# Speech

Some words.

| Name | kind of Model | Licence | Streaming | Data sets |
| :--- | ------------- | :-----: | --------- | --------: |
| [Able](https://arxiv.org/abs/2401.00001v2) | one \| two `x\|y` | mit | ✓ | A, B (c, d) |
| **[Bold](https://b.example/x)** | <b>Kind</b> &amp; <br> more | – | ? | n/a |

## More

| Licence | Paper | Name | Architecture |
|---|---|---|---|
| Not reported | [PDF](https://arxiv.org/pdf/2401.00003) ![badge](https://img.example/x.svg) | Cord | - |
"""


@pytest.fixture
def folder(once: Once, tmp_path: Path) -> Folder:
    def make(survey: Folder) -> None:
        survey.write("fields.toml", FIELDS_TOML)

    return once.survey("a survey of five types", make, tmp_path / "survey", SURVEY_REVIEWER="Ada")


def stands(folder: Folder) -> dict[tuple[str, str], object]:
    rows = folder.rows("SELECT key, field, value FROM decisions WHERE verdict = 'imported' ORDER BY key, field")
    return {(str(row["key"]), str(row["field"])): row["value"] for row in rows}


def test_tables_in_markdown_become_sources_and_cells(folder: Folder) -> None:
    """Several tables, each with its own columns: bars, code, links, bold and HTML in cells are read; dashes say nothing."""
    ran = folder.ok("import", str(folder.write("list.md", MARKDOWN)))
    assert folder.read("sources.csv").splitlines()[1:] == [
        "2401.00001v2,Able",
        "https://b.example/x,Bold",
        "2401.00003,Cord",
    ]
    assert stands(folder) == {
        ("arxiv-2401.00001", "data"): "A, B (c, d)",
        ("arxiv-2401.00001", "licence"): "MIT",
        ("arxiv-2401.00001", "model"): "one | two x|y",
        ("arxiv-2401.00001", "streaming"): "yes",
        ("arxiv-2401.00003", "licence"): None,
        ("web-b.example-x", "model"): "Kind & more",
    }
    assert "list.md:8: <b> in model of web-b.example-x" in ran.err
    assert "0 sources added, 0 cells recorded" in folder.ok("import", str(folder.path / "list.md")).err


ROWS = [
    ["Source", "Name", "Kind of model", "Parameters", "Licence", "Streaming", "Data sets"],
    ["2401.00001", "Äble", 'one; two, "three"', "1.5", "MIT", "yes", "A, B"],
    ["https://doi.org/10.1000/x", "B\tb", "=cmd|' /C'!A0", "-7", "Apache-2.0", "no", "C"],
    ["doi:10.48550/arXiv.2401.00004", "C|c", "two\nlines", "?", "", "FALSE", "not reported"],
]  # fmt: skip


def written(separator: str, rows: Sequence[Sequence[str]] = ROWS, end: str = "\r\n") -> str:
    quoted = (separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "".join(line + end for line in quoted)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimited_files_say_the_same_whatever_their_separator_and_encoding(
    folder: Folder, separator: str, encoding: str
) -> None:
    """The same sources, names and values; a file that is no UTF-8 is read, and that is said."""
    ran = folder.ok("import", str(folder.write("list.csv", written(separator).encode(encoding))))
    assert ("list.csv:2: byte" in ran.err and "read as Latin-1" in ran.err) is (encoding == "cp1252")
    assert folder.read("sources.csv").splitlines()[1:] == [
        "2401.00001,Äble",
        "https://doi.org/10.1000/x,B b",
        "2401.00004,C|c",
    ]
    said = stands(folder)
    assert said["web-doi.org-10.1000-x", "model"] == "=cmd|' /C'!A0"
    assert said["web-doi.org-10.1000-x", "parameters"] == "-7"
    assert said["arxiv-2401.00001", "model"] == 'one; two, "three"'
    assert {field: value for (key, field), value in said.items() if key == "arxiv-2401.00004"} == {
        "model": "two lines",
        "streaming": "no",
        "data": None,
    }


def test_the_separator_is_counted_in_the_line_of_headings_alone() -> None:
    """Commas in quotes, or in the texts below, part no cells; Excel's own word for it counts first."""
    assert separator_of('"a,b,c,d";e;f\n1,2,3,4,5;6;7') == ";"
    assert separator_of("\n\nName\tText, long, and more, of it\n") == ","
    assert separator_of("only one heading\n") == ","
    table = read_delimited('sep=;\nA,x;B\n\n1;"2\n3"\n4;5;;\n')
    assert isinstance(table, MarkupTable)
    assert [[(cell.text, cell.line) for cell in row] for row in table.rows] == [
        [("A,x", 2), ("B", 2)],
        [("1", 4), ("2 3", 4)],
        [("4", 6), ("5", 6)],
    ]


def test_what_comes_out_as_a_table_comes_in_again_cell_for_cell(folder: Folder, tmp_path: Path) -> None:
    """A published table, exported as CSV and as Markdown, gives another survey the same cells."""
    kinds = ["=1+1", "a *b* _c_ `d` [e](f) <g> | h \\ &amp; i", "-x;=y", "[x](https://y.example)", "2_000 * 3 * 4"]
    rows = [["source", "name", "title", "model", "parameters", "licence", "streaming", "data"]]
    rows += [
        [f"2401.0000{at}", f"Name *{at}*", f"Title_{at}_", kind, f"about {at} B", "MIT", "yes", "A, B"]
        for at, kind in enumerate(kinds, 1)
    ]
    folder.ok("import", str(folder.write("list.csv", written(",", rows))))
    folder.write("README.md", "<!-- survey:begin -->\n<!-- survey:end -->\n")
    folder.ok("render")
    forms = {
        "out.csv": folder.ok("export", "--format", "csv").out,
        "out.md": folder.ok("query", "SELECT * FROM survey", "--format", "markdown").out,
        "README-of-it.md": folder.read("README.md"),
    }
    for name, text in forms.items():
        other = new_survey(tmp_path / name, SURVEY_REVIEWER="Ada")
        other.write("fields.toml", FIELDS_TOML)
        other.ok("import", str(other.write(name, text)))
        assert stands(other) == stands(folder), name
        assert other.rows("SELECT key, name FROM sources") == folder.rows("SELECT key, name FROM sources")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "Name,URL,Stars\nA,https://a.example,5\n", "a.csv:1: the heading 'Stars' is none"),
        ("a.csv", "Name,URL,Parametres\nA,https://a.example,5\n", "did you mean 'Parameters'?"),
        (
            "a.csv",
            "Name,URL,Model,Architecture\nA,https://a.example,x,y\n",
            "'Model' and 'Architecture' both mean model",
        ),
        ("a.csv", "Name,URL\nA,https://a.example,x\n", "a.csv:2: 3 cells under 2 headings"),
        ("a.csv", 'Name,URL\n"A\nB",x\n', "a.csv:2: 'x' is not a source"),
        ("a.csv", "Name,Licence\nA,MIT\n", "a.csv:2: 'A' has no source"),
        ("a.csv", 'Name,URL\nA,https://a.example\n"B,https://b.example\n', "a.csv:2: not readable as CSV"),
        ("a.csv", "Name,URL,Licence\nA,https://a.example,BSD\n", "a.csv:2: licence: 'BSD' is not one of"),
        ("a.csv", "", "the file is empty"),
        ("a.csv", b"Name,URL\n\x81\x8d,https://a.example\n", "is not UTF-8"),
        ("a.csv", codecs.BOM_UTF16_LE + b"N\0a", "is not UTF-8"),
        ("a.md", "| Name | Paper |\n|---|---|\n| A | soon |\n", "a.md:3: 'soon' is not a source"),
        ("a.md", "| Name | Paper |\n|---|\n| A | soon |\n", "a.md:2: no table in Markdown"),
        ("a.md", "| Name | URL |\n|---|---|\n| A | https://a.example | b |\n", "a.md:3: 3 cells under 2 headings"),
        ("a.bib", "@misc{one, title = {One}}\n", "a.bib:1: 'one' has no source"),
        ("a.bib", "\n@misc{one, title = {One\n", "a.bib:2: the entry cannot be read"),
        ("a.bib", "nothing", "there is no entry"),
    ],
)
def test_what_cannot_be_read_is_named_by_line_and_nothing_is_done(
    folder: Folder, name: str, text: str | bytes, says: str
) -> None:
    """Exit 2, with file and line, as long as anything is not understood."""
    ran = folder.run("import", str(folder.write(name, text)))
    assert ran.code == 2
    assert says in ran.err
    assert folder.read("sources.csv") == "source,name\n"


def test_a_list_of_which_nothing_can_be_read_is_no_success(folder: Folder) -> None:
    """Neither with ``--partial``: a night's job must not take it for done."""
    path = str(folder.write("a.csv", "Name,Licence\nA,MIT\n"))
    assert folder.run("import", path, "--partial").code == 2


def test_the_rest_is_imported_where_a_person_says_so(folder: Folder) -> None:
    """A column, a row or a cell that cannot be read is left out, and named."""
    text = "Name,URL,Stars,Licence,Kind of model\nA,https://a.example,5,BSD,x\nB,,6,MIT,y\n"
    ran = folder.ok("import", str(folder.write("a.csv", text)), "--partial")
    assert [line.split(":")[2] for line in ran.err.splitlines() if line.startswith("skipped")] == ["1", "2", "3"]
    assert stands(folder) == {("web-a.example", "model"): "x"}


def test_a_person_says_what_a_heading_means(folder: Folder) -> None:
    """``--column`` takes any heading for a field, name or source, or leaves it out; a wrong one is an error."""
    path = str(folder.write("a.csv", "#,Was ist es,Wo,Wer\n1,x,https://a.example,A\n"))
    options = ["#=", "was ist ES=model", "Wo=source", "Wer=name"]
    folder.ok("import", path, *(word for option in options for word in ("--column", option)))
    assert folder.read("sources.csv").splitlines()[1:] == ["https://a.example,A"]
    assert stands(folder) == {("web-a.example", "model"): "x"}
    for option, says in [
        ("Wo=modell", "did you mean 'model'?"),
        ("Woo=model", "did you mean 'Wo'?"),
        ("x", "write it as"),
    ]:
        ran = folder.run("import", path, "--column", option)
        assert ran.code == 2
        assert says in ran.err


def test_semicolons_part_the_items_of_a_list(folder: Folder) -> None:
    """As commas do; not in brackets."""
    folder.ok(
        "import",
        str(
            folder.write(
                "a.csv", 'Name,URL,Data sets\nA,https://a.example,"Bombus terrestris; Andrena flavipes (m; f)"\n'
            )
        ),
    )
    assert stands(folder) == {("web-a.example", "data"): "Bombus terrestris, Andrena flavipes (m; f)"}


def test_not_reported_in_a_list_is_recorded_once(folder: Folder) -> None:
    """It is a value like any other, and not the same as an empty cell, which says nothing."""
    text = "Name,URL,Kind of model,Parameters,Licence\nA,https://a.example,x,Not reported,\n"
    folder.ok("import", str(folder.write("a.csv", text)))
    assert stands(folder) == {("web-a.example", "model"): "x", ("web-a.example", "parameters"): None}
    assert "0 sources added, 0 cells recorded" in folder.ok("import", str(folder.path / "a.csv")).err


def test_a_newer_list_of_any_form_proposes_and_overwrites_nothing(folder: Folder) -> None:
    """What an earlier list said waits as suggested, what a person decided is kept, what is silent says nothing."""
    head = "Name,URL,Kind of model,Licence\n"
    folder.ok("import", str(folder.write("a.csv", head + "A,https://a.example,old,MIT\n")))
    folder.write("README.md", "<!-- survey:begin -->\n<!-- survey:end -->\n")
    ran = folder.ok("import", str(folder.write("b.csv", head + "A,https://a.example,new,–\n")))
    assert "1 cell differs from the earlier import and waits in the queue" in ran.err
    newer = "| Name | URL | Kind of model |\n|-|-|-|\n| A | https://a.example | new |\n"
    assert "0 sources added, 0 cells recorded" in folder.ok("import", str(folder.write("b.md", newer))).err
    verdicts = folder.rows("SELECT field, verdict, value FROM decisions ORDER BY decided_at, field")
    assert [tuple(row.values()) for row in verdicts] == [
        ("licence", "imported", "MIT"),
        ("model", "imported", "old"),
        ("model", "suggested", "new"),
    ]


BIB = r"""
@string{where = "Somewhere"}
@article{a, title = {The {First} {\"O}ne}, eprint = {2401.00001}, archivePrefix = {arXiv}, journal = where}
@misc{b, title = "Second", howpublished = "\url{https://b.example/a_b}", year = 2020}
@article{b, title = {Third}, doi = {10.48550/arXiv.2401.00003}}
@article{d, title = {Fourth}, doi = {10.1000/abc}}
"""


def test_a_bibliography_becomes_sources(folder: Folder) -> None:
    """Entries in their order: by arXiv id, arXiv's DOI, address or DOI, under their titles in plain characters."""
    assert "4 sources added, 0 cells recorded" in folder.ok("import", str(folder.write("list.bib", BIB))).err
    assert folder.read("sources.csv").splitlines()[1:] == [
        "2401.00001,The First Öne",
        "https://b.example/a_b,Second",
        "2401.00003,Third",
        "https://doi.org/10.1000/abc,Fourth",
    ]


def test_a_title_nested_without_end_is_still_a_title(folder: Folder) -> None:
    """What no reader of LaTeX gets to the end of keeps its words."""
    deep = "{" * 3000 + "Deep" + "}" * 3000
    folder.ok("import", str(folder.write("a.bib", f"@misc{{a, url = {{https://a.example}}, title = {{{deep}}}}}\n")))
    assert folder.read("sources.csv").splitlines()[1:] == ["https://a.example,Deep"]


def test_bullets_with_links_become_sources(folder: Folder) -> None:
    """A list without a table gives a source for each bullet that leads somewhere; headings and prose give none."""
    text = (
        "# Awesome [badge](https://badge.example)\n\n- [One](https://arxiv.org/abs/2401.00001) - words "
        "[more](https://m.example)\n- [Contents](#contents)\n* **[Two](https://two.example/x)**\n\n2401.00003\n"
    )
    folder.ok("import", str(folder.write("list.md", text)))
    assert folder.read("sources.csv").splitlines()[1:] == ["2401.00001,One", "https://two.example/x,Two", "2401.00003,"]


@pytest.mark.parametrize("name", ["list.bib", "list.csv", "list.tsv"])
def test_add_names_the_command_that_takes_lists(folder: Folder, name: str) -> None:
    """A list is no document: ``add`` says what brings it in."""
    folder.write(name, BIB)
    ran = folder.run("add", name)
    assert ran.code == 2
    assert f"survey-extract import {name}" in ran.err


def test_a_list_has_a_bound(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of any size is refused by its size, before it is read."""
    monkeypatch.setattr(list_file, "BYTES", 10)
    ran = folder.run("import", str(folder.write("a.csv", "Name,URL\nA,https://a.example\n")))
    assert ran.code == 2
    assert "a list has at most" in ran.err


def test_html_in_a_cell_of_markdown_does_not_leave_its_cell() -> None:
    """Tags of tables are words there; each row keeps its line."""
    text = "\n| A | B |\n|---|---|\n| x </td><td>y | </table> z |\n| 1 | 2 |\n"
    (table,) = read_markup(tables_as_html(text)).tables
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["A", "B"],
        ["x </td><td>y", "</table> z"],
        ["1", "2"],
    ]
    assert [row[0].line for row in table.rows] == [2, 4, 5]


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("10.48550/arXiv.2401.00001", "2401.00001"),
        ("https://dx.doi.org/10.48550/ARXIV.2401.00001", "2401.00001"),
        ("DOI: 10.1000/x(y)", "https://doi.org/10.1000/x(y)"),
        (" https://a.example ", "https://a.example"),
    ],
)
def test_a_doi_is_a_source(written: str, source: str) -> None:
    """arXiv's DOIs are arXiv's ids, others an address."""
    assert as_source(written) == source


def test_each_bullet_is_a_row_or_is_named(folder: Folder) -> None:
    """Links to files, labels that say only what they are, bare addresses and paths are sources; what is none is named by line."""
    (folder.path / "papers").mkdir()
    for name in ("bees", "worms", "lynx"):
        folder.write(f"papers/{name}.md", "# Words\n\nSome words.\n")
    text = (
        "# Awesome [![Awesome](https://badge.example/b.svg)](https://badge.example)\n- [Papers](#papers)\n"
        "* **Bees** ([pdf](papers/bees.md)), 2023\n- [Worms](./papers/worms.md)\n1. Lynx: papers/lynx.md\n"
        "- See https://zzz.example/a_(b). More\n- [ ] <https://y.example/x>\n- [Ref][r]\n- Words alone\n"
        "- [Rules](contributing.md)\n[CC0](https://creativecommons.org/publicdomain/zero/1.0/)\n[r]: https://r.example/r\n"
    )
    ran = folder.ok("import", str(folder.write("list.md", text)))
    assert folder.read("sources.csv").splitlines()[1:] == [
        "papers/bees.md,Bees",
        "./papers/worms.md,Worms",
        "papers/lynx.md,Lynx",
        "https://zzz.example/a_(b),See",
        "https://y.example/x,",
        "https://r.example/r,Ref",
    ]
    assert "list.md:9: not imported: 'Words alone' leads to no source" in ran.err
    aside = (
        "badges or images (line 1), anchors (line 2), licences and rules for contributors (line 10), licences (line 11)"
    )
    assert aside in ran.err


def test_what_no_night_could_read_is_refused_in_lists_too(folder: Folder) -> None:
    """A file that is not there, addresses inside a network, two sources in one bullet; where nothing else is there, nothing is promised of ``--partial``."""
    inside = ("http://10.0.0.1/a", "http://localhost:8080/b", "http://[fd00::1]/c", "http://169.254.169.254/d")
    wrong = (
        "[A](papers/none.pdf)",
        "[B](ftp://b.example)",
        "[C](2401.00001) and [D](2401.00002)",
        *(f"[E]({one})" for one in inside),
    )
    text = "".join(f"- {bullet}\n" for bullet in wrong)
    for options in ((), ("--partial",)):
        ran = folder.run("import", str(folder.write("list.md", text)), *options)
        assert ran.code == 2
        assert [line.partition("list.md:")[2][:2] for line in ran.err.splitlines()[:7]] == [
            f"{n}:" for n in range(1, 8)
        ]
        assert ran.err.count("private address") == len(inside)
        assert "--partial" not in ran.err
    mirrored = folder.run("import", str(folder.path / "list.md"), "--partial", SURVEY_MIRROR="http://127.0.0.1:9")
    assert (mirrored.code, mirrored.err.count("private address")) == (0, 0)


def test_what_follows_from_a_heading_is_said_once(folder: Folder) -> None:
    """Rows without a source are none of their own fault where no column is known to hold it."""
    ran = folder.run("import", str(folder.write("a.csv", "Wer,Wo\nA,https://a.example\nB,https://b.example\n")))
    told = [line for line in ran.err.splitlines() if "a.csv:" in line]
    assert len(told) == 3
    assert "2 rows without a source" in told[2]
