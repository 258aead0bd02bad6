"""Two values go in, their words come out as kept, taken out and put in."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher


def worded(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pieces as (kind, words): ``same``, ``out`` or ``in``, in reading order."""
    old, new = before.split(), after.split()
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(old[a:b])
            continue
        if a < b:
            yield "out", " ".join(old[a:b])
        if c < d:
            yield "in", " ".join(new[c:d])
