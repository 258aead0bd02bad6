"""The package's templates: whatever is put into them stays what it is, text."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from survey_extract.commands.status import Leaving, Status
from survey_extract.commands.templates import written

STATUS = Status(
    1, 1, 1, {}, 0, {}, [], [], None, None, None, None, 0, [], [], [], {}, [], [], [], [], []
)  # fmt: skip


@given(st.text(st.sampled_from("<>&\"'{}%#ab\n ")))
def test_html_takes_no_markup_from_a_value(value: str) -> None:
    """However the page is built: a value adds no tag and no attribute, be it a heading, a text or a link."""
    cell = {"text": value, "link": value}
    page = written("table.html.j2", view=value, headings=[value], rows=[[cell]])
    plain = written("table.html.j2", view="", headings=[""], rows=[[{"text": "", "link": "a" if value else ""}]])
    for mark in '<>"':
        assert page.count(mark) == plain.count(mark)


def test_a_value_begins_no_line_on_the_terminal() -> None:
    """A line end in a name or a reason is set in; the next line of ``status`` is one of ours."""
    left = [Leaving("key", "one\nsources    99", "why\nmoney      none")]
    said = written("status.txt.j2", status=replace(STATUS, left=left), named=5, known=0, reading="", age=None, ages={})
    lines = said.splitlines()
    assert "  sources    99 (key) with the next render: why" in lines
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [
        "sources",
        "cells",
        "checks",
        "leaves",
        "last",
    ]
