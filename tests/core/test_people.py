"""How often people agree: which judgements of a cell count, and Cohen's kappa."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_extract.core.decisions import conflicts, decide, standing_decision, undo
from survey_extract.core.evaluation.people import agree, agreements, kappa, pair_of, rejudged
from survey_extract.core.fields import FieldSpec, Judge
from survey_extract.core.records import Decision, Value, Verdict

CHOICE = FieldSpec("weights", "Weights", "Open?", type="choice", options=("open", "closed"), judge=Judge("exact"))
PROSE = FieldSpec("training", "Training", "How?")
_times = count(1)


def said(by: str, value: Value, verdict: Verdict = "edited", *, blind: bool = False) -> Decision:
    """A decision by somebody, each later than the one before."""
    made = decide(verdict, "weights", None, by=by, at=f"2026-01-01T00:00:00.{next(_times):06d}Z", value=value)
    return Decision(**{name: getattr(made, name) for name in made.__slots__} | {"blind": blind})


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, expected 0.5
        ([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15, 0.4),
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "b"), ("b", "a")], -1.0),
        ([("a", "a")] * 9, None),
        ([], None),
    ],
)
def test_kappa_is_cohens(labels: list[tuple[str, str]], expected: float | None) -> None:
    """By hand: (observed - expected) / (1 - expected); nothing where there is one label alone, or none."""
    found = kappa(labels)
    assert found == expected if expected is None else found == pytest.approx(expected)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc"))))
def test_kappa_is_at_most_one_and_the_same_from_either_side(labels: list[tuple[str, str]]) -> None:
    """1 only where all agree; whose labels come first makes no difference."""
    found, turned = kappa(labels), kappa([(other, one) for one, other in labels])
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert found == pytest.approx(turned)
        assert found <= 1 + 1e-12
        assert (found == pytest.approx(1)) == all(one == other for one, other in labels)


def test_a_cell_counts_when_two_people_decided_or_one_once_more_blind() -> None:
    """Lists, rejections and what one person changed of his own are no second judgement; what was taken back is none."""
    ada, bob = said("Ada", "open"), said("Bob", "closed")
    assert pair_of(CHOICE, [ada]) is None
    assert pair_of(CHOICE, [ada, said("Ada", "closed")]) is None
    assert pair_of(CHOICE, [said("list", "open", "imported"), ada]) is None
    assert pair_of(CHOICE, [ada, said("Bob", None, "rejected")]) is None
    pair = pair_of(CHOICE, [ada, bob])
    assert pair is not None
    assert (pair.one, pair.other, pair.blind) == (ada, bob, False)
    assert pair_of(CHOICE, [ada, bob, undo(bob, by="Bob", at="2027")]) is None
    again = said("Ada", "open", blind=True)
    assert pair_of(CHOICE, [ada, again]) is None
    once_more = rejudged(CHOICE, [ada, again])
    assert once_more is not None
    assert (once_more.one, once_more.other, once_more.blind) == (ada, again, True)


VERDICTS: tuple[Verdict, ...] = ("accepted", "edited", "not_reported", "rejected", "removed", "imported")
DECISIONS = st.lists(
    st.tuples(
        st.sampled_from(["Ada", "Bob", "Cy"]), st.sampled_from(VERDICTS), st.booleans(), st.sampled_from(["v1", "v2"])
    ),
    max_size=8,
)


@settings(deadline=None)
@given(DECISIONS, st.sets(st.integers(0, 7)))
def test_two_people_agree_by_what_each_says_last_of_one_version(
    made: list[tuple[str, Verdict, bool, str]], undone: set[int]
) -> None:
    """Whatever was decided: two people, one version, nothing taken back, and nobody's word that he has replaced since."""
    all_of_it = [
        replace(said(by, f"{place}", verdict, blind=blind), document=version)
        for place, (by, verdict, blind, version) in enumerate(made)
    ]
    taken = [one for place, one in enumerate(all_of_it) if place in undone]
    decisions = [*all_of_it, *(undo(one, by="Ada", at=f"2027-01-01T00:00:{n:02d}Z") for n, one in enumerate(taken))]
    pair = pair_of(CHOICE, decisions)
    if pair is None:
        return
    assert pair.one.by != pair.other.by
    assert pair.one.document == pair.other.document
    for one in (pair.one, pair.other):
        assert one not in taken
        later = [d for d in all_of_it if d.by == one.by and d.at > one.at and d not in taken]
        assert not any(d.verdict == "removed" or d.blind for d in later if d.verdict in ("removed", *VERDICTS[:3]))
        assert one.blind or not any(d.verdict in VERDICTS[:3] for d in later)


