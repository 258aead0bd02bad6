"""A document that a source brings for the first time goes in; the records of the source that left the list with the same bytes come out.

A file that was renamed, or an address that moved, is a new line of sources.csv and
has a key of its own, under which nothing is on record. Where its bytes are, by
their SHA-256, those that a source had which is no longer in sources.csv, it is that
source: what was answered and decided is copied, line for line, so that nothing is
asked, paid for or decided twice. What somebody else decided under the old key and
merged afterwards follows. The old records stay where they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.core.plural import count_of

if TYPE_CHECKING:
    from survey_extract.core.ports import Archive
    from survey_extract.core.records import Answer, Decision, Document


@dataclass(frozen=True, slots=True)
class Moved:
    """The sources that left the list: by the SHA-256 of the document that each had last, their keys. ``archive`` has their records."""

    archive: Archive
    left: Mapping[str, str]

    @classmethod
    def of(cls, archive: Archive, documents: Mapping[str, Sequence[Document]], listed: frozenset[str] | None) -> Moved:
        """``listed`` are the keys of sources.csv; None where they are not known, and then nothing has left."""
        gone = {} if listed is None else {key: known for key, known in documents.items() if key not in listed}
        return cls(archive, {known[-1].sha256: key for key, known in gone.items() if known})

    def key_before(self, key: str, document: Document) -> str | None:
        """The key under which this document is on record, where ``key`` has no answers yet."""
        before = self.left.get(document.sha256)
        return None if before is None or self.archive.answers(key) else before

    def known(self, key: str, document: Document) -> tuple[tuple[Answer, ...], tuple[Decision, ...]]:
        """What was answered and decided of a source, under its own key or under the one that it had before."""
        key = self.key_before(key, document) or key
        return self.archive.answers(key), self.archive.decisions(key)

    def take_over(self, key: str, document: Document) -> str | None:
        """Copy the records, and say so; None where there is nothing to take over. Answers come last: a crash before them is mended."""
        before = self.key_before(key, document)
        if before is None:
            return None
        archive, (answers, decisions) = self.archive, self.known(key, document)
        held = frozenset(archive.decisions(key))
        archive.add_decisions(key, [one for one in decisions if one not in held])
        archive.add_audits(key, archive.audits(before))
        archive.add_opinions(key, archive.opinions(before))
        archive.add_answers(key, answers)
        return f"{_told(before)}; its {_counted(answers, decisions)} count here now"

    def follow(self, key: str, documents: Sequence[Document]) -> str | None:
        """Copy the decisions made under the old key since then, as in another clone, and say so; None if there are none."""
        late = self._late(key, documents)
        self.archive.add_decisions(key, [decision for _, decision in late])
        return _told_late(late, "counts", "count")

    def follows(self, key: str, documents: Sequence[Document]) -> str | None:
        """What ``follow`` would copy, for a dry run."""
        return _told_late(self._late(key, documents), "would count", "would count")

    def _late(self, key: str, documents: Sequence[Document]) -> list[tuple[str, Decision]]:
        """Decisions that ``key`` lacks, each with the key that it was made under and whose answers were taken over."""
        befores = dict.fromkeys(self.left[one.sha256] for one in documents if one.sha256 in self.left)
        if not befores:
            return []
        answers, held = frozenset(self.archive.answers(key)), frozenset(self.archive.decisions(key))
        return [
            (before, decision)
            for before in befores
            if self._took_over(answers, before)
            for decision in self.archive.decisions(before)
            if decision not in held
        ]

    def _took_over(self, answers: frozenset[Answer], before: str) -> bool:
        """Whether these are the old key's answers; a second source with the same bytes has answers of its own, from its own run."""
        return bool(copied := self.archive.answers(before)) and answers.issuperset(copied)

    def told(self, key: str, document: Document) -> str | None:
        """What ``take_over`` would say, for a dry run."""
        before = self.key_before(key, document)
        return before and f"{_told(before)}; its {_counted(*self.known(key, document))} would count here"


def _told(before: str) -> str:
    return f"the same bytes as {before}, which is no longer in sources.csv"


def _told_late(late: Sequence[tuple[str, Decision]], one: str, many: str) -> str | None:
    if not late:
        return None
    before = ", ".join(dict.fromkeys(key for key, _ in late))
    return f"{count_of(len(late), 'further decision')} under {before}, its key before, {many if len(late) > 1 else one} here"


def _counted(answers: Sequence[Answer], decisions: Sequence[Decision]) -> str:
    return f"{count_of(len(answers), 'answer')} and {count_of(len(decisions), 'decision')}"
