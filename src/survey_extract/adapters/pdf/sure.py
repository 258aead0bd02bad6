"""What is painted on a page goes in, the texts that are not certainly visible come out.

A text is certainly visible when it is written as honest papers write: filled with an
opaque colour that is far darker than the paper and all that is under it, in
letters of at least four points, upright or turned by quarters, wholly on the
page and within its frames, and when nothing is painted on it. There is no list
of tricks here: whatever differs from that in any way is looked at as it is
drawn (``pdf_printed``). The texts of forms (pages within the page, as figures
are) are judged alike where the form does no more than stretch and move them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each_of, each_written, handle
from survey_extract.adapters.pdf.letters import Letter
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
    scales,
    shared,
)

SIZE = 4.0
"""Points; smaller letters are looked at."""
CONTRAST = 60
"""Of 255: by how much lighter than a text that needs no look the paper must be, and all else under it."""
BESIDE = 0.3
"""Of the square of a text's height: area that other sound texts may share with it; accents, indices and italics do."""
TOUCH = 0.01
"""The same for all else: a full stop. The line of a root, of a fraction or under a gap may touch the letter beside it."""
FLAT, NARROW = 0.35, 0.55
"""Of a font's size: what is lower and not wider than that is a mark beside letters."""
LINES = 1_000
"""Points of a path whose lines are looked at one by one; a path of more is taken for its whole box."""
CORNER = 2.0
"""Of half a line's width: how far the tip of a corner that is not sharp, or the end of a line, may go beyond it."""
LEAST_SHEET = 6.0
"""Points; what is lower or narrower makes no ground for a line of text."""
DARK = 140
"""Of 255: the lightest text that is told from paper under a marker pen."""
TALL = 2.0
"""Of the height that most things have: what is taller is compared with all texts, and all else with those on its height."""
COMPARED = 1_000_000
"""Pairs of a text and something else that are compared at a time."""
FEW = 100_000
"""Pairs that are all compared sooner than those of one height are found among them."""

WHITE = 255
_LAST = 1 << 30
"""The time of what is painted behind all else."""
_NOT_DRAWN = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP})
_STAMP = (ctypes.c_ushort * 6)(*b"Stamp", 0)
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
    boxes = np.array([one.box for one in objects]).reshape(-1, 4)
    frames = _frames(objects)
    lost = _lost(sheet, boxes, frames, paper)
    sound = _Own.none() if patterned else _sound(sheet, boxes, frames, paper)
    notes = _annotations(page)
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


class _Own(NamedTuple):
    """Sound texts: their numbers, which are the times at which they are painted, their boxes, their sizes and how light they are.

    Sizes are in points, lightness is of 255.
    """

    when: _Array
    boxes: _Array
    size: _Array
    light: _Array

    @classmethod
    def none(cls) -> _Own:
        return cls(np.zeros(0, dtype=int), np.zeros((0, 4)), np.zeros(0), np.zeros(0))

    def low(self) -> _Array:
        """By text, the shorter side of its box."""
        lower: _Array = np.minimum(self.boxes[:, 2] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 1])
        return lower

    def high(self) -> _Array:
        """By text, the longer side of its box."""
        higher: _Array = np.maximum(self.boxes[:, 2] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 1])
        return higher

    def some(self, which: _Array) -> _Own:
        return _Own(*(part[which] for part in self))


