"""The characters of a page go in, its words come out, as they stand on the page: row by row from the top, from the left.

pdfium's own words follow the order in which a file draws its text; a table is
drawn in any order. So words are rebuilt from places alone: characters of one
baseline, with no more than a thin space between them. A page has thousands of
characters and hundreds of words: what is compared character by character is
so in columns, all of them at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from survey_extract.adapters.pdf.characters import Boxes, Characters
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.tables.words import Piece

WORD_GAP = 0.15
"""Ems between two characters from which on they are two words; TeX's narrowest space between words is 0.2."""
SPACED_GAP = 0.04
"""The same where the file has a space there."""
SAME_BASE = 0.12
"""Ems by which baselines of one line of text may differ."""
TWICE = 0.1
"""Of a letter's width: by how much it may be moved where it is drawn over itself, as poor man's bold is."""
BELOW, ABOVE = 0.25, 0.85
"""Ems that letters reach below and above their baseline; what fonts say of themselves is often wrong."""
HUNG = 0.15
"""Share of a hanging sign's height that may be over its baseline."""
AXIS = 0.25
"""Share of it from the baseline of its line up to the middle of the sign."""
OVER = 0.5
"""Share of the narrower of two signs that the other covers, where they are one."""
LEVEL = 0.45
"""Ems between their baselines, at most."""
PRINTABLE = 33
"""The first code of a character that is more than white space."""

_HANGING = tuple(map(ord, "√∑∏∐∫∮⋂⋃⋁⋀⨁⨂"))
_HYPHEN = 2
_HIGH, _LOW = 0xD800, 0xDC00
"""Where the first halves of pairs begin, and the second ones."""
_Array = np.ndarray[Any, np.dtype[Any]]


class Glyphs(NamedTuple):
    """Characters, or the letters of a ligature, in columns: each from its origin to its advance, on its baseline."""

    texts: _Array
    left: _Array
    right: _Array
    base: _Array
    size: _Array
    """The height of the letters of its font."""
    spaced: _Array
    """Whether the file's own order has a space before it."""

    def some(self, which: _Array) -> Glyphs:
        """Those of some numbers, in the order of these."""
        return Glyphs(*(column[which] for column in self))


# --- characters to glyphs -------------------------------------------------------------------------


def printed_places(characters: Characters, hidden: Collection[int] = frozenset()) -> _Array:
    """The characters that are printed, in pdfium's count, but for those that are ``hidden``."""
    is_printed = (characters.units >= PRINTABLE) | (characters.units == _HYPHEN)
    is_printed[list(hidden)] = False
    return np.flatnonzero(is_printed)


@np.errstate(invalid="ignore")
def glyphs_of(characters: Characters, at: _Array, boxes: Boxes) -> Glyphs:
    """Some characters of which the font gives the ``boxes``.

    Of a ligature pdfium gives each letter by itself, all in the one place of
    their sign, and of an accent no width: such letters are one glyph with the
    one before them, so that none is lost. A letter that is drawn over itself,
    to make it bold, was not drawn at once with the first.
    """
    places, texts = at.tolist(), _letters(characters.units[at])
    left, top, right, bottom = boxes.astype(float).T
    bases = _unhung(characters, at, _bases(characters, places, boxes))
    found = Glyphs(texts, left, right, bases, top - bottom, np.zeros(len(at), dtype=bool))
    return _joined(characters, at, found)


def _bases(characters: Characters, places: Sequence[int], boxes: Boxes) -> Boxes:
    """By character, the height of its baseline; those whose room begins and ends at the same heights have the same."""
    heights = np.ascontiguousarray(boxes[:, [1, 3]]).view(np.uint64).ravel()
    _, first, same = np.unique(heights, return_index=True, return_inverse=True)
    bases: Boxes = characters.origins([places[at] for at in first.tolist()])[same, 1]
    return bases


