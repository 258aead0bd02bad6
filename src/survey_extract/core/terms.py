"""A value and a document go in; its figures and names, and where each of them stands, come out.

A text is made ready once (``Passage``): its letters in one line with the
places where words begin, and its figures by value. Looking a term up is then
one search for a plain string, or one look into a dictionary, however many
values are held against the text, and whatever a stranger wrote into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey_extract.core.lexicon import ADJUNCTS, REFERENCES, UNITS
from survey_extract.core.names import Name, names_in, parts_of, piece_of
from survey_extract.core.quantities import Figure, Number, canonical, figures_in, names_stage, parse
from survey_extract.core.tokens import Token, fold, tokens
from survey_extract.core.usage import Usage

_INSIDE, _SEAM, _GAP, _BREAK = range(4)
_JOINING = frozenset("@-\u2010\u2011\u2012\u2013\u2014_/.()'\u2019+&")
_FEW = 10
"""Counts up to this are told by ranks, too: who speaks of a third stage has three."""


# --- what is sought in ----------------------------------------------------------------------------


class Passage:
    """Some texts, made ready to have terms sought in them."""

    def __init__(self, texts: Iterable[list[Token]]) -> None:
        self._letters = ""
        self._gaps = bytearray()
        self.numbers: dict[Number, set[str | None]] = {}
        self.ranks: dict[Number, set[str | None]] = {}
        self.sides: dict[tuple[Number, ...], set[str | None]] = {}
        self.versions: set[Number] = set()
        self.units: set[str] = set()
        pieces: list[str] = []
        for found in texts:
            self._take_letters(found, pieces)
            self._take_figures(found)
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

    def _take_figures(self, found: Sequence[Token]) -> None:
        for figure in figures_in(found):
            shelf = self.ranks if figure.is_rank else self.numbers
            for number in (*figure.sides, *figure.others):
                shelf.setdefault(number, set()).add(figure.unit)
            if len(figure.sides) > 1:
                self.sides.setdefault(figure.sides, set()).add(figure.unit)
            if figure.unit:
                self.units.add(figure.unit)
        for one, two in pairwise(found):
            if two.kind == "number" and one.kind == "word" and (one.text[-1:] in "vV" or fold(one.text) == "version"):
                self.versions.update(parse(two.text))

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


# --- what is sought -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sought:
    """A term of a value: its words there, and the name, figure or list item that it is."""

    text: str
    name: Name | None = None
    figure: Figure | None = None
    is_version: bool = False
    item: tuple[Sought, ...] = ()
    """The names and figures in an item of a list, any of which may stand apart in the evidence."""


def terms_of_text(stated: str, usage: Usage) -> tuple[Sought, ...]:
    """The names and figures of a text, each once: names first, as they stand."""
    found = tokens(stated)
    figures = [figure for figure in figures_in(found) if _is_claim(found, figure)]
    taken = frozenset(at for figure in figures for at in range(figure.first, figure.behind))
    names = [Sought(_cut(stated, found, n.first, n.behind), name=n) for n in names_in(found, usage, taken)]
    names += [Sought(t.text, name=Name(at, at + 1, (t.text,))) for at, t in enumerate(found) if _is_release(found, at)]
    versions = [name for name in names if name.name and _version(name.name)]
    plain = [name for name in names if name not in versions]
    sought = (
        *plain,
        *(Sought(name.text, name=name.name, is_version=True) for name in versions),
        *(Sought(_cut(stated, found, f.first, f.behind), figure=f) for f in figures),
    )
    return tuple({term.text: term for term in reversed(sought)}.values())[::-1]


def term_of_item(item: str, usage: Usage) -> Sought:
    """An item of a list: sought as it stands, else by the names and figures in it, else by its words."""
    found = tokens(item)
    whole = Name(0, len(found), parts_of(found), is_run=True)
    inner = terms_of_text(item, usage)
    if not any(term.name for term in inner):
        words = [
            Sought(token.text, name=Name(at, at + 1, (fold(token.text),)))
            for at, token in enumerate(found)
            if token.kind in ("word", "ideogram") and len(token.text) > 1 and fold(token.text) not in _SAYS_NOTHING
        ]
        inner = (*words, *inner)
    return Sought(item, name=whole, item=inner)


_SAYS_NOTHING = ADJUNCTS | {
    "data",
    "dataset",
    "datasets",
    "corpus",
    "corpora",
    "benchmark",
    "benchmarks",
    "the",
    "set",
    "sets",
    "our",
    "own",
}


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


def _version(name: Name) -> Number | None:
    """The number of a name that is no more than a version: "v1.5"."""
    key = name.key
    is_version = key[:1] == "v" and key[1:].replace(".", "", 1).isdecimal()
    return canonical(key[1:]) if is_version else None


def _is_claim(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a figure is said of the matter: not "Table 3", "(2)", "one", "second", nor a part of a name."""
    at = figure.first
    if figure.is_rank or (figure.is_word and figure.number == ("1", 0)):
        return False
    before = found[at - 1] if at else None
    if (
        before is not None
        and fold(before.text) in REFERENCES | {"."}
        and (before.text != "." or _is_reference_dot(found, at))
    ):
        return False
    if before is not None and before.text in ("-", "/", "@", ".", "+") and before.end == found[at].start:
        if _hangs_on_letters(found, at) and not names_stage(found, at):
            return False
    return not _is_enumerator(found, figure)


def _is_reference_dot(found: Sequence[Token], at: int) -> bool:
    return at > 1 and fold(found[at - 2].text) in REFERENCES


