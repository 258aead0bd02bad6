"""Tables of our own, made at random: what they say, and how they look as characters with rulings, or as a PDF.

One number makes one table, always the same. A table knows what must be read
from it: each row's label and its values by the path of their headers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from fpdf import FPDF

from survey_extract.adapters.pdf.glyphs import Glyphs, words_of
from survey_extract.core.tables.words import Piece, Rule
from tests.papers.make import prose

WIDTH, HEIGHT = 612.0, 792.0
Align = Literal["left", "right", "centre", "point"]
Rulings = Literal["booktabs", "grid", "columns", "none"]

_LABELS = (
    "Harbor", "Orchard", "Lantern small", "Lantern large", "Quarry + Mill", "Tide (ours)", "Bridge-XL", "Meadow v2", "Furnace",
    "Anvil w/ tools", "Cellar", "Attic", "Mill", "Ferry 7B", "Beacon base",
)  # fmt: skip
_HEADERS = ("Ships", "Logs", "Ropes", "Sails", "Knots", "Masts", "Tides", "Ports", "Crew size", "Cargo")
_PARENTS = ("Harbor tests", "Sea", "River trials")
_WORDS = ("frozen", "trained", "linear map", "two layers", "none", "from scratch")


class Ink(NamedTuple):
    """A text, where its baseline begins, in points from the lower left."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Column:
    path: tuple[str, ...]
    align: Align
    kind: str


@dataclass(slots=True)
class Made:
    """A page with its tables, and what each must say: value by label and path of headers."""

    inks: list[Ink] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    said: dict[str, dict[str, dict[tuple[str, ...], str]]] = field(default_factory=dict)

    def glyphs(self) -> Glyphs:
        texts, *columns = zip(*(glyph for ink in self.inks for glyph in _glyphs(ink)), strict=True)
        return Glyphs(np.array(texts, dtype=object), *map(np.array, columns))

    def words(self) -> list[Piece]:
        return words_of(self.glyphs())

    def moved(self, x: float, y: float, scale: float = 1.0) -> Made:
        inks = [Ink(i.text, (i.x + x) * scale, (i.y + y) * scale, i.size * scale) for i in self.inks]
        rules = [Rule(*((v + d) * scale for v, d in zip(r, (x, y, x, y), strict=True))) for r in self.rules]
        return Made(inks, rules, self.said)

    def pdf(self) -> bytes:
        pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
        pdf.add_page()
        for ink in self.inks:
            pdf.set_font("Times", size=ink.size)
            pdf.text(ink.x, HEIGHT - ink.y, ink.text)
        for rule in self.rules:
            pdf.rect(rule.left, HEIGHT - rule.top, rule.right - rule.left, rule.top - rule.bottom, style="F")
        return bytes(pdf.output())


_METRICS = FPDF(unit="pt")
_METRICS.set_font("Times", size=100)


def wide(text: str, size: float) -> float:
    return float(_METRICS.get_string_width(text.encode("latin-1", "replace").decode("latin-1"))) * size / 100


def _glyphs(ink: Ink) -> Iterator[tuple[str, float, float, float, float, bool]]:
    x, spaced = ink.x, False
    for char in ink.text:
        right = x + wide(char, ink.size)
        if not char.isspace():
            yield char, x, right, ink.y, 0.88 * ink.size, spaced
        x, spaced = right, char.isspace()