def test_who_comes_round_to_another_value_agrees_no_more() -> None:
    """Clara accepts, Bob accepts the same, Clara corrects herself: the two differ, whatever she said at first."""
    first, bob, now = said("Clara", "open"), said("Bob", "open"), said("Clara", "closed")
    pair = pair_of(CHOICE, [first, bob, now])
    assert pair is not None
    assert {pair.one, pair.other} == {bob, now}


def test_what_follows_a_blind_decision_is_no_judgement_of_its_own() -> None:
    """Bob decides blind, sees the rest, and comes round: his blind word counts against Ada's, not the later one."""
    ada, blind, later = said("Ada", "open"), said("Bob", "closed", blind=True), said("Bob", "open", "accepted")
    pair = pair_of(CHOICE, [ada, blind, later])
    assert pair is not None
    assert {pair.one, pair.other} == {ada, blind}
    assert pair_of(CHOICE, [blind, later]) is None


def test_figures_are_of_each_field() -> None:
    """Share with its interval, how many were blind, kappa for labels alone; nothing of a field without a pair."""
    pairs = [
        pair_of(spec, [said("Ada", one), said("Bob", other, blind=True)])
        for spec, one, other in ((CHOICE, "open", "Open"), (CHOICE, "open", "closed"), (PROSE, "It is so.", "it is so"))
    ]
    judged = [(pair, agree(pair, lambda decision: decision.value, lambda _: None)) for pair in pairs if pair]
    weights, training = agreements(judged)
    assert (weights.agree, weights.cells, weights.blind) == (1, 2, 2)
    assert weights.kappa == pytest.approx(0)
    assert (training.agree, training.cells, training.kappa) == (1, 1, None)
    assert weights.low < 0.5 < weights.high
    assert agreements([]) == ()


def test_what_is_denied_on_one_side_differs() -> None:
    """The words of two texts may be one but for a "not"; no judge of prose calls that agreement."""
    pair = pair_of(
        PROSE, [said("Ada", "The encoder is trained."), said("Bob", "The encoder is not trained.", blind=True)]
    )
    assert pair is not None
    assert not agree(pair, lambda decision: decision.value, lambda _: None)


def test_a_blind_decision_replaces_nothing_and_stands_where_nothing_does() -> None:
    """Nor does it when it comes between; once what stood is taken back, it does."""
    ada, blind = said("Ada", "open"), said("Bob", "closed", blind=True)
    assert standing_decision([ada, blind]) is ada
    assert standing_decision([blind]) is blind
    assert standing_decision([blind, ada]) is ada
    assert standing_decision([ada, blind, undo(ada, by="Ada", at="2027")]) is blind
    third = said("Cleo", "open")
    assert standing_decision([ada, blind, third]) is third


def test_who_was_overruled_has_not_answered_by_a_blind_word() -> None:
    """A blind decision overrules nobody, and settles no conflict of which its author has not heard."""
    ada, bob = said("Ada", "open"), said("Bob", "closed")
    assert conflicts([ada, said("Bob", "closed", blind=True)]) == ()
    assert conflicts([ada, bob, said("Ada", "open", blind=True)]) == ((bob, ada),)
    assert (bob, ada) not in conflicts([ada, bob, said("Ada", "open")])
