"""Styles and seeds go in; scripts in mathematics set by LaTeX come out, each PDF with its words in a text file beside it.

    python benchmarks/typeset_mathematics.py FOLDER [STYLE:SEED ...]    # all of docs/reading.md where none is named
    python benchmarks/reading.py --mathematics FOLDER

A script has chapters or sections of sentences of our own with formulas amid them, theorems, proofs, matrices, cases, aligned
formulas, diagrams, figures, lists, notes and notes in the margin, then solutions, a list of symbols and an index. Each of these
is made together with the words that are printed, so that no reader tells what is right. LaTeX says on which page they are;
notes stand at the end of theirs. Running heads and page numbers are not among the words, and most styles print none.

Needs pdflatex and makeindex with the packages of Debian's texlive-latex-extra, texlive-pictures and texlive-lang-german.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

# --- words of our own -----------------------------------------------------------------------------


class Said(NamedTuple):
    """Words as they are typed, and as they are printed."""

    tex: str
    said: str


@dataclass(frozen=True, slots=True)
class Language:
    """What a script says: nouns, adjectives and sentences to put them into, names of its parts, and words around formulas."""

    babel: str
    nouns: tuple[str, ...]
    adjectives: tuple[str, ...]
    sentences: tuple[str, ...]
    plural: str
    title: str
    author: str
    chapter: str
    contents: str
    index: str
    symbols: str
    solution: str
    kinds: Mapping[str, str]
    """By environment, the name of what is numbered with the theorems."""
    named: str
    exercise: str
    proof: str
    figure: str
    caption: str
    image: str
    let: str
    rotates: Said
    given: str
    joined: str
    spans: Said
    follows: str
    claim: str
    way: str
    to: str
    holds: str
    where: str
    put: str
    when: str
    otherwise: str
    find: str
    defined: str
    since: str
    claimed: str
    diagram: str
    commutes: str


_GERMAN = Language(
    babel="ngerman",
    nouns=tuple(
        "Abbildung Menge Mannigfaltigkeit Gruppe Untergruppe Matrix Basis Umgebung Topologie Überdeckung Kurve Fläche Metrik Folge "
        "Ebene Gerade Strecke Achse Spiegelung Drehung Isometrie Projektion Einbettung Homotopie Äquivalenzrelation Determinante "
        "Fortsetzung Zerlegung Größe Lösung Kongruenz".split()
    ),
    adjectives=tuple(
        "stetige offene abgeschlossene kompakte zusammenhängende differenzierbare reguläre orientierbare endliche glatte lokale "
        "eigentliche vollständige äußere beschränkte".split()
    ),
    sentences=(
        "Sei {m} eine {a} {n} und {n2} die zugehörige {n3}.",
        "Dann ist {m} genau dann eine {a} {n}, wenn jede {a2} {n2} von {m2} eine {a3} {n3} besitzt.",
        "Offenbar ist {m} keine {n}, da sonst {m2} eine {a} {n2} wäre.",
        "Man nennt {m} eine {a} {n}, falls es zu jedem Punkt von {m2} eine {a2} {n2} gibt, die in {m3} liegt.",
        r"Es gilt z.\,B. für {m}, dass die {n} nicht {a} ist, also insbesondere keine {n2}.",
        r"Nach Voraussetzung existiert eine {n}, d.\,h. eine {a} {n2}, mit der {m} übereinstimmt.",
        "Wir zeigen zuerst, dass {m} eine {a} {n} ist, und verwenden dazu die {n2} aus dem vorigen Abschnitt.",
        "Wegen {m} folgt daraus auch {m2}, also ist die {n} wie behauptet eine {a} {n2}.",
        "Jede {n} wird durch eine {a} {n2} überdeckt, und zwar so, dass {m} für alle {m2} erfüllt ist.",
        "Die {n} heißt {a}, wenn {m} und {m2} gelten; sonst spricht man von einer {n2}.",
    ),
    plural="en",
    title="Geometrie und Topologie",
    author="Ein Skript",
    chapter="Kapitel",
    contents="Inhaltsverzeichnis",
    index="Index",
    symbols="Symbolverzeichnis",
    solution="Lösung",
    kinds={"satz": "Satz", "defn": "Definition", "lem": "Lemma", "bem": "Bemerkung", "bsp": "Beispiel"},
    named="Hilfssatz von Mayer",
    exercise="Aufgabe",
    proof="Beweis",
    figure="Abbildung",
    caption="Eine glatte Kurve in der Ebene",
    image="Bild von",
    let="Sei",
    rotates=Said(
        "eine Matrix über $K$, so ist die zugehörige Abbildung eine Drehung.",
        "eine Matrix über K, so ist die zugehörige Abbildung eine Drehung.",
    ),
    given="Mit",
    joined="und",
    spans=Said(
        "rechnet man leicht nach, dass die Aussage für alle $n$ gilt, denn die Spalten spannen den Raum auf und sind linear unabhängig.",
        "rechnet man leicht nach, dass die Aussage für alle n gilt, denn die Spalten spannen den Raum auf und sind linear unabhängig.",
    ),
    follows="Es folgt",
    claim="und damit die Behauptung.",
    way="Weg von",
    to="nach",
    holds="Damit gilt",
    where="wobei {m} wie oben gewählt ist.",
    put="Setze",
    when="falls",
    otherwise="sonst",
    find="Man rechnet",
    defined="nach Definition",
    since="da",
    claimed="wie behauptet.",
    diagram="Betrachte das Diagramm",
    commutes="in dem alle Wege gleich sind.",
)
_ENGLISH = Language(
    babel="english",
    nouns=tuple(
        "map set manifold group subgroup matrix basis neighbourhood topology covering curve surface metric sequence plane line segment "
        "axis reflection rotation isometry projection embedding homotopy relation determinant extension partition".split()
    ),
    adjectives=tuple(
        "continuous open closed compact connected smooth regular orientable finite local proper complete outer bounded".split()
    ),
    sentences=(
        "Let {m} be a {a} {n} and take its {n2} as the new {n3}.",
        "Then {m} is a {a} {n} if and only if each {a2} {n2} of {m2} has a {a3} {n3}.",
        "Clearly {m} is no {n}, since otherwise {m2} would be a {a} {n2}.",
        "We call {m} a {a} {n} if each point of {m2} has a {a2} {n2} that lies in {m3}.",
        "For {m} this holds, e.g. where the {n} is not {a}, and so it is no {n2}.",
        "By what was assumed there is a {n}, i.e. a {a} {n2}, with which {m} agrees.",
        "We show first that {m} is a {a} {n}, and use the {n2} of the section before.",
        "From {m} we get {m2}, so that the {n} is a {a} {n2} as was said.",
    ),
    plural="s",
    title="Geometry and Topology",
    author="A Script",
    chapter="Chapter",
    contents="Contents",
    index="Index",
    symbols="List of Symbols",
    solution="Solution",
    kinds={"satz": "Theorem", "defn": "Definition", "lem": "Lemma", "bem": "Remark", "bsp": "Example"},
    named="Lemma of Mayer",
    exercise="Exercise",
    proof="Proof",
    figure="Figure",
    caption="A smooth curve in the plane",
    image="Image of",
    let="Let",
    rotates=Said(
        "be a matrix over $K$, so that the map that belongs to it is a rotation.",
        "be a matrix over K, so that the map that belongs to it is a rotation.",
    ),
    given="With",
    joined="and",
    spans=Said(
        "we find at once that the claim holds for all $n$, since the columns span the space and are linearly independent.",
        "we find at once that the claim holds for all n, since the columns span the space and are linearly independent.",
    ),
    follows="We get",
    claim="and so the claim.",
    way="way from",
    to="to",
    holds="So we have",
    where="where {m} is chosen as above.",
    put="Put",
    when="if",
    otherwise="otherwise",
    find="One finds",
    defined="by definition",
    since="since",
    claimed="as was claimed.",
    diagram="Consider the diagram",
    commutes="in which all ways are the same.",
)

_AMID = tuple(
    Said(f"${tex}$", said)
    for tex, said in (
        ("X", "X"), ("Y", "Y"), ("U_i", "U i"), (r"f \colon X \to Y", "f : X → Y"), (r"\mathbb{R}^n", "R n"),
        (r"\varepsilon > 0", "ε > 0"), (r"x \in U", "x ∈ U"), (r"\pi_1(X, x_0)", "π1(X, x0)"), ("S^1", "S1"),
        (r"n \geq 2", "n ≥ 2"), (r"\frac{1}{2}", "1/2"), ("[0,1]", "[0, 1]"), (r"g \circ f", "g ◦ f"),
        (r"\frac{n+1}{2}", "(n + 1)/2"), (r"\sum_{i=1}^{n} a_i", "∑n i=1 ai"),
        (r"\{\, x \in X \mid f(x) = 0 \,\}", "{ x ∈ X | f(x) = 0 }"), ("a^{2}+b^{2}=c^{2}", "a2 + b2 = c2"),
        (r"\frac{1}{n}", "1/n"), (r"\mathfrak{T}", "T"), (r"d(x,y) < \delta", "d(x, y) < δ"), (r"A \subseteq B", "A ⊆ B"),
        (r"\sqrt{2}", "√2"), (r"\overline{AB} \cong \overline{CD}", "AB ≅ CD"), (r"\frac{3}{4}", "3/4"),
        ("f^{-1}(V)", "f −1(V)"), (r"\lim_{n \to \infty} a_n", "limn→∞ an"), (r"\bigcup_{i \in I} U_i", "⋃ i∈I Ui"),
        (r"(X, \mathfrak{T})", "(X, T)"),
    )
)  # fmt: skip
"""Formulas within a line."""
_EQUATIONS = (
    Said(r"\varphi(g \circ h) = \varphi(g) \circ \varphi(h),", "φ(g ◦ h) = φ(g) ◦ φ(h),"),
    Said(r"\chi(K) = V - E + F,", "χ(K) = V − E + F,"),
    Said(r"\langle x, y \rangle \leq \| x \| \cdot \| y \|,", "⟨x, y⟩ ≤ ‖x‖ · ‖y‖,"),
    Said(r"\delta(p,q) := \min \{ r \in \mathbb{R} \mid q \in B_r(p) \},", "δ(p, q) := min{r ∈ R | q ∈ Br(p)},"),
)
_SYMBOLS = (
    Said(r"$X \setminus A$", r"X \ A"),
    Said(r"$\mathbb{R}$", "R"),
    Said(r"$\mathfrak{P}(M)$", "P(M)"),
    Said(r"$\overline{M}$", "M"),
    Said(r"$\partial M$", "∂M"),
    Said(r"$\pi_1(X,x)$", "π1(X, x)"),
    Said(r"$\| \cdot \|$", "‖ · ‖"),
)

# --- the dress of scripts -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    """A class with its options, how items are labelled, and whether running heads and page numbers are printed."""

    document_class: str
    options: str
    language: Language = _GERMAN
    has_chapters: bool = True
    preamble: str = ""
    items: int = 0
    has_heads: bool = False

    @property
    def is_ams(self) -> bool:
        return self.document_class == "amsart"


STYLES: Mapping[str, Style] = {
    "scrbook": Style("scrbook", "a5paper,10pt"),
    "report": Style(
        "report",
        "a4paper,11pt",
        preamble=r"\usepackage[left=25mm,right=50mm,marginparwidth=38mm]{geometry}",
        items=1,
    ),
    "amsart": Style("amsart", "a4paper,11pt", has_chapters=False),
    "article": Style(
        "article",
        "a4paper,10pt",
        has_chapters=False,
        preamble=r"\usepackage[margin=28mm]{geometry}\parindent0pt\parskip6pt",
        items=1,
    ),
    "amsart-english": Style("amsart", "letterpaper", _ENGLISH, has_chapters=False),
    "scrreprt": Style("scrreprt", "a4paper,11pt,headings=small", items=2, has_heads=True),
    "book": Style("book", "b5paper,10pt", _ENGLISH, items=1),
    "scrartcl": Style("scrartcl", "a4paper,11pt,parskip=half", has_chapters=False, items=2),
    "memoir": Style("memoir", "a4paper,11pt", items=1, has_heads=True),
}
SCRIPTS = (
    "scrbook:11", "report:12", "amsart:13", "article:14", "amsart-english:15", "scrreprt:16", "book:17",
    "scrartcl:21", "memoir:22", "report:23",
)  # fmt: skip
"""Those of docs/reading.md; the last three were not looked at before the reader was finished."""
_LABELS = (
    (r"\alph*)", ("a) ", "b) ", "c) ")),
    (r"(\arabic*)", ("(1) ", "(2) ", "(3) ")),
    (r"(\roman*)", ("(i) ", "(ii) ", "(iii) ")),
)
_NO_HEADS = (
    r"\makeatletter\let\ps@plain\ps@empty\let\ps@firstpage\ps@empty\let\ps@chapter\ps@empty\let\ps@headings\ps@empty"
    r"\makeatother\pagestyle{empty}"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Words that are printed in a run; notes stand at the end of the page that LaTeX says they are on."""

    words: str
    is_note: bool


