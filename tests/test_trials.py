"""``evaluate`` when it asks: another wording, the same question twice, another engine; beside the survey, and paid once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from survey_extract.core.decisions import decide
from survey_extract.core.readme.table import REJUDGED, TRACK
from survey_extract.core.records import Answer, Finding, Opinion
from survey_extract.wiring import default_prompt
from tests.conftest import Folder, use_model
from tests.fields import FIELDS
from tests.papers.make import HARBOR, ORCHARD, pdf
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, failure, wanted_keys
from tests.test_evaluate import archive_of, measures
from tests.test_money import PRICES

KEYS = ("file-papers-harbor.pdf", "file-papers-orchard.pdf")
VALUE = "The system is trained in three steps on TideBank, 24 hours each."
WORSE = "Answer as shortly as you can."
"""A wording with this sentence makes the model of these tests leave out what matters."""
SECOND = "An answer that differs is given when the same is asked again."


class Model:
    """Answers well, but for wordings that hold WORSE; of SECOND, differently each time. ``down`` refuses everything."""

    def __init__(self) -> None:
        self.asked = 0
        self.down = False

    def __call__(self, request: Request) -> Response:
        if self.down:
            return failure(400, "no")
        self.asked += 1
        question = json.loads(request.body)["messages"][0]["content"]
        poor = WORSE in question or (SECOND in question and self.asked % 2 == 0)
        return completion(json.dumps({key: self._said(key, poor=poor) for key in wanted_keys(request)}))

    def _said(self, field: str, *, poor: bool) -> dict[str, Any]:
        names = ["TideBank"] if poor else ["TideBank", "HarborLog"]
        text = "It is trained." if poor else VALUE
        return {"value": names if field == "datasets_used" else text, "evidence": [5, 6] if poor else [5]}


@pytest.fixture
def model() -> Model:
    return Model()


@contextmanager
def answered(survey: Folder, model: Model) -> Iterator[Folder]:
    """A survey of two PDFs that the model answered, all of it accepted; the wording stands in a file of its own."""
    survey.env |= {"SURVEY_REVIEWER": "Ada", "SURVEY_PRICES": PRICES}
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.write("papers/orchard.pdf", pdf(ORCHARD))
    survey.sources("./papers/harbor.pdf,Harbor", "./papers/orchard.pdf,Orchard")
    with serving(model) as server:
        use_model(survey, server)
        survey.ok("refresh")
        accept_all(survey)
        yield survey


@pytest.fixture
def asked(survey: Folder, model: Model) -> Iterator[Folder]:
    with answered(survey, model):
        yield survey


def accept_all(folder: Folder) -> None:
    archive = archive_of(folder)
    for key in KEYS:
        given = [decide("accepted", a.field, a, by="Ada", at="2026-01-01T00:00:00.000000Z") for a in archive.answers(key)]  # fmt: skip
        archive.add_decisions(key, given)


def wording(folder: Folder, name: str, more: str = "") -> str:
    """A file with the tool's wording, and a sentence more."""
    return str(folder.write(f"../{name}.md", default_prompt("extract.md") + more))


def own_files(folder: Folder) -> dict[str, bytes]:
    """The survey's own records and its README: what no trial may change."""
    kept = ("answers", "decisions", "audits", "runs", "documents.jsonl")
    paths = [folder.path / "README.md", *(p for name in kept for p in sorted((folder.path / "warehouse").glob(f"{name}*/*")))]  # fmt: skip
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def baseline(folder: Folder) -> str:
    """The name of the results stored now."""
    named = re.search(r"stored as (\S+),", folder.ok("evaluate").err)
    assert named
    return named[1]


def test_a_worsened_prompt_is_caught_by_the_gate(asked: Folder, model: Model) -> None:
    """The survey's own wording passes and asks nothing; a worse one shuts the gate, by field and cell; nothing of the survey changes."""
    run, before = baseline(asked), own_files(asked)
    same = asked.ok("evaluate", "--prompt", wording(asked, "same"), "--gate", run)
    assert model.asked == 2
    assert "0 of them flipped" in same.out
    worse = wording(asked, "worse", f"\n- {WORSE}\n")
    shut = asked.run("evaluate", "--prompt", worse, "--gate", run)
    assert (shut.code, model.asked) == (1, 4)
    assert "training_methods" in shut.err.splitlines()[-1]
    assert "datasets_used got worse" in shut.err.splitlines()[-1] or ", datasets_used" in shut.err.splitlines()[-1]
    assert f"flipped, worse: datasets_used of {KEYS[0]}, recall: 1 of 2, before 2 of 2" in shut.out
    assert own_files(asked) == before
    assert asked.ok("refresh", "--json").json()["model_requests"] == 0


