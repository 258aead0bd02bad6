"""A budget goes in; each request reserves its upper estimate, and one that could exceed the budget is refused."""

from __future__ import annotations

import threading

from survey_extract.core.money import at_most, dollars
from survey_extract.errors import OverBudget

_DUST = 1 + 1e-9
"""Sums of fractions differ in their last digits by the order in which they are made."""


class Budget:
    """The money of one run, shared by its threads. ``limit`` is in USD, None for no limit."""

    def __init__(self, limit: float | None) -> None:
        self.limit, self.spent = limit, 0.0
        self._reserved, self._under_way = 0.0, 0
        self._changed = threading.Condition()

    def reserve(self, amount: float) -> None:
        """Hold back ``amount``. Waits while requests under way may still leave enough.

        Raises:
            OverBudget: nothing is under way, and it does not fit.
        """
        with self._changed:
            while self.limit is not None and self.spent + self._reserved + amount > self.limit * _DUST:
                if not self._under_way:
                    raise OverBudget(self._refusal(amount, self.limit))
                self._changed.wait()
            self._reserved += amount
            self._under_way += 1

    def _refusal(self, amount: float, limit: float) -> str:
        """Why a question is not sent, and what to do: no run with this limit will, where the question alone may pass it."""
        said = f"not asked: up to {at_most(amount)} would exceed the budget of {dollars(limit)}, of which {dollars(self.spent)} is spent"
        if amount > limit * _DUST:
            return f"{said}; no run sends it with a --budget below {at_most(amount)}, unless the setting reply_tokens is lowered"
        return f"{said}; the next run continues, or raise it (--budget)"

    def settle(self, amount: float, actual: float) -> None:
        """Give back what was reserved, and book what it was; what is not an amount counts as all of it."""
        actual = actual if actual >= 0 else amount  # of a NaN, neither is true
        with self._changed:
            self._reserved -= amount
            self._under_way -= 1
            self.spent += actual
            if not self._under_way:
                self._reserved = 0.0  # sums of fractions leave dust
            self._changed.notify_all()
