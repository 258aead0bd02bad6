"""A value and its evidence go in; where each of its figures and names stands comes out, without a model.

Every figure and proper name of a value is looked for in its evidence, so that
what the sentences do not carry is seen.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import islice
from typing import NamedTuple

from survey_extract.core.check import RULES
from survey_extract.core.check.choices import is_another, is_denied
from survey_extract.core.check.cited_cells import cited_cells, words_around
from survey_extract.core.check.clauses import Parsed
from survey_extract.core.check.days import Days, without_days
from survey_extract.core.check.ground import Ground
from survey_extract.core.check.hints import STANDS_FOR, TWO_WAYS
from survey_extract.core.check.measures import cell_with_unit, is_measure
from survey_extract.core.check.others import names_others, without_others
from survey_extract.core.check.passage import Searchable
from survey_extract.core.check.quotations import quotations
from survey_extract.core.check.row_search import LOOKED_AT, rows_with
from survey_extract.core.check.statements import CitedWords, is_denied_answer, said_otherwise
from survey_extract.core.check.terms import Sought, term_of_item, terms_of_text
from survey_extract.core.check.whole import in_any_form
from survey_extract.core.evidence import Quoter, as_text, pointer
from survey_extract.core.fields import LABELS, FieldSpec
from survey_extract.core.paper_text import CITABLE, PaperText, Sentence
from survey_extract.core.records import Check, Evidence, Place, Term, Value
from survey_extract.core.words.english import is_english_word
from survey_extract.core.words.languages import OPEN, Readings
from survey_extract.core.words.numerals import parse
from survey_extract.core.words.proper_names import is_formed
from survey_extract.core.words.tokens import fold
from survey_extract.core.words.units import in_base, unit_named
from survey_extract.core.words.usage import Usage

NEIGHBOURS = 10
"""Sentences before and after a quoted one in which the unit of its numbers may stand, as in the head of a table."""


def check(
    spec: FieldSpec, value: Value, evidence: Iterable[Evidence], text: PaperText, own: Sequence[str] = ()
) -> Check:
    """Look for every figure and name of a value in its evidence, then in the whole text.

    Names may also stand in the headings over the quoted sentences, and in what
    the source is called: its title, and ``own``, its names in the survey. An
    option is the survey's own word and is looked for nowhere, though the evidence
    may deny it; a date is found in whatever form, an address letter by letter. A figure in a row of a table
    is looked for in one cell, and the value must be about that cell.
    """
    stated = as_text(value)
    pointed = tuple(evidence)
    if stated and spec.type == "yes_no":
        quotes = [quote.words for quote in map(Quoter(text).quote, pointed) if quote.words]
        return Check((Term(stated, "said otherwise"),) if is_denied_answer(spec, stated, quotes) else (), RULES)
    if stated and spec.type in LABELS:
        return Check(_denied_options(spec, value, pointed, text), RULES)
    if not stated:
        return Check(rules=RULES)
    if holds := _whole_value(spec, stated, text):
        return Check((Term(stated, _place_of_words(holds, pointed, text)),), RULES)
    source = _source_of(_BySha256(text))
    near = source.ground(spec, stated, pointed, own)
    prose = source.prose(pointed)
    days = without_days(value, " ".join(prose)) if isinstance(value, str) else Days("", ())
    looked_for = source.sought(spec, days.rest if isinstance(value, str) else value)
    is_foreign = not source.readings.is_english
    terms = tuple(_placed(term, near, source.whole, is_foreign=is_foreign) for term in looked_for)
    placed = {term.text: term for term in _in_other_units(spec, stated, terms, pointed, source)}
    for words in (*days.otherwise, *said_otherwise(spec, value, source.cited(prose, near.cells))):
        if words not in placed or placed[words].place == "in evidence":
            placed[words] = Term(words, "said otherwise")
    if isinstance(value, str) and spec.type == "text" and not is_foreign:
        placed.update((term.text, term) for term in _misquoted(value, near, source.whole))
    if spec.type == "number" and any(term.place == "nowhere" for term in placed.values()):
        found = _in_other_rows(spec, stated, looked_for, text, source, own)
        placed.update((term.text, term) for term in found if placed[term.text].place == "nowhere")
    return Check(tuple(placed.values()), RULES)


def _in_other_rows(
    spec: FieldSpec, stated: str, looked_for: Iterable[Sought], text: PaperText, source: _Source, own: Sequence[str]
) -> Iterator[Term]:
    """What a row of a table says, under a header of the field and with its unit, though nobody cited it: it is in the source."""
    is_foreign = not source.readings.is_english
    for sentence, _ in islice(rows_with(spec, stated, text), LOOKED_AT):
        near = source.ground(spec, stated, (pointer(text, sentence),), own)
        terms = [_placed(term, near, source.whole, is_foreign=is_foreign) for term in looked_for]
        if terms and all(term.place == "in evidence" for term in terms):
            yield from (Term(term.text, "elsewhere") for term in terms)
            return


def _misquoted(value: str, near: _Near, whole: Ground) -> Iterator[Term]:
    """What a value quotes, and its evidence does not say in these words."""
    for phrase, key in quotations(value):
        if not near.all_cells.says(key):
            yield Term(phrase, "elsewhere" if whole.says(key) else "nowhere")


def _denied_options(spec: FieldSpec, value: Value, evidence: Sequence[Evidence], text: PaperText) -> tuple[Term, ...]:
    """The options that the evidence names and denies, or that it names another instead of; the rest are looked for nowhere."""
    quotes = [quote for quote in map(Quoter(text).quote, evidence) if quote.sentence and quote.sentence.kind != "row"]
    words = [quote.words for quote in quotes if quote.words]
    options = value if isinstance(value, tuple) else (value or "",)
    is_one = isinstance(value, str)
    return tuple(
        Term(option, "said otherwise")
        for option in options
        if is_denied(spec, option, words) or (is_one and is_another(spec, option, words))
    )


def _in_other_units(
    spec: FieldSpec, stated: str, terms: tuple[Term, ...], evidence: Iterable[Evidence], source: _Source
) -> tuple[Term, ...]:
    """The one figure of a quantity, where a sentence gives the same in another unit of the field; rows are read by their cells alone."""
    is_missing = len(terms) == 1 and terms[0].place not in ("in evidence", "said otherwise")
    gives = in_any_form(spec, stated, source.readings) if is_missing else None
    if gives is None:
        return terms
    if any(map(gives, source.prose(evidence))):
        return (Term(terms[0].text, "in evidence"),)
    return (
        (Term(terms[0].text, "elsewhere"),)
        if terms[0].place == "nowhere" and any(map(gives, source.all_prose()))
        else terms
    )


def _in_field(term: Sought, spec: FieldSpec) -> Sought:
    """A bare number as what it is in the unit of its field; any other term as it is."""
    figure = term.figure
    if spec.type != "number" or not spec.unit or figure is None or figure.unit or term.bases or len(figure.sides) > 1:
        return term
    return replace(
        term, in_field=frozenset(filter(None, (in_base(figure.number, unit) for unit in unit_named(spec.unit))))
    )


def _whole_value(spec: FieldSpec, stated: str, text: PaperText) -> Callable[[str], bool] | None:
    """What tells whether a passage holds a value that is looked for as a whole: a date, an address, or a copy of an example."""
    if spec.type == "date":
        return in_any_form(spec, stated, readings_of(text))
    is_example = any(stated.casefold() == example.value.casefold() for example in spec.good)
    if spec.type == "url" or (is_example and spec.type == "text"):
        return partial(_holds_letters, stated="".join(stated.split()).casefold())
    return None


def _holds_letters(passage: str, stated: str) -> bool:
    return stated in "".join(passage.split()).casefold()


def _place_of_words(holds: Callable[[str], bool], evidence: Iterable[Evidence], text: PaperText) -> Place:
    quoter = Quoter(text)
    if holds(" ".join(quoter.quote(item).words or "" for item in evidence)):
        return "in evidence"
    return "elsewhere" if any(holds(text.quote(sentence)) for sentence in text.sentences) else "nowhere"


class _Near(NamedTuple):
    """The evidence: what a value may say, and the same with the cells of its rows that the value is not about."""

    meant: Ground
    all_cells: Ground
    own: Ground | None = None
    """Without what is told of others' work; None where there is no such thing, or the value is about it."""
    cells: tuple[str, ...] = ()
    """The cells among them, as words."""


