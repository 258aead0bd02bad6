"""Nothing goes in, real PDFs come out, each with one table of a kind that is hard to read, and what its rows must say.

Of each kind all rows are known as sentences. A reader may leave out those of ``UNSURE``; of ``KINDS`` it must give all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from fpdf import FPDF

LEFT, TOP, PITCH, SIZE = 60.0, 100.0, 14.0, 10.0
Align = Literal["left", "middle", "right"]


@dataclass
class Sheet:
    """A page with a caption, on which words and lines are set by hand; heights count from the caption in lines."""

    caption: str = "Table 1: What was counted at the quay."
    said: list[str] = field(default_factory=list)
    pdf: FPDF = field(default_factory=lambda: FPDF(unit="pt", format=(500, 400)))

    def __post_init__(self) -> None:
        self.pdf.set_auto_page_break(False)
        self.pdf.add_page()
        self.put(self.caption, LEFT, -1.6)

    def put(self, text: str, x: float, line: float, align: Align = "left", size: float = SIZE) -> None:
        """Set words whose left edge, middle or right edge is at ``x``."""
        self.pdf.set_font("Times", size=size)
        wide = float(self.pdf.get_string_width(text))
        shift = {"left": 0.0, "middle": wide / 2, "right": wide}[align]
        self.pdf.text(x - shift, TOP + line * PITCH, text)

    def row(self, line: float, places: Sequence[float], texts: Sequence[str], align: Align = "middle") -> None:
        """A label at the left edge, and words at places."""
        for number, (x, text) in enumerate(zip((LEFT, *places), texts, strict=True)):
            self.put(text, x, line, align if number else "left")

    def level(self, line: float, left: float = LEFT - 4, right: float = 400.0, width: float = 0.57) -> None:
        """A level line above the text of a line."""
        y = TOP + (line - 0.75) * PITCH
        self.pdf.set_line_width(width)
        self.pdf.line(left, y, right, y)

    def upright(self, x: float, first: float, last: float) -> None:
        self.pdf.line(x, TOP + (first - 0.72) * PITCH, x, TOP + (last + 0.2) * PITCH)

    def stroke(self, x: float, line: float, wide: float, above: float = 0.2) -> None:
        """A short thin line, some points above the baseline of a line."""
        self.pdf.set_line_width(0.4)
        y = TOP + line * PITCH - above
        self.pdf.line(x, y, x + wide, y)

    def say(self, *rows: str) -> None:
        """What its rows are as sentences."""
        self.said += (f"Table 1 | {row}" for row in rows)

    def bytes(self) -> bytes:
        return bytes(self.pdf.output())


SHIPS = (("Harbor", "12.5", "80.1", "7.5"), ("Orchard", "9.0", "77.25", "64.0"), ("Lantern", "81.0", "64.9", "5.1"))
HEADS = ("Model", "Ships", "Logs", "Ropes")
PLACES = (150.0, 220.0, 290.0)


def _body(sheet: Sheet, line: float, heads: Sequence[str] = HEADS[1:]) -> None:
    """Three rows of numbers under some headers, and the line below them."""
    for number, row in enumerate(SHIPS):
        sheet.row(line + number, PLACES, row)
        sheet.say(" | ".join((row[0], *(f"{head}: {value}" for head, value in zip(heads, row[1:], strict=True)))))
    sheet.level(line + 3)


def close_columns() -> Sheet:
    """Numbers of different widths, in the middle of columns between which no gap goes down through all rows."""
    sheet = Sheet()
    places = (140.0, 172.0, 204.0)
    rows = (
        ("Harbor", "8.5", "11010.75", "2.5"),
        ("Orchard", "12100.25", "7.5", "10050.25"),
        ("Lantern", "13100.75", "6.4", "10649.25"),
        ("Quarry", "5.75", "10430.50", "3.1"),
    )
    sheet.level(0)
    sheet.row(0, places, HEADS)
    sheet.level(1)
    for number, row in enumerate(rows, start=1):
        sheet.row(number, places, row)
        sheet.say(f"{row[0]} | Ships: {row[1]} | Logs: {row[2]} | Ropes: {row[3]}")
    sheet.level(5)
    return sheet


def sizes_beside_names() -> Sheet:
    """A name that is set once, in the middle of its rows, and sizes that end together close behind names."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, ("", *HEADS[1:]))
    sheet.level(1)
    for number, (name, size) in enumerate((("Beacon-light", "70B"), ("Beacon-right", "62B")), start=1):
        sheet.row(number, PLACES, ("", *SHIPS[0][1:]))
        sheet.put(name, LEFT, number)
        sheet.put(size, LEFT + 74, number, "right")
        sheet.say(f"{name} | {size} | Ships: 12.5 | Logs: 80.1 | Ropes: 7.5")
    sheet.level(3)
    for number, size in enumerate(("7B", "137B", "540B", "65B"), start=3):
        sheet.row(number, PLACES, ("", *SHIPS[1][1:]))
        sheet.put(size, LEFT + 74, number, "right")
        sheet.say(f"Quay | {size} | Ships: 9.0 | Logs: 77.25 | Ropes: 64.0")
    sheet.put("Quay", LEFT, 4.5)
    sheet.level(7)
    return sheet


