"""A number field and a sentence go in; the amount that the sentence gives for what the field seeks comes out, as printed, or nothing.

A right unit is not enough: "350 GB" may be a memory's, where the size of a
download is sought. The words of the heading, or else those of the instruction,
must lead to the number ("the batch size is 128 samples") or follow it ("a 2 GB download"),
with nothing between but words of grammar. Limits, lists, ranges, parts, others' work
and several subjects give nothing: a wrong answer is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import (
    CLAUSE,
    DOUBTS,
    Word,
    is_many,
    is_of_another,
    is_others,
    is_whole,
    negations,
    place_of,
    sought_stems,
    words_of,
)
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.tables.pairs import Pair
from survey_extract.core.values.amounts import Units, printed_amounts
from survey_extract.core.words.unit_spellings import letters

_ASKED = re.compile(r"[^?.!,;:(]*")
_MANY = re.compile(
    r"(?:(?:at|in|by|on|from|for|of|with) )?how many (?P<what>[\w-]++)(?: of (?P<of>[\w-]++))? [\w-]++ (?P<where>.*)",
    re.IGNORECASE,
)
"""A question that counts: what, and behind its verb in what."""
_QUANTITY = frozenset(map(stem, "number numbers amount many much long high often far value quantity in units".split()))
_KINDS = frozenset(map(stem, "mean median average maximum minimum max min peak range per".split()))
"""Words of a question that make another quantity of the same one: all that it has must be in the clause, and no other."""
_ALIKE = {stem("average"): stem("mean"), stem("max"): stem("maximum"), stem("min"): stem("minimum")}
"""Of these words, those that are another's: the "average age" is the mean one."""
_PERIODS = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annual": "year", "annually": "year", "hourly": "hour",
}  # fmt: skip
_PERIOD = re.compile(
    r"\b(?:a|per|each|every|once a) (?P<one>hour|day|week|month|year)\b|/ ?(?P<by>h|d|day|week|month|year)\b",
    re.IGNORECASE,
)
_SHORT = {"h": "hour", "d": "day"}
_GROUP = frozenset("patients participants subjects volunteers respondents people persons individuals those".split())
"""Those whom a study is made of, by whatever name: what is said of "the participants" is said of the patients who are asked about."""
_IN_ALL = frozenset("all total altogether overall".split())
_LINKS = frozenset(
    "of is was are were be been for on using utilizing utilising with at about approximately around roughly some has have had takes"
    " took take a an the comprises comprised contains contained includes included weighs costs cost set equal equals total :"
    " = ( - ~ \u2248 it we its consist consists measures measured numbers numbered carries carried"
    " covers covered covering spans spanned extends extended over amounts amounted to totals totalled totaled came comes lasts".split()
)
"""All that may stand between what is sought and its number."""
_GOES_ON = frozenset(
    "consists consisted lies lay includes comprises contains stretches extends belongs became remained makes".split()
)
"""Verbs behind an amount that say more of what it is of: "an area of 850 ha consists of beech"."""
_LINKS_BEHIND = frozenset("of were was are is - in the".split())
_ABOUT = re.compile(r"(?:about|approximately|around|roughly|circa|ca\.|some|nearly|almost|~|\u2248) ?$", re.IGNORECASE)
"""What is printed before a number that is not exact, and belongs to it."""
_HOW = {
    "long": "length", "wide": "width", "high": "height", "tall": "height", "deep": "depth", "thick": "thickness", "old": "age",
}  # fmt: skip
"""Words behind an amount that say what it measures: "it is 88 m long"."""
_THEIR = re.compile(r"\btheir ", re.IGNORECASE)
_OF_PERIODS = sought_stems(" ".join((*_PERIODS, *_PERIODS.values(), "each every once")))
_WORDS_OF_ONE_LETTER = frozenset("aAI")
_PLAIN = _LINKS | frozenset(
    "this our both also now all and used uses use employ employed employs by from total there".split()
)
"""Words that may stand before either in their clause, beside the question's own: any other makes it something else's ("shipping costs")."""
_CIRCUMSTANCE = frozenset("for when where once in at after by with during to".split())
"""Words at the beginning of a clause that make it a condition of something else."""
_TAKEN_BACK = frozenset(
    "planned expected needed required possible missing smaller larger more less fewer longer shorter higher lower than too not"
    " instead except only unless if last ago month week year day"
    " most least maximum minimum until till before".split()
)
"""Words behind an amount that make it another one, or none."""
_ASIDE = re.compile(r" \([^()]{1,80}+\)")
"""What stands in brackets behind an amount: the same otherwise, or how certain it is."""
_AND = re.compile(r",? and (?=its |it |the )|, (?=its )|; ")
_SMALL = frozenset("a an the this our".split())
_ITSELF = frozenset("it he she we".split())
_SUBJECTS = frozenset("the this our it its".split())
_PLACED = frozenset("at in of over".split())
_VERBS = frozenset("is are was were has have had carries measures contains".split())
_PEOPLE = frozenset("people persons subjects individuals".split())
_TO_COME = frozenset("will shall planned proposed".split())
_HAVING = frozenset(
    "has have had carries comprises contains includes needs requires consists enrolled recruited randomized randomised".split()
)
_FAR, _FAR_BEHIND = 5, 3
"""Words between what is sought and a number behind it, or before it."""
_PARTS = frozenset(
    "each every per first second third last next remaining additional further initial extra half group groups arm arms"
    " subgroup subset cohort remainder variant variants ablation baseline will soon".split()
)
"""Words of a clause that make an amount a part's, another's, or one to come."""
_BROKEN = re.compile(r"[;|()\[\]:=#\u00d7/+\u00b1]|,(?!\d)| and | or ")
"""Marks that part a number from a unit behind it."""
_LISTED = re.compile(
    r"(?:[-\u2010-\u2015/\u00b1+~<>\u2264\u2265\u00d7\u2212,]|\b(?:and|or|to|than|least|most|under|over|above|below|up)) ?$"
)
"""What stands right before a number that is one of several, or a limit."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a number field seeks: one of ``either`` must stand whole beside a number, as stems; ``question`` are all its words, small."""

    either: tuple[frozenset[str], ...]
    question: frozenset[str]
    kinds: frozenset[str]
    is_in_all: bool
    unit: str
    units: Units
    heading: frozenset[str] = frozenset()
    is_count: bool = False
    """Whether it asks how many there are of what the unit names."""
    period: str | None = None
    """The time that it asks of: a day, where a "daily dose" is sought."""

    @classmethod
    def of(cls, spec: FieldSpec) -> Bound | None:
        """None where heading and instruction say nothing beyond the unit."""
        if not spec.unit:
            return None
        asked = (_ASKED.match(spec.ask.strip()) or [""])[0]
        names = " ".join((spec.unit, *(name for name, _ in spec.units)))
        period = _period(f"{spec.heading} {asked}")
        counted = sought_stems(names) | _QUANTITY | _KINDS | _IN_ALL | (_OF_PERIODS if period else frozenset())
        texts = (spec.heading, asked, _counted_in(asked), _done_by_many(asked))
        either = tuple(dict.fromkeys(sought for text in texts if (sought := sought_stems(text) - counted)))
        words = [word.text for word in words_of(f". {spec.heading} {asked}")]
        kinds = _kinds_in(words)
        heading = sought_stems(spec.heading)
        is_in_all = bool(_IN_ALL & {*words}) and not heading - counted
        is_count = _is_count(asked, names) and not is_in_all
        if not either:
            return None
        question = frozenset(words) | (_GROUP if _GROUP & {*words} else frozenset())
        return cls(either, question, kinds, is_in_all, spec.unit, spec.units, heading, is_count, period)


