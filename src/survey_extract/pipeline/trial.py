"""Cells and an engine go in, its answers to them come out, beside the survey's own: asked once, kept, never decided on.

A trial asks what ``refresh`` would ask of the same fields, by another wording,
model or engine, or the same question once more. An answer that this very
question was given before, in the survey or in a trial, is taken from there.
Nothing is fetched: of a document whose text is not in the cache nothing is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from survey_extract.core.audit import own_names
from survey_extract.core.cells import Entry
from survey_extract.core.due.questions import Asking
from survey_extract.core.fields import FieldSpec, together
from survey_extract.core.moments import stamp
from survey_extract.core.money import added
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive, Clock, Engine, Estimate, TextWork
from survey_extract.core.records import Answer, Document, Source
from survey_extract.errors import SourceError
from survey_extract.pipeline.ground import Grounds

CellPlace = tuple[str, str]
"""A cell: the key of its source, and its field."""


@dataclass(frozen=True, slots=True)
class TrialQuestion:
    """Some fields of a document that are asked together."""

    source: Source
    document: Document
    specs: tuple[FieldSpec, ...]
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """What is known already, and what has to be asked. ``unread`` are the sources whose text is not in the cache."""

    known: Mapping[CellPlace, Answer]
    questions: tuple[TrialQuestion, ...]
    unread: tuple[str, ...]

    @property
    def cells(self) -> int:
        """How many cells are asked."""
        return sum(len(question.specs) for question in self.questions)

    @property
    def held(self) -> int:
        """Questions whose replies are in the cache: they cost nothing."""
        return sum(question.estimate.held for question in self.questions)

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens to send (estimated) and to receive (at most)."""
        estimates = [question.estimate for question in self.questions]
        return sum(one.prompt_tokens for one in estimates), sum(one.reply_tokens for one in estimates)

    @property
    def likely(self) -> float | None:
        """USD that they will cost about; None where the price is unknown."""
        return added(question.estimate.likely for question in self.questions)

    @property
    def cost(self) -> float | None:
        """USD at most; None where a price is unknown."""
        return added(question.estimate.cost for question in self.questions)


class Trial:
    """Asks one engine. ``threads`` questions are under way at once; ``texts`` goes through what it says."""

    def __init__(self, archive: Archive, engine: Engine, texts: TextWork, clock: Clock, threads: int) -> None:
        self._archive, self._engine, self._texts = archive, engine, texts
        self._clock, self._threads = clock, threads
        self._asking = Asking.of(engine, keeps_models=False)

    def plan(self, entries: Sequence[Entry], places: frozenset[CellPlace]) -> TrialPlan:
        """What would be asked of these cells."""
        known: dict[CellPlace, Answer] = {}
        questions: list[TrialQuestion] = []
        unread: list[str] = []
        for item in entries:
            specs = [spec for spec in self._archive.fields if (item.source.key, spec.name) in places]
            text = self._archive.text_of(item.document.sha256) if item.document and specs else None
            if item.document is None or text is None:
                unread += [item.source.label] if specs else []
                continue
            given = self._given(item, specs, text)
            known |= {(item.source.key, name): answer for name, answer in given.items()}
            left = [spec for spec in specs if spec.name not in given]
            questions += self._questions(item.source, item.document, text, left)
        return TrialPlan(known, tuple(questions), tuple(unread))

    def _questions(
        self, source: Source, document: Document, text: PaperText, specs: Sequence[FieldSpec]
    ) -> Iterator[TrialQuestion]:
        for asked in together(specs):
            yield TrialQuestion(source, document, tuple(asked), self._engine.estimate(text, asked))

    def _given(self, item: Entry, specs: Sequence[FieldSpec], text: PaperText) -> dict[str, Answer]:
        """The answers that this very question got before. An engine without a model costs nothing, so it is asked anew."""
        if self._engine.model is None:
            return {}
        wanted = {spec.name: spec for spec in specs}
        return {
            answer.field: answer
            for answer in (*item.answers, *self._archive.trials(item.source.key))
            if answer.field in wanted
            and answer.text == text.sha256
            and answer.document == (item.document.sha256 if item.document else None)
            and self._asking.is_answered(wanted[answer.field], answer)
        }

    def ask(
        self, plan: TrialPlan, failed: Callable[[TrialQuestion, SourceError], None] = lambda question, error: None
    ) -> dict[CellPlace, Answer]:
        """All answers of the plan: those on record, and those asked for now. ``failed`` is called with each question that failed."""
        answers = dict(plan.known)
        pool = ThreadPoolExecutor(max_workers=self._threads, thread_name_prefix="trial")
        try:
            asked = [(question, pool.submit(self._asked, question)) for question in plan.questions]
            for question, future in asked:
                try:
                    given, left = future.result()
                    answers |= {(question.source.key, answer.field): answer for answer in given}
                    if left is not None:
                        failed(question, left)
                except SourceError as error:
                    failed(question, error)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts does not want to wait for a model
            raise
        pool.shutdown()
        return answers

    def _asked(self, question: TrialQuestion) -> tuple[tuple[Answer, ...], SourceError | None]:
        """The answers to one question, and why some fields have none; those that cost money are on record before they are used."""
        key, document = question.source.key, question.document
        text = self._archive.text_of(document.sha256)
        if text is None:
            raise SourceError("its text is no longer in the cache")
        asked = self._engine.ask(key, text, question.specs)
        at = stamp(self._clock.now())
        grounds = Grounds(
            document, text, self._engine, self._asking, own_names(question.source, document), "", at, self._texts
        )
        answers = grounds.answers(asked, question.specs)
        if self._engine.model is not None:
            self._archive.add_trials(key, answers)
        return answers, asked.left
