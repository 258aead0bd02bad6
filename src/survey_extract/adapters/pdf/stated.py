"""A PDF and its bytes go in, what its metadata state of authors, date and DOI comes out.

There are two kinds: the Info dictionary, and XMP, which is XML in a stream of its
own that programs mostly leave unpacked, so that others find it. Pictures in a file
have XMP as well; only a packet that names what made the PDF is the document's.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import pypdfium2 as pdfium

from survey_extract.core.paper_text import StatedFacts
from survey_extract.core.reading.stated import stated_facts

_BEGINS, _ENDS = b"<x:xmpmeta", b"</x:xmpmeta>"
_OF_A_PDF = re.compile(rb"pdf:Producer|xmlns:pdfx?=|prism:|crossmark:")
_ITEM = re.compile(r"<rdf:li\b[^<>]*>([^<>]*)</rdf:li>")
_PACKED = re.compile(
    rb"/Subtype\s*/XML\b[^>]{0,200}>>\s*stream\r?\n|<<[^<>]{0,200}/Type\s*/Metadata\b[^<>]{0,200}>>\s*stream\r?\n"
)
_MOST_PACKETS = 50
_LARGEST = 200_000
"""Bytes of a packet that are read."""


def stated_in_pdf(document: pdfium.PdfDocument, data: bytes) -> StatedFacts:
    """What a file states: XMP first, which publishers fill in, then the Info dictionary."""
    info = {name: str(document.get_metadata_value(name) or "") for name in ("Title", "Author", "Subject", "Creator", "Producer", "CreationDate")}  # fmt: skip
    xmp = _document_packet(data)
    authors = list(_items(xmp, "dc:creator")) or [info["Author"]]
    dates = [
        *_values(xmp, "prism:publicationDate"), *_values(xmp, "prism:coverDate"), *_items(xmp, "dc:date"),
        *_values(xmp, "xmp:CreateDate"), info["CreationDate"],
    ]  # fmt: skip
    dois = [
        *_values(xmp, "prism:doi"), *_values(xmp, "crossmark:DOI"), *_values(xmp, "pdfx:doi"), *_values(xmp, "dc:identifier"),
        _after_doi(info["Subject"]),
    ]  # fmt: skip
    others = (info["Creator"], info["Producer"], info["Title"])
    return stated_facts(authors, dates, dois, others)


def _document_packet(data: bytes) -> str:
    """The last packet that is the document's; an empty text where there is none."""
    packed = (packet for stream in _unpacked(data) for packet in _packets(stream))
    packets = [found for found in (*_packets(data), *packed) if _OF_A_PDF.search(found)]
    return packets[-1].decode("utf-8", "replace") if packets else ""


def _packets(data: bytes) -> Iterator[bytes]:
    """The packets that stand in some bytes as they are; what does not end within the limit is none."""
    begins = data.find(_BEGINS)
    for _ in range(_MOST_PACKETS):
        if begins < 0:
            return
        ends = data.find(_ENDS, begins, begins + _LARGEST)
        if ends >= 0:
            yield data[begins:ends]
        begins = data.find(_BEGINS, max(ends, begins + 1))


def _unpacked(data: bytes) -> Iterator[bytes]:
    """The streams of metadata that are packed after all, each up to a limit."""
    if b"/Metadata" not in data and b"/XML" not in data:  # the pattern takes ten times as long to find none
        return
    for found in islice(_PACKED.finditer(data), _MOST_PACKETS):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[found.end() : found.end() + _LARGEST], _LARGEST)


def _values(xmp: str, name: str) -> Iterator[str]:
    """What a property says, as an element or as an attribute."""
    for found in re.finditer(rf"<{name}\b[^<>]*>([^<>]*)</{name}>|\b{name}=\"([^\"<>]*)\"", xmp):
        yield html.unescape(found[1] or found[2] or "")


def _items(xmp: str, name: str) -> Iterator[str]:
    """The items of a property that is a list."""
    begins = xmp.find(f"<{name}>")
    ends = xmp.find(f"</{name}>", begins)
    if begins >= 0 and ends >= 0:
        yield from map(html.unescape, _ITEM.findall(xmp[begins:ends]))


def _after_doi(subject: str) -> str:
    """What a journal writes into the subject: its name, pages, and the DOI; one that is not said to be a DOI is of another paper."""
    return subject if re.search(r"\bdoi\b", subject, re.IGNORECASE) else ""
