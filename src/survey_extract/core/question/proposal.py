"""Texts and a model's replies go in; the draft of a fields.toml comes out, each field with the sentence that made the model think of it.

A draft is for a person to edit: none of it counts before it is saved as
fields.toml. What a model proposes that fields.toml may not contain is left out, and
counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from survey_extract.core.evidence import point
from survey_extract.core.fields import FieldType
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.meant import refused
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.question.answers import in_texts, one_object
from survey_extract.core.question.objects import WHERE_LIMIT, Misfit
from survey_extract.core.question.prompt import filled, numbered, untitled
from survey_extract.core.reading.plain_text import clean
from survey_extract.errors import BadFields

LIMIT = 12
"""Fields that are proposed of one source."""
SOURCES = 3
"""Sources that are read for a draft."""

_Word = Annotated[str, Field(max_length=200)]


class _Proposed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: _Word
    heading: _Word
    type: FieldType
    options: list[_Word]
    unit: _Word | None
    ask: Annotated[str, Field(max_length=1_000)]
    because: int


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    fields: Annotated[list[_Proposed], Field(max_length=LIMIT)]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A field as a model proposes it: the table of a fields.toml, and the sentence behind it with its source and page."""

    name: str
    table: str
    because: str | None
    source: str
    page: int | None


def proposal_question(wording: str, subject: str, text: PaperText, shown: Sequence[Sentence]) -> str:
    """The question about one source."""
    return filled(
        wording,
        {
            "fence": text.sha256[:12],
            "document": numbered(text, shown),
            "limit": str(LIMIT),
            "subject": subject,
            "types": ", ".join(get_args(FieldType)),
        },
    )


def proposal_schema() -> dict[str, Any]:
    """The form of a reply, as it is sent."""
    schema: dict[str, Any] = untitled(_Reply.model_json_schema())
    return schema


def parse_proposals(content: str, source: str, text: PaperText, hide: Callable[[str], str]) -> tuple[Proposal, ...]:
    """The fields in a reply that a fields.toml may have.

    Raises:
        Misfit: it is no such reply.
    """
    try:
        found = in_texts(one_object(content, "fields"), lambda part: hide(clean(part)))
        reply = _Reply.model_validate_json(json.dumps({"fields": found["fields"]}))
    except Misfit as error:
        raise Misfit(f"it is no list of fields: {hide(error.plain)[:WHERE_LIMIT]}") from None
    except ValidationError as error:
        raise Misfit(f"it is no list of fields: {hide(refused(error))[:WHERE_LIMIT]}") from None
    except (ValueError, RecursionError):
        raise Misfit("it is no list of fields: it is no JSON") from None
    return tuple(made for item in reply.fields if (made := _proposal(item, source, text)) is not None)


def _proposal(item: _Proposed, source: str, text: PaperText) -> Proposal | None:
    table = _table(item)
    try:
        parse_fields(table)
    except BadFields:
        return None
    evidence, _ = point(text, [item.because])
    words = text.quote(text.sentences[item.because - 1]) if evidence else None
    return Proposal(item.name, table, words, source, evidence[0].page if evidence else None)


def _table(item: _Proposed) -> str:
    lines = [f"[{item.name}]", f"heading = {_quoted(item.heading)}"]
    lines += [f"type = {_quoted(item.type)}"] if item.type != "text" else []
    lines += [f"options = [{', '.join(map(_quoted, item.options))}]"] if item.type in ("choice", "choices") else []
    lines += [f"unit = {_quoted(item.unit)}"] if item.unit and item.type == "number" else []
    return "\n".join([*lines, f"ask = {_quoted(item.ask)}"]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a basic string of TOML is one of JSON


def draft(proposals: Iterable[Proposal], subject: str) -> str:
    """The draft: what most sources proposed first, each field once, in the words of the first that did."""
    found = list(proposals)
    counts = Counter(item.name for item in found)
    first = {item.name: item for item in reversed(found)}
    order = sorted(dict.fromkeys(item.name for item in found), key=lambda name: -counts[name])
    head = f"# A draft: edit it, save it as fields.toml, and see `survey-extract fields`.\n\nsubject = {_quoted(subject)}\n"
    return "\n".join([head, *("\n".join(_explained(first[name], found)) for name in order)])


def _explained(item: Proposal, found: Sequence[Proposal]) -> Iterator[str]:
    for other in found:
        if other.name == item.name:
            where = f"{other.source}, p. {other.page}" if other.page else other.source
            yield f"# {where}: {' '.join((other.because or 'no sentence was named').split())}"
    yield item.table
