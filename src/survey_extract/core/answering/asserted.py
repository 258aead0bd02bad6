"""A text field and a sentence go in; whether the sentence says, of its own subject, what the field asks with a verb comes out.

"Which places the ferry connects" is answered by "The Sula connects Hvide Sande
with Nørre Vig": words alone rank "the connecting train" as high.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey_extract.core.answering.settled import is_doubtful
from survey_extract.core.fields import FieldSpec
from survey_extract.core.ranking.phrases import is_others, words_of
from survey_extract.core.ranking.stemming import stem

_ASKS = re.compile(
    r"(?:which|what|where|whom) [^?.!,;]{0,60}?\b(?:it|she|he|they|(?:the|this) (?P<noun>[\w-]+)) (?P<verb>[a-z]+)(?: (?P<to>[a-z]+))?[.?]?",
    re.IGNORECASE,
)
_NO_VERB = frozenset("is are was were has have had does do did can may will for in on of to and or with as by".split())
_ITSELF = frozenset("it she he they".split())
_POINTS = frozenset("this the our".split())
SUBJECT = 8
"""Words that may stand before the verb."""


@dataclass(frozen=True, slots=True)
class Asserted:
    """The verb that is asked with, the preposition that it ends in, and the noun that is asked about."""

    verb: str
    to: str
    noun: str

    @classmethod
    def of(cls, spec: FieldSpec) -> Asserted | None:
        """None where the instruction is no question about what something does."""
        found = _ASKS.fullmatch(spec.ask.strip().split(". ")[0])
        if found is None or found["verb"] in _NO_VERB or not found["verb"].endswith("s"):
            return None
        return cls(found["verb"], found["to"] or "", (found["noun"] or "").casefold())


def asserts(asked: Asserted, sentence: str, names: frozenset[str]) -> bool:
    """Whether a sentence says what is asked; ``names`` are the source's own."""
    if "?" in sentence or is_others(sentence):
        return False
    words = [word.text for word in words_of(sentence)]
    at = _verb(asked, words) or _noun(asked, words)
    if not at or at > SUBJECT or is_doubtful(" ".join(words[:at])):
        return False
    if words[0] in names or words[0] in _ITSELF:
        return True
    return words[0] in _POINTS and not {asked.noun, *names}.isdisjoint(words[1 : at + 1])


def is_beside(asked: Asserted, sentence: str, names: frozenset[str]) -> bool:
    """Whether a sentence only has the verb, in another form and of another subject: "a toll is charged for crossing"."""
    words = [word.text for word in words_of(sentence)]
    forms = {stem(asked.verb)} - {""}
    others = [word for word in words if word != asked.verb and not word.endswith("ed") and stem(word) in forms]
    is_own = bool(words) and (
        words[0] in names or words[0] in _ITSELF | {"we"} or not {asked.noun, *names}.isdisjoint(words[1:3])
    )
    return bool(others) and asked.verb not in words and not is_own


def _verb(asked: Asserted, words: Sequence[str]) -> int | None:
    """Where the verb stands as it is asked with, with its preposition soon behind it."""
    at = next((at for at, word in enumerate(words) if word in (asked.verb, asked.verb.removesuffix("s"))), None)
    if at is None or words[at] != asked.verb or len(words) < at + 2:
        return None
    return at if not asked.to or asked.to in words[at + 1 : at + 4] else None


def _noun(asked: Asserted, words: Sequence[str]) -> int | None:
    """Where the noun that is asked about has the preposition right behind it: "is a vaccine against marsh fever"."""
    pairs = enumerate(pairwise(words))
    return next((at for at, pair in pairs if asked.to and pair == (asked.noun, asked.to)), None)
