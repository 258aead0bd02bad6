"""The DuckDB file and the files as they stand go in, the README and its pages made anew come out; edits by hand are never lost.

GitHub shows no README of more than 500,000 bytes whole. Near that limit the
table is split into pages, one a source, and the README keeps their index.
"""

from __future__ import annotations

from collections.abc import Mapping

from survey_extract.core.handedits import HandEdit, hand_edits
from survey_extract.core.listing import Unreadable, parse_list
from survey_extract.core.ports import Warehouse
from survey_extract.core.readme import README, Row, from_page, page_name, render, render_index, render_page
from survey_extract.errors import HandEdits

NEAR = 0.95
"""Share of the limit from which on the table is split, so that the author's own text may grow."""


def rendered(
    files: Mapping[str, str], warehouse: Warehouse, publish: str, *, limit: int, force: bool = False
) -> dict[str, str]:
    """The README, and the pages if it is split, by name. ``files`` are those that stand now; one that is missing is to go.

    Raises:
        HandEdits: a table holds edits that would be lost; ``force`` loses them.
        MissingQuotes: words of a published cell are neither in the cache nor in the files.
    """
    rows = warehouse.published(shown_in(files))
    if not force:
        _refuse_hand_edits(files, rows, warehouse)
    rule = "every cell of a source is decided" if publish == "reviewed" else "a source is read"
    whole = render(files[README], rows, f"No row is published yet: a row appears when {rule}.")
    if len(whole.encode()) <= NEAR * limit:
        return {README: whole}
    return {README: render_index(files[README], rows)} | {page_name(row.key): render_page(row) for row in rows}


def shown_in(files: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """By link and field, what the tables of these files say: words that the cache has lost stand there still."""
    shown: dict[tuple[str, str], str] = {}
    for name, text in files.items():
        for row in parse_list(text)[0]:
            link = row.link if name == README else row.link.removeprefix("../../")
            shown |= {(link, field): words for field, words in row.cells}
    return shown


def edits_in(
    name: str, text: str, rows: list[Row], warehouse: Warehouse
) -> tuple[tuple[HandEdit, ...], tuple[Unreadable, ...]]:
    """The edits by hand in the README or in one of its pages."""
    here = rows if name == README else [from_page(row) for row in rows]
    return hand_edits(text, here, warehouse.known_texts())


def _refuse_hand_edits(files: Mapping[str, str], rows: list[Row], warehouse: Warehouse) -> None:
    found: list[tuple[str, HandEdit]] = []
    for name, text in files.items():
        edits, unreadable = edits_in(name, text, rows, warehouse)
        if unreadable:
            raise HandEdits(
                f"{name}:{unreadable[0].line}: {unreadable[0].why}; mend it, or `survey-extract render --force` makes the table anew"
            )
        found += ((name, edit) for edit in edits)
    if found:
        cells = "; ".join(f"{name}:{edit.line}: {edit.field} of {edit.key}" for name, edit in found[:8])
        more = f" and {len(found) - 8} more" if len(found) > 8 else ""
        names = " ".join(dict.fromkeys(name for name, _ in found))
        raise HandEdits(
            f"edited by hand and not imported: {cells}{more}. `survey-extract import {names.split()[0]}` keeps the edits as decisions, "
            "`survey-extract render --force` loses them"
        )
