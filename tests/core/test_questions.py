"""Why a field is asked: each part of the question that changed is named, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey_extract.core.due.questions import Asking, due_fields
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Answer, Check, Document
from tests.fields import FIELDS

ASKING = Asking("openai", "m1", "the wording", {"temperature": 0})
ONE, OTHER = FIELDS.asked[:2]
DOCUMENT = Document("k", "d" * 64, 1, "application/pdf", "u", "l", "v1", None, None, "2026-01-01T00:00:00Z")


def answered(spec: FieldSpec = ONE, asking: Asking = ASKING) -> Answer:
    return Answer(
        asking.fingerprint(spec, "text"), spec.name, asking.engine, asking.model, DOCUMENT.sha256, "v1", "text", "r", "value", False, "h", (), (),
        Check(), 0, None, "run", "2026-01-01T00:00:00Z", asking.question(spec),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asking", "document", "text", "reason"),
    [
        (ASKING, DOCUMENT, "text", None),
        (ASKING, DOCUMENT, None, None),
        (replace(ASKING, prompt="other words"), DOCUMENT, None, "prompt changed"),
        (replace(ASKING, parameters={"temperature": 1}), DOCUMENT, None, "parameters changed"),
        (replace(ASKING, model="m2"), DOCUMENT, None, "model m1 -> m2"),
        (replace(ASKING, engine="extractive", model=None), DOCUMENT, None, "engine openai -> extractive"),
        (ASKING, replace(DOCUMENT, sha256="e" * 64, version="v2"), "next", "v1 -> v2"),
        (ASKING, replace(DOCUMENT, sha256="e" * 64, version=None), "next", "the document changed"),
        (ASKING, DOCUMENT, "other text", "the text is read otherwise"),
        (replace(ASKING, prompt="x", parameters=None), DOCUMENT, None, "prompt changed, parameters changed"),
        (replace(ASKING, engine="extractive", model=None, keeps_models=True), DOCUMENT, None, None),
    ],
)
def test_the_reason_is_named(asking: Asking, document: Document, text: str | None, reason: str | None) -> None:
    """Nothing is due while all is as it was."""
    due = due_fields((ONE,), [answered()], document, asking, text)
    assert [item.reason for item in due] == ([reason] if reason else [])


def test_a_changed_instruction_asks_its_field_alone() -> None:
    """And a field that was added is asked of every source."""
    changed = replace(ONE, ask="Say something else.")
    known = [answered(ONE), answered(OTHER)]
    assert [(i.spec.name, i.reason) for i in due_fields((changed, OTHER), known, DOCUMENT, ASKING)] == [
        (ONE.name, "instruction changed")
    ]
    assert [(i.spec.name, i.reason) for i in due_fields((ONE, OTHER), known[:1], DOCUMENT, ASKING)] == [
        (OTHER.name, "new field")
    ]
    assert {i.reason for i in due_fields((ONE, OTHER), [], DOCUMENT, ASKING)} == {"new source"}


def test_an_answer_from_before_the_parts_were_kept() -> None:
    """It cannot be told which part changed, so all are named."""
    old = replace(answered(), question=None)
    due = due_fields((ONE,), [old], DOCUMENT, replace(ASKING, prompt="x"))
    assert due[0].reason == "prompt, instruction or parameters changed"
