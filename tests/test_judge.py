"""A second reader: shown the value and its sentences alone, never the one that answered, and believed in form only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.core.ports import Cited
from survey_extract.core.question.entailment import checked_wording, fence, parse_verdict, question_on, stretch_of
from survey_extract.errors import BadSettings
from survey_extract.wiring import default_prompt
from tests.conftest import Folder, Once, in_world, use_model
from tests.fields import FIELDS
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import answering, completion, failure, says
from tests.servers.world import World

KEY = "sk-canary-0123456789"
PRICES = json.dumps({"m2": {"input": 1.0, "output": 10.0, "date": "2026-01-01"}})


class Reader:
    """An endpoint that answers as m1, and as any other model judges as ``says`` has it."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.says: Callable[[str], Any] = lambda question: {"verdict": "yes", "not_carried": None}

    def __call__(self, request: Request) -> Response:
        body = json.loads(request.body)
        if body["model"] == "m1":
            return answering(says)(request)
        question = body["messages"][0]["content"]
        self.questions.append(question)
        said = self.says(question)
        return said if isinstance(said, Response) else completion(said if isinstance(said, str) else json.dumps(said))


@pytest.fixture
def survey(once: Once, tmp_path: Path) -> Folder:
    """A survey that m1 answered."""

    def make(folder: Folder) -> None:
        with in_world(folder), serving(Reader()) as server:
            use_model(folder, server)
            folder.ok("refresh")

    return once.survey("answered by m1", make, tmp_path / "survey")


@pytest.fixture
def reader(survey: Folder, world: World) -> Iterator[Reader]:
    made = Reader()
    with serving(made) as server:
        use_model(survey, server)
        yield made


def opinions(survey: Folder) -> list[dict[str, Any]]:
    return survey.rows("SELECT * FROM opinions ORDER BY key, field")


def test_each_answer_is_judged_once_by_its_sentences_alone(survey: Folder, reader: Reader) -> None:
    """One question a cell, with the value and the cited sentence and no other of the document; a second time, nothing is asked."""
    ran = survey.ok("evaluate", "--judge", "m2")
    assert len(reader.questions) == 3 * len(FIELDS)
    shown = survey.rows("SELECT DISTINCT quote FROM evidence")
    others = survey.rows("SELECT DISTINCT text FROM sentences WHERE text NOT IN (SELECT quote FROM evidence)")
    assert all(any(row["quote"] in question for row in shown) for question in reader.questions)
    assert not [row for row in others if len(row["text"]) > 30 and any(row["text"] in q for q in reader.questions)]
    assert "training_methods" in ran.out
    assert {(o["kind"], o["finding"], o["model"]) for o in opinions(survey)} == {("judge", "yes", "m2")}
    again = survey.ok("evaluate", "--judge", "m2", "--json").json()
    assert (again["questions"], len(again["opinions"]), len(reader.questions)) == (0, 3 * len(FIELDS), 3 * len(FIELDS))
    cells = survey.rows("SELECT DISTINCT entailed, entailed_by FROM cells")
    assert cells == [{"entailed": "yes", "entailed_by": "m2"}]
    booked = survey.rows("SELECT count(*) AS n FROM replies WHERE model = 'm2'")
    assert booked[0]["n"] == 3 * len(FIELDS)


def test_what_is_not_carried_is_a_stretch_of_the_value(survey: Folder, reader: Reader) -> None:
    """In the value's own spelling; a cell with such words is decided among the first."""
    reader.says = lambda question: (
        {"verdict": "partly", "not_carried": "  IT says of"}
        if "training_methods" in question
        else {"verdict": "yes", "not_carried": None}
    )
    ran = survey.ok("evaluate", "--judge", "m2")
    assert "training_methods of arxiv-2401.00001: partly; not supported: it says of" in ran.out
    found = [o for o in opinions(survey) if o["finding"] == "partly"]
    assert {(o["field"], o["not_carried"]) for o in found} == {("training_methods", "it says of")}
    first = survey.rows("SELECT field, risk FROM queue LIMIT 3")
    assert {row["field"] for row in first} == {"training_methods"}
    assert first[0]["risk"] == "a second reader finds it not supported"


@pytest.mark.parametrize(
    "said",
    [
        "no json", "{}", "[]", '"yes"', "[" * 100_000, "{" * 5_000, f"{KEY}",
        {"verdict": "maybe", "not_carried": None}, {"verdict": "YES", "not_carried": None}, {"verdict": "yes"},
        {"verdict": "partly", "not_carried": None}, {"verdict": "partly", "not_carried": ""},
        {"verdict": "partly", "not_carried": "words of its own"}, {"verdict": "yes", "not_carried": "what it says"},
        {"verdict": "partly", "not_carried": "hat it say"}, {"verdict": "partly", "not_carried": "\x1b[2J ::error::" + KEY},
        {"verdict": "no", "not_carried": "what it says of of"}, {"verdict": "no", "not_carried": None, "more": 1},
        {"verdict": ["no"], "not_carried": {"a": KEY}}, {"verdict": "no", "not_carried": "x" * 1_000_000},
        completion("", finish="length"), completion("", finish="content_filter"),
        completion(None, refusal=f"I cannot \x1b[2J {KEY} " + "a" * 9_000),
    ],
    ids=range(23),
)  # fmt: skip
def test_whatever_is_no_verdict_is_unparsable_and_shown_as_such(survey: Folder, reader: Reader, said: Any) -> None:
    """Kept, with a bounded, clean note and no key; paid once, not asked again; the command goes on."""
    reader.says = lambda question: said
    ran = survey.ok("evaluate", "--judge", "m2", "--field", "training_methods", "arxiv-2401.00001")
    assert "training_methods of arxiv-2401.00001: unparsable: " in ran.out
    (found,) = opinions(survey)
    assert (found["finding"], found["not_carried"]) == ("unparsable", None)
    assert 0 < len(found["note"]) <= 200
    kept = (survey.path / "warehouse" / "opinions" / "arxiv-2401.00001.jsonl").read_text()
    assert not [words for words in (KEY, "\x1b") if words in kept + ran.out + ran.err]
    assert "\\u001b" not in kept
    survey.ok("evaluate", "--judge", "m2", "--field", "training_methods", "arxiv-2401.00001")
    assert len(reader.questions) == 1


