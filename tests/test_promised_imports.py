"""What ``render`` says that ``import`` keeps, it keeps; what it would refuse, render says why."""

from __future__ import annotations

import re

import pytest

from tests.conftest import Folder
from tests.papers.make import HARBOR, ORCHARD, pdf

FIELDS = """
[blinding]
type = "choice"
options = ["nobody", "assessor"]
ask = "Who was blinded."

[size]
type = "number"
ask = "How many took part."

[open]
type = "yes_no"
ask = "Whether it is open."

[since]
type = "date"
ask = "Since when."

[about]
ask = "What it is about."
"""
NAMES = ("blinding", "size", "open", "since", "about")


@pytest.fixture
def typed(survey: Folder) -> Folder:
    """A survey with a field of each kind whose table shows a row, nothing decided."""
    survey.write("fields.toml", FIELDS)
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./papers/harbor.pdf,Harbor")
    survey.env |= {"SURVEY_PUBLISH": "any", "SURVEY_REVIEWER": "Ada"}
    survey.ok("refresh")
    return survey


def _with_cell(readme: str, number: int, text: str) -> str:
    """The table with the text of one cell of its only row; 0 is the title."""
    cells = list(re.finditer(r"<td[^>]*>.*?</td>", readme, re.DOTALL))
    return readme[: cells[number].start()] + f"<td>{text}</td>" + readme[cells[number].end() :]


@pytest.mark.parametrize("field", NAMES)
def test_what_render_promises_is_imported(typed: Folder, field: str) -> None:
    """Whatever is written into a cell: render sends to import just where import takes it, and otherwise says the same as import."""
    plain = typed.read("README.md")
    for text in ("Nobody at all", "nobody", "12", "yes", "2023-05", "12 to 14 or so", "English", "n/a"):
        typed.write("README.md", _with_cell(plain, NAMES.index(field) + 1, text))
        said = typed.run("render").err
        done = typed.run("import", str(typed.path / "README.md"))
        assert ("keeps it as a decision" in said) == (done.code == 0), (field, text, said, done.err)
        if done.code:
            why = done.err.partition(f"{field} of file-papers-harbor.pdf: ")[2].partition("\n")[0]
            assert why, done.err
            assert why in said


def test_a_copied_row_is_taken_in_once(typed: Folder) -> None:
    """A row that was copied with its note, of a source that was added: one import, and render is content."""
    typed.write("papers/orchard.pdf", pdf(ORCHARD))
    typed.ok("add", "papers/orchard.pdf", "--name", "Orchard")
    text = typed.read("README.md")
    begin = text.index("<details", text.index("<!-- survey:begin"))
    end = text.index("</details>", begin) + len("</details>\n")
    row = text[begin:end]
    copied = row.replace("papers/harbor.pdf", "papers/orchard.pdf").replace(">Harbor<", ">Orchard<")
    assert copied != row
    typed.write("README.md", text[:end] + copied + text[end:])
    typed.ok("import", str(typed.path / "README.md"))
    typed.ok("refresh")
    typed.ok("render")
    assert typed.run("render", "--check").code == 0
