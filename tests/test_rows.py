"""Rows of tables on the whole path: asked, pointed at, decided, verified, carried over, in SQL; and old surveys ask nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.decisions import decide
from survey_extract.core.due.questions import latest_of
from survey_extract.core.fingerprint import sha256_of
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.rows import without_rows
from tests.conftest import Folder, use_model
from tests.papers.under_captions import HEADERS, ROWS, table_page
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, wanted_keys

KEY = "file-papers-ours.pdf"
TEXTS = ("architecture_overview", "training_methods")
HARBOR = "Table 4 | Harbor | Ships: 12.5 | Logs: 80.1"


def citing(label: str, value: str) -> Any:
    """A model that says one thing of each text field, and cites the row with that label, as it is numbered in the question."""

    def answer(request: Request) -> Response:
        asked = json.loads(request.body)["messages"][-1]["content"]
        row = re.search(rf"^\[(\d+)\] {label} \|", asked, re.MULTILINE)
        numbers = [int(row[1])] if row else [2]
        said: dict[str, Any] = {
            key: {"value": value, "evidence": numbers} if key in TEXTS else {"value": None, "evidence": []}
            for key in wanted_keys(request)
        }
        return completion(json.dumps(said))

    return answer


def asked(survey: Folder) -> set[str]:
    """The fields that a night asks."""
    (outcome,) = survey.ok("refresh", "--json").json()["outcomes"]
    return set(outcome["asked"])


@pytest.fixture
def ours(survey: Folder) -> Folder:
    survey.write("papers/ours.pdf", table_page())
    survey.sources("./papers/ours.pdf,Ours")
    return survey


def archive_of(survey: Folder) -> FileArchive:
    return FileArchive(survey.path, warn=print)


def text_of(survey: Folder) -> PaperText:
    archive = archive_of(survey)
    text = archive.text_of(archive.documents()[KEY][-1].sha256)
    assert text is not None
    return text


def test_a_row_is_evidence_on_the_whole_path(ours: Folder) -> None:
    """Asked under its headers, stored as a pointer with its boxes and without its words, decided, verified, and in SQL."""
    with serving(citing("Harbor", "Harbor has 12.5 ships.")) as server:
        use_model(ours, server)
        ours.ok("refresh")
        asked = json.loads(server.requests[0].body)["messages"][-1]["content"]
    assert f"Table 4 | row | {' | '.join(HEADERS)}\n[" in asked
    assert asked.count("Ships |") == 1
    archive = archive_of(ours)
    answer = latest_of(archive.answers(KEY), "training_methods")
    assert answer is not None
    assert len(answer.evidence[0].boxes) == 5
    written = ours.read(f"warehouse/answers/{KEY}.jsonl")
    assert '"boxes":[[' in written
    assert "Table 4" not in written
    archive.add_decisions(
        KEY, [decide("accepted", "training_methods", answer, by="Ann", at="2026-01-01T00:00:00.000001Z")]
    )
    assert ours.run("verify").code == 0
    assert ours.rows("SELECT DISTINCT words FROM quotes") == [{"words": HARBOR}]
    assert ours.rows("SELECT DISTINCT check_state FROM cells WHERE field = 'training_methods'") == [
        {"check_state": "in evidence"}
    ]


def test_every_value_is_in_sql(ours: Folder) -> None:
    """A row per value, as printed and as a number, under its header; rows are sentences; what was not read is counted."""
    ours.ok("refresh")
    found = ours.rows(
        "SELECT label, row_label, header, value, number, page FROM table_cells ORDER BY sentence, position"
    )
    assert [(f["row_label"], f["header"], f["value"], f["number"]) for f in found] == [
        (label, header, value, float(value))
        for label, *values in ROWS
        for header, value in zip(HEADERS, values, strict=True)
    ]
    assert {(f["label"], f["page"]) for f in found} == {("Table 4", 1)}
    rows = ours.rows("SELECT text FROM sentences s SEMI JOIN table_cells c ON c.sentence = s.number WHERE kind = 'row'")
    assert len(rows) == len(ROWS)
    assert ours.rows("SELECT table_rows, table_rows_unread FROM documents") == [
        {"table_rows": len(ROWS), "table_rows_unread": 0}
    ]


def test_a_figure_from_under_another_header_is_told(ours: Folder) -> None:
    """In the queue, with what is wrong."""
    with serving(citing("Harbor", "Harbor has 80.1 ships.")) as server:
        use_model(ours, server)
        ours.ok("refresh")
    assert ours.rows("SELECT DISTINCT check_state, risk FROM queue WHERE field = 'training_methods'") == [
        {"check_state": "under another header", "risk": "a figure is in the row, under another header"}
    ]


def test_a_decision_on_a_row_goes_along_to_a_new_version(ours: Folder) -> None:
    """By its hash: the table stands on another page, nothing is asked, and the decision stands; a changed cell is asked again."""
    with serving(citing("Harbor", "Harbor has 12.5 ships.")) as server:
        use_model(ours, server)
        ours.ok("refresh")
        archive = archive_of(ours)
        answer = latest_of(archive.answers(KEY), "training_methods")
        archive.add_decisions(
            KEY, [decide("accepted", "training_methods", answer, by="Ann", at="2026-01-01T00:00:00.000001Z")]
        )
        ours.write("papers/ours.pdf", table_page(pages_before=1))
        assert not set(TEXTS) & asked(ours)
        assert ours.rows("SELECT state, page, words FROM quotes WHERE field = 'training_methods'") == [
            {"state": "accepted", "page": 2, "words": HARBOR}
        ]
        assert ours.run("verify").code == 0
        ours.write("papers/ours.pdf", table_page([("Harbor", "13.5", "80.1"), *ROWS[1:]]))
        assert set(TEXTS) <= asked(ours)


WORDS = " ".join(f"Boat {n} carries timber over the river in all seasons of the year." for n in range(6))
PAGES = {
    "ours.md": f"# Boats\n\n{WORDS}\n\n| Boat | Ships | Logs |\n|---|---|---|\n| Harbor | 12.5 | 80.1 |\n| Kite | 11.5 | 70.2 |\n",
    "ours.html": f"""<html><body><article><h1>Boats</h1><p>{WORDS}</p><p>{WORDS}</p><table><tr><th>Boat</th><th>Ships</th>
        <th>Logs</th></tr><tr><td>Harbor</td><td>12.5</td><td>80.1</td></tr></table></article></body></html>""",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_before_asks_nothing(survey: Folder, name: str) -> None:
    """A web page and a Markdown file that were read without rows: no question on an unchanged night, nor when they are read again."""
    survey.write(f"papers/{name}", PAGES[name])
    survey.sources(f"./papers/{name},Ours")
    with serving(citing("Nothing", "We count what was seen.")) as server:
        use_model(survey, server)
        survey.ok("refresh")
        archive, key = archive_of(survey), f"file-papers-{name}"
        document = archive.documents()[key][-1].sha256
        new = archive.text_of(document)
        assert new is not None
        assert new.tables
        old = replace(without_rows(new), reader="html-3")
        archive.keep_text(document, old)
        (survey.path / f"warehouse/answers/{key}.jsonl").unlink()
        survey.ok("refresh")
        count = len(server.requests)
        assert survey.ok("refresh", "--json").json()["model_requests"] == 0
        assert archive_of(survey).text_of(document) == old
        planned = survey.ok("refresh", "--reread", "--dry-run", "--json").json()
        assert (planned["items"][0]["fields"], planned["reread"], planned["kept"]) == ([], 1, 7)
        assert archive_of(survey).text_of(document) == old
        assert survey.ok("refresh", "--reread", "--json").json()["model_requests"] == 0
        assert archive_of(survey).text_of(document) == new
        assert len(server.requests) == count


def test_a_row_of_a_page_is_evidence(survey: Folder) -> None:
    """Asked by its number, in SQL with header and number, decided and verified; a figure of another header is told."""
    survey.write("papers/ours.md", PAGES["ours.md"])
    survey.sources("./papers/ours.md,Ours")
    with serving(citing("Harbor", "Harbor has 80.1 ships.")) as server:
        use_model(survey, server)
        survey.ok("refresh")
    assert survey.rows("SELECT row_label, header, value, number FROM table_cells WHERE header = 'Ships'") == [
        {"row_label": "Harbor", "header": "Ships", "value": "12.5", "number": 12.5},
        {"row_label": "Kite", "header": "Ships", "value": "11.5", "number": 11.5},
    ]
    assert survey.rows("SELECT DISTINCT check_state FROM queue WHERE field = 'training_methods'") == [
        {"check_state": "under another header"}
    ]
    archive, key = archive_of(survey), "file-papers-ours.md"
    answer = latest_of(archive.answers(key), "training_methods")
    archive.add_decisions(
        key, [decide("accepted", "training_methods", answer, by="Ann", at="2026-01-01T00:00:00.000001Z")]
    )
    assert survey.run("verify").code == 0
    assert survey.rows("SELECT DISTINCT words FROM quotes") == [{"words": "Boats | Harbor | Ships: 12.5 | Logs: 80.1"}]


def test_a_survey_of_before_asks_nothing(ours: Folder) -> None:
    """Its texts have no rows: they stay valid, make the request that they made, and, read again, carry their cells over."""
    with serving(citing("Nothing", "We count what was seen.")) as server:
        use_model(ours, server)
        ours.ok("refresh")
        archive, new = archive_of(ours), text_of(ours)
        old = replace(without_rows(new), reader="pdf-5")
        assert old.sha256 == sha256_of(old) != new.sha256
        archive.keep_text(archive.documents()[KEY][-1].sha256, old)
        (ours.path / f"warehouse/answers/{KEY}.jsonl").unlink()
        ours.ok("refresh")
        asked = json.loads(server.requests[-1].body)["messages"][-1]["content"]
        assert "Table 4 | row" not in asked
        count = len(server.requests)
        assert ours.ok("refresh", "--json").json()["model_requests"] == 0
        assert text_of(ours) == old
        assert ours.ok("refresh", "--reread", "--json").json()["model_requests"] == 0
        assert text_of(ours).tables
        assert len(server.requests) == count
    assert ours.rows("SELECT count(*) AS n FROM evidence WHERE whereabouts <> 'found'") == [{"n": 0}]
