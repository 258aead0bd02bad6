"""A value and the sentences cited for it go in, the question whether they support it comes out; the reply is read and checked.

A second reader is shown these sentences and this value and nothing else. Both
come from strangers, so they are put inside a fence that nothing written into
them can foresee. What it calls not carried must be words of the value: what
is kept is the stretch of the value itself, never the reader's spelling of it.
A reply that is anything else is not a verdict, and is not guessed at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from survey_extract.core.evidence import as_text
from survey_extract.core.fingerprint import Json, sha256_json, sha256_text
from survey_extract.core.meant import refused
from survey_extract.core.ports import Cited, Judged
from survey_extract.core.question.answers import in_texts, one_object
from survey_extract.core.question.objects import Misfit, folded
from survey_extract.core.question.prompt import filled, untitled
from survey_extract.core.reading.plain_text import clean
from survey_extract.core.records import Evidence, Value
from survey_extract.errors import BadSettings

WORDING = "judge.md"
PLACEHOLDERS = frozenset({"fence", "sentences", "heading", "value"})
NOTE_LIMIT = 200
"""Characters that are kept of why a reply could not be used."""

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"\w+")


def question_on(cited: Cited, wording: str) -> str:
    """The whole question; braces in the value or the sentences are left alone."""
    parts = {
        "fence": fence(cited),
        "sentences": "\n".join(f"- {_line(sentence)}" for sentence in cited.sentences),
        "heading": cited.heading,
        "value": _line(cited.value),
    }
    return filled(wording, parts)


def fence(cited: Cited) -> str:
    """A hash of all that is within the fence, so that nothing in there can hold it."""
    return sha256_text("\n".join((cited.value, *cited.sentences)))[:12]


def _line(text: str) -> str:
    """A text as one line, so that none of it looks like the end of the fence."""
    return " ".join(text.split())


def checked_wording(wording: str) -> str:
    """The wording of the question, when its placeholders are all there and all known.

    Raises:
        BadSettings: one is missing or misspelt.
    """
    found = set(_PLACEHOLDER.findall(wording))
    if missing := PLACEHOLDERS - found:
        raise BadSettings(f"prompts/{WORDING}: the placeholder {{{sorted(missing)[0]}}} is missing")
    if unknown := found - PLACEHOLDERS:
        raise BadSettings(f"prompts/{WORDING}: the placeholder {{{sorted(unknown)[0]}}} is unknown")
    return wording


def judge_fingerprint(
    value_sha256: str, evidence: Sequence[Evidence], heading: str, wording: str, model: str, parameters: Json
) -> str:
    """Hash of everything that a verdict depends on."""
    return sha256_json(
        {
            "value": value_sha256,
            "evidence": [item.sha256 for item in evidence],
            "heading": heading,
            "prompt": sha256_text(wording),
            "model": model,
            "parameters": parameters,
        }
    )


# --- the reply ------------------------------------------------------------------------------------


class _Verdict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    verdict: Literal["yes", "partly", "no"]
    not_carried: str | None


_KEYS = {folded(name): name for name in _Verdict.model_fields}


def judge_schema() -> dict[str, Any]:
    """The form of a reply, as it is sent."""
    schema: dict[str, Any] = untitled(_Verdict.model_json_schema())
    return schema


def parse_verdict(content: str, value: Value, hide: Callable[[str], str] = str) -> Judged:
    """What a reply says. ``hide`` takes secrets out of a text once it is decoded and cleaned."""
    try:
        found = in_texts(one_object(content, "verdict"), lambda part: hide(clean(part)))
        tree = {_KEYS.get(name, name): part for name, part in found.items()}
        said = _Verdict.model_validate_json(json.dumps(tree))
        return _judged(said.verdict, said.not_carried or None, as_text(value))
    except ValidationError as error:
        return unparsable(refused(error), hide)
    except Misfit as error:
        return unparsable(error.plain, hide)
    except (ValueError, RecursionError):
        return unparsable("it is no JSON", hide)


def _judged(verdict: Literal["yes", "partly", "no"], claim: str | None, value: str) -> Judged:
    if verdict == "yes" and claim:
        raise Misfit("it says yes, and names words that are not carried")
    if verdict == "partly" and not claim:
        raise Misfit("it says partly, and names no words that are not carried")
    found = stretch_of(value, claim) if claim else None
    if claim and found is None:
        raise Misfit(f"what it calls not carried is no part of the value: {claim!r}")
    return Judged(verdict, found)


def unparsable(why: str, hide: Callable[[str], str] = str) -> Judged:
    """A reply that is no verdict, and why: a stranger's words, cleaned and cut."""
    return Judged("unparsable", note=hide(clean(why))[:NOTE_LIMIT])


def stretch_of(value: str, claim: str) -> str | None:
    """The stretch of a value whose words are those of a claim, whole words in their order; None when there is none.

    Capitals, blanks and punctuation between the words do not count.
    """
    own = list(_WORD.finditer(value))
    words, sought = [found[0].casefold() for found in own], [word.casefold() for word in _WORD.findall(claim)]
    if not sought or len(sought) > len(words):
        return None
    for at in _places(words, sought):
        return value[own[at].start() : own[at + len(sought) - 1].end()]
    return None


def _places(words: Sequence[str], sought: Sequence[str]) -> Sequence[int]:
    """Where a run of words begins, by Knuth, Morris and Pratt, so that no claim takes longer than the value is long."""
    back, at = [0] * len(sought), 0
    for index in range(1, len(sought)):
        while at and sought[index] != sought[at]:
            at = back[at - 1]
        at += sought[index] == sought[at]
        back[index] = at
    found: list[int] = []
    at = 0
    for index, word in enumerate(words):
        while at and word != sought[at]:
            at = back[at - 1]
        at += word == sought[at]
        if at == len(sought):
            found.append(index - at + 1)
            at = back[at - 1]
    return found
