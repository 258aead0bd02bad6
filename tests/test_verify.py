"""``verify`` never says that all is well when a byte, a field or a file is not as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_extract.adapters.archive.folder import FileArchive
from survey_extract.adapters.archive.lines import seal_of
from survey_extract.core.cells import Entry
from survey_extract.core.decisions import decide, remove
from survey_extract.core.due.questions import latest_of
from survey_extract.core.evidence import Quoter, pointer
from survey_extract.core.fingerprint import sha256_text, text_sha256, value_sha256
from survey_extract.core.reading.joins import false_numbers
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.errors import SurveyError
from survey_extract.pipeline import Ports
from survey_extract.pipeline.shelf import Shelved
from survey_extract.pipeline.verify import Verification, _finding, verify
from survey_extract.settings import load_settings
from survey_extract.wiring import open_ports, open_warehouse
from tests.conftest import Folder, Once, in_world, use_model
from tests.papers.make import prose
from tests.servers.loopback import serving
from tests.servers.openai_server import answering
from tests.servers.world import World
from tests.test_nights import harbor

CARD = "web-example.org-card.md"
FIRST = "The card describes a model with two encoders, whose outputs are joined by a small projection."
SECOND = "It was trained in two stages on 12 million pairs of pictures and captions from the harbor."


@dataclass
class Kept:
    """A survey with decided cells, and the ports that its checks go through, opened once."""

    folder: Folder
    ports: Ports
    warned: list[str]

    @property
    def archive(self) -> FileArchive:
        return FileArchive(self.folder.path, warn=self.warned.append)

    def entries(self) -> list[Entry]:
        return list(
            open_warehouse(self.folder.path, self.archive, load_settings(self.folder.path, options={})).entries()
        )

    def verify(self, **how: bool) -> Verification:
        return verify(self.entries(), self.ports, **how)

    def all_is_well(self, **how: bool) -> bool:
        """Whether nothing at all was said against it."""
        self.warned.clear()
        try:
            done = self.verify(**how)
        except SurveyError:
            return False
        return not done.damages and not self.warned and done.count("found") == len(done.checked)

    def records(self) -> object:
        """What the archive says; the same means that a change was beside the point."""
        return (
            self.archive.documents(),
            self.archive.answers(CARD),
            self.archive.decisions(CARD),
            self.archive.audits(CARD),
        )

    def files(self) -> list[Path]:
        root = self.folder.path / "warehouse"
        kept = [
            root / "documents.jsonl",
            *(root / kind / f"{CARD}.jsonl" for kind in ("answers", "decisions", "audits")),
        ]
        return [
            *kept,
            *sorted(
                path
                for path in (root / "cache").rglob("*")
                if path.is_file() and "replies" not in path.parts and path != root / "cache" / "survey.json"
            ),
        ]


def one_page(world: World) -> None:
    world.page("/example.org/card.md", f"# Card\n\n{FIRST}\n\n{SECOND}\n\n{prose(30)}", etag='"1"')


def decided(survey: Folder) -> None:
    """A model answered from one page, and people decided on it."""
    says = answering(lambda f: {"value": ["COCO"] if f == "datasets_used" else f"two {f}", "evidence": [2, 3]})
    with in_world(survey) as world:
        one_page(world)
        survey.sources("https://example.org/card.md,Card")
        with serving(says) as server:
            use_model(survey, server)
            survey.ok("refresh")
        for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "SURVEY_MODEL"):
            survey.env.pop(name)
        decide_all(FileArchive(survey.path, warn=print))
        survey.ok("refresh")


@pytest.fixture
def kept(survey: Folder, world: World, once: Once, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Cells that were accepted, edited, imported, found not reported, and taken back, on the sentences of one page."""
    once.survey("decided on", decided, survey.path)
    one_page(world)
    for name, value in survey.env.items():
        monkeypatch.setenv(name, value)
    archive = FileArchive(survey.path, warn=print)
    with open_ports(survey.path, archive, load_settings(survey.path, options={"engine": "extractive"})) as ports:
        yield Kept(survey, ports, [])


