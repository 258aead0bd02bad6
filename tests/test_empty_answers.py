"""An empty answer has one name wherever it is shown or counted: "no answer" of the engine without a model, else "not reported"."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Folder, use_model
from tests.papers.make import HARBOR, pdf, prose
from tests.servers.loopback import serving
from tests.servers.openai_server import answering
from tests.test_verdicts import desk_of

FIELDS = """
[moons]
ask = "How many moons the planet Quorn has."
cues = { words = "quorn moonlet" }

[vessel]
ask = "Which vessel was launched at Yttrby."
cues = { words = "yttrby launch" }
"""


def _silent(survey: Folder) -> None:
    """A paper of which the engine without a model has no sentence for either field."""
    survey.write("fields.toml", FIELDS)
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources("./papers/harbor.pdf,Harbor")
    survey.env |= {"SURVEY_PUBLISH": "any", "SURVEY_REVIEWER": "Ada"}
    survey.ok("refresh")
    found = survey.rows("SELECT engine, value, quoted FROM answers")
    assert found == [{"engine": "extractive", "value": None, "quoted": False}] * 2


def _outputs(survey: Folder, site: str) -> dict[str, str]:
    """Everything that shows or counts answers."""
    survey.ok("site", "--output", site)
    return {
        "report": survey.ok("report").out,
        "readme": survey.read("README.md"),
        "status": survey.ok("status").out,
        "queue": json.dumps(survey.rows("SELECT risk FROM queue")),
        "export": survey.ok("export", "--format", "csv").out,
        "html": survey.ok("export", "--format", "html").out,
        "survey": json.dumps(survey.rows("SELECT not_reported FROM survey")),
    }


def test_silence_without_a_model_is_never_called_not_reported(
    survey: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In no output; where it is named at all, it is "no answer"."""
    _silent(survey)
    place = tmp_path_factory.mktemp("site") / "index.html"
    for name, said in _outputs(survey, str(place)).items():
        assert "not reported" not in said.casefold().replace("not_reported", ""), name
    assert survey.ok("report").out.count("<i>no answer</i>") == 2
    assert "<em>not reported" not in place.read_text(encoding="utf-8").casefold()
    assert survey.rows("SELECT not_reported FROM survey") == [{"not_reported": ""}]
    assert {row["risk"] for row in survey.rows("SELECT risk FROM queue")} == {"no answer"}


def test_silence_without_a_model_is_no_proposal_beside_what_is_decided(survey: Folder) -> None:
    """The sentence is gone and no other is found: that it is gone is said, in the note and in the queue, and nothing new waits."""
    survey.write(
        "fields.toml",
        '[vessel]\nheading = "Vessel"\nask = "Which vessel was launched at Yttrby."\ncues = { words = "yttrby launch", must = "Yttrby" }\n',
    )
    text = f"# Logs\n\nThe vessel Marlin was launched at Yttrby in the spring. {prose(8)}\n"
    survey.write("papers/logs.md", text)
    survey.sources("./papers/logs.md,Logs")
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.ok("refresh")
    with desk_of(survey) as desk:
        (item,) = desk.queue()
        desk.decide(item.key, item.field, "accepted", desk.cell(item.key, item.field).judged)
    survey.write(
        "papers/logs.md", text.replace("The vessel Marlin was launched at Yttrby in the spring.", "It rained.")
    )
    survey.ok("refresh")
    assert survey.rows("SELECT value FROM answers WHERE latest") == [{"value": None}]
    assert "no longer in the source" in survey.rows("SELECT risk FROM queue")[0]["risk"]
    assert "new proposal" not in survey.read("README.md")
    assert "1 accepted; 1 to decide" in survey.ok("status").out
    survey.sources("./papers/logs.md,Logs", "./papers/rain.md,Rain")
    survey.write("papers/rain.md", f"# Rain\n\n{prose(9)}\n")
    survey.ok("refresh")
    assert "1 accepted, 1 no answer; 2 to decide" in survey.ok("status").out


def test_a_models_silence_is_not_reported_and_agrees_with_no_other(
    survey: Folder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The report and the exports say so; and who answered nothing is compared with nobody."""
    _silent(survey)
    with serving(answering(lambda field: {"value": None, "evidence": []})) as server:
        use_model(survey, server)
        survey.ok("refresh")
        assert survey.ok("report").out.count("<i>not reported</i>") == 2
        assert survey.rows("SELECT not_reported FROM survey") == [{"not_reported": "moons, vessel"}]
        assert json.loads(survey.ok("evaluate", "--json").out)["agreements"] == []
