"""A text and the tables of its document go in; the text with each row as a numbered sentence under its table's caption comes out.

The pages of a text stay as they were read, and so do the places and words of
its sentences. A row's words are made of its cells and are part of no page: its
place is counted on from the end of its page's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from survey_extract.core.fingerprint import sha256_of
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.tables.table import Table, row_sentence


def with_rows(text: PaperText, tables: Sequence[Table]) -> PaperText:
    """The text with the rows of its tables as sentences of the kind ``row``; they are numbered with all others."""
    return with_rows_at(text, tuple(_placed(text, tables)))


def with_rows_at(text: PaperText, placed: Sequence[tuple[int, Table]]) -> PaperText:
    """The same, where it is known which sentence the rows of each table follow, 0 for none."""
    if not placed:
        return text
    placed = sorted(placed, key=lambda item: item[0])
    sentences, numbered, moved, words = _numbered(text, placed)
    rows = [sentence.number for sentence in sentences if sentence.kind == "row"]
    whole = replace(
        text,
        sentences=tuple(sentences),
        tables=tuple(numbered),
        sections=tuple(replace(section, first=moved.get(section.first, section.first)) for section in text.sections),
        paragraphs=tuple(sorted((*(moved[number] for number in text.paragraphs), *rows))),
        items=tuple(moved[number] for number in text.items),
        fragments=tuple((moved[number], fragment) for number, fragment in text.fragments),
    )
    return replace(whole, sha256=sha256_of(whole, words))


def _numbered(
    text: PaperText, placed: Sequence[tuple[int, Table]]
) -> tuple[list[Sentence], list[Table], Mapping[int, int], list[str]]:
    """All sentences in their new order, the tables with their rows' numbers, the new number of each old one, the rows' words."""
    ends = [len(page) + 1 for page in text.pages]
    sentences: list[Sentence] = []
    tables: list[Table] = []
    moved: dict[int, int] = {}
    words: list[str] = []
    waiting = list(placed)
    for number in range(len(text.sentences) + 1):
        if number:
            sentence = text.sentences[number - 1]
            moved[number] = len(sentences) + 1
            sentences.append(sentence if number == moved[number] else _renumbered(sentence, moved[number]))
        while waiting and waiting[0][0] == number:
            table = replace(waiting.pop(0)[1], first=len(sentences) + 1)
            tables.append(table)
            section = sentences[-1].section if sentences else 0
            of_rows = [row_sentence(table, row) for row in table.rows]
            sentences += _rows(table, of_rows, section, ends)
            words += of_rows
    return sentences, tables, moved, words


def _renumbered(sentence: Sentence, number: int) -> Sentence:
    """The same under another number; there are thousands, and ``replace`` takes twice as long."""
    return Sentence(
        number, sentence.page, sentence.start, sentence.end, sentence.kind, sentence.section, sentence.formulas
    )


def _rows(table: Table, words: Sequence[str], section: int, ends: list[int]) -> Iterator[Sentence]:
    """The sentences that a table's rows are; ``ends`` is moved on to where the next row of a page begins."""
    for number, of_row in enumerate(words, start=table.first):
        start = ends[table.page - 1]
        end = start + len(of_row)
        ends[table.page - 1] = end + 1
        yield Sentence(number, table.page, start, end, "row", section)


def without_rows(text: PaperText) -> PaperText:
    """The text as it is without its tables' rows, numbered as if there had never been any."""
    kept = [sentence for sentence in text.sentences if sentence.kind != "row"]
    now = {sentence.number: number for number, sentence in enumerate(kept, start=1)}
    plain = replace(
        text,
        sentences=tuple(replace(sentence, number=now[sentence.number]) for sentence in kept),
        tables=(),
        sections=tuple(replace(section, first=now.get(section.first, section.first)) for section in text.sections),
        paragraphs=tuple(now[number] for number in text.paragraphs if number in now),
        items=tuple(now[number] for number in text.items),
        fragments=tuple((now[number], fragment) for number, fragment in text.fragments if number in now),
    )
    return replace(plain, sha256=sha256_of(plain))


# --- where a table is -------------------------------------------------------------------------


def _placed(text: PaperText, tables: Sequence[Table]) -> Iterator[tuple[int, Table]]:
    """Each table with the number of the sentence that its rows follow: the last of its caption, else of its page."""
    captions: dict[int, list[Sentence]] = {}
    for sentence in text.sentences:
        if sentence.kind == "caption":
            captions.setdefault(sentence.page, []).append(sentence)
    taken: set[int] = set()
    for table in tables:
        begun = [s for s in captions.get(table.page, ()) if s.number not in taken and _opens(text.quote(s), table)]
        taken.update(s.number for s in begun[:1])
        yield (_end_of_caption(text, begun[0].number) if begun else _end_of_page(text, table.page)), table


def _opens(quote: str, table: Table) -> bool:
    """Whether a sentence begins with the label of a table: "Table 4", and not "Table 41"."""
    begin, label = "".join(quote.split()), "".join(table.label.split())
    return begin.startswith(label) and not begin[len(label) : len(label) + 1].isdigit()


def _end_of_caption(text: PaperText, number: int) -> int:
    """The last sentence of the caption that begins with a sentence."""
    begins = frozenset(text.paragraphs)
    page = text.sentences[number - 1].page
    while number < len(text.sentences):
        following = text.sentences[number]
        if following.kind != "caption" or following.page != page or following.number in begins:
            break
        number += 1
    return number


def _end_of_page(text: PaperText, page: int) -> int:
    """The last sentence on a page, or before it."""
    return max((s.number for s in text.sentences if s.page <= page), default=0)
