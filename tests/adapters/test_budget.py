"""The budget under many threads: it is never passed, nobody waits for ever, and what fits is let through."""

from __future__ import annotations

import random
import threading

import pytest

from survey_extract.adapters.openai.budget import Budget
from survey_extract.errors import OverBudget


@pytest.mark.parametrize("seed", range(5))
def test_a_budget_is_never_passed(seed: int) -> None:
    """Sixty threads reserve more than there is, and spend less than they reserved, or all of it."""
    budget, chance, lock = Budget(1.0), random.Random(seed), threading.Lock()
    refused: list[float] = []

    def spend(amount: float, actual: float) -> None:
        try:
            budget.reserve(amount)
        except OverBudget:
            with lock:
                refused.append(amount)
            return
        budget.settle(amount, actual)

    threads = []
    for _ in range(60):
        amount = chance.uniform(0.01, 0.2)
        threads.append(threading.Thread(target=spend, args=(amount, amount * chance.choice([0, 0.2, 1]))))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert budget.spent <= 1.0 + 1e-9
    assert all(budget.spent + amount > 1.0 - 0.2 for amount in refused)


def test_a_request_waits_for_those_under_way() -> None:
    """What does not fit beside a reservation may fit when that turns out cheaper."""
    budget = Budget(1.0)
    budget.reserve(0.9)
    through = threading.Event()

    def second() -> None:
        budget.reserve(0.5)
        through.set()

    thread = threading.Thread(target=second)
    thread.start()
    assert not through.wait(0.2)
    budget.settle(0.9, 0.1)
    assert through.wait(5)
    thread.join()
    budget.settle(0.5, 0.5)
    with pytest.raises(OverBudget, match="not asked"):
        budget.reserve(0.5)


def test_no_limit_lets_everything_through() -> None:
    """Without a limit, no request is refused and none waits."""
    budget = Budget(None)
    for _ in range(3):
        budget.reserve(1e9)
