"""The cells of a survey go in; what a person who decides blind sees of them comes out: the source and the field.

Nothing is hidden in a page that has it: what the page is made from has
none of it. All cells look alike, are in the order of the table, and need a
decision until this person has given one. After that, the cell is
shown, and stays shown: taking it back makes nobody blind again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from survey_extract.core.fields import Fields
from survey_extract.core.records import Decision
from survey_extract.review.queue import Item
from survey_extract.review.snapshot import Snapshot


@dataclass(slots=True)
class Masked:
    """The cells as one reviewer sees them. ``keys`` are the sources in the order of the table."""

    snapshot: Snapshot
    keys: Sequence[str]
    fields: Fields
    by: str
    _decided: set[tuple[str, str]] = field(default_factory=set)
    """The cells that this reviewer has decided blind."""

    def load(self) -> None:
        """Read what the reviewer decided blind in earlier sessions."""
        self._decided = {(key, name) for key in self.keys for name in self._of(key)}

    def note(self, key: str, name: str) -> None:
        """A cell was decided blind in this session."""
        self._decided.add((key, name))

    def decision(self, key: str, name: str) -> Decision | None:
        """The reviewer's last blind decision on a cell, taken back or not; None before there is one."""
        return self._of(key).get(name)

    def _of(self, key: str) -> dict[str, Decision]:
        return {d.field: d for d in self.snapshot.decisions(key) if d.blind and d.by == self.by}

    def items(self, items: Iterable[Item]) -> list[Item]:
        """All cells in the order of the table, each masked."""
        there = {(item.key, item.field): item for item in items}
        order = ((key, spec.name) for key in self.keys for spec in self.fields)
        return [self.item(there[place]) for place in order if place in there]

    def item(self, item: Item) -> Item:
        """A cell of which nothing is told but where it stands, and whether it needs this reviewer's decision."""
        waits = (item.key, item.field) not in self._decided
        return Item(item.key, item.name, item.field, None, None, 0, "", waits, 0, None)
