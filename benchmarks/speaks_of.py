"""The gold's facts and sentences go in; how well half of a clause's weight tells "spoken of" from "not spoken of" comes out.

    python benchmarks/speaks_of.py ../shared

``evaluate`` calls a clause spoken of when two statements of the other side
hold together a share of what its words weigh (``SPOKEN_OF`` in
``core/evaluation/claims.py``). Here each necessary fact that a reader noted is
held against the sentences noted for the same field: those of its own paper,
which speak of it, and those of each other paper, which as a rule do not. The
share was chosen on six papers; two were kept apart (HELD_OUT).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from judged import HELD_OUT, chosen, gold_cells

from survey_extract.core.evaluation import claims
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evaluation.wilson import Share

SHARES = (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7)


@dataclass(frozen=True)
class Side:
    """What one paper has for one field."""

    paper: str
    field: str
    facts: tuple[str, ...]
    sentences: tuple[str, ...]
    claims: Claims


def sides(shared: Path) -> Iterator[Side]:
    """The prose cells; facts that only a table or figure shows are left out, as no sentence can speak of them."""
    facts = {(c.paper, c.field): tuple(fact.fact for fact in c.must if not fact.only_in) for c in gold_cells(shared)}
    read: dict[str, Claims] = {}
    for one in chosen(shared):
        if one.spec.type == "text" and one.is_reported:
            quotes = tuple(one.text.quote(one.text.sentences[number - 1]) for number in sorted(one.right | one.partly))
            made = read.setdefault(one.paper, Claims(one.text))
            yield Side(one.paper, one.spec.name, facts[one.paper, one.spec.name], quotes, made)


def spoken(facts: Sequence[tuple[Side, Side]], share: float) -> Share:
    """How many clauses of the first side's facts the sentences of the second are said to speak of."""
    claims.SPOKEN_OF = share
    held = [one.claims.held(one.facts, other.sentences) for one, other in facts]
    of = sum(found.clauses for found in held)
    return Share(of - sum(len(found.lacks_clauses) for found in held), of)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", default="../shared", type=Path)
    every = list(sides(parser.parse_args().shared))
    for label, part in (("six papers", lambda paper: paper not in HELD_OUT), ("two held out", HELD_OUT.__contains__)):
        one = [side for side in every if part(side.paper)]
        own = [(side, side) for side in one]
        others = [
            (side, other) for side in one for other in every if other.field == side.field and other.paper != side.paper
        ]
        for share in SHARES:
            right, wrong = spoken(own, share), spoken(others, share)
            print(f"{label:14} {share:4} own paper {_told(right):24} another's {_told(wrong)}")


def _told(share: Share) -> str:
    low, high = share.interval
    return f"{share.hits:.0f}/{share.of:.0f} {100 * (share.value or 0):.0f} % ({100 * low:.0f}-{100 * high:.0f})"


if __name__ == "__main__":
    main()
