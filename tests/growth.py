"""Something that is done with a number of things goes in; whether its time grows no faster than that number comes out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from survey_extract.core.decisions import decide
from survey_extract.core.records import Decision, Verdict

GROWTH = 4
"""How many times more the larger number is; a quadratic step takes 16 times as long for it."""
SLACK = 2.5
"""How much more than GROWTH the larger number may take: clocks and caches are no straight lines."""
NOTICED = 0.02
"""CPU seconds for the larger number below which a ratio is noise."""


def cpu_seconds(does: Callable[[], object]) -> float:
    """CPU seconds of this thread."""
    began = time.thread_time()
    does()
    return time.thread_time() - began


def is_linear(seconds_of: Callable[[int], float], number: int) -> bool:
    """Whether a number takes at most about GROWTH times as long as a GROWTH-th of it; measured again when it seems not to."""
    for _ in range(4):
        after = seconds_of(number)
        if after < NOTICED or after <= GROWTH * SLACK * seconds_of(number // GROWTH):
            return True
    return False


LIVES: dict[str, tuple[Verdict, int, bool]] = {
    "edited": ("edited", 0, False),
    "accepted": ("accepted", 0, False),
    "rejected": ("rejected", 0, False),
    "suggested": ("suggested", 0, False),
    "taken back at once": ("edited", 1, False),
    "taken back at last": ("edited", 2, False),
    "taken back by name": ("edited", 2, True),
    "lists taken back": ("suggested", 2, False),
}
"""What people do in a cell, one after another: the verdict, when it is taken back (never, at once, at the end), and whether by name."""


def life(kind: str, field: str, number: int) -> tuple[Decision, ...]:
    """So many decisions on one cell, of two people by turns."""
    verdict, way, is_named = LIVES[kind]
    given: list[Decision] = []
    left: list[Decision] = []
    for at in range(number):
        is_back = bool(left) and (at % 2 == 1, at >= number // 2)[way - 1] if way else False
        moment = f"2026-01-01T{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}Z"
        made = decide("undone" if is_back else verdict, field, None, by=f"p{at % 2}", at=moment, value=f"v{at}")
        back = left.pop() if is_back else None
        given.append(replace(made, judged_sha256=f"{at}", undoes=back.id if back and is_named else None))
        left += [] if is_back else [given[-1]]
    return tuple(given)
