"""A source whose answers are on record goes in; second opinions on those that wait come out, each on disk before the next is asked.

Another engine or model is asked the very question that was answered, and its
answer is checked against the first one's, by the field's judge. What it costs is
booked as any other reply. That it cannot be asked tonight is a warning and no
failure: the survey is whole without it, and the next run asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from survey_extract.core.cells import answer_value, opinion_value
from survey_extract.core.due.questions import Asking
from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evidence import Quoter, point, quoted_value
from survey_extract.core.fields import FieldSpec, together
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.opinions import Seconds, Wanted, agreement
from survey_extract.core.ports import Archive, Asked, Engine, Said
from survey_extract.core.records import Answer, Document, Opinion, PaperText, Reply
from survey_extract.errors import AskError


@dataclass(frozen=True, slots=True)
class Second:
    """Who is asked for second opinions; ``aliases`` say which names are one."""

    engine: Engine
    aliases: Aliases = NO_ALIASES

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.engine.model or self.engine.name

    @property
    def asking(self) -> Asking:
        return Asking.of(self.engine, keeps_models=False)

    def known(self, key: str, archive: Archive) -> Seconds:
        """What is on record of a source."""
        return Seconds(self.asking, archive.answers(key), archive.decisions(key), archive.opinions(key))


@dataclass
class SecondLook:
    """One source's second opinions in one run. ``replies`` and ``warnings`` are what came of asking."""

    second: Second
    archive: Archive
    key: str
    run: str
    at: str
    replies: list[Reply] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def wanted(self, specs: Sequence[FieldSpec], document: Document) -> Wanted:
        """What is to be done; nothing is asked yet."""
        return self.second.known(self.key, self.archive).wanted(specs, document)

    def take(self, wanted: Wanted, document: Document, text: PaperText) -> tuple[str, ...]:
        """Compare again what can be, ask the rest; the fields on which one was given."""
        beside = _Beside(self.second, document, text)
        again = [beside.again(spec, answer, opinion) for spec, answer, opinion in wanted.again]
        self.archive.add_opinions(self.key, [replace(opinion, run=self.run, at=self.at) for opinion in again])
        answers = {spec.name: answer for spec, answer in wanted.asked}
        questions = together([spec for spec, _ in wanted.asked])
        return tuple(field for specs in questions for field in self._ask(specs, answers, beside))

    def _ask(self, specs: Sequence[FieldSpec], answers: dict[str, Answer], beside: _Beside) -> tuple[str, ...]:
        try:
            asked = self.second.engine.ask(self.key, beside.text, specs)
        except AskError as error:
            self.replies += error.replies
            self.warnings.append(f"no second opinion of {self.second.name}: {error}")
            return ()
        self.replies += asked.replies
        self.warnings += (warning for warning in asked.warnings if warning not in self.warnings)
        by_name = {spec.name: spec for spec in specs}
        made = [beside.opinion(by_name[said.field], answers[said.field], said, asked) for said in asked.said]
        self.archive.add_opinions(self.key, [replace(opinion, run=self.run, at=self.at) for opinion in made])
        self._warn_of_itself(asked, [answers[said.field] for said in asked.said])
        return tuple(opinion.field for opinion in made)

    def _warn_of_itself(self, asked: Asked, answers: Sequence[Answer]) -> None:
        """Whether the endpoint has one model answer under both names, as servers of a single model do."""
        same = {answer.answered_by for answer in answers if answer.model is not None} & {asked.answered_by} - {None}
        if same:
            self.warnings.append(
                f"the answer and the second opinion both came from a model that calls itself {same.pop()}: "
                "only its provider can tell whether that is a second one"
            )


class _Beside:
    """A document whose answers are held side by side."""

    def __init__(self, second: Second, document: Document, text: PaperText) -> None:
        self.text, self._second, self._document = text, second, document
        self._quoter = Quoter(text)
        self._claims: Callable[[], Claims] = lru_cache(1)(lambda: Claims(text))

    def opinion(self, spec: FieldSpec, answer: Answer, said: Said, asked: Asked) -> Opinion:
        """A second engine's answer, held against the first one's."""
        evidence, _ = point(self.text, said.numbers, asked.offered)
        value = quoted_value(map(self._quoter.quote, evidence)) if said.quoted else said.value
        engine = self._second.engine
        given = Opinion(
            fingerprint=self._second.asking.fingerprint(spec, self.text.sha256),
            field=spec.name,
            kind="second",
            finding="differs",
            about=answer.value_sha256,
            engine=engine.name,
            model=engine.model,
            document=self._document.sha256,
            text=self.text.sha256,
            evidence=evidence,
            reply=asked.reply,
            run=None,
            at="",
            value=None if said.quoted else said.value,
            quoted=said.quoted,
            value_sha256=value_sha256(value),
            answered_by=asked.answered_by,
        )
        return self.again(spec, answer, given)

    def again(self, spec: FieldSpec, answer: Answer, opinion: Opinion) -> Opinion:
        """An opinion that was given, held against another answer."""
        one, other = answer_value(answer, self._quoter_of), opinion_value(opinion, self._quoter_of)
        lost = (answer.quoted and one is None) or (opinion.quoted and other is None)
        found = "differs" if lost else agreement(spec, one, other, self._second.aliases, self._claims)
        return replace(opinion, about=answer.value_sha256, finding=found)

    def _quoter_of(self, _: str) -> Quoter:
        return self._quoter
