"""The repository keeps its own word: its survey, its demo, its documents."""

from __future__ import annotations

import csv
import graphlib
import io
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import grimp
import pytest
import yaml

from survey_extract.cli import app
from survey_extract.core.inputs.sources import parse_sources
from survey_extract.wiring import default_prompt, load_prompt
from tests.conftest import ROOT, Folder
from tests.papers.make import HARBOR, ORCHARD, pdf

EXAMPLES = sorted(file.parent for file in ROOT.glob("examples/*/sources.csv"))


def test_all_systems_of_the_first_list_are_sources(shared: Path) -> None:
    """sources.csv holds the 24 systems of the list as it stood, in its order, with its links."""
    seed = (shared / "seed" / "README.md").read_text()
    names = [name.strip() for name in re.findall(r"<summary>(.*?)</summary>", seed)]
    links = re.findall(r'<td><a href="(.*?)"', seed)
    sources = parse_sources((ROOT / "sources.csv").read_bytes())
    assert len(sources) == 24
    assert [source.name for source in sources] == names
    written = [row["source"] for row in csv.DictReader(io.StringIO((ROOT / "sources.csv").read_text()))]
    assert all(link.endswith(source.rpartition("//")[2]) for link, source in zip(links, written, strict=True))


def copy_of(folder: Path, target: Path) -> Folder:
    """A copy of a survey folder, without what its runs left."""
    shutil.copytree(
        folder, target, ignore=shutil.ignore_patterns("warehouse", ".venv", ".git", "src", "tests", "build")
    )
    return Folder(target, {})


@pytest.mark.parametrize("example", EXAMPLES, ids=[folder.name for folder in EXAMPLES])
def test_an_example_is_what_its_readme_shows(example: Path, tmp_path: Path) -> None:
    """A run on a clean copy of an example changes no byte of its README, succeeds with all sources, and costs nothing."""
    demo = copy_of(example, tmp_path / "demo")
    run = demo.ok("refresh", "--json", OPENAI_API_KEY="not-used").json()
    assert {outcome["kind"] for outcome in run["outcomes"]} == {"new"}
    assert (run["requests"], run["model_requests"]) == (0, 0)
    assert demo.read("README.md") == (example / "README.md").read_text()


def test_the_repositorys_readme_is_fresh(tmp_path: Path) -> None:
    """``render --check`` passes here."""
    copy = copy_of(ROOT, tmp_path / "copy")
    if (ROOT / "warehouse").is_dir():
        shutil.copytree(
            ROOT / "warehouse", copy.path / "warehouse", ignore=shutil.ignore_patterns("cache", "survey.duckdb*")
        )
    copy.ok("render", "--check")


def test_the_demos_papers_are_those_the_tests_make() -> None:
    """The PDFs of the demo are made by ``python -m tests.papers.make``, and hold no words of others."""
    folder = ROOT / "examples" / "demo" / "papers"
    assert (folder / "harbor.pdf").read_bytes() == pdf(HARBOR, compress=False)
    assert (folder / "orchard.pdf").read_bytes() == pdf(ORCHARD, compress=False)


def test_the_survey_asks_with_its_own_wording(tmp_path: Path) -> None:
    """A survey without prompts asks with those of the tool, one with its own with these, checked for its placeholders."""
    assert (
        load_prompt(tmp_path).extract == default_prompt("extract.md") == (ROOT / "prompts" / "extract.md").read_text()
    )
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "extract.md").write_text("{document} {fields} {keys} {surprise}")
    with pytest.raises(Exception, match=r"prompts/extract\.md: the placeholder \{surprise\} is unknown"):
        load_prompt(tmp_path)


