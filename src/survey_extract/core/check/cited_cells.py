"""Rows that an answer cites, its value and its field's words go in; the cells whose figures the value may have come out.

A row has many figures, and one under another header is the likeliest mistake
of whoever reads a table. So a figure is looked for in one cell, and the value
or the field must be about that cell: by its header or its row's label, and by
no other header of the row more than by its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.fields import FieldSpec
from survey_extract.core.tables.table import Cell, Row, cell_words, label_words

_WORD = re.compile(r"[^\W_]+(?:[-\u2010\u2011@/.+][^\W_]+)*")
_PART = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_ASIDE = re.compile(r"\([^()]{0,80}\)")
_OWN = frozenset(["our", "ours"])
"""Words of a label that say the row is the document's own."""


@dataclass(frozen=True, slots=True)
class CitedCells:
    """The cells of cited rows: those that the value may be about, and those that it is not about."""

    meant: tuple[str, ...]
    others: tuple[str, ...]


def cited_cells(rows: Iterable[Row], spec: FieldSpec, stated: str, own: Sequence[str]) -> CitedCells:
    """Part the cells of rows, each as its words with its headers; ``own`` are the source's names.

    A cell is not meant where the value names another cell of the row by all
    words by which it names this one, and by more.
    """
    said = _bag(" ".join((stated, spec.heading, spec.unit or "")))
    known = said | _bag(" ".join((spec.instruction, *(name for name, _ in spec.units))))
    names = known | _bag(" ".join(own)) | _OWN
    meant: list[str] = []
    others: list[str] = []
    for row in rows:
        is_row = _names(row.label, names) or _names(row.group or "", names)
        named = frozenset(_said_of(cell, said) for cell in row.cells if _is_named(cell, said))
        for cell in row.cells:
            is_outdone = any(_said_of(cell, said) < other for other in named)
            is_meant = not is_outdone and (is_row or _is_named(cell, known))
            (meant if is_meant else others).append(cell_words(cell))
    return CitedCells(tuple(meant), tuple(others))


def is_about(cell: Cell, row: Row, spec: FieldSpec) -> bool:
    """Whether a header over a cell, or the label of its row, names a field by its heading, name, or question."""
    known = _bag(" ".join((spec.heading, spec.name.replace("_", " "), spec.instruction)))
    return _is_named(cell, known) or _names(row.label, known) or _names(row.group or "", known)


def words_around(row: Row) -> Iterator[str]:
    """What a row says besides its values: its label, and its headers."""
    yield label_words(row)
    yield from (header for cell in row.cells for header in cell.header)


def _is_named(cell: Cell, known: frozenset[str]) -> bool:
    """Whether some words name one of the headers over a cell."""
    return any(_names(header, known) for header in cell.header)


def _said_of(cell: Cell, said: frozenset[str]) -> frozenset[str]:
    """The words of a cell's headers that are said."""
    return said.intersection(_words(" ".join(cell.header)))


def _names(header: str, known: frozenset[str]) -> bool:
    """Whether at least half of a header's words are known; what stands in brackets counts where there is nothing else."""
    found = _words(_ASIDE.sub(" ", header)) or _words(header)
    return bool(found) and 2 * sum(word in known for word in found) >= len(found)


def _bag(text: str) -> frozenset[str]:
    """The words of a text, compounds whole and by their parts; a figure is whole."""
    parts = (_single(part) for part in _PART.findall(text.casefold()))
    return frozenset((*_words(text), *parts))


def _words(text: str) -> list[str]:
    return [_single("".join(filter(str.isalnum, word))) for word in _WORD.findall(text.casefold())]


def _single(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word
