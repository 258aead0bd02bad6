"""A model and its endpoint's address go in, the price that genai-prices lists for it comes out; None where it lists none.

The list travels in the package, so nothing is fetched, and two runs of one
installation count by the same prices. It has no date of its own: the books
name the release of the list instead. A setting ``prices`` goes before it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from survey_extract.core.money import Price

OPENAI = "https://api.openai.com/v1"
"""Where questions go without a base URL."""
BATCH = 0.5
"""Share that a batch costs where the list does not say: what OpenAI's Batch API charges."""


@cache
def listed_price(model: str, base_url: str | None) -> Price | None:
    """USD a million tokens; None for a model or an endpoint that is not on the list, and for prices in steps.

    A price that depends on the length of the prompt has no single figure, so none is given.
    """
    from genai_prices.data_snapshot import get_snapshot  # holds thousands of records: only when a price is needed

    try:
        _, found = get_snapshot().find_provider_model(model, None, None, base_url or OPENAI)
    except (LookupError, TypeError, ValueError):
        return None
    now = datetime.now(UTC)
    usual, batched = found.get_prices(now), found.get_prices(now, {"processing": "batch"})
    put, out = _flat(usual, "input_mtok"), _flat(usual, "output_mtok")
    if put is None or out is None:
        return None
    cached, batch = _flat(usual, "cache_read_mtok"), _flat(batched, "input_mtok")
    share = batch / put if batch and put and batch < put else BATCH
    return Price(put, out, put if cached is None else cached, share, f"genai-prices {version('genai-prices')}")


def _flat(prices: object, name: str) -> float | None:
    """A price that is one figure."""
    amount = getattr(prices, name, None)
    return float(amount) if isinstance(amount, Decimal) else None
