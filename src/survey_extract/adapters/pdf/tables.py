"""A page of a PDF goes in, its tables come out: pdfium's characters and ruling lines, read by ``core.tables``.

A page on which no line begins with "Table 1" costs one search in its text. Of the others
every character is asked for its place, and every path for its bounds;
a path of few strokes is taken apart, since some writers draw all lines of a
table as one. Where much text runs up or down a page, the page is turned and read once more.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, each, each_of, each_written
from survey_extract.adapters.pdf.characters import Boxes, Characters
from survey_extract.adapters.pdf.glyphs import PRINTABLE, glyphs_of, printed_places, set_over, words_of
from survey_extract.adapters.pdf.objects import Ask, Matrix, Painted, around, is_everywhere, painted
from survey_extract.core.tables.page import Table, may_hold_table, tables_of
from survey_extract.core.tables.turned import Quarter
from survey_extract.core.tables.words import Rule

THIN = 3.0
"""Points: a painted box that is lower or narrower is a line."""
SHORTEST = 6.0
"""Points: a line that is shorter rules no table."""
STROKES = 400
"""Parts of a path that are looked at; a path of more is a drawing."""
NESTING = 3
"""Forms within forms that are looked into for lines."""
INNER = 10_000
"""Objects of a form that is looked into; a form of more is a drawing, since even a page set letter by letter has fewer."""

GUESSED = 0.3
"""Share of a page's characters from which on its fonts tell no signs at all."""

TURNED = 60
"""Characters, one above the other, from which on a page may have a table that is turned; the names of axes have fewer."""
TILT = 0.01
"""Radians by which text may be off the upright."""

Places = np.ndarray[Any, np.dtype[Any]]
"""Characters by their places in pdfium's count."""
_DRAWN = frozenset({raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE})
"""What may be a line; some writers paint lines as pictures of one colour."""


def page_tables(
    page: pdfium.PdfPage,
    characters: Characters,
    number: int,
    hidden: Collection[int] = frozenset(),
    objects: Sequence[Painted] | None = None,
) -> list[Table]:
    """The tables of a page, which is the document's page ``number``, counted from 1.

    ``hidden`` are the characters that no reader can see, by pdfium's count:
    they are no part of a cell, and a row that holds one is counted and left out, and so
    is a row with a sign that pdfium guesses, or of two that are set over each other.
    ``objects`` are those of the page, where they are known.
    """
    if not may_hold_table(characters.printed):
        return []
    rules = rules_of(painted(page) if objects is None else objects)
    at = printed_places(characters, hidden)
    boxes = characters.loose(at.tolist())
    found = _tables(characters, at, boxes, rules, number, hidden)
    for quarter, its in _quarters(characters, at, boxes):
        turned, lines = characters.turned(quarter), [Rule(*quarter.box(rule)) for rule in rules]
        inside = _tables(turned, its, turned.loose(its.tolist()), lines, number, hidden)
        found += map(quarter.back, inside)
    return found


def _tables(
    characters: Characters, at: Places, boxes: Boxes, rules: Iterable[Rule], number: int, hidden: Collection[int]
) -> list[Table]:
    """The tables among some characters, which have these ``boxes``."""
    glyphs = glyphs_of(characters, at, boxes)
    found = tables_of(words_of(glyphs), rules, number)
    if not any(table.rows for table in found):
        return found
    guessed = _guessed(characters, at[_are_among_rows(found, boxes)].tolist())
    nameless = np.flatnonzero(characters.units == 0).tolist()
    signs = [*_inked(characters, [*guessed, *nameless]), *_middles(characters, guessed)]
    spoiled = [*_middles(characters, hidden), *signs, *set_over(glyphs)]
    return [table.without(spoiled) for table in found]


@np.errstate(invalid="ignore")
def _quarters(characters: Characters, at: Places, boxes: Boxes) -> Iterator[tuple[Quarter, Places]]:
    """Each turn that makes much of a page's text level, with the characters that it makes so."""
    above = (boxes[1:, 0::2] == boxes[:-1, 0::2]).all(axis=1) & (boxes[1:, 1] != boxes[:-1, 1])
    if np.count_nonzero(above) < TURNED:
        return
    angles = np.array(characters.angles(at.tolist()))
    for runs_up, angle in ((True, 1.5 * math.pi), (False, 0.5 * math.pi)):
        its = at[np.abs(angles - angle) < TILT]
        if len(its) >= TURNED:
            yield Quarter(runs_up), its


