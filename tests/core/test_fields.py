"""fields.toml: what it may say, what is said of a mistake in it, and what today's eight fields were asked under."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_extract.adapters.fields_toml import TEMPLATES, default_fields, template_text
from survey_extract.core.check.check import check
from survey_extract.core.evidence import pointer
from survey_extract.core.fields import RESERVED, TOGETHER, FieldSpec, FieldType, together
from survey_extract.core.fingerprint import sha256_text
from survey_extract.core.inputs.fields_file import ATTRIBUTES, parse_fields
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import parse_reply, wire_schema
from survey_extract.core.question.proposal import proposal_question
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.core.values.recognition import items_of
from survey_extract.errors import BadFields
from survey_extract.wiring import default_prompt
from tests.conftest import ROOT
from tests.fields import FIELDS, NAMES, TEXT

ALL_TYPES = """
subject = "the trial that is reported"
[summary]
ask = "What it is."
[metrics]
ask = "By what it is measured."
type = "names"
names = ["accuracy", "F1"]
view = "metrics"
[weights]
ask = "Who may have them."
type = "choice"
options = ["open", "gated", "closed"]
[parts]
ask = "What it has."
type = "choices"
options = ["text", "image", "audio"]
[compute]
ask = "What it took."
type = "number"
unit = "GPU-hours"
units = { "GPU-days" = 24 }
good = [{ text = "It took 36 GPU-days.", value = "36 GPU-days" }]
[released_code]
ask = "Whether code is released."
type = "yes_no"
[released]
ask = "When."
type = "date"
[home]
ask = "Where."
type = "url"
"""
SURVEY = parse_fields(ALL_TYPES)


def test_the_eight_fields_were_asked_under_these_words() -> None:
    """Their names in every archive: whoever changes one asks it again in every survey without a fields.toml, and pays."""
    assert {spec.name: sha256_text(spec.first_instruction)[:12] for spec in FIELDS} == {
        "architecture_overview": "af232b05c0a4",
        "architecture_components": "d7bc9a86ed0b",
        "training_methods": "bde0cb09e829",
        "alignment_techniques": "5b48a356c81a",
        "alignment_fusion_methods": "4688f64d0d87",
        "datasets_used": "f3214d636f91",
        "datasets_purpose": "7cbfd0ee29af",
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_is_a_survey(name: str) -> None:
    """It parses, each field says what to look for, and the first is what counts where there is no file."""
    fields = parse_fields(template_text(name))
    assert all(spec.ask and spec.heading for spec in fields)
    assert (fields == default_fields()) is (name == TEMPLATES[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\nask="x"\ntyp="text"', "fields.toml:3: [a] typ: unknown; did you mean 'type'?; known are heading, type,"),
        ('[a]\nask="x"\n\ntype="nummer"', "fields.toml:4: [a] type: 'nummer' is unknown; did you mean 'number'?; known are text,"),
        ('[Weights]\nask="x"', "fields.toml:1: [Weights]: a name is a SQL column"),
        ('[a]\nask="x"\n[a]\nask="y"', "fields.toml:3: this heading in [brackets] stands twice"),
        ('[a]\nask="x"\ntype="choice"\noptions=["a"]', "fields.toml:4: [a] options: a choice needs two options"),
        ('[a]\nask="x"\ntype="choice"\noptions=["a", "A"]', "fields.toml:4: [a] options: an option is given twice"),
        ('[a]\nask="x"\ntype="choices"\noptions=["a, b", "c"]', "fields.toml:4: [a] options: 'a, b' contains a comma"),
        ("a = 3", "fields.toml:1: [a]: not a table"),
        ('subjekt="x"\n[a]\nask="x"', "did you mean 'subject'?"),
        ('[title]\nask="x"', "fields.toml:1: [title]: the name is taken"),
        ('[a]\nask="x"\nunit="h"', "fields.toml:3: [a] unit: it has no meaning for the type 'text'"),
        ('[a]\nask="x"\ntype="number"\nunits={h=1}', "fields.toml:4: [a] units: they are counted in the field's unit"),
        ('[a]\nask="x"\ntype="number"\nunit="h"\nunits={d=-1}', "fields.toml:5: [a] units"),
        ('[a]\nask="x"\njudge="nmber"', "fields.toml:3: [a] judge: 'nmber' is not one of"),
        ("", "it declares no fields"),
        ("[a]", "fields.toml:1: [a]: ask is missing"),
        ('[a]\nask="x"\ntype="names"\nview="cells"', "fields.toml:4: [a] view: 'cells' cannot name a view"),
        ('[a]\nask="x"\ncues={words="x", must="(a+)+b"}', "fields.toml:3: [a] cues: the pattern '(a+)+b' repeats without end"),
        ('[a]\nask="x"\ncues={words="x", must="(a"}', "fields.toml:3: [a] cues: '(a' is not a pattern"),
        ('[a]\nask="x"\njudge="number 1 %"', "fields.toml:3: [a] judge: values of the type 'text' cannot be compared by"),
        ('[a]\nask="x"\ntype="number"\njudge="number 200 %"', "fields.toml:4: [a] judge: 'number 200 %' takes nearly"),
        ('[a]\nask="x"\ntype="number"\nunit="m"\nunits={M=2}', "fields.toml:5: [a] units: 'M' is the field's unit itself"),
        ('[a]\nask="x"\nwas=["A B"]', "fields.toml:3: [a] was: 'A B' was never the name of a field"),
        ('[a]\nask="x"\nwas="b"', 'fields.toml:3: [a] was: must be a list: was = ["its_former_name"]'),
        ('[a]\nask="x"\ncues=["designed by"]', "fields.toml:3: [a] cues: must be a table: cues = { words = "),
        ('[a]\nask="x"\ncues={ word="x" }', "fields.toml:3: [a] cues: word is unknown; did you mean 'words'?"),
        ('[a]\nask="x"\n[b]\nask="y"\nwas=["a"]', "fields.toml:5: [b] was: [a] already has the name 'a'"),
        ('[a]\nask="x"\n[b]\nheading="A"\nask="y"', "fields.toml:4: [b] heading: [a] already has the heading 'a'"),
        ('[a]\nask="x"\ntype="number"\n[a_unit]\nask="y"', "fields.toml:4: [a_unit]: [a] already has the name 'a_unit'"),
        ('[a]\nask=3', "fields.toml:2: [a] ask: must be a text"),
        ('[a]\nask="x"\ngood=[{text="x"}]', "fields.toml:3: [a] good: good.0.value: is missing"),
        ('[a]\nask="x" more', "fields.toml:2:"),
        ('subject = ""\n[a]\nask="x"', "fields.toml:1: subject: it must say in words what a row is about"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(text: str, said: str) -> None:
    """And nothing runs."""
    with pytest.raises(BadFields) as caught:
        parse_fields(text)
    assert said in str(caught.value)


_SPAN = '[span]\nask="x"\ntype="number"\nunit="m"\nunits={km=1000}\n'


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        (_SPAN, "The span is 510 m.", ["520 m", "510 miles", "510 km", "long", "0.52 km", "51 m"]),
        ('[a]\nask="x"\n', "It has 7 layers.", ["It has 8 layers.", "It has 7 layers of 8 heads."]),
        ('[a]\nask="x"\ntype="date"\n', "It opened on 3 May 2011.", ["3 May 2011", "2011-05-04", "soon"]),
        ('[a]\nask="x"\ntype="names"\n', "By Ann Lee and Bo Ek.", ["Ann Lee, Cy Ek", "Cy Ek"]),
        ('[a]\nask="x"\ntype="url"\n', "See https://a.org/b.", ["https://a.org/b.", "https://a.org/c", "a.org"]),
        ('[a]\nask="x"\ntype="yes_no"\n', "A toll is charged.", ["free", "Yes", "maybe"]),
        ('[a]\nask="x"\ntype="choice"\noptions=["open", "closed"]\n', "Anybody may have it.", ["Open", "gated"]),
        ('[a]\nask="x"\ntype="choices"\noptions=["open", "closed"]\n', "Anybody may.", ["open, gated"]),
    ],
)
def test_an_example_that_contradicts_its_field_or_itself_is_refused(field: str, text: str, values: list[str]) -> None:
    """A model would answer so: a value that the field cannot have, or that the example's own text does not give."""
    for value in values:
        with pytest.raises(BadFields, match=r"^fields\.toml:\d+: \[\w+\] good: its (?:value|text) "):
            parse_fields(f'{field}good=[{{ text="{text}", value="{value}" }}]')


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (_SPAN, "The span is 890 m.", "0.89 km"),
        (_SPAN, "It took 36 hours on 16 GPUs.", "36 hours on 16 GPUs"),
        ('[a]\nask="x"\n', "It has seven layers of 1.2M weights.", "7 layers, 1,200,000 weights"),
        ('[a]\nask="x"\ntype="date"\n', "It opened on 3 May 2011.", "2011-05"),
        ('[a]\nask="x"\ntype="names"\n', "By ANN LEE and Bo Ek.", "Bo Ek, Ann Lee"),
        ('[a]\nask="x"\ntype="url"\n', "See https://a.org/b.", "https://a.org/b"),
        ('[a]\nask="x"\ntype="yes_no"\n', "A toll is charged.", "yes"),
    ],
)
def test_an_example_may_be_put_in_other_words(field: str, text: str, value: str) -> None:
    """What is refused is what its text does not give, and no wording."""
    spec = next(iter(parse_fields(f'{field}good=[{{ text="{text}", value="{value}" }}]')))
    assert spec.good[0].value == value


