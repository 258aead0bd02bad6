"""Tokens go in, the figures among them come out, each with its unit: "24 layers", "24-layer" and "layers: 24" are one.

A unit is a word from a list that comes after the number or, where none
does, right before it; numbers of a series share theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from survey_extract.core.fields import FieldSpec
from survey_extract.core.words.lexicon import REFERENCES, SHARES, STAGES, STOPS, UNITS
from survey_extract.core.words.numerals import Figure, canonical, ends_chunk, is_glued, is_near, numerals, text_at
from survey_extract.core.words.tokens import Token, fold

_BETWEEN = frozenset(
    ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "/", ",", "~", "and", "or", "to", "vs"]
)
_SET = frozenset([":", "=", "of", "is", "are", "to", "was", "were", "(", "at", "\u2248", "~"])
_CURRENCIES = frozenset(["$", "\u20ac", "\u00a3"])
"""Units that stand before their number."""
REACH = 3
"""Words between a number and its unit: "24 frozen transformer layers"."""


def figures_in(found: Sequence[Token]) -> list[Figure]:
    """All figures in order, those in names ("ViT-L/14") too, each with its unit."""
    bare = [_as_share(found, figure) for figure in numerals(found)]
    for place in range(len(bare) - 1, -1, -1):
        figure = bare[place]
        unit, behind = _unit_behind(found, figure.behind)
        if unit is None and place + 1 < len(bare) and _is_series(found, figure, bare[place + 1]):
            unit = bare[place + 1].unit
        bare[place] = replace(
            figure, unit=figure.unit or unit, behind=max(figure.behind, behind), number_behind=figure.behind
        )
    return [_with_unit_before(found, bare, place) for place in range(len(bare))]


def _as_share(found: Sequence[Token], figure: Figure) -> Figure:
    """ "A fifth" where no word follows that it could rank: "fell by a fifth in 860 hours"."""
    if figure.is_word and figure.number in _ROUNDED_SHARES:
        return replace(figure, others=(*figure.others, *_ROUNDED_SHARES[figure.number]))
    parts = SHARES.get(fold(found[figure.first].text), 0) if figure.is_rank and figure.behind == figure.first + 1 else 0
    if parts < 3 or not figure.first or fold(found[figure.first - 1].text) not in ("a", "one"):
        return figure
    behind = found[figure.behind] if figure.behind < len(found) else None
    if behind is not None and behind.kind != "mark" and fold(behind.text) not in _BEHIND_SHARES:
        return figure
    share = canonical(f"{1 / parts:.6f}")
    percent = (canonical(str(100 // parts)),) if 100 % parts == 0 else _ROUNDED_SHARES.get(share, ())
    return replace(figure, first=figure.first - 1, sides=(share,), others=percent, is_word=True, is_rank=False)


_ROUNDED_SHARES = {
    canonical("0.333333"): (canonical("33"), canonical("33.3")),
    canonical("0.666667"): (canonical("67"), canonical("66.7")),
    canonical("0.166667"): (canonical("17"), canonical("16.7")),
}
"""Shares that have no end, each in percent as it is rounded."""
_BEHIND_SHARES = frozenset(
    "in after within over during when at from to less more fewer lower higher smaller larger since but with as on per than".split()
)


def _unit_behind(found: Sequence[Token], at: int) -> tuple[str | None, int]:
    """The unit of the number that ends before a token, and where it ends if it stands right there."""
    words, begin = 0, at
    while at < min(len(found), begin + 4 * REACH) and words <= REACH:
        token = found[at]
        if token.text in ("%", "\u2030", "$", "\u20ac", "\u00d7", "\u00b0"):
            return (UNITS.get(token.text), at + 1) if at == begin else (None, begin)
        if token.kind == "mark":
            if token.text not in ("-", "\u2010", "\u2011", "(", "+", "/") or (token.text in ("(", "/") and words):
                break
        elif token.kind == "word":
            unit, behind = unit_at(found, at)
            if unit and (_is_plural(found, at) or (at == begin + 1 and found[begin].kind == "mark")):
                return unit, behind if words == 0 and text_at(found, begin) != "(" else begin
            if fold(token.text) in STOPS:
                break
            words += not is_glued(found, at) or found[at - 1].kind == "mark"
        elif not is_glued(found, at) or found[at - 1].kind == "mark":
            break
        at += 1
    return None, begin


def unit_at(found: Sequence[Token], at: int) -> tuple[str | None, int]:
    """The unit that a word names, and where it ends: "A100" and "data sets" are two tokens."""
    word = fold(found[at].text)
    after = fold(text_at(found, at + 1))
    if is_near(found, at + 1) and (unit := UNITS.get(word + after if is_glued(found, at + 1) else f"{word} {after}")):
        return unit, at + 2
    if not ends_chunk(found, at):
        return None, at
    if len(word) == 1 and not (is_glued(found, at) and found[at - 1].kind == "number"):
        return None, at
    return UNITS.get(word), at + 1


def _is_plural(found: Sequence[Token], at: int) -> bool:
    """Whether a unit word counts: "27 images" does, "27 image sets" counts sets, "24-layer" is met before this is asked."""
    word = fold(found[at].text)
    glued = is_glued(found, at) and found[at - 1].kind in ("number", "word")
    one = at > 0 and found[at - 1].text in ("1", "one", "single", "per", "an", "a")
    return (
        glued
        or one
        or (not any(word + end in UNITS for end in ("s", "es")) and word not in ("query", "category", "body"))
    )


def names_stage(found: Sequence[Token], at: int) -> bool:
    """Whether the number at a place names a stage: "stage 2", "phase-1"."""
    hyphen = 1 if at and found[at - 1].text == "-" else 0
    return at > hyphen and fold(found[at - 1 - hyphen].text) in STAGES and is_near(found, at)


def _is_series(found: Sequence[Token], one: Figure, next_one: Figure) -> bool:
    """Whether the second number follows the first in a range or a list, which share their unit: "7 and 8 hours"."""
    between = found[one.behind : next_one.first]
    return len(between) <= 2 and all(fold(token.text) in _BETWEEN for token in between)


def _with_unit_before(found: Sequence[Token], figures: Sequence[Figure], place: int) -> Figure:
    """ "layers: 24", "number of epochs is 20": where no unit follows, the word before may be it."""
    figure = figures[place]
    if is_glued(found, figure.first) and (sign := found[figure.first - 1].text) in _CURRENCIES:
        return replace(figure, unit=UNITS[sign])
    if names_stage(found, figure.first) and not figure.is_word:
        return replace(figure, unit="stage", behind=figure.first + 1)
    if figure.unit or figure.is_rank or not figure.first:
        return figure
    at = figure.first - 1
    low = figures[place - 1].behind if place else 0
    for _ in range(2):
        if at >= low and fold(found[at].text) in _SET:
            at -= 1
    if at < low or found[at].kind != "word":
        return figure
    word = fold(found[at].text)
    unit = unit_at(found, at)[0] if word not in REFERENCES | STAGES and len(word) > 2 else None
    taken = place and figures[place - 1].unit == unit
    return replace(figure, unit=unit) if unit and not taken else figure


_SCALES = {"thousand": 3, "thousands": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9}


def field_scale(spec: FieldSpec) -> int:
    """The power of ten that the unit of a field begins with, 0 for none: of "58.9", in a field of million tonnes."""
    unit = (spec.unit or "").split(" ")[0] if spec.type == "number" else ""
    return _SCALES.get(unit.casefold(), 0)
