"""What changed between two nights, over real HTTP, PDFs and DuckDB: kept, asked again, broken off, an outage."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.pdf.hidden import NOTHING, Hidden
from survey_extract.adapters.pdf.reader import read_pdf
from tests.conftest import Folder, kinds, outcomes, use_model
from tests.papers.hostile import ORDER, paper, under_a_box
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.loopback import Request, Response, Server, serving
from tests.servers.openai_server import answering, failure, scripted
from tests.servers.world import World
from tests.test_verdicts import desk_of

CARD = "web-example.org-card.md"
BOX = "file-papers-box.pdf"


def card(*sentences: str) -> str:
    return "# Card\n\n" + " ".join(sentences) + " " + prose(30)


def harbor(title: str = "Card") -> str:
    """A page that says what the paper HARBOR says, of which the engine without a model finds answers."""
    sections = "\n\n".join(f"## {heading}\n\n" + "\n\n".join(texts) for heading, texts in HARBOR.sections)
    return f"# {title}\n\n{HARBOR.abstract}\n\n{sections}\n"


def says(field: str, value: str, *evidence: int) -> dict[str, object]:
    """An answer of the right form for any field."""
    return {"value": [value] if field == "datasets_used" else value, "evidence": list(evidence)}


ENCODERS = "The card describes a model with two encoders, whose outputs are joined by a small projection."
TRAINED = "It was trained in two stages on 12 million pairs of pictures and captions from the harbor."


# --- a new version --------------------------------------------------------------------------------


def test_cells_whose_sentences_stand_are_kept(survey: Folder, world: World) -> None:
    """The page is edited around them: the cells stay as they were decided, only the cell that lost its sentence is asked."""
    model = {
        "architecture_overview": {"value": "two encoders and a projection", "evidence": [2]},
        "training_methods": {"value": "two stages", "evidence": [3]},
    }
    world.page("/example.org/card.md", card(ENCODERS, TRAINED), etag='"1"')
    survey.sources("https://example.org/card.md,Card")
    answer = answering(lambda field: model.get(field, {"value": None, "evidence": []}))
    with scripted([answer, answer]) as server:
        use_model(survey, server)
        survey.ok("refresh")
        decide(survey, CARD, "architecture_overview", "training_methods")
        world.page("/example.org/card.md", card("A new beginning is put before all of it here.", ENCODERS), etag='"2"')
        model["training_methods"] = {"value": "in one stage", "evidence": [4]}
        ran = survey.ok("refresh", "--json")
    outcome = outcomes(ran)[CARD]
    assert outcome["carried"] == ["architecture_overview"]
    assert "training_methods" in outcome["asked"]  # type: ignore[operator]
    assert "architecture_overview" not in outcome["asked"]  # type: ignore[operator]
    assert dict(outcome["fates"]) == {"same": 1, "gone": 1}  # type: ignore[call-overload]
    reasons = dict(zip(outcome["asked"], outcome["reasons"], strict=True))  # type: ignore[call-overload]
    assert reasons["training_methods"] == "the document changed; its sentences: 1 gone"
    states = {r["field"]: r["state"] for r in survey.rows(f"SELECT field, state FROM cells WHERE key = '{CARD}'")}
    assert (states["architecture_overview"], states["training_methods"]) == ("accepted", "changed")
    now = survey.rows(
        f"SELECT quote, whereabouts FROM evidence JOIN cells USING (answer) WHERE cells.key = '{CARD}' AND cells.field = 'architecture_overview'"
    )
    assert now == [{"quote": ENCODERS, "whereabouts": "found"}]


def decide(survey: Folder, key: str, *fields: str) -> None:
    """Accept the latest answers, as a reviewer would."""
    from survey_extract.adapters.archive.folder import FileArchive
    from survey_extract.core.decisions import decide as decision
    from survey_extract.core.due.questions import latest_of

    archive = FileArchive(survey.path, warn=print)
    for name in fields:
        answer = latest_of(archive.answers(key), name)
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
        verdict = "accepted" if answer and (answer.value or answer.quoted) else "not_reported"
        archive.add_decisions(key, [decision(verdict, name, answer, by="Ann", at=at)])  # type: ignore[arg-type]


def test_a_reworded_sentence_is_shown_beside_the_old_one(survey: Folder, world: World) -> None:
    """It is no evidence any more, but the reviewer sees both versions."""
    from survey_extract.settings import Settings, load_settings
    from survey_extract.wiring import open_archive, open_desk

    reworded = TRAINED.replace("12 million", "14 million")
    world.page("/example.org/card.md", card(ENCODERS, TRAINED), etag='"1"')
    survey.sources("https://example.org/card.md,Card")
    answer = answering(lambda field: says(field, "two stages", 3))
    with scripted([answer, answer]) as server:
        use_model(survey, server)
        survey.ok("refresh")
        world.page("/example.org/card.md", card(ENCODERS, reworded), etag='"2"')
        ran = survey.ok("refresh", "--json")
    assert dict(outcomes(ran)[CARD]["fates"]) == {"changed": 7}  # type: ignore[call-overload]
    settings: Settings = load_settings(survey.path, {}, {"engine": "extractive"})
    sources = (survey.path / "sources.csv").read_bytes()
    with open_desk(survey.path, open_archive(survey.path, print), settings, sources, "Ann") as (desk, _):
        (passage,) = desk.cell(CARD, "training_methods").passages
    assert (passage.fate, passage.words, passage.now_words) == ("changed", TRAINED, reworded)


def test_a_page_that_changes_back_asks_nothing(survey: Folder, world: World) -> None:
    """What was answered of the first version is taken up again, and is the latest."""
    survey.sources("https://example.org/card.md,Card")
    said = iter("abc")
    answer = answering(lambda field: says(field, f"value {next(said) if field == 'training_methods' else field}"))
    with scripted([answer, answer]) as server:
        use_model(survey, server)
        for number in (1, 2, 1):
            world.page(
                "/example.org/card.md", card(f"This is the text number {number} of the card."), etag=f'"{number}"'
            )
            survey.ok("refresh")
        assert len(server.requests) == 2
    (cell,) = survey.rows("SELECT proposed FROM cells WHERE field = 'training_methods'")
    assert cell["proposed"] == "value a"


def test_a_night_without_its_key_leaves_a_changed_page_for_the_model(survey: Folder, world: World) -> None:
    """The engine without a model does not answer in the model's stead, and the outcome says what waits."""
    survey.sources("https://example.org/card.md,Card")
    with scripted([answering(lambda field: says(field, f"of {field}", 2))]) as server:
        use_model(survey, server)
        survey.ok("refresh")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        survey.env.pop(name)
    world.page("/example.org/card.md", card("Nothing of it stands any more."), etag='"2"')
    ran = survey.ok("refresh", "--json")
    assert outcomes(ran)[CARD]["asked"] == []
    assert "when the model is available" in " ".join(outcomes(ran)[CARD]["warnings"])  # type: ignore[arg-type]
    assert {row["engine"] for row in survey.rows("SELECT engine FROM cells")} == {"openai"}


