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
from collections.abc import Iterable, Sequence

from survey_extract.core.tables.table import Row
from survey_extract.files import PACKAGE

POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; "
    "form-action 'none'; base-uri 'none'"
)
_HEADER = re.compile("(http-equi)(v)", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s{0,99}<!doctype[^<>]{0,999}>", re.IGNORECASE)


def harmless_copy(page: str, quotes: Sequence[str | Row], *, bare: bool, nonce: str, name: str) -> str:
    """The copy; an attribute ``name`` of its root will hold where the letters of the quotes are. ``bare`` makes them transparent."""
    script = (PACKAGE / "adapters" / "chromium" / "sight.js").read_text(encoding="utf-8")
    given = json.dumps({"quotes": list(map(_given, quotes)), "bare": bare, "name": name}).replace("<", "\\u003c")
    page = _HEADER.sub(
        "\\1\u200b\\2", page.removeprefix("\ufeff")
    )  # the same to the eye, and no name that a browser knows
    begin = _DOCTYPE.match(page)
    return (
        f"{begin[0] if begin else ''}"
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY.format(nonce=nonce))}">'
        f'<script nonce="{nonce}">{script.replace("GIVEN", given)}</script>{page[begin.end() :] if begin else page}'
    )


def _given(quote: str | Row) -> str | dict[str, list[str]]:
    """What the script looks for: a quote's words; of a row, what stands in it and what stands above it."""
    if isinstance(quote, str):
        return quote
    own = (quote.label, *(cell.value for cell in quote.cells))
    above = (quote.group or "", *(header for cell in quote.cells for header in cell.header))
    return {"own": _each_once(own), "above": _each_once(above)}


def _each_once(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, words)))
