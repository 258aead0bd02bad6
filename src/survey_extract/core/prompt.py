"""A text and the wanted fields go in; the messages and the JSON schema of a question come out, and a reply is validated.

The document stands first and is the same in every question about it, so that
a provider's cache of prompt beginnings applies. Its fence carries a hash of
the text, which nothing written into the text can foresee. What is sent as a
schema (all keys required, null allowed, no defaults) is separate from what is
stored: servers promise a form, never the truth, so everything is validated
again here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from survey_extract.core.fields import DEFAULT_SUBJECT, EVIDENCE_LIMIT, FieldSpec
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.ports import Said
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import PaperText, Section, Sentence, Value
from survey_extract.core.tables.table import header_sentence, value_sentence
from survey_extract.errors import BadSettings

PLACEHOLDERS = {
    "extract.md": ("fence", "document", "subject", "fields", "keys", "evidence_limit"),
    "repair.md": ("problem", "keys"),
}
_OPTIONAL = {"evidence_limit", "fence", "subject"}
"""Placeholders that a survey's own wording may do without."""
CHARACTERS_A_TOKEN = 4.0
"""English prose has four to five characters a token in the usual vocabularies; a low figure overestimates."""

FIRST_WORDING = "5a4cfda46ddd32a1c8573a62f887289c8a88f3cd34910881c5f6015271632b51"
SAME_QUESTION = {
    "658f6b11858a6484effe84eccd0d17cd56c0d0af6af7fa9181c58fa9e4ca647f": FIRST_WORDING,
    "96c8aed27098ae75024dd23e0627599cfcb5e9c580c84448004388cdf2b7c5e6": FIRST_WORDING,
}
"""SHA-256 of each later wording of ours, and of the wording whose question it is.

An update of the tool is no new question of the survey's: what was answered
under an older wording of ours stays answered, whether the survey keeps a copy
of it or has none. Whoever changes prompts/extract.md adds its hash here, or
says with a wording that stands by itself that everything is to be asked again.
"""
REWORDED = (
    ("about {subject}.", "about the system that\nit presents."),
    ("Do not describe the work of others.", "Do not describe the systems of others."),
)
"""What the wording says now, and what it said before: so replies to the question as it was asked then are found."""
FORMS_HELD = 64
"""Forms of replies kept in memory: one for each set of fields that is asked together."""
WHERE_LIMIT = 200
"""Characters of the place of a misfit, which the reply itself may have named."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """The wording of the question (extract.md) and of the repair (repair.md)."""

    extract: str
    repair: str
    subject: str = DEFAULT_SUBJECT

    @property
    def sha256(self) -> str:
        """What names the question: the hash of its wording and subject, or of the wording of ours that asked the same first.

        The repair only mends form and does not count.
        """
        own = sha256_text(self.extract)
        named = SAME_QUESTION.get(own, own)
        return named if self.subject == DEFAULT_SUBJECT else sha256_text(f"{named}\n{self.subject}")

    @property
    def former(self) -> Prompt | None:
        """Our wording as it was before it was reworded; None for a survey's own wording or subject."""
        before = self.extract
        for now, then in REWORDED:
            before = before.replace(now, then)
        own = SAME_QUESTION.get(sha256_text(before))
        return Prompt(before, self.repair) if own and before != self.extract and self.sha256 == own else None

    def question(self, text: PaperText, shown: Sequence[Sentence], wanted: Sequence[FieldSpec]) -> str:
        """The whole question; braces in the document or the wording are left alone."""
        return filled(
            self.extract,
            {
                "fence": text.sha256[:12],
                "document": numbered(text, shown),
                "subject": self.subject,
                "fields": "\n".join(f"- {spec.name}: {spec.instruction}" for spec in wanted),
                "keys": ", ".join(spec.name for spec in wanted),
                "evidence_limit": str(EVIDENCE_LIMIT),
            },
        )

    def correction(self, problem: str, wanted: Sequence[FieldSpec]) -> str:
        """What is said when a reply does not fit."""
        return filled(self.repair, {"problem": problem, "keys": ", ".join(spec.name for spec in wanted)})


