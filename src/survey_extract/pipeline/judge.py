"""Sources with their answers go in; a second reader's verdicts come out: does the evidence support what was answered?

Looked at is what ``evaluate`` looks at: the latest answer of each cell that
was chosen. The reader is never the one that answered. Each verdict is on disk
before the next counts, and one that was given is not asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from survey_extract.core.cells import Entry, quotes_of
from survey_extract.core.evidence import Quoter, as_text
from survey_extract.core.fields import FieldSpec
from survey_extract.core.moments import stamp
from survey_extract.core.money import added
from survey_extract.core.opinions import is_on, is_own
from survey_extract.core.ports import Archive, Cited, Clock, Ruled, SecondReader
from survey_extract.core.question.entailment import judge_fingerprint
from survey_extract.core.records import Answer, Opinion
from survey_extract.errors import AskError
from survey_extract.pipeline.evaluate import Chosen

THREADS = 32
"""Questions under way at once, within the setting ``concurrency``."""


@dataclass(frozen=True, slots=True)
class Task:
    """An answer to be judged."""

    key: str
    answer: Answer
    cited: Cited
    fingerprint: str


@dataclass
class Docket:
    """What there is to judge.

    ``held`` are verdicts on record, ``tasks`` what has to be asked. ``own``
    answers are the reader's, ``bare`` ones point at no sentence, and the
    sentences of ``unread`` ones are not in the cache.
    """

    tasks: list[Task] = field(default_factory=list)
    held: list[tuple[str, Opinion]] = field(default_factory=list)
    own: int = 0
    bare: int = 0
    unread: int = 0

    def cost(self, reader: SecondReader) -> float | None:
        """USD that the open questions would cost at most; None where the price is unknown."""
        return added(reader.estimate(task.cited).cost for task in self.tasks)

    def likely(self, reader: SecondReader) -> float | None:
        """USD that they will cost about; None where the price is unknown."""
        return added(reader.estimate(task.cited).likely for task in self.tasks)


def docket(entries: Sequence[Entry], archive: Archive, reader: SecondReader, chosen: Chosen) -> Docket:
    """Sort the chosen answers. A value that is its evidence word for word, and "not reported", need no judgement."""
    found = Docket()
    for item in entries:
        if chosen.keys is not None and item.source.key not in chosen.keys:
            continue
        words = _Words(archive)
        for spec in archive.fields:
            if chosen.fields is not None and spec.name not in chosen.fields:
                continue
            answer = chosen.answer(item, spec.name)
            if answer is not None and not answer.quoted and answer.value is not None:
                _put(found, item, spec, answer, reader, words)
    return found


def _put(found: Docket, item: Entry, spec: FieldSpec, answer: Answer, reader: SecondReader, words: _Words) -> None:
    if is_own(answer, reader.name, reader.model):
        found.own += 1
        return
    if not answer.evidence:
        found.bare += 1
        return
    fingerprint = judge_fingerprint(
        answer.value_sha256, answer.evidence, spec.heading, reader.wording, reader.model, reader.parameters
    )
    given = [o for o in item.opinions if (o.kind, o.field) == ("judge", spec.name) and is_on(o, answer.evidence)]
    if held := next((opinion for opinion in reversed(given) if opinion.fingerprint == fingerprint), None):
        found.held.append((item.source.key, held))
    elif sentences := words.of(answer):
        cited = Cited(spec.heading, as_text(answer.value), sentences)
        found.tasks.append(Task(item.source.key, answer, cited, fingerprint))
    else:
        found.unread += 1


class _Words:
    """Cuts the words of sentences; each text is loaded once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._quoters: dict[str, Quoter | None] = {}

    def of(self, answer: Answer) -> tuple[str, ...]:
        """The words of an answer's sentences; none if any of them is not in the cache."""
        quotes = quotes_of(answer.document, answer.evidence, self._quoter)
        words = tuple(quote.words for quote in quotes if quote.words)
        return words if len(words) == len(quotes) else ()

    def _quoter(self, document: str) -> Quoter | None:
        if document not in self._quoters:
            text = self._archive.text_of(document)
            self._quoters[document] = Quoter(text) if text else None
        return self._quoters[document]


@dataclass(frozen=True, slots=True)
class JudgeOutcome:
    """What came of one question: an opinion, or why there is none; ``cost`` is in USD, None where it is unknown."""

    task: Task
    opinion: Opinion | None = None
    error: str | None = None
    cost: float | None = 0.0


def judge(tasks: Sequence[Task], reader: SecondReader, archive: Archive, clock: Clock) -> Iterator[JudgeOutcome]:
    """Ask the open questions; each verdict is yielded once it is on disk."""
    pool = ThreadPoolExecutor(max_workers=max(1, min(THREADS, len(tasks))), thread_name_prefix="judge")
    try:
        futures = {pool.submit(_asked(reader, task)): task for task in tasks}
        for future in as_completed(futures):
            task = futures[future]
            try:
                ruled = future.result()
            except AskError as error:
                yield JudgeOutcome(task, error=str(error))
                continue
            opinion = _opinion(task, ruled, reader, stamp(clock.now()))
            archive.add_opinions(task.key, [opinion])
            yield JudgeOutcome(task, opinion, cost=ruled.booking.cost)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # whoever interrupts does not want to wait for a model


def _asked(reader: SecondReader, task: Task) -> Callable[[], Ruled]:
    return lambda: reader.judge(task.key, task.answer.field, task.cited)


def _opinion(task: Task, ruled: Ruled, reader: SecondReader, at: str) -> Opinion:
    answer, judged = task.answer, ruled.judged
    return Opinion(
        fingerprint=task.fingerprint,
        field=answer.field,
        kind="judge",
        finding=judged.finding,
        about=answer.value_sha256,
        engine=reader.name,
        model=reader.model,
        document=answer.document,
        text=answer.text,
        evidence=answer.evidence,
        reply=ruled.booking.sha256,
        run=None,
        at=at,
        not_carried=judged.not_carried,
        answered_by=ruled.answered_by,
        note=judged.note,
    )
