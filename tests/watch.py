"""Commands are run; what this process itself did with strangers' words, except what is allowed, comes out.

Every document of a watched survey has MARK in each of its sentences. Whenever
a pattern is used, or something that belongs in a worker is called, all that
the caller holds is searched for it.
"""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from survey_extract.core.paper_text import PaperText

MARK = "Zyxomma"
IN_WORKERS_ALONE = (
    "core.words.tokens", "core.words.usage", "core.check.check", "core.check.terms", "core.check.passage", "core.check.support",
    "core.check.grounding", "core.ranking", "core.answering", "core.question.shown", "core.values.data_sets", "core.due.carry_over.Survivors",
    "core.audit.audits_of", "core.evaluation.claims", "core.evaluation.stretches", "core.reading", "adapters.pdf", "adapters.html",
    "adapters.css",
)  # fmt: skip
"""What takes a text apart."""
ALLOWED = {
    "json.decoder": "a reply, of 4 MB at most",
    "survey_extract.core.question.objects": "a reply, of 4 MB at most: mark by mark, each once",
    "survey_extract.core.question.answers": "numbers of sentences in a reply, of 1,000 letters at most each",
    "survey_extract.core.redaction": "a reply or an error, of 4 MB at most: letter by letter",
    "survey_extract.core.reading.plain_text.clean": "a reply, or what a reviewer typed: letter by letter",
    "survey_extract.core.ranking.relevance.fits": "adds up lengths",
    "survey_extract.core.printable": "what is shown: letter by letter",
    "survey_extract.core.check.terms.places": "a value: a plain search",
    "survey_extract.core.diff.changes": "two values of at most so many words",
    "survey_extract.adapters.archive": "a line of a record",
    "rich.": "what is shown",
}
"""By the place where it is used, why it may be."""


@contextmanager
def watched() -> Iterator[set[str]]:
    """What was done in this process and its threads, as "module.function", filled while the block runs."""
    found: set[str] = set()
    alone: dict[CodeType, bool] = {}

    def look(frame: FrameType, event: str, called: Any) -> None:
        code = frame.f_code
        if event == "call":
            if code not in alone:
                alone[code] = _place(frame).startswith(_ALONE)
            wanted = alone[code]
        else:
            wanted = event == "c_call" and isinstance(getattr(called, "__self__", None), re.Pattern)
        if wanted and not _is_allowed(frame) and any(map(_is_strangers, list(frame.f_locals.values()))):
            found.add(_place(frame))

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


_ALONE = tuple(f"survey_extract.{name}" for name in IN_WORKERS_ALONE)


def _place(frame: FrameType) -> str:
    return f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}"


def _is_allowed(frame: FrameType) -> bool:
    """Whether this is allowed, or whatever called it is."""
    callers: FrameType | None = frame
    for _ in range(3):
        if callers is None:
            return False
        if _place(callers).startswith(tuple(ALLOWED)):
            return True
        callers = callers.f_back
    return False


def _is_strangers(value: object, depth: int = 0) -> bool:
    if isinstance(value, bytes):
        return MARK.encode() in value
    if isinstance(value, str):
        return MARK in value or MARK.casefold() in value
    if isinstance(value, list | tuple) and depth < 2:
        return any(_is_strangers(part, depth + 1) for part in value[:40])
    return isinstance(value, PaperText)
