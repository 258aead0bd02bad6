"""What is painted on a page goes in, the texts that are not certainly visible come out.

A text is certainly visible when it is written as honest papers write: filled with an
opaque colour that is far darker than the paper and all that is under it, in
letters of at least four points, upright or turned by quarters, wholly on the
page and within its frames, and when nothing is painted on it. There is no list
of tricks here: whatever differs from that in any way is looked at as it is
drawn (``printed``). The texts of forms (pages within the page, as figures
are) are judged alike where the form does no more than stretch and move them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each_of, each_written
from survey_extract.adapters.pdf.letters import Letter
from survey_extract.adapters.pdf.meetings import COMPARED, CONTRAST, LAST, Others, Own, are_within, meetings
from survey_extract.adapters.pdf.notes import pinned_to
from survey_extract.adapters.pdf.objects import (
    EVERYWHERE,
    FRAMES,
    NOWHERE,
    OPAQUE,
    PAGE,
    Ask,
    Box,
    Painted,
    Sheet,
    around,
    boxes_of,
    scales,
    shared,
)
from survey_extract.adapters.pdf.outlines import lines_of, outline_of

SIZE = 4.0
"""Points; smaller letters are looked at."""
LINES = 1_000
"""Points of a path whose lines are looked at one by one; a path of more is taken for its whole box."""
CORNER = 2.0
"""Of half a line's width: how far the tip of a corner that is not sharp, or the end of a line, may go beyond it."""
LEAST_SHEET = 6.0
"""Points; what is lower or narrower makes no ground for a line of text."""
DARK = 140
"""Of 255: the lightest text that is told from paper under a marker pen."""

WHITE = 255
_Array = np.ndarray[Any, np.dtype[Any]]


class Doubt(NamedTuple):
    """The texts of a page, by their addresses, in the order in which they are painted."""

    texts: list[int]
    """Those that must be looked at."""
    lost: dict[int, bool]
    """Those of which nothing is painted, and whether they are outside the paper."""
    sure: dict[int, Box]
    """The others, each with its place."""
    noted: dict[int, Box]
    """Those that would be sure, on white paper, but for what is pinned to the page on them, each with its place."""
    wild: bool
    """Whether there are texts that may paint beyond their place: outlines, or letters that draw as they like."""
    loose: bool = False
    """Whether there are any besides the page's own and those in forms that are looked into."""
    pinned: bool = False
    """Whether anything is pinned to the page."""


LettersOf = Callable[[Collection[int]], Sequence[Letter]]
"""The printable letters of some texts."""


def doubt(page: pdfium.PdfPage, sheet: Sheet, letters_of: LettersOf, *, patterned: bool) -> Doubt:
    """Which texts must be looked at; where a page is ``patterned``, no colour is what pdfium says it is."""
    objects, paper = sheet.objects, page.get_bbox()
    boxes = boxes_of(objects)
    frames = _frames(objects)
    lost = _lost(sheet, boxes, frames, paper)
    sound = Own.none() if patterned else _sound(sheet, boxes, frames, paper)
    notes = pinned_to(page)
    met, under_notes = _met(sheet, boxes, sound, notes, letters_of)
    noted, sure = (
        {objects[number].item: objects[number].box for number in sound.when[which].tolist()}
        for which in (under_notes, ~(met | under_notes))
    )
    known = {*lost, *sure, *noted}
    loose = sheet.is_deep or bool((notes == EVERYWHERE).all(axis=1).any())
    doubtful = [text for text in sheet.texts if text not in known]
    return Doubt(doubtful, lost, sure, noted, bool(sheet.free) or loose, loose, pinned=len(notes) > 0)


def _lost(sheet: Sheet, boxes: _Array, frames: _Array, paper: Box) -> dict[int, bool]:
    """The texts that paint nothing, and whether that is since they are outside the paper; else their frames let nothing through."""
    found: dict[int, bool] = {}
    outside = _are_apart(paper, boxes)
    framed_out = _are_apart(frames, boxes)
    for number in np.flatnonzero(outside | framed_out).tolist():
        item, kind, *_ = sheet.objects[number]
        if kind == raw.FPDF_PAGEOBJ_TEXT and item not in sheet.free:
            found[item] = bool(outside[number])
    return found


def _frames(objects: Sequence[Painted]) -> _Array:
    """By object, what the frames of the forms let through in which it is."""
    frames = np.full((len(objects), 4), EVERYWHERE)
    if inner := [number for number, one in enumerate(objects) if one.place is not PAGE]:
        frames[inner] = [objects[number].place.frame for number in inner]
    return frames