def _sound(sheet: Sheet, boxes: _Array, frames: _Array, paper: Box) -> _Own:
    """The texts about which nothing is odd, whatever stands beside them."""
    objects, modes, free, asked = sheet.objects, sheet.modes, sheet.free, sheet.texts
    texts = [number for number, one in enumerate(objects) if one.kind == raw.FPDF_PAGEOBJ_TEXT]
    if modes and any(modes.get(objects[number].item, 0) >= FRAMES for number in texts):
        return _Own.none()
    texts = [n for n in texts if (item := objects[n].item) in asked and item not in free and item not in modes]
    items, numbers = [objects[number].item for number in texts], np.array(texts, dtype=int)
    size, light = _sizes(items), _lights(items)
    is_fit = _are_within(paper, boxes[numbers]) & _are_within(frames[numbers], boxes[numbers]) & ~np.isnan(light)
    for at, place in enumerate(objects[number].place for number in texts):
        if place is not PAGE:
            size[at] *= place.scales()[0]
    fit = np.flatnonzero(is_fit & (size >= SIZE) & (light <= WHITE - CONTRAST))
    fit = fit[_are_plain(sheet, numbers[fit].tolist())]
    return _Own(numbers[fit], boxes[numbers[fit]], size[fit], light[fit])


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


def _are_within(outer: Box | _Array, boxes: _Array) -> _Array:
    """By box, whether one holds it, or its own one."""
    left, bottom, right, top = boxes.T
    low_x, low_y, high_x, high_y = np.asarray(outer).T
    found: _Array = (left >= low_x) & (bottom >= low_y) & (right <= high_x) & (top <= high_y)
    return found


# --- what else is painted where it stands ---------------------------------------------------------


class _Others(NamedTuple):
    """What is painted beside texts: where, when, whether it is a sound text, and how light the ground is that it makes."""

    boxes: _Array
    when: _Array
    text: _Array
    light: _Array

    @classmethod
    def of(cls, boxes: _Array, when: int, light: float = 0.0) -> _Others:
        """What is no text, painted at one time."""
        count = len(boxes)
        return cls(boxes, np.full(count, when), np.zeros(count, dtype=bool), np.full(count, light))

    @classmethod
    def texts(cls, own: _Own) -> _Others:
        """Sound texts themselves."""
        return cls(own.boxes, own.when, np.ones(len(own.when), dtype=bool), np.zeros(len(own.when)))

    def no_texts(self) -> _Others:
        return _Others(*(part[~self.text] for part in self))

    @classmethod
    def all(cls, others: Iterable[_Others]) -> _Others:
        return cls(*(np.concatenate(parts) for parts in zip(*others, strict=True)))


def _met(sheet: Sheet, boxes: _Array, sound: _Own, pinned: _Array, letters_of: LettersOf) -> tuple[_Array, _Array]:
    """By sound text, whether anything is painted over or under it that could conceal a letter; and whether only notes are.

    Those that only the box of something meets are checked against what it
    really paints on, and that against each letter: between the cells of a row, which
    are one text, stand the lines of a table.
    """
    none = np.zeros(len(sound.when), dtype=bool)
    if not len(sound.when):
        return none, none
    ask, notes = Ask(), _Others.of(pinned, _LAST)
    first = _meetings(sound, _Others.all([_besides(ask, sheet, boxes, sound), notes]))
    met, touched = first.met, first.touching
    if not met.any():
        return none, none
    own, is_sound = sound.some(met), np.isin(touched, sound.when)
    closer = _Others.all(
        [_Others.texts(sound.some(np.isin(sound.when, touched))), *_closer(ask, sheet, touched[~is_sound])]
    )
    since = _covers(ask, sheet, boxes, own)
    texts = [sheet.objects[when].item for when in own.when.tolist()]
    still = _are_concealed(own, texts, _Others.all([closer, notes]), since, letters_of)
    under_notes = np.zeros_like(still)
    if len(notes.when):
        on_paper = own._replace(light=np.full(len(own.when), WHITE - CONTRAST))
        under_notes = still & (own.light <= DARK) & ~_are_concealed(on_paper, texts, closer, since, letters_of)
    return _spread(met, still & ~under_notes), _spread(met, under_notes)


