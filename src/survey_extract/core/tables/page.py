"""Words and ruling lines of a page go in, its tables come out: each row with its label, and each value under its header.

Where the lines of a table do not agree on its columns, where a row could be
read in two ways, or where a value has no header of its own, the row is counted
and not given: a wrong cell is worse than none. Where a table is:
``places``; its columns: ``columns``; its headers:
``headers``; its rows: ``rows``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, takewhile

from survey_extract.core.tables.captions import may_hold_table
from survey_extract.core.tables.columns import Cut, cuts_of, gaps_of, is_amount, is_glued, is_value, may_be_two
from survey_extract.core.tables.doubts import Draft, is_legible, text_of
from survey_extract.core.tables.headers import Extent, paths_of
from survey_extract.core.tables.places import Place, places_of
from survey_extract.core.tables.proofs import (
    Paths,
    has_column_within,
    is_crossed,
    is_figure_over_figures,
    is_prose,
    is_title,
    labels_tell_nothing,
    may_be_a_row,
    may_head,
    split_headers,
    torn_columns,
)
from survey_extract.core.tables.rows import BodyLine, drafts_of
from survey_extract.core.tables.table import Box, Row, Table, TableCell
from survey_extract.core.tables.words import Piece, Rule, joined, lines_of, phrases, with_scripts

_FRACTION = re.compile(r"\d[.,]\d")
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+$")
_QUANTITY = re.compile(r"^[+\-−–]?\d+(?:[.,]\d+)?\s?[a-z]{1,4}\b")
RECURRING = 4
"""One of so many cells of a column has a word of its header where that header is a cell."""
FEWEST = 2
"""Cells of a column, at least, that tell anything of its header."""

FULL = 0.9
"""Share of a table's width from which on a line goes from edge to edge."""
ASIDE = 1.3
"""How many times wider the space beside a table without a frame is than the widest between its columns, at least."""
TRUSTED = 0.4
"""Share of a table's rows that must be certain for any to be given."""


def tables_of(words: Sequence[Piece], rules: Iterable[Rule], page: int) -> list[Table]:
    """The tables of a page, from the top. Its words come by row from the top, each row from the left, all marks by themselves."""
    found: list[Table] = []
    for place in places_of(with_scripts(words), rules):
        rows, abstained = _read(place)
        if rows or abstained:
            found.append(Table(place.caption.label, place.caption.text, page, tuple(rows), abstained))
    return found


@dataclass(frozen=True, slots=True)
class _Panel:
    """A header with the body under it."""

    header: Sequence[Sequence[Piece]]
    body: list[BodyLine]
    title: str | None = None
    """What all its rows are of, in a table of several panels."""


def _read(place: Place) -> tuple[list[Row], int]:
    rows: list[Row] = []
    abstained = 0
    for panel in _panels(place):
        given, lost = _read_panel(place, panel)
        rows += given
        abstained += lost
    if not place.framed and len(rows) < 2:
        return [], 0
    return rows, abstained


# --- header and body ------------------------------------------------------------------------------


def _bands(place: Place) -> list[list[list[Piece]]]:
    """The lines of a block, parted by the rules that go from edge to edge."""
    full = [rule.height for rule in (*place.rules, *_of_pieces(place)) if _is_full(place, rule)]
    bands: dict[int, list[list[Piece]]] = {}
    for line in lines_of(place.words):
        bands.setdefault(sum(height > line[0].base for height in full), []).append(line)
    return [bands[number] for number in sorted(bands)]


def _is_full(place: Place, rule: Rule) -> bool:
    return rule.right - rule.left >= FULL * (place.right - place.left)


def _of_pieces(place: Place) -> Iterator[Rule]:
    """The rules from edge to edge of which each column has its own piece."""
    size = max((word.size for word in place.words), default=0.0)
    for _, level in groupby(place.rules, lambda rule: round(rule.height)):
        pieces = sorted(level)
        if len(pieces) > 1 and all(other.left - one.right < size for one, other in pairwise(pieces)):
            yield Rule(pieces[0].left, pieces[0].bottom, pieces[-1].right, pieces[0].top)


