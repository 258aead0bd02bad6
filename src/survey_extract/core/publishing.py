"""The cells of a source go in; whether its row is published comes out, or why it is not: the one rule, for README, SQL and exports.

It looks at the states of the cells; what those are, ``decisions.py`` says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from survey_extract.core.decisions import WAITING, stands
from survey_extract.core.plural import count_of
from survey_extract.core.records import Cell

Publish = Literal["reviewed", "any"]
"""Which rows are published: ``reviewed``, those that people decided on; ``any``, the undecided ones too, marked as such."""


def unpublished_because(cells: Sequence[Cell], publish: Publish, stood: Collection[frozenset[str]] = ()) -> str | None:
    """Why a row is not shown, in words; None when it is.

    ``reviewed`` wants a standing decision in every cell, or a row that a list
    brought in, which is shown with the cells it has until one of them is
    taken back. ``any`` wants one cell with something in it, decided or not.

    ``stood`` are sets of fields, each of which the row once had in the table, all decided. While
    one of them is decided still, the row stays, whatever fields were added since: their cells show nothing until they are decided.
    """
    if publish == "any" or not cells:
        shown = any(cell.state in WAITING or stands(cell.decision) for cell in cells)
        return None if shown else "none of its cells has a value or a proposal"
    standing = [cell for cell in cells if stands(cell.decision)]
    removed = [cell.field for cell in cells if _was_removed(cell)]
    if removed:
        return f"the value of {', '.join(removed)} was taken back"
    if len(standing) == len(cells) or (standing and any(cell.imported for cell in cells)) or _stays(cells, stood):
        return None
    rejected = [cell.field for cell in cells if cell.state == "rejected"]
    if rejected:
        return f"there is no value for {', '.join(rejected)}: what was proposed was rejected"
    if all(cell.proposal is None for cell in cells):
        return "it has not been read yet"
    open_cells = len(cells) - len(standing)
    return f"{open_cells} of its {count_of(len(cells), 'cell')} {'is' if open_cells == 1 else 'are'} not decided"


def _stays(cells: Sequence[Cell], stood: Collection[frozenset[str]]) -> bool:
    """Whether the row was in the table, and what it had there stands still."""
    waiting = {cell.field for cell in cells if not stands(cell.decision)}
    return any(not fields & waiting for fields in stood)


def is_shown(cell: Cell, publish: Publish) -> bool:
    """Whether a published row shows the value of a cell: what stands, and by ``any`` also what is proposed where nothing stands."""
    return stands(cell.decision) or (publish == "any" and cell.state == "proposed")


def _was_removed(cell: Cell) -> bool:
    return cell.decision is not None and cell.decision.verdict == "removed"
