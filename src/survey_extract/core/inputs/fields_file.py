"""The text of fields.toml goes in, the survey's ``Fields`` come out; what is wrong is named with its line and what is allowed.

The file is data: nothing in it is run, and a pattern in it is one that takes
no more than linear time, since it goes over text of strangers.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, get_args

import msgspec
from msgspec import Meta

from survey_extract.core.fields import (
    DEFAULT_SUBJECT,
    INSTEAD,
    LISTS,
    RESERVED,
    TABLES,
    Cues,
    Example,
    Fields,
    FieldSpec,
    FieldType,
    Judge,
)
from survey_extract.core.inputs.conflicts import conflict
from survey_extract.core.inputs.examples import contradiction
from survey_extract.core.inputs.toml_words import toml_fault
from survey_extract.core.meant import Mismatch, did_you_mean, misfit
from survey_extract.errors import BadFields

FILE = "fields.toml"
NAME_LIMIT = 40
"""Characters of a field's name, which is a column's."""
FIELD_LIMIT = 60
"""Fields of a survey."""
LIST_LIMIT = 200
"""Options, units, examples and former names of a field: a question holds all of them."""
PATTERN_LIMIT = 4_000
"""Characters of a cue."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_JUDGE = re.compile(r"(exact|names|claims)|number(?: (\d+(?:\.\d+)?) ?%)?")
_UNBOUNDED = re.compile(r"(?<!\\)[*+{]|\(\?[^:]|\\[1-9]")
_JUDGES: Mapping[FieldType, str] = {"text": "claims", "names": "names", "choices": "names", "number": "number"}

_PLAIN = re.compile(r"[\w |-]*")
"""Words and bars: always a pattern, which need not be tried."""
_HEAD = re.compile(r"""\A\s*(?:\[\s*)?(?:"([^"]*)"|'([^']*)'|([^"'\s\[\].=]+))\s*[\].=]""")
"""The begin of a line that names a table or an entry."""

_Word = Annotated[str, Meta(min_length=1, max_length=200)]
_Cue = Annotated[str, Meta(max_length=PATTERN_LIMIT)]
_Words = Annotated[tuple[_Word, ...], Meta(max_length=LIST_LIMIT)]


class _Cues(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: _Cue = ""
    must: _Cue = ""
    sections: _Cue = ""
    finds: str | None = None


class _Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=1, max_length=1_000)]
    value: _Word


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file, as it is written."""

    heading: _Word | None = None
    type: FieldType = "text"
    ask: Annotated[str, Meta(max_length=4_000)] = ""
    options: _Words = ()
    unit: _Word | None = None
    units: Annotated[Mapping[_Word, Annotated[float, Meta(gt=0, le=1e30)]], Meta(max_length=LIST_LIMIT)] = {}
    names: tuple[_Word, ...] = ()
    cues: _Cues | None = None
    good: Annotated[tuple[_Example, ...], Meta(max_length=LIST_LIMIT)] = ()
    was: _Words = ()
    judge: str | None = None
    view: str | None = None


_FORMS = {
    "was": 'was = ["its_former_name"]',
    "options": 'options = ["open", "closed"]',
    "names": 'names = ["accuracy", "F1"]',
    "units": "units = { GPU-days = 24 }, each with how many of the field's unit it is",
    "good": 'good = [{ text = "It took 36 days.", value = "36 days" }]',
    "cues": 'cues = { words = "designed by engineer" }',
}
"""How an attribute that is no plain text or number is written."""

ATTRIBUTES = _Entry.__struct_fields__
"""What a field may say of itself."""
_KNOWN = {"cues": _Cues.__struct_fields__, "good": _Example.__struct_fields__}
"""What may be said within an attribute."""


def parse_fields(text: str, file: str = FILE) -> Fields:
    """Read the fields of a survey.

    Raises:
        BadFields: no TOML, an unknown attribute or type, a name that cannot be, and the like.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        if said := conflict(file, text):
            raise BadFields(said) from None
        raise BadFields(toml_fault(file, error)) from None
    except RecursionError:
        raise BadFields(f"{file}: brackets stand in one another too deep; no value of a field needs that") from None
    return _Reader(text, file).fields(tables)