def _panels(place: Place) -> list[_Panel]:
    bands = _bands(place)
    if not bands:
        return []
    title = None
    if _is_title(place, bands) or _is_first_title(bands):
        title, bands = joined(bands[0][0]).text, bands[1:]
    heads = [0, *(n for n in range(1, len(bands)) if _is_header(bands, n))]
    panels: list[_Panel] = []
    titles = {start: text for start in heads[1:] if (text := _title_over(bands, heads, start))}
    titles.update({0: title} if titles and title else {})
    for start, end in zip(heads, [*heads[1:], len(bands)], strict=True):
        if end == start + 1 and end < len(bands):
            continue  # a header of two bands: the next begins with both
        first = start
        while first and first - 1 in heads:
            first -= 1
        above = [line for band in bands[first:start] for line in band]
        header, rest = _parted(bands[start], len(bands[start:end]) > 1)
        body = [BodyLine(line, start) for line in rest]
        body += [BodyLine(line, n) for n in range(start + 1, end - (end in titles)) for line in bands[n]]
        further = _further_headers(body)
        headers = [*above, *header, *(line.words for line in body[:further])]
        panels.append(_Panel(headers, body[further:], titles.get(first)))
    return panels


def _is_first_title(bands: Sequence[Sequence[Sequence[Piece]]]) -> bool:
    """Whether the first band is words alone above headers that stand below other such words once more."""
    texts = [[joined(line).text for line in band] for band in bands]
    alone = [len(band) == 1 and len(phrases(band[0], 0.5)) == 1 for band in bands]
    return (
        len(bands) > 3
        and alone[0]
        and not alone[1]
        and any(is_alone and band == texts[1] for is_alone, band in zip(alone[2:], texts[3:], strict=False))
    )


def _title_over(bands: Sequence[Sequence[Sequence[Piece]]], heads: Sequence[int], start: int) -> str | None:
    """The words that stand alone in a band above the headers of a further panel: they head it, and not what is above them."""
    if start - 1 in heads or len(bands[start - 1]) > 1:
        return None
    parts = phrases(bands[start - 1][0], 0.5)
    return parts[0].text if len(parts) == 1 and not is_value(parts[0].text) else None


def _is_title(place: Place, bands: Sequence[Sequence[Sequence[Piece]]]) -> bool:
    """Whether the first band is no more than words in the middle of the whole table, with the headers below it."""
    if len(bands) < 3 or len(bands[0]) > 1 or len(bands[1]) > 1 or len(phrases(bands[0][0], 0.5)) > 1:
        return False
    title, header = joined(bands[0][0]), phrases(bands[1][0], 0.5)
    is_centred = abs(title.middle - (place.left + place.right) / 2) < title.size
    return is_centred and len(header) > 1 and not any(is_value(part.text) for part in header)


def _is_header(bands: Sequence[Sequence[Sequence[Piece]]], number: int) -> bool:
    """Whether a band below the first is a header: words over several columns, and values in the bands around it."""
    band = bands[number]
    single = sum(len(other) == 1 for other in bands[1:])
    if number + 1 == len(bands) or any(map(_holds_values, band)) or (single > 3 and 2 * single > len(bands)):
        return False  # where lines part all rows, a header among them is told from a row of words by nothing
    if number == 1 and min(line[0].left for line in band) < min(line[0].left for line in bands[0]) + band[0][0].size:
        return False  # a header of two bands has one label
    texts = [part.text for line in band for part in phrases(line, 0.5)]
    wide = max(len(phrases(line, 0.5)) for line in band)
    figures = any(is_value(text) or _FRACTION.search(text) for text in texts)
    return wide > 2 and not figures and any(_holds_values(line) for line in bands[number + 1])


def _further_headers(body: Sequence[BodyLine]) -> int:
    """How many lines of a body are headers still: several words over its values, none over its labels."""
    lines = [phrases(line.words, 0.5) for line in body]
    left = min((parts[0].left for parts in lines), default=0.0)
    labels = max((parts[0].right for parts in lines if parts[0].left < left + parts[0].size), default=left)
    for number, parts in enumerate(lines):
        if len(parts) < 3 or parts[0].left < labels or any(is_value(part.text) for part in parts):
            return number
    return 0


def _parted(band: list[list[Piece]], more: bool) -> tuple[list[list[Piece]], list[list[Piece]]]:
    """The header lines of the first band, and the rows that may follow in it."""
    values = [number for number, line in enumerate(band) if _holds_values(line)]
    if more and (not values or len(band) - values[0] == 1 or len(band) == 1 or _has_last_label(band)):
        return band, []
    if not values or values[0] == 0:
        return [], band
    first = values[0]
    if sum(_is_like_a_row(line, band) for line in band[:first]) > 1:
        return [], band  # a row of words may be a header, or not
    while first > 1 and _is_heading(band[first - 1], band):
        first -= 1
    return band[:first], band[first:]


