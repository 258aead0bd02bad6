"""An engine's answers about a text go in, each one's evidence and check come out: what a worker does with a stranger's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from survey_extract.core.check.check import check
from survey_extract.core.evidence import Quoter, point, quoted_value
from survey_extract.core.fields import FieldSpec
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Said
from survey_extract.core.records import Check, Evidence


class Grounded(NamedTuple):
    """An answer's evidence, the numbers that resolve to nothing, the hash of its value, and its check."""

    evidence: tuple[Evidence, ...]
    unresolved: tuple[int, ...]
    value_sha256: str
    check: Check


def grounded(
    text: PaperText,
    said: Iterable[Said],
    specs: Mapping[str, FieldSpec],
    offered: frozenset[int] | None,
    own: Sequence[str],
) -> list[Grounded]:
    """Resolve the numbers that an engine named, and look for the figures and names of what it said."""
    quoter, made = Quoter(text), list[Grounded]()
    for item in said:
        evidence, unresolved = point(text, item.numbers, offered)
        value = quoted_value(map(quoter.quote, evidence)) if item.quoted else item.value
        checked = check(specs[item.field], value, evidence, text, own)
        made.append(Grounded(evidence, unresolved, value_sha256(value), checked))
    return made
