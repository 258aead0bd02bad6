"""The archive and the cells on which more than one judgement may be go in; how often people agree comes out, by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from survey_extract.core.cells import decided_value
from survey_extract.core.due.questions import latest_of
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.people import JudgedPair, PeopleAgreement, agree, agreements, pair_of
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Archive, TextWork
from survey_extract.core.records import Answer, Decision
from survey_extract.core.text_work import HERE
from survey_extract.errors import ReadError
from survey_extract.pipeline.held_texts import HeldTexts, cached_texts

Paired = Callable[[FieldSpec, Sequence[Decision]], JudgedPair | None]
"""Which two of a cell's decisions are compared."""


class Twice(NamedTuple):
    """A cell that two people judged, its latest answer, and the document that it is about."""

    pair: JudgedPair
    answer: Answer | None
    document: str | None

    def documents(self) -> Iterator[str | None]:
        """The documents whose words are compared; a person's own words need none."""
        if self.pair.blind or self.pair.one.quoted or self.pair.other.quoted:
            yield from (self.document, self.pair.one.document, self.pair.other.document)
            yield self.answer.document if self.answer else None

    def agrees(self, texts: HeldTexts, aliases: Aliases) -> bool:
        """Whether both judgements say the same."""
        return agree(
            self.pair,
            lambda decision: decided_value(decision, self.answer, texts.quoter),
            lambda _: texts.claims(self.document) if self.document else None,
            aliases,
        )


def people_agree(
    cells: Iterable[tuple[str, str]], archive: Archive, texts: TextWork, aliases: Aliases
) -> tuple[tuple[PeopleAgreement, ...], tuple[tuple[str, str], ...]]:
    """How often two people agree, in these cells (key and field); texts are opened only for prose and quotes.

    And the sources whose texts could not be gone through, each with why.
    """
    known = {spec.name: spec for spec in archive.fields}
    found: list[tuple[JudgedPair, bool]] = []
    troubles: list[tuple[str, str]] = []
    for key, of_it in groupby(sorted(cells), itemgetter(0)):
        specs = [known[name] for _, name in of_it if name in known]  # a field that is no more is asked of nobody
        twice = list(judged_twice(specs, archive.answers(key), archive.decisions(key)))
        held = cached_texts(archive, (document for one in twice for document in one.documents()))
        try:
            found += (texts if held else HERE).do(_judged, held, twice, aliases)
        except ReadError as error:
            troubles.append((key, f"whether people agree could not be looked at: {error}"))
    order = list(known)
    return agreements(sorted(found, key=lambda judged: order.index(judged[0].spec.name))), tuple(troubles)


def judged_twice(
    specs: Iterable[FieldSpec], answers: Sequence[Answer], decisions: Sequence[Decision], paired: Paired = pair_of
) -> Iterator[Twice]:
    """The cells of a source that were judged twice: by two people, or as ``paired`` says."""
    for spec in specs:
        pair = paired(spec, [one for one in decisions if one.field == spec.name])
        if pair is not None:
            answer = latest_of(answers, spec.name)
            document = pair.one.document or pair.other.document or (answer.document if answer else None)
            yield Twice(pair, answer, document)


def _judged(held: Mapping[str, PaperText], twice: Sequence[Twice], aliases: Aliases) -> list[tuple[JudgedPair, bool]]:
    """The pairs of one source, and whether each agrees, compared where its texts are."""
    texts = HeldTexts(held)
    return [(one.pair, one.agrees(texts, aliases)) for one in twice]
