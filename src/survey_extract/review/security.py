"""A request goes in, and only one from the person who started the server, from our own page, comes through.

The server listens on loopback, but every user of this machine can reach it,
and so can every page in the reviewer's browser. Whoever has the secret of the
printed address gets a cookie for it, and without that cookie nothing is
served. A browser sends cookies to every port of a host, so that another user's
server would be told ours if the reviewer opened it; but only below the path
that the cookie is for. All our pages are therefore below a path that nobody
can guess, which such a server can have no request for. The path is in the
address bar and lets nobody in by itself. The Host header must be ours (against
DNS rebinding), posts must come from our origin and carry a token that only our
pages know, and the Content-Security-Policy lets nothing run or load but our
own files.
"""

from __future__ import annotations

import html
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
READING = ("GET", "HEAD")
LONGEST_PATH = 2_000
"""Characters; ours are far shorter, and a number in a path of a few thousand digits is none that Python reads."""
IN_ADDRESS = "token"
"""The secret's name in the address."""
STRANGER = (
    "This page is for whoever started `survey-extract review`: open the whole address that the command printed. "
    "An address from an earlier start no longer works."
)
_ON = '<!doctype html><meta http-equiv="refresh" content="0; url=%s"><title>Review</title>'
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def new_token() -> str:
    """A token for this server's pages."""
    return secrets.token_urlsafe(32)


def same_token(given: str, token: str) -> bool:
    """Compare two tokens in constant time."""
    return secrets.compare_digest(given.encode(), token.encode())


@dataclass(frozen=True, slots=True)
class Entrance:
    """What lets the opener in: the secret that their address carries, the cookie that it is exchanged for, and where that counts."""

    port: int
    secret: str = field(default_factory=new_token, repr=False)
    kept: str = field(default_factory=new_token, repr=False)
    """The cookie's value: what a browser keeps is not what an address tells."""
    base: str = field(default_factory=lambda: "/" + secrets.token_urlsafe(16), repr=False)
    """Where all pages are, and the only place that the cookie is sent to, whatever the port."""

    @property
    def address(self) -> str:
        """The address that the opener starts at."""
        return f"http://127.0.0.1:{self.port}/?{urlencode({IN_ADDRESS: self.secret})}"

    @property
    def cookie(self) -> str:
        """The cookie's name."""
        return f"survey-extract-{self.port}"

    def is_open_to(self, scope: Scope) -> bool:
        """Whether a request carries the cookie, and was made where a browser sends it."""
        _, first, *_ = f"{scope['path']}/".split("/")
        if not same_token(f"/{first}", self.base):
            return False
        headers = Headers(scope=scope)
        parts = [part.strip().partition("=") for line in headers.getlist("cookie") for part in line.split(";")]
        return any(name == self.cookie and same_token(value, self.kept) for name, _, value in parts)

    def answer(self, scope: Scope, secret: list[str]) -> Response:
        """The cookie for the secret, and the way to the same address without it; nothing for any other secret.

        A browser that comes from a file does not send a SameSite=Strict cookie along with a redirect: it gets a page
        of ours that goes on by itself.
        """
        if len(secret) != 1 or not same_token(secret[0], self.secret):
            return _refused(STRANGER)
        rest = [(name, value) for name, value in _asked(scope) if name != IN_ADDRESS]
        path = "/" + str(scope["path"]).removeprefix(self.base).lstrip("/")
        place = self.base + quote(path) + (f"?{urlencode(rest)}" if rest else "")
        came_from_elsewhere = Headers(scope=scope).get("sec-fetch-site", "none") not in ("none", "same-origin")
        response = (
            HTMLResponse(_ON % html.escape(place)) if came_from_elsewhere else RedirectResponse(place, status_code=303)
        )
        response.set_cookie(self.cookie, self.kept, path=self.base, httponly=True, samesite="strict")
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


class OnlyOurOwn:
    """Refuses anyone without the cookie, and foreign hosts and origins; adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self._app, self._entrance = app, entrance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        inside = {**scope, "root_path": self._entrance.base}
        await (self._answer(scope) or self._app)(inside, receive, guarded)

    def _answer(self, scope: Scope) -> Response | None:
        """What is sent instead of the page; None for those who may see it."""
        headers, method = Headers(scope=scope), str(scope["method"])
        if refusal := _refusal(headers, method):
            return _refused(refusal)
        if len(scope["path"]) > LONGEST_PATH:
            return _refused("No page here has so long an address.")
        secret = [value for name, value in _asked(scope) if name == IN_ADDRESS]
        if secret and method in READING:
            return self._entrance.answer(scope, secret)
        return None if self._entrance.is_open_to(scope) else _refused(STRANGER)


def _asked(scope: Scope) -> list[tuple[str, str]]:
    return parse_qsl(bytes(scope["query_string"]).decode("latin-1"), keep_blank_values=True)


def _refused(why: str) -> Response:
    return PlainTextResponse(why, status_code=403, headers={"Referrer-Policy": "no-referrer"})


def _refusal(headers: Headers, method: str) -> str | None:
    host = headers.get("host", "")
    if _name(f"//{host}") not in NAMES:
        return "This server answers to 127.0.0.1 and localhost only."
    origin = headers.get("origin")
    if method not in READING and origin is not None and origin != f"http://{host}":
        return "This post comes from another page."
    return None


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
