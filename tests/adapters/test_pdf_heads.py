"""Running heads that stand far from the edge, and signs that a file gives no meaning, in PDFs of our own."""

from __future__ import annotations

import numpy as np
import pytest
from fpdf import FPDF

from survey_extract.adapters.pdf.characters import Boxes, Characters
from survey_extract.adapters.pdf.glyphs import AXIS, _unhung
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.reading.plain_text import UNKNOWN, legible

PAGES = 6


def journal(heads: tuple[str, str]) -> bytes:
    """Pages with wide margins; every paragraph goes on over the end of its page."""
    made = FPDF(unit="pt", format=(595, 842))
    made.set_auto_page_break(False)
    for number in range(1, PAGES + 1):
        made.add_page()
        made.set_font("Times", size=10)
        made.text(90, 90, heads[number % 2].format(number))
        for line in range(40):
            words = f"the boats of harbour {number} and of line {line} were counted by hand, and their ropes were"
            made.text(90, 120 + 14 * line, f"{words} measured twice" if line < 39 else words + " then")
    return bytes(made.output())


@pytest.mark.parametrize(
    "heads", [("{} Boats in Harbours", "Ann Writer, Ben Author {}"), ("On Boats {}", "On Boats {}"), ("On Boats", "Ann Writer")]
)  # fmt: skip
def test_a_head_far_from_the_edge_is_in_no_sentence(heads: tuple[str, str]) -> None:
    """What comes back on top of pages, or counts them, is no text, wherever it stands; the sentence goes on over it."""
    text = read_pdf(journal(heads))
    whole = " ".join(text.pages)
    assert not any(word in whole for word in ("Boats", "Writer", "Author"))
    assert all(f"were then the boats of harbour {number} and of line 0" in whole for number in range(2, PAGES + 1))


def test_figures_on_top_of_pages_are_no_page_numbers() -> None:
    """A line of a table or of text that happens to begin a page with a figure stays."""
    made = FPDF(unit="pt", format=(595, 842))
    for number, figure in enumerate((3, 17, 4, 90, 12, 8), start=1):
        made.add_page()
        made.set_font("Times", size=10)
        made.text(
            90,
            90,
            f"{figure} boats were counted in harbour number {'one two three four five six'.split()[number - 1]}, and",
        )
        for line in range(20):
            made.text(90, 104 + 14 * line, "their ropes were measured by hand, since no other way was known.")
    whole = " ".join(read_pdf(bytes(made.output())).pages)
    assert all(f"{figure} boats were counted" in whole for figure in (3, 17, 4, 90, 12, 8))


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("a de\x1cnition of di\x1berent \x1crst \x1dows", "a deﬁnition of diﬀerent ﬁrst ﬂows"),
        ("we de\x0cne su\x0eciency", "we deﬁne suﬃciency"),
        ("where \x0fih and x\x0cij > 0", f"where {UNKNOWN}ih and x{UNKNOWN}ij > 0"),
        ("in 1\x1520 cases, rank r \x1c min", f"in 1{UNKNOWN}20 cases, rank r {UNKNOWN} min"),
        ("x \x06= 0", f"x {UNKNOWN}= 0"),
        ("des chi\x1dres a\x1cchés, spéci\x1bé et \x1bnal", "des chiﬀres aﬃchés, spéciﬁé et ﬁnal"),
        ("in\ruence of \rows, ni\rht", f"inﬂuence of ﬂows, ni{UNKNOWN}ht"),
        ("plain words\r\nof two lines\ufffeand a hyphen", "plain words\r\nof two lines\ufffeand a hyphen"),
    ],
)
def test_no_sign_without_a_meaning_vanishes(printed: str, read: str) -> None:
    """A ligature within a word is itself; of another sign a mark is left; each character keeps its place."""
    assert legible(printed) == read
    assert len(read) == len(printed)


class _Ink(Characters):
    """One character of a known code and ink."""

    def __init__(self, code: int, ink: tuple[float, float, float, float]) -> None:
        self.units = np.array([code], dtype=np.uint32)
        self._ink = ink

    def boxes(self, places: object) -> Boxes:
        return np.array([self._ink])


def _base(sign: str, ink: tuple[float, float, float, float], base: float) -> float:
    return float(_unhung(_Ink(ord(sign), ink), np.array([0]), np.array([base]))[0])


def test_a_sign_that_hangs_from_its_baseline_is_in_its_line() -> None:
    """TeX's roots and sums hang by their whole height; one that is on its baseline stays there."""
    assert _base("√", (0, 90.0, 8, 100.4), 100.0) == pytest.approx(95.2 - AXIS * 10.4)
    assert _base("√", (0, 98.0, 8, 108.0), 100.0) == 100.0
    assert _base("g", (0, 90.0, 8, 100.4), 100.0) == 100.0
