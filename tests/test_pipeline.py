"""The whole path over real HTTP, PDFs and DuckDB: what is known costs nothing, and no failure harms another."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb

from tests.conftest import ROOT, Folder, Papers, kinds, outcomes, use_model
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.loopback import Request, Response, Server, serving
from tests.servers.openai_server import answering, completion, failure, scripted
from tests.servers.world import World

HELD = {"arxiv-2310.03744", "arxiv-2201.12086", "arxiv-2305.06500", "arxiv-2304.10592", "arxiv-2302.14045"}


# --- the repository's own survey, on the replica ---------------------------------------------------


def test_the_first_survey_on_the_replica(survey: Folder, mirror: Server) -> None:
    """11 of 24 sources succeed, 13 are "not found" by name, exit code 1; the second run fetches no document and asks nobody."""
    shutil.copy(ROOT / "sources.csv", survey.path)
    survey.env["SURVEY_MIRROR"] = mirror.url
    first = survey.run("refresh", "--json")
    assert first.code == 1
    found = {key for key, kind in kinds(first).items() if kind == "new"}
    failed = {key: o for key, o in outcomes(first).items() if o["kind"] == "failed"}
    assert (len(found), len(failed)) == (11, 13)
    assert found >= HELD
    assert {o["error"] for o in failed.values()} == {"not_found"}
    assert all("not found: https://" in str(o["message"]) for o in failed.values())
    assert first.json()["documents_fetched"] == 11
    assert "not found" in first.err

    before = len(mirror.requests)
    readme, answers = survey.read("README.md"), _archive(survey)
    second = survey.run("refresh", "--json")
    assert second.code == 1
    assert second.json()["documents_fetched"] == 0
    assert {kind for key, kind in kinds(second).items() if key in found} == {"unchanged"}
    assert all(not outcome["asked"] for outcome in outcomes(second).values())
    fetched = [r.path for r in mirror.requests[before:] if r.path.startswith("/arxiv.org/pdf/")]
    assert not any(key.removeprefix("arxiv-") in path for path in fetched for key in HELD)
    assert (survey.read("README.md"), _archive(survey)) == (readme, answers)


def _archive(survey: Folder) -> dict[str, bytes]:
    """Every archived file but the runs."""
    root = survey.path / "warehouse"
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*.jsonl"))}


def test_all_real_papers_are_read(papers: Papers) -> None:
    """None of the 17 PDFs fails; both versions of KOSMOS-1 are read, pinned one after the other.

    Only MiniGPT-4 has hidden text to speak of: two figures are cut off by their frames, and the rest of their words is
    still in the file.
    """
    ran = papers.first
    assert (ran.code, set(kinds(ran).values())) == (0, {"new"}), ran.err
    assert len(kinds(ran)) == 16
    warnings = {item["key"]: " ".join(item["warnings"]) for item in ran.json()["outcomes"]}
    hidden = {
        key: sum(int(count.replace(",", "")) for count in re.findall(r"([\d,]+) character", said))
        for key, said in warnings.items()
    }
    assert hidden.pop("arxiv-2304.10592") > 10_000
    assert re.search(r"page 7 \([\d,]+ characters covered or cut off", warnings["arxiv-2304.10592"])
    assert max(hidden.values()) < 300, hidden
    assert kinds(papers.older)["arxiv-2302.14045"] == "changed"
    assert len(papers.texts) == 17


def test_the_archive_holds_no_words_of_the_papers(papers: Papers) -> None:
    """What git would keep has no sentence of a paper in it: pointers, names and figures only."""
    sentences = [
        row["text"]
        for row in papers.folder.rows(
            "SELECT text FROM sentences JOIN sources USING (document) WHERE sources.key = 'arxiv-2310.03744' AND sentences.kind = 'body' AND length(text) > 40"
        )
    ]
    kept = b"".join(
        p.read_bytes() for p in (papers.folder.path / "warehouse").rglob("*.json*") if "cache" not in p.parts
    ).decode()
    assert len(sentences) > 50
    assert not [sentence for sentence in sentences if json.dumps(sentence, ensure_ascii=False)[1:-1] in kept]


# --- a small world of our own ---------------------------------------------------------------------


def test_a_new_version_and_a_changed_page_are_read_again(survey: Folder, world: World) -> None:
    """What changed is fetched and asked, what did not is not; the history keeps both."""
    survey.ok("refresh")
    world.paper("2401.00001", 2, pdf(ORCHARD))
    world.page(
        "/example.org/card.md", f"# Card\n\nThe card now describes a model with one encoder. {prose(8)}", etag='"2"'
    )
    ran = survey.ok("refresh", "--json")
    assert kinds(ran) == {
        "arxiv-2401.00001": "changed",
        "arxiv-2401.00002": "unchanged",
        "web-example.org-card.md": "changed",
    }
    assert ran.json()["documents_fetched"] == 2
    versions = survey.rows("SELECT DISTINCT version FROM history WHERE key = 'arxiv-2401.00001' ORDER BY 1")
    assert [row["version"] for row in versions] == ["v1", "v2"]


def test_one_failure_harms_no_other_and_keeps_the_last_good_data(survey: Folder, world: World) -> None:
    """A source that fails is named, exit code 1; its answers of yesterday stand, and so do the others."""
    survey.env["SURVEY_OUTAGE_SHARE"] = "1"  # two of three are no outage here
    survey.ok("refresh")
    before = survey.rows("SELECT key, field, proposed FROM cells")
    world.paper("2401.00001", 2)  # announced, but its PDF is not there
    world.pages["/example.org/card.md"] = lambda _: Response(403)
    ran = survey.run("refresh", "--json")
    assert ran.code == 1
    assert kinds(ran) == {
        "arxiv-2401.00001": "failed",
        "arxiv-2401.00002": "unchanged",
        "web-example.org-card.md": "failed",
    }
    assert survey.rows("SELECT key, field, proposed FROM cells") == before
    assert {p["key"] for p in survey.ok("status", "--json").json()["problems"]} == {
        "arxiv-2401.00001",
        "web-example.org-card.md",
    }


def test_a_withdrawn_paper_is_an_outcome(survey: Folder, world: World) -> None:
    """arXiv's notice ends the path, without an error and without losing what was known."""
    survey.ok("refresh")
    world.paper("2401.00001", 2, comment="This paper has been withdrawn by the authors")
    ran = survey.ok("refresh", "--json")
    assert outcomes(ran)["arxiv-2401.00001"]["kind"] == "withdrawn"
    assert "withdrawn by the authors" in ran.err
    assert (
        survey.rows("SELECT count(*) AS n FROM cells WHERE key = 'arxiv-2401.00001' AND proposed IS NOT NULL")[0]["n"]
        > 3
    )


