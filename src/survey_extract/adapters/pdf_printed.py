"""A page of a PDF and some of its texts go in, the letters that do not show when it is drawn come out.

There are more ways to hide words than can be listed. Here is one rule for all
of them: a letter is seen when its own shape shows in the picture of the page.
Two pictures are compared: the page as it is drawn, and its letters alone, black
on white. Where the colours of the first follow the shape of the second, and
differ enough from those around it, people see the letter; where something else
is painted, or nothing, they do not. Where letters lie on one another, each is
looked for only in that part of its shape that the others leave free, so that
none vouches for another.

A first look, at one pixel per point, tells most letters; those that are neither
clearly there nor clearly not there are looked at again, larger.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf_camera import Array, Camera, Picture
from survey_extract.adapters.pdf_objects import Colour, around, text_address
from survey_extract.adapters.pdf_shapes import DEEPEST, Letter, Shapes
from survey_extract.adapters.pdf_sure import Doubt

SEEN = 40.0
"""Of 255: the least distance of a letter's colour from those around it; colour counts half of what lightness does."""
FREE, MOSTLY_FREE = 0.2, 0.6
"""The least shares of a letter's shape that others must leave free: to say that it shows, and at first that it does not."""
WHOLE = 0.6
"""The least share of a letter's width, and of its height, that must not be cut off."""
INK = 0.15
"""Of one: what is fainter, in the picture of the letters alone, is no shape."""
CLEAR = 2.0
"""Pixels; of a letter that is at least as wide and high, some pixel is dark."""
SOLID, OF_ONE_COLOUR, OTHERWISE = 0.75, 0.85, 0.5
"""Of one: the ink of a letter's core; the shares of that core in its colour, and of what is around it in another one."""
GAP = 1.0
"""Of a line's height: more than lies between two words."""
MARGIN = 1.0
"""Points around a letter that are compared with it."""
LATIN = 0x24F
"""Last code point that pdfium can draw without the document's or the machine's fonts."""
AT_A_TIME = 500_000
"""Pixels around letters that are compared at a time."""


class _Look(NamedTuple):
    """How closely is looked: pixels per point, and the least share of the colours' differences that a shape explains."""

    scale: float
    explains: float
    busy: bool
    """Whether a letter may stand on a picture, of which its shape explains little."""


FIRST, CLOSER = _Look(1.0, 0.6, busy=False), _Look(5.0, 0.35, busy=True)
"""In a small picture, something else may look like the letter by chance; so more is asked there."""
CLOSER_AT_MANY = _Look(2.5, 0.5, busy=True)
"""For pages of which so much is unclear that it takes too long: the text under a scan, or a figure full of what is cut off."""
MANY = 800
"""Letters."""
TOGETHER = 150.0
"""Points a side of the part of the page in which letters are looked at closer together."""


class Unseen(NamedTuple):
    """A letter that does not show; ``ground`` is the colour of its place, None outside the page."""

    letter: Letter
    ground: Colour | None


def unseen(
    page: pdfium.PdfPage,
    text_page: pdfium.PdfTextPage,
    doubt: Doubt,
    letters: Sequence[Letter],
    reopened: Callable[[], pdfium.PdfPage],
) -> list[Unseen]:
    """The letters of the doubtful texts that do not show, and of others under which nothing is where letters should be.

    The page is of no use for pictures afterwards: all but these texts is taken
    from it. ``reopened`` gives it anew. Where a text may paint beyond its place
    the page is drawn whole, since of a part pdfium leaves out what says that it
    is elsewhere.
    """
    shown = page.get_mediabox() if doubt.wild or not letters else around([letter.box for letter in letters])
    camera = Camera.on(page, shown, FIRST.scale)
    real = camera.picture(page, notes=True)
    blank = _blank(camera, real, doubt) if doubt.wild else {}
    letters = [*letters, *printable(text_page, blank)] if blank else letters
    if not letters:
        return []
    of_letters = {letter.text for letter in letters}
    texts = {address: text for address, text in (doubt.texts | blank).items() if address in of_letters}
    shapes = Shapes.of(page, letters, texts)
    if shapes.are_on_one_another:
        shapes.strengths[:] = _strengths(letters, camera, real, shapes)
    seen, gone = _looked(FIRST, letters, camera, real, shapes)
    lost = _unseen(camera, real, [letters[number] for number in np.flatnonzero(gone).tolist()])
    unclear = [letters[number] for number in np.flatnonzero(~(seen | gone)).tolist()]
    return lost + (_closer(unclear, reopened(), shapes) if unclear else [])


