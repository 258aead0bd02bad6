"""Second opinions: asked of another than answered, announced, booked and kept; agreeing cells are decided last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.opinions import opinion_on
from survey_extract.core.records import WITHOUT_MODEL, Answer, Check, Finding, Opinion
from tests.conftest import Folder, outcomes, use_model
from tests.fields import FIELDS
from tests.papers.make import HARBOR, pdf, prose
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, failure, wanted_keys
from tests.servers.world import World

PRICES = {
    "m1": {"input": 1.0, "output": 10.0, "date": "2026-01-01"},
    "m2": {"input": 5.0, "output": 50.0, "date": "2026-01-02"},
}


class Models:
    """An endpoint of several models. ``differ`` are the fields in which every model but m1 says something else."""

    def __init__(self, *differ: str) -> None:
        self.differ: set[str] = set(differ)
        self.asked: Counter[str] = Counter()
        self.answer: Callable[[str, Request], Response] = self.stock

    def __call__(self, request: Request) -> Response:
        model = json.loads(request.body)["model"]
        self.asked[model] += 1
        return self.answer(model, request)

    def stock(self, model: str, request: Request) -> Response:
        return completion(json.dumps({key: self.said(model, key) for key in wanted_keys(request)}), model=f"{model}-x")

    def said(self, model: str, field: str) -> dict[str, Any]:
        other = model != "m1" and field in self.differ
        if field == "datasets_used":
            return {"value": ["LAION"] if other else ["COCO", "VQAv2"] if model == "m1" else ["vqa-v2", "coco"], "evidence": [5]}  # fmt: skip
        words = "A frozen encoder and a decoder" if other else f"The {field.replace('_', ' ')} of the system"
        return {"value": words, "evidence": [5]}


@pytest.fixture
def models(survey: Folder, world: World) -> Iterator[Models]:
    made = Models()
    with serving(made) as server:
        use_model(survey, server)
        survey.env["SURVEY_PRICES"] = json.dumps(PRICES)
        yield made


def findings(survey: Folder) -> dict[str, int]:
    rows = survey.rows("SELECT finding, count(*) AS n FROM opinions WHERE current GROUP BY ALL")
    return {row["finding"]: row["n"] for row in rows}


def files(survey: Folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (survey.path / "warehouse" / "opinions").glob("*.jsonl")}


def test_agreeing_cells_go_to_the_end_and_disagreeing_ones_to_the_front_with_both_values(
    survey: Folder, models: Models
) -> None:
    """By the field's judge: the same names in other spelling and order agree. A cell without an opinion stands between."""
    models.differ = {"training_methods", "alignment_techniques"}
    ran = survey.ok("refresh", "--second", "m2", "--json")
    assert models.asked == {"m1": 3, "m2": 3}
    assert findings(survey) == {"agrees": 3 * (len(FIELDS) - 2), "differs": 6}
    assert all(len(outcome["second"]) == len(FIELDS) for outcome in outcomes(ran).values())  # type: ignore[arg-type]
    said = f"second opinions of m2: {3 * len(FIELDS)} answers compared: 6 said otherwise, {3 * (len(FIELDS) - 2)} said the same"
    assert said in ran.err
    queue = survey.rows("SELECT field, second, proposed, second_value, second_by, risk FROM queue")
    assert [row["second"] for row in queue] == ["differs"] * 6 + ["agrees"] * 3 * (len(FIELDS) - 2)
    assert {row["field"] for row in queue[:6]} == models.differ
    assert queue[0]["second_value"] == "A frozen encoder and a decoder"
    assert queue[0]["proposed"] != queue[0]["second_value"]
    assert (queue[0]["second_by"], queue[0]["risk"]) == ("m2", "a second opinion differs")
    cells = survey.rows("SELECT DISTINCT second FROM cells WHERE field = 'datasets_used'")
    assert cells == [{"second": "agrees"}]


def test_a_night_on_which_nothing_changed_asks_nothing(survey: Folder, models: Models) -> None:
    """Nor does one without the cache of replies, nor one whose documents are read once more."""
    survey.ok("refresh", "--second", "m2")
    before, asked = files(survey), dict(models.asked)
    for words in ((), ("--refill",), ("--reread",)):
        ran = survey.ok("refresh", "--second", "m2", "--json", *words)
        assert ran.json()["replies"] == []
        assert "second opinions of m2: none new" in ran.err
    for path in (survey.path / "warehouse" / "cache" / "replies").rglob("*.txt"):
        path.unlink()
    survey.ok("refresh", "--second", "m2")
    assert (dict(models.asked), files(survey)) == (asked, before)


def test_an_opinion_is_wanted_of_what_waits_alone(survey: Folder, models: Models) -> None:
    """Answers of nights before are caught up on; a decided cell wants none, and one that was asked is not asked again."""
    survey.ok("refresh")
    typed = "a" * len(FIELDS)
    survey.run("review", "--terminal", typed=typed + "q", SURVEY_REVIEWER="Ada")
    waiting = survey.rows("SELECT key, field FROM queue")
    survey.ok("refresh", "--second", "m2")
    asked = survey.rows("SELECT key, field FROM opinions")
    assert sorted(map(str, asked)) == sorted(map(str, waiting))


