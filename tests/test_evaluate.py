"""``evaluate`` on a survey as it stands: by decisions, by a gold file, beside a baseline; nothing is asked or fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.decisions import decide
from survey_extract.core.evaluation.judging import MEASURES
from survey_extract.core.evidence import as_text
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Answer, Value, Verdict
from survey_extract.wiring import open_archive
from tests.conftest import Folder
from tests.fields import FIELDS
from tests.servers.loopback import Server

KEY = "file-papers-harbor.pdf"
AT = "2026-01-01T00:00:00.000000Z"
SAID = "The system is trained in three steps on TideBank. Each of them takes 24 hours."


def archive_of(folder: Folder) -> FileArchive:
    return open_archive(folder.path, warn=lambda _: None)


def answered(answer: Answer, value: Value, **others: Any) -> Answer:
    """The same answer with another value."""
    return replace(answer, value=value, value_sha256=value_sha256(value), quoted=False, **others)


def answer(folder: Folder, change: Callable[[Answer], Answer]) -> None:
    """A newer answer to every field."""
    archive = archive_of(folder)
    archive.add_answers(KEY, [change(one) for one in archive.answers(KEY)[-len(FIELDS) :]])


def judge(folder: Folder, verdict: Verdict) -> None:
    """The same verdict on the latest answer to every field."""
    archive = archive_of(folder)
    latest = archive.answers(KEY)[-len(FIELDS) :]
    archive.add_decisions(KEY, [decide(verdict, one.field, one, by="Ada", at=AT) for one in latest])


def plain(one: Answer) -> Answer:
    is_list = FIELDS.named(one.field).is_list
    return answered(one, ("TideBank", "HarborLog") if is_list else SAID)


@pytest.fixture
def read(one_read: Folder) -> Folder:
    """A survey of one PDF; every field is answered, nothing is decided."""
    answer(one_read, plain)
    return one_read


@pytest.fixture
def decided(read: Folder) -> Folder:
    """The same, every answer accepted."""
    judge(read, "accepted")
    return read


def measures(folder: Folder, *args: str, field: str = "training_methods") -> dict[str, tuple[float, float]]:
    found = folder.ok("evaluate", "--json", *args).json()["figures"]
    return {
        name: (share["hits"], share["n"])
        for item in found
        if item["field"] == field
        for name, share in item["measures"].items()
    }


def test_without_decisions_there_is_no_percentage(read: Folder) -> None:
    """It says that there is nothing to compare, and how to come by it."""
    ran = read.ok("evaluate")
    assert "no cell is decided yet (survey-extract review)" in ran.out
    assert "%" not in ran.out


def test_answers_that_were_accepted_are_right(decided: Folder) -> None:
    """Every share is whole, of few cells the table says so, and the sums over all fields stand below."""
    assert all(hits == of for hits, of in measures(decided).values())
    assert measures(decided, field="all fields")["upheld"] == (len(FIELDS), len(FIELDS))
    out = decided.ok("evaluate", COLUMNS="200").out
    assert out.count("too few │ at most") == len(FIELDS) + 1  # a line each, and one for all fields
    assert "no percentage is given of fewer than 10" in out
    many = {measure for measure, (_, of) in measures(decided, field="all fields").items() if of >= 10}
    assert {measure for measure, said in MEASURES.items() if f"{measure}: {said}" in out} == many


def test_a_rejected_answer_counts_as_not_upheld(read: Folder) -> None:
    """Though nothing stands beside it that it could be compared with."""
    judge(read, "rejected")
    assert measures(read) == {"upheld": (0, 1)}


def test_a_table_of_confusions(decided: Folder) -> None:
    """A choice is told by what was answered for what, the right ones beside it; one that was never wrong has no table."""
    fields = '[weights]\ntype = "choice"\noptions = ["open", "closed"]\nask = "Open?"\n[lit]\ntype = "yes_no"\nask = "Lit?"\n'
    decided.write("fields.toml", fields)
    archive, one = archive_of(decided), archive_of(decided).answers(KEY)[-1]
    for field, was, now in (("weights", "open", "closed"), ("lit", "yes", "yes")):
        first = answered(one, was, field=field)
        archive.add_decisions(KEY, [decide("accepted", field, first, by="Ada", at=AT)])
        archive.add_answers(KEY, [answered(one, now, field=field)])
    found = decided.ok("evaluate", "--json").json()["figures"]
    assert [item["confusions"] for item in found[:2]] == [
        [{"right": "open", "said": "closed", "count": 1}],
        [{"right": "yes", "said": "yes", "count": 1}],
    ]
    out = decided.ok("evaluate").out
    assert "answered was" in out
    assert f"weights of {KEY}, wrong: closed, not open" in out


def test_a_newer_answer_is_compared_with_what_stands(decided: Folder) -> None:
    """Nobody judged it yet; its missing name, its other figure are told by name."""
    answer(
        decided, lambda one: answered(one, ("TideBank",) if isinstance(one.value, tuple) else SAID.replace("24", "48"))
    )
    out = decided.ok("evaluate").out
    assert "upheld" not in measures(decided)
    assert f"training_methods of {KEY}, figures and names missed: 24 hours" in out
    assert f"datasets_used of {KEY}, missed: HarborLog" in out


def test_engine_model_field_and_key_choose(decided: Folder) -> None:
    """The latest of whom is named; who never answered, no field, no source are refused."""
    answer(decided, lambda one: answered(one, None, engine="openai", model="m1", evidence=()))
    assert measures(decided)["reported"] == (0, 1)
    assert measures(decided, "--engine", "extractive")["reported"] == (1, 1)
    assert measures(decided, "--model", "m1", "--field", "training_methods", KEY)["reported"] == (0, 1)
    assert measures(decided, "--field", "datasets_used") == {}
    for args, said in (
        (("--model", "m2"), "no answers from m2 on record, only from extractive, openai (m1)"),
        (("--field", "training"), "did you mean 'training_methods'?"),
        (("nobody",), "'nobody' is not a source"),
    ):
        ran = decided.run("evaluate", *args)
        assert (ran.code, said in ran.err) == (2, True), ran.err


def test_the_gate_shuts_when_a_field_got_worse(decided: Folder) -> None:
    """Nothing changed: open. One field's answers are worse: shut, with that field, and the cell that flipped."""
    baseline = str(decided.path.parent / "baseline.json")
    decided.ok("evaluate", "--save", baseline)
    assert "TideBank" not in decided.read("../baseline.json")
    open_ = decided.ok("evaluate", "--gate", baseline)
    assert f"{len(FIELDS)} cells compared with the baseline, 0 of them flipped" in open_.out
    answer(decided, lambda one: answered(one, None if one.field == "training_methods" else one.value))
    shut = decided.run("evaluate", "--gate", baseline)
    assert shut.code == 1
    assert "the gate failed: training_methods got worse than the baseline, beyond its interval" in shut.err
    assert f"flipped, worse: training_methods of {KEY}, coverage: 0 of 1, before 1 of 1" in shut.out
    named = decided.ok("evaluate", "--against", baseline)
    assert named.out == shut.out
    assert decided.run("evaluate", "--gate", baseline, "--field", "datasets_used").code == 0


