"""A field and one of its examples (``good``) go in; why the example contradicts the field, or itself, comes out.

A model follows an example before it follows a sentence: one whose value the
field would refuse, or that its own text does not give, teaches it to answer so.
What is compared is what can be compared without a model: figures, dates,
addresses and names. How a text words it is the author's own.
"""

from __future__ import annotations

import math
import re

from survey_extract.core.evidence import as_text
from survey_extract.core.fields import LABELS, Example, FieldSpec

_DIGITS = re.compile(r"\d+")


def contradiction(spec: FieldSpec, example: Example) -> str | None:
    """Why an example is none; None where its value is one of the field's, and its text gives it."""
    value = spec.value_of(example.value)
    if why := spec.misfit(value):
        return f"its value cannot stand in this field: {why}"
    if as_text(value) != example.value:
        return f"its value {example.value!r} is written {as_text(value)!r} in this field"
    if spec.type in LABELS or _has_words(example.text, example.value):
        return None
    missing = _missing(spec, example)
    return f"its text {example.text!r} does not say {missing!r}, which its value does" if missing else None


def _missing(spec: FieldSpec, example: Example) -> str | None:
    """What of the value the text does not give."""
    if spec.type == "names":
        return next((name for name in spec.value_of(example.value) or () if not _has_letters(example.text, name)), None)
    if spec.type == "date":
        from survey_extract.core.values.dates import says

        return None if says(example.text, example.value) else example.value
    if spec.type == "url":
        return example.value
    if spec.type == "number" and spec.unit:
        return None if _gives(spec, example) else example.value
    return _figure_of_no_text(example)


def _gives(spec: FieldSpec, example: Example) -> bool:
    """Whether the text gives the same quantity, in any unit of the field; where the value is no single quantity, all its words."""
    from survey_extract.core.values.amounts import printed_amounts

    wanted = spec.amount(example.value).value
    if wanted is None:
        return all(_has_words(example.text, word) for word in example.value.split())
    found = (spec.amount(one).value for one in printed_amounts(example.text, spec.unit or "", spec.units))
    return any(value is not None and math.isclose(value, wanted, rel_tol=1e-9) for value in found)


def _figure_of_no_text(example: Example) -> str | None:
    """The first figure of the value that the text does not have in whatever form."""
    if set(_DIGITS.findall(example.value)) <= set(_DIGITS.findall(example.text)):
        return None  # what reads numbers is loaded for the others alone
    from survey_extract.core.words.numerals import numerals
    from survey_extract.core.words.tokens import tokens

    there = {number for figure in numerals(tokens(example.text)) for number in (*figure.sides, *figure.others)}
    words = tokens(example.value)
    stated = (figure for figure in numerals(words) if not figure.is_rank)
    return next((words[figure.first].text for figure in stated if there.isdisjoint(figure.sides)), None)


def _has_words(text: str, value: str) -> bool:
    """Whether the text has these very words, whole: "510 m" is not in "510 miles"."""
    words, wanted = (" ".join(one.casefold().split()) for one in (text, value))
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", words) is not None


def _has_letters(text: str, name: str) -> bool:
    """Whether the text has the name, whatever its capitals, hyphens and spaces."""
    said, wanted = ("".join(char for char in one.casefold() if char.isalnum()) for one in (text, name))
    return wanted in said
