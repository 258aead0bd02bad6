"""The developer's shell: the real papers may lie anywhere, and no setting of the shell reaches a test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PROBE = """
from pathlib import Path
import pytest
from tests.conftest import Folder

@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = Folder(tmp_path_factory.mktemp("made"), {})
    folder.ok("init")
    folder.sources()
    folder.ok("refresh")
    return folder

def test_what_many_tests_share_is_made(made): ...

def test_the_papers_are_those_of_the_variable(shared, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert shared.is_absolute() and (shared / "papers" / "here").is_file()
"""


def test_settings_of_the_shell_reach_no_test_and_no_fixture(tmp_path: Path) -> None:
    """SURVEY_TEST_SHARED leads to the papers, as a relative path, too, and is no setting that a survey would refuse."""
    papers = tmp_path / "elsewhere" / "papers"
    papers.mkdir(parents=True)
    for name in ("metadata.json", "here"):
        (papers / name).touch()
    (tmp_path / "test_probe.py").write_text(PROBE)
    variables = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "SURVEY_TEST_SHARED": "elsewhere", "SURVEY_NO_SUCH": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "tests.conftest", "test_probe.py"]
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    assert " 2 passed" in done.stdout, done.stdout + done.stderr


def test_one_fixture_leads_to_the_real_papers() -> None:
    """No test builds a path to them by itself: it would be skipped, or fail, where SURVEY_TEST_SHARED points elsewhere."""
    by_itself = re.compile(r'ROOT\.parent\b|/ "shared"|"\.\./shared|\bSHARED\b')
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.name.startswith(("test_", "conftest"))]
    homes = {ROOT / "tests" / "conftest.py", Path(__file__)}
    assert not [
        (path.name, line)
        for path in {*files} - homes
        for line in path.read_text().splitlines()
        if by_itself.search(line)
    ]
