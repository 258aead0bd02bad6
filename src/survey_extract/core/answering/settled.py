"""A sentence and what was recognised in it go in; what of it the sentence settles for the source itself comes out.

"A proposal to replace it with a cable-stayed bridge was shelved" names a kind
of bridge and says of none that it is one. A value that stands behind a word of
a plan, a rejection, a doubt or another thing is no answer, nor is one of which
such a word is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from survey_extract.core.ranking.phrases import is_others, sought_stems
from survey_extract.core.words.tokens import without_citations

_PART = re.compile(r"[;()]|,? (?:but|although|though|while|whereas|because)\b", re.IGNORECASE)
"""What parts what is said of one thing from what is said of another."""
_ASIDE = re.compile(r"^(?:unlike|in contrast to|as opposed to|compared (?:with|to))\s[^,]{1,120},", re.IGNORECASE)
_UNSETTLED = frozenset(
    "proposal proposals propose proposes proposed plan plans planned consider considers considered reject rejects rejected discuss"
    " discussed discusses shelved abandoned dropped dismissed ruled replace replaces replaced replacement would could might should"
    " may whether if unless instead rather than unlike earlier former formerly previous previously old older original originally"
    " first neighbouring neighboring nearby other others another alternative alternatives candidate hope hoped hopes wants wanted"
    " favour favours favoured favored intend intends intended will next future successor predecessor competitor rival ask asked asks"
    " idea not never no nor neither without until ago once competition suggest suggests suggested draft cancelled canceled denied"
    " cannot isn't wasn't doesn't".split()
)
_UNSETTLED_BEHIND = _UNSETTLED - frozenset(
    "than other others another rather instead once no not nor never without next until replaces if may will should could first"
    " whether original unless".split()
)
"""Of these, the words that also count where they stand behind a value, in its part of the sentence."""
_WORD = re.compile(r"[^\W\d_]+(?:'t\b)?")
_ITS = frozenset("it its we the this our".split())
_IS = re.compile(r"\b(?:is|are|was|has|uses|it's)\b", re.IGNORECASE)


_NAMED_BEFORE = re.compile(r"(?:\b[A-Z][\w-]{0,30} (?:and|or) |[\w)][+/])$")
_NAMED_BEHIND = re.compile(r" et al\b| (?:and|or) [A-Z]|[+/]\w")
"""What stands around a value that is one of several names, or an author's."""
_SOME_AND_OTHERS = re.compile(r"\bsome\b[^.;]{1,80}, others?\b", re.IGNORECASE)
_PARTED = frozenset(["others", "other"])
"""Words that tell of the rest of the same thing: "some parts are of steel, others of timber"."""
_WORKS = r"study|survey|trial|experiment|investigation|work|analysis|comparison|design|project"
_ADJECTIVES = r"(?:[\w-]+ ){0,2}"
_WE_USED = re.compile(
    rf"(?:we|i|this (?:{_WORKS})|the (?:{_WORKS})) (?:also |mainly |then )?(?:used|employed|applied|use|relied on) (?:[\w-]+ ){{0,2}}",
    re.I,
)
_WAS_USED = re.compile(
    r"(?: (?:of|with|at|in) [^,;.]{1,40}?)? (?:was|were) (?:also )?(?:used|made|done|set|placed|installed|taken|conducted|employed|applied|carried out|performed)\b",
    re.I,
)
_IN_A = re.compile(rf"in (?:a|an|this|our) {_ADJECTIVES}", re.I)
_WE_DID = re.compile(rf"(?: (?:{_WORKS}))?,? we\b", re.I)
_THIS = re.compile(rf"(?:in |for )?(?:this|our) {_ADJECTIVES}", re.I)
_THE_WORK = re.compile(rf"(?:the|our) {_ADJECTIVES}", re.I)
_TOOK_PLACE = re.compile(
    rf"(?: (?:{_WORKS}))? (?:took place|(?:was|were) (?:run|carried out|conducted|done|made|held|performed|set up))\b",
    re.I,
)
_WORK_IS = re.compile(
    rf"(?:it|this|(?:this|the|our) (?:{_WORKS})) (?:is|was) (?:a |an )?(?:purely |entirely |fully |strictly )?{_ADJECTIVES}|we (?:ran|did|report|conducted"
    rf"|carried out|performed|present|describe) (?:a|an) {_ADJECTIVES}",
    re.I,
)
_ENDS = re.compile(rf"(?: (?:{_WORKS}))?(?:[.,;:]|$| (?:in|of|with|on|at|from|and|between|that)\b)", re.I)
SHORT = 2
"""Letters of the longest word in capitals that may be anything."""


