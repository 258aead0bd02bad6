"""Seeds go in; which sentences of papers set by LaTeX are whole and citable, and what is citable and none, comes out.

    python benchmarks/typeset_prose.py {work,held} FIRST LAST [--misses] [--wrong] [--keep FOLDER]

Each seed makes a paper of sentences of our own, in the dress that journals have: dropped capitals, lists, definitions,
theorems, notes, code in the typeface of the text, algorithms, frames, formulas on lines of their own. The source says
which sentences there are. A citable sentence is *right* when it is one of them, white space and hyphens aside, with or
without the mark of its item or note. All others are *wrong*, and told by what they are: words that are no sentence of the
paper (code, labels, headings), a half, or two joined. Sentences of the paper that are not among the right ones are *lost*.
Seeds of ``held`` know classes, fonts and dresses that ``work`` never sets, so that rules are not written with them in view.

Needs pdflatex with the packages of Debian's texlive-latex-extra, texlive-science and texlive-publishers.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.accents import folded as unaccented
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.paper_text import PaperText

# --- sentences of our own -------------------------------------------------------------------------

_WORDS = (
    "the the the of of of and and to to in in a a that for with is are was were by on as at from this which we it their its these "
    "boats harbour river ropes sails crews winter summer walls lanterns orchard bridge tide anchors cargo officer offices "
    "different specific efficient coefficient effort sufficient influence reflected fluid confined defined "
    "count counted measured compared weighed repaired observed reported described considered estimated established "
    "measurement comparison observation description consideration relationship understanding approximation distribution "
    "large small older northern several further common similar important considerable independent corresponding additional "
    "year month morning distance weight number value sample table group method result effect model amount account "
    "before after between against without during through under above because although while where than more most less "
    "only also often usually slowly carefully always never not all each every both other one two three"
).split()
_NAMES = "Rome Hull Kiel Bergen Ostend Cadiz Turku Genoa Smith Ortega Larsen Weber Quaglia Nakamura".split()


class Words(NamedTuple):
    """Words as they are typed, and the ways in which they may be read."""

    tex: str
    said: tuple[str, ...]


def words(dice: random.Random, count: int) -> str:
    """Words of a sentence without its capital and its stop; nothing that a sentence cannot end with at its end."""
    made = dice.choices(_WORDS, k=count - 1)
    if count > 5 and dice.random() < 0.3:
        made[dice.randrange(1, count - 1)] = dice.choice(_NAMES)
    return " ".join([*made, dice.choice(("boats", "ropes", "harbours", "winters", "walls", "years", "measurements"))])


def sentence(dice: random.Random, *, plain: bool = False, short: bool = False) -> Words:
    """A sentence with what sentences hold."""
    text = words(dice, dice.randint(4, 6) if short else dice.randint(6, 26))
    tex = said = text[0].upper() + text[1:]
    if not plain and not short:
        cut = tex.rfind(" ", 0, len(tex) // 2 + 8)
        for_tex, for_said = dice.choice(_AMID)
        if cut > 0 and dice.random() < 0.45:
            tex, said = f"{tex[:cut]} {for_tex}{tex[cut:]}", f"{said[:cut]} {for_said}{said[cut:]}"
    return Words(tex + ".", (said + ".",))


_AMID = (
    (r"[12]", "[12]"), (r"(Ortega et al., 2019)", "(Ortega et al., 2019)"), (r"(see Fig.~3)", "(see Fig. 3)"),
    (r"$n$", "n"), (r"$x = 3$", "x = 3"), (r"\emph{quietly}", "quietly"), (r"\textbf{fast}", "fast"),
    (r"\texttt{readlog}", "readlog"), (r"3.5\,\%", "3.5 %"), (r"(i.e., by hand)", "(i.e., by hand)"), (r", e.g.\ in Rome,", ", e.g. in Rome,"),
    (r"``as it is''", "“as it is”"), (r"---as said---", "—as said—"), (r"Dr.~Weber", "Dr. Weber"), (r"1,200", "1,200"),
)  # fmt: skip


@dataclass(slots=True)
class Paper:
    """A paper in LaTeX. ``wanted`` are its sentences, each with the kind of place where it is; ``allowed`` may be cited,
    and need not; ``known`` are words that may not, by what they are."""

    dice: random.Random
    held: bool
    parts: list[str] = field(default_factory=list)
    wanted: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    preamble: list[str] = field(default_factory=list)
    name: str = ""

    def tex(self) -> str:
        return "\n".join([*self.preamble, r"\begin{document}", *self.parts, r"\end{document}", ""])

    def say(self, kind: str, made: Words, *labels: str) -> str:
        """Its words in LaTeX; it is wanted, alone or behind one of some labels."""
        self.wanted.append((kind, (*made.said, *(f"{label}{said}" for label in labels for said in made.said))))
        return made.tex

    def prose(self, kind: str, count: int, **how: bool) -> str:
        return " ".join(self.say(kind, sentence(self.dice, **how)) for _ in range(count))

    def no_sentence(self, kind: str, tex: str, said: str | None = None) -> str:
        self.known.append((kind, said if said is not None else tex))
        return tex


# --- what papers consist of -----------------------------------------------------------------------


def paragraph(paper: Paper) -> str:
    dice = paper.dice
    said = [sentence(dice, short=dice.random() < 0.12) for _ in range(dice.randint(2, 7))]
    return " ".join(paper.say("text", one) for one in said)


def notes(paper: Paper) -> str:
    """A paragraph with notes: behind the stop, behind a word, and at the foot."""
    dice, tex = paper.dice, []
    for _ in range(dice.randint(2, 4)):
        one = sentence(dice, plain=True)
        foot = r"\footnote{" + paper.prose("note", dice.choice((1, 1, 2)), plain=True) + "}"
        paper.wanted.append(("text with a note", one.said))
        if dice.random() < 0.5:
            tex.append(one.tex + foot)
        else:
            cut = one.tex.find(" ", len(one.tex) // 2)
            cut = cut if cut > 0 else len(one.tex) - 1
            tex.append(one.tex[:cut] + foot + one.tex[cut:])
        tex.append(paper.prose("text", 1))
    return " ".join(tex)


_NOTE = re.compile(r"(?<=[^\W\d_.,\])”%])[1-9]\d?(?=\W|$)|(?<=[^\W\d_][.,])[1-9]\d?(?=\W|$)")


def items(paper: Paper) -> str:
    """A list, of sentences, of words with no stop, or of halves of a sentence."""
    dice = paper.dice
    kind = dice.choice(("sentences", "words", "halves", "long"))
    env = dice.choice(("itemize", "enumerate"))
    lead = lead_in(paper) if dice.random() < 0.7 else ""
    tex = [lead, rf"\begin{{{env}}}" + ("[noitemsep]" if "enumitem" in paper.name and dice.random() < 0.5 else "")]
    for at in range(count := dice.randint(2, 5)):
        if kind == "sentences":
            tex.append(r"\item " + paper.prose("item", dice.randint(1, 3)))
            continue
        said = words(dice, dice.randint(4, 7) if kind == "words" else dice.randint(9, 24))
        if kind == "halves":
            said += "." if at == count - 1 else ("; and" if at == count - 2 else ";")
        elif dice.random() < 0.7:
            said = said[0].upper() + said[1:]
        paper.wanted.append(("item of words", (said,)))
        tex.append(r"\item " + said)
    return "\n".join([*tex, rf"\end{{{env}}}"])


def lead_in(paper: Paper) -> str:
    """Few or many words that lead to what stands under them."""
    count = paper.dice.choice((2, 3, 4, 6, 11))
    said = words(paper.dice, count)
    said = said[0].upper() + said[1:] + ":"
    if count > 3:
        paper.wanted.append(("lead-in", (said, *(f"{said} {mark}" for mark in ("[code]", "[formula]")))))
    else:
        paper.allowed += [said, f"{said} [code]", f"{said} [formula]"]
    return f"\n{said}\n" if paper.dice.random() < 0.5 else paper.prose("text", 2) + " " + said


def definitions(paper: Paper) -> str:
    """A list of labels, in bold, in the type of the text, in small capitals, in italics, and what each says."""
    dice = paper.dice
    font = dice.choice(
        (r"\normalfont", r"\bfseries", r"\scshape\normalsize", r"\itshape", r"\normalfont", r"\ttfamily")
    )
    mark = dice.choice(("", "", "", ":", "."))
    tex = [paper.prose("text", 1), r"\begin{description}"]
    for _ in range(dice.randint(2, 5)):
        label = " ".join(
            dice.sample(("Depth", "Rope length", "harbour", "Tides", "sail area", "Crew", "Walls of stone"), 1)
        )
        label += dice.choice(("", " of Rome", " value"))
        made = [sentence(dice) for _ in range(dice.randint(1, 3))]
        paper.known.append(("label", label + mark))
        first = paper.say("definition", made[0], *(f"{label}{mark}{more} " for more in ("", ":", ".") if mark or more))
        rest = " ".join(paper.say("definition", one) for one in made[1:])
        tex.append(rf"\item[{{\normalfont{font} {label}{mark}}}] {first} {rest}")
    return "\n".join([*tex, r"\end{description}"])


def labelled_items(paper: Paper) -> str:
    tex = [paper.prose("text", 1), r"\begin{itemize}"]
    for _ in range(paper.dice.randint(2, 4)):
        label = words(paper.dice, 2).title() + "."
        paper.known.append(("label", label))
        tex.append(
            rf"\item \textbf{{{label}}} "
            + paper.say("item", sentence(paper.dice), f"{label} ")
            + " "
            + paper.prose("item", 1)
        )
    return "\n".join([*tex, r"\end{itemize}"])


_LINES = (
    ("for (i = 0; i < n; i++) {", r"for (i = 0; i $<$ n; i++) \{"), ("return total;", "return total;"), ("}", r"\}"),
    ("int count = read_log(path);", r"int count = read\_log(path);"), ("total += weigh(boat, rope);", "total += weigh(boat, rope);"),
    ("def weigh(boat, rope):", r"def weigh(boat, rope):"), ("return boat.weight + rope", "return boat.weight + rope"),
    ("if boat is None:", "if boat is None:"), ("for boat in boats:", "for boat in boats:"), ("import harbour as hb", "import harbour as hb"),
    ("fit <- lm(weight ~ rope, data = boats)", r"fit $<$- lm(weight \~{} rope, data = boats)"), ("print(total / len(boats))", "print(total / len(boats))"),
    ("summary(fit)", "summary(fit)"), ("boats = load(\"boats.csv\")", "boats = load(\"boats.csv\")"), ("SELECT name FROM boats WHERE year > 1900", r"SELECT name FROM boats WHERE year $>$ 1900"),
    ("git clone harbour.git", "git clone harbour.git"), ("make install prefix=/opt", "make install prefix=/opt"), ("end if", "end if"), ("while not done do", "while not done do"),
    ("# weigh every boat of the harbour", r"\# weigh every boat of the harbour"), ("x = x + 1", "x = x + 1"), ("begin", "begin"), ("end", "end"),
)  # fmt: skip


def code(paper: Paper) -> str:
    """Lines of code: in typewriter, or in the typeface of the text."""
    dice = paper.dice
    lines = dice.sample(_LINES, dice.randint(2, 6))
    paper.known.extend(("code", raw) for raw, _ in lines)
    paper.known.append(("code", " ".join(raw for raw, _ in lines)))
    before = lead_in(paper) if dice.random() < 0.4 else paper.prose("text", 2)
    look = dice.choice(
        ("verbatim", "roman", "quote", "listing", "sans") if not paper.held else ("roman", "quote", "centre", "listing")
    )
    raw = "\n".join(" " * dice.choice((0, 0, 2, 4)) + line for line, _ in lines)
    set_lines = " \\\\\n".join(tex for _, tex in lines)
    return (
        before
        + "\n"
        + {
            "verbatim": f"\\begin{{verbatim}}\n{raw}\n\\end{{verbatim}}",
            "roman": f"\\begin{{Verbatim}}[formatcom=\\normalfont]\n{raw}\n\\end{{Verbatim}}",
            "sans": f"\\begin{{Verbatim}}[formatcom=\\sffamily]\n{raw}\n\\end{{Verbatim}}",
            "listing": f"\\begin{{lstlisting}}[basicstyle=\\normalfont,columns=flexible,keywordstyle=\\bfseries,language=C]\n{raw}\n\\end{{lstlisting}}",
            "quote": f"\\begin{{quote}}\n{set_lines}\n\\end{{quote}}",
            "centre": f"\\begin{{flushleft}}\n{set_lines}\n\\end{{flushleft}}",
        }[look]
        + "\n"
    )


def algorithm(paper: Paper) -> str:
    """An algorithm in a float, or within the text."""
    dice = paper.dice
    lines = [words(dice, dice.randint(3, 6)) for _ in range(4)]
    paper.known.extend(("algorithm", line) for line in lines)
    caption = sentence(dice, plain=True)
    paper.allowed.extend(caption.said)
    inner = rf"""\begin{{algorithmic}}[1]
