"""Labels of a cell (yes or no, options) and what is cited for them go in; those that it says otherwise come out, with what it says.

A label is the survey's own word, which no source need hold: so nothing is looked
for, and only what the evidence plainly denies, or gives another label for, counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from survey_extract.core.check import otherwise, polarity
from survey_extract.core.check.choices import is_another, is_beside, is_denied, named_in_pair
from survey_extract.core.check.clauses import Parsed, Sentences
from survey_extract.core.evidence import Quoter
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText
from survey_extract.core.ranking.availability import Available, tells
from survey_extract.core.ranking.phrases import names_and_words
from survey_extract.core.ranking.stemming import stems
from survey_extract.core.ranking.yes_no import SoughtProperty as Question
from survey_extract.core.ranking.yes_no import says, says_pair
from survey_extract.core.records import Evidence, Term, Value
from survey_extract.core.tables.pairs import Pair, pair_of_line, pair_of_row


class _Cited(NamedTuple):
    """What is cited: sentences by their words, and what pairs of a name and its value are among them, rows of tables included."""

    words: tuple[str, ...]
    pairs: tuple[Pair, ...]


def denied_labels(spec: FieldSpec, value: Value, evidence: Sequence[Evidence], text: PaperText) -> tuple[Term, ...]:
    """The labels of a value that its evidence says otherwise."""
    cited = _cited(evidence, text)
    options = value if isinstance(value, tuple) else (value or "",)
    if spec.type == "yes_no":
        why = _denied_answer(spec, options[0], cited, text)
        return (Term(options[0], "said otherwise", why),) if why else ()
    found = ((option, _denied_option(spec, option, cited, is_one=isinstance(value, str))) for option in options)
    return tuple(Term(option, "said otherwise", why) for option, why in found if why)


def _cited(evidence: Sequence[Evidence], text: PaperText) -> _Cited:
    words, pairs = list[str](), list[Pair]()
    for quote in map(Quoter(text).quote, evidence):
        row = text.row(quote.sentence) if quote.sentence else None
        pair = pair_of_row(row[1]) if row else pair_of_line(quote.words or "")
        if pair:
            pairs.append(pair)
        elif quote.words and row is None:
            words.append(quote.words)
    return _Cited(tuple(words), tuple(pairs))


def _denied_answer(spec: FieldSpec, answer: str, cited: _Cited, text: PaperText) -> str | None:
    """What the evidence plainly says where a yes-or-no field says the contrary."""
    said = set(_answers(spec, cited, text))
    if said:
        return None if answer in said else f"the sentence says {said.pop()}"
    if answer != "yes":
        return None
    asked = Parsed.of(spec.heading)
    is_denied = otherwise.denies_all(asked, Sentences(list(map(Parsed.of, cited.words))))
    return "the sentence says no" if is_denied or polarity.denies_yes(spec.heading, cited.words) else None


def _answers(spec: FieldSpec, cited: _Cited, text: PaperText) -> Iterator[str]:
    """What the rules of the engine without a model read in the sentences, of whatever the title names and of what has no name."""
    question, available = Question.of(spec), Available.of(spec)
    names, known = names_and_words(text.title or "", text.pages)
    for pair in cited.pairs:
        told = says_pair(question, pair) if question else None
        if told:
            yield told
    for words in cited.words:
        told = (tells(available, words) if available else None) or (
            (says(question, words) or says(question, words, names, known)) if question else None
        )
        if told:
            yield told


def _denied_option(spec: FieldSpec, option: str, cited: _Cited, *, is_one: bool) -> str | None:
    """What the evidence says of an option that it denies, or in place of it."""
    if is_denied(spec, option, cited.words):
        return "the sentence denies it"
    if not is_one:
        return None
    wanted = set(stems(spec.heading))
    for pair in cited.pairs:
        told = named_in_pair(spec, pair.value) if wanted and set(stems(pair.label)) == wanted else None
        if told and told != option:
            return f"the row says {told}"
    lines = (*cited.words, *(f"{pair.label}: {pair.value}" for pair in cited.pairs))
    if is_another(spec, option, lines):
        return "the sentence names another option"
    return (
        "the sentence denies it or only plans it, and names another option" if is_beside(spec, option, lines) else None
    )
