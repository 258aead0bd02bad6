"""The values of a source's cells and its text go in; each value checked against that text comes out.

Audited is what no engine gave, and so nothing checked when it arrived: what a
list brought in, what a person wrote, what a person confirmed. So is what was
checked by older rules, and what was decided in an older version than the newest. An audit is made once for a value, its evidence, the
text and the rules; on an unchanged night there is nothing to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_extract.core.cells import audit_of, standing_evidence
from survey_extract.core.check import RULES
from survey_extract.core.decisions import latest_answer, standing_decision, stands, stands_sha256
from survey_extract.core.evidence import as_text
from survey_extract.core.fields import Fields, FieldSpec
from survey_extract.core.newest import audit_against, is_of, rests_on_older
from survey_extract.core.paper_text import PaperText
from survey_extract.core.records import Answer, Audit, AuditOf, Decision, Document, Evidence, Source, Value

if TYPE_CHECKING:
    from survey_extract.core.check.support import Support


def own_names(source: Source, document: Document | None) -> tuple[str, ...]:
    """The display name and the title of a source, which any value may use."""
    title = document.metadata.title if document else None
    return tuple(name for name in (source.name, title) if name)


@dataclass(frozen=True, slots=True)
class Auditable:
    """A value to be checked against the text of ``document``."""

    field: str
    of: AuditOf
    value: Value
    value_sha256: str
    evidence: tuple[Evidence, ...]
    document: str
    places: tuple[Evidence, ...]
    """Where the sentences of ``evidence`` stand in that document, which may be a newer one."""
    before: str | None = None
    """The document that they were cut from, where it is an older one and they have to be looked for in this."""
    words: tuple[tuple[str, str], ...] = ()
    """Those of its sentences that are remembered, each under its hash, where no text has them any more."""

    @property
    def is_reread(self) -> bool:
        """Whether it is looked for in the very document that it was decided in, as that is read today."""
        return self.before == self.document


def auditable(
    document: str | None,
    answers: Sequence[Answer],
    decisions: Sequence[Decision],
    fields: Fields,
    audits: Sequence[Audit] = (),
    text: str | None = None,
) -> tuple[Auditable, ...]:
    """The values of a source that are to be audited; ``document`` is its latest, for those that point at no sentence.

    ``text`` is the hash of the text of that, where it is here: what was decided on another text of it is looked up in this.
    """
    found: list[Auditable | None] = []
    for spec in fields:
        given = [answer for answer in answers if answer.field == spec.name]
        on_it = [decision for decision in decisions if decision.field == spec.name]
        decision = standing_decision(on_it)
        if decision is not None and stands(decision):
            found.append(_standing(decision, given, document))
            found.append(_newest(decision, on_it, document))
            found.append(
                _reread(decision, on_it, given, [one for one in audits if one.field == spec.name], text, document)
            )
        if (latest := latest_answer(given)) is not None:
            found.append(_proposed(latest))
    return tuple(item for item in found if item is not None)


def _standing(decision: Decision, answers: Sequence[Answer], document: str | None) -> Auditable | None:
    """What stands, unless it says nothing, is the source's own words, or was an engine's that today's rules checked."""
    sha256 = stands_sha256(decision)
    if sha256 is None or decision.value is None or decision.quoted or _was_checked(decision, answers):
        return None
    pointed, places = standing_evidence(latest_answer(answers), decision)
    place = pointed or document
    if place is None:
        return None
    return Auditable(decision.field, "standing", decision.value, sha256, decision.evidence, place, places)


def _newest(decision: Decision, decisions: Sequence[Decision], document: str | None) -> Auditable | None:
    """What stands and was decided in an older document than the latest; of a quote, its words are its value."""
    sha256 = stands_sha256(decision)
    if document is None or sha256 is None or not rests_on_older(decision, decisions, document):
        return None
    value = None if decision.quoted else decision.value
    return Auditable(decision.field, "newest", value, sha256, decision.evidence, document, (), decision.document)


def _reread(
    decision: Decision,
    decisions: Sequence[Decision],
    answers: Sequence[Answer],
    audits: Sequence[Audit],
    text: str | None,
    document: str | None,
) -> Auditable | None:
    """What stands on sentences of the latest document, unless they were taken from this very text of it.

    So they were where an answer about this text names them, or the value was checked against it on them as it was decided.
    """
    sha256 = stands_sha256(decision)
    if text is None or sha256 is None or not is_of(decision, document):
        return None
    pointed, given_at = [item.sha256 for item in decision.evidence], {one.at for one in decisions}
    if any(one.text == text and set(pointed) <= {item.sha256 for item in one.evidence} for one in answers):
        return None
    checked = (one for one in audits if (one.of, one.text) == ("standing", text) and one.at in given_at)
    if any([item.sha256 for item in one.evidence] == pointed for one in checked):
        return None
    value = None if decision.quoted else decision.value
    return Auditable(decision.field, "newest", value, sha256, decision.evidence, document or "", (), decision.document)


def _was_checked(decision: Decision, answers: Sequence[Answer]) -> bool:
    return decision.verdict == "accepted" and any(
        answer.value_sha256 == stands_sha256(decision)
        and answer.check.rules >= RULES
        and [item.sha256 for item in answer.evidence] == [item.sha256 for item in decision.evidence]
        for answer in answers
    )


