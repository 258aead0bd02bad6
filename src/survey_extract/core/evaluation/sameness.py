"""Two values of one field go in; whether they mean the same, by the field's judge, comes out.

Numbers may differ by the judge's percentage, names by their aliases, labels by
capitals. For prose there are two ways. Where a document's claims are
available, two texts are the same when each has all figures, names and clauses of the
other: that is for two answers, neither of which is the measure of the other.
Without them only the same words in the same order count, case, articles and
marks aside: that is for verdicts, where a "not" that a person added must count.
"""

from __future__ import annotations

from survey_extract.core.evaluation.aliases import NO_ALIASES, Aliases
from survey_extract.core.evaluation.claims import Claims, clauses_of
from survey_extract.core.evaluation.judging import is_right_value, listed
from survey_extract.core.evidence import as_text
from survey_extract.core.fields import FieldSpec
from survey_extract.core.records import Value
from survey_extract.core.words.tokens import fold, tokens

_ARTICLES = frozenset({"a", "an", "the"})


def is_same_value(
    spec: FieldSpec, one: Value, other: Value, aliases: Aliases = NO_ALIASES, claims: Claims | None = None
) -> bool:
    """Whether two values mean the same. "Not reported" (None) is the same as itself alone."""
    if one is None or other is None or one == other:
        return one == other
    if spec.judge.by == "names":
        return set(map(aliases.key, listed(one))) == set(map(aliases.key, listed(other)))
    if spec.judge.by != "claims":
        return is_right_value(spec, one, other)
    if claims is None:
        return _words(one) == _words(other)
    return _holds(claims, one, other) and _holds(claims, other, one)


def _words(value: Value) -> list[str]:
    words = [fold(token.text) for token in tokens(as_text(value)) if token.kind != "mark"]
    return [word for word in words if word not in _ARTICLES]


def _holds(claims: Claims, one: Value, other: Value) -> bool:
    held = claims.held(clauses_of((as_text(one),)), clauses_of((as_text(other),)))
    return not (held.lacks_terms or held.lacks_clauses)
