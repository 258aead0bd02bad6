"""Records and texts go in, what cannot be true of them comes out, in words: forged hashes, impossible places.

Nothing here is a matter of opinion. A hash that is not that of its value, a
page after the last one, a pointer that is no longer what it was made as:
something wrote into the record since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_extract.core.decisions import stands_sha256
from survey_extract.core.evidence import Quoter, quoted_value
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Answer, Decision, Evidence


def answer_faults(answer: Answer) -> Iterator[str]:
    """An answer whose value is not the one that its hash was made of; a quoted one keeps no value to compare."""
    if not answer.quoted and value_sha256(answer.value) != answer.value_sha256:
        yield "its value is not the one that its hash was made of"


def decision_faults(decision: Decision, answers: Sequence[Answer], decisions: Sequence[Decision]) -> Iterator[str]:
    """A decision that lets something stand which is neither what was judged nor what anybody said before."""
    said = value_sha256(decision.value)
    if decision.verdict in ("imported", "suggested") and decision.judged_sha256 != said:
        yield "its value is not the one that was imported"
    if decision.verdict == "accepted" and not decision.quoted and decision.judged_sha256 != said:
        before = {a.value_sha256 for a in answers if a.field == decision.field}
        before |= {stands_sha256(d) or "" for d in decisions if d.field == decision.field and d.at < decision.at}
        if said not in before:
            yield "its value is not the one that was judged"


def pointer_faults(evidence: Sequence[Evidence], texts: Sequence[PaperText]) -> Iterator[str]:
    """Places that cannot be: ``texts`` are what readers made of the very document that is pointed into.

    How long a page is depends on the reader, how many there are does not.
    """
    places = [(item.page, item.start, item.end) for item in evidence]
    if len(set(places)) < len(places):
        yield "it names the same sentence twice"
    for page, start, end in dict.fromkeys(places):
        if page < 1 or not 0 <= start < end:
            yield f"page {page}, characters {start} to {end}: there can be no such place"
        elif texts and page > len(texts[0].pages):
            yield f"page {page} does not exist: the document has {len(texts[0].pages)}"


def place_faults(answer: Answer, texts: Sequence[PaperText]) -> Iterator[str]:
    """An answer that is its evidence, whose words are here and are not those that its hash was made of.

    And one whose sentences stand elsewhere in the very text that it was given of.
    """
    for text in texts:
        quotes = [Quoter(text).quote(item) for item in answer.evidence]
        value = quoted_value(quotes)
        if answer.quoted and value is not None and value_sha256(value) != answer.value_sha256:
            yield "its words are not those that its hash was made of"
        if text.sha256 == answer.text and any(quote.whereabouts != "found" for quote in quotes):
            yield "it points beside its sentences in the very text that it was given of"
