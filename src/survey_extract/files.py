"""Bytes go in, a file on disk comes out, whole or not at all: how every file of a survey is written."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from survey_extract.errors import Unwritable

PACKAGE = Path(__file__).parent
"""The folder of the package, with templates, prompts and SQL in it: ``importlib.resources`` loads all that reads zipped packages."""
PART = ".part"
"""The end of the name of a file that is being written, after the process that writes it."""


def write_whole(path: Path, data: bytes) -> None:
    """Write beside, sync, rename: a reader sees the old file or the new one, never a part."""
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}{PART}")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            with part.open("xb") as file:  # never through a link that someone laid there
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if path.is_file():
                part.chmod(path.stat().st_mode & 0o7777)  # a file keeps its mode
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Whatever keeps a file from being written is an error that names it.

    Raises:
        Unwritable: the disk is full, the file system or the folder is read-only, and the like.
    """
    try:
        yield
    except OSError as error:
        raise Unwritable(unwritable(path, error.strerror or str(error))) from error


def own_place(root: Path, path: Path) -> Path:
    """Where a file that Git keeps in ``root`` is written: a link to another place in there is followed, and stays a link.

    Raises:
        Unwritable: a link, which anyone's pull request may hold, leads it out of ``root``, or to what is hidden there.
    """
    place, home = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if not place.is_relative_to(home):
        led = "leads out of the survey"
    elif any(part.startswith(".") for part in place.parent.relative_to(home).parts):
        led = "leads into a hidden folder"
    else:
        return place
    raise Unwritable(
        unwritable(path, f"it is, or is in, a link that {led}; put the file or folder itself in its place")
    )


def unwritable(path: Path, why: str) -> str:
    """The words for it."""
    return f"{path} cannot be written: {why}; what was written before is kept, and the next run resumes from there"
