"""Sentences of a document go in; what is said beside those that cannot be seen on its page comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from survey_extract.core.evidence import Quote, pointer, quote_of
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Document
from survey_extract.core.sight import PDF, TOLD, Sights, place_of, unseen
from survey_extract.errors import SourceError


class Look(Protocol):
    """Looks at the places of quotes on the page; for a web page, with ``browser``, in Chromium. Raises SourceError when it cannot."""

    def __call__(self, document: Document, quotes: Sequence[Quote], *, browser: bool = ...) -> Sights: ...


def nobody_looks(document: Document, quotes: Sequence[Quote], *, browser: bool = False) -> Sights:
    """Nothing is known where there are no pictures."""
    return {}


class Marks(NamedTuple):
    """What is said beside a sentence, by its number; ``trouble`` is why nobody could look."""

    told: Mapping[int, str] = {}
    trouble: str | None = None


@dataclass(slots=True)
class Marker:
    """Says which sentences are not seen. A document that could not be drawn once is not tried again in this session."""

    look: Look
    _blind: dict[str, str] = field(default_factory=dict)

    def marks(
        self, document: Document | None, text: PaperText | None, numbers: Iterable[int], *, browser: bool
    ) -> Marks:
        """What is said about the sentences of these numbers."""
        if document is None or text is None:
            return Marks()
        sentences = [text.sentences[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(text.sentences)]
        quotes = [quote_of(text, sentence, pointer(text, sentence), "found") for sentence in sentences]
        sights = self._sights(document, quotes, browser=browser) if quotes else {}
        told = {q.sentence.number: TOLD[sights[place_of(q)]] for q in unseen(quotes, sights) if q.sentence}
        return Marks(told, self._blind.get(document.sha256))

    def are_seen(self, document: Document, quotes: Sequence[Quote]) -> bool:
        """Whether a person sees all of them. On a web page, without a browser, none is known to be hidden."""
        sights = self._sights(document, quotes, browser=True)
        if any(quote.words is None for quote in quotes) or document.sha256 in self._blind:
            return False
        looked_at = document.media_type != PDF or all(place_of(quote) in sights for quote in quotes)
        return looked_at and not unseen(quotes, sights)

    def _sights(self, document: Document, quotes: Sequence[Quote], *, browser: bool) -> Sights:
        if document.sha256 in self._blind:
            return {}
        try:
            return self.look(document, quotes, browser=browser)
        except SourceError as error:
            self._blind[document.sha256] = f"could not check whether its sentences are visible: {error}"
            return {}
