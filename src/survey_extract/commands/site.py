"""The DuckDB file goes in, one page for readers comes out: every published row, with search, filters and the places of its evidence.

The page contains all it needs and fetches nothing from the network, so it can be on
any server, or on a disk. Without scripts it shows everything; with them it is
searched. Only its own script may run, which its policy names by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from survey_extract.commands.output import checked_output
from survey_extract.commands.survey import Survey, say
from survey_extract.commands.templates import written
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.plural import count_of
from survey_extract.core.printable import printable
from survey_extract.core.readme.table import BEGIN, PublishedRow, ShownCell, shown_link, shown_text
from survey_extract.files import PACKAGE, write_whole

if TYPE_CHECKING:
    from survey_extract.core.publishing import Publish
    from survey_extract.wiring import DuckWarehouse

FACETED = ("choice", "choices", "yes_no", "names")
"""Types whose values recur, so that a reader can choose one."""
OPTIONS = 400
"""Values that a filter offers at most, the most frequent first; others are found by the search."""

_PLACES = """
SELECT q.key, q.field, CASE WHEN d.media_type = 'application/pdf' AND contains(q.link, '#page=') THEN q.page END, q.link, q.words
FROM quotes q JOIN documents d ON d.key = q.key AND d.latest WHERE q.link IS NOT NULL"""
_NAMES = """SELECT key, field, coalesce("values", [value]) FROM internal.cells WHERE is_shown AND value IS NOT NULL"""
_WAITING = """
SELECT name, url, unpublished FROM sources WHERE NOT published ORDER BY position"""
_STATES = "SELECT key, state FROM survey"
_AS_OF = "SELECT strftime(max(started_at), '%Y-%m-%d') FROM runs"


class Place(NamedTuple):
    """A sentence behind a cell: what its link is called, where it leads, and its words, if they are to be shown."""

    label: str
    link: str
    words: str | None


class SiteCell(NamedTuple):
    """A cell as readers of the site see it; ``text`` is None for "not reported", ``address`` where it is one."""

    heading: str
    text: str | None
    mark: str | None
    places: tuple[Place, ...]
    address: str | None = None


class SiteRow(NamedTuple):
    """A published source. ``facets`` are JSON: by field, the values that it is found by."""

    key: str
    name: str
    title: str
    link: str
    state: str
    cells: tuple[SiteCell, ...]
    note: str
    facets: str


class Filter(NamedTuple):
    """What a reader may choose from: values with the number of rows that have each."""

    name: str
    heading: str
    options: tuple[tuple[str, int], ...]


class Waiting(NamedTuple):
    """A source without a row, and why."""

    name: str
    link: str
    why: str


class Site(NamedTuple):
    """The page, and how many rows it shows."""

    html: bytes
    rows: int


def write_site(survey: Survey, output: Path, *, quotes: bool, publish: Publish | None) -> None:
    """Write the page to a file; a path that is not absolute begins at the survey's folder."""
    place = checked_output(survey, output if output.is_absolute() else survey.project / output)
    readme = survey.readme.read_text(encoding="utf-8", errors="replace") if survey.readme.is_file() else ""
    with survey.warehouse_by(publish) as warehouse, warehouse.held_open():
        up = Path(os.path.relpath(os.path.realpath(survey.project), place.parent)).as_posix() + "/"
        made = site(warehouse, readme, up=up, quotes=quotes)
    write_whole(place, made.html)
    shown = count_of(made.rows, "row") if made.rows else "no published row yet; it names the sources that wait"
    say(f"{output}: {shown}, {len(made.html):,} bytes")


def site(warehouse: DuckWarehouse, readme: str, *, up: str = "", quotes: bool) -> Site:
    """The page; with ``quotes``, the words of the sentences too, which are other people's.

    ``up`` leads from the page to the survey's folder, in which its own files lie.
    """
    fields = warehouse.fields
    rows = _rows(warehouse, fields, up, quotes=quotes)
    script = (PACKAGE / "templates" / "site.js").read_text(encoding="utf-8")
    page = written(
        "site.html.j2",
        title=_title(readme),
        rows=rows,
        leads=_leads(rows),
        filters=list(_filters(fields, rows)),
        waiting=[
            Waiting(shown_text(name), _link(url or "", up), shown_text(why or "")) for name, url, why in warehouse.rows(_WAITING)
        ],
        as_of=warehouse.rows(_AS_OF)[0][0],
        script=script,
        allowed=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )  # fmt: skip
    return Site(printable(page).encode(), len(rows))