def _has_last_label(band: Sequence[Sequence[Piece]]) -> bool:
    """Whether the last line alone of a band begins where labels do, so that what is above it are headers, figures or not."""
    left = band[-1][0].left + band[-1][0].size
    return all(line[0].left > left for line in band[:-1])


def _is_like_a_row(line: Sequence[Piece], band: Sequence[Sequence[Piece]]) -> bool:
    left = min(other[0].left for other in band)
    return len(phrases(line, 0.5)) > 1 and line[0].left < left + line[0].size


def _is_heading(line: Sequence[Piece], band: Sequence[Sequence[Piece]]) -> bool:
    """Whether a line above values is the heading of rows and no header: it begins where labels do, and stands alone."""
    left = min(other[0].left for other in band)
    return len(phrases(line, 0.5)) == 1 and line[0].left < left + line[0].size


def _holds_values(line: Sequence[Piece]) -> bool:
    """Whether at least half of a line's cells, but for the first, are values, and one a number."""
    texts = [part.text for part in phrases(line, 0.5)][1:]
    return any(map(is_amount, texts)) and 2 * sum(map(is_value, texts)) >= len(texts)


# --- rows -----------------------------------------------------------------------------------------


def _read_panel(place: Place, panel: _Panel) -> tuple[list[Row], int]:
    rows, lost = _read_halves(place, panel)
    if panel.title is None:
        return rows, lost
    own = [replace(row, group=panel.title) for row in rows if row.group is None]
    return own, lost + len(rows) - len(own)


def _read_halves(place: Place, panel: _Panel) -> tuple[list[Row], int]:
    fold = _fold(panel)
    if fold is None:
        return _read_columns(place, panel)
    left, right = (_read_columns(place, half) for half in _halves(panel, fold))
    return [*left[0], *right[0]], left[1] + right[1]


def _fold(panel: _Panel) -> float | None:
    """Where a long table is folded: its headers are repeated there, side by side."""
    if len(panel.header) != 1:
        return None
    parts = phrases(panel.header[0], 0.5)
    texts, count = ["".join(part.text.split()) for part in parts], len(parts) // 2
    if count < 2 or texts[:count] != texts[count:] or len(set(texts)) < count:
        return None
    lines = [panel.header[0], *(line.words for line in panel.body)]
    if parts[0].left > min((line[0].right for line in lines[1:]), default=parts[0].left):
        return None  # the labels have no header: two groups of columns with the same headers
    gaps = [gap for gap in gaps_of(lines) if parts[count - 1].right <= gap.right and gap.left <= parts[count].left]
    return gaps[0].middle if len(gaps) == 1 else None  # what is between two gaps may be of either half


def _halves(panel: _Panel, fold: float) -> Iterator[_Panel]:
    """The two halves of a folded table."""
    for is_left in (True, False):
        header = [[word for word in line if (word.middle < fold) == is_left] for line in panel.header]
        body = [BodyLine([w for w in line.words if (w.middle < fold) == is_left], line.band) for line in panel.body]
        yield _Panel(header, [line for line in body if line.words])


def _read_columns(place: Place, panel: _Panel) -> tuple[list[Row], int]:
    rich = [line.words for line in panel.body if len(phrases(line.words, 0.5)) > 1]
    cuts = cuts_of(rich, [rule.left for rule in place.uprights], panel.header)
    if not cuts or _may_go_on_beside(place, cuts) or _has_labels_beside(panel.body, rich):
        return [], len(rich)
    body = [line.cut(cuts) for line in panel.body]
    drafts, lost = drafts_of(body, cuts)
    columns = _extents(body, cuts)
    first = max(line.base for line in panel.body)
    partial = [rule for rule in place.rules if rule.height > first and not _is_full(place, rule)]
    paths, heads = paths_of(panel.header, columns, partial, place.uprights)
    if _is_headed_by_rows(drafts, paths) or _is_misread(place, panel, rich, cuts):
        return [], len(drafts) + lost
    drafts = list(_under(drafts, paths))
    if _cannot_be(place, panel, drafts, paths):
        return [], len(drafts) + lost
    glued = _glued(drafts, len(paths))
    paths = [None if n in glued else path for n, path in enumerate(_proven(panel, cuts, paths))]
    for draft in drafts:
        draft.certain = (
            draft.certain
            and not is_crossed(draft, place.rules, place.uprights)
            and place.beyond.isdisjoint(_bases(draft))
        )
    sparse = _sparse(drafts, paths)
    given = [_row(draft, paths, heads) for draft in drafts if _is_certain(draft, paths, sparse)]
    if paths[0] and any(paths[0][-1] in (text_of(cell) for cell in draft.cells) for draft in drafts):
        return [], len(drafts) + lost  # a header among the rows: two tables in one
    if len(given) < TRUSTED * (len(drafts) + lost):
        return [], len(drafts) + lost
    return given, len(drafts) + lost - len(given)


