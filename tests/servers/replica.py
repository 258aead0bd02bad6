"""A folder of papers and pages goes in, a replica of arXiv and the web on loopback comes out.

    python -m tests.servers.replica ../shared

Set SURVEY_MIRROR to the address it prints. It serves metadata.json as
arXiv's Atom feed, the PDFs under their versions, and the pages under their
mirror paths with ETags; whatever is not held is 404.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from survey_extract.adapters.locate import raw_url
from tests.servers.loopback import Request, Response, Server, serving

_ID = re.compile(r"(?P<id>.+?)(?:v(?P<version>\d+))?")


class Replica:
    """Answers as arXiv and the web would, from a folder laid out like ``shared``."""

    def __init__(self, shared: Path) -> None:
        self.entries: list[dict[str, Any]] = json.loads((shared / "papers" / "metadata.json").read_text())
        self.papers = shared / "papers"
        with (shared / "pages" / "pages.csv").open() as file:
            rows = list(csv.DictReader(file))
        self.pages = {_mirror_path(row["url"]): shared / "pages" / row["file"] for row in rows}

    def __call__(self, request: Request) -> Response:
        parts = urlsplit(request.path)
        if parts.path == "/export.arxiv.org/api/query":
            return self._feed(parse_qs(parts.query).get("id_list", [""])[0].split(","))
        if parts.path.startswith("/arxiv.org/pdf/"):
            return self._pdf(parts.path.removeprefix("/arxiv.org/pdf/"))
        if parts.path.startswith("/arxiv.org/abs/"):
            entry = self.entry(parts.path.removeprefix("/arxiv.org/abs/"))
            return (
                Response(200, abstract_page(entry).encode(), {"Content-Type": "text/html"}) if entry else Response(404)
            )
        if page := self.pages.get(parts.path.rstrip("/")):
            return self._page(page, request)
        return Response(404, b"no such page here")

    def entry(self, asked: str) -> dict[str, Any] | None:
        """The metadata of an id: the latest version, or the one that is asked for."""
        match = _ID.fullmatch(asked)
        found = [e for e in self.entries if match and e["arxiv_id"] == match["id"]]
        if not found or not match:
            return None
        latest = max(found, key=lambda e: int(e["version"]))
        version = int(match["version"] or latest["version"])
        held = next((e for e in found if e["version"] == version), latest)
        return {**held, "version": version} if version <= latest["version"] else None

    def _feed(self, asked: list[str]) -> Response:
        entries = [entry for id_ in asked if (entry := self.entry(id_))]
        return Response(200, atom(entries).encode(), {"Content-Type": "application/atom+xml; charset=utf-8"})

    def _pdf(self, name: str) -> Response:
        path = self.papers / f"{name.removesuffix('.pdf')}.pdf"
        if "/" in name or not path.is_file():
            return Response(404, b"no such paper here")
        return Response(200, path.read_bytes(), {"Content-Type": "application/pdf"})

    def _page(self, path: Path, request: Request) -> Response:
        body = path.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(304, b"", {"ETag": etag})
        kind = "text/html; charset=utf-8" if path.suffix == ".html" else "text/plain; charset=utf-8"
        return Response(200, body, {"Content-Type": kind, "ETag": etag})


def _mirror_path(url: str) -> str:
    raw = raw_url(url)
    return "/" + raw.split("://", 1)[1].rstrip("/")


def atom(entries: list[dict[str, Any]]) -> str:
    """arXiv's feed of these entries."""
    body = "".join(_entry(entry) for entry in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        f"<opensearch:totalResults>{len(entries)}</opensearch:totalResults>"
        f"<opensearch:startIndex>0</opensearch:startIndex>{body}</feed>"
    )


def _entry(entry: dict[str, Any]) -> str:
    id_ = f"{entry['arxiv_id']}v{entry['version']}"
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in entry.get("authors", []))
    comment = f"<arxiv:comment>{escape(entry['comment'])}</arxiv:comment>" if entry.get("comment") else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{id_}</id><title>{escape(entry['title'])}</title>"
        f"<published>{entry['published']}T00:00:00Z</published><updated>{entry['updated']}T00:00:00Z</updated>"
        f"<summary>{escape(entry.get('summary', ''))}</summary>{authors}{comment}"
        f'<link title="pdf" href="http://arxiv.org/pdf/{id_}" rel="related" type="application/pdf"/>'
        f'<arxiv:primary_category term="{escape(entry.get("primary_category", "cs.CV"))}"/></entry>'
    )


def abstract_page(entry: dict[str, Any]) -> str:
    """A page like arXiv's of this entry: the parts that are read, in their places."""
    version = int(entry["version"])
    authors = "".join(
        f'<meta name="citation_author" content="{escape(", ".join(reversed(name.rsplit(" ", 1))))}" />'
        for name in entry.get("authors", [])
    )
    comment = (
        f'<tr><td class="tablecell comments mathjax">{escape(entry["comment"])}</td></tr>'
        if entry.get("comment")
        else ""
    )
    history = "".join(
        f"<strong>[v{number}]</strong> Mon, 1 Jan 2024 00:00:00 UTC<br/>" for number in range(1, version + 1)
    )
    return (
        f'<!DOCTYPE html><html><head><meta name="citation_title" content="{escape(entry["title"])}" />{authors}'
        f'<meta name="citation_date" content="{entry["published"].replace("-", "/")}" />'
        f'<meta name="citation_online_date" content="{entry["updated"].replace("-", "/")}" /></head><body>'
        f'<blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>{escape(entry.get("summary", ""))}</blockquote><table>{comment}'
        f'<tr><td class="tablecell subjects"><span class="primary-subject">A subject ({escape(entry.get("primary_category", "cs.CV"))})</span></td></tr>'
        f'</table><div class="submission-history"><h2>Submission history</h2>{history}</div></body></html>'
    )


@contextmanager
def replica(shared: Path) -> Iterator[Server]:
    """A running replica; ``server.requests`` is what was asked of it."""
    with serving(Replica(shared)) as server:
        yield server


def main() -> None:
    shared = Path(sys.argv[1] if len(sys.argv) > 1 else "../shared")
    with serving(Replica(shared), int(sys.argv[2]) if len(sys.argv) > 2 else 0) as server:
        print(f"SURVEY_MIRROR={server.url}", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
