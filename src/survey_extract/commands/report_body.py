"""What some runs did goes in, the body of a pull request comes out: it fits, and nothing in it runs.

Values and names are words of papers and models. They are code in blocks
of HTML without blank lines, where GitHub looks for no Markdown, mention, link
or issue number. The texts are those of ``templates/report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey_extract.commands.templates import parts_of
from survey_extract.core.report import Gone, Problem, Report, SourceChange

BODY_LIMIT = 65_536
"""Characters that GitHub takes as the body of a pull request."""
_PROBLEMS_SHARE = 0.25
"""Share of the body that problems may take."""
_GONE_SHARE = 0.2
"""Share of it that decided values may take which their sources no longer have."""
_NAMES = 1_500
"""Characters for the names of sources that did not fit."""


def body(report: Report, limit: int = BODY_LIMIT) -> str:
    """The Markdown, at most ``limit`` characters: no value is cut, and what does not fit is named, then counted."""
    return _Body().fitted(report, limit)


class _Body:
    """The parts of the template, and how many of them there is room for."""

    def __init__(self) -> None:
        self._parts = parts_of("report.md.j2")

    def fitted(self, report: Report, limit: int) -> str:
        cells = [cell for source in report.sources for cell in source.cells]
        head = self._parts.head(report, proposed=len(cells), waits=sum(cell.waits for cell in cells))
        tail = self._problems(report.problems, int(limit * _PROBLEMS_SHARE)) if report.problems else ""
        gone = self._gone(report.gone, report.reworded, int(limit * _GONE_SHARE))
        room = limit - len(head) - len(gone) - len(tail) - 2_000
        shown: list[str] = []
        left: list[SourceChange] = []
        for source in report.sources:
            part = self._source(source, room)
            if part is None:
                left.append(source)
            else:
                shown.append(part)
                room -= len(part)
        return "".join((head, gone, *shown, self._left_out(left) if left else "", tail))

    def _source(self, source: SourceChange, room: int) -> str | None:
        """A source with as many of its cells as there is room for; None when there is none for any."""
        head = self._parts.source_head(source)
        rows: list[str] = []
        size = len(head) + len(self._parts.table) + len("</table>\n\n") + 120  # and the line that counts the rest
        for row in map(self._parts.row, source.cells):
            if size + len(row) <= room:
                rows.append(row)
                size += len(row) + 1
        if size > room or (source.cells and not rows):
            return None
        return str(self._parts.source(head, rows, left=len(source.cells) - len(rows)))

    def _gone(self, gone: Sequence[Gone], reworded: int, room: int) -> str:
        """The decided values that their sources no longer have, as many as there is room for; the others are counted."""
        if not gone and not reworded:
            return ""
        rows: list[str] = []
        for row in map(self._parts.gone_row, gone):
            if sum(map(len, rows)) + len(row) > room - 600:
                break
            rows.append(row)
        return str(self._parts.gone(rows, count=len(gone), left=len(gone) - len(rows), reworded=reworded))

    def _problems(self, problems: Sequence[Problem], room: int) -> str:
        """As many as there is room for; the others are counted."""
        rows: list[str] = []
        for row in map(self._parts.problem, problems):
            if sum(map(len, rows)) + len(row) > room - 400:
                break
            rows.append(row)
        return str(self._parts.problems(rows, left=len(problems) - len(rows)))

    def _left_out(self, sources: Sequence[SourceChange]) -> str:
        """The sources that did not fit: as many names as there is room for, and the count of the others."""
        names: list[str] = []
        for name in map(self._parts.name, sources):
            if len(", ".join(names)) + len(name) > _NAMES:
                break
            names.append(name)
        return str(self._parts.left_out(names, count=len(sources)))