def decide_all(archive: FileArchive) -> None:
    answers = archive.answers(CARD)
    text = archive.text_of(answers[0].document)
    assert text is not None
    own = (pointer(text, text.sentences[5]),)
    made = [
        decide("accepted", "architecture_overview", latest_of(answers, "architecture_overview"), by="Ann", at="2026-01-01T00:00:00.000001Z"),
        decide("accepted", "datasets_used", latest_of(answers, "datasets_used"), by="Ann", at="2026-01-01T00:00:00.000002Z"),
        decide("edited", "training_methods", latest_of(answers, "training_methods"), by="Ann", at="2026-01-01T00:00:00.000003Z", value="12 million pairs", evidence=own),
        decide("imported", "alignment_techniques", None, by="Ann", at="2026-01-01T00:00:00.000004Z", value="two encoders joined"),
        decide("not_reported", "datasets_purpose", latest_of(answers, "datasets_purpose"), by="Ann", at="2026-01-01T00:00:00.000005Z"),
    ]  # fmt: skip
    archive.add_decisions(CARD, [*made, remove(made[0], by="Ann", at="2025-01-01T00:00:00.000000Z")])


def test_all_is_well_when_it_is(kept: Kept) -> None:
    """Each sentence of each cell is found in the bytes, and what was not looked at is said."""
    done = kept.verify()
    assert (done.count("found"), done.in_bytes) == (len(done.checked), True)
    assert kept.all_is_well()
    assert kept.all_is_well(cached=True)
    assert "in the text in the cache, not in the bytes" in kept.folder.ok("verify", "--cached").out
    told = f"{done.cells} cells, {len(done.checked)} sentences looked up in the bytes: {len(done.checked)} found"
    assert told in kept.folder.ok("verify").out


def test_decided_cells_count_though_their_row_is_not_published(survey: Folder, world: World) -> None:
    """A row with one decided cell of seven is not shown yet; the cell is checked all the same."""
    world.page("/example.org/card.md", harbor(), etag='"1"')
    survey.sources("https://example.org/card.md,Card")
    survey.ok("refresh")
    assert survey.ok("verify", "--json").json()["cells"] == 0
    archive = FileArchive(survey.path, warn=print)
    answer = latest_of(archive.answers(CARD), "training_methods")
    assert answer is not None
    archive.add_decisions(CARD, [decide("accepted", "training_methods", answer, by="Ann", at="2026-01-01T00:00:00Z")])
    done = survey.ok("verify", "--json").json()
    assert (done["cells"], done["checked"], done["found"]) == (1, len(answer.evidence), len(answer.evidence))


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_flipped_byte_is_noticed(kept: Kept, data: st.DataObject) -> None:
    """Any byte of any record, document or text in the cache: something is said, unless what it says is the same."""
    path = data.draw(st.sampled_from(kept.files()), label="file")
    good = path.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1), label="offset")
    bad = bytes([data.draw(st.integers(0, 255).filter(lambda byte: byte != good[at]), label="byte")])
    before = kept.records()
    path.write_bytes(good[:at] + bad + good[at + 1 :])
    try:
        well = kept.all_is_well()
        assert not well or ("cache" not in path.parts and kept.records() == before)
    finally:
        path.write_bytes(good)


