"""Yes-or-no fields without a model: an answer is said by a sentence, or there is none."""

from __future__ import annotations

from collections import Counter

import pytest

from survey_extract.core.answering.answers import answers_of
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.yes_no import SoughtProperty, says, says_pair
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Value
from survey_extract.core.tables.pairs import Pair
from tests.papers.yes_no import FIELDS, HELD_OUT, LOOKED_AT, Case


def said(case: Case) -> str | None:
    sought = SoughtProperty.of(FIELDS[case.field])
    assert sought is not None
    return says(sought, case.text)


@pytest.mark.parametrize("case", LOOKED_AT, ids=lambda case: case.text[:40])
def test_made_sentences(case: Case) -> None:
    """Those that the rules were made with: never a wrong answer."""
    assert said(case) in (case.answer, None)


def counts(cases: tuple[Case, ...]) -> Counter[str]:
    """Right, wrong and abstained, where there was something to say; "rightly silent" where there was nothing."""
    found: Counter[str] = Counter()
    for case in cases:
        answer = said(case)
        silent = "rightly silent" if case.answer is None else "abstained"
        found[silent if answer is None else "right" if answer == case.answer else "wrong"] += 1
    return found


def test_sentences_that_were_held_out() -> None:
    """Written before the rules and never looked at with them: none is answered wrongly."""
    found = counts(HELD_OUT)
    assert found["wrong"] == 0
    assert found["right"] >= 7


NOT_SAID = {
    "jack": (
        "It has a headphone jack adapter in the box.", "The box has a cable for the headphone jack.", "The headphone jack is missing.",
        "It is hard to believe that it has a headphone jack.", "The Orchid 5 has a headphone jack.",
    ),
    "sourdough": ("This chapter is about sourdough.", "It is not the sourdough that makes it rise.", "It is leavened with either yeast or sourdough."),
    "lactose": (
        "The cheese contains lactose-free milk.", "The cheese does not contain gluten and lactose is present.", "It contains no gluten and lactose.",
        "It contains little lactose.", "It has less lactose than milk.",
    ),
    "sealed": ("The lens is not weather-sealed.", "The body is said to be weather-sealed.", "The body was weather-sealed until 2020."),
    "wheelchair": ("The museum is not accessible without a wheelchair.",),
    "open_source": ("It is not only open source but well documented.", "It is based on open source software.", "The earlier release is open source."),
    "blinded": ("We planned a double-blind trial.", "A double-blind trial was not possible.", "The trial was not randomised but double-blind."),
    "appeal": ("It takes away the right of appeal.", "Nothing in this act removes the right of appeal.", "The law gives no reason and a right of appeal."),
}  # fmt: skip


@pytest.mark.parametrize("field", NOT_SAID)
def test_what_is_not_said_is_not_answered(field: str) -> None:
    """Parts of other words, other subjects, hedges, doubled negations, and what only stands beside the matter."""
    assert [said(Case(field, text, None)) for text in NOT_SAID[field]] == [None] * len(NOT_SAID[field])


STRANGERS = {
    "oven": ("Stone oven", "Does the bakery use a stone oven?"),
    "open": ("Open source", "Is the program open source?"),
    "faults": ("Faults", "Does the report discuss faults?"),
    "interest": ("Conflict of interest", "Do the authors declare a conflict of interest?"),
    "data": ("Data released", "Is the survey data publicly available?"),
    "children": ("Children", "Did the trial include children?"),
    "randomised": ("Randomised", "Was the trial randomised?"),
    "limits": ("Limitations", "Does it have limitations?"),
}

SAID = (
    ("oven", "We do not use a stone oven.", "no"),
    ("oven", "The bakery uses a stone oven.", "yes"),
    ("open", "The program is open-sourced.", "yes"),
    ("faults", "The report does not discuss faults.", "no"),
    ("interest", "The authors declare no conflict of interest.", "no"),
    ("children", "The trial did not include children.", "no"),
    ("randomised", "This was a randomized trial.", "yes"),
    ("limits", "It has limitations.", "yes"),
)

NOT_SAID_BY_KIND = {
    "several, where one is meant": (("open", "Both programs are open source."), ("open", "The programs are not open source.")),
    "another thing of the same name": (("open", "The base program is open source."), ("open", "This library is open source."), ("oven", "The student bakery uses a stone oven.")),
    "others' work": (("open", "The program is open source [4]."), ("oven", "Reed et al. use a stone oven."), ("open", "Prior work says the program is open source.")),
    "what is to come, or was hoped": (("open", "The program will be open source."), ("oven", "We had hoped to use a stone oven."), ("open", "The program is open source soon.")),
    "another verb that is denied": (("oven", "We do not regret the stone oven."), ("oven", "Do not stop heating the stone oven.")),
    "having that is an auxiliary": (("oven", "It has shown that a stone oven helps."), ("oven", "Having found that a stone oven helps, we bake.")),
    "with, beside the matter": (
        ("children", "The trial included women with children."), ("children", "The trial included women without children."), ("oven", "We compare with a stone oven."),
    ),
    "telling of it": (("faults", "We report that there were no faults."), ("faults", "The report discusses no faults."), ("faults", "There were no faults.")),
    "a part of the question": (("data", "We use the same data."), ("data", "New survey data."), ("data", "We have data.")),
    "a deed, where a thing is sought": (("limits", "It is not limited by distance."), ("limits", "It has limited storage.")),
}  # fmt: skip


