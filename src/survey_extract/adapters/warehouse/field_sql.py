"""The survey's fields go in, the SQL that they add to the DuckDB file comes out: columns of ``survey``, views, comments."""

from __future__ import annotations

from collections.abc import Iterator

from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.plural import one_of

_OF_VIEWS = ("key", "name", "state")
"""Columns of each view of a list, whose names its items cannot have."""


def with_fields(sql: str, fields: Fields) -> str:
    """schema.sql with what the fields add to it."""
    columns = ",\n".join(
        f"  any_value(CASE WHEN c.is_shown AND c.field = {_text(spec.name)} THEN {expression} END) AS {_name(column)}"
        for spec in fields
        for column, expression, _ in _columns(spec)
    )
    comments = (
        f"COMMENT ON COLUMN survey.{_name(column)} IS {_text(comment)};\n"
        for spec in fields
        for column, _, comment in _columns(spec)
    )
    views = (_view(spec) for spec in fields if spec.view)
    return "".join((sql.replace("\n{fields},\n", f"\n{columns},\n"), *comments, *views))


def _columns(spec: FieldSpec) -> Iterator[tuple[str, str, str]]:
    """The columns of a field in ``survey``: name, what of its cell, comment."""
    if spec.type == "number":
        of = f" in {spec.unit}" if spec.unit else ""
        yield (
            spec.name,
            "c.number",
            f"{spec.ask} (the number{of}; NULL unless the printed form has exactly one; for a range, its lower end)",
        )
        yield f"{spec.name}_printed", "c.value", f"{spec.heading}, as the source prints it"
        yield (
            f"{spec.name}_unit",
            "c.unit",
            f"Unit of {spec.name}: NULL where the source names none that is in fields.toml",
        )
        yield f"{spec.name}_qualifier", "c.qualifier", f"Of {spec.name}: =, about, at most, at least, range"
    elif spec.type == "yes_no":
        yield spec.name, "(CASE c.value WHEN 'yes' THEN true WHEN 'no' THEN false END)", spec.ask
    else:
        yield spec.name, 'c."values"' if spec.is_list else "c.value", spec.ask


def _view(spec: FieldSpec) -> str:
    """A view with a row per source and item of a list field; its last column is the singular of the view's name, where that is certain."""
    name = spec.view or spec.name
    item = next(word for word in (one_of(name), name, "value") if word.lower() not in _OF_VIEWS)
    comments = {
        "key": "Source",
        "name": "Display name of the source",
        "state": "State of the cell, as in cells: proposed where no person has decided",
        item: f"One of {spec.name}, as the cell has it",
    }
    return (
        f"CREATE VIEW {_name(name)} AS\n"
        f'SELECT c.key, s.name, c.state, unnest(c."values") AS {_name(item)}\n'
        f"FROM cells c JOIN sources s USING (key) WHERE c.field = {_text(spec.name)};\n"
        f"COMMENT ON VIEW {_name(name)} IS {_text(_told_of_view(spec))};\n"
    ) + "".join(f"COMMENT ON COLUMN {_name(name)}.{_name(col)} IS {_text(said)};\n" for col, said in comments.items())


def _told_of_view(spec: FieldSpec) -> str:
    return f"A row per source and item of {spec.name}; WHERE state <> 'proposed' leaves out what nobody decided on"


def _name(name: str) -> str:
    return f'"{name}"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
