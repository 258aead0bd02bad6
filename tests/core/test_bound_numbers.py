"""Number fields without a model: an amount answers where the field's own words are bound to it, or there is no answer."""

from __future__ import annotations

import pytest

from survey_extract.core.answering.answers import answers_of
from survey_extract.core.answering.bound_numbers import Bound, gives, gives_pair
from survey_extract.core.fields import FieldSpec
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Value
from survey_extract.core.tables.pairs import Pair, pair_of_row
from survey_extract.core.tables.table import NO_BOX, Row, TableCell

FIELDS = {
    spec.name: spec
    for spec in (
        FieldSpec("download", "Download size", "The size of the download.", "number", unit="GB", units=(("MB", 0.001),)),
        FieldSpec("batch", "Batch size", "The batch size in training.", "number", unit="samples"),
        FieldSpec("sown", "Plots", "How many plots were sown.", "number", unit="plots"),
        FieldSpec("stay", "Stay", "How long guests stay.", "number", unit="nights", units=(("weeks", 7.0),)),
        FieldSpec("price", "Price", "What it costs.", "number", unit="dollars"),
        FieldSpec("age", "Age", "The mean age of the cows.", "number", unit="years"),
        FieldSpec("rooms", "Rooms", "How many rooms the inn has in all.", "number", unit="rooms"),
        FieldSpec("lanes", "Lanes", "How many lanes the bridge has.", "number", unit="B"),
        FieldSpec("length", "Length", "The length of the ferry.", "number", unit="m", units=(("km", 1000.0),)),
        FieldSpec("cabins", "Cabins", "How many cabins the ferry has.", "number", unit="cabins"),
    )
}  # fmt: skip

GIVEN = (
    ("download", "The download size is 2 GB.", "2 GB"),
    ("download", "The size of the download is about 700 MB.", "about 700 MB"),
    ("batch", "We use a batch size of 128 samples.", "128 samples"),
    ("batch", "A 128-sample batch size is used.", "128-sample"),
    ("sown", "A total of 400 plots were sown.", "400 plots"),
    ("stay", "The stay is two weeks.", "two weeks"),
    ("price", "It costs 300 dollars.", "300 dollars"),
    ("age", "The mean age of the cows was 4 years (SD 2).", "4 years"),
    ("rooms", "The inn has 14 rooms in all.", "14 rooms"),
    ("length", "Its length is 31 m.", "31 m"),
    ("length", "It is 31 m long.", "31 m"),
    ("length", "The ferry is a catamaran with a length of about 31 m.", "about 31 m"),
    ("length", "Its length is 2.4 km, and its width is 130 m.", "2.4 km"),
    ("cabins", "The ferry has 40 cabins.", "40 cabins"),
)

