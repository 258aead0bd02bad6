"""A field of names and a sentence go in; who did what the field asks comes out: "It was designed by Anna Kovacs."

A name answers where a verb of the heading or the instruction leads to it with
"by", or where it stands before the verb and the source's own subject behind
("Emil Sand designed it"). Doubts, other subjects and doers that are no names
answer nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from survey_extract.core.answering.settled import is_doubtful
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import (
    Word,
    is_of_another,
    is_others,
    negations,
    sought_stems,
    words_of,
)
from survey_extract.core.ranking.stemming import stem
from survey_extract.core.tables.pairs import Pair

_ASKED = re.compile(r"[^?.!]*")
_WHO = re.compile(
    r"(?:who|whose|which (?:people|person|company|companies|firm|group|team|body|organi[sz]ation))\b", re.IGNORECASE
)
_NAME = r"[^\W\d_a-z][\w.'\u2019-]*+(?: (?:(?:of|van|von|de|den|der|del|della|di|da|la|le|for|the) ){0,2}[^\W\d_a-z][\w.'\u2019-]*+){0,5}"
_NAMES = rf"{_NAME}(?:(?:, and |, | and | & )(?:the )?{_NAME}){{0,9}}"
_LED = re.compile(rf"(?: for)? by (?:the |an? )?(?:(?P<role>[a-z]+) )?(?P<names>{_NAMES})")
_LEADS = re.compile(rf"\A(?:(?:The|the) (?P<role>[a-z]+) )?(?P<names>{_NAMES}) ")
_OBJECT = re.compile(r"(?: for)? (?:(?P<it>it|her)|(?:the|this) (?P<noun>[\w-]+))")
_WORD = re.compile(r"[^\W\d_]+")
_APART = re.compile(r", and |, | and | & ")
_ROLES = frozenset(
    "engineer engineers architect architects company firm designer professor author authors lawyer team group".split()
)
_PAYING = frozenset(map(stem, ["paid", "funded", "financed", "sponsored"]))
"""Verbs for one deed, by which those who ask for it may be told."""
_TITLED = re.compile(r"^(?:The|the|Dr\.?|Prof\.?|Professor|Mr\.?|Ms\.?|Mrs\.?) ")
_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|al))\.$")
_BE = frozenset("is was were are been being".split())
_BETWEEN = frozenset("first originally both also and then mainly jointly".split())
_GOES_ON = re.compile(
    r"[.;:,]|\s\(|\s(?:and|in|on|for|at|from|with|as|to|who|which|after|between|during|while|against|over|under|since|but|through)\b|$"
)
"""What may stand behind names so that they are whole."""
NAME_WORDS = 6
"""Words of a name in a list."""
_NOBODY = frozenset("unknown none nobody various tbd anonymous n/a na - \u2013 \u2014 ?".split())
_ARTICLES = frozenset("the this our".split())


@dataclass(frozen=True, slots=True)
class Doing:
    """What somebody did, as stems of verbs, and the question's words."""

    verbs: frozenset[str]
    question: frozenset[str]

    @classmethod
    def of(cls, spec: FieldSpec) -> Doing | None:
        """None where it is not asked who did something."""
        asked = (_ASKED.match(spec.ask.strip()) or [""])[0]
        if not _WHO.match(asked):
            return None
        words = [word.text for word in words_of(asked)]
        end = next((at for at, word in enumerate(words) if at and word in _ARTICLES | {"it"}), len(words))
        verbs = frozenset(stem(word) for word in words[1:end] if word.isalpha()) - sought_stems(
            "or and who has have did"
        )
        verbs |= _PAYING if verbs & _PAYING else frozenset()
        return cls(verbs | frozenset(filter(None, [_done(spec.heading)])), frozenset(words)) if verbs else None


def _done(heading: str) -> str | None:
    """The stem of the verb that a heading such as "Designer" is made of."""
    word = heading.strip().casefold()
    return (
        stem(f"{word.removesuffix('s')[:-2]}ed")
        if word.removesuffix("s").endswith(("er", "or")) and word.isalpha()
        else None
    )


def names_of_pair(spec: FieldSpec, pair: Pair) -> tuple[str, ...]:
    """The names of a pair whose label is the field's heading: "Languages | Basque, Catalan"."""
    if sought_stems(pair.label) != sought_stems(spec.heading):
        return ()
    found = _parted(pair.value.replace("; ", ", "))
    is_list = all(0 < len(name.split()) <= NAME_WORDS and name.casefold() not in _NOBODY for name in found)
    return found if is_list else ()


def doers(doing: Doing, sentence: str, names: frozenset[str]) -> tuple[str, ...]:
    """Who a sentence says did it, each as printed; ``names`` are the source's own."""
    text = " ".join(sentence.split())
    if "?" in text or is_others(text):
        return ()
    for match in _WORD.finditer(text):
        if stem(match[0].casefold()) in doing.verbs:
            own = doing.question | names
            before, behind = text[: match.start()], text[match.end() :]
            found = _by(before, behind, own) or _before(before, behind, own)
            if found:
                return found
    return ()


def _by(before: str, behind: str, own: frozenset[str]) -> tuple[str, ...]:
    """The names of "It was designed by Anna Kovacs"."""
    led = _LED.match(behind)
    if led is None or (led["role"] and led["role"] not in _ROLES) or not _GOES_ON.match(behind, led.end()):
        return ()
    words = list(words_of(before))
    said = [word.text for word in words if word.text not in _BETWEEN]
    if said[-1:] == [] or said[-1] not in _BE or not _begins_with_own(words, own) or is_of_another(words, own, None):
        return ()
    return () if is_doubtful(before) or negations(words) else _parted(led["names"])


def _before(before: str, behind: str, own: frozenset[str]) -> tuple[str, ...]:
    """The names of "Emil Sand designed it": each of two words at least, since any word begins a sentence with a capital."""
    for part in (before, before.rpartition(", and ")[2]):
        led = _LEADS.fullmatch(part)
        if led is None or (led["role"] and led["role"] not in _ROLES) or is_doubtful(behind.partition(".")[0]):
            continue
        found = _parted(led["names"])
        if all(" " in name for name in found) and _is_object(behind, own):
            return found
    return ()


def _begins_with_own(words: Sequence[Word], own: frozenset[str]) -> bool:
    """Whether a clause begins with the source's own subject: "it", its name, "the bridge"."""
    texts = [word.text for word in words[:4]]
    if texts[:1] == ["it"] or (texts[:1] != [] and texts[0] in own - _ARTICLES):
        return True
    return texts[:1] != [] and texts[0] in _ARTICLES and any(text in own - _ARTICLES for text in texts[1:])


def _is_object(behind: str, own: frozenset[str]) -> bool:
    """Whether it is done to the source's own subject, and to nothing of it."""
    found = _OBJECT.match(behind)
    if found is None or not _GOES_ON.match(behind, found.end()):
        return False
    return found["it"] is not None or found["noun"].casefold() in own


def _parted(names: str) -> tuple[str, ...]:
    parts = (_TITLED.sub("", name.strip()) for name in _APART.split(names))
    return tuple(dict.fromkeys(name if _ABBREVIATED.search(name) else name.rstrip(".") for name in parts))
