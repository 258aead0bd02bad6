"""Good answers in every form that endpoints are known to send: read at their first arrival, asked once, never asked again.

Each form was reported of a server: thoughts before the answer (DeepSeek, Qwen,
Magistral, Kimi, gpt-oss), fences and words around it (any model without a
schema), an answer in the place of a thought (vLLM, Dynamo), as arguments of a
call or within another object (LiteLLM, Bedrock), a stream or comments of one
(OpenRouter), JSON in JSON, commas and line ends (small models).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from survey_extract.core.fields import FieldSpec
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import parse_reply
from survey_extract.errors import BadReply
from tests.adapters.test_openai_engine import FIELDS, asker
from tests.adapters.test_openai_engine import GOOD as ANSWERS
from tests.core.test_growth import grows_as_its_text
from tests.servers.loopback import Response
from tests.servers.openai_server import JSON, completion

GOOD: dict[str, dict[str, Any]] = dict(ANSWERS)  # type: ignore[arg-type]  # their values are of two types
ANSWER = json.dumps(GOOD)
PRETTY = json.dumps(GOOD, indent=2)
DRAFT = '{"training_methods": {"value": "A draft.", "evidence": [1]}, "datasets_used": {"value": null, "evidence": []}}'
VALUES = ["In two stages.", ("LogPairs",)]
NUMBERS = [(2,), (1, 3)]


def with_numbers(first: Any, second: Any) -> str:
    """The answer with its sentence numbers in another form."""
    return json.dumps({
        "training_methods": {"value": "In two stages.", "evidence": first}, "datasets_used": {"value": ["LogPairs"], "evidence": second},
    })  # fmt: skip


def renamed(change: Callable[[str], str]) -> str:
    """The answer with its keys in another spelling."""
    return json.dumps({change(key): {change(inner): part for inner, part in GOOD[key].items()} for key in GOOD})


AROUND: dict[str, str] = {
    "plain": ANSWER,
    "a mark of byte order": "\ufeff" + ANSWER,
    "blank lines": f"\n\n  {PRETTY}\n\n",
    "think": f"<think>\nIs it {DRAFT}? No, {{it is not.\n</think>\n\n{ANSWER}",
    "an empty think": f"<think>\n\n</think>\n\n{ANSWER}",
    "think in capitals": f"<THINK>hm {DRAFT}</THINK>{ANSWER}",
    "think that nobody opened": f"First I look at {DRAFT}.\n</think>\n{ANSWER}",
    "think that nobody opened, with a draft that breaks off": f'So {{"training_methods": {{"value": \n</think>\n{ANSWER}',
    "a thought about the end of thoughts": f"<think>They write </think> here.</think>{ANSWER}",
    "thinking": f"<thinking>{DRAFT}</thinking>{ANSWER}",
    "reasoning": f"<reasoning>{DRAFT}</reasoning><answer>{ANSWER}</answer>",
    "a name before the tag": f"<mm:think>{DRAFT}</mm:think>{ANSWER}",
    "Mistral": f"[THINK]{DRAFT}[/THINK]{ANSWER}",
    "Kimi": f"◁think▷{DRAFT}◁/think▷{ANSWER}",
    "thought and solution": f"<|begin_of_thought|>{DRAFT}<|end_of_thought|><|begin_of_solution|>{ANSWER}<|end_of_solution|>",
    "channels": f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
    "a channel for JSON": f"<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{ANSWER}",
    "a channel and the bare answer": f"<|channel|>analysis<|message|>{DRAFT}<|end|>{ANSWER}",
    "channels without their marks": f"analysisWe need {DRAFT}.assistantfinal{ANSWER}",
    "a box": f"<|begin_of_box|>{ANSWER}<|end_of_box|>",
    "the end of a turn": f"{ANSWER}<|im_end|>",
    "the end of a text": f"{ANSWER}</s>",
    "the end of a sentence": f"{ANSWER}<｜end▁of▁sentence｜>",
    "the answer taken for a thought": f"<think>{ANSWER}",
    "the answer before a stray end": f"{ANSWER}\n</think>",
    "a fence": f"```json\n{PRETTY}\n```",
    "a fence without a name": f"```\n{ANSWER}\n```",
    "a fence on one line": f"```json {ANSWER}```",
    "a fence that is not closed": f"```json\n{ANSWER}",
    "words before a fence": f"Here is the JSON you asked for:\n\n```json\n{PRETTY}\n```",
    "words around a fence": f"Sure!\n```JSON\n{ANSWER}\n```\nLet me know if {{anything}} is [12] missing.",
    "words around, none of them a fence": f"The answer: {ANSWER} I hope that this helps.",
    "a name of its language": f"json\n{ANSWER}",
    "the same twice": f"{ANSWER}\n\nAs a block:\n```json\n{PRETTY}\n```",
    "a comma too many": ANSWER.replace("]}", ",]}").replace("}}", "},}"),
    "a text of JSON": json.dumps(ANSWER),
    "a text of a text": json.dumps(json.dumps(ANSWER)),
    "escapes without quotes": json.dumps(ANSWER)[1:-1],
    "a list of one": f"[{ANSWER}]",
    "a list of its fields": json.dumps([{key: GOOD[key]} for key in GOOD]),
    "a line for each field": "\n".join(json.dumps({key: GOOD[key]}) for key in GOOD),
    "an object for each field that names it": json.dumps({"answers": [{"field": key, **GOOD[key]} for key in GOOD]}),
    "answer": json.dumps({"answer": GOOD}),
    "values": json.dumps({"values": GOOD}),
    "parameter": json.dumps({"parameter": GOOD}),
    "the schema's name": json.dumps({"survey_answers": GOOD}),
    "properties": json.dumps({"type": "object", "properties": GOOD}),
    "a call": json.dumps({"name": "survey_answers", "arguments": GOOD}),
    "a call with its arguments as a text": json.dumps({"name": "survey_answers", "arguments": ANSWER}),
    "two objects around": json.dumps({"status": "ok", "data": {"result": GOOD}}),
    "a key more": json.dumps({"thoughts": "It says so.", **GOOD}),
    "a key more in each": json.dumps({key: {"confidence": 0.9, **GOOD[key]} for key in GOOD}),
    "keys in capitals": renamed(str.upper),
    "keys as titles": renamed(lambda key: key.replace("_", " ").title()),
    "keys with hyphens": renamed(lambda key: key.replace("_", "-")),
    "keys in camels": renamed(lambda key: key.title().replace("_", "")),
    "a key twice, the same": ANSWER[:-1] + f', "training_methods": {json.dumps(GOOD["training_methods"])}}}',
    "blanks until the limit": ANSWER + " \n" * 2_000,
    "numbers in quotes": with_numbers(["2"], ["1", "3"]),
    "numbers in brackets": with_numbers(["[2]"], ["[1]", "[3]"]),
    "numbers with an S": with_numbers(["S2"], ["s1", "S3"]),
    "numbers with a word": with_numbers(["sentence 2"], ["Sentence 1", "sentence [3]"]),
    "numbers with a sign": with_numbers(["#2"], ["(1)", "3."]),
    "fractions of nothing": with_numbers([2.0], [1.0, 3.0]),
    "fractions in quotes": with_numbers(["2.0"], ["1.0", "3.0"]),
    "a number alone": with_numbers(2, [1, 3]),
    "a text of numbers": with_numbers("2", "1, 3"),
    "a text of numbers in brackets": with_numbers("[2]", "[1], [3]"),
    "a text of brackets": with_numbers("[2]", "[1][3]"),
    "one text in a list": with_numbers(["2"], ["1; 3"]),
    "numbers with their words": with_numbers([{"sentence": 2, "text": "It says 7 times."}], [{"id": "1"}, {"number": "[3]"}]),
}  # fmt: skip


def around(**message: Any) -> bytes:
    """A whole reply with this message."""
    body = json.loads(completion("").body)
    body["choices"][0]["message"] = {"role": "assistant", "content": None, **message}
    return json.dumps(body).encode()


def events(*pieces: dict[str, Any], done: bool = True, **ends: Any) -> bytes:
    """A stream of events as servers send it."""
    said = [{"id": "c", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": piece, "finish_reason": None}]} for piece in pieces]  # fmt: skip
    said.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "model": "test-model", **ends})
    lines = [f"data: {json.dumps(event)}" for event in said] + (["data: [DONE]"] if done else [])
    return ("\n\n".join(lines) + "\n\n").encode()


USED = {"usage": json.loads(completion("").body)["usage"]}
PIECES = [{"role": "assistant"}, *({"content": ANSWER[at : at + 7]} for at in range(0, len(ANSWER), 7))]
WHOLE = completion(ANSWER).body
BODIES: dict[str, bytes] = {
    "the arguments of a call": around(tool_calls=[{"id": "1", "type": "function", "function": {"name": "json_tool_call", "arguments": ANSWER}}]),
    "arguments that are an object": around(tool_calls=[{"function": {"name": "survey_answers", "arguments": GOOD}}]),
    "a call of the first kind": around(function_call={"name": "survey_answers", "arguments": ANSWER}),
    "an answer that was parsed": around(parsed=GOOD),
    "the answer in reasoning_content": around(reasoning_content=ANSWER),
    "the answer in reasoning, blanks in content": around(content=" \n", reasoning=PRETTY),
    "a thought beside the answer": around(content=ANSWER, reasoning_content=f"Perhaps {DRAFT}"),
    "parts, a thought among them": around(content=[{"type": "thinking", "thinking": [{"type": "text", "text": DRAFT}]}, {"type": "text", "text": ANSWER}]),
    "parts of another kind": around(content=[{"type": "reasoning", "text": DRAFT}, {"type": "output_text", "text": ANSWER}]),
    "an object in content": around(content=GOOD),
    "text instead of a message": json.dumps({"object": "text_completion", "choices": [{"text": ANSWER, "finish_reason": "stop"}], **USED}).encode(),
    "a second choice that speaks": json.dumps({"choices": [{"message": {"content": ""}}, {"message": {"content": ANSWER}}], **USED}).encode(),
    "a stream": events(*PIECES, **USED),
    "a stream without its end": events(*PIECES, done=False, **USED),
    "a stream of thoughts and an answer": events({"reasoning_content": DRAFT}, *PIECES, **USED),
    "a stream with comments": b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" + events(*PIECES, **USED),
    "a stream of a call": events(*[{"tool_calls": [{"index": 0, "function": {"arguments": piece["content"]}}]} for piece in PIECES[1:]], **USED),
    "comments before the reply": b": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n" + WHOLE,
    "blanks before the reply": b" \n" * 500 + WHOLE,
    "a reply in data": json.dumps({"code": 0, "message": "ok", "data": json.loads(WHOLE)}).encode(),
    "a reply as a text": json.dumps({"statusCode": 200, "body": WHOLE.decode()}).encode(),
    "counts by other names": WHOLE.replace(b"prompt_tokens\"", b"input_tokens\"").replace(b"completion_tokens\"", b"output_tokens\""),
    "a stream whose lines end otherwise": events(*PIECES, **USED).replace(b"\n", b"\r\n"),
    "packed, and nobody says so": gzip.compress(WHOLE),
    "cut off in blanks": completion(ANSWER + "\n" * 3_000, finish="length").body,
    "null in an error": WHOLE[:-1] + b', "error": null}',
}  # fmt: skip
FORMS = {f"content: {name}": completion(content).body for name, content in AROUND.items()} | BODIES


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS)
def test_a_good_answer_in_any_form_is_read_at_once(body: bytes) -> None:
    """One request, one booking with its tokens, both values and all their sentence numbers; none the next night."""
    with asker(Response(200, body, JSON)) as asks:
        for night in range(2):
            asked = asks.ask()
            assert [said.value for said in asked.said] == VALUES
            assert [said.numbers for said in asked.said] == NUMBERS
            assert [reply.reused for reply in asked.replies] == [bool(night)]
    assert len(asks.server.requests) == len(asks.store.books) == 1
    assert asks.store.books[0].usage is not None


@pytest.mark.parametrize(
    "body",
    [
        completion(ANSWER.replace("stages", "st\u00e4ges")).body.replace(b"\\\\u00e4", "\u00e4".encode("latin-1")),
        completion(ANSWER.replace("stages", "st\u00e4ges")).body.replace(b"\\\\u00e4", "\u00e4".encode()),
    ],
    ids=["as its headers say", "as JSON says"],
)
def test_no_letter_of_a_value_is_lost(body: bytes) -> None:
    """A charset in the headers counts where the body is not the UTF-8 that JSON wants."""
    with asker(Response(200, body, {"Content-Type": "application/json; charset=ISO-8859-1"})) as asks:
        assert asks.ask().said[0].value == "In two st\u00e4ges."


def test_other_line_ends_within_a_stream_are_words() -> None:
    """Only the line ends of streams end an event: U+2028 and U+0085 may be in a text."""
    body = events({"content": ANSWER.replace("two", "@two")}, **USED).replace(b"@", "\u2028".encode())
    with asker(Response(200, body, JSON)) as asks:
        assert [said.value for said in asks.ask().said] == VALUES


def value(field: str, spelt: str) -> str:
    """An answer to one field whose value is spelt so."""
    return f'{{"{field}": {{"value": {spelt}, "evidence": [2]}}}}'


TYPED = {
    "a number as printed": (FieldSpec("size", "Size", "?", type="number"), "7.50", "7.50"),
    "a whole number": (FieldSpec("size", "Size", "?", type="number"), "7", "7"),
    "yes": (FieldSpec("open", "Open", "?", type="yes_no"), "true", "yes"),
    "no": (FieldSpec("open", "Open", "?", type="yes_no"), '"No"', "no"),
    "an option": (FieldSpec("kind", "Kind", "?", type="choice", options=("Two-tower", "single")), '"two tower"', "Two-tower"),
    "options": (FieldSpec("kind", "Kind", "?", type="choices", options=("A", "B")), '["b", "A"]', ("B", "A")),
    "a year": (FieldSpec("year", "Year", "?", type="date"), "2024", "2024"),
    "a list of numbers": (FieldSpec("names", "Names", "?", type="names"), '["COCO", 365]', ("COCO", "365")),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "spelt", "said"), TYPED.values(), ids=TYPED)
def test_a_value_of_another_type_is_read_as_it_is_printed(spec: FieldSpec, spelt: str, said: Any) -> None:
    """A number without quotes, true for yes, an option in other capitals: one value, to the digit."""
    (read,) = parse_reply(value(spec.name, spelt), [spec]).whole()
    assert read.value == said


def test_one_field_needs_no_name() -> None:
    """What was asked alone may be answered without its name, and null is not reported."""
    (said,) = parse_reply('{"value": ["LogPairs"], "evidence": ["3"]}', FIELDS[1:]).whole()
    assert (said.value, said.numbers) == (("LogPairs",), (3,))
    both = parse_reply('{"training_methods": null, "datasets_used": {"value": null}}', FIELDS).whole()
    assert [(said.value, said.numbers) for said in both] == [(None, ()), (None, ())]


@pytest.mark.parametrize(
    "twice",
    [
        '"training_methods": {"value": "A.", "evidence": []}, "training_methods": {"value": "B.", "evidence": []}',
        '"training_methods": {"value": "A.", "evidence": []}, "Training Methods": {"value": "B.", "evidence": []}',
        '"training_methods": {"value": "A.", "evidence": [], "value": "B."}',
        '"training_methods": {"value": "A.", "evidence": [{"number": 1, "number": 2}]}',
    ],
)
def test_what_could_be_read_in_two_ways_costs_no_other_field(twice: str) -> None:
    """Only the field that has two values is without one."""
    read = parse_reply("{" + twice + ', "datasets_used": {"value": ["LogPairs"], "evidence": [1]}}', FIELDS)
    assert [said.field for said in read.said] == ["datasets_used"]
    assert list(read.misfits) == ["training_methods"]
    assert "there twice" in str(read.misfits["training_methods"])


def test_words_about_tags_stay_words() -> None:
    """A paper about thoughts: tags, fences and braces within a value are a part of it."""
    words = "It thinks in <think> and </think>, prints ```json {x} ``` and ends with <|channel|>final."
    content = ANSWER.replace("In two stages.", words)
    for around_it in (content, f"Sure: {content} </s>", f"<think>hm</think>{content}"):
        assert parse_reply(around_it, FIELDS).whole()[0].value == words


AMBIGUOUS: dict[str, str] = {
    "two answers": f"{DRAFT} or {ANSWER}",
    "an answer and one that breaks off": f'{ANSWER} or {{"training_methods": {{"value": "In',
    "a key twice": ANSWER[:-1] + ', "training_methods": {"value": "Another.", "evidence": [1]}}',
    "a key in two spellings": ANSWER[:-1] + ', "Training Methods": {"value": "Another.", "evidence": [1]}}',
    "a value twice": ANSWER.replace('"value": "In two', '"value": "Other", "value": "In two'),
    "two objects around": json.dumps({"draft": json.loads(DRAFT), "final": GOOD}),
    "a draft in a thought alone": f"<think>{DRAFT} is what I think of.",
    "a draft in a thought, and words": f"<think>{DRAFT}</think> I cannot say.",
    "a range": with_numbers(["1-3"], [3]),
    "a page": with_numbers(["p. 2"], [3]),
    "half a number": with_numbers([2.5], [3]),
    "a number and words": with_numbers(["2 and more"], [3]),
    "two numbers in an object": with_numbers([{"id": 1, "sentence": 2}], [3]),
    "true": with_numbers([True], [3]),
    "a text for a list": ANSWER.replace('["LogPairs"]', '"LogPairs"'),
    "NaN": ANSWER.replace("[2]", "[NaN]"),
    "single quotes": ANSWER.replace('"', "'"),
    "a value alone": json.dumps({"training_methods": "In two stages.", "datasets_used": GOOD["datasets_used"]}),
    "no evidence": json.dumps(
        {"training_methods": {"value": "In two stages."}, "datasets_used": GOOD["datasets_used"]}
    ),
}


@pytest.mark.parametrize("content", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_could_be_read_in_two_ways_is_repaired(content: str) -> None:
    """No value and no number is guessed: the model is asked once more, and a second such reply is kept and not asked for again."""
    with pytest.raises(Misfit):
        parse_reply(content, FIELDS).whole()
    with asker(completion(content), completion(ANSWER)) as asks:
        assert [said.value for said in asks.ask().said] == VALUES
    with asker(*[completion(content)] * 2) as asks:
        for _ in range(2):
            with suppress(BadReply):
                asks.ask()
    assert len(asks.server.requests) == 2


HOSTILE = (
    '{"a":', '{"', "{}", "<think>", "</think>", "<|channel|>analysis", "<|end|> ", '{"a": 1,}', "[", '"', '\\"', "{ ", '{"a": "', ", ]", "<|end|>", "```json ", "<a", '{"value": 1, "evidence": "',
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_reply_costs_no_more_than_its_length(piece: str) -> None:
    """Almost-answers, repeated, are read in linear time."""

    def read(text: str) -> None:
        with suppress(Misfit):
            parse_reply(text, FIELDS).whole()

    assert grows_as_its_text(read, piece, 60_000)