def test_awkward_documents_end_in_their_outcomes(survey: Folder, shared: Path) -> None:
    """Every awkward file, as a local source: read, needs_ocr, or failed with the reason."""
    for path in (shared / "awkward").iterdir():
        survey.write(f"papers/{path.name}", path.read_bytes())
    survey.sources(*(f"./papers/{path.name}" for path in sorted((shared / "awkward").iterdir())))
    ran = survey.run("refresh", "--json")
    found = {key.removeprefix("file-papers-"): (o["kind"], o["error"]) for key, o in outcomes(ran).items()}
    assert ran.code == 1
    assert found == {
        "copy-protected.pdf": ("new", None),
        "not-the-paper-chinese-notes.pdf": ("new", None),
        "scanned-no-text-layer.pdf": ("needs_ocr", "needs_ocr"),
        "encrypted-password-1234.pdf": ("failed", "needs_password"),
        "truncated.pdf": ("failed", "fetch_error"),
        "corrupt-36-bytes.pdf": ("failed", "fetch_error"),
    }


def test_nothing_reachable_changes_nothing(survey: Folder, world: World) -> None:
    """The whole outside down is exit code 3; no run is recorded, the README stands."""
    survey.ok("refresh")
    before, runs = survey.read("README.md"), sorted((survey.path / "warehouse" / "runs").iterdir())
    with serving(lambda _: Response(403)) as down:
        ran = survey.run("refresh", SURVEY_MIRROR=down.url)
    assert ran.code in (1, 3)
    with serving(lambda _: Response()) as gone:
        address = gone.url
    ran = survey.run("refresh", SURVEY_MIRROR=address)
    assert (ran.code, "nothing was changed" in ran.err) == (3, True)
    assert survey.read("README.md") == before
    assert len(sorted((survey.path / "warehouse" / "runs").iterdir())) <= len(runs) + 1


def test_a_fresh_clone_needs_no_download(survey: Folder, world: World) -> None:
    """Without cache and DuckDB file, known versions and answers cost no document; quotes are empty until refilled."""
    survey.ok("refresh")
    before = survey.rows("SELECT key, field, value FROM cells ORDER BY ALL")
    shutil.rmtree(survey.path / "warehouse" / "cache")
    (survey.path / "warehouse" / "survey.duckdb").unlink()
    assert survey.ok("refresh", "--json").json()["documents_fetched"] == 0
    assert {row["whereabouts"] for row in survey.rows("SELECT DISTINCT whereabouts FROM evidence")} == {"uncached"}
    assert survey.ok("refresh", "--refill", "--json").json()["documents_fetched"] == 3
    assert survey.rows("SELECT key, field, value FROM cells ORDER BY ALL") == before


