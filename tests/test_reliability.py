"""The long tests of docs/reliability.md, in a short form: `make kill` and `make nights` run them whole."""

from __future__ import annotations

from tests.kill import Result, batch_kills, kills
from tests.simulation import simulate


def test_a_killed_run_leaves_no_trace() -> None:
    """Killed at random moments and started again: the same survey, no call too many, every reply booked once."""
    result = Result()
    for result in kills(2, seed=12, thought=0.1):
        assert not result.wrong, result.wrong
    assert result.kills == 2


def test_a_killed_batch_is_paid_and_booked_once() -> None:
    """Killed between submit, collect and booking: every question is answered once, and booked once at the batch's price."""
    result = Result()
    for result in batch_kills(2, seed=4):
        assert not result.wrong, result.wrong
    assert result.kills == 2


def test_a_survey_lives_through_some_nights() -> None:
    """Versions, withdrawals, outages, a failing model: every source in its right state, and no answer asked twice."""
    lived = simulate(3, seed=5)
    assert not lived.wrong, lived.wrong
    assert lived.changed > 1
