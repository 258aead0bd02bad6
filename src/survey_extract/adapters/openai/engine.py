"""A text and fields go in, a model's answers come out: one question per document, and one repair if its reply does not fit.

Works with chat completions of any OpenAI-compatible endpoint (``chat.py``).
Whatever a reply says, it is validated here again, and what it cost is booked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from survey_extract.adapters.openai.chat import AGAIN, Chat, Held
from survey_extract.adapters.openai.reply import Completion
from survey_extract.core.books import Reply
from survey_extract.core.fields import Fields, FieldSpec, together
from survey_extract.core.fingerprint import Json, sha256_json
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.ports import Asked, Estimate, Said, TextWork
from survey_extract.core.question import Show
from survey_extract.core.question.objects import Misfit
from survey_extract.core.question.prompt import CHARACTERS_A_TOKEN, Form, Prompt, Read, estimated_tokens, parse_reply
from survey_extract.core.question.shown import shown_sentences
from survey_extract.core.ranking.relevance import fits, select
from survey_extract.core.runs import UNFIT
from survey_extract.core.text_work import HERE
from survey_extract.errors import AskError, BadReply, Refused, TooLong, UnfitAnswer

OVERHEAD = 0.95
"""Share of the context that is used; the estimate of tokens is no count."""
TRUNCATED_BELOW = 0.5
"""Counted tokens below this share of the estimate mean that the endpoint dropped a part of the question."""
CHARACTERS_SENT_BACK = 16
"""Characters a token that a repair repeats of a bad reply; no real one is longer."""
BEGINNING = 60
"""Characters of a reply that cannot be used which a message repeats."""


@dataclass(frozen=True, slots=True)
class _Put:
    """A question as it is put; ``omitted`` counts sentences that it would show if they fitted.

    ``round`` counts how often it was put before in vain.
    """

    form: Form
    asked: Sequence[FieldSpec]
    shown: tuple[Sentence, ...]
    omitted: int
    question: str
    round: int = 0


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a talk comes to: the answers, what of it fits no field, and what kept the rest from being asked again."""

    said: tuple[Said, ...]
    misfits: Mapping[str, str]
    broken: AskError | None = None


