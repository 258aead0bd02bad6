"""The command line goes in, docs/commands.md comes out: every command and option, in the words of their help.

``python -m tests.commands`` prints it, and a test compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from textwrap import fill

import click

from survey_extract.cli import app
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "commands.md"
HEAD = """# Commands

Every command and option; `survey-extract COMMAND --help` says the same. Commands work on the survey in the current folder,
or in the one named by `survey-extract --project FOLDER`. `survey-extract --version` prints the version.

Commands, options and the keys of your sources complete in bash (for zsh and fish, use their names in place of `bash`):

```sh
eval "$(_SURVEY_EXTRACT_COMPLETE=bash_source survey-extract)"     # in ~/.bashrc
```
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(part for name in app.commands for part in _parts(name, app.commands[name]))


def _parts(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=f"survey-extract {name}")
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    yield f"\n## {name}\n\n```text\n{usage}\n```\n\n{_help(command)}\n"
    options = [record for option in command.params if (record := option.get_help_record(context)) and record[1]]
    if options:
        yield "\n| option | what it does |\n| --- | --- |\n"
    for option, said in options:
        yield f"| `{option.replace('|', chr(92) + '|')}` | {' '.join(said.split()).replace('|', ' or ')} |\n"


def _help(command: click.Command) -> str:
    parts = cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(fill(part, 124, break_on_hyphens=False, break_long_words=False) for part in parts)


if __name__ == "__main__":
    print(page(), end="")  # what it is for
