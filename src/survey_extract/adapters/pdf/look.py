"""Two pictures go in, a page as it is drawn and its letters alone; which letters show in the first comes out.

The colours of the page are checked against the ink of a letter, pixel by pixel, by
a straight line; on a picture, where such a line explains little, a letter must
be of one colour that most of what is around it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from survey_extract.adapters.pdf.camera import Array, Camera, Picture
from survey_extract.adapters.pdf.letters import DEEPEST, Letter, Shapes
from survey_extract.adapters.pdf.objects import Box

SEEN = 40.0
"""Of 255: the least distance of a letter's colour from those around it; colour counts half of what lightness does."""
FREE, MOSTLY_FREE = 0.2, 0.6
"""The least shares of a letter's shape that others must leave free: to say that it shows, and at first that it does not."""
WHOLE = 0.6
"""The least share of a letter's width, and of its height, that must not be cut off."""
INK = 0.15
"""Of one: what is fainter, in the picture of the letters alone, is not a shape."""
CLEAR = 2.0
"""Pixels; of a letter that is at least as wide and high, some pixel is dark."""
SOLID, OF_ONE_COLOUR, OTHERWISE = 0.75, 0.85, 0.5
"""Of one: the ink of a letter's core; the shares of that core in its colour, and of what is around it in another one."""
MARGIN = 1.0
"""Points around a letter that are compared with it."""
NOISE, PAPER, LIGHTEST = 3, 250, 200
"""Of 255: what a pixel may differ by without meaning, how light paper is, and how light it must be under a marker pen."""
AT_A_TIME = 500_000
"""Pixels around letters that are compared at a time."""


class Look(NamedTuple):
    """How closely is looked: pixels per point, and the least share of the colours' differences that a shape explains."""

    scale: float
    explains: float
    busy: bool
    """Whether a letter may stand on a picture, of which its shape explains little."""


FIRST, CLOSER = Look(1.0, 0.6, busy=False), Look(5.0, 0.35, busy=True)
"""In a small picture, something else may look like the letter by chance; so more is asked there."""
CLOSER_AT_MANY = Look(2.5, 0.5, busy=True)
"""For pages of which so much is unclear that it takes too long: the text under a scan, or a figure full of what is cut off."""


Inks = Mapping[int, Array]
"""By level, the picture of its letters alone."""


def inks_of(letters: Sequence[Letter], camera: Camera, shapes: Shapes) -> Inks:
    """The pictures of what is around some letters."""
    boxes = np.array([letter.box for letter in letters])
    return {level: _flat(picture) for level, picture in shapes.pictures(camera, boxes)}


def looked(
    look: Look, letters: Sequence[Letter], camera: Camera, real: Picture, shapes: Shapes, inks: Inks
) -> tuple[Array, Array]:
    """By letter, whether its shape clearly shows in the picture, and whether it clearly does not."""
    boxes = np.array([letter.box for letter in letters])
    known = shapes.strengths_on(camera, inks) if len(inks) > 1 else {}
    levels = np.array([shapes.levels[letter.text] for letter in letters])
    windows, page = _Windows.of(camera, boxes), _flat(real)
    seen, gone = np.zeros(len(letters), dtype=bool), windows.cut | (levels > DEEPEST)
    for part in windows.parts(~gone):
        at = windows.pixels(part)
        colours = _as_seen(_taken(page, at.place))
        ink = _Ink.of(at, levels[part], inks, known)
        seen[part], gone[part] = _compared(look, at, ink, colours)
    return seen, gone


def strengths(letters: Sequence[Letter], camera: Camera, real: Picture, shapes: Shapes, inks: Inks) -> Array:
    """By letter, how much of the colours' differences its shape explains, as if there were no others."""
    boxes = np.array([letter.box for letter in letters])
    levels = np.array([shapes.levels[letter.text] for letter in letters])
    windows, page, found = _Windows.of(camera, boxes), _flat(real), np.zeros(len(letters))
    for part in windows.parts(~windows.cut & (levels <= DEEPEST)):
        at = windows.pixels(part)
        colours = _as_seen(_taken(page, at.place))
        contrast, explained, _ = _follows(at, _Ink.of(at, levels[part], inks, {}), colours)
        found[part] = np.where(contrast >= SEEN / 2, explained, 0)
    return found