def _are_apart(one: Box | _Array, others: _Array) -> _Array:
    """By box, whether it shares nothing with one, or with its own one."""
    left, bottom, right, top = others.T
    low_x, low_y, high_x, high_y = np.asarray(one).T
    found: _Array = (low_x > right) | (left > high_x) | (low_y > top) | (bottom > high_y)
    return found


# --- what a text itself tells ---------------------------------------------------------------------


def _sound(sheet: Sheet, boxes: _Array, frames: _Array, paper: Box) -> Own:
    """The texts about which nothing is odd, whatever stands beside them."""
    objects, modes, free, asked = sheet.objects, sheet.modes, sheet.free, sheet.texts
    texts = [number for number, one in enumerate(objects) if one.kind == raw.FPDF_PAGEOBJ_TEXT]
    if modes and any(modes.get(objects[number].item, 0) >= FRAMES for number in texts):
        return Own.none()
    texts = [n for n in texts if (item := objects[n].item) in asked and item not in free and item not in modes]
    items, numbers = [objects[number].item for number in texts], np.array(texts, dtype=int)
    size, light = _sizes(items), _lights(items)
    is_fit = are_within(paper, boxes[numbers]) & are_within(frames[numbers], boxes[numbers]) & ~np.isnan(light)
    for at, place in enumerate(objects[number].place for number in texts):
        if place is not PAGE:
            size[at] *= place.scales()[0]
    fit = np.flatnonzero(is_fit & (size >= SIZE) & (light <= WHITE - CONTRAST))
    fit = fit[_are_plain(sheet, numbers[fit].tolist())]
    return Own(numbers[fit], boxes[numbers[fit]], size[fit], light[fit])


def _lights(texts: Sequence[int]) -> _Array:
    """How light each of some texts is; not a number where it is not opaque."""
    colours = np.zeros((len(texts), 4), dtype=np.uint32)
    is_filled = np.array(each_written("FPDFPageObj_GetFillColor", texts, colours, 4), dtype=bool)
    red, green, blue, opacity = colours.T
    light = np.where(is_filled, 0.299 * red + 0.587 * green + 0.114 * blue, 0.0)
    light[is_filled & (opacity != OPAQUE)] = np.nan
    return light


def _sizes(texts: Sequence[int]) -> _Array:
    """Of the letters of each of some texts, in points; 0 when they are turned by anything but quarters."""
    points, matrices = np.zeros((len(texts), 1), dtype=np.float32), np.zeros((len(texts), 6), dtype=np.float32)
    each_written("FPDFTextObj_GetFontSize", texts, points, 1)
    each_written("FPDFPageObj_GetMatrix", texts, matrices, 1)
    own, (a, b, c, d) = np.abs(points[:, 0]).astype(float), matrices[:, :4].T.astype(float)
    sizes: _Array = own * np.minimum(np.abs(a), np.abs(d))
    for at in np.flatnonzero((b != 0) | (c != 0)).tolist():
        sizes[at] = own[at] * _stretch(matrices[at].tolist())
    return sizes


def _stretch(matrix: Sequence[float]) -> float:
    """By how much a matrix stretches letters at least; 0 when it turns them by anything but quarters."""
    a, b, c, d = (abs(part) for part in matrix[:4])
    least = 1e-3 * max(a, b, c, d)
    turned_by_quarters = (b <= least and c <= least) or (a <= least and d <= least)
    return min(scales(matrix)) if turned_by_quarters else 0.0


def _are_plain(sheet: Sheet, numbers: Sequence[int]) -> _Array:
    """By text, whether nothing shines through it, no layer switches it off, and its frames are around all of it."""
    ask, objects = Ask(), sheet.objects
    items = [objects[number].item for number in numbers]
    shines, frames = each_of("FPDFPageObj_HasTransparency", items), each_of("FPDFPageObj_GetClipPath", items)
    plain = ~np.array(shines, dtype=bool)
    is_framed = np.array(each_of("FPDFClipPath_CountPaths", frames)) > 0
    for at in np.flatnonzero(plain & is_framed).tolist():
        _, _, box, place = objects[numbers[at]]
        window = ask.window(items[at])
        plain[at] = window is not None and _holds(window, box if place is PAGE else ask.bounds(items[at]))
    for at in [at for at, item in enumerate(items) if item in sheet.marked] if sheet.marked else ():
        plain[at] &= not ask.is_on_a_layer(items[at])
    return plain


