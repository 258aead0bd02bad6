"""The DuckDB file and the files as they are go in, the regenerated README and its pages come out; hand edits are never lost.

GitHub does not show a README of more than 500,000 bytes in full. Near that limit the
table is split into pages, one a source, and the README keeps their index; an
index that is too long itself is split into pages of lines.
What a person wrote outside the markers stays, in a page as in the README.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.core.fields import Fields
from survey_extract.core.lists.rendered import Record, RenderedRow, Rendering, form_of, left, rendering
from survey_extract.core.readme.table import (
    BEGIN,
    END,
    README,
    UP,
    Below,
    PublishedRow,
    RejudgedLines,
    ShownCell,
    TableForm,
    TrackLines,
    block_of,
    page_name,
    render,
    render_index,
    render_index_of_pages,
    render_page,
    split,
)
from survey_extract.errors import HandEdits

if TYPE_CHECKING:
    from survey_extract.core.evaluation.judging import Measure
    from survey_extract.core.ports import Warehouse

NEAR = 0.95
"""Share of the limit from which on the table is split, so that the author's own text may grow."""


@dataclass(frozen=True, slots=True)
class Made:
    """The files as they should stand, by name, and what is new on record when they are written (None: nothing)."""

    files: Mapping[str, str]
    rendering: Rendering | None


def rendered(
    files: Mapping[str, str],
    warehouse: Warehouse,
    publish: str,
    *,
    limit: int,
    form: TableForm = "list",
    force: bool = False,
    record: Record | None = None,
    at: str = "",
    track: bool = False,
    rejudged: bool = False,
    waiting: bool = False,
) -> Made:
    """The README, and the pages if it is split. ``files`` are those that stand now; one that is not made is to go.

    ``track`` says under the table how often each field was right, ``rejudged`` how often it came out the same when judged
    once more, ``waiting`` which sources have no row, and why.

    Raises:
        HandEdits: a file holds edits that would be lost; ``force`` loses them.
        MissingQuotes: words of a published cell are neither in the cache nor in the files.
    """
    rows, record = warehouse.published(shown_in(files, warehouse.fields)), record or Record()
    below = Below(
        track_lines(warehouse) if track else None,
        rejudged_lines(warehouse) if rejudged else None,
        waiting_lines(warehouse) if waiting else (),
    )
    made = _made(files, rows, publish, limit, warehouse.fields, form, below)
    if not force and not _stand(files, made):
        _refuse_hand_edits(files, made, rows, warehouse, record, form)
    return Made(made, _rendering(made, rows, warehouse, record, at))


_COUNTS = """
SELECT field, hits::INTEGER, n::INTEGER, strftime(evaluated_at, '%Y-%m-%d') FROM evaluations
WHERE measure = ? AND against = 'decided' AND n > 0 AND evaluation = (
  SELECT arg_max(evaluation, (evaluated_at, evaluation)) FROM evaluations WHERE NOT trial AND NOT limited AND gold IS NULL)"""
_Counts = Mapping[str, tuple[int, int]]
"""By field: so many of so many."""


def _counts(warehouse: Warehouse, measure: Measure) -> tuple[_Counts, str]:
    """What the last stored results of the whole survey say of a measure, and their day; None while none are stored."""
    found = list(warehouse.rows(_COUNTS, [measure]))
    return {field: (hits, of) for field, hits, of, _ in found}, found[0][3] if found else ""


def track_lines(warehouse: Warehouse) -> TrackLines | None:
    """How often each field was right, by the last results of the whole survey; None while none are stored."""
    found, on = _counts(warehouse, "upheld")
    counts = tuple((spec.heading, *found[spec.name]) for spec in warehouse.fields if spec.name in found)
    return TrackLines(on, counts) if counts else None


def rejudged_lines(warehouse: Warehouse) -> RejudgedLines | None:
    """How often a second judgement came to the same, by the same results; None where no cell has one."""
    (blind, on), (read, read_on) = _counts(warehouse, "agreed blind"), _counts(warehouse, "found carried")
    specs = [spec for spec in warehouse.fields if spec.name in blind or spec.name in read]
    counts = tuple((spec.heading, blind.get(spec.name), read.get(spec.name)) for spec in specs)
    return RejudgedLines(on or read_on, counts) if counts else None