@dataclass(slots=True)
class Script:
    """A script as it grows: its LaTeX, its words in their order, and how far its parts are counted."""

    style: Style
    dice: random.Random
    parts: list[str] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    solutions: list[str] = field(default_factory=list)
    chapter: int = 0
    section: int = 0
    theorem: int = 0
    equation: int = 0
    figure: int = 0
    note: int = 0

    @property
    def words(self) -> Language:
        return self.style.language

    def of_chapter(self, number: int) -> str:
        """A number as it is printed where it begins anew in each chapter."""
        return f"{self.chapter}.{number}" if self.style.has_chapters else f"{number}"

    @property
    def theorem_number(self) -> str:
        return f"{self.chapter if self.style.has_chapters else self.section}.{self.theorem}"

    def noun(self) -> str:
        return self.dice.choice(self.words.nouns)

    def adjective(self) -> str:
        return self.dice.choice(self.words.adjectives)

    def mark(self, words: str, *, is_note: bool = False, heads: bool = False) -> str:
        """Words as the next that are printed; what has LaTeX say on which page comes out."""
        self.units.append(Unit(words, is_note))
        return rf"\pgmark{'h' if heads else ''}{{{len(self.units)}}}"

    def sentence(self, form: str | None = None) -> Said:
        """A sentence, of a form where one is given."""
        form = form or self.dice.choice(self.words.sentences)
        nouns, adjectives = [self.noun() for _ in range(3)], [self.adjective() for _ in range(3)]
        formulas = [self.dice.choice(_AMID) for _ in range(3)]
        plain = {
            f"{name}{number}": one
            for name, found in (("n", nouns), ("a", adjectives))
            for number, one in zip(("", 2, 3), found, strict=True)
        }
        tex, said = ({f"m{at}": one[way] for at, one in zip(("", 2, 3), formulas, strict=True)} for way in (0, 1))
        return Said(form.format(**plain, **tex), form.replace(r"\,", " ").format(**plain, **said))

    def said(self, before: str = "") -> str:
        """A sentence, with what LaTeX prints before it."""
        one = self.sentence()
        return self.mark(before + one.said) + one.tex

    def paragraph(self, count: int, before: str = "") -> str:
        return " ".join(self.said("" if at else before) for at in range(count))

    def matrix(self, rows: int, columns: int, environment: str = "pmatrix") -> Said:
        cells = [[self.dice.choice("a b c d x y 0 1 2 -1 λ t".split()) for _ in range(columns)] for _ in range(rows)]
        inner = r"\\".join("&".join(cell.replace("λ", r"\lambda") for cell in row) for row in cells)
        begins, ends = {"pmatrix": ("( ", " )"), "vmatrix": ("| ", " |")}[environment]
        printed = " ".join(" ".join(row).replace("-", "−") for row in cells)
        return Said(rf"\begin{{{environment}}}{inner}\end{{{environment}}}", f"{begins}{printed}{ends}")


