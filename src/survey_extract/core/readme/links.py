"""A document, a page and a text fragment go in, the address at which a reader sees that sentence comes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from survey_extract.core.records import Document

SHOWN_LINKS = 3
"""Links that a cell of the table carries at most."""
FRAGMENT = ":~:text="
"""What begins a text fragment: the browser looks for the words, shows them and marks them."""

_ARXIV_PDF = re.compile(r"https?://(?:export\.)?arxiv\.org/pdf/(?P<id>[^?#]+?)(?P<version>v\d+)?(?:\.pdf)?\Z")


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """A link to a sentence of the source, as a cell of the table shows it."""

    label: str
    address: str

    @property
    def place(self) -> str:
        """The address without the place on the page."""
        return self.address.partition("#")[0]


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """Where a sentence behind a cell is seen; ``page`` is None where the document has no pages."""

    page: int | None
    address: str


def evidence_link(document: Document, page: int, fragment: str | None = None, *, is_newest: bool = True) -> str:
    """The version that was read, at its page; a page of the web, which has none, at the words themselves.

    Of a paper on arXiv this is the PDF and not the abstract, whose link always
    shows the newest version. ``fragment`` are words that a browser finds on the
    page. Of a Markdown file they were found in the page that the site makes of
    it: where the file itself is shown, marks and all, they are left out. Where
    the address of an older document shows the newest one, it names no place in that.
    """
    if not is_newest and not _is_versioned(document):
        return document.link
    if document.media_type == "application/pdf":
        return f"{_pdf(document)}#page={page}"
    is_page = document.media_type == "text/html" or document.link != document.url
    if fragment is None or not is_page or "://" not in document.link:
        return document.link
    return f"{document.link}{'' if '#' in document.link else '#'}{FRAGMENT}{fragment}"


def _is_versioned(document: Document) -> bool:
    """Whether its address goes on showing this very version."""
    paper = _ARXIV_PDF.match(document.url)
    return document.media_type == "application/pdf" and bool(paper and (paper["version"] or document.version))


def _pdf(document: Document) -> str:
    paper = _ARXIV_PDF.match(document.url)
    if paper is None:
        return document.link
    return f"https://arxiv.org/pdf/{paper['id']}{paper['version'] or document.version or ''}"


def cell_links(places: Iterable[CitedPlace]) -> tuple[EvidenceLink, ...]:
    """The links of a cell, each place once, in the order of its evidence: a page by its number, any other as "source"."""
    distinct = list(dict.fromkeys(places))[:SHOWN_LINKS]
    unpaged = sum(place.page is None for place in distinct)
    links: list[EvidenceLink] = []
    for place in distinct:
        number = f" {len(links) + 1}" if unpaged > 1 else ""
        links.append(EvidenceLink(f"source{number}" if place.page is None else str(place.page), place.address))
    return tuple(links)


def recalled_links(links: tuple[EvidenceLink, ...], shown: Iterable[EvidenceLink]) -> tuple[EvidenceLink, ...]:
    """The links of a cell whose document is not at hand: those that its README shows, where they lead to the same pages.

    The words of a text fragment are known only from the document; what was
    found in it once is not lost because the cache was.
    """
    places = {link.place for link in links}
    kept = tuple(link for link in shown if link.place in places and FRAGMENT in link.address)
    return kept[:SHOWN_LINKS] or links
