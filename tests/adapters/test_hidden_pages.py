"""What a reader of a page sees is what its picture shows: made pages are judged by Chromium's pixels, and by no opinion of ours."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser, Page

from survey_extract.adapters.html.reader import read_html, read_markdown
from survey_extract.core.paper_text import PaperText
from survey_extract.errors import ReadError
from tests.papers.covers import COVERS
from tests.papers.hidden_pages import DECLARATIONS, MARKDOWN, PIECES, SEEN, WORDS, Made, card, page, rotated
from tests.pixels import is_shown, judge

PAGES = int(os.environ.get("TEST_HIDDEN_PAGES", "150"))
"""How many pages are made; with 400, each trick is there once or more."""
CARDS = len(MARKDOWN)
AT_ONCE = 25
SECRET = WORDS[:6]

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


OTHERS = {
    "a selector that nobody knows among others": "<style>:is(.q,:foo){display:none}</style><p class=q>{S}</p>",
    "none that anybody knows": "<style>:is(:foo,3){display:none}</style><p>{S}</p>",
    "lists within lists": "<style>p:is(:where(.q,:foo),3){display:none}</style><p class=q>{S}</p>",
    "a list that does not forgive": "<style>p:not(:foo,.z){display:none}</style><p>{S}</p>",
    "a nest in brackets": "<style>.o{p:is(&.q,& .q){display:none}}</style><div class=o><p class=q>{S}</p></div>",
    "a nest in brackets, behind": "<style>.q{color:red;div:has(&){display:none}}</style><div><p class=q>{S}</p></div>",
    "a nest in brackets, not": "<style>.z{p:not(& p){display:block}}</style><p>{S}</p>",
    "a mask": '<p style="mask:linear-gradient(#000,#000)">{S}</p>',
    "a mask of no size": '<p style="mask:linear-gradient(#000,#000) no-repeat 0 0/0 0">{S}</p>',
    "a mask of no size, of old": '<p style="-webkit-mask-image:linear-gradient(#000,#000);-webkit-mask-size:0 0;-webkit-mask-repeat:no-repeat">{S}</p>',
    "a mask elsewhere": '<p style="mask-image:linear-gradient(#000,#000);mask-position:-999px 0;mask-repeat:no-repeat;mask-size:9px 9px">{S}</p>',
    "masks that cancel": '<p style="mask:linear-gradient(#000,#000),linear-gradient(#000,#000);mask-composite:exclude">{S}</p>',
    "a mask by its light": '<p style="mask:linear-gradient(#000,#000);mask-mode:luminance">{S}</p>',
}  # fmt: skip
"""Tricks that somebody found by other means than the list above."""


@pytest.mark.parametrize("trick", OTHERS)
def test_tricks_that_were_found_later(eye: Page, trick: str) -> None:
    """Each by itself, judged by Chromium like all others."""
    lines = "".join(f"<p>{line}</p>" for line in SEEN)
    words = " ".join(SECRET)
    text, other = (
        f"<!doctype html><html><head><title>A page</title></head><body><main>{OTHERS[trick].replace('{S}', said)}{lines}</main></body></html>"
        for said in (words, rotated(words))
    )
    made = Made(trick, trick, text, other, SECRET, kept_out=False)
    assert faults(made, read(made), is_shown(eye, made)) == []


GETS_THROUGH = frozenset(["float shape", "column overflow", "::first-letter padding", "text float under"])
"""Covers that the reader does not see: it knows no layout."""
GIVEN_UP = frozenset(["seen: before bullet", "seen: rotated arrow"])
"""What is seen, and not evidence all the same: a mark that is laid beside the words."""
JUDGED = [*COVERS][:: 1 if PAGES >= 400 else 16]
"""With 400 pages all covers are judged, else some of all kinds."""


def test_no_line_under_a_cover_is_citable(eye: Page) -> None:
    """By the pixels; a line that nothing covers is lost only where that is named."""
    wrong = []
    for trick in JUDGED:
        made = covered(trick)
        seen, kept = is_shown(eye, made), [word for word in SECRET if word in read(made)]
        if seen is False and kept and trick not in GETS_THROUGH:
            wrong.append(f"hidden and citable: {trick}")
        if seen and len(kept) < len(SECRET) and trick.startswith("seen") and trick not in GIVEN_UP:
            wrong.append(f"seen and lost: {trick}")
    assert wrong == []


def covered(trick: str) -> Made:
    before, behind = ("".join(f"<p>{line}</p>" for line in lines) for lines in (SEEN[:2], SEEN[2:]))
    text, other = (
        f"<!doctype html><html><head><title>A page</title></head><body style='background:white'><main>{before}"
        f"{COVERS[trick].replace('{S}', said)}<div style='height:200px'></div>{behind}</main></body></html>"
        for said in (" ".join(SECRET), rotated(" ".join(SECRET)))
    )
    return Made(trick, trick, text, other, SECRET, kept_out=False)


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
