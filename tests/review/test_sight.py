"""Evidence whose place on the drawn page is empty or differs is marked, and its cell is never clean: whoever's fault that is."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.adapters.read import WorkerPictures
from survey_extract.core.evidence import pointer, quote_of
from survey_extract.core.sight import TOLD
from survey_extract.pipeline.sight import Eyes
from survey_extract.review import Filters, Stale
from tests.conftest import Folder
from tests.papers.make import HARBOR, pdf
from tests.review.conftest import reviewing
from tests.review.desk import desk_of

KEY = "file-papers-harbor.pdf"


def covered(data: bytes) -> bytes:
    """The same document with a white box over the lower part of every page."""
    cover = FPDF(unit="pt", format=(612, 792))
    cover.add_page()
    cover.set_fill_color(255, 255, 255)
    cover.rect(0, 232, 612, 560, style="F")
    over = PdfReader(io.BytesIO(bytes(cover.output()))).pages[0]
    writer, out = PdfWriter(io.BytesIO(data)), io.BytesIO()
    for page in writer.pages:
        page.merge_page(over)
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def leaked(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A survey whose reader was deceived: the text in its cache is that of the page without its covers."""
    folder = Folder(tmp_path_factory.mktemp("leaked") / "survey", {"SURVEY_READERS": "1", "SURVEY_REVIEWER": "Ada"})
    folder.path.mkdir()
    folder.ok("init")
    open_pages = pdf(HARBOR)
    hidden = covered(open_pages)
    folder.write("papers/harbor.pdf", hidden)
    folder.sources("papers/harbor.pdf,Harbor")
    archive = FileArchive(folder.path, warn=pytest.fail)
    archive.keep_text(archive.keep_bytes(hidden), read_pdf(open_pages))
    said = folder.ok("refresh")
    assert "of its evidence not visible on the page as drawn" in said.err
    return folder


def unseen_fields(folder: Folder) -> set[str]:
    rows = folder.rows(
        "SELECT DISTINCT e.field FROM evidence e JOIN answers a ON a.id = e.answer WHERE a.latest AND e.sight <> 'seen'"
    )
    return {row["field"] for row in rows}


def test_sql_and_the_queue_know_it_before_anybody_opened_the_page(leaked: Folder) -> None:
    """The run itself looked: each sentence has its sight, and cells that rest on hidden ones stand high in the queue, with why."""
    fields = unseen_fields(leaked)
    assert fields
    assert not leaked.rows("SELECT * FROM evidence WHERE sight IS NULL")
    queue = leaked.rows("SELECT field, risk, rank, unseen_count FROM queue")
    assert {row["field"] for row in queue if row["unseen_count"]} == fields
    for row in queue:
        if row["unseen_count"]:
            assert row["risk"] == "its evidence is not visible on the page as drawn"
            assert row["rank"] == 2
    assert {row["field"] for row in leaked.rows("SELECT field FROM quotes WHERE sight <> 'seen'")} <= fields


@pytest.mark.parametrize("forgotten", [False, True])
def test_such_a_cell_is_never_clean(leaked: Folder, forgotten: bool) -> None:
    """It is neither listed nor taken with all clean cells, also where nobody has looked yet, or what was seen is lost."""
    sights = leaked.path / "warehouse" / "cache" / "sights.jsonl"
    before = sights.read_bytes()
    if forgotten:
        sights.unlink()
    fields = unseen_fields(leaked) or {row["field"] for row in leaked.rows("SELECT field FROM queue")}
    try:
        with desk_of(leaked) as desk:
            clean = {item.field for item in desk.clean_cells(KEY)}
            hidden = {item.field: desk.cell(KEY, item.field) for item in desk.queue(Filters(key=KEY))}
            flagged = {name: view for name, view in hidden.items() if desk.marks(view).told}
            assert flagged
            assert flagged.keys() <= fields
            assert not clean & flagged.keys()
            name, view = next(iter(flagged.items()))
            with pytest.raises(Stale, match="is not clean"):
                desk.accept_clean(KEY, {name: view.judged or ""})
            assert set(desk.marks(view).told.values()) <= set(TOLD.values())
    finally:
        sights.write_bytes(before)


def test_page_terminal_and_json_say_it_beside_the_sentence(leaked: Folder) -> None:
    """In words, where the sentence stands; the page of all clean cells says how many it leaves out."""
    field = min(unseen_fields(leaked))
    with reviewing(leaked) as review:
        cell = review.get(f"/cell/{KEY}/{field}")
        assert cell.count('<strong class="unseen">') >= 1
        assert TOLD["empty"] in cell or TOLD["differs"] in cell
        assert set(TOLD.values()) & set(review.get(f"/cell/{KEY}/{field}/marks").split('"'))
        clean = review.get(f"/source/{KEY}/accept")
        assert f"judged-{field}" not in clean
    said = leaked.run("review", "--terminal", typed="q").out
    assert any(words in " ".join(said.split()) for words in TOLD.values())


