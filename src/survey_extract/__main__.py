"""``python -m survey_extract`` is ``survey-extract``: the command line goes in, an exit code comes out, never a traceback."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """The entry point of the command ``survey-extract``."""
    _without_plugins()
    try:
        from survey_extract.cli import app

        app(prog_name="survey-extract")
    except Exception as error:  # noqa: BLE001  # whatever it is, a broken installation included
        from survey_extract.commands.defect import DEFECT, tell_defect

        tell_defect(error, None)
        sys.exit(DEFECT)


def _without_plugins() -> None:
    """What else is installed has no say in how settings and records are read, and is not searched for plugins of pydantic: each start would read the list of every package."""
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"


if __name__ == "__main__":
    main()
