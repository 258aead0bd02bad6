"""A survey with fields of its own, of every type, from sources to README, SQL, exports, import; and what each change of fields.toml means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from survey_extract.commands.init import init_survey
from survey_extract.core.inputs.fields_file import parse_fields
from tests.conftest import Folder, use_model
from tests.core.test_fields import ALL_TYPES
from tests.papers.make import prose
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import answering, completion, wanted_keys

SAYS: dict[str, Any] = {
    "summary": "A test of ship logs.",
    "metrics": ["accuracy", "F1"],
    "weights": "gated",
    "parts": ["text", "image"],
    "compute": "about 36 GPU-days",
    "released_code": "yes",
    "released": "2023-04-17",
    "home": "https://example.org/logs",
}
STATES = (
    "Ship logs are read by models, and the test measures accuracy and F1 on text and image pairs. "
    "Training took about 36 GPU-days and ended on 17 April 2023, and code is at https://example.org/logs for all."
)


class Model:
    """Answers every field with its value and the two sentences that state it; ``asked`` are the fields of each request."""

    def __init__(self) -> None:
        self.says = dict(SAYS)
        self.asked: list[list[str]] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(wanted_keys(request))
        return answering(lambda field: {"value": self.says.get(field), "evidence": [2, 3]})(request)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def own(survey: Folder, model: Model) -> Iterator[Folder]:
    """Two sources, fields of all types, a model."""
    survey.write("fields.toml", ALL_TYPES)
    for name in ("one", "two"):
        survey.write(f"papers/{name}.md", f"# Logs {name}\n\n{STATES} {prose(8)}\n")
    survey.sources("./papers/one.md,One", "./papers/two.md,Two")
    with serving(model) as server:
        use_model(survey, server)
        survey.env["SURVEY_PUBLISH"] = "any"
        survey.env["SURVEY_REVIEWER"] = "Ann"
        yield survey


def change(folder: Folder, *replacements: tuple[str, str]) -> None:
    text = folder.read("fields.toml")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    folder.write("fields.toml", text)


def told(folder: Folder) -> list[str]:
    return folder.ok("fields").out.splitlines()


def test_every_type_from_sources_to_readme_sql_and_exports(own: Folder, model: Model) -> None:
    """One question a source about all fields; SQL has numbers, lists and booleans, the README what is printed, every check is clean."""
    own.ok("refresh")
    assert model.asked == [list(SAYS)] * 2
    row = own.rows("SELECT * FROM survey")[0]
    plain = {name: value for name, value in SAYS.items() if name not in ("compute", "released_code")}
    assert {name: row[name] for name in plain} == plain
    assert (row["compute"], row["compute_printed"], row["compute_unit"], row["compute_qualifier"]) == (
        864.0,
        "about 36 GPU-days",
        "GPU-hours",
        "about",
    )
    assert row["released_code"] is True
    assert row["metrics"] == ["accuracy", "F1"]
    assert [r["metric"] for r in own.rows("SELECT metric FROM metrics WHERE name = 'One'")] == ["accuracy", "F1"]
    assert own.rows("SELECT DISTINCT check_state FROM cells WHERE check_state IS NOT NULL") == [
        {"check_state": "in evidence"}
    ]
    assert own.rows("SELECT count(*) AS n FROM duckdb_columns() WHERE table_name = 'survey' AND comment IS NULL") == [
        {"n": 0}
    ]
    readme = own.read("README.md")
    for shown in ("<th>Compute</th>", "about 36 GPU-days", "text, image", "yes", "2023-04-17"):
        assert shown in readme
    own.ok("render", "--check")
    for style in ("csv", "jsonl", "html", "parquet", "xlsx", "bibtex", "ris", "csl"):
        own.ok("export", "--format", style, "--output", str(own.path / f"out.{style}"))
    assert "Released code" in own.read("out.html")
    assert json.loads(own.read("out.jsonl").splitlines()[0])["compute"] == 864.0


def test_cells_and_views_of_lists_name_their_source_and_tell_what_was_decided(own: Folder) -> None:
    """A name needs no join, and what nobody decided on can be left out by the state that each row has."""
    own.ok("refresh")
    assert {row["name"] for row in own.rows("SELECT name FROM cells")} == {"One", "Two"}
    decide(own, "file-papers-one.md", "metrics", "accuracy")
    counted = own.rows("SELECT metric, count(*) AS n FROM metrics WHERE state <> 'proposed' GROUP BY ALL")
    assert counted == [{"metric": "accuracy", "n": 1}]
    assert len(own.rows("SELECT * FROM metrics")) == 3
    for before, view in [("metrics", "species"), ("species", "names")]:
        change(own, (f'view = "{before}"', f'view = "{view}"'))
        column = "species" if view == "species" else "names"
        found = own.rows(f"SELECT {column}, count(*) AS n FROM {view} GROUP BY {column} ORDER BY ALL")
        assert [tuple(row.values()) for row in found] == [("F1", 1), ("accuracy", 2)]


def test_the_site_filters_by_what_recurs(own: Folder) -> None:
    """Values of a list are a filter; a choice that is the same everywhere is none, and numbers and texts are searched."""
    own.ok("refresh")
    own.ok("site", "--publish", "any")
    made = own.read("site/index.html")
    assert '<option value="F1">F1 (2)</option>' in made
    assert 'name="weights"' not in made
    assert 'name="compute"' not in made


def test_a_list_of_these_fields_is_imported(own: Folder) -> None:
    """By their headings; options as people write them; what is none of them is refused with its line, or alone is left out."""
    own.ok("refresh")
    readme = own.read("README.md")
    listed = readme.replace("gated", "Open", 1).replace("<td>yes", "<td>perhaps", 1)
    other = Folder(
        own.path.parent / "other",
        own.env | {"OPENAI_BASE_URL": "", "OPENAI_API_KEY": "", "SURVEY_MODEL": "", "SURVEY_ENGINE": "extractive"},
    )
    other.path.mkdir()
    list(init_survey(other.path))
    other.write("fields.toml", ALL_TYPES)
    for name in ("one", "two"):
        other.write(f"papers/{name}.md", own.read(f"papers/{name}.md"))
    other.write("list.md", listed)
    refused = other.run("import", str(other.path / "list.md"))
    assert (refused.code, "released_code: 'perhaps' is not one of yes, no" in refused.err) == (2, True)
    assert "'perhaps'" in other.ok("import", "--partial", str(other.path / "list.md")).err
    rows = {row["name"]: row for row in other.rows("SELECT * FROM survey")}
    assert rows["One"]["weights"] == "open"
    assert (rows["One"]["released_code"], rows["Two"]["released_code"]) == (None, True)
    assert rows["One"]["compute"] == 864.0


def test_a_renamed_field_asks_nothing(own: Folder, model: Model) -> None:
    """Answers and decisions go along under the new name; a changed heading is paint."""
    own.ok("refresh")
    before = own.rows("SELECT weights FROM survey")
    decide(own, "file-papers-one.md", "weights", "open")
    change(own, ("[weights]", '[access]\nheading = "Who has it"\nwas = ["weights"]'))
    assert any(
        line.startswith("access: renamed from weights; 2 answers and 1 decision move with it, 0 questions")
        for line in told(own)
    )
    asked = len(model.asked)
    own.ok("refresh")
    assert len(model.asked) == asked
    assert not any("renamed" in line for line in told(own))
    assert [row["access"] for row in own.rows("SELECT access FROM survey")] == ["open", before[1]["weights"]]
    assert "<th>Who has it</th>" in own.read("README.md")
    own.ok("verify")


def test_an_added_field_is_asked_alone(own: Folder, model: Model) -> None:
    """And what it will ask is said before, by `fields` as by `--dry-run`."""
    own.ok("refresh")
    own.write("fields.toml", own.read("fields.toml") + '\n[licence]\nask = "Which."\n')
    assert "licence: added; asked of 2 sources" in told(own)
    assert own.ok("fields", "--json").json()["fields"][-1]["asked"] == {"new field": 2}
    assert any("asks 2 questions about 2 cells" in line for line in told(own))
    model.asked.clear()
    own.ok("refresh")
    assert model.asked == [["licence"]] * 2


def test_a_former_name_that_nothing_is_on_record_under_is_said(own: Folder, model: Model) -> None:
    """By `fields`, and before a run pays for all of it again, with the name that is probably meant; a new survey hears nothing."""
    change(own, ("[weights]", '[access]\nwas = ["wieghts"]'))
    assert not any("on record" in line for line in told(own))
    change(own, ('[access]\nwas = ["wieghts"]', "[weights]"))
    own.ok("refresh")
    change(own, ("[weights]", '[access]\nwas = ["wieghts"]'))
    said = "access: nothing is on record under 'wieghts', its former name in fields.toml; did you mean 'weights'?"
    assert any(line.startswith(said) for line in told(own))
    assert said in own.ok("refresh", "--dry-run").err
    change(own, ('was = ["wieghts"]', 'was = ["weights"]'))
    assert said not in own.ok("refresh").err


def test_what_was_never_asked_is_not_asked_again(own: Folder, model: Model) -> None:
    """Of a source that was read and never answered, `fields` says that it is asked for the first time."""
    own.ok("refresh")
    (own.path / "warehouse" / "answers" / "file-papers-two.md.jsonl").unlink()
    said = told(own)
    assert "summary: asked for the first time of 1 source" in said
    assert not any("asked again" in line or "added" in line for line in said)


def test_a_removed_field_is_hidden_and_comes_back(own: Folder, model: Model) -> None:
    """Its records stay; nothing is asked when it returns."""
    own.ok("refresh")
    whole, readme = own.read("fields.toml"), own.read("README.md")
    own.write("fields.toml", whole.replace('[home]\nask = "Where."\ntype = "url"\n', ""))
    assert any(
        line.startswith("home: no longer a field; 2 answers and 0 decisions stay on record") for line in told(own)
    )
    own.ok("refresh")
    assert "home" not in own.rows("SELECT * FROM survey")[0]
    assert own.rows("SELECT count(*) AS n FROM answers WHERE field = 'home'") == [{"n": 2}]
    own.write("fields.toml", whole)
    asked = len(model.asked)
    own.ok("refresh")
    assert len(model.asked) == asked
    assert own.read("README.md") == readme


def test_a_changed_instruction_is_asked_again_and_decisions_stand(own: Folder, model: Model) -> None:
    """What a person decided stays published; another answer queues beside it."""
    own.ok("refresh")
    decide(own, "file-papers-one.md", "summary", "A test of logs, by hand.")
    change(own, ("What it is.", "What it is, in one sentence."))
    assert "summary: asked again of 2 sources (instruction changed)" in told(own)
    model.says["summary"] = "Ship logs, tested."
    model.asked.clear()
    own.ok("refresh")
    assert model.asked == [["summary"]] * 2
    cell = own.rows("SELECT value, proposed, state FROM cells WHERE key = 'file-papers-one.md' AND field = 'summary'")[
        0
    ]
    assert (cell["value"], cell["proposed"], cell["state"]) == (
        "A test of logs, by hand.",
        "Ship logs, tested.",
        "changed",
    )


def test_narrowed_options_leave_what_was_decided_and_queue_it(own: Folder, model: Model) -> None:
    """As "no longer allowed"; the row stays in the table until a person says otherwise, and then it leaves the queue."""
    own.ok("refresh")
    decide(own, "file-papers-one.md", "weights", "gated")
    change(own, ('options = ["open", "gated", "closed"]', 'options = ["open", "closed"]'))
    assert any(
        line.startswith("weights: 1 decided value no longer allowed, which stays published") for line in told(own)
    )
    model.says["weights"] = "closed"
    own.ok("refresh")
    assert own.rows("SELECT weights FROM survey WHERE name = 'One'") == [{"weights": "gated"}]
    risk = own.rows("SELECT risk, unfit FROM queue WHERE key = 'file-papers-one.md' AND field = 'weights'")
    assert risk == [{"risk": "no longer allowed", "unfit": "'gated' is not one of open, closed"}]
    decide(own, "file-papers-one.md", "weights", "open")
    assert own.rows("SELECT unfit FROM queue WHERE key = 'file-papers-one.md' AND field = 'weights'") == []


def test_another_type_is_asked_again(own: Folder, model: Model) -> None:
    """Even where the words of the instruction are the same: a text is no list."""
    own.ok("refresh")
    change(own, ('[summary]\nask = "What it is."', '[summary]\nask = "What it is."\ntype = "names"'))
    assert "summary: asked again of 2 sources (type changed)" in told(own)
    model.says["summary"] = ["ship logs"]
    own.ok("refresh")
    assert own.rows("SELECT summary FROM survey")[0]["summary"] == ["ship logs"]
    assert not own.rows("SELECT field FROM queue WHERE unfit IS NOT NULL")


def test_a_field_is_tried_on_a_sample(own: Folder, model: Model) -> None:
    """`--field` asks that field alone, `--sample` of so many sources; a name that is none is refused with the nearest."""
    own.ok("refresh", "--field", "weights", "--sample", "1")
    assert model.asked == [["weights"]]
    assert own.run("refresh", "--field", "wieghts").code == 2
    assert "did you mean 'weights'?" in own.run("refresh", "--field", "wieghts").err
    model.asked.clear()
    own.ok("refresh")
    assert sorted(map(len, model.asked)) == [7, 8]


def test_more_than_twelve_fields_are_asked_in_several_questions_that_begin_alike(
    own: Folder, model: Model, tmp_path: Path
) -> None:
    """The document's beginning stays the same for the provider's cache; every answer is on record."""
    own.write("fields.toml", "\n".join(f'[f{n}]\nask = "Number {n}."' for n in range(30)))
    bodies: list[str] = []

    def serve(request: Request) -> Response:
        bodies.append(json.loads(request.body)["messages"][0]["content"])
        return model(request)

    with serving(serve) as server:
        use_model(own, server)
        planned = own.ok("refresh", "--dry-run", "--json").json()
        own.ok("refresh", "file-papers-one.md")
    assert sum(len(item["fields"]) for item in planned["items"]) == 60
    assert list(map(len, model.asked)) == [12, 12, 6]
    ends = [body.index("END DOCUMENT", body.index("BEGIN DOCUMENT ") + 200) for body in bodies]
    assert len({body[:end] for body, end in zip(bodies, ends, strict=True)}) == 1
    assert own.rows("SELECT count(*) AS n FROM answers") == [{"n": 30}]


def test_a_survey_of_another_subject_asks_about_that(own: Folder) -> None:
    """The prompt says what a row is about; a wording of the survey's own must have a place for it."""
    bodies: list[str] = []

    def serve(request: Request) -> Response:
        bodies.append(json.loads(request.body)["messages"][0]["content"])
        return answering(lambda _: {"value": None, "evidence": []})(request)

    with serving(serve) as server:
        use_model(own, server)
        own.ok("refresh", "file-papers-one.md")
    assert (
        "says about the trial that is reported" in bodies[0] or "states about the trial that is reported" in bodies[0]
    )
    own.write("prompts/extract.md", own.read("prompts/extract.md").replace("{subject}", "it"))
    ran = own.run("refresh")
    assert (ran.code, "put {subject} where the wording names it" in ran.err) == (2, True)


