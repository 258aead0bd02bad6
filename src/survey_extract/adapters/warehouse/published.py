"""The DuckDB file goes in, the rows of the README come out: each with its cells, their links, and the note under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from survey_extract.core.decisions import STANDING
from survey_extract.core.fields import Fields
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.plural import count_of
from survey_extract.core.publishing import Publish
from survey_extract.core.readme.links import CitedPlace, EvidenceLink, cell_links, recalled_links
from survey_extract.core.readme.note import CellOrigin, Standing, marks, note
from survey_extract.core.readme.table import PublishedRow, ShownCell, shown_link
from survey_extract.core.records import is_no_answer
from survey_extract.errors import MissingQuotes

Query = Callable[[str], list[tuple[Any, ...]]]
Shown = Mapping[tuple[str, str], ShownCell]
"""By link and field, what the README shows as it stands."""

_SOURCES = """
SELECT s.key, s.name, s.title, s.url,
       CASE WHEN s.key NOT IN (SELECT key FROM internal.were_read) THEN NULL WHEN s.version IS NOT NULL THEN 'arXiv ' || s.source || s.version
            ELSE (CASE s.kind WHEN 'file' THEN 'the file' ELSE 'the page' END) || ' (SHA-256 ' || s.document[:12] || ')' END,
       (SELECT NOT any_value(d.cached) FROM documents d WHERE d.key = s.key AND d.sha256 = s.document),
       s.notice, strftime(s.failing_since, '%Y-%m-%d'), count(*) FILTER (c.document <> s.document AND coalesce(c.in_newest, 'same') = 'same')
FROM sources s JOIN internal.cells c USING (key) WHERE s.published GROUP BY ALL ORDER BY any_value(s.position)"""
_CELLS = """
SELECT c.key, c.field, c.state, c.verdict, c.value, c.lost_sha256, c.decided_by, strftime(c.decided_at, '%Y-%m-%d'), epoch_us(c.decided_at), c.reason, c.confirmed, c.unasked, c.apart, c.otherwise, c.otherwise_for,
       c.check_state, c.unfound, a.engine, a.model, c.evidence_count, c.unseen, c.is_shown, c.in_newest, c.sentences_gone,
       (SELECT concat_ws(', ', any_value(d.version), strftime(min(d.fetched_at), '%Y-%m-%d')) FROM documents d WHERE d.key = c.key AND d.sha256 = c.document)
FROM internal.cells c JOIN sources s USING (key) LEFT JOIN answers a ON a.id = c.answer
WHERE s.published ORDER BY c.position, c.field_position"""
_PLACES = """
SELECT q.key, q.field, CASE WHEN d.media_type = 'application/pdf' AND contains(q.link, '#page=') THEN q.page END, q.link, q.words IS NULL AND d.latest, q.words
FROM internal.quotes q JOIN sources s USING (key)
JOIN (SELECT key, sha256, any_value(media_type) AS media_type, bool_or(latest) AS latest FROM documents GROUP BY ALL) d ON d.key = q.key AND d.sha256 = q.document
WHERE s.published AND q.link IS NOT NULL ORDER BY q.key, q.field, q.position"""


class _Cell(NamedTuple):
    """A row of ``_CELLS``."""

    key: str
    field: str
    state: str | None
    verdict: str | None
    value: str | None
    lost_sha256: str | None
    decided_by: str | None
    decided_on: str | None
    decided_at: int | None
    reason: str | None
    confirmed: list[str]
    unasked: list[str]
    apart: list[str]
    otherwise: list[str]
    otherwise_for: bool
    check_state: Any
    unfound: list[str]
    engine: str | None
    model: str | None
    cited: int
    unseen: int
    is_shown: bool
    in_newest: Any
    sentences_gone: int
    then: str | None


def published_rows(
    query: Query, shown: Shown, publish: Publish, fields: Fields, *, notices: bool
) -> list[PublishedRow]:
    """The rows of the README. Words that the cache lost are taken from ``shown``, if their hash agrees.

    So are titles that only the document itself holds, and links to words of it.

    Raises:
        MissingQuotes: words of a published cell are nowhere, so the table would lose them.
    """
    cells: dict[str, list[_Cell]] = {}
    for cell in map(_Cell._make, query(_CELLS)):
        cells.setdefault(cell.key, []).append(cell)
    places = _places(query)
    rows: list[PublishedRow] = []
    missing: list[str] = []
    for key, name, title, url, read, uncached, *remarks in query(_SOURCES):
        origins = [_origin(cell, publish) for cell in cells[key]]
        place = shown_link(url).removeprefix("./")
        held = shown.get((place, "title")) if uncached and title is None else None
        texts = [_text(cell, origin, shown, place, fields) for cell, origin in zip(cells[key], origins, strict=True)]
        missing += [key] if any(text is _MISSING for text in texts) else []
        links = [
            _links(_ordered(places.get((key, cell.field), ()), cell, fields), shown, (place, cell.field))
            if origin.standing
            else ()
            for cell, origin in zip(cells[key], origins, strict=True)
        ]
        made = map(ShownCell, texts, links, marks(origins))
        said = note(read, origins, list(_remarks(*remarks, unread=read is None, notices=notices)))
        decided = all(cell.verdict in STANDING for cell in cells[key])
        rows.append(PublishedRow(key, name, title or (held and held.text) or name, url, tuple(made), said, decided))
    if missing:
        raise MissingQuotes(
            f"the words of {count_of(len(missing), 'published source')} are not in the cache ({', '.join(missing[:5])}), so the table would "
            "lose them; `survey-extract verify` fetches their documents again"
        )
    return rows


def _remarks(notice: str | None, since: str | None, behind: int, *, unread: bool, notices: bool) -> Iterator[str]:
    """What a reader of the row should know of its source: arXiv's notice, how old its data are, what lags behind."""
    if notice and notices:
        yield f"arXiv's notice: {notice.rstrip('.')}."
    if since:
        yield f"Could not be looked at since {since}{'' if unread else '; as it stood then'}."
    if behind:
        yield f"{behind} of its cells {'is' if behind == 1 else 'are'} still answered from the version before."


