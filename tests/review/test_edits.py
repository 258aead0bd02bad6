"""What a person writes into a cell is held against the sentences marked for it, before it is saved and where it is published."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from survey_extract.core.check import RULES
from survey_extract.core.check.carrying import carrying
from survey_extract.core.check.check import check
from survey_extract.core.evidence import point
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import Check, Term
from survey_extract.errors import InputError
from survey_extract.review import Desk, NotInEvidence, Stale
from survey_extract.review.session import Done
from survey_extract.wiring import open_archive
from tests.conftest import Folder
from tests.review.conftest import found_by_axe, press, reviewing
from tests.review.desk import desk_of

KEY = "file-walking.md"
PAPER = """# A trial of walking

We randomly allocated 64 office workers to walking or to their usual habits. The workers came from three cities of the coast.

The walks lasted 20 minutes and took place at noon on every working day of the week. Shoes were given to all who asked.

An erratum of the journal corrects the count of those who were allocated. The correct number of office workers is 46.

Assessors did not know who walked. The trial was registered before the first walk took place, and nobody left it early.
"""
FIELDS = """
[randomised]
type = "text"
ask = "How many people were randomly allocated."
[blinded]
type = "yes_no"
ask = "Whether assessors were blinded."
[length]
type = "number"
unit = "minutes"
ask = "How long a walk lasted."
"""


@pytest.fixture
def walking(survey: Folder) -> Folder:
    """A source that says a figure and corrects it."""
    survey.env |= {"SURVEY_REVIEWER": "Ada", "SURVEY_PUBLISH": "any"}
    survey.write("fields.toml", FIELDS)
    survey.write("walking.md", PAPER)
    survey.sources("./walking.md,Walking")
    survey.ok("refresh")
    return survey


def number_of(desk: Desk, words: str) -> int:
    text = desk.cell(KEY, "randomised").text
    assert text is not None
    return next(s.number for s in text.citable() if words in text.quote(s))


def edit(desk: Desk, value: str, numbers: tuple[int, ...], told: tuple[str, ...] = ()) -> Done:
    judged = desk.cell(KEY, "randomised").judged
    return desk.decide(KEY, "randomised", "edited", judged, value=value, numbers=numbers, stood_for=told)


def test_an_edit_is_held_against_its_sentences_before_it_is_saved(walking: Folder) -> None:
    """What they do not say is named, nothing is saved, and the sentences that are offered say it: on those it is saved at once."""
    with desk_of(walking) as desk:
        marked = (number_of(desk, "64 office"),)
        with pytest.raises(NotInEvidence, match="do not say “46") as asked:
            edit(desk, "46 office workers", marked)
        assert desk.cell(KEY, "randomised").item.state == "proposed"
        assert number_of(desk, "is 46") in asked.value.nearest
        edit(desk, "46 office workers", asked.value.nearest)
        view = desk.cell(KEY, "randomised")
        assert view.standing_check is not None, "the check is on record with the decision"
        assert (view.standing_check.state, view.standing_check.apart) == ("in evidence", ())
    walking.ok("render")
    assert "do not say" not in walking.read("README.md")


def test_kept_all_the_same_it_is_published_with_what_its_sentences_do_not_say(walking: Folder) -> None:
    """Who was told of it may save it; page, SQL and README then say so, without any run in between."""
    with desk_of(walking) as desk:
        marked = (number_of(desk, "64 office"),)
        with pytest.raises(NotInEvidence) as asked:
            edit(desk, "46 office workers", marked)
        with pytest.raises(NotInEvidence):
            edit(desk, "46 office workers", marked, ("something else",))
        edit(desk, "46 office workers", marked, asked.value.terms)
        check_then = desk.cell(KEY, "randomised").standing_check
        assert check_then is not None
        assert check_then.apart == asked.value.terms
    assert walking.rows("SELECT check_state FROM cells WHERE field = 'randomised'") == [
        {"check_state": check_then.state}
    ]
    walking.ok("render")
    assert "written by hand; the sentences given for it do not say “46" in walking.read("README.md")


def test_where_no_sentence_is_marked_those_that_say_it_are_offered(walking: Folder) -> None:
    """An edit without evidence is asked about, with a figure or without one; kept as it is, the table says so."""
    with desk_of(walking) as desk:
        with pytest.raises(NotInEvidence, match="no sentence is marked") as asked:
            edit(desk, "46 office workers", ())
        assert number_of(desk, "is 46") in asked.value.nearest
        with pytest.raises(NotInEvidence, match=r"no sentence is marked for it$") as asked:
            edit(desk, "those with an office", ())
        assert number_of(desk, "64 office") in asked.value.nearest
        edit(desk, "those with an office", (), asked.value.terms)
    walking.ok("render")
    assert walking.read("README.md").count("no sentence of the source is marked for it") == 1


def test_what_is_offered_says_more_than_what_was_marked(walking: Folder) -> None:
    """For every marked sentence and every figure of the text: offered sentences leave less unsaid, or nothing is offered."""
    with desk_of(walking) as desk:
        text = desk.cell(KEY, "randomised").text
        assert text is not None
        spec = desk.fields.named("randomised")
        for sentence in text.citable():
            marked, _ = point(text, [sentence.number])
            for value in ("46 office workers", "64 office workers", "20 minutes", "46 of 64", "three cities", "nobody"):
                offered = carrying(spec, value, marked, text, ())
                before, after = check(spec, value, marked, text), check(spec, value, offered, text)
                assert bool(offered) <= (len(after.apart) < len(before.apart)), (sentence.number, value)
                assert bool(offered) == bool(before.apart), (sentence.number, value, before)


def test_an_edit_of_a_field_without_figures_is_saved_on_a_sentence(walking: Folder) -> None:
    """An option is looked for nowhere, so nothing is asked where a sentence is marked; without one, no other is made up."""
    with desk_of(walking) as desk:
        judged = desk.cell(KEY, "blinded").judged
        with pytest.raises(NotInEvidence) as asked:
            desk.decide(KEY, "blinded", "edited", judged, value="yes", numbers=())
        assert not asked.value.nearest
        desk.decide(KEY, "blinded", "edited", judged, value="yes", numbers=[number_of(desk, "Assessors")])
        assert desk.cell(KEY, "blinded").item.state == "edited"
        with pytest.raises(InputError):
            desk.decide(KEY, "blinded", "edited", desk.cell(KEY, "blinded").judged, value="perhaps")


def test_nothing_checked_is_not_clean(walking: Folder) -> None:
    """Accepted with all others are only cells in which something was looked for and found; the rest is named with why."""
    archive = open_archive(walking.path, warn=pytest.fail)
    document = archive.documents()[KEY][-1].sha256
    text = archive.text_of(document)
    assert text is not None
    given = []
    for last in archive.answers(KEY):
        value = {"randomised": "46 office workers", "blinded": "yes", "length": "some minutes"}[last.field]
        words = {"randomised": "is 46", "blinded": "Assessors", "length": "20 minutes"}[last.field]
        evidence, _ = point(text, [next(s.number for s in text.citable() if words in text.quote(s))])
        checked = check(archive.fields.named(last.field), value, evidence, text)
        given.append(replace(last, engine="openai", model="m", value=value, quoted=False, value_sha256=value_sha256(value), evidence=evidence, check=checked))  # fmt: skip
    archive.add_answers(KEY, given)
    with desk_of(walking) as desk:
        assert {item.field for item in desk.promising_cells(KEY)} == {"randomised"}
        why = {item.field: told for item, told in desk.cells_to_read(KEY)}
        assert why["blinded"] == "no figure or name in it that could be looked for"
        assert "length" not in why or "no single number" in why["length"]
        for item in desk.promising_cells(KEY):
            checked = desk.cell(KEY, item.field).check
            assert checked.terms
            assert all(term.place == "in evidence" for term in checked.terms)
        with pytest.raises(Stale):
            desk.accept_clean(KEY, {"blinded": desk.cell(KEY, "blinded").judged or ""})


@pytest.mark.parametrize("rules", [RULES, RULES - 1])
def test_what_is_flagged_is_seen_before_it_is_accepted(walking: Folder, rules: int) -> None:
    """A figure that the evidence does not have is told before it is accepted, whether the cell shows it or older rules found it
    clean; on the sentences that have it, it is published as others are, else with a mark. Neither is among the clean ones."""
    archive = open_archive(walking.path, warn=pytest.fail)
    text = archive.text_of(archive.documents()[KEY][-1].sha256)
    last = next(answer for answer in archive.answers(KEY) if answer.field == "randomised")
    assert text is not None
    evidence, _ = point(text, [next(s.number for s in text.citable() if "64 office" in text.quote(s))])
    is_shown, value = rules == RULES, "46 office workers"
    found = (
        check(archive.fields.named("randomised"), value, evidence, text)
        if is_shown
        else Check((Term("46", "in evidence"),), rules)
    )
    archive.add_answers(KEY, [replace(last, engine="openai", model="m", value=value, quoted=False, value_sha256=value_sha256(value), evidence=evidence, check=found)])  # fmt: skip
    with desk_of(walking) as desk:
        judged = desk.cell(KEY, "randomised").judged or ""
        assert ("elsewhere" in {term.place for term in desk.cell(KEY, "randomised").check.terms}) is is_shown
        assert "randomised" not in {item.field for item in desk.clean_cells(KEY)}
        with pytest.raises(Stale):
            desk.accept_clean(KEY, {"randomised": judged})
        with pytest.raises(NotInEvidence, match="do not say “46") as asked:
            desk.decide(KEY, "randomised", "accepted", judged)
        assert desk.cell(KEY, "randomised").item.state == "proposed"
        assert [quote.words for quote in asked.value.quotes] == ["The correct number of office workers is 46."]
        if is_shown:
            desk.decide(KEY, "randomised", "accepted", judged, stood_for=asked.value.terms)
        else:
            desk.decide(KEY, "randomised", "accepted", judged, numbers=asked.value.nearest)
        assert desk.cell(KEY, "randomised").item.state == "accepted"
    walking.ok("render")
    row = walking.read("README.md")
    assert ("; the sentences given for it do not say “46" in f"; {row.partition('<sub>')[2]}") is is_shown
    assert "written by hand" not in row


def test_the_page_offers_sentences_and_saves_on_them(walking: Folder, page: Page) -> None:
    """Saved by its key, an edit comes back with what was typed, what its sentences do not say, and sentences that do; while
    somebody types, no key is shown that would only be a letter, and a pane that waits for its page says so."""
    with reviewing(walking, page) as review:
        page.goto(f"{review.url}/cell/{KEY}/randomised", wait_until="domcontentloaded")
        expect(page.locator("#sheet")).not_to_have_attribute("aria-busy", "true")
        press(page, "e")
        page.locator("#value").fill("46 office workers")
        assert {key.text_content() for key in page.locator("kbd").all() if key.is_visible()} == {"Ctrl Enter", "Esc"}
        press(page, "Control+Enter")
        expect(page.locator(".ask")).to_contain_text("do not say “46")
        expect(page.locator(".offered")).to_contain_text("The correct number of office workers is 46.")
        expect(page.locator("#value")).to_have_value("46 office workers")
        assert found_by_axe(page) == []
        page.get_by_role("link", name="No, leave it").click()
        expect(page.locator(".ask")).to_have_count(0)
        press(page, "e")
        expect(page.locator("#value")).to_have_value("46 office workers")  # what was typed is not lost
        press(page, "Control+Enter")
        page.get_by_role("button", name="Save on these").click()
        page.wait_for_url(lambda url: not url.endswith("/randomised"))
    assert walking.rows("SELECT value, check_state FROM cells WHERE field = 'randomised'") == [
        {"value": "46 office workers", "check_state": "in evidence"}
    ]
    assert walking.rows("SELECT words FROM quotes WHERE field = 'randomised'") == [
        {"words": "The correct number of office workers is 46."}
    ]


@pytest.mark.parametrize(("typed", "states"), [("t", "in evidence"), ("s", "elsewhere"), ("", None)])
def test_the_terminal_offers_them_too(
    walking: Folder, typed: str, states: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are taken, or the marked ones kept, or the cell is left undecided."""
    editor = walking.write("editor.sh", '#!/bin/sh\necho "46 office workers" > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("VISUAL", str(editor))
    with desk_of(walking) as desk:
        before = [item.field for item in desk.queue()].index("randomised")
    ran = walking.run("review", "--terminal", typed="j" * before + f"e{typed}\nq")
    assert "do not say “46" in ran.out, ran.out + ran.err
    assert "The correct number of office workers is 46." in ran.out
    found = walking.rows("SELECT check_state FROM cells WHERE field = 'randomised' AND state = 'edited'")
    assert [row["check_state"] for row in found] == ([states] if states else [])


def test_what_the_editor_shows_below_the_value_is_never_part_of_it(
    walking: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Question and sentences are there to be read: also where somebody deletes the line that parts them from the value."""
    editor = walking.write("editor.sh", """#!/bin/sh\nsed -i -e '1s/.*/64 office workers/' -e '/^# Write/d' "$1"\n""")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("VISUAL", str(editor))
    with desk_of(walking) as desk:
        before = [item.field for item in desk.queue()].index("randomised")
    ran = walking.run("review", "--terminal", typed="j" * before + "es\nq")
    assert walking.rows("SELECT value FROM cells WHERE field = 'randomised' AND state = 'edited'") == [
        {"value": "64 office workers"}
    ], ran.out
