"""The DuckDB file goes in; whether it is as we left it comes out.

A night copies the file of the night before and adds to it, so whatever another
program wrote into it, or a bad disk turned in it, would be handed on for ever:
DuckDB looks at a block when it reads it, and a night reads few of them. What
the file was when we left it is noted beside, in the cache: how the system
knows it (a time of change that no program can set), and its SHA-256, by which
it is known again where it was copied or restored. Without the note, the file is
built from nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import msgspec

from survey_extract.files import write_whole


@dataclass(frozen=True, slots=True)
class _Left:
    """A file as it was left: its hash, and its inode, bytes, and times in ns."""

    sha256: str
    stat: tuple[int, int, int, int]


def leave(part: Path, place: Callable[[], object], note: Path) -> None:
    """Note what a file is that ``place`` puts into its place: of this very file, whatever stands there by then."""
    with part.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        place()
        write_whole(note, msgspec.json.encode(_Left(sha256, _stat(file))))


def is_as_left(path: Path, note: Path) -> bool:
    """Whether a file is, byte for byte, what was noted."""
    try:
        left = msgspec.json.decode(note.read_bytes(), type=_Left)
    except (OSError, ValueError):
        return False
    with path.open("rb") as file:
        return _stat(file) == left.stat or hashlib.file_digest(file, "sha256").hexdigest() == left.sha256


def _stat(file: BinaryIO) -> tuple[int, int, int, int]:
    found = os.fstat(file.fileno())
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
