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
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each_of, each_written, handle
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
LEAST_SHEET = 6.0
"""Points; what is lower or narrower makes no ground for a line of text."""
DARK = 140
"""Of 255: the lightest text that is told from paper under a marker pen."""
TALL = 40.0
"""Points; what is taller is compared with all texts, and all else with those on its height."""
COMPARED = 1_000_000
"""Pairs of a text and something else that are compared at a time."""

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


def doubt(page: pdfium.PdfPage, sheet: Sheet, *, patterned: bool) -> Doubt:
    """Which texts must be looked at; where a page is ``patterned``, no colour is what pdfium says it is."""
    objects, paper = sheet.objects, page.get_bbox()
    lost = _lost(sheet, paper)
    sound = {} if patterned else _sound(sheet, paper)
    met, under_notes = _met(page, sheet, sound)
    noted = {objects[number].item: objects[number].box for number in under_notes}
    sure = {objects[number].item: objects[number].box for number in sound.keys() - met - under_notes}
    known = {*lost, *sure, *noted}
    return Doubt([text for text in sheet.texts if text not in known], lost, sure, noted, bool(sheet.free))


def _lost(sheet: Sheet, paper: Box) -> dict[int, bool]:
    """The texts that paint nothing, and whether that is since they are outside the paper; else their frames let nothing through."""
    found: dict[int, bool] = {}
    for item, kind, box, place in sheet.objects:
        if kind == raw.FPDF_PAGEOBJ_TEXT and item not in sheet.free:
            if _are_apart(paper, box):
                found[item] = True
            elif place is not PAGE and _are_apart(place.frame, box):
                found[item] = False
    return found


def _are_apart(one: Box, other: Box) -> bool:
    return one[0] > other[2] or other[0] > one[2] or one[1] > other[3] or other[1] > one[3]


# --- what a text itself tells ---------------------------------------------------------------------


class _Look(NamedTuple):
    """How large and how light a text is, in points and of 255."""

    size: float
    light: float


def _sound(sheet: Sheet, paper: Box) -> dict[int, _Look]:
    """The texts about which nothing is odd, whatever stands beside them, by number."""
    ask, found = Ask(), dict[int, _Look]()
    texts = [(number, one) for number, one in enumerate(sheet.objects) if one.kind == raw.FPDF_PAGEOBJ_TEXT]
    items = [text.item for _, text in texts]
    modes = each_of("FPDFTextObj_GetTextRenderMode", items)
    if max(modes, default=0) >= FRAMES:
        return {}
    colours, sizes = np.zeros((len(items), 4), dtype=np.uint32), np.zeros((len(items), 1), dtype=np.float32)
    matrices = np.zeros((len(items), 6), dtype=np.float32)
    is_filled = each_written("FPDFPageObj_GetFillColor", [items], colours, 4)
    each_written("FPDFTextObj_GetFontSize", [items], sizes, 1)
    each_written("FPDFPageObj_GetMatrix", [items], matrices, 1)
    told = zip(texts, modes, is_filled, colours.tolist(), sizes[:, 0].tolist(), matrices.tolist(), strict=True)
    for (number, text), mode, filled, colour, points, matrix in told:
        if mode != raw.FPDF_TEXTRENDERMODE_FILL or text.item in sheet.free or text.item not in sheet.texts:
            continue
        size = _size(abs(points), matrix) * (1.0 if text.place is PAGE else text.place.scales()[0])
        light = _lightness(colour) if filled else 0.0
        is_dark = (not filled or colour[-1] == OPAQUE) and light <= WHITE - CONTRAST
        if is_dark and size >= SIZE and _is_plain(ask, text, paper, is_marked=text.item in sheet.marked):
            found[number] = _Look(size, light)
    return found


def _size(points: float, matrix: Sequence[float]) -> float:
    """Of letters, in points; 0 when they are turned by anything but quarters."""
    a, b, c, d, *_ = matrix
    if b == c == 0.0:
        return points * min(abs(a), abs(d))
    a, b, c, d = abs(a), abs(b), abs(c), abs(d)
    least = 1e-3 * max(a, b, c, d)
    turned_by_quarters = (b <= least and c <= least) or (a <= least and d <= least)
    return points * min(scales(matrix)) if turned_by_quarters else 0.0