# --- what scripts consist of ----------------------------------------------------------------------


def _prose(script: Script) -> str:
    return script.paragraph(script.dice.randint(2, 5))


def _theorem(script: Script) -> str:
    environment, name = script.dice.choice(tuple(script.words.kinds.items()))
    return _numbered(script, environment, name, script.dice.choice(("", "", script.words.named)))


def _exercise(script: Script) -> str:
    tex = _numbered(script, "ubg", script.words.exercise, "")
    script.solutions.append(script.theorem_number)
    return tex


def _numbered(script: Script, environment: str, name: str, named: str) -> str:
    script.theorem += 1
    label = f"{name} {script.theorem_number}{f' ({named})' if named else ''}. "
    body = script.paragraph(script.dice.randint(1, 3), label)
    if script.dice.random() < 0.3:
        items = "".join(r"\item " + script.said("• ") for _ in range(2))
        body += rf"\begin{{itemize}}{items}\end{{itemize}}"
    return rf"\begin{{{environment}}}{f'[{named}]' if named else ''}{body}\end{{{environment}}}"


def _matrix_amid(script: Script) -> str:
    words, size = script.words, script.dice.choice((2, 2, 3))
    matrix, before = script.matrix(size, size), script.said()
    mark = script.mark(f"{words.let} A = {matrix.said} {words.rotates.said}")
    return f"{before} {mark}{words.let} $A = {matrix.tex}$ {words.rotates.tex} {script.said()}"


