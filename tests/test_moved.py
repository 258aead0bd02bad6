"""A source that moved: the same bytes under another name are the same source; nothing is asked, paid for or decided twice."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import Folder, kinds, use_model
from tests.papers.make import HARBOR, ORCHARD, pdf
from tests.servers.loopback import serving
from tests.servers.openai_server import answering, says
from tests.test_money import PRICES

OLD, NEW = "file-papers-harbor.pdf", "file-papers-bay-2016.pdf"


def _cells(survey: Folder, key: str) -> list[dict[str, object]]:
    return survey.rows(f"SELECT field, state, value, decided_by FROM cells WHERE key = '{key}' ORDER BY field")


def _decided(survey: Folder) -> None:
    """A survey of one paper, answered by a model."""
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./papers/harbor.pdf,Harbor")
    survey.ok("refresh")


def test_a_renamed_file_keeps_answers_and_decisions_and_costs_nothing(survey: Folder) -> None:
    """The dry run says so; the run asks nothing; each cell is as it was, with who decided it; old records stay."""
    with serving(answering(says)) as server:
        use_model(survey, server)
        survey.env["SURVEY_PRICES"] = PRICES
        _decided(survey)
        path = survey.path / "warehouse" / "answers" / f"{OLD}.jsonl"
        answers, asked = path.read_bytes(), len(server.requests)
        before = _cells(survey, OLD)
        (survey.path / "papers" / "harbor.pdf").rename(survey.path / "papers" / "bay-2016.pdf")
        survey.sources("./papers/bay-2016.pdf,Harbor")
        told = survey.ok("refresh", "--dry-run").out
        assert f"the same bytes as {OLD}, which is no longer in sources.csv" in told
        assert "0 fields to ask" in told
        ran = survey.ok("refresh", "--json")
        assert len(server.requests) == asked
        assert kinds(ran) == {NEW: "new"}
        (outcome,) = ran.json()["outcomes"]
        assert "count here now" in outcome["warnings"][0]
        assert _cells(survey, NEW) == before
        assert path.read_bytes() == answers
        again = survey.ok("refresh", "--json")
        assert len(server.requests) == asked
        assert kinds(again) == {NEW: "unchanged"}
        assert not again.json()["outcomes"][0]["warnings"]


def test_the_row_of_a_renamed_file_is_told_by_its_line(one_read: Folder) -> None:
    """Its row stands under another key now, and moved; it left only where its line's row is not in the table."""
    one_read.ok("render", SURVEY_PUBLISH="any")
    (one_read.path / "papers" / "harbor.pdf").rename(one_read.path / "papers" / "bay.pdf")
    one_read.sources("./papers/bay.pdf,Harbor")
    told = one_read.ok("refresh", SURVEY_PUBLISH="any").err
    line = r"Harbor \(file-papers-harbor.pdf\): its line in sources.csv names \S*papers/bay.pdf now"
    assert re.search(rf"moved in the table: {line}, and its row stands there as file-papers-bay.pdf\n", told), told
    assert "left the table" not in told
    (one_read.path / "papers" / "bay.pdf").rename(one_read.path / "papers" / "cove.pdf")
    one_read.sources("./papers/cove.pdf,Harbor")
    assert re.search(
        r"left the table: Harbor \(\S+\): its line in sources.csv names \S*cove.pdf now\n", one_read.ok("refresh").err
    )


