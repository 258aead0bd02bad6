"""A field that counts and a sentence go in; how many the sentence says were studied, enrolled or interviewed comes out, as printed, or nothing.

"We surveyed 36 plots", "The trial took place in 12 towns", "A total of 318
patients were randomised": a study says how large it is in few forms, and those
are all that answers here. The field must ask no more than that: how many were
studied, not how many died. "18 of the 36 farms", "the 58 villages", "12 plots
each" and what is planned or others' say nothing of the whole; where two
sentences differ, the caller answers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from survey_extract.core.answering.bound_numbers import amounts_in
from survey_extract.core.answering.settled import is_doubtful
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import CLAUSE, is_others, negations, sought_stems, words_of
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.tables.pairs import Pair
from survey_extract.core.values.amounts import Units

_SENTENCE = re.compile(r"[^?.!]*")
_ASKS = re.compile(
    r"(?:(?:at|in|by|on|from|for|of|with|across|over) )?(?:how many|(?:the )?(?:total )?number of) (?P<rest>.+)", re.I
)
_WORKS = "study|survey|trial|experiment|investigation|work|programme|program|project|analysis|sample|sampling|fieldwork|data|dataset|cohort"
_GENERIC = sought_stems(
    f"{_WORKS.replace('|', ' ')} take took taken part place studied surveyed included include enrolled recruited randomised"
    " participated participate carried out conducted done performed visited interviewed asked observed monitored analysed"
    " analyzed compared tested treated examined investigated paper authors total all in the a of it they there was were are is"
    " been has have who that which or and on at by this sampled each any"
)
"""Words of a question that ask for no more than how many were studied."""
GROUP = sought_stems("patients participants subjects volunteers respondents people persons individuals adults")
"""Those who take part, by whatever name: a question for people is one for participants where those are the field's unit."""
_DIRECT = (
    "surveyed|studied|sampled|enrolled|recruited|included|interviewed|randomi[sz]ed|assigned|tested|analy[sz]ed|examined|visited"
    "|monitored|compared|followed|investigated|questioned|inspected|tracked|mapped"
)
"""What is done to what a study is made of."""
_PLACED = "used|worked|collected|measured|counted|recorded|gathered|sowed|planted|grew|set|ran|conducted|carried"
"""What is done at as many places as it is made of."""
_HELD = r"(?:took|takes) place|(?:was|were|is|are) (?:carried out|conducted|done|run|performed|made|held)|ran"
_MADE_OF = r"(?:consists?|consisted) of|compris(?:es|ed)|include[sd]?|covers?|covered|contains?|contained|enrol(?:led|s)|has|had"
_PREP = "on|in|at|from|across|over|among|within|of|with|between"
_WHO = rf"we|it|(?:the|this|our|the present|the whole) (?:[\w-]+ ){{0,2}}(?:{_WORKS})"
_INTRO = (
    r"(?:(?:in total|altogether|overall|in all|here|thus|then|for this|in this (?:study|paper|work)),? )?"
    rf"(?:(?:in|during|from|between|since|for) [^,]{{1,60}}, )?(?:in (?:a|an|this|our|the) (?:[\w-]+ ){{0,3}}(?:{_WORKS}),? )?"
)
_SOME = r"(?:(?:a total of|about|approximately|around|some|nearly|almost|roughly) )?"
_HEADS = tuple(
    re.compile(rf"{_INTRO}(?:{form}) {_SOME}", re.IGNORECASE)
    for form in (
        rf"(?:{_WHO}) (?:\w+ly )?(?:{_DIRECT})(?: (?:[\w-]+ ){{1,6}}(?:{_PREP}))?",
        rf"(?:{_WHO}) (?:\w+ly )?(?:{_PLACED}) (?:[\w-]+ ){{1,6}}(?:{_PREP})",
        rf"(?:{_WHO}) (?:{_HELD})(?: (?:on|in|at|with|across|among))",
        rf"(?:{_WHO}) (?:{_MADE_OF})",
        rf"(?:in )?(?:the|this|our|the present) (?:[\w-]+ ){{0,2}}(?:{_WORKS}) (?:with|of|on|among)",
    )
)
_ALONE = re.compile(rf"{_INTRO}{_SOME}", re.IGNORECASE)
_DONE = re.compile(
    rf"(?: (?:in|from|of|at|over|under|aged|with|across) [^,;.]{{1,60}}?)? (?:took part|participated|(?:were|was|have been|had been)"
    rf" (?:then |all )?(?:\w+ly )?(?:{_DIRECT}|asked|treated)|answered|responded)\b",
    re.IGNORECASE,
)
_USED = re.compile(r"\bus(?:e|es|ed|ing)\b", re.IGNORECASE)
_HAS = re.compile(r"\b(?:has|have|had|with|without|given)\b", re.IGNORECASE)
"""Words of a question for a part of them, or for what something else has."""
_DOES = re.compile(r" (?P<verb>[a-z]{2,20}) (?P<what>(?:the )?[\w-]{1,40})", re.IGNORECASE)
_PART = re.compile(
    r"(?:\b(?:the|these|those|each|every|per|both|other|another|further|additional|remaining|only|first|last|next|half|of the|than|least"
    r"|most|to|up|or|than|its|their)|[-\u2010-\u2015/\u00b1+~<>\u2264\u2265\u00d7\d]|(?<!\d)\d{1,3},|\d\S{0,12} of) $",
    re.IGNORECASE,
)
"""What stands right before a number that is a part, a limit, or one spoken of before."""
_APIECE = re.compile(r",? (?:each|apiece|per|in each|a (?:day|week|month|year|site|group))\b", re.IGNORECASE)
_SIFTED = re.compile(
    r"\b(?:eligib|exclu|criteria|screen|withdr[ae]w|dropped|drop-?outs?|declin|refus|died|lost to|analy[sz]ed sample|(?:final|main|sub|interim) ?-?analys)",
    re.IGNORECASE,
)
"""Words of a sentence in which some are taken away: what is counted there may be those before, or those after."""
_SPECIAL = re.compile(r"(?:ed|wn|other|control|further|additional|remaining|more|fewer|new|extra|pilot|such)$")
"""Words between a number and its unit that make it a part of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: the field's units, and the stems of its heading and of what it counts."""

    unit: str
    units: Units
    heading: frozenset[str]
    counted: frozenset[str]
    deed: frozenset[str] = frozenset()
    """The verb of a question that asks who does something with it, as a stem: "by how many people it is used"."""

    @classmethod
    def of(cls, spec: FieldSpec) -> Counted | None:
        """None where more is asked than how many were studied."""
        asked = _ASKS.match((_SENTENCE.match(spec.ask.strip()) or [""])[0])
        if not spec.unit or asked is None:
            return None
        counted = sought_stems(" ".join((spec.unit, *(name for name, _ in spec.units))))
        counted |= GROUP if counted & GROUP else frozenset()
        first, rest = sought_stems(" ".join(asked["rest"].split()[:3])), sought_stems(asked["rest"])
        deed = rest - counted - _GENERIC | (frozenset(["use"]) if _USED.search(asked["rest"]) else frozenset())
        is_of_it = re.search(r"\bit\b", asked["rest"]) is not None
        if (
            not first & counted
            or _HAS.search(asked["rest"])
            or (deed - sought_stems(spec.heading) and (len(deed) > 1 or not is_of_it))
        ):
            return None
        return cls(spec.unit, spec.units, sought_stems(spec.heading), counted, deed)


