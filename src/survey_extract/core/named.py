"""Words of a source or a value go in; they come out in quotation marks, the way our messages name them.

Without the marks nobody can tell where such words end: "the source does not contain no treatment".
"""

from __future__ import annotations

from collections.abc import Iterable


def named(words: Iterable[str], hints: Iterable[str] = ()) -> str:
    """Words one after the other, each within marks of its own; ``hints`` say in brackets what is known of them."""
    known = "; ".join(hints)
    return ", ".join(f"“{one}”" for one in words) + (f" ({known})" if known else "")
