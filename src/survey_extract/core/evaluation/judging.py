"""What is right in a cell and what an engine answered go in; marks come out, one for each thing that can be right or wrong.

A mark counts: so many of so many, with what is missing by name. Each thing
has a mark of its own and spoils no other: who says nothing where there is
something loses that mark alone, and values are compared where both sides have
one. What a value is compared by is its field's ``judge``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.claims import Claims, clauses_of
from survey_extract.core.evidence import as_text
from survey_extract.core.fields import LABELS, FieldSpec
from survey_extract.core.records import NOT_REPORTED, Check, Evidence, Value

Against = Literal["decided", "imported", "gold"]
"""What answers are compared with: what a person decided, what a list brought in, or a gold file."""
Measure = Literal[
    "coverage", "reported", "not reported", "upheld", "agreed blind", "found carried", "right", "precision", "recall",
    "terms found", "terms carried", "clauses found", "clauses carried",
    "with evidence", "evidence overlaps", "evidence holds terms", "right first", "right in two", "right in five",
    "same again", "sentence again", "sentences again",
]  # fmt: skip
MEASURES: Mapping[Measure, str] = {
    "coverage": "cells with an answer; that nothing was found without a model is none",
    "reported": "a value where there is one, not “not reported”",
    "not reported": "“not reported” where nothing is reported",
    "upheld": "of the answers that a person judged, those left as they were, or changed without change of meaning",
    "agreed blind": "of the cells that were decided once more blind, those where both verdicts say the same, by the field's judge",
    "found carried": "of the decided values that a second reader judged, those that their sentences carry, in its eyes",
    "right": "the right value",
    "precision": "of the names answered, the right ones",
    "recall": "of the right names, those answered",
    "terms found": "figures and names of the right value that the answer has",
    "terms carried": "figures and names of the answer that the right value has",
    "clauses found": "clauses of the right value that the answer mentions",
    "clauses carried": "clauses of the answer that the right value mentions",
    "with evidence": "values that point to a sentence",
    "evidence overlaps": "of those, with a sentence that the right value points to, too",
    "evidence holds terms": "values with figures or names, all of which are in the evidence",
    "right first": "sentences for an answer, without a model: the first one is right",
    "right in two": "of the first two, one is right",
    "right in five": "of the first five, one is right",
    "same again": "asked twice, the same value by the field's judge, or “not reported” both times",
    "sentence again": "asked twice, at least one sentence in both answers",
    "sentences again": "asked twice, of all sentences of both answers, those in both",
}
"""Each measure, in the order of a table, with what it counts."""
QUOTED: tuple[Measure, ...] = ("right first", "right in two", "right in five")
"""Measures of answers that are sentences: a model's answers have none of them."""
OF_PEOPLE: tuple[Measure, ...] = ("upheld", "agreed blind", "found carried")
"""Measures of what people, or a second reader, said of single cells: new answers have none of it yet."""
TWICE: tuple[Measure, ...] = ("same again", "sentence again", "sentences again")
"""Measures of one question that was asked twice."""
WHOLE: tuple[Measure, ...] = (
    "reported",
    "not reported",
    "right",
    "precision",
    "recall",
    "terms found",
    "clauses found",
)
"""Measures that are all full where an answer is right as a whole: nothing is missing, and no name is invented."""


