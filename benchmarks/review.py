"""Nothing goes in; how fast a queue of 10,000 cells opens and moves on comes out.

    python benchmarks/review.py

It makes a survey of 1,429 sources with seven cells each, starts the review
page on it, and posts verdicts as the browser does. Targets: the queue opens
in under 1 s, the next cell is there in under 100 ms.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

from survey_extract.commands.init import init_survey
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Answer, Check, Document
from survey_extract.wiring import open_archive

SOURCES = 1_429
MOVES = 60


def make(folder: Path) -> None:
    """A survey whose cells all want a decision."""
    list(init_survey(folder))
    archive = open_archive(folder, print)
    (folder / "sources.csv").write_text("source,name\n" + "".join(f"./p/{n}.md,System {n}\n" for n in range(SOURCES)))
    text = assemble(
        [Block("body", "It has 12 layers, as this sentence says. " * 40)], reader="b", title="T", page_count=1
    )
    answer = Answer(
        "f",
        "",
        "openai",
        "m",
        "",
        None,
        text.sha256,
        "b",
        "It has 12 layers.",
        False,
        "h",
        (),
        (),
        Check(),
        0,
        None,
        "r",
        "2026-01-01T00:00:00Z",
    )
    for number in range(SOURCES):
        key, sha256 = f"file-p-{number}.md", f"{number:064}"
        archive.add_document(
            Document(
                key,
                sha256,
                1,
                "text/markdown",
                f"p/{number}.md",
                f"p/{number}.md",
                None,
                None,
                None,
                "2026-01-01T00:00:00Z",
            )
        )
        archive.add_answers(
            key,
            [
                replace(answer, field=spec.name, document=sha256, fingerprint=f"{number} {spec.name}")
                for spec in archive.fields
            ],
        )
        archive.keep_text(sha256, text)


CLIENT = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
"""Keeps the cookie that the printed address is exchanged for."""


def timed(address: str, form: dict[str, str] | None = None) -> tuple[float, str, str]:
    """Milliseconds, the final address and the page."""
    began = time.perf_counter()
    with CLIENT.open(address, urllib.parse.urlencode(form).encode() if form else None) as answer:
        text = answer.read().decode()
    return 1000 * (time.perf_counter() - began), str(answer.url), text


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "survey"
        make(folder)
        began = time.perf_counter()
        command = [sys.executable, "-m", "survey_extract", "--project", str(folder), "review", "--no-open"]
        server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        said = re.search(r"http://[\d.:]+/\?\S+", server.stderr.readline())
        assert said
        start = time.perf_counter() - began
        _, queue, _ = timed(said[0])
        opened = [timed(queue)[0] for _ in range(5)]
        _, at, text = timed(urljoin(queue, re.findall(r'data-next href="([^"]+)"', timed(queue)[2])[0]))
        moves: list[float] = []
        for _ in range(MOVES):
            form = dict(re.findall(r'<input type="hidden" name="(token|judged|evidence)" value="([^"]*)"', text))
            before = at
            took, at, text = timed(at, form | {"verdict": "a"})
            assert at != before, "the verdict was not recorded"
            moves.append(took)
        server.kill()
        server.communicate()
    print(f"{SOURCES * 7:,} cells; start with building the DuckDB file: {start:.1f} s")
    print(f"queue opens: {opened[0]:.0f} ms the first time, {statistics.median(opened):.0f} ms median")
    print(f"verdict to next cell: {statistics.median(moves):.0f} ms median, {max(moves):.0f} ms worst of {MOVES}")


if __name__ == "__main__":
    main()