def test_without_a_model_a_survey_of_its_own_fields_gives_what_is_recognised(survey: Folder) -> None:
    """Metrics are metrics, numbers have their unit; what cannot be recognised is "not reported", and the README has as many cells as headings."""
    survey.env["SURVEY_PUBLISH"] = "any"
    survey.write("fields.toml", ALL_TYPES)
    survey.write(
        "papers/one.md",
        f"# Logs\n\n{STATES} It was tested on ImageNet and COCO as well, both of them data sets. {prose(8)}\n",
    )
    survey.sources("./papers/one.md,One")
    survey.ok("refresh")
    row = survey.rows("SELECT * FROM survey")[0]
    assert row["metrics"] == ["accuracy", "F1"]
    assert row["released_code"] is None
    readme = survey.read("README.md")
    assert readme.count("<th>") == readme.count("<td>") == 9


def test_a_wrong_file_stops_every_command_before_anything_is_done(own: Folder, model: Model) -> None:
    """With file, line and what is allowed."""
    own.write("fields.toml", '[weights]\nask = "Who."\ntype = "choise"\n')
    for command in ("refresh", "render", "status", "fields", "verify"):
        ran = own.run(command)
        assert (ran.code, "fields.toml:3: [weights] type: 'choise' is unknown; did you mean 'choice'?" in ran.err) == (
            2,
            True,
        )
    assert model.asked == []


