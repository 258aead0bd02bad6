"""A value that was decided on sentences of an older text, and a newer text, go in; how well the newer text supports it comes out.

Its sentences are looked up as those of an answer are that is carried over. One
that nothing resembles may have been turned round, or parted in two, so it is
looked for once more by what it says. What is found instead of a sentence counts as
that sentence where the change can mean nothing else (``rewording.py``); otherwise it is
another, of which nobody decided anything. Where another figure stands in its place, its
neighbours are not asked: they would hold the old one of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from types import MappingProxyType

from survey_extract.core.check import RULES
from survey_extract.core.check.check import check
from survey_extract.core.check.support import Nearest
from survey_extract.core.due.carry_over import Passage, counted, passages_in
from survey_extract.core.due.rewording import is_part, may_matter, roots_of_value
from survey_extract.core.evidence import as_text, pointer
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.records import Check, Evidence, Fate, Value

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class HeldValue:
    """How a text bears a value: see the record ``Audit``."""

    places: tuple[Evidence, ...]
    check: Check
    fates: tuple[tuple[Fate, int], ...]
    lost: tuple[str, ...]
    worse: bool
    instead: tuple[Evidence, ...] = ()


def hold(
    spec: FieldSpec,
    value: Value,
    evidence: Sequence[Evidence],
    near: Sequence[Evidence],
    text: PaperText,
    nearest: Nearest,
    old: PaperText | None,
    own: Sequence[str],
    words: Mapping[str, str] = MappingProxyType({}),
    *,
    is_reread: bool = False,
) -> HeldValue:
    """Hold a value against ``text``; None is the words of its sentences.

    ``near`` are the sentences of that text which come nearest to the value:
    they count where it points at none, or their words are not here. ``old`` is the text that ``evidence`` was cut from, None where it is not here,
    ``words`` are those of its sentences that no text has any more. ``is_reread``: both texts are of the very same bytes, in
    which nothing changed but the reading.
    """
    passages = tuple(_second_look(passage, nearest) for passage in passages_in(text, evidence, old, words))
    said = value if value is not None else _words(passages)
    if said is None:
        return HeldValue(_places(passages), Check(rules=RULES), counted(passages), (), worse=True)
    places = _places(passages) or tuple(near)
    found = check(spec, said, places, text, own)
    for more in (tuple(_beside(passages, text)), tuple(near) if any(p.now is None for p in passages) else ()):
        wider = tuple(dict.fromkeys((*places, *more)))
        again = check(spec, said, wider, text, own) if more else found
        if found.is_worse_than(again):
            places, found = wider, again
    before = check(spec, said, evidence, old, own) if old else None
    if not is_reread:
        passages = tuple(map(_Judge(text, found, value).judged, passages))
    is_whole = all(passage.fate not in ("altered", "gone") for passage in passages)
    kept = places if is_whole else _places([passage for passage in passages if passage.fate != "altered"])
    return HeldValue(
        kept,
        found,
        counted(passages),
        tuple(term for term in found.unfound if before is None or term not in before.unfound),
        worse=before is None or found.is_worse_than(before),
        instead=tuple(place for place in places if place not in kept),
    )


class _Judge:
    """Tells of a sentence that stands in place of another whether it may say something else."""

    def __init__(self, text: PaperText, found: Check, value: Value) -> None:
        self._text, self._is_found = text, found.state == "in evidence"
        self._value = roots_of_value(as_text(value) or "") if self._is_found and value is not None else None

    def judged(self, passage: Passage) -> Passage:
        """The passage, ``altered`` where what stands in its place, with a neighbour or without, may say something else."""
        if passage.fate != "changed" or passage.now is None or passage.words is None:
            return passage
        here, before, behind = self._around(passage.now)
        if here is not None and here.kind == "row" and self._is_found:
            return passage  # of a row the check knows which cell is meant
        now = passage.now_words or ""
        ways = [now]
        if is_part(passage.words, now):
            ways += [f"{now} {self._text.quote(one)}" for one in (behind,) if one]
            ways += [f"{self._text.quote(one)} {now}" for one in (before,) if one]
        is_same = any(not may_matter(passage.words, words, self._value) for words in ways)
        return passage if is_same else replace(passage, fate="altered")

    def _around(self, place: Evidence) -> tuple[Sentence | None, Sentence | None, Sentence | None]:
        """The sentence that stands in a place, and its neighbours."""
        citable = self._text.citable()
        at = next((at for at, one in enumerate(citable) if (one.page, one.start) == (place.page, place.start)), None)
        if at is None:
            return None, None, None
        return citable[at], citable[at - 1] if at else None, next(iter(citable[at + 1 : at + 2]), None)


def _words(passages: Sequence[Passage]) -> str | None:
    """The value that is its sentences; None while words of one are not here."""
    words = [passage.words for passage in passages]
    return " ".join(filter(None, words)) if words and all(words) else None


def _places(passages: Sequence[Passage]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(passage.now for passage in passages if passage.now is not None))


def _second_look(passage: Passage, nearest: Nearest) -> Passage:
    """Look for a sentence that nothing resembles by its meaningful words, in any order."""
    like = nearest.like(passage.words) if passage.fate == "gone" and passage.words else None
    return replace(passage, fate="changed", now=like[0], now_words=like[1]) if like else passage


def _beside(passages: Sequence[Passage], text: PaperText) -> Iterator[Evidence]:
    """The neighbours of reworded sentences, which a part of them may have moved to; none where another figure was put in."""
    wanted = {
        (passage.now.page, passage.now.start)
        for passage in passages
        if passage.fate == "changed" and passage.now and not _figures(passage.now_words) - _figures(passage.words)
    }
    for one, next_one in pairwise(text.prose()):
        for here, other in ((one, next_one), (next_one, one)):
            if (here.page, here.start) in wanted:
                yield pointer(text, other)


def _figures(words: str | None) -> set[str]:
    return set(_FIGURE.findall(words or ""))
