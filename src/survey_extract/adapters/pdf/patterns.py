"""The bytes of a PDF go in; on which pages something may be painted in a pattern comes out.

pdfium tells a text's colour, and of a text that is filled with a pattern a
colour that its file made up: an empty pattern can call itself black. Whether a
file has patterns at all is seen in its bytes, since no pattern is without its
name; then pypdf tells the pages that use any.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

import pypdf

_MOST = 50_000_000
"""Bytes of one packed part that are looked through; what is larger is taken for anything."""


def _spelt(name: str) -> re.Pattern[bytes]:
    """A name of PDF, each of its letters plain or by its number."""
    return re.compile(b"/" + b"".join(b"(?:%c|#%02X|#%02x)" % (ord(c), ord(c), ord(c)) for c in name))


_PATTERN, _PACKED = _spelt("PatternType"), _spelt("ObjStm")
_BODY = re.compile(rb"stream\r?\n")
_FLATE = re.compile(rb"/Filter\s*(?:/FlateDecode\s*[/>]|\[\s*/FlateDecode\s*\])")


def pages_with_patterns(data: bytes, pages: int, *, encrypted: bool) -> frozenset[int]:
    """The pages, counted from 0, without what is in their forms; all of them when that cannot be told."""
    if not encrypted and not _has_patterns(data):
        return frozenset()
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        return frozenset(number for number in range(pages) if _uses_any(reader.pages[number]))
    except Exception:  # noqa: BLE001  # pypdf raises anything on broken files, by its own word
        return frozenset(range(pages))


def _uses_any(page: pypdf.PageObject) -> bool:
    """Whether a page has patterns at hand and sets a colour in a way in which one may be set."""
    resources = page.get("/Resources")
    if resources is None or not resources.get_object().get("/Pattern"):
        return False
    contents = page.get_contents()
    return contents is not None and b"scn" in contents.get_data()


def _has_patterns(data: bytes) -> bool:
    return bool(_PATTERN.search(data)) or any(part is None or _PATTERN.search(part) for part in _packed(data))


def _packed(data: bytes) -> Iterator[bytes | None]:
    """The parts of a file that hold other parts, unpacked; None of one that cannot be, or of too much."""
    view, left = memoryview(data), _MOST
    for found in _PACKED.finditer(data):
        body, start = _BODY.search(data, found.end()), data.rfind(b" obj", 0, found.start())
        part = _unpacked(data[start : body.start()], view[body.end() :], left) if body and start >= 0 else None
        yield part
        if part is None:
            return
        left -= len(part)


def _unpacked(header: bytes, body: memoryview, most: int) -> bytes | None:
    """A part that is packed as all writers pack it."""
    if not _FLATE.search(header) or header.count(b"/Filter") != 1 or b"/DecodeParms" in header or b"#" in header:
        return None
    try:
        unpack = zlib.decompressobj()
        unpacked = unpack.decompress(body, max(most, 1))
    except zlib.error:
        return None
    return unpacked if unpack.eof else None