def _lightness(colour: Sequence[int]) -> float:
    red, green, blue, _ = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


# --- what else is painted where it stands ---------------------------------------------------------


def _met(sheet: Sheet, boxes: _Array, sound: Own, pinned: _Array, letters_of: LettersOf) -> tuple[_Array, _Array]:
    """By sound text, whether anything is painted over or under it that could conceal a letter; and whether only notes are.

    Those that only the box of something meets are checked against what it
    really paints on, and that against each letter: between the cells of a row, which
    are one text, stand the lines of a table.
    """
    none = np.zeros(len(sound.when), dtype=bool)
    if not len(sound.when):
        return none, none
    ask, notes = Ask(), Others.of(pinned, LAST)
    first = meetings(sound, Others.all([_besides(ask, sheet, boxes, sound), notes]))
    met, touched = first.met, first.touching
    if not met.any():
        return none, none
    own, is_sound = sound.some(met), np.isin(touched, sound.when)
    closer = Others.all(
        [Others.texts(sound.some(np.isin(sound.when, touched))), *_closer(ask, sheet, touched[~is_sound])]
    )
    since = _covers(ask, sheet, boxes, own)
    texts = [sheet.objects[when].item for when in own.when.tolist()]
    still = _are_concealed(own, texts, Others.all([closer, notes]), since, letters_of)
    under_notes = np.zeros_like(still)
    if len(notes.when):
        on_paper = own._replace(light=np.full(len(own.when), WHITE - CONTRAST))
        under_notes = still & (own.light <= DARK) & ~_are_concealed(on_paper, texts, closer, since, letters_of)
    return _spread(met, still & ~under_notes), _spread(met, under_notes)


def _are_concealed(own: Own, texts: Sequence[int], others: Others, since: _Array, letters_of: LettersOf) -> _Array:
    """By text, whether anything that is painted after ``since`` could conceal a letter of it."""
    found = meetings(own, others, since)
    if not found.besides.any():
        return found.among
    number_of = {texts[at]: at for at in np.flatnonzero(found.besides & ~found.among).tolist()}
    letters = letters_of(number_of)
    of = np.array([number_of[letter.text] for letter in letters], dtype=int)
    boxes = np.array([letter.box for letter in letters]).reshape(-1, 4)
    touched = meetings(Own(own.when[of], boxes, own.size[of], own.light[of]), others.no_texts(), since[of]).touched
    concealed = found.among.copy()
    concealed[of[touched]] = True
    return concealed


def _spread(which: _Array, values: _Array) -> _Array:
    """Values of some, as values of all."""
    found = np.zeros(len(which), dtype=bool)
    found[which] = values
    return found


def _closer(ask: Ask, sheet: Sheet, numbers: _Array) -> Iterator[Others]:
    """What some objects that are no sound texts really paint on: their lines one by one, and all within their frames."""
    parts, windows = list[Others](), list[Box]()
    for when in numbers.tolist():
        own = list(_painted(ask, sheet, when))
        parts += own
        windows += [reach(ask, sheet.objects[when])] * len(own)
    if parts:
        whole = Others.all(parts)
        frames = np.repeat(np.array(windows), [len(part.boxes) for part in parts], axis=0)
        low, high = np.maximum(whole.boxes[:, :2], frames[:, :2]), np.minimum(whole.boxes[:, 2:], frames[:, 2:])
        yield whole._replace(boxes=np.concatenate([low, high], axis=1))


def _besides(ask: Ask, sheet: Sheet, boxes: _Array, sound: Own) -> Others:
    """All that is on the page, by its boxes."""
    objects, count = sheet.objects, len(sheet.objects)
    is_sound, light = np.zeros(count, dtype=bool), np.zeros(count)
    is_sound[sound.when] = True
    for number in _large_paths(objects, boxes):
        light[number] = _sheet_light(ask, objects[number])
    if sheet.free and (free := [number for number, one in enumerate(objects) if one.item in sheet.free]):
        boxes = boxes.copy()
        boxes[free] = EVERYWHERE
    return Others(boxes, np.arange(count), is_sound, light)


def _large_paths(objects: Sequence[Painted], boxes: _Array) -> list[int]:
    """Those that are large enough for a ground."""
    is_large = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) >= LEAST_SHEET
    return [number for number in np.flatnonzero(is_large).tolist() if objects[number].kind == raw.FPDF_PAGEOBJ_PATH]


