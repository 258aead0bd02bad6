"""A text and the wanted fields go in; the messages and the JSON schema of a question come out, and a reply is validated.

What is the same for all documents of a run comes first (schema, rules,
fields), then the document, then which keys are to be answered: a provider's
cache of prompt beginnings holds what is shared. Where one question asks all
fields, any two documents share the whole of the fixed part; where it takes
several, each lists all fields and says after the document which are its own,
so that they also share the document, unless a provider puts the schema before
the messages, as OpenAI does. Listing the others costs less than sending the
document once more (``make bench-prompts`` counts both).

The fence carries a hash of the text, which nothing written into the text can
foresee, and the rules are repeated after it. What is sent as a schema
(all keys required, null allowed, no defaults) is separate from what is stored:
servers promise a form, never the truth, so everything is validated again here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Annotated, Any

from survey_extract.core.fields import DEFAULT_SUBJECT, EVIDENCE_LIMIT, FieldSpec
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.former import named_wording
from survey_extract.core.meant import refused
from survey_extract.core.paper_text import PaperText, Section, Sentence
from survey_extract.core.ports import Said
from survey_extract.core.question import Show
from survey_extract.core.question.answers import answers_in
from survey_extract.core.question.objects import WHERE_LIMIT, Misfit
from survey_extract.core.question.shown import Shown
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import Value
from survey_extract.core.tables.table import header_sentence, value_sentence
from survey_extract.errors import BadSettings

if TYPE_CHECKING:
    from pydantic import BaseModel

PLACEHOLDERS = {
    "extract.md": ("fence", "document", "subject", "fields", "keys", "evidence_limit"),
    "repair.md": ("problem", "keys"),
}
_OPTIONAL = {"evidence_limit", "fence", "subject"}
"""Placeholders that a survey's own wording may do without."""
GAP = "..."
"""The line that stands where sentences were left out."""
CHARACTERS_A_TOKEN = 4.0
"""English prose has four to five characters a token in the usual vocabularies; a low figure overestimates."""

