"""The words of a question that compares go in; what it asks the effect on comes out.

"The effect of A, compared with B, on C" is answered by sentences on C: those
on A and B are many, and most of them say how A and B were given. The heading
says it where the instruction does not, if it is no word for just any outcome.
"""

from __future__ import annotations

import re

from survey_extract.core.ranking.stemming import stems

_EFFECT = re.compile(r"\b(?:effects?|impact|influence|efficacy|effectiveness) of\b", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:affects?|alters?|changes?|decreases?|improves?|increases?|influences?|lowers?|prevents?|prolongs?|raises?|reduces?"
    r"|relieves?|shortens?|worsens?)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:as opposed to|against|compared|in comparison|rather than|relative to|than|versus|vs)\b", re.IGNORECASE
)
_ENDS = re.compile(r"(?<!\bvs)[.?!](?=\s+[A-Z]|\s*$)")
_ON, _THEN_ON = " on ", ", on "
_ANY = frozenset(
    stems(
        "answer arm comparison conclusion effect effectiveness efficacy endpoint finding impact main primary result outcome"
    )
    + stems("secondary significance significant treatment trial study")
)
"""What a heading may be made of that says nothing of what was measured."""


def outcome(heading: str, instruction: str) -> str:
    """The words for what was measured; empty where nothing says it."""
    return _asked(instruction) or ("" if set(stems(heading)) <= _ANY else heading)


def _asked(instruction: str) -> str:
    if effect := _EFFECT.search(instruction):
        return _after_on(_sentence(instruction[effect.end() :]))
    if changes := _CHANGES.search(instruction):
        return _before_against(_sentence(instruction[changes.end() :]))
    return ""


def _sentence(words: str) -> str:
    end = _ENDS.search(words)
    return words[: end.start()] if end else words


def _after_on(words: str) -> str:
    """What follows ", on"; else the last "on" before what it is compared with, or in all."""
    at = words.find(_THEN_ON)
    if at >= 0:
        return _before_against(words[at + len(_THEN_ON) :])
    before = _before_against(words)
    part = before if _ON in before else words
    _, on, found = part.rpartition(_ON)
    return _before_against(found) if on else ""


def _before_against(words: str) -> str:
    against = _AGAINST.search(words)
    return (words[: against.start()] if against else words).strip(" ,")
