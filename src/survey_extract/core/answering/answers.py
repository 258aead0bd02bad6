"""A text and fields go in; its own best sentences come out as answers: what the engine without a model says.

The answer to a text field IS its evidence: it may miss the point, and is never
untrue. Every other type is answered with what was recognised in a sentence, as
that prints it, or, yes or no, with what its sentences say. It is deterministic,
and gives no answer below a threshold or where nothing tells it what to
recognise. What ranks the sentences: BM25, cues and learned weights
(``core/ranking/relevance.py``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from survey_extract.core.answering.asserted import Asserted, asserts, is_beside
from survey_extract.core.answering.bound_numbers import Bound, gives, gives_pair, same_amount
from survey_extract.core.answering.counted import Counted, counts, counts_pair
from survey_extract.core.answering.dated import Bearing, dated_parts, year_said
from survey_extract.core.answering.doers import Doing, doers, names_of_pair
from survey_extract.core.answering.settled import is_about, is_used, is_work, settled, words_asked
from survey_extract.core.check.choices import is_denied
from survey_extract.core.fields import FieldSpec
from survey_extract.core.paper_text import PaperText, Sentence
from survey_extract.core.ports import Said
from survey_extract.core.ranking.availability import Available, tells
from survey_extract.core.ranking.phrases import names_and_words, sought_stems
from survey_extract.core.ranking.relevance import Ranked, Relevance, learned_words
from survey_extract.core.ranking.traits import is_of_others, leans
from survey_extract.core.ranking.yes_no import SoughtProperty, says, says_pair
from survey_extract.core.tables.pairs import Pair, pair_of_line, pair_of_row
from survey_extract.core.values.recognition import items_of
from survey_extract.core.values.tabled_names import tabled
from survey_extract.core.words.tokens import folded

KNOWN, OTHER, MENTION, ONCE = 0.25, 0.12, 0.1, 0.25
"""Scores below which a sentence answers nothing: of fields whose words were learned, and of others; and names nothing, of the
former, and nothing that is mentioned once, as other people's data are.

By the tops of 15 papers and 28 trials: the six known fields reach the first in 14 of 15 papers on models, and in one of ten
questions that were put to trials instead.
"""
_SURVEY = re.compile(
    r"\b(?:survey|tutorial)\b|\b(?:review|overview)s? (?:of|on)\b|: an? (?:\w+ )?(?:review|overview)\b"
    r"|\b(?:systematic|literature|comprehensive|critical|scoping) review\b",
    re.IGNORECASE,
)
"""Titles of what tells of other people's systems alone."""
_KIND_OF_WORK = re.compile(r"\b(?:stud(?:y|ies)|trial|experiment|design(?:ed)?|research|work)\b", re.IGNORECASE)
_ASKS_HOW = re.compile(
    r"how\b|(?:which|what) (?:[\w-]+ )?(?:methods?|techniques?|instruments?|traps?|means)\b|with (?:which|what)\b",
    re.IGNORECASE,
)
SENTENCES = 2
"""Sentences an answer has at most, the best first; the second must come near it."""
NEAR = 0.5
OFTEN, HARDLY = 50, 0.02
"""Sentences that hold a name from which on they must speak of it as what is sought, and the share of them that must."""
NAMES = 40
"""Names a list has at most: as many as a field may have."""


def answers_of(text: PaperText, wanted: Sequence[FieldSpec]) -> tuple[Said, ...]:
    """What a text answers to each field."""
    relevance = Relevance(text)
    return tuple(_answer(spec, text, relevance) for spec in wanted)