def _period(text: str) -> str | None:
    """The time that a text speaks of amounts of: "daily", "a day", "/d"."""
    found = next((period for word in text.casefold().split() if (period := _PERIODS.get(word.strip(".,;()")))), None)
    if found is None and (said := _PERIOD.search(text)):
        found = said["one"] or _SHORT.get(said["by"], said["by"])
    return found.casefold() if found else None


def _kinds_in(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_ALIKE.get(one, one) for one in map(stem, words) if one in _KINDS)


def _counted_in(asked: str) -> str:
    """What "how many doses make a full course" counts in: "a full course"; nothing of other questions."""
    found = _MANY.match(asked)
    return found["where"].rpartition(" in ")[2] if found else ""


def _done_by_many(asked: str) -> str:
    """What "how many people took part in the trial" says that they did."""
    found = _MANY.match(asked)
    return asked[found.end("what") :] if found else ""


def _is_count(asked: str, units: str) -> bool:
    found = _MANY.match(asked)
    return found is not None and (
        found["what"].casefold() in _PEOPLE or stem(found["what"].casefold()) in sought_stems(units)
    )


def gives(
    bound: Bound, sentence: str, names: frozenset[str] = frozenset(), known: frozenset[str] | None = None
) -> str | None:
    """The amount that a sentence gives for what is sought, where it has but one; ``names`` are the source's own, ``known`` the words it writes small."""
    if "?" in sentence or is_others(sentence):
        return None
    text = " ".join(sentence.split())
    found = list(amounts_in(bound.unit, bound.units, text))
    if len(found) > 1:
        aside = [match.span() for match in _ASIDE.finditer(text)]
        found = [(printed, at) for printed, at in found if not any(start < at < end for start, end in aside)]
    given = [
        printed for printed, at in _alone(text, found) if _is_bound(bound, text, at, at + len(printed), names, known)
    ]
    if len(given) != 1:
        return None
    qualified = _ABOUT.search(text[: text.find(given[0])])
    return f"{qualified[0]}{given[0]}" if qualified else given[0]