def _is_plain(ask: Ask, text: Painted, paper: Box, *, is_marked: bool) -> bool:
    item, _, box, place = text
    if call.FPDFPageObj_HasTransparency(item) or (is_marked and ask.is_on_a_layer(item)):
        return False
    if not _holds(paper, box) or not (place is PAGE or _holds(place.frame, box)):
        return False
    window = ask.window(item)
    return window is EVERYWHERE or (window is not None and _holds(window, box if place is PAGE else ask.bounds(item)))


def _lightness(colour: Sequence[int]) -> float:
    red, green, blue, _ = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


# --- what else is painted where it stands ---------------------------------------------------------


class _Other(NamedTuple):
    """Something painted beside a text: where, when, whether it is a sound text, and how light the ground is that it makes."""

    box: Box
    when: int
    text: bool = False
    light: float = 0.0


class _Others(NamedTuple):
    """The same of many, one behind the other."""

    boxes: _Array
    when: _Array
    text: _Array
    light: _Array

    @classmethod
    def of(cls, others: Sequence[_Other]) -> _Others:
        when, text, light = np.array([other[1:] for other in others]).reshape(-1, 3).T
        return cls(np.array([other.box for other in others]).reshape(-1, 4), when, text, light)

    def with_texts(self, own: _Own) -> _Others:
        """And the sound texts themselves."""
        boxes, when = np.concatenate([self.boxes, own.boxes]), np.concatenate([self.when, own.when])
        ones = np.ones(len(own.when))
        return _Others(boxes, when, np.concatenate([self.text, ones]), np.concatenate([self.light, 0 * ones]))


class _Own(NamedTuple):
    """Sound texts: their numbers, which are the times at which they are painted, their boxes, their sizes and how light they are."""

    when: _Array
    boxes: _Array
    size: _Array
    light: _Array

    @classmethod
    def of(cls, objects: Sequence[Painted], sound: Mapping[int, _Look]) -> _Own:
        size, light = np.array([*sound.values()]).T
        return cls(np.array([*sound]), np.array([objects[number].box for number in sound]), size, light)

    def low(self) -> _Array:
        """By text, the shorter side of its box."""
        lower: _Array = np.minimum(self.boxes[:, 2] - self.boxes[:, 0], self.boxes[:, 3] - self.boxes[:, 1])
        return lower

    def some(self, which: _Array) -> _Own:
        return _Own(*(part[which] for part in self))


def _met(page: pdfium.PdfPage, sheet: Sheet, sound: Mapping[int, _Look]) -> tuple[set[int], set[int]]:
    """The sound texts over or under which anything is painted that could conceal a letter; and those that only notes meet.

    Those that only the box of something meets are checked against what it really paints on.
    """
    if not sound:
        return set(), set()
    ask, objects = Ask(), sheet.objects
    others = [*_besides(ask, sheet, sound), *_annotations(page)]
    own = _Own.of(objects, sound)
    met, touched = _meetings(own, _Others.of(others).with_texts(own), np.full(len(own.when), -1))
    if not met.any():
        return set(), set()
    notes = [other for other in others if other.when == _LAST]
    closer = [*_closer(ask, sheet, sound, touched)]
    own = own.some(met)
    since = _covers(ask, objects, own)
    met, _ = _meetings(own, _Others.of([*closer, *notes]), since)
    if not notes:
        return set(own.when[met].tolist()), set()
    on_paper = own._replace(light=np.full(len(own.when), WHITE - CONTRAST))
    under_notes = met & (own.light <= DARK) & ~_meetings(on_paper, _Others.of(closer), since)[0]
    return set(own.when[met & ~under_notes].tolist()), set(own.when[under_notes].tolist())


