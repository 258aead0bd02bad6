"""Titles, names, errors and replies of strangers go through the commands to a terminal and to a pipe: they show, and do nothing."""

from __future__ import annotations

import ast
import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT, Folder, Ran, use_model
from tests.core.test_printable import ACTING, commands
from tests.papers.make import HARBOR
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, failure, wanted_keys
from tests.servers.world import World

WORDS = "\x1b]0;owned\x07\x1b[2J\x1b[1Aerror\x9b31m \u202eback\u2066 ##[add-mask]a ##vso[task.complete]b\r::warning::c\u2028::notice::d\x85e\x7f"
HOSTILE = f"::error::first {WORDS}\n::error::second\n \t::set-output name=x::third\n{'long ' * 40}::error::fourth {'x' * 75}::error::fifth"
XML = re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd]", "", HOSTILE)
"""What of it can stand in arXiv's answer."""


def model(request: Request) -> Response:
    """A model that says the same hostile words of everything, or fails with them where a document says so."""
    if b"please fail" in request.body:
        return failure(400, HOSTILE)
    said = {
        key: {
            "value": ["COCO", "::error::x\x1b[2J\u202e##[error]"] if key == "datasets_used" else HOSTILE,
            "evidence": [2],
        }
        for key in wanted_keys(request)
    }
    return completion(json.dumps(said))


def model_card(extra: str = "") -> str:
    text = "\n\n".join(f"## {heading}\n\n" + "\n\n".join(parts) for heading, parts in HARBOR.sections)
    return f"# Harbor {HOSTILE}\n\n{HARBOR.abstract} {extra}\n\n{text}\n"


def csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A survey whose world, model, names and lists all say the hostile words."""
    folder = Folder(
        tmp_path_factory.mktemp("hostile"),
        {"SURVEY_ARXIV_PACE": "0", "SURVEY_READERS": "1", "SURVEY_REVIEWER": f"Ada {WORDS}"},
    )
    folder.env["SURVEY_PUBLISH"] = "any"
    folder.ok("init")
    folder.write("papers/good.md", model_card())
    folder.write("papers/bad.md", model_card("please fail"))
    one_line = HOSTILE.replace("\n", " ").replace("\r", " ")
    folder.sources(
        f"./papers/good.md,{csv_cell(one_line)}",
        f"./papers/bad.md,{csv_cell('B ' + one_line)}",
        "https://example.org/gone,Gone",
    )
    world = World()
    world.paper("2304.00001", title=XML)
    world.fails = lambda request: Response(500, HOSTILE.encode()) if "gone" in request.path else None
    with serving(world) as web, serving(model) as chat:
        folder.env["SURVEY_MIRROR"] = web.url
        use_model(folder, chat, f"m {WORDS}".replace("\x1b", "").replace("\r", ""))
        folder.run("refresh")
        yield folder


def on_a_terminal(folder: Folder, *args: str, typed: str = "") -> str:
    """What a person's terminal is sent, stdout and stderr. It is a dumb one, for which rich adds no escapes of its own."""
    main, end = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "CI")} | folder.env
    process = subprocess.Popen(
        [sys.executable, "-m", "survey_extract", "--project", str(folder.path), *args],
        stdin=end, stdout=end, stderr=end, env=env | {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "80"}, start_new_session=True,
    )  # fmt: skip
    os.close(end)
    said, keys, until = b"", list(typed), time.monotonic() + 80
    try:
        while time.monotonic() < until:
            ready, _, _ = select.select([main], [], [], 1.5)
            if ready:
                try:
                    part = os.read(main, 65_536)
                except OSError:
                    break
                if not part:
                    break
                said += part
            elif typed:  # the last once more: a key that comes before it is waited for is dropped
                os.write(main, (keys.pop(0) if keys else typed[-1]).encode())
        assert process.wait(timeout=20) in (0, 1, 2, 3), said
    finally:
        process.kill()
        process.wait()
        os.close(main)
    return said.decode().replace("\r\n", "\n")


def assert_it_only_shows(said: str) -> None:
    acting = [
        said[max(0, found.start() - 60) : found.end() + 60] for found in ACTING.finditer(said.replace("\r\n", "\n"))
    ]
    assert not acting, acting[0]
    assert not commands(said)


