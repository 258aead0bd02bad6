"""Nothing goes in, a real PDF comes out in which prose and what stands apart from it take turns.

Each sentence of the running text is numbered and all of them are known, so
that a reader can be asked for those and no other: between them stand tables,
figures, prompts in frames, code, algorithms, formulas and matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fpdf import FPDF

LEFT, WIDTH = 72.0, 468.0
LINE = 12.0
"""Points from baseline to baseline."""


@dataclass
class Page:
    """A page that is set from above to below. ``prose`` are the sentences of its running text, as they were written."""

    pdf: FPDF = field(default_factory=lambda: FPDF(unit="pt", format=(612, 792)))
    y: float = 72.0
    prose: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    """All that was set, in order."""

    def __post_init__(self) -> None:
        self.pdf.set_auto_page_break(False)
        self.turn()

    def turn(self) -> None:
        """Go on with the next page."""
        self.pdf.add_page()
        self.y = 72.0

    def text(self, words: str, x: float = LEFT, size: float = 10, font: str = "Times", style: str = "") -> float:
        """Set words at the height that has been reached; where they end."""
        self.pdf.set_font(font, style, size)
        self.pdf.text(x, self.y, words)
        self.printed.append(words)
        return x + float(self.pdf.get_string_width(words))

    def line(self, words: str, x: float = LEFT, size: float = 10, font: str = "Times", style: str = "") -> None:
        """Set a line."""
        self.text(words, x, size, font, style)
        self.y += LINE

    def wrapped(self, words: str, x: float = LEFT, width: float = WIDTH, size: float = 10, font: str = "Times") -> None:
        """Set words in lines, from edge to edge but for the last."""
        self.pdf.set_font(font, size=size)
        now = ""
        lines = []
        for word in words.split():
            if now and self.pdf.get_string_width(f"{now} {word}") > width:
                lines.append(now)
                now = word
            else:
                now = f"{now} {word}".strip()
        for text in lines:
            self._justified(text, x, width, size, font)
        self.line(now, x, size, font)

    def _justified(self, text: str, x: float, width: float, size: float, font: str) -> None:
        self.pdf.set_font(font, size=size)
        gaps = text.count(" ")
        self.pdf.set_char_spacing(0)
        room = width - self.pdf.get_string_width(text)
        at = x
        for word in text.split():
            self.pdf.text(at, self.y, word)
            at += self.pdf.get_string_width(word + " ") + room / max(1, gaps)
        self.printed.append(text)
        self.y += LINE

    def paragraph(self, *sentences: str) -> None:
        """Set sentences of the running text."""
        self.prose += sentences
        self.wrapped(" ".join(sentences))
        self.y += 6

    def rule(self, left: float = LEFT, right: float = LEFT + WIDTH) -> None:
        """Draw a rule across what is set."""
        self.pdf.line(left, self.y - 8, right, self.y - 8)
        self.y += 4

    def heading(self, words: str) -> None:
        """Set a heading."""
        self.y += 8
        self.line(words, size=13, style="B")
        self.y += 4

    def bytes(self) -> bytes:
        """The document."""
        return bytes(self.pdf.output())


def sentence(number: int) -> str:
    """A sentence of our own that is like no other and longer than a line."""
    things = ("harbour", "lantern", "orchard", "kettle", "meadow", "compass", "ladder", "willow")
    return (
        f"Remark {number} states that the {things[number % 8]} of the village near place {number * 7 + 3} was painted before the "
        f"{things[(number * 3 + 1) % 8]} was moved to the other side of the square by its owners."
    )


def opened() -> Page:
    """A page with a title, an abstract and a first section."""
    page = Page()
    page.line("On Things That Stand Apart", size=17, style="B")
    page.y += 8
    page.line("A. Author", size=11)
    page.heading("Abstract")
    page.paragraph(sentence(0), sentence(1))
    page.heading("1 Introduction")
    return page


def framed(page: Page) -> None:
    """A prompt in a frame: whole sentences, from edge to edge, in the type of the running text."""
    top = page.y
    page.y += 14
    for words in ("You are asked to describe a picture.", "Answer with one sentence, and do not mention the frame."):
        page.wrapped(f"{words} " * 2, x=LEFT + 8, width=WIDTH - 16)
    page.pdf.rect(LEFT, top - 8, WIDTH, page.y - top + 4)
    page.y += 16


def filled(page: Page) -> None:
    """A dialogue on a grey ground."""
    top = page.y
    page.pdf.set_fill_color(235, 235, 235)
    page.pdf.rect(LEFT, top - 8, WIDTH, 70, "F")
    page.y += 8
    for words in (
        "User: Could you tell me what is on this picture?",
        "Assistant: A boat lies at the quay. It is blue.",
    ):
        page.line(words, x=LEFT + 8)
    page.y = top + 82


def code(page: Page) -> None:
    """Code in a typewriter face, whose comment is a sentence."""
    for words in ("# This returns the number of all boats.", "def count(boats):", "    return len(boats)"):
        page.line(words, size=9, font="Courier")
    page.y += 8


def algorithm(page: Page) -> None:
    """An algorithm between rules, under its caption."""
    page.rule()
    page.y += 4
    page.line("Algorithm 1: How the boats are counted.")
    page.rule()
    page.y += 6
    for number, words in enumerate(("We look at each boat in turn.", "It is counted when it floats."), start=1):
        page.line(f"{number}: {words}", x=LEFT + 12)
    page.rule()
    page.y += 14


def table(page: Page, number: int = 1) -> None:
    """A table with rows of words, and its caption right below, as close as a row."""
    page.rule()
    page.y += 6
    for cells in (("Model", "Data", "Score"), ("Boat", "All of the harbour.", "71.2"), ("Raft", "None of it.", "12.9")):
        for x, cell in zip((LEFT + 6, LEFT + 160, LEFT + 380), cells, strict=True):
            page.text(cell, x=x, size=9)
        page.y += LINE
    page.rule()
    page.y += 8
    page.line(f"Table {number}: What the models reach on boats and rafts.", size=9)
    page.y += 12


def figure(page: Page, number: int = 1) -> None:
    """A drawing of its own within the page, whose labels are sentences, and a caption."""
    top = page.y
    with page.pdf.local_context():
        page.pdf.set_fill_color(220, 230, 250)
        page.pdf.rect(LEFT + 40, top - 6, 320, 90, "F")
    page.y += 12
    page.line("The boat is seen here.", x=LEFT + 60, size=8, font="Helvetica")
    page.line("The quay is behind it.", x=LEFT + 60, size=8, font="Helvetica")
    page.y = top + 100
    page.line(f"Figure {number}: A boat, as it lies at the quay.", size=9)
    page.y += 12


def formula(page: Page, sign: str = "L = x + y ,") -> None:
    """A formula on a line of its own, with its number."""
    page.y += 10
    page.text(sign, x=LEFT + 200)
    page.text("(1)", x=LEFT + WIDTH - 14)
    page.y += 24
