"""An option and the sentences cited for it go in; whether they deny it, or name another instead, comes out: "Participants were not blinded".

An option is the survey's own word, and most sentences that support one do not
name it. So one that no sentence names is never denied, nor is one that any part
of a sentence names without denying it: a warning that is usually wrong is worth
less than none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from survey_extract.core.check.clauses import Parsed
from survey_extract.core.check.contraries import LIGHT, NEGATORS, NO_DENIALS, denies, hedges
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.stemming import GRAMMAR, stem
from survey_extract.core.words.tokens import fold

_PART = re.compile(
    r"[.;:()\u2014]|,? ?\b(?:but|whereas|while|although|though|because|since|who|which)\b|, (?=(?:not|never|rather|instead)\b)"
    r"|\band (?=(?:did|does|do|was|were|is|are|had|has|have|could|can|will|would|all|none|both|no|not)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019]t\b)?")
_LEFT_OUT = re.compile(
    r"\b(?:is|are|was|were|did|does|do|has|had|have|be|been)(?: not|n['\u2019]t)[ ,.]*$", re.IGNORECASE
)
"""The end of a part whose verb was said before: "but participants were not"."""
_TAKEN = "used|adopted|applied|employed|included|performed|chosen|selected|implemented|carried out|pursued"
_NOT_TAKEN = re.compile(
    rf"^\s?(?:(?:was|were|is|are|(?:has|have) been)\s)?(?:\w{{1,20}}ly\s)?(?:not|never)\s(?:\w{{1,20}}ly\s)?(?:{_TAKEN})\b",
    re.IGNORECASE,
)
"""A part without a subject of its own: "but not used"."""
_WAS_TAKEN = frozenset(_TAKEN.split("|"))
_IS = frozenset(["is", "are", "was", "were", "been"])
_SUBJECT = 4
"""Words before an option that is its part's subject, at most: "Camera traps and environmental DNA were considered"."""
_ALL_OF = frozenset(["neither", "nor", "no", "none"])
_HAPPENS = frozenset(
    map(stem, "occurred reported observed found used noted recorded seen existed applied planned".split())
)
"""What is said of a thing of which there is none: "no X occurred"."""
ALIKE = 6
"""Letters that two forms of a word share: "certified" and "certificates"."""
REACH = 3
"""Light words between a negation and the option that it denies."""


class _Part(NamedTuple):
    words: tuple[str, ...]
    stems: frozenset[str]
    is_left_out: bool
    """Whether it ends where its verb would stand again."""
    is_not_taken: bool = False
    """Whether it says of the subject before it that it was not taken."""


_SAME = frozenset("unchanged same similar equal equivalent comparable stable constant neutral nil null".split())


def is_denied(spec: FieldSpec, option: str, quoted: Sequence[str]) -> bool:
    """Whether the sentences name an option, and wherever they do they say that it is not so of what the field asks."""
    wanted = _stems(option)
    if not wanted or any(denies(word) for word in _words(option)):
        return False
    asked = (
        _stems(f"{spec.heading} {spec.name.replace('_', ' ')} {spec.ask}") | _stems(" ".join(spec.options))
    ) - wanted
    told: list[bool] = []
    for sentence in quoted:
        before, is_subject = frozenset[str](), False
        for part in _parts(sentence):
            if part.is_not_taken and is_subject and told:
                told[-1] = True
            is_subject = wanted <= part.stems and _is_subject(part, wanted)
            if wanted <= part.stems:
                told.append(_denies(part, wanted, asked, before))
            before |= part.stems
    return bool(told) and all(told)


def is_another(spec: FieldSpec, option: str, quoted: Sequence[str]) -> bool:
    """Whether the sentences name exactly one option of the field, plainly, and it is not this one.

    An option that is an everyday word ("none", "other", "open") is named by chance. Of options that share a word ("single-blind",
    "double-blind") the rest tells which one is named. That there is nothing ("no difference", "unchanged") is told in any words.
    """
    if any(denies(word) or word in _SAME for word in _words(option)):
        return False
    wanted, mine = _telling_stems(option, spec.options), _spelled(option)
    lines = [_spelled(sentence) for sentence in quoted]
    if not mine or any(_is_in(mine, line) or wanted & frozenset(line) for line in lines):
        return False
    others = [other for other in spec.options if other != option and _is_telling(other)]
    named = [other for other in others if any(_is_in(_spelled(other), line) for line in lines)]
    if len(named) != 1:
        return False
    there = [part for sentence in quoted for part in _naming(_spelled(named[0]), sentence)]
    return all(map(_is_plain, there))


