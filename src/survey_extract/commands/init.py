"""A folder goes in, a survey folder comes out; what is there already is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from survey_extract.commands.survey import say, surveys_around
from survey_extract.core.inputs.fields_file import FILE as FIELDS_FILE
from survey_extract.core.inputs.sources import FILE, HEADER
from survey_extract.core.readme.table import BEGIN, CONTRIBUTING, END
from survey_extract.files import own_place
from survey_extract.wiring import TEMPLATES, default_prompt, template_text

_README = f"""# Our Survey

> What this list is about, and who keeps it.

Each cell of the table links to the page of the source that says so.

<!-- The table is HTML with long lines, the form that such lists have. -->
<!-- markdownlint-disable MD013 MD033 -->
{BEGIN}
{END}
<!-- markdownlint-enable -->
"""
_CONTRIBUTING = """# Contributing

Add a line to `sources.csv`: an arXiv id or an address, a comma, and a name.
The next `survey-extract refresh` reads it, and its row appears in the table
when a person has decided on each of its cells.

Something in the table is wrong? Edit the cell in `README.md`, and run
`survey-extract import README.md`; or open an issue that names the page.

A merge may leave conflicts in the table of `README.md`, which is made from
`warehouse/`. Do not mend them by hand: `survey-extract render` makes the table
again from the decisions of both sides.
"""
_PYPROJECT = """[tool.survey-extract]
# Every setting has a default; docs/settings.md of survey-extract lists them.
# model = "gpt-5-mini"        # with OPENAI_API_KEY in the environment
# contact = "you@example.org" # for the User-Agent
publish = "reviewed"
"""
_IGNORED = """warehouse/survey.duckdb*
warehouse/cache/
warehouse/.lock
warehouse/.decisions.lock
site/
"""
_MERGED = """# Records are lines that are only ever added: a merge keeps those of both sides.
warehouse/**/*.jsonl merge=union
"""


def begin_survey(folder: Path, template: str) -> None:
    """Make a survey folder, and say what comes next."""
    for other in surveys_around(folder):
        say(f"note: {other} is a survey too, with sources and records of its own; this makes another")
    for path in init_survey(folder, template):
        say(f"made {path}")
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder}, then "
    fields = "describe the fields in fields.toml, then " if template == "blank" else ""
    say(
        f"next: {there}{fields}survey-extract add SOURCE (an arXiv id, an address or a file), then survey-extract refresh"
    )
    say(
        "for every night: copy .github/workflows/nightly.yml of the tool's repository into yours, as its docs/nightly.md says"
    )


def init_survey(folder: Path, template: str = TEMPLATES[0]) -> Iterator[Path]:
    """Make what is missing; gives each path that was made. ``template`` says with which fields it begins."""
    files = {
        FILE: HEADER,
        FIELDS_FILE: template_text(template),
        "README.md": _README,
        CONTRIBUTING: _CONTRIBUTING,
        "pyproject.toml": _PYPROJECT,
        ".gitignore": _IGNORED,
        ".gitattributes": _MERGED,
        "prompts/extract.md": default_prompt("extract.md"),
        "prompts/repair.md": default_prompt("repair.md"),
    }
    for name, text in files.items():
        path = folder / name
        if not path.exists():
            own_place(folder, path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            yield path
    warehouse = folder / "warehouse"
    if not warehouse.exists():
        own_place(folder, warehouse)
        warehouse.mkdir()
        yield warehouse
