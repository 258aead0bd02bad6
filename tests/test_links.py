"""Links in a survey, which anyone's pull request may hold: nothing is written through one that leads out of it; one that stays inside is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Folder

LISTED = "| Title | Training |\n|---|---|\n| [Boat](https://example.org/boat) | In two stages. |\n"


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything that is in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def lead_out(place: Path, outside: Path) -> None:
    """Put a link in the place of a file or folder of the survey; what was there is outside."""
    outside.mkdir(exist_ok=True)
    if place.exists():
        shutil.move(place, outside / place.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(outside / place.name)


PLACES: dict[str, tuple[str, list[str]]] = {
    "README": ("README.md", ["render"]),
    "README, in a night": ("README.md", ["refresh"]),
    "sources.csv, by add": ("sources.csv", ["add", "more.md"]),
    "sources.csv, by import": ("sources.csv", ["import", "{}/list.md"]),
    "an export": ("table.csv", ["export", "--format", "csv", "--publish", "any", "--output", "{}/table.csv"]),
    "an export in a folder": ("out", ["export", "--format", "csv", "--publish", "any", "--output", "{}/out/table.csv"]),
    "an export in a folder, by another way": ("out", ["export", "--format", "csv", "--publish", "any", "--output", "{}/papers/../out/t.csv"]),
    "the site": ("site.html", ["site", "--output", "site.html"]),
    "the site's folder": ("site", ["site", "--output", "site/index.html"]),
    "the page of evaluate": ("e.html", ["evaluate", "--html", "{}/e.html"]),
    "results of evaluate": ("saved", ["evaluate", "--save", "{}/saved/e.json"]),
    "questions": ("batch.jsonl", ["refresh", "--batch-file", "{}/batch.jsonl"]),
}  # fmt: skip


@pytest.mark.parametrize(("linked", "command"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("is_there", [True, False], ids=["to what is there", "to what is not there yet"])
def test_nothing_is_written_out_of_the_survey(
    one_read: Folder, tmp_path: Path, linked: str, command: list[str], *, is_there: bool
) -> None:
    """The link is named, and what it leads to is left as it was; the same without the link goes through."""
    outside, place = tmp_path / "outside", one_read.path / linked
    one_read.write("more.md", f"# Boat\n\n{'It floats on water. ' * 20}")
    one_read.write("list.md", LISTED)
    if is_there and not place.exists():
        if "." in linked:
            place.write_text("mine")
        else:
            place.mkdir()
    lead_out(place, outside)
    before = contents(outside)
    ran = one_read.run(*(word.replace("{}", str(one_read.path)) for word in command), SURVEY_PUBLISH="any")
    assert contents(outside) == before
    assert (ran.code, "leads out of the survey" in ran.err, place.is_symlink()) == (2, True, True), ran.err


@pytest.mark.parametrize("name", ["README.md", "sources.csv", "fields.toml", "prompts", "warehouse", ".gitignore"])
def test_init_makes_nothing_through_a_link(tmp_path: Path, name: str) -> None:
    """A folder that came with a link to what is not there yet: init names it, and makes nothing there."""
    folder, outside = tmp_path / "survey", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / name).symlink_to(outside / name)
    ran = Folder(folder, {}).run("init")
    assert (ran.code, "link" in ran.err) == (2, True), ran.err
    assert list(outside.iterdir()) == []


def _readme(survey: Folder) -> Path:
    (survey.path / "docs").mkdir()
    (survey.path / "README.md").rename(survey.path / "docs" / "README.md")
    (survey.path / "README.md").symlink_to("docs/README.md")
    survey.ok("refresh", SURVEY_PUBLISH="any")
    return survey.path / "README.md"


def _sources(survey: Folder) -> Path:
    (survey.path / "data").mkdir()
    (survey.path / "sources.csv").rename(survey.path / "data" / "sources.csv")
    (survey.path / "sources.csv").symlink_to("data/sources.csv")
    survey.write("more.md", f"# Boat\n\n{'It floats on water. ' * 20}")
    survey.ok("add", "more.md")
    return survey.path / "sources.csv"


def _export(survey: Folder) -> Path:
    (survey.path / "docs").mkdir()
    (survey.path / "table.csv").symlink_to("docs/table.csv")
    survey.ok("export", "--format", "csv", "--publish", "any", "--output", str(survey.path / "table.csv"))
    return survey.path / "table.csv"


@pytest.mark.parametrize("write", [_readme, _sources, _export])
def test_a_link_within_the_survey_is_kept(one_read: Folder, write: Callable[[Folder], Path]) -> None:
    """What it leads to is written, and it stays a link."""
    link = write(one_read)
    assert link.is_symlink()
    assert len(link.read_bytes()) > 40
    assert link.resolve().is_relative_to(one_read.path.resolve())


def test_what_a_person_names_outside_is_theirs(one_read: Folder, tmp_path: Path) -> None:
    """A target outside the survey may be, or be in, a link: the person who typed it put it there. So may the survey itself."""
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to(tmp_path / "real")
    one_read.ok("export", "--format", "csv", "--publish", "any", "--output", str(tmp_path / "alias" / "t.csv"))
    assert (tmp_path / "real" / "t.csv").is_file()
    (tmp_path / "by-link").symlink_to(one_read.path)
    linked = Folder(tmp_path / "by-link", one_read.env)
    linked.ok("refresh", SURVEY_PUBLISH="any")
    linked.ok("export", "--format", "csv", "--publish", "any", "--output", str(linked.path / "t.csv"))


def test_a_link_into_a_hidden_folder_is_no_place_to_write(one_read: Folder) -> None:
    """Git's own folder lies in the survey, and a page there could be run."""
    one_read.write(".git/hooks/post-merge", "mine")
    (one_read.path / "README.md").rename(one_read.path / ".git" / "hooks" / "README.md")
    (one_read.path / "README.md").symlink_to(".git/hooks/README.md")
    ran = one_read.run("refresh", SURVEY_PUBLISH="any")
    assert (ran.code, "hidden folder" in ran.err) == (2, True), ran.err
