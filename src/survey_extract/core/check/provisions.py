"""Two texts go in; provisions that the first cites by a number the second gives otherwise come out: "Article 9(2)", "Chapter III"."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KINDS = {
    "article": "article", "articles": "article", "art": "article", "section": "section", "sections": "section", "sec": "section",
    "s": "section", "\u00a7": "section", "chapter": "chapter", "ch": "chapter", "part": "part", "schedule": "schedule", "annex": "annex",
    "clause": "clause", "paragraph": "paragraph", "para": "paragraph", "rule": "rule", "title": "title",
}  # fmt: skip
_PROVISION = re.compile(
    r"(?<![^\W_])(?P<kind>\u00a7|(?i:articles?|art|sections?|sec|s|chapter|ch|part|schedule|annex|clause|paragraph|para|rule|title)(?![^\W_]))"
    r"\.? ?(?P<number>\d{1,4}[a-z]?(?![^\W_])|[IVXLC]{1,7}(?![^\W_]))(?P<inner>(?:\([0-9a-z]{1,4}\)){0,4})(?!\.\d)"
)
WORDS = frozenset(_KINDS)


def _provisions(text: str) -> Iterator[tuple[str, str, str, tuple[int, int]]]:
    for match in _PROVISION.finditer(text):
        kind = _KINDS[match["kind"].lower()]
        if match["kind"] == "s" and not match["inner"] and match[0][1:2] != ".":
            continue
        yield kind, match["number"], match["inner"], match.span()


def others(stated: str, cited: str) -> Iterator[tuple[int, int]]:
    """Character offsets of what a value refers to, where the evidence names provisions of that kind and not this one."""
    known = list(_provisions(cited))
    for kind, number, inner, span in _provisions(stated):
        same = [(other, within) for k, other, within, _ in known if k == kind]
        if same and not any(
            other == number and (within.startswith(inner) or inner.startswith(within)) for other, within in same
        ):
            yield span
