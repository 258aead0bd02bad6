"""The decisions on all cells go in; how often two people agree comes out, by field, with Cohen's kappa where a field has labels.

Counted are cells on which two people decided, and cells that were decided again
blind, by whomever. A cell counts once: its blind judgement with another
one, otherwise the first judgements of two people, of whom the second had seen the
first. What a list brought in nobody judged; who rejects a proposal has said
what is wrong, not what is right; and whoever has decided blind has seen all
the rest by then, so that what they decide afterwards is not an independent judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from survey_extract.core.decisions import in_force
from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.claims import Claims
from survey_extract.core.evaluation.wilson import Share
from survey_extract.core.evidence import as_text
from survey_extract.core.fields import LABELS, FieldSpec
from survey_extract.core.opinions import agreement
from survey_extract.core.records import Decision, Value, Verdict

_SAYING: frozenset[Verdict] = frozenset({"accepted", "edited", "not_reported"})
"""Verdicts by which a person says what is right."""
NOT_REPORTED = "not reported"


@dataclass(frozen=True, slots=True)
class Pair:
    """What two people said about one cell, the earlier first."""

    spec: FieldSpec
    one: Decision
    other: Decision

    @property
    def blind(self) -> bool:
        """Whether one of them had not seen what the other said."""
        return self.one.blind or self.other.blind


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field: in how many of ``cells`` two people agree, of which ``blind`` were decided blind. ``kappa`` is None without labels."""

    field: str
    agree: int
    cells: int
    low: float
    high: float
    blind: int
    kappa: float | None


def pair_of(spec: FieldSpec, decisions: Sequence[Decision]) -> Pair | None:
    """The two judgements of a cell that count; None where there are not two."""
    said = [decision for decision in in_force(decisions) if decision.verdict in _SAYING]
    blind = next((decision for decision in said if decision.blind), None)
    if blind is not None:
        has_seen = {decision.by: decision.at for decision in reversed(said) if decision.blind}
        others = [d for d in said if d is not blind and (d.blind or d.at < has_seen.get(d.by, "9"))]
        other = next((d for d in others if d.by != blind.by), None) or next((d for d in others if not d.blind), None)
        return Pair(spec, *sorted((other, blind), key=lambda decision: decision.at)) if other else None
    first = {decision.by: decision for decision in reversed(said)}
    if len(first) < 2:
        return None
    return Pair(spec, *sorted(first.values(), key=lambda decision: decision.at)[:2])


def agree(
    pair: Pair,
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


def agreements(judged: Iterable[tuple[Pair, bool]]) -> tuple[Agreement, ...]:
    """The figures of each field, in the order in which its first pair comes."""
    by_field: dict[str, list[tuple[Pair, bool]]] = {}
    for pair, is_one in judged:
        by_field.setdefault(pair.spec.name, []).append((pair, is_one))
    return tuple(_agreement(name, found) for name, found in by_field.items())


def _agreement(name: str, found: Sequence[tuple[Pair, bool]]) -> Agreement:
    agreed, cells = sum(is_one for _, is_one in found), len(found)
    labels = [(_label(pair.one), _label(pair.other)) for pair, _ in found if pair.spec.type in LABELS]
    blind = sum(pair.blind for pair, _ in found)
    return Agreement(name, agreed, cells, *Share(agreed, cells).interval, blind, kappa(labels))


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
