"""A record goes in, a row of the DuckDB file comes out: the conversions that all tables share."""

from __future__ import annotations

from typing import Any

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by table."""


def utc(moment: str) -> str:
    """A moment as DuckDB reads it."""
    return moment.removesuffix("Z").replace("T", " ") + "+00"
