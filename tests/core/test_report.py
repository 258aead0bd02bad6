"""The body of a pull request: it fits, names what it leaves out, and nothing in it runs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from survey_extract.commands.report_body import BODY_LIMIT, body
from survey_extract.core.records import Term
from survey_extract.core.report import CellChange, Problem, Report, SourceChange

TERMS = (Term("7B", "nowhere"), Term("LAION-2B", "elsewhere"), Term("CC3M", "in evidence"))
CELL = CellChange("Training.Methods", "one stage", "two stages", (3, 4), TERMS, "changed", "v1 -> v2", "m1")
SOURCE = SourceChange(
    "arxiv-2401.00001",
    "Harbor",
    "https://arxiv.org/abs/2401.00001",
    "v1 -> v2",
    6,
    "9 same, 1 gone",
    0.0123,
    0,
    (CELL,),
)
REPORT = Report(1, "2026-01-01", "2026-01-01", (SOURCE,), (), 12, 0.0123, 0, ())


def test_it_says_what_changed() -> None:
    """Old and new value, pages, cost, and what wants a decision."""
    said = body(REPORT)
    for part in (
        "1 source changed",
        "one stage",
        "two stages",
        "page 3, 4",
        "USD 0.0123",
        "a decision",
        "6 answers unchanged",
        "v1 -&gt; v2",
        "<code>7B</code> is nowhere in the source",
        "<code>LAION-2B</code> is elsewhere, not in the evidence",
        "by <code>m1</code>",
    ):
        assert part in said, part
    assert "CC3M" not in said
    assert "No source changed" in body(replace(REPORT, sources=()))


def test_no_value_is_cut() -> None:
    """A value of the longest kind stands there whole, on both sides."""
    long = " ".join(f"word{n}" for n in range(300))
    said = body(replace(REPORT, sources=(replace(SOURCE, cells=(replace(CELL, was=None, now=long),)),)))
    assert f"<code>{long}</code>" in said


def test_cells_that_do_not_fit_are_counted() -> None:
    """Of a source too large for the body, the cells that fit are shown and the others counted; a smaller source behind it still is."""
    big = replace(CELL, was=None, now="a" * 15_000)
    said = body(replace(REPORT, sources=(replace(SOURCE, cells=(big,) * 7), replace(SOURCE, name="Small"))))
    assert len(said) <= BODY_LIMIT
    assert 1 <= said.count("a" * 15_000) < 7
    assert f"And {7 - said.count('a' * 15_000)} more cells that did not fit here" in said
    assert "<code>Small</code>" in said


@pytest.mark.parametrize(("count", "size"), [(1, 50), (1, 100_000), (10, 20_000), (400, 2_000), (5_000, 50)])
def test_it_fits(count: int, size: int) -> None:
    """However many sources, and however long their values, names and errors."""
    cell = replace(CELL, was="a" * size, now="&" * size, reason="<" * size)
    sources = tuple(
        replace(SOURCE, key=f"k{n}", name=f"{n} " + '"' * size, fates="'" * size, cells=(cell,) * 7)
        for n in range(count)
    )
    problems = tuple(Problem(f"k{n}", "&" * size, "failed", "&" * size, None) for n in range(count))
    said = body(replace(REPORT, sources=sources, problems=problems, notes=("&" * size,) * 5))
    assert len(said) <= BODY_LIMIT
    shown = said.count("<h3>") - 1
    assert shown == count or f"{count - shown} more source" in said


HOSTILE = "</code></td></table>\n\n# Now\n@everyone [x](http://evil.example) ![i](http://evil.example/i.png) <img src=x onerror=alert(1)> Fixes #1 `code` |"


def test_nothing_in_it_runs() -> None:
    """Words of papers stay inside their cells as code, where no mention, link or issue number is looked for."""
    cell = replace(CELL, was=HOSTILE, now=HOSTILE, reason=HOSTILE)
    source = replace(SOURCE, name=HOSTILE, cells=(cell,), notice=HOSTILE, change=HOSTILE)
    said = body(
        replace(REPORT, sources=(source,), problems=(Problem("k", HOSTILE, "failed", HOSTILE, None),), notes=(HOSTILE,))
    )
    html = MarkdownIt("gfm-like", {"linkify": False}).render(said)
    assert "<img" not in html
    assert "<a " not in html
    assert "<h1" not in html
    assert html.count("<table>") == html.count("</table>") == 2


def test_what_is_out_and_in_stands_out() -> None:
    """Words that both values share are plain; a value of other words alone is not marked at all."""
    cell = replace(CELL, was="trained for 2 epochs", now="trained for 4 epochs")
    said = body(replace(REPORT, sources=(replace(SOURCE, cells=(cell, CELL)),)))
    assert "<code>trained for <del>2</del> epochs</code>" in said
    assert "<code>trained for <ins>4</ins> epochs</code>" in said
