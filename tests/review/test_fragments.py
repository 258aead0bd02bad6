"""Text fragments, as a real browser takes them: each leads to its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from survey_extract.adapters.html.fragments import found_by
from survey_extract.adapters.html.reader import read_html, read_markdown
from survey_extract.core.paper_text import PaperText
from survey_extract.core.readme.links import FRAGMENT
from tests.servers.loopback import Response, serving

FAR_APART = (
    "<style>p, li, h1, h2, h3, h4, td, blockquote, pre { margin-bottom: 900px !important; display: block }</style>"
)
"""A screen between any two sentences, so that the one in sight is the one that was looked for."""

SENTENCES = (
    "The model consists of an image encoder, a connector and a language model, as others do.",
    "The model consists of an image encoder, a connector and a language model, as no other does.",
    "Short &amp; sweet - it works, mostly.",
    "A <b>bold</b> word, an <a href='#'>odd link</a> and a <code>--flag-name</code> stand within this sentence of many words.",
    "Caf&eacute; menus and “quoted words” are read by the encoder, a part that stays frozen.",
    "What costs 100% of C# &lt;tags&gt; is a+b, x=y &amp; z, once and for all.",
    "A long sentence begins here,<br>goes on behind a break in the line,<br>and ends in words of its own.",
    "We trained it for 3 epochs[<sup>2</sup>], with a batch size of 2-4 and a rate of 1e-4.",
    "Das Modell hei&szlig;t Gr&ouml;&szlig;e und bleibt eingefroren, w&auml;hrend der Verbinder lernt.",
)
TWICE = "This very sentence stands on the page in two places, so that no link can tell which is meant."
PAGE = (
    f"<!doctype html><html lang='en'><head><title>{TWICE}</title>{FAR_APART}</head><body><main><h1>A page</h1>"
    + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    + f"<p>{TWICE}</p><ul><li>An item of a list tells of the FruitNotes dataset, too.</li></ul><p>{TWICE}</p>"
    + "<p style='display:none'>A hidden order that no reader of this page will ever see at all.</p></main></body></html>"
)

WHERE = """([words, least]) => {
  const squeeze = text => text.normalize('NFC').replace(/[ \\t\\n\\r\\f]+/g, ' ');
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const first = squeeze(words).slice(0, least), found = [];
  for (const element of document.body.querySelectorAll('*')) {
    if (!squeeze(element.textContent).includes(first)) continue;
    if ([...element.children].some(child => squeeze(child.textContent).includes(first))) continue;
    const box = element.getBoundingClientRect();
    found.push(box.height > 0 && box.top < innerHeight && box.bottom > 0);
  }
  return found;
}"""


def leads(browser: Browser, page: str, text: PaperText, numbers: Sequence[int]) -> list[str]:
    """The sentences that are not in sight after following their fragments."""
    fragments = dict(text.fragments)
    missed: list[str] = []
    with serving(lambda _: Response(200, page.encode(), {"Content-Type": "text/html; charset=utf-8"})) as server:
        for number in numbers:
            context = browser.new_context(viewport={"width": 900, "height": 600}, java_script_enabled=True)
            tab = context.new_page()
            tab.route(lambda url: not url.startswith(server.url), lambda route: route.abort())
            tab.goto(f"{server.url}/page#{FRAGMENT}{fragments[number]}", wait_until="load")
            tab.wait_for_timeout(150)
            words = found_by(text, text.sentences[number - 1])
            if not any(tab.evaluate(WHERE, [words, 24])):
                missed.append(f"{number}: {words} ({fragments[number]})")
            context.close()
    return missed


def test_a_browser_finds_the_words(browser: Browser) -> None:
    """Each fragment of a page brings its sentence into sight, whatever marks, accents and elements it holds; what stands twice has none."""
    text = read_html(PAGE.encode())
    words = {s.number: text.quote(s) for s in text.citable()}
    numbers = [number for number, _ in text.fragments]
    assert not [number for number in numbers if TWICE in words[number]]
    assert sum(said == TWICE for said in words.values()) == 2
    assert len(numbers) > len(SENTENCES)
    assert not leads(browser, PAGE, text, numbers)


def test_a_wrong_fragment_is_noticed(browser: Browser) -> None:
    """The test above can fail: with another sentence's fragment, the sentence is not in sight."""
    from dataclasses import replace

    text = read_html(PAGE.encode())
    (_, one), *_, (last, _) = text.fragments
    assert leads(browser, PAGE, replace(text, fragments=((last, one),)), [last])


def test_a_browser_finds_the_words_of_markdown_as_rendered(browser: Browser) -> None:
    """The words of a Markdown file are found on the page that it is rendered to: links, tables and marks are gone there."""
    source = "# A card\n\n" + "\n\n".join(
        [
            "**Kite** is a [model](https://example.org) with *two* encoders, a resampler and a language model.",
            "- The `ViT-B/32` encoder stays frozen in the first stage,\n  and is trained in the second.",
            "<p>HTML within, such as <b>this bold</b> sentence, is rendered by the sites, too.</p>",
            "| data | use |\n|---|---|\n| MapCaps | pre-training of the connector |",
            "The last ~~old~~ new sentence names the ForecastQA dataset, which holds 30K questions in all.",
        ]
    )
    text = read_markdown(source.encode())
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source)
    numbers = [number for number, _ in text.fragments]
    assert len(numbers) >= 3
    assert not leads(browser, f"<!doctype html><html><head>{FAR_APART}</head><body>{page}</body></html>", text, numbers)


PAGES = ("llava-next-blog.html", "palm-e-project-page.html", "alt-llava-project-page.html")


@pytest.mark.parametrize("name", PAGES)
def test_a_browser_finds_the_words_of_real_pages(browser: Browser, shared: Path, name: str) -> None:
    """Of pages as people make them, every tenth fragment leads to its sentence (without what the web would add to them)."""
    data = (shared / "pages" / name).read_bytes()
    text = read_html(data)
    numbers = [number for number, _ in text.fragments][::10]
    page = data.decode("utf-8").replace("</head>", f"{FAR_APART}</head>", 1)
    assert numbers
    assert not leads(browser, page, text, numbers)
