"""A text goes in, answers come out: the engine without a model, key or cost, and what its answers are known by.

Whether a question is today's is told by the engine's name and parameters
alone, so that is all of it that a night without news loads; what answers is
``core.answering``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from survey_extract.core.records import WITHOUT_MODEL
from survey_extract.core.text_work import HERE

if TYPE_CHECKING:
    from survey_extract.core.fields import FieldSpec
    from survey_extract.core.fingerprint import Json
    from survey_extract.core.paper_text import PaperText
    from survey_extract.core.ports import Asked, Estimate, TextWork


class ExtractiveEngine:
    """Everything it answers is labelled ``extractive``; see ``core.ports.Engine``."""

    name = WITHOUT_MODEL
    model: str | None = None
    prompt = ""
    requests = 0

    def __init__(self, texts: TextWork = HERE) -> None:
        self._texts = texts

    @property
    def parameters(self) -> Json:
        """The number is raised whenever the same text would be answered otherwise."""
        return {"version": 8}

    def ask(self, key: str, text: PaperText, wanted: Sequence[FieldSpec]) -> Asked:
        """Answer every wanted field from the text alone."""
        from survey_extract.core.answering.answers import answers_of
        from survey_extract.core.ports import Asked

        return Asked(self._texts.do(answers_of, text, tuple(wanted)))

    def estimate(self, text: PaperText, wanted: Sequence[FieldSpec]) -> Estimate:
        """Nothing."""
        from survey_extract.core.ports import Estimate

        return Estimate(0, 0, 0.0)

    def begin(self, run: str) -> None:
        """Nothing is paid, so nothing is booked."""
