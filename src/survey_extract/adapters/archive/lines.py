"""A record goes in, its sealed line comes out, and is read back: what every file of JSONL in the archive is made of."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict
from datetime import datetime
from functools import cache
from threading import Lock
from typing import Any, BinaryIO, TypeVar

from msgspec import DecodeError, ValidationError, to_builtins
from msgspec.json import Decoder

from survey_extract.core.meant import misfit
from survey_extract.core.moments import LAST_YEAR

R = TypeVar("R")
_SEAL = re.compile(rb',"seal":"([0-9a-f]{16})"\}$')
"""The end of a line: the start of the SHA-256 of all before it. Lines from before there were seals have none."""
TAIL_BYTES = 4_096
"""Bytes that are read at once from the end of a file."""
TORN = "\x18"
"""ASCII CAN behind a torn line marks it as torn for good, so that the next append does not hide it."""
_MAKING = Lock()
"""Held while a decoder is made."""


def line_of(record: Any, *, indent: int | None = None) -> bytes:
    """A record as its line in a file, read back before it counts: what is written can be read.

    Raises:
        ValueError: it could not be read back as what it is; nothing has been written.
    """
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        asdict(record, dict_factory=_without_nothing), ensure_ascii=False, indent=indent, separators=separators
    )
    line = text.encode("utf-8", "replace") + b"\n"  # halves of surrogate pairs are no characters, in any file
    _read(line, type(record))
    return line


def _without_nothing(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """A record as JSON has it; a pointer to what is not a row, and a term without a hint, look as they did before there were such."""
    return {name: value for name, value in items if name not in ("boxes", "hint") or value}


def sealed(record: Any) -> bytes:
    """The line of a record, closed by its seal."""
    line = line_of(record).removesuffix(b"\n")
    return line[:-1] + f',"seal":"{seal_of(line)}"}}\n'.encode()


def seal_of(line: bytes) -> str:
    """What closes a line: the begin of its SHA-256."""
    return hashlib.sha256(line).hexdigest()[:16]


def is_as_written(line: bytes) -> bool:
    """Whether a line is what its seal was made of; one without a seal may be."""
    seal = _SEAL.search(line)
    return seal is None or seal_of(line[: seal.start()] + b"}") == seal[1].decode()


def is_torn(line: bytes) -> bool:
    """Whether a line was marked as torn by a later append."""
    return line.endswith(TORN.encode())


def record_in(line: bytes, kind: type[R]) -> R:
    """The record that a line holds.

    Raises:
        ValueError: it holds none; the message says what is wrong.
    """
    record = _read(line, kind)
    for dated in (record, *getattr(record, "replies", ())):
        for name in _TIMES:
            time = getattr(dated, name, None)
            if isinstance(time, str) and not _is_time(time):
                raise ValueError(f"{name}: {time[:40]!r} is no time like 2026-01-31T12:00:00.000000Z")
    if _LONG.search(line):
        _refuse_long(to_builtins(record), "")
    return record


def _refuse_long(value: Any, name: str) -> None:
    """Refuse a number that its column in SQL could not hold, at whatever depth."""
    if isinstance(value, dict):
        for inner, held in value.items():
            if inner not in _WORDS:
                _refuse_long(held, inner)
    elif isinstance(value, list | tuple):
        for held in value:
            _refuse_long(held, name)
    elif isinstance(value, int) and abs(value) >= (LARGEST_AMOUNT if _AMOUNT.search(name) else LARGEST_NUMBER):
        raise ValueError(f"{name}: {str(value)[:20]} is too large a number")


def _read(line: bytes, kind: type[R]) -> R:
    """A record, whatever its times are.

    Raises:
        ValueError: as ``record_in``.
    """
    try:
        record: R = decoder_of(kind).decode(line)
    except (DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(_UNMERGED if _MARKER.match(line) else _told(error)) from None
    return record


def _told(error: Exception) -> str:
    return f"{misfit(error)}" if isinstance(error, ValidationError) else f"{error}"


LARGEST_NUMBER, LARGEST_AMOUNT = 2**31, 2**63
"""What numbers of records stay below, as the columns of the DuckDB file hold them: counts and places, and amounts of bytes and tokens."""
_LONG = re.compile(rb"[:\[,] ?-?[0-9]{10}")
_WORDS = frozenset({"unresolved"})
"""Numbers that a model made up and SQL has as texts, however long they are."""
_AMOUNT = re.compile("bytes|tokens|size|prompt|cached|completion|reasoning")
_MARKER = re.compile(rb"<{7}|={7}\s*$|>{7}|\|{7}")
_UNMERGED = "a merge was left unfinished here: delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>, and keep all others"
_TIMES = ("at", "fetched_at", "started_at", "submitted_at")
"""The fields of records in which it says when: decisions are put in order by it."""
_TIME = re.compile(r"[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def _is_time(text: str) -> bool:
    """Whether a text is a time in UTC as we write it, behind which there are others."""
    if not _TIME.fullmatch(text):
        return False
    try:
        return datetime.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False


def closing(file: BinaryIO, kind: type[Any]) -> bytes:
    """What must stand before the next line: nothing, or the end of a last line that a crash left open.

    What is no record counts as torn, whatever it is: it was skipped so far, and is from then on.
    """
    last = last_line(file)
    if not last:
        return b""
    try:
        record_in(last, kind)
    except ValueError:
        return f"{TORN}\n".encode()
    return b"\n"  # only its line feed is missing


def last_line(file: BinaryIO) -> bytes:
    """What stands behind the last line feed, read from the end: a file is not read whole to add a line to it."""
    last, start = b"", file.seek(0, os.SEEK_END)
    while start and b"\n" not in last:
        step = min(TAIL_BYTES, start)
        start = file.seek(start - step)
        last = file.read(step) + last
    return last.rpartition(b"\n")[2]


def decoder_of(kind: type[R]) -> Decoder[R]:
    """What reads a record of this kind, and nothing that is none.

    One is made at a time: msgspec notes on a class what it knows of it before it
    knows all, and a second thread that decodes by the half of it crashes the process.
    """
    with _MAKING:
        return _decoder_of(kind)  # type: ignore[arg-type]  # classes can be hashed


@cache
def _decoder_of(kind: type[R]) -> Decoder[R]:
    return Decoder(kind)
