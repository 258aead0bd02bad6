"""The survey's fields as ``fields.toml`` declares them: prompt, wire schema, SQL columns, README table and review form derive from these records.

The name of a field is its identity, ``was`` its history, the heading only paint.
What a model is told about a field (``instruction``) is all that its answers
depend on; the rest may change and nothing is asked again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as parts_of
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from survey_extract.core.former import first_instruction
from survey_extract.core.meant import did_you_mean
from survey_extract.core.records import Answer, Decision, Value
from survey_extract.errors import BadFields

if TYPE_CHECKING:
    from survey_extract.core.values.amounts import Amount, Units
    from survey_extract.core.words.languages import Reading

FieldType = Literal["text", "names", "choice", "choices", "number", "yes_no", "date", "url"]
LISTS: frozenset[FieldType] = frozenset({"names", "choices"})
"""Types whose value is a list."""
LABELS: frozenset[FieldType] = frozenset({"choice", "choices", "yes_no"})
"""Types whose value is the survey's own word, which no source need hold."""
YES_NO = ("yes", "no")

TEXT_LIMIT = 2_000
"""Characters a text value may have."""
LIST_LIMIT = 40
"""Names a list value may have."""
NAME_LIMIT = 120
"""Characters one name of a list may have."""
PRINTED_LIMIT = 200
"""Characters a number, a date or an address may have."""
EVIDENCE_LIMIT = 24
"""Sentence numbers an answer may name: the purposes of fifteen data sets may stand in as many sentences."""
TOGETHER = 12
"""Fields in one question; more are asked in several, whose prompts begin alike."""
DEFAULT_SUBJECT = "the system that the document presents"

RESERVED = frozenset(
    ["title", "key", "name", "url", "year", "authors", "published_on", "updated_on", "version", "state", "notice",
     "undecided_cells", "empty_cells", "no_longer_found", "not_reported", "proposed_by", "position", "field", "source", "kind"]
)  # fmt: skip
"""Names that mean something else in SQL."""
INSTEAD = {
    "title": "full_title", "key": "identifier", "name": "full_name", "url": "link", "year": "released", "authors": "written_by",
    "published_on": "released_on", "updated_on": "revised_on", "version": "release", "state": "stage", "notice": "remark",
    "position": "rank", "field": "area", "source": "origin", "kind": "category",
}  # fmt: skip
"""What a field may be called instead; any other gets a word before it."""
TABLES = frozenset(
    ["sources", "documents", "sentences", "table_cells", "answers", "evidence", "decisions", "runs", "outcomes", "replies",
     "evaluations", "survey", "cells", "quotes", "queue", "history", "costs", "audits", "internal"]
)  # fmt: skip
"""Names that a ``view`` cannot have."""


@dataclass(frozen=True, slots=True)
class Cues:
    """What a sentence that answers a field looks like, for ranking without a model.

    ``words`` is the query, ``must`` a pattern the sentence has to contain,
    ``sections`` a pattern for headings under which answers stand; ``finds``
    names what a list consists of, where we know how to recognise that.
    """

    words: str
    must: str = ""
    sections: str = ""
    finds: Literal["data sets"] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A made-up sentence and the value that it gives; a model is shown it apart from the document."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Judge:
    """How two values of a field are compared by ``evaluate``; ``percent`` is the tolerance of numbers."""

    by: Literal["exact", "number", "names", "claims"]
    percent: float = 0.0


class _Derives:
    """A record that caches what is derived from it. The cache is not sent to a worker: one thread may derive while another sends."""

    def __getstate__(self) -> dict[str, object]:
        return {part.name: getattr(self, part.name) for part in parts_of(self)}  # type: ignore[arg-type]  # all are dataclasses


