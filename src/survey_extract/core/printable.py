r"""Anybody's text goes in, a text that can only be shown comes out: for terminals, and for logs that read commands.

Titles, names, errors of servers, replies of models and cells of sources.csv
may contain what moves a cursor, rewrites what is above, reverses letters,
or begins a line that a CI takes for a command. Each such character becomes
its escape (``\u001b``). JSON reads these as the characters themselves, so that
JSON which passes here is the same data as before.
"""

from __future__ import annotations

import re

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls but for tab and line end, overrides of direction, other line ends, halves of characters."""
_MARKED = re.compile(r"##(?=\w{0,20}\[)")
"""What GitHub (``##[``), Azure (``##vso[``) and TeamCity (``##teamcity[``) take for a command anywhere in a line."""
_COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
"""What GitHub takes for a command at the beginning of a line, blanks before it or not (``::error::``)."""


def printable(text: str) -> str:
    """The text with the escapes of all characters that act; its line ends stay."""
    return without_commands(_ACTING.sub(_escape, text))


def printable_line(text: str) -> str:
    """The same for one message: what stands behind a line end is set in, so that it looks like none of ours."""
    return printable(text).replace("\n", "\n  ")


def without_commands(text: str) -> str:
    """The text with no line that a CI takes for a command."""
    return _COMMAND.sub(r"\1\\u003a", _MARKED.sub(r"#\\u0023", text))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
