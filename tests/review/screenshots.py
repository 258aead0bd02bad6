"""A folder goes in; pictures of the review page, and of the page of ``evaluate``, on the demo survey come out in it.

    python -m tests.review.screenshots docs

Each is an SVG that holds the picture of few colours, so that the repository
needs no binary file and GitHub shows it all the same.
"""

from __future__ import annotations

import base64
import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from survey_extract.core.decisions import decide
from survey_extract.core.records import Verdict
from survey_extract.wiring import open_archive
from tests.conftest import ROOT, Folder
from tests.review.conftest import CHROMIUM, FLAGS, reviewing

WIDTH, HEIGHT = 1280, 800
EVALUATE_HEIGHT = 1100
COLOURS = 48
OWN_WORDS = "A frozen image encoder and a language model of 1.3B parameters, joined by a linear connector."
VIEWS = {
    "review-queue": "/",
    "review-pdf": "/cell/file-papers-harbor.pdf/training_methods",
    "review-page": "/cell/file-papers-lantern.html/alignment_fusion_methods",
}


def as_svg(png: bytes) -> str:
    """The picture, in few colours, inside an SVG of its size."""
    small = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    held = io.BytesIO()
    small.save(held, "PNG", optimize=True)
    data = base64.b64encode(held.getvalue()).decode()
    size = f'width="{small.width}" height="{small.height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/png;base64,{data}"/></svg>\n'


def take(page: Page, address: str) -> bytes:
    """A picture of a page when all of it is drawn."""
    page.goto(address)
    page.wait_for_selector("body[data-ready]")
    if "/cell/" in address:
        page.wait_for_selector("#sheet[data-ready]")
    page.wait_for_load_state("networkidle")
    return page.screenshot()


def main(docs: Path) -> None:
    if CHROMIUM is None:
        sys.exit("no chromium on this machine: make browser")
    docs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        demo = Folder(Path(temporary) / "demo", {})
        shutil.copytree(ROOT / "examples" / "demo", demo.path, ignore=shutil.ignore_patterns("warehouse"))
        demo.ok("refresh")
        with reviewing(demo) as review, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            review.let_in(page)
            for name, path in VIEWS.items():
                (docs / f"{name}.svg").write_text(as_svg(take(page, review.url + path)))
            demo.ok("site", "--quotes")
            page.goto((demo.path / "site" / "index.html").as_uri())
            page.locator("summary").first.click()
            (docs / "site.svg").write_text(as_svg(page.screenshot()))
            page.set_viewport_size({"width": WIDTH, "height": EVALUATE_HEIGHT})
            page.goto(evaluated(demo).as_uri())
            (docs / "evaluate.svg").write_text(as_svg(page.screenshot()))
            browser.close()


def evaluated(demo: Folder) -> Path:
    """The page of ``evaluate`` after a made-up reviewer decided: each third answer is edited, and one is rejected."""
    archive, place = open_archive(demo.path, print), demo.path.parent / "evaluate.html"
    answers = [(key, answer) for key in archive.documents() for answer in archive.answers(key)]
    for number, (key, answer) in enumerate(answers):
        own = ("TideBank", "LogBench") if archive.fields.named(answer.field).is_list else OWN_WORDS
        edit = number % 3 == 2
        verdict: Verdict = "rejected" if number == 0 else "edited" if edit else "accepted"
        at = f"2026-01-01T00:00:00.{number:06}Z"
        decision = decide(verdict, answer.field, answer, by="Ada", at=at, value=own if edit else None)
        archive.add_decisions(key, [decision])
    demo.ok("evaluate", "--html", str(place))
    return place


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
