"""Nothing goes in; how long each command takes to print its help comes out, beside a bare Python.

    python benchmarks/start.py

The target is 200 ms for every command, Python's own start included; the best
of the rounds counts.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from survey_extract.cli import app

ROUNDS = 5


def best(command: Sequence[str]) -> float:
    """Milliseconds of the quickest of the rounds."""

    def once() -> float:
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        return 1000 * (time.perf_counter() - began)

    return min(once() for _ in range(ROUNDS))


def main() -> None:
    print(f"{'python -c pass':24} {best([sys.executable, '-c', 'pass']):6.0f} ms")
    for words in ([], *([name] for name in app.commands)):
        took = best([sys.executable, "-m", "survey_extract", *words, "--help"])
        print(f"{' '.join([*words, '--help']):24} {took:6.0f} ms")


if __name__ == "__main__":
    main()
