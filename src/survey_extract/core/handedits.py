"""A README and the rows that would be rendered go in, the cells a person changed by hand come out.

People edit the generated table; that is how lists live. No trace is stored to
tell an edit from a stale cell: a text that the cell ever had (an answer, a
decision, a title of its documents) is stale, any other was written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey_extract.core.identifiers import parse_identity
from survey_extract.core.listing import ListedRow, Unreadable, parse_list
from survey_extract.core.readme import BEGIN, END, Row, shown_text, split
from survey_extract.core.schema import asked_fields
from survey_extract.errors import BadSources


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A cell that a person wrote into the README; ``field`` is "title" for the title."""

    key: str
    field: str
    text: str
    line: int


def hand_edits(
    readme: str, rows: Sequence[Row], known: Mapping[tuple[str, str], frozenset[str]]
) -> tuple[tuple[HandEdit, ...], tuple[Unreadable, ...]]:
    """Edits by hand, and what stands in the table and cannot be read.

    ``known`` holds, by (key, field), every text that the cell ever had.
    """
    before, after = split(readme)
    start = before.count("\n")
    listed, bad = parse_list(readme[len(before) + len(BEGIN) : len(readme) - len(after) - len(END)])
    found: list[HandEdit] = []
    unreadable = [Unreadable(item.line + start, item.why) for item in bad]
    by_link = {row.link: row for row in rows}
    for item in listed:
        row = by_link.get(item.link)
        key = row.key if row else _key(item.link)
        if key is None or (row is None and not any(k == key for k, _ in known)):
            unreadable.append(
                Unreadable(item.line + start, f"the row {item.name!r} ({item.link}) is no source of this survey")
            )
            continue
        found += _edits(key, item, row, known, start)
    return tuple(found), tuple(unreadable)


def _edits(
    key: str, item: ListedRow, row: Row | None, known: Mapping[tuple[str, str], frozenset[str]], start: int
) -> list[HandEdit]:
    stands = {"title": shown_text(row.title)} if row else {}
    if row:
        stands |= {spec.name: shown_text(text or "") for spec, text in zip(asked_fields(), row.cells, strict=True)}
    texts = (("title", item.title), *item.cells)
    return [
        HandEdit(key, name, text, item.line + start)
        for name, text in texts
        if text != stands.get(name, "") and text not in known.get((key, name), frozenset())
    ]


def _key(link: str) -> str | None:
    try:
        return parse_identity(link).key
    except BadSources:
        return None
