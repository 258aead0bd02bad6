"""A value and the sentences cited for it go in; the words of the value that they contradict come out: "not", "lower", "may".

A clause of the value is compared with the clauses of the evidence that speak of
the same things. It is turned round where they deny what it affirms, affirm
what it denies, have the opposite word in the same place, or leave open what it
states. Whatever could make it true all the same (another negation, a sentence
that says it as it is, an "only") ends the matter: a warning that is usually
wrong is worth less than none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from survey_extract.core.check.clauses import Clause, Parsed, Sentences, roots_of
from survey_extract.core.check.contraries import (
    BOUNDS_BEHIND,
    COMPARATIVES,
    LIGHT,
    NEGATORS,
    NO_DENIALS,
    denies,
    sides_of,
    ways,
)
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.words.tokens import fold

MOST = 200
"""Clauses of a value that are compared with its evidence, at most."""
SHARED = 0.6
"""Share of what a clause is about that the evidence must speak of, too, before an opposite word counts."""
WHOLE = 0.75
"""The same before a clause is taken for the very statement of another."""
_SUPPOSING = frozenset(map(stem, "hypothesise hypothesize hypothesis suspect speculate conjecture surmise".split()))
BESIDE = 3
"""Words of meaning on either side of an opposite word of which one must be the same."""


class Turned(NamedTuple):
    """The words of a value that its evidence turns round: places among its tokens, from the first to behind the last."""

    first: int
    behind: int


def turned(value: Parsed, evidence: Sentences) -> Iterator[Turned]:
    """What the evidence says otherwise, in the order of the value."""
    at = {token.start: place for place, token in enumerate(value.found)}
    for clause in value.clauses[:MOST]:
        offset = at[clause.found[0].start]
        if not any(_repeats(clause, other) for other in evidence.clauses):
            places = (
                *_denied(clause, evidence),
                *_affirmed(clause, evidence.clauses),
                *_opposite(clause, value, evidence),
                *_stated(clause, evidence.clauses),
                *_done(clause, evidence.clauses),
                *_supposed(clause, evidence.clauses),
                *_compared(clause, evidence.clauses),
                *_prefixed(clause, evidence),
                *_swapped(clause, value, evidence),
            )
            yield from (Turned(offset + place, offset + place + 1) for place in dict.fromkeys(places))
    yield from _exchanged(value, evidence)
    yield from _with_or_without(value, evidence)


MOST_WITHS = 20
"""Things that a value says "with" or "without" of."""
_CONTRARY = {"with": "without", "without": "with"}
_COMPLEMENT = frozenset("other others rest than whereas while versus vs against respectively compared".split())
"""Words of a sentence that tells two groups apart: what it says of one by "with" holds of the other without."""


def _with_or_without(value: Parsed, evidence: Sentences) -> Iterator[Turned]:
    """ "With the additive" for "without the additive", where the sentences speak of the same."""
    mine = [(*one, clause) for clause in value.clauses[:MOST] for one in clause.with_and_without][:MOST_WITHS]
    theirs = [(word, root, said) for clause, said in evidence.of for word, root, _ in clause.with_and_without]
    if len({word for word, *_ in mine}) != 1:
        return
    at = {token.start: place for place, token in enumerate(value.found)}
    lacked = _lacked(evidence.clauses)
    for word, root, place, clause in mine:
        there = [(other, said) for other, known, said in theirs if known == root]
        is_lacked = word == "without" and root in lacked
        if there and not is_lacked and all(_has_contrary(word, root, value, *one) for one in there):
            start = clause.found[place].start
            yield Turned(at[start], at[start] + 1)


def _has_contrary(word: str, root: str, value: Parsed, other: str, said: Parsed) -> bool:
    """Whether a sentence says the other of "with" and "without", of the same, and tells no two groups apart."""
    rest = value.about - {root}
    is_same = bool(rest) and 2 * len(rest & said.about) >= len(rest)
    return other == _CONTRARY[word] and is_same and _COMPLEMENT.isdisjoint(fold(token.text) for token in said.found)


def _exchanged(value: Parsed, evidence: Sentences) -> Iterator[Turned]:
    """What the value has and what it lacks, the other way round in the evidence: "readers but no writers"."""
    mine, lacked = _had(value.clauses[:MOST]), _lacked(value.clauses[:MOST])
    theirs, not_theirs = _had(evidence.clauses), _lacked(evidence.clauses)
    taken = (mine & not_theirs) - theirs - lacked
    if taken and (lacked & theirs) - not_theirs - mine:
        at = {token.start: place for place, token in enumerate(value.found)}
        clause, place = next((one, at) for one in value.clauses for root, at in one.roots if root in taken)
        yield Turned(at[clause.found[place].start], at[clause.found[place].start] + 1)


def _had(every: Sequence[Clause]) -> frozenset[str]:
    return frozenset(root for clause in every if not clause.denials for root in clause.about)


def _lacked(every: Sequence[Clause]) -> frozenset[str]:
    return frozenset(root for clause in every for phrase in clause.denied for root, _ in phrase)


def denies_all(asked: Parsed, evidence: Sentences) -> bool:
    """Whether the evidence denies what a yes-or-no field asks, and nowhere affirms it."""
    clause = asked.clauses[0] if asked.clauses else None
    if clause is None or not any(True for _ in _denied(clause, evidence)):
        return False
    denied = {root for one in evidence.clauses for phrase in one.denied for root, _ in phrase}
    subject = frozenset(root for root, _ in clause.roots[:1]) - denied
    return not subject or any(one.denials and subject & one.about for one in evidence.clauses)


def _repeats(clause: Clause, other: Clause) -> bool:
    """Whether all words of a clause stand in another, side by side, and nothing there denies them."""
    is_as_open = clause.denials == other.denials and len(clause.hedged) == len(other.hedged)
    is_as_open = is_as_open and not _SUPPOSING & (other.about - clause.about)
    return is_as_open and clause.line in other.line


# --- negations ------------------------------------------------------------------------------------


def _denied(clause: Clause, evidence: Sentences) -> Iterator[int]:
    """Words that the clause affirms, and the evidence denies and nowhere affirms of the same."""
    if clause.denials:
        return
    places = dict(reversed(clause.roots))
    for other, said in evidence.of:
        for phrase in other.denied if other.denials == 1 else ():
            roots = frozenset(root for root, _ in phrase)
            if roots <= clause.about and _is_denied(clause, roots, other, said, evidence.clauses):
                yield places[phrase[0][0]]


def _is_denied(clause: Clause, roots: frozenset[str], other: Clause, said: Parsed, every: Sequence[Clause]) -> bool:
    rest = clause.about - roots
    if 2 * len(rest & said.about) < max(1, len(rest)) or said.has_exception or _is_complement(clause, said):
        return False
    affirming = [one for one in every if _affirms(one, roots)]
    if not affirming:
        return True
    here = len(clause.about & other.about)
    return here >= WHOLE * len(clause.about) and here > 1 + max(len(clause.about & one.about) for one in affirming)


def _is_complement(clause: Clause, said: Parsed) -> bool:
    """Whether the clause is about what lies on the other side of a bound: "tenants up to 500", "not the tenant, above 500"."""
    mine = ways(clause.words)
    theirs = ways(word for other in said.clauses for word in other.words)
    is_other_time = not _UNTIL.isdisjoint(clause.words) and any(
        not _SINCE.isdisjoint(one.words) for one in said.clauses
    )
    return is_other_time or (bool(mine and theirs) and not mine & theirs)


_UNTIL, _SINCE = frozenset(["until", "till", "before"]), frozenset(["since", "after", "from"])
"""What was so until a time is not so since then."""


def _affirms(clause: Clause, roots: frozenset[str]) -> bool:
    """Whether a clause has these words and no negation applies to them."""
    denied = {place for phrase in clause.denied for _, place in phrase}
    return roots <= {root for root, place in clause.roots if place not in denied}


def _affirmed(clause: Clause, every: Sequence[Clause]) -> Iterator[int]:
    """Words that the clause denies, and the evidence affirms of the same."""
    if clause.denials != 1 or len(clause.denied) != 1:
        return
    phrase = clause.denied[0]
    roots = frozenset(root for root, _ in phrase)
    near = [one for one in every if 2 * len(one.about & clause.about) > len(clause.about)]
    if any(one.denials for one in near) or any(
        roots & {root for root, _ in other} for one in every for other in one.denied
    ):
        return
    rest = clause.about - roots
    whole = [one for one in near if _affirms(one, roots) and len(one.about & rest) >= SHARED * len(rest)]
    left = rest - frozenset(root for one in whole for root in one.about)
    if whole and rest and not any(one.denials and one.about & left for one in every):
        yield phrase[0][1]


def _compared(clause: Clause, every: Sequence[Clause]) -> Iterator[int]:
    """A comparison that the clause affirms, and the evidence denies alone: "slept longer" for "did not sleep longer"."""
    if clause.denials:
        return
    for place, word in enumerate(clause.words):
        if word not in COMPARATIVES or _bounds(clause, place):
            continue
        rest = clause.about - {stem(word)}
        having = [one for one in every if word in one.words and 2 * len(rest & one.about) >= len(rest)]
        if rest and having and all(_denies_comparison(one, one.words.index(word)) for one in having):
            yield place


def _denies_comparison(clause: Clause, place: int) -> bool:
    """Whether a "not" stands a few words before a comparison: "no longer" is none."""
    before = [at for at in clause.negations if at < place and clause.words[at] != "no"]
    is_only = any(clause.words[at + 1] in NO_DENIALS - COMPARATIVES for at in before)
    return len(before) == 1 and place - before[0] <= BEFORE_COMPARISON and not is_only and not _bounds(clause, place)


BEFORE_COMPARISON = 4
"""Words between a "not" and the comparison that it denies."""


def _prefixed(clause: Clause, evidence: Sentences) -> Iterator[int]:
    """Words that the clause has with "un" or "non" and the evidence without alone, or the other way: "lined nets" for "unlined nets"."""
    for _, place in clause.roots:
        word = clause.words[place]
        contraries = {f"un{word}", f"non{word}", word.removeprefix("un"), word.removeprefix("non")} - {word}
        known = contraries & evidence.words
        if not known or word in evidence.words or len(word) < _SHORTEST or clause.denials != denies(word):
            continue
        others = [(one, at) for one in evidence.clauses for at, other in enumerate(one.words) if other in known]
        if all(_is_of_same(clause, place, one, at) for one, at in others):
            yield place


_SHORTEST = 5
"""Letters of a word that a prefix denies."""


def _is_of_same(clause: Clause, place: int, other: Clause, at: int) -> bool:
    """Whether a word and its contrary stand beside the same, and nothing else is denied there."""
    mine, theirs = _neighbours(clause, place, is_sided=False), _neighbours(other, at, is_sided=False)
    return other.denials == denies(other.words[at]) and bool(mine & theirs)


# --- opposites ------------------------------------------------------------------------------------


def _opposite(clause: Clause, value: Parsed, evidence: Sentences) -> Iterator[int]:
    """Words whose opposite stands in the evidence, beside the same words. A value that has both words tells them apart itself."""
    told = {pole for one in value.clauses[:MOST] for root, _ in _with_small_words(one) for pole in sides_of(root)}
    for root, place in _with_small_words(clause):
        poles = [(axis, side) for axis, side in sides_of(root) if (axis, 1 - side) not in told]
        if not _bounds(clause, place) and any(_is_turned(clause, root, place, pole, evidence) for pole in poles):
            yield place


def _with_small_words(clause: Clause) -> Iterator[tuple[str, int]]:
    """Stems with their places, and the small words that have opposites: "before", "more"."""
    yield from clause.roots
    yield from ((stem(word), at) for at, word in enumerate(clause.words) if word in _SMALL)


_ORDER = frozenset(["before", "after"])
_SMALL = _ORDER | {"more", "less", "all", "every", "everyone", "everybody", "both", "none", "neither", "nobody"}


def _bounds(clause: Clause, place: int) -> bool:
    """Whether a word belongs to a number: "less than 5", "5 or more", and not "higher with 8 shards"."""
    is_led = clause.words[place + 1 : place + 2] in ((), ("than",))
    near = clause.found[max(0, place - 3) : place + 3 if is_led else place]
    return clause.words[place] in BOUNDS_BEHIND and any(token.kind == "number" for token in near)


def _is_turned(clause: Clause, root: str, place: int, pole: tuple[int, int], evidence: Sentences) -> bool:
    """Whether the clause that speaks most of the same things has the other pole, beside the same words."""
    axis, side = pole
    rest, doubts = clause.about - {root}, _doubts(clause, axis)
    best = same = 0
    for other in evidence.clauses:
        shared = len(rest & other.about)
        found = {s for known, _ in _with_small_words(other) for a, s in sides_of(known) if a == axis}
        if side in found or _doubts(other, axis) != doubts:
            same = max(same, shared)
        elif found and _is_beside(clause, place, other, axis) and not evidence.strays(rest, other):
            best = max(best, shared)
    return bool(rest) and best >= SHARED * len(rest) and best > same


def _doubts(clause: Clause, axis: int) -> frozenset[str]:
    """What says that something is not so, but for a pair of opposites."""
    return frozenset(
        word for word in clause.words if denies(word) and not any(known == axis for known, _ in sides_of(stem(word)))
    )


def _is_beside(clause: Clause, place: int, other: Clause, axis: int) -> bool:
    """Whether the opposite has a neighbour that the word has: of a comparison and an order also where it stands."""
    if (clause.is_compared or other.is_compared) and clause.roots[:1] and clause.roots[0][0] != other.roots[0][0]:
        return False
    is_sided = clause.words[place] in _ORDER
    mine = _neighbours(clause, place, is_sided=is_sided)
    return any(
        mine & _neighbours(other, at, is_sided=is_sided)
        for known, at in _with_small_words(other)
        if any(a == axis for a, _ in sides_of(known))
    )


def _neighbours(clause: Clause, place: int, *, is_sided: bool) -> frozenset[tuple[str, bool]]:
    """The words of meaning around a place, each with whether it stands behind where that counts."""
    before = [(root, False) for root, at in clause.roots if at < place][-BESIDE:]
    behind = [(root, is_sided) for root, at in clause.roots if at > place][:BESIDE]
    return frozenset((*before, *behind))


# --- hedges ---------------------------------------------------------------------------------------


def _stated(clause: Clause, every: Sequence[Clause]) -> Iterator[int]:
    """Words that the clause states as fact, and the evidence only with "may", "might" or "could"."""
    if clause.denials or clause.is_open:
        return
    for other in every:
        for root, _ in other.hedged:
            places = [place for known, place in clause.roots if known == root]
            rest = clause.about - {root}
            is_same = bool(rest) and len(rest & other.about) >= SHARED * len(rest)
            if places and is_same and not any(_states(one, root) for one in every):
                yield places[0]


def _states(clause: Clause, root: str) -> bool:
    open_at = {at for _, at in clause.hedged}
    return any(known == root and at not in open_at for known, at in clause.roots)


def _done(clause: Clause, every: Sequence[Clause]) -> Iterator[int]:
    """What the clause says was done, while the evidence says of the same thing only that it is to be done."""
    done = clause.done if clause.done is not None else _is_doing(clause)
    if clause.denials or clause.is_open or clause.is_planned or done is None or len(clause.about) < 2:
        return
    planned = max((len(clause.about & one.about) for one in every if one.is_planned), default=0)
    other = max((len(clause.about & one.about) for one in every if not one.is_planned and not one.denials), default=0)
    if planned >= SHARED * len(clause.about) and planned > max(other, 1):
        yield done


def _supposed(clause: Clause, every: Sequence[Clause]) -> Iterator[int]:
    """The first word of what the clause states, while the evidence only supposes it: "We hypothesise that ..."."""
    if clause.is_open or clause.denials or len(clause.about) < 2 or not _SUPPOSING.isdisjoint(clause.about):
        return
    supposed = max((len(clause.about & one.about) for one in every if not _SUPPOSING.isdisjoint(one.about)), default=0)
    other = max((len(clause.about & one.about) for one in every if _SUPPOSING.isdisjoint(one.about)), default=0)
    if supposed >= WHOLE * len(clause.about) and supposed > max(other, 1):
        yield clause.roots[0][1]


def _is_doing(clause: Clause) -> int | None:
    """The verb right behind a name with which a clause begins: "OrchidDB supports ..."."""
    found = clause.found
    is_led = (
        len(found) > 2
        and found[0].text[:1].isupper()
        and clause.words[1].endswith("s")
        and len(clause.words[1]) > _LETTERS
    )
    return 1 if is_led and found[1].text.islower() and clause.words[2] not in LIGHT - {"a", "an", "the"} else None


# --- comparisons ----------------------------------------------------------------------------------


def _swapped(clause: Clause, value: Parsed, evidence: Sentences) -> Iterator[int]:
    """The two sides of a comparison that the evidence has the other way round: "denser at the inlet than at the outlet"."""
    right = _compared_with(clause, value)
    if right is None or clause.denials or right.denials:
        return
    for other, said in evidence.of:
        against = _compared_with(other, said)
        if against is None or other.denials or against.denials or _comparatives(other) != _comparatives(clause):
            continue
        mine, theirs = right.about - clause.about, against.about - other.about
        if mine & other.about and theirs & clause.about and not mine & theirs:
            places = (place for root, place in clause.roots if root in theirs)
            yield from list(places)[:1]


def _compared_with(clause: Clause, said: Parsed) -> Clause | None:
    """What stands behind the "than" that ends a clause."""
    if not clause.is_compared:
        return None
    at = said.clauses.index(clause) + 1
    return said.clauses[at] if at < len(said.clauses) and said.clauses[at].words[0] in ("than", "versus") else None


def _comparatives(clause: Clause) -> frozenset[str]:
    return frozenset(word for word in clause.words if word in _SMALL or (word.endswith("er") and len(word) > _LETTERS))


_LETTERS = 4


# --- word for word --------------------------------------------------------------------------------

BEFORE, BEHIND = 2, 3
"""Words before and behind a negation that must be the same before it counts as put in, or left out."""
ENOUGH = 4
_HELPING = frozenset(["do", "does", "did"])
"""Words that a negation brings along: "does not replace" denies "replaces"."""


def negated(value: Parsed, evidence: Sequence[Parsed]) -> Iterator[Turned]:
    """Where a value is its evidence word for word but for a negation."""
    mine, theirs = _Line.of(value), [_Line.of(said) for said in evidence]
    for denial in mine.denials:
        if any(denial.bare in line.text for line in theirs) and not any(denial.full in line.text for line in theirs):
            yield Turned(denial.place, denial.place + 1)
    for line in theirs:
        for denial in line.denials:
            is_left_out = denial.bare in mine.text and denial.full not in mine.text
            if is_left_out and not any(denial.bare in other.text for other in theirs):
                place = mine.places[mine.text[: mine.text.index(denial.bare)].count(" ")]
                yield Turned(place, place + 1)


class _Denial(NamedTuple):
    """A negation by its place, the words around it, and the same with it."""

    place: int
    bare: str
    full: str


class _Line(NamedTuple):
    """Stems of a text with a space around each, without what helps a negation; the place of each among the tokens."""

    text: str
    places: tuple[int, ...]
    denials: tuple[_Denial, ...]

    @classmethod
    def of(cls, said: Parsed) -> _Line:
        kept = [(at, fold(token.text)) for at, token in enumerate(said.found) if fold(token.text) not in _HELPING]
        places, words = tuple(at for at, _ in kept), [stem(word) if word.isalpha() else word for _, word in kept]
        return cls(f" {' '.join(words)} ", places, tuple(islice(cls._denials(said, words, places), MOST)))

    @staticmethod
    def _denials(said: Parsed, words: Sequence[str], places: Sequence[int]) -> Iterator[_Denial]:
        for at, word in enumerate(words):
            if word not in NEGATORS:
                continue
            before, behind = words[max(0, at - BEFORE) : at], words[at + 1 : at + 1 + BEHIND]
            told = said.found[places[at] + 1 : places[at + len(behind)] + 1]
            if any(True for _ in roots_of(told)) and len(before) + len(behind) >= ENOUGH:
                yield _Denial(
                    places[at], f" {' '.join((*before, *behind))} ", f" {' '.join((*before, word, *behind))} "
                )