@pytest.mark.parametrize("template", ["architectures", "benchmarks", "datasets", "trials", "blank"])
def test_init_begins_with_a_template(tmp_path: Path, template: str) -> None:
    """And what it wrote is read again."""
    folder = Folder(tmp_path / template, {})
    folder.path.mkdir()
    folder.ok("init", "--template", template)
    assert folder.ok("fields", "--json").json()["fields"]


def decide(folder: Folder, key: str, field: str, value: str) -> None:
    """A person's edit, as the review page records it."""
    from survey_extract.settings import load_settings
    from survey_extract.wiring import open_archive, open_desk

    settings = load_settings(folder.path, options={"engine": "extractive"})
    archive = open_archive(folder.path, print)
    with open_desk(folder.path, archive, settings, (folder.path / "sources.csv").read_bytes(), "Ann") as (desk, _):
        view = desk.cell(key, field)
        desk.decide(key, field, "edited", view.judged, value=value, reason="by hand", stood_for=("A",))


PROPOSED = {
    "fields": [
        {"name": "medium", "heading": "Medium", "type": "choice", "options": ["paper", "screen"], "unit": None, "ask": "On what logs are kept.", "because": 2},
        {"name": "training_cost", "heading": "Cost", "type": "number", "options": [], "unit": "GPU-days", "ask": 'What training "took".', "because": 3},
        {"name": "Bad Name", "heading": "X", "type": "text", "options": [], "unit": None, "ask": "x", "because": 1},
        {"name": "nowhere", "heading": "Nowhere", "type": "text", "options": [], "unit": None, "ask": "x", "because": 999},
    ]
}  # fmt: skip


