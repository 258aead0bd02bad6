"""A model's reply that cannot be used is paid for once, and a person, never a night, has it asked for anew."""

from __future__ import annotations

import pytest

from tests.conftest import Folder, use_model
from tests.papers.make import prose
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import answering, completion, scripted, wanted_keys
from tests.test_verdicts import desk_of

KEY = "file-papers-one.md"


def test_an_unusable_reply_is_asked_anew_by_name_alone(survey: Folder) -> None:
    """Nights send nothing and say whose words they are, since when, and what asks again; a named source is asked once more a run, until it is answered."""
    survey.write("papers/one.md", f"# Logs\n\n{prose(8)}\n")
    survey.sources("./papers/one.md,One")
    asked: list[Request] = []
    is_mended = False

    def model(request: Request) -> Response:
        asked.append(request)
        if is_mended:
            return answering(lambda field: {"value": None, "evidence": []})(request)
        return completion("Sure! Here is the table you wanted.")

    with serving(model) as server:
        use_model(survey, server)
        first = survey.run("refresh")
        assert (first.code, len(asked)) == (1, 2)  # the question and its repair
        assert "the model's reply cannot be used: it is no JSON" in first.err
        for _ in range(2):
            night = survey.run("refresh")
            assert (night.code, len(asked)) == (1, 2)
            assert "it begins “Sure! Here is the table you wanted.”" in night.err
            assert "it was stored on " in night.err
            assert f"`survey-extract refresh {KEY}` asks once more" in night.err
        assert "1 question answered by cached replies" in survey.ok("refresh", "--dry-run").out
        assert "0 questions answered by cached replies" in survey.ok("refresh", KEY, "--dry-run").out
        assert len(asked) == 2
        assert (survey.run("refresh", KEY).code, len(asked)) == (1, 4)
        assert (survey.run("refresh").code, len(asked)) == (1, 4)
        is_mended = True
        assert (survey.run("refresh").code, len(asked)) == (1, 4)
        survey.ok("refresh", KEY)
        assert len(asked) == 5
        survey.ok("refresh", KEY)
        assert len(asked) == 5
        for answers in (survey.path / "warehouse" / "answers").glob("*"):
            answers.unlink()  # what was lost behind a reply is in that reply still
        assert "1 question answered by cached replies" in survey.ok("refresh", KEY, "--dry-run").out
        survey.ok("refresh")
        assert len(asked) == 5


def test_the_models_refusal_is_no_outage(survey: Folder) -> None:
    """Sources that were read well and only not answered say nothing of the world: the setting to look at is named."""
    survey.sources("./papers/one.md,One", "./papers/two.md,Two")
    reply = [answering(lambda field: {"value": None, "evidence": []})]

    def model(request: Request) -> Response:
        return reply[0](request)

    with serving(model) as server:
        use_model(survey, server)
        nights = [
            (reply[0], 0, ""),
            (lambda request: completion("Sure!"), 1, "look at the setting model"),
            (lambda request: Response(401, b'{"error": {"message": "bad key"}}'), 1, "look at OPENAI_API_KEY"),
        ]
        for night, (reply[0], code, says) in enumerate(nights):
            for name in ("one", "two"):
                survey.write(f"papers/{name}.md", f"# {name}\n\n{prose(8 + night)}\n")
            ran = survey.run("refresh")
            assert (ran.code, "an outage" in ran.err) == (code, False), ran.err
            assert says in ran.err


DATED = """
subject = "the concrete"
[binder]
heading = "Binder"
type = "choice"
options = ["cement", "clay"]
ask = "Its binder."
[cast_on]
heading = "Cast on"
type = "date"
ask = "When it was cast."
[places]
heading = "Places"
type = "names"
ask = "Where."
[note]
heading = "Note"
ask = "What else."
"""
FITTING = {"binder": "clay", "cast_on": "2024-07", "places": ["Lund"], "note": "Dry."}
WRONG: dict[str, object] = {
    "cast_on": {"value": "summer 2024", "evidence": []},  # no date
    "binder": {"value": "chalk", "evidence": []},  # none of its options
    "places": {"value": "Lund", "evidence": []},  # no list
    "note": {"value": "Dry.", "evidence": list(range(1, 40))},  # too many sentences
}


