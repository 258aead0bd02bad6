"""A page of a PDF goes in, the characters that no reader can see come out, with why.

Papers contain instructions to models in white on white, in one point, outside
the page, drawn invisibly, under a box. A text that is certainly visible is taken as
it is (``sure``); all others are looked for in a picture of the page
(``printed``); and of a word of which letters are missing, nothing is taken
(``words``).

Most figures are forms, and many are lettered in fonts whose letters are little
pages (Type 3). Such letters paint what they like, so that each would have to be
looked for, and nothing in a figure may be cited. They are a part of the picture:
they are not looked at, and kept out as what is hidden is. Where a document is
set in such forms as a whole, they are looked at as all else.
"""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from survey_extract.adapters.pdf.calls import call
from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.letters import Letter
from survey_extract.adapters.pdf.look import SEEN
from survey_extract.adapters.pdf.objects import FRAMES, Ask, Box, Colour, Painted, Sheet, opened, scales
from survey_extract.adapters.pdf.patterns import may_hold_veils, pages_with_odd_forms, pages_with_patterns
from survey_extract.adapters.pdf.printed import Unseen, paints_on, printable, unseen, with_notes, with_shapes
from survey_extract.adapters.pdf.sure import Doubt, doubt
from survey_extract.adapters.pdf.suspects import Fonts
from survey_extract.adapters.pdf.unlike import unlike
from survey_extract.adapters.pdf.words import kept_out

Why = Literal[
    "invisible", "too small to read", "in the colour of its background", "covered or cut off", "outside the page",
    "drawn as other letters",
]  # fmt: skip
Unasked = Literal["a figure's own lettering"]
"""Why a character is kept out of which nobody asked whether it is seen."""
LETTERING: Unasked = "a figure's own lettering"

SMALLEST = 2.0
"""Points; letters that are lower or narrower cannot be read by people."""
TINY = 1.0
"""Points; a letter or digit that is both lower and narrower is a speck, whatever size its font claims."""
FLAT = 0.02
"""Points; no sign has ink that is lower or narrower: pdfium gives this height where a font draws nothing."""
SLACK = 1.0
"""Points by which a letter may stand over the edge."""
FAINT = 26
"""Of 255: below this opacity a text counts as drawn invisibly."""
OCR_SHARE = 0.9
"""Share of a page's characters that are not seen in the text layer of a scan."""
OCR_COVER = 0.5
"""Share of a page that its picture covers in a scan."""
DRAWN_LIMIT = 300
"""Pages of a document that are drawn, each in some 20 ms; so is a book of pictures read before its time is over."""


class Unread(NamedTuple):
    """The characters of a page that are kept out, by place in pdfium's count, and where a mark stands for a word."""

    hidden: dict[int, Why | Unasked]
    marks: frozenset[int]


NOTHING = Unread({}, frozenset())
"""Of a page on which all is seen."""