def _unhung(characters: Characters, places: _Array, bases: Boxes) -> Boxes:
    """The baselines, with those of signs that hang from theirs, as TeX's roots and sums do, where their lines have them."""
    units = characters.units[places]
    hanging = np.flatnonzero(units >= min(_HANGING))
    hanging = hanging[np.isin(units[hanging], _HANGING)]
    if not len(hanging):
        return bases
    _, bottom, _, top = characters.boxes(places[hanging].tolist()).T
    middle, height = (top + bottom) / 2, top - bottom
    hangs = (middle < bases[hanging]) & (top - bases[hanging] < HUNG * height)
    lowered = bases.copy()
    lowered[hanging[hangs]] = (middle - AXIS * height)[hangs]
    return lowered


def _letters(units: _Array) -> _Array:
    """The characters of some UTF-16 units; of a pair of halves, the second is the character and the first is nothing."""
    found = list(
        np.where(units == _HYPHEN, ord("-"), units).astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    )
    high = ""
    for at in range(len(found)) if ((units >= _HIGH) & (units < _LOW)).any() else ():
        if _HIGH <= units[at] < _LOW:
            high, found[at] = found[at], ""
        elif high and units[at] != _HYPHEN:
            found[at] = (high + found[at]).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            high = ""
    return np.array(found, dtype=object)


def _joined(characters: Characters, places: _Array, every: Glyphs) -> Glyphs:
    """The glyphs that have room, with those that belong to them; ``places`` are all characters' own in pdfium's count."""
    is_shown = _are_printable(every.texts)
    has_room = is_shown & (every.right > every.left) & (every.size > 0)
    before = _before(has_room)
    passed_over = places - np.arange(len(places))
    spaced = (before < 0) | (passed_over > passed_over[before])
    may_be_one = is_shown & ~spaced & (~has_room | (every.left == every.left[before]))
    texts, owners = every.texts.copy(), dict[int, int]()
    for at in np.flatnonzero(may_be_one).tolist():
        owner = owners.get(before[at], before[at])
        one, other = characters.texts_at(places[[owner, at]].tolist())
        if one == other and every.base[owner] == every.base[at]:
            texts[owner] += texts[at]
            owners[at], has_room[at] = owner, False
    return every._replace(texts=texts, spaced=spaced).some(np.flatnonzero(has_room))


def _are_printable(texts: _Array) -> _Array:
    if texts.all() and "".join(texts).isprintable():
        return np.ones(len(texts), dtype=bool)
    return np.array([bool(text) and text.isprintable() for text in texts], dtype=bool)


def _before(which: _Array) -> _Array:
    """For each the number of the last one before it that is one of these; -1 where there is none."""
    last = np.maximum.accumulate(np.where(which, np.arange(len(which)), -1))
    return np.concatenate([[-1], last[:-1]])[: len(which)]


@np.errstate(invalid="ignore")
def set_over(glyphs: Glyphs) -> list[tuple[float, float]]:
    """The places of signs that are set over the one before, as an accent, a stroke or a cedilla is: both are another sign.

    A power over an index is farther from it, and a note's mark over a full stop is smaller than that.
    """
    one, other = slice(None, -1), slice(1, None)
    left = np.maximum(glyphs.left[one], glyphs.left[other])
    shared = np.minimum(glyphs.right[one], glyphs.right[other]) - left
    width = glyphs.right - glyphs.left
    step = np.abs(glyphs.base[one] - glyphs.base[other])
    is_over = shared > OVER * np.minimum(width[one], width[other])
    is_over &= step < LEVEL * np.minimum(glyphs.size[one], glyphs.size[other])
    at = [
        n for n in np.flatnonzero(is_over).tolist() if _are_two_signs(glyphs.texts[n : n + 2], glyphs.size[n : n + 2])
    ]
    x, y = left + shared / 2, (glyphs.base[one] + glyphs.base[other]) / 2
    return list(zip(x[at].tolist(), y[at].tolist(), strict=True))


def _are_two_signs(texts: _Array, sizes: _Array) -> bool:
    """Whether one that is over another makes another sign of it."""
    (one, other), (size, other_size) = texts, sizes
    larger = one if size > other_size else other
    return bool(one != other and (size == other_size or larger not in (".", ",")))


