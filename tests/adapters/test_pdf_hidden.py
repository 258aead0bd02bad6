"""What nobody sees on a page is not read, and what people see is: on pages whose truth is known by how they were made."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from survey_extract.adapters.pdf.hidden import Hidden
from survey_extract.adapters.pdf.patterns import pages_with_patterns
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.adapters.pdf.seen import quotes_seen
from survey_extract.adapters.pdf.words import MARK
from survey_extract.core.paper_text import PaperText
from tests.papers.hostile import CATALOG, FONT, ORDER, PAGES, SEEN, file_of, stream
from tests.papers.layouts import TRACELESS, TRICKS, layout

SEEDS = 300
"""The rules were tried on seeds from 1,000 on."""
_CHUNK = 25


def words(text: PaperText) -> Counter[str]:
    return Counter(re.findall(r"\w+", " ".join(text.quote(sentence) for sentence in text.sentences).lower()))


@pytest.mark.parametrize("first", range(0, SEEDS, _CHUNK))
def test_of_random_pages_what_is_seen_is_read_and_nothing_else(first: int) -> None:
    """No hidden word is in any sentence, whatever its kind; every visible one is, as often as it stands there; no word is marked."""
    for seed in range(first, first + _CHUNK):
        page = layout(seed)
        found = words(read_pdf(page.data))
        assert not [word for word in page.hidden if found[word]], (seed, page.ground, page.tricks)
        assert not Counter(page.seen) - found, (seed, page.ground, page.tricks)
        assert not found["unseen"], (seed, page.ground, page.tricks)


def test_the_random_pages_hide_what_they_say_and_in_every_way() -> None:
    """Drawn at 288 dots an inch, a page is the same without its hidden words, but for two ways that leave a trace nobody sees."""
    pages = [layout(seed) for seed in range(SEEDS)]
    assert {trick for page in pages for trick in page.tricks} == set(TRICKS)
    traceless = [page for page in pages if set(page.tricks) <= TRACELESS]
    for page in traceless[::5]:
        assert np.array_equal(drawn(page.data), drawn(page.without)), page.tricks


def drawn(data: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    document = pdfium.PdfDocument(data)
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = document[0].render(scale=4).to_numpy().copy()
    document.close()
    return picture


def page_of(*behind: str, font: bytes = FONT, resources: bytes = b"", objects: tuple[bytes, ...] = ()) -> bytes:
    """A page with the visible sentences, and behind them what is given, in the language of PDF; objects count from 6."""
    shown = "BT /F 11 Tf 72 690 Td 20 TL " + " ".join(f"({sentence}) Tj T*" for sentence in SEEN) + " ET"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> "
    content = "\n".join([shown, *behind]).encode("latin-1")
    return file_of(CATALOG, PAGES, page + resources + b" >> >>", stream(content), font, *objects)


def said(data: bytes) -> str:
    """What is read behind the visible sentences."""
    text = read_pdf(data)
    return " ".join(text.quote(sentence) for sentence in text.sentences).partition(SEEN[-1])[2]


# --- parts of words -------------------------------------------------------------------------------

WIDTHS = {" ": 278, ".": 278, "9": 556, "T": 611, "h": 556, "e": 556, "s": 500, "c": 500, "o": 556, "r": 333, "i": 222,
          "m": 833, "d": 556, "l": 222, "n": 556, "t": 278, "a": 556, "8": 556, "7": 556, "w": 722, "f": 278, "u": 556}  # fmt: skip


def covered(sentence: str, first: int, end: int) -> str:
    """A sentence in Helvetica with a white box over its letters from one to another."""
    left, right = (72 + 12 * sum(WIDTHS[letter] for letter in sentence[:at]) / 1000 for at in (first, end))
    return f"BT /F 12 Tf 72 400 Td ({sentence}) Tj ET 1 g {left + 0.2:.2f} 396 {right - left - 0.4:.2f} 14 re f"


def test_a_cover_over_a_whole_word_takes_that_word_alone() -> None:
    """ "not trained" of which "not" is covered is "trained": what the page shows."""
    sentence = "The model is not trained on all of the data in the end."
    start = sentence.index("not")
    assert "The model is trained on all of the data in the end." in said(page_of(covered(sentence, start, start + 3)))


@pytest.mark.parametrize(
    ("word", "letters"), [("98.7", (0, 1)), ("98.7", (1, 2)), ("untrained", (0, 2)), ("less", (1, 4))]
)
def test_a_word_of_which_a_letter_is_covered_is_not_read(word: str, letters: tuple[int, int]) -> None:
    """Neither the word nor what is left of it is a word of the page; a mark stands where it was."""
    sentence = f"The model loses {word} of the score in the end."
    start = sentence.index(word)
    read = said(page_of(covered(sentence, start + letters[0], start + letters[1])))
    assert f"The model loses {MARK} of the score in the end." in read
    left_over = word[: letters[0]] + word[letters[1] :]
    assert not {word, left_over} & set(re.findall(r"[\w.]+", read))


def test_every_single_letter_counts() -> None:
    """Whichever letter of a word is covered, the word is not read."""
    sentence = "The model is trained on all of the data in the end."
    start = sentence.index("trained")
    for place in range(len("trained")):
        read = said(page_of(covered(sentence, start + place, start + place + 1)))
        assert f"is {MARK} on" in read, place
        assert "trained on" not in read


def test_thin_marks_are_seen_wherever_they_stand() -> None:
    """Minus signs, points, bars and dots in small letters on a shaded row: no word with one is taken for hidden."""
    for size, grey in ((5, 0.9), (6, 0.8), (8, 0.95), (10, 0.75)):
        row = "-0.5 i.e. |x| 1.7% l:1 a,b (-3) e^-5 ~2 its I,l"
        page = page_of(f"{grey} g 60 390 480 20 re f 0 g BT /F {size} Tf 72 400 Td ({row}) Tj ET")
        assert row in said(page), (size, grey)


# --- letters on one another -----------------------------------------------------------------------


def test_what_is_printed_over_a_hidden_word_does_not_vouch_for_it() -> None:
    """Words under a box with other words of the same length on it, letter over letter, in every pairing of ten words."""
    pairs = list(pairwise(["obey", "good", "ever", "here", "none", "come", "with", "they", "mean", "best"]))
    for number, (hidden, shown) in enumerate(pairs):
        under = f"The answer {hidden} is in this line of the text here."
        over = f"The answer {shown} is in this line of the text here."
        page = page_of(
            f"BT /F 11 Tf 72 400 Td ({under}) Tj ET 1 g 60 390 480 24 re f 0 g BT /F 11 Tf 72 400 Td ({over}) Tj ET"
        )
        read = said(page)
        assert f"The answer {shown} is in this line" in read, number
        assert hidden not in read.split(), number


def picture_of(sentence: str) -> tuple[bytes, int, int]:
    """A sentence as a picture, black on white, and its size."""
    font = ImageFont.load_default(44)
    width = int(font.getlength(sentence)) + 8
    picture = Image.new("L", (width, 60), 255)
    ImageDraw.Draw(picture).text((4, 4), sentence, fill=0, font=font)
    header = b"/Type /XObject /Subtype /Image /Width %d /Height 60 /ColorSpace /DeviceGray /BitsPerComponent 8 " % width
    return stream(picture.tobytes(), header), width, 60


def test_a_picture_of_other_words_does_not_vouch_for_hidden_ones() -> None:
    """The order under a picture of a sentence, moved by a point at a time: no word of it is read."""
    picture, width, height = picture_of(
        "The picture says something else to all of its readers, and it goes on for long enough."
    )
    for moved in range(8):
        order = f"BT /F 11 Tf {72 + moved} {400 + moved / 3:.1f} Td ({ORDER}) Tj ET"
        image = f"q {width / 4:.1f} 0 0 {height / 4:.1f} 72 398 cm /I Do Q"
        page = page_of(order, image, resources=b"/XObject << /I 6 0 R >>", objects=(picture,))
        read = said(page)
        assert not [word for word in re.findall(r"\w{4,}", ORDER) if word in read], moved


def test_the_same_words_as_shapes_over_their_text_are_seen() -> None:
    """A publisher that draws its letters as shapes over an invisible text shows them: nothing is called hidden."""
    sentence = "These words are drawn as a picture over their own text here."
    made = pdfium.PdfDocument(page_of(f"BT /F 11 Tf 72 400 Td ({sentence}) Tj ET"))
    drawn_large = made[0].render(scale=6, grayscale=True).to_pil()
    left, top = 6 * 60, 6 * (792 - 415)
    cut = drawn_large.crop((left, top, left + 6 * 400, top + 6 * 24))
    header = b"/Type /XObject /Subtype /Image /Width 2400 /Height 144 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    shown = "q 400 0 0 24 60 391 cm /I Do Q"
    for text in (f"BT 3 Tr /F 11 Tf 72 400 Td ({sentence}) Tj ET", f"BT /F 11 Tf 72 400 Td ({sentence}) Tj ET"):
        page = page_of(text, shown, resources=b"/XObject << /I 6 0 R >>", objects=(stream(cut.tobytes(), header),))
        read = read_pdf(page)
        assert sentence in " ".join(read.quote(one) for one in read.sentences)
        assert not read.warnings


# --- what a file says of its own letters ----------------------------------------------------------


def test_what_the_file_says_to_read_instead_is_not_read_but_said() -> None:
    """``/ActualText``: the letters count; other words are warned of, the same in another spelling are not."""
    sentence = "The first of the efficient systems is described in this line."
    for instead, warned in ((ORDER, True), (sentence.replace("ffi", "\\uFB03"), False)):
        text = instead.encode("latin-1").decode("unicode_escape").encode("utf-16").hex()
        page = page_of(f"/Span << /ActualText <{text}> >> BDC BT /F 11 Tf 72 400 Td ({sentence}) Tj ET EMC")
        read = read_pdf(page)
        whole = " ".join(read.quote(one) for one in read.sentences)
        assert sentence in whole
        assert ORDER not in whole
        assert bool(read.warnings) == warned, read.warnings
        assert not warned or "page 1: the file says to read other words" in read.warnings[0]


def test_patterns_are_found_however_their_name_is_spelt() -> None:
    """Plain, by numbers, in a packed part; a file without any has no such page, one that cannot be unpacked has all."""
    plain = page_of(
        "q /C cs 0 /P scn Q", resources=b"/Pattern << /P 6 0 R >>", objects=(stream(b"", b"/PatternType 1 "),)
    )
    assert pages_with_patterns(plain, 1, encrypted=False) == {0}
    assert pages_with_patterns(plain.replace(b"/PatternType", b"/#50atternTyp#65"), 1, encrypted=False) == {0}
    assert pages_with_patterns(page_of(), 1, encrypted=False) == frozenset()
    odd = page_of(resources=b"/Pattern << /P null >>", objects=(stream(b"", b"/Type /ObjStm /Filter /LZWDecode "),))
    assert pages_with_patterns(odd.replace(b"BT /F 11", b"scn /F 11"), 1, encrypted=False) == {0}


@pytest.mark.parametrize("first", range(0, SEEDS, _CHUNK))
def test_a_reader_that_leaked_would_be_found_out_by_the_look_at_its_evidence(first: int, tmp_path: Path) -> None:
    """Of hidden words as quotes none is seen, whatever hides them; each visible word is. No reader has a part in it."""
    path = tmp_path / "page.pdf"
    for seed in range(first, first + _CHUNK):
        page = layout(seed)
        path.write_bytes(page.data)
        hidden = [" ".join(page.hidden[at : at + 4]) for at in range(0, len(page.hidden), 4)]
        visible = sorted(set(page.seen))
        quotes = [*hidden, *visible]  # the page is drawn once for all of them
        sights = [seen.sight for seen in quotes_seen(path, 1, quotes)]
        assert "seen" not in sights[: len(hidden)], (seed, page.tricks)
        assert sights[len(hidden) :] == ["seen"] * len(visible), (seed, page.tricks)


def test_a_quote_is_looked_for_where_it_goes_on(tmp_path: Path) -> None:
    """A sentence that ends on another page is seen when both parts are; words of another document are not seen anywhere."""
    sheet = FPDF()
    sheet.set_font("helvetica", size=11)
    for line in (
        "The harbour pilot boards every vessel that carries",
        "timber, copper or cotton before the tide has turned.",
    ):
        sheet.add_page()
        sheet.cell(text=line)
    path = tmp_path / "two.pdf"
    path.write_bytes(bytes(sheet.output()))
    quotes = (
        "The harbour pilot boards every vessel that carries timber, copper or cotton before the tide has turned.",
        "The harbour pilot boards no vessel whatever, and sleeps until the winter storms are over and done with.",
    )
    assert [seen.sight for seen in quotes_seen(path, 1, quotes)] == ["seen", "differs"]
    assert quotes_seen(path, 2, ["Nothing of this was ever printed."])[0].sight == "empty"


def test_one_covered_letter_is_enough(tmp_path: Path) -> None:
    """ "98.7" of which the 9 is covered is not seen, though all letters around it are."""
    sheet = FPDF()
    sheet.add_page()
    sheet.set_font("helvetica", size=11)
    sheet.text(20, 50, "It reaches 98.7 points on the harbour benchmark.")
    sheet.set_fill_color(255, 255, 255)
    sheet.rect(20 + sheet.get_string_width("It reaches "), 46, sheet.get_string_width("9"), 5, style="F")
    path = tmp_path / "nine.pdf"
    path.write_bytes(bytes(sheet.output()))
    quotes = ["It reaches 98.7 points on the harbour benchmark.", "points on the harbour benchmark."]
    assert [seen.sight for seen in quotes_seen(path, 1, quotes)] == ["differs", "seen"]


def test_a_page_has_the_size_that_it_inherits(tmp_path: Path) -> None:
    """Words at the top of a page higher than American paper are read, though all pages together say how high they are."""
    sheet = FPDF(format=(200, 400))
    sheet.set_font("helvetica", size=11)
    sheet.add_page()
    lines = [
        f"Pilot number {number} boards the vessel before the tide has turned and the harbour is closed."
        for number in range(60)
    ]
    for number, line in enumerate(lines):
        sheet.text(10, 8 + number * 6.4, line)
    text = read_pdf(bytes(sheet.output()))
    assert [text.quote(sentence) for sentence in text.citable()] == lines
    path = tmp_path / "high.pdf"
    path.write_bytes(bytes(sheet.output()))
    assert {seen.sight for seen in quotes_seen(path, 1, lines)} == {"seen"}


# --- the lettering of figures ---------------------------------------------------------------------


def lettered(content: str, glyph: str = "0 0 0.8 0.9 re f") -> tuple[bytes, ...]:
    """A form as object 6, with what it paints in a font of little pages, all of whose letters look alike."""
    names = " ".join(f"/{letter}" for letter in ascii_lowercase)
    letters = " ".join(f"/{letter} 8 0 R" for letter in ascii_lowercase)
    font = (
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 122 "
        f"/Widths [{'1 ' * 26}] /Encoding << /Differences [97 {names}] >> /CharProcs << {letters} >> /Resources << >> >>"
    )
    header = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /L 7 0 R >> >> "
    return stream(content.encode(), header), font.encode(), stream(f"1 0 0 0 1 1 d1 {glyph}".encode())


_FORM = b"/XObject << /X 6 0 R >>"
_LABELS = "BT /L 9 Tf 1 0 0 1 72 {y} Tm (layers) Tj 80 0 Td (tokens) Tj ET"


def test_the_lettering_of_a_figure_is_read_nowhere_and_costs_no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether such letters are seen is not known, so no sentence of any kind holds them; the page is not drawn for them."""
    monkeypatch.setattr(f"{Hidden.__module__}.unseen", never)
    for colour in ("0 g", "1 g"):
        text = read_pdf(page_of("/X Do", resources=_FORM, objects=lettered(f"{colour} {_LABELS.format(y=400)}")))
        read = " ".join(text.quote(sentence) for sentence in text.sentences)
        assert all(sentence in read for sentence in SEEN)
        assert not {"layers", "tokens"} & set(read.split()), colour


