"""Sources with their answers, and what is right in their cells, go in; each cell with its marks comes out. Nothing is asked.

What is right is what a person decided or a list brought in, or what a gold
file says. Compared is the latest answer of an engine or model, on the text of
the document that it was given on, as far as that is in the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.cells import Entry, answer_value, quotes_of
from survey_extract.core.decisions import in_force, latest_answer, stands, stands_sha256
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.baseline import Asked
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evaluation.evaluate import Marked
from survey_extract.core.evaluation.gold import GoldCell, Placed, absent, placed
from survey_extract.core.evaluation.judging import Given, Mark, Marks, Right, Wanted, marks, pairs
from survey_extract.core.evaluation.stretches import Stretches
from survey_extract.core.evidence import Quoter
from survey_extract.core.fields import FieldSpec
from survey_extract.core.identifiers import parse_identity
from survey_extract.core.ports import Archive
from survey_extract.core.records import Answer, Cell, Decision, Evidence, PaperText


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which cells and whose answers; None is any."""

    keys: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    engine: str | None = None
    model: str | None = None

    def answer(self, answers: Sequence[Answer]) -> Answer | None:
        """The latest of the engine and the model, by the name it was asked by or answered to."""
        return latest_answer(
            answer
            for answer in answers
            if self.engine in (None, answer.engine) and self.model in (None, answer.model, answer.answered_by)
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All cells with their marks.

    ``looked_at`` are the (key, field) that were chosen, ``asked`` who answered
    them. ``unread`` cells have an answer on a text that is not in the cache,
    so that statements and quotes could not be compared; ``unfit`` decided
    values are none that their fields may have now; ``versions`` are gold
    papers that were answered in another version; ``absent`` gold papers that
    are no source of the survey; ``unfound`` of ``sought`` sentences of the gold
    file do not stand in the text.
    """

    cells: tuple[Marked, ...]
    looked_at: frozenset[tuple[str, str]]
    asked: tuple[Asked, ...]
    unread: int
    unfit: int = 0
    versions: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    sought: int = 0
    unfound: int = 0


def evaluate(
    entries: Sequence[Entry], archive: Archive, chosen: Chosen, gold: Sequence[GoldCell] | None, aliases: Aliases
) -> Evaluation:
    """Compare the chosen answers with what is right."""
    picked = [item for item in entries if chosen.keys is None or item.source.key in chosen.keys]
    specs = [spec for spec in archive.fields if chosen.fields is None or spec.name in chosen.fields]
    by_place = None if gold is None else placed(gold, [item.source for item in entries])
    done = [_Compared(item, archive, chosen, aliases, by_place).all(specs) for item in picked]
    asked = dict.fromkeys(asked for one in done for asked in one.asked)
    return Evaluation(
        tuple(cell for one in done for cell in one.cells),
        frozenset((item.source.key, spec.name) for item in picked for spec in specs),
        tuple(sorted(asked, key=lambda item: tuple(map(str, item.model_dump().values())))),
        sum(one.unread for one in done),
        sum(one.unfit for one in done),
        tuple(one.version for one in done if one.version),
        absent(gold or (), by_place or {}),
        sum(one.sought for one in done),
        sum(one.unfound for one in done),
    )


class _Compared:
    """One source: its cells compared, with its texts loaded once."""

    def __init__(self, item: Entry, archive: Archive, chosen: Chosen, aliases: Aliases, gold: Placed | None) -> None:
        self._item, self._archive, self._chosen, self._aliases, self._gold = item, archive, chosen, aliases, gold
        self._texts: dict[str, PaperText | None] = {}
        self._claims: dict[str, Claims] = {}
        self._stretches: dict[str, Stretches] = {}
        self.cells: list[Marked] = []
        self.asked: list[Asked] = []
        self.unread = self.unfit = self.sought = self.unfound = 0
        self.version: str | None = None

    def all(self, specs: Sequence[FieldSpec]) -> _Compared:
        """Compare every cell of which something is known."""
        for spec in specs:
            answer = self._chosen.answer([a for a in self._item.answers if a.field == spec.name])
            right = self._right(spec, answer)
            judged = self._judged(spec, answer)
            if right is not None or judged:
                self.cells.append(self._cell(spec, right, answer, judged))
                self.asked += [_asked(answer)] if answer else []
        for held in (self._texts, self._claims, self._stretches):
            held.clear()  # a survey may have more documents than memory holds
        return self

    def _cell(self, spec: FieldSpec, right: Right | None, answer: Answer | None, judged: Marks) -> Marked:
        key = self._item.source.key
        if right is None:
            return Marked(key, spec.name, "decided", judged)
        given = self._given(answer) if answer else None
        text = self._text(answer.document) if answer else None
        self.unread += answer is not None and text is None
        claims = self._claims_of(answer.document, text) if answer and text else None
        made = marks(spec, right, given, claims, self._aliases)
        return Marked(key, spec.name, right.against, {**made, **judged}, tuple(pairs(spec, right, given)))

    def _given(self, answer: Answer) -> Given:
        reported = answer.quoted or bool(answer.value)
        return Given(reported, answer_value(answer, self._quoter), answer.evidence, answer.check)

    # --- what is right ----------------------------------------------------------------------------

    def _right(self, spec: FieldSpec, answer: Answer | None) -> Right | None:
        if self._gold is None:
            return self._standing(self._item.cell(spec.name))
        cell = self._gold.get((self._item.source.key, spec.name))
        return self._of_gold(cell, answer) if cell else None

    def _standing(self, cell: Cell) -> Right | None:
        """What stands; nothing does where a person left none, or one that the field may no longer have."""
        if cell.decision is None or not stands(cell.decision):
            return None
        if cell.unfit:
            self.unfit += 1
            return None
        is_imported = cell.decision.verdict == "imported"
        reported = cell.decision.quoted or bool(cell.decision.value)
        words = self._words(cell.document, cell.evidence)
        return Right(
            "imported" if is_imported else "decided", reported, cell.value, sentences=cell.evidence, beside=words
        )

    def _of_gold(self, cell: GoldCell, answer: Answer | None) -> Right:
        sentences = self._resolved(cell, answer.document) if answer else ()
        self._want_version(cell, answer)
        return Right(
            "gold",
            cell.reported,
            cell.value,
            tuple(fact.fact for fact in cell.must),
            tuple(Wanted(name.name, name.aliases, name.optional) for name in cell.names),
            sentences,
            (*(fact.fact for fact in cell.nice), *(self._words(answer.document, sentences) if answer else ())),
        )

    def _resolved(self, cell: GoldCell, document: str) -> tuple[Evidence, ...]:
        text = self._text(document)
        if text is None:
            return ()
        stretches = self._stretches.setdefault(document, Stretches(text))
        found = [stretches.found(stretch) for stretch in (*cell.sentences, *cell.more)]
        self.sought += len(found)
        self.unfound += found.count(None)
        return tuple(dict.fromkeys(item for sentences in found for item in sentences or ()))

    def _want_version(self, cell: GoldCell, answer: Answer | None) -> None:
        if answer is None or not answer.version or self._item.source.kind != "arxiv":
            return
        pinned = parse_identity(cell.paper).version if cell.paper != self._item.source.key else None
        if pinned is not None and answer.version.lstrip("v") != str(pinned):
            self.version = f"{cell.paper}, answered in {answer.version}"

    # --- what a person said of the answer ---------------------------------------------------------

    def _judged(self, spec: FieldSpec, answer: Answer | None) -> Marks:
        """Whether the answer stands as it was, where a person judged this very one."""
        if answer is None or self._gold is not None:
            return {}
        given = in_force([d for d in self._item.decisions if d.field == spec.name])
        last = next((d for d in reversed(given) if _is_of(d, answer)), None)
        return {} if last is None else {"upheld": Mark(int(stands_sha256(last) == answer.value_sha256), 1)}

    # --- texts ------------------------------------------------------------------------------------

    def _text(self, document: str) -> PaperText | None:
        if document not in self._texts:
            self._texts[document] = self._archive.text_of(document)
        return self._texts[document]

    def _quoter(self, document: str) -> Quoter | None:
        text = self._text(document)
        return Quoter(text) if text else None

    def _words(self, document: str | None, evidence: Sequence[Evidence]) -> tuple[str, ...]:
        quotes = quotes_of(document, evidence, self._quoter) if document else ()
        return tuple(quote.words for quote in quotes if quote.words)

    def _claims_of(self, document: str, text: PaperText) -> Claims:
        if document not in self._claims:
            self._claims[document] = Claims(text)
        return self._claims[document]


def _is_of(decision: Decision, answer: Answer) -> bool:
    """Whether a person's verdict is on this very answer; what a list says is on none."""
    return decision.judged_sha256 == answer.value_sha256 and decision.verdict not in ("imported", "suggested")


def _asked(answer: Answer) -> Asked:
    question = answer.question
    return Asked(
        field=answer.field,
        engine=answer.engine,
        model=answer.answered_by or answer.model,
        prompt=question.prompt if question else None,
        instruction=question.instruction if question else None,
        parameters=question.parameters if question else None,
    )


def engines_of(entries: Sequence[Entry]) -> Iterator[tuple[str, str | None]]:
    """Who has answered anything, each once."""
    yield from dict.fromkeys((answer.engine, answer.model) for item in entries for answer in item.answers)
