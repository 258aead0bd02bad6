"""The wording of the question: which changes of it ask again, and what it says of evidence."""

from __future__ import annotations

import pytest

from survey_extract.core.due.questions import Asking
from survey_extract.core.fields import EVIDENCE_LIMIT, FieldSpec
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.former import FIRST_WORDING, SAME_QUESTION
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import (
    LEAVES_ONLY,
    Form,
    Prompt,
    checked_prompt,
    first_wire_schema,
    numbered,
    numbered_first,
    parse_reply,
    wire_schema,
)
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.wiring import FORMER, default_prompt
from tests.fields import FIELDS
from tests.servers.openai_server import beginning

OURS = default_prompt("extract.md")
SPEC = next(spec for spec in FIELDS.asked if spec.name == "training_methods")


def asking(prompt: str) -> Asking:
    return Asking("openai", "m1", prompt, {"temperature": 0.0})


def test_our_wording_asks_what_our_first_one_asked() -> None:
    """An answer on record under the first wording is an answer to today's: an update asks nothing again."""
    assert Prompt(OURS, "").sha256 == FIRST_WORDING
    then, now = asking(FIRST_WORDING), asking(Prompt(OURS, "").sha256)
    assert then.fingerprint(SPEC, "text") == now.fingerprint(SPEC, "text")
    assert then.question(SPEC) == now.question(SPEC)


def test_a_survey_that_keeps_our_first_wording_asks_the_same() -> None:
    """Its copy, as `init` wrote it then, has the name that today's wording has."""
    second = default_prompt("former/extract-2.md")
    first = second.replace(
        "only those that are needed, and at most {evidence_limit}. Each\n  is a number in square brackets above. Every figure and every"
        " name in a value\n  must stand in one of its sentences.",
        "at most {evidence_limit} numbers, each of them a number in\n  square brackets above. Every figure and every name in a value"
        " must stand in\n  one of its sentences.",
    )
    assert sha256_text(first) == FIRST_WORDING != sha256_text(OURS)
    assert Prompt(first, "").sha256 == Prompt(OURS, "").sha256


def test_today_asks_in_one_form_and_looks_for_all_former_ones() -> None:
    """First the form of today, then that of the other setting and of the former ranking, then our wordings of before; one without {subject} asks of the first subject alone."""
    former = [default_prompt(name) for name in FORMER]
    assert [sha256_text(wording) in SAME_QUESTION for wording in former] == [True, True]
    about_trials = checked_prompt(OURS, default_prompt("repair.md"), "the trial", former)
    assert about_trials.former == tuple(wording for wording in former if "{subject}" in wording) == tuple(former[:1])
    forms = checked_prompt(OURS, default_prompt("repair.md"), former=former).forms("everything")
    assert [(form.wording, form.show, form.is_first) for form in forms] == [
        (OURS, "everything", False), (OURS, "relevant", False), (OURS, "formerly relevant", False),
        *((wording, "everything", True) for wording in former),
    ]  # fmt: skip


def test_every_wording_leads_to_the_first_in_one_step() -> None:
    """No chain of wordings and no circle: the name of the question never depends on how often we reworded it."""
    assert all(first not in SAME_QUESTION for first in SAME_QUESTION.values())


@pytest.mark.parametrize("edited", [OURS + "\nBe brief.\n", OURS.replace("plain", "simple"), OURS.rstrip()])
def test_an_edited_wording_is_another_question(edited: str) -> None:
    """Whatever a survey changes in its copy asks again, be it a blank."""
    assert edited != OURS
    assert Prompt(edited, "").sha256 == sha256_text(edited) != FIRST_WORDING


def test_evidence_has_room_for_many_data_sets_and_no_more() -> None:
    """Twenty-four numbers are taken, twenty-five are a misfit; the question says how many, and that only what is needed counts."""
    reply = '{"training_methods": {"value": "In two stages.", "evidence": [%s]}}'
    (said,) = parse_reply(reply % ", ".join(map(str, range(1, 25))), [SPEC]).whole()
    assert len(said.numbers) == EVIDENCE_LIMIT == 24
    with pytest.raises(Misfit, match="at most 24"):
        parse_reply(reply % ", ".join(map(str, range(1, 26))), [SPEC]).whole()
    assert "only those that are needed" in OURS


