"""A page and some of its letters go in, those that are drawn as something else than they say come out.

What a letter says of itself is what is read; what people see is its shape.
Each is drawn in its place, without all that is not text, and compared with
the usual shapes of that letter (``likeness``). A single letter must be as like
another as letters of other faces are to one another, and far less like itself.
Of a font, a quarter of the letters suffices, and then none is believed; nor is
any of a font whose shapes are like no letters at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.calls import call, each, each_set
from survey_extract.adapters.pdf.camera import Array, Camera
from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.letters import Letter, Shapes
from survey_extract.adapters.pdf.likeness import CODES, Likeness, likeness
from survey_extract.adapters.pdf.look import ink_of
from survey_extract.adapters.pdf.objects import around

SCALE = 4.0
"""Pixels per point."""
LEAST, MOST = 6, 160
"""Pixels; what is neither wider nor higher is too small to tell, and what is larger is a part of a drawing."""
TILT = 15.0
"""Degrees by which a letter may lean from upright, or from a quarter's turn."""
CLEAR, FARTHER = 0.84, 0.25
"""How like another a letter must be, and by how much more than to itself, so that it alone counts."""
LIKELY, FAR = 0.8, 0.2
"""The same, where it counts together with others of its font."""
TWO, FOUR = 2, 4
"""So many letters of a font must be likely others, and where the font has no names for its signs."""
SHARE = 0.25
"""Of a font's letters that are compared, so many must be."""
FIVE, NOTHING = 5, 0.3
"""Of so many letters of a font and more, half are less like themselves: it draws no letters."""
AT_A_TIME = 64


class Drawn(NamedTuple):
    """Letters that were compared: their numbers, fonts, codes, and whether their font has a name for them; and how like they are."""

    fonts: Array
    codes: Array
    guessed: Array
    like: Likeness

    def lie(self) -> Array:
        """By letter, whether it is drawn as something else."""
        own, other = self.like
        more = other - own
        clear, likely = (other >= CLEAR) & (more >= FARTHER), (other >= LIKELY) & (more >= FAR)
        found = np.zeros(len(self.codes), dtype=bool)
        for font in np.unique(self.fonts):
            mine = np.flatnonzero(self.fonts == font)
            found[mine] = self._lie(mine, clear, likely)
        return found

    def _lie(self, mine: Array, clear: Array, likely: Array) -> Array:
        """By letter of one font."""
        codes, own, is_guessed = self.codes[mine], self.like.own[mine], bool(self.guessed[mine].any())
        different, of = np.unique(codes, return_inverse=True)
        count = np.bincount(of)
        likely_others = int((np.bincount(of, likely[mine]) * 2 >= count).sum())
        least = FOUR if is_guessed else TWO
        if likely_others >= least and likely_others >= SHARE * len(different):
            return np.ones(len(mine), dtype=bool)
        if len(different) >= FIVE and np.median(own) < NOTHING:
            return np.ones(len(mine), dtype=bool)
        is_clear: Array = (np.bincount(of, clear[mine]) * 2 > count)[of] & clear[mine] & (not is_guessed)
        return is_clear


def unlike(page: pdfium.PdfPage, characters: Characters, letters: Sequence[Letter]) -> frozenset[int]:
    """The places of those letters that are drawn as something else; the page is of no use for pictures afterwards."""
    turns = _turns(page, characters, letters)
    asked = _comparable(letters, turns)
    if not len(asked):
        return frozenset()
    like = _drawn(page, letters, asked, turns)
    asked, like = asked[~np.isnan(like.own)], Likeness(*(part[~np.isnan(like.own)] for part in like))
    fonts = {text: call.FPDFTextObj_GetFont(text) or 0 for text in {letters[at].text for at in asked.tolist()}}
    guessed = set(characters.guessed([letters[at].place for at in asked.tolist()]))
    compared = Drawn(
        np.array([fonts[letters[at].text] for at in asked.tolist()]),
        np.array([letters[at].code for at in asked.tolist()]),
        np.array([letters[at].place in guessed for at in asked.tolist()]),
        like,
    )
    lying = compared.lie()
    return frozenset(letters[at].place for at in asked[lying].tolist())


