"""A page goes in, written twice with other letters in one place; whether Chromium shows those letters comes out.

The truth about what a reader sees is what is drawn, and no opinion of ours: the
page is drawn with the words and with other letters in their place, in a font
whose letters are all as wide. Where both pictures are the same, nobody can read
the words; where they differ by less than letters do, it is left open.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from tests.papers.hidden_pages import Made

NO_LEAST_SIZE = "--blink-settings=minimumLogicalFontSize=0"
"""Chromium alone shows letters that are small by a share of their parent's at six pixels; other browsers do not."""
LEAST = 4
"""Pixels that differ by rounding, at most."""
LETTERS = 120
"""Pixels that differ when six words are seen, at least."""
STRONG = 40
"""Of 255, in one channel."""
_ONE_WIDTH = "<style>*{font-family:monospace!important}</style>"
_AT_REST = """() => {
  for (const one of document.querySelectorAll('details')) one.open = true;
  for (const one of document.getAnimations()) { try { one.finish() } catch { } }
}"""


@contextmanager
def judge(browser: Browser) -> Iterator[Page]:
    """A page that pages are shown in: nothing is fetched."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.route("**/*", lambda route: route.abort())
    page = context.new_page()
    yield page
    context.close()


def is_shown(page: Page, made: Made) -> bool | None:
    """Whether the words are seen; None when some of their pixels are, but too few or too pale."""
    return by_pixels(_drawn(page, made.text), _drawn(page, made.rotated))


def by_pixels(one: Image.Image, other: Image.Image) -> bool | None:
    """Whether two pictures differ as words do."""
    if one.size != other.size:
        return True
    difference = ImageChops.difference(one, other)
    apart = np.asarray(difference.crop(difference.getbbox() or (0, 0, 0, 0))).max(axis=2, initial=0)
    faint, strong = int((apart > 8).sum()), int((apart > STRONG).sum())
    if faint <= LEAST:
        return False
    return True if strong >= LETTERS else None


def _drawn(page: Page, text: str) -> Image.Image:
    page.set_content(text.replace("<head>", f"<head>{_ONE_WIDTH}", 1), wait_until="load")
    page.evaluate(_AT_REST)
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    return picture.crop((0, 0, 1280, picture.height))
