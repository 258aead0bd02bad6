"""Rows of tables in web pages and Markdown: each value under the headers that a browser shows above it, or none at all."""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from survey_extract.adapters.chromium.process import drawn, executable
from survey_extract.adapters.chromium.shown import shown
from survey_extract.adapters.html.hidden import cut_hidden
from survey_extract.adapters.html.reader import page_markup, read_html, read_markdown
from survey_extract.adapters.html.tables import ON_PAGES, marked_tables
from survey_extract.adapters.html.tree import tree_of
from survey_extract.core.reading.rows import without_rows
from survey_extract.core.tables.table import Row, Table, row_sentence
from tests.growth import cpu_seconds, is_linear
from tests.papers.marked import random_table

PROSE = "".join(
    f"<p>We describe a boat that reads maps. Its engine {n} carries timber over the river.</p>" for n in range(5)
)
HEAD = "<tr><th>Boat</th><th>Speed</th><th>Crew</th></tr>"


def tables_of(markup: str) -> list[Table]:
    tree = tree_of(f"<!doctype html><body>{markup}</body>")
    cut = cut_hidden(tree)
    return [marked.table for marked in marked_tables(tree, cut.moved, ON_PAGES)]


def said(markup: str) -> tuple[list[str], int]:
    """The rows of all tables as sentences without the table's name, and how many were left out."""
    found = tables_of(markup)
    rows = [row_sentence(table, row).partition(" | ")[2] for table in found for row in table.rows]
    return rows, sum(table.abstained for table in found)


def table(*rows: str, head: str = HEAD) -> str:
    return f"<table>{head}{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def cells(*words: str) -> str:
    return "".join(f"<td>{word}</td>" for word in words)