@dataclass(slots=True)
class Hidden:
    """Looks at the pages of one document, and remembers which it could not vouch for."""

    document: pdfium.PdfDocument
    data: bytes
    patterned: frozenset[int] = frozenset()
    """Pages, counted from 0, on which a colour may be a pattern."""
    odd_forms: frozenset[int] = frozenset()
    """Pages in whose forms it may be, or whose forms may be layers."""
    own_letters: int = 0
    """On the pages up to now, but for those with other forms; beside them the letters in forms like figures."""
    inner_letters: int = 0
    fonts: Fonts = field(init=False)
    drawn: int = 0
    layers: int = 0
    """Pages that are a picture with a text layer, which need not say the same."""
    undrawn: int = 0
    """Pages that should have been drawn, and were not: beyond the limit, or pdfium cannot draw them."""
    spoken: dict[int, str] = field(default_factory=dict)
    """By page, counted from 0, the words that its file says should be read instead of its letters."""

    def __post_init__(self) -> None:
        self.fonts = Fonts(self.document)

    @classmethod
    def of(cls, document: pdfium.PdfDocument, data: bytes) -> Hidden:
        pages, encrypted = len(document), _is_encrypted(document)
        return cls(
            document,
            data,
            pages_with_patterns(data, pages, encrypted=encrypted),
            pages_with_odd_forms(data, pages, encrypted=encrypted),
        )

    def _may_be_veiled(self, index: int) -> bool:
        """Whether forms of a page may be transparent by masks or blending."""
        return may_hold_veils(self.data, index, encrypted=_is_encrypted(self.document))

    def letters(self, page: pdfium.PdfPage, index: int) -> tuple[pdfium.PdfTextPage, Sheet]:
        """The letters of the page as they are painted, whatever the file says that should be read instead; and all that is painted."""
        sheet, text_page, ask = Sheet.of(page), page.get_textpage(), Ask()
        instead = [ask.unspeak(text) for text in sheet.texts if text in sheet.marked]
        if not any(instead):
            return text_page, sheet
        with closing(text_page):
            said = text_page.get_text_range()
        text_page = page.get_textpage()
        shown = {_folded(word) for word in text_page.get_text_range().split()}
        if other := [word for word in said.split() if _folded(word) not in shown]:
            self.spoken[index] = " ".join(other)
        return text_page, sheet

    def characters(self, page: pdfium.PdfPage, index: int, characters: Characters, sheet: Sheet) -> Unread:
        """What cannot be seen; empty for an honest page. The page itself is of no use for pictures afterwards."""
        lettering = self._lettering(sheet, characters)
        unread = self._unread(page, index, characters, sheet, lettering)
        if not lettering:
            return unread
        apart = dict.fromkeys(np.flatnonzero(characters.are_of(lettering)).tolist(), LETTERING)
        return unread._replace(hidden=unread.hidden | apart)

    def _unread(
        self, page: pdfium.PdfPage, index: int, characters: Characters, sheet: Sheet, lettering: frozenset[int]
    ) -> Unread:
        """The same of all but the lettering of figures, which is looked at only for what it paints on."""
        found = self._doubt(page, index, characters, sheet.without(lettering) if lettering else sheet)
        suspects = self.fonts.suspects(characters, sheet.without(lettering) if lettering else sheet)
        found = _without(_without_shapeless(found, characters), suspects.faint)
        letters = printable(characters, {*found.texts, *found.lost}) if found.texts or found.lost else []
        if lettering and sheet.free <= lettering and not found.loose:
            boxes = [*found.sure.values(), *(letter.box for letter in letters)]
            found = found._replace(wild=self._paints_on(page, lettering, boxes))
        if not letters and not found.wild and not suspects.unlike:
            return NOTHING
        odd = _odd(sheet, found.texts)
        pictured = covers_page(page, sheet.objects)
        if pictured and _is_layer(characters, [letter for letter in letters if odd.get(letter.text) == "invisible"]):
            self.layers += 1
            return NOTHING
        told: dict[int, Why] = {
            letter.place: _LOST[found.lost[letter.text]] if letter.text in found.lost else "too small to read"
            for letter in letters
            if letter.text in found.lost or odd.get(letter.text) == "too small to read" or is_speck(letter)
        }
        shown = [letter for letter in letters if letter.place not in told]
        unseen_ones = self._hidden(page, index, characters, found, shown, odd) if shown or found.wild else {}
        hidden = told | unseen_ones
        if suspects.unlike:
            hidden = self._unlike(page, characters, suspects.unlike) | hidden
        if pictured and _is_layer(characters, _mostly_hidden(letters, hidden, odd)):
            self.layers += 1
            hidden = {place: why for place, why in hidden.items() if why not in _OF_LAYERS}
        out, marks = kept_out(characters, hidden)
        return Unread({**out}, marks)

    def _lettering(self, sheet: Sheet, characters: Characters) -> frozenset[int]:
        """The texts in forms whose letters are little pages; none while most letters of the document are in such forms."""
        own = {one.item for one in sheet.objects if one.kind == raw.FPDF_PAGEOBJ_TEXT}
        found = _little_pages(sheet.free - own)
        if found:
            own_letters = int(characters.are_of(own).sum())
            self.inner_letters += len(characters) - int(characters.are_of((0,)).sum()) - own_letters
            self.own_letters += own_letters
        elif len(own) == len(sheet.texts):
            self.own_letters += len(characters)
        return found if self.own_letters > self.inner_letters else frozenset()

    def _paints_on(self, page: pdfium.PdfPage, lettering: frozenset[int], boxes: Sequence[Box]) -> bool:
        """Whether the lettering of figures paints on any of some places, as far as is known."""
        if self.drawn < DRAWN_LIMIT:
            self.drawn += 1
            with suppress(pdfium.PdfiumError):
                return paints_on(page, lettering, boxes)
        return True

    def _doubt(self, page: pdfium.PdfPage, index: int, characters: Characters, sheet: Sheet) -> Doubt:
        """The texts that must be looked at; what is in forms among them where it may be in a pattern or on a layer."""
        odd = index in self.odd_forms
        objects = sheet.objects if odd else opened(sheet, partial(self._may_be_veiled, index))
        letters_of, is_patterned = partial(printable, characters), index in self.patterned
        found = doubt(page, sheet._replace(objects=objects), letters_of, patterned=is_patterned)
        if not found.noted:
            return found
        if self.drawn < DRAWN_LIMIT:
            self.drawn += 1
            with suppress(pdfium.PdfiumError):
                return with_notes(page, found)
        return found._replace(texts=[*found.texts, *found.noted], noted={})

    def _unlike(self, page: pdfium.PdfPage, characters: Characters, texts: Collection[int]) -> dict[int, Why]:
        """The letters of some texts that are drawn as others, if the page can be drawn."""
        if self.drawn < DRAWN_LIMIT:
            self.drawn += 1
            with suppress(pdfium.PdfiumError):
                places = unlike(page, characters, printable(characters, texts))
                self.fonts.are_others(call.FPDFTextObj_GetFont(characters.texts[place]) for place in places)
                return dict.fromkeys(places, "drawn as other letters")
        self.undrawn += 1
        return {}

    def _hidden(
        self,
        page: pdfium.PdfPage,
        index: int,
        characters: Characters,
        found: Doubt,
        letters: Sequence[Letter],
        odd: Mapping[int, Why],
    ) -> dict[int, Why]:
        """The letters that do not show when the page is drawn; where it cannot be, those that have odd marks."""
        if self.drawn < DRAWN_LIMIT:
            self.drawn += 1
            ask = Ask()
            colours = {text: ask.colour(text) for text in found.texts}
            with suppress(pdfium.PdfiumError):
                lost = unseen(page, characters, found, letters, lambda: self.document[index])
                return {one.letter.place: _why(one, colours, odd) for one in lost}
        self.undrawn += 1
        return {letter.place: odd[letter.text] for letter in letters if letter.text in odd}


