"""What an engine said of a document goes in, answers come out: its sentence numbers resolved, its words checked, all that they depend on noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.evidence import Quoter, check, point, quoted_value
from survey_extract.core.fields import FieldSpec
from survey_extract.core.fingerprint import value_sha256
from survey_extract.core.ports import Asked, Engine, Said
from survey_extract.core.questions import Asking
from survey_extract.core.records import Answer, Document, PaperText


@dataclass(frozen=True, slots=True)
class Grounds:
    """The document that was asked about, and who was asked what. ``own`` are the source's names; ``run`` and ``at`` are stamped."""

    document: Document
    text: PaperText
    engine: Engine
    asking: Asking
    own: tuple[str, ...]
    run: str
    at: str

    def answers(self, asked: Asked, specs: Sequence[FieldSpec]) -> tuple[Answer, ...]:
        """The answers in a reply."""
        by_name = {spec.name: spec for spec in specs}
        return tuple(self._answer(said, asked, by_name[said.field]) for said in asked.said)

    def _answer(self, said: Said, asked: Asked, spec: FieldSpec) -> Answer:
        evidence, unresolved = point(self.text, said.numbers, asked.offered)
        quoter = Quoter(self.text)
        value = quoted_value(quoter.quote(item) for item in evidence) if said.quoted else said.value
        return Answer(
            fingerprint=self.asking.fingerprint(spec, self.text.sha256),
            field=said.field,
            engine=self.engine.name,
            model=self.engine.model,
            document=self.document.sha256,
            version=self.document.version,
            text=self.text.sha256,
            reader=self.text.reader,
            value=None if said.quoted else said.value,
            quoted=said.quoted,
            value_sha256=value_sha256(value),
            evidence=evidence,
            unresolved=unresolved,
            check=check(spec, value, evidence, self.text, self.own),
            omitted=asked.omitted,
            reply=asked.reply,
            question=self.asking.question(spec),
            answered_by=asked.answered_by,
            run=self.run,
            at=self.at,
        )
