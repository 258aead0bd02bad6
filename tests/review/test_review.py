"""The review page in a real browser: decided by keys, evidence where it stands, and nothing that is said can run."""

from __future__ import annotations

import io
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pypdfium2 as pdfium
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from survey_extract.core.quote_spans import Letters
from tests.conftest import Folder
from tests.papers.make import HARBOR, pdf
from tests.review.conftest import Reviewing, press, reviewing
from tests.review.desk import desk_of


def open_cell(page: Page, review: Reviewing, key: str, field: str) -> None:
    page.goto(f"{review.url}/cell/{key}/{field}")
    settled(page)


def settled(page: Page) -> None:
    """Wait until the page of the source is drawn and marked."""
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("#sheet[data-ready]")
    page.wait_for_function("() => [...document.querySelectorAll('#sheet img')].every((picture) => picture.complete)")


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    """Wait until what is done here has led to another page; where it began is noted before, since it may be over at once."""
    before = page.url
    yield
    page.wait_for_url(lambda url: url != before)


def decisions(folder: Folder) -> list[dict[str, object]]:
    return folder.rows("SELECT key, field, verdict, value, decided_by, reason FROM decisions ORDER BY decided_at")


def test_a_whole_source_is_decided_with_the_keyboard_alone(demo: Folder, page: Page) -> None:
    """From the queue through seven cells by keys: accept, edit, reject, not reported, undo; each is on disk when the next appears."""
    with reviewing(demo, page) as review:
        page.goto(f"{review.url}/?key=file-papers-harbor.pdf")
        page.wait_for_selector("body[data-ready]")
        expect(page.locator("h1")).to_have_text("7 cells to decide")
        press(page, "j")
        for number, key in enumerate(["a", "a", "e", "n", "r", "a", "a"], start=1):
            settled(page)
            with leaving(page):
                press(page, key)
                if key == "e":
                    press(page, "Control+A")
                    page.keyboard.type("Trained in two stages.")
                    press(page, "Control+Enter")
            lines = (demo.path / "warehouse" / "decisions" / "file-papers-harbor.pdf.jsonl").read_text().splitlines()
            assert len(lines) == number
        expect(page.locator("h1")).to_have_text("0 cells to decide")
        press(page, "u")
        page.wait_for_url("**/datasets_purpose**")
        settled(page)
        press(page, "a")
        page.wait_for_url(re.compile(r"/\?key="))
    assert [d["verdict"] for d in decisions(demo)] == [
        "accepted",
        "accepted",
        "edited",
        "not_reported",
        "rejected",
        "accepted",
        "accepted",
        "undone",
        "accepted",
    ]
    assert {d["decided_by"] for d in decisions(demo)} == {"Ada"}
    states = demo.rows("SELECT field, state, value FROM cells WHERE key = 'file-papers-harbor.pdf'")
    assert [row["state"] for row in states] == [
        "accepted",
        "accepted",
        "edited",
        "not_reported",
        "rejected",
        "accepted",
        "accepted",
    ]
    assert states[2]["value"] == "Trained in two stages."
    assert states[0]["value"].startswith("The architecture of Harbor consists")


def test_a_row_is_published_when_all_its_cells_stand(demo: Folder, page: Page) -> None:
    """All clean cells at once, the rest by key: then the README shows the row, with who decided and where it stands."""
    demo.env["SURVEY_PUBLISH"] = "reviewed"
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-harbor.pdf", "training_methods")
        page.get_by_role("link", name="Accept all 7 cells of Harbor").click()
        expect(page.locator("dd")).to_have_count(7 + page.locator("#help dd").count())
        page.get_by_role("button", name="Accept all 7").click()
        page.wait_for_url(f"{review.url}/")
    demo.ok("render")
    readme = demo.read("README.md")
    assert readme.count("<details>") == 1
    assert "Ada decided all 7 cells, last on " in readme
    assert "Unreviewed" not in readme


def crop_of_evidence(page: Page) -> list[tuple[float, float, float, float]]:
    """The evidence's rectangles as drawn, in fractions of the picture as drawn."""
    found: list[tuple[float, float, float, float]] = page.evaluate(
        """() => { const p = document.querySelector('#sheet img').getBoundingClientRect();
          return [...document.querySelectorAll('#sheet rect.evidence')].map((r) => { const b = r.getBoundingClientRect();
            return [(b.left - p.left) / p.width, (b.top - p.top) / p.height, (b.right - p.left) / p.width, (b.bottom - p.top) / p.height] }) }"""
    )
    return found