def heads_between_uprights() -> Sheet:
    """A header over the labels and the columns beside them, told by the upright line behind them."""
    sheet = Sheet()
    places = (120.0, 160.0, 220.0, 280.0)
    sheet.level(0)
    sheet.put("All of the variants", 116, 0, "middle")
    sheet.put("At sea", 250, 0, "middle")
    sheet.row(1, places, ("Data", *HEADS[1:], "Knots"))
    sheet.level(2)
    for number, (label, *values) in enumerate(SHIPS, start=2):
        sheet.row(number, places, (label, str(number), *values))
        heads = ("All of the variants > Ships", "All of the variants > Logs", "At sea > Ropes", "At sea > Knots")
        sheet.say(" | ".join((label, *(f"{h}: {v}" for h, v in zip(heads, (str(number), *values), strict=True)))))
    sheet.upright(188, 0, 4)
    sheet.level(5)
    return sheet


def brackets_in_columns() -> Sheet:
    """Numbers, each with another in brackets that stands in a column of its own, without a header."""
    sheet = Sheet()
    places = (150.0, 182.0, 250.0, 282.0)
    sheet.level(0)
    sheet.row(0, (166.0, 266.0), ("Model", "Ships caught", "Logs caught"))
    sheet.level(1)
    for number, (label, one, other) in enumerate((row[:3] for row in SHIPS), start=1):
        sheet.row(number, places, (label, one, "(1.5)", other, "(20.5)"))
        sheet.say(f"{label} | Ships caught: {one} (1.5) | Logs caught: {other} (20.5)")
    sheet.level(4)
    return sheet