def test_a_draft_names_the_sentence_behind_each_field(own: Folder) -> None:
    """It is a fields.toml as it stands; words are cut by code, what no file may say is left out; asked once, booked, never paid again."""
    with serving(lambda _: completion(json.dumps(PROPOSED))) as server:
        use_model(own, server)
        own.env["SURVEY_PRICES"] = json.dumps({"m1": {"input": 1, "output": 1, "date": "2026-01-01"}})
        first, again = own.ok("fields", "--propose").out, own.ok("fields", "--propose").out
        assert first == again
        assert len(server.requests) == 2  # a source each
        body = json.loads(server.requests[0].body)
        assert "is about the trial that is reported" in " ".join(body["messages"][0]["content"].split())
    drafted = parse_fields(first)
    assert [spec.name for spec in drafted] == ["medium", "training_cost", "nowhere"]
    assert (drafted.named("training_cost").unit, drafted.named("training_cost").ask) == (
        "GPU-days",
        'What training "took".',
    )
    assert "# One, p. 1: Training took about 36 GPU-days and ended on 17 April 2023" in first
    assert "# One: no sentence was named" in first
    assert own.rows("SELECT field, sum(replies) AS n, sum(cost) > 0 AS paid FROM costs GROUP BY field") == [
        {"field": "proposed fields", "n": 2, "paid": True}
    ]
    own.ok("status")
    own.ok("refresh", SURVEY_ENGINE="extractive")
    assert own.run("fields", "--propose", SURVEY_ENGINE="extractive").code == 2
    assert own.run("fields", "file-papers-one.md").code == 2