@pytest.fixture
def cited(survey: Folder) -> dict[str, int]:
    """A paper whose text in the cache is an older reader's and holds a hidden order: the fields that are to cite it, with its number."""
    data = paper(under_a_box)()
    survey.write("papers/box.pdf", data)
    survey.sources("./papers/box.pdf")
    with patch.object(Hidden, "characters", lambda *_: NOTHING):
        older = read_pdf(data)
    FileArchive(survey.path, warn=print).keep_text(hashlib.sha256(data).hexdigest(), older)
    (order,) = [sentence.number for sentence in older.sentences if older.quote(sentence) == ORDER]
    return {"training_methods": order, "datasets_purpose": order}


def test_an_update_of_the_reader_asks_what_no_longer_stands(survey: Folder, cited: dict[str, int]) -> None:
    """Read once more, the cells that stood on a hidden order are asked, and no other."""
    with serving(answering(lambda field: says(field, "frozen", cited.get(field, 2)))) as server:
        use_model(survey, server)
        survey.ok("refresh")
        asked = len(server.requests)
        assert kinds(survey.ok("refresh", "--json"))[BOX] == "unchanged"
        cited.clear()
        planned = survey.ok("refresh", "--reread", "--dry-run", "--json").json()
        assert (planned["items"][0]["fields"], planned["reread"], planned["kept"]) == (
            ["training_methods", "datasets_purpose"], 1, 5
        )  # fmt: skip
        assert len(server.requests) == asked
        (outcome,) = survey.ok("refresh", "--reread", "--json").json()["outcomes"]
        assert sorted(outcome["asked"]) == ["datasets_purpose", "training_methods"]
        assert set(outcome["reasons"]) == {"the text is read otherwise; its sentences: 1 gone"}
        assert "hidden text is kept out" in " ".join(outcome["warnings"])
        assert len(server.requests) == asked + 1
        assert kinds(survey.ok("refresh", "--reread", "--json"))[BOX] == "unchanged"
        assert len(server.requests) == asked + 1