def veiled(camera: Camera, bare: Picture, noted: Picture, boxes: Sequence[Box]) -> list[bool]:
    """By box of dark letters on white paper, whether what is pinned to the page may conceal any of them.

    It does not where it does what a marker pen does: nothing becomes lighter,
    and nothing loses more light than the paper, which stays far lighter than ink.
    """
    edges = camera.pixels(np.array(boxes))
    places = np.concatenate([np.floor(edges[:, :2]), np.ceil(edges[:, 2:])], axis=1).clip(0).astype(int).tolist()
    differ = bare.view(np.uint32)[..., 0] != noted.view(np.uint32)[..., 0]
    light = np.zeros((2, *differ.shape), dtype=np.float32)
    light[0, differ], light[1, differ] = _as_seen(bare[differ])[0], _as_seen(noted[differ])[0]
    return [_is_veiled(*light[:, top:bottom, left:right]) for left, top, right, bottom in places]


def _is_veiled(before: Array, after: Array) -> bool:
    """By how light each pixel of a box is, 0 where it is the same without and with what is pinned to the page."""
    if not before.size:
        return True
    lost = before - after
    changed = np.abs(lost) > NOISE
    if not changed.any():
        return False
    paper = after[changed & (before >= PAPER)]
    if not paper.size:
        return True
    darkest, lost = paper.min(), lost[changed]
    return bool(darkest < LIGHTEST or lost.min() < -NOISE or lost.max() > 255 - darkest + NOISE)


def _flat(picture: Picture) -> Array:
    """A picture's pixels one behind the other, each as one number: so they are picked out ten times as fast."""
    found: Array = np.ascontiguousarray(picture).view(np.uint32).ravel()
    return found


def _taken(pixels: Array, places: Array) -> Array:
    """Some of them, as rows of four bytes."""
    found: Array = pixels.take(places).view(np.uint8).reshape(-1, 4)
    return found


def _as_seen(pixels: Array) -> Array:
    """Lightness and half of the two differences of colour (YCbCr), without BLAS, whose threads wait at a core's full cost."""
    red, green, blue = (pixels[:, part].astype(np.float32) for part in range(3))
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return np.stack([light, 0.282 * (blue - light), 0.3565 * (red - light)])


def ink_of(pixels: Array) -> Array:
    """How much of each pixel is covered by letters, of one."""
    lightest = np.minimum(np.minimum(pixels[:, 0], pixels[:, 1]), pixels[:, 2])
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
    def of(cls, camera: Camera, boxes: Array) -> _Windows:
        edges = camera.pixels(boxes)
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
        for number, pixels in inks.items():
            here = slice(None) if (levels == number).all() else np.flatnonzero(level == number)
            own[here] = ink_of(_taken(pixels, at.place[here]))
        shape, counted = own * at.inside, at.inside | (own < INK)
        free = np.ones(len(levels))
        if strengths:
            counted &= ~_belongs_to_others(at, level, inks, strengths)
            free = at.sum(shape * counted) / np.maximum(at.sum(shape), 1e-6)
        return cls(own, shape, counted, free)


def _belongs_to_others(at: _Pixels, level: Array, inks: Mapping[int, Array], strengths: Mapping[int, Array]) -> Array:
    """By pixel, whether a letter of another level covers it that shows better than this one."""
    strongest = np.zeros(len(at.counts))
    for number, picture in strengths.items():
        inside = picture.take(at.place) * (at.inside & (level == number))
        strongest = np.maximum(strongest, np.maximum.reduceat(inside, at.starts))
    own, found = np.repeat(strongest, at.counts), np.zeros(len(at.place), dtype=bool)
    for number, picture in strengths.items():
        covers = ink_of(_taken(inks[number], at.place)) >= INK
        found |= (level != number) & covers & (picture.take(at.place) > own)
    return found


def _compared(look: Look, at: _Pixels, ink: _Ink, colours: Array) -> tuple[Array, Array]:
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
    own, seen = ink.own * ink.counted, colours * ink.counted
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
    colour = at.sum(colours * core) / np.maximum(at.sum(core), 1)
    far = np.sqrt(((colours - np.repeat(colour, at.counts, axis=1)) ** 2).sum(axis=0)) >= SEEN
    of_one_colour = at.sum(core & ~far) >= OF_ONE_COLOUR * at.sum(core)
    return of_one_colour & (at.sum(core) > 0) & (at.sum(beside & far) >= OTHERWISE * at.sum(beside))