def powers() -> Sheet:
    """Numbers with a power of ten that stands a little off."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (160.0, 250.0), ("Model", "Ships", "Logs"))
    sheet.level(1)
    for number, (label, one, other) in enumerate((row[:3] for row in SHIPS), start=1):
        sheet.put(label, LEFT, number)
        sheet.put(one, 156, number, "right")
        sheet.put("\u00d7 100", 160, number)
        sheet.put(other, 250, number, "middle")
        sheet.say(f"{label} | Ships: {one} \u00d7 100 | Logs: {other}")
    sheet.level(4)
    return sheet


def folded() -> Sheet:
    """A table that was too long, folded: its headers stand there twice, beside each other."""
    sheet = Sheet()
    sheet.level(0)
    places = (130.0, 230.0, 310.0)
    sheet.row(0, places, ("Place", "Ships", "Place", "Ships"))
    sheet.level(1)
    for number, row in enumerate(
        (("Harbor", "12.5", "Mill", "3.5"), ("Orchard", "9.0", "Attic", "2.0"), ("Cellar", "7.1", "Ferry", "1.5")),
        start=1,
    ):
        sheet.row(number, places, row)
    sheet.say(
        *(f"{place} | Ships: {ships}" for place, ships in (("Harbor", "12.5"), ("Orchard", "9.0"), ("Cellar", "7.1")))
    )
    sheet.say(*(f"{place} | Ships: {ships}" for place, ships in (("Mill", "3.5"), ("Attic", "2.0"), ("Ferry", "1.5"))))
    sheet.level(4)
    return sheet  # fmt: skip


def titled() -> Sheet:
    """Words in the middle of the whole table, above its headers."""
    sheet = Sheet()
    sheet.level(0)
    sheet.put("Counted at 780 quays", (LEFT - 4 + 400) / 2, 0, "middle")
    sheet.level(1)
    sheet.row(1, PLACES, HEADS)
    sheet.level(2)
    _body(sheet, 2)
    return sheet


def figures_as_heads() -> Sheet:
    """Headers that are figures, under others that are figures, too."""
    sheet = Sheet()
    sheet.level(0)
    sheet.put("7B", PLACES[0], 0, "middle")
    sheet.put("13B", (PLACES[1] + PLACES[2]) / 2, 0, "middle")
    sheet.row(1, PLACES, ("Rank", "8", "16", "64"))
    sheet.upright(185, 0, 4)
    sheet.level(2)
    _body(sheet, 2, ("7B 8", "13B > 16", "13B > 64"))
    return sheet


def pairs_between_lines() -> Sheet:
    """Names and figures without headers, with a line beneath each row, as beneath the first."""
    sheet = Sheet()
    sheet.level(0, width=1.0)
    for number, row in enumerate((("Harbor", "67"), ("Orchard", "305"), ("Lantern", "12"), ("Furnace", "4"))):
        sheet.row(number, (150.0,), row)
        sheet.level(number + 1, width=1.0 if number == 3 else 0.57)
        sheet.say(" | ".join(row))
    return sheet


def wrapped_words() -> Sheet:
    """Labels and words of several lines, in one band, where the label says that it goes on."""
    sheet = Sheet()
    sheet.level(0, width=1.0)
    sheet.row(0, (180.0,), ("Boats", "What is asked"), "left")
    sheet.level(1)
    sheet.row(1, (180.0,), ("Sloop, Cutter, Ketch,", "Answer with one word or with one short"), "left")
    sheet.row(2, (180.0,), ("Yawl", "phrase."), "left")
    sheet.level(3)
    sheet.row(3, (180.0,), ("Raft", "Count what floats."), "left")
    sheet.level(4, width=1.0)
    sheet.say("Sloop, Cutter, Ketch, Yawl | What is asked: Answer with one word or with one short phrase.")
    sheet.say("Raft | What is asked: Count what floats.")
    return sheet


def units_and_marks() -> Sheet:
    """Units in brackets under headers, crosses for yes and no, and daggers behind names and numbers."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, ("Model", "Weight", "Deck", "Speed"))
    sheet.put("(kg)", PLACES[0], 1, "middle")
    sheet.put("(kn)", PLACES[2], 1, "middle")
    sheet.level(2)
    for number, (label, weight, deck, speed) in enumerate(
        (("Harbor*", "12.5", "\u00d7", "7.5"), ("Orchard", "9.0*", "-", "64.0"), ("Lantern", "81.0", "\u00d7", "5.1")),
        start=2,
    ):
        sheet.row(number, PLACES, (label, weight, deck, speed))
        sheet.say(f"{label} | Weight (kg): {weight} | Deck: {deck} | Speed (kn): {speed}")
    sheet.level(5)
    return sheet  # fmt: skip


def merged_first_cells() -> Sheet:
    """A name over several rows in the first column, between lines, and what they differ in beside it."""
    sheet = Sheet()
    sheet.level(0)
    places = (120.0, 200.0, 270.0)
    sheet.row(0, places, ("Model", "Port", "Ships", "Logs"))
    sheet.level(1)
    for band, name in enumerate(("Harbor", "Orchard")):
        for number, port in enumerate(("North", "South", "West")):
            line = 1 + 3 * band + number
            sheet.row(line, places, (name if number == 1 else "", port, f"{line}.5", f"{line}0.1"))
            sheet.say(f"{name} | Port: {port} | Ships: {line}.5 | Logs: {line}0.1")
        sheet.level(4 + 3 * band)
    return sheet


def turned_heads() -> Sheet:
    """Headers that run upwards."""
    sheet = Sheet()
    sheet.level(-1)
    for x, head in zip(PLACES, HEADS[1:], strict=True):
        with sheet.pdf.rotation(90, x, TOP + 0.2 * PITCH):
            sheet.put(head, x, 0.2)
    sheet.level(1)
    _body(sheet, 1)
    return sheet


def header_over_all() -> Sheet:
    """Two words over two close columns that have no headers of their own: neither is one column's."""
    sheet = Sheet()
    places = (150.0, 182.0, 290.0)
    sheet.level(0)
    sheet.row(0, (166.0, 290.0), ("Model", "Exact match", "Ropes"))
    sheet.level(1)
    for number, row in enumerate(SHIPS, start=1):
        sheet.row(number, places, row)
    sheet.level(4)
    return sheet


