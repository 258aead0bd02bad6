"""A value and the sentences cited for it go in; who did what to whom the other way round comes out: "A outperforms B" for "B outperforms A".

Two clauses with the same verb, where the names on its two sides are exchanged. A
passive ("is outperformed by") exchanges them once more. Where one sentence says
each of the other, as of two settings, that which shares more words with the value
counts, and where neither shares more, none does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from survey_extract.core.check.clauses import Clause, Parsed
from survey_extract.core.check.contraries import LIGHT
from survey_extract.core.ranking.stemming import stem

MOST = 60
"""Clauses of a value, and of its evidence, that are compared."""
LONGEST = 60
"""Tokens of a clause that is looked at."""
_VERBS = frozenset(
    map(
        stem,
        "outperform beat surpass exceed outnumber outrank outpace outlast outlive overtake dominate defeat precede follow replace succeed"
        " contain include cause extend support supersede inherit generate train supervise acquire sue infect invade eat attack lead trail"
        " influence predict control drive inhibit activate regulate induce promote suppress block bind".split(),
    )
)
"""Verbs of which it matters who is before and who is behind."""
_BE = frozenset("is are was were been being be".split())
WHY = "the sentence has it the other way round"


class _Deed(NamedTuple):
    """A verb with what is named on either side of it, as stems."""

    verb: str
    does: frozenset[str]
    is_done_to: frozenset[str]
    rest: frozenset[str]
    place: int


def turned(value: Parsed, evidence: Sequence[Parsed]) -> Iterator[tuple[int, int, str]]:
    """Tokens of the value, from the first to behind the last, and what is said instead."""
    mine = [deed for clause in value.clauses[:MOST] for deed in _deeds(clause, value)]
    if not mine:
        return
    said = [deed for one in evidence for clause in islice(one.clauses, MOST) for deed in _deeds(clause, one)]
    for deed in mine:
        same = [one for one in said if one.verb == deed.verb]
        straight = [
            len(one.rest & deed.rest) for one in said if deed.does & one.does and deed.is_done_to & one.is_done_to
        ]
        turned_round = [len(one.rest & deed.rest) for one in same if _is_exchanged(deed, one)]
        if turned_round and max(turned_round) > max(straight, default=-1):
            yield deed.place, deed.place + 1, WHY


def _is_exchanged(mine: _Deed, other: _Deed) -> bool:
    """Whether each side has what the other one has on its other side, and nothing of its own."""
    if mine.does & other.does or mine.is_done_to & other.is_done_to:
        return False
    return bool(mine.does & other.is_done_to) and bool(mine.is_done_to & other.does)


def _deeds(clause: Clause, said: Parsed) -> Iterator[_Deed]:
    if clause.denials or clause.is_open or len(clause.found) > LONGEST:
        return
    starts = {token.start: at for at, token in enumerate(said.found)}
    for at, word in enumerate(clause.words):
        if stem(word) not in _VERBS or not 0 < at < len(clause.words) - 1:
            continue
        is_passive = bool(_BE & set(clause.words[max(0, at - 2) : at])) and clause.words[at + 1] == "by"
        if word.endswith("ing") or (clause.words[at + 1] in _NO_OBJECT and not is_passive):
            continue
        before, behind = _subject(clause, at), _object(clause, at)
        rest = clause.about - before - behind - {stem(word)}
        sides = (behind, before) if is_passive else (before, behind)
        if before and behind:
            yield _Deed(stem(word), *sides, rest, starts[clause.found[at].start])


_NO_OBJECT = frozenset("to from in on at with for of and or as than that when where which".split())


def _subject(clause: Clause, verb: int) -> frozenset[str]:
    """What is named before a verb, without what a preposition leads there."""
    roots: set[str] = set()
    for root, at in clause.roots:
        if at < verb and not any(clause.words[place] in _LEADS for place in range(at)):
            roots.add(root)
    return frozenset(roots)


def _object(clause: Clause, verb: int) -> frozenset[str]:
    """What is named behind a verb, up to the next preposition."""
    roots: set[str] = set()
    for root, at in clause.roots:
        between = clause.words[verb + 1 : at]
        if at > verb and not any(word in _LEADS and (word != "by" or place) for place, word in enumerate(between)):
            roots.add(root)
    return frozenset(roots)


_LEADS = (LIGHT & frozenset("on in at to of for with by from".split())) | frozenset(
    "after before during among within over under into while when despite".split()
)
