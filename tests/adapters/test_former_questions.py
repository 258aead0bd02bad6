"""What was paid stays paid: a question that an earlier release put is found by the hash of its request, and not sent again.

The hashes were made by the release before the fields came to stand before
the document, from the same texts, fields and wordings; nothing here can make
them but the very request of then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from survey_extract.adapters.fields_toml import default_fields
from survey_extract.adapters.openai.chat import Chat
from survey_extract.adapters.openai.engine import OpenAIEngine
from survey_extract.core.due.questions import Asking
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.former import SAME_INSTRUCTION
from survey_extract.core.inputs.fields_file import parse_fields
from survey_extract.core.paper_text import PaperText
from survey_extract.core.question.prompt import Prompt
from survey_extract.core.reading.sentences import Block, assemble
from survey_extract.errors import BadReply, Waiting
from survey_extract.wiring import default_prompt, load_prompt
from tests.adapters.test_openai_engine import asker
from tests.conftest import Folder
from tests.papers.make import prose
from tests.servers.openai_server import completion

OWN_FIELDS = """
subject = "the trial that is reported"

[sponsor]
ask = "Who paid for it."

[phase]
type = "choice"
options = ["1", "2", "3"]
ask = "The phase."

[arms]
type = "names"
ask = "The arms."

[participants]
type = "number"
unit = "people"
ask = "How many took part."
"""
OWN_WORDING = """The document stands between BEGIN {fence} and END {fence}.

BEGIN {fence}
{document}
END {fence}

Say of {subject}:

{fields}

Answer as JSON with the keys {keys}.
"""
EIGHT, TRIAL = default_fields(), parse_fields(OWN_FIELDS)
MANY = Fields(tuple(FieldSpec(f"field_{n}", f"Field {n}", f"What it says of place {n}.") for n in range(30)))


@dataclass(frozen=True)
class Case:
    """A question as it was put, and the hash of its request."""

    sha256: str
    wanted: Sequence[FieldSpec] = EIGHT.asked
    fields: Fields = EIGHT
    sentences: int = 30
    reader: str = "pdf-9"
    wording: str | None = None
    response_format: str = "json_schema"
    context_tokens: int = 100_000

    @property
    def text(self) -> PaperText:
        """A paper with parts within parts, some of which hold no sentence."""
        blocks = [
            Block("heading", "1 Method", level=1), Block("heading", "1.1 Training", level=2), Block("body", prose(self.sentences)),
            Block("heading", "2 Related work", level=1), Block("body", prose(self.sentences, 10_000)),
        ]  # fmt: skip
        return assemble(blocks, reader=self.reader, title=None, page_count=1)


CASES = {
    "all fields": Case("59c0ca493018a478cc4e4a1e9ad22771bb4081fdddeeab3f051ebd2b5aad99b6"),
    "two fields": Case("5a5c9af8d4604a3bbda152c534d04822955c94b5bad285c332988238ec09794e", wanted=EIGHT.asked[2:4]),
    "a long document": Case("c2a19eb31c0c3091d4958878ec23b67bef81fdb210dd5a1082b084b5e4d1a8ad", sentences=500),
    "the text of an older reader": Case(
        "e97d1676e46985c41c4702645242bde5334be9bb067244f75e6d3bb071300d2d", reader="pdf-4"
    ),
    "fields of its own": Case(
        "a9092db8c98dfff9b71a7b8bc595b8bc99154aa06de3acf7ce6f7e03f50af68d", wanted=TRIAL.asked, fields=TRIAL
    ),
    "a wording of its own": Case(
        "ce6f00c24118db3ad758310097042e63028b6247d828251d27dbcb8d82f55924",
        wanted=TRIAL.asked[1:],
        fields=TRIAL,
        wording=OWN_WORDING,
    ),
    "the eight in a wording of its own": Case(
        "e12d31d0c1b719dbf7f78c50e9835d39f4e886d2a893c7175476ff484ad7ef3c", wording=OWN_WORDING
    ),
    "the second of three questions": Case(
        "ce7142d9ddc985b916d34a530dd4641c61e1ae5a1a24a7ddeedcbf1d12a518c8", wanted=MANY.asked[12:24], fields=MANY
    ),
    "without a schema": Case(
        "88d211be33a1c724d32bfb671fe51ed4618b3fcae7ff5b95dee49da799487f45", response_format="json_object"
    ),
}

REPAIR = "81b30644c0950962f90a085da2d9d7a647e33bfb0e17b480b8cd220b482668e5"
"""The request that mends a reply "{}" to all fields."""
MODELS = {
    "architecture_overview": "1319b865d59563ec",
    "architecture_components": "a0bb775e02bd4427",
    "training_methods": "c279531585019b96",
    "alignment_techniques": "a2f597815c43cdea",
    "alignment_fusion_methods": "94c952695aeb29c8",
    "datasets_used": "5a4f28d61045b24e",
    "datasets_purpose": "c0de4ccf2bdc453c",
}


def prompt_of(case: Case, survey: Folder) -> Prompt:
    if case.wording:
        survey.write("prompts/extract.md", case.wording)
    return load_prompt(survey.path, case.fields.subject)


def said(wanted: Sequence[FieldSpec]) -> str:
    return json.dumps({spec.name: {"value": None, "evidence": []} for spec in wanted})


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_question_of_before_is_found_by_its_request(case: Case, survey: Folder) -> None:
    """Its reply is in the store: nothing is sent, the answers come out of it, and the plan says that it is here."""
    with asker(response_format=case.response_format, context_tokens=case.context_tokens) as asks:
        asks.store.put_reply(case.sha256, completion(said(case.wanted)).body.decode())
        chat = Chat(asks.endpoint, asks.store, asks.clock)
        with closing(OpenAIEngine(chat, prompt_of(case, survey), case.fields)) as engine:
            assert engine.estimate(case.text, case.wanted).held
            asked = engine.ask("key", case.text, case.wanted)
    assert not asks.server.requests
    assert [(item.field, item.value) for item in asked.said] == [(spec.name, None) for spec in case.wanted]
    assert asked.offered == frozenset(sentence.number for sentence in case.text.citable())


RANKED = {
    "all fields": (EIGHT.asked, "1e97f85a84bd1b240fe90cfec1453c4e7bdec348902d6b3d81bf3b699fa69abc"),
    "one field": (EIGHT.asked[2:3], "f0ed8d33e65322cc9e455280667baf668e84b87e9f5bc4021cd6e2e03d111cae"),
}
"""Of questions about a long document, as they were put when another ranking chose what is shown, the hashes of their requests."""


def long_paper() -> PaperText:
    """A paper of which today's ranking shows other sentences than the former one."""
    trained = (
        "We train the encoder and the decoder in two stages with a contrastive loss for 40 epochs on the Harbour dataset. "
        "Captions are matched with images."
    )
    blocks: list[Block] = []
    for n in range(40):
        title = ("Method", "Results", "Related work")[n % 3]
        body = f"{prose(15, n * 100)} {trained} {prose(15, n * 100 + 50)}"
        blocks += [Block("heading", f"{n + 1} {title}", level=1), Block("body", body)]
    return assemble(blocks, reader="pdf-9", title=None, page_count=1)


