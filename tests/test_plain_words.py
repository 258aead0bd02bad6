"""What is wrong in a file that people write, or in a model's reply, is said in their words; the parsers' own words are of their grammar."""

from __future__ import annotations

import json
from typing import get_args

import pytest

from survey_extract.core.evaluation.baseline import parse_saved
from survey_extract.core.fields import INSTEAD, RESERVED, FieldSpec, FieldType
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.inputs.sources import parse_sources, same_names
from survey_extract.core.question.entailment import parse_verdict
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import parse_reply
from survey_extract.errors import BadFields, BadGold, BadSources

GOOD = '[weights]\ntype = "choice"\noptions = ["open", "closed"]\nask = "Whether they are open."\nheading = "Weights"\n'
GRAMMAR = (
    "Illegal",
    "Cannot",
    "key/value",
    "statement",
    "Unterminated",
    "immutable",
    "initial character",
    "declaration",
)


@pytest.mark.parametrize("at", range(len(GOOD)))
def test_a_letter_that_is_lost_is_told_in_plain_words(at: int) -> None:
    """Whichever letter of fields.toml is left out: it still reads, or what is wrong is said without the parser's grammar, with a line."""
    said = _refusal(GOOD[:at] + GOOD[at + 1 :])
    assert not any(word in said for word in GRAMMAR), said
    assert said.startswith("fields.toml") or not said


def _refusal(text: str) -> str:
    """Why a fields.toml is refused; nothing where it reads."""
    try:
        parse_fields(text)
    except BadFields as error:
        return str(error)
    return ""


@pytest.mark.parametrize("line", GOOD.splitlines())
def test_a_line_that_is_there_twice_is_told_so(line: str) -> None:
    """Whichever line is doubled."""
    with pytest.raises(BadFields, match=r"fields\.toml:\d+: .*twice"):
        parse_fields(
            GOOD.replace(line, f"{line}\n{line}" if not line.startswith("[") else f"{line}\nask = 'x'\n{line}")
        )


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_taken_name_says_what_to_call_it(name: str) -> None:
    """And that name is one that a field can have."""
    with pytest.raises(BadFields) as refused:
        parse_fields(f'[{name}]\nask = "What."\n')
    other = INSTEAD.get(name, f"stated_{name}")
    assert other in str(refused.value)
    assert parse_fields(f'[{other}]\nask = "What."\n').named(other).name == other


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators_are_named(mark: str, word: str) -> None:
    """What some spreadsheets write for commas."""
    with pytest.raises(BadSources, match=rf"sources\.csv:1: the cells are parted by {word}"):
        parse_sources(f"source{mark}name{mark}note\n2401.00001{mark}A{mark}\n".encode())


@pytest.mark.parametrize("row", ['"2401.00001,A', '"2401.00001"x,A', '2401.00001,"A "good" one"'])
def test_quotes_of_a_list_are_told_in_plain_words(row: str) -> None:
    """A quote that is not closed, and one within a cell."""
    with pytest.raises(BadSources, match=r"sources\.csv:2: (a quote is opened|something stands behind)"):
        parse_sources(f"source,name\n{row}\n".encode())


def test_sources_of_one_name_are_told() -> None:
    """Whatever their capitals, with their lines; nothing is said where names differ or there are none."""
    said = same_names(b"source,name\n2401.00001,Osei\n2401.00002,osei\n2401.00003,Kim\n2401.00004,\n2401.00005,\n")
    assert said is not None
    assert "'Osei' (lines 2, 3)" in said
    assert "Kim" not in said
    assert same_names(b"source,name\n2401.00001,Osei\n2401.00002,\n2401.00003,\n") is None


PARSERS = (
    "Input should",
    "Field required",
    "valid string",
    "valid array",
    "valid integer",
    "Extra inputs",
    "items after",
    "Invalid JSON",
)
"""pydantic's words: of types that nobody who keeps a survey has heard of."""
FIELDS = parse_fields("".join(
    f'[a_{kind}]\ntype = "{kind}"\nask = "What."\n' + ('options = ["open", "closed"]\n' if kind.startswith("choice") else "")
    for kind in get_args(FieldType)
)).asked  # fmt: skip
ODD = (5, True, [1], {"a": 1}, "zzz", ["zzz"], ["a"] * 500, "x" * 100_000, [None], [[1]])


@pytest.mark.parametrize("spec", FIELDS, ids=lambda spec: spec.name)
def test_a_reply_that_does_not_fit_is_told_in_plain_words(spec: FieldSpec) -> None:
    """Whatever a model says of whichever field: people are told which part of the answer to which field is wrong; the model is told as before."""
    odd: list[object] = [{"value": value, "evidence": [1]} for value in ODD]
    odd += [{"value": None, "evidence": value} for value in ODD] + [{"value": "x"}, {"evidence": [1]}, {}, [], "x", 5]
    refused = [error for answer in odd if (error := _misfit({spec.name: answer}, spec)) is not None]
    assert len(refused) > len(odd) / 3
    for error in (*refused, _misfit({}, spec)):
        assert error is not None
        assert spec.name in error.plain
        assert not any(word in error.plain for word in PARSERS), error.plain
    assert str(error) == f"{spec.name}: Field required", "what the model is told is part of a question that is stored"


def _misfit(reply: object, spec: FieldSpec) -> Misfit | None:
    """Why a reply is refused; None where it is not."""
    try:
        parse_reply(json.dumps(reply), [spec]).whole()
    except Misfit as error:
        return error
    return None


@pytest.mark.parametrize(
    "reply", ['{"verdict": 5}', '{"verdict": "maybe", "not_carried": 5}', '{"verdict": "no"}', "{}", "no"]
)
def test_a_verdict_that_is_none_is_told_in_plain_words(reply: str) -> None:
    """Of a second reader, too."""
    judged = parse_verdict(reply, "A value.")
    assert judged.finding == "unparsable"
    assert judged.note
    assert not any(word in judged.note for word in PARSERS), judged.note


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "one"}'])
def test_a_file_that_holds_no_results_is_told_in_plain_words(text: str) -> None:
    """And what writes one."""
    with pytest.raises(BadGold, match=r"^base\.json: .*evaluate --save") as refused:
        parse_saved(text, "base.json")
    assert not any(word in str(refused.value) for word in PARSERS), str(refused.value)
