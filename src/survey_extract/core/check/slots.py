"""Two clauses go in; the words that stand in each other's place come out: "3% of the surgery group", "of the control group".

Whoever puts a word in another's place may mean the same by it. So it counts only
where the evidence tells the two apart: in a sentence that has both, not side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from survey_extract.core.check.clauses import Clause, Parsed
from survey_extract.core.ranking.stemming import stem

LONGEST = 200
"""Tokens of a clause that is looked at."""
MOST = 5
"""Sentences with both words that are looked at."""
_SAME = frozenset(["(", ")", "or", "/", "=", ",", "and", "-", "aka", "called"])
"""What stands between two names of one thing."""


def replaced(clause: Clause, other: Clause, evidence: Sequence[Parsed]) -> Iterator[tuple[str, str]]:
    """The stem of each word of a clause in the place of another, and the stem of that one."""
    if len(clause.found) > LONGEST or len(other.found) > LONGEST:
        return
    known = {_around(other, at): root for root, at in other.roots if root not in clause.about}
    for root, at in clause.roots:
        around = _around(clause, at)
        there = known.get(around) if root not in other.about and all(around) else None
        if there is not None and root.isalpha() and there.isalpha():
            both = (said for said in evidence if {root, there} <= said.about)
            if any(_tells_apart(said, root, there) for said in islice(both, MOST)):
                yield root, there


def _around(clause: Clause, at: int) -> tuple[str, str]:
    """The words on either side, empty where a clause ends."""
    words = clause.words
    return (stem(words[at - 1]) if at else "", stem(words[at + 1]) if at + 1 < len(words) else "")


def _tells_apart(said: Parsed, one: str, two: str) -> bool:
    """Whether more stands between two words of a sentence than joins the names of one thing."""
    at = {token.start: place for place, token in enumerate(said.found)}
    places = {
        root: at[clause.found[place].start]
        for clause in said.clauses
        if not clause.about.isdisjoint((one, two))
        for root, place in clause.roots
        if root in (one, two)
    }
    low, high = sorted(places.values())
    return not {token.text for token in said.found[low + 1 : high]} <= _SAME
