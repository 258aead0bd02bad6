"""A stranger's page goes in, a copy of it that can run, load and open nothing comes out, with a script of ours at its head.

The copy's policy comes before anything of the page: no script runs but ours,
which has a number that nobody can guess, and nothing is loaded, neither from
the network nor from this machine. What a page says in place of a header
(``http-equiv``: go elsewhere, a policy of its own) it does not say here.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from importlib import resources

POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; "
    "form-action 'none'; base-uri 'none'"
)
_HEADER = re.compile("(http-equi)(v)", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s{0,99}<!doctype[^<>]{0,999}>", re.IGNORECASE)


def harmless_copy(page: str, quotes: Sequence[str], *, bare: bool, nonce: str, name: str) -> str:
    """The copy; an attribute ``name`` of its root will hold where the letters of the quotes are. ``bare`` makes them transparent."""
    script = resources.files("survey_extract.adapters.chromium").joinpath("sight.js").read_text(encoding="utf-8")
    given = json.dumps({"quotes": list(quotes), "bare": bare, "name": name}).replace("<", "\\u003c")
    page = _HEADER.sub(
        "\\1\u200b\\2", page.removeprefix("\ufeff")
    )  # the same to the eye, and no name that a browser knows
    begin = _DOCTYPE.match(page)
    return (
        f"{begin[0] if begin else ''}"
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY.format(nonce=nonce))}">'
        f'<script nonce="{nonce}">{script.replace("GIVEN", given)}</script>{page[begin.end() :] if begin else page}'
    )