def test_what_a_new_reading_leaves_unasked_is_asked_the_next_night(survey: Folder, cited: dict[str, int]) -> None:
    """The model fails just when the text was read anew: the next run, without being told, asks the same fields."""
    with serving(answering(lambda field: says(field, "frozen", cited.get(field, 2)))) as server:
        use_model(survey, server)
        survey.ok("refresh")
    with serving(lambda _: failure(400, "no")) as server:
        use_model(survey, server)
        assert survey.run("refresh", "--reread").code == 1
    cited.clear()
    with serving(answering(lambda field: says(field, "frozen", 2))) as server:
        use_model(survey, server)
        (item,) = survey.ok("refresh", "--dry-run", "--json").json()["items"]
        assert sorted(item["fields"]) == ["datasets_purpose", "training_methods"]
        (outcome,) = survey.ok("refresh", "--json").json()["outcomes"]
        assert sorted(outcome["asked"]) == ["datasets_purpose", "training_methods"]
        assert len(server.requests) == 1
        assert kinds(survey.ok("refresh", "--json"))[BOX] == "unchanged"


def test_kosmos_v1_to_v2(survey: Folder, mirror: Server) -> None:
    """Most cells of a real paper survive its new version; each that does not lost a sentence, and no quote is missing."""
    survey.env["SURVEY_MIRROR"] = mirror.url
    survey.sources("2302.14045v1")
    survey.ok("refresh")
    before = survey.rows("SELECT field, proposed FROM cells ORDER BY field")
    survey.sources("2302.14045")
    outcome = outcomes(survey.ok("refresh", "--json"))["arxiv-2302.14045"]
    fates = dict(outcome["fates"])  # type: ignore[call-overload]
    print(f"KOSMOS-1 v1 -> v2: {len(outcome['carried'])} of 7 cells survive; sentences: {fates}")  # type: ignore[arg-type]
    assert len(outcome["carried"]) + len(outcome["asked"]) == 7  # type: ignore[arg-type]
    assert len(outcome["carried"]) == 7  # type: ignore[arg-type]
    after = survey.rows("SELECT field, proposed, missing_quotes FROM cells ORDER BY field")
    for old, new in zip(before, after, strict=True):
        assert new["missing_quotes"] == 0
        assert old["proposed"] == new["proposed"] or new["field"] in outcome["asked"]  # type: ignore[operator]


def test_the_report_names_what_stood_before(survey: Folder, world: World) -> None:
    """Where nothing was reported it says so, and names no older value; of a decided cell, what the person decided."""
    world.page("/example.org/card.md", card(ENCODERS), etag='"1"')
    survey.sources("https://example.org/card.md,Card")
    said: list[object] = [says("x", "a first value", 2), {"value": None, "evidence": []}, says("x", "a third value", 2)]
    answer = answering(lambda field: said[0] if field == "training_methods" else {"value": None, "evidence": []})
    with scripted([answer] * 4) as server:
        use_model(survey, server)
        for number in range(1, 4):
            world.page("/example.org/card.md", card(f"Here is the text number {number} of it."), etag=f'"{number}"')
            survey.ok("refresh")
            said.pop(0)
        (row,) = [line for line in survey.ok("report").out.splitlines() if "Training.Methods" in line]
        assert "<i>not reported</i>" in row
        assert "a third value" in row
        assert "a first value" not in row
        decide(survey, CARD, "training_methods")
        said.append(says("x", "a fourth value", 2))
        world.page("/example.org/card.md", card("Here is the last text of it."), etag='"9"')
        survey.ok("refresh")
    gone, row = [line for line in survey.ok("report").out.splitlines() if "Training.Methods" in line]
    assert "<code>a third value</code>" in gone
    assert "<del>third</del>" in row
    assert "<ins>fourth</ins>" in row