def _telling_stems(option: str, options: Sequence[str]) -> frozenset[str]:
    """The stems that tell an option from all others; all of its stems where there are none such."""
    mine = _stems(option)
    shared = frozenset(root for other in options if other != option for root in _stems(other))
    return mine - shared or mine


def _is_plain(part: str) -> bool:
    """Whether a part of a sentence denies nothing, leaves nothing open and speaks of no other thing."""
    return not any(denies(word) or hedges(word) or word in _APART for word in _words(part))


def is_beside(spec: FieldSpec, option: str, quoted: Sequence[str]) -> bool:
    """Whether the sentences name an option only where they leave it open or deny it, and another plainly with what is asked."""
    mine = [part for sentence in quoted for part in _naming(_spelled(option), sentence)]
    asked = _stems(spec.heading) - frozenset(root for one in spec.options for root in _stems(one))
    if not mine or any(denies(word) for word in _words(option)):
        return False
    others = [other for other in spec.options if other != option and _is_telling(other)]
    theirs = {
        other: [
            part for sentence in quoted for part in _naming(_spelled(other), sentence) if _is_plain(_ONLY.sub("", part))
        ]
        for other in others
    }
    named = [other for other, parts in theirs.items() if parts]
    if len(named) != 1:
        return False
    if any(part in theirs[named[0]] for part in mine):
        return False  # one part names both
    if all(map(_is_only_planned, mine)):
        return True
    is_asked = any(asked & _stems(part) for part in theirs[named[0]])
    is_elsewhere = not any(asked & _stems(part) for part in mine)
    return is_asked and is_elsewhere and all(any(map(denies, _words(part))) for part in mine)


_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)


def _is_only_planned(part: str) -> bool:
    """Whether a part says of something alone that it is to be; "planning" is no plan."""
    return any(clause.is_planned for clause in Parsed.of(part).clauses)


def named_in_pair(spec: FieldSpec, value: str) -> str | None:
    """The one option that the value of a pair names, where it names one alone."""
    found = [option for option in spec.options if _is_in(_spelled(option), _spelled(value))]
    longest = [
        one for one in found if not any(one != other and _is_in(_spelled(one), _spelled(other)) for other in found)
    ]
    return longest[0] if len(longest) == 1 and _is_telling(longest[0]) else None


def _naming(pieces: tuple[str, ...], sentence: str) -> list[str]:
    """The parts of a sentence that name an option, or the sentence where the option is in none of them alone."""
    found = [part for part in _FINE_PART.split(sentence) if _is_in(pieces, _spelled(part))]
    return found or ([sentence] if _is_in(pieces, _spelled(sentence)) else [])


_FINE_PART = re.compile(
    r"[.;:()\u2014]|,? ?\b(?:and|but|whereas|while|although|though|because|since|who|which)\b", re.IGNORECASE
)
_APART = frozenset("than versus vs compared comparison against previously earlier other others both besides or".split())
"""Words of sentences that name an option and may take another."""
_EVERYDAY = frozenset(
    map(
        stem,
        "none other others open closed mixed both unclear unknown reported partial partly full high low medium some any yes no not"
        " single multiple general standard new old large small public private local free paid first second primary secondary".split(),
    )
)


def _is_telling(option: str) -> bool:
    """Whether an option is named by nothing but itself: it has a word that means something, or is a code of several pieces."""
    pieces = _spelled(option)
    return bool(_stems(option) - _EVERYDAY) or (not _stems(option) and len(pieces) > 1)


def _spelled(text: str) -> tuple[str, ...]:
    """The pieces of a text, stems of its words, whatever hyphens are between them."""
    return tuple(stem(word) if word.isalpha() and len(word) > 1 else word for word in map(fold, _PIECE.findall(text)))


def _is_in(pieces: tuple[str, ...], line: tuple[str, ...]) -> bool:
    return any(line[at : at + len(pieces)] == pieces for at in range(len(line) - len(pieces) + 1))