FORMS_HELD = 64
"""Forms of replies kept in memory: one for each set of fields that is asked together."""
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to put a question: the wording, and which sentences it shows.

    ``is_first`` is how questions were put until the fields came to stand
    before the document: all sentences that fit, no gaps marked, our
    instructions as they were then, no part of the schema shared. It makes the
    very request that it made then, which is found by its hash.
    """

    wording: str
    subject: str = DEFAULT_SUBJECT
    show: Shown = "relevant"
    is_first: bool = False

    def question(
        self,
        text: PaperText,
        shown: Sequence[Sentence],
        wanted: Sequence[FieldSpec],
        listed: Sequence[FieldSpec] | None = None,
    ) -> str:
        """The whole question; braces in the document or the wording are left alone.

        ``listed`` are the fields that stand in the fixed part, where they are more than those that are wanted.
        """
        return filled(
            self.wording,
            {
                "fence": text.sha256[:12],
                "document": numbered_first(text, shown) if self.is_first else numbered(text, shown),
                "subject": self.subject,
                "fields": "\n".join(map(self._line, listed or wanted)),
                "keys": ", ".join(spec.name for spec in wanted),
                "evidence_limit": str(EVIDENCE_LIMIT),
            },
        )

    def instruction(self, spec: FieldSpec) -> str:
        """What the model is told of a field."""
        return spec.first_instruction if self.is_first else spec.instruction

    def _line(self, spec: FieldSpec) -> str:
        form = " (a list)" if spec.is_list and not self.is_first else ""
        return f"- {spec.name}{form}: {self.instruction(spec)}"

    def schema(self, wanted: Sequence[FieldSpec]) -> dict[str, Any]:
        """The JSON schema that is sent."""
        return first_wire_schema(wanted) if self.is_first else wire_schema(wanted)


@dataclass(frozen=True, slots=True)
class Prompt:
    """The wording of the question (extract.md) and of the repair (repair.md).

    ``former`` are the wordings in which the same may have been asked in the first form.
    """

    extract: str
    repair: str
    subject: str = DEFAULT_SUBJECT
    former: tuple[str, ...] = ()

    @property
    def sha256(self) -> str:
        """What names the question: the hash of its wording and subject, or of the wording of ours that asked the same first.

        The repair only mends form and does not count.
        """
        named = named_wording(self.extract)
        return named if self.subject == DEFAULT_SUBJECT else sha256_text(f"{named}\n{self.subject}")

    def forms(self, show: Show) -> tuple[Form, ...]:
        """How the question is put today, then how it may have been put before: what was paid is found in one of these."""
        other: Show = "everything" if show == "relevant" else "relevant"
        shown: tuple[Shown, ...] = (show, other, "formerly relevant")
        today = (Form(self.extract, self.subject, kind) for kind in shown)
        return (*today, *(Form(wording, self.subject, "everything", is_first=True) for wording in self.former))

    def correction(self, problem: str, wanted: Sequence[FieldSpec]) -> str:
        """What the model is told when its reply does not fit."""
        return filled(self.repair, {"problem": problem, "keys": ", ".join(spec.name for spec in wanted)})


def checked_prompt(extract: str, repair: str, subject: str = DEFAULT_SUBJECT, former: Sequence[str] = ()) -> Prompt:
    """A prompt whose placeholders are all there and all known; a ``former`` wording counts where it can name the subject.

    Raises:
        BadSettings: one is missing or misspelt.
    """
    for name, wording in (("extract.md", extract), ("repair.md", repair)):
        found, wanted = set(_PLACEHOLDER.findall(wording)), set(PLACEHOLDERS[name])
        if missing := wanted - found - _OPTIONAL:
            raise BadSettings(f"prompts/{name}: the placeholder {{{sorted(missing)[0]}}} is missing")
        if unknown := found - wanted:
            raise BadSettings(
                f"prompts/{name}: the placeholder {{{sorted(unknown)[0]}}} is unknown; known are {', '.join(sorted(wanted))}"
            )
    if subject != DEFAULT_SUBJECT and "{subject}" not in extract:
        raise BadSettings(
            "prompts/extract.md asks about the system that a document presents, and fields.toml says that a row is about "
            f"{subject!r}: put {{subject}} where the wording names it, or delete the file to use the tool's own"
        )
    return Prompt(extract, repair, subject, tuple(w for w in former if subject == DEFAULT_SUBJECT or "{subject}" in w))


def filled(wording: str, parts: Mapping[str, str]) -> str:
    """The wording with its parts in place; braces within them are left alone."""
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], wording)


def numbered(text: PaperText, shown: Sequence[Sentence]) -> str:
    """The sentences with their numbers, under the headings of their sections and of those around them; gaps are marked.

    Rows of a table that have the same headers stand under these, which are said once.
    """
    return _numbered(text, shown, leaves=False, marks=True)


LEAVES_ONLY = frozenset(
    {"pdf-1", "pdf-2", "pdf-3", "pdf-4", "pdf-pypdf-1", "html-1", "html-2", "markdown-1", "markdown-2"}
)
"""Readers whose texts were sent with the heading of the section alone."""


def numbered_first(text: PaperText, shown: Sequence[Sentence]) -> str:
    """The same in the first form, byte for byte."""
    return _numbered(text, shown, leaves=text.reader in LEAVES_ONLY, marks=False)


def _numbered(text: PaperText, shown: Sequence[Sentence], *, leaves: bool, marks: bool) -> str:
    lines: list[str] = []
    section, told = -1, 0
    gaps = _gaps(text, shown) if marks else frozenset()
    for sentence, headers, words in _in_words(text, shown):
        lines += [GAP] if sentence.number in gaps else []
        if sentence.section != section:
            section = sentence.section
            lines += [f"\n## {title}" for title in _headings(text, section, told, leaves=leaves)]
            told = section
        lines += [headers] if headers else []
        lines.append(f"[{sentence.number}] {words}")
    return "\n".join([*lines, GAP] if AT_END in gaps else lines).strip()


AT_END = 0
"""No sentence has this number."""


def _gaps(text: PaperText, shown: Sequence[Sentence]) -> frozenset[int]:
    """The numbers of the citable sentences whose one before was left out; ``AT_END`` where that is the last."""
    numbers = {sentence.number for sentence in shown}
    order = [*(sentence.number for sentence in text.citable()), AT_END]
    return frozenset(number for before, number in pairwise(order) if before not in numbers)


def _in_words(text: PaperText, shown: Iterable[Sentence]) -> Iterator[tuple[Sentence, str | None, str]]:
    """Each sentence with what is shown of it, and before the first of several rows their headers."""
    for headers, group in groupby(shown, key=lambda sentence: _headers(text, sentence)):
        together = list(group)
        if headers is None or len(together) == 1:
            yield from ((sentence, None, text.quote(sentence)) for sentence in together)
            continue
        for place, sentence in enumerate(together):
            yield sentence, None if place else headers, _values(text, sentence)


def _headers(text: PaperText, sentence: Sentence) -> str | None:
    """The table and the headers of a row; None of what is no row."""
    found = text.row(sentence)
    return header_sentence(*found) if found else None


def _values(text: PaperText, sentence: Sentence) -> str:
    """A row without its headers."""
    found = text.row(sentence)
    return value_sentence(found[1]) if found else text.quote(sentence)


def _headings(text: PaperText, section: int, told: int, *, leaves: bool) -> list[str]:
    """The heading of a section, behind those around it that stand after the section ``told`` and held no sentence."""
    path: list[Section] = []
    for above in reversed(text.sections[told + 1 : section + 1]):
        if not path or above.level < path[-1].level:
            path.append(above)
    if leaves:
        del path[1:]
    return [above.title for above in reversed(path) if above.title]


def estimated_tokens(characters: int) -> int:
    """Tokens of that many characters, rather too many than too few."""
    return round(characters / CHARACTERS_A_TOKEN)


# --- the wire -------------------------------------------------------------------------------------


def wire_model(wanted: Sequence[FieldSpec]) -> type[BaseModel]:
    """The form of a reply: for each field a value of its own type, and sentence numbers."""
    return _wire_model(tuple(wanted))


@lru_cache(FORMS_HELD)
def _wire_model(wanted: tuple[FieldSpec, ...]) -> type[BaseModel]:
    """Made once for the fields that are asked together, since that takes far longer than to use it."""
    from pydantic import ConfigDict, Field, create_model

    strict = ConfigDict(extra="forbid", strict=True)
    keys: dict[str, Any] = {}
    for spec in wanted:
        answer = create_model(
            f"Answer_{spec.name}",
            __config__=strict,
            value=(spec.wire_type, ...),
            evidence=(Annotated[list[int], Field(max_length=EVIDENCE_LIMIT)], ...),
        )
        keys[spec.name] = (answer, ...)
    return create_model("SurveyAnswers", __config__=strict, **keys)


def wire_schema(wanted: Sequence[FieldSpec]) -> dict[str, Any]:
    """The JSON schema that is sent: strict, without titles, which cost tokens and say nothing, and each shape once."""
    schema: dict[str, Any] = json.loads(_wire_schema(tuple(wanted)))
    return _shared(schema)


def first_wire_schema(wanted: Sequence[FieldSpec]) -> dict[str, Any]:
    """The same in the first form: a shape for each field."""
    schema: dict[str, Any] = json.loads(_wire_schema(tuple(wanted)))
    return schema


def _shared(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema whose equal definitions are one, named by their number: two fields of a type have the same form."""
    shapes: list[Any] = []
    named: dict[str, str] = {}
    for name, shape in schema["$defs"].items():
        if shape not in shapes:
            shapes.append(shape)
        named[f"#/$defs/{name}"] = f"answer_{shapes.index(shape) + 1}"
    return schema | {
        "$defs": {f"answer_{number}": shape for number, shape in enumerate(shapes, start=1)},
        "properties": {key: {"$ref": f"#/$defs/{named[part['$ref']]}"} for key, part in schema["properties"].items()},
    }


