"""No traceback ever reaches a person: whatever breaks, a sentence says what and where, and an exit code says whose fault it is."""

from __future__ import annotations

import asyncio
import logging
import os
import pty
import re
import select
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from survey_extract.cli import app
from survey_extract.commands.defect import DEFECT, tell_of
from tests.conftest import ROOT, Folder
from tests.papers.make import HARBOR, pdf

COMMANDS: dict[str, list[str]] = {
    "init": ["init"],
    "add": ["add", "b.pdf"],
    "import": ["import", "list.md"],
    "refresh": ["refresh"],
    "review": ["review", "--terminal"],
    "fields": ["fields"],
    "render": ["render"],
    "evaluate": ["evaluate"],
    "evaluate --ask": ["evaluate", "--ask", "--engine", "extractive"],
    "verify": ["verify"],
    "status": ["status"],
    "report": ["report"],
    "query": ["query", "SELECT 1"],
    "export": ["export", "--format", "csv"],
    "site": ["site"],
}
CANARY = "sk-canary-0123456789"


def as_folder(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.mkdir(parents=True)


def as_file(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("not what it was")


def as_circle(path: Path) -> None:
    """A link to itself, which nothing can open."""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to(path)


def as_noise(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(range(256)) * 8)


DAMAGE: list[tuple[str, Callable[[Path], None]]] = [
    (name, damage)
    for damage, names in (
        (as_folder, ("sources.csv", "fields.toml", "aliases.toml", "pyproject.toml", "README.md", "warehouse/survey.duckdb", "warehouse/documents.jsonl", "warehouse/.lock",
                     "prompts/extract.md", "warehouse/.decisions.lock")),
        (as_file, ("warehouse", "warehouse/answers", "warehouse/opinions", "warehouse/runs", "warehouse/cache", "warehouse/cache/texts", "prompts")),
        (as_circle, ("sources.csv", "fields.toml", "pyproject.toml", "warehouse", "warehouse/survey.duckdb", "a.pdf")),
        (as_noise, ("sources.csv", "fields.toml", "aliases.toml", "pyproject.toml", "README.md", "warehouse/survey.duckdb", "warehouse/documents.jsonl", "warehouse/runs/x.json",
                    "prompts/extract.md", "list.md", "a.pdf", "b.pdf")),
    )
    for name in names
]  # fmt: skip


def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The program itself, as a person starts it, with no terminal and no network."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("SURVEY_", "OPENAI_"))}
    ours |= {
        "SURVEY_MIRROR": "http://127.0.0.1:9",
        "SURVEY_ARXIV_PACE": "0",
        "SURVEY_REVIEWER": "Ada",
        "SURVEY_READERS": "1",
    }
    command = [sys.executable, "-m", "survey_extract", "--project", str(folder), *words]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=ours | env, check=False, start_new_session=True, cwd=folder
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A survey that was refreshed once."""
    folder = Folder(tmp_path_factory.mktemp("whole"), {"SURVEY_READERS": "1"})
    folder.ok("init")
    folder.write("a.pdf", pdf(HARBOR))
    folder.write("b.pdf", pdf(HARBOR))
    folder.write("list.md", "nothing")
    folder.sources("./a.pdf,Harbor")
    folder.ok("refresh")
    return folder.path


def test_every_command_is_tried() -> None:
    """A new command fails here until someone says how it is called."""
    assert {words[0] for words in COMMANDS.values()} == set(app.commands)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "damage"), DAMAGE, ids=[f"{name} {damage.__name__}" for name, damage in DAMAGE])
def test_a_damaged_folder_is_told_in_sentences(
    whole: Path, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    """Whatever file is a folder, a circle or noise: no command shows a traceback, and what it says names what is wrong."""
    for command, words in COMMANDS.items():
        folder = tmp_path / command
        shutil.copytree(whole, folder)
        damage(folder / name)
        done = Folder(folder, {"SURVEY_REVIEWER": "Ada", "SURVEY_READERS": "1"}).run(*words, typed="q")
        told = f"{command} with {name}: {done.code} {done.out} {done.err}"
        assert "Traceback" not in done.out + done.err, told
        assert done.code in (0, 1, 2, 3), told
        assert done.code in (0, 1) or re.search(r"^(?:error|Error|not added): ", done.err, re.MULTILINE), told


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A place for Python's path in which packages that commands need cannot be imported."""
    for package in ("duckdb", "msgspec", "pydantic", "httpx2"):
        (tmp_path / "broken" / package).mkdir(parents=True)
        (tmp_path / "broken" / package / "__init__.py").write_text(f"raise RuntimeError('worn out, says {CANARY}')\n")
    return tmp_path / "broken"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_defect_is_one_sentence_with_its_log(whole: Path, tmp_path: Path, broken: Path, command: str) -> None:
    """What nobody foresaw ends as one sentence: what, where, the log, and an exit code of its own. No key is in either."""
    folder = tmp_path / "survey"
    shutil.copytree(whole, folder)
    done = run(folder, *COMMANDS[command], PYTHONPATH=str(broken), OPENAI_API_KEY=CANARY)
    assert done.returncode == DEFECT, done.stderr
    (line,) = done.stderr.splitlines()
    log = re.fullmatch(
        r"error: a defect in survey-extract: RuntimeError: .* \(__init__\.py:1\)\. The log (\S+) has .* please report it",
        line,
    )
    assert log, line
    text = Path(log[1]).read_text()
    assert Path(log[1]).parent == (folder / "warehouse" / "cache").resolve()
    assert ("Traceback" in text, "Python 3." in text, f"command: --project {folder} {command}" in text) == (
        True,
        True,
        True,
    )
    assert re.search(r"^click \d", text, re.MULTILINE)
    assert CANARY not in text + done.stderr


def test_without_a_survey_the_log_lies_with_other_temporary_files(tmp_path: Path, broken: Path) -> None:
    """And a program that cannot even be loaded says so in the same form."""
    (tmp_path / "temp").mkdir()
    (broken / "click").mkdir()
    (broken / "click" / "__init__.py").write_text("raise ImportError('no click here')\n")
    done = run(tmp_path, "status", PYTHONPATH=str(broken), TMPDIR=str(tmp_path / "temp"))
    assert (done.returncode, "Traceback" in done.stderr) == (DEFECT, False)
    (log,) = (tmp_path / "temp").glob("defect-*.log")
    assert f"The log {log} has" in done.stderr
    assert "no click here" in log.read_text()
    assert stat.S_IMODE(log.stat().st_mode) == 0o600  # others use this folder, too


def test_review_in_the_terminal_wants_one(whole: Path) -> None:
    """Without a terminal: one sentence, exit code 2, and no cell is shown to nobody."""
    done = run(whole, "review", "--terminal")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"error: .*needs a terminal.*\n", done.stderr)


def test_a_full_disk_behind_stdout_is_said(whole: Path) -> None:
    """What could not be printed is no success."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "survey_extract", "--project", str(whole), "query", "SELECT 1"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, "stdout cannot be written" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_the_nightly_workflow_fails_with_a_defect(tmp_path: Path) -> None:
    """Of the exit codes only 0 and 1 go on; 70 is not taken for "some sources failed"."""
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / "nightly.yml").read_text())["jobs"]["refresh"]["steps"]
    lines = next(step["run"] for step in steps if step.get("id") == "refresh")
    program = tmp_path / "survey-extract"
    ended = {}
    for code in (0, 1, 2, 3, DEFECT, 137):
        program.write_text(f"#!/bin/sh\nexit {code}\n")
        program.chmod(0o755)
        env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_OUTPUT": str(tmp_path / "output")}
        ended[code] = subprocess.run(["bash", "-e", "-c", lines], env=env, capture_output=True, check=False).returncode
    assert ended == {0: 0, 1: 0, 2: 2, 3: 3, DEFECT: DEFECT, 137: 137}


def test_the_exit_code_is_documented() -> None:
    """In the README, in the docs and in the help."""
    for name in ("README.md", "docs/nightly.md"):
        assert re.search(rf"^\| *{DEFECT} +\|", (ROOT / name).read_text(), re.MULTILINE), name
    assert f"{DEFECT} " in run(ROOT, "--help").stdout


# --- on a terminal --------------------------------------------------------------------------------


def at_a_terminal(folder: Path, words: list[str], typed: list[tuple[str, str]], **env: str) -> tuple[int, str]:
    """The program at a pseudo-terminal: each text is typed once the one before it is on the screen. Exit code and screen."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("SURVEY_", "OPENAI_"))}
    screen, keyboard = pty.openpty()
    command = [sys.executable, "-m", "survey_extract", "--project", str(folder), *words]
    program = subprocess.Popen(
        command, stdin=keyboard, stdout=keyboard, stderr=keyboard, env=ours | {"TERM": "dumb"} | env, start_new_session=True
    )  # fmt: skip
    os.close(keyboard)
    shown, waiting = "", list(typed)
    with suppress(OSError):  # the screen goes with its program
        while select.select([screen], [], [], 60)[0] and (came := os.read(screen, 65_536)):
            shown += came.decode("utf-8", "replace")
            if waiting and waiting[0][0] in shown:
                os.write(screen, waiting.pop(0)[1].encode())
    os.close(screen)
    program.kill() if waiting else program.wait()
    return program.wait(), shown


def test_query_has_a_prompt(whole: Path, tmp_path: Path) -> None:
    """Questions over several lines, the list of tables, a mistake that ends nothing, and a way out."""
    typed = [
        ("survey> ", "SELECT name\n"), ("...> ", "FROM sources;\n"), ("1 row", ".tables\n"), ("datasets", "SELEC 1;\n"),
        ("Parser Error", ".help\n"), (".quit ends", ".quit\n"),
    ]  # fmt: skip
    code, shown = at_a_terminal(whole, ["query"], typed, PATH=str(tmp_path), COLUMNS="120")
    assert code == 0, shown
    assert ("Harbor" in shown, "Parser Error" in shown, "Traceback" in shown) == (True, True, False)


def test_duckdbs_own_shell_is_taken_when_it_is_installed(whole: Path, tmp_path: Path) -> None:
    """It is given the file, and may only read."""
    shell = tmp_path / "duckdb"
    shell.write_text('#!/bin/sh\necho "called with $@"\n')
    shell.chmod(0o755)
    code, shown = at_a_terminal(whole, ["query"], [], PATH=f"{tmp_path}:/usr/bin:/bin")
    assert (code, f"called with -readonly {whole}/warehouse/survey.duckdb" in shown.replace("\r\n", "\n")) == (
        0,
        True,
    ), shown


def test_the_shell_completes_keys(whole: Path) -> None:
    """As the README sets it up: commands, options, and the keys of the sources behind `refresh`; a broken list offers none."""
    env = {"_SURVEY_EXTRACT_COMPLETE": "bash_complete", "COMP_CWORD": "4"}
    command = [sys.executable, "-m", "survey_extract"]
    words = f"survey-extract --project {whole} refresh fi"
    done = subprocess.run(
        command, env=os.environ | env | {"COMP_WORDS": words}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,file-a.pdf"], done.stderr
    words = "survey-extract --project /nowhere refresh fi"
    done = subprocess.run(
        command, env=os.environ | env | {"COMP_WORDS": words}, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), "Traceback" in done.stderr) == ("", False)


def test_a_silent_host_is_named_while_we_wait(tmp_path: Path) -> None:
    """On stderr, before the request is given up: who does not answer, and which attempt comes next."""
    import socket

    folder = Folder(tmp_path / "survey", {})
    folder.path.mkdir()
    folder.ok("init")
    done = run(folder.path, "add", "2401.00001", "https://example.org/x")
    assert done.returncode == 3
    assert re.search(
        r"^export\.arxiv\.org does not answer; trying again (?:now|in \d+ s) \(2 of 4\)$", done.stderr, re.MULTILINE
    )
    assert re.search(r"^example\.org does not answer; trying again .* \(4 of 4\)$", done.stderr, re.MULTILINE)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        env = os.environ | {"SURVEY_MIRROR": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        command = [
            sys.executable,
            "-m",
            "survey_extract",
            "--project",
            str(folder.path),
            "add",
            "https://example.org/x",
        ]
        waiting = subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True)
        try:
            assert waiting.stderr is not None
            assert waiting.stderr.readline() == "example.org has not answered yet; waiting for it\n"
        finally:
            waiting.kill()
            waiting.communicate()


@pytest.mark.parametrize(
    "ended", [asyncio.CancelledError(), BaseExceptionGroup("", [asyncio.CancelledError()]), KeyboardInterrupt()]
)
def test_a_request_that_ends_with_the_server_is_no_defect(
    ended: BaseException, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a library logs of work that was ended is not told; what failed is."""
    tell_of("of.a.server", tmp_path)
    log = logging.getLogger("of.a.server")
    log.error("Exception in ASGI application", exc_info=(type(ended), ended, None))
    assert capsys.readouterr().err == ""
    failed = BaseExceptionGroup("", [ended, ValueError("x")])
    log.error("Exception in ASGI application", exc_info=(type(failed), failed, None))
    assert "a defect in survey-extract" in capsys.readouterr().err
