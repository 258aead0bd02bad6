"""What stands behind each step of the path, as one record: the seams of the core, filled, and what this run was asked to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.core.fields import FieldSpec

if TYPE_CHECKING:
    from survey_extract.core.ports import Archive, Batches, Clock, Engine, Fetcher, Locator, Pictures, Reader, TextWork
    from survey_extract.pipeline.second import Second


@dataclass(frozen=True, slots=True)
class Ports:
    """What stands behind each step; ``wiring.py`` fills it."""

    locator: Locator
    fetcher: Fetcher
    reader: Reader
    texts: TextWork
    engine: Engine
    archive: Archive
    clock: Clock
    pictures: Pictures
    traffic: Callable[[], tuple[int, int]]
    """Requests so far to the web, and to a model."""
    keeps_models_answers: bool = False
    """Whether what a model answered stays: a night without its key must not step down to the other engine."""
    refill: bool = False
    """Whether documents are fetched that are needed only for their quotes."""
    reread: bool = False
    """Whether texts in the cache, which an older reader may have made, are read once more."""
    outage_share: float = 1 / 3
    """Share of the sources read well last time above which failures are an outage."""
    listed: frozenset[str] | None = None
    """The keys of all sources in sources.csv; None where they are not known."""
    only: frozenset[str] | None = None
    """The fields that are asked in this run; None is all of them."""
    batches: Batches | None = None
    """What sends the night's questions together, and brings their replies, when that was asked for."""
    second: Second | None = None
    """Who is asked for a second opinion on each answer that waits; nobody, when it was not asked for."""
    remarks: Callable[[], tuple[str, ...]] = tuple
    """What the adapters have to say of the run as a whole, asked at its end."""

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """The fields of this run."""
        return tuple(spec for spec in self.archive.fields if self.only is None or spec.name in self.only)
