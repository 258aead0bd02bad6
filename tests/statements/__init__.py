"""Made sentences and values of them, each known to be true or untrue, go in; how the check judges each comes out.

A file is of lines: "#" a subject, "N" the document's title, "S" a sentence that is cited, "T" a true value and "U" an untrue one, as "kind | field |
type | value". A type may be followed by its unit or its options. All sentences of a subject are cited for each of its values.

``worked.txt``, ``reworded.txt`` (hard, but true), ``forms.txt`` (other forms and languages), ``quantities.txt`` and
``claims.txt`` are what the rules were made with. ``held_out.txt``, ``forms_held_out.txt`` and ``quantities_held_out.txt`` were
written before the rules of versions 5, 7 and 8 were looked at, and run once, when they were done; ``mixed_held_out.txt`` after
version 8, by a writer who had seen none of its rules. ``claims_held_out.txt`` and the first half of ``claims.txt`` were written
before the rules of version 8 were read, and parted by the hash of their subject; so were ``true.txt`` and ``true_held_out.txt``,
which have no untrue values, before those of version 9 were read. Other lines are remarks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from survey_extract.core.check.check import check
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.records import Check, Value

HERE = Path(__file__).parent
REST = ("The work is told in plain parts.", "Each part of it is in the text, and the rest with it.")
"""What each made document says besides, uncited."""


class Case(NamedTuple):
    """A value and all sentences of its subject."""

    subject: str
    title: str | None
    sentences: tuple[str, ...]
    is_true: bool
    kind: str
    spec: FieldSpec
    value: Value


class Judged(NamedTuple):
    """A case and what the check says of it."""

    case: Case
    check: Check

    @property
    def is_flagged(self) -> bool:
        return self.check.state not in (None, "in evidence")


def cases(name: str) -> Iterator[Case]:
    """The cases of a file, in order."""
    subject, title, sentences = "", None, list[str]()
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        mark, rest = line[:1], line[2:]
        if mark == "#":
            subject, title, sentences = rest, None, []
        elif mark == "N":
            title = rest
        elif mark == "S":
            sentences.append(rest)
        elif mark in ("T", "U"):
            kind, heading, form, value = (part.strip() for part in rest.split(" | ", 3))
            spec = spec_of(heading, form)
            stated = tuple(value.split("; ")) if spec.is_list else value
            yield Case(subject, title, tuple(sentences), mark == "T", kind, spec, stated)


def spec_of(heading: str, form: str) -> FieldSpec:
    """The field of a heading and a type, as a line of a file has them."""
    name, _, more = form.partition(" ")
    ask = f"Is it so: {heading.lower()}?" if name == "yes_no" else f"{heading}."
    options = tuple(more.split("/")) if name in ("choice", "choices") else ()
    unit = more if name == "number" and more else None
    return FieldSpec("value", heading, ask, type=name, options=options, unit=unit)  # type: ignore[arg-type]  # a name of a type


def judged(name: str) -> Iterator[Judged]:
    """All cases of a file, each with its check."""
    made: dict[str, PaperText] = {}
    for case in cases(name):
        text = made.setdefault(case.subject, _document(case.sentences, case.title))
        cited = [sentence for sentence in text.sentences if text.quote(sentence) in case.sentences]
        yield Judged(case, check(case.spec, case.value, [pointer(text, sentence) for sentence in cited], text))


def _document(sentences: tuple[str, ...], title: str | None) -> PaperText:
    said = [Block("body", sentence) for sentence in sentences]
    rest = [Block("heading", "Other matters"), *(Block("body", sentence) for sentence in REST)]
    return assemble([*said, *rest], reader="t", title=title, page_count=1)
