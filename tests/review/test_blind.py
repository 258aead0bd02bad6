"""A blind sitting: by no route does the page tell what was answered, checked or decided, before its reviewer has decided."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from starlette.routing import Mount, Route

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.decisions import decide
from survey_extract.core.evidence import point
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Answer, Decision, Opinion, Verdict
from survey_extract.review.pages import ReviewApp
from survey_extract.review.security import Entrance
from survey_extract.wiring import open_desk
from tests.conftest import Folder
from tests.fields import FIELDS
from tests.papers.make import HARBOR, ORCHARD, pdf
from tests.review.conftest import Reviewing, found_by_axe, press, reviewing

PDF_KEY, TEXT_KEY = "file-papers-harbor.pdf", "file-papers-orchard.md"
KEYS = (PDF_KEY, TEXT_KEY)
NAMES = [spec.name for spec in FIELDS]


@dataclass(frozen=True)
class Told:
    """What a survey holds that a blind reviewer must not see; two of them differ in all of it."""

    word: str
    sentence: int
    verdicts: Sequence[Verdict]
    findings: tuple[str, str]


ONE = Told("Aubergine", 4, ("accepted", "edited", "rejected", "not_reported", "imported"), ("agrees", "partly"))
OTHER = Told("Zucchini", 7, ("not_reported", "rejected", "imported", "accepted", "edited"), ("differs", "no"))


def made(path: Path, told: Told) -> Folder:
    """A survey of two sources: each cell answered, checked, judged and opined on, some decided by Ada, all with one word in it."""
    folder = Folder(path, {"SURVEY_READERS": "1"})
    path.mkdir()
    folder.ok("init")
    folder.write("papers/harbor.pdf", pdf(HARBOR))
    folder.write(
        "papers/orchard.md", "# Orchard\n\n" + "\n\n".join(part for _, parts in ORCHARD.sections for part in parts)
    )
    folder.sources("./papers/harbor.pdf,Harbor", "./papers/orchard.md,Orchard")
    folder.ok("refresh")
    archive = FileArchive(path, warn=print)
    for key in KEYS:
        for at, name in enumerate(NAMES):
            _fill(archive, key, name, told, at)
    return folder


def _fill(archive: FileArchive, key: str, name: str, told: Told, at: int) -> None:
    document = archive.documents()[key][-1].sha256
    text = archive.text_of(document)
    latest = [answer for answer in archive.answers(key) if answer.field == name][-1]
    assert text is not None
    evidence, _ = point(text, [s.number for s in text.citable()][told.sentence + at : told.sentence + at + 1 + at % 2])
    value = f"{told.word} {at} of {name}"
    fields = {part: getattr(latest, part) for part in latest.__slots__}
    fields |= {
        "value": value,
        "quoted": False,
        "value_sha256": value_sha256(value),
        "evidence": evidence,
        "model": told.word,
    }
    answer = Answer(**fields | {"engine": f"engine{told.word}", "at": f"2026-01-0{at % 7 + 1}T00:00:00Z"})
    archive.add_answers(key, [answer])
    for kind, finding in zip(("second", "judge"), told.findings, strict=True):
        opinion = Opinion(
            "f", name, kind, finding, answer.value_sha256, "openai", f"model{told.word}", document, text.sha256, evidence,  # type: ignore[arg-type]
            None, None, "2026-01-01T00:00:00Z", f"second {told.word}", value_sha256=value_sha256("x"), not_carried=told.word,
        )  # fmt: skip
        archive.add_opinions(key, [opinion])
    if at < len(told.verdicts):
        archive.add_decisions(key, [_by_ada(told, name, answer, told.verdicts[at])])


def _by_ada(told: Told, name: str, answer: Answer, verdict: Verdict) -> Decision:
    value = f"decided {told.word}" if verdict in ("edited", "imported") else None
    return decide(
        verdict, name, answer, by=f"Ada{told.word}", at="2026-02-01T00:00:00.000000Z", value=value, reason=told.word,
        unfound=(told.word,),
    )  # fmt: skip


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reviewing, Reviewing]]:
    """Blind sittings of Bob on two surveys that differ in nothing but what he must not see."""
    folder = tmp_path_factory.mktemp("blind")
    with (
        reviewing(made(folder / "one", ONE), None, "--blind", by="Bob") as one,
        reviewing(made(folder / "other", OTHER), None, "--blind", by="Bob") as other,
    ):
        yield one, other


FILTERS = ("", "?state=all", "?state=accepted", "?state=changed", "?state=not_reported", "?engine=engineAubergine",
           f"?key={PDF_KEY}", "?field=training_methods&state=edited", "?start=1")  # fmt: skip


def gets() -> list[str]:
    """Every address that the page answers, with every filter."""
    cells = [f"/cell/{key}/{name}" for key in KEYS for name in NAMES]
    sheets = [f"/sheet/{key}/{name}/1?zoom=0" for key in KEYS for name in NAMES[:2]]
    listed = [f"/source/{key}/accept" for key in KEYS]
    return [
        *(f"/{words}" for words in FILTERS),
        *(f"{cell}{words}" for cell in cells for words in FILTERS[:3]),
        *sheets,
        *listed,
        *(f"/cell/{key}/{name}/marks" for key in KEYS for name in NAMES[:2]),
        f"/web/{PDF_KEY}/{NAMES[0]}/1.png",
    ]


POSTS: list[tuple[str, dict[str, str]]] = [
    *((f"/cell/{PDF_KEY}/training_methods", {"verdict": key, "judged": "", "value": ""}) for key in "aernmx?"),
    (f"/cell/{PDF_KEY}/training_methods", {"verdict": "a", "judged": value_sha256("Aubergine 2 of training_methods")}),
    (f"/cell/{PDF_KEY}/training_methods", {"verdict": "x", "asked": "x", "standing": value_sha256("decided Aubergine")}),
    (f"/cell/{PDF_KEY}/training_methods", {"verdict": "e", "value": "It has 987654 parameters."}),
    (f"/cell/{PDF_KEY}/training_methods/check", {"value": "Aubergine and 987654", "evidence": "5"}),
    (f"/source/{PDF_KEY}/accept", {f"judged-{NAMES[6]}": value_sha256(f"Aubergine 6 of {NAMES[6]}")}),
    ("/undo", {}),
]  # fmt: skip
POSTS = [(path, form) for path, form in POSTS if form.get("verdict") != "n"]  # that one decides


class Asking:
    """A sitting that is asked; its token is read once."""

    def __init__(self, review: Reviewing) -> None:
        self.review = review
        token = re.search(r'name="token" content="([^"]+)"', review.get("/"))
        assert token
        self._token = token[1]

    def __call__(self, path: str, form: dict[str, str] | None = None) -> str:
        """Status, place and body of an answer, without what differs from sitting to sitting."""
        data = urllib.parse.urlencode(form | {"token": self._token}).encode() if form is not None else None
        try:
            with self.review.open(path, data) as answer:
                status, place, body = answer.status, answer.url, answer.read()
        except urllib.error.HTTPError as error:
            status, place, body = error.code, path, error.read()
        text = f"{status} {place}\n{body.decode('utf-8', 'replace')}"
        return text.replace(self.review.url, "").replace(self.review.base, "").replace(self._token, "TOKEN")

    def everything(self) -> list[tuple[str, str]]:
        """What every route, filter and form answers, each by its path and form."""
        got = [(path, self(path)) for path in gets()]
        return got + [(f"{path} {form}", self(path, form)) for path, form in POSTS]


@pytest.fixture(scope="module")
def answers(two: tuple[Reviewing, Reviewing]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """All that both sittings say."""
    one, other = two
    return Asking(one).everything(), Asking(other).everything()


Said = list[tuple[str, str]]


def test_what_a_blind_reviewer_sees_does_not_depend_on_what_he_must_not_see(
    two: tuple[Reviewing, Reviewing], answers: tuple[Said, Said]
) -> None:
    """Every route, filter and form of two surveys of the same sources: letter for letter the same, whatever was answered and decided."""
    for (path, one), (_, other) in zip(*answers, strict=True):
        assert one == other, path
    document = FileArchive(two[0].folder.path, warn=print).documents()[PDF_KEY][-1].sha256
    asked, asked_other = map(Asking, two)
    for zoom in range(4):
        picture = f"/picture/{document}/1.png?zoom={zoom}"
        assert asked(picture) == asked_other(picture)


def test_no_route_holds_a_word_of_it(two: tuple[Reviewing, Reviewing], answers: tuple[Said, Said]) -> None:
    """The same, by the words themselves: values, models, engines, names, reasons, opinions."""
    for review, told, said in zip(two, (ONE, OTHER), answers, strict=True):
        for path, text in said:
            ours = rf"engine={told.word}|engine=engineAubergine|Aubergine and 987654|\"Aubergine\""
            assert told.word not in re.sub(ours, "", text), path
        with_document = review.get(f"/cell/{PDF_KEY}/training_methods")
        assert "papers/harbor.pdf" in with_document
        assert 'data-first="1"' in with_document
        assert 'name="evidence" value=""' in with_document


def test_every_route_is_fetched(two: tuple[Reviewing, Reviewing]) -> None:
    """A new route fails here until it is among those that are looked at."""
    folder = two[0].folder
    archive = FileArchive(folder.path, warn=print)
    from survey_extract.settings import load_settings

    with open_desk(folder.path, archive, load_settings(folder.path, {}), (folder.path / "sources.csv").read_bytes(), "Bob", blind=True) as (desk, pictures):  # fmt: skip
        routes = ReviewApp(desk, pictures, Entrance(0)).routes()
    fetched = [path.partition("?")[0] for path in (*gets(), *(path for path, _ in POSTS), "/picture/x/1.png")]
    for route in routes:
        if isinstance(route, Route):
            assert any(route.path_regex.match(path.replace("/x/", f"/{'0' * 64}/")) for path in fetched), route.path
        else:
            assert isinstance(route, Mount)
            assert route.path == "/static"


def test_deciding_blind_shows_the_comparison_and_keeps_what_stands(tmp_path: Path, page: Page) -> None:
    """By keys, in the browser: his value is on record as blind, then all is shown; what stood stands, and the next cell is masked."""
    folder = made(tmp_path / "survey", ONE)
    with reviewing(folder, page, "--blind", by="Bob") as review:
        page.goto(f"{review.url}/cell/{PDF_KEY}/{NAMES[1]}")
        page.wait_for_selector("#sheet[data-ready]")
        for width in (1360, 390):
            page.set_viewport_size({"width": width, "height": 860})
            assert found_by_axe(page) == []
        page.set_viewport_size({"width": 1360, "height": 860})
        press(page, "e")
        page.keyboard.type("It is told otherwise here.")
        press(page, "Control+Enter")
        expect(page.locator("#compared")).to_contain_text("You decided blind: It is told otherwise here.")
        expect(page.locator("#standing")).to_have_text("decided Aubergine")
        expect(page.locator(".opinions")).to_contain_text(
            "A second reader (modelAubergine) says: partly; not supported: Aubergine"
        )
        assert found_by_axe(page) == []
        press(page, "j")
        page.wait_for_url(f"**/{NAMES[2]}**")
        expect(page.locator("h1 .state")).to_have_text("blind")
        assert "Aubergine" not in page.content()
        press(page, "u")  # the blind decision is taken back, but what was seen was seen
        page.wait_for_url(f"**/{NAMES[1]}**")
        expect(page.locator("#standing")).to_have_text("decided Aubergine")
    rows = folder.rows(f"SELECT verdict, blind, value, standing FROM decisions WHERE key = '{PDF_KEY}' AND decided_by = 'Bob' ORDER BY decided_at")  # fmt: skip
    assert [(row["verdict"], row["blind"], row["standing"]) for row in rows] == [("edited", True, False), ("undone", False, False)]  # fmt: skip
    (cell,) = folder.rows(f"SELECT value, decided_by FROM cells WHERE key = '{PDF_KEY}' AND field = '{NAMES[1]}'")
    assert cell == {"value": "decided Aubergine", "decided_by": "AdaAubergine"}


def test_the_terminal_is_as_blind(tmp_path: Path) -> None:
    """Nothing of a cell is printed before its verdict; then the comparison is, and the next cell is masked again."""
    folder = made(tmp_path / "survey", ONE)
    before = folder.run("review", "--terminal", "--blind", typed="jjjarmxq", SURVEY_REVIEWER="Bob")
    assert before.code == 0, before.err
    assert "Aubergine" not in before.out
    assert "read it here" in before.out
    after = folder.run("review", "--terminal", "--blind", typed="n q", SURVEY_REVIEWER="Bob")
    first, _, rest = after.out.partition("decided blind")
    assert "Aubergine" not in first
    shown, _, masked = rest.partition("press any key to go on")
    assert "Aubergine" in shown
    assert "Aubergine" not in masked
    record = [json.loads(line) for line in (folder.path / "warehouse/decisions" / f"{PDF_KEY}.jsonl").read_text().splitlines()][-1]  # fmt: skip
    assert (record["verdict"], record["blind"], record["by"], record["judged_sha256"]) == ("not_reported", True, "Bob", None)  # fmt: skip


def test_status_tells_how_often_people_agree(tmp_path: Path) -> None:
    """Nothing before two people decided on a cell; then by field, with n, and no kappa of a field without labels."""
    folder = made(tmp_path / "survey", ONE)
    assert "agree" not in folder.ok("status").out
    assert folder.ok("status", "--json").json()["agreement"] == []
    folder.run("review", "--terminal", "--blind", typed="nq", SURVEY_REVIEWER="Bob")
    (found,) = folder.ok("status", "--json").json()["agreement"]
    assert (found["field"], found["agree"], found["cells"], found["blind"], found["kappa"]) == (NAMES[0], 0, 1, 1, None)
    assert f"{NAMES[0]}: two people agree in 0 of 1 cell " in folder.ok("status").out
