"""Published rows go in, the table between the README's markers comes out; all else is the author's.

The table is HTML inside Markdown, the form that such lists have always had;
``fields`` turns it on its side, for narrow screens. An HTML block ends at a
blank line, so every text is folded to one line and escaped: whatever a title
or a value contains, it cannot leave its cell. What ``render`` adds to a cell, the
links to its evidence and a line about its state, is recognised by its form
(``markup.py``), so that it is never taken for the cell's own text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey_extract.core.fields import TITLE, Fields
from survey_extract.core.readme.links import EvidenceLink
from survey_extract.errors import BadReadme

BEGIN, END = "<!-- survey:begin -->", "<!-- survey:end -->"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


TableForm = Literal["list", "fields"]
"""A column for each field, as such lists have always had, or a line for each field."""

NOT_REPORTED = "Not reported"
"""How a cell says that the source does not; a cell of these words is read as an empty one."""
FIELD_HEADINGS = ("Field", "Value", "Pages")
"""The headings of the form ``fields``."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as readers see it: ``text`` is None for "not reported", "" where nothing is said.

    ``mark`` says what the cell is where no person decided on it.
    """

    text: str | None = ""
    links: tuple[EvidenceLink, ...] = ()
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """A published source: ``cells`` are in the order of the fields, without the title.

    ``decided``: in each of them something stands by a person's decision or a list's.
    """

    key: str
    name: str
    title: str
    link: str
    cells: tuple[ShownCell, ...]
    note: str
    decided: bool = True


TRACK = "Right as answered, in cells that a person decided"
"""How the lines under the table begin that say how often each field was right."""


@dataclass(frozen=True, slots=True)
class TrackLines:
    """How often each field was right: (heading, right, of how many), as measured on the day ``on``."""

    on: str
    counts: tuple[tuple[str, int, int], ...]


REJUDGED = "Judged once more"
"""How the lines under the table begin that say how often a second judgement of a cell came to the same."""


@dataclass(frozen=True, slots=True)
class RejudgedLines:
    """By heading, each as (right, of how many) or None: cells decided once more blind, and values that a second reader judged."""

    on: str
    counts: tuple[tuple[str, tuple[int, int] | None, tuple[int, int] | None], ...]


WAITING = "Not in the table yet"
"""How the lines under the table begin that name the sources without a row."""


@dataclass(frozen=True, slots=True)
class Below:
    """What is said under the table: how often each field was right, and came out the same when judged once more; and of the
    sources without a row (why, and their names)."""

    track: TrackLines | None = None
    rejudged: RejudgedLines | None = None
    waiting: tuple[tuple[str, tuple[str, ...]], ...] = ()


def _below(below: Below, *, is_empty: bool = False) -> list[str]:
    """A paragraph for each, with a line for each field or reason; an empty table has no record to show."""
    said: list[str] = []
    if (track := below.track) and not is_empty:
        lines = "".join(f"<br>{field_label(heading)}: {right} of {of}" for heading, right, of in track.counts)
        said.append(f"<p><sub>{TRACK} ({_escape(track.on)}):{lines}</sub></p>")
    if (rejudged := below.rejudged) and not is_empty:
        lines = "".join(f"<br>{field_label(heading)}: {_rejudged(*counts)}" for heading, *counts in rejudged.counts)
        said.append(f"<p><sub>{REJUDGED} ({_escape(rejudged.on)}):{lines}</sub></p>")
    if below.waiting:
        lines = "".join(f"<br>{_escape(why)}: {_escape(', '.join(names))}" for why, names in below.waiting)
        said.append(f"<p><sub>{WAITING}:{lines}</sub></p>")
    return said


def _rejudged(blind: tuple[int, int] | None, read: tuple[int, int] | None) -> str:
    """What came of a field's cells that were judged once more."""
    parts = ["{} of {} the same, decided blind".format(*blind)] if blind else []
    parts += ["{} of {} carried by their sentences, to a second reader".format(*read)] if read else []
    return "; ".join(parts)


