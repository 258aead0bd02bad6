"""The letters of a page go in, the fonts come out that may draw them too faintly to be seen, or as other letters.

Each font of a document is asked once, for some of its letters, drawn by
themselves: a look at each would cost as much as half of all reading. What is
found only raises a doubt: the page as it is drawn decides. The look at what a
value rests on (``seen``) leaves no letter out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pypdfium2 as pdfium

from survey_extract.adapters.pdf.camera import Array
from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.likeness import CODES, likeness
from survey_extract.adapters.pdf.objects import Ask, Sheet
from survey_extract.adapters.pdf.specimens import Font, Inks

OFTEN = 12
"""Letters on a page from which on a font is surely asked."""
FEW = 4
"""Letters of such a font that are drawn, whatever else was."""
MORE = 32
"""Letters beyond these that are drawn in a document: those of rare fonts first."""
FAINT = 0.3
"""Of one: ink that is nowhere darker, in letters of 20 pixels, is a hair or a dot; the thinnest faces have twice that."""
OTHER, MORE_OTHER = 0.8, 0.2
"""How like another a letter must be, and by how much more than to itself, to be looked at in its place."""
STRANGE = 0.3
"""What is less like itself is looked at, too."""
_BEYOND = 128
"""The first code that no letter has that is compared."""
_IS_LETTER = np.isin(np.arange(_BEYOND), CODES)


class Suspects(NamedTuple):
    """The texts of a page whose fonts may draw letters faintly, and as other ones."""

    faint: frozenset[int]
    unlike: frozenset[int]


NONE = Suspects(frozenset(), frozenset())


@dataclass(slots=True)
class Fonts:
    """The fonts of one document that were met up to now."""

    document: pdfium.PdfDocument
    left: int = MORE
    held: dict[int, Font] = field(default_factory=dict)
    """By their addresses: as long as one is held, no other has its address."""
    asked: dict[int, Array] = field(default_factory=dict)
    """By font and code, whether that letter was drawn."""
    faint: set[int] = field(default_factory=set)
    unlike: set[int] = field(default_factory=set)

    def suspects(self, characters: Characters, sheet: Sheet) -> Suspects:
        """The texts of a page that are set in suspected fonts.

        Those whose letters are little pages cannot be asked: where one is first met, its texts are looked at.
        """
        used = _used(characters, sheet) if self._may_ask(sheet) else {}
        little = self._little(used, sheet) if sheet.free else set()
        if drawn := self._drawn({font: letters for font, letters in used.items() if font not in little}):
            self._judge(drawn)
        if not (self.faint or self.unlike or little):
            return NONE
        faint, unlike = (
            frozenset(text for text, font in sheet.fonts.items() if font in some)
            for some in (self.faint, self.unlike | little)
        )
        return Suspects(faint, unlike)

    def _may_ask(self, sheet: Sheet) -> bool:
        """Whether any letter of a page may be drawn: of a font that was not met, or while some are left for all."""
        return self.left > 0 or not self.held.keys() >= {*sheet.fonts.values()} - {0}

    def close(self) -> None:
        """Lets go of the fonts."""
        while self.held:
            self.held.popitem()[1].close()

    def are_others(self, fonts: Iterable[int]) -> None:
        """Some fonts draw other letters than they say."""
        self.unlike |= {*fonts}

    def _little(self, used: Mapping[int, Array], sheet: Sheet) -> set[int]:
        """The fonts whose letters are little pages that are met for the first time, and often."""
        ask, free = Ask(), {sheet.fonts.get(text) for text in sheet.free}
        found = {
            font
            for font, letters in used.items()
            if font in free and font not in self.held and letters.sum() >= OFTEN and ask.is_of_little_pages(font)
        }
        self.held |= {font: Font(self.document, font) for font in found}
        return found

    def _drawn(self, used: Mapping[int, Array]) -> list[tuple[int, Array, Inks]]:
        """By font, the codes of letters that had not been drawn, and their pictures; None where there are none."""
        ask, found = Ask(), list[tuple[int, Array, Inks]]()
        for font, letters in sorted(used.items(), key=lambda each: int(each[1].sum())):
            is_new = font not in self.held
            free = FEW if is_new and letters.sum() >= OFTEN else 0
            if not free and not self.left:
                continue
            if is_new:
                self.held[font] = Font(self.document, font)
            asked = self.asked.setdefault(font, np.zeros(_BEYOND, dtype=bool))
            codes = self._wanted((letters > 0) & ~asked, free)
            if len(codes) and not ask.is_of_little_pages(font):
                asked[codes] = True
                inks = self.held[font].drawn(codes.tolist())
                if inks is not None:
                    found.append((font, codes, inks))
        return found

    def _wanted(self, new: Array, free: int) -> Array:
        """Codes of new letters that are drawn now, so many free of charge, and all others that may be; else some far from one another."""
        codes = np.flatnonzero(new)
        count = min(len(codes), self.left + free)
        self.left -= max(count - free, 0)
        return codes[:: max(1, len(codes) // max(count, 1))][:count]

    def _judge(self, drawn: list[tuple[int, Array, Inks]]) -> None:
        fonts = np.repeat([font for font, _, _ in drawn], [len(codes) for _, codes, _ in drawn])
        high = max(inks.shape[1] for _, _, inks in drawn)
        inks = np.concatenate([np.pad(each, ((0, 0), (0, high - each.shape[1]), (0, 0))) for _, _, each in drawn])
        own, other = likeness(inks, np.concatenate([codes for _, codes, _ in drawn]))
        is_faint = inks.max(axis=(1, 2), initial=0) < FAINT
        self.faint |= set(fonts[is_faint].tolist())
        self.unlike |= set(fonts[(own < STRANGE) | ((other >= OTHER) & (other - own >= MORE_OTHER))].tolist())


def _used(characters: Characters, sheet: Sheet) -> dict[int, Array]:
    """By font, how often each letter of it stands on the page, by their codes."""
    fonts = list(dict.fromkeys(sheet.fonts.values()))
    number = {font: at for at, font in enumerate(fonts)}
    texts, counts = characters.runs
    of_runs = [number.get(sheet.fonts.get(text, 0), len(fonts)) for text in texts]
    places = np.repeat(np.array(of_runs, dtype=int) * _BEYOND, counts) + np.minimum(characters.units, _BEYOND - 1)
    found = np.bincount(places, minlength=(len(fonts) + 1) * _BEYOND).reshape(-1, _BEYOND) * _IS_LETTER
    return {font: found[at] for font, at in number.items() if font}