@np.errstate(invalid="ignore")
def _are_among_rows(tables: Iterable[Table], boxes: Boxes) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """By the box of a character, left, top, right and bottom, whether its middle is where the rows of tables are."""
    left, bottom, right, top = around(
        [box for table in tables for row in table.rows for box in (row.box, *row.boxes())]
    )
    x, y = (boxes[:, :2].astype(float) + boxes[:, 2:]).T / 2
    found: np.ndarray[Any, np.dtype[np.bool_]] = (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
    return found


def _guessed(characters: Characters, places: Sequence[int]) -> Sequence[int]:
    """Those of some characters whose sign no font tells, as for the norm in 0 < ‖W‖ < 1, which is read as "kWk".

    The fonts that are pictures of letters tell none: a page of these is taken as it is read.
    """
    found = characters.guessed(places)
    return found if found and len(characters.guessed()) < GUESSED * len(characters) else ()


def _middles(characters: Characters, hidden: Collection[int]) -> Iterator[tuple[float, float]]:
    """The middle of each of some characters, without white space."""
    places = [place for place in hidden if characters.codes[place] >= PRINTABLE]
    for left, top, right, bottom in characters.loose(places).tolist():
        yield (left + right) / 2, (bottom + top) / 2


def _inked(characters: Characters, places: Sequence[int]) -> Iterator[tuple[float, float]]:
    """The middle of the ink of signs that nobody can name; TeX's tall brackets and sums hang far below what fonts say of them."""
    for left, bottom, right, top in characters.boxes(places).tolist():
        if right > left and top > bottom:
            yield (left + right) / 2, (bottom + top) / 2


def rules_of(objects: Iterable[Painted]) -> list[Rule]:
    """The ruling lines of a page, those within forms too."""
    return list(_rules(Ask(), objects, None, 0))


def _rules(ask: Ask, objects: Iterable[Painted], around: Matrix | None, depth: int) -> Iterator[Rule]:
    """The lines among some objects; ``around`` puts what is in a form on the page."""
    own: list[Rule] = []
    for one in objects:
        item, kind, (left, bottom, right, top), _ = one
        if kind in _DRAWN:
            if right - left >= SHORTEST or top - bottom >= SHORTEST:
                own += _lines(ask, one)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING:
            yield from _placed(own, around)
            own, matrix = [], ask.matrix(item)
            inner = matrix if around is None else _times(matrix, around)
            yield from _rules(ask, _content(item), inner, depth + 1)
    yield from _placed(own, around)


@np.errstate(invalid="ignore")
def _content(form: int) -> list[Painted]:
    """The forms in a form, and what in it is long enough for a line, in the form's measure; figures are of thousands of dots."""
    count = call.FPDFFormObj_CountObjects(form)
    items = each("FPDFFormObj_GetObject", form, range(count if count <= INNER else 0))
    kinds, bounds = each_of("FPDFPageObj_GetType", items), np.zeros((len(items), 4), dtype=np.float32)
    known = each_written("FPDFPageObj_GetBounds", items, bounds, 4)
    boxes = bounds.astype(float)
    is_long = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0) >= SHORTEST
    may_be_line = is_long & np.array(known, dtype=bool) & np.isin(kinds, [*_DRAWN])
    wanted = np.flatnonzero(may_be_line | np.isin(kinds, raw.FPDF_PAGEOBJ_FORM)).tolist()
    return [
        Painted(items[at], kinds[at], box) for at, box in zip(wanted, map(tuple, boxes[wanted].tolist()), strict=True)
    ]


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    x, y, u, v, *_ = outer
    return a * x + b * u, a * y + b * v, c * x + d * u, c * y + d * v, *_point(e, f, outer)


def _point(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _box(first: tuple[float, float], second: tuple[float, float]) -> Rule:
    (x, y), (right, top) = first, second
    return Rule(min(x, right), min(y, top), max(x, right), max(y, top))


@np.errstate(invalid="ignore")
def _placed(rules: list[Rule], around: Matrix | None) -> list[Rule]:
    """The lines on the page; a figure may have ten thousand of them, so all at once."""
    if around is None or not rules:
        return rules
    a, b, c, d, e, f = around
    boxes = np.array(rules)
    x, y = boxes[:, 0::2], boxes[:, 1::2]
    x, y = x * a + y * c + e, x * b + y * d + f
    sides = x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)
    return list(map(Rule, *(side.tolist() for side in sides)))


def _lines(ask: Ask, one: Painted) -> list[Rule]:
    """The straight lines of a path or a picture: itself when it is thin, else a path's level and upright strokes."""
    item, kind, box, _ = one
    whole = Rule(*box)
    if is_everywhere(box):
        return []
    if _is_line(whole):
        return [whole]
    if kind == raw.FPDF_PAGEOBJ_PATH and ask.draws(item)[1] and 1 < call.FPDFPath_CountSegments(item) <= STROKES:
        return [line for line in _strokes(item, ask.matrix(item)) if _is_line(line)]
    return []


def _is_line(box: Rule) -> bool:
    wide, high = box.right - box.left, box.top - box.bottom
    return min(wide, high) < THIN and max(wide, high) >= SHORTEST


def _strokes(path: int, matrix: Matrix) -> Iterator[Rule]:
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = last = (0.0, 0.0)
    for index in range(call.FPDFPath_CountSegments(path)):
        part = call.FPDFPath_GetPathSegment(path, index)
        call.FPDFPathSegment_GetPoint(part, x, y)
        point = _point(x.value, y.value, matrix)
        kind = call.FPDFPathSegment_GetType(part)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _box(last, point)
        last = point
        if call.FPDFPathSegment_GetClose(part):
            yield _box(last, begin)
            last = begin
