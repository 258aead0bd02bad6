"""What was decided on a sentence that is read otherwise today: it stands, a person is asked where it is, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.decisions import decide
from survey_extract.core.due.questions import latest_of
from survey_extract.core.evidence import point
from survey_extract.core.fingerprint import sha256_of
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Value
from tests.conftest import Folder
from tests.papers.make import Paper, pdf, prose
from tests.review.conftest import press, reviewing
from tests.review.desk import desk_of

FIELDS = """
[ponds]
type = "number"
ask = "How many ponds there were."
[method]
ask = "How the ponds were sampled."
[site]
ask = "Where the ponds lie."
"""
SAYS = {
    "ponds": "In all, 24 ponds were surveyed between March and June.",
    "method": "Each pond was sampled with a dip net at dawn, by two people who walked around it once.",
    "site": "The ponds lie to the north of the harbor of Oldham.",
}
VALUES: dict[str, Value] = {"ponds": "24", "method": "With a dip net, at dawn.", "site": "North of Oldham."}
KEY = "file-papers-ponds.pdf"


def archive_of(survey: Folder) -> FileArchive:
    return FileArchive(survey.path, warn=pytest.fail)


def text_of(survey: Folder) -> PaperText:
    archive = archive_of(survey)
    text = archive.text_of(archive.documents()[KEY][-1].sha256)
    assert text is not None
    return text


def sentence(text: PaperText, words: str) -> int:
    return next(s.number for s in text.citable() if words in text.quote(s))


@pytest.fixture
def reread(survey: Folder) -> Folder:
    """Decided on the text of an older reader, which read two sentences otherwise; read anew since."""
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.write("fields.toml", FIELDS)
    survey.write("papers/ponds.pdf", pdf(Paper("Ponds", prose(4), [("The ponds", [*SAYS.values(), prose(8, 10)])])))
    survey.sources("./papers/ponds.pdf,Ponds")
    survey.ok("refresh")
    pages = [page.replace("24 ponds", "2A ponds").replace("dip net", "d1p nct") for page in text_of(survey).pages]
    older = replace(text_of(survey), reader="pdf-1", pages=tuple(pages))
    older = replace(older, sha256=sha256_of(older))
    archive_of(survey).keep_text(archive_of(survey).documents()[KEY][-1].sha256, older)
    survey.ok("refresh")
    with desk_of(survey) as desk:
        for field, value in VALUES.items():
            number = sentence(older, {"ponds": "2A ponds", "method": "d1p nct"}.get(field, SAYS[field]))
            view = desk.cell(KEY, field)
            told = ("24", "dip") if field != "site" else ()
            desk.decide(
                KEY, field, "edited", view.judged, value=str(value), numbers=[number], reason="seen", stood_for=told
            )
    survey.ok("verify", "--cached")
    assert not survey.rows("SELECT field FROM cells WHERE in_newest IS NOT NULL")
    survey.ok("refresh", "--reread")
    return survey


def states(survey: Folder) -> dict[str, tuple[object, ...]]:
    rows = survey.rows("SELECT field, value, decided_by, in_newest, evidence_count FROM cells")
    return {row["field"]: (row["value"], row["decided_by"], row["in_newest"], row["evidence_count"]) for row in rows}


def test_a_lost_place_is_queued_counted_marked_and_told(reread: Folder) -> None:
    """In the queue, `status`, the table and `verify`; the value and its decider stay; what is found stays as it was."""
    assert states(reread) == {
        "ponds": ("24", "Ada", "unplaced", 1),
        "method": ("With a dip net, at dawn.", "Ada", "unplaced", 1),
        "site": ("North of Oldham.", "Ada", None, 1),
    }
    queue = reread.rows("SELECT field, risk FROM queue WHERE in_newest = 'unplaced' ORDER BY place")
    assert [row["field"] for row in queue] == ["ponds", "method"]
    assert "read otherwise today" in queue[0]["risk"]
    assert "2 decided values rest on a sentence that is read otherwise today" in reread.ok("status").out
    assert {item["field"] for item in reread.ok("status", "--json").json()["lapsed"]} == {"ponds", "method"}
    row = reread.read("README.md").split("<summary>Ponds</summary>")[1].split("</details>")[0]
    assert row.count("its sentence is read otherwise today") == 2
    assert row.count("#page=1") == 1
    assert "#page=1" in row.split("North of Oldham.")[1]
    ran = reread.run("verify")
    assert ran.code == 1
    assert ran.out.count("survey-extract review, which asks for the sentence that it is now") == 2
    archive = archive_of(reread)
    lines = len(archive.audits(KEY))
    reread.ok("refresh")
    assert len(archive_of(reread).audits(KEY)) == lines


def test_one_key_points_at_the_sentence(reread: Folder, page: Page) -> None:
    """Both spellings stand side by side; the key changes the place alone; `verify` finds it; undo brings the question back."""
    before = [decision for decision in archive_of(reread).decisions(KEY) if decision.field == "method"]
    with reviewing(reread, page, by="Bob") as review:
        page.goto(f"{review.url}/cell/{KEY}/method")
        expect(page.locator("#lapsed")).to_contain_text("read otherwise today")
        expect(page.locator("#passages")).to_contain_text("d1p nct")
        expect(page.locator("#mine")).to_contain_text("dip net at dawn")
        expect(page.locator(".verdicts button").first).to_contain_text("It is this one")
        press(page, "m")
        expect(page.locator("body")).to_contain_text("stays as it was decided, at this place")
        expect(page.locator("h1")).not_to_contain_text("How the ponds were sampled")
    assert states(reread)["method"] == ("With a dip net, at dawn.", "Ada", None, 1)
    assert [row["field"] for row in reread.rows("SELECT field FROM queue WHERE in_newest IS NOT NULL")] == ["ponds"]
    after = [decision for decision in archive_of(reread).decisions(KEY) if decision.field == "method"]
    assert after[:-1] == before
    assert (after[-1].verdict, after[-1].by, after[-1].points) == ("pointed", "Bob", before[-1].id)
    told = [line for line in reread.run("verify").out.splitlines() if line.startswith("missing")]
    assert len(told) == 1
    assert "ponds" in told[0]
    reread.ok("render")
    assert "With a dip net, at dawn. <sup><a href=" in reread.read("README.md")
    assert not reread.ok("status", "--json").json()["conflicts"]


def test_a_quote_is_shown_as_it_was_decided_until_it_is_pointed_at(survey: Folder) -> None:
    """The words of the former text are remembered, though no record holds them; they are today's once a person says so."""
    survey.write("fields.toml", FIELDS)
    survey.write("papers/ponds.pdf", pdf(Paper("Ponds", prose(4), [("The ponds", [*SAYS.values(), prose(8, 10)])])))
    survey.sources("./papers/ponds.pdf,Ponds")
    survey.ok("refresh")
    document = archive_of(survey).documents()[KEY][-1].sha256
    new = text_of(survey)
    older = replace(new, reader="pdf-1", pages=tuple(page.replace("dip net", "d1p nct") for page in new.pages))
    older = replace(older, sha256=sha256_of(older))
    archive_of(survey).keep_text(document, older)
    (survey.path / f"warehouse/answers/{KEY}.jsonl").unlink()
    survey.ok("refresh")
    archive = archive_of(survey)
    answer = latest_of(archive.answers(KEY), "method")
    assert answer is not None
    if not answer.quoted:
        answer = replace(answer, quoted=True, value=None, evidence=point(older, [sentence(older, "d1p nct")])[0])
    archive.add_decisions(KEY, [decide("accepted", "method", answer, by="Ann", at="2026-01-01T00:00:00.000001Z")])
    survey.ok("refresh", "--reread", SURVEY_PUBLISH="any")
    assert "d1p nct" in str(states(survey)["method"][0])
    with desk_of(survey) as desk:
        view = desk.cell(KEY, "method")
        desk.decide(
            KEY, "method", "confirmed", view.judged, numbers=[sentence(new, SAYS["method"])], standing=view.stood
        )
        assert not desk.cell(KEY, "method").has_lapsed
        assert desk.undo()
        assert desk.cell(KEY, "method").has_lapsed
