"""What evaluate counts beside the marks of one cell: two answers, two answerers, parts, what it took, and results kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from survey_extract.core.books import Reply, TokenUsage
from survey_extract.core.evaluation.agreement import Both, agreements
from survey_extract.core.evaluation.baseline import Answerer, Basis, Stamp, compared, parse_saved, saved_text
from survey_extract.core.evaluation.evaluate import ALL, Marked, figures
from survey_extract.core.evaluation.judging import Mark, Marks, is_whole
from survey_extract.core.evaluation.rows import evaluation_rows
from survey_extract.core.evaluation.sameness import is_same_value
from survey_extract.core.evaluation.spending import spending
from survey_extract.core.evaluation.stability import again_marks
from survey_extract.core.evidence import pointer
from survey_extract.errors import BadArchive
from tests.core.test_evaluate import CLAIMS, PAPER, POINTED, VALUE, given, right, shares
from tests.core.test_track_record import answered
from tests.fields import FIELDS, TEXT

ONE, OTHER = "openai m1", "extractive"
BASIS = Basis("f", None, None, (Answerer(field="training_methods", engine="openai", model="m1", prompt="p"),))
FIRST, SECOND, THIRD = (pointer(PAPER, sentence) for sentence in PAPER.sentences[:3])


def test_two_texts_are_one_when_each_holds_the_claims_of_the_other() -> None:
    """Their order and wording do not count with a document at hand; a figure or a clause more does; without one, words do."""
    parts = VALUE.split(". ")
    turned = ". ".join((parts[2].rstrip("."), parts[0], parts[1]))
    assert is_same_value(TEXT, VALUE, turned, claims=CLAIMS)
    assert not is_same_value(TEXT, VALUE, turned)
    assert not is_same_value(TEXT, VALUE, f"{VALUE} It has 48 layers.", claims=CLAIMS)
    assert not is_same_value(TEXT, f"{VALUE} Every ship is weighed before it enters.", VALUE, claims=CLAIMS)
    assert is_same_value(TEXT, None, None)
    assert not is_same_value(TEXT, VALUE, None, claims=CLAIMS)


def test_sentences_of_two_answers() -> None:
    """Shared, and the Jaccard index as a count; where one has none, only the value counts."""
    marks = again_marks(True, (FIRST, SECOND), (SECOND, THIRD))
    assert {name: (mark.hits, mark.of) for name, mark in marks.items()} == {
        "same again": (1, 1),
        "sentence again": (1, 1),
        "sentences again": (1, 3),
    }
    assert set(again_marks(False, (FIRST,), ())) == {"same again"}
    assert again_marks(False, (FIRST,), (SECOND,))["sentence again"] == Mark(0, 1)


def test_the_mean_jaccard_is_that_of_the_cells() -> None:
    """A cell with many sentences weighs no more than one with few; the sum beside it is over all sentences."""
    cells = [Marked(str(of), "a", "gold", {"sentences again": Mark(1, of)}) for of in (1, 4)]
    (found,) = figures(cells, ["a"])
    assert found.jaccard == pytest.approx((1 + 1 / 4) / 2)
    assert (found.shares["sentences again"].hits, found.shares["sentences again"].of) == (2, 5)


def test_the_first_right_sentence_of_an_answer_without_a_model() -> None:
    """By its place in the answer; one that only touches on the field is not right; a model's answer has no such measure."""
    one = replace(right(VALUE), partly=frozenset([SECOND.sha256]))
    quoted = replace(given(VALUE, (THIRD, SECOND, FIRST)), quoted=True)
    found = shares(TEXT, one, quoted)
    assert [found[m] for m in ("right first", "right in two", "right in five")] == [(0, 1), (0, 1), (1, 1)]
    assert found["evidence overlaps"] == (1, 1)
    assert "right first" not in shares(TEXT, one, given(VALUE, POINTED))


@pytest.mark.parametrize(
    ("marks", "whole"),
    [
        ({"coverage": Mark(1, 1)}, None),
        ({"coverage": Mark(1, 1), "reported": Mark(1, 1), "recall": Mark(2, 2), "precision": Mark(2, 2)}, True),
        ({"reported": Mark(1, 1), "recall": Mark(2, 2), "precision": Mark(2, 3)}, False),
        ({"reported": Mark(1, 1), "terms found": Mark(2, 2), "terms carried": Mark(1, 9)}, True),
        ({"reported": Mark(1, 1), "terms found": Mark(1, 2), "upheld": Mark(1, 1)}, True),
        ({"not reported": Mark(0, 1)}, False),
    ],
)
def test_right_as_a_whole(marks: Marks, whole: bool | None) -> None:
    """Nothing is missing and no name is invented; what a person left as it was is right, whatever else is measured."""
    assert is_whole(marks) is whole