@pytest.mark.parametrize("name", sorted(RESERVED - {"title"}))
def test_a_name_that_sql_needs_is_refused_with_all_of_them(name: str) -> None:
    """As the name of today and as a former one; docs/fields.md lists them, too."""
    with pytest.raises(BadFields) as caught:
        parse_fields(f'[{name}]\nask="x"')
    assert all(taken in str(caught.value) for taken in RESERVED)
    with pytest.raises(BadFields, match="was never the name of a field"):
        parse_fields(f'[a]\nask="x"\nwas=["{name}"]')
    assert f"`{name}`" in (ROOT / "docs" / "fields.md").read_text(encoding="utf-8")


@given(
    st.sampled_from(sorted(set(ATTRIBUTES) - {"ask"})),
    st.sampled_from(["'x'", "3", "true", "['x']", "[3]", "{}", "{ x = 'y' }", "[{ x = 'y' }]", "1979-05-27"]),
)
def test_no_message_speaks_of_what_no_file_can_say(attribute: str, value: str) -> None:
    """Whatever stands where something else should: the line, the field, and words of TOML alone."""
    try:
        parse_fields(f'[a]\nask = "x"\n{attribute} = {value}')
    except BadFields as error:
        said = str(error)
        assert said.startswith("fields.toml:")
        assert not re.search(r"nothing|null|tuple|dict|instance|Struct|`", said)


