"""The bytes of a PDF go in; what pdfium does not report about its pages comes out: patterns, layers, masks and blending.

pdfium reports a text's colour, and for a text that is filled with a pattern a
colour that its file made up: an empty pattern can call itself black. Nor does
it report that a form is on a layer, which may be off, or why one is transparent:
figures mostly are by name alone, as groups. Whether a file has any of these
at all shows in its bytes, since none is without its name; then pypdf names
the pages that use them.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

import pypdf

_MOST = 50_000_000
"""Bytes of one packed part that are looked through; what is larger is taken for anything."""


def _spelt(name: str) -> bytes:
    """A name of PDF without its stroke, each of its letters plain or by its number."""
    return b"".join(b"(?:%c|#%02X|#%02x)" % (ord(c), ord(c), ord(c)) for c in name)


_NAME = re.compile(
    rb"/(?=[BOPS#])(?:(?P<pattern>%s)|(?P<packed>%s)|(?:(?P<layer>%s)|(?P<veil>%s|%s))(?![^\x00\t\n\f\r ()<>\[\]{}/%%]))"
    % tuple(map(_spelt, ("PatternType", "ObjStm", "OC", "SMask", "BM")))
)
_NO_VEIL = re.compile(rb"\s{0,9}/(?:None|Normal|Compatible)(?![^\x00\t\n\f\r ()<>\[\]{}/%])")
_HEADER = 2_000
"""Bytes of the part that says what an image is, at most."""
_BODY = re.compile(rb"stream\r?\n")
_FLATE = re.compile(rb"/Filter\s*(?:/FlateDecode\s*[/>]|\[\s*/FlateDecode\s*\])")


def pages_with_patterns(data: bytes, pages: int, *, encrypted: bool) -> frozenset[int]:
    """The pages, counted from 0, without what is in their forms; all of them when that cannot be told."""
    return _pages(data, pages, _uses_any) if encrypted or "pattern" in _names(data) else frozenset()


def pages_with_odd_forms(data: bytes, pages: int, *, encrypted: bool) -> frozenset[int]:
    """The pages in whose forms there may be patterns, or whose forms may be layers; all of them when that cannot be told."""
    if encrypted or "layer" in _names(data):
        return frozenset(range(pages))
    return _pages(data, pages, _holds_any) if "pattern" in _names(data) else frozenset()


@lru_cache(1)
def may_hold_veils(data: bytes, page: int, *, encrypted: bool) -> bool:
    """Whether on a page, or in its forms, there may be masks or colours that are blended; also when that cannot be told.

    Few pages are asked about, each for form after form, so that each is looked at by itself, and once.
    """
    if encrypted or "veil" not in _names(data):
        return encrypted
    try:
        return _holds_veils(_opened(data).pages[page])
    except Exception:  # noqa: BLE001  # pypdf raises anything on broken files, by its own word
        return True


def _pages(data: bytes, pages: int, test: Callable[[pypdf.PageObject], bool]) -> frozenset[int]:
    """The pages that pass a test; all of them when pypdf cannot tell."""
    try:
        found = _opened(data).pages
        return frozenset(number for number in range(pages) if test(found[number]))
    except Exception:  # noqa: BLE001  # pypdf raises anything on broken files, by its own word
        return frozenset(range(pages))


@lru_cache(1)
def _opened(data: bytes) -> pypdf.PdfReader:
    """The file as pypdf has it, which keeps what it has looked up."""
    return pypdf.PdfReader(io.BytesIO(data))


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


def _resources(page: pypdf.PageObject) -> Iterator[pypdf.generic.DictionaryObject]:
    """What a page and its forms have at hand."""
    waiting, seen = [page], set[int]()
    while waiting:
        resources = waiting.pop().get("/Resources", _NOTHING).get_object()
        if id(resources) not in seen:
            seen.add(id(resources))
            yield resources
            inner = (each.get_object() for each in resources.get("/XObject", _NOTHING).get_object().values())
            waiting += [each for each in inner if each.get("/Subtype") != "/Image"]


@lru_cache(1)
def _names(data: bytes) -> frozenset[str]:
    """What there may be in a file: "pattern", "layer", and "veil", a mask or blending but for the masks of images."""
    found: set[str] = set()
    left = _MOST
    for name in _NAME.finditer(data):
        kind = str(name.lastgroup)
        if kind == "packed":
            part = _packed(data, name, left)
            left -= 0 if part is None else len(part)
            found |= _DOUBT if part is None else _names_in(part)
        elif kind != "veil" or not (_NO_VEIL.match(data, name.end()) or _is_of_image(data, name.start())):
            found.add(kind)
    return frozenset(found)


_DOUBT = frozenset({"pattern", "veil"})
"""What may be in a part that cannot be unpacked."""


def _names_in(part: bytes) -> set[str]:
    """The same of a packed part."""
    names = (name for name in _NAME.finditer(part) if not _NO_VEIL.match(part, name.end()))
    return {str(name.lastgroup) for name in names} & _DOUBT


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


def _packed(data: bytes, name: re.Match[bytes], left: int) -> bytes | None:
    """A part of a file that holds other parts, unpacked; None of one that cannot be, or of more than so many bytes."""
    body, start = _BODY.search(data, name.end()), data.rfind(b" obj", 0, name.start())
    if not body or start < 0 or left <= 0:
        return None
    return _unpacked(data[start : body.start()], memoryview(data)[body.end() :], left)


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
