"""``--dry-run`` and the run decide the same, whatever happened before."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Folder, use_model
from tests.papers.make import HARBOR, ORCHARD, pdf, prose
from tests.servers.batch_server import Provider
from tests.servers.loopback import Request, Response, Server, serving
from tests.servers.openai_server import answering, failure
from tests.servers.world import World
from tests.test_nights import says

KEYED = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "SURVEY_MODEL")
KEYS = {"web-example.org-card.md", "file-papers-ours.md", "arxiv-2401.00001"}


class Life:
    """A small survey and what may happen to it between two nights; ``stale`` are sources of which a dry run cannot know."""

    server: Server

    def __init__(self, survey: Folder, world: World) -> None:
        self.survey, self.world = survey, world
        self.prompt = survey.read("prompts/extract.md")
        self.fails = False
        self.stale: set[str] = set()
        self.version = 1
        world.paper("2401.00001", 1, pdf(HARBOR))
        self.page(1)
        self.file(1)
        self.stale.clear()
        survey.sources("https://example.org/card.md,Card", "./papers/ours.md,Ours", "2401.00001,Harbor")

    def page(self, number: int) -> None:
        self.world.page("/example.org/card.md", text(number), etag=f'"{number}"')
        self.stale.add("web-example.org-card.md")

    def file(self, number: int) -> None:
        self.survey.write("papers/ours.md", text(number))

    def paper(self) -> None:
        self.version += 1
        self.world.paper("2401.00001", self.version, pdf(ORCHARD if self.version % 2 == 0 else HARBOR))

    def key(self, model: str) -> None:
        use_model(self.survey, self.server, model)

    def no_key(self) -> None:
        for name in KEYED:
            self.survey.env.pop(name, None)

    def model(self, request: Request) -> Response:
        if self.fails:
            return failure(400, "no")
        return answering(lambda field: says(field, f"of {field}", 3 if field < "d" else 4))(request)

    def events(self) -> list[Callable[[], object]]:
        return [
            lambda: self.survey.write("prompts/extract.md", self.prompt),
            lambda: self.survey.write("prompts/extract.md", self.prompt + "\nBe brief.\n"),
            lambda: self.key("m1"),
            lambda: self.key("m2"),
            self.no_key,
            lambda: self.page(1),
            lambda: self.page(2),
            lambda: self.file(1),
            lambda: self.file(2),
            self.paper,
            lambda: setattr(self, "fails", True),
            lambda: setattr(self, "fails", False),
            lambda: self.survey.run("refresh", "--reread"),
            lambda: shutil.rmtree(self.survey.path / "warehouse" / "cache" / "texts"),
            lambda: None,
        ]


@pytest.fixture
def life(survey: Folder, world: World) -> Iterator[Life]:
    """A survey with a model, before its first night."""
    made = Life(survey, world)
    with serving(made.model) as made.server:
        made.key("m1")
        yield made


def text(number: int) -> str:
    """Two versions of a page that share some sentences; the third stands in both, the fourth in one."""
    sentences = [f"The text of the card in its version {number}.", "The encoder reads 224 pixels and is frozen."]
    more = [f"It was trained on {number} million pairs of pictures.", prose(20)]
    return "# Card\n\n" + "\n\n".join([*sentences, *more])


def night(survey: Folder, life: Life | None = None) -> list[Any]:
    """A dry run and a run; each source whose text is at hand must be asked what was announced."""
    items = survey.ok("refresh", "--dry-run", "--json").json()["items"]
    ran = survey.run("refresh", "--json")
    asked = {outcome["key"]: outcome for outcome in ran.json()["outcomes"]}
    compared = []
    for item in items:
        if life and item["key"] in life.stale:
            continue
        outcome = asked[item["key"]]
        if item["unread"]:  # only a condition was announced, or everything of a new source
            assert set(outcome["asked"]) <= set(item["fields"]) or not item["fields"], (item, outcome)
            continue
        assert item["fields"] == outcome["asked"], (item, outcome)
        compared.append(item)
    if life:
        life.stale.clear()
    return compared


@pytest.mark.parametrize("seed", range(6))
def test_what_is_announced_is_asked(survey: Folder, life: Life, seed: int) -> None:
    """Prompts, models and keys come and go, pages, files and papers change and change back, texts are lost, the model fails."""
    chance = random.Random(seed)
    assert {item["key"] for item in night(survey, life)} <= KEYS
    for _ in range(7):
        for _ in range(chance.randrange(1, 3)):
            chance.choice(life.events())()
        night(survey, life)


def test_a_prompt_changed_and_changed_back_announces_nothing(survey: Folder, life: Life) -> None:
    """Prompt A, B, A: what A was answered is taken up again, in the plan as in the run."""
    night(survey, life)
    survey.write("prompts/extract.md", life.prompt + "\nBe brief.\n")
    assert [len(item["fields"]) for item in night(survey, life)] == [7, 7, 7]
    survey.write("prompts/extract.md", life.prompt)
    asked = len(life.server.requests)
    assert [item["fields"] for item in night(survey, life)] == [[], [], []]
    assert len(life.server.requests) == asked


def test_a_changed_file_is_counted_exactly(survey: Folder, life: Life) -> None:
    """A file of one's own needs no fetch, so its new text is read, and only what no longer stands there is announced."""
    night(survey, life)
    life.file(2)
    (item,) = [item for item in night(survey, life) if item["key"] == "file-papers-ours.md"]
    assert 0 < len(item["fields"]) < 7
    assert item["prompt_tokens"] > 0