def words_under(data: bytes, number: int, boxes: list[tuple[float, float, float, float]]) -> str:
    """The printed words that lie under rectangles of a page."""
    document = pdfium.PdfDocument(data)
    page = document[number - 1]
    width, height = page.get_size()
    text_page = page.get_textpage()
    parts = [
        text_page.get_text_bounded(left * width - 1, (1 - b) * height - 1, r * width + 1, (1 - t) * height + 1)
        for left, t, r, b in boxes
    ]
    text_page.close()
    page.close()
    document.close()
    return " ".join(parts)


@pytest.mark.parametrize("field", ["training_methods", "alignment_fusion_methods", "datasets_purpose"])
def test_the_highlight_lies_on_the_words_of_the_quote(demo: Folder, page: Page, field: str) -> None:
    """What stands under the yellow rectangles is the quote, letter for letter, and the picture shows ink there."""
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-harbor.pdf", field)
        quotes = page.locator(".quote").evaluate_all("quotes => quotes.map((quote) => quote.firstChild.textContent)")
        boxes = crop_of_evidence(page)
        picture = page.locator("#sheet img").get_attribute("src")
        with review.open(str(picture)) as answer:
            image = Image.open(io.BytesIO(answer.read())).convert("L")
    under = Letters(
        words_under(pdf(HARBOR, compress=False), 1, boxes)
    ).text  # in reading order; quotes are the best first
    assert len(under) == sum(len(Letters(quote).text) for quote in quotes)
    assert all(Letters(quote).text in under for quote in quotes)
    for left, top, right, bottom in boxes:
        crop = image.crop(
            (int(left * image.width), int(top * image.height), int(right * image.width), int(bottom * image.height))
        )
        assert min(crop.tobytes()) < 100


def test_clicking_a_sentence_adds_it_to_the_evidence_and_takes_it_out(demo: Folder, page: Page) -> None:
    """The evidence that a person leaves is what the decision holds; the check follows it live."""
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-kite.md", "training_methods")
        before = page.locator("#quotes li").count()
        page.locator(".sentence", has_text="We train Kite-2B in two stages").click()
        expect(page.locator("#quotes li")).to_have_count(before + 1)
        second = page.locator(".sentence.evidence", has_text="The second stage fine-tunes")
        second.click()  # the first click leads back to the quote
        expect(page.locator(".quote:focus")).to_contain_text("The second stage fine-tunes")
        expect(page.locator("#quotes li")).to_have_count(before + 1)
        second.click()
        expect(page.locator("#quotes li")).to_have_count(before)
        press(page, "a")
        page.wait_for_url(lambda url: "training_methods" not in url or "kite" not in url)
        settled(page)
    value = demo.rows("SELECT value FROM cells WHERE key = 'file-papers-kite.md' AND field = 'training_methods'")[0][
        "value"
    ]
    assert "We train Kite-2B in two stages" in value
    assert "The second stage fine-tunes" not in value


def test_evidence_is_chosen_by_keys_too(demo: Folder, page: Page) -> None:
    """The sentences of a page as a list of buttons: choose one, take another out, all without a mouse."""
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-harbor.pdf", "training_methods")
        before = page.locator("#quotes li").count()
        press(page, "s")
        expect(page.locator(".all-quotes button:focus")).to_contain_text("We present Harbor")
        press(page, "Enter")
        expect(page.locator("#quotes li")).to_have_count(before + 1)
        page.locator("#quotes .out").first.focus()
        press(page, "Enter")
        expect(page.locator("#quotes li")).to_have_count(before)
        assert page.locator(".all-quotes [aria-pressed=true]").count() == before
        page.locator("#quotes .quote").first.click()
        expect(page.locator("rect.here").first).to_be_attached()


HOSTILE = [
    "<script>alert(1)</script>",
    '</td></tr></table></details><img src=x onerror="alert(1)">',
    '"><img onerror=alert(1) src=x>',
    "x" * 20_000,
    "left \u202eright\u202c \u200fmark",
    "{{ 7 * 7 }} </textarea><script>alert(2)</script>",
]


KEPT = [text.translate({0x202C: None, 0x202E: None}) for text in HOSTILE]
"""Overrides of direction make a text look other than it is; they are dropped."""


