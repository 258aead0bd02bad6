"""The first ten minutes: a bare environment, the README's own first lines, the built wheel, and a DuckDB file that other tools open.

Two of the tests install from the package index, with pip itself. Where there is none to reach, SURVEY_TEST_OFFLINE=1
skips them; CI does not set it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from survey_extract.adapters.locate import page_location
from survey_extract.core.inputs.identifiers import parse_identity
from survey_extract.core.records import Source
from tests.conftest import ROOT, Folder
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.loopback import Response, Server, serving
from tests.servers.world import World

OLDEST_PIP = "23.2.1"
"""What Python 3.11 brings, the oldest that is supported."""
OLDER_DUCKDB = "1.1.3" if sys.version_info < (3, 14) else "1.4.4"

needs_index = pytest.mark.skipif(
    os.environ.get("SURVEY_TEST_OFFLINE") == "1", reason="SURVEY_TEST_OFFLINE is set: nothing can be installed"
)


def quick_start() -> list[str]:
    """The lines that the README gives to a stranger, from the installation on."""
    block = re.search(r"^pip install \.\n(?:(?!```).+\n)+", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert block, "the README has no block that begins with `pip install .`"
    return block[0].splitlines()


def test_the_readme_begins_with_what_is_tried_here() -> None:
    """Install, make a survey, add a paper and a page, refresh: in this order."""
    commands = [line.split("#")[0].split() for line in quick_start()]
    assert commands[0] == ["pip", "install", "."]
    assert [words[1] for words in commands[1:4]] == ["init", "add", "refresh"]


@pytest.fixture
def everything() -> Iterator[Server]:
    """A world that holds whatever the README adds: papers for ids, and web pages, in HTML, for addresses."""
    world = World()
    added = next(line for line in quick_start() if " add " in line)
    for word in shlex.split(added, comments=True)[2:]:
        identity = parse_identity(word)
        if identity.kind == "arxiv":
            world.paper(identity.location, data=pdf(HARBOR), title="A Paper that the Reader Names")
        else:
            source = Source(identity.key, identity.kind, identity.location, None, None, 0)
            path = "/" + page_location(source).url.split("://", 1)[1].rstrip("/")
            world.pages[path] = world.pages[f"{path}/"] = lambda _: page()
    with serving(world) as server:
        yield server


def page() -> Response:
    paragraphs = "".join(f"<p>{prose(6, start)}</p>" for start in (0, 50, 100))
    text = f"<!doctype html><html><head><title>A page of ours</title></head><body><article><h1>A page</h1>{paragraphs}</article></body></html>"
    return Response(200, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def outside(**more: str) -> dict[str, str]:
    """The environment of a stranger: nothing of this one's Python, and no settings."""
    ours = ("SURVEY_", "OPENAI_", "PYTHON", "VIRTUAL_ENV", "COV_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def bare_environment(folder: Path) -> Path:
    """A new virtual environment with the oldest pip that is supported; its folder of programs."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, env=outside())
    programs = folder / "bin"
    pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check"]
    version = subprocess.run([*pip, "--version"], capture_output=True, text=True, check=True, env=outside()).stdout
    if version.split()[1] != OLDEST_PIP:
        subprocess.run([*pip, "install", "--quiet", f"pip=={OLDEST_PIP}"], check=True, env=outside())
    return programs


def checkout(folder: Path) -> Path:
    """What a stranger has after ``git clone``."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        ignored = shutil.ignore_patterns(".venv", "warehouse", "__pycache__", ".git")
        shutil.copytree(ROOT, folder, ignore=ignored)
        return folder
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@needs_index
@pytest.mark.timeout(600)
def test_the_readmes_first_lines_work_in_a_bare_environment(tmp_path: Path, everything: Server) -> None:
    """As typed: nothing fails, the paper and the page are read, and the last line says what to do next."""
    programs = bare_environment(tmp_path / "bare")
    env = outside(
        PATH=f"{programs}:{os.environ['PATH']}", PIP_NO_COMPILE="1", SURVEY_MIRROR=everything.url, SURVEY_ARXIV_PACE="0"
    )
    lines = ["set -euo pipefail", *quick_start(), "survey-extract status --sources", "survey-extract status --json"]
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=checkout(tmp_path / "co"),
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "2 added; next: survey-extract refresh" in done.stderr
    assert re.search(r"^\d+ cells to decide: survey-extract review$", done.stderr, re.MULTILINE), done.stderr
    assert '"read": 2' in done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a fresh checkout, built by what pyproject.toml names, which the lock files hold."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(target / "dist")]
    subprocess.run(command, cwd=checkout(target / "co"), env=outside(), check=True, capture_output=True)
    return next((target / "dist").glob("*.whl"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path, tmp_path: Path) -> None:
    """Every file of src/ and of prompts/: templates, SQL, pages, static files, py.typed; and no file from elsewhere."""
    source = checkout(tmp_path)
    homes = {"survey_extract": source / "src" / "survey_extract", "survey_extract/prompts": source / "prompts"}
    wanted = {
        f"{name}/{path.relative_to(home).as_posix()}"
        for name, home in homes.items()
        for path in home.rglob("*")
        if path.is_file()
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted
    assert {Path(name).suffix for name in held} >= {".toml", ".md", ".sql", ".html", ".css", ".js", ".typed"}


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """The programs of a new environment that holds the wheel, beside the libraries of this one but not its checkout.

    A .pth file lends the libraries: the .pth files in their folder, which lead to an editable checkout, do not count.
    """
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "new")], check=True, env=outside())
    python = tmp_path / "new" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True, env=outside())
    packages = next((tmp_path / "new" / "lib").glob("python*")) / "site-packages"
    (packages / "lent.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return python.parent


@pytest.mark.timeout(300)
def test_the_installed_wheel_works_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    """Templates, prompts, SQL and the review page are found where the wheel put them, from any folder."""
    where = subprocess.run(
        [str(installed / "python"), "-c", "import survey_extract; print(survey_extract.__file__)"],
        cwd=tmp_path, env=outside(), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(tmp_path)), where
    lines = f"""
        for template in architectures benchmarks datasets trials blank; do
            survey-extract init --template $template $template
        done
        cd architectures
        mkdir papers && echo "# Kite\n\n{prose(9)}" > papers/kite.md
        survey-extract add ./papers/kite.md
        survey-extract refresh
    """
    run_as_typed(lines, tmp_path, outside(PATH=f"{installed}:{os.environ['PATH']}"))
    with reviewed(installed, tmp_path / "architectures") as address:
        look = build_opener(HTTPCookieProcessor(CookieJar()))
        page = look.open(address, timeout=30).read().decode()
        files = re.findall(r'(?:src|href)="([^"]+/static/[^"]+)"', page)
        assert {Path(name.split("?")[0]).suffix for name in files} >= {".css", ".js"}, page
        assert all(look.open(urljoin(address, name), timeout=30).read() for name in files)


def run_as_typed(lines: str, folder: Path, env: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{lines}"], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def reviewed(programs: Path, folder: Path) -> Iterator[str]:
    """The address of a review that runs on a survey."""
    command = [str(programs / "survey-extract"), "--project", str(folder), "review", "--no-open"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=outside(SURVEY_REVIEWER="Ada"))
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+/\?\S+", said)
        assert address, said + process.stderr.read()
        yield address[0]
    finally:
        process.kill()
        process.communicate()


@needs_index
@pytest.mark.timeout(300)
def test_an_older_duckdb_opens_the_file(survey: Folder, tmp_path: Path) -> None:
    """Every table and view is read, to its last row, by a release from before this one's file format."""
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.write("papers/orchard.pdf", pdf(ORCHARD))
    survey.sources("./papers/harbor.pdf,Harbor", "./papers/orchard.pdf,Orchard")
    survey.ok("refresh")
    install = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    subprocess.run([*install, "--target", str(tmp_path / "old"), f"duckdb=={OLDER_DUCKDB}"], check=True, env=outside())
    code = """
import duckdb, sys
assert duckdb.__version__ == sys.argv[2], duckdb.__version__
file = duckdb.connect(sys.argv[1], read_only=True)
names = [name for (name,) in file.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'").fetchall()]
rows = {name: len(file.execute(f'SELECT * FROM "{name}"').fetchall()) for name in names}
print(len(rows), rows["sources"], rows["cells"], file.execute("SELECT count(*) FROM duckdb_columns() WHERE comment IS NOT NULL").fetchone()[0] > 100)
"""
    command = [sys.executable, "-c", code, str(survey.path / "warehouse" / "survey.duckdb"), OLDER_DUCKDB]
    done = subprocess.run(
        command, env=outside(PYTHONPATH=str(tmp_path / "old")), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    views, sources, cells, commented = done.stdout.split()
    assert (int(views) >= 15, sources, commented) == (True, "2", "True")
    assert int(cells) == len(survey.rows("SELECT 1 FROM cells"))
