"""A text and fields go in, a model's answers come out: one question a document, one repair if need be.

Works with chat completions of any OpenAI-compatible endpoint (``openai_chat.py``).
Whatever a reply says, it is validated here again, and what it cost is booked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openai.types.chat import ChatCompletion

from survey_extract.adapters.openai_chat import Chat, Held, usage_of
from survey_extract.core.fingerprint import Json
from survey_extract.core.ports import Asked, Estimate
from survey_extract.core.prompt import CHARACTERS_A_TOKEN, Misfit, Prompt, estimated_tokens, parse_reply, wire_schema
from survey_extract.core.records import PaperText, Reply, Sentence, Usage
from survey_extract.core.relevance import select
from survey_extract.core.schema import FieldSpec, asked_fields
from survey_extract.errors import AskError, BadReply, Refused, TooLong

OVERHEAD = 0.95
"""Share of the context that is used; the estimate of tokens is no count."""
TRUNCATED_BELOW = 0.5
"""Counted tokens below this share of the estimate mean that the endpoint dropped a part of the question."""


class OpenAIEngine:
    """One question a document, one repair if need be; see ``core.ports.Engine``. Safe to share between threads."""

    name = "openai"

    def __init__(self, chat: Chat, prompt: Prompt) -> None:
        self._chat, self._endpoint, self._prompt = chat, chat.endpoint, prompt

    @property
    def model(self) -> str:
        return self._endpoint.model

    @property
    def prompt(self) -> str:
        return self._prompt.sha256

    @property
    def parameters(self) -> Json:
        """What else an answer depends on. The reply's limit and the context do not change what is said, only whether."""
        return {"temperature": self._endpoint.temperature, "response_format": self._endpoint.response_format}

    @property
    def requests(self) -> int:
        return self._chat.requests

    def close(self) -> None:
        self._chat.close()

    def ask(self, key: str, text: PaperText, wanted: Sequence[FieldSpec]) -> Asked:
        """Ask one question about all wanted fields.

        Raises:
            AskError: one of its kinds; ``replies`` book every reply that came.
        """
        shown, omitted = self._shown(text)
        talk = _Talk(self, self._chat, key, wanted, self._prompt.question(text, shown, wanted))
        try:
            said = talk.answers(self._prompt)
        except AskError as error:
            error.replies = tuple(talk.booked)
            raise
        return Asked(
            said,
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
        question = self._prompt.question(text, shown, wanted)
        if self._chat.holds(self.body([{"role": "user", "content": question}], wanted, self.reply_tokens)):
            return Estimate(0, 0, 0.0, held=True)
        usage = Usage(prompt=estimated_tokens(len(question)), completion=self.reply_tokens)
        return Estimate(usage.prompt, usage.completion, self._chat.cost(usage, batched=self._endpoint.defers))

    def unbooked(self) -> tuple[Reply, ...]:
        """Stored replies that no run has booked; the model may have been another one, which the reply names."""
        found: list[Reply] = []
        for sha256, about in self._chat.replies.replies_about():
            completion = None if sha256 in self._chat.booked else self._chat.stored(sha256)
            if completion is not None:
                usage = usage_of(completion)
                cost = self._chat.cost(usage, batched=about.batched)
                found.append(
                    Reply(sha256, about.key, self.name, self.model, about.fields, "kept", usage, False, self._chat.now(), cost, completion.model or None)
                )  # fmt: skip
        return tuple(found)

    def _shown(self, text: PaperText) -> tuple[tuple[Sentence, ...], int]:
        """The sentences that fit, and how many do not: the same for every question about a text, whatever it wants.

        Providers cache what questions begin with, and that is the document.
        """
        endpoint, fields = self._endpoint, asked_fields()
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
        self._estimate = estimated_tokens(len(question))

    def answers(self, prompt: Prompt) -> Any:
        """Ask; when the reply does not fit, say why and ask once more."""
        try:
            return self._turn()
        except TooLong:
            if not self.booked:
                raise
            self._reply_tokens *= 2
        except BadReply as error:
            self._messages += [
                {"role": "assistant", "content": error.content},
                {"role": "user", "content": prompt.correction(str(error), self._wanted)},
            ]
        return self._turn()

    def _turn(self) -> Any:
        body = self._engine.body(self._messages, self._wanted, self._reply_tokens)
        held = self._chat.completion(body, self._key, [spec.name for spec in self._wanted])
        self.last_sha256, self.answered_by = held.sha256, held.completion.model or None
        try:
            said = self._said(held.completion)
        except AskError as error:
            self._book(held, error.kind)
            raise
        self._book(held, "ok")
        return said

    def _said(self, completion: ChatCompletion) -> Any:
        if not completion.choices:
            raise _bad("the reply holds no choices", "")
        choice = completion.choices[0]
        content = choice.message.content or ""
        if choice.finish_reason == "length":
            raise TooLong(f"the reply was cut off after {self._reply_tokens} tokens; raise the setting reply_tokens")
        if choice.finish_reason == "content_filter":
            raise Refused(
                "the endpoint's content filter stopped the reply; decide this source by hand, or ask another model"
            )
        if choice.message.refusal:
            raise Refused(
                f"the model declined: {choice.message.refusal[:300]}; decide this source by hand, or ask another model"
            )
        try:
            return parse_reply(content, self._wanted)
        except Misfit as error:
            raise _bad(str(error), content) from error

    def _book(self, held: Held, outcome: str) -> None:
        usage = usage_of(held.completion)
        self.booked.append(
            Reply(
                sha256=held.sha256,
                key=self._key,
                engine=self._engine.name,
                model=self._engine.model,
                fields=tuple(spec.name for spec in self._wanted),
                outcome=outcome,
                usage=usage,
                reused=held.reused,
                at=self._chat.now(),
                cost=0.0 if held.reused else None if held.sha256 in self._chat.foreign else self._chat.cost(usage),
                answered_by=held.completion.model or None,
            )
        )

    def warnings(self) -> tuple[str, ...]:
        """What a person should know though the question was answered."""
        said: list[str] = []
        usage = self.booked[0].usage if self.booked else None
        if usage is None and self.last_sha256 not in self._chat.foreign:
            said.append("the endpoint counted no tokens, so what this cost is unknown")
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