def without_headers() -> Sheet:
    """Lines between all rows and no headers: the first row is a row."""
    sheet = Sheet()
    rows = (
        ("Hull", "12 pt., dark, narrow"),
        ("Mast", "10 pt., dark, wide"),
        ("Sail", "11 pt., pale, narrow"),
        ("Rope", "9 pt., pale"),
    )
    for number, row in enumerate(rows):
        sheet.level(number)
        sheet.row(number, (150.0,), row)
    sheet.level(len(rows))
    return sheet


def figures_without_headers() -> Sheet:
    """The same with figures alone."""
    sheet = Sheet()
    rows = (("Length of the quay, feet", "6,423"), ("Logs", "1,602"), ("Ropes, yards", "1,230,000"), ("Masts", "252"))
    for number, row in enumerate(rows):
        sheet.level(number)
        sheet.row(number, (250.0,), row)
    sheet.level(len(rows))
    return sheet


def headers_that_change() -> Sheet:
    """Headers in the midst of rows, of which one is as before and another is not."""
    sheet = Sheet()
    rows = (
        ("Model", "Task", "Note"), ("Harbor", "sorting", "calm"), ("Orchard", "counting", "windy"),
        ("Port", "Task", "Weather"), ("North", "sorting", "rain"), ("South", "counting", "sun"), ("West", "piling", "fog"),
    )  # fmt: skip
    sheet.level(0)
    for number, row in enumerate(rows):
        sheet.row(number, (150.0, 250.0), row)
        if number in (0, 2, 3, 6):
            sheet.level(number + 1)
    sheet.say("Harbor | Task: sorting | Note: calm", "Orchard | Task: counting | Note: windy")
    return sheet


def torn_labels() -> Sheet:
    """Labels with wide spaces, that one row alone has beneath each other: they make no column."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (220.0, 300.0), ("Call", "Ships", "Logs"))
    sheet.level(1)
    for number, label in enumerate(("load", "unload", "turn", "moor"), start=1):
        sheet.row(number, (220.0, 300.0), (label, f"{number}.5", f"{number}0.1"))
        sheet.say(f"{label} | Ships: {number}.5 | Logs: {number}0.1")
    sheet.row(5, (220.0, 300.0), ("go [see] [", "5.5", "50.1"))
    sheet.put("map 7", 140.0, 5)
    sheet.level(6)
    return sheet


def fractions() -> Sheet:
    """Labels that are fractions, their parts above each other."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (150.0,), ("Angle", "Sine"))
    sheet.level(1.4)
    for number, (above, beneath) in enumerate((("x", "2"), ("3x", "2"), ("5x", "4")), start=1):
        line = 2.0 * number
        sheet.put(above, LEFT, line - 0.28, size=6)
        sheet.put(beneath, LEFT, line + 0.2, size=6)
        sheet.put(f"0.{number}", 150.0, line, "middle")
    sheet.level(7.5)
    return sheet


def lengths_without_headers() -> Sheet:
    """Lengths with their units, between lines above and below, and no headers: the first row is a row."""
    sheet = Sheet()
    rows = (("Hull", "0.2pt"), ("Mast", "9mm"), ("Sail", "1mm minus 0.5mm"), ("Rope", "-20mm"), ("Plank", "5mm"))
    for number, row in enumerate(rows):
        sheet.row(number, (250.0,), row, "left")
    for line in (0, 1, 3, len(rows)):
        sheet.level(line)
    return sheet


def rest_of_a_cell() -> Sheet:
    """Words that go on in the last column, where figures are looked for, head none of the rows below."""
    sheet = Sheet()
    places = (130.0, 300.0)
    sheet.level(0)
    sheet.row(0, places, ("Key", "Meaning", "Default"), "left")
    sheet.level(1)
    rows = (("ship", "0"), ("log", "10"), ("rope", "twelve plus six"), ("mast", "2"), ("sail", "7"), ("hull", "4"))
    lines = (1, 2, 3, 5, 6, 7)
    for line, (label, value) in zip(lines, rows, strict=True):
        sheet.row(line, places, (label, f"What a {label} is", value), "left")
        if label != "rope":
            sheet.say(f"{label} | Meaning: What a {label} is | Default: {value}")
    sheet.put("minus nine", places[1], 4)
    sheet.level(8)
    return sheet