def _closer(letters: Sequence[Letter], page: pdfium.PdfPage, shapes: Shapes) -> list[Unseen]:
    """Those of the letters that do not show in larger pictures, either."""
    lost: list[Unseen] = []
    look = CLOSER if len(letters) <= MANY else CLOSER_AT_MANY
    for group in _near(letters):
        camera = Camera.on(page, around([letter.box for letter in group]), look.scale)
        real = camera.picture(page, notes=True)
        seen, _ = _looked(look, group, camera, real, shapes)
        lost += _unseen(camera, real, [group[number] for number in np.flatnonzero(~seen).tolist()])
    return lost


def _blank(camera: Camera, real: Picture, doubt: Doubt) -> dict[int, Any]:
    """The sure texts in whose place there is a gap: along the line, nothing differs from one edge to the other."""
    if not doubt.sure:
        return {}
    edges = camera.pixels(np.array([box for _, box in doubt.sure.values()])).round().astype(int).clip(0)
    found: dict[int, Any] = {}
    for (address, (text, _)), (left, top, right, bottom) in zip(doubt.sure.items(), edges.tolist(), strict=True):
        part = real[top : bottom + 1, left : right + 1, 1].astype(int)
        part = part if part.shape[1] >= part.shape[0] else part.T
        is_inked = part.max(axis=0, initial=0) - part.min(axis=0, initial=255) >= SEEN / 2
        gaps = np.diff(np.flatnonzero(np.concatenate([[True], is_inked, [True]]))) - 1
        if gaps.max() > GAP * part.shape[0]:
            found[address] = text
    return found


