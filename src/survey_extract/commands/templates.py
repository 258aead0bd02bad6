"""The name of a template and what it names go in, the text comes out.

What is put into Markdown and HTML is escaped, whatever the template forgets.
What is put into a text for a terminal cannot begin a line of its own: its
line ends are set in, as ``printable_line`` does it; ``give`` prints the whole.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from survey_extract.core.money import dollars
from survey_extract.core.plural import count_of
from survey_extract.core.readme.table import shown_text

if TYPE_CHECKING:
    from jinja2 import Environment


def written(template: str, /, **values: Any) -> str:
    """The whole text of a template."""
    return _templates().get_template(template).render(values)


def parts_of(template: str) -> Any:
    """The macros of a template, each a function that gives a part of the text: for texts that have to fit."""
    return _templates().get_template(template).module


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, pass_eval_context
    from jinja2.nodes import EvalContext
    from markupsafe import Markup

    @pass_eval_context
    def put_in(context: EvalContext, value: Any) -> Any:
        if not context.autoescape:
            return str(value).replace("\n", "\n  ")
        return value if hasattr(value, "__html__") else Markup(html.escape(str(value)))  # noqa: S704

    made = Environment(
        loader=PackageLoader("survey_extract"),
        autoescape=lambda name: not (name or "").endswith(".txt.j2"),  # noqa: S701 - all but terminal text
        finalize=put_in,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "count_of": count_of, "counts": counts, "dollars": dollars, "line": one_line, "moment": moment, "shown": shown_text
    }  # fmt: skip
    return made


def one_line(text: str, limit: int) -> str:
    """A text on one line, of at most ``limit`` characters."""
    line = shown_text(text[: 8 * limit])
    return line if len(line) <= limit else line[: limit - 1] + "…"


def counts(counted: Mapping[str, int]) -> str:
    """Numbers with what they count."""
    return ", ".join(f"{count} {name}" for name, count in counted.items())


def moment(when: datetime) -> str:
    """A time as the terminal shows it."""
    return f"{when:%Y-%m-%d %H:%M:%S}"
