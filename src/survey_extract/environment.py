"""The variables that this process was started with go in; what settings are read from, and the fewer that its children get, come out.

A child that has the key can show it: the operating system lets the same user
read a process's variables, a page of a stranger may take its reader over, and
a browser or a shell hands them on. So the command's first act is to take what
is secret out of the variables that children inherit, whoever starts them; only
this process knows it from then on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

SECRET = re.compile(r"key|token|secret|passw|credential|auth|cookie", re.IGNORECASE)
"""What names of variables have in them whose values nobody is to see."""
_ADDRESSES = re.compile(r"://[^/\s@]{0,400}@")
"""A value with a password in an address."""
_STAY = ("XAUTHORITY", "SSH_AUTH_SOCK", "GIT_AUTHOR_")
"""How the names of variables begin that a browser or git is lost without: places of files, names of people."""
NEEDED = frozenset(
    {"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONHOME", "PYTHONHASHSEED"}
    | {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"}
)
"""Variables without which Python, its libraries or their words would not be found."""

_held: dict[str, str] = {}


def hold_secrets() -> None:
    """Take what is secret out of what children inherit."""
    for name, value in list(os.environ.items()):
        is_used = name.startswith(_STAY) or name.lower().endswith("_proxy")  # requests go by it
        if (SECRET.search(name) or _ADDRESSES.search(value)) and not is_used:
            _held[name] = os.environ.pop(name)


def variables() -> Mapping[str, str]:
    """All variables, those as well that children do not get."""
    return {**_held, **os.environ}


def needed() -> dict[str, str]:
    """The variables of a process that opens what strangers wrote."""
    return {name: value for name, value in os.environ.items() if name in NEEDED}