def _are_concealed(own: _Own, texts: Sequence[int], others: _Others, since: _Array, letters_of: LettersOf) -> _Array:
    """By text, whether anything that is painted after ``since`` could conceal a letter of it."""
    found = _meetings(own, others, since)
    if not found.besides.any():
        return found.among
    number_of = {texts[at]: at for at in np.flatnonzero(found.besides & ~found.among).tolist()}
    letters = letters_of(number_of)
    of = np.array([number_of[letter.text] for letter in letters], dtype=int)
    boxes = np.array([letter.box for letter in letters]).reshape(-1, 4)
    touched = _meetings(_Own(own.when[of], boxes, own.size[of], own.light[of]), others.no_texts(), since[of]).touched
    concealed = found.among.copy()
    concealed[of[touched]] = True
    return concealed


def _spread(which: _Array, values: _Array) -> _Array:
    """Values of some, as values of all."""
    found = np.zeros(len(which), dtype=bool)
    found[which] = values
    return found


def _closer(ask: Ask, sheet: Sheet, numbers: _Array) -> Iterator[_Others]:
    """What some objects that are no sound texts really paint on: their lines one by one, and all within their frames."""
    parts, windows = list[_Others](), list[Box]()
    for when in numbers.tolist():
        own = list(_painted(ask, sheet, when))
        parts += own
        windows += [reach(ask, sheet.objects[when])] * len(own)
    if parts:
        whole = _Others.all(parts)
        frames = np.repeat(np.array(windows), [len(part.boxes) for part in parts], axis=0)
        low, high = np.maximum(whole.boxes[:, :2], frames[:, :2]), np.minimum(whole.boxes[:, 2:], frames[:, 2:])
        yield whole._replace(boxes=np.concatenate([low, high], axis=1))


class _Meetings(NamedTuple):
    """By text, whether it shares too much of its place with sound texts, with anything else, and whether any place with that."""

    among: _Array
    besides: _Array
    touched: _Array
    touching: _Array
    """The objects of the page that touch a text which shares too much."""

    @property
    def met(self) -> _Array:
        met: _Array = self.among | self.besides
        return met


def _meetings(own: _Own, others: _Others, since: _Array | None = None) -> _Meetings:
    """What of the others that is painted after ``since``, and would conceal a text, lies where the texts do."""
    low = own.low()
    is_mark = (low < FLAT * own.size) & (own.high() < NARROW * own.size)
    among, besides = np.zeros(len(low)), np.zeros(len(low))
    pairs: list[tuple[_Array, _Array]] = []
    for one, other in _overlapping(own.boxes, others.boxes):
        when, behind = others.when[other], own.when[one]
        counts = (when > behind) | ((when < behind) & (others.light[other] < own.light[one] + CONTRAST))
        if since is not None:
            counts &= when > since[one]
        one, other = one[counts], other[counts]  # noqa: PLW2901
        area, is_text = _shared_areas(own.boxes[one], others.boxes[other]), others.text[other]
        among += np.bincount(one, area * is_text, len(low))
        besides += np.bincount(one, area * ~is_text, len(low))
        pairs.append((one, other))
    is_among, is_beside = (among > BESIDE * low**2) & ~is_mark, besides > TOUCH * low**2
    met = is_among | is_beside
    touching = np.concatenate([others.when[:0], *(others.when[other[met[one]]] for one, other in pairs)])
    return _Meetings(is_among, is_beside, besides > 0, np.unique(touching[touching != _LAST]))


def _overlapping(own: _Array, others: _Array) -> Iterator[tuple[_Array, _Array]]:
    """The pairs of a text and another that share some place, by number, from so many at a time."""
    (left, bottom, right, top), (o_left, o_bottom, o_right, o_top) = own.T, others.T
    if len(own) * len(others) <= FEW:
        left, bottom, right, top = own.T[..., None]
        beside, level = (o_left < right) & (o_right > left), (o_bottom < top) & (o_top > bottom)
        one, other = np.nonzero(beside & level)
        yield one, other
        return
    for one, other in _neighbours(own, others):
        near = (o_left[other] < right[one]) & (o_right[other] > left[one])
        one, other = one[near], other[near]  # noqa: PLW2901
        near = (o_bottom[other] < top[one]) & (o_top[other] > bottom[one])
        yield one[near], other[near]


