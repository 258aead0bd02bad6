"""A survey's folder goes in, its fields come out: its own fields.toml, or the template where it has none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from survey_extract.core.fields import Fields
from survey_extract.core.inputs.fields_file import FILE, parse_fields
from survey_extract.errors import BadFields
from survey_extract.files import PACKAGE

TEMPLATES = ("architectures", "benchmarks", "datasets", "trials", "blank")
"""What ``init --template`` offers; the first is what counts where a survey has no fields.toml."""


def load_fields(project: Path) -> Fields:
    """The fields of a survey.

    Raises:
        BadFields: fields.toml cannot be used; the message names the line.
    """
    path = project / FILE
    if not path.is_file():
        return default_fields()
    data = path.read_bytes()
    try:
        return parse_fields(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFields(f"{FILE}:{line}: byte {error.start} is not UTF-8; save the file as UTF-8") from None


def template_text(name: str) -> str:
    """The text of a template."""
    return (PACKAGE / "templates" / f"{name}.toml").read_text(encoding="utf-8")


@cache
def default_fields() -> Fields:
    """The eight fields that such lists have always had."""
    return parse_fields(template_text(TEMPLATES[0]))
