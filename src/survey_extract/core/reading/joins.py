"""The texts of a document's pages and its ``PaperText`` go in, the sentences that were never there come out.

Comparing our text with itself proves nothing about the page. A reader gives
the characters of a page one after the other, and a sentence is a run of them,
white space and hyphens aside. It may be broken by a column, a page or a float
only, and by a formula or code where the sentence itself says so: then all that comes
between its parts is known to be something else. A row of a table is checked
cell by cell (``core/tables/printed.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from survey_extract.core.accents import folded as unaccented
from survey_extract.core.fingerprint import sha256_of
from survey_extract.core.paper_text import PaperText, Sentence, SentenceKind
from survey_extract.core.plural import count_of
from survey_extract.core.raised import with_plain_figures
from survey_extract.core.reading.fractions import unbarred
from survey_extract.core.reading.plain_text import HYPHEN_MARK, clean
from survey_extract.core.reading.sentences import LEFT_OUT
from survey_extract.core.tables.printed import Printed
from survey_extract.core.tables.table import Table

_HYPHENS = ("-", "\u2010", "\u2011", HYPHEN_MARK)
_FLOATS: frozenset[SentenceKind] = frozenset({"caption", "inset", "note", "reference", "front"})
"""Kinds that may stand between two parts of a sentence."""
_MARKS_A_FLOAT: frozenset[SentenceKind] = frozenset({"caption", "inset"})
"""Kinds by which what is left of a table or figure is known to be that."""
FLOAT_PAGES = 4
"""Pages of floats alone that a sentence may run over."""
NEAR, LEAST = 12, 3
"""Folded characters that may be left out at once, as signs that nobody sees, and that must follow them."""
PARTS, TRIES = 40, 200
"""Parts of a sentence, and places where a run may stand, that are looked at: more of them are no honest page's."""
ENOUGH = 8
"""Folded characters of a part that are not found somewhere else by chance."""


@dataclass(frozen=True, slots=True)
class FalseRun:
    """A sentence that is not a run of its page, and what stands between two of its parts; of a row, what the page lacks."""

    sentence: Sentence
    between: str


def false_runs(pages: Sequence[str], text: PaperText) -> tuple[FalseRun, ...]:
    """The citable sentences of a text that are no run of its pages, and break where nothing allows it.

    ``pages`` are the characters of each page in the order in which the file
    draws them. Time grows with their number.
    """
    return (*_Pages(pages, text).false_runs(), *_false_rows(pages, text))


def false_numbers(text: PaperText, pages: Sequence[str]) -> frozenset[int]:
    """The numbers of those sentences; none of a document without pages, which is its own text."""
    return frozenset(run.sentence.number for run in false_runs(pages, text)) if pages else frozenset()


def _false_rows(pages: Sequence[str], text: PaperText) -> Iterator[FalseRun]:
    """The rows of tables of which a cell, a header or the label is not on the page."""
    for table in text.tables:
        printed = Printed(pages[table.page - 1] if table.page <= len(pages) else "")
        for number, row in table.numbered():
            if lacking := printed.lacks(row):
                yield FalseRun(text.sentences[number - 1], lacking)


def without_false_rows(pages: Sequence[str], tables: Iterable[Table]) -> list[Table]:
    """The tables without the rows that their pages do not hold as read; they count as abstained."""
    found, known = list[Table](), dict[int, Printed]()
    for table in tables:
        printed = known.setdefault(table.page, Printed(pages[table.page - 1]))
        kept = tuple(row for row in table.rows if not printed.lacks(row))
        found.append(replace(table, rows=kept, abstained=table.abstained + len(table.rows) - len(kept)))
    return found


def without_false_runs(pages: Sequence[str], text: PaperText) -> PaperText:
    """A text in which no sentence may be cited that is not a run of its pages: such a one is called debris.

    A reader ends with this, so that its own mistakes are never shown as quotes.
    """
    false = {run.sentence.number for run in false_runs(pages, text)}
    if not false:
        return text
    sentences = tuple(replace(s, kind="debris") if s.number in false else s for s in text.sentences)
    text = replace(text, sentences=sentences)
    note = f"{count_of(len(false), 'sentence')} kept out: the page does not hold {'it' if len(false) == 1 else 'them'} as read"
    return replace(text, sha256=sha256_of(text), notes=(*text.notes, note))