def counts(counted: Counted, sentence: str, names: frozenset[str]) -> str | None:
    """The number that a sentence gives, where it gives one alone; ``names`` are the source's own."""
    text = " ".join(sentence.split())
    if "?" in text or is_others(text) or _SIFTED.search(text):
        return None
    given = {
        printed: None
        for printed, at in amounts_in(counted.unit, counted.units, text)
        if _is_whole(text, printed, at) and _is_said(counted, text, at, at + len(printed), names)
    }
    return next(iter(given)) if len(given) == 1 else None


def counts_pair(counted: Counted, pair: Pair) -> str | None:
    """What a pair gives: "Patients | 702" under the field's heading, or under what it counts."""
    label = sought_stems(pair.label)
    if not label or (label != counted.heading and not label <= counted.counted):
        return None
    is_amount = any(printed == pair.value for printed, _ in amounts_in(counted.unit, counted.units, pair.value))
    return pair.value if is_amount or pair.value.replace(",", "").isdecimal() else None


def _is_whole(text: str, printed: str, at: int) -> bool:
    """Whether an amount is of all, and not of a part of them."""
    between = printed.split()[1:-1]
    return not (_PART.search(text[:at]) or _APIECE.match(text, at + len(printed)) or any(map(_SPECIAL.search, between)))


def _is_said(counted: Counted, text: str, start: int, end: int, names: frozenset[str]) -> bool:
    """Whether a clause says of a study itself that it has so many, or that so many do what is asked."""
    head, tail = _last(text[:start]), next(iter(CLAUSE.split(text[end:])))
    before = list(words_of(f". {head}"))[1:]
    if is_doubtful(head) or negations(before):
        return False
    if counted.deed:
        does = _DOES.match(tail)
        object_ = (does["what"] or "").casefold() if does else ""
        is_own = object_ == "it" or object_.removeprefix("the ") in names
        return does is not None and is_own and stem(does["verb"]) in counted.deed and _ALONE.fullmatch(head) is not None
    if any(form.fullmatch(head) for form in _HEADS):
        return True
    done = _DONE.match(tail)
    return _ALONE.fullmatch(head) is not None and done is not None and not is_doubtful(done[0])


def _last(head: str) -> str:
    """The clause that a head ends in."""
    *_, last = _clauses(head)
    return last.lstrip()


def _clauses(head: str) -> Iterator[str]:
    yield ""
    yield from (part for part in CLAUSE.split(head) if part is not None)
