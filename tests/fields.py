"""The fields that count where a survey has no fields.toml, and the plainest of each kind, for tests of a single step."""

from __future__ import annotations

from survey_extract.adapters.fields_toml import default_fields
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Value

FIELDS = default_fields()
TEXT = FieldSpec("overview", "Overview", "What it is.")
NAMES = FieldSpec("parts", "Parts", "What it has.", type="names")


def plain(value: Value) -> FieldSpec:
    """A field that may have a value."""
    return NAMES if isinstance(value, tuple) else TEXT
