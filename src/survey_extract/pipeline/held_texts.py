"""The hash of a document goes in; its text, its quotes and what compares statements about it come out, each made once."""

from __future__ import annotations

from collections.abc import Sequence

from survey_extract.core.cells import quotes_of
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evidence import Quoter
from survey_extract.core.ports import Archive
from survey_extract.core.records import Evidence, PaperText


class HeldTexts:
    """The texts of one source's documents, as far as they are in the cache. Forgotten with the source: memory is finite."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._texts: dict[str, PaperText | None] = {}
        self._claims: dict[str, Claims] = {}

    def text(self, document: str) -> PaperText | None:
        if document not in self._texts:
            self._texts[document] = self._archive.text_of(document)
        return self._texts[document]

    def quoter(self, document: str) -> Quoter | None:
        text = self.text(document)
        return Quoter(text) if text else None

    def words(self, document: str | None, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        """The words of some sentences; none of those that are not here."""
        quotes = quotes_of(document, evidence, self.quoter) if document else ()
        return tuple(quote.words for quote in quotes if quote.words)

    def claims(self, document: str) -> Claims | None:
        """What compares statements about a document; None while its text is not here."""
        text = self.text(document)
        if text is not None and document not in self._claims:
            self._claims[document] = Claims(text)
        return self._claims.get(document)
