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