def test_ci_runs_on_the_oldest_and_the_newest_python_that_is_promised() -> None:
    """What pyproject.toml promises to installers is what the workflow tries; a new classifier moves it along."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = "Programming Language :: Python :: "
    promised = [words.removeprefix(named) for words in project["classifiers"] if words.startswith(named)]
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["test"]
    assert job["strategy"]["matrix"]["python"] == [promised[0], promised[-1]]
    assert project["requires-python"] == f">={promised[0]}"


def test_no_circle_of_modules() -> None:
    """No module needs, for a type or at run time, one that needs it: each can be read after those that it imports."""
    graph = grimp.build_graph("survey_extract", cache_dir=None)
    graphlib.TopologicalSorter({m: graph.find_modules_directly_imported_by(m) for m in graph.modules}).prepare()


def test_one_name_is_one_type() -> None:
    """No two public classes of the core, the pipeline and the review share a name."""
    package = ROOT / "src" / "survey_extract"
    files = [file for folder in ("core", "pipeline", "review") for file in (package / folder).rglob("*.py")]
    names = Counter(name for file in files for name in re.findall(r"^class ([A-Z]\w*)", file.read_text(), re.MULTILINE))
    assert len(names) > 200
    assert {name for name, count in names.items() if count > 1} == set()


def test_a_verb_is_a_file_of_its_name() -> None:
    """Whoever looks for a command finds what begins with its name, and nothing that is called nearly so."""
    package = ROOT / "src" / "survey_extract"
    files = {path.stem for path in package.glob("commands/*.py")}
    folders = {path.name for path in package.iterdir() if path.is_dir()}
    for verb in app.commands:
        assert verb in folders or any(f"{name}_".startswith(f"{verb}_") for name in files), verb
        assert [name for name in files if re.match(rf"{verb[:6]}(?!{verb[6:]}(_|$))", name)] == [], verb


def test_the_way_through_the_code_leads_to_files() -> None:
    """Every file of the table "to change X, edit Y" is there: by its path in the package or the repository, or beside one named before it."""
    _, _, table = (ROOT / "CONTRIBUTING.md").read_text().partition("| to change | edit |")
    package, lost = ROOT / "src" / "survey_extract", []
    for row in re.findall(r"^\|.*", table, re.MULTILINE):
        places = [package, ROOT]
        for name in re.findall(r"`([\w./*-]+\.(?:py|md|sql|j2|js|html|toml))`", row):
            found = [path for place in places for path in place.glob(name)]
            lost += [] if found or name == "fields.toml" else [name]
            places += [path.parent for path in found]
    assert lost == []


DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")})


def anchors(document: str) -> set[str]:
    """What a link may lead to in a document: its headings, spelled as GitHub spells them."""
    heads = re.findall(r"^#{1,6} (.*)$", re.sub(r"```.*?```", "", document, flags=re.DOTALL), re.MULTILINE)
    plain = (re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", head).strip().lower() for head in heads)
    return {re.sub(r"[^\w -]", "", head).replace(" ", "-") for head in plain}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_the_documents_leads_somewhere(document: Path) -> None:
    """Those within the repository: the file is there, and so is the heading."""
    lost = []
    for link in re.findall(r"\]\((?![a-z]+:)([^)\s]+)\)", document.read_text()):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            lost.append(link)
    assert lost == []


def committed() -> list[str]:
    done = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip("no git checkout: which files are committed is unknown")
    return done.stdout.split()


def test_nothing_is_committed_that_belongs_to_others() -> None:
    """No binary, no address of a package registry in the locks, no file of the shared papers."""
    for name in committed():
        data = (ROOT / name).read_bytes()
        assert b"\x00" not in data, f"{name} is binary"
        if name.startswith("requirements"):
            assert b"://" not in data, f"{name} records an address"


def test_no_sentence_of_the_real_papers_is_committed(shared: Path) -> None:
    """What is committed shares no long run of words with the old list, but for titles and lists of data sets, which are names."""
    table = re.sub(r"<th>.*?</th>|<a [^>]*>.*?</a>|<[^>]+>", " | ", (shared / "seed" / "README.md").read_text())
    seed = table.lower().split()
    runs = {" ".join(seed[i : i + 9]) for i in range(len(seed) - 9)}
    for name in committed():
        if name.startswith("requirements") or name == "LICENSE":
            continue
        words = re.sub(r"<[^>]+>", " ", (ROOT / name).read_text(errors="replace")).lower().split()
        shared_runs = [
            run for i in range(len(words) - 9) if (run := " ".join(words[i : i + 9])) in runs and run.count(",") < 4
        ]
        assert not shared_runs, (name, shared_runs[0])