# --- verify ---------------------------------------------------------------------------------------


def test_verify_counts_every_published_sentence(survey: Folder, world: World) -> None:
    """All found; after the cache is gone it fetches what it needs; a page that changed shows what is missing, exit 1."""
    survey.env["SURVEY_PUBLISH"] = "any"
    world.page("/example.org/card.md", harbor())
    survey.ok("refresh")
    whole = survey.ok("verify")
    counts = survey.ok("verify", "--json").json()
    assert counts["checked"] == counts["found"] > 10
    looked_up = f"{counts['checked']} sentences looked up in the bytes: {counts['found']} found, 0 moved, 0 missing"
    assert looked_up in whole.out
    subprocess.run(["rm", "-r", str(survey.path / "warehouse" / "cache")], check=True)
    assert survey.ok("verify", "--json").json()["found"] == counts["found"]
    subprocess.run(["rm", "-r", str(survey.path / "warehouse" / "cache")], check=True)
    world.page("/example.org/card.md", "# Card\n\n" + "Nothing of what stood here before is left on it today. " * 30)
    done = survey.run("verify")
    assert done.code == 1
    assert "missing     " in done.out
    assert "the page has changed" in done.out


def test_verify_without_the_world_is_an_outage(survey: Folder, world: World) -> None:
    """Nothing is missing, but nothing could be looked at: exit 3."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.sources("https://example.org/card.md,Card")
    world.page("/example.org/card.md", harbor())
    survey.ok("refresh")
    subprocess.run(["rm", "-r", str(survey.path / "warehouse" / "cache")], check=True)
    world.pages.clear()
    done = survey.run("verify")
    assert done.code == 3
    assert "unreachable" in done.out


# --- dry run --------------------------------------------------------------------------------------


def test_a_dry_run_says_what_and_why_and_spends_nothing(survey: Folder, world: World) -> None:
    """New source, new version, changed prompt, changed model: each with its reason, its tokens and its money."""
    price = json.dumps({"m1": {"input": 1.0, "output": 2.0, "date": "2026-01-01"}})
    with scripted([answering(lambda field: says(field, f"of {field}", 2))] * 3) as server:
        use_model(survey, server)
        first = survey.ok("refresh", "--dry-run", SURVEY_PRICES=price)
        assert "Harbor [arxiv-2401.00001]: would be fetched: new source" in first.out
        assert not (survey.path / "warehouse" / "runs").exists()
        assert server.requests == []
        survey.ok("refresh", SURVEY_PRICES=price)
        assert "0 to fetch" not in first.out
        asked = len(server.requests)

        world.paper("2401.00001", 2, pdf(ORCHARD))
        prompt = survey.read("prompts/extract.md")
        survey.write("prompts/extract.md", prompt + "\nBe brief.\n")
        plan = survey.ok("refresh", "--dry-run", SURVEY_PRICES=price)
        assert "Harbor [arxiv-2401.00001]: would be fetched: v1 -> v2" in plan.out
        assert "(prompt changed)" in plan.out
        assert "tokens to send" in plan.out
        assert "USD" in plan.out
        assert "no price for m1" in survey.ok("refresh", "--dry-run").out
        assert "(model m1 -> m2" in survey.ok("refresh", "--dry-run", "--model", "m2").out
        survey.write("prompts/extract.md", prompt)
        items = survey.ok("refresh", "--dry-run", "--json").json()["items"]
        assert {item["key"]: item["fields"] for item in items}[CARD] == []
        assert len(server.requests) == asked


# --- the ledger -----------------------------------------------------------------------------------


def test_a_run_that_was_broken_off_is_reported_by_the_next(survey: Folder, world: World) -> None:
    """Killed in the midst of a question: its record stands without outcomes, and the next run and ``status`` say so."""
    survey.ok("refresh")

    def hang(_: Request) -> Response:
        time.sleep(30)
        return Response(500)

    with scripted([hang] * 3) as server:
        use_model(survey, server)
        command = [sys.executable, "-m", "survey_extract", "--project", str(survey.path), "refresh"]
        run = subprocess.Popen(command, env=os.environ | survey.env, stderr=subprocess.DEVNULL)
        while not server.requests:
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
        run.wait()
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        survey.env.pop(name)
    assert "NOT COMPLETE (interrupted)" in survey.ok("status").out
    ran = survey.ok("refresh", "--json")
    (note,) = ran.json()["notes"]
    assert "was interrupted: what became of its 3 sources was not recorded" in note
    assert "was interrupted" in ran.err
    assert survey.ok("refresh", "--json").json()["notes"] == []
    status = survey.ok("status", "--json").json()
    assert status["last_complete_run"]["complete"]


def test_status_tells_a_monitor_how_old_the_table_is(survey: Folder, world: World) -> None:
    """--max-age fails before the first complete run, passes after it, and fails when that is too old."""
    assert survey.run("status", "--max-age", "36h").code == 1
    survey.ok("refresh")
    assert "last complete run" in survey.ok("status", "--max-age", "36h").out
    (path,) = (survey.path / "warehouse" / "runs").glob("*.json")
    record = json.loads(path.read_text())
    old = datetime.now(UTC) - timedelta(hours=40)
    record["started_at"] = f"{old:%Y-%m-%dT%H:%M:%SZ}"
    path.write_text(json.dumps(record))
    late = survey.run("status", "--max-age", "36h")
    assert late.code == 1
    assert "older than 36h" in late.err
    assert survey.run("status", "--max-age", "soon").code == 2


def test_a_clock_that_goes_back_is_named(survey: Folder, world: World) -> None:
    """Runs keep their order, and the next run says that the clock is behind."""
    survey.ok("refresh")
    (path,) = (survey.path / "warehouse" / "runs").glob("*.json")
    record = json.loads(path.read_text())
    record |= {"id": "2031-01-01T000000-000Z", "started_at": "2031-01-01T00:00:00Z"}
    path.unlink()
    (path.parent / "2031-01-01T000000-000Z.json").write_text(json.dumps(record))
    ran = survey.ok("refresh", "--json")
    assert ran.json()["id"] == "2031-01-01T000000-001Z"
    assert "check the clock" in ran.err
    assert survey.ok("status", "--json").json()["last_run"]["id"] == ran.json()["id"]


# --- outages --------------------------------------------------------------------------------------


def six(world: World) -> list[str]:
    for number in range(6):
        world.page(f"/example.org/{number}.md", harbor(f"Page {number}"))
    return [f"https://example.org/{number}.md,Page {number}" for number in range(6)]


@pytest.mark.parametrize(("failing", "code"), [(1, 1), (2, 1), (3, 3)])
def test_more_than_a_third_failing_is_an_outage(survey: Folder, world: World, failing: int, code: int) -> None:
    """Two of six are dead links: the rest is published. Three are an outage: nothing new is, and the next good run goes on."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.sources(*six(world))
    survey.ok("refresh")
    before = survey.read("README.md")
    kept = dict(world.pages)
    for number in range(failing):
        world.pages[f"/example.org/{number}.md"] = lambda _: Response(403)
    world.page("/example.org/5.md", harbor("Page 5").replace("Harbor", "Haven"))
    ran = survey.run("refresh", "--json")
    assert ran.code == code
    assert ("an outage" in ran.err) == (code == 3)
    assert (survey.read("README.md") == before) == (code == 3)
    if code == 1:
        assert f"Could not be looked at since {datetime.now(UTC):%Y-%m-%d}" in survey.read("README.md")
        return
    assert ran.json()["outage"]
    assert survey.run("refresh", SURVEY_OUTAGE_SHARE="0.5").code == 1
    survey.write("README.md", before)
    world.pages |= {path: page for path, page in kept.items() if not path.endswith("5.md")}
    assert survey.ok("refresh").code == 0
    assert "Haven" in survey.read("README.md")