class Setter:
    """Sets one table into a page, with its upper left corner at a place."""

    def __init__(self, dice: random.Random, made: Made, label: str, size: float = 9.0) -> None:
        self.dice, self.made, self.label, self.size = dice, made, label, size
        self.gap = dice.choice((6.0, 9.0, 12.0, 18.0))
        self.rulings: Rulings = dice.choice(("booktabs", "booktabs", "grid", "columns", "none"))
        self.tall = dice.random() < 0.2
        self.columns = self._columns()
        self.rows = self._rows()

    def _columns(self) -> list[Column]:
        count = self.dice.randint(2, 6)
        names = self.dice.sample(_HEADERS, count)
        kinds = [self.dice.choice(("figure", "figure", "figure", "spread", "percent", "words")) for _ in range(count)]
        paths: list[tuple[str, ...]] = [(name,) for name in names]
        if count >= 4 and self.dice.random() < 0.5:
            cut = self.dice.randint(2, count - 2)
            first, second = self.dice.sample(_PARENTS, 2)
            paths = [((first if n < cut else second), name) for n, name in enumerate(names)]
        if self.tall:
            paths = [(*path[:-1], f"{path[-1]} (high)") if n % 2 == 0 else path for n, path in enumerate(paths)]
        aligns: tuple[Align, ...] = ("left", "right", "centre", "point")
        return [
            Column(path, self.dice.choice(aligns[:3] if kind == "words" else aligns), kind)
            for path, kind in zip(paths, kinds, strict=True)
        ]

    def _rows(self) -> list[tuple[list[str], list[str]]]:
        """Labels by line, and values; an empty value stands for a blank cell."""
        labels = self.dice.sample(_LABELS, self.dice.randint(2, 9))
        rows: list[tuple[list[str], list[str]]] = []
        for label in labels:
            lines = [label]
            if self.rulings == "grid" and self.dice.random() < 0.2:
                lines = [label, "with a second line"]
            rows.append((lines, [self._value(column.kind) for column in self.columns]))
        return rows

    def _value(self, kind: str) -> str:
        roll = self.dice.random()
        if roll < 0.08:
            return self.dice.choice(("-", ""))
        number = f"{self.dice.uniform(0, 100):.{self.dice.choice((1, 1, 2))}f}"
        if kind == "words":
            return self.dice.choice(_WORDS)
        if kind == "percent":
            return f"{number}%"
        return f"{number} \u00b1 {self.dice.uniform(0, 2):.1f}" if kind == "spread" else number

    def widths(self) -> list[float]:
        labels = [wide(line, self.size) for lines, _ in self.rows for line in lines]
        found = [max([wide("Model", self.size), wide("of two halves", self.size), *labels])]
        for number, column in enumerate(self.columns):
            own = [wide(values[number], self.size) for _, values in self.rows]
            found.append(max([wide(self.leaf(column), self.size), wide("(high)", self.size), *own]))
        return found

    def leaf(self, column: Column) -> str:
        """A column's own header, as far as it stands in the line of all of them."""
        return column.path[-1].removesuffix(" (high)")

    def width(self) -> float:
        return sum(self.widths()) + self.gap * (len(self.columns) + 1)

    def set(self, x: float, y: float, caption: str) -> float:
        """Draw the table below ``y``; what comes back is where it ends."""
        widths, pitch = self.widths(), self.size * 1.25
        total = self.width()
        lefts = [x + self.gap / 2]
        for width in widths[:-1]:
            lefts.append(lefts[-1] + width + self.gap)
        above = self.dice.random() < 0.5
        if above:
            self.ink(f"{self.label}: {caption}", x, y - self.size)
            y -= 2.6 * self.size
        top = y
        y = self._head(lefts, widths, y, pitch, x, x + total)
        y = self._body(lefts, widths, y, pitch, x, x + total)
        if self.rulings in ("grid", "columns"):
            for left in lefts[1:]:
                at = left - self.gap / 2
                self.made.rules.append(Rule(at - 0.2, y + pitch * 0.4, at + 0.2, top))
        if not above:
            self.ink(f"{self.label}: {caption}", x, y - 1.8 * self.size)
            y -= 2.6 * self.size
        return y

    def _body(
        self, lefts: Sequence[float], widths: Sequence[float], y: float, pitch: float, x: float, end: float
    ) -> float:
        self.made.said[self.label] = {}
        for lines, values in self.rows:
            if self.dice.random() < 0.08:
                y = self._heading(x, end, y, pitch)
            if self.dice.random() < 0.07:
                y = self._wide_row(lines, lefts, widths, y, pitch)
            elif len(lines) == 1 and self.dice.random() < 0.08:
                y = self._tall_row(lines[0], values, lefts, widths, y, pitch)
            else:
                y = self._row(lines, values, lefts, widths, y, pitch)
            if self.rulings == "grid":
                y = self.line(x, end, y, pitch)
        return self.line(x, end, y, pitch) if self.rulings == "booktabs" else y

    def _head(
        self, lefts: Sequence[float], widths: Sequence[float], y: float, pitch: float, x: float, end: float
    ) -> float:
        if self.rulings in ("booktabs", "grid"):
            y = self.line(x, end, y, pitch)
        parents = [column.path[0] if len(column.path) > 1 else "" for column in self.columns]
        if any(parents):
            y -= pitch
            for parent in dict.fromkeys(parents):
                own = [n + 1 for n, name in enumerate(parents) if name == parent]
                left, right = lefts[own[0]], lefts[own[-1]] + widths[own[-1]]
                self.ink(parent, (left + right - wide(parent, self.size)) / 2, y)
                if self.rulings != "none":
                    self.made.rules.append(Rule(left, y - 3.2, right, y - 2.8))
            y -= 2
        y -= pitch
        self.ink("Model", lefts[0], y)
        for number, column in enumerate(self.columns, start=1):
            align: Align = "right" if column.align == "point" else column.align
            leaf = self.leaf(column)
            self.ink(leaf, self._place(leaf, align, lefts[number], widths[number], ""), y)
            if self.tall and number % 2:
                self.ink("(high)", self._place("(high)", align, lefts[number], widths[number], ""), y - pitch)
        y -= pitch if self.tall else 0
        return self.line(x, end, y, pitch) if self.rulings in ("booktabs", "grid") else y

    def _row(
        self,
        lines: Sequence[str],
        values: Sequence[str],
        lefts: Sequence[float],
        widths: Sequence[float],
        y: float,
        pitch: float,
    ) -> float:
        y -= pitch
        for number, (column, value) in enumerate(zip(self.columns, values, strict=True), start=1):
            if value:
                tails = [other[number - 1].partition(".")[2] for _, other in self.rows]
                tail = max(tails, key=lambda text: wide(text, self.size))
                self.ink(value, self._place(value, column.align, lefts[number], widths[number], tail), y)
        for line in lines:
            if line:
                self.ink(line, lefts[0], y)
            y -= pitch
        pairs = zip(self.columns, values, strict=True)
        self.made.said[self.label][" ".join(lines)] = {column.path: value for column, value in pairs if value}
        return y + pitch

    def _heading(self, x: float, end: float, y: float, pitch: float) -> float:
        """A heading of rows: between two lines, or a little off the row above."""
        if self.rulings in ("booktabs", "grid"):
            y = self.line(x, end, y, pitch)
        else:
            y -= 0.4 * pitch
        self.ink("Of the harbor only", x + self.gap / 2, y - pitch)
        return self.line(x, end, y - pitch, pitch) if self.rulings in ("booktabs", "grid") else y - pitch

    def _wide_row(
        self, lines: Sequence[str], lefts: Sequence[float], widths: Sequence[float], y: float, pitch: float
    ) -> float:
        """A row with one cell in the middle of all columns."""
        y -= pitch
        value = self.dice.choice(("12.5", "frozen", "0.25 \u00b1 0.1"))
        self.ink(lines[0], lefts[0], y)
        self.ink(value, (lefts[1] + lefts[-1] + widths[-1] - wide(value, self.size)) / 2, y)
        shared = {column.path[:-1] for column in self.columns}
        path = next(iter(shared)) if len(shared) == 1 else ()
        self.made.said[self.label][lines[0]] = {path: value}
        return y

    def _tall_row(
        self, label: str, values: Sequence[str], lefts: Sequence[float], widths: Sequence[float], y: float, pitch: float
    ) -> float:
        """A row of two lines of label, with its values in the middle of them."""
        self._row([""], values, lefts, widths, y - pitch / 2, pitch)
        del self.made.said[self.label][""]
        for number, line in enumerate((label, "of two halves"), start=1):
            self.ink(line, lefts[0], y - number * pitch)
        pairs = zip(self.columns, values, strict=True)
        self.made.said[self.label][f"{label} of two halves"] = {column.path: value for column, value in pairs if value}
        return y - 2 * pitch

    def _place(self, text: str, align: Align, left: float, width: float, tail: str) -> float:
        own = wide(text, self.size)
        if align == "left":
            return left
        if align == "centre":
            return left + (width - own) / 2
        behind = wide(text.partition(".")[2], self.size)
        shift = max(0.0, wide(tail, self.size) - behind) if align == "point" and "." in text else 0.0
        return max(left, left + width - own - shift)

    def ink(self, text: str, x: float, y: float) -> None:
        self.made.inks.append(Ink(text, x, y, self.size))

    def line(self, left: float, right: float, y: float, pitch: float) -> float:
        at = y - 0.35 * pitch
        self.made.rules.append(Rule(left, at - 0.25, right, at + 0.25))
        return at


