"""What the README shows is tried as written."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Folder

QUERIES = re.findall(r"^survey-extract (query .*)$", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_there_are_queries_to_try() -> None:
    """The README teaches by example."""
    assert len(QUERIES) >= 4


@pytest.mark.parametrize("command", QUERIES)
def test_every_query_of_the_readme_runs(tmp_path: Path, command: str) -> None:
    """Each query is understood by the DuckDB file as it is."""
    shutil.copytree(ROOT / "examples" / "demo", tmp_path / "demo", ignore=shutil.ignore_patterns("warehouse"))
    demo = Folder(tmp_path / "demo", {"SURVEY_READERS": "1"})
    demo.ok(*shlex.split(command))
