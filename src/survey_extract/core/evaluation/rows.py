"""Stored results go in, the rows of the table ``evaluations`` come out: one for each measure of each field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from survey_extract.core.evaluation.baseline import Saved, parse_saved
from survey_extract.core.evaluation.evaluate import ALL, Figures, figures
from survey_extract.core.fields import Fields
from survey_extract.errors import BadArchive, BadGold


def evaluation_rows(stored: Mapping[str, str], fields: Fields) -> Iterator[tuple[Any, ...]]:
    """The rows, in the order of the table's columns. ``stored`` are the texts of results by their names.

    Raises:
        BadArchive: one of them cannot be read; the message names its file.
    """
    for name, text in stored.items():
        try:
            saved = parse_saved(text, f"warehouse/evaluations/{name}.json")
        except BadGold as error:
            raise BadArchive(f"{error}; restore it from git, or delete it") from None
        for item in figures(saved.marked(fields.renamed), [spec.name for spec in fields]):
            yield from _rows(name, saved, item, fields)


def _rows(name: str, saved: Saved, item: Figures, fields: Fields) -> Iterator[tuple[Any, ...]]:
    at = datetime.fromisoformat(saved.at) if saved.at else None
    asked = [one for one in saved.asked if item.field in (fields.renamed.get(one.field, one.field), ALL)]
    who = [sorted({str(part) for part in parts if part}) for parts in (
        [one.engine for one in asked], [one.model for one in asked], [one.prompt for one in asked], [one.instruction for one in asked],
    )]  # fmt: skip
    for measure, share in item.measured():
        yield (
            name, at, saved.tool, item.field, item.against, measure, share.hits, share.of, share.value, *share.interval,
            item.cells, *who, saved.gold, saved.trial, saved.limited,
        )  # fmt: skip
