"""No process that a command starts has the key, or what else is secret: whoever starts it, and however short it lives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT, Folder
from tests.papers.make import prose
from tests.servers.loopback import serving
from tests.servers.openai_server import answering, says

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows them")

SECRETS = {
    "OPENAI_API_KEY": "sk-canary-0123456789", "GITHUB_TOKEN": "canary", "AWS_SECRET_ACCESS_KEY": "canary", "MY_PASSWORD": "canary",
    "DATABASE_URL": "postgres://me:canary@host/db",
}  # fmt: skip
"""What a machine that runs the night has, too."""
PRIVATE = {"MY_NOTES": "canary", "XDG_CONFIG_HOME": "/canary"}
"""What need not be secret, and is no business of a process that reads strangers' documents."""


def parents() -> dict[int, int]:
    """Of every process, its parent."""
    found: dict[int, int] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(place.parent.name)] = int(place.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    return found


def descends(process: int, ancestor: int, of: dict[int, int]) -> bool:
    """Whether a process was started by another, or by one that it started."""
    while process in of and process != ancestor:
        process = of[process]
    return process == ancestor


def watched(command: list[str], env: dict[str, str]) -> dict[str, bytes]:
    """A command that runs to its end; by command line, all that was seen of its children's variables meanwhile.

    Between its beginning and its program, a child is a copy of the command itself, and shown with its command line.
    """
    seen: dict[str, bytes] = {}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    while process.poll() is None:
        of = parents()
        for child in [child for child in of if child != process.pid and descends(child, process.pid, of)]:
            try:
                line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                if line.split() == command:
                    continue
                seen[line] = seen.get(line, b"") + Path(f"/proc/{child}/environ").read_bytes()
            except OSError:
                continue
        time.sleep(0.001)
    assert process.returncode == 0
    return seen


def test_no_child_of_a_run_has_what_is_secret(survey: Folder) -> None:
    """Readers, the process that they are forked off, and the one that multiprocessing tidies up with: none, from the first moment of their programs on."""
    survey.write("a.md", f"# Boat\n\n{prose(12)}\n")
    survey.sources("a.md")
    with serving(answering(says)) as server:
        env = {
            **os.environ,
            **survey.env,
            **SECRETS,
            **PRIVATE,
            "OPENAI_BASE_URL": f"{server.url}/v1",
            "SURVEY_MODEL": "m",
        }
        command = [sys.executable, "-m", "survey_extract", "--project", str(survey.path), "refresh"]
        seen = watched(command, env)
    assert server.requests[0].headers["authorization"] == "Bearer sk-canary-0123456789"
    assert any("resource_tracker" in line for line in seen)
    assert any("forkserver" in line for line in seen)
    assert [line for line, shown in seen.items() if b"canary" in shown] == []


def test_whatever_a_command_starts_by_itself_has_no_secret(survey: Folder, tmp_path: Path) -> None:
    """git is asked who decides: what it is given holds nothing secret, and the settings hold all of it."""
    stub = tmp_path / "bin" / "git"
    stub.parent.mkdir()
    stub.write_text(f"#!/bin/sh\nenv > {tmp_path}/given\necho Ada\n")
    stub.chmod(0o755)
    code = (
        "from pathlib import Path\nfrom survey_extract.environment import hold_secrets\nhold_secrets()\n"
        "from survey_extract.settings import load_settings, reviewer_name\n"
        f"settings = load_settings(Path({str(survey.path)!r}))\n"
        "print(settings.api_key, reviewer_name(settings, Path('.')))"
    )
    env = {**os.environ, **SECRETS, **PRIVATE, "PATH": f"{stub.parent}:{os.environ['PATH']}"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["sk-canary-0123456789", "Ada"]
    given = dict(line.partition("=")[::2] for line in (tmp_path / "given").read_text().splitlines())
    assert [name for name, value in given.items() if "canary" in value] == sorted(PRIVATE)
    assert "PATH" in given


def test_the_entry_point_holds_the_secrets_before_anything_else(tmp_path: Path) -> None:
    """Before the command line is imported: whatever a library starts while it loads has none."""
    code = (
        "import sys, json, os\nfrom importlib.abc import MetaPathFinder\n"
        "class Look(MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'survey_extract.cli':\n"
        "            print(json.dumps([value for value in os.environ.values() if 'canary' in value]))\n"
        "sys.meta_path.insert(0, Look())\nsys.argv = ['survey-extract', '--version']\n"
        "from survey_extract.__main__ import main\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **SECRETS},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert json.loads(done.stdout.splitlines()[0]) == []


def test_what_others_are_lost_without_stays() -> None:
    """A proxy, a display's and an agent's place; and everything can still be read as a setting."""
    stays = {
        "HTTPS_PROXY": "http://me:pass@proxy:1",
        "XAUTHORITY": "/a",
        "SSH_AUTH_SOCK": "/b",
        "GIT_AUTHOR_NAME": "Ada",
    }
    goes = {"SURVEY_REPLY_TOKENS": "500", "OPENAI_BASE_URL": "http://me:pass@host/v1"}
    code = (
        "import json, os\nfrom survey_extract.environment import hold_secrets, variables\nhold_secrets()\n"
        "print(json.dumps([dict(os.environ), dict(variables())]))"
    )
    env = os.environ | stays | goes
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, cwd=ROOT)
    left, known = json.loads(done.stdout)
    assert [name for name in stays | goes if name in left] == list(stays)
    assert stays | goes | known == known
