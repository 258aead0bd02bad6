"""A paper's abstract page goes in, its location and metadata come out: the second place to ask when arXiv's API is down.

The page names title, authors and dates in the ``citation_`` metadata that
Google Scholar asks for, and its versions in the submission history.
"""

from __future__ import annotations

import re

from lxml import html

from survey_extract.adapters.arxiv.api import notice_in
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import Location, Metadata, Source
from survey_extract.errors import FetchError

_VERSION = re.compile(r"\[v(\d+)\]")


def read_abstract_page(source: Source, data: bytes) -> Location:
    """Where the paper is, by its abstract page.

    Raises:
        FetchError: the page names no title or no version: it is another page, or changed its form.
    """
    page = html.document_fromstring(data)
    title = _meta(page, "citation_title")
    history = " ".join(page.xpath("//div[@class='submission-history']//text()"))
    versions = [int(number) for number in _VERSION.findall(history)]
    if not title or not versions:
        raise FetchError(f"{source.link}: this does not look like an abstract page", transient=True, step="locate")
    version = source.version or max(versions)
    abstract = " ".join(page.xpath("//blockquote//text()[not(ancestor::span[@class='descriptor'])]"))
    notice, withdrawn = notice_in(_cell(page, "comments"), abstract)
    published, updated = (_day(_meta(page, name)) for name in ("citation_date", "citation_online_date"))
    subject = re.search(r"\(([\w.-]+)\)", _cell(page, "subjects") or "")
    return Location(
        url=f"https://arxiv.org/pdf/{source.location}v{version}",
        link=source.link,
        version=f"v{version}",
        metadata=Metadata(
            title=title,
            authors=tuple(_name(author) for author in page.xpath("//meta[@name='citation_author']/@content")),
            published=published,
            updated=updated or published,
            category=subject[1] if subject else None,
            doi=_meta(page, "citation_doi"),
        ),
        notice=notice,
        withdrawn=withdrawn,
        by_page=True,
    )


def _meta(page: html.HtmlElement, name: str) -> str | None:
    found = page.xpath("//meta[@name=$name]/@content", name=name)
    return clean(str(found[0])) or None if found else None


def _cell(page: html.HtmlElement, kind: str) -> str | None:
    """A cell of the table under the abstract."""
    found = page.xpath("//td[contains(concat(' ', @class, ' '), $kind)]", kind=f" {kind} ")
    return clean(found[0].text_content()) or None if found else None


def _day(text: str | None) -> str | None:
    """2023/04/17 as an ISO day."""
    return text.replace("/", "-") if text else None


def _name(author: str) -> str:
    """A name with its family first, as the API writes it: the given name first."""
    family, _, given = clean(author).partition(", ")
    return f"{given} {family}".strip()