def test_a_gate_that_compared_nothing_is_shut(decided: Folder) -> None:
    """What a baseline holds of other cells proves nothing of these."""
    baseline = decided.path.parent / "baseline.json"
    decided.ok("evaluate", "--save", str(baseline))
    baseline.write_text(baseline.read_text().replace(KEY, "file-papers-other.pdf"))
    ran = decided.run("evaluate", "--gate", str(baseline))
    assert (ran.code, "no cell of the baseline can be compared" in ran.err) == (1, True)


def test_nothing_of_the_survey_is_written_over(decided: Folder) -> None:
    """Results are kept beside the survey's own files."""
    for name in ("README.md", "fields.toml", "warehouse/x.json"):
        before = (decided.path / name).read_bytes() if "." in name and (decided.path / name).exists() else None
        ran = decided.run("evaluate", "--save", str(decided.path / name))
        assert (ran.code, "is a file of the survey" in ran.err) == (2, True), ran.err
        assert before is None or (decided.path / name).read_bytes() == before


def test_a_baseline_is_not_written_over_by_what_is_held_against_it(decided: Folder) -> None:
    """A shut gate would else be open the next time."""
    baseline = str(decided.path.parent / "baseline.json")
    decided.ok("evaluate", "--save", baseline)
    ran = decided.run("evaluate", "--gate", baseline, "--save", baseline)
    assert (ran.code, "--save to another file" in ran.err) == (2, True)


def test_values_that_a_field_may_no_longer_have_are_told(decided: Folder) -> None:
    """They cannot be answered any more, so they are compared with nothing."""
    decided.write("fields.toml", '[training_methods]\ntype = "number"\nask = "How many?"\n')
    archive = archive_of(decided)
    one = archive.answers(KEY)[-1]
    first = answered(one, "many", field="training_methods")
    archive.add_decisions(KEY, [decide("accepted", first.field, first, by="Ada", at="2027-01-01T00:00:00.000000Z")])
    out = decided.ok("evaluate").out
    assert "1 decided value that its field may no longer have: not compared" in out


def test_aliases_of_the_survey_count(decided: Folder) -> None:
    """aliases.toml says what else a name is called; a damaged one is refused by its line."""
    answer(decided, lambda one: answered(one, ("TB", "harbor-log") if isinstance(one.value, tuple) else one.value))
    assert measures(decided, field="datasets_used")["recall"] == (1, 2)
    decided.write("aliases.toml", 'TideBank = ["TB"]\n')
    assert measures(decided, field="datasets_used")["recall"] == (2, 2)
    decided.write("aliases.toml", 'TideBank = "TB"\n')
    ran = decided.run("evaluate")
    assert (ran.code, "aliases.toml:1: " in ran.err) == (2, True)


