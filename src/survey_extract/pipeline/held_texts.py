"""The hash of a document goes in; its text, its quotes and what compares statements about it come out, each made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey_extract.core.cells import quotes_of
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evidence import Quoter
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive
from survey_extract.core.records import Evidence


def cached_texts(archive: Archive, documents: Iterable[str | None]) -> dict[str, PaperText]:
    """The texts of some documents, as far as they are in the cache: what a worker is sent."""
    found = ((document, archive.text_of(document)) for document in dict.fromkeys(documents) if document)
    return {document: text for document, text in found if text is not None}


class HeldTexts:
    """The texts of one source's documents, in the worker that goes through them."""

    def __init__(self, texts: Mapping[str, PaperText]) -> None:
        self._texts = texts
        self._claims: dict[str, Claims] = {}

    def text(self, document: str) -> PaperText | None:
        """A text; None while it is not in the cache."""
        return self._texts.get(document)

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
