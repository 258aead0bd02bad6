"""A page of a PDF and some of its texts go in, pictures of these texts alone come out, black on white.

Texts whose letters lie on one another get pictures of their own: as many
pictures are taken as texts lie on one place. The frames and masks that cut a
text off on the page cut it off in its picture, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each_of, each_set
from survey_extract.adapters.pdf.camera import Array, Camera, Picture
from survey_extract.adapters.pdf.objects import NESTING, Box, Painted, content_of, items_of, items_on, painted, texts_of

DEEPEST = 12
"""Texts on one place that are looked at apart, each at the cost of a picture; nobody reads what is above."""
OVERLAP = 0.15
"""Of the smaller letter's box: what two letters share that lie on one another."""
TWICE = 0.1
"""Of a letter's height: by how much the same letter, printed twice to make it bold, may be moved."""
_PAIRS = 4_000_000
"""Pairs of letters that are compared; where more reach into each other's columns, the rest is taken to lie apart."""


class Letter(NamedTuple):
    """A printable character: its place in pdfium's count, its text's address, its code, and its box."""

    place: int
    text: int
    code: int
    box: Box


@dataclass(frozen=True, slots=True)
class Shapes:
    """A page on which nothing is left but some texts, black, and by text in which picture it belongs."""

    page: pdfium.PdfPage
    texts: Collection[int]
    levels: Mapping[int, int]
    boxes: Array
    """Of the letters; then, by letter, in which picture it belongs, and how well it shows, of one."""
    letter_levels: Array
    strengths: Array
    whole: bool
    """Whether all pictures are drawn whole, and not only around the letters, since something may paint beyond its place."""

    @classmethod
    def of(cls, page: pdfium.PdfPage, letters: Sequence[Letter], texts: Collection[int], *, whole: bool) -> Shapes:
        """Takes all but the texts from the page, and paints them black; the page is of no other use afterwards."""
        _strip(items_on(page), texts, 0)
        for text in texts:
            call.FPDFPageObj_SetFillColor(text, 0, 0, 0, 255)
            call.FPDFTextObj_SetTextRenderMode(text, raw.FPDF_TEXTRENDERMODE_FILL)
            call.FPDFPageObj_SetBlendMode(text, b"Normal")
        levels = _levels(letters, texts)
        boxes = np.array([letter.box for letter in letters])
        of_letters = np.array([levels[letter.text] for letter in letters])
        return cls(page, texts, levels, boxes, of_letters, np.zeros(len(letters)), whole)

    @property
    def are_on_one_another(self) -> bool:
        return bool(self.letter_levels.any())

    def strengths_on(self, camera: Camera, levels: Iterable[int]) -> dict[int, Array]:
        """By level, a picture of how well its letters show."""
        width, height = camera.size
        found = {level: np.zeros((height, width), dtype=np.float32) for level in levels}
        there = camera.sees(self.boxes)
        edges = camera.pixels(self.boxes[there])
        places = np.concatenate([np.floor(edges[:, :2]), np.ceil(edges[:, 2:])], axis=1).clip(0).astype(int)
        for level, strength, place in zip(
            self.letter_levels[there].tolist(), self.strengths[there].tolist(), places.tolist(), strict=True
        ):
            if level in found:
                left, top, right, bottom = place
                part = found[level][top:bottom, left:right]
                np.maximum(part, strength, out=part)
        return found

    def pictures(self, camera: Camera, boxes: Array) -> Iterator[tuple[int, Picture]]:
        """One of each level that is in front of the camera, at least of what is around the boxes."""
        levels = np.unique(self.letter_levels[camera.sees(self.boxes)])
        for level in levels[levels <= DEEPEST].tolist():
            for text in self.texts if self.are_on_one_another else ():
                call.FPDFPageObj_SetIsActive(text, self.levels[text] == level)
            yield level, camera.picture(self.page, notes=False, around=None if self.whole else boxes)