def _closer(ask: Ask, sheet: Sheet, sound: Container[int], touched: Iterable[int]) -> Iterator[_Other]:
    """What some objects really paint on: their lines one by one, and all within their frames."""
    for when in touched:
        one = sheet.objects[when]
        for other in _painted(ask, sheet, when, is_sound=when in sound):
            yield other._replace(box=reach(ask, one, other.box))


def _meetings(own: _Own, others: _Others, since: _Array) -> tuple[_Array, list[int]]:
    """By text, whether it is met by what is painted after ``since``; and the objects of the page that meet any."""
    low = own.low()
    high = np.maximum(own.boxes[:, 2] - own.boxes[:, 0], own.boxes[:, 3] - own.boxes[:, 1])
    is_mark = (low < FLAT * own.size) & (high < NARROW * own.size)
    among, besides = np.zeros(len(low)), np.zeros(len(low))
    touched = np.zeros(len(others.when), dtype=bool)
    for one, other in _neighbours(own.boxes, others.boxes):
        area = _shared_areas(own.boxes[one], others.boxes[other])
        when, behind = others.when[other], own.when[one]
        conceals = (when > behind) | ((when < behind) & (others.light[other] < own.light[one] + CONTRAST))
        counts = conceals & (when > since[one]) & (area > 0)
        one, other, area = one[counts], other[counts], area[counts]  # noqa: PLW2901
        is_text = others.text[other] > 0
        among += np.bincount(one, area * is_text, len(low))
        besides += np.bincount(one, area * ~is_text, len(low))
        touched[other] = True
    met = ((among > BESIDE * low**2) & ~is_mark) | (besides > TOUCH * low**2)
    return met, np.setdiff1d(others.when[touched], [_LAST]).astype(int).tolist()


def _neighbours(own: _Array, others: _Array) -> Iterator[tuple[_Array, _Array]]:
    """The pairs of a text and another that may share some of their height, by number, so many at a time."""
    order = np.argsort(others[:, 1], kind="stable")
    is_tall = (others[:, 3] - others[:, 1] > TALL)[order]
    tall, flat = order[is_tall], order[~is_tall]
    bottoms = others[flat, 1]
    starts, ends = np.searchsorted(bottoms, own[:, 1] - TALL), np.searchsorted(bottoms, own[:, 3])
    counts = np.maximum(ends - starts, 0) + len(tall)
    parts = np.cumsum(counts) // COMPARED
    for part in np.unique(parts[counts > 0]):
        rows = np.flatnonzero(parts == part)
        one = np.repeat(rows, counts[rows])
        nth = np.arange(len(one)) - np.repeat(np.cumsum(counts[rows]) - counts[rows], counts[rows])
        yield one, np.concatenate([tall, flat])[np.where(nth < len(tall), nth, nth + starts[one])]


def _shared_areas(one: _Array, other: _Array) -> _Array:
    """By pair of boxes, the area in square points that lies in both."""
    shared = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    areas: _Array = np.maximum(shared[:, 0], 0.0) * np.maximum(shared[:, 1], 0.0)
    return areas


def _besides(ask: Ask, sheet: Sheet, sound: Container[int]) -> Iterator[_Other]:
    """What is on the page besides sound texts, by its boxes."""
    for when, one in enumerate(sheet.objects):
        if when not in sound:
            light = _sheet_light(ask, one) if one.kind == raw.FPDF_PAGEOBJ_PATH else 0.0
            yield _Other(EVERYWHERE if one.item in sheet.free else one.box, when, light=light)


def _sheet_light(ask: Ask, path: Painted) -> float:
    """How light the ground is that a path makes which is large enough for one."""
    if not _is_large(path.box) or ask.draws(path.item) != (True, False):
        return 0.0
    return _ground(path.item, ask.fill(path.item))


def _is_large(box: Box) -> bool:
    return min(box[2] - box[0], box[3] - box[1]) >= LEAST_SHEET