class Settled(NamedTuple):
    """Values that a sentence settles; ``is_plain`` where it says of its subject that it is or has them."""

    values: tuple[str, ...]
    is_plain: bool


def settled(
    sentence: str, recognise: Callable[[str], Sequence[str]], names: frozenset[str], asked: frozenset[str] = frozenset()
) -> Settled:
    """What a sentence settles of what is recognised in it; ``names`` are the source's own.

    A word of doubt that is the question's own is none: of a "first release", the first.
    """
    if "?" in sentence:
        return Settled((), is_plain=False)
    text = _ASIDE.sub("", without_citations(sentence))
    asked |= _PARTED if _SOME_AND_OTHERS.search(text) else frozenset()
    values, is_plain = list[str](), False
    for part in _PART.split(text):
        found = tuple(recognise(part)) if part else ()
        kept = [value for value in found if not _is_unsettled(part, recognise, value, asked)]
        values += kept
        is_plain |= bool(kept) and _is_own(part, recognise, names) and not is_others(sentence)
    return Settled(tuple(dict.fromkeys(values)), is_plain)


def is_about(sentence: str, sought: frozenset[str], names: frozenset[str]) -> bool:
    """Whether a sentence has a word of the field's own, and does not begin with another's name ("GPT-4 is ...")."""
    first = sentence.split(" ", 1)[0].strip("(),")
    is_name = sum(map(str.isupper, first)) > 1 and first.casefold() not in names and len(first) > SHORT
    return not is_name and not sought.isdisjoint(sought_stems(sentence))


def words_asked(text: str) -> frozenset[str]:
    """The words of a question, small."""
    return _words(text)


def is_used(part: str, value: str) -> bool:
    """Whether a part of a sentence says that the source used a thing, or that it was used there."""
    before, found, behind = _around_found(part.lstrip(), value)
    return bool(found) and bool(_WE_USED.fullmatch(before) or (not before and _WAS_USED.match(behind)))


def is_work(part: str, value: str) -> bool:
    """Whether a part of a sentence calls the source's own work so: "in a field experiment we ...", "this cohort study"."""
    before, found, behind = _around_found(part.lstrip(), value)
    if not found:
        return False
    if _THE_WORK.fullmatch(before) and _TOOK_PLACE.match(behind):
        return True
    return (
        bool(_IN_A.fullmatch(before) and _WE_DID.match(behind))
        or bool(_THIS.fullmatch(before))
        or bool(_WORK_IS.fullmatch(before) and _ENDS.match(behind))
    )


def _around_found(part: str, value: str) -> tuple[str, str, str]:
    """What stands before a value, the value as it stands there, and what stands behind it."""
    at = part.casefold().find(value.casefold())
    return (part[:at], part[at : at + len(value)], part[at + len(value) :]) if at >= 0 else (part, "", "")


def is_doubtful(text: str) -> bool:
    """Whether a text has a word of a plan, a rejection, a doubt or another thing."""
    return bool(_UNSETTLED & _words(text))


def _is_unsettled(
    part: str, recognise: Callable[[str], Sequence[str]], value: str, asked: frozenset[str] = frozenset()
) -> bool:
    """Whether a word of doubt stands before a value, or is said of it behind it, before the next comma or value."""
    pieces = part.split(",")
    at = next((at for at, piece in enumerate(pieces) if value in recognise(piece)), None)
    if at is None:  # it stands across a comma
        return bool(_UNSETTLED & (_words(part) - asked))
    before = ",".join(pieces[:at])
    ahead, behind = _around(pieces[at], value)
    if _NAMED_BEFORE.search(ahead) or _NAMED_BEHIND.match(behind):
        return True
    return bool(_UNSETTLED & (_words(f"{before} {ahead}") - asked)) or bool(
        _UNSETTLED_BEHIND & (_words(behind) - asked)
    )


def _around(piece: str, value: str) -> tuple[str, str]:
    at = piece.casefold().find(value.casefold())
    return (piece[:at], piece[at + len(value) :]) if at >= 0 else (piece, "")


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text) if word != "May")  # a month


def _is_own(part: str, recognise: Callable[[str], Sequence[str]], names: frozenset[str]) -> bool:
    """Whether a part of a sentence begins with the source's name, "it" or "the" something, and says behind a verb what that is."""
    is_ = _IS.search(part)
    words = [word.casefold() for word in _WORD.findall(part[: is_.start()])] if is_ else []
    if is_ is None or recognise(part[: is_.start()]) or not recognise(part[is_.end() :]):
        return False
    return words[:1] != [] and (words[0] in names or words[0] in _ITS)
