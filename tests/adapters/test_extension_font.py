"""Sums, unions and hats in fonts encoded as TeX's extension font are read as printed, in sentences that are on their page; former quotes are found."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.t2CharStringPen import T2CharStringPen  # type: ignore[import-untyped]

from survey_extract.adapters.pdf.reader import printed_pages, read_pdf
from survey_extract.adapters.pdf.seen import quotes_seen
from survey_extract.core.evidence import Quoter
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.reading.extension_font import formerly, is_extension_font
from survey_extract.core.reading.joins import false_runs
from survey_extract.core.records import Evidence
from tests.papers.hostile import CATALOG, FONT, PAGES, file_of, stream

NUMBERS = range(33, 127)
LINES = (
    "The boats of the harbour were counted in winter and in summer, and the",
    "crews were asked how many ropes they had repaired since the last storm.",
)


@cache
def program() -> bytes:
    """A font whose signs have the numbers of the encoding, and names that no list knows; each is drawn as a box."""
    names = {number: f"place{number}text" for number in NUMBERS}
    made = FontBuilder(1_000, isTTF=False)
    made.setupGlyphOrder([".notdef", *names.values()])
    made.setupCharacterMap({})
    made.setupCFF("Made", {}, {name: _box() for name in (".notdef", *names.values())}, {})
    top = made.font["CFF "].cff.topDictIndex[0]
    top.Encoding = [names.get(number, ".notdef") for number in range(256)]
    data: bytes = made.font["CFF "].compile(made.font)
    return data


def _box() -> object:
    pen = T2CharStringPen(900, None)
    pen.moveTo((100, 0))
    for corner in ((100, 700), (800, 700), (800, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.getCharString()


def page(name: str, sign: str, encoding: str = "") -> bytes:
    """Two lines of words, and a sentence with a sign of a font of such a name."""
    lines = b" ".join(b"(%s) Tj T*" % line.encode() for line in LINES)
    own = f"(The crews write ) Tj /T 11 Tf ({sign}) Tj /F 11 Tf ( k for all of their boats.) Tj".encode()
    sheet = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R /T 6 0 R >> >> >>"
    made = f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /FirstChar 33 /LastChar 126 {encoding}".encode()
    made += b" /Widths [%s] /FontDescriptor 7 0 R >>" % b" ".join([b"900"] * len(NUMBERS))
    descriptor = f"<< /Type /FontDescriptor /FontName /{name} /Flags 4 /FontBBox [0 0 900 800] /ItalicAngle 0".encode()
    descriptor += b" /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 /FontFile3 8 0 R >>"
    file = stream(program(), b"/Subtype /Type1C ")
    words = b"BT /F 11 Tf 72 690 Td 14 TL " + lines + b" " + own + b" ET"
    return file_of(CATALOG, PAGES, sheet, stream(words), FONT, made, descriptor, file)


DIFFERENCES = f"/Encoding << /Type /Encoding /Differences [33 {' '.join(f'/place{at}text' for at in NUMBERS)}] >>"


@pytest.mark.parametrize("encoding", ["", DIFFERENCES], ids=["the font's own", "named by the file"])
@pytest.mark.parametrize(
    ("name", "letter", "sign"),
    [
        ("ABCDEF+CMEX10", "P", "∑"), ("CMEX7", "S", "⋃"), ("LMMathExtension10-Regular", "Y", "∏"), ("MTEX", "R", "∫"),
        ("CMEX9", "n", "{"), ("CMEX10", "!", "□"), ("CMEX10", ":", "□"), ("CMMI10", "P", "P"), ("MTEXTRA", "P", "P"),
    ],
)  # fmt: skip
def test_a_sign_of_the_extension_font_is_read_as_printed(
    name: str, letter: str, sign: str, encoding: str, tmp_path: Path
) -> None:
    """By its encoding, in fonts that have it by their name; the sentence is on its page, is seen, and what was cited with the letter is found."""
    data = page(name, letter, encoding)
    text, pages = read_pdf(data), printed_pages(data)
    words = f"The crews write {sign} k for all of their boats."
    assert words in [text.quote(one) for one in text.citable()]
    assert not false_runs(pages, text)
    assert f"write {sign} k" in pages[0]
    (tmp_path / "made.pdf").write_bytes(data)
    (seen,) = quotes_seen(tmp_path / "made.pdf", 1, [words])
    assert seen.found == seen.letters
    former = f"The crews write {letter} k for all of their boats."
    found = Quoter(text).quote(Evidence(1, 0, len(former), sha256_text(former)))
    assert found.words == words


def test_former_spellings_are_bounded_and_hold_every_mixture() -> None:
    """Small and large operators may stand in one sentence, beside hats; a text of many signs has no more spellings than are worth the time."""
    assert {"P a S b", "X a S b", "P a [ b", "∑ a S b"} <= set(formerly("∑ a ⋃ b"))
    assert "so bx is" in set(formerly("so x\u0302 is"))
    assert not list(formerly("No sign of that font."))
    assert not list(formerly("∑ □ {" * 50))
    assert "X P □ □" in set(formerly("∑ ∑ □ □"))


def test_fonts_are_told_by_their_names() -> None:
    named = ("CMEX10", "QWERTY+CMEX8", "LMMathExtension10-Regular", "EUEX10", "MTEX", "txex", "NTXEXX", "pxex-Regular")
    others = ("CMMI10", "CMSY10", "ComplexSans", "MTExtra", "TeXGyreTermes", "LATEXEX", "CMExplicit", "Flexi")
    assert [name for name in (*named, *others) if is_extension_font(name)] == list(named)
