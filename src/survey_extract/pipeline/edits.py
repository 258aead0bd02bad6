"""The README and its pages as they stand and as they should be go in; what people edited in them comes out, with what keeps it.

Nothing is read that way while every block is as it is made again: only where
one differs, the tables in it are taken apart (``pipeline/render.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from survey_extract.core.lists.handedits import HandEdit, Remedy, WrittenTable, hand_edits, misfit_of
from survey_extract.core.lists.read import ListedRow, parse_list
from survey_extract.core.lists.rendered import Record, RenderedRow, form_of
from survey_extract.core.readme.table import (
    README,
    UP,
    PublishedRow,
    TableForm,
    block_of,
    from_page,
    render_page,
    shown_link,
    shown_text,
    split,
)

if TYPE_CHECKING:
    from survey_extract.core.fields import Fields
    from survey_extract.core.ports import Warehouse

NAMED = 50
"""Edits that a message names; more are counted."""

REMEDIES: Mapping[Remedy, str] = {
    "import": "`survey-extract import {file}` keeps it as a decision",
    "empty": (
        "an empty cell says nothing. Put its text back; or write “Not reported” if the source does not report it; or take "
        "the value back with `x` in `survey-extract review`"
    ),
    "add": "`survey-extract add {source}` makes it a row",
    "outside": "move it outside the markers",
    "name": "change it in sources.csv, column name",
    "link": "change the source in sources.csv",
    "order": "the order is that of the lines in sources.csv",
    "row": "delete its line from sources.csv",
    "page": "change it in {source}, and import that",
    "mend": "fix it",
    "made": "render makes it; put your own words outside the markers",
}


def table_of(
    rows: Sequence[PublishedRow], warehouse: Warehouse, record: Record, form: TableForm = "list"
) -> WrittenTable:
    """What edits are told by. The texts that cells once had are read once, and only where a file was changed."""
    by_key, fields = {row.key: row for row in rows}, warehouse.fields

    @cache
    def now(key: str) -> tuple[RenderedRow, ListedRow]:
        (row,) = parse_list(block_of(render_page(by_key[key], fields, form)), fields)[0]
        return form_of(key, row), row

    return WrittenTable(
        rows=tuple((row.key, *_names(row)) for row in rows),
        now=now,
        links={shown_link(from_page(row).link).removeprefix(UP): row.key for row in rows},
        record=record,
        texts=cache(warehouse.known_texts),
        fields=fields,
    )


def _names(row: PublishedRow) -> tuple[str, str]:
    return shown_text(row.name), shown_text(row.title)


def edits_in(name: str, text: str, table: WrittenTable) -> tuple[HandEdit, ...]:
    """The edits by hand in the README or in one of its pages.

    A block as it once was written is an old README, which a branch or a clone brought back, where it differs from the
    last one in what ``render`` makes, too: its notes, its rows, their order. Where only texts differ, a person may have
    put them back, and is asked.
    """
    block, record = block_of(text), table.record
    if record.is_last(name, block) and not record.imported:
        return ()
    edits = hand_edits(name, block, split(text)[0].count("\n"), table)
    is_old = record.knows(name, block) and any(edit.remedy not in ("import", "empty", "page") for edit in edits)
    return () if is_old else edits


def all_edits(files: Mapping[str, str], made: Mapping[str, str], table: WrittenTable) -> Iterator[tuple[str, HandEdit]]:
    """The edits in all files, each with the name of its file; ``made`` are the files as they should stand."""
    for name, text in files.items():
        if name not in made and name != README:
            yield from _left_behind(name, text)
        if name not in made or block_of(text) != block_of(made[name]):
            yield from ((name, edit) for edit in edits_in(name, text, table))


def _left_behind(name: str, text: str) -> Iterator[tuple[str, HandEdit]]:
    """What a person wrote around the table of a page that is to go."""
    before, after = (part.replace("\r\n", "\n") for part in split(text))
    own = before.partition("[All systems](../../README.md)")
    for part, start in ((own[2], own[0].count("\n")), (after, text.count("\n") - after.count("\n"))):
        for number, line in enumerate(part.split("\n"), start=start + 1):
            if line.strip():
                said = f"text outside the table ({line.strip()[:60]}), whose page would be deleted"
                yield name, HandEdit(number, said, "outside")


def told(name: str, edit: HandEdit, fields: Fields) -> str:
    """An edit in a file, and what brings it in; of a text that `import` would refuse, why."""
    if why := misfit_of(edit, fields):
        return f"{edit.what}: {why}; change it here, or fields.toml, and then import it"
    return f"{edit.what}: {REMEDIES[edit.remedy].format(file=name, source=edit.source)}"


def refusal(edits: Sequence[tuple[str, HandEdit]], fields: Fields) -> str:
    """What is said where edits would be lost."""
    lines = [f"{name}:{edit.line}: {told(name, edit, fields)}" for name, edit in edits[:NAMED]]
    lines += [f"and {len(edits) - NAMED} more"] if len(edits) > NAMED else []
    return (
        "edited by hand and not imported:\n  "
        + "\n  ".join(lines)
        + "\nNothing was overwritten; `survey-extract render --force` makes the table again and loses these edits"
    )