def test_arxivs_word_is_shown(survey: Folder, world: World) -> None:
    """A withdrawn paper and one that is replaced by another: in status, in the queue and under the row."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.ok("refresh")
    world.paper("2401.00001", 1, comment="This paper has been withdrawn by the authors")
    world.paper("2401.00002", 1, comment="Superseded by arXiv:2401.00001")
    ran = survey.ok("refresh", "--json")
    assert kinds(ran)["arxiv-2401.00001"] == "withdrawn"
    assert kinds(ran)["arxiv-2401.00002"] == "unchanged"
    out = survey.ok("status").out
    assert "withdrawn by the authors" in out
    assert "Superseded by arXiv:2401.00001" in out
    notices = {row["notice"] for row in survey.rows("SELECT DISTINCT notice FROM queue")}
    assert "Superseded by arXiv:2401.00001" in notices
    assert "arXiv&#x27;s notice: Superseded by arXiv:2401.00001." in survey.read("README.md")
    survey.env["SURVEY_NOTICES"] = "false"
    survey.ok("render")
    assert "Superseded" not in survey.read("README.md")
    assert "withdrawn" not in survey.ok("fields").out, "all of its cells have an answer"


def test_a_field_added_to_a_withdrawn_paper_waits_for_a_person(survey: Folder, world: World) -> None:
    """`fields`, a dry run and the run say the same: nothing is asked of it; its cell is in the queue, says why, and can be decided."""
    survey.sources("2401.00001,Harbor")
    survey.ok("refresh")
    world.paper("2401.00001", 1, comment="This paper has been withdrawn by the authors")
    survey.write("fields.toml", survey.read("fields.toml") + '\n[moons]\nheading = "Moons"\nask = "How many moons."\n')
    with serving(answering(lambda field: says(field, "One moon."))) as server:
        use_model(survey, server)
        survey.run("refresh")
        told = survey.ok("fields").out
        assert "the next run asks nothing about the sources that were read" in told
        assert "nothing is asked of 1 withdrawn source: 1 cell waits for a person, in the queue" in told
        survey.run("refresh")
        assert not server.requests
    why = "the paper is withdrawn, so nothing is asked about it any more"
    assert survey.rows("SELECT field FROM queue WHERE state IS NULL AND risk LIKE '" + why + "'") == [
        {"field": "moons"}
    ]
    with desk_of(survey) as desk:
        key = "arxiv-2401.00001"
        assert "moons" in [item.field for item in desk.queue()]
        assert desk.cell(key, "moons").proposes_no == f"nothing is proposed: {why}"
        desk.decide(key, "moons", "not_reported", None)
        assert "moons" not in [item.field for item in desk.queue()]
        desk.undo()
        assert "moons" in [item.field for item in desk.queue()]


# --- arXiv in trouble -----------------------------------------------------------------------------


def api_fails(request: Request) -> Response | None:
    return Response(503, b"", {"Retry-After": "0"}) if request.path.startswith("/export.arxiv.org/") else None


def test_the_abstract_page_stands_in_for_the_api(survey: Folder, world: World) -> None:
    """Version, title and notice come from the paper's own page; each source says how it was looked up; nothing is read anew."""
    survey.sources("2401.00001,Harbor", "2401.00002,Orchard", "2401.99999,Nobody")
    world.paper("2401.00002", 1, comment="Superseded by arXiv:2401.00001", authors=["Ann Author"])  # type: ignore[arg-type]
    survey.run("refresh")
    before = survey.rows("SELECT key, title, authors, version FROM sources ORDER BY key")
    world.fails = api_fails
    world.paper("2401.00001", 2, pdf(ORCHARD))
    ran = survey.run("refresh", "--json")
    found = outcomes(ran)
    assert kinds(ran) == {"arxiv-2401.00001": "changed", "arxiv-2401.00002": "unchanged", "arxiv-2401.99999": "failed"}
    assert found["arxiv-2401.99999"]["error"] == "not_found"
    assert found["arxiv-2401.00002"]["notice"] == "Superseded by arXiv:2401.00001"
    assert all("from its abstract page" in str(found[key]["warnings"]) for key in list(found)[:2])
    after = survey.rows("SELECT key, title, authors, version FROM sources ORDER BY key")
    assert after[1] == before[1]
    assert after[0]["version"] == "v2"