def _title(readme: str) -> str:
    """The words of the first heading of the survey's README; pictures in it are badges."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt().parse(readme.partition(BEGIN)[0])
    inline = next((token for begin, token in pairwise(tokens) if begin.type == "heading_open"), None)
    words = [part.content for part in (inline.children or ()) if part.type in ("text", "code_inline")] if inline else []
    return shown_text("".join(words)) or "Survey"


def _link(url: str, up: str) -> str:
    """A link from the page; "" for none."""
    return shown_link(url) if not url or "://" in url else f"{up}{shown_link(url).removeprefix('./')}"


def _rows(warehouse: DuckWarehouse, fields: Fields, up: str, *, quotes: bool) -> list[SiteRow]:
    places: dict[tuple[str, str], list[Place]] = {}
    for key, field, page, link, words in warehouse.rows(_PLACES):
        label = f"page {page}" if page is not None else "the sentence"
        place = Place(label, _link(link, up), shown_text(words) if quotes and words else None)
        places.setdefault((key, field), []).append(place)
    values = {(key, field): names for key, field, names in warehouse.rows(_NAMES)}
    states = dict(warehouse.rows(_STATES))
    return [
        _row(row, fields, places, values, states[row.key])._replace(link=_link(row.link, up))
        for row in warehouse.published()
    ]


def _row(
    row: PublishedRow,
    fields: Fields,
    places: Mapping[tuple[str, str], Sequence[Place]],
    values: Mapping[tuple[str, str], Sequence[str]],
    state: str,
) -> SiteRow:
    cells = tuple(
        _cell(spec, cell, places.get((row.key, spec.name), ())) for spec, cell in zip(fields, row.cells, strict=True)
    )
    facets = {spec.name: values.get((row.key, spec.name), []) for spec in fields if spec.type in FACETED}
    chosen = json.dumps(
        {name: found for name, found in facets.items() if found} | {"state": [state]}, ensure_ascii=False
    )
    return SiteRow(row.key, shown_text(row.name), shown_text(row.title), shown_link(row.link), state, cells, shown_text(row.note), chosen)  # fmt: skip


def _cell(spec: FieldSpec, cell: ShownCell, places: Iterable[Place]) -> SiteCell:
    text = None if cell.text is None else shown_text(cell.text)
    distinct = tuple(dict.fromkeys(places)) if cell.links else ()
    is_address = spec.type == "url" and text is not None and text.startswith(("http://", "https://"))
    address = shown_link(text or "") if is_address else None
    return SiteCell(spec.heading.replace(".", ": "), text, cell.mark, distinct, address)


def _leads(rows: Sequence[SiteRow]) -> str:
    """What a reader is told of the links in the cells; nothing where no cell has one."""
    led = [bool(cell.places) for row in rows for cell in row.cells if cell.text]
    if not any(led):
        return ""
    which = "Each cell links" if all(led) else "A cell with evidence links"
    return f" {which} to the place in the source that it rests on."


def _filters(fields: Fields, rows: Sequence[SiteRow]) -> Iterator[Filter]:
    """A filter for each field whose values recur, and one for the state of the rows; none where all are alike."""
    headings = {spec.name: spec.heading.replace(".", ": ") for spec in fields if spec.type in FACETED}
    counted: dict[str, Counter[str]] = {name: Counter() for name in (*headings, "state")}
    for row in rows:
        for name, values in json.loads(row.facets).items():
            counted[name].update(dict.fromkeys(values, 1))
    for name, counts in counted.items():
        if len(counts) > 1:
            by_number = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))[:OPTIONS]
            yield Filter(name, headings.get(name, "State"), tuple(by_number))
