"""A number field and a sentence go in; the amount that the sentence gives for what the field seeks comes out, as printed, or nothing.

A right unit is not enough: "350 GB" may be a memory's, where the size of a
download is sought. The words of the heading, or else those of the instruction,
must lead to the number ("the batch size is 128 samples") or follow it ("a 2 GB download"),
with nothing between but words of grammar. Limits, lists, ranges, parts, others' work
and several subjects give nothing: a wrong answer is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.ranking.yes_no import (
    CLAUSE,
    DOUBTS,
    Word,
    is_many,
    is_of_another,
    is_others,
    is_whole,
    negations,
    place_of,
    sought_stems,
    words_of,
)
from survey_extract.core.tables.table import Row
from survey_extract.core.values.amounts import Units, amount, printed_amounts

_ASKED = re.compile(r"[^?.!,;:(]*")
_QUANTITY = frozenset(map(stem, "number numbers amount many much long high often far value quantity in units".split()))
_KINDS = frozenset(map(stem, "mean median average maximum minimum max min peak range per".split()))
"""Words of a question that make another quantity of the same one: all that it has must be in the clause, and no other."""
_IN_ALL = frozenset("all total altogether overall".split())
_LINKS = frozenset(
    "of is was are were be been for on using utilizing utilising with at about approximately around roughly some has have had takes"
    " took take a an the comprises comprised contains contained includes included weighs costs cost set equal equals total :"
    " = ( - ~ \u2248 it we its".split()
)
"""All that may stand between what is sought and its number."""
_LINKS_BEHIND = frozenset("of were was are is - in the".split())
_PLAIN = _LINKS | frozenset(
    "this our both also now all and used uses use employ employed employs by from total there".split()
)
"""Words that may stand before either in their clause, beside the question's own: any other makes it something else's ("shipping costs")."""
_CIRCUMSTANCE = frozenset("for when where once in at after by with during to".split())
"""Words at the beginning of a clause that make it a condition of something else."""
_TAKEN_BACK = frozenset(
    "planned expected needed required possible missing smaller larger more less fewer longer shorter higher lower than too not"
    " instead except only unless if last ago month week year day".split()
)
"""Words behind an amount that make it another one, or none."""
_FAR, _FAR_BEHIND = 5, 3
"""Words between what is sought and a number behind it, or before it."""
_PARTS = frozenset(
    "each every per first second third last next remaining additional further initial extra half group groups arm arms"
    " subgroup subset cohort remainder variant variants ablation baseline will soon".split()
)
"""Words of a clause that make an amount a part's, another's, or one to come."""
_BROKEN = re.compile(r"[;|()\[\]:=#\u00d7/+\u00b1]|,(?!\d)| and | or ")
"""Marks that part a number from a unit behind it."""
_LISTED = re.compile(
    r"(?:[-\u2010-\u2015/\u00b1+~<>\u2264\u2265\u00d7\u2212,]|\b(?:and|or|to|than|least|most|under|over|above|below|up)) ?$"
)
"""What stands right before a number that is one of several, or a limit."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a number field seeks: one of ``either`` must stand whole beside a number, as stems; ``question`` are all its words, small."""

    either: tuple[frozenset[str], ...]
    question: frozenset[str]
    kinds: frozenset[str]
    is_in_all: bool
    unit: str
    units: Units

    @classmethod
    def of(cls, spec: FieldSpec) -> Bound | None:
        """None where heading and instruction say nothing beyond the unit."""
        if not spec.unit:
            return None
        asked = (_ASKED.match(spec.ask.strip()) or [""])[0]
        names = " ".join((spec.unit, *(name for name, _ in spec.units)))
        counted = sought_stems(names) | _QUANTITY | _KINDS | _IN_ALL
        either = tuple(sought for text in (spec.heading, asked) if (sought := sought_stems(text) - counted))
        words = [word.text for word in words_of(f". {spec.heading} {asked}")]
        kinds = _KINDS.intersection(map(stem, words))
        return cls(either, frozenset(words), kinds, bool(_IN_ALL & {*words}), spec.unit, spec.units) if either else None


