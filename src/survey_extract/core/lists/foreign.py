"""The tables of a list of any form go in; its rows with their sources and values come out, and what cannot be read, with lines.

Which columns there are, and in what order, is the list's own matter (``headings.py``).
A row needs a source: in a column of its own, or as the link of its title or name.
What cannot be read is named by column, row or cell, so that the rest can still be had.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from survey_extract.core.fields import LABELS, TITLE, Fields, FieldSpec, letters
from survey_extract.core.inputs.identifiers import parse_identity
from survey_extract.core.lists.headings import SOURCES, ListColumn, Meant, columns_of, faults
from survey_extract.core.lists.read import ListedRow, Unreadable, is_heading, upright
from survey_extract.core.plural import count_of
from survey_extract.core.reading.markup import Leaf, Table, folded
from survey_extract.core.records import Value
from survey_extract.errors import BadSources

SILENT = frozenset({"", "-", "--", "---", "–", "—", "−", "?", "n/a", "n.a."})
"""Cells that say nothing, in small letters."""
_MARKS = {"true": "yes", "y": "yes", "✓": "yes", "✔": "yes", "✔️": "yes", "✅": "yes", ":white_check_mark:": "yes"} | {
    "false": "no", "n": "no", "✗": "no", "✘": "no", "✖": "no", "✖️": "no", "❌": "no", ":x:": "no"
}  # fmt: skip
"""What lists have in columns of yes and no."""
_LINK = re.compile(r"\[(?P<label>[^\[\]]*)\]\((?P<link>[^()\s]*)\)")
"""A whole cell that is a link in Markdown, as people keep it in CSV, too."""
_DOI = re.compile(r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<id>.+)", re.IGNORECASE)


class CellText(NamedTuple):
    """What a cell says of a field: None is "not reported"."""

    field: str
    value: Value
    leaf: Leaf


class ForeignRow(NamedTuple):
    """A row, and what its cells say; what says nothing, and what is no value of its field, is counted."""

    row: ListedRow
    said: tuple[CellText, ...] = ()
    silent: int = 0
    misfits: int = 0


@dataclass(slots=True)
class ForeignRows:
    """The rows of a list, and what could not be read. ``tables`` are the columns of each table, ``passed_over`` what is none of it."""

    rows: list[ForeignRow] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    tables: list[list[ListColumn]] = field(default_factory=list)
    passed_over: list[tuple[int, str]] = field(default_factory=list)


def foreign_rows(tables: Iterable[Table], fields: Fields, meant: Meant) -> ForeignRows:
    """All rows of these tables, in the order in which they are given."""
    found = ForeignRows()
    for table in tables:
        right = upright(table)
        if isinstance(right, Unreadable):
            found.unreadable.append(right)
        else:
            _read_table(right, fields, meant, found)
    found.unreadable = _each_once(found.unreadable)
    return found


def _each_once(unreadable: Sequence[Unreadable]) -> list[Unreadable]:
    """A column that several tables have, named where it first occurs."""
    first: dict[str, Unreadable] = {}
    for item in unreadable:
        first.setdefault(item.why if item.why.startswith("the heading") else f"{item.line}: {item.why}", item)
    return list(first.values())


def _read_table(table: Table, fields: Fields, meant: Meant, found: ForeignRows) -> None:
    filled = [row for row in table.rows if row]
    head = next((row for row in filled if is_heading(row)), None)
    body = [row for row in filled if not is_heading(row)]
    if head is None or not body:
        why = "row under its headings" if head else "row of headings (<th>)"
        found.unreadable.append(Unreadable(table.line, f"the table has no {why}"))
        return
    columns = columns_of(head, fields, meant)
    found.tables.append(columns)
    found.unreadable += faults(_with_words(columns, body), fields)
    alone = table.name if len(body) == 1 else ""
    is_meant = any(column.part == "source" for column in columns) or all(c.part != "unknown" for c in columns)
    lost = 0
    for cells in body:
        row = _row(columns, cells, alone)
        if isinstance(row, Unreadable) and not is_meant and len(cells) == len(columns):
            lost += 1  # it follows from the headings, of which one may be that of the sources
            continue
        if isinstance(row, Unreadable):
            found.unreadable.append(row)
            continue
        said = list(_said(columns, cells, row.title))
        misfits = [item for item in said if isinstance(item, Unreadable)]
        found.unreadable += misfits
        texts = tuple(item for item in said if isinstance(item, CellText))
        silent = sum(isinstance(column.part, FieldSpec) for column in columns) - len(said)
        found.rows.append(ForeignRow(row, texts, silent, len(misfits)))
    if lost:
        why = f'{count_of(lost, "row")} without a source, since no column is known to hold it: --column "HEADING=source" says which'
        found.unreadable.append(Unreadable(head[0].line, why))


def _with_words(columns: Sequence[ListColumn], body: Sequence[Sequence[Leaf]]) -> list[ListColumn]:
    """The columns without those that have neither a heading nor a word."""
    return [c for at, c in enumerate(columns) if c.heading.text or any(row[at].text for row in body if at < len(row))]


# --- a row ----------------------------------------------------------------------------------------


def _row(columns: Sequence[ListColumn], cells: Sequence[Leaf], alone: str) -> ListedRow | Unreadable:
    line = cells[0].line
    if len(cells) != len(columns):
        return Unreadable(line, f"{count_of(len(cells), 'cell')} under {count_of(len(columns), 'heading')}")
    pairs = list(zip(columns, cells, strict=True))
    title, title_link = next((linked(cell) for column, cell in pairs if column.part == TITLE), ("", None))
    name, name_link = next((linked(cell) for column, cell in pairs if column.part == "name"), ("", None))
    name = name or alone or title
    source = _source(pairs, [link for link in (title_link, name_link) if link])
    if source is None:
        said = repr(name or cells[0].text)
        return Unreadable(line, f"{said} has no source: none in a column {', '.join(SOURCES[:3])}, paper, doi or link, and no link in its title or name")  # fmt: skip
    return ListedRow(name, title, source, (), line)


def _source(pairs: Sequence[tuple[ListColumn, Leaf]], links: Sequence[str]) -> str | None:
    """The first source that a row names, by the order of ``SOURCES``; what is none of our forms, where it names no better."""
    own = sorted((pair for pair in pairs if pair[0].part == "source"), key=_rank)
    words = [as_source(word) for _, cell in own for word in _words_of(cell)]
    words += [as_source(link) for link in links]
    return next(filter(_is_source, words), next(iter(words), None))


def _rank(pair: tuple[ListColumn, Leaf]) -> int:
    key = letters(pair[0].heading.text)
    return SOURCES.index(key) if key in SOURCES else -1


def _words_of(cell: Leaf) -> list[str]:
    text, link = linked(cell)
    return [word for word in (link, text) if word and word.casefold() not in SILENT]


def as_source(text: str) -> str:
    """A source as people write it, as sources.csv has it: a DOI as its address, arXiv's DOIs as arXiv's ids."""
    doi = _DOI.fullmatch(text.strip())
    if doi is None:
        return text.strip()
    arxiv = _ARXIV_DOI.fullmatch(doi["doi"])
    return arxiv["id"] if arxiv else f"https://doi.org/{doi['doi']}"


def _is_source(text: str) -> bool:
    try:
        parse_identity(text)
    except BadSources:
        return False
    return True


def linked(cell: Leaf) -> tuple[str, str | None]:
    """The words of a title or name, and where they lead."""
    text = folded(cell.own)
    if cell.link:
        return text, cell.link.strip()
    whole = _LINK.fullmatch(text)
    return (whole["label"].strip(), whole["link"]) if whole else (text, None)


# --- its cells --------------------------------------------------------------------------------------


def _said(columns: Sequence[ListColumn], cells: Sequence[Leaf], title: str) -> Iterator[CellText | Unreadable]:
    for column, cell in zip(columns, cells, strict=True):
        spec = column.part
        if not isinstance(spec, FieldSpec):
            continue
        if spec == TITLE:
            if title.casefold() not in SILENT:
                yield CellText(spec.name, title, cell)
        elif cell.says_not_reported:
            yield CellText(spec.name, None, cell)
        elif not _is_silent(spec, text := folded(cell.own)):
            value = _value(spec, text)
            why = spec.misfit(value)
            yield Unreadable(cell.line, f"{spec.name}: {why}") if why else CellText(spec.name, value, cell)


def _is_silent(spec: FieldSpec, text: str) -> bool:
    return text.casefold() in SILENT and spec.option(text) not in spec.allowed


def _value(spec: FieldSpec, text: str) -> Value:
    if spec.is_list and (listed := _json_list(text)):
        return spec.value_of(", ".join(listed)) if spec.type in LABELS else listed
    if spec.is_list and (parts := _by_semicolons(text)):
        return parts if spec.type not in LABELS else spec.value_of(", ".join(parts))
    if spec.type == "yes_no":
        text = _MARKS.get(text.casefold(), text)
    return spec.value_of(text)


def _by_semicolons(text: str) -> tuple[str, ...]:
    """The items between semicolons that stand in no bracket; none where there is no such semicolon.

    Where commas stand beside them, in brackets or not, they part the items, as in our own README.
    """
    parts, depth = [""], 0
    for char in text:
        depth = max(0, depth + (char in "([") - (char in ")]"))
        if char == ";" and not depth:
            parts.append("")
        else:
            parts[-1] += char
    if len(parts) == 1 or any("," in part for part in parts):
        return ()
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _json_list(text: str) -> tuple[str, ...]:
    """The names of a list as ``export --format csv`` writes it; none for any other text."""
    if not text.startswith('["'):
        return ()
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(listed) if isinstance(listed, list) and all(isinstance(item, str) for item in listed) else ()
