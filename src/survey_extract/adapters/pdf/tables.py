"""A page of a PDF goes in, its tables come out: pdfium's characters and ruling lines, read by ``core.tables``.

A page on which no line begins with "Table 1" costs one search in its text. Of the others
every character is asked for its place, and every path for its bounds;
a path of few strokes is taken apart, since some writers draw all lines of a
table as one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call
from survey_extract.adapters.pdf.characters import Boxes, Characters
from survey_extract.adapters.pdf.objects import Ask, Matrix, Painted, content_of, is_everywhere, painted
from survey_extract.core.tables.page import Table, may_hold_table, tables_of
from survey_extract.core.tables.words import Glyph, Rule

THIN = 3.0
"""Points: a painted box that is lower or narrower is a line."""
SHORTEST = 6.0
"""Points: a line that is shorter rules no table."""
STROKES = 400
"""Parts of a path that are looked at; a path of more is a drawing."""
NESTING = 3
"""Forms within forms that are looked into for lines."""

HUNG = 0.15
"""Share of a hanging sign's height that may stand over its baseline."""
AXIS = 0.25
"""Share of it from the baseline of its line up to the middle of the sign."""
_HANGING = frozenset(map(ord, "√∑∏∐∫∮⋂⋃⋁⋀⨁⨂"))

_DRAWN = frozenset({raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE})
"""What may be a line; some writers paint lines as pictures of one colour."""
_HYPHEN = 2
_PRINTABLE = 33
_HIGH, _LOW = 0xD800, 0xDC00
"""Where the first halves of pairs begin, and the second ones."""


def page_tables(
    page: pdfium.PdfPage,
    characters: Characters,
    number: int,
    hidden: Collection[int] = frozenset(),
    objects: Sequence[Painted] | None = None,
) -> list[Table]:
    """The tables of a page, which is the document's page ``number``, counted from 1.

    ``hidden`` are the characters that no reader can see, by pdfium's count:
    they are no part of a cell, and a row that holds one is counted and left out.
    ``objects`` are those of the page, where they are known.
    """
    if not may_hold_table(characters.printed):
        return []
    rules = rules_of(painted(page) if objects is None else objects)
    found = tables_of(glyphs_of(characters, hidden), rules, number)
    places = list(_middles(characters, hidden)) if found else []
    return [table.without(places) for table in found] if places else found


def _middles(characters: Characters, hidden: Collection[int]) -> Iterator[tuple[float, float]]:
    """The middle of each of some characters, without white space."""
    places = [place for place in hidden if characters.codes[place] >= _PRINTABLE]
    for left, top, right, bottom in characters.loose(places).tolist():
        yield (left + right) / 2, (bottom + top) / 2


def glyphs_of(characters: Characters, hidden: Collection[int] = frozenset()) -> list[Glyph]:
    """The characters that are printed, but for those that are ``hidden``.

    Of a ligature pdfium gives each letter by itself, all in the one place of
    their sign, and of an accent no width: such letters are one glyph with the
    one before them, so that none is lost. A letter that is drawn over itself,
    to make it bold, was not drawn at once with the first.
    """
    codes = characters.codes
    places = [place for place, code in enumerate(codes) if code >= _PRINTABLE or code == _HYPHEN]
    if hidden:
        places = [place for place in places if place not in hidden]
    boxes = characters.loose(places)
    letters = _letters([codes[place] for place in places])
    bases = _stood(characters, places, _bases(characters, places, boxes).tolist())
    found: list[Glyph] = []
    passed_over, sign = -1, (-1, 0.0)
    rows = zip(places, letters, bases, boxes.tolist(), strict=True)
    for number, (place, text, base, (left, top, right, bottom)) in enumerate(rows):
        if not text or not text.isprintable():
            continue
        is_spaced, has_place = place - number > passed_over, right > left and top > bottom
        may_be_one = not is_spaced and (left == found[-1].left or not has_place)
        if may_be_one and (characters.texts[sign[0]], sign[1]) == (characters.texts[place], base):
            found[-1] = found[-1]._replace(text=found[-1].text + text)
        elif has_place:
            found.append(Glyph(text, left, right, base, top - bottom, is_spaced))
            passed_over, sign = place - number, (place, base)
    return found


def _bases(characters: Characters, places: Sequence[int], boxes: Boxes) -> Boxes:
    """By character, the height of its baseline; those whose room begins and ends at the same heights have the same."""
    heights = np.ascontiguousarray(boxes[:, [1, 3]]).view(np.uint64).ravel()
    _, first, same = np.unique(heights, return_index=True, return_inverse=True)
    bases: Boxes = characters.bases([places[at] for at in first.tolist()])[same]
    return bases


def _stood(characters: Characters, places: Sequence[int], bases: list[float]) -> list[float]:
    """The baselines, with those of signs that hang from theirs, as TeX's roots and sums do, where their lines have them."""
    hanging = [number for number, place in enumerate(places) if characters.codes[place] in _HANGING]
    inks = characters.boxes([places[number] for number in hanging]).tolist() if hanging else []
    for number, (_, bottom, _, top) in zip(hanging, inks, strict=True):
        if (top + bottom) / 2 < bases[number] and top - bases[number] < HUNG * (top - bottom):
            bases[number] = (top + bottom) / 2 - AXIS * (top - bottom)
    return bases


def _letters(codes: Sequence[int]) -> list[str]:
    """The characters of some codes; of a pair of halves, the second is the character and the first is nothing."""
    found: list[str] = []
    high = ""
    for code in codes:
        if code == _HYPHEN:
            found.append("-")
        elif _HIGH <= code < _LOW:
            high = chr(code)
            found.append("")
        elif high:
            found.append((high + chr(code)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
            high = ""
        else:
            found.append(chr(code))
    return found


def rules_of(objects: Iterable[Painted]) -> list[Rule]:
    """The ruling lines of a page, those within forms too."""
    return list(_rules(Ask(), objects, None, 0))


def _rules(ask: Ask, objects: Iterable[Painted], around: Matrix | None, depth: int) -> Iterator[Rule]:
    """The lines among some objects; ``around`` puts what is in a form on the page."""
    for one in objects:
        kind, (left, bottom, right, top) = one.kind, one.box
        if kind in _DRAWN:
            if right - left >= SHORTEST or top - bottom >= SHORTEST:
                lines = _lines(ask, one)
                yield from lines if around is None else (_placed(rule, around) for rule in lines)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING:
            matrix = ask.matrix(one.item)
            inner = matrix if around is None else _times(matrix, around)
            yield from _rules(ask, content_of(one.item), inner, depth + 1)


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


def _placed(rule: Rule, matrix: Matrix) -> Rule:
    return _box(_point(rule.left, rule.bottom, matrix), _point(rule.right, rule.top, matrix))


def _lines(ask: Ask, one: Painted) -> Iterator[Rule]:
    """The straight lines of a path or a picture: itself when it is thin, else a path's level and upright strokes."""
    item, kind, box, _ = one
    whole = Rule(*box)
    if is_everywhere(box):
        return
    if _is_line(whole):
        yield whole
    elif kind == raw.FPDF_PAGEOBJ_PATH and ask.draws(item)[1] and 1 < call.FPDFPath_CountSegments(item) <= STROKES:
        yield from (line for line in _strokes(item, ask.matrix(item)) if _is_line(line))


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
