"""The DuckDB file goes in; what waits for a person, each with the command that deals with it, comes out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from survey_extract.commands.survey import say

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey
    from survey_extract.wiring import DuckWarehouse

_FAILED = """
SELECT count(*) FROM outcomes JOIN sources USING (key)
WHERE run = (SELECT max(id) FROM runs) AND outcome IN ('failed', 'needs_ocr')"""
_UNREAD = """
SELECT count(*) FROM sources s
WHERE document IS NULL AND NOT EXISTS (FROM outcomes o WHERE o.key = s.key AND o.run = (SELECT max(id) FROM runs))"""
_QUEUED = "SELECT count(*) FROM queue"


def next_steps(warehouse: DuckWarehouse) -> list[str]:
    """A line for each thing that waits, in the order of the path; none when nothing waits."""
    with warehouse.held_open():
        ((failed,),), ((unread,),), ((queued,),) = (warehouse.rows(sql) for sql in (_FAILED, _UNREAD, _QUEUED))
    found = (
        (failed, "source failed", "sources failed", "status"),
        (unread, "source to read", "sources to read", "refresh"),
        (queued, "cell to decide", "cells to decide", "review"),
    )
    return [
        f"{count:,} {one if count == 1 else more}: survey-extract {command}"
        for count, one, more, command in found
        if count
    ]


def say_next(survey: Survey, *, but: str = "") -> None:
    """Say on stderr what waits; ``but`` is the command that runs just now, which is no news."""
    say_steps(next_steps(survey.warehouse()), but=but)


def say_steps(steps: Iterable[str], *, but: str = "") -> None:
    """Say these steps, as ``say_next``."""
    for line in steps:
        if not line.endswith(f" {but}"):
            say(line)


def say_whether_stale(survey: Survey) -> None:
    """Say that the README no longer shows what stands, when that is so and nothing hinders its making."""
    from survey_extract.commands.render import differences
    from survey_extract.errors import SurveyError

    try:
        stale = differences(survey, survey.warehouse(), survey.settings())
    except SurveyError:
        return  # `render` itself says what is wrong
    if stale:
        say("README.md is stale: survey-extract render")
