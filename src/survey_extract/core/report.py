"""What some runs did goes in, the body of a pull request comes out: it fits, and nothing in it runs.

Values and names are words of papers and models. They stand as code in blocks
of HTML without blank lines, where GitHub looks for no Markdown, mention, link
or issue number.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.diff import worded
from survey_extract.core.money import dollars
from survey_extract.core.plural import count_of
from survey_extract.core.readme import shown_text
from survey_extract.core.records import Place, Term

BODY_LIMIT = 65_536
"""Characters that GitHub takes as the body of a pull request."""
SHOWN_NOTES = 8
PROBLEMS_SHARE = 0.25
"""Share of the body that problems may take."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose proposed value is another, or is new.

    ``pages`` are those of its evidence, ``terms`` the figures and names that
    the check did not find there, ``by`` who proposes it; ``waits``: it wants a
    decision.
    """

    heading: str
    was: str | None
    now: str | None
    pages: tuple[int, ...]
    terms: tuple[Term, ...]
    state: str
    reason: str | None
    by: str | None = None

    @property
    def waits(self) -> bool:
        return self.state in ("proposed", "changed")


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


def body(report: Report, limit: int = BODY_LIMIT) -> str:
    """The Markdown, at most ``limit`` characters: no value is cut, and what does not fit is named, then counted."""
    head = "\n".join(_head(report)) + "\n"
    tail = _problems(report.problems, int(limit * PROBLEMS_SHARE)) if report.problems else ""
    room = limit - len(head) - len(tail) - 2_000
    parts: list[str] = []
    left: list[SourceChange] = []
    for source in report.sources:
        part = _source(source, room)
        if part is None:
            left.append(source)
        else:
            parts.append(part)
            room -= len(part)
    return head + "".join(parts) + _left_out(left) + tail


def _head(report: Report) -> Iterator[str]:
    nights = f"the run of {report.last}" if report.runs == 1 else f"{report.runs} runs, {report.first} to {report.last}"
    proposed = sum(len(source.cells) for source in report.sources)
    waits = sum(cell.waits for source in report.sources for cell in source.cells)
    yield f"What came of {nights} (UTC)."
    yield ""
    if not report.sources:
        yield "No source changed."
    else:
        yield (
            f"{count_of(len(report.sources), 'source')} changed, with {count_of(proposed, 'new answer')}; {waits} of these want a decision "
            f"(`survey-extract review`), {report.waiting} in the whole survey. {_cost(report.cost, report.unpriced)}"
        )
        yield "Nothing here is published before a person has decided on it, unless the survey's setting `publish` is `any`."
    yield ""
    if report.notes:
        yield "<ul>"
        yield from (f"<li><code>{_escape(note, 400)}</code></li>" for note in report.notes[:SHOWN_NOTES])
        yield "</ul>"
        yield ""


def _source(source: SourceChange, room: int) -> str | None:
    """A source with as many of its cells as there is room for; None when there is none for any."""
    head = "\n".join(_source_head(source)) + "\n"
    rows: list[str] = []
    size = len(head) + len(_TABLE) + len("</table>\n\n") + 120  # and the line that counts the rest
    for row in map(_row, source.cells):
        if size + len(row) <= room:
            rows.append(row)
            size += len(row) + 1
    if size > room or (source.cells and not rows):
        return None
    if not source.cells:
        return head
    left = len(source.cells) - len(rows)
    more = (
        f"<p>And {count_of(left, 'more cell')} that did not fit here: see <code>survey-extract review</code>.</p>\n\n"
    )
    return f"{head}{_TABLE}" + "\n".join(rows) + "\n</table>\n\n" + (more if left else "")


_TABLE = "<table>\n<tr><th>cell</th><th>was</th><th>is proposed</th><th>evidence</th><th>wants</th></tr>\n"


def _source_head(source: SourceChange) -> Iterator[str]:
    yield f"<h3><code>{_escape(source.name, 160)}</code></h3>"
    yield ""
    said = [f"<code>{_escape(source.key, 120)}</code>: <code>{_escape(source.change, 120)}</code>"]
    if source.kept:
        said.append(f"{count_of(source.kept, 'cell')} {'stands' if source.kept == 1 else 'stand'} as before")
    if source.fates:
        said.append(f"Sentences of the version before: <code>{_escape(source.fates, 120)}</code>")
    said.append(_cost(source.cost, source.unpriced))
    if source.notice:
        said.append(f"arXiv's notice: <code>{_escape(source.notice, 300)}</code>")
    yield "<p>" + ". ".join(part.rstrip(".") for part in said) + ".</p>"
    yield ""


def _row(cell: CellChange) -> str:
    pages = f"page {', '.join(map(str, cell.pages))}" if cell.pages else "none"
    wants = "a decision" if cell.waits else "nothing"
    reason = f"<br><sub><code>{_escape(cell.reason, 120)}</code></sub>" if cell.reason else ""
    by = f"<br><sub>by <code>{_escape(cell.by, 120)}</code></sub>" if cell.by else ""
    was, now = _values(cell.was, cell.now)
    return (
        f"<tr><td>{_escape(cell.heading, 60)}{reason}</td><td>{was}</td><td>{now}{by}</td>"
        f"<td>{pages}{_terms(cell.terms)}</td><td>{wants}</td></tr>"
    )


_PLACES: tuple[tuple[Place, str, str], ...] = (
    ("nowhere", "is nowhere in the source", "are nowhere in the source"),
    ("elsewhere", "stands elsewhere, not in the evidence", "stand elsewhere, not in the evidence"),
)


def _terms(terms: Sequence[Term]) -> str:
    """Which figures and names the evidence does not hold, worst first."""
    said = ""
    for place, one, many in _PLACES:
        names = list(dict.fromkeys(term.text for term in terms if term.place == place))
        if names:
            marked = ", ".join(f"<code>{_escape(name, 160)}</code>" for name in names)
            said += f"; {marked} {one if len(names) == 1 else many}"
    return said


def _problems(problems: Sequence[Problem], room: int) -> str:
    """As many as there is room for; the others are counted."""
    rows: list[str] = []
    for problem in problems:
        age = f", as it stood on {problem.as_of}" if problem.as_of else ""
        row = (
            f"<tr><td>{problem.kind}</td><td><code>{_escape(problem.name, 100)}</code>{age}</td>"
            f"<td><code>{_escape(problem.message, 240)}</code></td></tr>\n"
        )
        if sum(map(len, rows)) + len(row) > room - 400:
            break
        rows.append(row)
    left = len(problems) - len(rows)
    more = f"<p>And {left} more: `survey-extract status` names them.</p>\n" if left else ""
    return "<h3>What did not go well in the last run</h3>\n\n<table>\n" + "".join(rows) + f"</table>\n\n{more}"


def _left_out(sources: Sequence[SourceChange]) -> str:
    if not sources:
        return ""
    names = ""
    for number, source in enumerate(sources):
        name = f"<code>{_escape(source.name, 60)}</code>"
        if len(names) + len(name) > 1_500:
            names += f" and {len(sources) - number} more"
            break
        names += (", " if names else "") + name
    return f"<p>{count_of(len(sources), 'more source')} changed that did not fit here: {names}. They are in the files of this change.</p>\n\n"


def _cost(cost: float | None, unpriced: int) -> str:
    if cost is None:
        return (
            f"Cost: unknown, {count_of(unpriced, 'reply', 'replies')} without a price."
            if unpriced
            else "Cost: nothing."
        )
    return f"Cost: {dollars(cost)}" + (
        f" and {count_of(unpriced, 'reply', 'replies')} without a price." if unpriced else "."
    )


def _values(was: str | None, now: str | None) -> tuple[str, str]:
    """Both values, whole; of two that share words, what is out and what is in stands out."""
    if not was or not now:
        return _value(was, "nothing"), _value(now, "not reported")
    pieces = list(worded(shown_text(was), shown_text(now)))
    if not any(kind == "same" for kind, _ in pieces):
        return _value(was, "nothing"), _value(now, "not reported")
    left = " ".join(_marked(kind, words, "del") for kind, words in pieces if kind != "in")
    right = " ".join(_marked(kind, words, "ins") for kind, words in pieces if kind != "out")
    return f"<code>{left}</code>", f"<code>{right}</code>"


def _marked(kind: str, words: str, tag: str) -> str:
    return html.escape(words) if kind == "same" else f"<{tag}>{html.escape(words)}</{tag}>"


def _value(text: str | None, without: str) -> str:
    return f"<code>{html.escape(shown_text(text))}</code>" if text else f"<i>{without}</i>"


def _escape(text: str, limit: int) -> str:
    """One line of text that is text, no longer than ``limit`` characters before it is escaped."""
    return html.escape(_shortened(text, limit))


def _shortened(text: str, limit: int) -> str:
    line = shown_text(text[: 8 * limit])
    return line if len(line) <= limit else line[: limit - 1] + "…"
