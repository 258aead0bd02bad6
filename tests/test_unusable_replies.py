"""A model's reply that cannot be used is paid for once, and a person, never a night, has it asked for anew."""

from __future__ import annotations

from tests.conftest import Folder, use_model
from tests.papers.make import prose
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import answering, completion

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