def _two_matrices(script: Script) -> str:
    words, matrix, column = script.words, script.matrix(2, 2), script.matrix(2, 1)
    mark = script.mark(f"{words.given} {matrix.said} {words.joined} v = {column.said} {words.spans.said}")
    return f"{mark}{words.given} ${matrix.tex}$ {words.joined} $v = {column.tex}$ {words.spans.tex}"


def _displayed(script: Script) -> str:
    words, before, matrix = script.words, script.said(), script.matrix(2, 2)
    mark = script.mark(
        f"{words.follows} d(x, y) = inf{{ ℓ(γ) | γ {words.way} x {words.to} y }} = det {matrix.said} {words.claim}"
    )
    return (
        rf"{before} {mark}{words.follows} \[ d(x,y) = \inf\{{\, \ell(\gamma) \mid \gamma \text{{ {words.way} }} x"
        rf" \text{{ {words.to} }} y \,\}} = \det {matrix.tex} \] {words.claim}"
    )


def _determinant(script: Script) -> str:
    words, before, matrix = script.words, script.said(), script.matrix(3, 3, "vmatrix")
    where = script.sentence(words.where)
    mark = script.mark(f"{words.holds} {matrix.said} = 0, {where.said}")
    return rf"{before} {mark}{words.holds} \[ {matrix.tex} = 0, \] {where.tex}"


