"""A number of moments goes in; a run is killed (-9) at each, started again, and compared with one that was left alone.

    python -m tests.kill 100 [seed]             the model is asked question by question
    python -m tests.kill batches 30 [seed]      the questions go into batches: killed between submit, collect and booking

Real processes, HTTP on loopback, PDFs, DuckDB. After every kill the survey
must be that of an undisturbed run, record for record, and the model must have
been asked as often as then, plus what was under way at the kill: no more, and
what was paid for is booked once, at its price. Of batches none is under way:
every question is answered once.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.conftest import Folder, use_model
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.batch_server import Provider
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import answering, says
from tests.servers.world import World

PAPERS = 6
DELAY, THOUGHT = 0.03, 0.3
"""Seconds that the web and the model take, so that moments fall into every step."""


STARTS = 1.3
"""Seconds to start the program and to end it, about; a moment behind the end hits nothing, and is counted so."""


@dataclass
class Result:
    """What 100 kills showed: how often each step was hit, and what was wrong."""

    kills: int = 0
    hit: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    in_flight: int = 0
    undisturbed: int = 0
    wrong: list[str] = field(default_factory=list)


def world() -> World:
    made = World()
    for number in range(PAPERS):
        paper = HARBOR if number % 2 else ORCHARD
        told = (
            "" if number < 2 else f"This is the account number {number} of it. "
        )  # the first two share their questions with nobody
        made.paper(f"2401.{number:05}", data=pdf(replace(paper, abstract=told + paper.abstract)))
    made.paper(f"2401.{PAPERS - 1:05}", data=pdf(HARBOR))  # the same text as the second: one question for two sources
    for number in range(2):
        made.page(
            f"/example.org/{number}.md",
            f"# Card {number}\n\nThe card {number} describes a model with two encoders. {prose(20)}",
            etag='"1"',
        )
    made.fails = _slow
    return made


def _slow(_: Request) -> None:
    time.sleep(DELAY)


def fresh(place: Path, env: dict[str, str]) -> Folder:
    folder = Folder(place, env)
    folder.path.mkdir(parents=True)
    folder.ok("init")
    folder.sources(
        *(f"2401.{number:05},Paper {number}" for number in range(PAPERS)),
        "https://example.org/0.md,A",
        "https://example.org/1.md,B",
    )
    return folder


def records(folder: Folder) -> Any:
    """Everything that is archived, without when and by which run."""
    found: dict[str, list[Any]] = {}
    root = folder.path / "warehouse"
    for path in sorted(root.rglob("*.jsonl")):
        if path.name == "replies.jsonl":
            continue  # of two sources with one question, either may be the one that asked: see ``booked``
        if path.name == "rendered.jsonl":
            continue  # every state that the README went through; the README itself is compared
        if "cache" in path.relative_to(root).parts:
            continue  # what a look at the pages found: whoever needs it looks again
        for line in path.read_text().splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue  # torn, and marked as such
            kept = {name: value for name, value in record.items() if name not in ("run", "at", "fetched_at", "seal")}
            found.setdefault(str(path.relative_to(root)), []).append(kept)
    return {name: sorted(map(json.dumps, lines)) for name, lines in found.items()}, folder.read("README.md")


def booked(folder: Folder) -> Counter[tuple[str, float | None]]:
    """How often each reply was paid for, and at which price, by the books."""
    paid: Counter[tuple[str, float | None]] = Counter()
    books = folder.path / "warehouse" / "replies.jsonl"
    for line in books.read_text().splitlines() if books.exists() else []:
        try:
            reply = json.loads(line)
        except ValueError:
            continue  # torn, and marked as such: it was written once more
        paid[reply["sha256"], reply["cost"]] += 1
    return paid


def told(folder: Folder) -> Counter[tuple[str, float | None]]:
    """The same by SQL."""
    rows = folder.rows("SELECT sha256, cost FROM replies WHERE NOT reused")
    return Counter((row["sha256"], row["cost"]) for row in rows)


def process(folder: Folder, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "survey_extract", "--project", str(folder.path), "refresh", *options]
    return subprocess.Popen(
        command,
        env=os.environ | folder.env,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def reached(folder: Folder) -> str:
    """The step in which a run was killed, by what it left."""
    root = folder.path / "warehouse"
    answers, replies, texts = (
        sum(1 for _ in root.glob(pattern))
        for pattern in ("answers/*.jsonl", "cache/replies/*/*.txt", "cache/texts/*/*.json")
    )
    ended = any(json.loads(path.read_text())["ended"] for path in (root / "runs").glob("*.json"))
    if (root / "survey.duckdb").exists():
        return "rendering, or over"
    if ended:
        return "building"
    if answers == PAPERS + 2:
        return "ending"
    if replies:
        return "asking and grounding"
    if texts:
        return "reading"
    return "fetching" if (root / "documents.jsonl").exists() else "locating" if (root / "runs").exists() else "starting"


def kill_at(folder: Folder, moment: float) -> None:
    """Kill a run and all its workers, ``moment`` seconds after it began."""
    running = process(folder)
    try:
        running.wait(moment)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, 9)
        running.wait()


def kills(moments: int, seed: int, thought: float = THOUGHT) -> Iterator[Result]:
    """The result so far, after every kill; the model thinks for ``thought`` seconds."""
    result, chance = Result(), random.Random(seed)
    model_says = answering(says)

    def model(request: Request) -> Response:
        time.sleep(thought)
        return model_says(request)

    with tempfile.TemporaryDirectory() as place, serving(world()) as web, serving(model) as server:
        env = {
            "SURVEY_ARXIV_PACE": "0",
            "SURVEY_READERS": "2",
            "SURVEY_PUBLISH": "any",
            "SURVEY_MIRROR": web.url,
            "SURVEY_CONCURRENCY": "2",
        }
        whole = fresh(Path(place) / "whole", env)
        use_model(whole, server)
        env |= whole.env
        assert process(whole).wait() == 0
        lasts = json.loads(next((whole.path / "warehouse" / "runs").glob("*.json")).read_text())["seconds"] + STARTS
        expected, result.undisturbed = records(whole), len(server.requests)
        paid = booked(whole)
        for number in range(moments):
            folder = fresh(Path(place) / f"killed-{number}", env)
            before = len(server.requests)
            for _ in range(1 + chance.randrange(2)):
                kill_at(folder, chance.uniform(0, lasts))
                result.hit[reached(folder)] += 1
            time.sleep(2 * thought)  # what was under way reaches the server
            asked = len(server.requests) - before
            stored = len(list((folder.path / "warehouse" / "cache").glob("replies/*/*.txt")))
            ended = process(folder).wait()
            calls = len(server.requests) - before
            result.kills, result.calls, result.in_flight = (
                number + 1,
                result.calls + calls,
                result.in_flight + asked - stored,
            )
            if ended != 0:
                result.wrong.append(f"{number}: the run after it ended with {ended}")
            if records(folder) != expected:
                result.wrong.append(f"{number}: another result")
            if calls != result.undisturbed + asked - stored:
                result.wrong.append(
                    f"{number}: {calls} calls, {result.undisturbed} undisturbed, {asked - stored} under way"
                )
            for books in (booked(folder), told(folder)):
                if books != paid:
                    result.wrong.append(f"{number}: booked {sum(books.values())} replies, not {sum(paid.values())}")
            shutil.rmtree(folder.path)
            yield result


# --- batches --------------------------------------------------------------------------------------

PRICES = json.dumps({"m1": {"input": 1.0, "output": 10.0, "cached": 0.1, "date": "2026-01-01"}})


def lines_of_books(folder: Folder) -> int:
    books = folder.path / "warehouse" / "replies.jsonl"
    return books.read_bytes().count(b"\n") if books.exists() else 0


def stored(folder: Folder) -> int:
    return len(list((folder.path / "warehouse" / "cache").glob("replies/*/*.txt")))


def batch_states(folder: Folder) -> list[str]:
    paths = (folder.path / "warehouse" / "batches").glob("*.json")
    return [json.loads(path.read_text())["state"] for path in paths]


Moment = Callable[[Folder], bool]


def a_moment(folder: Folder, chance: random.Random) -> tuple[str, Moment]:
    """A moment by what has been written: around the sending of a batch, and between storing, booking and closing."""
    count = chance.randrange(1, PAPERS + 2)
    if "pending" in batch_states(folder):
        return chance.choice([
            ("stored", lambda folder: stored(folder) >= count),
            ("booked", lambda folder: lines_of_books(folder) >= count),
            ("closed", lambda folder: "collected" in batch_states(folder)),
        ])  # fmt: skip
    return chance.choice([
        ("submitting", lambda folder: "submitting" in batch_states(folder)),
        ("sent", lambda folder: "pending" in batch_states(folder)),
    ])  # fmt: skip


def kill_when(folder: Folder, moment: Moment, *options: str) -> bool:
    """Kill a run as soon as the moment is there; False when it ended before."""
    running = process(folder, *options)
    while running.poll() is None:
        if moment(folder):
            os.killpg(running.pid, 9)
            running.wait()
            return True
        time.sleep(0.002)
    return False


def batch_kills(moments: int, seed: int) -> Iterator[Result]:
    """The result so far, after every kill of a survey whose questions go into batches."""
    result, chance = Result(), random.Random(seed)
    provider = Provider(answering(says))
    provider.fails = _slow
    with tempfile.TemporaryDirectory() as place, serving(world()) as web, serving(provider) as server:
        env = {"SURVEY_ARXIV_PACE": "0", "SURVEY_PUBLISH": "any", "SURVEY_MIRROR": web.url, "SURVEY_PRICES": PRICES}
        whole = fresh(Path(place) / "whole", env)
        use_model(whole, server)
        env |= whole.env
        _until_answered(whole)
        expected, paid = records(whole), booked(whole)
        answered = Counter(provider.answered)
        result.undisturbed = sum(answered.values())
        for number in range(moments):
            folder = fresh(Path(place) / f"killed-{number}", env)
            provider.batches, provider.files, provider.answered = {}, {}, []
            for _ in range(2 + chance.randrange(2)):
                name, moment = a_moment(folder, chance)
                result.hit[name if kill_when(folder, moment, "--batch") else "nothing"] += 1
            _until_answered(folder)
            result.kills, result.calls = number + 1, result.calls + len(provider.answered)
            if records(folder) != expected:
                result.wrong.append(f"{number}: another result")
            if Counter(provider.answered) != answered or provider.direct:
                result.wrong.append(
                    f"{number}: {len(provider.answered)} answered in batches, {provider.direct} otherwise"
                )
            for books in (booked(folder), told(folder)):
                if books != paid:
                    result.wrong.append(f"{number}: booked {books.total()} replies, not {paid.total()}, or otherwise")
            shutil.rmtree(folder.path)
            yield result


def _until_answered(folder: Folder) -> None:
    """Nights with batches, until nothing waits."""
    for _ in range(5):
        if process(folder, "--batch").wait() == 0 and "pending" not in batch_states(folder):
            return
    raise AssertionError("its questions keep waiting")


def main() -> None:
    kind = sys.argv.pop(1) if sys.argv[1:2] == ["batches"] else "questions"
    moments, seed = (int(sys.argv[at]) if len(sys.argv) > at else standard for at, standard in ((1, 100), (2, 1)))
    result = Result()
    for result in batch_kills(moments, seed) if kind == "batches" else kills(moments, seed):
        print(f"\r{result.kills} of {moments}, {len(result.wrong)} wrong", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(
        f"seed {seed}: {sum(result.hit.values())} kills in {result.kills} surveys; hit: {dict(result.hit.most_common())}"
    )
    print(
        f"calls to the model: {result.calls}; undisturbed {result.undisturbed * result.kills}, under way at a kill {result.in_flight}"
    )
    print("\n".join(result.wrong) or "every survey ended as if it had never been killed; every reply is booked once")
    sys.exit(bool(result.wrong))


if __name__ == "__main__":
    main()
