"""A text goes in, the fields that a model proposes for such documents come out: one question a source, asked and booked as any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from survey_extract.adapters.openai.chat import Chat
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import TextWork
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import CHARACTERS_A_TOKEN, estimated_tokens
from survey_extract.core.question.proposal import Proposal, parse_proposals, proposal_question, proposal_schema
from survey_extract.core.ranking.relevance import select
from survey_extract.errors import BadReply

SHARE = 0.9
"""Share of the context that the question may fill."""
FIELD = "proposed fields"
"""Under this name the reply stands in the books."""


class Proposer:
    """Asks for fields; see ``commands.fields``."""

    def __init__(self, chat: Chat, wording: str, subject: str, texts: TextWork) -> None:
        self._chat, self._wording, self._subject, self._texts = chat, wording, subject, texts

    def propose(self, key: str, label: str, text: PaperText) -> Sequence[Proposal]:
        """The fields proposed of one source.

        Raises:
            AskError: one of its kinds.
        """
        completion = self._chat.completion(self._body(text), key, (FIELD,)).completion
        if completion.problem or completion.refusal or completion.cut_off or completion.filtered:
            raise BadReply(completion.problem or completion.refusal or "the reply was cut off")
        try:
            return parse_proposals(completion.content, label, text, self._chat.redacted)
        except Misfit as error:
            raise BadReply(str(error)) from None

    def _body(self, text: PaperText) -> dict[str, Any]:
        endpoint = self._chat.endpoint
        room = endpoint.context_tokens * SHARE - endpoint.reply_tokens - estimated_tokens(len(self._wording))
        shown, _ = self._texts.do(select, text, (), max(0, int(room * CHARACTERS_A_TOKEN)))
        question = proposal_question(self._wording, self._subject, text, shown)
        return self._chat.body([{"role": "user", "content": question}], "survey_fields", proposal_schema())
