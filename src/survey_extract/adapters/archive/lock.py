"""The folder of an archive goes in; it is locked for one run, or who holds it comes out."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from survey_extract.core.moments import stamp
from survey_extract.core.readme.table import PAGES
from survey_extract.errors import Locked, Unwritable
from survey_extract.files import PART, unwritable, writing

CACHE = "cache"
"""The folder of an archive that Git does not keep."""
_PART = re.compile(r"\.(\d{1,9})(?:-\d+)?\.part(?:\.wal)?$")


def owner_of(root: Path) -> str | None:
    """Who holds the lock of an archive now, None when nobody does."""
    try:
        with (root / ".lock").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _named(file)
    except OSError:  # there is none, or it is not ours to read
        pass
    return None


@contextmanager
def locked(root: Path, command: str) -> Iterator[None]:
    """Be the only run over an archive. The file names its owner; the operating system frees it when the process dies.

    Raises:
        Locked: another process holds it; the message says who.
        Unwritable: it cannot be written, or a folder in it is a link.
    """
    for folder in (root, *root.glob("*")):
        refuse_linked(root, folder if folder.is_dir() else root)
    with own_file(root / ".lock") as file:
        try:
            _take(file)
        except BlockingIOError:
            raise Locked(f"another run is under way: {_named(file)} (warehouse/.lock)") from None
        file.truncate(0)
        since = stamp(datetime.now(UTC))
        own = f"`survey-extract {command}`, process {os.getpid()} on {os.uname().nodename}, since {since}\n"
        file.write(own.encode())
        file.flush()
        _sweep(root)
        yield


def _sweep(root: Path) -> None:
    """Remove the unfinished files of processes that died; the lock is held, so that no other run makes any."""
    project = root.parent
    for path in (*root.rglob(f"*{PART}*"), *project.glob(f"*{PART}"), *project.glob(f"{PAGES}/*{PART}")):
        if (maker := _PART.search(path.name)) and not _lives(int(maker[1])) and not path.is_dir():
            with suppress(OSError):
                path.unlink()


def _take(lock: BinaryIO) -> None:
    """Take the lock; half a second is waited, since ``owner_of`` holds it for a moment to see whether it is free."""
    for _ in range(10):
        with suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(0.05)
    return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _named(lock: BinaryIO) -> str:
    lock.seek(0)
    return lock.read().decode("utf-8", "replace").strip() or "its owner is unknown"


@contextmanager
def own_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file of the archive to read it and to add to its end; it is made where there is none.

    Raises:
        Unwritable: it cannot be; or it is a symbolic link, which anyone's pull
            request may hold, to a file that is not ours to write.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            raise OSError(errno.ELOOP, "it is a symbolic link; put the file itself in its place")
        opened = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    with os.fdopen(opened, "ab+") as file:
        yield file


def refuse_linked(root: Path, folder: Path) -> None:
    """Nothing is written through a folder that is a link, where Git keeps the folder; the cache may lie wherever its owner likes.

    Raises:
        Unwritable: the archive, or a folder between it and ``folder``, is a symbolic link, as anyone's pull request may hold.
    """
    if folder.is_relative_to(root / CACHE):
        return
    for place in (folder, *folder.parents):
        if place.is_symlink():
            raise Unwritable(unwritable(place, "it is a symbolic link; put the folder itself in its place"))
        if place == root:
            return


def _lives(process: int) -> bool:
    """Whether there is such a process on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