def test_a_table_never_loses_words_that_are_not_in_the_cache(survey: Folder, world: World) -> None:
    """Without the cache the words stand in the README still, and their hash proves them; anything else is refused, and `verify` mends it."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.ok("refresh")
    before = survey.read("README.md")
    shutil.rmtree(survey.path / "warehouse" / "cache")
    survey.ok("render")
    assert survey.read("README.md") == before
    assert survey.ok("refresh", "--json").json()["documents_fetched"] == 0
    assert survey.read("README.md") == before
    for damaged in (
        before.replace("Harbor", "Haven"),
        before.split("<details>")[0] + "<!-- survey:end -->" + before.split("<!-- survey:end -->")[1],
    ):
        survey.write("README.md", damaged)
        ran = survey.run("render")
        assert (ran.code, "survey-extract verify" in ran.err, survey.read("README.md")) == (2, True, damaged), ran.err
    survey.ok("verify")
    survey.ok("render", "--force")
    assert survey.read("README.md") == before


def test_a_source_without_a_title_is_called_by_its_place(survey: Folder) -> None:
    """No name in sources.csv, no title in the document: the first night and those that add a run alone say where it is."""
    survey.write("papers/plain.md", prose(8))
    survey.sources("papers/plain.md,")
    for _ in range(2):
        survey.ok("refresh")
        assert survey.rows("SELECT name, title FROM sources") == [{"name": "papers/plain.md", "title": None}]


def test_a_large_table_is_split_into_pages(survey: Folder, world: World) -> None:
    """Near the limit the README holds an index whose links and anchors work; edits on pages are hand edits; it goes back again."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.write("papers/ours.md", "# Ours\n\n" + " ".join([HARBOR.abstract] * 4))
    survey.sources("2401.00001,Harbor", "2401.00002,Orchard", "./papers/ours.md,Ours")
    survey.ok("refresh")
    whole = survey.read("README.md")
    survey.env["SURVEY_README_BYTES"] = str(len(whole) // 2)
    survey.ok("render")
    index = survey.read("README.md")
    assert len(index) < len(whole) / 2
    links = re.findall(r'<a href="([^"#]+)#([^"]+)">', index)
    assert [anchor for _, anchor in links] == ["arxiv-2401.00001", "arxiv-2401.00002", "file-papers-ours.md"]
    for path, anchor in links:
        page = survey.read(path)
        assert f'<a id="{anchor}"></a>' in page
        for href in re.findall(r'<td><a href="([^"]+)">', page):
            assert href.startswith("https://") or (survey.path / path).parent.joinpath(href).resolve().is_file()
        assert (survey.path / path).parent.joinpath("../../README.md").resolve() == (
            survey.path / "README.md"
        ).resolve()
    survey.ok("render", "--check")

    page = survey.read(links[0][0])
    cell = re.findall(r"    <td>([^<]{20,}?) <sup>", page)[0]
    survey.write(links[0][0], page.replace(cell, "What a person wrote here."))
    refused = survey.run("render")
    assert (refused.code, f"`survey-extract import {links[0][0]}`" in refused.err) == (2, True), refused.err
    survey.ok("import", str(survey.path / links[0][0]), SURVEY_REVIEWER="Ann")
    survey.ok("render")
    assert "What a person wrote here." in survey.read(links[0][0])

    survey.env.pop("SURVEY_README_BYTES")
    survey.ok("render")
    assert "What a person wrote here." in survey.read("README.md")
    assert not list((survey.path / "docs" / "survey").glob("*.md"))


# --- with a model ---------------------------------------------------------------------------------


def test_sources_without_a_row_are_named_under_the_table(survey: Folder, world: World) -> None:
    """With the setting `waiting`, each with what it waits for; the list is the tool's own, and goes when they have rows."""
    survey.env |= {"SURVEY_PUBLISH": "any", "SURVEY_WAITING": "true", "SURVEY_OUTAGE_SHARE": "1"}
    stands = world.pages.pop("/example.org/card.md")
    survey.run("refresh")
    assert re.search(
        r"<p><sub>Not in the table yet:<br>not read yet: Card</sub></p>\n<!-- survey:end -->", survey.read("README.md")
    )
    assert survey.ok("render", "--check").out == ""
    world.pages["/example.org/card.md"] = stands
    survey.ok("refresh")
    assert "Not in the table yet" not in survey.read("README.md")


def test_a_model_is_asked_once_and_only_what_changed(survey: Folder, world: World) -> None:
    """A second night asks nothing; a changed prompt asks all; the old prompt again takes the old answers up for nothing."""
    with serving(
        answering(
            lambda field: {
                "value": ["LogPairs"] if field == "datasets_used" else "It has 1.3B parameters.",
                "evidence": [5],
            }
        )
    ) as model:
        use_model(survey, model)
        assert survey.ok("refresh", "--json").json()["model_requests"] == 3
        assert survey.ok("refresh", "--json").json()["model_requests"] == 0
        prompt = survey.read("prompts/extract.md")
        survey.write("prompts/extract.md", prompt + "\nBe brief.\n")
        assert survey.ok("refresh", "--json").json()["model_requests"] == 3
        survey.write("prompts/extract.md", prompt)
        assert survey.ok("refresh", "--json").json()["model_requests"] == 0
        assert len(model.requests) == 6
    latest = survey.rows(
        "SELECT DISTINCT value, check_state FROM cells WHERE key = 'arxiv-2401.00001' AND field = 'training_methods'"
    )
    assert latest == [{"value": "It has 1.3B parameters.", "check_state": "in evidence"}]


def test_without_its_key_a_night_does_not_step_down(survey: Folder, world: World) -> None:
    """When the key is missing one night, ``auto`` leaves a model's answers alone; asked for by name, the engine answers."""
    with serving(answering(lambda field: {"value": None, "evidence": []})) as model:
        use_model(survey, model)
        survey.ok("refresh")
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        del survey.env[name]
    survey.ok("refresh")
    assert survey.rows("SELECT DISTINCT engine FROM cells") == [{"engine": "openai"}]
    survey.ok("refresh", "--engine", "extractive")
    assert survey.rows("SELECT DISTINCT engine FROM cells") == [{"engine": "extractive"}]


def test_evidence_that_does_not_exist_is_an_answer_without_evidence(survey: Folder, world: World) -> None:
    """Numbers out of range and references are rejected, kept as unresolved, and shown first in the queue."""
    with serving(
        answering(
            lambda field: {
                "value": ["X9"] if field == "datasets_used" else "It uses FlyNet-9000.",
                "evidence": [999, 0, 10**30],
            }
        )
    ) as model:
        use_model(survey, model)
        survey.ok("refresh", "arxiv-2401.00001")
    rows = survey.rows("SELECT evidence_count, unresolved_count, check_state FROM cells WHERE key = 'arxiv-2401.00001'")
    assert {(r["evidence_count"], r["unresolved_count"], r["check_state"]) for r in rows} == {(0, 3, "nowhere")}
    assert survey.rows("SELECT DISTINCT risk FROM queue") == [{"risk": "no evidence"}]


def test_a_failing_model_fails_its_source_and_is_booked(survey: Folder, world: World) -> None:
    """A refusal fails one source, its tokens are in the run and in SQL, and the key is nowhere in the folder."""
    with scripted([completion(None, refusal="I cannot do that")]) as model:
        use_model(survey, model)
        ran = survey.run("refresh", "arxiv-2401.00001", "--json")
    assert ran.code == 1
    assert outcomes(ran)["arxiv-2401.00001"]["error"] == "refused"
    assert survey.rows("SELECT outcome, prompt_tokens, cached_tokens FROM replies") == [
        {"outcome": "refused", "prompt_tokens": 1000, "cached_tokens": 600}
    ]
    assert survey.rows("SELECT sum(completion_tokens) AS n, typeof(any_value(prompt_tokens)) AS t FROM costs") == [
        {"n": 50, "t": "BIGINT"}  # whole tokens, and together all of them
    ]
    with scripted([failure(401, "Incorrect API key")]) as model:
        use_model(survey, model)
        ran = survey.run("refresh", "arxiv-2401.00002", "--json")
    assert outcomes(ran)["arxiv-2401.00002"]["error"] == "engine_closed"
    held = b"".join(p.read_bytes() for p in survey.path.rglob("*") if p.is_file())
    assert b"sk-canary" not in held
    assert "sk-canary" not in ran.out + ran.err


def test_sources_are_asked_side_by_side(survey: Folder, world: World) -> None:
    """With concurrency 3, three questions are under way at once."""
    barrier = threading.Barrier(3, timeout=20)

    def answer(request: Request) -> Response:
        barrier.wait()
        return answering(lambda _: {"value": None, "evidence": []})(request)

    with serving(answer) as model:
        use_model(survey, model)
        survey.ok("refresh", SURVEY_CONCURRENCY="3")
    assert len(model.requests) == 3


def test_ctrl_c_ends_a_run_at_once_and_loses_nothing(survey: Folder, world: World) -> None:
    """While a model thinks, Ctrl-C ends the run with 130, frees the lock, and keeps what was fetched for the next run."""
    asked, release = threading.Event(), threading.Event()

    def slow(request: Request) -> Response:
        asked.set()
        release.wait(30)
        return answering(lambda _: {"value": None, "evidence": []})(request)

    with serving(slow) as model:
        use_model(survey, model)
        command = [sys.executable, "-m", "survey_extract", "--project", str(survey.path), "refresh"]
        heeded = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
        process = subprocess.Popen(command, env=os.environ | survey.env, stderr=subprocess.PIPE, text=True)
        signal.signal(signal.SIGINT, heeded)
        assert asked.wait(60)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        release.set()
        assert (process.returncode, "interrupted" in said) == (130, True), said
        again = survey.ok("refresh", "--json").json()
    assert again["documents_fetched"] < 3
    assert {outcome["kind"] for outcome in again["outcomes"]} == {"new"}


# --- the DuckDB file ------------------------------------------------------------------------------


def content(survey: Folder) -> dict[str, list[tuple[object, ...]]]:
    """Every table and view of the file, in the order of its rows."""
    with duckdb.connect(survey.path / "warehouse" / "survey.duckdb", read_only=True) as connection:
        names = connection.execute(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1"
        ).fetchall()
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}


