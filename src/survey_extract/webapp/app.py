"""A desk and pictures go in, the ASGI application of the review page comes out: routes, and nothing that decides.

A verdict is a form that is posted, written to disk by the desk, and answered
with a redirect to the next cell; the script in static/ adds keys and the page
of the document, and nothing is lost without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from survey_extract.core.diff import worded
from survey_extract.core.ports import Pictures
from survey_extract.core.records import CITABLE, Check, PaperText
from survey_extract.core.schema import asked_fields
from survey_extract.core.terms import places
from survey_extract.desk import CellView, Desk, Filters, Item, Judgement, NeedsReason, Stale
from survey_extract.errors import InputError, ReadError
from survey_extract.webapp.security import OnlyOurOwn, new_token, same_token

PAGE = 200
"""Cells listed at once."""
SCALES = (1.0, 1.5, 2.0, 3.0)
_SHA256 = re.compile(r"[0-9a-f]{64}")
VERDICTS: dict[str, Judgement] = {
    "a": "accepted",
    "e": "edited",
    "r": "rejected",
    "n": "not_reported",
    "m": "confirmed",
    "x": "removed",
}


class ReviewApp:
    """The routes. Everything that may wait (disk, workers) runs in threads."""

    def __init__(self, desk: Desk, pictures: Pictures) -> None:
        self._desk, self._pictures = desk, pictures
        self._token = new_token()
        self._pages = Environment(
            loader=PackageLoader("survey_extract.webapp"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.globals |= {
            "fields": asked_fields(),
            "address": cell_address,
            "minutes": _minutes,
            "worded": worded,
            "token": self._token,
        }
        self._pages.filters["marked"] = marked

    def asgi(self) -> Starlette:
        """The application."""
        static = resources.files("survey_extract.webapp") / "static"
        routes = [
            Route("/", self._threaded(self.queue)),
            Route("/cell/{key}/{field}", self._threaded(self.cell)),
            Route("/cell/{key}/{field}", self._posted(self.verdict), methods=["POST"]),
            Route("/cell/{key}/{field}/check", self._posted(self.check), methods=["POST"]),
            Route("/sheet/{key}/{field}/{page:int}", self._threaded(self.sheet)),
            Route("/picture/{document}/{page:int}.png", self._threaded(self.picture)),
            Route("/source/{key}/accept", self._threaded(self.clean)),
            Route("/source/{key}/accept", self._posted(self.accept_clean), methods=["POST"]),
            Route("/undo", self._posted(self.undo), methods=["POST"]),
            Mount("/static", StaticFiles(directory=str(static))),
        ]
        return Starlette(routes=routes, middleware=[Middleware(OnlyOurOwn)], exception_handlers={InputError: _told})

    # --- plumbing ---------------------------------------------------------------------------------

    def _threaded(self, view: Callable[[Request], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(view, request)

        return endpoint

    def _posted(self, view: Callable[[Request, FormData], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            form = await request.form()
            if not same_token(str(form.get("token", "")), self._token):
                raise HTTPException(403, "This form is of another sitting: reload the page and try again.")
            return await run_in_threadpool(view, request, form)

        return endpoint

    def _page(self, name: str, **values: Any) -> HTMLResponse:
        return HTMLResponse(self._pages.get_template(name).render(**values, progress=self._desk.progress()))

    # --- pages ------------------------------------------------------------------------------------

    def queue(self, request: Request) -> Response:
        filters = _filters(request)
        items = self._desk.queue(filters)
        start = max(0, _number(request.query_params.get("start"), 0))
        everything = self._desk.all_items()
        return self._page(
            "queue.html",
            items=items[start : start + PAGE],
            total=len(items),
            start=start,
            page=PAGE,
            filters=filters,
            query=_query(filters),
            sources=sorted({(item.name, item.key) for item in everything}),
            engines=sorted({item.engine for item in everything if item.engine}),
            by=self._desk.by,
        )

    def cell(self, request: Request) -> Response:
        view, filters = self._view(request), _filters(request)
        before, behind = self._desk.neighbours(view.item, filters)
        return self._page(
            "cell.html",
            cell=view,
            evidence=[quote.sentence.number for quote in view.quotes if quote.sentence],
            is_pdf=bool(view.document and view.document.media_type == "application/pdf"),
            first_page=next((quote.evidence.page for quote in view.quotes), 1),
            before=before,
            behind=behind,
            query=_query(filters),
            clean=len(self._desk.clean_cells(view.item.key)),
            told=request.query_params.get("told"),
        )

    def sheet(self, request: Request) -> Response:
        """One page of the document: a picture with a box on each sentence, or the text."""
        view, page = self._view(request), int(request.path_params["page"])
        if view.text is None or view.document is None or not 1 <= page <= len(view.text.pages):
            raise HTTPException(404, view.trouble or "There is no such page.")
        scale = _number(request.query_params.get("zoom"), 1)
        is_pdf = view.document.media_type == "application/pdf"
        boxes, trouble = self._boxes(view.text, view.document.sha256, page) if is_pdf else ([], None)
        return self._page(
            "sheet.html", text=view.text, document=view.document.sha256, page=page, zoom=min(max(scale, 0), len(SCALES) - 1),
            boxes=boxes, trouble=trouble, is_pdf=is_pdf, citable=CITABLE, on_page={number for number, _ in boxes},
        )  # fmt: skip

    def _boxes(self, text: PaperText, document: str, page: int) -> tuple[list[Any], str | None]:
        """The boxes of a page's sentences, with those that began on the page before and run over."""
        near = [s for s in text.sentences if s.kind in CITABLE and s.page in (page - 1, page)]
        last_before = [s for s in near if s.page == page - 1][-3:]
        quotes = [(s.number, text.quote(s)) for s in (*last_before, *(s for s in near if s.page == page))]
        try:
            return self._pictures.boxes(document, page, quotes), None
        except ReadError as error:
            return [], str(error)

    def picture(self, request: Request) -> Response:
        zoom = min(max(_number(request.query_params.get("zoom"), 1), 0), len(SCALES) - 1)
        document = request.path_params["document"]
        if not _SHA256.fullmatch(document):
            raise HTTPException(404, "There is no such document.")
        try:
            png = self._pictures.png(document, int(request.path_params["page"]), SCALES[zoom])
        except ReadError as error:
            raise HTTPException(404, str(error)) from None
        return Response(png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    def clean(self, request: Request) -> Response:
        key = request.path_params["key"]
        cells = [self._desk.cell(item.key, item.field) for item in self._desk.clean_cells(key)]
        return self._page("clean.html", cells=cells, key=key, query=_query(_filters(request)))

    # --- posts ------------------------------------------------------------------------------------

    def verdict(self, request: Request, form: FormData) -> Response:
        view, filters = self._view(request), _filters(request)
        given = VERDICTS.get(str(form.get("verdict")))
        if given is None:
            raise HTTPException(400, "There is no such verdict.")
        numbers = _numbers(form) if form.get("evidence_changed") else None
        _, behind = self._desk.neighbours(view.item, filters)
        try:
            self._desk.decide(
                view.item.key, view.item.field, given, str(form.get("judged") or "") or None,
                value=str(form.get("value") or ""), numbers=numbers, reason=str(form.get("reason") or ""),
            )  # fmt: skip
        except (Stale, NeedsReason) as error:
            return _see(cell_address(view.item, _query(filters), told=str(error)))
        return _see(cell_address(behind, _query(filters)) if behind else f"/{_question(_query(filters))}")

    def check(self, request: Request, form: FormData) -> Response:
        found = self._desk.checked(
            request.path_params["key"], request.path_params["field"], str(form.get("value") or ""), _numbers(form)
        )
        return JSONResponse(
            {"state": found.state, "terms": [{"text": term.text, "place": term.place} for term in found.terms]}
        )

    def undo(self, request: Request, form: FormData) -> Response:
        done, query = self._desk.undo(), str(form.get("query") or "")
        if done is None:
            return _see(f"/{_question(query)}")
        return _see(f"/cell/{quote(done.key)}/{quote(done.field)}{_question(query)}")

    def accept_clean(self, request: Request, form: FormData) -> Response:
        key = request.path_params["key"]
        judged = {
            name.removeprefix("judged-"): str(value) for name, value in form.items() if name.startswith("judged-")
        }
        self._desk.accept_clean(key, judged)
        return _see(f"/{_question(str(form.get('query') or ''))}")

    def _view(self, request: Request) -> CellView:
        try:
            return self._desk.cell(request.path_params["key"], request.path_params["field"])
        except KeyError:
            raise HTTPException(404, "There is no such cell.") from None


# --- small things ---------------------------------------------------------------------------------


async def _told(request: Request, error: Exception) -> Response:
    return HTMLResponse(f"<!doctype html><title>refused</title><p>{escape(str(error))}</p>", status_code=400)


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


def cell_address(item: Item, query: str, told: str | None = None) -> str:
    """The address of a cell, with the filters kept."""
    words = "&".join(part for part in (query, urlencode({"told": told}) if told else "") if part)
    return f"/cell/{quote(item.key)}/{quote(item.field)}{_question(words)}"


def _question(query: str) -> str:
    return f"?{query}" if query else ""


def _filters(request: Request) -> Filters:
    chosen = {name: request.query_params.get(name) or None for name in ("field", "key", "state", "engine")}
    return Filters(**chosen)


def _query(filters: Filters) -> str:
    names = ("field", "key", "state", "engine")
    return urlencode({name: getattr(filters, name) for name in names if getattr(filters, name)})


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 9 else default


def _numbers(form: FormData) -> Sequence[int]:
    return [int(word) for word in str(form.get("evidence") or "").split() if word.isdigit() and len(word) < 9]


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))


def marked(text: str, found: Check) -> list[tuple[str, str | None]]:
    """A value in pieces, those that its evidence does not carry with their place."""
    spans: list[tuple[int, int, str]] = []
    for term in found.terms:
        if term.place != "in evidence":
            spans += [(start, end, term.place) for start, end in places(term.text, text)]
    pieces: list[tuple[str, str | None]] = []
    at = 0
    for start, end, place in sorted(spans):
        if start >= at:
            pieces += [(text[at:start], None), (text[start:end], place)]
            at = end
    return [*pieces, (text[at:], None)]
