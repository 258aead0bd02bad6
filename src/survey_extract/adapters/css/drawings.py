"""A drawing within a page (``svg``) goes in; how far its shapes may go beyond its own box comes out."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

SHAPES = frozenset("rect path circle ellipse line polyline polygon image use foreignobject foreignObject text".split())
BEYOND = "data-drawn-beyond"
"""The attribute that keeps it when what is in the drawing has been taken away; empty for one without shapes."""
_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d{1,9})?")
_PLACES = (
    "x",
    "y",
    "width",
    "height",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x1",
    "x2",
    "y1",
    "y2",
    "d",
    "points",
    "stroke-width",
)
_MOST = 2_000.0
_LOOKED_AT = 2_000
"""Characters of an attribute that are looked at."""


def drawn_beyond(svg: HtmlElement) -> float:
    """Pixels, 0 for a drawing that is cut off at its box or whose shapes are about as large as that."""
    if "visible" not in f"{svg.get('overflow') or ''} {svg.get('style') or ''} {svg.get('class') or ''}":
        return 0.0
    sides = [_first(svg.get(name) or "") for name in ("width", "height")]
    size = max((side for side in sides if side is not None), default=150.0)
    view = [abs(float(n)) for n in _NUMBER.findall((svg.get("viewBox") or svg.get("viewbox") or "")[:200])]
    scale = size / max(1.0, *view[2:4]) if len(view) >= 4 else 1.0
    most = max((_largest(shape) for shape in svg.iter() if shape.tag in SHAPES), default=0.0)
    return min(_MOST, most * scale) if most * scale > 2 * size else 0.0


def _first(value: str) -> float | None:
    found = _NUMBER.match(value.strip()[:40])
    return float(found[0]) if found else None


def _largest(shape: HtmlElement) -> float:
    numbers = (float(n) for name in _PLACES for n in _NUMBER.findall((shape.get(name) or "")[:_LOOKED_AT]))
    return max((abs(n) for n in numbers), default=0.0)
