"""Where paragraphs end, what stands between them, numbers of lines and accents drawn by themselves, in PDFs of our own."""

from __future__ import annotations

import pytest
from fpdf import FPDF

from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.evidence import Quoter
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.paper_text import PaperText
from survey_extract.core.raised import lowered
from survey_extract.core.reading.joins import false_runs
from survey_extract.core.reading.plain_text import legible
from survey_extract.core.reading.splitting import split_sentences
from survey_extract.core.records import Evidence
from tests.papers import apart


def set_out(*lines: str) -> PaperText:
    """A page of prose, then these lines as they are, and prose again."""
    page = apart.opened()
    page.paragraph(*map(apart.sentence, range(20, 26)))
    for line in lines:
        page.line(line)
    page.y += 14
    page.paragraph(*map(apart.sentence, range(30, 36)))
    return read_pdf(page.bytes())


def quotes(text: PaperText) -> list[str]:
    return [text.quote(sentence) for sentence in text.citable()]


def test_a_paragraph_ends_where_its_last_line_leaves_room() -> None:
    """Also before a word in small letters, and behind an item without a full stop; a label by itself is no sentence."""
    found = quotes(
        set_out(
            "It counts the ropes of the boats.",
            "ropes_unset is what it says where there is none.",
            "- the boats of the harbour",
            "There is also another way.",
            "Harbour Office of Rome",
            "He wrote that they are counted by hand.",
        )
    )
    for sentence in (
        "It counts the ropes of the boats.",
        "ropes_unset is what it says where there is none.",
        "- the boats of the harbour",
        "There is also another way.",
        "He wrote that they are counted by hand.",
    ):
        assert sentence in found
    assert not any("Office" in sentence for sentence in found)


def test_code_in_the_type_of_the_text_is_no_sentence() -> None:
    """What its signs tell to be code is not cited, whatever it is set in."""
    found = quotes(set_out("int count (int *boats) ;", "/* Returns the number of boats. */", "free (boats) ;"))
    assert not any("boats)" in sentence or "Returns" in sentence for sentence in found)


def manuscript(step: int, *, is_glued: bool) -> bytes:
    """Prose with the numbers of its lines in the margin."""
    made = FPDF(unit="pt", format=(595, 842))
    for number in range(2):
        made.add_page()
        made.set_font("Times", size=10)
        for line in range(40):
            count = 40 * number + line + 1
            if count % step == 0:
                made.text(60 if is_glued else 30, 90 + 14 * line, str(count))
            words = f"the boats of harbour {'abcdefghij'[line % 10]} were counted by hand, and their ropes were"
            made.text(90, 90 + 14 * line, f"{words} measured twice, and" if line < 39 else words + " then.")
    return bytes(made.output())


@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("is_glued", [True, False])
def test_numbers_of_lines_are_in_no_sentence(step: int, is_glued: bool) -> None:
    """Whether every line has one or every fifth, near the text or far from it."""
    text = read_pdf(manuscript(step, is_glued=is_glued))
    assert len(text.citable()) == 2
    assert not any(char.isdigit() for quote in quotes(text) for char in quote)


def accented(*, is_first: bool) -> bytes:
    """Words whose accents are drawn by themselves, before their letters or at the end of the line."""
    made = FPDF(unit="pt", format=(595, 842))
    made.add_page()
    made.set_font("Times", size=10)
    for line in range(20):
        y = 90 + 14 * line
        made.text(90, y, "the boats of the harbour were counted by hand, and their ropes were measured twice, and")
    made.text(90, 370, "Abb")
    at = 90 + made.get_string_width("Abb")
    accent = at + (made.get_string_width("e") - made.get_string_width("\u00b4")) / 2
    if is_first:
        made.text(accent, 370, "\u00b4")
    made.text(at, 370, "e was his name, as all people of the harbour say.")
    if not is_first:
        made.text(accent, 370, "\u00b4")
    return bytes(made.output())


@pytest.mark.parametrize("is_first", [True, False])
def test_an_accent_is_on_the_letter_that_it_is_drawn_over(is_first: bool) -> None:
    """In whatever order the file draws them; the check finds the sentence on its page, and what was cited before is found."""
    text = read_pdf(accented(is_first=is_first))
    sentence = text.citable()[-1]
    assert "Abbé was his name" in text.quote(sentence)
    assert not text.notes
    former = text.quote(sentence).replace("é", "\u00b4e")
    evidence = Evidence(1, 0, len(former), sha256_text(former), ())
    assert Quoter(text).quote(evidence).sentence == sentence
    assert false_runs(["another page"], text)


def with_exponents(*parts: str) -> bytes:
    """A line whose parts are printed in turn in the line and above it, smaller."""
    made = FPDF(unit="pt", format=(595, 842))
    made.add_page()
    made.set_font("Helvetica", size=10)
    for line in range(20):
        made.text(90, 90 + 14 * line, "the boats of the harbour were counted by hand, and their ropes were, and")
    x = 90.0
    for number, part in enumerate(parts):
        is_up = number % 2 == 1
        made.set_font("Helvetica", size=7 if is_up else 10)
        made.text(x, 366.5 if is_up else 370, part)
        x += made.get_string_width(part)
    return bytes(made.output())


def test_exponents_are_raised() -> None:
    """Of ten, of units and of single letters; the number of a note and figures in the line are not, and old pointers hold."""
    text = read_pdf(
        with_exponents(
            "It is 10", "18", " per cm", "-3", " on 12 km", "2", " of R", "2", " in 1018, the boats", "3", " say."
        )
    )
    sentence = text.citable()[-1]
    words = text.quote(sentence)
    assert words.endswith("It is 10¹⁸ per cm⁻³ on 12 km² of R² in 1018, the boats3 say.")
    assert not text.notes
    assert false_runs(["another page"], text)
    former = next(lowered(words))
    assert "1018 per cm\u22123 on 12 km2" in former
    assert Quoter(text).quote(Evidence(1, 0, len(former), sha256_text(former), ())).sentence == sentence


def test_a_sharp_s_that_a_font_does_not_name_is_one() -> None:
    """In German text; a name that has the sign keeps it."""
    assert legible("die Größe, groÿ und lieÿe") == "die Größe, groÿ und lieÿe"
    assert legible("die Zähler sind groÿ und lieÿe") == "die Zähler sind groß und ließe"
    assert legible("le violon de Ysaÿe") == "le violon de Ysaÿe"


def test_the_number_of_a_heading_that_is_named_ends_no_sentence() -> None:
    """But a name with capitals within begins one."""
    text = "It is told there (see “3.1. Signs”). It works. devFont is its name. It is in Section 5.1. The end."
    assert [text[start:end] for start, end in split_sentences(text)] == [
        "It is told there (see “3.1. Signs”).",
        "It works.",
        "devFont is its name.",
        "It is in Section 5.1.",
        "The end.",
    ]
