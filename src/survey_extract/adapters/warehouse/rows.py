"""Records go in, rows of the DuckDB file come out: what its tables are filled with has in common."""

from __future__ import annotations

from typing import Any

Rows = dict[str, list[tuple[Any, ...]]]
"""Rows by table."""


def utc(moment: str) -> str:
    """A moment as DuckDB reads it."""
    return moment.removesuffix("Z").replace("T", " ") + "+00"