def test_a_worsened_rule_is_caught_by_the_gate(survey: Folder) -> None:
    """Cues that lead nowhere: the engine without a model is asked beside the survey, for nothing, and the field is named."""
    fields = survey.read("fields.toml")
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./papers/harbor.pdf,Harbor")
    survey.ok("refresh")
    accept_all(survey)
    run = baseline(survey)
    open_ = survey.ok("evaluate", "--ask", "--engine", "extractive", "--gate", run)
    assert "none of it costs money" in open_.err
    worse = re.sub(r"(?s)(\[training_methods\.cues\].*?must = ')[^\n]*'", r"\1nowhere to be found'", fields)
    assert worse != fields
    survey.write("fields.toml", worse)
    shut = survey.run("evaluate", "--ask", "--engine", "extractive", "--gate", run)
    assert (shut.code, "the gate failed: training_methods got worse" in shut.err) == (1, True), shut.out


def test_what_is_asked_is_told_first_and_paid_once(asked: Folder, model: Model) -> None:
    """Cells, questions and cost at most, before anything is sent; --dry-run stops there; a second time all of it is known.

    Also when the cache is gone: the answers of a trial are on record.
    """
    worse = wording(asked, "worse", f"\n- {WORSE}\n")
    told = asked.ok("evaluate", "--prompt", worse, "--dry-run")
    assert model.asked == 2
    assert f"to ask: 2 questions about {2 * len(FIELDS)} cells" in told.out
    assert "USD" in told.out
    first = asked.ok("evaluate", "--prompt", worse, "--json")
    assert first.err.index("to ask: 2 questions") < first.err.index("stored as")
    asked.ok("evaluate", "--prompt", worse)
    shutil.rmtree(asked.path / "warehouse" / "cache" / "replies")
    again = asked.ok("evaluate", "--prompt", worse, "--json")
    assert model.asked == 4
    assert f"to ask: 0 questions about 0 cells, 0 of them answered by cached replies; {2 * len(FIELDS)} cells" in again.err  # fmt: skip
    assert again.json()["figures"] == first.json()["figures"]


def test_a_budget_holds_for_trials_as_well(asked: Folder, model: Model) -> None:
    """What could pass it is not sent; the questions that failed are named, and the exit code is 1."""
    ran = asked.run("evaluate", "--prompt", wording(asked, "worse", WORSE), "--budget", "0.000001")
    assert (ran.code, model.asked) == (1, 2)
    assert "Harbor: " in ran.err
    assert "2 questions failed: their cells have no answer here" in ran.out


def test_a_model_that_refuses_is_told(asked: Folder, model: Model) -> None:
    """By source, and what it said."""
    model.down = True
    ran = asked.run("evaluate", "--prompt", wording(asked, "worse", WORSE))
    assert (ran.code, "Orchard: the endpoint refused the question (HTTP 400): no" in ran.err) == (1, True), ran.err


def test_options_that_ask_nothing_together_are_refused(asked: Folder, model: Model) -> None:
    """A price for nothing, a wording that lacks a placeholder, a wording or a second time without a model."""
    bad = str(asked.write("../bad.md", "Fill it in."))
    for args, said in (
        (("--dry-run",), "without --ask, --prompt or --again (or --judge) nothing is asked"),
        (("--prompt", bad), f"{bad}: the placeholder {{document}} is missing"),
        (("--again", "--engine", "extractive"), "always gives the same answer"),
        (("--prompt", wording(asked, "same"), "--engine", "extractive"), "asking with a wording needs a model"),
        (("--gate", "20200101T000000Z"), "neither a file nor the name of stored results"),
    ):
        ran = asked.run("evaluate", *args)
        assert (ran.code, said in ran.err) == (2, True), ran.err
    assert model.asked == 2


def test_the_same_question_twice(asked: Folder, model: Model) -> None:
    """The share of cells with the same value, with a shared sentence, and how many sentences: of one that differs, and of one that does not."""
    asked.ok("evaluate", "--again")
    assert model.asked == 4  # the first answers are the survey's own
    assert measures(asked, "--again")["same again"] == (2, 2)
    assert model.asked == 4
    differs = wording(asked, "differs", f"\n- {SECOND}\n")
    found = asked.ok(
        "evaluate", "--again", "--prompt", differs, "--field", "training_methods", KEYS[0], "--json"
    ).json()
    (figures,) = found["figures"]
    counted = {name: (share["hits"], share["n"]) for name, share in figures["measures"].items()}
    assert {name: counts for name, counts in counted.items() if "again" in name} == {
        "same again": (0, 1),
        "sentence again": (1, 1),
        "sentences again": (1, 2),
    }
    assert figures["jaccard"] == 0.5
    assert model.asked == 6


