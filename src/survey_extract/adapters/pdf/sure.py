"""What is painted on a page goes in, the texts come out of which it is not sure that they are seen.

A text is surely seen when it is written as honest papers write: filled with a
dark and opaque colour, in letters of at least four points, upright or turned by
quarters, wholly on the page and within its frames, and when nothing else is
painted where it stands but light paper under it. There is no list of tricks
here: whatever differs from that in any way is looked at as it is drawn
(``pdf_printed``). So is all text in forms (pages within the page, as figures
are), since pdfium does not tell what a form cuts off.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.objects import (
    EVERYWHERE,
    Ask,
    Box,
    Matrix,
    Painted,
    Sheet,
    address_of,
    scales,
)

SIZE = 4.0
"""Points; smaller letters are looked at."""
DARK = 150
"""Of 255: the lightest grey of a text that needs no look."""
LIGHT = 210
"""Of 255: the darkest grey of a ground on which such a text needs no look."""
BESIDE = 0.3
"""Of the square of a text's height: area that other sound texts may share with it; accents, indices and italics do."""
TOUCH = 0.01
"""The same for all else: a full stop. The line of a root, of a fraction or under a gap may touch the letter beside it."""
FLAT, NARROW = 0.35, 0.55
"""Of a font's size: what is lower and not wider than that is a mark beside letters."""
LINES = 24
"""Points of a path whose lines are looked at one by one; a path of more is taken for its whole box."""
COMPARED = 1_000_000
"""Pairs of a text and something else that are compared at a time."""

_CLIPS = raw.FPDF_TEXTRENDERMODE_FILL_CLIP
"""The first of the modes in which letters are a frame for what follows."""
_LAST = 1 << 30
"""The time of what is painted behind all else."""
_WITHIN_ITS_BOX = frozenset({raw.FPDF_TEXTRENDERMODE_FILL, raw.FPDF_TEXTRENDERMODE_INVISIBLE})
"""An outline goes beyond the box, as far as it likes."""
_OPAQUE = 255
_NOT_DRAWN = frozenset({raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_POPUP})
_STAMP = (ctypes.c_ushort * 6)(*b"Stamp", 0)
_Array = np.ndarray[Any, np.dtype[Any]]


class Doubt(NamedTuple):
    """The texts of a page, pdfium's objects by address in the order in which they are painted."""

    texts: dict[int, Any]
    """Those that must be looked at."""
    sure: dict[int, tuple[Any, Box]]
    """The others, each with its place."""
    wild: bool
    """Whether there are texts that may paint beyond their place: outlines, or letters that draw as they like."""


def doubt(page: pdfium.PdfPage, sheet: Sheet, *, patterned: bool) -> Doubt:
    """Which texts must be looked at; where a page is ``patterned``, no colour is what pdfium says it is."""
    objects, ask = sheet.objects, Ask()
    sound = {} if patterned else _sound(page, objects)
    sure = {address_of(objects[number].item): objects[number] for number in sound.keys() - _met(page, objects, sound)}
    return Doubt(
        {address: text.item for address, text in sheet.texts.items() if address not in sure},
        {address: (found.item, found.box) for address, found in sure.items()},
        any(not _stays_within(ask, text.item) for text in sheet.texts.values()),
    )


# --- what a text itself tells ---------------------------------------------------------------------


def _sound(page: pdfium.PdfPage, objects: Sequence[Painted]) -> dict[int, float]:
    """The texts about which nothing is odd, whatever stands beside them, by number, and the size of their letters."""
    ask, paper = Ask(), page.get_bbox()
    found: dict[int, float] = {}
    for number, (item, kind, box) in enumerate(objects):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            mode = raw.FPDFTextObj_GetTextRenderMode(item)
            if mode >= _CLIPS:
                return {}
            size = _size(ask.font_size(item), ask.matrix(item))
            if mode == raw.FPDF_TEXTRENDERMODE_FILL and size >= SIZE and _is_plain(ask, item, box, paper):
                found[number] = size
    return found


def _size(points: float, matrix: Matrix) -> float:
    """Of letters, in points; 0 when they are turned by anything but quarters."""
    a, b, c, d, *_ = matrix
    if b == c == 0.0:
        return points * min(abs(a), abs(d))
    a, b, c, d = abs(a), abs(b), abs(c), abs(d)
    least = 1e-3 * max(a, b, c, d)
    turned_by_quarters = (b <= least and c <= least) or (a <= least and d <= least)
    return points * min(scales(matrix)) if turned_by_quarters else 0.0


def _is_plain(ask: Ask, text: Any, box: Box, paper: Box) -> bool:
    colour = ask.fill(text)
    if colour[-1] < _OPAQUE or _lightness(colour) > DARK or raw.FPDFPageObj_HasTransparency(text):
        return False
    if ask.draws_as_it_likes(text) or ask.is_on_a_layer(text):
        return False
    window = ask.window(text)
    return window is not None and _holds(paper, box) and _holds(window, box)


