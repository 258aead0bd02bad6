"""Seeds go in; how many values of tables set by LaTeX are read rightly, wrongly and not at all comes out.

    python benchmarks/typeset_tables.py {work,held} FIRST LAST [--further] [--misses] [--kinds] [--keep FOLDER]

Each seed makes a paper of random tables, in the looks that journals and
conferences have, and knows what each row says. A value that is given is *right*
when its row's label and heading, its whole path of headers and itself are those
of one row of the table with that number; spaces do not count. All others that
are given are *wrong*; those that are printed and not given rightly are
*left out*. Seeds of ``held`` are odd inside and know classes and fonts that
``work`` never sets, so that rules are not written with them in view. A heading
of rows that is lost counts as wrong, too. With ``--further``, most tables of a
paper in one column are on their side, go over pages, or stand in twos above one caption.

Needs pdflatex with the packages of Debian's texlive-latex-extra,
texlive-science and texlive-publishers.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium

from survey_extract.adapters.pdf.characters import Characters
from survey_extract.adapters.pdf.tables import page_tables
from survey_extract.core.tables.table import Row, Table

# --- what a table says ----------------------------------------------------------------------------


class Text(NamedTuple):
    """Words as they are typed, and as they are read."""

    tex: str
    said: str


@dataclass(frozen=True, slots=True)
class Said:
    """A row: its heading, its label, and by path of headers its values; a value of two lines may be read by line."""

    group: str
    label: str
    values: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(slots=True)
class Typeset:
    """A table in LaTeX, and its rows. ``kinds`` are the features it has, by which misses are counted."""

    tex: str = ""
    rows: list[Said] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def plain(text: str) -> Text:
    return Text(re.sub(r"([%&_#])", r"\\\1", text), text)


# --- words of our own -----------------------------------------------------------------------------

_NAMES = (
    "Harbor", "Orchard", "Lantern", "Quarry", "Tide", "Bridge", "Meadow", "Furnace", "Anvil", "Cellar", "Attic", "Mill", "Ferry",
    "Beacon", "Canyon", "Dune", "Elm", "Fjord", "Glacier", "Hollow", "Inlet", "Juniper", "Kiln", "Lagoon", "Marsh", "Nettle",
)  # fmt: skip
_TAILS = (
    "",
    "",
    "",
    "",
    "-XL",
    " 7B",
    " (ours)",
    " v2",
    " + tools",
    " small",
    " w/o pruning",
    "-Base",
    " [12]",
    " et al., 2020",
)
_HEADS = (
    "Ships", "Logs", "Ropes", "Sails", "Knots", "Masts", "Tides", "Ports", "Crew size", "Cargo", "Mean depth", "Anchors", "Hulls",
    "Acc.", "Recall", "Time", "Params", "Cost", "Loss", "Width", "Error rate", "Speed",
)  # fmt: skip
_MARKED = (
    Text(r"$F_1$", "F₁"), Text(r"$R^2$", "R²"), Text(r"BLEU $\uparrow$", "BLEU ↑"), Text(r"FID $\downarrow$", "FID ↓"),
    Text(r"$p$", "p"), Text(r"$n$", "n"), Text(r"Share (\%)", "Share (%)"), Text(r"$\beta$", "β"), Text(r"$\sigma$", "σ"),
    Text(r"Top-1", "Top-1"), Text(r"mAP@50", "mAP@50"), Text(r"$t$-value", "t-value"),
)  # fmt: skip
_PARENTS = ("Harbor tests", "Open sea", "River trials", "Winter", "Summer", "Task A", "Task B", "Train", "Test")
_UNITS = ("(ms)", "(m/s)", "(kg)", "(GB)", "(h)", "(mm)")
_GROUPS = (
    "Supervised",
    "Of the harbor only",
    "Without training",
    "Large boats",
    "Small boats",
    "Panel A: all years",
    "Baselines",
)
_WORDS = (
    "frozen",
    "trained",
    "linear map",
    "two layers",
    "none",
    "from scratch",
    "open",
    "yes",
    "no",
    "mixed",
    "by hand",
    "wood",
)
_LONG = (
    "boats that were seen twice in one summer", "all logs of the river and the open sea", "ropes of hemp and of wire, in pairs",
    "a count made by hand at noon", "masts above ten metres in the northern ports", "the mean over five harbors without ice",
)  # fmt: skip
_PROSE = (
    "the", "harbor", "of", "boats", "that", "we", "count", "in", "winter", "and", "every", "log", "shows", "how", "ropes", "were",
    "kept", "by", "crews", "while", "tides", "rose", "against", "older", "walls", "with", "small", "changes", "each", "year",
)  # fmt: skip


def prose(dice: random.Random, sentences: int) -> str:
    made = (" ".join(dice.choices(_PROSE, k=dice.randint(7, 22))).capitalize() + "." for _ in range(sentences))
    return " ".join(made)


# --- values ---------------------------------------------------------------------------------------


def _decimal(dice: random.Random, digits: int, most: float = 100) -> str:
    return f"{dice.uniform(0, most):.{digits}f}"


def _value(dice: random.Random, kind: str, digits: int) -> Text:
    number, other = _decimal(dice, digits), _decimal(dice, digits, 9)
    make = _MAKERS.get(kind)
    return make(dice, number, other) if make else plain(number)


def _signed(dice: random.Random, number: str, _: str) -> Text:
    sign = dice.choice("-+")
    return Text(f"${sign}{number}$", f"{sign}{number}")


def _power(dice: random.Random, _: str, other: str) -> Text:
    power = dice.randint(3, 12)
    return Text(rf"${other} \times 10^{{-{power}}}$", f"{other} × 10{_raised(f'-{power}')}")


def _starred(dice: random.Random, number: str, _: str) -> Text:
    stars = dice.choice(("", "*", "**", "***"))
    return Text(f"{number}$^{{{stars}}}$" if stars else number, number + stars)


_MARKS = (Text(r"$\checkmark$", "✓"), Text(r"$\times$", "×"), Text("--", "-"))
_MAKERS: dict[str, Callable[[random.Random, str, str], Text]] = {
    "integer": lambda dice, _, __: plain(str(dice.randint(1, 900))),
    "thousands": lambda dice, _, __: plain(f"{dice.randint(100, 4_000_000):,}"),
    "percent": lambda _, number, __: plain(f"{number}%"),
    "signed": _signed,
    "spread": lambda _, number, other: Text(rf"${number} \pm {other}$", f"{number} ± {other}"),
    "brackets": lambda _, number, other: plain(f"{number} ({other})"),
    "interval": lambda _, number, other: plain(f"[{other}, {number}]"),
    "range": lambda dice, _, __: _range(dice),
    "power": _power,
    "stars": _starred,
    "words": lambda dice, _, __: plain(dice.choice(_WORDS)),
    "long": lambda dice, _, __: plain(dice.choice(_LONG)),
    "mark": lambda dice, _, __: dice.choice(_MARKS),
}


def _range(dice: random.Random) -> Text:
    low, high = dice.randint(1, 9), dice.randint(10, 99)
    return Text(f"{low}--{high}", f"{low}-{high}")


def _raised(text: str) -> str:
    return text.translate(str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"))


_KINDS = (
    "decimal", "decimal", "decimal", "decimal", "integer", "thousands", "percent", "signed", "spread", "brackets", "interval",
    "range", "power", "stars", "words", "mark",
)  # fmt: skip
_SET_BY_POINT = frozenset(["decimal", "integer"])


# --- one table ------------------------------------------------------------------------------------


class Column(NamedTuple):
    path: tuple[Text, ...]
    kind: str
    digits: int
    spec: str


Rulings = str


class Setter:
    """Sets one table of a paper. ``most`` is how many columns of values have room."""

    def __init__(self, dice: random.Random, number: int, most: int) -> None:
        self.dice, self.number = dice, number
        self.made = Typeset()
        self.rules: Rulings = dice.choices(
            ("booktabs", "hline", "double", "grid", "bars", "bare"), (10, 4, 1, 2, 1, 1)
        )[0]
        self.note(self.rules)
        self.count = dice.randint(2, most)
        self.second = self.chance(0.15, "second label column")
        self.spans = self._spans() if self.count > 3 and self.chance(0.4, "spanning headers") else []
        self.bold = self.chance(0.3, "bold heads")
        self.align = dice.choice("cccrrl")
        self.columns = self._columns()
        self.units = not self.spans and self.chance(0.12, "units row")
        self.stacked = not self.units and self.chance(0.15, "stacked heads")
        self.striped = self.chance(0.06, "striped rows")
        self.tall = self.rules != "bare" and self.chance(0.1, "wrapped labels")
        self.rotated = not self.units and self.chance(0.05, "rotated heads")
        self.grouping = dice.choices(("none", "blocks", "left", "middle", "indented", "multirow"), (9, 3, 3, 2, 2, 3))[
            0
        ]
        self.note(f"groups: {self.grouping}")
        self.errors = self.chance(0.08, "errors below") and all(c.kind in ("decimal", "stars") for c in self.columns)

    def note(self, kind: str) -> None:
        self.made.kinds.append(kind)

    def chance(self, share: float, kind: str) -> bool:
        if self.dice.random() < share:
            self.note(kind)
            return True
        return False

    def _spans(self) -> list[tuple[int, int, Text]]:
        """Headers over several columns: first, last, words; some columns may have none."""
        found, at = list[tuple[int, int, Text]](), self.dice.choice((0, 0, 0, 1))
        names = self.dice.sample(_PARENTS, len(_PARENTS))
        while at + 1 < self.count and names:
            end = min(self.count - 1, at + self.dice.choice((1, 1, 2)))
            found.append((at, end, plain(names.pop())))
            at = end + 1
        return found

    def _columns(self) -> list[Column]:
        names = self.dice.sample([*map(plain, _HEADS), *_MARKED], self.count)
        same_leaves = bool(self.spans) and self.chance(0.4, "same leaves")
        kind = self.dice.choice(_KINDS)
        alike = self.dice.random() < 0.5
        by_point = self.chance(0.2, "siunitx")
        found = list[Column]()
        for n in range(self.count):
            own = next((span for span in self.spans if span[0] <= n <= span[1]), None)
            leaf = names[n - own[0]] if own and same_leaves else names[n]
            path = (own[2], leaf) if own else (leaf,)
            mine = kind if alike else self.dice.choice(_KINDS)
            spec = "l" if mine == "words" and self.dice.random() < 0.5 else self.align
            if by_point and mine in _SET_BY_POINT:
                spec = "S[table-format=3.2]"
            found.append(Column(path, mine, self.dice.choice((1, 1, 2, 3)), spec))
        if not self.spans and self.count < 5 and self.chance(0.12, "wrapped cells"):
            found[-1] = Column(found[-1].path, "long", 1, r">{\raggedright\arraybackslash}p{2.6cm}")
        return found

    # --- lines of LaTeX ---

    def tex(self, caption: str, label_above: bool) -> str:
        head, body = self._head(), self._body()
        top, bottom = self._line("top"), self._line("bottom")
        inner = "\n".join((top, *head, self._line("mid"), *body, bottom))
        table = self._tabular(inner)
        size = self.dice.choice(("", "", r"\small", r"\footnotesize"))
        spread = self.dice.choice(("", "", r"\setlength{\tabcolsep}{4pt}", r"\renewcommand{\arraystretch}{1.2}"))
        note = "\n\n\\footnotesize " + prose(self.dice, 1) if self.chance(0.15, "note beneath") else ""
        shown = f"{size}{spread}{table}{note}"
        cap = f"\\caption{{{caption}}}"
        return "\\centering\n" + (f"{cap}\n{shown}" if label_above else f"{shown}\n{cap}")

    def long_tex(self, caption: str, again: str) -> str:
        """The table as one that may go on on the next page, where its headers stand again."""
        head, body = self._head(), self._body()
        top, mid, bottom = self._line("top"), self._line("mid"), self._line("bottom")
        heads = "\n".join((top, *head, mid))
        further = rf"\multicolumn{{{self._wide()}}}{{c}}{{{again}}} \\" if again else ""
        parts = (
            rf"\caption{{{caption}}}\\", heads, r"\endfirsthead", further, heads, r"\endhead", bottom, r"\endfoot",
            bottom, r"\endlastfoot", *body,
        )  # fmt: skip
        inner = "\n".join(part for part in parts if part)
        return f"\\begin{{longtable}}{{{self._spec()}}}\n{inner}\n\\end{{longtable}}"

    def _tabular(self, inner: str) -> str:
        is_bound = any(c.spec[0] in ">S" for c in self.columns)
        if self.rules in ("booktabs", "hline") and not is_bound and self.chance(0.08, "spread to the width"):
            spec = r"@{\extracolsep{\fill}}" + self._spec()
            return f"\\begin{{tabular*}}{{\\linewidth}}{{{spec}}}\n{inner}\n\\end{{tabular*}}"
        table = f"\\begin{{tabular}}{{{self._spec()}}}\n{inner}\n\\end{{tabular}}"
        return f"\\begin{{adjustbox}}{{max width=\\linewidth}}{table}\\end{{adjustbox}}"

    def _spec(self) -> str:
        own = [column.spec for column in self.columns]
        first = r">{\raggedright\arraybackslash}p{1.7cm}" if self.tall else "l"
        labels = ["l", "l"] if self.second else [first]
        bar = "|" if self.rules in ("grid", "bars") else ""
        if self.rules == "bars":
            return f"{'|'.join((' '.join(labels), ' '.join(own)))}"
        return bar + bar.join((*labels, *own)) + bar

    def _line(self, where: str) -> str:
        match self.rules:
            case "booktabs":
                return rf"\{where}rule"
            case "double" if where != "mid":
                return r"\hline\hline"
            case "bare":
                return ""
        return r"\hline"

    def _named(self, text: Text) -> str:
        words = text.tex.split()
        if self.stacked and len(words) > 1 and "$" not in text.tex:
            bold = r"\bfseries " if self.bold else ""
            return r"\makecell{" + r"\\".join(bold + word for word in words) + "}"
        tex = rf"\textbf{{{text.tex}}}" if self.bold else text.tex
        return rf"\rotatebox{{90}}{{{tex}}}" if self.rotated else tex

    def _lead(self) -> list[str]:
        """What stands over the labels."""
        names = ["Dataset", "Model"] if self.second else [self.dice.choice(("Model", "Method", "Variable", "", "Boat"))]
        return [rf"\textbf{{{name}}}" if self.bold and name else name for name in names]

    def _head(self) -> list[str]:
        lines = list[str]()
        lead = self._lead()
        blank = [""] * len(lead)
        if self.spans:
            high = self.chance(0.4, "multirow heads")
            parts = [rf"\multirow{{2}}{{*}}{{{name}}}" if high and name else "" for name in lead]
            lead = blank if high else lead
            at = 0
            for first, last, text in self.spans:
                parts += [""] * (first - at)
                bar = "|" if self.rules == "grid" else ""
                parts.append(rf"\multicolumn{{{last - first + 1}}}{{c{bar}}}{{{self._bolded(text)}}}")
                at = last + 1
            parts += [""] * (self.count - at)
            lines.append(" & ".join(parts) + r" \\")
            if self.rules in ("booktabs", "hline", "double") and self.chance(0.8, "lines under spans"):
                name = r"\cmidrule(lr)" if self.rules == "booktabs" else r"\cline"
                off = len(blank) + 1
                lines.append("".join(f"{name}{{{f + off}-{last + off}}}" for f, last, _ in self.spans))
        lines.append(" & ".join((*lead, *(f"{{{self._named(c.path[-1])}}}" for c in self.columns))) + r" \\")
        if self.units:
            own = [self.dice.choice(("", *_UNITS)) for _ in self.columns]
            own[0] = own[0] or _UNITS[0]
            lines.append(" & ".join((*blank, *(f"{{{unit}}}" for unit in own))) + r" \\")
            self.columns = [
                c._replace(path=(Text("", f"{c.path[-1].said} {unit}".strip()),))
                for c, unit in zip(self.columns, own, strict=True)
            ]
        return lines

    def _bolded(self, text: Text) -> str:
        return rf"\textbf{{{text.tex}}}" if self.bold else text.tex

    # --- rows ---

    def _body(self) -> list[str]:
        lines = list[str]()
        labels = self._labels()
        names = self.dice.sample(_GROUPS, len(_GROUPS))
        blocks = self._blocks(len(labels))
        for block in blocks:
            group = ""
            if lines:
                lines.append(self._parting())
            if self.grouping in ("left", "middle", "indented") and names:
                group = names.pop()
                lines += self._group(group)
            shared = self.dice.choice(("Coast", "Delta", "Bay", "Creek")) + f" {len(lines)}"
            for place in range(block):
                lines += self._row(labels.pop(), group, shared, place, block)
                if self.rules == "grid" and place + 1 < block:
                    lines.append(r"\hline" if self.grouping != "multirow" else rf"\cline{{2-{self._wide()}}}")
        if self.grouping == "none" and self.rules != "bare" and self.chance(0.15, "last row apart"):
            lines += [self._line("mid"), *self._row(plain("Average"), "", "All", 0, 1)]
        return lines

    def _wide(self) -> int:
        return self.count + (2 if self.second else 1)

    def _labels(self) -> list[Text]:
        count = self.dice.randint(3, 10)
        found = [plain(name + self.dice.choice(_TAILS)) for name in self.dice.sample(_NAMES, count)]
        if self.chance(0.08, "labels are numbers"):
            found = [plain(str(2000 + n)) for n in range(count)]
        if self.chance(0.1, "marks of notes"):
            found[0] = Text(found[0].tex + r"$^\dagger$", found[0].said + "†")
        return found

    def _blocks(self, count: int) -> list[int]:
        if self.grouping == "none":
            return [count]
        found = list[int]()
        while count > 0:
            found.append(min(count, self.dice.randint(1 if self.grouping == "blocks" else 2, 4)))
            count -= found[-1]
        return found

    def _parting(self) -> str:
        if self.grouping in ("left", "middle", "indented") and self.rules != "grid" and self.dice.random() < 0.4:
            return r"\addlinespace" if self.rules == "booktabs" else ""
        return self._line("mid") or r"\\[-4pt]"

    def _group(self, name: str) -> list[str]:
        spec = "c" if self.grouping == "middle" else "l"
        bars = ("|", "|") if self.rules == "grid" else ("", "")
        style = self.dice.choice((r"\textit", r"\textbf", ""))
        lines = [rf"\multicolumn{{{self._wide()}}}{{{bars[0]}{spec}{bars[1]}}}{{{style}{{{name}}}}} \\"]
        return [*lines, self._line("mid")] if self.dice.random() < 0.3 or self.rules == "grid" else lines

    def _row(self, label: Text, group: str, shared: str, place: int, block: int) -> list[str]:
        if self.rules != "grid" and not self.spans and not self.errors and self.chance(0.02, "cells over all columns"):
            word = self.dice.choice(("out of memory", "not run", "diverged"))
            lead, called = self._called(label, shared, place, block)
            self.made.rows.append(Said(group, called[0][1][0], (*called[1:], ("", (word,)))))
            return [" & ".join((*lead, rf"\multicolumn{{{self.count}}}{{c}}{{{word}}}")) + r" \\"]
        values = [self._cell(column) for column in self.columns]
        lead, called = self._called(label, shared, place, block)
        said = [(path, own) for path, own in called[1:]]
        below = list[str]()
        for column, value in zip(self.columns, values, strict=True):
            path = " ".join(part.said for part in column.path)
            error = f"({_decimal(self.dice, 2, 1)})" if self.errors and value.said else ""
            below.append(error)
            if value.said:
                said.append((path, (value.said, f"{value.said} {error}", error) if error else (value.said,)))
        self.made.rows.append(Said(group, called[0][1][0], tuple(said)))
        stripe = r"\rowcolor[gray]{0.92} " if self.striped and place % 2 else ""
        lines = [stripe + " & ".join((*lead, *(value.tex for value in values))) + r" \\"]
        if self.errors:
            lines.append(
                " & ".join((*([""] * len(lead)), *(f"{{{error}}}" if error else "" for error in below))) + r" \\"
            )
        return lines

    def _called(
        self, label: Text, shared: str, place: int, block: int
    ) -> tuple[list[str], list[tuple[str, tuple[str, ...]]]]:
        """The label as it is typed, then as it is said: with the cell of a second column of labels."""
        indent = r"\quad " if self.grouping == "indented" else ""
        if not self.second:
            return [indent + label.tex], [("", (label.said,))]
        if self.grouping != "multirow":
            return [indent + label.tex, f"Kind {place}"], [("", (label.said,)), ("Model", (f"Kind {place}",))]
        first = rf"\multirow{{{block}}}{{*}}{{{shared}}}" if place == 0 and block > 1 else shared if block == 1 else ""
        return [first, label.tex], [("", (shared,)), ("Model", (label.said,))]

    def _cell(self, column: Column) -> Text:
        roll = self.dice.random()
        if roll < 0.03:
            return Text("", "")
        if roll < 0.06 and column.kind != "long":
            return self._guarded(column, Text("--", "-"))
        value = _value(self.dice, column.kind, column.digits)
        if column.kind in ("decimal", "integer", "percent") and column.spec[0] != "S":
            if roll > 0.9:
                return Text(rf"\textbf{{{value.tex}}}", value.said)
            if roll > 0.86:
                return Text(rf"\underline{{{value.tex}}}", value.said)
            if roll > 0.84:
                return Text(rf"{value.tex}$^\dagger$", value.said + "†")
        return value

    def _guarded(self, column: Column, value: Text) -> Text:
        return Text(f"{{{value.tex}}}", value.said) if column.spec[0] == "S" else value


class WordSetter:
    """Sets a table of words, whose cells fill several lines, or pairs of a name and a value without headers."""

    def __init__(self, dice: random.Random, number: int, most: int) -> None:
        self.dice, self.most = dice, most
        self.made = Typeset()
        self.pairs = dice.random() < 0.3
        self.lines_between = dice.random() < 0.4
        self.made.kinds += ["pairs without headers"] if self.pairs else ["table of words"]
        self.made.kinds += ["lines between rows"] if self.lines_between else []

    def tex(self, caption: str, label_above: bool) -> str:
        count = 1 if self.pairs else self.dice.randint(1, max(1, min(3, self.most - 1)))
        heads = self.dice.sample(("Meaning", "Used for", "Notes", "Origin", "Remarks", "Known since"), count)
        top, mid, bottom = self.dice.choice(((r"\toprule", r"\midrule", r"\bottomrule"), (r"\hline",) * 3))
        lines = [top]
        if not self.pairs:
            bold = self.dice.random() < 0.5
            names = [self.dice.choice(("Name", "Option", "Kind")), *heads]
            lines += [" & ".join(rf"\textbf{{{name}}}" if bold else name for name in names) + r" \\", mid]
        width = self.dice.choice((2.4, 3.2, 4.5)) if count < 3 else 2.4
        named = self.dice.sample(_NAMES, self.dice.randint(3, 7))
        for place, name in enumerate(named):
            values = [self._words() for _ in heads]
            paths = [""] if self.pairs else heads
            self.made.rows.append(Said("", name, tuple((p, (v.said,)) for p, v in zip(paths, values, strict=True))))
            lines.append(" & ".join((name, *(value.tex for value in values))) + r" \\")
            if self.lines_between and place + 1 < len(named):
                lines.append(mid)
        lines.append(bottom)
        wrapped = rf">{{\raggedright\arraybackslash}}p{{{width}cm}}"
        spec = "l" + ("l" if self.pairs else wrapped) * count
        inner = "\n".join(lines)
        table = f"\\begin{{tabular}}{{{spec}}}\n{inner}\n\\end{{tabular}}"
        table = f"\\begin{{adjustbox}}{{max width=\\linewidth}}{table}\\end{{adjustbox}}"
        cap = f"\\caption{{{caption}}}"
        return "\\centering\n" + (f"{cap}\n{table}" if label_above else f"{table}\n{cap}")

    def _words(self) -> Text:
        if self.pairs:
            return _value(self.dice, self.dice.choice(("decimal", "words", "integer", "power")), 2)
        words = self.dice.choices(_PROSE, k=self.dice.choice((1, 2, 3, 5, 8, 12)))
        return plain(" ".join(words))


# --- one paper ------------------------------------------------------------------------------------


class Look(NamedTuple):
    head: str
    columns: int
    above: bool | None
    """Whether captions are above; None where authors choose."""


_PACKAGES = r"""
\usepackage{adjustbox,booktabs,multirow,array,graphicx,siunitx,amsmath,amssymb,longtable,makecell,tabularx,colortbl}
\hyphenpenalty=10000
"""
_ARTICLE = r"\documentclass[%s]{article}" + _PACKAGES
LOOKS = {
    "article": Look(_ARTICLE % "10pt" + r"\usepackage[margin=2.5cm]{geometry}", 1, None),
    "article times": Look(_ARTICLE % "11pt" + r"\usepackage{mathptmx}\usepackage[margin=2.5cm]{geometry}", 1, None),
    "article lmodern": Look(_ARTICLE % "11pt" + r"\usepackage[T1]{fontenc}\usepackage{lmodern}", 1, None),
    "two columns": Look(
        _ARTICLE % "10pt,twocolumn" + r"\usepackage{mathptmx}\usepackage[margin=2cm]{geometry}", 2, None
    ),
    "IEEEtran": Look(r"\documentclass[conference]{IEEEtran}" + _PACKAGES, 2, True),
    "elsarticle": Look(r"\documentclass[preprint,12pt]{elsarticle}" + _PACKAGES, 1, None),
}
HELD_LOOKS = {
    "llncs": Look(r"\documentclass{llncs}" + _PACKAGES, 1, None),
    "revtex": Look(r"\documentclass[aps,reprint]{revtex4-2}" + _PACKAGES, 2, None),
    "elsarticle two columns": Look(r"\documentclass[5p,twocolumn]{elsarticle}" + _PACKAGES, 2, None),
    "palatino": Look(_ARTICLE % "10pt" + r"\usepackage{mathpazo}\usepackage[margin=3cm]{geometry}", 1, None),
    "two columns cm": Look(_ARTICLE % "10pt,twocolumn" + r"\usepackage[margin=1.9cm]{geometry}", 2, None),
    **LOOKS,
}
TABLES = 7
RUNS = 3


@dataclass(slots=True)
class Paper:
    tex: str
    look: str
    tables: dict[int, Typeset]


def _on_its_side(dice: random.Random, number: int, above: bool) -> tuple[str, Typeset]:
    setter = Setter(dice, number, 8)
    setter.note("on its side")
    inner = setter.tex(prose(dice, 1), above)
    if dice.random() < 0.5:
        return f"\\begin{{sidewaystable}}\n{inner}\n\\end{{sidewaystable}}", setter.made
    return f"\\begin{{landscape}}\\begin{{table}}\n{inner}\n\\end{{table}}\\end{{landscape}}", setter.made


def _over_pages(dice: random.Random, number: int, above: bool) -> tuple[str, Typeset]:
    setter = Setter(dice, number, 4)
    setter.note("over pages")
    again = dice.choice(("", f"Table {number} -- continued from the page before", "(continued)"))
    return setter.long_tex(prose(dice, 1), again), setter.made


def _two_of_one_caption(dice: random.Random, number: int, above: bool) -> tuple[str, Typeset]:
    """Two tables of few columns beside each other; the caption is that of both."""
    one, other = Setter(dice, number, 2), Setter(dice, number, 2)
    one.note("two of one caption")
    parts = [setter.tex("", above).replace("\\caption{}", "") for setter in (one, other)]
    inner = "\\hfill\n".join(f"\\begin{{minipage}}[t]{{0.47\\linewidth}}\n{part}\n\\end{{minipage}}" for part in parts)
    one.made.rows += other.made.rows
    caption = f"\\caption{{{prose(dice, 1)}}}"
    inner = f"{caption}\n{inner}" if above else f"{inner}\n{caption}"
    return f"\\begin{{table}}[t]\n{inner}\n\\end{{table}}", one.made


def paper(seed: int, *, held: bool, further: bool = False) -> Paper:
    """A paper of some tables, always the same of one seed; one with ``further`` kinds has other tables."""
    dice = random.Random(2 * seed + held)
    looks = HELD_LOOKS if held else LOOKS
    name = dice.choice(sorted(name for name in looks if not further or looks[name].columns == 1))
    look = looks[name]
    above = dice.random() < 0.5 if look.above is None else look.above
    captions = r"\usepackage[labelsep=period,labelfont=bf,font=small]{caption}"
    own = captions if "article}" in look.head and dice.random() < 0.4 else ""
    own += r"\usepackage{rotating,pdflscape}" if further else ""
    parts = [look.head + own, r"\begin{document}", r"\section{Harbors}", prose(dice, 8)]
    tables = dict[int, Typeset]()
    number = 0
    while number < TABLES:
        number += 1
        if further and look.columns == 1 and dice.random() < 0.7:
            make = dice.choice((_on_its_side, _over_pages, _two_of_one_caption))
            tex, made = make(dice, number, above)
            made.kinds.append(name)
            tables[number] = made
            parts += [tex, prose(dice, dice.randint(4, 30)), ""]
            continue
        if look.columns == 1 and number < TABLES and dice.random() < 0.08:
            inner = ""
            for at in (number, number + 1):
                small = Setter(dice, at, 2)
                small.made.kinds += ["side by side", name]
                tex = small.tex(prose(dice, 1), above)
                inner += f"\\begin{{minipage}}[t]{{0.47\\linewidth}}\n{tex}\n\\end{{minipage}}\\hfill\n"
                tables[at] = small.made
            parts += [f"\\begin{{table}}[t]\n{inner}\\end{{table}}", prose(dice, 9), ""]
            number += 1
            continue
        wide = look.columns == 2 and dice.random() < 0.4
        most = 8 if wide else 3 if look.columns == 2 else 6
        setter = WordSetter(dice, number, most) if dice.random() < 0.15 else Setter(dice, number, most)
        inner = setter.tex(prose(dice, dice.choice((1, 1, 2))), above)
        kind = "table*" if wide else "table"
        where = dice.choice(("t", "t", "h"))
        parts += [f"\\begin{{{kind}}}[{where}]\n{inner}\n\\end{{{kind}}}", prose(dice, dice.randint(4, 14)), ""]
        setter.made.kinds.append(name)
        tables[number] = setter.made
    parts += [prose(dice, 12), r"\end{document}"]
    return Paper("\n".join(parts), name, tables)


def typeset(paper: Paper, folder: Path, name: str) -> Path | None:
    """The paper as a PDF; None where LaTeX makes none. Tables over pages have their columns' widths from the run before."""
    (folder / f"{name}.tex").write_text(paper.tex)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
    for _ in range(RUNS if "{longtable}" in paper.tex.partition(r"\begin{document}")[2] else 1):
        subprocess.run(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False
        )
    made = folder / f"{name}.pdf"
    return made if made.exists() else None