@dataclass(frozen=True)
class FieldSpec(_Derives):
    """A field. ``ask`` are the author's words; ``line`` is where it stands in fields.toml."""

    name: str
    heading: str
    ask: str
    type: FieldType = "text"
    options: tuple[str, ...] = ()
    unit: str | None = None
    units: Units = ()
    names: tuple[str, ...] = ()
    cues: Cues | None = None
    good: tuple[Example, ...] = ()
    was: tuple[str, ...] = ()
    judge: Judge = Judge("claims")
    view: str | None = None
    line: int = 0

    @property
    def is_list(self) -> bool:
        return self.type in LISTS

    @cached_property
    def instruction(self) -> str:
        """What a model is told: all that an answer depends on."""
        return "".join((self.ask, self._form(), *map(_example, self.good)))

    @cached_property
    def first_instruction(self) -> str:
        """The instruction as it was first asked, which fingerprints are made of: rewording it is no new question."""
        return first_instruction(self.instruction)

    @cached_property
    def recognition(self) -> str:
        """What the engine without a model goes by."""
        return f"{self.first_instruction}\n{json.dumps([asdict(self.query), self.names, self.unit, self.units])}"

    def _form(self) -> str:
        """What an answer looks like; nothing for texts and lists, whose form the wire says."""
        if self.type in ("choice", "choices"):
            which = "exactly one" if self.type == "choice" else "all that apply, and only those,"
            return f" Answer with {which} of: {', '.join(self.options)}."
        if self.type == "number":
            known = ", ".join(name for name in (self.unit, *(name for name, _ in self.units)) if name)
            return " Give the number as it is printed" + (f", with its unit ({known})." if known else ".")
        return _FORMS.get(self.type, "")

    @property
    def wire_type(self) -> Any:
        """The type of the value in a reply."""
        return self._inner_type() | None

    def _inner_type(self) -> Any:
        from pydantic import AfterValidator, Field

        if self.type == "text":
            return Annotated[str, Field(max_length=TEXT_LIMIT)]
        if self.type == "names":
            return Annotated[list[Annotated[str, Field(max_length=NAME_LIMIT)]], Field(max_length=LIST_LIMIT)]
        if self.type in LABELS:
            option: Any = _literal(self.allowed)
            return Annotated[list[option], Field(max_length=len(self.options))] if self.type == "choices" else option
        return Annotated[str, Field(max_length=PRINTED_LIMIT), AfterValidator(self._fitting)]

    def _fitting(self, value: str) -> str:
        if value.strip() and (why := self.misfit(value.strip())):
            raise ValueError(why)
        return without_stop(value) if self.type == "url" else value

    # --- values -----------------------------------------------------------------------------------

    def misfit(self, value: Value) -> str | None:
        """Why a value is not one that the field may have now; None when it is. "Not reported" always is."""
        if value is None:
            return None
        if isinstance(value, tuple) is not self.is_list:
            return "a list is wanted" if self.is_list else "a list is no value of this field"
        if self.type in LABELS:
            others = [item for item in ((value,) if isinstance(value, str) else value) if item not in self.allowed]
            return f"{others[0]!r} is not one of {', '.join(self.allowed)}" if others else None
        if isinstance(value, str):
            return _MISFITS[self.type](value) if self.type in _MISFITS else None
        return None

    def fits(self, answer: Answer) -> bool:
        """Whether an answer is of a form that the field may have now."""
        return self.type == "text" if answer.quoted else self.misfit(answer.value) is None

    def unfit(self, decision: Decision) -> str | None:
        """Why a decided value may not stand in this field now; None while it may. Sentences of the source are texts."""
        if decision.quoted:
            return None if self.type == "text" else f"sentences of the source are no {self.type.replace('_', ' ')}"
        return self.misfit(decision.value)

    def value_of(self, text: str) -> Value:
        """A cell's text as a value: names are split where joining them again gives the same text.

        A text that is not a value of the field comes back unchanged; ``misfit`` says why.
        """
        if not text:
            return None
        if self.type == "names":
            names = _split(text)
            return names if ", ".join(names) == text and all(0 < len(name) <= NAME_LIMIT for name in names) else (text,)
        if self.type == "choices":
            return tuple(dict.fromkeys(self.option(part) for part in _split(text) if part))
        if self.type in ("choice", "yes_no"):
            return self.option(text)
        if self.type == "date":
            return _date_of(text)
        return without_stop(text) if self.type == "url" else text

    def option(self, text: str) -> str:
        """The option that a text means, whatever its capitals and spaces."""
        return self._by_folded.get(_folded(text), text)

    @cached_property
    def _by_folded(self) -> dict[str, str]:
        return {_folded(option): option for option in self.allowed}

    @property
    def allowed(self) -> tuple[str, ...]:
        """The only values that there are; empty where any may be."""
        return YES_NO if self.type == "yes_no" else self.options

    def reading(self, text: str) -> str | None:
        """How a text is read while it is being written: what SQL will have, or why it is no value; None if there is nothing to say."""
        value = self.value_of(text)
        if why := self.misfit(value):
            return why
        if self.type == "number" and isinstance(value, str):
            return self.amount(value).told
        return f"read as {value}" if self.type == "date" and value not in (None, text) else None

    def is_same_quantity(self, one: Value, other: Value) -> bool:
        """Whether two values of a number field are one quantity by its units: "0.94 V" and "940 mV", "0.88" and "0.88 V"."""
        from survey_extract.core.values.amounts import is_same_amount

        if one == other or self.type != "number" or not (isinstance(one, str) and isinstance(other, str)):
            return one == other
        return is_same_amount(one, other, self.unit, self.units)

    def amount(self, printed: str, reading: Reading | None = None) -> Amount:
        """The number that a printed form gives, by this field's units, read as its text is, or by itself."""
        from survey_extract.core.values.amounts import amount

        return amount(printed, self.unit, self.units, reading)

    @property
    def query(self) -> Cues:
        """What to rank sentences by: the cues, else the words of heading and instruction."""
        return self.cues or Cues(words=f"{self.heading} {self.ask} {' '.join(self.names)} {self.unit or ''}")


def without_stop(address: str) -> str:
    """An address without the punctuation of the sentence that it ends."""
    return address.rstrip().rstrip(".,;:")


def _literal(options: tuple[str, ...]) -> Any:
    return Literal.__getitem__(options)


