"""Words of a source, or of a value, go in; they come out as a sentence of ours names them: each in quotation marks.

Without the marks nobody can tell where such words end: "the source does not contain no treatment".
"""

from __future__ import annotations

from collections.abc import Iterable


def named(words: Iterable[str], hints: Iterable[str] = ()) -> str:
    """Words one after the other, each within marks of its own; ``hints`` say in brackets what is known of them."""
    known = "; ".join(hints)
    return ", ".join(f"“{one}”" for one in words) + (f" ({known})" if known else "")