@pytest.mark.parametrize("content", ["no JSON", "[]", '{"fields": [{"name": "x"}]}', '{"fields": 3}'])
def test_a_draft_that_cannot_be_used_is_said(own: Folder, content: str) -> None:
    """With the source it was asked of; no traceback."""
    with serving(lambda _: completion(content)) as server:
        use_model(own, server)
        ran = own.run("fields", "--propose", "file-papers-one.md")
    assert ran.code != 0
    assert "it is no list of fields" in ran.err


LATER = '\n[licence]\nheading = "Licence"\nask = "Which."\n'


def test_a_published_row_stays_when_fields_are_added_renamed_and_removed_and_its_file_moves(
    own: Folder, model: Model
) -> None:
    """What nobody decided is shown nowhere: not in README, pages, site or SQL; a row that was never published waits for all."""
    own.env["SURVEY_PUBLISH"] = "reviewed"
    model.says["licence"] = "Secret-1.0"
    own.ok("refresh")
    decide_all(own, "file-papers-one.md")
    own.ok("render")
    assert own.rows("SELECT name FROM survey") == [{"name": "One"}]
    own.write("fields.toml", own.read("fields.toml") + LATER)
    assert [line for line in told(own) if line.startswith("rows that are in the table stay")]
    assert "rows that are in the table stay" in own.ok("refresh", "--dry-run").out
    for step in ("unasked", "asked"):
        own.ok(*(("render",) if step == "unasked" else ("refresh",)))
        shown = own.read("README.md")
        assert "<summary>One</summary>" in shown
        assert "<td><br><sub>not yet decided</sub></td>" in shown
        assert "<summary>Two</summary>" not in shown
        row = {"name": "One", "licence": None, "empty_cells": 1, "undecided_cells": 0, "state": "decided"}
        assert own.rows("SELECT name, licence, empty_cells, undecided_cells, state FROM survey") == [row]
        own.ok("site", "--output", "page.html")
        assert "not yet decided" in own.read("page.html")
        assert "Secret-1.0" not in shown + own.read("page.html") + own.ok("export", "--format", "csv").out
        own.ok("render", "--check")
    change(own, ("[licence]", '[license]\nwas = ["licence"]'), ("[weights]", '[access]\nwas = ["weights"]'))
    own.ok("refresh")
    assert own.rows("SELECT name, license, empty_cells FROM survey") == [
        {"name": "One", "license": None, "empty_cells": 1}
    ]
    (own.path / "papers/one.md").rename(own.path / "papers/first.md")
    own.write("sources.csv", own.read("sources.csv").replace("papers/one.md", "papers/first.md"))
    own.ok("refresh")
    assert own.rows("SELECT name, key, empty_cells FROM survey") == [
        {"name": "One", "key": "file-papers-first.md", "empty_cells": 1}
    ]
    assert "<summary>One</summary>" in own.read("README.md")
    decide(own, "file-papers-first.md", "license", "open")
    own.ok("refresh")
    assert own.rows("SELECT license, empty_cells FROM survey") == [{"license": "open", "empty_cells": 0}]
    assert "not yet decided" not in own.read("README.md")


