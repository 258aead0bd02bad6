"""Web pages and Markdown become sentences: headings apart, furniture gone, references and tables never evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from survey_extract.adapters.html.reader import LEAST_CHARACTERS, read_html, read_markdown
from survey_extract.core.paper_text import PaperText
from survey_extract.errors import ReadError

PROSE = "We describe a boat that reads maps. It has two sails and one engine. " * 3

PAGE = f"""<!doctype html><html><head><title>Boat &amp; Map</title></head><body>
<nav><a href="/">Home</a> <a href="/b">Imprint</a></nav>
<article><h1>Boat</h1><p>{PROSE}</p><h2>Training</h2><p>We train the boat for 12 days. {PROSE}</p>
<ul><li>It steers by stars.</li><li>It sleeps in harbours.</li></ul>
<table><tr><th>Boat</th><th>Speed</th></tr><tr><td>Ours</td><td>12.5</td></tr></table>
<h2>References</h2><p>A. Sailor. On boats, 2020. {PROSE}</p></article>
<script>alert("never text")</script><footer>Copyright of nobody</footer></body></html>"""

CARD = f"""---
title: Boat Card
tags: [boat]
---
# Boat

{PROSE}

## Training

We train it on the **LogPairs** [data set](https://example.org). ![a picture](x.png)
It goes on in the next line.

- One item
- Another item.

| Boat | Speed |
|---|---|
| Ours | 12.5 |

```python
boat.sail()
```

<p align="center">Words in a block of <b>HTML</b></p>

<!-- a comment that says nothing -->

## Citation

Please cite us as Sailor et al., 2020.
"""


def by_kind(text: PaperText, kind: str) -> list[str]:
    return [text.quote(sentence) for sentence in text.sentences if sentence.kind == kind]


def test_a_page_without_its_furniture() -> None:
    """Headings are sections, items sentences; tables and references are no evidence; scripts and menus are gone."""
    text = read_html(PAGE.encode())
    assert text.title == "Boat & Map"
    assert [section.title for section in text.sections][1:] == ["Boat", "Training", "References"]
    assert "We train the boat for 12 days." in by_kind(text, "body")
    assert "It steers by stars." in by_kind(text, "body")
    assert "Ours | 12.5" in by_kind(text, "debris")
    assert any("On boats, 2020" in quote for quote in by_kind(text, "reference"))
    whole = "\n".join(text.pages)
    assert "alert" not in whole
    assert "Imprint" not in whole
    assert "Copyright" not in whole


def test_a_card_is_read_by_its_marks() -> None:
    """Front matter gives the title, marks are gone, code and tables are debris, the citation is a reference."""
    text = read_markdown(CARD.encode())
    assert text.title == "Boat Card"
    assert [section.title for section in text.sections][1:] == ["Boat", "Training", "Citation"]
    assert "We train it on the LogPairs data set." in by_kind(text, "body")
    assert {"It goes on in the next line.", "One item", "Another item."} <= set(by_kind(text, "body"))
    assert {"Ours | 12.5", "boat.sail()"} <= set(by_kind(text, "debris"))
    assert by_kind(text, "reference") == ["Please cite us as Sailor et al., 2020."]
    assert "comment" not in "\n".join(text.pages)


@pytest.mark.parametrize("front", ["", "---\n: : bad yaml [\n---\n", "---\n- a list\n---\n"])
def test_a_heading_is_the_title_where_nothing_better_is(front: str) -> None:
    """Unreadable front matter is no reason to lose a card."""
    assert read_markdown(f"{front}# Boat\n\n{PROSE}".encode()).title == "Boat"


@pytest.mark.parametrize("data", [b"<html><body><div id=app></div></body></html>", b"<html></html>"])
def test_a_page_without_text_is_refused(data: bytes) -> None:
    """A shell that needs a browser is no empty paper."""
    with pytest.raises(ReadError, match="browser"):
        read_html(data)


@pytest.mark.parametrize("read", [read_html, read_markdown])
def test_what_is_too_short_is_refused_with_the_limit(read: Callable[[bytes], PaperText]) -> None:
    """The limit is named, and no browser is blamed for a short file."""
    with pytest.raises(ReadError, match=f"less than {LEAST_CHARACTERS} are not read") as error:
        read(b"<p>A bridge of 32 m.</p>" if read is read_html else b"A bridge of 32 m.")
    assert ("browser" in str(error.value)) == (read is read_html)


def test_bytes_that_are_no_utf8_are_read_all_the_same() -> None:
    """An old page in Latin-1 keeps its words."""
    text = read_html(PAGE.replace("two sails", "two bl\xe9 sails").encode("latin-1"))
    assert any("bl\xe9" in quote for quote in by_kind(text, "body"))


def test_real_pages_are_read(shared: Path) -> None:
    """Every page and card that lies beside the checkout gives sentences that may be evidence."""
    files = sorted((shared / "pages").glob("*.[hm]*"))
    assert len(files) == 20
    for path in files:
        text = (read_html if path.suffix == ".html" else read_markdown)(path.read_bytes())
        assert len(text.citable()) >= 8, path.name
