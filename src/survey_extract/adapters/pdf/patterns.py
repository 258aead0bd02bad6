"""The bytes of a PDF go in; what pdfium does not tell of its pages comes out: patterns, layers, masks and blending.

pdfium tells a text's colour, and of a text that is filled with a pattern a
colour that its file made up: an empty pattern can call itself black. Nor does
it tell that a form is on a layer, which may be off, or why one is transparent:
figures mostly are by name alone, as groups. Whether a file has any of these
at all is seen in its bytes, since none is without its name; then pypdf tells
the pages that use them.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator

import pypdf

from survey_extract.adapters.pdf.objects import NESTING

_MOST = 50_000_000
"""Bytes of one packed part that are looked through; what is larger is taken for anything."""


def _spelt(name: str) -> re.Pattern[bytes]:
    """A name of PDF, each of its letters plain or by its number."""
    return re.compile(b"/" + b"".join(b"(?:%c|#%02X|#%02x)" % (ord(c), ord(c), ord(c)) for c in name))


_PATTERN, _PACKED = _spelt("PatternType"), _spelt("ObjStm")
_END = rb"(?![^\x00\t\n\f\r ()<>\[\]{}/%])"
"""Of a name."""
_LAYER = re.compile(_spelt("OC").pattern + _END)
_VEIL = re.compile(rb"(?:%s|%s)%s" % (_spelt("SMask").pattern, _spelt("BM").pattern, _END))
_NO_VEIL = re.compile(rb"\s*/(?:None|Normal|Compatible)" + _END)
_HEADER = 2_000
"""Bytes of the part that says what an image is, at most."""
_BODY = re.compile(rb"stream\r?\n")
_FLATE = re.compile(rb"/Filter\s*(?:/FlateDecode\s*[/>]|\[\s*/FlateDecode\s*\])")


def pages_with_patterns(data: bytes, pages: int, *, encrypted: bool) -> frozenset[int]:
    """The pages, counted from 0, without what is in their forms; all of them when that cannot be told."""
    return frozenset() if not encrypted and not _has_patterns(data) else _pages(data, pages, _uses_any)


def pages_with_odd_forms(data: bytes, pages: int, *, encrypted: bool) -> frozenset[int]:
    """The pages in whose forms there may be patterns, or whose forms may be layers; all of them when that cannot be told."""
    if encrypted or _LAYER.search(data):
        return frozenset(range(pages))
    return _pages(data, pages, _holds_any) if _has_patterns(data) else frozenset()


def pages_with_veils(data: bytes, pages: int, *, encrypted: bool) -> frozenset[int]:
    """The pages on which, or in whose forms, there may be masks or colours that are blended; all of them when that cannot be told."""
    if encrypted:
        return frozenset(range(pages))
    return _pages(data, pages, _holds_veils) if _has_veils(data) else frozenset()


def _pages(data: bytes, pages: int, test: Callable[[pypdf.PageObject], bool]) -> frozenset[int]:
    """The pages that pass a test; all of them when pypdf cannot tell."""
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        return frozenset(number for number in range(pages) if test(reader.pages[number]))
    except Exception:  # noqa: BLE001  # pypdf raises anything on broken files, by its own word
        return frozenset(range(pages))


def _uses_any(page: pypdf.PageObject) -> bool:
    """Whether a page has patterns at hand and sets a colour in a way in which one may be set."""
    resources = page.get("/Resources")
    if resources is None or not resources.get_object().get("/Pattern"):
        return False
    contents = page.get_contents()
    return contents is not None and b"scn" in contents.get_data()


def _holds_any(page: pypdf.PageObject) -> bool:
    """Whether patterns are at hand in a page or in any of its forms."""
    return any("/Pattern" in resources for resources in _resources(page))


def _holds_veils(page: pypdf.PageObject) -> bool:
    """Whether a page or any of its forms has masks at hand, or colours that are blended."""
    states = (
        state.get_object()
        for resources in _resources(page)
        for state in resources.get("/ExtGState", _NOTHING).get_object().values()
    )
    return any(
        state.get("/SMask", "/None") != "/None" or state.get("/BM", "/Normal") not in _PLAIN_BLENDING
        for state in states
    )


_NOTHING = pypdf.generic.DictionaryObject()
_PLAIN_BLENDING = frozenset({"/Normal", "/Compatible"})


def _resources(
    holder: pypdf.generic.DictionaryObject, depth: int = NESTING
) -> Iterator[pypdf.generic.DictionaryObject]:
    """What a page and its forms have at hand.

    Raises:
        RecursionError: forms are nested deeper than pdfium reads them.
    """
    if depth < 0:
        raise RecursionError
    resources = holder.get("/Resources", _NOTHING).get_object()
    yield resources
    for each in resources.get("/XObject", _NOTHING).get_object().values():
        if (form := each.get_object()).get("/Subtype") != "/Image":
            yield from _resources(form, depth - 1)


def _has_veils(data: bytes) -> bool:
    """Whether there is any mask or blending, but for the masks of images."""
    own = (found for found in _VEIL.finditer(data) if not _NO_VEIL.match(data, found.end()))
    return any(not _is_of_image(data, found.start()) for found in own) or any(
        part is None or any(not _NO_VEIL.match(part, found.end()) for found in _VEIL.finditer(part))
        for part in _packed(data)
    )


def _is_of_image(data: bytes, place: int) -> bool:
    """Whether a name stands in what an image says of itself, where no state of drawing can be."""
    start, stop = data.rfind(b" obj", max(place - _HEADER, 0), place), data.find(b"stream", place, place + _HEADER)
    if start < 0 or stop < 0:
        return False
    header, before = data[start:stop], data[start:place]
    plain = not any(mark in header for mark in (b"(", b"%", b"#", b"endobj"))
    return (
        plain and header.count(b" obj") == 1 and b"/Image" in header and before.count(b"<<") - before.count(b">>") == 1
    )


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
