"""Sources with their answers, and what is right in their cells, go in; each cell with its marks comes out. Nothing is asked.

``trial.py`` asks; its answers are compared here like those on record.

Texts are gone through in workers, source by source: one that takes for ever
costs its own cells alone.

What is right is what a person decided or a list brought in, or what a gold
file says. Compared is the latest answer of an engine or model, on the text of
the document that it was given on, as far as that is in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from survey_extract.core.cells import Entry, answer_value
from survey_extract.core.decisions import ASIDE, in_force, latest_answer, stands, stands_sha256
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.baseline import Answerer
from survey_extract.core.evaluation.evaluate import DecidedPart, Marked
from survey_extract.core.evaluation.gold import GoldCell, Placed, absent, placed, right_value
from survey_extract.core.evaluation.judging import Given, Mark, Marks, Measure, Right, WantedName, marks, pairs
from survey_extract.core.evaluation.people import rejudged
from survey_extract.core.evaluation.sameness import is_same_value
from survey_extract.core.evaluation.stability import again_marks
from survey_extract.core.evaluation.stretches import Stretches
from survey_extract.core.evaluation.track_record import left_as_it_was
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.inputs.identifiers import parse_identity
from survey_extract.core.opinions import verdict_on
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive, TextWork
from survey_extract.core.records import Answer, Cell, Decision, Evidence
from survey_extract.errors import ReadError
from survey_extract.pipeline.held_texts import HeldTexts, cached_texts
from survey_extract.pipeline.people import judged_twice

Answers = Mapping[tuple[str, str], Answer]
"""Answers by the key of their source and their field."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cells and whose answers; None is any.

    ``trial`` are answers, by (key, field), that take the place of those on
    record; ``second`` are those to the same questions once more.
    """

    keys: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    engine: str | None = None
    model: str | None = None

    trial: Answers | None = None
    second: Answers | None = None

    def answer(self, item: Entry, field: str) -> Answer | None:
        """The one of the trial, else the latest of the engine and the model, by the name it was asked by or answered to."""
        if self.trial is not None:
            return self.trial.get((item.source.key, field))
        return latest_answer(
            answer
            for answer in item.answers
            if answer.field == field
            and self.engine in (None, answer.engine)
            and self.model in (None, answer.model, answer.answered_by)
        )

    def of(self, key: str) -> Chosen:
        """The same choice within one source: what its worker is sent."""
        trial, second = (
            None if answers is None else {place: answer for place, answer in answers.items() if place[0] == key}
            for answers in (self.trial, self.second)
        )
        return replace(self, trial=trial, second=second)

    def documents(self, item: Entry, specs: Sequence[FieldSpec]) -> Iterator[str | None]:
        """The documents whose words are compared."""
        for spec in specs:
            answers = self.answer(item, spec.name), (self.second or {}).get((item.source.key, spec.name))
            yield from (answer.document for answer in answers if answer)
            yield item.cell(spec.name).document
        for twice in judged_twice(specs, item.answers, item.decisions, rejudged) if self.trial is None else ():
            yield from twice.documents()

    def entries(self, entries: Sequence[Entry]) -> list[Entry]:
        """The sources that were chosen."""
        return [item for item in entries if self.keys is None or item.source.key in self.keys]

    def specs(self, fields: Fields) -> list[FieldSpec]:
        """The fields that were chosen."""
        return [spec for spec in fields if self.fields is None or spec.name in self.fields]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All cells with their marks.

    ``looked_at`` are the (key, field) that were chosen, ``answers`` those that
    were compared, ``asked`` who gave them and to which question. ``unread`` cells have an answer on a text that is not in the cache,
    so that statements and quotes could not be compared; ``unfit`` decided
    values are none that their fields may have now; ``versions`` are gold
    papers that were answered in another version; ``absent`` gold papers that
    are no source of the survey; ``unfound`` of ``sought`` sentences of the gold
    file do not stand in the text. ``troubles`` are sources that could not be
    compared, and why.
    """

    cells: tuple[Marked, ...]
    looked_at: frozenset[tuple[str, str]]
    answers: tuple[Answer, ...]
    unread: int
    unfit: int = 0
    versions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    sought: int = 0
    unfound: int = 0
    troubles: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[Answerer, ...]:
        """Who answered, each field and question once."""
        asked = dict.fromkeys(map(_asked, self.answers))
        return tuple(sorted(asked, key=lambda item: tuple(map(str, item.model_dump().values()))))


