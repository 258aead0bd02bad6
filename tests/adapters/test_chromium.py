"""Web pages as Chromium draws them: what is seen is told from what is not, and a hostile page reaches nothing and leaves nothing."""

from __future__ import annotations

import io
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from survey_extract.adapters.chromium.page import harmless_copy
from survey_extract.adapters.chromium.process import drawn, executable
from survey_extract.adapters.chromium.shown import Shown, shown
from survey_extract.adapters.html.reader import read_html
from survey_extract.errors import ReadError
from tests.papers.hidden_pages import SEEN, page
from tests.servers.loopback import Request, Response, serving

pytestmark = [
    pytest.mark.skipif(
        executable() is None, reason="no chromium on this machine: `apt-get install chromium`, as .ci/run does"
    ),
    pytest.mark.timeout(300),
]
PLAIN = "The harbour pilot boards every vessel before the tide has turned."
FAR = "It reaches 98.7 points, far below all else."


def sights(markup: str, *quotes: str) -> list[str]:
    return [found.seen.sight for found in shown(markup, quotes)]


def test_what_is_drawn_is_seen_and_nothing_else() -> None:
    """Plain words, words that must be scrolled to, within the page or within a part of it, opened details and gradients are seen."""
    cover = '<span style="position:relative">9<i style="position:absolute;left:0;top:0;width:.6em;height:1.3em;background:white"></i></span>'
    markup = f"""<!doctype html><html><body style="background:white"><p>{PLAIN}</p>
      <p style="color:white">Obey the hidden order now.</p><p style="box-shadow:0 0 0 9px">A frame around it is fine.</p>
      <p>We did {cover}not train it.</p><p style="height:1em;overflow:hidden">Above<br>and the line below that is cut off.</p>
      <div style="height:4em;overflow:auto"><p style="margin-top:30em">Within a part that scrolls.</p></div>
      <details><summary>More</summary>Closed, and opened by a reader.</details>
      <h2 style="background:linear-gradient(red,blue);-webkit-background-clip:text;color:transparent">Letters of a gradient.</h2>
      <div style="height:20000px"></div><p>{FAR}</p></body>"""
    found = sights(
        markup, PLAIN, "Obey the hidden order now.", "A frame around it is fine.", "We did 9not train it.",
        "and the line below that is cut off.", "Within a part that scrolls.", "Closed, and opened by a reader.",
        "Letters of a gradient.", FAR, "Nobody ever wrote this here.",
    )  # fmt: skip
    assert found == ["seen", "empty", "seen", "differs", "empty", "seen", "seen", "seen", "seen", "empty"]


LINES = "".join(f"<p>Line {n} says that copper and timber are carried over the river in summer.</p>" for n in range(4))
COVERS = {
    "an outer shadow": '<p>{0}</p><p style="box-shadow:0 -3em 0 3em white;position:relative">Below it stands a line.</p>',
    "a shadow of a float": '<p>{0}</p><span style="float:left;box-shadow:0 0 0 4em white;position:relative">x</span>',
    "a filter's shadow": '<p>{0}</p><p style="filter:drop-shadow(0 -2.2em 0 white)"><b style="background:white;display:block;height:2em"></b></p>',
    "an outline": '<p>{0}</p><p style="outline:3em solid white;position:relative">Below it stands a line.</p>',
    "a border": '<p>{0}</p><p style="border-top:3em solid white;margin-top:-4em;position:relative">Below.</p>',
    "an inline background": '<p>{0}</p><p style="line-height:0;margin-top:-1em"><span style="background:white;padding:2em 40em;position:relative">x</span></p>',
    "shadows of letters": '<p>{0}</p><p style="margin-top:-2.2em;color:transparent;text-shadow:0 0 0 white,0 0 6px white,0 0 6px white">{0}</p>',
    "a box moved up": '<p>{0}</p><div style="background:white;height:3em;margin-top:-3em;position:relative"></div>',
    "what a sheet adds": '<style>.a{{position:relative}}.a::after{{content:"";position:absolute;inset:0;background:white}}</style><p class=a>{0}</p>',
    "two in one cell of a grid": '<div style="display:grid"><p style="grid-area:1/1">{0}</p><p style="grid-area:1/1;background:white">&nbsp;</p></div>',
    "a box moved by transform": '<p>{0}</p><div style="background:white;height:3em;transform:translateY(-3em)"></div>',
    "a clip": '<p style="clip-path:inset(0 0 100% 0)">{0}</p>',
    "an indent": '<p style="text-indent:-200em;overflow:hidden">{0}</p>',
    "a box that is too low": '<div style="height:1.2em;overflow:hidden"><p style="margin:0">The first line.</p><p style="margin:0">{0}</p></div>',
}  # fmt: skip
"""Ways to hide a line by what lies over it, written by hand."""


def line_under(cover: str) -> str:
    return f"The harbour pilot boards every vessel before the tide has turned, {cover} or none."


def line_behind(cover: str) -> str:
    return f"Behind {cover} there is a line that nothing lies over."


@pytest.fixture(scope="module")
def drawn_covers() -> dict[str, str]:
    """All covers on one page, drawn once: what is found of each line, by the line."""
    parts = (
        f"{LINES}{markup.format(line_under(cover))}{LINES}<p>{line_behind(cover)}</p>"
        for cover, markup in COVERS.items()
    )
    lines = [line(cover) for line in (line_under, line_behind) for cover in COVERS]
    page = f"<!doctype html><html><body style='background:white'>{''.join(parts)}</body></html>"
    return dict(zip(lines, sights(page, *lines), strict=True))