def gives(
    bound: Bound, sentence: str, names: frozenset[str] = frozenset(), known: frozenset[str] | None = None
) -> str | None:
    """The amount that a sentence gives for what is sought, where it has but one; ``names`` are the source's own, ``known`` the words it writes small."""
    if "?" in sentence or is_others(sentence):
        return None
    text = " ".join(sentence.split())
    found = list(_amounts(bound, text))
    if len(found) != 1:
        return None
    ((printed, at),) = found
    return printed if _is_bound(bound, text, at, at + len(printed), names, known) else None


def gives_row(bound: Bound, row: Row) -> str | None:
    """What a pair of name and value gives: "Download size | 2 GB"."""
    label = sought_stems(row.label)
    asked = sought_stems(" ".join(bound.question))
    if (
        len(row.cells) != 1
        or row.cells[0].header
        or label - asked
        or not any(sought <= label for sought in bound.either)
    ):
        return None
    value = " ".join(row.cells[0].value.split())
    return value if any(printed == value for printed, _ in _amounts(bound, value)) else None


def _amounts(bound: Bound, text: str) -> Iterator[tuple[str, int]]:
    """Amounts whose number and unit are one, each with where it stands."""
    short = [name for name in (bound.unit, *(name for name, _ in bound.units)) if len(name) == 1]
    for printed in printed_amounts(text, bound.unit, bound.units):
        single = re.search(r"[^\W\d_]\b(?<!\w\w)", printed[-1]) and (len(printed) < 2 or not printed[-2].isalpha())
        if _BROKEN.search(printed) or (single and (printed[-1] not in short or not printed[-2:-1].isdigit())):
            continue
        if text.count(printed) == 1:
            yield printed, text.find(printed)


def _is_bound(
    bound: Bound, text: str, start: int, end: int, names: frozenset[str], known: frozenset[str] | None
) -> bool:
    """Whether what is sought leads to the amount between two offsets, or follows it, in a clause that is the source's own."""
    head, tail = CLAUSE.split(text[:start])[-1], CLAUSE.split(text[end:])[0]
    before, behind = list(words_of(head)), list(words_of(f". {tail}"))[1:]
    near = words_of(f". {tail.partition(', ')[0]}")
    whole = {word.text for word in (*before, *near)}
    if DOUBTS & {word.text for word in before} or negations(before) or _PARTS & (whole - bound.question):
        return False
    if bound.kinds != _KINDS.intersection(map(stem, whole)) or (bound.is_in_all and not _IN_ALL & whole):
        return False
    if _TAKEN_BACK & {word.text for word in behind} - bound.question or (
        before[:1] and before[0].text in _CIRCUMSTANCE
    ):
        return False
    if _LISTED.search(text[:start]) or is_of_another(
        before, names | bound.question, known if head == text[:start] else None
    ):
        return False
    asked = frozenset().union(*bound.either)
    if any(word.text not in _PLAIN | names | bound.question and word.stem not in asked for word in before):
        return False
    return any(_leads(bound, sought, before, behind) or _follows(bound, sought, behind) for sought in bound.either)


def _leads(bound: Bound, sought: frozenset[str], before: Sequence[Word], behind: Sequence[Word]) -> bool:
    """Whether what is sought stands before the amount, which is not the beginning of a longer name ("80 GB memory")."""
    place = place_of(sought, before)
    if place is None or is_many(before[slice(*place)], bound.question):
        return False
    between = [word.text for word in before[place[1] :]]
    follower = next((word.text for word in behind if word.text != "-"), "")
    return len(between) <= _FAR and _LINKS.issuperset(between) and is_whole(follower, sought)


def _follows(bound: Bound, sought: frozenset[str], behind: Sequence[Word]) -> bool:
    """Whether what is sought stands behind the amount: "a 2 GB download", "12 months of follow-up"."""
    place = place_of(sought, behind)
    if place is None or is_many(behind[slice(*place)], bound.question):
        return False
    follower = next((word.text for word in behind[place[1] :] if word.text != "-"), "")
    between = [word.text for word in behind[: place[0]]]
    return len(between) <= _FAR_BEHIND and _LINKS_BEHIND.issuperset(between) and is_whole(follower, sought)


def same_amount(bound: Bound, printed: Sequence[str]) -> bool:
    """Whether amounts are one and the same, whatever their units."""
    return len({amount(one, bound.unit, bound.units).value for one in printed}) == 1
