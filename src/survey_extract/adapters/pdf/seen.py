"""A PDF and quotes of one of its pages go in; how many letters of each show on the page as drawn comes out.

The reader takes most letters without a look, since they are written as honest
papers write. What a value rests on is looked at all the same, letter by
letter, by the rule of ``look.py``: a letter is seen when its own shape shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.hidden import Hidden, covers_page, is_speck
from survey_extract.adapters.pdf.letters import Letter
from survey_extract.adapters.pdf.objects import Sheet, around
from survey_extract.adapters.pdf.printed import printable, unseen
from survey_extract.adapters.pdf.sure import Doubt
from survey_extract.adapters.pdf.units import Units
from survey_extract.adapters.pdf.unlike import unlike
from survey_extract.core.ports import FLOATS
from survey_extract.core.quote_spans import Letters, letters_of
from survey_extract.core.sight import FOUND, Seen

COPIES = 5
"""Places on a page that are looked at for one quote, where its words stand more than once: some hide a copy of visible words."""


class _Place(NamedTuple):
    """Where a quote may stand: up to which of its letters, how many of them, and their places in pdfium's count."""

    end: int
    found: int
    at: frozenset[int]


class Lost(NamedTuple):
    """The places of letters that do not show, and of those that are drawn as others, in pdfium's count."""

    hidden: frozenset[int]
    other: frozenset[int]

    @property
    def all(self) -> frozenset[int]:
        return self.hidden | self.other


def quotes_seen(path: Path, page: int, quotes: Sequence[str]) -> list[Seen]:
    """What shows of each quote, which begins on that page (counted from 1) and may end on another.

    Raises:
        pypdfium2.PdfiumError: the page cannot be opened or drawn.
    """
    with closing(pdfium.PdfDocument(path)) as document:
        wanted = [letters_of(quote) for quote in quotes]
        found = _on_pages(document, page - 1, wanted, gaps=False)
        left = [at for at, seen in enumerate(found) if seen.found < FOUND * seen.letters]
        with_gaps = _on_pages(document, page - 1, [wanted[at] for at in left], gaps=True)
        for at, other in zip(left, with_gaps, strict=True):
            found[at] = max(found[at], other, key=lambda seen: seen.found)
    return found


def _on_pages(document: pdfium.PdfDocument, first: int, wanted: Sequence[str], *, gaps: bool) -> list[Seen]:
    """What shows of some quotes, given by their letters, on a page and those on which they may go on."""
    found = [(Seen(len(quote), 0, 0, 0), 0) for quote in wanted]
    for index in range(first, min(first + 1 + FLOATS, len(document))):
        rests = {at: wanted[at][end:] for at, (_, end) in enumerate(found) if end < len(wanted[at])}
        here = _on_page(document, index, list(rests.values()), gaps=gaps) if rests else ()
        for at, (seen, end) in zip(rests, here, strict=True):
            found[at] = found[at][0].with_rest(seen), found[at][1] + end
    return [seen for seen, _ in found]


def _on_page(document: pdfium.PdfDocument, index: int, wanted: Sequence[str], *, gaps: bool) -> list[tuple[Seen, int]]:
    """The same on one page; and of each quote, up to which letter it stands there."""
    with closing(document[index]) as page:
        text_page, sheet = Hidden(document, b"").letters(page, index)
        with closing(text_page):
            characters = Characters(text_page)
            places = _places(text_page, wanted, gaps=gaps)
            letters = _near(printable(characters, sheet.texts), places)
            is_scan = covers_page(page, sheet.objects)
            lost = lost_letters(document, index, page, characters, sheet, letters)
    looked = frozenset(letter.place for letter in letters)
    return [
        max(
            (
                (_seen(len(quote), place, looked, lost, on_scan=is_scan), place.end) for place in of_quote
            ),
            key=lambda one: (one[0].shown, one[0].found),
        )
        for quote, of_quote in zip(wanted, places, strict=True)
    ]  # fmt: skip


def _seen(letters: int, place: _Place, looked: frozenset[int], lost: Lost, *, on_scan: bool) -> Seen:
    """What shows of a quote of so many letters in one of its places."""
    at = place.at & looked
    return Seen(letters, place.found, len(at), len(at - lost.all), on_scan, len(at & lost.other))


def lost_letters(
    document: pdfium.PdfDocument,
    index: int,
    page: pdfium.PdfPage,
    characters: Characters,
    sheet: Sheet,
    letters: Sequence[Letter],
) -> Lost:
    """The places of those letters that do not show as what they say; no text is taken for surely seen."""
    if not letters:
        return Lost(frozenset(), frozenset())
    asked = {letter.text for letter in letters}
    doubt = Doubt([text for text in sheet.texts if text in asked], {}, {}, {}, wild=True)
    hidden = frozenset(one.letter.place for one in unseen(page, characters, doubt, letters, lambda: document[index]))
    hidden |= frozenset(letter.place for letter in letters if is_speck(letter))
    return Lost(hidden, unlike(page, characters, letters) - hidden)


def _places(text_page: pdfium.PdfTextPage, wanted: Sequence[str], *, gaps: bool) -> list[list[_Place]]:
    """By quote, where its letters stand: whole at several places, or else in parts."""
    text = Characters(text_page).printed
    letters, units = Letters(text), Units(text)

    def place(spans: Sequence[tuple[int, int]], end: int) -> _Place:
        inside = [at for first, behind in spans for at in range(first, behind) if text[at].isalnum()]
        index_of = raw.FPDFText_GetCharIndexFromTextIndex
        found = sum(len(letters_of(text[first:behind])) for first, behind in spans)
        return _Place(end, found, frozenset(index_of(text_page.raw, units.at(at)) for at in inside))

    def places(quote: str) -> list[_Place]:
        if whole := list(islice(letters.copies(quote), COPIES)):
            return [place([span], len(quote)) for span in whole]
        pieces = list(letters.pieces(quote, gaps=gaps))
        return [place([(start, end) for start, end, _ in pieces], pieces[-1][2] if pieces else 0)]

    return [places(quote) for quote in wanted]


def _near(letters: Sequence[Letter], places: Sequence[Sequence[_Place]]) -> list[Letter]:
    """The letters of the quotes, and those that stand among them or lie on them."""
    if not letters:
        return []
    box_of = {letter.place: letter.box for letter in letters}
    left, bottom, right, top = np.array(list(box_of.values())).T
    near = np.zeros(len(letters), dtype=bool)
    for place in (place for of_quote in places for place in of_quote):
        if boxes := [box_of[at] for at in place.at if at in box_of]:
            low_x, low_y, high_x, high_y = around(boxes)
            near |= (left <= high_x) & (right >= low_x) & (bottom <= high_y) & (top >= low_y)
    return [letters[number] for number in np.flatnonzero(near).tolist()]
