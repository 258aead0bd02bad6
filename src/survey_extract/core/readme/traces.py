"""A README goes in; what its table says is on record comes out: how many rows, how many of them decided, answered or imported.

The table is made from the records. Where those are gone and no Git tells, it is the trace that is left of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_extract.core.readme.note import NOTE_BEGINNINGS
from survey_extract.core.readme.table import BEGIN, END, PAGES, WAITING, block_of

_DECIDED = re.compile(r" decided (?:all \d+ cells|\d+ of \d+ cells|\d+ cells?), last\b[^<]{0,300}? on \d{4}-\d\d-\d\d")
_ANSWERED = re.compile(r"\banswered(?: with “not reported”)? by the model ")
_IMPORTED = re.compile(r"\b\d+ cells? imported")
_WAITS = re.compile(rf"<sub>{WAITING}:((?:<br>[^<>]*)+)</sub>")
_UNREAD = ("not read yet", "it has not been read yet", "none of its cells has a value or a proposal")
_INDEX = f'<li><a href="{PAGES}/'


@dataclass(frozen=True, slots=True)
class Traces:
    """What a table says. ``waiting``: whether it names sources that were read and whose cells wait for a person."""

    rows: int = 0
    decided: int = 0
    answered: int = 0
    imported: int = 0
    waiting: bool = False

    @property
    def any(self) -> bool:
        """Whether there must have been records."""
        return bool(self.rows or self.waiting)

    @property
    def is_made_anew(self) -> bool:
        """Whether a run without a model makes the same again: nobody decided on it, brought it in, or paid for it."""
        return not (self.decided or self.answered or self.imported or self.waiting)

    def __str__(self) -> str:
        kinds = (
            (self.decided, "cells decided by a person"),
            (self.answered, "cells answered by a model"),
            (self.imported, "cells from a list"),
        )
        said = ", ".join(f"{count} with {kind}" for count, kind in kinds if count)
        rows = (
            f"{self.rows} row{'' if self.rows == 1 else 's'}"
            if self.rows
            else "sources that were read and wait for a decision"
        )
        return f"{rows} ({said})" if said else rows


def traces_in(readme: str) -> Traces:
    """What the table of a README says is on record; nothing where it has no table."""
    if readme.count(BEGIN) != 1 or readme.count(END) != 1 or readme.index(END) < readme.index(BEGIN):
        return Traces()
    block = block_of(readme)
    notes = [f"Read: {part}" for part in block.split(f"<sub>{NOTE_BEGINNINGS[0]}")[1:]]
    waits = _WAITS.search(block)
    reasons = [line.split(":")[0] for line in waits[1].split("<br>") if line] if waits else []
    return Traces(
        rows=max(len(notes), block.count(_INDEX)),
        decided=sum(bool(_DECIDED.search(note)) for note in notes),
        answered=sum(bool(_ANSWERED.search(note)) for note in notes),
        imported=sum(bool(_IMPORTED.search(note)) for note in notes),
        waiting=any(reason not in _UNREAD for reason in reasons),
    )
