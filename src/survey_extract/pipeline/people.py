"""The archive and the cells on which more than one judgement may be go in; how often people agree comes out, by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from survey_extract.core.cells import decided_value
from survey_extract.core.due.questions import latest_of
from survey_extract.core.evaluation.aliases import Aliases
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evaluation.people import Agreement, Pair, agree, agreements, pair_of
from survey_extract.core.evidence import Quoter
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ports import Archive

TEXTS_HELD = 8


class _Texts:
    """The texts of documents, as far as they are in the cache, each opened when it is wanted."""

    def __init__(self, archive: Archive) -> None:
        self._text = lru_cache(TEXTS_HELD)(archive.text_of)
        self.claims = lru_cache(TEXTS_HELD)(self._claims)

    def quoter(self, document: str) -> Quoter | None:
        text = self._text(document)
        return Quoter(text) if text else None

    def _claims(self, document: str) -> Claims | None:
        text = self._text(document)
        return Claims(text) if text else None


def people_agree(cells: Iterable[tuple[str, str]], archive: Archive, aliases: Aliases) -> tuple[Agreement, ...]:
    """How often two people agree, in these cells (key and field); texts are opened only for prose and quotes."""
    known, texts = {spec.name: spec for spec in archive.fields}, _Texts(archive)
    found: list[tuple[Pair, bool]] = []
    for key, name in cells:
        if name in known:  # a field that is no more is asked of nobody
            found += _judged(key, known[name], archive, texts, aliases)
    order = list(known)
    return agreements(sorted(found, key=lambda judged: order.index(judged[0].spec.name)))


def _judged(
    key: str, spec: FieldSpec, archive: Archive, texts: _Texts, aliases: Aliases
) -> Iterator[tuple[Pair, bool]]:
    pair = pair_of(spec, [decision for decision in archive.decisions(key) if decision.field == spec.name])
    if pair is None:
        return
    answer = latest_of(archive.answers(key), spec.name)
    document = pair.one.document or pair.other.document or (answer.document if answer else None)
    yield (
        pair,
        agree(
            pair,
            lambda decision: decided_value(decision, answer, texts.quoter),
            lambda _: texts.claims(document) if document else None,
            aliases,
        ),
    )
