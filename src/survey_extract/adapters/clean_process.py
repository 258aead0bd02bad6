"""What multiprocessing starts goes in, the same with few variables comes out: the process that readers are forked off, and the one that tidies up after them.

Readers open documents of strangers. What a hostile one could read from their
environment (the key, tokens of the machine that runs the night) must not be
there, nor in what the operating system shows of them.
multiprocessing has no public way to say so: whatever it starts, again when one
of them has died, it starts by one function, which is replaced here.
"""

from __future__ import annotations

import multiprocessing.util
import os
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache

from survey_extract.environment import needed

TAIL_BYTES = 4_096
"""Bytes of what they wrote that are looked at."""
SHOWN = 200
"""Characters of a line that are told."""


def start_clean() -> None:
    """From now on, whatever multiprocessing starts gets the variables that Python needs and no others."""
    multiprocessing.util.spawnv_passfds = _started  # type: ignore[assignment]  # it takes what typeshed says that it takes


def last_words() -> str:
    """The last line that one of these processes wrote beside its results; nothing where none did."""
    written = _written()
    size = os.fstat(written).st_size
    # Not by reading on: the place in the file is theirs, too.
    lines = os.pread(written, TAIL_BYTES, max(0, size - TAIL_BYTES)).decode("utf-8", "replace").split("\n")
    return next((line.strip()[:SHOWN] for line in reversed(lines) if line.strip()), "")


@cache
def _written() -> int:
    """Where they write what is no result: words of libraries, and of a worker that was still beginning when the command ended."""
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _started(path: str | bytes, args: Sequence[str | bytes], passfds: Sequence[int]) -> int:
    """Start a program with these open files; its process id. Its parent waits for it by that."""
    process = subprocess.Popen(
        args, executable=path, pass_fds=passfds, env=needed(), stdout=_written(), stderr=_written()
    )  # our own Python
    process.returncode = 0  # so that Popen does not wait for it as well
    return process.pid