def render(
    readme: str,
    rows: Sequence[PublishedRow],
    note: str,
    fields: Fields,
    form: TableForm = "list",
    below: Below = Below(),
) -> str:
    """The README with its table made again. ``note`` stands in for an empty table, ``below`` is said under it.

    Raises:
        BadReadme: a marker is missing, doubled, or behind the other.
    """
    before, after = split(readme)
    blocks = [_block(row, fields, form) for row in rows] or [f"<p><em>{_escape(note)}</em></p>"]
    blocks += _below(below, is_empty=not rows)
    return f"{before}{BEGIN}\n" + "\n".join(blocks) + f"\n{END}{after}"


def split(readme: str) -> tuple[str, str]:
    """What stands before the first marker and behind the last; by plain string, never by pattern."""
    begins, ends = readme.count(BEGIN), readme.count(END)
    if begins != 1 or ends != 1:
        raise BadReadme(
            f"README.md has {begins} x {BEGIN} and {ends} x {END}; each must be there once, on a line of its own"
        )
    before, rest = readme.split(BEGIN)
    if END not in rest:
        raise BadReadme(f"README.md: {END} comes before {BEGIN}")
    return before, rest.split(END)[1]


def block_of(text: str) -> str:
    """What stands between the markers, whatever its line ends."""
    before, after = split(text)
    return text[len(before) + len(BEGIN) : len(text) - len(after) - len(END)].replace("\r\n", "\n")


README = "README.md"
CONTRIBUTING = "contributing.md"
"""How to contribute, as `init` writes it and lists of that kind have it."""
PAGES = "docs/survey"
"""Folder of the pages, one a source, into which a table that is too large for the README is split."""
UP = "../../"
"""The way from a page to the survey's folder."""


def page_name(key: str) -> str:
    """The page of a source; it stays the same whatever becomes of the others."""
    return f"{PAGES}/{key}.md"


def render_index(readme: str, rows: Sequence[PublishedRow], below: Below = Below()) -> str:
    """The README with a line and a link for each row instead of the table.

    Raises:
        BadReadme: as ``render``.
    """
    before, after = split(readme)
    said = "".join(f"{block}\n" for block in _below(below))
    return f"{before}{BEGIN}\n{_lines(rows, f'{PAGES}/')}\n{said}{END}{after}"


def _lines(rows: Sequence[PublishedRow], way: str) -> str:
    """A line and a link for each row; ``way`` leads to the folder of the pages."""
    lines = (
        f'<li><a href="{way}{row.key}.md#{row.key}">{_escape(row.name)}</a>: {_escape(row.title)}</li>' for row in rows
    )
    return "<ul>\n" + "\n".join(lines) + "\n</ul>"


INDEX_ROWS = 500
"""Lines on a page of an index that is too long for the README: some 60 kB."""
_INDEX_PAGE = re.compile(rf"{PAGES}/index-(\d{{1,6}})\.md")


def index_number(name: str) -> int | None:
    """Which page of the index a file is, from 1; None of any other file. No key begins like one."""
    found = _INDEX_PAGE.fullmatch(name)
    return int(found[1]) if found else None


def render_index_of_pages(readme: str, rows: Sequence[PublishedRow], below: Below = Below()) -> dict[str, str]:
    """The README with a line for each page of the index, and these pages, each with the way back.

    Raises:
        BadReadme: as ``render``.
    """
    before, after = split(readme)
    made, lines = dict[str, str](), list[str]()
    for number, first in enumerate(range(0, len(rows), INDEX_ROWS), start=1):
        part, name = rows[first : first + INDEX_ROWS], f"{PAGES}/index-{number}.md"
        made[name] = f"[All systems]({UP}README.md)\n\n{BEGIN}\n{_lines(part, '')}\n{END}\n"
        lines.append(
            f'<li><a href="{name}">{first + 1} to {first + len(part)}</a>: from {_escape(part[0].name)} on</li>'
        )
    block = "<ul>\n" + "\n".join(lines) + "\n</ul>"
    said = "".join(f"{block}\n" for block in _below(below))
    return {README: f"{before}{BEGIN}\n{block}\n{said}{END}{after}"} | made