def test_what_a_person_decided_goes_along(one_read: Folder) -> None:
    """Every decision, by whom and why, as its line was written."""
    place = one_read.path / "warehouse" / "decisions"
    place.mkdir(exist_ok=True)
    (field,) = one_read.rows("SELECT field FROM cells WHERE proposed IS NOT NULL ORDER BY field LIMIT 1")
    line = {
        "field": field["field"], "verdict": "edited", "judged_sha256": None, "value": "A word of Ada's.", "quoted": False,
        "evidence": [], "document": None, "by": "Ada", "at": "2026-01-01T00:00:00.000000Z", "reason": "seen in print",
    }  # fmt: skip
    (place / f"{OLD}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    before = _cells(one_read, OLD)
    assert {cell["decided_by"] for cell in before} == {"Ada", None}
    (one_read.path / "papers" / "harbor.pdf").rename(one_read.path / "papers" / "bay-2016.pdf")
    one_read.sources("./papers/bay-2016.pdf,Harbor")
    one_read.ok("refresh")
    assert _cells(one_read, NEW) == before
    assert one_read.rows("SELECT decided_by, reason FROM decisions") == [
        {"decided_by": "Ada", "reason": "seen in print"}
    ]


def test_what_another_clone_decided_under_the_old_name_follows_when_it_is_merged(one_read: Folder) -> None:
    """A dry run announces it, a run says and copies it, once; the one that decided later stands, wherever it was decided."""
    (field,) = one_read.rows("SELECT field FROM cells WHERE proposed IS NOT NULL ORDER BY field LIMIT 1")
    (one_read.path / "papers" / "harbor.pdf").rename(one_read.path / "papers" / "bay-2016.pdf")
    one_read.sources("./papers/bay-2016.pdf,Harbor")
    one_read.ok("refresh")
    place = one_read.path / "warehouse" / "decisions"
    place.mkdir(exist_ok=True)
    line = {
        "field": field["field"], "verdict": "edited", "judged_sha256": None, "value": "A word of Ada's.", "quoted": False,
        "evidence": [], "document": None, "by": "Ada", "at": "2026-01-01T00:00:00.000000Z", "reason": "seen in print",
    }  # fmt: skip
    (place / f"{OLD}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    told = f"1 further decision under {OLD}, its key before"
    assert f"{told}, would count here" in one_read.ok("refresh", "--dry-run").out
    ran = one_read.ok("refresh", "--json")
    assert f"{told}, counts here" in ran.json()["outcomes"][0]["warnings"]
    assert [cell["decided_by"] for cell in _cells(one_read, NEW) if cell["field"] == field["field"]] == ["Ada"]
    assert told not in one_read.ok("refresh", "--json").out
    assert len((place / f"{NEW}.jsonl").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.parametrize("case", ["other bytes", "still listed"])
def test_nothing_is_taken_over_by_another_source(one_read: Folder, case: str) -> None:
    """Other bytes are another source; and while the old one is in sources.csv, a copy of it is one of its own."""
    one_read.write("papers/bay-2016.pdf", pdf(ORCHARD if case == "other bytes" else HARBOR))
    lines = ["./papers/bay-2016.pdf,Bay"] + (["./papers/harbor.pdf,Harbor"] if case == "still listed" else [])
    one_read.sources(*lines)
    told = one_read.ok("refresh", "--dry-run").out
    assert "the same bytes" not in told
    ran = one_read.ok("refresh", "--json")
    outcome = next(o for o in ran.json()["outcomes"] if o["key"] == NEW)
    assert outcome["asked"]
    assert not any("count here now" in warning for warning in outcome["warnings"])


def test_the_same_text_and_question_is_one_question(survey: Folder) -> None:
    """A second source with the same bytes is asked by the stored reply: no request, and the dry run says that it costs nothing."""
    with serving(answering(says)) as server:
        use_model(survey, server)
        survey.env["SURVEY_PRICES"] = PRICES
        _decided(survey)
        asked = len(server.requests)
        survey.write("papers/bay-2016.pdf", pdf(HARBOR))
        survey.sources("./papers/harbor.pdf,Harbor", "./papers/bay-2016.pdf,Bay")
        plan = json.loads(survey.ok("refresh", "--dry-run", "--json").out)
        assert plan["cost"] == 0
        survey.ok("refresh")
        assert len(server.requests) == asked


@pytest.mark.parametrize(("papers", "before"), [(1, "at most"), (3, "at most"), (3, "should do")])
def test_a_budget_of_what_the_dry_run_says_is_enough(survey: Folder, papers: int, before: str) -> None:
    """By the number in its line, as it is printed there, every question is asked and answered; also by the one that reckons
    with the usual."""
    with serving(answering(says)) as server:
        use_model(survey, server)
        survey.env["SURVEY_PRICES"] = PRICES
        for number in range(papers):
            survey.write(f"papers/{number}.pdf", pdf(HARBOR if number % 2 else ORCHARD) + b"\n%" + bytes([48 + number]))
        survey.sources(*(f"./papers/{number}.pdf,P{number}" for number in range(papers)))
        said = survey.ok("refresh", "--dry-run").out
        amount = said.rpartition(before)[0].rpartition("USD ")[2].split()[0]
        ran = survey.ok("refresh", "--json", "--budget", amount)
        assert set(kinds(ran).values()) == {"new"}
