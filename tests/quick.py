"""The changes since main go in, the test files near them come out; as a plugin, it begins no test after ``ENOUGH``.

    python -m pytest -p tests.quick -rs $(python -m tests.quick)

First the tests that changed, then the small ones that import a module that changed, then the core's, then whole
commands. What the time does not suffice for is skipped aloud: `make unit` runs everything.
"""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENOUGH = 9.0
"""Seconds; with the start, the linters and the test that is under way, `make quick` stays below 15."""
LONG = "tests/core/test_growth.py"
"""Times every pattern of the core on growing texts: last, though it is the core's."""
_BEGUN = time.monotonic()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if time.monotonic() - _BEGUN > ENOUGH:
        pytest.skip("no time left in `make quick`: `make unit` runs these")


def _git(*words: str) -> list[str]:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def changed() -> list[str]:
    """Files that differ from where this branch left main, and new ones; without a main, from the last commit."""
    base = _git("merge-base", "HEAD", "main") or _git("merge-base", "HEAD", "origin/main") or ["HEAD"]
    return [*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")]


def module(path: str) -> str:
    """The dotted name of a Python file of src/ or tests/."""
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def near(files: Iterable[str], tests: dict[str, str]) -> list[str]:
    """The test files to run for files that changed, nearest first; ``tests`` are all test files and their text.

    tests/conftest.py stands in nearly every test, so a change of it leads to none.
    """
    python = [path for path in files if path.endswith(".py") and not path.endswith("conftest.py")]
    itself = [path for path in python if path in tests]
    names = "|".join(re.escape(module(path)) for path in python if path not in tests)
    imports = re.compile(rf"^\s*(?:from|import) (?:{names})(?: |$)", re.MULTILINE)
    importing = [path for path, text in tests.items() if names and imports.search(text)]
    core = [path for path in tests if path.startswith("tests/core/")]
    small = [path for path in importing if path.count("/") > 1]
    return [*dict.fromkeys([*itself, *(path for path in [*small, *core] if path != LONG), *importing])]


def main() -> None:
    tests = {str(path.relative_to(ROOT)): path.read_text() for path in sorted(Path(ROOT, "tests").rglob("test_*.py"))}
    print("\n".join(near(changed(), tests)))


if __name__ == "__main__":
    main()
