"""The fault table: what may go wrong with disk, files, clock and other processes, each named, with nothing lost."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.conftest import Folder, kinds, use_model
from tests.papers.make import HARBOR, ORCHARD, pdf
from tests.servers.loopback import Request, Response, Server, serving
from tests.servers.openai_server import answering, says
from tests.servers.world import World


def state(survey: Folder) -> object:
    """What a reader of the survey sees, whoever asked and when."""
    cells = survey.rows("SELECT key, field, state, value, proposed, evidence_count FROM cells ORDER BY key, field")
    return cells, survey.read("README.md")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, where we may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)], capture_output=True, check=False
    )
    yield place
    if mounted.returncode == 0:
        subprocess.run(["umount", "-l", str(place)], check=True)


def is_mounted(place: Path) -> bool:
    return os.path.ismount(place)


def command(survey: Folder, *args: str) -> list[str]:
    return [sys.executable, "-m", "survey_extract", "--project", str(survey.path), *args]


def run(survey: Folder, *args: str, before: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        command(survey, *args),
        env=os.environ | survey.env,
        capture_output=True,
        text=True,
        preexec_fn=before,
        check=False,
    )


def test_a_full_disk_is_named_and_nothing_is_lost(survey: Folder, world: World, disk: Path) -> None:
    """Full in the midst of a run: exit 2 with the file's name; with room again, the same result as ever, and no answer asked twice."""
    answer = answering(says)
    with serving(answer) as server:
        use_model(survey, server)
        whole = Folder(survey.path.with_name("whole"), survey.env)
        shutil.copytree(survey.path, whole.path)
        whole.ok("refresh")
        asked = len(server.requests)
        small = Folder(disk / "survey", survey.env)
        shutil.copytree(survey.path, small.path)
        if is_mounted(disk):
            free = shutil.disk_usage(disk).free
            filler = disk / "filler"
            filler.write_bytes(b"\0" * (free - 40_000))
            full = run(small, "refresh")
            filler.unlink()
        else:
            full = run(small, "refresh", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000)))
        assert full.returncode == 2, full.stderr
        assert "cannot be written" in full.stderr
        assert "Traceback" not in full.stderr
        stored = len(list((small.path / "warehouse" / "cache").glob("replies/*/*.txt")))
        before = len(server.requests)
        small.ok("refresh")
        assert state(small) == state(whole)
        assert len(server.requests) - before == asked - stored


