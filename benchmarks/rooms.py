"""A paper of our own goes through a first night; the files of the package that it enters come out, with lines and crossings.

    PYTHONPATH=. python benchmarks/rooms.py

A file is entered when one of its functions is called; a crossing is a call
from one file to another. A wing is a folder that its neighbours enter through
one door: a newcomer reads the door, and the rest when it is the rest that he
has come for. The document is read in this process, so that the reader's rooms
are counted as well.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path
from types import FrameType

import survey_extract
from survey_extract.adapters.pdf.reader import read_pdf
from tests.conftest import Folder
from tests.papers.make import HARBOR, pdf
from tests.servers.loopback import serving
from tests.servers.world import World

PACKAGE = Path(survey_extract.__file__).parent
WINGS = ("adapters/pdf", "adapters/http", "adapters/html", "adapters/css", "core/reading", "core/tables", "commands")
PAPER = "2401.00001"


class Visits:
    """Files of the package by calls into them from other files."""

    def __init__(self) -> None:
        self.entered: Counter[str] = Counter()
        self.crossings: set[tuple[str, str, str]] = set()
        self._names: dict[str, str | None] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        here = self._name(frame.f_code.co_filename)
        if here is None:
            return
        self.entered[here] += 1
        there = self._name(frame.f_back.f_code.co_filename) if frame.f_back else None
        if there not in (None, here):
            self.crossings.add((str(there), here, frame.f_code.co_name))

    def _name(self, file: str) -> str | None:
        if file not in self._names:
            path = Path(file)
            self._names[file] = str(path.relative_to(PACKAGE)) if path.is_relative_to(PACKAGE) else None
        return self._names[file]


def lines(name: str) -> int:
    return len((PACKAGE / name).read_text(encoding="utf-8").splitlines())


def wing(name: str) -> str | None:
    """The wing of a file, unless it is its door: the file that is entered from outside most."""
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
            read_pdf(data)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
    return visits


def main() -> None:
    found = visited()
    files = sorted(found.entered)
    rooms = [name for name in files if wing(name) is None]
    print(f"files entered: {len(files)}, of {sum(map(lines, files)):,} lines; crossings: {len(found.crossings)}")
    print(f"without the wings: {len(rooms)} files, of {sum(map(lines, rooms)):,} lines")
    for name in WINGS:
        inside = [file for file in files if wing(file) == name]
        doors = {crossing[1] for crossing in found.crossings if wing(crossing[1]) == name != wing(crossing[0])}
        print(f"wing {name:15} {len(inside):3} files, {sum(map(lines, inside)):5} lines, entered through {len(doors)}")


if __name__ == "__main__":
    main()
