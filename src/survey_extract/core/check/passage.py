"""Tokens of some texts go in, a passage that terms can be sought in comes out.

A passage is made ready once: its letters in one line with the places where
words begin, and its figures by value. Looking a term up is then one search for
a plain string, or one look into a dictionary, however many values are held
against the text, and whatever a stranger wrote into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from survey_extract.core.check.clauses import Parsed
from survey_extract.core.words.lexicon import ORDINARY, STOPS, UNITS
from survey_extract.core.words.numerals import Figure, Number, parse
from survey_extract.core.words.proper_names import piece_of
from survey_extract.core.words.tokens import Token, fold
from survey_extract.core.words.unit_table import Dimensions
from survey_extract.core.words.units import in_base

_INSIDE, _SEAM, _GAP, _BREAK = range(4)
ANY = "any"
"""The unit of a number in a name: "Vicuna-7B" has so many parameters, "LCS-558K" so many pairs."""
_SWAPPED = str.maketrans(".,", ",.")
_JOINING = frozenset("@-\u2010\u2011\u2012\u2013\u2014_/.()'\u2019+&")


class Searchable:
    """Some texts, made ready to have terms sought in them."""

    def __init__(self, texts: Iterable[Parsed]) -> None:
        self._letters = ""
        self._gaps = bytearray()
        self.numbers: dict[Number, set[str | None]] = {}
        self.ranks: dict[Number, set[str | None]] = {}
        self.sides: dict[tuple[Number, ...], set[str | None]] = {}
        self.bases: set[tuple[Dimensions, Fraction]] = set()
        """The quantities that have a unit, each in the bases of what it measures."""
        self.apart: set[Number] = set()
        """The numbers that are no part of a name: the "13B" of "Vicuna-7B and 13B", and not its "7B"."""
        self.versions: set[Number] = set()
        self.things: dict[Number, set[str]] = {}
        """The plain words, no units, that stand right behind numbers: the "runners" of "180 runners"."""
        self.loose: set[Number] = set()
        """Numbers that stand somewhere without a unit, without such a word and without a minus."""
        self.open: dict[Number, str] = {}
        """Numbers that have two readings here, by each of them, as they are printed."""
        self.foreign: set[Number] = set()
        """Numbers without a unit in what is not in English."""
        self.units: set[str] = set()
        pieces: list[str] = []
        for said in texts:
            self._take_letters(said.found, pieces)
            self._take_figures(said)
        self._letters = "".join(pieces)
        self._gaps.append(_BREAK)

    def _take_letters(self, found: Sequence[Token], pieces: list[str]) -> None:
        before: Token | None = None
        for index, token in enumerate(found):
            if token.kind == "mark":
                ends = index + 1 == len(found) or found[index + 1].start > token.end or found[index + 1].kind == "mark"
                if token.text == "+" and ends and index and found[index - 1].end == token.start and before:
                    pieces.append("+")
                    self._gaps.append(_INSIDE)
                elif token.text == "%":
                    self.units.add("percent")
                continue
            piece = piece_of(token)
            if token.kind == "raised":
                piece = "".join(filter(str.isdecimal, piece))
            if piece:
                pieces.append(piece)
                self._gaps.append(_gap(found, before, token, index))
                self._gaps.extend(bytes(len(piece) - 1))
                before = token
            if token.kind == "word" and piece in UNITS and len(piece) > 1:
                self.units.add(UNITS[piece])

    def _take_figures(self, said: Parsed) -> None:
        found = said.found
        for figure, measure in zip(said.figures, said.measures, strict=True):
            if said.reading.is_open(found[figure.first].text):
                self._take_open(found[figure.first].text)
                continue
            if figure.unit is None and measure.common is None and not measure.units:
                self._take_thing(said, figure)
            self._take_numbers(said, figure)
            self.bases.update(base for unit in measure.units if (base := in_base(figure.number, unit)))
            if not hangs_on_word(found, figure):
                self.apart.update(figure.sides)
        for one, two in pairwise(found):
            if two.kind == "number" and one.kind == "word" and (one.text[-1:] in "vV" or fold(one.text) == "version"):
                self.versions.update(parse(two.text))

    def _take_numbers(self, said: Parsed, figure: Figure) -> None:
        """The numbers of a figure under its unit, and under those told around it."""
        shelf, found = self.ranks if figure.is_rank else self.numbers, said.found
        takes = figure.unit is None and (said.is_row or _may_count(found, figure))
        for number in (*figure.sides, *figure.others):
            units = shelf.setdefault(number, set())
            is_percent = figure.is_word and number in figure.others  # "half of" is 50 %
            units.add("percent" if is_percent else ANY if _sizes_name(found, figure) else figure.unit)
            units |= said.around if takes else frozenset()
        if len(figure.sides) > 1:
            self.sides.setdefault(figure.sides, set()).add(figure.unit)
        if figure.unit:
            self.units.add(figure.unit)

    def _take_open(self, printed: str) -> None:
        for text in (printed, printed.translate(_SWAPPED)):
            for number in parse(text):
                self.open[number] = printed

    def _take_thing(self, said: Parsed, figure: Figure) -> None:
        if not said.reading.is_english:
            self.foreign.update(figure.sides)
        if (thing := _thing_behind(said.found, figure)) and thing.endswith("s"):
            self.things.setdefault(figure.number, set()).add(thing)
        elif not is_negative(said.found, figure):
            self.loose.add(figure.number)

    def holds(self, key: str) -> bool:
        """Whether these letters stand as words of their own, whatever spaces, hyphens and case are between them."""
        at = self._letters.find(key) if key else -1
        while at >= 0:
            if self._gaps[at] >= _GAP and self._ends(at + len(key), key) and not self._breaks(at, len(key)):
                return True
            at = self._letters.find(key, at + 1)
        return False

    def _breaks(self, at: int, length: int) -> bool:
        return self._gaps.find(_BREAK, at + 1, at + length) >= 0

    def _ends(self, at: int, key: str) -> bool:
        """Whether a word ends here: or goes on as its plural, or with the number of a note."""
        if self._gaps[at] >= _GAP:
            return True
        if self._gaps[at] == _INSIDE:
            ending = 1 if self._letters[at] == "s" else 0
            ending = 2 if self._letters.startswith("es", at) and self._gaps[at + 1] == _INSIDE else ending
            return bool(ending) and key[-1].isalpha() and self._gaps[at + ending] >= _GAP
        digits = self._gaps.find(b"\x02", at + 1, at + 3), self._gaps.find(b"\x03", at + 1, at + 3)
        end = min((place for place in digits if place > 0), default=at)
        return len(key) > 2 and key[-1].isalpha() and self._letters[at:end].isdecimal()


def hangs_on_word(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a hyphen ties a number to a word before it that is no scale of a number itself."""
    at = figure.first
    if at < 2 or found[at - 1].text not in ("-", "\u2010", "\u2011") or found[at - 1].end != found[at].start:
        return False
    return (
        found[at - 2].kind == "word"
        and found[at - 2].end == found[at - 1].start
        and not (at > 2 and found[at - 3].end == found[at - 2].start)
    )