@given(st.text(max_size=60))
def test_whatever_the_file_holds_it_is_read_or_refused(text: str) -> None:
    """Never a traceback."""
    with suppress(BadFields):
        parse_fields(text)


def test_every_attribute_is_explained_in_the_documents() -> None:
    """``ATTRIBUTES`` are those of the contract, no more and no fewer."""
    assert set(ATTRIBUTES) == {
        "heading", "type", "ask", "options", "unit", "units", "names", "cues", "good", "was", "judge", "view",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("weights", '"open"', '"ajar"'),
        ("parts", '["text", "audio"]', '["text", "smell"]'),
        ("compute", '"about 36 GPU-days"', '"many"'),
        ("released_code", '"yes"', '"maybe"'),
        ("released", '"2023-04"', '"April"'),
        ("home", '"https://example.org/a"', '"example"'),
        ("metrics", '["BLEU"]', '"BLEU"'),
        ("summary", '"A test."', '["A test."]'),
    ],
)
def test_a_reply_has_a_value_of_its_fields_type(field: str, good: str, bad: str) -> None:
    """Another is a misfit, which the model is told of; null is "not reported", whatever the type."""
    spec = SURVEY.named(field)
    for value in (good, "null"):
        (said,) = parse_reply(f'{{"{field}": {{"value": {value}, "evidence": []}}}}', [spec]).whole()
        assert spec.misfit(said.value) is None
    with pytest.raises(Misfit, match=field):
        parse_reply(f'{{"{field}": {{"value": {bad}, "evidence": []}}}}', [spec]).whole()
    assert '"default"' not in json.dumps(wire_schema([spec]))


def test_nothing_is_said_of_what_was_not_typed() -> None:
    """An empty field is read as nothing, of whatever type it is."""
    assert {spec.reading("") for spec in SURVEY.asked} == {None}


@pytest.mark.parametrize("spec", SURVEY.asked, ids=lambda spec: spec.name)
@given(text=st.text(min_size=1, max_size=30))
def test_a_cell_of_a_list_is_a_value_or_says_why_not(spec: FieldSpec, text: str) -> None:
    """Of any type, whatever people typed; what fits is shown again as it was meant."""
    value = spec.value_of(text)
    assert spec.misfit(value) is None or isinstance(spec.misfit(value), str)
    if spec.misfit(value) is None and spec.allowed:
        assert set((value,) if isinstance(value, str) else value or ()) <= set(spec.allowed)