def waiting_lines(warehouse: Warehouse) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The sources without a row, in the order of sources.csv, by what they wait for."""
    by_reason: dict[str, list[str]] = {}
    for name, why in warehouse.rows("SELECT name, unpublished FROM sources WHERE NOT published ORDER BY position"):
        by_reason.setdefault(why, []).append(name)
    return tuple((why, tuple(names)) for why, names in by_reason.items())


def _stand(files: Mapping[str, str], made: Mapping[str, str]) -> bool:
    """Whether the files are as they would be made now: then nobody edited them, and no table in them need be read."""
    return all(name in made and block_of(text) == block_of(made[name]) for name, text in files.items())


def _refuse_hand_edits(
    files: Mapping[str, str],
    made: Mapping[str, str],
    rows: Sequence[PublishedRow],
    warehouse: Warehouse,
    record: Record,
    form: TableForm,
) -> None:
    from survey_extract.pipeline.edits import all_edits, refusal, table_of

    if edits := list(all_edits(files, made, table_of(rows, warehouse, record, form))):
        raise HandEdits(refusal(edits, warehouse.fields))


def _made(
    files: Mapping[str, str],
    rows: Sequence[PublishedRow],
    publish: str,
    limit: int,
    fields: Fields,
    form: TableForm,
    below: Below,
) -> dict[str, str]:
    rule = "every cell of a source is decided" if publish == "reviewed" else "a source is read"
    whole = render(files[README], rows, f"No row is published yet: a row appears when {rule}.", fields, form, below)
    if len(whole.encode()) <= NEAR * limit:
        return {README: _in_style(whole, files[README])}
    pages = {page_name(row.key): render_page(row, fields, form) for row in rows}
    index = {README: render_index(files[README], rows, below)}
    if len(index[README].encode()) > NEAR * limit:
        index = render_index_of_pages(files[README], rows, below)
    pages |= {name: text for name, text in index.items() if name != README}
    made = {README: index[README]}
    made |= {name: _around(files[name], page) if name in files else page for name, page in pages.items()}
    return {name: _in_style(text, files.get(name, "")) for name, text in made.items()}


def _around(file: str, page: str) -> str:
    """A page with its new block, and what a person wrote around it."""
    before, after = split(file)
    return f"{before}{BEGIN}{block_of(page)}{END}{after}"


def _in_style(text: str, file: str) -> str:
    """The block with the line endings of the file that it goes into."""
    if file.count("\r\n") * 2 <= file.count("\n"):
        return text
    before, after = split(text)
    return f"{before}{BEGIN}{block_of(text).replace(chr(10), chr(13) + chr(10))}{END}{after}"


class _Shown(Mapping[tuple[str, str], ShownCell]):
    """What the tables of some files show, by link and field; read when first wanted."""

    def __init__(self, files: Mapping[str, str], fields: Fields) -> None:
        self._files, self._fields = files, fields
        self._read: dict[tuple[str, str], ShownCell] | None = None

    def _cells(self) -> dict[tuple[str, str], ShownCell]:
        if self._read is None:
            from survey_extract.core.lists.read import parse_list

            self._read = {}
            for text in self._files.values():
                for row in parse_list(text, self._fields)[0]:
                    link, leaves = row.link.removeprefix(UP), dict(row.leaves)
                    self._read[link, "title"] = ShownCell(row.title)
                    for field, words in row.cells:
                        self._read[link, field] = ShownCell(words, leaves[field].evidence)
        return self._read

    def __getitem__(self, cell: tuple[str, str]) -> ShownCell:
        return self._cells()[cell]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._cells())

    def __len__(self) -> int:
        return len(self._cells())


def shown_in(files: Mapping[str, str], fields: Fields) -> Mapping[tuple[str, str], ShownCell]:
    """By link and field, what the tables of these files show: words and links that the cache has lost stand there still."""
    return _Shown(files, fields)


def _rendering(
    made: Mapping[str, str], rows: Sequence[PublishedRow], warehouse: Warehouse, record: Record, at: str
) -> Rendering | None:
    keys, decided = [row.key for row in rows], {row.key: row.decided for row in rows}
    blocks = {name: block_of(text) for name, text in made.items()}
    forms: list[RenderedRow] = []
    pages = {page_name(key): [key] for key in keys}
    for name, block in blocks.items():
        own = keys if name == README else pages.get(name, [])
        if not record.is_last(name, block) or not record.imported.isdisjoint(own):
            forms += _forms_of(own, block, warehouse.fields, decided)
    return rendering(record, blocks, forms, keys, why_left(warehouse, left(record, keys)), at)


def _forms_of(keys: Sequence[str], block: str, fields: Fields, decided: Mapping[str, bool]) -> Iterator[RenderedRow]:
    """The rows of a block, as they are remembered."""
    from survey_extract.core.lists.read import parse_list

    return (
        form_of(key, row, decided=decided[key]) for key, row in zip(keys, parse_list(block, fields)[0], strict=False)
    )


def why_left(warehouse: Warehouse, names: Mapping[str, str]) -> dict[str, str]:
    """Of rows that are not in the table any more, by key and name: what took each out. A file that was renamed has a line still."""
    found = list(warehouse.rows("SELECT key, unpublished, name, source FROM sources"))
    why, lines = {key: said for key, said, *_ in found}, {name: source for _, _, name, source in found}
    moved = moved_to(warehouse, names)
    return {
        key: (why[key] or "it is shown again")
        if key in why
        else f"its line in sources.csv names {lines[name]} now{f', and its row stands there as {moved[key]}' if key in moved else ''}"
        if name in lines
        else "it is no longer in sources.csv"
        for key, name in names.items()
    }


def moved_to(warehouse: Warehouse, names: Mapping[str, str]) -> dict[str, str]:
    """Of rows that stood under a key that sources.csv no longer has, the key under which their row is in the table now."""
    if not names:
        return {}
    found = list(warehouse.rows("SELECT key, name, published FROM sources"))
    listed, shown = {key for key, *_ in found}, {name: key for key, name, published in found if published}
    return {key: shown[name] for key, name in names.items() if key not in listed and name in shown}
