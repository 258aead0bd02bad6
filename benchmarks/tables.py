"""Papers and their tables as typed go in; rows read right, values bound right, and milliseconds a page come out.

    python benchmarks/tables.py ../shared [--held-out]

A gold row is *in print* when some page's text, as pdfium gives it, has all its
numbers in order and close together. It is *right* when one row given on such a
page has all its numbers and no others, in order, each under its own leaf
header, and its label. *Bound* is the share of the values given, in rows whose
label a gold table has, that stand in that row of it under that header. The
fold compares letters and digits alone, since gold is typed and print is set;
a header typed empty, as macros leave it, is under every header. Held out are
the papers on which the reader was not tuned; they are read with ``--held-out``.
pdfplumber, when it is installed, reads the same pages in the same run.
"""

from __future__ import annotations

import json
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.tables import page_tables
from survey_extract.core.tables.table import Row, Table, TableCell

HELD_OUT = ("2303.15389v1",)
ROUNDS = 3

_CITED = re.compile(r"\[[\d, ]{1,20}\]|\([^()]{0,60}(?:19|20)\d\d[a-z]?\)")


def fold(text: str) -> str:
    """Letters and digits alone."""
    plain = unicodedata.normalize("NFKC", _CITED.sub("", text).strip() or text).lower()
    return "".join(char for char in plain if char.isalnum())


def figures(text: str) -> str:
    """The digits and points of a text."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isdecimal() or char == ".").strip(".")


# --- gold -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Typed:
    """A row as its authors typed it: its label, its numbers with their leaf headers, and the headers of its empty cells."""

    label: str
    numbers: tuple[tuple[str, str], ...]
    blank: frozenset[str]

    def is_macro(self, header: Sequence[str]) -> bool:
        """Whether nothing is typed under a header, as where a macro stood: print may have a value there."""
        return any(leaf and same_header(header, leaf) for leaf in self.blank)


@dataclass(frozen=True, slots=True)
class Gold:
    paper: str
    number: int
    rows: tuple[Typed, ...]


def gold_tables(folder: Path) -> list[Gold]:
    found: list[Gold] = []
    for table in json.loads((folder / "tables" / "gold.json").read_text()):
        columns = _columns(table["header"], max(map(len, table["rows"])))
        rows = tuple(_typed(row, columns) for row in table["rows"])
        found.append(Gold(table["paper"], table["table"], tuple(row for row in rows if row.numbers)))
    return found


def _typed(row: Sequence[str], columns: Sequence[Sequence[str]]) -> Typed:
    cells = list(zip(columns[1:], row[1:], strict=False))
    numbers = tuple((fold(path[-1]), figures(cell)) for path, cell in cells if figures(cell))
    blank = frozenset(fold(header) for path, cell in cells if not cell.strip() for header in path)
    return Typed(fold(row[0]), numbers, blank)


def _columns(header: Sequence[Sequence[str]], count: int) -> list[list[str]]:
    """The headers over each column, its own last, spanning ones inherited. A row of figures is no header."""
    paths: list[list[str]] = [[""] for _ in range(count)]
    for row in header:
        last = ""
        if not any(char.isalpha() for cell in row[1:] for char in cell):
            continue
        for number, cell in enumerate(row[:count]):
            last = cell or last
            if cell or (number and last and paths[number] == [""]):
                paths[number].append(last)
    return paths


# --- what is right --------------------------------------------------------------------------------


def same_label(given: str, typed: str) -> bool:
    found = fold(given)
    return not typed or found == typed or (min(len(found), len(typed)) > 2 and (typed in found or found in typed))


def same_header(given: Sequence[str], typed: str) -> bool:
    path = fold("".join(given))
    return not typed or typed in path or (len(fold("".join(given[-1:]))) > 2 and fold(given[-1]) in typed)


def is_right(row: Row, typed: Typed) -> bool:
    cells = [
        (cell.header, figures(cell.value))
        for cell in row.cells
        if figures(cell.value) and not (typed.is_macro(cell.header) and not _is_typed(cell, typed))
    ]
    if len(cells) != len(typed.numbers) or not same_label(row.label, typed.label):
        return False
    pairs = zip(cells, typed.numbers, strict=True)
    return all(value == number and same_header(path, leaf) for (path, value), (leaf, number) in pairs)


def _is_typed(cell: TableCell, typed: Typed) -> bool:
    return any(number == figures(cell.value) and same_header(cell.header, leaf) for leaf, number in typed.numbers)


def bound(row: Row, typed: Typed) -> int:
    """How many of a row's values the typed row has under the same header."""
    left = list(typed.numbers)
    right = 0
    for cell in row.cells:
        hit = next((one for one in left if one[1] == figures(cell.value) and same_header(cell.header, one[0])), None)
        if hit:
            left.remove(hit)
            right += 1
    return right