def test_who_is_right_when() -> None:
    """Where they agree, where they differ, and of which cells nothing is known."""
    cells = [
        Both("k1", "a", ONE, OTHER, True, (True, True)),
        Both("k2", "a", ONE, OTHER, True, (None, None)),
        Both("k3", "a", ONE, OTHER, False, (True, False)),
        Both("k1", "b", ONE, OTHER, False, (False, True)),
    ]
    found = agreements(cells, ["b", "a"])
    assert [item.field for item in found] == ["b", "a", ALL]
    whole = found[-1]
    shown = [(s.hits, s.of) for s in (whole.same, whole.agreeing, whole.one_apart, whole.other_apart)]
    assert shown == [(2, 4), (1, 1), (1, 2), (1, 2)]


def test_what_answers_took_is_shared_among_their_fields() -> None:
    """What is unknown is counted as unknown and adds nothing; an answer without a model took nothing."""
    usage = TokenUsage(prompt=1000, completion=50)
    booked = Reply("r1", "k", "openai", "m", ("a", "b"), "ok", usage, False, "t", cost=0.02, seconds=3.0)
    old = replace(booked, sha256="r2", usage=None, cost=None, seconds=None, fields=("a",))
    answers = [replace(answered("x"), field="a", reply=name) for name in ("r1", "r2", "lost", None)]
    (spent,) = spending(answers, [booked, old], ["a"])
    assert (spent.answers, spent.counted, spent.priced, spent.timed) == (3, 1, 1, 1)
    assert (spent.prompt_tokens, spent.completion_tokens, spent.cost, spent.seconds) == (500, 25, 0.01, 1.5)


def test_accepted_and_edited_are_parts_of_what_was_decided() -> None:
    """Both are counted in the whole; of one part alone there is no figure, since it is the whole."""
    cells = [
        Marked(str(n), "a", "decided", {"coverage": Mark(n, 1)}, (), "edited" if n else "accepted") for n in (0, 1)
    ]
    assert [(item.against, item.cells) for item in figures(cells, ["a"])] == [("decided", 2), ("accepted", 1), ("edited", 1)]  # fmt: skip
    assert [item.against for item in figures(cells[:1], ["a"])] == ["decided"]


def test_results_come_back_as_they_were_kept() -> None:
    """With their parts; whatever the time, they repeat each other; a baseline of before there were parts is read and compared."""
    cells = [Marked("k", "training_methods", "decided", {"recall": Mark(1, 2)}, (), "edited")]
    now = parse_saved(saved_text(cells, BASIS, Stamp("2026-01-01T00:00:00Z", "1")), "f")
    later = parse_saved(saved_text(cells, BASIS, Stamp("2026-02-01T00:00:00Z", "2")), "f")
    assert now.marked({}) == tuple(cells)
    assert now.repeats(later)
    assert now.is_of_same(later)
    assert not now.repeats(parse_saved(saved_text([replace(cells[0], marks={"recall": Mark(2, 2)})], BASIS), "f"))
    old = json.loads(saved_text(cells, BASIS))
    del old["cells"][0]["part"]
    compared_ = compared(parse_saved(json.dumps(old), "f"), cells, BASIS, frozenset([("k", "training_methods")]))
    assert (compared_.cells, compared_.flips, compared_.worse) == (1, (), ())


def test_sentences_of_one_engine_are_no_measure_of_another() -> None:
    """A model that answers in its own words does not shut the gate; worse sentences of the same engine do."""
    place = frozenset([("k", "a")])
    saved = parse_saved(saved_text([Marked("k", "a", "gold", {"right first": Mark(1, 1)})], BASIS), "f")
    assert compared(saved, [Marked("k", "a", "gold", {"reported": Mark(1, 1)})], BASIS, place).worse == ()
    assert len(compared(saved, [Marked("k", "a", "gold", {"right first": Mark(0, 1)})], BASIS, place).worse) == 1


def test_rows_of_stored_results() -> None:
    """One for each measure, with who answered; a damaged file is named."""
    cells = [Marked("k", "training_methods", "decided", {"precision": Mark(1, 1), "recall": Mark(1, 2)})]
    rows = list(evaluation_rows({"R": saved_text(cells, BASIS, Stamp("2026-01-01T00:00:00Z", "1"))}, FIELDS))
    assert [(row[0], row[3], row[5], row[6], row[7]) for row in rows] == [
        ("R", "training_methods", "precision", 1, 1),
        ("R", "training_methods", "recall", 1, 2),
        ("R", "training_methods", "F1", 1, 1.5),
    ]
    assert rows[0][12:16] == (["openai"], ["m1"], ["p"], [])
    with pytest.raises(BadArchive, match=r"warehouse/evaluations/R\.json"):
        list(evaluation_rows({"R": "{}"}, FIELDS))
