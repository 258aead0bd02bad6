"""A value and the sentences cited for it go in, the figures of the value that they say of something else come out.

A figure is in its evidence, and yet the value can turn it round: in another
measure, as a bound the other way, as a count where it is a year, or of the
thing that another figure of the same sentence is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from survey_extract.core.check.clauses import Clause, Parsed, Sentences, roots_of
from survey_extract.core.check.contraries import BOUNDS_BEHIND, NEGATORS, denies, sides_of
from survey_extract.core.check.measures import SERIES, WEEK, FigureBound, FigureMeasure, bound_of, measure_named
from survey_extract.core.check.slots import replaced
from survey_extract.core.words.languages import spoken
from survey_extract.core.words.numerals import FORTNIGHTS, Figure, Number
from survey_extract.core.words.tokens import Token, fold
from survey_extract.core.words.unit_table import Unit, common

_CUTS = frozenset([",", ";", "(", ")", ":", "and", "or", "but", "to", "whereas", "while", "than", "versus", "vs"])
_PARTS = frozenset([";", ".", "whereas", "while", "but"])
_BEFORE_YEARS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep"
    " oct nov dec in since during act spring summer autumn fall winter".split()
)
"""Words behind which four digits are a year."""
_BEFORE_NUMBERS = frozenset("until of by from between to and".split())
"""Words behind which they are a year or any other number: "a batch of 2048"."""
MOST = 100
"""Figures of a value that are compared with its evidence, at most."""
NEAR = 4
"""Figures of one kind before and behind one that a value may have taken it for."""


@dataclass(frozen=True)
class PrintedFigures:
    """The figures of a text with what is printed around each."""

    said: Parsed

    @property
    def found(self) -> tuple[Token, ...]:
        return self.said.found

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        return self.said.figures

    @property
    def measures(self) -> tuple[FigureMeasure, ...]:
        return self.said.measures

    @cached_property
    def is_bare(self) -> bool:
        """Whether these are numbers with nothing behind them."""
        return bool(self.figures) and max(self.figures[-1].behind, self.measures[-1].behind) == len(self.found)

    @cached_property
    def bounds(self) -> list[FigureBound]:
        return [
            bound_of(self.found, figure, measure) for figure, measure in zip(self.figures, self.measures, strict=True)
        ]

    def clause(self, place: int) -> Clause:
        return self.said.clause_at(self.figures[place].first)

    @cached_property
    def places(self) -> dict[Number, list[int]]:
        """Where each number stands among the figures."""
        found: dict[Number, list[int]] = {}
        for place, figure in enumerate(self.figures):
            for number in dict.fromkeys((*figure.sides, *figure.others)):
                found.setdefault(number, []).append(place)
        return found

    def is_fortnight(self, place: int) -> bool:
        """Whether a figure is a word for two weeks, and so of weeks alone."""
        return fold(self.found[self.figures[place].first].text) in FORTNIGHTS

    def is_year(self, place: int, *, surely: bool = False) -> bool:
        """Whether a figure is a year as a sentence tells it: "in 2014", "May 2013,"; ``surely``, whether it can be nothing else."""
        figure = self.figures[place]
        if not looks_like_year(self.found, figure):
            return False
        before = fold(self.found[figure.first - 1].text) if figure.first else ""
        is_led = before in _BEFORE_YEARS or (not surely and before in _BEFORE_NUMBERS)
        return is_led and not self.is_of_things(place)

    def is_of_things(self, place: int) -> bool:
        """Whether a word that means something stands right behind a figure."""
        behind = self.figures[place].first + 1
        token = self.found[behind] if behind < len(self.found) else None
        return token is not None and token.kind == "word" and bool(list(roots_of([token])))

    def way(self, place: int) -> tuple[Number, Number] | None:
        """Two figures one behind the other as the ends of a change: "from 19.1 to 19.7"."""
        if not 0 <= place < len(self.figures) - 1:
            return None
        one, two = self.figures[place], self.figures[place + 1]
        between = [fold(token.text) for token in self.found[self.measures[place].behind : two.first]]
        is_way = (
            one.first > 0
            and fold(self.found[one.first - 1].text) == "from"
            and between[:1] == ["to"]
            and len(between) == 1
        )
        return (one.number, two.number) if is_way else None

    # --- what a figure is bound to ----------------------------------------------------------------

    def kind(self, place: int) -> Unit | str:
        """What figures are of one kind: by measure, by unit, else those that have none, with a scale or without."""
        figure = self.figures[place]
        is_scaled = figure.behind > figure.first + 1 and not figure.is_word
        unit = self.measures[place].common or common().get(figure.unit or "")
        return unit or figure.unit or ("scaled" if is_scaled else "")

    def span(self, place: int, alike: Sequence[int]) -> tuple[int, int]:
        """The tokens around a figure that are nearer to it than to the figures of its kind: from behind a cut to the next."""
        at = alike.index(place)
        low = self._cut(self.figures[alike[at - 1]].behind, self.figures[place].first) if at else 0
        after = next((figure for figure in islice(self.figures, place + 1, None) if not figure.is_rank), None)
        high = self._cut(self.figures[place].behind, after.first) if after else len(self.found)
        return low, high

    def _cut(self, first: int, behind: int) -> int:
        for at in range(behind - 1, first - 1, -1):
            if fold(self.found[at].text) in _CUTS:
                return at
        return behind

    def alike(self, place: int) -> list[int]:
        kind = self.kind(place)
        return [
            other
            for other, figure in enumerate(self.figures)
            if self.kind(other) == kind
            and not figure.is_rank
            and not looks_like_year(self.found, figure)
            and not figure.others
        ]

    def companion(self, place: int) -> tuple[Unit | str, Number] | None:
        """The next figure, of another kind, in the same part of the sentence: its kind and number."""
        behind = place + 1
        if behind >= len(self.figures) or self.kind(behind) == self.kind(place) or self.figures[behind].is_rank:
            return None
        between = self.found[self.figures[place].behind : self.figures[behind].first]
        is_cut = any(fold(token.text) in _CUTS - {"to", "than"} for token in between)
        return None if is_cut else (self.kind(behind), self.figures[behind].number)

    def tail(self, place: int, alike: Sequence[int]) -> frozenset[str]:
        """What stands behind a figure, up to the end of its part."""
        _, high = self.span(place, alike)
        first = max(self.figures[place].behind, self.measures[place].behind)
        end = next(
            (
                at
                for at in range(first, high)
                if self.found[at].text in (".", ";", ",", "(", ")")
                or fold(self.found[at].text) in ("but", "whereas", "while")
            ),
            high,
        )
        return frozenset(root for root, _ in roots_of(self.found[first:end]))

    @cached_property
    def parts(self) -> list[list[int]]:
        """The figures of the text by what stands between semicolons, stops and "whereas"."""
        found: list[list[int]] = [[]]
        behind = 0
        for place, figure in enumerate(self.figures):
            if any(fold(token.text) in _PARTS for token in self.found[behind : figure.first]):
                found.append([])
            behind = figure.behind
            if not figure.is_rank:
                found[-1].append(place)
        return found

    def only(self, part: Sequence[int], kind: Unit | str) -> Number | None:
        """The one number of a kind in a part."""
        found = [self.figures[place].number for place in part if self.kind(place) == kind]
        return found[0] if len(found) == 1 else None

    def poles(self, place: int, alike: Sequence[int]) -> frozenset[tuple[int, int]]:
        """The sides of opposites that are said of a figure."""
        return frozenset(pole for root in self.tail(place, alike) | self.head(place, alike) for pole in sides_of(root))

    def head(self, place: int, alike: Sequence[int]) -> frozenset[str]:
        """What stands before a figure, from the beginning of its part."""
        low, _ = self.span(place, alike)
        first = self.figures[place].first
        begin = next(
            (at + 1 for at in range(first - 1, low - 1, -1) if self.found[at].text in (".", ";", ",", "(", ")")), low
        )
        return frozenset(root for root, _ in roots_of(self.found[begin:first]))


def looks_like_year(found: Sequence[Token], figure: Figure) -> bool:
    text = found[figure.first].text
    return (
        figure.behind == figure.first + 1
        and len(text) == 4
        and text.isdecimal()
        and text[:2] in ("17", "18", "19", "20")
    )


def turned(
    value: Parsed,
    evidence: Sequence[Parsed],
    every: Sentences,
    *,
    is_count: bool,
    unit: str = "",
    cells: Sequence[Parsed] = (),
    asked: frozenset[tuple[int, int]] = frozenset(),
) -> Iterator[tuple[int, int, str]]:
    """Places of the figures that the evidence says otherwise, from the first token to behind the last, and how it does.

    ``unit`` is what a bare number counts in: the unit of its field. ``cells`` are those of tables, whose units alone are compared.
    ``asked`` are the sides of pairs of opposites that a field of numbers asks for: "best", "female".
    """
    tabled = [PrintedFigures(said) for said in cells]
    stated, cited = PrintedFigures(value), [PrintedFigures(said) for said in evidence]
    own = measure_named(unit) if unit and stated.is_bare else None
    for place in range(min(MOST, len(stated.figures))):
        figure, measure, bound = stated.figures[place], stated.measures[place], stated.bounds[place]
        held = [
            (amounts, at)
            for amounts in cited
            for at in amounts.places.get(figure.number, ())
            if measure.common == WEEK or not amounts.is_fortnight(at)
        ][:MOST]
        held = [one for one in held if not one[0].figures[one[1]].is_rank] or held
        in_cells = [(amounts, at) for amounts in tabled for at in amounts.places.get(figure.number, ())]
        first, behind = figure.first, max(figure.behind, measure.behind)
        if own is not None and not measure.units and figure.unit is None:
            measure = measure._replace(units=own.units, symbol=own.symbol)
        if in_cells and not figure.is_rank and _is_other_measure(measure, [*held, *in_cells]):
            yield first, behind, OTHER_UNIT
            continue
        if figure.is_rank or not held:
            continue
        if not in_cells and not _is_translated(measure, held) and _is_other_measure(measure, held):
            yield first, behind, OTHER_UNIT
        elif why := _why(stated, place, held, cited, is_count=is_count):
            yield first, behind, why
        elif _is_other_bound(stated, place, held, every):
            yield min(first, bound.first), behind, "the sentence has it as a bound the other way"
        elif (
            _is_crossed(stated, place, held)
            or _is_contrary(asked, held)
            or _is_of_another(stated, place, held)
            or _is_in_others_place(stated, place, held, evidence)
        ):
            yield first, behind, "the sentence says this of something else"


def _why(
    stated: PrintedFigures, place: int, held: Held, cited: Sequence[PrintedFigures], *, is_count: bool
) -> str | None:
    """What its sentences have in place of a count, of a change and of what was done."""
    if _is_year_for_count(stated, place, held, is_count=is_count):
        return "it is a year there"
    if _is_way_back(stated, place, held):
        return "the sentence goes from the one to the other the other way"
    return "the sentence only plans it" if _is_planned(stated, place, held, cited) else None


OTHER_UNIT = "the sentence has another unit there"
Held = Sequence[tuple[PrintedFigures, int]]


def _is_other_measure(measure: FigureMeasure, held: Held) -> bool:
    """Whether each of these figures is printed with a unit, or a rate, and none with this one."""
    theirs = [amounts.measures[at] for amounts, at in held]
    if all(map(measure.differs, theirs)):
        return True
    rates = [one.rate for one in theirs]
    return measure.rate is not None and measure.rate not in rates and None not in rates


def _is_translated(measure: FigureMeasure, held: Held) -> bool:
    """Whether a unit is of several, and its sentence in a language whose words for it are not all known: "t par hectare"."""
    is_compound = any(len(unit.dimensions) > 1 for unit in measure.units) or measure.rate is not None
    return is_compound and any(language_of(amounts) != "en" for amounts, _ in held)


def language_of(amounts: PrintedFigures) -> str:
    """That of the document, or what the sentence itself tells besides English."""
    code = amounts.said.reading.language
    return spoken([fold(token.text) for token in amounts.found if token.kind == "word"]) if code == "en" else code


def _is_year_for_count(stated: PrintedFigures, place: int, held: Held, *, is_count: bool) -> bool:
    if not looks_like_year(stated.found, stated.figures[place]) or stated.is_year(place):
        return False
    counts = is_count or stated.is_of_things(place) or stated.measures[place].common is not None
    return counts and all(amounts.is_year(at, surely=True) for amounts, at in held)


def _is_other_bound(stated: PrintedFigures, place: int, held: Held, every: Sentences) -> bool:
    """Whether each of these figures has a sign, and none the one that it has here, where all else is said alike.

    What holds above a bound may be said of what lies below it, the other way: so nothing else may be denied, nor spoken of
    elsewhere in the evidence.
    """
    mine, clause = stated.bounds[place], stated.clause(place)
    theirs = [amounts.bounds[at] for amounts, at in held]
    others = [amounts.clause(at) for amounts, at in held]
    if any(amounts.said.has_exception for amounts, _ in held):
        return False
    subject = stated.said.with_subject(clause)
    known = [amounts.said.with_subject(other) for (amounts, _), other in zip(held, others, strict=True)]
    if any(doubts(clause) != doubts(other) for other in others) or any(every.about & (subject - own) for own in known):
        return False
    pairs = (
        (mine.limit, [bound.limit for bound in theirs]),
        (mine.difference, [bound.difference for bound in theirs]),
        (mine.time, [bound.time for bound in theirs]),
    )
    return any(sign and all(other == -sign for other in others) for sign, others in pairs)


def doubts(clause: Clause) -> int:
    """How much is denied in a clause, but for the words that bound a number: "no more than", "less"."""
    words = [word for word in clause.words if word not in BOUNDS_BEHIND]
    own = sum(one in NEGATORS and two in BOUNDS_BEHIND for one, two in pairwise(clause.words))
    return sum(denies(word) for word in words) - own


def _is_planned(stated: PrintedFigures, place: int, held: Held, cited: Sequence[PrintedFigures]) -> bool:
    """Whether a value tells a figure among those of what was done, and the evidence only of what is to be: "We plan to test at 65 \u00b0C"."""
    clause = stated.clause(place)
    if clause.is_planned or clause.is_open or not all(amounts.clause(at).is_planned for amounts, at in held):
        return False
    beside = [other for other in range(len(stated.figures)) if other != place and stated.clause(other) is clause]
    return any(
        not amounts.clause(at).is_planned
        for other in beside
        for amounts in cited
        for at in amounts.places.get(stated.figures[other].number, ())
    )


def _is_crossed(stated: PrintedFigures, place: int, held: Held) -> bool:
    """Whether a value joins a figure with one that goes with another of its kind: "94 % after 10,000" for "after 5,000, 94 %; after 10,000, 88 %"."""
    if len(held) != 1:
        return False
    amounts, at = held[0]
    mine = {figure.number for figure in stated.figures}
    parts = [part for part in amounts.parts if len(part) > 1]
    own = next((part for part in parts if at in part), [])
    for other in range(max(0, place - NEAR), min(len(stated.figures), place + NEAR + 1)):
        number, kind = stated.figures[other].number, stated.kind(other)
        there = [
            part for part in parts if part is not own and any(amounts.figures[one].number == number for one in part)
        ]
        if other == place or stated.clause(other) is not stated.clause(place) or len(there) != 1 or not own:
            continue
        beside, instead = amounts.only(own, kind), amounts.only(there[0], amounts.kind(at))
        if beside is not None and instead is not None and not mine & {beside, instead}:
            return True
    return False


def _is_contrary(asked: frozenset[tuple[int, int]], held: Held) -> bool:
    """Whether a field asks for one side of a pair, and this figure is told of the other, as another one of its kind is not."""
    if not asked or len(held) != 1:
        return False
    amounts, at = held[0]
    alike = amounts.alike(at)
    if at not in alike:
        return False
    here = alike.index(at)
    alike = alike[max(0, here - NEAR) : here + NEAR + 1]
    contrary = {(axis, 1 - side) for axis, side in asked}
    mine = amounts.poles(at, alike)
    return (
        bool(mine & contrary)
        and not mine & asked
        and any(amounts.poles(one, alike) & asked for one in alike if one != at)
    )


def _is_way_back(stated: PrintedFigures, place: int, held: Held) -> bool:
    """Whether a value goes from here to the next figure, and the evidence from that one to this."""
    way = stated.way(place)
    return way is not None and all(amounts.way(at - 1) == way[::-1] for amounts, at in held)


def _is_of_another(stated: PrintedFigures, place: int, held: Held) -> bool:
    """Whether the value attaches to this figure what the evidence says, in the same words, of another one."""
    if len(held) != 1:
        return False
    amounts, at = held[0]
    alike = amounts.alike(at)
    if at not in alike or len(alike) < 2 or _is_in_series(stated, place):
        return False
    own = stated.alike(place)
    low, high = stated.span(place, own) if place in own else (0, len(stated.found))
    words = frozenset(root for root, _ in roots_of(stated.found[low:high]))
    here = alike.index(at)
    others = [other for other in alike[max(0, here - NEAR) : here + NEAR + 1] if other != at]
    is_alone = not any(word in _AGAINST for word in stated.clause(place).words)
    return any(
        _is_taken(words, amounts.tail(at, alike), amounts.tail(other, alike))
        or (
            not words & (amounts.tail(at, alike) - amounts.tail(other, alike))
            and _is_taken(words, amounts.head(at, alike), amounts.head(other, alike))
        )
        or (is_alone and _is_wholly_taken(words, amounts.head(at, alike), amounts.head(other, alike)))
        or _is_with_another(stated, place, amounts, at, other)
        for other in others
    )


_AGAINST = frozenset(
    "than versus vs unlike against relative compared comparison over while whereas and or but from".split()
)
"""Words by which a value names what it only compares with."""


def _is_wholly_taken(words: frozenset[str], mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether all that tells another figure's subject from this one's is said, and nothing of this one's."""
    shared, only_theirs = mine & theirs, theirs - mine
    return len(shared & words) > 1 and only_theirs <= words and _is_taken(words, mine, theirs)