def _alone(text: str, found: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """The amounts that are alone in their part of a sentence: "its length is 2 km, and its longest span is 130 m"."""
    ends = [match.start() for match in _AND.finditer(text)]
    places = [sum(end < at for end in ends) for _, at in found]
    return (one for one, place in zip(found, places, strict=True) if places.count(place) == 1)


def gives_pair(bound: Bound, pair: Pair) -> str | None:
    """What a pair of name and value gives: "Download size | 2 GB", or of what is counted "Rooms | 14"."""
    label, value = sought_stems(pair.label), pair.value
    is_heading = label == bound.heading and bool(label)
    if not is_heading and (
        label - sought_stems(" ".join(bound.question)) or not any(sought <= label for sought in bound.either)
    ):
        return None
    if any(printed == value for printed, _ in amounts_in(bound.unit, bound.units, value)):
        return value
    is_bare = is_heading and bound.is_count and value.replace(",", "").isdecimal()
    return value if is_bare else None


def amounts_in(unit: str, units: Units, text: str) -> Iterator[tuple[str, int]]:
    """Amounts whose number and unit are one, each with where it stands."""
    short = letters((unit, *(name for name, _ in units)))
    for printed in printed_amounts(text, unit, units):
        if _BROKEN.search(printed) or not _is_own_letter(printed, short):
            continue
        if text.count(printed) == 1:
            yield printed, text.find(printed)


def _is_own_letter(printed: str, short: frozenset[str]) -> bool:
    """Whether an amount ends in no single letter, or in one that is a unit as it is spelt, right behind its number: "32 m"."""
    if not printed[-1].isalpha() or printed[-2:-1].isalpha():
        return True
    is_near = printed[-2:-1].isdigit() or (
        printed[-2:-1] == " " and printed[-3:-2].isdigit() and printed[-1] not in _WORDS_OF_ONE_LETTER
    )
    return printed[-1] in short and is_near


def _is_bound(
    bound: Bound, text: str, start: int, end: int, names: frozenset[str], known: frozenset[str] | None
) -> bool:
    """Whether what is sought leads to the amount between two offsets, or follows it, in a clause that is the source's own."""
    head, tail = CLAUSE.split(text[:start])[-1], CLAUSE.split(text[end:])[0]
    near = f"{head} {tail.partition(', ')[0]}"
    is_of_period = not bound.period or _period(near) == bound.period
    tail = _PERIOD.sub("", tail) if bound.period else tail
    head = _THEIR.sub("the ", head) if bound.question & _GROUP else head
    head = _own_part(bound, head, names, known if text.startswith(head) else None)
    before, behind = list(words_of(head)), list(words_of(f". {tail}"))[1:]
    whole = {word.text for word in (*before, *words_of(f". {tail.partition(', ')[0]}"))}
    if not is_of_period or bound.kinds != _kinds_in(whole) or (bound.is_in_all and not _IN_ALL & whole):
        return False
    if _PARTS & (whole - bound.question) or _is_taken_back(bound, before, behind):
        return False
    if _LISTED.search(text[:start]) or is_of_another(
        before, names | bound.question, known if head == text[:start] else None
    ):
        return False
    asked = frozenset().union(*bound.either)
    plain = _PLAIN | names | bound.question | (_HAVING if bound.is_count else frozenset())
    plain |= frozenset(["mean", "average"]) if bound.kinds else frozenset()
    if any(word.text not in plain and word.stem not in asked for word in before):
        return False
    if any(_leads(bound, sought, before, behind) or _follows(bound, sought, behind) for sought in bound.either):
        return True
    units = sought_stems(" ".join((bound.unit, *(name for name, _ in bound.units))))
    printed = list(words_of(text[start:end]))[1:]
    is_plain = all(word.text in bound.question or word.stem in units for word in printed)
    return _is_so_long(bound, before, behind, names) or (is_plain and _is_counted(bound, before, behind, names))


def _is_taken_back(bound: Bound, before: Sequence[Word], behind: Sequence[Word]) -> bool:
    """Whether the words around an amount doubt or deny it, or make it a condition, a plan or another's."""
    if DOUBTS & {word.text for word in before} or negations(before):
        return True
    is_taken_back = bool(_TAKEN_BACK & {word.text for word in behind} - bound.question)
    return is_taken_back or (before[:1] != [] and before[0].text in _CIRCUMSTANCE)


def _own_part(bound: Bound, head: str, names: frozenset[str], known: frozenset[str] | None) -> str:
    """The part of a clause that an amount is in: of "it is a steel bridge with a span of" what follows "with", of
    "its length is 2 km, and its span is" what follows "and"; the whole where the subject may be another.
    """
    words = list(words_of(head))
    own = names | bound.question
    size = next((at for at, word in enumerate(words) if word.text in _VERBS), 0)
    is_own = words[:1] != [] and (words[0].text == "its" or _is_of_it(bound, words[:size], names))
    if (
        not is_own
        or is_of_another(words, own, known)
        or (DOUBTS | _TO_COME) & {word.text for word in words}
        or negations(words)
    ):
        return head
    last = _AND.split(head)[-1]
    if last != head and any(word.text in _SUBJECTS for word in list(words_of(last))[:1]):
        return last
    whose, with_, rest = head.partition(" with ")
    return rest if with_ and {"is", "was"} & {word.text for word in words_of(whose)} else head


def _is_of_it(bound: Bound, words: Sequence[Word], names: frozenset[str]) -> bool:
    """Whether words are the field's own subject: "it", "she", the source's name, or "the" with a word of the question."""
    texts = [word.text for word in words]
    if len(texts) > 2 and texts[-2] in _PLACED and texts[-1] in names:
        texts = texts[:-2]
    if texts and all(text in names or text in _SMALL for text in texts):
        return any(text in names for text in texts)
    if len(texts) == 1:
        return texts[0] in _ITSELF or texts[0] in _GROUP & bound.question
    return texts[:1] != [] and texts[0] in _SMALL and all(text in bound.question | names for text in texts[1:])


def _is_so_long(bound: Bound, before: Sequence[Word], behind: Sequence[Word], names: frozenset[str]) -> bool:
    """Whether a clause says "it is 88 m long" where its length is sought, and nothing more special."""
    how = _HOW.get(behind[0].text) if behind else None
    verb = next((at for at, word in enumerate(before) if word.text in ("is", "are", "was")), None)
    sought = bound.heading - _KINDS - _OF_PERIODS - {stem("total")}
    if how is None or verb is None or sought != {stem(how)}:
        return False
    rest = {word.text for word in before[verb + 1 :]}
    return rest <= _LINKS and _is_of_it(bound, before[:verb], names)


def _is_counted(bound: Bound, before: Sequence[Word], behind: Sequence[Word], names: frozenset[str]) -> bool:
    """Whether a clause says that its subject has so many, where the question is how many it has: "it carries two lanes"."""
    if not bound.is_count:
        return False
    verb = next((at for at, word in enumerate(before) if word.text in _HAVING | (bound.question - _SMALL)
                 and at and _is_of_it(bound, before[:at], names)), None)  # fmt: skip
    if verb is None:
        return False
    rest = {word.text for word in before[verb + 1 :]}
    follower = next((word.text for word in behind), "")
    return rest <= _LINKS and is_whole(follower, frozenset(map(stem, bound.question)))


def _leads(bound: Bound, sought: frozenset[str], before: Sequence[Word], behind: Sequence[Word]) -> bool:
    """Whether what is sought stands before the amount, which is not the beginning of a longer name ("80 GB memory")."""
    place = place_of(sought, before)
    if place is None or is_many(before[slice(*place)], bound.question):
        return False
    between = [word.text for word in before[place[1] :] if word.text not in bound.question]
    follower = next((word.text for word in behind if word.text != "-"), "")
    links = _LINKS | {"with"} if bound.is_count else _LINKS
    is_ended = follower in _GOES_ON or is_whole(follower, sought)
    return len(between) <= _FAR and links.issuperset(between) and is_ended


def _follows(bound: Bound, sought: frozenset[str], behind: Sequence[Word]) -> bool:
    """Whether what is sought stands behind the amount: "a 2 GB download", "12 months of follow-up"."""
    place = place_of(sought, behind)
    if place is None or is_many(behind[slice(*place)], bound.question):
        return False
    follower = next((word.text for word in behind[place[1] :] if word.text != "-"), "")
    between = [word.text for word in behind[: place[0]]]
    return len(between) <= _FAR_BEHIND and _LINKS_BEHIND.issuperset(between) and is_whole(follower, sought)


def same_amount(spec: FieldSpec, printed: Sequence[str]) -> bool:
    """Whether amounts are one and the same, whatever their units."""
    return len({spec.amount(one).value for one in printed}) == 1