def test_a_fresh_clone_reads_its_own_files(survey: Folder, life: Life) -> None:
    """Without the cache, a file of the survey is there all the same: what would be asked of it is counted, and nothing is fetched."""
    night(survey, life)
    shutil.rmtree(survey.path / "warehouse" / "cache")
    survey.write("prompts/extract.md", life.prompt + "\nBe brief.\n")
    items = {item["key"]: item for item in survey.ok("refresh", "--dry-run", "--json").json()["items"]}
    own, page = items["file-papers-ours.md"], items["web-example.org-card.md"]
    assert (own["fetch"], own["unread"], len(own["fields"])) == (None, False, 7)
    assert own["prompt_tokens"] > 0
    assert page["unread"]
    assert "not counted: 2 sources whose text" in survey.ok("fields").out


def test_a_batch_that_waits_is_announced_as_it_is_asked(survey: Folder, world: World) -> None:
    """While its questions lie in a batch, and when the replies are there, plan and run name the same fields."""
    provider = Provider(answering(lambda field: says(field, f"of {field}", 2)), ending="in_progress")
    with serving(provider) as server:
        survey.sources("https://example.org/card.md,Card")
        use_model(survey, server)
        survey.run("refresh", "--batch")
        assert [len(item["fields"]) for item in night(survey)] == [7]
        provider.ending = "completed"
        assert [len(item["fields"]) for item in night(survey)] == [7]
        assert [item["fields"] for item in night(survey)] == [[]]
        assert provider.direct == 0


def test_a_keyless_night_does_not_step_down(survey: Folder, life: Life) -> None:
    """The file goes back to a text that the engine without a model had answered, too: the model's answers are taken up, not its."""
    life.no_key()
    survey.ok("refresh")
    life.key("m1")
    survey.ok("refresh")
    life.file(2)
    survey.ok("refresh")
    life.no_key()
    life.file(1)
    (item,) = [item for item in night(survey, life) if item["key"] == "file-papers-ours.md"]
    assert item["fields"] == []
    engines = survey.rows("SELECT DISTINCT proposed_engine AS engine FROM cells WHERE key = 'file-papers-ours.md'")
    assert engines == [{"engine": "openai"}]
