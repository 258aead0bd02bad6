"""What a study says of its own size, and of its data, is read; what is said of a part, of others or on terms is not; the rest is offered."""

from __future__ import annotations

import pytest

from survey_extract.adapters.html.reader import read_markdown
from survey_extract.core.answering.answers import answers_of
from survey_extract.core.answering.counted import Counted, counts, counts_pair
from survey_extract.core.answering.settled import is_used, is_work
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.availability import Available, tells
from survey_extract.core.ranking.offered import OFFERED, offered
from survey_extract.core.ranking.yes_no import SoughtProperty, says
from survey_extract.core.tables.pairs import Pair

PONDS = FieldSpec(
    "ponds", "Ponds", "At how many ponds the study was done.", "number", unit="ponds", units=(("lakes", 1.0),)
)
PEOPLE = FieldSpec(
    "people", "Divers", "How many people took part.", "number", unit="divers", units=(("volunteers", 1.0),)
)
USERS = FieldSpec("users", "Users", "By how many people it is used.", "number", unit="users", units=(("people", 1.0),))
OPEN = FieldSpec("open", "Open data?", "Whether the data are openly available.", "yes_no")
BLIND = FieldSpec("blind", "Blinded?", "Whether divers or judges were blinded.", "yes_no")


@pytest.mark.parametrize(
    ("spec", "sentence", "found"),
    [
        (PONDS, "We sampled newts in 36 shallow ponds near Orlo.", "36 shallow ponds"), (PONDS, "The survey took place at thirty-six ponds.", "thirty-six ponds"),
        (PONDS, "In total, this study covers 12 lakes.", "12 lakes"), (PEOPLE, "A total of 40 volunteers in two towns were randomly assigned.", "40 volunteers"),
        (PEOPLE, "In 2016, 41 divers took part.", "41 divers"), (USERS, "Some 300 people use it every day.", "300 people"),
        (PONDS, "We sampled newts in 18 of 36 ponds.", None), (PONDS, "We sampled the 36 ponds twice.", None), (PONDS, "We sampled 4 ponds per village.", None),
        (PONDS, "We sampled 18 drained ponds.", None), (PONDS, "We plan to survey newts in 90 ponds.", None), (PONDS, "Reed et al. (2012) surveyed 55 ponds.", None),
        (PONDS, "An earlier study covered 55 ponds.", None), (PONDS, "Newts were seen at 20 ponds.", None), (PONDS, "We sampled at least 20 ponds.", None),
        (PEOPLE, "We enrolled 50 divers, of whom 9 were excluded.", None), (PEOPLE, "A total of 90 divers were screened for eligibility.", None),
        (USERS, "We surveyed 300 people.", None),
    ],
)  # fmt: skip
def test_how_many_were_studied(spec: FieldSpec, sentence: str, found: str | None) -> None:
    """A study's own size in its few forms; never a part, a plan, a limit, others' work or those before somebody left."""
    counted = Counted.of(spec)
    assert counted
    assert counts(counted, sentence, frozenset()) == found


def test_a_question_for_more_is_not_answered_by_how_many_were_studied() -> None:
    """How many died, or what a room has, is another question; a pair under the field's own words counts."""
    for ask in ("How many divers died.", "How many divers had a licence.", "The divers' mean age."):
        assert Counted.of(FieldSpec("x", "Divers", ask, "number", unit="divers")) is None
    counted = Counted.of(PONDS)
    assert counted
    assert (counts_pair(counted, Pair("Ponds", "36")), counts_pair(counted, Pair("Depth", "36"))) == ("36", None)


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("All data and R code are archived at https://example.org/d.", "yes"), ("The survey data have been made publicly available.", "yes"),
        ("Our dataset is hosted on Zenodo.", "yes"), ("The data are not publicly available, since they name ponds.", "no"), ("The raw data cannot be shared.", "no"),
        ("Data are available from the authors on request.", None), ("The data will be published at https://example.org.", None), ("The data are available.", None),
        ("Some of the data are archived at https://example.org.", None), ("Data were openly available (Reed et al., 2012).", None), ("The ponds are open to the public.", None),
        ("The data are openly available after registration; until then only summaries are.", None), ("Are the data openly available?", None),
    ],
)  # fmt: skip
def test_whether_data_are_open(sentence: str, answer: str | None) -> None:
    """Open to everybody, or denied; what is given on terms, later or in part is neither."""
    asked = Available.of(OPEN)
    assert asked
    assert tells(asked, sentence) == answer


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("In this double-blind trial 40 divers were weighed.", "yes"), ("Nobody was blinded.", "no"), ("Neither divers nor judges were blinded.", "no"),
        ("Since the drug smells, blinding was not possible.", "no"), ("No drug was used, and nobody was blinded.", "no"),
        ("A double-blind trial would be better.", None), ("Unlike this double-blind trial, theirs was open.", None), ("Nobody knows whether judges were blinded.", None),
    ],
)  # fmt: skip
def test_what_a_study_calls_itself(sentence: str, answer: str | None) -> None:
    """By an adjective of its own, or by what nobody was."""
    sought = SoughtProperty.of(BLIND)
    assert sought
    assert says(sought, sentence, frozenset(), frozenset(sentence.casefold().split())) == answer


def test_an_option_is_of_the_sources_own_work() -> None:
    """Called so, or used by it; not where it only stands there."""
    assert is_work("In a field experiment we drained ponds", "field experiment")
    assert is_work("The work is purely observational.", "observational")
    assert not is_work("A field experiment is needed", "field experiment")
    assert is_used("We used camera traps at night", "camera traps")
    assert is_used("Point counts of an hour were made", "point counts")
    assert not is_used("Camera traps are cheap", "camera traps")


def test_what_is_offered_holds_what_the_field_can_take() -> None:
    """The sentence with a number in the field's unit comes before those with more of its words; an answer there is none."""
    text = read_markdown(
        b"# Newts\n\nHow large the area was matters less than its water. Newts are shy. Frogs were left out of this."
        b"\n\nNewts were found on 12 sq km of marsh. Toads were heard at night by all of us. Rain fell in May."
        b"\n\nThanks are due to those who lent us boots, and to the owners of the land, who let us in at any hour of the day."
    )
    spec = FieldSpec("area", "Area", "The area studied.", "number", unit="km\u00b2")
    numbers = offered(text, spec)
    assert text.quote(text.sentences[numbers[0] - 1]) == "Newts were found on 12 sq km of marsh."
    assert len(numbers) == len({*numbers}) == OFFERED
    assert answers_of(text, [spec])[0].value is None
