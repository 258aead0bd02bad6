"""The archive goes in, decisions come out: the queue (``queue``), what a reviewer sees of a cell (``view``), a ruling on it (``ruling``).

Start at ``session.py``, the desk at which all of that happens; ``pages.py`` and ``server.py`` show it in a browser.
"""

from survey_extract.review.marks import Marks
from survey_extract.review.queue import Filters, Item
from survey_extract.review.ruling import Judgement, NeedsReason, NotInEvidence, Ruling
from survey_extract.review.session import Desk, Done, FieldsChanged, Stale
from survey_extract.review.view import APART, CellView, Event

__all__ = [
    "APART",
    "CellView",
    "Desk",
    "Done",
    "Event",
    "FieldsChanged",
    "Filters",
    "Item",
    "Judgement",
    "Marks",
    "NeedsReason",
    "NotInEvidence",
    "Ruling",
    "Stale",
]