def built_from_nothing(survey: Folder) -> dict[str, list[tuple[object, ...]]]:
    (survey.path / "warehouse" / "survey.duckdb").unlink()
    survey.ok("status")
    return content(survey)


def test_the_same_archive_gives_the_same_file(survey: Folder, world: World) -> None:
    """Built twice from the same inputs, every table and view holds the same rows in the same order."""
    survey.ok("refresh")
    first = content(survey)
    assert built_from_nothing(survey) == first
    assert {"main.survey", "main.cells", "main.queue", "main.datasets", "main.history", "main.costs"} <= set(first)


def test_nights_that_add_a_run_alone_give_the_file_that_is_built_from_nothing(survey: Folder, world: World) -> None:
    """Only what follows from the runs is filled in again; a source that fails, returns, or has no title makes no difference."""
    survey.env["SURVEY_OUTAGE_SHARE"] = "1"
    survey.write("sources.csv", survey.read("sources.csv") + "https://example.org/never-there.md,\n")
    survey.run("refresh")
    stands = world.pages["/example.org/card.md"]
    for answer in (stands, lambda _: Response(403), lambda _: Response(403), stands):
        world.pages["/example.org/card.md"] = answer
        survey.run("refresh")
        filled = content(survey)
        assert filled == built_from_nothing(survey)
    assert len(filled["main.runs"]) == 5