def leaves(record: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value of a JSON record."""
    items = record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ()
    nested = [found for name, part in items for found in leaves(part, (*way, name))]
    return iter(nested or [way])


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return value[:-1] + ("0" if value[-1] != "0" else "1") if isinstance(value, str) and value else "x"


def test_a_changed_field_is_noticed(kept: Kept) -> None:
    """Each field of each line, one after the other, changed as an editor would: the line is named."""
    tried = 0
    for path in kept.files()[:4]:
        good = path.read_bytes()
        lines = good.splitlines()
        for number, line in enumerate(lines):
            record = json.loads(line)
            for way in leaves(record):
                other = json.loads(line)
                inner = other
                for name in way[:-1]:
                    inner = inner[name]
                if inner[way[-1]] in ([], None):
                    continue
                inner[way[-1]] = changed(inner[way[-1]])
                as_json = json.dumps(other, ensure_ascii=False, separators=(",", ":")).encode()
                path.write_bytes(b"\n".join([*lines[:number], as_json, *lines[number + 1 :]]) + b"\n")
                assert not kept.all_is_well(), f"{path.name}:{number + 1}: {way}"
                tried += 1
        path.write_bytes(good)
    assert tried > 150


Forge = Callable[[dict[str, Any]], object]
FORGED: dict[str, tuple[str, str, Forge]] = {
    "an answer's value": ("answers", "architecture_overview", lambda r: r.update(value="three encoders")),
    "an answer's hash": ("answers", "architecture_overview", lambda r: r.update(value_sha256=value_sha256("x"))),
    "an answer's page": ("answers", "architecture_overview", lambda r: r["evidence"][0].update(page=99)),
    "an answer's page, below the first": ("answers", "architecture_overview", lambda r: r["evidence"][0].update(page=0)),
    "an answer's place": ("answers", "architecture_overview", lambda r: r["evidence"][0].update(start=3)),
    "an answer's sentence": ("answers", "architecture_overview", lambda r: r["evidence"][0].update(sha256=sha256_text("x"))),
    "an answer's document": ("answers", "architecture_overview", lambda r: r.update(document="0" * 64)),
    "an answer's document, no hash at all": ("answers", "architecture_overview", lambda r: r.update(document="../" + "0" * 61)),
    "a decision's document, no hash at all": ("decisions", "training_methods", lambda r: r.update(document=":")),
    "an accepted value": ("decisions", "architecture_overview", lambda r: r.update(value="three encoders")),
    "an accepted list": ("decisions", "datasets_used", lambda r: r.update(value=["VQAv2"])),
    "an imported value": ("decisions", "alignment_techniques", lambda r: r.update(value="three encoders joined")),
    "a judged hash": ("decisions", "alignment_techniques", lambda r: r.update(judged_sha256=value_sha256("x"))),
    "a decision's page": ("decisions", "training_methods", lambda r: r["evidence"][0].update(page=2)),
    "a decision's place": ("decisions", "training_methods", lambda r: r["evidence"][0].update(start=0, end=5)),
    "an empty place": ("decisions", "training_methods", lambda r: r["evidence"][0].update(start=9, end=9)),
    "a decision's sentence": ("decisions", "training_methods", lambda r: r["evidence"][0].update(sha256=sha256_text("x"))),
    "a decision's document": ("decisions", "training_methods", lambda r: r.update(document="0" * 64)),
    "a sentence twice": ("decisions", "training_methods", lambda r: r.update(evidence=r["evidence"] * 2)),
}  # fmt: skip


@pytest.mark.parametrize("what", list(FORGED))
@pytest.mark.parametrize("sealed", [True, False])
def test_a_forged_record_is_noticed(kept: Kept, what: str, sealed: bool) -> None:
    """Even with a seal of its own, or as a line of before there were seals: the record contradicts itself or the document."""
    kind, field, forge = FORGED[what]
    path = kept.folder.path / "warehouse" / kind / f"{CARD}.jsonl"
    made: list[bytes] = []
    for line in path.read_bytes().splitlines():
        record = json.loads(line)
        record.pop("seal")
        if record["field"] == field:
            forge(record)
        made.append(_resealed(record) if sealed else json.dumps(record).encode())
    path.write_bytes(b"\n".join(made) + b"\n")
    assert not kept.all_is_well()
    ran = kept.folder.run("verify")
    assert ran.code in (1, 2) or "moved" in ran.out.splitlines()[0], ran.out
    if "page" in what or "value" in what or "hash" in what or "document" in what:
        assert ran.code == 2
        assert f"warehouse/{kind}/{CARD}.jsonl:" in ran.out


def _resealed(record: dict[str, Any]) -> bytes:
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    return line[:-1] + f',"seal":"{seal_of(line)}"}}'.encode()


def test_a_text_in_the_cache_that_is_not_the_bytes_is_noticed(kept: Kept) -> None:
    """Other words under hashes that fit: named as damage, put right, and well again; --cached says what it did not look at."""
    document = kept.archive.documents()[CARD][-1].sha256
    text = kept.archive.text_of(document)
    assert text is not None
    pages = tuple(page.replace("30 days", "31 days").replace("two stages", "ten stages") for page in text.pages)
    spans = ((s.page, s.start, s.end, s.kind) for s in text.sentences)
    from dataclasses import replace

    forged = replace(text, pages=pages, sha256=text_sha256(pages, spans))
    assert forged.sha256 != text.sha256
    kept.archive.keep_text(document, forged)
    ran = kept.folder.run("verify")
    assert ran.code == 2
    assert "not the text that its bytes are read as; repaired from the document" in ran.out
    assert kept.all_is_well()
    kept.archive.keep_text(document, replace(forged, reader="markdown-0"))
    older = kept.folder.run("verify", "--json").json()
    assert (older["damages"], older["missing"]) == ([], 0)


def test_a_damaged_document_is_fetched_again_and_told(kept: Kept) -> None:
    """Exit 2 once, with the file; then it is whole."""
    (path,) = (kept.folder.path / "warehouse" / "cache" / "documents").rglob("*/*")
    path.write_bytes(path.read_bytes()[:-1])
    ran = kept.folder.run("verify")
    assert ran.code == 2
    assert (
        f"damaged     warehouse/cache/documents/{path.parent.name}/{path.name}: not the bytes that were fetched"
        in ran.out
    )
    assert kept.folder.ok("verify").code == 0


def test_a_broken_file_of_ones_own_is_the_inputs_fault(survey: Folder) -> None:
    """With the cache gone and the file too: exit 2, the world is not to blame."""
    survey.env["SURVEY_PUBLISH"] = "any"
    path = survey.write("papers/card.md", harbor())
    survey.sources("./papers/card.md,Card")
    survey.ok("refresh")
    assert survey.ok("verify", "--json").json()["checked"] > 0
    for file in sorted((survey.path / "warehouse" / "cache").rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    path.unlink()
    ran = survey.run("verify")
    assert (ran.code, "not a file of this survey" in ran.out) == (2, True)


def test_what_a_person_stands_for_is_marked(kept: Kept) -> None:
    """The terms that the source does not hold, who stands for them, and why."""
    answer = latest_of(kept.archive.answers(CARD), "architecture_components")
    kept.archive.add_decisions(
        CARD,
        [decide("accepted", "architecture_components", answer, by="Ann", at="2026-01-02T00:00:00Z", reason="from the code", unfound=("OceanNet",))],
    )  # fmt: skip
    assert (
        f"architecture_components of {CARD}: the source does not contain “OceanNet”; Ann vouches for it: from the code"
        in kept.folder.ok("verify").out
    )


def test_nothing_decided_is_said(survey: Folder) -> None:
    """No count of nothing that looks like a check."""
    survey.sources()
    assert "nothing to check: no cell is decided or published yet" in survey.ok("verify").out


def test_a_sentence_that_the_page_does_not_hold_is_missing() -> None:
    """What a reader made of pieces is no sentence of the document, though it stands in the text at its place."""
    text = assemble([Block("body", FIRST), Block("body", SECOND)], reader="t", title=None, page_count=1)
    pages = [FIRST.replace("whose", "\r\nSomething else stands here.\r\nwhose") + "\r\n" + SECOND]
    shelved = Shelved(text, false=false_numbers(text, pages))
    found = [_finding(pointer(text, s), shelved, Quoter(text), None) for s in text.sentences]
    assert [finding for finding, _ in found] == ["found", "found"]  # what no sentence holds is furniture
    other = assemble(
        [Block("body", FIRST), Block("body", SECOND), Block("debris", "Something else stands here.")],
        reader="t",
        title=None,
        page_count=1,
    )
    shelved = Shelved(other, false=false_numbers(other, pages))
    found = [_finding(pointer(other, s), shelved, Quoter(other), None) for s in other.sentences[:2]]
    assert [finding for finding, _ in found] == ["missing", "found"]
    assert false_numbers(other, ()) == frozenset()