@pytest.mark.parametrize("named", ["m1", "M1", "openai", " m1 "])
def test_whoever_answers_gives_no_second_opinion(survey: Folder, models: Models, named: str) -> None:
    """Refused before anything is asked, by whatever name; also when it is only tried."""
    for words in ((), ("--dry-run",)):
        ran = survey.run("refresh", "--second", named, *words)
        assert ran.code == 2
        assert "a second opinion comes from another" in ran.err
    ran = survey.run("refresh", "--engine", "extractive", "--second", "extractive")
    assert (ran.code, "a second opinion comes from another" in ran.err) == (2, True)
    assert not models.asked
    assert not list((survey.path / "warehouse").glob("runs/*.json"))


def test_an_answer_is_never_held_against_its_own_model(survey: Folder, models: Models) -> None:
    """Though another engine answers tonight: what m2 answered is asked of m2 by no route."""
    survey.ok("refresh", "--model", "m2")
    survey.ok("refresh", "--model", "m1", "--second", "m2", "--field", "training_methods")
    rows = survey.rows("SELECT DISTINCT field FROM opinions")
    assert rows == [{"field": "training_methods"}]
    survey.ok("refresh", "--model", "m2-x", "--second", "extractive", "--field", "training_methods")
    assert "extractive" in {row["engine"] for row in survey.rows("SELECT engine FROM opinions WHERE current")}
    assert not survey.rows("SELECT key FROM cells WHERE second_by = proposed_by")


def test_an_engine_without_a_model_has_an_opinion_too_and_no_words_of_it_enter_git(
    survey: Folder, models: Models
) -> None:
    """Its answer is its evidence: pointers in the file, words in the DuckDB file. And a model's on its answers."""
    survey.ok("refresh", "--second", "extractive")
    said = survey.rows("SELECT value FROM opinions WHERE field = 'training_methods' AND value IS NOT NULL")
    assert said
    kept = b"".join(files(survey).values()).decode()
    assert not any(row["value"] in kept for row in said)
    assert '"quoted":true' in kept
    survey.ok("refresh", "--engine", "extractive", "--second", "m2")
    rows = survey.rows("SELECT DISTINCT second_by, proposed_by FROM cells WHERE second_by IS NOT NULL")
    assert rows == [{"second_by": "m2", "proposed_by": "extractive"}]


@pytest.mark.parametrize(
    ("answers", "opines", "finding", "counts"),
    [("m1", "m2", "agrees", True), ("m1", None, "agrees", False), (None, "m2", "agrees", False), (None, "m2", "differs", True)],
)  # fmt: skip
def test_no_answer_agrees_with_nothing(answers: str | None, opines: str | None, finding: Finding, counts: bool) -> None:
    """Two models may both say that nothing is reported; an engine without one that found no sentence says nothing of the kind."""
    nothing = value_sha256(None)
    first, second = ("openai" if model else WITHOUT_MODEL for model in (answers, opines))
    answer = Answer("", "x", first, answers, "d", None, "t", "r", None, False, nothing, (), (), Check(), 0, None, "", "")  # fmt: skip
    opinion = Opinion("", "x", "second", finding, nothing, second, opines, "d", "t", (), None, "", "")
    assert (opinion_on([opinion], "second", answer) is not None) == counts


def test_what_it_costs_is_announced_and_stands_in_the_books(survey: Folder, models: Models) -> None:
    """``--dry-run`` counts both, at the prices of each, and asks nobody; the books name the model that was paid."""
    survey.ok("refresh")
    dry = survey.ok("refresh", "--dry-run", "--second", "m2")
    assert "m2 would be asked for a second opinion: architecture_overview" in dry.out
    assert "prices of 2026-01-01, 2026-01-02" in dry.out
    plan = survey.ok("refresh", "--dry-run", "--second", "m2", "--json").json()
    assert models.asked["m2"] == 0
    assert [len(item["seconds"]) for item in plan["items"]] == [len(FIELDS)] * 3
    assert plan["cost"] == pytest.approx(plan["second_cost"])
    spent = survey.ok("refresh", "--second", "m2", "--json").json()["replies"]
    assert [reply["model"] for reply in spent] == ["m2"] * 3
    assert 0 < sum(reply["cost"] for reply in spent) <= plan["second_cost"]
    (booked,) = survey.rows("SELECT sum(cost) AS cost FROM costs WHERE model = 'm2'")
    assert booked["cost"] == pytest.approx(sum(reply["cost"] for reply in spent))
    again = survey.ok("refresh", "--dry-run", "--second", "m2", "--json").json()
    assert (again["cost"], again["second_cost"], [item["seconds"] for item in again["items"]]) == (0, 0, [[]] * 3)


def test_an_amount_names_the_prices_of_the_models_that_were_paid(survey: Folder, models: Models) -> None:
    """Of answers without a model, those of the second alone; where its price is not known, its name and not the engine's."""
    first = survey.ok("refresh", "--engine", "extractive", "--second", "m2")
    assert "prices of 2026-01-02" in first.err
    survey.write("papers/other.md", prose(8))
    survey.sources("papers/other.md,Other")
    other = survey.ok("refresh", "--engine", "extractive", "--second", "m9")
    assert "no price for m9" in other.err


