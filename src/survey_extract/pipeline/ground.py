"""An engine's reply about a document goes in, answers come out: its sentence numbers resolved, its words checked, all that they depend on noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.check.grounding import Grounded, grounded
from survey_extract.core.due.questions import Asking
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ports import Asked, Engine, Said, TextWork
from survey_extract.core.records import Answer, Document


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
    texts: TextWork
    """Where the text is gone through."""

    def answers(self, asked: Asked, specs: Sequence[FieldSpec]) -> tuple[Answer, ...]:
        """The answers in a reply."""
        by_name = {spec.name: spec for spec in specs}
        made = self.texts.do(grounded, self.text, asked.said, by_name, asked.offered, self.own)
        return tuple(
            self._answer(said, asked, by_name[said.field], on) for said, on in zip(asked.said, made, strict=True)
        )

    def _answer(self, said: Said, asked: Asked, spec: FieldSpec, on: Grounded) -> Answer:
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
            value_sha256=on.value_sha256,
            evidence=on.evidence,
            unresolved=on.unresolved,
            check=on.check,
            omitted=asked.omitted,
            reply=asked.reply,
            question=self.asking.question(spec),
            answered_by=asked.answered_by,
            run=self.run,
            at=self.at,
        )
