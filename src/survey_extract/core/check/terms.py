"""A value goes in, its terms come out: the figures and names that its evidence has to contain.

What a value says about the matter counts: not the numbers of its own points, of
tables or of cited works, and not words that the document writes like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from survey_extract.core.check.contraries import sides_of
from survey_extract.core.check.measures import NAMES_OF_UNITS, SERIES, FigureMeasure, measures
from survey_extract.core.check.provisions import WORDS as PROVISIONS
from survey_extract.core.check.quantities import figures_in, names_stage
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.words.languages import PLAIN, Reading
from survey_extract.core.words.lexicon import ADJUNCTS, REFERENCES
from survey_extract.core.words.numerals import Figure, Number, canonical, parse
from survey_extract.core.words.proper_names import Name, names_in, parts_of
from survey_extract.core.words.tokens import Token, chunks, fold
from survey_extract.core.words.unit_table import Dimensions
from survey_extract.core.words.units import in_base
from survey_extract.core.words.usage import Usage


@dataclass(frozen=True, slots=True)
class Sought:
    """A term of a value: its words there, and the name, figure or list item that it is."""

    text: str
    name: Name | None = None
    figure: Figure | None = None
    is_version: bool = False
    item: tuple[Sought, ...] = ()
    """The names and figures in an item of a list, any of which may stand apart in the evidence."""
    is_about: bool = False
    """Whether it is a figure that the value itself calls rounded."""
    bases: frozenset[tuple[Dimensions, Fraction]] = frozenset()
    """A figure in the bases of what its unit measures, where it has one."""
    in_field: frozenset[tuple[Dimensions, Fraction]] = frozenset()
    """The same of a bare number, in the unit of its field: 0.318 is 318 m where the field counts in km."""
    powers: range | None = None
    """Of a vague amount the powers of ten that it may have: "thousands" is of three to five."""
    is_translated: bool = False
    """Whether it is a name of plain words in a value whose source is in another language, which may have other words for it."""


def terms_of_text(stated: str, usage: Usage, reading: Reading = PLAIN) -> tuple[Sought, ...]:
    """The names and figures of a text, each once: names first, as they stand."""
    found = reading.tokens(stated)
    claims = _Claims(found)
    every = figures_in(found)
    figures = [pair for pair in zip(every, measures(found, every), strict=True) if claims.holds(pair[0])]
    taken = frozenset(at for figure, measure in figures for at in range(figure.first, _end(figure, measure)))
    named = (name for name in names_in(found, usage, taken) if not _is_no_name(found, name))
    names = [Sought(_cut(stated, found, n.first, n.behind), name=n) for n in named]
    names += [Sought(t.text, name=Name(at, at + 1, (t.text,))) for at, t in enumerate(found) if _is_release(found, at)]
    versions = [name for name in names if name.name and version_of(name.name)]
    plain = [name for name in names if name not in versions]
    sought = (
        *plain,
        *(Sought(name.text, name=name.name, is_version=True) for name in versions),
        *(_figure(stated, found, figure, measure) for figure, measure in figures),
        *(_vague(stated, found) if reading.is_english else ()),
    )
    return tuple({term.text: term for term in reversed(sought)}.values())[::-1]


def _vague(stated: str, found: Sequence[Token]) -> Iterator[Sought]:
    """ "Dozens of", "hundreds of thousands"."""
    at = 0
    while at < len(found):
        first, low, high = at, 0, 0
        while at < len(found) and (power := VAGUE.get(fold(found[at].text))) is not None:
            low, high = (low + power[0], high + power[1])
            at += 2 if fold(found[at + 1].text if at + 1 < len(found) else "") == "of" else 1
        if at > first:
            behind = at - (fold(found[at - 1].text) == "of")
            if fold(found[first - 1].text if first else "") not in _NO_VAGUE:
                yield Sought(_cut(stated, found, first, behind), powers=range(low, high + 1))
        at = max(at, first + 1)


VAGUE = {
    "tens": (1, 1), "dozens": (1, 2), "hundreds": (2, 3), "thousands": (3, 5), "millions": (6, 8), "billions": (9, 11),
    "trillions": (12, 14),
}  # fmt: skip
"""Words for so many that they are not counted, each with the powers of ten between which it lies."""
_NO_VAGUE = frozenset(["in", "the", "units"])
"""Words before them that make them the unit of something else: "in thousands"."""


def _figure(stated: str, found: Sequence[Token], figure: Figure, measure: FigureMeasure) -> Sought:
    """A figure with the whole of its unit, as the value prints it."""
    before = fold(found[figure.first - 1].text) if figure.first else ""
    bases = frozenset(base for unit in measure.units if (base := in_base(figure.number, unit)))
    text = _cut(stated, found, figure.first, _end(figure, measure))
    return Sought(text, figure=_with_scale(found, figure), is_about=before in _ROUNDED, bases=bases)


def _with_scale(found: Sequence[Token], figure: Figure) -> Figure:
    """The first number of a series with the scale of the last as another reading: the 12.7 of "from 12.7 to 9.4 million"."""
    at = figure.first + 1
    if figure.behind != at or figure.is_word or at + 2 >= len(found) or fold(found[at].text) not in SERIES:
        return figure
    last = next((one for one in figures_in(found[at + 1 : at + 3]) if one.first == 0 and one.behind > 1), None)
    plain = parse(found[at + 1].text) if last is not None else ()
    scale = last.number[1] - plain[0][1] if last is not None and len(plain) == 1 else 0
    digits, power = figure.number
    return replace(figure, others=((digits, power + scale),)) if scale > 0 and not figure.others else figure


def _end(figure: Figure, measure: FigureMeasure) -> int:
    return max(figure.behind, measure.behind)


_ROUNDED = frozenset("about around approximately roughly circa nearly almost some ~ \u2248 \u223c".split())


def _is_no_name(found: Sequence[Token], name: Name) -> bool:
    """What numbers are followed or led by, and names nothing: "4 degrees Celsius", "Swiss francs", "2nd", "Art. 9", "Minimum"."""
    words = [fold(token.text) for token in found[name.first : name.behind] if token.kind != "mark"]
    before = fold(found[name.first - 1].text) if name.first else ""
    after = [fold(token.text) for token in found[name.behind : name.behind + 2]]
    if len(words) == 2 and words[0].isdecimal() and words[1] in ("st", "nd", "rd", "th"):
        return True
    if len(words) != 1:
        return False
    if sides_of(stem(words[0])) and found[name.first].text.istitle():
        return True
    if words[0] in NAMES_OF_UNITS and after and after[0][:1].isdecimal():
        return True
    is_measure = words[0] in NAMES_OF_UNITS and bool(before)
    is_led = (
        words[0] in PROVISIONS and bool(after) and (after[0].isdecimal() or (after[0] == "." and after[-1].isdecimal()))
    )
    return is_led or (is_measure and (before[0].isdecimal() or before in _BEFORE_MEASURES))


_BEFORE_MEASURES = ("\u00b0", "degree", "degrees", "million", "billion")


def term_of_item(item: str, usage: Usage, reading: Reading = PLAIN) -> Sought:
    """An item of a list: sought as it stands, else by the names and figures in it, else by its words."""
    found = reading.tokens(item)
    whole = Name(0, len(found), parts_of(found), is_run=True)
    inner = terms_of_text(item, usage, reading)
    if not any(term.name for term in inner):
        words = [
            Sought(token.text, name=Name(at, at + 1, (fold(token.text),)))
            for at, token in enumerate(found)
            if token.kind in ("word", "ideogram") and len(token.text) > 1 and fold(token.text) not in _SAYS_NOTHING
        ]
        inner = (*words, *inner)
    return Sought(item, name=whole, item=inner)


_SAYS_NOTHING = ADJUNCTS | frozenset(
    "data dataset datasets corpus corpora benchmark benchmarks the set sets our own".split()
)


def _cut(stated: str, found: Sequence[Token], first: int, behind: int) -> str:
    return stated[found[first].start : found[behind - 1].end]


def _is_release(found: Sequence[Token], at: int) -> bool:
    """ "1.13.1": no number, sought as it stands."""
    return (
        found[at].kind == "number"
        and found[at].text.count(".") > 1
        and not parse(found[at].text)
        and _stands_alone(found, at)
    )


def _stands_alone(found: Sequence[Token], at: int) -> bool:
    before = found[at - 1] if at else None
    return before is None or (before.end < found[at].start and fold(before.text) not in REFERENCES)


def version_of(name: Name) -> Number | None:
    """The number of a name that is no more than a version: "v1.5"."""
    key = name.key
    is_version = key[:1] == "v" and key[1:].replace(".", "", 1).isdecimal()
    return canonical(key[1:]) if is_version else None


def is_pair_of_known(found: Sequence[Token], figure: Figure) -> bool:
    """ "The two groups": two that were told of before, with no unit to look for."""
    before = fold(found[figure.first - 1].text) if figure.first else ""
    return (
        figure.is_word
        and figure.unit is None
        and figure.number == ("2", 0)
        and before in ("the", "these", "those", "its", "their")
    )


class _Claims:
    """Tells the figures that are said about the matter from those that number points, tables or versions."""

    def __init__(self, found: list[Token]) -> None:
        self._found = found
        led = [span for span in chunks(found) if found[span[0]].kind == "word"]
        self._in_names = frozenset(at for first, behind in led for at in range(first + 1, behind))
        self._before_mark = frozenset((one.text, two.text) for one, two in pairwise(found))

    def holds(self, figure: Figure) -> bool:
        """Whether a figure is a claim: not "Table 3", "(2)", "one", "second", nor a part of a name ("ViT-L/14")."""
        at = figure.first
        if figure.is_rank or (figure.is_word and figure.number == ("1", 0)):
            return False
        if is_pair_of_known(self._found, figure):
            return False
        if self._text(at - 1) in REFERENCES | PROVISIONS or (
            self._text(at - 1) == "." and self._text(at - 2) in REFERENCES | PROVISIONS
        ):
            return False
        if at in self._in_names and not names_stage(self._found, at):
            return False
        return not self._is_enumerator(figure)

    def _text(self, at: int) -> str:
        return fold(self._found[at].text) if 0 <= at < len(self._found) else ""

    def _is_enumerator(self, figure: Figure) -> bool:
        """ "(2)", "2)" and "2." at the start of a clause count what the value says and claim nothing."""
        at, behind = figure.first, figure.behind
        if figure.is_word or figure.unit or behind != at + 1 or not self._may_count(figure):
            return False
        before, after = self._text(at - 1), self._text(behind)
        if after == ")":
            return before in ("", "(") or before in ".;:,!?"
        return after == "." and (not before or before in ".;:") and behind + 1 < len(self._found)

    def _may_count(self, figure: Figure) -> bool:
        """A digit may, and any number that is one more than another with the same mark behind it."""
        if figure.number[1] == 0 and len(figure.number[0]) == 1:
            return True
        text = self._text(figure.first)
        if not text.isdecimal() or len(text) > 2:
            return False
        return (str(int(text) - 1), self._text(figure.behind)) in self._before_mark


def places(term: str, value: str) -> Iterator[tuple[int, int]]:
    """Where the words of a term stand in the value they are from, as character offsets, each as a word of its own."""
    at = value.find(term) if term else -1
    while at >= 0:
        end = at + len(term)
        begins = not (at and value[at - 1].isalnum() and value[at].isalnum())
        if begins and not (end < len(value) and value[end].isalnum() and value[end - 1].isalnum()):
            yield at, end
            at = value.find(term, end)
        else:
            at = value.find(term, at + 1)