def render_page(row: PublishedRow, fields: Fields, form: TableForm = "list") -> str:
    """The page of one source, with an anchor of its own and the way back."""
    block = _block(from_page(row), fields, form)
    return f'<a id="{row.key}"></a>\n\n[All systems]({UP}README.md)\n\n{BEGIN}\n{block}\n{END}\n'


def from_page(row: PublishedRow) -> PublishedRow:
    """The row as it stands on its page: links to the survey's own files lead up from there."""
    cells = (
        replace(cell, links=tuple(replace(to, address=_up(to.address)) for to in cell.links)) for cell in row.cells
    )
    return replace(row, link=_up(row.link), cells=tuple(cells))


def _up(link: str) -> str:
    return link if "://" in link else f"{UP}{link.removeprefix('./')}"


# --- a row ----------------------------------------------------------------------------------------


def _block(row: PublishedRow, fields: Fields, form: TableForm) -> str:
    table = _by_field(row, fields) if form == "fields" else _by_list(row, fields)
    return (
        "<details>\n"
        f"  <summary>{_escape(row.name)}</summary>\n"
        f"    <table>\n{table}    </table>\n"
        f"    <p><sub>{_escape(row.note)}</sub></p>\n"
        "</details>"
    )


def _by_list(row: PublishedRow, fields: Fields) -> str:
    """A column for each field."""
    cells = (f"{_value(cell)}{_evidence(cell)}{_mark(cell)}" for cell in row.cells)
    return _head(spec.heading for spec in fields.all) + _body([(_title(row), *cells)])


def _by_field(row: PublishedRow, fields: Fields) -> str:
    """A line for each field, its name broken where it may be."""
    lines = [(field_label(TITLE.heading), _title(row), "")]
    for spec, cell in zip(fields, row.cells, strict=True):
        lines.append((field_label(spec.heading), f"{_value(cell)}{_mark(cell)}", _links(cell)))
    return _head(FIELD_HEADINGS) + _body(lines)


def field_label(heading: str) -> str:
    """A heading that breaks on a narrow screen, "Architecture: Overview"."""
    return _escape(heading.replace(".", ": "))


def _head(headings: Iterable[str]) -> str:
    cells = "".join(f"    <th>{_escape(heading)}</th>\n" for heading in headings)
    return f"    <thead>\n    <tr>\n{cells}    </tr>\n    </thead>\n"


def _body(lines: Iterable[Iterable[str]]) -> str:
    rows = ("    <tr>\n" + "".join(f"    <td>{cell}</td>\n" for cell in line) + "    </tr>\n" for line in lines)
    return f"    <tbody>\n{''.join(rows)}    </tbody>\n"


def _title(row: PublishedRow) -> str:
    return f'<a href="{_link(row.link)}">{_escape(row.title)}</a>'


def _value(cell: ShownCell) -> str:
    return f"<em>{NOT_REPORTED}</em>" if cell.text is None else _escape(cell.text)


def _evidence(cell: ShownCell) -> str:
    return f" <sup>{_links(cell)}</sup>" if cell.links else ""


def _links(cell: ShownCell) -> str:
    return ", ".join(f'<a href="{_link(to.address)}">{_escape(to.label)}</a>' for to in cell.links)


def _mark(cell: ShownCell) -> str:
    return f"<br><sub>{_escape(cell.mark)}</sub>" if cell.mark else ""


# --- text -----------------------------------------------------------------------------------------


def shown_text(text: str) -> str:
    """A text as it stands in a cell: on one line, without control characters and overrides of direction."""
    return " ".join(_CONTROL.sub("", text).split())


def _escape(text: str) -> str:
    """One line of text that is text, whatever it holds."""
    return html.escape(shown_text(text), quote=True)


def shown_link(url: str) -> str:
    """A link that leads somewhere: http(s) or a path inside the survey; nothing that runs."""
    scheme, colon, _ = url.partition(":")
    if colon and scheme.lower() not in ("http", "https") and "/" not in scheme:
        return "#"
    return "".join(_CONTROL.sub("", url).strip().replace(" ", "%20").split())


def _link(url: str) -> str:
    return html.escape(shown_link(url), quote=True)