def _sheet_light(ask: Ask, path: Painted) -> float:
    """How light the ground is that a large path makes."""
    return _ground(path.item, ask.fill(path.item)) if ask.draws(path.item) == (True, False) else 0.0


def _painted(ask: Ask, sheet: Sheet, when: int) -> Iterator[Others]:
    """What an object paints that is no sound text."""
    one = sheet.objects[when]
    if one.kind == raw.FPDF_PAGEOBJ_PATH:
        yield from _path(ask, one, when)
    else:
        yield Others.of(np.array([EVERYWHERE if one.item in sheet.free else one.box]), when)


def _path(ask: Ask, path: Painted, when: int) -> Iterator[Others]:
    """A path's inside, and its lines."""
    item, _, box, place = path
    inside, outline = ask.draws(item)
    if inside and (colour := ask.fill(item))[-1]:
        yield Others.of(np.array([box]), when, _ground(item, colour))
    if outline and (colour := ask.stroke(item))[-1]:
        half, light = ask.width(item) * place.scales()[1] * CORNER / 2, _ground(item, colour)
        lines = lines_of(ask, item, LINES)
        boxes = np.array([box]) if lines is None else place.boxes(lines)
        yield Others.of(boxes + np.array([-half, -half, half, half]), when, light)


def _ground(path: int, colour: tuple[int, int, int, int]) -> float:
    """How light the ground is that a path makes; one that shines through may be dark."""
    return 0.0 if call.FPDFPageObj_HasTransparency(path) else _lightness(colour)


def reach(ask: Ask, one: Painted) -> Box:
    """Where something can paint at all, for its frames; a form, for the frames of what is in it."""
    item, kind, _, place = one
    box, window = place.frame, ask.window(item)
    if kind == raw.FPDF_PAGEOBJ_FORM:
        box = shared(box, place.box(ask.placed(item, _content(ask, item))))
    return box if window is None else shared(box, place.box(window))


def _content(ask: Ask, form: int) -> Box:
    """One box around all that is painted in a form, within its frames, in the form's measure.

    pdfium holds against each object the frame of the form itself, but for those that lie within it.
    """
    found = NOWHERE
    for index in range(call.FPDFFormObj_CountObjects(form)):
        item = call.FPDFFormObj_GetObject(form, index)
        window, box = ask.window(item), ask.bounds(item)
        box = box if window is None else shared(box, window)
        if box[0] <= box[2] and box[1] <= box[3]:
            found = around([found, box])
    return found


def _covers(ask: Ask, sheet: Sheet, boxes: _Array, own: Own) -> _Array:
    """By text, the time of the last sheet below it that is lighter, and larger: what is older is under it."""
    since = np.full(len(own.when), -1)
    for when, texts in _around(boxes, _large_paths(sheet.objects, boxes), own):
        path, over = sheet.objects[when], texts[since[texts] < 0]
        if not len(over) or not _is_sheet(ask, path.item):
            continue
        window = ask.window(path.item)
        through = NOWHERE if window is None else shared(shared(path.box, path.place.frame), path.place.box(window))
        stands_out = own.light[over] <= _ground(path.item, ask.fill(path.item)) - CONTRAST
        inside = over[are_within(through, own.boxes[over]) & stands_out]
        if len(inside) and (outline := outline_of(ask, path, LINES)) is not None:
            since[inside[outline.hold(own.boxes[inside])]] = when
    return since


def _around(boxes: _Array, paths: Sequence[int], own: Own) -> Iterator[tuple[int, _Array]]:
    """The paths in whose boxes texts are that are painted later, the last first, each with the numbers of these texts."""
    at_a_time = max(1, COMPARED // len(own.when))
    last_first = np.array(paths[::-1], dtype=int)
    for start in range(0, len(last_first), at_a_time):
        part = last_first[start : start + at_a_time]
        left, bottom, right, top = own.boxes.T
        low_x, low_y, high_x, high_y = boxes[part].T[..., None]
        holds = (low_x <= left) & (low_y <= bottom) & (high_x >= right) & (high_y >= top)
        holds &= own.when > part[:, None]
        for at in np.flatnonzero(holds.any(axis=1)).tolist():
            yield int(part[at]), np.flatnonzero(holds[at])


def _is_sheet(ask: Ask, path: int) -> bool:
    """Whether a path is filled with an opaque colour, whatever becomes of layers."""
    is_opaque = ask.fill(path)[-1] == OPAQUE and not call.FPDFPageObj_HasTransparency(path)
    return ask.draws(path)[0] and is_opaque and not ask.is_on_a_layer(path)
