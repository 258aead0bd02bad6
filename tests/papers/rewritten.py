"""A made PDF goes in, the same pages come out as other programs write them: they look alike, so they must read alike.

fpdf writes a font in the size in which it is printed, and each line as one
text at its place on an upright page. Distiller and Quartz enlarge fonts of size
1, browsers write whole pages upside down and shrink them, publishers crop
pages, and scanners and presentations turn them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
)

WIDTH, HEIGHT = 612, 792
_FONT = re.compile(rb"BT (/F\d+) ([\d.]+) Tf ET")
_START = re.compile(rb"^BT ([\d.]+) ([\d.]+) Td")
_WORDS = re.compile(rb"\((.*)\) Tj")
_SIGN = re.compile(rb"\\.|[^\\]")
_LENGTH = re.compile(rb"(?<![\w(])(\d+\.\d+)(?= (?:[\d.]+ )*(?:Td|Tf|m|l|w|re)\b)")


def _from_matrix(content: bytes, font: bytes, start: Callable[[bytes, float, float], bytes]) -> bytes:
    """The same with all fonts in one size, and each text beginning with a matrix of its real size and place."""
    size, lines = b"1", list[bytes]()
    for line in content.splitlines():
        if found := _FONT.fullmatch(line):
            size = found[2]
            lines.append(b"BT %s %s Tf ET" % (found[1], font))
        elif begin := _START.match(line):
            lines.append(b"BT " + start(size, float(begin[1]), float(begin[2])) + b" Tm" + line[begin.end() :])
        else:
            lines.append(line)
    return b"\n".join(lines)


def _as_distiller(content: bytes) -> bytes:
    return _from_matrix(content, b"1", lambda size, x, y: b"%s 0 0 %s %.3f %.3f" % (size, size, x, y))


def _upside_down_twice(content: bytes) -> bytes:
    return _from_matrix(content, b"-1", lambda size, x, y: b"-%s 0 0 -%s %.3f %.3f" % (size, size, x, y))


def _from_the_top(content: bytes) -> bytes:
    lines = _from_matrix(content, b"1", lambda size, x, y: b"%s 0 0 -%s %.3f %.3f" % (size, size, x, HEIGHT - y))
    return b"q 1 0 0 -1 0 %d cm\n%s\nQ" % (HEIGHT, lines)


def _shrunk(content: bytes) -> bytes:
    larger = _LENGTH.sub(lambda number: b"%.3f" % (3 * float(number[1])), content)
    return b"q 0.333333 0 0 0.333333 0 0 cm\n%s\nQ" % larger


def _letter_by_letter(content: bytes) -> bytes:
    return _WORDS.sub(lambda words: b" ".join(b"(%s) Tj" % sign for sign in _SIGN.findall(words[1])), content)


def _kerned(content: bytes) -> bytes:
    return _WORDS.sub(
        lambda words: b"[%s] TJ" % b" 0 ".join(b"(%s)" % sign for sign in _SIGN.findall(words[1])), content
    )


def _tagged(content: bytes) -> bytes:
    return re.sub(rb"(?m)^(BT .* Tj ET)$", rb"/Span <</MCID 0>> BDC\n\1\nEMC", content)


CONTENTS = {
    "fonts enlarged by a matrix": _as_distiller, "fonts of negative size": _upside_down_twice, "a page from the top": _from_the_top,
    "a page shrunk": _shrunk, "letter by letter": _letter_by_letter, "kerned": _kerned, "tagged": _tagged,
}  # fmt: skip
"""Ways to write the commands of a page."""


def _placed(page: PageObject, writer: PdfWriter, matrix: str) -> None:
    _write(page, writer, b"q %s cm\n%s\nQ" % (matrix.encode(), _content(page)))


def _box(*corners: float) -> ArrayObject:
    return ArrayObject(map(FloatObject, corners))


def _off_the_origin(page: PageObject, writer: PdfWriter) -> None:
    _placed(page, writer, "1 0 0 1 100 -200")
    page[NameObject("/MediaBox")] = _box(100, -200, 100 + WIDTH, HEIGHT - 200)


def _cropped(page: PageObject, writer: PdfWriter) -> None:
    _placed(page, writer, "1 0 0 1 60 70")
    page[NameObject("/MediaBox")] = _box(0, 0, WIDTH + 150, HEIGHT + 170)
    page[NameObject("/CropBox")] = _box(60, 70, 60 + WIDTH, 70 + HEIGHT)


def _turned(degrees: int) -> Callable[[PageObject, PdfWriter], None]:
    matrix = {90: f"0 1 -1 0 {HEIGHT} 0", 180: f"-1 0 0 -1 {WIDTH} {HEIGHT}", 270: f"0 -1 1 0 0 {WIDTH}"}[degrees]

    def turned(page: PageObject, writer: PdfWriter) -> None:
        _placed(page, writer, matrix)
        page[NameObject("/MediaBox")] = _box(0, 0, *((WIDTH, HEIGHT) if degrees == 180 else (HEIGHT, WIDTH)))
        page[NameObject("/Rotate")] = NumberObject(degrees)

    return turned


def _as_a_form(page: PageObject, writer: PdfWriter) -> None:
    form = DecodedStreamObject()
    form.set_data(_content(page))
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")], form[NameObject("/Resources")] = _box(0, 0, WIDTH, HEIGHT), page["/Resources"]
    forms = DictionaryObject({NameObject("/Page"): writer._add_object(form)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): forms})
    _write(page, writer, b"/Page Do")


def _in_many_streams(page: PageObject, writer: PdfWriter) -> None:
    lines = _content(page).splitlines(keepends=True)
    streams = ArrayObject()
    for start in range(0, len(lines), 5):
        streams.append(_stream(writer, b"".join(lines[start : start + 5])))
    page[NameObject("/Contents")] = streams


PAGES = {
    "off the origin": _off_the_origin, "cropped": _cropped, "turned by 90": _turned(90), "turned by 180": _turned(180),
    "turned by 270": _turned(270), "as a form": _as_a_form, "in many streams": _in_many_streams,
}  # fmt: skip
"""Ways to place a page."""


def rewritten(data: bytes, way: str) -> bytes:
    """The same PDF, written in one of these ways."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    for page in writer.pages:
        if way in CONTENTS:
            _write(page, writer, CONTENTS[way](_content(page)))
        else:
            PAGES[way](page, writer)
    writer.write(file := io.BytesIO())
    return file.getvalue()


def _content(page: PageObject) -> bytes:
    contents = page.get_contents()
    assert contents is not None
    return contents.get_data()


def _write(page: PageObject, writer: PdfWriter, content: bytes) -> None:
    page[NameObject("/Contents")] = _stream(writer, content)


def _stream(writer: PdfWriter, content: bytes) -> PdfObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return writer._add_object(stream)
