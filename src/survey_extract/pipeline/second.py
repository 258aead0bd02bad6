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
from typing import Concatenate, ParamSpec

from survey_extract.core.books import Reply
from survey_extract.core.cells import answer_value, opinion_value
from survey_extract.core.due.questions import Asking
from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evidence import Quoter, point, quoted_value
from survey_extract.core.fields import FieldSpec, together
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.opinions import Seconds, Wanted, agreement
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive, Asked, Engine, Said, TextWork
from survey_extract.core.records import Answer, Document, Evidence, Opinion, Value
from survey_extract.errors import AskError, ReadError, SourceError

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Second:
    """The engine that is asked for second opinions; ``aliases`` say which names mean the same."""

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
    texts: TextWork
    key: str
    run: str
    at: str
    replies: list[Reply] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def wanted(self, specs: Sequence[FieldSpec], document: Document) -> Wanted:
        """What is to be done; nothing is asked yet."""
        return self.second.known(self.key, self.archive).wanted(specs, document)

    def take(self, wanted: Wanted, document: Document, text: PaperText) -> tuple[str, ...]:
        """Compare what is on record again, ask the rest; return the fields on which an opinion was given."""
        beside = Beside(self.second.asking, self.second.aliases, document.sha256, self.run, self.at)
        if wanted.again:
            self._keep(beside, compared_again, text, wanted.again)
        answers = {spec.name: answer for spec, answer in wanted.asked}
        questions = together([spec for spec, _ in wanted.asked])
        return tuple(field for specs in questions for field in self._ask(specs, answers, beside, text))

    def _ask(
        self, specs: Sequence[FieldSpec], answers: dict[str, Answer], beside: Beside, text: PaperText
    ) -> tuple[str, ...]:
        try:
            asked = self.second.engine.ask(self.key, text, specs)
        except SourceError as error:
            self.replies += error.replies if isinstance(error, AskError) else ()
            self._warn(error)
            return ()
        self.replies += asked.replies
        self.warnings += (warning for warning in asked.warnings if warning not in self.warnings)
        if asked.left is not None:
            self._warn(asked.left)
        by_name = {spec.name: spec for spec in specs}
        said = [(by_name[item.field], answers[item.field], item) for item in asked.said]
        made = self._keep(beside, compared_with, text, said, asked.offered, asked.reply, asked.answered_by)
        self._warn_of_itself(asked, [answers[item.field] for item in asked.said])
        return tuple(opinion.field for opinion in made)

    def _keep(
        self, beside: Beside, compare: Callable[Concatenate[PaperText, Beside, P], list[Opinion]], text: PaperText,
        *args: P.args, **kwargs: P.kwargs,
    ) -> list[Opinion]:  # fmt: skip
        """Put the opinions from a comparison on disk; none if the comparison took too long, and the next run tries again."""
        try:
            made = self.texts.do(compare, text, beside, *args, **kwargs)
        except ReadError as error:
            self._warn(error)
            return []
        self.archive.add_opinions(self.key, made)
        return made

    def _warn(self, error: SourceError) -> None:
        self.warnings.append(f"no second opinion of {self.second.name}: {error}")

    def _warn_of_itself(self, asked: Asked, answers: Sequence[Answer]) -> None:
        """Warn if one model answers under both names, as servers of a single model do."""
        same = {answer.answered_by for answer in answers if answer.model is not None} & {asked.answered_by} - {None}
        if same:
            self.warnings.append(
                f"the answer and the second opinion both came from a model that calls itself {same.pop()}: "
                "only its provider can tell whether that is a second one"
            )


@dataclass(frozen=True, slots=True)
class Beside:
    """The document and the second engine whose opinions are compared; ``run`` and ``at`` are written into each."""

    asking: Asking
    aliases: Aliases
    document: str
    run: str
    at: str

    def opinion(self, spec: FieldSpec, said: Said, evidence: tuple[Evidence, ...], value: Value, text: str) -> Opinion:
        """What the second engine said, before it is compared with anything."""
        return Opinion(
            fingerprint=self.asking.fingerprint(spec, text),
            field=spec.name,
            kind="second",
            finding="differs",
            about="",
            engine=self.asking.engine,
            model=self.asking.model,
            document=self.document,
            text=text,
            evidence=evidence,
            reply=None,
            run=self.run,
            at=self.at,
            value=None if said.quoted else said.value,
            quoted=said.quoted,
            value_sha256=value_sha256(value),
        )


def compared_with(
    text: PaperText,
    beside: Beside,
    said: Sequence[tuple[FieldSpec, Answer, Said]],
    offered: frozenset[int] | None,
    reply: str | None,
    answered_by: str | None,
) -> list[Opinion]:
    """A second engine's answers, each compared with the first one's, where the text is."""
    quoter, given = Quoter(text), list[tuple[FieldSpec, Answer, Opinion]]()
    for spec, answer, item in said:
        evidence, _ = point(text, item.numbers, offered)
        value = quoted_value(map(quoter.quote, evidence)) if item.quoted else item.value
        opinion = beside.opinion(spec, item, evidence, value, text.sha256)
        given.append((spec, answer, replace(opinion, reply=reply, answered_by=answered_by)))
    return compared_again(text, beside, given)


def compared_again(
    text: PaperText, beside: Beside, given: Sequence[tuple[FieldSpec, Answer, Opinion]]
) -> list[Opinion]:
    """Opinions on record, each compared with an answer, where the text is."""
    quoter, claims = Quoter(text), lru_cache(1)(lambda: Claims(text))
    made: list[Opinion] = []
    for spec, answer, opinion in given:
        one, other = answer_value(answer, lambda _: quoter), opinion_value(opinion, lambda _: quoter)
        lost = (answer.quoted and one is None) or (opinion.quoted and other is None)
        found = "differs" if lost else agreement(spec, one, other, beside.aliases, claims)
        made.append(replace(opinion, about=answer.value_sha256, finding=found, run=beside.run, at=beside.at))
    return made