@dataclass(slots=True)
class Count:
    tables: int = 0
    rows: int = 0
    abstained: int = 0
    typed: int = 0
    printed: int = 0
    right: int = 0
    values: int = 0
    bound: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        for name in ("tables", "rows", "abstained", "typed", "printed", "right", "values", "bound"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


def count(gold: Sequence[Gold], tables: Sequence[Table], texts: Sequence[str]) -> Count:
    found = Count(len(tables), sum(len(table.rows) for table in tables), sum(table.abstained for table in tables))
    for one in gold:
        for typed in one.rows:
            pages = printed_on(typed, texts)
            rows = [row for table in tables if table.page in pages for row in table.rows]
            right = any(is_right(row, typed) for row in rows)
            found.typed += 1
            found.printed += bool(pages)
            found.right += right and bool(pages)
            if pages and not right:
                found.misses.append(f"{one.paper} {one.number} page {sorted(pages)}: {typed}")
        _bind(found, one, tables)
    return found


def _bind(found: Count, one: Gold, tables: Sequence[Table]) -> None:
    """Count the values of the given table that is most like a gold one."""
    best = max(tables, key=lambda table: _likeness(table, one), default=None)
    if best is None or _likeness(best, one) == 0:
        return
    for row in best.rows:
        same = [typed for typed in one.rows if same_label(row.label, typed.label)]
        if same:
            right, typed = max(((bound(row, typed), typed) for typed in same), key=lambda pair: pair[0])
            values = sum(
                bool(figures(cell.value)) and (_is_typed(cell, typed) or not typed.is_macro(cell.header))
                for cell in row.cells
            )
            found.values += values
            found.bound += right
            if right < values:
                found.misses.append(f"{one.paper} {one.number} BOUND WRONG {row} {same}")


def _likeness(table: Table, one: Gold) -> int:
    """How many of a table's numbers the other has; 0 when it is less than half of them."""
    numbers = {number for typed in one.rows for _, number in typed.numbers}
    given = [figures(cell.value) for row in table.rows for cell in row.cells if figures(cell.value)]
    shared = sum(value in numbers for value in given)
    return shared if 2 * shared >= len(given) else 0


def printed_on(typed: Typed, texts: Sequence[str]) -> set[int]:
    """The pages, from 1, whose text has all the numbers in order and close together."""
    wanted = [number for _, number in typed.numbers]
    return {page for page, text in enumerate(texts, start=1) if _stands_in(wanted, text)}


def _stands_in(wanted: Sequence[str], text: str) -> bool:
    tokens = [figures(token) for token in text.split()]
    window = 2 * len(wanted) + 16
    return any(_in_order(wanted, tokens[at : at + window]) for at, token in enumerate(tokens) if token == wanted[0])


def _in_order(wanted: Sequence[str], tokens: Sequence[str]) -> bool:
    rest = iter(tokens)
    return all(any(token == number for token in rest) for number in wanted)


# --- readers --------------------------------------------------------------------------------------


def pages_of(path: Path) -> Iterator[tuple[int, Any, Any]]:
    document = pdfium.PdfDocument(path)
    for number, page in enumerate(document, start=1):
        text_page = page.get_textpage()
        yield number, page, text_page
        text_page.close()
        page.close()
    document.close()


def bare_pdfium(path: Path) -> list[str]:
    return [text_page.get_text_range() for _, _, text_page in pages_of(path)]


def ours(path: Path) -> list[Table]:
    return [
        table
        for number, page, text_page in pages_of(path)
        for table in page_tables(page, Characters(text_page), number)
    ]


def by_pdfplumber(path: Path) -> list[Table]:
    """The same with pdfplumber's tables, whose header is what stands above their first row with a number."""
    import pdfplumber  # type: ignore[import-not-found]  # optional

    found: list[Table] = []
    with pdfplumber.open(path) as document:
        for number, page in enumerate(document.pages, start=1):
            grids = page.extract_tables()
            found += [_as_table([[cell or "" for cell in row] for row in grid], number) for grid in grids]
            page.close()
    return found


def _as_table(grid: Sequence[Sequence[str]], page: int) -> Table:
    first = next((n for n, row in enumerate(grid) if any(figures(cell) for cell in row[1:])), len(grid))
    heads = grid[:first]
    box = (0.0, 0.0, 0.0, 0.0)
    rows = [
        Row(
            row[0],
            None,
            tuple(TableCell(tuple(h[n] for h in heads) or ("",), c, box) for n, c in enumerate(row) if n and c),
            box,
        )
        for row in grid[first:]
    ]
    return Table("", "", page, tuple(rows), 0)


def seconds(read: Callable[[Path], object], paths: Sequence[Path]) -> float:
    """CPU seconds for all files, once."""
    start = time.process_time()
    for path in paths:
        read(path)
    return time.process_time() - start


# --- the report -----------------------------------------------------------------------------------

_HEAD = f"{'':22}{'tables':>7}{'rows':>6}{'abst.':>7}{'gold':>6}{'print':>6}{'right':>6}{'share':>8}{'values':>8}{'bound':>7}"


def _line(name: str, found: Count) -> str:
    share = f"{found.right / found.printed:.1%}" if found.printed else ""
    share_bound = f"{found.bound / found.values:.1%}" if found.values else ""
    return (
        f"{name:22}{found.tables:7}{found.rows:6}{found.abstained:7}{found.typed or '':>6}{found.printed or '':>6}"
        f"{found.right if found.typed else '':>6}{share:>8}{found.values or '':>8}{share_bound:>7}"
    )


def report(name: str, read: Callable[[Path], list[Table]], folder: Path, papers: Sequence[Path], verbose: bool) -> None:
    gold = gold_tables(folder)
    print(f"\n{name}\n{_HEAD}")
    total = Count()
    for path in papers:
        mine = [one for one in gold if one.paper == path.stem]
        found = count(mine, read(path), bare_pdfium(path) if mine else [])
        print(_line(path.stem, found))
        total.add(found)
        for miss in found.misses if verbose else ():
            print("   ", miss)
    print(_line("all", total))


def main(folder: Path, options: Counter[str]) -> None:
    papers = sorted((folder / "papers").glob("*.pdf"))
    if not papers:
        sys.exit(f"no PDF in {folder / 'papers'}")
    tuned = [path for path in papers if path.stem not in HELD_OUT]
    held = [path for path in papers if path.stem in HELD_OUT]
    verbose = bool(options["--misses"])
    report("ours", ours, folder, tuned, verbose)
    if options["--held-out"]:
        report("ours, papers held out", ours, folder, held, verbose)
    readers: list[Callable[[Path], object]] = [bare_pdfium, ours]
    rounds = {read.__name__: min(seconds(read, papers) for _ in range(ROUNDS)) for read in readers}
    if options["--pdfplumber"]:
        report("pdfplumber", by_pdfplumber, folder, tuned, False)
        rounds["pdfplumber"] = seconds(by_pdfplumber, papers)
    pages = sum(len(pdfium.PdfDocument(path)) for path in papers)
    print(f"\n{len(papers)} papers, {pages} pages, CPU, best of {ROUNDS} rounds (pdfplumber: one)")
    for name, best in rounds.items():
        print(f"{name:12} {1000 * best / pages:7.2f} ms a page")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared"), Counter(sys.argv[2:]))
