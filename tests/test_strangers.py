"""Only workers with limits process what strangers wrote; what takes forever there costs one source or cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pkgutil import resolve_name
from typing import ParamSpec, TypeVar

import pytest

from survey_extract.core.evaluation.aliases import NO_ALIASES
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ranking.relevance import select
from survey_extract.core.text_work import HERE
from survey_extract.errors import InputError, ReadError
from survey_extract.pipeline.evaluate import Chosen, evaluate
from survey_extract.settings import load_settings
from survey_extract.wiring import open_archive, open_warehouse
from tests.conftest import Folder, use_model
from tests.fields import FIELDS
from tests.papers.make import Paper, pdf
from tests.review.desk import desk_of
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, wanted_keys
from tests.watch import IN_WORKERS_ALONE, MARK, watched

P = ParamSpec("P")
T = TypeVar("T")

CARD = "file-papers-card.md"


def words(sentences: int) -> str:
    """Sentences of a stranger."""
    return " ".join(
        f"The {MARK} system number {n} has a frozen image encoder of {n + 3} layers and is trained on the {MARK}Bank dataset."
        for n in range(sentences)
    )


def card(sentences: int) -> str:
    """A model card of a stranger."""
    return f"# {MARK}\n\n{words(sentences)}"


def answer(request: Request) -> Response:
    """A model that repeats a stranger's words."""
    said = {
        key: {"value": [f"{MARK}Bank"] if key == "datasets_used" else f"The {MARK} has 24 layers", "evidence": [3, 4]}
        for key in wanted_keys(request)
    }
    return completion(json.dumps(said))


@pytest.fixture
def ours(survey: Folder) -> Folder:
    """Three documents of strangers, a PDF, a card and a page."""
    survey.env |= {"SURVEY_REVIEWER": "Ada"}
    paper = Paper(f"{MARK}: a model", words(4), (("1 Model", (words(3),)), ("2 Training", (words(5),))))
    survey.write("papers/paper.pdf", pdf(paper))
    survey.write("papers/card.md", card(12))
    survey.write("papers/page.html", f"<html><body><h1>{MARK}</h1><p>{words(12)}</p></body></html>")
    survey.sources("papers/paper.pdf,Paper", "papers/card.md,Card", "papers/page.html,Page")
    return survey


def reviewed(folder: Folder) -> None:
    """A review session: a cell looked at, an edit checked while it is typed, two verdicts, one taken back."""
    with desk_of(folder) as desk:
        view = desk.cell(CARD, "training_methods")
        assert view.passages
        assert desk.checked(CARD, "training_methods", f"The {MARK} has 25 layers", [3]).terms
        desk.decide(CARD, "training_methods", "accepted", view.judged, reason="so it is", stood_for=view.check.unfound)
        desk.undo()
        desk.decide(CARD, "training_methods", "accepted", view.judged, reason="so it is", stood_for=view.check.unfound)
        with pytest.raises(InputError, match="does not contain"):
            desk.decide(CARD, "training_methods", "edited", view.judged, value="It has 777 layers")


def test_only_workers_go_through_what_strangers_wrote(ours: Folder) -> None:
    """No pattern, parser or ranking touches it in the process itself: not in a night, with either engine, new or changed, nor in a
    dry run, a second opinion, an evaluation, a sitting of review, or what checks and shows the result.
    """
    with serving(answer) as server, watched() as found:
        ours.ok("refresh", "--dry-run")
        ours.ok("refresh")
        ours.write("papers/card.md", card(11))
        ours.ok("refresh", "--dry-run")
        ours.ok("refresh")
        use_model(ours, server)
        ours.ok("refresh", "--dry-run")
        ours.ok("refresh", "--second", "extractive")
        ours.run("review", "--terminal", typed="a" * 3 + "eIt has 24 layers\nq")
        ours.run("evaluate")
        ours.run("evaluate", "--ask", "--again")
        ours.write("papers/card.md", card(10))
        ours.ok("refresh", "--dry-run", "--second", "extractive")
        ours.ok("refresh")
        reviewed(ours)
        for command in ("verify", "render", "status", "report"):
            ours.run(command)
    assert found == set()


def test_what_is_watched_is_there() -> None:
    """Each name in the list of what belongs in workers exists: a module, or something in one."""
    for name in IN_WORKERS_ALONE:
        resolve_name(f"survey_extract.{name}")


def test_such_work_would_be_noticed(ours: Folder) -> None:
    """The watch notices: ranking a text in this process is named, and so is a pattern over a file."""
    ours.ok("refresh")
    archive = open_archive(ours.path, warn=pytest.fail)
    text = archive.text_of(archive.documents()[CARD][-1].sha256)
    assert text is not None
    with watched() as found:
        HERE.do(select, text, tuple(FIELDS), 300)
        assert re.search(r"\d+ layers", card(1))
    assert {"survey_extract.core.ranking.relevance.select", "re.search"} <= found


class Stuck:
    """Workers in which work on any text about the card never ends."""

    def do(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if any(self._is_card(arg) for arg in args):
            raise ReadError("going through its text took longer than 60 s (setting read_seconds)")
        return work(*args, **kwargs)

    def _is_card(self, arg: object) -> bool:
        texts = arg.values() if isinstance(arg, dict) else [arg]
        return any(isinstance(text, PaperText) and text.reader.startswith("markdown") for text in texts)


def test_a_text_that_takes_for_ever_costs_its_own_cells(ours: Folder) -> None:
    """In an evaluation, its source is named with what can be done, and the others are compared; in review, its cell is not decided
    and says so, and the next one is.
    """
    ours.ok("refresh")
    with desk_of(ours) as desk:
        page = "file-papers-page.html"
        for key in (CARD, page):
            view = desk.cell(key, "training_methods")
            desk.decide(key, "training_methods", "accepted", view.judged)
        desk.texts = Stuck()
        with pytest.raises(InputError, match=r"not checked, and nothing was decided: .*read_seconds"):
            desk.checked(CARD, "training_methods", "It has 24 layers", [3])
        with pytest.raises(InputError, match="not checked"):
            desk.decide(
                CARD, "training_methods", "edited", desk.cell(CARD, "training_methods").judged, value="24 layers"
            )
        judged = desk.cell(page, "training_methods").judged
        desk.decide(page, "training_methods", "edited", judged, value=f"The {MARK} is trained")
    archive = open_archive(ours.path, warn=pytest.fail)
    settings = load_settings(ours.path)
    entries = list(open_warehouse(ours.path, archive, settings).entries())
    done = evaluate(entries, archive, Stuck(), Chosen(), None, NO_ALIASES)
    assert [trouble.partition(":")[0] for trouble in done.troubles] == ["Card"]
    assert "read_seconds" in done.troubles[0]
    assert {cell.key for cell in done.cells} == {page}