def test_no_question_is_sent_to_a_full_disk(survey: Folder, world: World, tmp_path: Path) -> None:
    """A disk of 700 kB: whatever was paid for finds room, or is not asked for; with room again, all is there and paid once."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("no small disk can be mounted here: it needs the right to mount")
    try:
        with serving(answering(says)) as server:
            use_model(survey, server)
            small = Folder(place / "survey", survey.env)
            shutil.copytree(survey.path, small.path)
            full = run(small, "refresh")
            assert full.returncode == 2, full.stderr
            assert "cannot be written" in full.stderr
            subprocess.run(["mount", "-o", "remount,size=60m", str(place)], check=True)
            small.ok("refresh")
            assert len(server.requests) == 3
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_read_only_warehouse_is_named(survey: Folder, world: World, disk: Path) -> None:
    """Nothing is asked of anyone; what can be read is still shown."""
    small = Folder(disk / "survey", survey.env)
    shutil.copytree(survey.path, small.path)
    small.ok("refresh")
    before = state(small)
    if is_mounted(disk):
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    else:
        (small.path / "warehouse").chmod(0o500)
        (small.path / "warehouse" / ".lock").chmod(0o400)
    refused = run(small, "refresh")
    assert refused.returncode == 2, refused.stderr
    assert ".lock cannot be written" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert run(small, "status").returncode == 0
    if is_mounted(disk):
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    else:
        (small.path / "warehouse").chmod(0o700)
        (small.path / "warehouse" / ".lock").chmod(0o600)
    assert state(small) == before


# --- damaged files --------------------------------------------------------------------------------


def cached(survey: Folder, kind: str) -> list[Path]:
    return sorted(path for path in (survey.path / "warehouse" / "cache" / kind).rglob("*") if path.is_file())


Damage = Callable[[Path], object]
DAMAGES: dict[str, Damage] = {
    "cut": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "one byte": lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\x01"),
    "empty": lambda path: path.write_bytes(b""),
    "gone": lambda path: path.unlink(),
    "other words": lambda path: path.write_bytes(path.read_bytes().replace(b"what it says", b"what I say")),
}


@pytest.mark.parametrize("damage", list(DAMAGES))
@pytest.mark.parametrize("kind", ["documents", "texts", "replies"])
def test_a_damaged_cache_is_fetched_again_and_never_believed(
    survey: Folder, world: World, kind: str, damage: str
) -> None:
    """Whatever happened to the cache, all answers asked again give the same survey: damage costs a fetch, never a wrong answer."""
    survey.env["SURVEY_PUBLISH"] = "any"
    with serving(answering(says)) as server:
        use_model(survey, server)
        survey.ok("refresh")
        before = state(survey)
        for path in cached(survey, kind):
            DAMAGES[damage](path)
        for path in (survey.path / "warehouse" / "answers").iterdir():
            path.unlink()
        survey.ok("refresh", "--refill")
        assert state(survey) == before
        left = survey.run(
            "verify", "--json"
        ).json()  # bytes that nothing needed are still damaged: named, and put right
        assert left["missing"] == 0
        assert bool(left["damages"]) == (kind == "documents" and damage in ("cut", "one byte", "empty"))
        assert survey.ok("verify", "--json").json()["damages"] == []


@pytest.mark.parametrize("where", ["documents.jsonl", "answers/arxiv-2401.00001.jsonl"])
def test_a_damaged_line_stops_with_its_place(survey: Folder, world: World, where: str) -> None:
    """In the middle of a file it is named, exit 2, nothing runs; at its end, what a crash leaves, it is passed over aloud."""
    survey.ok("refresh")
    before = state(survey)
    path = survey.path / "warehouse" / where
    good = path.read_bytes()
    lines = good.splitlines(keepends=True)
    path.write_bytes(lines[0][:40] + b"\n" + b"".join(lines[1:]))
    requests = survey.run("refresh")
    assert requests.code == 2
    assert f"warehouse/{where}:1: " in requests.err
    assert "restore the line from git" in requests.err
    path.write_bytes(good + lines[0][:50])
    torn = survey.ok("refresh")
    assert f"{where}:{len(lines) + 1}: the last line is torn" in torn.err
    assert state(survey) == before


@pytest.mark.parametrize(
    "where", ["answers/arxiv-2401.00001.jsonl", "decisions/gone.jsonl", "audits/gone.jsonl", "replies.jsonl"]
)
def test_nothing_is_fetched_or_paid_beside_a_damaged_line(survey: Folder, world: World, where: str) -> None:
    """Whatever record is damaged, of whichever source, the next run ends before it is on record and before it spends anything."""
    survey.sources("2401.00001,Harbor")
    survey.ok("refresh")
    path = survey.path / "warehouse" / where
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b'{"field": 3}\n' + (path.read_bytes() if path.exists() else b""))
    survey.sources("2401.00001,Harbor", "2401.00002,Orchard")
    before = (survey.read("warehouse/documents.jsonl"), sorted((survey.path / "warehouse" / "runs").iterdir()))
    ran = survey.run("refresh")
    assert (ran.code, f"warehouse/{where}:1: " in ran.err) == (2, True), ran.err
    assert (survey.read("warehouse/documents.jsonl"), sorted((survey.path / "warehouse" / "runs").iterdir())) == before


@pytest.mark.parametrize("change", [{"documents_fetched": 2**31}, {"seconds": 1, "requests": 10**30}, {"bytes_fetched": -(2**63)}, {"started_at": "9999-12-31T23:59:59Z"}])  # fmt: skip
def test_a_record_that_sql_cannot_hold_stops_before_anything_is_fetched(
    survey: Folder, world: World, change: dict[str, Any]
) -> None:
    """Numbers and times of the right type, and too large for any column: the file is named, and nothing is asked for."""
    survey.sources("2401.00001,Harbor")
    survey.ok("refresh")
    (path,) = (survey.path / "warehouse" / "runs").iterdir()
    good = json.loads(path.read_text())
    path.write_text(json.dumps(good | {"bytes_fetched": 5 * 10**9}))
    survey.ok("status")
    path.write_text(json.dumps(good | change))
    survey.sources("2401.00001,Harbor", "2401.00002,Orchard")
    before = survey.read("warehouse/documents.jsonl")
    for command in ("refresh", "status"):
        ran = survey.run(command)
        assert (ran.code, f"warehouse/runs/{path.name}: {list(change)[-1]}: " in ran.err) == (2, True), ran.err
    assert survey.read("warehouse/documents.jsonl") == before


RESULTS = {"format": 1, "fields": "f", "gold": None, "aliases": None, "asked": [], "cells": []}
CELL = {"key": "k", "field": "training_methods", "against": "decided", "marks": {"coverage": [1, 1]}}


def test_nothing_is_fetched_or_paid_beside_damaged_results(survey: Folder, world: World) -> None:
    """What ``evaluate`` stored is read like every record, and once only: no bytes, JSON, times or counts that are none get further."""
    survey.sources("2401.00001,Harbor")
    survey.ok("refresh")
    survey.sources("2401.00001,Harbor", "2401.00002,Orchard")
    path = survey.write("warehouse/evaluations/then.json", json.dumps(RESULTS))
    before = sorted((survey.path / "warehouse" / "runs").iterdir())
    for data in (
        b"\xff\xfe", b"", b"[" * 100_000, json.dumps(RESULTS | {"at": "x"}).encode(),
        *(json.dumps(RESULTS | {"cells": [CELL | {"marks": {"coverage": mark}}]}).encode() for mark in ([2, 1], [-1, 1], [0, 10**30])),
    ):  # fmt: skip
        path.write_bytes(data)
        ran = survey.run("refresh")
        assert (ran.code, "warehouse/evaluations/then.json: " in ran.err) == (2, True), ran.err
        assert sorted((survey.path / "warehouse" / "runs").iterdir()) == before
    path.write_text(json.dumps(RESULTS | {"cells": [CELL]}))
    survey.ok("refresh")


@pytest.mark.parametrize("what", ["deleted", "damaged", "one byte", "one row", "another version", "another database"])
def test_the_duckdb_file_is_built_anew(survey: Folder, world: World, what: str) -> None:
    """It is a product: whatever happened to it, the next command builds it, and says why."""
    survey.ok("refresh")
    before = state(survey)
    path = survey.path / "warehouse" / "survey.duckdb"
    if what == "deleted":
        path.unlink()
    elif what == "damaged":
        path.write_bytes(path.read_bytes()[:20_000])
    elif what == "one byte":  # where nothing is read for long
        data, left = bytearray(path.read_bytes()), path.stat()
        data[len(data) // 2] ^= 1
        path.write_bytes(bytes(data))
        os.utime(path, ns=(left.st_atime_ns, left.st_mtime_ns))
    elif what == "one row":
        duckdb.connect(path).execute("UPDATE answers SET value = 'x'").close()
    elif what == "another version":
        data = bytearray(path.read_bytes())
        data[12:20] = (7777).to_bytes(8, "little")  # the storage version in the file's header
        path.write_bytes(bytes(data))
    else:
        path.unlink()
        duckdb.connect(path).execute("CREATE TABLE other (x INTEGER)").close()
    done = survey.ok("status")
    assert ("is built again" in done.err) == (what != "deleted")
    assert state(survey) == before


# --- two at once ----------------------------------------------------------------------------------


@contextmanager
def thinking() -> Iterator[tuple[Server, threading.Event]]:
    """A model that answers nothing until it is let."""
    gate = threading.Event()

    def slow(request: Request) -> Response:
        gate.wait(60)
        return answering(says)(request)

    with serving(slow) as server:
        yield server, gate


def test_two_runs_at_once(survey: Folder, world: World) -> None:
    """The second names the first and does nothing; the first is not disturbed."""
    with thinking() as (server, gate):
        use_model(survey, server)
        first = subprocess.Popen(
            command(survey, "refresh"), env=os.environ | survey.env, stderr=subprocess.PIPE, text=True
        )
        while not server.requests:
            time.sleep(0.02)
        second = run(survey, "refresh")
        assert second.returncode == 2
        assert f"`survey-extract refresh`, process {first.pid}" in second.stderr
        status = survey.ok("status").out
        assert f"under way  `survey-extract refresh`, process {first.pid}" in status
        assert "interrupted" not in status
        gate.set()
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert survey.ok("status", "--json").json()["last_run"]["complete"]


def test_a_refresh_while_someone_decides(survey: Folder, world: World) -> None:
    """Decisions are appended while the run works; both are there afterwards."""
    from tests.test_nights import decide

    survey.ok("refresh")
    world.paper("2401.00001", 2, pdf(ORCHARD))
    world.paper("2401.00002", 2, pdf(HARBOR))
    process = subprocess.Popen(command(survey, "refresh"), env=os.environ | survey.env, stderr=subprocess.DEVNULL)
    fields = [row["field"] for row in survey.rows("SELECT field FROM cells WHERE key = 'web-example.org-card.md'")]
    for name in fields:
        decide(survey, "web-example.org-card.md", name)
    assert process.wait(60) == 0
    states = survey.rows("SELECT count(*) AS n FROM cells WHERE decided_by = 'Ann'")
    assert states[0]["n"] == len(fields) == 7
    assert {row["version"] for row in survey.rows("SELECT version FROM sources WHERE kind = 'arxiv'")} == {"v2"}


def test_a_run_that_is_told_to_end_leaves_its_place(survey: Folder, world: World) -> None:
    """SIGTERM, as systemd sends it: the lock is free, nothing half-written is believed, the next run goes on."""
    with thinking() as (server, gate):
        use_model(survey, server)
        process = subprocess.Popen(command(survey, "refresh"), env=os.environ | survey.env, stderr=subprocess.DEVNULL)
        while not server.requests:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) != 0
        gate.set()
        ran = survey.ok("refresh", "--json")
    assert set(kinds(ran).values()) == {"new"}
    assert "was interrupted" in json.dumps(ran.json()["notes"])
