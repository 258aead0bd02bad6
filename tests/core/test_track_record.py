"""How often a field was right in a person's eyes: each verdict, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_extract.core.decisions import decide, undo
from survey_extract.core.evaluation.track_record import RuledCell, track_records
from survey_extract.core.fields import FieldSpec, Judge
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.records import WITHOUT_MODEL, Answer, Check, Decision, Value, Verdict
from tests.core.test_evaluate import NUMBER
from tests.fields import NAMES as LIST
from tests.fields import TEXT

NAMES = replace(LIST, judge=Judge("names"))
SAID = "The pilot decoder is trained for 36 hours."


def answered(value: Value, day: int = 1) -> Answer:
    return Answer(
        "", TEXT.name, "openai", "m", "d", None, "t", "r", value, False, value_sha256(value), (), (), Check(), 0, None,
        "", f"2026-01-{day:02}T00:00:00Z",
    )  # fmt: skip


def decided(verdict: Verdict, answer: Answer | None, value: Value = None, day: int = 5) -> Decision:
    return decide(verdict, TEXT.name, answer, by="Ada", at=f"2026-01-{day:02}T00:00:00.000000Z", value=value)


def counted(spec: FieldSpec, answers: list[Answer], *decisions: Decision) -> tuple[int, int] | None:
    found = track_records([RuledCell(spec, answers, decisions)]).get(spec.name)
    return (found.right, found.of) if found else None


@pytest.mark.parametrize(
    ("spec", "said", "edit", "is_right"),
    [
        (TEXT, SAID, "the pilot-decoder is trained for 36 hours", True),
        (TEXT, SAID, "The pilot decoder is not trained for 36 hours.", False),
        (TEXT, SAID, "The pilot decoder is trained for 48 hours.", False),
        (TEXT, SAID, None, False),
        (NAMES, ("TideBank", "Harbor-Log"), ("HarborLog", "Tide Banks"), True),
        (NAMES, ("TideBank", "HarborLog"), ("TideBank",), False),
        (NUMBER, "36 hours", "1.5 days", True),
        (NUMBER, "36 hours", "40 hours", False),
    ],
)
def test_an_edit_that_changes_no_meaning_leaves_the_answer_right(
    spec: FieldSpec, said: Value, edit: Value, is_right: bool
) -> None:
    """By the field's judge; a "not" that was put in is a change, and so is another figure or name."""
    answer = answered(said)
    assert counted(spec, [answer], decided("edited", answer, edit)) == (int(is_right), 1)


def test_each_verdict() -> None:
    """Accepted is right, rejected is wrong, "not reported" is right of an answer that said so; a list judges nothing."""
    answer, silent = answered(SAID), answered(None)
    assert counted(TEXT, [answer], decided("accepted", answer)) == (1, 1)
    assert counted(TEXT, [answer], decided("rejected", answer)) == (0, 1)
    assert counted(TEXT, [answer], decided("not_reported", answer)) == (0, 1)
    assert counted(TEXT, [silent], decided("not_reported", silent)) == (1, 1)
    abstains = replace(silent, engine=WITHOUT_MODEL, model=None)
    assert counted(TEXT, [abstains], decided("not_reported", abstains)) is None
    assert counted(TEXT, [answer], decided("imported", None, SAID)) is None
    assert counted(TEXT, [answer]) is None
    assert counted(TEXT, [], decided("edited", None, SAID)) is None


def test_a_cell_counts_once_by_its_last_verdict_and_the_answer_it_is_on() -> None:
    """A newer answer that nobody judged changes nothing; a verdict taken back does not count."""
    first, second, third = answered("It floats.", 1), answered(SAID, 2), answered("It sinks.", 9)
    rejected, accepted = decided("rejected", first, day=3), decided("accepted", second, day=4)
    assert counted(TEXT, [first, second, third], rejected, accepted) == (1, 1)
    taken_back = undo(accepted, by="Ada", at="2026-01-06T00:00:00.000000Z")
    assert counted(TEXT, [first, second, third], rejected, accepted, taken_back) == (0, 1)


def test_a_verdict_on_nothing_that_was_answered_is_held_against_the_answer_before_it() -> None:
    """An edit made while a list's text was shown judges the latest answer of then; rejecting the list's text does not."""
    before, after = answered(SAID, 1), answered("It sinks.", 9)
    listed = decided("suggested", None, "It flies.", day=2)
    edit = replace(decided("edited", None, SAID, day=5), judged_sha256=listed.judged_sha256)
    assert counted(TEXT, [before, after], listed, edit) == (1, 1)
    assert counted(TEXT, [before], listed, replace(edit, verdict="rejected", value=None)) is None


def test_the_interval_is_wilsons() -> None:
    """41 of 44 says at least 82 %."""
    cells = [RuledCell(TEXT, [a := answered(f"It floats {n}.")], [decided("accepted" if n else "rejected", a)]) for n in (0, 0, 0, *range(1, 42))]  # fmt: skip
    record = track_records(cells)[TEXT.name]
    assert (str(record), round(record.low, 2), round(record.high, 2)) == ("41 of 44", 0.82, 0.98)