def test_both_have_one_budget(survey: Folder, models: Models) -> None:
    """What is not enough for the second leaves it undone by name; the first's answers stand, and the next night goes on."""
    survey.ok("refresh")
    ran = survey.ok("refresh", "--second", "m2", "--budget", "0.00001", "--json")
    assert models.asked["m2"] == 0
    warned = [str(outcome["warnings"]) for outcome in outcomes(ran).values()]
    assert all("no second opinion of m2: not asked" in words for words in warned)
    assert survey.run("refresh", "--second", "m3", "--budget", "1").code == 2  # without a price there is no bound
    survey.ok("refresh", "--second", "m2", "--budget", "10")
    assert models.asked["m2"] == 3


def test_a_second_that_fails_harms_nothing(survey: Folder, models: Models) -> None:
    """The answers are kept and published, the source did not fail, and the next night asks."""
    models.answer = lambda model, request: (
        models.stock(model, request) if model == "m1" else failure(401, "no such key sk-canary-0123456789")
    )
    ran = survey.ok("refresh", "--second", "m2", "--json")
    assert {outcome["kind"] for outcome in outcomes(ran).values()} == {"new"}
    assert "no second opinion of m2" in ran.err
    assert "canary" not in ran.err + ran.out
    assert [outcome["second"] for outcome in outcomes(ran).values()] == [[], [], []], "none was given"
    assert files(survey) == {}
    models.answer = models.stock
    survey.ok("refresh", "--second", "m2")
    assert models.asked["m1"] == 3
    assert sum(findings(survey).values()) == 3 * len(FIELDS)


def test_opinions_lost_behind_their_reply_are_not_paid_again(survey: Folder, models: Models) -> None:
    """A run that was killed between a reply and its line finds the reply in the cache."""
    survey.ok("refresh", "--second", "m2")
    before = files(survey)
    for path in (survey.path / "warehouse" / "opinions").glob("*.jsonl"):
        path.unlink()
    survey.ok("refresh", "--second", "m2")
    assert models.asked == {"m1": 3, "m2": 3}
    assert files(survey).keys() == before.keys()


def test_another_answer_is_held_against_the_opinion_that_is_there(survey: Folder, models: Models) -> None:
    """The first model is replaced: its successor's answers are compared with what m2 said, and m2 is asked nothing."""
    models.differ = {"training_methods"}
    survey.ok("refresh", "--second", "m2")
    survey.ok("refresh", "--model", "m3", "--second", "m2")
    assert models.asked == {"m1": 3, "m2": 3, "m3": 3}
    assert findings(survey) == {"agrees": 3 * len(FIELDS)}
    assert "the second" not in survey.ok("status").out


def test_an_opinion_goes_along_with_an_answer_that_is_carried_over(
    survey: Folder, world: World, models: Models
) -> None:
    """From version to version, whichever it was asked of: what was paid on one is not paid on the next."""
    survey.ok("refresh")
    for version in (2, 3):
        longer = replace(HARBOR, sections=(*HARBOR.sections, (f"Appendix {version}", (prose(6),))))
        world.paper("2401.00001", version, data=pdf(longer))
        ran = survey.ok("refresh", "--second", "m2", "--json")
        assert len(outcomes(ran)["arxiv-2401.00001"]["carried"]) == len(FIELDS)  # type: ignore[arg-type]
    assert models.asked == {"m1": 3, "m2": 3}
    current = survey.rows("SELECT count(second) AS n FROM cells")
    assert current == [{"n": 3 * len(FIELDS)}]


def test_a_second_opinion_is_asked_at_once_or_not_at_all(survey: Folder, models: Models) -> None:
    """With batches and files it is refused, in words; so is no name."""
    for words in (("--batch",), ("--batch-file", "q.jsonl"), ("--collect", str(survey.write("r.jsonl", "{}")))):
        assert survey.run("refresh", "--second", "m2", *words).code == 2
    assert survey.run("refresh", "--second", " ").code == 2
    del survey.env["OPENAI_BASE_URL"], survey.env["OPENAI_API_KEY"]
    assert "needs OPENAI_API_KEY" in survey.run("refresh", "--engine", "extractive", "--second", "m2").err


def test_one_model_under_two_names_is_told(survey: Folder, models: Models) -> None:
    """A server that has a single model answers for any name: whether that is a second opinion is asked aloud."""
    models.answer = lambda model, request: completion(
        json.dumps({key: models.said(model, key) for key in wanted_keys(request)}), model="only-one"
    )
    assert "both came from a model that calls itself only-one" in survey.ok("refresh", "--second", "m2").err


def test_every_column_is_explained(survey: Folder, models: Models) -> None:
    """The table and each of its columns have a comment, as all others."""
    survey.ok("refresh", "--second", "m2")
    tables = ("opinions", "cells", "queue", "decisions")
    rows = survey.rows(
        f"SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main' AND table_name IN {tables} AND comment IS NULL"
    )
    assert rows == []