# --- what is right --------------------------------------------------------------------------------

_ALIKE = str.maketrans({"−": "-", "–": "-", "—": "-", "∗": "*"})
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7}


def folded(text: str) -> str:
    """Without spaces, and with one sign for each of dash and star."""
    return "".join(unicodedata.normalize("NFC", text).translate(_ALIKE).split())


def number_of(label: str) -> int:
    last = label.rpartition(" ")[2]
    return int(last) if last.isdecimal() else _ROMAN.get(last, 0)


def right_values(row: Row, said: Said) -> int:
    """How many of a row's values a row of the table has under the same headers."""
    wanted = [(folded(path), [folded(value) for value in values]) for path, values in said.values]
    found = 0
    for cell in row.cells:
        path, value = folded("".join(cell.header)), folded(cell.value)
        hit = next((one for one in wanted if one[0] == path and value in one[1]), None)
        if hit:
            wanted.remove(hit)
            found += 1
    return found


def verdict(row: Row, rows: Sequence[Said]) -> tuple[int, str]:
    """How many of a row's values are right, and what is wrong with the others."""
    called = [said for said in rows if folded(said.label) == folded(row.label)]
    if not called:
        return 0, "label"
    headed = [said for said in called if folded(said.group) == folded(row.group or "")]
    if not headed:
        return 0, "other heading" if row.group else "heading lost"
    best = max(headed, key=lambda said: right_values(row, said))
    right = right_values(row, best)
    values = {folded(value) for _, own in best.values for value in own}
    bound = all(folded(cell.value) in values for cell in row.cells)
    return right, "" if right == len(row.cells) else "header" if bound else "value"


