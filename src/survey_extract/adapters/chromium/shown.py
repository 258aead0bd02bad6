"""A web page and quotes of it go in; what a person finds of each, and a picture of its place, come out."""

from __future__ import annotations

import html
import io
import json
import re
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from survey_extract.adapters.chromium.page import harmless_copy
from survey_extract.adapters.chromium.process import drawn
from survey_extract.core.sight import Seen
from survey_extract.core.tables.table import Row
from survey_extract.errors import ReadError

WIDTH, HEIGHT = 1100, 6000
"""Pixels of the window: quotes that are near to one another are looked at together."""
AROUND = 320
"""Pixels above and below a quote in its own picture."""
LARGEST = 3_000_000
"""Characters of a page of which pictures are taken."""
STRONG = 40
"""Of 255: what two pictures differ by where ink is seen, as in ``adapters.pdf.look``."""
SHARE = 0.25
"""Of a letter's box: the least share of its columns, and of its rows, in which ink must be seen."""
MARKED = (255, 220, 60, 110)
"""The colour of a quote in its picture."""

_Array = np.ndarray[Any, np.dtype[Any]]
_Box = tuple[float, float, float, float]


class Shown(NamedTuple):
    """What shows of a quote, and the PNG of its place, with the quote marked when it is seen."""

    seen: Seen
    png: bytes


def shown(page: str, quotes: Sequence[str | Row]) -> list[Shown]:
    """What shows of each quote on a page, and of the cells of each row.

    Raises:
        ReadError: there is no browser, or it could not draw the page.
    """
    if len(page) > LARGEST:
        raise ReadError(f"the page has {len(page):,} characters, too many to take pictures of (limit {LARGEST:,})")
    found: dict[int, Shown] = {}
    while left := [number for number in range(len(quotes)) if number not in found]:
        found |= {left[at]: item for at, item in _looked(page, [quotes[number] for number in left]).items()}
    return [found[number] for number in range(len(quotes))]


class _Place(NamedTuple):
    """A quote's letters: how many there are, and the boxes of those that were found in the page."""

    letters: int
    boxes: list[_Box]

    @property
    def is_near(self) -> bool:
        """Whether it is in the window, as far as it is drawn at all."""
        drawn_ones = [box for box in self.boxes if box[2] > 0 and box[3] > 0]
        return not drawn_ones or any(_is_inside(box) for box in drawn_ones)


def _looked(page: str, quotes: Sequence[str | Row]) -> dict[int, Shown]:
    """What shows of those quotes that are in the window together, by number; of the first in any case."""
    with ThreadPoolExecutor(2) as both:
        plain, bare = both.map(lambda without: _drawn(page, quotes, bare=without), (False, True))
    picture, places = plain
    apart = np.abs(np.asarray(picture, dtype=np.int16) - np.asarray(bare[0], dtype=np.int16)).max(axis=2) > STRONG
    near = {number: place for number, place in enumerate(places) if place.is_near} or {0: places[0]}
    return {number: _shown(picture, apart, place) for number, place in near.items()}


def _drawn(page: str, quotes: Sequence[str | Row], *, bare: bool) -> tuple[Image.Image, list[_Place]]:
    nonce, name = secrets.token_hex(16), f"data-{secrets.token_hex(16)}"
    png, elements = drawn(harmless_copy(page, quotes, bare=bare, nonce=nonce, name=name), (WIDTH, HEIGHT))
    told = re.search(f'{name}="([^"]*)"', elements)
    if told is None:
        raise ReadError("the browser did not reach the end of the page in time")
    given = json.loads(html.unescape(told[1]))
    if given["window"] != [WIDTH, HEIGHT]:
        raise ReadError("this browser draws its pictures at a different size from its pages")
    places = [
        _Place(int(item["letters"]), [tuple(map(float, box)) for box in item["boxes"]])  # type: ignore[misc]
        for item in given["quotes"]
    ]
    with Image.open(io.BytesIO(png)) as picture:
        return picture.convert("RGB"), places


def _shown(picture: Image.Image, apart: _Array, place: _Place) -> Shown:
    """A letter without a box, or left of the page, is not drawn at all; what a quote has beyond the window is not looked at."""
    inside = [box for box in place.boxes if _is_inside(box)]
    undrawn = sum(box[2] <= 0 or box[3] <= 0 or box[0] + box[2] <= 0 for box in place.boxes)
    inked = sum(_has_ink(apart, box) for box in inside)
    seen = Seen(place.letters, len(place.boxes), len(inside) + undrawn, inked)
    return Shown(seen, _png(picture, inside, marked=seen.sight == "seen"))


def _is_inside(box: _Box) -> bool:
    x, y, width, height = box
    return width > 0 and height > 0 and x >= 0 and y >= 0 and x + width <= WIDTH and y + height <= HEIGHT


def _has_ink(apart: _Array, box: _Box) -> bool:
    x, y, width, height = box
    part = apart[int(y) : int(np.ceil(y + height)), int(x) : int(np.ceil(x + width))]
    return bool(part.any(axis=0).mean() >= SHARE and part.any(axis=1).mean() >= SHARE)


def _png(picture: Image.Image, boxes: Sequence[_Box], *, marked: bool) -> bytes:
    """The part of the picture around some boxes; its beginning where there are none."""
    top = max(0, int(min((box[1] for box in boxes), default=0)) - AROUND)
    bottom = min(HEIGHT, int(max((box[1] + box[3] for box in boxes), default=AROUND)) + AROUND)
    part = picture.crop((0, top, WIDTH, bottom)).convert("RGBA")
    over = Image.new("RGBA", part.size)
    draw = ImageDraw.Draw(over)
    for x, y, width, height in boxes if marked else ():
        draw.rectangle((x - 1, y - top - 1, x + width + 1, y - top + height + 1), fill=MARKED)
    png = io.BytesIO()
    Image.alpha_composite(part, over).convert("RGB").save(png, "PNG", compress_level=1)
    return png.getvalue()