def test_every_table_and_column_is_explained(survey: Folder) -> None:
    """``duckdb_columns()`` explains all of it."""
    survey.ok("status")
    assert (
        survey.rows(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND NOT internal AND comment IS NULL"
        )
        == []
    )
    assert survey.rows("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND comment IS NULL") == []
    assert (
        survey.rows(
            "SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND comment IS NULL AND NOT internal"
        )
        == []
    )


def test_a_damaged_or_deleted_file_is_built_anew(survey: Folder, world: World) -> None:
    """The DuckDB file is a product: damage costs nothing."""
    survey.ok("refresh")
    before = survey.rows("SELECT key, field, proposed FROM cells")
    survey.write("warehouse/survey.duckdb", b"no database at all")
    assert survey.rows("SELECT key, field, proposed FROM cells") == before


def test_an_edited_sources_file_is_seen_at_once(survey: Folder, world: World) -> None:
    """``query`` builds first when its inputs changed, so it is never stale."""
    survey.ok("refresh")
    survey.sources("2401.00002,Other name")
    assert survey.rows("SELECT key, name FROM sources") == [{"key": "arxiv-2401.00002", "name": "Other name"}]


def test_further_columns_are_shown_to_sql(survey: Folder) -> None:
    """A column of one's own in sources.csv can be asked for by its name."""
    survey.write("sources.csv", "source,name,year\n2401.00001,A,2024\n2401.00002,B\n")
    rows = survey.rows("SELECT name, extra['year'] AS year FROM sources ORDER BY position")
    assert rows == [{"name": "A", "year": "2024"}, {"name": "B", "year": ""}]
