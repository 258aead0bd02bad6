"""What a value turns round is seen, and what it says in other words is not flagged: made values of many subjects."""

from __future__ import annotations

from collections import Counter

import pytest

from survey_extract.core.check.check import check
from survey_extract.core.evidence import pointer
from survey_extract.core.reading.sentences import Block, assemble
from tests.fields import plain
from tests.statements import cases, judged, spec_of

KNOWN_FALSE = {
    "Adults of 18 years or older who are not pregnant",
    "Two surveys one year apart (March 2020 and March 2021) of 340 nurses",
    "Ploughed plots had a third of the earthworms.",
    "34000",
    "2.100",
    "3.000",
    "57",
    "1.4",
    "five times lower with cover",
    "October 2019 to March 2021",
}
"""True values that are flagged: a unit that the text does not print, numbers that follow from it, and such as can be read in two ways,
the K of kelvin among them; of foreign sources what is not compared."""
CAUGHT = {"worked.txt": 135, "forms.txt": 64, "quantities.txt": 29, "claims.txt": 105}
"""Of 148, 69, 29 and 137 untrue values that the rules were made with."""
HELD_OUT = {
    "held_out.txt": (100, 0),
    "forms_held_out.txt": (46, 0),
    "quantities_held_out.txt": (69, 1),
    "mixed_held_out.txt": (30, 4),
    "claims_held_out.txt": (50, 1),
    "true_held_out.txt": (0, 0),
}
"""Untrue values that are flagged, of 125, 58, 74, 60, 85 and 0, and true ones, of 68, 44, 65, 60, 82 and 95."""
MOSTLY = 4
"""Untrue values of a kind from which on most of them must be caught."""


def test_true_values_are_not_flagged() -> None:
    """Neither plain rewordings nor those that are hard to tell from untrue ones, but for those named here."""
    found = [one for name in ("reworded.txt", "true.txt", *CAUGHT) for one in judged(name)]
    assert {one.case.value for one in found if one.case.is_true and one.is_flagged} == KNOWN_FALSE


@pytest.mark.parametrize("name", CAUGHT)
def test_untrue_values_are_flagged(name: str) -> None:
    """As many as when the rules were made, and most of each kind that has several."""
    found = [one for one in judged(name) if not one.case.is_true]
    kinds, caught = Counter(one.case.kind for one in found), Counter(one.case.kind for one in found if one.is_flagged)
    assert caught.total() >= CAUGHT[name]
    assert [
        kind for kind, n in kinds.items() if n >= MOSTLY and 2 * caught[kind] < n and kind != "bound to wrong thing"
    ] == []


@pytest.mark.parametrize("name", HELD_OUT)
def test_values_that_were_held_out(name: str) -> None:
    """No fewer are judged rightly than were in the last look at them."""
    found = list(judged(name))
    caught, wrong = HELD_OUT[name]
    assert sum(one.is_flagged for one in found if not one.case.is_true) >= caught
    assert sum(one.is_flagged for one in found if one.case.is_true) <= wrong


def test_no_sentence_is_turned_round_by_itself() -> None:
    """A value that is its evidence, word for word, is never said otherwise by it, whatever it denies or compares."""
    said = dict.fromkeys(
        sentence
        for name in ("worked.txt", "reworded.txt", "quantities.txt", "claims.txt")
        for case in cases(name)
        for sentence in case.sentences
    )
    for sentence in said:
        text = assemble([Block("body", sentence)], reader="t", title=None, page_count=1)
        cited = [pointer(text, one) for one in text.sentences]
        assert check(plain(sentence), sentence, cited, text).state in (None, "in evidence"), sentence


TRUE = [
    ("yes_no", "Quality of life and costs differed significantly", "no", "Quality of life and costs did not differ significantly between groups."),
    ("yes_no", "Overall rate of adverse events significantly different", "no", "The overall rate of adverse events was similar across groups."),
    ("number", "Batch size", "2048", "We train with a batch size of 2048."),
    ("number", "Enrollment ended", "2001", "Enrollment began in April 1998 and ended in September 2001."),
    ("text", "Levels", "three levels: soil and roots, stem, and leaf", "The model has three levels: soil and roots, stem, and leaf."),
    ("choice increased/decreased/no difference", "Effect", "no difference", "There was a similar pulse in both, though sweating increased."),
]  # fmt: skip


@pytest.mark.parametrize(("form", "heading", "value", "said"), TRUE)
def test_what_is_true_is_not_turned_round(form: str, heading: str, value: str, said: str) -> None:
    """Kinds of false flags that were seen on real trials and papers."""
    text = assemble([Block("body", said)], reader="t", title=None, page_count=1)
    found = check(spec_of(heading, form), value, [pointer(text, one) for one in text.sentences], text)
    assert found.state != "said otherwise"


TURNED = [
    ("The encoder is not trained.", "In stage one the encoder is trained."), ("In stage one the encoder is trained.", "The encoder is not trained."),
    ("Latency is at most 5 ms.", "Latency is at least 5 ms."), ("It weighs 5 kg.", "It weighs 5 g."), ("The rate rose.", "The rate fell."),
    ("It was 4 units for cats and 6 units for dogs.", "It was 6 units for cats."), ("It may help readers.", "It helps readers."),
    ("Kiva outperforms Rook.", "Rook outperforms Kiva."), ("Das Netz wurde nicht geprüft.", "Das Netz wurde geprüft."), ("票价没有上涨。", "票价上涨。"),
    ("Section 4(2) applies.", "Section 4(3) applies."), ("It began on 3 May 2020.", "It began on 2020-03-05."), ("The second door is red.", "The third door is red."),
]  # fmt: skip


@pytest.mark.parametrize(("said", "value"), TURNED)
def test_what_is_turned_round_says_so(said: str, value: str) -> None:
    """The words of the value that its evidence has otherwise are named, and their place is neither nowhere nor elsewhere."""
    text = assemble([Block("body", said)], reader="t", title=None, page_count=1)
    found = check(plain(value), value, [pointer(text, one) for one in text.sentences], text)
    assert found.state == "said otherwise"
    assert all(term.text in value for term in found.terms)
    assert all(term.hint for term in found.terms if term.place == "said otherwise")
    assert found.unfound == ()
