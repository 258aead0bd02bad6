"""A verdict does what it says, to the cell it says, and nothing else: through the desk, the archive, DuckDB and the README."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from survey_extract.adapters.warehouse.source_rows import is_brief
from survey_extract.commands.terminal import keys_of
from survey_extract.core.check.check import check
from survey_extract.core.decisions import decide
from survey_extract.core.evidence import point
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.ranking.offered import OFFERED
from survey_extract.core.records import Answer, Audit, Check, Decision, Term
from survey_extract.errors import InputError
from survey_extract.review import Desk, Filters, NeedsReason, NotInEvidence, Stale
from survey_extract.review.shown import buttons
from survey_extract.settings import load_settings
from survey_extract.wiring import open_archive, open_desk
from tests.conftest import Folder
from tests.fields import FIELDS, plain
from tests.papers.make import HARBOR, pdf
from tests.test_import import listed

KEY, FIELD = "file-papers-harbor.pdf", "training_methods"
LINK = "./papers/harbor.pdf"


@contextmanager
def desk_of(folder: Folder, by: str = "Ada") -> Iterator[Desk]:
    """A sitting of a reviewer, on the survey as it stands."""
    archive = open_archive(folder.path, warn=lambda _: None)
    settings = load_settings(folder.path, folder.env, {"engine": "extractive"})
    with open_desk(folder.path, archive, settings, (folder.path / "sources.csv").read_bytes(), by) as (desk, _):
        yield desk


@pytest.fixture
def read(one_read: Folder) -> Folder:
    return one_read


@pytest.fixture
def both(survey: Folder) -> Folder:
    """A row that a list brought in, then read and answered: every cell is changed."""
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources(f"{LINK},Harbor")
    archive = open_archive(survey.path, warn=lambda _: None)
    archive.add_decisions(KEY, [_imported(spec.name, spec.is_list) for spec in FIELDS.asked])
    survey.ok("refresh")
    assert {row["state"] for row in survey.rows("SELECT state FROM cells")} == {"changed"}
    return survey


def _imported(field: str, is_list: bool) -> Decision:
    value = ("a small corpus",) if is_list else "Words of a list, written by hand."
    return decide("imported", field, None, by="Ada", at="2026-01-01T00:00:00.000000Z", value=value)


def give(desk: Desk, verdict: str, field: str = FIELD, **more: object) -> str:
    judged = desk.cell(KEY, field).judged
    return desk.decide(KEY, field, verdict, judged, **more).said  # type: ignore[arg-type]


def published(folder: Folder) -> list[str]:
    folder.ok("render", "--force")
    return [row["name"] for row in folder.rows("SELECT name FROM survey")]


def test_rejecting_keeps_what_stands_and_the_row(both: Folder) -> None:
    """The imported text and its row are there afterwards, and that same proposal never queues again, by whatever run."""
    before = both.rows("SELECT value FROM cells")
    with desk_of(both) as desk:
        for spec in FIELDS.asked:
            said = give(desk, "rejected", spec.name)
            assert said == f"Harbor, {spec.heading}: rejected; the list's text stays, not checked"
        assert desk.queue() == []
    assert both.rows("SELECT value FROM cells") == before
    assert published(both) == ["Harbor"]
    both.ok("refresh")
    assert both.rows("SELECT count(*) AS n FROM queue") == [{"n": 0}]
    assert {row["state"] for row in both.rows("SELECT state FROM cells")} == {"imported"}


def test_taking_back_says_beforehand_and_afterwards_that_the_row_leaves(both: Folder) -> None:
    """``removed`` takes the row out of the table, and undo brings it back; both say so."""
    with desk_of(both) as desk:
        assert desk.cell(KEY, FIELD).leaves == "the row of Harbor leaves the table"
        assert give(desk, "removed").endswith("the value was taken back; its row leaves the table")
        assert published(both) == []
        done = desk.undo()
        assert done
        assert done.said.endswith("undone, changed again; its row enters the table")
    assert published(both) == ["Harbor"]


def test_a_proposal_goes_on_waiting_when_what_stands_is_taken_back(both: Folder) -> None:
    """``removed`` judges what stands alone."""
    with desk_of(both) as desk:
        give(desk, "removed")
        assert desk.cell(KEY, FIELD).item.state == "proposed"
        give(desk, "accepted")
    assert both.rows(f"SELECT state FROM cells WHERE field = '{FIELD}'") == [{"state": "accepted"}]


def test_not_reported_can_be_accepted(read: Folder) -> None:
    """A proposal that the source reports nothing is accepted like any other, and stands as "not reported"."""
    archive = open_archive(read.path, warn=lambda _: None)
    last = [a for a in archive.answers(KEY) if a.field == FIELD][-1]
    nothing = replace(
        last, engine="openai", model="m", value=None, quoted=False, value_sha256=value_sha256(None), evidence=()
    )
    archive.add_answers(KEY, [nothing])
    with desk_of(read) as desk:
        assert desk.cell(KEY, FIELD).is_proposed
        assert "not reported, as proposed" in give(desk, "accepted")
    assert read.rows(f"SELECT state, value, proposed_by FROM cells WHERE field = '{FIELD}'") == [
        {"state": "accepted", "value": None, "proposed_by": "m"}
    ]


def test_no_answer_is_nothing_to_accept(read: Folder) -> None:
    """That no sentence was found without a model says nothing of the source: only a person can decide that it reports nothing."""
    archive = open_archive(read.path, warn=lambda _: None)
    last = [a for a in archive.answers(KEY) if a.field == FIELD][-1]
    silent = replace(last, value=None, quoted=False, value_sha256=value_sha256(None), evidence=())
    archive.add_answers(KEY, [silent])
    with desk_of(read) as desk:
        view = desk.cell(KEY, FIELD)
        assert (view.item.without_words, view.is_proposed) == ("no answer", False)
        assert view.text
        assert len(desk.on_offer(view)) == min(OFFERED, len(view.text.citable()))
        assert not view.cell.evidence
        assert [button.key for button in buttons(view)] == ["e", "n"]
        assert "ccept" not in keys_of(view)
        for verdict in ("accepted", "rejected"):
            with pytest.raises(InputError, match="nothing is proposed"):
                give(desk, verdict)
        with pytest.raises(Stale):
            desk.accept_clean(KEY, {FIELD: silent.value_sha256})
        assert desk.cell(KEY, FIELD).waits
        give(desk, "not_reported")
        assert not desk.cell(KEY, FIELD).waits


def test_a_source_that_was_never_read_has_no_proposal(survey: Folder) -> None:
    """It is not "proposed: not reported": nothing is proposed, and accepting is refused."""
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.ok("import", str(survey.write("list.md", listed(("A", "https://arxiv.org/abs/2401.00001")))))
    assert {row["proposed_by"] for row in survey.rows("SELECT proposed_by FROM cells")} == {None}
    with desk_of(survey) as desk:
        assert not desk.cell("arxiv-2401.00001", FIELD).is_proposed
        with pytest.raises(InputError, match="nothing is proposed"):
            desk.decide("arxiv-2401.00001", FIELD, "accepted", None)


def invented(folder: Folder) -> Answer:
    """An answer that names what the source does not hold."""
    archive = open_archive(folder.path, warn=lambda _: None)
    last = [a for a in archive.answers(KEY) if a.field == FIELD][-1]
    value = "It is tuned on ZephyrBench-9 for 77 epochs."
    text = archive.text_of(last.document)
    assert text
    made = replace(
        last,
        value=value,
        quoted=False,
        value_sha256=value_sha256(value),
        check=check(plain(value), value, last.evidence, text),
    )
    archive.add_answers(KEY, [made])
    return made


def test_what_the_source_does_not_hold_wants_a_reason(read: Folder) -> None:
    """Accepting it asks once and names the terms; with a reason for these very terms it stands, and is marked."""
    invented(read)
    with desk_of(read) as desk:
        with pytest.raises(NeedsReason) as asked:
            give(desk, "accepted")
        assert "ZephyrBench-9" in str(asked.value)
        with pytest.raises(NeedsReason):
            give(desk, "accepted", reason="I know it", stood_for=("something else",))
        with pytest.raises(NeedsReason):
            give(desk, "accepted", stood_for=asked.value.terms)
        give(desk, "accepted", reason="the authors told me", stood_for=asked.value.terms)
    row = read.rows(f"SELECT unfound, reason FROM decisions WHERE field = '{FIELD}'")[0]
    assert "ZephyrBench-9" in row["unfound"]
    assert row["reason"] == "the authors told me"


def test_a_voucher_holds_for_what_was_vouched_for_alone(read: Folder) -> None:
    """A reason for one name is none for the figure beside it, which older rules, or an older version, did not miss."""
    made = invented(read)
    archive = open_archive(read.path, warn=lambda _: None)
    at, reason = "2026-01-01T00:00:00.000000Z", "from the talk"
    archive.add_decisions(
        KEY, [decide("accepted", FIELD, made, by="Ada", at=at, reason=reason, unfound=("ZephyrBench-9",))]
    )
    assert re.search(r": ZephyrBench-9, 77( epochs)?; Ada vouches for ZephyrBench-9 alone\n", read.ok("status").out)
    assert "vouches for 1 of them" not in read.ok("status").out
    read.ok("render", "--force", SURVEY_PUBLISH="any")
    readme = read.read("README.md")
    assert (
        "accepted although the source does not contain “ZephyrBench-9”: from the talk; the source also does not contain “77"
        in readme
    )


def contradicted(folder: Folder) -> None:
    """An answer whose own sentence denies it."""
    archive = open_archive(folder.path, warn=lambda _: None)
    last = [a for a in archive.answers(KEY) if a.field == FIELD][-1]
    value, text = "Harbor is not trained in two stages.", archive.text_of(last.document)
    assert text
    evidence, _ = point(text, [s.number for s in text.citable() if text.quote(s) == "Harbor is trained in two stages."])
    found = check(plain(value), value, evidence, text)
    assert found.state == "said otherwise"
    sha256 = value_sha256(value)
    archive.add_answers(
        KEY, [replace(last, value=value, quoted=False, value_sha256=sha256, evidence=evidence, check=found)]
    )


@pytest.mark.parametrize("verdict", ["accepted", "edited"])
def test_what_its_sentences_say_otherwise_wants_a_reason_and_is_marked(read: Folder, verdict: str) -> None:
    """Before a decision and after one; it is never among those that are accepted by the dozen."""
    contradicted(read)
    read.ok("render", "--force", SURVEY_PUBLISH="any")
    says = "the sentences given for it say “not”, “trained” otherwise"
    assert f"not yet decided; {says}" in read.read("README.md")
    assert "1 cell says otherwise than its sentences." in read.read("README.md")
    value = "Harbor is not trained in two stages." if verdict == "edited" else None
    with desk_of(read) as desk:
        assert FIELD not in [item.field for item in desk.clean_cells(KEY)]
        told: tuple[str, ...] = ()
        if verdict == "edited":
            with pytest.raises(NotInEvidence) as doubted:
                give(desk, verdict, value=value)
            told = doubted.value.terms
        with pytest.raises(NeedsReason, match="say “not”, “trained” otherwise") as asked:
            give(desk, verdict, value=value, stood_for=told)
        with pytest.raises(NeedsReason):
            give(desk, verdict, value=value, stood_for=(*told, *asked.value.terms))
        give(desk, verdict, value=value, reason="a misprint", stood_for=(*told, *asked.value.terms))
    read.run("render", "--force", SURVEY_PUBLISH="any")
    assert f"accepted although {says}: a misprint" in read.read("README.md")


def test_what_was_accepted_before_anybody_was_asked_is_marked_too(read: Folder) -> None:
    """A decision of before, without a reason: the cell says what its sentences say."""
    contradicted(read)
    archive = open_archive(read.path, warn=lambda _: None)
    last = [a for a in archive.answers(KEY) if a.field == FIELD][-1]
    archive.add_decisions(KEY, [decide("accepted", FIELD, last, by="Bo", at="2026-01-01T00:00:00.000000Z")])
    read.run("render", "--force", SURVEY_PUBLISH="any")
    assert "<sub>the sentences given for it say “not”, “trained” otherwise</sub>" in read.read("README.md")


def test_an_edit_is_asked_about_in_the_same_way(read: Folder) -> None:
    """A person's own words are held against the source, too."""
    with desk_of(read) as desk, pytest.raises(NeedsReason, match="ZephyrBench-9"):
        give(desk, "edited", value="It is tuned on ZephyrBench-9.")