NOT_GIVEN = {
    "another thing of the unit": (
        ("download", "The download size matters, since it needs 350 GB of memory."), ("download", "The download needs 80 GB memory."),
        ("batch", "We train on 12 samples with a large batch size."), ("price", "Shipping costs 30 dollars."),
        ("price", "The price of the case is 20 dollars."), ("batch", "The evaluation batch size is 128 samples."),
        ("download", "The download size of Meadow is 2 GB."),
    ),
    "a part, or one of several": (
        ("sown", "200 plots in each group were sown."), ("sown", "Of 90 plots, 40 plots were sown."), ("batch", "The batch size is 64 or 128 samples."),
        ("age", "The mean age was 4 ± 2 years."), ("age", "The mean age was between 4 and 6 years."), ("sown", "Only the first 12 plots were sown."),
        ("rooms", "The inn has 14 rooms."),
    ),
    "another's length or number": (
        ("length", "Its deck is 31 m long."), ("length", "The quay is 31 m long."), ("length", "Its predecessor is 31 m long."), ("length", "It is 31 m longer."),
        ("length", "It will be 31 m long."), ("length", "It was 31 m long until 1990."), ("length", "It is a ferry with a deck of 31 m."), ("length", "It is at most 31 m long."),
        ("length", "The neighbouring ferry, a catamaran, has a length of 31 m."), ("length", "The neighbouring ferry is old, and its length is 31 m."),
        ("cabins", "The quay has 40 cabins."), ("cabins", "It has 40 crew cabins."), ("cabins", "It has 40 cabins in each hull."),
    ),
    "another quantity": (
        ("age", "Age was 4 years."), ("age", "The median age was 4 years."), ("stay", "The mean stay was 3 nights."), ("download", "The download size per file is 2 GB."),
    ),
    "limits, changes and comparisons": (
        ("download", "The download size is less than 2 GB."), ("download", "The download size was cut to 2 GB."), ("download", "The download size is 2 GB smaller."),
        ("sown", "At least 400 plots were sown."), ("price", "It costs 30 dollars more."), ("price", "It costs 30 dollars a month."),
    ),
    "conditions, plans, denials and questions": (
        ("batch", "If the batch size is 128 samples, it fails."), ("download", "For a download size of 2 GB, choose small."), ("download", "The download size will be 2 GB."),
        ("sown", "We planned that 400 plots were sown."), ("sown", "400 plots were not sown."), ("download", "Is the download size 2 GB?"),
        ("stay", "The stay of 3 nights was planned."),
    ),
    "others' work": (
        ("batch", "Reed et al. use a batch size of 128 samples."), ("batch", "The batch size is 128 samples [7]."), ("batch", "The baseline has a batch size of 128 samples."),
    ),
    "no number with that unit": (
        ("sown", "Since 2010, plots were sown."), ("sown", "In group 2) plots were sown."), ("lanes", "The bridge has 4 (b) lanes."), ("lanes", "The bridge has 4 b."),
    ),
}  # fmt: skip


def given(field: str, sentence: str) -> str | None:
    bound = Bound.of(FIELDS[field])
    assert bound is not None
    return gives(bound, sentence)


@pytest.mark.parametrize(("field", "sentence", "amount"), GIVEN)
def test_an_amount_that_is_bound_answers(field: str, sentence: str, amount: str) -> None:
    """What the field seeks leads to the number, or follows it."""
    assert given(field, sentence) == amount


@pytest.mark.parametrize("kind", NOT_GIVEN)
def test_the_right_unit_alone_answers_nothing(kind: str) -> None:
    """Of each kind of amount that is another one's, or no plain statement, nothing is taken."""
    assert [case for case in NOT_GIVEN[kind] if given(*case) is not None] == []


def test_a_field_that_says_nothing_beyond_its_unit_is_not_answered() -> None:
    """Nothing then tells one amount from another."""
    assert Bound.of(FieldSpec("x", "Rooms", "How many rooms.", "number", unit="rooms")) is None
    assert Bound.of(FieldSpec("x", "Size", "The size of the download.", "number")) is None


def test_a_pair_of_a_table_gives_its_amount() -> None:
    """The pair "Download size | 2 GB" does; a pair on something else, and a cell under a header, do not."""
    bound = Bound.of(FIELDS["download"])
    assert bound is not None
    assert gives_pair(bound, Pair("Download size", "2 GB")) == "2 GB"
    assert gives_pair(bound, Pair("Memory", "2 GB")) is None
    for header, pair in ((), "2 GB"), (("Value",), "2 GB"), (("Old",), None):
        found = pair_of_row(Row("Download size", None, (TableCell(header, "2 GB", NO_BOX),), NO_BOX))
        assert (found and gives_pair(bound, found)) == pair


def answered(*blocks: Block) -> tuple[Value, int]:
    text = assemble(list(blocks), reader="t", title="Orchid", page_count=1)
    (said,) = answers_of(text, [FIELDS["stay"]])
    return said.value, len(said.numbers)


def test_sentences_that_disagree_and_other_peoples_work_answer_nothing() -> None:
    """The same amount in two units agrees; two amounts do not; what stands under related work is not the source's."""
    weeks, nights, three = "The stay is two weeks here.", "The stay is 14 nights here.", "The stay is 3 nights here."
    assert answered(Block("body", weeks), Block("body", nights))[1] == 2
    assert answered(Block("body", weeks), Block("body", three)) == (None, 0)
    assert answered(Block("heading", "2 Related work"), Block("body", three)) == (None, 0)
    assert answered(Block("heading", "2 The inn"), Block("body", three)) == ("3 nights", 1)