def _without_shapeless(found: Doubt, characters: Characters) -> Doubt:
    """The same; texts are not sure whose font draws nothing, or a speck, for any of their letters.

    All letters are asked for their boxes, and the few odd ones alone for their texts.
    """
    if not (found.sure or found.noted):
        return found
    places = np.flatnonzero(~characters.are_white)
    left, bottom, right, top = characters.ink[places].T
    width, height = right - left, top - bottom
    is_flat, is_tiny = np.minimum(width, height) < FLAT, np.maximum(width, height) < TINY
    odd = [at for at in np.flatnonzero(is_flat | is_tiny).tolist() if is_flat[at] or _is_word(characters, places[at])]
    own = characters.texts_at(with_shapes(characters, places[odd]).tolist())
    return _without(found, own)


def _without(found: Doubt, texts: Collection[int]) -> Doubt:
    """The same; some texts are not sure."""
    texts = (found.sure.keys() | found.noted.keys()).intersection(texts)
    if not texts:
        return found
    sure, noted = ({text: box for text, box in some.items() if text not in texts} for some in (found.sure, found.noted))
    return found._replace(texts=[*found.texts, *texts], sure=sure, noted=noted)


def _is_word(characters: Characters, place: int) -> bool:
    return chr(characters.units[place]).isalnum()


def is_speck(letter: Letter) -> bool:
    """Whether a letter or digit is less than a point wide and high, whatever size its font claims."""
    left, bottom, right, top = letter.box
    return max(right - left, top - bottom) < TINY and chr(letter.code).isalnum()