def _near(letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters in groups that are near to one another."""
    groups: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    for letter in letters:
        left, bottom, _, _ = letter.box
        groups[int(left // TOGETHER), int(bottom // TOGETHER)].append(letter)
    return list(groups.values())


def printable(text_page: pdfium.PdfTextPage, texts: Mapping[int, Any]) -> list[Letter]:
    """The printable characters of the texts, in order, without those for which this machine may have no shapes."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    embedded, font_of = raw.FPDFFont_GetIsEmbedded, raw.FPDFTextObj_GetFont
    own_font = {address: embedded(font_of(text)) == 1 for address, text in texts.items()}
    page, found = text_page.raw, list[Letter]()
    code_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharBox
    pointer = ctypes.cast(page, ctypes.c_void_p)
    for place in range(raw.FPDFText_CountChars(page)):
        address = text_address(pointer, place)
        if address not in own_font:
            continue
        code = code_of(page, place)
        if chr(code).isspace() or (code > LATIN and not own_font[address]):
            continue
        if box_of(page, place, left, right, bottom, top):
            found.append(Letter(place, address, code, (left.value, bottom.value, right.value, top.value)))
    return found


def _unseen(camera: Camera, real: Picture, letters: Sequence[Letter]) -> list[Unseen]:
    """Some letters with the colours of their places."""
    if not letters:
        return []
    left, top, right, bottom = camera.pixels(np.array([letter.box for letter in letters])).T
    x, y = ((left + right) // 2).astype(int), ((top + bottom) // 2).astype(int)
    there = (x >= 0) & (x < real.shape[1]) & (y >= 0) & (y < real.shape[0])
    colours = real[np.where(there, y, 0), np.where(there, x, 0), :3].tolist()
    return [
        Unseen(letter, (red, green, blue) if is_there else None)
        for letter, (red, green, blue), is_there in zip(letters, colours, there, strict=True)
    ]


# --- one look -------------------------------------------------------------------------------------


def _looked(
    look: _Look, letters: Sequence[Letter], camera: Camera, real: Picture, shapes: Shapes
) -> tuple[Array, Array]:
    """By letter, whether its shape clearly shows in the picture, and whether it clearly does not."""
    inks = {level: _ink_of(picture) for level, picture in shapes.pictures(camera)}
    strengths = shapes.strengths_on(camera, inks) if len(inks) > 1 else {}
    levels = np.array([shapes.levels[letter.text] for letter in letters])
    windows = _Windows.of(camera, [letter.box for letter in letters])
    seen, gone = np.zeros(len(letters), dtype=bool), windows.cut | (levels > DEEPEST)
    for part in windows.parts(~gone):
        at = windows.pixels(part)
        colours = _as_seen(real.reshape(-1, 4)[at.place])
        ink = _Ink.of(at, levels[part], inks, strengths)
        seen[part], gone[part] = _compared(look, at, ink, colours)
    return seen, gone


def _strengths(letters: Sequence[Letter], camera: Camera, real: Picture, shapes: Shapes) -> Array:
    """By letter, how much of the colours' differences its shape explains, as if there were no others."""
    inks = {level: _ink_of(picture) for level, picture in shapes.pictures(camera)}
    levels = np.array([shapes.levels[letter.text] for letter in letters])
    windows, found = _Windows.of(camera, [letter.box for letter in letters]), np.zeros(len(letters))
    for part in windows.parts(~windows.cut & (levels <= DEEPEST)):
        at = windows.pixels(part)
        colours = _as_seen(real.reshape(-1, 4)[at.place])
        contrast, explained, _ = _follows(at, _Ink.of(at, levels[part], inks, {}), colours)
        found[part] = np.where(contrast >= SEEN / 2, explained, 0)
    return found


def _as_seen(pixels: Array) -> Array:
    """Lightness and half of the two differences of colour (YCbCr), without BLAS, whose threads wait at a core's full cost."""
    red, green, blue = pixels[:, :3].T.astype(np.float32)
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.stack([light, 0.282 * (blue - light), 0.3565 * (red - light)])


def _ink_of(picture: Picture) -> Array:
    """How much of each pixel is covered by letters, of one."""
    lightest = np.minimum(np.minimum(picture[..., 0], picture[..., 1]), picture[..., 2])
    return (255 - lightest).astype(np.float32) / 255


class _Pixels(NamedTuple):
    """The pixels around some letters, one letter's behind another's: which in the picture, and of which letter."""

    place: Array
    column: Array
    row: Array
    inside: Array
    """Whether a pixel is in its letter's own box."""
    starts: Array
    """By letter, its first pixel; then how many there are, and how wide and high its box is, in pixels and parts of them."""
    counts: Array
    sizes: Array

    def sum(self, values: Array) -> Array:
        """By letter."""
        sums: Array = np.add.reduceat(values, self.starts, axis=-1, dtype=np.float64)
        return sums


class _Windows(NamedTuple):
    """The boxes of some letters in whole pixels, and what of them and their margins is in the picture."""

    sizes: Array
    inner: Array
    outer: Array
    areas: Array
    cut: Array
    """Whether a letter is cut off by the edge of the page, or beyond it."""
    width: int

    @classmethod
    def of(cls, camera: Camera, boxes: Sequence[tuple[float, float, float, float]]) -> _Windows:
        edges = camera.pixels(np.array(boxes))
        inner = np.concatenate([np.floor(edges[:, :2] + 0.1), np.ceil(edges[:, 2:] - 0.1)], axis=1).astype(int)
        inner[:, 2:] = np.maximum(inner[:, 2:], inner[:, :2] + 1)
        margin = max(1, round(MARGIN * camera.scale))
        limits = np.array([*camera.size, *camera.size])
        outer = np.clip(inner + np.array([-margin, -margin, margin, margin]), 0, limits)
        cut = _areas(np.clip(inner, 0, limits)) < WHOLE * _areas(inner)
        return cls(edges[:, 2:] - edges[:, :2], inner, outer, _areas(outer), cut, camera.size[0])

    def parts(self, wanted: Array) -> Iterator[Array]:
        """The wanted letters, in parts of so many pixels."""
        there = np.flatnonzero(wanted)
        nth = np.cumsum(self.areas[there]) // AT_A_TIME
        for number in np.unique(nth):
            yield there[nth == number]

    def pixels(self, part: Array) -> _Pixels:
        counts = self.areas[part]
        starts = np.cumsum(counts) - counts
        left, top, right, _ = self.outer[part].T.astype(np.int32)
        nth = np.arange(counts.sum(), dtype=np.int32) - np.repeat(starts.astype(np.int32), counts)
        row, column = np.divmod(nth, np.repeat(right - left, counts))
        row += np.repeat(top, counts)
        column += np.repeat(left, counts)
        low_x, low_y, high_x, high_y = np.repeat(self.inner[part].T.astype(np.int32), counts, axis=1)
        inside = (column >= low_x) & (column < high_x) & (row >= low_y) & (row < high_y)
        return _Pixels(row * self.width + column, column, row, inside, starts, counts, self.sizes[part])


def _areas(boxes: Array) -> Array:
    areas: Array = np.prod(boxes[:, 2:] - boxes[:, :2], axis=1)
    return areas


class _Ink(NamedTuple):
    """By pixel, how much of it the letters of the same level cover, and the letter itself, and whether it counts.

    What other letters cover that show better does not. ``free`` is, by letter,
    the share of its shape that counts.
    """

    own: Array
    shape: Array
    counted: Array
    free: Array

    @classmethod
    def of(cls, at: _Pixels, levels: Array, inks: Mapping[int, Array], strengths: Mapping[int, Array]) -> _Ink:
        level, own = np.repeat(levels, at.counts), np.zeros(len(at.place), dtype=np.float32)
        for number, picture in inks.items():
            own = np.where(level == number, picture.ravel()[at.place], own)
        shape, counted = np.where(at.inside, own, 0), at.inside | (own < INK)
        free = np.ones(len(levels))
        if strengths:
            counted &= ~_belongs_to_others(at, level, inks, strengths)
            free = at.sum(np.where(counted, shape, 0)) / np.maximum(at.sum(shape), 1e-6)
        return cls(own, shape, counted, free)


def _belongs_to_others(at: _Pixels, level: Array, inks: Mapping[int, Array], strengths: Mapping[int, Array]) -> Array:
    """By pixel, whether a letter of another level covers it that shows better than this one."""
    strongest = np.zeros(len(at.counts))
    for number, picture in strengths.items():
        inside = np.where(at.inside & (level == number), picture.ravel()[at.place], 0)
        strongest = np.maximum(strongest, np.maximum.reduceat(inside, at.starts))
    own, found = np.repeat(strongest, at.counts), np.zeros(len(at.place), dtype=bool)
    for number, picture in strengths.items():
        covers = inks[number].ravel()[at.place] >= INK
        found |= (level != number) & covers & (picture.ravel()[at.place] > own)
    return found


def _compared(look: _Look, at: _Pixels, ink: _Ink, colours: Array) -> tuple[Array, Array]:
    """By letter, whether the real picture clearly shows its shape, and whether it clearly does not."""
    contrast, explained, strongest = _follows(at, ink, colours)
    shows = (contrast >= SEEN) & (explained >= look.explains)
    if look.busy:
        shows |= _stands_out(at, ink, colours)
    nothing_there = (ink.free >= MOSTLY_FREE) & (contrast < SEEN / 2) & (strongest > 2 * INK)
    no_shape = (strongest < INK / 3) & (at.sizes.min(axis=1) >= CLEAR)
    return (ink.free >= FREE) & shows & _is_whole(at, ink.shape), ~shows & (nothing_there | no_shape)


def _is_whole(at: _Pixels, shape: Array) -> Array:
    """By letter, whether its shape goes from one end of its box to the other, both ways: nothing cuts it off."""
    is_shape, whole = shape >= INK, np.ones(len(at.counts), dtype=bool)
    for place, size in zip((at.column, at.row), at.sizes.T, strict=True):
        first = np.minimum.reduceat(np.where(is_shape, place, 1 << 20), at.starts)
        last = np.maximum.reduceat(np.where(is_shape, place, -1), at.starts)
        whole &= last - first + 1 >= WHOLE * size
    return whole


def _follows(at: _Pixels, ink: _Ink, colours: Array) -> tuple[Array, Array, Array]:
    """How the colours follow the shapes, by a straight line from ink to colour, fitted by least squares.

    By letter: the distance of its colour from that around it, the share of all
    differences that the line explains, and the strongest ink.
    """
    own, seen = np.where(ink.counted, ink.own, 0), np.where(ink.counted, colours, 0)
    count = np.maximum(at.sum(ink.counted), 1)
    mean_ink, mean_seen = at.sum(own) / count, at.sum(seen) / count
    spread = np.maximum(at.sum(own * own) / count - mean_ink**2, 1e-6)
    together = ((at.sum(own * seen) / count - mean_ink * mean_seen) ** 2).sum(axis=0)
    differences = np.maximum((at.sum(seen * seen) / count - mean_seen**2).sum(axis=0), 1e-6)
    strongest = np.maximum.reduceat(own, at.starts)
    return np.sqrt(together) / spread * strongest, together / spread / differences, strongest


def _stands_out(at: _Pixels, ink: _Ink, colours: Array) -> Array:
    """By letter, whether it is of one colour that most of what is around it is not: so it is seen on a picture, too."""
    core, beside = ink.counted & (ink.shape >= SOLID), ink.counted & (ink.own < INK)
    colour = at.sum(np.where(core, colours, 0)) / np.maximum(at.sum(core), 1)
    far = np.sqrt(((colours - np.repeat(colour, at.counts, axis=1)) ** 2).sum(axis=0)) >= SEEN
    of_one_colour = at.sum(core & ~far) >= OF_ONE_COLOUR * at.sum(core)
    return of_one_colour & (at.sum(core) > 0) & (at.sum(beside & far) >= OTHERWISE * at.sum(beside))
