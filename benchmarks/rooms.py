"""A paper of our own goes through a first night; the files of the package that it enters come out, with lines and crossings.

    PYTHONPATH=. python benchmarks/rooms.py

A file is entered when one of its functions is called; a crossing is a call
from one file to another. A wing is a folder with work of its own; its doors are
the files that are entered from rooms, which are all files outside of wings. A
newcomer reads the rooms and the doors, and the rest of a wing when it is the
rest that he has come for. What workers do (reading, answering, the check of
answers) is done in this process as well, so that it is counted.
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
from survey_extract.adapters.extractive_answers import answers_of
from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.check.grounding import grounded
from tests.conftest import Folder
from tests.papers.make import HARBOR, pdf
from tests.servers.loopback import serving
from tests.servers.world import World

PACKAGE = Path(survey_extract.__file__).parent
ADAPTERS = ("archive", "arxiv", "chromium", "css", "html", "http", "openai", "pdf", "warehouse")
CORE = (
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
WINGS = (*(f"adapters/{name}" for name in ADAPTERS), "commands", *(f"core/{name}" for name in CORE), "review")
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
        if (
            there not in (None, here) and frame.f_code.co_name != "<genexpr>"
        ):  # it is gone through by whom it was given to
            self.crossings.add((str(there), here, frame.f_code.co_name))

    def _name(self, file: str) -> str | None:
        if file not in self._names:
            path = Path(file)
            self._names[file] = str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else None
        return self._names[file]


def lines(name: str) -> int:
    return len((PACKAGE / name).read_text(encoding="utf-8").splitlines())


def wing(name: str) -> str | None:
    """The wing that a file is in."""
    return next((w for w in WINGS if name.startswith(f"{w}/")), None)


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


def doors(found: Visits) -> set[str]:
    """The files of wings that are entered from rooms."""
    return {there for here, there, _ in found.crossings if wing(there) and wing(here) is None}


def main() -> None:
    found = visited()
    files, open_doors = sorted(found.entered), doors(found)
    rooms = [name for name in files if wing(name) is None]
    read = [*rooms, *open_doors]
    print(f"files entered: {len(files)}, of {sum(map(lines, files)):,} lines; crossings: {len(found.crossings)}")
    print(f"rooms: {len(rooms)} files, of {sum(map(lines, rooms)):,} lines")
    print(f"rooms and doors: {len(read)} files, of {sum(map(lines, read)):,} lines")
    for name in WINGS:
        inside = [file for file in files if wing(file) == name]
        whole = [str(path.relative_to(PACKAGE)) for path in (PACKAGE / name).rglob("*.py")]
        through = ", ".join(sorted(Path(file).stem for file in inside if file in open_doors)) or "none"
        print(f"wing {name:18} {sum(map(lines, whole)):5} lines, {len(inside):2} files entered; doors: {through}")


if __name__ == "__main__":
    main()
