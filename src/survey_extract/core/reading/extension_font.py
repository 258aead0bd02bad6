"""The number of a sign in TeX's extension font goes in, the sign comes out; so do the former spellings of a text with some.

The font of large operators and brackets (CMEX10) names its signs as no list of names knows them, so that a PDF gives
the letter of the same number: "P" for a sum, "S" for a union, letters that stand on no page. Fonts of that encoding
(OMX) are told by their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from math import prod

from survey_extract.core.reading.plain_text import UNKNOWN

_NAME = re.compile(
    r"(?:[A-Z]{6}\+)?(?:cmex(?:b)?\d|lmmathextension|lmex\d|euex\d|mtex(?:$|[-_])|blex(?:$|[-_])|[rn]?txexb?(?:$|[-_])|pxexb?(?:$|[-_])"
    r"|ntxexx|npxexx|lucidanewmath-(?:demi)?extension|hlcrv|fourier-math-extension|fmex)",
    re.IGNORECASE,
)
_OPERATORS = dict(zip(range(0x46, 0x62), "⨆⨆∮∮⨀⨀⨁⨁⨂⨂∑∏∫⋃⋂⨄⋀⋁∑∏∫⋃⋂⨄⋀⋁∐∐", strict=True))
_BRACKETS = dict(zip((*range(0x24, 0x2C), 0x44, 0x45, *range(0x6A, 0x70)), "⌊⌋⌈⌉{}⟨⟩⟨⟩⌊⌋⌈⌉{}", strict=True))
_HATS = dict(zip(range(0x62, 0x68), "ˆˆˆ˜˜˜", strict=True))
_ROOTS = dict.fromkeys(range(0x70, 0x74), "√")
_SIGNS = _OPERATORS | _BRACKETS | _HATS | _ROOTS
"""By number; of each operator the small one and that of formulas on lines of their own."""
_FIRST = 0x21
"""Numbers before it are no letters: what reads them has a space or the mark for a sign without a name, as it always had."""
MOST = 1_024
"""Spellings of one text, at most."""


def is_extension_font(name: str) -> bool:
    """Whether a font has the encoding, by its name; with the mark of a subset or without."""
    return _NAME.match(name) is not None


def sign_of(number: int) -> str | None:
    """The sign that the encoding has under a number, the mark where it is a piece of one or common in prose; None for no letter.

    Brackets that prose has as well ("(", "[") keep the mark, as those under the numbers below have it: what was cited
    could not be found again among all the brackets of a text.
    """
    return _SIGNS.get(number, UNKNOWN) if number >= _FIRST else None


def _formerly() -> dict[str, str]:
    """By sign, the letters that older readers gave for it."""
    found = dict[str, str]()
    for number in range(_FIRST, 0x7F):
        sign = sign_of(number) or UNKNOWN
        found[sign] = found.get(sign, "") + chr(number)
    return found


_FORMERLY = _formerly()
_KNOWN = re.compile(f"[{re.escape(''.join(_FORMERLY))}]")
_HATTED = re.compile("(.)([\u0302\u0303])")
_HAT = {"\u0302": "ˆ", "\u0303": "˜"}


def formerly(text: str) -> Iterator[str]:
    """A text as it was read before, with a letter for each of its signs, or for some; nothing where it has none."""
    if text.isascii() and "{" not in text and "}" not in text:
        return
    apart = _HATTED.sub(lambda match: _HAT[match[2]] + match[1], text)
    for one in dict.fromkeys((text, apart)):
        yield from _spelt(one)


def _spelt(text: str) -> Iterator[str]:
    places = [match.start() for match in _KNOWN.finditer(text)]
    if _ways(text, places) > MOST:  # most signs with the mark had it before
        places = [at for at in places if text[at] != UNKNOWN]
    if not places or _ways(text, places) > MOST:
        return
    for signs in product(*(text[at] + _FORMERLY[text[at]] for at in places)):
        parts, copied = list[str](), 0
        for at, sign in zip(places, signs, strict=True):
            parts += [text[copied:at], sign]
            copied = at + 1
        former = "".join([*parts, text[copied:]])
        if former != text:
            yield former


def _ways(text: str, places: list[int]) -> int:
    return prod(1 + len(_FORMERLY[text[at]]) for at in places)
