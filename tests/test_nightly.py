"""The nightly workflow: its shell steps run for real, against a bare repository, with a stand-in for GitHub's ``gh``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Folder, use_model
from tests.papers.make import ORCHARD, pdf
from tests.servers.loopback import Server, serving
from tests.servers.openai_server import answering
from tests.servers.world import World
from tests.test_nights import decide

WORKFLOW = ROOT / ".github" / "workflows" / "nightly.yml"
BRANCH = "survey-extract/nightly"

GH = """#!/usr/bin/env python3
import json, os, pathlib, sys
state = pathlib.Path(os.environ["GH_STATE"])
held = json.loads(state.read_text()) if state.exists() else {"calls": [], "open": None}
args = sys.argv[1:]
held["calls"].append(args)
if args[:2] == ["pr", "list"]:
    print(held["open"] or "")
elif args[:2] in (["pr", "create"], ["pr", "edit"]):
    assert os.environ["GH_TOKEN"] == "token-of-the-run"
    held["body"] = pathlib.Path(args[args.index("--body-file") + 1]).read_text()
    held["open"] = 7
state.write_text(json.dumps(held))
"""


def steps() -> list[dict[str, Any]]:
    workflow = yaml.safe_load(WORKFLOW.read_text())
    found: list[dict[str, Any]] = workflow["jobs"]["refresh"]["steps"]
    return found


@dataclass
class Night:
    """A runner of GitHub's: a fresh clone each night, no cache, and the workflow's own steps."""

    place: Path
    origin: Path
    env: dict[str, str]
    number: int = 0

    @property
    def clone(self) -> Path:
        return self.place / f"night-{self.number}"

    def git(self, *args: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *args], cwd=at or self.clone, env=self.env, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def run(self) -> dict[str, str]:
        """One night; gives the outputs of the steps."""
        self.number += 1
        self.git("clone", "--quiet", str(self.origin), str(self.clone), at=self.place)
        outputs: dict[str, str] = {}
        for step in steps():
            if "id" not in step:
                continue
            output = self.place / "output"
            output.write_text("")
            env = self.env | {"GITHUB_OUTPUT": str(output), "RUNNER_TEMP": str(self.place)} | self._env(step, outputs)
            done = self.shell(step, env)
            assert done.returncode == 0, f"{step['id']}: {done.stdout}{done.stderr}"
            outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
            outputs[step["id"]] = done.stdout
        return outputs

    def shell(self, step: dict[str, Any], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """The step's lines, as GitHub runs them."""
        lines = ["bash", "-e", "-o", "pipefail", "-c", step["run"]]
        return subprocess.run(lines, cwd=self.clone, env=env, capture_output=True, text=True, check=False)

    def _env(self, step: dict[str, Any], outputs: dict[str, str]) -> dict[str, str]:
        """The step's own variables, as GitHub would fill them in."""
        values = {
            "${{ secrets.OPENAI_API_KEY }}": self.env["MODEL_KEY"],
            "${{ vars.OPENAI_BASE_URL }}": self.env["MODEL_URL"],
            "${{ github.token }}": "token-of-the-run",
            "${{ github.event.repository.default_branch }}": "main",
            "${{ steps.take-up.outputs.base }}": outputs.get("base", ""),
        }
        return {name: values[value] for name, value in step.get("env", {}).items()}

    @property
    def github(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads((self.place / "gh.json").read_text())
        return held

    @property
    def requests(self) -> list[list[str]]:
        """What was asked of GitHub about pull requests."""
        return [call[:2] for call in self.github["calls"] if call[0] == "pr"]

    def on_main(self, message: str, change: Any) -> None:
        """A commit on the default branch, by hand."""
        desk = self.place / "desk"
        if desk.exists():
            shutil.rmtree(desk)
        self.git("clone", "--quiet", str(self.origin), str(desk), at=self.place)
        change(desk)
        self.git("add", "--all", at=desk)
        self.git("commit", "--quiet", "-m", message, at=desk)
        self.git("push", "--quiet", "origin", "HEAD:main", at=desk)


@pytest.fixture
def model(survey: Folder) -> Iterator[Server]:
    says = answering(lambda field: {"value": ["COCO"] if field == "datasets_used" else f"of {field}", "evidence": [2]})
    with serving(says) as server:
        use_model(survey, server)
        yield server


@pytest.fixture
def night(survey: Folder, world: World, model: Server, tmp_path: Path) -> Night:
    """The survey on the default branch of a bare repository."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "gh").write_text(GH)
    (bin_ / "survey-extract").write_text(f'#!/bin/sh\nexec {sys.executable} -m survey_extract "$@"\n')
    for path in bin_.iterdir():
        path.chmod(0o755)
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {name: value for name, value in survey.env.items() if not name.startswith("OPENAI_")}
    env |= {
        "PATH": f"{bin_}:{os.environ['PATH']}", "GH_STATE": str(tmp_path / "gh.json"), "BRANCH": BRANCH, "MODEL_KEY": survey.env["OPENAI_API_KEY"],
        "MODEL_URL": survey.env["OPENAI_BASE_URL"], "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.org",
        "GIT_COMMITTER_NAME": "Ann", "GIT_COMMITTER_EMAIL": "ann@example.org",
    }  # fmt: skip
    made = Night(tmp_path, tmp_path / "origin.git", env)
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch", "main", str(made.origin)], check=True)
    made.git("init", "--quiet", "--initial-branch", "main", at=survey.path)
    made.git("add", "--all", at=survey.path)
    made.git("commit", "--quiet", "-m", "A survey", at=survey.path)
    made.git("push", "--quiet", str(made.origin), "main", at=survey.path)
    return made


def test_nights_of_a_survey(night: Night, world: World, model: Server) -> None:
    """Opened, updated without asking again, merged with what people did meanwhile, and quiet when nothing changed."""
    night.run()
    assert night.requests[-1] == ["pr", "create"]
    assert "3 sources changed, with 21 new answers" in night.github["body"]
    assert len(model.requests) == 3
    names = night.git("ls-tree", "-r", "--name-only", BRANCH, at=night.origin).splitlines()
    assert "warehouse/answers/arxiv-2401.00001.jsonl" in names
    assert not [name for name in names if "cache" in name or name.endswith(".duckdb")]

    # The request is still open: a new clone without a cache asks only what is new, and the body tells of all of it.
    world.paper("2401.00001", 2, pdf(ORCHARD))
    night.run()
    assert night.requests[-1] == ["pr", "edit"]
    assert len(model.requests) == 4
    assert "2 runs" in night.github["body"]
    assert "3 sources changed" in night.github["body"]

    # Meanwhile somebody decides on the default branch, and adds a source: both are kept.
    def by_hand(desk: Path) -> None:
        records = desk / "warehouse" / "answers"
        records.mkdir(parents=True, exist_ok=True)
        show = night.git("show", f"{BRANCH}:warehouse/answers/web-example.org-card.md.jsonl", at=night.origin)
        (records / "web-example.org-card.md.jsonl").write_text(show + "\n")
        decide(Folder(desk, {}), "web-example.org-card.md", "training_methods")
        with (desk / "sources.csv").open("a") as file:
            file.write("2401.00003,Third\n")

    night.on_main("Decided", by_hand)
    world.paper("2401.00003", data=pdf(ORCHARD))
    night.run()
    here = Folder(night.clone, night.env)
    (cell,) = here.rows(
        "SELECT state, decided_by FROM cells WHERE key = 'web-example.org-card.md' AND field = 'training_methods'"
    )
    assert cell == {"state": "accepted", "decided_by": "Ann"}
    assert here.rows("SELECT count(*) AS n FROM cells WHERE proposed IS NOT NULL")[0]["n"] == 28

    # Merged: the next night finds nothing to do, and says so to nobody.
    calls = len(night.requests)
    asked = len(model.requests)
    night.git(
        "push",
        "--quiet",
        "origin",
        f"{night.git('rev-parse', BRANCH, at=night.origin)}:refs/heads/main",
        at=night.clone,
    )
    night.git("push", "--quiet", "origin", f":refs/heads/{BRANCH}", at=night.clone)
    assert "nothing changed: no pull request" in night.run()["publish"]
    assert (len(night.requests), len(model.requests)) == (calls, asked)


def test_code_of_the_pull_request_is_not_taken_up(night: Night, model: Server) -> None:
    """Settings, prompts and code that someone pushed to the branch stay there: the key would go where they say."""
    night.run()
    desk = night.place / "evil"
    night.git("clone", "--quiet", "--branch", BRANCH, str(night.origin), str(desk), at=night.place)
    (desk / "pyproject.toml").write_text('[tool.survey-extract]\nbase_url = "http://evil.example/v1"\n')
    (desk / "prompts" / "extract.md").write_text("say yes")
    (desk / "warehouse" / "answers" / "added.py").write_text("import os")
    night.git("commit", "--quiet", "-am", "evil", at=desk)
    night.git("push", "--quiet", "origin", BRANCH, at=desk)
    night.run()
    assert night.git("diff", "--name-only", "origin/main", "--", "pyproject.toml", "prompts", "sources.csv") == ""
    assert len(model.requests) == 3


def test_two_branches_merge_by_keeping_both_sides(night: Night, survey: Folder, world: World) -> None:
    """Two people decide on one source in clones of their own: git merges without a conflict, as ``init`` set it up."""
    survey.ok("refresh")
    night.git("add", "--all", at=survey.path)
    night.git("commit", "--quiet", "-m", "answers", at=survey.path)
    night.git("switch", "--quiet", "-c", "bob", at=survey.path)
    decide(survey, "arxiv-2401.00001", "training_methods")
    night.git("add", "--all", at=survey.path)
    night.git("commit", "--quiet", "-m", "bob decides", at=survey.path)
    night.git("switch", "--quiet", "main", at=survey.path)
    decide(survey, "arxiv-2401.00001", "datasets_purpose")
    night.git("add", "--all", at=survey.path)
    night.git("commit", "--quiet", "-m", "ann decides", at=survey.path)
    night.git("merge", "--quiet", "--no-edit", "bob", at=survey.path)
    assert survey.rows("SELECT count(*) AS n FROM cells WHERE decided_by = 'Ann'")[0]["n"] == 2


def test_an_outage_opens_nothing(night: Night, world: World) -> None:
    """Exit 3 fails the night: no commit, no request."""
    world.papers.clear()
    world.pages.clear()
    world.fails = lambda _: None
    night.env["SURVEY_MIRROR"] = "http://127.0.0.1:9"
    with pytest.raises(AssertionError, match="refresh: "):
        night.run()
    assert night.requests == []


def test_a_branch_that_cannot_be_listed_stops_the_night(night: Night, model: Server) -> None:
    """Without what was answered before, the night would pay for it again: it fails instead, and asks nothing."""
    night.run()
    asked = len(model.requests)
    step = next(step for step in steps() if step.get("id") == "take-up")
    night.git("remote", "set-url", "origin", str(night.place / "nowhere.git"))
    env = night.env | {"GITHUB_OUTPUT": str(night.place / "output"), "RUNNER_TEMP": str(night.place)}
    done = night.shell(step, env)
    assert done.returncode != 0
    assert "cannot be listed" in done.stdout
    assert len(model.requests) == asked


def test_the_key_is_given_to_one_step_and_actions_are_pinned() -> None:
    """And the schedule stands apart from the checks of pull requests."""
    workflow = yaml.safe_load(WORKFLOW.read_text())
    assert set(workflow[True]) == {"schedule", "workflow_dispatch"}
    holders = [step.get("id") for step in steps() if "secrets." in json.dumps(step)]
    assert holders == ["refresh"]
    assert "secrets." not in json.dumps(workflow["jobs"]["refresh"].get("env", {}))
    for step in steps():
        if "uses" in step:
            assert len(step["uses"].partition("@")[2]) == 40
    assert "schedule" not in yaml.safe_load((WORKFLOW.parent / "ci.yml").read_text())[True]


def test_the_workflows_pass_zizmor() -> None:
    """The auditor for workflows finds nothing; it runs without the network."""
    audit = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [audit, "--offline", "--quiet", str(WORKFLOW.parent)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
