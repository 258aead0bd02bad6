"""A text that a person wrote is never written over, whatever stood there before: random lives of a table, in two clones."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.commands.import_list import import_list
from survey_extract.core.decisions import standing_decision
from survey_extract.core.lists.read import parse_list
from survey_extract.core.lists.rendered import Rendering, record_of
from survey_extract.core.readme.table import BEGIN, END, PublishedRow, ShownCell, block_of
from survey_extract.core.records import Decision
from survey_extract.errors import HandEdits
from survey_extract.pipeline.render import rendered
from tests.conftest import Folder, Once
from tests.fields import FIELDS
from tests.test_hand_edits import made, whole  # noqa: F401 - fixtures

TEXTS = ("Ash", "Birch", "Cedar")
KEYS = ("web-example.org-a", "web-example.org-b")
NAME = FIELDS.asked[0].name
Place = tuple[str, str]


@dataclass
class Clone:
    """A survey in memory, as archive and as warehouse: decisions, what is on record, the README, what the tool wrote
    there last, and what a person wrote there since."""

    readme: str = f"{BEGIN}\n{END}\n"
    given: dict[str, list[Decision]] = field(default_factory=dict)
    on_record: list[Rendering] = field(default_factory=list)
    by_hand: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    clock: int = 2026
    nights: int = 0
    is_merged: bool = False
    """Whether two clones' records are in it: where both wrote a cell, a person may be asked without need."""

    fields = FIELDS

    def value(self, key: str) -> str:
        standing = standing_decision(self.given.get(key, ()))
        return str(standing.value) if standing else TEXTS[0]

    def published(self, _: object) -> list[PublishedRow]:
        cells = tuple(ShownCell("Same") for _ in FIELDS.asked[1:])
        return [
            PublishedRow(key, key, f"Title {key}", f"https://{key[4:].replace('org-', 'org/')}",
                (ShownCell(self.value(key)), *cells), f"Read: it. {len(self.given.get(key, ())) > 0} {self.nights}")
            for key in KEYS
        ]  # fmt: skip

    def known_texts(self) -> dict[Place, frozenset[str]]:
        return {(key, NAME): frozenset(TEXTS) for key in KEYS}

    def rows(self, *_: object) -> list[tuple[str, str]]:
        return []

    def renderings(self) -> list[Rendering]:
        return self.on_record

    def answers(self, _: str) -> list[Any]:
        return []

    def decisions(self, key: str) -> list[Decision]:
        return self.given.get(key, [])

    def add_decisions(self, key: str, decisions: Any) -> None:
        self.given.setdefault(key, []).extend(decisions)

    def add_rendering(self, rendering: Rendering) -> None:
        self.on_record.append(rendering)

    def shown(self) -> dict[str, str]:
        rows, _ = parse_list(block_of(self.readme), FIELDS)
        return {key: dict(row.cells)[NAME] for key, row in zip(KEYS, rows, strict=False)}

    # --- what happens to it -----------------------------------------------------------------------

    def edit(self, key: str, text: str) -> None:
        """A person writes into the cell of a row; to write what stands there is to write nothing."""
        if (old := self.shown().get(key)) is None or old == text:
            return
        before, here, after = self.readme.partition(f"<summary>{key}</summary>")
        self.readme = before + here + after.replace(f"<td>{old}</td>", f"<td>{text}</td>", 1)
        assert self.shown()[key] == text
        self.by_hand[key] = text
        if text == self.written.get(key):
            del self.by_hand[key]  # the README is as the tool wrote it

    def imports(self) -> None:
        """Every edit that says what the survey does not is a decision from then on."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "README.md"
            place.write_text(self.readme, encoding="utf-8")
            import_list(Path(folder), place, "Ada", cast("Any", self), cast("Any", self), lambda _: None, partial=False)
        for key, text in self.by_hand.items():
            assert self.value(key) == text
        self.by_hand, self.written = {}, self.shown()

    def reviews(self, key: str, text: str) -> None:
        last = max((one.at for one in self.given.get(key, ())), default="2020-01-01T00:00:00.000000Z")
        at = f"{int(last[:4])}{last[4:-2]}{(int(last[-2]) + 1) % 10}Z" if last[-2] != "9" else f"{last[:-1]}1Z"
        self.add_decisions(
            key, [Decision(NAME, "edited", None, text, quoted=False, evidence=(), document=None, by="Bob", at=at)]
        )

    def renders(self) -> None:
        """Refused while a person's text would be lost; nothing of it is lost where it is not."""
        before, record = self.readme, record_of(self.on_record)
        at = record.at(datetime(self.clock, 1, 1, tzinfo=UTC))
        try:
            done = rendered({"README.md": before}, cast("Any", self), "any", limit=10**6, record=record, at=at)
        except HandEdits:
            assert self.by_hand or self.is_merged, "what the tool wrote is called an edit"
            return
        if done.rendering:
            self.on_record.append(done.rendering)
        self.readme = done.files["README.md"]
        for key, text in self.by_hand.items():
            assert self.shown()[key] == text, "a person's text was written over"
        self.by_hand, self.written = {}, self.shown()