def _turns(page: pdfium.PdfPage, characters: Characters, letters: Sequence[Letter]) -> Array:
    """By letter, by how many quarters it is turned against the clock on the page as it is shown; -1 where by anything else.

    pdfium counts a letter's angle, and a page's, with the clock.
    """
    angles = np.degrees(each("FPDFText_GetCharAngle", characters.handle, [letter.place for letter in letters]))
    quarters = np.round(angles / 90)
    straight = (np.abs(angles - 90 * quarters) <= TILT) & (angles > -TILT)
    return np.where(straight, (-quarters.astype(int) - page.get_rotation() // 90) % 4, -1)


def _comparable(letters: Sequence[Letter], turns: Array) -> Array:
    """The numbers of the letters that can be compared: those of a ligature all have its one place."""
    boxes = np.array([letter.box for letter in letters]).reshape(-1, 4)
    codes = np.array([letter.code for letter in letters], dtype=int)
    sizes = SCALE * (boxes[:, 2:] - boxes[:, :2])
    fits = (sizes.max(axis=1, initial=0) >= LEAST) & (sizes.max(axis=1, initial=0) <= MOST) & (turns >= 0)
    same = (boxes[1:] == boxes[:-1]).all(axis=1)
    alone = ~(np.append(same, [False])[: len(letters)] | np.insert(same, 0, False)[: len(letters)])
    return np.flatnonzero(np.isin(codes, CODES) & fits & alone)


def _drawn(page: pdfium.PdfPage, letters: Sequence[Letter], asked: Array, turns: Array) -> Likeness:
    """How like they are, of the letters that are asked for, among all of which some may lie on others."""
    texts = dict.fromkeys(letter.text for letter in letters)
    each_set("FPDFPageObj_SetIsActive", texts, 1)
    shapes = Shapes.of(page, letters, texts, whole=True)
    camera = Camera.on(page, around([letter.box for letter in letters]), SCALE)
    edges = camera.pixels(np.array([letter.box for letter in letters]))
    places = np.concatenate([np.floor(edges[:, :2]), np.ceil(edges[:, 2:])], axis=1).clip(0).astype(int)
    own, other = np.full(len(asked), np.nan), np.full(len(asked), -1.0)
    for level, picture in shapes.pictures(camera, np.array([letters[at].box for at in asked.tolist()])):
        here = np.flatnonzero(shapes.letter_levels[asked] == level)
        for part in _parts(here, places[asked]):
            codes = np.array([letters[at].code for at in asked[part].tolist()])
            cut = [_cut(picture, places[at], turns[at]) for at in asked[part].tolist()]
            own[part], other[part] = likeness(_beside(cut), codes)
    return Likeness(own, other)


def _parts(which: Array, places: Array) -> Iterator[Array]:
    """Some letters, those of one size together."""
    sizes = (places[which, 2:] - places[which, :2]).max(axis=1, initial=0)
    ordered = which[np.argsort(sizes, kind="stable")]
    for start in range(0, len(ordered), AT_A_TIME):
        yield ordered[start : start + AT_A_TIME]


def _cut(picture: Array, place: Array, turns: int) -> Array:
    left, top, right, bottom = place.tolist()
    part = picture[top:bottom, left:right]
    ink = ink_of(part.reshape(-1, 4)).reshape(part.shape[:2])
    return np.rot90(ink, -int(turns))


def _beside(cut: Sequence[Array]) -> Array:
    """Pictures of several sizes as those of one size, white around."""
    high, wide = (max(1, *(ink.shape[side] for ink in cut)) for side in (0, 1))
    found = np.zeros((len(cut), high, wide), dtype=np.float32)
    for number, ink in enumerate(cut):
        found[number, : ink.shape[0], : ink.shape[1]] = ink
    return found