HARBOR = ["Harbor | Speed: 12.5 | Crew: 4"]
KINDS: dict[str, tuple[str, list[str], int]] = {
    "a plain table": (table(cells("Harbor", "12.5", "4")), HARBOR, 0),
    "blank cells are left out": (table(cells("Harbor", "12.5", "")), ["Harbor | Speed: 12.5"], 0),
    "a value without a header": (table(cells("Harbor", "12.5", "4", "7")), [], 1),
    "a header that is blank": (table(cells("Harbor", "12.5"), head="<tr><th>Boat</th><th></th></tr>" + f"<tr>{cells('Kite', '9')}</tr>"), ["Kite | 9", "Harbor | 12.5"][:0], 2),
    "a row without a name": (table(cells("Harbor", "12.5", "4"), cells("", "11", "3")), HARBOR, 1),
    "no headers at all": (f"<table><tr>{cells('Boat', 'Speed')}</tr><tr>{cells('Harbor', '12.5')}</tr></table>", [], 2),
    "two values on each other": (table('<td>Kite</td><td>1</td><td rowspan=2>2</td>', '<td>Harbor</td><td colspan=2>12</td>'), ["Kite | Speed: 1 | Crew: 2"], 1),
    "a value of two columns": (table('<td>Harbor</td><td colspan=2>12.5</td>'), ["Harbor | Speed: 12.5 | Crew: 12.5"], 0),
    "a value of two rows": (table('<td>Kite</td><td rowspan=2>9</td><td>1</td>', cells("Harbor", "4")), ["Kite | Speed: 9 | Crew: 1", "Harbor | Speed: 9 | Crew: 4"], 0),
    "a heading across": (table("<td colspan=3>Small boats</td>", cells("Harbor", "12.5", "4")), ["Small boats > Harbor | Speed: 12.5 | Crew: 4"], 0),
    "a bold heading of rows": (table(cells("<b>Small</b>", "", ""), cells("Harbor", "12.5", "4")), ["Small > Harbor | Speed: 12.5 | Crew: 4"], 0),
    "headers again further down": (
        table(cells("Kite", "9", "1"), "<th>Boat</th><th>Depth</th><th>Sails</th>", cells("Harbor", "2", "3")),
        ["Kite | Speed: 9 | Crew: 1", "Harbor | Depth: 2 | Sails: 3"], 0,
    ),
    "a row of values that are marked as headers": (table(cells("Kite", "9", "1"), "<th>Harbor</th><th>12.5</th><th>4</th>", cells("Mill", "2", "3")), ["Kite | Speed: 9 | Crew: 1"], 2),
    "a name by its own header": (table("<td>1</td><th>Harbor</th><td>4</td>", head="<tr><th>Rank</th><th>Boat</th><th>Crew</th></tr>"), ["Harbor | Rank: 1 | Crew: 4"], 0),
    "pairs": ("<table><tr><th>Weight</th><td>172 g</td></tr><tr><th>Height</th><td>10 cm</td></tr></table>", ["Weight | 172 g", "Height | 10 cm"], 0),
    "several values beside a name alone": ("<table><tr><th>Weight</th><td>172 g</td><td>6 oz</td></tr></table>", [], 1),
    "a cell that is not there": (table("<td>Harbor</td><td style='display:none'>99</td><td>12.5</td><td>4</td>"), HARBOR, 0),
    "a row that is not there": (table("<td>Kite</td><td rowspan=2>9</td><td>1</td>", cells("Harbor", "12.5", "4")).replace("<tr><td>Harbor", "<tr hidden><td>Gone</td></tr><tr><td>Harbor"), ["Kite | Speed: 9 | Crew: 1"], 1),
    "words that are hidden": (table(cells("Harbor", "12.5<span style='display:none'>9</span>", "<i style='visibility:hidden'>8</i>")), ["Harbor | Speed: 12.5"], 0),
    "a cell that is moved": (table("<td>Harbor</td><td style='position:absolute'>12.5</td><td>4</td>"), [], 1),
    "cells below each other": (f"<style>td{{display:block}}</style>{table(cells('Harbor', '12.5', '4'))}", [], 1),
    "a table that sets out a page": (f"<table><tr>{cells('Menu', PROSE)}</tr><tr>{cells('More', PROSE)}</tr></table>", [], 0),
    "a table around a table": (f"<table><tr><td>{table(cells('Harbor', '12.5', '4'))}</td><td>x</td></tr><tr>{cells('a', 'b')}</tr></table>", HARBOR, 0),
    "a table that says it is none": (table(cells("Harbor", "12.5", "4")).replace("<table", "<table role=presentation"), [], 0),
    "a line break": (table(cells("Harbor", "12.5<br>(best)", "4")), ["Harbor | Speed: 12.5 (best) | Crew: 4"], 0),
    "paragraphs": (table(cells("<p>Harbor</p>", "<p>12.5</p><p>knots</p>", "<ul><li>4</li><li>5</li></ul>")), ["Harbor | Speed: 12.5 knots | Crew: 4 5"], 0),
    "a link and a button": (table(cells("<a href='/h'>Harbor</a>", "12.5", "<button>4</button>")), HARBOR, 0),
    "a picture": (table(cells("Harbor", "<img alt='not 99'>12.5", "<img alt='yes'>")), ["Harbor | Speed: 12.5"], 0),
    "a formula": (table(cells("Harbor", "<math><mn>12</mn></math>", "4")), [], 1),
    "a tick to be set": (table(cells("Harbor", "12.5", "<input type=checkbox checked>")), [], 1),
    "a raised figure behind a figure": (table(cells("Harbor", "12.5<sup>2</sup>", "10<sup>-4</sup>")), ["Harbor | Speed: 12.5² | Crew: 10⁻⁴"], 0),
    "the mark of a note": (table(cells("Harbor", "12.5<sup><a href='#n1'>1</a></sup>", "4<a href='#n2'><sup>[2]</sup></a>")), HARBOR, 0),
    "lowered words": (table(cells("H<sub>2</sub>O", "12.5<sub>5</sub>", "2<sup>nd</sup>")), ["H2O | Speed: 12.5₅ | Crew: 2nd"], 0),
    "no column of names": (table(cells("1", "0.5", "7"), cells("2", "0.4", "8"), head="<tr><th>Epoch</th><th>Loss</th><th>Rest</th></tr>"), ["Epoch: 1 | Loss: 0.5 | Rest: 7", "Epoch: 2 | Loss: 0.4 | Rest: 8"], 0),
    "names in a later column": (table(cells("new", "Harbor", "4"), cells("new", "Kite", "5"), head="<tr><th>State</th><th>Boat</th><th>Crew</th></tr>"), ["Harbor | State: new | Crew: 4", "Kite | State: new | Crew: 5"], 0),
    "a foot that stands first": (f"<table><tfoot><tr>{cells('All', '9', '9')}</tr></tfoot><thead>{HEAD}</thead><tbody><tr>{cells('Harbor', '12.5', '4')}</tr></tbody></table>", [*HARBOR, "All | Speed: 9 | Crew: 9"], 0),
    "marks that are separators": (table(cells("Har|bor", "a: b > c", "4")), ["Har\\|bor | Speed: a\\: b \\> c | Crew: 4"], 0),
    "no number for a span": (table("<td colspan='x'>Harbor</td><td colspan='-2'>12.5</td><td rowspan='1.9'>4</td>"), HARBOR, 0),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_table(kind: str) -> None:
    """Its rows, in words, and how many were left out because they are not certain."""
    markup, rows, abstained = KINDS[kind]
    assert (rows, abstained) == said(markup)


@pytest.mark.parametrize(
    ("markup", "label"),
    [
        ("<table><caption>Table 4: Speeds of boats</caption>{}", "Table 4"),
        ("<table><caption>Speeds of boats</caption>{}", "Speeds of boats"),
        ("<figure><figcaption>Tab. 2. Speeds</figcaption><table>{}</table></figure>", "Tab. 2"),
        ("<p>Table 3: Speeds of all boats.</p><table>{}", "Table 3"),
        ("<h2>Boats</h2><p>See Table 3 for more.</p><table>{}", "Boats"),
        ("<table>{}", "Table"),
    ],
)
def test_a_table_is_called_by_what_stands_above_it(markup: str, label: str) -> None:
    """Its number, else its caption, else the heading it is under: words of the page, where there are any."""
    (found,) = tables_of(markup.format(f"{HEAD}<tr>{cells('Harbor', '12.5', '4')}</tr>"))
    assert found.label == label


def test_rows_of_a_pipe_table() -> None:
    """Marks are gone, notes have no marks, a bold first cell is a heading, and a blank header line makes pairs."""
    text = read_markdown(
        f"""# Boats
{"A long text about boats. " * 12}

| Boat | **Speed** | Crew |
|---|--:|---|
| **Small** | | |
| [Harbor](x) | `12.5`[^1] | 4 \\| 5 |

| | |
|---|---|
| Weight | 172 g |
| Height | 10 cm |

[^1]: A note.
""".encode()
    )
    rows = [text.quote(sentence) for sentence in text.sentences if sentence.kind == "row"]
    assert rows == [
        "Boats | Small > Harbor | Speed: 12.5 | Crew: 4 \\| 5",
        "Boats | Weight | 172 g",
        "Boats | Height | 10 cm",
    ]


def test_rows_add_to_a_text_and_change_nothing_else() -> None:
    """They stand behind the cells of their table; without them the text is, by its hash, what earlier readers read."""
    page = f"<article><h1>Boats</h1>{PROSE}<h2>Speeds</h2>{table(cells('Harbor', '12.5', '4'))}<h2>Crew</h2><p>Four people work on it at all times, in summer and in winter.</p></article>"
    text = read_html(page.encode())
    kinds = [(s.kind, text.sections[s.section].title) for s in text.sentences]
    assert kinds.count(("row", "Speeds")) == 1
    place = kinds.index(("row", "Speeds"))
    assert (kinds[place - 1], kinds[place + 1]) == (("debris", "Speeds"), ("heading", "Crew"))
    plain = without_rows(text)
    assert not plain.tables
    assert plain.pages == text.pages
    assert [s for s in plain.sentences if s.kind == "row"] == []


# --- what a browser shows -------------------------------------------------------------------------

ABOVE = """<script>addEventListener("load", () => {
  const told = [];
  for (const cell of document.querySelectorAll("td, th")) {
    const box = cell.getBoundingClientRect(), words = cell.textContent;
    if (!box.width || !/^[vr]/.test(words)) continue;
    const above = [...cell.closest("table").querySelectorAll("th")].filter((head) => {
      const over = head.getBoundingClientRect();
      return head.textContent[0] === "h" && over.width && over.bottom <= box.top + 1 && over.left < box.right - 2 && over.right > box.left + 2;
    });
    told.push([words, above.map((head) => head.textContent)]);
  }
  document.documentElement.setAttribute("told", JSON.stringify(told));
});</script><style>td, th { padding: 3px } table { border-spacing: 4px; margin: 9px }</style>"""


@pytest.mark.skipif(executable() is None, reason="no chromium on this machine")
def test_every_value_is_under_the_headers_that_a_browser_shows_above_it() -> None:
    """Of 80 random tables: the headers of each value are those that Chromium draws above its cell; more rows are read than left out."""
    tables = [random_table(seed) for seed in range(80)]
    _, dom = drawn(f"<!doctype html>{ABOVE}{''.join(tables)}", (1200, 4000))
    told = re.search(r'told="([^"]*)"', dom)
    assert told is not None
    above = {words: set(heads) for words, heads in json.loads(html.unescape(told[1]))}
    checked, rows, abstained = 0, 0, 0
    for markup in tables:
        found = tables_of(markup)
        rows += sum(len(one.rows) for one in found)
        abstained += sum(one.abstained for one in found)
        for words, heads in _headers(found).items():
            assert (words, heads) == (words, above[words])
            checked += 1
    assert checked > 400
    assert rows > abstained


def _headers(tables: list[Table]) -> dict[str, set[str]]:
    """Each value that stands under headers, with all of them."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for cell in (cell for one in tables for row in one.rows for cell in row.cells if cell.header):
        found[cell.value] |= set(cell.header)
    return found


@pytest.mark.skipif(executable() is None, reason="no chromium on this machine")
def test_a_browser_shows_a_row_by_its_cells() -> None:
    """Its label, values and headers are looked for where they stand together; a row that nobody printed is not seen."""
    two = f"{PROSE}{table(cells('Kite', '9', '4'))}{table(cells('Harbor', '12.5<sup><a href=#n>1</a></sup>', '4'))}"
    rows = [row for one in tables_of(two) for row in one.rows]
    other = Row("Harbor", None, rows[0].cells, rows[0].box)
    found = shown(
        f"<!doctype html><body style='background:white'>{two}</body>", [*rows, other, "Its engine 3 carries timber"]
    )
    assert [one.seen.sight for one in found] == ["seen", "seen", "differs", "seen"]
    hidden = two.replace("<td>Kite", "<td style='color:white'>Kite")
    (one,) = shown(f"<!doctype html><body style='background:white'>{hidden}</body>", rows[:1])
    assert one.seen.sight == "differs"


# --- real pages, and hostile ones -----------------------------------------------------------------


def test_cells_of_real_pages_are_those_of_their_markup(shared: Path) -> None:
    """lxml's own reading of the pages as an independent oracle: each value and each header is the text of a cell of one table."""
    rows = 0
    for path in sorted((shared / "pages").iterdir()):
        if path.suffix not in (".html", ".md"):
            continue
        media = "text/html" if path.suffix == ".html" else "text/markdown"
        text = (read_html if path.suffix == ".html" else read_markdown)(path.read_bytes())
        plain = list(_plain_tables(page_markup(path.read_bytes(), media)))
        for found in text.tables:
            for row in found.rows:
                assert any(_holds(rows_of, row) for rows_of in plain), (path.name, row)
                rows += 1
    assert rows >= 170


def _plain_tables(markup: str) -> Iterator[list[list[str]]]:
    for element in lxml.html.fromstring(markup).iter("table"):
        yield [[_letters(cell.text_content()) for cell in row.iter("td", "th")] for row in element.iter("tr")]


def _holds(rows: list[list[str]], row: Row) -> bool:
    """Whether a table has the row: its values in order in one line, but for those from lines above, its headers in some."""
    everything = {cell for line in rows for cell in line}
    values = [_letters(cell.value) for cell in row.cells]
    names = {_letters(header) for cell in row.cells for header in cell.header}
    names |= {_letters(row.label), _letters(row.group or "")} - {""}
    once = [value for at, value in enumerate(values) if at == 0 or value != values[at - 1]]
    in_one_line = any(
        _in_order([v for v in once if v in line], line) and len([v for v in once if v in line]) >= len(once) - 2
        for line in rows
    )
    return {*values, *names} <= everything and in_one_line


def _in_order(wanted: list[str], line: list[str]) -> bool:
    cells_left = iter(line)
    return all(any(cell == value for cell in cells_left) for value in wanted)


def _letters(text: str) -> str:
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


def _many(count: int, cell: str) -> str:
    return f"<table>{HEAD}<tr>{cell * count}</tr></table>"


HOSTILE: dict[str, Any] = {
    "a row of many cells": lambda size: _many(size, "<td>1"),
    "many rows": lambda size: f"<table>{HEAD}{'<tr><td>a<td>1<td>2' * (size // 3)}</table>",
    "cells that reach down": lambda size: f"<table>{HEAD}<tr>{'<td rowspan=65534>1' * (size // 2)}</tr>{'<tr>' * (size // 2)}</table>",
    "cells that reach across": lambda size: f"<table>{HEAD}{'<tr><td colspan=1000>1<td colspan=1000>2' * (size // 2)}</table>",
    "rows of headers alone": lambda size: f"<table>{'<tr><th>a<th>b' * (size // 2)}</table>",
    "many tables": lambda size: f"<table>{HEAD}<tr><td>a<td>1</table>" * (size // 4),
    "long headers": lambda size: f"<table><tr><th>a<th>{'b ' * size}</tr>{'<tr><td>a<td>1' * (size // 4)}</table>",
    "many headings": lambda size: f"{'<h2>a</h2>' * (size // 4)}<table>{HEAD}<tr><td>a<td>1</table>",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_tables_take_linear_time(kind: str) -> None:
    """Four times the cells take about four times as long, whatever they span; what is too large is counted, not read."""

    def seconds_of(size: int) -> float:
        tree = tree_of(f"<!doctype html><body>{HOSTILE[kind](size)}</body>")

        def reads() -> None:
            found = marked_tables(tree, {}, ON_PAGES)
            assert sum(len(row_sentence(one.table, row)) for one in found for row in one.table.rows) < 40_000_000

        return cpu_seconds(reads)

    assert is_linear(seconds_of, 12_000)


def test_a_hundred_thousand_cells_are_counted() -> None:
    """In one row they are more than anybody reads: no row is given, and the table says how many it has."""
    (found,) = marked_tables(tree_of(_many(100_000, "<td>1")), {}, ON_PAGES)
    assert (found.table.rows, found.table.abstained) == ((), 2)