def _reply(request: Request, wrong: dict[str, object]) -> Response:
    return answering(lambda name: wrong.get(name, {"value": FITTING[name], "evidence": []}))(request)


@pytest.mark.parametrize(
    "bad", [["cast_on"], ["binder"], ["places"], ["note"], ["cast_on", "binder", "places"]], ids=str
)
def test_what_fits_in_a_reply_is_kept(survey: Folder, bad: list[str]) -> None:
    """The rest alone is asked again, once; if it still does not fit it alone is empty, is named, and is paid for when a person asks."""
    survey.write("papers/one.md", f"# Logs\n\n{prose(8)}\n")
    survey.sources("./papers/one.md,One")
    survey.write("fields.toml", DATED)
    asked: list[list[str]] = []
    is_mended = False

    def model(request: Request) -> Response:
        asked.append(wanted_keys(request))
        return _reply(request, {} if is_mended else {name: WRONG[name] for name in bad})

    with serving(model) as server:
        use_model(survey, server)
        good = [name for name in FITTING if name not in bad]
        in_order = [name for name in FITTING if name in bad]
        for night in range(2):
            run = survey.run("refresh")
            assert run.code == 1
            assert asked == [list(FITTING), in_order], night
            assert f"the model's answer about {', '.join(in_order)} cannot be used: " in run.err
            assert f"`survey-extract refresh {KEY}` asks once more" in run.err
            assert _answered(survey) == set(good)
        assert "1 question answered by cached replies" in survey.ok("refresh", "--dry-run").out
        assert "0 questions answered by cached replies" in survey.ok("refresh", KEY, "--dry-run").out
        assert "the next run asks nothing about the sources that were read" in survey.ok("fields").out
        with desk_of(survey) as desk:
            for name in in_order:
                desk.decide(KEY, name, "not_reported", None)
            survey.ok("refresh")  # what a person has decided is not missed
            for _ in in_order:
                desk.undo()
        assert len(asked) == 2
        survey.run("refresh", KEY)
        survey.run("refresh")
        assert asked[2:] == [in_order, in_order], "the question about these alone, and its repair"
        is_mended = True
        survey.ok("refresh", KEY)
        assert asked[4:] == [in_order]
        assert _answered(survey) == set(FITTING)
        survey.ok("refresh")
        for answers in (survey.path / "warehouse" / "answers").glob("*"):
            answers.unlink()
        survey.run("refresh")
        survey.run("refresh")
        assert len(asked) == 5, "what was lost is in the replies still"
        assert _answered(survey) >= set(good)


def test_what_fits_is_kept_though_the_rest_cannot_be_asked_again(survey: Folder) -> None:
    """An endpoint that fails at the repair costs nothing of the reply before it; the next night asks the rest."""
    survey.write("papers/one.md", f"# Logs\n\n{prose(8)}\n")
    survey.sources("./papers/one.md,One")
    survey.write("fields.toml", DATED)
    with scripted(
        [
            lambda request: _reply(request, {"cast_on": WRONG["cast_on"]}),
            Response(400, b'{"error": {"message": "not now"}}'),
            lambda request: _reply(request, {}),
        ]
    ) as server:
        use_model(survey, server)
        assert survey.run("refresh").code == 1
        assert _answered(survey) == {"binder", "places", "note"}
        survey.ok("refresh")
        assert _answered(survey) == set(FITTING)
        assert len(server.requests) == 3


def _answered(survey: Folder) -> set[str]:
    rows = survey.ok("query", "select field from answers where value is not null", "--format", "csv").out
    return set(rows.split()[1:])