@dataclass(slots=True)
class Count:
    printed: int = 0
    rows: int = 0
    given: int = 0
    right: int = 0
    rows_given: int = 0
    rows_right: int = 0
    why: Counter[str] = field(default_factory=Counter)
    wrong_of: Counter[str] = field(default_factory=Counter)
    printed_of: Counter[str] = field(default_factory=Counter)
    right_of: Counter[str] = field(default_factory=Counter)


def judge(found: Count, paper: Paper, tables: Sequence[Table]) -> Iterator[str]:
    """Count one paper; what is wrong comes out."""
    for made in paper.tables.values():
        values = sum(len(row.values) for row in made.rows)
        found.printed += values
        found.rows += len(made.rows)
        for kind in made.kinds:
            found.printed_of[kind] += values
    for table in tables:
        made = paper.tables.get(number_of(table.label), Typeset())
        for row in table.rows:
            best, why = verdict(row, made.rows)
            wrong = len(row.cells) - best
            found.given += len(row.cells)
            found.right += best
            found.rows_given += 1
            found.rows_right += not wrong
            for kind in made.kinds:
                found.right_of[kind] += best
                found.wrong_of[kind] += wrong
            if wrong:
                found.why[why] += wrong
                cells = [(" > ".join(cell.header), cell.value) for cell in row.cells]
                yield f"{table.label} p{table.page} {wrong} wrong, {why}: {row.group!r} {row.label!r} {cells} {made.kinds}"