def cut_at_the_end() -> Sheet:
    """No line at the end, and the last cell of the only row before it goes on: it is not said without its rest."""
    sheet = Sheet()
    places = (130.0, 220.0)
    sheet.level(0)
    sheet.row(0, places, ("Key", "Default", "Meaning"), "left")
    sheet.level(1)
    sheet.row(1, places, ("ship", "0.04em", "width of the ropes above ships and"), "left")
    sheet.put("small rafts", places[1], 1.8)
    sheet.row(3.2, places, ("log", "0.06em", "width of a log"), "left")
    return sheet


def letters_of_notes() -> Sheet:
    """Raised letters behind names and numbers are the marks of notes, and no letters of theirs."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, HEADS, "left")
    sheet.level(1)
    for number, (label, *values) in enumerate(SHIPS, start=1):
        sheet.row(number, PLACES, (label, *values), "left")
        for x, text in ((LEFT, label), (PLACES[0], values[0])):
            sheet.pdf.set_font("Times", size=SIZE)
            sheet.put("b", x + sheet.pdf.get_string_width(text) + 0.3, number - 0.28, size=6)
        sheet.say(f"{label}ᵇ | Ships: {values[0]}ᵇ | Logs: {values[1]} | Ropes: {values[2]}")
    sheet.level(4)
    return sheet


def words_between_lines() -> Sheet:
    """Lines of one kind between all rows, words and scores, and no headers: the first team is no header of the others."""
    sheet = Sheet()
    rows = (("1", "Harbor", "12:0"), ("2", "Orchard", "11:1"), ("3", "Lantern", "10:2"), ("4", "Anchor", "9:3"))
    for number, row in enumerate(rows):
        sheet.level(number)
        sheet.row(number, (120.0, 220.0), row, "left")
    sheet.level(len(rows))
    return sheet


def blocks_without_headers() -> Sheet:
    """Three rows, a line, and more rows: nothing is a header."""
    sheet = Sheet()
    rows = (
        ("framed", "draws a line"),
        ("wide", "has more room"),
        ("calm", "does not move"),
        ("l", "left of the ships"),
        ("r of it", "right"),
    )
    for number, row in enumerate(rows):
        sheet.row(number, (150.0,), row, "left")
    for line in (0, 3, 5):
        sheet.level(line, width=0.57 if line == 3 else 1.0)
    return sheet


def spaces_in_cells() -> Sheet:
    """Words of one cell that stand apart in the only row that has several: they are no columns."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (150.0, 330.0), ("Key", "New value", "Old value"), "left")
    sheet.level(1)
    for number, (label, value) in enumerate((("ship", "20 knots"), ("log", "9 knots"), ("rope", "7 knots")), start=1):
        sheet.row(number, (150.0, 330.0), (label, value.split()[0], "0"), "left")
        for x, text in ((175.0, "plus"), (205.0, "2"), (225.0, "minus"), (260.0, "2")):
            sheet.put(text if number == 2 else "", x, number)
    sheet.level(4)
    return sheet


def beyond_the_frame() -> Sheet:
    """A cell that goes on beyond the lines of its table: without its end it is not said."""
    sheet = Sheet()
    sheet.level(0, right=250.0)
    sheet.row(0, (150.0,), ("Key", "Meaning"), "left")
    sheet.level(1, right=250.0)
    sheet.row(1, (150.0,), ("ship", "3.14159265358979 * 10000 * 2"), "left")
    sheet.row(2, (150.0,), ("log", "2.5"), "left")
    sheet.row(3, (150.0,), ("rope", "1.5"), "left")
    sheet.level(4, right=250.0)
    sheet.say("log | Meaning: 2.5", "rope | Meaning: 1.5")
    return sheet


def lines_in_the_middle() -> Sheet:
    """Short lines between the cells of some columns: what they part is no cell of several lines."""
    sheet = Sheet()
    sheet.level(0, width=1.0)
    sheet.row(0, (150.0, 260.0), ("Key", "Cargo", "Ships and logs"), "left")
    sheet.level(1)
    sheet.row(1, (150.0, 260.0), ("sloop", "small ropes", "many ships, and logs,"), "left")
    sheet.row(2, (150.0, 260.0), ("", "large ropes", "all of them old, and"), "left")
    sheet.row(3, (150.0, 260.0), ("", "large masts", "some of them wet"), "left")
    for line in (2, 3):
        sheet.level(line, 140.0, 250.0)
    sheet.level(4, width=1.0)
    return sheet


