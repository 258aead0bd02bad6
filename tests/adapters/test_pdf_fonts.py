"""Fonts that draw nothing where they say there are letters: no word set in them is read."""

from __future__ import annotations

import io

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]

from survey_extract.adapters.pdf.reader import read_pdf
from tests.papers.hostile import CATALOG, FONT, ORDER, PAGES, SEEN, file_of, stream

EM = 1_000
LETTERS = range(32, 127)


def font(side: int, blank: str) -> bytes:
    """A TrueType font whose letters are squares of that side, in thousandths of an em, but for those that are blank."""
    names = {code: f"g{code}" for code in LETTERS}
    made = FontBuilder(EM, isTTF=True)
    made.setupGlyphOrder([".notdef", *names.values()])
    made.setupCharacterMap(names)
    made.setupGlyf(
        {".notdef": TTGlyphPen(None).glyph()}
        | {name: _square(0 if chr(code) in blank else side) for code, name in names.items()}
    )
    made.setupHorizontalMetrics(dict.fromkeys([".notdef", *names.values()], (500, 0)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Made", "styleName": "Regular"})
    made.setupOS2()
    made.setupPost()
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def _square(side: int) -> object:
    pen = TTGlyphPen(None)
    if side:
        corners = [(20, 0), (20, side), (20 + side, side), (20 + side, 0)]
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def said(side: int, blank: str = "") -> str:
    """What is read of a page with the visible sentences and, in such a font, the order."""
    shown = b"BT /F 11 Tf 72 690 Td 20 TL " + b" ".join(b"(%s) Tj T*" % line.encode() for line in SEEN) + b" ET "
    order = f"BT /T 11 Tf 72 400 Td ({ORDER}) Tj ET".encode()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R /T 6 0 R >> >> >>"
    widths = b" ".join([b"500"] * len(LETTERS))
    own = b"<< /Type /Font /Subtype /TrueType /BaseFont /Made /FirstChar 32 /LastChar 126 /Encoding /WinAnsiEncoding"
    own += b" /Widths [%s] /FontDescriptor 7 0 R >>" % widths
    descriptor = (
        b"<< /Type /FontDescriptor /FontName /Made /Flags 32 /FontBBox [0 0 500 800] /ItalicAngle 0 /Ascent 800"
    )
    descriptor += b" /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 8 0 R >>"
    text = read_pdf(
        file_of(CATALOG, PAGES, page, stream(shown + order), FONT, own, descriptor, stream(font(side, blank)))
    )
    return " ".join(text.quote(sentence) for sentence in text.sentences)


@pytest.mark.parametrize(("side", "blank"), [(0, ""), (4, ""), (80, ""), (400, ORDER[1:]), (400, "aeiou")])
def test_words_whose_font_draws_nothing_or_specks_are_not_read(side: int, blank: str) -> None:
    """No glyphs, specks, and words of which letters are blank: none is read; what stands beside them is."""
    found = said(side, blank)
    assert all(line in found for line in SEEN)
    hidden = [word for word in ORDER.split() if not blank or any(letter in blank for letter in word)]
    assert not [word for word in hidden if len(word) > 4 and word in found]


def test_words_whose_letters_are_drawn_are_read() -> None:
    """The same font with letters of the usual size."""
    assert ORDER in said(450)