def random_page(seed: int) -> Made:
    """A page with a table between two paragraphs, or two beside each other."""
    dice = random.Random(seed)
    made = Made()
    y = _paragraph(made, 740.0, seed)
    setters = [Setter(dice, made, "Table 1")]
    if dice.random() < 0.3:
        second = Setter(dice, made, "Table 2")
        if setters[0].width() + second.width() + 40 < WIDTH - 100:
            setters.append(second)
    x, ends = 54.0, []
    for number, setter in enumerate(setters):
        ends.append(setter.set(x, y - 24, "What was found." if number else "Figures of the sea."))
        x += setter.width() + 40
    _paragraph(made, min(ends) - 30, seed + 500)
    return made


def _paragraph(made: Made, y: float, seed: int, size: float = 10.0) -> float:
    line = ""
    for word in prose(6, seed % 900).split():
        if wide(f"{line} {word}", size) > WIDTH - 108:
            made.inks.append(Ink(line, 54.0, y, size))
            y, line = y - 1.2 * size, word
        else:
            line = f"{line} {word}".strip()
    made.inks.append(Ink(line, 54.0, y, size))
    return y


def text_page(seed: int) -> Made:
    """A page of paragraphs that name tables and have none."""
    made = Made()
    y = 740.0
    for number in range(4):
        made.inks.append(Ink(f"Table {number + 1}: what this paragraph is not.", 54.0, y, 10.0))
        y = _paragraph(made, y - 12, seed + number) - 12
    return made