def evaluate(
    entries: Sequence[Entry],
    archive: Archive,
    texts: TextWork,
    chosen: Chosen,
    gold: Sequence[GoldCell] | None,
    aliases: Aliases,
) -> Evaluation:
    """Compare the chosen answers with what is right."""
    picked, specs = chosen.entries(entries), chosen.specs(archive.fields)
    by_place = None if gold is None else placed(gold, [item.source for item in entries])
    done: list[_Done] = []
    troubles: list[str] = []
    for item in picked:
        try:
            done.append(_in_worker(item, archive, texts, chosen, aliases, by_place, specs))
        except ReadError as error:
            troubles.append(f"{item.source.label}: {error}")
    return Evaluation(
        tuple(cell for one in done for cell in one.cells),
        frozenset((item.source.key, spec.name) for item in picked for spec in specs),
        tuple(answer for one in done for answer in one.answers),
        sum(one.unread for one in done),
        sum(one.unfit for one in done),
        tuple(one.version for one in done if one.version),
        absent(gold or (), by_place or {}),
        sum(one.sought for one in done),
        sum(one.unfound for one in done),
        tuple(troubles),
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """One source, compared; see ``Evaluation``."""

    cells: tuple[Marked, ...]
    answers: tuple[Answer, ...]
    unread: int
    unfit: int
    sought: int
    unfound: int
    version: str | None


def _in_worker(
    item: Entry,
    archive: Archive,
    texts: TextWork,
    chosen: Chosen,
    aliases: Aliases,
    gold: Placed | None,
    specs: Sequence[FieldSpec],
) -> _Done:
    held = cached_texts(archive, chosen.documents(item, specs))
    of_it = None if gold is None else {place: cell for place, cell in gold.items() if place[0] == item.source.key}
    return texts.do(compared, held, item, chosen.of(item.source.key), aliases, of_it, specs)


def compared(
    texts: Mapping[str, PaperText],
    item: Entry,
    chosen: Chosen,
    aliases: Aliases,
    gold: Placed | None,
    specs: Sequence[FieldSpec],
) -> _Done:
    """One source's cells, compared in the worker that has its texts."""
    return _Compared(item, HeldTexts(texts), chosen, aliases, gold).all(specs)


class _Compared:
    """Compares the cells of one source."""

    def __init__(self, item: Entry, texts: HeldTexts, chosen: Chosen, aliases: Aliases, gold: Placed | None) -> None:
        self._item, self._chosen, self._aliases, self._gold = item, chosen, aliases, gold
        self._texts = texts
        self._stretches: dict[str, Stretches] = {}
        self.cells: list[Marked] = []
        self.answers: list[Answer] = []
        self.unread = self.unfit = self.sought = self.unfound = 0
        self.version: str | None = None

    def all(self, specs: Sequence[FieldSpec]) -> _Done:
        """Compare every cell of which a right value is known."""
        for spec in specs:
            answer = self._chosen.answer(self._item, spec.name)
            right = self._right(spec, answer)
            judged = {**self._judged(spec, answer), **self._once_more(spec)}
            if right is not None or judged:
                self.cells.append(self._cell(spec, right, answer, judged))
                self.answers += [answer] if answer else []
        return _Done(
            tuple(self.cells), tuple(self.answers), self.unread, self.unfit, self.sought, self.unfound, self.version
        )

    def _cell(self, spec: FieldSpec, right: Right | None, answer: Answer | None, judged: Marks) -> Marked:
        key = self._item.source.key
        if right is None:
            return Marked(key, spec.name, "decided", judged)
        given = self._given(answer) if answer and not answer.abstains else None
        claims = self._texts.claims(answer.document) if answer else None
        self.unread += answer is not None and claims is None
        made = {**marks(spec, right, given, claims, self._aliases), **judged, **self._again(spec, answer)}
        part = self._part(spec) if right.against == "decided" else None
        return Marked(key, spec.name, right.against, made, tuple(pairs(spec, right, given)), part)

    def _given(self, answer: Answer) -> Given:
        reported = answer.quoted or bool(answer.value)
        value = answer_value(answer, self._texts.quoter)
        return Given(reported, value, answer.evidence, answer.check, answer.quoted)

    def _part(self, spec: FieldSpec) -> DecidedPart:
        """Whether the standing value is an answer that was accepted as it was, or a person's own words."""
        decision = self._item.cell(spec.name).decision
        is_answer = decision is not None and stands_sha256(decision) == decision.judged_sha256
        return "accepted" if is_answer else "edited"

    def _again(self, spec: FieldSpec, first: Answer | None) -> Marks:
        """What is the same in a second answer to the same question."""
        second = (self._chosen.second or {}).get((self._item.source.key, spec.name))
        if first is None or second is None or first.abstains or second.abstains:
            return {}
        one, other = (answer_value(answer, self._texts.quoter) for answer in (first, second))
        is_same = is_same_value(spec, one, other, self._aliases, self._texts.claims(first.document))
        return again_marks(is_same, first.evidence, second.evidence)

    # --- what is right ----------------------------------------------------------------------------

    def _right(self, spec: FieldSpec, answer: Answer | None) -> Right | None:
        if self._gold is None:
            return self._standing(self._item.cell(spec.name))
        cell = self._gold.get((self._item.source.key, spec.name))
        return self._of_gold(cell, spec, answer) if cell else None

    def _standing(self, cell: Cell) -> Right | None:
        """The standing value; None where a person left none, or one that the field may no longer have."""
        if cell.decision is None or not stands(cell.decision):
            return None
        if cell.unfit:
            self.unfit += 1
            return None
        is_imported = cell.decision.verdict == "imported"
        reported = cell.decision.quoted or bool(cell.decision.value)
        words = self._texts.words(cell.document, cell.evidence)
        return Right(
            "imported" if is_imported else "decided", reported, cell.value, sentences=cell.evidence, beside=words
        )

    def _of_gold(self, cell: GoldCell, spec: FieldSpec, answer: Answer | None) -> Right:
        resolved = self._resolved(cell, answer.document) if answer else {}
        sentences = tuple(resolved)
        self._want_version(cell, answer)
        return Right(
            "gold",
            cell.reported,
            right_value(cell, spec),
            tuple(fact.fact for fact in cell.must),
            tuple(WantedName(name.name, name.aliases, name.optional) for name in cell.names),
            sentences,
            (*(fact.fact for fact in cell.nice), *(self._texts.words(answer.document, sentences) if answer else ())),
            frozenset(item.sha256 for item, is_full in resolved.items() if not is_full),
        )

    def _resolved(self, cell: GoldCell, document: str) -> dict[Evidence, bool]:
        """The sentences of a gold cell as they stand in the text, and whether each answers the field by itself."""
        text = self._texts.text(document)
        if text is None:
            return {}
        stretches = self._stretches.setdefault(document, Stretches(text))
        noted = (*cell.sentences, *cell.more)
        found = [stretches.found(stretch) for stretch in noted]
        self.sought += len(found)
        self.unfound += found.count(None)
        resolved: dict[Evidence, bool] = {}
        for stretch, sentences in zip(noted, found, strict=True):
            for item in sentences or ():
                resolved[item] = resolved.get(item, False) or stretch.right == "yes"
        return resolved

    def _want_version(self, cell: GoldCell, answer: Answer | None) -> None:
        if answer is None or not answer.version or self._item.source.kind != "arxiv":
            return
        pinned = parse_identity(cell.paper).version if cell.paper != self._item.source.key else None
        if pinned is not None and answer.version.lstrip("v") != str(pinned):
            self.version = f"{cell.paper}, answered in {answer.version}"

    # --- what a person said of the answer ---------------------------------------------------------

    def _judged(self, spec: FieldSpec, answer: Answer | None) -> Marks:
        """Whether the person who judged this very answer left it as it was, or changed nothing of what it means."""
        if answer is None or answer.abstains or self._gold is not None:
            return {}
        given = in_force([d for d in self._item.decisions if d.field == spec.name])
        last = next((d for d in reversed(given) if _is_of(d, answer)), None)
        if last is None:
            return {}
        return {"upheld": Mark(int(left_as_it_was(spec, answer, last, self._aliases)), 1)}

    def _once_more(self, spec: FieldSpec) -> Marks:
        """What came of judging the cell once more: blind by a person, or by a second reader who was shown the sentences."""
        if self._gold is not None or self._chosen.trial is not None:
            return {}
        made: dict[Measure, Mark] = {}
        for twice in judged_twice([spec], self._item.answers, self._item.decisions, rejudged):
            made["agreed blind"] = Mark(int(twice.agrees(self._texts, self._aliases)), 1)
        standing = self._item.cell(spec.name).decision
        if standing is not None and stands(standing) and standing.verdict != "imported":
            verdict = verdict_on(self._item.opinions, spec.name, stands_sha256(standing))
            if verdict is not None:
                made["found carried"] = Mark(int(verdict.finding == "yes"), 1)
        return made


def _is_of(decision: Decision, answer: Answer) -> bool:
    """Whether a person's verdict is on this very answer; what a list says is on none."""
    return decision.judged_sha256 == answer.value_sha256 and decision.verdict not in {"imported", *ASIDE}


def _asked(answer: Answer) -> Answerer:
    question = answer.question
    return Answerer(
        field=answer.field,
        engine=answer.engine,
        model=answer.answered_by or answer.model,
        prompt=question.prompt if question else None,
        instruction=question.instruction if question else None,
        parameters=question.parameters if question else None,
    )


def engines_of(entries: Sequence[Entry]) -> Iterator[tuple[str, str | None]]:
    """The engines and models that have answered anything, each once."""
    yield from dict.fromkeys((answer.engine, answer.model) for item in entries for answer in item.answers)


def places(entries: Sequence[Entry], chosen: Chosen, fields: Fields, gold: Placed | None) -> frozenset[tuple[str, str]]:
    """The chosen cells, as (key, field), of which a right value is known: those that are worth a question."""
    known = (
        (item.source.key, spec.name)
        for item in chosen.entries(entries)
        for spec in chosen.specs(fields)
        if gold is not None or _stands(item.cell(spec.name))
    )
    return frozenset(place for place in known if gold is None or place in gold)


def _stands(cell: Cell) -> bool:
    return stands(cell.decision) and cell.unfit is None
