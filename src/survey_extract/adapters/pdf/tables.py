"""A page of a PDF goes in, its tables come out: pdfium's characters and ruling lines, read by ``core.tables``.

A page on which no line begins with "Table 1" costs one search in its text. Of the others
every character is asked for three times, and every path once for its bounds;
a path of few strokes is taken apart, since some writers draw all lines of a
table as one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterator
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, handle
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

_DRAWN = frozenset({raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE})
"""What may be a line; some writers paint lines as pictures of one colour."""
_HYPHEN = 2
_PRINTABLE = 33


def page_tables(
    page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, number: int, hidden: Collection[int] = frozenset()
) -> list[Table]:
    """The tables of a page, which is the document's page ``number``, counted from 1.

    ``hidden`` are the characters that no reader can see, by pdfium's count:
    they are no part of a cell, and a row that holds one is counted and left out.
    """
    if not may_hold_table(text_page.get_text_range()):
        return []
    found = tables_of(glyphs_of(text_page, hidden), rules_of(page), number)
    places = list(_middles(text_page, hidden)) if found else []
    return [table.without(places) for table in found] if places else found


def _middles(text_page: pdfium.PdfTextPage, characters: Collection[int]) -> Iterator[tuple[float, float]]:
    """The middle of each of some characters, without white space."""
    box = raw.FS_RECTF()
    for index in characters:
        if raw.FPDFText_GetUnicode(text_page.raw, index) >= _PRINTABLE:
            raw.FPDFText_GetLooseCharBox(text_page.raw, index, ctypes.byref(box))
            yield (box.left + box.right) / 2, (box.bottom + box.top) / 2


def glyphs_of(text_page: pdfium.PdfTextPage, hidden: Collection[int] = frozenset()) -> list[Glyph]:
    """The characters that are printed, but for those that are ``hidden``.

    Of a ligature pdfium gives each letter by itself, all in the one place of
    their sign, and of an accent no width: such letters are one glyph with the
    one before them, so that none is lost.
    """
    page, box = text_page.raw, raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    at_box, at_x, at_y = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y)
    letter, loose, origin = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharOrigin
    found: list[Glyph] = []
    high, spaced, last = "", True, -1
    for index in range(raw.FPDFText_CountChars(page)):
        code = letter(page, index)
        if (code < _PRINTABLE and code != _HYPHEN) or index in hidden:
            spaced = True
            continue
        if 0xD800 <= code < 0xDC00:
            high = chr(code)
            continue
        text = _text(code, high)
        high = ""
        if not text.isprintable() or text.isspace():
            continue
        loose(page, index, at_box)
        origin(page, index, at_x, at_y)
        has_place = box.right > box.left and box.top > box.bottom
        if not spaced and (box.left == found[-1].left or not has_place) and _is_one_sign(page, last, index):
            found[-1] = found[-1]._replace(text=found[-1].text + text)
        elif has_place:
            found.append(Glyph(text, box.left, box.right, y.value, box.top - box.bottom, spaced))
            spaced, last = False, index
    return found


def _is_one_sign(text_page: Any, first: int, second: int) -> bool:
    """Whether two characters were drawn at once, on one baseline; a letter drawn over itself, to make it bold, was not."""
    page, places = handle(text_page), []
    x, y = ctypes.c_double(), ctypes.c_double()
    for place in (first, second):
        raw.FPDFText_GetCharOrigin(text_page, place, x, y)
        places.append((call.FPDFText_GetTextObject(page, place), y.value))
    return places[0] == places[1]


def _text(code: int, high: str) -> str:
    """A character by its code, which may be the second half of a pair."""
    if code == _HYPHEN:
        return "-"
    if high:
        return (high + chr(code)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return chr(code)


def rules_of(page: pdfium.PdfPage) -> list[Rule]:
    """The ruling lines of a page, those within forms too."""
    count = raw.FPDFPage_CountObjects(page.raw)
    items = (raw.FPDFPage_GetObject(page.raw, index) for index in range(count))
    return [rule for item in items for rule in _rules(item, raw.FS_MATRIX(1, 0, 0, 1, 0, 0), 0)]


def _rules(item: Any, around: Any, depth: int) -> Iterator[Rule]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind in _DRAWN:
        yield from (_placed(rule, around) for rule in _lines(item, kind))
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < NESTING:
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, matrix)
        inner = _times(matrix, around)
        for index in range(raw.FPDFFormObj_CountObjects(item)):
            yield from _rules(raw.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _times(inner: Any, outer: Any) -> Any:
    return raw.FS_MATRIX(
        inner.a * outer.a + inner.b * outer.c,
        inner.a * outer.b + inner.b * outer.d,
        inner.c * outer.a + inner.d * outer.c,
        inner.c * outer.b + inner.d * outer.d,
        inner.e * outer.a + inner.f * outer.c + outer.e,
        inner.e * outer.b + inner.f * outer.d + outer.f,
    )


def _point(x: float, y: float, matrix: Any) -> tuple[float, float]:
    return x * matrix.a + y * matrix.c + matrix.e, x * matrix.b + y * matrix.d + matrix.f


def _box(first: tuple[float, float], second: tuple[float, float]) -> Rule:
    (x, y), (right, top) = first, second
    return Rule(min(x, right), min(y, top), max(x, right), max(y, top))


def _placed(rule: Rule, matrix: Any) -> Rule:
    return _box(_point(rule.left, rule.bottom, matrix), _point(rule.right, rule.top, matrix))


def _lines(path: Any, kind: int) -> Iterator[Rule]:
    """The straight lines of a path or a picture: itself when it is thin, else a path's level and upright strokes."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(path, left, bottom, right, top):
        return
    whole = Rule(left.value, bottom.value, right.value, top.value)
    if _is_line(whole):
        yield whole
    elif kind == raw.FPDF_PAGEOBJ_PATH and _is_stroked(path) and 1 < raw.FPDFPath_CountSegments(path) <= STROKES:
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(path, matrix)
        yield from (line for line in _strokes(path, matrix) if _is_line(line))


def _is_line(box: Rule) -> bool:
    wide, high = box.right - box.left, box.top - box.bottom
    return min(wide, high) < THIN and max(wide, high) >= SHORTEST


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    return bool(stroke.value)


def _strokes(path: Any, matrix: Any) -> Iterator[Rule]:
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = last = (0.0, 0.0)
    for index in range(raw.FPDFPath_CountSegments(path)):
        part = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(part, x, y)
        point = _point(x.value, y.value, matrix)
        kind = raw.FPDFPathSegment_GetType(part)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield _box(last, point)
        last = point
        if raw.FPDFPathSegment_GetClose(part):
            yield _box(last, begin)
            last = begin
