"""The objects of a reply and the wanted fields go in; for each field its value and its numbers, in the form that was asked for, come out.

What is read leniently can be read in one way alone: a key in another spelling,
a sentence number in quotes, in brackets or with an S, a number without the
quotes of its field's type, an option in other capitals. What is more than was
asked for is left. All else stays as it is, for the validation to refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from survey_extract.core.fields import LABELS, FieldSpec
from survey_extract.core.question.objects import (
    Misfit,
    Number,
    TwoValues,
    folded,
    keyed,
    objects_in,
    the_same,
    unwrapped,
)
from survey_extract.core.reading.plain_text import clean

_SENTENCE = re.compile(
    r"[\s\[(#]{0,4}(?:(?:s|sent|sentence|sentences|no|number)\b[\s.:_#\[(-]{0,4}|s[_-]?)?(\d{1,18})(?:\.0{1,18})?[\s\])]{0,4}\.?",
    re.IGNORECASE,
)
"""A sentence's number in one of its spellings."""
PLENTY = 100
"""Numbers of which it is clear that they are too many."""
_BETWEEN = re.compile(r"[,;]|\band\b|(?<=[\])])(?=[\[(])")
_NUMBER_KEYS = ("number", "sentence", "sentencenumber", "sentenceid", "id")
_FIELD_KEYS = ("field", "key", "name")
_NOT_REPORTED: dict[str, Any] = {"value": None, "evidence": []}


def answers_in(content: str, wanted: Sequence[FieldSpec], hide: Callable[[str], str]) -> dict[str, Any | Misfit]:
    """By field, what a reply says of it, or why that is no answer; fields that it does not name are left out.

    Raises:
        Misfit: there is no object, or one that could be read in two ways.
    """
    specs = {folded(spec.name): spec for spec in wanted}
    found: dict[str, list[Any]] = {}

    def is_one(node: Mapping[str, Any]) -> bool:
        return bool(specs.keys() & set(map(folded, node))) or _named(node, specs) is not None

    for node in unwrapped(objects_in(content), is_one):
        named = _named(node, specs)
        for key, answer in ({named: node} if named is not None else node).items():
            if (name := folded(key)) in specs:
                found.setdefault(name, []).append(answer)
    return {spec.name: _one_answer(spec, found[name], hide) for name, spec in specs.items() if name in found}


def _one_answer(spec: FieldSpec, found: Sequence[Any], hide: Callable[[str], str]) -> Any | Misfit:
    """What is said of a field, however often; the misfit where that is two things."""
    try:
        return the_same([_answer(spec, answer, hide) for answer in found], spec.name)
    except Misfit as error:
        return error


def one_object(content: str, key: str) -> dict[str, Any]:
    """The one object of a reply that has this key, by the folded names of its keys.

    Raises:
        Misfit: there is none, or there are two that differ.
    """
    found = [keyed(node) for node in unwrapped(objects_in(content), lambda node: key in map(folded, node))]
    if not found:
        raise Misfit(f"{key}: Field required", f"{key} is missing")
    alone: dict[str, Any] = the_same(found, key)
    return alone


def in_texts(node: Any, change: Callable[[str], str]) -> Any:
    """Part of a reply with every text in it changed, keys as well, and its numbers as numbers."""
    if isinstance(node, TwoValues):
        raise node.misfit
    if isinstance(node, Number):
        return _as_number(node)
    if isinstance(node, str):
        return change(node)
    if isinstance(node, list):
        return [in_texts(part, change) for part in node]
    if isinstance(node, dict):
        return {change(key): in_texts(part, change) for key, part in node.items()}
    return node


def _named(node: Mapping[str, Any], specs: Mapping[str, FieldSpec]) -> str | None:
    """The field of an answer that names it itself, or that is the only one wanted."""
    parts = {folded(key): part for key, part in node.items()}
    if not {"value", "evidence"} <= parts.keys():
        return None
    names = [parts[key] for key in _FIELD_KEYS if isinstance(parts.get(key), str)]
    if names:
        return folded(names[0]) if folded(names[0]) in specs else None
    return next(iter(specs)) if len(specs) == 1 else None


def _answer(spec: FieldSpec, answer: Any, hide: Callable[[str], str]) -> Any:
    if answer is None:
        return dict(_NOT_REPORTED)
    if not isinstance(answer, dict):
        return in_texts(answer, lambda text: hide(clean(text)))
    parts = keyed(answer)
    read: dict[str, Any] = {}
    if "value" in parts:
        read["value"] = in_texts(_value(spec, parts["value"]), lambda text: hide(clean(text)))
    if "evidence" in parts or parts.get("value", "") is None:
        read["evidence"] = _numbers(parts.get("evidence"))
    return read


# --- values ---------------------------------------------------------------------------------------


def _value(spec: FieldSpec, value: Any) -> Any:
    return [_text(spec, part) for part in value] if isinstance(value, list) else _text(spec, value)


def _text(spec: FieldSpec, value: Any) -> Any:
    """A value as the text that it should have been: a number without quotes, an option in other capitals."""
    if isinstance(value, bool):
        return ("no", "yes")[value] if spec.type == "yes_no" else value
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, str) and spec.type in LABELS:
        return spec.option(value)
    return value


# --- numbers of sentences -------------------------------------------------------------------------


def _numbers(evidence: Any) -> Any:
    """The numbers in whatever was given for them; as it is where one of them could be something else."""
    if evidence is None:
        return []
    given = evidence if isinstance(evidence, list) else [evidence]
    return [number for item in given[:PLENTY] for number in _numbers_in(item)]


def _numbers_in(item: Any) -> list[Any]:
    if isinstance(item, dict):
        named = keyed(item)
        inner = [named[key] for key in _NUMBER_KEYS if key in named]
        return _numbers_in(inner[0]) if len(inner) == 1 else [item]
    if isinstance(item, Number):
        return [_whole(item)]
    if not isinstance(item, str):
        return [item]
    parts = [_SENTENCE.fullmatch(part.strip()) for part in _BETWEEN.split(item[:1_000].strip().strip("[]"))]
    return [int(part[1]) for part in parts if part] if all(parts) else [item]


def _whole(number: Number) -> Any:
    """12 and 12.0 are 12; 12.5 is no number of a sentence."""
    if part := _SENTENCE.fullmatch(number):
        return int(part[1])
    return int(number) if number.isdigit() and len(number) <= LONGEST else _as_number(number)


def _as_number(number: Number) -> int | float:
    """A number as any JSON reader has it; only its length is limited."""
    return int(number) if len(number) <= DIGITS and number.lstrip("-").isdigit() else float(number)


DIGITS = 18
"""Digits of a whole number that is taken as one."""
LONGEST = 100
"""Digits of a number that names a sentence which cannot exist, and is kept as such."""