def _shared(left: str, whole: str, start: int) -> int:
    """How many characters ``left`` has in common with what stands at a place."""
    end = min(len(left), len(whole) - start)
    return next((at for at in range(end) if left[at] != whole[start + at]), end)


def _folded(text: str) -> str:
    """A clean text without white space, hyphens, bars and accents, which may be signs of their own; raised figures are plain."""
    text = unbarred(with_plain_figures(unaccented("".join(text.split()))))
    for hyphen in _HYPHENS:
        text = text.replace(hyphen, "")
    return text


class _Part(NamedTuple):
    """A run of a page, in folded characters; ``behind_formula`` says that the sentence marks one before it."""

    page: int
    start: int
    end: int
    behind_formula: bool = False


class _Pages:
    """The pages of a document, each character with the number of the sentence that it is part of, 0 for none."""

    def __init__(self, pages: Sequence[str], text: PaperText) -> None:
        self._text = text
        self._printed = pages
        self._held: dict[int, tuple[str, list[int]]] = {}
        self._quotes: dict[int, str] = {}
        self._tried: dict[tuple[int, str], int] = {}
        self._ends: dict[int, _Part] = {}

    def _page(self, index: int) -> tuple[str, list[int]]:
        """The folded characters of a page and their owners; made when first asked for, as of lists of references never."""
        if index not in self._held:
            page = _folded(clean(self._printed[index]))
            self._held[index] = page, [0] * len(page)
        return self._held[index]

    def false_runs(self) -> Iterator[FalseRun]:
        """Each in reading order. Most sentences are runs; what stands around them is looked at for the others alone."""
        suspects = [s for s in self._text.citable() if s.kind != "row" and not self._is_there(s)]
        if not suspects:
            return
        parts = self._laid_out({s.page + ahead for s in suspects for ahead in range(FLOAT_PAGES + 2)})
        for sentence in suspects:
            between = self._fault(sentence, parts.get(sentence.number, ()))
            if between is not None:
                yield FalseRun(sentence, between)

    def _is_there(self, sentence: Sentence) -> bool:
        page = sentence.page - 1
        return page < len(self._printed) and self._quote(sentence) in self._page(page)[0]

    def _quote(self, sentence: Sentence) -> str:
        """The folded characters of a sentence."""
        if sentence.number not in self._quotes:
            self._quotes[sentence.number] = _folded(self._text.quote(sentence))
        return self._quotes[sentence.number]

    def _laid_out(self, pages: set[int]) -> dict[int, list[_Part]]:
        """Give each character of these pages to its sentence, the longest first; the parts of those that are broken."""
        read = (s for s in self._text.sentences if s.page in pages and s.kind != "row")
        sentences = sorted(read, key=lambda s: -s.size)
        broken = sorted((s for s in sentences if not self._is_run(s)), key=lambda s: s.number)
        parts = {sentence.number: list(self._parts(sentence)) for sentence in broken}
        for sentence in broken:
            for part in parts[sentence.number]:
                self._own(part, sentence)
        return parts

    def _is_run(self, sentence: Sentence) -> bool:
        """Whether a sentence is a run of its page, whose characters are then its own."""
        page, quote = sentence.page - 1, self._quote(sentence)
        if not quote or page >= len(self._printed):
            return not quote
        whole, owners = self._page(page)
        at, tries = whole.find(quote, self._tried.get((page, quote), 0)), 0
        while at >= 0 and (owners[at] or owners[at + len(quote) - 1]) and tries < TRIES:
            at, tries = whole.find(quote, at + 1), tries + 1
        if at < 0 or tries == TRIES:
            return False
        self._tried[page, quote] = at + 1
        self._own(_Part(page, at, at + len(quote)), sentence)
        return True

    def _own(self, part: _Part, sentence: Sentence) -> None:
        self._page(part.page)[1][part.start : part.end] = [sentence.number] * (part.end - part.start)
        self._ends[sentence.number] = part

    def _parts(self, sentence: Sentence) -> Iterator[_Part]:
        """The runs that a sentence consists of, in its order; a part that is nowhere, or one too many, has no length."""
        count = 0
        page, at = sentence.page - 1, self._behind(sentence)
        for number, piece in enumerate(LEFT_OUT.split(self._text.quote(sentence))):
            left, is_first = _folded(piece), number > 0
            while left:
                count += 1
                if count > PARTS:
                    yield _Part(page, at, at)
                    return
                part = self._longest(left, page, at)
                yield part._replace(behind_formula=is_first)
                page, at, is_first = part.page, part.end, False
                left = left[max(1, part.end - part.start) :]

    def _behind(self, sentence: Sentence) -> int:
        """Where the sentence before it ends on its page: its own begin, if short, may stand on the page before that, too."""
        number = sentence.number - 1
        while number and self._text.sentences[number - 1].kind == "row":
            number -= 1
        before = self._ends.get(number)
        return before.end if before is not None and before.page == sentence.page - 1 else 0

    def _longest(self, left: str, page: int, at: int) -> _Part:
        """The longest beginning of ``left`` that stands right behind a place, else anywhere behind it or before."""
        best = _Part(page, at, at)
        ahead = ((page + number, 0) for number in range(1, FLOAT_PAGES + 2))
        for where, start in ((page, at), *ahead, (page, 0)):
            if where < len(self._printed):
                found = self._beginning(left, where, start)
                if found.end - found.start > best.end - best.start:
                    best = found
                if best.end - best.start >= min(len(left), ENOUGH):
                    break
        near = self._near(left, page, at) if best.end - best.start < len(left) else best
        return near if near.end > near.start else best

    def _near(self, left: str, page: int, at: int) -> _Part:
        """The longest beginning of ``left`` that stands within a few characters: a sign or a mark was left out."""
        whole, best = self._page(page)[0], _Part(page, at, at)
        for start in range(at, min(at + NEAR, len(whole))) if at else ():
            length = _shared(left, whole, start)
            if length > max(best.end - best.start, min(len(left), LEAST) - 1):
                best = _Part(page, start, start + length)
        return best

    def _beginning(self, left: str, page: int, start: int) -> _Part:
        """The longest beginning of ``left`` that stands on a page behind a place, by halving."""
        whole, low, high = self._page(page)[0], 0, len(left)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if whole.find(left[:middle], start) >= 0 else (low, middle - 1)
        at = whole.find(left[:low], start)
        return _Part(page, at, at + low)

    # --- what stands between --------------------------------------------------------------------------

    def _fault(self, sentence: Sentence, parts: Sequence[_Part]) -> str | None:
        """What stands between two parts of a sentence and may not; None when there is nothing."""
        if any(part.start == part.end for part in parts):
            return ""
        for last, part in pairwise(parts):
            for stretch in self._stretches(last, part):
                if not self._may_stand(stretch, sentence, is_formula=part.behind_formula):
                    return self._page(stretch.page)[0][stretch.start : stretch.end]
        return None

    def _stretches(self, last: _Part, part: _Part) -> Iterator[_Part]:
        """What the file draws between two parts; of one that it draws before the other, what lies around them."""
        if last.page == part.page:
            yield _Part(last.page, min(last.end, part.end), max(last.start, part.start))
            return
        yield _Part(last.page, last.end, len(self._page(last.page)[0]))
        for page in range(last.page + 1, part.page):
            yield _Part(page, 0, len(self._page(page)[0]))
        yield _Part(part.page, 0, part.start)

    def _may_stand(self, stretch: _Part, sentence: Sentence, *, is_formula: bool) -> bool:
        """Whether a stretch holds floats and the dress of the page alone, and a formula where one is marked."""
        owners = set(self._page(stretch.page)[1][stretch.start : stretch.end]) - {0, sentence.number}
        kinds = {self._text.sentences[number - 1].kind for number in owners}
        if is_formula:
            kinds -= {"formula"}
        if kinds & _MARKS_A_FLOAT or is_formula:
            kinds -= {"debris"}
        return kinds <= _FLOATS
