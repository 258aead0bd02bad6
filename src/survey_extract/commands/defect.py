"""An error that nobody foresaw goes in; one sentence for the person, and a log file with all the rest, come out.

Only the standard library is used here, so that a broken installation can be
reported as well. What is written contains no local variables, and everything that
the environment calls a key, token, secret or password is blacked out.
"""

from __future__ import annotations

import errno
import logging
import os
import platform
import re
import sys
import tempfile
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from survey_extract import __version__
from survey_extract.core.printable import printable_line
from survey_extract.core.redaction import Redaction
from survey_extract.environment import SECRET, variables

DEFECT = 70
"""Exit code (EX_SOFTWARE of sysexits.h): survey-extract itself is at fault, and nothing can be said about what was done."""

_SECRET_FORMS = re.compile(r"\bsk-[\w-]{6,}|\bBearer\s+\S+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")
_BLACK = "[blacked out]"
_SHOWN = 300
"""Characters of an error's own words that the sentence repeats."""


def tell_defect(error: BaseException, project: Path | None) -> None:
    """Say on stderr what failed and where its log is. ``project`` is the survey's folder, if there is one."""
    log = write_log(error, project)
    where = f"The log {log} has the details and no key" if log else "No log could be written"
    said = printable_line(f"error: a defect in survey-extract: {summary(error)}. {where}; please report it")
    sys.stderr.write(f"{said}\n")


class Sentences(logging.Handler):
    """What a library logs, in sentences: a traceback goes into a log file like any other defect's."""

    def __init__(self, project: Path) -> None:
        super().__init__(logging.WARNING)
        self._project = project

    def emit(self, record: logging.LogRecord) -> None:
        """Say it on stderr."""
        if record.exc_info and record.exc_info[1] is not None:
            if not _is_ended(record.exc_info[1]):
                tell_defect(record.exc_info[1], self._project)
        elif "timeout graceful shutdown exceeded" not in record.getMessage():
            sys.stderr.write(printable_line(f"warning: {record.getMessage()}") + "\n")


def _is_ended(error: BaseException) -> bool:
    """Whether work was ended because somebody ended the server, which is no defect."""
    from asyncio import CancelledError

    inner = getattr(error, "exceptions", None)
    return all(map(_is_ended, inner)) if inner else isinstance(error, (CancelledError, KeyboardInterrupt))


def tell_of(logger: str, project: Path) -> None:
    """Have a library's log told in sentences from now on."""
    found = logging.getLogger(logger)
    found.handlers, found.propagate = [Sentences(project)], False


def unusable(error: BaseException, project: Path | None) -> str | None:
    """What is wrong with a file of the survey, or with stdout, when that is all; None for a defect of ours."""
    if not isinstance(error, OSError):
        return None
    if error.filename is None:
        return f"stdout cannot be written: {error.strerror}" if error.errno in (errno.ENOSPC, errno.EIO) else None
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None
    if path is None or project is None or not path.absolute().is_relative_to(project.absolute()):
        return None
    return f"{path} cannot be used: {error.strerror}; fix it and run the command again"


def summary(error: BaseException) -> str:
    """What failed and where, on one line."""
    said = " ".join(str(error).split())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    return blacked_out(f"{type(error).__name__}: {said[:_SHOWN]}{place}" if said else f"{type(error).__name__}{place}")


def write_log(error: BaseException, project: Path | None) -> Path | None:
    """Write the log into the survey's cache, else into the system's folder for such files; None when neither can be.

    Every user can write into the system's folder: the file is new, its owner's alone, and none that somebody laid there.
    """
    text = blacked_out(_log_of(error))
    name = f"defect-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{os.getpid()}-"
    for folder in _folders(project):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            number, path = tempfile.mkstemp(".log", name, folder.resolve())
            with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError:
            continue
        return Path(path)
    return None


def _folders(project: Path | None) -> list[Path]:
    folders = [project / "warehouse" / "cache"] if project and (project / "warehouse").is_dir() else []
    with suppress(OSError):  # where nothing can be written, there is none
        folders.append(Path(tempfile.gettempdir()))
    return folders


def _log_of(error: BaseException) -> str:
    lines = [
        f"survey-extract {__version__}",
        f"Python {platform.python_version()} on {platform.platform()}",
        f"at {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"command: {' '.join(sys.argv[1:])}",
        "",
        "".join(traceback.format_exception(error)),
        "packages:",
    ]
    return "\n".join([*lines, *_packages()]) + "\n"


def _packages() -> list[str]:
    """Names and versions of what is installed beside us."""
    found = {f"{item.name} {item.version}" for item in metadata.distributions() if item.name}
    return sorted(found, key=str.lower)


def blacked_out(text: str) -> str:
    """The text without what the environment calls secret, however it is spelt, and without what has the form of a key."""
    values = {value for name, value in variables().items() if SECRET.search(name) and len(value) >= 6}
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, _BLACK)
    return _SECRET_FORMS.sub(_BLACK, Redaction(values, _BLACK)(text))