def _is_with_another(stated: PrintedFigures, place: int, amounts: PrintedFigures, at: int, other: int) -> bool:
    """Whether a figure goes with the number that goes with another one: "91 % after 1,000", for "91 % after 1,500, 78 % after 1,000"."""
    mine, theirs = amounts.companion(at), amounts.companion(other)
    if mine is None or theirs is None or mine == theirs or stated.companion(place) != theirs:
        return False
    return all(figure.number != mine[1] for figure in stated.figures)


def _is_taken(words: frozenset[str], mine: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether the words are those around another figure, and not those around this one."""
    only_mine, only_theirs = mine - theirs, theirs - mine
    return bool(only_mine and only_theirs) and not words & only_mine and 2 * len(words & only_theirs) > len(only_theirs)


def _is_in_others_place(stated: PrintedFigures, place: int, held: Held, evidence: Sequence[Parsed]) -> bool:
    """Whether the value has another thing where its evidence says of which one this figure is, and tells the two apart."""
    if len(held) != 1 or _is_in_series(stated, place):
        return False
    amounts, at = held[0]
    clause = stated.clause(place)
    is_alone = not any(word in _AGAINST for word in clause.words)
    return is_alone and any(
        there not in stated.said.about for _, there in replaced(clause, amounts.clause(at), evidence)
    )


def _is_in_series(stated: PrintedFigures, place: int) -> bool:
    """Whether a number of its kind stands right beside it: what follows may then be said of each in turn."""
    near = [stated.figures[at] for at in (place - 1, place, place + 1) if 0 <= at < len(stated.figures)]
    between = [stated.found[one.behind : two.first] for one, two in pairwise(near)]
    return any(len(tokens) <= 1 and all(fold(token.text) in SERIES for token in tokens) for tokens in between)
