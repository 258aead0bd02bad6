"""Where paragraphs end, what stands between them, numbers of lines and accents drawn by themselves, in PDFs of our own."""

from __future__ import annotations

import io

import pytest
from fpdf import FPDF
from pypdf import PdfWriter, Transformation

from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.due.carry_over import passages_in
from survey_extract.core.evidence import Quoter, point
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.paper_text import PaperText
from survey_extract.core.raised import lowered
from survey_extract.core.reading.joins import false_runs
from survey_extract.core.reading.layout import unnumbered
from survey_extract.core.reading.plain_text import legible
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.reading.splitting import split_sentences
from survey_extract.core.records import Evidence
from tests.papers import apart
from tests.papers.hostile import CATALOG, PAGES, file_of, stream


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
    old = Evidence(1, 0, len(former), sha256_text(former), ())
    assert Quoter(text).quote(old).sentence == sentence
    assert [passage.now for passage in passages_in(text, [old], None)] == list(point(text, [sentence.number])[0])
    half = words[: words.index(" on 12")]
    assert Quoter(text).quote(Evidence(1, 0, len(half), sha256_text(half), ())).words == half


def with_fraction(words: str, above: str, below: str, rest: str, *, bar: bool = True) -> bytes:
    """A paper with a line in which small signs stand over one another, with or without a bar between them."""
    page = apart.opened()
    page.paragraph(apart.sentence(1))
    x, y, width = page.text(words) + 3, page.y, 3.6 * max(len(above), len(below))
    for sign, rise in ((above, 4.0), (below, -3.6)):
        page.y = y - rise
        page.text(sign, x=x + (width - 3.6 * len(sign)) / 2, size=7)
    if bar:
        page.pdf.set_line_width(0.4)
        page.pdf.line(x - 0.2, y - 2.5, x + width + 0.2, y - 2.5)
    page.y = y
    page.line(rest, x=x + width + 3)
    page.paragraph(*map(apart.sentence, range(6, 12)))
    return page.bytes()


@pytest.mark.parametrize(("above", "below", "read"), [("1", "2", "1/2"), ("n+1", "2", "(n+1)/2"), ("k", "12", "k/12")])
def test_a_fraction_within_a_line_is_read_with_its_bar(above: str, below: str, read: str) -> None:
    """What was cited as older readers spelt it is found again; signs over one another without a bar are no fraction."""
    given = ("All of the boats that were left take", above, below, "of the harbour, as was told by its owners.")
    text = read_pdf(with_fraction(*given))
    whole = f"{given[0]} {read} {given[3]}"
    assert whole in quotes(text)
    former = " ".join(given)
    assert Quoter(text).quote(Evidence(1, 0, len(former), sha256_text(former))).words == whole
    assert not any("/" in quote for quote in quotes(read_pdf(with_fraction(*given, bar=False))))


def test_no_space_stands_between_a_raised_figure_and_a_comma() -> None:
    """pdfium puts one there; what was cited with it, or before figures were raised, is found again."""
    text = read_pdf(with_exponents("It covers 12 km", "2", " , of which the boats hold 3 km", "2", " ."))
    whole = text.quote(text.citable()[-1])
    assert whole.endswith("It covers 12 km², of which the boats hold 3 km².")
    for loose in (whole.replace("²,", "² ,"), whole.replace("²,", "² ,").replace("².", "² .")):
        for former in (loose, loose.replace("²", "2")):
            assert Quoter(text).quote(Evidence(1, 0, len(former), sha256_text(former))).words == whole


def two_sided(step: float) -> bytes:
    """A book of six pages, in which a short word ends a line behind a raised sign; every other page stands further right."""
    page = apart.opened()
    for number in range(6):
        page.turn()
        page.paragraph(*map(apart.sentence, range(8 * number, 8 * number + 8)))
        edge = apart.LEFT + apart.WIDTH
        page.wrapped("The boats of the harbour that are counted by hand and by name, all of", width=apart.WIDTH - 60)
        page.y -= apart.LINE + 4
        page.text("2", x=edge - 24, size=7)
        page.y += 4
        page.line("leak", x=edge - 17)
        page.line(f"in the winter of the year {number + 20}.")
    writer = PdfWriter(clone_from=io.BytesIO(page.bytes()))
    for sheet in writer.pages[1::2]:
        sheet.add_transformation(Transformation().translate(step, 0))
    writer.write(made := io.BytesIO())
    return made.getvalue()


