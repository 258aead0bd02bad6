"""The characters of a page that no reader can see go in; what a person is warned of, and what is only recorded, comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.hidden import DRAWN_LIMIT, LETTERING, Hidden, Unasked, Why
from survey_extract.core.plural import count_of
from survey_extract.core.reading.concealed import holds_words

HIDDEN_SHOWN = 5
"""Pages with hidden text that a warning names."""


class HiddenOnPage(NamedTuple):
    """The characters of a page that no reader can see: how many by reason, and as runs."""

    reasons: Counter[Why]
    runs: Sequence[str]


def told_of_hidden(pages: Sequence[HiddenOnPage]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was kept out because no reader can see it, by page: the warnings, of words, and the notes, of all else.

    Crumbs of single pages that make words together are words, too.
    """
    crumbs = [run for page in pages if not holds_words(page.runs) for run in page.runs]
    together = holds_words(crumbs)
    warned: list[str] = []
    noted: list[str] = []
    for number, page in enumerate(pages, start=1):
        if page.reasons:
            said = ", ".join(f"{counted(count)} {why}" for why, count in sorted(page.reasons.items()))
            (warned if together or holds_words(page.runs) else noted).append(f"page {number} ({said})")
    more = f" and {count_of(len(warned) - HIDDEN_SHOWN, 'more page')}" if len(warned) > HIDDEN_SHOWN else ""
    warnings = (f"hidden text is kept out: {', '.join(warned[:HIDDEN_SHOWN])}{more}",) if warned else ()
    return warnings, tuple(f"not seen, and no words: {said}" for said in noted)


def counted(count: int) -> str:
    return f"{count:,} character{'' if count == 1 else 's'}"


def unvouched(looks: Hidden) -> tuple[str, ...]:
    """Pages of which it is not known whether people see what was read."""
    found = (
        (looks.layers, "a picture with a layer of text: whether both say the same is not known"),
        (
            looks.undrawn,
            f"not looked through for covered text: beyond the {DRAWN_LIMIT} that are drawn, or pdfium cannot draw them",
        ),
    )
    told = [f"{count} page{'s are' if count > 1 else ' is'} {what}" for count, what in found if count]
    if holds_words(looks.spoken.values()):
        told.append(
            f"{_pages(looks.spoken)}: the file says to read other words than are printed; the printed ones are read"
        )
    return tuple(told)


def _pages(numbers: Iterable[int]) -> str:
    """Pages that are counted from 0, as people count them."""
    shown = [str(number + 1) for number in sorted(numbers)]
    more = f" and {len(shown) - HIDDEN_SHOWN} more" if len(shown) > HIDDEN_SHOWN else ""
    return f"page{'s' if len(shown) > 1 else ''} {', '.join(shown[:HIDDEN_SHOWN])}{more}"


def hidden_on_page(characters: Characters, kept_out: Mapping[int, Why | Unasked]) -> HiddenOnPage:
    """What is hidden on a page, by the places of what is kept out; nobody looked for the lettering of figures."""
    white = " \r\n\t\u00a0"
    hidden = {place: why for place, why in kept_out.items() if why != LETTERING}
    shown = {place: chr(characters.codes[place]) for place in sorted(hidden)}
    count = Counter(why for place, why in hidden.items() if shown[place] not in white)
    return HiddenOnPage(count, _runs(shown))


_GAP = 3
"""Places between two characters of one run; pdfium puts spaces and line ends of its own between words."""


def _runs(shown: Mapping[int, str]) -> list[str]:
    """Characters in the order of their places, as runs."""
    runs: list[str] = []
    last = -_GAP - 1
    for place, character in shown.items():
        near = place - last
        if near > _GAP:
            runs.append(character)
        else:
            runs[-1] += (" " if near > 1 else "") + character
        last = place
    return runs