def _neighbours(own: _Array, others: _Array) -> Iterator[tuple[_Array, _Array]]:
    """The pairs of a text and another that may share some of their height, by number, so many at a time.

    What is much taller than most is compared with all texts.
    """
    heights = others[:, 3] - others[:, 1]
    tallest = TALL * float(np.median(heights)) if len(heights) else 0.0
    order = np.argsort(others[:, 1], kind="stable")
    is_tall = (heights > tallest)[order]
    tall, flat = order[is_tall], order[~is_tall]
    bottoms, either = others[flat, 1], np.concatenate([tall, flat])
    starts, ends = np.searchsorted(bottoms, own[:, 1] - tallest), np.searchsorted(bottoms, own[:, 3])
    counts = np.maximum(ends - starts, 0) + len(tall)
    parts = np.cumsum(counts) // COMPARED if len(counts) else np.array([-1])
    for part in range(int(parts[-1]) + 1):
        rows = np.flatnonzero(parts == part)
        of_rows = counts[rows]
        one = np.repeat(rows, of_rows)
        nth = np.arange(len(one)) - np.repeat(np.cumsum(of_rows) - of_rows, of_rows)
        yield one, either[np.where(nth < len(tall), nth, nth + starts[one])]


def _shared_areas(one: _Array, other: _Array) -> _Array:
    """By pair of boxes, the area in square points that lies in both."""
    shared = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    areas: _Array = np.maximum(shared[:, 0], 0.0) * np.maximum(shared[:, 1], 0.0)
    return areas


def _besides(ask: Ask, sheet: Sheet, boxes: _Array, sound: _Own) -> _Others:
    """All that is on the page, by its boxes."""
    objects, count = sheet.objects, len(sheet.objects)
    is_sound, light = np.zeros(count, dtype=bool), np.zeros(count)
    is_sound[sound.when] = True
    for number in _large_paths(objects, boxes):
        light[number] = _sheet_light(ask, objects[number])
    if sheet.free and (free := [number for number, one in enumerate(objects) if one.item in sheet.free]):
        boxes = boxes.copy()
        boxes[free] = EVERYWHERE
    return _Others(boxes, np.arange(count), is_sound, light)


def _large_paths(objects: Sequence[Painted], boxes: _Array) -> list[int]:
    """Those that are large enough for a ground."""
    is_large = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) >= LEAST_SHEET
    return [number for number in np.flatnonzero(is_large).tolist() if objects[number].kind == raw.FPDF_PAGEOBJ_PATH]


def _sheet_light(ask: Ask, path: Painted) -> float:
    """How light the ground is that a large path makes."""
    return _ground(path.item, ask.fill(path.item)) if ask.draws(path.item) == (True, False) else 0.0


def _painted(ask: Ask, sheet: Sheet, when: int) -> Iterator[_Others]:
    """What an object paints that is no sound text."""
    one = sheet.objects[when]
    if one.kind == raw.FPDF_PAGEOBJ_PATH:
        yield from _path(ask, one, when)
    else:
        yield _Others.of(np.array([EVERYWHERE if one.item in sheet.free else one.box]), when)


def _path(ask: Ask, path: Painted, when: int) -> Iterator[_Others]:
    """A path's inside, and its lines."""
    item, _, box, place = path
    inside, outline = ask.draws(item)
    if inside and (colour := ask.fill(item))[-1]:
        yield _Others.of(np.array([box]), when, _ground(item, colour))
    if outline and (colour := ask.stroke(item))[-1]:
        half, light = ask.width(item) * place.scales()[1] * CORNER / 2, _ground(item, colour)
        lines = ask.lines(item, LINES)
        boxes = np.array([box]) if lines is None else place.boxes(lines)
        yield _Others.of(boxes + np.array([-half, -half, half, half]), when, light)


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


