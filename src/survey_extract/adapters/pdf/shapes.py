"""A page of a PDF goes in, what is drawn on it comes out: rules, boxes and pictures, and which texts are its own.

Only what is on the page itself is looked at, which takes a quarter of a
millisecond. A figure is mostly a form with texts of its own; those are recognised by
not being among the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pypdfium2 import raw

from survey_extract.adapters.pdf.objects import Ask, Painted, is_everywhere
from survey_extract.adapters.pdf.upright import PLAIN, Turn
from survey_extract.core.reading.areas import Shape

THIN = 3.0
"""Points: what is lower is a rule."""
WHITE = 250
"""Of 255: a fill whose three parts all reach this is not seen on paper."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page; ``texts`` are the addresses of its own texts, None where no other can be."""

    shapes: tuple[Shape, ...]
    texts: frozenset[int] | None


def drawn(objects: Sequence[Painted], turn: Turn = PLAIN) -> Drawn:
    """The shapes among the objects of a page, where they are after a turn, and its own texts."""
    ask = Ask()
    kinds = {one.kind for one in objects}
    texts = (one.item for one in objects if one.kind == raw.FPDF_PAGEOBJ_TEXT)
    shapes = tuple(shape for one in objects if one.kind not in _NO_SHAPES and (shape := _shape(ask, one, turn)))
    return Drawn(shapes, frozenset(texts) if raw.FPDF_PAGEOBJ_FORM in kinds else None)


_NO_SHAPES = frozenset({raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_FORM})


def _shape(ask: Ask, one: Painted, turn: Turn) -> Shape | None:
    """A shape that people see, or None."""
    left, bottom, right, top = one.box if turn is PLAIN else turn.box(one.box)
    is_path = one.kind == raw.FPDF_PAGEOBJ_PATH
    if right - left < THIN or is_everywhere(one.box) or (is_path and not _is_seen(ask, one.item)):
        return None
    is_rule = top - bottom < THIN  # some programs draw them as pictures of one dot
    return Shape("rule" if is_rule else "box" if is_path else "picture", left, bottom, right, top)


def _is_seen(ask: Ask, path: int) -> bool:
    inside, outline = ask.draws(path)
    if outline or not inside:
        return outline
    red, green, blue, opacity = ask.fill(path)
    return opacity > 0 and min(red, green, blue) < WHITE
