"""Sources go in, where their bytes are comes out: arXiv is asked, pages and files are known by their address.

A Hugging Face model page and a GitHub repository page show a Markdown file
among much else; the raw file is fetched instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from survey_extract.adapters.http.addresses import own_refusal
from survey_extract.core.records import Location, Source
from survey_extract.errors import FetchError, SourceError

if TYPE_CHECKING:
    from survey_extract.core.ports import Locator

_HUGGING_FACE = re.compile(r"/(?P<kind>datasets/|spaces/)?(?P<owner>[\w.-]+)/(?P<name>[\w.-]+)/?")
_HUGGING_FACE_OTHER = frozenset({"papers", "blog", "docs", "collections", "spaces", "datasets", "learn", "posts"})
_GITHUB = re.compile(r"/(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?(?:/tree/(?P<ref>[^/]+)(?P<folder>/.+?)?)?/?")
_GITHUB_OTHER = frozenset({"orgs", "topics", "settings", "features", "sponsors", "marketplace", "collections", "about"})


class SourceLocator:
    """Every kind of source; see ``core.ports.Locator``."""

    def __init__(self, arxiv: Callable[[], Locator], *, mirrored: bool = False) -> None:
        """``arxiv`` gives who asks arXiv; it is called when there is a paper. A mirror may have what is fetched from nowhere else."""
        self._arxiv, self._mirrored = arxiv, mirrored

    def locate(self, sources: Sequence[Source]) -> dict[str, Location | SourceError]:
        papers = [source for source in sources if source.kind == "arxiv"]
        located = self._arxiv().locate(papers) if papers else {}
        return located | {source.key: self._place(source) for source in sources if source.kind != "arxiv"}

    def _place(self, source: Source) -> Location | SourceError:
        location = page_location(source)
        if source.kind == "web" and not self._mirrored and (why := own_refusal(urlsplit(location.url).hostname or "")):
            return FetchError(why)
        return location


def page_location(source: Source) -> Location:
    """Where a page or a local file is; for both, no one need be asked."""
    if source.kind == "file":
        return Location(url=source.location, link=source.link)
    return Location(url=raw_url(source.location), link=source.link)


def raw_url(page: str) -> str:
    """The URL of the Markdown file that a repository page shows; any other page as it is."""
    parts = urlsplit(page)
    host = (parts.hostname or "").removeprefix("www.")
    card = _HUGGING_FACE.fullmatch(parts.path) if host in ("huggingface.co", "hf.co") else None
    if card and card["owner"] not in _HUGGING_FACE_OTHER:
        return f"https://huggingface.co/{card['kind'] or ''}{card['owner']}/{card['name']}/raw/main/README.md"
    repo = _GITHUB.fullmatch(parts.path) if host == "github.com" else None
    if repo and repo["owner"] not in _GITHUB_OTHER:
        place = f"{repo['ref'] or 'HEAD'}{repo['folder'] or ''}"
        return f"https://raw.githubusercontent.com/{repo['owner']}/{repo['name']}/{place}/README.md"
    return page
