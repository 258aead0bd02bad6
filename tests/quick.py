"""The changes since main go in, the test files near them come out; as a plugin, it ends every test when the time is up.

    python -m pytest -p tests.quick --timeout=0 -rs $(python -m tests.quick)

First the tests that changed, then the small ones that import a module that changed, then the core's. What the time does
not suffice for is skipped aloud, and tests of whole commands are left to `make unit`, which runs everything. One
process: a second one would spend its time on starting.
"""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ENOUGH = 11.0
"""Seconds from the start of pytest; with linters, start and end, `make quick` stays below 15."""
LONG = "tests/core/test_growth.py"
"""Times every pattern of the core on growing texts, longer than all others of the core: only when it changed itself."""
BEGUN = time.monotonic()


@contextmanager
def time_left() -> Iterator[None]:
    """Ends what runs inside as skipped when the time is up."""
    before = signal.signal(signal.SIGALRM, _time_is_up)
    signal.setitimer(signal.ITIMER_REAL, max(BEGUN + ENOUGH - time.monotonic(), 0.001))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _time_is_up(*_: object) -> None:
    pytest.skip("no time left in `make quick`: `make unit` runs these")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if time.monotonic() > BEGUN + ENOUGH:
        _time_is_up()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    with time_left():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    with time_left():
        return (yield)


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
    small = {path: text for path, text in tests.items() if path.count("/") > 1 and path != LONG}
    importing = [path for path, text in small.items() if names and imports.search(text)]
    core = [path for path in small if path.startswith("tests/core/")]
    return [*dict.fromkeys([*itself, *importing, *core])]


def main() -> None:
    tests = {str(path.relative_to(ROOT)): path.read_text() for path in sorted((ROOT / "tests").rglob("test_*.py"))}
    print("\n".join(near(changed(), tests)))


if __name__ == "__main__":
    main()
