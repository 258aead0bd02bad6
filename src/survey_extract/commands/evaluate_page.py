"""What ``evaluate`` found goes in, one HTML page comes out: a plot for each field, and tables of what went wrong, flipped and cost.

The page asks for nothing outside itself and has no script. Places within a plot
are percentages of its width, so that text keeps its size on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from survey_extract.commands.evaluate_figures import Found
from survey_extract.commands.evaluate_text import (
    AGREED,
    CONFUSIONS,
    LOST,
    NOT_MEASURED,
    SPENT,
    agreed,
    counted,
    remarks,
    spent,
)
from survey_extract.commands.survey import say
from survey_extract.commands.templates import written
from survey_extract.core.evaluation.baseline import Flip, Worse
from survey_extract.core.evaluation.evaluate import ALL, PARTS, Figures, RightKind
from survey_extract.core.evaluation.judging import MEASURES
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.plural import count_of
from survey_extract.core.printable import printable
from survey_extract.files import write_whole

if TYPE_CHECKING:
    from survey_extract.commands.survey import Survey

ROW, TOP = 46, 4
"""Pixels of a measure in a plot, and above the first."""
MARGIN = 1.5
"""Percent of a plot's width on either side, so that a point at 0 or 1 is whole."""
_F1 = "the harmonic mean of precision and recall"
AGAINST: Mapping[RightKind, str] = {
    "decided": "what was decided",
    "accepted": "answers that were accepted as they were",
    "edited": "a person's own words",
    "imported": "what a list brought in",
    "gold": "the gold file",
}
FLIPPED = ("source", "field", "measure", "before", "now", "which way")
WORSE = ("field", "against", "measure", "before", "at least", "now")


@dataclass(frozen=True, slots=True)
class _Point:
    """A measure in a plot: its words, and where its point and interval are. ``before`` is the baseline's point."""

    measure: str
    counts: str
    said: str
    interval: str
    y: int
    x: float | None
    low: float
    high: float
    before: float | None


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What went wrong in one way: by source."""

    how: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Plot:
    """A field against one kind of what is right."""

    name: str
    heading: str
    against: str
    cells: str
    points: tuple[_Point, ...]
    height: int
    jaccard: str | None
    wrong: tuple[_Wrong, ...]
    confusions: tuple[tuple[str, str, int], ...]


def write_page(survey: Survey, found: Found, now: datetime, place: Path) -> None:
    """Write the page."""
    archive = survey.archive()
    headings = {spec.name: spec.heading for spec in archive.fields}
    text = page(found, headings, survey.project.resolve().name, now)
    write_whole(place, text.encode())
    say(f"{place}: {len(text.encode()):,} bytes")


def page(found: Found, headings: Mapping[str, str], name: str, now: datetime) -> str:
    """The whole page."""
    comparison = found.comparison
    return printable(
        written(
            "evaluate.html.j2",
            survey=name,
            at=f"{now:%Y-%m-%d %H:%M} UTC",
            who=_who(found),
            plots=list(plots(found, headings)),
            grid=[_x(share) for share in (0, 0.25, 0.5, 0.75, 1)],
            remarks=list(remarks(found)),
            comparison=comparison,
            flips=[_flip(flip) for flip in comparison.flips] if comparison else [],
            flipped=FLIPPED,
            worse=[_worse(item) for item in comparison.worse] if comparison else [],
            worse_columns=WORSE,
            agreed=list(agreed(found.agreements)),
            agreed_columns=AGREED,
            confusion_columns=CONFUSIONS[2:],
            spent=list(spent(found.spent)),
            spent_columns=SPENT,
        )
    )


def _who(found: Found) -> str:
    """The answerers, and whether they answered the survey or were asked by the command."""
    asked = dict.fromkeys(f"{item.engine} {item.model}" if item.model else item.engine for item in found.basis.asked)
    return (", ".join(asked) or "nobody") + (", asked by this command alone" if found.basis.trial else "")


def plots(found: Found, headings: Mapping[str, str]) -> Iterator[_Plot]:
    """A plot for each field and kind; all fields together come first, alone with accepted and edited apart."""
    before = {(item.field, item.against): item for item in found.baseline}
    shown = [item for item in found.figures if item.against not in PARTS or item.field == ALL]
    for item in sorted(shown, key=lambda item: item.field != ALL):
        yield _plot(item, before.get((item.field, item.against)), headings.get(item.field, "All fields"))


def _plot(item: Figures, before: Figures | None, heading: str) -> _Plot:
    was = dict(before.measured()) if before else {}
    points = tuple(
        _point(measure, share, was.get(measure), number) for number, (measure, share) in enumerate(item.measured())
    )
    jaccard = None if item.jaccard is None else f"{item.jaccard:.2f}"
    confused = item.confusions if any(right != said for right, said, _ in item.confusions) else ()
    cells = count_of(item.cells, "cell")
    return _Plot(
        item.field, heading, AGAINST[item.against], cells, points, TOP + ROW * len(points), jaccard, tuple(_wrong(item)), confused
    )  # fmt: skip


def _point(measure: str, share: Share, before: Share | None, number: int) -> _Point:
    low, high = share.interval
    n = counted(share.hits, share.of)
    said = n if share.is_few or share.value is None else f"{share.value:.0%}, {n}"
    return _Point(
        measure=measure,
        counts=_F1 if measure == "F1" else MEASURES[measure],  # type: ignore[index]  # a measure, or F1
        said=said,
        interval=f"{low:.0%} to {high:.0%}",
        y=TOP + ROW * number,
        x=None if share.value is None else _x(share.value),
        low=_x(low),
        high=_x(high),
        before=_x(before.value) if before and before.value is not None else None,
    )


def _x(share: float) -> float:
    """Where a share is, in percent of a plot's width."""
    return round(MARGIN + (100 - 2 * MARGIN) * share, 2)


def _wrong(item: Figures) -> Iterator[_Wrong]:
    for measure, how in LOST.items():
        lost = tuple((lost.key, "; ".join(lost.what)) for lost in item.lost if lost.measure == measure)
        if lost and item.field != ALL:
            yield _Wrong(how, lost)


def _flip(flip: Flip) -> Sequence[str]:
    before, now = (counted(*mark) or NOT_MEASURED for mark in (flip.before, flip.now))
    return flip.key, flip.field, flip.measure, before, now, "worse" if flip.is_worse else "better"


def _worse(worse: Worse) -> Sequence[str]:
    before, now = (counted(share.hits, share.of) or NOT_MEASURED for share in (worse.before, worse.now))
    low, _ = worse.before.interval
    return worse.field, worse.against, worse.measure, before, f"{low:.0%}", now