def test_an_honest_document_has_no_mark(tmp_path: Path) -> None:
    """Of a page on which all is seen, every cell with a sound check can be clean, and nothing is said."""
    folder = Folder(tmp_path / "survey", {"SURVEY_READERS": "1", "SURVEY_REVIEWER": "Ada"})
    folder.path.mkdir()
    folder.ok("init")
    folder.write("papers/harbor.pdf", pdf(HARBOR))
    folder.sources("papers/harbor.pdf,Harbor")
    assert "not visible" not in folder.ok("refresh").err
    assert {row["sight"] for row in folder.rows("SELECT sight FROM evidence")} == {"seen"}
    with desk_of(folder) as desk:
        assert {item.field for item in desk.clean_cells(KEY)} == {item.field for item in desk.promising_cells(KEY)}
        assert desk.clean_cells(KEY)
    calm = folder.read("warehouse/cache/sights.jsonl")
    folder.ok("refresh")
    assert folder.read("warehouse/cache/sights.jsonl") == calm


KILLED = """
import os, sys
from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.cli import app
FileArchive.sights = lambda archive, document: os._exit(9)
app(["--project", sys.argv[1], "refresh"])
"""
"""A run that ends between its answers and the look at their evidence."""


def test_evidence_that_a_killed_run_did_not_look_at_is_looked_at_by_the_next(survey: Folder) -> None:
    """Though nothing changed and nothing is asked; when all was looked at, the night after writes nothing."""
    survey.write("papers/harbor.pdf", covered(pdf(HARBOR)))
    open_pages = read_pdf(pdf(HARBOR))
    archive = FileArchive(survey.path, warn=pytest.fail)
    archive.keep_text(archive.keep_bytes(covered(pdf(HARBOR))), open_pages)
    survey.sources("papers/harbor.pdf,Harbor")
    ran = subprocess.run([sys.executable, "-c", KILLED, str(survey.path)], env=os.environ | survey.env, check=False)
    assert ran.returncode == 9
    answers = survey.read(f"warehouse/answers/{KEY}.jsonl")
    assert not survey.rows("SELECT * FROM evidence WHERE sight IS NOT NULL")
    said = survey.ok("refresh")
    assert "of its evidence not visible on the page as drawn" in said.err
    assert not survey.rows("SELECT * FROM evidence WHERE sight IS NULL")
    assert unseen_fields(survey)
    assert survey.read(f"warehouse/answers/{KEY}.jsonl") == answers
    sights = survey.read("warehouse/cache/sights.jsonl")
    assert "not visible" not in survey.ok("refresh").err
    assert survey.read("warehouse/cache/sights.jsonl") == sights


UNDRAWABLE = """
import sys
from survey_extract.adapters.read import WorkerPictures
from survey_extract.cli import app
from survey_extract.errors import ReadError
def fails(*_):
    print("looked", file=sys.stderr)
    raise ReadError("it took too long")
WorkerPictures.looked = fails
app(["--project", sys.argv[1], "refresh"])
"""
"""A run to which every page takes too long to draw."""


def test_a_document_that_cannot_be_drawn_is_warned_of_once(survey: Folder) -> None:
    """The next night neither tries it again nor warns; `status` says it each time, and a reviewer's look still counts."""
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("papers/harbor.pdf,Harbor")

    def night() -> str:
        ran = subprocess.run(
            [sys.executable, "-c", UNDRAWABLE, str(survey.path)],
            env=os.environ | survey.env, check=True, capture_output=True, text=True,
        )  # fmt: skip
        return ran.stderr

    assert "could not check whether its evidence is visible" in night()
    again = night()
    assert "could not check" not in again
    assert "looked" not in again
    assert survey.rows("SELECT DISTINCT sight FROM evidence") == [{"sight": "undrawn"}]
    for _ in range(2):
        assert "not drawn  Harbor" in survey.ok("status").out
    assert survey.ok("status", "--json").json()["undrawn"][0]["key"] == KEY
    assert not survey.rows("SELECT * FROM queue WHERE unseen_count > 0")
    archive = FileArchive(survey.path, warn=pytest.fail)
    document = archive.documents()[KEY][-1]
    text = archive.text_of(document.sha256)
    assert text is not None
    quotes = [quote_of(text, s, pointer(text, s), "found") for s in text.citable()]
    with ThreadPoolExecutor(1) as executor:
        looked = Eyes(archive, WorkerPictures(executor, archive)).sights(document, quotes)
    assert set(looked.values()) == {"seen"}
