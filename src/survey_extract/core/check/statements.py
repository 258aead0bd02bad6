"""A value and the words of the sentences cited for it go in; the words of the value that they contradict come out.

What is in a table's row is left out: a row has no statement that could be turned round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from survey_extract.core.check import actors, figures, otherwise, polarity, provisions, signs
from survey_extract.core.check.bearers import Matter, another
from survey_extract.core.check.choices import is_refused
from survey_extract.core.check.clauses import Parsed, Sentences
from survey_extract.core.check.contraries import sides_of
from survey_extract.core.check.counts import overlong, ranked_otherwise
from survey_extract.core.check.figures import PrintedFigures, looks_like_year
from survey_extract.core.check.quantities import field_scale
from survey_extract.core.check.spelling import misspelt
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Value
from survey_extract.core.words.languages import Readings
from survey_extract.core.words.tokens import Token, fold

_OF_TIME = re.compile(r"\b(?:year|date|when|since|publish|found|beg[iau]n|start|end(?:s|ed)?\b|until)", re.IGNORECASE)
"""Headings of fields whose answer may be a year."""
_OF_LACK = re.compile(r"\b(?:limit|weak|fail|problem|risk|missing|exclu|without|not\b|harm)", re.IGNORECASE)
"""Headings of fields whose answer names what is not so."""


class CitedWords(NamedTuple):
    """The words of the sentences cited, the same made ready, and what tells whether the whole document has a word."""

    words: tuple[str, ...]
    said: tuple[Parsed, ...]
    is_known: Callable[[str], bool]
    readings: Readings
    own: frozenset[str] = frozenset()
    """The names of the source itself, folded."""
    cells: tuple[Parsed, ...] = ()
    """The cells of tables that the value may be about, each with its unit behind it."""

    def misspelt(self, stated: Parsed) -> Iterator[int]:
        """Words that differ by a slip; those of two languages differ so all the time."""
        if not self.readings.is_english:
            return iter(())
        return misspelt(stated.found, [said.found for said in self.said], self.is_known)


class Otherwise(NamedTuple):
    """Words as they stand in the value, of a list its items; and what the evidence says instead, where that is known."""

    words: str
    why: str | None = None


def said_otherwise(spec: FieldSpec, value: Value, cited: CitedWords) -> Iterator[Otherwise]:
    """What the evidence contradicts."""
    if not (cited.words or cited.cells) or spec.type not in ("text", "number", "names"):
        return
    if not isinstance(value, str):
        for item in value or ():
            if any(True for _ in cited.misspelt(Parsed.of(item))) or is_refused(spec, item, cited.words):
                yield Otherwise(item)
        return
    stated = Parsed.of(value, cited.readings.of_value(value, is_number=spec.type == "number"))
    done = actors.turned(stated, cited.said) if spec.type == "text" else ()
    for first, behind, why in (*_of_others(spec, stated, cited), *done, *_turned(spec, stated, cited)):
        yield Otherwise(value[stated.found[first].start : stated.found[behind - 1].end], why)
    if spec.type == "text" and not _OF_LACK.search(spec.heading):
        yield from (
            Otherwise(value[one.start : one.end], one.why) for one in polarity.turned(value, spec.heading, cited.words)
        )
    yield from (
        Otherwise(value[start:end], "the sentence names another place of the law")
        for start, end in provisions.others(value, " ".join(cited.words))
    )
    yield from (
        Otherwise(value[start:end], "the list behind it has more") for start, end in overlong(value, cited.words)
    )


def _turned(spec: FieldSpec, stated: Parsed, cited: CitedWords) -> Iterator[tuple[int, int, str]]:
    """The same as places of tokens, each with what the evidence says instead."""
    is_count = spec.type == "number" and not _OF_TIME.search(spec.heading)
    every = Sentences(cited.said)
    unit = (spec.unit or "") if spec.type == "number" else ""
    asked = _sides_asked(spec) if spec.type == "number" else frozenset[tuple[int, int]]()
    yield from figures.turned(stated, cited.said, every, is_count=is_count, unit=unit, cells=cited.cells, asked=asked)
    yield from _with(ranked_otherwise(stated, cited.said), "the sentence has another one of the row there")
    yield from _with(signs.turned(stated, cited.said), "the sentence has another sign or power there")
    if spec.type == "text":
        yield from _with(((at, at + 1) for at in cited.misspelt(stated)), "the sentence has it with another letter")
        yield from _with(otherwise.negated(stated, cited.said), "a negation is put in or left out")
        if not _OF_LACK.search(spec.heading):
            yield from _with(otherwise.turned(stated, every), "the sentence says the contrary, or leaves it open")


def _with(places: Iterable[tuple[int, int]], why: str) -> Iterator[tuple[int, int, str]]:
    return ((first, behind, why) for first, behind in places)


def _of_others(spec: FieldSpec, stated: Parsed, cited: CitedWords) -> Iterator[tuple[int, int, str]]:
    """Figures that the evidence says of another than the field asks about, or than the value says: of whom, and of whom else."""
    every = [PrintedFigures(said) for said in cited.said]
    ask = frozenset(fold(token.text) for token in Parsed.of(spec.ask).found)
    for figure, measure in islice(zip(stated.figures, stated.measures, strict=True), MOST_FIGURES):
        if figure.is_rank or len(figure.sides) > 1:
            continue
        if spec.type == "number":
            more = ask | frozenset(fold(token.text) for token in stated.found)
            asked = Matter(Parsed.of(spec.heading).found, cited.own, more)
        else:
            clause = stated.clause_at(figure.first)
            if len(clause.found) >= VERBATIM and any(_has_run(said, clause.found) for said in cited.said):
                continue  # said word for word, it is said of the same
            if sum(
                one.number != figure.number
                for one in stated.figures
                if stated.clause_at(one.first) is clause and not looks_like_year(stated.found, one)
            ):
                continue
            asked = Matter(
                clause.found, cited.own, frozenset(fold(token.text) for token in stated.found), is_field=False
            )
        scale = field_scale(spec) if not figure.unit else 0
        numbers = dict.fromkeys(
            (*figure.sides, *figure.others, *((digits, power + scale) for digits, power in figure.sides))
        )
        told = [found for number in numbers if (found := another(number, asked, every))]
        if len(told) == 1:
            yield figure.first, max(figure.behind, measure.behind), told[0].words


def _has_run(said: Parsed, found: Sequence[Token]) -> bool:
    """Whether these tokens stand in a sentence one behind the other."""
    return f" {' '.join(token.text for token in found)} " in f" {' '.join(token.text for token in said.found)} "


VERBATIM = 5
"""Tokens from which on words one behind the other are a statement."""
MOST_FIGURES = 40
"""Figures of a value of which it is asked whom they are said of."""


def _sides_asked(spec: FieldSpec) -> frozenset[tuple[int, int]]:
    """The sides of pairs of opposites that a field asks for, but for pairs of which it names both."""
    found = {pole for root in Parsed.of(f"{spec.heading}. {spec.ask}").about for pole in sides_of(root)}
    return frozenset((axis, side) for axis, side in found if (axis, 1 - side) not in found)