def title_of_rows() -> Sheet:
    """Words in the middle above two columns head rows, and are no header of the second column."""
    sheet = Sheet()
    sheet.level(0)
    sheet.put("Old options", 228.0, 0, "middle")
    sheet.level(1)
    rows = (("l", "to the left of the ship and its ropes"), ("cc cc", "middle"), ("r", "right"))
    for number, row in enumerate(rows, start=1):
        sheet.row(number, (110.0,), row, "left")
    sheet.level(4)
    return sheet


def one_label() -> Sheet:
    """All rows begin with the same word: it tells nothing of them."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (120.0, 300.0), ("Line", "Command", "Effect"), "left")
    sheet.level(1)
    for number, row in enumerate(
        (("file", "box of ships", "a"), ("file", "mini", "small and calm"), ("file", "text", "b")), start=1
    ):
        sheet.row(number, (120.0, 300.0), row, "left")
    sheet.level(4)
    return sheet


def rows_without_values() -> Sheet:
    """A label without a value in a table of words, set as all labels are, may be a row: it heads none that follow."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (150.0,), ("Language", "Other names"), "left")
    sheet.level(1)
    for number, row in enumerate(
        (("Dutch",), ("English", "American, British"), ("Low German there", "Low"), ("French", "Acadian")),
        start=1,
    ):
        sheet.row(number, (150.0,)[: len(row) - 1], row, "left")
    sheet.level(5)
    return sheet


def labels_at_the_right() -> Sheet:
    """Labels that end together: the first row is none of the headers, though it begins farther in than others."""
    sheet = Sheet()
    sheet.level(0)
    sheet.put("Key", 140.0, 0, "right")
    sheet.put("Value", 160.0, 0)
    sheet.put("Default", 280.0, 0)
    sheet.level(1)
    rows = (
        ("pages", "all or some of them", "all"),
        ("where the anchor is", "any", "no"),
        ("hull", "oak", "no"),
    )
    for number, (label, value, default) in enumerate(rows, start=1):
        sheet.put(label, 140.0, number, "right")
        sheet.put(value, 160.0, number)
        sheet.put(default, 280.0, number)
        sheet.say(f"{label} | Value: {value} | Default: {default}")
    sheet.level(4)
    return sheet


def lines_in_pieces() -> Sheet:
    """The line beneath the headers is drawn in pieces, one for each column."""
    sheet = Sheet()
    sheet.level(0, width=1.0)
    sheet.row(0, (200.0,), ("Key", "Values"), "left")
    sheet.level(1, LEFT - 4, 192.0)
    sheet.level(1, 197.0, 400.0)
    for number, row in enumerate(
        (("a", "quotes, guillemets"), ("english of the coast", "quotes"), ("french", "none")), start=1
    ):
        sheet.row(number, (200.0,), row, "left")
        sheet.say(f"{row[0]} | Values: {row[1]}")
    sheet.level(4, width=1.0)
    return sheet


def accents_apart() -> Sheet:
    """Accents as signs of their own, in a label and in a cell: what they stand on is not said."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, HEADS)
    sheet.level(1)
    _body(sheet, 1)
    sheet.row(4, PLACES, ("Angstr\u00a8om", "1.5", "2.5", "3.5"))
    sheet.row(5, PLACES, ("Caf", "e\u00b4", "4.5", "5.5"))
    sheet.level(6)
    return sheet


def counted_by_chapter() -> Sheet:
    """A number of two parts is the table's whole name."""
    sheet = Sheet("Table 2.3b: What was counted at the quay.")
    sheet.level(0)
    sheet.row(0, PLACES, HEADS)
    sheet.level(1)
    _body(sheet, 1)
    sheet.said = [row.replace("Table 1 ", "Table 2.3b ") for row in sheet.said]
    return sheet


def _on_its_side(angle: float) -> Sheet:
    """A whole table with its caption, turned as it stands."""
    sheet = Sheet("")
    with sheet.pdf.rotation(angle, 250, 200):
        sheet.put(Sheet.caption, LEFT, -1.6)
        sheet.level(0)
        sheet.row(0, PLACES, HEADS)
        sheet.level(1)
        _body(sheet, 1)
    return sheet


def turned_to_the_left() -> Sheet:
    """A table that runs up the page."""
    return _on_its_side(90)


def turned_to_the_right() -> Sheet:
    """A table that runs down the page."""
    return _on_its_side(-90)


