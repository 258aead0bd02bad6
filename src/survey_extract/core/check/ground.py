"""A term and the passages it may be in go in; whether it is there comes out.

Names are generous in form (plural, hyphens, abbreviations that the document
explains, parts apart), figures strict in value and unit: most alarms that are
false are about how a name is written, most errors that matter are numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.check.forms import OTHER_FORMS
from survey_extract.core.check.measures import is_measure
from survey_extract.core.check.passage import ANY, Searchable
from survey_extract.core.check.quantities import figures_in
from survey_extract.core.check.terms import Sought, version_of
from survey_extract.core.words.lexicon import ADJUNCTS, SIZES
from survey_extract.core.words.numerals import Figure, Number
from survey_extract.core.words.proper_names import Name
from survey_extract.core.words.tokens import fold, tokens
from survey_extract.core.words.usage import Usage


@dataclass(frozen=True, slots=True)
class Ground:
    """Passages in which names are sought, and one in which figures are. ``near`` are units told around it."""

    said: Searchable
    usage: Usage
    named: tuple[Searchable, ...] = ()
    near: frozenset[str] = frozenset()
    is_inflected: bool = False
    """Whether the document is in another language, whose names have endings."""
    is_whole: bool = False
    """Whether the passages are a whole document: then a number counts only together with its unit."""

    def holds(self, term: Sought) -> bool:
        """Whether a term stands here."""
        if term.item:
            return self._holds_name(term.name) or all(self.holds(part) for part in term.item)
        if term.figure is not None:
            return self._holds_figure(term, term.figure) or self._holds_other_way(term)
        if term.powers is not None:
            return self._holds_vague(term, term.powers)
        if term.name is None:
            return False
        return self._holds_name(term.name) or (term.is_version and self._holdsversion_of(term.name))

    def says(self, key: str) -> bool:
        """Whether these letters stand here in one line."""
        return self._has(key)

    # --- names ------------------------------------------------------------------------------------

    def _has(self, key: str) -> bool:
        return any(passage.holds(key) for passage in (self.said, *self.named))

    def _has_some_form(self, key: str) -> bool:
        """In singular or plural, in full or abbreviated as the document does it."""
        single = key[:-1] if len(key) > 3 and key.endswith("s") else key
        other = self.usage.other_name(key)
        known = (key, *((single,) if single != key else ()), *((other,) if other else ()), *OTHER_FORMS.get(key, ()))
        return any(map(self._has, known))

    def _has_inflected(self, part: str) -> bool:
        """With another ending, as cases and genders have it: "Deutsche" where it says "der Deutschen"."""
        stem = part[:-1] if len(part) > LONG and part[-1] in "aeiou" else part
        return any(self._has(stem + end) for end in _ENDINGS) if len(part) >= LONG else self._has(part)

    def _holds_name(self, name: Name | None) -> bool:
        if name is None:
            return False
        if self._has_some_form(name.key) or (self.is_inflected and all(map(self._has_inflected, name.parts))):
            return True
        if name.is_whole:
            return not SIZES.intersection(name.parts) and all(map(self._has_some_form, name.parts))
        if name.is_run:
            return len(name.parts) > 1 and all(map(self._has_some_form, name.parts))
        core = _core(name.parts, self.usage)
        if core != name.parts and core and self._has_some_form("".join(core)):
            return True
        return any(self._holds_halves(core[:cut], core[cut:]) for cut in range(1, len(core)))

    def _holds_halves(self, head: Sequence[str], tail: Sequence[str]) -> bool:
        """ "CLIP-ViT-L/14" where the text says "CLIP" and "ViT-L/14"; "Vicuna-13B" where it says "Vicuna-7B and 13B"."""
        one, two = "".join(head), "".join(tail)
        if _letters(one) < 3 or not self._has_some_form(one):
            return False
        if _letters(two) >= 3:
            return two not in SIZES and two not in self.usage.lower and self._has_some_form(two)
        figures = figures_in(tokens(two)) if len(tail) == 1 and two[:1].isdecimal() and _letters(two) else []
        return bool(figures) and figures[0].number in self.said.apart

    def _holdsversion_of(self, name: Name) -> bool:
        number = version_of(name)
        return number is not None and (number in self.said.versions or (number[1] < 0 and number in self.said.numbers))

    # --- figures ----------------------------------------------------------------------------------

    def _holds_figure(self, term: Sought, figure: Figure) -> bool:
        if len(figure.sides) > 1:
            return self._holds_sides(figure)
        if self.is_whole and term.bases and not self._has_measure(term):
            return False
        units = set(self.said.numbers.get(figure.number, ()))
        if _is_few(figure.number) and (figure.is_word or figure.unit):
            units |= self.said.ranks.get(figure.number, set())
        if figure.number in _HALF:
            units |= self.said.ranks.get(figure.number, set())
        if not units:
            return any(number in self.said.numbers for number in figure.others)
        if figure.unit and is_measure(figure.unit) and self._counts_things(figure.number) and figure.unit not in units:
            return False
        return self._agrees(figure.unit, units)

    def _holds_vague(self, term: Sought, powers: range) -> bool:
        """By the same word, or by a number that is of its size."""
        if any(passage.holds("".join(map(fold, term.text.split()))) for passage in (self.said, *self.named)):
            return True
        every = (*self.said.numbers, *self.said.ranks)
        return any(digits and len(digits) + power - 1 in powers for digits, power in every)

    def _counts_things(self, number: Number) -> bool:
        """Whether a number stands here only with things behind it that are no unit: "two episodes" are not two months."""
        return (
            number not in self.said.loose
            and number not in self.said.foreign
            and None in self.said.numbers.get(number, ())
        )

    def _holds_other_way(self, term: Sought) -> bool:
        """In another measure ("0.888 GHz" of 888 MHz), or exactly where the value says that it rounds."""
        if (term.bases | term.in_field) & self.said.bases:
            return True
        figure = term.figure
        if not term.is_about or figure is None or len(figure.sides) > 1:
            return False
        exact = (number for number in self.said.numbers if rounds_to(number, figure.number))
        return any(self._agrees(figure.unit, self.said.numbers[number]) for number in exact)

    def _agrees(self, unit: str | None, units: set[str | None]) -> bool:
        """Whether a unit is among those of a number here; a number without one takes what is told around it."""
        if unit is None or unit in units or ANY in units:
            return True
        return not self.is_whole and None in units and (unit in self.said.units or unit in self.near)

    def _has_measure(self, term: Sought) -> bool:
        """Whether a quantity stands here with its measure, or with the unit that says it in a row of a table."""
        figure = term.figure
        unit = figure.unit if figure else None
        return bool(term.bases & self.said.bases) or (
            unit is not None and figure is not None and unit in self._units_of(figure)
        )

    def _units_of(self, figure: Figure) -> set[str | None]:
        return self.said.numbers.get(figure.number, set()) | self.said.ranks.get(figure.number, set())

    def has_number(self, term: Sought) -> bool:
        """Whether the number of a figure stands here, whatever it counts."""
        return term.figure is not None and term.figure.number in self.said.numbers

    def is_open(self, term: Sought) -> str | None:
        """What is printed here that may be this number, and may be another."""
        return self.said.open.get(term.figure.number) if term.figure else None

    def leaves_unit(self, term: Sought) -> bool:
        """Whether the number of a figure stands here with a word behind it that is no unit known, so that the two cannot be compared.

        A measure is called by its name in English; in another language it may have any.
        """
        if term.figure is None or None not in self.said.numbers.get(term.figure.number, ()):
            return False
        number = term.figure.number
        return number in self.said.foreign or (
            number in self.said.things and not term.bases and term.figure.unit is not None
        )

    def _holds_sides(self, figure: Figure) -> bool:
        """All sides together; of a square one side, where it counts pixels or is squared."""
        if figure.sides in self.said.sides:
            return None in (units := self.said.sides[figure.sides]) or self._agrees(figure.unit, units)
        is_square = len(set(figure.sides)) == 1
        return is_square and bool(self.said.numbers.get(figure.number, set()) & {"pixel", None})


_HALF = frozenset([("5", -1), ("5", 1)])
"""The number of "by half", and the same in percent."""
LONG = 5
"""Letters of a name from which on it may have another ending."""
_ENDINGS = ("", "s", "n", "e", "a", "o", "en", "es", "er", "em", "as", "os")


def rounds_to(exact: Number, rounded: Number) -> bool:
    """Whether a number is another to the last of its digits that is no zero, and at most a tenth away: 77 rounds to 80."""
    (digits, power), (whole, unit) = exact, rounded
    if not digits or not whole or power >= unit or len(digits) + power - len(whole) - unit not in (-1, 0, 1):
        return False
    if max(len(digits), len(whole)) > _LONGEST:
        return False
    scaled = int(whole) * 10 ** (unit - power)
    off = abs(scaled - int(digits))
    return bool(2 * off <= 10 ** (unit - power) and 10 * off <= scaled)


_LONGEST = 15
"""Digits of a number that is rounded."""


def _is_few(number: Number) -> bool:
    return number == ("1", 1) or (number[1] == 0 and len(number[0]) == 1)


def _letters(key: str) -> int:
    return sum(map(str.isalpha, key))


def _core(parts: Sequence[str], usage: Usage) -> tuple[str, ...]:
    """A compound without what hyphens only hang on it: "BERT" of "BERT-based"; "BERT-large" stays."""
    kept = list(parts)
    while len(kept) > 1 and (
        kept[-1] in ADJUNCTS or (len(kept[-1]) > 2 and kept[-1] in usage.lower and kept[-1] not in SIZES)
    ):
        kept.pop()
    while len(kept) > 1 and kept[0] in ADJUNCTS:
        kept.pop(0)
    return tuple(kept)
