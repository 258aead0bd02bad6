"""A text goes in, its words, numbers and marks come out, each with its place: what terms are recognised by and looked for in.

All patterns here scan strangers' text and never go back: each either
takes what is before it whole or leaves it. Citation marks are not part
of what a text says about its subject; they are blanked, so that the name around
one is a name again, and every place stays where it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

_RAISED = "\u2070\u00b9\u00b2\u00b3\u2074-\u2079"
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(
    rf"(?P<number>(?:\d++|(?<![\w.,])\.\d++)(?:[.,]\d++)*+)|(?P<raised>[{_RAISED}\u207a\u207b]++)|(?P<ideogram>[{_CJK}])"
    rf"|(?P<word>(?:[^\W\d_{_RAISED}{_CJK}][\u0300-\u036f]*+)++)|(?P<mark>[^\s\w]|_)"
)
_BRACKET = re.compile(r"[\d\s,;\-\u2013\u2014]++")
_KEYS = re.compile(r"[A-Z][A-Za-z]{0,6}+\+?\d\d[a-z]?(?:[,;] ?[A-Z][A-Za-z]{0,6}+\+?\d\d[a-z]?)*+\]")
_YEAR = re.compile(r"(?:19|20)\d\d[a-z]?(?![^\W_])")
_MARKS = re.compile(r"[\[\](]")
LONGEST_CITATION = 300
"""Characters of a citation in parentheses; more is a sentence of its own."""


class Token(NamedTuple):
    """A piece of a text. ``raised`` is a run of superscript digits; ``start`` and ``end`` are character offsets."""

    kind: Literal["number", "raised", "ideogram", "word", "mark"]
    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The pieces of a text in order, without white space and without marks of citations."""
    blanked = without_citations(text)
    return [
        Token(match.lastgroup, match[0], match.start(), match.end())  # type: ignore[arg-type]  # a group's name is a kind
        for match in _TOKEN.finditer(blanked)
    ]


def without_citations(text: str) -> str:
    """The text, with spaces in place of "[54]", "[3, 5-7]", "[AB+23]", "(Ada et al., 2020)" and "(2020)"; as long as before."""
    pieces: list[str] = []
    at = 0
    for start, end in _citations(text):
        pieces += [text[at:start], " " * (end - start)]
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


def _citations(text: str) -> Iterator[tuple[int, int]]:
    behind = 0
    for mark in _MARKS.finditer(text):
        start = mark.start()
        if start < behind or mark[0] == "]":
            continue
        end = _end_of_bracket(text, start) if mark[0] == "[" else _end_of_parenthesis(text, start)
        if end:
            behind = end
            yield start, end


def _end_of_bracket(text: str, start: int) -> int | None:
    """Behind a bracket of numbers that cites. One that gives a value follows a sign or stands alone, or begins with 0."""
    if key := _KEYS.match(text, start + 1, start + LONGEST_CITATION):
        return key.end()
    inner = _BRACKET.match(text, start + 1, start + 60)
    if inner is None or text[inner.end() : inner.end() + 1] != "]" or not inner[0].strip():
        return None
    before = text[max(0, start - 2) : start].rstrip()[-1:]
    is_value = not (before.isalnum() or before in set(".,;)]\"'\u201d\u2019+%*")) or inner[0].lstrip()[0] == "0"
    return None if is_value else inner.end() + 1


def _end_of_parenthesis(text: str, start: int) -> int | None:
    """Behind parentheses that hold a year, and before it nothing or what begins with a name."""
    end = text.find(")", start, start + LONGEST_CITATION)
    inner = text[start + 1 : end] if end > 0 else ""
    year = _YEAR.search(inner)
    if year is None or "(" in inner:
        return None
    before, after = inner[: year.start()].strip(), inner[year.end() :].strip()
    cites = (not before and after[:1] in ("", ";", ",")) or (
        before.endswith((",", ".", ";")) and (before[:1].isupper() or before.startswith(_LEADS))
    )
    return end + 1 if cites else None


_LEADS = ("e.g.", "i.e.", "cf.", "see ", "van ", "von ", "de ", "al.")


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word as it is compared: without case, accents and drawn variants. Letters of two alphabets stay two letters."""
    if word.isascii():
        return word.lower()
    plain = "".join(char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char))
    return "".join(_digit(char) for char in plain.casefold())


_PARTED = re.compile(r"[\s_\u00ad\u2010-\u2015\u2212\ufffe-]+")


def folded(name: str) -> str:
    """A name as it is compared: without what never tells two names apart, capitals, hyphens, spaces and a plural."""
    plain = _PARTED.sub("", fold(name))
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain


def _digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def chunks(found: list[Token]) -> Iterator[tuple[int, int]]:
    """Spans of tokens that are written together, as (first, behind the last): "ViT-L/14", "24-layer", "word"."""
    first = 0
    for index in range(1, len(found) + 1):
        if index == len(found) or not _is_joined(found, index):
            if found[first].kind != "mark":
                yield first, _without_marks(found, first, index)
            first = index


_JOINERS = frozenset("-\u2010\u2011\u2013/._+&@")


def _is_joined(found: list[Token], index: int) -> bool:
    here, before = found[index], found[index - 1]
    if here.start != before.end or "ideogram" in (here.kind, before.kind):
        return False
    if here.kind == "mark":
        return here.text in _JOINERS and (before.kind != "mark" or here.text == before.text == "+")
    return before.kind != "mark" or before.text in _JOINERS


def _without_marks(found: list[Token], first: int, behind: int) -> int:
    """A chunk ends with a letter, a digit or a plus sign."""
    while behind - 1 > first and found[behind - 1].kind == "mark" and found[behind - 1].text != "+":
        behind -= 1
    return behind