def test_a_withdrawal_is_seen_on_the_abstract_page(survey: Folder, world: World) -> None:
    """In a summary that says nothing else, as the API would have said it."""
    survey.ok("refresh")
    world.fails = api_fails
    world.paper("2401.00001", 1, summary="This paper has been withdrawn by its author.")
    ran = survey.ok("refresh", "--json")
    assert outcomes(ran)["arxiv-2401.00001"]["kind"] == "withdrawn"


def test_a_page_that_is_no_abstract_page_is_an_outage(survey: Folder, world: World) -> None:
    """Nothing is guessed from a maintenance page."""
    survey.sources("2401.00001,Harbor", "2401.00002,Orchard")
    survey.ok("refresh")
    world.fails = lambda r: api_fails(r) or (Response(200, b"<html>Back soon</html>") if "/abs/" in r.path else None)
    ran = survey.run("refresh")
    assert ran.code == 3
    assert "nothing was changed" in ran.err


def test_ten_refusals_by_arxiv_end_its_part_of_the_run(survey: Folder, world: World) -> None:
    """The API answers, the PDFs are refused: after ten 429s in a row nothing more is asked of it, and it says until when."""
    survey.env["SURVEY_OUTAGE_SHARE"] = "1"
    for number in range(15):
        world.paper(f"2403.{number:05}", data=pdf(HARBOR))
    survey.sources(*(f"2403.{number:05}" for number in range(15)), "https://example.org/card.md")
    world.fails = lambda r: Response(429, b"", {"Retry-After": "500"}) if "/pdf/" in r.path else None
    ran = survey.run("refresh", "--json")
    assert ran.code == 1
    with_pdf = [o for key, o in outcomes(ran).items() if key.startswith("arxiv")]
    assert {o["kind"] for o in with_pdf} == {"failed"}
    (note,) = ran.json()["notes"]
    assert "arXiv refused 10 requests in a row" in note
    assert "try again after" in note
    assert kinds(ran)["web-example.org-card.md"] == "new"


