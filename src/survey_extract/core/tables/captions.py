"""Lines of a page go in, the captions of its tables come out: "Table 4" and the lines of text that belong to it.

A line of a paragraph that happens to begin with "Table 3." is not one: the line
above it reaches as far as its words could. A caption continues in the next line
when that is close under one that had no room for its first word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.tables.words import Piece, Rule, joined

_CAPTION = re.compile(
    r"^(?P<label>(?:TABLE|Table|Tab\.|TABELLE|Tabelle)(?:\s?\d{1,3}|\s(?:[A-Z]{1,2}\.?\d{1,3}|[IVXL]{1,7}|[A-Z])))(?:\s?[.:|–—]|\s*$|\s(?=\(|[A-Z][a-z]))"
)
_MENTION = re.compile(r"^(?:TABLE|Table|Tab\.|TABELLE|Tabelle)\s?[\dA-Z]", re.MULTILINE)
_PARTS = re.compile(r"(?:\.\d{1,3}){1,2}(?:[a-z](?!\w))?")
"""What follows the number of a table that is counted by chapter, as in Table 2.3 or 2.3b."""
PITCH = 1.5
"""Ems from line to line within a paragraph, at most."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption: its label ("Table 4"), its whole text, and its box."""

    label: str
    text: str
    left: float
    bottom: float
    right: float
    top: float


def may_hold_table(text: str) -> bool:
    """Whether a line of a page's text begins as the caption of a table does."""
    return bool(_MENTION.search(text))


def captions_of(lines: Sequence[list[Piece]], level: Sequence[Rule]) -> list[Caption]:
    """The captions of tables on a page, given its lines from the top and its level rules."""
    found: list[Caption] = []
    for number, line in enumerate(lines):
        for place, part in enumerate(line):
            match = _CAPTION.match(part.text)
            if match and not _goes_on(lines, number, part):
                end = match.end("label")
                further = _PARTS.match(part.text, end)
                end = further.end() if further else end
                first = _with_text(line, place, max(end, match.end()) == len(part.text))
                is_alone = len(first.text) == end
                beneath = _beneath(lines[number + 1 :], first, level) if is_alone else []
                parts = [first, *(beneath or _rest(lines[number + 1 :], first, level))]
                whole = joined(parts)
                label = part.text[:end].strip()
                found.append(Caption(label, whole.text, whole.left, whole.bottom, whole.right, whole.top))
    return found


def _with_text(line: Sequence[Piece], place: int, alone: bool) -> Piece:
    """A caption's first line; some leave a wide gap behind "Table 1"."""
    part = line[place]
    if alone and place + 1 < len(line) and line[place + 1].left - part.right < 3 * part.size:
        return joined([part, line[place + 1]])
    return part


def _goes_on(lines: Sequence[list[Piece]], number: int, part: Piece) -> bool:
    """Whether a line that begins with "Table 3." is one of a paragraph: the line above reaches as far as its words could."""
    above = [
        other
        for line in lines[max(0, number - 3) : number]
        for other in line
        if part.size * 0.5 < other.base - part.base < PITCH * part.size
        and abs(other.left - part.left) < 2 * part.size
        and abs(other.size - part.size) < 0.6
    ]
    return any(other.right >= part.right - 2 * part.size and len(other.text) > 30 for other in above)


def _rest(lines: Sequence[list[Piece]], first: Piece, level: Sequence[Rule]) -> list[Piece]:
    """The further lines of a caption: each stands close under a line that had no room for its first word."""
    found = [first]
    right = first.right
    for line in lines:
        last = found[-1]
        if last.base - line[0].base > PITCH * last.size:
            break
        part = _under(line, last, found)
        if part is None:
            continue
        if any(other is not part and overlap(other.left, other.right, first.left, right) for other in line):
            break  # cells beside each other
        ruled = any(part.base < rule.height < last.base and rule.left < last.right for rule in level)
        word = (part.right - part.left) * len(part.text.split(" ")[0]) / max(len(part.text), 1)
        full = last.right + word > max(right, part.right) - 0.3 * last.size
        if ruled or not full or _CAPTION.match(part.text):
            break
        found.append(part)
        right = max(right, part.right)
    return found[1:]


def _beneath(lines: Sequence[list[Piece]], first: Piece, level: Sequence[Rule]) -> list[Piece]:
    """The lines of a caption whose label stands alone, in the middle above them."""
    found = [first]
    for line in lines:
        last = found[-1]
        if last.base - line[0].base > PITCH * last.size:
            break
        own = [part for part in line if abs(part.middle - first.middle) < first.size]
        beside = [
            part
            for part in line
            if own and 0 < max(part.left - own[0].right, own[0].left - part.right) < 2 * first.size
        ]
        ruled = own and any(own[0].base < rule.height < last.base and rule.left < last.right for rule in level)
        if len(own) != 1 or beside or ruled or _CAPTION.match(own[0].text):
            break
        found.append(own[0])
    return found[1:]


def _under(line: Sequence[Piece], last: Piece, found: Sequence[Piece]) -> Piece | None:
    left, right = min(part.left for part in found), max(part.right for part in found)
    for part in line:
        inside = overlap(part.left, part.right, left, right) and part.left > left - 2 * last.size
        if inside and abs(part.size - last.size) < 0.6 and part.base < last.base - 0.5 * last.size:
            return part
    return None


def overlap(left: float, right: float, other_left: float, other_right: float) -> bool:
    """Whether two stretches of a line, or of a height, have more than an end in common."""
    return min(right, other_right) - max(left, other_left) > 0
