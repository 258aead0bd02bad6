"""What some runs did: the changed sources with their changed cells, and the sources that failed or wait."""

from __future__ import annotations

from dataclasses import dataclass

from survey_extract.core.diff import worded
from survey_extract.core.readme.table import shown_text
from survey_extract.core.records import NOT_REPORTED, Place, Term


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose proposed value is another, or is new.

    ``pages`` are those of its evidence, ``terms`` the figures and names that
    the check did not find there, ``by`` who proposes it; ``waits``: it wants a
    decision. ``had`` and ``has`` say what is shown where ``was`` and ``now`` have no words.
    """

    heading: str
    was: str | None
    now: str | None
    pages: tuple[int, ...]
    terms: tuple[Term, ...]
    state: str
    reason: str | None
    by: str | None = None
    had: str = "nothing"
    has: str = NOT_REPORTED

    @property
    def waits(self) -> bool:
        return self.state in ("proposed", "changed")

    @property
    def difference(self) -> tuple[tuple[str, str], ...]:
        """What of two values that share words is the same, out, and in; nothing of others."""
        if not self.was or not self.now:
            return ()
        pieces = tuple(worded(shown_text(self.was), shown_text(self.now)))
        return pieces if any(kind == "same" for kind, _ in pieces) else ()

    def unfound(self, place: Place) -> list[str]:
        """The figures and names that the check found there, each once."""
        return list(dict.fromkeys(term.text for term in self.terms if term.place == place))


@dataclass(frozen=True, slots=True)
class SourceChange:
    """What became of a source: ``change`` is "new" or "v1 -> v2", ``kept`` how many cells stand as they stood. ``cost`` is USD."""

    key: str
    name: str
    link: str
    change: str
    kept: int
    fates: str
    cost: float | None
    unpriced: int
    cells: tuple[CellChange, ...]
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A source that failed, waits or was withdrawn in the last of the runs, and how old its data are."""

    key: str
    name: str
    kind: str
    message: str
    as_of: str | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A decided value of a source that is as in the version ``then``, and no longer in the newest."""

    name: str
    heading: str
    value: str | None
    then: str


@dataclass(frozen=True, slots=True)
class Report:
    """The runs from ``first`` to ``last``, and all that came of them. ``waiting`` counts cells of the whole survey."""

    runs: int
    first: str
    last: str
    sources: tuple[SourceChange, ...]
    problems: tuple[Problem, ...]
    waiting: int
    cost: float | None
    unpriced: int
    notes: tuple[str, ...]
    gone: tuple[Gone, ...] = ()
    """Decided values of the whole survey that the newest versions of their sources no longer have."""
    reworded: int = 0
    """Decided values of the whole survey whose sentences were reworded."""