def test_all_clean_cells_are_new_ones(both: Folder) -> None:
    """What stands is never replaced by the dozen: a changed cell is not among them, however clean its proposal."""
    with desk_of(both) as desk:
        assert desk.clean_cells(KEY) == []


def test_accepting_all_clean_is_undone_as_one_step(read: Folder) -> None:
    """One undo takes every cell of it back."""
    with desk_of(read) as desk:
        clean = desk.clean_cells(KEY)
        judged = {item.field: desk.cell(KEY, item.field).judged or "" for item in clean}
        assert desk.accept_clean(KEY, judged).said.startswith(f"Harbor: {len(clean)} cells accepted")
        done = desk.undo()
        assert done
        assert f"{len(clean)} cells: undone" in done.said
        assert len(desk.queue()) == 7


def test_one_that_changed_stops_all_of_them(read: Folder) -> None:
    """Accepting at once is all or nothing."""
    with desk_of(read) as desk:
        judged = {item.field: desk.cell(KEY, item.field).judged or "" for item in desk.clean_cells(KEY)}
        with pytest.raises(Stale):
            desk.accept_clean(KEY, judged | {FIELD: "0" * 64})
        assert len(desk.queue()) == 7


def test_undo_takes_back_ones_own_and_nothing_else(read: Folder) -> None:
    """Two reviewers on one cell: the first one's undo leaves the second one's words standing."""
    with desk_of(read, "Ada") as ada, desk_of(read, "Bob") as bob:
        give(ada, "edited", value="Words of the first.")
        give(bob, "edited", value="Words of the second.")
        ada.undo()
        assert ada.undo() is None
    assert read.rows(f"SELECT value, decided_by FROM cells WHERE field = '{FIELD}'") == [
        {"value": "Words of the second.", "decided_by": "Bob"}
    ]


