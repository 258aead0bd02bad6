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

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Sequence
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.calls import call
from survey_extract.adapters.pdf.camera import Camera, Picture
from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.letters import Letter, Shapes, alone, forms_alone
from survey_extract.adapters.pdf.look import CLOSER, CLOSER_AT_MANY, FIRST, SEEN, inks_of, looked, strengths, veiled
from survey_extract.adapters.pdf.objects import Box, Colour, around
from survey_extract.adapters.pdf.sure import Doubt

GAP = 1.0
"""Of a line's height: more than lies between two words."""
LATIN = 0x24F
"""Last code point that pdfium can draw without the document's or the machine's fonts."""
MANY = 800
"""Letters; where more are unclear, they are looked at less closely."""
BESIDE = 2
"""Pixels around a text in which nothing else may paint that may paint anywhere."""
TOGETHER = 150.0
"""Points a side of the part of the page in which letters are looked at closer together."""


Places = np.ndarray[Any, np.dtype[np.intp]]
"""Of characters in pdfium's count."""


class Unseen(NamedTuple):
    """A letter that does not show; ``ground`` is the colour of its place, None outside the page."""

    letter: Letter
    ground: Colour | None


def unseen(
    page: pdfium.PdfPage,
    characters: Characters,
    doubt: Doubt,
    letters: Sequence[Letter],
    reopened: Callable[[], pdfium.PdfPage],
) -> list[Unseen]:
    """The letters of the doubtful texts that do not show, and of others under which nothing is where letters should be.

    The page is of no use for pictures afterwards: all but these texts is taken
    from it. ``reopened`` gives it again. Where a text may paint beyond its place
    the page is drawn whole, since of a part pdfium leaves out what says that it
    is elsewhere; where nothing does, and nothing is pinned to the page, it is drawn
    around the letters only.
    """
    boxes = np.array([letter.box for letter in letters]).reshape(-1, 4)
    shown = page.get_bbox() if doubt.wild or not letters else around([letter.box for letter in letters])
    camera = Camera.on(page, shown, FIRST.scale)
    whole = doubt.wild or doubt.pinned
    real = camera.picture(page, notes=True, around=None if whole else boxes)
    blank = _blank(camera, real, doubt) if doubt.wild else []
    letters = [*letters, *printable(characters, {*blank})] if blank else letters
    if not letters:
        return []
    of_letters = {letter.text for letter in letters}
    texts = dict.fromkeys(text for text in (*doubt.texts, *blank) if text in of_letters)
    if doubt.wild:
        camera, real = camera.closer(page, around([letter.box for letter in letters]), real)
    shapes = Shapes.of(page, letters, texts, whole=whole)
    inks = inks_of(letters, camera, shapes)
    if shapes.are_on_one_another:
        shapes.strengths[:] = strengths(letters, camera, real, shapes, inks)
    seen, gone = looked(FIRST, letters, camera, real, shapes, inks)
    lost = _unseen(camera, real, [letters[number] for number in np.flatnonzero(gone).tolist()])
    unclear = [letters[number] for number in np.flatnonzero(~(seen | gone)).tolist()]
    return lost + (_closer(unclear, reopened(), shapes) if unclear else [])


def with_notes(page: pdfium.PdfPage, doubt: Doubt) -> Doubt:
    """The same, where the texts under notes are sure or not: the page is drawn with its notes and without."""
    boxes = [*doubt.noted.values()]
    camera = Camera.on(page, page.get_bbox() if doubt.wild else around(boxes), FIRST.scale)
    bare, noted = (camera.picture(page, notes=notes) for notes in (False, True))
    concealed = dict(zip(doubt.noted, veiled(camera, bare, noted, boxes), strict=True))
    shown = {text: box for text, box in doubt.noted.items() if not concealed[text]}
    return doubt._replace(
        texts=[*doubt.texts, *(text for text in doubt.noted if concealed[text])], sure=doubt.sure | shown, noted={}
    )