def test_a_hostile_edit_runs_nothing_and_survives(demo: Folder, page: Page) -> None:
    """Whatever is typed comes back as text on the page, in DuckDB and in the README, and nothing of it runs."""
    fields = [
        "architecture_overview",
        "architecture_components",
        "training_methods",
        "alignment_techniques",
        "alignment_fusion_methods",
        "datasets_purpose",
    ]
    with reviewing(demo, page) as review:
        for field, text, kept in zip(fields, HOSTILE, KEPT, strict=True):
            open_cell(page, review, "file-papers-harbor.pdf", field)
            press(page, "e")
            with page.expect_response("**/check"):  # it answers with the text, too
                page.locator("#value").fill(text)
            press(page, "Control+Enter")
            page.wait_for_selector(".ask, .said:has-text('your text saved')")
            if page.locator(".ask").count():  # figures that the source does not hold
                page.keyboard.type("as I know")
                press(page, "Enter")
                page.wait_for_selector(".said:has-text('your text saved')")
            open_cell(page, review, "file-papers-harbor.pdf", field)
            assert " ".join(page.locator(".value").first.inner_text().split()) == " ".join(kept.split())
    rows = {
        row["field"]: row["value"]
        for row in demo.rows("SELECT field, value FROM cells WHERE key = 'file-papers-harbor.pdf'")
    }
    assert [rows[field] for field in fields] == KEPT
    demo.ok("render")
    demo.ok("render", "--check")
    page.set_content(demo.read("README.md").split("<!-- survey:begin -->")[1].split("<!-- survey:end -->")[0])
    page.locator("details").first.locator("sup, sub, br").evaluate_all(
        "added => added.forEach((part) => part.remove())"
    )
    shown = [text.rstrip() for text in page.locator("details").first.locator("td").all_text_contents()]
    assert [shown[1], shown[2], shown[3], shown[4], shown[5], shown[7]] == [" ".join(text.split()) for text in KEPT]


def test_an_answer_that_changed_meanwhile_is_not_decided_unseen(demo: Folder, page: Page) -> None:
    """While a run replaces the answer, a verdict on the old one is refused, and the new one is shown with its difference."""
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-kite.md", "training_methods")
        text = (
            demo.read("papers/kite.md").replace("for 2 epochs", "for 7 epochs").replace("50,000 steps", "60,000 steps")
        )
        demo.write("papers/kite.md", text)
        demo.ok("refresh")
        press(page, "a")
        expect(page.locator(".told").first).to_contain_text("look again")
        settled(page)
        expect(page.locator("#proposed")).to_contain_text("60,000 steps")
        with leaving(page):
            press(page, "a")
        settled(page)
    assert [d["verdict"] for d in decisions(demo)] == ["accepted"]


def test_a_decision_and_a_run_do_not_harm_each_other(demo: Folder, page: Page) -> None:
    """A decision made while a run holds the warehouse is kept; the changed answer queues beside it with its difference."""
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-kite.md", "training_methods")
        press(page, "a")
        page.wait_for_url(lambda url: "training_methods" not in url)
        demo.write("papers/kite.md", demo.read("papers/kite.md").replace("50,000 steps", "60,000 steps"))
        demo.ok("refresh")
        page.goto(f"{review.url}/?state=changed")
        expect(page.locator(".cells li")).to_have_count(1)
        open_cell(page, review, "file-papers-kite.md", "training_methods")
        expect(page.locator("#diff ins")).to_contain_text(["60,000"])
        expect(page.locator("#diff del")).to_contain_text(["50,000"])
    cell = demo.rows(
        "SELECT state, value, proposed FROM cells WHERE key = 'file-papers-kite.md' AND field = 'training_methods'"
    )[0]
    assert cell["state"] == "changed"
    assert "50,000 steps" in cell["value"]
    assert "60,000 steps" in cell["proposed"]


