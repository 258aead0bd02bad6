"""Each kind of cell at each size of window: what is seen at once, what each verdict does and says, and that it can be undone."""

from __future__ import annotations

import re
import shutil
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Check, Decision, Term
from tests.conftest import Folder
from tests.review.cells import AT, CARD_KEY, PDF_KEY, WEB_KEY, archive_of, imported, sentence_with, unanswered
from tests.review.conftest import COLOURS, Reviewing, found_by_axe, press, reviewing
from tests.review.test_review import leaving, open_cell, settled

ORCHARD_KEY = "file-papers-orchard.pdf"
SIZES = ((1400, 900), (800, 600), (390, 844))
PROPOSED_PDF = f"/cell/{PDF_KEY}/datasets_purpose"
PROPOSED_WEB = f"/cell/{WEB_KEY}/alignment_fusion_methods"
CHANGED_PDF = f"/cell/{PDF_KEY}/training_methods"
CHANGED_WEB = f"/cell/{WEB_KEY}/training_methods"
IMPORTED_PDF = f"/cell/{ORCHARD_KEY}/training_methods"
NEVER_READ = "/cell/file-papers-lost.md/training_methods"
DOUBTED = "Trained in two stages on 48 GPUs with GradCache."


def in_all_states(folder: Folder) -> None:
    """Cells that are proposed, changed and imported, of a PDF and of a web page, and one of a source that was never read."""
    stages = sentence_with(folder, PDF_KEY, "first stage")
    imported(folder, PDF_KEY, "training_methods", DOUBTED, nearest=[stages], unfound=["48", "GradCache"])
    weeks = sentence_with(folder, WEB_KEY, "three weeks")
    imported(folder, WEB_KEY, "training_methods", "Trained for three weeks, end to end.", nearest=[weeks])
    objective = sentence_with(folder, ORCHARD_KEY, "contrastive objective")
    imported(folder, ORCHARD_KEY, "training_methods", DOUBTED, nearest=[objective], unfound=["48", "GradCache"])
    unanswered(folder, ORCHARD_KEY)
    text = "Trained on rye."
    lost = Decision("training_methods", "imported", value_sha256(text), text, quoted=False, evidence=(), document=None, by="list", at=AT)  # fmt: skip
    archive_of(folder).add_decisions("file-papers-lost.md", [lost])
    folder.write("sources.csv", folder.read("sources.csv") + "./papers/lost.md,Lost\n")


