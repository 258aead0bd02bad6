"""An endpoint goes in; the SDK's client for it comes out, and what may come of asking it.

To load the SDK takes twice as long as a whole night on which nothing is asked:
``later`` stands for this module until a question is sent.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, NamedTuple

import httpx2
import openai

from survey_extract.adapters.http.bounded import Allowance, TooLarge
from survey_extract.adapters.openai.reply import REPLY_BYTES

if TYPE_CHECKING:
    from survey_extract.core.ports import Clock

__all__ = ["NEVER", "TROUBLE", "Line", "Moved", "TooLarge", "httpx2", "line_to", "openai"]

TROUBLE = (openai.OpenAIError, httpx2.HTTPError, ValueError)
"""What may come of asking a provider, an answer that is not JSON among it."""
NEVER = (
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
    httpx2.InvalidURL,
    UnicodeError,
    ssl.SSLCertVerificationError,
)
"""What no further attempt changes: an address or a key that cannot be sent, a wrong certificate."""


class Line(NamedTuple):
    """A client, and the time and size to which its answers are held."""

    client: openai.OpenAI
    allowance: Allowance


class Moved(httpx2.HTTPError):
    """A question was to be sent elsewhere."""


def line_to(base_url: str | None, api_key: str, seconds: float, clock: Clock) -> Line:
    """A client that neither tries again nor sends a question anywhere else; ``seconds`` are those of a reply."""
    allowance = Allowance(clock, seconds, REPLY_BYTES, "request_seconds", keeps=True)
    timeout = httpx2.Timeout(seconds, connect=10)
    http = httpx2.Client(transport=httpx2.HTTPTransport(), timeout=timeout, follow_redirects=True)
    allowance.bind(http)
    http.event_hooks["response"].append(_stay)
    client = openai.OpenAI(api_key=api_key, base_url=base_url, max_retries=0, timeout=timeout, http_client=http)
    return Line(client, allowance)


def _stay(response: httpx2.Response) -> None:
    """Questions go, and answers come, where the environment says: a redirect of one is not followed, that of a file is."""
    if response.has_redirect_location and response.request.method == "POST":
        raise Moved(
            f"the endpoint sends questions elsewhere (HTTP {response.status_code}, "
            f"{response.headers['location'][:200]!r}); set OPENAI_BASE_URL to where they are to go"
        )