def _little_pages(texts: Iterable[int]) -> frozenset[int]:
    """Those of some texts whose letters draw as they like, and are no frame for others."""
    ask = Ask()
    return frozenset(
        text for text in texts if ask.draws_as_it_likes(text) and call.FPDFTextObj_GetTextRenderMode(text) < FRAMES
    )


def _is_encrypted(document: pdfium.PdfDocument) -> bool:
    return bool(raw.FPDF_GetSecurityHandlerRevision(document.raw) != -1)


def _folded(word: str) -> str:
    """A word's letters and digits, without what readers spell in several ways."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", word).casefold()))


_LOST: dict[bool, Why] = {True: "outside the page", False: "covered or cut off"}
_OF_LAYERS = frozenset[Why]({"invisible", "covered or cut off", "in the colour of its background"})


def _odd(sheet: Sheet, doubtful: Iterable[int]) -> dict[int, Why]:
    """By text, what its own marks say against it: they count where nothing is drawn, and tell why a text is not seen."""
    ask, found = Ask(), dict[int, Why]()
    for text in doubtful:
        if ask.font_size(text) * min(scales(ask.matrix(text))) * sheet.texts[text] < SMALLEST:
            found[text] = "too small to read"
        elif call.FPDFTextObj_GetTextRenderMode(text) in _INVISIBLE or ask.fill(text)[-1] < FAINT:
            found[text] = "invisible"
    return found


_INVISIBLE = frozenset({raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP})


def _why(lost: Unseen, colours: Mapping[int, Colour], odd: Mapping[int, Why]) -> Why:
    if lost.ground is None:
        return "outside the page"
    colour = colours.get(lost.letter.text, (0, 0, 0))
    alike = all(abs(one - other) < SEEN for one, other in zip(lost.ground, colour, strict=True))
    return odd.get(lost.letter.text, "in the colour of its background" if alike else "covered or cut off")


# --- scans ----------------------------------------------------------------------------------------


def covers_page(page: pdfium.PdfPage, objects: Sequence[Painted]) -> bool:
    """Whether a picture covers the page."""
    width, height = page.get_size()
    areas = (
        (right - left) * (top - bottom)
        for _, kind, (left, bottom, right, top), *_ in objects
        if kind == raw.FPDF_PAGEOBJ_IMAGE
    )
    return any(area >= OCR_COVER * width * height for area in areas)


def _mostly_hidden(letters: Sequence[Letter], hidden: Mapping[int, Why], odd: Mapping[int, Why]) -> list[Letter]:
    """The letters of texts that are drawn invisibly, or of which most letters do not show: some do by chance."""
    lost, all_of = Counter(one.text for one in letters if one.place in hidden), Counter(one.text for one in letters)
    return [one for one in letters if odd.get(one.text) == "invisible" or 2 * lost[one.text] >= all_of[one.text]]


def _is_layer(characters: Characters, of_layer: Sequence[Letter]) -> bool:
    """Whether a page's text is the layer of a scan: the picture shows its words."""
    letters = int((~characters.are_white).sum())
    return len(of_layer) > 0 and len(of_layer) >= OCR_SHARE * letters


# --- outside the page -----------------------------------------------------------------------------


def is_outside(box: Box, left: float, bottom: float, right: float, top: float) -> bool:
    """Whether a line leaves the page's box."""
    low_x, low_y, high_x, high_y = box
    return left < low_x - SLACK or right > high_x + SLACK or bottom < low_y - SLACK or top > high_y + SLACK


def outside_characters(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> dict[int, Why]:
    """Characters that begin outside the page."""
    box, x, y = page.get_bbox(), ctypes.c_double(), ctypes.c_double()
    hidden: dict[int, Why] = {}
    for index in range(raw.FPDFText_CountChars(text_page.raw)):
        raw.FPDFText_GetCharOrigin(text_page.raw, index, x, y)
        if is_outside(box, x.value, y.value, x.value, y.value) and not raw.FPDFText_IsGenerated(text_page.raw, index):
            hidden[index] = "outside the page"
    return hidden
