"""What several tests stand on: the shared papers, a survey folder, the command line, a clock that does not wait."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from survey_extract.cli import app
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.loopback import Server, serving
from tests.servers.replica import replica
from tests.servers.world import World

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("SURVEY_TEST_SHARED") or ROOT.parent / "shared").resolve()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """No test, and no fixture of whatever scope, depends on what the developer's shell has set."""
    with pytest.MonkeyPatch.context() as shell:
        for name in list(os.environ):
            if name.startswith(("SURVEY_", "OPENAI_")):
                shell.delenv(name)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The real papers and pages, beside the checkout or where SURVEY_TEST_SHARED says; nothing else leads to them."""
    if not (SHARED / "papers" / "metadata.json").is_file():
        pytest.skip(f"no real papers in {SHARED}: set SURVEY_TEST_SHARED to run this test")
    return SHARED


@pytest.fixture
def mirror(shared: Path) -> Iterator[Server]:
    """A replica of arXiv and the web over the real papers."""
    with replica(shared) as server:
        yield server


@dataclass
class Ran:
    """A command that ran: exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Folder:
    """A survey folder with the commands run on it. ``env`` holds for every command."""

    path: Path
    env: dict[str, str]

    def run(self, *args: str, typed: str | None = None, **env: str) -> Ran:
        done = CliRunner().invoke(app, ["--project", str(self.path), *args], env=self.env | env, input=typed)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(done.exit_code, done.stdout, done.stderr)

    def ok(self, *args: str, **env: str) -> Ran:
        done = self.run(*args, **env)
        assert done.code == 0, done.err
        return done

    def rows(self, sql: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.ok("query", sql, "--format", "json").json()
        return rows

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def read(self, name: str) -> str:
        return (self.path / name).read_text(encoding="utf-8")

    def sources(self, *lines: str) -> None:
        self.write("sources.csv", "source,name\n" + "".join(f"{line}\n" for line in lines))


@pytest.fixture
def survey(tmp_path: Path) -> Folder:
    """A new survey folder, as ``init`` makes it."""
    folder = Folder(tmp_path / "survey", {"SURVEY_ARXIV_PACE": "0", "SURVEY_READERS": "1"})
    folder.path.mkdir()
    folder.ok("init")
    return folder


class FakeClock:
    """A clock that jumps when it is slept on; ``slept`` lists for how long."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._now = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._now)

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += seconds

    def advance(self, seconds: float) -> None:
        self._now += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def use_model(survey: Folder, server: Server, model: str = "m1") -> None:
    survey.env |= {
        "OPENAI_BASE_URL": f"{server.url}/v1",
        "OPENAI_API_KEY": "sk-canary-0123456789",
        "SURVEY_MODEL": model,
    }


def outcomes(ran: Ran) -> dict[str, dict[str, object]]:
    return {outcome["key"]: outcome for outcome in ran.json()["outcomes"]}


def kinds(ran: Ran) -> dict[str, str]:
    return {key: str(outcome["kind"]) for key, outcome in outcomes(ran).items()}


@pytest.fixture
def world(survey: Folder) -> object:
    world = World()
    world.paper("2401.00001", data=pdf(HARBOR))
    world.paper("2401.00002", data=pdf(ORCHARD))
    world.page(
        "/example.org/card.md", f"# Card\n\nThe card describes a model with two encoders. {prose(8)}", etag='"1"'
    )
    with serving(world) as server:
        survey.env["SURVEY_MIRROR"] = server.url
        survey.sources("2401.00001,Harbor", "2401.00002,Orchard", "https://example.org/card.md,Card")
        yield world