def never(*_: object) -> list[object]:
    raise AssertionError("a page was looked through")


def test_what_such_lettering_covers_is_not_read() -> None:
    """A letter that paints a sheet far from its place hides what is under it, however small it says it is."""
    order = f"BT /F 11 Tf 72 400 Td ({ORDER}) Tj ET"
    sheet = "-20 -20 600 80 re f"
    objects = lettered("q 1 g BT /L 1 Tf 1 0 0 1 60 380 Tm (a) Tj ET Q", sheet)
    text = read_pdf(page_of(order, "/X Do", resources=_FORM, objects=objects))
    read = " ".join(text.quote(sentence) for sentence in text.sentences)
    assert all(sentence in read for sentence in SEEN)
    assert "instructions" not in read
    assert "hidden text" in " ".join(text.warnings)


def test_a_document_that_is_set_in_forms_is_read() -> None:
    """Where most letters stand in forms, these are no figures: what shows of them is read, and letters that are all alike are not."""
    line = "BT /{font} 9 Tf 1 0 0 1 72 {y} Tm ({words}) Tj ET"
    words = "theselettersareseenbyeveryonewholooksatthepage"
    for font, is_read in (("F", True), ("L", False)):
        content = "0 g " + " ".join(line.format(font=font, y=500 - 16 * row, words=words) for row in range(20))
        form, *letters = lettered(content)
        form = form.replace(b"/Font << ", b"/Font << /F 5 0 R ")
        text = read_pdf(page_of("/X Do", resources=_FORM, objects=(form, *letters)))
        assert (words in " ".join(text.quote(sentence) for sentence in text.sentences)) == is_read, font