def _is_headed_by_rows(drafts: Sequence[Draft], paths: Paths) -> bool:
    """Whether what was taken for headers is a row like those below."""
    is_row = any(map(_is_row_of_values, paths, _columns_of(drafts, len(paths))))
    return is_row or any(_repeats_under_another_label(draft, paths) for draft in drafts)


def _is_misread(place: Place, panel: _Panel, rich: Sequence[Sequence[Piece]], cuts: Sequence[Cut]) -> bool:
    """Whether a table goes on above its frame, has running text for headers, or a column within its labels."""
    text_above = is_prose(panel.header, cuts[0].middle)
    labels = _columns_of_words(rich, cuts)[0]
    return place.is_open or text_above or has_column_within(rich, cuts[0].middle) or may_be_two(labels)


def _cannot_be(place: Place, panel: _Panel, drafts: Sequence[Draft], paths: Paths) -> bool:
    """Whether a table lacks what every right one has."""
    untold = may_be_a_row(panel.header, drafts, paths, place.rules) or (not any(paths) and may_head(drafts))
    introduced = not any(paths[1:]) and (paths[0] or ("",))[-1].endswith(":")
    titled = introduced or is_title(panel.header, place.left, place.right)
    return untold or titled or labels_tell_nothing(drafts) or is_figure_over_figures(drafts, paths)


def _columns_of_words(lines: Sequence[Sequence[Piece]], cuts: Sequence[Cut]) -> list[list[list[Piece]]]:
    """Of each column the lines of words."""
    found: list[list[list[Piece]]] = [[] for _ in range(len(cuts) + 1)]
    edges = [cut.middle for cut in cuts]
    for line in lines:
        for number, words in groupby(line, lambda word: bisect_left(edges, word.middle)):
            found[number].append(list(words))
    return found


def _proven(panel: _Panel, cuts: Sequence[Cut], paths: Paths) -> Paths:
    """The headers without those of columns that are parts of others, or may be several."""
    torn = torn_columns(paths)
    known = [
        None if number in torn or not all(map(is_legible, path or ())) else path for number, path in enumerate(paths)
    ]
    rich = [line.words for line in panel.body if len(phrases(line.words, 0.5)) > 1]
    for number, lines in enumerate(_columns_of_words(rich, cuts)):
        if number and may_be_two(lines):
            known[number] = None
    for one, other in split_headers(panel.header, [cut.middle for cut in cuts]):
        if known[one] is None or known[other] is None:
            known[one] = known[other] = None
    return known


def _glued(drafts: Sequence[Draft], count: int) -> frozenset[int]:
    """The columns in which several cells hold two numbers: all of their cells may be two."""
    columns = enumerate(_columns_of(drafts, count))
    return frozenset(number for number, texts in columns if sum(map(is_glued, texts)) >= FEWEST)


def _has_labels_beside(body: Sequence[BodyLine], rich: Sequence[Sequence[Piece]]) -> bool:
    """Whether words stand alone in their lines, left of all others: they label several rows, and nothing tells which."""
    left = min((words[0].left for words in rich), default=-math.inf)
    return any(line.words[-1].right < left for line in body)


def _bases(draft: Draft) -> Iterator[float]:
    return (piece.base for pieces in draft.cells for piece in pieces)


def _may_go_on_beside(place: Place, cuts: Sequence[Cut]) -> bool:
    """Whether what stands beside a block without a frame is no farther than its columns are from each other."""
    return not place.framed and place.margin < ASIDE * max(cut.right - cut.left for cut in cuts)


def _extents(lines: Sequence[BodyLine], cuts: Sequence[Cut]) -> list[Extent]:
    """From where to where each column has ink, in the lines that can be cut."""
    cut = [line.cells for line in lines if line.cells is not None and any(line.cells[1:])]
    found: list[Extent] = []
    for number in range(len(cuts) + 1):
        own = [cell for cells in cut if (cell := cells[number]) is not None]
        at = cuts[min(number, len(cuts) - 1)].middle
        found.append(Extent(min((c.left for c in own), default=at), max((c.right for c in own), default=at)))
    return found


