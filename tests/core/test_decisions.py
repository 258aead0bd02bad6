"""What stands, by the rules and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.core.decisions import (
    LIST,
    after,
    cell_state,
    conflicts,
    decide,
    in_force,
    latest_answer,
    overrulings,
    proposal,
    remove,
    standing_decision,
    stands,
    undo,
)
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.lists.rendered import RenderedRow, Rendering, stood
from survey_extract.core.moments import LAST_YEAR
from survey_extract.core.publishing import Publish, unpublished_because
from survey_extract.core.records import WITHOUT_MODEL, Answer, Cell, Check, Decision, State, Verdict
from survey_extract.errors import InputError


def answer(value: str | None = "a") -> Answer:
    hashed = value_sha256(value)
    text = ("f", "x", "openai", "m", "d", None, "t", "r")
    return Answer(*text, value, False, hashed, (), (), Check(), 0, None, "run", "2026-01-01T00:00:00Z")


def decision(verdict: Verdict, judged: str | None = "a", at: str = "2026-01-01T00:00:00Z") -> Decision:
    return Decision("x", verdict, value_sha256(judged) if judged else None, "v", False, (), None, "Ada", at)


@pytest.mark.parametrize(
    ("given", "decided", "state"),
    [  # what is proposed, the decisions so far, the state
        (None, None, None),
        (answer("a"), None, "proposed"),
        (None, decision("imported", None), "imported"),
        (None, decision("accepted"), "accepted"),
        (answer("a"), decision("accepted"), "accepted"),
        (answer("a"), decision("edited"), "edited"),
        (answer("a"), decision("rejected"), "rejected"),
        (answer("a"), decision("removed"), "removed"),
        (answer("a"), decision("not_reported"), "not_reported"),
        (answer("b"), decision("accepted"), "changed"),
        (answer("b"), decision("edited"), "changed"),
        (answer("b"), decision("rejected"), "proposed"),
        (answer("b"), decision("removed"), "proposed"),
        (answer("b"), decision("not_reported"), "changed"),
        (answer("a"), decision("imported", None), "changed"),
        (answer(None), replace(decision("rejected"), value=None), "proposed"),
        (answer(None), replace(decision("accepted", None), judged_sha256=value_sha256(None), value=None), "accepted"),
        (answer(None), replace(decision("not_reported"), value=None), "not_reported"),
        (answer("v"), decision("edited"), "edited"),
        (answer("v"), decision("imported", None), "imported"),
    ],
)
def test_truth_table(given: Answer | None, decided: Decision | None, state: State | None) -> None:
    """A decided value that comes back stays decided; another one queues as changed."""
    assert cell_state(given, [decided] if decided else []) == state


def test_no_answer_is_proposed_against_nothing_that_stands() -> None:
    """It waits where nothing stands; else there is nothing to decide, in no version: what became of its sentences is audited."""
    silent = replace(answer(None), engine=WITHOUT_MODEL, model=None)
    mine = replace(decision("edited", "b"), value="mine", document=silent.document)
    assert cell_state(silent, []) == "proposed"
    assert cell_state(silent, [mine]) == "edited"
    assert cell_state(silent, [replace(mine, verdict="imported", document=None)]) == "imported"
    assert cell_state(silent, [replace(mine, document="an older one")]) == "edited"
    assert cell_state(replace(silent, engine="openai", model="m"), [mine]) == "changed"


def test_the_last_answer_and_the_latest_decision_count() -> None:
    """Answers count by their line, decisions by their time and then by their line."""
    first, second = answer("a"), answer("b")
    assert latest_answer([first, second]) is second
    early, late = decision("accepted", at="2026-01-01T00:00:00Z"), decision("not_reported", at="2026-01-02T00:00:00Z")
    assert standing_decision([late, early]) is late
    tie = decision("edited", at="2026-01-02T00:00:00Z")
    assert standing_decision([late, tie]) is tie
    assert standing_decision([]) is None


def test_undo_takes_back_one_decision_and_erases_none() -> None:
    """Each ``undone`` uncovers the decision before it, down to none; a new decision stands again."""
    first, second = decision("accepted", at="2026-01-01T00:00:01Z"), decision("edited", at="2026-01-01T00:00:02Z")
    undone = [decision("undone", at=f"2026-01-01T00:00:0{second_}Z") for second_ in (3, 4, 5)]
    assert standing_decision([first, second, undone[0]]) is first
    assert standing_decision([first, second, *undone]) is None
    again = decision("edited", at="2026-01-01T00:00:09Z")
    assert standing_decision([first, second, *undone, again]) is again


def test_rejecting_a_proposal_keeps_what_stands() -> None:
    """A rejection judges the proposal alone: what stood stands, and that proposal never queues again, whatever comes between."""
    mine = decision("imported", "mine", at="2026-01-01T00:00:01Z")
    no = decision("rejected", "b", at="2026-01-01T00:00:02Z")
    assert standing_decision([mine, no]) is mine
    assert cell_state(answer("b"), [mine, no]) == "imported"
    assert cell_state(answer("c"), [mine, no]) == "changed"
    later = decision("accepted", "c", at="2026-01-01T00:00:03Z")
    assert cell_state(answer("b"), [mine, no, later]) == "accepted"
    assert cell_state(answer("b"), [mine, no, undo(no, by="Ada", at="2026-01-01T00:00:04Z")]) == "changed"


def test_what_stands_is_taken_back_by_a_verdict_of_its_own() -> None:
    """``removed`` leaves nothing standing, and a proposal that waited goes on waiting; rejecting what stands does the same."""
    mine = decision("imported", "mine", at="2026-01-01T00:00:01Z")
    gone = remove(mine, by="Ada", at="2026-01-01T00:00:02Z")
    assert not stands(standing_decision([mine, gone]))
    assert cell_state(None, [mine, gone]) == "removed"
    assert cell_state(answer("b"), [mine, gone]) == "proposed"
    accepted = replace(decision("accepted", "b", at="2026-01-01T00:00:01Z"), value="b")
    assert cell_state(answer("b"), [accepted, remove(accepted, by="Ada", at="2026-01-01T00:00:02Z")]) == "removed"
    assert cell_state(answer("b"), [accepted, decision("rejected", "b", at="2026-01-01T00:00:02Z")]) == "rejected"


def test_undo_takes_back_the_decision_that_it_names() -> None:
    """Another person's decision on the same cell survives, whoever was first."""
    first = decision("edited", at="2026-01-01T00:00:01Z")
    theirs = replace(decision("edited", at="2026-01-01T00:00:02Z"), by="Bob", value="theirs")
    taken = undo(first, by="Ada", at="2026-01-01T00:00:03Z")
    assert standing_decision([first, theirs, taken]) is theirs
    assert standing_decision([first, taken, theirs]) is theirs


