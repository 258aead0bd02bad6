"""Nothing goes in, pages come out on which frames hold what authors say, or samples that are set like it.

All are set in the type of the running text, in lines that fill a frame as wide as the column: what they hold is told
by the words alone, and by names, speakers, and places for words. Each of ``OWN`` must be read as running text, each of
``SAMPLES`` must not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from tests.papers import apart
from tests.papers.apart import LEFT, WIDTH, Page

Ground = Literal["frame", "ground", "rules"]
PAD = 8.0


class Framed(NamedTuple):
    """Paragraphs in a frame; ``title`` is a line of its own in bold, ``name`` the bold begin of the first paragraph."""

    paragraphs: tuple[tuple[str, ...], ...]
    title: str = ""
    name: str = ""


_MOORED = "The boats that were moored at the new quay came back later than all of those that lay in the old harbour."
_SMALL = "Small lanterns burn longer than large ones when the wind comes from the north and the glass is whole."
_COUNTED = "We find that boats of more than nine metres are counted twice by every method that looks at masts alone."
_TABLED = "The numbers of Table 3 do not depend on the weather of the day, nor on who stood at the quay to count."
_BOUND = "Let a harbour have at least two quays. Then no boat waits for longer than the tide of the same day takes."

OWN: dict[str, Framed] = {
    "finding": Framed(((f"Finding 2: {_MOORED}", _SMALL),)),
    "bold name": Framed(((_MOORED, _SMALL),), name="Takeaway 1. "),
    "title": Framed(((_MOORED, _SMALL), (_SMALL,)), title="Key Takeaways"),
    "title of a section": Framed(((_MOORED, _SMALL),), title="Lessons learned from the harbour"),
    "theorem": Framed(((_BOUND,),), name="Theorem 1 (Quays). "),
    "definition": Framed(((_BOUND,),), name="Definition 3. "),
    "observation": Framed(((f"Observation 4: {_SMALL}", _MOORED),)),
    "voice": Framed(((_COUNTED, _SMALL),)),
    "reference": Framed(((_TABLED, _MOORED),)),
    "german": Framed(((_BOUND,),), name="Satz 2. "),
}

SAMPLES: dict[str, Framed] = {
    "prompt": Framed((("You are asked to describe a picture. Answer with one sentence, and do not mention the frame at all.", _SMALL),)),
    "request": Framed((("Describe the boats on the picture in one sentence, and list all of the masts that can be seen there.", _MOORED),)),
    "output": Framed((("The picture shows a boat that lies at the quay, and behind it a house of red stone with a small garden.", _MOORED),)),
    "output of many": Framed(((_MOORED, _SMALL), (_SMALL, _MOORED))),
    "dialogue": Framed(((f"User: Which of the boats came back late, and which of them lay there? {_MOORED}",), (f"Assistant: {_SMALL}",))),
    "speaker": Framed(((f"Model: We find that the boat is blue. {_MOORED}",),)),
    "place for words": Framed(((f"Finding: [answer here] {_MOORED}", _SMALL),)),
    "steps": Framed(((f"Thought 1: We show the boat first. {_SMALL}",), (f"Observation 1: {_MOORED}",))),
    "story": Framed((("I went to the harbour on that day, and we find the boat where it lay when the tide had gone out to sea.", _MOORED),)),
    "question": Framed(((f"{_COUNTED} Which of the boats is the largest one of them all, and who has counted it on that day?",),)),
    "summary": Framed(((f"Summary: {_MOORED}", _SMALL),)),
    "task": Framed(((f"Definition: In this task a boat is given. {_MOORED}", _SMALL),)),
    "hypothesis": Framed(((f"Hypothesis: {_MOORED}", _SMALL),)),
}  # fmt: skip


def set_frame(page: Page, framed: Framed, ground: Ground = "frame", font: str = "Times", size: float = 10) -> None:
    """Set a frame over the whole column."""
    page.y += 4
    top = page.y - 12
    paragraphs = [[*framed.name.split(), *" ".join(framed.paragraphs[0]).split()]]
    paragraphs += [" ".join(words).split() for words in framed.paragraphs[1:]]
    bold = len(framed.name.split())
    lines = [list(_lines(page, words, 0 if number else bold, font, size)) for number, words in enumerate(paragraphs)]
    bottom = top + PAD + 12 + 12 * (sum(map(len, lines)) + bool(framed.title))
    if ground == "ground":
        page.pdf.set_fill_color(226, 236, 250)
        page.pdf.rect(LEFT, top, WIDTH, bottom - top, "F")
    if ground == "frame":
        page.pdf.rect(LEFT, top, WIDTH, bottom - top)
    if ground == "rules":
        page.pdf.line(LEFT, top, LEFT + WIDTH, top)
        page.pdf.line(LEFT, bottom, LEFT + WIDTH, bottom)
    page.y += PAD
    if framed.title:
        page.line(framed.title, x=LEFT + PAD, style="B")
    for line in (line for paragraph in lines for line in paragraph):
        for word, style, x in line:
            page.text(word, x, size, font, style)
        page.y += 12
    page.y = bottom + 22


_Word = tuple[str, str, float]
"""A word with its style and its place."""


def _lines(page: Page, words: list[str], bold: int, font: str, size: float) -> Iterator[list[_Word]]:
    """Words in lines from edge to edge but for the last, the first of them bold."""
    line: list[tuple[str, str, float]] = []
    end = 0.0
    for number, word in enumerate(words):
        style = "B" if number < bold else ""
        page.pdf.set_font(font, style, size)
        width, space = page.pdf.get_string_width(word), page.pdf.get_string_width(" ")
        if line and end + space + width > WIDTH - 2 * PAD:
            yield _justified(line, WIDTH - 2 * PAD - end)
            line, end = [], 0.0
        at = end + space if line else 0.0
        line.append((word, style, LEFT + PAD + at))
        end = at + width
    yield line


def _justified(line: list[_Word], room: float) -> list[_Word]:
    gaps = max(1, len(line) - 1)
    return [(word, style, x + room * number / gaps) for number, (word, style, x) in enumerate(line)]


def with_frame(framed: Framed, ground: Ground = "frame", font: str = "Times", size: float = 10) -> Page:
    """A paper with a frame between two paragraphs."""
    page = apart.opened()
    page.paragraph(apart.sentence(2), apart.sentence(3))
    set_frame(page, framed, ground, font, size)
    page.paragraph(apart.sentence(4), apart.sentence(5))
    page.heading("2 Method")
    page.paragraph(*map(apart.sentence, range(6, 12)))
    return page