def test_no_carries_nothing_needs_no_words() -> None:
    """A plain no is a verdict on the whole value."""
    judged = parse_verdict('{"verdict": "no", "not_carried": null}', "a value")
    assert (judged.finding, judged.not_carried) == ("no", None)


def test_nobody_judges_what_is_its_own(survey: Folder, reader: Reader) -> None:
    """Neither by the name that was asked nor by the one that the reply gave; an engine without a model cannot judge."""
    for named in ("m1", "M1", "test-model", "extractive", "openai", " "):
        ran = survey.run("evaluate", "--judge", named)
        assert ran.code == 2, named
        assert f"--judge {named}" in ran.err
    assert reader.questions == []


def test_options_that_do_not_go_together_are_refused(survey: Folder, reader: Reader) -> None:
    """What is for judging alone, and what is not."""
    for words in (("--dry-run",), ("--budget", "1"), ("--judge", "m2", "--save", "x.jsonl")):
        assert survey.run("evaluate", *words).code == 2
    assert survey.run("evaluate", "--judge", "m2", "--field", "nothing").code == 2
    assert "unknown (setting prices)" in survey.ok("evaluate", "--judge", "m2", "--dry-run").out
    assert reader.questions == []


def test_a_trial_asks_nothing_and_says_what_it_would_cost(survey: Folder, reader: Reader) -> None:
    """The bound holds: what is spent afterwards is less; a budget stops it, by name, and the rest is asked later."""
    survey.env["SURVEY_PRICES"] = PRICES
    tried = survey.ok("evaluate", "--judge", "m2", "--dry-run", "--json").json()
    assert (tried["questions"], reader.questions) == (3 * len(FIELDS), [])
    stopped = survey.run("evaluate", "--judge", "m2", "--budget", "0.0001")
    assert (stopped.code, reader.questions) == (1, [])
    assert "not asked" in stopped.err
    done = survey.ok("evaluate", "--judge", "m2", "--json").json()
    assert 0 < done["cost"] <= tried["cost"]


def test_a_question_that_failed_is_named_and_asked_again(survey: Folder, reader: Reader) -> None:
    """Exit code 1; those that were answered stay answered."""
    reader.says = lambda question: (
        failure(400, f"no such thing, {KEY}")
        if "training_methods" in question
        else {"verdict": "yes", "not_carried": None}
    )
    ran = survey.run("evaluate", "--judge", "m2")
    assert ran.code == 1
    assert "failed: training_methods of arxiv-2401.00001" in ran.err
    assert KEY not in ran.err
    asked = len(reader.questions)
    reader.says = lambda question: {"verdict": "yes", "not_carried": None}
    survey.ok("evaluate", "--judge", "m2")
    assert len(reader.questions) == asked + 3


def test_an_opinion_is_of_the_sentences_it_was_shown(survey: Folder, reader: Reader) -> None:
    """The same value on another sentence is another question, and the old verdict is not shown beside it."""
    survey.ok("evaluate", "--judge", "m2")
    path = survey.path / "warehouse" / "answers" / "arxiv-2401.00001.jsonl"
    lines = path.read_text().splitlines()
    other = json.loads(lines[0]) | {"at": "2099-01-01T00:00:00Z"}
    other["evidence"] = [json.loads(lines[0])["evidence"][0] | {"page": 1, "start": 0, "end": 5, "sha256": "0" * 64}]
    other.pop("seal")
    path.write_text("\n".join([*lines, json.dumps(other)]) + "\n")
    (cell,) = survey.rows(f"SELECT entailed FROM cells WHERE key = 'arxiv-2401.00001' AND field = '{other['field']}'")
    assert cell["entailed"] is None


@settings(deadline=None)
@given(st.text(), st.lists(st.text(), max_size=3))
def test_nothing_within_the_fence_can_end_it(value: str, sentences: list[str]) -> None:
    """Whatever a document or a model wrote, the line that ends the fence stands once, behind all of it."""
    cited = Cited("Heading", value, tuple(sentences))
    question = question_on(cited, checked_wording(default_prompt("judge.md")))
    lines = question.splitlines()
    assert lines.count(f"END {fence(cited)}") == 1
    assert fence(cited) not in value + "".join(sentences)


@settings(deadline=None)
@given(st.text(max_size=40), st.data())
def test_a_stretch_is_cut_from_the_value(value: str, data: st.DataObject) -> None:
    """Whatever is found is a slice of the value; a slice of whole words is always found."""
    found = stretch_of(value, data.draw(st.text(max_size=10)))
    assert found is None or found in value
    words = value.split()
    if words:
        start = data.draw(st.integers(0, len(words) - 1))
        claim = " ".join(words[start : data.draw(st.integers(start + 1, len(words)))])
        if any(char.isalnum() for char in claim):
            assert stretch_of(value, claim) is not None


@pytest.mark.parametrize("wording", ["{fence} {sentences} {heading}", "{fence} {sentences} {heading} {value} {other}"])
def test_a_wording_of_ones_own_has_all_placeholders(wording: str) -> None:
    """A survey's prompts/judge.md is refused by the name of what is missing or unknown."""
    with pytest.raises(BadSettings, match=r"prompts/judge\.md: the placeholder"):
        checked_wording(wording)
