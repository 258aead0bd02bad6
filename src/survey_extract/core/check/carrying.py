"""A value, the sentences marked for it and a text go in; sentences that say what the marked ones do not say of the value come out.

For a person who writes another value into a cell: the sentences of the former
one stay marked, and are evidence of that one alone. Found by code and claimed by
nobody, as those of ``support.py``; but each of these, by the check, has a figure or name of the value.
Where no sentence is marked at all and none has one, those of ``support.py`` it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_extract.core.check.check import check
from survey_extract.core.check.support import MOST, Nearest
from survey_extract.core.evidence import as_text, pointer
from survey_extract.core.fields import FieldSpec, FieldType
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Evidence, Value

WORDLESS: tuple[FieldType, ...] = ("yes_no", "url")
"""Fields whose values share no words with the sentences that say them."""
LOOKED_AT = 300
"""Sentences that are checked one by one, those first that share most of the value's weight: some tenths of a second."""


def carrying(
    spec: FieldSpec, value: Value, marked: Sequence[Evidence], text: PaperText, own: Sequence[str]
) -> tuple[Evidence, ...]:
    """The sentences to mark instead, in reading order, with those marked that say something of the value.

    Nothing where the marked ones say all of it that the source says, or where no sentence is found that says more. Where
    none is marked, those that come nearest to its words, if any do.
    """
    before = check(spec, value, marked, text, own)
    wanted = set(before.apart)
    kept = [item for item in marked if _said(spec, value, item, text, own)]
    found: list[Evidence] = []
    for item in _nearest_first(value, text):
        if not wanted or len(found) == MOST:
            break
        if said := _said(spec, value, item, text, own) & wanted:
            found.append(item)
            wanted -= said
    chosen = tuple(sorted(dict.fromkeys((*kept, *found)), key=lambda item: (item.page, item.start)))
    after = check(spec, value, chosen, text, own)
    if found and len(after.apart) < len(before.apart):
        return chosen
    return () if marked or spec.type in WORDLESS else Nearest(text).support(value).sentences


def saying(spec: FieldSpec, value: Value, text: PaperText, own: Sequence[str]) -> tuple[int, ...]:
    """The numbers of the sentences that say most of a value which points at none: one that has it word for word first."""
    found = {(item.page, item.start) for item in carrying(spec, value, (), text, own)}
    whole, nearest = (as_text(value) or "").casefold(), Nearest(text).shared(as_text(value) or "")
    ranked = [
        (whole not in text.quote(sentence).casefold(), -held, sentence.number)
        for sentence, held in zip(text.citable(), nearest, strict=True)
        if (sentence.page, sentence.start) in found or (whole and whole in text.quote(sentence).casefold())
    ]
    return tuple(number for *_, number in sorted(ranked)[:MOST])


def _said(spec: FieldSpec, value: Value, item: Evidence, text: PaperText, own: Sequence[str]) -> set[str]:
    """The figures and names of a value that one sentence says."""
    return {term.text for term in check(spec, value, (item,), text, own).terms if term.place == "in evidence"}


def _nearest_first(value: Value, text: PaperText) -> Iterator[Evidence]:
    sentences, nearest = text.citable(), Nearest(text)
    shared = nearest.shared(as_text(value) or "")
    order = sorted(range(len(sentences)), key=lambda index: (-shared[index], index))
    return (pointer(text, sentences[index]) for index in order[:LOOKED_AT])
