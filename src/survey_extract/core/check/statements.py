"""A value and the words of the sentences cited for it go in; the words of the value that they say otherwise come out.

What is in a table's row is left out: a row has no statement that could be turned round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from survey_extract.core.check import figures, otherwise, provisions
from survey_extract.core.check.clauses import Said
from survey_extract.core.check.forms import with_commas
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Value
from survey_extract.core.words.tokens import tokens

_OF_TIME = re.compile(r"\b(?:year|date|when|since|publish|found)", re.IGNORECASE)
"""Headings of fields whose answer may be a year."""
_OF_LACK = re.compile(r"\b(?:limit|weak|fail|problem|risk|missing|exclu|without|not|harm)", re.IGNORECASE)
"""Headings of fields whose answer names what is not so."""


def said_otherwise(spec: FieldSpec, value: Value, quoted: Sequence[str]) -> Iterator[str]:
    """The words, as they stand in the value. Names of a list state nothing by themselves."""
    if not quoted or not isinstance(value, str) or spec.type not in ("text", "number"):
        return
    stated = Said(tuple(tokens(with_commas(value))))
    cited = [Said(tuple(tokens(with_commas(words)))) for words in quoted]
    is_count = spec.type == "number" and not _OF_TIME.search(spec.heading)
    found = list(figures.turned(stated, cited, is_count=is_count))
    if spec.type == "text" and not _OF_LACK.search(spec.heading):
        found += otherwise.turned(stated, cited)
    for first, behind in found:
        yield value[stated.found[first].start : stated.found[behind - 1].end]
    for start, end in provisions.others(value, " ".join(quoted)):
        yield value[start:end]