def paints_on(page: pdfium.PdfPage, texts: Collection[int], boxes: Sequence[Box]) -> bool:
    """Whether some texts in forms paint anything in or right beside some boxes, whatever they say of their own places.

    Most figures as a whole do not, which is seen without taking them apart.
    """
    if not boxes:
        return False
    camera = Camera.on(page, page.get_bbox(), FIRST.scale)
    edges = camera.pixels(np.array(boxes))
    low, high = np.floor(edges[:, :2]) - BESIDE, np.ceil(edges[:, 2:]) + BESIDE
    places = np.concatenate([low, high], axis=1).clip(0).astype(int).tolist()

    def is_covered() -> bool:
        cover = camera.covered(page)
        return any(cover[top:bottom, left:right].any() for left, top, right, bottom in places)

    with forms_alone(page):
        paint_with_all_around_them = is_covered()
    if not paint_with_all_around_them:
        return False
    with alone(page, texts):
        return is_covered()


def _closer(letters: Sequence[Letter], page: pdfium.PdfPage, shapes: Shapes) -> list[Unseen]:
    """Those of the letters that do not show in larger pictures, either."""
    lost: list[Unseen] = []
    look = CLOSER if len(letters) <= MANY else CLOSER_AT_MANY
    for group in _near(letters):
        boxes = np.array([letter.box for letter in group])
        camera = Camera.on(page, around([letter.box for letter in group]), look.scale)
        real = camera.picture(page, notes=True, around=None if shapes.whole else boxes)
        seen, _ = looked(look, group, camera, real, shapes, inks_of(group, camera, shapes))
        lost += _unseen(camera, real, [group[number] for number in np.flatnonzero(~seen).tolist()])
    return lost


def _blank(camera: Camera, real: Picture, doubt: Doubt) -> list[int]:
    """The sure texts in whose place there is a gap: along the line, nothing differs from one edge to the other."""
    if not doubt.sure:
        return []
    edges = camera.pixels(np.array([*doubt.sure.values()])).round().astype(int).clip(0)
    found: list[int] = []
    for text, (left, top, right, bottom) in zip(doubt.sure, edges.tolist(), strict=True):
        part = real[top : bottom + 1, left : right + 1, 1].astype(int)
        part = part if part.shape[1] >= part.shape[0] else part.T
        is_inked = part.max(axis=0, initial=0) - part.min(axis=0, initial=255) >= SEEN / 2
        gaps = np.diff(np.flatnonzero(np.concatenate([[True], is_inked, [True]]))) - 1
        if gaps.max() > GAP * part.shape[0]:
            found.append(text)
    return found


def _near(letters: Sequence[Letter]) -> list[list[Letter]]:
    """The letters in groups that are near to one another."""
    groups: dict[tuple[int, int], list[Letter]] = defaultdict(list)
    for letter in letters:
        left, bottom, _, _ = letter.box
        groups[int(left // TOGETHER), int(bottom // TOGETHER)].append(letter)
    return list(groups.values())


def printable(characters: Characters, texts: Container[int]) -> list[Letter]:
    """The printable characters of the texts, in order, without those for which this machine may have no shapes."""
    printed = np.flatnonzero(characters.are_of(texts) & ~characters.are_white)
    at = with_shapes(characters, printed)
    places, own = at.tolist(), characters.texts
    boxes = map(tuple, characters.ink[at].tolist())
    return list(map(Letter, places, map(own.__getitem__, places), characters.units[at].tolist(), boxes))


def with_shapes(characters: Characters, places: Places) -> Places:
    """Those of some characters for which pdfium has shapes on every machine."""
    may_have_none = characters.units[places] > LATIN
    if may_have_none.any():
        own = characters.texts_at(places[may_have_none].tolist())
        embedded = {text: call.FPDFFont_GetIsEmbedded(call.FPDFTextObj_GetFont(text)) == 1 for text in set(own)}
        may_have_none[may_have_none] = [not embedded[text] for text in own]
    return places[~may_have_none]


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
