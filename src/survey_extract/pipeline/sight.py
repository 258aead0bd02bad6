"""A document and quotes of it go in, what a person finds of each on the page comes out; nobody looks twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.core.evidence import Quote
from survey_extract.core.records import Document
from survey_extract.core.sight import PDF, QuotePlace, Sight, Sights, place_of
from survey_extract.core.tables.table import Row

if TYPE_CHECKING:
    from survey_extract.core.ports import Archive, Pictures


@dataclass(frozen=True, slots=True)
class Eyes:
    """Looks at pages in workers, and keeps what was found."""

    archive: Archive
    pictures: Pictures

    def sights(self, document: Document, quotes: Iterable[Quote], *, browser: bool = False) -> Sights:
        """What a person finds of quotes whose words are here; of a web page, what is known, or what a ``browser`` shows.

        Raises:
            ReadError: the document is not in the cache, or could not be drawn within the limits.
        """
        known = dict(self.archive.sights(document.sha256))
        wanted = {place_of(quote): quote.row or quote.words for quote in quotes if quote.words}
        missing = {place: words for place, words in wanted.items() if known.get(place, "undrawn") == "undrawn"}
        is_pdf = document.media_type == PDF
        if missing and (is_pdf or (browser and self.pictures.why_no_browser is None)):
            found = self._pages(document.sha256, missing) if is_pdf else self._web(document, missing)
            self.archive.keep_sights(document.sha256, found)
            known |= found
        return {place: known[place] for place in wanted if place in known}

    def give_up(self, document: Document, quotes: Iterable[Quote]) -> bool:
        """Record that these quotes could not be looked at; whether that is news for any of them."""
        known = self.archive.sights(document.sha256)
        places = {place_of(quote) for quote in quotes if quote.words} - set(known)
        self.archive.keep_sights(document.sha256, dict.fromkeys(sorted(places), "undrawn"))
        return bool(places)

    def _web(self, document: Document, wanted: dict[QuotePlace, str | Row]) -> dict[QuotePlace, Sight]:
        drawn = self.pictures.web(document.sha256, document.media_type, list(wanted.values()))
        return dict(zip(wanted, (picture.sight for picture in drawn), strict=True))

    def _pages(self, document: str, wanted: dict[QuotePlace, str | Row]) -> dict[QuotePlace, Sight]:
        pages: dict[int, list[QuotePlace]] = defaultdict(list)
        for place in wanted:
            pages[place[0]].append(place)
        found: dict[QuotePlace, Sight] = {}
        for page, places in sorted(pages.items()):
            looked = self.pictures.looked(document, page, [wanted[place] for place in places])
            found |= dict(zip(places, looked, strict=True))
        return found
