"""A number of nights and a seed go in; a survey lives through them, and what it looks like at the end comes out.

    python -m tests.simulation 30 [seed]

Papers get new versions and are withdrawn, pages change and vanish for a night,
arXiv's API or everything is down, and the model fails in 5 % of its requests.
After the last night every source must be in the right state, no answer may
have been asked for twice, and each day with changes must have the body of a
pull request.
"""

from __future__ import annotations

import json
import os
import random
import re
import sys
import tempfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from survey_extract.commands.report_body import BODY_LIMIT
from tests.conftest import Folder, use_model
from tests.papers.make import Paper, pdf
from tests.servers.loopback import Request, Response, serving
from tests.servers.openai_server import completion, failure
from tests.servers.world import World

PAPERS, PAGES = 8, 4
FAILS = 0.05
"""Share of the model's requests that fail."""

_SUBJECTS = (
    "The encoder",
    "The decoder",
    "Our model",
    "The connector",
    "The second stage",
    "The first stage",
    "Each caption",
    "The data set",
)
_VERBS = (
    "is trained on",
    "is joined to",
    "reads",
    "is compared with",
    "is aligned with",
    "is tuned on",
    "passes its output to",
    "was collected from",
)
_OBJECTS = (
    "pictures of harbors",
    "logs of ships",
    "maps of orchards",
    "letters and numbers",
    "questions about pictures",
    "notes of pilots",
    "frozen features",
    "pairs of words",
)


@dataclass
class Lived:
    """What was seen: nights by exit code, events, and what was wrong."""

    nights: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    bodies: int = 0
    changed: int = 0
    carried: int = 0
    asked: int = 0
    model_requests: int = 0
    model_failures: int = 0
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Life:
    """The world and its model; ``night`` lets something happen."""

    def __init__(self, seed: int, lived: Lived) -> None:
        self.chance, self.lived, self.world = random.Random(seed), lived, World()
        self.texts: dict[str, list[str]] = {}
        self.versions: dict[str, int] = {}
        self.withdrawn: set[str] = set()
        for number in range(PAPERS):
            self.texts[f"2405.{number:05}"] = [self.sentence() for _ in range(24)]
            self.new_version(f"2405.{number:05}")
        for number in range(PAGES):
            self.texts[f"/example.org/{number}.md"] = [self.sentence() for _ in range(24)]
            self.change_page(f"/example.org/{number}.md")

    def sentence(self) -> str:
        pick = self.chance.choice
        return f"{pick(_SUBJECTS)} {pick(_VERBS)} {self.chance.randrange(2, 900)} {pick(_OBJECTS)} in the {self.chance.randrange(2, 90)} tests we ran."

    def edit(self, name: str) -> None:
        text = self.texts[name]
        for _ in range(3):
            text[self.chance.randrange(len(text))] = self.sentence()
        text.insert(self.chance.randrange(len(text)), self.sentence())

    def new_version(self, id_: str) -> None:
        self.versions[id_] = self.versions.get(id_, 0) + 1
        half = len(self.texts[id_]) // 2
        sections = [("1 Model", [" ".join(self.texts[id_][:half])]), ("2 Training", [" ".join(self.texts[id_][half:])])]
        made = Paper(
            title=f"Paper {id_}", abstract="This is one of the papers of the survey that lives.", sections=sections
        )
        self.world.paper(id_, self.versions[id_], pdf(made))

    def change_page(self, path: str) -> None:
        self.versions[path] = self.versions.get(path, 0) + 1
        self.world.page(path, f"# Page {path}\n\n" + " ".join(self.texts[path]), etag=f'"{self.versions[path]}"')

    def night(self) -> None:
        """Let things happen before a night."""
        self.world.fails = lambda _: None
        for name in list(self.texts):
            if name not in self.withdrawn and self.chance.random() < 0.15:
                self.edit(name)
                (self.change_page if name.startswith("/") else self.new_version)(name)
                self.lived.events["a page changed" if name.startswith("/") else "a new version"] += 1
        if self.chance.random() < 0.08 and len(self.withdrawn) < 2:
            id_ = self.chance.choice(
                [name for name in self.texts if not name.startswith("/") and name not in self.withdrawn]
            )
            self.withdrawn.add(id_)
            self.world.paper(id_, self.versions[id_], comment="This paper has been withdrawn by its authors.")
            self.lived.events["a paper withdrawn"] += 1
        trouble = self.chance.random()
        if trouble < 0.1:
            self.trouble(
                "arXiv's API down",
                lambda r: Response(503, b"", {"Retry-After": "0"}) if r.path.startswith("/export") else None,
            )
        elif trouble < 0.18:
            self.trouble("everything down", lambda r: Response(403))
        elif trouble < 0.26:
            self.trouble("arXiv's papers refused", lambda r: Response(403) if "/pdf/" in r.path else None)
        elif trouble < 0.36:
            gone = f"/example.org/{self.chance.randrange(PAGES)}.md"
            self.trouble("a page gone for a night", lambda r: Response(404) if r.path == gone else None)

    def trouble(self, what: str, fails: Any) -> None:
        self.world.fails = fails
        self.lived.events[what] += 1

    def model(self, request: Request) -> Response:
        """Says of each field the first words of a sentence that the field's name chooses; fails now and then."""
        self.lived.model_requests += 1
        if self.chance.random() < FAILS:
            self.lived.model_failures += 1
            kind = self.chance.randrange(4)
            if kind == 0:
                return failure(500, "no luck", retry_after_ms="5")
            if kind == 1:
                return failure(429, "slow down", retry_after_ms="5")
            if kind == 2:
                return Response(200, b"{" * 200, cut=20)
            return completion("no JSON at all")
        asked = json.loads(request.body)
        question = asked["messages"][0]["content"]
        fence = re.findall(r"BEGIN DOCUMENT (\w+)", question)[0]
        sentences = re.findall(r"^\[(\d+)\] (.+)$", question, re.MULTILINE)
        reply: dict[str, Any] = {}
        for name in asked["response_format"]["json_schema"]["schema"]["properties"]:
            number, words = sentences[zlib.crc32(name.encode()) % len(sentences)]
            value = " ".join(words.split()[:6])
            reply[name] = {"value": [value] if name == "datasets_used" else value, "evidence": [int(number)]}
            self.lived.answers[fence, name] += 1
        return completion(json.dumps(reply))


