"""Today's question and the answers on record go in; which fields have to be asked, and why, comes out.

The unit of work is an answer: one field of one document by one engine. An
answer whose fingerprint is that of today's question is not asked for again;
of any other, the parts of the question that changed are the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.core.decisions import latest_answer
from survey_extract.core.fields import FieldSpec
from survey_extract.core.fingerprint import Json, answer_fingerprint, sha256_json, sha256_text
from survey_extract.core.records import Answer, Document, Question

if TYPE_CHECKING:
    from survey_extract.core.ports import Engine

SHORT = 12
"""Hexadecimal digits of the hashes in ``Question``: they tell parts apart, they name nothing."""

NEW_FIELD = "new field"
"""Why a field is asked of a source whose other fields were asked before."""
NEW_SOURCE = "new source"
"""Why a field is asked of a source that was never asked anything."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Today's question, apart from the text and the field. ``keeps_models`` leaves a model's answers alone, whichever engine runs."""

    engine: str
    model: str | None
    prompt: str
    parameters: Json
    keeps_models: bool = False

    @classmethod
    def of(cls, engine: Engine, *, keeps_models: bool) -> Asking:
        return cls(engine.name, engine.model, engine.prompt, engine.parameters, keeps_models)

    def fingerprint(self, spec: FieldSpec, text_sha256: str, name: str | None = None) -> str:
        """Hash of everything that an answer given now would depend on; ``name`` is a former one of the field's."""
        return answer_fingerprint(
            text=text_sha256,
            field=name or spec.name,
            instruction=self._told(spec),
            prompt=self.prompt,
            engine=self.engine,
            model=self.model,
            parameters=self.parameters,
        )

    def question(self, spec: FieldSpec) -> Question:
        """The parts of the question, to be kept with its answer."""
        return Question(
            prompt=sha256_text(self.prompt)[:SHORT],
            instruction=sha256_text(self._told(spec))[:SHORT],
            parameters=sha256_json(self.parameters)[:SHORT],
        )

    def _told(self, spec: FieldSpec) -> str:
        """What the engine is told of a field: a model its instruction; the engine without a model its cues as well."""
        return spec.first_instruction if self.model is not None else spec.recognition

    def is_answered(self, spec: FieldSpec, answer: Answer) -> bool:
        """Whether an answer was given to this question, of the text it was asked of, and the field may have its value."""
        if self.keeps_models and answer.model is not None:
            return True
        text = answer.asked_of or answer.text
        asked = any(answer.fingerprint == self.fingerprint(spec, text, name) for name in (spec.name, *spec.was))
        return asked and spec.fits(answer)


@dataclass(frozen=True, slots=True)
class Due:
    """A field that has to be asked, and the reason."""

    spec: FieldSpec
    reason: str


def latest_of(answers: Iterable[Answer], field: str) -> Answer | None:
    """The answer that counts in a cell."""
    return latest_answer(answer for answer in answers if answer.field == field)


def due_fields(
    specs: Sequence[FieldSpec],
    known: Sequence[Answer],
    document: Document,
    asking: Asking,
    text_sha256: str | None = None,
) -> tuple[Due, ...]:
    """The fields whose latest answer is missing, about another text, or was given to another question.

    ``text_sha256`` is the hash of the document's text where that is here; one
    that is not is taken to read as it did.
    """
    due: list[Due] = []
    for spec in specs:
        latest = latest_of(known, spec.name)
        if latest is None:
            due.append(Due(spec, NEW_FIELD if known else NEW_SOURCE))
            continue
        same_text = latest.document == document.sha256 and text_sha256 in (None, latest.text)
        if not same_text or not asking.is_answered(spec, latest):
            due.append(Due(spec, reason(spec, latest, document, asking)))
    return tuple(due)


def reason(spec: FieldSpec, latest: Answer, document: Document, asking: Asking) -> str:
    """What changed since the latest answer, in words."""
    changes: list[str] = []
    if latest.document != document.sha256:
        changes.append(other_document(latest.version, document.version))
    if latest.engine != asking.engine:
        changes.append(f"engine {latest.engine} -> {asking.engine}")
    elif latest.model != asking.model:
        changes.append(f"model {latest.model} -> {asking.model}")
    elif not asking.is_answered(spec, latest):
        changes += _other_question(asking.question(spec), latest.question)
    return ", ".join(changes) or READ_OTHERWISE


READ_OTHERWISE = "the text is read otherwise"


def other_document(then: str | None, now: str | None) -> str:
    """Two versions of a document in words, also of one that has no versions."""
    return f"{then} -> {now}" if then and now and then != now else "the document changed"


def _other_question(now: Question, then: Question | None) -> list[str]:
    if then is None:
        return ["prompt, instruction or parameters changed"]
    parts = (
        ("prompt", now.prompt, then.prompt),
        ("instruction", now.instruction, then.instruction),
        ("parameters", now.parameters, then.parameters),
    )
    return [f"{name} changed" for name, one, other in parts if one != other] or ["type changed"]
