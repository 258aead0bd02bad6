"""Two values go in, their words come out as kept, taken out and put in, and how far they agree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

MOST = 0.6
"""Share of their words that two texts must have in common for a difference word by word to be easier to read than both."""

LONGEST = 500
"""Words up to which two texts are compared word by word: the time for that can grow with their cube."""

Span = tuple[int, int]


def worded(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pieces as (kind, words): ``same``, ``out`` or ``in``, in reading order; of texts that are too long, each as a whole."""
    old, new = before.split(), after.split()
    if max(len(old), len(new)) > LONGEST:
        yield from ((kind, " ".join(words)) for kind, words in (("out", old), ("in", new)) if words)
        return
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", " ".join(old[a:b])
            continue
        if a < b:
            yield "out", " ".join(old[a:b])
        if c < d:
            yield "in", " ".join(new[c:d])


def changes(before: str, after: str) -> tuple[list[Span], list[Span]]:
    """Where each text has words that the other has not, as spans of characters; none where most words differ, or there are too many."""
    old, new = ([match.span() for match in re.finditer(r"\S+", text)] for text in (before, after))
    if max(len(old), len(new)) > LONGEST:
        return [], []
    matcher = SequenceMatcher(a=before.split(), b=after.split(), autojunk=False)
    if matcher.ratio() < MOST:
        return [], []
    differing = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    out = [(old[a][0], old[b - 1][1]) for a, b, _, _ in differing if a < b]
    put_in = [(new[c][0], new[d - 1][1]) for _, _, c, d in differing if c < d]
    return out, put_in