def merged(one: Clone, other: Clone, base: str = "") -> None:
    """Git unites the records of two clones; the README is that which is no longer as at first, where both are, the first clone's."""
    if one.readme == base:
        one.readme, one.by_hand, one.written = other.readme, dict(other.by_hand), dict(other.written)
    both = list(dict.fromkeys((*one.on_record, *other.on_record)))
    one.on_record, other.on_record = both, list(both)
    for key in KEYS:
        decisions = list(dict.fromkeys((*one.decisions(key), *other.decisions(key))))
        one.given[key], other.given[key] = decisions, list(decisions)
    other.readme, other.by_hand, other.written = one.readme, dict(one.by_hand), dict(one.written)


Act = Literal["edit", "import", "render", "review", "night"]
ACTS = st.tuples(
    st.sampled_from(["edit", "edit", "import", "render", "render", "review", "night"]),
    st.integers(0, 1),
    st.sampled_from(KEYS),
    st.sampled_from(TEXTS),
)


def acted(clone: Clone, act: str, key: str, text: str) -> None:
    if act == "edit":
        clone.edit(key, text)
    elif act == "import":
        clone.imports()
    elif act == "review":
        clone.reviews(key, text)
    else:
        clone.nights += act == "night"
        clone.renders()


@settings(max_examples=15, deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_no_text_of_a_person_is_written_over(acts: list[tuple[str, int, str, str]]) -> None:
    """Edits to any text, also one that stood there before, imports, reviews, nights and renderings in any order: render refuses
    what it would lose, import makes it a decision, and nothing that render wrote itself is refused."""
    clone = Clone()
    clone.renders()
    for act, _, key, text in acts:
        acted(clone, act, key, text)
    clone.imports()
    clone.renders()
    assert {key: clone.value(key) for key in KEYS} == clone.shown()


@settings(max_examples=15, deadline=None)
@given(st.lists(ACTS, max_size=12), st.lists(ACTS, max_size=12), st.booleans())
def test_no_text_of_a_person_is_written_over_in_two_clones(
    apart: list[tuple[str, int, str, str]], together: list[tuple[str, int, str, str]], ahead: bool
) -> None:
    """The same where two clones, whose clocks differ by years, are merged with the README of one: render writes over no edit in it."""
    clones = [Clone(clock=2031 if ahead else 2026), Clone(clock=2026 if ahead else 2031)]
    clones[0].renders()
    merged(clones[0], clones[1])
    base = clones[0].readme
    for act, at, key, text in apart:
        acted(clones[at], act, key, text)
    for clone in clones:
        clone.imports()
        clone.renders()
    merged(clones[0], clones[1], base)
    clones[0].is_merged = True
    clones[0].renders()
    for act, _, key, text in together:
        acted(clones[0], act, key, text)
    clones[0].imports()
    clones[0].renders()
    assert {key: clones[0].value(key) for key in KEYS} == clones[0].shown()


@pytest.mark.parametrize("is_imported", [True, False])
def test_a_cell_that_is_put_back_is_kept(whole: Folder, is_imported: bool) -> None:  # noqa: F811
    """From one text to another, imported and rendered, and back: named by render, recorded by import, again and again."""
    texts = ["Some text. A 2", "Other words"]
    for turn in range(4):
        old, new = texts[turn % 2], texts[(turn + 1) % 2]
        whole.write("README.md", whole.read("README.md").replace(f"<td>{old}<", f"<td>{new}<"))
        if turn == 3 and not is_imported:
            ran = whole.run("render")
            assert (ran.code, bool(re.search(r"README\.md:\d+: training_methods of arxiv-2401\.00001", ran.err))) == (
                2,
                True,
            )
            continue
        assert "1 cell recorded" in whole.ok("import", str(whole.path / "README.md")).err
        whole.ok("render")
        assert f"<td>{new}<" in whole.read("README.md")


# --- what an edit may say -------------------------------------------------------------------------

ALLOWED = {
    "toll": ("yes_no", "", ("yes", "free")),
    "shape": ("choice", 'options = ["cantilever", "arch"]\n', ("arch", "canti-lever")),
    "span": ("number", 'unit = "m"\n', ("510 m", "long")),
    "opened": ("date", "", ("1991-08-14", "some day")),
    "home": ("url", "", ("https://example.org/x", "here")),
}
CARD = (
    "# The Weir\n\nThe main span of the bridge is 510 m, and a toll is charged for crossing it. "
    + "It is an arch of steel. " * 20
)


@pytest.fixture
def bridges(once: Once, tmp_path: Path) -> Folder:
    """A survey of one file, with a field of each type that has a form, filled in by a list and rendered."""
    return once.survey("bridges", _filled_in, tmp_path / "survey", SURVEY_REVIEWER="Ada")


def _filled_in(survey: Folder) -> None:
    survey.write(
        "fields.toml",
        "".join(f'[{name}]\nask = "It."\ntype = "{kind}"\n{more}\n' for name, (kind, more, _) in ALLOWED.items()),
    )
    survey.write("weir.md", CARD)
    survey.sources("./weir.md,Weir")
    heads = "".join(f"<th>{name.capitalize()}</th>" for name in ("title", *ALLOWED))
    cells = "".join(f"<td>{given[0]}</td>" for _, _, given in ALLOWED.values())
    survey.write(
        "list.md",
        f'<details><summary>Weir</summary><table><thead><tr>{heads}</tr></thead><tbody><tr><td><a href="./weir.md">Weir</a></td>'
        f"{cells}</tr></tbody></table></details>",
    )
    survey.ok("refresh")
    survey.ok("import", str(survey.path / "list.md"))
    survey.ok("render")


@pytest.mark.parametrize("name", ALLOWED)
def test_an_edit_that_its_field_cannot_have_is_refused_and_mended(bridges: Folder, name: str) -> None:
    """What the review page refuses is refused with its line, in whole and in part; mended, it is recorded, also right after."""
    good, bad = ALLOWED[name][2]
    before = bridges.read("README.md")
    bridges.write("README.md", before.replace(f"<td>{good}<", f"<td>{bad}<"))
    line = bridges.read("README.md").split(f"<td>{bad}<")[0].count("\n") + 1
    ran = bridges.run("import", str(bridges.path / "README.md"))
    assert (ran.code, f"README.md:{line}: {name} of " in ran.err, bad in ran.err) == (2, True, True), ran.err
    ran = bridges.ok("import", str(bridges.path / "README.md"), "--partial")
    assert "0 cells recorded" in ran.err
    assert bridges.run("render").code == 2
    assert bridges.rows(f"SELECT value FROM cells WHERE field = '{name}'") == [{"value": good}]
    bridges.write("README.md", before)
    bridges.ok("render")
    assert bridges.read("README.md") == before


def test_an_edit_that_the_source_does_not_contain_says_so(bridges: Folder) -> None:
    """A figure by hand that the source lacks is recorded, and named at once with its line. The row, status and verify say that it
    was written by hand: nobody was asked about it, so nobody accepted it or vouches for it."""
    bridges.write("README.md", bridges.read("README.md").replace("<td>510 m<", "<td>777 m<"))
    line = bridges.read("README.md").split("<td>777 m<")[0].count("\n") + 1
    told = bridges.ok("import", str(bridges.path / "README.md")).err
    assert re.search(rf"README\.md:{line}: span of \S+: the source does not contain “777 m”", told), told
    bridges.ok("render")
    readme, status, verified = bridges.read("README.md"), bridges.ok("status").out, bridges.run("verify").out
    assert "written by hand; the source does not contain “777 m”" in readme
    assert "accepted" not in readme
    assert "777" in status
    assert "vouch" not in status + verified
    assert re.search(r"by hand +span of .*does not contain “777 m”; Ada wrote it", verified), verified
    bridges.write("README.md", bridges.read("README.md").replace("<td>777 m<", "<td>510 m<"))
    told = bridges.ok("import", str(bridges.path / "README.md")).err
    assert "1 cell recorded" in told
    assert "does not contain" not in told
    bridges.ok("render")
    assert "does not contain “777 m”" not in bridges.read("README.md")


@pytest.mark.parametrize("cell", ["Not reported", "<em>Not reported</em>", "not reported"])
def test_not_reported_is_heard_where_nothing_was_said(survey: Folder, cell: str) -> None:
    """Whoever writes it into a cell without an answer has decided so, as in any other cell."""
    survey.env |= {"SURVEY_REVIEWER": "Ada", "SURVEY_PUBLISH": "any"}
    survey.write(
        "fields.toml",
        '[draught]\nask = "The draught."\ntype = "number"\nunit = "m"\n[of]\nask = "What the document is about."\n',
    )
    survey.write("weir.md", CARD)
    survey.sources("./weir.md,Weir")
    survey.ok("refresh")
    before = survey.read("README.md")
    after = re.sub(r"<td><br><sub>no answer.*?</td>", f"<td>{cell}</td>", before, count=1)
    assert after != before
    survey.write("README.md", after)
    ran = survey.run("render")
    assert (ran.code, "draught of" in ran.err, survey.read("README.md") == after) == (2, True, True), ran.err
    assert "1 cell recorded" in survey.ok("import", str(survey.path / "README.md")).err
    survey.ok("render")
    assert "<td><em>Not reported</em></td>" in survey.read("README.md")
    assert survey.rows("SELECT state FROM cells WHERE field = 'draught'") == [{"state": "not_reported"}]


# --- what a merge left ----------------------------------------------------------------------------


def conflicted(text: str, line: str) -> tuple[str, int]:
    """A text with a conflict over its first line that holds ``line``, and the number of the first mark."""
    lines = text.splitlines()
    at = next(number for number, one in enumerate(lines) if line in one)
    lines[at : at + 1] = ["<<<<<<< HEAD", lines[at], "=======", lines[at].replace(">510", ">520") + " ", ">>>>>>> side"]
    return "\n".join(lines) + "\n", at + 1


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("README.md", "<td>510 m"),
        ("README.md", BEGIN),
        ("sources.csv", "weir"),
        ("fields.toml", "ask"),
        ("list.md", "510 m"),
    ],
)
def test_a_conflict_is_called_one(bridges: Folder, name: str, line: str, newline: str) -> None:
    """Marks that a merge left are named by file and line, with what to do, and nothing is said of anything else."""
    text, at = conflicted(bridges.read(name), line)
    bridges.write(name, text.replace("\n", newline).encode())
    ran = bridges.run(*(["import", str(bridges.path / name)] if name == "list.md" else ["render"]))
    assert (ran.code, f"{name}:{at}: a merge left a conflict here (lines {at} to {at + 4})" in ran.err) == (2, True), (
        ran.err
    )
    assert "delete the lines that begin with <<<<<<<" in ran.err
    assert len(re.findall(r"\w\.\w+:\d+: ", ran.err)) == 1, ran.err


def test_a_conflict_outside_the_table_is_its_authors(bridges: Folder) -> None:
    """What is no whole conflict, or stands outside the markers, is not held against the table."""
    text = bridges.read("README.md") + "\n<<<<<<< HEAD\none\n=======\nother\n>>>>>>> side\n"
    bridges.write("README.md", text)
    bridges.ok("render")
    assert bridges.read("README.md") == text
