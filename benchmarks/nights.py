"""Numbers of sources and of nights go in; the CPU seconds of a night on which nothing changes come out, and those of ``status``.

    PYTHONPATH=. python benchmarks/nights.py [SOURCES NIGHTS]...

Every source is published (``publish = "any"``) and a text file, so that no
network counts. Targets: 0.5 s for the night of 24 sources, 3 s for that of
1,000. ``python -c pass`` and the start of the tool are part of each figure;
seconds are those of the whole process tree, user and system, the least of
three nights.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import Folder
from tests.many import make

SIZES = ((24, 1), (1_000, 1), (1_000, 365))
NIGHTS = 3
"""Nights that are measured: other work on a machine makes some of them dearer, none cheaper."""


def cpu(folder: Path, *command: str) -> float:
    """User and system seconds of one command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    called = [sys.executable, "-m", "survey_extract", "--project", str(folder), *command]
    subprocess.run(called, capture_output=True, check=True, env=os.environ | {"SURVEY_PUBLISH": "any"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path) -> str:
    """A line of figures; the first night writes the README."""
    cpu(folder, "refresh")
    night, status = (min(cpu(folder, command) for _ in range(NIGHTS)) for command in ("refresh", "status"))
    kilobytes = max((folder / "warehouse" / "runs").glob("*.json")).stat().st_size / 1e3
    return f"night {night:6.2f} s, status {status:6.2f} s, its record {kilobytes:6.1f} kB"


def main() -> None:
    given = list(map(int, sys.argv[1:]))
    for sources, nights in zip(given[::2], given[1::2], strict=True) if given else SIZES:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Folder(Path(temporary) / "survey", {"SURVEY_READERS": "1"})
            folder.path.mkdir()
            folder.ok("init")
            make(folder, sources, nights)
            print(f"{sources:5} sources, {nights:3} nights: {measure(folder.path)}", flush=True)


if __name__ == "__main__":
    main()
