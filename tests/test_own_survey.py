"""The survey of this repository: a clone of it asks nothing again, and every sentence that it points at is where it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Folder
from tests.servers.loopback import Server

RECORDS = ("answers", "documents.jsonl", "replies.jsonl", "rendered.jsonl", "runs")


@pytest.fixture
def clone(tmp_path: Path, mirror: Server) -> Folder:
    """What Git holds of the survey: records, sources, README; no cache, and no key."""
    folder = Folder(
        tmp_path / "clone", {"SURVEY_MIRROR": mirror.url, "SURVEY_ARXIV_PACE": "0", "SURVEY_REVIEWER": "Ada"}
    )
    for name in RECORDS:
        source, target = ROOT / "warehouse" / name, folder.path / "warehouse" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    for name in ("sources.csv", "README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, folder.path / name)
    return folder


def answered(folder: Folder) -> list[str]:
    return sorted(path.stem for path in (folder.path / "warehouse" / "answers").glob("*.jsonl"))


def test_a_clone_asks_nothing_and_changes_nothing(clone: Folder) -> None:
    """A night on it, without a key: no document is fetched, no question put, README and answers stay letter for letter."""
    before = {path: path.read_bytes() for path in (clone.path / "warehouse" / "answers").iterdir()}
    readme = clone.read("README.md")
    ran = clone.ok("refresh", *answered(clone), "--json").json()
    assert {outcome["kind"] for outcome in ran["outcomes"]} == {"unchanged"}
    assert not any(outcome["asked"] for outcome in ran["outcomes"])
    assert ran["documents_fetched"] == ran["model_requests"] == 0
    assert {path: path.read_bytes() for path in before} == before
    assert clone.read("README.md") == readme


def test_every_sentence_of_a_clone_is_in_the_bytes(clone: Folder) -> None:
    """``verify`` fetches the documents again and finds each by its hash; at its place, but for a few that a newer reader parts elsewhere."""
    found = clone.ok("verify", "--json").json()
    assert found["missing"] == found["unreadable"] == found["unreachable"] == 0, json.dumps(found)[:2000]
    assert found["moved"] <= 0.05 * found["checked"]
    assert found["found"] > 300