def test_the_two_sides_of_a_book_are_read_alike() -> None:
    """What stands at the edge of the text is no note in the margin because the other side's edge is elsewhere."""
    plain, book = (quotes(read_pdf(two_sided(step))) for step in (0, 26))
    assert plain == book
    assert sum("leak in the winter" in quote for quote in book) == 6


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


PICTURED = (
    "The boats of the harbour were counted by hand.",
    "Their ropes were measured twice, since no other way was known.",
    "All of them had been painted in spring.",
)


def in_pictures(*lines: str) -> bytes:
    """Lines in a font whose letters are little pages: it names a size of 0.24 points, and draws what is 46 times as large."""
    codes = sorted({ord(char) for line in lines for char in line})
    widths = " ".join(str(27 if code in codes else 0) for code in range(codes[0], codes[-1] + 1))
    names = " ".join(f"{code} /{name_of(code)}" for code in codes)
    letters = [b"27 0 d0 BT /H 45 Tf (%c) Tj ET" % code for code in codes]
    procedures = " ".join(f"/{name_of(code)} {6 + at} 0 R" for at, code in enumerate(codes))
    font = (
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 -20 60 60] /FontMatrix [1 0 0 1 0 0] /FirstChar {codes[0]} /LastChar {codes[-1]} "
        f"/Widths [{widths}] /Encoding << /Type /Encoding /Differences [{names}] >> /CharProcs << {procedures} >> "
        f"/Resources << /Font << /H << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >> >>"
    )
    shown = " ".join(f"1 0 0 1 72 {700 - 13 * at} Tm ({line}) Tj" for at, line in enumerate(lines))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /P 5 0 R >> >> >>"
    )
    content = stream(f"BT /P 0.24 Tf {shown} ET".encode())
    return file_of(CATALOG, PAGES, page, content, font.encode(), *(stream(letter) for letter in letters))


def name_of(code: int) -> str:
    """What fonts call the sign of a code."""
    return {32: "space", 44: "comma", 46: "period"}.get(code, chr(code))


def test_a_page_in_a_font_of_pictures_is_read() -> None:
    """As older programs wrote them: what counts is how large the letters are drawn, and not what their font says."""
    text = read_pdf(in_pictures(*PICTURED))
    assert quotes(text) == list(PICTURED)
    assert not text.warnings


def test_a_note_is_its_words_without_its_mark() -> None:
    """What was cited with the mark is found; the beginning of a word is no mark, and each note is by itself."""
    assert unnumbered("4To show why the boats sank") == "To show why the boats sank"
    assert unnumbered("3. On peut compter les bateaux.") == "On peut compter les bateaux."
    assert unnumbered("31st Meeting of Sailors, 2017") == "31st Meeting of Sailors, 2017"
    text = assemble([Block("note", "The boats sank.", size=8.0)], reader="test", title=None, page_count=1)
    for former in ("4The boats sank.", "∗ The boats sank.", "12. The boats sank."):
        evidence = Evidence(1, 0, len(former), sha256_text(former), ())
        assert Quoter(text).quote(evidence).sentence == text.sentences[0]


def listed(step: float) -> FPDF:
    """A page with a paragraph of twelve lines that are so many points apart."""
    made = FPDF(unit="pt", format=(595, 842))
    made.add_page()
    made.set_font("Times", size=10)
    for line in range(12):
        end = "and" if line % 2 else "Then"
        made.text(
            90,
            90 + step * line,
            f"the boats of the harbour were counted by hand, their ropes were measured twice, {end}",
        )
    made.text(90, 90 + step * 12, "Lisbon was reached.")
    return made


@pytest.mark.parametrize("step", [12, 24])
def test_lines_of_a_paragraph_are_one_however_wide_they_are_set(step: int) -> None:
    """Manuscripts leave room for remarks; a capital at the beginning of a line begins no sentence there."""
    assert len(quotes(read_pdf(bytes(listed(step).output())))) == 1


