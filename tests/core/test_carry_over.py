"""What survives a new version: the sentences alone decide, whatever else was edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from survey_extract.core.check import RULES
from survey_extract.core.check.check import check
from survey_extract.core.decisions import decide
from survey_extract.core.due.carry_over import CarriedOver, Carrier
from survey_extract.core.due.questions import Asking, due_fields
from survey_extract.core.evidence import pointer
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Answer, Check, Decision, Document, Evidence, Term, Value
from tests.fields import FIELDS, plain

ENCODER = "The encoder reads pictures of 224 pixels and is frozen in both stages."
TRAINED = "It is trained on 12 million pairs of pictures and captions from the harbor."
OTHER = "Nothing of this sentence is about the model, its data or how it was made."
ASKING = Asking("openai", "m1", "the wording", {"temperature": 0})
SPEC = next(spec for spec in FIELDS.asked if spec.name == "training_methods")


def text(*sentences: str) -> PaperText:
    return assemble([Block("body", sentence) for sentence in sentences], reader="t", title=None, page_count=1)


def document(version: str) -> Document:
    return Document("k", version * 32, 1, "text/html", "u", "l", version, None, None, "2026-01-01T00:00:00Z")


def answer(old: PaperText, *sentences: str, value: Value = "12 million pairs") -> Answer:
    evidence = tuple(pointer(old, s) for s in old.sentences if old.quote(s) in sentences)
    return Answer(
        ASKING.fingerprint(SPEC, old.sha256), SPEC.name, "openai", "m1", document("v1").sha256, "v1", old.sha256, "t", value, False,
        value_sha256(value), evidence, (), check(plain(value), value, evidence, old), 0, None, "run", "2026-01-01T00:00:00Z", ASKING.question(SPEC),
    )  # fmt: skip


def carried(
    old: PaperText, new: PaperText, given: Answer, asking: Asking = ASKING, decisions: Sequence[Decision] = ()
) -> CarriedOver:
    carrier = Carrier(
        document("v2"), new, asking, [given], decisions, {document("v1").sha256: old}.get, "next", "later"
    )
    return carrier.carry(due_fields((SPEC,), [given], document("v2"), asking, new.sha256))


OLD = text(ENCODER, TRAINED)


@pytest.mark.parametrize(
    ("new", "fates"),
    [
        (text(OTHER, ENCODER, OTHER, TRAINED), {"same": 1}),
        (text(TRAINED, ENCODER), {"same": 1}),
        (text(ENCODER, TRAINED.replace("12", "14")), {"changed": 1}),
        (text(ENCODER, OTHER), {"gone": 1}),
    ],
)
def test_the_sentence_decides(new: PaperText, fates: dict[str, int]) -> None:
    """Standing, it is carried with its new place and names the text that was asked; reworded or gone, it is asked again."""
    given = answer(OLD, TRAINED)
    over = carried(OLD, new, given)
    assert dict(over.fates) == fates
    if "same" in fates:
        (kept,) = over.answers
        assert new.pages[0][kept.evidence[0].start : kept.evidence[0].end] == TRAINED
        assert (kept.document, kept.version, kept.asked_of) == (document("v2").sha256, "v2", OLD.sha256)
        assert ASKING.is_answered(SPEC, kept)
        again = carried(new, OLD, replace(kept, document=document("v1").sha256))
        assert again.answers[0].asked_of is None
    else:
        assert [item.reason for item in over.wanted] == [f"v1 -> v2; its sentences: 1 {next(iter(fates))}"]


def test_one_lost_sentence_of_two_is_enough() -> None:
    """Half of the evidence does not carry the whole value."""
    over = carried(OLD, text(TRAINED, OTHER), answer(OLD, ENCODER, TRAINED))
    assert (over.answers, dict(over.fates)) == ((), {"same": 1, "gone": 1})


def test_not_reported_is_asked_again() -> None:
    """That nothing was said in the old version says nothing about the new one; of the same text it still holds."""
    given = answer(OLD, value=None)
    assert carried(OLD, text(ENCODER, TRAINED, OTHER), given).wanted
    assert carried(OLD, OLD, given).answers


def test_another_question_is_asked_whatever_stands() -> None:
    """A changed model or prompt asks again, and says both reasons."""
    over = carried(OLD, text(OTHER, ENCODER, TRAINED), answer(OLD, TRAINED), replace(ASKING, model="m2"))
    assert [item.reason for item in over.wanted] == ["v1 -> v2, model m1 -> m2"]


def test_a_name_that_left_the_text_takes_its_cell_with_it() -> None:
    """The sentence stands, but the value named something that stood elsewhere and is gone."""
    old = text(ENCODER, TRAINED, "The captions were collected by HarborWatch in the year before.")
    given = answer(old, TRAINED, value="12 million pairs of HarborWatch")
    assert given.check.state == "elsewhere"
    assert carried(old, text(ENCODER, TRAINED), given).wanted


def test_a_decision_on_other_sentences_counts_too() -> None:
    """A person chose a sentence of their own; when that is gone, the cell queues though the answer's evidence stands."""
    given = answer(OLD, TRAINED)
    chosen: tuple[Evidence, ...] = (pointer(OLD, OLD.sentences[0]),)
    decision = decide("edited", SPEC.name, given, by="Ann", at="2026-01-02", value="frozen", evidence=chosen)
    assert carried(OLD, text(TRAINED, OTHER), given, decisions=[decision]).wanted
    assert carried(OLD, text(OTHER, ENCODER, TRAINED), given, decisions=[decision]).answers