def _answer(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
    plainly = {"text": _quote, "yes_no": _yes_no, "number": _number}.get(spec.type)
    if plainly:
        return plainly(spec, text, relevance)
    recognise = items_of(spec)
    if recognise is None:
        return _told(spec, text, relevance) if spec.type == "names" else Said(spec.name, None, ())
    if spec.type in ("choice", "choices", "date"):
        return _settled(spec, text, relevance, recognise)
    return (_list if spec.is_list else _one)(spec, text, relevance, recognise)


def _quote(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
    """The best sentences, those that can be read alone before those that lean on the one before them."""
    asked = Asserted.of(spec) if spec.cues is None else None
    if spec.cues is None and (said := _asserted(spec, text, relevance, asked)):
        return Said(spec.name, None, said, quoted=True)
    ranked = [item for item in _above_threshold(spec, relevance) if item.sentence.kind != "row"]
    if asked:
        names, _ = names_and_words(text.title or "", text.pages)
        ranked = [item for item in ranked if not is_beside(asked, text.quote(item.sentence), names)]
    near = [item.sentence for item in ranked if item.score >= NEAR * ranked[0].score]
    best = sorted(near, key=lambda sentence: leans(text.quote(sentence)))[:SENTENCES]
    return Said(spec.name, None, tuple(sentence.number for sentence in best), quoted=bool(best))


def _asserted(spec: FieldSpec, text: PaperText, relevance: Relevance, asked: Asserted | None) -> tuple[int, ...]:
    """The sentences of a field without cues that pair its heading with a value, or say what it asks with the question's own verb."""
    names, _ = names_and_words(text.title or "", text.pages)
    heading, found = sought_stems(spec.heading), list[int]()
    for sentence in _own_sentences(spec, text, relevance):
        pair, is_row = _pair(text, sentence)
        is_paired = pair is not None and bool(heading) and sought_stems(pair.label) == heading
        if is_paired or (asked and not is_row and asserts(asked, text.quote(sentence), names)):
            found.append(sentence.number)
    return tuple(found[:SENTENCES])


def _list(spec: FieldSpec, text: PaperText, relevance: Relevance, recognise: Callable[[str], Sequence[str]]) -> Said:
    """What is mentioned, the most frequent first, each as it is mostly spelt and with the best sentence that mentions it.

    Of data sets that the source itself uses, what stands only under other people's work is none, and a survey of others' work uses none.
    """
    is_own = bool(learned_words(spec.query))
    if is_own and _SURVEY.search(text.title or ""):
        return Said(spec.name, None, ())
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    best: dict[str, Ranked] = {}
    for item in _shown(spec, text, relevance, is_own=is_own):
        for name in recognise(text.quote(item.sentence)):
            spellings[folded(name)][name] += 1
            best.setdefault(folded(name), item)
    if is_own:
        _add_tabled(text, spellings, best)
    least, once = (MENTION, ONCE) if is_own else (0.0, 0.0)
    may = [
        key
        for key, spelt in spellings.items()
        if best[key].score >= (least if _is_repeated(spelt, relevance) else once)
        and not _is_often_else(spelt, relevance)
    ]
    chosen = sorted(may, key=lambda key: -spellings[key].total())[:NAMES]
    names = tuple(spellings[key].most_common(1)[0][0] for key in chosen)
    return Said(spec.name, names or None, tuple(sorted({best[key].sentence.number for key in chosen})))


def _shown(spec: FieldSpec, text: PaperText, relevance: Relevance, *, is_own: bool) -> list[Ranked]:
    """The sentences, the best first; of data of its own, captions count as speaking of it, and other people's work is left out."""
    ranked = relevance.rank_field(spec)
    if not is_own:
        return ranked
    paths = text.section_paths()
    own = (item for item in ranked if not is_of_others(paths[item.sentence.section]))
    return sorted(map(_captioned, own), key=lambda item: -item.score)


def _captioned(item: Ranked) -> Ranked:
    return Ranked(item.sentence, max(item.score, ONCE)) if item.sentence.kind == "caption" else item


def _add_tabled(text: PaperText, spellings: dict[str, Counter[str]], best: dict[str, Ranked]) -> None:
    """What tables list beside known data sets."""
    paths = text.section_paths()
    by_number = {sentence.number: sentence for sentence in text.citable()}
    for name, number in tabled(text.tables):
        sentence = by_number.get(number)
        if sentence is None or is_of_others(paths[sentence.section]):
            continue
        key = folded(name)
        spellings[key][name] += 1
        if key not in best or best[key].score < ONCE:
            best[key] = Ranked(sentence, ONCE)


def _is_repeated(spelt: Counter[str], relevance: Relevance) -> bool:
    return spelt.total() > 1 or sum(map(relevance.sentences_with, spelt)) > 1


def _is_often_else(spelt: Counter[str], relevance: Relevance) -> bool:
    """Whether a name stands in many sentences and is recognised in hardly any: "the Harbor data set" once, and all else of Harbor the model."""
    sentences = sum(map(relevance.sentences_with, spelt))
    return sentences >= OFTEN and spelt.total() < HARDLY * sentences


def _one(spec: FieldSpec, text: PaperText, relevance: Relevance, recognise: Callable[[str], Sequence[str]]) -> Said:
    """What the best sentence that mentions exactly one says."""
    for item in relevance.rank_field(spec):
        found = recognise(text.quote(item.sentence))
        if len(found) == 1:
            return Said(spec.name, found[0], (item.sentence.number,))
    return Said(spec.name, None, ())


def _settled(spec: FieldSpec, text: PaperText, relevance: Relevance, recognise: Callable[[str], Sequence[str]]) -> Said:
    """What its sentences and pairs settle: of a choice and a date the one thing that all of them say, or all that say it plainly."""
    names, _ = names_and_words(text.title or "", text.pages)
    bearing = Bearing.of(spec) if spec.type == "date" else None
    of_date = partial(dated_parts, bearing) if bearing else None
    recognise = partial(_dates_or_year, recognise, bearing, names) if bearing else recognise
    heading, asked = sought_stems(spec.heading), words_asked(f"{spec.heading} {spec.ask}")
    own = heading | sought_stems(spec.ask) | sought_stems(spec.cues.words if spec.cues else "")
    sought = own - sought_stems(" ".join(spec.options))
    is_meant = _meant_by(spec)
    plain, other = list[tuple[str, int]](), list[tuple[str, int]]()
    for sentence in _own_sentences(spec, text, relevance):
        pair, _ = _pair(text, sentence)
        if pair is not None and sought_stems(pair.label) == heading:
            plain += ((value, sentence.number) for value in recognise(pair.value))
            continue
        quote = text.quote(sentence)
        for part in of_date(quote) if of_date else (quote,):
            found = settled(part, recognise, names, asked)
            meant = [value for value in found.values if is_meant(quote, value)]
            if found.is_plain or meant or is_about(quote, sought, names):
                said = (value for value in found.values if not (spec.options and is_denied(spec, value, (part,))))
                (plain if found.is_plain or meant else other).extend((value, sentence.number) for value in said)
    if spec.is_list:
        return _all_of(spec, plain or other)
    for pairs in (plain, other):
        if pairs:
            values = {value for value, _ in pairs}
            return _all_of(spec, pairs, is_one=True) if len(values) == 1 else Said(spec.name, None, ())
    return Said(spec.name, None, ())


def _dates_or_year(
    dates: Callable[[str], Sequence[str]], bearing: Bearing, names: frozenset[str], text: str
) -> Sequence[str]:
    """The dates of a text; where it has none, the year that is said with the question's own verb."""
    year = year_said(bearing, text, names)
    return dates(text) or ((year,) if year else ())


def _meant_by(spec: FieldSpec) -> Callable[[str, str], bool]:
    """What tells, of a sentence and an option in it, whether it says the option of the source's own work, as the field asks."""
    if spec.type == "choice" and _KIND_OF_WORK.search(f"{spec.heading} {spec.ask}"):
        return is_work
    if spec.type == "choices" and _ASKS_HOW.match(spec.ask):
        return is_used
    return lambda quote, value: False


def _all_of(spec: FieldSpec, said: Sequence[tuple[str, int]], *, is_one: bool = False) -> Said:
    """An answer of these values, the most frequent first, each with the first sentence that says it."""
    first: dict[str, int] = {}
    for value, number in said:
        first.setdefault(value, number)
    values = tuple(value for value, _ in Counter(value for value, _ in said).most_common())
    return Said(spec.name, (values[0] if is_one else values) or None, tuple(sorted(set(first.values()))))


def _told(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
    """The names that a pair gives for a field, or a sentence for what it asks that somebody did."""
    names, _ = names_and_words(text.title or "", text.pages)
    doing = Doing.of(spec)
    found: dict[str, int] = {}
    for sentence in _own_sentences(spec, text, relevance):
        pair, is_row = _pair(text, sentence)
        told = (
            names_of_pair(spec, pair)
            if pair
            else ()
            if is_row or doing is None
            else doers(doing, text.quote(sentence), names)
        )
        for name in told:
            found.setdefault(name, sentence.number)
    return Said(spec.name, tuple(found)[:NAMES] or None, tuple(sorted(set(found.values()))))


def _yes_no(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
    """Yes or no, as its sentences say of what is sought."""
    sought, available = SoughtProperty.of(spec), Available.of(spec)

    def of_pair(pair: Pair) -> str | None:
        return says_pair(sought, pair) if sought else None

    def of_prose(sentence: str, names: frozenset[str], known: frozenset[str]) -> str | None:
        told = tells(available, sentence) if available else None
        return told or (says(sought, sentence, names, known) if sought else None)

    return _agreed(spec, text, relevance, of_pair, of_prose, lambda said: len({*said}) == 1)


def _number(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Said:
    """The amount that its sentences give for what is sought."""
    bound, counted = Bound.of(spec), Counted.of(spec)

    def of_pair(pair: Pair) -> str | None:
        return (gives_pair(bound, pair) if bound else None) or (counts_pair(counted, pair) if counted else None)

    def of_prose(sentence: str, names: frozenset[str], known: frozenset[str]) -> str | None:
        given = gives(bound, sentence, names, known) if bound else None
        return given or (counts(counted, sentence, names) if counted else None)

    return _agreed(spec, text, relevance, of_pair, of_prose, partial(same_amount, spec))


def _agreed(
    spec: FieldSpec,
    text: PaperText,
    relevance: Relevance,
    of_pair: Callable[[Pair], str | None],
    of_prose: Callable[[str, frozenset[str], frozenset[str]], str | None],
    is_one: Callable[[Sequence[str]], bool],
) -> Said:
    """What its sentences say, where all that say something agree, with the best two of them."""
    names, known = names_and_words(text.title or "", text.pages)
    found: list[tuple[str, int]] = []
    for sentence in _own_sentences(spec, text, relevance):
        pair, is_row = _pair(text, sentence)
        answer = of_pair(pair) if pair else None if is_row else of_prose(text.quote(sentence), names, known)
        if answer is not None:
            found.append((answer, sentence.number))
    if not is_one([answer for answer, _ in found]):
        return Said(spec.name, None, ())
    return Said(spec.name, found[0][0], tuple(number for _, number in found[:SENTENCES]))


def _pair(text: PaperText, sentence: Sentence) -> tuple[Pair | None, bool]:
    """The name and value that a sentence pairs, if it does, and whether it is a table's row."""
    row = text.row(sentence)
    return (pair_of_row(row[1]), True) if row else (pair_of_line(text.quote(sentence)), False)


def _own_sentences(spec: FieldSpec, text: PaperText, relevance: Relevance) -> Iterator[Sentence]:
    """A field's sentences, the best first, without those under headings of other people's work."""
    paths = text.section_paths()
    ranked = (item.sentence for item in relevance.rank_field(spec))
    return (sentence for sentence in ranked if not is_of_others(paths[sentence.section]))


def _above_threshold(spec: FieldSpec, relevance: Relevance) -> list[Ranked]:
    least = KNOWN if learned_words(spec.query) else OTHER
    return [item for item in relevance.rank_field(spec) if item.score >= least]
