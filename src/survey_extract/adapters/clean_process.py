"""The environment goes in, a process without it comes out: preloaded first by the process that all readers are forked off.

Readers open documents of strangers. What a hostile one could read from their
environment (the key, tokens of the machine that runs the night) must not be
there, nor in what the operating system shows of them: so the process replaces
itself by one that was started with the little that a reader needs.
"""

from __future__ import annotations

import os
import sys

NEEDED = frozenset(
    {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONHASHSEED"}
    | {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
)
"""Variables without which Python, its libraries or their words would not be found."""


CLEAN = "READER_WITHOUT_VARIABLES"
"""Set in the process that has replaced this one, which would go round for ever where the system adds variables."""


def replace_process() -> None:
    """Start this process again, with the same arguments and open files, and the variables that are needed."""
    needed = {name: value for name, value in os.environ.items() if name in NEEDED}
    os.execve(sys.executable, sys.orig_argv, needed | {CLEAN: "1"})  # noqa: S606  # our own command line once more


if CLEAN not in os.environ and any("multiprocessing.forkserver" in argument for argument in sys.orig_argv):
    replace_process()
