"""SQL goes in, the rows that it finds are printed; without any, a person asks question after question.

That is in DuckDB's own shell, where there is one, or at a prompt of ours.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from survey_extract.commands.survey import Survey, fail, say
from survey_extract.commands.tables import print_table
from survey_extract.errors import BadQuery

if TYPE_CHECKING:
    from survey_extract.wiring import DuckWarehouse

_HELP = "end a question with ; (it may take several lines); .tables lists tables and views, .quit ends"
_TABLES = "SELECT table_name AS name, comment FROM (SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal) ORDER BY name"


def query_survey(survey: Survey, sql: str | None, style: str | None) -> int:
    """Answer what is asked, in SQL, on stdin or at the prompt; the exit code."""
    warehouse = survey.warehouse()
    if sql is None and sys.stdin.isatty():
        return _prompt(warehouse, style or "table")
    asked = (sys.stdin.read() if sql in (None, "-") else sql) or ""
    if not asked.strip():
        fail("no SQL given: pass it as an argument or on stdin, or type it at the prompt on a terminal")
    print_table(*warehouse.query(asked), style or ("table" if sys.stdout.isatty() else "csv"), counted=True)
    return 0


def _prompt(warehouse: DuckWarehouse, style: str) -> int:
    """Answer until the person leaves; the exit code."""
    if shell := shutil.which("duckdb"):
        say(f"DuckDB's own shell, read-only, on {warehouse.path}; .quit ends it")
        return subprocess.run([shell, "-readonly", str(warehouse.path)], check=False).returncode
    with suppress(ImportError):
        import readline  # noqa: F401  # lines can be edited, and called up again
    say(f"{warehouse.path}, read-only: {_HELP}")
    for question in _questions():
        try:
            print_table(*warehouse.query(_TABLES if question == ".tables" else question), style, counted=True)
        except BadQuery as error:
            say(str(error))
    return 0


def _questions() -> Iterator[str]:
    """What is typed, up to each semicolon at the end of a line; a line with a full stop in front is a word to the prompt."""
    typed: list[str] = []
    while True:
        try:
            line = input("   ...> " if typed else "survey> ").rstrip()
        except EOFError:
            click.echo()
            return
        except KeyboardInterrupt:  # leaves the question, as in other shells
            click.echo()
            typed = []
            continue
        if not typed and line in (".quit", ".exit", "quit", "exit"):
            return
        if not typed and line == ".tables":
            yield line
        elif not typed and line.startswith("."):
            say(_HELP)
        elif line or typed:
            typed.append(line)
            if line.endswith(";"):
                yield "\n".join(typed)
                typed = []
