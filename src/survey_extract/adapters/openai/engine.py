"""A text and fields go in, a model's answers come out: one question a document, one repair if need be.

Works with chat completions of any OpenAI-compatible endpoint (``chat.py``).
Whatever a reply says, it is validated here again, and what it cost is booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survey_extract.adapters.openai.chat import AGAIN, Chat, Held
from survey_extract.adapters.openai.reply import Completion
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.fingerprint import Json
from survey_extract.core.ports import Asked, Estimate, Said
from survey_extract.core.prompt import CHARACTERS_A_TOKEN, Misfit, Prompt, estimated_tokens, parse_reply, wire_schema
from survey_extract.core.records import PaperText, Reply, Sentence, Usage
from survey_extract.core.relevance import select
from survey_extract.errors import AskError, BadReply, Refused, TooLong

OVERHEAD = 0.95
"""Share of the context that is used; the estimate of tokens is no count."""
TRUNCATED_BELOW = 0.5
"""Counted tokens below this share of the estimate mean that the endpoint dropped a part of the question."""
CHARACTERS_SENT_BACK = 16
"""Characters a token that a repair repeats of a bad reply; no real one is longer."""


class OpenAIEngine:
    """One question a document, one repair if need be; see ``core.ports.Engine``. Safe to share between threads.

    ``again`` asks what was asked before a second time, to see whether the same is said: such replies are kept apart.
    """

    name = Chat.engine

    def __init__(self, chat: Chat, prompt: Prompt, fields: Fields, *, again: bool = False) -> None:
        self._chat, self._endpoint, self._prompt, self._fields = chat, chat.endpoint, prompt, fields
        self._again = again

    @property
    def model(self) -> str:
        return self._endpoint.model

    @property
    def prompt(self) -> str:
        return self._prompt.sha256

    @property
    def parameters(self) -> Json:
        """What else an answer depends on. The reply's limit and the context do not change what is said, only whether."""
        asked: dict[str, Json] = {
            "temperature": self._endpoint.temperature,
            "response_format": self._endpoint.response_format,
        }
        return asked | {AGAIN: 2} if self._again else asked

    @property
    def requests(self) -> int:
        return self._chat.requests

    def close(self) -> None:
        self._chat.close()

    def begin(self, run: str) -> None:
        """Book what arrives from now on in this run."""
        self._chat.begin(run)

    def ask(self, key: str, text: PaperText, wanted: Sequence[FieldSpec]) -> Asked:
        """Ask one question about all wanted fields, or take their answers from one that was asked before.

        Raises:
            AskError: one of its kinds; ``replies`` book every reply that came.
        """
        shown, omitted = self._shown(text)
        asked = self._asked_before(text, shown, wanted)
        talk = _Talk(self, self._chat, key, asked, self._question(text, shown, asked))
        try:
            said = talk.answers(self._prompt)
        except AskError as error:
            error.replies = tuple(talk.booked)
            raise
        names = {spec.name for spec in wanted}
        return Asked(
            tuple(item for item in said if item.field in names),
            tuple(talk.booked),
            talk.last_sha256,
            omitted,
            frozenset(s.number for s in shown),
            talk.warnings(),
            talk.answered_by,
        )

    def estimate(self, text: PaperText, wanted: Sequence[FieldSpec]) -> Estimate:
        """What the question would cost: the tokens of its words, estimated, and a reply as long as it may be."""
        shown, _ = self._shown(text)
        asked = self._asked_before(text, shown, wanted)
        if self._is_held(text, shown, asked):
            return Estimate(0, 0, 0.0, held=True)
        question = self._question(text, shown, asked)
        usage = Usage(prompt=estimated_tokens(len(question)), completion=self.reply_tokens)
        return Estimate(usage.prompt, usage.completion, self._chat.cost(usage, batched=self._endpoint.defers))

    def _asked_before(
        self, text: PaperText, shown: Sequence[Sentence], wanted: Sequence[FieldSpec]
    ) -> Sequence[FieldSpec]:
        """The fields to ask: those of a question that was answered and holds all that is wanted, else just these.

        Answers that were lost behind a reply (a full disk, a torn file) are in
        that reply still: it is found by asking today's question as it was asked.
        """
        known = {spec.name: spec for spec in self._fields}
        names = {spec.name for spec in wanted}
        if len(wanted) == len(self._fields) or self._is_held(text, shown, wanted):
            return wanted
        for together in sorted(self._chat.asked_together, key=len):
            if names < set(together) <= set(known):
                specs = [known[name] for name in together]
                if self._is_held(text, shown, specs):
                    return specs
        return wanted

    def _is_held(self, text: PaperText, shown: Sequence[Sentence], asked: Sequence[FieldSpec]) -> bool:
        return self._chat.holds(self._first(self._question(text, shown, asked), asked))

    def _question(self, text: PaperText, shown: Sequence[Sentence], asked: Sequence[FieldSpec]) -> str:
        """Today's question, in the words of before where its reply is here or on its way: it was paid."""
        question, former = self._prompt.question(text, shown, asked), self._prompt.former
        if former is None or self._chat.expects(self._first(question, asked)):
            return question
        before = former.question(text, shown, asked)
        return before if self._chat.expects(self._first(before, asked)) else question

    def _first(self, question: str, asked: Sequence[FieldSpec]) -> dict[str, Any]:
        """The request that begins a talk."""
        return self.body([{"role": "user", "content": question}], asked, self.reply_tokens)

    def _shown(self, text: PaperText) -> tuple[tuple[Sentence, ...], int]:
        """The sentences that fit, and how many do not: the same for every question about a text, whatever it wants.

        Providers cache what questions begin with, and that is the document.
        """
        endpoint, fields = self._endpoint, self._fields.asked
        wording = len(self._prompt.extract) + sum(len(spec.instruction) + len(spec.name) * 2 for spec in fields)
        tokens = endpoint.context_tokens * OVERHEAD - endpoint.reply_tokens - estimated_tokens(wording)
        return select(text, fields, max(0, int(tokens * CHARACTERS_A_TOKEN)))

    def body(self, messages: list[dict[str, str]], wanted: Sequence[FieldSpec], reply_tokens: int) -> dict[str, Any]:
        """A request: all that its reply depends on."""
        formats: dict[str, dict[str, Any]] = {
            "json_schema": {
                "type": "json_schema",
                "json_schema": {"name": "survey_answers", "strict": True, "schema": wire_schema(wanted)},
            },
            "json_object": {"type": "json_object"},
            "text": {},
        }
        body: dict[str, Any] = {
            "model": self._endpoint.model,
            "messages": messages,
            "max_completion_tokens": reply_tokens,
            "temperature": self._endpoint.temperature,
        }
        if chosen := formats[self._endpoint.response_format]:
            body["response_format"] = chosen
        if self._again:
            body[AGAIN] = 2
        return body

    @property
    def reply_tokens(self) -> int:
        return self._endpoint.reply_tokens


