"""A paper of our own goes through a first night; the files of the package that a newcomer has to read to follow it come out.

    PYTHONPATH=. python benchmarks/newcomer.py

A file is entered when one of its functions is called; a crossing is a call from one file to another. A subpackage is
entered through its entry files: those that files outside of all subpackages call. Following the path takes the outer
files and the entry files; the rest of a subpackage is for whoever has something to change there. What workers do
(reading, answering, the check of answers) is done in this process as well, so that it is counted.
"""

from __future__ import annotations

import inspect
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

import survey_extract
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.answering.answers import answers_of
from survey_extract.core.check.grounding import grounded
from tests.conftest import Folder
from tests.papers.make import HARBOR, pdf
from tests.servers.loopback import serving
from tests.servers.world import World

PACKAGE = Path(survey_extract.__file__).parent
ADAPTERS = ("archive", "arxiv", "chromium", "css", "html", "http", "openai", "pdf", "warehouse")
CORE = (
    "answering",
    "check",
    "due",
    "evaluation",
    "inputs",
    "lists",
    "question",
    "ranking",
    "reading",
    "readme",
    "tables",
    "values",
    "words",
)
SUBPACKAGES = (*(f"adapters/{name}" for name in ADAPTERS), "commands", *(f"core/{name}" for name in CORE), "review")
PAPER = "2401.00001"


class Visits:
    """Files of the package by calls into them from other files."""

    def __init__(self) -> None:
        self.entered: Counter[str] = Counter()
        self.crossings: set[tuple[str, str, str]] = set()
        self._names: dict[str, str | None] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if event != "call" or not frame.f_code.co_flags & inspect.CO_OPTIMIZED:  # bodies of modules and classes
            return
        here = self._name(frame.f_code.co_filename)
        if here is None:
            return
        self.entered[here] += 1
        there = self._name(frame.f_back.f_code.co_filename) if frame.f_back else None
        if there not in (None, here) and frame.f_code.co_name != "<genexpr>":  # a generator runs where it is consumed
            self.crossings.add((str(there), here, frame.f_code.co_name))

    def _name(self, file: str) -> str | None:
        if file not in self._names:
            path = Path(file)
            self._names[file] = str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else None
        return self._names[file]


def lines(name: str) -> int:
    return len((PACKAGE / name).read_text(encoding="utf-8").splitlines())


def subpackage(name: str) -> str | None:
    """The subpackage that a file is in."""
    return next((one for one in SUBPACKAGES if name.startswith(f"{one}/")), None)


def visited() -> Visits:
    """A first night over one paper."""
    visits, world, data = Visits(), World(), pdf(HARBOR)
    world.paper(PAPER, data=data)
    with tempfile.TemporaryDirectory() as temporary, serving(world) as server:
        folder = Folder(Path(temporary) / "survey", {"SURVEY_MIRROR": server.url, "SURVEY_ARXIV_PACE": "0"})
        folder.path.mkdir()
        folder.ok("init")
        folder.sources(f"{PAPER},Harbor")
        threading.setprofile(visits)
        sys.setprofile(visits)
        try:
            folder.ok("refresh")
            text, fields = read_pdf(data), default_fields().asked
            said = answers_of(text, fields)
            grounded(text, said, {spec.name: spec for spec in fields}, None, ())
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
    return visits


def entry_files(found: Visits) -> set[str]:
    """The files of subpackages that are called from outside of all of them."""
    return {there for here, there, _ in found.crossings if subpackage(there) and subpackage(here) is None}


def main() -> None:
    found = visited()
    files, entries = sorted(found.entered), entry_files(found)
    outer = [name for name in files if subpackage(name) is None]
    read = [*outer, *entries]
    print(f"files entered: {len(files)}, of {sum(map(lines, files)):,} lines; crossings: {len(found.crossings)}")
    print(f"outer files: {len(outer)}, of {sum(map(lines, outer)):,} lines")
    print(f"outer and entry files: {len(read)}, of {sum(map(lines, read)):,} lines")
    for name in SUBPACKAGES:
        inside = [file for file in files if subpackage(file) == name]
        whole = [str(path.relative_to(PACKAGE)) for path in (PACKAGE / name).rglob("*.py")]
        through = ", ".join(sorted(Path(file).stem for file in inside if file in entries)) or "none"
        print(f"{name:18} {sum(map(lines, whole)):5} lines, {len(inside):2} files entered, through: {through}")


if __name__ == "__main__":
    main()
