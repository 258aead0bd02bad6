"""A reviewer's desk: the queue (``queue``), one cell with all that is seen of it (``view``), a ruling on it (``ruling``), and the session as a whole (``session``)."""

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