def test_a_label_in_a_font_of_its_own_is_no_part_of_its_definition() -> None:
    """By its font, and by the lines under it, which are indented; with a mark behind it, it is part of the sentence."""
    made = listed(12)
    for at, (label, mark) in enumerate((("harbour.count", ""), ("harbour.sail", ":"))):
        made.set_font("Courier", size=10)
        made.text(90, 300 + 40 * at, label + mark)
        made.set_font("Times", size=10)
        made.text(
            96 + 6 * len(label + mark), 300 + 40 * at, "Returns the number of all boats that are in the harbour at"
        )
        made.text(115, 312 + 40 * at, "noon, without those of the fishermen.")
    assert quotes(read_pdf(bytes(made.output())))[-2:] == [
        "Returns the number of all boats that are in the harbour at noon, without those of the fishermen.",
        "harbour.sail: Returns the number of all boats that are in the harbour at noon, without those of the fishermen.",
    ]


def entry(page: apart.Page, label: str, style: str, room: float, said: str) -> None:
    """An entry of a list: its label, some room, and what is said of it, in lines that are indented under the label."""
    right = page.text(label, style=style)
    page.prose.append(said)
    words, first = said.split(), list[str]()
    page.pdf.set_font("Times", "", 10)
    while words and right + room + page.pdf.get_string_width(" ".join([*first, words[0]])) < apart.LEFT + apart.WIDTH:
        first.append(words.pop(0))
    page.line(" ".join(first), x=right + room)
    page.wrapped(" ".join(words), x=apart.LEFT + 20, width=apart.WIDTH - 20)


def test_all_that_is_citable_is_a_sentence_and_all_sentences_are_citable() -> None:
    """Among dropped capitals, labels, items, code in the typeface of the text, headings amid their column, and an imprint."""
    page = apart.opened()
    page.prose += (said := [apart.sentence(2), apart.sentence(3)])
    page.pdf.set_font("Times", "", 28)
    page.pdf.text(apart.LEFT, page.y + apart.LINE, "R")
    page.wrapped(" ".join(said).removeprefix("R"), x=apart.LEFT + 21, width=apart.WIDTH - 21)
    page.y += 6
    page.paragraph(apart.sentence(4), "It weighs the boats and the ropes of each harbour with these words:")
    page.prose[-1] += " [code]"
    for words in ("total is boat weight", "print total by harbour", "for boat in boats", "end"):
        page.line(words, x=apart.LEFT + 20)
    page.y += 6
    page.paragraph(apart.sentence(5))
    page.prose += (items := ["- ropes of each older harbour", "- the sails that were mended twice"])
    for item in items:
        page.line(item, x=apart.LEFT + 12)
        page.y += 12
    entry(page, "Weights.", "B", 4, apart.sentence(6))
    entry(page, "Tides of Rome", "", 6, apart.sentence(7))
    entry(page, "sail area", "", 6, apart.sentence(8))
    page.y += 6
    page.line(title := "II. Of Ropes and of Boats", x=306 - page.pdf.get_string_width(title) / 2)
    page.y += 6
    page.paragraph(*map(apart.sentence, range(9, 15)))
    page.y = 740
    page.line("Sent to the harbour office on Friday", size=8)
    text = read_pdf(page.bytes())
    assert quotes(text) == page.prose
    assert {text.quote(one) for one in text.sentences if one.kind == "heading"} >= {title, "sail area", "Weights."}
    assert false_runs([text.pages[0]], text) == ()


def test_a_sentence_that_was_cited_with_its_label_is_found_again() -> None:
    """Readers before took the label of an entry for its first words."""
    page = apart.opened()
    for label, number in (("Tides of Rome", 2), ("sail area", 3)):
        entry(page, label, "", 6, apart.sentence(number))
    page.paragraph(*map(apart.sentence, range(9, 15)))
    text = read_pdf(page.bytes())
    cited = f"sail area {apart.sentence(3)}"
    found = Quoter(text).quote(Evidence(1, 0, len(cited), sha256_text(cited)))
    assert found.words == cited
