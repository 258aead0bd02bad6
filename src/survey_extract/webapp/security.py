"""A request goes in, and only one from our own page on this machine comes through.

The server listens on loopback, but every page in the reviewer's browser can
reach it. The Host header must be ours (against DNS rebinding), posts must
come from our origin and carry a token that only our pages know, and the
Content-Security-Policy lets nothing run or load but our own files.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
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
    """Compare without telling by time how much agrees."""
    return secrets.compare_digest(given.encode(), token.encode())


class OnlyOurOwn:
    """Refuses foreign hosts and origins, and adds the headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refusal(Headers(scope=scope), str(scope["method"]))
        app: ASGIApp = PlainTextResponse(refusal, status_code=403) if refusal else self._app

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await app(scope, receive, guarded)


def _refusal(headers: Headers, method: str) -> str | None:
    host = headers.get("host", "")
    if _name(f"//{host}") not in NAMES:
        return "This server answers to 127.0.0.1 and localhost only."
    origin = headers.get("origin")
    if method not in ("GET", "HEAD") and origin is not None and urlsplit(origin).netloc != host:
        return "This post comes from another page."
    return None


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
