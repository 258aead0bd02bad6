"""Made documents of three subjects go in; how often the engine without a model answers a stranger's fields rightly comes out.

    python benchmarks/strangers.py [SUBJECT ...] [--misses]

Each file of ``subjects/`` has the fields as a newcomer would write them (no
cues), ten documents, and the truth of each cell; a cell without one has no
answer. ``licences`` is held out: it was written before the rules were, and is
only counted. A cell of type text is right where one of the sentences shown
has the words of its truth.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from survey_extract.adapters.extractive_answers import answers_of
from survey_extract.adapters.html.reader import read_markdown
from survey_extract.core.evaluation.aliases import folded
from survey_extract.core.fields import FieldSpec
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Said
from survey_extract.core.records import Value

SUBJECTS = Path(__file__).parent / "subjects"
HELD_OUT = frozenset(["licences"])

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


def cells(subject: str) -> Iterator[Cell]:
    """Every cell of a subject, judged."""
    said = tomllib.loads((SUBJECTS / f"{subject}.toml").read_text(encoding="utf-8"))
    fields = tuple(parse_fields(said["fields"]))
    for document in said["documents"]:
        text = read_markdown(document["text"].encode())
        for spec, answer in zip(fields, answers_of(text, fields), strict=True):
            truth = document["truth"].get(spec.name)
            told = _told(text, answer)
            yield Cell(document["name"], spec, truth, told, _verdict(spec, truth, answer, told))


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
    is_right = str(truth) in told if spec.type == "text" else _same(truth) == _same(said.value)
    return "right" if is_right else "wrong"


def _same(value: Value | None) -> frozenset[str]:
    """A value without capitals and spaces; of a list, in any order."""
    return frozenset(map(folded, (value,) if isinstance(value, str) else value or ()))


def _row(label: str, found: list[Cell]) -> str:
    counts = Counter(cell.verdict for cell in found)
    return f"{label:32}" + "".join(f"{counts[verdict]:>16}" for verdict in VERDICTS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", default=sorted(file.stem for file in SUBJECTS.glob("*.toml")))
    parser.add_argument("--misses", action="store_true", help="name what is wrong or missing; not of what is held out")
    options = parser.parse_args()
    for subject in options.subjects:
        found = list(cells(subject))
        print(_row(f"{subject}{' (held out)' if subject in HELD_OUT else ''}", found))
        for kind in dict.fromkeys(cell.spec.type for cell in found):
            print(_row(f"  {kind}", [cell for cell in found if cell.spec.type == kind]))
        if options.misses and subject not in HELD_OUT:
            for cell in found:
                if cell.verdict in ("wrong", "missing"):
                    print(f"    {cell.verdict}: {cell.document}.{cell.spec.name}: {cell.truth!r}, not {cell.told!r}")


if __name__ == "__main__":
    main()