@lru_cache(FORMS_HELD)
def _wire_schema(wanted: tuple[FieldSpec, ...]) -> str:
    """As JSON, so that whoever gets it may change what is theirs."""
    return json.dumps(untitled(_wire_model(wanted).model_json_schema()))


def untitled(node: Any) -> Any:
    """A schema without titles, which cost tokens and tell the model nothing."""
    if isinstance(node, dict):
        return {key: untitled(part) for key, part in node.items() if not (key == "title" and isinstance(part, str))}
    if isinstance(node, list):
        return [untitled(part) for part in node]
    return node


@dataclass(frozen=True, slots=True)
class Read:
    """What a reply comes to: the answers that fit, and by field why another does not."""

    said: tuple[Said, ...]
    misfits: Mapping[str, Misfit]

    def whole(self) -> tuple[Said, ...]:
        """All answers.

        Raises:
            Misfit: one does not fit; the first of them.
        """
        for misfit in self.misfits.values():
            raise misfit
        return self.said


def parse_reply(content: str, wanted: Sequence[FieldSpec], hide: Callable[[str], str] = str) -> Read:
    """The answers in a reply, in whatever form can be read in one way alone; no value is guessed.

    Each field is looked at by itself: the reply was paid for, and what does
    not fit in one says nothing of the others. ``hide`` takes secrets out of a
    text; it is given every text once it is decoded and cleaned, when nothing
    can spell them in another way any more.

    Raises:
        Misfit: no JSON, or nothing in it that could be read in one way alone.
    """
    try:
        answers = answers_in(content, wanted, hide)
    except Misfit as error:
        raise Misfit(hide(str(error)), hide(error.plain)) from None
    except (ValueError, RecursionError) as error:
        raise Misfit(f"it is no JSON ({hide(str(error))})", "it is no JSON") from None
    read = {spec.name: _read(spec, answers, hide) for spec in wanted}
    return Read(
        tuple(one for one in read.values() if not isinstance(one, Misfit)),
        {name: one for name, one in read.items() if isinstance(one, Misfit)},
    )


