"""The tree of a web page goes in, what it states of its authors, its date and its DOI comes out.

By the tags that scholarly indexes read (citation_*), Dublin Core, Open Graph, and JSON-LD of schema.org.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml.html import HtmlElement

from survey_extract.core.paper_text import StatedFacts
from survey_extract.core.reading.stated import stated_facts

AUTHORS = ("citation_author", "citation_authors", "dc.creator", "dcterms.creator", "author", "parsely-author")
DATES = (
    "citation_publication_date", "citation_date", "citation_online_date", "dcterms.issued", "dc.date.issued", "dc.date",
    "article:published_time", "date",
)  # fmt: skip
DOIS = ("citation_doi", "dc.identifier", "dcterms.identifier", "prism.doi", "doi")
_KINDS = frozenset(
    "article blogposting newsarticle scholarlyarticle techarticle report webpage creativework medicalscholarlyarticle".split()
)
_LARGEST = 200_000
"""Characters of a JSON-LD block that is read."""
_DEEPEST = 6
_BLOCKS = 20


def stated_in_page(tree: HtmlElement) -> StatedFacts:
    """What a page states, the tags for scholars first."""
    tags: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").strip().casefold()
        if name and (content := (tag.get("content") or "").strip()):
            tags.setdefault(name, []).append(content)
    things = list(_things(tree))
    authors = next((tags[name] for name in AUTHORS if name in tags), []) or next(
        (found for thing in things if (found := list(_names(thing.get("author"), 0)))), []
    )
    dates = [text for name in DATES for text in tags.get(name, ())]
    dates += [thing["datePublished"] for thing in things if isinstance(thing.get("datePublished"), str)]
    dois = [text for name in DOIS for text in tags.get(name, ())]
    dois += [
        text for thing in things for name in ("identifier", "sameAs", "@id") for text in _names(thing.get(name), 0)
    ]
    others = [
        text for name in ("generator", "og:site_name", "og:title", "citation_title") for text in tags.get(name, ())
    ]
    return stated_facts(authors, dates, dois, others)


def _things(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """The articles that JSON-LD names, whatever they are wrapped in; what is no JSON says nothing."""
    blocks = [s for s in tree.iter("script") if (s.get("type") or "").strip().casefold() == "application/ld+json"]
    for block in blocks[:_BLOCKS]:
        text = block.text or ""
        if len(text) > _LARGEST:
            continue
        try:
            yield from _articles(json.loads(text), 0)
        except (ValueError, RecursionError):
            continue


def _articles(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(found, list):
        for item in found:
            yield from _articles(item, depth + 1)
    elif isinstance(found, dict):
        kinds = found.get("@type")
        named = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind.casefold() in _KINDS for kind in named):
            yield found
        yield from _articles(found.get("@graph"), depth + 1)


def _names(found: Any, depth: int) -> Iterator[str]:
    """Names and identifiers, which may stand alone, in lists, or in things of their own; an organisation is no author."""
    if depth > _DEEPEST:
        return
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for item in found:
            yield from _names(item, depth + 1)
    elif isinstance(found, dict) and found.get("@type") != "Organization":
        yield from _names(found.get("name") or found.get("value") or found.get("@id"), depth + 1)