class _Talk:
    """One question with its repair: what was said so far, and what it cost."""

    def __init__(self, engine: OpenAIEngine, chat: Chat, key: str, wanted: Sequence[FieldSpec], question: str) -> None:
        self._engine, self._chat, self._key, self._wanted = engine, chat, key, wanted
        self._messages = [{"role": "user", "content": question}]
        self._reply_tokens = engine.reply_tokens
        self.booked: list[Reply] = []
        self.last_sha256: str | None = None
        self.answered_by: str | None = None
        self._ours = True
        self._estimate = estimated_tokens(len(question))

    def answers(self, prompt: Prompt) -> tuple[Said, ...]:
        """Ask; when the reply does not fit, say why and ask once more."""
        try:
            return self._turn()
        except TooLong:
            if not self.booked:
                raise
            self._reply_tokens *= 2
        except BadReply as error:
            self._messages += [
                {"role": "assistant", "content": self._shortened(error.content)},
                {"role": "user", "content": prompt.correction(str(error), self._wanted)},
            ]
        return self._turn()

    def _shortened(self, content: str) -> str:
        """A bad reply as it is sent back: none can be so long that it costs more than it may be worth."""
        limit = CHARACTERS_SENT_BACK * self._engine.reply_tokens
        return content if len(content) <= limit else content[: limit - 1] + "…"

    def _turn(self) -> tuple[Said, ...]:
        body = self._engine.body(self._messages, self._wanted, self._reply_tokens)
        held = self._chat.completion(body, self._key, [spec.name for spec in self._wanted])
        self.last_sha256, self.answered_by, self._ours = held.booking.sha256, held.completion.model, held.ours
        try:
            said = self._said(held.completion)
        except AskError as error:
            self._book(held, error.kind)
            raise
        self._book(held, "ok")
        return said

    def _said(self, completion: Completion) -> tuple[Said, ...]:
        if completion.problem:
            raise _bad(completion.problem, completion.content)
        if completion.cut_off:
            raise TooLong(f"the reply was cut off after {self._reply_tokens} tokens; raise the setting reply_tokens")
        if completion.filtered:
            raise Refused(
                "the endpoint's content filter stopped the reply; decide this source by hand, or ask another model"
            )
        if completion.refusal:
            raise Refused(
                f"the model declined: {completion.refusal[:300]}; decide this source by hand, or ask another model"
            )
        try:
            return parse_reply(completion.content, self._wanted, self._chat.redacted)
        except Misfit as error:
            raise _bad(str(error), completion.content) from error

    def _book(self, held: Held, outcome: str) -> None:
        self.booked.append(replace(held.booking, outcome=outcome))

    def warnings(self) -> tuple[str, ...]:
        """What a person should know though the question was answered."""
        said: list[str] = []
        usage = self.booked[0].usage if self.booked else None
        if usage is None and self._ours:
            said.append("the endpoint gave no count of tokens that can be true, so what this cost is unknown")
        elif usage is not None and usage.prompt < TRUNCATED_BELOW * self._estimate:
            said.append(
                f"the endpoint counted {usage.prompt:,} tokens where about {self._estimate:,} were sent: "
                "it may have cut the document silently (Ollama: raise num_ctx)"
            )
        return tuple(said)


def _bad(message: str, content: str) -> BadReply:
    error = BadReply(message)
    error.content = content
    return error