def _covers(ask: Ask, sheet: Sheet, boxes: _Array, own: _Own) -> _Array:
    """By text, the time of the last sheet below it that is lighter, and larger: what is older is under it."""
    since = np.full(len(own.when), -1)
    for when, texts in _around(boxes, _large_paths(sheet.objects, boxes), own):
        path, over = sheet.objects[when], texts[since[texts] < 0]
        if not len(over) or not _is_sheet(ask, path.item):
            continue
        window = ask.window(path.item)
        through = NOWHERE if window is None else shared(shared(path.box, path.place.frame), path.place.box(window))
        stands_out = own.light[over] <= _ground(path.item, ask.fill(path.item)) - CONTRAST
        inside = over[_are_within(through, own.boxes[over]) & stands_out]
        if len(inside) and (outline := ask.outline(path, LINES)) is not None:
            since[inside[outline.hold(own.boxes[inside])]] = when
    return since


def _around(boxes: _Array, paths: Sequence[int], own: _Own) -> Iterator[tuple[int, _Array]]:
    """The paths in whose boxes texts are that are painted later, the last first, each with the numbers of these texts."""
    at_a_time = max(1, COMPARED // len(own.when))
    last_first = np.array(paths[::-1], dtype=int)
    for start in range(0, len(last_first), at_a_time):
        part = last_first[start : start + at_a_time]
        outer, inner = boxes[part][:, None], own.boxes[None]
        holds = (outer[..., :2] <= inner[..., :2]).all(axis=2) & (outer[..., 2:] >= inner[..., 2:]).all(axis=2)
        holds &= own.when[None] > part[:, None]
        for at in np.flatnonzero(holds.any(axis=1)).tolist():
            yield int(part[at]), np.flatnonzero(holds[at])


def _is_sheet(ask: Ask, path: int) -> bool:
    """Whether a path is filled with an opaque colour, whatever becomes of layers."""
    is_opaque = ask.fill(path)[-1] == OPAQUE and not call.FPDFPageObj_HasTransparency(path)
    return ask.draws(path)[0] and is_opaque and not ask.is_on_a_layer(path)


def _annotations(page: pdfium.PdfPage) -> _Array:
    """What is pinned to the page, above all that is painted on it: all but links that draw nothing.

    Fields of forms and notes that pop up become stamps: pdfium does not draw all of them, as other readers do.
    What holds texts that may paint beyond their place may be anywhere.
    """
    place, found = raw.FS_RECTF(), list[Box]()
    for index in range(call.FPDFPage_GetAnnotCount(handle(page.raw))):
        note = call.FPDFPage_GetAnnot(handle(page.raw), index)
        kind, drawn = call.FPDFAnnot_GetSubtype(note), call.FPDFAnnot_HasKey(note, b"AP")
        if kind in _NOT_DRAWN and drawn:
            call.FPDFAnnot_SetStringValue(note, b"Subtype", _STAMP)
        if (drawn or kind != raw.FPDF_ANNOT_LINK) and call.FPDFAnnot_GetRect(note, place):
            is_tame = not drawn or _stays_within(note)
            found.append((place.left, place.bottom, place.right, place.top) if is_tame else EVERYWHERE)
        call.FPDFPage_CloseAnnot(note)
    return np.array(found).reshape(-1, 4)


def _stays_within(note: int) -> bool:
    """Whether the face of what is pinned to a page holds no texts that may paint beyond their place."""
    items = [call.FPDFAnnot_GetObject(note, index) for index in range(call.FPDFAnnot_GetObjectCount(note))]
    kinds = each_of("FPDFPageObj_GetType", items)
    return Sheet.among([Painted(*one, NOWHERE) for one in zip(items, kinds, strict=True)]).is_tame()
