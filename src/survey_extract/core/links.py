"""A document and a page go in, the address at which a reader sees that page comes out."""

from __future__ import annotations

import re

from survey_extract.core.records import Document

_ARXIV_PDF = re.compile(r"https?://(?:export\.)?arxiv\.org/pdf/(?P<id>[^?#]+?)(?:\.pdf)?\Z")


def evidence_link(document: Document, page: int) -> str:
    """The version that was read, at its page; a page of the web, which has none, as a whole.

    Of a paper on arXiv this is the PDF and not the abstract, whose link always
    shows the newest version.
    """
    if document.media_type != "application/pdf":
        return document.link
    paper = _ARXIV_PDF.match(document.url)
    address = f"https://arxiv.org/pdf/{paper['id']}" if paper else document.link
    return f"{address}#page={page}"
