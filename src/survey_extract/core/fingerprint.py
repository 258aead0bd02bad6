"""Anything goes in, the SHA-256 of its canonical form comes out: how artefacts are named.

"The file exists" is no memory. A reply, an answer and a decision are each
named by the hash of everything they depend on, so that whatever changes is
asked again, once, and whatever did not is never paid for twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Value

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def sha256_text(text: str) -> str:
    """Hash of the UTF-8 bytes; lone surrogates, which broken PDFs hold, are kept apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def sha256_json(value: Json) -> str:
    """Hash of the canonical JSON: sorted keys, no spaces, non-ASCII escaped."""
    return sha256_text(json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False))


def value_sha256(value: Value) -> str:
    """The hash that a decision is bound to; a list of one name and that name as a text have different ones."""
    return sha256_json(list(value) if isinstance(value, tuple) else value)


def text_sha256(pages: Iterable[str], spans: Iterable[tuple[int, int, int, str]], rows: Iterable[str] = ()) -> str:
    """Hash of a ``PaperText``: its pages, (page, start, end, kind) of each sentence, and the words of its rows."""
    digest = hashlib.sha256()
    for page in pages:
        digest.update(page.encode("utf-8", "surrogatepass") + b"\x00")
    digest.update("".join(map(repr, spans)).encode())
    for row in rows:
        digest.update(row.encode("utf-8", "surrogatepass") + b"\x00")
    return digest.hexdigest()


def sha256_of(text: PaperText, rows: Iterable[str] | None = None) -> str:
    """The hash of a text as it is now, whatever hash it records; ``rows`` are the words of its rows if they are known."""
    spans = ((s.page, s.start, s.end, s.kind) for s in text.sentences)
    words = (text.quote(s) for s in text.sentences if s.kind == "row") if rows is None else rows
    return text_sha256(text.pages, spans, words)


def answer_fingerprint(
    *, text: str, field: str, instruction: str, prompt: str, engine: str, model: str | None, parameters: Json
) -> str:
    """Hash of everything an answer depends on; ``text`` is the hash of the document's text."""
    return sha256_json(
        {
            "text": text,
            "field": field,
            "instruction": instruction,
            "prompt": prompt,
            "engine": engine,
            "model": model,
            "parameters": parameters,
        }
    )