Heads = tuple[Box, ...]
"""The boxes of a column's headers, from the top."""


def _columns_of(drafts: Sequence[Draft], count: int) -> list[list[str]]:
    """The texts of each column; none of the labels'."""
    return [[text_of(draft.cells[n]) for draft in drafts if n and draft.cells[n]] for n in range(count)]


def _is_row_of_values(path: tuple[str, ...] | None, texts: Sequence[str]) -> bool:
    """Whether a column's header is its first cell, of a table that has no headers: most of its words are those of the cells."""
    if not path or len(texts) < FEWEST:
        return False
    if any(kind.match(path[-1]) and any(map(kind.match, texts)) for kind in (_GROUPED, _QUANTITY)):
        return True
    wanted = {word for word in _words(path[-1]) if any(map(str.isalpha, word))}
    own = [_words(text) for text in texts]
    recurring = sum(RECURRING * sum(word in words for words in own) >= len(own) for word in wanted)
    return len(wanted) > 1 and 2 * recurring >= len(wanted) and any(map(str.isdigit, path[-1]))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def _under(drafts: Sequence[Draft], paths: Paths) -> Iterator[Draft]:
    """The rows without those that only repeat headers; below one that repeats some and changes others, none is certain."""
    changed = False
    for draft in drafts:
        cells = [(text_of(draft.cells[n]), paths[n] or ("",)) for n in draft.columns()]
        repeated = [text == path[-1] and not is_value(text) for text, path in cells]
        changed = changed or (any(repeated) and not all(repeated))
        draft.certain = draft.certain and not changed
        if not repeated or not all(repeated):
            yield draft


def _repeats_under_another_label(draft: Draft, paths: Paths) -> bool:
    """Whether a row has the headers for cells and a label of its own: the headers are a row like it."""
    columns = draft.columns()
    same = all((paths[n] or ("",))[-1] == text_of(draft.cells[n]) for n in columns)
    label = text_of(draft.label)
    is_other = bool(label and paths[0]) and label != (paths[0] or ("",))[-1]
    return bool(columns) and same and is_other and not draft.heir


def _sparse(drafts: Sequence[Draft], paths: Paths) -> frozenset[int]:
    """Columns before the first header that most rows leave blank: they are made by spaces within labels."""
    first = next((n for n, path in enumerate(paths) if path and n), 0)
    return frozenset(n for n in range(1, first) if 2 * sum(bool(d.cells[n]) for d in drafts) < len(drafts))


def _is_certain(draft: Draft, paths: Paths, sparse: frozenset[int] = frozenset()) -> bool:
    """Whether a row is: each column has a header, but for those before the first that has one, and the second of two."""
    first = next((n for n, path in enumerate(paths) if path and n), 2 if len(paths) == 2 else 0)
    named = all(paths[n] or (n < first and paths[n] is not None) for n in draft.columns())
    spans = all(_shared(paths[n : m + 1]) or not is_value(piece.text) for n, m, piece in draft.spans)
    torn = not sparse.isdisjoint(draft.columns())
    return draft.certain and not torn and bool(draft.label) and bool(draft.columns()) and named and spans


def _shared(paths: Paths) -> tuple[str, ...]:
    """The headers that several columns have in common."""
    known = [path or () for path in paths]
    same = takewhile(lambda level: len(set(level)) == 1, zip(*known, strict=False))
    return tuple(level[0] for level in same)


def _row(draft: Draft, paths: Paths, heads: Sequence[Heads]) -> Row:
    cells = [
        (n, TableCell(paths[n] or (), text_of(draft.cells[n]), joined(draft.cells[n]).box, heads[n]))
        for n in draft.columns()
    ]
    for n, m, piece in draft.spans:
        header = _shared(paths[n : m + 1])
        cells.append((n, TableCell(header, piece.text, piece.box, _common(heads[n : m + 1]) if header else ())))
    ordered = tuple(cell for _, cell in sorted(cells, key=lambda item: item[0]))
    pieces = [piece for own in draft.cells for piece in own]
    return Row(text_of(draft.label), draft.group, ordered, joined(pieces).box, joined(draft.label).box)


def _common(heads: Sequence[Heads]) -> Heads:
    """The boxes that several columns have in common."""
    return tuple(box for box in heads[0] if all(box in other for other in heads))


__all__ = ["Rule", "Table", "may_hold_table", "tables_of"]