class OpenAIEngine:
    """One question a document, one repair if need be; see ``core.ports.Engine``. Safe to share between threads.

    ``again`` asks what was asked before a second time, to see whether the same is said: such replies are kept apart.
    ``anew`` asks once more where the replies that are here cannot be used.
    """

    name = Chat.engine

    def __init__(
        self,
        chat: Chat,
        prompt: Prompt,
        fields: Fields,
        show: Show = "relevant",
        texts: TextWork = HERE,
        *,
        again: bool = False,
        anew: bool = False,
    ) -> None:
        self._chat, self._endpoint, self._prompt, self._fields = chat, chat.endpoint, prompt, fields
        self._forms, self._texts, self._again = prompt.forms(show), texts, again
        self._anew = anew

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
        names = {spec.name for spec in wanted}
        put, talk, heard, before = self._talked(key, text, wanted)
        unfit = {name: why for name, why in heard.misfits.items() if name in names}
        return Asked(
            tuple(item for item in heard.said if item.field in names),
            (*before, *talk.booked),
            talk.last_sha256,
            put.omitted,
            frozenset(s.number for s in put.shown),
            talk.warnings(),
            talk.answered_by,
            left=(heard.broken or _some_told(key, talk, unfit)) if unfit else None,
        )

    def _talked(
        self, key: str, text: PaperText, wanted: Sequence[FieldSpec]
    ) -> tuple[_Put, _Talk, _Heard, tuple[Reply, ...]]:
        """The question whose talk gave answers, these, and the replies of those before it that could not be used.

        One whose replies were stored is not had for good: where another was had
        since, that counts; where a person named the source (``anew``), it is
        had once more, and paid for. Nights do neither ask again nor pay.
        """
        names = {spec.name for spec in wanted}
        before: tuple[Reply, ...] = ()
        put = self._put(text, wanted)
        while True:
            talk = _Talk(self, self._chat, key, put)
            heard: _Heard | None = None
            error = BadReply("")
            try:
                heard = talk.answers(self._prompt)
            except BadReply as bad:
                error, bad.replies = bad, (*before, *talk.booked)
            except AskError as bad:
                bad.replies = (*before, *talk.booked)
                raise
            if heard and (heard.broken or any(item.field in names for item in heard.said)):
                return put, talk, heard, before
            another = self._next(put, text, wanted, is_reply=heard is None)
            if not (self._chat.expects(self._first(another)) or (self._anew and talk.was_stored)):
                if heard:
                    return put, talk, heard, before
                raise self._told(key, talk, error) from error
            before, put = (*before, *talk.booked), another

    def _next(self, put: _Put, text: PaperText, wanted: Sequence[FieldSpec], *, is_reply: bool) -> _Put:
        """The question after one that was put in vain: the same once more, or what is wanted alone, where only that was answered badly."""
        if is_reply or len(wanted) == len(put.asked):
            return replace(put, round=put.round + 1)
        return self._laid_out(self._forms[0], text, wanted)

    def _is_in_vain(self, put: _Put, text: PaperText, wanted: Sequence[FieldSpec]) -> bool:
        """Whether no question that is here gave answers, so that it would be put once more."""
        names = {spec.name for spec in wanted}
        while self._chat.holds(self._first(put)):
            heard = _Talk(self, self._chat, "", put).heard_here(self._prompt)
            if heard and any(item.field in names for item in heard.said):
                return False
            put = self._next(put, text, wanted, is_reply=heard is None)
        return True

    def _told(self, key: str, talk: _Talk, error: BadReply) -> BadReply:
        """Whose words they are, how they begin, since when they are here, and what asks again."""
        begins = " ".join(error.content.split())[:BEGINNING]
        said = f"the model's reply cannot be used: {error}"
        said += f"; it begins “{begins}”" if begins else ""
        told = BadReply(
            f"{said}{_since(talk)}; `survey-extract refresh {key}` asks once more, at the cost of the question"
        )
        told.content, told.replies = error.content, error.replies
        return told

    def estimate(self, text: PaperText, wanted: Sequence[FieldSpec]) -> Estimate:
        """What the question would cost at most, the very amount that the budget holds back for it, and about. Tokens are estimated."""
        put = self._put(text, wanted)
        body = self._first(put)
        if self._chat.holds(body):
            if not (self._anew and self._is_in_vain(put, text, wanted)):
                return Estimate(0, 0, 0.0, held=True)
            put = self._laid_out(self._forms[0], text, wanted)
            body = self._first(put)
        sent, defers = estimated_tokens(len(put.question)), self._endpoint.defers
        likely = self._chat.likely(body, len(put.asked), batched=defers)
        return Estimate(sent, self.reply_tokens, self._chat.bound(body, batched=defers), likely=likely)

    def request(self, text: PaperText, wanted: Sequence[FieldSpec]) -> dict[str, Any]:
        """The request that would ask these fields."""
        return self._first(self._put(text, wanted))

    # --- how a question is put --------------------------------------------------------------------

    def _put(self, text: PaperText, wanted: Sequence[FieldSpec]) -> _Put:
        """Today's question, or one that was put before and asked all that is wanted, where its reply is here or on its way.

        That one was paid. Answers that were lost behind a reply (a full disk,
        a torn file) are in that reply still.
        """
        ways = ((asked, form) for asked in (wanted, *self._asked_with(wanted)) for form in self._forms)
        puts = (self._laid_out(form, text, asked) for asked, form in ways)
        today = next(puts)
        return next((put for put in chain([today], puts) if self._chat.expects(self._first(put))), today)

    def _asked_with(self, wanted: Sequence[FieldSpec]) -> Iterator[Sequence[FieldSpec]]:
        """The fields of questions that asked all that is wanted, and more; the fewest first."""
        known = {spec.name: spec for spec in self._fields}
        names = {spec.name for spec in wanted}
        for asked in sorted(self._chat.asked_together, key=len):
            if names < set(asked) <= set(known):
                yield [known[name] for name in asked]

    def _laid_out(self, form: Form, text: PaperText, asked: Sequence[FieldSpec]) -> _Put:
        """A question in one form, with the sentences that it shows.

        One of several that together ask all fields lists all and shows what
        ranks for any, so that they begin alike; in the first form every one did.
        """
        fields = self._fields.asked
        is_part = list(asked) in [list(part) for part in together(fields)]
        listed = fields if is_part and not form.is_first else asked
        room = self._room(form)
        if form.is_first:
            shown, omitted = (text.citable(), 0) if fits(text, room) else self._texts.do(select, text, fields, room)
        else:
            shown, omitted = self._texts.do(shown_sentences, text, listed, room, form.show)
        return _Put(form, asked, shown, omitted, form.question(text, shown, asked, listed))

    def _room(self, form: Form) -> int:
        """Characters of sentences that fit into a question, whatever it asks."""
        fields = self._fields.asked
        wording = len(form.wording) + sum(len(form.instruction(spec)) + len(spec.name) * 2 for spec in fields)
        tokens = self._endpoint.context_tokens * OVERHEAD - self.reply_tokens - estimated_tokens(wording)
        return max(0, int(tokens * CHARACTERS_A_TOKEN))

    def _first(self, put: _Put) -> dict[str, Any]:
        """The request that begins a talk."""
        return self.body([{"role": "user", "content": put.question}], put, self.reply_tokens)

    def body(
        self,
        messages: list[dict[str, str]],
        put: _Put,
        reply_tokens: int,
        asked: Sequence[FieldSpec] | None = None,
    ) -> dict[str, Any]:
        """A request: all that its reply depends on. ``asked`` are the fields that a repair asks for, where those are not all."""
        body = self._chat.body(messages, "survey_answers", put.form.schema(asked or put.asked), reply_tokens)
        if self._again:
            body[AGAIN] = 2
        if put.round:
            body[AGAIN] = f"round {put.round}, {body.get(AGAIN, 1)}"
        return body

    @property
    def reply_tokens(self) -> int:
        return self._endpoint.reply_tokens


