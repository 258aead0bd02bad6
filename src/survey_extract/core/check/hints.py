"""A check goes in; whether it says that a number of the value may be another one in the source's language comes out.

The words are kept with the check, so that whoever reads the archive knows it
without the source: SQL has no number where this is so.
"""

from __future__ import annotations

from survey_extract.core.records import Check

TWO_WAYS = "can be read in two ways"
STANDS_FOR = "stands there for"
"""What is said of a number whose marks mean a thousand in one language and a fraction in another."""


def is_open(check: Check | None) -> bool:
    """Whether a number of a value has two readings, or another one in its source."""
    hints = (term.hint or "" for term in check.terms if term.place != "in evidence") if check else ()
    return any(TWO_WAYS in hint or STANDS_FOR in hint for hint in hints)
