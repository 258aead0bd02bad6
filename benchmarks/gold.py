"""The papers of ../shared/gold go in; how often the engine without a model is right comes out, field by field, offline.

    PYTHONPATH=. python benchmarks/gold.py ../shared [--html FOLDER]

The papers come from a replica of arXiv on loopback. HELD_OUT are the two that
nothing was chosen by, here or in the other benchmarks; they are measured
apart. ``--html`` writes the page of each group into a folder.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import Folder
from tests.servers.replica import replica

HELD_OUT = ("2111.02358v2", "2306.00890v1")


def papers(shared: Path) -> list[str]:
    """The papers of the gold file, those held out last."""
    named = dict.fromkeys(cell["paper"] for cell in json.loads((shared / "gold" / "gold.json").read_text()))
    return sorted(named, key=lambda paper: paper in HELD_OUT)


def key(paper: str) -> str:
    return f"arxiv-{paper.partition('v')[0]}"


def measure(folder: Folder, shared: Path, keys: Sequence[str], page: Path | None) -> str:
    """What ``evaluate`` says of some papers."""
    gold = str(shared / "gold" / "gold.json")
    written = ("--html", str(page)) if page else ()
    return folder.ok("evaluate", "--gold", gold, "--engine", "extractive", *written, *keys, COLUMNS="140").out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--html", type=Path)
    options = parser.parse_args()
    shared, began = options.shared.resolve(), time.monotonic()
    groups = {
        "six papers": [paper for paper in papers(shared) if paper not in HELD_OUT],
        "two papers held out": list(HELD_OUT),
    }
    if options.html:
        options.html.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, replica(shared) as server:
        folder = Folder(Path(temporary) / "gold", {"SURVEY_ARXIV_PACE": "0", "SURVEY_MIRROR": server.url})
        folder.path.mkdir()
        folder.ok("init")
        folder.sources(*papers(shared))
        folder.ok("refresh")
        for name, group in groups.items():
            page = options.html / f"{name.replace(' ', '-')}.html" if options.html else None
            print(f"== {name}: {', '.join(group)}\n")
            print(measure(folder, shared, list(map(key, group)), page), flush=True)
    print(f"{time.monotonic() - began:.0f} s in all")


if __name__ == "__main__":
    main()