def checked_prompt(extract: str, repair: str, subject: str = DEFAULT_SUBJECT) -> Prompt:
    """A prompt whose placeholders are all there and all known.

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
    return Prompt(extract, repair, subject)


def filled(wording: str, parts: Mapping[str, str]) -> str:
    """The wording with its parts in place; braces within them are left alone."""
    return _PLACEHOLDER.sub(lambda match: parts[match[1]], wording)


LEAVES_ONLY = frozenset(
    {"pdf-1", "pdf-2", "pdf-3", "pdf-4", "pdf-pypdf-1", "html-1", "html-2", "markdown-1", "markdown-2"}
)
"""Readers whose texts were sent with the heading of the section alone. A text of theirs makes the very request that it
made then, so that a batch under way, or a reply whose answer was lost, is found by its hash and not paid again."""


def numbered(text: PaperText, shown: Sequence[Sentence]) -> str:
    """The sentences with their numbers, under the headings of their sections and of those around them.

    Rows of a table that have the same headers stand under these, which are said once.
    """
    lines: list[str] = []
    section, told = -1, 0
    for sentence, headers, words in _in_words(text, shown):
        if sentence.section != section:
            section = sentence.section
            lines += [f"\n## {title}" for title in _headings(text, section, told)]
            told = section
        lines += [headers] if headers else []
        lines.append(f"[{sentence.number}] {words}")
    return "\n".join(lines).strip()


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


def _headings(text: PaperText, section: int, told: int) -> list[str]:
    """The heading of a section, behind those around it that stand after the section ``told`` and held no sentence."""
    path: list[Section] = []
    for above in reversed(text.sections[told + 1 : section + 1]):
        if not path or above.level < path[-1].level:
            path.append(above)
    if text.reader in LEAVES_ONLY:
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
    """The JSON schema that is sent: strict, without titles, which cost tokens and say nothing."""
    schema: dict[str, Any] = json.loads(_wire_schema(tuple(wanted)))
    return schema


@lru_cache(FORMS_HELD)
def _wire_schema(wanted: tuple[FieldSpec, ...]) -> str:
    """As JSON, so that whoever gets it may change what is theirs."""
    return json.dumps(untitled(_wire_model(wanted).model_json_schema()))


def untitled(node: Any) -> Any:
    """A schema without titles, which cost tokens and say nothing."""
    if isinstance(node, dict):
        return {key: untitled(part) for key, part in node.items() if not (key == "title" and isinstance(part, str))}
    if isinstance(node, list):
        return [untitled(part) for part in node]
    return node


class Misfit(ValueError):
    """A reply that is not what was asked for; ``str()`` tells the model what is wrong."""


_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)


def unfenced(content: str) -> str:
    """A reply without the fence that some put around JSON."""
    fenced = _FENCE.match(content)
    return fenced[1] if fenced else content


def parse_reply(content: str, wanted: Sequence[FieldSpec], hide: Callable[[str], str] = str) -> tuple[Said, ...]:
    """The answers in a reply. A fence around the JSON is taken away; nothing else is guessed.

    ``hide`` takes secrets out of a text; it is given every text once it is
    decoded and cleaned, when nothing can spell them in another way any more.

    Raises:
        Misfit: no JSON, wrong keys, wrong types, over the limits.
    """
    try:
        tree = mapped(json.loads(unfenced(content)), lambda text: hide(clean(text)))
        text = json.dumps(tree, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Misfit(f"it is no JSON ({hide(str(error))})") from None
    try:
        row = wire_model(wanted).model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:WHERE_LIMIT] or "the object"
        raise Misfit(f"{where}: {first['msg']}") from None
    return tuple(_said(spec.name, getattr(row, spec.name)) for spec in wanted)


def mapped(node: Any, change: Callable[[str], str]) -> Any:
    """JSON with every text in it changed, keys as well.

    Raises:
        RecursionError: it is nested beyond reason.
    """
    if isinstance(node, str):
        return change(node)
    if isinstance(node, list):
        return [mapped(part, change) for part in node]
    if isinstance(node, dict):
        return {change(key): mapped(part, change) for key, part in node.items()}
    return node


def _said(field: str, answer: Any) -> Said:
    return Said(field, _tidy(answer.value), tuple(dict.fromkeys(answer.evidence)))


def _tidy(value: str | list[str] | None) -> Value:
    """White space folded; an empty text or list is "not reported"."""
    if isinstance(value, list):
        return tuple(dict.fromkeys(name for name in map(clean, value) if name)) or None
    return clean(value) or None if value is not None else None