def _read(spec: FieldSpec, answers: Mapping[str, Any], hide: Callable[[str], str]) -> Said | Misfit:
    """The answer about one field: a key that is missing or there twice, a wrong type or one over the limits is a misfit."""
    from pydantic import ValidationError

    answer = answers.get(spec.name)
    if isinstance(answer, Misfit):
        return Misfit(hide(str(answer)), hide(answer.plain))
    given = {spec.name: answer} if spec.name in answers else {}
    try:
        row = wire_model([spec]).model_validate_json(json.dumps(given, ensure_ascii=False).encode())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:WHERE_LIMIT] or "the object"
        return Misfit(f"{where}: {first['msg']}", refused(error))
    except (ValueError, RecursionError) as error:
        return Misfit(f"it is no JSON ({hide(str(error))})", "it is no JSON")
    return _said(spec.name, getattr(row, spec.name))


def _said(field: str, answer: Any) -> Said:
    return Said(field, _tidy(answer.value), tuple(dict.fromkeys(answer.evidence)))


def _tidy(value: str | list[str] | None) -> Value:
    """The value with its white space folded; an empty text or list is "not reported"."""
    if isinstance(value, list):
        return tuple(dict.fromkeys(name for name in map(clean, value) if name)) or None
    return clean(value) or None if value is not None else None
