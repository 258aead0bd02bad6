"""What the README shows is tried as written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.columns import PAGE, demo, page
from tests.conftest import ROOT

QUERIES = re.findall(r"^survey-extract (query .*)$", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_there_are_queries_to_try() -> None:
    """The README teaches by example."""
    assert len(QUERIES) >= 4


@pytest.mark.parametrize("command", QUERIES)
def test_every_query_of_the_readme_runs(tmp_path: Path, command: str) -> None:
    """Each query is understood by the DuckDB file as it is."""
    demo(tmp_path / "demo").ok(*shlex.split(command))


def test_every_column_stands_in_the_docs(tmp_path: Path) -> None:
    """docs/sql.md names each table, view and column of the DuckDB file, in its own words; `python -m tests.columns` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page(demo(tmp_path / "demo"))
