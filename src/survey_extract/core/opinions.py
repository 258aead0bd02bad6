"""A source's answers, decisions and second opinions go in; which opinions are wanted, and which count in a cell, comes out.

A second opinion serves the queue: it is asked about an answer that waits for a
decision, and about no other. It is never asked of whoever gave the answer. One
that was given to today's question stays given: when the answer beside it
changes, the two are compared again and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from survey_extract.core.decisions import waits
from survey_extract.core.due.questions import Asking, latest_of
from survey_extract.core.evidence import as_text
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Answer, Decision, Document, Evidence, Finding, Opinion, OpinionKind, Value

if TYPE_CHECKING:
    from survey_extract.core.evaluation.aliases import Aliases
    from survey_extract.core.evaluation.claims import Claims

_DENYING = frozenset({"no", "not", "never", "without", "none", "neither", "nor", "cannot"})


def agreement(
    spec: FieldSpec, one: Value, other: Value, aliases: Aliases, claims: Callable[[], Claims] | None = None
) -> Finding:
    """Whether two answers agree, by the field's judge; ``claims`` gives those of the document, for prose.

    Claims tell whether two texts speak of one matter, not whether one of them
    denies it; so texts that deny a different number of times differ.
    """
    from survey_extract.core.evaluation.sameness import is_same_value

    if spec.judge.by == "claims" and _denials(one) != _denials(other):
        return "differs"
    by_claims = claims() if claims and spec.judge.by == "claims" and one and other and one != other else None
    return "agrees" if is_same_value(spec, one, other, aliases, by_claims) else "differs"


def _denials(value: Value) -> int:
    from survey_extract.core.words.tokens import fold, tokens  # what a night without opinions does not load

    words = [fold(token.text) for token in tokens(as_text(value)) if token.kind == "word"]
    return sum(word in _DENYING or word.endswith(("n't", "n’t")) for word in words)


# --- what is wanted -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What second opinions need: fields to ask, and opinions on record to compare with another answer."""

    asked: tuple[tuple[FieldSpec, Answer], ...] = ()
    again: tuple[tuple[FieldSpec, Answer, Opinion], ...] = ()


@dataclass(frozen=True, slots=True)
class Seconds:
    """What is known of a source, and the question as the second engine would be asked it."""

    asking: Asking
    answers: Sequence[Answer]
    decisions: Sequence[Decision]
    opinions: Sequence[Opinion]

    def wanted(self, specs: Sequence[FieldSpec], document: Document) -> Wanted:
        """What is to be done about the answers that were given on this document."""
        asked: list[tuple[FieldSpec, Answer]] = []
        again: list[tuple[FieldSpec, Answer, Opinion]] = []
        for spec in specs:
            answer = latest_of(self.answers, spec.name)
            if answer is None or answer.document != document.sha256 or not self._is_wanted(spec, answer):
                continue
            given = self.given(spec, answer.text, answer)
            if given is None:
                asked.append((spec, answer))
            elif given.about != answer.value_sha256:
                again.append((spec, answer, given))
        return Wanted(tuple(asked), tuple(again))

    def _is_wanted(self, spec: FieldSpec, answer: Answer) -> bool:
        of_field = [decision for decision in self.decisions if decision.field == spec.name]
        return waits(answer.value_sha256, of_field) and not is_own(answer, self.asking.engine, self.asking.model)

    def given(self, spec: FieldSpec, text: str | None, answer: Answer | None = None) -> Opinion | None:
        """The last opinion that was given to today's question of this text.

        An ``answer`` that was carried over from an earlier version brings its opinions along.
        """
        of_field = [o for o in self.opinions if (o.kind, o.field) == ("second", spec.name)]
        carried = answer if answer is not None and answer.asked_of else None
        return next(
            (o for o in reversed(of_field) if (o.text == text or _is_along(o, carried)) and self._is_todays(spec, o)),
            None,
        )

    def _is_todays(self, spec: FieldSpec, opinion: Opinion) -> bool:
        names = (spec.name, *spec.was)
        return opinion.fingerprint in {self.asking.fingerprint(spec, opinion.text, name) for name in names}


def _is_along(opinion: Opinion, carried: Answer | None) -> bool:
    """Whether an opinion goes along with an answer that was carried over: both were given to one text, or it is about that value."""
    return carried is not None and (opinion.text == carried.asked_of or opinion.about == carried.value_sha256)


def is_own(answer: Answer, engine: str, model: str | None) -> bool:
    """Whether an answer comes from that engine or model, by the name it was asked by or the name in its reply."""
    if model is None:
        return answer.engine == engine
    names = {name.casefold() for name in (answer.model, answer.answered_by) if name}
    return answer.engine == engine and model.casefold() in names


# --- what counts ----------------------------------------------------------------------------------


def opinion_on(opinions: Sequence[Opinion], kind: OpinionKind, proposal: Answer | None) -> Opinion | None:
    """The last opinion of a kind on what is proposed in a cell; one on other sentences than it points at now is none.

    Who found no answer without a model agrees with nobody and differs from nobody, and nobody agrees with that.
    """
    if proposal is None:
        return None
    about = [o for o in opinions if (o.kind, o.about) == (kind, proposal.value_sha256)]
    if kind == "second":
        about = [o for o in about if not o.abstains and not (proposal.abstains and o.finding == "agrees")]
    if kind == "judge":
        about = [opinion for opinion in about if is_on(opinion, proposal.evidence)]
    return about[-1] if about else None


def verdict_on(opinions: Sequence[Opinion], field: str, about: str | None) -> Opinion | None:
    """The last usable word of a second reader on a value, by its hash; None if there is none."""
    judged = (o for o in reversed(opinions) if (o.kind, o.field, o.about) == ("judge", field, about))
    return next((opinion for opinion in judged if opinion.finding in ("yes", "partly", "no")), None)


def is_on(opinion: Opinion, evidence: Sequence[Evidence]) -> bool:
    """Whether a second reader judged exactly these sentences."""
    return {item.sha256 for item in opinion.evidence} == {item.sha256 for item in evidence}
