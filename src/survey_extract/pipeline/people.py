"""The archive and the cells on which more than one judgement may be go in; how often people agree comes out, by field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from survey_extract.core.cells import decided_value
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.people import Agreement, Pair, agree, agreements, pair_of
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ports import Archive
from survey_extract.core.questions import latest_of
from survey_extract.core.records import Answer, Decision
from survey_extract.pipeline.held_texts import HeldTexts


def people_agree(cells: Iterable[tuple[str, str]], archive: Archive, aliases: Aliases) -> tuple[Agreement, ...]:
    """How often two people agree, in these cells (key and field); texts are opened only for prose and quotes."""
    known = {spec.name: spec for spec in archive.fields}
    found: list[tuple[Pair, bool]] = []
    for key, group in groupby(sorted(cells), itemgetter(0)):
        texts, answers, decisions = HeldTexts(archive), archive.answers(key), archive.decisions(key)
        specs = [known[name] for _, name in group if name in known]  # a field that is no more is asked of nobody
        pairs = (two_judgements(spec, answers, decisions, texts, aliases) for spec in specs)
        found += [pair for pair in pairs if pair is not None]
    order = list(known)
    return agreements(sorted(found, key=lambda judged: order.index(judged[0].spec.name)))


def two_judgements(
    spec: FieldSpec, answers: Sequence[Answer], decisions: Sequence[Decision], texts: HeldTexts, aliases: Aliases
) -> tuple[Pair, bool] | None:
    """The two judgements of a source's cell that count, and whether they say the same; None where there are not two."""
    pair = pair_of(spec, [decision for decision in decisions if decision.field == spec.name])
    if pair is None:
        return None
    answer = latest_of(answers, spec.name)
    document = pair.one.document or pair.other.document or (answer.document if answer else None)
    is_one = agree(
        pair,
        lambda decision: decided_value(decision, answer, texts.quoter),
        lambda _: texts.claims(document) if document else None,
        aliases,
    )
    return pair, is_one
