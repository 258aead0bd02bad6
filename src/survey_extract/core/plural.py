"""A number and a noun go in, both in words come out: "1 cell", "2 cells"."""

from __future__ import annotations


def count_of(number: int, one: str, many: str | None = None) -> str:
    """The number with its noun; ``many`` where the plural is no mere s."""
    return f"{number} {one if number == 1 else many or one + 's'}"
