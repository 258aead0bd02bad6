"""Nothing goes in; a console of rich comes out on which no line of anybody's text is a command, however it is wrapped."""

from __future__ import annotations

import sys
from typing import IO, Any, cast

from rich.console import Console
from rich.text import Text

from survey_extract.core.printable import printable, without_commands


class _Lines:
    """A stream behind rich: lines begin where it wraps them, which nobody knows before."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(without_commands(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console(*, stderr: bool = False) -> Console:
    """A console on stdout or stderr. What strangers wrote goes to it through ``words``."""
    return Console(file=cast("IO[str]", _Lines(sys.stderr if stderr else sys.stdout)))


def words(text: str, style: str = "") -> Text:
    """Anybody's words as plain text: no markup, and nothing that acts."""
    return Text(printable(text), style=style)