COMMANDS: dict[str, tuple[str, ...]] = {
    "add": ("add", "2304.00001"), "add again": ("add", "./papers/good.md"), "add what is gone": ("add", "https://example.org/gone2"),
    "add no source": ("add", HOSTILE), "add no file": ("add", f"./papers/{HOSTILE}"), "refresh": ("refresh",), "refresh one": ("refresh", HOSTILE),
    "refresh as JSON": ("refresh", "--json"), "dry run": ("refresh", "--dry-run"), "dry run as JSON": ("refresh", "--dry-run", "--json"),
    "status": ("status",), "status as JSON": ("status", "--json"), "sources": ("status", "--sources"), "sources as JSON": ("status", "--sources", "--json"),
    "report": ("report",), "verify": ("verify",), "verify as JSON": ("verify", "--json"), "verify the list": ("verify", "--imported"),
    "render": ("render", "--force"), "check": ("render", "--check"), "query": ("query", "SELECT * FROM cells"),
    "query the sources": ("query", "SELECT name, message FROM sources LEFT JOIN outcomes USING (key)"),
    "query a table": ("query", "SELECT name, kind FROM sources", "--format", "table"), "a bad query": ("query", f"SELECT '{WORDS}' FROM \"{HOSTILE}\""),
    "query CSV": ("query", "SELECT * FROM cells", "--format", "csv"), "query JSON": ("query", "SELECT * FROM cells", "--format", "json"),
    "query Markdown": ("query", "SELECT * FROM cells", "--format", "markdown"), "export CSV": ("export", "--format", "csv"),
    "export lines": ("export", "--format", "jsonl"), "export BibTeX": ("export", "--format", "bibtex"), "export HTML": ("export", "--format", "html"),
    "export RIS": ("export", "--format", "ris"), "export CSL": ("export", "--format", "csl"),
    "second": ("refresh", "--second", HOSTILE), "second dry": ("refresh", "--dry-run", "--second", HOSTILE),
    "judge": ("evaluate", "--judge", HOSTILE), "judge dry": ("evaluate", "--judge", HOSTILE, "--dry-run", "--json"),
    "fields": ("fields",), "fields as JSON": ("fields", "--json"), "no field": ("refresh", "--field", HOSTILE),
    "evaluate": ("evaluate",), "evaluate as JSON": ("evaluate", "--json"), "evaluate no field": ("evaluate", "--field", HOSTILE),
    "evaluate asks": ("evaluate", "--ask", "--engine", "extractive"), "evaluate no run": ("evaluate", "--against", HOSTILE),
    "site": ("site",), "export no view": ("export", "--format", "csv", "--view", HOSTILE), "import": ("import", "list.md"),
}  # fmt: skip


@pytest.mark.parametrize("args", COMMANDS.values(), ids=COMMANDS)
def test_on_a_pipe_nothing_acts(hostile: Folder, args: tuple[str, ...]) -> None:
    """No ESC, no override of direction, no line that is a command, whatever the command and the format."""
    hostile.write("list.md", f"| Model | Training |\n|---|---|\n| [X {WORDS}](https://example.org/gone) | {WORDS} |\n")
    ran: Ran = hostile.run(*args)
    assert ran.code in (0, 1, 2, 3), ran.err
    assert ran.out + ran.err
    assert_it_only_shows(ran.out)
    assert_it_only_shows(ran.err)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("add", ""), ("refresh", ""), ("status", ""), ("sources", ""), ("query", ""), ("query a table", ""), ("report", ""), ("verify", ""),
     ("verify the list", ""), ("export CSV", ""), ("query JSON", ""), ("a bad query", ""), ("review", "jknuq")],
)  # fmt: skip
def test_on_a_terminal_nothing_acts(hostile: Folder, name: str, typed: str) -> None:
    """The same on a real terminal, review by single keys too."""
    said = on_a_terminal(hostile, *COMMANDS.get(name, ("review", "--terminal")), typed=typed)
    assert said.strip()
    assert_it_only_shows(said)
    if name in ("status", "query a table", "review", "refresh"):
        assert "\\u001b" in said  # the words did come as far as this


def test_json_is_the_same_data(hostile: Folder) -> None:
    """The name comes back from JSON letter for letter, escapes or not."""
    names = {row["name"] for row in hostile.rows("SELECT name FROM sources")}
    assert any("\x1b]0;owned\x07" in str(name) for name in names)


HOMES = {"survey.py", "console.py", "defect.py"}
"""Where text is made to show before it is written."""


def writes(path: Path) -> Iterator[str]:
    """The places of a module that write to stdout or stderr, or make a text or console of rich, by themselves."""
    refused: tuple[Callable[[str], bool], ...] = (
        lambda call: call in ("print", "Console", "Text", "click.secho"),
        lambda call: call in ("sys.stdout.write", "sys.stderr.write"),
    )
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            if any(refuses(call) for refuses in refused) or (call == "click.echo" and node.args):
                yield f"{path.name}:{node.lineno}: {call}"


def test_whatever_is_printed_goes_one_way() -> None:
    """No module of the package but the homes writes to a terminal by itself."""
    package = ROOT / "src" / "survey_extract"
    assert [place for path in package.rglob("*.py") if path.name not in HOMES for place in writes(path)] == []
    assert list(writes(package / "commands" / "console.py"))