SECTIONS = [
    Block("body", "It begins."), Block("heading", "2 Related Work", level=1), Block("heading", "2.1 Boats", level=2), Block("body", "They float."),
    Block("heading", "2.2 Rafts", level=2), Block("body", "They drift."), Block("heading", "3 Method", level=1), Block("heading", "Data.", level=9),
    Block("body", "We count them."), Block("heading", "4 Empty", level=1), Block("heading", "5 End", level=1), Block("body", "It ends."),
]  # fmt: skip


def test_a_sentence_stands_under_all_its_headings() -> None:
    """A section that holds nothing but its parts is named before the first of them, once; an empty one is not."""
    text = assemble(SECTIONS, reader="new", title=None, page_count=1)
    lines = [line for line in numbered(text, text.citable()).splitlines() if line]
    assert lines == [
        "[1] It begins.", "## 2 Related Work", "## 2.1 Boats", "[4] They float.", "## 2.2 Rafts", "[6] They drift.",
        "## 3 Method", "## Data.", "[9] We count them.", "## 5 End", "[12] It ends.",
    ]  # fmt: skip


@pytest.mark.parametrize("reader", sorted(LEAVES_ONLY))
def test_the_text_of_an_older_reader_makes_the_request_that_it_made(reader: str) -> None:
    """To the byte: what was sent, or is under way, is found by its hash and not paid again."""
    text = assemble(SECTIONS, reader=reader, title=None, page_count=1)
    assert numbered_first(text, text.citable()) == (
        "[1] It begins.\n\n## 2.1 Boats\n[4] They float.\n\n## 2.2 Rafts\n[6] They drift.\n\n## Data.\n[9] We count them."
        "\n\n## 5 End\n[12] It ends."
    )


def test_a_gap_is_marked_once() -> None:
    """Where sentences were left out, be it a section or the end, one line says so; headings and other text that nobody may cite leave no gap."""
    text = assemble(SECTIONS, reader="new", title=None, page_count=1)
    one, *_, last = text.citable()
    middle = next(s for s in text.citable() if s.number == 6)
    assert numbered(text, [one, last]).splitlines() == ["[1] It begins.", "...", "", "## 5 End", "[12] It ends."]
    assert [line for line in numbered(text, [middle]).splitlines() if line] == [
        "...", "## 2 Related Work", "## 2.2 Rafts", "[6] They drift.", "...",
    ]  # fmt: skip
    assert "..." not in numbered(text, text.citable())
    assert "A line ... shows" in OURS


def test_each_shape_stands_once_in_the_schema() -> None:
    """Fields of one type share a definition, whose properties stay in the order of the question; a choice has its own."""
    fields = (*FIELDS.asked, FieldSpec("phase", "Phase", "The phase.", "choice", ("1", "2")))
    schema, first = wire_schema(fields), first_wire_schema(fields)
    assert len(schema["$defs"]) == 3
    assert list(schema["properties"]) == schema["required"] == [spec.name for spec in fields]
    for name, part in schema["properties"].items():
        old = first["properties"][name]["$ref"].rpartition("/")[2]
        assert schema["$defs"][part["$ref"].rpartition("/")[2]] == first["$defs"][old]


def test_the_fence_stands_around_the_document_alone() -> None:
    """What two documents share comes before their codes; the rules are called to mind behind the end."""
    texts = [assemble([Block("body", words)], reader="new", title=None, page_count=1) for words in ("One.", "Two.")]
    one, two = (Form(OURS).question(text, text.citable(), FIELDS.asked) for text in texts)
    shared = len(beginning([one, two]))
    assert one[:shared].endswith("\nBEGIN DOCUMENT ")
    for text, question in zip(texts, (one, two), strict=True):
        fence = text.sha256[:12]
        assert question.index(f"BEGIN DOCUMENT {fence}\n") < question.index(f"\nEND DOCUMENT {fence}\n")
        assert question[question.index(f"\nEND DOCUMENT {fence}\n") :].count(fence) == 2
        assert FIELDS.asked[0].instruction in question[:shared]