def _lightness(colour: tuple[int, int, int, int]) -> float:
    red, green, blue, _ = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue


def _holds(outer: Box, inner: Box) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


# --- what else is painted where it stands ---------------------------------------------------------


class _Other(NamedTuple):
    """Something painted beside a text: where, when, whether it is a sound text, and whether what is above it is seen."""

    box: Box
    when: int
    text: bool = False
    light: bool = False


def _met(page: pdfium.PdfPage, objects: Sequence[Painted], sound: Mapping[int, float]) -> set[int]:
    """The sound texts over or under which anything is painted that could conceal a letter."""
    others = [*_painted_besides(objects, sound), *_annotations(page)]
    if not others or not sound:
        return set()
    boxes = np.array([other.box for other in others])
    moment, text, light = np.array([other[1:] for other in others]).T
    when, size = np.array(list(sound)), np.array(list(sound.values()))
    own = np.array([objects[number].box for number in sound])
    low = np.minimum(own[:, 2] - own[:, 0], own[:, 3] - own[:, 1])
    is_mark = (low < FLAT * size) & (np.maximum(own[:, 2] - own[:, 0], own[:, 3] - own[:, 1]) < NARROW * size)
    found: list[int] = []
    for start in range(0, len(own), step := max(1, COMPARED // len(others))):
        rows = slice(start, start + step)
        behind = when[rows, None]
        area = _shared_areas(own[rows], boxes) * ((moment > behind) | ((moment < behind) & (light == 0)))
        among = ((area * text).sum(axis=1) > BESIDE * low[rows] ** 2) & ~is_mark[rows]
        met = among | ((area * (1 - text)).sum(axis=1) > TOUCH * low[rows] ** 2)
        found += when[rows][met].tolist()
    return set(found)


def _shared_areas(own: _Array, others: _Array) -> _Array:
    """By text and by other, the area in square points that lies in the boxes of both."""
    left, bottom, right, top = others.T
    wide = np.minimum(own[:, 2:3], right) - np.maximum(own[:, 0:1], left)
    high = np.minimum(own[:, 3:4], top) - np.maximum(own[:, 1:2], bottom)
    areas: _Array = np.maximum(wide, 0.0) * np.maximum(high, 0.0)
    return areas


def _painted_besides(objects: Sequence[Painted], sound: Mapping[int, float]) -> Iterator[_Other]:
    ask = Ask()
    for when, (item, kind, box) in enumerate(objects):
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield from _path(ask, item, box, when)
        elif kind == raw.FPDF_PAGEOBJ_TEXT and when not in sound:
            yield _Other(box if _stays_within(ask, item) else EVERYWHERE, when)
        else:
            yield _Other(box, when, text=kind == raw.FPDF_PAGEOBJ_TEXT)


def _stays_within(ask: Ask, text: Any) -> bool:
    """Whether a text paints in its box alone."""
    return raw.FPDFTextObj_GetTextRenderMode(text) in _WITHIN_ITS_BOX and not ask.draws_as_it_likes(text)


def _path(ask: Ask, path: Any, box: Box, when: int) -> Iterator[_Other]:
    """A path's inside, on which dark letters are seen when it is light, and its lines."""
    inside, outline = ask.draws(path)
    if inside:
        light = _lightness(ask.fill(path)) >= LIGHT and not raw.FPDFPageObj_HasTransparency(path)
        yield _Other(box, when, light=light)
    if outline:
        half = ask.width(path) / 2
        lines = ask.lines(path, LINES)
        for left, bottom, right, top in [box] if lines is None else lines:
            yield _Other((left - half, bottom - half, right + half, top + half), when)


def _annotations(page: pdfium.PdfPage) -> Iterator[_Other]:
    """What is pinned to the page, above all that is painted on it: all but links that draw nothing.

    Fields of forms and notes that pop up become stamps: pdfium does not draw all of them, as other readers do.
    """
    place = raw.FS_RECTF()
    for index in range(raw.FPDFPage_GetAnnotCount(page.raw)):
        note = raw.FPDFPage_GetAnnot(page.raw, index)
        kind, drawn = raw.FPDFAnnot_GetSubtype(note), raw.FPDFAnnot_HasKey(note, b"AP")
        if kind in _NOT_DRAWN and drawn:
            raw.FPDFAnnot_SetStringValue(note, b"Subtype", _STAMP)
        if (drawn or kind != raw.FPDF_ANNOT_LINK) and raw.FPDFAnnot_GetRect(note, place):
            yield _Other((place.left, place.bottom, place.right, place.top), _LAST)
        raw.FPDFPage_CloseAnnot(note)