def rest_of_a_label() -> Sheet:
    """A label that goes on in lower case, beside a second sentence that is as full as a row."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, (180.0,), ("Name", "Meaning"), "left")
    sheet.level(1)
    lines = (
        ("Count ropes", "Ropes are counted when they are dry, and no more than once in each"),
        ("", "of the harbors."),
        ("Count boats", "Every boat is counted."),
        ("at night", "They are counted by the light of the moon."),
        ("Sail", "The boat leaves."),
    )
    for number, line in enumerate(lines):
        sheet.row(1 + number, (180.0,), line, "left")
    sheet.level(6)
    sheet.say(
        "Count ropes | Meaning: Ropes are counted when they are dry, and no more than once in each of the harbors.",
        "Sail | Meaning: The boat leaves.",
    )
    return sheet


def row_without_cells() -> Sheet:
    """A label whose cells are all blank, and which heads nothing, between two lines."""
    sheet = Sheet()
    sheet.level(0, width=1.5)
    sheet.row(0, PLACES, HEADS)
    sheet.level(1, width=1.5)
    for number, (label, *values) in enumerate((("1x", "A", "B", "C"), ("2x", "", "", ""), ("3x", "D", "E", "F"))):
        sheet.row(1 + number, PLACES, (label, *values))
        sheet.level(2 + number)
    sheet.say("1x | Ships: A | Logs: B | Ropes: C", "3x | Ships: D | Logs: E | Ropes: F")
    return sheet


def row_for_headers() -> Sheet:
    """What goes on from the page before, without its headers: the next row has the same cells."""
    sheet = Sheet()
    for number, row in enumerate(
        (("LONG", "text or none"), ("SHORT", "text or none"), ("TINY", "number"), ("BIT", "yes"))
    ):
        sheet.level(number)
        sheet.row(number, (180.0,), row, "left")
    sheet.level(4)
    return sheet


def headers_above_the_frame() -> Sheet:
    """A header over two columns, under a line that is drawn over these alone, and between upright lines."""
    sheet = Sheet()
    sheet.level(-1, 185)
    sheet.put("Counted at night", 255, -0.75, "middle", 7)
    sheet.level(0)
    sheet.row(0, PLACES, HEADS)
    sheet.level(1)
    for number, row in enumerate(SHIPS):
        sheet.row(1 + number, PLACES, row)
    sheet.level(4)
    sheet.upright(185, -1, 3)
    return sheet


def underscores_drawn() -> Sheet:
    """Names with underscores that are drawn as short lines, as TeX draws them, and one with a space that is."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, HEADS)
    sheet.level(1)
    for number, (label, *values) in enumerate(SHIPS, start=1):
        sheet.row(number, PLACES, (label, *values))
        right = LEFT + sheet.pdf.get_string_width(label)
        sheet.stroke(right + 0.5, number, 3.4)
        sheet.put("knots", right + 4.5, number)
        sheet.say(f"{label}_knots | Ships: {values[0]} | Logs: {values[1]} | Ropes: {values[2]}")
    sheet.put("a", LEFT, 4)
    sheet.stroke(LEFT + 5, 4, 4)
    for x in (LEFT + 5, LEFT + 9):
        sheet.pdf.line(x, TOP + 4 * PITCH, x, TOP + 4 * PITCH - 1.8)
    sheet.row(4, PLACES, ("", "1.5", "2.5", "3.5"))
    sheet.put("b", LEFT + 9.6, 4)
    sheet.say("a␣b | Ships: 1.5 | Logs: 2.5 | Ropes: 3.5")
    sheet.level(5)
    return sheet


def panels() -> Sheet:
    """Two panels below each other, each with a title between lines and headers of its own."""
    sheet = Sheet()
    for first, title in ((0, "Panel A"), (5, "Panel B")):
        sheet.level(first)
        sheet.put(title, 198, first, "middle")
        sheet.level(first + 1)
        sheet.row(first + 1, PLACES, HEADS)
        sheet.level(first + 2)
        for number, (label, *values) in enumerate(SHIPS, start=first + 2):
            sheet.row(number, PLACES, (label, *values))
            sheet.say(f"{title} > {label} | Ships: {values[0]} | Logs: {values[1]} | Ropes: {values[2]}")
    sheet.level(10)
    return sheet