def simulate(nights: int, seed: int) -> Lived:
    """Live through the nights, and one calm night at the end."""
    lived = Lived()
    life = Life(seed, lived)
    with tempfile.TemporaryDirectory() as place, serving(life.world) as web, serving(life.model) as server:
        folder = Folder(
            Path(place) / "survey",
            {"SURVEY_ARXIV_PACE": "0", "SURVEY_PUBLISH": "any", "SURVEY_MIRROR": web.url, "SURVEY_CONCURRENCY": "1"},
        )
        folder.path.mkdir()
        folder.ok("init")
        folder.sources(
            *(
                f"{name},Paper {name}" if not name.startswith("/") else f"https:/{name},Page {name}"
                for name in life.texts
            )
        )
        use_model(folder, server)
        folder.run("refresh")
        for _ in range(nights):
            life.night()
            _night(folder, lived)
        life.world.fails = lambda _: None
        for _ in range(3):  # calm nights: what failed is made up for
            _night(folder, lived)
        _check(folder, life, lived)
    return lived


def _night(folder: Folder, lived: Lived) -> None:
    rows = folder.read("README.md").count("<details>")
    ran = folder.run("refresh", "--json")
    lived.nights += 1
    lived.codes[ran.code] += 1
    if folder.read("README.md").count("<details>") < rows:
        lived.wrong.append(f"night {lived.nights}: the table shrank from {rows} rows")
    if not ran.out:
        return
    run = ran.json()
    lived.asked += sum(len(outcome["asked"]) for outcome in run["outcomes"])
    lived.carried += sum(len(outcome["carried"]) for outcome in run["outcomes"])
    changed = [o["key"] for o in run["outcomes"] if o["kind"] in ("new", "changed") and (o["asked"] or o["carried"])]
    if changed:
        lived.changed += 1
        body = folder.ok("report").out
        lived.bodies += len(body) <= BODY_LIMIT and all(f"<code>{key}</code>" in body for key in changed)


def _check(folder: Folder, life: Life, lived: Lived) -> None:
    """Every source in its right state."""
    lived.wrong += [f"asked twice: {pair}" for pair, count in lived.answers.items() if count > 1]
    status = folder.ok("status", "--json").json()
    failed = [problem for problem in status["problems"] if problem["outcome"] != "withdrawn"]
    lived.wrong += [f"fails at the end: {problem}" for problem in failed]
    withdrawn = {problem["key"] for problem in status["problems"]} - {problem["key"] for problem in failed}
    if withdrawn != {f"arxiv-{id_}" for id_ in life.withdrawn}:
        lived.wrong.append(f"withdrawn: {sorted(withdrawn)}, not {sorted(life.withdrawn)}")
    cells = folder.rows(
        "SELECT c.key, c.field, c.proposed, c.missing_quotes, c.document = s.document AS latest, s.version, e.quote, e.whereabouts "
        "FROM cells c JOIN sources s USING (key) LEFT JOIN evidence e ON e.answer = c.proposed_answer"
    )
    if len(cells) != 7 * (PAPERS + PAGES):
        lived.wrong.append(f"{len(cells)} cells with a sentence each, not {7 * (PAPERS + PAGES)}")
    for cell in cells:
        id_ = cell["key"].removeprefix("arxiv-")
        right = cell["latest"] and cell["whereabouts"] == "found" and cell["missing_quotes"] == 0
        if not right or cell["proposed"] not in cell["quote"]:
            lived.wrong.append(f"not in its right state: {cell}")
        if id_ in life.versions and id_ not in life.withdrawn and cell["version"] != f"v{life.versions[id_]}":
            lived.wrong.append(f"{cell['key']} stands at {cell['version']}, the world at v{life.versions[id_]}")
    if lived.bodies != lived.changed:
        lived.wrong.append(f"{lived.changed} days with changes, {lived.bodies} bodies that name them all and fit")
    verified = folder.ok("verify", "--json").json()
    if verified["missing"] or verified["checked"] < 7 * (PAPERS + PAGES):
        lived.wrong.append(f"verify: {verified}")


def main() -> None:
    nights, seed = (int(sys.argv[at]) if len(sys.argv) > at else standard for at, standard in ((1, 30), (2, 1)))
    for name in list(os.environ):
        if name.startswith(("SURVEY_", "OPENAI_")):
            del os.environ[name]
    lived = simulate(nights, seed)
    print(
        f"seed {seed}: {lived.nights} nights, exit codes {dict(sorted(lived.codes.items()))}; {dict(lived.events.most_common())}"
    )
    print(
        f"the model: {lived.model_requests} requests, {lived.model_failures} failed; {lived.asked} fields asked for, {lived.carried} cells carried over"
    )
    print(
        f"{lived.changed} days with changes, {lived.bodies} bodies; answers asked twice: {sum(count > 1 for count in lived.answers.values())}"
    )
    print("\n".join(lived.wrong) or "every source ended in its right state")
    sys.exit(bool(lived.wrong))


if __name__ == "__main__":
    main()
