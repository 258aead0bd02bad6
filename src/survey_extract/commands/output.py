"""The file that a command is to write goes in; it comes out unless it is one of the survey's own, by whatever spelling or link."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from survey_extract.commands.survey import Survey, fail
from survey_extract.core.inputs.sources import FILE, parse_sources
from survey_extract.core.readme.table import CONTRIBUTING, PAGES, README
from survey_extract.errors import BadSources
from survey_extract.files import own_place

_FILES = (FILE, README, CONTRIBUTING, "pyproject.toml", "fields.toml", "aliases.toml")
_FOLDERS = ("warehouse", "prompts", PAGES)


def checked_output(survey: Survey, output: Path) -> Path:
    """Where to write, links followed.

    Raises:
        InputError: it is a file of the survey, or would lie among those, or it lies in the survey by its name and a link
            leads it out of there; nothing was written.
    """
    place, root = _real(output), _real(survey.project)
    if _is_within(output, survey.project):
        own_place(survey.project, output)
    linked = place.is_file() and place.stat().st_nlink > 1
    files = (*_own_files(survey, root), *(_files_in_folders(root) if linked else ()))
    own = _own_folder(place, root) or next((path for path in files if _is_same(place, path)), None)
    if own is not None:
        fail(f"{output} is a file of the survey ({own.relative_to(root)}): nothing was written; name another")
    return place


def _is_within(output: Path, project: Path) -> bool:
    """Whether a path is in the survey before any link is followed: what is there may be from anyone's pull request."""
    named, home = (Path(os.path.normpath(path.absolute())) for path in (output, project))
    return named.is_relative_to(home) or named.is_relative_to(_real(project))


def _real(path: Path) -> Path:
    """The path with its links followed; one that leads in a circle stays as it is, which ``Path.resolve`` calls an error."""
    return Path(os.path.realpath(path))


def _own_folder(place: Path, root: Path) -> Path | None:
    """The folder of the survey's own in which a place lies; whatever is hidden is somebody's own as well."""
    for folder in (root / name for name in _FOLDERS):
        if place.is_relative_to(_real(folder)):
            return folder
    hidden = place.is_relative_to(root) and any(part.startswith(".") for part in place.relative_to(root).parts)
    return root / place.relative_to(root).parts[0] if hidden else None


def _own_files(survey: Survey, root: Path) -> Iterator[Path]:
    yield from (root / name for name in _FILES)
    with suppress(BadSources):  # whatever the command reads it for will say so
        yield from (root / s.location for s in parse_sources(survey.sources_bytes()) if s.kind == "file")


def _files_in_folders(root: Path) -> Iterator[Path]:
    """Whatever another name may be a hard link to."""
    for folder in _FOLDERS:
        yield from (path for path in (root / folder).rglob("*") if path.is_file())
    yield from (path for path in root.glob(".*") if path.is_file())


def _is_same(place: Path, own: Path) -> bool:
    """Whether two names mean one file: by path, by a hard link, or on a disk that does not tell capitals apart."""
    if place == _real(own):
        return True
    try:
        return place.samefile(own)
    except OSError:
        return False