def test_my_text_stands_on_the_sentences_chosen_for_it(both: Folder) -> None:
    """``confirmed`` keeps the words, gives them evidence, and settles the proposal beside them."""
    with desk_of(both) as desk:
        view = desk.cell(KEY, FIELD)
        numbers = [quote.sentence.number for quote in view.quotes if quote.sentence]
        give(desk, "confirmed", numbers=numbers)
    cell = both.rows(f"SELECT state, value, evidence_count, engine FROM cells WHERE field = '{FIELD}'")[0]
    assert cell == {
        "state": "accepted",
        "value": "Words of a list, written by hand.",
        "evidence_count": len(numbers),
        "engine": None,
    }
    pages = both.rows(f"SELECT page, link FROM quotes WHERE field = '{FIELD}'")
    assert pages == [{"page": 1, "link": "papers/harbor.pdf#page=1"}] * len(numbers)


def test_the_queue_holds_what_the_list_names_and_the_source_does_not(survey: Folder) -> None:
    """An imported text waits when its audit finds a term nowhere, and no longer once a person stood for it."""
    survey.env["SURVEY_REVIEWER"] = "Ada"
    survey.write("papers/harbor.pdf", pdf(HARBOR))
    survey.sources(f"{LINK},Harbor")
    survey.ok("refresh")
    archive = open_archive(survey.path, warn=lambda _: None)
    value = "Tuned on ZephyrBench-9."
    archive.add_decisions(
        KEY, [decide("imported", FIELD, None, by="Ada", at="2026-01-01T00:00:00.000000Z", value=value)]
    )
    answer = [a for a in archive.answers(KEY) if a.field == FIELD][-1]
    text = archive.text_of(answer.document)
    assert text
    checked = check(plain(value), value, answer.evidence, text)
    audit = Audit(
        FIELD,
        "standing",
        value_sha256(value),
        answer.document,
        text.sha256,
        (),
        answer.evidence,
        checked,
        "2026-01-01T00:00:01Z",
    )
    archive.add_audits(KEY, [audit])
    with desk_of(survey) as desk:
        give(desk, "rejected")
        item = desk.queue(Filters(field=FIELD))[0]
        assert (item.state, item.unfound) == ("imported", ("ZephyrBench-9",))
        with pytest.raises(NeedsReason):
            give(desk, "confirmed")
        give(desk, "confirmed", reason="named in the talk", stood_for=("ZephyrBench-9",))
        assert desk.queue(Filters(field=FIELD)) == []
    assert survey.rows("SELECT risk FROM queue WHERE state = 'imported'") == []


