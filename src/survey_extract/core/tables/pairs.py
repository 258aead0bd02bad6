"""A row of a table, or a line such as "Designer: Karin Ek", goes in; the one name and the one value that it pairs come out, if it pairs any.

A header over the value that says no more than that it is one ("Value") does
not make it another thing's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_extract.core.tables.table import Row

_LINE = re.compile(r"(?P<label>[^\W\d_][\w /()-]{1,59}+): (?P<value>[^\s:](?:[^:]|:(?! )){0,199}+)")
_SENTENCE = re.compile(r"[.!?;] ")
_SAYS_NOTHING = frozenset("value values data details detail information description figure figures".split())
LABEL_WORDS = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and its value, as printed."""

    label: str
    value: str


def pair_of_row(row: Row) -> Pair | None:
    """The pair that a row is."""
    if len(row.cells) != 1 or not all(part.strip().casefold() in _SAYS_NOTHING for part in row.cells[0].header):
        return None
    return Pair(row.label.strip(), " ".join(row.cells[0].value.split()))


def pair_of_line(text: str) -> Pair | None:
    """The pair that a sentence is: a few words, a colon, and nothing that is a sentence itself."""
    found = _LINE.fullmatch(" ".join(text.split()))
    if found is None or len(found["label"].split()) > LABEL_WORDS or _SENTENCE.search(found["value"]):
        return None
    return Pair(found["label"], found["value"].rstrip(" ."))
