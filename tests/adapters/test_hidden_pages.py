"""What a reader of a page sees is what its picture shows: made pages are judged by Chromium's pixels, and by no opinion of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page

from survey_extract.adapters.html.reader import read_html, read_markdown
from survey_extract.core.records import PaperText
from survey_extract.errors import ReadError
from tests.papers.hidden_pages import DECLARATIONS, MARKDOWN, PIECES, SEEN, Made, card, page
from tests.pixels import is_shown, judge

PAGES = int(os.environ.get("TEST_HIDDEN_PAGES", "150"))
"""How many pages are made; with 400, each trick is there once or more."""
CARDS = len(MARKDOWN)
AT_ONCE = 25

STRICT = frozenset([
    "a comment that ends at once",  # its words stand in no element of their own, and the extractor passes over them
    "an open dialog", "an unknown tag",  # the same
    "a sheet in noscript",  # a page of one line
    "transform:skewX(89.9deg)", "letter-spacing:5000px", "line-height:0",  # drawn, and read by nobody
    "clip-path:url(#nothing)", "filter:url(#x)",  # a browser passes over what is not there; we do not look
])  # fmt: skip
"""Tricks whose words a browser draws and the reader leaves out: what is not understood is not evidence."""


@pytest.fixture
def eye(chromium: Browser) -> Iterator[Page]:
    with judge(chromium) as page:
        yield page


def shown(text: PaperText | None) -> str:
    return " ".join(text.quote(sentence) for sentence in text.citable()) if text else ""


def faults(made: Made, text: str, seen: bool | None) -> list[str]:
    """What is citable and not seen, and what is seen and not citable."""
    kept = [word for word in made.secret if word in text]
    found = []
    if seen is False and kept:
        found.append(f"hidden and citable: {made.name}")
    if seen and len(kept) < len(made.secret) and made.trick not in STRICT:
        found.append(f"seen and lost: {made.name}")
    if text and any(line not in text for line in SEEN):
        found.append(f"lines of the page are lost: {made.name}")
    return found


def read(made: Made) -> str:
    try:
        return shown(read_html(made.text.encode()))
    except ReadError:  # so much is hidden that no source is left
        return ""


@pytest.mark.parametrize("first", range(0, PAGES, AT_ONCE))
def test_no_word_that_chromium_does_not_draw_is_citable(eye: Page, first: int) -> None:
    """Of 150 made pages, no hidden word is evidence, and no visible one is lost but by a trick that is named above."""
    wrong = []
    for seed in range(first, min(first + AT_ONCE, PAGES)):
        made = page(seed)
        wrong += faults(made, read(made), is_shown(eye, made))
    assert wrong == []


@pytest.mark.parametrize("first", range(0, CARDS, AT_ONCE))
def test_the_same_of_markdown(eye: Page, first: int) -> None:
    """A Markdown file is the page that is made of it; hidden is what that page does not show."""
    wrong = []
    for seed in range(first, min(first + AT_ONCE, CARDS)):
        made = card(seed)
        rendered = replace(made, text=as_page(made.text), rotated=as_page(made.rotated))
        try:
            text = shown(read_markdown(made.text.encode()))
        except ReadError:
            text = ""
        wrong += faults(made, text, is_shown(eye, rendered))
    assert wrong == []


def as_page(markdown: str) -> str:
    body = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown)
    return f"<!doctype html><html><head></head><body>{body}</body></html>"


def test_there_are_enough_tricks() -> None:
    """About a quarter of them is kept out, by name."""
    names = [*DECLARATIONS, *PIECES, *(f"md {name}" for name in MARKDOWN)]
    kept = [made for made in map(page, range(400)) if made.kept_out]
    assert len(names) > 400
    assert 60 < len(kept) < 140