def test_two_engines_in_one_cell(asked: Folder) -> None:
    """How often they agree, and who was right when, from answers on record; the other engine's count though they are older."""
    asked.ok("refresh", "--engine", "extractive")
    found = asked.ok("evaluate", "--json").json()["agreements"]
    whole = found[-1]
    assert (whole["field"], {whole["one"], whole["other"]}) == ("all fields", {"openai m1", "extractive"})
    assert whole["same"]["n"] == 2 * len(FIELDS)
    apart = whole["one_apart"] if whole["one"] == "openai m1" else whole["other_apart"]
    assert apart["hits"] == apart["n"] == whole["same"]["n"] - whole["same"]["hits"]
    out = asked.ok("evaluate", COLUMNS="200").out
    assert "both right where they agree" in out
    assert asked.ok("evaluate", "--model", "m1", "--json").json()["agreements"][-1]["same"] == whole["same"]


def test_tokens_money_and_seconds(asked: Folder) -> None:
    """By field, from the books: two replies of the stock size, shared among the fields, each with its price and time."""
    spent = asked.ok("evaluate", "--json").json()["spent"]
    assert [item["field"] for item in spent] == [spec.name for spec in FIELDS]
    assert {(item["engine"], item["model"], item["answers"], item["timed"], item["priced"]) for item in spent} == {("openai", "m1", 2, 2, 2)}  # fmt: skip
    assert sum(item["prompt_tokens"] for item in spent) == pytest.approx(2000)
    assert sum(item["cost"] for item in spent) == pytest.approx(2 * (400 * 1.0 + 600 * 0.1 + 50 * 10.0) / 1e6)
    assert min(item["seconds"] for item in spent) > 0
    (row,) = asked.rows("SELECT count(*) FILTER (seconds > 0) AS timed, count(*) AS n FROM replies")
    assert row["timed"] == row["n"] == 2


def test_results_are_stored_once_and_in_sql(asked: Folder, model: Model) -> None:
    """The same results again are not stored; others are, under a name of their own; SQL has hits, n and interval of each."""
    asked.ok("evaluate")
    assert "stored as" not in asked.ok("evaluate").err
    asked.ok("evaluate", "--prompt", wording(asked, "worse", WORSE))
    folder = asked.path / "warehouse" / "evaluations"
    assert len(list(folder.glob("*.json"))) == 2
    assert VALUE not in "".join(path.read_text() for path in folder.iterdir())
    rows = asked.rows("FROM evaluations WHERE measure = 'recall' AND field = 'datasets_used' ORDER BY evaluation")
    assert [(row["hits"], row["n"], row["share"], row["models"], row["trial"]) for row in rows] == [
        (4, 4, 1, ["test-model"], False),
        (2, 4, 0.5, ["test-model"], True),
    ]
    assert rows[0]["prompts"] != rows[1]["prompts"]
    assert asked.rows("SELECT count(*) AS n FROM duckdb_columns() WHERE table_name = 'evaluations' AND comment IS NULL")[0]["n"] == 0  # fmt: skip
    next(folder.iterdir()).write_text("{}")
    ran = asked.run("evaluate")
    assert (ran.code, "warehouse/evaluations/" in ran.err) == (2, True), ran.err


def test_a_text_that_is_not_here_is_not_asked_about(asked: Folder, model: Model) -> None:
    """It is named, with what brings it; nothing is fetched."""
    shutil.rmtree(asked.path / "warehouse" / "cache" / "texts")
    ran = asked.ok("evaluate", "--prompt", wording(asked, "worse", WORSE))
    assert model.asked == 2
    assert (
        "not asked, since the text is not in the cache (survey-extract verify fetches it): Harbor, Orchard" in ran.err
    )


def test_accepted_and_edited_are_counted_apart(asked: Folder) -> None:
    """Own words beside accepted answers: the whole, and both parts."""
    archive = archive_of(asked)
    one = next(a for a in archive.answers(KEYS[0]) if a.field == "training_methods")
    archive.add_decisions(KEYS[0], [decide("edited", one.field, one, by="Ada", at="2026-01-02T00:00:00.000000Z", value="It is trained for 48 hours.")])  # fmt: skip
    found = asked.ok("evaluate", "--field", "training_methods", "--json").json()["figures"]
    upheld = {item["against"]: (item["measures"]["upheld"]["hits"], item["measures"]["upheld"]["n"]) for item in found}
    assert upheld == {"decided": (1, 2), "accepted": (1, 1), "edited": (0, 1)}


