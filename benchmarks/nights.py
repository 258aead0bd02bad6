"""Numbers of sources and of nights go in; the CPU seconds of a night on which nothing changes come out, and those of ``status``.

    PYTHONPATH=. python benchmarks/nights.py [SOURCES NIGHTS]...

Every source is published (``publish = "any"``) and a text file, so that no
network counts. Targets: 0.5 s for the night of 24 sources, 3 s for that of
1,000. ``python -c pass`` and the start of the tool are part of each figure.
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


def cpu(folder: Path, *command: str) -> float:
    """User seconds of one command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    called = [sys.executable, "-m", "survey_extract", "--project", str(folder), *command]
    subprocess.run(called, capture_output=True, check=True, env=os.environ | {"SURVEY_PUBLISH": "any"})
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def measure(folder: Path) -> str:
    """A line of figures; the first night writes the README."""
    cpu(folder, "refresh")
    night, status = cpu(folder, "refresh"), cpu(folder, "status")
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
