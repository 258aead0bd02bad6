"""What several tests stand on: the shared papers, a survey folder, the command line, a clock that does not wait."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.cli import app
from survey_extract.core.paper_text import PaperText
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.loopback import Server, serving
from tests.servers.replica import replica
from tests.servers.world import World

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("SURVEY_TEST_SHARED") or ROOT.parent / "shared").resolve()

# How long an example takes says how busy the machine is, and nothing of the code.
settings.register_profile("survey", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("survey")


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


class Once:
    """What is made once for all workers of a test run, each thing in a folder of its own; the next run makes it anew."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def __call__(self, name: str, make: Callable[[Path], None]) -> Path:
        """The folder of that name, which ``make`` filled; whoever comes meanwhile waits for it."""
        made = self._place / name
        with (self._place / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                begun = self._place / f"{name}.begun"
                shutil.rmtree(begun, ignore_errors=True)  # of one that failed
                begun.mkdir()
                make(begun)
                begun.rename(made)
        return made

    def survey(self, name: str, make: Callable[[Folder], None], place: Path, **env: str) -> Folder:
        """A copy, at ``place`` or over what is there, of the survey that ``make`` made of a new one; ``env`` holds for both."""
        made = self(name, lambda folder: make(new_survey(folder / "survey", **env)))
        shutil.copytree(made / "survey", place, dirs_exist_ok=True)
        return Folder(place, SURVEY_ENV | env)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """The workers of pytest-xdist have their folders in that of the run."""
    own = tmp_path_factory.getbasetemp()
    return Once(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


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


SURVEY_ENV = {"SURVEY_ARXIV_PACE": "0", "SURVEY_READERS": "1"}


def new_survey(path: Path, **env: str) -> Folder:
    folder = Folder(path, SURVEY_ENV | env)
    folder.path.mkdir()
    folder.ok("init")
    return folder


KOSMOS_1_FIRST = "2302.14045v1"


class Papers(NamedTuple):
    """The real papers in a survey, which nobody writes to."""

    folder: Folder
    first: Ran
    """What the run said that read all of them, each in its latest version."""
    older: Ran
    """What the next one said, with KOSMOS-1 pinned to its first version."""
    texts: dict[str, PaperText]
    """By the name of their files, both versions of KOSMOS-1 too."""


@pytest.fixture(scope="session")
def papers(shared: Path, once: Once) -> Papers:
    """All real papers, read by the command, once in a run of the tests: to read them takes as long as a hundred other tests."""
    ids = sorted(path.stem for path in (shared / "papers").glob("*.pdf") if path.stem != KOSMOS_1_FIRST)
    older = [KOSMOS_1_FIRST if id_.startswith("2302.14045") else id_ for id_ in ids]

    def make(place: Path) -> None:
        folder = new_survey(place / "survey")
        with replica(shared) as server:
            for name, sources in (("first", ids), ("older", older)):
                folder.sources(*sources)
                ran = folder.run("refresh", "--json", SURVEY_MIRROR=server.url)
                folder.write(f"{name}.json", json.dumps(asdict(ran)))

    folder = Folder(once("papers", make) / "survey", dict(SURVEY_ENV))
    archive = FileArchive(folder.path, warn=print)
    texts = {
        f"{key.removeprefix('arxiv-')}{document.version}": text
        for key, documents in sorted(archive.documents().items())
        for document in documents
        if (text := archive.text_of(document.sha256))
    }

    def said(name: str) -> Ran:
        return Ran(**json.loads(folder.read(f"{name}.json")))

    return Papers(folder, said("first"), said("older"), texts)


@pytest.fixture
def survey(tmp_path: Path) -> Folder:
    """A new survey folder, as ``init`` makes it."""
    return new_survey(tmp_path / "survey")


@pytest.fixture
def one_read(once: Once, tmp_path: Path) -> Folder:
    """A survey of one PDF, read and answered without a model, nothing decided; Ada reviews it."""

    def make(survey: Folder) -> None:
        survey.write("papers/harbor.pdf", pdf(HARBOR))
        survey.sources("./papers/harbor.pdf,Harbor")
        survey.ok("refresh")

    return once.survey("one paper", make, tmp_path / "survey", SURVEY_REVIEWER="Ada")


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


@contextmanager
def in_world(survey: Folder) -> Iterator[World]:
    """Two papers of arXiv and a page, which a survey has as its sources."""
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


@pytest.fixture
def world(survey: Folder) -> Iterator[World]:
    with in_world(survey) as made:
        yield made
