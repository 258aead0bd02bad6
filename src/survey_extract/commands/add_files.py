"""What a person typed goes in; sources by name come out, with folders and patterns opened into the documents in them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from survey_extract.core.inputs.identifiers import FILE_SUFFIXES, is_named
from survey_extract.core.readme.table import CONTRIBUTING, PAGES, README
from survey_extract.errors import BadSources

LISTS = (".bib", ".bibtex", ".csv", ".tsv", ".tab")
"""Suffixes of files that name sources, and are none."""
_OWN_FOLDERS = ("warehouse", "prompts", PAGES)
_PATTERN = re.compile(r"[*?\[]")


@dataclass(slots=True)
class Wanted:
    """The sources in the order they were given. ``passed_over`` says of each file why it is none, ``bad`` what cannot be added."""

    sources: list[tuple[str, bool]] = field(default_factory=list)
    """As written in sources.csv, and whether a folder or pattern brought it."""
    passed_over: list[str] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)


def opened(words: Sequence[str], project: Path) -> Wanted:
    """Each word as it is, but for folders and patterns, which become the documents in them."""
    wanted = Wanted()
    for word in words:
        try:
            _open(word, project.resolve(), wanted)
        except BadSources as error:
            wanted.bad.append(str(error))
    return wanted


def _open(word: str, project: Path, wanted: Wanted) -> None:
    if is_named(word):
        wanted.sources.append((word, False))
        return
    place = _place(word, project)
    if place.suffix.lower() in LISTS and place.is_file():
        raise BadSources(
            f"{word} is a list and no document: `survey-extract import {shlex.quote(word)}` adds the sources in it"
        )
    if place.is_dir():
        _take(_files_in(_inside(place, project), project), word, project, wanted)
    elif _PATTERN.search(word) and not place.exists():
        _take(_fitting(word, project), word, project, wanted)
    elif place.exists():
        inside = _inside(place, project)
        if not inside.is_file():
            raise BadSources(f"{word}: neither a file nor a folder")
        wanted.sources.append((_written(inside, project), False))
    else:
        wanted.sources.append((word, False))


def _place(word: str, project: Path) -> Path:
    """The file that is meant: of the survey's folder, else of the folder where the command was typed."""
    path = Path(word).expanduser()
    own = project / path
    return own if own.exists() or not path.exists() else path.absolute()


def _inside(place: Path, project: Path) -> Path:
    """The place by its path in the survey's folder; links are followed by whoever reads the file."""
    normal = Path(os.path.normpath(place))
    for inside in (normal, normal.parent.resolve() / normal.name):
        if inside.is_relative_to(project):
            return inside
    raise BadSources(f"{place} leaves the survey's folder: copy it into {project}, and add it from there")


def _files_in(folder: Path, project: Path) -> Iterator[Path]:
    """All files below a folder, in order; hidden folders, links and the survey's own are given whole, to be passed over by name."""
    for path in sorted(folder.iterdir()):
        whole = path.is_symlink() or path.name.startswith(".") or _is_own(path.relative_to(project))
        if path.is_dir() and not whole:
            yield from _files_in(path, project)
        else:
            yield path


def _fitting(pattern: str, project: Path) -> Iterator[Path]:
    path = Path(pattern).expanduser()
    if path.is_absolute():
        inside = _inside(path, project).relative_to(project)
    else:
        inside = Path(os.path.normpath(path))
        if inside.parts[:1] == ("..",):
            raise BadSources(
                f"{pattern} leaves the survey's folder: copy the files into {project}, and add them from there"
            )
    try:
        yield from sorted(project.glob(str(inside)))
    except (ValueError, NotImplementedError) as error:
        raise BadSources(f"{pattern}: not a pattern of file names: {error}") from None


def _take(files: Iterator[Path], word: str, project: Path, wanted: Wanted) -> None:
    found = 0
    for path in files:
        name = _written(path, project)
        if why := _not_a_source(path, project):
            wanted.passed_over.append(f"skipped {name}: {why}")
        else:
            wanted.sources.append((name, True))
            found += 1
    if not found:
        raise BadSources(f"{word}: no documents in it; those are files ending in {', '.join(FILE_SUFFIXES)}")


def _not_a_source(path: Path, project: Path) -> str | None:
    inside = path.relative_to(project)
    if any(part.startswith(".") for part in inside.parts):
        return "hidden"
    if _is_own(inside):
        return "the survey's own"
    if path.is_dir():
        return "a folder; name it to add what is in it"
    return None if path.suffix.lower() in FILE_SUFFIXES else "not a document"


def _is_own(inside: Path) -> bool:
    return str(inside) in (README, CONTRIBUTING) or any(inside.is_relative_to(folder) for folder in _OWN_FOLDERS)


def _written(path: Path, project: Path) -> str:
    return f"./{path.relative_to(project).as_posix()}"
