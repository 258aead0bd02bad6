"""A value and the sentences cited for it go in; the minus signs and powers of units that they print differently come out.

A minus is said in many words ("a drop of 3 dB", "4 degrees below zero"), so a
sign is looked at only where no such word stands in the clause.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from survey_extract.core.check.clauses import Parsed
from survey_extract.core.check.passage import hangs_on_word, is_negative
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.words.numerals import Figure, Number
from survey_extract.core.words.tokens import Token, fold

_DOWN = frozenset(
    map(
        stem,
        "below minus negative negatively under less lower lowered drop dropped fall fell fallen reduce reduction decrease decline"
        " loss lose lost lag worse worsen cool cooler cooling colder cold sink sank attenuation deficit difference differ change"
        " gap shrink shrank short degrade degradation penalty cut absolute magnitude amplitude between within plus offset shift deviation margin"
        " error uncertainty".split(),
    )
)
"""Words that say what a minus says, or that a number has no sign."""
MOST = 20
"""Figures of a value, and of its evidence for each, whose signs are compared."""
_FULL = (None,) * MOST
LONGEST_SYMBOL = 3
"""Letters of a unit that has a power: "m", "cm", "mol"."""


def turned(value: Parsed, evidence: Sequence[Parsed]) -> Iterator[tuple[int, int]]:
    """Tokens of the value, from the first to behind the last."""
    yield from _other_signs(value, evidence)
    yield from _other_powers(value, evidence)


def _other_signs(value: Parsed, evidence: Sequence[Parsed]) -> Iterator[tuple[int, int]]:
    if not any(map(_has_minus, (value, *evidence))) or _goes_on(value):
        return
    figures = [figure for figure in value.figures[:MOST] if not figure.is_word]
    known: dict[Number, list[tuple[str, bool | None]]] = {figure.number: [] for figure in figures}
    for said in evidence:
        for figure in said.figures:
            if len(known.get(figure.number, _FULL)) < MOST:
                sign = None if _words(said, figure) & _DOWN else _is_negative(said.found, figure)
                known[figure.number].append((_behind(said, figure), sign))
    for figure in figures:
        mine, behind = _is_negative(value.found, figure), _behind(value, figure)
        same = [one for one in known[figure.number] if one[0] == behind] or known[figure.number]
        if {sign for _, sign in same} == {not mine} and not _words(value, figure) & _DOWN:
            yield figure.first - mine, figure.behind


def _behind(said: Parsed, figure: Figure) -> str:
    """What a number is of, by the word right behind it."""
    at = figure.first + 1
    return fold(said.found[at].text) if at < len(said.found) else ""


def _has_minus(said: Parsed) -> bool:
    return any(_is_negative(said.found, figure) for figure in said.figures)


def _is_negative(found: Sequence[Token], figure: Figure) -> bool:
    """A minus that is none of a range, of a spread or of a list: no number, unit or sign stands right before it."""
    before = found[figure.first - 2] if figure.first > 1 else None
    is_of_two = before is not None and (before.kind in ("number", "raised") or before.text in "%)]°/±×=~<>∼≈")
    return is_negative(found, figure) and not is_of_two


def _goes_on(said: Parsed) -> bool:
    """Whether hyphens tie numbers to names here, so that one may stand for the name: "Kinetics-400, -600"."""
    return any(hangs_on_word(said.found, figure) for figure in said.figures)


def _words(said: Parsed, figure: Figure) -> frozenset[str]:
    return frozenset(stem(word) for word in said.clause_at(figure.first).words)


def _other_powers(value: Parsed, evidence: Sequence[Parsed]) -> Iterator[tuple[int, int]]:
    known: dict[str, set[str]] = {}
    for said in evidence:
        for symbol, power, _ in _powers(said.found):
            known.setdefault(symbol, set()).add(power)
    for symbol, power, at in _powers(value.found):
        if power not in known.get(symbol, {power}):
            yield at, at + 2


def _powers(found: Sequence[Token]) -> Iterable[tuple[str, str, int]]:
    """Each unit with what is raised behind it: "m" and "⁻³"."""
    for at in range(len(found) - 1):
        one, two = found[at], found[at + 1]
        is_unit = one.kind == "word" and len(one.text) <= LONGEST_SYMBOL and two.start == one.end
        if is_unit and two.kind == "raised":
            yield one.text, two.text, at