def of_stranger(field: str, sentence: str) -> str | None:
    heading, ask = STRANGERS[field]
    sought = SoughtProperty.of(FieldSpec(field, heading, ask, type="yes_no"))
    assert sought is not None
    return says(sought, sentence)


@pytest.mark.parametrize(("field", "sentence", "answer"), SAID)
def test_plain_statements_answer(field: str, sentence: str, answer: str) -> None:
    """In either spelling, and with the verb of the question where that is one of telling."""
    assert of_stranger(field, sentence) == answer


@pytest.mark.parametrize("kind", NOT_SAID_BY_KIND)
def test_what_papers_say_beside_the_matter_is_no_answer(kind: str) -> None:
    """Each kind was seen as a wrong answer on papers, or is its like."""
    assert [case for case in NOT_SAID_BY_KIND[kind] if of_stranger(*case) is not None] == []


def answered(field: str, *sentences: str) -> tuple[Value, list[str]]:
    text = assemble([Block("body", sentence) for sentence in sentences], reader="t", title="The Orchid 5", page_count=1)
    (said_of_it,) = answers_of(text, [FIELDS[field]])
    return said_of_it.value, [text.quote(text.sentences[number - 1]) for number in said_of_it.numbers]


def test_the_engine_answers_with_the_sentence_that_says_it() -> None:
    """A sentence among others; where two contradict each other, and where none says it, nothing is answered."""
    other, yes, no = (
        "It is sold in two sizes.",
        "The loaf is leavened with sourdough for 18 hours.",
        "It contains no sourdough.",
    )
    assert answered("sourdough", other, yes) == ("yes", [yes])
    assert answered("sourdough", no, other) == ("no", [no])
    assert answered("sourdough", no, yes) == (None, [])
    assert answered("sourdough", other) == (None, [])


def test_the_sources_own_name_is_its_subject() -> None:
    """What the title names may be the subject, in capitals, too; another name, and a small word of the title, may not."""
    own, other = "The Orchid 5 has a headphone jack.", "The Meadow 3 has a headphone jack."
    assert answered("jack", own) == ("yes", [own])
    assert answered("jack", other) == (None, [])
    assert answered("jack", "The box has a headphone jack.") == (None, [])
    assert answered("open_source", "Orchid is open source.") == ("yes", ["Orchid is open source."])
    assert answered("open_source", "Meadow is open source.") == (None, [])


def test_a_pair_of_a_table_answers() -> None:
    """The pair "Headphone jack | Yes" says it as clearly as a sentence; of anything else nothing is taken."""
    sought = SoughtProperty.of(FIELDS["jack"])
    assert sought is not None
    assert says_pair(sought, Pair("Headphone jack", "Yes")) == "yes"
    assert says_pair(sought, Pair("Headphone jack", "No.")) == "no"
    assert says_pair(sought, Pair("Headphone jack", "3.5 mm")) is None
    assert says_pair(sought, Pair("Headphone jack cover", "Yes")) is None


TOLL = FieldSpec("toll", "Toll", "Whether a toll is charged for crossing.", "yes_no")
CYCLISTS = FieldSpec("cyclists", "Cyclists", "Whether cyclists may cross.", "yes_no")
NIGHT = FieldSpec("night", "Night service", "Whether it runs at night.", "yes_no")
PLAINLY = {
    "A toll is charged for crossing.": (TOLL, "yes"),
    "No toll is charged.": (TOLL, "no"),
    "A toll is not charged.": (TOLL, "no"),
    "A toll was charged until 1982.": (TOLL, None),
    "A toll is charged on Sundays.": (TOLL, None),
    "A toll is charged at the Meadow Bridge.": (TOLL, None),
    "A toll is charged next year.": (TOLL, None),
    "No toll is charged on the old bridge.": (TOLL, None),
    "Cyclists may cross free of charge.": (CYCLISTS, "yes"),
    "Cyclists are allowed to cross.": (CYCLISTS, "yes"),
    "Cyclists are not allowed to cross.": (CYCLISTS, "no"),
    "Cyclists are banned.": (CYCLISTS, "no"),
    "Cyclists are not banned.": (CYCLISTS, None),
    "Cyclists are allowed to push.": (CYCLISTS, None),
    "Cyclists may cross if it is dry.": (CYCLISTS, None),
    "It runs at night.": (NIGHT, "yes"),
    "It does not run at night.": (NIGHT, "no"),
    "It runs at night in summer.": (NIGHT, None),
    "The train runs at night.": (NIGHT, None),
}


@pytest.mark.parametrize("sentence", PLAINLY)
def test_what_a_sentence_begins_with_may_be_sought(sentence: str) -> None:
    """What is sought may be what the sentence begins with, or what its verb says; of a part, another thing or time, nothing is taken."""
    spec, answer = PLAINLY[sentence]
    sought = SoughtProperty.of(spec)
    assert sought is not None
    assert says(sought, sentence, frozenset(["ferry"]), frozenset(sentence.casefold().split()) | {"cyclists"}) == answer
