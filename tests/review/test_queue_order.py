"""The queue's order: what is doubted first, what is agreed on last, and between them the fields that were wrong most often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.core.check import RULES
from survey_extract.core.decisions import decide
from survey_extract.core.evaluation.queue_order import ENOUGH, goes_by
from survey_extract.core.evaluation.track_record import TrackRecord
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.evidence import point
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Check, Opinion, Term
from tests.conftest import Folder
from tests.papers.make import prose
from tests.review.conftest import reviewing

GOOD, BAD = "architecture_overview", "training_methods"
"""In the order of the table; by the figures it is the other way round."""
WAITING = 2


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A survey of small texts that answer two fields alike; those of all but two sources can be decided."""
    folder = Folder(tmp_path_factory.mktemp("order"), {"SURVEY_READERS": "1"})
    folder.ok("init")
    folder.write("fields.toml", "".join(f'[{name}]\nheading = "{name}"\nask = "What is said of the model."\n' for name in (GOOD, BAD)))  # fmt: skip
    text = "The architecture of the model is a transformer. The model is trained in two stages with a batch size of 64."
    for number in range(ENOUGH + WAITING):
        folder.write(f"papers/p{number:02}.md", f"# Paper {number}\n\n{text} It is model number {number}. {prose(4)}\n")
    folder.sources(*(f"./papers/p{number:02}.md,Paper {number:02}" for number in range(ENOUGH + WAITING)))
    folder.ok("refresh")
    archive = FileArchive(folder.path, warn=print)
    for number in range(ENOUGH + WAITING):
        answered(archive, f"file-papers-p{number:02}.md")
    return folder


def answered(archive: FileArchive, key: str) -> None:
    """Both fields have an answer of the same kind, with the first sentence behind it."""
    text = archive.text_of(archive.documents()[key][-1].sha256)
    assert text is not None
    evidence, _ = point(text, [text.citable()[1].number])
    value, found = "64 samples form a batch", Check((Term("64", "in evidence"),), RULES)
    for name in (GOOD, BAD):
        latest = [answer for answer in archive.answers(key) if answer.field == name][-1]
        again = replace(latest, value=value, quoted=False, value_sha256=value_sha256(value), evidence=evidence, check=found)  # fmt: skip
        archive.add_answers(key, [again])


def decided(folder: Folder, numbers: range) -> None:
    """One field is accepted and the other rejected, in these sources."""
    archive = FileArchive(folder.path, warn=print)
    for number in numbers:
        key = f"file-papers-p{number:02}.md"
        for name, verdict in ((GOOD, "accepted"), (BAD, "rejected")):
            answer = [answer for answer in archive.answers(key) if answer.field == name][-1]
            made = decide(verdict, name, answer, by="Ada", at=f"2026-01-01T00:00:00.0000{number:02}Z")  # type: ignore[arg-type]
            archive.add_decisions(key, [made])


def order(folder: Folder) -> list[tuple[str, str]]:
    return [
        (row["name"], row["field"]) for row in folder.rows("SELECT name, field FROM queue WHERE state = 'proposed'")
    ]


def test_the_order_goes_by_the_figures_once_there_are_enough(listed: Folder) -> None:
    """With one cell too few the table's order stands; with enough, the field that was wrong comes first; a doubt goes before both."""
    decided(listed, range(ENOUGH - 1))
    assert [field for _, field in order(listed)] == [GOOD, BAD] * (WAITING + 1)
    decided(listed, range(ENOUGH - 1, ENOUGH))
    assert [field for _, field in order(listed)] == [BAD] * WAITING + [GOOD] * WAITING
    rows = listed.rows('SELECT field, "right", decided, orders FROM track_records ORDER BY field')
    assert [(row["field"], row["right"], row["decided"], row["orders"]) for row in rows] == [
        (GOOD, ENOUGH, ENOUGH, True),
        (BAD, 0, ENOUGH, True),
    ]
    with reviewing(listed) as review:
        assert review.get("/").index(f">{BAD}</a>") < review.get("/").index(f">{GOOD}</a>")
        page = review.get(f"/cell/file-papers-p{ENOUGH}.md/{GOOD}")
        assert f"This field was right in {ENOUGH} of {ENOUGH} decided cells." in page
        assert 'title="95 % interval: 76 to 100 %"' in page
        before = review.get(f"/source/file-papers-p{ENOUGH}.md/accept")
    opined(listed, f"file-papers-p{ENOUGH + 1}.md", GOOD, "differs")
    opined(listed, f"file-papers-p{ENOUGH}.md", BAD, "agrees")
    assert [field for _, field in order(listed)] == [GOOD, BAD, GOOD, BAD]
    assert order(listed)[0] == (f"Paper {ENOUGH + 1}", GOOD)
    assert order(listed)[-1] == (f"Paper {ENOUGH}", BAD)
    with reviewing(listed) as review:
        assert f"judged-{GOOD}" in before
        doubted = review.get(f"/source/file-papers-p{ENOUGH + 1}.md/accept")
        assert f"judged-{GOOD}" not in doubted  # what a second opinion doubts is not accepted with the others
        assert "second opinion (m2) differs: another view" in review.get(f"/cell/file-papers-p{ENOUGH + 1}.md/{GOOD}")
        assert "A second opinion (m2) agrees." in review.get(f"/cell/file-papers-p{ENOUGH}.md/{BAD}")
        assert 'm2: <span class="second" dir="auto">another view' in review.get("/")


def opined(folder: Folder, key: str, name: str, finding: str) -> None:
    archive = FileArchive(folder.path, warn=print)
    answer = [answer for answer in archive.answers(key) if answer.field == name][-1]
    archive.add_opinions(key, [
        Opinion("f", name, "second", finding, answer.value_sha256, "openai", "m2", answer.document, answer.text, (), None,  # type: ignore[arg-type]
                None, "2026-01-01T00:00:00Z", value="another view"),
    ])  # fmt: skip


def test_enough_is_where_two_fields_can_be_told_apart() -> None:
    """A field that was always right and one that was right in half: their intervals lie apart from there on, and not before."""
    for of, apart in ((ENOUGH - 1, False), (ENOUGH, True)):
        assert (Share(of, of).interval[0] > Share(of / 2, of).interval[1]) == apart
    records = [TrackRecord(12, 12, 0.75, 1.0), TrackRecord(3, 11, 0.1, 0.6)]
    assert not goes_by(records)
    assert goes_by([*records, TrackRecord(0, 12, 0.0, 0.25)])
    assert not goes_by([])
