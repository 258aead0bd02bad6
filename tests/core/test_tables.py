"""What the reader of tables gives is what the table says; what it is not certain of it leaves out and counts."""

from __future__ import annotations

import re
import time
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.adapters.pdf.glyphs import Glyphs
from survey_extract.core.tables.page import tables_of
from survey_extract.core.tables.table import Row, Table, TableCell, row_sentence
from survey_extract.core.tables.words import Rule
from tests.papers.tables import Ink, Made, random_page, text_page

SEEDS = range(200)
READ = 0.7
"""Share of the rows of random tables that are read; the others are left out."""


def read(made: Made) -> list[Table]:
    return tables_of(made.words(), made.rules, 1)


def wrong(made: Made, tables: list[Table]) -> list[str]:
    """Rows that say what no row of the page says."""
    found: list[str] = []
    for table in tables:
        said = made.said.get(table.label, {})
        for row in table.rows:
            given = {cell.header: cell.value for cell in row.cells}
            if not _is_said(said.get(row.label), given):
                found.append(f"{table.label} {row.label}: {given}, said {said.get(row.label)}")
    return found


def _is_said(said: dict[tuple[str, ...], str] | None, given: dict[tuple[str, ...], str]) -> bool:
    """Whether all values are given, each by its path of headers, or by its own header where that is its alone."""
    if said is None:
        return False
    leaves = {path[-1:]: value for path, value in said.items()}
    return given == said or (len(leaves) == len(said) and {path[-1:]: v for path, v in given.items()} == leaves)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_table_is_read_right_or_not_at_all(seed: int) -> None:
    """With rulings or none, spans, blanks, wrapped labels, side by side: no row says what the table does not."""
    made = random_page(seed)
    assert wrong(made, read(made)) == []


def test_most_random_tables_are_read() -> None:
    """Leaving out is no way to be right: most rows are given."""
    pages = [(random_page(seed)) for seed in SEEDS]
    said = sum(len(rows) for page in pages for rows in page.said.values())
    found = sum(len(table.rows) for page in pages for table in read(page))
    assert found >= READ * said, f"{found} of {said}"


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_moving_or_scaling_a_page_changes_nothing(seed: int) -> None:
    """What a table says does not depend on where it stands or how large it is."""
    made = random_page(seed)
    expected = [[row_sentence(table, row) for row in table.rows] for table in read(made)]
    for x, y, scale in ((31.0, -17.0, 1.0), (0.0, 0.0, 1.25), (8.0, 40.0, 0.8)):
        moved = read(made.moved(x, y, scale))
        assert [[row_sentence(table, row) for row in table.rows] for table in moved] == expected


@pytest.mark.parametrize("seed", range(0, 200, 10))
def test_the_characters_in_a_cells_box_are_its_value(seed: int) -> None:
    """Each value is printed within its box, whole, and nothing else is."""
    made = random_page(seed)
    glyphs = made.glyphs()
    for table in read(made):
        for row in table.rows:
            for cell in row.cells:
                assert inside(glyphs, cell) == plain(cell.value)


def inside(glyphs: Glyphs, cell: TableCell) -> str:
    left, bottom, right, top = cell.box
    each = zip(glyphs.base.tolist(), glyphs.left.tolist(), glyphs.right.tolist(), glyphs.texts, strict=True)
    found = [
        (-base, start, text)
        for base, start, end, text in each
        if left - 0.01 <= (start + end) / 2 <= right + 0.01 and bottom <= base <= top
    ]
    return plain("".join(text for _, _, text in sorted(found)))


def plain(text: str) -> str:
    return normalize("NFKC", text).replace(" ", "")


@pytest.mark.parametrize("seed", range(20))
def test_paragraphs_are_no_tables(seed: int) -> None:
    """Lines of running text under something like a caption yield no row."""
    assert [table.rows for table in read(text_page(seed)) if table.rows] == []


def test_a_page_without_characters_has_no_tables() -> None:
    """Nothing comes of nothing."""
    assert tables_of([], [], 1) == []


# --- a row as a sentence --------------------------------------------------------------------------

_TEXT = st.text(st.sampled_from("ab1|>:\\ "), min_size=1, max_size=8).map(str.strip).filter(bool)
_CELLS = st.lists(
    st.builds(TableCell, st.lists(_TEXT, max_size=2).map(tuple), _TEXT, st.just((0.0, 0.0, 1.0, 1.0))), max_size=3
)
_ROWS = st.builds(Row, _TEXT, st.none() | _TEXT, _CELLS.map(tuple), st.just((0.0, 0.0, 1.0, 1.0)))
_TABLE = Table("Table 4", "", 1, (), 0)


def test_a_row_reads_as_a_line() -> None:
    """Caption number, label, and each value behind its header."""
    box = (0.0, 0.0, 1.0, 1.0)
    row = Row("VLMo-Base", None, (TableCell(("images",), "4M", box), TableCell(("VQA", "test-dev"), "76.64", box)), box)
    assert row_sentence(_TABLE, row) == "Table 4 | VLMo-Base | images: 4M | VQA > test-dev: 76.64"


@given(_ROWS)
def test_a_sentence_says_which_row_it_is_of(row: Row) -> None:
    """No content can pass for a separator: the parts can be had back from the sentence."""
    label, *cells = parts(row_sentence(_TABLE, row), " | ")[1:]
    assert list(map(unescaped, parts(label, " > "))) == [part for part in (row.group, row.label) if part]
    assert len(cells) == len(row.cells)
    for text, cell in zip(cells, row.cells, strict=True):
        *path, value = parts(text, ": ")
        assert unescaped(value) == cell.value
        assert tuple(unescaped(part) for own in path for part in parts(own, " > ")) == cell.header


def parts(text: str, separator: str) -> list[str]:
    """A text cut at a separator that no backslash stands before."""
    found = [""]
    for piece in re.findall(rf"\\.|{re.escape(separator)}|.", text):
        if piece == separator:
            found.append("")
        else:
            found[-1] += piece
    return found


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


# --- growth ---------------------------------------------------------------------------------------


def rows_of(count: int) -> Made:
    """A table of so many rows on one long page."""

    made = Made(
        [
            Ink("Table 1: long.", 54, 12.0 * count + 60, 9),
            Ink("Model", 54, 12.0 * count + 30, 9),
            Ink("Ships", 154, 12.0 * count + 30, 9),
        ]
    )
    for number in range(count):
        made.inks += [
            Ink(f"Harbor {number}", 54, 12.0 * (count - number), 9),
            Ink(f"{number}.5", 154, 12.0 * (count - number), 9),
        ]
    for y in (12.0 * count + 42, 12.0 * count + 24, 4.0):
        made.rules.append(Rule(50, y, 190, y + 0.5))
    return made


def test_time_grows_with_the_rows() -> None:
    """Four times the rows take about four times as long, not sixteen."""
    short, long = rows_of(400), rows_of(1600)
    times = [min(_seconds(made) for _ in range(3)) for made in (short, long)]
    assert len(read(long)[0].rows) == 1600
    assert times[1] < 4 * 2.5 * times[0]


def _seconds(made: Made) -> float:
    start = time.perf_counter()
    tables_of(made.words(), made.rules, 1)
    return time.perf_counter() - start
