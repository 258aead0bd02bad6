"""A value with its sentences goes in; whether they support it, according to a model, comes out: one question, booked like any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from survey_extract.adapters.openai.chat import Chat
from survey_extract.adapters.openai.reply import Completion
from survey_extract.core.fingerprint import Json
from survey_extract.core.ports import Cited, Estimate, Judged, Ruled
from survey_extract.core.question.entailment import judge_schema, parse_verdict, question_on, unparsable
from survey_extract.core.question.prompt import estimated_tokens


class OpenAISecondReader:
    """See ``core.ports.SecondReader``. Safe to share between threads."""

    name = Chat.engine

    def __init__(self, chat: Chat, wording: str) -> None:
        self._chat, self.wording = chat, wording

    @property
    def model(self) -> str:
        return self._chat.endpoint.model

    @property
    def parameters(self) -> Json:
        return {
            "temperature": self._chat.endpoint.temperature,
            "response_format": self._chat.endpoint.response_format,
        }

    def judge(self, key: str, field: str, cited: Cited) -> Ruled:
        """Ask whether the sentences carry the value.

        Raises:
            AskError: no reply came.
        """
        held = self._chat.completion(self._body(cited), key, (field,))
        return Ruled(_judged(held.completion, cited, self._chat.redacted), held.booking, held.completion.model)

    def estimate(self, cited: Cited) -> Estimate:
        """What the question would cost at most, as the budget holds it back for it. Tokens are estimated."""
        body = self._body(cited)
        if self._chat.holds(body):
            return Estimate(0, 0, 0.0, held=True)
        tokens = estimated_tokens(len(question_on(cited, self.wording)))
        return Estimate(
            tokens, self._chat.endpoint.reply_tokens, self._chat.bound(body), likely=self._chat.likely(body, 1)
        )

    def _body(self, cited: Cited) -> dict[str, Any]:
        question = question_on(cited, self.wording)
        return self._chat.body([{"role": "user", "content": question}], "survey_verdict", judge_schema())


def _judged(completion: Completion, cited: Cited, hide: Callable[[str], str]) -> Judged:
    if completion.problem:
        return unparsable(completion.problem, hide)
    if completion.cut_off:
        return unparsable("the reply was cut off; raise the setting reply_tokens")
    if completion.filtered:
        return unparsable("the endpoint's content filter stopped the reply")
    if completion.refusal:
        return unparsable(f"the model declined: {completion.refusal}", hide)
    return parse_verdict(completion.content, cited.value, hide)