def test_a_newer_list_only_proposes() -> None:
    """What a newer list says queues beside what stands, before an engine's answer, until a person judges it."""
    mine = replace(decision("imported", "v", at="2026-01-01T00:00:01Z"), value="v")
    newer = decide("suggested", "x", None, by="Ada", at="2026-01-01T00:00:02Z", value="newer")
    proposed = proposal(answer("b"), [mine, newer])
    assert proposed
    assert (proposed.value, proposed.engine, cell_state(proposed, [mine, newer])) == ("newer", LIST, "changed")
    no = decide("rejected", "x", proposed, by="Ada", at="2026-01-01T00:00:03Z")
    after_it = proposal(answer("b"), [mine, newer, no])
    assert after_it
    assert (after_it.value, cell_state(after_it, [mine, newer, no])) == ("b", "changed")


def by_bob(verdict: Verdict, judged: str | None = "a", *, value: str | None = "v") -> Decision:
    return replace(decision(verdict, judged, at="2026-01-01T00:00:02Z"), by="Bob", value=value)


@pytest.mark.parametrize(
    ("mine", "theirs", "overrules"),
    [  # Ada's decision, Bob's behind it, whether it overrules hers
        (decision("accepted"), by_bob("removed"), True),
        (decision("accepted"), by_bob("edited", value="other"), True),
        (decision("accepted"), by_bob("not_reported", value=None), True),
        (decision("accepted", "v"), by_bob("rejected", "v"), True),
        (decision("removed"), by_bob("edited"), True),
        (decision("rejected"), by_bob("accepted"), True),
        (decision("edited"), by_bob("edited"), False),  # the same text
        (decision("accepted", "v"), by_bob("accepted", "v"), False),
        (decision("accepted", "v"), by_bob("rejected", "b"), False),  # a proposal beside what stands
        (decision("rejected"), by_bob("edited"), False),  # neither takes the proposal
        (decision("rejected"), by_bob("accepted", "b"), False),
        (decision("accepted"), by_bob("suggested", None, value="other"), False),
        (decision("imported", None), by_bob("edited", value="other"), False),  # nobody judged what a list says
    ],
)
@pytest.mark.parametrize("at", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2027-01-01T00:00:00Z"])
def test_a_decision_overrules_another_persons(mine: Decision, theirs: Decision, overrules: bool, at: str) -> None:
    """What stood or was rejected by another person's word is so no more: whatever time lies between; never one's own."""
    theirs = replace(theirs, at=at)
    assert overrulings([mine, theirs]) == (((theirs, mine),) if overrules else ())
    assert overrulings([mine, replace(theirs, by="Ada")]) == ()
    assert overrulings([mine, replace(theirs, field="y")]) == ()
    assert overrulings([mine, theirs, undo(theirs, by="Bob", at="2028-01-01T00:00:00Z")]) == ()


def test_who_was_overruled_and_decides_again_settles_it() -> None:
    """An overruling is a conflict until that person decides on the cell once more."""
    mine, theirs = decision("edited"), by_bob("edited", value="theirs")
    assert conflicts([mine, theirs]) == ((theirs, mine),)
    agreed = replace(decision("accepted", "theirs", at="2026-01-01T00:00:03Z"), value="theirs")
    assert conflicts([mine, theirs, agreed]) == ()
    again = replace(decision("edited", "a", at="2026-01-01T00:00:03Z"), value="mine")
    assert conflicts([mine, theirs, again]) == ((again, theirs),)
    settled = replace(by_bob("edited"), value=mine.value, at="2026-01-01T00:00:03Z")
    assert conflicts([mine, theirs, settled]) == (), "what was overruled stands again, by whomever"


def test_a_decision_holds_what_was_judged_and_what_stands() -> None:
    """Accepting keeps the answer's value, editing the person's, both bound to the hash that was judged."""
    given = answer("a")
    accepted = decide("accepted", "x", given, by="Ada", at="t")
    assert (accepted.value, accepted.judged_sha256, accepted.by) == ("a", given.value_sha256, "Ada")
    edited = decide("edited", "x", given, by="Ada", at="t", value="b", reason="clearer")
    assert (edited.value, edited.judged_sha256, edited.reason) == ("b", given.value_sha256, "clearer")
    assert decide("not_reported", "x", given, by="Ada", at="t").value is None
    quoted = decide("accepted", "x", replace(given, quoted=True, value=None), by="Ada", at="t")
    assert (quoted.quoted, quoted.value) == (True, None)
    imported = decide("imported", "x", None, by="Ada", at="t", value="old words")
    assert cell_state(answer("old words"), [imported]) == "imported"
    assert cell_state(answer("new words"), [imported]) == "changed"


@pytest.mark.parametrize(
    ("decided", "publish", "published"),
    [
        ([None, None], "reviewed", False), ([None, None], "any", True), (["accepted", "not_reported"], "reviewed", True),
        (["accepted", None], "reviewed", False), (["imported", "edited"], "reviewed", True), (["accepted", "rejected"], "reviewed", False),
    ],
)  # fmt: skip
def test_a_row_is_published_when_every_cell_stands(
    decided: list[Verdict | None], publish: Publish, published: bool
) -> None:
    """``reviewed`` wants a decision in every cell, ``any`` does not."""
    cells = [
        Cell("k", str(i), "proposed", answer(), decision(verdict) if verdict else None)
        for i, verdict in enumerate(decided)
    ]
    assert (unpublished_because(cells, publish) is None) is published


def test_nothing_known_is_never_published() -> None:
    """A source that was never answered has no row, whatever the rule."""
    assert unpublished_because([Cell("k", "x", None, None, None)], "any")
    assert unpublished_because([], "reviewed")
    assert not stands(None)


def test_a_doubled_line_is_one_decision() -> None:
    """What a merge has doubled is taken back as a whole, and counts once."""
    first, second = decision("accepted", at="2026-01-01T00:00:01Z"), decision("edited", at="2026-01-01T00:00:02Z")
    taken = undo(second, by="Ada", at="2026-01-01T00:00:03Z")
    for lines in (
        [first, second, taken, second],
        [second, second, first, taken, taken],
        [taken, first, first, second, second],
    ):
        assert standing_decision(lines) is first


class Machines:
    """Copies of a survey in which one cell is decided, by clocks that differ; two of them may be the same person's."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.people = chance.choice([["Ada", "Bob", "Cy"], ["Ada", "Ada", "Bob"]])
        self.ahead = [timedelta(seconds=chance.choice([0, 0, 600, -600])) for _ in self.people]
        self.ahead[0] = timedelta(days=1)
        self.lines: list[list[Decision]] = [[] for _ in self.people]
        self.steps: list[list[Decision]] = [[] for _ in self.people]
        self.alive: list[Decision] = []
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def turn(self) -> None:
        self.now += timedelta(microseconds=self.chance.randrange(1, 10**8))
        machine = self.chance.randrange(len(self.people))
        if self.chance.random() < 0.4:
            other = self.lines[self.chance.randrange(len(self.people))]
            mine = self.lines[machine]
            self.lines[machine] = [*other, *mine] if self.chance.random() < 0.5 else [*mine, *other]
        elif self.chance.random() < 0.4 and self.steps[machine]:
            self._undo(machine, self.steps[machine].pop())
        else:
            made = decision("edited", None, self._at(machine))
            made = replace(made, by=self.people[machine], value=f"value {len(self.alive)} at {self.now}")
            self.lines[machine].append(made)
            self.steps[machine].append(made)
            self.alive.append(made)
            assert standing_decision(self.lines[machine]) == made

    def _undo(self, machine: int, named: Decision) -> None:
        made = undo(named, by=self.people[machine], at=self._at(machine))
        before = in_force(self.lines[machine])
        self.lines[machine].append(made)
        self.alive.remove(named)
        assert in_force(self.lines[machine]) == [kept for kept in before if kept != named]

    def _at(self, machine: int) -> str:
        return after(self.lines[machine], self.now + self.ahead[machine])


def test_what_stands_after_merges_is_what_nobody_took_back_in_whatever_order_its_lines_are() -> None:
    """600 histories of three machines that decide, undo and merge, one clock a day ahead: each decision and each undo does what it says to
    itself alone, and once all is merged, lines in any order and doubled come to the same."""
    for seed in range(600):
        machines = Machines(chance := Random(seed))
        for _ in range(16):
            machines.turn()
        lines = list(dict.fromkeys(line for held in machines.lines for line in held))
        found = set()
        for _ in range(3):
            mixed = chance.sample(lines, len(lines)) + lines[: chance.randrange(4)]
            assert sorted(map(repr, in_force(mixed))) == sorted(map(repr, machines.alive)), seed
            found.add(standing_decision(mixed))
        assert len(found) == 1, seed


def test_two_machines_behind_the_same_clock_give_their_decisions_different_times() -> None:
    """Both have seen one that is ahead of them: theirs are later, and an undo of one leaves the other."""
    ahead, now = decision("edited", None, "2026-01-02T00:00:00.000000Z"), datetime(2026, 1, 1, 0, 0, 0, 5, UTC)
    one, other = (replace(ahead, value=str(n), at=after([ahead], now + timedelta(microseconds=n))) for n in (1, 2))
    assert ahead.at < one.at != other.at
    assert in_force([ahead, one, other, undo(other, by="Ada", at=after([ahead, other], now))]) == [ahead, one]


def test_nothing_is_dated_so_late_that_it_could_not_be_read_back() -> None:
    """Behind a record at the end of the years that are read, or by such a clock, there is no decision."""
    last = f"{LAST_YEAR}-12-31T23:59:59.999999Z"
    for seen, now in (
        ([decision("edited", None, last)], datetime(2026, 1, 1, tzinfo=UTC)),
        ([], datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC)),
    ):
        with pytest.raises(InputError, match="put right the clock"):
            after(seen, now)


def test_times_with_and_without_fractions_are_in_order() -> None:
    """Half a second past is later than the full second, whatever the letters say."""
    full, half = decision("accepted", at="2026-01-01T00:00:01Z"), decision("edited", at="2026-01-01T00:00:01.5Z")
    assert standing_decision([half, full]) is half


FIELDS = ("a", "b", "c", "d", "e")
Survey = dict[str, set[str]]
"""By source, the fields in which something stands."""


def shown_rows(decided: Survey, fields: Sequence[str], record: Sequence[Rendering]) -> set[str]:
    """The rows of a table with these fields, by what was rendered before."""
    specs = Fields(tuple(plain_field(name) for name in fields))
    before = stood(record, specs)
    return {
        key
        for key, standing in decided.items()
        if unpublished_because(
            [Cell(key, f, "proposed", answer(), decision("accepted") if f in standing else None) for f in fields],
            "reviewed",
            before.get(key, ()),
        )
        is None
    }


def plain_field(name: str) -> FieldSpec:
    """A field that was renamed from its name in capitals, wherever that was one."""
    return FieldSpec(name, name, "?", was=(name.upper(),))


@given(st.lists(st.tuples(st.sampled_from(["decide", "change", "rename", "render"]), st.sampled_from(["k", "l"]), st.sets(st.sampled_from(FIELDS), min_size=1)), max_size=30))  # fmt: skip
def test_a_row_once_in_the_table_stays_whatever_becomes_of_the_fields(steps: list[tuple[str, str, set[str]]]) -> None:
    """It leaves only when something that it had is taken back; a row that never was there waits for every cell."""
    decided: Survey = {"k": set(), "l": set()}
    fields, record = {"a", "b"}, list[Rendering]()
    was_in: set[str] = set()
    former = False
    for step, key, names in steps:
        if step == "decide":
            decided[key] |= names
        elif step == "change":
            fields = names
        elif step == "rename":
            former = not former
        shown = shown_rows(decided, sorted(fields), record)
        assert was_in <= shown
        assert all(fields <= decided[new] for new in shown - was_in)
        if step == "render":
            was_in |= shown
            rows = tuple(
                RenderedRow(
                    row,
                    row,
                    cells=tuple((name.upper() if former else name, "") for name in sorted(fields)),
                    decided=fields <= decided[row],
                )
                for row in sorted(shown)
            )
            record.append(Rendering(f"{len(record):09}", order="", rows=rows))


@pytest.mark.parametrize("decided", [True, False])
def test_a_row_that_stood_undecided_waits(decided: bool) -> None:
    """What the table showed undecided (``any``) is no reason to show the row by ``reviewed``; nor is what was taken back."""
    record = [Rendering("1", rows=(RenderedRow("k", "k", cells=(("a", ""),), decided=decided),))]
    assert shown_rows({"k": {"a"}}, ["a", "b"], record) == ({"k"} if decided else set())
    assert shown_rows({"k": {"b"}}, ["a", "b"], record) == set()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.94 V", "940 mV", True),
        ("0.88", "0.88 V", True),
        ("0.940 V", "0.94 V", True),
        ("about 0.94 V", "940 mV", False),
        ("0.88 kV", "0.88 V", False),
        ("0.88 mV", "0.88", False),
        ("0.8 to 0.9 V", "0.8 to 1.2 V", False),
        ("0.94 V at 2 suns", "940 mV", False),
    ],
)
def test_a_quantity_is_the_same_in_another_unit(one: str, other: str, same: bool) -> None:
    """By the units that the field knows: nothing waits then, since nothing differs."""
    volts = FieldSpec("voc", "Voc", "The voltage.", type="number", unit="V", units=(("mV", 0.001),))
    assert volts.is_same_quantity(one, other) is same
    assert volts.is_same_quantity(other, one) is same
    stands = decide("imported", "x", None, by="Ada", at="2026-01-01T00:00:00Z", value=one)
    assert cell_state(answer(other), [stands], is_same=volts.is_same_quantity) == ("imported" if same else "changed")
