"""Published rows go in, the table between the README's markers comes out; all else is the author's.

The table is HTML inside Markdown, the form that such lists have always had.
An HTML block ends at a blank line, so every text is folded to one line and
escaped: whatever a title or a value holds, it cannot leave its cell.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_extract.core.schema import fields
from survey_extract.errors import BadReadme

BEGIN, END = "<!-- survey:begin -->", "<!-- survey:end -->"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """A published source: ``cells`` are the texts in the order of the fields, without the title."""

    key: str
    name: str
    title: str
    link: str
    cells: tuple[str | None, ...]
    provenance: str


def render(readme: str, rows: Sequence[Row], note: str) -> str:
    """The README with its table made anew. ``note`` stands in for an empty table.

    Raises:
        BadReadme: a marker is missing, doubled, or behind the other.
    """
    before, after = split(readme)
    blocks = [_block(row) for row in rows] or [f"<p><em>{_escape(note)}</em></p>"]
    return f"{before}{BEGIN}\n" + "\n".join(blocks) + f"\n{END}{after}"


def split(readme: str) -> tuple[str, str]:
    """What stands before the first marker and behind the last; by plain string, never by pattern."""
    begins, ends = readme.count(BEGIN), readme.count(END)
    if begins != 1 or ends != 1:
        raise BadReadme(
            f"README.md holds {begins} x {BEGIN} and {ends} x {END}; each must stand there once, on a line of its own"
        )
    before, rest = readme.split(BEGIN)
    if END not in rest:
        raise BadReadme(f"README.md: {END} stands before {BEGIN}")
    return before, rest.split(END)[1]


README = "README.md"
PAGES = "docs/survey"
"""Folder of the pages, one a source, into which a table that is too large for the README is split."""
UP = "../../"
"""The way from a page to the survey's folder."""


def page_name(key: str) -> str:
    """The page of a source; it stays the same whatever becomes of the others."""
    return f"{PAGES}/{key}.md"


def render_index(readme: str, rows: Sequence[Row]) -> str:
    """The README with a line and a link for each row instead of the table.

    Raises:
        BadReadme: as ``render``.
    """
    before, after = split(readme)
    lines = (
        f'<li><a href="{page_name(row.key)}#{row.key}">{_escape(row.name)}</a>: {_escape(row.title)}</li>'
        for row in rows
    )
    return f"{before}{BEGIN}\n<ul>\n" + "\n".join(lines) + f"\n</ul>\n{END}{after}"


def render_page(row: Row) -> str:
    """The page of one source, with an anchor of its own and the way back."""
    return f'<a id="{row.key}"></a>\n\n[All systems]({UP}README.md)\n\n{BEGIN}\n{_block(from_page(row))}\n{END}\n'


def from_page(row: Row) -> Row:
    """The row as it stands on its page: links to the survey's own files lead up from there."""
    own = "://" not in row.link
    return replace(row, link=f"{UP}{row.link.removeprefix('./')}") if own else row


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a published cell comes from: ``pages`` of its evidence, None when it was never quoted."""

    field: str
    state: str | None
    engine: str | None
    model: str | None
    pages: tuple[int, ...]
    decided_on: str | None


def provenance(read: str | None, is_paged: bool, origins: Sequence[Origin], remarks: Sequence[str] = ()) -> str:
    """One line under the table: what was read, where the evidence stands, who stands for it, and what else to know."""
    quoted = [origin for origin in origins if origin.pages]
    imported = sum(origin.state == "imported" for origin in origins)
    undecided = [origin for origin in origins if origin.state in ("proposed", "changed")]
    days = sorted(origin.decided_on for origin in origins if origin.decided_on)
    parts = [f"Read: {read or 'nothing yet'}.", *remarks, f"{len(quoted)} of {len(origins)} cells quoted"]
    if quoted and is_paged:
        parts[-1] += ": " + "; ".join(
            f"{_short(origin.field)} p. {', '.join(map(str, origin.pages))}" for origin in quoted
        )
    parts[-1] += "."
    if imported:
        parts.append(f"{imported} imported and not checked.")
    if days:
        parts.append(f"Last decided {days[-1]}.")
    if undecided:
        count = f"{len(undecided)} cell{'' if len(undecided) == 1 else 's'}"
        parts.append(f"Unreviewed: {count} proposed by {_proposers(undecided)}.")
    return " ".join(parts)


def _short(field: str) -> str:
    heading = next(spec.heading for spec in fields() if spec.name == field)
    return heading.replace(".", " ").lower()


def _proposers(origins: Sequence[Origin]) -> str:
    names = dict.fromkeys(
        "the extractive engine (sentences of the source, chosen without a model)"
        if origin.model is None
        else f"the model {origin.model}"
        for origin in origins
    )
    return " and ".join(names)


def _block(row: Row) -> str:
    headings = "\n".join(f"    <th>{_escape(spec.heading)}</th>" for spec in fields())
    cells = "\n".join(f"    <td>{_escape(text or '')}</td>" for text in row.cells)
    return (
        "<details>\n"
        f"  <summary>{_escape(row.name)}</summary>\n"
        "    <table>\n    <thead>\n    <tr>\n"
        f"{headings}\n"
        "    </tr>\n    </thead>\n    <tbody>\n    <tr>\n"
        f'    <td><a href="{_link(row.link)}">{_escape(row.title)}</a></td>\n'
        f"{cells}\n"
        "    </tr>\n    </tbody>\n    </table>\n"
        f"    <p><sub>{_escape(row.provenance)}</sub></p>\n"
        "</details>"
    )


def shown_text(text: str) -> str:
    """A text as it stands in a cell: on one line, without control characters."""
    return " ".join(_CONTROL.sub("", text).split())


def _escape(text: str) -> str:
    """One line of text that is text, whatever it holds."""
    return html.escape(shown_text(text), quote=True)


def shown_link(url: str) -> str:
    """A link that leads somewhere: http(s) or a path inside the survey; nothing that runs."""
    scheme, colon, _ = url.partition(":")
    if colon and scheme.lower() not in ("http", "https") and "/" not in scheme:
        return "#"
    return "".join(_CONTROL.sub("", url).split())


def _link(url: str) -> str:
    return html.escape(shown_link(url), quote=True)
