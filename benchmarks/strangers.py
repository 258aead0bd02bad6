"""Made documents of six subjects go in; how often the engine without a model answers a stranger's fields rightly comes out.

    python benchmarks/strangers.py [SUBJECT ...] [--misses]

Each file of ``subjects/`` has the fields as a newcomer would write them, seven
to ten documents, Markdown or HTML, and the truth of each cell; a cell without one has no
answer. ``licences`` and ``transfers`` are held out: they were written before the rules
were, and are only counted. A cell of type text is right where one of the sentences shown
has the words of its truth.

``first`` and ``in five`` count the cells whose right sentence is the first, or among the
five, that the review page offers; it is the one with the words that ``said`` gives, or else with those of the
truth. Yes, no, an option and a date that is written otherwise are in no sentence: without ``said`` they do not count.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from survey_extract.adapters.html.reader import read_html, read_markdown
from survey_extract.core.answering.answers import answers_of
from survey_extract.core.fields import FieldSpec
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Said
from survey_extract.core.ranking.offered import offered
from survey_extract.core.ranking.relevance import Relevance
from survey_extract.core.records import Value
from survey_extract.core.words.tokens import folded

SUBJECTS = Path(__file__).parent / "subjects"
HELD_OUT = frozenset(["licences", "transfers"])
NOT_PRINTED = frozenset(["yes_no", "date", "choice"])
READERS = {"html": read_html, "markdown": read_markdown}

Verdict = Literal["right", "wrong", "missing", "rightly silent"]
VERDICTS: tuple[Verdict, ...] = ("right", "wrong", "missing", "rightly silent")


@dataclass(frozen=True)
class Cell:
    """A field of a document, its truth and what was answered, as told."""

    document: str
    spec: FieldSpec
    truth: Value | None
    told: str
    verdict: Verdict
    is_sought: bool = False
    """Whether a sentence of it is known."""
    place: int | None = None
    """Where its sentence stands among those that are offered, from 0."""


def cells(subject: str) -> Iterator[Cell]:
    """Every cell of a subject, judged."""
    said = tomllib.loads((SUBJECTS / f"{subject}.toml").read_text(encoding="utf-8"))
    fields = tuple(parse_fields(said["fields"]))
    for document in said["documents"]:
        text = READERS[document.get("format", "markdown")](document["text"].encode())
        relevance = Relevance(text)
        for spec, answer in zip(fields, answers_of(text, fields), strict=True):
            truth = document["truth"].get(spec.name)
            told = _told(text, answer)
            words = document.get("said", {}).get(spec.name, None if spec.type in NOT_PRINTED else truth)
            place = None if words is None else _place(text, relevance, spec, words)
            verdict = _verdict(spec, truth, answer, told)
            yield Cell(document["name"], spec, truth, told, verdict, words is not None, place)


def _place(text: PaperText, relevance: Relevance, spec: FieldSpec, said: Value) -> int | None:
    """Where the first sentence that has these words, or one of them, stands among those offered."""
    wanted = (said,) if isinstance(said, str) else said or ()
    quotes = (text.quote(text.sentences[number - 1]) for number in offered(text, spec, relevance))
    return next((at for at, quote in enumerate(quotes) if any(words in quote for words in wanted)), None)


def _told(text: PaperText, said: Said) -> str:
    """What is shown of an answer: its value, or its sentences."""
    if not said.quoted:
        return "" if said.value is None else str(said.value)
    return " | ".join(text.quote(sentence) for sentence in text.sentences if sentence.number in said.numbers)


def _verdict(spec: FieldSpec, truth: Value | None, said: Said, told: str) -> Verdict:
    if not told:
        return "missing" if truth is not None else "rightly silent"
    if truth is None:
        return "wrong"
    if spec.type == "text":
        is_right = str(truth) in told
    elif spec.type == "number":
        is_right = _same(truth) == _same(said.value) or _number(spec, truth) == _number(spec, said.value)
    else:
        is_right = _same(truth) == _same(said.value)
    return "right" if is_right else "wrong"


def _number(spec: FieldSpec, value: Value) -> tuple[float | None, object]:
    """What a number comes to; what comes to none is equal to nothing else."""
    found = spec.amount(str(value))
    return found.value, found.unit if found.value is not None else value


def _same(value: Value | None) -> frozenset[str]:
    """A value without capitals and spaces; of a list, in any order."""
    return frozenset(map(folded, (value,) if isinstance(value, str) else value or ()))


def _row(label: str, found: list[Cell]) -> str:
    counts = Counter(cell.verdict for cell in found)
    places = [cell.place for cell in found if cell.is_sought]
    ranked = f"{sum(at == 0 for at in places)} {sum(at is not None for at in places)}/{len(places)}"
    return f"{label:32}" + "".join(f"{counts[verdict]:>16}" for verdict in VERDICTS) + f"{ranked:>16}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", default=sorted(file.stem for file in SUBJECTS.glob("*.toml")))
    parser.add_argument("--misses", action="store_true", help="name what is wrong or missing; not of what is held out")
    options = parser.parse_args()
    print(" " * 32 + "".join(f"{name:>16}" for name in (*VERDICTS, "first, in five")))
    for subject in options.subjects:
        found = list(cells(subject))
        print(_row(f"{subject}{' (held out)' if subject in HELD_OUT else ''}", found))
        for kind in dict.fromkeys(cell.spec.type for cell in found):
            print(_row(f"  {kind}", [cell for cell in found if cell.spec.type == kind]))
        if options.misses and subject not in HELD_OUT:
            for cell in found:
                if cell.verdict in ("wrong", "missing"):
                    told = f"{cell.document}.{cell.spec.name}: {cell.truth!r}, not {cell.told!r}"
                    print(f"    {cell.verdict}: {told}; offered at {cell.place}")


if __name__ == "__main__":
    main()