def _painted(ask: Ask, sheet: Sheet, when: int, *, is_sound: bool) -> Iterator[_Other]:
    """What an object paints."""
    one = sheet.objects[when]
    if one.kind == raw.FPDF_PAGEOBJ_PATH:
        yield from _path(ask, one, when)
    else:
        yield _Other(EVERYWHERE if one.item in sheet.free else one.box, when, text=is_sound)


def _path(ask: Ask, path: Painted, when: int) -> Iterator[_Other]:
    """A path's inside, and its lines."""
    item, _, box, place = path
    inside, outline = ask.draws(item)
    if inside and (colour := ask.fill(item))[-1]:
        yield _Other(box, when, light=_ground(item, colour))
    if outline and (colour := ask.stroke(item))[-1]:
        half, light = ask.width(item) * place.scales()[1] / 2, _ground(item, colour)
        lines = ask.lines(item, LINES)
        for left, bottom, right, top in [box] if lines is None else map(place.box, lines):
            yield _Other((left - half, bottom - half, right + half, top + half), when, light=light)


def _ground(path: int, colour: tuple[int, int, int, int]) -> float:
    """How light the ground is that a path makes; one that shines through may be dark."""
    return 0.0 if call.FPDFPageObj_HasTransparency(path) else _lightness(colour)


def reach(ask: Ask, one: Painted, box: Box) -> Box:
    """What of its box something can paint on, for its frames; of a form, for the frames of what is in it."""
    item, kind, _, place = one
    box = shared(box, place.frame)
    if kind == raw.FPDF_PAGEOBJ_FORM:
        box = shared(box, place.box(ask.placed(item, _content(ask, item))))
    window = ask.window(item)
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


def _covers(ask: Ask, objects: Sequence[Painted], own: _Own) -> _Array:
    """By text, the time of the last sheet below it that is lighter, and larger: what is older is under it."""
    since = np.full(len(own.when), -1)
    for when, path in enumerate(objects):
        if path.kind == raw.FPDF_PAGEOBJ_PATH and _is_large(path.box) and _is_sheet(ask, path.item):
            window = ask.window(path.item)
            through = NOWHERE if window is None else shared(shared(path.box, path.place.frame), path.place.box(window))
            stands_out = own.light <= _ground(path.item, ask.fill(path.item)) - CONTRAST
            inside = _lie_in(through, own.boxes) & (own.when > when) & stands_out
            if inside.any() and (outline := ask.outline(path, LINES)) is not None:
                since[inside & outline.hold(own.boxes)] = when
    return since


def _lie_in(outer: Box, boxes: _Array) -> _Array:
    left, bottom, right, top = boxes.T
    found: _Array = (left >= outer[0]) & (bottom >= outer[1]) & (right <= outer[2]) & (top <= outer[3])
    return found


def _is_sheet(ask: Ask, path: int) -> bool:
    """Whether a path is filled with an opaque colour, whatever becomes of layers."""
    is_opaque = ask.fill(path)[-1] == OPAQUE and not call.FPDFPageObj_HasTransparency(path)
    return ask.draws(path)[0] and is_opaque and not ask.is_on_a_layer(path)


def _annotations(page: pdfium.PdfPage) -> Iterator[_Other]:
    """What is pinned to the page, above all that is painted on it: all but links that draw nothing.

    Fields of forms and notes that pop up become stamps: pdfium does not draw all of them, as other readers do.
    """
    place = raw.FS_RECTF()
    for index in range(call.FPDFPage_GetAnnotCount(handle(page.raw))):
        note = call.FPDFPage_GetAnnot(handle(page.raw), index)
        kind, drawn = call.FPDFAnnot_GetSubtype(note), call.FPDFAnnot_HasKey(note, b"AP")
        if kind in _NOT_DRAWN and drawn:
            call.FPDFAnnot_SetStringValue(note, b"Subtype", _STAMP)
        if (drawn or kind != raw.FPDF_ANNOT_LINK) and call.FPDFAnnot_GetRect(note, place):
            yield _Other((place.left, place.bottom, place.right, place.top), _LAST)
        call.FPDFPage_CloseAnnot(note)