def errors_below() -> Sheet:
    """Under each value its error in brackets, and under each header two lines in the middle above it, beside the numbers' own."""
    sheet = Sheet()
    heads = ("First Estimate (error)", "Second Estimate (error)")
    places = (170.0, 260.0)
    sheet.level(0)
    for number, over in enumerate((("First", "Second"), ("Estimate", "Estimate"), ("(error)", "(error)"))):
        sheet.row(number, places, ("", *over))
    sheet.level(3)
    for number, (label, one, other) in enumerate((row[:3] for row in SHIPS), start=0):
        for line, words in enumerate(((label, one + "***", other), ("", "(0.15)", "(2.25)"))):
            sheet.row(3 + 2 * number + line, [x + 8 for x in places], words)
            sheet.say(f"{label} | {heads[0]}: {words[1]} | {heads[1]}: {words[2]}")
    sheet.level(9)
    return sheet


def names_beside_labels() -> Sheet:
    """A label over several rows, beside which the same names stand as beside the next."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, ("Where", "Model", "Ships", "Logs"))
    sheet.level(1)
    for first, label in ((1, "Harbor"), (3, "Orchard")):
        for number, (name, one, other) in enumerate((("owl", "1.5", "2.5"), ("elk", "3.5", "4.5"))):
            sheet.row(first + number, PLACES, ("" if number else label, name, one, other))
            sheet.say(f"{label} | Model: {name} | Ships: {one} | Logs: {other}")
    sheet.level(5)
    return sheet


def bars_over_letters() -> Sheet:
    """A bar over a letter, and a fraction: what they say is drawn, and not written."""
    sheet = Sheet()
    sheet.level(0)
    sheet.row(0, PLACES, HEADS)
    sheet.level(1)
    _body(sheet, 1)
    sheet.row(4, PLACES, ("X", "1.5", "2.5", "3.5"))
    sheet.stroke(LEFT, 4, sheet.pdf.get_string_width("X"), 8)
    sheet.row(5, PLACES, ("Y", "1.5", "", "3.5"))
    for text, lift in (("12", -4), ("17", 3.5)):
        sheet.put(text, PLACES[1], 5 + lift / PITCH, "middle", 7)
    sheet.stroke(PLACES[1] - 3.6, 5, 7.2, 2.5)
    sheet.level(6)
    return sheet


def header_of_two() -> Sheet:
    """A header that begins with one column, and may be that of the next, too."""
    sheet = Sheet()
    sheet.level(0)
    sheet.put("Spring count", 140, 0)
    sheet.row(1, (140.0, 200.0), ("", "Ships", "Logs"), "left")
    sheet.level(2)
    for number, row in enumerate(SHIPS, start=2):
        sheet.row(number, (140.0, 200.0), row[:3], "left")
    sheet.level(5)
    return sheet


def ends_of_cells() -> Sheet:
    """Between two lines a name in each of two lines, and beside them a cell that goes on in the second."""
    sheet = Sheet()
    sheet.level(0, width=1.5)
    sheet.row(0, (180.0,), ("Name", "Meaning"), "left")
    sheet.level(1)
    lines = (
        (("Sail", "The boat leaves."),),
        (
            ("Count ropes", "Ropes are counted when they are dry, and no more than once in each"),
            ("Count boats", "harbor"),
        ),
        (("Row", "The boat is rowed."),),
        (("Wait", "Nothing is done."),),
    )
    at = 1
    for band in lines:
        for line in band:
            sheet.row(at, (180.0,), line, "left")
            at += 1
        sheet.level(at)
    sheet.say(
        "Sail | Meaning: The boat leaves.", "Row | Meaning: The boat is rowed.", "Wait | Meaning: Nothing is done."
    )
    return sheet


KINDS = {
    make.__name__: make
    for make in (
        close_columns, sizes_beside_names, heads_between_uprights, brackets_in_columns, powers, folded, titled,
        figures_as_heads, wrapped_words, units_and_marks, merged_first_cells, letters_of_notes, counted_by_chapter,
        labels_at_the_right, lines_in_pieces, turned_to_the_left, turned_to_the_right,
        underscores_drawn, panels, errors_below, names_beside_labels,
    )
}  # fmt: skip
UNSURE = {
    make.__name__: make
    for make in (
        turned_heads, header_over_all, without_headers, figures_without_headers, headers_that_change, torn_labels, fractions,
        lengths_without_headers, rest_of_a_cell, cut_at_the_end, accents_apart, words_between_lines, blocks_without_headers, spaces_in_cells,
        beyond_the_frame, lines_in_the_middle, title_of_rows, one_label, rows_without_values, pairs_between_lines, rest_of_a_label,
        row_without_cells, row_for_headers, headers_above_the_frame, bars_over_letters, header_of_two, ends_of_cells,
    )
}  # fmt: skip