def test_the_readme_says_how_often_on_request(asked: Folder) -> None:
    """Off by default; with the setting, a line for each field with its n, from the last results of the whole survey.

    It is no edit by hand, an unchanged night leaves it alone, and a choice of fields or a trial is not what it tells.
    """
    archive = archive_of(asked)
    one = next(a for a in archive.answers(KEYS[0]) if a.field == "training_methods")
    archive.add_decisions(KEYS[0], [decide("edited", one.field, one, by="Ada", at="2026-01-02T00:00:00.000000Z", value="It is trained for 48 hours.")])  # fmt: skip
    asked.ok("evaluate")
    asked.ok("render")
    assert TRACK not in asked.read("README.md")
    asked.env["SURVEY_TRACK_RECORD"] = "true"
    asked.ok("render")
    readme = asked.read("README.md")
    assert f"<p><sub>{TRACK} (2" in readme
    assert "<br>Training: Methods: 1 of 2<br>Alignment: Techniques: 2 of 2" in readme
    asked.ok("evaluate", "--prompt", wording(asked, "worse", WORSE), "--field", "datasets_used")
    asked.ok("evaluate", "--field", "datasets_used", KEYS[0])
    asked.ok("render", "--check")
    asked.write("README.md", readme.replace("It is trained for 48 hours", "It is trained for 47 hours"))
    refused = asked.run("render")
    assert (refused.code, refused.err.count("import README.md")) == (2, 1), refused.err
    asked.ok("import", str(asked.path / "README.md"))
    asked.ok("render")
    asked.env["SURVEY_README_BYTES"] = "1000"
    asked.ok("render")
    assert TRACK in asked.read("README.md")
    assert "<details>" not in asked.read("README.md")
    asked.ok("render", "--check")


def test_the_readme_says_what_came_of_a_second_judgement_on_request(asked: Folder) -> None:
    """Off by default; with the setting, a line for each field whose decided cells were judged once more: by whom, and with their n.

    Cells decided blind that agree count as such, and a second reader's "partly" does not; an earlier word of its is replaced.
    """
    archive = archive_of(asked)
    for key, value in zip(KEYS, (VALUE, "It was never trained."), strict=True):
        first = next(a for a in archive.answers(key) if a.field == "training_methods")
        bob = decide("edited", first.field, first, by="Bob", at="2026-01-03T00:00:00.000000Z", value=value)
        archive.add_decisions(key, [replace(bob, blind=True)])
    one, other = (next(a for a in archive.answers(key) if a.field == "datasets_used") for key in KEYS)
    archive.add_opinions(KEYS[0], [opinion(one, "no", 1), opinion(one, "yes", 2), opinion(one, "unparsable", 3)])
    archive.add_opinions(KEYS[1], [opinion(other, "partly", 1)])
    asked.ok("evaluate")
    asked.ok("render")
    assert REJUDGED not in asked.read("README.md")
    asked.env["SURVEY_REJUDGED"] = "true"
    asked.ok("render")
    paragraph = next(line for line in asked.read("README.md").splitlines() if REJUDGED in line)
    assert paragraph.startswith(f"<p><sub>{REJUDGED} (2")
    assert paragraph.endswith(
        ":<br>Training: Methods: 1 of 2 the same, decided blind"
        "<br>Datasets: Used: 1 of 2 carried by their sentences, to a second reader</sub></p>"
    )
    asked.ok("render", "--check")


def opinion(answer: Answer, finding: Finding, day: int) -> Opinion:
    """What a second reader said of an answer."""
    return Opinion(
        f"{finding}-{answer.value_sha256}", answer.field, "judge", finding, answer.value_sha256, "openai", "m2",
        answer.document, answer.text, answer.evidence, None, None, f"2026-01-0{day}T00:00:00Z",
    )  # fmt: skip


def test_a_trial_that_died_between_reply_and_books_is_booked_once(asked: Folder, model: Model) -> None:
    """What was stored and not booked is booked by the next trial, which asks nothing again."""
    worse = wording(asked, "worse", WORSE)
    asked.ok("evaluate", "--prompt", worse)
    books = asked.path / "warehouse" / "replies.jsonl"
    lines = books.read_text().splitlines(keepends=True)
    books.write_text("".join(lines[:-1]))
    for path in (asked.path / "warehouse" / "trials").iterdir():
        path.unlink()
    asked.ok("evaluate", "--prompt", worse)
    asked.ok("evaluate", "--prompt", worse)
    assert sorted(books.read_text().splitlines(keepends=True)) == sorted(lines)
    assert model.asked == 4