\Require {lines[0]}
\For{{$i = 1$ to $n$}}
\State {lines[1]}
\If{{{lines[2]}}}
\State $x \gets x + 1$ \Comment{{{lines[3]}}}
\EndIf\EndFor
\State \Return $x$
\end{{algorithmic}}"""
    if dice.random() < 0.6:
        inner = rf"\begin{{algorithm}}[htb]\caption{{{caption.tex}}}" + "\n" + inner + "\n" + r"\end{algorithm}"
    return inner


def theorem(paper: Paper) -> str:
    """A theorem, a definition, a remark, a proof."""
    dice = paper.dice
    env, label = dice.choice((("theorem", "Theorem"), ("defin", "Definition"), ("rem", "Remark"), ("proof", "Proof")))
    name = dice.choice(("", "", "Larsen"))
    option = f"[{name}]" if name and env != "proof" else ""
    first, more = sentence(dice, plain=True), dice.randint(0, 2)
    # The label before the sentence ends with a stop or with none; it is never a sentence by itself.
    paper.known.append(("label", label + "."))
    tex = first.tex + " " + paper.prose("theorem", more, plain=True)
    paper.wanted.append(("theorem", first.said))
    return rf"\begin{{{env}}}{option} {tex} \end{{{env}}}"


def frame(paper: Paper) -> str:
    """A frame: a finding of the authors, or a sample."""
    dice = paper.dice
    if dice.random() < 0.5:
        lines = [f"{who}: {words(dice, dice.randint(5, 14)).capitalize()}." for who in ("User", "Assistant", "User")]
        paper.known.extend(("sample", line) for line in lines)
        paper.known.extend(("sample", line.partition(": ")[2]) for line in lines)
        inner = "\n\n".join(lines)
    else:
        inner = (
            rf"\textbf{{Finding {dice.randint(1, 5)}.}} We find that "
            + (said := words(dice, dice.randint(14, 24)))
            + ". "
        )
        paper.wanted.append(
            (
                "frame",
                (
                    f"We find that {said}.",
                    f"Finding 1. We find that {said}.",
                    *(f"Finding {n}. We find that {said}." for n in range(2, 6)),
                ),
            )
        )
        paper.known.append(("label", "Finding 1."))
        inner += paper.prose("frame", 1, plain=True)
    env = dice.choice(("tcolorbox", "mdframed", "framed"))
    return f"\\begin{{{env}}}\n{inner}\n\\end{{{env}}}"


def quotation(paper: Paper) -> str:
    env = paper.dice.choice(("quote", "quotation"))
    return f"{paper.prose('text', 2)}\n\\begin{{{env}}}\n{paper.prose('quotation', paper.dice.randint(1, 3), plain=True)}\n\\end{{{env}}}\n{paper.prose('text', 1)}"


def formula(paper: Paper) -> str:
    """A formula on a line of its own, amid a sentence or behind one."""
    dice = paper.dice
    env = dice.choice(("equation", "equation*", "align"))
    body = dice.choice(
        (
            r"x = \frac{a + b}{c}",
            r"\sum_{i=1}^{n} w_i = 1",
            r"L(\theta) = \log p(x \mid \theta)",
            r"y = \beta_0 + \beta_1 x + \varepsilon",
        )
    )
    if env == "align":
        body = rf"{body} \\ & \quad + z^2"
    before, after = words(dice, dice.randint(6, 14)), words(dice, dice.randint(6, 14))
    before = before[0].upper() + before[1:] + dice.choice(("", ",", " is"))
    said = f"{before} [formula] where {after}."
    paper.wanted.append(("text with a formula", (said, f"{before} [formula], where {after}.")))
    return f"{paper.prose('text', 1)} {before}\n\\begin{{{env}}}\n{body}\n\\end{{{env}}}\nwhere {after}. {paper.prose('text', 1)}"


def run_in(paper: Paper) -> str:
    title = words(paper.dice, 3).capitalize()
    paper.known.append(("heading", title + "."))
    paper.known.append(("heading", title))
    first = paper.say("text", sentence(paper.dice), f"a) {title}.: ", f"b) {title}.: ", f"c) {title}.: ")
    return rf"\paragraph{{{title}.}} {first} " + paper.prose("text", paper.dice.randint(1, 4))


def figure(paper: Paper) -> str:
    """A drawing with words in it, its caption below, at its side, or the text around it."""
    dice = paper.dice
    labels = [words(dice, dice.randint(1, 3)).capitalize() for _ in range(3)]
    paper.known.extend(("figure", label) for label in labels)
    nodes = " ".join(
        rf"\put({8 + 60 * at},{10 + 12 * at}){{\makebox(0,0)[l]{{\small {label}}}}}" for at, label in enumerate(labels)
    )
    drawing = rf"\begin{{picture}}(200,50)\put(0,0){{\framebox(200,50){{}}}}{nodes}\end{{picture}}"
    said = [sentence(dice, plain=True) for _ in range(dice.choice((1, 1, 2)))]
    caption = " ".join(paper.say("caption", one) for one in said)
    return rf"\begin{{figure}}[{dice.choice(('t', 'htb'))}]\centering {drawing}\caption{{{caption}}}\end{{figure}}"


def margin(paper: Paper) -> str:
    label = words(paper.dice, 2)
    paper.known.append(("margin", label))
    return rf"\marginpar{{\footnotesize {label}}}" + paper.prose("text", 4)


def table(paper: Paper) -> str:
    cells = [[words(paper.dice, 1 + (at == 1)).capitalize() for at in range(3)] for _ in range(4)]
    paper.known.extend(("cell", " ".join(row)) for row in cells)
    rows = " \\\\\n".join(" & ".join(row) for row in cells)
    first = sentence(paper.dice, plain=True)
    paper.wanted.append(("caption", first.said))
    return rf"\begin{{table}}[htb]\centering\caption{{{first.tex}}}\begin{{tabular}}{{lll}}\hline {rows} \\ \hline\end{{tabular}}\end{{table}}"


_PARTS: tuple[tuple[Callable[[Paper], str], int], ...] = (
    (paragraph, 9), (notes, 2), (items, 4), (definitions, 3), (labelled_items, 2), (code, 4), (algorithm, 1), (theorem, 3),
    (frame, 1), (quotation, 1), (formula, 3), (run_in, 2), (figure, 1), (table, 1),
)  # fmt: skip


# --- dress ----------------------------------------------------------------------------------------


class Dress(NamedTuple):
    """A class with its options, and how it says title, author and abstract."""

    head: str
    opened: str = r"\title{@T}\author{@A}\maketitle\begin{abstract}@S\end{abstract}"
    columns: int = 1
    has_proof: bool = False
    no_theorem: bool = False


_FRONT_FIRST = r"\title{@T}\author{@A}\begin{abstract}@S\end{abstract}\maketitle"
_WORK = (
    Dress(r"\documentclass[10pt]{article}"), Dress(r"\documentclass[11pt,a4paper]{article}"), Dress(r"\documentclass[12pt]{article}"),
    Dress(r"\documentclass[10pt,twocolumn]{article}", columns=2), Dress(r"\documentclass[conference]{IEEEtran}", columns=2),
    Dress(r"\documentclass[journal]{IEEEtran}", columns=2), Dress(r"\documentclass{amsart}", _FRONT_FIRST, has_proof=True),
    Dress(r"\documentclass[preprint,12pt]{elsarticle}", r"\begin{frontmatter}\title{@T}\author{@A}\begin{abstract}@S\end{abstract}\end{frontmatter}"),
    Dress(r"\documentclass{llncs}", r"\title{@T}\author{@A}\institute{Harbour Office}\maketitle\begin{abstract}@S\end{abstract}", has_proof=True, no_theorem=True),
    Dress(r"\documentclass[reprint,aps,prl]{revtex4-2}", r"\begin{document}\title{@T}\author{@A}\begin{abstract}@S\end{abstract}\maketitle", columns=2),
    Dress(r"\documentclass[parskip=half]{scrartcl}"), Dress(r"\documentclass{scrartcl}"),
)  # fmt: skip
_HELD = (
    Dress(r"\documentclass[3p,twocolumn]{elsarticle}", r"\begin{frontmatter}\title{@T}\author{@A}\begin{abstract}@S\end{abstract}\end{frontmatter}", columns=2),
    Dress(r"\documentclass[sigconf,nonacm]{acmart}", r"\title{@T}\author{@A}\affiliation{\institution{Harbour}\country{Italy}}\begin{abstract}@S\end{abstract}\maketitle", columns=2, no_theorem=True, has_proof=True),
    Dress(r"\documentclass{mnras}", columns=2), Dress(r"\documentclass{amsproc}", _FRONT_FIRST, has_proof=True), Dress(r"\documentclass{memoir}\chapterstyle{article}"),
    Dress(r"\documentclass[preprint]{revtex4-2}", _FRONT_FIRST), Dress(r"\documentclass[twocolumn,9pt]{extarticle}", columns=2), Dress(r"\documentclass[11pt]{paper}"),
    Dress(r"\documentclass{achemso}", r"\title{@T}\author{@A}\email{a@b.org}\affiliation{Harbour}\begin{abstract}@S\end{abstract}"), Dress(r"\documentclass{tufte-handout}"),
)  # fmt: skip
_FONTS = (
    "",
    "",
    "",
    r"\usepackage[T1]{fontenc}\usepackage{lmodern}",
    r"\usepackage{mathptmx}",
    r"\usepackage[T1]{fontenc}\usepackage{mathptmx}",
)
_HELD_FONTS = (
    r"\usepackage{mathpazo}",
    r"\usepackage[T1]{fontenc}\usepackage{charter}",
    r"\usepackage{bookman}",
    "",
    r"\usepackage[T1]{fontenc}\usepackage{palatino}",
)
_PACKAGES = r"\usepackage{amsmath}\usepackage{fancyvrb,listings,algorithm,algpseudocode,lettrine,framed,mdframed}\usepackage[many]{tcolorbox}\usepackage{enumitem}"


def made(seed: int, *, held: bool) -> Paper:
    """The paper of a seed."""
    dice = random.Random(f"{'held' if held else 'work'} prose {seed}")
    dress = dice.choice(_HELD if held else _WORK)
    paper = Paper(dice, held)
    paper.name = re.sub(r"\\documentclass", "", dress.head)
    font = "" if "acmart" in dress.head or "achemso" in dress.head else dice.choice(_HELD_FONTS if held else _FONTS)
    paper.preamble += [dress.head, font, _PACKAGES]
    if "revtex" in dress.head:
        paper.preamble[-1] = paper.preamble[-1].replace(r",mdframed", "")
    theorems = r"\newtheorem{theorem}{Theorem}" if not dress.no_theorem else r"\providecommand{\x}{}"
    paper.preamble += [
        r"\makeatletter\@ifundefined{theorem}{\newtheorem{theorem}{Theorem}}{}\makeatother"
        if dress.no_theorem
        else theorems,
        r"\newtheorem{defin}{Definition}\newtheorem{rem}{Remark}",
        r"\makeatletter\@ifundefined{proof}{\newenvironment{proof}{\par\textit{Proof.} }{\par}}{}\@ifundefined{mdframed}{\newenvironment{mdframed}{\begin{framed}}{\end{framed}}}{}\makeatother",
    ]
    title = words(dice, 6).title()
    paper.known += [("front", title), ("front", "Ada Larsen")]
    abstract = paper.prose("abstract", 4, plain=True)
    opened = dress.opened.replace(r"\begin{document}", "")
    paper.parts.append(opened.replace("@T", title).replace("@A", "Ada Larsen").replace("@S", abstract))
    _body(paper, dress)
    _works(paper)
    return paper


def _body(paper: Paper, dress: Dress) -> None:
    dice = paper.dice
    makers = [maker for maker, often in _PARTS for _ in range(often)]
    drops = dice.random() < (0.9 if "IEEE" in dress.head else 0.35)
    for number in range(dice.randint(4, 6)):
        if number == 3 and dice.random() < 0.5:
            paper.parts.append(r"\appendix")
        title = words(dice, dice.randint(2, 4)).capitalize()
        paper.known.append(("heading", title))
        paper.parts.append(rf"\section{{{title}}}")
        paper.parts.append(_dropped(paper, dress) if drops and number in (0, 2) else paragraph(paper))
        for maker in dice.choices(makers, k=dice.randint(4, 7)):
            if maker is theorem and "acmart" in dress.head:
                continue
            paper.parts += ["", maker(paper), ""]
            if dice.random() < 0.5:
                paper.parts += ["", paragraph(paper), ""]


def _dropped(paper: Paper, dress: Dress) -> str:
    """A paragraph that begins with a dropped capital."""
    said = [sentence(paper.dice, plain=True) for _ in range(5)]
    first = said[0].said[0].split(" ", 1)
    head = first[0]
    small = paper.dice.random() < 0.7
    read = (head[0] + head[1:].upper() if small else head) + " " + first[1]
    paper.wanted.append(("dropped capital", (read, " ".join(first))))
    rest = head[1:].upper() if small and "IEEE" in dress.head else head[1:]
    tex = (
        rf"\IEEEPARstart{{{head[0]}}}{{{rest}}} " if "IEEE" in dress.head and small
        else rf"\lettrine[lines={paper.dice.choice((2, 2, 3))}]{{{head[0]}}}{{{rest if small else ''}}}{'' if small else rest} "
    )  # fmt: skip
    return tex + said[0].tex.split(" ", 1)[1] + " " + " ".join(paper.say("text", one) for one in said[1:])


def _works(paper: Paper) -> None:
    entries = []
    for number in range(6):
        entry = f"{paper.dice.choice(_NAMES)}, B.: {words(paper.dice, 6).capitalize()}. Journal of Harbours 3 (2001) 11--20."
        paper.known.append(("reference", entry.replace("--", "–")))
        entries.append(rf"\bibitem{{k{number}}} {entry}")
    paper.parts.append("\\begin{thebibliography}{9}\n" + "\n".join(entries) + "\n\\end{thebibliography}")


def typeset(paper: Paper, folder: Path, name: str) -> Path | None:
    """The paper as a PDF; None where LaTeX makes none."""
    (folder / f"{name}.tex").write_text(paper.tex(), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", f"{name}.tex"]
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, check=False)
    path = folder / f"{name}.pdf"
    return path if path.exists() else None


# --- what is right --------------------------------------------------------------------------------

_LEADING = re.compile(r"^(?:[•‣▪◦●■∗*·–—-]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)])\s*")
_ALIKE = str.maketrans({"−": "-", "–": "-", "—": "-", "∗": "*", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "."})
_HYPHENS = re.compile(r"[-\u2010\u2011\u00ad]")
_NUMBERED = re.compile(
    r"^(Figure|Fig\.?|Table|Algorithm|Theorem|Definition|Remark|Proof|Abstract)\s?(?:[A-Z]\.)?[\dIVX.]{0,5}\s?(?:\([^)]{2,20}\))?\s?[.:|]?\s?[—]?\s?",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """In lower case without white space, hyphens and accents, with one sign for each quotation mark and dash."""
    return _HYPHENS.sub("", "".join(unaccented(text.translate(_ALIKE)).split())).casefold()


def readings(text: str) -> Iterator[str]:
    """A citable sentence as it may be meant: without the mark of its item, the label of its theorem or caption."""
    yield folded(text)
    for rule in (_LEADING, _NUMBERED):
        if (bare := rule.sub("", text, count=1)) != text:
            yield folded(bare)
    if (bare := _NOTE.sub("", text)) != text:
        yield folded(bare)


@dataclass(slots=True)
class Count:
    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    citable: int = 0
    papers: int = 0


def judge(count: Count, paper: Paper, text: PaperText) -> Iterator[tuple[str, str]]:
    """Count one paper; what is wrong ("wrong ...") or lost ("lost ...") comes out, with its words."""
    known = {folded(said): at for at, (_, ways) in enumerate(paper.wanted) for said in ways}
    allowed = {folded(said) for said in paper.allowed}
    found = set[int]()
    for one in text.prose():
        quote = text.quote(one)
        count.citable += 1
        hit = next((known[way] for way in readings(quote) if way in known), None)
        if hit is not None:
            found.add(hit)
        elif not any(way in allowed for way in readings(quote)):
            kind = _kind_of(quote, paper, known)
            count.wrong[kind] += 1
            yield f"wrong {kind}", f"p{one.page} {quote}"
    for at, (kind, ways) in enumerate(paper.wanted):
        count.wanted[kind] += 1
        count.found[kind] += at in found
        if at not in found:
            yield f"lost {kind}", ways[0]


def _kind_of(quote: str, paper: Paper, known: dict[str, int]) -> str:
    own = folded(quote)
    for said, at in known.items():
        if own in said or folded(_LEADING.sub("", quote)) in said:
            return f"half: {paper.wanted[at][0]}"
    held = [at for said, at in known.items() if said in own]
    if held:
        kinds = {paper.wanted[at][0] for at in held}
        return ("joined: " if len(set(held)) > 1 else "more than: ") + ", ".join(sorted(kinds))
    for kind, said in paper.known:
        one = folded(said)
        if own == one or (len(one) > 3 and one in own) or (len(own) > 8 and own in one):
            return kind
    return "other"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("half", choices=("work", "held"))
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("--misses", action="store_true", help="print the sentences that are lost")
    parser.add_argument("--wrong", action="store_true", help="print what is citable and none")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    count, failed = Count(), 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(exist_ok=True, parents=True)
        for seed in range(options.first, options.last):
            paper, name = made(seed, held=options.half == "held"), f"{options.half}-prose{seed}"
            kept = folder / f"{name}.pdf"
            path = kept if kept.exists() else typeset(paper, folder, name)
            if path is None:
                failed += 1
                continue
            count.papers += 1
            for what, words_ in judge(count, paper, read_pdf(path.read_bytes())):
                if (options.misses and what.startswith("lost")) or (options.wrong and what.startswith("wrong")):
                    print(f"{name}{paper.name} {what}: {words_}")
    report(count, failed)


def report(count: Count, failed: int) -> None:
    wrong, wanted, found = count.wrong.total(), count.wanted.total(), count.found.total()
    print(f"{count.papers} papers ({failed} not set)")
    print(f"citable {count.citable}: no sentence of the paper {_share(wrong, count.citable)}")
    for kind, number in count.wrong.most_common():
        print(f"  {kind:40} {number:6}")
    print(f"sentences {wanted}: whole and citable {_share(found, wanted)}")
    for kind, number in count.wanted.most_common():
        print(f"  {kind:40} {count.found[kind]:6} of {number:6} {count.found[kind] / number:8.1%}")


def _share(part: int, whole: int) -> str:
    low, high = Share(part, whole).interval
    return f"{part} ({part / max(whole, 1):.2%}, {low:.2%} to {high:.2%})"


if __name__ == "__main__":
    main()
