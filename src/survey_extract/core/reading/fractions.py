"""Lines and rules of a page go in, the fractions within its lines come out; so do the former spellings of a text with some.

A fraction within a line is drawn as two small lines with a bar between them, which
read "1 2": a number that never stood there. As text it is "1/2".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from survey_extract.core.reading.areas import Shape
from survey_extract.core.reading.lines import Line

WIDEST, THICKEST = 60.0, 1.5
"""Points of a bar; longer rules part other things."""
SMALLER = 0.88
"""Size of the parts of a fraction, in sizes of the line that it stands in, at most."""
BESIDE = 1.5
"""Points by which a part may stand over its bar."""
_PART = re.compile(r"[\w+\u2212-]{1,8}")
LONGEST_PART = 8
"""Characters of a part, at most."""
_SUM = re.compile(r"\w[+\u2212-]")
_PUT = re.compile(
    r"(?P<room>(?<=\w)\x20)?(?<![\w/)])(?P<above>\(?[\w+\u2212-]{1,8}\)?)/(?P<below>\(?[\w+\u2212-]{1,8}\)?)(?![\w/(])"
)
MOST = 4
"""Fractions of a sentence of which each may have been spelt as before by itself."""


class Fraction(NamedTuple):
    """The place of the line that ends with what stands above the bar; what stands under it begins the next line."""

    line: int
    bar: Shape


def bars(shapes: Sequence[Shape]) -> list[Shape]:
    """The rules of a page that may be bars of fractions."""
    return [one for one in shapes if one.kind == "rule" and one.width <= WIDEST and one.height <= THICKEST]


def fractions(lines: Sequence[Line], found: Sequence[Shape]) -> Iterator[Fraction]:
    """Where there may be fractions in lines of words, by their bars."""
    for at in range(1, len(lines) if found else 0):
        above, below = lines[at - 1], lines[at]
        if (first := below.text.split(None, 1)[:1]) and _PART.fullmatch(first[0]):
            bar = next((bar for bar in found if _is_between(above, bar, below)), None)
            if bar is not None:
                yield Fraction(at - 1, bar)


def _is_between(above: Line, bar: Shape, below: Line) -> bool:
    over, under = above.bottom - bar.top, bar.bottom - below.top
    is_beside = bar.left - BESIDE <= below.left < bar.right and bar.left < above.right <= bar.right + BESIDE
    return is_beside and -1 < over < 0.6 * above.size and 0 < under < 1.2 * above.size


def is_bar(bar: Shape, above: tuple[float, float], below: tuple[float, float]) -> bool:
    """Whether a bar belongs to two parts, by their left and right: it is as wide as the wider one, and both are amid it."""
    widest = max(right - left for left, right in (above, below))
    aside = max(abs(left + right - bar.left - bar.right) for left, right in (above, below))
    return abs(bar.width - widest) <= 2 * BESIDE and aside <= 2 * BESIDE


def put(line: str, length: int, below: str) -> str | None:
    """A line whose last characters stand over a bar, with what stands under it; None where they are no simple fraction."""
    cut = len(line) - length
    above, before = line[cut:].strip(), line[:cut]
    if not _PART.fullmatch(above):
        return None
    room = " " if before[-1:].isalnum() else ""
    return f"{before}{room}{_part(above)}/{_part(below.strip())}"


def _part(words: str) -> str:
    return f"({words})" if _SUM.search(words) else words


def formerly(text: str) -> Iterator[str]:
    """A text as it was read before, its fractions as two words one behind the other; nothing where it has none."""
    found = list(_PUT.finditer(text)) if "/" in text else []
    if not 0 < len(found) <= MOST:
        return
    for spelt in product(*([match[0], *_before(match)] for match in found)):
        parts, at = list[str](), 0
        for match, words in zip(found, spelt, strict=True):
            parts += [text[at : match.start()], words]
            at = match.end()
        former = "".join([*parts, text[at:]])
        if former != text:
            yield former


def _before(match: re.Match[str]) -> list[str]:
    words = f"{match['above'].strip('()')} {match['below'].strip('()')}"
    return [words] if match["room"] is None else [f" {words}", words]


def unbarred(folded: str) -> str:
    """A text without white space, without the signs that stand for the bars of its fractions."""
    if "/" not in folded:
        return folded
    return _BRACKETED.sub(lambda match: match[1] or match[2], folded).replace("/", "")


_BRACKETED = re.compile(r"\(([\w+\u2212-]{1,8})\)(?=/)|(?<=/)\(([\w+\u2212-]{1,8})\)")