def decide_all(folder: Folder, key: str) -> None:
    """Accept what is proposed in every cell of a source."""
    from survey_extract.settings import load_settings
    from survey_extract.wiring import open_archive, open_desk

    settings = load_settings(folder.path, options={"engine": "extractive"})
    archive = open_archive(folder.path, print)
    with open_desk(folder.path, archive, settings, (folder.path / "sources.csv").read_bytes(), "Ann") as (desk, _):
        for spec in archive.fields:
            view = desk.cell(key, spec.name)
            desk.decide(key, spec.name, "accepted", view.judged, reason="seen", stood_for=view.check.unfound)


def test_a_source_that_changed_without_its_model_is_said_until_it_is_asked(own: Folder, model: Model) -> None:
    """By `status` every day, until it is asked; `verify` names the decided values that the file no longer has."""
    own.ok("refresh")
    decide_all(own, "file-papers-one.md")
    assert own.ok("status", "--json").json()["outdated"] == []
    assert own.ok("verify", "--json").json()["changed"] == []
    own.write("papers/one.md", f"# Logs one\n\n{prose(8)}\n")
    assert own.ok("verify", "--json").json()["changed"] == [{"key": "file-papers-one.md", "name": "One"}]
    asked, without = len(model.asked), {name: "" for name in own.env if name.startswith(("OPENAI", "SURVEY_MODEL"))}
    bare = Folder(own.path, {name: value for name, value in own.env.items() if name not in without})
    for _ in range(2):
        bare.run("refresh")
        (outdated,) = bare.ok("status", "--json").json()["outdated"]
        assert (outdated["key"], len(outdated["fields"])) == ("file-papers-one.md", len(SAYS))
        assert "changed    One (file-papers-one.md) has changed since it was asked" in bare.ok("status").out
        verified = bare.run("verify")  # what was decided in the older file is looked up in the one that was read last
        assert (verified.code, "missing     summary of file-papers-one.md" in verified.out) == (1, True)
    assert len(model.asked) == asked
    own.ok("refresh")
    assert len(model.asked) > asked
    assert own.ok("status", "--json").json()["outdated"] == []