def test_ten_refusals_by_any_host_end_its_part(survey: Folder, world: World) -> None:
    """A host that says "too many" is left alone; another one is asked as ever."""
    survey.env["SURVEY_OUTAGE_SHARE"] = "1"
    for number in range(14):
        world.pages[f"/busy.example/{number}.md"] = lambda _: Response(429, b"", {"Retry-After": "900"})
    survey.sources(
        *(f"https://busy.example/{number}.md,{number}" for number in range(14)), "https://example.org/card.md"
    )
    ran = survey.run("refresh", "--json")
    assert kinds(ran)["web-example.org-card.md"] == "new"
    assert any("busy.example refused 10 requests in a row" in note for note in ran.json()["notes"])


def test_a_row_says_what_lags_behind(survey: Folder, world: World) -> None:
    """The new version came, the model did not answer: the row does not claim to be read from it."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.sources("https://example.org/card.md,Card")
    first = answering(lambda field: says(field, f"of {field}", 2))
    with scripted([first, failure(400, "no"), failure(400, "no")]) as server:
        use_model(survey, server)
        world.page("/example.org/card.md", card(ENCODERS, TRAINED), etag='"1"')
        survey.ok("refresh")
        assert "version before" not in survey.read("README.md")
        world.page("/example.org/card.md", card(TRAINED, "All else was written anew."), etag='"2"')
        assert survey.run("refresh").code == 1
    assert "7 of its cells are still answered from the version before." in survey.read("README.md")