def _strip(items: Sequence[int], texts: Collection[int], depth: int) -> None:
    """Of what is on a page or in a form, only the forms are left and the texts, as opaque as can be."""
    kinds = zip(items, each_of("FPDFPageObj_GetType", items), strict=True)
    forms = {item for item, kind in kinds if kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING}
    for form in forms:
        call.FPDFPageObj_SetBlendMode(form, b"Normal")
        _strip(items_of(form), texts, depth + 1)
    each_set("FPDFPageObj_SetIsActive", (item for item in items if item not in texts and item not in forms), 0)


@contextmanager
def alone(page: pdfium.PdfPage, texts: Collection[int]) -> Iterator[None]:
    """Within, nothing but some texts is drawn; the page is as before afterwards."""
    with _without(item for one in painted(page) for item in _others(one, texts, 0)):
        yield


@contextmanager
def forms_alone(page: pdfium.PdfPage) -> Iterator[None]:
    """Within, nothing but the forms on the page is drawn."""
    with _without(one.item for one in painted(page) if one.kind != raw.FPDF_PAGEOBJ_FORM):
        yield


@contextmanager
def _without(items: Iterable[int]) -> Iterator[None]:
    hidden = list(items)
    each_set("FPDFPageObj_SetIsActive", hidden, 0)
    try:
        yield
    finally:
        each_set("FPDFPageObj_SetIsActive", hidden, 1)


def _others(one: Painted, texts: Collection[int], depth: int) -> Iterator[int]:
    """An object that is none of the texts and holds none; of a form that does, what is in it besides."""
    if one.kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING and not texts_of([one]).keys().isdisjoint(texts):
        for inner in content_of(one.item):
            yield from _others(inner, texts, depth + 1)
    elif one.item not in texts:
        yield one.item


# --- letters that lie on one another --------------------------------------------------------------


def _levels(letters: Sequence[Letter], texts: Collection[int]) -> dict[int, int]:
    """By text, in which picture it is: the lowest that has no letter on which one of its own lies."""
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in _on_one_another(letters):
        beside[one].add(other)
        beside[other].add(one)
    levels: dict[int, int] = {}
    for text in texts:
        taken = {levels[other] for other in beside[text] if other in levels}
        levels[text] = next(level for level in range(len(taken) + 1) if level not in taken)
    return levels


def _on_one_another(letters: Sequence[Letter]) -> set[tuple[int, int]]:
    """The pairs of texts that have letters which lie on one another and are not the same letter printed twice."""
    if len({letter.text for letter in letters}) < 2:
        return set()
    boxes = np.array([letter.box for letter in letters])
    code, text = np.array([letter.code for letter in letters]), np.array([letter.text for letter in letters])
    one, other = _in_one_column(boxes)
    low, high = np.maximum(boxes[one, :2], boxes[other, :2]), np.minimum(boxes[one, 2:], boxes[other, 2:])
    area = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.01), axis=1)
    shared = np.prod(np.maximum(high - low, 0.0), axis=1)
    moved = np.abs(boxes[one] - boxes[other]).max(axis=1)
    twice = (code[one] == code[other]) & (moved <= TWICE * (boxes[one, 3] - boxes[one, 1]))
    on = (text[one] != text[other]) & (shared > OVERLAP * np.minimum(area[one], area[other])) & ~twice
    return set(zip(text[one[on]].tolist(), text[other[on]].tolist(), strict=True))


def _in_one_column(boxes: Array) -> tuple[Array, Array]:
    """The pairs of boxes that share some of their width."""
    order = np.argsort(boxes[:, 0], kind="stable")
    ends = np.searchsorted(boxes[order, 0], boxes[order, 2])
    counts = np.maximum(ends - np.arange(len(order)) - 1, 0)
    counts = np.where(np.cumsum(counts) <= _PAIRS, counts, 0)
    first = np.repeat(np.arange(len(order)), counts)
    nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return order[first], order[first + nth + 1]