def _sum(script: Script) -> str:
    words, where = script.words, script.sentence(script.words.where)
    mark = script.mark(f"{words.holds} n∑ k=0 k/2 = n(n + 1)/4 , {where.said}")
    formula = r"\[ \sum_{k=0}^{n} \frac{k}{2} = \frac{n(n+1)}{4}, \]"
    return f"{mark}{words.holds} {formula} {where.tex} {script.said()}"


def _equation(script: Script) -> str:
    script.equation += 1
    words, where = script.words, script.sentence(script.words.where)
    formula, number = script.dice.choice(_EQUATIONS), f"({script.of_chapter(script.equation)})"
    printed = f"{number} {formula.said}" if script.style.is_ams else f"{formula.said} {number}"
    mark = script.mark(f"{words.holds} {printed} {where.said}")
    return rf"{mark}{words.holds} \begin{{equation}} {formula.tex} \end{{equation}} {where.tex} {script.said()}"


def _cases(script: Script) -> str:
    words, before = script.words, script.said()
    mark = script.mark(f"{words.put} f(x) = {{ 0 {words.when} x ∈ U 1 {words.otherwise}.")
    return (
        rf"{before} {mark}{words.put} \[ f(x) = \begin{{cases}} 0 & \text{{{words.when} }} x \in U \\"
        rf" 1 & \text{{{words.otherwise}.}} \end{{cases}} \] {script.said()}"
    )


def _aligned(script: Script) -> str:
    words = script.words
    mark = script.mark(
        f"{words.find} (g ◦ f)(x) = g(f(x)) {words.defined} = g(y) {words.since} f(x) = y = z {words.claimed}"
    )
    return (
        rf"{mark}{words.find} \begin{{align*}} (g \circ f)(x) &= g(f(x)) && \text{{{words.defined}}}\\"
        rf" &= g(y) && \text{{{words.since} }} f(x) = y\\ &= z \end{{align*}} {words.claimed}"
    )


