"""A survey's folder goes in; its README and pages are read, rendered and written, or compared with what they should be."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from survey_extract.commands.survey import Survey, fail
from survey_extract.core.readme import BEGIN, END, PAGES, README, split
from survey_extract.errors import HandEdits, MissingQuotes

if TYPE_CHECKING:
    from pathlib import Path

    from survey_extract.adapters.warehouse import DuckWarehouse
    from survey_extract.settings import Settings


def checked_files(survey: Survey) -> dict[str, str]:
    """The README, whose markers must be in order before anything is spent, and the pages that were split off it."""
    if not survey.readme.is_file():
        fail(
            f"{survey.readme}: there is no README; make one with a line {BEGIN} and a line {END}, between which the table goes"
        )
    files = {README: _text(survey.readme)}
    split(files[README])
    for path in sorted((survey.project / PAGES).glob("*.md")):
        text = _text(path)
        if BEGIN in text and END in text:
            files[f"{PAGES}/{path.name}"] = text
    return files


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        fail(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8")


def write_files(survey: Survey, warehouse: DuckWarehouse, settings: Settings, *, force: bool = False) -> bool:
    """Write what changed, remove pages that are no longer wanted; whether there was anything to do."""
    from survey_extract.adapters.archive import write_whole
    from survey_extract.pipeline import rendered

    before = checked_files(survey)
    after = rendered(before, warehouse, settings.publish, limit=settings.readme_bytes, force=force)
    for name, text in after.items():
        if before.get(name) != text:
            write_whole(survey.project / name, text.encode())
    for name in before.keys() - after.keys():
        (survey.project / name).unlink()
    return after != before


def try_files(survey: Survey, warehouse: DuckWarehouse, settings: Settings) -> tuple[bool, str | None]:
    """Write the README; where that would lose something, leave it, and give the reason: the run itself is done."""
    try:
        return write_files(survey, warehouse, settings), None
    except (HandEdits, MissingQuotes) as error:
        return False, str(error)


def differences(survey: Survey, warehouse: DuckWarehouse, settings: Settings) -> list[str]:
    """The lines of a diff between the files as they stand and as they should be; edits by hand are in it, too."""
    from survey_extract.pipeline import rendered

    before = checked_files(survey)
    after = rendered(before, warehouse, settings.publish, limit=settings.readme_bytes, force=True)
    lines: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = (files.get(name, "").splitlines(keepends=True) for files in (before, after))
        lines += unified_diff(old, new, name, f"{name} as rendered")
    return lines