# --- cells ----------------------------------------------------------------------------------------

_MISSING = "\x00"
"""Stands for words that are nowhere; no text of a cell holds this character."""


def _origin(cell: _Cell, publish: Publish) -> CellOrigin:
    standing, empty = _standing(cell), cell.value is None and cell.lost_sha256 is None
    return CellOrigin(
        standing=standing,
        by=cell.decided_by,
        on=cell.decided_on,
        at=cell.decided_at or 0,
        reason=cell.reason,
        confirmed=tuple(cell.confirmed),
        unasked=tuple(cell.unasked),
        apart=tuple(cell.apart),
        otherwise=tuple(cell.otherwise),
        otherwise_for=cell.otherwise_for,
        unmarked=not empty and not cell.cited,
        checked=cell.check_state,
        unfound=tuple(cell.unfound),
        model=cell.model,
        cited=cell.cited or 0,
        unseen=cell.unseen or 0,
        listed=cell.engine is None,
        empty=empty,
        unanswered=standing == "undecided" and is_no_answer(cell.engine, empty=empty),
        blank=(publish == "reviewed" or cell.state is None) and not cell.is_shown,
        waits=cell.state == "changed" or (cell.state == "proposed" and standing is None),
        in_newest=cell.in_newest,
        sentences_gone=cell.sentences_gone,
        is_accepted=cell.verdict == "accepted",
        then=cell.then,
    )


def _standing(cell: _Cell) -> Standing | None:
    """What the cell shows is decided, imported or undecided; None when it shows nothing. A list's "not reported" is a value, too."""
    if cell.verdict == "imported":
        return "imported"
    if cell.verdict in STANDING:
        return "decided"
    return "undecided" if cell.is_shown else None


def _text(cell: _Cell, origin: CellOrigin, shown: Shown, place: str, fields: Fields) -> str | None:
    """What the cell shows: its value, None for "not reported", "" where it says nothing."""
    if origin.standing is None or origin.unanswered:
        return ""
    if cell.lost_sha256 is None:
        return cell.value
    held = shown.get((place, cell.field))
    text = held.text if held else None
    return text if text and value_sha256(fields.named(cell.field).value_of(text)) == cell.lost_sha256 else _MISSING


class _Cited(NamedTuple):
    """A sentence of a cell: where it is seen, whether its words are not at hand, and its words where they are."""

    place: CitedPlace
    uncached: bool
    words: str


def _places(query: Query) -> dict[tuple[str, str], list[_Cited]]:
    """By source and field, its evidence."""
    found: dict[tuple[str, str], list[_Cited]] = {}
    for key, field, page, link, uncached, words in query(_PLACES):
        found.setdefault((key, field), []).append(_Cited(CitedPlace(page, link), uncached, words or ""))
    return found


_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def _ordered(cited: Sequence[_Cited], cell: _Cell, fields: Fields) -> Sequence[_Cited]:
    """The sentences of a number with those first that have its figures; of other values as they were given."""
    figures = set(_FIGURE.findall(cell.value or "")) if fields.named(cell.field).type == "number" else set[str]()
    return sorted(cited, key=lambda one: not figures <= set(_FIGURE.findall(one.words)))


def _links(cited: Sequence[_Cited], shown: Shown, cell: tuple[str, str]) -> tuple[EvidenceLink, ...]:
    links = cell_links(one.place for one in cited)
    uncached = any(one.uncached and one.place.page is None for one in cited)
    held = shown.get(cell) if uncached else None  # to look there reads every page that is shown
    return recalled_links(links, held.links) if held else links