def _gathered(script: Script) -> str:
    words, where = script.words, script.sentence(script.words.where)
    mark = script.mark(rf"{words.holds} A ∩ (B ∪ C) = (A ∩ B) ∪ (A ∩ C) X \ (A ∪ B) = (X \ A) ∩ (X \ B), {where.said}")
    formula = r"A \cap (B \cup C) = (A \cap B) \cup (A \cap C)\\ X \setminus (A \cup B) = (X \setminus A) \cap (X \setminus B),"
    return rf"{mark}{words.holds} \begin{{gather*}} {formula} \end{{gather*}} {where.tex}"


def _list(script: Script) -> str:
    items = "".join(r"\item " + script.said(label) for label in _LABELS[script.style.items][1])
    return rf"\begin{{enumerate}}{items}\end{{enumerate}}"


def _figure(script: Script) -> str:
    script.figure += 1
    words, number = script.words, script.of_chapter(script.figure)
    before, stop = script.said(), "." if script.style.is_ams else ":"
    mark = script.mark(f"x y U γ {words.image} f {words.figure} {number}{stop} {words.caption}")
    drawing = (
        r"\draw[->] (0,0) -- (4,0) node[right] {$x$};\draw[->] (0,0) -- (0,3) node[above] {$y$};"
        r"\draw (0.5,0.5) circle (0.4) node {$U$};\draw[thick] (1,1) .. controls (2,3) .. (3.5,1.2) node[midway,above] {$\gamma$};"
        rf"\node at (3,2.5) {{{words.image} $f$}};"
    )
    return (
        rf"{before}\begin{{figure}}[H]\centering{mark}\begin{{tikzpicture}}{drawing}\end{{tikzpicture}}"
        rf"\caption{{{words.caption}}}\end{{figure}}"
    )


def _diagram(script: Script) -> str:
    words = script.words
    mark = script.mark(f"{words.diagram} X Y Z f h g {words.commutes}")
    drawing = (
        r"\node (a) at (0,2) {$X$};\node (b) at (3,2) {$Y$};\node (c) at (1.5,0) {$Z$};\draw[->] (a) -- node[above] {$f$} (b);"
        r"\draw[->] (a) -- node[left] {$h$} (c);\draw[->] (b) -- node[right] {$g$} (c);"
    )
    return rf"{mark}{words.diagram} \begin{{center}}\begin{{tikzpicture}}{drawing}\end{{tikzpicture}}\end{{center}} {words.commutes}"


def _square(script: Script) -> str:
    words = script.words
    mark = script.mark(f"{words.diagram} X Y Z W f α β g {words.commutes}")
    drawing = r"""X \arrow[r,"f"] \arrow[d,"\alpha"'] & Y \arrow[d,"\beta"] \\ Z \arrow[r,"g"'] & W"""
    return rf"{mark}{words.diagram} \[ \begin{{tikzcd}} {drawing} \end{{tikzcd}} \] {words.commutes}"


def _with_note(script: Script) -> str:
    script.note += 1
    one, note = script.sentence(), script.sentence()
    mark = script.mark(f"{one.said[:-1]}{script.note}.")
    inner = script.mark(f"{script.note} {note.said}", is_note=True)
    return rf"{mark}{one.tex[:-1]}\footnote{{{inner}{note.tex}}}. {script.said()}"


def _with_margin(script: Script) -> str:
    noun = script.noun()
    return rf"\leavevmode\marginpar{{\footnotesize {script.mark(noun)}{noun}}}{script.paragraph(2)}"


def _proof(script: Script) -> str:
    words = script.paragraph(script.dice.randint(2, 3), f"{script.words.proof}. ")
    return rf"\begin{{proof}}{words}{script.mark('□')}\end{{proof}}"


_PARTS: tuple[Callable[[Script], str], ...] = (
    *(_prose,) * 3, *(_theorem,) * 3, *(_matrix_amid,) * 2, _two_matrices, *(_displayed,) * 2, _cases, _list, _figure,
    *(_with_note,) * 2, _with_margin, *(_proof,) * 2, _aligned, _gathered, _diagram, _square, _exercise, *(_equation,) * 2,
    _sum, _determinant,
)  # fmt: skip
"""As often as scripts have them."""

# --- a whole script -------------------------------------------------------------------------------