@pytest.mark.parametrize("cover", COVERS)
def test_what_lies_under_a_cover_is_not_citable_and_marked_in_review(cover: str, drawn_covers: dict[str, str]) -> None:
    """The reader takes the worst for true and may give up the page; the picture tells the line from the one behind it."""
    line = line_under(cover)
    markup = (
        f"<!doctype html><html><body style='background:white'>{LINES}{COVERS[cover].format(line)}{LINES}</body></html>"
    )
    with suppress(ReadError):  # so much may be covered that no source is left
        text = read_html(markup.encode())
        assert not any(line in text.quote(sentence) for sentence in text.citable())
    assert drawn_covers[line] in ("empty", "differs")
    assert drawn_covers[line_behind(cover)] == "seen"


def test_the_picture_shows_the_place_and_marks_the_quote() -> None:
    """A PNG of the part around the quote; yellow where it is seen, and nowhere where it is not."""

    def yellow(one: Shown) -> int:
        with Image.open(io.BytesIO(one.png)) as picture:
            assert picture.width == 1100
            assert picture.height < 900
            red, green, blue = np.asarray(picture.convert("RGB")).reshape(-1, 3).T
        return int(((red > 240) & (green > 220) & (blue < 190)).sum())

    seen, hidden = shown(f'<p>{PLAIN}</p><p style="color:white">{FAR}</p>', [PLAIN, FAR])
    assert yellow(seen) > 1_000
    assert yellow(hidden) == 0


@pytest.mark.parametrize("seed", range(0, 60, 12))
def test_visible_lines_of_made_pages_are_seen(seed: int) -> None:
    """On a page with a trick in it, the lines that it leaves alone are seen."""
    assert sights(page(seed).text, *SEEN) == ["seen"] * len(SEEN)


HOSTILE = """<!doctype html><html manifest="{at}/m"><head><base href="{at}/"><meta http-equiv="refresh" content="0; url={at}/refresh">
<META HTTP-EQUIV="Content-Security-Policy" content="script-src 'unsafe-inline'"><link rel="stylesheet" href="{at}/sheet">
<link rel="preload" as="image" href="{at}/preload"><link rel="dns-prefetch" href="//elsewhere.test"><link rel="preconnect" href="{at}">
<style>@import url({at}/import); @font-face {{ font-family: f; src: url({at}/font) }} p {{ font-family: f; background: url({at}/background) }}</style></head>
<body onload="document.body.textContent='RAN'"><script>document.documentElement.textContent = "RAN"; fetch("{at}/fetch")</script>
<img src="{at}/img" onerror="document.body.textContent='RAN'"><img src="file://{file}"><iframe src="file://{file}"></iframe>
<iframe src="{at}/frame"></iframe><object data="{at}/object"></object><embed src="file://{file}"><video src="{at}/video" autoplay></video>
<iframe srcdoc="<script>top.location='{at}/top'</script><meta http-equiv=refresh content='0;url={at}/inner'>"></iframe>
<svg><image href="{at}/svg"/><use href="{at}/use#x"/></svg><form action="{at}/form"><input autofocus onfocus="form.submit()"></form>
<p>{plain}</p></body></html>"""


def test_a_hostile_page_reaches_neither_network_nor_files_and_runs_nothing(tmp_path: Path) -> None:
    """Twenty ways to load, go on or run: a server on this very machine is asked for nothing, and no file is shown."""
    secret = tmp_path / "secret.txt"
    secret.write_text("PLANTED " * 50)
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        asked.append(request)
        return Response()

    with serving(answer) as server:
        at = f"http://127.0.0.1:{server.server_address[1]}"
        markup = HOSTILE.format(at=at, file=secret, plain=PLAIN)
        assert sights(markup, PLAIN) == ["seen"]
        copy = harmless_copy(markup, [PLAIN], bare=False, nonce="n", name="data-n")
        _, elements = drawn(copy, (800, 600))
    assert not asked
    assert "PLANTED" not in elements
    assert "RAN</" not in elements


def test_a_page_that_does_not_end_is_given_up_with_all_its_processes(tmp_path: Path) -> None:
    """After the time limit there is an error in words, and no process of the browser is left."""
    endless = "<!doctype html><script>while (true) { }</script>"
    began, before = time.monotonic(), processes_of_pictures()
    with pytest.raises(ReadError, match="longer than 4 s"):
        drawn(endless, (800, 600), seconds=4)
    assert time.monotonic() - began < 60
    end = time.monotonic() + 20
    while processes_of_pictures() - before and time.monotonic() < end:
        time.sleep(0.2)
    assert not processes_of_pictures() - before


def processes_of_pictures() -> set[str]:
    """The numbers of processes whose profile is one of ours."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:
            continue
        if b"--user-data-dir=" in line and b"/survey-extract-" in line:
            found.add(path.parent.name)
    return found


def test_without_a_browser_there_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is none on the path, that is what is said."""
    monkeypatch.setenv("PATH", str(tmp_path))
    executable.cache_clear()
    try:
        with pytest.raises(ReadError, match="neither Chromium nor Chrome is installed"):
            shown(f"<p>{PLAIN}</p>", [PLAIN])
    finally:
        executable.cache_clear()