@dataclass(frozen=True, slots=True)
class WantedName:
    """A name that a list should have, by all that it is called. An optional one is neither hit nor miss."""

    name: str
    aliases: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """What is right in a cell.

    ``facts`` are what a full answer states, ``beside`` is what it may state
    as well: further facts, and the words of the sentences. ``partly`` are the
    hashes of the sentences that only touch on it.
    """

    against: Against
    reported: bool
    value: Value = None
    facts: tuple[str, ...] = ()
    names: tuple[WantedName, ...] = ()
    sentences: tuple[Evidence, ...] = ()
    beside: tuple[str, ...] = ()
    partly: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What an engine answered; ``value`` is None for "not reported", and where the quoted words are not here.

    ``quoted`` is set where the answer is its sentences, the best first.
    """

    reported: bool
    value: Value
    evidence: tuple[Evidence, ...]
    check: Check
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """``hits`` of ``of``, and the others by name."""

    hits: int
    of: int
    lost: tuple[str, ...] = ()


Marks = Mapping[Measure, Mark]


def marks(spec: FieldSpec, right: Right, given: GivenAnswer | None, claims: Claims | None, aliases: Aliases) -> Marks:
    """Compare one cell. Without ``claims`` (the document's text is not here) no statements are compared."""
    made: dict[Measure, Mark] = {"coverage": _one(given is not None)}
    if given is None:
        return made
    if not right.reported:
        made["not reported"] = _one(not given.reported)
    elif not given.reported:
        made["reported"] = _one(False)
    else:
        made["reported"] = _one(True)
        made |= _of_evidence(right, given)
        if given.value is not None:
            made |= _of_value(spec, right, given.value, claims, aliases)
    return made


def is_whole(marks: Marks) -> bool | None:
    """Whether an answer is right as a whole; None where that is not known. An answer that a person left as it was is."""
    if "upheld" in marks:
        return bool(marks["upheld"].hits)
    counted = [marks[measure] for measure in WHOLE if measure in marks]
    return all(mark.hits == mark.of for mark in counted) if counted else None


def _one(is_so: bool, lost: str = "") -> Mark:
    return Mark(int(is_so), 1, () if is_so or not lost else (lost,))


def _of_evidence(right: Right, given: GivenAnswer) -> Marks:
    made: dict[Measure, Mark] = {"with evidence": _one(bool(given.evidence))}
    if given.evidence and right.sentences:
        hashes = {item.sha256 for item in right.sentences}
        made["evidence overlaps"] = _one(any(item.sha256 in hashes for item in given.evidence))
        made |= _of_ranking(given, hashes - right.partly) if given.quoted else {}
    if given.check.terms:
        apart = ", ".join(term.text for term in given.check.terms if term.place != "in evidence")
        made["evidence holds terms"] = _one(not apart, apart)
    return made


def _of_ranking(given: GivenAnswer, hashes: Set[str]) -> Marks:
    """Where among the sentences of an answer without a model the first right one is."""
    is_right = [item.sha256 in hashes for item in given.evidence]
    return {
        "right first": _one(any(is_right[:1])),
        "right in two": _one(any(is_right[:2])),
        "right in five": _one(any(is_right[:5])),
    }


def _of_value(spec: FieldSpec, right: Right, value: Value, claims: Claims | None, aliases: Aliases) -> Marks:
    by, made = spec.judge.by, dict[Measure, Mark]()
    if right.value is not None and (by in ("exact", "number") or spec.type in LABELS):
        made["right"] = _one(*_rightness(spec, right.value, value))
    if by == "names":
        wanted = right.names or tuple(map(WantedName, listed(right.value)))
        made |= names_marks(listed(value), wanted, aliases)
    if by == "claims" and claims is not None:
        made |= _claim_marks(right, value, claims)
    return made


def listed(value: Value) -> tuple[str, ...]:
    """A value as a list: a text is a list of one, "not reported" an empty one."""
    return (value,) if isinstance(value, str) else value or ()


# --- one right value ------------------------------------------------------------------------------


def _rightness(spec: FieldSpec, right: Value, value: Value) -> tuple[bool, str]:
    """Whether a value is the right one; else what was said instead of what."""
    return is_right_value(spec, right, value), f"{as_text(value)}, not {as_text(right)}"


def is_right_value(spec: FieldSpec, right: Value, value: Value) -> bool:
    """Whether a value is the one right value of a field that has one: a number within its percentage, else the same words."""
    if spec.judge.by == "number" and isinstance(right, str) and isinstance(value, str):
        return is_same_number(spec, right, value)
    return _plain(spec, right) == _plain(spec, value)


def _plain(spec: FieldSpec, value: Value) -> frozenset[str]:
    """A value as it is compared: a list has no order, an address keeps its capitals."""
    items = (" ".join(item.split()) for item in listed(value))
    return frozenset(items if spec.type == "url" else (item.casefold() for item in items))


def is_same_number(spec: FieldSpec, right: str, value: str) -> bool:
    """Whether two printed numbers are one within the field's percentage, in one unit, and not bounds of opposite sides.

    Where a printed form gives no number, the forms are compared.
    """
    one, other = spec.amount(right), spec.amount(value)
    if one.value is None or other.value is None:
        return _plain(spec, right) == _plain(spec, value)
    if one.unit != other.unit or {one.qualifier, other.qualifier} == {"at most", "at least"}:
        return False
    # floats: a factor of a unit leaves a rest in the last digits
    return abs(one.value - other.value) <= abs(one.value) * (spec.judge.percent / 100 + 1e-9)


# --- names ----------------------------------------------------------------------------------------


def names_marks(said: Sequence[str], wanted: Sequence[WantedName], aliases: Aliases) -> Marks:
    """Precision with what was invented, recall with what was missed. A name counts once, however often either side has it."""
    wanted = _distinct(wanted, aliases)
    open_by_form: dict[str, list[int]] = {}
    for index, entry in enumerate(wanted):
        for form in dict.fromkeys(map(aliases.key, (entry.name, *entry.aliases))):
            open_by_form.setdefault(form, []).append(index)
    hit: set[int] = set()
    invented: list[str] = []
    for form, name in {aliases.key(name): name for name in reversed(said)}.items():
        if form not in open_by_form:
            invented.append(name)
        else:
            hit.update([index for index in open_by_form[form] if index not in hit][:1])
    hits = sum(not wanted[index].optional for index in hit)
    missed = tuple(entry.name for index, entry in enumerate(wanted) if index not in hit and not entry.optional)
    return {
        "precision": Mark(hits, hits + len(invented), tuple(reversed(invented))),
        "recall": Mark(hits, hits + len(missed), missed),
    }


def _distinct(wanted: Sequence[WantedName], aliases: Aliases) -> list[WantedName]:
    """Each name once, with all that it is called; it is optional only if it is so wherever it stands."""
    by_key: dict[str, list[WantedName]] = {}
    for entry in wanted:
        by_key.setdefault(aliases.key(entry.name), []).append(entry)
    return [
        WantedName(
            same[0].name, tuple(alias for one in same for alias in one.aliases), all(one.optional for one in same)
        )
        for same in by_key.values()
    ]


# --- statements -----------------------------------------------------------------------------------


def _claim_marks(right: Right, value: Value, claims: Claims) -> Marks:
    facts = right.facts or clauses_of((as_text(right.value),))
    stated = clauses_of((as_text(value),))
    found, carried = claims.held(facts, stated), claims.held(stated, (*facts, *right.beside))
    counted: Iterable[tuple[Measure, int, tuple[str, ...]]] = (
        ("terms found", found.terms, found.lacks_terms),
        ("terms carried", carried.terms, carried.lacks_terms),
        ("clauses found", found.clauses, found.lacks_clauses),
        ("clauses carried", carried.clauses, carried.lacks_clauses),
    )
    return {measure: Mark(of - len(lost), of, lost) for measure, of, lost in counted if of}


def pairs(spec: FieldSpec, right: Right, given: GivenAnswer | None) -> Iterator[tuple[str, str]]:
    """For a table of confusions: what is right, and what was answered; of labels, dates and the like alone."""
    has_one = (spec.type in LABELS or spec.judge.by == "exact") and (right.value is not None or not right.reported)
    if has_one and given is not None and (right.reported or given.reported):
        yield as_text(right.value) or NOT_REPORTED, as_text(given.value) or NOT_REPORTED