def made(style: Style, seed: int) -> Script:
    """A script of its own for each seed."""
    script = Script(style, random.Random(seed))
    for _ in range(script.dice.randint(3, 4) if style.has_chapters else 1):
        _chapter(script)
    _solutions(script)
    _symbols(script)
    return script


def _chapter(script: Script) -> None:
    script.chapter += 1
    if script.style.has_chapters:
        script.theorem = script.equation = script.figure = script.note = 0
        name = f"{script.adjective().capitalize()} {script.noun()}{script.words.plural}"
        is_named = script.style.document_class in ("report", "book", "memoir")
        label = f"{script.words.chapter} {script.chapter} " if is_named else f"{script.chapter} "
        script.parts.append(rf"\chapter{{{name}}}" + script.mark(label + name, heads=True))
    for number in range(1, script.dice.randint(3, 5) if script.style.has_chapters else 10):
        script.section = number
        _section(script)


def _section(script: Script) -> None:
    name = f"{script.noun()} {script.words.joined} {script.noun()}"
    name = name.capitalize() if script.words is _ENGLISH else name
    label = f"{script.of_chapter(script.section)}{'.' if script.style.is_ams else ''}"
    script.parts.append(rf"\section{{{name}}}" + script.mark(f"{label} {name}", heads=True))
    if not script.style.has_chapters:
        script.theorem = 0
    for _ in range(script.dice.randint(8, 13)):
        script.parts.append(script.dice.choice(_PARTS)(script))
        if script.dice.random() < 0.5:
            script.parts.append(rf"\index{{{script.adjective()} {script.noun()}}}")


def _heading(script: Script, name: str) -> str:
    command = r"\chapter*" if script.style.has_chapters else r"\section*"
    return f"{command}{{{name}}}" + script.mark(name, heads=True)


def _solutions(script: Script) -> None:
    name = script.words.solution
    script.parts.append(_heading(script, name + script.words.plural))
    for number in script.solutions:
        label = f"{name} {number} "
        script.parts.append(rf"\textbf{{{label.strip()}}} " + script.paragraph(script.dice.randint(1, 3), label))


def _symbols(script: Script) -> None:
    script.parts.append(_heading(script, script.words.symbols))
    for symbol in _SYMBOLS:
        name = f"{script.adjective()} {script.noun()}"
        mark = script.mark(f"{symbol.said} {name}")
        script.parts.append(rf"{mark}\noindent\makebox[3cm][l]{{{symbol.tex}}}{name}\par")


def tex_of(script: Script, seed: int) -> str:
    """The script in LaTeX; odd seeds have the fonts of Latin Modern."""
    style, words = script.style, script.words
    packages = f"{'lmodern,' if seed % 2 else ''}amsmath,amssymb,amsthm,tikz,tikz-cd,{'' if style.is_ams else 'makeidx,'}enumitem,float"
    theorems = [rf"\newtheorem{{satz}}{{{words.kinds['satz']}}}[{'chapter' if style.has_chapters else 'section'}]"]
    others = {**words.kinds, "ubg": words.exercise}
    theorems += [rf"\newtheorem{{{kind}}}[satz]{{{others[kind]}}}" for kind in ("lem", "defn", "bem", "bsp", "ubg")]
    theorems.insert(2, r"\theoremstyle{definition}")
    page = r"\the\ReadonlyShipoutCounter"
    return "\n".join(
        [
            rf"\documentclass[{style.options}]{{{style.document_class}}}",
            rf"\usepackage[utf8]{{inputenc}}\usepackage[T1]{{fontenc}}\usepackage[{words.babel}]{{babel}}\usepackage{{{packages}}}",
            r"\usetikzlibrary{babel}",
            style.preamble,
            rf"\setlist[enumerate]{{label={_LABELS[style.items][0]}}}",
            r"\newwrite\pgw\immediate\openout\pgw=\jobname.pg",
            rf"\newcommand\pgmark[1]{{\leavevmode\write\pgw{{#1 {page}}}}}\newcommand\pgmarkh[1]{{\write\pgw{{#1 {page}}}}}",
            "".join(theorems),
            r"\numberwithin{equation}{chapter}" if style.has_chapters else "",
            "" if style.has_heads else _NO_HEADS,
            r"\makeindex\usepackage[hidelinks]{hyperref}",
            rf"\begin{{document}}\title{{{words.title}}}\author{{{words.author}}}\date{{}}\maketitle\tableofcontents",
            "",
            "\n\n".join(script.parts),
            "",
            r"\printindex\end{document}",
            "",
        ]
    )


