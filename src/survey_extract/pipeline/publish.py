"""The DuckDB file and the README as it stands go in, the README with its table made anew comes out; edits by hand are never lost."""

from __future__ import annotations

from survey_extract.core.handedits import hand_edits
from survey_extract.core.ports import Warehouse
from survey_extract.core.readme import render
from survey_extract.errors import HandEdits


def rendered(readme: str, warehouse: Warehouse, publish: str, *, force: bool = False) -> str:
    """The README with its table made from the DuckDB file.

    Raises:
        HandEdits: the table holds edits that would be lost; ``force`` loses them.
    """
    if not force:
        _refuse_hand_edits(readme, warehouse)
    rule = "every cell of a source is decided" if publish == "reviewed" else "a source is read"
    return render(readme, warehouse.published(), f"No row is published yet: a row appears when {rule}.")


def _refuse_hand_edits(readme: str, warehouse: Warehouse) -> None:
    edits, unreadable = hand_edits(readme, warehouse.published(), warehouse.known_texts())
    if unreadable:
        raise HandEdits(
            f"README.md:{unreadable[0].line}: {unreadable[0].why}; mend it, or `survey-extract render --force` makes the table anew"
        )
    if edits:
        cells = "; ".join(f"README.md:{edit.line}: {edit.field} of {edit.key}" for edit in edits[:8])
        more = f" and {len(edits) - 8} more" if len(edits) > 8 else ""
        raise HandEdits(
            f"edited by hand and not imported: {cells}{more}. `survey-extract import README.md` keeps the edits as decisions, "
            "`survey-extract render --force` loses them"
        )