# --- glyphs to words ------------------------------------------------------------------------------


@np.errstate(invalid="ignore")
def words_of(glyphs: Glyphs) -> list[Piece]:
    """The words of a page, raised and lowered marks by themselves."""
    if not len(glyphs.texts):
        return []
    from_top = glyphs.some(np.argsort(-glyphs.base, kind="stable"))
    rows = _rows(from_top)
    in_order = from_top.some(np.lexsort((from_top.left, rows)))
    once = _once(in_order, rows)
    in_order, rows = (in_order, rows) if once is None else (in_order.some(once), rows[once])
    gap = in_order.left[1:] - in_order.right[:-1]
    least = np.where(in_order.spaced[1:], SPACED_GAP, WORD_GAP) * np.minimum(in_order.size[1:], in_order.size[:-1])
    begins = (rows[1:] != rows[:-1]) | ((gap > 0) & (gap > least))
    return _words(in_order, np.flatnonzero(np.concatenate([[True], begins])))


def _rows(glyphs: Glyphs) -> _Array:
    """By glyph, all from the top, the number of its row: a row goes as far down as its first glyph's size allows."""
    is_other = (np.diff(glyphs.base) != 0) | (np.diff(glyphs.size) != 0)
    starts = np.flatnonzero(np.concatenate([[True], is_other]))
    numbers: list[int] = []
    number, base, size = -1, 0.0, 0.0
    for next_base, next_size in zip(glyphs.base[starts].tolist(), glyphs.size[starts].tolist(), strict=True):
        if number < 0 or (base != next_base and base - next_base > SAME_BASE * min(size, next_size)):
            number, base, size = number + 1, next_base, next_size
        numbers.append(number)
    return np.repeat(numbers, np.diff(starts, append=len(glyphs.base)))


def _once(glyphs: Glyphs, rows: _Array) -> _Array | None:
    """The numbers of the glyphs but for those that are drawn over themselves; None where none is."""
    moved, width = np.diff(glyphs.left), glyphs.right - glyphs.left
    over = (np.diff(rows) == 0) & (glyphs.left[1:] < glyphs.right[:-1]) & (moved < TWICE * width[:-1])
    if not any(glyphs.texts[at] == glyphs.texts[at + 1] for at in np.flatnonzero(over).tolist()):
        return None
    row, left, right, text = (column.tolist() for column in (rows, glyphs.left, glyphs.right, glyphs.texts))
    kept = [0]
    for at in range(1, len(row)):
        last = kept[-1]
        is_over = row[last] == row[at] and left[at] < right[last] and text[last] == text[at]
        if not (is_over and left[at] - left[last] < TWICE * (right[last] - left[last])):
            kept.append(at)
    return np.array(kept)


def _words(glyphs: Glyphs, starts: _Array) -> list[Piece]:
    """The words that begin at some glyphs, their characters as in every other text: ligatures and mathematical letters as plain ones."""
    plain = [text if text.isascii() else clean(text) or text for text in _together(glyphs.texts, starts)]
    base, size = glyphs.base[starts], np.maximum.reduceat(glyphs.size, starts)
    left, right = glyphs.left[starts], np.maximum.reduceat(glyphs.right, starts)
    columns = (left, base - BELOW * size, right, base + ABOVE * size, base, size)
    return list(map(_AS_PIECE, zip(plain, *(column.tolist() for column in columns), strict=True)))


_AS_PIECE = partial(tuple.__new__, Piece)
"""Of all its parts; by name it takes four times as long."""


def _together(texts: _Array, starts: _Array) -> list[str]:
    """The texts from each start to the next as one."""
    whole = "".join(texts)
    if len(whole) != len(texts) or not all(texts):
        found: list[str] = np.add.reduceat(texts, starts).tolist()
        return found
    places = starts.tolist()
    return [whole[start:end] for start, end in zip(places, [*places[1:], len(whole)], strict=True)]