def typeset(script: Script, seed: int, folder: Path, name: str) -> bool:
    """Set a script, with its words beside it; False where LaTeX makes none."""
    (folder / f"{name}.tex").write_text(tex_of(script, seed), encoding="utf-8")
    (folder / f"{name}.pdf").unlink(missing_ok=True)
    latex = ("pdflatex", "-interaction=nonstopmode", f"{name}.tex")
    for command in (latex, ("makeindex", f"{name}.idx"), latex, latex):
        subprocess.run(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300, check=False
        )
    is_set = (folder / f"{name}.pdf").exists()
    if is_set:
        words = "\n".join(printed(script, folder / name))
        (folder / f"{name}.txt").write_text(f"{words}\n", encoding="utf-8")
    for path in folder.glob(f"{name}.*"):
        if path.suffix not in (".tex", ".pdf", ".txt"):
            path.unlink()
    return is_set


# --- the words in their order ---------------------------------------------------------------------


def printed(script: Script, stem: Path) -> Iterator[str]:
    """The words of a script in the order in which people read them; its contents and its index are those that LaTeX made."""
    words, as_title = script.words, str.upper if script.style.is_ams else str
    yield from (as_title(words.title), as_title(words.author), words.contents)
    yield from _contents(_made_by_latex(stem, ".toc"))
    yield from _in_order(script.units, _made_by_latex(stem, ".pg"))
    yield words.index
    yield from _entries(_made_by_latex(stem, ".ind"))


def _made_by_latex(stem: Path, suffix: str) -> str:
    path = stem.with_name(stem.name + suffix)
    return path.read_text(encoding="utf-8") if path.exists() else ""


_CONTENTS_LINE = re.compile(r"\\contentsline \{(\w+)\}\{(.*)\}\{(\d+)\}\{")
_NUMBERED = (
    (re.compile(r"\\numberline \{([\d.]+)\}"), r"\1 "),
    (re.compile(r"\\tocsection \{\}\{(\d*)\}\{(.*)\}$"), r"\1. \2"),
    (re.compile(r"\\chapternumberline \{(\d+)\}"), r"\1 "),
    (re.compile(r"[{}]|\\\w+ ?"), ""),
)


def _contents(listed: str) -> Iterator[str]:
    for line in _CONTENTS_LINE.finditer(listed):
        words = line[2]
        for pattern, instead in _NUMBERED:
            words = pattern.sub(instead, words)
        yield f"{words.removeprefix('. ')} {line[3]}"


def _in_order(units: list[Unit], pages: str) -> Iterator[str]:
    """The words page by page, the notes of each behind its other words."""
    found = {int(number): int(page) for number, page in re.findall(r"^(\d+) (\d+)$", pages, re.MULTILINE)}
    waiting, page = list[tuple[int, str]](), 0
    for number, unit in enumerate(units, start=1):
        own = found.get(number, page)
        if unit.is_note:
            waiting.append((own, unit.words))
            continue
        if own > page:
            yield from (words for at, words in waiting if at < own)
            waiting, page = [one for one in waiting if one[0] >= own], own
        yield unit.words
    yield from (words for _, words in waiting)


def _entries(index: str) -> list[str]:
    bare = re.sub(r"\\hyperpage\{(.*?)\}", r"\1", index)
    return re.findall(r"\\item (.*?)\s*(?=\\item|\\indexspace|\\end)", bare, re.DOTALL)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("scripts", nargs="*", default=SCRIPTS, metavar="STYLE:SEED", help=", ".join(STYLES))
    options = parser.parse_args()
    options.folder.mkdir(exist_ok=True, parents=True)
    for one in options.scripts:
        style, seed = one.split(":")
        is_set = typeset(made(STYLES[style], int(seed)), int(seed), options.folder, f"{style}{seed}")
        print(f"{style}{seed}{'' if is_set else ': LaTeX made no PDF'}")


if __name__ == "__main__":
    main()
