"""``python -m survey_extract`` is ``survey-extract``: the command line goes in, an exit code comes out, never a traceback."""

from __future__ import annotations

import os
import sys
import threading

from survey_extract.environment import hold_secrets


def main() -> None:
    """The entry point of the command ``survey-extract``."""
    _without_plugins()
    hold_secrets()
    try:
        from survey_extract.cli import app

        app(prog_name="survey-extract")
    except SystemExit as ended:
        _end(ended)
    except Exception as error:  # noqa: BLE001  # whatever it is, a broken installation included
        from survey_extract.commands.defect import DEFECT, tell_defect

        tell_defect(error, None)
        sys.exit(DEFECT)


def _without_plugins() -> None:
    """What else is installed has no say in how settings and records are read, and is not searched for plugins of pydantic at each start."""
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"


def _end(ended: SystemExit) -> None:
    """End at once when nothing is left to be done, else as Python does: it takes a tenth of a night to take itself apart.

    Files are closed by then, and workers ended; a thread that still waits for a model may bring what was paid for.
    """
    waits = any(thread is not threading.current_thread() and not thread.daemon for thread in threading.enumerate())
    if waits or not isinstance(ended.code, int | None):
        raise ended
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # full, or closed by whoever started us: Python knows what to do
        raise ended from None
    os._exit(ended.code or 0)


if __name__ == "__main__":
    main()