def _example(example: Example) -> str:
    quoted = json.dumps(example.text, ensure_ascii=False), json.dumps(example.value, ensure_ascii=False)
    return "\n  Example, not from this document: {} gives {}.".format(*quoted)


_FORMS: dict[FieldType, str] = {
    "yes_no": " Answer yes or no.",
    "date": " Give the date as YYYY-MM-DD, or as YYYY-MM or YYYY where no more is given.",
    "url": " Give the whole address, as it is printed.",
}
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


# What reads numbers and dates is loaded by the first field that has some: a survey without them goes on without it.


def _no_number(text: str) -> str | None:
    from survey_extract.core.values.amounts import holds_number

    return None if holds_number(text) else f"{text!r} has no number in it"


def _no_date(text: str) -> str | None:
    from survey_extract.core.values.dates import is_iso

    return None if is_iso(text) else f"{text!r} is no date: YYYY-MM-DD, YYYY-MM or YYYY"


def _date_of(text: str) -> str:
    from survey_extract.core.values.dates import date_in, is_iso

    return text if is_iso(text) else date_in(text) or text


def _no_address(text: str) -> str | None:
    return None if _ADDRESS.fullmatch(text) else f"{text!r} is no http(s) address"


_MISFITS: dict[FieldType, Callable[[str], str | None]] = {"number": _no_number, "date": _no_date, "url": _no_address}
"""By type, why a text is none of its values."""


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


_COMMA = re.compile(r",\s+|[()\[\]]")


def _split(text: str) -> tuple[str, ...]:
    """The parts between commas that stand in no bracket; found from the end, so that each bracket is looked at once."""
    parts: list[str] = []
    end, is_inside = len(text), False
    for mark in reversed(list(_COMMA.finditer(text))):
        if mark[0][0] != ",":
            is_inside = mark[0] in ")]"
        elif not is_inside:
            parts.append(text[mark.end() : end])
            end = mark.start()
    return (text[:end], *reversed(parts))


def together(specs: Sequence[FieldSpec]) -> Iterator[Sequence[FieldSpec]]:
    """The fields by the question that asks them."""
    for start in range(0, len(specs), TOGETHER):
        yield specs[start : start + TOGETHER]


TITLE = FieldSpec("title", "Title", "The title of the source, from its metadata.")
"""Always the first column. It comes from metadata, never from an engine."""


@dataclass(frozen=True)
class Fields(_Derives):
    """All fields of a survey: ``asked`` in the order of the table, behind the title. ``subject`` is what a row is about."""

    asked: tuple[FieldSpec, ...]
    subject: str = DEFAULT_SUBJECT

    @property
    def all(self) -> tuple[FieldSpec, ...]:
        return (TITLE, *self.asked)

    def __iter__(self) -> Iterator[FieldSpec]:
        return iter(self.asked)

    def __len__(self) -> int:
        return len(self.asked)

    def says_the_same(self, other: Fields) -> bool:
        """Whether two readings of fields.toml say the same, whatever lines they are on."""
        here, there = (tuple(replace(spec, line=0) for spec in fields) for fields in (self, other))
        return (here, self.subject) == (there, other.subject)

    def named(self, name: str) -> FieldSpec:
        """The field of that name, the title's as well; KeyError for any other."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, FieldSpec]:
        return {spec.name: spec for spec in self.all}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Former names, each with the name of today."""
        return {former: spec.name for spec in self.asked for former in spec.was}

    def headed(self, heading: str) -> FieldSpec | None:
        """The field with that heading, whatever its capitals, spaces and punctuation."""
        wanted = letters(heading)
        return next((spec for spec in self.all if letters(spec.heading) == wanted), None)

    def called(self, heading: str) -> FieldSpec | None:
        """The field that a column of somebody's table means: by heading, name or former name, as ``headed``."""
        return self._by_letters.get(letters(heading))

    @cached_property
    def _by_letters(self) -> dict[str, FieldSpec]:
        former = {letters(name): spec for spec in self.asked for name in spec.was}
        named = {letters(spec.name): spec for spec in self.all}
        headed = {letters(spec.heading): spec for spec in reversed(self.all)}
        return {word: spec for word, spec in (former | named | headed).items() if word}

    @cached_property
    def fingerprint(self) -> str:
        """All that is said about the fields, as text: what is built from it is rebuilt when it changes."""
        return json.dumps([self.subject, *(asdict(spec) for spec in self.asked)], sort_keys=True)


def named_fields(fields: Fields, names: Sequence[str]) -> frozenset[str] | None:
    """The fields named on the command line, None for all of them.

    Raises:
        BadFields: there is none of that name.
    """
    known = [spec.name for spec in fields]
    for name in names:
        if name not in known:
            raise BadFields(f"unknown field {name!r}{did_you_mean(name, known)}; there are {', '.join(known)}")
    return frozenset(names) or None


def letters(heading: str) -> str:
    """What a heading is compared by: its letters and digits, in lower case."""
    return "".join(char for char in heading.casefold() if char.isalnum())
