"""Two clauses go in, the words that one has in the place of another's come out: "3% of the surgery group", "of the control group".

Whoever puts a word in another's place may mean the same by it. So it counts only
where the evidence tells the two apart: in a sentence that has both, not side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey_extract.core.check.clauses import Clause, Said
from survey_extract.core.ranking.stemming import stem

LONGEST = 200
"""Tokens of a clause that is looked at."""
_SAME = frozenset(["(", ")", "or", "/", "=", ",", "and", "-", "aka", "called"])
"""What stands between two names of one thing."""


def replaced(clause: Clause, other: Clause, evidence: Sequence[Said]) -> Iterator[tuple[str, str]]:
    """The stem of each word of a clause in the place of another, and the stem of that one."""
    if len(clause.found) > LONGEST or len(other.found) > LONGEST:
        return
    known = {_around(other, at): root for root, at in other.roots if root not in clause.about}
    for root, at in clause.roots:
        there = known.get(_around(clause, at)) if root not in other.about else None
        is_word = there is not None and root.isalpha() and there.isalpha()
        if there is not None and is_word and any(_tells_apart(said, root, there) for said in evidence):
            yield root, there


def _around(clause: Clause, at: int) -> tuple[str, str]:
    """The words on either side: of another kind where a clause ends."""
    words = clause.words
    return (stem(words[at - 1]) if at else "", stem(words[at + 1]) if at + 1 < len(words) else "")


def _tells_apart(said: Said, one: str, two: str) -> bool:
    places = {root: at for root, at in _roots(said) if root in (one, two)}
    if len(places) < 2:
        return False
    low, high = sorted(places.values())
    between = [token.text for token in said.found[low + 1 : high]]
    return not set(between) <= _SAME


def _roots(said: Said) -> Iterator[tuple[str, int]]:
    begin = 0
    at = {token.start: place for place, token in enumerate(said.found)}
    for clause in said.clauses:
        begin = at[clause.found[0].start]
        yield from ((root, begin + place) for root, place in clause.roots)
