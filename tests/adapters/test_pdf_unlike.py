"""Fonts that draw nothing, hairs, dots, blocks or other letters than they say: no word set in them is read, or seen by the look at evidence."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from string import ascii_letters, ascii_lowercase, digits

import numpy as np
import pypdfium2 as pdfium
import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call, handle
from survey_extract.adapters.pdf.likeness import CODES, FACES, likeness
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.adapters.pdf.seen import quotes_seen
from survey_extract.adapters.pdf.specimens import Font
from tests.papers.hostile import CATALOG, FONT, ORDER, PAGES, SEEN, file_of, stream

EM = 1_000
FIGURES = "Of 1234 pilots 5678 are new and 9 of 10 stay on board."

Contours = list[list[tuple[int, int]]]
Change = Callable[[Contours], Contours]


@cache
def shapes(face: str) -> Mapping[str, Contours]:
    """The outlines of letters, digits and the full stop in a face that pdfium brings with it, curves as lines by way of their handles."""
    document = pdfium.PdfDocument.new()
    font = raw.FPDFText_LoadStandardFont(document.raw, face.encode())
    found = {letter: _outline(handle(font), letter) for letter in (*ascii_letters, *digits, ".")}
    raw.FPDFFont_Close(font)
    document.close()
    return found


def _outline(font: int, letter: str) -> Contours:
    path, contours = call.FPDFFont_GetGlyphPath(font, ord(letter), EM), list[list[tuple[int, int]]]()
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(call.FPDFGlyphPath_CountGlyphSegments(path)):
        segment = call.FPDFGlyphPath_GetGlyphPathSegment(path, number)
        call.FPDFPathSegment_GetPoint(segment, x, y)
        if call.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            contours.append([])
        contours[-1].append((round(EM * x.value), round(EM * y.value)))
    return contours


def font(face: str, change: Change, drawn_as: Mapping[str, str]) -> bytes:
    """A TrueType font with the letters of a face, each changed, and some drawn as others."""
    names = {code: f"g{code}" for code in range(32, 127)}
    made = FontBuilder(EM, isTTF=True)
    made.setupGlyphOrder([".notdef", *names.values()])
    made.setupCharacterMap(names)
    known = shapes(face)
    letters = {code: known.get(drawn_as.get(chr(code), chr(code)), []) for code in names}
    glyphs = {name: _glyph(change(letters[code]) if letters[code] else []) for code, name in names.items()}
    made.setupGlyf({".notdef": _glyph([])} | glyphs)
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (WIDTH, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Made", "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


WIDTH = 900
"""Of each letter, in thousandths of an em: so none reaches into another."""


def _glyph(contours: Contours) -> object:
    pen = TTGlyphPen(None)
    for contour in contours:
        pen.moveTo(contour[0])
        for corner in contour[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def page(said: str, face: str, change: Change, drawn_as: Mapping[str, str], turn: str = "1 0 0 1 40 400") -> bytes:
    """The visible sentences and, in such a font, what is said."""
    shown = b"BT /F 11 Tf 72 690 Td 20 TL " + b" ".join(b"(%s) Tj T*" % line.encode() for line in SEEN) + b" ET "
    own = f"BT /T 8 Tf {turn} Tm ({said}) Tj ET".encode()
    sheet = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R /T 6 0 R >> >> >>"
    made = b"<< /Type /Font /Subtype /TrueType /BaseFont /Made /FirstChar 32 /LastChar 126 /Encoding /WinAnsiEncoding"
    made += b" /Widths [%s] /FontDescriptor 7 0 R >>" % b" ".join([b"%d" % WIDTH] * 95)
    descriptor = (
        b"<< /Type /FontDescriptor /FontName /Made /Flags 32 /FontBBox [0 0 900 800] /ItalicAngle 0 /Ascent 800"
    )
    descriptor += b" /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 8 0 R >>"
    program = stream(font(face, change, drawn_as))
    return file_of(CATALOG, PAGES, sheet, stream(shown + own), FONT, made, descriptor, program)


def _box(left: int, bottom: int, right: int, top: int) -> list[tuple[int, int]]:
    return [(left, bottom), (left, top), (right, top), (right, bottom)]


def _around(contours: Contours) -> tuple[int, int, int, int]:
    xs, ys = zip(*(corner for contour in contours for corner in contour), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def as_it_is(contours: Contours) -> Contours:
    return contours


def hairs(contours: Contours) -> Contours:
    """The outline as a hair of a thousandth of an em."""
    return [part for contour in contours for part in (contour, [(x + 1, y + 1) for x, y in contour[::-1]])]


def there_and_back(contours: Contours) -> Contours:
    """The outline drawn twice, the second time backwards."""
    return [contour + contour[::-1] for contour in contours]


def level_hairs(contours: Contours) -> Contours:
    left, bottom, right, top = _around(contours)
    return [_box(left, y, right, y + 1) for y in range(bottom, top + 1, 40)]


def dots(contours: Contours) -> Contours:
    left, bottom, right, top = _around(contours)
    return [_box(x, y, x + 3, y + 3) for x in range(left, right, 60) for y in range(bottom, top, 60)]


def corners(contours: Contours) -> Contours:
    """Two specks, so that the letter has its box."""
    left, bottom, right, top = _around(contours)
    return [_box(left, bottom, left + 12, bottom + 12), _box(right - 12, top - 12, right, top)]


def speck(contours: Contours) -> Contours:
    """A square of less than a point."""
    left, bottom, _, _ = _around(contours)
    return [_box(left, bottom, left + 80, bottom + 80)]


def block(contours: Contours) -> Contours:
    return [_box(*_around(contours))]


def moved(letters: str, by: int) -> dict[str, str]:
    """Each of some letters drawn as another of them."""
    return dict(zip(letters, letters[by:] + letters[:by], strict=True))


def sentences(data: bytes) -> str:
    text = read_pdf(data)
    return " ".join(text.quote(sentence) for sentence in text.sentences)


@pytest.mark.parametrize("change", [hairs, there_and_back, level_hairs, dots, corners, speck, block])
def test_words_whose_letters_are_no_shapes_to_be_seen_are_not_believed(change: Change, tmp_path: Path) -> None:
    """Neither read nor seen; what stands beside them is both."""
    path = tmp_path / "page.pdf"
    path.write_bytes(page(ORDER, "Helvetica", change, {}))
    read = sentences(path.read_bytes())
    assert all(line in read for line in SEEN)
    assert not [word for word in ORDER.split() if len(word) > 4 and word in read]
    assert [seen.sight == "seen" for seen in quotes_seen(path, 1, [ORDER, *SEEN])] == [False, *(True for _ in SEEN)]


@pytest.mark.parametrize("face", ["Helvetica", "Times-Roman", "Times-Italic", "Courier"])
@pytest.mark.parametrize(
    ("said", "letters", "by"), [(ORDER, ascii_lowercase, 1), (ORDER, ascii_lowercase, 13), (FIGURES, digits, 3)]
)
def test_words_whose_letters_are_others_are_not_believed(
    face: str, said: str, letters: str, by: int, tmp_path: Path
) -> None:
    """Neither read nor seen, whatever the face: other letters stand there."""
    path = tmp_path / "page.pdf"
    path.write_bytes(page(said, face, as_it_is, moved(letters, by)))
    read = sentences(path.read_bytes())
    assert all(line in read for line in SEEN)
    assert not [word for word in said.split() if len(word) > 4 and word in read]
    assert quotes_seen(path, 1, [said])[0].sight == "differs"


@pytest.mark.parametrize("face", FACES)
def test_honest_letters_are_believed(face: str, tmp_path: Path) -> None:
    """In all faces, and however the line is turned."""
    path = tmp_path / "page.pdf"
    for turn in ("1 0 0 1 40 400", "0 1 -1 0 300 20"):
        path.write_bytes(page(ORDER, face, as_it_is, {}, turn))
        assert ORDER in sentences(path.read_bytes())
        assert quotes_seen(path, 1, [ORDER])[0].sight == "seen"


@pytest.mark.parametrize("blank", [ascii_letters, ORDER[1:], "aeiou"])
def test_words_of_which_letters_are_blank_are_not_read(blank: str) -> None:
    """No letters at all, and words of which some draw nothing; what stands beside them is read."""
    read = sentences(page(ORDER, "Helvetica", as_it_is, dict.fromkeys(blank, " ")))
    assert all(line in read for line in SEEN)
    assert not [word for word in ORDER.split() if len(word) > 4 and word in read]


def test_a_single_figure_that_is_another_counts(tmp_path: Path) -> None:
    """Of a font that draws a 7 as a 4, and all else as it should, the words with a 7 are not read, and not seen."""
    path = tmp_path / "page.pdf"
    path.write_bytes(page(FIGURES, "Helvetica", as_it_is, {"7": "4"}))
    read = sentences(path.read_bytes())
    assert "1234" in read
    assert "5678" not in read
    assert [seen.sight for seen in quotes_seen(path, 1, [FIGURES, "Of 1234 pilots"])] == ["differs", "seen"]


def test_each_letter_is_like_itself_and_unlike_those_that_people_tell_from_it() -> None:
    """Drawn in a face that the letters are compared with, and in one that they are not."""
    document = pdfium.PdfDocument.new()
    for name in ("Helvetica", "Courier-BoldOblique"):
        found = raw.FPDFText_LoadStandardFont(document.raw, name.encode())
        with closing(Font(document, handle(found))) as drawn:
            inks = drawn.drawn(CODES)
        raw.FPDFFont_Close(found)
        assert inks is not None
        codes = np.array(CODES)
        assert np.median(likeness(inks, codes).own) > 0.8
        told = [chr(code) for code in CODES if chr(code) in "aegknswx"]
        others = likeness(
            inks[[CODES.index(ord(letter)) for letter in told[1:]]],
            codes[[CODES.index(ord(letter)) for letter in told[:-1]]],
        )
        assert (others.other > others.own).all()
    document.close()