def test_render_and_status_name_the_rows_that_leave_and_why(both: Folder) -> None:
    """Before the table is rendered ``status`` names them, and ``render`` as it writes it; afterwards they are gone."""
    both.ok("render", "--force")
    with desk_of(both) as desk:
        give(desk, "removed")
    why = "the value of training_methods was taken back"
    assert f"leaves     Harbor ({KEY}) with the next render: {why}" in both.ok("status").out
    assert both.ok("status", "--json").json()["left"] == [{"key": KEY, "name": "Harbor", "why": why}]
    assert f"left the table: Harbor ({KEY}): {why}" in both.ok("render").err
    assert "leaves" not in both.ok("status").out
    assert both.rows("SELECT published, unpublished FROM sources") == [{"published": False, "unpublished": why}]


@pytest.mark.parametrize(
    ("check_made", "brief"),
    [
        (None, True),
        (Check((Term("Newport", "in evidence"),)), False),
        (Check((Term("Newport", "elsewhere"),)), True),
        (Check((Term("New", "in evidence"),)), True),
    ],
)
def test_a_short_name_that_its_evidence_has_is_whole(check_made: Check | None, brief: bool) -> None:
    """It is no risk that it is short: what may be a part of what was meant is."""
    assert is_brief(plain("Newport"), "Newport", check_made) is brief
