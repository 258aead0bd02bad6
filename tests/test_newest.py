"""What was decided in one version is held against the next: it is there still, or the cell says that it is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.audit import auditable, audits_of
from survey_extract.core.cells import cell
from survey_extract.core.check import RULES
from survey_extract.core.check.check import check
from survey_extract.core.decisions import decide
from survey_extract.core.due.questions import latest_of
from survey_extract.core.evidence import point
from survey_extract.core.fields import Fields, FieldSpec, FieldType
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.newest import in_newest
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Answer, Audit, Check, Decision
from survey_extract.errors import InputError
from survey_extract.review import NeedsReason, NotInEvidence
from tests.conftest import Folder
from tests.papers.make import Paper, pdf, prose
from tests.review.desk import desk_of
from tests.servers.world import World

FIELDS = """
[area]
type = "number"
unit = "ha"
ask = "The area in hectares."
[ponds]
type = "number"
ask = "How many ponds there were."
[share]
ask = "In which share of the ponds there were newts."
[method]
ask = "How the ponds were sampled."
[site]
ask = "Where the ponds lie."
[budget]
ask = "What it cost."
"""
FIRST = {
    "area": "The heath that was studied covers 3.5 ha of sandy ground.",
    "ponds": "In all, 24 ponds were surveyed between March and June.",
    "share": "Newts were found in 84 % of the ponds.",
    "method": "Each pond was sampled with a dip net at dawn, by two people who walked around it once.",
    "site": "The ponds lie to the north of the harbor of Oldham.",
}
SECOND = FIRST | {
    "area": FIRST["area"].replace("3.5", "4.5"),
    "ponds": FIRST["ponds"].replace("24", "26") + " The nets were dry after 24 hours.",
    "share": FIRST["share"].replace("84", "48"),
    "method": "At dawn, two people walked around each pond once and sampled it with a dip net.",
}
THIRD = FIRST | {"more": "This version corrects the one before."}
VALUES = {"area": "3.5 ha", "ponds": "24", "method": "With a dip net, at dawn.", "site": "North of Oldham."}
FILE, PAPER, PAGE = "file-papers-ponds.pdf", "arxiv-2401.00003", "web-example.org-ponds.md"
GONE = {"area": "gone", "ponds": "gone", "share": "gone", "method": "reworded", "site": "same", "budget": None}


def publish(survey: Folder, world: World, version: int, says: dict[str, str]) -> None:
    """The same words as a file of the survey, as a paper of arXiv and as a page."""
    made = pdf(Paper("Ponds of the heath", prose(4), [("The ponds", [*says.values(), prose(8, 10)])]))
    survey.write("papers/ponds.pdf", made)
    world.paper("2401.00003", version=version, data=made)
    world.page("/example.org/ponds.md", "# Ponds\n\n" + "\n\n".join([prose(4), *says.values()]), etag=f'"{version}"')
    survey.ok("refresh")


def sentence(text: PaperText, words: str) -> int:
    return next(s.number for s in text.citable() if words in text.quote(s))


def decide_all(survey: Folder, key: str) -> None:
    """Values by hand, each on its sentence; one accepted from the engine; one that the source does not report."""
    archive = FileArchive(survey.path, warn=pytest.fail)
    answers = archive.answers(key)
    text = archive.text_of(answers[0].document)
    assert text is not None
    for field in FIRST | {"budget": ""}:
        at, answer = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z", latest_of(answers, field)
        if field == "budget":
            made = decide("not_reported", field, answer, by="Ann", at=at)
        elif field == "share":
            made = decide("accepted", field, answer, by="Ann", at=at)
            assert made.quoted
        else:
            evidence, _ = point(text, [sentence(text, FIRST[field])])
            made = decide("edited", field, answer, by="Ann", at=at, value=VALUES[field], evidence=evidence)
        archive.add_decisions(key, [made])


def found(survey: Folder, key: str) -> dict[str, str | None]:
    rows = survey.rows(f"SELECT field, in_newest FROM cells WHERE key = '{key}'")
    return {row["field"]: row["in_newest"] for row in rows}


def queued(survey: Folder, key: str) -> list[str]:
    rows = survey.rows(
        f"SELECT field FROM queue WHERE key = '{key}' AND in_newest IN ('gone', 'reworded') ORDER BY place"
    )
    return [row["field"] for row in rows]


def row_of(survey: Folder, name: str) -> str:
    return survey.read("README.md").split(f"<summary>{name}</summary>")[1].split("</details>")[0]


@pytest.fixture
def decided(survey: Folder, world: World) -> Folder:
    """A file, a paper and a page that say the same, all decided in their first version."""
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.write("fields.toml", FIELDS)
    survey.sources("./papers/ponds.pdf,File", "2401.00003,Paper", "https://example.org/ponds.md,Page")
    publish(survey, world, 1, FIRST)
    for key in (FILE, PAPER, PAGE):
        decide_all(survey, key)
    return survey


def test_what_a_new_version_no_longer_says_is_marked_queued_and_missing(decided: Folder, world: World) -> None:
    """Of each kind of source, wherever the value is shown; what is there still is pointed at there, and v3 has all of it again."""
    survey = decided
    assert survey.ok("verify").code == 0
    publish(survey, world, 2, SECOND)
    for key in (FILE, PAPER, PAGE):
        assert found(survey, key) == GONE, key
        assert queued(survey, key)[:3] == ["area", "ponds", "share"]
        assert set(queued(survey, key)) == {"area", "ponds", "share", "method"}
    values = survey.rows(f"SELECT value, decided_by FROM cells WHERE key = '{FILE}' AND field = 'area'")
    assert values == [{"value": "3.5 ha", "decided_by": "Ann"}]
    for name in ("File", "Paper", "Page"):
        row = row_of(survey, name)
        assert row.count("as in the version before (") == row.count("its sentences are no longer in the source") == 3
        assert "3 cells are as in the version before" in row
        assert "The sentences of 1 cell were reworded" in row
    assert 'ponds.pdf#page=1">1</a>' in row_of(survey, "File").split("North of Oldham.")[1]
    assert "#page" not in row_of(survey, "File").split("North of Oldham.")[0]
    assert row_of(survey, "Paper").count("2401.00003v1#page=1") == 4
    assert row_of(survey, "Paper").count("2401.00003v2#page=1") == 1
    assert "(v1, 2" in row_of(survey, "Paper")
    assert ":~:text" not in row_of(survey, "Page").split("North of Oldham.")[0]
    ran = survey.run("verify", "--json")
    assert ran.code == 1
    assert ran.json()["missing"] == 9
    assert ran.json()["reworded"] == 3
    assert len([one for one in ran.json()["lapsed"] if one["in_newest"] == "gone"]) == 9
    assert "9 decided values are no longer in their source" in survey.ok("status").out
    report = survey.ok("report").out
    assert "9 decided values stay published and marked" in report
    assert "&lt;" not in report
    assert survey.rows("SELECT DISTINCT no_longer_found AS f FROM survey") == [{"f": "area, ponds, share"}]
    lines = {path: path.read_bytes() for path in survey.path.glob("warehouse/a*/*.jsonl")}
    survey.ok("refresh")
    assert {path: path.read_bytes() for path in survey.path.glob("warehouse/a*/*.jsonl")} == lines
    publish(survey, world, 3, THIRD)
    for key in (FILE, PAPER, PAGE):
        assert set(found(survey, key).values()) == {"same", None}
        assert queued(survey, key) == []
    assert "version before" not in survey.read("README.md")
    assert "2401.00003v1" not in survey.read("README.md")
    assert survey.ok("verify").code == 0


def test_who_keeps_it_has_decided_for_this_version(decided: Folder, world: World) -> None:
    """For a reason, or on sentences of the new version: it leaves the queue for good, comes back when that is undone, and for another version."""
    survey = decided
    survey.sources("./papers/ponds.pdf,File")
    publish(survey, world, 2, SECOND)
    with desk_of(survey) as desk:
        view = desk.cell(FILE, "area")
        assert [(p.fate, p.words, p.now_words) for p in view.passages] == [("changed", FIRST["area"], SECOND["area"])]
        assert view.told_lapse is not None
        with pytest.raises(NeedsReason) as asked:
            desk.decide(FILE, "area", "confirmed", view.judged, numbers=())
        desk.decide(
            FILE, "area", "confirmed", view.judged, numbers=(), reason="it is a misprint", stood_for=asked.value.terms
        )
        view = desk.cell(FILE, "share")
        with pytest.raises(InputError):
            desk.decide(FILE, "share", "confirmed", view.judged)
        view = desk.cell(FILE, "method")
        assert view.text is not None
        number = sentence(view.text, SECOND["method"])
        assert [quote.sentence.number for quote in view.carrying if quote.sentence] == [number]
        desk.decide(FILE, "method", "confirmed", view.judged, numbers=(number,))
    survey.ok("refresh")
    assert queued(survey, FILE) == ["ponds", "share"]
    assert "accepted although the source does not contain “3.5 ha”: it is a misprint" in row_of(survey, "File")
    assert survey.run("verify", "--json").json()["missing"] == 2
    with desk_of(survey) as desk:
        view = desk.cell(FILE, "share")
        desk.decide(FILE, "share", "confirmed", view.judged, reason="both", stood_for=("84 %", "84"))
        assert "share" not in {item.field for item in desk.queue() if item.key == FILE}
        desk.undo()
        assert "share" in {item.field for item in desk.queue() if item.key == FILE}
    assert found(survey, FILE)["share"] == "gone"
    publish(survey, world, 3, SECOND | {"method": "Nets were used."})
    assert queued(survey, FILE) == ["ponds", "share", "method"]
    assert survey.run("verify", "--json").json()["missing"] == 3
    publish(survey, world, 4, SECOND | {"area": FIRST["area"].replace("3.5", "5.5")})
    assert queued(survey, FILE) == ["area", "ponds", "share"]


def text_of(*sentences: str) -> PaperText:
    return assemble([Block("body", " ".join(sentences))], reader="t", title="Ponds", page_count=1)


def audited(value: str, spec: FieldSpec, before: str, after: str) -> tuple[Audit, Decision, PaperText]:
    """A value that was decided on one sentence of an old text, between sentences that stay, held against a new one."""
    rest = [prose(12), prose(12, 30)]
    old, new = text_of(rest[0], before, rest[1]), text_of(rest[0], after, rest[1])
    answer = replace(
        decide("edited", spec.name, None, by="Ann", at="2026-01-01T00:00:00Z", value=value),
        evidence=point(old, [sentence(old, before)])[0],
        document="old",
    )
    (item,) = [one for one in auditable("new", [], [answer], Fields((spec,))) if one.of == "newest"]
    (audit,) = audits_of(new, "new", (), Fields((spec,)), [item], "2026-01-02T00:00:00Z", {"old": old})
    return audit, answer, new


PONDS = "In all, 24 ponds were surveyed between March and June by the staff of HarborNet."


@pytest.mark.parametrize(
    ("value", "after", "expected"),
    [
        ("24 ponds", f"A word before. {PONDS}", "same"),
        ("24 ponds", PONDS.replace("In all", "Altogether"), "reworded"),
        ("24 ponds", "Between March and June, the staff of HarborNet surveyed 24 ponds.", "reworded"),
        ("24 ponds", "In all, ponds were surveyed between March and June by HarborNet. There were 24 ponds.", "reworded"),
        ("24 ponds", PONDS.replace("24", "26"), "gone"),
        ("24 ponds", PONDS.replace("24", "26") + " It took 24 hours.", "gone"),
        ("24", "The staff of HarborNet looked at 26 ponds from March to June. It took 24 hours.", "gone"),
        ("24", "All of this took 24 hours.", "gone"),
        ("24 ponds", "Nothing is said of it.", "gone"),
        ("HarborNet", PONDS.replace("HarborNet", "OceanNet"), "gone"),
        ("the staff", PONDS.replace("In all", "Altogether"), "reworded"),
        ("the staff", PONDS.replace("surveyed", "visited"), "gone"),
        ("the staff", PONDS.replace("were surveyed", "will be surveyed"), "gone"),
        ("24 ponds", PONDS.replace("were surveyed", "may have been surveyed"), "gone"),
        ("the staff", "Nothing is said of it.", "gone"),
    ],
)  # fmt: skip
def test_reworded_is_not_gone_and_gone_is_not_reworded(value: str, after: str, expected: str) -> None:
    """Figures and names have to be there, and what stands in place of the sentence can say nothing else."""
    spec = (
        FieldSpec("ponds", "Ponds", "How many.", type="number")
        if value == "24"
        else FieldSpec("ponds", "Ponds", "What.")
    )
    audit, decision, _ = audited(value, spec, PONDS, after)
    assert in_newest(audit, decision) == expected


@pytest.mark.parametrize(
    ("kind", "value", "before", "after"),
    [
        ("yes_no", "no", "Frost resistance was not tested in this programme.", "Frost resistance was tested in this programme."),
        ("choice", "moist", "The beams were cured under water.", "The beams were cured in air."),
        ("text", "Cracks were narrower than in plain concrete.", "Cracks were narrower than in plain concrete.", "Cracks were wider than in plain concrete."),
        ("number", "24", "The nets were lifted by 24 students.", "The nets were cleaned by 24 students."),
    ],
)  # fmt: skip
def test_an_answer_on_other_words_moves_no_decision(kind: FieldType, value: str, before: str, after: str) -> None:
    """Whatever an engine cites for the same value now, the person decided on other words: the cell says so, and keeps those."""
    options = ("moist", "dry") if kind == "choice" else ()
    spec = FieldSpec("tested", "Tested", "Whether it was.", type=kind, options=options)
    audit, decision, new = audited(value, spec, before, after)
    evidence, _ = point(new, [sentence(new, after)])
    answer = Answer(
        "f", "tested", "openai", "m", "new", None, new.sha256, "t", value, False, value_sha256(value), evidence, (),
        Check(rules=RULES), 0, None, "run", "2026-01-02T00:00:00Z",
    )  # fmt: skip
    made = cell("k", spec, [answer], [decision], [audit], lambda _: None, newest="new")
    assert (made.in_newest, made.document, made.evidence) == ("gone", "old", decision.evidence)
    assert audit.support == (), "no other sentence is taken for its own"


def test_what_is_marked_instead_is_asked_about(decided: Folder, world: World) -> None:
    """A sentence that stands in place of the decided one is not marked beforehand, and kept on it only by who was told."""
    survey = decided
    survey.sources("./papers/ponds.pdf,File")
    other = FIRST["site"].replace("north", "south")
    publish(survey, world, 2, FIRST | {"site": other})
    assert found(survey, FILE)["site"] == "gone"
    with desk_of(survey) as desk:
        view = desk.cell(FILE, "site")
        assert view.text is not None
        assert not [quote for quote in view.carrying if quote.sentence]
        number = sentence(view.text, other)
        with pytest.raises(NeedsReason):
            desk.decide(FILE, "site", "confirmed", view.judged)
        with pytest.raises(InputError) as asked:
            desk.decide(FILE, "site", "confirmed", view.judged, numbers=(number,))
        assert isinstance(asked.value, NotInEvidence | NeedsReason)
        terms = asked.value.terms
        reason = "it is so" if isinstance(asked.value, NeedsReason) else None
        desk.decide(FILE, "site", "confirmed", view.judged, numbers=(number,), reason=reason, stood_for=terms)
    assert queued(survey, FILE) == []


def test_a_model_that_repeats_the_value_counts_where_its_sentences_are_there() -> None:
    """Then the cell points at them in the new text; where they may say something else it is gone, whatever the model cites."""
    spec = FieldSpec("ponds", "Ponds", "What.")
    for after, expected in (
        (PONDS.replace("24", "26"), "gone"),
        ("All ponds of HarborNet: 24 ponds.", "gone"),
        (f"{PONDS.replace('surveyed', 'counted')} HarborNet has 24 ponds.", "gone"),
        (PONDS.replace("In all", "Altogether"), "same"),
    ):
        audit, decision, new = audited("24 ponds", spec, PONDS, after)
        evidence, _ = point(new, [sentence(new, after.split(". ")[-1])])
        checked = check(spec, "24 ponds", evidence, new)
        answer = Answer(
            "f", "ponds", "openai", "m", "new", None, new.sha256, "t", "24 ponds", False, value_sha256("24 ponds"), evidence, (),
            checked, 0, None, "run", "2026-01-02T00:00:00Z",
        )  # fmt: skip
        made = cell("k", spec, [answer], [decision], [audit], lambda _: None, newest="new")
        assert (made.state, made.in_newest, made.value) == ("edited", expected, "24 ponds")
        assert made.evidence == (decision.evidence if expected == "gone" else evidence)
        assert made.document == ("old" if expected == "gone" else "new")
    assert checked.state == "in evidence"