class _Reader:
    """Reads the tables of one file, and finds the lines of what is wrong in it."""

    def __init__(self, text: str, file: str) -> None:
        self._lines, self._file = text.splitlines(), file

    def fields(self, tables: Mapping[str, Any]) -> Fields:
        subject = tables.get("subject", DEFAULT_SUBJECT)
        if not isinstance(subject, str) or not subject.strip():
            raise self._bad(
                None, "subject", 'it must say in words what a row is about: subject = "the trial that is reported"'
            )
        entries = {name: entry for name, entry in tables.items() if name != "subject"}
        if not entries:
            raise BadFields(f"{self._file}: it declares no fields; a field is a table in this file, such as [weights]")
        specs = tuple(self._field(name, entry) for name, entry in islice(entries.items(), FIELD_LIMIT))
        if len(entries) > FIELD_LIMIT:
            raise self._bad(list(entries)[FIELD_LIMIT], None, f"a survey can have at most {FIELD_LIMIT} fields")
        self._want_distinct(specs)
        return Fields(specs, " ".join(subject.split()))

    # --- a field ----------------------------------------------------------------------------------

    def _field(self, name: str, entry: object) -> FieldSpec:
        if not isinstance(entry, dict):
            raise self._bad(
                name,
                None,
                f"not a table; a field is a table, [{name}], and the only other entry is subject{did_you_mean(name, ['subject'])}",
            )
        self._want_name(name)
        try:
            read = msgspec.convert(entry, _Entry)
        except msgspec.ValidationError as error:
            raise self._misfit(name, misfit(error)) from None
        self._want_sense(name, read, entry.keys())
        self._want_words_of_its_own(name, read)
        spec = self._spec(name, read)
        if why := next(filter(None, (contradiction(spec, example) for example in spec.good)), None):
            raise self._bad(name, "good", why)
        return spec

    def _spec(self, name: str, read: _Entry) -> FieldSpec:
        return FieldSpec(
            name=name,
            heading=read.heading or name.replace("_", " ").capitalize(),
            ask=_paragraph(read.ask),
            type=read.type,
            options=read.options,
            unit=read.unit,
            units=tuple(read.units.items()),
            names=read.names,
            cues=self._cues(name, read.cues),
            good=tuple(Example(item.text, item.value) for item in read.good),
            was=read.was,
            judge=self._judge(name, read),
            view=read.view,
            line=self._heads.get(name, 0) + 1,
        )

    def _want_name(self, name: str) -> None:
        if not _NAME.fullmatch(name) or len(name) > NAME_LIMIT:
            raise self._bad(
                name,
                None,
                f"a name is a SQL column: lower-case letters, digits and _, at most {NAME_LIMIT}, starting with a letter",
            )
        if name == "title":
            raise self._bad(
                name,
                None,
                "the name is taken: the title comes from the source's metadata and is always the first column; "
                f"call another one {INSTEAD[name]}",
            )
        if name in RESERVED:
            taken = ", ".join(sorted(RESERVED))
            raise self._bad(
                name,
                None,
                f"the name is taken: SQL uses it for something else, as it does {taken}; call it {INSTEAD.get(name, f'stated_{name}')}, "
                f'and keep the word as heading = "{name.capitalize()}"',
            )

    def _want_sense(self, name: str, read: _Entry, given: Container[str]) -> None:
        """Attributes that say nothing for this type, and those that it needs."""
        if not read.ask.strip():
            raise self._bad(
                name,
                "ask" if "ask" in given else None,
                "ask is missing: say what the model should look for",
            )
        choices = read.type in ("choice", "choices")
        if choices and len(read.options) < 2:
            raise self._bad(name, "options", f"a {read.type} needs two options or more")
        for attribute, allowed in (("options", choices), ("unit", read.type == "number"), ("units", read.type == "number"), ("names", read.type == "names"), ("view", read.type in ("names", "choices"))):  # fmt: skip
            if attribute in given and not allowed:
                raise self._bad(name, attribute, f"it has no meaning for the type {read.type!r}")
        if "units" in given and read.unit is None:
            raise self._bad(name, "units", "they are counted in the field's unit: give that first, unit = ...")
        if comma := next((option for option in read.options if "," in option), None):
            raise self._bad(name, "options", f"{comma!r} contains a comma, which separates options in the table")
        if len({option.casefold() for option in read.options}) < len(read.options):
            raise self._bad(name, "options", "an option is given twice")
        if read.view is not None and (not _NAME.fullmatch(read.view) or read.view in TABLES):
            raise self._bad(
                name,
                "view",
                f"{read.view!r} cannot name a view: use lower-case letters, digits and _, and none of {', '.join(sorted(TABLES))}",
            )

    def _want_words_of_its_own(self, name: str, read: _Entry) -> None:
        """Units that count themselves, and former names that no field can have had."""
        if units := _unequal(read):
            raise self._bad(name, "units", f"{units!r} is the field's unit itself, so it is 1 of them")
        if bad := next((word for word in read.was if not _NAME.fullmatch(word) or word in RESERVED), None):
            raise self._bad(
                name, "was", f"{bad!r} was never the name of a field: names are those in brackets, [{name}]"
            )

    def _cues(self, name: str, cues: _Cues | None) -> Cues | None:
        if cues is None:
            return None
        if cues.finds not in (None, "data sets"):
            raise self._bad(name, "cues", f"finds: {cues.finds!r} is not recognised; only 'data sets' is")
        for pattern in (cues.must, cues.sections):
            if _UNBOUNDED.search(pattern):
                raise self._bad(
                    name, "cues", f"the pattern {pattern!r} repeats without end or looks around; words and | are enough"
                )
            if _PLAIN.fullmatch(pattern):
                continue
            try:
                re.compile(pattern)
            except (re.error, RecursionError) as error:
                raise self._bad(name, "cues", f"{pattern!r} is not a pattern: {error}") from None
        return Cues(" ".join(cues.words.split()), cues.must, cues.sections, "data sets" if cues.finds else None)

    def _judge(self, name: str, read: _Entry) -> Judge:
        text = read.judge or _JUDGES.get(read.type, "exact")
        found = _JUDGE.fullmatch(text)
        if found is None:
            raise self._bad(name, "judge", f'{text!r} is not one of "exact", "number 1 %", "names", "claims"')
        if (found[1] is None and read.type != "number") or (found[1] == "names" and read.type not in LISTS):
            raise self._bad(name, "judge", f"values of the type {read.type!r} cannot be compared by {text!r}")
        if float(found[2] or 0) > 100:
            raise self._bad(name, "judge", f"{text!r} takes nearly every number for the same; give 100 % or less")
        if found[1]:
            return Judge(found[1])  # type: ignore[arg-type]  # the pattern's own words
        return Judge("number", float(found[2] or 0))

    def _want_distinct(self, specs: Iterable[FieldSpec]) -> None:
        """No two fields share a name, past ones included, a heading, a column or a view."""
        taken: dict[tuple[str, str], str] = {("heading", "title"): "title"}
        for spec in specs:
            for kind, word, attribute in _claims(spec):
                if other := taken.get((kind, word)):
                    raise self._bad(spec.name, attribute, f"[{other}] already has the {kind} {word!r}")
                taken[kind, word] = spec.name

    # --- what is said about a mistake ----------------------------------------------------------------

    def _misfit(self, name: str, misfit: Mismatch) -> BadFields:
        attribute, *inner = misfit.where or (None,)
        if misfit.unknown is not None:
            known = _KNOWN.get(attribute or "", ATTRIBUTES)
            named = f"{misfit.unknown} is " if attribute else ""
            why = f"{named}unknown{did_you_mean(misfit.unknown, known)}; known are {', '.join(known)}"
            return self._bad(name, attribute or misfit.unknown, why)
        if misfit.option is not None:
            known = get_args(FieldType)
            why = f"{misfit.why}{did_you_mean(misfit.option, known)}; known are {', '.join(known)}"
            return self._bad(name, attribute, why)
        why = f"{misfit}" if inner else misfit.why
        form = _FORMS.get(attribute or "") if not inner else None
        return self._bad(name, attribute, f"{why}: {form}" if form else why)

    def _bad(self, name: str | None, attribute: str | None, why: str) -> BadFields:
        field = f"[{name}]" if name else ""
        what = " ".join(part for part in (field, attribute) if part)
        return BadFields(f"{self._file}:{self._line(name, attribute)}: {what}: {why}")

    def _line(self, name: str | None, attribute: str | None) -> int:
        """The line of an attribute, else of its field, else the first."""
        begin = self._heads.get(name, 0) if name else 0
        if attribute is None:
            return begin + 1
        key = re.compile(rf"\s*[\"']?{re.escape(attribute)}[\"']?\s*[.=]")
        for at in range(begin, len(self._lines)):
            if at > begin and self._lines[at].lstrip().startswith("["):
                break
            if key.match(self._lines[at]):
                return at + 1
        return begin + 1

    @cached_property
    def _heads(self) -> dict[str, int]:
        """By what is named at the begin of lines, the first of them."""
        heads: dict[str, int] = {}
        for at, line in enumerate(self._lines):
            if found := _HEAD.match(line):
                heads.setdefault(next(filter(None, found.groups()), ""), at)
        return heads


def _unequal(read: _Entry) -> str | None:
    """The field's own unit, where ``units`` counts it as something else than 1."""
    own = (read.unit or "").casefold()
    return next((unit for unit, factor in read.units.items() if unit.casefold() == own and factor != 1), None)


def _claims(spec: FieldSpec) -> Iterator[tuple[str, str, str | None]]:
    """What no other field may have: what it is, the word, and the attribute that says it."""
    yield "heading", spec.heading.casefold(), "heading"
    columns = [f"{spec.name}_{part}" for part in ("printed", "unit", "qualifier")] if spec.type == "number" else []
    yield from (("name", column, None) for column in (spec.name, *columns))
    yield from (("name", former, "was") for former in spec.was)
    if spec.view:
        yield "view", spec.view, "view"


def _paragraph(text: str) -> str:
    """Several lines as one, paragraphs apart."""
    parts = re.split(r"\n[ \t]*\n", text.strip())
    return "\n".join(" ".join(part.split()) for part in parts)