def read(path: Path) -> list[Table]:
    document = pdfium.PdfDocument(path)
    found = list[Table]()
    for number, page in enumerate(document, start=1):
        found += page_tables(page, Characters(page.get_textpage()), number)
    document.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("half", choices=("work", "held"))
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--further", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(exist_ok=True)
        found, failed = Count(), 0
        for seed in range(options.first, options.last):
            one = paper(seed, held=options.half == "held", further=options.further)
            name = f"{options.half}{'-further' * options.further}{seed}"
            kept = folder / f"{name}.pdf"
            path = kept if kept.exists() else typeset(one, folder, name)
            if path is None:
                failed += 1
                continue
            for miss in judge(found, one, read(path)):
                if options.misses:
                    print(name, miss)
    report(found, failed, options.last - options.first, kinds=options.kinds)


def report(found: Count, failed: int, papers: int, *, kinds: bool) -> None:
    wrong = found.given - found.right
    print(f"{papers} papers ({failed} not set), {found.rows} rows, {found.printed} values in print")
    print(
        f"values given {found.given}: right {found.right} ({found.right / max(found.given, 1):.2%}), wrong {wrong} {dict(found.why)}"
    )
    print(f"values left out {found.printed - found.right} ({1 - found.right / max(found.printed, 1):.1%})")
    print(f"rows given {found.rows_given}: right {found.rows_right}")
    for kind, printed in sorted(found.printed_of.items()) if kinds else ():
        print(f"  {kind:24} {printed:6} in print {found.right_of[kind]:6} right {found.wrong_of[kind]:5} wrong")


if __name__ == "__main__":
    main()
