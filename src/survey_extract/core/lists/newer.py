"""A newer version of a list and what earlier imports left go in; what is to be proposed, and which rows are gone or renamed, come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from survey_extract.core.decisions import decide, standing_decision
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.inputs.sources import FILE
from survey_extract.core.lists.read import ListedRow
from survey_extract.core.records import Decision, Source, Value

SHARE = 0.5
"""Share of an earlier import's sources from which on a list counts as a newer version of it, whatever its file's name."""


def suggest(field: str, value: Value, *, by: str, at: str, reason: str) -> Decision:
    """What a newer list says of a cell that was imported earlier: it does not stand, but waits to be judged."""
    return decide("suggested", field, None, by=by, at=at, value=value, reason=reason)


def wants_saying(given: Sequence[Decision], value: Value, *, stands: bool) -> bool:
    """Whether a list's value is news for a cell: it does not stand there, and was neither suggested nor rejected before.

    A list that has gone back to what ``stands`` takes its own suggestion back by suggesting that.
    """
    suggestions = [decision.value for decision in given if decision.verdict == "suggested"]
    if stands:
        return bool(suggestions) and suggestions[-1] != value
    judged = value_sha256(value)
    rejected = any(decision.verdict == "rejected" and decision.judged_sha256 == judged for decision in given)
    return not rejected and suggestions[-1:] != [value]


def compared(
    rows: Mapping[str, ListedRow],
    sources: Mapping[str, Source],
    decisions: Mapping[str, Sequence[Decision]],
    file: str,
) -> Iterator[str]:
    """What is to be told of rows that are renamed, have another link, or are gone since an earlier import; nothing is deleted."""
    by_name = {source.name: source for source in sources.values() if source.name}
    for key, row in rows.items():
        if source := sources.get(key):
            if row.name and source.name and row.name != source.name:
                yield (
                    f"{file}:{row.line}: {row.name!r} ({key}) is {source.name!r} in {FILE}:{source.line}, and keeps that name; "
                    "change it there"
                )
            title = standing_decision([decision for decision in decisions.get(key, ()) if decision.field == "title"])
            if title and title.verdict == "imported" and row.title not in ("", title.value):
                yield (
                    f"{file}:{row.line}: the title of {key} is {row.title!r}, but {title.value!r} is kept; to change it, edit it in "
                    "README.md and `survey-extract import README.md`"
                )
        elif source := by_name.get(row.name):
            yield (
                f"{file}:{row.line}: {row.name!r} leads to {row.link} and not, as in {FILE}:{source.line}, to {source.location}: "
                f"both are sources now; delete the line that is wrong"
            )
    for key in _gone(rows, decisions, file):
        if key in sources:
            name, line = sources[key].name or key, sources[key].line
            yield f"{FILE}:{line}: {name!r} ({key}) is no longer in {file}; its row stays, delete the line to take it out"


def _gone(rows: Mapping[str, ListedRow], decisions: Mapping[str, Sequence[Decision]], file: str) -> list[str]:
    """Sources that an earlier import of this list named, by the file's name or by what most of its sources are."""
    imports: dict[str, list[str]] = {}
    for key, given in decisions.items():
        for reason in dict.fromkeys(
            decision.reason for decision in given if decision.verdict in ("imported", "suggested")
        ):
            if reason:
                imports.setdefault(reason, []).append(key)
    found: list[str] = []
    for reason, keys in imports.items():
        shared = sum(key in rows for key in keys)
        if reason == f"imported from {file}" or shared >= SHARE * len(keys):
            found += [key for key in keys if key not in rows and key not in found]
    return found
