"""The text of a document: its pages, its sections, its numbered sentences and its tables, as every reader gives them.

Sentences are pointers into their pages, so that a quote is always cut from the text and never retyped. What a text says
is named by its hash (``fingerprint.py``).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

from survey_extract.core.tables.table import Row, Table, row_sentence

SentenceKind = Literal["body", "caption", "note", "row", "heading", "reference", "debris", "front", "inset", "formula"]
"""What a sentence is.

``row`` is a row of a table, with each value under its header. ``inset`` is text that stands apart from the running text: in figures,
dialogues, prompts, sample outputs, code, algorithms and tables. ``formula``
stands on lines of its own; ``debris`` is what is left of tables and figures.
"""

CITABLE: frozenset[SentenceKind] = frozenset({"body", "caption", "note", "row"})
"""The kinds that may be evidence."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading; ``first`` is the number of the first sentence under it, ``level`` starts at 1."""

    title: str
    level: int
    page: int
    first: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A numbered sentence: ``start`` and ``end`` are character offsets in the text of ``page``.

    Numbers and pages count from 1. A sentence that runs over a page break
    belongs, whole, to the page on which it begins. A row's offsets lie after the
    end of the page's text: its words are made of its cells.
    """

    number: int
    page: int
    start: int
    end: int
    kind: SentenceKind
    section: int


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """What a file's own metadata say of it, as far as they can be meant: checked by nobody. ``date`` is an ISO day, month or year."""

    authors: tuple[str, ...] = ()
    date: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class PaperText:
    """The text of a document. A page's text is its sentences, joined by single line feeds.

    ``sections[0]`` is what stands before the first heading. ``paragraphs`` and ``items`` are the numbers of the sentences that
    begin a paragraph or an item of a list. ``fragments`` are text fragments by the number of the sentence that they lead a
    browser to on its web page. The rows of ``tables`` are sentences, in their order.

    ``sha256`` covers pages, sentences and the words of rows. It does not cover the reader's name, so that a new reader which
    reads the same text changes nothing, nor paragraphs, items, fragments and what the file states of itself, which older texts lack.
    """

    reader: str
    title: str | None
    pages: tuple[str, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    sha256: str
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is recorded and is no reason to warn."""
    arxiv: str | None = None
    """The arXiv id that is printed in the margin of the first page."""
    fragments: tuple[tuple[int, str], ...] = ()
    paragraphs: tuple[int, ...] = ()
    items: tuple[int, ...] = ()
    tables: tuple[Table, ...] = ()
    stated: StatedFacts = StatedFacts()

    def quote(self, sentence: Sentence) -> str:
        """The words of a sentence, cut from its page; of a row, made of its cells."""
        if (found := self.row(sentence)) is not None:
            return row_sentence(*found)
        return self.pages[sentence.page - 1][sentence.start : sentence.end]

    def citable(self) -> tuple[Sentence, ...]:
        """The sentences that may be evidence, in reading order."""
        return tuple(s for s in self.sentences if s.kind in CITABLE)

    def prose(self) -> tuple[Sentence, ...]:
        """The citable sentences that were written as such: all but rows."""
        return tuple(s for s in self.citable() if s.kind != "row")

    def section_paths(self) -> list[str]:
        """The title of each section after those of the sections it stands in: what "Related work" says of its parts."""
        paths: list[str] = []
        above: list[Section] = []
        for section in self.sections:
            while above and above[-1].level >= section.level:
                above.pop()
            above.append(section)
            paths.append(" > ".join(part.title for part in above))
        return paths

    def row(self, sentence: Sentence) -> tuple[Table, Row] | None:
        """The table and the row that a sentence is; None for one that is not a row, or of a text that somebody garbled."""
        if sentence.kind != "row":
            return None
        at = bisect_right(self.tables, sentence.number, key=lambda table: table.first) - 1
        place = sentence.number - self.tables[at].first if at >= 0 else -1
        if not 0 <= place < len(self.tables[at].rows):
            return None
        return self.tables[at], self.tables[at].rows[place]