@pytest.fixture(scope="module")
def read(read_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The demo survey in all states; tests decide in copies of it."""
    folder = Folder(tmp_path_factory.mktemp("cells") / "demo", {"SURVEY_READERS": "1"})
    shutil.copytree(read_demo, folder.path)
    in_all_states(folder)
    return folder


@pytest.fixture(scope="module")
def looked_at(read: Folder) -> Iterator[Reviewing]:
    """A server for what decides nothing."""
    with reviewing(read) as review:
        yield review


@pytest.fixture
def folder(read: Folder, tmp_path: Path) -> Folder:
    shutil.copytree(read.path, tmp_path / "copy")
    return Folder(tmp_path / "copy", dict(read.env))


def decided(folder: Folder, key: str) -> list[tuple[str, object]]:
    """The verdicts of a source with their values, oldest first, without those of the list."""
    return [(d.verdict, d.value) for d in archive_of(folder).decisions(key) if d.by != "list"]


# --- what is seen at once -------------------------------------------------------------------------

IN_SIGHT = """(element) => {
  const box = element.getBoundingClientRect();
  const inside = box.width > 0 && box.left >= 0 && box.top >= 0 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1;
  const on_top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return inside && (element === on_top || element.contains(on_top) || on_top.contains(element));
}"""


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_verdict_value_and_highlighted_sentence_are_seen_without_scrolling(
    looked_at: Reviewing, page: Page, size: tuple[int, int]
) -> None:
    """Of each kind of cell, every verdict, the beginning of the value and the first highlighted sentence lie in the window, covered by nothing."""
    looked_at.let_in(page)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in (PROPOSED_PDF, PROPOSED_WEB, CHANGED_PDF, CHANGED_WEB, IMPORTED_PDF):
        page.goto(looked_at.url + path)
        settled(page)
        verdicts = page.locator(".bar .verdicts button").all()
        assert len(verdicts) >= 4
        for verdict in verdicts:
            assert verdict.evaluate(IN_SIGHT), (path, verdict.text_content())
        marked = page.locator("#sheet .evidence, #sheet .mine").first
        assert marked.evaluate(IN_SIGHT), path
        top = page.locator(".value").first.bounding_box()
        assert top is not None
        assert 0 <= top["y"] < size[1] * 0.4, path
        assert page.evaluate("[scrollX, scrollY, document.documentElement.scrollWidth]") == [0, 0, size[0]]
        assert page.evaluate("document.documentElement.scrollHeight") <= size[1]


def test_old_and_new_stand_side_by_side_and_words_are_marked_where_most_agree(looked_at: Reviewing, page: Page) -> None:
    """What stands and what is proposed are both whole; texts that share few words are not woven into each other."""
    looked_at.let_in(page)
    open_cell(page, looked_at, PDF_KEY, "training_methods")
    expect(page.locator("#standing")).to_have_text(DOUBTED)
    expect(page.locator("#proposed")).to_contain_text("In the first stage we train only the linear projection")
    assert page.locator("#diff ins, #diff del").count() == 0
    assert [mark.text_content() for mark in page.locator("#standing mark.nowhere").all()] == ["48", "GradCache"]
    left, right = (page.locator(name).bounding_box() for name in ("#standing", "#proposed"))
    assert left is not None
    assert right is not None
    assert left["x"] + left["width"] <= right["x"]


def test_a_source_that_was_never_read_proposes_nothing(looked_at: Reviewing) -> None:
    """Of it, nothing is said to be "not reported"."""
    shown = looked_at.get(NEVER_READ)
    assert "Trained on rye." in shown
    assert "not reported</em>" not in shown
    assert 'value="a"' not in shown


def test_text_of_a_web_page_keeps_headings_paragraphs_and_lists(looked_at: Reviewing) -> None:
    """What stood in paragraphs and lists stands in them in the sheet; a text without such marks is shown all the same."""
    sheet = looked_at.get(f"/sheet/{WEB_KEY}/training_methods/1")
    article = re.sub(r"\s+", " ", re.sub(r"</?span[^>]*>", "", sheet.split("<article")[1].split("</article>")[0]))
    assert re.search(r"<h3>[^<]*Lantern[^<]*</h3>", article)
    assert re.search(r"<h4>How it works</h4> <p>Lantern is a decoder-only [^<]*32 layers. </p>", article)
    assert re.search(r"<ul><li>The NightCaps [^<]*</li> <li>The LongNight [^<]*</li></ul>", article)


def test_a_table_is_shown_once(survey: Folder) -> None:
    """Its rows, each value under its header; what is left of it besides is shown where the rows do not say it, and all of it where there are none."""
    table = "<table><caption>Sizes</caption><tr><th>Part</th><th>Planned</th><th>Built</th></tr>{}</table>"
    rows = "<tr><td>Span</td><td>160 m</td><td>172.5 m</td></tr><tr><td>Rise</td><td>42 m</td><td>44.6 m</td></tr>"
    text = f"<h1>The arch</h1><p>{'The arch was built for the railway and is in use today. ' * 5}</p>"
    survey.write("papers/arch.html", f"<html><body><article>{text}{table.format(rows)}</article></body></html>")
    survey.sources("./papers/arch.html,Arch")
    survey.ok("refresh")
    with reviewing(survey) as review:
        sheet = review.get("/sheet/file-papers-arch.html/training_methods/1")
    article = sheet.split("<article")[1].split("</article>")[0]
    assert [article.count(value) for value in ("160 m", "172.5 m", "44.6 m")] == [1, 1, 1]
    assert "Part" in article


def test_the_texts_of_an_older_cache_are_shown(folder: Folder) -> None:
    """Their paragraphs are not known: their headings and sentences are."""
    archive = archive_of(folder)
    document = archive.documents()[WEB_KEY][-1].sha256
    text = archive.text_of(document)
    assert text is not None
    archive.keep_text(document, replace(text, paragraphs=(), items=()))
    with reviewing(folder) as review:
        sheet = review.get(f"/sheet/{WEB_KEY}/training_methods/1")
    assert "<h4>How it works</h4>" in sheet
    assert sheet.count('class="sentence"') == len(text.citable())


# --- what a verdict does and says -----------------------------------------------------------------

VERDICTS = [
    (PROPOSED_PDF, "a", "accepted", "Harbor, Datasets.Purpose: accepted"),
    (PROPOSED_PDF, "r", "rejected", "Harbor, Datasets.Purpose: rejected"),
    (PROPOSED_PDF, "n", "not_reported", "Harbor, Datasets.Purpose: not reported"),
    (CHANGED_PDF, "r", "rejected", "Harbor, Training.Methods: rejected; the list's text stays, not checked"),
    (CHANGED_PDF, "a", "accepted", "Harbor, Training.Methods: accepted"),
    (CHANGED_WEB, "m", "accepted", "Lantern, Training.Methods: the current value stays, on these sentences"),
    (CHANGED_WEB, "x", "removed", "Lantern, Training.Methods: the value was taken back"),
    (f"/cell/{WEB_KEY}/alignment_techniques", "n", "not_reported", "Lantern, Alignment.Techniques: not reported"),
]  # fmt: skip


@pytest.mark.parametrize("by", ["keys", "mouse"])
def test_each_verdict_says_in_one_line_what_it_did_and_is_undone(folder: Folder, page: Page, by: str) -> None:
    """By key or by button: the verdict is on disk, the line names cell and deed on the page after it, and the undo beside it says so, too."""
    with reviewing(folder, page) as review:
        for path, key, verdict, said in VERDICTS:
            source, before = path.split("/")[2], len(decided(folder, path.split("/")[2]))
            page.goto(review.url + path)
            settled(page)
            with leaving(page):
                for _ in range(2 if key == "x" else 1):  # taking back is asked about once
                    press(page, key) if by == "keys" else page.locator(f".bar button[value={key}]").click()
                    if key == "x":
                        page.wait_for_selector(".ask, .said:has-text('taken back')")
            line = page.locator(".said[role=status]")
            expect(line).to_contain_text(said)
            assert [name for name, _ in decided(folder, source)][before:] == [verdict], path
            page.goto(review.url + NEVER_READ)
            expect(line).to_have_count(0)  # it is no news beside another cell
            page.goto(review.url + "/?state=all")  # in the queue it stays until something else is done
            expect(line).to_contain_text(said)
            with leaving(page):
                press(page, "u") if by == "keys" else line.get_by_role("button").click()
            assert page.url.removesuffix("?state=all") == review.url + path
            expect(page.locator(".said")).to_contain_text("undone")
            assert [name for name, _ in decided(folder, source)][before:] == [verdict, "undone"], path


def test_taking_back_says_beforehand_that_the_row_leaves_the_table(folder: Folder, page: Page) -> None:
    """Asked once, with what becomes of the row; a no leaves everything as it was."""
    with reviewing(folder, page) as review:
        page.goto(review.url + NEVER_READ)
        page.wait_for_selector("body[data-ready]")
        press(page, "x")
        expect(page.locator(".ask")).to_contain_text("the row of Lost leaves the table")
        page.wait_for_selector("body[data-ready]")
        press(page, "Escape")
        page.wait_for_selector(".verdicts")
        assert decided(folder, "file-papers-lost.md") == []
        page.wait_for_selector("body[data-ready]")
        press(page, "x")
        page.wait_for_selector(".ask")
        page.wait_for_selector("body[data-ready]")
        press(page, "x")
        expect(page.locator(".said")).to_contain_text("its row leaves the table")
    assert decided(folder, "file-papers-lost.md") == [("removed", None)]


def test_an_edit_starts_from_what_stands_with_the_proposal_one_key_away(folder: Folder, page: Page) -> None:
    """The box holds mine; Alt p puts the proposal into it, and p starts from the proposal."""
    with reviewing(folder, page) as review:
        open_cell(page, review, WEB_KEY, "training_methods")
        proposed = page.locator("#proposed").text_content() or ""
        press(page, "e")
        expect(page.locator("#value")).to_be_focused()
        expect(page.locator("#value")).to_have_value("Trained for three weeks, end to end.")
        press(page, "Alt+p")
        expect(page.locator("#value")).to_have_value(proposed)
        press(page, "Escape")
        expect(page.locator("#value")).not_to_be_visible()
        open_cell(page, review, WEB_KEY, "training_methods")
        press(page, "p")
        expect(page.locator("#value")).to_have_value(proposed)
        expect(page.locator(".bar [value=e]")).to_be_visible()


def test_mine_is_carried_by_the_sentences_that_were_left(folder: Folder, page: Page) -> None:
    """Code proposes the nearest ones, marked on the page; a click adds one, and the decision holds exactly what is marked."""
    with reviewing(folder, page) as review:
        open_cell(page, review, WEB_KEY, "training_methods")
        expect(page.locator("#mine li")).to_have_count(1)
        expect(page.locator(".sentence.mine")).to_contain_text("three weeks")
        press(page, "t")
        page.locator(".sentence", has_text="night guards").click()
        expect(page.locator("#mine li")).to_have_count(2)
        with leaving(page):
            press(page, "m")
    made = archive_of(folder).decisions(WEB_KEY)[-1]
    assert (made.verdict, made.value, len(made.evidence)) == ("accepted", "Trained for three weeks, end to end.", 2)


def test_where_nothing_is_proposed_the_nearest_sentences_are_on_offer(folder: Folder, page: Page) -> None:
    """None is marked by itself; a key or a click marks one, and an edit rests on it alone."""
    archive = archive_of(folder)
    last = [a for a in archive.answers(PDF_KEY) if a.field == "alignment_fusion_methods"][-1]
    silent = replace(last, value=None, quoted=False, value_sha256=value_sha256(None), evidence=())
    archive.add_answers(PDF_KEY, [silent])
    with reviewing(folder, page) as review:
        open_cell(page, review, PDF_KEY, "alignment_fusion_methods")
        expect(page.locator("#quotes li")).to_have_text("No sentence was named.")
        near = page.locator("#near .quote")
        assert 2 <= near.count() <= 5
        press(page, "1")
        press(page, "2")
        expect(page.locator("#quotes .quote")).to_have_count(2)
        press(page, "2")
        expect(page.locator("#quotes .quote")).to_have_text(near.first.text_content() or "")
        press(page, "e")
        page.locator("#value").fill(near.first.evaluate("(button) => button.firstChild.textContent.trim()"))
        with leaving(page):
            page.keyboard.press("Control+Enter")
    made = archive.decisions(PDF_KEY)[-1]
    assert (made.verdict, len(made.evidence)) == ("edited", 1)


def test_a_value_without_evidence_is_shown_the_sentence_that_says_it(folder: Folder, page: Page) -> None:
    """First on offer is the sentence that has it word for word, and its page is the one that is opened."""
    archive = archive_of(folder)
    last = [a for a in archive.answers(PDF_KEY) if a.field == "alignment_fusion_methods"][-1]
    text = archive.text_of(last.document)
    assert text is not None
    sentence = [s for s in text.citable() if s.kind == "body"][-1]
    words = text.quote(sentence).rstrip(".")
    named = replace(last, value=words, quoted=False, value_sha256=value_sha256(words), evidence=())
    archive.add_answers(PDF_KEY, [named])
    with reviewing(folder, page) as review:
        open_cell(page, review, PDF_KEY, "alignment_fusion_methods")
        assert page.locator("#near .quote").first.get_attribute("data-number") == str(sentence.number)
        assert page.locator("[data-first]").get_attribute("data-first") == str(sentence.page)


# --- what the source does not hold ----------------------------------------------------------------


def altered(folder: Folder, key: str, field: str, value: str, term: str) -> None:
    """The latest answer to a field says something that its source does not hold."""
    archive = archive_of(folder)
    answer = [a for a in archive.answers(key) if a.field == field][-1]
    check = Check((Term(term, "nowhere"),))
    archive.add_answers(
        key, [replace(answer, value=value, quoted=False, value_sha256=value_sha256(value), check=check)]
    )


def test_what_the_source_does_not_hold_is_not_published_by_one_key(folder: Folder, page: Page) -> None:
    """Accept and edit come back with the term named, the reason wanted and in focus, and all that was typed kept; with a reason they go through, marked."""
    altered(folder, PDF_KEY, "datasets_purpose", "LogPairs, 977K photographs, for pre-training.", "977K")
    with reviewing(folder, page) as review:
        open_cell(page, review, PDF_KEY, "datasets_purpose")
        page.locator("rect:not(.evidence)").first.click()
        chosen = page.locator("#quotes li").count()
        press(page, "a")
        expect(page.locator(".ask")).to_contain_text("977K")
        expect(page.locator("[name=reason]")).to_be_focused()
        expect(page.locator("#quotes li")).to_have_count(chosen)
        assert decided(folder, PDF_KEY) == []
        press(page, "Enter")  # without a reason, nothing
        assert decided(folder, PDF_KEY) == []
        press(page, "Escape")
        page.locator("[data-edit]").click()
        page.locator("#value").fill("LogPairs, 978K photographs.")
        press(page, "Control+Enter")
        expect(page.locator(".ask")).to_contain_text("978K")
        expect(page.locator("#value")).to_have_value("LogPairs, 978K photographs.")
        page.locator("[name=reason]").fill("as its authors wrote to me")
        with leaving(page):
            press(page, "Enter")
    made = archive_of(folder).decisions(PDF_KEY)[-1]
    assert (made.verdict, made.unfound, made.reason) == ("edited", ("978K",), "as its authors wrote to me")
    assert len(made.evidence) == chosen


def test_the_terminal_asks_for_a_reason_as_the_page_does(folder: Folder) -> None:
    """The terms are named; no reason leaves it undecided, a reason goes through."""
    folder.env["SURVEY_REVIEWER"] = "Ada"
    for name in (PDF_KEY, WEB_KEY, CARD_KEY):
        unanswered(folder, name)
    ran = folder.run("review", "--terminal", typed="m\nmas its authors wrote to me\ns\n")
    assert ran.code == 0, ran.err
    assert "left undecided" in ran.out
    assert "the current value stays, on these sentences" in ran.out
    made = archive_of(folder).decisions(PDF_KEY)[-1]
    assert (made.reason, "GradCache" in made.unfound) == ("as its authors wrote to me", True)


# --- several people, several cells ----------------------------------------------------------------


def post(review: Reviewing, path: str, page: str, **form: str) -> str:
    """Post a form as the page would, without its script; the text of the page that comes."""
    text = review.get(page)
    held = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', text))
    with review.open(path, urllib.parse.urlencode(held | form).encode()) as answer:
        return str(answer.read().decode())


def test_an_undo_takes_back_ones_own_step_alone(folder: Folder) -> None:
    """What another reviewer decided since stands."""
    with reviewing(folder, by="Ada") as ada, reviewing(folder, by="Bob") as bob:
        post(ada, PROPOSED_PDF, PROPOSED_PDF, verdict="a")
        post(bob, PROPOSED_PDF, PROPOSED_PDF, verdict="n")
        assert "undone, not reported again" in post(ada, "/undo", "/")
        assert "decided by Bob" in ada.get(PROPOSED_PDF)
    rows = folder.rows("SELECT state FROM cells WHERE key = 'file-papers-harbor.pdf' AND field = 'datasets_purpose'")
    assert rows == [{"state": "not_reported"}]


def test_all_clean_cells_are_accepted_and_undone_as_one_step(folder: Folder) -> None:
    """New cells only: where something stands, nothing is accepted by the way."""
    with reviewing(folder) as review:
        path = f"/source/{PDF_KEY}/accept"
        assert "Training.Methods" not in review.get(path).split("<main")[1].split("</main>")[0]
        said = post(review, path, path)
        count = len(decided(folder, PDF_KEY))
        assert f"Harbor: {count} cells accepted" in said
        assert f"Harbor: {count} cells: undone" in post(review, "/undo", "/")
    assert len(decided(folder, PDF_KEY)) == 2 * count > 4


def test_no_address_makes_the_page_say_anything(looked_at: Reviewing) -> None:
    """What was done is told by the server alone."""
    words = urllib.parse.urlencode({"told": "PLANTED", "said": "PLANTED", "state": "all"})
    assert "PLANTED" not in looked_at.get(f"{PROPOSED_PDF}?{words}").replace("told=PLANTED", "")


# --- the queue ------------------------------------------------------------------------------------


def test_the_queue_is_grouped_by_source_with_progress_words_and_doubts(looked_at: Reviewing, page: Page) -> None:
    """One heading a source, with how far it is; each cell by its field's heading, its first words and what the source does not hold."""
    looked_at.let_in(page)
    page.goto(looked_at.url)
    headings = page.locator(".group h2").all_text_contents()
    assert len(headings) == 4
    assert sum("of 7 to decide" in heading for heading in headings) == 3
    doubted = page.locator(".cells li", has_text="the list names what the source does not contain")
    expect(doubted).to_contain_text("Trained in two stages on 48 GPUs")
    assert doubted.locator("mark").all_text_contents() == ["48", "GradCache"]
    assert "alignment_fusion" not in (page.locator("main").text_content() or "")


def test_filters_act_at_once_and_an_empty_one_says_what_waits_outside(looked_at: Reviewing, page: Page) -> None:
    """A choice is the request; where nothing fits, the page counts what waits elsewhere and leads there."""
    looked_at.let_in(page)
    page.goto(looked_at.url)
    page.wait_for_selector("body[data-ready]")
    with leaving(page):
        page.get_by_label("State").select_option("removed")
    expect(page.locator("main")).to_contain_text("wait outside them")
    page.get_by_role("link", name="Show all that wait").click()
    expect(page.locator("h1")).to_contain_text("to decide")


def test_errors_have_the_pages_style_and_a_way_back(looked_at: Reviewing, page: Page) -> None:
    """No such page, cell or source."""
    looked_at.let_in(page)
    for path in ("/nowhere", "/cell/nowhere/training_methods", f"/sheet/{PDF_KEY}/training_methods/99", "/static/none"):
        page.goto(looked_at.url + path)
        expect(page.locator("h1")).to_have_text("Not found")
        page.get_by_role("link", name="Back to the queue").click()
        expect(page.locator("h1")).to_contain_text("to decide")


# --- for everyone ---------------------------------------------------------------------------------


def test_everything_is_decided_without_javascript(folder: Folder, browser: Browser) -> None:
    """Filter, accept, keep mine, edit, take back with its question, undo: forms alone."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    with reviewing(folder, page) as review:
        page.goto(review.url)
        page.get_by_label("Field").select_option("training_methods")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name="Start").click()
        page.goto(review.url + PROPOSED_PDF)
        page.get_by_role("button", name="Accept a").click()
        page.goto(review.url + CHANGED_WEB)
        page.get_by_label("Your text").fill("trained end-to-end")
        page.get_by_role("button", name="Save the edit").click()
        page.goto(review.url + CHANGED_PDF)
        page.get_by_role("button", name="Take back").click()
        page.get_by_role("button", name="Take it back").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".said")).to_contain_text("undone")
    context.close()
    assert [name for name, _ in decided(folder, PDF_KEY)] == ["accepted", "removed", "undone"]
    assert decided(folder, WEB_KEY) == [("edited", "trained end-to-end")]


def test_buttons_of_pages_have_signs_where_there_are_no_keys(looked_at: Reviewing, page: Page) -> None:
    """On a narrow screen a button shows what it does, not the key that does it; on a wide one it shows both."""
    looked_at.let_in(page)
    for (width, height), seen in ((SIZES[0], "kbd"), (SIZES[2], ".sign")):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(looked_at.url + PROPOSED_PDF)
        settled(page)
        for button in page.locator(".tools [data-turn], .tools [data-zoom]").all():
            assert button.get_attribute("aria-label")
            assert [button.locator(what).is_visible() for what in ("kbd", ".sign")] == [seen == "kbd", seen == ".sign"]
        assert page.locator(".tools [data-list-all] kbd").is_visible() == (seen == "kbd")


@pytest.mark.parametrize(("width", "height"), [SIZES[0], SIZES[2]])
def test_axe_finds_nothing_in_any_view(folder: Folder, browser: Browser, width: int, height: int) -> None:
    """Queue, cells of each kind, a question back, the help, all clean cells, errors; wide and narrow, light and dark.

    Dark, they differ in their colours alone, so that the rules about colours are what is asked again.
    """
    views = ("/", "/?state=edited", PROPOSED_PDF, PROPOSED_WEB, CHANGED_PDF, IMPORTED_PDF, NEVER_READ, f"/source/{PDF_KEY}/accept", "/nowhere")  # fmt: skip
    found: list[tuple[str, str, str]] = []
    with reviewing(folder) as review:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        review.let_in(page)
        for path in (*views, f"{CHANGED_PDF}#x", f"{CHANGED_PDF}#m", f"{CHANGED_PDF}#e", f"{PROPOSED_PDF}#?", f"{PROPOSED_WEB}#s"):  # fmt: skip
            page.emulate_media(color_scheme="light")
            page.goto("about:blank")
            page.goto(review.url + path)
            page.wait_for_selector("body[data-ready]")
            if "/cell/" in path and path != NEVER_READ:
                settled(page)
            if "#" in path:
                press(page, path[-1])
                page.wait_for_selector(".ask, .editing, dialog[open], .listed")
                page.wait_for_load_state("networkidle")
            found += [(path, "light", what) for what in found_by_axe(page)]
            page.emulate_media(color_scheme="dark")
            found += [(path, "dark", what) for what in found_by_axe(page, COLOURS)]
        context.close()
    assert found == []