@pytest.mark.parametrize(("wanted", "sha256"), RANKED.values(), ids=RANKED)
def test_a_question_that_showed_other_sentences_is_found(
    wanted: Sequence[FieldSpec], sha256: str, survey: Folder
) -> None:
    """What ranks is no part of what names an answer, and a reply from before is found by what was shown then."""
    text = long_paper()
    with asker() as asks:
        chat = Chat(asks.endpoint, asks.store, asks.clock)
        with closing(OpenAIEngine(chat, load_prompt(survey.path), EIGHT)) as engine:
            assert not engine.estimate(text, wanted).held
            asks.store.put_reply(sha256, completion(said(wanted)).body.decode())
            assert engine.estimate(text, wanted).held
            assert len(engine.ask("key", text, wanted).said) == len(wanted)
    assert not asks.server.requests


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_batch_of_before_is_waited_for(case: Case, survey: Folder) -> None:
    """A question that lies in a batch since before the update is asked nowhere else."""
    with asker(response_format=case.response_format) as asks:
        chat = Chat(asks.endpoint, asks.store, asks.clock)
        chat.pending = frozenset([case.sha256])
        with closing(OpenAIEngine(chat, prompt_of(case, survey), case.fields)) as engine, pytest.raises(Waiting):
            engine.ask("key", case.text, case.wanted)
    assert not asks.server.requests


def test_one_field_of_a_question_of_before_is_found(survey: Folder) -> None:
    """An answer that was lost behind a reply to more fields is taken from that reply."""
    case = CASES["all fields"]
    with asker() as asks:
        asks.store.put_reply(case.sha256, completion(said(case.wanted)).body.decode())
        chat = Chat(asks.endpoint, asks.store, asks.clock)
        chat.asked_together.add(tuple(spec.name for spec in case.wanted))
        with closing(OpenAIEngine(chat, prompt_of(case, survey), case.fields)) as engine:
            assert [item.field for item in engine.ask("key", case.text, case.wanted[3:4]).said] == [case.wanted[3].name]
    assert not asks.server.requests


def test_a_talk_of_before_goes_on_as_it_went(survey: Folder) -> None:
    """A reply that did not fit, and the repair of it: the second request is that of then, too, so that a source that fails each night costs nothing."""
    case = CASES["all fields"]
    with asker() as asks:
        bad = completion("{}").body.decode()
        asks.store.put_reply(case.sha256, bad)
        asks.store.put_reply(REPAIR, bad)
        chat = Chat(asks.endpoint, asks.store, asks.clock)
        engine = OpenAIEngine(chat, prompt_of(case, survey), case.fields)
        with closing(engine), pytest.raises(BadReply):
            engine.ask("key", case.text, case.wanted)
    assert not asks.server.requests


@pytest.mark.parametrize("name", ["former/extract-2.md", "former/extract-3.md"])
def test_a_copy_of_a_wording_of_ours_is_ours(name: str, survey: Folder) -> None:
    """Nobody changed what `init` wrote: today's wording is put, under the name of the question that it is."""
    survey.write("prompts/extract.md", default_prompt(name))
    prompt = load_prompt(survey.path)
    assert prompt.extract == default_prompt("extract.md")
    assert prompt.sha256 == Prompt(default_prompt(name), "").sha256


def test_the_eight_fields_keep_their_fingerprints() -> None:
    """An answer of a model's under the first instructions is an answer to today's: an update asks nothing again."""
    asking = Asking("openai", "m1", Prompt(default_prompt("extract.md"), "").sha256, {"temperature": 0.0})
    assert {spec.name: asking.fingerprint(spec, "text")[:16] for spec in EIGHT} == MODELS
    assert {spec.first_instruction for spec in EIGHT} == set(SAME_INSTRUCTION.values())


def test_an_instruction_that_a_survey_changes_is_its_own() -> None:
    """A word more, and it is another question."""
    spec = EIGHT.asked[0]
    assert replace(spec, ask=spec.ask + " Be brief.").first_instruction != spec.first_instruction