def _hangs_on_letters(found: Sequence[Token], at: int) -> bool:
    """Whether digits belong to a chunk that begins with letters: "ViT-L/14", "LCS-558K"."""
    while (
        at > 0
        and found[at - 1].end == found[at].start
        and (found[at - 1].kind != "mark" or found[at - 1].text in "-/@.+_")
    ):
        at -= 1
    return found[at].kind == "word" and found[at].text[:1].isalpha() and not figures_in([found[at]])


def _is_enumerator(found: Sequence[Token], figure: Figure) -> bool:
    """ "(2)", "2)" and "2." at the start of a clause count what the value says and claim nothing."""
    at, behind = figure.first, figure.behind
    after = found[behind].text if behind < len(found) else ""
    opens = at == 0 or found[at - 1].text in ".;:,(!?\n"
    if figure.is_word or figure.unit or behind != at + 1 or not _follows(found, figure):
        return False
    if after == ")":
        return at == 0 or found[at - 1].text == "(" or opens
    return after == "." and (at == 0 or found[at - 1].text in ".;:") and behind + 1 < len(found)


def _follows(found: Sequence[Token], figure: Figure) -> bool:
    """Whether a number may count points: a digit, or one more than a number before it that a mark follows as well."""
    if figure.number[1] == 0 and len(figure.number[0]) == 1:
        return True
    text, after = found[figure.first].text, found[figure.behind].text if figure.behind < len(found) else ""
    if not text.isdecimal() or len(text) > 2:
        return False
    before = str(int(text) - 1)
    return any(one.text == before and two.text == after for one, two in pairwise(found[: figure.first]))


# --- seeking --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ground:
    """Passages in which names are sought, and one in which figures are. ``near`` are units told around it."""

    said: Passage
    usage: Usage
    named: tuple[Passage, ...] = ()
    near: frozenset[str] = frozenset()

    def holds(self, term: Sought) -> bool:
        """Whether a term stands here."""
        if term.item:
            return self._holds_name(term.name) or all(self.holds(part) for part in term.item)
        if term.figure is not None:
            return self._holds_figure(term.figure)
        if term.name is None:
            return False
        return self._holds_name(term.name) or (term.is_version and self._holds_version(term.name))

    # --- names ------------------------------------------------------------------------------------

    def _has(self, key: str) -> bool:
        return any(passage.holds(key) for passage in (self.said, *self.named))

    def _has_some_form(self, key: str) -> bool:
        """In singular or plural, in full or abbreviated as the document does it."""
        single = key[:-1] if len(key) > 3 and key.endswith("s") else key
        other = self.usage.other_name(key)
        return self._has(key) or (single != key and self._has(single)) or (other is not None and self._has(other))

    def _holds_name(self, name: Name | None) -> bool:
        if name is None:
            return False
        if self._has_some_form(name.key):
            return True
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
            return two not in _SIZES and two not in self.usage.lower and self._has_some_form(two)
        figures = figures_in(tokens(two)) if len(tail) == 1 and two[:1].isdecimal() and _letters(two) else []
        return bool(figures) and figures[0].number in self.said.numbers

    def _holds_version(self, name: Name) -> bool:
        number = _version(name)
        return number is not None and (number in self.said.versions or (number[1] < 0 and number in self.said.numbers))

    # --- figures ----------------------------------------------------------------------------------

    def _holds_figure(self, figure: Figure) -> bool:
        if len(figure.sides) > 1:
            return self._holds_sides(figure)
        units = set(self.said.numbers.get(figure.number, ()))
        if _is_few(figure.number) and (figure.is_word or figure.unit):
            units |= self.said.ranks.get(figure.number, set())
        if not units:
            return any(number in self.said.numbers for number in figure.others)
        return self._agrees(figure.unit, units)

    def _agrees(self, unit: str | None, units: set[str | None]) -> bool:
        """Whether a unit is among those of a number here; a number without one takes what is told around it."""
        if unit is None or unit in units:
            return True
        return None in units and (unit in self.said.units or unit in self.near)

    def _holds_sides(self, figure: Figure) -> bool:
        """All sides together; of a square one side, where it counts pixels or is squared."""
        if figure.sides in self.said.sides:
            return None in (units := self.said.sides[figure.sides]) or self._agrees(figure.unit, units)
        is_square = len(set(figure.sides)) == 1
        return is_square and bool(self.said.numbers.get(figure.number, set()) & {"pixel", None})


def _is_few(number: Number) -> bool:
    return number == ("1", 1) or (number[1] == 0 and len(number[0]) == 1)


def _letters(key: str) -> int:
    return sum(map(str.isalpha, key))


def _core(parts: Sequence[str], usage: Usage) -> tuple[str, ...]:
    """A compound without what hyphens only hang on it: "BERT" of "BERT-based"; "BERT-large" stays."""
    kept = list(parts)
    while len(kept) > 1 and (
        kept[-1] in ADJUNCTS or (len(kept[-1]) > 2 and kept[-1] in usage.lower and kept[-1] not in _SIZES)
    ):
        kept.pop()
    while len(kept) > 1 and kept[0] in ADJUNCTS:
        kept.pop(0)
    return tuple(kept)


_SIZES = frozenset(
    ["large", "base", "small", "tiny", "huge", "giant", "medium", "mini", "nano", "pro", "plus", "ultra", "chat", "instruct", "code", "next", "max"]
)


# --- where a term stands in a value ---------------------------------------------------------------


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