def test_the_page_is_usable_by_keyboard_screen_reader_and_phone(demo: Folder, page: Page) -> None:
    """Landmarks and names are there, the help opens and closes by keys, and nothing is wider than a narrow window."""
    with reviewing(demo, page) as review:
        open_cell(page, review, "file-papers-harbor.pdf", "training_methods")
        for role, name in (
            ("main", None),
            ("region", "The source"),
            ("toolbar", "Pages and size"),
            ("navigation", "Cells"),
            ("textbox", "Reason (optional)"),
        ):
            expect(page.get_by_role(role, name=name) if name else page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
        assert not page.evaluate(
            "[...document.querySelectorAll('button, a, input:not([type=hidden]), select')].filter((e) => !e.textContent.trim() && !e.labels?.length).length"
        )
        press(page, "?")
        expect(page.get_by_role("dialog")).to_be_visible()
        press(page, "a")  # no verdict while the help is open
        press(page, "Escape")
        expect(page.get_by_role("dialog")).not_to_be_visible()
        press(page, "]")
        expect(page.locator("[data-where]")).to_have_text("page 2 of 2")
        page.set_viewport_size({"width": 360, "height": 740})
        for path in ("/cell/file-papers-harbor.pdf/training_methods", "/"):
            page.goto(review.url + path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    assert not (demo.path / "warehouse" / "decisions").exists()


# --- without a browser ----------------------------------------------------------------------------


def status_of(call: Callable[[], object]) -> int:
    try:
        call()
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    return 200


def test_only_our_own_pages_are_answered(demo: Folder) -> None:
    """A foreign Host (DNS rebinding), a foreign origin and a post without our token are refused; every answer carries the policy."""
    with reviewing(demo) as review:
        port = review.host.rpartition(":")[2]

        def ask(path: str, data: bytes | None = None, **headers: str) -> int:
            request = urllib.request.Request(
                review.url + path, data, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            return status_of(lambda: review.open(request).close())

        token = re.findall(r'name="token" content="([^"]+)"', review.get("/"))[0]
        posted = urllib.parse.urlencode({"token": token}).encode()
        assert ask("/", Host="evil.example") == 403
        assert ask("/", Host=f"127.0.0.1.evil.example:{port}") == 403
        assert ask("/", Host=f"localhost:{port}") == 200
        assert ask("/undo", posted, Origin="http://evil.example") == 403
        assert ask("/undo", posted, Origin="null") == 403
        assert ask("/undo", b"token=guess") == 403
        assert ask("/undo", posted, Origin=f"http://{review.host}") == 200
        assert ask("/cell/nowhere/training_methods") == 404
        assert ask("/static/../app.py") == 404
        assert ask("/picture/" + "0" * 64 + "/1.png") == 404
        with review.open("/") as answer:
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
    assert not (demo.path / "warehouse" / "decisions").exists()


def test_both_versions_stand_side_by_side(survey: Folder) -> None:
    """A sentence that was reworded is shown with its words of before, and what changed in it; an order beside it stays text."""
    text = "\n\n".join(f"## {heading}\n\n" + "\n\n".join(parts) for heading, parts in HARBOR.sections)
    survey.write("papers/ours.md", f"# Harbor\n\n{HARBOR.abstract}\n\n{text}\n")
    survey.sources("./papers/ours.md,Harbor")
    survey.ok("refresh")
    survey.write("papers/ours.md", survey.read("papers/ours.md").replace("22M parameters", "25M parameters"))
    survey.ok("refresh")
    with reviewing(survey) as review:
        shown = review.get("/cell/file-papers-ours.md/architecture_components")
    assert 'id="passages"' in shown
    assert "<del>22M</del>" in shown
    assert "<ins>25M</ins>" in shown
    assert "unchanged" in shown


def test_words_that_are_here_are_shown_wherever_their_sentence_is(survey: Folder) -> None:
    """Of a decided value whose sentence is gone from the new version, the list has the words that the table below it has."""
    survey.write(
        "papers/ours.md",
        f"# Harbor\n\n{'Harbor is a model for reading ship logs in many ports. ' * 4}\n\nA frozen encoder of 22M parameters.\n",
    )
    survey.sources("./papers/ours.md,Harbor")
    survey.ok("refresh")
    with desk_of(survey) as desk:
        cell = desk.cell("file-papers-ours.md", "architecture_components")
        assert cell.text is not None
        desk.decide(
            "file-papers-ours.md",
            "architecture_components",
            "edited",
            cell.judged,
            value="An encoder.",
            numbers=[s.number for s in cell.text.sentences if "22M" in cell.text.quote(s)],
        )
    survey.write(
        "papers/ours.md",
        survey.read("papers/ours.md").replace("A frozen encoder of 22M parameters.", "Nothing is said of its parts."),
    )
    survey.ok("refresh")
    with reviewing(survey) as review:
        shown = review.get("/cell/file-papers-ours.md/architecture_components")
    assert "A frozen encoder of 22M parameters. (page 1 of the version before; no longer there)" in shown
    assert "words are not available" not in shown
