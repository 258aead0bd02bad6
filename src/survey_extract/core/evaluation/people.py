"""The decisions on all cells go in; how often two people agree comes out, by field, with Cohen's kappa where a field has labels.

Counted are cells on which two people decided in one version of the source; one
person's second word is no second person's. A cell counts once, by the last word
of each of two: a blind one with another, otherwise the latest two. What was taken
back counts no more. What a list brought in nobody judged; who rejects a proposal
has said what is wrong, not what is right; and whoever has decided blind has seen all
the rest by then, so that what they decide afterwards is not an independent judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from survey_extract.core.decisions import in_force, stands_sha256
from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.evidence import as_text
from survey_extract.core.fields import LABELS, FieldSpec
from survey_extract.core.opinions import agreement
from survey_extract.core.records import NOT_REPORTED, Decision, Value, Verdict

_SAYING: frozenset[Verdict] = frozenset({"accepted", "edited", "not_reported"})
"""Verdicts by which a person says what is right."""


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What two people said about one cell, the earlier first."""

    spec: FieldSpec
    one: Decision
    other: Decision

    @property
    def blind(self) -> bool:
        """Whether one of them had not seen what the other said."""
        return self.one.blind or self.other.blind


@dataclass(frozen=True, slots=True)
class PeopleAgreement:
    """One field: in how many of ``cells`` two people agree, of which ``blind`` were decided blind. ``kappa`` is None without labels."""

    field: str
    agree: int
    cells: int
    low: float
    high: float
    blind: int
    kappa: float | None


def pair_of(spec: FieldSpec, decisions: Sequence[Decision]) -> JudgedPair | None:
    """What two people say last of a cell in one version of the source; None where there are not two. Who decided blind goes first."""
    last = _last_of_each(decisions)
    return next(
        (JudgedPair(spec, *_by_time(one, other)) for one, other in combinations(last, 2) if _is_of_one(one, other)),
        None,
    )


def rejudged(spec: FieldSpec, decisions: Sequence[Decision]) -> JudgedPair | None:
    """A blind decision and what it is compared with: another person's word, else what the same person had said before."""
    if (pair := pair_of(spec, decisions)) is not None:
        return pair if pair.blind else None
    said = [one for one in in_force(decisions) if one.verdict in _SAYING]
    for blind in (one for one in reversed(said) if one.blind):
        own = [
            one for one in said if one.by == blind.by and not one.blind and one.at < blind.at and _is_of_one(one, blind)
        ]
        if own:
            return JudgedPair(spec, own[-1], blind)
    return None


def _last_of_each(decisions: Sequence[Decision]) -> list[Decision]:
    """Each person's last word on a cell, blind ones first, then the latest; a blind one is the last that is independent."""
    last: dict[str, Decision] = {}
    for decision in in_force(decisions):
        own = last.get(decision.by)
        if decision.verdict in _SAYING and (decision.blind or own is None or not own.blind):
            last[decision.by] = decision
        elif own is not None and _takes_back(decision, own):
            del last[decision.by]
    return sorted(last.values(), key=lambda one: (one.blind, one.at), reverse=True)


def _takes_back(decision: Decision, own: Decision) -> bool:
    """Whether a person says by a later verdict that the own earlier one is right no more."""
    if decision.verdict == "removed":
        return True
    return decision.verdict == "rejected" and decision.judged_sha256 == stands_sha256(own)


def _is_of_one(one: Decision, other: Decision) -> bool:
    """Whether two decisions are on the same version of the source, as far as both name one."""
    return one.document is None or other.document is None or one.document == other.document


def _by_time(one: Decision, other: Decision) -> tuple[Decision, Decision]:
    return (one, other) if one.at <= other.at else (other, one)


def agree(
    pair: JudgedPair,
    value_of: Callable[[Decision], Value],
    claims: Callable[[Decision], Claims | None],
    aliases: Aliases = NO_ALIASES,
) -> bool:
    """Whether both say the same, by the field's judge.

    Words that one person left or changed are compared as words; what two wrote
    without having seen each other's by its ``claims``, where the text is at hand.
    ``value_of`` gives what a decision says; of a quote None where its words are not here.
    """
    one, other = pair.one, pair.other
    if one.quoted and other.quoted and one.judged_sha256 == other.judged_sha256:
        return True
    values = {decision: value_of(decision) for decision in (one, other)}
    if any(decision.quoted and value is None for decision, value in values.items()):
        return False
    held = claims(one) if pair.blind and pair.spec.judge.by == "claims" else None
    return agreement(pair.spec, values[one], values[other], aliases, (lambda: held) if held else None) == "agrees"


def agreements(judged: Iterable[tuple[JudgedPair, bool]]) -> tuple[PeopleAgreement, ...]:
    """The figures of each field, in the order in which its first pair comes."""
    by_field: dict[str, list[tuple[JudgedPair, bool]]] = {}
    for pair, is_one in judged:
        by_field.setdefault(pair.spec.name, []).append((pair, is_one))
    return tuple(_agreement(name, found) for name, found in by_field.items())


def _agreement(name: str, found: Sequence[tuple[JudgedPair, bool]]) -> PeopleAgreement:
    agreed, cells = sum(is_one for _, is_one in found), len(found)
    labels = [(_label(pair.one), _label(pair.other)) for pair, _ in found if pair.spec.type in LABELS]
    blind = sum(pair.blind for pair, _ in found)
    return PeopleAgreement(name, agreed, cells, *Share(agreed, cells).interval, blind, kappa(labels))


def _label(decision: Decision) -> str:
    value = decision.value
    return as_text(tuple(sorted(value)) if isinstance(value, tuple) else value).casefold() or NOT_REPORTED


def kappa(labels: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of two people's labels: how much more they agree than by chance, 1 at most; None where chance is all.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20 (1960), 37-46: (observed - expected) / (1 -
    expected), where expected is what two people would agree in who gave each
    label as often as these two did, and at random. With one label alone
    nothing can be told from chance.
    """
    if not labels:
        return None
    of = len(labels)
    ones, others = Counter(one for one, _ in labels), Counter(other for _, other in labels)
    expected = sum(ones[label] * others[label] for label in ones)
    observed = of * sum(one == other for one, other in labels)
    return None if expected == of * of else (observed - expected) / (of * of - expected)