class _Talk:
    """One question and its repair: the messages so far, and what they cost."""

    def __init__(self, engine: OpenAIEngine, chat: Chat, key: str, put: _Put) -> None:
        self._engine, self._chat, self._key, self._put, self._wanted = engine, chat, key, put, put.asked
        self._messages = [{"role": "user", "content": put.question}]
        self._reply_tokens, self._asks = engine.reply_tokens, put.asked
        self.booked: list[Reply] = []
        self.last_sha256: str | None = None
        self.answered_by: str | None = None
        self._ours = True
        self._estimate = estimated_tokens(len(put.question))

    def answers(self, prompt: Prompt) -> _Heard:
        """Ask; when the reply does not fit, say why and ask once more."""
        return self._talked_over(prompt, self._turn)

    def heard_here(self, prompt: Prompt) -> _Heard | None:
        """What stored replies come to, None if they hold no answers; nothing is sent and nothing is booked."""
        try:
            return self._talked_over(prompt, self._look)
        except AskError:
            return None

    def _talked_over(self, prompt: Prompt, turn: Callable[[], _Turn]) -> _Heard:
        try:
            first = turn()
        except TooLong:
            if not self.booked:
                raise
            self._reply_tokens *= 2
            return _heard(turn().read)
        except BadReply as error:
            self._correct(prompt, error.content, error.sent, self._wanted)
            return _heard(turn().read)
        return _heard(first.read) if not first.read.misfits else self._mended(prompt, first, turn)

    def _mended(self, prompt: Prompt, first: _Turn, turn: Callable[[], _Turn]) -> _Heard:
        """What fits in the first reply, and what the repair says of the rest, which alone is asked again.

        Releases before asked for all fields again: where such a repair is
        here, it was paid for, and counts.
        """
        bad = [spec for spec in self._wanted if spec.name in first.read.misfits]
        problems, question = list(map(str, first.read.misfits.values())), self._messages
        self._correct(prompt, first.content, problems[0], self._wanted)
        if not self._chat.holds(self._body()):
            self._messages, self._asks = question, bad
            self._correct(prompt, first.content, "; ".join(problems), bad)
        before = _heard(first.read)
        try:
            again = turn().read
        except BadReply:
            return before
        except AskError as error:  # what was paid for and fits is kept, whatever became of the rest
            return replace(before, broken=None if isinstance(error, (TooLong, Refused)) else error)
        said = {item.field: item for item in (*first.read.said, *again.said)}
        whys = {name: error.plain for name, error in {**first.read.misfits, **again.misfits}.items()}
        in_order = (said[spec.name] for spec in self._wanted if spec.name in said)
        return _Heard(tuple(in_order), {name: why for name, why in whys.items() if name not in said})

    def _correct(self, prompt: Prompt, content: str, problem: str, wanted: Sequence[FieldSpec]) -> None:
        self._messages = [
            *self._messages,
            {"role": "assistant", "content": self._shortened(content)},
            {"role": "user", "content": prompt.correction(problem, wanted)},
        ]

    def _body(self) -> dict[str, Any]:
        return self._engine.body(self._messages, self._put, self._reply_tokens, self._asks)

    @property
    def was_stored(self) -> bool:
        """Whether every reply was stored before: nothing was sent."""
        return bool(self.booked) and all(reply.reused for reply in self.booked)

    @property
    def stored_on(self) -> str | None:
        """The day on which the last reply came, where it is known."""
        kept = self._chat.replies.booking_of(self.last_sha256) if self.last_sha256 else None
        return str(kept.get("at", ""))[:10] or None if kept else None

    def _shortened(self, content: str) -> str:
        """A bad reply as it is sent back to the model, cut so that it costs no more than it can be worth."""
        limit = CHARACTERS_SENT_BACK * self._engine.reply_tokens
        return content if len(content) <= limit else content[: limit - 1] + "…"

    def _turn(self) -> _Turn:
        held = self._chat.completion(self._body(), self._key, [spec.name for spec in self._asks])
        self.last_sha256, self.answered_by, self._ours = held.booking.sha256, held.completion.model, held.ours
        try:
            said = self._said(held.completion)
        except AskError as error:
            self._book(held, error.kind)
            raise
        self._book(held, "ok" if not said.read.misfits else UNFIT)
        return said

    def _look(self) -> _Turn:
        found = self._chat.stored(sha256_json(self._body()))
        if found is None:
            raise AskError("no reply is here")
        return self._said(found)

    def _said(self, completion: Completion) -> _Turn:
        """What a reply says, as far as something in it fits."""
        if completion.problem:
            raise _bad(completion.problem, completion.content)
        if completion.cut_off and not completion.content.rstrip().endswith(("}", "]", "```")):
            raise self._cut_off()
        if completion.filtered:
            raise Refused(
                "the endpoint's content filter stopped the reply; decide this source by hand, or ask another model"
            )
        if completion.refusal:
            raise Refused(
                f"the model declined: {completion.refusal[:300]}; decide this source by hand, or ask another model"
            )
        try:
            read = parse_reply(completion.content, self._asks, self._chat.redacted)
            return _Turn(completion.content, read if read.said else Read(read.whole(), {}))
        except Misfit as error:
            if completion.cut_off:
                raise self._cut_off() from error
            raise _bad(error.plain, completion.content, str(error)) from error

    def _cut_off(self) -> TooLong:
        """Whether a reply ran into its limit without a whole answer; one that only went on in blanks did not."""
        return TooLong(f"the reply was cut off after {self._reply_tokens} tokens; raise the setting reply_tokens")

    def _book(self, held: Held, outcome: str) -> None:
        self.booked.append(replace(held.booking, outcome=outcome))

    def warnings(self) -> tuple[str, ...]:
        """What a person should know though the question was answered."""
        said: list[str] = []
        usage = self.booked[0].usage if self.booked else None
        if usage is None and self._ours:
            said.append("the endpoint gave no plausible token count, so the cost is unknown")
        elif usage is not None and usage.prompt < TRUNCATED_BELOW * self._estimate:
            said.append(
                f"the endpoint counted {usage.prompt:,} tokens where about {self._estimate:,} were sent: "
                "it may have cut the document silently (Ollama: raise num_ctx)"
            )
        return tuple(said)


@dataclass(frozen=True, slots=True)
class _Turn:
    """A reply as it stands, and what was read in it."""

    content: str
    read: Read


def _heard(read: Read) -> _Heard:
    return _Heard(read.said, {name: error.plain for name, error in read.misfits.items()})


def _some_told(key: str, talk: _Talk, unfit: Mapping[str, str]) -> UnfitAnswer:
    """Which fields stay without an answer though the others of their reply have one, why, and what asks again."""
    told = UnfitAnswer(
        f"the model's answer about {', '.join(unfit)} cannot be used: {'; '.join(unfit.values())}; what else it answered is kept"
        f"{_since(talk)}; `survey-extract refresh {key}` asks once more, at the cost of the question"
    )
    told.fields = tuple(unfit)
    return told


def _since(talk: _Talk) -> str:
    """Since when a reply is here that no night pays for again; nothing of one that came just now."""
    on = talk.stored_on
    return f"; it was stored on {on} and is not paid for again unless you ask" if talk.was_stored and on else ""


def _bad(message: str, content: str, sent: str | None = None) -> BadReply:
    error = BadReply(message)
    error.content, error.sent = content, message if sent is None else sent
    return error
