"""A posted form goes in, what the reviewer gave comes out, and what the page asks back before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData

from survey_extract.core.evidence import as_text
from survey_extract.review import CellView, Judgement, NeedsReason, NotInEvidence

VERDICTS: dict[str, Judgement] = {
    "a": "accepted",
    "e": "edited",
    "r": "rejected",
    "n": "not_reported",
    "m": "confirmed",
    "x": "removed",
}
ON_NEAREST = "s"
"""The key of the same verdict once more, on the sentences that were offered in place of the marked ones."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A verdict with all that was typed and chosen for it.

    ``evidence`` and ``mine`` are the sentences left for the proposal and for
    what stands, None where the page chooses; ``active`` is the list that
    clicks counted for. ``asked`` is the verdict that the page had asked about.
    """

    key: str = ""
    value: str = ""
    reason: str = ""
    judged: str | None = None
    standing: str | None = None
    evidence: tuple[int, ...] | None = None
    changed: bool = False
    mine: tuple[int, ...] | None = None
    active: str = ""
    stood_for: tuple[str, ...] = ()
    asked: str = ""

    @classmethod
    def nothing(cls, view: CellView) -> Typed:
        """Before anything is typed: an edit starts from what stands, else from the proposal."""
        words = as_text(view.standing) or as_text(view.proposed)
        return cls(value=words, changed=view.proposes_what_stands and bool(view.carrying))

    @classmethod
    def of(cls, form: FormData) -> Typed:
        """What a form holds."""
        typed = cls(
            key=_text(form, "verdict"),
            value=", ".join(str(part) for part in form.getlist("value")),
            reason=_text(form, "reason"),
            judged=_text(form, "judged") or None,
            standing=_text(form, "standing") or None,
            evidence=numbers(form, "evidence"),
            changed=bool(_text(form, "evidence_changed")),
            mine=numbers(form, "mine"),
            active=_text(form, "active"),
            stood_for=tuple(str(term) for term in form.getlist("stood_for")),
            asked=_text(form, "asked"),
        )
        if typed.key != ON_NEAREST:
            return typed
        offered = numbers(form, "nearest")
        return replace(typed, key=typed.asked, evidence=offered, changed=True, mine=offered)

    @property
    def verdict(self) -> Judgement | None:
        return VERDICTS.get(self.key)

    @property
    def numbers(self) -> Sequence[int] | None:
        """The sentences that the verdict rests on; None for those that the proposal names."""
        if self.key == "m" or (self.key == "e" and self.active == "mine"):
            return self.mine
        return self.evidence if self.changed else None

    @property
    def of_what_stands(self) -> bool:
        """Whether the verdict is on the standing value, or an edit that replaces it, and so fits no other."""
        return self.key in ("m", "x", "e")

    def for_another(self, view: CellView) -> Typed:
        """What is kept of it when the cell has changed: the reason, and the words of an edit."""
        fresh = replace(Typed.nothing(view), reason=self.reason)
        return replace(fresh, key="e", value=self.value) if self.key == "e" else fresh


@dataclass(frozen=True, slots=True)
class Ask:
    """What the page asks once before a verdict is done."""

    key: str
    said: str
    label: str = ""
    terms: tuple[str, ...] = ()
    needs_reason: bool = False
    nearest: tuple[int, ...] = ()
    """Sentences that are offered in place of the marked ones."""

    @property
    def first(self) -> str:
        """The verdict that is meant by Enter."""
        return ON_NEAREST if self.nearest else self.key


def to_take_back(view: CellView) -> Ask:
    """Whether what stands is to be taken back, and what becomes of the row."""
    then = f"{view.leaves}." if view.leaves else "its row stays as it is in the table."
    return Ask("x", f"Take back the current value of {view.spec.heading}? Then {then}", "Take it back")


def for_a_reason(typed: Typed, error: NeedsReason) -> Ask:
    """Why it stands although the source does not hold what it names, or its sentences say otherwise."""
    label = {"a": "Accept anyway", "m": "Keep mine anyway"}.get(typed.key, "Save anyway")
    said = f"{error.lacks[0].upper()}{error.lacks[1:]}. Give a reason, or edit the text."
    return Ask(typed.key, said, label, (*typed.stood_for, *error.terms), True)


def for_evidence(typed: Typed, error: NotInEvidence) -> Ask:
    """Whether other sentences are to be marked for a text, since those that are marked do not say all of it."""
    told = str(error)
    anyway = {"a": "Accept all the same", "m": "Keep mine all the same"}.get(typed.key, "Save all the same")
    label = anyway if error.apart or error.lost else "Save without a sentence"
    terms = (*typed.stood_for, *error.terms)
    return Ask(typed.key, f"{told[0].upper()}{told[1:]}. {_then(error)}", label, terms, nearest=error.nearest)


def _then(error: NotInEvidence) -> str:
    """What the reviewer can do about it, in words."""
    if error.lost:
        return "Compare both versions: decide on it all the same, or edit it."
    if error.nearest:
        return "These do:" if error.apart else "These come nearest:"
    if error.otherwise:
        return "Edit the text, or mark sentences that say it as you do."
    if error.apart:
        return "No sentence that can be marked was found that does: mark those that support it, or edit the text."
    return "Mark those that support it: click them on the page of the source."


def numbers(form: FormData, name: str) -> tuple[int, ...]:
    """The numbers of sentences in a field of a form."""
    return tuple(int(word) for word in _text(form, name).split() if word.isdigit() and len(word) < 9)


def _text(form: FormData, name: str) -> str:
    return str(form.get(name) or "")