def is_negative(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a minus sign stands right before a number, and nothing right before that."""
    at = figure.first - 1
    if at < 0 or found[at].text not in ("-", "\u2212", "\u2013") or found[at].end != found[at + 1].start:
        return False
    return at == 0 or found[at - 1].end < found[at].start


def _may_count(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a number may count what its sentence tells of: a whole one, without a sign, with no other thing behind it."""
    is_whole = figure.number[1] >= 0 and "." not in found[figure.first].text
    return is_whole and not is_negative(found, figure) and _thing_behind(found, figure) is None


def _thing_behind(found: Sequence[Token], figure: Figure) -> str | None:
    """The plain word that means something right behind a number."""
    behind = found[figure.behind] if figure.behind < len(found) else None
    is_word = behind is not None and behind.kind == "word" and behind.text.islower()
    if behind is None or not is_word or behind.start == found[figure.behind - 1].end:
        return None
    return None if fold(behind.text) in STOPS | ORDINARY else behind.text


def _sizes_name(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a number with a scale hangs on a name: it counts what such names are told by, without saying it."""
    at = figure.first
    is_joined = at > 1 and found[at - 1].text in ("-", "\u2010", "\u2011", "/") and found[at - 1].end == found[at].start
    return is_joined and figure.unit is None and figure.behind == at + 2 and found[at + 1].kind == "word"


def _gap(found: Sequence[Token], before: Token | None, token: Token, index: int) -> int:
    """What stands between two pieces: nothing, what may stand inside a name, or what may not."""
    if before is None:
        return _BREAK
    if before.end == token.start:
        return _SEAM if "ideogram" not in (before.kind, token.kind) else _GAP
    marks = ""
    while found[index - 1].kind == "mark" and found[index - 1].start >= before.end:
        index -= 1
        marks += found[index].text
        if len(marks) > 2:
            return _BREAK
    is_stop = "." in marks and token.start - before.end > len(marks)
    return _BREAK if is_stop or not set(marks) <= _JOINING else _GAP
