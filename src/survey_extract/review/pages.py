"""A desk and pictures go in, the ASGI application of the review page comes out: routes, and nothing that decides.

A verdict is a form that is posted, written to disk by the desk, and answered
with a redirect to the next cell; the script in static/ adds keys and the page
of the document, and nothing is lost without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from survey_extract.core.diff import worded
from survey_extract.core.evidence import as_text
from survey_extract.core.named import named
from survey_extract.core.paper_text import CITABLE, PaperText
from survey_extract.core.plural import count_of
from survey_extract.core.ports import FLOATS, Pictures, Quoted
from survey_extract.core.records import Check
from survey_extract.errors import InputError, ReadError, SurveyError
from survey_extract.review import CellView, Desk, FieldsChanged, Filters, Item, NeedsReason, NotInEvidence, Stale
from survey_extract.review.security import Entrance, OnlyOurOwn, new_token, same_token
from survey_extract.review.shown import (
    NEAR,
    buttons,
    cell_address,
    chosen_again,
    panels,
    passages,
    question,
    quoted,
    sentence_lists,
    taking_clicks,
)
from survey_extract.review.typed import Ask, Typed, for_a_reason, for_evidence, numbers, to_take_back

PAGE = 200
"""Cells listed at once."""
SCALES = (1.0, 1.5, 2.0, 3.0)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_WHOLE = re.compile(r"-?[0-9]{1,8}")


class ReviewApp:
    """The routes. Everything that may wait (disk, workers) runs in threads."""

    def __init__(self, desk: Desk, pictures: Pictures, entrance: Entrance) -> None:
        self._desk, self._pictures, self._entrance = desk, pictures, entrance
        self._base = entrance.base
        self._token = new_token()
        self._said: tuple[str, str] | None = None
        """What was done last in this session, and what the button beside it does; never taken from an address."""
        self._said_at: str | None = None
        """The page on which that was said first."""
        self._pages = Environment(
            loader=PackageLoader("survey_extract.review"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._pages.filters |= {"count_of": count_of, "named": named}
        self._pages.globals |= {
            "fields": desk.fields,
            "heading": lambda name: desk.fields.named(name).heading,
            "address": self._address,
            "base": self._base,
            "minutes": _minutes,
            "worded": worded,
            "blind": desk.blind,
            "token": self._token,
        }

    def asgi(self) -> ASGIApp:
        """The application behind its entrance, which every answer passes, errors included."""
        told: dict[Any, Any] = {HTTPException: self._refused, SurveyError: self._failed, Exception: self._failed}
        return OnlyOurOwn(Starlette(routes=self.routes(), exception_handlers=told), self._entrance)

    def routes(self) -> list[BaseRoute]:
        """All addresses that are answered."""
        static = resources.files("survey_extract.review") / "static"
        return [
            Route("/", self._threaded(self.queue)),
            Route("/cell/{key}/{field}", self._threaded(self.cell)),
            Route("/cell/{key}/{field}", self._posted(self.verdict), methods=["POST"]),
            Route("/cell/{key}/{field}/check", self._posted(self.check), methods=["POST"]),
            Route("/cell/{key}/{field}/marks", self._threaded(self.marks)),
            Route("/web/{key}/{field}/{number:int}.png", self._threaded(self.web_picture)),
            Route("/sheet/{key}/{field}/{page:int}", self._threaded(self.sheet)),
            Route("/picture/{document}/{page:int}.png", self._threaded(self.picture)),
            Route("/source/{key}/accept", self._threaded(self.clean)),
            Route("/source/{key}/accept", self._posted(self.accept_clean), methods=["POST"]),
            Route("/undo", self._posted(self.undo), methods=["POST"]),
            Mount("/static", StaticFiles(directory=str(static))),
        ]

    # --- plumbing ---------------------------------------------------------------------------------

    def _threaded(self, view: Callable[[Request], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            await run_in_threadpool(self._desk.refuse_other_fields)
            return await run_in_threadpool(view, request)

        return endpoint

    def _posted(self, view: Callable[[Request, FormData], Response]) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            form = await request.form()
            if not same_token(str(form.get("token", "")), self._token):
                raise HTTPException(403, "This form belongs to another session: reload the page and try again.")
            await run_in_threadpool(self._desk.refuse_other_fields)
            return await run_in_threadpool(view, request, form)

        return endpoint

    def _address(self, item: Item, query: str) -> str:
        return self._base + cell_address(item.key, item.field, query)

    def _tell(self, said: str, undo_label: str) -> None:
        """Show what was done last on the next page and on the queue, but not on the cells after that."""
        self._said, self._said_at = (said, undo_label), None

    def _told_at(self, path: str) -> tuple[str | None, str]:
        """What was done last, and the words for its undoing, where this page is to say so."""
        if self._said is None:
            return None, ""
        self._said_at = self._said_at or path
        return self._said if path in (self._said_at, f"{self._base}/") else (None, "")

    def _page(
        self, name: str, *, status: int = 200, last: tuple[str | None, str] = (None, ""), **values: Any
    ) -> HTMLResponse:
        said, undo_label = last
        text = self._pages.get_template(name).render(
            **values, progress=self._desk.progress(), said=said, undo_label=undo_label, can_undo=self._desk.can_undo
        )
        return HTMLResponse(text, status_code=status)

    async def _refused(self, _: Request, error: Exception) -> Response:
        """Nothing here, or not like this: in the page's own style, with a way back."""
        status, detail = (error.status_code, error.detail) if isinstance(error, HTTPException) else (400, str(error))
        title = {403: "Refused", 404: "Not found", 405: "Not possible"}.get(status, "That did not work")
        message = "There is no such page." if detail == "Not Found" else detail
        return self._page("error.html", status=status, title=title, message=message, query="", has_queue=True)

    async def _failed(self, _: Request, error: Exception) -> Response:
        """What the input is to blame for is 400; whatever else is our own fault."""
        if isinstance(error, FieldsChanged):
            return self._page(
                "error.html", status=409, title="The fields were changed", message=str(error), query="", has_queue=False
            )
        if isinstance(error, SurveyError):
            return self._page(
                "error.html", status=400, title="That did not work", message=str(error), query="", has_queue=True
            )
        message = f"The review page failed ({type(error).__name__}: {error}). Please report this."
        return self._page(
            "error.html", status=500, title="A fault in survey-extract", message=message, query="", has_queue=True
        )

    # --- pages ------------------------------------------------------------------------------------

    def queue(self, request: Request) -> Response:
        filters = _filters(request)
        items = self._desk.queue(filters)
        start = max(0, _number(request.query_params.get("start"), 0))
        everything = self._desk.all_items()
        return self._page(
            "queue.html",
            last=self._told_at(request.url.path),
            groups=[
                (source, list(cells))
                for source, cells in groupby(items[start : start + PAGE], lambda item: (item.name, item.key))
            ],
            progress_of=self._desk.progress_by_source(),
            waiting=sum(item.waits for item in everything),
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
        return self._cell(request, self._view(request))

    def _cell(
        self, request: Request, view: CellView, *, typed: Typed | None = None, ask: Ask | None = None, told: str | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        """A cell; ``typed`` is what the reviewer had given when the verdict came back, with what is asked or told."""
        filters = _filters(request)
        before, behind = self._desk.neighbours(view.item, filters)
        typed = typed or Typed.nothing(view)
        lists = sentence_lists(view, typed.evidence, typed.mine)
        shown, rows = panels(view), self._desk.tabled(view)
        near = rows.numbers[:NEAR] or self._desk.on_offer(view)
        active = taking_clicks(view, lists, "mine" if typed.key == "m" else typed.active)
        return self._page(
            "cell.html",
            status=status,
            last=self._told_at(request.url.path),
            cell=view,
            panels=shown,
            check=(shown[0] if active == "mine" or view.proposes_what_stands else shown[-1]).check
            if shown
            else Check(),
            lists=lists,
            near=chosen_again(view.text, near),
            tabled=rows.told,
            active=active,
            changed=typed.changed,
            buttons=buttons(view),
            typed=typed,
            ask=ask,
            offered=chosen_again(view.text, ask.nearest) if ask else (),
            editing=typed.key == "e",
            proposal_text=as_text(view.proposed) if view.something_stands else "",
            is_pdf=bool(view.document and view.document.media_type == "application/pdf"),
            no_picture=self._pictures.why_no_browser,
            first_page=next((item.page for held in lists if held.name == active for item in held.chosen), 1),
            before=before,
            behind=behind,
            query=_query(filters),
            clean=len(self._desk.promising_cells(view.item.key)),
            unchecked=self._desk.unchecked(view.item) if view.item.is_undoubted else None,
            marks=self._desk.marks(view, (*near, *(n for held in lists for n in held.numbers))),
            told=told,
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
            passages=passages(view.text, page),
        )  # fmt: skip

    def _boxes(self, text: PaperText, document: str, page: int) -> tuple[list[Any], str | None]:
        """The boxes of a page's sentences, with those that began before it and run over."""
        citable = [s for s in text.sentences if s.kind in CITABLE and page - FLOATS <= s.page <= page]
        before = [
            [s for s in citable if s.page == earlier and s.kind != "row"] for earlier in range(page - FLOATS, page)
        ]
        near = [*(s for page_before in before for s in page_before[-3:]), *(s for s in citable if s.page == page)]
        quotes = [Quoted(s.number, s.page, quoted(text, s)) for s in near]
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

    def marks(self, request: Request) -> Response:
        """What of a cell's sentences is not seen; for a web page, a browser is asked, which the page itself does not wait for."""
        found = self._desk.marks(self._view(request), browser=True)
        return JSONResponse({"marks": found.told, "trouble": found.trouble})

    def web_picture(self, request: Request) -> Response:
        """The place of a sentence on its web page."""
        view, number = self._view(request), int(request.path_params["number"])
        if view.text is None or view.document is None or not 1 <= number <= len(view.text.sentences):
            raise HTTPException(404, view.trouble or "There is no such sentence.")
        wanted = quoted(view.text, view.text.sentences[number - 1])
        try:
            (picture,) = self._pictures.web(view.document.sha256, view.document.media_type, [wanted])
        except ReadError as error:
            raise HTTPException(404, str(error)) from None
        return Response(picture.png, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    def clean(self, request: Request) -> Response:
        key = request.path_params["key"]
        cells = [self._desk.cell(item.key, item.field) for item in self._desk.clean_cells(key)]
        left_out = len(self._desk.promising_cells(key)) - len(cells)
        to_read = self._desk.cells_to_read(key)
        return self._page(
            "clean.html", cells=cells, left_out=left_out, to_read=to_read, key=key, query=_query(_filters(request))
        )

    # --- posts ------------------------------------------------------------------------------------

    def verdict(self, request: Request, form: FormData) -> Response:
        key, field, typed = request.path_params["key"], request.path_params["field"], Typed.of(form)
        if typed.verdict is None:
            raise HTTPException(400, "There is no such verdict.")
        if typed.key in ("r", "x") and typed.asked != "x":
            view = self._view(request)
            if view.something_stands and (typed.key == "x" or view.proposes_what_stands):
                return self._cell(request, view, typed=replace(typed, key="x"), ask=to_take_back(view))
        query = _query(_filters(request))
        _, behind = self._desk.neighbours(self._item(key, field), _filters(request))
        try:
            done = self._desk.decide(
                key, field, typed.verdict, typed.judged, value=typed.value, numbers=typed.numbers, reason=typed.reason,
                stood_for=typed.stood_for, standing=typed.standing if typed.of_what_stands else None,
            )  # fmt: skip
        except InputError as error:
            return self._not_done(request, typed, error)
        self._tell(done.said, "Undo")
        behind = self._item(key, field) if done.compare else behind
        return _see(self._address(behind, query) if behind else f"{self._base}/{question(query)}")

    def _not_done(self, request: Request, typed: Typed, error: InputError) -> Response:
        """The cell once more, with everything that was typed, and why the verdict was not recorded."""
        view = self._view(request)
        if isinstance(error, NeedsReason):
            return self._cell(request, view, typed=typed, ask=for_a_reason(typed, error), status=422)
        if isinstance(error, NotInEvidence):
            return self._cell(request, view, typed=typed, ask=for_evidence(typed, error), status=422)
        if isinstance(error, Stale):
            return self._cell(request, view, typed=typed.for_another(view), told=str(error), status=409)
        return self._cell(request, view, typed=typed, told=str(error), status=422)

    def check(self, request: Request, form: FormData) -> Response:
        key, field, value = request.path_params["key"], request.path_params["field"], str(form.get("value") or "")
        self._item(key, field)
        try:
            found = self._desk.checked(key, field, value, numbers(form, "evidence"))
        except InputError as error:
            terms = [{"text": str(error), "place": "not checked"}]
            return JSONResponse({"state": "unchecked", "terms": terms, "reading": None, "marks": {}})
        terms = [{"text": term.text, "place": term.place} for term in found.terms]
        reading = self._desk.fields.named(field).reading(value)
        marks = self._desk.marks(self._view(request), numbers(form, "evidence")).told
        return JSONResponse({"state": found.state, "terms": terms, "reading": reading, "marks": marks})

    def undo(self, request: Request, form: FormData) -> Response:
        done, query = self._desk.undo(), str(form.get("query") or "")
        if done is None:
            self._tell("There is nothing to undo in this session.", "")
            return _see(f"{self._base}/{question(query)}")
        self._tell(done.said, "Undo the one before")
        return _see(f"{self._base}{cell_address(done.key, done.field, query)}")

    def accept_clean(self, request: Request, form: FormData) -> Response:
        key = request.path_params["key"]
        judged = {
            name.removeprefix("judged-"): str(value) for name, value in form.items() if name.startswith("judged-")
        }
        done = self._desk.accept_clean(key, judged)
        self._tell(done.said, "Undo all of them")
        return _see(f"{self._base}/{question(str(form.get('query') or ''))}")

    def _item(self, key: str, field: str) -> Item:
        try:
            return self._desk.item(key, field)
        except KeyError:
            raise HTTPException(404, "There is no such cell.") from None

    def _view(self, request: Request) -> CellView:
        try:
            return self._desk.cell(request.path_params["key"], request.path_params["field"])
        except KeyError:
            raise HTTPException(404, "There is no such cell.") from None


# --- small things ---------------------------------------------------------------------------------


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)


def _filters(request: Request) -> Filters:
    chosen = {name: request.query_params.get(name) or None for name in ("field", "key", "state", "engine")}
    return Filters(**chosen)


def _query(filters: Filters) -> str:
    names = ("field", "key", "state", "engine")
    return urlencode({name: getattr(filters, name) for name in names if getattr(filters, name)})


def _number(text: str | None, default: int) -> int:
    return int(text) if text and _WHOLE.fullmatch(text) else default


def _minutes(seconds: float) -> int:
    return max(1, round(seconds / 60))
