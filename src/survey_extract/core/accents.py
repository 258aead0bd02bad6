"""Signs of accents and the letters that they are drawn over go in, the letters that people read come out.

Files made by older programs draw "é" as two signs, "´" and "e", one over the other. Which letter an accent belongs to
is told by its place alone: in the order of the file it may stand before its letter, behind it, or at the line's end.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

COMBINING = dict(
    zip("`´ˆ˜¨¯ˇ˘˙˚¸˝˛", "\u0300\u0301\u0302\u0303\u0308\u0304\u030c\u0306\u0307\u030a\u0327\u030b\u0328", strict=True)
)
"""By sign, what makes an accent of it."""
ACCENT = re.compile(f"[{''.join(COMBINING)}]")
"""A sign that may be an accent of a letter."""
BELOW = frozenset("¸˛")
_DOTLESS = {"ı": "i", "ȷ": "j"}
SHARED = 0.4
"""Share of an accent's width that lies over its letter, at least."""
RISE = 1.2
"""Between the tops of an accent and its letter, in heights of the letter, at most."""
GAP = 0.25
"""Between two letters of a word, in heights of the taller, at most."""
Box = Sequence[float]
"""Left, bottom, right, top."""


class Accent(NamedTuple):
    """The place of an accent in its line, and that of its letter."""

    sign: int
    letter: int


def accents(text: str, boxes: Mapping[int, Box]) -> list[Accent]:
    """The accents of a line that are drawn over a letter of it; ``boxes`` are those of all its signs, by their places."""
    letters = [at for at in boxes if text[at].isalpha() and not ACCENT.match(text[at])]
    found, taken = list[Accent](), set[int]()
    for sign in (match.start() for match in ACCENT.finditer(text) if match.start() in boxes):
        over = [at for at in letters if at not in taken and _is_over(text[sign], boxes[sign], boxes[at])]
        if over:
            letter = min(over, key=lambda at: abs(_middle(boxes[at]) - _middle(boxes[sign])))
            taken.add(letter)
            found.append(Accent(sign, letter))
    return found


def _is_over(sign: str, accent: Box, letter: Box) -> bool:
    width = accent[2] - accent[0]
    shared = min(accent[2], letter[2]) - max(accent[0], letter[0])
    height = letter[3] - letter[1]
    if width <= 0 or height <= 0 or shared < SHARED * min(width, letter[2] - letter[0]):
        return False
    if sign in BELOW:
        return letter[1] - height < accent[1] < letter[1]
    return letter[1] + 0.5 * height < accent[1] and letter[3] - 0.2 * height < accent[3] < letter[3] + RISE * height


def _middle(box: Box) -> float:
    return (box[0] + box[2]) / 2


def composed(text: str, found: Sequence[Accent], boxes: Mapping[int, Box]) -> str:
    """The line with each accent on its letter, and without the spaces that only the accent had caused."""
    signs = list(text)
    moved = {accent.sign for accent in found}
    for sign, letter in found:
        base = _DOTLESS.get(text[letter], text[letter])
        signs[letter] = unicodedata.normalize("NFC", base + COMBINING[text[sign]])
        signs[sign] = ""
        before = next((at for at in range(sign - 1, -1, -1) if at in boxes and at not in moved), None)
        after = next((at for at in range(sign + 1, len(text)) if at in boxes and at not in moved), None)
        if before is not None and after is not None and _are_one_word(boxes[before], boxes[after]):
            signs[before + 1 : after] = [""] * (after - before - 1)
    return "".join(signs).rstrip(" ")


def _are_one_word(before: Box, after: Box) -> bool:
    return -GAP < (after[0] - before[2]) / max(before[3] - before[1], after[3] - after[1]) < GAP


def taken_apart(text: str) -> Iterator[str]:
    """A text as older readers gave it where accents are signs of their own, before their letters or behind them."""
    if text.isascii():
        return
    parts = [unicodedata.normalize("NFD", char) for char in text]
    marks = {mark: sign for sign, mark in COMBINING.items()}
    if any(part[-1] in marks for part in parts):
        yield "".join(marks[part[-1]] + part[:-1] if part[-1] in marks else part for part in parts)
        yield "".join(part[:-1] + marks[part[-1]] if part[-1] in marks else part for part in parts)


def folded(text: str) -> str:
    """A text without accents, whether they are part of their letters or signs of their own."""
    if text.isascii() and "`" not in text:
        return text
    return _BEYOND_ASCII.sub(_base, ACCENT.sub("", unicodedata.normalize("NFD", text)))


_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def _base(match: re.Match[str]) -> str:
    """What is left of a character of a text whose accents are taken apart."""
    return "" if unicodedata.combining(match[0]) else _DOTLESS.get(match[0], match[0])