def _proposed(latest: Answer) -> Auditable | None:
    """The latest answer, if older rules checked it."""
    if latest.check.rules >= RULES or latest.value is None:
        return None
    return Auditable(
        latest.field, "proposed", latest.value, latest.value_sha256, latest.evidence, latest.document, latest.evidence
    )


def is_handwritten(decision: Decision) -> bool:
    """Whether a value stands by a list or a person's own words, and points at no sentence yet."""
    return decision.verdict in ("imported", "edited") and decision.value is not None and not decision.evidence


def has_current_audit(values: Sequence[Auditable], audits: Sequence[Audit]) -> bool:
    """Whether each was checked against its document by today's rules, whatever text that had."""
    last = [_last(item, audits) for item in values]
    return all(
        audit is not None and audit.document == item.document and audit.check.rules >= RULES
        for item, audit in zip(values, last, strict=True)
    )


def _last(item: Auditable, audits: Sequence[Audit]) -> Audit | None:
    of_field = [audit for audit in audits if audit.field == item.field]
    if item.of == "newest":
        return audit_against(item.document, item.value_sha256, item.evidence, of_field)
    return audit_of(item.of, item.value_sha256, item.evidence, of_field)


def audits_due(
    values: Sequence[Auditable], audits: Sequence[Audit], text_sha256: Callable[[str], str | None]
) -> tuple[Auditable, ...]:
    """Those whose last audit was of another text or by older rules; ``text_sha256`` is None for a document whose text is not here."""
    due: list[Auditable] = []
    for item in values:
        text = text_sha256(item.document)
        last = _last(item, audits)
        if text is not None and (last is None or last.text != text or last.check.rules < RULES):
            due.append(item)
    return tuple(due)


def audits_of(
    text: PaperText,
    document: str,
    own: Sequence[str],
    fields: Fields,
    items: Sequence[Auditable],
    at: str,
    olds: Mapping[str, PaperText] = MappingProxyType({}),
) -> list[Audit]:
    """The audits of some values in the text of a document; ``at`` is the time in UTC, ``olds`` are the texts of older documents that are here."""
    auditor = Auditor(document, text, own, fields, olds)
    return [auditor.audit(item, at) for item in items]


class Auditor:
    """Checks values against one text; ``own`` are the source's names, ``olds`` the texts of its older documents."""

    def __init__(
        self,
        document: str,
        text: PaperText,
        own: Sequence[str],
        fields: Fields,
        olds: Mapping[str, PaperText] = MappingProxyType({}),
    ) -> None:
        from survey_extract.core.check.check import check, readings_of
        from survey_extract.core.check.choices import naming
        from survey_extract.core.check.support import Nearest
        from survey_extract.core.check.tabled import tabled
        from survey_extract.core.check.whole import in_any_form

        self._check, self._naming, self._tabled = check, naming, tabled
        self._document, self._text, self._own, self._fields = document, text, tuple(own), fields
        self._readings = readings_of(text)
        self._in_any_form = partial(in_any_form, readings=self._readings)
        self._nearest = Nearest(text)
        self._olds = olds

    def audit(self, item: Auditable, at: str) -> Audit:
        """What a value comes to: one that points at no sentence is checked by those that come nearest to it."""
        if item.of == "newest":
            return self._newest(item, at)
        support = None if item.places else self._support(self._fields.named(item.field), item.value)
        near, far = (support.sentences, support.far) if support else ((), ())
        places = item.places or near
        checked = self._check(self._fields.named(item.field), item.value, places, self._text, self._own)
        return Audit(
            item.field, item.of, item.value_sha256, self._document, self._text.sha256, item.evidence, near,
            checked, at, far,
        )  # fmt: skip

    def _newest(self, item: Auditable, at: str) -> Audit:
        """What a value comes to whose sentences are those of an older document."""
        from survey_extract.core.due.holding import hold

        spec, old = self._fields.named(item.field), self._olds.get(item.before or "")
        known = item.evidence and old is not None and not item.is_reread
        near = () if known or item.value is None else self._support(spec, item.value).sentences
        held = hold(
            spec, item.value, item.evidence, near, self._text, self._nearest, old, self._own, dict(item.words),
            is_reread=item.is_reread,
        )  # fmt: skip
        return Audit(
            item.field, item.of, item.value_sha256, self._document, self._text.sha256, item.evidence, held.places,
            held.check, at, (), held.fates, held.lost, held.worse, held.instead,
        )  # fmt: skip

    def _support(self, spec: FieldSpec, value: Value) -> Support:
        """The row of the one cell of a table that has it; the sentences that give a date or a quantity in whatever form or name an
        option; else those whose words come nearest."""
        if (row := self._tabled(spec, value, self._text, self._own).certain) is not None:
            return replace(self._nearest.support(None), sentences=(row,))
        says = self._in_any_form(spec, value) if isinstance(value, str) else None
        if spec.type == "choice" and isinstance(value, str):
            says = self._naming(spec, value, [self._text.quote(sentence) for sentence in self._text.citable()])
        if says and (saying := self._nearest.saying(says)):
            return saying
        if self._readings.is_of_another(as_text(value) or ""):
            figures = " ".join(re.findall(r"\d[\d.,]*", as_text(value) or ""))
            return replace(
                self._nearest.support(figures), far=()
            )  # words of two languages come near each other by chance
        if spec.type == "number" and isinstance(value, str):
            return self._nearest.support(self._readings.of_value(value, is_number=True).numbers(value))
        return self._nearest.support(value)