def test_a_gold_file_names_sources_as_sources_csv_does(decided: Folder) -> None:
    """By path or key; its facts count, not what is decided; what is no source is told; a damaged file is refused."""
    cells = [
        {"paper": "./papers/harbor.pdf", "field": "training_methods", "reported": True, "must": [{"fact": "24 hours for each of them", "page": 1}, {"fact": "uses PierSet", "page": 1}]},
        {"paper": KEY, "field": "datasets_used", "reported": True, "names": [{"name": "Tide Banks"}, {"name": "GullNet"}]},
        {"paper": "2401.00009", "field": "datasets_used", "reported": False},
    ]  # fmt: skip
    gold = decided.write("../gold.json", json.dumps(cells))
    assert measures(decided, "--gold", str(gold))["terms found"] == (1, 2)
    assert measures(decided, "--gold", str(gold), field="datasets_used")["precision"] == (1, 2)
    out = decided.ok("evaluate", "--gold", str(gold)).out
    assert "not in this survey, and left out: 2401.00009" in out
    assert f"datasets_used of {KEY}, invented: HarborLog" in out
    gold.write_text(json.dumps([*cells, cells[0] | {"paper": KEY}]))
    ran = decided.run("evaluate", "--gold", str(gold))
    assert (ran.code, f"training_methods of {KEY} twice" in ran.err) == (2, True), ran.err
    gold.write_text(json.dumps(cells).replace("datasets_used", "data_used"))
    ran = decided.run("evaluate", "--gold", str(gold))
    assert (ran.code, "'data_used' is not a field of this survey; did you mean 'datasets_used'?" in ran.err) == (
        2,
        True,
    )


def test_strangers_words_act_on_no_terminal(decided: Folder) -> None:
    """A name with an escape is shown as such."""
    answer(decided, lambda one: answered(one, ("Tide\u001b[2JBank",) if isinstance(one.value, tuple) else one.value))
    out = decided.ok("evaluate").out
    assert "\u001b[2J" not in out
    assert "Tide\\u001b[2JBank" in out


def test_a_text_that_is_not_here_is_told(decided: Folder) -> None:
    """Nothing is fetched; names are compared, statements are not, and it says why."""
    for text in (decided.path / "warehouse" / "cache" / "texts").rglob("*.json"):
        text.unlink()
    found = measures(decided)
    assert {name for name in found if " found" in name} == set()
    assert measures(decided)["coverage"] == (1, 1)
    assert f"{len(FIELDS)} answers whose document's text is not in the cache" in decided.ok("evaluate").out


def test_gold_of_two_real_papers(survey: Folder, mirror: Server, shared: Any) -> None:
    """The engine without a model on two papers: all cells compared, nearly all gold sentences found, nothing fetched.

    An answer that is the gold's own is right in everything.
    """
    survey.env["SURVEY_MIRROR"] = mirror.url
    survey.sources("2304.10592v2", "2310.03744v1")
    survey.ok("refresh")
    gold, requests = shared / "gold" / "gold.json", len(mirror.requests)
    found = survey.ok("evaluate", "--gold", str(gold), "--json").json()
    whole = found["figures"][-1]
    assert (whole["cells"], len(found["absent"]), len(mirror.requests)) == (14, 6, requests)
    assert found["gold_sentences"]["unfound"] <= 0.02 * found["gold_sentences"]["sought"]
    names = next(item for item in found["figures"] if item["field"] == "datasets_used")
    wanted = [n for c in json.loads(gold.read_text()) if c["paper"][:10] in ("2304.10592", "2310.03744") for n in c.get("names", []) if not n.get("optional")]  # fmt: skip
    missed = {name for lost in names["lost"] if lost["measure"] == "recall" for name in lost["what"]}
    assert names["measures"]["recall"]["n"] == len(wanted)
    assert missed <= {name["name"] for name in wanted}
    assert 0 < names["f1"]["low"] < names["f1"]["share"] < names["f1"]["high"] < 1
    _answer_gold(survey, json.loads(gold.read_text()))
    perfect = survey.ok("evaluate", "--gold", str(gold), "--json").json()["figures"][-1]["measures"]
    for measure in (
        "coverage",
        "reported",
        "precision",
        "recall",
        "terms found",
        "terms carried",
        "clauses found",
        "clauses carried",
    ):
        assert perfect[measure]["share"] == 1, measure


def _answer_gold(survey: Folder, gold: list[dict[str, Any]]) -> None:
    archive = archive_of(survey)
    for key in ("arxiv-2304.10592", "arxiv-2310.03744"):
        latest = {one.field: one for one in archive.answers(key)}
        right = [cell for cell in gold if cell["paper"][:10] == key.removeprefix("arxiv-")]
        archive.add_answers(key, [answered(latest[cell["field"]], _value(cell)) for cell in right])


def _value(cell: dict[str, Any]) -> Value:
    if cell.get("names"):
        return tuple(name["name"] for name in cell["names"])
    return as_text("; ".join(fact["fact"] for fact in cell["must"]))