def test_options_are_known_whatever_their_capitals() -> None:
    """As people type them."""
    assert SURVEY.named("weights").value_of("Open") == "open"
    assert SURVEY.named("parts").value_of("Image, TEXT, image") == ("image", "text")
    assert SURVEY.named("released_code").value_of("Yes") == "yes"
    assert SURVEY.named("released").value_of("17 April 2023") == "2023-04-17"


def test_what_a_model_is_told_is_what_an_answer_depends_on() -> None:
    """Options, units, examples: each asks again. Heading, view, judge, history and names of a list do not."""
    spec = SURVEY.named("weights")
    compute = SURVEY.named("compute")
    assert "open, gated, closed" in spec.instruction
    assert "GPU-hours, GPU-days" in compute.instruction
    assert '"It took 36 GPU-days." gives "36 GPU-days"' in compute.instruction
    assert replace(spec, options=("open", "closed")).instruction != spec.instruction
    assert replace(spec, heading="X", was=("w",), line=7).instruction == spec.instruction
    assert replace(SURVEY.named("metrics"), names=(), view=None).instruction == SURVEY.named("metrics").instruction


def text_of(*sentences: str):  # type: ignore[no-untyped-def]  # a text
    return assemble([Block("body", " ".join(sentences))], reader="t", title=None, page_count=1)


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("compute", "about 5,000 GPU-hours", "in evidence"),
        ("compute", "6,000 GPU-hours", "nowhere"),
        ("released", "2023-04-17", "in evidence"),
        ("released", "2023", "in evidence"),
        ("released", "2023-04-18", "nowhere"),
        ("home", "https://example.org/a", "elsewhere"),
        ("home", "https://example.org/b", "nowhere"),
        ("weights", "gated", None),
        ("released_code", "yes", None),
        ("compute", "36 GPU-days", "nowhere"),
    ],
)
def test_values_are_looked_for_as_what_they_are(field: str, value: str, place: str | None) -> None:
    """Numbers by value, dates in any form, addresses letter by letter; the survey's own words nowhere; an example is no source."""
    text = text_of(
        "Training took 5,000 GPU-hours and ended on 17 April 2023, as our log says in so many words.",
        "The code lies at https://example.org/a for everyone who wants to have it.",
    )
    found = check(SURVEY.named(field), value, [pointer(text, text.sentences[0])], text)
    assert found.state == place


def test_an_example_can_never_become_the_sources_text() -> None:
    """A model that repeats it is found out, be it plain words."""
    spec = replace(
        TEXT, good=(parse_fields('[a]\nask="x"\ngood=[{text="It sinks.", value="it sinks slowly"}]').asked[0].good[0],)
    )
    text = text_of("The boat swims on the lake for many years, and nobody has seen it go down so far.")
    assert check(spec, "it sinks slowly", [pointer(text, text.sentences[0])], text).state == "nowhere"


def test_a_list_is_never_filled_with_names_of_another_kind() -> None:
    """Without a model, only what the field says of its values is recognised; else it abstains."""
    sentence = "We report accuracy and F1 on ImageNet and COCO, in English text and audio."
    assert items_of(NAMES) is None
    found = {name: recognise(sentence) for name in ("metrics", "parts") if (recognise := items_of(SURVEY.named(name)))}
    assert {name: tuple(items) for name, items in found.items()} == {
        "metrics": ("accuracy", "F1"),
        "parts": ("text", "audio"),
    }


def test_many_fields_are_asked_in_several_questions() -> None:
    """Of at most twelve, in order, none twice."""
    many = [replace(TEXT, name=f"f{n}") for n in range(29)]
    parts = list(together(many))
    assert [spec for part in parts for spec in part] == many
    assert max(map(len, parts)) == TOGETHER == 12


@pytest.mark.parametrize("kind", get_args(FieldType))
def test_every_type_is_explained(kind: str) -> None:
    """docs/fields.md, the blank template and the question that proposes fields name each type that there is."""
    text = text_of("A harbor is a place for boats.")
    asked = proposal_question(default_prompt("propose.md"), "the harbor", text, text.sentences)
    assert f"| `{kind}`" in (ROOT / "docs" / "fields.md").read_text()
    assert re.search(rf"^# type = .*\b{kind}\b", template_text("blank"), re.MULTILINE)
    assert re.search(rf'^- "type" is one of .*\b{kind}\b', asked, re.MULTILINE)