def _placed(term: Sought, near: _Near, whole: Ground, *, is_foreign: bool) -> Term:
    place, hint = _place(term, near, whole, is_foreign=is_foreign)
    return Term(term.text, place, hint)


def _place(term: Sought, near: _Near, whole: Ground, *, is_foreign: bool) -> tuple[Place, str | None]:
    """Where a term stands, and what else is known of it."""
    if near.meant.holds(term):
        return ("said otherwise" if near.own is not None and not near.own.holds(term) else "in evidence"), None
    if near.all_cells.holds(term):
        return ("under another header" if term.figure is not None else "in evidence"), None
    if why := _cannot_be_compared(term, near.meant):
        return "not compared", why
    if whole.holds(term):
        return "elsewhere", None
    if term.is_translated:
        return "not compared", "the source is in another language, and may have another name for it"
    return "nowhere", _hint(term, whole, is_foreign=is_foreign)


def _cannot_be_compared(term: Sought, evidence: Ground) -> str | None:
    """Why a figure can be neither found in the evidence nor called missing from it."""
    if printed := evidence.is_open(term):
        return f"{printed} {TWO_WAYS}"
    return "its number is in the evidence; its unit there could not be compared" if evidence.leaves_unit(term) else None


def _may_be_translated(term: Sought) -> Sought:
    """The term marked as one that another language may have another name for; figures, versions and codes are the same in all."""
    if term.name is None or term.is_version or any(map(is_formed, term.text.split())):
        return term
    return replace(term, is_translated=True)