def naming(spec: FieldSpec, option: str, sentences: Sequence[str]) -> Callable[[str], bool] | None:
    """What tells the sentences that name an option: of several those that speak of what is asked; None for an everyday word."""
    if not _is_telling(option):
        return None
    pieces = _spelled(option)
    asked = _stems(f"{spec.heading} {spec.name.replace('_', ' ')} {spec.ask}") - frozenset(pieces)
    named = [sentence for sentence in sentences if _names(pieces, sentence)]
    kept = [sentence for sentence in named if asked & _stems(sentence)] or named
    return frozenset(kept).__contains__


def _names(pieces: tuple[str, ...], sentence: str) -> bool:
    return _is_in(pieces, _spelled(sentence)) and not any(map(denies, _words(sentence)))


_PIECE = re.compile(r"[^\W\d_]+|\d+")


def is_refused(spec: FieldSpec, name: str, quoted: Sequence[str]) -> bool:
    """Whether all that the sentences say of a name is that what the field asks was not so of it: "not certified to IEC 61215"."""
    pieces = _spelled(name)
    asked = _stems(f"{spec.heading} {spec.name.replace('_', ' ')} {spec.ask}") - frozenset(pieces)
    parts = [part for sentence in quoted for part in _naming(pieces, sentence)]
    return bool(pieces and parts) and all(_refuses(_words(part), asked) for part in parts)


def _refuses(words: Sequence[str], asked: frozenset[str]) -> bool:
    """Whether the one negation of a part is right before a word of what is asked."""
    places = [at for at, word in enumerate(words) if word in ("not", "never") or word.endswith(("n't", "n\u2019t"))]
    behind = [word for at in places for word in words[at + 1 : at + 1 + REACH]]
    return (
        len(places) == 1
        and not NO_DENIALS & set(behind[:1])
        and any(stem(word)[:ALIKE] == root[:ALIKE] for word in behind for root in asked if len(root) >= ALIKE)
    )


def _denies(part: _Part, wanted: frozenset[str], asked: frozenset[str], before: frozenset[str]) -> bool:
    """Whether a part denies the option itself, or denies of it what the field asks."""
    places = [at for at, word in enumerate(part.words) if word in NEGATORS or word.endswith(("n't", "n\u2019t"))]
    if not places or any(part.words[at + 1 : at + 2] and part.words[at + 1] in NO_DENIALS for at in places):
        return False
    if len(places) > 1 and part.words[places[0]] not in _ALL_OF:
        return False
    if any(_reaches(part.words, at, wanted) and (part.words[at] != "no" or _HAPPENS & part.stems) for at in places):
        return True
    return _is_about(part, places[0], wanted, asked) or (part.is_left_out and bool(asked & before))


def _is_subject(part: _Part, wanted: frozenset[str]) -> bool:
    """Whether a part says something of the option other than that it was taken: "X was considered"."""
    named = max(at for at, word in enumerate(part.words) if stem(word) in wanted)
    behind = part.words[named + 1 :]
    return named <= _SUBJECT + len(wanted) and not _IS.isdisjoint(behind) and _WAS_TAKEN.isdisjoint(behind)


def _is_about(part: _Part, negation: int, wanted: frozenset[str], asked: frozenset[str]) -> bool:
    """Whether a negation is about what the field asks: "not blinded", "blinding of participants was not possible"."""
    named = min(at for at, word in enumerate(part.words) if stem(word) in wanted)
    return any(
        at > negation or (at < named < negation and not word.endswith("ed"))
        for at, word in enumerate(part.words)
        if stem(word) in asked
    )


def _reaches(words: Sequence[str], at: int, wanted: frozenset[str]) -> bool:
    """Whether only light words stand between a negation and a word of the option."""
    for word in words[at + 1 : at + 2 + REACH]:
        if stem(word) in wanted:
            return True
        if word not in LIGHT:
            return False
    return False


def _parts(sentence: str) -> Iterator[_Part]:
    for text in _PART.split(sentence):
        if text and (words := _words(text)):
            yield _Part(
                words,
                frozenset(map(stem, words)),
                _LEFT_OUT.search(text) is not None,
                _NOT_TAKEN.match(text) is not None,
            )


def _words(text: str) -> tuple[str, ...]:
    return tuple(match.casefold() for match in _WORD.findall(text))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _words(text) if len(word) > 1 and word not in GRAMMAR)
