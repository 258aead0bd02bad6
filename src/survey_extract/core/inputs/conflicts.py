"""The text of a file that people keep in Git goes in; the conflicts that a merge left in it come out, with their lines."""

from __future__ import annotations

from collections.abc import Iterator

CURE = "keep what is right of both sides and delete the lines that begin with <<<<<<<, |||||||, ======= and >>>>>>>"


def conflicts_in(text: str) -> tuple[tuple[int, int], ...]:
    """First and last line of each conflict, from 1: a line of each of Git's marks, in their order."""
    return tuple(_conflicts(text))


def _conflicts(text: str) -> Iterator[tuple[int, int]]:
    begin, is_divided = 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("<<<<<<< "):
            begin, is_divided = number, False
        elif begin and line.rstrip("\r") == "=======":
            is_divided = True
        elif begin and is_divided and line.startswith(">>>>>>> "):
            yield begin, number
            begin, is_divided = 0, False


def conflict(file: str, text: str) -> str | None:
    """What to say of a file in which a merge left conflicts; None where there are none."""
    return told_conflicts(file, conflicts_in(text))


def told_conflicts(file: str, found: tuple[tuple[int, int], ...]) -> str | None:
    """The same of the conflicts that were found."""
    if not found:
        return None
    lines = ", ".join(f"{first} to {last}" for first, last in found[:10])
    more = f" and {len(found) - 10} more" if len(found) > 10 else ""
    first = found[0][0]
    return f"{file}:{first}: a merge left a conflict here (lines {lines}{more}): {CURE}"


def sided(text: str, found: tuple[tuple[int, int], ...], *, theirs: bool) -> str:
    """The text with one side of each of these conflicts; of three, the one that both came from is left out."""
    kept: list[str] = []
    side: bool | None = None
    starts = {first for first, _ in found}
    for number, line in enumerate(text.split("\n"), start=1):
        begins = next((first for first, last in found if first <= number <= last), None)
        if begins is None:
            kept.append(line)
        elif number in starts:
            side = False
        elif line.startswith("||||||| "):
            side = None
        elif side is not True and line.rstrip("\r") == "=======":
            side = True
        elif side is theirs and not line.startswith(">>>>>>> "):
            kept.append(line)
    return "\n".join(kept)
