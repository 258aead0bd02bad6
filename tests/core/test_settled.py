"""Fields of a stranger without a model: what a sentence settles, who it says did something, and what it says with the question's verb."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from runpy import run_path

import pytest

from survey_extract.adapters.html.reader import read_markdown
from survey_extract.core.answering.answers import answers_of
from survey_extract.core.answering.asserted import Asserted, asserts
from survey_extract.core.answering.dated import Bearing, dated_parts
from survey_extract.core.answering.doers import Doing, doers
from survey_extract.core.answering.settled import settled
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ports import Said
from survey_extract.core.values.recognition import items_of

MILL = frozenset(["brook", "mill"])
KIND = FieldSpec("sort", "Kind", "What kind of mill it is.", "choice", options=("windmill", "watermill", "tide mill"))
BUILDER = FieldSpec("builder", "Builder", "Who built the mill.", "names")
OPENED = FieldSpec("opened", "Opened", "When the mill was opened.", "date")
FEEDS = FieldSpec("grinds", "Grain", "Which grain the mill grinds.")

UNSETTLED = (
    "A plan to build a windmill was shelved.",
    "It would have been a windmill.",
    "Brook Mill is not a windmill.",
    "Unlike the windmill, it stands low.",
    "The old windmill stands beside it.",
    "A windmill was considered and rejected.",
    "Is it a windmill?",
    "If it were a windmill, it would turn.",
    "It replaced a windmill.",
)


def chosen(sentence: str) -> tuple[str, ...]:
    recognise = items_of(KIND)
    assert recognise is not None
    return settled(sentence, recognise, MILL).values


@pytest.mark.parametrize("sentence", UNSETTLED)
def test_an_option_of_a_plan_or_of_another_thing_is_no_answer(sentence: str) -> None:
    """What is planned, rejected, doubted, denied, replaced or another's settles nothing."""
    assert chosen(sentence) == ()


def test_an_option_that_is_said_of_it_is_an_answer() -> None:
    """What else a sentence rejects does not matter, nor a plan behind it."""
    assert chosen("Brook Mill is a watermill.") == ("watermill",)
    assert chosen("It is a watermill, unlike the older mill, which is a windmill.") == ("watermill",)
    assert chosen("A windmill was planned, but it is a watermill.") == ("watermill",)


def answer(spec: FieldSpec, text: str) -> Said:
    beside = (
        "The path along the water is muddy after rain, and most walkers take the road over the hill to the village. "
        * 2
    )
    (said,) = answers_of(read_markdown(f"# Brook Mill\n\n{text}\n\n{beside}".encode()), [spec])
    return said


BLINDED = FieldSpec(
    "blinding",
    "Blinding",
    "Who was blinded to the group.",
    "choice",
    options=("nobody", "assessors", "participants", "both"),
)
"""Options that a sentence may name and deny at once."""


@pytest.mark.parametrize(
    ("said", "option"),
    [
        ("Participants were not blinded to their group.", None),
        ("Assessors were blinded to the group, but participants and therapists were not.", "assessors"),
        ("Neither the participants nor the teachers were blinded.", None),
        ("Blinding of participants was not possible.", None),
        ("Participants were blinded to their group.", "participants"),
    ],
)
def test_an_option_that_its_sentence_denies_is_no_answer(said: str, option: str | None) -> None:
    """What the check would flag is not proposed in the first place."""
    assert answer(BLINDED, f"The trial had two groups. {said} It ran for a year.").value == option


def test_sentences_that_settle_different_options_answer_nothing_unless_one_is_said_plainly() -> None:
    """A plain statement about the subject counts more than a mention; two mentions that differ settle nothing."""
    assert answer(KIND, "People call it a windmill. Brook Mill is a watermill.").value == "watermill"
    assert (
        answer(KIND, "People call it a windmill. Others on the river call it so. Some speak of a tide mill.").value
        is None
    )


DOERS = {
    "It was built by Anna Reed.": ("Anna Reed",),
    "The mill was built by the engineers Anna Reed and Bo Lind in 1801.": ("Anna Reed", "Bo Lind"),
    "Anna Reed built it.": ("Anna Reed",),
    "Anna Reed and Bo Lind built the mill on a whim.": ("Anna Reed", "Bo Lind"),
    "It was built by the University of Reedham.": ("University of Reedham",),
    "It was to be built by Anna Reed, but never was.": (),
    "The old barn was built by Anna Reed.": (),
    "It was never built by Anna Reed.": (),
    "Was it built by Anna Reed?": (),
    "It was built by farmers.": (),
    "Nobody built it.": (),
    "Anna Reed built a house beside the mill.": (),
    "Meadow House was built by Anna Reed.": (),
    "A copy of it was built by Anna Reed.": (),
}


@pytest.mark.parametrize("sentence", DOERS)
def test_who_did_it_is_named_where_it_is_said_of_the_subject(sentence: str) -> None:
    """Names behind "by", and before the verb; nothing of other things, plans, denials and doers without a name."""
    doing = Doing.of(BUILDER)
    assert doing is not None
    assert doers(doing, sentence, MILL) == DOERS[sentence]


def test_a_pair_gives_names_whatever_they_are_called() -> None:
    """A row or a line under the field's own heading is a list of its values."""
    species = FieldSpec("species", "Species", "The species that live there.", "names")
    assert answer(species, "Species: otter, marsh frog, heron").value == ("otter", "marsh frog", "heron")
    assert answer(species, "| Property | Value |\n|---|---|\n| Species | otter, heron |\n| Depth | 2 m |").value == (
        "otter",
        "heron",
    )
    assert answer(species, "Species: unknown").value is None


def test_a_date_is_of_what_is_asked() -> None:
    """Of two dates the one in the part that speaks of it; of a sentence about something else none."""
    part = partial(dated_parts, Bearing.of(OPENED))
    assert part("It was opened on 2 July 1958 and closed for repairs in April 2009.") == (
        "It was opened on 2 July 1958",
    )
    assert part("The jury meets on 3 June 2024.") == ()


def test_a_text_field_is_answered_with_its_own_verb() -> None:
    """A sentence says with the question's verb what the source's subject does; the verb of somebody else does not."""
    asked = Asserted.of(FEEDS)
    assert asked is not None
    assert asserts(asked, "Brook Mill grinds rye.", MILL)
    assert asserts(asked, "The mill still grinds rye.", MILL)
    assert not asserts(asked, "The miller at Reedham grinds rye.", MILL)
    assert not asserts(asked, "Grinding takes an hour.", MILL)
    assert Asserted.of(FieldSpec("x", "Use", "What each data set of the system is used for.")) is None


@pytest.mark.parametrize(("subject", "right", "wrong"), [("bridges", 57, 1), ("vaccines", 51, 0)])
def test_fields_of_a_stranger_are_answered_as_often_rightly(subject: str, right: int, wrong: int) -> None:
    """On the made documents that the rules were made with, no more is wrong and no less is right than the docs say."""
    cells = run_path(str(Path(__file__).parents[2] / "benchmarks" / "strangers.py"))["cells"]
    counts = Counter(cell.verdict for cell in cells(subject))
    assert (counts["right"], counts["wrong"]) == (right, wrong)
