"""Papers and pages of our own go in, arXiv and the web on loopback come out, which may change between two nights."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.servers.loopback import Request, Response
from tests.servers.replica import abstract_page, atom


class World:
    """arXiv and the web with papers of our own, which may change between two nights."""

    def __init__(self) -> None:
        self.papers: dict[str, dict[str, Any]] = {}
        self.pdfs: dict[str, bytes] = {}
        self.pages: dict[str, Callable[[Request], Response]] = {}
        self.fails: Callable[[Request], Response | None] = lambda _: None
        """Stands before everything: a response of its own, or None to answer as ever."""

    def paper(self, id_: str, version: int = 1, data: bytes | None = None, **more: str) -> None:
        self.papers[id_] = {
            "arxiv_id": id_,
            "version": version,
            "title": f"Paper {id_}",
            "published": "2024-01-01",
            "updated": "2024-01-01",
            **more,
        }
        if data is not None:
            self.pdfs[f"{id_}v{version}"] = data

    def page(self, path: str, text: str, etag: str | None = None) -> None:
        def answer(request: Request) -> Response:
            if etag and request.headers.get("if-none-match") == etag:
                return Response(304)
            return Response(200, text.encode(), {"Content-Type": "text/markdown"} | ({"ETag": etag} if etag else {}))

        self.pages[path] = answer

    def __call__(self, request: Request) -> Response:
        return self.fails(request) or self._answer(request)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/export.arxiv.org/api/query"):
            asked = re.findall(r"id_list=([^&]*)", request.path)[0].split("%2C")
            return Response(
                200,
                atom(
                    [self.papers[re.sub(r"v\d+$", "", a)] for a in asked if re.sub(r"v\d+$", "", a) in self.papers]
                ).encode(),
            )
        if request.path.startswith("/arxiv.org/abs/"):
            paper = self.papers.get(re.sub(r"v\d+$", "", request.path.removeprefix("/arxiv.org/abs/")))
            return (
                Response(200, abstract_page(paper).encode(), {"Content-Type": "text/html"}) if paper else Response(404)
            )
        if request.path.startswith("/arxiv.org/pdf/"):
            data = self.pdfs.get(request.path.removeprefix("/arxiv.org/pdf/"))
            return Response(404) if data is None else Response(200, data, {"Content-Type": "application/pdf"})
        page = self.pages.get(request.path)
        return page(request) if page else Response(404)
