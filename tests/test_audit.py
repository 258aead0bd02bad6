"""A hand-written list is held against its sources: what they hold, what they do not, and what could not be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from survey_extract.core.audit import Auditor, auditable, audits_due
from survey_extract.core.check import RULES
from survey_extract.core.check.support import MOST, Nearest, statements
from survey_extract.core.evidence import Quoter
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Answer, Check, Value
from tests.conftest import Folder
from tests.fields import FIELDS
from tests.servers.world import World
from tests.test_import import HEADS

TRUE = (
    "The encoder reads pictures of 224 pixels and is frozen in both stages.",
    "A linear projection joins the encoder to the decoder, which was trained on HarborNet.",
    "The second stage tunes the decoder for 3 epochs on questions about ships.",
    "The captions of the harbor were collected by two pilots over a year.",
    "Evaluation follows the rules of the port and uses 12 judges.",
    "Nothing is known of the weather on those days.",
)
CARD = "web-example.org-card.md"
GONE = "web-example.org-gone.md"


def page(*sentences: str) -> str:
    return "# Card\n\n" + "\n\n".join(sentences)


def listed(**rows: tuple[str, str, str]) -> str:
    """A list: by page, the texts of the first two cells and the names of the list field; the others are empty."""
    blocks = []
    for name, (overview, components, names) in rows.items():
        cells = [overview, components, "", "", "", names, ""]
        blocks.append(
            f"<details>\n<summary>{name}</summary>\n<table><thead><tr>{HEADS}</tr></thead>\n<tbody><tr>\n"
            f'<td><a href="https://example.org/{name}.md">{name}</a></td>'
            + "".join(f"<td>{text}</td>" for text in cells)
            + "</tr></tbody></table></details>"
        )
    return "# A list\n" + "\n".join(blocks)


@pytest.fixture
def lister(survey: Folder, world: World) -> Folder:
    """A survey with a list of one page that can be read."""
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.sources()
    world.page("/example.org/card.md", page(*TRUE), etag='"1"')
    return survey


def import_(folder: Folder, text: str) -> None:
    folder.ok("import", str(folder.write("list.md", text)))


def audits(folder: Folder) -> list[str]:
    path = folder.path / "warehouse" / "audits" / f"{CARD}.jsonl"
    return path.read_text().splitlines() if path.is_file() else []


SUPPORTED = "The encoder, which reads pictures of 224 pixels, is frozen in both stages."
FALSE_TERM = "A linear projection joins the encoder to the decoder, trained on OceanNet for 9 epochs."
FALSE_STATEMENT = (
    "The decoder is tuned on questions about ships. Quantum annealing compresses every gradient before it leaves."
)


def test_the_audit_of_a_list(lister: Folder, world: World) -> None:
    """Each cell is told apart: supported, a figure or name nobody wrote, a statement nothing comes near, a source not read."""
    import_(lister, listed(card=(SUPPORTED, FALSE_TERM, ""), gone=("Anything.", "Something.", "COCO")))
    ran = lister.run("verify", "--imported")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert any("architecture_components: the source does not contain" in line and "OceanNet" in line for line in lines)
    assert f"gone [{GONE}], 3 cells not read: not found" in ran.out
    assert lines[-1].startswith("1 of 2 cells supported, 1 with a figure or name that the source does not contain")
    assert lines[-1].endswith("; 3 cells of 1 source not read")
    data = lister.run("verify", "--imported", "--json").json()
    assert (data["cells"], data["supported"], data["term_not_found"], data["not_read"]) == (2, 1, 1, 3)
    assert sum(data[name] for name in ("supported", "term_not_found", "no_sentence_near")) == data["cells"]


@pytest.mark.parametrize(("overview", "code"), [(SUPPORTED, 0), (FALSE_STATEMENT, 1)])
def test_a_monitor_can_tell(lister: Folder, overview: str, code: int) -> None:
    """Exit 0 when all is supported, 1 when something is not; the statement is named that no sentence comes near."""
    import_(lister, listed(card=(overview, "", "HarborNet")))
    ran = lister.run("verify", "--imported")
    assert ran.code == code, ran.out
    assert ("near “Quantum annealing compresses every gradient" in ran.out) == bool(code)
    assert "questions about ships" not in ran.out


def test_without_the_world_nothing_is_said_of_the_cells(lister: Folder, world: World) -> None:
    """Exit 3: they are counted as not read, neither as supported nor as wrong."""
    import_(lister, listed(card=(SUPPORTED, "", "")))
    world.pages.clear()
    ran = lister.run("verify", "--imported")
    assert ran.code == 3
    assert ran.out.splitlines()[-1] == "0 of 0 cells supported; 1 cell of 1 source not read"


def test_a_file_of_ones_own_that_cannot_be_read_is_the_inputs_fault(lister: Folder) -> None:
    """Exit 2, not "the world is down"."""
    text = listed(card=(SUPPORTED, "", "")).replace("https://example.org/card.md", "./papers/ours.md")
    lister.sources("./papers/ours.md,Ours")
    lister.write("papers/ours.md", page(*TRUE))
    import_(lister, text)
    (lister.path / "papers" / "ours.md").unlink()
    assert lister.run("verify", "--imported").code == 2


def test_audits_come_by_night_and_once(lister: Folder, world: World) -> None:
    """A refresh audits what it read; the next night, with nothing new, writes nothing; a changed page is audited again."""
    import_(lister, listed(card=(SUPPORTED, FALSE_TERM, "HarborNet, OceanNet")))
    assert audits(lister) == []
    lister.ok("refresh")
    first = audits(lister)
    assert len(first) == 3
    lister.ok("refresh")
    lister.run("verify", "--imported")
    import_(lister, listed(card=(SUPPORTED, FALSE_TERM, "HarborNet, OceanNet")))
    assert audits(lister) == first
    world.page("/example.org/card.md", page(*TRUE, "It was trained on OceanNet, too."), etag='"2"')
    lister.ok("refresh")
    assert len(audits(lister)) == 6
    (row,) = lister.rows("SELECT unfound, support_count > 0 AS near FROM cells WHERE field = 'datasets_used'")
    assert (row["unfound"], row["near"]) == ([], True)


def test_an_import_audits_what_is_in_the_cache(lister: Folder) -> None:
    """A text that is there is used at once; status and the queue name the cell and what its source does not hold."""
    lister.sources("https://example.org/card.md,card")
    lister.ok("refresh")
    import_(lister, listed(card=("", FALSE_TERM, "HarborNet, OceanNet")))
    assert len(audits(lister)) == 2
    (found,) = [item for item in lister.ok("status", "--json").json()["unfound"] if item["field"] == "datasets_used"]
    assert (found["terms"], found["state"], found["stood_for_by"]) == (["OceanNet"], found["state"], None)
    assert f"datasets_used of card ({CARD}): OceanNet" in lister.ok("status").out


def test_an_audit_fetches_nothing_at_night(lister: Folder, world: World) -> None:
    """With the cache gone and all answers known, a refresh asks the page whether it changed, and audits nothing."""
    import_(lister, listed(card=(SUPPORTED, "", "")))
    lister.ok("refresh")
    shutil.rmtree(lister.path / "warehouse" / "cache")
    shutil.rmtree(lister.path / "warehouse" / "audits")
    ran = lister.ok("refresh", "--json").json()
    assert ran["documents_fetched"] == 0
    assert audits(lister) == []
    assert lister.ok("verify", "--imported").code == 0
    assert len(audits(lister)) == 1


# --- pure -----------------------------------------------------------------------------------------

TEXT = assemble([Block("body", sentence) for sentence in TRUE], reader="t", title="Card", page_count=1)


@pytest.mark.parametrize("sentence", TRUE[:5])
def test_a_sentence_of_the_source_is_its_own_support(sentence: str) -> None:
    """What stands in the text word for word is near, and that sentence is proposed."""
    support = Nearest(TEXT).support(sentence)
    assert support.far == ()
    assert sentence in [Quoter(TEXT).quote(item).words for item in support.sentences]


@pytest.mark.parametrize("value", ["", "…", (), " ".join(TRUE), tuple(TRUE), "x" * 500, "a. b; c. D"])
def test_any_value_has_few_sentences(value: Value) -> None:
    """However long it is, at most four sentences are proposed, each once; no value is too odd."""
    support = Nearest(TEXT).support(value)
    assert len(support.sentences) == len(set(support.sentences)) <= MOST
    assert set(support.far) <= set(statements(value))


NO_TEXTS: dict[str, str] = {}
TEXTS, OTHER_TEXTS = {"d": TEXT.sha256}, {"d": "another text"}


def answer(check: Check) -> Answer:
    return Answer(
        "f", "datasets_used", "openai", "m", "d", None, TEXT.sha256, "t", ("HarborNet",), False, value_sha256(("HarborNet",)), (), (),
        check, 0, None, "run", "2026-01-01T00:00:00Z",
    )  # fmt: skip


def test_what_older_rules_checked_is_checked_again_once() -> None:
    """An answer with a check of today is left alone; one of before is due until it was audited, of a text that is here."""
    assert auditable("d", [answer(Check(rules=RULES))], [], FIELDS) == ()
    values = auditable("d", [answer(Check(rules=RULES - 1))], [], FIELDS)
    assert [item.of for item in values] == ["proposed"]
    assert audits_due(values, [], NO_TEXTS.get) == ()
    due = audits_due(values, [], TEXTS.get)
    made = [Auditor("d", TEXT, (), FIELDS).audit(item, "now") for item in due]
    assert audits_due(values, made, TEXTS.get) == ()
    assert audits_due(values, made, OTHER_TEXTS.get) == due


def test_the_seed_list(survey: Folder, mirror: object, shared: Path) -> None:
    """Every cell of the list is either audited or counted as not read, and each finding is one of three."""
    survey.env |= {"SURVEY_REVIEWER": "Ada", "SURVEY_MIRROR": mirror.url}  # type: ignore[attr-defined]
    survey.ok("import", str(shared / "seed" / "README.md"))
    data = survey.run("verify", "--imported", "--json").json()
    stated = survey.rows("SELECT count(*) AS n FROM cells WHERE state = 'imported' AND value IS NOT NULL")[0]["n"]
    print(survey.run("verify", "--imported").out.splitlines()[-1])
    assert data["cells"] + data["not_read"] == stated
    assert data["supported"] + data["term_not_found"] + data["no_sentence_near"] == data["cells"] > 50