# --- rules ----------------------------------------------------------------------------------------

NAMED = "Our model is trained on 12 million pairs of pictures and captions from the harbor."


def test_an_update_of_the_rules_asks_nothing_again() -> None:
    """A check of older rules, which had found less amiss, is made once more in its own text; what stood is carried over."""
    value, new = "HarborWatch has 12 million pairs", text(OTHER, NAMED)
    given = replace(answer(text(NAMED), NAMED, value=value), check=Check((Term("12 million", "in evidence"),)))
    assert check(plain(value), value, given.evidence, text(NAMED)).state == "nowhere"
    over = carried(text(NAMED), new, given)
    assert over.wanted == ()
    assert (over.answers[0].check.state, over.answers[0].check.rules) == ("nowhere", RULES)


def test_without_the_old_text_the_sentences_alone_decide() -> None:
    """Checks of two kinds of rules are not compared: nothing that was paid is asked for it."""
    given = replace(answer(OLD, TRAINED, value="HarborWatch has 12 million pairs"), check=Check())
    carrier = Carrier(document("v2"), text(OTHER, TRAINED), ASKING, [given], (), lambda _: None, "next", "later")
    assert carrier.carry(due_fields((SPEC,), [given], document("v2"), ASKING, "other")).answers


def test_by_the_same_rules_a_lost_name_still_counts() -> None:
    """An answer of older rules whose name has left the text is asked again: measured in both texts by today's rules."""
    old = text(ENCODER, TRAINED, "The captions were collected by HarborWatch in the year before.")
    given = replace(answer(old, TRAINED, value="12 million pairs of HarborWatch"), check=Check())
    assert carried(old, text(ENCODER, TRAINED), given).wanted


def test_the_sources_own_name_is_no_reason_to_ask() -> None:
    """What the source is called counts as evidence for names, in both versions."""
    given = answer(OLD, TRAINED, value="HarborLM saw 12 million pairs")
    new = text(OTHER, ENCODER, TRAINED)
    carrier = Carrier(
        document("v2"), new, ASKING, [given], (), {document("v1").sha256: OLD}.get, "next", "later", ("HarborLM",)
    )
    (kept,) = carrier.carry(due_fields((SPEC,), [given], document("v2"), ASKING, new.sha256)).answers
    assert kept.check.state == "in evidence"


def test_what_an_older_reader_joined_is_asked_again_and_nothing_else() -> None:
    """A newer reader's text carries over the cells whose sentences stand in it; only those on a false join, or on a sample, are lost."""
    join = "The encoder reads pictures of the harbor and its owners."
    sample = "User: What is on this picture of 12 million pairs?"
    old = text(ENCODER, join, TRAINED, sample)
    blocks = [Block("body", ENCODER), Block("body", "The encoder reads pictures of"), Block("debris", "0.81 1.2"), Block("body", "the harbor and its owners."), Block("body", TRAINED), Block("inset", sample)]  # fmt: skip
    new = assemble(blocks, reader="newer", title=None, page_count=1)
    for sentence, stands in ((TRAINED, True), (ENCODER, True), (join, False), (sample, False)):
        given = answer(old, sentence, value="pictures")
        carrier = Carrier(document("v1"), new, ASKING, [given], (), {document("v1").sha256: old}.get, "next", "later")
        over = carrier.carry(due_fields((SPEC,), [given], document("v1"), ASKING, new.sha256))
        assert [bool(over.answers), bool(over.wanted)] == [stands, not stands], sentence
        if stands:
            assert over.answers[0].reader == "newer"
            assert over.answers[0].reply == given.reply
        else:
            assert over.wanted[0].reason.startswith("the text is read otherwise; its sentences: 1 ")