_SWAPPED = str.maketrans(".,", ",.")


def _hint(term: Sought, whole: Ground, *, is_foreign: bool) -> str | None:
    """What stands in the source in place of a figure that does not."""
    if term.figure is None:
        return None
    if printed := whole.is_open(term):
        return f"{printed} stands there, and {TWO_WAYS}"
    swapped = term.text.translate(_SWAPPED)
    if OPEN.fullmatch(term.text) and any(number in whole.said.numbers for number in parse(swapped)):
        return f"{term.text} {STANDS_FOR} {swapped} in English" if is_foreign else None
    number = term.text.split()[0]
    return f"{number} stands there without this unit" if whole.has_number(term) else None


class _Source:
    """One text, made ready to be searched as a whole and by its sentences."""

    def __init__(self, text: PaperText) -> None:
        self._text, self._quoter, self._paths = text, Quoter(text), text.section_paths()
        self.usage = Usage()
        self.readings = Readings([text.quote(sentence) for sentence in text.sentences if sentence.kind != "row"])
        self.whole = Ground(
            Searchable(self._learnt()), self.usage, is_inflected=not self.readings.is_english, is_whole=True
        )

    def _learnt(self) -> Iterator[Parsed]:
        """All sentences; the citable prose also teaches how the document writes its words."""
        for sentence in self._text.sentences:
            said = self._with_units(sentence)
            if sentence.kind in CITABLE and sentence.kind != "row":
                self.usage.learn(list(said.found))
            yield said

    def _with_units(self, sentence: Sentence) -> Parsed:
        """A sentence with the units told around its numbers.

        In a row of a table any that its headers, its label or its caption have; in other sentences what is counted
        in them or right before: a measure stands at its number.
        """
        said, found = self.said(self._text.quote(sentence)), self._text.row(sentence)
        if found:
            table, row = found
            units = Searchable([self.said(words) for words in (*words_around(row), table.caption)]).units
            return replace(said, around=frozenset(units), is_row=True)
        near = {
            unit for number in range(max(1, sentence.number - 1), sentence.number + 1) for unit in self._units(number)
        }
        return replace(said, around=frozenset(unit for unit in near if not is_measure(unit)))

    def sought(self, spec: FieldSpec, value: Value) -> list[Sought]:
        """The terms of a value, read the way this text is read."""
        if isinstance(value, tuple):
            items = (term_of_item(item, self.usage, self.readings.of_value(item, is_number=False)) for item in value)
            return list(items if self.readings.is_english else map(_may_be_translated, items))
        stated = value or ""
        terms = terms_of_text(stated, self.usage, self.readings.of_value(stated, is_number=spec.type == "number"))
        mine = [_in_field(term, spec) for term in terms if term.figure is not None or spec.type != "number"]
        if self.readings.is_english and not self.readings.is_of_another(stated):
            return mine
        return [found for term in mine if (found := self._translated(term, stated))]

    def _translated(self, term: Sought, stated: str) -> Sought | None:
        """A term whose source is in another language: plain words may be names there by another word, or no names at all."""
        marked = _may_be_translated(term)
        if marked is term:
            return term
        opens = stated.startswith(term.text) and " " not in term.text
        if (
            self.readings.is_english
            and not self.whole.holds(term)
            and (opens or self.readings.writes_nouns_large(stated))
        ):
            return None
        if opens and not self.whole.holds(term) and is_english_word(fold(term.text)):
            return None
        return marked

    def ground(self, spec: FieldSpec, stated: str, evidence: Iterable[Evidence], own: Sequence[str]) -> _Near:
        """The quoted sentences, the headings and captions over them, and the source's names."""
        quoted = [quote.sentence for quote in map(self._quoter.quote, evidence) if quote.words and quote.sentence]
        rows = [found for found in map(self._text.row, quoted) if found]
        sections = sorted({sentence.section for sentence in quoted})
        captions = dict.fromkeys(table.caption for table, _ in rows)
        names = [*(self._paths[section] for section in sections), self._text.title or "", *own, *captions]
        units = {unit for sentence in quoted for number in self._around(sentence) for unit in self._units(number)}
        words = [self._text.quote(sentence) for sentence in quoted if sentence.kind != "row"]
        words += [around for _, row in rows for around in words_around(row)]
        cells = cited_cells([row for _, row in rows], spec, stated, own)
        named = (Searchable(map(self.said, names)),)

        def of(*texts: str) -> Ground:
            return Ground(
                Searchable(map(self.said, texts)), self.usage, named, frozenset(units), not self.readings.is_english
            )

        meant = of(*words, *cells.meant)
        mine = [without_others(text) for text in words]
        is_mine = mine == words or names_others(f"{spec.heading} {stated}", words)
        own_ground = None if is_mine else of(*mine, *cells.meant)
        return _Near(meant, of(*words, *cells.meant, *cells.others) if cells.others else meant, own_ground, cells.meant)

    def said(self, words: str) -> Parsed:
        """Words of the text, prepared once for all values that cite them."""
        if words not in self._said:
            self._said[words] = Parsed.of(words, self.readings.of(words))
        return self._said[words]

    @cached_property
    def _said(self) -> dict[str, Parsed]:
        return {}

    def cited(self, prose: Sequence[str], cells: Sequence[str]) -> CitedWords:
        with_units = tuple(self.said(cell_with_unit(cell)) for cell in cells)
        return CitedWords(tuple(prose), tuple(map(self.said, prose)), self.whole.said.holds, self.readings, with_units)

    def prose(self, evidence: Iterable[Evidence]) -> list[str]:
        """The words of the quoted sentences, without rows of tables."""
        quotes = map(self._quoter.quote, evidence)
        return [quote.words for quote in quotes if quote.words and quote.sentence and quote.sentence.kind != "row"]

    def all_prose(self) -> Iterator[str]:
        """The words of all sentences, without rows of tables."""
        return (self._text.quote(sentence) for sentence in self._text.sentences if sentence.kind != "row")

    def _around(self, sentence: Sentence) -> Sequence[int]:
        """The sentences near a quoted one; rows are as far from others as their caption is."""
        found = self._text.row(sentence)
        at = bisect_left(self._prose, found[0].first if found else sentence.number)
        return self._prose[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]

    @cached_property
    def _prose(self) -> list[int]:
        return [sentence.number for sentence in self._text.sentences if sentence.kind != "row"]

    def _units(self, number: int) -> frozenset[str]:
        if number not in self._told:
            quote = self._text.quote(self._text.sentences[number - 1])
            self._told[number] = frozenset(Searchable([self.said(quote)]).units)
        return self._told[number]

    @cached_property
    def _told(self) -> dict[int, frozenset[str]]:
        return {}


@dataclass(frozen=True, eq=False, slots=True)
class _BySha256:
    """A text as a dictionary key, compared by its hash."""

    text: PaperText

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _BySha256) and _key(self.text) == _key(other.text)

    def __hash__(self) -> int:
        return hash(_key(self.text))


def _key(text: PaperText) -> tuple[object, ...]:
    """The hash covers pages and sentences; headings and the title are compared as they are."""
    return text.sha256, text.title, text.sections


@lru_cache(maxsize=4)
def _source_of(text: _BySha256) -> _Source:
    return _Source(text.text)


def readings_of(text: PaperText) -> Readings:
    """How the sentences of a text are read."""
    return _source_of(_BySha256(text)).readings
