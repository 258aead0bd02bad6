"""The folder ``shared`` goes in; questions come out, each with the sentences that people chose as its answer.

Two sorts: the prose cells of ``gold/`` (eight papers on models, one reader) and
the questions of ``outside/trials`` (randomized trials, doctors; Evidence
Inference 2.0, DeYoung et al., 2020). HELD_OUT are the papers that nothing was
tuned or trained on: of ours the two that the other benchmarks keep out, of the
trials every fourth by the SHA-256 of its name.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.pdf.reader import read_pdf
from survey_extract.core.evaluation.gold import GoldCell, parse_gold
from survey_extract.core.evaluation.stretches import Stretches
from survey_extract.core.fields import Cues, FieldSpec
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.paper_text import PaperText, Section, Sentence
from survey_extract.core.reading.splitting import split_sentences

HELD_OUT = frozenset(["2111.02358v2", "2306.00890v1"])


@dataclass(frozen=True)
class Question:
    """A field asked of a paper; ``right`` and ``partly`` are numbers of sentences."""

    paper: str
    spec: FieldSpec
    text: PaperText
    right: frozenset[int]
    partly: frozenset[int] = frozenset()
    is_reported: bool = True

    @property
    def is_held_out(self) -> bool:
        if self.paper.startswith("PMC"):
            return int(hashlib.sha256(self.paper.encode()).hexdigest(), 16) % 4 == 0
        return self.paper in HELD_OUT


# --- our own papers -------------------------------------------------------------------------------


def gold_cells(shared: Path) -> tuple[GoldCell, ...]:
    """All cells of the gold file."""
    file = shared / "gold" / "gold.json"
    return parse_gold(file.read_text(encoding="utf-8"), str(file), default_fields())


def texts_of(shared: Path, papers: set[str]) -> dict[str, PaperText]:
    """The papers as they are read today."""
    return {paper: read_pdf((shared / "papers" / f"{paper}.pdf").read_bytes()) for paper in sorted(papers)}


def chosen(shared: Path) -> list[Question]:
    """The cells of the gold, with the sentences that were chosen for them: prose, and lists of names."""
    cells = gold_cells(shared)
    texts = texts_of(shared, {cell.paper for cell in cells})
    return [_of_cell(cell, texts[cell.paper]) for cell in cells]


def prose(shared: Path) -> list[Question]:
    """The prose cells of the gold."""
    return [one for one in chosen(shared) if one.spec.type == "text"]


def _of_cell(cell: GoldCell, text: PaperText) -> Question:
    stretches = Stretches(text)
    number = {(sentence.page, sentence.start): sentence.number for sentence in text.sentences}
    by_right: defaultdict[str, set[int]] = defaultdict(set)
    for stretch in (*cell.sentences, *cell.more):
        found = stretches.found(stretch) or ()
        by_right[stretch.right].update(number[pointer.page, pointer.start] for pointer in found)
    right, partly = frozenset(by_right["yes"]), frozenset(by_right["partly"] - by_right["yes"])
    return Question(cell.paper, default_fields().named(cell.field), text, right, partly, cell.reported)


def without_cues(question: Question) -> Question:
    """The same, as a stranger's field asks it: by heading and instruction alone."""
    return replace(question, spec=replace(question.spec, cues=None))


# --- trials ---------------------------------------------------------------------------------------


def trials(shared: Path) -> list[Question]:
    """The doctors' questions, asked as a field without cues: the outcome as heading, the comparison as instruction."""
    folder = shared / "outside" / "trials"
    passages: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in _rows(folder / "answers.csv"):
        passages[row["question"]].append((int(row["start"]), int(row["end"])))
    texts: dict[str, PaperText] = {}
    questions: list[Question] = []
    for row in _rows(folder / "questions.csv"):
        paper = row["paper"]
        if paper not in texts:
            texts[paper] = trial_text((folder / "texts" / f"{paper}.txt").read_text(encoding="utf-8"))
        questions.append(
            Question(paper, trial_field(row), texts[paper], _overlapping(texts[paper], passages[row["question"]]))
        )
    return questions


def trial_field(row: dict[str, str]) -> FieldSpec:
    """What a survey of trials would declare to ask this."""
    ask = f"The effect of {row['intervention']}, compared with {row['comparator']}, on {row['outcome']}."
    return FieldSpec(f"effect_{row['question']}", row["outcome"], ask)


def in_one_sentence(question: Question) -> Question:
    """The same without a heading that names the outcome: as a heap of words to rank by."""
    return replace(question, spec=replace(question.spec, heading="", ask="", cues=Cues(question.spec.ask)))


def as_words(question: Question) -> Question:
    """The same as a heap of words, of which nothing says what the outcome is."""
    words = question.spec.ask.replace("The effect of ", "").replace(", on ", ", ")
    return replace(question, spec=replace(question.spec, heading="", ask="", cues=Cues(words)))


def with_heading(question: Question, heading: str) -> Question:
    """The same under another heading."""
    return replace(question, spec=replace(question.spec, heading=heading))


def in_other_words(question: Question) -> Question:
    """The same with a verb, and with what is compared at the end, under a heading that could be any question's."""
    comparison, _, outcome = question.spec.ask.removeprefix("The effect of ").rpartition(", on ")
    arm, _, other = comparison.partition(", compared with ")
    ask = f"Whether {arm} changes {outcome.removesuffix('.')} compared with {other}."
    return replace(question, spec=replace(question.spec, heading="Effect", ask=ask))


def _overlapping(text: PaperText, passages: list[tuple[int, int]]) -> frozenset[int]:
    return frozenset(
        s.number for s in text.sentences if any(s.start < end and start < s.end for start, end in passages)
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def trial_text(raw: str) -> PaperText:
    """A trial as one page of numbered sentences, whose places are those of the file; lines in capitals with a colon are headings."""
    sections, sentences, start = [Section("", 1, 1, 1)], list[Sentence](), 0
    for line in raw.splitlines(keepends=True):
        plain = line.strip()
        if plain.endswith(":") and plain.startswith(("TITLE", "ABSTRACT", "BODY")) and plain == plain.upper():
            part, _, title = plain[:-1].partition(".")
            sections.append(
                Section(f"Abstract {title}".strip() if part == "ABSTRACT" else title, 1, 1, len(sentences) + 1)
            )
        elif plain:
            begin = start + line.index(plain)
            for first, last in split_sentences(plain):
                sentences.append(
                    Sentence(len(sentences) + 1, 1, begin + first, begin + last, "body", len(sections) - 1)
                )
        start += len(line)
    return PaperText("trial", None, (raw,), tuple(sections), tuple(sentences), sha256_text(raw))
