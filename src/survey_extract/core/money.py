"""Tokens and a price go in, US dollars come out; a price nobody gave is unknown, never guessed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from survey_extract.core.books import TokenUsage

MILLION = 1_000_000
MOST = 100_000_000
"""Tokens that no request and no reply has, where nothing better is known."""
FRAMING = 256
"""Tokens that a chat template and a schema's wrapping may add to what was sent."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs: USD a million tokens, as stated on the day ``on``. ``batch`` is the share that the Batch API charges."""

    input: float
    output: float
    cached: float
    batch: float
    on: str

    def cost(self, usage: TokenUsage, *, batched: bool = False) -> float:
        """USD of a reply; reasoning is part of the completion and costs the same."""
        fresh = usage.prompt - usage.cached
        dollars = (fresh * self.input + usage.cached * self.cached + usage.completion * self.output) / MILLION
        return dollars * (self.batch if batched else 1.0)

    def upper(self, sent_bytes: int, reply_tokens: int, *, batched: bool = False) -> float:
        """USD that a request cannot exceed: no tokenizer makes more tokens than bytes, and the reply has its limit."""
        prompt = sent_bytes + FRAMING
        cached = prompt if self.cached > self.input else 0
        return self.cost(TokenUsage(prompt=prompt, cached=cached, completion=reply_tokens), batched=batched)


def believed(usage: TokenUsage | None, *, sent: int | None, received: int | None) -> TokenUsage | None:
    """The tokens that an endpoint counted; None if the count cannot be true, so that a false count moves no money.

    ``sent`` is the request's size in bytes; ``received`` the most tokens that the reply can have; None is unknown. Parts are
    not larger than their whole.
    """
    if usage is None:
        return None
    most = MOST if sent is None else sent + FRAMING
    can_be = (
        0 <= usage.cached <= usage.prompt <= most
        and 0 <= usage.reasoning <= usage.completion <= (MOST if received is None else received)
    )  # fmt: skip
    return usage if can_be else None


def dollars(amount: float) -> str:
    """An amount in words; small ones keep two significant digits."""
    if amount == 0 or amount >= 0.1:
        return f"USD {amount:.2f}"
    return f"USD {amount:.4f}" if amount >= 0.001 else f"USD {amount:.2g}"


def at_most(amount: float) -> str:
    """An upper bound in words, rounded up: a budget of this amount is enough."""
    if amount <= 0:
        return dollars(amount)
    digits = 2 if amount >= 0.1 else 4 if amount >= 0.001 else 1 - math.floor(math.log10(amount))
    return dollars(float(Decimal(repr(amount)).quantize(Decimal(1).scaleb(-digits), ROUND_CEILING)))


A_FIELD = 100
"""Tokens of a reply for each field that it answers, where no reply of the model was counted yet: two sentences and their numbers."""


def about(likely: float | None, most: float) -> str:
    """A range for people: what something will cost about, where that is known, and what it cannot pass."""
    return f"about {dollars(min(likely, most))}, {at_most(most)} at most" if likely else f"{at_most(most)} at most"


def added(costs: Iterable[float | None]) -> float | None:
    """The sum; None if any price is unknown."""
    known = list(costs)
    return None if None in known else sum(cost for cost in known if cost is not None)
