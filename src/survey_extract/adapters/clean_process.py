"""What multiprocessing starts goes in, the same with few variables comes out: the process that readers are forked off, and the one that tidies up after them.

Readers open documents of strangers. What a hostile one could read from their
environment (the key, tokens of the machine that runs the night) must not be
there, nor in what the operating system shows of them.
multiprocessing has no public way to say so: whatever it starts, again when one
of them has died, it starts by one function, which is replaced here.
"""

from __future__ import annotations

import multiprocessing.util
import subprocess
from collections.abc import Sequence

from survey_extract.environment import needed


def start_clean() -> None:
    """From now on, whatever multiprocessing starts gets the variables that Python needs and no others."""
    multiprocessing.util.spawnv_passfds = _started  # type: ignore[assignment]  # it takes what typeshed says that it takes


def _started(path: str | bytes, args: Sequence[str | bytes], passfds: Sequence[int]) -> int:
    """Start a program with these open files; its process id. Its parent waits for it by that.

    What goes wrong in a worker comes back as its result. What it writes beside that is of libraries, or of a worker that
    was still beginning when the command ended, and is not for a terminal or a log.
    """
    process = subprocess.Popen(args, executable=path, pass_fds=passfds, env=needed(), stderr=subprocess.DEVNULL)
    process.returncode = 0  # so that Popen does not wait for it as well
    return process.pid
